//! Names and types, and bodies of other methods than `generateContent`.

use super::{Case, FLASH, OLD, VECTORS, case, config, functions, part, to, turns, with};

const WAY: super::Way = to(FLASH);

pub(super) fn cases() -> Vec<Case> {
    [names(), types(), models(), counts(), vectors(), chats()].into_iter().flatten().collect()
}

fn names() -> Vec<Case> {
    let unknown = |way, body: String| case("names", way, body);
    vec![
        case("read", WAY, r#"{"contents": ["#),
        case("read", WAY, r#"{"contents": what}"#),
        case("read", WAY, with(&format!(r#""a": {}1{}"#, "[".repeat(110), "]".repeat(110)))),
        case("read", WAY, "[]"),
        unknown(WAY, with(r#""stream": true"#)),
        unknown(WAY, config(r#""maxTokens": 5"#)),
        unknown(WAY, with(r#""labels": {"a": "b"}"#)),
        unknown(
            WAY.at("vertex"),
            with(r#""toolConfig": {"includeServerSideToolInvocations": true}"#),
        ),
        unknown(WAY.at("v1"), with(r#""systemInstruction": {"parts": [{"text": "a"}]}"#))
            .mild("the published definition may be behind the service"),
        unknown(
            WAY,
            functions(
                r#"{"name": "f", "description": "d", "parameters": {"type": "OBJECT", "properties": {"a": {"type": "STRING", "const": "b"}}}}"#,
            ),
        ),
        unknown(WAY, with(r#""generationConfig": {}, "generation_config": {}"#)),
        unknown(WAY, with(r#""generationConfig": {}, "generationConfig": {}"#)),
        unknown(
            WAY,
            part(r#"{"text": "a", "inlineData": {"mimeType": "text/plain", "data": "YQ=="}}"#),
        ),
    ]
}

fn types() -> Vec<Case> {
    let wrong = |body: String| case("names", WAY, body);
    vec![
        wrong(with(r#""generationConfig": []"#)),
        wrong(turns(r#"[{"role": "user", "parts": [{"text": "a"}]}]"#)),
        wrong(with(r#""systemInstruction": "x""#)),
        wrong(config(r#""temperature": {}"#)),
        wrong(config(r#""temperature": "warm""#)),
        wrong(config(r#""seed": 4294967296"#)),
        wrong(config(r#""maxOutputTokens": 1.5"#)),
        wrong(config(r#""responseLogprobs": "yes""#)),
        wrong(config(r#""stopSequences": [1]"#)),
        wrong(config(r#""responseModalities": ["SMELL"]"#)),
        wrong(part(r#"{"inlineData": {"mimeType": "image/png", "data": "no base64!"}}"#)),
        wrong(part(r#"{"text": 5}"#)),
        wrong(with(
            r#""safetySettings": [{"category": "HARM_CATEGORY_SPAM", "threshold": "OFF"}]"#,
        )),
        wrong(functions(
            r#"{"name": "f", "description": "d", "parameters": {"type": "OBJECT", "properties": []}}"#,
        )),
        wrong(functions(
            r#"{"name": "f", "description": "d", "parameters": {"type": ["OBJECT"]}}"#,
        )),
        wrong(functions(
            r#"{"name": "f", "description": "d", "parameters": {"type": "OBJECT", "properties": {"a": {"type": "STRING", "maxLength": "x"}}}}"#,
        )),
        wrong(turns(
            r#"{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f", "args": "x"}, "thoughtSignature": "c2ln"}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}"#,
        )),
    ]
}

fn models() -> Vec<Case> {
    let good = r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}"#;
    vec![
        case("model", to("gemini 3.5 flash"), good),
        case("model", to("../gemini-3.5-flash"), good)
            .mild("it comes from the command line, of which the last word counts"),
        case("model", to("gemini-2.0-flash"), good),
        case("model", to(VECTORS), good),
        case("model", to(FLASH).by("embedContent"), r#"{"content": {"parts": [{"text": "a"}]}}"#),
    ]
}

fn counts() -> Vec<Case> {
    let count = |body: &str| case("count", to(FLASH).by("countTokens"), body);
    let turn = r#"[{"role": "user", "parts": [{"text": "hi"}]}]"#;
    let wrapped =
        |rest: &str| format!(r#"{{"generateContentRequest": {{"contents": {turn}{rest}}}}}"#);
    vec![
        count("{}"),
        count(&wrapped("")),
        count(&wrapped(r#", "model": "models/gemini-2.5-pro""#)),
        count(&wrapped(
            r#", "model": "models/gemini-3.5-flash", "generationConfig": {"maxTokens": 5}"#,
        )),
        count(&with(r#""systemInstruction": {"parts": [{"text": "a"}]}"#)),
        count(&format!(
            r#"{{"contents": {turn}, "generateContentRequest": {{"model": "models/gemini-3.5-flash", "contents": {turn}}}}}"#
        )).mild("documented as one that is ignored"),
    ]
}

fn vectors() -> Vec<Case> {
    let one = |body: &str| case("embed", to(VECTORS).by("embedContent"), body);
    let many = |body: &str| case("embed", to(VECTORS).by("batchEmbedContents"), body);
    let request =
        r#"{"model": "models/gemini-embedding-001", "content": {"parts": [{"text": "hi"}]}}"#;
    vec![
        one("{}"),
        one(r#"{"content": {"parts": []}}"#),
        one(r#"{"content": {"parts": [{}]}}"#),
        one(r#"{"content": {"parts": [{"text": ""}]}}"#),
        one(r#"{"contents": []}"#),
        one(r#"{"content": {"parts": [{"text": "a"}]}, "outputDimensionality": 0}"#)
            .mild("no refusal is on record"),
        one(r#"{"content": {"parts": [{"text": "a"}]}, "taskType": "SEARCH"}"#),
        many("{}"),
        many(&format!(r#"{{"requests": [{}]}}"#, vec![request; 101].join(", "))),
        many(
            r#"{"requests": [{"model": "models/gemini-3.5-flash", "content": {"parts": [{"text": "hi"}]}}]}"#,
        ),
        many(r#"{"requests": [{"content": {"parts": [{"text": "hi"}]}}]}"#),
        many(r#"{"requests": [{"model": "models/gemini-embedding-001", "text": "hi"}]}"#),
    ]
}

fn chats() -> Vec<Case> {
    let chat = |model: &'static str, rest: &str| {
        let body = format!(
            r#"{{"model": "{model}", "messages": [{{"role": "user", "content": "hi"}}], {rest}}}"#
        );
        case("openai", to(model).by("chat/completions"), body)
    };
    let said = |message: &str| {
        case(
            "openai",
            to(FLASH).by("chat/completions"),
            format!(r#"{{"model": "gemini-3.5-flash", "messages": [{message}]}}"#),
        )
    };
    let declared = |function: &str| {
        chat(FLASH, &format!(r#""tools": [{{"type": "function", "function": {function}}}]"#))
    };
    let with_parameters = |schema: &str| {
        declared(&format!(
            r#"{{"name": "f", "parameters": {{"type": "object", "properties": {{"a": {schema}}}}}}}"#
        ))
    };
    vec![
        said(""),
        said(r#"{"role": "model", "content": "hi"}"#),
        said(
            r#"{"role": "user", "content": [{"type": "text", "text": "hi", "cache_control": {}}]}"#,
        )
        .mild("names within messages are not known one by one"),
        chat(FLASH, r#""google": {}"#),
        chat(FLASH, r#""max_output_tokens": 5"#),
        chat(FLASH, r#""temperature": "hot""#),
        chat(FLASH, r#""stream": "yes""#),
        chat(FLASH, r#""response_format": {"type": "json"}"#)
            .mild("not documented; no refusal is on record"),
        chat(FLASH, r#""n": 2"#),
        chat(FLASH, r#""presence_penalty": 0.5"#),
        chat(OLD, r#""temperature": 2.5"#),
        chat(FLASH, r#""max_tokens": 100000"#),
        chat(FLASH, r#""stop": ["a", "b", "c", "d", "e", "f"]"#),
        chat(FLASH, r#""reasoning_effort": "none""#)
            .mild("documented to do nothing on models since 3"),
        chat(
            FLASH,
            r#""reasoning_effort": "low", "extra_body": {"google": {"thinking_config": {"thinking_budget": 100}}}"#,
        ),
        chat(
            OLD,
            r#""response_format": {"type": "json_object"}, "tools": [{"type": "function", "function": {"name": "f"}}]"#,
        ),
        with_parameters(r#"{"type": "array"}"#),
        with_parameters(r#"{"description": "x"}"#),
        with_parameters(r#"{"type": "string", "enum": [""]}"#),
        with_parameters(r#"{"type": "string", "items": {"type": "string"}}"#),
        with_parameters(r#"{"type": "integer", "enum": ["1"]}"#),
        chat(
            FLASH,
            r#""response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "array"}}}"#,
        ),
        declared(r#"{"name": "1st"}"#),
        declared(r#"{"name": "f", "schema": {}}"#),
    ]
}

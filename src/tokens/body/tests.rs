//! Bodies of every form, and the numbers that the service itself gave for recorded requests.

mod odd;
mod openai;
mod recorded;

use super::*;

/// Counts letters, so that every string can be told from the number.
fn letters(text: &str) -> u64 {
    text.chars().count() as u64
}

fn read(text: &str) -> Body {
    Body::read(text).unwrap_or_else(|trouble| panic!("{text}: {trouble}"))
}

fn asked() -> Asked<'static> {
    Asked { model: "gemini-2.5-flash", api: Api::Developer, doubt: None }
}

fn tally(text: &str) -> Tally {
    read(text).count(asked(), letters)
}

/// What is counted of one place but for what is added for roles.
fn of(tally: &Tally, kind: Kind) -> u64 {
    tally.lines.iter().filter(|line| line.kind == kind).map(|line| line.tokens).sum()
}

fn notes(body: &Body) -> Vec<String> {
    body.notes.iter().map(|note| format!("{}: {}", note.path, note.text)).collect()
}

const CAMEL: &str = r#"{
    "model": "models/gemini-2.5-flash",
    "systemInstruction": {"parts": [{"text": "abcd"}]},
    "contents": [
        {"role": "user", "parts": [{"text": "first"}]},
        {"role": "model", "parts": [
            {"functionCall": {"name": "go", "args": {"city": "Rome", "days": 3, "snake_key": ["a"]}}}]},
        {"role": "user", "parts": [{"functionResponse": {"name": "go", "response": {"is": "hot"}}}]},
        {"role": "user", "parts": [{"text": "last one"}, {"text": "x"}]}],
    "tools": [{"functionDeclarations": [{
        "name": "go", "description": "dd", "behavior": "BLOCKING",
        "parameters": {"type": "OBJECT", "properties": {"city": {"type": "STRING"}}, "required": ["city"]},
        "response": {"description": "r"}}]}],
    "toolConfig": {"functionCallingConfig": {"mode": "AUTO"}},
    "generationConfig": {"maxOutputTokens": 100, "thinkingConfig": {"thinkingBudget": -1},
                         "responseSchema": {"description": "schema"}}
}"#;

#[test]
fn each_thing_has_its_line_in_the_order_of_the_sdk() {
    let body = read(CAMEL);
    assert_eq!(body.shape, Shape::GenerateContent);
    assert_eq!(body.model.as_deref(), Some("models/gemini-2.5-flash"));
    assert_eq!((body.max_output, body.thinking_budget), (Some(100), Some(-1)));
    assert!(body.notes.is_empty(), "{:?}", body.notes);
    let tally = body.count(asked(), letters);
    let lines: Vec<_> =
        tally.lines.iter().map(|line| (line.kind, line.place, line.tokens)).collect();
    assert_eq!(
        lines,
        [
            (Kind::Text, Place::History, 5),
            // go, city, Rome, days, snake_key, a; the number is not counted.
            (Kind::FunctionCall, Place::History, 2 + 4 + 4 + 4 + 9 + 1),
            (Kind::FunctionResponse, Place::History, 2 + 2 + 3),
            (Kind::Text, Place::Message, 8),
            (Kind::Text, Place::Message, 1),
            (Kind::Role, Place::History, 3),
            (Kind::Role, Place::Message, 1),
            (Kind::Tool, Place::Setup, 2 + 2 + 4 + 4 + 1),
            (Kind::Schema, Place::Setup, 0),
            (Kind::Text, Place::System, 4),
            (Kind::SystemRole, Place::System, 1),
        ]
    );
    assert_eq!((tally.of(Place::Message), tally.of(Place::System)), (10, 5));
    assert_eq!(tally.sdk, Some(tally.total() - 5 + 6), "the SDK counts the schema and no roles");
    assert_eq!(tally.certainty(), Certainty::LowerBound);
    assert_eq!(tally.lines[3].path, "contents[3].parts[0].text");
}

#[test]
fn snake_case_and_mixed_spellings_are_the_same_body() {
    let mixed = CAMEL
        .replace("functionCall\"", "function_call\"")
        .replace("maxOutputTokens", "max_output_tokens");
    let snake = mixed
        .replace("systemInstruction", "system_instruction")
        .replace("functionResponse", "function_response")
        .replace("functionDeclarations", "function_declarations")
        .replace("toolConfig", "tool_config")
        .replace("generationConfig", "generation_config")
        .replace("thinkingConfig", "thinking_config")
        .replace("thinkingBudget", "thinking_budget")
        .replace("responseSchema", "response_schema");
    let plain = |text: &str| {
        let tally = tally(text);
        tally
            .lines
            .into_iter()
            .map(|line| (line.label, line.tokens, line.certainty))
            .collect::<Vec<_>>()
    };
    assert_eq!(plain(CAMEL), plain(&mixed));
    assert_eq!(plain(CAMEL), plain(&snake));
    assert_eq!((read(&snake).max_output, read(&snake).thinking_budget), (Some(100), Some(-1)));
}

#[test]
fn wrapped_and_bare_forms_are_recognised() {
    let content = r#"{"role":"user","parts":[{"text":"hello"}]}"#;
    for (text, shape, contents) in [
        (
            format!(r#"{{"generateContentRequest":{{"model":"m","contents":[{content}]}}}}"#),
            Shape::CountTokens,
            1,
        ),
        (
            format!(r#"{{"generate_content_request":{{"contents":{content}}}}}"#),
            Shape::CountTokens,
            1,
        ),
        (format!(r#"{{"key":"1","request":{{"contents":[{content}]}}}}"#), Shape::BatchLine, 1),
        (format!(r#"{{"contents":{content}}}"#), Shape::GenerateContent, 1),
        (r#"{"contents":"hello"}"#.to_owned(), Shape::GenerateContent, 1),
        (format!("[{content},{content}]"), Shape::Contents, 2),
        (r#"["hel","lo"]"#.to_owned(), Shape::Contents, 1),
        (format!(r#"["hello",{content},{{"text":"hello"}}]"#), Shape::Contents, 3),
        (content.to_owned(), Shape::Content, 1),
        (r#"{"parts":{"text":"hello"}}"#.to_owned(), Shape::Content, 1),
        (r#"{"text":"hello"}"#.to_owned(), Shape::Content, 1),
        (r#""hello""#.to_owned(), Shape::Text, 1),
    ] {
        let body = read(&text);
        assert_eq!((body.shape, body.contents.len()), (shape, contents), "{text}");
        let tally = body.count(asked(), letters);
        assert_eq!(of(&tally, Kind::Text), 5 * contents as u64, "{text}");
        assert_eq!(of(&tally, Kind::Role), contents as u64, "{text}");
    }
}

#[test]
fn an_sdk_call_has_its_settings_in_config() {
    let tally = tally(
        r#"{"model":"m","contents":"hi","config":{"system_instruction":"abc","response_schema":{"description":"d"}}}"#,
    );
    assert_eq!((tally.of(Place::System), tally.of(Place::Message)), (4, 3));
    assert_eq!(tally.sdk, Some(6));
}

#[test]
fn the_new_message_is_the_last_turn_that_is_not_the_models() {
    let turns = |roles: &[&str]| {
        let contents: Vec<_> = roles
            .iter()
            .map(|role| format!(r#"{{"role":"{role}","parts":[{{"text":"ab"}}]}}"#))
            .collect();
        let tally = tally(&format!("[{}]", contents.join(",")));
        (tally.of(Place::History), tally.of(Place::Message))
    };
    assert_eq!(turns(&["user"]), (0, 3));
    assert_eq!(turns(&["user", "model", "user"]), (6, 3));
    assert_eq!(turns(&["user", "model"]), (3, 3));
    assert_eq!(turns(&["user", "user"]), (3, 3));
    assert_eq!(turns(&["model"]), (3, 0));
}

#[test]
fn doubt_of_the_vocabulary_reaches_every_text_and_says_why() {
    let body = read(r#"{"contents":"hello"}"#);
    assert_eq!(body.count(asked(), letters).certainty(), Certainty::Exact);
    let doubted = body.count(Asked { doubt: Some("another vocabulary"), ..asked() }, letters);
    assert_eq!(doubted.certainty(), Certainty::Estimate);
    assert_eq!(doubted.doubts, ["another vocabulary"]);
    let other = body.count(Asked { model: "gemini-3.8-flash", ..asked() }, letters);
    assert_eq!(other.certainty(), Certainty::Estimate);
    assert!(other.doubts[0].contains("not recorded"), "{:?}", other.doubts);
}

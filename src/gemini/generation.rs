//! Minimal paid requests, and what their answers show: a success status is not yet an answer.

use serde_json::{Value, json};

use crate::facts::{clue::Shown, models::Thinking};

/// A one-word question with the least thinking that the model takes.
pub fn minimal(thinking: Thinking, api_version: &str) -> Value {
    let mut body = json!({
        "contents": [{"role": "user", "parts": [{"text": "Reply with the word ok."}]}],
        "generationConfig": {"maxOutputTokens": output_room(thinking)},
    });
    // The first version of the API does not know this field and refuses the whole request for it.
    if api_version != "v1"
        && let Some(config) = thinking_config(thinking)
    {
        body["generationConfig"]["thinkingConfig"] = config;
    }
    body
}

/// A text of so many words, with the least thinking that the model takes and room for no more.
pub fn words(words: u32, thinking: Thinking, api_version: &str) -> Value {
    let mut body = minimal(thinking, api_version);
    let room = words.saturating_mul(TOKENS_PER_WORD).saturating_add(output_room(thinking));
    body["generationConfig"]["maxOutputTokens"] = json!(room);
    body["contents"][0]["parts"][0]["text"] =
        json!(format!("Write {words} words of plain prose about the sea. Write nothing else."));
    body
}

/// The settings of an answer of at most so many tokens, with the least thinking that the model takes.
pub fn short_answer(room: u32, thinking: Thinking, api_version: &str) -> Value {
    let mut config = minimal(thinking, api_version)["generationConfig"].take();
    config["maxOutputTokens"] = json!(room.saturating_add(output_room(thinking)));
    config
}

/// The tokens that answers to a body can have at most, all candidates together; none without a cap.
/// Members are named in either of the two ways that the API takes.
pub fn most_output(body: &Value) -> Option<u64> {
    let configs = || CONFIG.iter().map(|name| &body[*name]);
    let most = |names: [&str; 2]| {
        let read = |config: &Value| names.iter().filter_map(|name| config[*name].as_u64()).max();
        configs().filter_map(read).max()
    };
    let each = most(["maxOutputTokens", "max_output_tokens"])?;
    let times = most(["candidateCount", "candidate_count"]).unwrap_or(1);
    Some(each.saturating_mul(times.max(1)))
}

/// The body with a cap on what each answer can have, where it had none.
pub fn capped(mut body: Value, tokens: u32) -> Value {
    if most_output(&body).is_none() {
        let has_config = |name: &&&str| body[**name].is_object();
        let name = CONFIG.iter().find(has_config).unwrap_or(&CONFIG[0]);
        body[*name]["maxOutputTokens"] = json!(tokens);
    }
    body
}

/// The two names of what is set for an answer.
const CONFIG: [&str; 2] = ["generationConfig", "generation_config"];

/// Tokens of an answer that nobody reads.
const SHORTEST: u32 = 16;

/// The body with one answer, which is as short as it can be.
pub fn shortest(mut body: Value) -> Value {
    // What is no object, or has something else in the place of its settings, is sent as it is.
    let is_odd = |name: &&str| !matches!(body[*name], Value::Null | Value::Object(_));
    if !body.is_object() || CONFIG.iter().any(is_odd) {
        return body;
    }
    for name in CONFIG {
        let config = body[name].as_object_mut();
        for (member, value) in config.into_iter().flat_map(|config| config.iter_mut()) {
            match member.as_str() {
                "maxOutputTokens" | "max_output_tokens" => *value = json!(SHORTEST),
                "candidateCount" | "candidate_count" => *value = json!(1),
                _ => {}
            }
        }
        if body[name].is_null() {
            body.as_object_mut().map(|members| members.remove(name));
        }
    }
    capped(body, SHORTEST)
}

/// Whether a body says itself how many answers there are to be, or how long they may be.
pub fn says_how_long(body: &str) -> bool {
    ["maxOutputTokens", "max_output_tokens", "candidateCount", "candidate_count"]
        .iter()
        .any(|name| body.contains(&format!("\"{name}\"")))
}

/// A question that only a tool can answer.
pub fn tool_question(thinking: Thinking, api_version: &str) -> Value {
    let mut body = minimal(thinking, api_version);
    body["generationConfig"]["maxOutputTokens"] = json!(1024);
    body["contents"][0]["parts"][0]["text"] =
        json!("What is the lucky number of the town of Example? Use the tool.");
    body["tools"] = json!([{"functionDeclarations": [{
        "name": "lucky_number",
        "description": "Gives the lucky number of a town.",
        "parameters": {
            "type": "OBJECT",
            "properties": {"town": {"type": "STRING", "description": "The town's name."}},
            "required": ["town"],
        },
    }]}]);
    body["toolConfig"] = json!({"functionCallingConfig": {"mode": "ANY"}});
    body
}

/// The tool's result, behind the question and the model's own turn, which goes back unchanged:
/// newer models refuse a call whose signature was dropped.
pub fn tool_result(question: &Value, answer: &Value) -> Option<Value> {
    let turn = answer["candidates"][0]["content"].clone();
    let call = function_call(answer)?;
    let mut response = json!({"name": call["name"], "response": {"number": 7}});
    if let Some(id) = call.get("id") {
        response["id"] = id.clone();
    }
    let mut body = question.clone();
    body["contents"] = json!([
        question["contents"][0],
        turn,
        {"role": "user", "parts": [{"functionResponse": response}]},
    ]);
    body["toolConfig"] = json!({"functionCallingConfig": {"mode": "AUTO"}});
    Some(body)
}

/// A question whose answer must be JSON of one shape.
pub fn structured_question(thinking: Thinking, api_version: &str) -> Value {
    let mut body = minimal(thinking, api_version);
    body["generationConfig"]["maxOutputTokens"] = json!(1024);
    body["contents"][0]["parts"][0]["text"] = json!("Is water wet? Fill in the form.");
    body["generationConfig"]["responseMimeType"] = json!("application/json");
    body["generationConfig"]["responseSchema"] = json!({
        "type": "OBJECT",
        "properties": {"summary": {"type": "STRING"}, "need_review": {"type": "BOOLEAN"}},
        "required": ["summary", "need_review"],
    });
    body
}

/// A question whose answer ends with a number that is known.
pub fn counting(to: u32, thinking: Thinking, api_version: &str) -> Value {
    let mut body = minimal(thinking, api_version);
    let room = to.saturating_mul(TOKENS_PER_NUMBER).saturating_add(output_room(thinking));
    body["generationConfig"]["maxOutputTokens"] = json!(room);
    body["contents"][0]["parts"][0]["text"] =
        json!(format!("Count from 1 to {to} in digits, separated by commas. Write nothing else."));
    body
}

/// How far an answer to that question counts: its last number.
pub fn counted_to(text: &str) -> Option<u32> {
    let numbers = text.split(|letter: char| !letter.is_ascii_digit());
    numbers.filter_map(|number| number.parse().ok()).next_back()
}

/// A question whose answer must follow a schema. Each has another number, so that none is answered from memory.
pub fn form(schema: &Value, number: u32, thinking: Thinking, api_version: &str) -> Value {
    let mut body = minimal(thinking, api_version);
    body["generationConfig"]["maxOutputTokens"] = json!(FORM_ROOM + output_room(thinking));
    body["contents"][0]["parts"][0]["text"] = json!(format!(
        "Make up example number {number} of a short record that fits the form, and fill in all of it."
    ));
    body["generationConfig"]["responseMimeType"] = json!("application/json");
    body["generationConfig"]["responseSchema"] = schema.clone();
    body
}

/// What is wrong with a successful answer that should hold text.
pub fn text_trouble(answer: &Value) -> Option<Shown> {
    if text(answer).is_some() {
        return None;
    }
    let blocked = answer["promptFeedback"]["blockReason"].as_str();
    Some(match blocked.or_else(|| finish_reason(answer)).unwrap_or_default() {
        "MAX_TOKENS" => Shown::MaxTokensNoText,
        "SAFETY" => Shown::BlockedSafety,
        "RECITATION" => Shown::BlockedRecitation,
        "PROHIBITED_CONTENT" | "BLOCKLIST" | "SPII" => Shown::BlockedProhibited,
        "MALFORMED_FUNCTION_CALL" | "UNEXPECTED_TOOL_CALL" => Shown::MalformedCall,
        _ => Shown::EmptyCandidate,
    })
}

/// What is wrong with an answer that should call the tool.
pub fn tool_trouble(answer: &Value) -> Option<Shown> {
    match finish_reason(answer) {
        Some("MALFORMED_FUNCTION_CALL" | "UNEXPECTED_TOOL_CALL") => Some(Shown::MalformedCall),
        _ if function_call(answer).is_some() => None,
        _ => text_trouble(answer).or(Some(Shown::NoToolCall)),
    }
}

/// What is wrong with an answer that should be JSON of the asked shape.
pub fn structure_trouble(answer: &Value) -> Option<Shown> {
    let Some(text) = text(answer) else { return text_trouble(answer) };
    let fits = serde_json::from_str::<Value>(&text)
        .is_ok_and(|value| value["summary"].is_string() && value["need_review"].is_boolean());
    (!fits).then_some(Shown::NotStructured)
}

/// Why the answer ended.
pub fn finish_reason(answer: &Value) -> Option<&str> {
    answer["candidates"][0]["finishReason"].as_str()
}

/// The answer's text, thoughts left out; `None` where there is none.
pub fn text(answer: &Value) -> Option<String> {
    text_as_sent(answer).filter(|text| !text.trim().is_empty())
}

/// The same, blanks alone among them: a piece of a stream may be nothing else.
pub(super) fn text_as_sent(answer: &Value) -> Option<String> {
    let parts = answer["candidates"][0]["content"]["parts"].as_array()?;
    let said = parts.iter().filter(|part| part["thought"] != true);
    Some(said.filter_map(|part| part["text"].as_str()).collect())
}

fn function_call(answer: &Value) -> Option<&Value> {
    let parts = answer["candidates"][0]["content"]["parts"].as_array()?;
    parts.iter().find_map(|part| part.get("functionCall"))
}

fn thinking_config(thinking: Thinking) -> Option<Value> {
    match thinking {
        Thinking::None | Thinking::Unknown => None,
        Thinking::Budget(tokens) => Some(json!({"thinkingBudget": tokens})),
        Thinking::Minimal => Some(json!({"thinkingLevel": "minimal"})),
        Thinking::Low => Some(json!({"thinkingLevel": "low"})),
    }
}

/// More tokens than a number up to a few hundred has, with its comma.
const TOKENS_PER_NUMBER: u32 = 6;

/// Room for a short record.
const FORM_ROOM: u32 = 1024;

/// The tokens of a record and its question at most, beside those of the schema.
pub fn form_cost(thinking: Thinking) -> u64 {
    u64::from(FORM_ROOM + output_room(thinking)) + 2 * MINIMAL_PROMPT
}

/// More tokens than a word of English prose has.
const TOKENS_PER_WORD: u32 = 2;

/// More than any answer that this program asks for can have.
pub const MOST_OUTPUT: u64 = 1024;

/// The tokens of a minimal question and its answer at most.
pub fn minimal_cost(thinking: Thinking) -> u64 {
    u64::from(output_room(thinking)) + MINIMAL_PROMPT
}

/// More than the minimal question has.
const MINIMAL_PROMPT: u64 = 16;

/// Room for the answer. Thinking is taken from the same room, so models that think get more.
fn output_room(thinking: Thinking) -> u32 {
    match thinking {
        Thinking::None | Thinking::Budget(0) => 16,
        Thinking::Minimal => 64,
        Thinking::Budget(tokens) => tokens + 64,
        Thinking::Low | Thinking::Unknown => 512,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(part: &Value, reason: &str) -> Value {
        json!({"candidates": [{"content": {"parts": [part]}, "finishReason": reason}]})
    }

    #[test]
    fn a_success_without_text_is_named() {
        let cases = [
            (answered(&json!({"text": "ok"}), "STOP"), None),
            (
                answered(&json!({"text": "hm", "thought": true}), "STOP"),
                Some(Shown::EmptyCandidate),
            ),
            (json!({"candidates": [{"finishReason": "MAX_TOKENS"}]}), Some(Shown::MaxTokensNoText)),
            (
                json!({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}),
                Some(Shown::BlockedProhibited),
            ),
            (json!({}), Some(Shown::EmptyCandidate)),
        ];
        for (answer, expected) in cases {
            assert_eq!(text_trouble(&answer), expected, "{answer}");
        }
    }

    #[test]
    fn a_cap_is_read_under_both_names_and_added_where_there_is_none() {
        let most = |body: Value| most_output(&body);
        assert_eq!(most(json!({"generationConfig": {"maxOutputTokens": 7}})), Some(7));
        assert_eq!(most(json!({"generation_config": {"max_output_tokens": 8}})), Some(8));
        let three = json!({"generationConfig": {"max_output_tokens": 5, "candidateCount": 3}});
        assert_eq!(most(three.clone()), Some(15));
        assert_eq!(capped(three.clone(), 4096), three);
        for body in [
            json!({"contents": []}),
            json!({"generationConfig": {"temperature": 0}}),
            json!({"generation_config": {"temperature": 0}}),
        ] {
            assert_eq!(most(body.clone()), None);
            let members = body.as_object().map_or(0, serde_json::Map::len);
            let capped = capped(body, 4096);
            assert_eq!(most_output(&capped), Some(4096));
            let has_both = CONFIG.iter().all(|name| capped.get(*name).is_some());
            assert!(!has_both && capped.as_object().is_some_and(|it| it.len() >= members));
        }
    }

    #[test]
    fn the_models_turn_goes_back_with_its_signature() {
        let question = tool_question(Thinking::Minimal, "v1beta");
        let part = json!({"functionCall": {"name": "lucky_number"}, "thoughtSignature": "c2ln"});
        let answer = answered(&part, "STOP");
        assert_eq!(tool_trouble(&answer), None);
        let follow_up = tool_result(&question, &answer).expect("a call to answer");
        assert_eq!(follow_up["contents"][1]["parts"][0]["thoughtSignature"], "c2ln");
        assert_eq!(tool_result(&question, &json!({})), None);
    }

    #[test]
    fn the_first_version_gets_no_thinking_field() {
        let config = |version| minimal(Thinking::Low, version)["generationConfig"].clone();
        assert!(config("v1").get("thinkingConfig").is_none());
        assert_eq!(config("v1beta")["thinkingConfig"]["thinkingLevel"], "low");
    }

    #[test]
    fn prose_is_not_a_structure() {
        let good = answered(&json!({"text": "{\"summary\":\"s\",\"need_review\":false}"}), "STOP");
        assert_eq!(structure_trouble(&good), None);
        let prose = answered(&json!({"text": "Sure!"}), "STOP");
        assert_eq!(structure_trouble(&prose), Some(Shown::NotStructured));
    }
}

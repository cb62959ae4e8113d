//! Names: unknown, misspelt, misplaced, twice, or not of this version.

use serde_json::json;

use super::super::super::super::refusal;
use super::{FLASH, Way, config, parameters, part, user, with};

const WAY: Way = Way::to(FLASH);

fn unknown(name: &str, place: &str) -> String {
    let place = if place.is_empty() { String::new() } else { format!(" at '{place}'") };
    format!("Invalid JSON payload received. Unknown name \"{name}\"{place}: Cannot find field.")
}

#[test]
fn unknown_names_are_found_at_any_depth() {
    let thinking = json!({"thinkingConfig": {"budget": 5}});
    let function = json!({"functionDeclarations": [{"name": "f", "strict": true}]});
    let cases = [
        (with("messages", &json!([])), unknown("messages", "")),
        (with("system_instructions", &json!({})), unknown("system_instructions", "")),
        (with("temperature", &json!(1)), unknown("temperature", "")),
        (config(&json!({"thinkingBudget": 5})), unknown("thinkingBudget", "generation_config")),
        (config(&thinking), unknown("budget", "generation_config.thinking_config")),
        (part(&json!({"image": "x"})), unknown("image", "contents[0].parts[1]")),
        (
            part(&json!({"inlineData": {"mime": "image/png"}})),
            unknown("mime", "contents[0].parts[1].inline_data"),
        ),
        (with("tools", &json!([function])), unknown("strict", "tools[0].function_declarations[0]")),
        (
            with("tools", &json!([{"google_search": {"q": 1}}])),
            unknown("q", "tools[0].google_search"),
        ),
        (
            with("safetySettings", &json!([{"level": "OFF"}])),
            unknown("level", "safety_settings[0]"),
        ),
        (with("labels", &json!({"a": "b"})), unknown("labels", "")),
    ];
    for (body, sentence) in cases {
        WAY.refuses(&body, &sentence);
    }
    WAY.takes(&config(&json!({"thinkingConfig": {"thinkingBudget": 5}})));
}

#[test]
fn all_unknown_names_are_told_at_once_with_their_places() {
    let body = r#"{"contents": [{"parts": [{"text": "hi"}]}], "stream": true,
        "generationConfig": {"topp": 1, "max_tokens": 5}}"#;
    let refused = refusal(body, FLASH, "v1beta", "generateContent").unwrap();
    let expected = [
        unknown("stream", ""),
        unknown("topp", "generation_config"),
        unknown("max_tokens", "generation_config"),
    ];
    assert_eq!(refused.message(), expected.join("\n"));
    let details = &refused.body["error"]["details"][0];
    assert_eq!(details["@type"], "type.googleapis.com/google.rpc.BadRequest");
    assert_eq!(
        details["fieldViolations"],
        json!([
            {"description": expected[0]},
            {"field": "generation_config", "description": expected[1]},
            {"field": "generation_config", "description": expected[2]},
        ])
    );
}

#[test]
fn keywords_of_json_schema_are_for_json_schemas_alone() {
    let keywords = json!({
        "$schema": "x", "$ref": "#", "$defs": {}, "const": 1, "oneOf": [], "allOf": [], "not": {},
        "additionalProperties": false, "exclusiveMinimum": 1, "patternProperties": {}, "if": {},
    });
    for (keyword, value) in keywords.as_object().unwrap() {
        let mut schema = json!({"type": "STRING"});
        schema[keyword] = value.clone();
        let object = json!({"type": "OBJECT", "properties": {"a": schema}});
        let place = "tools[0].function_declarations[0].parameters.properties[0].value";
        WAY.refuses(&parameters(&object), &unknown(keyword, place));
        let form = "application/json";
        let settings = json!({"responseMimeType": form, "responseSchema": object});
        let place = "generation_config.response_schema.properties[0].value";
        WAY.refuses(&config(&settings), &unknown(keyword, place));
        WAY.takes(&config(&json!({"responseMimeType": form, "responseJsonSchema": object})));
        let function = json!({"name": "f", "parametersJsonSchema": object});
        WAY.takes(&with("tools", &json!([{"functionDeclarations": [function]}])));
    }
}

#[test]
fn a_name_comes_once_in_either_spelling() {
    let both = config(&json!({"topP": 0.5, "top_p": 0.5}));
    WAY.refuses(
        &both,
        "Invalid value at 'generation_config' (oneof), oneof field '_top_p' is already set. Cannot \
         set 'top_p'",
    );
    WAY.takes(&config(&json!({"top_p": 0.5, "topK": 3})));
    WAY.takes(&config(&json!({"topP": 0.5, "top_p": null})));
    let same = r#"{"contents": [{"parts": [{"text": "a"}]}], "contents": []}"#;
    let refused = refusal(same, FLASH, "v1beta", "generateContent").unwrap();
    let sentence = "Invalid value (oneof), oneof field '_contents' is already set.";
    assert!(refused.message().starts_with(sentence), "{}", refused.message());
}

#[test]
fn a_part_has_one_kind_of_data() {
    let two = json!({"text": "hi", "inlineData": {"mimeType": "image/png", "data": "aGk="}});
    WAY.refuses(
        &part(&two),
        "Invalid value at 'contents[0].parts[1]' (oneof), oneof field 'data' is already set. Cannot \
         set 'text'",
    );
    WAY.takes(&part(&json!({"text": "hi", "thought": false, "thoughtSignature": "c2ln"})));
}

#[test]
fn each_api_knows_its_own_fields() {
    let small = Way { version: "v1", ..WAY };
    let text = json!([{"text": "hi"}]);
    for (member, value) in [
        ("systemInstruction", json!({"parts": text})),
        ("tools", json!([])),
        ("toolConfig", json!({})),
        ("cachedContent", json!("cachedContents/x")),
    ] {
        small.refuses(&with(member, &value), &unknown(member, ""));
        WAY.takes(&with(member, &value));
    }
    for (setting, value) in [
        ("responseMimeType", json!("text/plain")),
        ("thinkingConfig", json!({"thinkingLevel": "low"})),
        ("responseModalities", json!(["TEXT"])),
    ] {
        small.refuses(&config(&json!({setting: value})), &unknown(setting, "generation_config"));
        WAY.takes(&config(&json!({setting: value})));
    }
    small.takes(&config(&json!({"temperature": 1, "seed": 3})));
    small.refuses(&part(&json!({"thought": true})), &unknown("thought", "contents[0].parts[1]"));
    let cloud = Way { version: "vertex", ..WAY };
    cloud.takes(&with("labels", &json!({"team": "a"})));
    cloud.refuses(&with("store", &json!(true)), &unknown("store", ""));
    let counting = Way { method: "countTokens", ..cloud };
    counting.takes(&with("systemInstruction", &user(&text)));
    counting
        .refuses(&json!({"generateContentRequest": {}}), &unknown("generateContentRequest", ""));
}

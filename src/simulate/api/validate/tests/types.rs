//! JSON itself, and values of the wrong type.

use serde_json::{Value, json};

use super::super::super::super::refusal;
use super::{FLASH, Way, config, parameters, part, turns, with};

const WAY: Way = Way::to(FLASH);

#[test]
fn what_is_no_json_message_is_told_so() {
    let sentence = |body: &str| {
        refusal(body, FLASH, "v1beta", "generateContent").unwrap().message().to_owned()
    };
    assert!(sentence("{\"contents\": [").contains("Unexpected end of string"));
    assert!(sentence("{'contents': []}").contains("Unexpected token"));
    assert!(sentence("[]").contains("Root element must be a message."));
    assert!(sentence(" ").contains("contents is not specified"));
}

#[test]
fn messages_are_objects_and_scalars_are_not() {
    let package = "type.googleapis.com/google.ai.generativelanguage.v1beta";
    WAY.refuses(
        &with("systemInstruction", &json!("Be kind.")),
        &format!("Invalid value at 'system_instruction' ({package}.Content), \"Be kind.\""),
    );
    WAY.refuses(
        &json!({"contents": "hi"}),
        &format!("Invalid value at 'contents' ({package}.Content), \"hi\""),
    );
    WAY.refuses(
        &turns(&[json!({"parts": ["hi"]})]),
        &format!("Invalid value at 'contents[0].parts[0]' ({package}.Part), \"hi\""),
    );
    WAY.refuses(
        &part(&json!({"text": {"value": "hi"}})),
        "Invalid value at 'contents[0].parts[1]' (text), Starting an object on a scalar field",
    );
    // One that stands alone where a list belongs is taken.
    WAY.takes(&json!({"contents": {"parts": {"text": "hi"}}}));
    WAY.takes(&config(&json!({"stopSequences": "END"})));
}

#[test]
fn a_list_is_not_for_a_single_field() {
    let schema = json!({"type": "OBJECT", "properties": {"a": {"type": ["STRING", "NULL"]}}});
    WAY.refuses(
        &parameters(&schema),
        "Invalid JSON payload received. Unknown name \"type\" at \
         'tools[0].function_declarations[0].parameters.properties[0].value': Proto field is not \
         repeating, cannot start list.",
    );
    let listed = |value: Value| json!({"functionResponse": {"name": "f", "response": value}});
    WAY.refuses(
        &part(&listed(json!([1]))),
        "Invalid JSON payload received. Unknown name \"response\" at \
         'contents[0].parts[1].function_response': Proto field is not repeating",
    );
    WAY.refuses(
        &part(&listed(json!("done"))),
        "Invalid value at 'contents[0].parts[1].function_response.response' \
         (type.googleapis.com/google.protobuf.Struct), \"done\"",
    );
    WAY.takes(&parameters(&json!({"type": "OBJECT", "properties": {"a": {"type": "STRING"}}})));
}

#[test]
fn scalars_are_of_their_type_or_a_text_that_is() {
    let cases = [
        ("maxOutputTokens", json!("many"), "TYPE_INT32), \"many\"", json!("100")),
        ("maxOutputTokens", json!(1.5), "TYPE_INT32), 1.5", json!(100.0)),
        ("seed", json!(2_147_483_648_i64), "TYPE_INT32), 2147483648", json!(2_147_483_647)),
        ("temperature", json!("warm"), "TYPE_FLOAT), \"warm\"", json!("0.5")),
        ("temperature", json!(true), "TYPE_FLOAT), true", json!(0)),
        ("responseLogprobs", json!(1), "TYPE_BOOL), 1", json!("true")),
        ("responseMimeType", json!(5), "TYPE_STRING), 5", json!("text/plain")),
    ];
    for (name, bad, fault, good) in cases {
        let refused = WAY.refusal(&config(&json!({name: bad}))).unwrap();
        assert!(refused.message().ends_with(fault), "{}", refused.message());
        assert!(refused.message().starts_with("Invalid value at 'generation_config."));
        let field = &refused.body["error"]["details"][0]["fieldViolations"][0]["field"];
        assert!(field.as_str().unwrap().starts_with("generation_config."), "{field}");
        WAY.takes(&config(&json!({name: good})));
    }
}

#[test]
fn words_are_of_their_set_in_any_case_or_by_number() {
    let level = |value: Value| config(&json!({"thinkingConfig": {"thinkingLevel": value}}));
    let schema =
        |value: Value| parameters(&json!({"type": "OBJECT", "properties": {"a": {"type": value}}}));
    let package = "(type.googleapis.com/google.ai.generativelanguage.v1beta";
    WAY.refuses(
        &level(json!("extreme")),
        &format!(
            "Invalid value at 'generation_config.thinking_config.thinking_level' \
             {package}.ThinkingConfig.ThinkingLevel), \"extreme\""
        ),
    );
    for word in ["datetime", "", "any", "int"] {
        WAY.refuses(
            &schema(json!(word)),
            &format!(
                "Invalid value at \
                 'tools[0].function_declarations[0].parameters.properties[0].value.type' \
                 {package}.Type), \"{word}\""
            ),
        );
    }
    WAY.refuses(
        &config(&json!({"mediaResolution": "MEDIA_RESOLUTION_ULTRA_HIGH"})),
        "Invalid value at 'generation_config.media_resolution'",
    );
    WAY.refuses(
        &with("toolConfig", &json!({"functionCallingConfig": {"mode": "REQUIRED"}})),
        "Invalid value at 'tool_config.function_calling_config.mode'",
    );
    WAY.refuses(&level(json!(9)), "Invalid value at");
    WAY.takes(&level(json!("low")));
    WAY.takes(&level(json!(1)));
    WAY.takes(&schema(json!("string")));
}

#[test]
fn words_of_a_schema_are_texts() {
    let schema = |word: Value| {
        parameters(
            &json!({"type": "OBJECT", "properties": {"a": {"type": "STRING", "enum": [word]}}}),
        )
    };
    WAY.refuses(
        &schema(json!(5)),
        "Invalid value at \
         'tools[0].function_declarations[0].parameters.properties[0].value.enum[0]' \
         (TYPE_STRING), 5",
    );
    WAY.takes(&schema(json!("5")));
}

#[test]
fn bytes_are_base64() {
    let blob = |data: &str| part(&json!({"inlineData": {"mimeType": "image/png", "data": data}}));
    for bad in ["data:image/png;base64,aGk=", "aGk=\naGk=", "no base64!"] {
        WAY.refuses(
            &blob(bad),
            "Invalid value at 'contents[0].parts[1].inline_data.data' (TYPE_BYTES), Base64 decoding \
             failed for \"",
        );
    }
    for good in ["aGk=", "aGk", "-_-_", "+/+/"] {
        WAY.takes(&blob(good));
    }
}

#[test]
fn a_body_is_nested_a_hundred_deep_and_no_deeper() {
    let nested = |depth: usize| {
        let value = "[".repeat(depth) + &"]".repeat(depth);
        format!(
            "{{\"contents\": {{\"parts\": {{\"functionCall\": {{\"name\": \"f\", \"args\": \
             {{\"deep\": {value}}}}}}}}}}}"
        )
    };
    let told = |depth: usize| {
        refusal(&nested(depth), FLASH, "v1beta", "generateContent").unwrap().message().to_owned()
    };
    assert!(told(96).starts_with("Message too deep. Max recursion depth reached for key 'deep'"));
    assert!(told(500).starts_with("Message too deep."));
    assert!(told(95).starts_with("Please ensure that function call turn"), "{}", told(95));
}

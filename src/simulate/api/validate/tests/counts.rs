//! Which faults counting the tokens of a request shows, and the two forms of a count.

use serde_json::{Value, json};

use super::{FLASH, Way, config, model, parameters, part, turns, user, with};

const COUNT: Way = Way { method: "countTokens", ..Way::to(FLASH) };

fn wrapped(request: &Value) -> Value {
    let mut inner = request.clone();
    inner["model"] = format!("models/{FLASH}").into();
    json!({"generateContentRequest": inner})
}

#[test]
fn wrong_names_and_types_show_in_a_count() {
    let within = |path: &str| format!("generate_content_request.{path}");
    let cases = [
        (config(&json!({"maxTokens": 5})), format!("at '{}'", within("generation_config"))),
        (config(&json!({"seed": "x"})), format!("at '{}'", within("generation_config.seed"))),
        (with("systemInstruction", &json!("x")), format!("at '{}'", within("system_instruction"))),
        (
            part(&json!({"inlineData": {"data": "no base64!"}})),
            format!("at '{}'", within("contents[0].parts[1].inline_data.data")),
        ),
        (turns(&[user(&json!([{}]))]), within("contents[0].parts[0].data: required")),
        (parameters(&json!({"type": "ARRAY"})), "parameters.items: missing field".into()),
        (
            with("tools", &json!([{"functionDeclarations": [{"name": "1"}]}])),
            "Invalid function".into(),
        ),
    ];
    for (body, place) in cases {
        let refused = COUNT.refusal(&wrapped(&body)).unwrap();
        assert!(refused.message().contains(&place), "{place}: {}", refused.message());
        assert!(Way::to(FLASH).refusal(&body).is_some(), "{body}");
    }
}

#[test]
fn what_only_a_model_knows_does_not_show_in_a_count() {
    let text = json!([{"text": "hi"}]);
    let call = model(&json!([{"functionCall": {"name": "f"}}]));
    for body in [
        config(&json!({"candidateCount": 2})),
        config(&json!({"thinkingConfig": {"thinkingLevel": "low", "thinkingBudget": 1}})),
        config(&json!({"maxOutputTokens": 0})),
        config(&json!({"temperature": 9})),
        config(&json!({"stopSequences": ["a", "b", "c", "d", "e", "f"]})),
        turns(&[json!({"role": "assistant", "parts": text})]),
        turns(&[user(&text), call]),
        part(&json!({"inlineData": {"mimeType": "png", "data": "aGk="}})),
    ] {
        assert!(Way::to(FLASH).refusal(&body).is_some(), "{body}");
        COUNT.takes(&wrapped(&body));
    }
}

#[test]
fn a_count_has_one_of_two_forms() {
    let good = turns(&[user(&json!([{"text": "hi"}]))]);
    COUNT.takes(&good);
    COUNT.takes(&wrapped(&good));
    let mut both = wrapped(&good);
    both["contents"] = good["contents"].clone();
    COUNT.refuses(&both, "* CountTokensRequest.contents: ");
    COUNT.refuses(&json!({}), "* CountTokensRequest.contents: contents is not specified");
    let nameless = json!({"generateContentRequest": good});
    COUNT.refuses(
        &nameless,
        "* CountTokensRequest.generate_content_request.model: model is not specified",
    );
    let mut other = wrapped(&good);
    other["generateContentRequest"]["model"] = "models/gemini-2.5-pro".into();
    COUNT.refuses(&other, "* CountTokensRequest.generate_content_request.model: model must be");
    COUNT.refuses(
        &with("systemInstruction", &json!({})),
        "Invalid JSON payload received. Unknown name \"systemInstruction\": Cannot find field.",
    );
}

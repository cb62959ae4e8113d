//! Turns, roles, instructions, and who speaks last.

use serde_json::json;

use super::{FLASH, GEMMA, NEW, OLD, Way, model, turns, user, with};

const WAY: Way = Way::to(FLASH);

#[test]
fn something_is_in_every_turn() {
    let text = json!([{"text": "hi"}]);
    let none = "* GenerateContentRequest.contents: contents is not specified\n";
    WAY.refuses(&json!({}), none);
    WAY.refuses(&json!({"contents": []}), none);
    WAY.refuses(&json!({"contents": null}), none);
    WAY.refuses(
        &turns(&[user(&text), user(&json!([]))]),
        "* GenerateContentRequest.contents[1].parts: contents.parts must not be empty.\n",
    );
    let data = "* GenerateContentRequest.contents[0].parts[0].data: required oneof field 'data' must \
                have one initialized field\n";
    WAY.refuses(&turns(&[user(&json!([{}]))]), data);
    WAY.refuses(&turns(&[user(&json!([{"thought": true}]))]), data);
    WAY.refuses(&turns(&[user(&json!([{"text": ""}]))]), data);
    WAY.takes(&turns(&[user(&json!([{"text": ""}, {"text": "hi"}]))]));
    WAY.takes(&turns(&[user(&text)]));
}

#[test]
fn all_that_is_missing_is_told_at_once() {
    let body = json!({"contents": [{"parts": []}, {"parts": [{}]}]});
    let refused = WAY.refusal(&body).unwrap();
    assert_eq!(refused.message().lines().count(), 2, "{}", refused.message());
}

#[test]
fn turns_are_the_users_or_the_models() {
    let of = |role: &str| turns(&[json!({"role": role, "parts": [{"text": "hi"}]})]);
    for role in ["assistant", "system", "tool", "User"] {
        WAY.refuses(&of(role), "Please use a valid role: user, model.");
    }
    for role in ["user", "function", ""] {
        WAY.takes(&of(role));
    }
    let cloud = Way { version: "vertex", ..WAY };
    cloud.refuses(&of(""), "Please use a valid role: user, model.");
    cloud.takes(&of("user"));
}

#[test]
fn the_last_word_is_the_users_where_the_model_wants_it() {
    let text = json!([{"text": "hi"}]);
    let ends = turns(&[user(&text), model(&text)]);
    for strict in [NEW, "gemini-3.6-flash", "gemini-4-argon", "gemini-flash-latest"] {
        Way::to(strict).refuses(&ends, "Requests ending with a model turn are not supported.");
    }
    for mild in [OLD, FLASH] {
        Way::to(mild).takes(&ends);
    }
    Way::to(NEW).takes(&turns(&[user(&text), model(&text), user(&text)]));
    // Two turns of one role are as good as one.
    Way::to(NEW).takes(&turns(&[user(&text), user(&text)]));
    Way::to(NEW).takes(&turns(&[model(&text), user(&text)]));
}

#[test]
fn an_instruction_is_text_and_not_for_every_model() {
    let of = |parts: &serde_json::Value| with("systemInstruction", &json!({"parts": parts}));
    let picture = json!([{"inlineData": {"mimeType": "image/png", "data": "aGk="}}]);
    WAY.refuses(&of(&picture), "* GenerateContentRequest.system_instruction.parts[0]: ");
    WAY.refuses(
        &of(&json!([{}])),
        "* GenerateContentRequest.system_instruction.parts[0].data: required oneof field",
    );
    let kind = of(&json!([{"text": "Be kind."}]));
    WAY.takes(&kind);
    Way::to(GEMMA).refuses(&kind, "Developer instruction is not enabled for models/gemma-4-31b-it");
    Way::to(GEMMA).takes(&turns(&[user(&json!([{"text": "Be kind."}]))]));
}

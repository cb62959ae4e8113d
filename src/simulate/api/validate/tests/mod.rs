//! Each check refuses what it is about, in its words, and takes what is nearly the same.

mod budget;
mod calls;
mod counts;
mod embed;
mod generation;
mod media;
mod names;
mod openai;
mod safety;
mod schema;
mod thinking;
mod tools;
mod turns;
mod types;

use serde_json::{Value, json};

use super::super::super::strict::Strict;
use super::super::super::{Refusal, refusal};
use super::super::refusal as judged;

/// A model that thinks by a budget, one of the first of the third generation, and two of its last.
pub(super) const OLD: &str = "gemini-2.5-flash";
pub(super) const FLASH: &str = "gemini-3.5-flash";
pub(super) const NEW: &str = "gemini-3.8-flash";
pub(super) const GEMMA: &str = "gemma-4-31b-it";

/// How a body is sent.
#[derive(Clone, Copy)]
pub(super) struct Way {
    pub(super) model: &'static str,
    pub(super) version: &'static str,
    pub(super) method: &'static str,
}

impl Way {
    /// To be answered by that model.
    pub(super) const fn to(model: &'static str) -> Self {
        Self { model, version: "v1beta", method: "generateContent" }
    }

    pub(super) fn refusal(self, body: &Value) -> Option<Refusal> {
        refusal(&body.to_string(), self.model, self.version, self.method)
    }

    /// The body is refused with a sentence that begins like this.
    #[track_caller]
    pub(super) fn refuses(self, body: &Value, sentence: &str) {
        let refused = self.refusal(body).unwrap_or_else(|| panic!("{} takes {body}", self.model));
        assert_eq!(refused.status, 400, "{body}");
        assert_eq!(refused.body["error"]["status"], "INVALID_ARGUMENT", "{body}");
        let message = refused.message();
        assert!(
            message.starts_with(sentence),
            "{body}\n  expected {sentence}\n  got      {message}"
        );
    }

    /// The body is refused without a word of why.
    #[track_caller]
    pub(super) fn refuses_barely(self, body: &Value) {
        let refused = self.refusal(body).unwrap_or_else(|| panic!("{} takes {body}", self.model));
        assert_eq!(refused.message(), BARE, "{body}");
        assert_eq!(refused.body["error"].get("details"), None, "{body}");
    }

    #[track_caller]
    pub(super) fn takes(self, body: &Value) {
        let refused = self.refusal(body);
        assert!(refused.is_none(), "{} refuses {body}: {refused:?}", self.model);
    }
}

pub(super) const BARE: &str = "Request contains an invalid argument.";

/// A turn of the user's, with these parts.
pub(super) fn user(parts: &Value) -> Value {
    json!({"role": "user", "parts": parts})
}

/// A turn of the model's, with these parts.
pub(super) fn model(parts: &Value) -> Value {
    json!({"role": "model", "parts": parts})
}

/// A conversation of these turns.
pub(super) fn turns(turns: &[Value]) -> Value {
    json!({ "contents": turns })
}

/// A good request with one more member.
pub(super) fn with(member: &str, value: &Value) -> Value {
    let mut body = turns(&[user(&json!([{"text": "hi"}]))]);
    body[member] = value.clone();
    body
}

/// A good request with these settings.
pub(super) fn config(value: &Value) -> Value {
    with("generationConfig", value)
}

/// A good request with one part more.
pub(super) fn part(part: &Value) -> Value {
    turns(&[user(&json!([{"text": "hi"}, part]))])
}

/// A good request that declares one function with these parameters.
pub(super) fn parameters(schema: &Value) -> Value {
    with(
        "tools",
        &json!([{"functionDeclarations": [
        {"name": "f", "description": "Does it.", "parameters": schema}]}]),
    )
}

#[test]
fn a_service_that_says_nothing_says_the_same_of_everything() {
    let bare = Strict { bare: true, ..Strict::USUAL };
    let bad = [
        "{\"contents\": [".to_owned(),
        with("stream", &json!(true)).to_string(),
        json!({}).to_string(),
        config(&json!({"candidateCount": 2})).to_string(),
        config(&json!({"temperature": "warm"})).to_string(),
    ];
    for body in bad {
        let (status, error) = judged(&body, FLASH, "v1beta", "generateContent", bare).unwrap();
        assert_eq!((status, error["error"]["message"].as_str()), (400, Some(BARE)), "{body}");
        assert_eq!(error["error"].get("details"), None, "{body}");
    }
    let good = with("store", &json!(false)).to_string();
    assert_eq!(judged(&good, FLASH, "v1beta", "generateContent", bare), None);
    let unknown = judged(&good, "gemini-2.0-flash", "v1beta", "generateContent", bare).unwrap();
    assert_eq!(unknown.0, 404);
}

#[test]
fn a_model_has_a_name_of_the_right_shape_that_is_known() {
    let good = with("store", &json!(false));
    Way::to("gemini 3.5 flash").refuses(&good, "* GenerateContentRequest.model: unexpected model");
    Way::to("../gemini-3.5-flash").refuses(&good, "* GenerateContentRequest.model: unexpected");
    for (model, method) in [
        ("gemini-2.0-flash", "generateContent"),
        ("models/gemini-3.5-flash", "generateContent"),
        ("gemini-embedding-001", "generateContent"),
        (FLASH, "predict"),
    ] {
        let refused = refusal("{}", model, "v1beta", method).unwrap();
        assert_eq!((refused.status, &refused.body["error"]["status"]), (404, &json!("NOT_FOUND")));
    }
    Way::to(FLASH).takes(&good);
    Way { method: "streamGenerateContent", ..Way::to("gemini-flash-latest") }.takes(&good);
}

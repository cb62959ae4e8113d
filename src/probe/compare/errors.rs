//! Two requests that are wrong on purpose, and the shape of what comes back: whoever stands in between and
//! rewrites errors shows here, since clients act on status, reason and details.

use serde_json::{Value, json};

use crate::{
    compare::NO_DETAILS,
    facts::{Clue, Party},
    gemini::{Call, Reply},
};

use super::super::{Tried, runner::Told};

/// No model has this name.
const NO_MODEL: &str = "gemini-doctor-no-such-model";

/// A name that does not exist.
pub(super) fn wrong_name() -> Call {
    Call::get(NO_MODEL)
}

/// A field that does not exist; its error has details, which some gateways drop.
pub(super) fn wrong_field(model: &str) -> Call {
    let body = json!({
        "contents": [{"role": "user", "parts": [{"text": "hi"}]}],
        "geminiDoctorNoSuchField": true,
    });
    Call::count_of(model, body)
}

/// What came, without what changes from call to call: `400 INVALID_ARGUMENT, details BadRequest`.
pub(super) fn shape(tried: &Tried) -> Option<String> {
    match &tried.told {
        Told::OutOfBudget(_) => None,
        Told::Failure(failure) => Some(format!("no answer: {}", failure.stage.word())),
        Told::Reply(reply) if reply.is_success() => Some(format!("{}, accepted", reply.status)),
        Told::Reply(reply) => Some(error_shape(reply)),
    }
}

fn error_shape(reply: &Reply) -> String {
    let by = match reply.party {
        Party::Api => String::new(),
        party => format!(", by {}", party.phrase()),
    };
    let details = match details(reply.value()) {
        names if names.is_empty() => NO_DETAILS.to_owned(),
        names => format!("details {}", names.join(" ")),
    };
    format!("{}, {details}{by}", words(reply))
}

/// `400 INVALID_ARGUMENT API_KEY_INVALID`.
pub(super) fn words(reply: &Reply) -> String {
    let status = reply.status.to_string();
    // Gateways put the status in the place of a word.
    let words: Vec<&str> =
        reply.clues.iter().filter_map(word).filter(|word| **word != status).collect();
    let words = words.iter().map(|word| format!(" {word}")).collect::<String>();
    format!("{status}{words}")
}

fn word(clue: &Clue) -> Option<&str> {
    match clue {
        Clue::Rpc(word) | Clue::Reason(word) => Some(word),
        _ => None,
    }
}

/// The types of the details, by their last word.
fn details(value: &Value) -> Vec<String> {
    let value = value.as_array().and_then(|items| items.first()).unwrap_or(value);
    let items = value["error"]["details"].as_array().cloned().unwrap_or_default();
    let name = |detail: &Value| {
        let full = detail["@type"].as_str()?;
        Some(full.rsplit(['.', '/']).next().unwrap_or(full).to_owned())
    };
    items.iter().filter_map(name).collect()
}

//! Safety settings, and what must not be said again beside a cache.

use super::super::error::ApiError;
use super::super::members::{field, list, text, word};
use super::kinds::Place;
use super::request::{Lines, Request};
use super::words::CATEGORY;

/// The first of the categories that Gemini knows; those before it are an older family's.
const FIRST: usize = 7;

/// Each category is one of Gemini's and comes once.
pub(super) fn categories(request: &Request<'_>, lines: &mut Lines) {
    let mut seen = Vec::new();
    for (at, setting) in list(request.body, "safetySettings").into_iter().enumerate() {
        let word = word(setting, "category").unwrap_or_default();
        let place = word.parse().ok().or_else(|| position(&word));
        let path = format!("safety_settings[{at}]");
        if request.place != Place::Cloud && place.is_none_or(|place| place < FIRST) {
            lines.push((path, format!("element predicate failed: $.category in ({})", known())));
        } else if seen.contains(&place) {
            lines.push((path, "each category can be set once".into()));
        }
        seen.push(place);
    }
}

fn position(word: &str) -> Option<usize> {
    CATEGORY.all.iter().chain(CATEGORY.cloud).position(|one| *one == word)
}

/// The categories as the service lists them.
fn known() -> String {
    let known: Vec<String> =
        CATEGORY.all[FIRST..].iter().map(|word| format!("HarmCategory.{word}")).collect();
    known.join(", ")
}

/// A cache has its own instruction and tools.
pub(super) fn cache(request: &Request<'_>) -> Result<(), ApiError> {
    let is_used = !text(request.body, "cachedContent").is_empty();
    let again = ["systemInstruction", "tools", "toolConfig"];
    match is_used && again.iter().any(|name| field(request.body, name).is_some()) {
        true => Err(ApiError::invalid(
            "CachedContent can not be used with GenerateContent request setting \
             system_instruction, tools or tool_config.\n\nProposed fix: move those values to \
             CachedContent from GenerateContent request.",
        )),
        false => Ok(()),
    }
}

//! What of a prompt reaches the model, and how many tokens the answer says that it had.
//!
//! A prompt that is longer than the model's window is refused, as the real service does.

use serde_json::Value;

use super::super::reading::{Dropped, Reading};
use super::error::ApiError;
use super::members::field;
use super::models::Model;
use super::tokens;

/// A prompt as the model gets it.
pub(super) struct Prompt {
    /// The text of its turns.
    pub(super) text: String,
    /// What the answer says that it had.
    pub(super) tokens: u64,
}

/// Reads the prompt of a request.
pub(super) fn read(request: &Value, model: &Model, reading: Reading) -> Result<Prompt, ApiError> {
    let count = tokens::prompt(request);
    let limit = u64::from(model.input);
    if count > limit {
        return Err(ApiError::invalid(format!(
            "The input token count ({count}) exceeds the maximum number of tokens allowed ({limit})."
        )));
    }
    let text = field(request, "contents").map(tokens::texts).unwrap_or_default();
    match reading {
        Reading::FailsAbove(most) if count > u64::from(most) => Err(ApiError::failed(count)),
        Reading::Shortened { to, from, unless_tools }
            if count > u64::from(to) && !(unless_tools && field(request, "tools").is_some()) =>
        {
            let to = u64::from(to);
            let left = to.saturating_sub(tokens::beside_turns(request));
            Ok(Prompt { text: shortened(&text, left as usize, from), tokens: to })
        }
        _ => Ok(Prompt { text, tokens: count }),
    }
}

/// So many tokens of a text; the rest is dropped.
fn shortened(text: &str, left: usize, from: Dropped) -> String {
    let ends: Vec<usize> = tokens::ends(text).collect();
    let end_of =
        |tokens: usize| tokens.checked_sub(1).and_then(|at| ends.get(at)).copied().unwrap_or(0);
    let all = ends.len();
    let (front, back) = match from {
        Dropped::Head => (0, left),
        Dropped::Middle => (left / 2, left - left / 2),
        Dropped::Tail => (left, 0),
    };
    let back_starts = if back == 0 { text.len() } else { end_of(all.saturating_sub(back)) };
    format!("{} {}", &text[..end_of(front)], &text[back_starts..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_can_be_dropped() {
        let text = "one two three four 5 6";
        for (from, expected) in [
            (Dropped::Head, "four 5 6"),
            (Dropped::Middle, "one  5 6"),
            (Dropped::Tail, "one two three"),
        ] {
            assert_eq!(shortened(text, 3, from).trim(), expected, "{from:?}");
        }
    }
}

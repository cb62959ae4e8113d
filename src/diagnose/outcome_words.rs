//! How an answer ended, from the words that name it: finish and block reasons in any dress.
//!
//! It reads answers that came with success; errors are the error body's business.

use crate::facts::{Clue, clue::Shown};

/// What the first finish or block reason of a text shows.
pub(super) fn read(text: &str) -> Option<Clue> {
    let words: Vec<&str> = text
        .split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
        .filter(|word| !word.is_empty())
        .collect();
    let shown =
        words.iter().enumerate().filter(|(_, word)| is_name(word)).find_map(|(at, name)| {
            let words = words[at + 1..].iter().take(3);
            // A block without a stated reason is no empty answer.
            let blocks = name.to_ascii_lowercase().starts_with("block");
            words
                .filter(|word| !blocks || **word != "OTHER")
                .find_map(|word| outcome(word).or_else(|| refusal(word)))
        })?;
    let needs_silence = matches!(shown, Shown::MaxTokensNoText | Shown::EmptyCandidate);
    // An answer that ended well is an empty one only where its parts can be seen.
    let unseen = shown == Shown::EmptyCandidate && !shows_an_answer(text);
    (!unseen && (!needs_silence || !has_content(text))).then_some(Clue::Shown(shown))
}

/// Whether a text shows more of an answer than how it ended.
fn shows_an_answer(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let parts = ["content", "parts", "candidate", "choice", "history", "empty", "text", "none"];
    parts.iter().any(|part| lower.contains(part))
}

fn is_name(word: &str) -> bool {
    ["finishReason", "finish_reason", "blockReason", "block_reason"]
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name))
}

/// The reasons by word, and by the number that older SDKs print.
fn outcome(word: &str) -> Option<Shown> {
    Some(match word {
        "MAX_TOKENS" | "2" | "length" => Shown::MaxTokensNoText,
        "3" => Shown::BlockedSafety,
        "4" => Shown::BlockedRecitation,
        "7" | "8" | "9" => Shown::BlockedProhibited,
        "MALFORMED_FUNCTION_CALL" | "UNEXPECTED_TOOL_CALL" | "10" => Shown::MalformedCall,
        "STOP" | "OTHER" | "1" | "5" | "IMAGE_OTHER" | "NO_IMAGE" => Shown::EmptyCandidate,
        _ => return None,
    })
}

/// The reasons that stop an answer for what it says, in the spelling of any SDK.
fn refusal(word: &str) -> Option<Shown> {
    let plain = word.replace('_', "").to_ascii_lowercase();
    Some(match plain.as_str() {
        "safety" | "imagesafety" => Shown::BlockedSafety,
        "recitation" | "imagerecitation" => Shown::BlockedRecitation,
        "prohibitedcontent" | "imageprohibitedcontent" | "blocklist" | "spii" => {
            Shown::BlockedProhibited
        }
        _ => return None,
    })
}

/// Whether the answer holds anything that a caller could use: a call of a function, or a text that is
/// not empty.
fn has_content(text: &str) -> bool {
    let calls = ["functionCall", "function_call"].iter().any(|name| has_a_call(text, name));
    calls
        || ["\"text\"", "'text'", "text="].iter().any(|name| has_a_full(text, name))
        || ["\"content\"", "content="].iter().any(|name| has_words(text, name))
}

/// In the other form of answers the content is the text itself.
fn has_words(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let value = text[at + name.len()..].trim_start_matches([':', ' ']);
        value.starts_with(['"', '\'']) && !value.starts_with("\"\"") && !value.starts_with("''")
    })
}

/// The member of that name, not a longer one that begins with it.
fn has_a_call(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let value = text[at + name.len()..].trim_start_matches(['"', '\'', ':', ' ', '=']);
        let ends = !text[at + name.len()..]
            .starts_with(|next: char| next.is_alphanumeric() || next == '_');
        ends && !["None", "null"].iter().any(|empty| value.starts_with(empty))
    })
}

fn has_a_full(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let value = text[at + name.len()..].trim_start_matches([':', ' ', '=']);
        !["\"\"", "''", "None", "null"].iter().any(|empty| value.starts_with(empty))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_read_in_every_dress() {
        for (text, shown) in [
            (r#"{"candidates":[{"finishReason":"SAFETY"}]}"#, Shown::BlockedSafety),
            ("finish_reason=<FinishReason.RECITATION: 'RECITATION'>", Shown::BlockedRecitation),
            ("[finish_reason](https://x.example/#finishreason) is 2.", Shown::MaxTokensNoText),
            ("promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }", Shown::BlockedProhibited),
            ("Choice(finish_reason='length', message=M(content=None))", Shown::MaxTokensNoText),
            (r#"{"finishReason": "STOP", "content": {}}"#, Shown::EmptyCandidate),
            (r#"{"parts":[{"text": ""}],"finishReason":"MAX_TOKENS"}"#, Shown::MaxTokensNoText),
            ("finishReason: FinishReason.safety", Shown::BlockedSafety),
            (r#"{"blockReason": "IMAGE_PROHIBITED_CONTENT"}"#, Shown::BlockedProhibited),
            (
                "automatic_function_calling_history=[], finish_reason=<FinishReason.STOP: 'STOP'>",
                Shown::EmptyCandidate,
            ),
        ] {
            assert_eq!(read(text), Some(Clue::Shown(shown)), "{text}");
        }
    }

    #[test]
    fn an_answer_with_content_is_not_an_empty_one() {
        for text in [
            r#"{"parts":[{"text":"hi"}],"finishReason":"MAX_TOKENS"}"#,
            r#"{"parts":[{"functionCall":{}}],"finishReason":"STOP"}"#,
            "Choice(finish_reason='length', message=M(content='cut'))",
            r#"{"promptFeedback":{"blockReason":"OTHER"}}"#,
            "finish_reason",
            "INFO generated 812 tokens in 2.1 s (finishReason=STOP)",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

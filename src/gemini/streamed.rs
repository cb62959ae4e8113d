//! What a streamed answer brought, piece by piece: its text, when it came, how it ended, and what came after
//! that. Reads what was received; judges nothing.

use serde_json::Value;

use crate::transport::Answer;

use super::{Reading, generation, sse::Stream};

/// A streamed answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Streamed {
    /// Its text, thoughts left out.
    pub text: String,
    /// Why it ended, where it says so.
    pub finish: Option<String>,
    /// When the first text was there, in milliseconds from the start.
    pub first_text_ms: Option<f64>,
    /// The longest pause between two pieces.
    pub longest_gap_ms: Option<f64>,
    /// The pieces of the answer.
    pub pieces: usize,
    /// The pieces with text that came after the one that names the end.
    pub after_end: usize,
    /// The tokens of its thoughts.
    pub thoughts: u64,
}

impl Streamed {
    /// Reads the pieces of an answer.
    pub(super) fn read(reading: Reading, answer: &Answer, stream: &Stream) -> Self {
        let ends = |value: &Value| generation::finish_reason(value).is_some();
        let end = stream.answers.iter().position(ends);
        let after = end.map_or(&[][..], |end| &stream.answers[end + 1..]);
        let thoughts = |value: &Value| value["usageMetadata"]["thoughtsTokenCount"].as_u64();
        Self {
            text: stream.answers.iter().filter_map(generation::text_as_sent).collect(),
            finish: end
                .and_then(|end| generation::finish_reason(&stream.answers[end]))
                .map(str::to_owned),
            first_text_ms: reading.first_text_ms(answer),
            longest_gap_ms: reading.longest_gap_ms(answer),
            pieces: stream.answers.len(),
            after_end: after.iter().filter(|value| generation::text(value).is_some()).count(),
            thoughts: stream.answers.iter().filter_map(thoughts).max().unwrap_or(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use serde_json::json;

    use super::*;
    use crate::{
        facts::Api,
        gemini::{Call, Form, sse},
    };

    fn read(events: &[Value]) -> Streamed {
        let body: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
        let answer = Answer {
            status: 200,
            headers: HeaderMap::new(),
            chunks: vec![(10.0, 5), (40.0, body.len() - 5)],
            body: body.clone().into_bytes(),
            body_failure: None,
        };
        let call = Call::stream("m", json!({}));
        Streamed::read(Reading::of(&call, &Api::Gemini), &answer, &sse::read(&body, Form::Native))
    }

    #[test]
    fn text_end_and_what_comes_after_it_are_told_apart() {
        let text = |text: &str| json!({"candidates": [{"content": {"parts": [{"text": text}]}}]});
        let end = json!({"candidates": [{"finishReason": "STOP"}]});
        let whole = read(&[text("1, "), text(" "), text("2"), end.clone()]);
        assert_eq!((whole.text.as_str(), whole.finish.as_deref()), ("1,  2", Some("STOP")));
        assert_eq!((whole.pieces, whole.after_end), (4, 0));
        assert_eq!(whole.longest_gap_ms, Some(30.0));
        assert_eq!(read(&[text("1"), end, text("2")]).after_end, 1);
        assert_eq!(read(&[text("1")]).finish, None);
    }
}

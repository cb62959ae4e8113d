//! What is read off an answer that is timed: tokens, the moment of the first text, the longest pause,
//! the server's own time. Reads no more than the call can have brought, since a run has thousands.

use serde_json::Value;

use crate::{
    facts::{Api, Failure, Fault, Method, Stage},
    transport::Answer,
};

use super::{
    Call, answer,
    openai::{self, Form},
    sse, wire,
};

/// What answers to a call may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    generates: bool,
    streams: bool,
    form: Form,
}

impl Reading {
    /// What is worth reading in answers to this call where this is spoken.
    pub fn of(call: &Call, api: &Api) -> Self {
        let (generates, streams) = (call.method.is_paid(), call.method == Method::Stream);
        Self { generates, streams, form: call.form(api) }
    }

    /// Whether each call can be charged for.
    pub fn is_paid(self) -> bool {
        self.generates
    }

    /// Tokens sent and received, as the answer says.
    pub fn usage(self, answer: &Answer) -> (Option<u64>, Option<u64>) {
        if !self.generates {
            return (None, None);
        }
        let text = String::from_utf8_lossy(&answer.body);
        let last = match self.streams {
            true => sse::read(&text, self.form).answers.pop(),
            false => self.value(text.as_bytes()),
        };
        last.map(|value: Value| wire::usage(&value)).unwrap_or_default()
    }

    /// Why a success status is no answer to the call all the same, if it is none. What is not read for its
    /// tokens is only looked at where it begins.
    pub fn no_answer(self, answer: &Answer) -> Option<Failure> {
        let why = match (self.generates, self.streams) {
            (_, true) => no_stream(&answer.body, self.form),
            (true, false) => no_generation(self.value(&answer.body)),
            (false, false) => no_object(&answer.body),
        };
        why.map(|(fault, why)| Failure::new(Stage::Body, fault, why))
    }

    /// When the first piece of text was there, thoughts left out, in milliseconds from the start.
    pub fn first_text_ms(self, answer: &Answer) -> Option<f64> {
        if !self.streams {
            return None;
        }
        let text = String::from_utf8_lossy(&answer.body);
        let end = sse::end_of_first_text(&text, self.form)?;
        let mut passed = 0;
        answer.chunks.iter().find_map(|(ms, size)| {
            passed += size;
            (passed >= end).then_some(*ms)
        })
    }

    /// A whole answer in the native form.
    fn value(self, body: &[u8]) -> Option<Value> {
        let value = serde_json::from_slice(body).ok()?;
        Some(match self.form {
            Form::Native => value,
            Form::OpenAi => openai::answer::native(value),
        })
    }

    /// The longest pause between two pieces of a stream.
    pub fn longest_gap_ms(self, answer: &Answer) -> Option<f64> {
        if !self.streams {
            return None;
        }
        let gaps = answer.chunks.windows(2).map(|pair| pair[1].0 - pair[0].0);
        gaps.max_by(f64::total_cmp)
    }

    /// The time that the server says it took.
    pub fn server_ms(self, answer: &Answer) -> Option<f64> {
        answer::server_ms(&answer.headers)
    }
}

/// What is wrong with a body, in words for a person.
type Wrong = (Fault, &'static str);

const NOT_JSON: Wrong = (Fault::Other, "a success status, and the body is not the API's JSON");
const AN_ERROR: Wrong = (Fault::Other, "a success status, and the body is an error");

fn no_stream(body: &[u8], form: Form) -> Option<Wrong> {
    let stream = sse::read(&String::from_utf8_lossy(body), form);
    match stream.error {
        Some(_) => Some((Fault::Other, "the stream holds an error")),
        None if !stream.answers.iter().any(Value::is_object) => Some(NOT_JSON),
        None if !stream.finished => {
            Some((Fault::BodyCut, "the stream ended without a finish reason"))
        }
        None => None,
    }
}

fn no_generation(value: Option<Value>) -> Option<Wrong> {
    let Some(value) = value else { return Some(NOT_JSON) };
    if value.get("error").is_some() {
        return Some(AN_ERROR);
    }
    let has_some = value["candidates"].as_array().is_some_and(|all| !all.is_empty());
    (!has_some).then_some((Fault::Other, "a success status, and the answer has no candidate"))
}

fn no_object(body: &[u8]) -> Option<Wrong> {
    let Some(members) = body.trim_ascii().strip_prefix(b"{") else { return Some(NOT_JSON) };
    if !members.ends_with(b"}") {
        return Some(NOT_JSON);
    }
    members.trim_ascii_start().starts_with(b"\"error\"").then_some(AN_ERROR)
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use serde_json::json;

    use super::*;

    fn streamed(events: &[(f64, &str)]) -> Answer {
        Answer {
            status: 200,
            headers: HeaderMap::new(),
            body: events.iter().flat_map(|(_, text)| text.bytes()).collect(),
            chunks: events.iter().map(|(ms, text)| (*ms, text.len())).collect(),
            body_failure: None,
        }
    }

    fn event(text: &str, thought: bool, end: &str) -> String {
        let part = json!({"text": text, "thought": thought});
        let value = json!({
            "candidates": [{"content": {"parts": [part]}}],
            "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 5},
        });
        format!("data: {value}{end}{end}")
    }

    #[test]
    fn the_first_text_is_no_thought_and_counts_when_its_event_is_whole() {
        let reading = Reading::of(&Call::stream("m", json!({})), &Api::Gemini);
        for end in ["\n", "\r\n"] {
            let (thought, text) = (event("hm", true, end), event("word", false, end));
            let (head, tail) = text.split_at(20);
            let answer = streamed(&[(10.0, &thought), (20.0, head), (50.0, tail), (60.0, &text)]);
            assert_eq!(reading.first_text_ms(&answer), Some(50.0), "{end:?}");
            assert_eq!(reading.longest_gap_ms(&answer), Some(30.0));
            assert_eq!(reading.usage(&answer), (Some(3), Some(5)));
            let silent = streamed(&[(10.0, &thought)]);
            assert_eq!(reading.first_text_ms(&silent), None);
            assert_eq!(reading.longest_gap_ms(&silent), None);
        }
    }

    #[test]
    fn a_success_status_alone_is_no_answer() {
        let (get, count) = (Call::get("m"), Call::count("m"));
        let (text, stream) = (Call::generate("m", json!({})), Call::stream("m", json!({})));
        let page = "<!doctype html><title>Sign in</title>";
        let error = r#"{"error": {"code": 503}}"#;
        let whole = r#"{"candidates": [{"finishReason": "STOP"}]}"#;
        let blocked = r#"{"promptFeedback": {"blockReason": "SAFETY"}}"#;
        let cut = "data: {\"candidates\": [{}]}\n\n";
        let told = |call: &Call, body: &str| {
            let wrong = Reading::of(call, &Api::Gemini).no_answer(&streamed(&[(1.0, body)]));
            wrong.map(|failure| (failure.stage, failure.fault))
        };
        let other = Some((Stage::Body, Fault::Other));
        for call in [&get, &count, &text, &stream] {
            for body in [page, error, "", "[1]", "OK"] {
                assert_eq!(told(call, body), other, "{:?} {body}", call.method);
            }
        }
        assert_eq!(told(&get, " {\"name\": \"models/m\"}\n"), None);
        assert_eq!(told(&text, whole), None);
        assert_eq!(told(&text, blocked), other);
        assert_eq!(told(&stream, cut), Some((Stage::Body, Fault::BodyCut)));
        assert_eq!(told(&stream, &format!("{cut}data: {error}\n\n")), other);
        assert_eq!(told(&stream, &format!("{cut}data: {whole}\n\n")), None);
    }

    #[test]
    fn a_call_that_generates_nothing_is_not_read() {
        let answer = streamed(&[(10.0, &event("word", false, "\n"))]);
        let reading = Reading::of(&Call::get("m"), &Api::Gemini);
        assert_eq!(reading.usage(&answer), (None, None));
        assert_eq!(reading.first_text_ms(&answer), None);
    }
}

//! Server-sent events of a streamed answer, and the errors that hide among them.

use serde_json::Value;

use super::{
    generation,
    openai::{self, Form},
};

/// What a stream held.
#[derive(Debug, Default, PartialEq)]
pub struct Stream {
    /// Its answers, in order.
    pub answers: Vec<Value>,
    /// An error object among them.
    pub error: Option<Value>,
    /// Whether an answer named its finish reason, or that the prompt was blocked.
    pub finished: bool,
}

/// Takes a stream apart. Data that does not parse, such as a cut last event, is passed over.
pub fn read(body: &str, form: Form) -> Stream {
    let mut stream = Stream::default();
    for value in events(body).filter_map(|event| value_of(&event, form)) {
        if value.get("error").is_some() {
            stream.error = Some(value);
        } else {
            // A blocked prompt has no candidate that could say why it ended.
            stream.finished |= value["candidates"][0]["finishReason"].is_string()
                || value["promptFeedback"]["blockReason"].is_string();
            stream.answers.push(value);
        }
    }
    stream
}

/// An event in the native form. `[DONE]`, which ends OpenAI's streams, is no JSON.
fn value_of(event: &str, form: Form) -> Option<Value> {
    let value = serde_json::from_str::<Value>(event).ok()?;
    Some(match form {
        Form::Native => value,
        Form::OpenAi => openai::answer::native(value),
    })
}

/// The bytes up to the end of the first event that has text in it, thoughts left out.
pub fn end_of_first_text(body: &str, form: Form) -> Option<usize> {
    let (mut start, mut end) = (0, 0);
    for line in body.split_inclusive('\n') {
        end += line.len();
        // A blank line ends an event; what comes after the last one is no event yet.
        if !line.trim_end().is_empty() {
            continue;
        }
        if events(&body[start..end]).any(|event| has_text(&event, form)) {
            return Some(end);
        }
        start = end;
    }
    None
}

fn has_text(event: &str, form: Form) -> bool {
    value_of(event, form).is_some_and(|value| generation::text(&value).is_some())
}

/// The data of each event; an error arrives without `data:` and over several lines.
fn events(body: &str) -> impl Iterator<Item = String> + '_ {
    body.split("\n\n").flat_map(|block| block.split("\r\n\r\n")).map(|block| {
        block
            .lines()
            .map(|line| line.strip_prefix("data:").unwrap_or(line).trim())
            .filter(|line| !line.is_empty() && !line.starts_with(':'))
            .collect::<Vec<_>>()
            .join("\n")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_stream_is_finished() {
        let body = "data: {\"candidates\":[{\"content\":{}}]}\n\n\
                    data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n";
        let stream = read(body, Form::Native);
        assert_eq!((stream.answers.len(), stream.finished, stream.error), (2, true, None));
    }

    #[test]
    fn an_error_in_the_middle_is_found_with_and_without_its_prefix() {
        for prefix in ["data: ", ""] {
            let body = format!(
                "data: {{\"candidates\":[]}}\n\n{prefix}{{\n\"error\": {{\"code\": 503}}\n}}\n\n"
            );
            let stream = read(&body, Form::Native);
            assert_eq!(stream.error.expect("an error")["error"]["code"], 503, "{prefix:?}");
            assert!(!stream.finished);
        }
    }

    #[test]
    fn the_other_forms_pieces_are_read_and_its_last_word_is_none() {
        let piece = |delta: &str, end: &str| {
            format!("data: {{\"choices\":[{{\"delta\":{delta},\"finish_reason\":{end}}}]}}\n\n")
        };
        let usage =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":2,\"completion_tokens\":1}}\n\n";
        let first = piece("{\"role\":\"assistant\"}", "null");
        let second = piece("{\"content\":\"ok\"}", "null");
        let body = format!("{first}{second}{}{usage}data: [DONE]\n\n", piece("{}", "\"stop\""));
        let stream = read(&body, Form::OpenAi);
        assert_eq!((stream.answers.len(), stream.finished, &stream.error), (4, true, &None));
        assert_eq!(stream.answers[3]["usageMetadata"]["promptTokenCount"], 2);
        assert_eq!(end_of_first_text(&body, Form::OpenAi), Some(first.len() + second.len()));
        assert!(!read(&first, Form::OpenAi).finished);
    }

    #[test]
    fn a_blocked_prompt_is_no_cut() {
        let stream =
            read("data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}\n\n", Form::Native);
        assert!(stream.finished);
    }

    #[test]
    fn a_cut_stream_is_not_finished() {
        let stream = read(
            "data: {\"candidates\":[{\"content\":{}}]}\n\ndata: {\"candidates\":[{\"fin",
            Form::Native,
        );
        assert_eq!((stream.answers.len(), stream.finished), (1, false));
    }
}

//! An HTTP answer read: who gave it, what it says, and the clues in it.

use http::HeaderMap;
use serde_json::Value;

use crate::{
    facts::{
        Api, Clue, Fault, Method, Party,
        clue::{self, ModelFact, Shown},
        error_body, time,
    },
    transport::Answer,
};

use super::{
    Reading, Streamed,
    between::{self, Between, Refused},
    call::Call,
    generation, marks,
    openai::{self, Form},
    sse, wire,
};

/// The longest quotation of somebody else's words.
const QUOTE: usize = 200;

/// An answer with its meaning.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Who gave it.
    pub party: Party,
    /// The parsed body, where it is JSON.
    pub json: Option<Value>,
    /// What it tells.
    pub clues: Vec<Clue>,
    /// It in one line.
    pub summary: String,
    /// The id the service gave it.
    pub response_id: Option<String>,
    /// The model that served it.
    pub model_version: Option<String>,
    /// Tokens sent and received.
    pub usage: (Option<u64>, Option<u64>),
    /// The time the service says it took.
    pub server_ms: Option<f64>,
    /// What its clock said, in seconds since 1970.
    pub date: Option<u64>,
    /// What it shows of whoever passed it on.
    pub between: Between,
    /// The form in which it was asked for.
    pub form: Form,
    /// How it came, where it is a stream.
    pub streamed: Option<Box<Streamed>>,
    /// Headers that show who stood on the way.
    pub marks: Vec<String>,
}

impl Reply {
    /// Reads an answer to a call where this is spoken.
    pub fn read(call: &Call, api: &Api, answer: &Answer) -> Self {
        let text = String::from_utf8_lossy(&answer.body);
        let form = call.form(api);
        let is_stream = call.method == Method::Stream && is_ok(answer.status);
        let stream = is_stream.then(|| sse::read(&text, form));
        let json = match &stream {
            Some(stream) => stream.error.clone().or_else(|| stream.answers.last().cloned()),
            // What was cut at the limit is no JSON, and to try would cost thirty times its size.
            None if is_too_large(answer) => None,
            None => parse(&text),
        };
        let party = party(answer.status, &answer.headers, &text, json.as_ref(), form);
        let between = Between::of(answer.status, &answer.headers, &text, json.as_ref());
        let mut clues =
            vec![Clue::By(party), Clue::Status(answer.status), Clue::Method(call.method)];
        clues.extend(json.as_ref().map(error_body::read_value).unwrap_or_default());
        clues.extend(retry_after(&answer.headers).filter(|_| !says_when(&clues)));
        // A gateway has names of its own, which lead to others.
        if between.refused != Some(Refused::Quoted) {
            clues.extend(other_model_named(call, &clues));
        }
        clues.extend(oddity(answer, &text, json.as_ref(), stream.as_ref()).map(Clue::Shown));
        if !clues.iter().any(|clue| matches!(clue, Clue::Message(_))) && !is_ok(answer.status) {
            clues.push(Clue::Message(quote(&visible_text(&text))));
        }
        let json = match form {
            Form::OpenAi if is_ok(answer.status) => json.map(openai::answer::native),
            _ => json,
        };
        let served = json.as_ref().unwrap_or(&Value::Null);
        Self {
            status: answer.status,
            party,
            summary: match location(&answer.headers) {
                Some(place) if (300..400).contains(&answer.status) => {
                    format!("{} to {place}", answer.status)
                }
                _ => summary(answer.status, &clues, &text),
            },
            response_id: served["responseId"].as_str().map(str::to_owned),
            model_version: served["modelVersion"].as_str().map(str::to_owned),
            usage: wire::usage(served),
            server_ms: server_ms(&answer.headers),
            date: date(&answer.headers),
            between,
            form,
            streamed: stream
                .as_ref()
                .map(|stream| Box::new(Streamed::read(Reading::of(call, api), answer, stream))),
            marks: marks::marks(&answer.headers),
            clues,
            json,
        }
    }

    /// Whether the service says that it worked, with a body of its own.
    pub fn is_success(&self) -> bool {
        is_ok(self.status) && !self.clues.iter().any(|clue| matches!(clue, Clue::Shown(_)))
    }

    /// The parsed body; `null` where there is none.
    pub fn value(&self) -> &Value {
        self.json.as_ref().unwrap_or(&Value::Null)
    }

    /// Adds what a closer look at a success showed.
    pub fn show(&mut self, shown: Shown) {
        let reason = generation::finish_reason(self.value()).unwrap_or("none");
        self.summary = format!("{} without what was asked (finish reason: {reason})", self.status);
        self.clues.push(Clue::Shown(shown));
    }
}

/// The server's clock, as its answer has it.
pub(super) fn date(headers: &HeaderMap) -> Option<u64> {
    time::http_date(headers.get(http::header::DATE)?.to_str().ok()?)
}

fn is_ok(status: u16) -> bool {
    (200..300).contains(&status)
}

fn is_too_large(answer: &Answer) -> bool {
    answer.body_failure.as_ref().is_some_and(|failure| failure.fault == Fault::BodyTooLarge)
}

fn parse(text: &str) -> Option<Value> {
    if error_body::depth(text) > error_body::MAX_DEPTH {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// What is odd about an answer before its content is looked at.
fn oddity(
    answer: &Answer,
    text: &str,
    json: Option<&Value>,
    stream: Option<&sse::Stream>,
) -> Option<Shown> {
    match (answer.status, json, stream) {
        (300..=399, ..) => Some(Shown::Redirected),
        (200..=299, _, Some(stream)) if stream.error.is_some() => Some(Shown::StreamError),
        (200..=299, _, Some(stream)) if !stream.finished => Some(Shown::StreamCut),
        (200..=299, None, _) if error_body::depth(text) > error_body::MAX_DEPTH => {
            Some(Shown::TooDeep)
        }
        (200..=299, None, _) if answer.body_failure.is_none() => Some(Shown::NotJson),
        (200..=299, Some(value), None) if !value.is_object() => Some(Shown::NotJson),
        _ => None,
    }
}

/// A "not found" that names another model than the one asked for: a build behind the name is gone.
fn other_model_named(call: &Call, clues: &[Clue]) -> Option<Clue> {
    let asked = call.model.as_deref()?;
    let is_404 = clues.contains(&Clue::Status(404));
    let named = clue::message(clues)?.split("models/").nth(1)?;
    let named = named.split(|letter: char| !is_name_letter(letter)).next()?.trim_end_matches('.');
    (is_404 && !named.is_empty() && !named.eq_ignore_ascii_case(asked))
        .then_some(Clue::Model(ModelFact::OtherNamed))
}

fn is_name_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_')
}

/// Who answered: the provider's error shape first, then its headers, then the look of the page.
/// What speaks the other API as it was asked to is the API that was meant; its errors are still its own.
fn party(status: u16, headers: &HeaderMap, text: &str, json: Option<&Value>, form: Form) -> Party {
    let google_headers = between::has_marks(headers, "");
    let in_form = |value| form == Form::OpenAi && is_ok(status) && openai::answer::is_spoken(value);
    match json {
        Some(value) if is_api_json(value) || in_form(value) => Party::Api,
        Some(value) if !is_ok(status) && between::quotes_google(value) => Party::Api,
        Some(_) if google_headers => Party::Api,
        Some(_) => Party::Gateway,
        None if is_google_page(text) => Party::Edge,
        None if google_headers && text.trim_start().starts_with('<') => Party::Edge,
        None if google_headers && text.is_empty() => Party::Edge,
        None if google_headers => Party::Api,
        None if is_html(headers, text) && is_ok(status) => Party::Page,
        None if is_html(headers, text) => Party::Gateway,
        None if text.is_empty() => Party::Unknown,
        None => Party::Gateway,
    }
}

/// The shapes only the API has: its error envelope and its successful answers.
fn is_api_json(value: &Value) -> bool {
    let value = value.as_array().and_then(|items| items.first()).unwrap_or(value);
    let error = &value["error"];
    let rpc = error["status"].as_str().is_some_and(|status| {
        !status.is_empty()
            && status.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_')
    });
    let success = ["candidates", "totalTokens", "supportedGenerationMethods", "promptFeedback"];
    let named = |model: &Value, start: &str| {
        model["name"].as_str().is_some_and(|name| name.starts_with(start))
    };
    let listed = |list: &str, start: &str| {
        value[list].as_array().is_some_and(|models| models.iter().all(|one| named(one, start)))
    };
    let models = listed("models", "models/") || listed("publisherModels", "publishers/");
    rpc || models
        || named(value, "publishers/")
        || success.iter().any(|name| value.get(name).is_some())
}

/// The page of the provider's front end, which looks the same for every status.
fn is_google_page(text: &str) -> bool {
    text.contains("!!1</title>") || (text.contains("That’s an error") && text.contains("google"))
}

fn is_html(headers: &HeaderMap, text: &str) -> bool {
    let declared = headers
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html"));
    let start = text.trim_start().get(..9).unwrap_or_default().to_ascii_lowercase();
    declared || start.starts_with("<!doctype") || start.starts_with("<html")
}

/// `400 INVALID_ARGUMENT API_KEY_INVALID: "API key not valid."`.
fn summary(status: u16, clues: &[Clue], text: &str) -> String {
    if is_ok(status) && !clues.iter().any(|clue| matches!(clue, Clue::Rpc(_) | Clue::Shown(_))) {
        return format!("{status}");
    }
    let words: Vec<&str> = clues
        .iter()
        .filter_map(|clue| match clue {
            Clue::Rpc(word) | Clue::Reason(word) => Some(word.as_str()),
            _ => None,
        })
        .collect();
    let said = clue::message(clues).map_or_else(|| visible_text(text), str::to_owned);
    let words = words.iter().map(|word| format!(" {word}")).collect::<String>();
    match said.trim() {
        "" => format!("{status}{words} with an empty body"),
        said => format!("{status}{words}: \"{}\"", quote(said)),
    }
}

/// The words of a page without its tags, styles and scripts.
fn visible_text(text: &str) -> String {
    let mut visible = String::new();
    let mut rest = &text[..text.floor_char_boundary(16_384)];
    while let Some(start) = rest.find('<') {
        visible.push_str(&rest[..start]);
        visible.push(' ');
        let tag = rest[start + 1..].to_ascii_lowercase();
        let end = ["script", "style"]
            .iter()
            .find(|name| tag.starts_with(*name))
            .and_then(|name| tag.find(&format!("</{name}")).map(|at| start + 1 + at + 1))
            .unwrap_or(start + 1);
        rest = rest[end..].find('>').map_or("", |close| &rest[end + close + 1..]);
    }
    visible.push_str(rest);
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn quote(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(QUOTE) {
        // A link that is cut leads nowhere, so whole words are left out.
        Some((end, _)) => {
            let whole = line[..end].rfind(' ').unwrap_or(end);
            format!("{} ...", &line[..whole])
        }
        None => line,
    }
}

/// Where a redirect leads, without a query, which may hold anything.
fn location(headers: &HeaderMap) -> Option<String> {
    let place = headers.get("location")?.to_str().ok()?;
    Some(quote(place.split(['?', '#']).next().unwrap_or_default()))
}

fn says_when(clues: &[Clue]) -> bool {
    clues.iter().any(|clue| matches!(clue, Clue::RetryAfterMs(_)))
}

/// Gateways say in a header when to try again.
fn retry_after(headers: &HeaderMap) -> Option<Clue> {
    let seconds: u64 = headers.get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
    Some(Clue::RetryAfterMs(seconds.saturating_mul(1000)))
}

/// `server-timing: gfet4t7; dur=12`.
pub(super) fn server_ms(headers: &HeaderMap) -> Option<f64> {
    let timing = headers.get("server-timing")?.to_str().ok()?;
    timing.split("dur=").nth(1)?.split([',', ';']).next()?.trim().parse().ok()
}

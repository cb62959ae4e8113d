//! Messages as the JSON that the API writes for them: defaults are left out.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::HeaderMap;
use prost::Message;
use serde_json::{Map, Value, json};

use crate::{facts::Method, transport::Answer};

use super::proto::{
    Any, BLOCK_REASONS, CODES, Candidate, Content, CountTokensResponse, ErrorInfo, FINISH_REASONS,
    GenerateContentResponse, Model, Part, QuotaFailure, QuotaViolation, RetryInfo, Status,
    UsageMetadata,
};

/// Senders may leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The answer with the body that it would have over HTTP.
pub(super) fn answer(method: Method, answer: Answer) -> Answer {
    if answer.status != 200 {
        let body = error(answer.status, &answer.headers).to_string().into_bytes();
        return Answer { body, ..answer };
    }
    let told: Vec<Vec<u8>> = messages(&answer).map(|message| text_of(method, message)).collect();
    let times = answer.chunks.iter().map(|(at, _)| *at);
    let chunks = times.zip(told.iter().map(Vec::len)).collect();
    Answer { body: told.concat(), chunks, ..answer }
}

/// The messages of an answer. Of very many the last ones come as one: messages that follow each other
/// read as one message.
pub(super) fn messages(answer: &Answer) -> impl Iterator<Item = &[u8]> {
    let mut rest = &answer.body[..];
    answer.chunks.iter().map(move |(_, size)| {
        let (message, after) = rest.split_at(rest.len().min(*size));
        rest = after;
        message
    })
}

/// The text of the first candidate, thoughts left out.
pub(super) fn text(answer: &GenerateContentResponse) -> String {
    let content = answer.candidates.first().and_then(|candidate| candidate.content.as_ref());
    let parts = content.map_or(&[][..], |content| &content.parts);
    parts.iter().filter(|part| !part.thought).filter_map(|part| part.text.as_deref()).collect()
}

/// JSON, or an event with JSON. What is no such message stays as it came.
fn text_of(method: Method, message: &[u8]) -> Vec<u8> {
    let read = match method {
        Method::Get => Model::decode(message).map(|read| model(&read)),
        Method::Count => {
            let count = CountTokensResponse::decode(message);
            count.map(|read| members([("totalTokens", number(read.total_tokens))]))
        }
        _ => GenerateContentResponse::decode(message).map(|read| response(&read)),
    };
    match read {
        Ok(value) if method == Method::Stream => format!("data: {value}\r\n\r\n").into_bytes(),
        Ok(value) => value.to_string().into_bytes(),
        Err(_) => message.to_vec(),
    }
}

fn model(model: &Model) -> Value {
    let methods = &model.supported_generation_methods;
    members([
        ("name", words(&model.name)),
        ("version", words(&model.version)),
        ("displayName", words(&model.display_name)),
        ("inputTokenLimit", number(model.input_token_limit)),
        ("outputTokenLimit", number(model.output_token_limit)),
        ("supportedGenerationMethods", list(methods, |method| words(method))),
        ("thinking", flag(model.thinking)),
    ])
}

fn response(answer: &GenerateContentResponse) -> Value {
    let feedback = answer
        .prompt_feedback
        .as_ref()
        .map(|feedback| members([("blockReason", named(&BLOCK_REASONS, feedback.block_reason))]));
    members([
        ("candidates", list(&answer.candidates, candidate)),
        ("promptFeedback", feedback.unwrap_or_default()),
        ("usageMetadata", answer.usage_metadata.as_ref().map(usage).unwrap_or_default()),
        ("modelVersion", words(&answer.model_version)),
        ("responseId", words(&answer.response_id)),
    ])
}

fn candidate(candidate: &Candidate) -> Value {
    members([
        ("content", candidate.content.as_ref().map(content).unwrap_or_default()),
        ("finishReason", named(&FINISH_REASONS, candidate.finish_reason)),
        ("index", candidate.index.map(Value::from).unwrap_or_default()),
    ])
}

fn content(content: &Content) -> Value {
    let part = |part: &Part| {
        let text = part.text.clone().map(Value::from);
        members([("text", text.unwrap_or_default()), ("thought", flag(part.thought))])
    };
    members([("parts", list(&content.parts, part)), ("role", words(&content.role))])
}

fn usage(usage: &UsageMetadata) -> Value {
    members([
        ("promptTokenCount", number(usage.prompt_token_count)),
        ("candidatesTokenCount", number(usage.candidates_token_count)),
        ("thoughtsTokenCount", number(usage.thoughts_token_count)),
        ("cachedContentTokenCount", number(usage.cached_content_token_count)),
        ("totalTokenCount", number(usage.total_token_count)),
    ])
}

/// Google's error object, from what stands behind the messages.
fn error(status: u16, headers: &HeaderMap) -> Value {
    let read = |name: &str| headers.get(name).map(http::HeaderValue::as_bytes).unwrap_or_default();
    let code = String::from_utf8_lossy(read("grpc-status")).parse::<usize>().ok();
    let word = code.and_then(|code| CODES.get(code)).unwrap_or(&"UNKNOWN");
    let message = String::from_utf8_lossy(&percent_decoded(read("grpc-message"))).into_owned();
    let sent = BASE64.decode(read("grpc-status-details-bin")).unwrap_or_default();
    let details = Status::decode(&sent[..]).unwrap_or_default().details;
    let mut error = json!({"code": status, "message": message, "status": word});
    if !details.is_empty() {
        error["details"] = details.iter().map(detail).collect();
    }
    json!({"error": error})
}

fn detail(detail: &Any) -> Value {
    let value = &detail.value[..];
    let read = match detail.type_url.rsplit('.').next().unwrap_or_default() {
        "ErrorInfo" => ErrorInfo::decode(value).ok().map(|info| {
            members([
                ("reason", words(&info.reason)),
                ("domain", words(&info.domain)),
                ("metadata", json!(info.metadata)),
            ])
        }),
        "RetryInfo" => {
            RetryInfo::decode(value).ok().and_then(|info| info.retry_delay).map(|delay| {
                let seconds = delay.seconds as f64 + f64::from(delay.nanos) / 1e9;
                json!({"retryDelay": format!("{seconds}s")})
            })
        }
        "QuotaFailure" => QuotaFailure::decode(value)
            .ok()
            .map(|failure| json!({"violations": list(&failure.violations, violation)})),
        _ => None,
    };
    let mut told = read.unwrap_or_else(|| json!({}));
    told["@type"] = words(&detail.type_url);
    told
}

/// JSON writes numbers of 64 bits as text, and leaves a zero out.
fn violation(violation: &QuotaViolation) -> Value {
    let value = Some(violation.quota_value).filter(|value| *value != 0);
    members([
        ("quotaMetric", words(&violation.quota_metric)),
        ("quotaId", words(&violation.quota_id)),
        ("quotaDimensions", json!(violation.quota_dimensions)),
        ("quotaValue", value.map(|value| value.to_string().into()).unwrap_or_default()),
    ])
}

/// `%20` as a space. What is no such escape stays as it is.
fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        let escaped = after.get(..2).filter(|_| first == b'%').and_then(hex);
        decoded.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    decoded
}

fn hex(pair: &[u8]) -> Option<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let number = digit(&pair[0])? * 16 + digit(&pair[1])?;
    u8::try_from(number).ok()
}

/// An object of what there is.
fn members<const N: usize>(members: [(&str, Value); N]) -> Value {
    let there = members.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(there.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

fn words(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { text.into() }
}

fn number(number: i32) -> Value {
    if number == 0 { Value::Null } else { number.into() }
}

fn flag(flag: bool) -> Value {
    if flag { true.into() } else { Value::Null }
}

fn list<T>(items: &[T], told: impl Fn(&T) -> Value) -> Value {
    if items.is_empty() { Value::Null } else { items.iter().map(told).collect() }
}

/// The name of a number, or the number where it is newer than the names.
fn named(names: &[&str], number: i32) -> Value {
    let name = usize::try_from(number).ok().and_then(|at| names.get(at));
    match (number, name) {
        (0, _) => Value::Null,
        (_, Some(name)) => (*name).into(),
        (number, None) => number.to_string().into(),
    }
}

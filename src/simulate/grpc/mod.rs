//! The door for gRPC: a message becomes the request that HTTP would have brought, and the answer to
//! that becomes messages and a status.
//!
//! Written by hand from the public definitions, without any library for gRPC or Protocol Buffers, and
//! it decides nothing: keys, models and faults are the same as at the other doors.

mod fields;
mod wire;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Version};
use serde_json::{Value, json};

use self::fields::{
    ANSWER, COUNT, COUNT_REQUEST, DETAILS, Field, GENERATE_REQUEST, MODEL, MODEL_REQUEST, STATUS,
};
use super::call::{Call, Http, Link, Operation, Target};
use super::reply::{Payload, Reply};

/// The kind of content by which a gRPC call is known.
const KIND: &str = "application/grpc";

/// The codes by their numbers.
const CODES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// Whether a request is meant for this door.
pub(super) fn is_meant(parts: &Parts) -> bool {
    let kind = parts.headers.get(http::header::CONTENT_TYPE);
    let declared = kind.is_some_and(|kind| kind.as_bytes().starts_with(KIND.as_bytes()));
    declared && parts.version == Version::HTTP_2
}

/// The call that a message stands for; where it stands for none, the answer to that.
pub(super) fn read(link: Link, parts: &Parts, body: &Bytes) -> (Call, Option<Reply>) {
    let mut call = Call::new(link, parts, body.clone());
    call.http = Http::Grpc;
    let read = meant(&call.path, body);
    let refusal = match read {
        Ok((target, body)) => {
            call.target = target;
            call.body = body;
            None
        }
        Err((status, word, message)) => Some(refusal(status, word, message)),
    };
    (call, refusal)
}

/// The answer of a server that speaks HTTP/2 and has no gRPC.
pub(super) fn unknown_here(status: u16) -> Reply {
    let page = format!("<html><body><h1>{status}</h1></body></html>\n");
    let headers = vec![("content-type", "text/html".to_owned())];
    Reply::plain(status, headers, Payload::whole(page))
}

/// An answer as gRPC has it. What is not from the API itself stays a page or whatever it is: those who
/// write such answers do not look at what they were asked.
pub(super) fn reply(call: &Call, reply: Reply) -> Reply {
    let wait = reply.wait;
    match Told::read(&reply) {
        Some(told) if reply.status == 200 => Reply { wait, ..messages(call, &told) },
        Some(Told { error: Some(error), .. }) => Reply { wait, ..ended(&error) },
        _ => reply,
    }
}

/// Status, word and message of a refusal.
type Refusal = (u16, &'static str, &'static str);

/// What a path and a message mean.
fn meant(path: &str, body: &[u8]) -> Result<(Target, Bytes), Refusal> {
    let unknown = (501, "UNIMPLEMENTED", "Method not found.");
    let name = path.strip_prefix("/google.ai.generativelanguage.v1beta.").ok_or(unknown)?;
    let (fields, method) = match name {
        "ModelService/GetModel" => (MODEL_REQUEST, ""),
        "GenerativeService/CountTokens" => (COUNT_REQUEST, "countTokens"),
        "GenerativeService/GenerateContent" => (GENERATE_REQUEST, "generateContent"),
        "GenerativeService/StreamGenerateContent" => (GENERATE_REQUEST, "streamGenerateContent"),
        _ => return Err(unknown),
    };
    let mut request = wire::read(message(body)?, fields).ok_or(UNREADABLE)?;
    let named = if method.is_empty() { "name" } else { "model" };
    let model = request.as_object_mut().and_then(|request| request.remove(named));
    let model =
        model.as_ref().and_then(Value::as_str).and_then(|name| name.strip_prefix("models/"));
    let model = model.ok_or((400, "INVALID_ARGUMENT", "unexpected model name format"))?.to_owned();
    let operation = match method {
        "" => Operation::Get(model),
        method => Operation::Method { model, method: method.to_owned() },
    };
    Ok((Target { version: "v1beta", operation }, request.to_string().into()))
}

const UNREADABLE: Refusal = (500, "INTERNAL", "The request message cannot be read.");

/// The only message of a request.
fn message(body: &[u8]) -> Result<&[u8], Refusal> {
    let (prefix, message) = body.split_first_chunk::<5>().ok_or(UNREADABLE)?;
    let [compressed, length @ ..] = *prefix;
    match u32::from_be_bytes(length) as usize == message.len() {
        _ if compressed != 0 => Err((501, "UNIMPLEMENTED", "Messages may not be compressed.")),
        true => Ok(message),
        false => Err(UNREADABLE),
    }
}

/// What an answer says in JSON: one value, or one for each event after its pause; an error comes last.
#[derive(Default)]
struct Told {
    values: Vec<(Duration, Value)>,
    error: Option<Value>,
}

impl Told {
    /// None where it is not the API's own JSON.
    fn read(reply: &Reply) -> Option<Self> {
        let is = |name: &str, text: &str| {
            reply.headers.iter().any(|(one, value)| *one == name && value.starts_with(text))
        };
        let is_stream = is("content-type", "text/event-stream");
        let mut told = Self::default();
        for (pause, piece) in reply.body.pieces().filter(|_| is("server", "scaffolding"))? {
            let text = piece.strip_prefix(b"data: ").unwrap_or(piece);
            match serde_json::from_slice::<Value>(text) {
                Ok(value) => told.take(*pause, value),
                // A stream that was cut says no more.
                Err(_) if is_stream => {}
                Err(_) => return None,
            }
        }
        let known = |error: &Value| code(error).is_some();
        told.error.as_ref().is_none_or(known).then_some(told)
    }

    fn take(&mut self, pause: Duration, value: Value) {
        match value.get("error") {
            Some(error) => self.error = Some(error.clone()),
            None => self.values.push((pause, value)),
        }
    }
}

/// The number of an error's code.
fn code(error: &Value) -> Option<usize> {
    let word = error["status"].as_str()?;
    CODES.iter().position(|code| *code == word)
}

/// Messages, and behind them how it ended.
fn messages(call: &Call, told: &Told) -> Reply {
    let fields: &[Field] = match call.target.operation.method() {
        None => MODEL,
        Some("countTokens") => COUNT,
        Some(_) => ANSWER,
    };
    let piece = |(pause, value): &(Duration, Value)| (*pause, framed(&wire::write(value, fields)));
    let ok = json!({"status": "OK"});
    let trailers = status(told.error.as_ref().unwrap_or(&ok));
    let body = Payload::with_trailers(told.values.iter().map(piece).collect(), trailers);
    Reply::plain(200, vec![("content-type", KIND.to_owned())], body)
}

/// A status without messages, which needs a head only.
fn ended(error: &Value) -> Reply {
    let mut headers = vec![("content-type", KIND.to_owned())];
    for (name, value) in status(error).iter() {
        let name = ["grpc-status", "grpc-message", "grpc-status-details-bin"]
            .into_iter()
            .find(|known| name == known)
            .expect("a status has these three headers at most");
        headers.push((name, String::from_utf8_lossy(value.as_bytes()).into_owned()));
    }
    Reply::plain(200, headers, Payload::whole(Bytes::new()))
}

fn refusal(status: u16, word: &str, message: &str) -> Reply {
    let error = json!({"code": status, "status": word, "message": message});
    Reply::json(status, &json!({"error": error}))
}

fn framed(message: &[u8]) -> Bytes {
    let length = u32::try_from(message.len()).expect("the simulator says little");
    [&[0][..], &length.to_be_bytes(), message].concat().into()
}

/// The headers that tell how a call ended.
fn status(error: &Value) -> HeaderMap {
    let code = code(error).unwrap_or(2);
    let mut headers = HeaderMap::new();
    let mut put = |name: &'static str, value: String| {
        let value = HeaderValue::try_from(value).expect("it is ASCII without control characters");
        headers.insert(name, value);
    };
    put("grpc-status", code.to_string());
    if let Some(message) = error["message"].as_str() {
        put("grpc-message", percent_encoded(message));
    }
    let details = details(&error["details"]);
    if !details.is_empty() {
        let whole = json!({"code": code, "message": error["message"], "details": details});
        put("grpc-status-details-bin", STANDARD_NO_PAD.encode(wire::write(&whole, STATUS)));
    }
    headers
}

/// Details that have a known type, each as a type and bytes.
fn details(details: &Value) -> Vec<Value> {
    let details = details.as_array().map(Vec::as_slice).unwrap_or_default();
    let packed = |detail: &Value| {
        let kind = detail["@type"].as_str()?;
        let (_, fields) = DETAILS.iter().find(|(name, _)| kind.ends_with(name))?;
        Some(json!({"typeUrl": kind, "value": wire::write(detail, fields)}))
    };
    details.iter().filter_map(packed).collect()
}

/// As the protocol wants it: all that is no printable ASCII, and the percent sign, as `%XX`.
fn percent_encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b' '..=b'~' if byte != b'%' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

//! The same calls over gRPC: a call becomes a message, and what came becomes the answer that HTTP
//! would have brought, so that nobody above has to know the difference.
//!
//! Must not send anything.

mod body;
mod proto;
#[cfg(test)]
mod tests;
mod told;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use prost::Message;

use crate::{
    facts::{Endpoint, Method},
    secret::ApiKey,
    transport::{Answer, Exchange, GrpcRequest, Outcome},
};

use super::{Auth, Call, call::percent_encode};

/// The only version of the API whose messages are known here.
const VERSION: &str = "v1beta";
/// By which the provider finds the machines that serve a model.
const ROUTING: HeaderName = HeaderName::from_static("x-goog-request-params");

/// A call as gRPC has it. The error is a fragment that says why there is none.
pub fn request(call: &Call, endpoint: &Endpoint, key: &ApiKey) -> Result<GrpcRequest, String> {
    Ok(GrpcRequest {
        path: path(call, endpoint)?,
        metadata: metadata(call, Auth::Header(key)),
        message: message(call)?,
        streams: call.method == Method::Stream,
        authority: endpoint.authority(),
        secure: endpoint.secure,
    })
}

/// Whether a call can be made over gRPC, before there is a key. The error says why not.
pub fn check(call: &Call, endpoint: &Endpoint) -> Result<(), String> {
    path(call, endpoint)?;
    message(call).map(|_| ())
}

/// What came over gRPC as the same answer over HTTP: JSON, or events where the call is a stream, with
/// their times. What is no gRPC stays as it is.
pub fn as_http(call: &Call, exchange: Exchange) -> Exchange {
    match exchange.outcome {
        Outcome::Answered(answer) if exchange.http == "gRPC" => {
            let outcome = Outcome::Answered(told::answer(call.method, answer));
            Exchange { outcome, ..exchange }
        }
        _ => exchange,
    }
}

/// The first message of an answer over gRPC that has text in it, thoughts left out: its place among
/// the pieces, from 0.
pub fn first_text(answer: &Answer) -> Option<usize> {
    told::messages(answer).position(|message| {
        let read = proto::GenerateContentResponse::decode(message);
        read.is_ok_and(|read| !told::text(&read).is_empty())
    })
}

fn path(call: &Call, endpoint: &Endpoint) -> Result<String, String> {
    let (version, prefix) = (&endpoint.api_version, &endpoint.prefix);
    if version != VERSION {
        return Err(format!("over gRPC only {VERSION} of the API is spoken, not {version:?}"));
    }
    if !prefix.is_empty() {
        return Err(format!("gRPC has no paths of its own, and the base URL has {prefix:?}"));
    }
    let name = match call.method {
        Method::Get => "ModelService/GetModel",
        Method::Count => "GenerativeService/CountTokens",
        Method::Generate => "GenerativeService/GenerateContent",
        Method::Stream => "GenerativeService/StreamGenerateContent",
        Method::List | Method::OpenAiList | Method::Token => {
            return Err(format!("{} is not called over gRPC here", call.method.name()));
        }
    };
    Ok(format!("/google.ai.generativelanguage.{VERSION}.{name}"))
}

fn message(call: &Call) -> Result<Bytes, String> {
    let model = resource(call);
    let empty = serde_json::json!({});
    let body = call.body().unwrap_or(&empty);
    Ok(match call.method {
        Method::Count => body::count(model, body)?.encode_to_vec().into(),
        Method::Generate | Method::Stream => body::generate(model, body)?.encode_to_vec().into(),
        _ => proto::GetModelRequest { name: model }.encode_to_vec().into(),
    })
}

fn resource(call: &Call) -> String {
    format!("models/{}", call.model.as_deref().unwrap_or_default())
}

/// Who calls, with which key, and for which model.
fn metadata(call: &Call, auth: Auth<'_>) -> HeaderMap {
    let mut metadata: HeaderMap = call.sender(auth).into_iter().collect();
    metadata.remove(header::ACCEPT);
    let field = if call.method == Method::Get { "name" } else { "model" };
    let routing = format!("{field}={}", percent_encode(&resource(call)));
    let routing = HeaderValue::from_str(&routing).expect("what is percent-encoded is ASCII");
    metadata.insert(ROUTING, routing);
    metadata
}

//! Somebody who stands in front of the service: a relay, a gateway that takes errors apart, and one that speaks
//! OpenAI's API in the manner of LiteLLM. It has no marks of Google's servers, and says what such programs say.

use serde_json::{Value, json};

use super::call::{Call, Operation};
use super::reply::{Payload, Reply};
use super::scenario::Front;

/// Where such programs are asked whether they are well.
pub(super) const HEALTH: &str = "/healthz";

/// Headers of Google's servers that nobody passes on.
const GOOGLES: &[&str] =
    &["server", "vary", "x-xss-protection", "x-frame-options", "x-content-type-options"];

/// What is asked of a front by itself, and its answer.
pub(super) fn of_its_own(front: Front, call: &Call) -> Option<Reply> {
    if call.path == HEALTH {
        let headers = vec![("content-type", "application/json".to_owned())];
        return Some(Reply::plain(200, headers, Payload::whole(r#"{"status":"ok"}"#.to_owned())));
    }
    if front != Front::Translating {
        return None;
    }
    let operation = &call.target.operation;
    let native = ["v1beta", "v1alpha"].contains(&call.target.version);
    match operation {
        Operation::Method { method, .. } if method == "countTokens" || !native => Some(missing()),
        Operation::List | Operation::Get(_) if native => Some(missing()),
        Operation::OpenAi(_) => Some(missing()),
        Operation::Unknown if !is_list(call) => Some(missing()),
        _ => None,
    }
}

/// Whether a translating front is asked for its list.
pub(super) fn is_list(call: &Call) -> bool {
    ["/v1/models", "/models"].contains(&call.path.as_str())
}

fn missing() -> Reply {
    json_of(404, &json!({"detail": "Not Found"}), &[("server", "uvicorn")])
}

/// A model that a translating front does not have.
pub(super) fn unknown_entry(id: &str) -> Reply {
    let detail = format!("The model `{id}` does not exist or is not accessible");
    json_of(404, &json!({ "detail": detail }), &[("server", "uvicorn")])
}

/// What the service said, as it comes through.
pub(super) fn passed_on(front: Front, mut reply: Reply) -> Reply {
    reply.headers.retain(|(name, _)| !GOOGLES.contains(name));
    reply.headers.extend(signature(front).iter().map(|(name, value)| (*name, (*value).to_owned())));
    reply
}

/// An error of the service, as it comes through.
pub(super) fn refusal(front: Front, status: u16, body: &Value, call: &Call) -> Reply {
    let error = body.as_array().and_then(|items| items.first()).unwrap_or(body);
    let message = error["error"]["message"].as_str().unwrap_or_default();
    match front {
        Front::Relay => json_of(status, body, signature(front)),
        Front::Stripping => {
            let error =
                json!({"message": message, "type": "api_error", "param": null, "code": 500});
            json_of(500, &json!({ "error": error }), signature(front))
        }
        Front::Translating => {
            let status = if message.contains("API key") { 401 } else { status };
            let (kind, word) = kind(status);
            let model = call.model().unwrap_or("unknown");
            let whole =
                serde_json::to_string_pretty(error).expect("a JSON value is always printable");
            let text = format!(
                "litellm.{kind}: GeminiException - {whole}\n\n\nLiteLLM: model group '{model}' failed with the \
                 error above. No fallback was attempted."
            );
            let code = status.to_string();
            let error = json!({"message": text, "type": word, "param": null, "code": code});
            json_of(status, &json!({ "error": error }), signature(front))
        }
    }
}

fn kind(status: u16) -> (&'static str, &'static str) {
    match status {
        401 => ("AuthenticationError", "authentication_error"),
        404 => ("NotFoundError", "invalid_request_error"),
        429 => ("RateLimitError", "throttling_error"),
        400..=499 => ("BadRequestError", "invalid_request_error"),
        503 => ("ServiceUnavailableError", "internal_server_error"),
        _ => ("InternalServerError", "internal_server_error"),
    }
}

/// A caller without a key that the front knows.
pub(super) fn stranger(call: &Call) -> Reply {
    let message = match call.credentials.first() {
        None => "Authentication Error, No api key passed in.",
        Some(_) => {
            "Authentication Error, Invalid proxy server token passed. Unable to find token in cache or `LiteLLM_VerificationTokenTable`"
        }
    };
    let error = json!({"message": message, "type": "auth_error", "param": "None", "code": "401"});
    json_of(401, &json!({ "error": error }), &[("server", "uvicorn")])
}

/// By which headers a front is known.
fn signature(front: Front) -> &'static [(&'static str, &'static str)] {
    match front {
        Front::Relay => &[("server", "nginx"), ("x-oneapi-request-id", "2026113019450001")],
        Front::Stripping => &[("server", "kong/3.8.0"), ("x-kong-request-id", "5f1c2a")],
        Front::Translating => &[("server", "uvicorn"), ("x-litellm-version", "1.108.7")],
    }
}

fn json_of(status: u16, body: &Value, headers: &[(&'static str, &'static str)]) -> Reply {
    let mut all = vec![("content-type", "application/json".to_owned())];
    all.extend(headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
    Reply::plain(status, all, Payload::whole(body.to_string()))
}

//! Who stands between: which gateway an answer came through, and who said no, it or the provider behind it.
//!
//! Reads headers, forms and words of one answer. Whether anybody may stand there at all, the host decides.

use http::HeaderMap;
use serde_json::Value;

use super::marks::{self, holds};
use crate::facts::error_body;

/// What one answer shows of the way that it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Between {
    /// The product that signed it, in its headers or by the form of its errors.
    pub product: Option<&'static str>,
    /// Whether it bears the marks of the provider's front end.
    pub marked: bool,
    /// Who refused, where somebody did.
    pub refused: Option<Refused>,
}

/// Who refused a call that went to a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The gateway: nothing of the provider is in the answer.
    Itself,
    /// The provider, whose error came through in its own form.
    PassedOn,
    /// The provider, whose error stands whole in the gateway's own.
    Quoted,
    /// The provider by its words, without its details or with another status.
    Stripped,
    /// Whoever is behind the gateway, which does not say why.
    Unsaid,
    /// Nobody: the gateway did not reach whoever is behind it.
    Unreached,
    /// Nobody: by its status, the gateway got no answer that it could pass on.
    Unanswered,
}

impl Refused {
    /// The word of it among clues.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Itself => "itself",
            Self::PassedOn => "passed-on",
            Self::Quoted => "quoted",
            Self::Stripped => "stripped",
            Self::Unsaid => "unsaid",
            Self::Unreached => "unreached",
            Self::Unanswered => "unanswered",
        }
    }
}

impl Between {
    /// Reads an answer.
    pub fn of(status: u16, headers: &HeaderMap, text: &str, json: Option<&Value>) -> Self {
        Self {
            product: marks::product(headers).or_else(|| by_form(text, json)),
            marked: has_marks(headers, ""),
            refused: (status >= 400).then(|| refused(status, headers, text, json)),
        }
    }
}

/// The marks of the provider's front end; some gateways pass its headers on with a word in front.
pub(super) fn has_marks(headers: &HeaderMap, prefix: &str) -> bool {
    holds(headers, &format!("{prefix}server"), "scaffolding on httpserver2")
        || holds(headers, &format!("{prefix}server-timing"), "gfet4t7")
}

/// Words of errors and pages, and whose they are.
const FORMS: &[(&str, &str)] = &[
    ("litellm", "LiteLLM"),
    ("\"no_db_connection\"", "LiteLLM"),
    ("\"auth_error\"", "something like LiteLLM"),
    ("\"new_api_error\"", "new-api"),
    ("\"one_api_error\"", "one-api"),
    ("(request id: ", "one-api or a relative of it"),
    ("no route matched with those values", "Kong"),
    ("no api key found in request", "Kong"),
    ("\"api rate limit exceeded\"", "Kong"),
    ("\"provider_name\"", "OpenRouter"),
    ("<center>openresty", "OpenResty"),
    ("<center>nginx", "nginx"),
    ("<center>cloudflare", "Cloudflare"),
];

fn by_form(text: &str, json: Option<&Value>) -> Option<&'static str> {
    let start = &text[..text.floor_char_boundary(4096)].to_ascii_lowercase();
    let by_words = FORMS.iter().find(|(part, _)| start.contains(part)).map(|(_, product)| *product);
    by_words.or_else(|| {
        let json = json?;
        let is_cloudflare = json["success"] == false && json.get("messages").is_some();
        let is_portkey = json["status"] == "failure" && json["message"].is_string();
        let members = json.as_object().map_or(0, serde_json::Map::len);
        match () {
            () if is_cloudflare => Some("Cloudflare AI Gateway"),
            () if is_portkey => Some("Portkey"),
            () if members == 1 && json["detail"].is_string() => Some("a Python server (FastAPI)"),
            () => None,
        }
    })
}

fn refused(status: u16, headers: &HeaderMap, text: &str, json: Option<&Value>) -> Refused {
    let said = json.map(words).unwrap_or_default();
    if json.is_some_and(|json| quotes_google(json) || is_googles_page(&said)) {
        return Refused::Quoted;
    }
    let says = |parts: &[&str]| parts.iter().any(|part| said.contains(part) || text.contains(part));
    let error = json.map(error_of).unwrap_or(&Value::Null);
    let googles = is_googles_page(text) || error_body::is_googles(error) && !says(&["litellm."]);
    match () {
        () if googles && is_stripped(status, error) => Refused::Stripped,
        () if googles => Refused::PassedOn,
        () if says(UNREACHED) => Refused::Unreached,
        () if says(GOOGLES_WORDS) => Refused::Stripped,
        () if says(UNSAID) || has_marks(headers, "llm_provider-") => Refused::Unsaid,
        () if matches!(status, 502 | 504) => Refused::Unanswered,
        () => Refused::Itself,
    }
}

/// The error object in any of the forms that answers have.
fn error_of(json: &Value) -> &Value {
    let first = json.as_array().and_then(|items| items.first()).unwrap_or(json);
    first.get("error").unwrap_or(first)
}

/// The words of an error for a person.
fn words(json: &Value) -> String {
    let error = error_of(json);
    [&error["message"], error, &json["message"], &json["detail"]]
        .into_iter()
        .find_map(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// Whether the provider's whole error stands in the words of somebody else's.
pub(super) fn quotes_google(json: &Value) -> bool {
    let error = error_of(json);
    let texts =
        [&error["message"], error, &error["metadata"]["raw"], &json["message"], &json["detail"]];
    let quoted = |text: &Value| text.as_str().and_then(error_body::quoted);
    texts.into_iter().filter_map(quoted).any(|inner| error_body::is_googles(error_of(&inner)))
}

fn is_googles_page(said: &str) -> bool {
    said.contains("!!1</title>")
}

/// Errors that the provider never sends without details, and a status that is not the error's own.
fn is_stripped(status: u16, error: &Value) -> bool {
    let message = error["message"].as_str().unwrap_or_default();
    let bare = error["details"].as_array().is_none_or(Vec::is_empty);
    let rewritten = error["code"].as_u64().is_some_and(|code| code != u64::from(status));
    rewritten || bare && DETAILED.iter().any(|part| message.contains(part))
}

const DETAILED: &[&str] = &[
    "API key not valid",
    "API key expired",
    "Quota exceeded for metric",
    "has not been used in project",
    "Unknown name \"",
];

/// Sentences that are the provider's own.
const GOOGLES_WORDS: &[&str] = &[
    "API key not valid. Please pass a valid API key",
    "API key expired. Please renew",
    "was reported as leaked",
    "is not found for API version",
    "User location is not supported for the API use",
    "Method doesn't allow unregistered callers",
    "has not been used in project",
    "generativelanguage.googleapis.com/",
    "Resource has been exhausted (e.g. check quota)",
    "The model is overloaded. Please try again later",
    "exceeds the maximum number of tokens allowed",
    "Expected OAuth 2 access token",
];

/// How gateways say that they got no connection to whoever is behind them.
const UNREACHED: &[&str] = &[
    "APIConnectionError",
    "Cannot connect to host",
    "Connect call failed",
    "Connection error.",
    "ECONNREFUSED",
    "connection refused",
    "no healthy upstream",
    "upstream connect error",
    "An invalid response was received from the upstream server",
    "do_request_failed",
];

/// How they say that it refused, without a word of its own.
const UNSAID: &[&str] = &[
    "bad response status code",
    "bad_response_status_code",
    "upstream_error",
    "pstream request failed",
    "Provider returned error",
    "openai_error",
];

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const GOOGLES: &str = r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}"#;

    const NGINX_502: &str =
        "<html><head><title>502 Bad Gateway</title></head><center>nginx/1.27.0</center></html>";

    fn of(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Between {
        let pairs = headers.iter().map(|(name, value)| {
            (http::HeaderName::from_static(name), HeaderValue::from_static(value))
        });
        let json: Option<Value> = serde_json::from_str(body).ok();
        Between::of(status, &pairs.collect(), body, json.as_ref())
    }

    #[test]
    fn each_gateway_is_known_by_what_it_signs() {
        for (headers, body, product) in [
            (&[("x-litellm-call-id", "1")][..], "{}", Some("LiteLLM")),
            (&[("server", "kong/3.8.0")], "{}", Some("Kong")),
            (&[("server", "cloudflare"), ("cf-ray", "1-FRA")], "", Some("Cloudflare")),
            (&[("server", "cloudflare"), ("cf-aig-step", "0")], "", Some("Cloudflare AI Gateway")),
            (&[("x-oneapi-request-id", "2")], "{}", Some("one-api or a relative of it")),
            (
                &[],
                r#"{"error":{"message":"No connected db.","type":"no_db_connection","code":"400"}}"#,
                Some("LiteLLM"),
            ),
            (
                &[],
                r#"{"success":false,"result":[],"messages":[],"error":[{"code":2001,"message":"x"}]}"#,
                Some("Cloudflare AI Gateway"),
            ),
            (&[], r#"{"detail":"Not Found"}"#, Some("a Python server (FastAPI)")),
            (&[], "<html><center>nginx/1.27.0</center></html>", Some("nginx")),
            (&[("server", "scaffolding on HTTPServer2")], GOOGLES, None),
        ] {
            assert_eq!(of(404, headers, body).product, product, "{headers:?} {body}");
        }
    }

    #[test]
    fn who_refused_is_told_by_forms_and_words() {
        let message = |text: &str| {
            serde_json::json!({"error": {"message": text, "type": "x", "code": "401"}}).to_string()
        };
        let quoted = message(&format!(
            "litellm.AuthenticationError: GeminiException - {GOOGLES}\n\nLiteLLM: model group 'm' failed."
        ));
        let escaped = message(&format!("GeminiException - b'{}'", GOOGLES.replace('{', "{\\n  ")));
        let page = message(
            "litellm.NotFoundError: GeminiException - <title>Error 404 (Not Found)!!1</title>",
        );
        let no_details = r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}"#;
        let leaked = r#"{"error":{"code":403,"message":"Your API key was reported as leaked. Please use another API key.","status":"PERMISSION_DENIED"}}"#;
        let own = r#"{"error":{"code":404,"message":"litellm.APIError: no such route","status":"NOT_FOUND"}}"#;
        for (status, body, expected) in [
            (400, GOOGLES, Refused::PassedOn),
            (403, leaked, Refused::PassedOn),
            (502, GOOGLES, Refused::Stripped),
            (400, no_details, Refused::Stripped),
            (401, quoted.as_str(), Refused::Quoted),
            (401, escaped.as_str(), Refused::Quoted),
            (404, page.as_str(), Refused::Quoted),
            (404, own, Refused::Itself),
            (401, &message("API key not valid. Please pass a valid API key."), Refused::Stripped),
            (401, &message("Authentication Error, No api key passed in."), Refused::Itself),
            (
                500,
                &message("litellm.APIConnectionError: Cannot connect to host h:9"),
                Refused::Unreached,
            ),
            (500, &message("bad response status code 400 (request id: 2)"), Refused::Unsaid),
            (503, "no healthy upstream", Refused::Unreached),
            (502, NGINX_502, Refused::Unanswered),
            (504, "<html><center>nginx</center></html>", Refused::Unanswered),
            (502, "<title>Error 502 (Server Error)!!1</title>", Refused::PassedOn),
            (503, "<html><center>nginx</center></html>", Refused::Itself),
            (429, r#"{"message":"API rate limit exceeded"}"#, Refused::Itself),
        ] {
            assert_eq!(of(status, &[], body).refused, Some(expected), "{body}");
        }
        assert_eq!(of(200, &[], "{}").refused, None);
    }

    #[test]
    fn a_gateways_copy_of_the_front_ends_marks_says_who_was_behind() {
        let body = r#"{"error":{"message":"something","type":"x","code":"500"}}"#;
        let seen = of(500, &[("llm_provider-server", "scaffolding on HTTPServer2")], body);
        assert_eq!((seen.refused, seen.marked), (Some(Refused::Unsaid), false));
    }
}

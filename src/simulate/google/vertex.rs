//! Who is let in to the cloud platform's routes: with a token that was given out, into a project that is there, at a
//! location that has the model. What a model answers is the API's own.

use serde_json::{Value, json};

use super::keys::is_statement;
use super::{Google, Login, OF_USER, PROJECT, TOKENS};
use crate::simulate::call::{Call, CloudPath, Operation};
use crate::simulate::reply::Reply;
use crate::simulate::scenario::Scenario;

/// The project of gcloud's own program: calls of a login without a project of its own count there.
const GCLOUD: &str = "764086051850";
/// Where the newer models are.
const EVERYWHERE: [&str; 3] = ["global", "us", "eu"];

/// The refusal of a call; none for one that is let in, and for those that go elsewhere.
pub(super) fn refusal(google: &Google, call: &Call, scenario: &Scenario) -> Option<Reply> {
    let path = call.cloud.as_ref()?;
    let is_express = google.cloud.login == Login::Key;
    match (&path.project, &call.target.operation) {
        (None, Operation::Method { .. }) if is_express => express(call, scenario),
        _ => project(google, call, path),
    }
}

/// With a key there are no projects and no lists.
fn express(call: &Call, scenario: &Scenario) -> Option<Reply> {
    match &call.credentials.header {
        Some(key) if scenario.keys.contains(&key.as_str()) => None,
        Some(_) => Some(error(
            400,
            "INVALID_ARGUMENT",
            "API key not valid. Please pass a valid API key.",
            &info("API_KEY_INVALID", &json!({"service": "aiplatform.googleapis.com"})),
        )),
        None => Some(unauthenticated("CREDENTIALS_MISSING")),
    }
}

fn project(google: &Google, call: &Call, path: &CloudPath) -> Option<Reply> {
    if call.credentials.bearer.is_none() && call.credentials.header.is_some() {
        let message = "API keys are not supported by this API. Expected OAuth2 access token or other \
                       authentication credentials that assert a principal. See \
                       https://cloud.google.com/docs/authentication";
        let info = info("CREDENTIALS_MISSING", &json!({"service": "aiplatform.googleapis.com"}));
        return Some(error(401, "UNAUTHENTICATED", message, &info));
    }
    let Some(token) = call.credentials.bearer.as_deref() else {
        return Some(unauthenticated("CREDENTIALS_MISSING"));
    };
    let is_good =
        TOKENS.contains(&token) || (is_statement(token) && google.is_own_statement(token));
    if !is_good {
        return Some(unauthenticated("ACCESS_TOKEN_TYPE_UNSUPPORTED"));
    }
    quota_project(call, token).or_else(|| own_project(path)).or_else(|| place(call, path))
}

/// A person's login counts somewhere, or it is refused; and where it counts it must be allowed to.
fn quota_project(call: &Call, token: &str) -> Option<Reply> {
    let named = call.headers().get("x-goog-user-project").and_then(|value| value.to_str().ok());
    match named {
        None if token == OF_USER => {
            let message = "Your application is authenticating by using local Application Default \
                           Credentials. The aiplatform.googleapis.com API requires a quota project, \
                           which is not set by default. To learn how to set your quota project, see \
                           https://cloud.google.com/docs/authentication/adc-troubleshooting/user-creds .";
            let of = json!({
                "consumer": format!("projects/{GCLOUD}"), "service": "aiplatform.googleapis.com",
            });
            Some(error(403, "PERMISSION_DENIED", message, &info("SERVICE_DISABLED", &of)))
        }
        Some(other) if other != PROJECT => {
            let message = format!(
                "Caller does not have required permission to use project {other}. Grant the caller \
                 the roles/serviceusage.serviceUsageConsumer role, or a custom role with the \
                 serviceusage.services.use permission, by visiting \
                 https://console.developers.google.com/iam-admin/iam/project?project={other} and \
                 then retry. Propagation of the new permission may take a few minutes."
            );
            let of = json!({
                "consumer": format!("projects/{other}"), "service": "aiplatform.googleapis.com",
            });
            Some(error(403, "PERMISSION_DENIED", &message, &info("USER_PROJECT_DENIED", &of)))
        }
        _ => None,
    }
}

fn own_project(path: &CloudPath) -> Option<Reply> {
    let project = path.project.as_deref().filter(|project| *project != PROJECT)?;
    let message = format!("Permission denied on resource project {project}.");
    let of = json!({
        "consumer": format!("projects/{project}"), "containerInfo": project,
        "service": "aiplatform.googleapis.com",
    });
    Some(error(403, "PERMISSION_DENIED", &message, &info("CONSUMER_INVALID", &of)))
}

/// The newer models are in no single region.
fn place(call: &Call, path: &CloudPath) -> Option<Reply> {
    let (project, location) = (path.project.as_deref()?, path.location.as_deref()?);
    let model = call.target.operation.model()?;
    let is_new = model
        .strip_prefix("gemini-")
        .is_some_and(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit() && digit >= '3'));
    if !is_new || EVERYWHERE.contains(&location) {
        return None;
    }
    Some(Reply::json(404, &not_served(project, location, model)))
}

/// A model that is not there, as the platform words it.
pub(in crate::simulate) fn not_served(project: &str, location: &str, model: &str) -> Value {
    let message = format!(
        "Publisher Model `projects/{project}/locations/{location}/publishers/google/models/{model}` \
         was not found or your project does not have access to it. Please ensure you are using a \
         valid model version. For more information, see: \
         https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions"
    );
    json!({"error": {"code": 404, "message": message, "status": "NOT_FOUND"}})
}

/// A token that is none.
pub(super) fn unauthenticated(reason: &str) -> Reply {
    let message = "Request had invalid authentication credentials. Expected OAuth 2 access token, \
                   login cookie or other valid authentication credential. See \
                   https://developers.google.com/identity/sign-in/web/devconsole-project.";
    let of = json!({
        "service": "aiplatform.googleapis.com",
        "method": "google.cloud.aiplatform.v1.PredictionService.CountTokens",
    });
    error(401, "UNAUTHENTICATED", message, &info(reason, &of))
}

fn info(reason: &str, metadata: &Value) -> Value {
    json!({
        "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason,
        "domain": "googleapis.com", "metadata": metadata,
    })
}

fn error(code: u16, status: &str, message: &str, detail: &Value) -> Reply {
    Reply::json(
        code,
        &json!({"error": {
            "code": code, "message": message, "status": status, "details": [detail],
        }}),
    )
}

//! What the cloud platform does differently: a list of another version, flat bodies to count, roles that may
//! not be left out, and a project whose quota counts. Sends nothing.

use http::{HeaderName, HeaderValue};
use serde_json::{Value, json};

use crate::facts::{Api, Endpoint, Method};

/// The most models that a page of the list is asked for.
pub(super) const PAGE_SIZE: u32 = 100;
/// The version that has a list.
const LIST_VERSION: &str = "v1beta1";
/// The header that names the project whose quota counts.
const QUOTA_PROJECT: HeaderName = HeaderName::from_static("x-goog-user-project");

/// The list belongs to no project, and the stable version has none.
pub(super) fn list_path(endpoint: &Endpoint) -> String {
    let api_version = match endpoint.api_version.as_str() {
        "v1" => LIST_VERSION.to_owned(),
        other => other.to_owned(),
    };
    Endpoint { api_version, ..endpoint.clone() }.path("publishers/google/models")
}

/// The project whose quota counts, as a header.
pub(super) fn quota_header(endpoint: &Endpoint) -> Option<(HeaderName, HeaderValue)> {
    let Api::Vertex { quota_project, .. } = &endpoint.api else { return None };
    Some((QUOTA_PROJECT, HeaderValue::from_str(quota_project.as_deref()?).ok()?))
}

/// A body as the cloud platform takes it.
pub(super) fn body(method: Method, body: &Value) -> Value {
    let mut body = match (method, body.get("generateContentRequest")) {
        (Method::Count, Some(inner)) => flat(inner),
        _ => body.clone(),
    };
    let contents = body["contents"].as_array_mut().into_iter().flatten();
    for content in contents.filter_map(Value::as_object_mut) {
        content.entry("role").or_insert_with(|| json!("user"));
    }
    body
}

/// What countTokens takes of a request to generate.
fn flat(request: &Value) -> Value {
    let kept = ["contents", "systemInstruction", "tools", "generationConfig"];
    let members = request.as_object().into_iter().flatten();
    let members = members.filter(|(name, _)| kept.contains(&name.as_str()));
    members.map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_has_no_wrapper_and_every_content_a_role() {
        let wrapped = json!({"generateContentRequest": {
            "model": "models/m",
            "contents": [{"parts": [{"text": "hi"}]}, {"role": "model", "parts": []}],
            "systemInstruction": {"parts": []},
            "safetySettings": [],
        }});
        let flat = body(Method::Count, &wrapped);
        assert_eq!(
            flat,
            json!({
                "contents": [
                    {"parts": [{"text": "hi"}], "role": "user"}, {"role": "model", "parts": []},
                ],
                "systemInstruction": {"parts": []},
            })
        );
        let plain = json!({"contents": [{"role": "user", "parts": []}], "labels": {"a": "b"}});
        assert_eq!(body(Method::Generate, &plain), plain);
        assert_eq!(body(Method::Generate, &json!({"contents": 3})), json!({"contents": 3}));
    }
}

//! What a URL tells of the body that is sent there: its kind, the model, the version. Its query, which may hold a key, is cut
//! off before anything is looked at.

use crate::lint::{
    kind::Kind,
    request::{Service, Version},
};

/// What a URL tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) kind: Option<Kind>,
    pub(super) model: Option<String>,
    pub(super) version: Option<Version>,
    pub(super) service: Option<Service>,
}

/// What each method takes.
const METHODS: &[(&str, Kind)] = &[
    ("generateContent", Kind::Generate),
    ("streamGenerateContent", Kind::Generate),
    ("countTokens", Kind::Count),
    ("embedContent", Kind::Embed),
    ("batchEmbedContents", Kind::EmbedBatch),
    ("batchGenerateContent", Kind::Batch),
];

/// Takes a URL apart; one that is no URL tells nothing.
pub(super) fn target(url: &str) -> Target {
    let path = without_query(url);
    let (path, method) = path.rsplit_once(':').unwrap_or((path, ""));
    let kind = METHODS.iter().find(|(name, _)| *name == method).map(|(_, kind)| *kind);
    let path = if kind.is_some() { path } else { without_query(url) };
    let steps: Vec<&str> = path.split('/').collect();
    Target {
        kind: kind.or_else(|| of_openai(path)),
        model: kind.and_then(|_| model(&steps)),
        version: steps.iter().find_map(|step| version(step)),
        service: service(url),
    }
}

/// Whether a URL is this API's, by its host or its path.
pub(super) fn is_geminis(url: &str) -> bool {
    let path = without_query(url);
    host(url).ends_with("googleapis.com")
        || path.contains("/v1beta/openai/")
        || METHODS.iter().any(|(method, _)| path.ends_with(&format!(":{method}")))
}

fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/')
}

fn host(url: &str) -> &str {
    let rest = without_query(url).split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default()
}

fn of_openai(path: &str) -> Option<Kind> {
    if path.ends_with("/chat/completions") {
        return Some(Kind::Chat);
    }
    let is_compatible = path.contains("/openai/") || path.contains("/v1/");
    (is_compatible && path.ends_with("/embeddings")).then_some(Kind::ChatEmbeddings)
}

/// The name behind `models`; a variable of the shell is none.
fn model(steps: &[&str]) -> Option<String> {
    let at = steps.iter().rposition(|step| *step == "models" || *step == "tunedModels")?;
    let name = steps.get(at + 1)?;
    let is_name =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_');
    (!name.is_empty() && name.chars().all(is_name)).then(|| (*name).to_owned())
}

fn version(step: &str) -> Option<Version> {
    match step {
        "v1" => Some(Version::V1),
        _ if step.starts_with("v1beta") || step.starts_with("v1alpha") => Some(Version::V1Beta),
        _ => None,
    }
}

fn service(url: &str) -> Option<Service> {
    let host = host(url);
    match host {
        "generativelanguage.googleapis.com" => Some(Service::Developer),
        _ if host.contains("aiplatform.") && host.ends_with("googleapis.com") => {
            Some(Service::Cloud)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_tell_kind_model_version_and_api() {
        let gemini = "https://generativelanguage.googleapis.com";
        let cloud = "https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google";
        let (developer, vertex) = (Some(Service::Developer), Some(Service::Cloud));
        for (url, kind, model, version, service) in [
            (
                format!("{gemini}/v1beta/models/gemini-3.8-flash:generateContent?key=AIzaFake"),
                Some(Kind::Generate),
                Some("gemini-3.8-flash"),
                Some(Version::V1Beta),
                developer,
            ),
            (
                format!("{gemini}/v1/models/$MODEL:countTokens"),
                Some(Kind::Count),
                None,
                Some(Version::V1),
                developer,
            ),
            (
                format!("{cloud}/models/gemini-2.5-pro:streamGenerateContent?alt=sse"),
                Some(Kind::Generate),
                Some("gemini-2.5-pro"),
                Some(Version::V1),
                vertex,
            ),
            (
                format!("{gemini}/v1beta/openai/chat/completions"),
                Some(Kind::Chat),
                None,
                Some(Version::V1Beta),
                developer,
            ),
            (
                "http://localhost:8080/v1beta/models/m:embedContent".to_owned(),
                Some(Kind::Embed),
                Some("m"),
                Some(Version::V1Beta),
                None,
            ),
            ("https://example.com/a".to_owned(), None, None, None, None),
            ("$URL".to_owned(), None, None, None, None),
        ] {
            let model = model.map(str::to_owned);
            assert_eq!(target(&url), Target { kind, model, version, service }, "{url}");
        }
    }

    #[test]
    fn other_apis_are_not_this_one() {
        for (url, is) in [
            ("https://generativelanguage.googleapis.com/v1beta/models", true),
            ("http://127.0.0.1:9/x/models/m:generateContent?key=k", true),
            ("https://proxy.example/v1beta/openai/chat/completions", true),
            ("https://api.openai.com/v1/chat/completions", false),
            ("https://googleapis.com.example/v1/x", false),
        ] {
            assert_eq!(is_geminis(url), is, "{url}");
        }
    }
}

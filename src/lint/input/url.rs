//! What a URL tells of the body that is sent there: its kind, the model, the version. Its query, which may hold a key, is cut
//! off before anything is looked at.

use super::map::Mapped;
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
    /// A call that is known and whose bodies are not: `:predict`.
    pub(super) other: Option<String>,
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

/// Methods of the same services whose bodies are other ones.
const OTHER_METHODS: &[&str] = &[
    "predict",
    "predictLongRunning",
    "fetchPredictOperation",
    "rawPredict",
    "streamRawPredict",
    "directPredict",
    "directRawPredict",
    "streamingPredict",
    "serverStreamingPredict",
    "explain",
    "computeTokens",
    "asyncBatchEmbedContent",
    "embedText",
    "batchEmbedText",
    "generateText",
    "generateMessage",
    "countTextTokens",
    "countMessageTokens",
    "generateAnswer",
    "bidiGenerateContent",
    "BidiGenerateContent",
    "evaluateInstances",
    "retrieveContexts",
    "augmentPrompt",
    "corroborateContent",
    "query",
    "streamQuery",
    "register",
    "import",
    "importFile",
    "uploadToFileSearchStore",
    "transferOwnership",
    "cancel",
];

/// What is made by sending to its collection, which stands at the end of the path or one step before it.
const COLLECTIONS: &[&str] = &[
    "interactions",
    "cachedContents",
    "files",
    "fileSearchStores",
    "ragCorpora",
    "corpora",
    "documents",
    "tunedModels",
    "tuningJobs",
    "batches",
    "batchPredictionJobs",
    "auth_tokens",
    "responses",
    "messages",
    "moderations",
];

/// Ends of paths of OpenAI's form whose bodies are other ones.
const OTHER_ENDS: &[&str] = &[
    "/images/generations",
    "/images/edits",
    "/audio/speech",
    "/audio/transcriptions",
    "/audio/translations",
    "/videos",
    "/v1/completions",
];

/// What a URL in a script tells, with the variables in it that the script itself sets.
pub(super) fn target_of(url: &Mapped, set: impl Fn(&str) -> Option<Mapped>) -> Target {
    let mut filled = String::new();
    let mut at = 0;
    // Behind it stands the key.
    let query = url.text.find('?').unwrap_or(url.text.len());
    for span in url.unknown().iter().filter(|span| span.end <= query) {
        let name = &url.text[span.clone()];
        filled.push_str(&url.text[at..span.start]);
        match set(name).filter(|value| value.unknown().is_empty()) {
            Some(value) => filled.push_str(&value.text),
            None => filled.push_str(name),
        }
        at = span.end;
    }
    filled.push_str(&url.text[at..query.max(at)]);
    target(&filled)
}

/// Takes a URL apart; one that is no URL tells nothing.
pub(super) fn target(url: &str) -> Target {
    let whole = without_query(url);
    let (path, method) = method(whole);
    let kind = METHODS.iter().find(|(name, _)| *name == method).map(|(_, kind)| *kind);
    let kind = kind.or_else(|| of_openai(whole));
    let steps: Vec<&str> = path.split('/').collect();
    Target {
        kind,
        model: model(&steps).filter(|_| !method.is_empty()),
        version: steps.iter().find_map(|step| version(step)),
        service: service(url),
        other: if kind.is_none() { other(url, &steps, method) } else { None },
    }
}

/// The path before a method, and the method; a variable of a shell is one, too.
fn method(path: &str) -> (&str, &str) {
    let is_method = |word: &str| {
        word.starts_with(['$', '{']) || word.chars().all(|it| it.is_ascii_alphabetic())
    };
    match path.rsplit_once(':') {
        Some((path, method)) if !method.is_empty() && is_method(method) => (path, method),
        _ => (path, ""),
    }
}

/// A call of these services, or of ones that speak like them, whose bodies are not judged.
fn other(url: &str, steps: &[&str], method: &str) -> Option<String> {
    if OTHER_METHODS.contains(&method) {
        return Some(format!(":{method}"));
    }
    let path = without_query(url);
    if let Some(end) = OTHER_ENDS.iter().find(|end| path.ends_with(**end)) {
        return Some((*end).to_owned());
    }
    let is_known = is_google(url) || steps.iter().any(|step| version(step).is_some());
    let mut last = steps.iter().rev().take(2).filter(|_| is_known);
    last.find(|step| COLLECTIONS.contains(step)).map(|step| format!("/{step}"))
}

/// Whether a URL is this API's, by its host or its path.
pub(super) fn is_geminis(url: &str) -> bool {
    let path = without_query(url);
    is_google(url)
        || path.contains("/v1beta/openai/")
        || METHODS.iter().any(|(method, _)| path.ends_with(&format!(":{method}")))
}

fn is_google(url: &str) -> bool {
    let host = host(url);
    host == "generativelanguage.googleapis.com"
        || (host.contains("aiplatform.") && host.ends_with("googleapis.com"))
}

/// The host of a URL that is none of the APIs that are known, as far as it says so.
pub(super) fn stranger(url: &str) -> Option<&str> {
    let host = host(url);
    let is_host = |letter: char| letter.is_ascii_alphanumeric() || ".-_[]".contains(letter);
    let is_written_out = url.contains("://") && !host.is_empty() && host.chars().all(is_host);
    (is_written_out && !is_google(url)).then_some(host)
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
            let expected = Target { kind, model, version, service, other: None };
            assert_eq!(target(&url), expected, "{url}");
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
            ("https://oauth2.googleapis.com/token", false),
            ("https://europe-west4-aiplatform.googleapis.com/v1/projects/p", true),
        ] {
            assert_eq!(is_geminis(url), is, "{url}");
        }
    }

    #[test]
    fn calls_whose_bodies_are_other_ones_are_told() {
        let gemini = "https://generativelanguage.googleapis.com";
        let cloud = "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l";
        for (url, other) in [
            (format!("{gemini}/v1beta/models/imagen-4.0-generate-001:predict"), Some(":predict")),
            (
                format!("{gemini}/v1beta/models/veo-3.0:predictLongRunning?key=k"),
                Some(":predictLongRunning"),
            ),
            (format!("{gemini}/v1beta/interactions"), Some("/interactions")),
            (format!("{gemini}/v1beta/cachedContents?key=k"), Some("/cachedContents")),
            (format!("{gemini}/v1beta/cachedContents/abc"), Some("/cachedContents")),
            (format!("{gemini}/upload/v1beta/files"), Some("/files")),
            (format!("{cloud}/publishers/google/models/m:rawPredict"), Some(":rawPredict")),
            (format!("{cloud}/batchPredictionJobs"), Some("/batchPredictionJobs")),
            ("https://p.example/v1/responses".to_owned(), Some("/responses")),
            ("https://p.example/v1/images/generations".to_owned(), Some("/images/generations")),
            ("https://p.example/files".to_owned(), None),
            (format!("{gemini}/v1beta/models/files:generateContent"), None),
            (format!("{gemini}/v1beta/models/m:batchEmbedContents"), None),
            (format!("{gemini}/v1beta/models/m:generatContent"), None),
        ] {
            assert_eq!(target(&url).other.as_deref(), other, "{url}");
        }
    }

    #[test]
    fn variables_that_the_script_sets_stand_in_the_url() {
        let mut url = Mapped::default();
        url.push_str("https://generativelanguage.googleapis.com/v1beta/models/", 0);
        url.push_unknown("${MODEL}", 60);
        url.push_str(":", 70);
        url.push_unknown("$CALL", 71);
        url.push_str("?key=", 80);
        url.push_unknown("$KEY", 85);
        let set = |name: &str| {
            let value = [("${MODEL}", "gemini-2.5-pro"), ("$CALL", "countTokens")];
            let (_, value) = *value.iter().find(|(own, _)| *own == name).expect("no key is asked");
            let mut mapped = Mapped::default();
            mapped.push_str(value, 0);
            Some(mapped)
        };
        let told = target_of(&url, set);
        assert_eq!((told.kind, told.model.as_deref()), (Some(Kind::Count), Some("gemini-2.5-pro")));
        let told = target_of(&url, |_| None);
        assert_eq!((told.kind, told.model, told.other), (None, None, None));
    }

    #[test]
    fn addresses_of_others_are_told_where_they_are_written_out() {
        for (url, host) in [
            ("https://hooks.example/services/x", Some("hooks.example")),
            ("https://$HOST/x", None),
            ("$URL", None),
            ("https://generativelanguage.googleapis.com/v1beta/x", None),
        ] {
            assert_eq!(stranger(url), host, "{url}");
        }
    }
}

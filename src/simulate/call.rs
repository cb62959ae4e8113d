//! One request as it arrived: where to, with which credentials, with which body.
//!
//! Reads only. Whether a request is right is judged in `api`.

use std::net::SocketAddr;

use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;
use serde::Deserialize;

/// A connection: which one it is, whence it came and where it arrived.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    /// Its number, from 1.
    pub(super) number: u64,
    pub(super) peer: SocketAddr,
    /// The server's address that the client chose.
    pub(super) local: SocketAddr,
    /// That address's place among those that the server listens on, from 0.
    pub(super) listener: usize,
}

/// The version of HTTP that a request came over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Http {
    /// HTTP/1.1 or older.
    #[serde(rename = "http/1.1")]
    Http1,
    /// HTTP/2.
    #[serde(rename = "h2")]
    Http2,
    /// HTTP/3.
    #[serde(rename = "h3")]
    Http3,
    /// gRPC, over HTTP/2.
    #[serde(rename = "grpc")]
    Grpc,
}

impl Http {
    /// As people write it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Http1 => "HTTP/1.1",
            Self::Http2 => "HTTP/2",
            Self::Http3 => "HTTP/3",
            Self::Grpc => "gRPC",
        }
    }
}

/// A request with its body, taken apart.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) link: Link,
    pub(super) http: Http,
    pub(super) method: String,
    pub(super) host: String,
    pub(super) path: String,
    pub(super) target: Target,
    /// Where on the cloud platform, if the path is one of its own.
    pub(super) cloud: Option<CloudPath>,
    pub(super) credentials: Credentials,
    pub(super) body: Bytes,
    /// The length of the body as it came.
    pub(super) sent: usize,
    headers: HeaderMap,
    query: Vec<(String, String)>,
    /// What a chat completion asks for; natively the path says it.
    chat: Option<Chat>,
}

/// What the body of a chat completion says of its call.
#[derive(Debug)]
struct Chat {
    model: String,
    stream: bool,
}

impl Chat {
    fn read(target: &Target, body: &[u8]) -> Option<Self> {
        if !target.operation.is_chat() {
            return None;
        }
        let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
        let model = body["model"].as_str().unwrap_or_default();
        let model = model.strip_prefix("models/").unwrap_or(model).to_owned();
        Some(Self { model, stream: body["stream"] == true })
    }
}

impl Call {
    pub(super) fn new(link: Link, parts: &Parts, body: Bytes) -> Self {
        let path = parts.uri.path().to_owned();
        let query = pairs(parts.uri.query().unwrap_or_default());
        let http = match parts.version {
            http::Version::HTTP_2 => Http::Http2,
            http::Version::HTTP_3 => Http::Http3,
            _ => Http::Http1,
        };
        let (cloud, rest) = CloudPath::read(&path);
        let target = Target::read(parts.method.as_str(), &rest);
        let credentials = Credentials::read(parts, &query);
        let method = parts.method.to_string();
        Self {
            chat: Chat::read(&target, &body),
            link,
            http,
            method,
            host: host(parts),
            path,
            target,
            cloud,
            credentials,
            sent: body.len(),
            body,
            headers: parts.headers.clone(),
            query,
        }
    }

    /// The model that it is about, without `models/`.
    pub(super) fn model(&self) -> Option<&str> {
        self.target.operation.model().or(self.chat.as_ref().map(|chat| chat.model.as_str()))
    }

    /// Whether it is a chat completion.
    pub(super) fn is_chat(&self) -> bool {
        self.chat.is_some()
    }

    /// Whether it would have a model answer.
    pub(super) fn generates(&self) -> bool {
        self.is_chat() || self.target.operation.generates()
    }

    /// Whether the answer is to come in pieces.
    pub(super) fn is_stream(&self) -> bool {
        let native = self.target.operation.is_method("streamGenerateContent");
        native || self.chat.as_ref().is_some_and(|chat| chat.stream)
    }

    /// Whether a header of that name has this text somewhere; upper and lower case are the same.
    pub(super) fn header_mentions(&self, name: &str, text: &str) -> bool {
        let values = self.headers.get_all(name).iter();
        let plain = |text: &[u8]| String::from_utf8_lossy(text).to_ascii_lowercase();
        let text = plain(text.as_bytes());
        values.map(|value| plain(value.as_bytes())).any(|value| value.contains(&text))
    }

    /// All of its headers.
    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The value of a query parameter.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a stream is to be told in events, or in messages that are made of them.
    pub(super) fn wants_events(&self) -> bool {
        self.http == Http::Grpc || self.query("alt") == Some("sse")
    }

    /// The names of all query parameters.
    pub(super) fn query_names(&self) -> impl Iterator<Item = &str> {
        self.query.iter().map(|(name, _)| name.as_str())
    }

    /// Whether the body has this text somewhere, in either spelling of a field name.
    pub(super) fn body_mentions(&self, text: &str) -> bool {
        let has = |text: &str| self.body.windows(text.len()).any(|part| part == text.as_bytes());
        has(text) || has(&snake(text))
    }

    /// Path and query as they may be logged: without the key.
    pub(super) fn loggable_path(&self) -> String {
        let shown = |(name, value): &(String, String)| match is_secret(name) {
            true => format!("{name}=***"),
            false => format!("{name}={value}"),
        };
        let query: Vec<String> = self.query.iter().map(shown).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        let text = format!("{}{mark}{}", percent_decoded(&self.path), query.join("&"));
        self.credentials.all().fold(text, |text, key| text.replace(key, "***"))
    }

    /// The model as it may be logged: somebody may have written a key there.
    pub(super) fn loggable_model(&self) -> Option<String> {
        let name = percent_decoded(self.model()?);
        Some(self.credentials.all().fold(name, |name, key| name.replace(key, "***")))
    }
}

/// Whether a query parameter of that name holds a credential, or what somebody took for one.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("key") || matches!(name.as_str(), "access_token" | "token" | "oauth_token")
}

fn host(parts: &Parts) -> String {
    let header = parts.headers.get(http::header::HOST).and_then(|value| value.to_str().ok());
    let name =
        parts.uri.authority().map(http::uri::Authority::as_str).or(header).unwrap_or_default();
    name.to_owned()
}

pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    let pair = |item: &str| {
        let (name, value) = item.split_once('=').unwrap_or((item, ""));
        (percent_decoded(name), percent_decoded(&value.replace('+', " ")))
    };
    query.split('&').filter(|item| !item.is_empty()).map(pair).collect()
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = (first == b'%').then(|| hex_pair(tail)).flatten();
        bytes.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_pair(bytes: &[u8]) -> Option<u8> {
    let digits = bytes.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// `functionDeclarations` as `function_declarations`.
pub(super) fn snake(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// Where on the cloud platform a request is meant to go.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CloudPath {
    pub(super) project: Option<String>,
    pub(super) location: Option<String>,
}

impl CloudPath {
    /// The place, and the path that the Developer API would have for the same.
    fn read(path: &str) -> (Option<Self>, String) {
        let parts = path.split_once("/publishers/google/");
        let Some((place, rest)) = parts else { return (None, path.to_owned()) };
        let mut words = place.split('/').skip(1);
        let version = words.next().unwrap_or_default();
        let (mut project, mut location) = (None, None);
        while let (Some(kind), Some(name)) = (words.next(), words.next()) {
            match kind {
                "projects" => project = Some(name.to_owned()),
                "locations" => location = Some(name.to_owned()),
                _ => return (None, path.to_owned()),
            }
        }
        if !["v1", "v1beta1"].contains(&version) {
            return (None, path.to_owned());
        }
        // Its first version knows the fields of the other one's newest.
        (Some(Self { project, location }), format!("/v1beta/{rest}"))
    }
}

/// Where a request is meant to go.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// `v1`, `v1beta` or `v1alpha`; empty where the path has none of them.
    pub(super) version: &'static str,
    pub(super) operation: Operation,
}

impl Target {
    fn read(method: &str, path: &str) -> Self {
        let versions = ["v1", "v1beta", "v1alpha"];
        let trimmed = path.strip_prefix('/').unwrap_or(path);
        let (first, rest) = trimmed.split_once('/').unwrap_or((trimmed, ""));
        let version = versions.into_iter().find(|version| *version == first);
        let operation = version.map_or(Operation::Unknown, |_| Operation::read(method, rest));
        // Google has no such path; gateways do, with and without a version.
        let is_chat =
            ["v1/chat/completions", "chat/completions"].contains(&trimmed.trim_end_matches('/'));
        let operation = if is_chat && method == "POST" { Operation::Chat } else { operation };
        Self { version: version.unwrap_or_default(), operation }
    }
}

/// What a request asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// `GET models`.
    List,
    /// `GET models/{id}`.
    Get(String),
    /// `POST models/{id}:{method}`.
    Method { model: String, method: String },
    /// Anything under `openai/`, with what follows that.
    OpenAi(String),
    /// `POST chat/completions` where only gateways have it.
    Chat,
    /// A path that the API does not have.
    Unknown,
}

impl Operation {
    fn read(method: &str, path: &str) -> Self {
        if let Some(rest) = path.strip_prefix("openai/") {
            return Self::OpenAi(rest.trim_end_matches('/').to_owned());
        }
        let Some(name) = path.strip_prefix("models") else { return Self::Unknown };
        match (method, name.strip_prefix('/')) {
            ("GET", None) if name.is_empty() => Self::List,
            ("GET", Some("")) => Self::List,
            ("GET", Some(id)) if !id.contains(['/', ':']) => Self::Get(percent_decoded(id)),
            ("POST", Some(id)) => Self::read_method(id),
            _ => Self::Unknown,
        }
    }

    fn read_method(path: &str) -> Self {
        match path.rsplit_once(':') {
            Some((model, method)) if !model.is_empty() => {
                Self::Method { model: percent_decoded(model), method: method.to_owned() }
            }
            _ => Self::Unknown,
        }
    }

    /// The model's id without `models/`, where the path names one.
    pub(super) fn model(&self) -> Option<&str> {
        match self {
            Self::Get(model) | Self::Method { model, .. } => Some(model),
            Self::List | Self::OpenAi(_) | Self::Chat | Self::Unknown => None,
        }
    }

    /// Whether it is a chat completion, wherever it lies.
    fn is_chat(&self) -> bool {
        matches!(self, Self::Chat)
            || matches!(self, Self::OpenAi(path) if path == "chat/completions")
    }

    pub(super) fn is_method(&self, name: &str) -> bool {
        self.method() == Some(name)
    }

    pub(super) fn generates(&self) -> bool {
        self.is_method("generateContent") || self.is_method("streamGenerateContent")
    }

    pub(super) fn method(&self) -> Option<&str> {
        match self {
            Self::Method { method, .. } => Some(method),
            _ => None,
        }
    }
}

/// Every credential that came with a request.
#[derive(Debug, Default)]
pub(super) struct Credentials {
    pub(super) header: Option<String>,
    pub(super) query: Option<String>,
    pub(super) bearer: Option<String>,
}

impl Credentials {
    fn read(parts: &Parts, query: &[(String, String)]) -> Self {
        let text = |name: &str| {
            let value = parts.headers.get(name)?;
            let text = String::from_utf8_lossy(value.as_bytes()).trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let in_query = query.iter().find(|(name, value)| name == "key" && !value.is_empty());
        let bearer = text("authorization").and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
        });
        Self {
            header: text("x-goog-api-key"),
            query: in_query.map(|(_, value)| value.clone()),
            bearer,
        }
    }

    /// The one that counts first, with the place where it was.
    pub(super) fn first(&self) -> Option<(&str, &'static str)> {
        let places = [(&self.header, "header"), (&self.query, "query"), (&self.bearer, "bearer")];
        places.into_iter().find_map(|(key, place)| Some((key.as_deref()?, place)))
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        [&self.header, &self.query, &self.bearer].into_iter().filter_map(|key| key.as_deref())
    }
}

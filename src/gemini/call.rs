//! The calls this program makes, as requests. The key goes into one header; the opt-in matrix of
//! transports is the only caller that puts it elsewhere.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, header};
use serde_json::{Value, json};

use crate::{
    facts::{Api, Client, Endpoint, Method},
    secret::ApiKey,
    transport::Request,
};

use super::{
    cloud, generation, needles,
    openai::{self, Form},
};

/// The header for keys.
const KEY_HEADER: HeaderName = HeaderName::from_static("x-goog-api-key");
/// The most models a page may have.
const PAGE_SIZE: u32 = 1000;

/// One call, without its credential.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The method of the API.
    pub method: Method,
    /// The model asked for, without `models/`.
    pub model: Option<String>,
    /// The query, which never holds a key.
    query: String,
    body: Option<Value>,
    /// The body letter by letter, where each may matter.
    exact: Option<Bytes>,
    client: Client,
    /// The tokens of the body, where they were counted.
    input: Option<u64>,
    /// Where else the list may lie.
    list_at: Option<&'static str>,
}

/// Where gateways keep their lists that have none at the native place, in OpenAI's form.
pub const OTHER_LISTS: [&str; 2] = ["v1/models", "models"];

/// Where the credential goes.
#[derive(Clone, Copy, Debug)]
pub enum Auth<'a> {
    /// Into `x-goog-api-key`: what every command does.
    Header(&'a ApiKey),
    /// Into the query. Only the matrix of transports does this.
    Query(&'a ApiKey),
    /// Into `Authorization: Bearer`: access tokens, and keys where OpenAI's API is spoken.
    Bearer(&'a ApiKey),
    /// Into both headers. Only the matrix of transports does this.
    HeaderAndBearer(&'a ApiKey),
}

impl Call {
    /// One page of the list of models.
    pub fn list(page_token: Option<&str>) -> Self {
        let token = page_token.map(|token| format!("&pageToken={}", percent_encode(token)));
        let query = format!("?pageSize={PAGE_SIZE}{}", token.unwrap_or_default());
        Self { query, ..Self::without_model(Method::List) }
    }

    /// The list in another place, one of [`OTHER_LISTS`], below the base URL.
    pub fn list_at(place: &'static str) -> Self {
        Self { list_at: Some(place), ..Self::without_model(Method::List) }
    }

    /// One model's entry.
    pub fn get(model: &str) -> Self {
        Self::about(Method::Get, model, None)
    }

    /// The tokens of a one-word request.
    pub fn count(model: &str) -> Self {
        let body = json!({"contents": [{"role": "user", "parts": [{"text": "hi"}]}]});
        Self::about(Method::Count, model, Some(body))
    }

    /// The tokens of a body.
    pub fn count_of(model: &str, body: Value) -> Self {
        Self::about(Method::Count, model, Some(body))
    }

    /// One answer to a body.
    pub fn generate(model: &str, body: Value) -> Self {
        Self::about(Method::Generate, model, Some(body))
    }

    /// One answer to a body that is sent letter by letter, where it is sent in its own form.
    pub fn generate_text(model: &str, body: &str) -> Self {
        Self::of_text(Method::Generate, model, body.to_owned())
    }

    /// The tokens of such a body, with all that is in it.
    pub fn count_text(model: &str, body: &str) -> Self {
        Self::of_text(Method::Count, model, needles::count_text(model, body))
    }

    /// One answer in pieces.
    pub fn stream(model: &str, body: Value) -> Self {
        let call = Self::about(Method::Stream, model, Some(body));
        Self { query: "?alt=sse".to_owned(), ..call }
    }

    /// A step on the way to an access token: it stands for one in the record, and is sent by other means.
    pub fn token() -> Self {
        Self::without_model(Method::Token)
    }

    /// The OpenAI-compatible list.
    pub fn openai_list() -> Self {
        Self::without_model(Method::OpenAiList)
    }

    /// The same, dressed as another client's.
    #[must_use]
    pub fn as_client(self, client: Client) -> Self {
        Self { client, ..self }
    }

    /// The same, whose body is known to have so many tokens.
    #[must_use]
    pub fn of_tokens(self, tokens: u64) -> Self {
        Self { input: Some(tokens), ..self }
    }

    /// The path at an endpoint, without the query.
    pub fn path(&self, endpoint: &Endpoint) -> String {
        if self.method == Method::Token {
            return endpoint.prefix.clone();
        }
        if let Some(place) = self.list_at {
            return format!("{}/{place}", endpoint.prefix);
        }
        let model = self.model.as_deref().map(percent_encode).unwrap_or_default();
        match &endpoint.api {
            Api::Gemini => endpoint.path(&format!("{}{}", self.subject(&model), self.verb_word())),
            Api::Vertex { project, location, .. } => {
                let place = format!("projects/{project}/locations/{location}/");
                self.cloud_path(endpoint, &place, &model)
            }
            Api::Express => self.cloud_path(endpoint, "", &model),
            Api::OpenAi => match self.method {
                Method::Generate | Method::Stream => endpoint.path("chat/completions"),
                // It counts nothing; nobody who speaks it asks for that.
                _ => endpoint.path(&format!("{}{}", self.subject(&model), self.verb_word())),
            },
        }
    }

    /// The list and its entries belong to no project; methods do, where there is one.
    fn cloud_path(&self, endpoint: &Endpoint, place: &str, model: &str) -> String {
        match self.method {
            Method::List => cloud::list_path(endpoint),
            Method::Get => endpoint.path(&format!("publishers/google/models/{model}")),
            _ => {
                let method = self.verb_word();
                endpoint.path(&format!("{place}publishers/google/models/{model}{method}"))
            }
        }
    }

    fn subject(&self, model: &str) -> String {
        match self.method {
            Method::List => "models".to_owned(),
            Method::OpenAiList => "openai/models".to_owned(),
            Method::Token => String::new(),
            Method::Get | Method::Count | Method::Generate | Method::Stream => {
                format!("models/{model}")
            }
        }
    }

    /// What stands behind the model's name.
    fn verb_word(&self) -> &'static str {
        match self.method {
            Method::List | Method::Get | Method::OpenAiList | Method::Token => "",
            Method::Count => ":countTokens",
            Method::Generate => ":generateContent",
            Method::Stream => ":streamGenerateContent",
        }
    }

    /// The tokens that an answer can cost at most; none where nothing is generated.
    pub fn most_output(&self) -> u64 {
        let most = |body| generation::most_output(body).or_else(|| openai::body::most_output(body));
        self.body.as_ref().and_then(most).unwrap_or(0)
    }

    /// The tokens that the request has, or more: a token has a byte at least.
    pub fn most_input(&self) -> u64 {
        if let Some(tokens) = self.input {
            return tokens;
        }
        self.body.as_ref().map_or(0, |body| body.to_string().len() as u64)
    }

    /// `GET` or `POST`.
    pub fn verb(&self) -> http::Method {
        if self.body.is_some() { http::Method::POST } else { http::Method::GET }
    }

    /// The form in which it is asked and answered where this is spoken.
    pub fn form(&self, api: &Api) -> Form {
        if *api == Api::OpenAi || self.list_at.is_some() { Form::OpenAi } else { Form::Native }
    }

    /// Where its credential goes where this is spoken.
    pub fn auth<'a>(&self, api: &Api, credential: &'a ApiKey) -> Auth<'a> {
        match self.list_at {
            Some(_) => Auth::Bearer(credential),
            None => Auth::of(api, credential),
        }
    }

    /// The request to send.
    pub fn request(&self, endpoint: &Endpoint, auth: Auth<'_>) -> Request {
        let path = self.path(endpoint);
        let form = self.form(&endpoint.api);
        let own = if form == Form::OpenAi { String::new() } else { self.query_at(endpoint) };
        let query = match auth {
            Auth::Query(key) if own.is_empty() => {
                format!("?key={}", percent_encode(key.expose()))
            }
            Auth::Query(key) => format!("{own}&key={}", percent_encode(key.expose())),
            _ => own,
        };
        let mut headers = self.sender(auth);
        headers.extend(cloud::quota_header(endpoint));
        if self.body.is_some() {
            headers.push((header::CONTENT_TYPE, HeaderValue::from_static("application/json")));
        }
        Request {
            method: self.verb(),
            path_and_query: format!("{path}{query}"),
            headers,
            body: self.bytes_in(form, endpoint),
            authority: endpoint.authority(),
            secure: endpoint.secure,
        }
    }

    /// The cloud platform's list has smaller pages.
    fn query_at(&self, endpoint: &Endpoint) -> String {
        let is_cloud_list = self.method == Method::List && endpoint.is_cloud();
        match is_cloud_list {
            true => self.query.replacen(&PAGE_SIZE.to_string(), &cloud::PAGE_SIZE.to_string(), 1),
            false => self.query.clone(),
        }
    }

    fn bytes_in(&self, form: Form, endpoint: &Endpoint) -> Option<Bytes> {
        match &self.exact {
            Some(exact) if form == Form::Native && !endpoint.is_cloud() => Some(exact.clone()),
            _ => self.body_in(form, endpoint).map(|body| Bytes::from(body.to_string())),
        }
    }

    /// The body in the form that is spoken.
    fn body_in(&self, form: Form, endpoint: &Endpoint) -> Option<Value> {
        let body = self.body.as_ref()?;
        Some(match form {
            Form::Native if endpoint.is_cloud() => cloud::body(self.method, body),
            Form::Native => body.clone(),
            Form::OpenAi => {
                let model = self.model.as_deref().unwrap_or_default();
                let is_stream = self.method == Method::Stream;
                openai::body::chat(model, body, is_stream, endpoint.is_googles())
            }
        })
    }

    /// The body, where it has one.
    pub(super) fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// The headers that show who calls, and with which key.
    pub(super) fn sender(&self, auth: Auth<'_>) -> Vec<(HeaderName, HeaderValue)> {
        let mut headers = dress(self.client);
        headers.extend(auth.headers());
        headers
    }

    fn without_model(method: Method) -> Self {
        Self {
            method,
            model: None,
            query: String::new(),
            body: None,
            exact: None,
            client: Client::Plain,
            input: None,
            list_at: None,
        }
    }

    fn of_text(method: Method, model: &str, text: String) -> Self {
        // What cannot be read as JSON here can still be sent.
        let body = serde_json::from_str(&text).unwrap_or_else(|_| json!({}));
        Self { exact: Some(Bytes::from(text)), ..Self::about(method, model, Some(body)) }
    }

    fn about(method: Method, model: &str, body: Option<Value>) -> Self {
        Self { model: Some(model.to_owned()), body, ..Self::without_model(method) }
    }
}

pub(super) const USER_AGENT: &str = concat!("gemini-doctor/", env!("CARGO_PKG_VERSION"));
/// What the SDKs say of themselves, twice; they send the minimal body as this program does.
const PYTHON_SDK: &str = "google-genai-sdk/2.30.1 gl-python/3.12.7";
const NODE_SDK: &str = "google-genai-sdk/2.29.1 gl-node/v22.14.0";
const SDK_HEADER: HeaderName = HeaderName::from_static("x-goog-api-client");

/// The headers by which a client shows who it is.
fn dress(client: Client) -> Vec<(HeaderName, HeaderValue)> {
    let sdk = |text| {
        vec![
            (header::ACCEPT, HeaderValue::from_static("*/*")),
            (header::USER_AGENT, HeaderValue::from_static(text)),
            (SDK_HEADER, HeaderValue::from_static(text)),
        ]
    };
    match client {
        Client::Plain => vec![
            (header::ACCEPT, HeaderValue::from_static("application/json")),
            (header::USER_AGENT, HeaderValue::from_static(USER_AGENT)),
        ],
        Client::Python => sdk(PYTHON_SDK),
        Client::Node => sdk(NODE_SDK),
    }
}

impl<'a> Auth<'a> {
    /// Where the credential of a way to the models goes.
    pub fn of(api: &Api, credential: &'a ApiKey) -> Self {
        match api {
            Api::Gemini | Api::Express => Self::Header(credential),
            Api::Vertex { .. } | Api::OpenAi => Self::Bearer(credential),
        }
    }

    fn headers(self) -> Vec<(HeaderName, HeaderValue)> {
        match self {
            // Nobody is asked with an empty key: there is none.
            Self::Header(key) if key.expose().is_empty() => Vec::new(),
            Self::Header(key) => vec![(KEY_HEADER, secret(key.expose()))],
            Self::Query(_) => Vec::new(),
            Self::Bearer(key) => vec![(header::AUTHORIZATION, bearer(key))],
            Self::HeaderAndBearer(key) => {
                vec![(KEY_HEADER, secret(key.expose())), (header::AUTHORIZATION, bearer(key))]
            }
        }
    }
}

fn bearer(key: &ApiKey) -> HeaderValue {
    secret(&format!("Bearer {}", key.expose()))
}

/// A header value that no debug output shows. The shape check lets only visible ASCII come here.
pub(super) fn secret(text: &str) -> HeaderValue {
    let mut value =
        HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("unsendable"));
    value.set_sensitive(true);
    value
}

/// Everything but unreserved characters as `%XX`.
pub(super) fn percent_encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint() -> Endpoint {
        Endpoint::parse("https://h.example", "v1beta").expect("a good URL")
    }

    #[test]
    fn the_key_is_in_one_header_and_nowhere_else() {
        let key = ApiKey::new("FAKE-key");
        for call in [Call::list(Some("t/1")), Call::get("m"), Call::count("m")] {
            let request = call.request(&endpoint(), Auth::Header(&key));
            let holders = request.headers.iter().filter(|(_, value)| value == "FAKE-key");
            assert_eq!(holders.count(), 1);
            assert!(!request.path_and_query.contains("FAKE"), "{}", request.path_and_query);
            assert!(!format!("{:?}", request.headers).contains("FAKE"));
        }
    }

    #[test]
    fn paths_follow_the_endpoint() {
        let paths = [
            (Call::list(None), "/v1beta/models"),
            (Call::get("x"), "/v1beta/models/x"),
            (Call::count("a/b"), "/v1beta/models/a%2Fb:countTokens"),
            (Call::openai_list(), "/v1beta/openai/models"),
        ];
        for (call, path) in paths {
            assert_eq!(call.path(&endpoint()), path);
        }
        assert_eq!(Call::list_at("v1/models").path(&endpoint()), "/v1/models");
    }

    #[test]
    fn the_other_api_gets_its_own_path_body_and_header() {
        let endpoint = Endpoint::parse_openai("https://gw.example", None).expect("a good URL");
        let key = ApiKey::new("FAKE-key");
        let body = json!({"contents": [{"role": "user", "parts": [{"text": "hi"}]}]});
        for (call, path) in [
            (Call::list(None), "/v1/models"),
            (Call::get("a/b"), "/v1/models/a%2Fb"),
            (Call::generate("m", body.clone()), "/v1/chat/completions"),
            (Call::stream("m", body), "/v1/chat/completions"),
        ] {
            let request = call.request(&endpoint, call.auth(&endpoint.api, &key));
            assert_eq!(request.path_and_query, path);
            let sent = request.headers.iter().filter(|(_, value)| value == "Bearer FAKE-key");
            assert_eq!(sent.count(), 1);
            assert!(request.headers.iter().all(|(name, _)| *name != KEY_HEADER));
            let body = request.body.map(|body| String::from_utf8_lossy(&body).into_owned());
            assert!(
                body.is_none_or(|body| body.contains("\"messages\"") && body.contains("\"m\""))
            );
        }
    }

    #[test]
    fn a_text_is_sent_as_it_stands() {
        let key = ApiKey::new("FAKE-key");
        let text = "{\"b\": 1.50, \"a\": [], \"b\": 2}";
        let sent = |call: Call| {
            let request = call.request(&endpoint(), Auth::Header(&key));
            String::from_utf8_lossy(&request.body.expect("a body")).into_owned()
        };
        assert_eq!(sent(Call::generate_text("m", text)), text);
        let counted = "{\"generateContentRequest\":{\"model\":\"models/m\",\"b\": 1.50, \"a\": [], \"b\": 2}}";
        assert_eq!(sent(Call::count_text("m", text)), counted);
        assert!(sent(Call::count_text("m", "{}")).ends_with("{\"model\":\"models/m\"}}"));
    }

    #[test]
    fn the_cloud_platform_has_paths_of_its_own() {
        let api = Api::Vertex {
            project: "p-1".into(),
            location: "eu".into(),
            quota_project: Some("q-1".into()),
        };
        let cloud = Endpoint::parse("https://aiplatform.eu.rep.googleapis.com", "v1");
        let cloud = cloud.expect("a good URL").speaking(api);
        let in_project = "/v1/projects/p-1/locations/eu/publishers/google/models/m";
        for (call, path) in [
            (Call::list(None), "/v1beta1/publishers/google/models".to_owned()),
            (Call::get("m"), "/v1/publishers/google/models/m".to_owned()),
            (Call::count("m"), format!("{in_project}:countTokens")),
            (Call::stream("m", json!({})), format!("{in_project}:streamGenerateContent")),
        ] {
            assert_eq!(call.path(&cloud), path);
        }
        let express = cloud.clone().speaking(Api::Express);
        let path = "/v1/publishers/google/models/m:countTokens";
        assert_eq!(Call::count("m").path(&express), path);
        let key = ApiKey::new("ya29.FAKE-token");
        let request = Call::list(None).request(&cloud, Auth::of(&cloud.api, &key));
        let has = |name: &str, value: &str| {
            request.headers.iter().any(|(known, seen)| known == name && seen == value)
        };
        assert!(has("authorization", "Bearer ya29.FAKE-token"));
        assert!(has("x-goog-user-project", "q-1"));
        assert!(request.path_and_query.ends_with("?pageSize=100"), "{}", request.path_and_query);
    }
}

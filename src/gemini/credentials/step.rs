//! One step on the way to a token: the request, and what its answer means. Sends nothing; a token leaves here as a
//! secret, and no line for people holds one.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, header};
use serde_json::{Value, json};

use super::{External, Impersonated, SCOPE, Url, User};
use crate::{
    facts::{Clue, Fault, Method as Asked, Party, Stage, error_body},
    secret::ApiKey,
    transport::{Answer, Request},
};

use super::super::{answer, call};

/// Proof from a metadata server that it is one, and the wish to be told.
const FLAVOR: HeaderName = HeaderName::from_static("metadata-flavor");
/// Where a metadata server keeps what it knows of this machine's service account.
const METADATA: &str = "/computeMetadata/v1/instance/service-accounts/default";
/// As long as tokens of a service account last.
const LIFETIME: &str = "3600s";
/// The longest quotation of somebody else's words.
const QUOTE: usize = 200;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A token for a signed statement.
    Assertion,
    /// A token for a login.
    Refresh,
    /// The proof of an external account.
    Subject,
    /// A token for that proof.
    Exchange,
    /// A token of another service account.
    Impersonate,
    /// A token of this machine's service account.
    Metadata,
    /// The address of this machine's service account.
    MetadataEmail,
    /// This machine's project.
    MetadataProject,
}

impl StepKind {
    /// A phrase that fits "asked … for".
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Assertion => "the token endpoint, with a signed statement",
            Self::Refresh => "the token endpoint, with the login",
            Self::Subject => "the source of the proof",
            Self::Exchange => "the security token service, with the proof",
            Self::Impersonate => "the service that lends service accounts",
            Self::Metadata | Self::MetadataEmail | Self::MetadataProject => "the metadata server",
        }
    }

    /// The word of it among clues.
    const fn word(self) -> &'static str {
        match self {
            Self::Assertion => "assertion",
            Self::Refresh => "refresh",
            Self::Subject => "subject",
            Self::Exchange => "exchange",
            Self::Impersonate => "impersonate",
            Self::Metadata | Self::MetadataEmail | Self::MetadataProject => "metadata",
        }
    }

    /// Whether what it brings is a token or a proof, and not a name.
    pub const fn brings_a_secret(self) -> bool {
        !matches!(self, Self::MetadataEmail | Self::MetadataProject)
    }

    /// Whether a metadata server is asked, which has no name outside of its machine.
    pub const fn is_metadata(self) -> bool {
        matches!(self, Self::Metadata | Self::MetadataEmail | Self::MetadataProject)
    }
}

/// A request with its purpose.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is asked for.
    pub kind: StepKind,
    /// Where.
    pub url: Url,
    verb: Method,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<ApiKey>,
    /// The member of an answer's JSON that holds the proof.
    field: Option<String>,
}

/// What a step brought.
#[derive(Clone, Debug)]
pub struct Granted {
    /// The token, or what was asked for in its place.
    pub value: ApiKey,
    /// For how many seconds it holds.
    pub expires_s: Option<u64>,
}

/// A no, or an answer that is none.
#[derive(Clone, Debug)]
pub struct Refused {
    /// It in one line.
    pub summary: String,
    /// What it tells.
    pub clues: Vec<Clue>,
}

impl Step {
    /// A token for a signed statement.
    pub fn assertion(url: &Url, statement: &ApiKey) -> Self {
        let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        let fields = [("grant_type", grant), ("assertion", statement.expose())];
        Self::form(StepKind::Assertion, url, &fields)
    }

    /// A token for a login.
    pub fn refresh(user: &User) -> Self {
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", &user.client_id),
            ("client_secret", user.client_secret.expose()),
            ("refresh_token", user.refresh_token.expose()),
        ];
        Self::form(StepKind::Refresh, &user.token_uri, &fields)
    }

    /// The proof of an external account, where somebody gives it out.
    pub fn subject(url: &Url, headers: &[(String, ApiKey)], field: Option<&str>) -> Self {
        let named = headers.iter().filter_map(|(name, value)| {
            Some((HeaderName::try_from(name).ok()?, call::secret(value.expose())))
        });
        Self {
            headers: named.collect(),
            field: field.map(str::to_owned),
            ..Self::get(StepKind::Subject, url.clone())
        }
    }

    /// A token for that proof.
    pub fn exchange(external: &External, proof: &ApiKey) -> Self {
        let options = external
            .user_project
            .as_ref()
            .map(|project| json!({"userProject": project}).to_string());
        let mut fields = vec![
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("audience", external.audience.as_str()),
            ("scope", SCOPE),
            ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
            ("subject_token", proof.expose()),
            ("subject_token_type", external.subject_token_type.as_str()),
        ];
        fields.extend(options.as_deref().map(|options| ("options", options)));
        Self::form(StepKind::Exchange, &external.token_url, &fields)
    }

    /// A token of another service account, for somebody's token.
    pub fn impersonate(url: &Url, delegates: &[String], token: &ApiKey) -> Self {
        let delegates: Vec<String> =
            delegates.iter().map(|one| format!("projects/-/serviceAccounts/{one}")).collect();
        let body = json!({"scope": [SCOPE], "lifetime": LIFETIME, "delegates": delegates});
        let bearer = call::secret(&format!("Bearer {}", token.expose()));
        let json = HeaderValue::from_static("application/json");
        Self {
            verb: Method::POST,
            headers: vec![(header::AUTHORIZATION, bearer), (header::CONTENT_TYPE, json)],
            body: Some(ApiKey::new(body.to_string())),
            ..Self::get(StepKind::Impersonate, url.clone())
        }
    }

    /// The same of an impersonated credential.
    pub fn of_impersonated(impersonated: &Impersonated, token: &ApiKey) -> Self {
        Self::impersonate(&impersonated.url, &impersonated.delegates, token)
    }

    /// Something that a metadata server knows. The error is a fragment about the host.
    pub fn metadata(kind: StepKind, host: &str) -> Result<Self, String> {
        let path = match kind {
            StepKind::MetadataProject => "/computeMetadata/v1/project/project-id".to_owned(),
            StepKind::MetadataEmail => format!("{METADATA}/email"),
            _ => format!("{METADATA}/token"),
        };
        let url = Url::parse(&format!("http://{host}{path}"))?;
        let flavor = HeaderValue::from_static("Google");
        Ok(Self { headers: vec![(FLAVOR, flavor)], ..Self::get(kind, url) })
    }

    fn get(kind: StepKind, url: Url) -> Self {
        Self { kind, url, verb: Method::GET, headers: Vec::new(), body: None, field: None }
    }

    fn form(kind: StepKind, url: &Url, fields: &[(&str, &str)]) -> Self {
        let encoded: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", call::percent_encode(value)))
            .collect();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        Self {
            verb: Method::POST,
            headers: vec![(header::CONTENT_TYPE, form)],
            body: Some(ApiKey::new(encoded.join("&"))),
            ..Self::get(kind, url.clone())
        }
    }

    /// The request to send.
    pub fn request(&self) -> Request {
        let endpoint = &self.url.endpoint;
        let path = if endpoint.prefix.is_empty() { "/" } else { endpoint.prefix.as_str() };
        let accept = (header::ACCEPT, HeaderValue::from_static("application/json"));
        let agent = (header::USER_AGENT, HeaderValue::from_static(call::USER_AGENT));
        Request {
            method: self.verb.clone(),
            path_and_query: format!("{path}{}", self.url.query),
            headers: [accept, agent].into_iter().chain(self.headers.clone()).collect(),
            body: self.body.as_ref().map(|body| Bytes::from(body.expose().to_owned())),
            authority: endpoint.authority(),
            secure: endpoint.secure,
        }
    }

    /// What an answer means.
    pub fn read(&self, answer: &Answer) -> Result<Granted, Refused> {
        let text = String::from_utf8_lossy(&answer.body);
        let shallow = error_body::depth(&text) <= error_body::MAX_DEPTH;
        let value = shallow.then(|| serde_json::from_str::<Value>(&text).ok()).flatten();
        let value = value.unwrap_or(Value::Null);
        if (200..300).contains(&answer.status) && answer.body_failure.is_none() {
            return self.granted(&value, &text, answer).ok_or_else(|| self.empty(answer));
        }
        Err(self.refused(&value, &text, answer))
    }

    fn granted(&self, value: &Value, text: &str, answer: &Answer) -> Option<Granted> {
        let plain = |member: &str| value[member].as_str().map(str::to_owned);
        let found = match self.kind {
            StepKind::Assertion | StepKind::Refresh | StepKind::Exchange => plain("access_token"),
            StepKind::Impersonate => plain("accessToken"),
            StepKind::Metadata => plain("access_token").filter(|_| is_metadata(answer)),
            StepKind::Subject => match &self.field {
                Some(field) => plain(field),
                None => Some(text.trim().to_owned()),
            },
            StepKind::MetadataEmail | StepKind::MetadataProject => {
                Some(text.trim().to_owned()).filter(|_| is_metadata(answer))
            }
        };
        let is_sendable = |text: &String| {
            !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_graphic())
                && text.len() < 16384
        };
        let value_of = ApiKey::new(found.filter(is_sendable)?);
        Some(Granted { value: value_of, expires_s: value["expires_in"].as_u64() })
    }

    /// A success without what was asked for. Nothing of it is quoted: it may be a token all the same.
    fn empty(&self, answer: &Answer) -> Refused {
        let summary = format!("{} without what was asked for", answer.status);
        let by = Clue::By(Party::Gateway);
        let mut clues = vec![by, Clue::Status(answer.status), Clue::Method(Asked::Token)];
        clues.push(Clue::Meta("step".to_owned(), self.kind.word().to_owned()));
        clues.push(Clue::Message(summary.clone()));
        Refused { summary, clues }
    }

    fn refused(&self, value: &Value, text: &str, answer: &Answer) -> Refused {
        // Whoever gives out tokens says no in one of two shapes; anything else may be anybody's.
        let party = match &value["error"] {
            Value::String(_) => Party::Api,
            Value::Object(error) if error.contains_key("code") => Party::Api,
            _ if text.trim_start().starts_with('<') => Party::Gateway,
            _ if self.kind.is_metadata() && is_metadata(answer) => Party::Api,
            _ => Party::Unknown,
        };
        let mut clues =
            vec![Clue::By(party), Clue::Status(answer.status), Clue::Method(Asked::Token)];
        clues.push(Clue::Meta("step".to_owned(), self.kind.word().to_owned()));
        clues.extend(error_body::read_value(value));
        if let Some(failure) = &answer.body_failure {
            clues.extend([Clue::At(Stage::Body), Clue::Fault(Fault::BodyCut)]);
            clues.push(Clue::Message(failure.detail.clone()));
        }
        if !clues.iter().any(|clue| matches!(clue, Clue::Message(_))) {
            clues.push(Clue::Message(quoted(text)));
        }
        Refused { summary: summary(answer.status, &clues), clues }
    }
}

/// Whoever answers in its place does not say so.
fn is_metadata(answer: &Answer) -> bool {
    answer.headers.get(FLAVOR).is_some_and(|value| value == "Google")
}

/// `400 invalid_grant: "Token has been expired or revoked."`.
fn summary(status: u16, clues: &[Clue]) -> String {
    let reason = clues.iter().find_map(|clue| match clue {
        Clue::Reason(reason) => Some(format!(" {reason}")),
        _ => None,
    });
    let message = crate::facts::clue::message(clues).filter(|text| !text.is_empty());
    let message = message.map(|text| format!(": \"{}\"", quoted(text)));
    format!("{status}{}{}", reason.unwrap_or_default(), message.unwrap_or_default())
}

fn quoted(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_long = line.chars().count() > QUOTE;
    let short: String = line.chars().take(QUOTE).collect();
    if is_long { format!("{short}...") } else { short }
}

/// What the server's clock said, in seconds since 1970.
pub fn date(answered: &Answer) -> Option<u64> {
    answer::date(&answered.headers)
}

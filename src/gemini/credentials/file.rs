//! What the text of a credentials file shows: its kind, what is missing or damaged, whose it is. Total: any text
//! gives a shape. Repeats nothing of the text but names, addresses and places.

use http::HeaderName;
use serde_json::{Map, Value};

use super::{
    Credentials, External, Impersonated, ServiceAccount, Source, TOKEN_URI, Url, User, pem,
};
use crate::{
    facts::{KeyKind, LocalFact, looks_like_key},
    secret::{ApiKey, is_placeholder},
};

/// The only universe whose hosts are known here.
const UNIVERSE: &str = "googleapis.com";
/// An impersonation within an impersonation has no use.
const MOST_NESTED: usize = 2;

/// What a text shows.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The kind it says it is.
    pub kind: KeyKind,
    /// What a token can be had from; nothing where something is in the way.
    pub credentials: Option<Credentials>,
    /// What is wrong or odd, most important first.
    pub flaws: Vec<(LocalFact, String)>,
    /// What the private key showed, where the kind has one.
    pub key: Option<KeyLook>,
    /// The project it names.
    pub project: Option<String>,
    /// The project that its calls are counted for.
    pub quota_project: Option<String>,
    /// Who it is, as roles are granted to it: `serviceAccount:…`, `user:…`.
    pub member: Option<String>,
    /// What nothing may show.
    pub secrets: Vec<ApiKey>,
    /// It in a few words, without a secret.
    pub words: String,
    /// Where its proof is asked for, where it is.
    pub proof: Option<String>,
    /// What leads to this machine and not to the provider: harmless for a test, and odd elsewhere.
    pub to_this_machine: Vec<&'static str>,
}

/// What a private key showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyLook {
    /// It can sign; so many bits.
    Signs(usize),
    /// It cannot, and why.
    Damaged(&'static str),
}

/// Looks at the text of a file.
pub fn read(text: &str) -> Shape {
    let mut shape = Shape::blank();
    // What is no file of credentials may be a secret by itself.
    if looks_like_key(text) || text.trim_start().starts_with("-----BEGIN") {
        shape.secrets.extend(parts(text));
    }
    match object(text) {
        Ok(object) => shape.look_at(&object),
        Err((fact, why)) => {
            if looks_like_key(text) {
                shape.kind = KeyKind::Other;
            }
            shape.flaws.push((fact, why));
        }
    }
    shape
}

/// The machine's own service account, which needs no file.
pub fn not_from_a_file() -> Shape {
    let words = "the service account of this machine".to_owned();
    let credentials = Some(Credentials::Metadata);
    Shape { kind: KeyKind::Metadata, credentials, words, ..Shape::blank() }
}

type Wrong = (LocalFact, String);

/// The JSON object of a text, or what stands there instead.
fn object(text: &str) -> Result<Map<String, Value>, Wrong> {
    let trimmed = text.trim();
    let corrupt = |why: String| Err((LocalFact::CredentialsCorrupt, why));
    let other = |why: &str| Err((LocalFact::CredentialsOther, why.to_owned()));
    if trimmed.is_empty() {
        return corrupt("the file is empty".to_owned());
    }
    if trimmed.starts_with('<') {
        return corrupt("the file is a web page, saved in the place of a download".to_owned());
    }
    if trimmed.starts_with("-----BEGIN") {
        return other("the file is a bare PEM block, without the JSON around it");
    }
    if looks_like_key(trimmed) {
        return other("the file holds a key or a token, not the JSON of a login");
    }
    match serde_json::from_str(trimmed) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => corrupt("the file is JSON, but not an object".to_owned()),
        Err(error) if error.is_eof() => {
            corrupt(format!("the JSON is cut: it ends in line {}, before its end", error.line()))
        }
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            corrupt(format!("the file is no JSON: line {line}, column {column}"))
        }
    }
}

impl Shape {
    fn blank() -> Self {
        Self {
            kind: KeyKind::None,
            credentials: None,
            flaws: Vec::new(),
            key: None,
            project: None,
            quota_project: None,
            member: None,
            secrets: Vec::new(),
            words: "no credentials".to_owned(),
            proof: None,
            to_this_machine: Vec::new(),
        }
    }

    fn look_at(&mut self, object: &Map<String, Value>) {
        if object.contains_key("installed") || object.contains_key("web") {
            self.kind = KeyKind::Other;
            let why = "the file is an OAuth client's (client_secret.json): a program logs people in \
                       with it, and it is no login itself";
            return self.flaw(LocalFact::CredentialsOther, why);
        }
        let mut fields = Fields::of(object);
        self.credentials = self.of_type(&mut fields, 0);
        let Fields { missing, wrong, to_this_machine, .. } = fields;
        self.to_this_machine = to_this_machine;
        if !missing.is_empty() {
            let what = format!("the file lacks {}", missing.join(", "));
            self.flaw(LocalFact::CredentialsCorrupt, &what);
        }
        for (fact, why) in wrong {
            self.flaw(fact, &why);
        }
        let text = |name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
        self.project = text("project_id").filter(|project| !project.is_empty());
        self.quota_project = text("quota_project_id").filter(|project| !project.is_empty());
        if let Some(universe) = text("universe_domain").filter(|universe| universe != UNIVERSE) {
            let shown = if is_host(&universe) { universe.as_str() } else { "another one" };
            let why = format!("it belongs to the universe {shown}, and not to {UNIVERSE}");
            self.flaw(LocalFact::ForeignUniverse, &why);
        }
        if self.flaws.iter().any(|(fact, _)| is_in_the_way(*fact)) {
            self.credentials = None;
        }
    }

    fn of_type(&mut self, fields: &mut Fields<'_>, depth: usize) -> Option<Credentials> {
        match fields.object.get("type").and_then(Value::as_str) {
            Some("service_account") => self.service_account(fields, depth),
            Some("authorized_user") => self.user(fields, depth),
            Some("external_account") => self.external(fields, depth),
            Some("impersonated_service_account") => self.impersonated(fields, depth),
            Some("gdch_service_account") => {
                self.kind = KeyKind::Other;
                self.not_followed("a service account of an air-gapped cloud (gdch)");
                None
            }
            Some("external_account_authorized_user") => {
                self.kind = KeyKind::ExternalAccount;
                self.not_followed("a workforce login made in a browser");
                None
            }
            Some(_) => {
                self.kind = KeyKind::Other;
                self.flaw(LocalFact::CredentialsOther, "its type is none that any library knows");
                None
            }
            None => {
                let known = ["private_key", "client_email", "refresh_token", "audience"];
                if known.iter().any(|name| fields.object.contains_key(*name)) {
                    fields.missing.push("type");
                } else {
                    let why = "the file is JSON, but not that of a login: it has no type";
                    self.flaw(LocalFact::CredentialsOther, why);
                }
                None
            }
        }
    }

    fn service_account(&mut self, fields: &mut Fields<'_>, depth: usize) -> Option<Credentials> {
        self.know(KeyKind::ServiceAccount, depth);
        let email = fields.text("client_email");
        let key = fields.secret("private_key", self);
        let token_uri = fields.url("token_uri", Some(TOKEN_URI));
        if let Some(key) = key.as_ref().filter(|key| !key.expose().is_empty()) {
            let look = match pem::key_pair(key.expose()) {
                Ok(pair) => KeyLook::Signs(pem::bits(&pair)),
                Err(why) => KeyLook::Damaged(why),
            };
            if let KeyLook::Damaged(why) = look {
                self.flaw(LocalFact::PrivateKeyDamaged, why);
            }
            self.key = Some(look);
        }
        let email = email?;
        if depth == 0 {
            self.member = is_address(&email).then(|| format!("serviceAccount:{email}"));
            self.words = format!("a service account's JSON, {}", shown(&email));
        }
        let key_id = fields.optional("private_key_id");
        Some(Credentials::ServiceAccount(ServiceAccount {
            email,
            key_id,
            key: key?,
            token_uri: token_uri?,
        }))
    }

    fn user(&mut self, fields: &mut Fields<'_>, depth: usize) -> Option<Credentials> {
        self.know(KeyKind::AuthorizedUser, depth);
        let client_id = fields.text("client_id");
        let client_secret = fields.secret("client_secret", self);
        let refresh_token = fields.secret("refresh_token", self);
        let token_uri = fields.url("token_uri", Some(TOKEN_URI));
        let account = fields.optional("account").filter(|account| is_address(account));
        if depth == 0 {
            self.words = match &account {
                Some(account) => format!("a person's login, {account}"),
                None => "a person's login".to_owned(),
            };
            self.member = account.map(|account| format!("user:{account}"));
        }
        Some(Credentials::User(User {
            client_id: client_id?,
            client_secret: client_secret?,
            refresh_token: refresh_token?,
            token_uri: token_uri?,
        }))
    }

    fn external(&mut self, fields: &mut Fields<'_>, depth: usize) -> Option<Credentials> {
        self.know(KeyKind::ExternalAccount, depth);
        let audience = fields.text("audience");
        let subject_token_type = fields.text("subject_token_type");
        let token_url = fields.url("token_url", Some("https://sts.googleapis.com/v1/token"));
        let impersonation = match fields.object.get("service_account_impersonation_url") {
            None | Some(Value::Null) => None,
            Some(_) => Some(fields.url("service_account_impersonation_url", None)?),
        };
        let source = self.source(fields);
        if depth == 0 {
            let target = impersonation.as_ref().and_then(target);
            self.words = match &target {
                Some(target) => format!("an external account, which goes on as {}", shown(target)),
                None => "an external account".to_owned(),
            };
            self.member = target.map(|target| format!("serviceAccount:{target}"));
        }
        Some(Credentials::External(Box::new(External {
            audience: audience?,
            subject_token_type: subject_token_type?,
            token_url: token_url?,
            source: source?,
            impersonation,
            user_project: fields.optional("workforce_pool_user_project"),
        })))
    }

    fn source(&mut self, fields: &mut Fields<'_>) -> Option<Source> {
        let Some(source) = fields.object.get("credential_source").and_then(Value::as_object) else {
            fields.missing.push("credential_source");
            return None;
        };
        let text = |name: &str| source.get(name).and_then(Value::as_str);
        let format = source.get("format");
        let is_json = format.is_some_and(|format| format["type"] == "json");
        let field = format.and_then(|format| format["subject_token_field_name"].as_str());
        let field = field.filter(|_| is_json).map(str::to_owned);
        let is_aws = text("environment_id").is_some_and(|id| id.starts_with("aws"));
        let not_followed = [
            (source.contains_key("executable"), "a program that prints the proof (executable)"),
            (is_aws, "a signed request to AWS"),
            (source.contains_key("certificate"), "a client certificate"),
        ];
        if let Some((_, why)) = not_followed.into_iter().find(|(is_it, _)| *is_it) {
            self.not_followed(why);
            return Some(Source::NotFollowed(why));
        }
        if let Some(file) = text("file") {
            return Some(Source::File { path: file.into(), field, text: None });
        }
        let Some(url) = text("url") else {
            fields.missing.push("credential_source.file or .url");
            return None;
        };
        let headers: Vec<(String, ApiKey)> = source
            .get("headers")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((name.clone(), ApiKey::new(value.as_str()?))))
            .collect();
        self.secrets.extend(headers.iter().map(|(_, value)| value.clone()));
        match Url::parse(url) {
            Ok(url) => self.proof_of(url, headers, field, fields),
            Err(why) => {
                let why = format!("credential_source.url cannot be used: {why}");
                fields.wrong.push((LocalFact::CredentialsCorrupt, why));
                None
            }
        }
    }

    /// A proof that is asked for: whoever it comes from is told, since the file decides that.
    fn proof_of(
        &mut self,
        url: Url,
        headers: Vec<(String, ApiKey)>,
        field: Option<String>,
        fields: &mut Fields<'_>,
    ) -> Option<Source> {
        let names = || headers.iter().map(|(name, _)| name.as_str());
        if let Some(why) = url.refusal_of_proof(names()) {
            let why = format!("credential_source.url {why}");
            fields.wrong.push((LocalFact::ForeignTokenHost, why));
            return None;
        }
        let is_plain = |name: &&str| HeaderName::try_from(*name).is_ok() && name.len() <= 64;
        let shown: Vec<&str> = names().filter(is_plain).collect();
        let with = match shown.as_slice() {
            [] => String::new(),
            [name] => format!(", with the header {name}"),
            names => format!(", with the headers {}", names.join(", ")),
        };
        self.proof = Some(format!("the proof comes from {}{with}", url.endpoint.host));
        Some(Source::Url { url, headers, field })
    }

    fn impersonated(&mut self, fields: &mut Fields<'_>, depth: usize) -> Option<Credentials> {
        self.know(KeyKind::Impersonated, depth);
        let url = fields.url("service_account_impersonation_url", None);
        let target = url.as_ref().and_then(target);
        if url.is_some() && target.is_none() {
            let why = "service_account_impersonation_url names no service account".to_owned();
            fields.wrong.push((LocalFact::CredentialsCorrupt, why));
        }
        let delegates = fields.object.get("delegates").and_then(Value::as_array);
        let delegates = delegates.into_iter().flatten().filter_map(Value::as_str);
        let delegates: Vec<String> = delegates.map(str::to_owned).collect();
        let source = match fields.object.get("source_credentials").and_then(Value::as_object) {
            Some(source) if depth + 1 < MOST_NESTED => {
                let mut inner = Fields::of(source);
                let source = self.of_type(&mut inner, depth + 1);
                fields.missing.extend(inner.missing);
                fields.wrong.extend(inner.wrong);
                fields.to_this_machine.extend(inner.to_this_machine);
                source
            }
            Some(_) => {
                let why = "source_credentials lead to source_credentials again".to_owned();
                fields.wrong.push((LocalFact::CredentialsCorrupt, why));
                None
            }
            None => {
                fields.missing.push("source_credentials");
                None
            }
        };
        let target = target?;
        self.member = Some(format!("serviceAccount:{target}"));
        self.words = format!("a login that goes on as {}", shown(&target));
        Some(Credentials::Impersonated(Impersonated {
            url: url?,
            target,
            delegates,
            source: Box::new(source?),
        }))
    }

    fn not_followed(&mut self, what: &str) {
        let why = format!("the token would come from {what}, which this program does not follow");
        self.flaw(LocalFact::CredentialsNotFollowed, &why);
    }

    /// What is nested does not change the kind of the whole.
    fn know(&mut self, kind: KeyKind, depth: usize) {
        if depth == 0 {
            self.kind = kind;
            self.words = kind.phrase().to_owned();
        }
    }

    fn flaw(&mut self, fact: LocalFact, why: &str) {
        self.flaws.push((fact, why.to_owned()));
    }
}

/// Whether nothing can be asked because of it.
pub(super) fn is_in_the_way(fact: LocalFact) -> bool {
    !matches!(fact, LocalFact::CredentialsReadable)
}

/// The members of a file as they are taken out of it.
struct Fields<'a> {
    object: &'a Map<String, Value>,
    missing: Vec<&'static str>,
    wrong: Vec<Wrong>,
    to_this_machine: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    fn of(object: &'a Map<String, Value>) -> Self {
        Self { object, missing: Vec::new(), wrong: Vec::new(), to_this_machine: Vec::new() }
    }

    /// A text that must be there, and be somebody's own.
    fn text(&mut self, name: &'static str) -> Option<String> {
        let found = self.object.get(name).and_then(Value::as_str).map(str::trim);
        match found.filter(|text| !text.is_empty()) {
            None => self.missing.push(name),
            Some(text) if is_template(text) => {
                let why = format!("{name} is the text of a template");
                self.wrong.push((LocalFact::CredentialsPlaceholder, why));
            }
            Some(text) => return Some(text.to_owned()),
        }
        None
    }

    fn secret(&mut self, name: &'static str, shape: &mut Shape) -> Option<ApiKey> {
        if let Some(text) = self.object.get(name).and_then(Value::as_str) {
            shape.secrets.extend(parts(text));
        }
        // A key keeps its own white space: its lines.
        self.text(name).map(ApiKey::new)
    }

    fn optional(&self, name: &str) -> Option<String> {
        let text = self.object.get(name).and_then(Value::as_str);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A URL that secrets go to.
    fn url(&mut self, name: &'static str, usual: Option<&str>) -> Option<Url> {
        let text = match (self.optional(name), usual) {
            (Some(text), _) => text,
            (None, Some(usual)) => usual.to_owned(),
            (None, None) => {
                self.missing.push(name);
                return None;
            }
        };
        match Url::parse(&text) {
            Ok(url) if url.is_the_providers() => {
                self.to_this_machine.extend(url.is_of_this_machine().then_some(name));
                Some(url)
            }
            Ok(url) => {
                let host = &url.endpoint.host;
                let why = format!("{name} leads to {host}, which is not Google's over TLS");
                self.wrong.push((LocalFact::ForeignTokenHost, why));
                None
            }
            Err(why) => {
                let why = format!("{name} cannot be used: {why}");
                self.wrong.push((LocalFact::CredentialsCorrupt, why));
                None
            }
        }
    }
}

/// A secret, and where it has lines each of them: a report may wrap it anywhere.
fn parts(text: &str) -> Vec<ApiKey> {
    let lines = text.lines().flat_map(|line| line.split("\\n")).map(str::trim);
    let long = lines.filter(|line| line.len() >= 16 && !line.starts_with("-----"));
    long.chain([text.trim()]).map(ApiKey::new).collect()
}

/// Texts of documentation: what the key's check knows, and what this kind of file is shown with.
fn is_template(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let marks = ["YOUR_", "YOUR-", "<", "REPLACE_", "REPLACE-ME", "EXAMPLE_", "CHANGEME", "XXXX"];
    let is_marked = marks.iter().any(|mark| upper.starts_with(mark));
    let whole = ["PROJECT_ID", "PRIVATE_KEY", "CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN", "..."];
    is_marked || whole.contains(&upper.as_str()) || is_placeholder(text)
}

/// `name@project.iam.gserviceaccount.com`, in the path of an impersonation.
fn target(url: &Url) -> Option<String> {
    let rest = url.endpoint.prefix.split_once("/serviceAccounts/")?.1;
    let email = rest.strip_suffix(":generateAccessToken")?;
    is_address(email).then(|| email.to_owned())
}

/// Whether a text is an address that can stand in a command.
pub fn is_address(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-+".contains(&byte);
    text.len() <= 200
        && text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && name.bytes().all(plain) && is_host(host)
        })
}

fn is_host(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    !text.is_empty() && text.len() <= 200 && text.contains('.') && text.bytes().all(plain)
}

/// An address as it may be shown.
fn shown(email: &str) -> &str {
    if is_address(email) { email } else { "an account whose address is none" }
}

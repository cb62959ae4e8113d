//! Reads a scenario from TOML. The format is described where the scenario type is.
//!
//! Reads text that is handed to it; it opens no file.

mod alias;

use serde::Deserialize;
use toml::de::Error;

use self::alias::AliasTable;
use super::call::Http;
use super::fault::{Act, Bend, Canned, Door, DoorRule, JSON, Route, Rule, When};
use super::scenario::{AUTH_KEY, Alpn, Content, File, Git, Identity, Local, Proxy, Scenario, Way};
use super::strict::Strict;

/// A scenario file with every kind of entry and every word in its comments.
pub const EXAMPLE: &str = include_str!("../bodies/example.toml");

/// The most bytes an endless body has.
pub(super) const GIBIBYTE: u64 = 1 << 30;

/// The longest that a call may take, in milliseconds: a day.
const LONGEST_CALL: u64 = 24 * 60 * 60 * 1000;

/// The most seconds that a server's clock may be off: about a hundred years.
const FURTHEST_DATE: u64 = 100 * 366 * 24 * 60 * 60;

/// The most states that the schemas of a request may have together.
const MOST_STATES: i64 = 1_000_000;

/// The most addresses that a scenario may listen on.
const MOST_ADDRESSES: u8 = 8;

/// Reads a scenario file. The error names the line and says in words what is wrong there.
pub fn parse_file(text: &str) -> Result<Scenario, String> {
    let file: ScenarioFile = toml::from_str(text).map_err(|error| located(text, &error))?;
    file.check()?;
    Ok(file.keep())
}

fn located(text: &str, error: &Error) -> String {
    let start = error.span().map_or(0, |span| span.start).min(text.len());
    let line = text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
    format!("line {line}: {}", error.message().trim_end())
}

/// A scenario lives as long as the program, so what a file says is given to the program for good.
fn keep_text(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn one<T: From<u8>>() -> T {
    T::from(1)
}

fn yes() -> bool {
    true
}

fn keep_list<T>(items: impl IntoIterator<Item = T>) -> &'static [T] {
    Vec::leak(items.into_iter().collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ScenarioFile {
    id: String,
    #[serde(default)]
    summary: String,
    layer: Option<String>,
    fix: Option<String>,
    #[serde(default)]
    exit: u8,
    command: Option<Vec<String>>,
    #[serde(default)]
    seed: Option<u64>,
    #[serde(default)]
    call_ms: u64,
    #[serde(default = "one")]
    addresses: u8,
    #[serde(default)]
    alpn: Alpn,
    #[serde(default)]
    wants_certificate: bool,
    #[serde(default = "yes")]
    http3: bool,
    without_grpc: Option<u16>,
    #[serde(default)]
    bare: bool,
    states: Option<i64>,
    #[serde(default)]
    date_ahead_s: i64,
    #[serde(default)]
    identity: Identity,
    #[serde(default)]
    way: Way,
    #[serde(default)]
    proxy: Option<String>,
    #[serde(default)]
    client: ClientTable,
    #[serde(default)]
    rules: Vec<RuleTable>,
    #[serde(default)]
    doors: Vec<DoorTable>,
    #[serde(default)]
    aliases: Vec<AliasTable>,
}

impl ScenarioFile {
    fn check(&self) -> Result<(), String> {
        if !is_id(&self.id) {
            return Err(format!("id `{}` must be like `some-words` or `some-words.more`", self.id));
        }
        if self.proxy.as_deref().is_some_and(|word| !is_proxy(word)) {
            return Err("proxy is none of the known words and no URL".into());
        }
        if self.call_ms > LONGEST_CALL {
            return Err(format!("call-ms {} is longer than a day", self.call_ms));
        }
        if !(1..=MOST_ADDRESSES).contains(&self.addresses) {
            return Err(format!("addresses must be from 1 to {MOST_ADDRESSES}"));
        }
        if self.without_grpc.is_some_and(|status| !(400..=599).contains(&status)) {
            return Err("without-grpc must be the status of a refusal".into());
        }
        if self.states.is_some_and(|states| !(1..=MOST_STATES).contains(&states)) {
            return Err(format!("states must be from 1 to {MOST_STATES}"));
        }
        if self.date_ahead_s.unsigned_abs() > FURTHEST_DATE {
            return Err(format!("date-ahead-s {} is more than a hundred years", self.date_ahead_s));
        }
        self.aliases.iter().try_for_each(AliasTable::check)?;
        self.rules.iter().zip(1..).try_for_each(|(rule, nth)| {
            rule.check().map_err(|error| format!("rule {nth}: {error}"))
        })
    }

    fn keep(self) -> Scenario {
        let healthy = Scenario::new(keep_text(self.id), "-", self.exit, keep_text(self.summary));
        Scenario {
            layer: self.layer.map_or("-", keep_text),
            fix: self.fix.map(keep_text),
            command: self
                .command
                .map_or(healthy.command, |words| keep_list(words.into_iter().map(keep_text))),
            seed: self.seed.unwrap_or(healthy.seed),
            call_ms: self.call_ms,
            addresses: self.addresses,
            alpn: self.alpn,
            wants_certificate: self.wants_certificate,
            http3: self.http3,
            without_grpc: self.without_grpc,
            strict: Strict {
                bare: self.bare,
                states: self.states.map_or(healthy.strict.states, i64::unsigned_abs),
            },
            date_ahead_s: self.date_ahead_s,
            identity: self.identity,
            way: self.way,
            proxy: proxy(self.proxy.as_deref()),
            local: self.client.keep(),
            rules: keep_list(self.rules.into_iter().map(RuleTable::keep)),
            doors: keep_list(self.doors.into_iter().map(DoorTable::keep)),
            aliases: keep_list(self.aliases.into_iter().map(AliasTable::keep)),
            ..healthy
        }
    }
}

/// Whether a text is a scenario's name: words and hyphens, and at most one dot between them.
pub(super) fn is_id(text: &str) -> bool {
    let word = |part: &str| {
        let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !part.is_empty() && part.bytes().all(legal)
    };
    text.split('.').count() <= 2 && text.split('.').all(word)
}

fn is_proxy(word: &str) -> bool {
    ["none", "works", "basic", "ntlm", "refuses", "intercepts", "closed"].contains(&word)
        || word.contains("://")
}

fn proxy(word: Option<&str>) -> Proxy {
    match word {
        None | Some("none") => Proxy::None,
        Some("works") => Proxy::Works,
        Some("basic") => Proxy::Basic,
        Some("ntlm") => Proxy::Ntlm,
        Some("refuses") => Proxy::Refuses,
        Some("intercepts") => Proxy::Intercepts,
        Some("closed") => Proxy::Closed,
        Some(url) => Proxy::Url(keep_text(url.to_owned())),
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ClientTable {
    base_url: Option<String>,
    dotenv: Option<String>,
    #[serde(default)]
    git: Git,
    variables: Option<std::collections::BTreeMap<String, String>>,
}

impl ClientTable {
    fn keep(self) -> Local {
        let variables = self.variables.map(|table| {
            keep_list(table.into_iter().map(|(name, value)| (keep_text(name), keep_text(value))))
        });
        let dotenv = self.dotenv.map(|text| File {
            name: ".env",
            content: Content::Bytes(keep_text(text).as_bytes()),
            mode: 0o600,
        });
        // Who writes a `.env` and no variables means the key to come from there, if from anywhere.
        let usual: &[(&str, &str)] =
            if dotenv.is_some() { &[] } else { &[("GEMINI_API_KEY", AUTH_KEY)] };
        Local {
            base_url: self.base_url.map(keep_text),
            variables: variables.unwrap_or(usual),
            files: keep_list(dotenv),
            git: self.git,
            ..Local::BARE
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RuleTable {
    #[serde(default)]
    route: Route,
    model: Option<String>,
    header: Option<[String; 2]>,
    http: Option<Http>,
    #[serde(default)]
    when: WhenTable,
    wait_ms: Option<u64>,
    act: ActTable,
}

impl RuleTable {
    fn check(&self) -> Result<(), String> {
        if let Some([name, _]) = &self.header
            && http::HeaderName::from_bytes(name.as_bytes()).is_err()
        {
            return Err(format!("`{name}` is not the name of a header"));
        }
        self.act.check()
    }

    fn keep(self) -> Rule {
        let act = self.act.keep();
        let act = match self.wait_ms {
            Some(ms) => Act::After(ms, Box::leak(Box::new(act))),
            None => act,
        };
        let model = self.model.map(keep_text);
        let header = self.header.map(|[name, text]| (keep_text(name), keep_text(text)));
        Rule { route: self.route, model, header, http: self.http, when: self.when.keep(), act }
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "an act is a word, { status = … } or { reset-stream = … }")]
enum ActTable {
    Word(ActWord),
    Code(ResetTable),
    Answer(AnswerTable),
}

impl ActTable {
    fn check(&self) -> Result<(), String> {
        match self {
            Self::Answer(answer) => answer.check(),
            Self::Word(_) | Self::Code(_) => Ok(()),
        }
    }

    fn keep(self) -> Act {
        match self {
            Self::Word(ActWord::Honest) => Act::Bend(Bend::NONE),
            Self::Word(ActWord::Hang) => Act::Hang,
            Self::Word(ActWord::Disconnect) => Act::Disconnect,
            Self::Word(ActWord::Reset) => Act::Reset,
            Self::Word(ActWord::Endless) => Act::Endless(GIBIBYTE),
            Self::Word(ActWord::Nested) => Act::Nested(100_000),
            Self::Code(table) => Act::ResetStream(table.reset_stream),
            Self::Answer(answer) => Act::Answer(answer.keep()),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ActWord {
    Honest,
    Hang,
    Disconnect,
    Reset,
    Endless,
    Nested,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ResetTable {
    reset_stream: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerTable {
    status: u16,
    #[serde(default)]
    google: bool,
    r#type: Option<String>,
    #[serde(default)]
    headers: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    body: String,
}

impl AnswerTable {
    fn check(&self) -> Result<(), String> {
        if !(200..=999).contains(&self.status) {
            return Err(format!("status {} is not between 200 and 999", self.status));
        }
        let kind = self.r#type.iter().map(|value| ("content-type", value));
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), value)).chain(kind);
        for (name, value) in headers {
            let legal = http::HeaderName::from_bytes(name.as_bytes()).is_ok()
                && http::HeaderValue::from_str(value).is_ok();
            if !legal {
                return Err(format!("`{name}: {value}` is not a legal header"));
            }
        }
        Ok(())
    }

    fn keep(self) -> Canned {
        let headers =
            self.headers.into_iter().map(|(name, value)| (keep_text(name), keep_text(value)));
        Canned {
            status: self.status,
            kind: self.r#type.map_or(JSON, keep_text),
            google: self.google,
            headers: keep_list(headers),
            body: keep_text(self.body),
        }
    }
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "`when` is a word such as \"always\" or a table such as { first = 3 }"
)]
enum WhenTable {
    Word(WhenWord),
    Number(WhenNumber),
}

impl Default for WhenTable {
    fn default() -> Self {
        Self::Word(WhenWord::Always)
    }
}

impl WhenTable {
    fn keep(self) -> When {
        match self {
            Self::Word(WhenWord::Always) => When::Always,
            Self::Word(WhenWord::ConnectionAlternate) => When::ConnectionAlternate,
            Self::Word(WhenWord::Ipv4) => When::Ipv4,
            Self::Word(WhenWord::Ipv6) => When::Ipv6,
            Self::Number(WhenNumber::First(times)) => When::First(times),
            Self::Number(WhenNumber::Every(nth)) => When::Every(nth),
            Self::Number(WhenNumber::Ratio(share)) => When::Ratio(share),
            Self::Number(WhenNumber::ConnectionRatio(share)) => When::ConnectionRatio(share),
            Self::Number(WhenNumber::Build(name)) => When::Build(keep_text(name)),
            Self::Number(WhenNumber::BetweenMs([from, to])) => When::Between(from, to),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum WhenWord {
    Always,
    ConnectionAlternate,
    Ipv4,
    Ipv6,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum WhenNumber {
    First(u64),
    Every(u64),
    Ratio(f64),
    ConnectionRatio(f64),
    Build(String),
    BetweenMs([u64; 2]),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DoorTable {
    #[serde(default)]
    when: WhenTable,
    door: Door,
}

impl DoorTable {
    fn keep(self) -> DoorRule {
        DoorRule { when: self.when.keep(), door: self.door }
    }
}

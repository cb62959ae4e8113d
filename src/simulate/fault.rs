//! What can go wrong, and when: rules, acts, doors, and aliases with several builds.
//!
//! Pure data. `judge.rs` decides which of it happens; `serve.rs`, `door.rs` and `api` do it.

use serde::Deserialize;

use super::call::{Call, Http, Operation};
use super::front::HEALTH;
use super::reading::Reading;
use super::traffic::Pace;

/// What happens to a request, and when. The first rule that matches and fires wins.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub(super) route: Route,
    /// Only for this model, named without `models/`.
    pub(super) model: Option<&'static str>,
    /// Only for requests with a header of this name that has this text in it.
    pub(super) header: Option<(&'static str, &'static str)>,
    /// Only over this version of HTTP.
    pub(super) http: Option<Http>,
    pub(super) when: When,
    pub(super) act: Act,
}

impl Rule {
    /// Fires on every request of that kind.
    pub(super) const fn always(route: Route, act: Act) -> Self {
        Self { route, model: None, header: None, http: None, when: When::Always, act }
    }

    /// Fires on every request of that kind for that model.
    pub(super) const fn on_model(route: Route, model: &'static str, act: Act) -> Self {
        Self { model: Some(model), ..Self::always(route, act) }
    }

    /// The same rule for that version of HTTP alone.
    pub(super) const fn over(self, http: Http) -> Self {
        Self { http: Some(http), ..self }
    }

    /// The same rule at other times.
    pub(super) const fn when(self, when: When) -> Self {
        Self { when, ..self }
    }

    /// Whether a call is one of those that it is about.
    pub(super) fn is_about(&self, call: &Call) -> bool {
        self.route.covers(call)
            && self.model.is_none_or(|model| call.model() == Some(model))
            && self.header.is_none_or(|(name, text)| call.header_mentions(name, text))
            && self.http.is_none_or(|http| call.http == http)
    }
}

/// What happens to a connection before HTTP is spoken on it, and when.
#[derive(Clone, Copy, Debug)]
pub struct DoorRule {
    pub(super) when: When,
    pub(super) door: Door,
}

impl DoorRule {
    /// Fires on every connection.
    pub(super) const fn always(door: Door) -> Self {
        Self { when: When::Always, door }
    }
}

/// Which requests a rule is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// Every request.
    #[default]
    Any,
    /// The list of models, every page of it.
    List,
    /// The second and later pages of that list.
    NextPage,
    /// One model's description.
    Get,
    /// `countTokens`.
    Count,
    /// `generateContent`.
    Generate,
    /// `streamGenerateContent`.
    Stream,
    /// Either of the two that generate.
    Generating,
    /// Any method of a model: the two that generate, `countTokens` and those that embed.
    Methods,
    /// A generating call that declares functions.
    Tools,
    /// A generating call that asks for JSON.
    Json,
    /// `embedContent` and `batchEmbedContents`.
    Embed,
    /// The end point that tells whether a front is well.
    Health,
    /// Everything under the OpenAI-compatible path.
    #[serde(rename = "openai")]
    OpenAi,
}

impl Route {
    /// Whether a call is one of them.
    pub(super) fn covers(self, call: &Call) -> bool {
        let operation = &call.target.operation;
        match self {
            Self::Any => true,
            Self::List => *operation == Operation::List,
            Self::NextPage => *operation == Operation::List && call.query("pageToken").is_some(),
            Self::Get => matches!(operation, Operation::Get(_)),
            Self::Count => operation.is_method("countTokens"),
            Self::Generate => call.generates() && !call.is_stream(),
            Self::Stream => call.is_stream(),
            Self::Generating => call.generates(),
            Self::Methods => call.is_chat() || matches!(operation, Operation::Method { .. }),
            Self::Tools => {
                let declares = if call.is_chat() { "\"tools\"" } else { "functionDeclarations" };
                call.generates() && call.body_mentions(declares)
            }
            Self::Json => {
                let asks = if call.is_chat() { "response_format" } else { "application/json" };
                call.generates() && call.body_mentions(asks)
            }
            Self::Health => call.path == HEALTH,
            Self::Embed => {
                operation.is_method("embedContent") || operation.is_method("batchEmbedContents")
            }
            Self::OpenAi => matches!(operation, Operation::OpenAi(_)),
        }
    }
}

/// When a rule fires, among the requests (or connections) that it is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// Each time.
    Always,
    /// The first so many times.
    First(u64),
    /// Every n-th time.
    Every(u64),
    /// By chance, with this probability.
    Ratio(f64),
    /// By chance, but the same for all requests of one connection.
    ConnectionRatio(f64),
    /// On every second connection, the first one included.
    ConnectionAlternate,
    /// When the client came over IPv4.
    Ipv4,
    /// When the client came over IPv6.
    Ipv6,
    /// When the alias was led to the build of this name.
    Build(&'static str),
    /// Between these two moments after the start, in milliseconds of simulated time.
    Between(u64, u64),
}

/// What happens to a request.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// A ready-made answer.
    Answer(Canned),
    /// The honest answer with something bent in it.
    Bend(Bend),
    /// Nothing for so many milliseconds, then something else.
    After(u64, &'static Act),
    /// Nothing for so many milliseconds for each KiB of the request, and then an honest answer; from
    /// so many KiB on it is not longer, and ends with something else.
    BySize {
        /// Milliseconds a KiB.
        ms: u64,
        /// The most that is answered.
        most_kib: u64,
        /// What happens to what is larger.
        beyond: &'static Act,
    },
    /// No answer, ever.
    Hang,
    /// The connection is closed without an answer.
    Disconnect,
    /// The connection is reset without an answer.
    Reset,
    /// HTTP/2: the stream is reset with this code. HTTP/1.1: the connection is closed.
    ResetStream(u32),
    /// The ready-made answer announces so many bytes, and the connection ends before they came.
    Cut(Canned, u64),
    /// A JSON body that does not end for so many bytes.
    Endless(u64),
    /// JSON arrays, one in the other, so many deep.
    Nested(usize),
}

impl Act {
    /// What happens where no rule fires.
    pub(super) const HONEST: Self = Self::Bend(Bend::NONE);

    /// An error in Google's own JSON.
    pub(super) const fn google(status: u16, body: &'static str) -> Self {
        Self::Answer(Canned { status, kind: JSON, google: true, headers: &[], body })
    }

    /// An answer of somebody else.
    pub(super) const fn foreign(status: u16, kind: &'static str, body: &'static str) -> Self {
        Self::Answer(Canned { status, kind, google: false, headers: &[], body })
    }

    /// One or two words for the log.
    pub(super) fn word(&self) -> String {
        match self {
            Self::Answer(canned) => format!("answer {}", canned.status),
            Self::Bend(Bend::NONE) => "honest answer".into(),
            Self::Bend(_) => "bent answer".into(),
            Self::After(ms, then) => format!("after {ms} ms {}", then.word()),
            Self::BySize { ms, .. } => format!("{ms} ms a KiB"),
            Self::Hang => "hang".into(),
            Self::Disconnect => "disconnect".into(),
            Self::Reset => "reset connection".into(),
            Self::ResetStream(code) => format!("reset stream {code}"),
            Self::Cut(..) => "cut body".into(),
            Self::Endless(_) => "endless body".into(),
            Self::Nested(_) => "nested body".into(),
        }
    }
}

/// Google's own media type for its answers.
pub(super) const JSON: &str = "application/json; charset=UTF-8";
/// The media type of a page for people.
pub(super) const HTML: &str = "text/html; charset=UTF-8";

/// A ready-made answer. `%KEY%`, `%MODEL%`, `%VERSION%` and `%METHOD%` in its body are filled in.
#[derive(Clone, Copy, Debug)]
pub struct Canned {
    pub(super) status: u16,
    pub(super) kind: &'static str,
    /// Whether it bears the headers by which Google's servers are known.
    pub(super) google: bool,
    pub(super) headers: &'static [(&'static str, &'static str)],
    pub(super) body: &'static str,
}

/// What is bent in an answer that is honest otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bend {
    /// The `modelVersion` that the answer names.
    pub(super) version: Option<&'static str>,
    /// The `modelStatus.modelStage` that the answer names.
    pub(super) stage: Option<&'static str>,
    /// The text of the answer.
    pub(super) text: Option<&'static str>,
    /// A stream ends after so many chunks, without a finish reason.
    pub(super) stop_after: Option<usize>,
    /// What the stream says in place of the rest.
    pub(super) then: Option<&'static str>,
    /// Every page of the list points to the same next page.
    pub(super) same_page: bool,
    /// One model of the list has moved on: it has another version, and less room for answers.
    pub(super) moved: bool,
    /// When its pieces come.
    pub(super) pace: Option<Pace>,
    /// How the model reads the prompt.
    pub(super) reading: Reading,
}

impl Bend {
    pub(super) const NONE: Self = Self {
        version: None,
        stage: None,
        text: None,
        stop_after: None,
        then: None,
        same_page: false,
        moved: false,
        pace: None,
        reading: Reading::Whole,
    };

    /// Nothing but how the model reads the prompt.
    pub(super) const fn reading(reading: Reading) -> Self {
        Self { reading, ..Self::NONE }
    }
}

/// What happens to a connection before HTTP is spoken on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Door {
    /// TCP reset right after accept.
    Reset,
    /// TLS works; the connection is reset in answer to the first request.
    ResetAfterTls,
    /// Closed after the ClientHello.
    CloseAfterHello,
    /// Reset after the ClientHello.
    ResetAfterHello,
    /// A ClientHello that is larger than a packet is never answered; all is well with a small one.
    SmallHello,
    /// The handshake is answered as by a server of that kind.
    Kind(Kind),
    /// The handshake is never answered.
    Silent,
    /// The handshake is answered after so many milliseconds, and then all is well.
    Pause(u64),
    /// Plain HTTP on the TLS port.
    Plaintext,
    /// This fatal alert in answer to the ClientHello.
    Alert(u8),
    /// TLS works; what follows is not HTTP.
    Garbage,
    /// TLS works; the answer's header lines have no end.
    EndlessHeaders,
    /// TLS works; HTTP/2 says GOAWAY with this code in answer to the first request.
    GoAway(u32),
}

/// Servers that this program's own library cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Speaks TLS 1.0 alone.
    OldVersion,
    /// Speaks TLS 1.2, with RSA key exchange alone.
    OldCipher,
    /// Speaks TLS 1.3, with the group P-521 alone.
    RareGroup,
}

/// A model name that is served by several builds.
#[derive(Clone, Copy, Debug)]
pub struct Alias {
    pub(super) model: &'static str,
    pub(super) pick: Pick,
    /// Those that serve it from the start.
    pub(super) builds: &'static [Build],
    /// Those that serve it later on, in the order of time.
    pub(super) phases: &'static [Phase],
}

impl Alias {
    /// An alias whose builds stay as they are.
    pub(super) const fn new(model: &'static str, pick: Pick, builds: &'static [Build]) -> Self {
        Self { model, pick, builds, phases: &[] }
    }

    /// The same with other builds later on.
    pub(super) const fn phases(self, phases: &'static [Phase]) -> Self {
        Self { phases, ..self }
    }

    /// The builds that serve it so many milliseconds after the start.
    pub(super) fn builds_at(&self, ms: u64) -> &'static [Build] {
        let latest = self.phases.iter().rev().find(|phase| phase.from_ms <= ms);
        latest.map_or(self.builds, |phase| phase.builds)
    }
}

/// From when on other builds serve an alias.
#[derive(Clone, Copy, Debug)]
pub struct Phase {
    /// Milliseconds of simulated time after the start.
    pub(super) from_ms: u64,
    pub(super) builds: &'static [Build],
}

/// One of the builds behind an alias.
#[derive(Clone, Copy, Debug)]
pub struct Build {
    pub(super) name: &'static str,
    pub(super) manner: Manner,
    /// How often it is picked, as a share of all weights.
    pub(super) weight: u32,
}

impl Build {
    /// One that works.
    pub(super) const fn works(name: &'static str) -> Self {
        Self { name, manner: Manner::Works { version: None }, weight: 1 }
    }

    /// One that was taken away.
    pub(super) const fn missing(name: &'static str) -> Self {
        Self { name, manner: Manner::Missing, weight: 1 }
    }

    /// The same, and its answers bear this `modelVersion`.
    pub(super) const fn says(self, version: &'static str) -> Self {
        self.manner(Manner::Works { version: Some(version) })
    }

    pub(super) const fn manner(self, manner: Manner) -> Self {
        Self { manner, ..self }
    }

    pub(super) const fn weight(self, weight: u32) -> Self {
        Self { weight, ..self }
    }

    /// Whether calls that are led to it find nothing there.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self.manner, Manner::Missing | Manner::Unknown)
    }

    /// The `modelVersion` of its answers, where it is not the model's own.
    pub(super) fn version(&self) -> Option<&'static str> {
        match self.manner {
            Manner::Works { version } => version,
            Manner::Missing | Manner::Unknown | Manner::Acts(_) => None,
        }
    }

    /// What it does instead of an honest answer.
    pub(super) fn act(&self) -> Option<Act> {
        match self.manner {
            Manner::Acts(act) => Some(act),
            Manner::Works { .. } | Manner::Missing | Manner::Unknown => None,
        }
    }
}

/// How a build answers the calls that are led to it.
#[derive(Clone, Copy, Debug)]
pub enum Manner {
    /// Honestly; its answers may bear another `modelVersion` than the model's own.
    Works { version: Option<&'static str> },
    /// It is gone: 404 with its own name, which nobody asked for.
    Missing,
    /// It is gone: 404 as for a model that does not exist, with the name that was asked for.
    Unknown,
    /// As a rule would.
    Acts(Act),
}

/// How an alias picks the build for a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pick {
    /// By chance, for each call anew.
    #[default]
    Call,
    /// By chance, once for a connection.
    Connection,
    /// By chance, and then the same for a stretch of about so many calls.
    Burst(u32),
    /// One after the other.
    Turns,
    /// The first build at the first address that the server listens on, and so on.
    Address,
    /// The first build over HTTP/1.1, the second over HTTP/2.
    Http,
}

//! What a benchmark is to ask, and what it has brought so far.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, OnceLock, atomic::AtomicU32},
};

use serde_json::Value;

use crate::{
    bench::{Arm, Ending, Side},
    facts::{
        Ended, Endpoint, Failure, Method, Protocol, Sample,
        models::{ModelTable, Thinking},
    },
    gemini::{Call, generation, openai},
};

use super::{
    super::{Tried, key::thinking_of},
    http2::{Http2Told, Pinged},
    mode::{Brought, Mode},
    until::Until,
    way::Reached,
};

/// The tokens that an answer to a request of the caller's own may have, where it does not say so itself.
const OWN_CAP: u32 = 4096;

/// What to ask, over which ways, and for how long.
#[derive(Clone, Debug)]
pub struct BenchPlan {
    /// The model.
    pub model: String,
    /// The ways that are compared; none where one is to be picked by what the server offers.
    pub arms: Vec<Arm>,
    /// Whether one of them is gone twice, to see what is noise.
    pub again: bool,
    /// What the usual side is compared with.
    pub other: Option<Other>,
    /// What each call asks.
    pub workload: Workload,
    /// What it is made of.
    pub mode: Mode,
    /// How many rounds, at most.
    pub rounds: u32,
    /// How long the rounds may take, in milliseconds.
    pub most_ms: f64,
    /// Calls at the same time.
    pub concurrency: usize,
    /// An earlier run to hold this one against.
    pub earlier: Option<Earlier>,
    /// The protocol that must be negotiated.
    pub require: Option<Protocol>,
    /// The seed of everything random.
    pub seed: u64,
}

/// An earlier run that did the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    /// The file that it was read from.
    pub name: String,
    /// Its timed calls, as far as a comparison needs them.
    pub samples: Vec<Sample>,
}

/// What the usual side is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Other {
    /// IPv4 is the usual side, IPv6 the other.
    Families,
    /// The proxy is the usual side, the way without it the other.
    Direct,
    /// Another address of the same host.
    Address(IpAddr),
    /// Another base URL, such as a gateway's.
    BaseUrl(Box<Endpoint>),
    /// Another model.
    Model(String),
}

impl Other {
    /// What stands on a side, in a word or two.
    pub fn label(&self, side: Side, model: &str) -> String {
        match (self, side) {
            (Self::Families, Side::Usual) => "IPv4".to_owned(),
            (Self::Families, Side::Other) => "IPv6".to_owned(),
            (Self::Direct, Side::Usual) => "proxy".to_owned(),
            (Self::Direct, Side::Other) => "direct".to_owned(),
            (Self::Address(_) | Self::BaseUrl(_), Side::Usual) => "usual".to_owned(),
            (Self::Address(address), Side::Other) => address.to_string(),
            (Self::BaseUrl(endpoint), Side::Other) => endpoint.authority(),
            (Self::Model(_), Side::Usual) => model.to_owned(),
            (Self::Model(other), Side::Other) => other.clone(),
        }
    }
}

/// What each call asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Workload {
    /// The model's entry: free, and as small as a call can be.
    Ping,
    /// The tokens of a one-word request: free, and it reaches the model's tokenizer.
    Tokens,
    /// A text of so many words, in one piece.
    Words(u32),
    /// A text of so many words, as a stream.
    Stream(u32),
    /// A request of the caller's own.
    Own {
        /// The body.
        body: Box<Value>,
        /// Whether the answer comes as a stream.
        stream: bool,
    },
}

impl Workload {
    /// The method of the API.
    pub fn method(&self) -> Method {
        match self {
            Self::Ping => Method::Get,
            Self::Tokens => Method::Count,
            Self::Words(_) | Self::Own { stream: false, .. } => Method::Generate,
            Self::Stream(_) | Self::Own { stream: true, .. } => Method::Stream,
        }
    }

    /// What is worth saying about it.
    pub(super) fn note(&self) -> Option<String> {
        match self {
            Self::Own { body, .. } if openai::body::is_chat(body) => {
                openai::body::most_output(body).is_none().then(|| {
                    format!("answers are capped at {OWN_CAP} tokens; set max_tokens in the file for another cap")
                })
            }
            Self::Own { body, .. } if generation::most_output(body).is_none() => Some(format!(
                "answers are capped at {OWN_CAP} tokens; set maxOutputTokens in the file for another cap"
            )),
            _ => None,
        }
    }

    /// The call that asks it of a model. Thinking is the least that the model takes, and the same over
    /// every way.
    fn call(&self, model: &str, thinking: Thinking, api_version: &str) -> Call {
        let own = |body: &Value| match openai::body::is_chat(body) {
            true => openai::body::capped(body.clone(), OWN_CAP),
            false => generation::capped(body.clone(), OWN_CAP),
        };
        let text = |words| generation::words(words, thinking, api_version);
        match self {
            Self::Ping => Call::get(model),
            Self::Tokens => Call::count(model),
            Self::Words(words) => Call::generate(model, text(*words)),
            Self::Stream(words) => Call::stream(model, text(*words)),
            Self::Own { body, stream: false } => Call::generate(model, own(body)),
            Self::Own { body, stream: true } => Call::stream(model, own(body)),
        }
    }
}

impl BenchPlan {
    /// The call that is asked of a model. The published messages of gRPC have no field for a level of
    /// thinking: where one way goes over gRPC, no way sends one, so that all ask the same.
    pub fn call(&self, model: &str, table: &ModelTable, api_version: &str) -> Call {
        let thinking = match thinking_of(model, table) {
            Thinking::Minimal | Thinking::Low if self.has_grpc() => Thinking::Unknown,
            thinking => thinking,
        };
        self.workload.call(model, thinking, api_version)
    }

    /// The base URL of the other side, where that is what both sides differ by.
    pub fn other_url(&self) -> Option<String> {
        match &self.other {
            Some(Other::BaseUrl(endpoint)) => Some(endpoint.base_url()),
            _ => None,
        }
    }

    fn has_grpc(&self) -> bool {
        self.arms.iter().any(|arm| arm.protocol == Protocol::Grpc)
    }

    /// The calls that can be made at most: the first one, one to warm up each way, and the rounds.
    pub fn calls(&self) -> Vec<(Method, u32)> {
        let arms = u32::try_from(self.arms.len().max(1)).unwrap_or(u32::MAX);
        if let Some(calls) = self.mode.calls(arms, self.workload.method()) {
            return calls;
        }
        let ways = u32::try_from(self.arms.len() + usize::from(self.again)).unwrap_or(u32::MAX);
        let at_once = u32::try_from(self.concurrency).unwrap_or(u32::MAX);
        // A warm connection that was closed is warmed up again, which may happen in any round.
        let in_rounds = self.rounds.saturating_mul(ways).saturating_mul(at_once).saturating_mul(2);
        vec![(self.workload.method(), in_rounds.saturating_add(ways).saturating_add(1))]
    }

    /// The tokens that a call costs at most.
    pub fn tokens_a_call(&self, table: &ModelTable) -> u64 {
        let call = self.call(&self.model, table, "v1beta");
        call.most_output() + call.most_input()
    }
}

/// What came so far, beside the samples, which the journal keeps.
#[derive(Clone, Debug)]
pub struct Benched {
    /// What was to be asked.
    pub plan: BenchPlan,
    /// Each way that was tried, in the order of the plan, and the one that was gone twice last.
    pub ways: Vec<WayFacts>,
    /// The rounds that were ended.
    pub rounds: u32,
    /// The address that all calls of the usual side went to.
    pub remote: Option<SocketAddr>,
    /// The HTTP version that was negotiated where both were offered.
    pub negotiated: Option<Negotiated>,
    /// The call before the rounds. It is in no figure.
    pub first: Option<Sample>,
    /// PINGs of HTTP/2, after the rounds.
    pub pinged: Option<Pinged>,
    /// The time that a call may take, in milliseconds.
    pub timeout_ms: f64,
    /// Calls that failed, a few of each kind over each way.
    pub failures: Vec<Failed>,
    /// What came of it where it was no run of rounds.
    pub brought: Brought,
    /// Why it ended.
    pub why: Option<Why>,
    /// What else is worth saying.
    pub notes: Vec<String>,
    /// Whether its rows were recorded.
    pub closed: bool,
    /// Requests that were sent and whose end is not counted yet.
    pub under_way: Arc<AtomicU32>,
    /// When calls are cut.
    pub until: Until,
    /// Where the other side was reached.
    pub reached: Arc<OnceLock<Reached>>,
}

impl Benched {
    /// Nothing so far.
    pub fn of(plan: &BenchPlan) -> Self {
        Self {
            plan: plan.clone(),
            ways: Vec::new(),
            rounds: 0,
            remote: None,
            negotiated: None,
            first: None,
            pinged: None,
            timeout_ms: 0.0,
            failures: Vec::new(),
            brought: Brought::default(),
            why: None,
            notes: Vec::new(),
            closed: false,
            under_way: Arc::default(),
            until: Until::default(),
            reached: Arc::default(),
        }
    }

    /// The ways that could be gone.
    pub fn gone(&self) -> impl Iterator<Item = &WayFacts> {
        self.ways.iter().filter(|way| way.unavailable.is_none())
    }

    /// Whether none of them could, so that no call was timed.
    pub fn leads_nowhere(&self) -> bool {
        !self.ways.is_empty() && self.gone().next().is_none()
    }

    /// Those that could not.
    pub fn lost(&self) -> impl Iterator<Item = &WayFacts> {
        self.ways.iter().filter(|way| way.unavailable.is_some())
    }
}

/// A call of the rounds that failed.
#[derive(Clone, Debug)]
pub struct Failed {
    /// The way.
    pub way: String,
    /// How it ended.
    pub ended: Ended,
    /// What it told.
    pub tried: Tried,
}

/// What was seen of a way, beside its samples.
#[derive(Clone, Debug)]
pub struct WayFacts {
    /// The way.
    pub arm: Arm,
    /// What it is called in samples.
    pub name: String,
    /// Why it could not be gone at all.
    pub unavailable: Option<Unavailable>,
    /// The protocol that was spoken, as it was negotiated.
    pub negotiated: Option<String>,
    /// Connections that were opened.
    pub opened: u32,
    /// Warm connections that the other side had closed when they were wanted again, each with the
    /// calls that it had carried.
    pub closed_after: Vec<u32>,
    /// How these ended; the first ones.
    pub ends: Vec<Ending>,
    /// What the other side said about HTTP/2.
    pub http2: Option<Http2Told>,
    /// Who passed the answer on, by its `via` header.
    pub via: Option<String>,
}

impl WayFacts {
    /// Nothing so far.
    pub fn new(arm: Arm) -> Self {
        Self {
            arm,
            name: arm.name(),
            unavailable: None,
            negotiated: None,
            opened: 0,
            closed_after: Vec::new(),
            ends: Vec::new(),
            http2: None,
            via: None,
        }
    }

    /// Takes in what was said about HTTP/2 over one more connection.
    pub(super) fn hear(&mut self, told: Option<&Http2Told>) {
        if let Some(told) = told {
            self.http2.get_or_insert_default().add(told);
        }
    }
}

/// Why a way could not be gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// There was no connection, or no whole answer.
    Failed(Failure),
    /// The answer was no success.
    Refused(u16),
    /// It is nothing that can be done here, for this reason.
    Impossible(String),
}

/// What the server picked where HTTP/2 and HTTP/1.1 were offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Negotiated {
    /// `h2`, `http/1.1`; none where it answered no ALPN.
    pub alpn: Option<String>,
    /// Whether the host is one of the provider's.
    pub is_providers: bool,
    /// Whether a proxy was asked for a tunnel.
    pub via_proxy: bool,
    /// Whether the chain is one that only this machine trusts, as that of a box in between is.
    pub private_trust: bool,
    /// The issuer of the certificate.
    pub issuer: String,
    /// What the server picks without the proxy, where that was asked.
    pub directly: Option<Directly>,
}

/// What a server picks without the proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Directly {
    /// This.
    Picks(Option<String>),
    /// There is no way without the proxy, for this reason.
    Unreachable(String),
}

/// Why a run of rounds ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// All rounds were made.
    Done,
    /// The time was over.
    Time,
    /// The budget of requests or tokens was used up.
    Budget,
    /// Several rounds in a row brought no answer at all.
    Silence,
    /// The service refused several calls in a row for their number.
    Quota,
}

//! Clues: the narrow waist. Everything seen, live or pasted, becomes clues, and a known fix matches
//! clues and nothing else.

use super::{Fault, KeyFlaw, KeyKind, LocalFact, Method, Party, Stage, endpoint::HostKind};

/// One thing that was seen.
#[derive(Clone, Debug, PartialEq)]
pub enum Clue {
    /// Who answered over HTTP.
    By(Party),
    /// The HTTP status.
    Status(u16),
    /// The RPC status word: `INVALID_ARGUMENT`.
    Rpc(String),
    /// The machine-readable reason: `API_KEY_INVALID`.
    Reason(String),
    /// A name and value from the error's details: project, service, permission.
    Meta(String, String),
    /// The id of a violated quota.
    QuotaId(String),
    /// The violated limit is zero, so no waiting helps.
    LimitZero,
    /// The server's own idea of when to try again, in milliseconds.
    RetryAfterMs(u64),
    /// A link the error offers.
    Link(String),
    /// A text: the error's message, or the whole text where nothing better is known.
    Message(String),
    /// The step that failed.
    At(Stage),
    /// The kind of trouble on the wire.
    Fault(Fault),
    /// What the key looks like.
    Key(KeyKind),
    /// What is wrong with the key's text.
    Flaw(KeyFlaw),
    /// Something about this machine.
    Local(LocalFact),
    /// Whose host was asked.
    Host(HostKind),
    /// What is odd about the URL.
    Route(RouteFlaw),
    /// What was asked.
    Method(Method),
    /// What is known about the model's name.
    Model(ModelFact),
    /// What a successful or repeated exchange showed.
    Shown(Shown),
    /// The request went through a configured proxy.
    ViaProxy,
    /// The id of the known fix that a fault of a body leads to, seen before anything was sent.
    Foreseen(&'static str),
    /// The code a WebSocket was closed with.
    Closed(u16),
    /// How the credential was sent.
    SentAs(SentAs),
}

/// The way a credential takes in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentAs {
    /// In the `x-goog-api-key` header.
    KeyHeader,
    /// In the URL's query.
    Query,
    /// In `Authorization: Bearer`.
    Bearer,
}

/// Something odd about the URL that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteFlaw {
    /// The API version stands in it twice.
    VersionTwice,
    /// No API version stands in it, or a misspelt one.
    VersionMissing,
    /// A path of the OpenAI-compatible API with a native method behind it.
    OpenAiPath,
    /// The cloud platform's host without a project and location.
    CloudHost,
}

/// What tables, lists and the answer itself say about the model's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelFact {
    /// In this key's list.
    Listed,
    /// Not in this key's list.
    NotListed,
    /// The dated table says that it was shut down.
    Retired,
    /// The dated table does not know it.
    NotInTable,
    /// The dated table says when it will be shut down or routed elsewhere.
    Retiring,
    /// The error names another model than the one asked for.
    OtherNamed,
    /// The error names the very model that was asked for.
    AsAsked,
    /// The list says that it lacks the method.
    LacksMethod,
    /// Not a name at all: blanks, capitals, a doubled prefix, another provider's.
    Malformed,
}

/// What was seen over one or more exchanges that did get an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The answer was cut by the output limit before any text.
    MaxTokensNoText,
    /// A candidate without text, for no stated reason.
    EmptyCandidate,
    /// Blocked by the safety filter.
    BlockedSafety,
    /// Blocked as too close to a source.
    BlockedRecitation,
    /// Blocked as prohibited.
    BlockedProhibited,
    /// The model's tool call did not parse.
    MalformedCall,
    /// No tool call came where one was asked for.
    NoToolCall,
    /// The stream ended without a finish reason.
    StreamCut,
    /// The stream held an error.
    StreamError,
    /// A structured answer was no JSON, or not of the shape that was asked for.
    NotStructured,
    /// JSON of another shape than its schema asks for.
    SchemaBroken,
    /// The JSON stands between the marks of a code block.
    FencedJson,
    /// A schema has words that the API refuses.
    SchemaRefused,
    /// A stream stood still for long.
    StreamStalls,
    /// A stream ended as if it were whole, before the end of what was asked for.
    StreamEndsEarly,
    /// A stream went on after its end.
    ContentAfterEnd,
    /// The list's page token repeats.
    ListLoops,
    /// A page of the list failed after others had come.
    ListCut,
    /// A successful status with a body that is not the API's JSON.
    NotJson,
    /// JSON nested deeper than any answer of the API.
    TooDeep,
    /// An answer that sends the caller elsewhere.
    Redirected,
    /// Another model served than the one asked for.
    Rerouted,
    /// The same call with the same key and name passed at other times.
    PassedToo,
    /// Every one of many calls to a listed name got a "not found".
    NameDown,
    /// A key that should be dead works.
    KeyAlive,
    /// A key that should replace another does not work.
    SuccessorFails,
    /// One address family fails, the other works.
    OneFamilyFails,
    /// Only the operating system's store trusts the chain.
    PrivateTrust,
    /// The certificate hangs on the name in the handshake: another one or none gives another.
    SniDependent,
    /// A small ClientHello is answered, and one larger than a packet is not.
    LargeHelloBroken,
    /// Through the proxy another chain comes than directly.
    ProxyIntercepts,
    /// TCP connects, and each handshake is reset before a byte of an answer.
    ResetInHandshake,
    /// A model is listed, and calls for it fail.
    ListedUnusable,
    /// A model is no longer what it was when it was locked.
    LockNotMet,
    /// No model of the list is what was asked for.
    NoneMatch,
    /// Calls take longer than they did in an earlier run.
    Regressed,
    /// HTTP/2 is required and offered, and the server picks another version.
    Http2NotPicked,
    /// HTTP/2 is required, and nobody answered ALPN.
    NoAlpn,
    /// HTTP/2 is required, and a box in between keeps it away.
    Http2LostBetween,
    /// A protocol is required, and no call can be made over it.
    ProtocolUnavailable,
    /// An HTTP/2 connection may carry one call at a time.
    OneStream,
    /// An HTTP/2 connection may carry only a few calls at a time.
    FewStreams,
    /// HTTP/2 connections are ended after each so many calls.
    EndsHttp2Each,
    /// HTTP/1.1 connections are ended after each so many calls.
    EndsHttp1Each,
    /// Connections are ended once they were idle for some time.
    IdleClose,
    /// Calls get lost over reused connections, and over new ones they do not.
    ReuseRace,
    /// HTTP/2 calls are refused before they are looked at.
    RefusesStreams,
    /// The other side says that the client asks too much of an HTTP/2 connection.
    AsksForCalm,
    /// Bodies wait for the delayed acknowledgement of their head.
    DelayedAck,
    /// The tail of the latencies comes near the caller's own time-out.
    NearTimeout,
    /// Calls end at one round number of seconds.
    RoundTimeout,
    /// The first call takes far longer than all others.
    ColdStart,
    /// A wished rate of calls was not held.
    RateNotHeld,
    /// Calls time out by the size of their input.
    TimeoutsBySize,
    /// Calls time out by the network.
    TimeoutsByNetwork,
    /// Calls time out by the load of the one model.
    TimeoutsByLoad,
    /// The name of a public host leads to an address that is not public.
    ForeignAddress,
    /// A network's sign-in page answers in the place of the host.
    CaptivePortal,
    /// A chain is out of date by this machine's clock, and not by the server's.
    ClockSkew,
    /// This machine's clock differs from the server's, and certificates still hold.
    ClockOff,
    /// A certificate ends sooner than was asked for.
    ExpiresSoon,
    /// A runtime of this machine trusts other roots, and not this chain.
    RuntimeDistrusts,
    /// A long prompt lost a part of itself, and nobody said so.
    InputShortened,
    /// A long prompt was counted whole, and the model did not give all of it back.
    NotRecalled,
    /// Calls fail above a size that is below the model's limit.
    StabilityCeiling,
    /// Calls go to a host that is not the provider's.
    ThirdParty,
    /// Somebody took the details out of the provider's errors.
    DetailsHidden,
    /// An end point of the caller's own that tells its health answers with an error.
    Unhealthy,
}

/// The first message among clues.
pub fn message(clues: &[Clue]) -> Option<&str> {
    clues.iter().find_map(|clue| match clue {
        Clue::Message(text) => Some(text.as_str()),
        _ => None,
    })
}

/// The value of a named detail among clues.
pub fn meta<'a>(clues: &'a [Clue], name: &str) -> Option<&'a str> {
    clues.iter().find_map(|clue| match clue {
        Clue::Meta(key, value) if key == name => Some(value.as_str()),
        _ => None,
    })
}

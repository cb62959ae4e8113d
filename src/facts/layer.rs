//! The closed word lists of a diagnosis: layers, blame, severity, confidence, retry.
//!
//! They are contracts: reports print them, JSON carries them, CI jobs match on them.

use schemars::JsonSchema;
use serde::Serialize;

/// Where a call can break, in the order in which it passes the layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// This machine: files, variables, the key's own text.
    Local,
    /// Turning the host name into addresses.
    Dns,
    /// Reaching an address.
    Tcp,
    /// A configured forward proxy.
    Proxy,
    /// The TLS handshake and the trust in the certificate.
    Tls,
    /// The provider's front end, before the API itself.
    Edge,
    /// Somebody between here and the provider who answers over HTTP.
    Gateway,
    /// Whether the credential is accepted at all.
    Auth,
    /// Whether the accepted credential may do this.
    Permission,
    /// Whether the caller's place may.
    Region,
    /// Rates, credits and caps.
    Quota,
    /// The model's name, version and methods.
    Model,
    /// The body of the request.
    Request,
    /// The provider's servers behind the front end.
    Backend,
    /// An answer that is sent in pieces.
    Stream,
}

impl Layer {
    /// Every layer, in order.
    pub const ALL: [Self; 15] = [
        Self::Local,
        Self::Dns,
        Self::Tcp,
        Self::Proxy,
        Self::Tls,
        Self::Edge,
        Self::Gateway,
        Self::Auth,
        Self::Permission,
        Self::Region,
        Self::Quota,
        Self::Model,
        Self::Request,
        Self::Backend,
        Self::Stream,
    ];

    /// The word reports and JSON use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Dns => "dns",
            Self::Tcp => "tcp",
            Self::Proxy => "proxy",
            Self::Tls => "tls",
            Self::Edge => "edge",
            Self::Gateway => "gateway",
            Self::Auth => "auth",
            Self::Permission => "permission",
            Self::Region => "region",
            Self::Quota => "quota",
            Self::Model => "model",
            Self::Request => "request",
            Self::Backend => "backend",
            Self::Stream => "stream",
        }
    }
}

/// Whose move it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Blame {
    /// The person or program that makes the call.
    Caller,
    /// The provider of the API.
    Provider,
    /// The network between them.
    Path,
    /// A limit or a payment.
    Quota,
    /// The evidence does not say.
    Unknown,
}

impl Blame {
    /// The word reports and JSON use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Provider => "provider",
            Self::Path => "path",
            Self::Quota => "quota",
            Self::Unknown => "unknown",
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Calls fail because of it.
    Error,
    /// Calls work, and it will bite.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The word reports and JSON use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// How sure a diagnosis is; earned by evidence, never assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Other causes give this very evidence too.
    Low,
    /// One likely cause among few.
    Medium,
    /// The evidence names the cause.
    High,
}

impl Confidence {
    /// The word reports and JSON use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Whether the same request can pass later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RetryClass {
    /// It will fail again, always.
    Never,
    /// Once more, at once, on a new connection.
    Once,
    /// After the time the server gave.
    After,
    /// With growing pauses, a few times.
    Backoff,
    /// Elsewhere: another model, build or region.
    Failover,
    /// After the fix.
    FixFirst,
}

impl RetryClass {
    /// The word reports and JSON use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Once => "once",
            Self::After => "after",
            Self::Backoff => "backoff",
            Self::Failover => "failover",
            Self::FixFirst => "fix-first",
        }
    }
}

/// Who does a step of a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The person at the keyboard.
    You,
    /// The owner of the project, its billing or its network.
    Owner,
    /// The provider of the API.
    Provider,
}

impl Who {
    /// The word reports and JSON use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::Owner => "owner",
            Self::Provider => "provider",
        }
    }
}

/// What a run means to a CI job; the exit codes 1 to 6 by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// The caller can fix it.
    Yours,
    /// The arguments or the configuration are wrong.
    Usage,
    /// The provider's side, or temporary.
    Theirs,
    /// The way there is broken or not to be trusted.
    Path,
    /// Nothing could be decided.
    Unknown,
    /// Neither a retry nor a code change helps.
    Quota,
}

impl Class {
    /// The class of a broken layer, unless a known fix says otherwise.
    pub const fn of(layer: Layer) -> Self {
        match layer {
            Layer::Local | Layer::Auth | Layer::Permission | Layer::Model | Layer::Request => {
                Self::Yours
            }
            Layer::Dns | Layer::Tcp | Layer::Proxy | Layer::Tls | Layer::Region => Self::Path,
            Layer::Edge | Layer::Gateway | Layer::Backend | Layer::Stream => Self::Theirs,
            Layer::Quota => Self::Quota,
        }
    }
}

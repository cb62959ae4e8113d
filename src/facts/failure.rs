//! What went wrong on the wire, typed where it happened. A failure is data, not an error of ours.

use schemars::JsonSchema;
use serde::Serialize;

/// The step of one request that did not finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Name to addresses.
    Dns,
    /// Opening the connection.
    Tcp,
    /// Asking a proxy for a tunnel.
    Proxy,
    /// The TLS handshake.
    Tls,
    /// Writing the request.
    Request,
    /// Waiting for status and headers.
    Head,
    /// Reading the body.
    Body,
}

impl Stage {
    /// The word reports and JSON use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Tcp => "tcp",
            Self::Proxy => "proxy",
            Self::Tls => "tls",
            Self::Request => "request",
            Self::Head => "head",
            Self::Body => "body",
        }
    }
}

/// The kind of trouble. Closed: whoever adds one is led by the compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The name does not exist.
    NameNotFound,
    /// The resolver could not say now.
    NameTryAgain,
    /// The resolver failed otherwise.
    NameFailed,
    /// The other side answered "closed".
    Refused,
    /// No route to the network or host.
    Unreachable,
    /// The local machine has no address or port left.
    NoLocalAddress,
    /// The local machine's rules forbid it.
    Forbidden,
    /// Nothing came within the time allowed.
    TimedOut,
    /// The other side reset the connection.
    Reset,
    /// The other side closed the connection too early.
    Closed,
    /// The proxy wants credentials that can be given in its URL (Basic).
    ProxyWantsLogin,
    /// The proxy wants credentials of a kind this program cannot give (NTLM, Negotiate, Digest).
    ProxyWantsOtherLogin,
    /// The proxy said no to the tunnel.
    ProxyRefused,
    /// The proxy's URL names a scheme that is not supported.
    ProxyScheme,
    /// The other side does not speak TLS.
    NotTls,
    /// A fatal alert that says the handshake is refused.
    TlsRefused,
    /// The other side speaks no version of TLS that is new enough.
    TlsTooOld,
    /// No cipher suite is shared.
    TlsNoCipher,
    /// No group for the key exchange is shared.
    TlsNoGroup,
    /// None of the protocols that are offered by ALPN is spoken.
    TlsNoAlpn,
    /// A certificate of the client is demanded.
    TlsWantsCertificate,
    /// The name in the handshake is not one that the other side knows.
    TlsNameRefused,
    /// A fatal alert or a local check that says records are damaged.
    TlsCorrupted,
    /// The certificate's issuer is not trusted.
    CertUnknownIssuer,
    /// The chain ends in a root of somebody in between, which is not trusted.
    CertSelfSigned,
    /// The certificate has expired.
    CertExpired,
    /// The certificate is not valid yet.
    CertNotYetValid,
    /// The certificate is for another name.
    CertWrongName,
    /// The certificate of the issuer was not sent, and has an issuer itself.
    CertMissingIntermediate,
    /// The chain ends at a company's own authority, which is not trusted.
    CertCompanyCa,
    /// The issuer bears the name of a product that looks into TLS.
    CertInspectionProduct,
    /// The issuer bears mitmproxy's name.
    CertMitmproxy,
    /// The issuer is an authority for tests, or one whose key is public.
    CertTestCa,
    /// A trusted authority has the issuer's name and another key.
    CertRecreatedCa,
    /// The certificate signed itself.
    CertSelfSignedLeaf,
    /// The server shows an authority's certificate as its own.
    CertCaAsLeaf,
    /// The name stands in the common name only.
    CertCnOnly,
    /// A key of the chain is too short.
    CertWeakKey,
    /// A signature of the chain rests on a broken digest.
    CertWeakSignature,
    /// A certificate is used for something that it is not for.
    CertWrongUsage,
    /// A certificate cannot be read, or says what verifiers do not understand.
    CertUnreadable,
    /// The certificate was revoked.
    CertRevoked,
    /// The certificate is wrong in another way.
    CertInvalid,
    /// HTTP/2: the stream was reset.
    StreamReset,
    /// HTTP/2: the connection was sent away.
    GoAway,
    /// What came is not HTTP.
    NotHttp,
    /// The headers do not end within the limit.
    HeadersTooLarge,
    /// The body does not end within the limit.
    BodyTooLarge,
    /// The body ended before its announced end.
    BodyCut,
    /// A kind that has no word of its own.
    Other,
}

/// One failure: where, what, and the words of whoever reported it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Failure {
    /// The step that did not finish.
    pub stage: Stage,
    /// The kind of trouble.
    pub fault: Fault,
    /// Specifics for a person: address, alert name, dates, the operating system's words.
    pub detail: String,
}

impl Failure {
    /// A failure with its specifics.
    pub fn new(stage: Stage, fault: Fault, detail: impl Into<String>) -> Self {
        Self { stage, fault, detail: detail.into() }
    }
}

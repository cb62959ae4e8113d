//! What a scenario is: what is wrong with the world, on the server's side and on the client's.
//!
//! Pure data: nothing here opens a socket or touches a file. Every built-in scenario is a `const`
//! in `faults/`; one that somebody wrote in a file is read by `file.rs` into the same type.
//!
//! # Scenario files
//!
//! A scenario can also be written as TOML. Everything but `id` may be left out; what is left out
//! behaves as in a healthy world. This example shows every kind of entry:
//!
//! ```toml
#![doc = include_str!("bodies/example.toml")]
//! ```

use serde::Deserialize;

use super::fault::{Alias, DoorRule, Rule};
use super::google::Cloud;
use super::strict::Strict;
use super::traffic::Traffic;

/// The auth key that every healthy scenario knows. Nobody ever owned it.
pub const AUTH_KEY: &str = "AQ.FAKE-key-for-the-gemini-doctor-simulator-0001";

/// A second good auth key, for scenarios in which two keys quarrel.
pub const OTHER_AUTH_KEY: &str = "AQ.FAKE-key-for-the-gemini-doctor-simulator-0002";

/// A good key of the old standard shape: `AIza` and 35 characters.
pub const STANDARD_KEY: &str = "AIzaFAKE-key-for-the-gemini-doctor-sim1";

/// One way in which the world can be broken, or healthy.
///
/// A scenario lives as long as the program, so that it is plain data that can be copied.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// The name by which it is asked for: the fix's own id, or `id.variant`.
    pub id: &'static str,
    /// What the simulated world does, in one sentence.
    pub summary: &'static str,
    /// The layer at fault, as one word; `-` where nothing is.
    pub layer: &'static str,
    /// The known fix that a diagnosis must show first; none for a healthy world.
    pub fix: Option<&'static str>,
    /// The exit code that the command below must end with.
    pub exit: u8,
    /// The command line it is meant for, as typed in the scratch directory.
    pub command: &'static [&'static str],
    /// What the machine must have for it.
    pub needs: Needs,
    /// The seed to take when nobody asks for another.
    pub seed: u64,
    /// Whether it is one of the ways in which an alias can behave, each of which takes many calls
    /// to be told from the others.
    pub regime: bool,
    /// The simulated milliseconds that each call takes that generates. Nobody waits for them; where
    /// there are any, they alone move the clock that the scenario goes by.
    pub(super) call_ms: u64,
    /// How many addresses the server listens on, one after the other, all on one port.
    pub(super) addresses: u8,
    pub(super) keys: &'static [&'static str],
    pub(super) local: Local,
    pub(super) way: Way,
    pub(super) proxy: Proxy,
    pub(super) identity: Identity,
    pub(super) alpn: Alpn,
    /// Whether a certificate is demanded of the client.
    pub(super) wants_certificate: bool,
    /// Whether the UDP port of the same number is open as well.
    #[cfg_attr(
        not(feature = "http3"),
        expect(dead_code, reason = "a build without HTTP/3 offers none")
    )]
    pub(super) http3: bool,
    /// The status that a call over gRPC gets from a server that does not have it.
    pub(super) without_grpc: Option<u16>,
    /// By how many seconds the `Date` of its answers is ahead of this machine's clock.
    pub(super) date_ahead_s: i64,
    pub(super) page_cap: usize,
    pub(super) doors: &'static [DoorRule],
    pub(super) rules: &'static [Rule],
    pub(super) aliases: &'static [Alias],
    pub(super) traffic: Traffic,
    /// How request bodies are judged.
    pub(super) strict: Strict,
    /// The login of the cloud platform, where the scenario is about one.
    pub(super) cloud: Option<Cloud>,
    /// Somebody who stands in front of the service.
    pub(super) front: Option<Front>,
}

impl Scenario {
    /// A world in which everything works and whose fault, if it gets one, is the fix of that name.
    pub(super) const fn new(
        id: &'static str,
        layer: &'static str,
        exit: u8,
        summary: &'static str,
    ) -> Self {
        Self {
            id,
            summary,
            layer,
            fix: Some(id),
            exit,
            command: &["check-key"],
            needs: Needs::Nothing,
            seed: 1,
            regime: false,
            call_ms: 0,
            addresses: 1,
            keys: &[AUTH_KEY, OTHER_AUTH_KEY, STANDARD_KEY],
            local: Local::KEYED,
            way: Way::Open,
            proxy: Proxy::None,
            identity: Identity::Public,
            alpn: Alpn::Both,
            wants_certificate: false,
            http3: true,
            without_grpc: None,
            date_ahead_s: 0,
            page_cap: 1000,
            doors: &[],
            rules: &[],
            aliases: &[],
            traffic: Traffic::PLAIN,
            strict: Strict::USUAL,
            cloud: None,
            front: None,
        }
    }

    pub(super) const fn fix(self, fix: &'static str) -> Self {
        Self { fix: Some(fix), ..self }
    }

    pub(super) const fn no_fix(self) -> Self {
        Self { fix: None, ..self }
    }

    pub(super) const fn command(self, command: &'static [&'static str]) -> Self {
        Self { command, ..self }
    }

    pub(super) const fn needs(self, needs: Needs) -> Self {
        Self { needs, ..self }
    }

    pub(super) const fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    pub(super) const fn regime(self) -> Self {
        Self { regime: true, ..self }
    }

    pub(super) const fn call_ms(self, call_ms: u64) -> Self {
        Self { call_ms, ..self }
    }

    pub(super) const fn addresses(self, addresses: u8) -> Self {
        Self { addresses, ..self }
    }

    pub(super) const fn local(self, local: Local) -> Self {
        Self { local, ..self }
    }

    pub(super) const fn way(self, way: Way) -> Self {
        Self { way, ..self }
    }

    pub(super) const fn proxy(self, proxy: Proxy) -> Self {
        Self { proxy, ..self }
    }

    pub(super) const fn identity(self, identity: Identity) -> Self {
        Self { identity, ..self }
    }

    pub(super) const fn alpn(self, alpn: Alpn) -> Self {
        Self { alpn, ..self }
    }

    pub(super) const fn wants_certificate(self) -> Self {
        Self { wants_certificate: true, ..self }
    }

    pub(super) const fn date_ahead_s(self, date_ahead_s: i64) -> Self {
        Self { date_ahead_s, ..self }
    }

    pub(super) const fn page_cap(self, page_cap: usize) -> Self {
        Self { page_cap, ..self }
    }

    pub(super) const fn doors(self, doors: &'static [DoorRule]) -> Self {
        Self { doors, ..self }
    }

    pub(super) const fn rules(self, rules: &'static [Rule]) -> Self {
        Self { rules, ..self }
    }

    pub(super) const fn aliases(self, aliases: &'static [Alias]) -> Self {
        Self { aliases, ..self }
    }

    /// A server that knows HTTP/1.1 alone does not know HTTP/3 either.
    #[cfg(feature = "http3")]
    pub(super) fn offers_http3(&self) -> bool {
        self.http3 && matches!(self.alpn, Alpn::Both | Alpn::Http2)
    }

    pub(super) const fn traffic(self, traffic: Traffic) -> Self {
        Self { traffic, ..self }
    }

    /// Every body that is refused is refused with the one sentence that names nothing.
    pub(super) const fn bare(self) -> Self {
        Self { strict: Strict { bare: true, ..self.strict }, ..self }
    }

    /// The schemas of a request may have so many states together.
    pub(super) const fn states(self, states: u64) -> Self {
        Self { strict: Strict { states, ..self.strict }, ..self }
    }

    /// The machine has a login for the cloud platform and no key.
    pub(super) const fn cloud(self, cloud: Cloud) -> Self {
        Self { cloud: Some(cloud), local: Local::BARE, ..self }
    }

    /// Whether its machine has what the cloud platform takes, and nothing for another API.
    pub fn is_of_cloud(&self) -> bool {
        self.cloud.is_some()
    }

    /// No key is known to the server.
    pub(super) const fn unknown_key(self) -> Self {
        Self { keys: &[], ..self }
    }

    /// Behind somebody at a host that is not Google's, with a certificate of its own.
    pub(super) const fn behind(self, front: Front) -> Self {
        Self { front: Some(front), ..self }.elsewhere()
    }

    /// At a host that is not Google's, with a certificate of its own.
    pub(super) const fn elsewhere(self) -> Self {
        self.local(Local::base_url("https://gateway.example")).identity(Identity::Gateway)
    }

    /// Whether both address families must lead to the server.
    pub(super) fn asks_for_ipv6(&self) -> bool {
        self.needs == Needs::Ipv6 && self.way == Way::Open
    }

    /// The machine holds the old standard key instead of an auth key.
    pub(super) const fn with_standard_key(self) -> Self {
        self.local(Local::variables(&[("GEMINI_API_KEY", STANDARD_KEY)]))
    }
}

/// What a machine must have before a scenario can show what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Any machine will do.
    Nothing,
    /// `::1` can be listened on.
    Ipv6,
    /// File modes and a `sh`.
    Unix,
    /// The `git` program.
    Git,
    /// A kernel that drops what does not fit into a full listen queue, and takes all of 127.0.0.0/8
    /// for this machine.
    Linux,
}

impl Needs {
    /// Whether this machine has it.
    pub fn met(self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Ipv6 => std::net::TcpListener::bind("[::1]:0").is_ok(),
            Self::Unix => cfg!(unix),
            Self::Linux => cfg!(target_os = "linux"),
            Self::Git => super::client_side::git_is_here(),
        }
    }
}

/// The client's side: what the tool must find in place of the machine's own settings.
#[derive(Clone, Copy, Debug)]
pub struct Local {
    pub(super) base_url: Option<&'static str>,
    pub(super) variables: &'static [(&'static str, &'static str)],
    pub(super) files: &'static [File],
    pub(super) git: Git,
    pub(super) config_file: Option<&'static str>,
    pub(super) key_file: Option<&'static str>,
    pub(super) key_command: Option<&'static str>,
}

impl Local {
    /// Nothing is set and the directory is empty.
    pub(super) const BARE: Self = Self {
        base_url: None,
        variables: &[],
        files: &[],
        git: Git::None,
        config_file: None,
        key_file: None,
        key_command: None,
    };

    /// A good key is in the variable where everybody keeps it.
    pub(super) const KEYED: Self = Self::variables(&[("GEMINI_API_KEY", AUTH_KEY)]);

    pub(super) const fn variables(variables: &'static [(&'static str, &'static str)]) -> Self {
        Self { variables, ..Self::BARE }
    }

    pub(super) const fn files(files: &'static [File]) -> Self {
        Self { files, ..Self::BARE }
    }

    pub(super) const fn base_url(base_url: &'static str) -> Self {
        Self { base_url: Some(base_url), ..Self::KEYED }
    }
}

/// One entry of the scratch directory.
#[derive(Clone, Copy, Debug)]
pub struct File {
    pub(super) name: &'static str,
    pub(super) content: Content,
    /// Unix permission bits; other systems keep their default.
    pub(super) mode: u32,
}

impl File {
    /// A text that only its owner may read.
    pub(super) const fn private(name: &'static str, text: &'static str) -> Self {
        Self { name, content: Content::Bytes(text.as_bytes()), mode: 0o600 }
    }
}

/// What lies at a name in the scratch directory.
#[derive(Clone, Copy, Debug)]
pub enum Content {
    /// A file with these bytes.
    Bytes(&'static [u8]),
    /// A directory where a file was expected.
    Directory,
    /// The key file of a service account that nobody has, made of chance.
    ServiceAccount,
}

/// What git knows of the scratch directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Git {
    /// It is no repository.
    #[default]
    None,
    /// A repository that neither tracks nor ignores its `.env`.
    Untracked,
    /// A repository that tracks all of it.
    Tracked,
}

/// How far the client gets on its way to the server, before a byte is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The names lead to the simulator.
    #[default]
    Open,
    /// The name does not exist.
    NotFound,
    /// The resolver asks to try again.
    TryAgain,
    /// The resolver fails for good.
    Failed,
    /// The resolver never answers.
    Never,
    /// The name leads to a port where nobody listens.
    Refused,
    /// The name leads to a listener whose queue is full.
    Full,
    /// Two addresses: the IPv6 one refuses, the IPv4 one works.
    Ipv6Refused,
}

/// Somebody who stands in front of the service, and answers in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front {
    /// Passes everything on as it is, without the marks of Google's servers.
    Relay,
    /// Passes answers on, and of errors the sentence alone, with a status of its own.
    Stripping,
    /// Speaks OpenAI's API, and the native one where models answer, in the manner of LiteLLM.
    Translating,
}

/// The proxy that the machine "has configured".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proxy {
    /// There is none.
    None,
    /// A proxy that tunnels to the simulator.
    Works,
    /// The same, but it thinks for so many milliseconds first.
    Slow(u64),
    /// 407 with Basic, until user and password are right.
    Basic,
    /// 407 with NTLM and Negotiate.
    Ntlm,
    /// 403 to every tunnel, with a page.
    Refuses,
    /// It takes TLS apart: a certificate comes through it that it made itself.
    Intercepts,
    /// Its URL leads to a port where nobody listens.
    Closed,
    /// Its URL, word for word.
    Url(&'static str),
}

/// Which certificate the server shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Identity {
    /// A good one, from the simulated public CA.
    #[default]
    Public,
    /// From a CA that looks public and that nobody trusts.
    UnknownCa,
    /// From a company's inspection CA that nobody on this machine trusts.
    Inspection,
    /// The same, but the system's store trusts it.
    InspectionTrusted,
    /// For another host.
    WrongName,
    /// For a gateway's host alone.
    Gateway,
    /// Ran out last week.
    Expired,
    /// Valid from next week.
    NotYetValid,
    /// A good one, without the intermediate that it needs.
    MissingIntermediate,
    /// From a company's root that nobody on this machine trusts.
    CompanyCa,
    /// From an authority that bears the name of an inspection product.
    Product,
    /// From an authority that bears mitmproxy's name.
    Mitmproxy,
    /// From an authority that bears the name of a development tool.
    TestCa,
    /// From an authority that has the name of the public CA and another key.
    RecreatedCa,
    /// Signed by itself.
    SelfSigned,
    /// An authority's own, from the public CA.
    CaAsLeaf,
    /// Its host stands in the common name only.
    CnOnly,
    /// From an intermediate with an RSA key of 1024 bits.
    WeakKey,
    /// Signed with SHA-1.
    WeakSignature,
    /// For clients only.
    ForClients,
    /// With a critical extension that nobody knows.
    UnknownExtension,
    /// Revoked, as the answer says that is stapled to it.
    Revoked,
}

/// The protocols that the server offers in the TLS handshake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alpn {
    /// HTTP/2 and HTTP/1.1.
    #[default]
    Both,
    /// HTTP/2 only.
    #[serde(rename = "h2")]
    Http2,
    /// HTTP/1.1 only.
    #[serde(rename = "http/1.1")]
    Http1,
    /// A protocol that is not HTTP.
    Other,
    /// The extension is not answered at all.
    #[serde(rename = "none")]
    Silent,
}

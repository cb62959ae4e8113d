//! Credentials of the cloud platform: what a file of them shows, and the requests by which a token is had.
//!
//! Reads texts and answers, signs, and sends nothing. No text that it makes for people holds a secret.

mod claims;
mod file;
mod pem;
mod step;
#[cfg(test)]
mod tests;

use std::{net::IpAddr, path::PathBuf};

use crate::{
    facts::{Endpoint, endpoint::HostKind},
    secret::ApiKey,
};

pub use claims::{Purpose, sign};
pub use file::{KeyLook, Shape, is_address, not_from_a_file, read};
pub use step::{Granted, Refused, Step, StepKind, date};

/// What may be done with a token: everything that the login's roles allow.
pub const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";
/// Where tokens are given out, where a file does not say.
pub const TOKEN_URI: &str = "https://oauth2.googleapis.com/token";

/// What a token can be had from.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// A service account's own key.
    ServiceAccount(ServiceAccount),
    /// A person's login.
    User(User),
    /// Somebody whom another provider vouches for.
    External(Box<External>),
    /// A service account that another credential stands in for.
    Impersonated(Impersonated),
    /// The service account of this machine.
    Metadata,
}

impl Credentials {
    /// The pool of workloads and the provider in it that vouch, where the audience names them.
    pub fn pool(&self) -> Option<(String, String)> {
        let Self::External(external) = self else { return None };
        let (_, rest) = external.audience.split_once("/workloadIdentityPools/")?;
        let (pool, rest) = rest.split_once("/providers/")?;
        let provider = rest.split('/').next().filter(|provider| !provider.is_empty())?;
        Some((pool.to_owned(), provider.to_owned()))
    }
}

/// A service account with a key.
#[derive(Clone, Debug)]
pub struct ServiceAccount {
    /// Its address.
    pub email: String,
    /// The key's id.
    pub key_id: Option<String>,
    /// The private key as PEM.
    pub key: ApiKey,
    /// Where it exchanges a signed statement for a token.
    pub token_uri: Url,
}

/// A person's login.
#[derive(Clone, Debug)]
pub struct User {
    /// The program that was logged in to.
    pub client_id: String,
    /// That program's secret.
    pub client_secret: ApiKey,
    /// What stands for the login.
    pub refresh_token: ApiKey,
    /// Where it is exchanged for a token.
    pub token_uri: Url,
}

/// Somebody whom another provider vouches for.
#[derive(Clone, Debug)]
pub struct External {
    /// The pool and provider that know the other side.
    pub audience: String,
    /// What kind of proof is shown.
    pub subject_token_type: String,
    /// Where the proof is exchanged for a token.
    pub token_url: Url,
    /// Where the proof comes from.
    pub source: Source,
    /// The service account to go on as.
    pub impersonation: Option<Url>,
    /// The project that a workforce's calls are counted for.
    pub user_project: Option<String>,
}

/// Where the proof of an external account comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A file; its text where it was read.
    File {
        /// The file.
        path: PathBuf,
        /// The member of its JSON, where it is JSON.
        field: Option<String>,
        /// What stood in it, or why it could not be read.
        text: Option<Result<ApiKey, String>>,
    },
    /// An answer.
    Url {
        /// Who is asked.
        url: Url,
        /// With these headers, whose values may be secrets.
        headers: Vec<(String, ApiKey)>,
        /// The member of its JSON, where it is JSON.
        field: Option<String>,
    },
    /// A way that this program does not go, in a few words.
    NotFollowed(&'static str),
}

/// A service account that another credential stands in for.
#[derive(Clone, Debug)]
pub struct Impersonated {
    /// Where a token of it is given out.
    pub url: Url,
    /// Its address.
    pub target: String,
    /// Those in between.
    pub delegates: Vec<String>,
    /// The credential that stands in.
    pub source: Box<Credentials>,
}

/// A URL that something is sent to, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// Host, port and path.
    pub endpoint: Endpoint,
    /// The query with its mark; empty for none.
    pub query: String,
}

impl Url {
    /// Takes a URL apart. The error is a fragment.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (url, query) = match text.split_once('?') {
            Some((url, query)) => (url, format!("?{query}")),
            None => (text, String::new()),
        };
        if !query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#') {
            return Err("its query cannot stand in a request".to_owned());
        }
        Ok(Self { endpoint: Endpoint::parse(url, "")?, query })
    }

    /// The whole of it.
    pub fn text(&self) -> String {
        format!("{}{}", self.endpoint.base_url(), self.query)
    }

    /// Whether secrets may go there: the provider's own hosts over TLS, and this machine.
    pub fn is_the_providers(&self) -> bool {
        let of_accounts = self.endpoint.host == "accounts.google.com";
        match self.endpoint.host_kind() {
            HostKind::Loopback => self.is_of_this_machine(),
            HostKind::Developer | HostKind::Cloud | HostKind::Provider => self.endpoint.secure,
            HostKind::Other => of_accounts && self.endpoint.secure,
        }
    }

    /// Whether it leads to this machine. A name such as `x.localhost` may lead anywhere.
    pub fn is_of_this_machine(&self) -> bool {
        let host = self.endpoint.host.as_str();
        host == "localhost" || self.address().is_some_and(|address| address.is_loopback())
    }

    /// Whether it leads to a metadata server by its address, which no router passes on.
    fn is_link_local(&self) -> bool {
        self.address().is_some_and(|address| match address {
            IpAddr::V4(address) => address.is_link_local(),
            // The second one is how a cloud writes its metadata server's address.
            IpAddr::V6(address) => {
                address.is_unicast_link_local() || address.segments()[..2] == [0xfd00, 0x0ec2]
            }
        })
    }

    fn address(&self) -> Option<IpAddr> {
        self.endpoint.host.trim_matches(['[', ']']).parse().ok()
    }

    /// Why no proof may be asked for there with these headers, each of which may be a secret.
    fn refusal_of_proof<'h>(&self, headers: impl IntoIterator<Item = &'h str>) -> Option<String> {
        const HARMLESS: [&str; 3] = ["metadata", "metadata-flavor", "accept"];
        let host = &self.endpoint.host;
        if self.endpoint.secure || self.is_of_this_machine() {
            return None;
        }
        if !self.is_link_local() {
            return Some(format!(
                "leads to {host} without TLS: anybody on the way reads the proof"
            ));
        }
        let is_harmless = |name: &&str| HARMLESS.iter().any(|one| name.eq_ignore_ascii_case(one));
        let has_secrets = !headers.into_iter().all(|name| is_harmless(&name));
        has_secrets
            .then(|| format!("leads to {host} without TLS, with headers that may be secrets"))
    }
}

impl Credentials {
    /// Every URL that getting a token may lead to, whatever comes of it.
    pub fn urls(&self) -> Vec<&Url> {
        match self {
            Self::ServiceAccount(account) => vec![&account.token_uri],
            Self::User(user) => vec![&user.token_uri],
            Self::External(external) => external.urls(),
            Self::Impersonated(impersonated) => {
                let mut urls = impersonated.source.urls();
                urls.push(&impersonated.url);
                urls
            }
            Self::Metadata => Vec::new(),
        }
    }

    /// Why this program cannot get a token from it; nothing where it can.
    pub fn not_followed(&self) -> Option<&'static str> {
        match self {
            Self::External(external) => match &external.source {
                Source::NotFollowed(why) => Some(why),
                Source::File { .. } | Source::Url { .. } => None,
            },
            Self::Impersonated(impersonated) => impersonated.source.not_followed(),
            Self::ServiceAccount(_) | Self::User(_) | Self::Metadata => None,
        }
    }

    /// The proof's file, to be read by somebody who may.
    pub fn subject_file(&mut self) -> Option<&mut Source> {
        match self {
            Self::External(external) => match &external.source {
                Source::File { .. } => Some(&mut external.source),
                Source::Url { .. } | Source::NotFollowed(_) => None,
            },
            Self::Impersonated(impersonated) => impersonated.source.subject_file(),
            Self::ServiceAccount(_) | Self::User(_) | Self::Metadata => None,
        }
    }
}

impl External {
    fn urls(&self) -> Vec<&Url> {
        let of_source = match &self.source {
            Source::Url { url, .. } => Some(url),
            Source::File { .. } | Source::NotFollowed(_) => None,
        };
        of_source.into_iter().chain([&self.token_url]).chain(&self.impersonation).collect()
    }
}

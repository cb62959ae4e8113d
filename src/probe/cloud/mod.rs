//! The cloud platform's stages: the login's file, a token for it, and what the API says of project, location,
//! roles and quota. Asks and records; what it means is judged elsewhere.

mod local;
mod stages;
mod token;

pub use local::{local_rows, offline_row};
pub(super) use stages::{list, quota_question, run, why_refused};
pub(super) use token::obtain;

use crate::{
    facts::{Clue, KeyKind, LocalFact},
    gemini::credentials::{Credentials, Shape},
    net::proxy::ProxyChoice,
};

/// What is known of a login before anything is asked.
#[derive(Clone, Debug)]
pub struct CloudPlan {
    /// Where the file is, in words; `None` where there is none.
    pub origin: Option<String>,
    /// Whether a file was named, so that nothing stands in for it.
    pub is_named: bool,
    /// The places that were looked at.
    pub places: Vec<String>,
    /// What was noticed there.
    pub notes: Vec<(LocalFact, String)>,
    /// What the file shows, or that the machine itself vouches.
    pub shape: Option<Shape>,
    /// `host` or `host:port` of the metadata server.
    pub metadata_host: String,
    /// The project, and who says so.
    pub project: Option<Said>,
    /// The location, and who says so.
    pub location: Said,
    /// The project whose quota counts, and who says so.
    pub quota_project: Option<Said>,
    /// The model, where one was named.
    pub model: Option<String>,
    /// Whether a machine that has no login at all is content to be skipped.
    pub skip_without_login: bool,
    /// Whether a service account asks the token endpoint, in place of a statement of its own.
    pub asks_endpoint: bool,
    /// The proxy to each host that a token may come from.
    pub proxies: Vec<(String, ProxyChoice)>,
}

/// A value with who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The value.
    pub value: String,
    /// Who says so.
    pub by: String,
}

impl CloudPlan {
    /// Where the login is, in words; none where a file was named and cannot be used.
    pub fn words(&self) -> Option<String> {
        let machine = (!self.is_named).then(|| self.metadata_host.clone());
        self.origin.clone().or(machine)
    }

    /// What a token is had from.
    pub fn credentials(&self) -> Option<&Credentials> {
        self.shape.as_ref()?.credentials.as_ref()
    }

    /// The kind of the login.
    pub fn kind(&self) -> KeyKind {
        self.shape.as_ref().map_or(KeyKind::None, |shape| shape.kind)
    }

    /// The most steps that getting a token takes.
    pub fn most_steps(&self) -> u32 {
        match self.credentials() {
            None => 0,
            Some(Credentials::ServiceAccount(_)) => 1,
            Some(Credentials::User(_)) => 1,
            Some(Credentials::External(_) | Credentials::Impersonated(_)) => 3,
            Some(Credentials::Metadata) => 3,
        }
    }

    fn proxy_to(&self, host: &str) -> ProxyChoice {
        let found = self.proxies.iter().find(|(name, _)| name == host);
        found.map_or(ProxyChoice::None, |(_, proxy)| proxy.clone())
    }

    /// What fills the gaps of a fix: whom to grant a role, and in which project.
    pub fn named(&self) -> Vec<Clue> {
        let member = self.shape.as_ref().and_then(|shape| shape.member.clone());
        let project = self.project.as_ref().map(|project| project.value.clone());
        let own = self.shape.as_ref().and_then(|shape| shape.project.clone());
        let own = own.filter(|own| Some(own) != project.as_ref());
        let pool = self.credentials().and_then(Credentials::pool);
        let (pool, provider) = pool.unzip();
        let named = [("member", member), ("project", project), ("own_project", own)];
        named
            .into_iter()
            .chain([("pool", pool), ("provider", provider)])
            .filter_map(|(name, value)| Some(Clue::Meta(name.to_owned(), value?)))
            .chain([Clue::Meta("location".to_owned(), self.location.value.clone())])
            .chain([Clue::Key(self.kind())])
            .collect()
    }
}

//! Where requests go: the base URL, taken apart, and what its shape says.

use super::clue::{Clue, RouteFlaw};

/// The API's own base URL.
pub const DEFAULT_BASE_URL: &str = "https://generativelanguage.googleapis.com";
/// The API version asked unless another is named.
pub const DEFAULT_API_VERSION: &str = "v1beta";

/// A base URL with an API version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Whether TLS is spoken.
    pub secure: bool,
    /// The host name or address, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The base URL's path, without a slash at its end; empty for none.
    pub prefix: String,
    /// The API version; empty for none.
    pub api_version: String,
    /// What is spoken there.
    pub api: Api,
}

/// Which of the ways to the models is spoken at a URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Api {
    /// The Developer API's own routes, with a key.
    #[default]
    Gemini,
    /// The cloud platform's routes in a project and a location, with an access token.
    Vertex {
        /// The project's id.
        project: String,
        /// `global`, `us`, `eu` or a region.
        location: String,
        /// The project whose quota counts, where it is another's than the login's own.
        quota_project: Option<String>,
    },
    /// The cloud platform's routes without a project, with a key.
    Express,
    /// The routes of OpenAI's API, with a key as its bearer token.
    OpenAi,
}

impl Api {
    /// The word of JSON and of `--api`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Gemini => "gemini",
            Self::Vertex { .. } => "vertex",
            Self::Express => "express",
            Self::OpenAi => "openai",
        }
    }

    /// What stands for the caller there, in words.
    pub const fn credential(&self) -> &'static str {
        match self {
            Self::Vertex { .. } => "the access token",
            Self::Gemini | Self::Express | Self::OpenAi => "the key",
        }
    }
}

/// Whose host it is, by its name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostKind {
    /// The Developer API.
    Developer,
    /// The cloud platform's API.
    Cloud,
    /// Another host of the provider.
    Provider,
    /// This machine.
    Loopback,
    /// Somebody else.
    Other,
}

impl Endpoint {
    /// Takes a base URL apart. The error is a fragment that says what is wrong with it.
    pub fn parse(base_url: &str, api_version: &str) -> Result<Self, String> {
        let uri: http::Uri = base_url.parse().map_err(|error| format!("{error}"))?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            Some(other) => return Err(format!("its scheme is {other:?}, not https or http")),
            None => return Err("it has no scheme; write https://host".to_owned()),
        };
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err("it holds a user name or password".to_owned());
        }
        if uri.query().is_some() {
            return Err("it has a query; keys do not belong into URLs".to_owned());
        }
        if has_bad_port(&uri) {
            return Err("its port is no number up to 65535".to_owned());
        }
        let host = uri.host().filter(|host| !host.is_empty()).ok_or("it names no host")?;
        Ok(Self {
            secure,
            host: host.trim_matches(['[', ']']).to_ascii_lowercase(),
            port: uri.port_u16().unwrap_or(if secure { 443 } else { 80 }),
            prefix: uri.path().trim_end_matches('/').to_owned(),
            api_version: api_version.trim_matches('/').to_owned(),
            api: Api::Gemini,
        })
    }

    /// What is known of every call to it: whose host it is, and the URL with TLS where it is meant without.
    pub fn clues(&self) -> Vec<Clue> {
        let secure = || Self { secure: true, ..self.clone() }.base_url();
        let plain = (!self.secure).then(|| Clue::Meta("secure_url".to_owned(), secure()));
        std::iter::once(Clue::Host(self.host_kind())).chain(plain).collect()
    }

    /// Whether the cloud platform is asked, with a project or without.
    pub fn is_cloud(&self) -> bool {
        matches!(self.api, Api::Vertex { .. } | Api::Express)
    }

    /// The version by which a body is made: the cloud platform's first one knows every field.
    pub fn body_version(&self) -> &str {
        if self.is_cloud() { DEFAULT_API_VERSION } else { &self.api_version }
    }

    /// Takes the base URL of an OpenAI client apart. With a path it is meant as it stands, as those clients
    /// mean it; without one it gets the path that is usual there. A version goes before what is usual.
    pub fn parse_openai(base_url: &str, api_version: Option<&str>) -> Result<Self, String> {
        let mut endpoint = Self::parse(base_url, "")?.speaking(Api::OpenAi);
        let typed = endpoint.prefix.trim_end_matches("/chat/completions").trim_end_matches('/');
        let googles = endpoint.is_googles();
        endpoint.prefix = match (typed, api_version) {
            ("", Some(version)) if googles => format!("/{version}/openai"),
            ("", Some("")) => String::new(),
            ("", Some(version)) => format!("/{version}"),
            ("", None) if googles => format!("/{DEFAULT_API_VERSION}/openai"),
            ("", None) => "/v1".to_owned(),
            // The native URL with its version: the compatible routes lie below it.
            (path, _) if googles && path.rsplit('/').next().is_some_and(is_version) => {
                format!("{path}/openai")
            }
            (path, _) => path.to_owned(),
        };
        Ok(endpoint)
    }

    /// Whether the host is the provider's own.
    pub fn is_googles(&self) -> bool {
        match self.host_kind() {
            HostKind::Developer | HostKind::Cloud | HostKind::Provider => true,
            HostKind::Loopback | HostKind::Other => false,
        }
    }

    /// The same URL, where another way is spoken.
    #[must_use]
    pub fn speaking(self, api: Api) -> Self {
        Self { api, ..self }
    }

    /// `https://host[:port][/prefix]`.
    pub fn base_url(&self) -> String {
        format!("{}{}", self.origin(), self.prefix)
    }

    /// `https://host[:port]`.
    pub fn origin(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.authority())
    }

    /// `host[:port]`, with brackets round an IPv6 address.
    pub fn authority(&self) -> String {
        let host =
            if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let usual = if self.secure { 443 } else { 80 };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }

    /// The whole path of a resource such as `models` or `models/x:countTokens`.
    pub fn path(&self, resource: &str) -> String {
        match self.api_version.as_str() {
            "" => format!("{}/{resource}", self.prefix),
            version => format!("{}/{version}/{resource}", self.prefix),
        }
    }

    /// Whose host it is.
    pub fn host_kind(&self) -> HostKind {
        let host = self.host.as_str();
        if host == "generativelanguage.googleapis.com" {
            HostKind::Developer
        } else if host.ends_with("aiplatform.googleapis.com") || is_cloud_multi_region(host) {
            HostKind::Cloud
        } else if host == "googleapis.com" || host.ends_with(".googleapis.com") {
            HostKind::Provider
        } else if is_loopback(host) {
            HostKind::Loopback
        } else {
            HostKind::Other
        }
    }

    /// What is odd about the URL, if anything is.
    pub fn flaw(&self) -> Option<RouteFlaw> {
        // Where OpenAI's API is spoken, anybody may have put it anywhere.
        if self.api == Api::OpenAi {
            return None;
        }
        let versions = self.path("models").split('/').filter(|segment| is_version(segment)).count();
        if self.prefix.split('/').any(|segment| segment == "openai") {
            Some(RouteFlaw::OpenAiPath)
        } else if versions > 1 {
            Some(RouteFlaw::VersionTwice)
        } else if self.host_kind() == HostKind::Cloud && self.api == Api::Gemini {
            Some(RouteFlaw::CloudHost)
        } else if versions == 0 || self.prefix.split('/').any(is_misspelt_version) {
            Some(RouteFlaw::VersionMissing)
        } else {
            None
        }
    }
}

/// What is odd about the whole path of a request to a host, if anything is.
pub fn flaw_of_request(kind: HostKind, path: &str) -> Option<RouteFlaw> {
    let segments = || path.split('/').filter(|segment| !segment.is_empty());
    let versions = segments().filter(|segment| is_version(segment)).count();
    let native = path.contains("/models/") && path.contains(':');
    let compatible = path.ends_with("/chat/completions") || path.ends_with("/embeddings");
    let openai = segments().any(|segment| segment == "openai");
    let ours = matches!(kind, HostKind::Developer | HostKind::Cloud);
    if (native && (openai || path.contains("/chat/completions"))) || (compatible && !openai && ours)
    {
        Some(RouteFlaw::OpenAiPath)
    } else if versions > 1 {
        Some(RouteFlaw::VersionTwice)
    } else if kind == HostKind::Cloud
        && !path.contains("/projects/")
        && !path.contains("/publishers/")
    {
        Some(RouteFlaw::CloudHost)
    } else if ours && (native || openai) && versions == 0 {
        Some(RouteFlaw::VersionMissing)
    } else {
        None
    }
}

/// The library reads a port that is none as no port.
fn has_bad_port(uri: &http::Uri) -> bool {
    let authority = uri.authority().map(http::uri::Authority::as_str).unwrap_or_default();
    let after_host = authority.rsplit(']').next().unwrap_or_default();
    let port = after_host.split_once(':').map(|(_, port)| port);
    port.is_some_and(|port| port.parse::<u16>().is_err())
}

/// Whether a segment of a path is an API version: `v1`, `v1beta`, `v1alpha`, `v1beta2`.
fn is_version(segment: &str) -> bool {
    let Some(rest) = segment.strip_prefix('v') else { return false };
    let letters = rest.trim_start_matches(|character: char| character.is_ascii_digit());
    let stage = letters.trim_end_matches(|character: char| character.is_ascii_digit());
    rest.len() > letters.len() && matches!(stage, "" | "beta" | "alpha" | "main")
}

/// Whether a segment was probably meant as a version: `vibeta`, `beta1`.
fn is_misspelt_version(segment: &str) -> bool {
    !is_version(segment) && (segment.contains("beta") || segment.contains("alpha"))
}

fn is_cloud_multi_region(host: &str) -> bool {
    host.starts_with("aiplatform.") && host.ends_with(".rep.googleapis.com")
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(base_url: &str) -> Endpoint {
        Endpoint::parse(base_url, "v1beta").expect("a good URL")
    }

    #[test]
    fn the_default_is_the_developer_api() {
        let endpoint = parse(DEFAULT_BASE_URL);
        assert_eq!(endpoint.base_url(), DEFAULT_BASE_URL);
        assert_eq!(endpoint.path("models"), "/v1beta/models");
        assert_eq!((endpoint.host_kind(), endpoint.flaw()), (HostKind::Developer, None));
    }

    #[test]
    fn odd_routes_are_named() {
        let flaw = |url| parse(url).flaw();
        assert_eq!(flaw("https://h/v1beta"), Some(RouteFlaw::VersionTwice));
        assert_eq!(flaw("https://h/v1beta/openai/"), Some(RouteFlaw::OpenAiPath));
        assert_eq!(flaw("https://aiplatform.googleapis.com"), Some(RouteFlaw::CloudHost));
        assert_eq!(flaw("https://eu.example/gemini/"), None);
        assert_eq!(flaw("https://h/vibeta"), Some(RouteFlaw::VersionMissing));
        let bare = Endpoint::parse("https://h", "").expect("a good URL");
        assert_eq!(bare.flaw(), Some(RouteFlaw::VersionMissing));
    }

    #[test]
    fn an_openai_clients_base_url_is_meant_as_it_stands() {
        for (url, version, path) in [
            ("http://gw:4000", None, "/v1/models"),
            ("http://gw:4000/", Some("v2"), "/v2/models"),
            ("http://gw:4000", Some(""), "/models"),
            ("http://gw:4000/v1", None, "/v1/models"),
            ("http://gw:4000/v1/chat/completions", None, "/v1/models"),
            ("http://gw:4000/v1beta/openai/", None, "/v1beta/openai/models"),
            ("https://gw.example/acct/gateway/compat", None, "/acct/gateway/compat/models"),
            (DEFAULT_BASE_URL, None, "/v1beta/openai/models"),
            (DEFAULT_BASE_URL, Some("v1alpha"), "/v1alpha/openai/models"),
            ("https://generativelanguage.googleapis.com/v1beta", None, "/v1beta/openai/models"),
            (
                "https://generativelanguage.googleapis.com/v1beta/openai/",
                None,
                "/v1beta/openai/models",
            ),
        ] {
            let endpoint = Endpoint::parse_openai(url, version).expect("a good URL");
            assert_eq!(endpoint.path("models"), path, "{url}");
            assert_eq!((endpoint.flaw(), endpoint.api), (None, Api::OpenAi), "{url}");
        }
    }

    #[test]
    fn only_the_providers_hosts_are_googles() {
        for (url, googles) in [
            (DEFAULT_BASE_URL, true),
            ("https://us-central1-aiplatform.googleapis.com", true),
            ("https://generativelanguage.googleapis.com.relay.example", false),
            ("https://generativelanguage-googleapis.com", false),
            ("http://127.0.0.1:4000", false),
        ] {
            assert_eq!(parse(url).is_googles(), googles, "{url}");
        }
    }

    #[test]
    fn impossible_urls_say_why() {
        for (url, word) in [
            ("generativelanguage.googleapis.com", "scheme"),
            ("ftp://h", "ftp"),
            ("https://user:secret@h", "password"),
            ("https://h/?key=abc", "query"),
            ("https://", ""),
            ("https://h:x", "port"),
            ("https://[::1]:99999", "port"),
            ("h t t p", ""),
        ] {
            let why = Endpoint::parse(url, "v1").expect_err(url);
            assert!(why.contains(word), "{url}: {why}");
            assert!(!why.contains("secret") && !why.contains("abc"), "{why}");
        }
    }

    #[test]
    fn addresses_and_ports_are_written_back() {
        assert_eq!(parse("https://[::1]:8443/a/").base_url(), "https://[::1]:8443/a");
        assert_eq!(parse("http://127.0.0.1:80").base_url(), "http://127.0.0.1");
        assert_eq!(parse("http://[::1]").host_kind(), HostKind::Loopback);
    }
}

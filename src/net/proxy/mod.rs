//! Which proxy a connection takes, and the tunnel through it. One choice for every transport.
//!
//! Reads no environment: the variables come as a map. A proxy's login is in its handshake and nowhere else.

mod http_tunnel;
mod socks;

use std::collections::BTreeMap;
use std::fmt;

use hyper_util::client::proxy::matcher::Matcher;
use tokio::io::{AsyncRead, AsyncWrite};

use super::Target;
use crate::facts::{Failure, Fault, Stage};
use crate::secret::ApiKey;

/// The proxy of a connection.
#[derive(Clone, Debug, Default)]
pub enum ProxyChoice {
    /// Straight to the target.
    #[default]
    None,
    /// Through this one.
    Use(ProxyUrl),
}

/// A proxy's URL, taken apart. Shows itself without its login.
#[derive(Clone)]
pub struct ProxyUrl {
    /// How it is spoken to.
    pub scheme: Scheme,
    /// Its host, without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    login: Option<Login>,
}

/// How a proxy is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `CONNECT` in the clear.
    Http,
    /// `CONNECT` over TLS.
    Https,
    /// SOCKS 5, names resolved here.
    Socks5,
    /// SOCKS 5, names resolved by the proxy.
    Socks5h,
    /// Another one, which is not supported.
    Other(String),
}

/// User and password, as they were meant before percent encoding, in the type that cannot show itself.
#[derive(Clone)]
struct Login {
    user: ApiKey,
    password: ApiKey,
}

impl ProxyChoice {
    /// The proxy that variables name for a target, as a map of every variable that is set.
    pub fn from_variables(
        variables: &BTreeMap<String, String>,
        target: &Target,
    ) -> Result<Self, String> {
        let Some((name, url)) = deciding_variable(variables, target.secure) else {
            return Ok(Self::None);
        };
        if is_exempt(variables, target) {
            return Ok(Self::None);
        }
        let parsed = ProxyUrl::parse(url);
        parsed
            .map(Self::Use)
            .map_err(|why| format!("the variable {name} holds no proxy URL: {why}"))
    }

    /// The proxy, if there is one.
    pub fn url(&self) -> Option<&ProxyUrl> {
        match self {
            Self::None => None,
            Self::Use(url) => Some(url),
        }
    }
}

/// The variable that names the proxy: lower case goes first, and an empty one counts as unset.
pub fn deciding_variable(
    variables: &BTreeMap<String, String>,
    secure: bool,
) -> Option<(&'static str, &str)> {
    const FOR_HTTPS: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
    const FOR_HTTP: [&str; 4] = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
    let names = if secure { FOR_HTTPS } else { FOR_HTTP };
    names.into_iter().find_map(|name| Some((name, set(variables, name)?)))
}

/// Whether `NO_PROXY` names the target. A stand-in takes the proxy's place, so that the library
/// which knows the rules of that list never sees a login.
fn is_exempt(variables: &BTreeMap<String, String>, target: &Target) -> bool {
    let list = set(variables, "no_proxy").or_else(|| set(variables, "NO_PROXY"));
    let matcher = Matcher::builder().all("http://stand-in.invalid").no(list.unwrap_or("")).build();
    let uri = target.origin().parse::<http::Uri>();
    uri.is_ok_and(|uri| matcher.intercept(&uri).is_none())
}

fn set<'a>(variables: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
}

impl ProxyUrl {
    /// Takes a URL apart; without a scheme it is an `http://` one. The error never holds the login.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (userinfo, address) = match authority.rsplit_once('@') {
            Some((userinfo, address)) => (Some(userinfo), address),
            None => (None, authority),
        };
        let scheme = Scheme::parse(scheme);
        let address: http::uri::Authority =
            address.parse().map_err(|_| "its host or port is not valid".to_owned())?;
        let port = match &address.as_str()[address.host().len()..] {
            "" | ":" => scheme.usual_port(),
            port => port[1..].parse().map_err(|_| "its port is not valid".to_owned())?,
        };
        let host = address.host().trim_matches(['[', ']']).to_ascii_lowercase();
        if host.is_empty() {
            return Err("it names no host".to_owned());
        }
        Ok(Self { scheme, host, port, login: userinfo.map(Login::parse) })
    }

    /// Whether it is to be given a login.
    pub fn has_login(&self) -> bool {
        self.login.is_some()
    }

    /// What its login must not be shown as.
    pub fn secrets(&self) -> Vec<ApiKey> {
        self.login.as_ref().map(Login::secrets).unwrap_or_default()
    }

    /// Where to connect, as a target of its own.
    pub(super) fn target(&self) -> Target {
        Target { host: self.host.clone(), port: self.port, secure: self.scheme == Scheme::Https }
    }

    /// Its whole URL with the login, for the one client that has to be given it in that form.
    pub(crate) fn with_login(&self) -> ApiKey {
        let address = self.target().address();
        let scheme = self.scheme.word();
        ApiKey::new(match &self.login {
            Some(login) => format!("{scheme}://{}@{address}", login.encoded().expose()),
            None => format!("{scheme}://{address}"),
        })
    }
}

impl fmt::Display for ProxyUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}", self.scheme.word(), self.target().address())
    }
}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let login = if self.login.is_some() { " with a login" } else { "" };
        write!(formatter, "ProxyUrl({self}{login})")
    }
}

impl Scheme {
    fn parse(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "http" => Self::Http,
            "https" => Self::Https,
            "socks5" => Self::Socks5,
            "socks5h" => Self::Socks5h,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The word before `://`.
    pub fn word(&self) -> &str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Socks5 => "socks5",
            Self::Socks5h => "socks5h",
            Self::Other(word) => word,
        }
    }

    fn usual_port(&self) -> u16 {
        match self {
            Self::Http | Self::Other(_) => 80,
            Self::Https => 443,
            Self::Socks5 | Self::Socks5h => 1080,
        }
    }
}

impl Login {
    fn parse(userinfo: &str) -> Self {
        let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
        Self { user: decoded(user), password: decoded(password) }
    }

    /// The pair, as it is sent, and the password by itself. A short word in small letters is not
    /// hidden by itself, since the report's own words would go with it.
    fn secrets(&self) -> Vec<ApiKey> {
        let (user, password) = (self.user.expose(), self.password.expose());
        if password.is_empty() {
            // Some proxies take a token in the user's place; a short name is no secret.
            return Vec::from_iter((user.len() >= 8).then(|| self.user.clone()));
        }
        let pair = ApiKey::new(format!("{user}:{password}"));
        let is_word = password.len() < 8 && password.bytes().all(|byte| byte.is_ascii_lowercase());
        if is_word { vec![pair] } else { vec![pair, self.password.clone()] }
    }

    fn encoded(&self) -> ApiKey {
        let (user, password) = (self.user.expose(), self.password.expose());
        ApiKey::new(format!("{}:{}", percent_encoded(user), percent_encoded(password)))
    }
}

/// Undoes percent encoding; what is no valid escape stays as it is.
fn decoded(text: &str) -> ApiKey {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escape = (byte == b'%').then(|| after.get(..2)).flatten().and_then(hex);
        bytes.push(escape.unwrap_or(byte));
        rest = if escape.is_some() { &after[2..] } else { after };
    }
    ApiKey::new(String::from_utf8_lossy(&bytes).into_owned())
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok()?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(())?;
    u8::from_str_radix(digits, 16).ok()
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// Asks the proxy for a tunnel to the target, over a stream that leads to the proxy.
pub(super) async fn open_tunnel<S: AsyncRead + AsyncWrite + Unpin>(
    proxy: &ProxyUrl,
    target: &Target,
    resolved: Option<std::net::SocketAddr>,
    stream: &mut S,
) -> Result<(), Failure> {
    let login = proxy.login.as_ref();
    match proxy.scheme {
        Scheme::Http | Scheme::Https => http_tunnel::open(target, login, stream).await,
        Scheme::Socks5 | Scheme::Socks5h => socks::open(target, resolved, login, stream).await,
        Scheme::Other(_) => Err(unsupported(proxy)),
    }
}

/// The failure of a proxy whose scheme is not supported.
pub(crate) fn unsupported(proxy: &ProxyUrl) -> Failure {
    let word = proxy.scheme.word();
    let detail =
        format!("the proxy's scheme is {word:?}; supported are http, https, socks5, socks5h");
    Failure::new(Stage::Proxy, Fault::ProxyScheme, detail)
}

fn refused(detail: impl Into<String>) -> Failure {
    Failure::new(Stage::Proxy, Fault::ProxyRefused, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_not_be_shown_is_named_and_words_are_left_alone() {
        for (login, secrets) in [
            ("alice:hunter2", &["alice:hunter2", "hunter2"][..]),
            ("alice:h%40nter2", &["alice:h@nter2", "h@nter2"]),
            ("alice:pass", &["alice:pass"]),
            ("token-FAKE-1", &["token-FAKE-1"]),
            ("alice", &[]),
        ] {
            let proxy = ProxyUrl::parse(&format!("http://{login}@p")).expect("a URL");
            let found = proxy.secrets();
            assert_eq!(found.iter().map(ApiKey::expose).collect::<Vec<_>>(), secrets, "{login}");
        }
        assert!(ProxyUrl::parse("http://p").expect("a URL").secrets().is_empty());
    }
}

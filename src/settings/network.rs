//! How the network is to be used: time-outs, addresses, proxy, trust. Reads files of certificates, and
//! opens no socket.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use super::{
    Given, World,
    given::HttpVersion,
    layers::Layers,
    origin::{Origin, Sourced},
    trust::{self, Trust},
};
use crate::error::UserError;

/// The variables that name a proxy or exempt hosts from one.
const PROXY_VARIABLES: [&str; 8] = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
];
/// Longer than anybody waits for one answer.
const LONGEST: f64 = 86_400.0;

/// How the network is to be used.
#[derive(Clone, Debug)]
pub struct Network {
    /// The time-out of a request.
    pub timeout: Sourced<Duration>,
    /// The time-out of a connection.
    pub connect_timeout: Sourced<Duration>,
    /// Which addresses may be used.
    pub family: Family,
    /// The way through a proxy.
    pub proxy: ProxySetting,
    /// Which certificates are trusted.
    pub trust: Trust,
    /// Addresses that stand in for DNS answers.
    pub resolve: Vec<ResolveOverride>,
    /// The version of HTTP.
    pub http: HttpVersion,
}

/// Which addresses may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// IPv4 and IPv6.
    Both,
    /// IPv4 only.
    V4,
    /// IPv6 only.
    V6,
}

/// The way through a proxy.
#[derive(Clone, PartialEq, Eq)]
pub enum ProxySetting {
    /// None, whatever the variables say.
    Off,
    /// This one.
    Url(Sourced<String>),
    /// What the variables say; those that are set and not empty, by name.
    FromVariables(BTreeMap<String, String>),
}

/// An address that stands in for a DNS answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolveOverride {
    /// The host, in lower case.
    pub host: String,
    /// The port it holds for.
    pub port: u16,
    /// Where to go instead; the same port unless another was given.
    pub address: SocketAddr,
}

impl Network {
    /// Works it all out.
    pub(super) fn resolve(
        given: &Given,
        world: &World,
        layers: &Layers<'_>,
    ) -> Result<Self, UserError> {
        let timeout = layers.pick(given.timeout, "--timeout", |table| table.timeout);
        let connect =
            layers.pick(given.connect_timeout, "--connect-timeout", |table| table.connect_timeout);
        Ok(Self {
            timeout: duration(timeout, "--timeout", 60)?,
            connect_timeout: duration(connect, "--connect-timeout", 10)?,
            family: family(given),
            proxy: proxy(given, world, layers)?,
            trust: trust::resolve(given, world, layers)?,
            resolve: given
                .resolve
                .iter()
                .map(|text| resolve_override(text))
                .collect::<Result<_, _>>()?,
            http: given.http.unwrap_or_default(),
        })
    }
}

/// A number of seconds that makes sense as a time-out.
pub(super) fn seconds(value: f64, option: &str) -> Result<Duration, UserError> {
    let what = if value.is_nan() {
        "is not a number"
    } else if value <= 0.0 {
        "must be more than 0"
    } else if value > LONGEST {
        "is more than a day"
    } else if value < 0.001 {
        "is less than a millisecond"
    } else {
        return Ok(Duration::from_secs_f64(value));
    };
    let what = format!("could not use {option}: {value} s {what}");
    Err(UserError::usage(what, "give seconds, such as 10 or 0.5"))
}

fn duration(
    value: Option<Sourced<f64>>,
    option: &str,
    usual: u64,
) -> Result<Sourced<Duration>, UserError> {
    let Some(value) = value else {
        return Ok(Sourced::new(Duration::from_secs(usual), Origin::Default));
    };
    let name = match &value.origin {
        Origin::Flag(_) => option.to_owned(),
        origin => format!("{} of {origin}", option.trim_start_matches('-').replace('-', "_")),
    };
    value.try_map(|value| seconds(value, &name))
}

fn family(given: &Given) -> Family {
    match (given.ipv4, given.ipv6) {
        (true, false) => Family::V4,
        (false, true) => Family::V6,
        _ => Family::Both,
    }
}

/// The environment stands between a profile, which was asked for, and the top of the config file.
fn proxy(given: &Given, world: &World, layers: &Layers<'_>) -> Result<ProxySetting, UserError> {
    if given.no_proxy {
        return Ok(ProxySetting::Off);
    }
    let variables = proxy_variables(world);
    let names_one = variables.keys().any(|name| !name.eq_ignore_ascii_case("NO_PROXY"));
    let named = layers.named(given.proxy.clone(), "--proxy", |table| table.proxy.clone());
    let top = || layers.top(|table| table.proxy.clone()).filter(|_| !names_one);
    match named.or_else(top) {
        Some(url) if url.value.trim().is_empty() => Err(UserError::usage(
            format!("could not use the proxy of {}: it is empty", url.origin),
            "give a URL such as http://proxy.example:3128, or --no-proxy",
        )),
        Some(url) => Ok(ProxySetting::Url(url)),
        None => Ok(ProxySetting::FromVariables(variables)),
    }
}

fn proxy_variables(world: &World) -> BTreeMap<String, String> {
    let set = PROXY_VARIABLES.iter().filter_map(|name| Some((*name, world.variable(name)?)));
    set.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Reads `HOST:PORT:ADDR`, where the address may name a port of its own.
fn resolve_override(text: &str) -> Result<ResolveOverride, UserError> {
    let wrong = |what: &str| {
        UserError::usage(
            format!("could not use --resolve {text:?}: {what}"),
            "write HOST:PORT:ADDR, such as generativelanguage.googleapis.com:443:127.0.0.1; \
             ADDR may be IP, IPV4:PORT or [IPV6]:PORT",
        )
    };
    let mut parts = text.splitn(3, ':');
    let host = parts.next().filter(|host| !host.is_empty()).ok_or_else(|| wrong("no host"))?;
    let port = parts.next().ok_or_else(|| wrong("no port"))?;
    let port = port.parse::<u16>().ok().filter(|port| *port > 0);
    let port = port.ok_or_else(|| wrong("its port is no number from 1 to 65535"))?;
    let address = parts.next().ok_or_else(|| wrong("no address"))?;
    let address = address_to_dial(address, port)
        .ok_or_else(|| wrong("its address is no IP address, with or without a port"))?;
    Ok(ResolveOverride { host: host.to_ascii_lowercase(), port, address })
}

/// An address as it is written, with or without brackets and port. Without brackets all colons
/// belong to an IPv6 address, so that `::1:443` names no port.
fn address_to_dial(text: &str, usual_port: u16) -> Option<SocketAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    match bare.parse::<IpAddr>() {
        Ok(ip) => Some(SocketAddr::new(ip, usual_port)),
        Err(_) => text.parse::<SocketAddr>().ok().filter(|address| address.port() > 0),
    }
}

/// A proxy's URL may hold a password, so only where it came from is shown.
impl std::fmt::Debug for ProxySetting {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Off => formatter.write_str("Off"),
            Self::Url(url) => write!(formatter, "Url({})", url.origin),
            Self::FromVariables(variables) => {
                write!(formatter, "FromVariables({:?})", variables.keys())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::settings::config::Config;

    fn with(given: &Given, world: &World, config: &str) -> Result<Network, UserError> {
        let config = Config::parse(std::path::Path::new("c.toml"), config)?;
        let layers = Layers::new(given, &config)?;
        Network::resolve(given, world, &layers)
    }

    fn world(variables: &[(&str, &str)]) -> World {
        let mut world = World::bare(PathBuf::from("/nowhere"));
        for (name, value) in variables {
            world.variables.insert((*name).to_owned(), (*value).to_owned());
        }
        world
    }

    #[test]
    fn time_outs_have_defaults_and_origins() {
        let network = with(&Given::default(), &world(&[]), "timeout = 5").expect("resolved");
        assert_eq!(network.timeout.value, Duration::from_secs(5));
        assert_eq!(network.timeout.origin.to_string(), "config:c.toml");
        let connect = (network.connect_timeout.value, network.connect_timeout.origin);
        assert_eq!(connect, (Duration::from_secs(10), Origin::Default));
    }

    #[test]
    fn impossible_time_outs_are_refused() {
        for (value, part) in [
            (0.0, "must be more than 0"),
            (-1.0, "must be more than 0"),
            (f64::NAN, "is not a number"),
            (f64::INFINITY, "is more than a day"),
            (1e-9, "is less than a millisecond"),
        ] {
            let given = Given { timeout: Some(value), ..Given::default() };
            let error = with(&given, &world(&[]), "").expect_err("impossible");
            assert!(error.what.contains("--timeout") && error.what.contains(part), "{error}");
        }
        let error = with(&Given::default(), &world(&[]), "connect_timeout = 0").expect_err("zero");
        assert!(error.what.contains("connect_timeout of config:c.toml"), "{error}");
    }

    #[test]
    fn the_proxy_is_picked_in_order() {
        let proxies = world(&[("HTTPS_PROXY", "http://e"), ("no_proxy", "x"), ("HTTP_PROXY", "")]);
        let origin = |given: &Given, world: &World, config: &str| match with(given, world, config)
            .expect("resolved")
            .proxy
        {
            ProxySetting::Off => "off".to_owned(),
            ProxySetting::Url(url) => url.origin.to_string(),
            ProxySetting::FromVariables(found) => found.into_keys().collect::<Vec<_>>().join(" "),
        };
        let bare = Given::default();
        let flag = Given { proxy: Some("http://f".into()), ..Given::default() };
        let off = Given { no_proxy: true, ..Given::default() };
        let profile = Given { profile: Some("p".into()), ..Given::default() };
        let config = "proxy = 'http://c'\n[profile.p]\nproxy = 'http://p'";
        assert_eq!(origin(&flag, &proxies, config), "--proxy");
        assert_eq!(origin(&off, &proxies, config), "off");
        assert_eq!(origin(&profile, &proxies, config), "profile:p");
        assert_eq!(origin(&bare, &proxies, config), "HTTPS_PROXY no_proxy");
        assert_eq!(origin(&bare, &world(&[("NO_PROXY", "x")]), config), "config:c.toml");
        assert_eq!(origin(&bare, &world(&[]), ""), "");
    }

    #[test]
    fn an_empty_proxy_is_refused_and_none_is_shown() {
        let given = Given { proxy: Some(" ".into()), ..Given::default() };
        assert!(with(&given, &world(&[]), "").is_err());
        let given = Given { proxy: Some("http://u:hunter2@p".into()), ..Given::default() };
        let network = with(&given, &world(&[]), "").expect("resolved");
        assert!(!format!("{network:?}").contains("hunter2"));
        let variables = world(&[("ALL_PROXY", "http://u:hunter2@p")]);
        let network = with(&Given::default(), &variables, "").expect("resolved");
        assert!(!format!("{network:?}").contains("hunter2"));
    }

    #[test]
    fn overrides_of_dns_are_read_or_explained() {
        let read = |text: &str| resolve_override(text).map(|found| found.address.to_string());
        assert_eq!(read("Host:443:127.0.0.1").as_deref(), Ok("127.0.0.1:443"));
        assert_eq!(read("h:8443:::1").as_deref(), Ok("[::1]:8443"));
        assert_eq!(read("h:8443:[::1]").as_deref(), Ok("[::1]:8443"));
        for text in ["", "h", "h:443", ":443:127.0.0.1", "h:0:127.0.0.1", "h:x:127.0.0.1", "h:1:g"]
        {
            let error = read(text).expect_err(text);
            assert!(error.hint.contains("HOST:PORT:ADDR"));
        }
        assert_eq!(resolve_override("HoSt:1:::1").expect("read").host, "host");
    }

    #[test]
    fn an_override_may_lead_to_another_port() {
        let read = |text: &str| {
            resolve_override(text).map(|found| (found.port, found.address.to_string()))
        };
        assert_eq!(read("h:443:127.0.0.1:8443"), Ok((443, "127.0.0.1:8443".to_owned())));
        assert_eq!(read("h:443:[::1]:8443"), Ok((443, "[::1]:8443".to_owned())));
        assert_eq!(read("h:443:::1:8443"), Ok((443, "[::1:8443]:443".to_owned())));
        for text in ["h:443:127.0.0.1:0", "h:443:127.0.0.1:65536", "h:443:[::1", "h:443:[::1]:x"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn one_family_or_both() {
        let of = |ipv4, ipv6| family(&Given { ipv4, ipv6, ..Given::default() });
        assert_eq!(
            (of(true, false), of(false, true), of(false, false)),
            (Family::V4, Family::V6, Family::Both)
        );
    }
}

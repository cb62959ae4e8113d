//! Which hosts a certificate is for, and which of its names comes nearest to one that it is not for.
//!
//! As those verify who decide: the names of the extension count and the common name does not, a star
//! stands for exactly one label at the left, and an address matches an address only.

use std::fmt;
use std::net::IpAddr;

use x509_parser::extensions::GeneralName;

use super::text::{hex, line};

/// The longest name that DNS knows.
const LONGEST_NAME: usize = 253;
/// The longest part of one.
const LONGEST_LABEL: usize = 63;
/// Among how many names that end alike the nearest is looked for.
const COMPARED: usize = 64;

/// One name of the extension; texts are fit for one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum San {
    /// A host name, perhaps with a star at its left.
    Dns(String),
    /// An address.
    Ip(IpAddr),
    /// A mailbox.
    Email(String),
    /// A URI.
    Uri(String),
    /// Something else, or something that is not what it says.
    Other(String),
}

impl San {
    pub(super) fn of(name: &GeneralName<'_>) -> Self {
        match name {
            GeneralName::DNSName(name) => Self::Dns(line(name)),
            GeneralName::IPAddress(bytes) => address(bytes),
            GeneralName::RFC822Name(mailbox) => Self::Email(line(mailbox)),
            GeneralName::URI(uri) => Self::Uri(line(uri)),
            GeneralName::DirectoryName(name) => Self::Other(super::Name::of(name).full),
            GeneralName::Invalid(tag, bytes) => {
                Self::Other(format!("an unreadable name of kind {}: {}", tag.0, hex(bytes)))
            }
            GeneralName::OtherName(number, _) => {
                Self::Other(format!("a name of kind {}", super::algorithm::id(number)))
            }
            GeneralName::RegisteredID(number) => {
                Self::Other(format!("the number {}", super::algorithm::id(number)))
            }
            GeneralName::X400Address(_) => Self::Other("an X.400 address".to_owned()),
            GeneralName::EDIPartyName(_) => Self::Other("an EDI party".to_owned()),
        }
    }

    /// Whether it is for this host, which is a name or an address.
    pub fn matches(&self, host: &str) -> bool {
        match (self, address_of(host)) {
            (Self::Ip(own), Some(asked)) => *own == asked,
            (Self::Dns(own), None) => name_matches(own, host.strip_suffix('.').unwrap_or(host)),
            _ => false,
        }
    }
}

impl fmt::Display for San {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(address) => write!(formatter, "{address}"),
            Self::Dns(text) | Self::Email(text) | Self::Uri(text) | Self::Other(text) => {
                formatter.write_str(text)
            }
        }
    }
}

/// Whether one of these names is for this host.
pub fn matches(names: &[San], host: &str) -> bool {
    names.iter().any(|name| name.matches(host))
}

/// Of several names that are not for this host the one that comes nearest: most parts at the end are the
/// same, and then the fewest letters differ.
pub fn nearest<'a>(names: &'a [San], host: &str) -> Option<&'a San> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let hosts = || names.iter().filter_map(|name| Some((name, text(name)?)));
    let most = hosts().map(|(_, name)| shared_end(&name, &host)).max()?;
    let near = hosts().filter(|(_, name)| shared_end(name, &host) == most).take(COMPARED);
    near.min_by_key(|(_, name)| distance(name, &host)).map(|(name, _)| name)
}

/// The address that a host is, with or without brackets.
pub(super) fn address_of(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn address(bytes: &[u8]) -> San {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    let either = v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from));
    let broken = |_| San::Other(format!("an address of {} bytes: {}", bytes.len(), hex(bytes)));
    either.map_or_else(broken, San::Ip)
}

fn name_matches(own: &str, asked: &str) -> bool {
    if !is_host(asked) {
        return false;
    }
    match own.strip_prefix("*.") {
        None => is_host(own) && own.eq_ignore_ascii_case(asked),
        Some(end) => {
            let rest = asked.split_once('.').map_or("", |(_, rest)| rest);
            is_host(end) && end.contains('.') && end.eq_ignore_ascii_case(rest)
        }
    }
}

/// Whether it could be a name of DNS as certificates hold them: in ASCII, a number never at its end.
fn is_host(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    name.len() <= LONGEST_NAME
        && name.split('.').all(is_label)
        && !last.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_label(label: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=LONGEST_LABEL).contains(&label.len())
        && label.bytes().all(allowed)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// What is compared: a host name or an address.
fn text(name: &San) -> Option<String> {
    match name {
        San::Dns(name) => Some(name.to_ascii_lowercase()),
        San::Ip(address) => Some(address.to_string()),
        _ => None,
    }
}

/// How many labels two names have in common at their end.
fn shared_end(one: &str, other: &str) -> usize {
    one.rsplit('.').zip(other.rsplit('.')).take_while(|(one, other)| one == other).count()
}

/// How many letters must change, come or go.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(LONGEST_NAME).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut before = row[0];
        row[0] = at + 1;
        for (place, against) in other.iter().enumerate() {
            let kept = before + usize::from(letter != *against);
            before = row[place + 1];
            row[place + 1] = kept.min(row[place] + 1).min(before + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dns(names: &[&str]) -> Vec<San> {
        names.iter().map(|name| San::Dns((*name).to_owned())).collect()
    }

    #[test]
    fn names_match_as_verifiers_say() {
        for (own, host) in [
            ("api.example", "API.Example"),
            ("api.example", "api.example."),
            ("*.api.example", "a.api.example"),
            ("a_b.example", "a_b.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ] {
            assert!(matches(&dns(&[own]), host), "{own} {host}");
        }
        for (own, host) in [
            ("api.example", "example"),
            ("*.example", "api.example"),
            ("*.api.example", "api.example"),
            ("*.api.example", "a.b.api.example"),
            ("a*.api.example", "ab.api.example"),
            ("x.*.example", "x.api.example"),
            ("*", "api.example"),
            ("127.0.0.1", "127.0.0.1"),
            ("api.example ", "api.example"),
            ("api.example\\u{0}.evil.test", "api.example"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("", ""),
            ("api..example", "api..example"),
            ("-a.example", "-a.example"),
        ] {
            assert!(!matches(&dns(&[own]), host), "{own} {host}");
        }
    }

    #[test]
    fn an_address_matches_an_address_only() {
        let v4 = [San::Ip("192.0.2.1".parse().unwrap())];
        let v6 = [San::Ip("2001:db8::1".parse().unwrap())];
        assert!(matches(&v4, "192.0.2.1") && !matches(&v4, "192.0.2.2"));
        assert!(matches(&v6, "[2001:db8::1]") && matches(&v6, "2001:DB8:0::1"));
        assert!(!matches(&v4, "api.example"));
    }

    #[test]
    fn the_nearest_name_shares_the_longest_end_and_then_the_most_letters() {
        let names = dns(&["other.test", "www.example.com", "api.example.org", "apis.example.com"]);
        for (host, near) in [
            ("api.example.com", "apis.example.com"),
            ("api.example.net", "api.example.org"),
            ("ww.example.com", "www.example.com"),
        ] {
            assert_eq!(nearest(&names, host).map(ToString::to_string).as_deref(), Some(near));
        }
        assert_eq!(nearest(&[San::Email("a@b".to_owned())], "a.example"), None);
        let many = dns(&["x".repeat(250).as_str(); 1000]);
        assert!(nearest(&many, &"y".repeat(250)).is_some());
    }
}

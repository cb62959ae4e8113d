//! Which servers are meant: names, addresses and URLs as people paste them.

use crate::{error::UserError, facts::looks_like_key, probe::tls::Host, settings::Settings};

use super::TlsCheck;

/// More hosts than a look at one service has.
const MOST_HOSTS: usize = 64;

/// The hosts of the API, as of its documents in November 2026.
pub(super) const API_HOSTS: &[&str] = &[
    "generativelanguage.googleapis.com",
    "aiplatform.googleapis.com",
    "us-central1-aiplatform.googleapis.com",
    "aiplatform.us.rep.googleapis.com",
    "aiplatform.eu.rep.googleapis.com",
    "oauth2.googleapis.com",
];

/// The hosts that the arguments mean.
pub(super) fn hosts(args: &TlsCheck, settings: &Settings) -> Result<Vec<Host>, UserError> {
    let texts: Vec<String> = match (&args.hosts[..], args.all_hosts) {
        (_, true) => API_HOSTS.iter().map(|host| (*host).to_owned()).collect(),
        ([], false) => {
            let endpoint = &settings.endpoint.value;
            let port = if endpoint.secure { endpoint.port } else { args.port };
            return Ok(vec![host(args, &endpoint.host, port)?]);
        }
        (given, false) => given.to_vec(),
    };
    if texts.len() > MOST_HOSTS {
        let what = format!("could not look at {} hosts in one run", texts.len());
        return Err(UserError::usage(what, format!("name {MOST_HOSTS} at most")));
    }
    let mut hosts: Vec<Host> = Vec::new();
    for text in &texts {
        let (name, port) = place(text, args.port)?;
        let one = host(args, &name, port)?;
        if !hosts.iter().any(|known| known.authority() == one.authority()) {
            hosts.push(one);
        }
    }
    Ok(hosts)
}

fn host(args: &TlsCheck, name: &str, port: u16) -> Result<Host, UserError> {
    Ok(Host::new(name, port, args.sni.clone(), args.pinned(port)?))
}

/// A proxy is told a name, and dials what that leads to.
pub fn refuse_address_behind_proxy(hosts: &[Host]) -> Result<(), UserError> {
    let both = |host: &&Host| host.address.is_some() && host.plain_proxy().is_some();
    match hosts.iter().find(both) {
        Some(_) => Err(UserError::usage(
            "could not use --address through a proxy: the proxy dials what the name leads to",
            "add --no-proxy, or leave out --address",
        )),
        None => Ok(()),
    }
}

/// `host`, `host:port`, `[v6]:port`, a bare IPv6 address, or a URL.
fn place(text: &str, usual: u16) -> Result<(String, u16), UserError> {
    let refuse = |why: &str| {
        UserError::usage(
            format!("could not look at {text:?}: {why}"),
            "for example generativelanguage.googleapis.com, gateway.example:8443 or 192.0.2.1",
        )
    };
    if looks_like_key(text) {
        return Err(UserError::key_as_name("HOST"));
    }
    let (usual, rest) = match text.split_once("://") {
        Some(("https", rest)) => (usual, rest),
        Some((other, _)) => return Err(refuse(&format!("{other}:// is not spoken over TLS"))),
        None => (usual, text),
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    if authority.contains('@') {
        return Err(refuse("it holds a user name or password"));
    }
    let is_bare_v6 = authority.parse::<std::net::Ipv6Addr>().is_ok();
    let (name, port) = match authority.rsplit_once(':') {
        Some((name, port)) if !is_bare_v6 && !authority.ends_with(']') => {
            let port = port.parse().ok().filter(|port| *port > 0);
            (name, port.ok_or_else(|| refuse("its port is no number from 1 to 65535"))?)
        }
        _ => (authority, usual),
    };
    let name = name.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
    if name.is_empty()
        || name.contains(|letter: char| letter.is_whitespace() || letter.is_control())
    {
        return Err(refuse("it names no host"));
    }
    let name = idna::domain_to_ascii(&name).ok().filter(|ascii| !ascii.is_empty()).unwrap_or(name);
    if !name.is_ascii() {
        return Err(refuse("it is no name that can be looked up"));
    }
    Ok((name, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_as_people_paste_them() {
        for (text, name, port) in [
            ("api.example", "api.example", 443),
            ("API.example.", "api.example", 443),
            ("api.example:8443", "api.example", 8443),
            ("https://api.example/v1beta/models?x=1", "api.example", 443),
            ("https://api.example:444", "api.example", 444),
            ("192.0.2.1:9", "192.0.2.1", 9),
            ("2001:db8::1", "2001:db8::1", 443),
            ("[2001:db8::1]", "2001:db8::1", 443),
            ("[2001:db8::1]:9", "2001:db8::1", 9),
            ("B\u{fc}cher.example", "xn--bcher-kva.example", 443),
        ] {
            assert_eq!(place(text, 443).expect(text), (name.to_owned(), port), "{text}");
        }
        for text in ["", ":443", "http://api.example", "u:p@api.example", "a b", "x:0", "x:99999"] {
            assert!(place(text, 443).is_err(), "{text}");
        }
    }
}

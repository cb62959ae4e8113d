//! The openssl program: its version, its places, and `s_client` as a client that verifies.

use std::path::Path;

use super::{Connected, Look, Ran, Runtime, RuntimeFact, Target, Through, one_line};
use crate::local::runtimes::End;

/// Since which version there is TLS 1.3.
const TLS13_OPENSSL: [u32; 3] = [1, 1, 1];
const TLS13_LIBRESSL: [u32; 3] = [3, 2, 0];

pub(super) async fn look(look: &Look<'_>) -> RuntimeFact {
    let Some(program) = look.machine.program("openssl") else {
        return RuntimeFact::missing(Runtime::OpenSsl, "openssl");
    };
    let about = look.run(&program, ["version", "-a"].map(str::to_owned)).await;
    let Some(tls) = about.out.lines().next().filter(|line| line.contains("SSL ")) else {
        let why = Connected::NotTried(about.failure());
        return RuntimeFact::new(Runtime::OpenSsl, Some(&program), why);
    };
    let words: Vec<&str> = tls.split_whitespace().take(2).collect();
    let is_libre = words.first() == Some(&"LibreSSL");
    let fact = RuntimeFact::new(Runtime::OpenSsl, Some(&program), Connected::Yes);
    let fact = RuntimeFact {
        version: words.get(1).map(|version| one_line(version)),
        tls: Some(one_line(&words.join(" "))),
        tls13: words.get(1).and_then(|version| has_tls13(version, is_libre)),
        alpn: Some(true),
        bundle: bundle(look, &about.out),
        ..fact
    };
    connect(look, &program, is_libre, fact).await
}

async fn connect(
    look: &Look<'_>,
    program: &Path,
    is_libre: bool,
    fact: RuntimeFact,
) -> RuntimeFact {
    if let Through::Unable(why) = &look.target.way {
        return RuntimeFact { connected: Connected::NotTried(one_line(why)), ..fact };
    }
    let start = std::time::Instant::now();
    let ran = look.run(program, arguments(look.target, is_libre)).await;
    let ms = u64::try_from(start.elapsed().as_millis()).ok();
    RuntimeFact { negotiated: negotiated(&ran), connected: connected(&ran), ms, ..fact }
}

/// LibreSSL knows neither `-brief` nor a name to verify; its words tell the outcome in full.
fn arguments(target: &Target, is_libre: bool) -> Vec<String> {
    let host = &target.host;
    let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
    let connect = format!("{host}:{}", target.port);
    let mut arguments = vec!["s_client".to_owned(), "-connect".to_owned(), connect];
    let mut more = |words: &[&str]| arguments.extend(words.iter().map(|word| (*word).to_owned()));
    more(&["-verify_return_error", "-alpn", "h2,http/1.1"]);
    let is_address = target.name.parse::<std::net::IpAddr>().is_ok();
    match (is_address, is_libre) {
        (true, true) => {}
        (true, false) => more(&["-noservername", "-verify_ip", &target.name, "-brief"]),
        (false, true) => more(&["-servername", &target.name]),
        (false, false) => {
            more(&["-servername", &target.name, "-verify_hostname", &target.name, "-brief"]);
        }
    }
    if let Through::Proxy { host, port } = &target.way {
        more(&["-proxy", &format!("{host}:{port}")]);
    }
    arguments
}

fn connected(ran: &Ran) -> Connected {
    let lines = || ran.err.lines().chain(ran.out.lines()).map(str::trim);
    let good = ["Verification: OK", "Verify return code: 0 (ok)", "Verified peername:"];
    let is_good = lines().any(|line| good.iter().any(|words| line.starts_with(words)));
    if ran.end == End::Code(0) && is_good {
        return Connected::Yes;
    }
    if !matches!(ran.end, End::Code(_)) {
        return Connected::No(ran.failure());
    }
    let verify = lines().find_map(|line| line.strip_prefix("verify error:"));
    let library = || lines().find_map(|line| line.split_once(":error:").map(|(_, words)| words));
    let words = verify.or_else(library).map(one_line);
    Connected::No(words.unwrap_or_else(|| ran.failure()))
}

fn negotiated(ran: &Ran) -> Option<String> {
    let mut lines = ran.err.lines().chain(ran.out.lines()).map(str::trim);
    let version = lines.find_map(|line| {
        let brief = line.strip_prefix("Protocol version: ");
        brief.or_else(|| line.strip_prefix("New, ")?.split(',').next())
    })?;
    version.starts_with("TLSv").then(|| one_line(version))
}

/// The file and the directory that are used unless a variable names others.
fn bundle(look: &Look<'_>, about: &str) -> Option<String> {
    let directory = about.lines().find_map(|line| line.strip_prefix("OPENSSLDIR: "))?;
    let directory = Path::new(directory.trim_matches('"'));
    let place = |variable: &str, usual: &str| match look.machine.variable(variable) {
        Some(named) => named.to_owned(),
        None => {
            let path = directory.join(usual);
            let missing = if path.exists() { "" } else { " (missing)" };
            format!("{}{missing}", path.display())
        }
    };
    let words = [place("SSL_CERT_FILE", "cert.pem"), place("SSL_CERT_DIR", "certs")];
    Some(one_line(&words.join(", ")))
}

/// `1.0.2k` has letters behind its numbers.
fn has_tls13(version: &str, is_libre: bool) -> Option<bool> {
    let number = |part: &str| {
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok()
    };
    let numbers: Vec<u32> = version.split('.').map_while(number).take(3).collect();
    let since = if is_libre { TLS13_LIBRESSL } else { TLS13_OPENSSL };
    (!numbers.is_empty()).then(|| numbers.as_slice() >= since.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(err: &str, end: End) -> Ran {
        Ran { out: String::new(), err: err.to_owned(), end }
    }

    #[test]
    fn versions_with_tls_13_are_known() {
        for (version, is_libre, has) in [
            ("3.0.19", false, true),
            ("1.1.1w", false, true),
            ("1.1.0l", false, false),
            ("1.0.2k-fips", false, false),
            ("3.3.6", true, true),
            ("2.8.3", true, false),
        ] {
            assert_eq!(has_tls13(version, is_libre), Some(has), "{version}");
        }
        assert_eq!(has_tls13("odd", false), None);
    }

    #[test]
    fn only_what_was_verified_is_connected() {
        let good = "CONNECTION ESTABLISHED\nProtocol version: TLSv1.3\nVerification: OK\n";
        let good = ran(good, End::Code(0));
        assert_eq!(connected(&good), Connected::Yes);
        assert_eq!(negotiated(&good).as_deref(), Some("TLSv1.3"));
        assert!(matches!(
            connected(&ran("CONNECTION ESTABLISHED\n", End::Code(0))),
            Connected::No(_)
        ));
        let bad = "depth=0 CN = a\nverify error:num=18:self-signed certificate\n\
                   4047:error:0A000086:SSL routines::certificate verify failed:x.c:1:\n";
        let words = "num=18:self-signed certificate".to_owned();
        assert_eq!(connected(&ran(bad, End::Code(1))), Connected::No(words));
        let refused = "4047:error:8000006F:system library:BIO_connect:Connection refused:x.c:1:\n";
        let Connected::No(words) = connected(&ran(refused, End::Code(1))) else {
            panic!("refused")
        };
        assert!(words.contains("Connection refused"), "{words}");
    }

    #[test]
    fn a_name_is_verified_and_an_address_is_no_name() {
        let target = |name: &str, way| Target {
            host: "::1".to_owned(),
            port: 443,
            name: name.to_owned(),
            way,
        };
        let words = |target: &Target, is_libre| arguments(target, is_libre).join(" ");
        let named = words(&target("api.example", Through::Nothing), false);
        assert!(named.contains("-connect [::1]:443 -verify_return_error"), "{named}");
        assert!(named.contains("-servername api.example -verify_hostname api.example"), "{named}");
        let address = words(&target("::1", Through::Nothing), false);
        assert!(address.contains("-noservername -verify_ip ::1"), "{address}");
        let proxy = Through::Proxy { host: "p".to_owned(), port: 3128 };
        let libre = words(&target("api.example", proxy), true);
        assert!(libre.ends_with("-servername api.example -proxy p:3128"), "{libre}");
    }
}

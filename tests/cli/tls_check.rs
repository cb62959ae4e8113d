//! `tls-check`: what the real binary says of servers that are good or broken, and what it never does.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::harness::{Doctor, Ran, Server, doctor, has};

fn check(line: &str) -> (Ran, Value) {
    let ran = Doctor::line(&format!("tls-check {line} --format json")).run();
    let report = ran.json();
    (ran, report)
}

/// A server on loopback that does something with each connection, and counts them.
fn wire(act: impl Fn(&mut std::net::TcpStream) + Send + 'static) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            counted.fetch_add(1, Ordering::Relaxed);
            let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
            act(&mut stream);
        }
    });
    (address, count)
}

#[test]
fn a_good_server_is_trusted_and_its_facts_are_told() {
    let (ran, report) = check("--simulate healthy");
    assert_eq!((ran.code, &report["verdict"]["word"]), (0, &json!("TRUSTED")), "{report:#}");
    let host = &report["data"]["hosts"][0];
    assert_eq!(host["negotiated"]["version"], "TLS 1.3");
    assert_eq!(host["supports"]["versions"], json!(["TLS 1.2", "TLS 1.3"]));
    assert_eq!(host["supports"]["alpn"], json!(["h2", "http/1.1"]));
    assert_eq!(
        (&host["negotiated"]["resumed"], &host["name_matches"]),
        (&json!(true), &json!(true))
    );
    let opened = host["connections"]["opened"].as_u64().expect("a number");
    let most = host["connections"]["at_most"].as_u64().expect("a number");
    assert!(opened > 10 && opened <= most, "{opened} of {most}");
    let stores = host["stores"].as_array().expect("stores");
    assert_eq!((&stores[0]["name"], &stores[0]["trusts"]), (&json!("mozilla"), &json!(true)));
}

#[test]
fn no_request_of_a_look_holds_a_key() {
    let server = Server::start("healthy");
    let ran = server.doctor(&format!("tls-check {}", server.simulation.address())).run();
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let seen = server.simulation.requests();
    assert!(!seen.is_empty(), "the page was asked for");
    assert!(!server.log().contains("x-goog-api-key"), "{}", server.log());
    assert_eq!(seen.iter().filter(|request| request.path != "/").count(), 0, "{seen:#?}");
}

#[test]
fn as_many_connections_are_opened_as_are_told() {
    let (address, count) = wire(|stream| {
        let mut hello = [0; 4096];
        let _ = stream.read(&mut hello);
        // A fatal alert: handshake failure.
        let _ = stream.write_all(&[0x15, 3, 3, 0, 2, 2, 40]);
    });
    let line = format!("generativelanguage.googleapis.com --address {address} --connect-timeout 3");
    let (ran, report) = check(&line);
    assert_eq!(ran.code, 4, "{report:#}");
    assert_eq!(report["findings"][0]["id"], "tls-handshake-refused");
    let told = report["data"]["hosts"][0]["connections"]["opened"].as_u64().expect("a number");
    assert_eq!(count.load(Ordering::Relaxed) as u64, told);
}

#[test]
fn what_answers_instead_of_tls_is_named() {
    let (address, _) = wire(|stream| {
        let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
    });
    let (ran, report) = check(&format!("{address} --connect-timeout 3"));
    let first = &report["findings"][0];
    assert_eq!((ran.code, &first["id"]), (4, &json!("tls-protocol-mismatch")), "{report:#}");
    assert!(
        first["evidence"][0]["text"].as_str().is_some_and(|text| text.contains("SSH")),
        "{first:#}"
    );
}

#[test]
fn silence_ends_within_the_time_out_and_has_a_cause() {
    let (address, _) = wire(|stream| {
        let mut hello = [0; 4096];
        while stream.read(&mut hello).is_ok_and(|count| count > 0) {}
    });
    let (ran, report) = check(&format!("{address} --connect-timeout 1"));
    assert_eq!(
        (ran.code, &report["findings"][0]["id"]),
        (4, &json!("tls-handshake-timeout")),
        "{report:#}"
    );
}

#[test]
fn a_gate_on_the_end_of_a_certificate_fails_the_run() {
    let (ran, report) = check("--simulate healthy --expires-within 4000");
    assert_eq!(
        (ran.code, &report["findings"][0]["id"]),
        (1, &json!("tls-certificate-expires-soon"))
    );
    let (ran, _) = check("--simulate healthy --expires-within 1");
    assert_eq!(ran.code, 0);
}

#[test]
fn the_chain_is_kept_as_it_was_sent_even_if_nobody_trusts_it() {
    let line =
        "tls-check --simulate tls-company-ca --save-chain chain.pem --save-bundle bundle.pem";
    let (ran, folder) = Doctor::line(line).run_and_keep();
    assert_eq!(ran.code, 4, "{}", ran.stdout);
    let chain = std::fs::read_to_string(folder.path().join("chain.pem")).expect("a chain");
    assert!(chain.starts_with("-----BEGIN CERTIFICATE-----"), "{chain}");
    // What the machine's own store does not trust is never written as if it were.
    assert!(!folder.path().join("bundle.pem").exists());
    assert!(ran.stdout.contains("--save-bundle wrote nothing"), "{}", ran.stdout);
}

#[test]
fn a_bundle_is_written_where_the_machines_store_trusts_the_chain() {
    let line = "tls-check --simulate healthy --save-bundle bundle.pem";
    let (ran, folder) = Doctor::line(line).run_and_keep();
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let bundle = std::fs::read_to_string(folder.path().join("bundle.pem")).expect("a bundle");
    assert_eq!(bundle.matches("-----BEGIN CERTIFICATE-----").count(), 1, "the root alone");
    assert!(bundle.contains("\n# the one that vouches here: "), "{bundle}");
}

/// Whoever named the root by an option trusts it; the machine's own store does not know it.
#[test]
fn a_file_that_was_asked_for_and_is_not_written_lets_no_run_end_well() {
    let server = Server::start("healthy");
    let address = server.simulation.address();
    let line = format!("tls-check {address} --save-bundle bundle.pem --format json");
    let (ran, folder) = server.doctor(&line).run_and_keep();
    let report = ran.json();
    assert_eq!((ran.code, &report["verdict"]["word"]), (5, &json!("NOT SAVED")), "{report:#}");
    let rows = report["checks"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["id"] == "tls.saved").expect("a row");
    let why = "--save-bundle wrote nothing: this machine's store does not trust the chain";
    assert!(row["detail"].as_str().is_some_and(|detail| detail.starts_with(why)), "{row:#}");
    assert!(!folder.path().join("bundle.pem").exists());
}

#[test]
fn what_local_leaves_out_is_told() {
    let line = "tls-check localhost:1 127.0.0.1:1 --local --connect-timeout 2 --format json";
    let doctor = Doctor::line(line).env("PATH", "").env("GODEBUG", "FAKE-setting");
    let report = doctor.run().json();
    let limits = report["limits"].to_string();
    assert!(limits.contains("--local looked at localhost:1 only"), "{limits}");
    assert!(limits.contains("without GODEBUG, set here"), "{limits}");
    assert!(!report.to_string().contains("FAKE-setting"), "{report:#}");
}

/// OpenSSL goes on from an intermediate that it is given to a root, and finds none.
#[cfg(target_os = "linux")]
#[test]
fn an_intermediate_in_the_place_of_a_root_is_told() {
    if !has("openssl", "version") {
        return;
    }
    let server = Server::start("healthy");
    let line = format!("tls-check {}", server.simulation.address());
    let (_, folder) = server.doctor(&line).args(&["--save-chain", "chain.pem"]).run_and_keep();
    let chain = std::fs::read_to_string(folder.path().join("chain.pem")).expect("a chain");
    let middle = chain.split_inclusive("-----END CERTIFICATE-----\n").nth(1).expect("sent");
    let root = std::fs::read_to_string(server.ca()).expect("a root");
    let says = |bundle: String| {
        let doctor = server.doctor(&line).file("given.pem", bundle);
        doctor.env("SSL_CERT_FILE", "given.pem").run().stdout
    };
    let alone = says(middle.to_owned());
    assert!(alone.contains("trusts it, by an intermediate: OpenSSL"), "{alone}");
    let both = says([middle, &root].concat());
    assert!(!both.contains("by an intermediate"), "{both}");
}

#[test]
fn wrong_arguments_are_refused_with_what_to_do() {
    for (line, words) in [
        ("http://api.example", "not spoken over TLS"),
        ("a.example b.example --address 192.0.2.1", "with several hosts"),
        ("a.example --address somewhere", "no IP address"),
        ("a.example:0", "no number from 1 to 65535"),
        ("--local --simulate healthy", "could not use --local with --simulate"),
        ("AIzaFAKEfakeFAKEfakeFAKEfakeFAKEfake000", "HOST"),
    ] {
        let ran = doctor(&format!("tls-check {line}"));
        assert_eq!(ran.code, 2, "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains(words), "{line}: {}", ran.stderr);
    }
}

#[test]
fn a_dry_run_opens_nothing() {
    let (address, count) = wire(|_| {});
    let ran = doctor(&format!("tls-check {address} --dry-run"));
    assert_eq!((ran.code, count.load(Ordering::Relaxed)), (0, 0), "{}", ran.stdout);
    assert!(ran.stdout.contains("connections"), "{}", ran.stdout);
}

#[test]
fn several_hosts_are_looked_at_and_each_row_names_its_own() {
    let (silent, _) = wire(|_| {});
    let (ran, report) = check(&format!("{silent} localhost:1 --connect-timeout 2"));
    assert_eq!(ran.code, 4, "{report:#}");
    let hosts = report["data"]["hosts"].as_array().expect("hosts");
    assert_eq!(hosts.len(), 2, "{report:#}");
    let details: Vec<&str> = report["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .filter_map(|row| row["detail"].as_str())
        .collect();
    assert!(details.iter().any(|detail| detail.starts_with(&silent.to_string())), "{details:?}");
    assert!(details.iter().any(|detail| detail.starts_with("localhost:1")), "{details:?}");
}

/// Where a check has its sentences and its scripts.
const SENTENCES: &[(&str, &str)] = &[
    ("compare.rs", include_str!("../../src/local/runtimes/compare.rs")),
    ("table.rs", include_str!("../../src/local/bundles/table.rs")),
    ("save.rs", include_str!("../../src/local/bundles/save.rs")),
    ("bundles.rs", include_str!("../../src/local/bundles.rs")),
    ("openssl.rs", include_str!("../../src/local/runtimes/openssl.rs")),
    ("words.rs", include_str!("../../src/commands/tls_check/words.rs")),
    ("look.py", include_str!("../../src/local/runtimes/look.py")),
    ("look.js", include_str!("../../src/local/runtimes/look.js")),
    ("Look.java", include_str!("../../src/local/runtimes/Look.java")),
    ("look.go", include_str!("../../src/local/runtimes/look.go")),
];

/// Fixes that weaken verification are what people find elsewhere.
#[test]
fn no_fix_advises_to_switch_verification_off() {
    const OFF: &[&str] = &[
        "verify=false",
        "verify = false",
        "rejectunauthorized: false",
        "node_tls_reject_unauthorized=0",
        "node_tls_reject_unauthorized = ",
        "curl -k",
        "--insecure",
        "-skipcertificatecheck",
        "insecureskipverify",
        "cert_none",
        "_create_unverified_context",
        "check_hostname = false",
        "danger_accept_invalid",
        "trust_all",
        "trustall",
        "--no-check-certificate",
        "http.sslverify false",
        "strict-ssl false",
        "pythonhttpsverify=0",
    ];
    let switched_off = |text: &str| {
        let plain = text.to_lowercase();
        OFF.iter().copied().find(|off| plain.contains(off))
    };
    for fix in gemini_doctor::catalog::all() {
        for step in fix.fix {
            let commands = step.command.iter().flat_map(|command| [command.sh, command.powershell]);
            let texts = std::iter::once(step.action).chain(commands);
            for text in texts.chain([fix.why, fix.confirm]) {
                assert_eq!(switched_off(text), None, "{}: {text}", fix.id);
            }
        }
    }
    // What says that somebody else switched it off is no advice; a test knows what it names.
    let detects = ["NODE_TLS_REJECT_UNAUTHORIZED=0 is set: "];
    for (file, source) in SENTENCES {
        let lines = source.split("#[cfg(test)]").next().unwrap_or(source).lines();
        let lines = lines.filter(|line| !detects.iter().any(|words| line.contains(words)));
        for line in lines {
            assert_eq!(switched_off(line), None, "{file}: {line}");
        }
        assert!(source.lines().count() > 20, "{file}: nothing was read");
    }
}

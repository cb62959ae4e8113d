//! What `bench-transport` names beside its figures: traps of connections, of HTTP/2 and of time-outs, and
//! who keeps a required protocol away. Each comes out of the real binary in its own world, and none in a
//! healthy one.
//!
//! Times are real here, and the machine is shared: nothing is held against a clock.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
};

use gemini_doctor::{
    catalog,
    simulate::{self, Scenario},
};
use serde_json::Value;

use crate::harness::{Doctor, Ran, Server};

fn bench(line: &str) -> (Ran, Value) {
    let ran = Doctor::line(&format!("bench-transport {line} --format json")).run();
    let report = ran.json();
    (ran, report)
}

fn ids(report: &Value) -> Vec<&str> {
    let all = report["findings"].as_array().expect("findings");
    all.iter().map(|finding| finding["id"].as_str().expect("an id")).collect()
}

fn row<'a>(report: &'a Value, id: &str) -> &'a Value {
    let rows = report["checks"].as_array().expect("checks");
    rows.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("no {id} in {rows:#?}"))
}

fn said<'a>(report: &'a Value, id: &str) -> &'a str {
    row(report, id)["detail"].as_str().expect("words")
}

/// A world, how it is looked at in little time, what must be named first, and the exit code.
const SHOWN: &[(&str, &str, &str, i32)] = &[
    ("http2-not-offered", "--require h2 --rounds 10", "http2-not-offered", 1),
    ("alpn-none", "--require h2 --rounds 10", "alpn-none", 1),
    ("http2-lost-between", "--require h2 --rounds 10", "http2-lost-between", 1),
    ("protocol-unavailable", "--require h3 --rounds 10", "protocol-unavailable", 1),
    ("h2-one-stream", "--rounds 10", "h2-one-stream", 0),
    ("h2-few-streams", "--rounds 10", "h2-few-streams", 0),
    ("h2-goaway-each", "--arms h2-warm --rounds 32", "h2-goaway-each", 0),
    ("h1-close-each", "--arms h1-warm --rounds 32", "h1-close-each", 0),
    ("h2-refused-stream", "--rounds 12", "h2-refused-stream", 3),
    ("h2-enhance-your-calm", "--rounds 12", "h2-enhance-your-calm", 3),
    ("first-call-slow", "--workload words:10 --yes --rounds 12", "first-call-slow", 0),
];

/// Those that need calls of some length.
const SLOW: &[(&str, &str, &str, i32)] = &[
    ("reuse-race", "--rounds 12", "reuse-race", 1),
    ("idle-close.rounds", "--rounds 12", "idle-close", 0),
    ("timeout-near", "--timeout 0.5 --arms h1-warm,h2-warm --rounds 12", "timeout-near", 0),
];

fn mistaken(table: &[(&str, &str, &str, i32)]) -> Vec<String> {
    let wrong = table.iter().filter_map(|(world, options, id, code)| {
        let (ran, report) = bench(&format!("--simulate {world} {options}"));
        let right = ids(&report).first() == Some(id) && ran.code == *code;
        (!right).then(|| {
            let found = ids(&report);
            let rows = &report["checks"];
            format!(
                "{world}: {found:?} and exit {} in place of {id} and {code}\n{rows:#}",
                ran.code
            )
        })
    });
    wrong.collect()
}

#[test]
fn every_trap_is_named_in_its_world() {
    let wrong = mistaken(SHOWN);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn traps_that_show_in_time_are_named_too() {
    let wrong = mistaken(SLOW);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_gateways_time_out_is_named_with_its_number() {
    let line = "--simulate gateway-timeout-round --workload words:50 --yes --rounds 3";
    let (ran, report) = bench(line);
    assert_eq!((ids(&report)[0], ran.code), ("gateway-timeout-round", 3), "{report:#}");
    let proof = report["findings"][0]["evidence"][0]["text"].as_str().expect("words");
    assert!(proof.contains("calls end at 2 s") && proof.contains("status 504"), "{proof}");
    let folded = &report["findings"][0]["consequences"][0]["id"];
    assert_eq!(folded, "gateway-timeout-too-short");
}

/// The pauses are the kernel's, and a busy machine may stretch them: one run of three must show them.
#[cfg(target_os = "linux")]
#[test]
fn a_missing_nodelay_is_named() {
    let shows = (0..3).any(|_| {
        let (ran, report) = bench("--simulate no-nodelay --rounds 24");
        ids(&report).contains(&"no-nodelay") && ran.code == 0
    });
    assert!(shows);
}

#[test]
fn healthy_worlds_have_no_traps() {
    let traps: Vec<&str> = catalog::families()
        .iter()
        .filter(|(family, _)| ["pace", "protocol"].contains(family))
        .flat_map(|(_, fixes)| fixes.iter().map(|fix| fix.id))
        .collect();
    assert!(traps.len() >= 16);
    for line in [
        "--simulate healthy --require h2 --rounds 30",
        "--simulate transport-zero --concurrency 4 --rounds 20",
        "--simulate transport-delays --rounds 10",
        "--simulate cold-connections-slow --rounds 10",
    ] {
        let (_, report) = bench(line);
        let found = ids(&report);
        assert!(found.iter().all(|id| !traps.contains(id)), "{line}: {found:?} {report:#}");
    }
}

/// The world of a trap is looked at by one of the tests above, or by a command that looks longer.
#[test]
fn no_world_of_a_trap_is_forgotten() {
    let looked_at: Vec<&str> = SHOWN.iter().chain(SLOW).map(|(world, ..)| *world).collect();
    let elsewhere = |one: &Scenario| {
        ["gateway-timeout-round", "no-nodelay"].contains(&one.id)
            || one.command.contains(&"--idle-sweep")
    };
    let traps = simulate::scenarios().filter(|one| {
        let is_ours =
            one.fix.and_then(family_of).is_some_and(|it| it == "pace" || it == "protocol");
        one.command[0] == "bench-transport" && is_ours
    });
    for world in traps {
        assert!(looked_at.contains(&world.id) || elsewhere(world), "{}", world.id);
    }
}

fn family_of(id: &str) -> Option<&'static str> {
    let mut families = catalog::families().iter();
    families.find(|(_, fixes)| fixes.iter().any(|fix| fix.id == id)).map(|(family, _)| *family)
}

#[test]
fn http2_that_is_required_and_spoken_is_said() {
    let (ran, report) = bench("--simulate transport-zero --require h2 --rounds 10");
    assert_eq!(ran.code, 0, "{report:#}");
    assert!(said(&report, "bench.protocol").starts_with("HTTP/2 is required, and it is spoken"));
    let (ran, report) = bench("--simulate http2-not-offered --rounds 10");
    assert_eq!((ran.code, ids(&report).len()), (0, 0), "nothing was required: {report:#}");
    assert!(said(&report, "bench.protocol").contains("picks HTTP/1.1 though HTTP/2 is offered"));
}

#[test]
fn what_a_server_says_about_http2_is_told() {
    let (_, report) = bench("--simulate h2-few-streams --arms h2-warm --rounds 10");
    let http2 = &report["data"]["http2"];
    assert_eq!(http2["max_concurrent_streams"], 4, "{http2:#}");
    assert!(http2["ping_ms"].as_f64().is_some_and(|ms| ms > 0.0), "{http2:#}");
    let remark =
        Doctor::line("bench-transport --simulate h2-few-streams --arms h2-warm --rounds 10");
    let shown = remark.run().stdout;
    assert!(shown.contains("4 streams at a time") && shown.contains("PING"), "{shown}");
    let (_, report) = bench("--simulate h2-goaway-each --arms h2-warm --rounds 32");
    let goaways = &report["data"]["http2"]["goaways"][0];
    assert_eq!(goaways["reason"], "NO_ERROR", "{report:#}");
}

/// A proxy that tunnels to this address, whatever it is asked for.
fn proxy_to(there: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let here = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || tunnel(&client, there));
        }
    });
    here
}

fn tunnel(client: &TcpStream, there: SocketAddr) -> std::io::Result<()> {
    let mut head = BufReader::new(client.try_clone()?);
    let mut line = String::new();
    while head.read_line(&mut line)? > 2 {
        line.clear();
    }
    let server = TcpStream::connect(there)?;
    (&*client).write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    let (mut from, mut to) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || std::io::copy(&mut from, &mut to));
    std::io::copy(&mut head, &mut &server).map(drop)
}

#[test]
fn a_proxy_that_leads_elsewhere_is_to_blame_and_an_honest_one_is_not() {
    let (new, old) = (Server::start("healthy"), Server::start("http2-not-offered"));
    let both = [&new, &old].map(|server| std::fs::read_to_string(server.ca()).expect("a file"));
    let options = |there: &Server| {
        let proxy = proxy_to(there.simulation.address());
        format!("bench-transport --require h2 --rounds 2 --format json --proxy http://{proxy}")
    };
    for (asked, reached, id, words) in [
        (&new, &old, "http2-lost-between", "behind the proxy"),
        (&old, &old, "http2-not-offered", "TLS is intact"),
    ] {
        let doctor = asked.doctor(&options(reached)).file("both.pem", both.concat());
        let ran = doctor.args(&["--ca-file", "both.pem"]).run();
        let report = ran.json();
        assert_eq!((ran.code, ids(&report)[0]), (1, id), "{report:#}");
        assert!(said(&report, "bench.protocol").contains(words), "{report:#}");
        assert!(report["data"]["negotiated"]["directly"].is_object());
    }
}

#[test]
fn grpc_can_be_required_without_being_an_arm() {
    let (ran, report) =
        bench("--simulate transport-zero --require grpc --arms h2-warm --rounds 10");
    assert_eq!(ran.code, 0, "{report:#}");
    assert!(said(&report, "bench.protocol").starts_with("gRPC is required, and it is spoken"));
}

//! Which room may know which: read from the imports, so that the picture in ARCHITECTURE.md stays true.

use std::{collections::BTreeSet, fs, path::Path};

use crate::harness::root;

/// A room, the rooms it may know, and why no others.
const RULES: &[(&str, &[&str], &str)] = &[
    (
        "cli",
        &["commands", "settings", "catalog", "report", "simulate", "exit", "error"],
        "what can be typed does no I/O",
    ),
    (
        "commands",
        &[
            "probe", "local", "certs", "diagnose", "catalog", "report", "simulate", "settings",
            "gemini", "policy", "alias", "bench", "bisect", "compare", "watch", "gate", "history",
            "export", "tokens", "lint", "stats", "facts", "secret", "error",
        ],
        "a command makes a plan; it neither sends nor prints",
    ),
    (
        "probe",
        &[
            "gemini",
            "transport",
            "net",
            "certs",
            "alias",
            "bench",
            "bisect",
            "compare",
            "tokens",
            "lint",
            "stats",
            "facts",
            "secret",
        ],
        "a probe asks; it never judges",
    ),
    ("alias", &["facts", "stats"], "a verdict on a name rests on samples and numbers only"),
    ("bench", &["facts", "stats"], "what calls show rests on samples and numbers only"),
    ("bisect", &["facts"], "a search is led by bodies and verdicts alone"),
    (
        "compare",
        &["bench", "facts", "stats"],
        "what two sides differ in rests on what was seen and on numbers only",
    ),
    ("local", &["certs", "facts", "secret"], "a look at this machine yields facts"),
    (
        "gemini",
        &["transport", "facts", "secret"],
        "what answers mean is no business of sockets or reports",
    ),
    ("transport", &["net", "facts"], "one request over one protocol"),
    ("net", &["certs", "facts", "secret"], "bytes with a stopwatch know nothing above them"),
    ("certs", &["facts"], "a certificate is judged by its bytes and the time alone"),
    (
        "watch",
        &["probe", "diagnose", "report", "export", "stats", "facts", "secret", "error"],
        "a watch asks and judges again and again; it starts nothing and prints nothing",
    ),
    ("gate", &["report", "stats", "facts", "error"], "a gate holds a file against a report"),
    ("history", &["stats", "facts", "error"], "a log tells what was written, and nothing more"),
    ("export", &["stats", "facts"], "numbers for collectors come from elsewhere"),
    (
        "report",
        &["diagnose", "catalog", "export", "facts", "exit"],
        "a format reads the report and computes nothing",
    ),
    ("diagnose", &["catalog", "facts"], "a judge sees clues only"),
    ("catalog", &["facts"], "a known fix sees clues only"),
    ("policy", &["facts"], "a policy is text made for a class of error"),
    ("settings", &["facts", "secret", "error"], "settings open no socket"),
    ("wrapped", &["error"], "whoever runs a command neither reads nor judges what it says"),
    ("terminal", &["redact"], "the writer of streams knows only what it must hide"),
    ("redact", &["secret"], "the redactor knows only what it must hide"),
    ("error", &["exit"], "an error knows how the run ends"),
    ("facts", &["stats"], "the vocabulary depends on nothing"),
    ("stats", &[], "numbers depend on nothing"),
    ("lint", &["tokens", "facts"], "a body is judged by its text and the tables alone"),
    ("tokens", &[], "a count depends on the text and the vocabulary alone"),
    ("secret", &[], "a secret depends on nothing"),
    ("exit", &[], "exit codes depend on nothing"),
    ("simulate", &[], "client and simulator must not be able to agree by accident"),
];

/// The room that may know every room.
const TOP: &str = "app";

#[test]
fn rooms_know_only_what_the_picture_allows() {
    let mut offences = Vec::new();
    for (room, file, text) in sources() {
        offences.extend(offences_in(&room, &file, &text));
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

#[test]
fn a_forbidden_import_is_found_in_every_form() {
    for line in [
        "use crate::report::Report;",
        "use crate::{facts::Clue, report::Report};",
        "use crate::{\n    facts::{Clue, Fault},\n    report::Report,\n};",
        "fn f() { crate::report::render(); }",
    ] {
        assert_eq!(offences_in("net", "net/x.rs", line).len(), 1, "{line}");
    }
    assert_eq!(offences_in("app", "app/x.rs", "use crate::report::Report;"), Vec::<String>::new());
    assert_eq!(offences_in("attic", "attic.rs", "").len(), 1, "a room without a row");
}

#[test]
fn test_modules_obey_other_rules() {
    let text = "use crate::facts::Clue;\n#[cfg(test)]\nmod tests { use crate::report::Report; }";
    assert_eq!(offences_in("net", "net/x.rs", text), Vec::<String>::new());
}

#[test]
fn every_file_says_what_it_is_for() {
    for (_, file, text) in sources() {
        assert!(text.starts_with("//!"), "{file} does not open with its job");
    }
}

fn offences_in(room: &str, file: &str, text: &str) -> Vec<String> {
    if room == TOP {
        return Vec::new();
    }
    let Some((_, allowed, reason)) = RULES.iter().find(|(name, ..)| *name == room) else {
        return vec![format!("{file}: the room {room:?} has no row in the rules")];
    };
    rooms_used(without_tests(text))
        .into_iter()
        .filter(|used| used != room && !allowed.contains(&used.as_str()))
        .map(|used| format!("{file}: {room} may not know {used}: {reason}"))
        .collect()
}

/// The part before the test module, which may use what it tests against.
fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod tests {").map_or(text, |start| &text[..start])
}

/// Every room named behind `crate::`, alone or in a list.
fn rooms_used(text: &str) -> BTreeSet<String> {
    text.split("crate::").skip(1).flat_map(first_segments).collect()
}

/// `facts::Clue;` gives `facts`; `{facts::Clue, report::{A, B}}` gives `facts` and `report`.
fn first_segments(rest: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect()
    };
    if !rest.starts_with('{') {
        return vec![word(rest)];
    }
    let (mut depth, mut segments, mut expects) = (0, Vec::new(), false);
    for (place, letter) in rest.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && matches!(letter, '{' | ',') {
            expects = true;
        } else if expects && letter.is_ascii_alphabetic() {
            segments.push(word(&rest[place..]));
            expects = false;
        }
    }
    segments
}

/// Every source file of the library with its room. Files that only tests are built from are left out.
fn sources() -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let src = root().join("src");
    collect(&src, &src, &mut found);
    assert!(found.len() > 50, "the sources were found");
    found
}

fn collect(src: &Path, directory: &Path, found: &mut Vec<(String, String, String)>) {
    for entry in fs::read_dir(directory).expect("a source directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(src, &path, found);
            continue;
        }
        let file = path.strip_prefix(src).expect("inside").to_string_lossy().replace('\\', "/");
        let room = file.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
        let only_tests = ["tests.rs", "snapshots.rs", "samples.rs", "loopback.rs"]
            .iter()
            .any(|name| file.ends_with(&format!("/{name}")))
            || file.contains("/tests/");
        if !file.ends_with(".rs") || only_tests || matches!(room.as_str(), "main" | "lib") {
            continue;
        }
        found.push((room, file, fs::read_to_string(&path).expect("a text")));
    }
}

//! Whatever the simulator's own judge of bodies refuses, the linter tells as an error, or it is said here why it does not.
//!
//! The two were written apart, and know nothing of each other. A case is kept for each check of the judge and for each sentence
//! that it has, so that one which comes later is missed here.

mod answers;
mod forms;
mod others;
mod turns;

use std::collections::BTreeSet;

use gemini_doctor::{
    facts::{Severity, models::ModelTable},
    lint::{Finding, Given, Kind, Service, Version, look},
    simulate,
};

/// A day on which no model of the simulator has retired.
const DAY: &str = "2026-11-20";

const FLASH: &str = "gemini-3.5-flash";
const NEW: &str = "gemini-3.8-flash";
const OLD: &str = "gemini-2.5-flash";
const GEMMA: &str = "gemma-4-31b-it";
const VECTORS: &str = "gemini-embedding-001";

/// How a body is sent.
#[derive(Clone, Copy, Debug)]
struct Way {
    model: &'static str,
    version: &'static str,
    method: &'static str,
}

const fn to(model: &'static str) -> Way {
    Way { model, version: "v1beta", method: "generateContent" }
}

impl Way {
    const fn by(self, method: &'static str) -> Self {
        Self { method, ..self }
    }

    const fn at(self, version: &'static str) -> Self {
        Self { version, ..self }
    }

    fn kind(self) -> Kind {
        match self.method {
            "countTokens" => Kind::Count,
            "embedContent" => Kind::Embed,
            "batchEmbedContents" => Kind::EmbedBatch,
            "chat/completions" => Kind::Chat,
            _ => Kind::Generate,
        }
    }
}

/// A body that the simulator refuses.
#[derive(Debug)]
struct Case {
    /// The check that refuses it.
    check: &'static str,
    way: Way,
    body: String,
    /// Why the linter does not call it an error, where it does not.
    mild: Option<&'static str>,
}

fn case(check: &'static str, way: Way, body: impl Into<String>) -> Case {
    Case { check, way, body: body.into(), mild: None }
}

impl Case {
    /// The linter only warns, for this reason.
    fn mild(self, why: &'static str) -> Self {
        Self { mild: Some(why), ..self }
    }
}

/// A good request with more members.
fn with(rest: &str) -> String {
    format!(r#"{{"contents": [{{"role": "user", "parts": [{{"text": "hi"}}]}}], {rest}}}"#)
}

/// A good request with these settings.
fn config(settings: &str) -> String {
    with(&format!(r#""generationConfig": {{{settings}}}"#))
}

/// A good request with one part more.
fn part(part: &str) -> String {
    turns(&format!(r#"{{"role": "user", "parts": [{{"text": "hi"}}, {part}]}}"#))
}

fn turns(turns: &str) -> String {
    format!(r#"{{"contents": [{turns}]}}"#)
}

/// A good request that declares these functions.
fn functions(list: &str) -> String {
    with(&format!(r#""tools": [{{"functionDeclarations": [{list}]}}]"#))
}

/// A good request that declares one function with these parameters.
fn parameters(schema: &str) -> String {
    functions(&format!(r#"{{"name": "f", "description": "Does it.", "parameters": {schema}}}"#))
}

fn all() -> Vec<Case> {
    [turns::cases(), forms::cases(), answers::cases(), others::cases()]
        .into_iter()
        .flatten()
        .collect()
}

fn findings(case: &Case) -> Vec<Finding> {
    let table = ModelTable::embedded();
    let way = case.way;
    let given = Given {
        kind: Some(way.kind()),
        service: if way.version == "vertex" { Service::Cloud } else { Service::Developer },
        version: if way.version == "v1" { Version::V1 } else { Version::V1Beta },
        model: Some(way.model),
        ..Given::on(&table, DAY)
    };
    look(&case.body, &given).findings
}

fn ids(findings: &[Finding]) -> Vec<String> {
    let told = |one: &Finding| format!("{:?} {} at {}", one.rule.severity, one.rule.id, one.path);
    findings.iter().map(told).collect()
}

#[test]
fn the_simulator_refuses_each_of_them() {
    for case in all() {
        let Way { model, version, method } = case.way;
        assert!(simulate::refusal(&case.body, model, version, method).is_some(), "{case:?}");
    }
}

#[test]
fn the_linter_tells_each_as_an_error_or_it_is_known_why_not() {
    let mut wrong = Vec::new();
    for case in all() {
        let found = findings(&case);
        let is_error = found.iter().any(|one| one.rule.severity == Severity::Error);
        match case.mild {
            None if !is_error => wrong.push(format!("no error: {case:?}\n    {:?}", ids(&found))),
            Some(_) if is_error => wrong.push(format!("an error: {case:?}\n    {:?}", ids(&found))),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all().len(), wrong.join("\n"));
}

#[test]
fn no_check_of_the_simulator_is_without_a_case() {
    let text = include_str!("../../../src/simulate/api/validate/mod.rs");
    let table = text.split("const CHECKS").nth(1).and_then(|rest| rest.split("];").next());
    let checks: BTreeSet<&str> = table
        .expect("the table of checks")
        .lines()
        .filter_map(|line| line.trim().split_once('(')?.1.strip_suffix("),"))
        .collect();
    assert!(checks.len() > 30, "{checks:?}");
    let seen: BTreeSet<&str> = all().iter().map(|case| case.check).collect();
    let missed: Vec<_> = checks.difference(&seen).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

/// Where the judge has its sentences.
const JUDGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/simulate/api/validate");

/// Texts of the judge that no case here can show, each with why.
const NOT_SHOWN: &[(&str, &str)] = &[
    ("recursion limit", "words of the reader of JSON, and not the judge's own"),
    ("any JSON value", "what that reader is told to expect, and always finds"),
];

/// The texts in the judge's own files that are sentences: the longest piece of each between what is put in.
fn sentences() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(JUDGE).expect("the judge's files") {
        let path = entry.expect("a file").path();
        if path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a text");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        all.extend(literals(&text).iter().map(|text| (name.clone(), fixed_part(text))));
    }
    all.retain(|(_, sentence)| sentence.contains(' ') && sentence.len() >= 8);
    all
}

/// The texts in quotes of a program, comments aside.
fn literals(program: &str) -> Vec<String> {
    let code = program.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = code.collect::<Vec<_>>().join("\n");
    let mut letters = code.chars().peekable();
    let mut all = Vec::new();
    while let Some(letter) = letters.next() {
        if letter == '\'' && letters.peek() == Some(&'"') {
            letters.next();
            continue;
        }
        if letter != '"' {
            continue;
        }
        let mut text = String::new();
        while let Some(letter) = letters.next().filter(|letter| *letter != '"') {
            match letter {
                '\\' => match letters.next() {
                    Some('\n') => {
                        while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
                    }
                    Some('n') => text.push('\n'),
                    Some(other) => text.push(other),
                    None => {}
                },
                letter => text.push(letter),
            }
        }
        all.push(text);
    }
    all
}

/// The longest piece of a text between the values that are put in.
fn fixed_part(text: &str) -> String {
    let pieces = text.split('{').map(|piece| piece.split_once('}').map_or(piece, |(_, rest)| rest));
    let longest = pieces.max_by_key(|piece| piece.len()).unwrap_or_default();
    longest.trim().to_owned()
}

fn message(case: &Case) -> String {
    let Way { model, version, method } = case.way;
    let refusal = simulate::refusal(&case.body, model, version, method);
    refusal.map(|refusal| refusal.message().to_owned()).unwrap_or_default()
}

#[test]
fn no_sentence_of_the_simulator_is_without_a_case() {
    let (sentences, told) = (sentences(), all().iter().map(message).collect::<Vec<_>>());
    assert!(sentences.len() > 70, "{sentences:?}");
    let is_shown = |sentence: &str| {
        told.iter().any(|told| told.contains(sentence))
            || NOT_SHOWN.iter().any(|(known, _)| *known == sentence)
    };
    let missed: Vec<_> = sentences.iter().filter(|(_, sentence)| !is_shown(sentence)).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn sentences_are_found_in_a_program() {
    let program = "/// A \"comment here\".\nlet a = \"one {kind} two words\\\n    more\"; let b = '\"'; c(\"d e\")";
    assert_eq!(literals(program), ["one {kind} two wordsmore", "d e"]);
    assert_eq!(fixed_part("a {b} longer one"), "longer one");
}

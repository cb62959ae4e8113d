//! Whatever the simulator's own judge of bodies refuses, the linter tells as an error, or it is said here why it does not.
//!
//! The two were written apart, and know nothing of each other. A case is kept for each check of the judge, so that one
//! which comes later is missed here.

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

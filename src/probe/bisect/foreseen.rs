//! What the rules of `lint` say of a body. A service that refuses without naming a field leaves open what is wrong with
//! the part that it refuses; a rule that finds a fault just there says it.

use crate::{
    facts::{Severity, models::ModelTable},
    lint::{self, Given, Kind, Service, Version},
};

/// A fault that a rule finds in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreseen {
    /// The path to it.
    pub path: String,
    /// The rule.
    pub rule: &'static str,
    /// The known fix that it leads to.
    pub fix: Option<&'static str>,
    /// What is wrong, in one sentence.
    pub said: String,
    /// What to do, in words.
    pub correction: Option<String>,
}

/// For whom a body is.
#[derive(Clone, Copy, Debug)]
pub(super) struct For<'a> {
    pub(super) service: Service,
    pub(super) version: Version,
    pub(super) model: &'a str,
    pub(super) table: &'a ModelTable,
    pub(super) day: &'a str,
}

/// Everything in a body that rules know to be refused.
pub(super) fn foreseen(body: &str, whom: For<'_>) -> Vec<Foreseen> {
    let given = Given {
        kind: Some(Kind::Generate),
        service: whom.service,
        version: whom.version,
        model: Some(whom.model),
        ..Given::on(whom.table, whom.day)
    };
    let looked = lint::look(body, &given);
    let errors = looked.findings.into_iter().filter(|one| one.rule.severity == Severity::Error);
    let of = |finding: lint::Finding| Foreseen {
        fix: finding.fix(),
        path: finding.path,
        rule: finding.rule.id,
        said: finding.said,
        correction: finding.correction.map(|correction| correction.words),
    };
    errors.map(of).collect()
}

/// What is said of a part and of what it holds; where nothing is, of the nearest that holds it.
pub fn said_of<'f>(all: &'f [Foreseen], part: &str) -> Vec<&'f Foreseen> {
    let inside = said_within(all, part);
    let around =
        || all.iter().filter(|one| holds(&one.path, part)).max_by_key(|one| one.path.len());
    if inside.is_empty() { around().into_iter().collect() } else { inside }
}

/// What is said of a part and of what it holds: what stands around it may be at fault for a reason of its own.
pub(super) fn said_within<'f>(all: &'f [Foreseen], part: &str) -> Vec<&'f Foreseen> {
    all.iter().filter(|one| holds(part, &one.path)).collect()
}

/// What is said of the list itself whose item a part is: that it has too many, or may not stand there.
pub(super) fn said_of_list<'f>(all: &'f [Foreseen], part: &str) -> Vec<&'f Foreseen> {
    let list = part.strip_suffix(']').and_then(|item| item.rsplit_once('['));
    let Some((list, _)) = list else { return Vec::new() };
    all.iter().filter(|one| one.path == list).collect()
}

/// Whether a path is another one, or leads into what stands there.
fn holds(outer: &str, inner: &str) -> bool {
    inner
        .strip_prefix(outer)
        .is_some_and(|rest| matches!(rest.bytes().next(), None | Some(b'.' | b'[')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(paths: &[&str]) -> Vec<Foreseen> {
        let one = |path: &&str| Foreseen {
            path: (*path).to_owned(),
            rule: "a-rule",
            fix: None,
            said: String::new(),
            correction: None,
        };
        paths.iter().map(one).collect()
    }

    #[test]
    fn the_nearest_fault_is_told_and_none_of_a_neighbour() {
        let known = all(&["$", "tools", "tools[1].name", "tools[10]", "toolConfig.mode"]);
        let paths = |said: Vec<&Foreseen>| -> Vec<String> {
            said.into_iter().map(|one| one.path.clone()).collect()
        };
        let of = |part: &str| paths(said_of(&known, part));
        assert_eq!(of("tools[1]"), ["tools[1].name"]);
        assert_eq!(of("tools[1].name"), ["tools[1].name"]);
        assert_eq!(of("tools[2].name"), ["tools"]);
        assert_eq!(of("toolConfig"), ["toolConfig.mode"]);
        assert_eq!(of("tools"), ["tools", "tools[1].name", "tools[10]"]);
        assert!(of("tool").is_empty() && of("contents[0]").is_empty());
        assert!(said_within(&known, "tools[2].name").is_empty());
        assert_eq!(paths(said_of_list(&known, "tools[2]")), ["tools"]);
        assert!(said_of_list(&known, "tools[2].name").is_empty());
    }

    #[test]
    fn warnings_are_no_reason_for_a_refusal() {
        let table = ModelTable::embedded();
        let whom = For {
            service: Service::Developer,
            version: Version::V1Beta,
            model: "gemini-3.8-flash",
            table: &table,
            day: "2026-11-20",
        };
        let body = r#"{"contents": [{"parts": [{"text": "a"}]}],
                       "generationConfig": {"maxOutputTokens": 10, "temprature": 1}}"#;
        let found = foreseen(body, whom);
        let found: Vec<&str> = found.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(found, ["generationConfig.temprature"]);
    }
}

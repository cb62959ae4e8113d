use crate::{
    facts::{Severity, models::ModelTable},
    lint::{Finding, Given, Looked, look, rule::Example},
};

/// A day on which nothing of the table that the examples name has retired.
const DAY: &str = "2026-11-20";

fn looked(example: &Example) -> Looked {
    let table = ModelTable::embedded();
    let given = Given {
        kind: Some(example.kind),
        model: Some(example.model).filter(|model| !model.is_empty()),
        ..Given::on(&table, DAY)
    };
    look(example.body, &given)
}

fn told(looked: &Looked) -> Vec<(&'static str, &str)> {
    looked.findings.iter().map(|finding| (finding.rule.id, finding.path.as_str())).collect()
}

#[test]
fn each_rule_finds_its_examples_where_they_are() {
    for rule in super::all() {
        for example in rule.bad {
            let looked = looked(example);
            let told = told(&looked);
            assert!(
                told.contains(&(rule.id, example.at)),
                "{}: {}\n{told:?}",
                rule.id,
                example.body
            );
        }
    }
}

/// Old models are in examples since they follow rules of their own, and not because they can still be had.
fn is_error(finding: &Finding) -> bool {
    finding.rule.severity == Severity::Error && finding.rule.id != "model-retired"
}

#[test]
fn near_misses_are_no_errors_at_all_and_break_not_that_rule() {
    for rule in super::all() {
        for example in rule.good {
            let looked = looked(example);
            let broken = looked
                .findings
                .iter()
                .filter(|finding| finding.rule.id == rule.id || is_error(finding));
            let broken: Vec<_> =
                broken.map(|finding| (finding.rule.id, &finding.path, &finding.said)).collect();
            assert!(broken.is_empty(), "{}: {}\n{broken:?}", rule.id, example.body);
        }
    }
}

#[test]
fn ids_are_words_and_stand_there_once() {
    let ids: Vec<&str> = super::all().map(|rule| rule.id).collect();
    for (index, id) in ids.iter().enumerate() {
        assert!(!ids[..index].contains(id), "{id}");
        assert!(
            id.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
            "{id}"
        );
    }
}

#[test]
fn what_is_refused_has_an_answer_and_a_fix_and_examples() {
    for rule in super::all() {
        let is_error = rule.severity == Severity::Error;
        assert!(!is_error || (rule.fix.is_some() && !rule.answer.is_empty()), "{}", rule.id);
        // What is too large for an example has tests of its own.
        // What is of the cloud platform as well, which no example is for.
        // So has what is about the command round a body.
        let has_its_own = ["size-", "command-"].iter().any(|start| rule.id.starts_with(start))
            || rule.id.ends_with("-on-the-cloud-platform");
        let is_shown = !rule.bad.is_empty() || has_its_own;
        assert!(!is_error || is_shown, "{}", rule.id);
        assert!(!rule.title.ends_with('.') && rule.why.ends_with('.'), "{}", rule.id);
        assert!(
            crate::facts::time::days(rule.as_of).is_some() && !rule.docs.is_empty(),
            "{}",
            rule.id
        );
    }
}

/// A correction that a program may make leads to a text in which the finding is gone.
#[test]
fn mechanical_corrections_mend_what_they_are_for() {
    for rule in super::all() {
        for example in rule.bad {
            let looked = self::looked(example);
            for finding in looked.findings.iter().filter(|finding| finding.rule.id == rule.id) {
                let Some(correction) =
                    finding.correction.as_ref().filter(|correction| correction.is_mechanical)
                else {
                    continue;
                };
                let mut text = example.body.to_owned();
                let mut edits = correction.edits.clone();
                edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
                for edit in edits {
                    text.replace_range(edit.span, &edit.text);
                }
                let count = |looked: &Looked| {
                    looked.findings.iter().filter(|other| other.rule.id == rule.id).count()
                };
                let after = self::looked(&Example {
                    body: Box::leak(text.clone().into_boxed_str()),
                    ..*example
                });
                assert!(count(&after) < count(&looked), "{}: {}\n{text}", rule.id, example.body);
            }
        }
    }
}

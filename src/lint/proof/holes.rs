//! Bodies of which one piece is open: what is told of such a body is told of the whole one as well, which is one of those that it
//! may become. It must not know how pieces are filled.

use std::collections::BTreeSet;

use crate::{
    facts::models::ModelTable,
    lint::{
        self, Given,
        document::{Document, Form, Span, Value},
    },
};

use super::{
    case::Kind,
    generate::generate,
    harness::{DAY, given, head},
};

/// What may be open: values, texts between their quotes, the ends of texts, and names.
fn holes(text: &str) -> Vec<Span> {
    let document = Document::read(text);
    let mut holes = Vec::new();
    let mut open: Vec<Value<'_>> = document.root().into_iter().collect();
    while let Some(value) = open.pop() {
        let span = value.span();
        if value.kind() == Form::Text {
            let middle = (span.start + 1..span.end).find(|at| *at * 2 >= span.start + span.end);
            let middle = middle.filter(|at| text.is_char_boundary(*at)).unwrap_or(span.end - 1);
            holes.push(span.start + 1..span.end - 1);
            holes.push(middle..span.end - 1);
        }
        let key = value.key_span();
        holes.extend(key.map(|key| key.start + 1..key.end - 1));
        holes.push(span);
        open.extend(value.children());
    }
    holes
}

/// What is told with the piece open and not without.
fn untrue(text: &str, hole: &Span, given: &Given<'_>) -> Vec<String> {
    let unknown = std::slice::from_ref(hole);
    let open = lint::look(text, &Given { unknown, ..given.clone() });
    if open.findings.is_empty() {
        return Vec::new();
    }
    let whole = lint::look(text, &Given { wants_all: true, ..given.clone() });
    let ids: BTreeSet<&str> = whole.findings.iter().map(|finding| finding.rule.id).collect();
    let wrong = open.findings.iter().filter(|finding| !ids.contains(finding.rule.id));
    let told = |finding: &lint::Finding| {
        let piece = text.get(hole.clone()).unwrap_or_default();
        format!("{} at {} without {piece:?}: {text}", finding.rule.id, finding.path)
    };
    wrong.map(told).collect()
}

fn assert_true(mut wrong: Vec<String>) {
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{} untrue words:\n{}", wrong.len(), head(&wrong));
}

const BODIES: u64 = 1000;

#[test]
fn an_open_piece_makes_nothing_untrue_of_what_the_api_takes() {
    let table = ModelTable::embedded();
    let mut wrong = Vec::new();
    for case in (0..BODIES).map(generate).filter(|case| case.kind != Kind::BatchLines) {
        let text = case.body();
        let all = holes(&text);
        let mut chance = fastrand::Rng::with_seed(case.seed);
        for _ in 0..HOLES {
            wrong.extend(untrue(&text, &all[chance.usize(..all.len())], &given(&case, &table)));
        }
    }
    assert_true(wrong);
}

/// So many pieces of each body, one at a time.
const HOLES: usize = 1;

#[test]
fn an_open_piece_makes_nothing_untrue_of_what_nearly_breaks_a_rule() {
    let table = ModelTable::embedded();
    let mut wrong = Vec::new();
    for example in lint::rules().flat_map(|rule| rule.good) {
        let given = Given {
            kind: Some(example.kind),
            model: Some(example.model).filter(|model| !model.is_empty()),
            ..Given::on(&table, DAY)
        };
        for hole in holes(example.body) {
            wrong.extend(untrue(example.body, &hole, &given));
        }
    }
    assert_true(wrong);
}

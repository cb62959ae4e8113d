//! The table of differences: a row each, with what both sides have.

use crate::{
    compare::{Certainty, Difference, Topic},
    probe::compare::{Compared, Pair},
    report::document::{Column, Sheet},
};

/// The tables of a comparison of two sides.
pub(super) fn differences(compared: &Compared) -> Vec<Sheet> {
    let label = |index: usize| Column::text(&compared.sides[index].label);
    let sheet = |pair: &Pair| Sheet {
        title: String::new(),
        columns: vec![
            Column::text("difference"),
            Column::text("sure"),
            label(pair.a),
            label(pair.b),
        ],
        rows: pair.judged.differences.iter().map(row).collect(),
        notes: Vec::new(),
    };
    let has_some = |pair: &&Pair| !pair.judged.differences.is_empty();
    compared.pairs.iter().filter(has_some).map(sheet).collect()
}

fn row(one: &Difference) -> Vec<String> {
    vec![what(one), sure(one), one.a.clone(), one.b.clone()]
}

fn what(one: &Difference) -> String {
    match (&one.subject, one.topic) {
        (Some(name), Topic::Listed) if !name.contains(", ") => name.clone(),
        _ => one.topic.what().to_owned(),
    }
}

/// How sure it is: exact facts need no test.
fn sure(one: &Difference) -> String {
    match one.certainty {
        Certainty::Exact => "exact".to_owned(),
        Certainty::Tested { p } if p < 0.0001 => "p < 0.0001".to_owned(),
        Certainty::Tested { p } => format!("p = {p:.4}"),
    }
}

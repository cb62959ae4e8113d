//! The table of differences, with both values of each under one another: values are long, and a column each
//! would break them.

use crate::{
    compare::{Certainty, Difference},
    probe::compare::{Compared, Pair},
    report::document::{Column, Sheet},
};

/// The tables of a comparison of two sides.
pub(super) fn differences(compared: &Compared) -> Vec<Sheet> {
    let sheet = |pair: &Pair| Sheet {
        title: String::new(),
        columns: vec![
            Column::text("difference"),
            Column::text("side"),
            Column::text("what it has"),
        ],
        rows: pair.judged.differences.iter().flat_map(|one| rows(compared, pair, one)).collect(),
        notes: Vec::new(),
    };
    let has_some = |pair: &&Pair| !pair.judged.differences.is_empty();
    compared.pairs.iter().filter(has_some).map(sheet).collect()
}

fn rows(compared: &Compared, pair: &Pair, one: &Difference) -> [Vec<String>; 2] {
    let [a, b] = [pair.a, pair.b].map(|index| compared.sides[index].label.clone());
    [vec![what(one), a, one.a.clone()], vec![sure(one), b, one.b.clone()]]
}

fn what(one: &Difference) -> String {
    match (&one.subject, one.topic) {
        (Some(name), crate::compare::Topic::Listed) => name.clone(),
        _ => one.topic.what().to_owned(),
    }
}

/// How sure it is: exact facts need no test.
pub(super) fn sure(one: &Difference) -> String {
    match one.certainty {
        Certainty::Exact => "  exact".to_owned(),
        Certainty::Tested { p } if p < 0.0001 => "  p < 0.0001".to_owned(),
        Certainty::Tested { p } => format!("  p = {p:.4}"),
    }
}

//! The tables of the live part.

use crate::{
    probe::tokens::{Arm, Counted, Delivered},
    report::document::{Column, Sheet},
    tokens::delivery::{self, Books, Probe, Sample},
};

use super::super::words::grouped;
use super::books;

pub(super) fn sheets(delivered: &Delivered) -> Vec<Sheet> {
    let mut sheets = Vec::new();
    sheets.extend(
        delivered.verified.as_ref().map(|counted| verified_sheet(counted, delivered.plan.local)),
    );
    if !delivered.arms.is_empty() {
        sheets.push(books_sheet(&delivered.arms));
        sheets.push(needles_sheet(&delivered.arms));
    }
    let probes = delivered.ceiling.as_ref().map(|(search, _)| search.probes());
    sheets.extend(probes.filter(|probes| !probes.is_empty()).map(probes_sheet));
    sheets
}

fn verified_sheet(counted: &Counted, local: Option<u64>) -> Sheet {
    let row = |name: &str, tokens: Option<u64>| {
        vec![name.to_owned(), tokens.map_or("-".to_owned(), grouped)]
    };
    let mut rows = vec![row("the service", Some(counted.total)), row("this program", local)];
    rows.extend(
        counted.details.iter().map(|one| row(&one.name.to_ascii_lowercase(), Some(one.tokens))),
    );
    Sheet {
        title: "tokens".to_owned(),
        columns: vec![Column::text("counted by"), Column::number("tokens")],
        rows,
        notes: Vec::new(),
    }
}

fn books_sheet(arms: &[Arm]) -> Sheet {
    let number = |tokens: Option<u64>| tokens.map_or("-".to_owned(), grouped);
    let row = |arm: &Arm| {
        let Books { local, counted, prompt } = books(arm);
        let name = if arm.tools { "with tools: []" } else { "as it is" };
        vec![
            name.to_owned(),
            number(local),
            number(counted),
            number(prompt),
            arm.verdict.word().replace('_', " "),
        ]
    };
    Sheet {
        title: "three counts of the same prompt".to_owned(),
        columns: vec![
            Column::text("prompt"),
            Column::number("local"),
            Column::number("countTokens"),
            Column::number("the answer"),
            Column::text("verdict"),
        ],
        rows: arms.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

fn needles_sheet(arms: &[Arm]) -> Sheet {
    let calls = || arms.iter().flat_map(|arm| arm.samples.iter().map(move |sample| (arm, sample)));
    let heads = calls().map(|(arm, _)| if arm.tools { "with tools: []" } else { "came back" });
    let mut columns = vec![Column::number("depth")];
    columns.extend(heads.map(Column::text));
    let row = |(at, depth): (usize, f64)| {
        let word = |sample: &Sample| match sample.needles.get(at) {
            Some(needle) if needle.came_back => "yes",
            Some(_) => "no",
            None => "-",
        };
        let words = calls().map(|(_, sample)| word(sample).to_owned());
        std::iter::once(format!("{depth:.0} %")).chain(words).collect()
    };
    Sheet {
        title: "needles".to_owned(),
        columns,
        rows: delivery::DEPTHS_PERCENT.into_iter().enumerate().map(row).collect(),
        notes: Vec::new(),
    }
}

fn probes_sheet(probes: &[Probe]) -> Sheet {
    let row = |probe: &Probe| {
        let calls = probe.calls.iter().map(|passed| if *passed { "passed" } else { "failed" });
        vec![grouped(probe.tokens), calls.collect::<Vec<_>>().join(", ")]
    };
    Sheet {
        title: "sizes, in the order of their calls".to_owned(),
        columns: vec![Column::number("tokens"), Column::text("calls")],
        rows: probes.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

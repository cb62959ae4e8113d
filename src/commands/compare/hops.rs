//! The table of hops: what each adds in time and changes in answers.

use crate::{
    compare::{Difference, Hop, Topic},
    probe::compare::{Compared, Pair, SideSeen},
    report::document::{Column, Sheet},
};

/// What has columns of its own.
const OF_THE_HOP: &[Topic] = &[Topic::Latency, Topic::AnswersLatency];

/// The table.
pub(super) fn sheet(compared: &Compared) -> Sheet {
    let mut rows: Vec<Vec<String>> =
        compared.pairs.iter().map(|pair| row(compared, pair)).collect();
    rows.extend(compared.sides.last().map(last));
    Sheet {
        title: "hops, the nearest to the API last".to_owned(),
        columns: vec![
            Column::text("hop"),
            Column::number("call ms"),
            Column::number("adds ms"),
            Column::text("95 %"),
            Column::text("changes"),
        ],
        rows,
        // Whole, to be copied: a column would break them.
        notes: compared
            .sides
            .iter()
            .map(|side| format!("hop {}  {}", side.label, side.base_url))
            .collect(),
    }
}

fn row(compared: &Compared, pair: &Pair) -> Vec<String> {
    let side = &compared.sides[pair.a];
    let hop = Hop::of(&pair.judged);
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    vec![
        side.label.clone(),
        or_dash(hop.map(|hop| format!("{:.1}", hop.through_ms))),
        or_dash(hop.map(|hop| tenth(hop.adds_ms.value))),
        or_dash(hop.map(|hop| {
            format!("{} to {}", tenth(hop.adds_ms.interval.low), tenth(hop.adds_ms.interval.high))
        })),
        changes(&pair.judged.differences),
    ]
}

/// The last one leads to nobody else that is known.
fn last(side: &SideSeen) -> Vec<String> {
    let mut times: Vec<f64> = side.seen.free.outcomes.iter().map(|one| one.ms).collect();
    times.sort_by(f64::total_cmp);
    let middle = times.get(times.len() / 2).map(|ms| format!("{ms:.1}"));
    let party = side.seen.steady(Topic::Party).unwrap_or("nobody").to_owned();
    let dash = || "-".to_owned();
    vec![
        side.label.clone(),
        middle.unwrap_or_else(dash),
        dash(),
        dash(),
        format!("answered by {party}"),
    ]
}

/// In tenths, of which none is less than nothing.
fn tenth(ms: f64) -> String {
    let rounded = (ms * 10.0).round() / 10.0;
    format!("{:.1}", if rounded == 0.0 { 0.0 } else { rounded })
}

/// What is told of a hop besides its time.
fn changes(differences: &[Difference]) -> String {
    let told = differences.iter().filter(|one| !OF_THE_HOP.contains(&one.topic)).map(change);
    let told: Vec<String> = told.collect();
    if told.is_empty() { "nothing that shows".to_owned() } else { told.join("; ") }
}

fn change(one: &Difference) -> String {
    let names = |one: &Difference| {
        let names = one.subject.as_deref().unwrap_or_default();
        let count = names.split(", ").count();
        if count == 1 { names.to_owned() } else { format!("{count} models") }
    };
    match one.topic {
        Topic::Missing => format!("adds {}", names(one)),
        Topic::Added => format!("hides {}", names(one)),
        Topic::Headers => format!("headers: {} instead of {}", one.a, one.b),
        Topic::Listed => format!("{}: {} instead of {}", names(one), one.a, one.b),
        // Fingerprints have their place in the document.
        Topic::Authority => {
            let name = |text: &str| text.split(" (sha256").next().unwrap_or(text).to_owned();
            format!("certificate of {} instead of {}", name(&one.a), name(&one.b))
        }
        topic => format!("{}: {} instead of {}", topic.what(), one.a, one.b),
    }
}

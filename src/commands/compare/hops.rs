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
        notes: Vec::new(),
    }
}

fn row(compared: &Compared, pair: &Pair) -> Vec<String> {
    let side = &compared.sides[pair.a];
    let hop = Hop::of(&pair.judged);
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    vec![
        name(side),
        or_dash(hop.map(|hop| format!("{:.1}", hop.through_ms))),
        or_dash(hop.map(|hop| format!("{:+.1}", hop.adds_ms.value))),
        or_dash(hop.map(|hop| {
            format!("{:.1} to {:.1}", hop.adds_ms.interval.low, hop.adds_ms.interval.high)
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
    vec![name(side), middle.unwrap_or_else(dash), dash(), dash(), format!("answered by {party}")]
}

fn name(side: &SideSeen) -> String {
    let host = side.base_url.split_once("://").map_or(side.base_url.as_str(), |(_, rest)| rest);
    format!("{} {host}", side.label)
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

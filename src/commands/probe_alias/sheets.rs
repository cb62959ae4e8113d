//! The tables of a run for people: the strip of outcomes, and each name with its rate. Must not lay
//! out, and shows no figure that JSON does not hold.

use crate::{
    alias::{
        Cause, End, Sample,
        causes::p_words,
        figures::{Method, Rate, Sibling, latency, strip},
    },
    report::document::{Column, Sheet},
};

use super::{
    Judged,
    words::{legend, some},
};

/// Outcomes that stand together in a long strip.
const LOT: usize = 20;

/// A strip with its legend that is longer than this would be broken inside the legend on a narrow
/// terminal.
const MOST_TOGETHER: usize = 58;

/// A factor with more values than this is told in words only.
const MOST_LEVELS: usize = 24;

/// All tables; every split of the failures where more detail is wanted.
pub(super) fn sheets(judged: &Judged<'_>, in_detail: bool) -> Vec<Sheet> {
    if judged.probed.samples.is_empty() {
        return Vec::new();
    }
    let splits: Vec<Sheet> = match in_detail {
        true => judged.causes.iter().map(levels).collect(),
        false => judged
            .factor()
            .filter(|it| it.levels.len() <= MOST_LEVELS)
            .map(levels)
            .into_iter()
            .collect(),
    };
    let (strip, legend) = strip_and_legend(&judged.probed.samples);
    strip.into_iter().chain([names(judged, legend)]).chain(splits).collect()
}

/// The strip on a line of its own where the two are long, and the line above the table.
fn strip_and_legend(samples: &[Sample]) -> (Option<Sheet>, String) {
    let (strip, legend) = (in_lots(&strip(samples)), format!("({})", legend(samples)));
    let together = format!("outcomes {strip} {legend}");
    if together.len() <= MOST_TOGETHER {
        return (None, together);
    }
    let title = format!("outcomes {strip}");
    (Some(Sheet { title, ..Sheet::default() }), legend)
}

fn names(judged: &Judged<'_>, title: String) -> Sheet {
    let samples = &judged.probed.samples;
    let heads = [
        Column::text("model"),
        Column::number("failed"),
        Column::text("95 % interval"),
        Column::text("p50 ok"),
        Column::text("says"),
    ];
    let own = row(&judged.probed.plan.model, &judged.rate, latency(samples, 0.5), says(judged));
    let siblings = judged.probed.siblings.iter().filter(|one| !one.samples.is_empty());
    let rows = std::iter::once(own)
        .chain(siblings.clone().map(|one| sibling(one, judged)))
        .chain(pooled(judged).filter(|_| siblings.clone().count() > 1));
    Sheet { title, columns: heads.to_vec(), rows: rows.collect(), notes: Vec::new() }
}

/// A long strip in lots that can be counted, and that fit on a line.
fn in_lots(strip: &str) -> String {
    if strip.len() <= LOT * 2 {
        return strip.to_owned();
    }
    let lots = strip.as_bytes().chunks(LOT).map(|lot| String::from_utf8_lossy(lot));
    lots.collect::<Vec<_>>().join(" ")
}

fn row(name: &str, rate: &Rate, p50: Option<f64>, says: String) -> Vec<String> {
    vec![
        name.to_owned(),
        format!("{}/{}", rate.failures, rate.calls),
        rate.words(),
        p50.map_or_else(|| "-".to_owned(), |ms| format!("{ms:.0} ms")),
        says,
    ]
}

/// The commonest failure, and how many kinds there are.
fn says(judged: &Judged<'_>) -> String {
    let kinds = &judged.signatures;
    match kinds.as_slice() {
        [] => String::new(),
        [(_, 1)] => "one message, once".to_owned(),
        [(_, count)] => format!("one message, {count} times"),
        [(_, count), ..] => format!("{} messages, one {count} times", kinds.len()),
    }
}

fn sibling(one: &Sibling, judged: &Judged<'_>) -> Vec<String> {
    let p = judged.compared.each.iter().find(|(name, _)| *name == one.name);
    let fisher = p.map(|(_, p)| format!("Fisher p = {}", p_words(*p)));
    let says: Vec<String> = fisher.into_iter().chain(apart(one)).collect();
    row(&one.name, &one.rate(), latency(&one.samples, 0.5), says.join("; "))
}

/// The calls to a control that say nothing of it.
fn apart(one: &Sibling) -> Option<String> {
    let is_other = |sample: &&Sample| !sample.end.is_own() && sample.end != End::NotSent;
    match one.samples.iter().filter(is_other).count() {
        0 => None,
        others => Some(format!("{} ended otherwise", some(others, "more call"))),
    }
}

fn pooled(judged: &Judged<'_>) -> Option<Vec<String>> {
    let (failures, calls, p) = judged.compared.pooled?;
    let healthy = judged.probed.siblings.iter().filter(|one| one.is_healthy());
    let all: Vec<_> = healthy.clone().flat_map(|one| one.samples.clone()).collect();
    let rate = Rate::of(failures, calls, Method::Wilson);
    let name = format!("{} siblings", healthy.count());
    Some(row(&name, &rate, latency(&all, 0.5), format!("Fisher p = {}", p_words(p))))
}

/// The values of a factor, and how calls with each ended.
fn levels(cause: &Cause) -> Sheet {
    let rows = cause
        .levels
        .iter()
        .map(|level| vec![level.name.clone(), format!("{}/{}", level.failures, level.calls)]);
    Sheet {
        title: format!("by {}   ({})", cause.factor.word(), cause.evidence("all that were tried")),
        columns: vec![Column::text(cause.factor.word()), Column::number("failed")],
        rows: rows.collect(),
        notes: Vec::new(),
    }
}

//! What a log shows, in sentences: the headline first, then when, why, what was wasted, who used most.

use serde_json::{Value, json};

use super::{
    limits, sheets,
    words::{interval, percent, short, time},
};
use crate::{
    catalog,
    commands::count_tokens::{counted, grouped, money},
    facts::{Class, Status},
    history::figures::{Figures, Quota, Share, Trouble, WhatIf},
    report::document::{Remark, Sheet},
    stats,
};

/// So many times of trouble have a sentence.
const MOST_TROUBLES: usize = 3;
/// So many bad lines are shown.
const MOST_BAD: usize = 3;
/// The labels of the five questions, in their order.
const LABELS: [(&str, &str); 5] = [
    ("spike", "429 spike"),
    ("tokens", "429 tokens"),
    ("shared", "429 shared"),
    ("retries", "429 retry"),
    ("quota", "429 quota"),
];

/// A log, told.
pub struct Told {
    /// How bad it is.
    pub status: Status,
    /// What fails the run, where anything does.
    pub class: Option<Class>,
    /// One word in capitals.
    pub word: &'static str,
    /// One sentence.
    pub sentence: String,
    /// The command's data.
    pub data: Value,
    /// Its tables.
    pub sheets: Vec<Sheet>,
    /// What stands below them.
    pub remarks: Vec<Remark>,
    /// What the figures do not show.
    pub limits: Vec<String>,
    /// The command that leads on, where anything failed.
    pub next: Option<String>,
}

/// Puts the figures into words.
pub fn told(figures: &Figures, top: usize, known: Vec<String>) -> Told {
    let (status, class, word) = verdict(figures);
    Told {
        status,
        class,
        word,
        sentence: sentence(figures),
        data: serde_json::to_value(figures).unwrap_or_else(|_| json!({})),
        sheets: sheets::sheets(figures, top),
        remarks: remarks(figures),
        limits: known.into_iter().chain(limits::limits(figures)).collect(),
        next: next(figures),
    }
}

/// What failed most leads on where the log names a known fix for it, as a watch's does; nothing of a log's own words
/// stands in a command.
fn next(figures: &Figures) -> Option<String> {
    let is_unread = !figures.missing_required.is_empty() || figures.failure_rate.is_none();
    if is_unread {
        return Some("gemini-doctor help read-log".to_owned());
    }
    let first = figures.failures.first()?;
    let fix = first.cause.as_deref().and_then(catalog::find);
    Some(match (fix, first.status) {
        (Some(fix), _) => format!("gemini-doctor fixes {}", fix.id),
        (None, Some(status)) => format!("gemini-doctor fixes --search {status}"),
        (None, None) => "gemini-doctor doctor".to_owned(),
    })
}

fn verdict(figures: &Figures) -> (Status, Option<Class>, &'static str) {
    match () {
        () if !figures.missing_required.is_empty() => (Status::Fail, Some(Class::Yours), "FAIL"),
        () if !figures.troubles.is_empty() => (Status::Warn, None, "TROUBLE"),
        () if figures.failed > 0 => (Status::Warn, None, "FAILURES"),
        () if figures.answered > 0 => (Status::Pass, None, "PASS"),
        () => (Status::Inconclusive, Some(Class::Unknown), "UNCLEAR"),
    }
}

fn sentence(figures: &Figures) -> String {
    if !figures.missing_required.is_empty() {
        let missing = figures.missing_required.join(", ");
        return format!("not every call has {missing}. {}", failed(figures));
    }
    let when = figures.troubles.iter().max_by_key(|trouble| trouble.failed);
    let when = when.map_or_else(String::new, |worst| format!(" {}", in_short(worst)));
    let why = figures.quota.as_ref().and_then(cause);
    let why = why.map_or_else(String::new, |why| format!(" {why}"));
    format!("{}{when}{why}", failed(figures))
}

fn failed(figures: &Figures) -> String {
    let known = figures.answered + figures.failed;
    match &figures.failure_rate {
        None => format!(
            "{} in the log, and it does not say how one of them ended.",
            counted(figures.calls, "call")
        ),
        Some(_) if figures.failed == 0 => {
            let most = stats::clean_bound(known, 0.95);
            format!(
                "none of {} failed; that shows less than {}.",
                counted(known, "call"),
                percent(most)
            )
        }
        Some(rate) => format!(
            "{} of {} failed ({}, 95 % interval {}){}.",
            grouped(figures.failed),
            counted(known, "call"),
            percent(rate.value),
            interval(rate.low, rate.high),
            mostly(figures)
        ),
    }
}

/// The most frequent status, over all its causes.
fn mostly(figures: &Figures) -> String {
    let mut by_status: Vec<(Option<u16>, u64)> = Vec::new();
    for failure in &figures.failures {
        match by_status.iter_mut().find(|(status, _)| *status == failure.status) {
            Some((_, calls)) => *calls += failure.calls,
            None => by_status.push((failure.status, failure.calls)),
        }
    }
    let most = by_status.iter().max_by_key(|(_, calls)| *calls);
    let Some((status, calls)) = most else { return String::new() };
    let what =
        status.map_or_else(|| "without a status".to_owned(), |status| format!("with {status}"));
    let part = if *calls == figures.failed { "all".to_owned() } else { grouped(*calls) };
    format!(", {part} {what}")
}

fn in_short(trouble: &Trouble) -> String {
    let from = trouble.began.as_deref().map(|at| format!("from {}", time(at)));
    let to = trouble.ended.as_deref().map(|at| format!("to {}", time(at)));
    let from = from.unwrap_or_else(|| "from before the log begins".to_owned());
    let to = to.unwrap_or_else(|| "to the end of the log".to_owned());
    format!("Trouble {from} {to} UTC.")
}

/// Why there were 429s, where one thing explains them; only as sure as what was ruled out beside it.
fn cause(quota: &Quota) -> Option<String> {
    let id = quota.cause.as_deref()?;
    let why = match id {
        "spike" => "a spike in requests",
        "tokens" => "inputs that were longer than usual",
        "shared" => "batch jobs that share the quota with online calls",
        "retries" if is_of_several(quota) => "retries from several instances at once",
        "retries" => "retries",
        _ => "a quota that is too small for the usual load",
    };
    Some(match rivals(quota, id).as_slice() {
        [] => format!("The 429s go with {why}."),
        open => format!("The 429s may go with {why}; whether with {} is open.", open.join(" or ")),
    })
}

/// What may explain them as well, as the log does not tell. A quota that the answers name needs no other reason.
fn rivals(quota: &Quota, cause: &str) -> Vec<&'static str> {
    if cause == "quota" && quota.limit.confidence == "high" {
        return Vec::new();
    }
    let open = quota.questions.iter().filter(|one| one.answer == "cannot be told");
    let name = |id: &str| match id {
        "spike" => "the number of requests",
        "tokens" => "the length of inputs",
        "shared" => "batch jobs",
        "retries" => "retries",
        _ => "the quota",
    };
    open.filter(|one| one.id != cause).map(|one| name(&one.id)).collect()
}

/// Whether more than one instance was seen retrying in the same minute.
fn is_of_several(quota: &Quota) -> bool {
    let retries = quota.questions.iter().find(|one| one.id == "retries");
    retries.and_then(|one| one.before).is_some_and(|instances| instances >= 2.0)
}

fn remark(label: &'static str, text: String) -> Remark {
    Remark { label, text, command: None }
}

fn remarks(figures: &Figures) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = troubles(figures);
    remarks.extend(figures.quota.iter().flat_map(quota));
    remarks.extend(wasted(figures));
    remarks.extend(top(figures));
    remarks.extend(figures.usage.what_if.as_ref().map(|it| what_if(it, figures)));
    remarks.extend(missing(figures));
    remarks.extend(figures.bad_lines.iter().take(MOST_BAD).map(|bad| {
        let place = format!("{} line {} column {}", bad.file, bad.line, bad.column);
        remark("unread", format!("{place}: {}", bad.why))
    }));
    remarks
}

fn troubles(figures: &Figures) -> Vec<Remark> {
    let mut worst: Vec<&Trouble> = figures.troubles.iter().collect();
    worst.sort_by_key(|trouble| std::cmp::Reverse(trouble.failed));
    let left = worst.len().saturating_sub(MOST_TROUBLES);
    let told = worst.iter().take(MOST_TROUBLES).map(|trouble| remark("trouble", whole(trouble)));
    let more = (left > 0)
        .then(|| remark("trouble", format!("and {left} more times, in the table of periods")));
    told.chain(more).collect()
}

fn whole(trouble: &Trouble) -> String {
    let between = |word: &str,
                   at: &Option<String>,
                   from: &Option<String>,
                   to: &Option<String>,
                   open: &str| {
        match (at, from, to) {
            (Some(at), Some(from), Some(to)) => {
                format!("{word} {} (95 % between {} and {})", time(at), clock(from), clock(to))
            }
            _ => open.to_owned(),
        }
    };
    let began = between(
        "began",
        &trouble.began,
        &trouble.began_earliest,
        &trouble.began_latest,
        "had begun when the log begins",
    );
    let ended = between(
        "ended",
        &trouble.ended,
        &trouble.ended_earliest,
        &trouble.ended_latest,
        "had not ended when the log ends",
    );
    let mostly =
        trouble.mostly.as_deref().map_or_else(String::new, |mostly| format!(", mostly {mostly}"));
    format!(
        "{began}, {ended}: {} of {} failed{mostly}",
        grouped(trouble.failed),
        counted(trouble.calls, "call")
    )
}

/// The time of day alone.
fn clock(at: &str) -> &str {
    at.get(11..19).unwrap_or(at)
}

fn quota(quota: &Quota) -> Vec<Remark> {
    let whose = match (&quota.model, &quota.project) {
        (Some(model), Some(project)) => format!(" of {model} in {project}"),
        (Some(model), None) => format!(" of {model}"),
        (None, Some(project)) => format!(" in {project}"),
        (None, None) => String::new(),
    };
    let (refused, there) = (grouped(quota.refused), grouped(quota.refused_there));
    let all = match refused == there {
        true => format!("{refused} in all{whose}"),
        false => format!("{refused} in all, {there} of them{whose}; what follows is about those"),
    };
    let all = remark("429", all);
    let answers = quota.questions.iter().map(|one| {
        let label = LABELS.iter().find(|(id, _)| *id == one.id).map_or("429", |(_, label)| *label);
        let missing = match one.missing.join(", ") {
            fields if one.answer == "cannot be told" && !fields.is_empty() => {
                format!(" (missing: {fields})")
            }
            _ => String::new(),
        };
        remark(label, format!("{} {}{missing}: {}", one.question, one.answer, one.evidence))
    });
    let limit = &quota.limit;
    let name = limit
        .limit
        .as_deref()
        .map_or_else(|| "not known".to_owned(), |name| name.replace('_', " "));
    let reached =
        remark("429 limit", format!("{name}, confidence {}: {}", limit.confidence, limit.evidence));
    std::iter::once(all).chain(answers).chain([reached]).collect()
}

fn wasted(figures: &Figures) -> Option<Remark> {
    let retries = &figures.retries;
    if retries.permanent_errors == 0 {
        return None;
    }
    let errors = format!(
        "{} ended with 400, 401, 403 or 404, which no retry mends",
        counted(retries.permanent_errors, "call")
    );
    let told = match (retries.wasted, retries.basis.as_deref()) {
        (Some(wasted), Some(basis)) => {
            let worked = retries.worked.filter(|worked| *worked > 0).map_or_else(String::new, |worked| {
                format!("; {worked} worked all the same, so that name or key is flaky: gemini-doctor probe-alias")
            });
            format!("{} wasted on them, by {basis}{worked}", are(wasted))
        }
        _ if retries.ids_are_unique => {
            "whether any were retried cannot be told: no request_id comes twice, and retry_count is missing".to_owned()
        }
        _ => format!("whether any were retried cannot be told: {} missing", fields(&retries.missing)),
    };
    Some(remark("wasted", format!("{errors}; {told}")))
}

fn are(wasted: u64) -> String {
    match wasted {
        1 => "1 retry was".to_owned(),
        _ => format!("{} retries were", grouped(wasted)),
    }
}

fn fields(missing: &[String]) -> String {
    let verb = if missing.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", missing.join(" and "))
}

/// The greatest share there is, of whatever field but the model.
fn top(figures: &Figures) -> Option<Remark> {
    let usage = &figures.usage;
    let named = |what: &'static str, shares: &'_ [Share]| {
        let is_choice = shares.len() > 1;
        shares.first().filter(|_| is_choice).map(|share| (what, share.clone()))
    };
    let all = [
        named("campaign or tag", &usage.by_tag),
        named("team", &usage.by_team),
        named("task", &usage.by_task),
    ];
    let all = all.into_iter().flatten().chain(named("model", &usage.by_model));
    let (what, share) = all.max_by(|(_, a), (_, b)| a.share.total_cmp(&b.share))?;
    let cost = usage.total.cost.zip(share.cost).map_or_else(String::new, |(all, own)| {
        let currency = usage.currency.as_deref().unwrap_or_default();
        format!(", {} of {} {currency}", money(own), money(all))
    });
    let text = format!(
        "{what} {} has {} of all {}{cost}",
        share.name,
        percent(share.share),
        usage.measure
    );
    Some(remark("top", text))
}

fn what_if(what_if: &WhatIf, figures: &Figures) -> Remark {
    let change =
        |percent: Option<f64>| percent.map_or_else(|| "no".to_owned(), |it| format!("{it:+.1} %"));
    let currency = figures.usage.currency.as_deref().unwrap_or_default();
    let cost = what_if.cost_now.zip(what_if.cost_then).map_or_else(String::new, |(now, then)| {
        let percent = change(what_if.cost_change_percent);
        format!("; cost {percent}, {} instead of {} {currency}", money(then), money(now))
    });
    let mean = what_if
        .mean_output_tokens
        .map_or_else(String::new, |mean| format!(" (they have {mean:.0} on average)"));
    let text = format!(
        "no answer above {} tokens{mean}: {} output, {} instead of {} tokens{cost}",
        grouped(what_if.output_tokens_max),
        change(what_if.output_change_percent),
        short(what_if.output_tokens_then),
        short(what_if.output_tokens_now)
    );
    remark("what if", text)
}

fn missing(figures: &Figures) -> Vec<Remark> {
    let lacking = |required: bool| {
        let some = figures
            .fields
            .iter()
            .filter(|one| one.present < one.wanted && one.required == required);
        some.map(|one| match one.present {
            0 => one.field.clone(),
            _ => format!(
                "{} (only in {} of {})",
                one.field,
                grouped(one.present),
                grouped(one.wanted)
            ),
        })
        .collect::<Vec<_>>()
        .join(", ")
    };
    let (required, wished) = (lacking(true), lacking(false));
    let required =
        (!required.is_empty()).then(|| remark("required", format!("missing: {required}")));
    let wished =
        (!wished.is_empty()).then(|| remark("missing", format!("fields worth logging: {wished}")));
    required.into_iter().chain(wished).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Analysis, Asked, Call, Limits, Names, Reader};

    /// A steady hour with minutes in which every second call is refused, of which most are retries.
    fn retried(asked: Asked, more: u64, instances: u64) -> Figures {
        let (mut reader, mut call) = (Reader::new(Names::new(&[])), Call::default());
        let mut analysis = Analysis::new(asked);
        for second in 0..3_600_u64 {
            let is_hot = (1_800..2_100).contains(&second);
            for number in 0..if is_hot { more } else { 1 } {
                let (status, count) = match is_hot && (second + number).is_multiple_of(2) {
                    true => (429, 2),
                    false => (200, 0),
                };
                let at = 1_780_092_000 + second;
                let line = format!(
                    r#"{{"at":{at},"model":"m","status":{status},"retry_count":{count},"input_tokens":9,"mode":"online","instance":"i{}"}}"#,
                    (second / 2 + number) % instances
                );
                reader.read(line.as_bytes(), &mut call).unwrap();
                analysis.add(&call);
            }
        }
        analysis.figures(Vec::new(), Vec::new()).0
    }

    fn answer(figures: &Figures, id: &str) -> (String, String) {
        let all = &figures.quota.as_ref().unwrap().questions;
        let one = all.iter().find(|one| one.id == id).unwrap();
        (one.answer.clone(), one.evidence.clone())
    }

    #[test]
    fn retries_are_a_cause_only_where_they_made_the_load_greater() {
        let grown = retried(Asked::default(), 3, 3);
        assert_eq!(answer(&grown, "retries").0, "yes");
        assert!(sentence(&grown).contains("retries from several instances at once"));
        let alone = retried(Asked::default(), 3, 1);
        assert!(sentence(&alone).ends_with("The 429s go with retries."), "{}", sentence(&alone));
        let limits = Limits { rpm: Some(1_000), ..Limits::default() };
        let usual = retried(Asked { limits, ..Asked::default() }, 1, 1);
        let (told, why) = answer(&usual, "retries");
        assert!(told == "cannot be told" && why.contains("followed the 429s"), "{why}");
        let (told, why) = answer(&usual, "quota");
        assert!(told == "cannot be told" && why.contains("reached no known limit"), "{why}");
        assert_eq!(usual.quota.as_ref().unwrap().cause, None);
        assert!(!sentence(&usual).contains("The 429s go with"), "{}", sentence(&usual));
    }
}

//! The sentences of a comparison: its headline, what each difference may explain, and what it does not show.

use crate::{
    compare::{Hop, Judged, Topic},
    probe::compare::{Compared, Pair, SideSeen},
    report::document::Remark,
};

/// The word and the sentence of the headline.
pub(super) fn headline(compared: &Compared) -> (&'static str, String) {
    let seen = compared.sides.iter().filter(|side| !side.seen.is_empty()).count();
    if seen < 2 {
        return ("NOT COMPARED", "there are no two sides that showed anything.".to_owned());
    }
    if compared.in_a_row {
        return ("HOPS", hops(compared));
    }
    let Some(pair) = compared.pairs.first() else {
        return ("NOT COMPARED", "nothing was held against each other.".to_owned());
    };
    let names = [pair.a, pair.b].map(|index| name(&compared.sides[index])).join(" and ");
    let what: Vec<&str> = pair.judged.differences.iter().map(|one| one.topic.what()).collect();
    match what.len() {
        0 => {
            let few = too_few_answers(compared).map(|count| {
                format!("; {count} answers a side are too few to find one in how often they fail")
            });
            let few = few.unwrap_or_default();
            ("NO DIFFERENCE", format!("no difference found between {names}{few}."))
        }
        1 => ("DIFFERENT", format!("one difference between {names}: {}.", what[0])),
        count => ("DIFFERENT", format!("{count} differences between {names}: {}.", listed(&what))),
    }
}

/// Each name once.
fn listed(what: &[&str]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in what {
        if !names.contains(name) {
            names.push(name);
        }
    }
    names.join(", ")
}

fn name(side: &SideSeen) -> String {
    let (label, described) = (&side.label, &side.described);
    format!("{label} ({described})")
}

fn hops(compared: &Compared) -> String {
    let hop = |pair: &Pair| {
        let label = &compared.sides[pair.a].label;
        match Hop::of(&pair.judged) {
            Some(hop) if hop.is_shown => format!(
                "hop {label} adds {:.1} ms ({:.1} to {:.1})",
                hop.adds_ms.value, hop.adds_ms.interval.low, hop.adds_ms.interval.high
            ),
            Some(_) => format!("hop {label} adds nothing that can be told from noise"),
            None => format!("hop {label} could not be timed"),
        }
    };
    let each: Vec<String> = compared.pairs.iter().map(hop).collect();
    format!("{}.", each.join("; "))
}

/// What the differences may explain, each sentence once, and what the sides are.
pub(super) fn remarks(compared: &Compared) -> Vec<Remark> {
    let mut told: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in compared.pairs.iter().flat_map(|pair| &pair.judged.differences) {
        let (what, explains) = (one.topic.what(), one.explains());
        match told.iter_mut().find(|(known, _)| *known == explains) {
            Some((_, names)) if names.contains(&what) => {}
            Some((_, names)) => names.push(what),
            None => told.push((explains, vec![what])),
        }
    }
    let may = told.into_iter().map(|(explains, names)| Remark {
        label: "may mean",
        text: format!("{}: {explains}", names.join(", ")),
        command: None,
    });
    may.chain(same(compared)).collect()
}

/// What was compared, where all of it is the same.
fn same(compared: &Compared) -> Option<Remark> {
    let pair = compared.pairs.first().filter(|_| !compared.in_a_row)?;
    if !pair.judged.differences.is_empty() {
        return None;
    }
    let word = |topic: &Topic| match topic {
        Topic::Listed => "models",
        topic => topic.what(),
    };
    let same: Vec<&str> = pair.judged.compared.iter().map(word).collect();
    (!same.is_empty()).then(|| Remark { label: "the same", text: same.join(", "), command: None })
}

/// What the run does not show.
pub(super) fn limits(compared: &Compared) -> Vec<String> {
    let mut limits = Vec::new();
    for pair in &compared.pairs {
        let names =
            [pair.a, pair.b].map(|index| compared.sides[index].label.as_str()).join(" and ");
        limits.extend(smallest(pair, &names));
        limits.extend(no_smallest_time(&pair.judged, &names));
        limits.extend(smallest_of_answers(compared, pair, &names));
        limits.extend(not_held(
            &names,
            &pair.judged.unsteady,
            "changed from look to look, so they are not compared",
        ));
        limits.extend(apart(compared, pair, &names));
        let one_sided: Vec<Topic> = known_to_one(compared, pair);
        limits.extend(not_held(
            &names,
            &one_sided,
            "only one side tells, so they are not compared",
        ));
    }
    limits.extend(compared.sides.iter().filter_map(of_saved));
    limits.extend(compared.cut.iter().map(|why| format!("it ended early: {why}")));
    limits
}

/// What only one side told. That a lost side told nothing needs no list.
fn known_to_one(compared: &Compared, pair: &Pair) -> Vec<Topic> {
    if has_short(compared, pair) { Vec::new() } else { pair.judged.one_sided.clone() }
}

/// Whether one of both showed next to nothing.
fn has_short(compared: &Compared, pair: &Pair) -> bool {
    let is_short = |index: usize| compared.sides[index].seen.facts.len() < 3;
    is_short(pair.a) || is_short(pair.b)
}

/// What one of both has no way to show, a sentence for each reason.
fn apart(compared: &Compared, pair: &Pair, names: &str) -> Vec<String> {
    if has_short(compared, pair) {
        return Vec::new();
    }
    let mut reasons: Vec<(&str, Vec<Topic>)> = Vec::new();
    for (topic, why) in &pair.judged.not_comparable {
        match reasons.iter_mut().find(|(known, _)| known == why) {
            Some((_, topics)) => topics.push(*topic),
            None => reasons.push((*why, vec![*topic])),
        }
    }
    let told = |(why, topics): (&str, Vec<Topic>)| {
        let words: Vec<&str> = topics.iter().map(|topic| topic.what()).collect();
        format!("between {names} not comparable here: {}, because {why}", listed(&words))
    };
    reasons.into_iter().map(told).collect()
}

fn smallest(pair: &Pair, names: &str) -> Option<String> {
    let small = &pair.judged.smallest;
    let time = small.latency_ms.map(|ms| format!("{ms:.1} ms in the time of a call"));
    let rate = small.failure_rate.map(|rate| format!("{:.0} % of failed calls", rate * 100.0));
    let both: Vec<String> = time.into_iter().chain(rate).collect();
    let both = both.join(" or ");
    (!both.is_empty())
        .then(|| format!("between {names} a difference below {both} would hardly have been seen"))
}

/// Why there is no smallest difference in the time of a call, where none was claimed either.
fn no_smallest_time(judged: &Judged, names: &str) -> Option<String> {
    let is_claimed = judged.differences.iter().any(|one| one.topic == Topic::Latency);
    if is_claimed || judged.smallest.latency_ms.is_some() {
        return None;
    }
    let timed = judged.times.iter().find(|timed| timed.topic == Topic::Latency)?;
    let ms = timed.compared.measured?.difference_ms.value.abs();
    Some(match timed.compared.verdict.is_difference() {
        true => format!(
            "between {names} the time of a call differed by {ms:.1} ms, which is not claimed: it is below 1 ms or did \
             not come again"
        ),
        false => format!("between {names} too few calls were answered to compare their time"),
    })
}

/// How many answers a side were asked for, where not even all failed against none would have counted.
pub(super) fn too_few_answers(compared: &Compared) -> Option<u64> {
    let counts = compared.pairs.iter().filter_map(|pair| {
        let count = answers(compared, pair);
        (count > 0 && pair.judged.smallest.answers_failure_rate.is_none()).then_some(count)
    });
    counts.min()
}

fn answers(compared: &Compared, pair: &Pair) -> u64 {
    let of = |index: usize| compared.sides[index].seen.paid.count();
    of(pair.a).min(of(pair.b))
}

/// What of failed answers would have been seen; that of free calls says nothing of them.
fn smallest_of_answers(compared: &Compared, pair: &Pair, names: &str) -> Option<String> {
    let count = answers(compared, pair);
    if count == 0 {
        return None;
    }
    Some(match pair.judged.smallest.answers_failure_rate {
        Some(rate) => format!(
            "between {names} a difference below {:.0} % of failed answers would hardly have been seen",
            rate * 100.0
        ),
        None => format!(
            "between {names} {count} answers a side are too few for failed answers: not even all against none would \
             have counted"
        ),
    })
}

fn not_held(names: &str, topics: &[Topic], why: &str) -> Option<String> {
    let words: Vec<&str> = topics.iter().map(|topic| topic.what()).collect();
    (!words.is_empty()).then(|| format!("between {names}: {} {why}", listed(&words)))
}

fn of_saved(side: &SideSeen) -> Option<String> {
    let (command, started_at) = side.saved.as_ref()?;
    Some(format!(
        "side {} is a saved run of {command} of {started_at}: what changed since is a difference too, and times are not paired",
        side.label
    ))
}

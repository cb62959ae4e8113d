//! The sentences of a benchmark's report: its headline, its remarks, and what it does not show. Says no
//! more than the comparisons do.

use crate::{
    bench::{
        Arm, Blame, Cause, Compared, Figure, Lack, Part, Parted, Side, Verdict, overview::About,
    },
    facts::Warmth,
    probe::bench::{self, Unavailable, WayFacts, Why},
    report::document::Remark,
};

use super::{Judged, http2};

/// The word and the sentence of the headline. A difference that nobody can notice is no headline.
pub(super) fn headline(judged: &Judged<'_>) -> (&'static str, String) {
    if let Some(side) = missing_side(judged) {
        return ("NOT COMPARED", side);
    }
    let Some(main) = judged.overview.main() else { return alone(judged) };
    if let Verdict::NotEnoughData(_) = main.comparison.verdict {
        return ("UNCLEAR", unclear(judged, main));
    }
    let kind = main.about;
    let answers: Vec<&Compared> =
        judged.overview.about(kind).filter(|it| alike(it, main)).collect();
    let differs = answers.iter().any(|pair| pair.matters());
    let mut sentences: Vec<String> = answers.iter().map(|it| shown(judged, it)).collect();
    match kind {
        About::Side => sentences.extend(text_speed(judged, main)),
        About::Protocol => sentences.extend(opening(judged)),
        About::Connection | About::Both => {}
    }
    sentences.extend(missing_protocols(judged));
    let shows = answers.iter().any(|pair| pair.comparison.verdict.is_difference());
    let word = match (differs, shows) {
        (true, _) => "DIFFERENT",
        (false, true) => "UNDER 1 MS",
        (false, false) => "NO DIFFERENCE",
    };
    (word, sentences.join(" "))
}

/// Why two sides are not compared, where every way to one of them leads nowhere.
fn missing_side(judged: &Judged<'_>) -> Option<String> {
    let benched = judged.benched;
    benched.plan.other.as_ref()?;
    let leads = |side| benched.gone().any(|way| way.arm.side == side);
    let missing = [Side::Usual, Side::Other].into_iter().find(|side| !leads(*side))?;
    let why = benched.lost().find(|way| way.arm.side == missing).map(|way| lost(judged, way))?;
    Some(format!("{} could not be reached: {why}.", judged.side(missing)))
}

/// Protocols that were to be compared and are not spoken there.
fn missing_protocols(judged: &Judged<'_>) -> Vec<String> {
    let benched = judged.benched;
    let spoken = |protocol| benched.gone().any(|way| way.arm.protocol == protocol);
    let mut silent: Vec<&WayFacts> = Vec::new();
    for way in benched.lost().filter(|way| !spoken(way.arm.protocol)) {
        if silent.iter().all(|known| known.arm.protocol != way.arm.protocol) {
            silent.push(way);
        }
    }
    let words =
        |way: &&WayFacts| format!("{} was not possible: {}.", way.arm.protocol.word(), reason(way));
    silent.iter().map(words).collect()
}

/// Whether two pairs answer the same question: the same kind over connections as warm.
fn alike(one: &Compared, other: &Compared) -> bool {
    one.a.warmth == other.a.warmth && one.b.warmth == other.b.warmth
}

/// A run with one way only has nothing to compare.
fn alone(judged: &Judged<'_>) -> (&'static str, String) {
    let p50 = judged.ways.first().and_then(|(arm, way)| Some((*arm, way.latency_ms.p50?)));
    match p50 {
        Some((arm, p50)) => (
            "MEASURED",
            format!(
                "Half of the calls over {} take no longer than {}.",
                judged.label(arm),
                ms(p50)
            ),
        ),
        None => ("UNCLEAR", "Too few calls were answered to say anything.".to_owned()),
    }
}

/// Why nothing was measured.
pub(super) fn nowhere(judged: &Judged<'_>) -> String {
    let why = not_gone(judged).unwrap_or_default();
    format!("Nothing was measured, since none of the ways could be gone: {why}.")
}

fn unclear(judged: &Judged<'_>, main: &Compared) -> String {
    let pair = format!("{} and {}", judged.label(main.a), judged.label(main.b));
    match main.comparison.verdict {
        Verdict::NotEnoughData(Lack::Failures { failed, calls }) => {
            format!("{pair} cannot be compared: {failed} of {calls} calls of one of them failed.")
        }
        _ => format!(
            "{pair} cannot be compared: {} in which both answered, and it takes 10.",
            counted(main.comparison.pairs, "round")
        ),
    }
}

/// What a pair shows, in one sentence.
fn shown(judged: &Judged<'_>, pair: &Compared) -> String {
    let (a, b) = (judged.label(pair.a), judged.label(pair.b));
    let Some(figures) = &pair.comparison.measured else { return unclear(judged, pair) };
    let [a_ms, b_ms] = [figures.a_ms, figures.b_ms].map(ms);
    match pair.comparison.verdict {
        verdict if verdict.is_difference() && !pair.matters() => {
            format!("{a} and {b} differ by less than 1 ms here: {a_ms} and {b_ms}.")
        }
        Verdict::NoDifferenceShown { smallest_seen, .. } => format!(
            "No difference between {a} and {b} was shown here, {a_ms} and {b_ms}; one of {} shows in \
             8 of 10 such runs.",
            percent(smallest_seen)
        ),
        Verdict::Slower => longer(judged, (&a, &a_ms), (&b, &b_ms), figures.ratio.value),
        Verdict::Faster => longer(judged, (&b, &b_ms), (&a, &a_ms), 1.0 / figures.ratio.value),
        Verdict::NotEnoughData(_) => unclear(judged, pair),
    }
}

/// How fast the text of two sides comes, where that differs: what somebody sees who reads along.
fn text_speed(judged: &Judged<'_>, main: &Compared) -> Vec<String> {
    let of = |figure| {
        let mut pairs = judged.overview.by(About::Side, figure);
        pairs.find(|it| alike(it, main) && it.a.protocol == main.a.protocol && it.matters())
    };
    let first = of(Figure::FirstText).and_then(|pair| {
        let [late, early] = slower_first(judged, pair)?;
        Some(format!(
            "The first text of {} comes after {}, that of {} after {}.",
            late.0,
            ms(late.1),
            early.0,
            ms(early.1)
        ))
    });
    let speed = of(Figure::TokenTime).and_then(|pair| {
        let [slow, fast] = slower_first(judged, pair)?;
        let per_second = |token_ms: f64| 1_000.0 / token_ms;
        Some(format!(
            "{} writes {:.0} tokens a second, {} {:.0}, the wait for the first one included.",
            fast.0,
            per_second(fast.1),
            slow.0,
            per_second(slow.1)
        ))
    });
    first.into_iter().chain(speed).collect()
}

/// Both sides of a pair with their figures, the one with the greater figure first.
fn slower_first(judged: &Judged<'_>, pair: &Compared) -> Option<[(String, f64); 2]> {
    let figures = pair.comparison.measured?;
    let mut sides =
        [(judged.side(pair.a.side), figures.a_ms), (judged.side(pair.b.side), figures.b_ms)];
    sides.sort_by(|one, other| other.1.total_cmp(&one.1));
    Some(sides)
}

/// How much longer one takes than another: as a ratio, unless the noise leaves it too few digits to be
/// true.
fn longer(
    judged: &Judged<'_>,
    (slow, slow_ms): (&str, &str),
    (fast, fast_ms): (&str, &str),
    ratio: f64,
) -> String {
    let text = judged.ratio(Figure::Latency, ratio);
    match !["-", "1"].contains(&text.as_str()) {
        true => format!(
            "{slow} takes {text} times as long as {fast} here: {slow_ms} against {fast_ms}."
        ),
        false => format!("{slow} takes longer than {fast} here: {slow_ms} against {fast_ms}."),
    }
}

/// What opening a connection costs, which people take for the protocol.
fn opening(judged: &Judged<'_>) -> Option<String> {
    let dearest = judged
        .overview
        .about(About::Connection)
        .filter(|pair| pair.comparison.verdict == Verdict::Slower && pair.b.warmth == Warmth::Warm)
        .filter_map(|pair| Some((pair, pair.comparison.measured?.difference_ms.value)))
        .max_by(|one, other| one.1.total_cmp(&other.1))?;
    let (pair, more) = dearest;
    Some(format!(
        "A new connection for each call costs {} more ({}): keep one.",
        ms(more),
        pair.a.protocol.word()
    ))
}

/// The remarks under the tables.
pub(super) fn remarks(judged: &Judged<'_>) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut say = |label, text: Option<String>| {
        remarks.extend(text.map(|text| Remark { label, text, command: None }));
    };
    for parted in &judged.overview.splits {
        say("where", Some(parts(judged, parted)));
    }
    let other = judged.benched.plan.other_url();
    say("key", other.map(|url| format!("it went to {url} as well, because --versus names it")));
    say("baseline", since_then(judged));
    say("noise", noise(judged));
    say("protocol", bench::choice(judged.benched).map(|choice| choice.words()));
    say("HTTP/2", http2::words(judged.benched));
    say("left out", not_gone(judged));
    say("closed", closed(judged));
    say("rounds", ended(judged));
    say("note", note(judged));
    remarks
}

/// Where the time of a new connection goes, and what an open one over another protocol would save.
fn parts(judged: &Judged<'_>, parted: &Parted) -> String {
    let split = &parted.split;
    let part = |part: &Part, what: &str| match part.shown {
        true => format!("{what} {}", ms(part.ms.value)),
        false => format!("{what} none shown (below {})", ms(part.below_ms())),
    };
    let server = split.within_rest.server_ms;
    let server = server.map(|server| format!(", of it the server's own {}", ms(server)));
    // What new connections cost may not be their opening: a first answer can come late as well.
    let measured = split.check.filter(|check| !check.agrees);
    let measured =
        measured.map(|check| format!(", of which opening took {}", ms(check.measured_ms)));
    let protocols = [parted.cold, parted.other].map(|arm| arm.protocol.word()).join(" instead of ");
    let blame = parted.cause.as_ref().filter(|_| measured.is_none());
    format!(
        "of {} over {}: {}{}, {}, the answer {}{}{}",
        ms(split.whole.value),
        judged.label(parted.cold),
        part(&split.set_up, "connection set-up"),
        measured.unwrap_or_default(),
        part(&split.protocol, &protocols),
        ms(split.rest.ms.value),
        server.unwrap_or_default(),
        blame.map(blamed).unwrap_or_default(),
    )
}

/// What makes the difference to the fast way.
fn blamed(cause: &Cause) -> &'static str {
    match cause.blame {
        Blame::ConnectionSetUp => {
            "; the connections that are opened anew make it slow, not the protocol"
        }
        Blame::Protocol => "; the protocol makes it slow, not the connections",
        Blame::Both => "; both the protocol and the connections that are opened anew make it slow",
        Blame::Neither => "",
    }
}

/// What the comparison with an earlier run leaves open.
fn since_then(judged: &Judged<'_>) -> Option<String> {
    let earlier = judged.benched.plan.earlier.as_ref()?;
    Some(format!("{}: what else changed since then cannot be told from it", earlier.name))
}

fn noise(judged: &Judged<'_>) -> Option<String> {
    let floor = judged.overview.floors.by(Figure::Latency)?;
    let twin = judged.ways.iter().find(|(arm, _)| arm.again)?.0;
    let usual = Arm { again: false, ..twin };
    Some(format!(
        "{} against itself: {:.2}-{:.2} times (95 %); no ratio is finer than that",
        judged.label(usual),
        floor.interval().low,
        floor.interval().high
    ))
}

/// The ways that could not be gone.
pub(super) fn not_gone(judged: &Judged<'_>) -> Option<String> {
    let words: Vec<String> = judged.benched.lost().map(|way| lost(judged, way)).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

fn lost(judged: &Judged<'_>, way: &WayFacts) -> String {
    format!("{}: {}", judged.label(way.arm), reason(way))
}

/// Why a way could not be gone.
fn reason(way: &WayFacts) -> String {
    match &way.unavailable {
        Some(Unavailable::Failed(failure)) => failure.detail.clone(),
        Some(Unavailable::Refused(status)) => format!("answered {status}"),
        Some(Unavailable::Impossible(why)) => why.clone(),
        None => String::new(),
    }
}

/// Warm connections that the other side closed in between.
fn closed(judged: &Judged<'_>) -> Option<String> {
    let words = judged.benched.gone().filter(|way| !way.closed_after.is_empty()).map(|way| {
        let (least, most) = (
            way.closed_after.iter().min().copied().unwrap_or(0),
            way.closed_after.iter().max().copied().unwrap_or(0),
        );
        let span = if least == most { least.to_string() } else { format!("{least}-{most}") };
        let times = counted(way.closed_after.len(), "time");
        format!("{}: by the other side {times}, after {span} calls", judged.label(way.arm))
    });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// What else is worth saying of the calls.
pub(super) fn note(judged: &Judged<'_>) -> Option<String> {
    let notes = &judged.benched.notes;
    (!notes.is_empty()).then(|| notes.join("; "))
}

fn ended(judged: &Judged<'_>) -> Option<String> {
    if judged.benched.leads_nowhere() {
        return None;
    }
    let rounds = counted(judged.benched.rounds as usize, "round");
    let of = judged.benched.plan.rounds;
    match judged.benched.why {
        Some(Why::Done) => None,
        Some(Why::Time) => Some(format!("{rounds} of {of}: the time was over (--duration)")),
        Some(Why::Budget) => Some(format!("{rounds} of {of}: the budget was used up")),
        Some(Why::Silence) => Some(format!("{rounds} of {of}: the last ones brought no answer")),
        Some(Why::Quota) => Some(format!("{rounds} of {of}: the service refused more")),
        None => Some(format!("{rounds} of {of}: the run was stopped")),
    }
}

/// What the run does not show.
pub(super) fn limits(judged: &Judged<'_>) -> Vec<String> {
    let mut limits = Vec::new();
    if judged.samples.is_empty() {
        return limits;
    }
    limits.push(
        "closed loop: each call waits for the one before, so that a server that stops for a moment \
         shows as one slow call and not as the many that would have come meanwhile"
            .to_owned(),
    );
    let main = judged.overview.main().map(|pair| pair.comparison.verdict);
    if let Some(Verdict::NoDifferenceShown { smallest_seen, rounds_for_ten_percent }) = main
        && smallest_seen > 1.1
    {
        limits.push(format!(
            "no difference shown is not that there is none: 10 % would take {rounds_for_ten_percent} rounds"
        ));
    }
    if judged.benched.plan.other.is_none() {
        limits.push("from this machine, to this host, with this request only".to_owned());
    }
    limits
}

/// Milliseconds as people read them.
pub(super) fn ms(ms: f64) -> String {
    match ms.abs() {
        size if size >= 100.0 => format!("{ms:.0} ms"),
        size if size >= 10.0 => format!("{ms:.1} ms"),
        _ => format!("{ms:.2} ms"),
    }
}

/// A ratio above 1 as a percentage.
fn percent(ratio: f64) -> String {
    let percent = (ratio - 1.0) * 100.0;
    if percent >= 10.0 { format!("{percent:.0} %") } else { format!("{percent:.1} %") }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

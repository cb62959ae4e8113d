//! Is a stream whole, and how does it come? One answer whose end is known, looked at piece by piece.

use serde_json::Value;

use crate::{
    facts::{
        Clue, Party, Status,
        check::{Evidence, Observation},
        clue::Shown,
        models::ModelTable,
    },
    gemini::{Call, Reply, Streamed, generation},
};

use super::super::{
    Runner, Tried,
    key::{failed_status, record, thinking_of},
    row::{Question, STREAM_END, STREAM_FIRST, STREAM_PACE, STREAM_WHOLE},
};

/// How far a short stream counts, and a long one.
pub const SHORT: u32 = 30;
/// Long enough that a pause in the middle shows.
pub const LONG: u32 = 200;

/// A pause after which many clients and proxies have given up.
const STALL_MS: f64 = 15_000.0;

/// From where on a time is worth a word.
const TOLD_MS: f64 = 1_000.0;

/// As often a stream is asked for at most: where the name itself fails at times, or the first ended early.
pub const MOST_CALLS: u32 = 2;

/// The most tokens of an answer of the long kind, and of its question.
pub const MOST_TOKENS: u64 = 2_048;

/// What a stream showed.
#[derive(Clone, Debug)]
pub struct StreamSeen {
    /// How far it was to count.
    pub asked: u32,
    /// What came.
    pub came: Streamed,
    /// How far it counted.
    pub counted_to: Option<u32>,
}

/// The rows of a stream that was not asked for.
pub(super) fn skipped(because: &str) -> Vec<Observation> {
    ROWS.iter().map(|question| question.skipped(because)).collect()
}

const ROWS: [Question; 4] = [STREAM_FIRST, STREAM_PACE, STREAM_END, STREAM_WHOLE];

/// Asks for one stream and records its rows. A name that is known to fail at times is asked once more,
/// and so is one whose stream ended early.
pub(super) async fn look(
    model: &str,
    to: u32,
    is_flaky: bool,
    table: &ModelTable,
    runner: &mut Runner<'_>,
) -> Option<StreamSeen> {
    let tries = if is_flaky { MOST_CALLS } else { 1 };
    let thinking = thinking_of(model, table);
    let call =
        Call::stream(model, generation::counting(to, thinking, runner.endpoint.body_version()));
    let mut tried = runner.call(&call).await;
    for _ in 1..tries {
        if !is_missing(&tried) {
            break;
        }
        // Backends may be tied to connections.
        runner.disconnect();
        tried = runner.call(&call).await;
    }
    let early = early_stop(&tried, to);
    if early.is_some() && tries == 1 {
        tried = runner.call(&call).await;
    }
    let streamed = tried.reply().and_then(|reply| reply.streamed.as_deref().cloned());
    let Some(came) = streamed.filter(|came| came.pieces > 0 || tried.success().is_some()) else {
        without_stream(is_flaky && is_missing(&tried), &tried, runner);
        return None;
    };
    let seen = StreamSeen { asked: to, counted_to: generation::counted_to(&came.text), came };
    for row in rows(&seen, &tried) {
        let is_whole = row.check.id == STREAM_WHOLE.id && row.check.status == Status::Pass;
        let row = match early.as_ref().filter(|_| is_whole) {
            Some((at, evidence)) => once_early(*at, evidence.clone()),
            None => row,
        };
        runner.journal.observe(row);
    }
    Some(seen)
}

/// How far a stream counted that ended as if it were whole, and was not.
fn early_stop(tried: &Tried, to: u32) -> Option<(u32, Evidence)> {
    let came = tried.success()?.streamed.as_deref()?;
    let at = generation::counted_to(&came.text).filter(|at| *at < to)?;
    let text = format!("STOP at {at}, and it was asked to count to {to}");
    let is_stop = came.finish.as_deref() == Some("STOP");
    is_stop.then(|| (at, shown(tried, Shown::StreamEndsEarly, text)))
}

/// The row of a stream that was whole only when it was asked for again.
fn once_early(at: u32, evidence: Evidence) -> Observation {
    let detail = format!("STOP at {at} at first, and whole when asked for again");
    STREAM_WHOLE.row(Status::Warn, detail).with(evidence).done()
}

fn is_missing(tried: &Tried) -> bool {
    tried.reply().is_some_and(|reply| reply.status == 404 && reply.party == Party::Api)
}

/// Nothing came that could be looked at: the call's own failure is told once.
fn without_stream(is_known: bool, tried: &Tried, runner: &Runner<'_>) {
    if is_known {
        let because = "the name gave a 404 each time, as it does at times";
        skipped(because).into_iter().for_each(|row| runner.journal.observe(row));
        return;
    }
    record(runner, STREAM_END, failed_status(tried), tried.summary(), tried);
    let others = skipped("no stream came").into_iter();
    others.filter(|row| row.check.id != STREAM_END.id).for_each(|row| runner.journal.observe(row));
}

fn rows(seen: &StreamSeen, tried: &Tried) -> Vec<Observation> {
    let end = end(seen, tried);
    let is_broken = end.check.status == Status::Fail;
    let whole = if is_broken {
        STREAM_WHOLE.skipped("the stream broke off before its end")
    } else {
        whole(seen, tried)
    };
    vec![first(seen), pace(seen, tried), end, whole]
}

fn first(seen: &StreamSeen) -> Observation {
    let Some(ms) = seen.came.first_text_ms else {
        return STREAM_FIRST.row(Status::Warn, "no text came").done();
    };
    let said = if ms < TOLD_MS { "text came".to_owned() } else { format!("after {}", span(ms)) };
    STREAM_FIRST.row(Status::Pass, said).took(Some(ms)).done()
}

fn pace(seen: &StreamSeen, tried: &Tried) -> Observation {
    let pieces = seen.came.pieces;
    let Some(gap) = seen.came.longest_gap_ms else {
        return STREAM_PACE.row(Status::Pass, format!("{pieces} pieces at once")).done();
    };
    // The exact figure is for programs; a person needs it where it is long.
    if gap < TOLD_MS {
        return STREAM_PACE
            .row(Status::Pass, format!("{pieces} pieces, no pause of a second"))
            .done();
    }
    let detail = format!("{pieces} pieces, longest pause {}", span(gap));
    if gap < STALL_MS {
        return STREAM_PACE.row(Status::Pass, detail).done();
    }
    let evidence = shown(tried, Shown::StreamStalls, detail.clone());
    STREAM_PACE.row(Status::Warn, detail).with(evidence).done()
}

/// What broke it, or how it ended.
fn end(seen: &StreamSeen, tried: &Tried) -> Observation {
    let reason = seen.came.finish.as_deref();
    let is_cut = tried.clues().iter().any(|clue| {
        matches!(clue, Clue::Fault(_) | Clue::Shown(Shown::StreamCut | Shown::StreamError))
    });
    if is_cut {
        let detail = match reason {
            Some(reason) => format!("finish reason {reason}, and then {}", tried.summary()),
            None => {
                format!("no finish reason after {} pieces: {}", seen.came.pieces, tried.summary())
            }
        };
        let evidence = Evidence { text: detail.clone(), ..tried.evidence() };
        return STREAM_END.row(Status::Fail, detail).with(evidence).done();
    }
    let said = format!("finish reason {}", reason.unwrap_or("none"));
    if seen.came.after_end > 0 {
        let detail = format!("{said}, and then {} more pieces with text", seen.came.after_end);
        let evidence = shown(tried, Shown::ContentAfterEnd, detail.clone());
        return STREAM_END.row(Status::Warn, detail).with(evidence).done();
    }
    STREAM_END.row(Status::Pass, said).with(answered(tried)).done()
}

/// Whether it holds all that was asked for.
fn whole(seen: &StreamSeen, tried: &Tried) -> Observation {
    let asked = seen.asked;
    let fail = |which: Shown, detail: String| {
        let evidence = shown(tried, which, detail.clone());
        STREAM_WHOLE.row(Status::Fail, detail).with(evidence).done()
    };
    match (seen.came.finish.as_deref(), seen.counted_to) {
        (_, Some(last)) if last >= asked => {
            let detail = format!("counted to {asked}, as it was asked to");
            STREAM_WHOLE.row(Status::Pass, detail).with(answered(tried)).done()
        }
        (Some("MAX_TOKENS"), None) => {
            let thoughts = seen.came.thoughts;
            fail(
                Shown::MaxTokensNoText,
                format!("{thoughts} tokens of thoughts, and no text (MAX_TOKENS)"),
            )
        }
        (Some("MAX_TOKENS"), Some(last)) => {
            let thoughts = seen.came.thoughts;
            let detail = format!(
                "counted to {last} of {asked}: the output limit ended it, after {thoughts} tokens of thoughts"
            );
            STREAM_WHOLE.row(Status::Warn, detail).done()
        }
        (Some("STOP"), Some(last)) => fail(
            Shown::StreamEndsEarly,
            format!("STOP at {last}, and it was asked to count to {asked}"),
        ),
        (Some("STOP"), None) if !seen.came.text.trim().is_empty() => {
            let detail = "it did not count, so that its end cannot be told";
            STREAM_WHOLE.row(Status::Pass, detail).done()
        }
        (reason, _) => {
            let answer = tried.reply().map_or(&Value::Null, Reply::value);
            let which = generation::text_trouble(answer).unwrap_or(Shown::EmptyCandidate);
            let reason = reason.unwrap_or("none");
            fail(which, format!("no whole answer (finish reason {reason})"))
        }
    }
}

/// A piece of evidence with what a closer look shows.
fn shown(tried: &Tried, which: Shown, text: String) -> Evidence {
    let mut evidence = Evidence { text, ..tried.evidence() };
    evidence.clues.push(Clue::Shown(which));
    evidence
}

/// A good answer as a proof.
fn answered(tried: &Tried) -> Evidence {
    Evidence { clues: vec![Clue::By(Party::Api)], ..tried.evidence() }
}

fn span(ms: f64) -> String {
    format!("{:.1} s", ms / 1000.0)
}

//! A log of HdrHistograms, version 2, compressed: one tagged histogram an arm, in microseconds with three
//! digits, so that the logs of several machines can be joined exactly. Only answered calls are values.
//!
//! A log goes through the redactor like every other file, and a histogram that happened to spell the
//! beginning of a key would come out spoilt. So it is written in another, equal form where it does.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hdrhistogram::{
    Histogram,
    serialization::{Serializer, V2DeflateSerializer},
};

use super::{
    Report,
    document::Target,
    recorded::{Recorded, Unit},
    spread, text,
};
use crate::facts::{Sample, time};

/// Significant digits of every value.
pub const DIGITS: u8 = 3;

/// What a comment of ours that tells the unit begins with.
pub const UNIT: &str = "#[Unit: ";

/// What a comment of ours that counts the calls without an answer begins with.
pub const FAILED: &str = "#[Failed: ";

/// What a comment of ours that names the host and the model begins with.
pub const ASKED: &str = "#[Asked: ";

/// How letters go on that the redactor takes for a secret.
const SPELLS: [&str; 5] = ["AIza", "AKIA", "eyJ", "ya29", "1//0"];

/// So many equal forms of one histogram are tried.
const FORMS: u32 = 24;

pub(super) fn render(report: &Report) -> String {
    let made = of_samples(report);
    let recorded = if report.recorded.is_empty() { &made } else { &report.recorded };
    let run = &report.run;
    let simulated = run.simulated.as_deref().map_or_else(String::new, |name| {
        format!("#[Simulated: {}, nothing here is real]\n", text::clean(name, true))
    });
    let made_by = text::clean(&report.tool.version, true);
    let head = format!("gemini-doctor {made_by}, {}, run {}", run.command, run.id);
    format!("{}{simulated}{}{}", heading(&head), asked(&report.target), body(recorded))
}

/// Who was asked: calls to several hosts or models are no sample of one.
fn asked(target: &Target) -> String {
    let model = target.model.as_deref().unwrap_or("no model");
    match target.base_url.as_str() {
        "" => String::new(),
        url => format!("{ASKED}{}]\n", text::clean(&format!("{url} {model}"), true)),
    }
}

fn heading(made_by: &str) -> String {
    format!("#[Histogram log format version 1.3]\n#[Logged by {}]\n", text::clean(made_by, true))
}

fn body(recorded: &[Recorded]) -> String {
    // An arm of which a log tells failures alone has no beginning.
    let begun = recorded.iter().map(|one| one.from_s).filter(|from| *from > 0.0);
    let start = begun.reduce(f64::min).unwrap_or(0.0);
    let unit = recorded.first().map_or(Unit::Microseconds, |one| one.unit);
    let day = time::rfc3339((start * 1000.0).max(0.0) as u64);
    let mut text = format!(
        "{UNIT}{}]\n#[StartTime: {start:.3} (seconds since epoch), {day}]\n#[MaxValueDivisor: {:.3}]\n",
        unit.word(),
        unit.per_ms(),
    );
    for arm in recorded.iter().filter(|arm| arm.failed > 0) {
        text.push_str(&format!("{FAILED}{} {}]\n", arm.failed, tag(&arm.name)));
    }
    text.push_str(
        "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n",
    );
    text.extend(recorded.iter().map(|arm| line(arm, start)));
    text
}

fn line(arm: &Recorded, start: f64) -> String {
    let (from, length) = ((arm.from_s - start).max(0.0), arm.length_s);
    let most = arm.counts.max() as f64 / arm.unit.per_ms();
    let tag = match arm.name.as_str() {
        "" => String::new(),
        name => format!("Tag={},", tag(name)),
    };
    format!("{tag}{from:.3},{length:.3},{most:.3},{}\n", encoded(&arm.counts, spells_a_key))
}

/// A name as a tag: without what would end one.
fn tag(name: &str) -> String {
    text::clean(name, true).replace([',', ' ', ']'], "_")
}

/// The histogram in the first of its equal forms that is not `bad`. Forms differ in the greatest value
/// that could be recorded, which changes no count and every letter behind it.
fn encoded(counts: &Histogram<u64>, bad: impl Fn(&str) -> bool) -> String {
    let mut form = of_letters(counts);
    for step in 1..FORMS {
        if !bad(&form) {
            break;
        }
        form = of_letters(&roomier(counts, step));
    }
    form
}

fn of_letters(counts: &Histogram<u64>) -> String {
    let mut bytes = Vec::new();
    let written = V2DeflateSerializer::new().serialize(counts, &mut bytes);
    written.expect("a vector takes all, and counts are below the half of what they can hold");
    STANDARD.encode(&bytes)
}

/// The same counts in a histogram with room for greater values.
fn roomier(counts: &Histogram<u64>, step: u32) -> Histogram<u64> {
    let room = counts.high().max(counts.max()).saturating_add(u64::from(step) * 4099);
    let same = Histogram::new_with_bounds(counts.low(), room, counts.sigfig());
    let mut same = same.expect("bounds that are wider than good ones");
    same.add(counts).expect("all values have room");
    same
}

fn spells_a_key(text: &str) -> bool {
    SPELLS.iter().any(|word| text.contains(word))
}

/// The latencies of a report's own calls, counted.
pub(super) fn of_samples(report: &Report) -> Vec<Recorded> {
    let started_s = time::instant(&report.run.started_at).unwrap_or(0.0);
    spread::arms(report)
        .map(|(name, samples)| {
            let mut arm = empty(name, started_s);
            samples.into_iter().for_each(|sample| add(&mut arm, sample, started_s));
            arm
        })
        .collect()
}

fn empty(name: &str, from_s: f64) -> Recorded {
    Recorded { from_s, ..Recorded::empty(name, Unit::Microseconds, DIGITS, 1) }
}

fn add(arm: &mut Recorded, sample: &Sample, started_s: f64) {
    let end_s = started_s + (sample.at_ms + sample.latency_ms) / 1000.0;
    arm.length_s = arm.length_s.max(end_s - arm.from_s);
    match sample.is_answered() {
        true => {
            let value = (sample.latency_ms * Unit::Microseconds.per_ms()).round().max(0.0) as u64;
            arm.counts.record(value).expect("a histogram that grows takes every latency");
        }
        false => arm.failed += 1,
    }
}

#[cfg(test)]
mod tests {
    use hdrhistogram::serialization::{
        Deserializer,
        interval_log::{IntervalLogIterator, LogEntry},
    };

    use super::*;
    use crate::{redact::Redactor, report::samples};

    /// Tags and histograms of a log, read by the crate's own reader.
    fn read(text: &str) -> Vec<(String, Histogram<u64>)> {
        IntervalLogIterator::new(text.as_bytes())
            .filter_map(|entry| match entry.unwrap() {
                LogEntry::Interval(one) => {
                    let tag = one.tag().map(|tag| tag.as_str().to_owned()).unwrap_or_default();
                    Some((tag, decoded(one.encoded_histogram())))
                }
                LogEntry::StartTime(_) | LogEntry::BaseTime(_) => None,
            })
            .collect()
    }

    fn decoded(letters: &str) -> Histogram<u64> {
        let bytes = STANDARD.decode(letters).unwrap();
        Deserializer::new().deserialize(&mut bytes.as_slice()).unwrap()
    }

    fn counts(histogram: &Histogram<u64>) -> Vec<(u64, u64)> {
        histogram
            .iter_recorded()
            .map(|one| (one.value_iterated_to(), one.count_at_value()))
            .collect()
    }

    #[test]
    fn every_arm_is_one_tagged_histogram_of_its_answered_calls() {
        let report = samples::benchmark();
        let text = render(&report);
        let read = read(&text);
        assert_eq!(read.len(), 4, "{text}");
        for (tag, histogram) in &read {
            let mut own = Histogram::<u64>::new(3).unwrap();
            let of_arm = report.samples.iter().filter(|one| *one.arm == **tag);
            let answered = of_arm.filter(|one| one.is_answered());
            answered.for_each(|one| own.record((one.latency_ms * 1000.0).round() as u64).unwrap());
            assert!(!own.is_empty() && counts(histogram) == counts(&own), "{tag}");
        }
    }

    #[test]
    fn failed_calls_are_comments_and_no_values() {
        let text = render(&samples::benchmark());
        assert!(text.contains("\n#[Failed: 2 h1-cold]\n"), "{text}");
        assert!(text.contains("\n#[Unit: microseconds]\n"), "{text}");
        assert!(text.contains(
            "\n#[StartTime: 1780092003.120 (seconds since epoch), 2026-05-29T22:00:03.120Z]\n"
        ));
    }

    #[test]
    fn an_equal_form_takes_the_place_of_one_that_spells_a_key() {
        let mut histogram = Histogram::<u64>::new(3).unwrap();
        (1..500_u64).for_each(|value| histogram.record(value * 37).unwrap());
        let first = encoded(&histogram, |_| false);
        let other = encoded(&histogram, |form| form == first);
        assert_ne!(first, other);
        assert_eq!(counts(&decoded(&other)), counts(&histogram));
    }

    #[test]
    fn the_redactor_finds_nothing_in_any_log() {
        let redactor = Redactor::new(&[]);
        for (name, report) in samples::all() {
            let text = render(&report);
            assert_eq!(redactor.scrub(&text), text, "{name}");
        }
    }

    #[test]
    fn what_the_redactor_takes_for_a_key_is_known_here() {
        let redactor = Redactor::new(&[]);
        let letters = "Ab1/c9QqZ7".repeat(8);
        for begun in SPELLS {
            let line = format!("HISTFAAA+{begun}{letters}");
            assert!(spells_a_key(&line), "{begun}");
        }
        for begun in ["AIza", "AKIA", "eyJ", "1//0", "sk", "GOCSPX", "AQ", "ya29", "Bearer", "key"]
        {
            let line = format!("HISTFAAA+{begun}{letters}");
            assert!(redactor.scrub(&line) == line || spells_a_key(&line), "{begun}");
        }
    }

    #[test]
    fn tags_cannot_end_early() {
        assert_eq!(tag("a,b c]\nd"), "a_b_c__d");
    }
}

//! Reads a log of HdrHistograms line by line, so that what is wrong with one has a line: logs of ours and
//! of other programs, version 2, compressed or not, tagged or not. Adds nothing up.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hdrhistogram::{
    Histogram,
    serialization::{
        DeserializeError, Deserializer,
        interval_log::{IntervalLogHistogram, IntervalLogIterator, LogEntry},
    },
};

use crate::report::{
    hdr::{FAILED, UNIT},
    recorded::Unit,
};

/// Starts that lie so much before the log's own start count from it: a year, as other readers have it.
const LONG_BEFORE_S: f64 = 365.0 * 86_400.0;

/// What a line of a log holds, where it holds anything.
#[derive(Debug)]
pub(super) enum Entry {
    /// What was recorded in one stretch of time.
    Interval(Box<Interval>),
    /// Calls without an answer, which are in no histogram.
    Failed {
        /// The arm.
        tag: String,
        /// How many.
        calls: u64,
    },
}

/// One histogram of a log.
#[derive(Debug)]
pub(super) struct Interval {
    /// Its line, from 1.
    pub line: usize,
    /// The arm; empty where it has no tag.
    pub tag: String,
    /// When it began, in seconds since 1970 where the log says so.
    pub from_s: f64,
    /// How long it took.
    pub length_s: f64,
    /// The counts.
    pub counts: Histogram<u64>,
    /// What its values count: as the log says, or else as its greatest value tells.
    pub unit: Option<Unit>,
    /// Whether the log says so.
    pub unit_is_stated: bool,
}

/// What is wrong with a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// A fragment that fits behind the line.
    pub what: &'static str,
    /// What to do about it.
    pub hint: &'static str,
}

/// The entries of a log, until the first line that is wrong.
pub(super) struct Reader<'t> {
    lines: std::iter::Enumerate<std::str::Lines<'t>>,
    start_s: f64,
    base_s: Option<f64>,
    unit: Option<Unit>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
        Self { lines, start_s: 0.0, base_s: None, unit: None }
    }

    fn entry(&mut self, line: usize, text: &str) -> Result<Option<Entry>, Problem> {
        let ended = format!("{text}\n");
        match IntervalLogIterator::new(ended.as_bytes()).next() {
            None => Ok(self.comment(text)),
            Some(Ok(LogEntry::StartTime(start))) => {
                self.start_s = start.as_secs_f64();
                Ok(None)
            }
            Some(Ok(LogEntry::BaseTime(base))) => {
                self.base_s = Some(base.as_secs_f64());
                Ok(None)
            }
            Some(Ok(LogEntry::Interval(interval))) => self.interval(line, &interval).map(Some),
            Some(Err(_)) => Err(Problem {
                line,
                what: "is no line of a log of HdrHistograms",
                hint: "give logs in version 2 of the format: one interval a line, or comments; of a log of calls two names of \
                       fields must be known: --map FIELD=NAME tells others",
            }),
        }
    }

    /// What comments of ours say.
    fn comment(&mut self, text: &str) -> Option<Entry> {
        let said = |begin| text.strip_prefix(begin)?.strip_suffix(']');
        if let Some(word) = said(UNIT) {
            self.unit = Unit::ALL.into_iter().find(|unit| unit.word() == word);
        }
        let (calls, tag) = said(FAILED)?.split_once(' ')?;
        Some(Entry::Failed { tag: tag.to_owned(), calls: calls.parse().ok()? })
    }

    fn interval(&self, line: usize, found: &IntervalLogHistogram<'_>) -> Result<Entry, Problem> {
        let counts = decoded(found.encoded_histogram()).map_err(|(what, hint)| Problem {
            line,
            what,
            hint,
        })?;
        let own = self.unit.or_else(|| told_by(counts.max(), found.max()));
        Ok(Entry::Interval(Box::new(Interval {
            line,
            tag: found.tag().map(|tag| tag.as_str().to_owned()).unwrap_or_default(),
            from_s: self.since_1970(found.start_timestamp()),
            length_s: found.duration().as_secs_f64(),
            counts,
            unit: own,
            unit_is_stated: self.unit.is_some(),
        })))
    }

    /// A start counts from the log's base, or from its start where it would lie long before that.
    fn since_1970(&self, start: Duration) -> f64 {
        let start = start.as_secs_f64();
        match self.base_s {
            Some(base) => base + start,
            None if start < self.start_s - LONG_BEFORE_S => self.start_s + start,
            None => start,
        }
    }
}

impl Iterator for Reader<'_> {
    type Item = Result<Entry, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (place, text) = self.lines.next()?;
            if text.trim().is_empty() {
                continue;
            }
            match self.entry(place + 1, text) {
                Ok(None) => {}
                Ok(Some(entry)) => return Some(Ok(entry)),
                Err(problem) => return Some(Err(problem)),
            }
        }
    }
}

/// The unit that a greatest value tells which the log writes twice: as it was counted, and as people
/// read it, which is in milliseconds or seconds.
fn told_by(counted: u64, read: f64) -> Option<Unit> {
    const SECOND_MS: f64 = 1000.0;
    let is = |per_one: f64| {
        let own = counted as f64 / per_one;
        // Some write only what is whole of it.
        read > 0.0 && ((0.9..1.1).contains(&(own / read)) || own.floor() == read)
    };
    let nanoseconds = Unit::Nanoseconds.per_ms();
    match () {
        () if is(nanoseconds) || is(nanoseconds * SECOND_MS) => Some(Unit::Nanoseconds),
        () if is(Unit::Microseconds.per_ms()) => Some(Unit::Microseconds),
        () => None,
    }
}

fn decoded(letters: &str) -> Result<Histogram<u64>, (&'static str, &'static str)> {
    const AGAIN: &str = "copy the log again from where it was written, byte for byte";
    if letters.contains("[redacted") {
        return Err(("has lost a part that was taken for a secret", AGAIN));
    }
    let bytes = STANDARD
        .decode(letters.trim())
        .map_err(|_| ("holds no histogram: it is cut or altered", AGAIN))?;
    if claims_too_much(&bytes) {
        return Err(("holds no histogram: it is cut or altered", AGAIN));
    }
    let read = Deserializer::new().deserialize::<u64, _>(&mut bytes.as_slice());
    let counts = read.map_err(|error| match error {
        DeserializeError::InvalidCookie => {
            (kind_of(&bytes), "write logs in version 2 of the format")
        }
        DeserializeError::UnsupportedFeature => (
            "holds a histogram that was shifted or scaled, which cannot be joined exactly",
            "record whole numbers, without shifting them",
        ),
        _ => ("holds no histogram: it is cut or altered", AGAIN),
    })?;
    match i64::try_from(counts.len()) {
        Ok(_) => Ok(counts),
        Err(_) => Err(("counts more calls than a log can hold", AGAIN)),
    }
}

/// Whether an uncompressed histogram says that it is longer than it is: room for it would be made before
/// that shows.
fn claims_too_much(bytes: &[u8]) -> bool {
    const UNCOMPRESSED: [u8; 4] = 0x1c84_9313_u32.to_be_bytes();
    let length = bytes.get(4..8).and_then(|length| length.try_into().ok()).map(u32::from_be_bytes);
    bytes.starts_with(&UNCOMPRESSED) && length.is_some_and(|length| length as usize > bytes.len())
}

/// What else a histogram can be, by the number it begins with.
fn kind_of(bytes: &[u8]) -> &'static str {
    const FLOATING: [u32; 2] = [0x0c72_124e, 0x0c72_124f];
    let begin = bytes.first_chunk().map(|begin| u32::from_be_bytes(*begin));
    match begin {
        Some(number) if FLOATING.contains(&number) => {
            "holds a histogram of fractions, which cannot be joined exactly"
        }
        _ => "holds a histogram that is not in version 2 of the format",
    }
}

#[cfg(test)]
mod tests {
    use hdrhistogram::serialization::{Serializer, V2DeflateSerializer, V2Serializer};

    use super::*;

    fn histogram() -> Histogram<u64> {
        let mut histogram = Histogram::new(3).unwrap();
        [1_000, 2_000, 2_000, 123_456]
            .into_iter()
            .for_each(|value| histogram.record(value).unwrap());
        histogram
    }

    fn letters(serializer: &mut impl Serializer) -> String {
        let mut bytes = Vec::new();
        assert!(serializer.serialize(&histogram(), &mut bytes).is_ok());
        STANDARD.encode(bytes)
    }

    fn compressed() -> String {
        letters(&mut V2DeflateSerializer::new())
    }

    fn only(text: &str) -> Interval {
        match Reader::new(text).next() {
            Some(Ok(Entry::Interval(interval))) => *interval,
            other => panic!("{other:?}"),
        }
    }

    fn problem(text: &str) -> Problem {
        Reader::new(text).find_map(Result::err).expect("a problem")
    }

    #[test]
    fn compressed_or_not_and_tagged_or_not() {
        for letters in [compressed(), letters(&mut V2Serializer::new())] {
            for (begin, tag) in [("", ""), ("Tag=h2-warm,", "h2-warm")] {
                let read = only(&format!("{begin}0.500,2.000,123.5,{letters}"));
                assert_eq!((read.tag.as_str(), read.length_s, read.line), (tag, 2.0, 1));
                assert_eq!(read.counts, histogram());
            }
        }
    }

    #[test]
    fn comments_legends_blank_lines_and_windows_are_passed_over() {
        let text = format!(
            "\u{feff}#[Some comment]\r\n\r\n\"StartTimestamp\",\"Interval_Length\"\r\n0.0,1.0,123.5,{}\r\n",
            compressed()
        );
        assert_eq!(only(&text).line, 4);
    }

    #[test]
    fn starts_are_told_as_in_other_readers() {
        let from = |head: &str, start: &str| {
            only(&format!("{head}{start},1.0,1.0,{}", compressed())).from_s
        };
        let started = "#[StartTime: 1780092003.5 (seconds since epoch)]\n";
        assert_eq!(from(started, "2.5"), 1_780_092_006.0);
        assert_eq!(from(started, "1780092004.0"), 1_780_092_004.0);
        assert_eq!(from("#[BaseTime: 100.0 (seconds since epoch)]\n", "2.5"), 102.5);
        assert_eq!(from("", "2.5"), 2.5);
    }

    #[test]
    fn the_unit_is_said_or_told_by_the_greatest_value() {
        let unit =
            |head: &str, most: &str| only(&format!("{head}0.0,1.0,{most},{}", compressed())).unit;
        assert_eq!(unit("#[Unit: milliseconds]\n", "123.5"), Some(Unit::Milliseconds));
        assert_eq!(unit("", "123.456"), Some(Unit::Microseconds));
        assert_eq!(unit("", "0.123"), Some(Unit::Nanoseconds));
        assert_eq!(unit("", "0.000123"), Some(Unit::Nanoseconds));
        assert_eq!(unit("", "123.0"), Some(Unit::Microseconds));
        assert_eq!(unit("", "123456.0"), None);
        assert_eq!(unit("", "0.0"), None);
    }

    #[test]
    fn failed_calls_are_read_back() {
        let text = "#[Failed: 12 h2-warm]\n#[Failed: x y]\n#[Failed: 3 ]\n";
        let read: Vec<(String, u64)> = Reader::new(text)
            .map(|entry| match entry {
                Ok(Entry::Failed { tag, calls }) => (tag, calls),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(read, [("h2-warm".to_owned(), 12), (String::new(), 3)]);
    }

    #[test]
    fn no_altered_log_ends_in_more_than_a_problem() {
        let good = format!("0.0,1.0,123.5,{}\n", letters(&mut V2Serializer::new()));
        let mut random = fastrand::Rng::with_seed(3);
        let mut refused = 0;
        for _ in 0..3_000 {
            let mut bytes = good.clone().into_bytes();
            for _ in 0..random.usize(1..4) {
                let place = random.usize(0..bytes.len());
                bytes[place] = *random.choice(b"AQgwZaz059+/=,.\n").unwrap();
            }
            let text = String::from_utf8(bytes).unwrap();
            refused += usize::from(Reader::new(&text).any(|entry| entry.is_err()));
        }
        assert!((1_000..3_000).contains(&refused), "{refused}");
    }

    #[test]
    fn what_is_wrong_has_its_line_and_a_way_on() {
        let good = compressed();
        let cut = &good[..good.len() / 2];
        let line = |letters: &str| format!("#x\n0.0,1.0,1.0,{letters}\n");
        let fractions = STANDARD.encode(0x0c72_124f_u32.to_be_bytes());
        let old = STANDARD.encode(0x1c84_9302_u32.to_be_bytes());
        for (text, line, words) in [
            ("#x\nnot a log\n".to_owned(), 2, "no line of a log"),
            (line(cut), 2, "cut or altered"),
            (line("%%%"), 2, "cut or altered"),
            (line("HISTF[redacted AIza...]"), 2, "taken for a secret"),
            (line(&fractions), 2, "fractions"),
            (line(&old), 2, "not in version 2"),
            (line(""), 2, "cut or altered"),
        ] {
            let problem = problem(&text);
            assert_eq!(problem.line, line, "{text}");
            assert!(problem.what.contains(words) && problem.hint.len() > 10, "{text}: {problem:?}");
        }
    }
}

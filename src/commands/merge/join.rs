//! Adds histograms up, one a tag, and refuses those whose sum would not be exact.

use super::log::{Entry, Interval, Problem, Reader};
use crate::{
    error::UserError,
    report::{
        hdr,
        recorded::{Recorded, Unit},
    },
};

/// What was joined so far.
#[derive(Debug)]
pub(super) struct Join {
    /// What the caller says of logs that do not say it.
    given: Option<Unit>,
    /// The kind of all histograms, and where the first one was.
    kind: Option<(Kind, String)>,
    /// The arms, in the order in which they were first seen.
    pub arms: Vec<Arm>,
    /// The files, in the order in which they were read.
    pub files: Vec<File>,
    /// Calls without an answer, by arm: told before the histograms, whose kind they do not know.
    failed: Vec<(String, u64)>,
}

/// One tag, with what it has from each file.
#[derive(Debug)]
pub(super) struct Arm {
    /// The sum.
    pub recorded: Recorded,
    /// Answered calls by file.
    pub shares: Vec<u64>,
}

/// One log.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct File {
    /// As it was given.
    pub name: String,
    /// Its histograms.
    pub histograms: u64,
    /// Calls in them.
    pub answered: u64,
    /// Calls in no histogram.
    pub failed: u64,
}

/// What must be the same in all histograms for their sum to be exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// What values count.
    pub unit: Unit,
    /// Significant digits.
    pub digits: u8,
    /// The least value that is told from its neighbours.
    pub least: u64,
}

impl Kind {
    /// That of this program's own logs, where no histogram has one.
    pub(super) const OWN: Self = Self { unit: Unit::Microseconds, digits: hdr::DIGITS, least: 1 };
}

impl Join {
    pub(super) const fn new(given: Option<Unit>) -> Self {
        Self { given, kind: None, arms: Vec::new(), files: Vec::new(), failed: Vec::new() }
    }

    /// The kind of what was joined.
    pub(super) fn kind(&self) -> Kind {
        self.kind.as_ref().map_or(Kind::OWN, |(kind, _)| *kind)
    }

    /// Adds what a log holds.
    pub(super) fn add(&mut self, name: &str, text: &str) -> Result<(), UserError> {
        self.files.push(File { name: name.to_owned(), histograms: 0, answered: 0, failed: 0 });
        for entry in Reader::new(text) {
            match entry.map_err(|problem| refused(name, &problem))? {
                Entry::Interval(interval) => self.count(name, &interval)?,
                Entry::Failed { tag, calls } => self.count_failed(tag, calls),
            }
        }
        Ok(())
    }

    /// Gives every arm its failed calls and a share of every file.
    pub(super) fn finish(&mut self) {
        let kind = self.kind();
        for (tag, calls) in std::mem::take(&mut self.failed) {
            let recorded = &mut self.arm(&tag, kind).recorded;
            recorded.failed = recorded.failed.saturating_add(calls);
        }
        let files = self.files.len();
        self.arms.iter_mut().for_each(|arm| arm.shares.resize(files, 0));
    }

    fn own(&mut self) -> &mut File {
        self.files.last_mut().expect("a file is being read")
    }

    fn count(&mut self, name: &str, interval: &Interval) -> Result<(), UserError> {
        self.own().histograms += 1;
        // Where nothing was counted there is nothing to add, and often no unit either.
        if interval.counts.is_empty() {
            return Ok(());
        }
        let calls = interval.counts.len();
        let place = format!("{name} line {}", interval.line);
        let kind = self.agreed(&place, interval)?;
        self.own().answered = self.own().answered.saturating_add(calls);
        let files = self.files.len();
        let arm = self.arm(&interval.tag, kind);
        arm.recorded.extend(&interval.counts, interval.from_s, interval.length_s);
        arm.shares.resize(files, 0);
        arm.shares[files - 1] = arm.shares[files - 1].saturating_add(calls);
        can_be_written(&arm.recorded, &place)
    }

    fn count_failed(&mut self, tag: String, calls: u64) {
        self.own().failed = self.own().failed.saturating_add(calls);
        self.failed.push((tag, calls));
    }

    fn arm(&mut self, tag: &str, kind: Kind) -> &mut Arm {
        let place = self.arms.iter().position(|arm| arm.recorded.name == tag);
        let place = place.unwrap_or_else(|| {
            let recorded = Recorded::empty(tag, kind.unit, kind.digits, kind.least);
            self.arms.push(Arm { recorded, shares: Vec::new() });
            self.arms.len() - 1
        });
        &mut self.arms[place]
    }

    /// The kind of an interval, which is that of all others.
    fn agreed(&mut self, place: &str, interval: &Interval) -> Result<Kind, UserError> {
        let kind = Kind {
            unit: self.unit(place, interval)?,
            digits: interval.counts.sigfig(),
            least: interval.counts.low(),
        };
        let (first, seen) = self.kind.get_or_insert_with(|| (kind, place.to_owned()));
        match difference(*first, kind) {
            None => Ok(kind),
            Some((one, other, hint)) => {
                let what = format!(
                    "could not join {place}, which counts {other}, with {seen}, which counts {one}"
                );
                Err(UserError::usage(what, hint))
            }
        }
    }

    fn unit(&self, place: &str, interval: &Interval) -> Result<Unit, UserError> {
        let told = match interval.unit_is_stated {
            true => interval.unit,
            false => self.given.or(interval.unit),
        };
        told.ok_or_else(|| {
            let what =
                format!("could not read {place}: the log does not say what its values count");
            UserError::usage(what, "say it: --unit ns, --unit us or --unit ms")
        })
    }
}

/// The format has room for half of what a counter can hold.
fn can_be_written(recorded: &Recorded, place: &str) -> Result<(), UserError> {
    if i64::try_from(recorded.counts.len()).is_ok() {
        return Ok(());
    }
    let what = format!("could not add {place}: there would be more calls than a log can hold");
    Err(UserError::usage(what, "merge fewer logs"))
}

/// In what two kinds differ: the one, the other, and what to do.
fn difference(one: Kind, other: Kind) -> Option<(String, String, &'static str)> {
    const UNITS: &str =
        "merge logs of one unit by themselves; --unit tells it of logs that do not say it";
    const DIGITS: &str = "a sum would not be exact: record with the same digits, or merge those that agree by themselves";
    if one.unit != other.unit {
        return Some((one.unit.word().to_owned(), other.unit.word().to_owned(), UNITS));
    }
    let to_digits = |kind: Kind| format!("to {} digits", kind.digits);
    if one.digits != other.digits {
        return Some((to_digits(one), to_digits(other), DIGITS));
    }
    let from = |kind: Kind| format!("in steps of {}", kind.least);
    (one.least != other.least).then(|| (from(one), from(other), DIGITS))
}

fn refused(name: &str, problem: &Problem) -> UserError {
    let what = format!("could not merge {name}: line {} {}", problem.line, problem.what);
    UserError::usage(what, problem.hint)
}

//! A factor put to the test: calls that are made to differ in it and in nothing else.

use std::collections::BTreeMap;

use crate::stats::{self, Group};

use super::{
    causes::{Cause, Factor, p_words},
    sample::{End, Sample},
};

/// Calls of each of two sides.
pub const EACH: usize = 5;
/// Connections of a test whether they keep to one build, and calls on each.
pub const CONNECTIONS: usize = 12;
/// See `CONNECTIONS`.
pub const CALLS_ON_EACH: usize = 2;
/// Calls of a test of turns at most.
const MOST_TURNS: usize = 12;
/// A p-value below which one test of one factor, foretold, came out as foretold.
const CONSISTENT_BELOW: f64 = 0.05;
/// A p-value from which on the sides did not differ in the direction that was foretold.
const NO_DIFFERENCE: f64 = 0.5;
/// Connections that are enough where they ended in two ways; where not, more may.
const ENOUGH: usize = 6;
/// Calls of any such test at most.
pub const MOST_CALLS: usize = CONNECTIONS * CALLS_ON_EACH;

/// How one forced call is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The value of the factor that it is made to have.
    pub level: String,
    /// Whether it needs a connection of its own.
    pub fresh: bool,
    /// Whether a failure is what the factor foretells.
    pub bad: bool,
}

/// Whether calls that were made so far tell enough.
pub fn is_enough(factor: Factor, samples: &[(Way, Sample)]) -> bool {
    let whole = samples.len().is_multiple_of(CALLS_ON_EACH);
    factor == Factor::Connection
        && whole
        && samples.len() >= ENOUGH * CALLS_ON_EACH
        && ended_in_two_ways(samples)
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Forced {
    /// The factor.
    pub factor: Factor,
    /// The calls, in order.
    pub samples: Vec<(Way, Sample)>,
    /// What they show.
    pub result: Shown,
    /// How likely so strong a result is by chance; `None` where the calls could not show it.
    pub p: Option<f64>,
}

/// What a forced test shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// It came out as the factor foretells.
    Consistent,
    /// It came out clearly otherwise.
    Refuted,
    /// Neither.
    Unclear,
}

impl Shown {
    /// A phrase for people: never more than the evidence.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Consistent => "consistent with it",
            Self::Refuted => "refuted",
            Self::Unclear => "not enough to say",
        }
    }

    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Consistent => "consistent",
            Self::Refuted => "refuted",
            Self::Unclear => "unclear",
        }
    }
}

impl Forced {
    /// What came of it, with its p-value where there is one.
    pub fn words(&self) -> String {
        match self.p {
            Some(p) => format!("{} (p = {})", self.result.phrase(), p_words(p)),
            None => self.result.phrase().to_owned(),
        }
    }
}

/// The calls that put a factor to the test after so many calls that spoke of the name; none where it
/// cannot be forced.
pub fn ways(cause: &Cause, calls: usize) -> Vec<Way> {
    match cause.factor {
        Factor::Time | Factor::Burst => Vec::new(),
        Factor::Connection => (0..MOST_CALLS)
            .map(|call| Way {
                level: (call / CALLS_ON_EACH + 1).to_string(),
                fresh: call % CALLS_ON_EACH == 0,
                bad: false,
            })
            .collect(),
        Factor::Turn(length) => cause
            .levels
            .iter()
            .cycle()
            .skip(calls % length)
            .take(MOST_TURNS / length * length)
            .map(|level| Way { level: level.name.clone(), fresh: false, bad: level.rate() > 0.5 })
            .collect(),
        Factor::Client | Factor::Http | Factor::Address => two_sides(cause),
    }
}

fn two_sides(cause: &Cause) -> Vec<Way> {
    let (Some(worst), Some(best)) = (cause.worst(), cause.best()) else { return Vec::new() };
    let way = |level: &str, bad| Way { level: level.to_owned(), fresh: true, bad };
    (0..EACH).flat_map(|_| [way(&worst.name, true), way(&best.name, false)]).collect()
}

/// Judges the calls of a test, together with earlier ones where these only gave a suspicion.
pub fn judge(factor: Factor, samples: Vec<(Way, Sample)>, earlier: &[Sample]) -> Forced {
    let p = match factor {
        // Calls that all end the same way tell nothing, whatever was seen before them.
        _ if !ended_in_two_ways(&samples) => None,
        Factor::Connection => alike(&samples, earlier),
        _ => foretold(&samples),
    };
    let contradicted = match factor {
        Factor::Connection => ended_both_ways(&samples),
        _ => p.is_some_and(|p| p > NO_DIFFERENCE),
    };
    let result = match p {
        _ if contradicted => Shown::Refuted,
        Some(p) if p < CONSISTENT_BELOW => Shown::Consistent,
        _ => Shown::Unclear,
    };
    Forced { factor, samples, result, p }
}

fn ended_in_two_ways(samples: &[(Way, Sample)]) -> bool {
    let any = |end| samples.iter().any(|(_, sample)| sample.end == end);
    any(End::Missing) && any(End::Answered)
}

/// Whether a connection carried both answers and failures: then it keeps to no build.
fn ended_both_ways(samples: &[(Way, Sample)]) -> bool {
    samples.windows(2).any(|pair| {
        let [(first, one), (second, other)] = pair else { return false };
        let both_own = one.end.is_own() && other.end.is_own();
        both_own && first.level == second.level && one.end != other.end
    })
}

/// Whether the calls that should fail do so more often than those that should not.
fn foretold(samples: &[(Way, Sample)]) -> Option<f64> {
    let side = |bad: bool| {
        let own = samples.iter().filter(|(way, sample)| way.bad == bad && sample.end.is_own());
        let failed = own.clone().filter(|(_, sample)| sample.end == End::Missing).count();
        (failed as u64, own.count() as u64)
    };
    let ((bad_failed, bad), (good_failed, good)) = (side(true), side(false));
    (bad > 0 && good > 0).then(|| stats::fisher_greater(bad_failed, bad, good_failed, good))
}

/// How likely it is by chance that calls of one connection end so much alike. Where every connection
/// fared the same, nothing can be said.
fn alike(samples: &[(Way, Sample)], earlier: &[Sample]) -> Option<f64> {
    let mut groups: BTreeMap<Option<u32>, Group> = BTreeMap::new();
    let all = samples.iter().map(|(_, sample)| sample).chain(earlier);
    for sample in all.filter(|sample| sample.end.is_own()) {
        let group = groups.entry(sample.connection).or_insert(Group { hits: 0, calls: 0 });
        group.calls += 1;
        group.hits += u64::from(sample.end == End::Missing);
    }
    let groups: Vec<Group> = groups.into_values().collect();
    let (hits, calls) =
        groups.iter().fold((0, 0), |(hits, calls), group| (hits + group.hits, calls + group.calls));
    (hits > 0 && hits < calls).then(|| stats::association(&groups, 1))
}

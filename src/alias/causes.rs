//! What the failures go with: an address, a connection, an HTTP version, a kind of client, a turn, a
//! time. Says "goes with", never "is caused by": only a forced repeat comes near that.

use std::collections::BTreeMap;

use crate::{
    facts::Client,
    stats::{self, Group, RunsTest, Segment},
};

use super::{
    sample::{self, End, Sample},
    sticky,
    verdict::{self, Conclusion, EPISODES},
};

/// What a corrected p-value must be below before a factor is named.
pub const NAMED_BELOW: f64 = 0.02;
/// The longest rotation that is looked for.
const LONGEST_TURN: usize = 8;
/// Fewer calls than this show nothing about what failures go with.
const LEAST_CALLS: usize = 8;
/// The p-value that the search for changes promises.
const CHANGE_P: f64 = 0.01;

/// What failures may go with. In the order of preference where two explain the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Factor {
    /// The headers and body of an SDK.
    Client,
    /// The HTTP version.
    Http,
    /// The address that was reached.
    Address,
    /// The connection.
    Connection,
    /// The place in a rotation of this length.
    Turn(usize),
    /// A stretch of time.
    Time,
    /// Bad times that come and go.
    Burst,
}

impl Factor {
    /// The word of tables and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Http => "http",
            Self::Address => "address",
            Self::Connection => "connection",
            Self::Turn(_) => "turn",
            Self::Time => "time",
            Self::Burst => "burst",
        }
    }

    /// A phrase that fits "failures go with …".
    pub fn phrase(self) -> String {
        match self {
            Self::Client => "the SDK's headers".to_owned(),
            Self::Http => "the HTTP version".to_owned(),
            Self::Address => "the address that answers".to_owned(),
            Self::Connection => "the connection: each is good or bad for good".to_owned(),
            Self::Turn(length) => format!("the turn: builds rotate, {length} calls a round"),
            Self::Time => "the time".to_owned(),
            Self::Burst => "bad times that come and go".to_owned(),
        }
    }
}

/// One value of a factor, and how the calls with it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// The value.
    pub name: String,
    /// Calls that got a 404.
    pub failures: usize,
    /// Calls that speak of the name.
    pub calls: usize,
}

impl Level {
    /// The share of failures.
    pub fn rate(&self) -> f64 {
        self.failures as f64 / self.calls.max(1) as f64
    }
}

/// A factor with its evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// The factor.
    pub factor: Factor,
    /// How likely so strong a split is by chance.
    pub p: f64,
    /// The same, corrected for the number of factors that were tried.
    pub adjusted: f64,
    /// Its values.
    pub levels: Vec<Level>,
}

impl Cause {
    /// The value that fails most.
    pub fn worst(&self) -> Option<&Level> {
        self.levels.iter().max_by(|one, other| one.rate().total_cmp(&other.rate()))
    }

    /// The strength of its evidence in words, corrected for what was tried beside it. The search for
    /// changes over time knows a bound only.
    pub fn evidence(&self, tried: &str) -> String {
        match self.factor {
            Factor::Time => format!("p below {}", p_words(self.p)),
            _ => format!("p = {}, corrected for {tried}", p_words(self.adjusted)),
        }
    }

    /// The value that fails least.
    pub fn best(&self) -> Option<&Level> {
        self.levels.iter().min_by(|one, other| one.rate().total_cmp(&other.rate()))
    }
}

/// Every factor that could be tried, the strongest first.
pub fn causes(samples: &[Sample], conclusion: &Conclusion, seed: u64) -> Vec<Cause> {
    let own: Vec<&Sample> = sample::own(samples).collect();
    let failures = own.iter().filter(|sample| sample.end == End::Missing).count();
    if own.len() < LEAST_CALLS || failures == 0 || failures == own.len() {
        return Vec::new();
    }
    let mut causes: Vec<Cause> = [Factor::Client, Factor::Http, Factor::Address]
        .into_iter()
        .filter_map(|factor| grouped(factor, &own, seed))
        .chain(connections(&own, conclusion, seed))
        .chain(rotation(&own, seed))
        .chain(bursts(&own, conclusion))
        .collect();
    let adjusted = stats::holm(&causes.iter().map(|cause| cause.p).collect::<Vec<_>>());
    causes.iter_mut().zip(adjusted).for_each(|(cause, adjusted)| cause.adjusted = adjusted);
    // The search for changes has a bound of its own, which holds whatever else was tried.
    causes.extend(changed(conclusion));
    causes.sort_by(|one, other| {
        (one.adjusted, one.factor).partial_cmp(&(other.adjusted, other.factor)).expect("numbers")
    });
    causes
}

/// The factor that leaves least to explain, if any was shown: a coarse one before a finer one that
/// adds nothing to it.
pub fn leading<'a>(causes: &'a [Cause], samples: &[Sample], seed: u64) -> Option<&'a Cause> {
    let own: Vec<&Sample> = sample::own(samples).collect();
    let mut shown: Vec<&Cause> =
        causes.iter().filter(|cause| cause.adjusted < NAMED_BELOW).collect();
    shown.sort_by_key(|cause| cause.factor);
    let adds = |coarse: &Cause, fine: &Cause| {
        let p = within(coarse.factor, fine.factor, &own, seed);
        p.is_some_and(|p| p < NAMED_BELOW)
    };
    let explains_all = |cause: &&&Cause| {
        shown.iter().all(|other| other.factor == cause.factor || !adds(cause, other))
    };
    let strongest = || causes.iter().find(|cause| cause.adjusted < NAMED_BELOW);
    shown.iter().find(explains_all).copied().or_else(strongest)
}

/// The value of a factor that groups calls.
fn value(factor: Factor, at: usize, sample: &Sample) -> Option<String> {
    match factor {
        Factor::Client => Some(sample.client.word().to_owned()),
        Factor::Http => sample.http.clone(),
        Factor::Address => sample.remote.clone(),
        Factor::Connection => sample.connection.map(|number| number.to_string()),
        Factor::Turn(length) => Some((at % length + 1).to_string()),
        Factor::Time | Factor::Burst => None,
    }
}

fn levels(factor: Factor, own: &[&Sample]) -> Vec<Level> {
    let mut found: Vec<Level> = Vec::new();
    let mut place: BTreeMap<String, usize> = BTreeMap::new();
    for (at, sample) in own.iter().enumerate() {
        let Some(name) = value(factor, at, sample) else { continue };
        let index = *place.entry(name.clone()).or_insert_with(|| {
            found.push(Level { name, failures: 0, calls: 0 });
            found.len() - 1
        });
        found[index].calls += 1;
        found[index].failures += usize::from(sample.end == End::Missing);
    }
    found
}

fn groups(levels: &[Level]) -> Vec<Group> {
    levels
        .iter()
        .map(|level| Group { hits: level.failures as u64, calls: level.calls as u64 })
        .collect()
}

fn grouped(factor: Factor, own: &[&Sample], seed: u64) -> Option<Cause> {
    let levels = levels(factor, own);
    // A factor of which each call has its own value, or all the same, splits nothing.
    let repeats = levels.iter().any(|level| level.calls > 1);
    if levels.len() < 2 || !repeats {
        return None;
    }
    let p = stats::association(&groups(&levels), seed);
    Some(Cause { factor, p, adjusted: p, levels })
}

fn connections(own: &[&Sample], conclusion: &Conclusion, seed: u64) -> Option<Cause> {
    let cause = grouped(Factor::Connection, own, seed)?;
    let p = sticky::connection_p(own, &conclusion.segments, seed)?;
    Some(Cause { p, adjusted: p, ..cause })
}

/// The factor of connections, where they look as if each kept to one build and too few calls were made
/// to be sure.
pub fn suspected<'a>(causes: &'a [Cause], samples: &[Sample]) -> Option<&'a Cause> {
    let own: Vec<&Sample> = sample::own(samples).collect();
    let cause = causes.iter().find(|cause| cause.factor == Factor::Connection)?;
    sticky::is_suspected(&own).then_some(cause)
}

/// The rotation that splits best, its p-value corrected for the lengths that were tried.
fn rotation(own: &[&Sample], seed: u64) -> Option<Cause> {
    let lengths = 2..=LONGEST_TURN.min(own.len() / 3);
    let tried = lengths.clone().count() as f64;
    let best = lengths
        .filter_map(|length| grouped(Factor::Turn(length), own, seed))
        // Of lengths that are multiples of each other the shortest is meant.
        .min_by(|one, other| one.p.total_cmp(&other.p))?;
    Some(Cause { p: (best.p * tried).min(1.0), ..best })
}

fn changed(conclusion: &Conclusion) -> Option<Cause> {
    if !conclusion.has_changed() || conclusion.comes_and_goes() {
        return None;
    }
    Some(Cause {
        factor: Factor::Time,
        p: CHANGE_P,
        adjusted: CHANGE_P,
        levels: stretches(conclusion),
    })
}

fn stretches(conclusion: &Conclusion) -> Vec<Level> {
    let level = |segment: &Segment| Level {
        name: format!("calls {}-{}", segment.start + 1, segment.end),
        failures: segment.failures,
        calls: segment.end - segment.start,
    };
    conclusion.segments.iter().map(level).collect()
}

/// Fewer changes from good to bad than chance gives, inside stretches of one rate.
fn bursts(own: &[&Sample], conclusion: &Conclusion) -> Option<Cause> {
    let outcomes: Vec<bool> = own.iter().map(|sample| sample.end == End::Missing).collect();
    let p = match conclusion.episodes() >= EPISODES {
        true => RunsTest::of(&outcomes).few,
        false => verdict::burst_p(&outcomes, &conclusion.segments),
    };
    Some(Cause { factor: Factor::Burst, p, adjusted: p, levels: stretches(conclusion) })
}

/// Whether a finer factor splits what is left inside the values of a coarser one.
fn within(coarse: Factor, fine: Factor, own: &[&Sample], seed: u64) -> Option<f64> {
    let mut strata: BTreeMap<String, BTreeMap<String, Group>> = BTreeMap::new();
    for (at, sample) in own.iter().enumerate() {
        let group = strata
            .entry(value(coarse, at, sample)?)
            .or_default()
            .entry(value(fine, at, sample)?)
            .or_insert(Group { hits: 0, calls: 0 });
        group.calls += 1;
        group.hits += u64::from(sample.end == End::Missing);
    }
    let strata: Vec<Vec<Group>> =
        strata.into_values().map(|groups| groups.into_values().collect()).collect();
    Some(stats::within(&strata, seed))
}

/// A p-value as people write it: `0.03`, `2.0e-9`.
pub fn p_words(p: f64) -> String {
    match p {
        p if p >= 0.095 => format!("{p:.1}"),
        p if p >= 0.000_95 => format!("{p:.3}"),
        p => format!("{p:.1e}"),
    }
}

/// The models that "not found" answers name, and how often each came.
pub fn builds(samples: &[Sample]) -> Vec<(String, usize)> {
    tally(
        samples
            .iter()
            .filter(|sample| sample.end == End::Missing)
            .filter_map(|it| it.named.as_ref()),
    )
}

/// The models that served, and how often each did.
pub fn versions(samples: &[Sample]) -> Vec<(String, usize)> {
    tally(
        samples
            .iter()
            .filter(|sample| sample.end == End::Answered)
            .filter_map(|it| it.version.as_ref()),
    )
}

/// The different answers that were no success, and how often each came.
pub fn signatures(samples: &[Sample]) -> Vec<(String, usize)> {
    let failed = samples.iter().filter(|sample| sample.end != End::Answered);
    tally(failed.filter(|sample| sample.end != End::NotSent).map(|sample| &sample.said))
}

/// Each text once, the most frequent first.
fn tally<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<(String, usize)> {
    let mut found: Vec<(String, usize)> = Vec::new();
    for text in texts {
        match found.iter_mut().find(|(known, _)| known == text) {
            Some((_, count)) => *count += 1,
            None => found.push((text.clone(), 1)),
        }
    }
    found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    found
}

/// Whether the calls were dressed in more than one way.
pub fn compares_clients(samples: &[Sample]) -> bool {
    samples.iter().any(|sample| sample.client != Client::Plain)
}

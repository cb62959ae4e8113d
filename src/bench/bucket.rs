//! What limit lets calls through as they were let through: a bucket of tokens, a queue, a window.
//! From what was accepted and refused, and when; it sends nothing.

use crate::stats::Interval;

use super::{
    compare::middle,
    schedule::{FULL, Kind, Probe, accepted, at_once, is_sudden},
};

/// A queue shows in accepted calls that wait so much longer than refused ones.
const WAITS_MS: f64 = 150.0;
/// And in answers that come evenly: most gaps between them are within this share of the usual one.
const EVEN: f64 = 0.35;
const MOSTLY: f64 = 0.75;
/// Fewer answers that come evenly are chance.
const FEWEST_QUEUED: usize = 4;
/// As many calls as pass at once are nearly all at the beginning of the first burst.
const CLEAN: f64 = 0.85;
/// Fewer accepted calls than this, besides the first burst, have no rate.
const FEWEST_REFILLED: usize = 2;
/// Of the calls that were refused, so many lie where a bucket of this rate refuses.
const FITS: f64 = 0.9;
/// How far from there one may lie, in tokens: the token itself, and a call that came late.
const OFF_BY: f64 = 1.3;

/// A figure, with what is possible of it by the calls that were made. No probability: beyond its ends
/// the calls would have been treated otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The best value.
    pub value: f64,
    /// What is possible.
    pub interval: Interval,
}

/// A limit on calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// Tokens that come evenly and are kept up to a number; a call takes one.
    Bucket {
        /// Tokens per second.
        rate: Figure,
        /// Tokens that are kept: the calls that pass at once. nginx's `burst` is one less.
        capacity: Figure,
    },
    /// Calls that wait their turn and are let through evenly; those for which there is no room are
    /// refused.
    Queue {
        /// Calls per second that are let through.
        rate: Figure,
        /// Room in the queue.
        room: Figure,
        /// Calls that pass before the first one waits.
        at_once: usize,
    },
    /// So many calls in each stretch of time; all of them at once, if they come so.
    Window {
        /// The calls.
        calls: usize,
        /// The length of the stretch, in seconds.
        seconds: Figure,
    },
    /// Nothing was refused.
    NotReached {
        /// So many calls passed.
        calls: usize,
        /// At this rate, in calls per second.
        per_second: f64,
    },
    /// Calls were refused, and by what rule cannot be said.
    Unclear {
        /// So many calls passed at once, at first.
        at_once: usize,
        /// So many calls were refused.
        refused: usize,
    },
}

/// Finds the limit that suits the calls of a [`Schedule`](super::Schedule).
pub fn fit(calls: &[Probe]) -> Limit {
    let first = part(calls, 1);
    let refused = calls.iter().filter(|call| call.accepted == Some(false)).count();
    if refused == 0 {
        return not_reached(calls);
    }
    let found = match at_once(first) {
        _ if queue(first).is_some() => queue(first),
        _ if !is_clean(first) => None,
        0 => None,
        1 => spaced(calls),
        _ => window(calls).or_else(|| bucket(calls)),
    };
    found.unwrap_or(Limit::Unclear { at_once: at_once(first), refused })
}

fn not_reached(calls: &[Probe]) -> Limit {
    let sent = |call: Option<&Probe>| call.map_or(0.0, |call| call.sent_ms);
    let ms = sent(calls.last()) - sent(calls.first());
    let between = calls.len().saturating_sub(1) as f64;
    let per_second = if ms > 0.0 { between * 1_000.0 / ms } else { 0.0 };
    Limit::NotReached { calls: accepted(calls), per_second }
}

/// Whether a burst passes as it would into what is full: first the calls that pass, then those that do
/// not. Where refusals come at random, they are mixed; a call that came late is no mixture.
fn is_clean(burst: &[Probe]) -> bool {
    let count = at_once(burst);
    accepted(&burst[..count]) as f64 >= CLEAN * count as f64
}

/// The queue that a burst ran into, if it did.
pub(super) fn queue(burst: &[Probe]) -> Option<Limit> {
    let passed = burst.iter().filter(|call| call.accepted == Some(true));
    let mut ends: Vec<(f64, f64)> =
        passed.filter_map(|call| Some((call.heard_ms?, latency(call)?))).collect();
    ends.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let gaps: Vec<f64> = ends.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    // Those that did not wait come first, at the pace of the burst; then the pace changes.
    let pace = even_pace(&gaps)?;
    let at_once = 1 + gaps.iter().take_while(|gap| **gap < (1.0 - EVEN) * pace).count();
    let waited = ends.get(at_once - 1..).filter(|waited| waited.len() > FEWEST_QUEUED)?;
    let last_third: Vec<f64> = waited[waited.len() * 2 / 3..].iter().map(|end| end.1).collect();
    (middle(last_third) - quickest_refusal(burst)? > WAITS_MS).then_some(())?;
    let (span, count) = (waited.last()?.0 - waited.first()?.0, (waited.len() - 1) as f64);
    let off = jitter(burst).min(span / 2.0);
    let rate = per_second(count / span, count / (span + off), count / (span - off));
    let room = capacity(burst, &rate)?.less(at_once as f64);
    Some(Limit::Queue { rate, room, at_once })
}

/// The usual gap between answers, if most gaps of the slower half are about as long.
fn even_pace(gaps: &[f64]) -> Option<f64> {
    let mut sorted = gaps.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let slower = &sorted[sorted.len() / 2..];
    (slower.len() >= FEWEST_QUEUED / 2).then_some(())?;
    let pace = middle(slower.to_vec());
    let even = slower.iter().filter(|gap| (**gap / pace - 1.0).abs() <= EVEN).count();
    (even as f64 >= MOSTLY * slower.len() as f64).then_some(pace)
}

/// The rate of a limit that lets one call pass at a time, from pairs of calls.
fn spaced(calls: &[Probe]) -> Option<Limit> {
    let (mut refused, mut passed) = (0.0_f64, f64::INFINITY);
    for number in 2..=calls.last()?.part {
        let [first, second] = part(calls, number) else { continue };
        let gap = second.sent_ms - first.sent_ms;
        match (first.accepted, second.accepted) {
            (Some(true), Some(true)) => passed = passed.min(gap),
            (Some(true), Some(false)) => refused = refused.max(gap),
            _ => {}
        }
    }
    let off = jitter(calls);
    // What passed nearer to each other than what was refused is no matter of the gap.
    (passed.is_finite() && refused > 0.0 && refused - passed <= 2.0 * off).then_some(())?;
    let (short, long) = (refused.min(passed), refused.max(passed));
    let rate =
        per_second(1.0 / (short * long).sqrt(), 1.0 / (long + off), 1.0 / (short - off).max(1.0));
    let interval = Interval { low: 1.0, high: 2.0 };
    Some(Limit::Bucket { rate, capacity: Figure { value: 1.0, interval } })
}

/// The bucket that was emptied and refilled as the calls show.
fn bucket(calls: &[Probe]) -> Option<Limit> {
    let line = Line::of(&longest_chain(calls))?;
    let off = jitter(calls) * line.slope;
    // At its first and its last refusal there was less than one token in it.
    let within = (1.0 + off) / line.span;
    let rate = per_second(line.slope, (line.slope - within).max(0.0), line.slope + within);
    let bursts = bursts_from_the_brim(calls, line.slope - within);
    let found =
        bursts.into_iter().filter_map(|burst| capacity(burst, &rate)).reduce(Figure::and)?;
    Some(Limit::Bucket { rate, capacity: found })
}

/// The first burst, and those after a pause that filled the bucket for certain.
fn bursts_from_the_brim(calls: &[Probe], slowest: f64) -> Vec<&[Probe]> {
    let first = part(calls, 1);
    let needed = (at_once(first) + 1) as f64;
    let later = (2..=calls.last().map_or(0, |call| call.part)).map(|number| part(calls, number));
    let full = later.filter(|burst| {
        let begun = burst.first().filter(|call| call.kind == Kind::Burst);
        let emptied = |begun: &Probe| last_refusal_before(calls, begun.part);
        begun.is_some_and(|begun| (begun.sent_ms - emptied(begun)) * slowest >= needed)
    });
    std::iter::once(first).chain(full).collect()
}

/// What a full bucket holds: what passed, less what came meanwhile. At each refusal less than one token
/// was in it. The first two refusals are left to calls that overtook each other.
fn capacity(burst: &[Probe], rate: &Figure) -> Option<Figure> {
    let begun = burst.first()?.sent_ms;
    let off = rate.value * jitter(burst) / 1_000.0;
    let mut passed = 0.0;
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    for (place, call) in burst.iter().enumerate() {
        let come = |rate: f64| rate * (call.sent_ms - begun) / 1_000.0;
        passed += f64::from(u8::from(call.accepted == Some(true)));
        let refused_before = place - passed.min(place as f64) as usize;
        if call.accepted == Some(false) && refused_before >= 2 {
            low = low.max(passed - come(rate.interval.high) - off);
            high = high.min(passed - come(rate.interval.low) + 1.0 + off);
        }
    }
    (low.is_finite() && high.is_finite()).then(|| Figure::whole(low.min(high), high.max(low)))
}

impl Figure {
    /// The whole number in the middle: capacities are.
    fn whole(low: f64, high: f64) -> Self {
        let value = f64::midpoint(low, high).round();
        let low = low.min(value);
        Self { value, interval: Interval { low, high: high.max(value) } }
    }

    /// What both leave possible; where they contradict each other, all that one of them does.
    fn and(self, other: Self) -> Self {
        let (a, b) = (self.interval, other.interval);
        let (low, high) = (a.low.max(b.low), a.high.min(b.high));
        if low <= high {
            Self::whole(low, high)
        } else {
            Self::whole(a.low.min(b.low), a.high.max(b.high))
        }
    }

    fn less(self, number: f64) -> Self {
        let Interval { low, high } = self.interval;
        Self {
            value: self.value - number,
            interval: Interval { low: low - number, high: high - number },
        }
    }
}

/// A figure per second from one per millisecond.
fn per_second(value: f64, low: f64, high: f64) -> Figure {
    let interval = Interval { low: low * 1_000.0, high: high * 1_000.0 };
    Figure { value: value * 1_000.0, interval }
}

/// The window that the calls show: nothing for a while, and then all at once.
fn window(calls: &[Probe]) -> Option<Limit> {
    let first = part(calls, 1);
    let mut seen =
        Stretches { count: at_once(first), emptied: emptied_at(first)?, ..Stretches::default() };
    seen.begun = seen.emptied;
    for number in 2..=calls.last()?.part {
        seen.add(part(calls, number));
    }
    seen.sudden.then(|| Limit::Window { calls: seen.count, seconds: seen.length() })
}

/// What bursts after pauses show of a window.
#[derive(Default)]
struct Stretches {
    /// The calls that pass at once.
    count: usize,
    /// When the first burst, and the last one that brought something, had emptied it.
    begun: f64,
    emptied: f64,
    longest_empty: f64,
    fills: usize,
    last_fill: f64,
    sudden: bool,
}

impl Stretches {
    fn add(&mut self, burst: &[Probe]) {
        let Some(begun) = burst.first().filter(|call| call.kind == Kind::Burst) else { return };
        let (passed, elapsed) = (at_once(burst), begun.sent_ms - self.emptied);
        if passed == 0 {
            self.longest_empty = self.longest_empty.max(elapsed);
            return;
        }
        if passed as f64 >= FULL * self.count as f64 {
            self.sudden |= is_sudden(self.longest_empty, elapsed, self.count);
            self.fills += 1;
            self.last_fill = begun.sent_ms;
        }
        self.emptied = emptied_at(burst).unwrap_or(begun.sent_ms);
    }

    /// No new window began in the longest stretch that brought nothing. Before each fill one did, and
    /// from the first of these to the last one fewer has passed.
    fn length(&self) -> Figure {
        let low = self.longest_empty / 1_000.0;
        let span = (self.last_fill - self.begun) / 1_000.0;
        let high = match self.fills {
            0 | 1 => f64::INFINITY,
            fills => (span / (fills - 1) as f64).max(low),
        };
        let centre = if high.is_finite() { (low * high).sqrt() } else { low };
        Figure { value: round_length(low, centre, high), interval: Interval { low, high } }
    }
}

/// The length that people write, if one is possible; of several the nearest to the middle.
fn round_length(low: f64, centre: f64, high: f64) -> f64 {
    const ROUND: [f64; 12] =
        [1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 3_600.0];
    let fits = ROUND.into_iter().filter(|seconds| (low..=high).contains(seconds));
    let away = |seconds: f64| (seconds / centre).ln().abs();
    fits.min_by(|a, b| away(*a).total_cmp(&away(*b))).unwrap_or(centre)
}

/// Refusals, each with the calls that had passed before it, over a time in which the bucket was never
/// full. Where there are several such times, the longest.
fn longest_chain(calls: &[Probe]) -> Vec<(f64, f64)> {
    let (mut chains, mut passed, mut last) = (vec![Vec::new()], 0.0, 1);
    let count = at_once(part(calls, 1));
    for call in calls {
        if call.part != last && may_have_been_full(part(calls, call.part), count) {
            chains.push(Vec::new());
        }
        last = call.part;
        passed += f64::from(u8::from(call.accepted == Some(true)));
        if let Some(chain) = chains.last_mut().filter(|_| call.accepted == Some(false)) {
            chain.push((call.sent_ms, passed));
        }
    }
    let span = |chain: &Vec<(f64, f64)>| {
        chain.last().zip(chain.first()).map_or(0.0, |(last, first)| last.0 - first.0)
    };
    chains.into_iter().max_by(|a, b| span(a).total_cmp(&span(b))).unwrap_or_default()
}

fn may_have_been_full(part: &[Probe], count: usize) -> bool {
    let burst = part.first().is_some_and(|call| call.kind == Kind::Burst);
    burst && at_once(part) as f64 >= FULL * count as f64
}

/// The line along which calls passed: so many per millisecond.
struct Line {
    slope: f64,
    span: f64,
}

impl Line {
    /// Through points of time and number; none where they lie on no line, or bring too little.
    fn of(points: &[(f64, f64)]) -> Option<Self> {
        let (first, last) = (points.first()?, points.last()?);
        let span = last.0 - first.0;
        let enough = last.1 - first.1 >= FEWEST_REFILLED as f64 && span > 0.0;
        let slope = slope(points, span / 2.0).filter(|_| enough)?;
        let offsets: Vec<f64> = points.iter().map(|(at, number)| number - slope * at).collect();
        let centre = middle(offsets.clone());
        let fits = offsets.iter().filter(|offset| (**offset - centre).abs() <= OFF_BY).count();
        (fits as f64 >= FITS * points.len() as f64).then_some(Self { slope, span })
    }
}

/// The middle of the slopes between all points that are so far apart: a few late ones do not move it.
fn slope(points: &[(f64, f64)], apart: f64) -> Option<f64> {
    let mut slopes = Vec::new();
    for (place, from) in points.iter().enumerate() {
        let far = points[place..].iter().filter(|to| to.0 - from.0 >= apart);
        slopes.extend(far.map(|to| (to.1 - from.1) / (to.0 - from.0)));
    }
    (!slopes.is_empty()).then(|| middle(slopes))
}

/// The calls of one part.
fn part(calls: &[Probe], number: u16) -> &[Probe] {
    let start = calls.partition_point(|call| call.part < number);
    let end = calls.partition_point(|call| call.part <= number);
    &calls[start..end]
}

/// When the last call of a part was refused.
fn emptied_at(part: &[Probe]) -> Option<f64> {
    part.iter().rfind(|call| call.accepted == Some(false)).map(|call| call.sent_ms)
}

/// When the last call before a part was refused.
fn last_refusal_before(calls: &[Probe], number: u16) -> f64 {
    let before = &calls[..calls.partition_point(|call| call.part < number)];
    emptied_at(before).unwrap_or(f64::NEG_INFINITY)
}

fn latency(call: &Probe) -> Option<f64> {
    Some(call.heard_ms? - call.sent_ms)
}

fn refusal_latencies(calls: &[Probe]) -> Vec<f64> {
    let refused = calls.iter().filter(|call| call.accepted == Some(false));
    let mut latencies: Vec<f64> = refused.filter_map(latency).collect();
    latencies.sort_unstable_by(f64::total_cmp);
    latencies
}

fn quickest_refusal(calls: &[Probe]) -> Option<f64> {
    refusal_latencies(calls).first().copied()
}

/// How much later some calls may have arrived than others, in milliseconds: what refusals, which cost
/// nobody any work, differ by. The slowest fifth is left to accidents.
fn jitter(calls: &[Probe]) -> f64 {
    let latencies = refusal_latencies(calls);
    let usual = latencies.get(latencies.len() * 4 / 5).or(latencies.last());
    1.0 + usual.zip(latencies.first()).map_or(0.0, |(usual, quickest)| usual - quickest)
}

//! Does it hold a rate? From calls that were due at a rate of their own: what was achieved, whether the
//! wished rate was sustained, and what broke first. Latencies count from when a call was due.

use crate::{
    facts::{Ended, Sample},
    stats::{Interval, clopper_pearson},
};

use super::{
    compare::middle,
    summary::{Quantiles, failed},
};

/// So many stretches of time; the first of them is the run's start and counts for no rate.
const SLICES: usize = 10;
/// Of Student's law with eight degrees of freedom, beyond which lie 2.5 % and 1 % on either side: nine
/// stretches show how much a rate scatters.
const PRINTED_DEVIATIONS: f64 = 2.306;
const STRICT_DEVIATIONS: f64 = 2.896;
/// Fewer calls, or a shorter time, have no rate.
const FEWEST: usize = 20;
const SHORTEST_MS: f64 = 2_000.0;
/// A rate that is held to this share is held.
const HELD: f64 = 0.99;
/// So many ends of one kind are more than an accident.
const FEWEST_OF_A_KIND: usize = 3;
/// Latency has broken where it stays above so many times the quietest stretch.
const GROWN: f64 = 2.0;

/// A run at a rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    /// The wished rate, in calls per second.
    pub wished: f64,
    /// The rate at which calls were due.
    pub offered: f64,
    /// When the first call was due, in milliseconds from the start of the run.
    pub began_ms: f64,
    /// All calls.
    pub calls: usize,
    /// Those that were answered.
    pub answered: usize,
    /// The others by how they ended, the most frequent first.
    pub failed: Vec<(Ended, usize)>,
    /// Latencies of answers, from when the call was due.
    pub latency_ms: Quantiles,
    /// How late calls began: what this program itself, or its limit of calls at once, adds.
    pub begun_late_ms: Quantiles,
    /// Answers per second: after it broke, or after the start. None where the run was too short.
    pub rate: Option<Rate>,
    /// The verdict.
    pub verdict: Held,
}

/// Answers per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// On average.
    pub value: f64,
    /// At 95 %, to print.
    pub interval: Interval,
    /// At 98 %, to judge by.
    pub strict: Interval,
}

impl Rate {
    /// Half the width of its interval: the 0.5 of "10.0 ± 0.5".
    pub fn plus_minus(&self) -> f64 {
        (self.interval.high - self.interval.low) / 2.0
    }
}

/// Whether the wished rate was held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Held {
    /// It was: 99 % of it at least, as far as this run can tell.
    Sustained,
    /// It was not.
    NotSustained(Broke),
    /// Too few calls, or too short a time.
    NotEnoughData,
}

/// What gave way first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Broke {
    /// What it was.
    pub first: Break,
    /// When the first call that shows it was due, in milliseconds from the start of the run.
    pub at_ms: f64,
    /// The rate at which calls were due up to then, in calls per second.
    pub offered: f64,
}

/// A way to give way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// It refuses with 429.
    TooManyRequests,
    /// It answers with 5xx.
    ServerErrors,
    /// It refuses with another status.
    OtherRefusals,
    /// Calls end without an answer.
    Failures,
    /// Answers come later and later, or calls wait here for those before them.
    Latency,
}

impl Break {
    /// Its word in JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::TooManyRequests => "429",
            Self::ServerErrors => "5xx",
            Self::OtherRefusals => "other_refusals",
            Self::Failures => "failures",
            Self::Latency => "latency",
        }
    }

    /// It in words, as what came first.
    pub const fn words(self) -> &'static str {
        match self {
            Self::TooManyRequests => "429",
            Self::ServerErrors => "5xx",
            Self::OtherRefusals => "other refusals",
            Self::Failures => "calls without an answer",
            Self::Latency => "latency",
        }
    }
}

impl Load {
    /// From the calls of one run in any order, and the wished calls per second.
    pub fn of(samples: &[Sample], wished: f64) -> Self {
        let calls = Calls::of(samples);
        let broke = calls.broke();
        let rate = calls.rate(broke.as_ref());
        let answered: Vec<&Sample> = calls.answered().collect();
        let latencies: Vec<f64> = answered.iter().map(|sample| sample.latency_ms).collect();
        let late: Vec<f64> =
            calls.0.iter().map(|sample| (sample.at_ms - due(sample)).max(0.0)).collect();
        Self {
            wished,
            offered: calls.offered(calls.0.len()),
            began_ms: calls.start(),
            calls: calls.0.len(),
            answered: answered.len(),
            failed: failed(&calls.0),
            latency_ms: Quantiles::of(&latencies),
            begun_late_ms: Quantiles::of(&late),
            rate,
            verdict: calls.verdict(wished, rate, broke),
        }
    }
}

impl Load {
    /// How long it had gone on when it broke, in seconds.
    pub fn broke_after_s(&self, broke: &Broke) -> f64 {
        (broke.at_ms - self.began_ms) / 1_000.0
    }
}

/// Calls in the order in which they were due.
struct Calls<'a>(Vec<&'a Sample>);

impl<'a> Calls<'a> {
    fn of(samples: &'a [Sample]) -> Self {
        let mut calls: Vec<&Sample> = samples.iter().collect();
        calls.sort_by(|a, b| due(a).total_cmp(&due(b)));
        Self(calls)
    }

    fn answered(&self) -> impl Iterator<Item = &'a Sample> {
        self.0.iter().copied().filter(|sample| sample.is_answered())
    }

    fn start(&self) -> f64 {
        self.0.first().map_or(0.0, |sample| due(sample))
    }

    /// When the call after the last one would have been due.
    fn end(&self) -> f64 {
        let last = self.0.last().map_or(0.0, |sample| due(sample));
        let between = self.0.len().saturating_sub(1).max(1) as f64;
        last + (last - self.start()) / between
    }

    /// The rate at which the first so many calls were due.
    fn offered(&self, first: usize) -> f64 {
        let between = first.saturating_sub(1);
        let last = self.0.get(between).map_or(0.0, |sample| due(sample));
        let ms = last - self.start();
        if ms > 0.0 { between as f64 * 1_000.0 / ms } else { 0.0 }
    }

    /// Of what broke, what did so first.
    fn broke(&self) -> Option<Broke> {
        let kinds =
            [Break::TooManyRequests, Break::ServerErrors, Break::OtherRefusals, Break::Failures];
        let failed = kinds.into_iter().filter_map(|kind| Some((kind, self.first_of(kind)?)));
        let grown = self.grown().map(|place| (Break::Latency, place));
        let (first, place) = failed.chain(grown).min_by_key(|(_, place)| *place)?;
        Some(Broke { first, at_ms: due(self.0[place]), offered: self.offered(place + 1) })
    }

    /// The place of the first call of a kind that is more than an accident.
    fn first_of(&self, kind: Break) -> Option<usize> {
        let fits = |place: &usize| kind_of(&self.0[*place].ended) == Some(kind);
        let mut places = (0..self.0.len()).filter(fits);
        let first = places.next()?;
        (places.count() + 1 >= FEWEST_OF_A_KIND).then_some(first)
    }

    /// The place from which answers take far longer than in the quietest stretch, to the end.
    fn grown(&self) -> Option<usize> {
        let from = |slice: usize| self.0.len() * slice / SLICES;
        let middles: Vec<(usize, f64)> = (0..SLICES)
            .filter_map(|slice| Some((from(slice), self.middle(from(slice), from(slice + 1))?)))
            .collect();
        let quietest = middles.iter().map(|(_, ms)| *ms).reduce(f64::min)?;
        let grown = |(_, ms): &&(usize, f64)| *ms > GROWN * quietest;
        middles.iter().rev().take_while(grown).last().map(|(from, _)| *from)
    }

    fn middle(&self, from: usize, to: usize) -> Option<f64> {
        let answered = self.0[from..to].iter().filter(|sample| sample.is_answered());
        let latencies: Vec<f64> = answered.map(|sample| sample.latency_ms).collect();
        (!latencies.is_empty()).then(|| middle(latencies))
    }

    /// Answers per second in nine stretches from the first tenth on, or from when it broke.
    fn rate(&self, broke: Option<&Broke>) -> Option<Rate> {
        let (start, end) = (self.start(), self.end());
        let settled = start + (end - start) / SLICES as f64;
        let from = broke.map_or(settled, |broke| settled.max(broke.at_ms));
        // Where it broke at the very end there is no time after it.
        let from = if end - from < SHORTEST_MS { settled } else { from };
        (self.0.len() >= FEWEST && end - from >= SHORTEST_MS).then_some(())?;
        let count = SLICES - 1;
        let ms = (end - from) / count as f64;
        let mut slices = vec![0.0; count];
        for sample in self.answered() {
            let place = (due(sample) + sample.latency_ms - from) / ms;
            if (0.0..count as f64).contains(&place) {
                slices[place as usize] += 1_000.0 / ms;
            }
        }
        Some(rate(&slices))
    }

    fn verdict(&self, wished: f64, rate: Option<Rate>, broke: Option<Broke>) -> Held {
        let failed = self.0.len() - self.answered().count();
        let (least, _) = clopper_pearson(failed as u64, self.0.len() as u64, 0.98);
        let too_many_failed = least > 1.0 - HELD;
        match (rate, broke) {
            (_, Some(broke)) if too_many_failed => Held::NotSustained(broke),
            (None, _) => Held::NotEnoughData,
            (Some(rate), _) if rate.strict.high >= HELD * wished && !too_many_failed => {
                Held::Sustained
            }
            (Some(_), broke) => Held::NotSustained(broke.unwrap_or(self.slow())),
        }
    }

    /// What is said where nothing broke that could be named: answers come too slowly from the start.
    fn slow(&self) -> Broke {
        let offered = self.offered(self.0.len());
        Broke { first: Break::Latency, at_ms: self.start(), offered }
    }
}

fn rate(slices: &[f64]) -> Rate {
    let count = slices.len() as f64;
    let value = slices.iter().sum::<f64>() / count;
    let squares = slices.iter().map(|slice| (slice - value).powi(2)).sum::<f64>();
    let error = (squares / (count - 1.0) / count).sqrt();
    let within = |deviations: f64| Interval {
        low: (value - deviations * error).max(0.0),
        high: value + deviations * error,
    };
    Rate { value, interval: within(PRINTED_DEVIATIONS), strict: within(STRICT_DEVIATIONS) }
}

fn due(sample: &Sample) -> f64 {
    sample.due_ms.unwrap_or(sample.at_ms)
}

fn kind_of(ended: &Ended) -> Option<Break> {
    match ended {
        Ended::Answered => None,
        Ended::Refused(429) => Some(Break::TooManyRequests),
        Ended::Refused(500..) => Some(Break::ServerErrors),
        Ended::Refused(_) => Some(Break::OtherRefusals),
        Ended::Failed { .. } => Some(Break::Failures),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::samples::{answered, failed, noisy, refused};

    fn call(due_ms: f64, sample: Sample) -> Sample {
        Sample { due_ms: Some(due_ms), at_ms: due_ms + 0.2, ..sample }
    }

    /// When calls are due: evenly, or at random.
    fn dues(rate: f64, seconds: f64, evenly: bool, random: &mut fastrand::Rng) -> Vec<f64> {
        let mut now = 0.0;
        let mut all = Vec::new();
        while now < seconds * 1_000.0 {
            all.push(now);
            now += if evenly { 1.0 } else { -(1.0 - random.f64()).ln() } * 1_000.0 / rate;
        }
        all
    }

    /// A limiter in front of a quick server: so many tokens a second, and so many at most.
    fn limited(dues: &[f64], rate: f64, most: f64, random: &mut fastrand::Rng) -> Vec<Sample> {
        let (mut tokens, mut last) = (most, 0.0);
        let mut one = |due: &f64| {
            tokens = (tokens + (due - last) * rate / 1_000.0).min(most);
            last = *due;
            if tokens < 1.0 {
                return call(*due, refused("a", 0, 1.0, 429));
            }
            tokens -= 1.0;
            call(*due, answered("a", 0, noisy(80.0, 0.2, random)))
        };
        dues.iter().map(&mut one).collect()
    }

    /// One worker that takes calls in order, so many a second; 503 beyond a length of the queue.
    fn queued(dues: &[f64], rate: f64, longest: f64, random: &mut fastrand::Rng) -> Vec<Sample> {
        let mut free_at = 0.0_f64;
        let mut one = |due: &f64| {
            if free_at - due > longest * 1_000.0 / rate {
                return call(*due, refused("a", 0, 1.0, 503));
            }
            free_at = free_at.max(*due) + noisy(1_000.0 / rate, 0.2, random);
            call(*due, answered("a", 0, free_at - due))
        };
        dues.iter().map(&mut one).collect()
    }

    fn broke(load: &Load) -> Broke {
        match load.verdict {
            Held::NotSustained(broke) => broke,
            other => panic!("{other:?} {load:?}"),
        }
    }

    #[test]
    fn a_limit_below_the_wished_rate_is_found_with_its_rate() {
        let mut random = fastrand::Rng::with_seed(1);
        // Calls that come at random leave tokens unused now and then.
        for (evenly, off) in [(true, 0.5), (false, 1.2)] {
            for _ in 0..50 {
                let dues = dues(12.0, 60.0, evenly, &mut random);
                let load = Load::of(&limited(&dues, 10.0, 5.0, &mut random), 12.0);
                let rate = load.rate.expect("a rate");
                assert!((rate.value - 10.0).abs() <= off && rate.plus_minus() <= 0.8, "{rate:?}");
                assert_eq!(broke(&load).first, Break::TooManyRequests);
                let Broke { at_ms, offered, .. } = broke(&load);
                let when = at_ms > 1_900.0 && (offered - 12.0).abs() < 0.1;
                assert!(when || !evenly, "{at_ms} {offered}");
            }
        }
    }

    #[test]
    fn a_queue_that_grows_breaks_by_latency() {
        let mut random = fastrand::Rng::with_seed(2);
        for _ in 0..50 {
            let dues = dues(12.0, 60.0, true, &mut random);
            let load = Load::of(&queued(&dues, 10.0, 1e9, &mut random), 12.0);
            let rate = load.rate.expect("a rate");
            assert!((rate.value - 10.0).abs() <= 0.5, "{rate:?}");
            assert_eq!(broke(&load).first, Break::Latency);
            let cut = Load::of(&queued(&dues, 10.0, 50.0, &mut random), 12.0);
            assert_eq!(broke(&cut).first, Break::Latency, "the queue was there first");
            let short = Load::of(&queued(&dues, 10.0, 0.5, &mut random), 12.0);
            assert_eq!(broke(&short).first, Break::ServerErrors);
        }
    }

    #[test]
    fn room_enough_is_called_so() {
        let mut random = fastrand::Rng::with_seed(3);
        let mut lost = 0;
        for run in 0..400 {
            let dues = dues(12.0, 60.0, run % 2 == 0, &mut random);
            let samples = match run % 4 {
                0 | 1 => limited(&dues, 20.0, 20.0, &mut random),
                _ => queued(&dues, 20.0, 1e9, &mut random),
            };
            lost += usize::from(Load::of(&samples, 12.0).verdict != Held::Sustained);
        }
        assert!(lost <= 8, "{lost}");
    }

    #[test]
    fn a_server_that_stops_now_and_then_still_holds_the_rate() {
        let mut random = fastrand::Rng::with_seed(4);
        // It stands still in the last second of every five, and works off what waited at once.
        let answer = |due: &f64| {
            let into = due % 5_000.0;
            let wait = if into >= 4_000.0 { 5_000.0 - into } else { 0.0 };
            call(*due, answered("a", 0, wait + 1.0))
        };
        let samples: Vec<Sample> = dues(50.0, 60.0, true, &mut random).iter().map(answer).collect();
        let load = Load::of(&samples, 50.0);
        assert_eq!(load.verdict, Held::Sustained);
        let p95 = load.latency_ms.p95.expect("a tail");
        assert!(p95 > 700.0, "latencies count from when calls were due: {p95}");
    }

    #[test]
    fn a_handful_of_failures_is_told_and_breaks_nothing() {
        let mut random = fastrand::Rng::with_seed(5);
        let dues = dues(12.0, 60.0, true, &mut random);
        let mut samples = limited(&dues, 20.0, 20.0, &mut random);
        for place in [100, 300, 500] {
            samples[place] = call(dues[place], failed("a", 0, 5_000.0));
        }
        let load = Load::of(&samples, 12.0);
        assert_eq!((load.verdict, load.calls - load.answered), (Held::Sustained, 3));
        for place in 600..640 {
            samples[place] = call(dues[place], failed("a", 0, 5_000.0));
        }
        assert_eq!(broke(&Load::of(&samples, 12.0)).first, Break::Failures);
    }

    #[test]
    fn a_run_that_was_stopped_by_refusals_has_a_verdict_all_the_same() {
        let mut random = fastrand::Rng::with_seed(6);
        let dues = dues(100.0, 0.2, true, &mut random);
        let load = Load::of(&limited(&dues, 1.0, 5.0, &mut random)[..8], 100.0);
        assert_eq!((broke(&load).first, load.rate), (Break::TooManyRequests, None));
        assert_eq!(Load::of(&[], 12.0).verdict, Held::NotEnoughData);
        let few = Load::of(&limited(&dues[..5], 100.0, 5.0, &mut random), 100.0);
        assert_eq!(few.verdict, Held::NotEnoughData);
    }

    #[test]
    fn calls_that_begin_late_are_told() {
        let late: Vec<Sample> = (0..100)
            .map(|at| {
                let due = f64::from(at) * 100.0;
                Sample { at_ms: due + 30.0, ..call(due, answered("a", 0, 80.0)) }
            })
            .collect();
        let p50 = Load::of(&late, 10.0).begun_late_ms.p50;
        assert_eq!(p50, Some(30.0));
    }
}

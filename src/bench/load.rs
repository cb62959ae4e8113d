//! Does it hold a rate? From calls that were due at a rate of their own: what was achieved, whether the
//! wished rate was sustained, and what broke first. Latencies count from when a call was due.

use crate::{
    facts::{Ended, Sample},
    stats::{Interval, clopper_pearson, quantile},
};

use super::{
    compare::middle,
    summary::{Quantiles, failed},
};

/// So many stretches of time; the first of them is the run's start and counts for no rate.
const SLICES: usize = 10;
/// So many of them must be left once the first calls had time to be answered.
const FEWEST_SLICES: f64 = 3.0;
/// Of Student's law with eight degrees of freedom, beyond which lie 2.5 % and 1 % on either side: nine
/// stretches show how much a rate scatters.
const PRINTED_DEVIATIONS: f64 = 2.306;
const STRICT_DEVIATIONS: f64 = 2.896;
/// Fewer calls, or a shorter time, have no rate.
const FEWEST: usize = 20;
const SHORTEST_MS: f64 = 2_000.0;
/// A rate that is held to this share is held.
const HELD: f64 = 0.99;
/// To say that it is held, it must be sure that this share of it was answered at least.
const SURE: f64 = 0.9;
/// Where calls are few, one of them is a large share; fewer answers than this are missing by rounding.
const ROUNDING: f64 = 1.5;
/// So many ends of one kind are more than an accident.
const FEWEST_OF_A_KIND: usize = 3;
/// A run has settled once so many of its calls had time to be answered.
const NEARLY_EVERY: f64 = 0.95;
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
    /// Where there is too little for a verdict: how long a run would likely have one, in seconds.
    pub needs_s: Option<f64>,
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
    /// It was: 99 % of it, as far as this run can tell, and 90 % for sure.
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
    /// From the calls of one run in any order, the wished calls per second, and whether the run was cut
    /// short because nothing but refusals or failures came any more.
    pub fn of(samples: &[Sample], wished: f64, was_cut: bool) -> Self {
        let calls = Calls::of(samples);
        let broke = calls.broke().or_else(|| was_cut.then(|| calls.last_failure()).flatten());
        let rate = calls.rate(broke.as_ref());
        let verdict = calls.verdict(wished, rate, broke, was_cut);
        let late: Vec<f64> =
            calls.0.iter().map(|sample| (sample.at_ms - due(sample)).max(0.0)).collect();
        Self {
            wished,
            offered: calls.offered(calls.0.len()),
            began_ms: calls.start(),
            calls: calls.0.len(),
            answered: calls.answered().count(),
            failed: failed(&calls.0),
            latency_ms: Quantiles::of(&calls.latencies()),
            begun_late_ms: Quantiles::of(&late),
            rate,
            verdict,
            needs_s: (verdict == Held::NotEnoughData).then(|| calls.needs_s(wished, rate)),
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

    fn latencies(&self) -> Vec<f64> {
        self.answered().map(|sample| sample.latency_ms).collect()
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
        Some(self.broken_at(first, place))
    }

    /// What ended a run in which no kind of failure came often enough by itself.
    fn last_failure(&self) -> Option<Broke> {
        let kinds = self.0.iter().map(|sample| kind_of(&sample.ended)).enumerate();
        let (place, first) = kinds.filter_map(|(place, kind)| Some((place, kind?))).next_back()?;
        Some(self.broken_at(first, place))
    }

    fn broken_at(&self, first: Break, place: usize) -> Broke {
        Broke { first, at_ms: due(self.0[place]), offered: self.offered(place + 1) }
    }

    /// The place of the first call of a kind that is more than an accident.
    fn first_of(&self, kind: Break) -> Option<usize> {
        let fits = |place: &usize| kind_of(&self.0[*place].ended) == Some(kind);
        let mut places = (0..self.0.len()).filter(fits);
        let first = places.next()?;
        (places.count() + 1 >= FEWEST_OF_A_KIND).then_some(first)
    }

    /// The place from which answers take far longer than in the quietest stretch, to the end: so much
    /// longer that it is a share of the run that a rate would miss.
    fn grown(&self) -> Option<usize> {
        let from = |slice: usize| self.0.len() * slice / SLICES;
        let middles: Vec<(usize, f64)> = (0..SLICES)
            .filter_map(|slice| Some((from(slice), self.middle(from(slice), from(slice + 1))?)))
            .collect();
        let quietest = middles.iter().map(|(_, ms)| *ms).reduce(f64::min)?;
        let missed = (1.0 - HELD) * (self.end() - self.start());
        let grown = |(_, ms): &&(usize, f64)| *ms > GROWN * quietest && ms - quietest > missed;
        middles.iter().rev().take_while(grown).last().map(|(from, _)| *from)
    }

    fn middle(&self, from: usize, to: usize) -> Option<f64> {
        let answered = self.0[from..to].iter().filter(|sample| sample.is_answered());
        let latencies: Vec<f64> = answered.map(|sample| sample.latency_ms).collect();
        (!latencies.is_empty()).then(|| middle(latencies))
    }

    /// Answers per second in nine stretches from when it had settled, or from when it broke.
    fn rate(&self, broke: Option<&Broke>) -> Option<Rate> {
        let (start, end, settled) = (self.start(), self.end(), self.settled());
        let from = broke.map_or(settled, |broke| settled.max(broke.at_ms));
        // Where it broke at the very end there is no time after it.
        let from = if end - from < SHORTEST_MS { settled } else { from };
        let fewest = FEWEST_SLICES * (end - start) / SLICES as f64;
        let enough = end - from >= SHORTEST_MS && end - settled >= fewest;
        (self.0.len() >= FEWEST && enough).then(|| self.rate_from(from))
    }

    fn rate_from(&self, from: f64) -> Rate {
        let count = SLICES - 1;
        let ms = (self.end() - from) / count as f64;
        let mut slices = vec![0.0; count];
        for sample in self.answered() {
            let place = (due(sample) + sample.latency_ms - from) / ms;
            if (0.0..count as f64).contains(&place) {
                slices[place as usize] += 1_000.0 / ms;
            }
        }
        rate(&slices)
    }

    /// From when answers come as often as calls do: after the first stretch, and after as long as
    /// nearly every call takes. Where calls wait longer and longer there is no such time.
    fn settled(&self) -> f64 {
        let (start, end) = (self.start(), self.end());
        let stretch = (end - start) / SLICES as f64;
        let filled = match self.grown() {
            Some(_) => 0.0,
            None => quantile(&self.latencies(), NEARLY_EVERY).unwrap_or(0.0),
        };
        start + stretch.max(filled)
    }

    fn verdict(
        &self,
        wished: f64,
        rate: Option<Rate>,
        broke: Option<Broke>,
        was_cut: bool,
    ) -> Held {
        let failed = self.0.len() - self.answered().count();
        let (least, _) = clopper_pearson(failed as u64, self.0.len() as u64, 0.98);
        let is_broken = was_cut || least > 1.0 - HELD;
        match (rate, broke) {
            (_, Some(broke)) if is_broken => Held::NotSustained(broke),
            (None, _) => Held::NotEnoughData,
            (Some(rate), broke) if is_broken || rate.strict.high < HELD * wished => {
                Held::NotSustained(broke.unwrap_or(self.slow()))
            }
            (Some(_), Some(Broke { first: Break::Latency, .. })) => Held::NotEnoughData,
            (Some(rate), _) if self.is_sure(wished, &rate) => Held::Sustained,
            (Some(_), _) => Held::NotEnoughData,
        }
    }

    /// Whether nearly as much as was wished was answered, or all of it but for a call.
    fn is_sure(&self, wished: f64, rate: &Rate) -> bool {
        let seconds = (self.end() - self.settled()) / 1_000.0;
        rate.interval.low >= SURE * wished || (wished - rate.value) * seconds < ROUNDING
    }

    /// A rate is known twice as well after four times the time.
    fn needs_s(&self, wished: f64, rate: Option<Rate>) -> f64 {
        let run = (self.end() - self.start()) / 1_000.0;
        let Some(rate) = rate else {
            let settling = (self.settled() - self.start()) / 1_000.0;
            let shortest = SHORTEST_MS / 1_000.0 + settling;
            return (FEWEST as f64 / wished).max(shortest).max(2.0 * settling).ceil();
        };
        let wanted = (rate.plus_minus() / ((1.0 - SURE) * wished)).powi(2);
        (run * wanted.max(2.0)).ceil()
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
                let load = Load::of(&limited(&dues, 10.0, 5.0, &mut random), 12.0, false);
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
            let load = Load::of(&queued(&dues, 10.0, 1e9, &mut random), 12.0, false);
            let rate = load.rate.expect("a rate");
            assert!((rate.value - 10.0).abs() <= 0.5, "{rate:?}");
            assert_eq!(broke(&load).first, Break::Latency);
            let cut = Load::of(&queued(&dues, 10.0, 50.0, &mut random), 12.0, false);
            assert_eq!(broke(&cut).first, Break::Latency, "the queue was there first");
            let short = Load::of(&queued(&dues, 10.0, 0.5, &mut random), 12.0, false);
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
            // Calls that come at random leave it open now and then how many there should have been.
            lost += usize::from(match Load::of(&samples, 12.0, false).verdict {
                Held::Sustained => false,
                Held::NotEnoughData => run % 2 == 0,
                Held::NotSustained(_) => true,
            });
        }
        assert!(lost <= 8, "{lost}");
    }

    #[test]
    fn a_rate_that_was_cut_off_is_not_held() {
        let mut random = fastrand::Rng::with_seed(7);
        let dues = dues(40.0, 20.0, true, &mut random);
        let mut samples = limited(&dues[..303], 100.0, 100.0, &mut random);
        for sample in &mut samples[300..] {
            *sample = call(due(sample), refused("a", 0, 1.0, 429));
        }
        let found = broke(&Load::of(&samples, 40.0, true));
        assert_eq!(found.first, Break::TooManyRequests);
        assert!((7_400.0..7_600.0).contains(&found.at_ms), "{found:?}");
        // Three refusals in a row, and each of another kind.
        for (sample, status) in samples[300..].iter_mut().zip([429, 503, 403]) {
            *sample = call(due(sample), refused("a", 0, 1.0, status));
        }
        assert_eq!(broke(&Load::of(&samples, 40.0, true)).first, Break::OtherRefusals);
        assert_eq!(Load::of(&samples, 40.0, false).verdict, Held::Sustained, "and then it went on");
    }

    #[test]
    fn a_server_that_is_slow_and_holds_the_rate_is_not_blamed_for_its_start() {
        let run = |seconds: f64| {
            let mut random = fastrand::Rng::with_seed(8);
            let dues = dues(5.0, seconds, true, &mut random);
            let answer =
                |due: &f64| call(*due, answered("a", 0, noisy(6_000.0, 0.01, &mut random)));
            let samples: Vec<Sample> = dues.iter().map(answer).collect();
            Load::of(&samples, 5.0, false)
        };
        let short = run(8.0);
        assert_eq!((short.verdict, short.rate), (Held::NotEnoughData, None));
        let needs_s = short.needs_s.expect("a time");
        assert!((12.0..14.0).contains(&needs_s), "{needs_s}");
        for seconds in [needs_s, 20.0, 60.0] {
            assert_eq!(run(seconds).verdict, Held::Sustained, "{seconds}");
        }
    }

    /// Answers at a slower pace than calls come, each after a time of its own.
    fn short_of(share: f64, wished: f64, seconds: f64, random: &mut fastrand::Rng) -> Load {
        let dues = dues(wished, seconds, true, random);
        let mut free_at = 0.0_f64;
        let mut one = |due: &f64| {
            free_at = free_at.max(*due) - (1.0 - random.f64()).ln() * 1_000.0 / (wished * share);
            call(*due, answered("a", 0, free_at - due))
        };
        let samples: Vec<Sample> = dues.iter().map(&mut one).collect();
        Load::of(&samples, wished, false)
    }

    #[test]
    fn few_calls_do_not_hide_that_a_server_is_short() {
        let mut random = fastrand::Rng::with_seed(9);
        let runs: Vec<Load> = (0..400).map(|_| short_of(0.7, 0.5, 60.0, &mut random)).collect();
        let held = runs.iter().filter(|load| load.verdict == Held::Sustained).count();
        assert!(held <= 20, "{held} of 400");
        let open: Vec<&Load> =
            runs.iter().filter(|load| load.verdict == Held::NotEnoughData).collect();
        assert!(!open.is_empty() && open.iter().all(|load| load.needs_s >= Some(118.0)));
    }

    #[test]
    fn few_calls_that_are_answered_hold_a_rate() {
        let mut random = fastrand::Rng::with_seed(10);
        for rate in [0.35, 0.4, 0.5, 0.77, 1.0, 1.3] {
            for seconds in [60.0, 71.0, 90.0] {
                let dues = dues(rate, seconds, true, &mut random);
                let load = Load::of(&limited(&dues, 100.0, 100.0, &mut random), rate, false);
                assert_eq!(
                    (load.verdict, load.needs_s),
                    (Held::Sustained, None),
                    "{rate} {load:?}"
                );
            }
        }
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
        let load = Load::of(&samples, 50.0, false);
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
        let load = Load::of(&samples, 12.0, false);
        assert_eq!((load.verdict, load.calls - load.answered), (Held::Sustained, 3));
        for place in 600..640 {
            samples[place] = call(dues[place], failed("a", 0, 5_000.0));
        }
        assert_eq!(broke(&Load::of(&samples, 12.0, false)).first, Break::Failures);
    }

    #[test]
    fn a_run_that_was_stopped_by_refusals_has_a_verdict_all_the_same() {
        let mut random = fastrand::Rng::with_seed(6);
        let dues = dues(100.0, 0.2, true, &mut random);
        let load = Load::of(&limited(&dues, 1.0, 5.0, &mut random)[..8], 100.0, false);
        assert_eq!((broke(&load).first, load.rate), (Break::TooManyRequests, None));
        assert_eq!(Load::of(&[], 12.0, false).verdict, Held::NotEnoughData);
        let few = Load::of(&limited(&dues[..5], 100.0, 5.0, &mut random), 100.0, false);
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
        let p50 = Load::of(&late, 10.0, false).begun_late_ms.p50;
        assert_eq!(p50, Some(30.0));
    }
}

//! Is one arm faster than another? A ratio with its intervals, and a verdict in words that also says
//! what the run could not have seen. It sees samples of the same rounds only and knows no protocol.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    facts::Sample,
    stats::{Estimate, Interval, Medians, above},
};

use super::Figure;

/// Fewer pairs than this have no ratio worth printing.
const FEWEST_TO_PRINT: usize = 5;
/// Fewer pairs than this have no verdict: the ends of a strict interval would be single rounds.
const FEWEST_TO_JUDGE: usize = 10;
/// Where more than this share of an arm's calls failed, those that were answered may be the quick ones.
const TOO_MANY_FAILED: f64 = 0.2;
/// Beyond so many standard errors lies 1 % of a normal variable, on either side.
const STRICT_DEVIATIONS: f64 = 2.3263;
/// Within so many standard errors above its mean lies 80 % of a normal variable.
const POWER_DEVIATIONS: f64 = 0.8416;
/// Independent rounds agree with the next one more than this, in standard errors, once in 20 runs.
const ALIKE_DEVIATIONS: f64 = 1.6449;
/// No more is made of it than this: beyond, there are hardly any independent rounds.
const MOST_ALIKE: f64 = 0.8;
/// The difference that people ask for.
const TEN_PERCENT: f64 = 1.1;
/// More decimals of a ratio are of no use to anybody.
const MOST_DECIMALS: i32 = 3;
/// Noise moves the last digit that is printed by so much at most.
const LAST_DIGIT_OFF_BY: f64 = 2.0;

/// Two arms side by side; what is said of `a` is said in relation to `b`.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The arm that is judged.
    pub a: Arc<str>,
    /// The arm that it is held against.
    pub b: Arc<str>,
    /// Rounds in which both were answered.
    pub pairs: usize,
    /// Rounds that are left out, since one of both has no answer in them.
    pub left_out: usize,
    /// The figures; none under five pairs.
    pub measured: Option<Measured>,
    /// What they show.
    pub verdict: Verdict,
}

/// The figures of two arms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The median of `a`, in milliseconds.
    pub a_ms: f64,
    /// The median of `b`.
    pub b_ms: f64,
    /// The median of `a` over that of `b`.
    pub ratio: Estimate,
    /// The median of `a` less that of `b`, in milliseconds.
    pub difference_ms: Estimate,
    /// How many times wider the intervals are than those of independent rounds: more than 1 where good
    /// rounds of an arm follow good ones and bad ones bad ones, as they do on one connection.
    pub widened: f64,
}

/// What a comparison shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// `a` takes less time.
    Faster,
    /// `a` takes more time.
    Slower,
    /// No difference was shown, which is not that there is none.
    NoDifferenceShown {
        /// The smallest ratio above 1 that a run like this one sees in 80 of 100 cases; one below 1 is
        /// its inverse.
        smallest_seen: f64,
        /// So many rounds see 10 % in 80 of 100 cases.
        rounds_for_ten_percent: usize,
    },
    /// Nothing can be said.
    NotEnoughData(Lack),
}

/// Why nothing can be said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lack {
    /// Too few rounds in which both arms were answered.
    Pairs {
        /// As many as there are.
        have: usize,
        /// As many as it takes.
        need: usize,
    },
    /// So many calls of one arm failed that the others say little of it.
    Failures {
        /// The failed calls of the arm that fared worse.
        failed: usize,
        /// All its calls.
        calls: usize,
    },
}

impl Verdict {
    /// In words: `faster`, `no difference shown`.
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Faster => "faster",
            Self::Slower => "slower",
            Self::NoDifferenceShown { .. } => "no difference shown",
            Self::NotEnoughData(_) => "not enough data",
        }
    }

    /// Whether a difference was shown.
    pub const fn is_difference(&self) -> bool {
        matches!(self, Self::Faster | Self::Slower)
    }
}

impl Comparison {
    /// Compares the latencies of the arms of these names, round by round. Calls of no round (0) are left
    /// out. A floor is what two equal arms of the same run differ by.
    pub fn of(samples: &[Sample], arms: [&str; 2], floor: Option<&NoiseFloor>, seed: u64) -> Self {
        Self::by(Figure::Latency, samples, arms, floor, seed)
    }

    /// The same by another figure, with a floor of that figure.
    pub fn by(
        figure: Figure,
        samples: &[Sample],
        [a, b]: [&str; 2],
        floor: Option<&NoiseFloor>,
        seed: u64,
    ) -> Self {
        let of_arm = |arm| figures_by_round(samples, arm, |sample| figure.of(sample));
        let (first, second) = (of_arm(a), of_arm(b));
        let pairs = pairs(&first, &second);
        let rounds = first.len() + second.len() - pairs.len();
        let medians = Medians::of_rounds(&pairs, seed).filter(|_| are_times(&pairs));
        let enough = pairs.len() >= FEWEST_TO_PRINT;
        let ratios: Vec<f64> = pairs.iter().map(|[a, b]| a / b).collect();
        let measured = medians.filter(|_| enough).map(|m| Measured::of(&m, clumping(&ratios)));
        let lack = lack_of_answers(samples, [a, b]).or(lack_of_pairs(pairs.len()));
        Self {
            a: a.into(),
            b: b.into(),
            pairs: pairs.len(),
            left_out: rounds - pairs.len(),
            measured,
            verdict: verdict(measured.as_ref(), lack, floor, pairs.len()),
        }
    }

    /// Compares an arm in two runs that were not made together, a later and an earlier one, by the medians
    /// of their rounds. What changed between both besides the arm cannot be told from it. A floor is what
    /// two equal arms differ by in the noisier one of both runs.
    pub fn of_runs(
        later: &[Sample],
        earlier: &[Sample],
        arm: &str,
        floor: Option<&NoiseFloor>,
        seed: u64,
    ) -> Self {
        let [first, second]: [Vec<f64>; 2] =
            [later, earlier].map(|samples| by_round(samples, arm).into_values().collect());
        let count = first.len().min(second.len());
        let times = first.iter().chain(&second).all(|value| *value > 0.0);
        let medians = Medians::of_apart(&first, &second, seed).filter(|_| times);
        let enough = count >= FEWEST_TO_PRINT;
        // Nothing that slows a run down for a while cancels out here: each run has its own good times.
        let widened = clumping(&first).max(clumping(&second));
        let measured = medians.filter(|_| enough).map(|m| Measured::of(&m, widened));
        let lack = lack_of_answers(later, [arm, arm]).or(lack_of_answers(earlier, [arm, arm]));
        let lack = lack.or(lack_of_pairs(count));
        let verdict = verdict(measured.as_ref(), lack, floor, count);
        Self { a: arm.into(), b: arm.into(), pairs: count, left_out: 0, measured, verdict }
    }
}

impl Comparison {
    /// The chance of such a difference, or a greater one, without any: two-sided, from the ratio's
    /// standard error. None where there is too little to compare.
    pub fn p(&self) -> Option<f64> {
        if matches!(self.verdict, Verdict::NotEnoughData(_)) {
            return None;
        }
        let ratio = self.measured?.ratio;
        Some((2.0 * above((ratio.value.ln() / ratio.error).abs())).min(1.0))
    }

    /// Takes a difference back that chance explains.
    pub(super) fn explain(&mut self, floor: Option<&NoiseFloor>) {
        if let Some(measured) = self.measured.filter(|_| self.verdict.is_difference()) {
            self.verdict = no_difference(&measured.ratio, floor, self.pairs);
        }
    }
}

impl Measured {
    fn of(medians: &Medians<2>, widened: f64) -> Self {
        let [a_ms, b_ms] = medians.whole();
        let ratio = medians.ratio(|[a, b]| a / b).widened_ratio(widened);
        let difference_ms = medians.estimate(|[a, b]| a - b).widened(widened);
        Self { a_ms, b_ms, ratio, difference_ms, widened }
    }
}

/// How many times wider intervals must be, since rounds that follow each other are alike. It looks at
/// which rounds lie above the middle: single slow calls count no more than others. Of pairs it takes the
/// ratios, so that what slows both arms down for a while is no part of it.
fn clumping(rounds: &[f64]) -> f64 {
    if rounds.is_empty() {
        return 1.0;
    }
    let centre = middle(rounds.to_vec());
    let sides: Vec<f64> = rounds.iter().map(|value| compare_to(*value, centre)).collect();
    let all: f64 = sides.iter().map(|side| side * side).sum();
    let next: f64 = sides.windows(2).map(|two| two[0] * two[1]).sum();
    let alike = if all > 0.0 { next / all } else { 0.0 };
    if alike * (rounds.len() as f64).sqrt() < ALIKE_DEVIATIONS {
        return 1.0;
    }
    // As in a series whose likeness fades evenly from round to round.
    let alike = alike.min(MOST_ALIKE);
    ((1.0 + alike) / (1.0 - alike)).sqrt()
}

/// Above, below, or neither.
fn compare_to(value: f64, centre: f64) -> f64 {
    if value == centre { 0.0 } else { (value - centre).signum() }
}

/// What two arms differ by that are the same in all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoiseFloor {
    /// The ratio of the twins, with its intervals.
    pub ratio: Estimate,
}

impl NoiseFloor {
    /// From an arm and its twin; none where both have too few answers in the same rounds.
    pub fn of(samples: &[Sample], arm: &str, again: &str, seed: u64) -> Option<Self> {
        Self::by(Figure::Latency, samples, [arm, again], seed)
    }

    /// The same by another figure.
    pub fn by(figure: Figure, samples: &[Sample], twins: [&str; 2], seed: u64) -> Option<Self> {
        let compared = Comparison::by(figure, samples, twins, None, seed);
        let enough = !matches!(compared.verdict, Verdict::NotEnoughData(_));
        Some(Self { ratio: compared.measured.filter(|_| enough)?.ratio })
    }

    /// The twins' interval at 95 %, to print.
    pub fn interval(&self) -> Interval {
        self.ratio.interval
    }

    /// What chance alone does to a ratio, up or down: 0.06 stands for 6 %. Half the width of the
    /// twins' interval, wherever it lies, for a twin that happened to be quick makes no noise smaller
    /// on one side. Where the interval leaves out 1, more than chance is at work: then its far end.
    pub fn width(&self) -> f64 {
        self.log_width().exp() - 1.0
    }

    /// Whether a ratio is so near 1 that noise explains it.
    pub fn holds(&self, ratio: f64) -> bool {
        ratio.ln().abs() <= self.log_width()
    }

    /// How many decimals a ratio may be printed with, by one rule: a step of the last digit is no less
    /// than half of what noise does to this ratio, so that the digit is off by two at most. With noise
    /// of 6 % that is 2.5 and 0.4; with 1 % it is 2.5 and 0.43.
    pub fn precision(&self, ratio: f64) -> usize {
        usize::try_from(-self.place(ratio)).unwrap_or(0)
    }

    /// A ratio in as many digits as the noise leaves it.
    pub fn text(&self, ratio: f64) -> String {
        let step = 10_f64.powi(self.place(ratio));
        format!("{:.*}", self.precision(ratio), (ratio / step).round() * step)
    }

    /// The power of ten of the last digit.
    fn place(&self, ratio: f64) -> i32 {
        let least_step = ratio.abs() * self.width() / LAST_DIGIT_OFF_BY;
        let place = least_step.log10().ceil();
        // Without any noise, or of a ratio of nothing, this is no number that fits.
        if place.is_finite() { (place as i32).max(-MOST_DECIMALS) } else { -MOST_DECIMALS }
    }

    fn log_width(&self) -> f64 {
        let (low, high) = (self.interval().low.ln(), self.interval().high.ln());
        let far_end = low.abs().max(high.abs());
        if self.interval().holds(1.0) { (high - low) / 2.0 } else { far_end }
    }
}

/// The median latency of an arm's answers, by round.
pub(super) fn by_round(samples: &[Sample], arm: &str) -> BTreeMap<u32, f64> {
    figures_by_round(samples, arm, |sample| Figure::Latency.of(sample))
}

/// The median of a figure of an arm's answers, by round.
pub(super) fn figures_by_round(
    samples: &[Sample],
    arm: &str,
    figure: impl Fn(&Sample) -> Option<f64>,
) -> BTreeMap<u32, f64> {
    let mut rounds: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    let ours = samples.iter().filter(|sample| &*sample.arm == arm && sample.round > 0);
    for sample in ours.filter(|sample| sample.is_answered()) {
        if let Some(figure) = figure(sample) {
            rounds.entry(sample.round).or_default().push(figure);
        }
    }
    rounds.into_iter().map(|(round, values)| (round, middle(values))).collect()
}

/// The middle of few values; a round may well have a single one.
pub(super) fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    f64::midpoint(values[(values.len() - 1) / 2], values[values.len() / 2])
}

fn pairs(first: &BTreeMap<u32, f64>, second: &BTreeMap<u32, f64>) -> Vec<[f64; 2]> {
    first.iter().filter_map(|(round, a)| Some([*a, *second.get(round)?])).collect()
}

fn are_times(pairs: &[[f64; 2]]) -> bool {
    pairs.as_flattened().iter().all(|value| *value > 0.0)
}

fn lack_of_pairs(have: usize) -> Option<Lack> {
    (have < FEWEST_TO_JUDGE).then_some(Lack::Pairs { have, need: FEWEST_TO_JUDGE })
}

/// The failures of the arm that fared worse, if they are too many.
fn lack_of_answers(samples: &[Sample], arms: [&str; 2]) -> Option<Lack> {
    let count = |arm: &str| {
        let ours = samples.iter().filter(|sample| &*sample.arm == arm);
        ours.fold((0, 0), |(failed, calls), one| {
            (failed + usize::from(!one.is_answered()), calls + 1)
        })
    };
    let share = |(failed, calls): &(usize, usize)| *failed as f64 / (*calls).max(1) as f64;
    let worse = arms.map(count).into_iter().max_by(|x, y| share(x).total_cmp(&share(y)))?;
    let (failed, calls) = worse;
    (share(&worse) > TOO_MANY_FAILED).then_some(Lack::Failures { failed, calls })
}

fn verdict(
    measured: Option<&Measured>,
    lack: Option<Lack>,
    floor: Option<&NoiseFloor>,
    pairs: usize,
) -> Verdict {
    let measured = match (lack, measured) {
        (Some(lack), _) => return Verdict::NotEnoughData(lack),
        // Only values that are no times leave no figures of enough pairs.
        (None, None) => {
            return Verdict::NotEnoughData(Lack::Pairs { have: 0, need: FEWEST_TO_JUDGE });
        }
        (None, Some(measured)) => measured,
    };
    let ratio = &measured.ratio;
    let explained = ratio.strict.holds(1.0) || floor.is_some_and(|floor| floor.holds(ratio.value));
    match (explained, ratio.value < 1.0) {
        (true, _) => no_difference(ratio, floor, pairs),
        (false, true) => Verdict::Faster,
        (false, false) => Verdict::Slower,
    }
}

/// A ratio is seen where it leaves both the strict interval round 1 and the noise; both shrink with
/// the root of the rounds.
fn no_difference(ratio: &Estimate, floor: Option<&NoiseFloor>, pairs: usize) -> Verdict {
    let floor = floor.map_or(0.0, NoiseFloor::log_width);
    let seen = (STRICT_DEVIATIONS * ratio.error).max(floor) + POWER_DEVIATIONS * ratio.error;
    let rounds = pairs as f64 * (seen / TEN_PERCENT.ln()).powi(2);
    Verdict::NoDifferenceShown {
        smallest_seen: seen.exp(),
        rounds_for_ten_percent: (rounds.ceil() as usize).max(FEWEST_TO_JUDGE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::samples::{answered, failed, noisy, normal, rounds};

    const ROUNDS: u32 = 60;

    fn compared(samples: &[Sample], seed: u64) -> Comparison {
        Comparison::of(samples, ["a", "b"], None, seed)
    }

    /// One run, with a twin of `b`: the arms differ by a ratio, and the noise is log-normal.
    fn run(count: u32, ratio: f64, random: &mut fastrand::Rng) -> Vec<Sample> {
        rounds(["a", "b", "b-again"], count, |_| {
            [100.0 * ratio, 100.0, 100.0].map(|middle| noisy(middle, 0.1, random))
        })
    }

    /// Every twentieth call takes five times as long, and all of them slow down from round to round.
    fn rough_run(count: u32, random: &mut fastrand::Rng) -> Vec<Sample> {
        rounds(["a", "b", "b-again"], count, |round| {
            let drift = 1.0 + 2.0 * f64::from(round) / f64::from(count);
            [100.0; 3].map(|middle| {
                let spike = if random.u8(..20) == 0 { 5.0 } else { 1.0 };
                noisy(middle * drift * spike, 0.1, random)
            })
        })
    }

    /// In how many of so many runs a difference is claimed, without and with the noise of twins.
    fn claims(runs: u64, mut run: impl FnMut(&mut fastrand::Rng) -> Vec<Sample>) -> [usize; 2] {
        let mut random = fastrand::Rng::with_seed(1);
        let mut found = [0, 0];
        for seed in 0..runs {
            let samples = run(&mut random);
            let floor = NoiseFloor::of(&samples, "b", "b-again", seed);
            for (count, floor) in found.iter_mut().zip([None, floor.as_ref()]) {
                let compared = Comparison::of(&samples, ["a", "b"], floor, seed);
                *count += usize::from(compared.verdict.is_difference());
            }
        }
        found
    }

    #[test]
    fn equal_arms_are_seldom_called_different() {
        // At a true 2 % more than 7 of 100 come up once in 1,000 times.
        for found in [
            claims(100, |random| run(ROUNDS, 1.0, random)),
            claims(100, |random| rough_run(ROUNDS, random)),
        ] {
            assert!(found[0] <= 7 && found[1] <= found[0], "{found:?}");
        }
    }

    #[test]
    fn ten_percent_are_found() {
        // At a true 96 % fewer than 52 of 60 come up twice in 1,000 times.
        for ratio in [1.1, 1.0 / 1.1] {
            let found = claims(60, |random| run(ROUNDS, ratio, random));
            assert!(found.into_iter().all(|found| found >= 52), "{ratio}: {found:?}");
        }
    }

    #[test]
    #[ignore = "takes minutes where nothing is optimised"]
    fn the_error_rates_over_two_thousand_runs() {
        for count in [10, 20, ROUNDS, 200] {
            let smooth = claims(2_000, |random| run(count, 1.0, random));
            let rough = claims(2_000, |random| rough_run(count, random));
            assert!(smooth[0].max(rough[0]) <= 70, "{count}: {smooth:?} {rough:?}");
        }
        // Of good and bad times there is a limit to what 60 rounds can know.
        let moody = [0.3, 0.5].map(|alike| claims(2_000, |random| moody_run(alike, random)));
        assert!(moody[0][0] <= 100 && moody[1][0] <= 140, "{moody:?}");
        assert!(moody.iter().all(|found| found[1] <= 70), "twins tell of them: {moody:?}");
        let found = claims(2_000, |random| run(ROUNDS, 1.1, random));
        assert!(found.into_iter().all(|found| found >= 1_840), "{found:?}");
    }

    /// Equal arms, of which each has good and bad times of its own.
    fn moody_run(likeness: f64, random: &mut fastrand::Rng) -> Vec<Sample> {
        let mut moods = [0.0; 3].map(|_: f64| normal(random));
        rounds(["a", "b", "b-again"], ROUNDS, |_| {
            moods = moods
                .map(|mood| likeness * mood + (1.0 - likeness * likeness).sqrt() * normal(random));
            moods.map(|mood| 100.0 * (0.1 * mood).exp())
        })
    }

    #[test]
    fn rounds_that_follow_their_like_count_for_less() {
        let widened = |likeness| {
            let mut random = fastrand::Rng::with_seed(7);
            let of = |seed| {
                let samples = moody_run(likeness, &mut random);
                compared(&samples, seed).measured.expect("figures").widened
            };
            (0..40).map(of).sum::<f64>() / 40.0
        };
        let (steady, moody) = (widened(0.0), widened(0.6));
        assert!(steady < 1.06 && moody > 1.3, "{steady} {moody}");
    }

    #[test]
    fn what_a_run_could_have_seen_is_what_such_runs_see() {
        let mut random = fastrand::Rng::with_seed(2);
        let seen = |verdict| match verdict {
            Verdict::NoDifferenceShown { smallest_seen, rounds_for_ten_percent } => {
                Some((smallest_seen, rounds_for_ten_percent as f64))
            }
            _ => None,
        };
        let said: Vec<(f64, f64)> = (0..30)
            .filter_map(|seed| seen(compared(&run(ROUNDS, 1.0, &mut random), seed).verdict))
            .collect();
        assert!(said.len() >= 27, "{}", said.len());
        let ratio = said.iter().map(|(ratio, _)| ratio).sum::<f64>() / said.len() as f64;
        let count = said.iter().map(|(_, count)| count).sum::<f64>() / said.len() as f64;
        // Within four standard errors of 100 runs at 80 %, and what the bootstrap adds of caution.
        for (count, ratio) in [(ROUNDS, ratio), (count.ceil() as u32, 1.1)] {
            let found = (0..100).filter(|seed| {
                let verdict = compared(&run(count, ratio, &mut random), *seed).verdict;
                verdict.is_difference()
            });
            let found = found.count();
            assert!((64..=97).contains(&found), "{count} rounds, {ratio}: {found}");
        }
    }

    #[test]
    fn a_twin_that_scatters_more_hides_what_is_smaller_than_it() {
        let noises = |twin: f64| {
            let mut random = fastrand::Rng::with_seed(3);
            let samples = rounds(["a", "b", "b-again"], ROUNDS, |_| {
                [(105.0, 0.02), (100.0, 0.02), (100.0, twin)]
                    .map(|(middle, sigma)| noisy(middle, sigma, &mut random))
            });
            let floor = NoiseFloor::of(&samples, "b", "b-again", 1).expect("twins");
            (Comparison::of(&samples, ["a", "b"], Some(&floor), 1).verdict, floor.width())
        };
        let (verdict, width) = noises(0.02);
        assert!(verdict == Verdict::Slower && width < 0.02, "{verdict:?} {width}");
        let (verdict, width) = noises(0.5);
        assert!(width > 0.06, "{width}");
        match verdict {
            Verdict::NoDifferenceShown { smallest_seen, .. } => {
                assert!(smallest_seen > 1.0 + width, "{smallest_seen} {width}");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn faster_and_slower_are_said_of_the_first() {
        let mut random = fastrand::Rng::with_seed(4);
        let samples = run(ROUNDS, 2.0, &mut random);
        let compared = compared(&samples, 1);
        assert_eq!((compared.verdict, compared.pairs, compared.left_out), (Verdict::Slower, 60, 0));
        let measured = compared.measured.expect("figures");
        assert!(measured.ratio.interval.holds(measured.a_ms / measured.b_ms), "{measured:?}");
        assert!((measured.difference_ms.value - (measured.a_ms - measured.b_ms)).abs() < 1e-9);
        assert!(measured.difference_ms.interval.holds(100.0), "{measured:?}");
        let other = Comparison::of(&samples, ["b", "a"], None, 1);
        assert_eq!(other.verdict, Verdict::Faster);
        assert_eq!(other.verdict.words(), "faster");
    }

    #[test]
    fn rounds_without_an_answer_of_both_are_left_out() {
        let mut samples = rounds(["a", "b"], 20, |_| [30.0, 10.0]);
        samples[0] = failed("a", 1, 60_000.0);
        samples[3] = failed("b", 2, 60_000.0);
        samples.push(answered("a", 0, 1.0));
        let compared = compared(&samples, 1);
        assert_eq!((compared.pairs, compared.left_out), (18, 2));
        assert_eq!(compared.measured.map(|measured| measured.ratio.value), Some(3.0));
    }

    #[test]
    fn a_round_of_many_calls_counts_once() {
        let mut samples = rounds(["a", "b"], 12, |_| [30.0, 10.0]);
        samples.extend((0..50).map(|_| answered("a", 1, 900.0)));
        let compared = compared(&samples, 1);
        assert_eq!((compared.pairs, compared.verdict), (12, Verdict::Slower));
        assert_eq!(compared.measured.map(|measured| measured.ratio.value), Some(3.0));
    }

    #[test]
    fn little_data_has_no_verdict() {
        let few = |count| rounds(["a", "b"], count, |_| [30.0, 10.0]);
        let lack = |have| Verdict::NotEnoughData(Lack::Pairs { have, need: 10 });
        let compared_4 = compared(&few(4), 1);
        assert_eq!((compared_4.verdict, compared_4.measured), (lack(4), None));
        let compared_9 = compared(&few(9), 1);
        assert_eq!(compared_9.verdict, lack(9));
        assert!(compared_9.measured.is_some());
        assert_eq!(compared(&few(10), 1).verdict, Verdict::Slower);
        assert_eq!(compared(&[], 1).verdict, lack(0));
        assert_eq!(NoiseFloor::of(&few(9), "a", "b", 1), None);
    }

    #[test]
    fn many_failures_leave_no_verdict() {
        let with_failures = |count: u32| {
            let mut samples = rounds(["a", "b"], 40, |_| [30.0, 10.0]);
            samples.extend((0..count).map(|_| failed("b", 1, 60_000.0)));
            compared(&samples, 1).verdict
        };
        assert_eq!(with_failures(10), Verdict::Slower);
        let lack = Lack::Failures { failed: 11, calls: 51 };
        assert_eq!(with_failures(11), Verdict::NotEnoughData(lack));
    }

    #[test]
    fn a_later_run_is_held_against_an_earlier_one() {
        let mut random = fastrand::Rng::with_seed(5);
        let (before, same) = (run(ROUNDS, 1.0, &mut random), run(70, 1.0, &mut random));
        let worse = run(ROUNDS, 1.3, &mut random);
        let verdict = |later: &[Sample]| Comparison::of_runs(later, &before, "a", None, 1).verdict;
        assert_eq!(verdict(&worse), Verdict::Slower);
        assert!(matches!(verdict(&same), Verdict::NoDifferenceShown { .. }));
        assert!(matches!(verdict(&same[..9]), Verdict::NotEnoughData(_)));
        let floor = floor(1.0 / 1.5, 1.5);
        let noisy = Comparison::of_runs(&worse, &before, "a", Some(&floor), 1).verdict;
        assert!(matches!(noisy, Verdict::NoDifferenceShown { .. }), "{noisy:?}");
        // Ten calls in each round make no ten rounds of one.
        let many: Vec<Sample> = (0..10).flat_map(|_| before[..15].to_vec()).collect();
        assert!(matches!(verdict(&many), Verdict::NotEnoughData(Lack::Pairs { have: 5, .. })));
    }

    fn floor(low: f64, high: f64) -> NoiseFloor {
        let interval = Interval { low, high };
        let value = (low * high).sqrt();
        NoiseFloor { ratio: Estimate { value, interval, strict: interval, error: 0.0 } }
    }

    #[test]
    fn noise_is_as_wide_up_as_down_and_wider_where_twins_differ() {
        let usual = floor(1.0 / 1.06, 1.06);
        assert!((usual.width() - 0.06).abs() < 1e-9);
        assert!(usual.holds(1.05) && usual.holds(1.0 / 1.05) && !usual.holds(1.07));
        let shifted = floor(0.98, 1.10);
        assert!((0.05..0.07).contains(&shifted.width()), "{}", shifted.width());
        let differs = floor(1.02, 1.14);
        assert!((differs.width() - 0.14).abs() < 1e-9 && differs.holds(0.9), "{}", differs.width());
    }

    #[test]
    fn ratios_are_printed_no_finer_than_the_noise() {
        let cases = [
            (0.06, 2.5499, "2.5"),
            (0.06, 0.95, "0.9"),
            (0.06, 0.43, "0.4"),
            (0.06, 4.04, "4"),
            (0.045, 4.04, "4.0"),
            (0.01, 2.5499, "2.5"),
            (0.007, 2.5499, "2.55"),
            (0.01, 0.4321, "0.43"),
            (0.3, 12.4, "10"),
            (0.0, 1.23456, "1.235"),
        ];
        for (width, ratio, expected) in cases {
            let floor = floor(1.0 / (1.0 + width), 1.0 + width);
            assert_eq!(floor.text(ratio), expected, "{width} {ratio}");
        }
    }

    #[test]
    fn a_step_of_the_last_digit_is_at_least_half_the_noise_and_no_coarser_than_it_must_be() {
        let mut random = fastrand::Rng::with_seed(6);
        for _ in 0..1_000 {
            let (width, ratio) = (0.005 + random.f64() / 2.0, 0.05 + 20.0 * random.f64());
            let floor = floor(1.0 / (1.0 + width), 1.0 + width);
            let (step, noise) = (10_f64.powi(floor.place(ratio)), ratio * width);
            let fits = |step: f64| step >= noise / 2.0 - 1e-12;
            assert!(fits(step) && (!fits(step / 10.0) || step <= 0.0011), "{width} {ratio} {step}");
        }
    }
}

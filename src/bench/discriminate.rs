//! What a time-out or a 504 comes from, by measurement: a large input, the network, or the load of the
//! model. Each has a sign of its own and lacks those of the others; anything else is inconclusive.

use crate::{
    facts::{Ended, Fault, Phases, Stage},
    stats::{Estimate, Medians, Superiority},
};

use super::compare::middle;

/// Fewer values of a group than this show no difference.
const FEWEST_TO_DIFFER: usize = 6;
/// Fewer values of a group than this show no likeness.
const FEWEST_TO_BE_ALIKE: usize = 8;
/// One group takes longer where this share of pairs says so, and no less than so many are possible.
const OFTEN_LARGER: f64 = 0.8;
const LARGER_AT_LEAST: f64 = 0.6;
/// Both are alike where a larger share of pairs is not possible any more.
const ALIKE_BELOW: f64 = 0.9;
/// A difference of medians below this is no explanation of a time-out.
const WORTH_NAMING: f64 = 2.0;
/// Nothing times out by what takes less than this: whatever is quicker counts as equally quick.
const QUICK_MS: f64 = 100.0;
/// Where no larger ratio than this is possible, there is none worth speaking of.
const NO_RATIO: f64 = 1.5;
/// The second quickest of both, or the second slowest, are alike within this factor.
const SAME_PART: f64 = 2.5;
/// A group is fine where no larger share of it timed out.
const FEW_TIME_OUTS: f64 = 0.2;
/// Where more than this share of both groups timed out, they cannot be told apart.
const MANY_TIME_OUTS: f64 = 0.5;
/// Sizes that are not so many times apart show nothing of the size.
const APART: f64 = 4.0;
/// Sizes within this factor of the smallest, or of the largest, count as that.
const TOGETHER: f64 = 2.0;
/// A phase of opening a connection that takes a second has lost a packet or stood in a queue: that is
/// when a packet is sent again for the first time.
const SLOW_PHASE_MS: f64 = 1_000.0;
/// The network is in trouble where three connections at least, and this share of them, are slow.
const TROUBLED: (usize, f64) = (3, 0.3);
/// Where even this share is slow, there is hardly a call to be judged by anything else.
const HOPELESS: f64 = 0.8;
/// It is fine where that many connections or more show at most one slow one in twenty.
const FINE: (usize, f64) = (8, 0.05);

/// What is to be told apart. Twelve calls of the smallest and of the largest size, and twelve to the
/// sibling, tell a single cause in most cases; with eight they often leave it open. Answers and time-outs count, refusals of another kind do not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Discriminate {
    /// Calls to the model with inputs of several sizes: input size in any one unit, milliseconds without
    /// opening the connection, end.
    pub by_size: Vec<(f64, f64, Ended)>,
    /// New connections: their phases and, where one failed, how.
    pub connects: Vec<(Phases, Option<Fault>)>,
    /// Calls to another model with the largest of these sizes: milliseconds without opening the
    /// connection, end.
    pub sibling: Vec<(f64, Ended)>,
}

/// The cause, with what it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Discriminated {
    /// The cause.
    pub cause: TimeoutCause,
    /// Large inputs against small ones of the same model.
    pub by_size: Contrast,
    /// The model against its sibling at the same size.
    pub by_model: Contrast,
    /// Connections that were slow to open or failed.
    pub slow_connects: usize,
    /// All connections that were opened or tried.
    pub connects: usize,
    /// Calls to the model that ran into a time-out.
    pub timed_out: usize,
}

/// What the time goes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeoutCause {
    /// It grows with the input, for the sibling as well, and connections are fine.
    LargeInput,
    /// Connections are slow to open, and neither size nor model makes a difference.
    Network,
    /// Only this model is slow, at every size, and connections are fine.
    ModelLoad,
    /// None of these alone.
    Inconclusive(Unsure),
}

/// Why no cause is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsure {
    /// No call timed out while this was measured.
    NotSeen,
    /// There are too few calls to say one of the three signs, or sizes that are too near each other.
    TooFewCalls,
    /// More than one sign is there: several causes at once.
    SeveralSigns,
    /// A sign is neither there nor clearly missing.
    Unclear,
    /// No sign is there: slow at every size, over good connections, and the sibling too.
    NoSign,
}

/// Two groups of calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contrast {
    /// What they show.
    pub shown: Shown,
    /// The median of the first group, in milliseconds; none where it is empty.
    pub first_ms: Option<f64>,
    /// The median of the second group.
    pub second_ms: Option<f64>,
    /// Calls in the first group.
    pub first: usize,
    /// Calls in the second group.
    pub second: usize,
}

/// Whether the first group takes longer than the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// It does, and by enough to explain a time-out.
    Longer,
    /// It does not.
    NotLonger,
    /// Most calls of both timed out: which of them would have taken longer is hidden.
    BothTimedOut,
    /// It may or may not.
    Unclear,
    /// Too few calls.
    TooFew,
}

impl Discriminate {
    /// The verdict.
    pub fn verdict(&self, seed: u64) -> Discriminated {
        let slow_connects = self.connects.iter().filter(|one| is_slow(one)).count();
        let slow_connects = slow_connects + self.lost_on_the_way();
        let connects = self.connects.len() + self.lost_on_the_way();
        let by_size = Contrast::of(&self.large(), &self.small(), seed);
        let sibling = Group::of(self.sibling.iter().copied());
        let by_model = Contrast::of(&self.large(), &sibling, seed);
        let timed_out = self.timed_out();
        let cause = match timed_out {
            0 if self.by_size.is_empty() => TimeoutCause::Inconclusive(Unsure::TooFewCalls),
            0 => TimeoutCause::Inconclusive(Unsure::NotSeen),
            _ => {
                let hopeless = slow_connects as f64 >= HOPELESS * connects as f64;
                let network = network(slow_connects, connects);
                cause(by_size.shown, by_model.shown, network, hopeless)
            }
        };
        Discriminated { cause, by_size, by_model, slow_connects, connects, timed_out }
    }

    fn timed_out(&self) -> usize {
        self.by_size.iter().filter(|(.., ended)| is_timeout(ended)).count()
    }

    /// Calls that did not come as far as the server.
    fn lost_on_the_way(&self) -> usize {
        self.by_size.iter().filter(|(.., ended)| is_lost(ended)).count()
    }

    fn large(&self) -> Group {
        let most = self.sizes().fold(0.0, f64::max);
        self.group(|size| size * TOGETHER >= most)
    }

    /// The calls of the smallest size; none where all sizes are near each other.
    fn small(&self) -> Group {
        let least = self.sizes().fold(f64::INFINITY, f64::min);
        let most = self.sizes().fold(0.0, f64::max);
        self.group(|size| size <= least * TOGETHER && size * APART <= most)
    }

    fn sizes(&self) -> impl Iterator<Item = f64> {
        self.by_size.iter().map(|(size, ..)| *size)
    }

    fn group(&self, counts: impl Fn(f64) -> bool) -> Group {
        let fits = self.by_size.iter().filter(|(size, ..)| counts(*size));
        Group::of(fits.map(|(_, ms, ended)| (*ms, *ended)))
    }
}

/// Calls that are alike, as far as their time says something.
struct Group {
    median: Option<f64>,
    /// Never less than what counts as quick, in order.
    times: Vec<f64>,
    timed_out: usize,
}

impl Group {
    fn of(calls: impl Iterator<Item = (f64, Ended)>) -> Self {
        let calls: Vec<(f64, Ended)> = calls.filter(|(_, ended)| speaks(ended)).collect();
        let timed_out = calls.iter().filter(|(_, ended)| is_timeout(ended)).count();
        let median = (!calls.is_empty()).then(|| middle(calls.iter().map(|(ms, _)| *ms).collect()));
        let mut times: Vec<f64> = calls.into_iter().map(|(ms, _)| ms.max(QUICK_MS)).collect();
        times.sort_unstable_by(f64::total_cmp);
        Self { median, times, timed_out }
    }

    fn share_timed_out(&self) -> f64 {
        self.timed_out as f64 / self.times.len().max(1) as f64
    }
}

impl Contrast {
    fn of(first: &Group, second: &Group, seed: u64) -> Self {
        Self {
            shown: shown(first, second, seed),
            first_ms: first.median,
            second_ms: second.median,
            first: first.times.len(),
            second: second.times.len(),
        }
    }
}

fn shown(first: &Group, second: &Group, seed: u64) -> Shown {
    let fewest = first.times.len().min(second.times.len());
    let share = Superiority::of(&first.times, &second.times);
    let ratio = Medians::of_apart(&first.times, &second.times, seed);
    let Some((share, medians)) = share.zip(ratio).filter(|_| fewest >= FEWEST_TO_DIFFER) else {
        return Shown::TooFew;
    };
    let ratio = medians.ratio(|[a, b]| a / b);
    let many = |group: &Group| group.share_timed_out() > MANY_TIME_OUTS;
    if many(first) && many(second) {
        Shown::BothTimedOut
    } else if is_longer(&share, &ratio) && second.share_timed_out() <= FEW_TIME_OUTS {
        Shown::Longer
    } else if fewest < FEWEST_TO_BE_ALIKE {
        Shown::TooFew
    } else if is_alike(&share, &ratio) && ends_are_near(&first.times, &second.times) {
        Shown::NotLonger
    } else {
        Shown::Unclear
    }
}

fn is_longer(share: &Superiority, ratio: &Estimate) -> bool {
    let order = share.value >= OFTEN_LARGER && share.strict.low >= LARGER_AT_LEAST;
    order && ratio.value >= WORTH_NAMING
}

fn is_alike(share: &Superiority, ratio: &Estimate) -> bool {
    share.strict.high < ALIKE_BELOW || ratio.strict.high < NO_RATIO
}

/// Whether the second quickest of both take about as long, and the second slowest. What hits only
/// some calls of both can hide in the middle that one of them is slow throughout.
fn ends_are_near(first: &[f64], second: &[f64]) -> bool {
    let near = |a: Option<&f64>, b: Option<&f64>| a.zip(b).is_some_and(|(a, b)| *a < SAME_PART * b);
    near(first.get(1), second.get(1)) && near(first.iter().nth_back(1), second.iter().nth_back(1))
}

fn network(slow: usize, all: usize) -> Shown {
    let share = slow as f64 / all.max(1) as f64;
    if slow >= TROUBLED.0 && share >= TROUBLED.1 {
        Shown::Longer
    } else if all < FINE.0 {
        Shown::TooFew
    } else if share <= FINE.1 {
        Shown::NotLonger
    } else {
        Shown::Unclear
    }
}

fn cause(size: Shown, model: Shown, network: Shown, hopeless: bool) -> TimeoutCause {
    use Shown::{BothTimedOut, Longer, NotLonger, TooFew};
    let signs = [size, model, network];
    let longer = signs.iter().filter(|sign| **sign == Longer).count();
    let unsure = |why| TimeoutCause::Inconclusive(why);
    match signs {
        // At the large size the sibling times out too, so that it is no matter of the model.
        [Longer, NotLonger | BothTimedOut, NotLonger] => TimeoutCause::LargeInput,
        // The sibling takes the large size well, so that it is no matter of the size.
        [NotLonger | BothTimedOut, Longer, NotLonger] => TimeoutCause::ModelLoad,
        [NotLonger, NotLonger, Longer] => TimeoutCause::Network,
        [_, _, Longer] if hopeless && longer == 1 => TimeoutCause::Network,
        [NotLonger | BothTimedOut, NotLonger | BothTimedOut, NotLonger] => unsure(Unsure::NoSign),
        _ if longer > 1 => unsure(Unsure::SeveralSigns),
        _ if signs.contains(&TooFew) => unsure(Unsure::TooFewCalls),
        _ => unsure(Unsure::Unclear),
    }
}

fn is_slow((phases, fault): &(Phases, Option<Fault>)) -> bool {
    let parts = [phases.dns_ms, phases.tcp_ms, phases.proxy_ms, phases.tls_ms];
    fault.is_some() || parts.into_iter().flatten().any(|ms| ms >= SLOW_PHASE_MS)
}

/// Whether a call came to an end that its time speaks for: an answer, or none in time.
fn speaks(ended: &Ended) -> bool {
    *ended == Ended::Answered || (is_timeout(ended) && !is_lost(ended))
}

/// Statuses of servers and gateways that gave up waiting, and giving up here.
fn is_timeout(ended: &Ended) -> bool {
    matches!(
        ended,
        Ended::Refused(408 | 499 | 504 | 524) | Ended::Failed { fault: Fault::TimedOut, .. }
    )
}

/// Whether the request did not reach anybody who could have answered.
fn is_lost(ended: &Ended) -> bool {
    let before = [Stage::Dns, Stage::Tcp, Stage::Proxy, Stage::Tls, Stage::Request];
    matches!(ended, Ended::Failed { stage, .. } if before.contains(stage))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::samples::noisy;

    const LIMIT_MS: f64 = 60_000.0;
    const SIZES: [f64; 3] = [1_000.0, 10_000.0, 100_000.0];

    /// A world: what each thing does to a call of a size.
    #[derive(Clone, Copy, Default)]
    struct World {
        /// Large inputs take long, for both models.
        large_input: bool,
        /// Half of the connections are slow, and one call in so many hangs; none where 0.
        network: u8,
        /// This model takes long.
        load: bool,
        /// The scatter of each call.
        sigma: f64,
        /// One in so many calls takes ten times as long; none where 0.
        spikes: u8,
    }

    impl World {
        fn time(&self, size: f64, sibling: bool, random: &mut fastrand::Rng) -> (f64, Ended) {
            let input = if self.large_input { 100.0 * size / 100_000.0 } else { 1.0 };
            let load = if self.load && !sibling { 30.0 } else { 1.0 };
            let way = if self.network > 0 && random.u8(..self.network) == 0 { 100.0 } else { 1.0 };
            let spike = if self.spikes > 0 && random.u8(..self.spikes) == 0 { 10.0 } else { 1.0 };
            let ms = noisy(1_500.0 * input.max(1.0) * load * way * spike, self.sigma, random);
            if ms < LIMIT_MS { (ms, Ended::Answered) } else { (LIMIT_MS, Ended::Refused(504)) }
        }

        fn connect(&self, random: &mut fastrand::Rng) -> (Phases, Option<Fault>) {
            let lost = self.network > 0 && random.bool();
            let tcp_ms = if lost { 3_000.0 } else { noisy(40.0, 0.3, random) };
            let fault = (lost && random.u8(..3) == 0).then_some(Fault::TimedOut);
            (Phases { tcp_ms: Some(tcp_ms), ..Phases::default() }, fault)
        }

        fn measured(&self, each: usize, random: &mut fastrand::Rng) -> Discriminate {
            let mut found = Discriminate::default();
            for size in SIZES.into_iter().cycle().take(SIZES.len() * each) {
                let (ms, ended) = self.time(size, false, random);
                found.by_size.push((size, ms, ended));
                found.connects.push(self.connect(random));
            }
            found.sibling = (0..each).map(|_| self.time(SIZES[2], true, random)).collect();
            found
        }
    }

    /// The verdicts of so many seeded runs.
    fn causes(world: World, each: usize, runs: u64) -> Vec<TimeoutCause> {
        let mut random = fastrand::Rng::with_seed(1);
        (0..runs).map(|seed| world.measured(each, &mut random).verdict(seed).cause).collect()
    }

    fn share(causes: &[TimeoutCause], cause: TimeoutCause) -> f64 {
        causes.iter().filter(|one| **one == cause).count() as f64 / causes.len() as f64
    }

    /// Worlds with one cause each, and it.
    fn single_causes(sigma: f64, spikes: u8) -> [(World, TimeoutCause); 3] {
        let world = World { sigma, spikes, ..World::default() };
        [
            (World { large_input: true, ..world }, TimeoutCause::LargeInput),
            (World { network: 3, ..world }, TimeoutCause::Network),
            (World { load: true, ..world }, TimeoutCause::ModelLoad),
        ]
    }

    #[test]
    fn each_cause_is_told_when_it_is_alone() {
        for (world, cause) in single_causes(0.2, 0) {
            let found = causes(world, 16, 40);
            assert!(share(&found, cause) >= 0.85, "{cause:?}: {found:?}");
            wrong_at_most(0.0, &found, Some(cause));
        }
    }

    #[test]
    fn noise_takes_away_an_answer_rather_than_giving_a_wrong_one() {
        for (sigma, spikes, each) in [(0.8, 10, 12), (0.3, 5, 8), (1.5, 0, 8)] {
            for (world, cause) in single_causes(sigma, spikes) {
                wrong_at_most(0.025, &causes(world, each, 40), Some(cause));
            }
        }
    }

    /// Worlds with more than one cause, and one with none.
    fn mixed_causes(sigma: f64, spikes: u8) -> Vec<World> {
        let world = World { sigma, spikes, ..World::default() };
        let mut worlds = vec![world];
        for network in [2, 3, 5] {
            worlds.push(World { large_input: true, network, ..world });
            worlds.push(World { network, load: true, ..world });
            worlds.push(World { large_input: true, network, load: true, ..world });
        }
        worlds.push(World { large_input: true, load: true, ..world });
        worlds
    }

    #[test]
    fn several_causes_at_once_are_inconclusive() {
        for world in mixed_causes(0.3, 10) {
            wrong_at_most(0.05, &causes(world, 12, 20), None);
        }
    }

    #[test]
    #[ignore = "takes minutes where nothing is optimised"]
    fn wrong_causes_are_rare_over_many_runs() {
        for (sigma, spikes, each) in
            [(0.2, 0, 8), (0.5, 0, 8), (0.8, 10, 8), (0.2, 0, 12), (0.8, 10, 12), (0.5, 0, 16)]
        {
            for (world, cause) in single_causes(sigma, spikes) {
                wrong_at_most(0.005, &causes(world, each, 1_000), Some(cause));
            }
            for world in mixed_causes(sigma, spikes) {
                wrong_at_most(0.03, &causes(world, each, 1_000), None);
            }
        }
    }

    #[test]
    fn a_way_on_which_nearly_nothing_comes_through_hides_all_else() {
        let world = World { network: 1, sigma: 0.2, ..World::default() };
        let mut measured = world.measured(12, &mut fastrand::Rng::with_seed(2));
        for (phases, _) in &mut measured.connects {
            phases.tcp_ms = Some(7_000.0);
        }
        let found = measured.verdict(1);
        assert_eq!((found.cause, found.slow_connects), (TimeoutCause::Network, 36));
        for (.., ended) in &mut measured.by_size {
            *ended = Ended::Failed { stage: Stage::Tcp, fault: Fault::TimedOut };
        }
        assert_eq!(measured.verdict(1).cause, TimeoutCause::Network);
    }

    #[test]
    fn a_large_input_that_is_quick_all_the_same_is_no_sign() {
        let slow = Phases { tls_ms: Some(1_100.0), ..Phases::default() };
        let call = |at: usize, ms: f64| match at % 4 {
            0 => (400.0, Ended::Refused(504)),
            _ => (ms + at as f64 / 10.0, Ended::Answered),
        };
        let sized = |size: f64, ms| (0..12).map(move |at| (size, call(at, ms).0, call(at, ms).1));
        let measured = Discriminate {
            by_size: sized(1.0, 3.0).chain(sized(128.0, 30.0)).collect(),
            connects: vec![(slow, None); 12],
            sibling: (0..12).map(|at| call(at, 30.0)).collect(),
        };
        let found = measured.verdict(1);
        assert_eq!((found.cause, found.by_size.shown), (TimeoutCause::Network, Shown::NotLonger));
    }

    #[test]
    fn what_was_not_measured_is_missed() {
        let mut random = fastrand::Rng::with_seed(3);
        let world = World { large_input: true, sigma: 0.2, ..World::default() };
        let whole = world.measured(12, &mut random);
        let unsure = |measured: &Discriminate| match measured.verdict(1).cause {
            TimeoutCause::Inconclusive(why) => Some(why),
            _ => None,
        };
        assert_eq!(unsure(&whole), None);
        let without = |change: fn(&mut Discriminate)| {
            let mut less = whole.clone();
            change(&mut less);
            unsure(&less)
        };
        assert_eq!(without(|all| all.sibling.clear()), Some(Unsure::TooFewCalls));
        assert_eq!(without(|all| all.connects.clear()), Some(Unsure::TooFewCalls));
        assert_eq!(without(|all| all.by_size.truncate(12)), Some(Unsure::TooFewCalls));
        let one_size = |all: &mut Discriminate| all.by_size.iter_mut().for_each(|one| one.0 = 5.0);
        assert_eq!(without(one_size), Some(Unsure::TooFewCalls));
        assert_eq!(unsure(&Discriminate::default()), Some(Unsure::TooFewCalls));
        let well = World { sigma: 0.2, ..World::default() }.measured(12, &mut random);
        assert_eq!(unsure(&well), Some(Unsure::NotSeen));
    }

    #[test]
    fn a_verdict_comes_with_what_it_rests_on() {
        let world = World { load: true, sigma: 0.1, ..World::default() };
        let mut measured = world.measured(12, &mut fastrand::Rng::with_seed(4));
        measured.by_size.push((1_000.0, 0.1, Ended::Refused(429)));
        measured.by_size.push((1_000.0, 60_000.0, Ended::Refused(504)));
        let found = measured.verdict(1);
        assert_eq!(found.cause, TimeoutCause::ModelLoad);
        assert_eq!((found.by_size.first, found.by_size.second), (12, 13), "a refusal is no time");
        assert!(found.by_model.first_ms > found.by_model.second_ms.map(|ms| 20.0 * ms));
        assert_eq!((found.connects, found.slow_connects), (36, 0));
        assert!(found.timed_out >= 1);
    }

    /// Fails where more than this share names a cause other than the true one.
    fn wrong_at_most(most: f64, found: &[TimeoutCause], truth: Option<TimeoutCause>) {
        let wrong = |one: &&TimeoutCause| {
            !matches!(one, TimeoutCause::Inconclusive(_)) && Some(**one) != truth
        };
        let wrong = found.iter().filter(wrong).count() as f64 / found.len() as f64;
        assert!(wrong <= most, "{truth:?}: {wrong} {found:?}");
    }
}

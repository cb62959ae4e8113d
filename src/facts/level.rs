//! Levels that a service promises, and calls that are held against them. Says what calls show; what follows
//! from that is for a gate.

use crate::stats::{Decision, RateLimit, RateTest, Standing};

/// The chance to call a level broken that holds: a deploy must not stop for nothing.
const ALPHA: f64 = 0.001;
/// The chance to call a level held that does not.
const BETA: f64 = 0.05;
/// The failure rates of a name that is healthy, and of one that is broken.
const HEALTHY: f64 = 0.01;
const BROKEN: f64 = 0.1;
/// The most calls to find out whether a name is healthy.
pub const ALIAS_CAP: u32 = 150;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Whether the name fails at times, as a missing build makes it.
    Alias,
    /// The share of calls that are not answered.
    FailurePercent,
    /// The time to the whole answer that half of all answers stay within.
    LatencyP50,
    /// That of 19 of 20 answers.
    LatencyP95,
    /// The time to the first text of a stream, likewise.
    FirstTokenP50,
    /// That of 19 of 20 streams.
    FirstTokenP95,
    /// The tokens of a call, question and answer.
    TokensPerCall,
}

/// A level: the measure, the most that is allowed of it, and how many calls are made for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// What is measured.
    pub measure: Measure,
    /// The most: percent, milliseconds or tokens.
    pub at_most: f64,
    /// The calls that it is decided by.
    pub calls: u32,
}

/// How a sampled call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallEnd {
    /// With an answer.
    Answered,
    /// With a "not found" of the API, as a missing build gives it.
    Missing,
    /// Otherwise.
    Failed,
}

/// One sampled call.
#[derive(Clone, Debug, PartialEq)]
pub struct Timed {
    /// The attempt.
    pub attempt: Option<String>,
    /// How it ended.
    pub end: CallEnd,
    /// From the request to the last byte of the answer.
    pub latency_ms: Option<f64>,
    /// From the request to the first text, where it was a stream.
    pub first_token_ms: Option<f64>,
    /// Tokens of question and answer, thinking included, where the answer says so.
    pub tokens: Option<u64>,
}

/// Why no more calls were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SamplingEnd {
    /// They were not ended: somebody stopped the run.
    #[default]
    Stopped,
    /// No call could be made, for this reason.
    NotBegun(String),
    /// Every level is settled.
    Settled,
    /// One is not met, so that the rest does not matter.
    NotMet,
    /// The API refuses calls like these.
    Refused(String),
    /// A quota ended them.
    Throttled(String),
    /// The budget or the time is used up.
    Spent(String),
}

impl Measure {
    /// Those that a file can set, in the order in which they are told.
    pub const LEVELS: [Self; 6] = [
        Self::FailurePercent,
        Self::LatencyP50,
        Self::LatencyP95,
        Self::FirstTokenP50,
        Self::FirstTokenP95,
        Self::TokensPerCall,
    ];

    /// The key of a file.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Alias => "alias",
            Self::FailurePercent => "failure_percent",
            Self::LatencyP50 => "latency_p50_ms",
            Self::LatencyP95 => "latency_p95_ms",
            Self::FirstTokenP50 => "first_token_p50_ms",
            Self::FirstTokenP95 => "first_token_p95_ms",
            Self::TokensPerCall => "tokens_per_call",
        }
    }

    /// The permanent id of its row.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Alias => "api.alias",
            Self::FailurePercent => "slo.failure_percent",
            Self::LatencyP50 => "slo.latency_p50_ms",
            Self::LatencyP95 => "slo.latency_p95_ms",
            Self::FirstTokenP50 => "slo.first_token_p50_ms",
            Self::FirstTokenP95 => "slo.first_token_p95_ms",
            Self::TokensPerCall => "slo.tokens_per_call",
        }
    }

    /// It in a word or two.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Alias => "alias",
            Self::FailurePercent => "failures",
            Self::LatencyP50 => "p50",
            Self::LatencyP95 => "p95",
            Self::FirstTokenP50 => "first p50",
            Self::FirstTokenP95 => "first p95",
            Self::TokensPerCall => "tokens",
        }
    }

    /// Whether calls have to be streams for it.
    pub const fn needs_stream(self) -> bool {
        matches!(self, Self::FirstTokenP50 | Self::FirstTokenP95)
    }

    /// The quantile, where it is one.
    pub const fn quantile(self) -> Option<f64> {
        match self {
            Self::LatencyP50 | Self::FirstTokenP50 => Some(0.5),
            Self::LatencyP95 | Self::FirstTokenP95 => Some(0.95),
            Self::Alias | Self::FailurePercent | Self::TokensPerCall => None,
        }
    }

    /// The value that a call has of it, where it has one.
    pub fn value(self, call: &Timed) -> Option<f64> {
        let answered = call.end == CallEnd::Answered;
        match self {
            Self::Alias | Self::FailurePercent => None,
            Self::LatencyP50 | Self::LatencyP95 => call.latency_ms.filter(|_| answered),
            Self::FirstTokenP50 | Self::FirstTokenP95 => call.first_token_ms.filter(|_| answered),
            Self::TokensPerCall => call.tokens.map(|tokens| tokens as f64),
        }
    }
}

impl Level {
    /// A level that is decided by as many calls as are needed at least.
    pub fn new(measure: Measure, at_most: f64) -> Self {
        let level = Self { measure, at_most, calls: 0 };
        let calls = match measure {
            Measure::Alias => ALIAS_CAP,
            _ => u32::try_from(level.calls_to_meet(0)).unwrap_or(u32::MAX),
        };
        Self { calls, ..level }
    }

    /// The calls that it is decided by, of all that were made.
    pub fn own<'s>(&self, samples: &'s [Timed]) -> &'s [Timed] {
        &samples[..samples.len().min(self.calls as usize)]
    }

    /// How many of its calls count against it, and of how many.
    pub fn counts(&self, samples: &[Timed]) -> (u64, u64) {
        let own = self.own(samples);
        let ended = |end: CallEnd| own.iter().filter(|call| call.end == end).count() as u64;
        match self.measure {
            Measure::Alias => {
                let missing = ended(CallEnd::Missing);
                (missing, missing + ended(CallEnd::Answered))
            }
            Measure::FailurePercent => {
                (own.len() as u64 - ended(CallEnd::Answered), own.len() as u64)
            }
            measure => {
                let values = || own.iter().filter_map(|call| measure.value(call));
                let above = values().filter(|value| *value > self.at_most).count();
                (above as u64, values().count() as u64)
            }
        }
    }

    /// How many of its calls got no answer, for any reason.
    pub fn unanswered(&self, samples: &[Timed]) -> u64 {
        let own = self.own(samples).iter();
        own.filter(|call| call.end != CallEnd::Answered).count() as u64
    }

    /// Whether most of its calls got no answer: then the few answers that there are show no service. A level
    /// of failures says itself how many may be.
    pub fn is_mostly_unanswered(&self, samples: &[Timed]) -> bool {
        self.is_most(self.unanswered(samples), self.own(samples).len())
    }

    fn is_most(&self, unanswered: u64, calls: usize) -> bool {
        self.measure != Measure::FailurePercent && 2 * unanswered > calls as u64
    }

    /// What its calls show.
    pub fn standing(&self, samples: &[Timed]) -> Standing {
        let (bad, of) = self.counts(samples);
        match (self.measure, self.limit()) {
            _ if self.is_mostly_unanswered(samples) => Standing::NotMet,
            (Measure::Alias, _) => self.of_alias(samples),
            (_, Some(limit)) => limit.standing(bad, of),
            (_, None) if bad > 0 => Standing::NotMet,
            (_, None) if of > 0 => Standing::Met,
            (_, None) => Standing::Open,
        }
    }

    /// Whether more calls can change nothing.
    pub fn is_settled(&self, samples: &[Timed]) -> bool {
        let left = (self.calls as usize).saturating_sub(samples.len()) as u64;
        let (bad, of) = self.counts(samples);
        match (self.measure, self.limit()) {
            _ if left == 0 => true,
            _ if self.is_most(self.unanswered(samples), self.calls as usize) => true,
            (Measure::Alias, _) => {
                decision(self.own(samples)).is_some() || is_broken(bad, of + left)
            }
            // Calls that can decide nothing were asked for all the same, and show what they show.
            (_, Some(limit)) => self.can_be_decided() && limit.is_settled(bad, of, left),
            (_, None) => bad > 0,
        }
    }

    /// Whether so many calls can show it to hold, or to be broken.
    pub fn can_be_decided(&self) -> bool {
        self.limit().is_none_or(|limit| !limit.is_settled(0, 0, self.calls.into()))
    }

    /// What all its calls show, once those that are left can change nothing.
    pub fn outcome(&self, samples: &[Timed]) -> Option<Standing> {
        if !self.is_settled(samples) {
            return None;
        }
        let left = (self.calls as usize).saturating_sub(samples.len()) as u64;
        let (bad, of) = self.counts(samples);
        Some(match self.limit() {
            Some(_) if self.is_mostly_unanswered(samples) => Standing::NotMet,
            // However the rest ends, it is the same: here each of them ends well.
            Some(limit) => limit.standing(bad, of + left),
            None => self.standing(samples),
        })
    }

    /// The fewest calls that show it to hold, if so many count against it.
    pub fn calls_to_meet(&self, bad: u64) -> u64 {
        match (self.measure, self.limit()) {
            (Measure::Alias, _) => test().clean_calls(),
            (_, Some(limit)) => limit.calls_to_meet(bad),
            (_, None) => 1,
        }
    }

    /// The share of calls that may be above it.
    fn limit(&self) -> Option<RateLimit> {
        let most = match (self.measure, self.measure.quantile()) {
            (Measure::FailurePercent, _) => Some(self.at_most / 100.0),
            (_, Some(quantile)) => Some(1.0 - quantile),
            (_, None) => None,
        };
        most.map(|most| RateLimit::new(most, ALPHA, BETA))
    }

    /// A name is broken where the sequential test says so, or where all its calls together hardly ever fail as
    /// often at a healthy one: few calls are enough for a name of which most fail. Without any failure it
    /// holds, and the row says how little so few calls show. Calls that failed otherwise say nothing of a
    /// missing build; where they are many, the name is not told to hold either.
    fn of_alias(&self, samples: &[Timed]) -> Standing {
        let (bad, of) = self.counts(samples);
        let left = (self.calls as usize).saturating_sub(samples.len()) as u64;
        let own = self.own(samples);
        let otherwise = self.unanswered(samples) - bad;
        match decision(own) {
            Some(Decision::Healthy) if is_broken(otherwise, own.len() as u64) => Standing::Open,
            Some(Decision::Healthy) => Standing::Met,
            Some(Decision::Broken) => Standing::NotMet,
            None if is_broken(bad, of + left) => Standing::NotMet,
            None if bad + otherwise == 0 && of > 0 && left == 0 => Standing::Met,
            None => Standing::Open,
        }
    }
}

/// Whether a healthy name hardly ever fails as often in so many calls.
fn is_broken(bad: u64, of: u64) -> bool {
    RateLimit::new(HEALTHY, ALPHA, BETA).standing(bad, of) == Standing::NotMet
}

/// The first decision of the sequential test, which stands.
fn decision(samples: &[Timed]) -> Option<Decision> {
    let (test, mut failures, mut successes) = (test(), 0, 0);
    for call in samples {
        match call.end {
            CallEnd::Missing => failures += 1,
            CallEnd::Answered => successes += 1,
            CallEnd::Failed => continue,
        }
        if let Some(decision) = test.decide(failures, successes) {
            return Some(decision);
        }
    }
    None
}

fn test() -> RateTest {
    RateTest::new(HEALTHY, BROKEN, ALPHA, BETA).expect("the rates and chances are in order")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(end: CallEnd, latency_ms: f64) -> Timed {
        let latency_ms = Some(latency_ms);
        Timed { attempt: None, end, latency_ms, first_token_ms: None, tokens: Some(20) }
    }

    fn calls(pattern: &str) -> Vec<Timed> {
        let end = |letter| match letter {
            '.' => CallEnd::Answered,
            'x' => CallEnd::Missing,
            _ => CallEnd::Failed,
        };
        pattern.chars().map(|letter| call(end(letter), 100.0)).collect()
    }

    #[test]
    fn a_level_takes_the_fewest_calls_that_can_show_it() {
        for (measure, at_most, fewest) in [
            (Measure::FailurePercent, 10.0, 29),
            (Measure::LatencyP50, 1.0, 5),
            (Measure::LatencyP95, 1.0, 59),
            (Measure::TokensPerCall, 1.0, 1),
            (Measure::Alias, 0.0, ALIAS_CAP),
        ] {
            assert_eq!(Level::new(measure, at_most).calls, fewest, "{measure:?}");
        }
    }

    #[test]
    fn a_name_is_cleared_by_32_clean_calls_and_condemned_by_three_failures() {
        let level = Level::new(Measure::Alias, 0.0);
        assert!(!level.is_settled(&calls(&".".repeat(31))));
        let clean = calls(&".".repeat(32));
        assert!(level.is_settled(&clean) && level.standing(&clean) == Standing::Met);
        assert_eq!(level.standing(&calls("xxx")), Standing::NotMet);
        assert_eq!(level.standing(&calls("xx..")), Standing::Open);
        assert!(!level.is_settled(&calls("xx")));
        // Quotas and servers that fail are no missing build.
        assert!(!level.is_settled(&calls("???")));
    }

    #[test]
    fn most_calls_without_an_answer_are_no_service_whatever_failed() {
        let smoke = Level { calls: 7, ..Level::new(Measure::Alias, 0.0) };
        for (pattern, expected) in [
            ("......?", Standing::Open),
            ("...???.", Standing::Open),
            ("...????", Standing::NotMet),
            (".??????", Standing::NotMet),
            ("???????", Standing::NotMet),
            ("..x??.?", Standing::NotMet),
        ] {
            assert_eq!(smoke.outcome(&calls(pattern)), Some(expected), "{pattern}");
        }
        // The rest could change nothing.
        assert_eq!(smoke.outcome(&calls("????")), Some(Standing::NotMet));
        assert_eq!(smoke.outcome(&calls("???")), None);
        for calls_planned in [1, 2] {
            let short = Level { calls: calls_planned, ..smoke };
            let missing = calls(&"x".repeat(calls_planned as usize));
            assert_eq!(short.outcome(&missing), Some(Standing::NotMet), "{calls_planned}");
        }
        let whole = Level::new(Measure::Alias, 0.0);
        let clean = ".".repeat(32);
        let standing =
            |failed: usize| whole.standing(&calls(&format!("{}{clean}", "?".repeat(failed))));
        let expected = [Standing::Met, Standing::Open, Standing::NotMet];
        assert_eq!([1, 10, 33].map(standing), expected);
    }

    #[test]
    fn a_level_of_answers_needs_most_calls_answered_and_one_of_failures_says_how_many() {
        let fast = Level { calls: 11, ..Level::new(Measure::LatencyP50, 200.0) };
        assert_eq!(fast.outcome(&calls("......?????")), Some(Standing::Met));
        assert_eq!(fast.outcome(&calls(".....??????")), Some(Standing::NotMet));
        let few = Level { calls: 11, ..Level::new(Measure::TokensPerCall, 20.0) };
        assert_eq!(few.outcome(&calls("?????.?????")), Some(Standing::NotMet));
        let failures = Level { calls: 11, ..Level::new(Measure::FailurePercent, 90.0) };
        assert_eq!(failures.outcome(&calls("......?????")), Some(Standing::Met));
    }

    #[test]
    fn a_short_look_without_failures_holds_and_one_with_a_failure_is_open() {
        let level = Level { calls: 6, ..Level::new(Measure::Alias, 0.0) };
        assert_eq!(level.standing(&calls("......")), Standing::Met);
        assert_eq!(level.standing(&calls("...")), Standing::Open);
        assert_eq!(level.standing(&calls("..x...")), Standing::Open);
        assert_eq!(level.standing(&calls(".xx...")), Standing::Open);
        assert_eq!(level.standing(&calls("x.x..x")), Standing::NotMet);
        // The third one decides it, whatever follows.
        assert!(level.is_settled(&calls("x.xx")) && !level.is_settled(&calls("x.x.")));
    }

    /// How often a name of this failure rate is condemned by a gate, and how often cleared.
    fn verdicts(rate: f64, most: u32, runs: u32) -> (f64, f64) {
        let level = Level { calls: most, ..Level::new(Measure::Alias, 0.0) };
        let mut random = fastrand::Rng::with_seed(21);
        let (mut broken, mut cleared) = (0, 0);
        for _ in 0..runs {
            let mut samples = Vec::new();
            while !level.is_settled(&samples) {
                let letter = if random.f64() < rate { "x" } else { "." };
                samples.extend(calls(letter));
            }
            match level.outcome(&samples) {
                Some(Standing::NotMet) => broken += 1,
                Some(Standing::Met) => cleared += 1,
                _ => {}
            }
        }
        (f64::from(broken) / f64::from(runs), f64::from(cleared) / f64::from(runs))
    }

    #[test]
    fn a_healthy_name_hardly_ever_stops_a_deploy_and_a_broken_one_does() {
        for most in [7, 32, ALIAS_CAP] {
            let (broken, _) = verdicts(0.01, most, 4000);
            assert!(broken <= 0.002, "1 % in {most} calls is called broken in {broken}");
        }
        let (broken, _) = verdicts(0.68, 7, 2000);
        assert!(broken >= 0.9, "68 % is called broken in {broken}");
        let (broken, cleared) = verdicts(0.1, ALIAS_CAP, 2000);
        assert!(cleared <= 0.06 && broken >= 0.9, "10 %: cleared {cleared}, broken {broken}");
    }

    #[test]
    fn failed_calls_have_no_latency_and_later_calls_are_not_its_own() {
        let level = Level { calls: 5, ..Level::new(Measure::LatencyP50, 50.0) };
        assert_eq!(level.counts(&calls("..?..xxx")), (4, 4));
        let fast = Level { at_most: 200.0, ..level };
        assert_eq!(fast.standing(&calls(".....")), Standing::Met);
        assert_eq!(fast.standing(&calls("....?")), Standing::Open);
    }

    #[test]
    fn tokens_are_a_fact_of_each_call() {
        let level = Level::new(Measure::TokensPerCall, 19.0);
        assert_eq!(level.standing(&calls(".")), Standing::NotMet);
        assert_eq!(Level { at_most: 20.0, ..level }.standing(&calls(".")), Standing::Met);
    }
}

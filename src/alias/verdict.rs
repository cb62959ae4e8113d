//! The verdict on a name: what few calls allow to say, and the moment from which it stands.
//!
//! Knows outcomes only. What to ask next is decided in `course`.

use crate::stats::{self, Decision, RateTest, RunsTest, Segment};

use super::{
    sample::{self, End, Sample},
    sticky,
};

/// So many calls in a row without an answer make a name one that is down for everybody.
pub const DOWN_AFTER: usize = 12;
/// Fewer observations than this are not searched for a change over time.
const CHANGES_FROM: usize = 20;
/// Clean calls at the end that may be a recovery.
const RECOVERING: usize = 8;
/// A series of so many is searched whatever its order.
const LONG: usize = 40;
/// What the p-value of so few changes between good and bad must be below in a shorter one.
const PLAIN_BELOW: f64 = 0.0002;
/// The last answers, which show who serves now.
const LATELY: usize = 10;
/// A name that was bad so often, with good times between, comes and goes.
pub const EPISODES: usize = 2;
/// A stretch shorter than this shows nothing of bursts inside it.
const BURSTS_FROM: usize = 16;
/// What the p-value of bursts inside a stretch must be below.
const BURSTS_BELOW: f64 = 0.01;

/// What is said of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It answers; the bound says how sure that is.
    Healthy,
    /// Some calls get a 404 and others an answer.
    Flaky,
    /// Every call gets a 404, though the name is right.
    Down,
    /// There is no such name for this key.
    WrongName,
    /// It answers, and another model does.
    Rerouted,
    /// It cannot be told.
    Inconclusive,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 6] = [
        Self::Healthy,
        Self::Flaky,
        Self::Down,
        Self::WrongName,
        Self::Rerouted,
        Self::Inconclusive,
    ];

    /// The word in capitals, in reports and in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Healthy => "HEALTHY",
            Self::Flaky => "FLAKY",
            Self::Down => "DOWN",
            Self::WrongName => "WRONG NAME",
            Self::Rerouted => "REROUTED",
            Self::Inconclusive => "INCONCLUSIVE",
        }
    }

    /// What it means, in a sentence.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Healthy => "the name answers; how often it may still fail is bounded, not zero",
            Self::Flaky => "some calls get a 404 and others an answer, with one key and one name",
            Self::Down => "every call gets a 404",
            Self::WrongName => "there is no such model for this key, or it does not answer in text",
            Self::Rerouted => "the name answers, and another model serves it",
            Self::Inconclusive => "what was seen does not decide it",
        }
    }
}

/// What the free questions told of the name. `None` where nobody asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether it is in this key's list.
    pub listed: Option<bool>,
    /// The status of `models.get`.
    pub get: Option<u16>,
    /// The status of `countTokens`.
    pub count: Option<u16>,
    /// Whether the list says that it answers in text; `None` where it is not listed.
    pub generates: Option<bool>,
}

impl Known {
    /// Whether the service says that it does not know the name.
    pub fn is_unknown(&self) -> bool {
        self.listed == Some(false) && self.get == Some(404)
    }

    /// Whether the service says that calls for an answer cannot work with this name.
    pub fn is_wrong(&self) -> bool {
        self.is_unknown() || self.generates == Some(false)
    }
}

/// A verdict and the call from which it stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The verdict.
    pub verdict: Verdict,
    /// How many calls that speak of the name it took.
    pub calls: usize,
    /// How many of them the test of the rate took.
    pub rate_calls: usize,
}

/// The first verdict that a series allows, call by call.
pub fn standing(outcomes: &[bool], test: &RateTest) -> Option<Standing> {
    let mut broken_at = None;
    let (mut failures, mut answers) = (0, 0);
    for (at, failed) in outcomes.iter().enumerate() {
        *(if *failed { &mut failures } else { &mut answers }) += 1;
        let calls = at + 1;
        let stand = |verdict, rate_calls| Some(Standing { verdict, calls, rate_calls });
        match (broken_at, test.decide(failures, answers)) {
            (None, Some(Decision::Healthy)) => return stand(Verdict::Healthy, calls),
            (None, Some(Decision::Broken)) => broken_at = Some(calls),
            _ => {}
        }
        let Some(rate_calls) = broken_at else { continue };
        if answers > 0 {
            return stand(Verdict::Flaky, rate_calls);
        }
        if calls >= DOWN_AFTER {
            return stand(Verdict::Down, rate_calls);
        }
    }
    None
}

/// What a whole run allows to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Conclusion {
    /// The verdict on the name as it is now.
    pub verdict: Verdict,
    /// Why it is that one.
    pub because: String,
    /// When it stood first, where it did.
    pub standing: Option<Standing>,
    /// The stretches of time in which the rate was the same.
    pub segments: Vec<Segment>,
    /// Whether failures came in bursts inside one of them.
    pub has_bursts: bool,
}

impl Conclusion {
    /// Whether the rate changed while it was looked at.
    pub fn has_changed(&self) -> bool {
        self.segments.len() > 1
    }

    /// Whether bad times came and went more than once.
    pub fn comes_and_goes(&self) -> bool {
        self.has_bursts || self.episodes() >= EPISODES
    }

    /// How many stretches were worse than those beside them.
    pub fn episodes(&self) -> usize {
        bad_episodes(&self.segments)
    }

    /// The stretch that the verdict is about, as a range over the calls that speak of the name.
    pub fn present(&self) -> std::ops::Range<usize> {
        match self.segments.as_slice() {
            [.., last] if self.has_changed() && !self.comes_and_goes() => last.start..last.end,
            [first, .., last] => first.start..last.end,
            [only] => only.start..only.end,
            [] => 0..0,
        }
    }
}

/// Judges all samples of a run.
pub fn conclude(samples: &[Sample], known: &Known, test: &RateTest, seed: u64) -> Conclusion {
    let outcomes = sample::outcomes(samples);
    let segments = segments(samples, &outcomes, seed);
    let first = standing(&outcomes, test);
    let mut conclusion = Conclusion {
        verdict: Verdict::Inconclusive,
        because: String::new(),
        standing: first,
        has_bursts: segments.len() > 1 && burst_p(&outcomes, &segments) < BURSTS_BELOW,
        segments,
    };
    let present = &outcomes[conclusion.present()];
    let told = told(&conclusion, present, test);
    let verdict = named(told, known, samples);
    conclusion.verdict = revised(verdict, present, &conclusion, test);
    conclusion.because = because(&conclusion, known, samples, &outcomes, test);
    conclusion
}

/// The verdict that stands for the present, or for the whole run where nothing has changed.
fn told(conclusion: &Conclusion, present: &[bool], test: &RateTest) -> Option<Verdict> {
    let (first, now) = (conclusion.standing, standing(present, test));
    let told = match now {
        // Failures that have just begun are too few to be judged by themselves, and are no less there.
        None if present.contains(&true) => first,
        None => None,
        now if conclusion.has_changed() || first.is_none() => now,
        _ => first,
    };
    told.map(|standing| standing.verdict)
}

/// The same with what is known of the name beside its outcomes.
fn named(told: Option<Verdict>, known: &Known, samples: &[Sample]) -> Verdict {
    let answered = sample::count(samples, End::Answered) > 0;
    match told {
        _ if known.is_wrong() && !answered => Verdict::WrongName,
        // A 404 that names no other model may just as well mean that the name is wrong.
        Some(Verdict::Down) if known.listed.is_none() && !names_another(samples) => {
            Verdict::Inconclusive
        }
        Some(Verdict::Healthy) if is_rerouted(samples) => Verdict::Rerouted,
        Some(verdict) => verdict,
        None if is_all_rerouted(samples) => Verdict::Rerouted,
        None => Verdict::Inconclusive,
    }
}

/// What a longer run shows after its verdict stood first: failures that the test had not met yet.
fn revised(
    verdict: Verdict,
    present: &[bool],
    conclusion: &Conclusion,
    test: &RateTest,
) -> Verdict {
    let failures = present.iter().filter(|failed| **failed).count();
    let answers = present.len() - failures;
    let cleared = matches!(verdict, Verdict::Healthy | Verdict::Rerouted);
    match test.decide(failures as u64, answers as u64) {
        // An early run of failures is no outage once there was an answer.
        _ if verdict == Verdict::Down && answers > 0 => Verdict::Flaky,
        Some(Decision::Broken) if cleared => Verdict::Flaky,
        // Two failures at the very start of a long and clean run were bad luck.
        Some(Decision::Healthy) if verdict == Verdict::Flaky && !conclusion.has_changed() => {
            Verdict::Healthy
        }
        // The whole run, looked at once more, must still bear what was said early in it.
        None if cleared && failures > 0 => Verdict::Inconclusive,
        _ if cleared && conclusion.comes_and_goes() => Verdict::Flaky,
        _ => verdict,
    }
}

/// The stretches with one rate each. Where connections keep to builds, it is connections that are held
/// against each other: a handful of good ones in a row is no recovery.
fn segments(samples: &[Sample], outcomes: &[bool], seed: u64) -> Vec<Segment> {
    let own: Vec<&Sample> = sample::own(samples).collect();
    if own.len() < CHANGES_FROM || !is_worth_a_search(outcomes) {
        return whole(outcomes);
    }
    if !sticky::is_sticky(&own, seed) {
        return stats::segments(outcomes, seed);
    }
    let connections = sticky::connections(&own);
    if connections.len() < CHANGES_FROM {
        return whole(outcomes);
    }
    let ends: Vec<bool> = connections.iter().map(sticky::Carried::is_bad).collect();
    let first_call =
        |connection: usize| connections.get(connection).map_or(own.len(), |it| it.calls[0]);
    let over_calls = |it: Segment| {
        let (start, end) = (first_call(it.start), first_call(it.end));
        let failures = outcomes[start..end].iter().filter(|failed| **failed).count();
        let [earliest, latest] = [it.earliest, it.latest].map(first_call);
        Segment { start, end, failures, earliest, latest }
    };
    stats::segments(&ends, seed).into_iter().map(over_calls).collect()
}

/// A short series is searched only where its order is so plain that chance is no explanation.
fn is_worth_a_search(outcomes: &[bool]) -> bool {
    outcomes.len() >= LONG || RunsTest::of(outcomes).few < PLAIN_BELOW
}

fn whole(outcomes: &[bool]) -> Vec<Segment> {
    let failures = outcomes.iter().filter(|failed| **failed).count();
    let whole = Segment { start: 0, end: outcomes.len(), failures, earliest: 0, latest: 0 };
    if outcomes.is_empty() { Vec::new() } else { vec![whole] }
}

/// How likely so few changes between good and bad are by chance inside the stretches, corrected for
/// their number.
pub fn burst_p(outcomes: &[bool], segments: &[Segment]) -> f64 {
    let long = segments.iter().filter(|it| it.end - it.start >= BURSTS_FROM || segments.len() == 1);
    let tests: Vec<f64> = long.map(|it| RunsTest::of(&outcomes[it.start..it.end]).few).collect();
    let least = tests.iter().copied().fold(1.0, f64::min);
    (least * tests.len().max(1) as f64).min(1.0)
}

/// Stretches that are worse than the one before or after them.
fn bad_episodes(segments: &[Segment]) -> usize {
    let rate = |segment: &Segment| segment.failures as f64 / (segment.end - segment.start) as f64;
    let worse = |at: usize| {
        let before = at.checked_sub(1).map(|before| rate(&segments[before]));
        let after = segments.get(at + 1).map(&rate);
        let own = rate(&segments[at]);
        (before.is_some() || after.is_some())
            && before.is_none_or(|before| before < own)
            && after.is_none_or(|after| after < own)
    };
    (0..segments.len()).filter(|at| worse(*at)).count()
}

/// Whether another model served lately.
fn is_rerouted(samples: &[Sample]) -> bool {
    let answered = samples.iter().rev().filter(|sample| sample.end == End::Answered);
    answered.take(LATELY).any(|sample| sample.rerouted)
}

/// Whether a failure names a model that nobody asked for.
fn names_another(samples: &[Sample]) -> bool {
    samples.iter().any(|sample| sample.named.is_some())
}

fn is_all_rerouted(samples: &[Sample]) -> bool {
    let mut answered = samples.iter().filter(|sample| sample.end == End::Answered).peekable();
    answered.peek().is_some()
        && answered.all(|sample| sample.rerouted)
        && sample::count(samples, End::Missing) == 0
}

fn because(
    conclusion: &Conclusion,
    known: &Known,
    samples: &[Sample],
    outcomes: &[bool],
    test: &RateTest,
) -> String {
    let failures = outcomes.iter().filter(|failed| **failed).count();
    let calls = outcomes.len();
    match conclusion.verdict {
        Verdict::Healthy if conclusion.has_changed() => {
            let present = conclusion.present();
            format!("none of the last {} calls failed, and earlier ones did", present.len())
        }
        Verdict::Healthy => format!("{failures} of {calls} calls failed"),
        Verdict::Flaky => {
            format!("{failures} of {calls} calls fail with 404, and the others are answered")
        }
        Verdict::Down if conclusion.has_changed() => {
            let present = conclusion.present();
            format!("the last {} calls all fail with 404, and earlier ones passed", present.len())
        }
        Verdict::Down => format!("{failures} of {calls} calls fail with 404"),
        Verdict::WrongName if !known.is_unknown() => {
            "the list says that this model gives no answers in text".to_owned()
        }
        Verdict::WrongName => "the service does not list the name and does not know it".to_owned(),
        Verdict::Rerouted => {
            let rerouted = samples.iter().filter(|sample| sample.rerouted).count();
            let answered = sample::count(samples, End::Answered);
            format!("another model served {rerouted} of {answered} answers")
        }
        Verdict::Inconclusive if conclusion.has_changed() && is_clean(conclusion, outcomes) => {
            let present = conclusion.present();
            format!(
                "none of the last {} calls failed, and {failures} of the {} before them did; it takes {} \
                 clean ones to call it healthy again",
                present.len(),
                present.start,
                test.clean_calls()
            )
        }
        Verdict::Inconclusive => undecided(samples, failures, calls, test),
    }
}

fn is_clean(conclusion: &Conclusion, outcomes: &[bool]) -> bool {
    !outcomes[conclusion.present()].contains(&true)
}

/// Whether a series ends in clean calls that are no chance, and too few to say that it is well again.
pub fn may_have_recovered(outcomes: &[bool], test: &RateTest) -> bool {
    let clean = outcomes.iter().rev().take_while(|failed| !**failed).count();
    let plain = outcomes.contains(&true) && RunsTest::of(outcomes).few < PLAIN_BELOW;
    plain && clean >= RECOVERING && (clean as u64) < test.clean_calls()
}

/// Why a run does not decide, with what would.
fn undecided(samples: &[Sample], failures: usize, calls: usize, test: &RateTest) -> String {
    let last = samples.iter().rev().find(|sample| sample.end != End::NotSent);
    let ended = match last.map(|sample| sample.end) {
        None => return "no call was made".to_owned(),
        Some(end) if end.is_own() => String::new(),
        Some(end) => format!("; then: {}", end.meaning()),
    };
    match (failures, calls) {
        (_, 0) => format!("no call reached the name{ended}"),
        (0, _) => format!(
            "none of {calls} calls failed, and it takes {} clean ones{ended}",
            test.clean_calls()
        ),
        (failures, calls) if failures == calls && calls >= DOWN_AFTER => {
            "every call got a 404 that names no other model: a wrong name and an outage look alike \
             here, and nobody has asked the list"
                .to_owned()
        }
        (failures, calls) if failures == calls => {
            format!(
                "all {calls} calls failed, and {DOWN_AFTER} in a row would show that it is down{ended}"
            )
        }
        _ => format!("{failures} of {calls} calls failed, which is between the two rates{ended}"),
    }
}

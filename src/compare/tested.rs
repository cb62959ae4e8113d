//! Rates and times: which of them differ beyond chance. All tests of one comparison are one family, so that
//! many of them claim no more by chance than one does.

use crate::{
    bench::{self, Comparison},
    facts::{Ended, Fault, Phases, Sample, Stage},
    stats::{Medians, above, fisher_two_sided, holm, quantile},
};

use super::{
    Calls, Pairing, Seen, Topic,
    calls::{End, Outcome},
    judged::{Certainty, Difference},
};

/// A difference is claimed where chance alone makes one at most this often: an interval of 95 % would call
/// too many equal sides different.
const LEVEL: f64 = 0.02;
/// What was found once comes again where chance makes it at most this often; only one direction counts then.
const AGAIN: f64 = 2.0 * LEVEL;
/// Of a difference in times at least this part must be there in each half of the second set.
const STAYS: f64 = 0.2;
const MEDIAN: f64 = 0.5;
/// A quarter of the calls is at least as quick as this one.
const QUICK: f64 = 0.25;
/// Nobody who calls this API notices less, and a part of it is this program.
const MATTERS_MS: f64 = 1.0;
/// Fewer pairs than this decide nothing.
const FEWEST: usize = 10;

/// Two times side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Timed {
    /// The topic.
    pub topic: Topic,
    /// The comparison; what is said of its `a` is said of the first side.
    pub compared: Comparison,
}

/// The smallest difference that such a run sees.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Smallest {
    /// In the time of a free call, in milliseconds, seen in 80 of 100 such runs.
    pub latency_ms: Option<f64>,
    /// In the share of free calls that fail, where no call of the other side does.
    pub failure_rate: Option<f64>,
    /// The same of answers; `None` where there are so few that not even all against none would count.
    pub answers_failure_rate: Option<f64>,
}

/// What the tests of a comparison gave.
pub(super) struct Tested {
    pub(super) compared: Vec<Topic>,
    pub(super) times: Vec<Timed>,
    pub(super) differences: Vec<Difference>,
    pub(super) smallest: Smallest,
}

/// A difference that is claimed where its chance is small enough beside those of all others.
struct Candidate {
    p: f64,
    /// Whether it passes what is asked besides the chance.
    counts: bool,
    /// Whether the first side has more of it.
    direction: bool,
    difference: Difference,
}

/// Holds the calls of two sides against each other.
pub(super) fn tested(a: &Seen, b: &Seen, pairing: Pairing, seed: u64) -> Tested {
    let mut all = Tested {
        compared: Vec::new(),
        times: Vec::new(),
        differences: Vec::new(),
        smallest: Smallest::default(),
    };
    let mut candidates = Vec::new();
    let kinds = [
        (&a.free, &b.free, Topic::Failed, Topic::Statuses, Topic::Latency),
        (&a.paid, &b.paid, Topic::AnswersFailed, Topic::AnswersStatuses, Topic::AnswersLatency),
    ];
    for (first, second, failed, statuses, latency) in kinds {
        if first.count() == 0 || second.count() == 0 {
            continue;
        }
        all.compared.push(failed);
        let timed = times(first, second, latency, pairing, seed);
        all.compared.extend(timed.as_ref().map(|timed| timed.topic));
        let found = candidates_of(first, second, [failed, statuses, latency], pairing, seed);
        candidates.extend(found);
        all.times.extend(timed);
    }
    if let Some(candidate) = tokens(&a.paid, &b.paid, seed) {
        all.compared.push(Topic::OutputTokens);
        candidates.push(candidate);
    }
    all.smallest = smallest(a, b, &all.times);
    all.differences = claimed(candidates);
    all
}

/// What may differ in calls of one kind. Where they were made in two sets, the first finds it and the second
/// must show the same; what is told is of all of them.
fn candidates_of(
    a: &Calls,
    b: &Calls,
    topics: [Topic; 3],
    pairing: Pairing,
    seed: u64,
) -> Vec<Candidate> {
    let of = |[a, b]: [&Calls; 2]| {
        let timed = times(a, b, topics[2], pairing, seed);
        let mut found = rates(a, b, [topics[0], topics[1]]);
        found.extend(timed.as_ref().and_then(slower));
        found
    };
    let whole = of([a, b]);
    let (Some([a_first, a_again]), Some([b_first, b_again])) = (a.sets(), b.sets()) else {
        return whole;
    };
    // A second set that was hardly begun decides nothing.
    if a_again.count().min(b_again.count()) < FEWEST as u64 {
        return whole;
    }
    let (first, again) = ([&a_first, &b_first], [&a_again, &b_again]);
    let lasts = |topic| topic != topics[2] || lasts_in(first, again);
    confirmed(whole, &of(first), &of(again), lasts)
}

/// The candidates of all calls, with the chance that the first set gives them; only those count that come
/// again.
fn confirmed(
    whole: Vec<Candidate>,
    first: &[Candidate],
    again: &[Candidate],
    lasts: impl Fn(Topic) -> bool,
) -> Vec<Candidate> {
    let judged = whole.into_iter().map(|one| {
        let same = |other: &&Candidate| {
            let (one, other) = (&one.difference, &other.difference);
            (one.topic, &one.subject) == (other.topic, &other.subject)
        };
        let (p, counts) = match (first.iter().find(same), again.iter().find(same)) {
            (Some(found), Some(again)) => {
                let comes_again = found.direction == again.direction && again.p <= AGAIN;
                (found.p, found.counts && comes_again && lasts(one.difference.topic))
            }
            _ => (1.0, false),
        };
        Candidate { p, counts, ..one }
    });
    judged.collect()
}

/// Whether the same side takes longer in both halves of the second set, by a good part of what it did in the
/// first, and its quick calls do so too: what keeps a machine busy shows in some halves and in slow calls.
fn lasts_in(first: [&Calls; 2], again: [&Calls; 2]) -> bool {
    let times = |calls: &Calls, share: f64| {
        let times: Vec<f64> = calls.answered(|one| Some(one.ms)).into_values().collect();
        quantile(&times, share).filter(|ms| *ms > 0.0)
    };
    let both = |[a, b]: [&Calls; 2], share| Some((times(a, share)?, times(b, share)?));
    let Some(found) = both(first, MEDIAN).map(|(a, b)| (a / b).ln()) else { return false };
    let shows = |sides: [&Calls; 2], share| {
        both(sides, share).is_some_and(|(a, b)| {
            (a - b).abs() >= MATTERS_MS / 2.0 && (a / b).ln() / found >= STAYS
        })
    };
    let ([a_early, a_late], [b_early, b_late]) = (again[0].halves(), again[1].halves());
    shows([&a_early, &b_early], MEDIAN)
        && shows([&a_late, &b_late], MEDIAN)
        && shows(first, QUICK)
        && shows(again, QUICK)
}

/// Those that chance does not explain, corrected for their number.
fn claimed(candidates: Vec<Candidate>) -> Vec<Difference> {
    let adjusted = holm(&candidates.iter().map(|one| one.p).collect::<Vec<_>>());
    let mut claimed: Vec<Difference> = candidates
        .into_iter()
        .zip(adjusted)
        .filter(|(one, p)| one.counts && *p <= LEVEL)
        .map(|(one, p)| Difference { certainty: Certainty::Tested { p }, ..one.difference })
        .collect();
    // Where one side fails more often, how it does is told with that.
    for (rate, mix) in
        [(Topic::Failed, Topic::Statuses), (Topic::AnswersFailed, Topic::AnswersStatuses)]
    {
        if claimed.iter().any(|one| one.topic == rate) {
            claimed.retain(|one| one.topic != mix);
        }
    }
    claimed
}

/// Fisher's exact test of the rate, and of each kind of failure. Without any failure there is nothing that
/// could differ, and so no test that would cost the others their share.
fn rates(a: &Calls, b: &Calls, [failed, statuses]: [Topic; 2]) -> Vec<Candidate> {
    let candidate = |topic, subject: Option<&str>, hits: [u64; 2]| Candidate {
        p: fisher_two_sided(hits[0], a.count(), hits[1], b.count()),
        counts: true,
        direction: hits[0] * b.count() > hits[1] * a.count(),
        difference: Difference {
            topic,
            subject: subject.map(str::to_owned),
            a: a.words(),
            b: b.words(),
            certainty: Certainty::Exact,
        },
    };
    if a.failed() + b.failed() == 0 {
        return Vec::new();
    }
    let (first, second) = (a.failures(), b.failures());
    let mut kinds: Vec<&str> = first.keys().chain(second.keys()).copied().collect();
    kinds.sort_unstable();
    kinds.dedup();
    let all = candidate(failed, None, [a.failed(), b.failed()]);
    // One kind alone is the rate itself.
    let kinds = kinds.iter().filter(|_| kinds.len() > 1).map(|kind| {
        let hits = [&first, &second].map(|side| side.get(kind).copied().unwrap_or(0));
        candidate(statuses, Some(kind), hits)
    });
    std::iter::once(all).chain(kinds).collect()
}

fn times(a: &Calls, b: &Calls, topic: Topic, pairing: Pairing, seed: u64) -> Option<Timed> {
    let samples = |calls: &Calls, arm: &str| -> Vec<Sample> {
        calls.outcomes.iter().map(|outcome| sample(outcome, arm)).collect()
    };
    let compared = match pairing {
        Pairing::Together => {
            let both = [samples(a, "a"), samples(b, "b")].concat();
            Comparison::of(&both, ["a", "b"], None, seed)
        }
        Pairing::Apart => {
            Comparison::of_runs(&samples(a, "side"), &samples(b, "side"), "side", None, seed)
        }
    };
    compared.measured?;
    Some(Timed { topic, compared })
}

/// Whether one takes longer, by more than anybody notices.
fn slower(timed: &Timed) -> Option<Candidate> {
    let (measured, p) = (timed.compared.measured?, timed.compared.p()?);
    let matters = measured.difference_ms.value.abs() >= MATTERS_MS;
    let difference = Difference {
        topic: timed.topic,
        subject: None,
        a: format!("{} ms", ms(measured.a_ms)),
        b: format!("{} ms", ms(measured.b_ms)),
        certainty: Certainty::Exact,
    };
    let counts = matters && timed.compared.verdict.is_difference();
    Some(Candidate { p, counts, direction: measured.difference_ms.value > 0.0, difference })
}

/// Whether one answers at greater length.
fn tokens(a: &Calls, b: &Calls, seed: u64) -> Option<Candidate> {
    let of = |calls: &Calls| calls.answered(|one| one.tokens.map(|tokens| tokens.max(1) as f64));
    let (first, second) = (of(a), of(b));
    let pairs: Vec<[f64; 2]> =
        first.iter().filter_map(|(round, a)| Some([*a, *second.get(round)?])).collect();
    if pairs.len() < FEWEST {
        return None;
    }
    let medians = Medians::of_rounds(&pairs, seed)?;
    let ([a, b], ratio) = (medians.whole(), medians.ratio(|[a, b]| a / b));
    let p = match ratio.error {
        error if error > 0.0 => (2.0 * above((ratio.value.ln() / error).abs())).min(1.0),
        _ if a == b => 1.0,
        _ => 0.0,
    };
    let difference = Difference {
        topic: Topic::OutputTokens,
        subject: None,
        a: format!("{a:.0} tokens"),
        b: format!("{b:.0} tokens"),
        certainty: Certainty::Exact,
    };
    let direction = ratio.value > 1.0;
    Some(Candidate { p, counts: !ratio.strict.holds(1.0), direction, difference })
}

fn smallest(a: &Seen, b: &Seen, times: &[Timed]) -> Smallest {
    let latency = times.iter().find(|timed| timed.topic == Topic::Latency);
    let latency_ms = latency.and_then(|timed| match timed.compared.verdict {
        bench::Verdict::NoDifferenceShown { smallest_seen, .. } => {
            let slower = timed.compared.measured?.b_ms * (smallest_seen - 1.0);
            Some(slower.max(MATTERS_MS))
        }
        _ => None,
    });
    Smallest {
        latency_ms,
        failure_rate: smallest_rate(&a.free, &b.free),
        answers_failure_rate: smallest_rate(&a.paid, &b.paid),
    }
}

/// The smallest share of failures that is told from none at the other side, by one test alone.
fn smallest_rate(a: &Calls, b: &Calls) -> Option<f64> {
    let calls = a.count().min(b.count());
    let seen = |hits: &u64| fisher_two_sided(*hits, calls, 0, calls) <= LEVEL;
    (1..=calls).find(seen).map(|hits| hits as f64 / calls as f64)
}

/// Milliseconds in as many digits as anybody needs.
fn ms(value: f64) -> String {
    if value < 10.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}

/// A call as comparisons read it.
fn sample(outcome: &Outcome, arm: &str) -> Sample {
    let ended = match outcome.end {
        End::Answered => Ended::Answered,
        End::Failed(_) => Ended::Failed { stage: Stage::Head, fault: Fault::Other },
    };
    Sample {
        arm: arm.into(),
        round: outcome.round,
        at_ms: 0.0,
        due_ms: None,
        ended,
        phases: Phases::default().into(),
        latency_ms: outcome.ms,
        connection: 0,
        nth: 0,
        handshake: None,
        bytes_sent: 0,
        bytes_received: 0,
        input_tokens: None,
        output_tokens: None,
    }
}

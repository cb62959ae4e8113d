//! Where the time of a call goes, and what makes one way slower than another: opening the connection,
//! the protocol, or neither. Figures with their intervals; words are made elsewhere.

use crate::{
    facts::{Phases, Sample},
    stats::{Estimate, Medians, quantile},
};

use super::compare::{Comparison, NoiseFloor, Verdict, by_round, figures_by_round};

/// Fewer rounds than this have no split.
const FEWEST: usize = 10;
/// A part that explains less than this of a difference is not what to blame for it.
const WORTH_BLAMING: f64 = 0.1;
/// What was inferred and what was measured may differ by this share.
const AGREE_WITHIN: f64 = 0.1;

/// The three arms that a split takes, by their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ways<'a> {
    /// The slow way: a protocol on new connections.
    pub cold: &'a str,
    /// The same protocol on connections that are open.
    pub warm: &'a str,
    /// Another protocol on connections that are open.
    pub other: &'a str,
}

/// A part of the time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// In milliseconds; below zero, where the slow way would gain by it.
    pub ms: Estimate,
    /// Of the whole that it is a part of, from 0 to 1; 0 where it was not shown.
    pub share: f64,
    /// Whether it was shown to be more than noise.
    pub shown: bool,
}

/// Where the time of the slow way goes. What was shown adds up to the whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// The rounds that it rests on.
    pub rounds: usize,
    /// The median of the slow way, in milliseconds.
    pub whole: Estimate,
    /// Opening the connection: cold less warm of one protocol.
    pub set_up: Part,
    /// The protocol: warm of the one less warm of the other.
    pub protocol: Part,
    /// Waiting for the answer: what is left, whatever the way.
    pub rest: Part,
    /// What is known of the rest.
    pub within_rest: Rest,
    /// The set-up as it was measured, phase by phase; none where the phases are not known.
    pub check: Option<Check>,
}

/// Medians within the waiting, in milliseconds, of the arm that it was taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rest {
    /// From the first byte of the request to the answer's head.
    pub first_byte_ms: Option<f64>,
    /// From the answer's head to its end.
    pub body_ms: Option<f64>,
    /// What the server says it took.
    pub server_ms: Option<f64>,
}

/// What was inferred from cold and warm, held against what was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Check {
    /// The median of name, connection, proxy and handshake together, in milliseconds.
    pub measured_ms: f64,
    /// What cold calls take longer than that explains.
    pub unexplained: Estimate,
    /// Whether both say the same.
    pub agrees: bool,
}

impl Part {
    fn of(ms: Estimate, whole: f64, shown: bool) -> Self {
        let share = if shown && whole > 0.0 { (ms.value / whole).clamp(0.0, 1.0) } else { 0.0 };
        Self { ms, share, shown }
    }

    /// As much as it may be, in milliseconds, where it was not shown.
    pub fn below_ms(&self) -> f64 {
        self.ms.strict.high.max(0.0)
    }
}

impl Split {
    /// Splits the time of the slow way; none under ten rounds in which all three arms were answered.
    pub fn of(
        samples: &[Sample],
        ways: Ways<'_>,
        floor: Option<&NoiseFloor>,
        seed: u64,
    ) -> Option<Self> {
        let rounds = table(samples, ways);
        let medians = Medians::of_rounds(&rounds, seed).filter(|_| rounds.len() >= FEWEST)?;
        let shown = Shown::of(samples, ways, floor, seed)?;
        let whole = medians.estimate(|[cold, ..]| cold);
        let rest = medians.estimate(|[_, warm, other]| shown.rest(warm, other));
        let part = |ms, shown| Part::of(ms, whole.value, shown);
        let set_up = medians.estimate(|[cold, warm, _]| cold - warm);
        let protocol = medians.estimate(|[_, warm, other]| warm - other);
        Some(Self {
            rounds: rounds.len(),
            whole,
            set_up: part(set_up, shown.set_up.is_difference()),
            protocol: part(protocol, shown.protocol.is_difference()),
            rest: part(rest, true),
            within_rest: Rest::of(samples, shown.rest(ways.warm, ways.other)),
            check: Check::of(samples, ways, seed),
        })
    }
}

/// What makes a slow way slower than a fast one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// Its connections, which are opened anew.
    ConnectionSetUp,
    /// Its protocol.
    Protocol,
    /// Both of them.
    Both,
    /// Neither: no difference was shown, or none of the two explains it.
    Neither,
}

/// Who is to blame for a difference, with the evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// The judgement: what was shown, and explains a tenth of the difference at least.
    pub blame: Blame,
    /// The slow way against the fast one.
    pub difference: Comparison,
    /// Cold against warm of the slow protocol.
    pub by_set_up: Comparison,
    /// Warm of the slow protocol against warm of the fast one.
    pub by_protocol: Comparison,
    /// The share of opening the connection in the difference.
    pub set_up: Part,
    /// The share of the protocol in it.
    pub protocol: Part,
}

impl Cause {
    /// Why the first of the ways is slower than the last; none where there is not enough to say it.
    pub fn of(
        samples: &[Sample],
        ways: Ways<'_>,
        floor: Option<&NoiseFloor>,
        seed: u64,
    ) -> Option<Self> {
        let rounds = table(samples, ways);
        let medians = Medians::of_rounds(&rounds, seed).filter(|_| rounds.len() >= FEWEST)?;
        let compare = |pair| Comparison::of(samples, pair, floor, seed);
        let difference = compare([ways.cold, ways.other]);
        let by_set_up = compare([ways.cold, ways.warm]);
        let by_protocol = compare([ways.warm, ways.other]);
        let all = [&difference, &by_set_up, &by_protocol];
        all.iter().all(|one| !matches!(one.verdict, Verdict::NotEnoughData(_))).then_some(())?;
        let [cold, _, other] = medians.whole();
        let slower = |one: &Comparison| one.verdict == Verdict::Slower;
        let part = |ms, shown| Part::of(ms, cold - other, shown);
        let set_up = part(medians.estimate(|[cold, warm, _]| cold - warm), slower(&by_set_up));
        let protocol =
            part(medians.estimate(|[_, warm, other]| warm - other), slower(&by_protocol));
        let blame = blame(slower(&difference), &set_up, &protocol);
        Some(Self { blame, difference, by_set_up, by_protocol, set_up, protocol })
    }
}

fn blame(slower: bool, set_up: &Part, protocol: &Part) -> Blame {
    let guilty = |part: &Part| slower && part.share >= WORTH_BLAMING;
    match (guilty(set_up), guilty(protocol)) {
        (true, true) => Blame::Both,
        (true, false) => Blame::ConnectionSetUp,
        (false, true) => Blame::Protocol,
        (false, false) => Blame::Neither,
    }
}

/// What was shown of the two parts.
#[derive(Clone, Copy)]
struct Shown {
    set_up: Verdict,
    protocol: Verdict,
}

impl Shown {
    fn of(
        samples: &[Sample],
        ways: Ways<'_>,
        floor: Option<&NoiseFloor>,
        seed: u64,
    ) -> Option<Self> {
        let verdict = |pair| Comparison::of(samples, pair, floor, seed).verdict;
        let set_up = verdict([ways.cold, ways.warm]);
        let protocol = verdict([ways.warm, ways.other]);
        let enough = |verdict: &Verdict| !matches!(verdict, Verdict::NotEnoughData(_));
        [set_up, protocol].iter().all(enough).then_some(Self { set_up, protocol })
    }

    /// The protocol's part is taken off only where it was shown; and a protocol that is quicker than the
    /// other one has nothing to be taken off.
    fn rest<T>(&self, warm: T, other: T) -> T {
        if self.protocol == Verdict::Slower { other } else { warm }
    }
}

impl Rest {
    fn of(samples: &[Sample], arm: &str) -> Self {
        let phases: Vec<Phases> = samples
            .iter()
            .filter(|sample| &*sample.arm == arm && sample.is_answered())
            .map(|sample| sample.phases.all())
            .collect();
        let middle = |figure: fn(&Phases) -> Option<f64>| {
            let values: Vec<f64> = phases.iter().filter_map(figure).collect();
            quantile(&values, 0.5)
        };
        Self {
            first_byte_ms: middle(|phases| phases.first_byte_ms),
            body_ms: middle(|phases| Some(phases.total_ms? - phases.first_byte_ms?)),
            server_ms: middle(|phases| phases.server_ms),
        }
    }
}

impl Check {
    fn of(samples: &[Sample], ways: Ways<'_>, seed: u64) -> Option<Self> {
        let cold = by_round(samples, ways.cold);
        let warm = by_round(samples, ways.warm);
        let opening = figures_by_round(samples, ways.cold, |sample| opening(&sample.phases.all()));
        let row =
            |(round, opening): (&u32, &f64)| Some([*cold.get(round)?, *warm.get(round)?, *opening]);
        let rounds: Vec<[f64; 3]> = opening.iter().filter_map(row).collect();
        let medians = Medians::of_rounds(&rounds, seed).filter(|_| rounds.len() >= FEWEST)?;
        let [_, _, measured_ms] = medians.whole();
        let unexplained = medians.estimate(|[cold, warm, opening]| cold - warm - opening);
        let agrees =
            unexplained.strict.holds(0.0) || unexplained.value.abs() <= AGREE_WITHIN * measured_ms;
        Some(Self { measured_ms, unexplained, agrees })
    }
}

/// All that opened the connection of one call.
pub(super) fn opening(phases: &Phases) -> Option<f64> {
    let parts = [phases.dns_ms, phases.tcp_ms, phases.proxy_ms, phases.tls_ms];
    parts.iter().any(Option::is_some).then(|| parts.into_iter().flatten().sum())
}

/// The rounds in which all three were answered.
fn table(samples: &[Sample], ways: Ways<'_>) -> Vec<[f64; 3]> {
    let [cold, warm, other] = [ways.cold, ways.warm, ways.other].map(|arm| by_round(samples, arm));
    let row = |(round, cold): (&u32, &f64)| Some([*cold, *warm.get(round)?, *other.get(round)?]);
    cold.iter().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::samples::{failed, noisy, rounds};

    const ROUNDS: u32 = 60;
    const WAYS: Ways<'static> = Ways { cold: "h1-cold", warm: "h1-warm", other: "h2-warm" };
    const ARMS: [&str; 4] = ["h1-cold", "h1-warm", "h2-warm", "h2-warm-again"];

    /// Calls with these latencies and a tenth of noise.
    fn run(middles: [f64; 3], random: &mut fastrand::Rng) -> Vec<Sample> {
        let [cold, warm, other] = middles;
        rounds(ARMS, ROUNDS, |_| {
            [cold, warm, other, other].map(|middle| noisy(middle, 0.1, random))
        })
    }

    fn floor(samples: &[Sample]) -> NoiseFloor {
        NoiseFloor::of(samples, "h2-warm", "h2-warm-again", 1).expect("twins")
    }

    /// How often each is blamed in 25 runs: set-up, protocol, both, neither.
    fn blamed(middles: [f64; 3]) -> [usize; 4] {
        let mut random = fastrand::Rng::with_seed(1);
        let mut counts = [0; 4];
        for seed in 0..25 {
            let samples = run(middles, &mut random);
            let cause = Cause::of(&samples, WAYS, Some(&floor(&samples)), seed).expect("enough");
            let place = match cause.blame {
                Blame::ConnectionSetUp => 0,
                Blame::Protocol => 1,
                Blame::Both => 2,
                Blame::Neither => 3,
            };
            counts[place] += 1;
        }
        counts
    }

    #[test]
    fn where_only_cold_connections_are_slow_set_up_is_blamed() {
        let [set_up, protocol, ..] = blamed([220.0, 100.0, 100.0]);
        assert!(set_up >= 24 && protocol == 0, "{set_up} {protocol}");
    }

    #[test]
    fn delays_of_a_protocol_are_blamed_on_it() {
        for middles in [[282.0, 280.0, 110.0], [282.0, 280.0, 70.0], [111.0, 110.0, 70.0]] {
            let [set_up, protocol, ..] = blamed(middles);
            assert!(protocol >= 24 && set_up == 0, "{middles:?}: {set_up} {protocol}");
        }
    }

    #[test]
    fn both_and_neither_are_told_apart() {
        let both = blamed([460.0, 280.0, 110.0])[2];
        assert!(both >= 24, "{both}");
        let neither = blamed([100.0, 100.0, 100.0])[3];
        assert!(neither >= 24, "{neither}");
    }

    #[test]
    fn a_protocol_that_is_quicker_than_the_other_is_not_to_blame() {
        let [set_up, ..] = blamed([400.0, 100.0, 150.0]);
        assert_eq!(set_up, 25);
    }

    #[test]
    fn a_verdict_comes_with_what_it_rests_on() {
        let samples = run([300.0, 200.0, 100.0], &mut fastrand::Rng::with_seed(2));
        let cause = Cause::of(&samples, WAYS, None, 1).expect("enough");
        assert_eq!(cause.blame, Blame::Both);
        assert_eq!(cause.difference.verdict, Verdict::Slower);
        assert!((cause.set_up.share + cause.protocol.share - 1.0).abs() < 1e-9);
        assert!(cause.set_up.ms.strict.holds(100.0) && cause.protocol.ms.strict.holds(100.0));
    }

    fn near(value: f64, expected: f64) -> bool {
        (value / expected - 1.0).abs() <= 0.05
    }

    /// Calls of 900 ms: 120 of set-up, 40 of the protocol, 740 of waiting, 700 of these at the server.
    fn nine_hundred(random: &mut fastrand::Rng) -> Vec<Sample> {
        let mut samples = rounds(ARMS, ROUNDS, |_| [0.0; 4]);
        for sample in &mut samples {
            let cold = sample.arm.ends_with("cold");
            let protocol =
                if sample.arm.starts_with("h1") { noisy(40.0, 0.02, random) } else { 0.0 };
            let mut part = |middle| noisy(middle, 0.004, random);
            let (server, way, body) = (part(700.0), part(30.0), part(10.0));
            let opening = [part(10.0), part(30.0), part(80.0)].map(|ms| cold.then_some(ms));
            let first_byte = protocol + server + way;
            sample.phases = Phases {
                dns_ms: opening[0],
                tcp_ms: opening[1],
                tls_ms: opening[2],
                first_byte_ms: Some(first_byte),
                total_ms: Some(first_byte + body),
                server_ms: Some(server),
                ..Phases::default()
            }
            .into();
            sample.latency_ms = opening.iter().flatten().sum::<f64>() + first_byte + body;
        }
        samples
    }

    #[test]
    fn a_known_split_is_recovered() {
        let mut random = fastrand::Rng::with_seed(3);
        for seed in 0..8 {
            let samples = nine_hundred(&mut random);
            let split = Split::of(&samples, WAYS, Some(&floor(&samples)), seed).expect("enough");
            assert!(near(split.whole.value, 900.0) && near(split.set_up.ms.value, 120.0));
            assert!(split.protocol.shown && near(split.protocol.ms.value, 40.0), "{split:?}");
            assert!(near(split.rest.ms.value, 740.0) && near(split.rest.share, 740.0 / 900.0));
            let rest = split.within_rest;
            assert!(near(rest.server_ms.expect("server"), 700.0));
            assert!(near(rest.first_byte_ms.expect("first byte"), 730.0));
            assert!(near(rest.body_ms.expect("body"), 10.0));
            let check = split.check.expect("phases");
            assert!(near(check.measured_ms, 120.0) && check.agrees, "{check:?}");
            let sum = split.set_up.ms.value + split.protocol.ms.value + split.rest.ms.value;
            assert!((sum - split.whole.value).abs() < 1e-6);
        }
    }

    #[test]
    fn set_up_that_the_phases_do_not_explain_is_said() {
        let mut samples = nine_hundred(&mut fastrand::Rng::with_seed(4));
        for sample in samples.iter_mut().filter(|sample| sample.arm.ends_with("cold")) {
            sample.latency_ms += 200.0;
        }
        let split = Split::of(&samples, WAYS, None, 1).expect("enough");
        let check = split.check.expect("phases");
        assert!(!check.agrees && near(check.unexplained.value, 200.0), "{check:?}");
        assert!(near(split.set_up.ms.value, 320.0));
    }

    #[test]
    fn a_protocol_that_was_not_shown_takes_no_part() {
        let samples = run([220.0, 100.0, 100.0], &mut fastrand::Rng::with_seed(5));
        let split = Split::of(&samples, WAYS, Some(&floor(&samples)), 1).expect("enough");
        assert!(!split.protocol.shown && split.protocol.share == 0.0);
        let below = split.protocol.below_ms();
        assert!(below > 0.0 && below < 15.0, "{below}");
        assert!((split.set_up.share + split.rest.share - 1.0).abs() < 1e-9);
        assert_eq!((split.check, split.within_rest.server_ms), (None, None));
    }

    #[test]
    fn few_rounds_have_no_split() {
        let samples = run([220.0, 100.0, 100.0], &mut fastrand::Rng::with_seed(6));
        let few: Vec<Sample> = samples.iter().filter(|one| one.round <= 9).cloned().collect();
        assert_eq!(Split::of(&few, WAYS, None, 1), None);
        assert_eq!(Cause::of(&few, WAYS, None, 1), None);
        let mut broken = samples;
        broken.extend((0..30).map(|_| failed("h1-warm", 1, 1.0)));
        assert_eq!(Cause::of(&broken, WAYS, None, 1), None);
        assert_eq!(Split::of(&broken, WAYS, None, 1), None);
    }
}

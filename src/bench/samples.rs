//! Generated calls for the tests of this room: no socket, any noise, any number of them.

use crate::facts::{Ended, Fault, Phases, Sample, Stage};

/// A normal variable from two uniform ones.
pub fn normal(random: &mut fastrand::Rng) -> f64 {
    (-2.0 * (1.0 - random.f64()).ln()).sqrt() * (std::f64::consts::TAU * random.f64()).cos()
}

/// A value with log-normal noise.
pub fn noisy(middle: f64, sigma: f64, random: &mut fastrand::Rng) -> f64 {
    middle * (sigma * normal(random)).exp()
}

/// An answered call of an arm in a round.
pub fn answered(arm: &str, round: u32, latency_ms: f64) -> Sample {
    Sample {
        arm: arm.into(),
        round,
        at_ms: f64::from(round) * 1_000.0,
        due_ms: None,
        ended: Ended::Answered,
        phases: Phases { total_ms: Some(latency_ms), ..Phases::default() }.into(),
        latency_ms,
        connection: 1,
        nth: 1,
        handshake: None,
        bytes_sent: 100,
        bytes_received: 200,
        input_tokens: None,
        output_tokens: None,
    }
}

/// A call that got no answer.
pub fn failed(arm: &str, round: u32, latency_ms: f64) -> Sample {
    let ended = Ended::Failed { stage: Stage::Head, fault: Fault::TimedOut };
    Sample { ended, ..answered(arm, round, latency_ms) }
}

/// A call that was refused with a status.
pub fn refused(arm: &str, round: u32, latency_ms: f64, status: u16) -> Sample {
    Sample { ended: Ended::Refused(status), ..answered(arm, round, latency_ms) }
}

/// One answered call of each arm in each round, round after round.
pub fn rounds<const K: usize>(
    arms: [&str; K],
    count: u32,
    mut latencies: impl FnMut(u32) -> [f64; K],
) -> Vec<Sample> {
    let round = |round| {
        let of_arm = move |(arm, latency)| answered(arm, round, latency);
        arms.into_iter().zip(latencies(round)).map(of_arm)
    };
    (1..=count).flat_map(round).collect()
}

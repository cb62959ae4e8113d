//! The mark of a server that writes an answer in pieces without TCP_NODELAY: the body waits for the
//! acknowledgement of the head, which the client's system delays by 40 ms. It asks nothing.

use crate::facts::Sample;

/// How long Linux delays an acknowledgement at least, and what a busy machine adds.
const WINDOW_MS: std::ops::RangeInclusive<f64> = 38.0..=50.0;
/// A body that comes with its head.
const AT_ONCE_MS: f64 = 10.0;
/// A way there that takes longer makes pauses of its own that may look alike.
const SHORT_TRIP_MS: f64 = 15.0;
/// A body beyond what is sent without an acknowledgement waits for one in any case.
const ONE_FLIGHT: u32 = 10_000;
/// Fewer of either kind are chance.
const FEWEST: usize = 4;
/// So many of all pauses must lie in the window: it is a timer, and no work.
const SHARE: f64 = 0.75;

/// Bodies that wait for the acknowledgement of their head.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DelayedAck {
    /// Calls whose body waited.
    pub waited: usize,
    /// Calls whose body came with its head.
    pub at_once: usize,
    /// The median of the pauses, in milliseconds.
    pub pause_ms: f64,
    /// The median of TCP's round trip, in milliseconds.
    pub trip_ms: f64,
}

impl DelayedAck {
    /// The finding, if there is one. The calls must lead to one side over one protocol: elsewhere
    /// others may write heads and bodies, who never pause.
    ///
    /// The rule: a round trip of TCP takes 15 ms at most; some small bodies come with their head, as the
    /// first ones of a connection do and whatever is acknowledged at once; others, at least four, come 38
    /// to 50 ms later, and hardly any in between or later still. What takes 40 ms each time is the
    /// server's own work or the way, and is not called this.
    pub fn of<'s>(samples: impl IntoIterator<Item = &'s Sample>) -> Option<Self> {
        let samples: Vec<&Sample> = samples.into_iter().collect();
        let trips = sorted(samples.iter().filter_map(|call| call.phases.all().tcp_ms));
        let trip_ms = middle(&trips)?;
        let proxied = samples.iter().any(|call| call.phases.all().proxy_ms.is_some());
        let pauses = sorted(samples.iter().copied().filter_map(pause_ms));
        let at_once = pauses.iter().filter(|pause| **pause < AT_ONCE_MS).count();
        let late = &pauses[at_once..];
        let timed: Vec<f64> =
            late.iter().copied().filter(|pause| WINDOW_MS.contains(pause)).collect();
        let found = trip_ms <= SHORT_TRIP_MS
            && !proxied
            && at_once >= FEWEST
            && timed.len() >= FEWEST
            && timed.len() as f64 >= SHARE * late.len() as f64;
        let pause_ms = middle(&timed)?;
        found.then_some(Self { waited: timed.len(), at_once, pause_ms, trip_ms })
    }
}

/// From the head to the end of a small body that came in one piece.
fn pause_ms(call: &Sample) -> Option<f64> {
    let phases = call.phases.all();
    let is_stream = phases.first_token_ms.is_some() || phases.longest_gap_ms.is_some();
    if !call.is_answered() || is_stream || call.bytes_received > ONE_FLIGHT {
        return None;
    }
    Some(phases.total_ms? - phases.first_byte_ms?)
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

fn middle(sorted: &[f64]) -> Option<f64> {
    sorted.get(sorted.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bench::samples::{answered, noisy},
        facts::Phases,
    };

    /// An answer whose head came after `head` and whose body `body` later.
    fn call(trip: f64, head: f64, body: f64) -> Sample {
        let phases = Phases {
            tcp_ms: Some(trip),
            first_byte_ms: Some(head),
            total_ms: Some(head + body),
            ..Phases::default()
        };
        Sample { phases: phases.into(), ..answered("a", 1, head + body) }
    }

    /// Sixty calls of one kind.
    fn calls(mut one: impl FnMut(u32) -> Sample) -> Vec<Sample> {
        (0..60).map(&mut one).collect()
    }

    #[test]
    fn bodies_that_wait_for_the_timer_are_found() {
        let samples = calls(|at| call(0.2, 3.0, if at.is_multiple_of(3) { 42.0 } else { 0.1 }));
        let found = DelayedAck::of(&samples).expect("found");
        assert_eq!((found.waited, found.at_once, found.pause_ms), (20, 40, 42.0));
    }

    #[test]
    fn what_takes_forty_milliseconds_for_another_reason_is_not_called_that() {
        let none = |samples: &[Sample], what| assert_eq!(DelayedAck::of(samples), None, "{what}");
        none(&calls(|_| call(40.0, 40.5, 0.2)), "a round trip of 40 ms");
        none(
            &calls(|at| call(40.0, 40.5, if at.is_multiple_of(2) { 40.0 } else { 0.1 })),
            "a far server",
        );
        none(&calls(|_| call(0.2, 41.0, 0.2)), "a server that thinks for 40 ms");
        none(&calls(|_| call(0.2, 1.0, 41.0)), "a server that always writes 40 ms after the head");
        none(&calls(|at| call(0.2, 1.0, f64::from(at) * 2.0)), "pauses of every length");
        let big = |at: u32| Sample {
            bytes_received: 50_000,
            ..call(0.2, 1.0, if at.is_multiple_of(2) { 42.0 } else { 0.1 })
        };
        none(&calls(big), "bodies that do not fit into one flight");
        none(&[], "nothing");
    }

    /// In how many of 2,000 seeded runs it is claimed.
    fn claims(mut one: impl FnMut(&mut fastrand::Rng, u32) -> Sample) -> usize {
        let mut random = fastrand::Rng::with_seed(7);
        (0..2_000).filter(|_| DelayedAck::of(&calls(|at| one(&mut random, at))).is_some()).count()
    }

    #[test]
    fn it_is_not_claimed_of_round_trips_work_and_spikes() {
        let far = claims(|random, _| {
            let trip = noisy(40.0, 0.05, random);
            call(trip, noisy(45.0, 0.1, random), noisy(0.5, 0.5, random))
        });
        let busy =
            claims(|random, _| call(0.3, noisy(41.0, 0.03, random), noisy(0.2, 0.5, random)));
        let slow_bodies = claims(|random, at| {
            let body = if at.is_multiple_of(4) {
                noisy(42.0, 0.3, random)
            } else {
                noisy(0.3, 0.5, random)
            };
            call(0.3, 2.0, body)
        });
        let spikes = claims(|random, at| {
            let body =
                if at.is_multiple_of(9) { 120.0 * random.f64() } else { noisy(0.3, 0.5, random) };
            call(0.3, 2.0, body)
        });
        assert_eq!((far, busy), (0, 0));
        assert!(slow_bodies <= 20 && spikes <= 20, "{slow_bodies} {spikes}");
    }

    #[test]
    fn it_is_seldom_missed() {
        let found = claims(|random, at| {
            let waits = random.f64() < if at.is_multiple_of(2) { 0.4 } else { 0.05 };
            let body = if waits { noisy(42.5, 0.05, random) } else { noisy(0.2, 0.8, random) };
            call(0.2, 2.0, body)
        });
        assert!(found >= 1_900, "{found}");
    }
}

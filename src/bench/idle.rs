//! After how long the other side closes a connection that nobody uses, whether a request met the close
//! on its way, and how long a pool may keep connections so that none does.

/// A pool gives connections up so much before the other side may: timers run late, and so do requests.
const MARGIN: f64 = 0.2;
/// And by this much at least.
const LEAST_MARGIN_S: f64 = 0.5;

/// What came of a connection that was left alone and then used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reuse {
    /// It carried the next request.
    Carried,
    /// The other side had closed it before, and said so.
    ClosedBefore,
    /// The request was under way when the close came: the race behind "socket closed".
    Raced,
    /// Nothing came any more, neither an answer nor a close: something on the way forgot it.
    Silent,
}

/// One trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// For how long it was left alone, in seconds.
    pub idle_s: f64,
    /// What came of it.
    pub reuse: Reuse,
}

/// What trials show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Idle {
    /// When it is closed.
    pub close: Close,
    /// Requests that met the close on their way.
    pub raced: usize,
    /// Connections that were forgotten without a word.
    pub silent: usize,
    /// A pool that gives up idle connections after so many seconds is never too late. None where
    /// nothing was closed, or even the shortest time was too long.
    pub pool_s: Option<f64>,
}

/// When a connection that nobody uses is closed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Close {
    /// After more than the one and not more than the other, in seconds.
    Between(f64, f64),
    /// Not within this time, the longest that was tried.
    NotWithin(f64),
    /// Within this time, the shortest that was tried.
    Within(f64),
    /// Not by the clock alone: it was closed after the first of these and open after the second, longer
    /// one. Several servers, or a number of requests, may be behind it.
    NotByTime(f64, f64),
    /// Nothing was tried.
    Unknown,
}

impl Idle {
    /// From trials in any order.
    pub fn of(trials: &[Trial]) -> Self {
        let count = |reuse| trials.iter().filter(|trial| trial.reuse == reuse).count();
        let (raced, silent) = (count(Reuse::Raced), count(Reuse::Silent));
        Self { close: close(trials), raced, silent, pool_s: pool(trials) }
    }

    /// Whether the race was seen.
    pub fn is_race_reproduced(&self) -> bool {
        self.raced > 0
    }
}

fn close(trials: &[Trial]) -> Close {
    match (latest_open(trials, f64::INFINITY), earliest_close(trials)) {
        (Some(open), Some(closed)) if open < closed => Close::Between(open, closed),
        (Some(open), Some(closed)) => Close::NotByTime(closed, open),
        (Some(open), None) => Close::NotWithin(open),
        (None, Some(closed)) => Close::Within(closed),
        (None, None) => Close::Unknown,
    }
}

/// Below the longest time that was still open before anything was closed.
fn pool(trials: &[Trial]) -> Option<f64> {
    let open = latest_open(trials, earliest_close(trials)?)?;
    let safe = open - (MARGIN * open).max(LEAST_MARGIN_S);
    // People set whole seconds, where there are enough of them.
    let safe = if safe >= 2.0 { safe.floor() } else { safe };
    (safe > 0.0).then_some(safe)
}

fn latest_open(trials: &[Trial], below: f64) -> Option<f64> {
    let open = trials.iter().filter(|one| one.reuse == Reuse::Carried && one.idle_s < below);
    open.map(|trial| trial.idle_s).reduce(f64::max)
}

fn earliest_close(trials: &[Trial]) -> Option<f64> {
    let closed = trials.iter().filter(|trial| trial.reuse != Reuse::Carried);
    closed.map(|trial| trial.idle_s).reduce(f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that closes after so long, seen over a way of so many seconds.
    fn trial(idle_s: f64, closes_s: f64, way_s: f64) -> Trial {
        let reuse = match idle_s {
            idle if idle + way_s < closes_s => Reuse::Carried,
            idle if idle < closes_s + way_s => Reuse::Raced,
            _ => Reuse::ClosedBefore,
        };
        Trial { idle_s, reuse }
    }

    fn sweep(closes_s: f64) -> Vec<Trial> {
        [1.0, 2.0, 4.0, 6.0, 10.0].map(|idle_s| trial(idle_s, closes_s, 0.02)).to_vec()
    }

    #[test]
    fn the_close_is_placed_between_two_times() {
        let idle = Idle::of(&sweep(5.0));
        assert_eq!((idle.close, idle.pool_s), (Close::Between(4.0, 6.0), Some(3.0)));
        assert!(!idle.is_race_reproduced());
        assert_eq!(Idle::of(&sweep(60.0)).close, Close::NotWithin(10.0));
        assert_eq!(Idle::of(&sweep(60.0)).pool_s, None);
        assert_eq!(Idle::of(&sweep(0.5)).close, Close::Within(1.0));
        assert_eq!(Idle::of(&sweep(0.5)).pool_s, None);
        assert_eq!(Idle::of(&[]).close, Close::Unknown);
    }

    #[test]
    fn a_request_that_meets_the_close_is_the_race_and_a_close() {
        let mut trials = sweep(5.0);
        trials.push(trial(4.99, 5.0, 0.02));
        let idle = Idle::of(&trials);
        assert_eq!((idle.close, idle.raced), (Close::Between(4.0, 4.99), 1));
        assert!(idle.is_race_reproduced());
    }

    #[test]
    fn halving_finds_the_close_and_meets_it() {
        let mut random = fastrand::Rng::with_seed(1);
        let raced = (0..200)
            .filter(|_| {
                let closes_s = 1.2 + 8.0 * random.f64();
                let mut trials = sweep(closes_s);
                while let Close::Between(open, closed) = Idle::of(&trials).close
                    && closed - open > 0.01
                {
                    trials.push(trial(f64::midpoint(open, closed), closes_s, 0.02));
                }
                let idle = Idle::of(&trials);
                let Close::Between(open, closed) = idle.close else { panic!("{idle:?}") };
                assert!(open < closes_s && closes_s <= closed + 0.03, "{closes_s} {idle:?}");
                assert!(idle.pool_s.is_none_or(|pool| pool < open) && trials.len() < 20);
                idle.is_race_reproduced()
            })
            .count();
        assert!(raced >= 180, "{raced}");
    }

    #[test]
    fn a_close_that_keeps_to_no_time_is_said_to() {
        let mut trials = sweep(5.0);
        trials.push(Trial { idle_s: 1.5, reuse: Reuse::ClosedBefore });
        let idle = Idle::of(&trials);
        assert_eq!((idle.close, idle.pool_s), (Close::NotByTime(1.5, 4.0), Some(0.5)));
    }

    #[test]
    fn what_is_forgotten_without_a_word_counts_as_closed() {
        let mut trials = sweep(60.0);
        trials.push(Trial { idle_s: 20.0, reuse: Reuse::Silent });
        let idle = Idle::of(&trials);
        assert_eq!(
            (idle.close, idle.silent, idle.pool_s),
            (Close::Between(10.0, 20.0), 1, Some(8.0))
        );
    }

    #[test]
    fn a_pool_gives_up_early_enough() {
        for (open, closed, expected) in
            [(0.4, 0.6, None), (1.0, 2.0, Some(0.5)), (60.0, 70.0, Some(48.0))]
        {
            let trials = [(open, Reuse::Carried), (closed, Reuse::ClosedBefore)]
                .map(|(idle_s, reuse)| Trial { idle_s, reuse });
            assert_eq!(Idle::of(&trials).pool_s, expected, "{open}");
        }
    }
}

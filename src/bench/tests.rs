//! Limits found on simulated limiters, over a network that delays, jitters and loses packets: nginx's
//! own arithmetic, a bucket of tokens, and a window. No sockets, no clock, many seeds.

use super::{
    bucket::{self, Limit},
    schedule::{Probe, Schedule, Step},
};

const MOST_CALLS: usize = 400;
const LONGEST_MS: f64 = 60_000.0;

/// Lets a call through after so many milliseconds, or refuses it.
trait Limiter {
    fn take(&mut self, at_ms: f64) -> Option<f64>;
}

/// nginx's `limit_req`: thousandths of calls above the rate, by whole milliseconds.
struct Nginx {
    /// Thousandths of calls per second.
    rate: i64,
    burst: i64,
    /// What may come without waiting.
    at_once: i64,
    state: Option<(i64, i64)>,
}

impl Nginx {
    fn new(rate: i64, burst: i64, at_once: i64) -> Self {
        let [rate, burst, at_once] = [rate, burst, at_once].map(|calls| calls * 1_000);
        Self { rate, burst, at_once, state: None }
    }
}

impl Limiter for Nginx {
    fn take(&mut self, at_ms: f64) -> Option<f64> {
        let now = at_ms as i64;
        let excess = match self.state {
            None => 0,
            Some((excess, last)) => (excess - self.rate * (now - last) / 1_000 + 1_000).max(0),
        };
        if excess > self.burst {
            return None;
        }
        self.state = Some((excess, now));
        let waits = (excess - self.at_once).max(0);
        Some((waits * 1_000 / self.rate) as f64)
    }
}

/// A bucket of tokens, as many libraries have it.
struct Tokens {
    per_second: f64,
    most: f64,
    have: f64,
    last_ms: f64,
}

impl Tokens {
    fn new(per_second: f64, most: f64) -> Self {
        Self { per_second, most, have: most, last_ms: 0.0 }
    }
}

impl Limiter for Tokens {
    fn take(&mut self, at_ms: f64) -> Option<f64> {
        let come = (at_ms - self.last_ms) * self.per_second / 1_000.0;
        self.have = (self.have + come).min(self.most);
        self.last_ms = at_ms;
        (self.have >= 1.0).then(|| {
            self.have -= 1.0;
            0.0
        })
    }
}

/// So many calls in each stretch of the clock.
struct Window {
    calls: usize,
    length_ms: f64,
    /// Where in a stretch the run begins.
    phase_ms: f64,
    seen: (u64, usize),
}

impl Limiter for Window {
    fn take(&mut self, at_ms: f64) -> Option<f64> {
        let number = ((at_ms + self.phase_ms) / self.length_ms) as u64;
        if self.seen.0 != number {
            self.seen = (number, 0);
        }
        self.seen.1 += 1;
        (self.seen.1 <= self.calls).then_some(0.0)
    }
}

/// A network: the way there, its jitter on average, and how often a packet is lost and sent again.
#[derive(Clone, Copy)]
struct Way {
    ms: f64,
    jitter_ms: f64,
    lost: f64,
}

const LOCAL: Way = Way { ms: 0.1, jitter_ms: 0.05, lost: 0.0 };
const NEAR: Way = Way { ms: 5.0, jitter_ms: 1.0, lost: 0.0 };
const FAR: Way = Way { ms: 60.0, jitter_ms: 4.0, lost: 0.005 };

impl Way {
    fn delay(&self, random: &mut fastrand::Rng) -> f64 {
        let again = if random.f64() < self.lost { 200.0 } else { 0.0 };
        self.ms - self.jitter_ms * (1.0 - random.f64()).ln() + again
    }
}

/// What is under way.
struct World<'a> {
    limiter: &'a mut dyn Limiter,
    way: Way,
    random: fastrand::Rng,
    /// Calls that have not arrived: when they will, and their number.
    arriving: Vec<(f64, usize)>,
    /// Answers that have not arrived: when they will, the number of the call, and what they say.
    answers: Vec<(f64, usize, bool)>,
}

impl World<'_> {
    /// Follows a schedule to its end.
    fn run(&mut self, schedule: &mut Schedule) {
        let mut now = 0.0;
        loop {
            match schedule.next(now) {
                Step::Done => return,
                Step::SendAt(at) => {
                    self.pass(at, schedule);
                    now = at;
                    let number = schedule.sent(now);
                    self.arriving.push((now + self.way.delay(&mut self.random), number));
                }
                Step::ListenUntil(until) => now = self.listen(until, schedule),
            }
        }
    }

    /// Hands over all answers up to a time.
    fn pass(&mut self, until: f64, schedule: &mut Schedule) {
        while let Some(at) = self.next_answer(until) {
            self.hand_over(at, schedule);
        }
    }

    /// Waits for one answer.
    fn listen(&mut self, until: f64, schedule: &mut Schedule) -> f64 {
        let Some(at) = self.next_answer(until) else { return until };
        self.hand_over(at, schedule);
        at
    }

    fn hand_over(&mut self, at: f64, schedule: &mut Schedule) {
        let place = self.answers.iter().position(|answer| answer.0 == at).expect("it is there");
        let (_, number, passed) = self.answers.swap_remove(place);
        schedule.heard(number, at, Some(passed));
    }

    /// When the next answer comes, if by then. All that arrives before it is decided first.
    fn next_answer(&mut self, until: f64) -> Option<f64> {
        loop {
            let answer = self.answers.iter().map(|answer| answer.0).reduce(f64::min);
            let arrival = self.arriving.iter().map(|call| call.0).reduce(f64::min);
            match arrival.filter(|at| *at <= answer.unwrap_or(until).min(until)) {
                Some(at) => self.arrive(at),
                None => return answer.filter(|at| *at <= until),
            }
        }
    }

    fn arrive(&mut self, at: f64) {
        let place = self.arriving.iter().position(|call| call.0 == at).expect("it is there");
        let (_, number) = self.arriving.swap_remove(place);
        let taken = self.limiter.take(at);
        let back = at + taken.unwrap_or(0.0) + self.way.delay(&mut self.random);
        self.answers.push((back, number, taken.is_some()));
    }
}

/// The limit that is found, and the calls that were made.
fn found(limiter: &mut dyn Limiter, way: Way, seed: u64) -> (Limit, Vec<Probe>) {
    let mut schedule = Schedule::new(0.0, MOST_CALLS, LONGEST_MS);
    let random = fastrand::Rng::with_seed(seed);
    let mut world = World { limiter, way, random, arriving: Vec::new(), answers: Vec::new() };
    world.run(&mut schedule);
    (bucket::fit(schedule.calls()), schedule.calls().to_vec())
}

/// What is found over several seeds, and the most calls that one of the runs made.
fn over_seeds(way: Way, mut limiter: impl FnMut(u64) -> Box<dyn Limiter>) -> (Vec<Limit>, usize) {
    let runs: Vec<(Limit, Vec<Probe>)> =
        (0..SEEDS).map(|seed| found(&mut *limiter(seed), way, seed)).collect();
    let most = runs.iter().map(|(_, calls)| calls.len()).max().unwrap_or(0);
    (runs.into_iter().map(|(limit, _)| limit).collect(), most)
}

const SEEDS: u64 = 20;
/// Of twenty intervals nineteen hold at least, and of the other findings as many.
const NEARLY_ALL: usize = 19;

fn count(limits: &[Limit], fits: impl Fn(&Limit) -> bool) -> usize {
    limits.iter().filter(|limit| fits(limit)).count()
}

fn is_bucket(limit: &Limit, rate: (f64, f64), capacity: f64) -> bool {
    match limit {
        Limit::Bucket { rate: found, capacity: holds } => {
            (found.value - rate.0).abs() <= rate.1 && (holds.value - capacity).abs() <= 1.0
        }
        _ => false,
    }
}

fn holds(limit: &Limit, rate: f64, capacity: f64) -> bool {
    match limit {
        Limit::Bucket { rate: found, capacity: holds } => {
            found.interval.holds(rate) && holds.interval.holds(capacity)
        }
        _ => false,
    }
}

#[test]
fn nginx_without_delay_is_a_bucket_of_its_burst_and_one() {
    for way in [LOCAL, NEAR, FAR] {
        let (limits, most) = over_seeds(way, |_| Box::new(Nginx::new(10, 20, 20)));
        assert_eq!(count(&limits, |limit| is_bucket(limit, (10.0, 0.5), 21.0)), 20, "{limits:?}");
        assert!(count(&limits, |limit| holds(limit, 10.0, 21.0)) >= NEARLY_ALL, "{limits:?}");
        assert!(most <= 300, "{most}");
    }
}

#[test]
fn nginx_with_delay_is_a_queue() {
    for (way, undelayed) in [(LOCAL, 0), (NEAR, 0), (FAR, 0), (NEAR, 8)] {
        let (limits, most) = over_seeds(way, |_| Box::new(Nginx::new(10, 20, undelayed)));
        let fits = |limit: &Limit| match limit {
            Limit::Queue { rate, room, at_once } => {
                (rate.value - 10.0).abs() <= 0.5
                    && (room.value + *at_once as f64 - 21.0).abs() <= 1.0
                    && at_once.abs_diff(undelayed as usize + 1) <= 1
            }
            _ => false,
        };
        assert!(count(&limits, fits) >= NEARLY_ALL, "{undelayed}: {limits:?}");
        assert!(most <= 100, "one burst says it all: {most}");
    }
}

#[test]
fn a_limit_without_any_burst_has_a_rate_too() {
    for way in [LOCAL, NEAR] {
        let (limits, most) = over_seeds(way, |_| Box::new(Nginx::new(10, 0, 0)));
        let fits = |limit: &Limit| is_bucket(limit, (10.0, 1.0), 1.0);
        assert!(count(&limits, fits) >= NEARLY_ALL, "{limits:?}");
        assert!(most <= 60, "{most}");
    }
}

#[test]
fn buckets_of_other_sizes_and_paces_are_found() {
    for (way, rate, most) in [
        (LOCAL, 100.0, 50.0),
        (NEAR, 100.0, 50.0),
        (NEAR, 2.0, 5.0),
        (FAR, 5.0, 100.0),
        (NEAR, 0.5, 3.0),
    ] {
        let (limits, calls) = over_seeds(way, |_| Box::new(Tokens::new(rate, most)));
        let fits = |limit: &Limit| is_bucket(limit, (rate, 0.05 * rate), most);
        assert!(count(&limits, fits) >= NEARLY_ALL, "{rate} {most}: {limits:?}");
        assert!(count(&limits, |limit| holds(limit, rate, most)) >= NEARLY_ALL - 1, "{limits:?}");
        assert!(calls <= MOST_CALLS);
    }
}

#[test]
fn a_window_is_no_bucket() {
    for (way, calls, seconds) in
        [(LOCAL, 10, 1.0), (NEAR, 10, 1.0), (NEAR, 15, 10.0), (FAR, 15, 10.0)]
    {
        let (limits, _) = over_seeds(way, |seed| {
            let phase_ms = seed as f64 / SEEDS as f64 * 1_000.0 * seconds;
            Box::new(Window { calls, length_ms: 1_000.0 * seconds, phase_ms, seen: (0, 0) })
        });
        let fits = |limit: &Limit| match limit {
            Limit::Window { calls: found, seconds: length } => {
                *found == calls && length.value == seconds && length.interval.holds(seconds)
            }
            _ => false,
        };
        let bucket = |limit: &Limit| matches!(limit, Limit::Bucket { .. } | Limit::Queue { .. });
        assert!(count(&limits, fits) >= 17, "{calls} in {seconds} s: {limits:?}");
        assert!(count(&limits, bucket) <= 1, "{limits:?}");
    }
}

#[test]
fn without_refusals_no_limit_is_claimed() {
    let (limits, most) = over_seeds(NEAR, |_| Box::new(Tokens::new(1e6, 1e6)));
    let none = |limit: &Limit| matches!(limit, Limit::NotReached { calls: 150, .. });
    assert_eq!((count(&limits, none), most), (20, 150));
}

/// Refuses at random, as an overloaded server does.
struct Moody(fastrand::Rng);

impl Limiter for Moody {
    fn take(&mut self, _: f64) -> Option<f64> {
        self.0.bool().then_some(0.0)
    }
}

#[test]
fn refusals_at_random_are_no_limit() {
    let (limits, _) = over_seeds(NEAR, |seed| Box::new(Moody(fastrand::Rng::with_seed(seed))));
    let unclear = |limit: &Limit| matches!(limit, Limit::Unclear { .. });
    assert!(count(&limits, unclear) >= 16, "{limits:?}");
}

/// Calls of a part that were sent after its third refusal in a row was heard.
fn sent_in_spite(calls: &[Probe]) -> usize {
    let refused_at = |row: &[Probe]| {
        let part = row[0].part == row[2].part;
        let refused = row.iter().all(|call| call.accepted == Some(false));
        let heard = row.iter().filter_map(|call| call.heard_ms).fold(0.0, f64::max);
        (part && refused).then_some((row[0].part, heard))
    };
    let stops: Vec<(u16, f64)> = calls.windows(3).filter_map(refused_at).collect();
    let late =
        |call: &&Probe| stops.iter().any(|(part, at)| call.part == *part && call.sent_ms > *at);
    calls.iter().filter(late).count()
}

#[test]
fn every_part_stops_at_the_third_refusal_in_a_row() {
    for way in [LOCAL, NEAR, FAR] {
        for seed in 0..5 {
            let random = fastrand::Rng::with_seed(seed);
            let mut limiters: [Box<dyn Limiter>; 4] = [
                Box::new(Nginx::new(10, 20, 20)),
                Box::new(Tokens::new(0.5, 3.0)),
                Box::new(Window { calls: 10, length_ms: 1_000.0, phase_ms: 0.0, seen: (0, 0) }),
                Box::new(Moody(random)),
            ];
            for limiter in &mut limiters {
                let (_, calls) = found(&mut **limiter, way, seed);
                assert_eq!(sent_in_spite(&calls), 0);
                assert!(calls.len() <= MOST_CALLS);
                assert!(calls.iter().all(|call| call.sent_ms <= LONGEST_MS));
            }
        }
    }
}

#[test]
fn calls_and_time_end_a_run() {
    let mut schedule = Schedule::new(0.0, 30, LONGEST_MS);
    let random = fastrand::Rng::with_seed(1);
    let limiter: &mut dyn Limiter = &mut Tokens::new(10.0, 20.0);
    let (arriving, answers) = (Vec::new(), Vec::new());
    World { limiter, way: NEAR, random, arriving, answers }.run(&mut schedule);
    assert_eq!(schedule.calls().len(), 30);
    assert!(schedule.calls().iter().all(|call| call.heard_ms.is_some()), "all are waited for");
    assert_eq!(schedule.next(1e9), Step::Done);
}

#[test]
fn answers_that_never_come_are_given_up() {
    let mut schedule = Schedule::new(0.0, 400, LONGEST_MS);
    let mut now = 0.0;
    let mut steps = 0;
    loop {
        steps += 1;
        assert!(steps < 2_000, "it ends");
        match schedule.next(now) {
            Step::Done => break,
            Step::SendAt(at) => {
                now = at;
                schedule.sent(now);
            }
            Step::ListenUntil(until) => now = until,
        }
    }
    assert!(matches!(bucket::fit(schedule.calls()), Limit::NotReached { calls: 0, .. }));
    assert!(matches!(bucket::fit(&[]), Limit::NotReached { calls: 0, .. }));
}

//! Connections that are left alone for chosen times and then used again, all at the same time: in a first
//! pass for the times of the plan, in a second one for times in between, and some just when the close comes.
//! Time passes really here, in simulated worlds too. What the trials show is decided in `bench`.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::mpsc, task::JoinSet};

use crate::{
    bench::{Close, Idle, Reuse, Trial},
    facts::{Clue, Ended, Fault, Protocol, Status, check::Evidence, clue::Shown},
};

use super::{
    super::{Clock, Runner, key::KeyPlan, row::BENCH_IDLE},
    counted,
    mode::Rest,
    plan::{Benched, Unavailable, WayFacts, Why},
    rows,
    way::{self, Kept, Road, Timed, Way},
    ways,
};

/// Connections that rest for each time of the first pass, and of the second.
const EACH: usize = 2;
/// Times of the second pass.
const BETWEEN: usize = 4;
/// Connections that are used when the close comes.
const RACERS: usize = 6;
/// So long they do not look whether the close has come. A call that is under way for so long cannot
/// know either: this is the race as somebody has it whose round trip takes that long.
const LOOK_AWAY: Duration = Duration::from_millis(60);
/// Whoever looks away, does so for all: the ways take turns, so far apart.
const TURN: Duration = Duration::from_millis(200);
/// A close that is placed within so many seconds needs no second pass.
const NEAR_S: f64 = 0.2;
/// Programs keep idle connections no longer than this, so that a close after it does no harm.
const LONG_S: f64 = 120.0;
/// Servers that look once in a while close by the clock all the same: within this factor.
const COARSE: f64 = 1.25;

/// The calls of one way at most: each connection carries two.
pub(super) fn most_calls(times: usize) -> u32 {
    u32::try_from(((times + BETWEEN) * EACH + RACERS) * 2).unwrap_or(u32::MAX)
}

/// What is told of a connection as soon as it is known, since the run may be stopped while it rests.
enum News {
    /// A connection was opened for its first call, which is back.
    First(Box<Timed>, f64),
    /// The call after the rest is back.
    Second(Box<Timed>, f64),
    /// How the connection was after its rest, and when its end was seen.
    Rest(Trial, Option<f64>),
}

/// Whoever opens connections on a way, and tells of them.
#[derive(Clone)]
struct Teller {
    place: usize,
    road: Arc<Road>,
    clock: Clock,
    news: mpsc::UnboundedSender<(usize, News)>,
}

/// A run of trials.
struct Sweep<'r, 'a> {
    runner: &'r Runner<'a>,
    benched: &'r mut Benched,
    ways: Vec<Way>,
}

/// What a connection is opened for.
#[derive(Clone, Copy)]
enum Errand {
    /// To rest for so long.
    Rest(Duration),
    /// To be used, with others, just when it has rested so long; it begins after a time of its own.
    Race { meet: Duration, turn: Duration },
}

/// Leaves connections alone for these many seconds.
pub(super) async fn run(
    key: &KeyPlan,
    runner: &Runner<'_>,
    benched: &mut Benched,
    seconds: &[f64],
) -> Result<Why, String> {
    let ways = open_ways(key, runner, benched).await;
    rows::ways(runner, benched);
    if ways.is_empty() {
        return Err("none of the ways could be gone".to_owned());
    }
    let mut sweep = Sweep { runner, benched, ways };
    Ok(sweep.passes(seconds).await)
}

/// The ways on which a connection can be opened. No call is made.
async fn open_ways(key: &KeyPlan, runner: &Runner<'_>, benched: &mut Benched) -> Vec<Way> {
    let numbers = ways::numbers(runner);
    let mut open = Vec::new();
    for arm in benched.plan.arms.clone() {
        let way = match ways::road(arm, key, runner, benched, &numbers) {
            Err(why) => Err(Unavailable::Impossible(why)),
            Ok(road) => {
                let mut way = Way::new(arm, road, 1);
                let opened = way::open(&way.road).await.1;
                way.facts.negotiated = opened.as_ref().ok().map(|kept| kept.http().to_owned());
                opened.map(|_| way).map_err(Unavailable::Failed)
            }
        };
        let facts = match &way {
            Ok(way) => way.facts(),
            Err(why) => ways::lost(arm, why.clone()),
        };
        benched.ways.push(facts);
        open.extend(way);
    }
    open
}

impl Sweep<'_, '_> {
    async fn passes(&mut self, seconds: &[f64]) -> Why {
        let rest = |seconds: &f64| Errand::Rest(Duration::from_secs_f64(*seconds));
        let first: Vec<(usize, Errand)> = (0..self.ways.len())
            .flat_map(|place| seconds.iter().map(move |seconds| (place, rest(seconds))))
            .collect();
        if let Err(why) = self.pass(first).await {
            return why;
        }
        let second = (0..self.ways.len()).flat_map(|place| self.closer(place)).collect();
        self.pass(second).await.map_or_else(|why| why, |()| Why::Done)
    }

    /// What to try between the last time that was good and the first that was not.
    fn closer(&self, place: usize) -> Vec<(usize, Errand)> {
        let protocol = self.ways[place].facts.arm.protocol;
        let between = match of_protocol(self.benched, protocol).close {
            Close::Between(open, closed) if closed - open > NEAR_S => {
                let step = (closed - open) / (BETWEEN + 1) as f64;
                (1..=BETWEEN).map(|number| open + step * number as f64).collect()
            }
            _ => Vec::new(),
        };
        let rests =
            between.into_iter().map(|seconds| Errand::Rest(Duration::from_secs_f64(seconds)));
        let race =
            self.usual_end(protocol).map(|meet| Errand::Race { meet, turn: TURN * place as u32 });
        rests.chain(race).map(|errand| (place, errand)).collect()
    }

    /// How long connections had been idle when they were ended, by those whose end was seen.
    fn usual_end(&self, protocol: Protocol) -> Option<Duration> {
        let rests = self.benched.brought.rests.iter();
        let mut ends: Vec<f64> = rests
            .filter(|rest| rest.protocol == protocol)
            .filter_map(|rest| rest.ended_s)
            .collect();
        ends.sort_by(f64::total_cmp);
        let usual = ends.get(ends.len() / 2)?;
        Duration::try_from_secs_f64(*usual).ok()
    }

    /// Everything of one pass at the same time.
    async fn pass(&mut self, mut errands: Vec<(usize, Errand)>) -> Result<(), Why> {
        let (wished, left) = (errands.len(), self.runner.time_left());
        errands.retain(|(_, errand)| left.is_none_or(|left| errand.rests() < left));
        let is_short = errands.len() < wished;
        let longest = errands.iter().map(|(_, errand)| errand.rests()).max().unwrap_or_default();
        let (sender, mut news) = mpsc::unbounded_channel();
        let mut under_way = JoinSet::new();
        let mut calls = 0;
        for (place, errand) in errands {
            calls += errand.connections() as u64 * 2;
            if self.runner.may_send(calls).is_err() {
                break;
            }
            let (road, clock) = (Arc::clone(&self.ways[place].road), self.runner.clock.clone());
            let teller = Teller { place, road, clock, news: sender.clone() };
            under_way.spawn(errand.run(teller));
        }
        if under_way.is_empty() {
            return match calls {
                0 if is_short => Err(Why::Time),
                0 => Ok(()),
                _ => Err(Why::Budget),
            };
        }
        let seconds = longest.as_secs_f64();
        let connections = calls / 2;
        self.runner.journal.tell(&format!("{connections} connections rest, up to {seconds:.1} s"));
        drop(sender);
        while let Some((place, one)) = news.recv().await {
            self.keep(place, one);
        }
        if is_short {
            return Err(Why::Time);
        }
        self.runner.may_send(1).map_err(|_| Why::Budget)
    }

    fn keep(&mut self, place: usize, news: News) {
        let protocol = self.ways[place].facts.arm.protocol;
        match news {
            News::First(timed, at_ms) => {
                self.ways[place].facts.opened += 1;
                self.keep_call(place, *timed, at_ms);
            }
            News::Second(timed, at_ms) => self.keep_call(place, *timed, at_ms),
            News::Rest(trial, ended_s) => {
                self.benched.brought.rests.push(Rest { protocol, trial, ended_s });
            }
        }
    }

    fn keep_call(&mut self, place: usize, timed: Timed, at_ms: f64) {
        let way = &self.ways[place];
        let sample = way.sample(&timed, at_ms, 0);
        counted::count(self.runner, self.benched, way, sample, timed, at_ms);
        let lost: Vec<WayFacts> = self.benched.lost().cloned().collect();
        self.benched.ways = self.ways.iter().map(Way::facts).chain(lost).collect();
    }
}

impl Errand {
    fn rests(&self) -> Duration {
        match self {
            Self::Rest(time) => *time,
            Self::Race { meet, turn } => *meet + *turn,
        }
    }

    fn connections(&self) -> usize {
        match self {
            Self::Rest(_) => EACH,
            Self::Race { .. } => RACERS,
        }
    }

    async fn run(self, teller: Teller) {
        if let Self::Race { turn, .. } = self {
            tokio::time::sleep(turn).await;
        }
        let mut opening = JoinSet::new();
        for _ in 0..self.connections() {
            opening.spawn(begin(teller.clone()));
        }
        let begun = opening.join_all().await.into_iter().flatten();
        let mut begun: Vec<Begun> = begun.map(|kept| Begun { kept, is_blind: false }).collect();
        if let Self::Race { meet, .. } = self {
            look_away(&mut begun, meet).await;
        }
        let mut resting = JoinSet::new();
        for begun in begun {
            let teller = teller.clone();
            resting.spawn(async move { self.end(begun, &teller).await });
        }
        resting.join_all().await;
    }

    /// The second half of a connection's story.
    async fn end(self, begun: Begun, teller: &Teller) {
        let Begun { mut kept, is_blind } = begun;
        if let Self::Rest(time) = self {
            tokio::time::sleep_until((kept.used() + time).into()).await;
        }
        let idle_s = kept.used().elapsed().as_secs_f64();
        let ended_s = kept.ended_idle_ms().map(|ms| ms / 1_000.0);
        if !is_blind && kept.is_closed() {
            let trial = Trial { idle_s: ended_s.unwrap_or(idle_s), reuse: Reuse::ClosedBefore };
            return teller.tell(News::Rest(trial, ended_s));
        }
        if teller.road.until.is_over() {
            return;
        }
        let at_ms = teller.clock.elapsed_ms();
        let second = kept.call(&teller.road, Instant::now(), None).await;
        let reuse = reuse(&second.ended())
            .filter(|reuse| !is_blind || *reuse == Reuse::Raced)
            .filter(|_| !second.was_cut());
        teller.tell(News::Second(Box::new(second), at_ms));
        if let Some(reuse) = reuse {
            teller.tell(News::Rest(Trial { idle_s, reuse }, None));
        }
    }
}

/// A connection that has carried its first call.
struct Begun {
    kept: Kept,
    /// It was open when it was last looked at, and is used without another look.
    is_blind: bool,
}

impl Teller {
    /// Nobody listens any more where the run was stopped.
    fn tell(&self, news: News) {
        let _ = self.news.send((self.place, news));
    }
}

/// Opens a connection for its first call. There is none to go on with where that failed.
async fn begin(teller: Teller) -> Option<Kept> {
    let (began, began_ms) = (Instant::now(), teller.clock.elapsed_ms());
    let (opened, kept) = way::open(&teller.road).await;
    let (timed, kept) = match kept {
        Err(failure) => (Timed::without(opened, failure, began), None),
        Ok(mut kept) => {
            let timed = kept.call(&teller.road, began, Some(opened.facts)).await;
            (timed, Some(kept))
        }
    };
    let is_good = timed.ended() == Ended::Answered;
    teller.tell(News::First(Box::new(timed), began_ms));
    kept.filter(|_| is_good)
}

/// Lets these connections rest, and the whole program not look at them when the close comes.
async fn look_away(begun: &mut [Begun], meet: Duration) {
    let last = begun.iter().map(|begun| begun.kept.used()).max();
    let Some(last) = last else { return };
    tokio::time::sleep_until((last + meet.saturating_sub(LOOK_AWAY / 2)).into()).await;
    for one in begun.iter_mut() {
        one.is_blind = !one.kept.is_closed();
    }
    std::thread::sleep(LOOK_AWAY);
}

/// What a call over a rested connection shows of it; none where it failed in a way of its own.
fn reuse(ended: &Ended) -> Option<Reuse> {
    match ended {
        Ended::Answered | Ended::Refused(_) => Some(Reuse::Carried),
        Ended::Failed { fault: Fault::Closed | Fault::Reset | Fault::GoAway, .. } => {
            Some(Reuse::Raced)
        }
        Ended::Failed { fault: Fault::TimedOut, .. } => Some(Reuse::Silent),
        Ended::Failed { .. } => None,
    }
}

/// What the trials of a protocol show.
pub fn of_protocol(benched: &Benched, protocol: Protocol) -> Idle {
    let rests = benched.brought.rests.iter().filter(|rest| rest.protocol == protocol);
    let trials: Vec<Trial> = rests.map(|rest| rest.trial).collect();
    Idle::of(&trials)
}

/// When idle connections are closed, in words; none where nothing was tried.
pub fn in_words(close: Close) -> Option<String> {
    Some(match close {
        Close::Unknown => return None,
        Close::Between(open, closed) => format!("closes between {} and {} s", s(open), s(closed)),
        Close::NotWithin(open) => format!("still open after {} s", s(open)),
        Close::Within(closed) => format!("closes within {} s", s(closed)),
        Close::NotByTime(closed, open) if open <= COARSE * closed => {
            format!("closes after about {}-{} s", s(closed), s(open))
        }
        Close::NotByTime(closed, open) => {
            format!("closed after {} s and open after {} s", s(closed), s(open))
        }
    })
}

fn s(seconds: f64) -> String {
    let text = format!("{seconds:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The row of the sweep. An end that comes while programs still keep a connection is a warning.
pub(super) fn record(runner: &Runner<'_>, benched: &Benched) {
    let protocols: Vec<Protocol> = benched.gone().map(|way| way.arm.protocol).collect();
    let found: Vec<(Protocol, Idle)> =
        protocols.into_iter().map(|protocol| (protocol, of_protocol(benched, protocol))).collect();
    let said = |(protocol, idle): &(Protocol, Idle)| {
        Some(format!("{} {}", protocol.word(), in_words(idle.close)?))
    };
    let words: Vec<String> = found.iter().filter_map(said).collect();
    if words.is_empty() {
        return;
    }
    let text = words.join("; ");
    let row = match found.iter().any(|(_, idle)| is_early(idle.close)) {
        false => BENCH_IDLE.row(Status::Pass, text),
        true => {
            let clues = vec![Clue::Shown(Shown::IdleClose)];
            let evidence = Evidence { attempt: None, text: text.clone(), clues };
            BENCH_IDLE.row(Status::Warn, text).with(evidence)
        }
    };
    runner.journal.observe(row.done());
}

fn is_early(close: Close) -> bool {
    match close {
        Close::Between(_, closed) | Close::Within(closed) | Close::NotByTime(closed, _) => {
            closed < LONG_S
        }
        Close::NotWithin(_) | Close::Unknown => false,
    }
}

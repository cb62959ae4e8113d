//! Which calls show a limit, and when to make them: bursts that stop at the third refusal in a row,
//! pauses of chosen lengths, and a steady pace a little above the limit. It sends nothing and reads
//! no clock: whoever asks follows its steps and tells it what came.

/// A call of a burst follows the one before it after so long.
const SPACING_MS: f64 = 5.0;
/// A burst that nothing refuses ends after so many calls.
const MOST_AT_ONCE: usize = 150;
/// The rule for every part of a run.
const REFUSALS_IN_A_ROW: usize = 3;
/// Whoever has not answered by then does not count.
const PATIENCE_MS: f64 = 30_000.0;
/// The first pause after a burst.
const FIRST_PAUSE_MS: f64 = 500.0;
/// A pause has filled what a burst empties, if a burst after it gets this share.
pub(super) const FULL: f64 = 0.8;
/// Pauses to find one that fills it in part, or how long a window is.
const MOST_SCOUTS: usize = 24;
/// Within a window, the next pause is so many times as long as the one that brought nothing.
const LONGER: f64 = 1.3;
/// Steady paces to find one that is not refused again and again.
const MOST_PACES: usize = 4;
/// So many times all of it at once, after nothing for as long, show a window.
const SUDDEN_FILLS: usize = 4;
/// The steady pace, over the fastest refill that was possible so far. Below three times the true one
/// there are no three refusals in a row.
const ABOVE: f64 = 1.3;
/// So many calls that are let through at the steady pace fix the rate to 2 % or better.
const STEADY_ACCEPTED: usize = 80;
/// A pause fills it to the brim for certain, if it is so many times as long as needed.
const TO_THE_BRIM: f64 = 1.3;
/// Two calls so many times nearer than that both pass show no more.
const GAP_KNOWN: f64 = 1.03;
/// Pairs of calls to find how near they may follow each other.
const MOST_PAIRS: usize = 20;

/// A call that was made to find a limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probe {
    /// The part of the run that it belongs to, from 1.
    pub part: u16,
    /// What that part is.
    pub kind: Kind,
    /// When it was sent, in milliseconds.
    pub sent_ms: f64,
    /// When its answer came.
    pub heard_ms: Option<f64>,
    /// Whether it was let through; none before its answer, and where it failed in another way.
    pub accepted: Option<bool>,
}

/// What a part of a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Calls as near to each other as can be.
    Burst,
    /// Two calls, to learn how near they may follow each other.
    Pair,
    /// Calls at a steady pace.
    Steady,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Send one call at this time, and say so with [`Schedule::sent`]. Calls are not waited for.
    SendAt(f64),
    /// Wait for an answer, at most until this time, and ask again after either.
    ListenUntil(f64),
    /// It is over.
    Done,
}

/// The calls of one run, decided one by one.
#[derive(Clone, Debug)]
pub struct Schedule {
    most_calls: usize,
    until_ms: f64,
    calls: Vec<Probe>,
    part: u16,
    stage: Stage,
    /// When the next call may be sent.
    next_ms: f64,
    /// All calls of this part are sent, and their answers are waited for.
    hearing: bool,
    scouts: Scouts,
    gaps: Gaps,
    paces: usize,
    /// From when on it was never full: the time, and the calls that had passed before.
    since: (f64, usize),
}

/// What a part is for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    /// A burst into what is full.
    First,
    /// A burst after a pause.
    Scout,
    /// Calls one by one, so far apart.
    Steady(f64),
    /// Two calls, to learn how near they may follow each other.
    Pair,
    /// A burst into what is full again.
    Last,
    Over,
}

/// What bursts after pauses have shown. Times are from when it was last seen empty.
#[derive(Clone, Copy, Debug, Default)]
struct Scouts {
    count: usize,
    /// The longest time that brought nothing.
    empty_ms: f64,
    /// The shortest time that brought all.
    full_ms: Option<f64>,
    fills: usize,
    /// Whether all came at once after nothing.
    sudden: bool,
}

/// What pairs have shown.
#[derive(Clone, Copy, Debug, Default)]
struct Gaps {
    count: usize,
    refused_ms: f64,
    accepted_ms: Option<f64>,
}

impl Schedule {
    /// A run of so many calls at most, which sends none after so many milliseconds from `now_ms`. The
    /// limit must have been left alone before it, for as long as it takes to fill.
    pub fn new(now_ms: f64, most_calls: usize, longest_ms: f64) -> Self {
        Self {
            most_calls,
            until_ms: now_ms + longest_ms,
            calls: Vec::new(),
            part: 1,
            stage: Stage::First,
            next_ms: now_ms,
            hearing: false,
            scouts: Scouts::default(),
            gaps: Gaps::default(),
            paces: 0,
            since: (now_ms, 0),
        }
    }

    /// The next step, at this time.
    pub fn next(&mut self, now_ms: f64) -> Step {
        loop {
            if self.stage == Stage::Over {
                return Step::Done;
            }
            if !self.hearing && self.is_part_over() {
                self.hearing = true;
            }
            match self.step(now_ms) {
                Some(step) => return step,
                None => self.decide(now_ms),
            }
        }
    }

    /// A call was sent. The number it gives is that of its answer.
    pub fn sent(&mut self, now_ms: f64) -> usize {
        let (part, kind) = (self.part, self.stage.kind());
        self.calls.push(Probe { part, kind, sent_ms: now_ms, heard_ms: None, accepted: None });
        self.next_ms = now_ms + self.spacing();
        self.calls.len() - 1
    }

    /// An answer came: the call was let through, or refused by the limit; none where it failed in
    /// another way.
    pub fn heard(&mut self, number: usize, now_ms: f64, accepted: Option<bool>) {
        if let Some(call) = self.calls.get_mut(number) {
            call.heard_ms = Some(now_ms);
            call.accepted = accepted;
        }
    }

    /// All calls so far.
    pub fn calls(&self) -> &[Probe] {
        &self.calls
    }

    /// Waiting or sending; none where a part is over and heard.
    fn step(&self, now_ms: f64) -> Option<Step> {
        let (last, unheard) = (self.last_sent(), self.unheard());
        let patience = last + PATIENCE_MS;
        if self.hearing {
            return (unheard > 0 && now_ms < patience).then_some(Step::ListenUntil(patience));
        }
        if self.is_first_look() && now_ms < patience {
            return Some(Step::ListenUntil(patience));
        }
        // Answers decide whether there is a next call, so that they are heard while it is not yet due.
        let due = self.next_ms.max(now_ms);
        Some(if due > now_ms && unheard > 0 { Step::ListenUntil(due) } else { Step::SendAt(due) })
    }

    /// A burst after a pause begins with a few calls, and goes on once one of them has passed.
    fn is_first_look(&self) -> bool {
        let part = self.part();
        let unheard = part.iter().any(|call| call.heard_ms.is_none());
        let scouts = self.stage == Stage::Scout && part.len() >= REFUSALS_IN_A_ROW;
        scouts && unheard && accepted(part) == 0
    }

    fn is_part_over(&self) -> bool {
        let part = self.part();
        let over = match self.stage {
            Stage::Pair => part.len() >= 2,
            Stage::Steady(_) => accepted(part) >= STEADY_ACCEPTED,
            _ => part.len() >= MOST_AT_ONCE,
        };
        let spent = self.calls.len() >= self.most_calls || self.next_ms > self.until_ms;
        over || spent || is_refused_in_a_row(part)
    }

    fn spacing(&self) -> f64 {
        match self.stage {
            Stage::Steady(spacing) => spacing,
            Stage::Pair => self.gaps.next(),
            _ => SPACING_MS,
        }
    }

    /// What comes after a part whose answers are known.
    fn decide(&mut self, now_ms: f64) {
        match self.stage {
            Stage::First => self.after_first(now_ms),
            Stage::Scout => self.after_scout(now_ms),
            Stage::Steady(_) => self.after_steady(now_ms),
            Stage::Pair => self.after_pair(now_ms),
            Stage::Last | Stage::Over => self.end(),
        }
        if self.calls.len() >= self.most_calls || self.next_ms > self.until_ms {
            self.end();
        }
    }

    fn after_first(&mut self, now_ms: f64) {
        let all_passed = self.part().iter().all(|call| call.accepted != Some(false));
        self.since = (self.last_sent(), self.capacity());
        let next = now_ms + FIRST_PAUSE_MS;
        match self.capacity() {
            _ if all_passed || super::bucket::queue(self.part()).is_some() => self.end(),
            0 => self.end(),
            1 => self.begin(Stage::Pair, next),
            _ => self.begin(Stage::Scout, next),
        }
    }

    fn after_scout(&mut self, now_ms: f64) {
        let passed = at_once(self.part());
        let begun = self.part().first().map_or(now_ms, |call| call.sent_ms);
        let elapsed = begun - self.emptied_before();
        let full = passed as f64 >= FULL * self.capacity() as f64;
        self.scouts.count += 1;
        if full {
            self.since = (self.last_sent(), accepted(&self.calls));
        }
        if passed > 0 && !full && !self.scouts.sudden {
            return self.pace(now_ms);
        }
        self.scouts.learn(full, elapsed, self.capacity());
        // What brought nothing goes on filling it; what brought something begins anew.
        let from = if full { self.last_sent() } else { self.emptied_before() };
        let over = self.scouts.count >= MOST_SCOUTS || self.scouts.fills >= SUDDEN_FILLS;
        let next = (from + self.scouts.next(full, elapsed)).max(now_ms);
        if over { self.end() } else { self.begin(Stage::Scout, next) }
    }

    /// Begins a pace that is above the fastest refill that is possible by now.
    fn pace(&mut self, now_ms: f64) {
        let (from, passed) = self.since;
        let fastest = (accepted(&self.calls) - passed + 1) as f64 / (self.last_sent() - from);
        self.paces += 1;
        self.begin(Stage::Steady(1.0 / (ABOVE * fastest)), now_ms);
    }

    /// A pace that was refused again and again was far too fast, and the time it took says so.
    fn after_steady(&mut self, now_ms: f64) {
        let early = accepted(self.part()) < STEADY_ACCEPTED;
        if early && self.paces < MOST_PACES { self.pace(now_ms) } else { self.fill_up(now_ms) }
    }

    fn fill_up(&mut self, now_ms: f64) {
        let (from, passed) = self.since;
        let (ms, passed) = (self.last_sent() - from, accepted(&self.calls) - passed);
        let needed = TO_THE_BRIM * (self.capacity() + 1) as f64 * ms / passed.max(1) as f64;
        self.begin(Stage::Last, now_ms + needed);
    }

    fn after_pair(&mut self, now_ms: f64) {
        if let [first, second] = self.part() {
            let (first, second, gap) =
                (first.accepted, second.accepted, second.sent_ms - first.sent_ms);
            self.gaps.learn(first, second, gap);
        }
        let over = self.gaps.is_known() || self.gaps.count >= MOST_PAIRS;
        let next = now_ms + self.gaps.rest();
        if over { self.end() } else { self.begin(Stage::Pair, next) }
    }

    fn end(&mut self) {
        self.stage = Stage::Over;
    }

    fn begin(&mut self, stage: Stage, at_ms: f64) {
        self.stage = stage;
        self.part += 1;
        self.next_ms = at_ms;
        self.hearing = false;
    }

    /// The calls of the present part.
    fn part(&self) -> &[Probe] {
        let start = self.calls.partition_point(|call| call.part < self.part);
        &self.calls[start..]
    }

    /// What a full one lets through at once.
    fn capacity(&self) -> usize {
        at_once(&self.calls[..self.calls.partition_point(|call| call.part <= 1)])
    }

    fn last_sent(&self) -> f64 {
        self.calls.last().map_or(self.next_ms, |call| call.sent_ms)
    }

    fn unheard(&self) -> usize {
        self.calls.iter().filter(|call| call.heard_ms.is_none()).count()
    }

    /// When the last part before this one that let something through ended, with refusals.
    fn emptied_before(&self) -> f64 {
        let passed = |call: &&Probe| call.part < self.part && call.accepted == Some(true);
        let last = self.calls.iter().rfind(passed);
        let part = last.map_or(1, |call| call.part);
        let refused = |call: &&Probe| call.part == part && call.accepted == Some(false);
        self.calls.iter().rfind(refused).map_or(0.0, |call| call.sent_ms)
    }
}

impl Stage {
    const fn kind(self) -> Kind {
        match self {
            Self::Steady(_) => Kind::Steady,
            Self::Pair => Kind::Pair,
            Self::First | Self::Scout | Self::Last | Self::Over => Kind::Burst,
        }
    }
}

impl Scouts {
    fn learn(&mut self, full: bool, elapsed: f64, capacity: usize) {
        if full {
            self.fills += 1;
            self.full_ms = Some(self.full_ms.map_or(elapsed, |known| known.min(elapsed)));
        } else {
            self.empty_ms = self.empty_ms.max(elapsed);
        }
        let sudden = |full_ms| is_sudden(self.empty_ms, full_ms, capacity);
        self.sudden |= self.full_ms.is_some_and(sudden);
    }

    /// How long after it was empty the next burst comes, after one that found it full or empty.
    fn next(&self, full: bool, elapsed: f64) -> f64 {
        match self.full_ms {
            // From what never brought anything, step by step to where all of it comes at once.
            Some(_) if self.sudden && full => self.empty_ms,
            Some(_) if self.sudden => LONGER * elapsed,
            Some(all) if self.empty_ms > 0.0 && self.empty_ms < all => (self.empty_ms * all).sqrt(),
            Some(all) => all / 4.0,
            None => 2.0 * self.empty_ms,
        }
    }
}

impl Gaps {
    /// Only pairs whose first call found it full say something.
    fn learn(&mut self, first: Option<bool>, second: Option<bool>, gap: f64) {
        self.count += 1;
        match (first, second) {
            (Some(true), Some(true)) => {
                self.accepted_ms = Some(self.accepted_ms.map_or(gap, |known| known.min(gap)));
            }
            (Some(true), Some(false)) => self.refused_ms = self.refused_ms.max(gap),
            _ => {}
        }
    }

    fn next(&self) -> f64 {
        match self.accepted_ms {
            Some(accepted) if self.refused_ms > 0.0 => (self.refused_ms * accepted).sqrt(),
            Some(accepted) => accepted / 2.0,
            None => (2.0 * self.refused_ms).max(FIRST_PAUSE_MS),
        }
    }

    /// Before the next pair.
    fn rest(&self) -> f64 {
        2.0 * self.accepted_ms.unwrap_or(FIRST_PAUSE_MS.max(2.0 * self.refused_ms))
    }

    fn is_known(&self) -> bool {
        self.accepted_ms.is_some_and(|accepted| accepted <= GAP_KNOWN * self.refused_ms)
    }
}

/// Whether what fills evenly could not have brought nothing for so long and then all so soon.
pub(super) fn is_sudden(empty_ms: f64, full_ms: f64, capacity: usize) -> bool {
    empty_ms > 0.0 && FULL * capacity as f64 > full_ms / empty_ms + 1.0
}

/// How many of some calls were let through.
pub(super) fn accepted(calls: &[Probe]) -> usize {
    calls.iter().filter(|call| call.accepted == Some(true)).count()
}

/// How many calls of a burst passed before the third refusal in a row. What passes later came while the
/// refusals were on their way.
pub(super) fn at_once(burst: &[Probe]) -> usize {
    let refused = |row: &[Probe]| row.iter().all(|call| call.accepted == Some(false));
    let end = burst.windows(REFUSALS_IN_A_ROW).position(refused).unwrap_or(burst.len());
    accepted(&burst[..end])
}

fn is_refused_in_a_row(part: &[Probe]) -> bool {
    let refused = |row: &[Probe]| row.iter().all(|call| call.accepted == Some(false));
    part.windows(REFUSALS_IN_A_ROW).any(refused)
}

//! One thing that is watched: its calls so far, its verdict now, and the periods in which that was another one.
//! A verdict changes where enough calls say so, both ways; until then it stays. What is kept has a bound.

use crate::{
    facts::Class,
    stats::{
        PageTest, Place, Way, clean_bound, clopper_pearson, is_over, place_of_change, quantile,
        wilson,
    },
};

use super::ring::Ring;

/// Calls that are kept of each: for the strip, the latencies and the place of a change.
const KEPT: usize = 512;
/// Periods that are kept of each.
const PERIODS: usize = 64;
/// Different causes that are kept of each; what comes beyond counts for the last one.
const CAUSES: usize = 16;

/// What is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whether the host can be reached over a connection that is trusted.
    Connection,
    /// Whether the key's list is given out.
    List,
    /// Whether a model answers.
    Model,
}

impl Kind {
    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::List => "list",
            Self::Model => "model",
        }
    }
}

/// What the calls show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Too few calls to say.
    Unclear,
    /// No more calls fail than the rates of a healthy name allow.
    Healthy,
    /// Calls fail.
    Failing,
}

impl Verdict {
    /// The word of JSON and of alerts.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unclear => "unclear",
            Self::Healthy => "healthy",
            Self::Failing => "failing",
        }
    }
}

/// Why a call failed, as it was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The id of the known fix.
    pub id: String,
    /// It in one short sentence.
    pub title: String,
    /// What it means to a job.
    pub class: Class,
}

/// One call that ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// When it began, in milliseconds since 1970.
    pub at_ms: u64,
    /// Why it failed, if it did.
    pub cause: Option<Cause>,
    /// How long it took, where it passed.
    pub total_ms: Option<f64>,
    /// When its first text came, where it passed and was a stream.
    pub first_ms: Option<f64>,
}

/// A stretch of calls with one verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// The verdict.
    pub verdict: Verdict,
    /// When its first call began.
    pub from_ms: u64,
    /// The first moment at which it may have begun, at 95 %.
    pub earliest_ms: u64,
    /// The last one.
    pub latest_ms: u64,
    /// The number of its first call, counted from 1.
    pub first_call: u64,
    /// When its last call began.
    pub until_ms: u64,
    /// Its calls.
    pub calls: u64,
    /// How many of them failed.
    pub failed: u64,
    /// The cause of most failures that were seen when it began, or later took its place.
    pub cause: Option<Cause>,
}

impl Period {
    /// The failure rate with the exact interval: a period ends where its calls say so.
    pub fn rate(&self) -> (f64, f64, f64) {
        let (low, high) = clopper_pearson(self.failed, self.calls, 0.95);
        (self.failed as f64 / self.calls.max(1) as f64, low, high)
    }
}

/// A verdict that changed, or a new cause under the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is watched.
    pub target: String,
    /// The verdict before.
    pub from: Verdict,
    /// The verdict now.
    pub to: Verdict,
    /// Since when.
    pub since_ms: u64,
    /// The cause, where it fails now.
    pub cause: Option<Cause>,
    /// The calls that show it, and how many of them failed.
    pub calls: (u64, u64),
}

impl Change {
    /// Whether somebody is to be woken or called off: a first look that finds all well is no news.
    pub fn is_news(&self) -> bool {
        self.from != Verdict::Unclear || self.to == Verdict::Failing
    }
}

/// One call as it is kept.
#[derive(Clone, Copy, Debug)]
struct Kept {
    at_ms: u64,
    cause: Option<u8>,
    total_ms: Option<f64>,
    first_ms: Option<f64>,
}

/// One thing that is watched.
#[derive(Clone, Debug)]
pub struct Track {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    confirming: u32,
    calls: u64,
    failed: u64,
    recent: Ring<Kept>,
    causes: Vec<(Cause, u64)>,
    periods: Ring<Period>,
    onset: PageTest,
    /// Good calls since the last failure.
    clean: u32,
    /// Failures in a row that have another cause than the period.
    other: (u8, u32),
}

impl Track {
    /// Nothing was seen of it yet. So many calls confirm a change in the clearest case.
    pub fn new(name: &str, kind: Kind, confirming: u32) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            confirming: confirming.max(1),
            calls: 0,
            failed: 0,
            recent: Ring::of(KEPT),
            causes: Vec::new(),
            periods: Ring::of(PERIODS),
            onset: PageTest::new(confirming.max(1)),
            clean: 0,
            other: (0, 0),
        }
    }

    /// Takes a call in. Gives back what changed with it.
    pub fn push(&mut self, seen: &Seen) -> Option<Change> {
        let failed = seen.cause.is_some();
        self.count(seen);
        match self.verdict() {
            Verdict::Failing if !failed => {
                is_over(&self.outcomes(), self.confirming).then(|| self.change(Verdict::Healthy))
            }
            Verdict::Failing => self.another_cause(),
            before => {
                if self.onset.fails_since(failed).is_some() {
                    return Some(self.change(Verdict::Failing));
                }
                (before == Verdict::Unclear && self.clean >= self.confirming)
                    .then(|| self.first_verdict())
            }
        }
    }

    fn count(&mut self, seen: &Seen) {
        let cause = seen.cause.as_ref().map(|cause| self.remember(cause));
        let failed = u64::from(cause.is_some());
        self.calls += 1;
        self.failed += failed;
        self.clean = if cause.is_some() { 0 } else { self.clean.saturating_add(1) };
        self.recent.push(Kept {
            at_ms: seen.at_ms,
            cause,
            total_ms: seen.total_ms,
            first_ms: seen.first_ms,
        });
        if self.periods.is_empty() {
            self.periods.push(Period {
                verdict: Verdict::Unclear,
                from_ms: seen.at_ms,
                earliest_ms: seen.at_ms,
                latest_ms: seen.at_ms,
                first_call: self.calls,
                until_ms: seen.at_ms,
                calls: 0,
                failed: 0,
                cause: None,
            });
        }
        let period = self.periods.last_mut().expect("one was just begun");
        period.calls += 1;
        period.failed += failed;
        period.until_ms = seen.at_ms;
    }

    /// The place of a cause among those that are known, with one more call to it.
    fn remember(&mut self, cause: &Cause) -> u8 {
        let known = self.causes.iter().position(|(known, _)| known.id == cause.id);
        let place = known.unwrap_or_else(|| {
            if self.causes.len() < CAUSES {
                self.causes.push((cause.clone(), 0));
            }
            self.causes.len() - 1
        });
        self.causes[place].1 += 1;
        u8::try_from(place).expect("there are few causes")
    }

    fn first_verdict(&mut self) -> Change {
        let period = self.periods.last_mut().expect("a call was counted");
        period.verdict = Verdict::Healthy;
        let (since_ms, calls) = (period.from_ms, (period.calls, period.failed));
        let from = Verdict::Unclear;
        let target = self.name.clone();
        Change { target, from, to: Verdict::Healthy, since_ms, cause: None, calls }
    }

    /// Begins another period where the calls say that it began, as far as they are still kept.
    fn change(&mut self, to: Verdict) -> Change {
        let from = self.verdict();
        let window: Vec<Kept> = self.window().copied().collect();
        let place = self.place(to);
        let part = &window[place.at..];
        let at_ms = |index: usize| window[index.min(window.len() - 1)].at_ms;
        let failures = part.iter().filter(|kept| kept.cause.is_some()).count() as u64;
        let new = Period {
            verdict: to,
            from_ms: at_ms(place.at),
            earliest_ms: at_ms(place.earliest),
            latest_ms: at_ms(place.latest),
            first_call: self.calls - part.len() as u64 + 1,
            until_ms: at_ms(window.len()),
            calls: part.len() as u64,
            failed: failures,
            cause: (to == Verdict::Failing).then(|| self.commonest(part)).flatten(),
        };
        self.begin(new, &window[..place.at]);
        let new = self.periods.last().expect("one was just begun");
        let change = Change {
            target: self.name.clone(),
            from,
            to,
            since_ms: new.from_ms,
            cause: new.cause.clone(),
            calls: (new.calls, new.failed),
        };
        self.onset.reset();
        self.other = (0, 0);
        change
    }

    /// Where in the window it began. All of it, where nothing in it speaks for another beginning.
    fn place(&self, to: Verdict) -> Place {
        let way = if to == Verdict::Failing { Way::Worse } else { Way::Better };
        let whole = Place { at: 0, earliest: 0, latest: 0 };
        place_of_change(&self.outcomes(), way).unwrap_or(whole)
    }

    /// The calls of this period that are still kept.
    fn window(&self) -> impl Iterator<Item = &Kept> {
        let calls = self.periods.last().map_or(0, |period| period.calls);
        let in_period = usize::try_from(calls).unwrap_or(usize::MAX).min(self.recent.len());
        self.recent.iter().skip(self.recent.len() - in_period)
    }

    fn outcomes(&self) -> Vec<bool> {
        self.window().map(|kept| kept.cause.is_some()).collect()
    }

    /// Takes the calls of a new period away from the one before.
    fn begin(&mut self, new: Period, before: &[Kept]) {
        let old = self.periods.last_mut().expect("a call was counted");
        old.calls -= new.calls;
        old.failed -= new.failed;
        if let Some(last) = before.last() {
            old.until_ms = last.at_ms;
        }
        if old.verdict == Verdict::Unclear && old.failed == 0 {
            old.verdict = Verdict::Healthy;
        }
        match old.calls {
            0 => *old = new,
            _ => self.periods.push(new),
        }
    }

    fn commonest(&self, part: &[Kept]) -> Option<Cause> {
        let mut counts = [0_u32; CAUSES];
        part.iter().filter_map(|kept| kept.cause).for_each(|at| counts[usize::from(at)] += 1);
        let best = (0..self.causes.len()).max_by_key(|at| counts[*at])?;
        Some(self.causes[best].0.clone())
    }

    /// Another cause under the same verdict, once enough failures in a row have it.
    fn another_cause(&mut self) -> Option<Change> {
        let place = self.recent.last()?.cause?;
        let cause = self.causes[usize::from(place)].0.clone();
        let period = self.periods.last_mut()?;
        if period.cause.as_ref().is_some_and(|known| known.id == cause.id) {
            self.other = (0, 0);
            return None;
        }
        self.other = if self.other.0 == place { (place, self.other.1 + 1) } else { (place, 1) };
        if self.other.1 < self.confirming {
            return None;
        }
        period.cause = Some(cause.clone());
        let nth = self.recent.len().saturating_sub(self.other.1 as usize);
        let since_ms = self.recent.get(nth).map_or(period.from_ms, |kept| kept.at_ms);
        let calls = (u64::from(self.other.1), u64::from(self.other.1));
        self.other = (0, 0);
        let (from, to) = (Verdict::Failing, Verdict::Failing);
        Some(Change { target: self.name.clone(), from, to, since_ms, cause: Some(cause), calls })
    }

    /// What the calls show now.
    pub fn verdict(&self) -> Verdict {
        self.periods.last().map_or(Verdict::Unclear, |period| period.verdict)
    }

    /// The period that goes on.
    pub fn now(&self) -> Option<&Period> {
        self.periods.last()
    }

    /// The periods that are kept, oldest first.
    pub fn periods(&self) -> impl Iterator<Item = &Period> {
        self.periods.iter()
    }

    /// Periods that are not kept any more.
    pub const fn periods_dropped(&self) -> u64 {
        self.periods.dropped()
    }

    /// Calls, and how many of them failed.
    pub const fn counts(&self) -> (u64, u64) {
        (self.calls, self.failed)
    }

    /// The failure rate of all calls with Wilson's interval; for none that failed, what so many leave possible.
    pub fn rate(&self) -> Option<(f64, f64, f64)> {
        let (low, high) = match self.failed {
            0 => (0.0, clean_bound(self.calls, 0.95)),
            failed => wilson(failed, self.calls, 0.95),
        };
        (self.calls > 0).then(|| (self.failed as f64 / self.calls as f64, low, high))
    }

    /// The causes with the calls that each failed, most first.
    pub fn causes(&self) -> Vec<(&Cause, u64)> {
        let mut causes: Vec<(&Cause, u64)> =
            self.causes.iter().map(|(cause, calls)| (cause, *calls)).collect();
        causes.sort_by_key(|(_, calls)| std::cmp::Reverse(*calls));
        causes
    }

    /// A quantile of how long the last calls took that passed.
    pub fn total_ms(&self, q: f64) -> Option<f64> {
        self.quantile(q, |kept| kept.total_ms)
    }

    /// The same of when their first text came.
    pub fn first_ms(&self, q: f64) -> Option<f64> {
        self.quantile(q, |kept| kept.first_ms)
    }

    fn quantile(&self, q: f64, of: fn(&Kept) -> Option<f64>) -> Option<f64> {
        let times: Vec<f64> = self.recent.iter().filter_map(of).collect();
        quantile(&times, q)
    }

    /// The last so many calls: how long each took, and nothing for one that failed.
    pub fn strip(&self, most: usize) -> Vec<Option<f64>> {
        let skipped = self.recent.len().saturating_sub(most);
        let time = |kept: &Kept| match kept.cause {
            Some(_) => None,
            None => Some(kept.total_ms.unwrap_or(0.0)),
        };
        self.recent.iter().skip(skipped).map(time).collect()
    }

    /// Whether it failed in a period of its own at any time.
    pub fn has_failed(&self) -> bool {
        self.periods.iter().any(|period| period.verdict == Verdict::Failing)
    }

    /// How many values are kept, all in all.
    pub fn kept(&self) -> usize {
        self.recent.len() + self.periods.len() + self.causes.len()
    }
}

#[cfg(test)]
mod tests;

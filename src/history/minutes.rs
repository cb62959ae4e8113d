//! The minute before each refusal, beside minutes without any: what was sent in it, by whom, for what. Seconds wait
//! for late lines and are then done with, so that a log of any length takes the same room.

use std::collections::{BTreeMap, VecDeque};

use super::{kinds::Kind, latency::Sketch};

/// Lines may come so many seconds late.
const PATIENCE: i64 = 900;
/// What quotas count in.
const MINUTE: i64 = 60;
/// Instances are told apart up to so many.
pub(super) const MOST_INSTANCES: u32 = 63;

/// One call, as far as quotas care.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) second: i64,
    pub(super) tokens: Option<u64>,
    pub(super) kind: Option<Kind>,
    pub(super) is_retry: bool,
    pub(super) is_refused: bool,
    /// The number of its instance, where the log tells one.
    pub(super) instance: Option<u32>,
}

/// Calls, and the tokens of those that tell them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Load {
    pub(super) calls: u64,
    pub(super) tokens: u64,
    pub(super) with_tokens: u64,
}

/// What was sent in a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    all: Load,
    /// First attempts that are no part of a batch.
    plain: Load,
    batch: Load,
    online: u64,
    retries: u64,
    refused: u64,
    refused_online: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    second: i64,
    sums: Sums,
    /// A bit an instance that sent something again.
    retrying: u64,
}

/// Minutes of one sort.
#[derive(Debug, Default)]
pub(super) struct Minutes {
    pub(super) requests: Sketch,
    pub(super) tokens: Sketch,
    pub(super) plain_calls: Sketch,
    /// Tokens a call of those that are no retry and no batch.
    pub(super) plain_size: Sketch,
    pub(super) batch_calls: Sketch,
    pub(super) batch_tokens: Sketch,
    pub(super) instances_retrying: Sketch,
    pub(super) total: Load,
    pub(super) batch: Load,
    pub(super) online: u64,
    pub(super) retries: u64,
}

/// The minutes of one quota.
#[derive(Debug, Default)]
pub(super) struct Windows {
    waiting: BTreeMap<i64, Slot>,
    newest: i64,
    /// Seconds up to here are done with.
    done: Option<i64>,
    recent: VecDeque<Slot>,
    sums: Sums,
    last_quiet_minute: Option<i64>,
    /// The first second of all.
    began: Option<i64>,
    /// With refusals at their end.
    pub(super) before: Minutes,
    /// Without any.
    pub(super) quiet: Minutes,
    /// Minutes by the clock with calls, and those of them with refusals.
    pub(super) minutes: u64,
    pub(super) refused_minutes: u64,
    last_minute: Option<i64>,
    last_refused_minute: Option<i64>,
    pub(super) refused: u64,
    pub(super) refused_online: u64,
    pub(super) refused_with_tokens: u64,
    pub(super) late: u64,
}

impl Load {
    fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.tokens = self.tokens.saturating_add(other.tokens);
        self.with_tokens += other.with_tokens;
    }

    const fn take(&mut self, other: Self) {
        self.calls -= other.calls;
        self.tokens = self.tokens.saturating_sub(other.tokens);
        self.with_tokens -= other.with_tokens;
    }
}

impl Sums {
    fn of(sent: &Sent) -> Self {
        let load = Load {
            calls: 1,
            tokens: sent.tokens.unwrap_or(0),
            with_tokens: u64::from(sent.tokens.is_some()),
        };
        let is_batch = sent.kind == Some(Kind::Batch);
        let only = |condition: bool| if condition { load } else { Load::default() };
        Self {
            all: load,
            plain: only(!is_batch && !sent.is_retry),
            batch: only(is_batch && !sent.is_retry),
            online: u64::from(!is_batch),
            retries: u64::from(sent.is_retry),
            refused: u64::from(sent.is_refused),
            refused_online: u64::from(sent.is_refused && !is_batch),
        }
    }

    fn add(&mut self, other: &Self) {
        self.all.add(other.all);
        self.plain.add(other.plain);
        self.batch.add(other.batch);
        self.online += other.online;
        self.retries += other.retries;
        self.refused += other.refused;
        self.refused_online += other.refused_online;
    }

    const fn take(&mut self, other: &Self) {
        self.all.take(other.all);
        self.plain.take(other.plain);
        self.batch.take(other.batch);
        self.online -= other.online;
        self.retries -= other.retries;
        self.refused -= other.refused;
        self.refused_online -= other.refused_online;
    }
}

impl Minutes {
    fn add(&mut self, sums: &Sums, retrying: u64) {
        self.requests.add(sums.all.calls);
        self.plain_calls.add(sums.plain.calls);
        self.batch_calls.add(sums.batch.calls);
        self.instances_retrying.add(u64::from(retrying.count_ones()));
        if sums.all.with_tokens > 0 {
            self.tokens.add(sums.all.tokens);
            self.batch_tokens.add(sums.batch.tokens);
        }
        if let Some(size) = sums.plain.tokens.checked_div(sums.plain.with_tokens) {
            self.plain_size.add(size);
        }
        self.total.add(sums.all);
        self.batch.add(sums.batch);
        self.online += sums.online;
        self.retries += sums.retries;
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.requests.len()
    }
}

impl Windows {
    pub(super) fn add(&mut self, sent: &Sent) {
        self.refused += u64::from(sent.is_refused);
        self.refused_with_tokens += u64::from(sent.is_refused && sent.tokens.is_some());
        if self.done.is_some_and(|done| sent.second <= done) {
            self.late += 1;
            return;
        }
        let slot = self.waiting.entry(sent.second).or_default();
        slot.second = sent.second;
        slot.sums.add(&Sums::of(sent));
        if let Some(instance) = sent.instance.filter(|_| sent.is_retry) {
            slot.retrying |= 1 << instance.min(MOST_INSTANCES);
        }
        if sent.second > self.newest {
            self.newest = sent.second;
            self.pass_until(sent.second - PATIENCE);
        }
    }

    /// Nothing more will come.
    pub(super) fn finish(&mut self) {
        self.pass_until(i64::MAX);
    }

    fn pass_until(&mut self, second: i64) {
        while let Some(entry) = self.waiting.first_entry().filter(|entry| *entry.key() < second) {
            let slot = entry.remove();
            self.pass(slot);
        }
    }

    fn pass(&mut self, slot: Slot) {
        self.done = Some(slot.second);
        self.began.get_or_insert(slot.second);
        self.count_minute(&slot);
        while let Some(old) = self.recent.front().filter(|old| old.second <= slot.second - MINUTE) {
            self.sums.take(&old.sums);
            self.recent.pop_front();
        }
        self.sums.add(&slot.sums);
        self.recent.push_back(slot);
        self.judge(&slot);
    }

    fn count_minute(&mut self, slot: &Slot) {
        let minute = Some(slot.second.div_euclid(MINUTE));
        self.minutes += u64::from(self.last_minute != minute);
        self.last_minute = minute;
        if slot.sums.refused > 0 {
            self.refused_minutes += u64::from(self.last_refused_minute != minute);
            self.last_refused_minute = minute;
        }
    }

    fn judge(&mut self, slot: &Slot) {
        if slot.sums.refused > 0 {
            let retrying = self.recent.iter().fold(0, |all, slot| all | slot.retrying);
            self.before.add(&self.sums, retrying);
            self.refused_online += slot.sums.refused_online;
            return;
        }
        let minute = slot.second.div_euclid(MINUTE);
        let is_new = self.last_quiet_minute != Some(minute);
        let is_whole = self.began.is_some_and(|began| slot.second - began >= MINUTE - 1);
        if self.sums.refused == 0 && is_new && is_whole {
            self.last_quiet_minute = Some(minute);
            let retrying = self.recent.iter().fold(0, |all, slot| all | slot.retrying);
            self.quiet.add(&self.sums, retrying);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(second: i64, is_refused: bool) -> Sent {
        Sent { second, tokens: Some(10), kind: None, is_retry: false, is_refused, instance: None }
    }

    #[test]
    fn the_minute_before_a_refusal_holds_sixty_seconds() {
        let mut windows = Windows::default();
        // One call a second, two in the minute before the only refusal.
        for second in 0..600 {
            windows.add(&sent(second, second == 300));
            if (241..=300).contains(&second) {
                windows.add(&sent(second, false));
            }
        }
        windows.finish();
        assert_eq!((windows.before.count(), windows.before.requests.at(0.5)), (1, Some(120.0)));
        assert_eq!(windows.before.tokens.at(0.5), Some(1200.0));
        assert_eq!(windows.quiet.requests.at(0.25), Some(60.0));
    }

    #[test]
    fn lines_may_come_late_and_in_any_order_within_bounds() {
        let mut seconds: Vec<i64> = (0..3_000).collect();
        let mut random = fastrand::Rng::with_seed(1);
        for chunk in seconds.chunks_mut(300) {
            random.shuffle(chunk);
        }
        let (mut sorted, mut shuffled) = (Windows::default(), Windows::default());
        for second in 0..3_000 {
            sorted.add(&sent(second, second % 500 == 7));
        }
        for second in &seconds {
            shuffled.add(&sent(*second, *second % 500 == 7));
        }
        sorted.finish();
        shuffled.finish();
        assert_eq!(shuffled.late, 0);
        assert_eq!(shuffled.before.total, sorted.before.total);
        assert_eq!(shuffled.quiet.count(), sorted.quiet.count());
        assert!(shuffled.waiting.is_empty() && shuffled.recent.len() <= 60);
        shuffled.add(&sent(5, false));
        assert_eq!(shuffled.late, 1);
    }
}

//! How fast calls are made, and what a quota that passes makes of it. Waits; asks nothing.

use std::time::Duration;

use crate::{
    alias::{End, Why},
    facts::Clue,
};

use super::{super::Runner, plan::Probed};

/// A quota that asks for a longer pause than this is not waited for.
const LONGEST_PAUSE_MS: u64 = 120_000;
/// How often a passing quota is waited for.
const PAUSES: usize = 3;

/// How fast calls are made.
pub(super) struct Pace {
    interval: Option<Duration>,
    /// When the next call is due, in milliseconds.
    due_ms: f64,
    pauses: usize,
    /// The samples that were looked at for a quota.
    seen: usize,
}

impl Pace {
    pub(super) fn of(rate: Option<f64>) -> Self {
        let interval = rate.map(|rate| Duration::from_secs_f64(1.0 / rate));
        Self { interval, due_ms: 0.0, pauses: 0, seen: 0 }
    }

    /// Waits until so many calls are due together.
    pub(super) async fn wait(&mut self, lot: usize, runner: &Runner<'_>) {
        let Some(interval) = self.interval else { return };
        let now = runner.clock.elapsed_ms();
        if now < self.due_ms {
            runner.clock.wait(Duration::from_secs_f64((self.due_ms - now) / 1000.0)).await;
        }
        self.due_ms = self.due_ms.max(now) + interval.as_secs_f64() * 1000.0 * lot as f64;
    }

    /// After a quota that passes: the pause that the server asks for, and half the rate from then on.
    /// A reason to end where it does not pass.
    pub(super) async fn slow_down(
        &mut self,
        runner: &Runner<'_>,
        probed: &mut Probed,
    ) -> Option<Why> {
        let new = std::mem::replace(&mut self.seen, probed.samples.len());
        let refused = probed.samples[new..].iter().position(|it| it.end == End::Quota)?;
        if !probed.plan.course.waits_for_quota {
            return None;
        }
        self.pauses += 1;
        let asked = pause_of(probed.tried[new + refused].clues());
        let Some(pause) = asked.filter(|_| self.pauses <= PAUSES) else { return Some(Why::Quota) };
        self.interval = self.interval.map(|interval| interval * 2);
        let seconds = pause.as_secs();
        let news = format!(
            "the server throttles this rate: waited {seconds} s as it asked, and half as fast from there on"
        );
        runner.journal.tell(&news);
        probed.notes.push(news);
        runner.clock.wait(pause).await;
        None
    }
}

/// The pause that an answer asks for, where its quota passes soon.
fn pause_of(clues: &[Clue]) -> Option<Duration> {
    let lasts = clues.iter().any(|clue| match clue {
        Clue::LimitZero => true,
        Clue::QuotaId(id) => id.contains("PerDay"),
        _ => false,
    });
    let asked = clues.iter().find_map(|clue| match clue {
        Clue::RetryAfterMs(ms) => Some(*ms),
        _ => None,
    });
    let soon = asked.filter(|ms| !lasts && *ms <= LONGEST_PAUSE_MS)?;
    Some(Duration::from_secs(soon.div_ceil(1000)))
}

//! A step on the way to a token: sent to a host of its own over the same stack, recorded as any request is.
//! No line that is made here holds a secret, and nothing is sent twice.

use std::time::Duration;

use crate::{
    facts::{Attempt, Clue, Failure},
    gemini::{
        Call,
        credentials::{self, Granted, Step},
    },
    net::proxy::ProxyChoice,
    transport::{Answer, Outcome},
};

use super::{Fetch, Runner, failure_clues, scrub, scrubbed};

/// A metadata server is on the same machine, or there is none.
const NEAR: Duration = Duration::from_secs(3);

/// What came of a step.
#[derive(Clone, Debug)]
pub(in crate::probe) struct Errand {
    /// The attempt's id; `None` where nothing was sent.
    pub(in crate::probe) attempt: Option<String>,
    pub(in crate::probe) ended: Ended,
    /// It in one line.
    pub(in crate::probe) summary: String,
    /// What it tells, where it failed.
    pub(in crate::probe) clues: Vec<Clue>,
    pub(in crate::probe) took_ms: f64,
    /// By how many seconds the server's clock is ahead of this machine's, where it said.
    pub(in crate::probe) ahead_s: Option<i64>,
}

/// The four ends of a step.
#[derive(Clone, Debug)]
pub(in crate::probe) enum Ended {
    /// It brought what was asked for.
    Granted(Granted),
    /// Somebody said no.
    Refused,
    /// Nobody answered.
    Failed,
    /// It was not sent: the budget is used up.
    OutOfBudget,
}

impl Runner<'_> {
    /// The time by this machine, in seconds since 1970.
    pub(in crate::probe) fn now_s(&self) -> u64 {
        self.clock.started_unix_ms() / 1000 + self.clock.elapsed().as_secs()
    }

    /// Sends a step through its own proxy, or none.
    pub(in crate::probe) async fn run_errand(
        &mut self,
        step: &Step,
        proxy: &ProxyChoice,
    ) -> Errand {
        if let Some(reason) = self.out_of_budget(1) {
            return Errand::not_sent(reason);
        }
        let at_ms = self.clock.elapsed_ms();
        let mut attempt = self.blank_at(&step.url.endpoint, &Call::token(), at_ms);
        let fetched = self
            .fetch(Fetch {
                endpoint: &step.url.endpoint,
                proxy,
                request: step.request(),
                within: step.kind.is_metadata().then_some(NEAR),
            })
            .await;
        self.connections += u32::from(fetched.connected);
        fetched.measure(&mut attempt);
        let took_ms = self.clock.elapsed_ms() - at_ms;
        match fetched.exchange.outcome {
            Outcome::Failed(failure) => self.errand_failed(attempt, failure, took_ms),
            Outcome::Answered(answer) => self.errand_answered(step, attempt, answer, took_ms),
        }
    }

    fn errand_answered(
        &self,
        step: &Step,
        mut attempt: Attempt,
        mut answer: Answer,
        took_ms: f64,
    ) -> Errand {
        let ahead_s =
            credentials::date(&answer).map(|date| date.cast_signed() - self.now_s().cast_signed());
        attempt.status = Some(answer.status);
        let (ended, summary, clues) = match step.read(&answer) {
            Ok(granted) => {
                let lasts = granted.expires_s.map(|seconds| format!(", good for {seconds} s"));
                let summary = format!("{}{}", answer.status, lasts.unwrap_or_default());
                (Ended::Granted(granted), summary, Vec::new())
            }
            Err(_) => {
                // Servers echo what they were given; it is read again without.
                self.hidden.iter().for_each(|secret| scrub(secret, &mut answer));
                let refused = step.read(&answer).err();
                let (summary, mut clues) = refused
                    .map(|refused| (refused.summary, refused.clues))
                    .unwrap_or_else(|| (answer.status.to_string(), Vec::new()));
                clues.push(Clue::Host(step.url.endpoint.host_kind()));
                (Ended::Refused, summary, clues)
            }
        };
        attempt.summary.clone_from(&summary);
        let id = attempt.id.clone();
        self.journal.attempt(attempt);
        Errand { attempt: Some(id), ended, summary, clues, took_ms, ahead_s }
    }

    fn errand_failed(&self, mut attempt: Attempt, failure: Failure, took_ms: f64) -> Errand {
        let failure = self.hidden.iter().fold(failure, |failure, key| scrubbed(key, failure));
        attempt.summary = failure.detail.clone();
        attempt.failure = Some(failure.clone());
        let cut_short = self.ran_out_of_time(&failure);
        let id = attempt.id.clone();
        self.journal.attempt(attempt);
        let summary = failure.detail.clone();
        let clues = failure_clues(&failure, &[]);
        let ended = if cut_short { Ended::OutOfBudget } else { Ended::Failed };
        Errand { attempt: Some(id), ended, summary, clues, took_ms, ahead_s: None }
    }
}

impl Errand {
    fn not_sent(reason: String) -> Self {
        Self {
            attempt: None,
            ended: Ended::OutOfBudget,
            summary: reason,
            clues: Vec::new(),
            took_ms: 0.0,
            ahead_s: None,
        }
    }
}

//! Sends messages to a collector beside the looks, one at a time. One more may wait, which the next takes the place of:
//! its numbers are cumulative, and the calls of both are kept up to a bound. No look waits for a collector.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

use crate::{
    app::otlp::Collector,
    export::{Probed, otlp::Teller, series::Family},
};

/// How long the last message may take once the watch is over.
const LAST: Duration = Duration::from_secs(3);
/// The most calls that wait to be told of.
const MOST_CALLS: usize = 512;

/// How the numbers stood, and the calls since the message before.
pub(super) struct Message {
    pub(super) families: Vec<Family>,
    /// In seconds since 1970.
    pub(super) at_s: f64,
    pub(super) calls: Vec<Probed>,
}

/// Where messages are handed in.
pub(super) struct Post {
    desk: Arc<Mutex<Desk>>,
    is_idle: Arc<Notify>,
    courier: Arc<Courier>,
    random: fastrand::Rng,
}

/// What waits, and what came of what was sent.
#[derive(Default)]
struct Desk {
    waiting: Option<Message>,
    is_sending: bool,
    trouble: Option<String>,
}

/// Who sends them.
struct Courier {
    collector: Collector,
    teller: Teller,
}

impl Post {
    /// Nothing was handed in yet.
    pub(super) fn to(collector: Collector, teller: Teller, seed: u64) -> Self {
        Self {
            desk: Arc::default(),
            is_idle: Arc::default(),
            courier: Arc::new(Courier { collector, teller }),
            random: fastrand::Rng::with_seed(seed),
        }
    }

    /// Has it sent as soon as the one before has arrived, or is given up.
    pub(super) fn hand_in(&mut self, message: Message) {
        let mut desk = lock(&self.desk);
        desk.take_in(message);
        if std::mem::replace(&mut desk.is_sending, true) {
            return;
        }
        let (desk, is_idle) = (Arc::clone(&self.desk), Arc::clone(&self.is_idle));
        let (courier, random) = (Arc::clone(&self.courier), self.random.fork());
        drop(tokio::spawn(deliver(courier, desk, is_idle, random)));
    }

    /// What went wrong with the last message that was sent, in a sentence.
    pub(super) fn trouble(&self) -> Option<String> {
        lock(&self.desk).trouble.clone()
    }

    /// Waits until all has arrived, and not for long.
    pub(super) async fn finish(&self) {
        let sent = async {
            while lock(&self.desk).is_sending {
                self.is_idle.notified().await;
            }
        };
        if tokio::time::timeout(LAST, sent).await.is_err() {
            let url = self.courier.collector.url();
            let why = format!("the last message to the collector {url} did not arrive in time");
            lock(&self.desk).trouble = Some(why);
        }
    }
}

impl Desk {
    /// The newest calls are kept, where there are too many.
    fn take_in(&mut self, mut message: Message) {
        let before = self.waiting.take().map(|waiting| waiting.calls).unwrap_or_default();
        message.calls.splice(0..0, before);
        let most = message.calls.len().saturating_sub(MOST_CALLS);
        message.calls.drain(..most);
        self.waiting = Some(message);
    }

    fn next(&mut self) -> Option<Message> {
        let next = self.waiting.take();
        self.is_sending = next.is_some();
        next
    }
}

async fn deliver(
    courier: Arc<Courier>,
    desk: Arc<Mutex<Desk>>,
    is_idle: Arc<Notify>,
    mut random: fastrand::Rng,
) {
    loop {
        let next = lock(&desk).next();
        let Some(message) = next else { return is_idle.notify_one() };
        let told = courier.send(&message, &mut random).await;
        lock(&desk).trouble = told.err();
    }
}

impl Courier {
    async fn send(&self, message: &Message, random: &mut fastrand::Rng) -> Result<(), String> {
        let Message { families, at_s, calls } = message;
        let numbers = self.collector.tell(&self.teller, families, *at_s).await;
        let calls = self.collector.tell_calls(&self.teller, calls, random).await;
        numbers.and(calls)
    }
}

fn lock(desk: &Mutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        export::Outcome,
        facts::{Method, Phases},
    };

    fn message(at_s: f64, calls: usize) -> Message {
        let call = Probed {
            at_s,
            method: Method::Stream,
            model: "m".to_owned(),
            host: "h".to_owned(),
            port: 443,
            api: "gemini",
            outcome: Outcome::Answered,
            status: Some(200),
            failure: None,
            took_ms: None,
            phases: Phases::default(),
            dialled: Vec::new(),
            input_tokens: None,
            output_tokens: None,
            served_by: None,
            response_id: None,
        };
        Message { families: Vec::new(), at_s, calls: vec![call; calls] }
    }

    #[test]
    fn one_message_waits_with_the_newest_calls_of_those_it_took_the_place_of() {
        let mut desk = Desk::default();
        (0_u32..4).for_each(|nth| desk.take_in(message(f64::from(nth), 200)));
        let next = desk.next().expect("one waits");
        assert_eq!((next.at_s, next.calls.len(), desk.is_sending), (3.0, MOST_CALLS, true));
        let newest = next.calls.iter().filter(|call| call.at_s >= 3.0).count();
        assert_eq!(newest, 200, "the oldest calls go");
        assert!(desk.next().is_none() && !desk.is_sending);
    }
}

//! What a run has seen so far. Shared with whoever drives the probe, so that a run that is stopped
//! half-way still tells all of it.

use std::{cell::RefCell, rc::Rc};

use crate::{
    facts::{Attempt, Check, Method, Sample, check::Observation},
    secret::ApiKey,
};

/// A handle on the record of a run.
#[derive(Clone, Default)]
pub struct Journal {
    record: Rc<RefCell<Record>>,
    /// Where checks go that are somebody's own, and none of the run's.
    aside: Option<Rc<RefCell<Vec<Observation>>>>,
}

/// One thing that just happened.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// A request ended.
    Attempt(&'a Attempt),
    /// A call of a benchmark was timed.
    Sample(&'a Sample),
    /// A check has its result.
    Check(&'a Check),
    /// Something that is worth knowing before the end.
    News(&'a str),
    /// Something that nothing may show, which came on the way.
    Secret(&'a ApiKey),
}

type Listener = Box<dyn FnMut(Step<'_>)>;

#[derive(Default)]
struct Record {
    attempts: Vec<Attempt>,
    /// The request that is on its way.
    begun: Option<Attempt>,
    samples: Vec<Sample>,
    /// What was sent beside the attempts. Kept as a sum, because a run can have very many samples.
    beside: Spent,
    observations: Vec<Observation>,
    listener: Option<Listener>,
    /// Requests of runs before this one, whose ids must not come again.
    before: usize,
}

/// What calls came to that are no attempts of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Requests that were sent.
    pub requests: u64,
    /// Those among them that can be charged for.
    pub paid: u64,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
}

impl Journal {
    /// The same record of requests with checks of its own, which begin with these.
    pub fn aside(&self, rows: Vec<Observation>) -> Self {
        Self { record: Rc::clone(&self.record), aside: Some(Rc::new(RefCell::new(rows))) }
    }

    /// Has every step told to a listener from now on.
    pub fn listen(&self, listener: impl FnMut(Step<'_>) + 'static) {
        self.record.borrow_mut().listener = Some(Box::new(listener));
    }

    /// Remembers a request that is on its way, so that a run that is stopped has it too.
    pub fn begin(&self, attempt: Attempt) {
        self.record.borrow_mut().begun = Some(attempt);
    }

    /// Records the request that was on its way when the run was stopped.
    pub fn stop(&self) {
        let begun = self.record.borrow_mut().begun.take();
        if let Some(attempt) = begun {
            self.attempt(attempt);
        }
    }

    /// Records a request.
    pub fn attempt(&self, attempt: Attempt) {
        let mut record = self.record.borrow_mut();
        record.begun = None;
        if let Some(listener) = &mut record.listener {
            listener(Step::Attempt(&attempt));
        }
        record.attempts.push(attempt);
    }

    /// Records a timed call. What it cost is told apart from it: see [`Journal::spend`].
    pub fn sample(&self, sample: Sample) {
        let mut record = self.record.borrow_mut();
        if let Some(listener) = &mut record.listener {
            listener(Step::Sample(&sample));
        }
        record.samples.push(sample);
    }

    /// Counts what was sent beside the attempts.
    pub fn spend(&self, spent: Spent) {
        let beside = &mut self.record.borrow_mut().beside;
        beside.requests += spent.requests;
        beside.paid += spent.paid;
        beside.input_tokens += spent.input_tokens;
        beside.output_tokens += spent.output_tokens;
    }

    /// Looks at the timed calls so far.
    pub fn with_samples<T>(&self, look: impl FnOnce(&[Sample]) -> T) -> T {
        look(&self.record.borrow().samples)
    }

    /// Gives the timed calls away, at the end of a run.
    pub fn take_samples(&self) -> Vec<Sample> {
        std::mem::take(&mut self.record.borrow_mut().samples)
    }

    /// Tells something before the end. It is no part of the record.
    pub fn tell(&self, news: &str) {
        if let Some(listener) = &mut self.record.borrow_mut().listener {
            listener(Step::News(news));
        }
    }

    /// Has nothing show this from now on. It is no part of the record.
    pub fn hide(&self, secret: &ApiKey) {
        if let Some(listener) = &mut self.record.borrow_mut().listener {
            listener(Step::Secret(secret));
        }
    }

    /// A request by its id.
    pub fn find(&self, id: &str) -> Option<Attempt> {
        self.record.borrow().attempts.iter().rev().find(|attempt| attempt.id == id).cloned()
    }

    /// Records a check.
    pub fn observe(&self, observation: Observation) {
        if let Some(aside) = &self.aside {
            return aside.borrow_mut().push(observation);
        }
        let mut record = self.record.borrow_mut();
        if let Some(listener) = &mut record.listener {
            listener(Step::Check(&observation.check));
        }
        record.observations.push(observation);
    }

    /// The id of the next request: `a01`, `a02`, ….
    pub fn next_id(&self) -> String {
        let record = self.record.borrow();
        format!("a{:02}", record.before + record.attempts.len() + 1)
    }

    /// Has ids follow those of so many requests of before.
    pub fn number_after(&self, requests: usize) {
        self.record.borrow_mut().before = requests;
    }

    /// How many ids were given.
    pub fn numbered(&self) -> usize {
        let record = self.record.borrow();
        record.before + record.attempts.len()
    }

    /// How many requests were sent: tries that got no connection do not count.
    pub fn requests(&self) -> u64 {
        self.count(|_| true) + self.record.borrow().beside.requests
    }

    /// How many of them can be charged for.
    pub fn paid_requests(&self) -> u64 {
        self.count(|attempt| attempt.method.is_some_and(Method::is_paid))
            + self.record.borrow().beside.paid
    }

    /// Tokens sent and received, as far as answers said.
    pub fn tokens(&self) -> (u64, u64) {
        let record = self.record.borrow();
        let sum = |read: fn(&Attempt) -> Option<u64>| {
            record.attempts.iter().filter_map(read).sum::<u64>()
        };
        let beside = record.beside;
        (
            sum(|attempt| attempt.input_tokens) + beside.input_tokens,
            sum(|attempt| attempt.output_tokens) + beside.output_tokens,
        )
    }

    /// Every request so far.
    pub fn attempts(&self) -> Vec<Attempt> {
        self.record.borrow().attempts.clone()
    }

    /// Every check so far.
    pub fn observations(&self) -> Vec<Observation> {
        if let Some(aside) = &self.aside {
            return aside.borrow().clone();
        }
        self.record.borrow().observations.clone()
    }

    fn count(&self, wanted: impl Fn(&Attempt) -> bool) -> u64 {
        let record = self.record.borrow();
        let sent = |attempt: &&Attempt| attempt.http.is_some() && wanted(attempt);
        record.attempts.iter().filter(sent).count() as u64
    }
}

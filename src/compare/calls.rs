//! Calls of one side: how each ended and how long it took, by round.

use std::collections::BTreeMap;

/// The calls of one kind, in the order of their rounds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calls {
    /// Each call.
    pub outcomes: Vec<Outcome>,
    /// The first round of a second set, which was made to see whether a difference comes again.
    pub again_from: Option<u32>,
}

/// One call.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Its round, from 1. Calls of one round belong together.
    pub round: u32,
    /// How it ended.
    pub end: End,
    /// How long it took.
    pub ms: f64,
    /// The tokens of the answer, thinking included.
    pub tokens: Option<u64>,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// With what was asked for.
    Answered,
    /// Otherwise, in a few words: `429 RESOURCE_EXHAUSTED`.
    Failed(String),
}

impl Calls {
    /// All of them.
    pub fn count(&self) -> u64 {
        self.outcomes.len() as u64
    }

    /// Both sets, where there are two.
    pub(super) fn sets(&self) -> Option<[Self; 2]> {
        let again = self.again_from?;
        let part = |of: fn(u32, u32) -> bool| Self {
            outcomes: self.outcomes.iter().filter(|one| of(one.round, again)).cloned().collect(),
            again_from: None,
        };
        Some([part(|round, again| round < again), part(|round, again| round >= again)])
    }

    /// The earlier half of the rounds, and the later one.
    pub(super) fn halves(&self) -> [Self; 2] {
        let (first, last) = self.outcomes.split_at(self.outcomes.len() / 2);
        [first, last].map(|part| Self { outcomes: part.to_vec(), again_from: None })
    }

    /// Those that failed.
    pub fn failed(&self) -> u64 {
        self.outcomes.iter().filter(|outcome| outcome.end != End::Answered).count() as u64
    }

    /// How often each kind of failure came.
    pub fn failures(&self) -> BTreeMap<&str, u64> {
        let mut kinds = BTreeMap::new();
        for outcome in &self.outcomes {
            if let End::Failed(kind) = &outcome.end {
                *kinds.entry(kind.as_str()).or_default() += 1;
            }
        }
        kinds
    }

    /// `3 of 60 failed: 429 RESOURCE_EXHAUSTED twice, 503 once`.
    pub fn words(&self) -> String {
        let kinds = self.failures().into_iter().map(|(kind, count)| match count {
            1 => format!("{kind} once"),
            2 => format!("{kind} twice"),
            count => format!("{kind} {count} times"),
        });
        let kinds: Vec<String> = kinds.collect();
        let kinds =
            if kinds.is_empty() { String::new() } else { format!(": {}", kinds.join(", ")) };
        format!("{} of {} failed{kinds}", self.failed(), self.count())
    }

    /// The answered ones by round: a figure of each.
    pub(super) fn answered(&self, figure: impl Fn(&Outcome) -> Option<f64>) -> BTreeMap<u32, f64> {
        let good = self.outcomes.iter().filter(|outcome| outcome.end == End::Answered);
        good.filter_map(|outcome| Some((outcome.round, figure(outcome)?))).collect()
    }
}

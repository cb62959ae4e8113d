//! What one side showed: facts as texts, each time that it was looked at, its list of models, its calls.

use std::collections::BTreeMap;

use super::{Calls, Topic};

/// All that one side showed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// The host that was named, so that addresses of one name are compared and those of two are not.
    pub host: String,
    /// What each topic was, in the order of the looks.
    pub facts: BTreeMap<Topic, Vec<String>>,
    /// The list of models, in the order of the looks.
    pub lists: Vec<Vec<Listed>>,
    /// Free calls, made in rounds.
    pub free: Calls,
    /// Answers that were generated, in rounds of their own.
    pub paid: Calls,
}

/// A model in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// What is said of it: version, limits, methods. Empty where a list holds names alone.
    pub entry: String,
}

impl Seen {
    /// Notes what a topic was in one look.
    pub fn note(&mut self, topic: Topic, what: impl Into<String>) {
        self.facts.entry(topic).or_default().push(what.into());
    }

    /// What a topic was, if it was the same in each look.
    pub fn steady(&self, topic: Topic) -> Option<&str> {
        let (first, rest) = self.facts.get(&topic)?.split_first()?;
        rest.iter().all(|other| other == first).then_some(first)
    }

    /// The topics that changed from look to look.
    pub fn unsteady(&self) -> impl Iterator<Item = Topic> {
        self.facts.keys().copied().filter(|topic| self.steady(*topic).is_none())
    }

    /// The list of models, if it was the same in each look.
    pub fn list(&self) -> Option<&[Listed]> {
        let (first, rest) = self.lists.split_first()?;
        rest.iter().all(|other| other == first).then_some(first)
    }

    /// Whether anything was seen at all.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.lists.is_empty()
    }
}

//! What one side showed: facts as texts, each time that it was looked at, its list of models, its calls.

use std::collections::BTreeMap;

use crate::facts::Api;

use super::{Calls, Topic};

/// In which form a side is asked and answers, which decides what it has a way to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// The Developer API's own.
    #[default]
    Developer,
    /// The cloud platform's, with a login.
    Cloud,
    /// The cloud platform's, with a key alone.
    Express,
    /// That of OpenAI's API.
    OpenAi,
}

/// Each form with the word of its API.
const FORMS: [(Form, &str); 4] = [
    (Form::Developer, "gemini"),
    (Form::Cloud, "vertex"),
    (Form::Express, "express"),
    (Form::OpenAi, "openai"),
];

impl Form {
    /// That of a way to the models.
    pub const fn of(api: &Api) -> Self {
        match api {
            Api::Gemini => Self::Developer,
            Api::Vertex { .. } => Self::Cloud,
            Api::Express => Self::Express,
            Api::OpenAi => Self::OpenAi,
        }
    }

    /// That of the word of an API.
    pub fn of_word(word: &str) -> Option<Self> {
        FORMS.iter().find(|(_, known)| *known == word).map(|(form, _)| *form)
    }

    /// The word of its API.
    pub fn word(self) -> &'static str {
        FORMS.iter().find(|(form, _)| *form == self).map_or("", |(_, word)| word)
    }

    /// Whether tokens can be counted without an answer.
    pub const fn counts(self) -> bool {
        !matches!(self, Self::OpenAi)
    }

    /// Whether there is a list of models, and an entry of each.
    pub const fn lists(self) -> bool {
        !matches!(self, Self::Express)
    }
}

/// All that one side showed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// The host that was named, so that addresses of one name are compared and those of two are not.
    pub host: String,
    /// In which form it was asked.
    pub form: Form,
    /// In which form its list came, which need not be the same.
    pub list_form: Form,
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

//! What a rule is: a constant that says what it looks for, what the API answers, and why; with bodies that break it and bodies
//! that nearly do. It must not look at bodies itself.

use crate::facts::Severity;

use super::Kind;

/// One thing that is looked for in a body.
#[derive(Debug)]
pub struct Rule {
    /// Permanent id, in words.
    pub id: &'static str,
    /// What is wrong where it is broken, in one short sentence without its final stop.
    pub title: &'static str,
    /// Whether the API refuses the body (error), acts differently than meant or is about to refuse it (warning), or something is
    /// worth knowing (note).
    pub severity: Severity,
    /// The id of the known fix for the API's answer; none where it does not refuse.
    pub fix: Option<&'static str>,
    /// What the API answers, in the words by which it is known; empty where it does not refuse.
    pub answer: &'static str,
    /// Why that is so, in one or two sentences.
    pub why: &'static str,
    /// Where it is documented.
    pub docs: &'static [&'static str],
    /// The day it was last checked.
    pub as_of: &'static str,
    /// Bodies that break it.
    pub bad: &'static [Example],
    /// Bodies that nearly break it, and do not.
    pub good: &'static [Example],
}

/// In place of an answer: that the API refuses it is documented or was seen, and in which words is not on record.
pub const UNQUOTED: &str = "refused, the message is not known here";

/// A body that shows a rule.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// What kind of body it is.
    pub kind: Kind,
    /// The model that it is for.
    pub model: &'static str,
    /// The body.
    pub body: &'static str,
    /// Where the rule finds something; of a body that nearly breaks it nothing.
    pub at: &'static str,
}

/// A body of generateContent in which the rule finds something at a path.
pub(super) const fn bad(model: &'static str, body: &'static str, at: &'static str) -> Example {
    Example { kind: Kind::Generate, model, body, at }
}

/// A body of generateContent in which it finds nothing.
pub(super) const fn good(model: &'static str, body: &'static str) -> Example {
    Example { kind: Kind::Generate, model, body, at: "" }
}

impl Example {
    /// The same as another kind of body.
    pub(super) const fn of(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }
}

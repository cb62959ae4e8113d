//! The body of a request, read for what its tokens are spent on.
//!
//! Pure. It names what it cannot read and goes on; it must not say what a body should look like to be accepted.

mod chat;
mod count;
mod fields;
mod gemini;
mod media;
mod messages;
mod names;
mod overhead;
mod schema;
mod sendable;
mod shape;
mod tally;

use std::fmt;

pub use media::Resolution;
pub use names::{OddName, odd_names};
pub use overhead::{Api, OverheadRule, overhead_of};
pub use shape::Shape;
pub use tally::{Asked, Kind, Line, Place, Tally};

use media::Medium;

/// A request body, taken apart.
#[derive(Clone, Debug)]
pub struct Body {
    /// Which form it has.
    pub shape: Shape,
    /// The model that it names.
    pub model: Option<String>,
    /// What was odd, with its place; the rest is counted all the same.
    pub notes: Vec<Note>,
    /// What was odd as well, and is not listed.
    pub more_notes: u64,
    /// The most output that it asks for.
    pub max_output: Option<u64>,
    /// The tokens of thinking that it grants; -1 leaves them to the model.
    pub thinking_budget: Option<i64>,
    /// The cache that it builds on, whose tokens count as well and are not known here.
    pub cached_content: Option<String>,
    contents: Vec<Content>,
    system: Option<Content>,
    tools: Vec<Piece>,
    schemas: Vec<Piece>,
    resolution: Option<Resolution>,
}

/// Something odd in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its place, as `contents[0].parts[1]`.
    pub path: String,
    /// What is odd.
    pub text: String,
}

/// Why nothing could be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Its place; `$` is the whole body.
    pub path: String,
    /// What stands there.
    pub found: String,
    /// What could be read there.
    pub expected: String,
    /// Line and column, where the text is no JSON.
    pub at: Option<(usize, usize)>,
}

/// How much a number may be relied on; the weakest of a sum is that of the sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// What the service counts.
    Exact,
    /// By a rule or a vocabulary that was not seen to be the service's.
    Estimate,
    /// At least so much: something in it is not counted.
    LowerBound,
}

/// One turn.
#[derive(Clone, Debug)]
struct Content {
    path: String,
    from_model: bool,
    pieces: Vec<Piece>,
}

/// The least that gets a line of its own.
#[derive(Clone, Debug)]
struct Piece {
    path: String,
    label: String,
    kind: Kind,
    what: What,
    /// The best that can be said of its number.
    certainty: Certainty,
    note: Option<String>,
}

/// What there is to count.
#[derive(Clone, Debug)]
enum What {
    /// Strings, each cut into tokens by itself.
    Strings(Vec<String>),
    Medium(Medium),
    /// Nothing that a vocabulary could count.
    Nothing,
}

impl Body {
    /// Reads a body; trouble only where there is nothing to count in it.
    pub fn read(text: &str) -> Result<Self, Trouble> {
        let value = serde_json::from_str(text).map_err(|error| Trouble::no_json(text, &error))?;
        shape::read(value)
    }

    /// The same text as a body that `generateContent` takes; trouble where it is for another API.
    pub fn sendable(text: &str) -> Result<serde_json::Value, Trouble> {
        let value = serde_json::from_str(text).map_err(|error| Trouble::no_json(text, &error))?;
        sendable::sendable(value)
    }

    fn empty(shape: Shape) -> Self {
        Self {
            shape,
            model: None,
            notes: Vec::new(),
            more_notes: 0,
            max_output: None,
            thinking_budget: None,
            cached_content: None,
            contents: Vec::new(),
            system: None,
            tools: Vec::new(),
            schemas: Vec::new(),
            resolution: None,
        }
    }
}

impl Trouble {
    fn new(path: &str, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { path: path.to_owned(), found: found.into(), expected: expected.into(), at: None }
    }

    fn no_json(text: &str, error: &serde_json::Error) -> Self {
        let found = match (text.trim().is_empty(), error.is_eof()) {
            (true, _) => "nothing".to_owned(),
            (false, true) => "JSON that ends too early".to_owned(),
            (false, false) => format!("no JSON ({})", without_place(&error.to_string())),
        };
        let at = Some((error.line(), error.column()));
        Self { path: "$".to_owned(), found, expected: shape::EXPECTED.to_owned(), at }
    }
}

/// The message of the parser without the line and column at its end, which are kept apart.
fn without_place(message: &str) -> &str {
    message.split(" at line ").next().unwrap_or(message)
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some((line, column)) => write!(formatter, "line {line}, column {column}: ")?,
            None if self.path == "$" => {}
            None => write!(formatter, "{}: ", self.path)?,
        }
        write!(formatter, "found {}, expected {}", self.found, self.expected)
    }
}

impl Certainty {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Estimate => "estimate",
            Self::LowerBound => "lower bound",
        }
    }
}

impl Piece {
    fn strings(path: String, label: impl Into<String>, kind: Kind, strings: Vec<String>) -> Self {
        let what = What::Strings(strings);
        Self { path, label: label.into(), kind, what, certainty: Certainty::Exact, note: None }
    }

    /// A part that is named and not counted.
    fn uncounted(
        path: String,
        label: impl Into<String>,
        kind: Kind,
        note: impl Into<String>,
    ) -> Self {
        Self {
            path,
            label: label.into(),
            kind,
            what: What::Nothing,
            certainty: Certainty::LowerBound,
            note: Some(note.into()),
        }
    }

    fn at_best(mut self, certainty: Certainty, note: impl Into<String>) -> Self {
        self.certainty = self.certainty.max(certainty);
        self.note.get_or_insert(note.into());
        self
    }
}

#[cfg(test)]
mod tests;

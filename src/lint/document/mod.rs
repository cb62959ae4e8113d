//! JSON as it stands in a file: a flat tree whose values know their places, also of a text that is no JSON
//! everywhere. It must not know what a request looks like.

mod faults;
mod lines;
mod read;
#[cfg(test)]
mod tests;
mod value;

use std::ops::Range;

pub use faults::{Fault, FaultKind};
pub use lines::{Line, Lines};
pub(crate) use value::push_name;
pub use value::{Form, Value};

/// A text and the values in it.
#[derive(Debug)]
pub struct Document<'t> {
    text: &'t str,
    nodes: Vec<Node>,
    faults: Vec<Fault>,
    /// Faults beyond those that are kept.
    more_faults: usize,
    end: End,
}

/// How far a text was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// To its end.
    Whole,
    /// It ends within a value, so that what is missing may have stood behind it.
    CutOff,
    /// It has more values than are kept.
    TooMany,
}

/// A value: where it stands, and what comes after it. What it is tells its first letter, so that nothing more is kept of it.
#[derive(Clone, Copy, Debug)]
struct Node {
    start: u32,
    end: u32,
    /// The next value of the same parent; 0 is none, since nothing comes before the first.
    next: u32,
    /// Where its name begins; that of an item is its own beginning.
    key: u32,
}

/// The most text of which places are kept.
pub const MOST_BYTES: usize = u32::MAX as usize - 1;

impl<'t> Document<'t> {
    /// The text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The outermost value; none in a text without any.
    pub fn root(&self) -> Option<Value<'_>> {
        (!self.nodes.is_empty()).then_some(Value { document: self, at: 0 })
    }

    /// What is no JSON in it, in the order in which it stands there.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// How many faults were found beyond those that are kept.
    pub fn more_faults(&self) -> usize {
        self.more_faults
    }

    /// How far it was read.
    pub fn end(&self) -> End {
        self.end
    }

    /// How many values it has.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The path to the value that stands at an offset, or to the innermost one round it: `contents[0].parts[1].text`, and `$` for the whole.
    pub fn path_at(&self, offset: usize) -> String {
        let mut path = String::new();
        let mut at = self.root();
        while let Some(value) = at {
            at = value.child_at(offset, &mut path);
        }
        if path.is_empty() { "$".to_owned() } else { path }
    }
}

/// A piece of the text.
pub type Span = Range<usize>;

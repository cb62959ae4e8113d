//! How a simulated model reads a prompt: what of it reaches the model, and what the model remembers.
//!
//! Pure data. `api` goes by it.

/// How a prompt is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// From the front to the end.
    #[default]
    Whole,
    /// What is beyond so many tokens is dropped without a word.
    Shortened {
        /// The tokens that are left.
        to: u32,
        /// Where the rest was.
        from: Dropped,
        /// A request that has a list of tools, even an empty one, is read as a whole.
        unless_tools: bool,
    },
    /// All of it is counted, and the model recalls nothing that stands in the middle of it.
    Forgetful,
    /// All of it is counted, and the model forgets one thing in four, by the thing's own text.
    Distracted,
    /// Longer ones than this many tokens end in an error of the server's own.
    FailsAbove(u32),
}

/// The part of a prompt that is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    Head,
    Middle,
    Tail,
}

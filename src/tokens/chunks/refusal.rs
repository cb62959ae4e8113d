//! Why no plan can be made.

use std::{error::Error, fmt};

/// Why a text cannot be cut as asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Chunks of no tokens.
    NoRoom,
    /// What is repeated would leave no room for anything new.
    OverlapTooLarge {
        /// The tokens that were to be repeated.
        overlap: u64,
        /// The most tokens of a chunk.
        cap: u64,
    },
    /// What a reader takes for one character has more tokens than a chunk may have.
    GraphemeTooLarge {
        /// Its line; the first is 1.
        line: u64,
        /// Which character (code point) of its line it begins with; the first is 1.
        column: u64,
        /// The bytes before it.
        offset: usize,
        /// Its tokens.
        tokens: u64,
        /// The most tokens of a chunk.
        cap: u64,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRoom => write!(out, "a chunk must have room for at least 1 token"),
            Self::OverlapTooLarge { overlap, cap } => {
                write!(out, "an overlap of {overlap} tokens must be smaller than the cap of {cap}")
            }
            Self::GraphemeTooLarge { line, column, tokens, cap, .. } => write!(
                out,
                "the character at line {line}, column {column} alone has {tokens} tokens, and the cap is {cap}"
            ),
        }
    }
}

impl Error for Refusal {}

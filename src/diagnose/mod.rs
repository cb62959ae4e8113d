//! From clues to findings: reading text, matching known fixes, ranking, and ruling out.
//!
//! Pure, and the same for live runs and pasted errors.

pub mod finding;
pub mod matcher;
mod outcome_words;
mod python_literal;
pub mod read;
mod transport_words;
mod web_page;

pub use finding::Finding;

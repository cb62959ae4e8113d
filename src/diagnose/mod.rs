//! From clues to findings: reading text, matching known fixes, ranking, and ruling out.
//!
//! Pure, and the same for live runs and pasted errors.

pub mod finding;
pub mod matcher;
pub mod read;
mod transport_words;

pub use finding::Finding;

//! From clues to findings: reading text, matching known fixes, ranking, and ruling out.
//!
//! Pure, and the same for live runs and pasted errors.

#[cfg(test)]
pub(crate) mod evidence_tests;
pub mod excerpt;
mod exclude;
pub mod field_path;
pub mod finding;
pub mod judge;
pub mod matcher;
mod outcome_words;
pub mod pasted;
mod python_literal;
pub mod quota;
pub mod read;
pub mod stamp;
pub mod trail;
mod transport_words;
mod web_page;

pub use finding::Finding;
pub use judge::{Shell, judge, judge_counted};

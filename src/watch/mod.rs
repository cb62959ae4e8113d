//! Probes over time: when the next one is due, what the calls so far show, when that changed, and whom to tell.
//! Pure but for `listen`: it takes in what was seen and when, and neither asks, waits nor writes by itself.

pub mod alert;
pub mod board;
pub mod family;
pub mod gap;
pub mod listen;
pub mod ring;
pub mod rotation;
pub mod schedule;
pub mod seen;
pub mod span;
pub mod told;
pub mod track;

pub use seen::{Judged, Note, Watched};
pub use track::{Cause, Change, Kind, Period, Seen, Track, Verdict};

//! What we are told while a command runs, and how it is handed on. Nothing here ends this process.

#[cfg(not(unix))]
mod console;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(super) use console::{Signal, end_group, ends_by_default, hand_on, lead_a_group, listen};
#[cfg(unix)]
pub(super) use unix::{Signal, end_group, ends_by_default, hand_on, lead_a_group, listen};

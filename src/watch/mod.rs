//! Probes over time: when the next one is due, what the calls so far show, when that changed, and whom to tell.

pub mod listen;

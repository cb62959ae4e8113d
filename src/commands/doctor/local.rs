//! The local stage of `doctor`: what this machine shows before anything is sent. Opens no socket and needs no key.

use crate::{
    facts::check::Observation,
    settings::{Settings, World},
};

/// The checks of this stage beside the key's own, in their order: permanent ids that begin with `local.`.
pub const CHECKS: &[&str] = &[];

/// What there is to say of this machine. The rows come before all others, also before the key's.
pub fn rows(_settings: &Settings, _world: &World) -> Vec<Observation> {
    Vec::new()
}

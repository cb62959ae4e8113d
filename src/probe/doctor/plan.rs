//! What `doctor` asks, and what it can cost at most.

use crate::facts::{Clue, LocalFact, Method, Status, check::Observation};

use super::{
    super::{
        alias,
        key::{self, KeyPlan},
        models,
    },
    checks::Wanted,
};

/// How far it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Looks {
    /// Free calls only, side by side, within a few seconds.
    Quick,
    /// Free calls only.
    Free,
    /// A short look at the alias too.
    Usual,
    /// A tool, a structured answer and a longer stream too.
    Deep,
}

/// What to look at.
#[derive(Clone, Debug)]
pub struct DoctorPlan {
    /// How far it goes.
    pub looks: Looks,
    /// Which checks it asks.
    pub wanted: Wanted,
}

impl DoctorPlan {
    /// Whether a check is asked at this depth.
    pub fn asks(&self, id: &str) -> bool {
        self.wanted.asks(id) && (self.looks >= Looks::Usual || id != "api.alias")
    }

    /// The rows of the key that need no network. A key that is not there is no fault where nobody is asked.
    pub fn key_rows(&self, key: &KeyPlan) -> Vec<Observation> {
        let (mut rows, _) = key::local_rows(key);
        rows.retain(|row| self.asks(&row.check.id));
        if key.source.origin.is_none() && !self.wanted.needs_network() {
            rows.iter_mut().for_each(content_without_key);
        }
        rows
    }

    /// The calls beside the key's stages at most.
    pub fn calls(&self) -> Vec<(Method, u32)> {
        if !self.asks("api.alias") {
            return Vec::new();
        }
        vec![(Method::List, models::MOST_PAGES), (Method::Generate, alias::MOST_CALLS)]
    }
}

/// The row of a key that is not there, where none is needed.
fn content_without_key(row: &mut Observation) {
    let only_missing = |clue: &Clue| matches!(clue, Clue::Local(LocalFact::NoKey));
    row.evidence.retain(|one| !one.clues.iter().all(only_missing));
    let status = if row.evidence.is_empty() { Status::Pass } else { Status::Warn };
    row.check.status = status;
    row.check.detail = format!("none is needed for this; {}", row.check.detail);
}

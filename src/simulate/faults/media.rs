//! Media, files and caches that the API refuses.

use super::super::scenario::Scenario;

pub(in super::super) const ALL: &[Scenario] = &[];

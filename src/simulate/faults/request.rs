//! What a well-sent request holds that the API refuses: its shape, its tools, its thinking settings.

use super::super::scenario::Scenario;

pub(in super::super) const ALL: &[Scenario] = &[];

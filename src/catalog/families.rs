//! The families of known fixes; each is one file with one slice.

use super::KnownFix;

/// Every family with its fixes.
pub(super) const ALL: &[(&str, &[&KnownFix])] = &[];

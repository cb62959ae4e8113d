//! Known fixes of the family `connect`.

use crate::catalog::KnownFix;

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[];

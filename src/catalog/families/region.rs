//! Known fixes of the family `region`.

use crate::catalog::KnownFix;

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[];

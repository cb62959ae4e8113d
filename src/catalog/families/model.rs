//! Known fixes of the family `model`.

use crate::catalog::KnownFix;

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[];

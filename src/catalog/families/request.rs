//! Known fixes of the family `request`.

use crate::catalog::KnownFix;

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[];

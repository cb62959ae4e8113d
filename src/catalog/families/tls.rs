//! Known fixes of the family `tls`.

use crate::catalog::KnownFix;

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[];

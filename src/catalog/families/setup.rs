//! Known fixes for credentials and variables of the machine, as client libraries complain about them.

use crate::catalog::KnownFix;

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[];

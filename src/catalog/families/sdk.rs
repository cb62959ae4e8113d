//! Known fixes for what client libraries say before or in the place of any answer.

use crate::catalog::KnownFix;

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[];

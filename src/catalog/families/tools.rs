//! Known fixes for what the API refuses about tools, functions and schemas.

use crate::catalog::KnownFix;

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[];

//! Requests for counts.

use crate::lint::{finding::Findings, request::Request, rule::Rule};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[];

/// Looks at a body.
pub(super) fn look(whole: &Request<'_>, found: &mut Findings) {
    let _ = (whole, found);
}

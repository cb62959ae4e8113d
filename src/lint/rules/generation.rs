//! Settings of an answer: sampling, limits, candidates, form.

use crate::lint::{finding::Findings, request::Request, rule::Rule};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[];

/// Looks at a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings) {
    let _ = (request, found);
}

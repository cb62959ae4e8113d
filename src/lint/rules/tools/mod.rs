//! Tools: names of functions, which tools go together, and what is said about their use.

use crate::lint::{finding::Findings, request::Request, rule::Rule};

mod calling;
mod functions;
mod kinds;

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[
    &functions::NAME_MISSING,
    &functions::NAME_INVALID,
    &functions::NAME_TOO_LONG,
    &functions::NAME_LONG,
    &functions::DECLARED_TWICE,
    &functions::UNDESCRIBED,
    &functions::TWO_PARAMETERS,
    &functions::TOO_MANY,
    &functions::MANY,
    &functions::LIVE_ONLY,
    &kinds::EMPTY,
    &kinds::MIXED,
    &kinds::MIXED_SINCE_3,
    &kinds::MIXED_ON_CLOUD,
    &kinds::SEVERAL,
    &kinds::SEVERAL_ON_CLOUD,
    &kinds::CODE_DOUBTFUL,
    &kinds::RENAMED,
    &kinds::UNSUPPORTED,
    &calling::NAMES_WITHOUT_ANY,
    &calling::NAME_NOT_DECLARED,
    &calling::WITHOUT_FUNCTIONS,
    &calling::WITHOUT_TOOLS,
];

const FUNCTION_PAGE: &str = "https://ai.google.dev/gemini-api/docs/function-calling";
const COMBINATION_PAGE: &str = "https://ai.google.dev/gemini-api/docs/tool-combination";
const SEARCH_PAGE: &str = "https://ai.google.dev/gemini-api/docs/google-search";
const FLASH: &str = "gemini-3.8-flash";
const OLDER: &str = "gemini-2.5-flash";

/// Looks at a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    kinds::look(request, found);
    functions::look(request, found);
    calling::look(request, found);
}

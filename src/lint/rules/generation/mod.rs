//! How the answer is to be made: sampling, lengths, candidates, forms and kinds of answers.

use crate::lint::{
    document::{Form, Value},
    finding::Findings,
    kind::field,
    request::Request,
    rule::Rule,
};

/// A `generationConfig` in a request.
macro_rules! settings {
    ($config:expr) => {
        request!(concat!(r#""generationConfig": {"#, $config, "}"))
    };
}

mod answer;
mod pictures;
mod sampling;

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[
    &sampling::OUT_OF_RANGE,
    &sampling::TOP_K_LARGE,
    &sampling::IGNORED,
    &sampling::PENALTY_REFUSED,
    &sampling::PENALTY_DOUBTFUL,
    &sampling::CANDIDATES,
    &sampling::CANDIDATES_REFUSED,
    &sampling::CANDIDATES_NEEDLESS,
    &sampling::OUTPUT_OUT_OF_RANGE,
    &sampling::OUTPUT_SHORT,
    &sampling::STOPS_TOO_MANY,
    &sampling::STOP_EMPTY,
    &sampling::LOGPROBS_ALONE,
    &answer::MIME_UNKNOWN,
    &answer::SCHEMA_WITHOUT_MIME,
    &answer::TWO_SCHEMAS,
    &answer::JSON_WITH_TOOLS,
    &answer::ENUM_WITHOUT_SCHEMA,
    &pictures::MODALITY,
    &pictures::SPEECH_WITHOUT_AUDIO,
    &pictures::RATIO,
    &pictures::SIZE,
    &pictures::IMAGE_CONFIG_ELSEWHERE,
];

const API_PAGE: &str = "https://ai.google.dev/api/generate-content";
const NEWEST_PAGE: &str = "https://ai.google.dev/gemini-api/docs/generate-content/latest-model";
const FLASH: &str = "gemini-3.8-flash";
const OLDER: &str = "gemini-2.5-flash";

/// Looks at a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    let Some(config) = request.field("generationConfig") else { return };
    if config.kind() != Form::Object {
        return;
    }
    sampling::look(request, config, found);
    answer::look(request, config, found);
    pictures::look(request, config, found);
}

/// The number of a setting, in either form in which it may be written.
fn number<'d>(config: Value<'d>, name: &str) -> Option<(Value<'d>, f64)> {
    let value = field(config, name)?;
    Some((value, value.number_in_any_form()?))
}

//! The settings of an answer: how many, how long, how it is drawn, and of which form it is.
//!
//! Thinking is judged in `thinking.rs`, schemas in `schema.rs`.

use serde_json::Value;

use super::super::error::ApiError;
use super::super::members::{field, list, number, text};
use super::kinds::Place;
use super::request::{Lines, Request};

/// The most texts at which an answer can be told to stop.
const MOST_STOPS: usize = 5;

const RATIOS: &[&str] = &[
    "1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9", "1:4", "4:1", "1:8", "8:1", "4:5",
    "5:4",
];

const SIZES: &[&str] = &["512", "1K", "2K", "4K"];

const FORMS: &[&str] = &["text/plain", "application/json", "text/x.enum"];

/// Settings whose refusals name the field.
pub(super) fn fields(request: &Request<'_>, lines: &mut Lines) {
    let config = request.config();
    let mut tell = |name: &str, fault: String| {
        lines.push((format!("generation_config.{name}"), fault));
    };
    let stops = list(config, "stopSequences").len();
    if stops > MOST_STOPS {
        tell("stop_sequences", format!("at most {MOST_STOPS} stop sequences are allowed"));
    }
    let logprobs = number(config, "logprobs");
    if logprobs.is_some_and(|count| !(0.0..=20.0).contains(&count)) {
        tell("logprobs", "logprobs must be in the range [0, 20]".into());
    }
    if logprobs.is_some() && !is_set(config, "responseLogprobs") {
        tell("logprobs", "response_logprobs must be true where logprobs is set".into());
    }
    let form = text(config, "responseMimeType");
    if !form.is_empty() && !FORMS.contains(&form) {
        let fault = "allowed mimetypes are `text/plain`, `application/json`, `application/xml`, \
                     `application/yaml` and `text/x.enum`.";
        tell("response_mime_type", fault.into());
    }
    picture(config, tell);
}

fn picture(config: &Value, mut tell: impl FnMut(&str, String)) {
    let Some(image) = field(config, "imageConfig") else { return };
    for (member, name, known) in
        [("aspectRatio", "aspect_ratio", RATIOS), ("imageSize", "image_size", SIZES)]
    {
        let value = text(image, member);
        if !value.is_empty() && !known.contains(&value) {
            let known = known.join(", ");
            tell(&format!("image_config.{name}"), format!("must be one of {known}"));
        }
    }
}

/// How many answers: one from Gemini 3 on, up to eight before.
pub(super) fn candidates(request: &Request<'_>) -> Result<(), ApiError> {
    match number(request.config(), "candidateCount") {
        Some(count) if count > 1.0 && request.is_3_or_later() => {
            Err(ApiError::invalid("Multiple candidates is not enabled for this model"))
        }
        Some(count) if !(1.0..=8.0).contains(&count) => Err(ApiError::invalid(format!(
            "* {}.generation_config.candidate_count: candidate_count must be between 1 and 8, but \
             was {count}\n",
            request.message
        ))),
        _ => Ok(()),
    }
}

/// How long an answer is. Of a limit below one the service says nothing.
pub(super) fn length(request: &Request<'_>) -> Result<(), ApiError> {
    let limit = f64::from(request.model.output());
    match number(request.config(), "maxOutputTokens") {
        Some(asked) if asked < 1.0 => Err(ApiError::bare()),
        Some(asked) if asked > limit => Err(out_of_range(
            "maxOutputTokens",
            asked,
            &format!("from 1 (inclusive) to {} (exclusive)", limit + 1.0),
        )),
        _ => Ok(()),
    }
}

/// How an answer is drawn. From 3.6 on nobody looks at it.
pub(super) fn sampling(request: &Request<'_>) -> Result<(), ApiError> {
    let config = request.config();
    if request.is_3_6_or_later() {
        return Ok(());
    }
    let judged = |name: &str, fits: fn(f64) -> bool, range: &str| match number(config, name) {
        Some(value) if !fits(value) => Err(out_of_range(name, value, range)),
        _ => Ok(()),
    };
    judged(
        "temperature",
        |value| (0.0..=2.0).contains(&value),
        "from 0.0 (inclusive) to 2.0 (inclusive)",
    )?;
    judged("topP", |value| value > 0.0 && value <= 1.0, "from 0 (exclusive) to 1 (inclusive)")?;
    judged("topK", |value| value >= 1.0, "from 1 (inclusive)")
}

fn out_of_range(name: &str, value: f64, range: &str) -> ApiError {
    ApiError::invalid(format!(
        "Unable to submit request because it has a {name} value of {value} but the supported range \
         is {range}. Update the value and try again."
    ))
}

/// Penalties: none from Gemini 3 on, from -2 to below 2 before.
pub(super) fn penalties(request: &Request<'_>) -> Result<(), ApiError> {
    for name in ["presencePenalty", "frequencyPenalty"] {
        match number(request.config(), name) {
            Some(value) if value != 0.0 && request.is_3_or_later() => {
                return Err(ApiError::invalid("Penalty is not enabled for this model"));
            }
            Some(value) if !(-2.0..2.0).contains(&value) => {
                return Err(out_of_range(name, value, "from -2 (inclusive) to 2 (exclusive)"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// A schema needs an answer in a form that can have one, and there is one schema. The first version
/// of the API has no field for the form.
pub(super) fn schema_and_form(request: &Request<'_>) -> Result<(), ApiError> {
    let config = request.config();
    let has = |name: &str| field(config, name).is_some();
    if has("responseSchema") && has("responseJsonSchema") {
        return Err(ApiError::invalid(
            "response_schema and response_json_schema must not be set together.",
        ));
    }
    let is_plain = ["", "text/plain"].contains(&text(config, "responseMimeType"));
    match (has("responseSchema") || has("responseJsonSchema")) && is_plain {
        true if request.place != Place::V1 => Err(ApiError::invalid(
            "Function calling config or response schema with a response mime type: 'text/plain' is \
             unsupported",
        )),
        _ => Ok(()),
    }
}

fn is_set(config: &Value, name: &str) -> bool {
    field(config, name).is_some_and(|flag| flag == true || flag == "true")
}

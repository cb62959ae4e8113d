//! The simulator's own judge of request bodies: what it refuses, and in which words, as Google's API
//! would.
//!
//! Pure, and written from what is published and recorded of the API; it shares nothing with the
//! client, so that the two cannot agree by accident. A body is judged in three steps, and each hides
//! the next: whether it is JSON; whether every name and type in it is one of the API's (all faults
//! together, with their paths); and what its fields say, by the table [`CHECKS`]. Where the words of a
//! refusal are not on record, the simulator has its own, in the API's form.

mod budget;
mod calls;
mod embed;
mod generation;
mod kinds;
mod media;
mod messages;
mod names;
mod openai;
mod read;
mod request;
mod safety;
mod schema;
#[cfg(test)]
mod tests;
mod thinking;
mod tools;
mod tree;
mod turns;
mod words;

use serde_json::Value;

use super::super::strict::Strict;
use super::error::ApiError;
use super::members::{field, text};
use super::models::Model;

use self::kinds::Message;
pub(super) use self::kinds::Place;
use self::request::{Lines, Look, Request};

/// The most bytes of a body.
const LARGEST: usize = 20_971_520;

/// One check of what a request says.
struct Check {
    /// Whether counting the tokens of a request shows the fault as well.
    counts: bool,
    look: Look,
}

const fn everywhere(look: fn(&Request<'_>, &mut Lines)) -> Check {
    Check { counts: true, look: Look::Fields(look) }
}

const fn when_generating(look: fn(&Request<'_>) -> Result<(), ApiError>) -> Check {
    Check { counts: false, look: Look::Sentence(look) }
}

/// Settings of an answer, which a count has no use for.
const fn fields_when_generating(look: fn(&Request<'_>, &mut Lines)) -> Check {
    Check { counts: false, look: Look::Fields(look) }
}

/// Every check, in the order in which faults are told.
///
/// What is told with the path of a field belongs to the request's own definition, and counting its
/// tokens shows it, too, as it shows every wrong name and type. What is told in a sentence belongs to
/// the model and to generating, and a count never gets there: thinking, the number of answers, JSON
/// together with tools, the order of turns.
const CHECKS: &[Check] = &[
    everywhere(turns::contents),
    everywhere(turns::instruction),
    everywhere(calls::names),
    everywhere(tools::names),
    everywhere(tools::allowed),
    everywhere(schema::shapes),
    everywhere(safety::categories),
    everywhere(media::fields),
    fields_when_generating(generation::fields),
    fields_when_generating(thinking::fields),
    when_generating(turns::roles),
    when_generating(turns::instruction_is_taken),
    when_generating(safety::cache),
    when_generating(tools::twice),
    when_generating(tools::renamed),
    when_generating(tools::code),
    when_generating(tools::together),
    when_generating(tools::with_json),
    when_generating(generation::schema_and_form),
    when_generating(schema::choices),
    when_generating(schema::depth),
    when_generating(budget::states),
    when_generating(generation::candidates),
    when_generating(generation::penalties),
    when_generating(generation::length),
    when_generating(generation::sampling),
    when_generating(thinking::steering),
    when_generating(thinking::told),
    when_generating(media::types),
    when_generating(media::filled),
    when_generating(media::addresses),
    when_generating(media::resolution),
    when_generating(turns::ending),
    when_generating(calls::order),
    when_generating(calls::pairs),
    when_generating(calls::signatures),
];

/// A method of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// `generateContent` and its streaming twin.
    Generate,
    /// `countTokens`.
    Count,
    /// `embedContent`.
    Embed,
    /// `batchEmbedContents`.
    BatchEmbed,
}

impl Method {
    /// The method of that name, if the simulator has it.
    pub(super) fn of(name: &str) -> Option<Self> {
        match name {
            "generateContent" | "streamGenerateContent" => Some(Self::Generate),
            "countTokens" => Some(Self::Count),
            "embedContent" => Some(Self::Embed),
            "batchEmbedContents" => Some(Self::BatchEmbed),
            _ => None,
        }
    }

    fn message(self, place: Place) -> &'static Message {
        match (self, place) {
            (Self::Generate, _) => &messages::GENERATE,
            (Self::Count, Place::Cloud) => &messages::COUNT_ON_CLOUD,
            (Self::Count, _) => &messages::COUNT,
            (Self::Embed, _) => &messages::EMBED,
            (Self::BatchEmbed, _) => &messages::BATCH,
        }
    }
}

/// The body of a native call, where it is good; its refusal, where it is not.
pub(super) fn native(
    body: &[u8],
    model: &Model,
    place: Place,
    method: Method,
    strict: Strict,
) -> Result<Value, ApiError> {
    let judged = read(body, method.message(place), place).and_then(|body| {
        match method {
            Method::Generate => generating(&body, model, place, strict)?,
            Method::Count => counting(&body, model, place, strict)?,
            Method::Embed | Method::BatchEmbed => embedding(&body, model, method)?,
        }
        Ok(body)
    });
    judged.map_err(|error| told(error, strict))
}

/// The body of a chat completion in OpenAI's form.
pub(super) fn chat(body: &[u8], strict: Strict) -> Result<Value, ApiError> {
    let judged =
        read(body, &openai::CHAT, Place::Beta).and_then(|body| openai::check(&body).map(|()| body));
    judged.map_err(|error| told(error, strict))
}

/// What a chat completion asks of a model, in the native form.
pub(super) fn translated(body: &Value, model: &Model, strict: Strict) -> Result<(), ApiError> {
    generating(body, model, Place::Beta, strict).map_err(|error| told(error, strict))
}

/// A refusal as a service of that kind tells it.
fn told(error: ApiError, strict: Strict) -> ApiError {
    if strict.bare { ApiError::bare() } else { error }
}

fn read(body: &[u8], message: &Message, place: Place) -> Result<Value, ApiError> {
    if body.len() > LARGEST {
        return Err(ApiError::too_large(LARGEST));
    }
    let found = names::check(&read::tree(body)?, message, place);
    if found.is_empty() { read::value(body) } else { Err(ApiError::violations(&found)) }
}

fn generating(body: &Value, model: &Model, place: Place, strict: Strict) -> Result<(), ApiError> {
    let message = "GenerateContentRequest";
    let request = Request { body, model, place, message, states: strict.states };
    checked(&request, |_| true)
}

/// A count has the turns alone, or a whole request.
fn counting(body: &Value, model: &Model, place: Place, strict: Strict) -> Result<(), ApiError> {
    let inner = field(body, "generateContentRequest");
    if let Some(inner) = inner {
        wrapped(body, inner, model)?;
    }
    let message = match inner {
        Some(_) => "CountTokensRequest.generate_content_request",
        None => "CountTokensRequest",
    };
    let body = inner.unwrap_or(body);
    let request = Request { body, model, place, message, states: strict.states };
    checked(&request, |check| check.counts)
}

fn wrapped(body: &Value, inner: &Value, model: &Model) -> Result<(), ApiError> {
    let refuse = |path: &str, fault: &str| {
        let text = format!("* CountTokensRequest.{path}: {fault}\n");
        Err(ApiError::invalid(text))
    };
    if field(body, "contents").is_some() {
        return refuse("contents", "contents must not be set beside generate_content_request");
    }
    let path = "generate_content_request.model";
    match text(inner, "model") {
        "" => refuse(path, "model is not specified"),
        name if name == format!("models/{}", model.id) => Ok(()),
        _ => refuse(path, "model must be the same as in the outer request"),
    }
}

fn embedding(body: &Value, model: &Model, method: Method) -> Result<(), ApiError> {
    let mut lines = Lines::new();
    match method {
        Method::BatchEmbed => embed::batch(body, model, &mut lines),
        _ => embed::single(body, "", &mut lines),
    }
    by_field(method.message(Place::Beta).name, &lines)
}

fn checked(request: &Request<'_>, is_due: impl Fn(&Check) -> bool) -> Result<(), ApiError> {
    let mut lines = Lines::new();
    let due = || CHECKS.iter().filter(|check| is_due(check));
    for check in due() {
        if let Look::Fields(look) = check.look {
            look(request, &mut lines);
        }
    }
    by_field(request.message, &lines)?;
    due().try_for_each(|check| match check.look {
        Look::Sentence(look) => look(request),
        Look::Fields(_) => Ok(()),
    })
}

/// All that is wrong with fields, a line each.
fn by_field(message: &str, lines: &Lines) -> Result<(), ApiError> {
    if lines.is_empty() {
        return Ok(());
    }
    let told = lines.iter().map(|(path, fault)| format!("* {message}.{path}: {fault}\n"));
    Err(ApiError::invalid(told.collect::<String>()))
}

//! The honest Gemini: who may call, which path is what, and the answers as the real one words them.
//!
//! Strict where the real one is strict. It decides nothing about faults; it only carries them out.

mod cloud;
mod error;
mod generate;
mod members;
mod models;
mod open_schema;
mod openai;
mod prompt;
mod recall;
mod sample;
mod tokens;
mod validate;

use serde_json::{Value, json};

use self::error::ApiError;
use self::models::Model;
use self::validate::{Method, Place};
use super::call::{Call, Operation};
use super::fault::{Act, Bend, Build, Canned, JSON, Manner};
use super::front;
use super::reply::{Payload, Reply};
use super::scenario::{Front, Scenario};
use super::strict::Strict;

/// The answer of a Gemini that works, with at most one thing bent in it.
pub(super) fn honest(
    call: &Call,
    scenario: &Scenario,
    bend: &Bend,
    build: Option<&Build>,
) -> Reply {
    if call.cloud.is_some() {
        return cloud::answer(call, scenario, bend, build);
    }
    if let Some(front) = scenario.front {
        return behind(front, call, scenario, bend, build);
    }
    if call.host.contains("aiplatform") {
        return Reply::page_not_found(&call.path);
    }
    match &call.target.operation {
        Operation::Unknown | Operation::Chat => Reply::page_not_found(&call.path),
        Operation::OpenAi(path) => open_ai(call, scenario, path, bend, build),
        operation => native(call, scenario, operation, bend, build)
            .unwrap_or_else(|error| Reply::json(error.code, &error.body())),
    }
}

/// The same behind somebody who stands in front.
fn behind(
    front: Front,
    call: &Call,
    scenario: &Scenario,
    bend: &Bend,
    build: Option<&Build>,
) -> Reply {
    if let Some(reply) = front::of_its_own(front, call) {
        return reply;
    }
    let translates = front == Front::Translating;
    let is_known = || call.credentials.first().is_some_and(|(key, _)| scenario.keys.contains(&key));
    if translates && !is_known() {
        return front::stranger(call);
    }
    let answer = match &call.target.operation {
        _ if translates && front::is_list(call) => Ok(Reply::json(200, &openai::list())),
        Operation::Get(id) if translates => match models::find(id) {
            Some(model) => Ok(Reply::json(200, &model.describe_for_open_ai())),
            None => return front::unknown_entry(id),
        },
        Operation::Chat if translates => openai::chat(call, scenario.strict, bend, build),
        Operation::Unknown | Operation::Chat => return Reply::page_not_found(&call.path),
        Operation::OpenAi(path) => {
            return front::passed_on(front, open_ai(call, scenario, path, bend, build));
        }
        operation => native(call, scenario, operation, bend, build),
    };
    match answer {
        Ok(reply) => front::passed_on(front, reply),
        Err(error) => front::refusal(front, error.code, &error.body(), call),
    }
}

/// Carries out a fault that is an answer; none for those that leave the client without one.
pub(super) fn faulty(
    call: &Call,
    scenario: &Scenario,
    act: &Act,
    build: Option<&Build>,
) -> Option<Reply> {
    match act {
        Act::Answer(canned) => Some(ready_made(canned, call, scenario.front)),
        Act::Bend(bend) => Some(honest(call, scenario, bend, build)),
        Act::Cut(canned, announced) => Some(cut(canned, *announced, call)),
        Act::Endless(bytes) => Some(raw_json(Payload::endless(*bytes))),
        Act::Nested(depth) => {
            Some(raw_json(Payload::whole("[".repeat(*depth) + &"]".repeat(*depth))))
        }
        Act::After(..)
        | Act::BySize { .. }
        | Act::Hang
        | Act::Disconnect
        | Act::Reset
        | Act::ResetStream(_) => None,
    }
}

/// Whether the simulator lists a model.
pub(super) fn lists(model: &str) -> bool {
    models::find(model).is_some()
}

fn raw_json(body: Payload) -> Reply {
    Reply::plain(200, vec![("content-type", JSON.to_owned())], body)
}

/// A stream of events that are made already.
fn reply_of_stream(pieces: Vec<String>, bend: &Bend) -> Reply {
    Reply::google(200, "text/event-stream", generate::paced(pieces, bend))
}

/// The answer to a request body beyond the limit.
pub(super) fn too_large(limit: usize) -> Reply {
    Reply::json(400, &ApiError::too_large(limit).body())
}

/// The status and the body with which a call with this body would be refused; none where it is good.
/// The model is named without `models/`, the version is one of the Developer API's, or `vertex`; the
/// method is a model's, or `chat/completions` for a body in OpenAI's form.
pub(super) fn refusal(
    body: &str,
    model: &str,
    version: &str,
    method: &str,
    strict: Strict,
) -> Option<(u16, Value)> {
    let judged = match method {
        "chat/completions" => openai::judged(body.as_bytes(), model, strict).map(|_| ()),
        method => judged(body.as_bytes(), model, version, method, strict).map(|_| ()),
    };
    judged.err().map(|error| (error.code, error.body()))
}

/// The model and the body of a native call that is good.
fn judged(
    body: &[u8],
    id: &str,
    version: &str,
    method: &str,
    strict: Strict,
) -> Result<(&'static Model, Value), ApiError> {
    let place = if version == "vertex" { Place::Cloud } else { Place::of(version) };
    let known = Method::of(method);
    if !is_model_name(id) {
        let text = "* GenerateContentRequest.model: unexpected model name format\n";
        return Err(ApiError::invalid(text));
    }
    let found = models::find(id).filter(|model| model.offers(method));
    let (Some(model), Some(known)) = (found, known) else {
        return Err(unknown(version, id, method));
    };
    let body = validate::native(body, model, place, known, strict)?;
    Ok((model, body))
}

/// Whether a model could have that name.
fn is_model_name(id: &str) -> bool {
    !id.contains("..")
        && !id.contains(|letter: char| letter.is_whitespace() || "?&".contains(letter))
}

/// A ready-made answer; on a stream of events a good one becomes the only event.
fn ready_made(canned: &Canned, call: &Call, front: Option<Front>) -> Reply {
    let body = filled(canned, call);
    let is_event = canned.status == 200 && canned.google && call.wants_events();
    let is_error = canned.status >= 400 && canned.google;
    let in_array = matches!(call.target.operation, Operation::OpenAi(_));
    match (serde_json::from_str::<Value>(&body), front) {
        (Ok(value), Some(front)) if is_error => front::refusal(front, canned.status, &value, call),
        (Ok(value), None) if is_error && in_array => {
            let mut reply = Reply::json(canned.status, &json!([value]));
            let headers = canned.headers.iter().map(|(name, value)| (*name, (*value).to_owned()));
            reply.headers.extend(headers);
            reply
        }
        (Ok(value), _) if is_event => generate::event(&value),
        _ => Reply::canned(canned, body),
    }
}

fn cut(canned: &Canned, announced: u64, call: &Call) -> Reply {
    let mut reply = Reply::canned(canned, String::new());
    reply.headers.push(("content-length", announced.to_string()));
    reply.body = Payload::cut_off(filled(canned, call));
    reply
}

fn filled(canned: &Canned, call: &Call) -> String {
    let key = call.credentials.first().map_or("", |(key, _)| key);
    // The key goes into a JSON string: what would end that string is left out.
    let key: String = key.chars().filter(|c| !matches!(c, '"' | '\\') && !c.is_control()).collect();
    let operation = &call.target.operation;
    canned
        .body
        .replace("%KEY%", &key)
        .replace("%MODEL%", call.model().unwrap_or("unknown"))
        .replace("%METHOD%", operation.method().unwrap_or("generateContent"))
        .replace("%VERSION%", call.target.version)
}

fn native(
    call: &Call,
    scenario: &Scenario,
    operation: &Operation,
    bend: &Bend,
    build: Option<&Build>,
) -> Result<Reply, ApiError> {
    admit(call, scenario)?;
    query(call, operation)?;
    match operation {
        Operation::Get(id) => {
            let model = models::find(id)
                .ok_or_else(|| unknown(call.target.version, id, "generateContent"))?;
            Ok(Reply::json(200, &model.describe()))
        }
        Operation::Method { model, method } => run(call, scenario, model, method, bend, build),
        _ => {
            let page = models::page(call, scenario.page_cap, bend)?;
            Ok(Reply::json(200, &page))
        }
    }
}

/// Refuses parameters in the query that the method does not have.
fn query(call: &Call, operation: &Operation) -> Result<(), ApiError> {
    let known = ["key", "alt", "$alt", "prettyPrint", "fields", "access_token", "quotaUser"];
    let of_list = ["pageSize", "pageToken", "page_size", "page_token"];
    let fits = |name: &&str| {
        known.contains(name) || (*operation == Operation::List && of_list.contains(name))
    };
    match call.query_names().find(|name| !fits(name)) {
        None => Ok(()),
        Some(name) => Err(ApiError::invalid(format!(
            "Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query parameter. \
             Field '{name}' could not be found in request message."
        ))),
    }
}

fn run(
    call: &Call,
    scenario: &Scenario,
    id: &str,
    method: &str,
    bend: &Bend,
    build: Option<&Build>,
) -> Result<Reply, ApiError> {
    let Some(known) = Method::of(method) else { return Ok(Reply::page_not_found(&call.path)) };
    let version = if call.cloud.is_some() { "vertex" } else { call.target.version };
    let (model, body) = judged(&call.body, id, version, method, scenario.strict)?;
    match known {
        Method::Count => Ok(ok(&tokens::count(&body))),
        Method::Embed => Ok(ok(&tokens::embed(&body))),
        Method::BatchEmbed => Ok(ok(&tokens::embed_all(&body))),
        Method::Generate => {
            present(call, id, method, build)?;
            let version = bend.version.or(build.and_then(Build::version));
            let prompt = prompt::read(&body, model, bend.reading)?;
            Ok(generate::answer(call, &body, &prompt, model, &Bend { version, ..*bend }))
        }
    }
}

fn ok(value: &Value) -> Reply {
    Reply::json(200, value)
}

/// A build that was taken away answers as in the bug reports: with a name nobody asked for, or as
/// if there were no such model at all.
fn present(call: &Call, id: &str, method: &str, build: Option<&Build>) -> Result<(), ApiError> {
    let Some(build) = build else { return Ok(()) };
    match build.manner {
        Manner::Works { .. } | Manner::Acts(_) => Ok(()),
        Manner::Missing => {
            Err(ApiError::not_found(format!("Model not found: models/{}", build.name)))
        }
        Manner::Unknown => Err(unknown(call.target.version, id, method)),
    }
}

fn unknown(version: &str, id: &str, method: &str) -> ApiError {
    ApiError::not_found(format!(
        "models/{id} is not found for API version {version}, or is not supported for {method}. \
         Call ListModels to see the list of available models and their supported methods."
    ))
}

/// Lets a native call in if it bears one good key in the right place.
fn admit(call: &Call, scenario: &Scenario) -> Result<(), ApiError> {
    let credentials = &call.credentials;
    let key = match (&credentials.header, &credentials.query, &credentials.bearer) {
        (Some(_), _, Some(_)) | (_, Some(_), Some(_)) => return Err(ApiError::two_credentials()),
        (Some(one), Some(other), None) if one != other => return Err(ApiError::two_credentials()),
        (Some(key), _, None) | (None, Some(key), None) => key,
        (None, None, Some(_)) => return Err(ApiError::bearer(call.target.operation.method())),
        (None, None, None) => return Err(ApiError::no_key()),
    };
    match scenario.keys.contains(&key.as_str()) {
        true => Ok(()),
        false => Err(ApiError::key_invalid()),
    }
}

/// The OpenAI-compatible corner: a key as Bearer, errors in an array, no body where no route is.
fn open_ai(
    call: &Call,
    scenario: &Scenario,
    path: &str,
    bend: &Bend,
    build: Option<&Build>,
) -> Reply {
    if call.method == "POST" && path == "chat/completions" {
        let answer = admit_open_ai(call, scenario)
            .and_then(|()| openai::chat(call, scenario.strict, bend, build));
        return answer.unwrap_or_else(|error| Reply::json(error.code, &json!([error.body()])));
    }
    let model = path.strip_prefix("models/").map(models::find);
    let answer: Value = match (call.method.as_str(), path, model) {
        ("GET", "models", _) => openai::list(),
        ("GET", _, Some(Some(model))) => model.describe_for_open_ai(),
        _ => return Reply::empty(404),
    };
    match admit_open_ai(call, scenario) {
        Ok(()) => Reply::json(200, &answer),
        Err(error) => Reply::json(error.code, &json!([error.body()])),
    }
}

fn admit_open_ai(call: &Call, scenario: &Scenario) -> Result<(), ApiError> {
    let credentials = &call.credentials;
    if credentials.bearer.is_some() && (credentials.header.is_some() || credentials.query.is_some())
    {
        return Err(ApiError::two_credentials());
    }
    match credentials.first() {
        None => Err(ApiError::missing_bearer()),
        Some((key, _)) if scenario.keys.contains(&key) => Ok(()),
        Some(_) => Err(ApiError::key_invalid()),
    }
}

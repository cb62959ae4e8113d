//! The files that `doctor` is given: a request's body and a schema, read and taken for what they are.

use std::path::Path;

use serde_json::{Value, json};

use crate::{
    error::UserError,
    facts::{self, error_body},
    probe::doctor::{request::GivenRequest, structured::StructuredPlan},
    settings::{World, read_text},
    tokens::{
        Counter, Vocabulary,
        body::{Api, Asked, Body, Certainty},
    },
};

/// Far beyond any body that the API takes.
const MOST_OF_REQUEST: u64 = 128 * 1024 * 1024;
/// Far beyond any schema.
const MOST_OF_SCHEMA: u64 = 1024 * 1024;

/// Answers that are asked for where nobody says how many.
const SAMPLES: u32 = 5;
/// More than a look needs.
const MOST_SAMPLES: u32 = 1000;

/// A request's body, with its tokens as they are counted here.
pub(super) fn request(
    path: &Path,
    model: Option<&str>,
    world: &World,
) -> Result<GivenRequest, UserError> {
    let text = read("--request", path, MOST_OF_REQUEST, world)?;
    let name = path.display().to_string();
    let refuse = |place: &str, found: &str| {
        UserError::usage(
            format!("could not take {name} as a request: {found} at {place}"),
            "give a body of generateContent as JSON, as it is sent",
        )
    };
    let body = Body::sendable(&text).map_err(|why| refuse(&why.path, &why.found))?;
    let offline = Body::read(&text).ok().map(|body| {
        let mut counter = Counter::new(&Vocabulary::gemma3());
        let asked = Asked { model: model.unwrap_or_default(), api: Api::Developer, doubt: None };
        let tally = body.count(asked, |text| counter.count(text));
        (tally.total(), tally.certainty() != Certainty::LowerBound)
    });
    Ok(GivenRequest { name, text, body, offline })
}

/// The schema of a file, or the form that is built in.
pub(super) fn structured(
    path: Option<&Path>,
    samples: Option<u32>,
    api: &facts::Api,
    world: &World,
) -> Result<StructuredPlan, UserError> {
    let samples = samples.unwrap_or(SAMPLES);
    if !(1..=MOST_SAMPLES).contains(&samples) {
        return Err(UserError::usage(
            format!("could not use --samples {samples}: it is from 1 to {MOST_SAMPLES}"),
            "for example --samples 20",
        ));
    }
    let (name, schema) = match path {
        Some(path) => (path.display().to_string(), schema(path, world)?),
        None => ("the built-in form".to_owned(), form()),
    };
    Ok(StructuredPlan { name, schema, samples, api: api.clone() })
}

fn schema(path: &Path, world: &World) -> Result<Value, UserError> {
    let text = read("--schema", path, MOST_OF_SCHEMA, world)?;
    let refuse = |why: String| {
        let what = format!("could not take {} as a schema: {why}", path.display());
        UserError::usage(
            what,
            r#"for example {"type": "object", "properties": {"name": {"type": "string"}}}"#,
        )
    };
    if error_body::depth(&text) > error_body::MAX_DEPTH {
        return Err(refuse("it is nested too deep".to_owned()));
    }
    let schema: Value = serde_json::from_str(&text).map_err(|why| refuse(why.to_string()))?;
    match schema.is_object() {
        true => Ok(schema),
        false => Err(refuse("it is no JSON object".to_owned())),
    }
}

fn read(option: &str, path: &Path, most: u64, world: &World) -> Result<String, UserError> {
    read_text(&world.path(path), most).map(|decoded| decoded.text).map_err(|why| {
        let what = format!("could not read {option} {}: {why}", path.display());
        UserError::usage(what, format!("give {option} the path of a JSON file"))
    })
}

/// A small form with a text, two words and a yes or no.
fn form() -> Value {
    json!({
        "type": "object",
        "properties": {
            "summary": {"type": "string"},
            "category": {"type": "string"},
            "risk_level": {"type": "string"},
            "need_review": {"type": "boolean"},
        },
        "required": ["summary", "category", "risk_level", "need_review"],
    })
}

//! The same models on the cloud platform: another list, flat bodies to count, roles that may not be left out.
//! Whoever comes here was let in.

use serde_json::{Value, json};

use super::super::call::{Call, Operation};
use super::super::fault::{Bend, Build};
use super::super::google::not_served;
use super::super::reply::Reply;
use super::super::scenario::Scenario;
use super::error::ApiError;
use super::models::{self, Model};

/// The honest answer.
pub(super) fn answer(
    call: &Call,
    scenario: &Scenario,
    bend: &Bend,
    build: Option<&Build>,
) -> Reply {
    let place = call.cloud.as_ref().expect("only the platform's own paths come here");
    match &call.target.operation {
        Operation::List => list(call, scenario),
        Operation::Get(id) => match models::find(id) {
            Some(model) => Reply::json(200, &describe(model)),
            None => missing("-", "-", id),
        },
        Operation::Method { model, method } => {
            let named = |part: &Option<String>| part.clone().unwrap_or_else(|| "-".to_owned());
            let (project, location) = (named(&place.project), named(&place.location));
            if models::find(model).is_none_or(|found| !found.offers(method)) {
                return missing(&project, &location, model);
            }
            run(call, scenario, model, method, bend, build)
                .unwrap_or_else(|error| Reply::json(error.code, &error.body()))
        }
        Operation::OpenAi(_) | Operation::Chat | Operation::Unknown => {
            Reply::page_not_found(&call.path)
        }
    }
}

fn missing(project: &str, location: &str, model: &str) -> Reply {
    Reply::json(404, &not_served(project, location, model))
}

fn run(
    call: &Call,
    scenario: &Scenario,
    id: &str,
    method: &str,
    bend: &Bend,
    build: Option<&Build>,
) -> Result<Reply, ApiError> {
    let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    roles(&body)?;
    super::run(call, scenario, id, method, bend, build)
}

fn roles(body: &Value) -> Result<(), ApiError> {
    let contents = body["contents"].as_array().into_iter().flatten();
    let is_good = |content: &Value| {
        content["role"].as_str().is_some_and(|role| ["user", "model"].contains(&role))
    };
    match contents.clone().all(is_good) {
        true => Ok(()),
        false => Err(ApiError::invalid("Please use a valid role: user, model.")),
    }
}

fn list(call: &Call, scenario: &Scenario) -> Reply {
    match models::page(call, scenario.page_cap, &Bend::NONE) {
        Err(error) => Reply::json(error.code, &error.body()),
        Ok(page) => {
            let ids = page["models"].as_array().into_iter().flatten();
            let found = ids.filter_map(|one| {
                models::find(one["name"].as_str()?.strip_prefix("models/")?).map(describe)
            });
            let mut listed = json!({"publisherModels": found.collect::<Vec<Value>>()});
            if let Some(token) = page.get("nextPageToken") {
                listed["nextPageToken"] = token.clone();
            }
            Reply::json(200, &listed)
        }
    }
}

fn describe(model: &Model) -> Value {
    json!({
        "name": format!("publishers/google/models/{}", model.id),
        "versionId": "default",
        "openSourceCategory": "PROPRIETARY",
        "launchStage": "GA",
        "publisherModelTemplate": format!(
            "projects/{{user-project}}/locations/{{location}}/publishers/google/models/{}", model.id
        ),
    })
}

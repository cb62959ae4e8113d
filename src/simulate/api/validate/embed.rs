//! Requests to embed texts, one or many.

use serde_json::Value;

use super::super::members::{field, list, number, text};
use super::super::models::Model;
use super::request::Lines;
use super::turns;

/// The most texts of one request.
const MOST: usize = 100;

/// There is something to embed.
pub(super) fn single(request: &Value, path: &str, lines: &mut Lines) {
    let below =
        |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match field(request, "content") {
        None => lines.push((below("content"), "content is not specified".into())),
        Some(content) => turns::content(content, &below("content"), lines),
    }
    if number(request, "outputDimensionality").is_some_and(|size| size < 1.0) {
        lines.push((below("output_dimensionality"), "must be a positive number".into()));
    }
}

/// There are requests, not too many of them, and each is for the model of the address.
pub(super) fn batch(request: &Value, model: &Model, lines: &mut Lines) {
    let requests = list(request, "requests");
    if requests.is_empty() {
        lines.push(("requests".into(), "requests is not specified".into()));
    }
    if requests.len() > MOST {
        let fault = format!("at most {MOST} requests can be in one batch");
        lines.push(("requests".into(), fault));
    }
    for (at, one) in requests.into_iter().enumerate() {
        let path = format!("requests[{at}]");
        if text(one, "model") != format!("models/{}", model.id) {
            let fault = "model must be the same as in the outer request";
            lines.push((format!("{path}.model"), fault.into()));
        }
        single(one, &path, lines);
    }
}

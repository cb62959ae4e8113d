//! The tools of a request: names of functions, what may stand together, and how they are asked for.
//!
//! The schemas of functions are judged in `schema.rs`.

use serde_json::Value;

use super::super::error::ApiError;
use super::super::members::{field, list, text, word};
use super::kinds::Place;
use super::request::{Lines, Request};

/// The longest name of a function that the service took when somebody measured it. Its own
/// definition says 64.
const LONGEST_NAME: usize = 128;

/// The most functions of a request. Google publishes none for this API; this is the figure of the
/// cloud platform.
const MOST_FUNCTIONS: usize = 512;

/// The tools that run at the service; one that is steered by functions is not among them.
const BUILT_IN: &[&str] = &[
    "googleSearch",
    "googleSearchRetrieval",
    "googleMaps",
    "codeExecution",
    "urlContext",
    "fileSearch",
    "retrieval",
    "enterpriseWebSearch",
];

/// Those among them that search.
const SEARCHES: &[&str] = &["googleSearch", "googleSearchRetrieval", "enterpriseWebSearch"];

/// Every function has a name of the right shape, and one form of each schema.
pub(super) fn names(request: &Request<'_>, lines: &mut Lines) {
    for (path, function) in request.functions() {
        if !is_name(text(function, "name")) {
            let fault = format!(
                "Invalid function name. Must start with a letter or an underscore. Must be \
                 alphameric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:) or dashes (-), \
                 with a maximum length of {LONGEST_NAME}."
            );
            lines.push((format!("{path}.name"), fault));
        }
        for (plain, json, name) in FORMS {
            if field(function, plain).is_some() && field(function, json).is_some() {
                let fault = format!("must not be set together with {plain}");
                lines.push((format!("{path}.{name}"), fault));
            }
        }
    }
}

/// The two forms of each schema of a function, and the path of the second.
const FORMS: [(&str, &str, &str); 2] = [
    ("parameters", "parametersJsonSchema", "parameters_json_schema"),
    ("response", "responseJsonSchema", "response_json_schema"),
];

fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    let starts = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
    let goes_on = |letter: char| letter.is_ascii_alphanumeric() || "_.:-".contains(letter);
    letters.next().is_some_and(starts) && letters.all(goes_on) && name.len() <= LONGEST_NAME
}

/// Only functions that are declared can be allowed, and only where a call is wanted.
pub(super) fn allowed(request: &Request<'_>, lines: &mut Lines) {
    let calling = field(request.body, "toolConfig")
        .and_then(|config| field(config, "functionCallingConfig"))
        .unwrap_or(&Value::Null);
    let names = list(calling, "allowedFunctionNames");
    let mode = word(calling, "mode").unwrap_or_default();
    let path = "tool_config.function_calling_config.allowed_function_names";
    if !names.is_empty() && !["ANY", "2", "VALIDATED", "4"].contains(&mode.as_str()) {
        lines.push((path.into(), "only allowed when mode is ANY or VALIDATED".into()));
    }
    let functions = request.functions();
    for (at, name) in names.into_iter().enumerate() {
        if !functions.iter().any(|(_, one)| field(one, "name") == Some(name)) {
            lines.push((format!("{path}[{at}]"), "function is not declared".into()));
        }
    }
}

/// A name is declared once.
pub(super) fn twice(request: &Request<'_>) -> Result<(), ApiError> {
    let functions = request.functions();
    let mut seen = Vec::new();
    for (_, function) in functions {
        let name = text(function, "name");
        if seen.contains(&name) {
            return Err(ApiError::invalid(format!("Duplicate function declaration found: {name}")));
        }
        seen.push(name);
    }
    if seen.len() > MOST_FUNCTIONS { Err(ApiError::bare()) } else { Ok(()) }
}

/// The search of Gemini 1.5 has another name since.
pub(super) fn renamed(request: &Request<'_>) -> Result<(), ApiError> {
    let is_old = built_in(request).contains(&"googleSearchRetrieval");
    match is_old && request.model.generation() >= (2, 0) {
        true => Err(ApiError::invalid(
            "Unable to submit request because Please use google_search field instead of \
             google_search_retrieval field..",
        )),
        false => Ok(()),
    }
}

/// Before Gemini 3 the tools of the service and functions of one's own exclude each other; from
/// then on they go together where a switch says so, which the cloud platform does not have.
pub(super) fn together(request: &Request<'_>) -> Result<(), ApiError> {
    let built_in = built_in(request);
    if built_in.is_empty() {
        return Ok(());
    }
    if request.is_3_or_later() {
        let is_free = request.functions().is_empty() || request.place == Place::Cloud;
        return if is_free || is_switched_on(request) { Ok(()) } else { Err(switched_off()) };
    }
    if !request.functions().is_empty() {
        return Err(ApiError::invalid("Tool use with function calling is unsupported"));
    }
    let all_search = built_in.iter().all(|name| SEARCHES.contains(name));
    match request.place == Place::Cloud && built_in.len() > 1 && !all_search {
        true => Err(ApiError::invalid(
            "Multiple tools are supported only when they are all search tools.",
        )),
        false => Ok(()),
    }
}

fn is_switched_on(request: &Request<'_>) -> bool {
    let config = field(request.body, "toolConfig").unwrap_or(&Value::Null);
    // A flag may be written as a text.
    let switch = word(config, "includeServerSideToolInvocations");
    switch.is_some_and(|word| word.eq_ignore_ascii_case("true"))
}

fn switched_off() -> ApiError {
    ApiError::invalid(
        "Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with \
         Function calling.",
    )
}

/// Before Gemini 3 an answer in JSON and tools exclude each other.
pub(super) fn with_json(request: &Request<'_>) -> Result<(), ApiError> {
    let is_json = text(request.config(), "responseMimeType") == "application/json";
    if request.is_3_or_later() || !is_json {
        return Ok(());
    }
    let subject = match (request.functions().is_empty(), built_in(request).is_empty()) {
        (false, _) => "Function calling",
        (true, false) => "Tool use",
        (true, true) => return Ok(()),
    };
    Err(ApiError::invalid(format!(
        "{subject} with a response mime type: 'application/json' is unsupported"
    )))
}

/// Some models run no code.
pub(super) fn code(request: &Request<'_>) -> Result<(), ApiError> {
    let id = request.model.id;
    match built_in(request).contains(&"codeExecution") && id.starts_with("gemma") {
        true => Err(ApiError::invalid(format!("Code execution is not enabled for models/{id}"))),
        false => Ok(()),
    }
}

/// The service's own tools in a request, each once.
fn built_in(request: &Request<'_>) -> Vec<&'static str> {
    let tools = request.tools();
    let is_there = |name: &&&str| tools.iter().any(|(_, tool)| field(tool, name).is_some());
    BUILT_IN.iter().filter(is_there).copied().collect()
}

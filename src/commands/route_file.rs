//! Reads a map of tasks to models: `{"task": "model"}`, or `{"task": {"primary": …, "fallback": […]}}`.

use std::path::Path;

use serde_json::Value;

use crate::{error::UserError, facts::looks_like_key, probe::routes::Route};

const EXAMPLE: &str =
    r#"write {"task": "model"} or {"task": {"primary": "model", "fallback": ["model"]}}"#;

/// The routes of a file.
pub(super) fn read(path: &Path, text: &str) -> Result<Vec<Route>, UserError> {
    let name = path.display();
    let value: Value = serde_json::from_str(text).map_err(|error| {
        UserError::usage(format!("could not read the routes of {name}: {error}"), EXAMPLE)
    })?;
    let tasks = value.as_object().filter(|tasks| !tasks.is_empty()).ok_or_else(|| {
        UserError::usage(format!("{name} holds no map of tasks to models"), EXAMPLE)
    })?;
    let routes = tasks
        .iter()
        .map(|(task, value)| {
            route(task, value).ok_or_else(|| {
                UserError::usage(format!("the task {task:?} of {name} names no model"), EXAMPLE)
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let names = |route: &Route| [&[route.primary.clone()][..], &route.fallback].concat();
    if routes.iter().flat_map(names).any(|model| looks_like_key(&model)) {
        return Err(UserError::key_as_name(&format!("a model of {name}")));
    }
    Ok(routes)
}

fn route(task: &str, value: &Value) -> Option<Route> {
    let primary = value.as_str().or_else(|| value["primary"].as_str())?;
    let fallback = match &value["fallback"] {
        Value::Array(models) => {
            models.iter().map(|model| model.as_str().map(bare)).collect::<Option<Vec<_>>>()?
        }
        Value::String(model) => vec![bare(model)],
        _ => Vec::new(),
    };
    Some(Route { task: task.to_owned(), primary: bare(primary), fallback })
}

fn bare(model: &str) -> String {
    model.strip_prefix("models/").unwrap_or(model).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let text = r#"{"a": "models/m", "b": {"primary": "m", "fallback": ["n"], "timeoutMs": 5}}"#;
        let routes = read(Path::new("r.json"), text).expect("good routes");
        assert_eq!(routes[0].primary, "m");
        assert_eq!(routes[1].fallback, ["n"]);
    }

    #[test]
    fn bad_files_say_what_and_where() {
        for (text, word) in [("{", "r.json"), ("[]", "no map"), (r#"{"a": 7}"#, "\"a\"")] {
            let error = read(Path::new("r.json"), text).expect_err(text);
            assert!(error.what.contains(word), "{}", error.what);
        }
    }
}

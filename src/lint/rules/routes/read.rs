//! How a map of models is read: the shapes that such files have, and what their members are called. It judges nothing.

use crate::lint::{
    document::{Form, Value},
    shape::is_snake_of,
};

/// What a member means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Means {
    /// The model that is asked first.
    Primary,
    /// Those that are asked after it.
    Fallback,
    /// How long one call may take.
    Timeout(Unit),
    /// How often a call is made again.
    Retries,
    /// How often it is made in all.
    Attempts,
    /// How long all calls may take.
    Budget(Unit),
    /// Something else that is known.
    Other,
}

/// The unit of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Milliseconds,
    Seconds,
    /// The name does not say it.
    Unsaid,
}

use Means::{Attempts, Budget, Fallback, Other, Primary, Retries, Timeout};
use Unit::{Milliseconds, Seconds, Unsaid};

/// The members that are known; each with underscores as well.
#[rustfmt::skip]
pub(super) const MEMBERS: &[(&str, Means)] = &[
    ("primary", Primary),
    ("primaryModel", Primary),
    ("model", Primary),
    ("fallback", Fallback),
    ("fallbacks", Fallback),
    ("fallbackModel", Fallback),
    ("fallbackModels", Fallback),
    ("secondary", Fallback),
    ("backup", Fallback),
    ("timeoutMs", Timeout(Milliseconds)),
    ("timeoutMillis", Timeout(Milliseconds)),
    ("requestTimeoutMs", Timeout(Milliseconds)),
    ("timeoutSeconds", Timeout(Seconds)),
    ("timeoutSecs", Timeout(Seconds)),
    ("timeoutSec", Timeout(Seconds)),
    ("timeoutS", Timeout(Seconds)),
    ("timeout", Timeout(Unsaid)),
    ("maxRetries", Retries),
    ("retries", Retries),
    ("retryCount", Retries),
    ("maxAttempts", Attempts),
    ("attempts", Attempts),
    ("budgetMs", Budget(Milliseconds)),
    ("deadlineMs", Budget(Milliseconds)),
    ("totalTimeoutMs", Budget(Milliseconds)),
    ("maxTotalMs", Budget(Milliseconds)),
    ("budgetSeconds", Budget(Seconds)),
    ("deadlineSeconds", Budget(Seconds)),
    ("deadlineS", Budget(Seconds)),
    ("budget", Budget(Unsaid)),
    ("deadline", Budget(Unsaid)),
    ("temperature", Other),
    ("description", Other),
    ("provider", Other),
    ("baseUrl", Other),
    ("weight", Other),
    ("priority", Other),
    ("enabled", Other),
    ("backoffMs", Other),
    ("retryOn", Other),
    ("maxTokens", Other),
    ("maxOutputTokens", Other),
    ("thinkingLevel", Other),
    ("thinkingBudget", Other),
    ("routes", Other),
    ("models", Other),
    ("tasks", Other),
    ("defaults", Other),
    ("version", Other),
];

/// What a name means, in either spelling.
pub(super) fn meaning(key: &str) -> Option<Means> {
    let known = MEMBERS.iter().find(|(name, _)| *name == key || is_snake_of(key, name));
    known.map(|(_, means)| *means)
}

/// One route.
#[derive(Clone, Debug)]
pub(super) struct Route<'d> {
    /// Where it stands.
    pub(super) at: Value<'d>,
    /// Its members, where it has any of its own.
    pub(super) object: Option<Value<'d>>,
    /// The map's own members, which hold for all routes.
    around: Option<Value<'d>>,
    /// The model that is asked first.
    pub(super) primary: Option<Value<'d>>,
    /// The models that are asked after it, in order.
    pub(super) fallbacks: Vec<Value<'d>>,
}

impl<'d> Route<'d> {
    /// The member of a meaning: the route's own, or the one that holds for all.
    pub(super) fn find(&self, wanted: impl Fn(Means) -> bool) -> Option<(Value<'d>, Means)> {
        [self.object, self.around].into_iter().flatten().find_map(|object| find(object, &wanted))
    }
}

fn find(object: Value<'_>, wanted: impl Fn(Means) -> bool) -> Option<(Value<'_>, Means)> {
    let present = object.members().filter(|member| member.kind() != Form::Null);
    let known = present.filter_map(|member| Some((member, meaning(member.name()?)?)));
    known.into_iter().find(|(_, means)| wanted(*means))
}

/// The routes of a file: of a map, of a list, or one alone; in `routes` or by themselves.
pub(super) fn routes(root: Value<'_>) -> Vec<Route<'_>> {
    let inner = ["routes", "models", "tasks"].iter().find_map(|name| root.member(name));
    let inner = inner.filter(|value| matches!(value.kind(), Form::Object | Form::List));
    let (map, around) = match inner {
        Some(inner) => (inner, Some(root)),
        None if find(root, |means| matches!(means, Primary | Fallback)).is_some() => {
            return vec![route(root, None)];
        }
        None => (root, Some(root).filter(|root| root.kind() == Form::Object)),
    };
    let is_route = |value: &Value<'_>| match value.kind() {
        Form::Object => {
            map.kind() == Form::List
                || around != Some(map)
                || (is_like_a_route(*value) && value.name().and_then(meaning).is_none())
        }
        // Beside the routes stand what holds for all of them, and notes.
        Form::Text => {
            let own = value.name().and_then(meaning);
            own.is_none() && (around != Some(map) || is_name(*value))
        }
        _ => false,
    };
    map.children().filter(is_route).map(|value| route(value, around)).collect()
}

fn is_like_a_route(value: Value<'_>) -> bool {
    find(value, |means| means != Other).is_some()
}

/// Names have no blanks, and are no addresses.
fn is_name(value: Value<'_>) -> bool {
    let text = value.quoted().unwrap_or_default();
    !text.is_empty() && !text.contains(char::is_whitespace) && !text.contains("://")
}

fn route<'d>(at: Value<'d>, around: Option<Value<'d>>) -> Route<'d> {
    if at.kind() == Form::Text {
        return Route { at, object: None, around, primary: Some(at), fallbacks: Vec::new() };
    }
    let primary = find(at, |means| means == Primary).map(|(value, _)| value);
    let fallback = find(at, |means| means == Fallback).map(|(value, _)| value);
    // Some files list objects with a model each.
    let named = |value: Value<'d>| match value.kind() {
        Form::Object => find(value, |means| means == Primary).map(|(value, _)| value),
        _ => Some(value),
    };
    let texts = |value: &Value<'d>| value.kind() == Form::Text;
    let fallbacks = fallback.into_iter().flat_map(Value::each).filter_map(named);
    Route {
        at,
        object: Some(at),
        around,
        primary: primary.and_then(named).filter(texts),
        fallbacks: fallbacks.filter(texts).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::document::Document;

    fn told(text: &str) -> Vec<String> {
        let document = Document::read(text);
        let all = routes(document.root().expect("a value"));
        let name = |value: Value<'_>| value.quoted().unwrap_or_default().to_owned();
        all.iter()
            .map(|route| {
                let rest: Vec<String> = route.fallbacks.iter().copied().map(name).collect();
                format!("{}>{}", route.primary.map(name).unwrap_or_default(), rest.join(","))
            })
            .collect()
    }

    #[test]
    fn all_shapes_of_files_are_read() {
        for (text, expected) in [
            (r#"{"a": "m", "b": "n"}"#, vec!["m>", "n>"]),
            (r#"{"a": {"primary": "m", "fallback": ["n", "o"]}}"#, vec!["m>n,o"]),
            (r#"{"primary": "m", "fallback": "n", "timeoutMs": 5}"#, vec!["m>n"]),
            (r#"{"budgetMs": 5, "routes": {"a": {"model": "m"}, "b": "n"}}"#, vec!["m>", "n>"]),
            (r#"{"routes": [{"task": "a", "primary_model": "m"}]}"#, vec!["m>"]),
            (r#"[{"model": "m", "fallback_models": [{"model": "n"}]}]"#, vec!["m>n"]),
            (r#"{"note": "all of them", "a": {"primary": "m"}, "version": 2}"#, vec!["m>"]),
            (
                r#"{"$schema": "https://a.example/b", "defaults": {"retries": 2}, "a": "m"}"#,
                vec!["m>"],
            ),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }
}

//! From bytes to JSON, as the real service's reader complains of them.
//!
//! Knows nothing of messages and fields.

use serde_json::{Map, Value};

use super::super::error::ApiError;
use super::tree::Tree;

/// How many lists and objects may lie in one another, as in the published reader of these formats.
const DEEPEST: usize = 100;

/// The body in the order in which it was sent; an empty one counts as an empty object.
pub(super) fn tree(body: &[u8]) -> Result<Tree, ApiError> {
    if is_empty(body) {
        return Ok(Tree::Object(Vec::new()));
    }
    let tree: Tree = serde_json::from_slice(body).map_err(|error| malformed(body, &error))?;
    if !matches!(tree, Tree::Object(_)) {
        return Err(ApiError::invalid(
            "Invalid JSON payload received. Unknown name \"\": Root element must be a message.",
        ));
    }
    too_deep(&tree, "", 0).map_or(Ok(tree), |name| Err(deep(&name)))
}

/// The same as a value whose members are looked up by name.
pub(super) fn value(body: &[u8]) -> Result<Value, ApiError> {
    if is_empty(body) {
        return Ok(Value::Object(Map::new()));
    }
    serde_json::from_slice(body).map_err(|error| malformed(body, &error))
}

fn is_empty(body: &[u8]) -> bool {
    body.iter().all(u8::is_ascii_whitespace)
}

/// The name of the first member that lies too deep.
fn too_deep(tree: &Tree, name: &str, depth: usize) -> Option<String> {
    match tree {
        Tree::List(_) | Tree::Object(_) if depth == DEEPEST => Some(name.to_owned()),
        Tree::List(items) => items.iter().find_map(|item| too_deep(item, name, depth + 1)),
        Tree::Object(members) => {
            members.iter().find_map(|(name, member)| too_deep(member, name, depth + 1))
        }
        _ => None,
    }
}

fn deep(name: &str) -> ApiError {
    ApiError::invalid(format!("Message too deep. Max recursion depth reached for key '{name}'"))
}

fn malformed(body: &[u8], error: &serde_json::Error) -> ApiError {
    // The parser's own limit is beyond the one above.
    if error.to_string().starts_with("recursion limit") {
        return deep("");
    }
    let text = String::from_utf8_lossy(body);
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    let start = error.column().saturating_sub(20);
    let excerpt: String = line.chars().skip(start).take(40).collect();
    let caret = " ".repeat(error.column().saturating_sub(start + 1));
    let trouble = if error.is_eof() { "Unexpected end of string" } else { "Unexpected token" };
    let message = format!("Invalid JSON payload received. {trouble}.\n{excerpt}\n{caret}^");
    ApiError::invalid(message)
}

//! The tools of a request: what is counted of a function's declaration, and which tools are only named.

use serde_json::Value;

use super::super::{
    Kind, Piece,
    fields::{Fields, Notes},
    schema,
};

pub(super) fn tool(path: &str, value: Value, notes: &mut Notes, pieces: &mut Vec<Piece>) {
    let Value::Object(object) = value else {
        return notes.wrong(path, &value, "an object");
    };
    let names: Vec<String> = object.keys().cloned().collect();
    let mut fields = Fields::of(path, object, notes);
    for (path, declaration) in fields.items("functionDeclarations") {
        pieces.extend(function(path, declaration, notes));
    }
    for name in names {
        if let Some((path, _)) = fields.take(&super::super::fields::camel(&name)) {
            let note = "a built-in tool; what the service adds for it is not known";
            pieces.push(Piece::uncounted(path, name, Kind::Tool, note));
        }
    }
}

fn function(path: String, value: Value, notes: &mut Notes) -> Option<Piece> {
    let mut fields = Fields::read(&path, value, "an object", notes)?;
    let mut strings = Vec::new();
    let name = fields.text("name", notes).map(|(_, name)| name).unwrap_or_default();
    let label = format!("function {name}");
    strings.push(name);
    strings.extend(fields.text("description", notes).map(|(_, text)| text));
    for name in ["parameters", "response"] {
        if let Some((_, value)) = fields.take(name) {
            schema::schema(&value, &mut strings);
        }
    }
    let known = ["name", "description", "parameters", "response"];
    fields.finish(&["parametersJsonSchema", "responseJsonSchema", "behavior"], &known, notes);
    Some(Piece::strings(path, label, Kind::Tool, strings))
}

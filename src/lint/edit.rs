//! Changes of a text that keep it JSON: another name, another value, a member more or less. It must not decide what to
//! change.

use super::{
    document::{Form, Value},
    finding::Edit,
};

/// Another name.
pub fn rename(member: Value<'_>, name: &str) -> Option<Edit> {
    Some(Edit { span: member.key_span()?, text: quoted(name) })
}

/// Another value.
pub fn replace(value: Value<'_>, text: impl Into<String>) -> Edit {
    Edit { span: value.span(), text: text.into() }
}

/// A text as JSON writes it.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Takes a member or an item out, with the comma that belonged to it and the blanks round it.
pub fn remove(parent: Value<'_>, child: Value<'_>) -> Edit {
    let start = |value: Value<'_>| value.key_span().map_or(value.span().start, |key| key.start);
    let before = parent.children().take_while(|one| *one != child).last();
    let after = parent.children().skip_while(|one| *one != child).nth(1);
    let span = match (before, after) {
        (_, Some(after)) => start(child)..start(after),
        (Some(before), None) => before.span().end..child.span().end,
        (None, None) => start(child)..child.span().end,
    };
    Edit { span, text: String::new() }
}

/// Puts a member in at the end of an object.
pub fn insert(object: Value<'_>, name: &str, value: &str) -> Edit {
    let member = format!("{}: {value}", quoted(name));
    append(object, &member)
}

/// Puts an item in at the end of a list.
pub fn push(list: Value<'_>, item: &str) -> Edit {
    append(list, item)
}

fn append(parent: Value<'_>, text: &str) -> Edit {
    debug_assert!(matches!(parent.kind(), Form::Object | Form::List));
    match parent.children().last() {
        Some(last) => {
            let end = last.span().end;
            Edit { span: end..end, text: format!(",{}{text}", indent_of(last)) }
        }
        None => {
            let inside = parent.span().start + 1;
            Edit { span: inside..inside, text: text.to_owned() }
        }
    }
}

/// The blanks before a child, so that what is put in behind it stands as it does.
fn indent_of(child: Value<'_>) -> String {
    let start = child.key_span().map_or(child.span().start, |key| key.start);
    let before = &child.document().text()[..start];
    let blanks = &before[before.trim_end().len()..];
    if blanks.is_empty() { " ".to_owned() } else { blanks.to_owned() }
}

//! The members of a JSON object, by the names of the API whichever way they are spelled, and what was odd.
//!
//! It must not judge a member: whoever takes it knows what it means.

use std::collections::{BTreeMap, btree_map::Entry};

use serde_json::{Map, Value};

use super::{Body, Note};

/// What is kept of what was odd.
const MOST_NOTES: usize = 100;

/// What was odd, in the order in which it was met.
#[derive(Debug, Default)]
pub(super) struct Notes {
    kept: Vec<Note>,
    more: u64,
}

/// The members that nobody has taken yet.
pub(super) struct Fields {
    path: String,
    /// By name.
    entries: BTreeMap<String, Member>,
}

struct Member {
    written: String,
    value: Value,
}

impl Notes {
    pub(super) fn add(&mut self, path: &str, text: impl Into<String>) {
        if self.is_full() {
            self.more += 1;
        } else {
            self.kept.push(Note { path: path.to_owned(), text: text.into() });
        }
    }

    fn is_full(&self) -> bool {
        self.kept.len() >= MOST_NOTES
    }

    /// Hands over all that is kept, and how much is not.
    pub(super) fn finish(self, body: &mut Body) {
        body.notes.extend(self.kept);
        body.more_notes += self.more;
    }

    /// Something of another kind than can be counted.
    pub(super) fn wrong(&mut self, path: &str, value: &Value, expected: &str) {
        self.add(path, format!("found {}, expected {expected}; not counted", kind_of(value)));
    }
}

impl Fields {
    /// The members of an object; a null is as good as none.
    pub(super) fn of(path: &str, object: Map<String, Value>, notes: &mut Notes) -> Self {
        let mut fields = Self { path: path.to_owned(), entries: BTreeMap::new() };
        for (written, value) in object.into_iter().filter(|(_, value)| !value.is_null()) {
            match fields.entries.entry(camel(&written)) {
                Entry::Occupied(twin) => notes.add(
                    &join(path, &written),
                    format!("the same field as {}; only that one is counted", twin.get().written),
                ),
                Entry::Vacant(place) => {
                    place.insert(Member { written, value });
                }
            }
        }
        fields
    }

    /// The members of what should be an object; anything else is noted.
    pub(super) fn read(
        path: &str,
        value: Value,
        expected: &str,
        notes: &mut Notes,
    ) -> Option<Self> {
        match value {
            Value::Object(object) => Some(Self::of(path, object, notes)),
            other => {
                notes.wrong(path, &other, expected);
                None
            }
        }
    }

    /// The place of a member.
    pub(super) fn path_of(&self, name: &str) -> Option<String> {
        let entry = self.entries.get(name)?;
        Some(join(&self.path, &entry.written))
    }

    /// A member with its place.
    pub(super) fn take(&mut self, name: &str) -> Option<(String, Value)> {
        let entry = self.entries.remove(name)?;
        Some((join(&self.path, &entry.written), entry.value))
    }

    /// A member that is a text; another is noted.
    pub(super) fn text(&mut self, name: &str, notes: &mut Notes) -> Option<(String, String)> {
        match self.take(name)? {
            (path, Value::String(text)) => Some((path, text)),
            (path, other) => {
                notes.wrong(&path, &other, "a text");
                None
            }
        }
    }

    /// A member that is an object; another is noted.
    pub(super) fn object(&mut self, name: &str, notes: &mut Notes) -> Option<Self> {
        let (path, value) = self.take(name)?;
        Self::read(&path, value, "an object", notes)
    }

    /// A member's items with their places; one that stands alone counts as a list of one.
    pub(super) fn items(&mut self, name: &str) -> Vec<(String, Value)> {
        match self.take(name) {
            Some((path, Value::Array(list))) => indexed(&path, list),
            Some(alone) => vec![alone],
            None => Vec::new(),
        }
    }

    pub(super) fn number(&mut self, name: &str) -> Option<i64> {
        let (_, value) = self.take(name)?;
        // Whole numbers may be written as texts in this API's JSON.
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }

    /// Notes what is left, but for fields that cost nothing.
    pub(super) fn finish(self, free: &[&str], known: &[&str], notes: &mut Notes) {
        for (name, entry) in self.entries.iter().filter(|(name, _)| !free.contains(&name.as_str()))
        {
            let near = if notes.is_full() { None } else { nearest(name, known) };
            let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            notes.add(
                &join(&self.path, &entry.written),
                format!("an unknown field, not counted{hint}"),
            );
        }
    }
}

pub(super) fn indexed(path: &str, list: Vec<Value>) -> Vec<(String, Value)> {
    let item = |(index, item)| (indexed_path(path, index), item);
    list.into_iter().enumerate().map(item).collect()
}

pub(super) fn indexed_path(path: &str, index: usize) -> String {
    format!("{path}[{index}]")
}

pub(super) fn join(path: &str, name: &str) -> String {
    if path == "$" { name.to_owned() } else { format!("{path}.{name}") }
}

/// `system_instruction` as `systemInstruction`.
pub(super) fn camel(name: &str) -> String {
    let mut words = name.split('_').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut whole, word| {
        let mut letters = word.chars();
        whole.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        whole + letters.as_str()
    })
}

/// What a value is, in words.
pub(super) fn kind_of(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "true or false".to_owned(),
        Value::Number(_) => "a number".to_owned(),
        Value::String(_) => "a text".to_owned(),
        Value::Array(list) if list.is_empty() => "an empty list".to_owned(),
        Value::Array(list) if list.iter().all(Value::is_number) => "a list of numbers".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// The known name that a misspelt one was meant to be.
pub(super) fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let candidates =
        known.iter().map(|known| (distance(&name.to_lowercase(), &known.to_lowercase()), *known));
    candidates
        .filter(|(distance, known)| *distance <= 1 + known.len() / 6)
        .min()
        .map(|(_, known)| known)
}

/// Letters to insert, to remove or to replace.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], index + 1);
        for (place, other) in to.iter().enumerate() {
            let replaced = corner + usize::from(letter != *other);
            corner = row[place + 1];
            row[place + 1] = replaced.min(corner + 1).min(row[place] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snake_case_becomes_camel_case_and_camel_case_stays() {
        for (written, name) in [
            ("system_instruction", "systemInstruction"),
            ("systemInstruction", "systemInstruction"),
            ("mime_type", "mimeType"),
            ("_x", "x"),
            ("", ""),
        ] {
            assert_eq!(camel(written), name);
        }
    }

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let known = ["contents", "systemInstruction", "tools"];
        assert_eq!(nearest("content", &known), Some("contents"));
        assert_eq!(nearest("SystemInstructions", &known), Some("systemInstruction"));
        assert_eq!(nearest("temperature", &known), None);
        assert_eq!((distance("abc", "abc"), distance("abc", "acd"), distance("", "ab")), (0, 2, 2));
    }

    #[test]
    fn both_spellings_at_once_are_noted_and_counted_once() {
        let Value::Object(object) =
            serde_json::json!({"mime_type": "a", "mimeType": "b", "x": null})
        else {
            unreachable!("an object")
        };
        let mut notes = Notes::default();
        let mut fields = Fields::of("$", object, &mut notes);
        assert!(fields.take("mimeType").is_some() && fields.entries.is_empty());
        assert_eq!(notes.kept.len(), 1);
    }

    #[test]
    fn any_number_of_members_is_read_in_time_and_a_few_are_listed() {
        let object = (0..200_000).map(|number| (format!("member_{number}"), Value::from(1)));
        let (start, mut notes) = (std::time::Instant::now(), Notes::default());
        Fields::of("$", object.collect(), &mut notes).finish(&[], &["contents"], &mut notes);
        assert_eq!((notes.kept.len(), notes.more), (MOST_NOTES, 199_900));
        assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
    }
}

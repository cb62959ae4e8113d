//! Reads a body against the tables: names that no field has, fields that come twice, values of the
//! wrong type.
//!
//! Everything that is found is told at once, in the order in which it was sent, as the reader of the
//! real service does. What values mean is judged elsewhere.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Number;

use super::super::super::call::snake;
use super::super::error::Violation;
use super::kinds::{Field, Kind, Message, Place, Times, Words};
use super::tree::Tree;

/// What is wrong with the names and types of a body.
pub(super) fn check(tree: &Tree, message: &Message, place: Place) -> Vec<Violation> {
    let mut walk = Walk { place, found: Vec::new() };
    if let Tree::Object(members) = tree {
        walk.message(message, members, "");
    }
    walk.found
}

struct Walk {
    place: Place,
    found: Vec<Violation>,
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Spot<'a> {
    parent: &'a str,
    name: &'a str,
    path: &'a str,
}

impl Walk {
    fn message(&mut self, message: &Message, members: &[(String, Tree)], path: &str) {
        let mut taken: Vec<&str> = Vec::new();
        for (name, value) in members {
            let Some(field) = self.field(message, name) else {
                self.unknown(name, path, "Cannot find field.");
                continue;
            };
            // A null is as good as nothing.
            if matches!(value, Tree::Null) {
                continue;
            }
            let group = field.group.unwrap_or(field.name);
            if taken.contains(&group) {
                self.twice(field, name, path);
                continue;
            }
            taken.push(group);
            let below = joined(path, &snake(field.name));
            self.field_value(field, value, Spot { parent: path, name, path: &below });
        }
    }

    fn field<'a>(&self, message: &'a Message, name: &str) -> Option<&'a Field> {
        let is_meant = |field: &&Field| field.name == name || snake(field.name) == name;
        message.fields.iter().find(|field| is_meant(field) && field.known.at(self.place))
    }

    fn field_value(&mut self, field: &Field, value: &Tree, spot: Spot<'_>) {
        match (field.times, value) {
            (Times::Once, Tree::List(_)) if !matches!(field.kind, Kind::Any) => {
                self.unknown(spot.name, spot.parent, NOT_REPEATING);
            }
            (Times::Often, Tree::List(items)) => {
                for (at, item) in items.iter().enumerate() {
                    let path = format!("{}[{at}]", spot.path);
                    self.item(field.kind, item, Spot { path: &path, ..spot });
                }
            }
            (Times::ByName, Tree::Object(members)) => {
                for (at, (name, item)) in members.iter().enumerate() {
                    let path = format!("{}[{at}].value", spot.path);
                    self.item(field.kind, item, Spot { path: &path, name, ..spot });
                }
            }
            (Times::ByName, other) => {
                let text = format!("Invalid value at '{}' (map), {other}", spot.path);
                self.tell(spot.path, text);
            }
            (Times::Once | Times::Often, single) => self.value(field.kind, single, spot),
        }
    }

    fn item(&mut self, kind: Kind, item: &Tree, spot: Spot<'_>) {
        match item {
            Tree::List(_) if !matches!(kind, Kind::Any) => {
                self.unknown(spot.name, spot.parent, NOT_REPEATING);
            }
            _ => self.value(kind, item, spot),
        }
    }

    fn value(&mut self, kind: Kind, value: &Tree, spot: Spot<'_>) {
        match (kind, value) {
            (Kind::Any, _) | (_, Tree::Null) | (Kind::Struct, Tree::Object(_)) => {}
            (Kind::TextOr(_), Tree::Text(_)) => {}
            (Kind::Message(message) | Kind::TextOr(message), Tree::Object(members)) => {
                self.message(message, members, spot.path);
            }
            (_, Tree::Object(_)) => self.object_on_scalar(spot),
            (kind, value) => {
                if let Some(fault) = self.fault(kind, value) {
                    self.tell(spot.path, format!("Invalid value at '{}' ({fault}", spot.path));
                }
            }
        }
    }

    /// What is wrong with a single value, from its type on.
    fn fault(&self, kind: Kind, value: &Tree) -> Option<String> {
        let plain = |is_good: bool, name: &str| (!is_good).then(|| format!("{name}), {value}"));
        let typed =
            |name: &str| format!("type.googleapis.com/{}.{name}), {value}", self.place.package());
        match kind {
            Kind::Any => None,
            Kind::Text => plain(matches!(value, Tree::Text(_)), "TYPE_STRING"),
            Kind::Flag => plain(is_flag(value), "TYPE_BOOL"),
            Kind::Int32 => plain(is_whole(value, 31), "TYPE_INT32"),
            Kind::Int64 => plain(is_whole(value, 63), "TYPE_INT64"),
            Kind::Float => plain(is_number(value), "TYPE_FLOAT"),
            Kind::Double => plain(is_number(value), "TYPE_DOUBLE"),
            Kind::Bytes => bytes_fault(value),
            Kind::Word(words) => (!self.is_word(value, words)).then(|| typed(words.name)),
            Kind::Struct => Some(format!("type.googleapis.com/google.protobuf.Struct), {value}")),
            Kind::Message(message) | Kind::TextOr(message) => Some(typed(message.name)),
        }
    }

    fn is_word(&self, value: &Tree, words: &Words) -> bool {
        let more = if self.place == Place::Cloud { words.cloud } else { &[] };
        let mut all = words.all.iter().chain(more);
        match value {
            Tree::Text(text) => all.any(|word| word.eq_ignore_ascii_case(text)),
            Tree::Number(number) => {
                number.as_u64().is_some_and(|number| all.nth(number as usize).is_some())
            }
            _ => false,
        }
    }

    fn unknown(&mut self, name: &str, parent: &str, fault: &str) {
        let place = if parent.is_empty() { String::new() } else { format!(" at '{parent}'") };
        let text =
            format!("Invalid JSON payload received. Unknown name \"{name}\"{place}: {fault}");
        self.tell(parent, text);
    }

    /// A field, or another one of its group, was set before.
    fn twice(&mut self, field: &Field, name: &str, path: &str) {
        let place = if path.is_empty() { String::new() } else { format!(" at '{path}'") };
        let group = field.group.map_or_else(|| format!("_{}", snake(field.name)), str::to_owned);
        let text = format!(
            "Invalid value{place} (oneof), oneof field '{group}' is already set. Cannot set '{name}'"
        );
        self.tell(path, text);
    }

    fn object_on_scalar(&mut self, spot: Spot<'_>) {
        let place =
            if spot.parent.is_empty() { String::new() } else { format!(" at '{}'", spot.parent) };
        let text = format!(
            "Invalid value{place} ({}), Starting an object on a scalar field",
            snake(spot.name)
        );
        self.tell(spot.parent, text);
    }

    fn tell(&mut self, field: &str, text: String) {
        let field = (!field.is_empty()).then(|| field.to_owned());
        self.found.push(Violation { field, text });
    }
}

const NOT_REPEATING: &str = "Proto field is not repeating, cannot start list.";

/// The most characters of a value that does not decode that are quoted.
const QUOTED: usize = 120;

fn joined(path: &str, name: &str) -> String {
    let dot = if path.is_empty() { "" } else { "." };
    format!("{path}{dot}{name}")
}

fn is_flag(value: &Tree) -> bool {
    match value {
        Tree::Flag(_) => true,
        Tree::Text(text) => ["true", "false"].contains(&text.as_str()),
        _ => false,
    }
}

/// A whole number of so many bits and a sign; in a text as well, in digits alone.
fn is_whole(value: &Tree, bits: u32) -> bool {
    let limit = 1_i128 << bits;
    let fits = |number: i128| (-limit..limit).contains(&number);
    match value {
        Tree::Number(number) => whole(number).is_some_and(fits),
        Tree::Text(text) => text.parse().is_ok_and(fits) && !text.starts_with('+'),
        _ => false,
    }
}

/// A number without a fraction, in whatever way it was written.
fn whole(number: &Number) -> Option<i128> {
    let exact = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    let rounded = || number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 1e18);
    exact.or_else(|| rounded().map(|number| number as i128))
}

fn is_number(value: &Tree) -> bool {
    match value {
        Tree::Number(_) => true,
        Tree::Text(text) => text.parse::<f64>().is_ok(),
        _ => false,
    }
}

fn bytes_fault(value: &Tree) -> Option<String> {
    let Tree::Text(text) = value else { return Some(format!("TYPE_BYTES), {value}")) };
    let quoted: String = text.chars().take(QUOTED).collect();
    (!is_base64(text)).then(|| format!("TYPE_BYTES), Base64 decoding failed for \"{quoted}\""))
}

/// Both alphabets are taken, with and without padding: Google's own clients send either.
fn is_base64(text: &str) -> bool {
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    [alphabet::STANDARD, alphabet::URL_SAFE]
        .iter()
        .any(|alphabet| GeneralPurpose::new(alphabet, config).decode(text).is_ok())
}

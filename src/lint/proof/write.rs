//! Writes a tree as text, in one of the ways that people and programs write JSON, and tells where in it a value or its name
//! stands. It must not change what the tree says.

use super::tree::{Json, Path, Step};

/// How a text is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// What a level is moved in by; `None` is one line.
    pub indent: Option<&'static str>,
    /// A blank behind colons and commas.
    pub spaced: bool,
    pub newline: &'static str,
    /// Everything that is not ASCII as `\u` and four digits.
    pub escaped: bool,
    pub newline_at_the_end: bool,
}

/// Which part of a member is meant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Token {
    Name,
    Value,
    /// A member that is not there: it is told where its object stands.
    Missing,
}

/// A place that is to be found in the text.
#[derive(Clone, Debug)]
pub struct Place {
    pub path: Path,
    pub token: Token,
}

/// Where it is: the path as the text spells it; line and column count from one, the column in characters.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    pub path: String,
    pub line: usize,
    pub column: usize,
    pub offset: usize,
}

/// The text of the documents, one below the other, and the spots of the places that are in it.
pub fn write(documents: &[Json], layout: Layout, places: &[Place]) -> (String, Vec<Spot>) {
    let mut writer =
        Writer { layout, places, text: String::new(), here: Path::default(), spots: Vec::new() };
    for (at, document) in documents.iter().enumerate() {
        if at > 0 {
            writer.text.push_str(layout.newline);
        }
        writer.here = Path::of_document(at);
        writer.value(document, "", 0);
    }
    if layout.newline_at_the_end {
        writer.text.push_str(layout.newline);
    }
    let Writer { text, mut spots, .. } = writer;
    spots.sort_by_key(|(place, _)| *place);
    (text, spots.into_iter().map(|(_, spot)| spot).collect())
}

/// Line and column of an offset.
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..offset];
    let line = before.matches('\n').count() + 1;
    let begin = before.rfind('\n').map_or(0, |at| at + 1);
    (line, before[begin..].chars().count() + 1)
}

struct Writer<'a> {
    layout: Layout,
    places: &'a [Place],
    text: String,
    here: Path,
    spots: Vec<(usize, Spot)>,
}

impl Writer<'_> {
    fn value(&mut self, value: &Json, path: &str, depth: usize) {
        self.mark(Token::Value, path);
        match value {
            Json::Null => self.text.push_str("null"),
            Json::Bool(yes) => self.text.push_str(if *yes { "true" } else { "false" }),
            Json::Number(said) => self.text.push_str(said),
            Json::Text(said) => self.quoted(said),
            Json::List(items) => self.list(items, path, depth),
            Json::Object(_) => self.object(value, path, depth),
        }
    }

    fn list(&mut self, items: &[Json], path: &str, depth: usize) {
        self.text.push('[');
        for (at, item) in items.iter().enumerate() {
            self.between(at, depth + 1);
            self.here.steps.push(Step::At(at));
            self.value(item, &format!("{path}[{at}]"), depth + 1);
            self.here.steps.pop();
        }
        self.close(']', items.is_empty(), depth);
    }

    fn object(&mut self, value: &Json, path: &str, depth: usize) {
        self.text.push('{');
        for (at, entry) in value.entries().iter().enumerate() {
            self.between(at, depth + 1);
            self.here.steps.push(Step::Name(entry.name.clone()));
            let path = member(path, &entry.written);
            self.mark(Token::Name, &path);
            self.quoted(&entry.written);
            self.text.push_str(if self.layout.spaced { ": " } else { ":" });
            self.value(&entry.value, &path, depth + 1);
            self.here.steps.pop();
        }
        self.close('}', value.entries().is_empty(), depth);
    }

    fn between(&mut self, at: usize, depth: usize) {
        if at > 0 {
            self.text.push(',');
        }
        if self.layout.indent.is_some() {
            self.line(depth);
        } else if at > 0 && self.layout.spaced {
            self.text.push(' ');
        }
    }

    fn close(&mut self, bracket: char, empty: bool, depth: usize) {
        if !empty && self.layout.indent.is_some() {
            self.line(depth);
        }
        self.text.push(bracket);
    }

    fn line(&mut self, depth: usize) {
        self.text.push_str(self.layout.newline);
        self.text.push_str(&self.layout.indent.unwrap_or_default().repeat(depth));
    }

    fn mark(&mut self, token: Token, path: &str) {
        for (at, place) in self.places.iter().enumerate() {
            let Some(path) = self.meant(place, token, path) else { continue };
            let offset = self.text.len();
            let (line, column) = line_and_column(&self.text, offset);
            self.spots.push((at, Spot { path, line, column, offset }));
        }
    }

    /// The path of a place, if this is where it stands.
    fn meant(&self, place: &Place, token: Token, path: &str) -> Option<String> {
        let is_missing_here = place.token == Token::Missing
            && token == Token::Value
            && place.path.parent() == self.here;
        if is_missing_here {
            return place.path.last_name().map(|name| member(path, name));
        }
        let path = if path.is_empty() { "$" } else { path };
        (place.token == token && place.path == self.here).then(|| path.to_owned())
    }

    fn quoted(&mut self, said: &str) {
        self.text.push('"');
        for letter in said.chars() {
            match letter {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\t' => self.text.push_str("\\t"),
                letter if letter < ' ' || (self.layout.escaped && !letter.is_ascii()) => {
                    for unit in letter.encode_utf16(&mut [0; 2]) {
                        self.text.push_str(&format!("\\u{unit:04x}"));
                    }
                }
                letter => self.text.push(letter),
            }
        }
        self.text.push('"');
    }
}

/// A name that is no word stands in brackets, as a path must tell it from a step.
fn member(path: &str, name: &str) -> String {
    let is_word = !name.is_empty()
        && name.chars().all(|letter| letter.is_alphanumeric() || "_$-".contains(letter));
    match (is_word, path.is_empty()) {
        (true, true) => name.to_owned(),
        (true, false) => format!("{path}.{name}"),
        (false, _) => format!("{path}[{name:?}]"),
    }
}

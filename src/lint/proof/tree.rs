//! An ordered JSON tree that remembers of each name what the API calls it and how it is spelled here, and the paths into it.
//! It must not know what a request is.

use std::fmt;

/// A value; numbers keep their spelling.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<Entry>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// In lowerCamelCase, as paths name it.
    pub name: String,
    /// As it stands in the text.
    pub written: String,
    /// A field of the API, which may be spelled either way, and no key of somebody's data.
    pub field: bool,
    pub value: Json,
}

impl Entry {
    pub fn field(name: &str, value: Json) -> Self {
        Self { name: name.into(), written: name.into(), field: true, value }
    }

    pub fn data(name: &str, value: Json) -> Self {
        Self { field: false, ..Self::field(name, value) }
    }
}

pub fn text(said: impl Into<String>) -> Json {
    Json::Text(said.into())
}

pub fn number(said: impl fmt::Display) -> Json {
    Json::Number(said.to_string())
}

pub fn list(items: impl IntoIterator<Item = Json>) -> Json {
    Json::List(items.into_iter().collect())
}

pub fn texts<'a>(items: impl IntoIterator<Item = &'a str>) -> Json {
    list(items.into_iter().map(text))
}

/// A message of the API.
pub fn fields<const N: usize>(entries: [(&str, Json); N]) -> Json {
    Json::Object(entries.into_iter().map(|(name, value)| Entry::field(name, value)).collect())
}

/// Somebody's own object.
pub fn data<const N: usize>(entries: [(&str, Json); N]) -> Json {
    Json::Object(entries.into_iter().map(|(name, value)| Entry::data(name, value)).collect())
}

impl Json {
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.name == name).map(|entry| &entry.value)
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        let entries = self.entries_mut()?;
        entries.iter_mut().find(|entry| entry.name == name).map(|entry| &mut entry.value)
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Adds a field, or gives it another value where it is already.
    pub fn set(&mut self, name: &str, value: Self) {
        match self.get_mut(name) {
            Some(there) => *there = value,
            None => self.push(Entry::field(name, value)),
        }
    }

    pub fn push(&mut self, entry: Entry) {
        if let Some(entries) = self.entries_mut() {
            entries.push(entry);
        }
    }

    pub fn remove(&mut self, name: &str) -> Option<Entry> {
        let entries = self.entries_mut()?;
        let at = entries.iter().position(|entry| entry.name == name)?;
        Some(entries.remove(at))
    }

    pub fn entries(&self) -> &[Entry] {
        match self {
            Self::Object(entries) => entries,
            _ => &[],
        }
    }

    pub fn entries_mut(&mut self) -> Option<&mut Vec<Entry>> {
        match self {
            Self::Object(entries) => Some(entries),
            _ => None,
        }
    }

    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    pub fn items_mut(&mut self) -> Option<&mut Vec<Self>> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(said) => Some(said),
            _ => None,
        }
    }

    fn step(&self, step: &Step) -> Option<&Self> {
        match step {
            Step::Name(name) => self.get(name),
            Step::At(at) => self.items().get(*at),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Name(String),
    At(usize),
}

/// Where a value stands: in which document of a text, and the steps to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    pub document: usize,
    pub steps: Vec<Step>,
}

impl Path {
    pub fn of_document(document: usize) -> Self {
        Self { document, steps: Vec::new() }
    }

    /// The path to a member; dots go deeper.
    pub fn to(&self, names: &str) -> Self {
        let mut path = self.clone();
        path.steps.extend(names.split('.').map(|name| Step::Name(name.into())));
        path
    }

    /// The path to a key that is data: dots belong to it.
    pub fn key(&self, name: &str) -> Self {
        let mut path = self.clone();
        path.steps.push(Step::Name(name.into()));
        path
    }

    pub fn at(&self, at: usize) -> Self {
        let mut path = self.clone();
        path.steps.push(Step::At(at));
        path
    }

    pub fn parent(&self) -> Self {
        let mut path = self.clone();
        path.steps.pop();
        path
    }

    pub fn last_name(&self) -> Option<&str> {
        match self.steps.last()? {
            Step::Name(name) => Some(name),
            Step::At(_) => None,
        }
    }

    /// Whether a name stands anywhere on the way.
    pub fn passes(&self, name: &str) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Name(one) if one == name))
    }

    pub fn value<'a>(&self, documents: &'a [Json]) -> Option<&'a Json> {
        let root = documents.get(self.document)?;
        self.steps.iter().try_fold(root, |value, step| value.step(step))
    }

    pub fn value_mut<'a>(&self, documents: &'a mut [Json]) -> Option<&'a mut Json> {
        let root = documents.get_mut(self.document)?;
        self.steps.iter().try_fold(root, |value, step| match step {
            Step::Name(name) => value.get_mut(name),
            Step::At(at) => value.items_mut()?.get_mut(*at),
        })
    }

    /// Whether it ends in a field of the API.
    pub fn is_field(&self, documents: &[Json]) -> bool {
        let Some(name) = self.last_name() else { return false };
        let around = self.parent();
        let entries = around.value(documents).map_or(&[][..], Json::entries);
        entries.iter().any(|entry| entry.field && entry.name == name)
    }

    /// Whether it is the other path or goes on from it.
    pub fn is_below(&self, other: &Self) -> bool {
        self.document == other.document && self.steps.starts_with(&other.steps)
    }

    /// The entry that it ends in, to spell its name otherwise.
    pub fn entry_mut<'a>(&self, documents: &'a mut [Json]) -> Option<&'a mut Entry> {
        let name = self.last_name()?;
        let entries = self.parent().value_mut(documents)?.entries_mut()?;
        entries.iter_mut().find(|entry| entry.name == name)
    }
}

/// Every value with its path, from the root down.
pub fn each<'a>(documents: &'a [Json], look: &mut dyn FnMut(&Path, &'a Json)) {
    for (at, root) in documents.iter().enumerate() {
        below(&Path::of_document(at), root, look);
    }
}

fn below<'a>(path: &Path, value: &'a Json, look: &mut dyn FnMut(&Path, &'a Json)) {
    look(path, value);
    for entry in value.entries() {
        below(&path.key(&entry.name), &entry.value, look);
    }
    for (at, item) in value.items().iter().enumerate() {
        below(&path.at(at), item, look);
    }
}

/// `systemInstruction` as `system_instruction`.
pub fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// `system_instruction` as `systemInstruction`, in each step of a path.
pub fn camel_case(path: &str) -> String {
    let mut camel = String::new();
    let mut is_next_tall = false;
    for letter in path.chars() {
        match letter {
            '_' => is_next_tall = true,
            letter if is_next_tall => {
                camel.extend(letter.to_uppercase());
                is_next_tall = false;
            }
            letter => camel.push(letter),
        }
    }
    camel
}

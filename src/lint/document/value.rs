//! One value of a document, and the ways from it to others. It must not change anything.

use std::borrow::Cow;

use super::{Document, End, Node, Span};

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// An object.
    Object,
    /// A list.
    List,
    /// A text.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
    /// `null`.
    Null,
    /// A word that is no JSON.
    Other,
}

impl Form {
    /// It in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::List => "a list",
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Flag => "true or false",
            Self::Null => "null",
            Self::Other => "no JSON",
        }
    }
}

/// A value of a document.
#[derive(Clone, Copy, Debug)]
pub struct Value<'d> {
    pub(super) document: &'d Document<'d>,
    pub(super) at: u32,
}

impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.at == other.at
    }
}

impl<'d> Value<'d> {
    fn node(self) -> Node {
        self.document.nodes[self.at as usize]
    }

    /// What it is.
    pub fn kind(self) -> Form {
        match self.document.text.as_bytes().get(self.node().start as usize) {
            Some(b'{') => Form::Object,
            Some(b'[') => Form::List,
            Some(b'"' | b'\'') => Form::Text,
            Some(b'-' | b'+' | b'.' | b'0'..=b'9') => Form::Number,
            // And not a text of Python with a letter before it.
            Some(b't' | b'f' | b'T' | b'F') if !self.raw().ends_with(['"', '\'']) => Form::Flag,
            Some(b'n') => Form::Null,
            Some(b'N') if self.raw() == "None" => Form::Null,
            _ => Form::Other,
        }
    }

    /// Where it stands.
    pub fn span(self) -> Span {
        let node = self.node();
        node.start as usize..node.end as usize
    }

    /// Its text, as it stands there.
    pub fn raw(self) -> &'d str {
        self.document.text.get(self.span()).unwrap_or_default()
    }

    /// Where its name stands, with its quotes; none of an item.
    pub fn key_span(self) -> Option<Span> {
        let node = self.node();
        let (start, end) = (node.key as usize, node.start as usize);
        let raw = self.document.text.get(start..end).filter(|raw| !raw.is_empty())?;
        let length = match raw.as_bytes()[0] {
            quote @ (b'"' | b'\'') => end_of_quoted(raw.as_bytes(), quote),
            _ => raw
                .find(|letter: char| letter == ':' || letter.is_whitespace())
                .unwrap_or(raw.len()),
        };
        Some(start..start + length)
    }

    /// Its name, without escapes.
    pub fn key(self) -> Option<Cow<'d, str>> {
        let raw = self.document.text.get(self.key_span()?)?;
        Some(without_quotes(raw).map_or(Cow::Borrowed(raw), plain))
    }

    /// Its name as it stands there, without its quotes.
    pub fn name(self) -> Option<&'d str> {
        let raw = self.document.text.get(self.key_span()?)?;
        Some(without_quotes(raw).unwrap_or(raw))
    }

    /// Whether it has this name, compared as it stands there: nobody escapes the names of an API.
    pub fn is_called(self, name: &str) -> bool {
        let node = self.node();
        let start = node.key as usize + 1;
        let bytes = self.document.text.as_bytes();
        node.key != node.start
            && bytes.get(start..start + name.len()) == Some(name.as_bytes())
            && matches!(bytes.get(start + name.len()), Some(b'"' | b'\''))
    }

    /// The values in it, of an object or a list.
    pub fn children(self) -> Children<'d> {
        let node = self.node();
        let first = self.at + 1;
        let holds = matches!(self.kind(), Form::Object | Form::List)
            && self.document.nodes.get(first as usize).is_some_and(|child| child.start < node.end);
        Children { document: self.document, next: if holds { first } else { 0 } }
    }

    /// The members of an object; nothing of anything else.
    pub fn members(self) -> Children<'d> {
        if self.kind() == Form::Object { self.children() } else { self.none() }
    }

    /// The items of a list; nothing of anything else.
    pub fn items(self) -> Children<'d> {
        if self.kind() == Form::List { self.children() } else { self.none() }
    }

    fn none(self) -> Children<'d> {
        Children { document: self.document, next: 0 }
    }

    /// The last member of exactly this name, as parsers that take duplicates take the last.
    pub fn member(self, name: &str) -> Option<Self> {
        self.members().filter(|member| member.is_called(name)).last()
    }

    /// The items of a list, or the value itself: a single one is taken for a list of one.
    pub fn each(self) -> impl Iterator<Item = Self> {
        let alone = (self.kind() != Form::List).then_some(self);
        self.items().chain(alone)
    }

    /// The text, without escapes.
    pub fn text(self) -> Option<Cow<'d, str>> {
        (self.kind() == Form::Text).then(|| self.quoted()).flatten().map(plain)
    }

    /// The text between the quotes, as it stands there.
    pub fn quoted(self) -> Option<&'d str> {
        without_quotes(self.raw())
    }

    /// The number.
    pub fn number(self) -> Option<f64> {
        (self.kind() == Form::Number).then(|| self.raw().parse().ok()).flatten()
    }

    /// The flag.
    pub fn flag(self) -> Option<bool> {
        match self.raw() {
            "true" | "True" => Some(true),
            "false" | "False" => Some(false),
            _ => None,
        }
    }

    /// The number, also where it is written as a text, as JSON of the API's definitions may.
    pub fn number_in_any_form(self) -> Option<f64> {
        self.number().or_else(|| self.quoted().and_then(|text| text.parse().ok()))
    }

    /// The path to it from the outermost value.
    pub fn path(self) -> String {
        self.document.path_at(self.node().start as usize)
    }

    /// The document it stands in.
    pub fn document(self) -> &'d Document<'d> {
        self.document
    }

    /// Whether an offset lies in it or in its name; of a text that was cut off the end belongs to what it ends in.
    fn reaches(self, offset: usize) -> bool {
        let node = self.node();
        let (start, end) = (node.key as usize, node.end as usize);
        let is_cut_here = self.document.end == End::CutOff && end == self.document.text.len();
        start <= offset && (offset < end || (is_cut_here && offset == end))
    }

    /// The child at an offset or round it; its step is added to the path.
    pub(super) fn child_at(self, offset: usize, path: &mut String) -> Option<Self> {
        let is_object = self.kind() == Form::Object;
        let (index, child) =
            self.children().enumerate().find(|(_, child)| child.reaches(offset))?;
        if is_object {
            push_name(path, &child.key().unwrap_or_default());
        } else {
            path.push_str(&format!("[{index}]"));
        }
        Some(child)
    }
}

/// A name as a step of a path; one with other letters than names have stands in brackets.
pub(crate) fn push_name(path: &mut String, name: &str) {
    let simple = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '$');
    if name.is_empty() || !name.chars().all(simple) {
        path.push_str(&format!("[{name:?}]"));
        return;
    }
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

/// How long what is quoted at the beginning is, quotes and all.
fn end_of_quoted(raw: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while let Some(letter) = raw.get(at) {
        match *letter {
            b'\\' => at += 2,
            letter if letter == quote => return at + 1,
            _ => at += 1,
        }
    }
    raw.len()
}

fn without_quotes(raw: &str) -> Option<&str> {
    let quote = raw.chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
    let inner = &raw[1..];
    Some(inner.strip_suffix(quote).unwrap_or(inner))
}

/// A text without its escapes; what cannot be one stays as it is.
fn plain(quoted: &str) -> Cow<'_, str> {
    if !quoted.contains('\\') {
        return Cow::Borrowed(quoted);
    }
    match serde_json::from_str::<String>(&format!("\"{quoted}\"")) {
        Ok(text) => Cow::Owned(text),
        Err(_) => Cow::Borrowed(quoted),
    }
}

/// The values of an object or a list, in turn.
#[derive(Clone, Copy, Debug)]
pub struct Children<'d> {
    document: &'d Document<'d>,
    next: u32,
}

impl<'d> Iterator for Children<'d> {
    type Item = Value<'d>;

    fn next(&mut self) -> Option<Value<'d>> {
        let at = self.next;
        let node = (at != 0).then(|| self.document.nodes.get(at as usize)).flatten()?;
        self.next = node.next;
        Some(Value { document: self.document, at })
    }
}

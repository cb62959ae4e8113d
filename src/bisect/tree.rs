//! A body as a flat tree in the order of its text, with the place of each value. It judges nothing, and it keeps what
//! was written: a number or an escape comes out as it went in, and so does a name that stands twice.

use std::{fmt, rc::Rc};

use serde::de::IgnoredAny;

/// A node, by its number in the order of the text. The root is 0, and a node comes before all that is in it.
pub(super) type Id = usize;

/// Far deeper than any body that a service reads.
const MOST_DEPTH: usize = 500;

/// A body.
#[derive(Clone, Debug)]
pub struct Tree {
    text: Rc<str>,
    nodes: Vec<Node>,
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) parent: Id,
    pub(super) slot: Slot,
    pub(super) kind: Kind,
    /// The first number behind all that is in it.
    pub(super) end: Id,
    pub(super) depth: usize,
    /// Where it begins, with its name, in bytes.
    start: usize,
}

/// What a value is in its parent.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    Root,
    Member { name: String, raw: String },
    Item(usize),
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Object,
    List,
    /// A text with its quotes, a number, or a word, as it was written.
    Scalar(String),
}

/// Why a text is no body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}: {}", self.line, self.column, self.what)
    }
}

/// A place in the text that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `generationConfig.responseSchema.properties.a.maxItems`; `$` for the whole.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The offset in bytes.
    pub offset: usize,
}

impl Node {
    /// Which item of a list it is.
    pub(super) fn slot_index(&self) -> Option<usize> {
        match self.slot {
            Slot::Item(index) => Some(index),
            Slot::Root | Slot::Member { .. } => None,
        }
    }
}

impl Tree {
    /// Reads a JSON text.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
            let (line, column) = (error.line(), error.column());
            let said = error.to_string();
            let what = said.split(" at line ").next().unwrap_or_default().to_owned();
            return Err(Unreadable { line, column, what });
        }
        Scanner { text, at: 0, nodes: Vec::new(), open: Vec::new(), name: None }.read()
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn node(&self, id: Id) -> &Node {
        &self.nodes[id]
    }

    /// What is directly in a node, in order.
    pub(super) fn children(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let end = self.nodes[id].end;
        let mut next = id + 1;
        std::iter::from_fn(move || {
            let child = (next < end).then_some(next)?;
            next = self.nodes[child].end;
            Some(child)
        })
    }

    pub(super) fn is_list(&self, id: Id) -> bool {
        matches!(self.nodes[id].kind, Kind::List)
    }

    /// The name of a member; none for an item.
    pub(super) fn name(&self, id: Id) -> Option<&str> {
        match &self.nodes[id].slot {
            Slot::Member { name, .. } => Some(name),
            Slot::Root | Slot::Item(_) => None,
        }
    }

    /// A scalar as it was written.
    pub(super) fn raw(&self, id: Id) -> Option<&str> {
        match &self.nodes[id].kind {
            Kind::Scalar(raw) => Some(raw),
            Kind::Object | Kind::List => None,
        }
    }

    /// A text's own words.
    pub(super) fn words(&self, id: Id) -> Option<String> {
        self.raw(id).filter(|raw| raw.starts_with('"')).map(unquoted)
    }

    /// The member of an object by its name in camel case, in that spelling or with underscores.
    pub(super) fn member(&self, id: Id, camel: &str) -> Option<Id> {
        self.children(id).find(|child| self.name(*child).is_some_and(|name| is(name, camel)))
    }

    /// The same tree with another scalar there.
    pub(super) fn replace(&mut self, id: Id, raw: String) {
        self.nodes[id].kind = Kind::Scalar(raw);
    }

    /// Where a node stands.
    pub(super) fn place(&self, id: Id) -> Place {
        let offset = self.nodes[id].start;
        let before = &self.text[..offset];
        let line = before.matches('\n').count() + 1;
        let begins = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before[begins..].chars().count() + 1;
        Place { path: self.path(id), line, column, offset }
    }

    /// The way to a node from the root.
    pub(super) fn path(&self, id: Id) -> String {
        let mut steps = Vec::new();
        let mut at = id;
        while at != 0 {
            steps.push(at);
            at = self.nodes[at].parent;
        }
        if steps.is_empty() {
            return "$".to_owned();
        }
        let mut path = String::new();
        for step in steps.into_iter().rev() {
            match &self.nodes[step].slot {
                Slot::Root => {}
                Slot::Item(index) => path.push_str(&format!("[{index}]")),
                Slot::Member { name, .. } if is_plain(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(name);
                }
                Slot::Member { raw, .. } => path.push_str(&format!("[{raw}]")),
            }
        }
        path
    }
}

/// Whether a name is one of the API's, given in camel case: both spellings are taken there, and no other.
pub(super) fn is(name: &str, camel: &str) -> bool {
    name == camel || name == snake(camel)
}

fn snake(camel: &str) -> String {
    let mut snake = String::with_capacity(camel.len() + 4);
    for letter in camel.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && !name.contains(['.', '[', ']', '"', ' '])
        && !name.contains(char::is_control)
}

/// The words between quotes; what no program could read as a text is left as it was written.
fn unquoted(raw: &str) -> String {
    serde_json::from_str(raw).unwrap_or_else(|_| raw.trim_matches('"').to_owned())
}

/// Reads a text that is known to be JSON.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    nodes: Vec<Node>,
    /// The nodes around the place, and how many values each has so far.
    open: Vec<(Id, usize)>,
    /// The name that was read last, and where it begins.
    name: Option<(String, usize)>,
}

impl Scanner<'_> {
    fn read(mut self) -> Result<Tree, Unreadable> {
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            match byte {
                b'{' => self.enter(Kind::Object)?,
                b'[' => self.enter(Kind::List)?,
                b'}' | b']' => self.leave(),
                b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'"' => self.quoted(),
                _ => self.word(),
            }
        }
        Ok(Tree { text: self.text.into(), nodes: self.nodes })
    }

    fn enter(&mut self, kind: Kind) -> Result<(), Unreadable> {
        let id = self.add(kind, self.at);
        self.open.push((id, 0));
        self.at += 1;
        if self.open.len() <= MOST_DEPTH {
            return Ok(());
        }
        let before = &self.text[..self.at];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|letter| *letter != '\n').count();
        Err(Unreadable { line, column, what: format!("more than {MOST_DEPTH} levels deep") })
    }

    fn leave(&mut self) {
        let (id, _) = self.open.pop().expect("every bracket has its partner");
        self.nodes[id].end = self.nodes.len();
        self.at += 1;
    }

    fn quoted(&mut self) {
        let start = self.at;
        let mut escaped = false;
        let length = self.text.as_bytes()[start + 1..].iter().position(|byte| {
            let ends = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            ends
        });
        self.at = start + 2 + length.expect("a text has an end");
        let raw = self.text[start..self.at].to_owned();
        let in_object =
            self.open.last().is_some_and(|(id, _)| matches!(self.nodes[*id].kind, Kind::Object));
        if in_object && self.name.is_none() {
            self.name = Some((raw, start));
        } else {
            self.add(Kind::Scalar(raw), start);
        }
    }

    fn word(&mut self) {
        let rest = &self.text[self.at..];
        let ends = |letter: char| letter.is_ascii_whitespace() || ",]}".contains(letter);
        let length = rest.find(ends).unwrap_or(rest.len());
        let (raw, start) = (rest[..length].to_owned(), self.at);
        self.at += length;
        self.add(Kind::Scalar(raw), start);
    }

    fn add(&mut self, kind: Kind, value_at: usize) -> Id {
        let id = self.nodes.len();
        let (start, slot) = match self.name.take() {
            Some((raw, at)) => (at, Slot::Member { name: unquoted(&raw), raw }),
            None => {
                (value_at, self.open.last().map_or(Slot::Root, |(_, so_far)| Slot::Item(*so_far)))
            }
        };
        let parent = self.open.last().map_or(0, |(id, _)| *id);
        if let Some((_, so_far)) = self.open.last_mut() {
            *so_far += 1;
        }
        let depth = self.open.len();
        self.nodes.push(Node { parent, slot, kind, end: id + 1, depth, start });
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let tree = Tree::read(text).expect("a body");
        (0..tree.len()).map(|id| tree.path(id)).collect()
    }

    #[test]
    fn each_value_has_a_path_and_a_place() {
        let text = "{\"a\": [1, {\"b\": \"é\\\"}\"}],\n \"a.c\": -1.5e3, \"a\": null}";
        assert_eq!(
            paths(text),
            ["$", "a", "a[0]", "a[1]", "a[1].b", "[\"a.c\"]", "a"],
            "a name that stands twice is there twice"
        );
        let tree = Tree::read(text).expect("a body");
        let place = tree.place(5);
        assert_eq!((place.line, place.column), (2, 2));
        assert_eq!(tree.place(6).column, 17);
        assert_eq!(tree.raw(5), Some("-1.5e3"));
        assert_eq!(tree.words(4).as_deref(), Some("é\"}"));
        assert_eq!(tree.children(0).collect::<Vec<_>>(), [1, 5, 6]);
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        let wrong = Tree::read("{\"a\": 1,\n \"b\": }").expect_err("no JSON");
        assert_eq!((wrong.line, wrong.column), (2, 7));
        assert!(Tree::read("").is_err());
        let deep = "[".repeat(2000) + &"]".repeat(2000);
        assert!(Tree::read(&deep).expect_err("too deep").what.contains("levels"));
    }

    #[test]
    fn names_are_known_in_two_spellings() {
        assert!(is("functionCall", "functionCall") && is("function_call", "functionCall"));
        assert!(!is("FunctionCall", "functionCall") && !is("function-call", "functionCall"));
    }
}

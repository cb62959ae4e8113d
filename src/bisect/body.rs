//! A body that can be cut: which parts there are, what goes with what, and the text of what is left. What must not be
//! missing for a reason of its own is stood in for, so that a cut makes no new fault.

use std::{collections::HashSet, fmt, rc::Rc};

use super::{
    meaning::{self, Bond, Meaning, Named, Pairs},
    tree::{Id, Kind, Place, Slot, Tree, Unreadable, is},
};

/// The body as it was given, with all that is known of its parts.
#[derive(Clone, Debug)]
pub struct Body {
    tree: Tree,
    meanings: Vec<Meaning>,
    bonds: Vec<Bond>,
    pairs: Pairs,
    named: Named,
    /// What can be cut by itself, in the order of the text.
    parts: Vec<Id>,
}

/// What is left of a body.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Cut(Rc<[bool]>);

/// Tells how much is left, since one word for each value says nothing.
impl fmt::Debug for Cut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = self.0.iter().filter(|kept| **kept).count();
        write!(formatter, "Cut({left} of {})", self.0.len())
    }
}

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// In one line, as it is sent.
    Compact,
    /// One member a line, as it is read.
    Pretty,
}

impl Cut {
    /// Whether all of it is left in another cut as well.
    pub(super) fn is_in(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0.iter()).all(|(own, other)| *other || !*own)
    }
}

impl Body {
    /// Reads a JSON text.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        Tree::read(text).map(Self::of)
    }

    pub(super) fn of(tree: Tree) -> Self {
        let meanings = meaning::meanings(&tree);
        let pairs = Pairs::of_tree(&tree, &meanings);
        let bonds: Vec<Bond> =
            (0..tree.len()).map(|id| meaning::bond(&tree, &meanings, &pairs, id)).collect();
        let parts = (1..tree.len()).filter(|id| bonds[*id] != Bond::Attached).collect();
        let named = Named::of_tree(&tree, &meanings);
        Self { tree, meanings, bonds, pairs, named, parts }
    }

    pub(super) fn tree(&self) -> &Tree {
        &self.tree
    }

    pub(super) fn meaning(&self, id: Id) -> Meaning {
        self.meanings[id]
    }

    /// The same parts with other words in some places: cuts of the one are cuts of the other.
    pub(super) fn with(&self, tree: Tree) -> Self {
        Self { tree, ..self.clone() }
    }

    /// What can be cut by itself, in the order of the text.
    pub(super) fn parts(&self) -> &[Id] {
        &self.parts
    }

    /// How many values there are.
    pub fn values(&self) -> usize {
        self.tree.len()
    }

    /// Where a name stands that stood in the same object before: the first few.
    pub fn names_twice(&self) -> Vec<Place> {
        const MOST: usize = 5;
        let mut seen = HashSet::new();
        let mut stood_before = |id: &Id| {
            let parent = self.tree.node(*id).parent;
            self.tree.name(*id).is_some_and(|name| !seen.insert((parent, name)))
        };
        let twice: Vec<Id> =
            (1..self.tree.len()).filter(|id| stood_before(id)).take(MOST).collect();
        twice.into_iter().map(|id| self.tree.place(id)).collect()
    }

    /// All of it.
    pub fn whole(&self) -> Cut {
        Cut(vec![true; self.tree.len()].into())
    }

    /// These parts and what they cannot do without.
    pub(super) fn only(&self, parts: impl IntoIterator<Item = Id>) -> Cut {
        let mut kept = vec![false; self.tree.len()];
        kept[0] = true;
        for part in parts {
            self.keep(part, &mut kept);
        }
        for (item, named) in self.named.iter() {
            if kept[item] {
                self.keep(named, &mut kept);
            }
        }
        self.attach(&mut kept);
        Cut(kept.into())
    }

    fn keep(&self, part: Id, kept: &mut [bool]) {
        let mut at = part;
        while !kept[at] {
            kept[at] = true;
            at = self.tree.node(at).parent;
        }
    }

    fn attach(&self, kept: &mut [bool]) {
        for id in 1..self.tree.len() {
            if self.bonds[id] == Bond::Attached {
                kept[id] = kept[self.tree.node(id).parent];
            }
        }
    }

    /// All but these parts and what is in them.
    pub(super) fn without(&self, cut: &Cut, parts: &[Id]) -> Cut {
        let mut kept = cut.0.to_vec();
        for part in parts {
            self.drop(*part, &mut kept);
        }
        Cut(kept.into())
    }

    /// What goes with parts: the response of a call, and the call of a response.
    pub(super) fn with_partners(&self, parts: &[Id]) -> Vec<Id> {
        let mut all = parts.to_vec();
        for part in parts {
            let inside = *part..self.tree.node(*part).end;
            all.extend(inside.filter_map(|id| self.pairs.of(id)));
            // What a call or a response says of itself is all there is of it.
            let parent = self.tree.node(*part).parent;
            let is_data = self.tree.name(*part).is_some_and(meaning::is_data_of_part);
            all.extend(
                self.pairs
                    .of(parent)
                    .filter(|_| is_data)
                    .into_iter()
                    .chain(is_data.then_some(parent)),
            );
        }
        all
    }

    fn drop(&self, part: Id, kept: &mut [bool]) {
        kept[part..self.tree.node(part).end].fill(false);
    }

    /// Whether a part is left in a cut.
    pub(super) fn has(&self, cut: &Cut, id: Id) -> bool {
        cut.0[id]
    }

    /// The text of what is left.
    pub fn text(&self, cut: &Cut, style: Style) -> String {
        let whole = Writer { body: self, kept: &cut.0 }.value(0);
        let mut text = String::new();
        match (whole, style) {
            (Some(Out::Raw(raw)), _) => text.push_str(&raw),
            (Some(out), Style::Compact) => out.compact(&mut text),
            (Some(out), Style::Pretty) => out.pretty(0, &mut text),
            (None, _) => text.push_str("{}"),
        }
        text
    }
}

/// What is written.
enum Out {
    Object(Vec<(String, Out)>),
    List(Vec<Out>),
    Raw(String),
}

struct Writer<'a> {
    body: &'a Body,
    kept: &'a [bool],
}

impl Writer<'_> {
    fn tree(&self) -> &Tree {
        &self.body.tree
    }

    /// A value that is left; none where nothing of it makes sense any more.
    fn value(&self, id: Id) -> Option<Out> {
        match &self.tree().node(id).kind {
            Kind::Scalar(raw) => Some(Out::Raw(raw.clone())),
            Kind::List => self.list(id),
            Kind::Object => Some(self.object(id)),
        }
    }

    fn list(&self, id: Id) -> Option<Out> {
        let tree = self.tree();
        let names = self.holds_names(id);
        let mut items = Vec::new();
        let mut before: Option<Id> = None;
        for item in tree.children(id) {
            if names && !self.names_something(id, item) {
                continue;
            }
            let value = match self.kept[item] {
                true => self.value(item),
                false => self.stand_of_item(id, item),
            };
            let Some(value) = value else { continue };
            if self.body.meaning(id) == Meaning::Content {
                items.extend(self.turn_between(before, item).map(|raw| Out::of(&raw)));
            }
            items.push(value);
            before = Some(item);
        }
        if self.body.meaning(id) == Meaning::Content {
            items.extend(self.turn_after(id, before).map(|raw| Out::of(&raw)));
        }
        let was_empty = tree.children(id).next().is_none();
        if items.is_empty() && !was_empty {
            if names {
                return None;
            }
            items.extend(
                meaning::item_like(tree, self.body.meaning(id), id).map(|raw| Out::of(&raw)),
            );
        }
        Some(Out::List(items))
    }

    /// A call without its response is refused for that alone, and a response without its call as well: what stands
    /// for the one where the other is left.
    fn stand_of_item(&self, list: Id, item: Id) -> Option<Out> {
        match self.body.meaning(list) {
            Meaning::Part => self.stand_of_part(item),
            Meaning::Content => self.turn_of_stands(item),
            _ => None,
        }
    }

    fn stand_of_part(&self, part: Id) -> Option<Out> {
        let partner = self.body.pairs.of(part).filter(|other| self.has_data(*other))?;
        meaning::partner_like(self.tree(), part, partner).map(|raw| Out::of(&raw))
    }

    /// Whether what a part is about is left.
    fn has_data(&self, part: Id) -> bool {
        let tree = self.tree();
        let is_data = |child: &Id| tree.name(*child).is_some_and(meaning::is_data_of_part);
        self.kept[part] && tree.children(part).filter(is_data).any(|child| self.kept[child])
    }

    fn turn_of_stands(&self, turn: Id) -> Option<Out> {
        let parts = self.stands_of_parts(self.tree().member(turn, "parts")?);
        let role = meaning::role(self.tree(), turn);
        let role =
            role.as_deref().filter(|role| ["user", "model"].contains(role)).unwrap_or("user");
        let role = ("\"role\"".to_owned(), Out::Raw(format!("\"{role}\"")));
        (!parts.is_empty())
            .then(|| Out::Object(vec![role, ("\"parts\"".to_owned(), Out::List(parts))]))
    }

    fn stands_of_parts(&self, parts: Id) -> Vec<Out> {
        self.tree().children(parts).filter_map(|part| self.stand_of_part(part)).collect()
    }

    fn holds_names(&self, list: Id) -> bool {
        let tree = self.tree();
        let around = self.body.meaning(tree.node(list).parent);
        tree.name(list).is_some_and(|name| meaning::holds_names(around, name))
    }

    /// A name goes when what it names was cut; one that names nothing was so from the beginning.
    fn names_something(&self, list: Id, item: Id) -> bool {
        match self.body.named.of(item) {
            Some(named) => self.kept[named],
            None => self.could_name_something(list),
        }
    }

    /// Whether what names could stand for is there: where that is no list of names at all and goes, they go as well.
    fn could_name_something(&self, list: Id) -> bool {
        let tree = self.tree();
        let parent = tree.node(list).parent;
        if self.body.meaning(parent) == Meaning::Schema {
            let properties = tree.member(parent, "properties");
            let is_none = |id: Id| !matches!(tree.node(id).kind, Kind::Object);
            return properties.is_none_or(|id| self.kept[id] || !is_none(id));
        }
        let tools = (1..tree.len()).filter(|id| self.body.meaning(*id) == Meaning::Tool);
        self.declarations().next().is_some() || tools.into_iter().all(|id| self.kept[id])
    }

    fn declarations(&self) -> impl Iterator<Item = Id> + '_ {
        let is_one = |id: &Id| {
            self.body.meaning(*id) == Meaning::Declaration && self.tree().name(*id).is_none()
        };
        (0..self.tree().len()).filter(is_one)
    }

    /// Turns that were no neighbours may not follow each other in one role, nor begin with an answer.
    fn turn_between(&self, before: Option<Id>, turn: Id) -> Option<String> {
        let tree = self.tree();
        let role = meaning::role(tree, turn).unwrap_or_else(|| "user".to_owned());
        let is_first = tree.node(turn).slot_index() == Some(0);
        match before {
            None if role == "model" && !is_first => Some(meaning::turn("user")),
            Some(before) if tree.node(before).end != turn => {
                let same = meaning::role(tree, before).is_none_or(|other| other == role);
                let other = if role == "model" { "user" } else { "model" };
                same.then(|| meaning::turn(other))
            }
            _ => None,
        }
    }

    /// A cut does not make an answer the last word.
    fn turn_after(&self, list: Id, last: Option<Id>) -> Option<String> {
        let tree = self.tree();
        let was_last = tree.children(list).last();
        let is_answer = |turn: Id| meaning::role(tree, turn).as_deref() == Some("model");
        (last != was_last && last.is_some_and(is_answer)).then(|| meaning::turn("user"))
    }

    fn object(&self, id: Id) -> Out {
        let tree = self.tree();
        let mut members = Vec::new();
        for child in tree.children(id) {
            let Slot::Member { raw, .. } = &tree.node(child).slot else { continue };
            let value = match self.kept[child] {
                true if self.makes_sense(child) => self.value(child),
                _ => self.stand_of_member(child),
            };
            members.extend(value.map(|value| (raw.clone(), value)));
        }
        let was_empty = tree.children(id).next().is_none();
        if members.is_empty() && !was_empty {
            let stand = meaning::member_like(tree, self.body.meaning(id), id);
            members.extend(stand.map(|(name, value)| (name, Out::of(&value))));
        }
        self.complete(id, &mut members);
        Out::Object(members)
    }

    /// A file without its address is none.
    fn makes_sense(&self, id: Id) -> bool {
        let tree = self.tree();
        let uri = tree.member(id, "fileUri");
        self.body.meaning(id) != Meaning::File || uri.is_none_or(|uri| self.kept[uri])
    }

    fn stand_of_member(&self, id: Id) -> Option<Out> {
        let parts = match self.body.meaning(id) {
            Meaning::Part => self.stands_of_parts(id),
            _ => Vec::new(),
        };
        match parts.is_empty() {
            true => self.stand(id).map(|raw| Out::of(&raw)),
            false => Some(Out::List(parts)),
        }
    }

    fn stand(&self, id: Id) -> Option<String> {
        let tree = self.tree();
        match &self.body.bonds[id] {
            Bond::Stand(raw) => Some(raw.clone()),
            Bond::Attached => tree.raw(id).map(str::to_owned),
            Bond::Loose if self.body.meaning(tree.node(id).parent) == Meaning::Generation => {
                self.of_generation(id)
            }
            Bond::Loose => None,
        }
    }

    /// A schema is nothing without its kind of answer, nor are logarithms without being asked for.
    fn of_generation(&self, id: Id) -> Option<String> {
        let tree = self.tree();
        let (name, parent) = (tree.name(id)?, tree.node(id).parent);
        let has = |camel: &str| tree.member(parent, camel).is_some_and(|id| self.kept[id]);
        let wanted = match () {
            () if is(name, "responseMimeType") => {
                has("responseSchema") || has("responseJsonSchema")
            }
            () if is(name, "responseLogprobs") => has("logprobs"),
            () => false,
        };
        let own =
            tree.raw(id).filter(|raw| ["\"application/json\"", "\"text/x.enum\""].contains(raw));
        wanted.then(|| match is(name, "responseMimeType") {
            true => own.unwrap_or("\"application/json\"").to_owned(),
            false => "true".to_owned(),
        })
    }

    /// What an object must have in the place of what was cut.
    fn complete(&self, id: Id, members: &mut Vec<(String, Out)>) {
        let tree = self.tree();
        let had = |wanted: fn(&str) -> bool| {
            tree.children(id).any(|child| tree.name(child).is_some_and(wanted))
        };
        let named = |members: &[(String, Out)], wanted: fn(&str) -> bool| {
            members.iter().any(|(raw, _)| wanted(raw.trim_matches('"')))
        };
        match self.body.meaning(id) {
            Meaning::Part
                if had(meaning::is_data_of_part) && !named(members, meaning::is_data_of_part) =>
            {
                match self.stand_of_part(id) {
                    Some(Out::Object(stands)) => {
                        let is_new = |(name, _): &(String, Out)| {
                            let own = name.trim_matches('"');
                            !members.iter().any(|(raw, _)| is(raw.trim_matches('"'), own))
                        };
                        let stands: Vec<(String, Out)> =
                            stands.into_iter().filter(is_new).collect();
                        members.extend(stands);
                    }
                    _ => members.push(("\"text\"".to_owned(), Out::Raw("\"x\"".to_owned()))),
                }
            }
            Meaning::Request if self.lacks_functions(id, members) => {
                members.retain(|(raw, _)| raw != "\"tools\"");
                members.push(("\"tools\"".to_owned(), Out::of(&meaning::tools())));
            }
            _ => {}
        }
        if self.lacks_signature(id, members) {
            members
                .push(("\"thoughtSignature\"".to_owned(), Out::Raw(meaning::UNSIGNED.to_owned())));
        }
        let stands = meaning::stands_for_misspelt(
            tree,
            self.body.meaning(id),
            id,
            &self.body.pairs,
            |child| self.kept[child],
        );
        for (name, value) in stands {
            members.push((name, Out::of(&value)));
        }
    }

    /// Whether it is a call that nobody has to sign as long as the user says something behind it, and what the user
    /// says there was cut.
    fn lacks_signature(&self, part: Id, members: &[(String, Out)]) -> bool {
        let tree = self.tree();
        let has = |camel: &str| members.iter().any(|(raw, _)| is(raw.trim_matches('"'), camel));
        if self.body.meaning(part) != Meaning::Part
            || !has("functionCall")
            || has("thoughtSignature")
            || !meaning::is_first_call(tree, part)
        {
            return false;
        }
        let mut said = meaning::words_behind(tree, part).peekable();
        said.peek().is_some() && !said.any(|turn| self.kept[turn])
    }

    /// Whether it says how functions are called, and all functions were cut.
    fn lacks_functions(&self, request: Id, members: &[(String, Out)]) -> bool {
        let config = members.iter().any(|(raw, _)| is(raw.trim_matches('"'), "toolConfig"));
        let own = |id: &Id| *id > request && *id < self.tree().node(request).end;
        let mut declared = self.declarations().filter(own).peekable();
        config && declared.peek().is_some() && !declared.any(|id| self.kept[id])
    }
}

impl Out {
    /// What stands for something, part by part.
    fn of(raw: &str) -> Self {
        let tree = Tree::read(raw).expect("what stands for a part is JSON");
        Self::of_tree(&tree, 0)
    }

    fn of_tree(tree: &Tree, id: Id) -> Self {
        let inside = || tree.children(id);
        match &tree.node(id).kind {
            Kind::Scalar(raw) => Self::Raw(raw.clone()),
            Kind::List => Self::List(inside().map(|child| Self::of_tree(tree, child)).collect()),
            Kind::Object => {
                let member = |child: Id| match &tree.node(child).slot {
                    Slot::Member { raw, .. } => Some((raw.clone(), Self::of_tree(tree, child))),
                    Slot::Root | Slot::Item(_) => None,
                };
                Self::Object(inside().filter_map(member).collect())
            }
        }
    }

    fn compact(&self, text: &mut String) {
        match self {
            Self::Raw(raw) => text.push_str(raw),
            Self::List(items) => {
                text.push('[');
                for (nth, item) in items.iter().enumerate() {
                    text.push_str(if nth > 0 { "," } else { "" });
                    item.compact(text);
                }
                text.push(']');
            }
            Self::Object(members) => {
                text.push('{');
                for (nth, (name, value)) in members.iter().enumerate() {
                    text.push_str(if nth > 0 { "," } else { "" });
                    text.push_str(name);
                    text.push(':');
                    value.compact(text);
                }
                text.push('}');
            }
        }
    }

    fn pretty(&self, depth: usize, text: &mut String) {
        let line = |depth: usize, text: &mut String| {
            text.push('\n');
            text.push_str(&"  ".repeat(depth));
        };
        match self {
            Self::Raw(raw) => text.push_str(raw),
            Self::List(items) if items.is_empty() => text.push_str("[]"),
            Self::Object(members) if members.is_empty() => text.push_str("{}"),
            Self::List(items) => {
                text.push('[');
                for (nth, item) in items.iter().enumerate() {
                    text.push_str(if nth > 0 { "," } else { "" });
                    line(depth + 1, text);
                    item.pretty(depth + 1, text);
                }
                line(depth, text);
                text.push(']');
            }
            Self::Object(members) => {
                text.push('{');
                for (nth, (name, value)) in members.iter().enumerate() {
                    text.push_str(if nth > 0 { "," } else { "" });
                    line(depth + 1, text);
                    text.push_str(name);
                    text.push_str(": ");
                    value.pretty(depth + 1, text);
                }
                line(depth, text);
                text.push('}');
            }
        }
    }
}

//! Calls of functions and their responses: that they stand next to each other, and that each call has its response.

mod known;
mod pairs;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, collections::HashSet};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, said},
    kind::{Kind, field},
    request::{self, Request},
    rule::Rule,
};

use self::known::{
    COUNT, DIFFERS, DIFFERS_OLDER, ID_REPEATED, LAST, LAST_OLDER, NAMELESS, OUT_OF_PLACE,
    RESPONSE_NAMELESS, UNANSWERED, UNDECLARED, WITH_TEXT, WITHOUT_CALL, WRONG_ROLE,
};
use super::{
    parts::{Held, each_part, is_cut},
    turns::{Role, merged, role_of},
};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[
    &OUT_OF_PLACE,
    &UNANSWERED,
    &WITHOUT_CALL,
    &COUNT,
    &DIFFERS,
    &DIFFERS_OLDER,
    &LAST,
    &LAST_OLDER,
    &RESPONSE_NAMELESS,
    &NAMELESS,
    &ID_REPEATED,
    &UNDECLARED,
    &WRONG_ROLE,
    &WITH_TEXT,
];

/// A turn, as far as calls are concerned.
#[derive(Debug, Default)]
struct Turn<'d> {
    value: Option<Value<'d>>,
    role: Role,
    calls: Vec<Value<'d>>,
    responses: Vec<Value<'d>>,
    /// A text beside them.
    text: Option<Value<'d>>,
    /// Whether there is anything else, texts included.
    has_more: bool,
}

impl<'d> Turn<'d> {
    /// Reads a turn in place of the one that was read before.
    fn read(&mut self, value: Value<'d>) {
        self.calls.clear();
        self.responses.clear();
        (self.value, self.role, self.text, self.has_more) =
            (Some(value), role_of(value), None, false);
        for held in each_part(value).map(Held::of) {
            match (held.call(), held.response()) {
                (Some(call), _) => self.calls.push(call),
                (_, Some(response)) => self.responses.push(response),
                _ => self.more(&held),
            }
        }
    }

    fn more(&mut self, held: &Held<'d>) {
        self.has_more = true;
        let text = held.text().filter(|text| text.quoted().is_some_and(|text| !text.is_empty()));
        self.text = self.text.or(text);
    }

    fn is_plain(&self) -> bool {
        self.calls.is_empty() && self.responses.is_empty()
    }
}

/// The way through the turns.
struct Walk<'a, 'd> {
    request: &'a Request<'d>,
    contents: Value<'d>,
    before: Turn<'d>,
    now: Turn<'d>,
    /// How many turns with responses belong to those of which the number was told.
    scattered: usize,
    /// The functions that are declared, once somebody asks; none where tools bring functions of their own.
    declared: Option<Option<HashSet<Cow<'d, str>>>>,
}

/// Looks at a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    let contents = request.field("contents").filter(|list| list.kind() == Form::List);
    let Some(contents) = contents else { return };
    // Tokens are counted in any order.
    if request.kind == Kind::Count {
        return contents.items().flat_map(request::parts).for_each(|part| names(part, found));
    }
    let (before, now) = (Turn::default(), Turn::default());
    let mut walk = Walk { request, contents, before, now, scattered: 0, declared: None };
    let mut turns = contents.items();
    while let Some(turn) = turns.next() {
        walk.now.read(turn);
        walk.turn(turns, found);
        std::mem::swap(&mut walk.before, &mut walk.now);
    }
    if !is_cut(contents) {
        walk.end(found);
    }
}

fn name_of(value: Value<'_>) -> Cow<'_, str> {
    field(value, "name").and_then(Value::text).unwrap_or_default()
}

impl<'d> Walk<'_, 'd> {
    fn turn(&mut self, rest: impl Iterator<Item = Value<'d>> + Clone, found: &mut Findings<'_>) {
        if !self.before.calls.is_empty() {
            self.after_calls(rest, found);
        } else if let Some(response) = self.now.responses.first().copied() {
            self.response_after_none(response, found);
        } else {
            self.scattered = 0;
        }
        if self.now.is_plain() {
            return;
        }
        self.place(found);
        self.names(found);
        self.role(found);
        self.beside(found);
    }

    /// What follows a turn with calls.
    fn after_calls(
        &mut self,
        rest: impl Iterator<Item = Value<'d>> + Clone,
        found: &mut Findings<'_>,
    ) {
        let (calls, responses) = (self.before.calls.len(), self.now.responses.len());
        if self.now.value.is_some_and(is_cut) {
            return;
        }
        match responses {
            0 => self.unanswered(found),
            _ if responses < calls => self.too_few(rest, found),
            _ if responses > calls => self.too_many(calls, found),
            _ => pairs::look(self.request, &self.before.calls, &self.now.responses, found),
        }
    }

    fn unanswered(&self, found: &mut Findings<'_>) {
        let Some(call) = self.before.calls.first() else { return };
        found.at_name(&UNANSWERED, *call, || {
            let name = name_of(*call);
            said(format!("the turn after the call of {name:?} has no functionResponse")).with(
                Correction::advice(format!(
                    "Put a turn behind it with a functionResponse for each of its calls, or leave the turn with the call of {name} out"
                )),
            )
        });
    }

    fn too_few(&mut self, rest: impl Iterator<Item = Value<'d>> + Clone, found: &mut Findings<'_>) {
        let Some(turn) = self.now.value else { return };
        let (calls, responses) = (self.before.calls.len(), self.now.responses.len());
        let mut other = Turn::default();
        let mut total = responses;
        let following = rest.clone().take_while(|turn| {
            other.read(*turn);
            total += other.responses.len();
            other.calls.is_empty() && !other.responses.is_empty()
        });
        self.scattered = following.count();
        let place = field(turn, "parts").unwrap_or(turn);
        let is_scattered = self.scattered > 0 && total == calls;
        found.at(&COUNT, place, || {
            let mut rest = rest;
            let next = rest.next().filter(|_| is_scattered);
            let edits = next.and_then(|next| merged(self.contents, turn, next));
            let words = format!(
                "the turn before has {calls} calls, and this one {responses} of the responses"
            );
            match edits {
                Some(edits) => said(format!("{words}; the others stand in turns of their own"))
                    .with(Correction::mechanical("Put the parts of the next turn into it", edits)),
                None => said(words).with(Correction::advice(
                    "Give each call its response in this one turn, also one that failed",
                )),
            }
        });
    }

    fn too_many(&self, calls: usize, found: &mut Findings<'_>) {
        let Some(extra) = self.now.responses.get(calls) else { return };
        found.at_name(&COUNT, *extra, || {
            let responses = self.now.responses.len();
            let s = if calls == 1 { "" } else { "s" };
            said(format!("the turn before has {calls} call{s}, and this one {responses} responses"))
                .with(Correction::advice("Leave out the responses that no call asked for"))
        });
    }

    fn response_after_none(&mut self, response: Value<'d>, found: &mut Findings<'_>) {
        if self.scattered > 0 {
            self.scattered -= 1;
            return;
        }
        found.at_name(&WITHOUT_CALL, response, || {
            let name = name_of(response);
            let words = match self.before.value {
                None => format!("the conversation begins with a response of {name:?}"),
                Some(_) => {
                    format!("the turn before has no call, and this is a response of {name:?}")
                }
            };
            said(words).with(Correction::advice(
                "Put the turn with its call before it, or leave the response out; cut a history before a turn of the user",
            ))
        });
    }

    /// Where a turn with calls stands.
    fn place(&self, found: &mut Findings<'_>) {
        let Some(call) = self.now.calls.first() else { return };
        let name = name_of(*call);
        let words = match self.before.value {
            None => format!("the conversation begins with a call of {name:?}"),
            Some(_) if self.before.role == Role::Model && self.before.is_plain() => {
                format!("the call of {name:?} follows another turn of the model")
            }
            Some(_) => return,
        };
        found.at_name(&OUT_OF_PLACE, *call, || {
            let advice = match self.before.value {
                None => "Begin with the turn of the user that led to the call",
                Some(_) => "Put the call into the turn of the model before it",
            };
            said(words).with(Correction::advice(advice))
        });
    }

    fn names(&mut self, found: &mut Findings<'_>) {
        for (is_call, value) in (self.now.calls.iter().map(|call| (true, *call)))
            .chain(self.now.responses.iter().map(|response| (false, *response)))
        {
            name(is_call, value, found);
        }
        if self.now.calls.len() > 1 {
            pairs::repeated_ids(&self.now.calls, found);
        }
        if !self.now.calls.is_empty() {
            self.undeclared(found);
        }
    }

    fn undeclared(&mut self, found: &mut Findings<'_>) {
        let declared = self.declared.get_or_insert_with(|| declared(self.request));
        let Some(declared) = declared else { return };
        for call in &self.now.calls {
            let Some(value) = field(*call, "name").filter(|name| !is_cut(*name)) else { continue };
            let Some(name) = value.text().filter(|name| !name.is_empty()) else { continue };
            if !declared.contains(name.as_ref()) && !declared.contains(without_prefix(&name)) {
                found.at(&UNDECLARED, value, || {
                    said(format!("no tool of this request declares the function {name:?}"))
                });
            }
        }
    }

    fn role(&self, found: &mut Findings<'_>) {
        let Turn { value: Some(turn), role, calls, responses, has_more, .. } = &self.now else {
            return;
        };
        let (right, words) = match role {
            Role::User | Role::Function if !calls.is_empty() && responses.is_empty() => {
                ("model", "a call stands in a turn of the user")
            }
            Role::Model if !responses.is_empty() && calls.is_empty() => {
                ("user", "a response stands in a turn of the model")
            }
            _ => return,
        };
        let Some(role) = field(*turn, "role") else { return };
        found.at(&WRONG_ROLE, role, || {
            let edit = (!has_more).then(|| edit::replace(role, edit::quoted(right)));
            said(words).with(match edit {
                Some(edit) => Correction::mechanical(format!("Write {right}"), vec![edit]),
                None => Correction::advice(format!("Put it into a turn of the {right}")),
            })
        });
    }

    fn beside(&self, found: &mut Findings<'_>) {
        let Some(text) = self.now.text.filter(|_| !self.now.responses.is_empty()) else { return };
        found.at(&WITH_TEXT, text, || {
            said("the turn has responses of functions, and a text beside them").with(
                Correction::advice(
                    "Put the text into the response, or send it in a turn of the user after the model's next answer",
                ),
            )
        });
    }

    fn end(&self, found: &mut Findings<'_>) {
        let Some(call) = self.before.calls.first() else { return };
        let rule: &'static Rule = if self.request.is_since(3, 6) { &LAST } else { &LAST_OLDER };
        found.at_name(rule, *call, || {
            said(format!("the conversation ends with a call of {:?}", name_of(*call)))
                .with(Correction::advice("Run it, and add a turn with its functionResponse"))
        });
    }
}

/// Whether a call is there at once, and not in pieces as the cloud platform streams them.
fn is_whole(value: Value<'_>) -> bool {
    let known = ["id", "name", "args", "response", "parts", "scheduling"];
    let is_known = |member: Value<'_>| known.iter().any(|name| member.is_called(name));
    value.kind() == Form::Object && value.members().all(is_known) && !is_cut(value)
}

/// Whether the call or the response of a part has its name.
fn names(part: Value<'_>, found: &mut Findings<'_>) {
    for (held, is_call) in [("functionCall", true), ("functionResponse", false)] {
        if let Some(value) = field(part, held).filter(|value| value.kind() == Form::Object) {
            name(is_call, value, found);
        }
    }
}

fn name(is_call: bool, value: Value<'_>, found: &mut Findings<'_>) {
    let name = field(value, "name");
    match name.and_then(Value::quoted) {
        Some("") if !is_cut(value) => nameless(is_call, name.unwrap_or(value), found),
        None if name.is_none() && is_whole(value) => nameless(is_call, value, found),
        _ => {}
    }
}

fn nameless(is_call: bool, value: Value<'_>, found: &mut Findings<'_>) {
    let what = if is_call { "call" } else { "response" };
    let words = format!("the {what} has no name");
    let advice = match is_call {
        true => "Name the function, as the model did",
        false => "Give it the name of the call that it answers",
    };
    let told = || said(words).with(Correction::advice(advice));
    let rule: &'static Rule = if is_call { &NAMELESS } else { &RESPONSE_NAMELESS };
    if value.kind() == Form::Text {
        found.at(rule, value, told);
    } else {
        found.at_name(rule, value, told);
    }
}

/// Models sometimes name the space that functions stand in as well.
fn without_prefix(name: &str) -> &str {
    name.strip_prefix("default_api").and_then(|rest| rest.strip_prefix([':', '.'])).unwrap_or(name)
}

/// The functions of a request; none where there are none, or others beside those that are declared.
fn declared<'d>(request: &Request<'d>) -> Option<HashSet<Cow<'d, str>>> {
    let brings_own =
        |tool| field(tool, "computerUse").is_some() || field(tool, "mcpServers").is_some();
    if request.tools().any(brings_own) || request.field("cachedContent").is_some() {
        return None;
    }
    let names = request.declarations().filter_map(|one| field(one, "name")?.text());
    let names: HashSet<_> = names.collect();
    (!names.is_empty()).then_some(names)
}

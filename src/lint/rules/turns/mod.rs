//! The turns of a conversation: whether there are any, their roles, how they alternate and how they end. The order of calls and
//! their responses is another topic.

mod known;

use crate::facts::nearest;

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Edit, Findings, said},
    kind::{Kind, field},
    request::{Request, Service},
    rule::Rule,
    shape::{CONTENT, GENERATE},
};

use self::known::{
    BLANK, EMPTY_TEXT, EMPTY_TURN, FIRST_OF_MODEL, FUNCTION_ROLE, LAST_OF_MODEL,
    LAST_OF_MODEL_OLDER, MISSING, NO_PARTS, REPEATED, ROLE_MISSING, ROLE_MISSING_ON_CLOUD,
    ROLE_UNKNOWN,
};
use super::parts::{Held, each_part, is_cut, list_of_parts};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[
    &MISSING,
    &NO_PARTS,
    &EMPTY_TEXT,
    &EMPTY_TURN,
    &BLANK,
    &ROLE_UNKNOWN,
    &FUNCTION_ROLE,
    &ROLE_MISSING,
    &ROLE_MISSING_ON_CLOUD,
    &REPEATED,
    &FIRST_OF_MODEL,
    &LAST_OF_MODEL,
    &LAST_OF_MODEL_OLDER,
];

/// Whose turn it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    /// `user`.
    User,
    /// `model`.
    Model,
    /// `function`, which turns with responses once had.
    Function,
    /// Not said.
    #[default]
    Missing,
    /// Anything else.
    Other,
}

/// Whose turn a turn is.
pub(super) fn role_of(turn: Value<'_>) -> Role {
    let Some(role) = field(turn, "role") else { return Role::Missing };
    match role.text().as_deref() {
        Some("user") => Role::User,
        Some("model") => Role::Model,
        Some("function") => Role::Function,
        Some("") => Role::Missing,
        _ => Role::Other,
    }
}

/// The edits that put the parts of a turn at the end of the one before it.
pub(super) fn merged(
    contents: Value<'_>,
    first: Value<'_>,
    second: Value<'_>,
) -> Option<Vec<Edit>> {
    let (to, from) = (list_of_parts(first)?, list_of_parts(second)?);
    to.items().next()?;
    let (start, end) = (from.items().next()?.span().start, from.items().last()?.span().end);
    let raw = contents.document().text().get(start..end)?;
    Some(vec![edit::push(to, raw), edit::remove(contents, second)])
}

/// What a turn is made of.
#[derive(Clone, Copy, Debug, Default)]
struct Made<'d> {
    /// A part with an empty text, and that text.
    empty: Option<(Value<'d>, Value<'d>)>,
    /// A text of nothing but blanks.
    blank: Option<Value<'d>>,
    /// Whether anything else is there.
    is_filled: bool,
    is_all_text: bool,
    has_calls: bool,
    has_responses: bool,
    is_all_responses: bool,
    is_signed: bool,
}

impl<'d> Made<'d> {
    fn of(turn: Value<'d>) -> Self {
        let mut made = Self { is_all_text: true, is_all_responses: true, ..Self::default() };
        each_part(turn).for_each(|part| made.take(part));
        made
    }

    fn take(&mut self, part: Value<'d>) {
        let held = Held::of(part);
        self.has_calls |= held.call().is_some();
        self.has_responses |= held.response().is_some();
        self.is_all_responses &= held.response().is_some();
        self.is_signed |= held.signature.is_some();
        let text = held.text().filter(|_| held.second.is_none());
        self.is_all_text &= text.is_some();
        let Some(quoted) = text.and_then(Value::quoted).filter(|_| held.signature.is_none()) else {
            self.is_filled = true;
            return;
        };
        match text {
            Some(text) if quoted.is_empty() => self.empty = self.empty.or(Some((part, text))),
            Some(text) if is_blank(quoted) => self.blank = self.blank.or(Some(text)),
            _ => self.is_filled = true,
        }
    }
}

impl Made<'_> {
    /// Whether there is nothing in it but empty texts.
    fn is_nothing(&self) -> bool {
        self.empty.is_some() && self.blank.is_none() && !self.is_filled
    }
}

/// Whether a text has nothing but blanks, as it stands there: also escaped.
fn is_blank(quoted: &str) -> bool {
    let mut rest = quoted;
    while !rest.is_empty() {
        let blank = rest.trim_start();
        let next = ["\\n", "\\r", "\\t"].iter().find_map(|escape| blank.strip_prefix(escape));
        match next {
            Some(next) => rest = next,
            None => return blank.is_empty(),
        }
    }
    true
}

/// The way through the turns.
struct Walk<'a, 'd> {
    request: &'a Request<'d>,
    contents: Value<'d>,
    is_several: bool,
    before: Option<(Value<'d>, Role, Made<'d>)>,
}

/// Looks at a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    let Some(contents) = request.field("contents") else {
        missing(request, found);
        return;
    };
    if contents.kind() == Form::List && contents.items().next().is_none() {
        if !is_cut(contents) {
            found.at(&MISSING, contents, || said("contents is empty"));
        }
        return;
    }
    let is_several = contents.items().nth(1).is_some();
    let mut walk = Walk { request, contents, is_several, before: None };
    for turn in contents.each().filter(|turn| turn.kind() == Form::Object) {
        walk.turn(turn, found);
    }
    if request.kind != Kind::Count && !is_cut(contents) {
        walk.end(found);
    }
}

/// Names under which contents may stand there; they were told.
const MEANT: &[&str] = &[
    "messages",
    "prompt",
    "input",
    "content",
    "text",
    "parts",
    "instances",
    "request",
    "requests",
    "body",
    "data",
    "history",
    "generateContentRequest",
    "batch",
];

fn missing(request: &Request<'_>, found: &mut Findings<'_>) {
    let is_meant = |name: &str| {
        GENERATE.find(name).is_none()
            && (MEANT.contains(&name) || nearest(name, &["contents"]).is_some())
    };
    let mut names = request.body.members().filter_map(Value::name);
    if is_cut(request.body) || names.any(is_meant) {
        return;
    }
    found.at(&MISSING, request.body, || {
        said("there is no contents, so that nothing is asked").with(Correction::advice(
            "Add contents with a turn of the user: [{\"role\": \"user\", \"parts\": [{\"text\": \"…\"}]}]",
        ))
    });
}

impl<'d> Walk<'_, 'd> {
    fn turn(&mut self, turn: Value<'d>, found: &mut Findings<'_>) {
        let (role, made) = (role_of(turn), Made::of(turn));
        self.parts(turn, &made, found);
        self.role(turn, role, &made, found);
        if self.request.kind != Kind::Count {
            self.order(turn, role, &made, found);
        }
        self.before = Some((turn, role, made));
    }

    fn parts(&self, turn: Value<'d>, made: &Made<'d>, found: &mut Findings<'_>) {
        let parts = field(turn, "parts");
        let has_none =
            parts.is_none_or(|parts| parts.kind() == Form::List && parts.items().next().is_none());
        if has_none {
            let is_known =
                |member: Value<'_>| member.name().is_some_and(|name| CONTENT.find(name).is_some());
            if turn.members().all(is_known) && !is_cut(turn) {
                found.at(&NO_PARTS, parts.unwrap_or(turn), || {
                    said("the turn has no parts").with(Correction::advice(
                        "Leave the turn out, together with its question or its answer",
                    ))
                });
            }
        } else if let Some((part, text)) = made.empty {
            let is_refused = made.is_nothing() && self.is_refused_if_empty();
            let rule: &'static Rule = if is_refused { &EMPTY_TURN } else { &EMPTY_TEXT };
            empty_text(rule, turn, part, text, made, found);
        } else if let Some(blank) = made.blank.filter(|_| !made.is_filled) {
            found.at(&BLANK, blank, || said("the turn has nothing but blanks"));
        }
    }

    /// Whether a turn of nothing but empty texts is refused whatever the model does with it.
    fn is_refused_if_empty(&self) -> bool {
        self.request.service == Service::Cloud || !self.is_several
    }

    /// Whether a turn has to say whose it is.
    fn wants_roles(&self) -> bool {
        self.is_several || self.request.service == Service::Cloud
    }

    fn role(&self, turn: Value<'d>, role: Role, made: &Made<'d>, found: &mut Findings<'_>) {
        let value = field(turn, "role");
        match (role, value) {
            (Role::Missing, _) if self.wants_roles() && !is_cut(turn) => {
                self.role_missing(turn, value, made, found);
            }
            (Role::Other, Some(value)) if value.kind() == Form::Text => {
                found.at(&ROLE_UNKNOWN, value, || {
                    let word = value.text().unwrap_or_default();
                    said(format!("{word:?} is no role of this API, which has user and model"))
                        .with(self.right_role(turn, value, &word, made))
                });
            }
            (Role::Function, Some(value)) if !made.is_all_responses => {
                found.at(&FUNCTION_ROLE, value, || {
                    said("function is a role of turns with functionResponse parts only").with(
                        Correction::advice("Write user for what the user sends, and model for what the model answered"),
                    )
                });
            }
            _ => {}
        }
    }

    fn role_missing(
        &self,
        turn: Value<'d>,
        value: Option<Value<'d>>,
        made: &Made<'d>,
        found: &mut Findings<'_>,
    ) {
        let cloud = self.request.service == Service::Cloud;
        let rule: &'static Rule = if cloud { &ROLE_MISSING_ON_CLOUD } else { &ROLE_MISSING };
        found.at(rule, value.unwrap_or(turn), || {
            let words = if cloud { ", which the cloud platform refuses" } else { "" };
            let role = match made {
                Made { has_calls: true, has_responses: false, .. } => Some("model"),
                Made { has_responses: true, has_calls: false, .. } => Some("user"),
                _ => (!self.is_several).then_some("user"),
            };
            let is_named = turn.members().any(|member| member.is_called("role"));
            let edit = role.and_then(|role| match value {
                Some(value) => Some(edit::replace(value, edit::quoted(role))),
                None => (!is_named).then(|| edit::insert(turn, "role", &edit::quoted(role))),
            });
            said(format!("the turn has no role{words}")).with(match (role, edit) {
                (Some(role), Some(edit)) => {
                    Correction::mechanical(format!("Give it the role {role}"), vec![edit])
                }
                _ => Correction::advice("Give it a role: user or model"),
            })
        });
    }

    fn right_role(
        &self,
        turn: Value<'d>,
        value: Value<'d>,
        word: &str,
        made: &Made<'d>,
    ) -> Correction {
        let word = word.trim().to_ascii_lowercase();
        let write = |role: &str| {
            let edits = vec![edit::replace(value, edit::quoted(role))];
            Correction::mechanical(format!("Write {role}"), edits)
        };
        match word.as_str() {
            "model" | "assistant" | "ai" | "bot" | "chatbot" | "gemini" | "llm" => write("model"),
            "user" | "human" | "client" | "customer" => write("user"),
            "system" | "developer" => self.to_system_instruction(turn, made),
            _ if made.has_responses && !made.has_calls => write("user"),
            "tool" | "function" | "tool_result" => {
                Correction::advice("Send the result as a functionResponse part of a user turn")
            }
            _ if made.has_calls && !made.has_responses => write("model"),
            _ => match nearest(&word, &["user", "model"]).filter(|_| word.len() > 3) {
                Some(role) => write(role),
                None => Correction::advice("Write user or model"),
            },
        }
    }

    /// Moves the first turn to where its text belongs, if that place is free and the model and the API have it.
    fn to_system_instruction(&self, turn: Value<'d>, made: &Made<'d>) -> Correction {
        let request = self.request;
        let is_free = !request.body.members().any(|member| {
            member.name().is_some_and(|name| {
                GENERATE.find(name).is_some_and(|field| {
                    matches!(field.name, "systemInstruction" | "cachedContent")
                })
            })
        });
        let is_first = self.before.is_none() && self.is_several;
        let is_taken = request.kind != Kind::Count
            && request.version == crate::lint::Version::V1Beta
            && !super::instruction::refuses_system_instruction(request);
        let parts = field(turn, "parts").filter(|_| is_first && is_free && is_taken);
        let Some(parts) = parts.filter(|_| made.is_all_text && made.is_filled) else {
            return Correction::advice(
                "Put the text into systemInstruction, and leave the turn out",
            );
        };
        let instruction = format!("{{\"parts\": {}}}", parts.raw());
        Correction::mechanical(
            "Move the turn to systemInstruction",
            vec![
                edit::remove(self.contents, turn),
                edit::insert(request.body, "systemInstruction", &instruction),
            ],
        )
    }

    fn order(&self, turn: Value<'d>, role: Role, made: &Made<'d>, found: &mut Findings<'_>) {
        let Some((before, role_before, made_before)) = self.before else {
            if role == Role::Model && self.is_several && !made.has_calls {
                found.at(&FIRST_OF_MODEL, turn, || {
                    said("the conversation begins with a turn of the model").with(
                        Correction::advice("Begin with a turn of the user; what the model is to know beforehand belongs into systemInstruction"),
                    )
                });
            }
            return;
        };
        let is_plain = |made: &Made<'_>| !made.has_calls && !made.has_responses;
        let is_same = role == role_before && matches!(role, Role::User | Role::Model);
        if is_same && is_plain(made) && is_plain(&made_before) {
            found.at(&REPEATED, turn, || {
                let whose = if role == Role::User { "user" } else { "model" };
                let is_signed = made.is_signed || made_before.is_signed;
                let edits = merged(self.contents, before, turn).filter(|_| !is_signed);
                said(format!("two turns in a row are of the {whose}")).with(match edits {
                    Some(edits) => {
                        Correction::mechanical("Put its parts into the turn before it", edits)
                    }
                    None => Correction::advice("Make one turn of both, with all of their parts"),
                })
            });
        }
    }

    fn end(&self, found: &mut Findings<'_>) {
        let Some((turn, Role::Model, made)) = self.before else { return };
        // A call that nobody answered is told as such.
        if made.has_calls {
            return;
        }
        let is_refused = self.request.is_since(3, 6);
        let rule: &'static Rule = if is_refused { &LAST_OF_MODEL } else { &LAST_OF_MODEL_OLDER };
        found.at(rule, turn, || {
            let words = if is_refused {
                format!(
                    "the last turn is the model's, which {} refuses",
                    self.request.model_words()
                )
            } else {
                "the last turn is the model's, which models from Gemini 3.6 on refuse".to_owned()
            };
            said(words).with(Correction::advice(
                "End with a turn of the user: say in words how the answer is to begin, or ask to go on from it",
            ))
        });
    }
}

fn empty_text<'d>(
    rule: &'static Rule,
    turn: Value<'d>,
    part: Value<'d>,
    text: Value<'d>,
    made: &Made<'d>,
    found: &mut Findings<'_>,
) {
    found.at(rule, text, || {
        let words = if made.is_filled {
            "the text is empty, and the turn has other parts"
        } else {
            "the turn has nothing but empty texts"
        };
        let list = list_of_parts(turn).filter(|_| made.is_filled);
        said(words).with(match list {
            Some(list) => {
                Correction::mechanical("Take the part out", vec![edit::remove(list, part)])
            }
            None => {
                Correction::advice("Leave the turn out, together with its question or its answer")
            }
        })
    });
}

#[cfg(test)]
mod tests {
    use super::{EMPTY_TEXT, EMPTY_TURN, ROLE_MISSING, ROLE_MISSING_ON_CLOUD, Service, is_blank};
    use crate::{
        facts::models::ModelTable,
        lint::{Given, look},
    };

    #[test]
    fn the_cloud_platform_wants_roles_and_texts_and_the_developer_api_may_do_without() {
        let table = ModelTable::embedded();
        let nameless = r#"{"contents": [{"parts": [{"text": "a"}]}]}"#;
        let conversation = r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"parts": [{"text": "b"}]}, {"role": "user", "parts": [{"text": "c"}]}]}"#;
        let empty = r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": ""}]}, {"role": "user", "parts": [{"text": "c"}]}]}"#;
        for (body, service, expected) in [
            (nameless, Service::Cloud, Some(ROLE_MISSING_ON_CLOUD.id)),
            (nameless, Service::Developer, None),
            (conversation, Service::Cloud, Some(ROLE_MISSING_ON_CLOUD.id)),
            (conversation, Service::Developer, Some(ROLE_MISSING.id)),
            (empty, Service::Cloud, Some(EMPTY_TURN.id)),
            (empty, Service::Developer, Some(EMPTY_TEXT.id)),
        ] {
            let given = Given {
                service,
                model: Some("gemini-3.8-flash"),
                ..Given::on(&table, "2026-11-20")
            };
            let told: Vec<_> = look(body, &given).findings.iter().map(|one| one.rule.id).collect();
            assert_eq!(told, Vec::from_iter(expected), "{service:?} {body}");
        }
    }

    #[test]
    fn blanks_are_blank_in_every_spelling() {
        for (text, is) in [
            ("", true),
            (" ", true),
            ("\\n\\t \\r\\n", true),
            ("\u{a0}", true),
            ("a", false),
            (" \\n a", false),
            ("\\\\n", false),
            ("n", false),
        ] {
            assert_eq!(is_blank(text), is, "{text}");
        }
    }
}

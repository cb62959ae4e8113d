//! The system instruction: that it is text, that there is some, and that the model takes one.

use crate::facts::{
    Severity::{Error, Note, Warning},
    accepts::Line,
};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, said},
    kind::field,
    request::Request,
    rule::{Rule, bad, good},
    shape::{CONTENT, PART},
};

use super::parts::{Held, each_part, is_cut, list_of_parts};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] =
    &[&NOT_TEXT, &WITH_ROLE, &EMPTY, &WITHOUT_DATA, &REFUSED, &OF_IMAGES];

const GENERATE_PAGE: &str = "https://ai.google.dev/api/generate-content";
const TROUBLESHOOTING_PAGE: &str = "https://ai.google.dev/gemini-api/docs/troubleshooting";
const FLASH: &str = "gemini-3.8-flash";

const NOT_TEXT: Rule = Rule {
    id: "system-instruction-not-text",
    title: "The system instruction has a part that is no text",
    severity: Warning,
    fix: None,
    answer: "",
    why: "Its parts are texts; media, files and calls belong into a turn.",
    docs: &[GENERATE_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "system_instruction": {"parts": [{"text": "b"}, {"inline_data": {"mime_type": "text/plain", "data": "YQ=="}}]}}"#,
        "system_instruction.parts[1].inline_data",
    )],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}, {"inlineData": {"mimeType": "text/plain", "data": "YQ=="}}]}], "systemInstruction": {"parts": [{"text": "b"}, {"text": "c"}]}}"#,
    )],
};
const WITH_ROLE: Rule = Rule {
    id: "system-instruction-with-role",
    title: "The system instruction has a role, which is ignored",
    severity: Note,
    fix: None,
    answer: "",
    why: "It is no turn of the conversation: whatever role it has is not looked at.",
    docs: &[GENERATE_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "systemInstruction": {"role": "system", "parts": [{"text": "b"}]}}"#,
        "systemInstruction.role",
    )],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "systemInstruction": {"parts": [{"text": "b"}]}}"#,
    )],
};
const EMPTY: Rule = Rule {
    id: "system-instruction-empty",
    title: "The system instruction says nothing",
    severity: Warning,
    fix: Some("empty-contents-or-parts"),
    answer: "* GenerateContentRequest.system_instruction.parts: must not be empty",
    why: "An empty one changes nothing where it is taken, and some models refuse it.",
    docs: &[GENERATE_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "systemInstruction": {"parts": [{"text": ""}]}}"#,
            "systemInstruction",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "system_instruction": {}}"#,
            "system_instruction",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "systemInstruction": {"parts": [{"text": ""}, {"text": "b"}]}}"#,
    )],
};
const WITHOUT_DATA: Rule = Rule {
    id: "system-instruction-part-without-data",
    title: "A part of the system instruction holds nothing",
    severity: Error,
    fix: Some("empty-contents-or-parts"),
    answer: "* GenerateContentRequest.system_instruction.parts[…].data: required oneof field 'data' must have one initialized field",
    why: "Every part has something in it. Mostly the text was null, since nobody had written any.",
    docs: &[GENERATE_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "systemInstruction": {"parts": [{"text": null}]}}"#,
        "systemInstruction.parts[0]",
    )],
    good: &[],
};
const REFUSED: Rule = Rule {
    id: "system-instruction-refused",
    title: "This model takes no system instruction",
    severity: Error,
    fix: Some("system-instruction-unsupported"),
    answer: "Developer instruction is not enabled for models/…",
    why: "Gemma up to its third generation was not made for system instructions; what they say stands at the head of the first turn of the user there.",
    docs: &[TROUBLESHOOTING_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        "gemma-3-12b-it",
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "system_instruction": {"parts": [{"text": "b"}]}}"#,
        "system_instruction",
    )],
    good: &[
        good(
            "gemma-4-31b-it",
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "systemInstruction": {"parts": [{"text": "b"}]}}"#,
        ),
        good("gemma-3-12b-it", r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}]}"#),
    ],
};
const OF_IMAGES: Rule = Rule {
    id: "system-instruction-for-images",
    title: "Open models and older ones for pictures may take no system instruction",
    severity: Warning,
    fix: Some("system-instruction-unsupported"),
    answer: "Developer instruction is not enabled for models/…",
    why: "Models before Gemini 3 that draw pictures have refused system instructions, and Gemma before 4; it is not known of each of them.",
    docs: &[TROUBLESHOOTING_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        "gemini-2.5-flash-image",
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "systemInstruction": {"parts": [{"text": "b"}]}}"#,
        "systemInstruction",
    )],
    good: &[good(
        "gemini-3-pro-image",
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "systemInstruction": {"parts": [{"text": "b"}]}}"#,
    )],
};

/// Whether the model is known to refuse a system instruction.
pub(super) fn refuses_system_instruction(request: &Request<'_>) -> bool {
    let is_gemma = request.accepts.is_some_and(|accepts| accepts.line == Line::Gemma);
    let model = request.model.as_deref().unwrap_or_default();
    is_gemma && ["gemma-2", "gemma-3"].iter().any(|start| model.starts_with(start))
}

/// Looks at a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    let instruction = request.field("systemInstruction");
    if let Some(instruction) = instruction.filter(|value| value.kind() == Form::Object) {
        system_instruction(request, instruction, found);
    }
}

fn system_instruction<'d>(request: &Request<'d>, instruction: Value<'d>, found: &mut Findings<'_>) {
    // One fault of the whole is told, and not what its parts are like.
    if refuses_system_instruction(request) {
        refused(request, instruction, found);
        return;
    }
    let is_of = |line: Line| request.accepts.is_some_and(|accepts| accepts.line == line);
    if is_of(Line::Gemma) || (is_of(Line::Image) && request.is_before(3, 0)) {
        found.at_name(&OF_IMAGES, instruction, || {
            said(format!("{} may refuse a system instruction", request.model_words()))
                .with(Correction::advice("Put its text at the head of the first turn of the user"))
        });
    }
    let is_known =
        |member: Value<'_>| member.name().is_some_and(|name| CONTENT.find(name).is_some());
    if instruction.members().all(is_known) && !is_cut(instruction) && says_nothing(instruction) {
        found.at_name(&EMPTY, instruction, || {
            let edit = edit::remove(request.body, instruction);
            said("the system instruction has no text")
                .with(Correction::mechanical("Take it out", vec![edit]))
        });
        return;
    }
    role(instruction, found);
    each_part(instruction).for_each(|part| one(instruction, part, found));
}

/// Whether it has no parts, or nothing but empty texts.
fn says_nothing(instruction: Value<'_>) -> bool {
    let Some(parts) = field(instruction, "parts") else { return true };
    let mut texts = each_part(instruction).map(|part| Held::of(part).text());
    let is_empty = |text: Option<Value<'_>>| text.is_some_and(|text| text.quoted() == Some(""));
    matches!(parts.kind(), Form::List | Form::Object)
        && texts.all(is_empty)
        && parts.each().all(|part| part.kind() == Form::Object)
}

fn role(instruction: Value<'_>, found: &mut Findings<'_>) {
    let Some(role) = field(instruction, "role").filter(|role| role.kind() == Form::Text) else {
        return;
    };
    found.at(&WITH_ROLE, role, || {
        said("systemInstruction has a role, which is ignored").with(Correction::mechanical(
            "Take the role out",
            vec![edit::remove(instruction, role)],
        ))
    });
}

fn one(instruction: Value<'_>, part: Value<'_>, found: &mut Findings<'_>) {
    let held = Held::of(part);
    match held.data {
        None if !held.has_unknown && !is_cut(part) => {
            found.at(&WITHOUT_DATA, part, || {
                let list = list_of_parts(instruction).filter(|list| list.items().nth(1).is_some());
                let is_only_null = part.members().all(|member| {
                    member.kind() == Form::Null
                        && member.name().is_some_and(|name| PART.find(name).is_some())
                });
                let edit = list.filter(|_| is_only_null).map(|list| edit::remove(list, part));
                said("the part has no text").with(match edit {
                    Some(edit) => Correction::mechanical("Take it out", vec![edit]),
                    None => Correction::advice("Give it a text, or leave systemInstruction out"),
                })
            });
        }
        Some((name, data)) if name != "text" => {
            found.at_name(&NOT_TEXT, data, || {
                said(format!("{name} stands in systemInstruction, whose parts are texts"))
                    .with(Correction::advice("Put the part into a turn of the user"))
            });
        }
        _ => {}
    }
}

fn refused<'d>(request: &Request<'d>, instruction: Value<'d>, found: &mut Findings<'_>) {
    found.at_name(&REFUSED, instruction, || {
        said(format!("{} takes no system instruction", request.model_words())).with(
            to_first_turn(request, instruction).unwrap_or_else(|| {
                Correction::advice("Put its text at the head of the first turn of the user")
            }),
        )
    });
}

/// Its parts at the head of the first turn, where that is the user's.
fn to_first_turn<'d>(request: &Request<'d>, instruction: Value<'d>) -> Option<Correction> {
    let first = request.field("contents")?.items().next()?;
    let to = list_of_parts(first)
        .filter(|_| super::turns::role_of(first) == super::turns::Role::User)?;
    let from = list_of_parts(instruction)?;
    let (start, end) = (from.items().next()?.span().start, from.items().last()?.span().end);
    let head = to.items().next()?.span().start;
    let raw = request.body.document().text().get(start..end)?;
    let put_in = crate::lint::Edit { span: head..head, text: format!("{raw}, ") };
    Some(Correction::mechanical(
        "Move its parts to the head of the first turn",
        vec![edit::remove(request.body, instruction), put_in],
    ))
}

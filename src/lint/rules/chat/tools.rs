//! Tools of a chat body, and which of them may be called.

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, Said, said},
    kind::field,
    request::Request,
    rule::{Example, Rule},
};

use super::{FLASH, chat, fine, is_whole, refused, rule};

const GOOD: &[Example] = &[fine(
    FLASH,
    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "tools": [{"type": "function", "function": {"name": "_get-weather.v2:x", "description": "d", "parameters": {"type": "object", "properties": {"a": {"type": "string"}}}}}], "tool_choice": {"type": "function", "function": {"name": "_get-weather.v2:x"}}}"#,
)];

pub(super) const TOOL_TYPE: Rule = rule(
    "openai-tool-type",
    "A tool is no function",
    "The page on compatibility knows tools of the type function only, with the function in a member of that name. Tools of OpenAI's own and those of the API's own form are not among them.",
    (
        &[
            chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "tools": [{"type": "web_search"}]}"#,
                "tools[0].type",
            ),
            chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "tools": [{"type": "function"}]}"#,
                "tools[0]",
            ),
        ],
        GOOD,
    ),
);
pub(super) const NAME_INVALID: Rule = refused(
    &rule(
        "openai-function-name",
        "A function has a name that is not taken",
        "Names begin with a letter or an underscore and have letters, digits, underscores, dots, colons and dashes, 64 of them by the definition and 128 by a page.",
        (
            &[
                chat(
                    FLASH,
                    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "tools": [{"type": "function", "function": {"name": "get weather", "description": "d"}}]}"#,
                    "tools[0].function.name",
                ),
                chat(
                    FLASH,
                    r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "tools": [{"type": "function", "function": {"description": "d"}}]}"#,
                    "tools[0].function",
                ),
            ],
            GOOD,
        ),
    ),
    "function-name-invalid",
    "Invalid function name. Must start with a letter or an underscore.",
);
pub(super) const NAME_LONG: Rule = rule(
    "openai-function-name-long",
    "A function's name has more than 64 characters",
    "The published definition takes 64 characters, a page of the documentation 128.",
    (
        &[chat(
            FLASH,
            r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "tools": [{"type": "function", "function": {"name": "a_name_of_more_than_sixty_four_characters_which_some_servers_of_tools_make_up", "description": "d"}}]}"#,
            "tools[0].function.name",
        )],
        GOOD,
    ),
);
pub(super) const CHOICE: Rule = rule(
    "openai-tool-choice",
    "tool_choice is none of its words and no tool of the body",
    "It takes auto, none and required, or names a function that is among the tools.",
    (
        &[
            chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "tools": [{"type": "function", "function": {"name": "f", "description": "d"}}], "tool_choice": "any"}"#,
                "tool_choice",
            ),
            chat(
                FLASH,
                r#"{"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "a"}], "tools": [{"type": "function", "function": {"name": "f", "description": "d"}}], "tool_choice": {"type": "function", "function": {"name": "g"}}}"#,
                "tool_choice.function.name",
            ),
        ],
        GOOD,
    ),
);

/// The tools of a body.
pub(super) fn tools<'d>(whole: &Request<'d>) -> impl Iterator<Item = Value<'d>> {
    whole.field("tools").into_iter().flat_map(Value::items)
}

fn name(tool: Value<'_>) -> Option<Value<'_>> {
    field(field(tool, "function")?, "name").filter(|name| name.kind() == Form::Text)
}

/// Looks at them and at the choice.
pub(super) fn look(whole: &Request<'_>, found: &mut Findings<'_>) {
    for tool in tools(whole).filter(|tool| tool.kind() == Form::Object) {
        look_at_tool(tool, found);
    }
    if let Some(choice) = whole.field("tool_choice") {
        look_at_choice(whole, choice, found);
    }
}

fn look_at_tool(tool: Value<'_>, found: &mut Findings<'_>) {
    let kind = field(tool, "type");
    let function = field(tool, "function");
    match (kind.and_then(Value::quoted), function) {
        (Some("function") | None, Some(function)) if function.kind() == Form::Object => {
            look_at_name(function, found);
        }
        (Some("function"), None) if is_whole(tool) => {
            found
                .at(&TOOL_TYPE, tool, || said("a tool of the type function has a member function"));
        }
        (Some("function") | None, _) => {}
        (Some(word), _) => found.at(&TOOL_TYPE, kind.unwrap_or(tool), || {
            said(format!("{word:?} is no type of tool that this endpoint is documented to take"))
        }),
    }
}

fn look_at_name(function: Value<'_>, found: &mut Findings<'_>) {
    let Some(value) = field(function, "name") else {
        if is_whole(function) {
            found.at(&NAME_INVALID, function, || said("the function has no name"));
        }
        return;
    };
    let Some(name) = value.quoted().filter(|_| value.kind() == Form::Text) else { return };
    let is_letter =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | ':' | '-');
    let begins =
        name.chars().next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    if !begins || !name.chars().all(is_letter) || name.len() > 128 {
        found.at(&NAME_INVALID, value, || {
            let shown: String = name.chars().take(80).collect();
            said(format!("{shown:?} is no name that a function may have"))
        });
    } else if name.len() > 64 {
        found.at(&NAME_LONG, value, || said(format!("the name has {} characters", name.len())));
    }
}

fn look_at_choice(whole: &Request<'_>, choice: Value<'_>, found: &mut Findings<'_>) {
    match choice.kind() {
        Form::Text if !matches!(choice.quoted(), Some("auto" | "none" | "required")) => {
            found.at(&CHOICE, choice, || unknown_word(choice));
        }
        Form::Object => {
            let Some(named) = name(choice) else { return };
            let is_there = |tool| name(tool).is_some_and(|own| own.raw() == named.raw());
            if !tools(whole).any(is_there) && is_whole(choice) {
                found.at(&CHOICE, named, || {
                    said(format!("{} is none of the tools of this body", named.raw()))
                });
            }
        }
        _ => {}
    }
}

fn unknown_word(choice: Value<'_>) -> Said {
    let word = choice.quoted().unwrap_or_default().to_ascii_lowercase();
    let meant = match word.as_str() {
        "any" | "validated" => Some("required"),
        "auto" => Some("auto"),
        "none" => Some("none"),
        "required" => Some("required"),
        _ => None,
    };
    said("tool_choice takes auto, none and required, or an object that names a function").with_any(
        meant.map(|meant| {
            let edit = edit::replace(choice, edit::quoted(meant));
            Correction::mechanical(format!("Write {meant}"), vec![edit])
        }),
    )
}

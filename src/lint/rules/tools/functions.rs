//! Declarations of functions: their names, their words, and how many there are.

use std::{borrow::Cow, collections::HashSet};

use crate::facts::Severity::{Error, Warning};

use crate::lint::{
    document::{End, Form, Value},
    finding::{Correction, Findings, said},
    kind::field,
    request::{Request, parts},
    rule::{Example, Rule, UNQUOTED, bad, good},
};

use super::{FLASH, FUNCTION_PAGE};

/// A list of declarations in a request.
macro_rules! functions {
    ($declarations:expr) => {
        request!(concat!(r#""tools": [{"functionDeclarations": ["#, $declarations, "]}]"))
    };
}

/// Declarations that differ in nothing: what is said of their number is looked for, and not what is said of their names.
macro_rules! one {
    () => {
        r#"{"name": "f", "description": "d"}"#
    };
}

macro_rules! ten {
    () => {
        concat!(
            one!(),
            ",",
            one!(),
            ",",
            one!(),
            ",",
            one!(),
            ",",
            one!(),
            ",",
            one!(),
            ",",
            one!(),
            ",",
            one!(),
            ",",
            one!(),
            ",",
            one!()
        )
    };
}

macro_rules! hundred {
    () => {
        concat!(
            ten!(),
            ",",
            ten!(),
            ",",
            ten!(),
            ",",
            ten!(),
            ",",
            ten!(),
            ",",
            ten!(),
            ",",
            ten!(),
            ",",
            ten!(),
            ",",
            ten!(),
            ",",
            ten!()
        )
    };
}

const GOOD: &[Example] = &[
    good(
        FLASH,
        functions!(
            r#"{"name": "_get.weather:now-2", "description": "d", "parameters": {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}}}, {"name": "get", "description": "e"}"#
        ),
    ),
    good(
        FLASH,
        request!(
            r#""tools": [{"function_declarations": [{"name": "f", "description": "d", "parameters_json_schema": {"type": "object", "properties": {}}, "response_json_schema": {"type": "object"}}]}]"#
        ),
    ),
];

pub(super) const NAME_INVALID: Rule = Rule {
    id: "function-name-invalid",
    title: "A name of a function has letters that names do not have",
    severity: Error,
    fix: Some("function-name-invalid"),
    answer: "function_declarations[…].name: [FIELD_INVALID] Invalid function name. Must start with a letter or an underscore.",
    why: "A name begins with a letter or an underscore and goes on with letters, digits, underscores, dots, colons and dashes.",
    docs: &[FUNCTION_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            functions!(r#"{"name": "get weather", "description": "d"}"#),
            "tools[0].functionDeclarations[0].name",
        ),
        bad(
            FLASH,
            functions!(r#"{"name": "2nd", "description": "d"}"#),
            "tools[0].functionDeclarations[0].name",
        ),
        bad(
            FLASH,
            request!(
                r#""tools": [{"function_declarations": [{"name": "read/file", "description": "d"}]}]"#
            ),
            "tools[0].function_declarations[0].name",
        ),
    ],
    good: GOOD,
};

pub(super) const NAME_MISSING: Rule = Rule {
    id: "function-name-missing",
    title: "A function has no name",
    why: "A name is required: the model calls functions by it.",
    bad: &[
        bad(FLASH, functions!(r#"{"description": "d"}"#), "tools[0].functionDeclarations[0]"),
        bad(
            FLASH,
            functions!(r#"{"name": "", "description": "d"}"#),
            "tools[0].functionDeclarations[0].name",
        ),
    ],
    ..NAME_INVALID
};

pub(super) const NAME_TOO_LONG: Rule = Rule {
    id: "function-name-too-long",
    title: "A name of a function has more than 128 letters",
    why: "The definitions name 64 letters as the most, and a later page 128.",
    bad: &[bad(
        FLASH,
        functions!(
            r#"{"name": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "description": "d"}"#
        ),
        "tools[0].functionDeclarations[0].name",
    )],
    ..NAME_INVALID
};

pub(super) const NAME_LONG: Rule = Rule {
    id: "function-name-long",
    title: "A name of a function has more than 64 letters",
    severity: Warning,
    why: "The definitions name 64 letters as the most; a later page says 128, and not every version of the service does.",
    bad: &[bad(
        FLASH,
        functions!(
            r#"{"name": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "description": "d"}"#
        ),
        "tools[0].functionDeclarations[0].name",
    )],
    ..NAME_INVALID
};

pub(super) const DECLARED_TWICE: Rule = Rule {
    id: "function-declared-twice",
    title: "Two functions have one name",
    fix: Some("invalid-argument-generic"),
    answer: "Duplicate function declaration found: …",
    why: "The model calls functions by their names, over all tools of the request.",
    bad: &[bad(
        FLASH,
        request!(
            r#""tools": [{"functionDeclarations": [{"name": "f", "description": "d"}]}, {"functionDeclarations": [{"name": "f", "description": "e"}]}]"#
        ),
        "tools[1].functionDeclarations[0].name",
    )],
    ..NAME_INVALID
};

pub(super) const UNDESCRIBED: Rule = Rule {
    id: "function-undescribed",
    title: "A function has no description",
    severity: Warning,
    fix: None,
    answer: "",
    why: "A description is required by the definitions, and by it the model knows when to call the function.",
    bad: &[bad(FLASH, functions!(r#"{"name": "f"}"#), "tools[0].functionDeclarations[0]")],
    ..NAME_INVALID
};

pub(super) const TWO_PARAMETERS: Rule = Rule {
    id: "function-two-schemas",
    title: "One thing of a function has two schemas",
    fix: Some("invalid-argument-generic"),
    answer: UNQUOTED,
    why: "parameters and parametersJsonSchema say the same in two forms, as do response and responseJsonSchema: only one of each pair may be there.",
    bad: &[
        bad(
            FLASH,
            functions!(
                r#"{"name": "f", "description": "d", "parameters": {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}}, "parametersJsonSchema": {"type": "object"}}"#
            ),
            "tools[0].functionDeclarations[0].parametersJsonSchema",
        ),
        bad(
            FLASH,
            functions!(
                r#"{"name": "f", "description": "d", "response": {"type": "STRING"}, "response_json_schema": {"type": "string"}}"#
            ),
            "tools[0].functionDeclarations[0].response_json_schema",
        ),
    ],
    ..NAME_INVALID
};

pub(super) const TOO_MANY: Rule = Rule {
    id: "functions-too-many",
    title: "There are more than 512 functions",
    fix: Some("schema-too-complex"),
    answer: "tools[0].function_declarations: [FIELD_INVALID] At most 512 function declarations can be specified.",
    why: "The service takes 512 declarations in a request, and models choose badly among far fewer.",
    bad: &[bad(FLASH, MANY_FUNCTIONS, "tools[0].functionDeclarations")],
    ..NAME_INVALID
};

/// 513 declarations.
const MANY_FUNCTIONS: &str = functions!(concat!(
    hundred!(),
    ",",
    hundred!(),
    ",",
    hundred!(),
    ",",
    hundred!(),
    ",",
    hundred!(),
    ",",
    ten!(),
    ",",
    one!(),
    ",",
    one!(),
    ",",
    one!()
));

pub(super) const MANY: Rule = Rule {
    id: "functions-many",
    title: "There are more than 128 functions",
    severity: Warning,
    answer: "",
    why: "Requests with a few hundred functions were refused with no more than \"Request contains an invalid argument\" or as too complex. 128 is this program's own figure: the service's limit is 512.",
    bad: &[bad(
        FLASH,
        functions!(concat!(hundred!(), ",", ten!(), ",", ten!(), ",", ten!())),
        "tools[0].functionDeclarations",
    )],
    ..TOO_MANY
};

pub(super) const LIVE_ONLY: Rule = Rule {
    id: "function-behavior-live-only",
    title: "What is said about a function counts in the Live API only",
    severity: Warning,
    fix: None,
    answer: "",
    why: "behavior, scheduling and willContinue are for functions that run while a conversation over a socket goes on; generateContent waits for no function.",
    bad: &[
        bad(
            FLASH,
            functions!(r#"{"name": "f", "description": "d", "behavior": "NON_BLOCKING"}"#),
            "tools[0].functionDeclarations[0].behavior",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {}}, "thoughtSignature": "c2tpcA=="}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}, "scheduling": "SILENT"}}]}]}"#,
            "contents[2].parts[0].functionResponse.scheduling",
        ),
    ],
    ..NAME_INVALID
};

/// Above this, requests were refused that named nothing else; the service's own limit is the second.
const MANY_ARE: usize = 128;
const MOST: usize = 512;

/// Looks at the declarations of a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    let mut names: HashSet<Cow<'_, str>> = HashSet::new();
    for declaration in request.declarations().filter(|one| one.kind() == Form::Object) {
        name(declaration, &mut names, found);
        description(declaration, found);
        pairs(declaration, found);
        behavior(declaration, found);
    }
    count(request, found);
    for turn in request.turns() {
        parts(turn).for_each(|part| response(part, found));
    }
}

fn name<'d>(declaration: Value<'d>, names: &mut HashSet<Cow<'d, str>>, found: &mut Findings<'_>) {
    let Some(value) = field(declaration, "name") else {
        if declaration.document().end() == End::Whole {
            found.at(&NAME_MISSING, declaration, || said("the function has no name"));
        }
        return;
    };
    let Some(name) = value.text() else { return };
    let length = name.chars().count();
    if name.is_empty() {
        found.at(&NAME_MISSING, value, || said("the name is empty"));
    } else if !is_valid(&name) {
        found.at(&NAME_INVALID, value, || {
            said(format!("{name:?} is no name of a function")).with(Correction::advice(format!(
                "Call it {}, here and where it is called",
                valid(&name)
            )))
        });
    } else if length > 64 {
        let rule = if length > 128 { &NAME_TOO_LONG } else { &NAME_LONG };
        found.at(rule, value, || {
            said(format!("the name has {length} letters, and 64 are safe"))
                .with(Correction::advice("Shorten it, here and where it is called"))
        });
    }
    if !name.is_empty() && !names.insert(name.clone()) {
        found.at(&DECLARED_TWICE, value, || {
            said(format!("{name} is declared before"))
                .with(Correction::advice("Rename one of them, or leave it out"))
        });
    }
}

fn is_letter_of_names(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | ':' | '-')
}

fn is_valid(name: &str) -> bool {
    let first = name.chars().next().unwrap_or_default();
    (first.is_ascii_alphabetic() || first == '_') && name.chars().all(is_letter_of_names)
}

fn valid(name: &str) -> String {
    let letters = name.chars().map(|letter| if is_letter_of_names(letter) { letter } else { '_' });
    let name: String = letters.take(63).collect();
    if is_valid(&name) { name } else { format!("_{name}") }
}

fn description(declaration: Value<'_>, found: &mut Findings<'_>) {
    let value = field(declaration, "description");
    let is_blank = |value: Value<'_>| value.quoted().is_some_and(|text| text.trim().is_empty());
    match value {
        None if declaration.document().end() == End::Whole => {
            found.at(&UNDESCRIBED, declaration, || {
                said("the function has no description")
                    .with(Correction::advice("Say in a sentence what it does and when to call it"))
            });
        }
        Some(value) if is_blank(value) => {
            found.at(&UNDESCRIBED, value, || said("the description is empty"));
        }
        _ => {}
    }
}

fn pairs(declaration: Value<'_>, found: &mut Findings<'_>) {
    for (one, other) in [("parameters", "parametersJsonSchema"), ("response", "responseJsonSchema")]
    {
        let both = field(declaration, one).and_then(|_| field(declaration, other));
        let Some(second) = both else { continue };
        found.at_name(&TWO_PARAMETERS, second, || {
            said(format!("{one} stands there as well"))
                .with(Correction::advice("Leave one of the two out"))
        });
    }
}

fn behavior(declaration: Value<'_>, found: &mut Findings<'_>) {
    let value = field(declaration, "behavior");
    let Some(value) = value.filter(|value| value.quoted() != Some("UNSPECIFIED")) else { return };
    found.at(&LIVE_ONLY, value, || said("behavior counts in the Live API only"));
}

fn response(part: Value<'_>, found: &mut Findings<'_>) {
    let Some(response) = field(part, "functionResponse") else { return };
    for name in ["scheduling", "willContinue"] {
        if let Some(value) = field(response, name) {
            found.at(&LIVE_ONLY, value, || said(format!("{name} counts in the Live API only")));
        }
    }
}

fn count(request: &Request<'_>, found: &mut Findings<'_>) {
    let count = request.declarations().count();
    if count <= MANY_ARE {
        return;
    }
    let lists = request.tools().filter_map(|tool| field(tool, "functionDeclarations"));
    let Some(longest) = lists.max_by_key(|list| list.items().count()) else { return };
    let rule = if count > MOST { &TOO_MANY } else { &MANY };
    found.at_name(rule, longest, || {
        said(format!("the request declares {count} functions"))
            .with(Correction::advice("Send those that this request may need"))
    });
}

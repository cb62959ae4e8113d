//! The kinds of tools of a request: which go together, and which a model has.

use crate::facts::{
    Severity::{Error, Warning},
    accepts::{Budget, Line},
};

use crate::lint::{
    document::{End, Form, Value},
    edit,
    finding::{Correction, Edit, Findings, said},
    kind::field,
    request::{Request, Service},
    rule::{Example, Rule, bad, good},
    shape::TOOL,
};

use super::{COMBINATION_PAGE, FLASH, FUNCTION_PAGE, OLDER, SEARCH_PAGE};

const GOOD: &[Example] = &[
    good(FLASH, request!(r#""tools": [{"googleSearch": {}}, {"urlContext": {}}]"#)),
    good(
        FLASH,
        request!(
            r#""tools": [{"googleSearch": {}, "functionDeclarations": [{"name": "f", "description": "d"}]}], "toolConfig": {"includeServerSideToolInvocations": true}"#
        ),
    ),
    good(OLDER, request!(r#""tools": [{"google_search": {}}, {"url_context": {}}]"#)),
    good("", request!(r#""tools": [{"googleSearchRetrieval": {}}]"#)),
    good(
        OLDER,
        request!(r#""tools": [{"functionDeclarations": [{"name": "f", "description": "d"}]}]"#),
    ),
];

pub(super) const EMPTY: Rule = Rule {
    id: "tool-empty",
    title: "A tool is nothing",
    severity: Warning,
    fix: Some("invalid-argument-generic"),
    answer: "",
    why: "A list without tools says nothing, and an object without one in it may be refused.",
    docs: &[FUNCTION_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(FLASH, request!(r#""tools": []"#), "tools"),
        bad(FLASH, request!(r#""tools": [{"functionDeclarations": []}]"#), "tools"),
        bad(FLASH, request!(r#""tools": [{"googleSearch": {}}, {}]"#), "tools[1]"),
    ],
    good: GOOD,
};

pub(super) const MIXED: Rule = Rule {
    id: "tools-mixed",
    title: "Functions stand beside a tool of the service, on a model before Gemini 3",
    severity: Error,
    fix: Some("tool-combination-unsupported"),
    answer: "Tool use with function calling is unsupported",
    why: "Models before Gemini 3 take functions or the service's own tools, and not both in one request.",
    docs: &[COMBINATION_PAGE],
    bad: &[
        bad(
            OLDER,
            request!(
                r#""tools": [{"functionDeclarations": [{"name": "f", "description": "d"}]}, {"googleSearch": {}}]"#
            ),
            "tools[1].googleSearch",
        ),
        bad(
            OLDER,
            request!(
                r#""tools": [{"code_execution": {}, "function_declarations": [{"name": "f", "description": "d"}]}]"#
            ),
            "tools[0].code_execution",
        ),
    ],
    ..EMPTY
};

pub(super) const MIXED_SINCE_3: Rule = Rule {
    id: "tools-mixed-without-switch",
    title: "Functions stand beside a tool of the service, and the switch for it is missing",
    answer: "Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with Function calling.",
    why: "Since Gemini 3 the Developer API takes both together where toolConfig.includeServerSideToolInvocations is true, and refuses them without it.",
    bad: &[
        bad(
            FLASH,
            request!(
                r#""tools": [{"functionDeclarations": [{"name": "f", "description": "d"}]}, {"googleSearch": {}}]"#
            ),
            "tools[1].googleSearch",
        ),
        bad(
            FLASH,
            request!(
                r#""tools": [{"url_context": {}, "function_declarations": [{"name": "f", "description": "d"}]}], "tool_config": {"include_server_side_tool_invocations": false}"#
            ),
            "tools[0].url_context",
        ),
    ],
    ..MIXED
};

/// The cloud platform has no such switch, so that it has tests of its own.
pub(super) const MIXED_ON_CLOUD: Rule = Rule {
    id: "tools-mixed-on-the-cloud-platform",
    title: "Functions stand beside a tool of the service, on the cloud platform",
    severity: Warning,
    answer: "",
    why: "Models since Gemini 3 take both on the Developer API, where a switch is set that the cloud platform does not have. Whether it takes them without is not known for sure.",
    bad: &[],
    ..MIXED
};

pub(super) const SEVERAL: Rule = Rule {
    id: "tools-several",
    title: "Several tools of the service stand together that are not all for searching",
    severity: Warning,
    answer: "",
    why: "\"Multiple tools are supported only when they are all search tools\" was answered by models before Gemini 3.",
    bad: &[bad(
        OLDER,
        request!(r#""tools": [{"googleSearch": {}}, {"codeExecution": {}}]"#),
        "tools[1].codeExecution",
    )],
    ..MIXED
};

/// The sentence is the cloud platform's, so that it has tests of its own.
pub(super) const SEVERAL_ON_CLOUD: Rule = Rule {
    id: "tools-several-on-the-cloud-platform",
    title: "Code is run beside another tool of the service, on a model before Gemini 3 of the cloud platform",
    answer: "Multiple tools are supported only when they are all search tools.",
    why: "The cloud platform lets models before Gemini 3 search in several ways at once, and otherwise use one of its tools.",
    bad: &[],
    ..MIXED
};

/// Seen of older open models, and not known of all.
pub(super) const CODE_DOUBTFUL: Rule = Rule {
    id: "code-execution-unsupported",
    title: "The model may not run code",
    severity: Warning,
    fix: Some("feature-not-enabled-for-model"),
    answer: "",
    why: "Open models were seen to answer that code execution is not enabled for them; of the newest it is not known for sure.",
    bad: &[bad(
        "gemma-4-31b-it",
        request!(r#""tools": [{"codeExecution": {}}]"#),
        "tools[0].codeExecution",
    )],
    ..EMPTY
};

pub(super) const RENAMED: Rule = Rule {
    id: "search-tool-renamed",
    title: "The search tool has the name that models before 2.0 took",
    severity: Error,
    fix: Some("search-tool-field-renamed"),
    answer: "Please use google_search field instead of google_search_retrieval field.",
    why: "Since 2.0 the tool is googleSearch, which decides itself when to search.",
    docs: &[SEARCH_PAGE],
    bad: &[
        bad(
            FLASH,
            request!(
                r#""tools": [{"googleSearchRetrieval": {"dynamicRetrievalConfig": {"mode": "MODE_DYNAMIC", "dynamicThreshold": 0.7}}}]"#
            ),
            "tools[0].googleSearchRetrieval",
        ),
        bad(
            OLDER,
            request!(r#""tools": [{"google_search_retrieval": {}}]"#),
            "tools[0].google_search_retrieval",
        ),
    ],
    ..EMPTY
};

pub(super) const UNSUPPORTED: Rule = Rule {
    id: "functions-unsupported",
    title: "The model may not take functions",
    severity: Warning,
    fix: Some("feature-not-enabled-for-model"),
    answer: "",
    why: "Older open models and models for pictures were seen to answer that function calling is not enabled for them.",
    bad: &[bad(
        "gemma-3-27b-it",
        request!(r#""tools": [{"functionDeclarations": [{"name": "f", "description": "d"}]}]"#),
        "tools[0].functionDeclarations",
    )],
    ..EMPTY
};

/// The tools that search.
const SEARCHING: &[&str] = &[
    "googleSearch",
    "googleSearchRetrieval",
    "urlContext",
    "googleMaps",
    "fileSearch",
    "retrieval",
    "enterpriseWebSearch",
    "parallelAiSearch",
    "exaAiSearch",
];

/// Looks at the tools of a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    let Some(tools) = request.field("tools") else { return };
    if !empty(request, tools, found) {
        return;
    }
    renamed(request, found);
    let has_functions = request.declarations().next().is_some();
    let mut own = request.tools().flat_map(Value::members).filter_map(built_in);
    runs_code(request, found);
    if !has_functions {
        if request.is_before(3, 0) {
            several(request, own, found);
        }
        return;
    }
    unsupported(request, found);
    // Functions of the caller's own are a part of the way in which a computer is used.
    let Some((member, _)) = own.find(|(_, name)| *name != "computerUse") else { return };
    if request.is_before(3, 0) {
        mixed(&MIXED, request, member, found);
    } else if request.is_since(3, 0) && request.service == Service::Cloud {
        mixed(&MIXED_ON_CLOUD, request, member, found);
    } else if request.is_since(3, 0) && !has_switch(request) {
        mixed(&MIXED_SINCE_3, request, member, found);
    }
}

/// A tool of the service, with its name as documents write it.
fn built_in(member: Value<'_>) -> Option<(Value<'_>, &'static str)> {
    let known = TOOL.find(member.name()?)?;
    let is_own = !matches!(known.name, "functionDeclarations" | "mcpServers");
    (is_own && member.kind() != Form::Null).then_some((member, known.name))
}

fn is_empty(tool: Value<'_>) -> bool {
    let is_nothing = |member: Value<'_>| {
        member.kind() == Form::Null
            || (member.kind() == Form::List && member.items().next().is_none())
    };
    tool.kind() == Form::Object && tool.members().all(is_nothing)
}

/// Tells tools that are nothing; whether any is left.
fn empty(request: &Request<'_>, tools: Value<'_>, found: &mut Findings<'_>) -> bool {
    if tools.document().end() != End::Whole {
        return true;
    }
    if tools.each().all(is_empty) {
        found.at_name(&EMPTY, tools, || {
            let edits = vec![edit::remove(request.body, tools)];
            said("there is no tool in it").with(Correction::mechanical("Take tools out", edits))
        });
        return false;
    }
    for tool in tools.items().filter(|tool| is_empty(*tool)) {
        found.at(&EMPTY, tool, || {
            let edits = vec![edit::remove(tools, tool)];
            said("there is no tool in this object")
                .with(Correction::mechanical("Take it out", edits))
        });
    }
    true
}

fn renamed(request: &Request<'_>, found: &mut Findings<'_>) {
    if !request.is_since(2, 0) {
        return;
    }
    for tool in request.tools() {
        let Some(member) = field(tool, "googleSearchRetrieval") else { continue };
        found.at_name(&RENAMED, member, || {
            said(format!("{} searches with googleSearch", request.model_words()))
                .with_any(new_name(tool, member))
        });
    }
}

fn new_name(tool: Value<'_>, member: Value<'_>) -> Option<Correction> {
    if field(tool, "googleSearch").is_some() {
        let edits = vec![edit::remove(tool, member)];
        return Some(Correction::mechanical("Take it out: googleSearch is there", edits));
    }
    let is_snake = member.name()?.contains('_');
    let name = if is_snake { "google_search" } else { "googleSearch" };
    let span = member.key_span()?.start..member.span().end;
    let edits = vec![Edit { span, text: format!("{}: {{}}", edit::quoted(name)) }];
    Some(Correction::mechanical(format!("Write {name}, which takes no threshold"), edits))
}

fn runs_code(request: &Request<'_>, found: &mut Findings<'_>) {
    let is_open = request.accepts.is_some_and(|accepts| accepts.line == Line::Gemma);
    let mut codes = request.tools().filter_map(|tool| field(tool, "codeExecution"));
    let Some(member) = codes.next().filter(|_| is_open) else { return };
    found.at_name(&CODE_DOUBTFUL, member, || {
        said(format!("{} may not run code", request.model_words()))
            .with(Correction::advice("Leave it out, or ask a Gemini model"))
    });
}

fn several<'d>(
    request: &Request<'d>,
    own: impl Iterator<Item = (Value<'d>, &'static str)>,
    found: &mut Findings<'_>,
) {
    let own: Vec<_> = own.collect();
    let other = own.iter().find(|(_, name)| !SEARCHING.contains(name));
    let Some((member, name)) = other.filter(|_| own.len() > 1) else { return };
    // Code is none of them for sure; of others it may be held differently.
    let is_refused = request.service == Service::Cloud && *name == "codeExecution";
    let rule: &'static Rule = if is_refused { &SEVERAL_ON_CLOUD } else { &SEVERAL };
    found.at_name(rule, *member, || {
        said(format!("{name} searches nothing, and stands beside other tools"))
            .with(Correction::advice("Give one kind of tool in a request"))
    });
}

fn unsupported(request: &Request<'_>, found: &mut Findings<'_>) {
    let is_doubtful = request.accepts.is_some_and(|accepts| {
        let is_old_gemma = accepts.line == Line::Gemma && accepts.budget == Budget::Refused;
        is_old_gemma || accepts.line == Line::Image
    });
    let mut lists = request.tools().filter_map(|tool| field(tool, "functionDeclarations"));
    let Some(list) = lists.next().filter(|_| is_doubtful) else { return };
    found.at_name(&UNSUPPORTED, list, || {
        said(format!("{} may not take functions", request.model_words()))
            .with(Correction::advice("Describe them in the prompt, or ask a Gemini model for text"))
    });
}

fn has_switch(request: &Request<'_>) -> bool {
    let config = request.field("toolConfig");
    let switch = config.and_then(|config| field(config, "includeServerSideToolInvocations"));
    switch.is_some_and(|switch| switch.flag() != Some(false))
}

fn mixed(rule: &'static Rule, request: &Request<'_>, member: Value<'_>, found: &mut Findings<'_>) {
    found.at_name(rule, member, || {
        let name = member.name().unwrap_or_default();
        let (words, advice) = match rule.id {
            id if id == MIXED.id => (
                format!("{} takes {name} or functions, and not both", request.model_words()),
                "Make two calls of it, or ask a model since Gemini 3",
            ),
            id if id == MIXED_ON_CLOUD.id => (
                format!("{name} stands beside functions, which the platform may refuse"),
                "Make two calls of it where the request is refused",
            ),
            _ => (
                format!("{name} and functions go together with a switch only"),
                "Set toolConfig.includeServerSideToolInvocations to true",
            ),
        };
        said(words).with(Correction::advice(advice))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::models::ModelTable,
        lint::{Given, look},
    };

    #[test]
    fn what_only_the_cloud_platform_says_is_told_there_alone() {
        let table = ModelTable::embedded();
        let mixed = request!(
            r#""tools": [{"functionDeclarations": [{"name": "f", "description": "d"}]}, {"googleSearch": {}}]"#
        );
        let several = request!(r#""tools": [{"googleSearch": {}}, {"codeExecution": {}}]"#);
        for (body, model, service, expected) in [
            (mixed, FLASH, Service::Cloud, MIXED_ON_CLOUD.id),
            (mixed, FLASH, Service::Developer, MIXED_SINCE_3.id),
            (several, OLDER, Service::Cloud, SEVERAL_ON_CLOUD.id),
            (several, OLDER, Service::Developer, SEVERAL.id),
        ] {
            let given = Given { service, model: Some(model), ..Given::on(&table, "2026-09-20") };
            let told: Vec<_> = look(body, &given).findings.iter().map(|one| one.rule.id).collect();
            assert_eq!(told, [expected], "{service:?} {body}");
        }
    }
}

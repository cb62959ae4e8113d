//! What is told about the use of tools: the mode, and the functions that may be called.

use std::{borrow::Cow, collections::HashSet};

use crate::facts::Severity::{Error, Warning};

use crate::lint::{
    document::{End, Form, Value},
    edit,
    finding::{Correction, Findings, said},
    kind::field,
    request::Request,
    rule::{Example, Rule, UNQUOTED, bad, good},
};

use super::{FLASH, FUNCTION_PAGE};

/// A configuration of calls beside one function, `f`.
macro_rules! calling {
    ($config:expr) => {
        request!(concat!(
            r#""tools": [{"functionDeclarations": [{"name": "f", "description": "d"}]}], "toolConfig": {"functionCallingConfig": "#,
            $config,
            "}"
        ))
    };
}

const GOOD: &[Example] = &[
    good(FLASH, calling!(r#"{"mode": "ANY", "allowedFunctionNames": ["f"]}"#)),
    good(FLASH, calling!(r#"{"mode": "VALIDATED", "allowedFunctionNames": ["f"]}"#)),
    good(FLASH, calling!(r#"{"mode": "AUTO", "allowedFunctionNames": []}"#)),
    good(
        FLASH,
        request!(
            r#""tools": [{"function_declarations": [{"name": "f", "description": "d"}]}], "tool_config": {"function_calling_config": {"mode": "ANY", "allowed_function_names": ["f"]}}"#
        ),
    ),
    good(
        FLASH,
        request!(
            r#""tools": [{"googleMaps": {}}], "toolConfig": {"retrievalConfig": {"latLng": {"latitude": 1, "longitude": 2}}}"#
        ),
    ),
];

pub(super) const NAMES_WITHOUT_ANY: Rule = Rule {
    id: "allowed-functions-without-any",
    title: "Functions are allowed by name in a mode that takes no names",
    severity: Error,
    fix: Some("feature-not-enabled-for-model"),
    answer: UNQUOTED,
    why: "allowedFunctionNames may be there with the modes ANY and VALIDATED only.",
    docs: &[FUNCTION_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            calling!(r#"{"mode": "AUTO", "allowedFunctionNames": ["f"]}"#),
            "toolConfig.functionCallingConfig.allowedFunctionNames",
        ),
        bad(
            FLASH,
            request!(
                r#""tools": [{"function_declarations": [{"name": "f", "description": "d"}]}], "tool_config": {"function_calling_config": {"allowed_function_names": ["f"]}}"#
            ),
            "tool_config.function_calling_config.allowed_function_names",
        ),
    ],
    good: GOOD,
};

pub(super) const NAME_NOT_DECLARED: Rule = Rule {
    id: "allowed-function-not-declared",
    title: "A function is allowed that is not declared",
    fix: Some("invalid-argument-generic"),
    answer: "allowed_function_names should be a subset of the provided function_declarations",
    why: "allowedFunctionNames names functions of this request.",
    bad: &[bad(
        FLASH,
        calling!(r#"{"mode": "ANY", "allowedFunctionNames": ["f", "g"]}"#),
        "toolConfig.functionCallingConfig.allowedFunctionNames[1]",
    )],
    ..NAMES_WITHOUT_ANY
};

pub(super) const WITHOUT_FUNCTIONS: Rule = Rule {
    id: "calling-without-functions",
    title: "A call of a function is asked for, and none is declared",
    fix: Some("invalid-argument-generic"),
    answer: "Function calling config is set without function_declarations.",
    why: "The mode ANY makes the model call one of the functions of the request.",
    bad: &[
        bad(
            FLASH,
            request!(r#""toolConfig": {"functionCallingConfig": {"mode": "ANY"}}"#),
            "toolConfig.functionCallingConfig.mode",
        ),
        bad(
            FLASH,
            request!(
                r#""tools": [{"googleSearch": {}}], "toolConfig": {"functionCallingConfig": {"mode": "VALIDATED"}}"#
            ),
            "toolConfig.functionCallingConfig.mode",
        ),
    ],
    ..NAMES_WITHOUT_ANY
};

pub(super) const WITHOUT_TOOLS: Rule = Rule {
    id: "tool-config-without-tools",
    title: "The use of tools is set, and there are none for it",
    severity: Warning,
    fix: Some("invalid-argument-generic"),
    answer: "",
    why: "Without functions there is nothing to call, and \"Function calling config is set without function_declarations\" was answered to it.",
    bad: &[
        bad(
            FLASH,
            request!(r#""toolConfig": {"functionCallingConfig": {"mode": "AUTO"}}"#),
            "toolConfig",
        ),
        bad(
            FLASH,
            request!(
                r#""tools": [{"googleSearch": {}}], "toolConfig": {"functionCallingConfig": {"mode": "NONE"}}"#
            ),
            "toolConfig.functionCallingConfig",
        ),
    ],
    ..NAMES_WITHOUT_ANY
};

/// Looks at the configuration of tools.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    let config = request.field("toolConfig").filter(|config| config.kind() == Form::Object);
    let Some(config) = config else { return };
    let calling = field(config, "functionCallingConfig").filter(|it| it.kind() == Form::Object);
    // Tools may stand in what is cached, or in what was cut off.
    let is_all_there =
        config.document().end() == End::Whole && request.field("cachedContent").is_none();
    let has_functions = request.declarations().next().is_some();
    if !has_functions && is_all_there {
        without_functions(request, config, calling, found);
        return;
    }
    if let Some(calling) = calling {
        names(request, calling, is_all_there, found);
    }
}

fn names(request: &Request<'_>, calling: Value<'_>, is_all_there: bool, found: &mut Findings<'_>) {
    let list = field(calling, "allowedFunctionNames");
    let Some(list) = list.filter(|list| list.items().next().is_some()) else { return };
    let mode = field(calling, "mode");
    let is_other =
        mode.is_none_or(|mode| matches!(mode.quoted(), Some("AUTO" | "NONE" | "MODE_UNSPECIFIED")));
    if is_other && (mode.is_some() || calling.document().end() == End::Whole) {
        found.at_name(&NAMES_WITHOUT_ANY, list, || {
            let mode = mode.and_then(Value::quoted).unwrap_or("AUTO, as none is said");
            said(format!("the mode is {mode}")).with(Correction::advice(
                "Set the mode to ANY or VALIDATED, or leave the names out",
            ))
        });
        return;
    }
    if !is_all_there {
        return;
    }
    let declared: HashSet<Cow<'_, str>> = request
        .declarations()
        .filter_map(|declaration| field(declaration, "name")?.text())
        .collect();
    for item in list.items() {
        let Some(name) = item.text() else { continue };
        if !declared.contains(&name) {
            found.at(&NAME_NOT_DECLARED, item, || {
                said(format!("{name} is declared in no tool of the request"))
                    .with(Correction::advice("Declare it, or leave its name out"))
            });
        }
    }
}

fn without_functions(
    request: &Request<'_>,
    config: Value<'_>,
    calling: Option<Value<'_>>,
    found: &mut Findings<'_>,
) {
    let mode = calling.and_then(|calling| field(calling, "mode"));
    if let Some(mode) = mode.filter(|mode| matches!(mode.quoted(), Some("ANY" | "VALIDATED"))) {
        found.at(&WITHOUT_FUNCTIONS, mode, || {
            said("no function is declared that could be called")
                .with(Correction::advice("Declare functions, or leave toolConfig out"))
        });
        return;
    }
    // With tools of the service, only what is said of functions is too much.
    let has_tools = request.tools().any(|tool| tool.members().next().is_some());
    let (parent, extra) = match calling {
        Some(calling) if has_tools => (config, calling),
        _ if has_tools => return,
        _ => (request.body, config),
    };
    found.at_name(&WITHOUT_TOOLS, extra, || {
        let edits = vec![edit::remove(parent, extra)];
        let what = if has_tools { "functions" } else { "tools" };
        said(format!("there are no {what} in the request"))
            .with(Correction::mechanical("Take it out", edits))
    });
}

//! Bodies of countTokens: contents alone, or a whole request.

use crate::facts::Severity::{Error, Warning};

use crate::lint::{
    document::{End, Form, Value},
    edit,
    finding::{Correction, Edit, Findings, said},
    kind::{Kind, field},
    look::{bare, full},
    request::{Request, Service},
    rule::{Example, Rule, UNQUOTED, bad, good},
    shape::{COUNT, GENERATE, Message},
};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] =
    &[&NOTHING, &BOTH, &NEEDS_A_REQUEST, &INNER_MODEL_MISSING, &INNER_MODEL_DIFFERS];

const PAGE: &str = "https://ai.google.dev/api/tokens";
const FLASH: &str = "gemini-3.8-flash";

const GOOD: &[Example] = &[
    good(FLASH, r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}]}"#).of(Kind::Count),
    good(
        FLASH,
        r#"{"generateContentRequest": {"model": "models/gemini-3.8-flash", "contents": [{"role": "user", "parts": [{"text": "a"}]}], "systemInstruction": {"parts": [{"text": "b"}]}}}"#,
    )
    .of(Kind::Count),
];

const fn count(body: &'static str, at: &'static str) -> Example {
    bad(FLASH, body, at).of(Kind::Count)
}

const NOTHING: Rule = Rule {
    id: "count-nothing",
    title: "There is nothing to count",
    severity: Error,
    fix: Some("empty-contents-or-parts"),
    answer: "CountTokensRequest.contents: contents is not specified",
    why: "countTokens takes contents, or a whole request in generateContentRequest.",
    docs: &[PAGE],
    as_of: "2026-11-20",
    bad: &[count("{}", "$")],
    good: GOOD,
};
/// The definition says that both exclude each other, and that one is ignored.
const BOTH: Rule = Rule {
    id: "count-contents-and-request",
    title: "contents and generateContentRequest are there together",
    severity: Warning,
    fix: None,
    answer: "",
    why: "They exclude each other: contents beside a whole request are not counted.",
    bad: &[count(
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generateContentRequest": {"model": "models/gemini-3.8-flash", "contents": [{"role": "user", "parts": [{"text": "b"}]}]}}"#,
        "contents",
    )],
    ..NOTHING
};
const NEEDS_A_REQUEST: Rule = Rule {
    id: "count-needs-a-request",
    title: "What only a whole request has stands beside contents",
    fix: Some("schema-unknown-field"),
    answer: "Invalid JSON payload received. Unknown name \"…\": Cannot find field.",
    why: "Beside contents the Developer API knows no system instruction, no tools and no settings: to have them counted, the whole request goes into generateContentRequest, with its model. The cloud platform takes them as they stand.",
    bad: &[
        count(
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "systemInstruction": {"parts": [{"text": "b"}]}, "tools": [{"codeExecution": {}}]}"#,
            "systemInstruction",
        ),
        count(
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "tool_config": {}}"#,
            "tool_config",
        ),
    ],
    ..NOTHING
};
const INNER_MODEL_MISSING: Rule = Rule {
    id: "count-model-missing",
    title: "The request to count does not name its model",
    fix: Some("model-name-wrong"),
    answer: UNQUOTED,
    why: "The URL names the model of the count, and generateContentRequest that of the request; both are needed, and are to be the same.",
    bad: &[count(
        r#"{"generateContentRequest": {"contents": [{"role": "user", "parts": [{"text": "a"}]}]}}"#,
        "generateContentRequest",
    )],
    ..NOTHING
};
const INNER_MODEL_DIFFERS: Rule = Rule {
    id: "count-model-differs",
    title: "The request to count is for another model than the call",
    fix: Some("model-name-wrong"),
    answer: UNQUOTED,
    why: "Both names are to be the same, since each model counts by its own vocabulary.",
    bad: &[count(
        r#"{"generateContentRequest": {"model": "models/gemini-2.5-pro", "contents": [{"role": "user", "parts": [{"text": "a"}]}]}}"#,
        "generateContentRequest.model",
    )],
    ..NOTHING
};

/// Whether a name is told here, since it is a field of the request that a count is of.
pub(super) fn is_told(whole: &Request<'_>, message: &'static Message, key: &str) -> bool {
    std::ptr::eq(message, &raw const COUNT)
        && whole.service == Service::Developer
        && needs_a_request(key)
}

fn needs_a_request(key: &str) -> bool {
    let is_own = matches!(key, "contents" | "model");
    !is_own && GENERATE.find(key).is_some()
}

/// Looks at a body.
pub(super) fn look(whole: &Request<'_>, found: &mut Findings<'_>) {
    if whole.kind != Kind::Count || whole.service == Service::Cloud {
        return;
    }
    let request = whole.field("generateContentRequest");
    match (whole.field("contents"), request) {
        (None, None) if lacks_both(whole.body) => {
            found.at(&NOTHING, whole.body, || said("there are no contents and no request"));
        }
        (Some(contents), Some(request)) => both(whole.body, contents, request, found),
        _ => {}
    }
    beside(whole, request, found);
    if let Some(request) = request.filter(|request| request.kind() == Form::Object) {
        inner_model(whole, request, found);
    }
}

/// Names that nearly are the two were told as such, and behind the end of a text that was cut they may have stood.
fn lacks_both(body: Value<'_>) -> bool {
    let is_empty = body.members().next().is_none();
    body.document().end() == End::Whole && (is_empty || !has_an_unknown_name(body))
}

fn has_an_unknown_name(body: Value<'_>) -> bool {
    body.members().any(|member| COUNT.find(member.name().unwrap_or_default()).is_none())
}

fn both(body: Value<'_>, contents: Value<'_>, request: Value<'_>, found: &mut Findings<'_>) {
    found.at_name(&BOTH, contents, || {
        let is_same = field(request, "contents").is_some_and(|own| own.raw() == contents.raw());
        let correction = is_same.then(|| {
            let edit = edit::remove(body, contents);
            Correction::mechanical("Leave the outer contents out", vec![edit])
        });
        said("contents are not counted beside generateContentRequest").with_any(correction)
    });
}

/// One finding for all of them, since one change mends them all.
fn beside(whole: &Request<'_>, request: Option<Value<'_>>, found: &mut Findings<'_>) {
    let own = |member: &Value<'_>| member.name().is_some_and(needs_a_request);
    let Some(first) = whole.body.members().find(own) else { return };
    found.at_name(&NEEDS_A_REQUEST, first, || {
        let names: Vec<&str> = whole.body.members().filter(own).filter_map(Value::name).collect();
        let words =
            format!("{} can be counted within generateContentRequest only", names.join(", "));
        said(words).with_any(wrapped(whole, request))
    });
}

/// The whole body as the request that is counted.
fn wrapped(whole: &Request<'_>, request: Option<Value<'_>>) -> Option<Correction> {
    let has_an_end = whole.body.raw().ends_with('}') && request.is_none();
    let span = Some(whole.body.span()).filter(|_| has_an_end)?;
    let model = match (whole.field("model"), &whole.model) {
        (Some(_), _) => String::new(),
        (None, Some(model)) => format!("\"model\": {}, ", edit::quoted(&full(model))),
        (None, None) => return None,
    };
    let (start, end) = (span.start + 1, span.end - 1);
    let open = format!("\"generateContentRequest\": {{{model}");
    let edits = vec![
        Edit { span: start..start, text: open },
        Edit { span: end..end, text: "}".to_owned() },
    ];
    Some(Correction::mechanical("Put the whole request into generateContentRequest", edits))
}

fn inner_model(whole: &Request<'_>, request: Value<'_>, found: &mut Findings<'_>) {
    let Some(model) = field(request, "model") else {
        if request.document().end() == End::Whole {
            found.at(&INNER_MODEL_MISSING, request, || {
                let named = whole.model.as_ref().map(|model| {
                    let name = edit::quoted(&full(model));
                    let edit = edit::insert(request, "model", &name);
                    Correction::mechanical(format!("Name {model}"), vec![edit])
                });
                said("generateContentRequest does not name its model").with_any(named)
            });
        }
        return;
    };
    let Some(name) = model.quoted().filter(|_| model.kind() == Form::Text) else { return };
    if let Some(outer) = whole.model.as_deref().filter(|outer| *outer != bare(name)) {
        found.at(&INNER_MODEL_DIFFERS, model, || {
            said(format!("the request is for {}, and the call for {outer}", bare(name)))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        facts::models::ModelTable,
        lint::{Given, Kind, fix},
    };

    #[test]
    fn a_model_that_somebody_tuned_stays_that_model() {
        let table = ModelTable::embedded();
        let body = r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "tools": [{"codeExecution": {}}]}"#;
        for (model, expected) in [
            ("tunedModels/sorter-5gq2", "tunedModels/sorter-5gq2"),
            ("models/gemini-3.8-flash", "models/gemini-3.8-flash"),
            ("gemini-3.8-flash", "models/gemini-3.8-flash"),
        ] {
            let given = Given {
                kind: Some(Kind::Count),
                model: Some(model),
                ..Given::on(&table, "2026-11-20")
            };
            let fixed = fix(body, &given).text;
            let value: serde_json::Value = serde_json::from_str(&fixed).expect("JSON");
            assert_eq!(value["generateContentRequest"]["model"], expected, "{fixed}");
        }
    }
}

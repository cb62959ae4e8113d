//! Safety settings: categories of older models, two settings of one category, and thresholds that not everybody may set.

use std::{borrow::Cow, collections::HashMap};

use crate::facts::Severity::{Error, Warning};

use crate::lint::{
    document::{End, Form, Value},
    edit,
    finding::{Correction, Findings, said},
    kind::field,
    request::{Request, Service},
    rule::{Example, Rule, UNQUOTED, bad, good},
};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[
    &PALM_CATEGORY,
    &CATEGORY_MISSING,
    &THRESHOLD_MISSING,
    &UNSPECIFIED,
    &CIVIC,
    &TWICE,
    &RESTRICTED,
];

const SAFETY_PAGE: &str = "https://ai.google.dev/gemini-api/docs/safety-settings";
const API_PAGE: &str = "https://ai.google.dev/api/generate-content";
const FLASH: &str = "gemini-3.8-flash";

const GOOD: &[Example] = &[
    good(
        FLASH,
        request!(
            r#""safety_settings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}, {"category": "HARM_CATEGORY_DANGEROUS_CONTENT", "threshold": "OFF"}]"#
        ),
    ),
    good(FLASH, request!(r#""safetySettings": []"#)),
];

const PALM_CATEGORY: Rule = Rule {
    id: "safety-category-of-palm",
    title: "A category of harm is one of PaLM's",
    severity: Error,
    fix: Some("invalid-argument-generic"),
    answer: "element predicate failed: $.category in (HarmCategory.…)",
    why: "Gemini has four categories that can be set; those without their names are of the models before it and are refused.",
    docs: &[SAFETY_PAGE, API_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            request!(
                r#""safetySettings": [{"category": "HARM_CATEGORY_TOXICITY", "threshold": "BLOCK_NONE"}]"#
            ),
            "safetySettings[0].category",
        ),
        bad(
            FLASH,
            request!(
                r#""safety_settings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}, {"category": "HARM_CATEGORY_DANGEROUS", "threshold": "OFF"}]"#
            ),
            "safety_settings[1].category",
        ),
    ],
    good: GOOD,
};

const CATEGORY_MISSING: Rule = Rule {
    id: "safety-category-missing",
    title: "A safety setting says no category",
    severity: Error,
    bad: &[
        bad(
            FLASH,
            request!(r#""safetySettings": [{"threshold": "BLOCK_NONE"}]"#),
            "safetySettings[0]",
        ),
        bad(
            FLASH,
            request!(
                r#""safetySettings": [{"category": "HARM_CATEGORY_UNSPECIFIED", "threshold": "OFF"}]"#
            ),
            "safetySettings[0].category",
        ),
    ],
    why: "Each setting is for one category, and the category is required; the word for none is not in the list of those that are taken.",
    ..PALM_CATEGORY
};

const THRESHOLD_MISSING: Rule = Rule {
    id: "safety-threshold-missing",
    title: "A safety setting says no threshold",
    severity: Warning,
    fix: None,
    answer: "",
    why: "The threshold is required; without it nothing is set.",
    bad: &[bad(
        FLASH,
        request!(r#""safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT"}]"#),
        "safetySettings[0]",
    )],
    ..PALM_CATEGORY
};

const UNSPECIFIED: Rule = Rule {
    id: "safety-unspecified",
    title: "A safety setting leaves its threshold open",
    severity: Warning,
    fix: None,
    answer: "",
    why: "The words for nothing stand in the definitions so that nothing has a number; a setting with one of them sets nothing or is refused.",
    bad: &[bad(
        FLASH,
        request!(
            r#""safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "HARM_BLOCK_THRESHOLD_UNSPECIFIED"}]"#
        ),
        "safetySettings[0].threshold",
    )],
    ..PALM_CATEGORY
};

const CIVIC: Rule = Rule {
    id: "safety-category-deprecated",
    title: "A category of harm is deprecated",
    severity: Warning,
    fix: None,
    answer: "",
    why: "HARM_CATEGORY_CIVIC_INTEGRITY is marked as deprecated in the definitions, in favour of enableEnhancedCivicAnswers.",
    bad: &[bad(
        FLASH,
        request!(
            r#""safetySettings": [{"category": "HARM_CATEGORY_CIVIC_INTEGRITY", "threshold": "BLOCK_NONE"}]"#
        ),
        "safetySettings[0].category",
    )],
    ..PALM_CATEGORY
};

const TWICE: Rule = Rule {
    id: "safety-category-twice",
    title: "Two safety settings are for one category",
    severity: Error,
    fix: Some("invalid-argument-generic"),
    answer: UNQUOTED,
    why: "There may be one setting for each category; which of two is meant nobody knows.",
    bad: &[
        bad(
            FLASH,
            request!(
                r#""safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}, {"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}]"#
            ),
            "safetySettings[1].category",
        ),
        bad(
            FLASH,
            request!(
                r#""safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}, {"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}]"#
            ),
            "safetySettings[1].category",
        ),
    ],
    ..PALM_CATEGORY
};

const RESTRICTED: Rule = Rule {
    id: "safety-threshold-restricted",
    title: "A threshold is open to some projects only",
    severity: Warning,
    fix: Some("safety-setting-restricted"),
    answer: "User has requested a restricted HarmBlockThreshold setting BLOCK_NONE",
    why: "On the cloud platform a project may have to be on a list before it may block nothing.",
    bad: &[],
    good: GOOD,
    ..PALM_CATEGORY
};

/// The categories of the models before Gemini, and what comes nearest.
const PALM: &[(&str, &str)] = &[
    ("HARM_CATEGORY_DEROGATORY", "HARM_CATEGORY_HARASSMENT or HARM_CATEGORY_HATE_SPEECH"),
    ("HARM_CATEGORY_TOXICITY", "HARM_CATEGORY_HARASSMENT or HARM_CATEGORY_HATE_SPEECH"),
    ("HARM_CATEGORY_VIOLENCE", "HARM_CATEGORY_DANGEROUS_CONTENT"),
    ("HARM_CATEGORY_SEXUAL", "HARM_CATEGORY_SEXUALLY_EXPLICIT"),
    ("HARM_CATEGORY_MEDICAL", "HARM_CATEGORY_DANGEROUS_CONTENT"),
    ("HARM_CATEGORY_DANGEROUS", "HARM_CATEGORY_DANGEROUS_CONTENT"),
];

/// Looks at a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    let Some(settings) = request.field("safetySettings") else { return };
    let mut seen: HashMap<Cow<'_, str>, Value<'_>> = HashMap::new();
    for setting in settings.each().filter(|setting| setting.kind() == Form::Object) {
        category(setting, found);
        threshold(request, setting, found);
        let own = field(setting, "category");
        let Some((name, value)) = own.and_then(|value| Some((value.text()?, value))) else {
            continue;
        };
        match seen.get(&name) {
            Some(first) => twice(settings, *first, setting, value, found),
            None => {
                seen.insert(name, setting);
            }
        }
    }
}

fn category(setting: Value<'_>, found: &mut Findings<'_>) {
    let Some(value) = field(setting, "category") else {
        if setting.document().end() == End::Whole {
            found.at(&CATEGORY_MISSING, setting, || said("no category is said"));
        }
        return;
    };
    let Some(name) = value.text() else { return };
    if name.ends_with("_UNSPECIFIED") {
        found.at(&CATEGORY_MISSING, value, || said(format!("{name} is no category")));
    } else if name == "HARM_CATEGORY_CIVIC_INTEGRITY" {
        found.at(&CIVIC, value, || {
            said("this category is deprecated")
                .with(Correction::advice("Leave the setting out; others do not depend on it"))
        });
    } else if let Some((_, nearest)) = PALM.iter().find(|(own, _)| *own == name) {
        found.at(&PALM_CATEGORY, value, || {
            said(format!("{name} is of PaLM; Gemini has not got it"))
                .with(Correction::advice(format!("Leave the setting out, or set {nearest}")))
        });
    }
}

fn threshold(request: &Request<'_>, setting: Value<'_>, found: &mut Findings<'_>) {
    let Some(value) = field(setting, "threshold") else {
        if setting.document().end() == End::Whole {
            found.at(&THRESHOLD_MISSING, setting, || said("no threshold is said"));
        }
        return;
    };
    match value.quoted() {
        Some("HARM_BLOCK_THRESHOLD_UNSPECIFIED") => {
            found.at(&UNSPECIFIED, value, || said("no threshold is set by this word"));
        }
        Some(word @ ("BLOCK_NONE" | "OFF")) if request.service == Service::Cloud => {
            found.at(&RESTRICTED, value, || {
                said(format!("{word} may need a project that is on a list")).with(
                    Correction::advice("BLOCK_ONLY_HIGH is the least that is open to everybody"),
                )
            });
        }
        _ => {}
    }
}

fn twice(
    settings: Value<'_>,
    first: Value<'_>,
    second: Value<'_>,
    category: Value<'_>,
    found: &mut Findings<'_>,
) {
    let same = |name| {
        let raw = |setting| field(setting, name).map(Value::raw);
        raw(first) == raw(second)
    };
    found.at(&TWICE, category, || {
        let is_same = same("threshold") && same("method");
        let gone = is_same.then(|| {
            let edits = vec![edit::remove(settings, second)];
            Correction::mechanical("Take the second of two equal settings out", edits)
        });
        let advice = || Correction::advice("Leave the one in that is meant");
        said(format!("{} has a setting before", category.quoted().unwrap_or_default()))
            .with(gone.unwrap_or_else(advice))
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
    fn thresholds_that_need_a_list_are_told_on_the_cloud_platform_only() {
        let body = request!(
            r#""safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}]"#
        );
        let table = ModelTable::embedded();
        for (service, count) in [(Service::Cloud, 1), (Service::Developer, 0)] {
            let given = Given { service, model: Some(FLASH), ..Given::on(&table, "2026-11-20") };
            let looked = look(body, &given);
            let told = looked.findings.iter().filter(|one| one.rule.id == RESTRICTED.id);
            assert_eq!(told.count(), count, "{service:?}");
        }
    }
}

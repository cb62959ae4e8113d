//! Known fixes for answers that should follow a schema: JSON of another shape, and JSON in a code block.

use crate::{
    catalog::{KnownFix, Sign, Split, likely, owner, sure, you},
    facts::{Blame, Layer, RetryClass, Severity, clue::Shown},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[&BREAKS_SCHEMA, &FENCED];

const STRUCTURED_PAGE: &str = "https://ai.google.dev/gemini-api/docs/structured-output";

const BREAKS_SCHEMA: KnownFix = KnownFix {
    id: "structured-answer-breaks-schema",
    title: "Answers are JSON, and do not follow the schema that was sent",
    layer: Layer::Backend,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[Sign::Shown(Shown::SchemaBroken)]),
        likely(&[
            Sign::SaysOne(&["Field required", "type=missing", "is a required property"]),
            Sign::SaysOne(&[
                "response_schema",
                "responseSchema",
                "response.parsed",
                "response.text",
            ]),
        ]),
    ],
    why: "The answer parses and breaks a rule of its schema: a member is missing, or of another type. A schema steers \
          the model and is no proof of what comes; the share of answers that break it differs between models, and \
          grows with the size of the schema.",
    fix: &[
        you("Validate each answer, and ask exactly once more for one that breaks a rule"),
        you(
            "Put every member into required, give propertyOrdering, and describe the rule that is broken",
        ),
        you("Have a default or an alert for what breaks it twice"),
        you("See the share, and what another model does")
            .run("gemini-doctor doctor --only structured --samples 20 --yes"),
    ],
    confirm: "gemini-doctor doctor --only structured --samples 20 passes.",
    seen_as: &[
        "pydantic_core._pydantic_core.ValidationError: 1 validation error for Review\nrisk_level\n  Field required [type=missing, input_value={'summary': 'ok'}, input_type=dict]  while reading response.parsed of gemini-2.5-flash",
        "jsonschema.exceptions.ValidationError: 'risk_level' is a required property (responseSchema of gemini-2.5-flash)",
    ],
    live: &[],
    not: &[
        "pydantic_core._pydantic_core.ValidationError: 1 validation error for Recipe\n  Invalid JSON: expected value at line 1 column 1 [type=json_invalid, input_value='Here is the recipe you asked for', input_type=str]",
    ],
    splits: &[Split {
        id: "structured-answer-not-json",
        by: "whether the text parses as JSON at all",
    }],
    reproduce: "structured-answer-breaks-schema",
    hides: &[],
    docs: &[STRUCTURED_PAGE],
    as_of: "2026-11-30",
};

const FENCED: KnownFix = KnownFix {
    id: "structured-answer-fenced",
    title: "The JSON of structured answers stands in a Markdown code block",
    layer: Layer::Backend,
    blame: Blame::Unknown,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::Shown(Shown::FencedJson)]),
        likely(&[
            Sign::Says("```json"),
            Sign::SaysOne(&[
                "is not valid JSON",
                "json_invalid",
                "JSONDecodeError",
                "Unexpected token",
                "Expecting value",
            ]),
        ]),
    ],
    why: "With responseMimeType application/json the API sends bare JSON. Marks of a code block round it mean that the \
          setting did not reach the model: a gateway dropped it, an SDK sent it under another name, or only the \
          prompt asks for JSON.",
    fix: &[
        you("Send responseMimeType application/json and the schema in generationConfig"),
        you("Ask the API itself: where the block is gone, the gateway drops the setting")
            .run("gemini-doctor doctor --only structured"),
        owner("Let the gateway pass generationConfig on as it is"),
        you("Until then take the marks off before you parse"),
    ],
    confirm: "gemini-doctor doctor --only structured passes.",
    seen_as: &[
        "SyntaxError: Unexpected token '`', \"```json\\n{\\n\"... is not valid JSON",
        "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0) while parsing response.text of gemini-2.5-flash: ```json",
    ],
    live: &[],
    not: &["SyntaxError: Unexpected token '<', \"<html><head\"... is not valid JSON"],
    splits: &[
        Split { id: "structured-answer-not-json", by: "whether a code block with JSON is in it" },
        Split {
            id: "answer-not-json",
            by: "the first letters: the marks of a code block, or a page",
        },
    ],
    reproduce: "structured-answer-fenced",
    hides: &[],
    docs: &[STRUCTURED_PAGE],
    as_of: "2026-11-30",
};

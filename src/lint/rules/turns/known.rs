//! The rules about turns. It must not look for them.

use crate::facts::Severity::{Error, Note, Warning};

use crate::lint::{
    kind::Kind,
    rule::{Rule, bad, good},
};

const CONTENT_PAGE: &str = "https://ai.google.dev/api/caching#Content";
const GENERATE_PAGE: &str = "https://ai.google.dev/api/generate-content";
const LATEST_PAGE: &str = "https://ai.google.dev/gemini-api/docs/generate-content/latest-model";
const TROUBLESHOOTING_PAGE: &str = "https://ai.google.dev/gemini-api/docs/troubleshooting";
const FLASH: &str = "gemini-3.8-flash";

pub(super) const MISSING: Rule = Rule {
    id: "contents-missing",
    title: "There is nothing to answer: contents is missing or empty",
    severity: Error,
    fix: Some("empty-contents-or-parts"),
    answer: "* GenerateContentRequest.contents: contents is not specified",
    why: "Every request has at least one turn, also one with a cache or a system instruction.",
    docs: &[GENERATE_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(FLASH, r#"{"contents": []}"#, "contents"),
        bad(FLASH, r#"{"generationConfig": {"temperature": 1}}"#, "$"),
        bad(FLASH, r#"{"contents": null}"#, "$"),
        bad(FLASH, r#"{"model": "models/gemini-3.8-flash"}"#, "$").of(Kind::Count),
        bad(
            FLASH,
            r#"{"generateContentRequest": {"model": "models/gemini-3.8-flash"}}"#,
            "generateContentRequest",
        )
        .of(Kind::Count),
    ],
    good: &[
        good(FLASH, r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}]}"#),
        good(
            FLASH,
            r#"{"generateContentRequest": {"model": "models/gemini-3.8-flash", "contents": [{"role": "user", "parts": [{"text": "a"}]}]}}"#,
        )
        .of(Kind::Count),
    ],
};
pub(super) const NO_PARTS: Rule = Rule {
    id: "turn-without-parts",
    title: "A turn has no parts",
    severity: Error,
    fix: Some("empty-contents-or-parts"),
    answer: "* GenerateContentRequest.contents[…].parts: contents.parts must not be empty.",
    why: "Every turn has at least one part. Mostly it is an answer that was cut off before its first word and was kept in the history.",
    docs: &[CONTENT_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model"}, {"role": "user", "parts": [{"text": "b"}]}]}"#,
            "contents[1]",
        ),
        bad(FLASH, r#"{"contents": [{"role": "user", "parts": []}]}"#, "contents[0].parts"),
    ],
    good: &[good(FLASH, r#"{"contents": [{"parts": [{"text": "a"}]}]}"#)],
};
pub(super) const EMPTY_TEXT: Rule = Rule {
    id: "text-empty",
    title: "A text is empty",
    severity: Warning,
    fix: Some("empty-contents-or-parts"),
    answer: "Unable to submit request because it has an empty text parameter.",
    why: "Some models leave an empty text out and others refuse the request; which one does what is not known for sure. Only one with a thought signature beside it is meant so.",
    docs: &[CONTENT_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": ""}]}, {"role": "user", "parts": [{"text": "b"}]}]}"#,
            "contents[1].parts[0].text",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}, {"text": ""}]}]}"#,
            "contents[0].parts[1].text",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b"}, {"text": "", "thought_signature": "QUJD"}]}, {"role": "user", "parts": [{"text": "c"}]}]}"#,
    )],
};
/// On the cloud platform it is refused as well where other turns say something; that has tests of its own.
pub(super) const EMPTY_TURN: Rule = Rule {
    id: "turn-of-empty-text",
    title: "A turn has nothing but an empty text, where nobody leaves it out",
    severity: Error,
    fix: Some("empty-contents-or-parts"),
    answer: "Unable to submit request because it has an empty text parameter.",
    why: "The cloud platform refuses it. The Developer API refuses an empty text or leaves it out, and where nothing else is asked nothing is left.",
    docs: &[CONTENT_PAGE],
    as_of: "2026-12-01",
    bad: &[bad(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": ""}]}]}"#,
        "contents[0].parts[0].text",
    )],
    good: &[
        good(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": ""}]}, {"role": "user", "parts": [{"text": "b"}]}]}"#,
        ),
        good(FLASH, r#"{"contents": [{"role": "user", "parts": [{"text": ""}, {"text": "a"}]}]}"#),
    ],
};
pub(super) const BLANK: Rule = Rule {
    id: "turn-blank",
    title: "A turn has nothing but blanks",
    severity: Note,
    fix: None,
    answer: "",
    why: "It is counted and answered like any other turn, and mostly it is a message that was never filled in.",
    docs: &[CONTENT_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": " \n"}]}]}"#,
        "contents[0].parts[0].text",
    )],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}, {"text": "\n"}]}]}"#,
    )],
};
pub(super) const ROLE_UNKNOWN: Rule = Rule {
    id: "role-unknown",
    title: "A turn has a role other than user or model",
    severity: Error,
    fix: Some("invalid-role"),
    answer: "Please use a valid role: user, model.",
    why: "Other APIs say assistant, system and tool. Here the model's turns are model's, results of functions are the user's, and a system text stands in systemInstruction.",
    docs: &[CONTENT_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "assistant", "parts": [{"text": "b"}]}, {"role": "user", "parts": [{"text": "c"}]}]}"#,
            "contents[1].role",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "system", "parts": [{"text": "a"}]}, {"role": "user", "parts": [{"text": "b"}]}]}"#,
            "contents[0].role",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "system", "parts": [{"text": "a"}]}, {"role": "user", "parts": [{"text": "b"}]}], "system_instruction": {"parts": [{"text": "c"}]}}"#,
            "contents[0].role",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"function_call": {"name": "f"}, "thought_signature": "QUJD"}]}, {"role": "tool", "parts": [{"function_response": {"name": "f", "response": {}}}]}]}"#,
            "contents[2].role",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f"}, "thoughtSignature": "QUJD"}]}, {"role": "function", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}]}"#,
    )],
};
pub(super) const FUNCTION_ROLE: Rule = Rule {
    id: "role-function-without-response",
    title: "A turn of the role function has something other than responses",
    severity: Warning,
    fix: Some("invalid-role"),
    answer: "Please use a valid role: user, model.",
    why: "The role function was once used for turns with functionResponse parts, and is taken for those.",
    docs: &[CONTENT_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        FLASH,
        r#"{"contents": [{"role": "function", "parts": [{"text": "a"}]}]}"#,
        "contents[0].role",
    )],
    good: &[],
};
pub(super) const ROLE_MISSING: Rule = Rule {
    id: "role-missing",
    title: "A turn of a conversation has no role",
    severity: Warning,
    fix: Some("invalid-role"),
    answer: "Please use a valid role: user, model.",
    why: "The Developer API takes a single turn without a role for the user's. In a conversation nothing tells whose turn it is.",
    docs: &[CONTENT_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"parts": [{"text": "b"}]}, {"role": "user", "parts": [{"text": "c"}]}]}"#,
            "contents[1]",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "", "parts": [{"functionCall": {"name": "f"}, "thoughtSignature": "QUJD"}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}]}"#,
            "contents[1].role",
        ),
    ],
    good: &[good(FLASH, r#"{"contents": [{"parts": [{"text": "a"}]}]}"#)],
};
/// Only the cloud platform wants it of every turn, so that it has tests of its own.
pub(super) const ROLE_MISSING_ON_CLOUD: Rule = Rule {
    id: "role-missing-on-the-cloud-platform",
    title: "A turn for the cloud platform has no role",
    severity: Error,
    fix: Some("invalid-role"),
    answer: "Please use a valid role: user, model.",
    why: "The Developer API takes a turn without a role for the user's; the cloud platform wants to be told, also of a single one.",
    docs: &["https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference"],
    as_of: "2026-12-01",
    bad: &[],
    good: &[good(FLASH, r#"{"contents": [{"parts": [{"text": "a"}]}]}"#)],
};
pub(super) const REPEATED: Rule = Rule {
    id: "role-repeated",
    title: "Two turns in a row have the same role",
    severity: Warning,
    fix: Some("turn-alternation"),
    answer: "Please ensure that multiturn requests alternate between user and model.",
    why: "Turns alternate between user and model. Today's models take plain texts in a row, while older ones and gateways refuse them.",
    docs: &[TROUBLESHOOTING_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "user", "parts": [{"text": "b"}]}]}"#,
            "contents[1]",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b"}]}, {"role": "model", "parts": [{"text": "c"}]}, {"role": "user", "parts": [{"text": "d"}]}]}"#,
            "contents[2]",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f"}, "thoughtSignature": "QUJD"}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}, {"role": "user", "parts": [{"text": "d"}]}]}"#,
    )],
};
pub(super) const FIRST_OF_MODEL: Rule = Rule {
    id: "first-turn-of-model",
    title: "The conversation begins with a turn of the model",
    severity: Warning,
    fix: Some("turn-alternation"),
    answer: "First content should be with role 'user', got model",
    why: "A conversation begins with the user. SDKs refuse another beginning, and a greeting of the model makes it.",
    docs: &[TROUBLESHOOTING_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        FLASH,
        r#"{"contents": [{"role": "model", "parts": [{"text": "Hello"}]}, {"role": "user", "parts": [{"text": "a"}]}]}"#,
        "contents[0]",
    )],
    good: &[],
};
pub(super) const LAST_OF_MODEL: Rule = Rule {
    id: "last-turn-of-model",
    title: "The last turn is the model's, which this model refuses",
    severity: Error,
    fix: Some("turn-alternation"),
    answer: "Requests ending with a model turn are not supported.",
    why: "From Gemini 3.6 on an answer cannot be begun beforehand: a request ends with a turn of the user or with the responses of functions.",
    docs: &[LATEST_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "{"}]}]}"#,
            "contents[1]",
        ),
        bad(
            "gemini-3.6-flash",
            r#"{"contents": {"role": "model", "parts": [{"text": "a"}]}}"#,
            "contents",
        ),
    ],
    good: &[
        good(
            "gemini-3.5-flash",
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "{"}]}]}"#,
        ),
        good(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b"}]}]}"#,
        )
        .of(Kind::Count),
    ],
};
pub(super) const LAST_OF_MODEL_OLDER: Rule = Rule {
    id: "last-turn-of-model-later-refused",
    title: "The last turn is the model's, which later models refuse",
    severity: Warning,
    fix: Some("turn-alternation"),
    answer: "Please ensure that multiturn requests ends with a user role or a function response.",
    why: "Models before Gemini 3.6 go on from where that turn ends; later ones refuse the request, and a name that moves leads there one day.",
    docs: &[LATEST_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            "gemini-2.5-flash",
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "{"}]}]}"#,
            "contents[1]",
        ),
        bad(
            "",
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "{"}]}]}"#,
            "contents[1]",
        ),
    ],
    good: &[good(
        "gemini-2.5-flash",
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}]}"#,
    )],
};

//! The rules about hidden characters. It must not look for them.

use crate::facts::Severity::{Note, Warning};

use crate::lint::rule::{Rule, bad, good};

const TOKENS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/tokens";
const CALLING_PAGE: &str = "https://ai.google.dev/gemini-api/docs/function-calling";
const FLASH: &str = "gemini-3.8-flash";

pub(super) const IN_TEXT: Rule = Rule {
    id: "text-with-hidden-characters",
    title: "A text has characters that nobody sees",
    severity: Warning,
    fix: None,
    answer: "",
    why: "The model reads them and they cost tokens. They come along when something is copied from a page, split words that should be found, and can hide instructions.",
    docs: &[TOKENS_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a\u200bb"}]}]}"#,
            "contents[0].parts[0].text",
        ),
        bad(
            FLASH,
            "{\"contents\": [{\"role\": \"user\", \"parts\": [{\"text\": \"a\"}]}], \"system_instruction\": {\"parts\": [{\"text\": \"be\u{AD}ginning \u{202E}\"}]}}",
            "system_instruction.parts[0].text",
        ),
    ],
    good: &[
        good(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 Oui\u00a0! \u201cso\u201d"}]}]}"#,
        ),
        good(
            FLASH,
            "{\"contents\": [{\"role\": \"user\", \"parts\": [{\"text\": \"naïve \u{2764}\u{FE0F} 日本語\"}]}]}",
        ),
    ],
};
pub(super) const IN_NAME: Rule = Rule {
    id: "name-with-hidden-characters",
    title: "A name has characters that nobody sees",
    severity: Warning,
    fix: None,
    answer: "",
    why: "Names are compared character by character: this one is not the one that it looks like.",
    docs: &[CALLING_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "tools": [{"functionDeclarations": [{"name": "get\u200b_weather", "description": "d"}]}]}"#,
            "tools[0].functionDeclarations[0].name",
        ),
        bad(
            FLASH,
            "{\"contents\": [{\"role\": \"user\", \"parts\": [{\"text\": \"a\"}]}], \"generation_config\": {\"response_mime_type\": \"text/x.enum\", \"response_schema\": {\"type\": \"STRING\", \"enum\": [\"yes\", \"no\u{A0}\"]}}}",
            "generation_config.response_schema.enum[1]",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"responseMimeType": "text/x.enum", "responseSchema": {"type": "STRING", "enum": ["\u0434\u0430", "\u043d\u0435\u0442", "don\u2019t"]}}}"#,
    )],
};
pub(super) const LOOKALIKE: Rule = Rule {
    id: "name-with-lookalikes",
    title: "A name has letters of another alphabet that look like Latin ones",
    severity: Warning,
    fix: None,
    answer: "",
    why: "Names are compared character by character, and nobody sees the difference. Names of functions have Latin letters only.",
    docs: &[CALLING_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "tools": [{"functionDeclarations": [{"name": "get_we\u0430ther", "description": "d"}]}]}"#,
            "tools[0].functionDeclarations[0].name",
        ),
        bad(
            FLASH,
            "{\"contents\": [{\"role\": \"user\", \"parts\": [{\"text\": \"a\"}]}], \"tools\": [{\"function_declarations\": [{\"name\": \"f\", \"description\": \"d\", \"parameters\": {\"type\": \"OBJECT\", \"properties\": {\"c\u{456}ty\": {\"type\": \"STRING\"}}}}]}]}",
            "tools[0].function_declarations[0].parameters.properties.c\u{456}ty",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "\u0430 and a"}]}], "tools": [{"functionDeclarations": [{"name": "f", "description": "d", "parameters": {"type": "OBJECT", "properties": {"\u0433\u043e\u0440\u043e\u0434": {"type": "STRING"}}}}]}]}"#,
    )],
};
pub(super) const BLANK_AT_END: Rule = Rule {
    id: "text-with-no-break-space-at-end",
    title: "A text begins or ends with a blank that does not break",
    severity: Note,
    fix: None,
    answer: "",
    why: "Programs that take blanks away at the ends of a text often leave this one, which comes from pages and word processors.",
    docs: &[TOKENS_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "What is new?\u00a0"}]}]}"#,
        "contents[0].parts[0].text",
    )],
    good: &[good(FLASH, r#"{"contents": [{"role": "user", "parts": [{"text": "10\u00a0km "}]}]}"#)],
};

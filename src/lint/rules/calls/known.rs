//! The rules about calls and their responses. It must not look for them.

use crate::facts::Severity::{Error, Warning};

use crate::lint::rule::{Rule, UNQUOTED, bad, good};

const CALLING_PAGE: &str = "https://ai.google.dev/gemini-api/docs/function-calling";
const LATEST_PAGE: &str = "https://ai.google.dev/gemini-api/docs/generate-content/latest-model";
const FLASH: &str = "gemini-3.8-flash";
const OLDER: &str = "gemini-2.5-flash";

pub(super) const OUT_OF_PLACE: Rule = Rule {
    id: "call-out-of-place",
    title: "A turn with calls follows neither the user nor the response of a function",
    severity: Error,
    fix: Some("function-turn-order"),
    answer: "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
    why: "The model calls because it was asked or because it got a response. Histories that were cut in the middle begin with a call.",
    docs: &[CALLING_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            OLDER,
            r#"{"contents": [{"role": "model", "parts": [{"functionCall": {"name": "f", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}]}"#,
            "contents[0].parts[0].functionCall",
        ),
        bad(
            OLDER,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b"}]}, {"role": "model", "parts": [{"function_call": {"name": "f", "args": {}}}]}, {"role": "user", "parts": [{"function_response": {"name": "f", "response": {}}}]}]}"#,
            "contents[2].parts[0].function_call",
        ),
    ],
    good: &[GOOD],
};
pub(super) const UNANSWERED: Rule = Rule {
    id: "call-without-response",
    title: "The turn after a call has no response to it",
    severity: Error,
    fix: Some("function-turn-order"),
    answer: "Please ensure that function response turn comes immediately after a function call turn.",
    why: "What the model called for comes in the very next turn, and nothing before it: also a call that failed or was refused has a response that says so.",
    docs: &[CALLING_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        OLDER,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b"}, {"functionCall": {"name": "f", "args": {}}}]}, {"role": "user", "parts": [{"text": "stop"}]}]}"#,
        "contents[1].parts[1].functionCall",
    )],
    good: &[GOOD],
};
pub(super) const WITHOUT_CALL: Rule = Rule {
    id: "response-without-call",
    title: "A response follows no call",
    severity: Error,
    fix: Some("function-turn-order"),
    answer: "Please ensure that function response turn comes immediately after a function call turn.",
    why: "A response answers the calls of the turn just before it. Histories that were cut between the two begin with a response.",
    docs: &[CALLING_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            OLDER,
            r#"{"contents": [{"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}]}"#,
            "contents[0].parts[0].functionResponse",
        ),
        bad(
            OLDER,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b"}]}, {"role": "function", "parts": [{"function_response": {"name": "f", "response": {}}}]}]}"#,
            "contents[2].parts[0].function_response",
        ),
    ],
    good: &[GOOD],
};
pub(super) const COUNT: Rule = Rule {
    id: "response-count",
    title: "There are not as many responses as calls",
    severity: Error,
    fix: Some("function-response-count-mismatch"),
    answer: "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.",
    why: "All responses to the calls of one turn stand in the one turn after it, one for each call.",
    docs: &[CALLING_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            OLDER,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f"}}, {"functionCall": {"name": "g"}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}]}"#,
            "contents[2].parts",
        ),
        bad(
            OLDER,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f"}}, {"functionCall": {"name": "g"}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "g", "response": {}}}]}]}"#,
            "contents[2].parts",
        ),
        bad(
            OLDER,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"function_call": {"name": "f"}}]}, {"role": "user", "parts": [{"function_response": {"name": "f", "response": {}}}, {"function_response": {"name": "f", "response": {}}}]}]}"#,
            "contents[2].parts[1].function_response",
        ),
    ],
    good: &[GOOD],
};
pub(super) const DIFFERS: Rule = Rule {
    id: "response-matches-no-call",
    title: "A response has another name or id than the call before it",
    severity: Error,
    fix: Some("function-response-count-mismatch"),
    answer: UNQUOTED,
    why: "The page on Gemini 3.8 Flash states it as a convention of the family since Gemini 3: name and id of each response are those of a call in the turn before it. An id that only one of the two has is counted from 3.8 on.",
    docs: &[LATEST_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "get_weather", "id": "1"}, "thoughtSignature": "QUJD"}]}, {"role": "user", "parts": [{"functionResponse": {"name": "getWeather", "id": "1", "response": {}}}]}]}"#,
            "contents[2].parts[0].functionResponse.name",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f", "id": "1"}, "thoughtSignature": "QUJD"}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "id": "2", "response": {}}}]}]}"#,
            "contents[2].parts[0].functionResponse.id",
        ),
        bad(
            "gemini-3.5-flash",
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f"}, "thoughtSignature": "QUJD"}]}, {"role": "user", "parts": [{"functionResponse": {"name": "g", "response": {}}}]}]}"#,
            "contents[2].parts[0].functionResponse.name",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"function_call": {"name": "f", "id": "1"}, "thought_signature": "QUJD"}]}, {"role": "user", "parts": [{"function_response": {"name": "f", "response": {}}}]}]}"#,
            "contents[2].parts[0].function_response",
        ),
    ],
    good: &[
        good(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f", "id": "1"}, "thoughtSignature": "QUJD"}, {"functionCall": {"name": "g", "id": "2"}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "g", "id": "2", "response": {}}}, {"functionResponse": {"name": "f", "id": "1", "response": {}}}]}]}"#,
        ),
        good(
            "gemini-3.5-flash",
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f", "id": "1"}, "thoughtSignature": "QUJD"}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}]}"#,
        ),
        good(
            OLDER,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f", "id": "1"}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "id": "2", "response": {}}}]}]}"#,
        ),
    ],
};
pub(super) const DIFFERS_OLDER: Rule = Rule {
    id: "response-matches-no-call-later-refused",
    title: "A response has another name or id than the call before it, which later models refuse",
    severity: Warning,
    fix: None,
    answer: "",
    why: "The model cannot tell which call was answered. From Gemini 3 on, names must be the same, and so must ids; from 3.8 on none may be missing.",
    docs: &[LATEST_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            OLDER,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f", "id": "1"}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "id": "2", "response": {}}}]}]}"#,
            "contents[2].parts[0].functionResponse.id",
        ),
        bad(
            "",
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"function_call": {"name": "f"}}]}, {"role": "user", "parts": [{"function_response": {"name": "g", "response": {}}}]}]}"#,
            "contents[2].parts[0].function_response.name",
        ),
    ],
    good: &[good(
        OLDER,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f"}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "id": "2", "response": {}}}]}]}"#,
    )],
};
pub(super) const LAST: Rule = Rule {
    id: "history-ends-with-call",
    title: "The conversation ends with a call that nobody answered",
    severity: Error,
    fix: Some("turn-alternation"),
    answer: "Please ensure that multiturn requests ends with a user role or a function response.",
    why: "From Gemini 3.6 on, the last turn is the user's: run the function, and send its result as functionResponse.",
    docs: &[LATEST_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f"}, "thoughtSignature": "QUJD"}]}]}"#,
        "contents[1].parts[0].functionCall",
    )],
    good: &[GOOD],
};
pub(super) const LAST_OLDER: Rule = Rule {
    id: "history-ends-with-call-later-refused",
    title: "The conversation ends with a call that nobody answered, which later models refuse",
    severity: Warning,
    fix: Some("turn-alternation"),
    answer: "Please ensure that multiturn requests ends with a user role or a function response.",
    why: "The model waits for the result of its call: run the function, and send its result as functionResponse.",
    docs: &[CALLING_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        OLDER,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f"}}]}]}"#,
        "contents[1].parts[0].functionCall",
    )],
    good: &[GOOD],
};
pub(super) const RESPONSE_NAMELESS: Rule = Rule {
    id: "response-without-name",
    title: "A response has no name",
    severity: Error,
    fix: Some("function-name-invalid"),
    answer: "* GenerateContentRequest.contents[…].parts[…].function_response.name: Name cannot be empty.",
    why: "The name is required. Messages of other APIs have only an id in a tool's result, and a client that translates them has to look the name up.",
    docs: &[CALLING_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            OLDER,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f", "id": "1"}}]}, {"role": "user", "parts": [{"functionResponse": {"id": "1", "response": {}}}]}]}"#,
            "contents[2].parts[0].functionResponse",
        ),
        bad(
            OLDER,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"function_call": {"name": "f"}}]}, {"role": "user", "parts": [{"function_response": {"name": "", "response": {}}}]}]}"#,
            "contents[2].parts[0].function_response.name",
        ),
    ],
    good: &[GOOD],
};
/// That a response is refused for it is on record, and of a call it is not.
pub(super) const NAMELESS: Rule = Rule {
    id: "call-without-name",
    title: "A call has no name",
    severity: Warning,
    answer: "",
    why: "The definition requires the name, and the response has to give it back. Whether the API refuses a call without one is not known for sure.",
    bad: &[bad(
        OLDER,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"function_call": {"name": ""}}]}, {"role": "user", "parts": [{"function_response": {"name": "f", "response": {}}}]}]}"#,
        "contents[1].parts[0].function_call.name",
    )],
    ..RESPONSE_NAMELESS
};
pub(super) const ID_REPEATED: Rule = Rule {
    id: "call-id-repeated",
    title: "Two calls of a turn have the same id",
    severity: Warning,
    fix: None,
    answer: "",
    why: "Responses are matched with calls by the id, so that it has to be another one for each call of a turn.",
    docs: &[CALLING_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        OLDER,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f", "id": "1"}}, {"functionCall": {"name": "f", "id": "1"}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "id": "1", "response": {}}}, {"functionResponse": {"name": "f", "id": "1", "response": {}}}]}]}"#,
        "contents[1].parts[1].functionCall.id",
    )],
    good: &[GOOD],
};
pub(super) const UNDECLARED: Rule = Rule {
    id: "call-of-undeclared-function",
    title: "A call names a function that no tool declares",
    severity: Warning,
    fix: None,
    answer: "",
    why: "The history speaks of a function that this request does not have: mostly it was renamed, or the list of tools was made shorter in between.",
    docs: &[CALLING_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        OLDER,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f"}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}], "tools": [{"functionDeclarations": [{"name": "g", "description": "d"}]}]}"#,
        "contents[1].parts[0].functionCall.name",
    )],
    good: &[
        GOOD,
        good(
            OLDER,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"function_call": {"name": "f"}}]}, {"role": "user", "parts": [{"function_response": {"name": "f", "response": {}}}]}], "tools": [{"function_declarations": [{"name": "f", "description": "d"}]}]}"#,
        ),
    ],
};
pub(super) const WRONG_ROLE: Rule = Rule {
    id: "call-of-wrong-role",
    title: "A call stands in a turn of the user, or a response in one of the model",
    severity: Warning,
    fix: None,
    answer: "",
    why: "The model calls and the user's side responds; SDKs refuse the other way round, and the model may take its own words for the user's.",
    docs: &[CALLING_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        OLDER,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f"}}]}, {"role": "model", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}]}"#,
        "contents[2].role",
    )],
    good: &[GOOD],
};
pub(super) const WITH_TEXT: Rule = Rule {
    id: "response-beside-text",
    title: "A turn with responses has a text as well",
    severity: Warning,
    fix: None,
    answer: "",
    why: "A turn of responses is no turn of the user. With a text in it the model may take it for a new question, and the calls before it for finished.",
    docs: &[CALLING_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        OLDER,
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f"}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}, {"text": "and now?"}]}]}"#,
        "contents[2].parts[1].text",
    )],
    good: &[GOOD],
};

const GOOD: crate::lint::rule::Example = good(
    OLDER,
    r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b"}, {"functionCall": {"name": "f", "args": {}}}, {"functionCall": {"name": "f", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}, {"functionResponse": {"name": "f", "response": {}}}]}, {"role": "model", "parts": [{"functionCall": {"name": "g", "args": {}}}]}, {"role": "function", "parts": [{"functionResponse": {"name": "g", "response": {}}}]}]}"#,
);

//! Known fixes for what the API refuses about the conversation: its roles, its order, empty turns,
//! function turns.

use crate::{
    catalog::{
        KnownFix,
        Sign::{self, Says, SaysOne},
        Split, likely, maybe, sure, you,
    },
    facts::{Blame, Layer, RetryClass, Severity},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &INVALID_ROLE,
    &TURN_ALTERNATION,
    &EMPTY_CONTENTS,
    &FUNCTION_TURN_ORDER,
    &FUNCTION_RESPONSE_COUNT,
];

const FUNCTION_CALLING_PAGE: &str = "https://ai.google.dev/gemini-api/docs/function-calling";
const TROUBLESHOOTING_PAGE: &str = "https://ai.google.dev/gemini-api/docs/troubleshooting";

const INVALID_ROLE: KnownFix = KnownFix {
    id: "invalid-role",
    title: "A turn has a role other than user or model",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[VALID_ROLES]),
        likely(&[
            Sign::Not(&VALID_ROLES),
            SaysOne(&[
                "Content with system role",
                "system role is not supported",
                "Role 'system' is not supported",
                "Role 'assistant' is not supported",
                "Role 'function' is not supported",
                "Role 'tool' is not supported",
            ]),
        ]),
    ],
    why: "contents[].role takes user and model only, while other providers say assistant, system \
          and tool. On the cloud platform a role that is left out is refused as well, where the \
          developer API fills it in.",
    fix: &[
        you("Send assistant turns as model, and give every turn a role"),
        you("Move system text to systemInstruction"),
        you("Send tool results as functionResponse parts of a user turn"),
        you("Update the client where it builds the turns, or use the OpenAI-compatible API for \
             messages in that form"),
    ],
    confirm: "The same conversation with the roles user and model gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Please use a valid role: user, model.","status":"INVALID_ARGUMENT"}}"#,
        "google.api_core.exceptions.InvalidArgument: 400 Content with system role is not supported.",
        "[GoogleGenerativeAI Error]: Each item should include role field. Got assistant but valid roles are: [\"user\",\"model\",\"function\",\"system\"]",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Please ensure that multiturn requests alternate between user and model.","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Developer instruction is not enabled for models/gemma-3-12b-it","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[Split {
        id: "system-instruction-unsupported",
        by: "where the system text stands: in a turn's role, or in systemInstruction",
    }],
    reproduce: "invalid-role",
    hides: &[],
    docs: &[TROUBLESHOOTING_PAGE],
    as_of: "2026-11-20",
};

/// The roles that may be sent are listed.
const VALID_ROLES: Sign = SaysOne(&["use a valid role", "valid role: user", "but valid roles are"]);

const TURN_ALTERNATION: KnownFix = KnownFix {
    id: "turn-alternation",
    title: "The turns do not alternate, or the last one is the model's",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[MULTITURN]),
        likely(&[
            Sign::Not(&MULTITURN),
            SaysOne(&[
                "First content should be with role 'user'",
                "' can't follow '",
                "alternate between user and model",
                "roles must alternate",
                "ensure that multiturn requests",
                "ensure that single turn requests",
            ]),
        ]),
    ],
    why: "A conversation goes user, model, user, and its last word is the user's or a function's \
          response. From Gemini 3.6 on a model turn at the end, to be continued by the model \
          (prefill), is refused even where older models took it; an aborted or empty answer in \
          the history leaves the same gap.",
    fix: &[
        you("Join neighbouring turns of the same role into one turn with several parts"),
        you("End with a user turn: turn a prefilled answer into an instruction (\"go on from \
             these words\")"),
        you("Keep an aborted answer out of the history together with its question"),
    ],
    confirm: "The same conversation, ending in a user turn, gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Please ensure that multiturn requests alternate between user and model.","status":"INVALID_ARGUMENT"}}"#,
        "✕ [API Error: Please ensure that multiturn requests ends with a user role or a function response. (Status: INVALID_ARGUMENT)]",
        "google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {'error': {'code': 400, 'message': 'Requests ending with a model turn are not supported.', 'status': 'INVALID_ARGUMENT'}}",
        "[GoogleGenerativeAI Error]: First content should be with role 'user', got model",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Please use a valid role: user, model.","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Please ensure that function call turn comes immediately after a user turn or after a function response turn.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[Split {
        id: "invalid-role",
        by: "the roles that are sent: any other than user and model is refused by itself",
    }],
    reproduce: "turn-alternation",
    hides: &[],
    docs: &[
        "https://ai.google.dev/gemini-api/docs/generate-content/latest-model",
        TROUBLESHOOTING_PAGE,
    ],
    as_of: "2026-11-20",
};

/// The order of turns is named as such.
const MULTITURN: Sign = SaysOne(&[
    "multiturn requests alternate",
    "multi-turn requests alternate",
    "multiturn requests end",
    "multi-turn requests end",
    "single turn requests end",
    "ends with a user role or a function response",
    "ending with a model",
]);

const EMPTY_CONTENTS: KnownFix = KnownFix {
    id: "empty-contents-or-parts",
    title: "The request has no contents, or a turn without any text or data",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[NOTHING_SENT]),
        likely(&[
            Sign::Not(&NOTHING_SENT),
            Sign::Not(&OF_A_FILE_OR_CALL),
            SaysOne(&[
                "GenerateContentRequest.contents",
                "GenerateContentRequest.system_instruction",
                "EmbedContentRequest.content",
                "CountTokensRequest.contents",
            ]),
            SaysOne(&["is not specified", "must not be empty", "cannot be empty", "must have one"]),
        ]),
        maybe(&[
            SaysOne(&["GenerateContentRequest.contents", "CountTokensRequest.contents"]),
            Sign::Not(&NOTHING_SENT),
            Sign::Not(&OF_A_FILE_OR_CALL),
        ]),
        likely(&[SaysOne(&[
            "Model input cannot be empty",
            "contents are required",
            "contents must not be empty",
            "Each Content should have at least one part",
            "Content should have 'parts' property",
        ])]),
    ],
    why: "Every request needs a turn, every turn a part, and every part something in it: text, \
          data, a call or a response. The number in contents[N] counts the turns from 0; mostly \
          it is an empty answer, or a part of a kind that the client could not translate, that \
          was kept in the history.",
    fix: &[
        you("Look at turn N of contents[N] in the message, and part M of parts[M]; both count \
             from 0"),
        you("Drop turns and parts without content before you send, and an empty system \
             instruction too"),
        you("In a chat client start a new session: the empty turn stays in the history and fails \
             every later call"),
    ],
    confirm: "The same call without the empty turn gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"* GenerateContentRequest.contents: contents is not specified\n","status":"INVALID_ARGUMENT"}}"#,
        "gemini: API error: GenerateContent: HTTP status: 400, {\"error\":{\"code\":400,\"message\":\"* GenerateContentRequest.contents[4].parts[0].data: required oneof field 'data' must have one initialized field\\n\",\"status\":\"INVALID_ARGUMENT\"}}",
        "[GoogleGenerativeAI Error]: [400 Bad Request] Unable to submit request because it has an empty text parameter. Add a value to the parameter and try again. Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini",
        r#"{"error":{"message":"Unable to submit request because at least one contents field is required. Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini (request id: FAKE)","type":"","param":"","code":400}}"#,
        "400 * GenerateContentRequest.system_instruction.parts[0].data: required oneof field 'data' must have one initialized field",
        "ValueError: contents are required.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"* GenerateContentRequest.tools[0].function_declarations[2].parameters.properties: should be non-empty for OBJECT type\n","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[],
    reproduce: "empty-contents-or-parts",
    hides: &[],
    docs: &[
        TROUBLESHOOTING_PAGE,
        "https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini",
    ],
    as_of: "2026-11-20",
};

/// The path goes on into a part that is there.
const OF_A_FILE_OR_CALL: Sign = SaysOne(&[
    "inline_data",
    "inlineData",
    "file_data",
    "fileData",
    "function_call",
    "function_response",
    "thought_signature",
]);

/// The empty place is named as such.
const NOTHING_SENT: Sign = SaysOne(&[
    "contents is not specified",
    "parts must not be empty",
    "required oneof field",
    "at least one contents field is required",
    "must include at least one",
    "empty text parameter",
    "empty inlineData parameter",
    "must have a text",
]);

const FUNCTION_TURN_ORDER: KnownFix = KnownFix {
    id: "function-turn-order",
    title: "Function calls and their responses are not next to each other",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[OUT_OF_ORDER, NOT_COUNTED]),
        likely(&[
            SaysOne(&["function call turn", "function response turn"]),
            SaysOne(&["immediately after", "must follow", "must come"]),
            NOT_COUNTED,
            Sign::Not(&OUT_OF_ORDER),
        ]),
        likely(&[
            SaysOne(&["ensure that function call turn", "ensure that function response turn"]),
            NOT_COUNTED,
            Sign::Not(&OUT_OF_ORDER),
        ]),
        // Older models ask for both in one sentence.
        maybe(&[OUT_OF_ORDER]),
        likely(&[SaysOne(&[
            "can't contain 'functionCall' part",
            "can't contain 'functionResponse' part",
        ])]),
    ],
    why: "A call follows a user turn or a function's response, and its response follows at once. \
          Histories break this when they are cut in the middle of such a pair, when an answer of \
          the user comes in between, or when a session is restored from a part of it.",
    fix: &[
        you("Keep user, functionCall, functionResponse in that order and next to each other"),
        you("Where the history is cut, cut it before a user turn, never between a call and its \
             response"),
        you("In a chat client start a new session: the broken pair stays in the history"),
    ],
    confirm: "The same conversation, cut before a user turn, gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Please ensure that function call turn comes immediately after a user turn or after a function response turn.","status":"INVALID_ARGUMENT"}}"#,
        "openai.BadRequestError: Error code: 400 - [{'error': {'code': 400, 'message': 'Please ensure that function response turn comes immediately after a function call turn.', 'status': 'INVALID_ARGUMENT'}}]",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Please ensure that multiturn requests alternate between user and model.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[Split {
        id: "function-response-count-mismatch",
        by: "the parts of both turns: as many responses as calls means that it is the order",
    }],
    reproduce: "function-turn-order",
    hides: &[],
    docs: &[FUNCTION_CALLING_PAGE],
    as_of: "2026-11-20",
};

/// The order is named as such.
const OUT_OF_ORDER: Sign = SaysOne(&["function call turn comes", "function response turn comes"]);

/// The other fault of function turns, which speaks of the same turns.
const NOT_COUNTED: Sign = Sign::Not(&COUNTED);
const COUNTED: Sign =
    SaysOne(&["number of function response parts", "number of function call parts"]);

const FUNCTION_RESPONSE_COUNT: KnownFix = KnownFix {
    id: "function-response-count-mismatch",
    title: "There are not as many function responses as function calls",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[COUNTED, Sign::Not(&OUT_OF_ORDER)]),
        likely(&[COUNTED, OUT_OF_ORDER]),
        maybe(&[
            Says("function response"),
            Says("function call"),
            SaysOne(&["same number", "does not match", "mismatch"]),
            NOT_COUNTED,
        ]),
    ],
    why: "The model may ask for several calls in one turn, and the next turn must answer each of \
          them, in that one turn. An interrupted or refused tool, a response that is sent in a \
          turn of its own, or a text between them leaves one without an answer; it stays in the \
          history, so every later call fails too.",
    fix: &[
        you("Send one functionResponse for each functionCall of the turn, all in the next turn, \
             with the same names and ids"),
        you("Answer a tool that failed or was refused with a response that says so"),
        you("Drop the incomplete turn from the history, or start a new session where the client \
             cannot"),
    ],
    confirm: "The same conversation without the incomplete turn gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.","status":"INVALID_ARGUMENT"}}"#,
        "✕ [API Error: [{\n    \"error\": {\n      \"code\": 400,\n      \"message\": \"Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.\",\n      \"errors\": [\n        {\n          \"message\": \"Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.\",\n          \"domain\": \"global\",\n          \"reason\": \"badRequest\"\n        }\n      ],\n      \"status\": \"INVALID_ARGUMENT\"\n    }\n  }\n]]",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Please ensure that function call turn comes immediately after a user turn or after a function response turn.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[Split {
        id: "function-turn-order",
        by: "the parts of both turns: as many responses as calls means that it is the order",
    }],
    reproduce: "function-response-count-mismatch",
    hides: &[],
    docs: &[FUNCTION_CALLING_PAGE],
    as_of: "2026-11-20",
};

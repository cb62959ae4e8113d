//! Known fixes of the family `response`: answers that came with success and are of no use, and answers
//! that are not the API's.

use crate::{
    catalog::{
        KnownFix, Sign, Split, likely, maybe, owner, provider, sign::ABOUT_THIS_API, sure, you,
    },
    facts::{
        Blame, Class, Fault, HostKind, Layer, Method, Party, RetryClass, Severity, Stage,
        clue::Shown,
    },
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &MAX_TOKENS_NO_TEXT,
    &EMPTY_CANDIDATE,
    &BLOCKED_SAFETY,
    &BLOCKED_RECITATION,
    &BLOCKED_PROHIBITED,
    &STREAM_TRUNCATED,
    &MIDSTREAM_ERROR,
    &MALFORMED_CALL,
    &NOT_STRUCTURED,
    &NOT_JSON,
    &CUT,
    &TOO_LARGE,
    &TOO_DEEP,
    &REDIRECTED,
    &HEADERS_TOO_LARGE,
    &HTTP_ON_TLS_PORT,
    &HTTP_MALFORMED,
    &NOT_RECOGNISED,
];

const ERRORS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/troubleshooting";

const MAX_TOKENS_NO_TEXT: KnownFix = KnownFix {
    id: "max-tokens-no-text",
    title: "The output limit was spent before any text came (MAX_TOKENS)",
    layer: Layer::Backend,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Shown(Shown::MaxTokensNoText)])],
    why: "Thinking counts against maxOutputTokens. With a low limit the model thinks until the limit is spent, \
          and the answer is a success without text.",
    fix: &[
        you("Raise maxOutputTokens, or leave it out"),
        you("Lower the thinking level or budget where the model lets you"),
        you("Read finishReason before the text in your program"),
    ],
    confirm: "The answer has text and finishReason STOP.",
    seen_as: &[
        r#"{"candidates":[{"content":{"role":"model"},"finishReason":"MAX_TOKENS","index":0}],"modelVersion":"gemini-2.5-flash","usageMetadata":{"promptTokenCount":7,"thoughtsTokenCount":19,"totalTokenCount":26}}"#,
        "ValueError: Invalid operation: The `response.text` quick accessor requires the response to contain a valid `Part`, but none were returned. The candidate's [finish_reason](https://ai.google.dev/api/generate-content#finishreason) is 2.",
        "candidates=[Candidate(content=Content(parts=None, role='model'), finish_reason=<FinishReason.MAX_TOKENS: 'MAX_TOKENS'>)]",
    ],
    live: &[],
    not: &[
        r#"{"candidates":[{"content":{"role":"model"},"finishReason":"SAFETY","index":0}]}"#,
        r#"{"candidates":[{"content":{"parts":[{"text":"Once upon"}]},"finishReason":"MAX_TOKENS"}]}"#,
    ],
    splits: &[],
    reproduce: "max-tokens-no-text",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

const EMPTY_CANDIDATE: KnownFix = KnownFix {
    id: "empty-candidate-no-text",
    title: "The model answered without any text and without saying why",
    layer: Layer::Backend,
    blame: Blame::Unknown,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[Sign::Shown(Shown::EmptyCandidate)]),
        likely(&[Sign::SaysOne(&[
            "response.text` quick accessor",
            "response.parts` quick accessor",
        ])]),
        likely(&[Sign::SaysOne(&["stream ended with empty response", "no candidates with text"])]),
        // Programs that read the first part without looking whether there is one.
        maybe(&[
            Sign::SaysOne(&[
                "index out of range",
                "'NoneType' object is not",
                "'NoneType' object has no attribute",
                "Cannot read properties of undefined",
            ]),
            Sign::SaysOne(&[
                "candidates[0]",
                "content.parts",
                "reading 'parts'",
                "attribute 'parts'",
                "attribute 'candidates'",
                "reading 'candidates'",
            ]),
        ]),
    ],
    why: "The call succeeded, yet no candidate holds text: the model stopped at once, or gave only a tool call or \
          thoughts. Accessors such as response.text then raise an error of their own.",
    fix: &[
        you("Ask once more"),
        you("Look at finishReason and promptFeedback before you read the text"),
        you("If it repeats, reword the prompt or try another model")
            .run("gemini-doctor check-key --model {model}"),
    ],
    confirm: "The answer has text.",
    seen_as: &[
        r#"{"candidates":[{"content":{"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":7,"totalTokenCount":7}}"#,
        "ValueError: The `response.text` quick accessor only works for simple (single-`Part`) text responses. This response is not simple text.",
        "Invalid operation: The `response.text` quick accessor requires the response to contain a valid `Part`, but none were returned. The candidate's finish_reason is 1.",
    ],
    live: &[],
    not: &[
        r#"INFO gemini: generated 812 tokens in 2.1 s (finishReason=STOP)"#,
        "The `response.text` quick accessor requires the response to contain a valid `Part`. finish_reason is 3.",
    ],
    splits: &[
        Split { id: "max-tokens-no-text", by: "finishReason: MAX_TOKENS, or 2 in older SDKs" },
        Split {
            id: "blocked-safety",
            by: "finishReason: SAFETY, or 3; or promptFeedback.blockReason",
        },
        Split { id: "blocked-recitation", by: "finishReason: RECITATION, or 4" },
        Split {
            id: "blocked-prohibited-content",
            by: "promptFeedback.blockReason, in an answer without any candidate",
        },
        Split { id: "malformed-function-call", by: "finishReason: MALFORMED_FUNCTION_CALL, or 10" },
    ],
    reproduce: "empty-candidate-no-text",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

const BLOCKED_SAFETY: KnownFix = KnownFix {
    id: "blocked-safety",
    title: "The safety filter blocked the prompt or the answer",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::Shown(Shown::BlockedSafety)]),
        sure(&[Sign::Reason("SAFETY")]),
        sure(&[Sign::SaysOne(&["blocked due to SAFETY", "blocked because of safety"])]),
        sure(&[Sign::SaysOne(&[
            "stopped. Reason: SAFETY",
            "was blocked: SAFETY",
            "content_filter: SAFETY",
            "for reason: SAFETY",
            "block reason: SAFETY",
            "finish reason: SAFETY",
        ])]),
        likely(&[Sign::SaysOne(&[
            "blocked by safety",
            "blocked by the safety",
            "blocked for safety",
            "blocked by Gemini's safety",
            "blocked by Google's safety",
            "triggered the safety filter",
        ])]),
        likely(&[Sign::SaysOne(&[
            "finish_reason='content_filter'",
            "\"finish_reason\":\"content_filter\"",
        ])]),
    ],
    why: "The filter rated the prompt or the answer above the threshold of a category. safetyRatings in the answer \
          names the category; the same prompt is blocked again mostly, but not always.",
    fix: &[
        you("Look at safetyRatings to see which category it was"),
        you("Reword the prompt, or give the context that makes it harmless"),
        you("Set safetySettings for that category as far as the terms allow your use"),
        you("Treat a blocked answer as a normal outcome in your program"),
    ],
    confirm: "The answer has text and finishReason STOP.",
    seen_as: &[
        r#"{"candidates":[{"finishReason":"SAFETY","index":0,"safetyRatings":[{"category":"HARM_CATEGORY_DANGEROUS_CONTENT","probability":"HIGH","blocked":true}]}]}"#,
        "[GoogleGenerativeAI Error]: Text not available. Response was blocked due to SAFETY",
        "GoogleGenerativeAIResponseError: Candidate was blocked due to SAFETY",
    ],
    live: &[],
    not: &[
        r#"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":7}}"#,
        r#"{"candidates":[{"finishReason":"RECITATION","safetyRatings":[{"category":"HARM_CATEGORY_HARASSMENT","probability":"NEGLIGIBLE"}]}]}"#,
    ],
    splits: &[],
    reproduce: "blocked-safety",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

const BLOCKED_RECITATION: KnownFix = KnownFix {
    id: "blocked-recitation",
    title: "The answer was blocked as too close to a published text",
    layer: Layer::Request,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[Sign::Shown(Shown::BlockedRecitation)]),
        sure(&[Sign::Reason("RECITATION")]),
        sure(&[Sign::SaysOne(&[
            "blocked due to RECITATION",
            "stopped. Reason: RECITATION",
            "content_filter: RECITATION",
        ])]),
    ],
    why: "The answer began to repeat a known source word for word and was stopped. Chance plays a part, so another \
          try may pass.",
    fix: &[
        you("Ask once more"),
        you("Ask for a summary or own words instead of a quotation"),
        you("Raise the temperature where the model takes one"),
    ],
    confirm: "The answer has text and finishReason STOP.",
    seen_as: &[
        r#"{"candidates":[{"finishReason":"RECITATION","index":0}],"usageMetadata":{"promptTokenCount":12,"totalTokenCount":12}}"#,
        "GoogleGenerativeAIResponseError: [GoogleGenerativeAI Error]: Candidate was blocked due to RECITATION",
    ],
    live: &[],
    not: &["Candidate was blocked due to SAFETY"],
    splits: &[],
    reproduce: "blocked-recitation",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

const BLOCKED_PROHIBITED: KnownFix = KnownFix {
    id: "blocked-prohibited-content",
    title: "The prompt or answer was blocked as prohibited; no setting lifts it",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Never,
    when: &[
        sure(&[Sign::Shown(Shown::BlockedProhibited)]),
        sure(&[Sign::Reason("PROHIBITED_CONTENT")]),
        sure(&[Sign::SaysOne(&[
            "blocked due to PROHIBITED_CONTENT",
            "stopped. Reason: PROHIBITED_CONTENT",
            "was blocked: PROHIBITED_CONTENT",
            "content_filter: PROHIBITED_CONTENT",
        ])]),
        // Blocked, and the API does not say by which filter.
        likely(&[Sign::SaysOne(&[
            "blockReason\":\"OTHER",
            "blockReason: OTHER",
            "blockReason: 'OTHER",
            "blockReason: \"OTHER",
            "block_reason: OTHER",
            "block_reason\": \"OTHER",
            "block_reason': 'OTHER",
            "BlockedReason.OTHER",
            "BlockReason.OTHER",
            "blocked due to OTHER",
            "was blocked: OTHER",
            "for reason: OTHER",
        ])]),
        likely(&[Sign::Says("PROHIBITED_CONTENT"), Sign::SaysOne(&["block", "stopped", "refus"])]),
    ],
    why: "Beside the adjustable filters stands a fixed one. Its answer often has no candidates at all, so a program \
          that reads the first one crashes instead of reporting it.",
    fix: &[
        you("Change or leave out the content; safetySettings have no effect here"),
        you("Handle promptFeedback.blockReason before you read candidates"),
    ],
    confirm: "The answer has candidates, with text.",
    seen_as: &[
        r#"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":311,"totalTokenCount":311},"modelVersion":"gemini-2.5-flash"}"#,
        "BlockedPromptException: prompt_feedback { block_reason: PROHIBITED_CONTENT }",
    ],
    live: &[],
    not: &[r#"{"candidates":[{"finishReason":"SAFETY","index":0}]}"#],
    splits: &[Split {
        id: "blocked-safety",
        by: "promptFeedback.safetyRatings: a rated category, or none at all",
    }],
    reproduce: "blocked-prohibited-content",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

const STREAM_TRUNCATED: KnownFix = KnownFix {
    id: "stream-truncated",
    title: "The stream broke off before the answer was finished",
    layer: Layer::Stream,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[Sign::Shown(Shown::StreamCut)]),
        // A body without an announced length is a stream, whoever cut it.
        likely(&[Sign::Fault(Fault::BodyCut), Sign::SaysOne(CHUNKED)]),
        likely(&[
            Sign::Fault(Fault::BodyCut),
            Sign::Says("IncompleteRead("),
            Sign::Not(&Sign::Says("more expected")),
        ]),
        likely(&[
            Sign::SaysOne(&[
                "Unterminated string",
                "Unexpected end of JSON input",
                "EOF while parsing",
            ]),
            Sign::SaysOne(&["stream", "chunk", "alt=sse"]),
        ]),
        likely(&[Sign::At(Stage::Body), Sign::Fault(Fault::BodyCut), Sign::Method(Method::Stream)]),
        likely(&[Sign::At(Stage::Body), Sign::Fault(Fault::Closed), Sign::Method(Method::Stream)]),
        likely(&[Sign::At(Stage::Body), Sign::Fault(Fault::Closed), Sign::Says("terminated")]),
        likely(&[Sign::SaysOne(&[
            "Incomplete JSON segment at the end",
            "ERR_STREAM_PREMATURE_CLOSE",
            "incomplete chunked read",
            "Premature close",
            "unexpected end of JSON input while reading the stream",
            "stream closed before completion",
            "stream ended unexpectedly",
            "stream ended without a finish reason",
        ])]),
        // A client for several providers says it of each of them.
        likely(&[Sign::Says("stream disconnected before completion"), ABOUT_THIS_API]),
        maybe(&[Sign::Says("stream disconnected before completion")]),
        // The end mark of another provider's streams, which a relay added.
        likely(&[Sign::SaysOne(&[
            "\"[DONE]\" is not valid JSON",
            "Raw response: [DONE]",
            "Received chunk: [DONE]",
        ])]),
    ],
    why: "A complete stream ends with a finishReason; this one did not. Somebody closed it early: the service, a \
          proxy that limits or buffers, or a client whose parser gave up. What came may lack its end.",
    fix: &[
        you("Ask once more, and do not trust a text without a finishReason"),
        you("Stream from here to see whether the cut follows the network")
            .run("gemini-doctor check-key --deep"),
        owner("Let the proxies on the way pass streams unbuffered and without a time limit"),
        you("Update the SDK if only its parser complains"),
    ],
    confirm: "The stream ends with finishReason STOP.",
    seen_as: &[
        "Error: Incomplete JSON segment at the end\n    at file:///app/node_modules/@google/genai/dist/node/index.mjs",
        "FetchError: Invalid response body while trying to fetch https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse: Premature close\n  code: 'ERR_STREAM_PREMATURE_CLOSE'",
        "httpx.RemoteProtocolError: peer closed connection without sending complete message body (incomplete chunked read)",
        "requests.exceptions.ChunkedEncodingError: ('Connection broken: IncompleteRead(512 bytes read)', IncompleteRead(512 bytes read))",
        "TypeError: terminated\n  [cause]: SocketError: other side closed\n    code: 'UND_ERR_SOCKET'",
    ],
    live: &[&[Sign::At(Stage::Body), Sign::Fault(Fault::Closed), Sign::Method(Method::Stream)]],
    not: &[
        "Error parsing chunk: Expecting property name enclosed in double quotes: line 1 column 2 (char 1) Received chunk: {",
        "httpx.RemoteProtocolError: Server disconnected without sending a response.",
    ],
    splits: &[
        Split {
            id: "answer-cut",
            by: "whether the answer had announced its length; a stream never does",
        },
        Split {
            id: "midstream-error-swallowed",
            by: "the last piece: half of an answer, or the beginning of an error object",
        },
        Split { id: "server-disconnected", by: "whether anything had come before the end" },
        Split {
            id: "answer-not-json",
            by: "what stands where JSON should: the mark that ends another provider's stream, or a page",
        },
    ],
    reproduce: "stream-truncated",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

/// How HTTP libraries say that the pieces of a body without a length ended early.
const CHUNKED: &[&str] = &[
    "TransferEncodingError",
    "ChunkedEncodingError",
    "InvalidChunkLength",
    "INCOMPLETE_CHUNKED",
    "chunked",
    "outstanding read data remaining",
];

const MIDSTREAM_ERROR: KnownFix = KnownFix {
    id: "midstream-error-swallowed",
    title: "The stream began well and then carried an error inside its 200",
    layer: Layer::Stream,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Backoff,
    when: &[
        sure(&[Sign::Shown(Shown::StreamError), Sign::Not(&Sign::By(Party::Api))]),
        // The error names its own cause, and whether the client passed it on is not to be seen.
        likely(&[Sign::Shown(Shown::StreamError)]),
        likely(&[Sign::Says("Received chunk: {")]),
        likely(&[Sign::Says("json.loads(chunk)")]),
        likely(&[Sign::SaysOne(&[
            "Error parsing chunk",
            "Failed to parse stream",
            "error while parsing stream",
        ])]),
        likely(&[
            Sign::SaysOne(&[
                "Expecting property name enclosed in double quotes",
                "Expected property name or '}' in JSON",
            ]),
            Sign::SaysOne(&["chunk", "stream", "data: ", "alt=sse"]),
        ]),
    ],
    why: "The status was sent before the trouble began, so the error came as one more piece of the stream. A \
          client that expects only candidates there shows a parse error and hides the real one.",
    fix: &[
        you("Read the error object in the last piece; its code is the real status"),
        you("Retry with growing pauses if that code is 429, 500 or 503"),
        you("Update the client, or check each piece for a member named error"),
    ],
    confirm: "The stream ends with finishReason STOP.",
    seen_as: &[
        "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Once\"}]}}]}\n\ndata: {\"error\":{\"code\":503,\"message\":\"The model is overloaded. Please try again later.\",\"status\":\"UNAVAILABLE\"}}",
        "litellm.APIConnectionError: Error parsing chunk: Expecting property name enclosed in double quotes: line 1 column 2 (char 1), Received chunk: {",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}"#,
        "Error: Incomplete JSON segment at the end",
    ],
    splits: &[Split {
        id: "stream-truncated",
        by: "the last piece: the beginning of an error object, or half of an answer",
    }],
    reproduce: "midstream-error-swallowed",
    hides: &["model-overloaded-503", "service-unavailable-503", "server-internal-500"],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

const MALFORMED_CALL: KnownFix = KnownFix {
    id: "malformed-function-call",
    title: "The model gave no tool call that can be used",
    layer: Layer::Backend,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[Sign::Shown(Shown::MalformedCall)]),
        likely(&[Sign::SaysOne(&["MALFORMED_FUNCTION_CALL", "Malformed function call"])]),
        // A client that does not know the word, and shows the answer's outcome by failing on it.
        likely(&[
            Sign::Says("MALFORMED_FUNCTION_CALL"),
            Sign::SaysOne(&["finishReason", "finish_reason", "candidates"]),
            Sign::SaysOne(UNKNOWN_WORD),
        ]),
        maybe(&[Sign::Shown(Shown::NoToolCall)]),
    ],
    why: "The model tried to call a tool and wrote something that does not parse, or no call where one was asked \
          for. The answer is a success with an empty candidate. Long schemas and many tools make it likelier.",
    fix: &[
        you("Ask once more"),
        you("Make the schemas flat, the names short and plain, and the tools few"),
        you("Leave thinking on, and let no gateway rename fields of the schema"),
    ],
    confirm: "gemini-doctor check-key --deep passes its tool round trip.",
    seen_as: &[
        r#"{"candidates":[{"content":{},"finishReason":"MALFORMED_FUNCTION_CALL","finishMessage":"Malformed function call: print(default_api.get_weather(city='Paris')"}]}"#,
        "finish_reason=<FinishReason.MALFORMED_FUNCTION_CALL: 'MALFORMED_FUNCTION_CALL'> content=None",
    ],
    live: &[&[Sign::Shown(Shown::NoToolCall), Sign::Method(Method::Generate)]],
    not: &[r#"{"candidates":[{"content":{"role":"model"},"finishReason":"STOP"}]}"#],
    splits: &[
        Split {
            id: "stream-truncated",
            by: "whether the answer was a stream, which announces no length",
        },
        Split { id: "server-disconnected", by: "whether anything of the answer had come" },
        Split {
            id: "client-schema-drift",
            by: "a newer client: it names the finish reason where this one fails on it",
        },
    ],
    reproduce: "malformed-function-call",
    hides: &["empty-candidate-no-text"],
    docs: &[],
    as_of: "2026-11-20",
};

/// How clients say that a word is none of those they know.
const UNKNOWN_WORD: &[&str] = &[
    "Input should be ",
    "literal_error",
    "unknown variant",
    "does not contain element",
    "invalid_enum_value",
    "Invalid enum value",
    "Invalid option",
    "accepted for Enum class",
    "No enum constant",
    "not a valid FinishReason",
];

const NOT_STRUCTURED: KnownFix = KnownFix {
    id: "structured-answer-not-json",
    title: "The model answered in prose where JSON by a schema was asked for",
    layer: Layer::Backend,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[Sign::Shown(Shown::NotStructured)]),
        likely(&[Sign::Says("Invalid JSON: "), Sign::Says("type=json_invalid")]),
        likely(&[Sign::SaysOne(&["Invalid json output", "No object generated: could not parse"])]),
    ],
    why: "The API call worked; the text in the answer does not fit the schema. The schema may not have reached the \
          model (a gateway dropped it, or the SDK sent only a wish in the prompt), or the text was cut.",
    fix: &[
        you("Send responseMimeType application/json together with the schema"),
        you("See whether a plain structured call passes from here")
            .run("gemini-doctor check-key --deep"),
        you("Check finishReason, and raise the output limit if it is MAX_TOKENS"),
        you("Validate the answer, and ask once more when it does not fit"),
    ],
    confirm: "The structured check of gemini-doctor check-key --deep passes.",
    seen_as: &[
        "pydantic_core._pydantic_core.ValidationError: 1 validation error for Recipe\n  Invalid JSON: expected value at line 1 column 1 [type=json_invalid, input_value='Here is the recipe you asked for', input_type=str]",
        "langchain_core.exceptions.OutputParserException: Invalid json output: Sure! Here is the list:",
        "AI_NoObjectGeneratedError: No object generated: could not parse the response.",
    ],
    live: &[],
    not: &["SyntaxError: Unexpected token '<', \"<html><head\"... is not valid JSON"],
    splits: &[],
    reproduce: "structured-answer-not-json",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const NOT_JSON: KnownFix = KnownFix {
    id: "answer-not-json",
    title: "Somebody else answered: a page or text instead of the API's JSON",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::Shown(Shown::NotJson)]),
        likely(&[Sign::SaysOne(MARKUP_WORDS), Sign::Not(&Sign::By(Party::Edge))]),
        maybe(&[Sign::SaysOne(PARSER_WORDS), Sign::Not(&Sign::By(Party::Edge))]),
        likely(&[Sign::By(Party::Page), Sign::Host(HostKind::Developer)]),
        likely(&[Sign::By(Party::Page), Sign::Host(HostKind::Cloud)]),
        maybe(&[Sign::By(Party::Page)]),
    ],
    why: "Google's API answers in JSON. A web page in its place comes from somebody in between: the sign-in page of \
          a guest network, a web filter, a gateway's login, or a base URL that leads to a web site.",
    fix: &[
        you("Look at what answers").run_in(
            "curl -sS -D - https://generativelanguage.googleapis.com/v1beta/models | head -n 40",
            "curl.exe -sS -D - https://generativelanguage.googleapis.com/v1beta/models",
        ),
        you("Sign in to the guest network in a browser, if there is such a page"),
        you("Check the base URL and the proxy that your program uses")
            .run("gemini-doctor check-key"),
        owner("Let the filter or gateway pass the API host untouched"),
    ],
    confirm: "gemini-doctor check-key says that Google's API answered.",
    seen_as: &[
        "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
        "<html><head><title>Hotel Wi-Fi</title></head><body>Welcome! Please sign in to use the network.</body></html>",
        "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        "invalid character '<' looking for beginning of value",
    ],
    live: &[],
    not: &[
        "<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title><p><b>404.</b> <ins>That’s an error.</ins>",
        "<html><head><title>504 Gateway Time-out</title></head><body><hr><center>nginx</center></body></html>",
    ],
    splits: &[
        Split {
            id: "gateway-refused",
            by: "the status and the page: 401 or 403 and the refusal of a guard",
        },
        Split { id: "gateway-failed", by: "the status: from 500 on, somebody's server broke down" },
        Split {
            id: "gateway-timeout-too-short",
            by: "the status: 502 or 504, from a gateway that waited in vain",
        },
    ],
    reproduce: "answer-not-json",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

/// Parsers that show the first character of a page.
const MARKUP_WORDS: &[&str] = &["token '<'", "token < in JSON", "invalid character '<'"];

/// Parsers that met something else than JSON at its very beginning.
const PARSER_WORDS: &[&str] = &[
    "Expecting value: line 1 column 1 (char 0)",
    "expected value at line 1 column 1",
    "is not valid JSON",
];

const CUT: KnownFix = KnownFix {
    id: "answer-cut",
    title: "The answer ended before the length it announced",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[Sign::At(Stage::Body), Sign::Fault(Fault::BodyCut), Sign::Method(Method::List)]),
        likely(&[Sign::Fault(Fault::BodyCut)]),
        likely(&[Sign::At(Stage::Body), Sign::Fault(Fault::Closed)]),
    ],
    why: "Head and first bytes came, then the connection closed. Google's servers rarely do that; proxies, filters \
          and gateways with a limit on size or time do.",
    fix: &[
        you("Ask once more"),
        you("Ask without the proxy, if your network permits that").run_in(
            "env -u HTTPS_PROXY -u https_proxy gemini-doctor check-key",
            "Remove-Item Env:HTTPS_PROXY; gemini-doctor check-key",
        ),
        owner("Raise the limits of size and time at the proxy or gateway"),
    ],
    confirm: "gemini-doctor check-key reads the whole list of models.",
    seen_as: &[
        "curl: (18) transfer closed with 4700 bytes remaining to read",
        "http.client.IncompleteRead: IncompleteRead(300 bytes read, 4700 more expected)",
        "httpx.RemoteProtocolError: peer closed connection without sending complete message body (received 300 bytes, expected 5000)",
        "aiohttp.client_exceptions.ClientPayloadError: Response payload is not completed",
    ],
    live: &[],
    not: &[
        "curl: (52) Empty reply from server",
        "httpx.RemoteProtocolError: peer closed connection without sending complete message body (incomplete chunked read)",
    ],
    splits: &[],
    reproduce: "answer-cut",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const TOO_LARGE: KnownFix = KnownFix {
    id: "answer-too-large",
    title: "The answer is larger than any answer of the API",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Fault(Fault::BodyTooLarge)])],
    why: "The body went on past the limit and was given up. A real list or answer is far smaller, so this most \
          likely comes from a gateway, a web site or a download behind the base URL; a client's own limit may be very low.",
    fix: &[
        you("Check which host the base URL names").run("gemini-doctor check-key"),
        you("Ask for fewer or smaller parts, if your own answers hold files or images"),
        you("Raise the client's size limit if the answer is honest"),
    ],
    confirm: "gemini-doctor check-key reads the list of models.",
    seen_as: &[
        "AxiosError: maxContentLength size of 2000 exceeded",
        "curl: (63) Maximum file size exceeded",
        "grpc: received message larger than max (8412345 vs. 4194304)",
    ],
    live: &[],
    not: &[
        "TypeError: fetch failed [cause]: HeadersOverflowError: Headers Overflow Error code: 'UND_ERR_HEADERS_OVERFLOW'",
        r#"{"error":{"code":400,"message":"Request payload size exceeds the limit: 20971520 bytes.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[],
    reproduce: "answer-too-large",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const TOO_DEEP: KnownFix = KnownFix {
    id: "answer-nested-too-deep",
    title: "The answer is JSON nested deeper than any answer of the API",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::Shown(Shown::TooDeep)]),
        likely(&[Sign::SaysOne(&[
            "recursion limit exceeded at line",
            "maximum recursion depth exceeded while decoding a JSON",
            "exceeded max depth",
            "maximum configured depth of",
        ])]),
    ],
    why: "Google's answers nest a few levels. Hundreds of levels come from a broken or hostile gateway, and parsers \
          that follow them can crash, so the reading stopped.",
    fix: &[
        you("Check which host the base URL names").run("gemini-doctor check-key"),
        owner("Repair the gateway that wraps or rewrites answers"),
    ],
    confirm: "gemini-doctor check-key reads the list of models.",
    seen_as: &[
        "Error: reqwest::Error { kind: Decode, source: Error(\"recursion limit exceeded\", line: 1, column: 128) }: recursion limit exceeded at line 1 column 128",
        "RecursionError: maximum recursion depth exceeded while decoding a JSON array from a unicode string",
    ],
    live: &[],
    not: &[
        "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        "RecursionError: maximum recursion depth exceeded in comparison",
    ],
    splits: &[],
    reproduce: "answer-nested-too-deep",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const REDIRECTED: KnownFix = KnownFix {
    id: "answer-redirected",
    title: "The answer sends the caller to another address; the key must not follow",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::Shown(Shown::Redirected)]),
        likely(&[Sign::SaysOne(&[
            "redirects followed",
            "TooManyRedirects",
            "ERR_TOO_MANY_REDIRECTS",
            "redirect count exceeded",
            "stopped after 10 redirects",
            "Redirect response '30",
        ])]),
        likely(&[Sign::StatusIn(&[302, 301, 303, 307, 308])]),
    ],
    why: "The API does not redirect its callers. A guest network's sign-in page, a company's login or a wrong base \
          URL does, and a client that follows hands your key to whoever is there.",
    fix: &[
        you("See where it leads, without a key").run_in(
            "curl -sSI https://generativelanguage.googleapis.com/v1beta/models",
            "curl.exe -sSI https://generativelanguage.googleapis.com/v1beta/models",
        ),
        you("Sign in to the network in a browser, or correct the base URL"),
        you("Tell your client not to follow redirects, and replace the key if one was followed"),
    ],
    confirm: "gemini-doctor check-key says that Google's API answered.",
    seen_as: &[
        "HTTP/1.1 302 Found\nLocation: https://login.example/portal\nContent-Length: 0",
        "curl: (47) Maximum (50) redirects followed",
        "requests.exceptions.TooManyRedirects: Exceeded 30 redirects.",
        "httpx.HTTPStatusError: Redirect response '302 Found' for url 'https://generativelanguage.googleapis.com/v1beta/models'",
    ],
    live: &[],
    not: &["<html><head><title>Hotel Wi-Fi</title></head><body>Please sign in</body></html>"],
    splits: &[],
    reproduce: "answer-redirected",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const HEADERS_TOO_LARGE: KnownFix = KnownFix {
    id: "headers-too-large",
    title: "The answer's headers do not end within any sensible limit",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Fault(Fault::HeadersTooLarge)])],
    why: "Google's headers take a few kilobytes. More than clients accept comes from a proxy or gateway that adds \
          cookies or trace headers without end, or from a server that is not the API.",
    fix: &[
        you("Look at the headers that come").run_in(
            "curl -sS -o /dev/null -D - https://generativelanguage.googleapis.com/v1beta/models",
            "curl.exe -sS -o NUL -D - https://generativelanguage.googleapis.com/v1beta/models",
        ),
        owner("Stop the proxy or gateway from adding headers to these answers"),
    ],
    confirm: "gemini-doctor check-key gets an answer.",
    seen_as: &[
        "TypeError: fetch failed\n  [cause]: HeadersOverflowError: Headers Overflow Error\n    code: 'UND_ERR_HEADERS_OVERFLOW'",
        "http.client.LineTooLong: got more than 65536 bytes when reading header line",
        "curl: (56) Too large response headers: 307201 > 307200",
    ],
    live: &[],
    not: &["TypeError: fetch failed [cause]: HeadersTimeoutError code: 'UND_ERR_HEADERS_TIMEOUT'"],
    splits: &[],
    reproduce: "headers-too-large",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

/// The URL that was asked begins with http://.
const WITHOUT_TLS: Sign = Sign::Meta("secure_url", "https://");

const HTTP_ON_TLS_PORT: KnownFix = KnownFix {
    id: "http-on-tls-port",
    title: "The URL says http://, and the port speaks TLS",
    layer: Layer::Gateway,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::SaysOne(&[
            "plain HTTP request was sent to HTTPS port",
            "Client sent an HTTP request to an HTTPS server",
            "speaking plain HTTP to an SSL-enabled server port",
        ])]),
        // Whatever else listens there and speaks no HTTP looks the same.
        likely(&[Sign::At(Stage::Head), Sign::Fault(Fault::NotHttp), WITHOUT_TLS]),
    ],
    why: "The request went out without TLS, and what came back is what servers say that wait for a handshake. Who \
          could read along has seen the key: without TLS it goes in the clear.",
    fix: &[
        you("Write https:// in front of the host")
            .run("gemini-doctor check-key --base-url {secure_url}"),
        you(
            "Take the port out of the URL, or name the one that speaks plain HTTP if that is meant",
        ),
        you("Replace the key if the way to the host is not your own"),
    ],
    confirm: "gemini-doctor check-key shows TLS in its third stage, and gets an answer.",
    seen_as: &[
        "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head><body><center><h1>400 Bad Request</h1></center></body></html>",
        "400 Bad Request: Client sent an HTTP request to an HTTPS server.",
    ],
    live: &[],
    not: &[
        "curl: (1) Received HTTP/0.9 when not allowed",
        "curl: (35) OpenSSL/3.0.13: error:0A00010B:SSL routines::wrong version number",
    ],
    splits: &[Split {
        id: "http-malformed",
        by: "whether https:// gets an answer from the same port",
    }],
    reproduce: "http-on-tls-port",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

const HTTP_MALFORMED: KnownFix = KnownFix {
    id: "http-malformed",
    title: "Whoever answered does not speak HTTP",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Head), Sign::Fault(Fault::NotHttp), Sign::Not(&WITHOUT_TLS)]),
        sure(&[Sign::At(Stage::Body), Sign::Fault(Fault::NotHttp)]),
    ],
    why: "The connection stood, and the bytes that came back are no HTTP answer. Another kind of server listens \
          there, a proxy garbles the answer, or one side speaks HTTP/2 where the other expects HTTP/1.1.",
    fix: &[
        you("Check host and port of the base URL").run("gemini-doctor check-key"),
        you("Look at what comes").run_in(
            "curl -v https://generativelanguage.googleapis.com",
            "curl.exe -v https://generativelanguage.googleapis.com",
        ),
        owner("Repair the gateway or its protocol settings"),
    ],
    confirm: "gemini-doctor check-key gets an answer.",
    seen_as: &[
        "curl: (1) Received HTTP/0.9 when not allowed",
        "http.client.BadStatusLine: \\x00\\x00\\x12\\x04",
        "TypeError: fetch failed\n  [cause]: HTTPParserError: Response does not match the HTTP/1.1 protocol (Expected HTTP/)\n    code: 'HPE_INVALID_CONSTANT'",
        "net/http: HTTP/1.x transport connection broken: malformed HTTP response \"\\x00\\x00\\x12\\x04\"",
    ],
    live: &[],
    not: &[
        "curl: (35) OpenSSL/3.0.13: error:0A00010B:SSL routines::wrong version number",
        "curl: (52) Empty reply from server",
    ],
    splits: &[],
    reproduce: "http-malformed",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const NOT_RECOGNISED: KnownFix = KnownFix {
    id: "not-recognised",
    title: "The failure matches no known cause",
    layer: Layer::Backend,
    blame: Blame::Unknown,
    severity: Severity::Error,
    class: Some(Class::Unknown),
    retry: RetryClass::Once,
    // No text holds a NUL: the program makes this finding itself when nothing else fits.
    when: &[maybe(&[Sign::Says("\u{0}not recognised")])],
    why: "A check failed and none of the known signs is there. The layer is a guess; the evidence below is what \
          was seen.",
    fix: &[
        you("Run the check again to see whether it repeats").run("gemini-doctor check-key"),
        you("Compare with the list of known causes").run("gemini-doctor fixes"),
        provider("Explain the answer, given its time, status and response id"),
    ],
    confirm: "gemini-doctor check-key passes, or names a cause.",
    seen_as: &[],
    live: &[],
    not: &["The failure matches no known cause: not recognised"],
    splits: &[],
    reproduce: "",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

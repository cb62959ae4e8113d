//! Known fixes of the family `request`: sizes, settings and features that the API refuses.
//!
//! The field in the message is the diagnosis. Each cause is known by the few words that every
//! dialect of the API keeps, never by the values between them.

use super::tools::{SCHEMA_PATH, TYPE_ENUM};
use crate::{
    catalog::{
        KnownFix,
        Sign::{self, Meta, Not, Says, SaysOne, Status},
        Split, likely, maybe, owner, sure, you,
    },
    facts::{Blame, Layer, RetryClass, Severity},
};

/// The fixes of this family. The one that names no cause stands last.
pub(super) const FIXES: &[&KnownFix] = &[
    &INPUT_TOKENS_EXCEEDED,
    &OUTPUT_TOKENS_OUT_OF_RANGE,
    &SAMPLING_PARAM_OUT_OF_RANGE,
    &CANDIDATE_COUNT_UNSUPPORTED,
    &EMBED_BATCH_TOO_LARGE,
    &PAYLOAD_TOO_LARGE,
    &SYSTEM_INSTRUCTION_UNSUPPORTED,
    &FEATURE_NOT_ENABLED,
    &SAFETY_SETTING_RESTRICTED,
    &FIELD_VALUE_REFUSED,
    &INVALID_ARGUMENT_GENERIC,
];

const MODELS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/models";
const TROUBLESHOOTING_PAGE: &str = "https://ai.google.dev/gemini-api/docs/troubleshooting";
const CLOUD_REFERENCE: &str =
    "https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini";

/// The words with which the cloud platform refuses a number, whichever field holds it.
const OUT_OF_RANGE: Sign = Says("supported range is from");

/// The text may end before them.
const CUT: Sign = Not(&OUT_OF_RANGE);

/// The words with which clients and the other dialect refuse a number.
const NOT_IN_RANGE: Sign = SaysOne(&[
    "must be positive",
    "must be a positive integer",
    "must be in the range",
    "must be between",
    "must be less than",
    "out of range",
]);

const INPUT_TOKENS_EXCEEDED: KnownFix = KnownFix {
    id: "input-tokens-exceeded",
    title: "The prompt has more tokens than the model takes",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("exceeds the maximum number of tokens")]),
        sure(&[
            Says("input token count"),
            SaysOne(&["supports up to", "exceeds the maximum", "exceeds the limit"]),
        ]),
        likely(&[Says("number of input tokens"), Says("exceed")]),
        likely(&[Says("The input token count")]),
    ],
    why: "Prompt, history, files and tool results count together, and their sum is above the \
          model's input window. A window smaller than the documented one (65,536 or 131,072 \
          instead of 1,048,576) means that another model or region answers than you think.",
    fix: &[
        you("Look up the model's input limit, and that it is the model you meant")
            .run("gemini-doctor list-models {model}"),
        you(
            "Cut the history or start a new session, and leave out files and tool results that are \
             no longer needed",
        ),
        you("Count tokens before you send: countTokens takes the same contents and is free"),
        you("Send the whole to a model with a larger window").run("gemini-doctor list-models"),
    ],
    confirm: "countTokens stays below the model's input limit, and the same call gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"The input token count (1180442) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}"#,
        "[GoogleGenerativeAI Error]: [400 Bad Request] Unable to submit request because the input token count is 71200 but the model only supports up to 65536. Reduce the input token count and try again.",
        "google.api_core.exceptions.InvalidArgument: 400 The input token count exceeds the maximum number of tokens allowed (32768).",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":429,"message":"You exceeded your current quota.\n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_input_token_count, limit: 250000","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateContentInputTokensPerModelPerMinute-FreeTier","quotaValue":"250000"}]}]}}"#,
        r#"{"error":{"code":400,"message":"Request payload size exceeds the limit: 20971520 bytes.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[],
    reproduce: "input-tokens-exceeded",
    hides: &[],
    docs: &["https://ai.google.dev/gemini-api/docs/tokens"],
    as_of: "2026-11-20",
};

const OUTPUT_TOKENS_OUT_OF_RANGE: KnownFix = KnownFix {
    id: "output-tokens-out-of-range",
    title: "maxOutputTokens lies outside the range of this model",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[OUTPUT_TOKENS, OUT_OF_RANGE]),
        likely(&[OUTPUT_TOKENS, NOT_IN_RANGE]),
        likely(&[SaysOne(&["maxOutputTokens value of", "max_output_tokens value of"]), CUT]),
        maybe(&[Says("generation_config.max_output_tokens")]),
        maybe(&[Meta("field", "max_output_tokens")]),
        maybe(&[Meta("field", "maxOutputTokens")]),
    ],
    why: "maxOutputTokens must be at least 1 and no more than the model can write. The upper \
          bound in the message is exclusive: 65537 (exclusive) means that 65536 is the largest \
          value. Clients often put the input window there, or the limit of another model.",
    fix: &[
        you("Look up the model's output limit (column out)")
            .run("gemini-doctor list-models {model}"),
        you("Set maxOutputTokens (max_tokens in the OpenAI-compatible API) to at most that, or \
             leave it out"),
        you("Correct the client's entry for this model where it fills in the value by itself"),
    ],
    confirm: "The same call with a value in the range gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Unable to submit request because it has a maxOutputTokens value of 128000 but the supported range is from 1 (inclusive) to 65537 (exclusive). Update the value and try again.","status":"INVALID_ARGUMENT"}}"#,
        "google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {'error': {'code': 400, 'message': '* GenerateContentRequest.generation_config.max_output_tokens: max_output_tokens must be positive.\\n', 'status': 'INVALID_ARGUMENT'}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Unable to submit request because it has a topK value of 64 but the supported range is from 1 (inclusive) to 41 (exclusive). Update the value and try again.","status":"INVALID_ARGUMENT"}}"#,
        r#"{"candidates":[{"content":{"role":"model"},"finishReason":"MAX_TOKENS","index":0}],"usageMetadata":{"promptTokenCount":7,"thoughtsTokenCount":19,"totalTokenCount":26}}"#,
    ],
    splits: &[],
    reproduce: "output-tokens-out-of-range",
    hides: &[],
    docs: &[MODELS_PAGE, CLOUD_REFERENCE],
    as_of: "2026-11-20",
};

/// The setting by its names on the wire.
const OUTPUT_TOKENS: Sign = SaysOne(&["maxOutputTokens", "max_output_tokens"]);

const SAMPLING_PARAM_OUT_OF_RANGE: KnownFix = KnownFix {
    id: "sampling-param-out-of-range",
    title: "A sampling setting (topK, topP, temperature) is outside its range",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[SAMPLING_VALUE, OUT_OF_RANGE]),
        sure(&[SAMPLING_PATH, NOT_IN_RANGE]),
        likely(&[SAMPLING_VALUE, CUT]),
        likely(&[SAMPLING, NOT_IN_RANGE]),
        maybe(&[SAMPLING_PATH]),
        maybe(&[Meta("field", "generation_config.top")]),
        maybe(&[Meta("field", "generation_config.temperature")]),
    ],
    why: "Each model has its own range, and values that other providers or older models take may \
          lie outside it. Some clients check by a range of their own, and refuse before anything \
          is sent.",
    fix: &[
        you("Put the value into the range that the message gives, or leave the setting out"),
        you(
            "From Gemini 3.6 on leave temperature, topP and topK out altogether: they are not used",
        ),
        you("Update the client where it is the client that refuses"),
    ],
    confirm: "The same call without the setting gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Unable to submit request because it has a topK value of 64 but the supported range is from 1 (inclusive) to 41 (exclusive). Update the value and try again.","status":"INVALID_ARGUMENT"}}"#,
        "Error code: 400 - [{'error': {'code': 400, 'message': 'Unable to submit request because it has a temperature value of 2.5 but the supported range is from 0 (inclusive) to 2.0 (inclusive). Update the value and try again.', 'status': 'INVALID_ARGUMENT'}}]",
        r#"{"error":{"code":400,"message":"* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0].\n","status":"INVALID_ARGUMENT"}}"#,
        "Error: `temperature` must be in the range of [0.0,1.0]\n    at new ChatGoogleVertexAI (/app/node_modules/example/index.js:10:11)",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Unable to submit request because it has a maxOutputTokens value of 128000 but the supported range is from 1 (inclusive) to 65537 (exclusive). Update the value and try again.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[],
    reproduce: "sampling-param-out-of-range",
    hides: &[],
    docs: &[MODELS_PAGE, CLOUD_REFERENCE],
    as_of: "2026-11-20",
};

/// The settings as the cloud platform names them before their value.
const SAMPLING_VALUE: Sign = SaysOne(&[
    "topK value of",
    "top_k value of",
    "topP value of",
    "top_p value of",
    "temperature value of",
    "penalty value of",
    "seed value of",
]);

/// The settings as a refusal's path.
const SAMPLING_PATH: Sign = SaysOne(&[
    "generation_config.temperature:",
    "generation_config.top_k:",
    "generation_config.top_p:",
]);

/// The settings as clients and the API's field paths write them.
const SAMPLING: Sign = SaysOne(&[
    "temperature must",
    "temperature` must",
    "topK must",
    "topK` must",
    "top_k must",
    "topP must",
    "topP` must",
    "top_p must",
    "generation_config.temperature",
    "generation_config.top_",
    "generationConfig.temperature",
    "generationConfig.top",
]);

/// The setting as the cloud platform names it before its value.
const COUNT_VALUE: Sign = SaysOne(&["candidateCount value of", "candidate_count value of"]);

const CANDIDATE_COUNT_UNSUPPORTED: KnownFix = KnownFix {
    id: "candidate-count-unsupported",
    title: "This model gives only one candidate per call",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[CANDIDATES]),
        sure(&[COUNT_VALUE, OUT_OF_RANGE]),
        likely(&[COUNT_VALUE, CUT]),
        likely(&[
            SaysOne(&["candidateCount", "candidate_count"]),
            SaysOne(&["is not supported", "not enabled", "must be 1", "must be between"]),
            NOT_CANDIDATES,
        ]),
        maybe(&[Meta("field", "candidate_count"), NOT_CANDIDATES]),
        maybe(&[Meta("field", "candidateCount"), NOT_CANDIDATES]),
    ],
    why: "candidateCount (n in the OpenAI-compatible API) is above 1, and this model takes 1 \
          only. Models of Gemini 3 and later refuse what 2.x still took, so the fault may come \
          with a change of the model or of what an alias leads to.",
    fix: &[
        you("Leave candidateCount (or n) out, or set it to 1, and make several calls instead"),
        you("Use a model that still gives several, where they must come from one call")
            .run("gemini-doctor list-models"),
    ],
    confirm: "The same call without candidateCount gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Multiple candidates is not enabled for this model","status":"INVALID_ARGUMENT"}}"#,
        "BadRequest: 400 POST https://generativelanguage.googleapis.com/v1beta/models/gemini-pro:generateContent: Only one candidate can be specified",
        "ClientError: [VertexAI.ClientError]: got status: 400 Bad Request. {\"error\":{\"code\":400,\"message\":\"Unable to submit request because candidateCount must be 1 but the entered value was 4. Update the candidateCount value and try again.\",\"status\":\"INVALID_ARGUMENT\"}}",
        r#"{"error":{"code":400,"message":"Unable to submit request because it has a candidateCount value of 9 but the supported range is from 1 (inclusive) to 9 (exclusive). Update the value and try again.","status":"INVALID_ARGUMENT"}}"#,
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Json mode is not enabled for models/gemma-3-12b-it","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[],
    reproduce: "candidate-count-unsupported",
    hides: &[],
    docs: &["https://ai.google.dev/gemini-api/docs/generate-content/latest-model"],
    as_of: "2026-11-20",
};

/// More candidates than one were asked for.
const CANDIDATES: Sign = SaysOne(&[
    "Multiple candidates is not",
    "Multiple candidates are not",
    "Only one candidate can be",
    "candidateCount must be 1",
    "candidate_count must be 1",
]);

const EMBED_BATCH_TOO_LARGE: KnownFix = KnownFix {
    id: "embed-batch-too-large",
    title: "One batch holds more texts to embed than the API takes",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[OVER_THE_BATCH]),
        likely(&[
            Says("BatchEmbedContentsRequest.requests"),
            SaysOne(&["at most", "too many"]),
            Not(&OVER_THE_BATCH),
        ]),
        maybe(&[
            Says("BatchEmbedContentsRequest.requests"),
            Not(&OVER_THE_BATCH),
            Not(&Says("unexpected model name format")),
        ]),
    ],
    why: "batchEmbedContents takes at most 100 texts, and so do the embeddings of the \
          OpenAI-compatible API. Libraries written for other providers send up to 2,048 at once, \
          so small tests pass and the first large import fails.",
    fix: &[
        you("Split the texts into batches of at most 100 (embedding batch size, chunk size or a \
             like setting of the library)"),
        you("Update the client library: newer versions split by themselves"),
    ],
    confirm: "The same texts pass in batches of 100.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch\n","status":"INVALID_ARGUMENT"}}"#,
        "openai.BadRequestError: Error code: 400 - [{'error': {'code': 400, 'message': '* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch', 'status': 'INVALID_ARGUMENT'}}]",
        "google.api_core.exceptions.InvalidArgument: 400 5 instance(s) is allowed per prediction. Actual: 40",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Request payload size exceeds the limit: 20971520 bytes.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[],
    reproduce: "embed-batch-too-large",
    hides: &[],
    docs: &[TROUBLESHOOTING_PAGE],
    as_of: "2026-11-20",
};

/// The batch's limit in the words of both dialects.
const OVER_THE_BATCH: Sign =
    SaysOne(&["requests can be in one batch", "allowed per prediction. Actual"]);

const PAYLOAD_TOO_LARGE: KnownFix = KnownFix {
    id: "payload-too-large",
    title: "The request's body is larger than somebody on the way allows",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("payload size exceeds the limit")]),
        likely(&[SaysOne(&[
            "request entity too large",
            "payload too large",
            "PayloadTooLarge",
            "content too large",
            "request body too large",
            "request too large",
            "maximum request body size",
            "exceeds the maximum request size",
        ])]),
        likely(&[Status(413)]),
    ],
    why: "This is about bytes, not tokens: files sent inline as base64 take a third more than \
          they have, and every turn of the history sends them again. Google's own limit is 20 MB \
          or more; a limit of 1,048,576 bytes (1 MB), or a page instead of JSON, comes from a \
          proxy or gateway in between.",
    fix: &[
        you("Upload media once by the Files API and send its URI instead of inline data"),
        you("Drop old files and tool results from the history, or start a new session"),
        you("Send the same request without the gateway or proxy to see whose limit it is")
            .run("gemini-doctor check-key --base-url https://generativelanguage.googleapis.com"),
        owner(
            "Raise the body limit of the proxy or gateway, where it is its own \
             (client_max_body_size and the like)",
        ),
    ],
    confirm: "The same call with the media as file URIs gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Request payload size exceeds the limit: 20971520 bytes.","status":"INVALID_ARGUMENT"}}"#,
        "[API Error: {\"error\":{\"message\":\"Maximum request body size 1048576 exceeded, actual body size 1203355\",\"code\":413,\"status\":\"Request Entity Too Large\"}}]",
        "HTTP/1.1 413 Request Entity Too Large\n\n<html><head><title>413 Request Entity Too Large</title></head><body><center><h1>413 Request Entity Too Large</h1></center><hr><center>nginx</center></body></html>",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"The input token count (1180442) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch\n","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[],
    reproduce: "payload-too-large",
    hides: &[],
    docs: &["https://ai.google.dev/gemini-api/docs/file-input-methods"],
    as_of: "2026-11-20",
};

const SYSTEM_INSTRUCTION_UNSUPPORTED: KnownFix = KnownFix {
    id: "system-instruction-unsupported",
    title: "This model takes no system instruction",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[SYSTEM_INSTRUCTION])],
    why: "The model (Gemma 3, an image model or an old one) was not made for system instructions. \
          The answer calls them developer instructions, a name that nobody sent; an empty one is \
          refused too. A name that is moved to an image build begins to fail without any change \
          of yours.",
    fix: &[
        you("Put the system text at the head of the first user turn and leave systemInstruction \
             out, also an empty one"),
        you("Use a Gemini text model for the same prompt").run("gemini-doctor list-models"),
        you("Turn off the client's image output for this model, where it is on"),
    ],
    confirm: "The same call without systemInstruction gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Developer instruction is not enabled for models/gemma-3-12b-it","status":"INVALID_ARGUMENT"}}"#,
        "google.api_core.exceptions.InvalidArgument: 400 The input system_instruction is not supported.",
        "Error: got status: 400 . {\"error\":{\"message\":\"{\\n  \\\"error\\\": {\\n    \\\"code\\\": 400,\\n    \\\"message\\\": \\\"Developer instruction is not enabled for models/gemini-2.0-flash-exp\\\",\\n    \\\"status\\\": \\\"INVALID_ARGUMENT\\\"\\n  }\\n}\\n\",\"code\":400,\"status\":\"\"}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Please use a valid role: user, model.","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Code execution is not enabled for models/gemma-3-12b-it","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[],
    reproduce: "system-instruction-unsupported",
    hides: &[],
    docs: &[TROUBLESHOOTING_PAGE],
    as_of: "2026-11-20",
};

/// A system instruction was refused as such, whatever it is called.
const SYSTEM_INSTRUCTION: Sign = SaysOne(&[
    "Developer instruction is not",
    "Developer instructions are not",
    "System instruction is not",
    "System instructions are not",
    "system_instruction is not",
    "systemInstruction is not",
    "does not support system instruction",
]);

const FEATURE_NOT_ENABLED: KnownFix = KnownFix {
    id: "feature-not-enabled-for-model",
    title: "This model, or this version of the API, lacks a feature you asked for",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("is not enabled for models/"), NOT_SYSTEM, NOT_CANDIDATES, NOT_THINKING]),
        sure(&[FEATURE_NOT_ENABLED_BY_NAME]),
        likely(&[Says("is not enabled for this model"), NOT_SYSTEM, NOT_CANDIDATES, NOT_NAMED]),
        likely(&[
            Says("is not enabled for api version"),
            NOT_SYSTEM,
            NOT_CANDIDATES,
            NOT_THINKING,
            NOT_NAMED,
        ]),
        likely(&[FEATURE_UNSUPPORTED, NOT_SYSTEM, NOT_CANDIDATES]),
    ],
    why: "JSON mode, penalties, code execution, function calling, logprobs or a kind of input is \
          not on for this model. Clients switch some of them on by default, so it may be a \
          setting that you never made; and newer models drop what older ones took.",
    fix: &[
        you("Leave out the setting or tool that the message names, also where the client adds it \
             by default"),
        you("See what the model can do").run("gemini-doctor list-models {model}"),
        you("Use a model that has it; for Gemma and image models that is mostly a Gemini text \
             model")
        .run("gemini-doctor list-models --method generateContent"),
    ],
    confirm: "The same call without the feature gets an answer.",
    seen_as: &[
        r#"RPCError(httpResponseCode: 400, message: "Function calling mode ANY is not enabled for api version v1alpha", status: GoogleGenerativeAI.RPCStatus.invalidArgument)"#,
        r#"{"error":{"code":400,"message":"Json mode is not enabled for models/gemma-3-12b-it","status":"INVALID_ARGUMENT"}}"#,
        "[GoogleGenerativeAI Error]: Error fetching from https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:generateContent: [400 Bad Request] Penalty is not enabled for models/gemini-3.5-flash",
        "google.api_core.exceptions.InvalidArgument: 400 Function calling mode ANY is not enabled for this model",
        "litellm.BadRequestError: GeminiException BadRequestError - {\"error\":{\"code\":400,\"message\":\"Search Grounding is not supported.\",\"status\":\"INVALID_ARGUMENT\"}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Multiple candidates is not enabled for this model","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Developer instruction is not enabled for models/gemma-3-12b-it","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Tool use with function calling is unsupported","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[
        Split {
            id: "tool-combination-unsupported",
            by: "the request with one kind of tool only: it passes if it was the mix",
        },
        Split {
            id: "schema-unknown-field",
            by: "the same field on another model: the API knows it there if it is the model that \
                 lacks it",
        },
    ],
    reproduce: "feature-not-enabled-for-model",
    hides: &[],
    docs: &[MODELS_PAGE, TROUBLESHOOTING_PAGE],
    as_of: "2026-11-20",
};

const NOT_SYSTEM: Sign = Not(&SYSTEM_INSTRUCTION);
const NOT_CANDIDATES: Sign = Not(&CANDIDATES);

const NOT_THINKING: Sign = Not(&Says("Thinking is not enabled"));
const NOT_NAMED: Sign = Not(&FEATURE_NOT_ENABLED_BY_NAME);

/// What models are known to lack, in the API's usual words. They are long enough to outweigh its
/// looser ones.
const FEATURE_NOT_ENABLED_BY_NAME: Sign = SaysOne(&[
    "Json mode is not enabled",
    "JSON schema is not enabled",
    "Penalty is not enabled",
    "Code execution is not enabled",
    "Function calling is not enabled",
    "Function calling mode ANY is not enabled",
    "Function calling mode NONE is not enabled",
    "Function calling mode VALIDATED is not enabled",
    "Function calling config is not enabled",
    "Search Grounding is not enabled",
    "Logprobs is not enabled",
    "input modality is not enabled",
    "Multiturn chat is not enabled",
]);

/// The same in other words.
const FEATURE_UNSUPPORTED: Sign = SaysOne(&[
    "Search Grounding is not supported",
    "Google Search is not supported",
    "Code execution is not supported",
    "Function calling is not supported",
    "Function calling is unsupported for",
    "Json mode is not supported",
    "Logprobs is not supported",
    "Penalty is not supported",
    "response_mime_type is not supported",
    "responseMimeType is not supported",
    "response_modalities is not supported",
    "requested response modalities",
    "combination of response modalities",
]);

const SAFETY_SETTING_RESTRICTED: KnownFix = KnownFix {
    id: "safety-setting-restricted",
    title: "This project may not switch a safety filter off (BLOCK_NONE)",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[RESTRICTED_THRESHOLD]),
        likely(&[
            SaysOne(&["BLOCK_NONE", "HarmBlockThreshold", "has requested a"]),
            SaysOne(&[
                "allowlist",
                "allow-list",
                "invoiced billing",
                "restricted",
                "not permitted",
            ]),
            Not(&RESTRICTED_THRESHOLD),
        ]),
    ],
    why: "On the cloud platform the threshold BLOCK_NONE is reserved for projects that Google put \
          on a list or that pay by monthly invoice. Many clients set it by default for every \
          category.",
    fix: &[
        you("Set the threshold to BLOCK_ONLY_HIGH, or leave safetySettings out"),
        owner("Ask your Google account team for the list, or move the billing account to invoices"),
    ],
    confirm: "The same call with BLOCK_ONLY_HIGH gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"User has requested a restricted HarmBlockThreshold setting BLOCK_NONE. You can get access either (a) through an allowlist via your Google account team, or (b) by switching your account type to monthly invoiced billing via this instruction: https://cloud.google.com/billing/docs/how-to/invoiced-billing.","status":"INVALID_ARGUMENT"}}"#,
        "[vertex_ai] Bad Request Error, 400 User has requested a restricted HarmBlockThreshold setting BLOCK_NONE.",
    ],
    live: &[],
    not: &[
        r#"{"candidates":[{"finishReason":"SAFETY","index":0,"safetyRatings":[{"category":"HARM_CATEGORY_HARASSMENT","probability":"MEDIUM","blocked":true}]}]}"#,
    ],
    splits: &[],
    reproduce: "safety-setting-restricted",
    hides: &[],
    docs: &["https://cloud.google.com/billing/docs/how-to/invoiced-billing"],
    as_of: "2026-11-20",
};

/// The threshold is refused by name.
const RESTRICTED_THRESHOLD: Sign =
    SaysOne(&["restricted HarmBlockThreshold", "HarmBlockThreshold setting BLOCK_NONE"]);

/// What is no base64 has an entry of its own.
const BASE64: Sign = Says("Base64 decoding failed");

const FIELD_VALUE_REFUSED: KnownFix = KnownFix {
    id: "field-value-refused",
    title: "A field of the request holds a value that it does not take",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("Invalid value at '"), Not(&SCHEMA_PATH), Not(&TYPE_ENUM), Not(&BASE64)]),
        likely(&[Says("Proto field is not repeating"), Not(&SCHEMA_PATH)]),
    ],
    why: "Each field of the API has one type. A text where an object belongs, such as parts or \
          systemInstruction, a list where one value does, a word that is none of an enum, or two \
          members of which only one may stand there are refused before a model sees them.",
    fix: &[
        you("Look at the place between the quotes in the message; what the field takes stands in \
             brackets behind it, and what you sent last"),
        you("Have every such place found, with line and column").run("gemini-doctor lint FILE"),
        you("Write turns as objects: {\"role\": \"user\", \"parts\": [{\"text\": \"...\"}]}, and \
             systemInstruction as {\"parts\": [{\"text\": \"...\"}]}"),
        you(
            "Take the words of an enum as the reference spells them, and put one kind of data into \
             each part",
        ),
    ],
    confirm: "gemini-doctor lint FILE finds nothing, and the same call gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Invalid value at 'contents[0].parts[0]' (type.googleapis.com/google.ai.generativelanguage.v1beta.Part), \"hi\"","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"contents[0].parts[0]","description":"Invalid value at 'contents[0].parts[0]' (type.googleapis.com/google.ai.generativelanguage.v1beta.Part), \"hi\""}]}]}}"#,
        "google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {'error': {'code': 400, 'message': \"Invalid value at 'generation_config.temperature' (TYPE_FLOAT), \\\"warm\\\"\", 'status': 'INVALID_ARGUMENT'}}",
        r#"[400 Bad Request] Invalid value at 'safety_settings[0].threshold' (type.googleapis.com/google.ai.generativelanguage.v1beta.SafetySetting.HarmBlockThreshold), "NONE""#,
        r#"{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"system_instruction\": Proto field is not repeating, cannot start list.","status":"INVALID_ARGUMENT"}}"#,
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Invalid value at 'tools[0].function_declarations[4].parameters.properties[2].value.type' (type.googleapis.com/google.ai.generativelanguage.v1beta.Type), \"datetime\"","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Invalid value at 'contents[0].parts[1].inline_data.data' (TYPE_BYTES), Base64 decoding failed for \"data:image/png;base64,FAKE\"","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"stream\": Cannot find field.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[
        Split {
            id: "tool-schema-bad-type",
            by: "the path: one into the parameters of a function or into a schema is of that",
        },
        Split {
            id: "schema-unknown-field",
            by: "the words: a name that the API does not have cannot be found",
        },
    ],
    reproduce: "field-value-refused",
    hides: &[],
    docs: &[
        "https://ai.google.dev/api/generate-content",
        "https://protobuf.dev/programming-guides/json/",
    ],
    as_of: "2026-11-20",
};

const INVALID_ARGUMENT_GENERIC: KnownFix = KnownFix {
    id: "invalid-argument-generic",
    title: "Google calls the request invalid and does not say which part",
    layer: Layer::Request,
    blame: Blame::Unknown,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[maybe(&[Says("contains an invalid argument")])],
    why: "One sentence stands for many faults: a schema without properties, too many tools, a \
          file type the model does not take, a method it does not have, a broken turn in the \
          history. Once such a part is in the history, every later turn fails too.",
    fix: &[
        you("See that a minimal request passes with this key and model")
            .run("gemini-doctor check-key --model {model}"),
        you("Add your parts to it one by one: history, settings, files, tools"),
        you("Send the failing body to a second model, which may name the fault"),
    ],
    confirm: "The full request gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Request contains an invalid argument.","status":"INVALID_ARGUMENT"}}"#,
        "google.api_core.exceptions.InvalidArgument: 400 Request contains an invalid argument.",
        "litellm.BadRequestError: VertexAIException BadRequestError - [{'error': {'code': 400, 'message': 'Request contains an invalid argument.', 'status': 'INVALID_ARGUMENT'}}]",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Multiple authentication credentials received. Please pass only one.","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}"#,
    ],
    splits: &[
        Split {
            id: "tool-schema-empty-object",
            by: "the tools: it passes without those that declare an OBJECT with no properties",
        },
        Split {
            id: "schema-too-complex",
            by: "half of the tools, or a response schema without bounds and enums: it passes with \
                 less",
        },
        Split {
            id: "mime-type-unsupported",
            by: "the files: it passes without them, or with a BMP turned into a PNG",
        },
        Split {
            id: "model-wrong-api-version-or-method",
            by: "the method in the URL: the model's entry in the list names those it has",
        },
        Split {
            id: "tool-combination-unsupported",
            by: "one kind of tool at a time: it passes without the mix",
        },
        Split {
            id: "thinking-config-conflict",
            by: "the thinking settings: it passes without them",
        },
        Split {
            id: "function-turn-order",
            by: "the last user turn alone: it passes if the history was at fault",
        },
    ],
    reproduce: "invalid-argument-generic",
    hides: &[],
    docs: &[TROUBLESHOOTING_PAGE],
    as_of: "2026-11-20",
};

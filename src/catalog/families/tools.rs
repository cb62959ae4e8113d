//! Known fixes for what the API refuses about tools, functions and schemas.
//!
//! The path in the message says where: under `tools` or a response schema it is a schema's fault,
//! elsewhere a field of the request.

use crate::{
    catalog::{
        KnownFix,
        Sign::{self, Meta, Not, Reason, Says, SaysOne, Shown},
        Split, likely, maybe, provider, sure, you,
    },
    facts::{Blame, Layer, RetryClass, Severity, clue},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &SCHEMA_UNKNOWN_FIELD,
    &SCHEMA_TOO_COMPLEX,
    &TOOL_SCHEMA_BAD_TYPE,
    &TOOL_SCHEMA_EMPTY_OBJECT,
    &FUNCTION_NAME_INVALID,
    &JSON_MODE_WITH_TOOLS,
    &TOOL_COMBINATION_UNSUPPORTED,
    &SEARCH_TOOL_FIELD_RENAMED,
    &THOUGHT_SIGNATURE_MISSING,
    &THOUGHT_SIGNATURE_NOT_BASE64,
];

const FUNCTION_CALLING_PAGE: &str = "https://ai.google.dev/gemini-api/docs/function-calling";
const SCHEMA_PAGE: &str = "https://ai.google.dev/api/caching#Schema";
const SIGNATURES_PAGE: &str = "https://ai.google.dev/gemini-api/docs/thought-signatures";
const COMBINATION_PAGE: &str = "https://ai.google.dev/gemini-api/docs/tool-combination";

/// A path into a tool's or an answer's schema, in every spelling.
pub(super) const SCHEMA_PATH: Sign = SaysOne(&[
    "function_declarations[",
    "functionDeclarations[",
    "functionDeclaration `",
    "response_schema",
    "responseSchema",
    "response_json_schema",
    "responseJsonSchema",
    "parameters_json_schema",
    "parametersJsonSchema",
]);

const SCHEMA_UNKNOWN_FIELD: KnownFix = KnownFix {
    id: "schema-unknown-field",
    title: "The request or a schema holds a field that the API does not know",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("Unknown name"), Says("Cannot find field")]),
        // Found in a schema before it was sent.
        sure(&[Shown(clue::Shown::SchemaRefused)]),
        likely(&[Says("Cannot find field")]),
        likely(&[
            Says("JSON payload received. Unknown name"),
            Not(&Says("Cannot find field")),
            Not(&Says("Proto field")),
        ]),
        likely(&[Reason("parameter_unknown")]),
        likely(&[SaysOne(&[
            "is not supported in the Gemini API",
            "is not supported in Gemini API",
            "not supported in the schema for the Gemini API",
        ])]),
    ],
    why: "The API refuses every name it does not know. Under tools or a response schema it is a \
          keyword of JSON Schema that its own Schema lacks ($schema, $ref, const, \
          additionalProperties, exclusiveMinimum and the like); elsewhere it is a misspelt or \
          misplaced field, one of another API, or one that the version in the URL (v1) does not \
          have.",
    fix: &[
        you("Read the quoted name and the path: properties[N] and function_declarations[N] count \
             from 0, in the order in which you sent them"),
        you("Under a schema: strip the keyword, or move the whole schema to parametersJsonSchema \
             (tools) or responseJsonSchema (answers), which know most of them"),
        you(
            "Elsewhere: correct the name or its place, and call /v1beta/ where the URL says /v1/: \
             systemInstruction, tools and thinkingConfig are not in v1",
        ),
        you("Update the SDK or MCP client that builds the schema, or turn off the one tool that \
             the path counts to"),
    ],
    confirm: "The same call without the quoted field gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"$schema\" at 'tools[0].function_declarations[2].parameters': Cannot find field.\nInvalid JSON payload received. Unknown name \"const\" at 'tools[0].function_declarations[2].parameters.properties[1].value': Cannot find field.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"tools[0].function_declarations[2].parameters","description":"Invalid JSON payload received. Unknown name \"$schema\" at 'tools[0].function_declarations[2].parameters': Cannot find field."}]}]}}"#,
        r#"{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"systemInstruction\": Cannot find field.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"description":"Invalid JSON payload received. Unknown name \"systemInstruction\": Cannot find field."}]}]}}"#,
        "[API Error: Invalid JSON payload received. Unknown name \"exclusiveMinimum\" at 'request.tools[0].function_declarations[7].parameters.properties[0].value': Cannot find field. (Status: INVALID_ARGUMENT)]",
        "ValueError: additionalProperties is not supported in the Gemini API.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"type\" at 'tools[0].function_declarations[3].parameters.properties[0].value': Proto field is not repeating, cannot start list.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[
        Split {
            id: "tool-schema-bad-type",
            by: "the name: a keyword that the Schema has, with a value it does not take, is not \
                 unknown",
        },
        Split {
            id: "feature-not-enabled-for-model",
            by: "the same field on another model: an unknown field is refused on all of them",
        },
    ],
    reproduce: "schema-unknown-field",
    hides: &[],
    docs: &[SCHEMA_PAGE, FUNCTION_CALLING_PAGE],
    as_of: "2026-11-20",
};

const SCHEMA_TOO_COMPLEX: KnownFix = KnownFix {
    id: "schema-too-complex",
    title: "The schemas of this request are too large or too strict together",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[SaysOne(&["too many states for serving", "schema produces a constraint"])]),
        likely(&[SaysOne(&[
            "schema is too complex",
            "schema exceeds the maximum",
            "allowed nesting depth",
            "maximum schema depth",
            "too many function declarations",
        ])]),
        maybe(&[Says("contains an invalid argument"), Meta("field", "schema")]),
        maybe(&[Says("contains an invalid argument"), Meta("field", "function_declarations")]),
    ],
    why: "A schema is compiled into the set of all texts that fit it, and bounds, long enums, \
          long names, formats and nested arrays multiply its states. All tools count together, so \
          one more MCP server can be the one too many; some models answer with the bare \
          invalid-argument text instead.",
    fix: &[
        you("Remove minItems, maxItems, minLength, maxLength, minimum, maximum, pattern and \
             formats such as date-time, and check these bounds in your own code"),
        you("Shorten long property names and enums, and make optional properties required or \
             leave them out"),
        you("Send fewer tools, or split the schema over two calls"),
    ],
    confirm: "The same call passes with half of the tools or without the bounds.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"The specified schema produces a constraint that has too many states for serving.  Typical causes of this error are schemas with lots of text (for example, very long property or enum names), schemas with long array length limits (especially when nested), or schemas using complex value matchers (for example, integers or numbers with minimum/maximum bounds or strings with complex formats like date-time)","status":"INVALID_ARGUMENT"}}"#,
        "google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {'error': {'code': 400, 'message': 'A schema exceeds the maximum allowed nesting depth.', 'status': 'INVALID_ARGUMENT'}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"* GenerateContentRequest.tools[0].function_declarations[2].parameters.properties: should be non-empty for OBJECT type\n","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[
        Split {
            id: "tool-schema-empty-object",
            by: "the tools one by one: a schema without properties is refused alone, too",
        },
        Split {
            id: "invalid-argument-generic",
            by: "the request without tools and schema: it fails too if these were not at fault",
        },
    ],
    reproduce: "schema-too-complex",
    hides: &[],
    docs: &[SCHEMA_PAGE],
    as_of: "2026-11-20",
};

const TOOL_SCHEMA_BAD_TYPE: KnownFix = KnownFix {
    id: "tool-schema-bad-type",
    title: "A schema gives a type, or a value, that the API does not take",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("Invalid value at '"), TYPE_ENUM]),
        sure(&[SCHEMA_PATH, Says("Proto field is not repeating")]),
        sure(&[BAD_TYPE_WORDS]),
        likely(&[
            SCHEMA_PATH,
            Not(&TYPE_ENUM),
            Not(&BAD_TYPE_WORDS),
            Not(&Says("Proto field is not repeating")),
            SaysOne(&[
                "Invalid value at",
                "missing field",
                "only allowed for",
                "cannot be empty",
                "property is not defined",
                "must be specified",
                "schema type",
            ]),
        ]),
        maybe(&[Says("Proto field is not repeating"), Not(&SCHEMA_PATH)]),
        // A path into a schema, and nothing else that is known.
        maybe(&[
            SaysOne(&[
                "GenerateContentRequest.tools[",
                "GenerateContentRequest.generation_config.response_schema",
            ]),
            Not(&EMPTY_OBJECT),
            Not(&INVALID_NAME),
        ]),
    ],
    why: "Every schema needs one type out of STRING, NUMBER, INTEGER, BOOLEAN, ARRAY, OBJECT and \
          NULL. JSON Schema allows more: no type, a list of types, any, date; and an array \
          without items, an empty enum value, or other fields beside anyOf. Other providers take \
          these, so tools that work there fail here.",
    fix: &[
        you(
            "Find the tool by the name or the number in the message: function_declarations[N] and \
             properties[N] count from 0, in the order in which you sent them",
        ),
        you(
            "Give each property one type; write \"type\": [\"string\", \"null\"] as a STRING with \
             nullable, and give arrays their items",
        ),
        you("Keep anyOf alone in its schema, and take empty strings out of enums"),
        you("Or move the schema to parametersJsonSchema, which knows lists of types"),
    ],
    confirm: "The same call without that tool gets an answer, and then with the corrected one.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Invalid value at 'tools[0].function_declarations[4].parameters.properties[2].value.type' (type.googleapis.com/google.ai.generativelanguage.v1beta.Type), \"datetime\"","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"tools[0].function_declarations[4].parameters.properties[2].value.type","description":"Invalid value at 'tools[0].function_declarations[4].parameters.properties[2].value.type' (type.googleapis.com/google.ai.generativelanguage.v1beta.Type), \"datetime\""}]}]}}"#,
        "[GoogleGenerativeAI Error]: [400 Bad Request] Invalid JSON payload received. Unknown name \"type\" at 'tools[0].function_declarations[3].parameters.properties[0].value': Proto field is not repeating, cannot start list.",
        "✕ [API Error: [{\"error\":{\"code\":400,\"message\":\"Unable to submit request because `make-note` functionDeclaration `parameters.data.size` schema didn't specify the schema type field. Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling\",\"status\":\"INVALID_ARGUMENT\"}}]]",
        "Gemini API Error: * GenerateContentRequest.tools[0].function_declarations[3].parameters.properties[tags].items: missing field.",
        "400 Unable to submit request because `add_edge` functionDeclaration `parameters.weight` schema specified other fields alongside any_of. When using any_of, it must be the only field set.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"const\" at 'tools[0].function_declarations[2].parameters.properties[1].value': Cannot find field.","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Invalid value at 'contents[0].parts[1].inline_data.data' (TYPE_BYTES), Base64 decoding failed for \"data:image/png;base64,FAKE\"","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[
        Split {
            id: "schema-unknown-field",
            by: "the name in the message: one that the Schema does not have at all is unknown",
        },
        Split {
            id: "field-value-refused",
            by: "the path: one that leads to no tool and no schema is of another field",
        },
        Split {
            id: "tool-schema-empty-object",
            by: "the path: one that ends in properties is empty, any other has a bad value",
        },
        Split {
            id: "function-name-invalid",
            by: "the path: one that ends in name is about the function's name",
        },
    ],
    reproduce: "tool-schema-bad-type",
    hides: &[],
    docs: &[
        SCHEMA_PAGE,
        "https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling",
    ],
    as_of: "2026-11-20",
};

/// The schema's type is an enum of the API, under the name of any of its versions.
pub(super) const TYPE_ENUM: Sign = SaysOne(&["beta.Type)", "beta1.Type)", "v1.Type)"]);

/// The cloud platform's words.
const BAD_TYPE_WORDS: Sign = SaysOne(&[
    "schema should be of type OBJECT",
    "only allowed for STRING type",
    "schema didn't specify",
    "fields alongside any_of",
]);

const TOOL_SCHEMA_EMPTY_OBJECT: KnownFix = KnownFix {
    id: "tool-schema-empty-object",
    title: "A schema of type OBJECT has no properties",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[EMPTY_OBJECT]),
        likely(&[
            SCHEMA_PATH,
            SaysOne(&["should be non-empty", "properties: should be", "properties: must not be"]),
            Not(&EMPTY_OBJECT),
        ]),
    ],
    why: "A function without arguments, or an object that may hold anything, is often declared as \
          OBJECT with empty properties, and the API refuses such a schema. Some models answer \
          with the bare invalid-argument text instead.",
    fix: &[
        you("Leave parameters out of a function that takes no arguments"),
        you(
            "Find the tool by its number: function_declarations[N] counts from 0, in the order in \
             which you sent them",
        ),
        you("Give a nested object its properties, or declare it as a STRING that holds JSON"),
        you("Or move the schema to parametersJsonSchema, and update the SDK or MCP client that \
             built it"),
    ],
    confirm: "The same call without the empty schema gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"* GenerateContentRequest.tools[0].function_declarations[2].parameters.properties: should be non-empty for OBJECT type\n","status":"INVALID_ARGUMENT"}}"#,
        "litellm.BadRequestError: VertexAIException BadRequestError - {\"error\":{\"code\":400,\"message\":\"* GenerateContentRequest.generation_config.response_schema.properties[\\\"notes\\\"].items.properties[\\\"extra\\\"].properties: should be non-empty for OBJECT type\\n\",\"status\":\"INVALID_ARGUMENT\"}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"* GenerateContentRequest.contents[3].parts: contents.parts must not be empty.\n","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Request contains an invalid argument.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[Split {
        id: "tool-schema-bad-type",
        by: "the path: one that ends in properties is empty, any other has a bad value",
    }],
    reproduce: "tool-schema-empty-object",
    hides: &[],
    docs: &[FUNCTION_CALLING_PAGE, SCHEMA_PAGE],
    as_of: "2026-11-20",
};

const EMPTY_OBJECT: Sign = Says("should be non-empty for OBJECT");

const FUNCTION_NAME_INVALID: KnownFix = KnownFix {
    id: "function-name-invalid",
    title: "A function's name breaks the naming rule",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[INVALID_NAME]),
        likely(&[Says("Duplicate function declaration")]),
        likely(&[
            Not(&INVALID_NAME),
            SaysOne(&["function_declarations[", "functionDeclarations["]),
            SaysOne(&["start with a letter or an underscore", "maximum length of 64", "].name:"]),
        ]),
        maybe(&[
            Not(&INVALID_NAME),
            SaysOne(&["function name", "tool name"]),
            SaysOne(&["start with a letter or an underscore", "maximum length of 64"]),
        ]),
    ],
    why: "A name begins with a letter or an underscore, goes on with letters, digits, \
          underscores, dots or dashes, and has at most 64 characters; two tools may not share \
          one. MCP clients build it out of the server's and the tool's names, which makes it long \
          or lets it begin with a digit. The message counts, it does not name.",
    fix: &[
        you(
            "Find the tool by its number: function_declarations[N] counts from 0, in the order in \
             which you sent them",
        ),
        you(
            "Rename it or shorten it to 64 characters; in an MCP client shorten the server's name \
             as well",
        ),
        you("Turn off that MCP server until its tool has a good name"),
    ],
    confirm: "The same call without that tool gets an answer, and then with the new name.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"* GenerateContentRequest.tools[0].function_declarations[6].name: Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, A-Z, 0-9), underscores (_), dots (.) or dashes (-), with a maximum length of 64.\n","status":"INVALID_ARGUMENT"}}"#,
        r#"[{"error":{"code":400,"message":"The GenerateContentRequest proto is invalid:\n  * tools[0].function_declarations[10].name: [FIELD_INVALID] Invalid function name. Must start with a letter or an underscore. Must be a-z, A-Z, 0-9, or contain underscores, dots and dashes, with a maximum length of 64.","status":"INVALID_ARGUMENT"}}]"#,
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"const\" at 'tools[0].function_declarations[2].parameters.properties[1].value': Cannot find field.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[Split {
        id: "tool-schema-bad-type",
        by: "the path: one that ends in name is about the function's name, any other about its \
             schema",
    }],
    reproduce: "function-name-invalid",
    hides: &[],
    docs: &[FUNCTION_CALLING_PAGE],
    as_of: "2026-11-20",
};

const INVALID_NAME: Sign = Says("Invalid function name");

const JSON_MODE_WITH_TOOLS: KnownFix = KnownFix {
    id: "json-mode-with-tools",
    title: "This model does not take tools and JSON mode together",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[TOOLS_WITH_JSON]),
        likely(&[
            SaysOne(&["response mime type", "response_mime_type", "responseMimeType"]),
            SaysOne(&[
                "with tools",
                "with tool use",
                "with function calling",
                "with google_search",
                "with grounding",
                "function calling with",
            ]),
            Not(&TOOLS_WITH_JSON),
        ]),
        likely(&[SaysOne(&[
            "controlled generation is not",
            "controlled generation is unsupported",
            "controlled generation cannot be used with",
        ])]),
    ],
    why: "The request declares tools (functions, search, URL context) and asks for \
          responseMimeType application/json at once, which models before Gemini 3 refuse. \
          Gateways and agent frameworks often add one of the two by default.",
    fix: &[
        you("Drop responseMimeType and responseSchema, ask for JSON in the prompt, and parse the \
             answer yourself"),
        you(
            "Or make two calls: first with tools, then one without them that puts the result into \
             the schema",
        ),
        you("Or use a model of Gemini 3 or later, which takes both")
            .run("gemini-doctor list-models"),
    ],
    confirm: "The same call with one of the two gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Function calling with a response mime type: 'application/json' is unsupported","status":"INVALID_ARGUMENT"}}"#,
        "Error code: 400 - [{'error': {'code': 400, 'message': \"Tool use with a response mime type: 'application/json' is unsupported\", 'status': 'INVALID_ARGUMENT'}}]",
        "google.api_core.exceptions.InvalidArgument: 400 Unable to submit request because controlled generation is not supported with google_search tool.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Unable to submit request because it has a mimeType parameter with value application/json, which is not supported. Update the mimeType and try again.","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Tool use with function calling is unsupported","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[Split {
        id: "tool-combination-unsupported",
        by: "the request without responseMimeType: it still fails if the tools do not go together",
    }],
    reproduce: "json-mode-with-tools",
    hides: &[],
    docs: &[COMBINATION_PAGE, FUNCTION_CALLING_PAGE],
    as_of: "2026-11-20",
};

/// The developer API's words, for functions and for built-in tools.
const TOOLS_WITH_JSON: Sign = SaysOne(&[
    "Function calling with a response",
    "Tool use with a response",
    "Function calling with response mime",
]);

const TOOL_COMBINATION_UNSUPPORTED: KnownFix = KnownFix {
    id: "tool-combination-unsupported",
    title: "Built-in tools and own functions do not go together in this call",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[NO_MIX]),
        sure(&[
            SaysOne(&["include_server_side_tool_invocations", "includeServerSideToolInvocations"]),
            Says("enable"),
        ]),
        likely(&[
            SaysOne(&[
                "Built-in tool",
                "builtin tool",
                "custom tool",
                "search tool",
                "google_search",
            ]),
            SaysOne(&["cannot be combined", "cannot be used together", "in the same request"]),
            Not(&NO_MIX),
        ]),
        likely(&[SaysOne(&[
            "Function calling and built-in tools",
            "tools with function calling is",
        ])]),
    ],
    why: "Search, URL context and code execution run at Google, your functions run with you, and \
          models before Gemini 3 take only one kind in a call. Newer ones take the mix, but only \
          when the call asks for it with toolConfig.includeServerSideToolInvocations.",
    fix: &[
        you("Send one kind of tool in a call: either functionDeclarations or googleSearch, \
             codeExecution and the like"),
        you("On Gemini 3 and later set toolConfig.includeServerSideToolInvocations to true; the \
             SDK must know the field"),
        you("Or split the work over two calls: one that searches, one that calls functions"),
        you("Turn off web search in the client where it adds it to every call"),
    ],
    confirm: "The same call with one kind of tool gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Tool use with function calling is unsupported","status":"INVALID_ARGUMENT"}}"#,
        "[API Error: Multiple tools are supported only when they are all search tools. (Status: INVALID_ARGUMENT)]",
        "Error 400, Message: Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with Function calling., Status: INVALID_ARGUMENT, Details: []",
        "HTTP 400: Built-in tools ({google_search}) and Custom tools (Function Calling) cannot be combined in the same request. Please choose one to continue.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Function calling with a response mime type: 'application/json' is unsupported","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"includeServerSideToolInvocations\" at 'tool_config': Cannot find field.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[Split {
        id: "json-mode-with-tools",
        by: "the request without responseMimeType: it still fails if the tools do not go together",
    }],
    reproduce: "tool-combination-unsupported",
    hides: &[],
    docs: &[COMBINATION_PAGE],
    as_of: "2026-11-20",
};

/// The mix is refused in the words of older and newer models.
const NO_MIX: Sign = SaysOne(&[
    "Tool use with function calling is",
    "Multiple tools are supported only",
    "enable tool_config.include_server",
    "to use Built-in tools with Function calling",
]);

const SEARCH_TOOL_FIELD_RENAMED: KnownFix = KnownFix {
    id: "search-tool-field-renamed",
    title: "The search tool is named as for another generation of models",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[
            SaysOne(&["google_search_retrieval", "googleSearchRetrieval"]),
            SaysOne(&["use google_search", "use googleSearch", "is not supported", "instead of"]),
        ]),
        sure(&[SaysOne(&["google_search field instead", "google_search tool instead"])]),
        likely(&[SaysOne(&["google_search_retrieval field", "google_search_retrieval tool"])]),
        maybe(&[
            SaysOne(&["google_search_retrieval", "googleSearchRetrieval"]),
            Not(&Says("Cannot find field")),
        ]),
    ],
    why: "Models from 2.0 on know the tool as google_search; google_search_retrieval, with its \
          dynamic threshold, belongs to 1.5. An SDK that is out of service only knows the old \
          name.",
    fix: &[
        you("Send {\"googleSearch\": {}} instead of googleSearchRetrieval; the dynamic threshold \
             has no successor"),
        you("Move to the current SDK, which knows the field").run_in(
            "pip install -U google-genai    # JavaScript: npm install @google/genai",
            "pip install -U google-genai    # JavaScript: npm install @google/genai",
        ),
    ],
    confirm: "The same call with google_search gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Unable to submit request because Please use google_search field instead of google_search_retrieval field..","status":"INVALID_ARGUMENT"}}"#,
        "google.api_core.exceptions.InvalidArgument: 400 google_search_retrieval is not supported. Please use google_search tool instead.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Tool use with function calling is unsupported","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"google_search\" at 'tools[0]': Cannot find field.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[],
    reproduce: "search-tool-field-renamed",
    hides: &[],
    docs: &["https://ai.google.dev/gemini-api/docs/google-search"],
    as_of: "2026-11-20",
};

const THOUGHT_SIGNATURE_MISSING: KnownFix = KnownFix {
    id: "thought-signature-missing",
    title: "A function call came back without its thought signature",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[SIGNATURE_REFUSED]),
        likely(&[
            Not(&SIGNATURE_REFUSED),
            SaysOne(&["thought_signature", "thoughtSignature", "thought signature"]),
            SaysOne(&["missing", "corrupted", "is not valid"]),
            Not(&Says("Cannot find field")),
        ]),
    ],
    why: "From Gemini 3 on a functionCall carries a thoughtSignature, and the first call of each \
          model turn since the user's last word must come back with it, unchanged. Clients and \
          gateways that rebuild the history in the OpenAI form, or cut or merge parts, lose it. \
          The message names the call and its position.",
    fix: &[
        you("Send the model's parts back as they came, thoughtSignature included; in the \
             OpenAI-compatible API keep tool_calls[].extra_content.google.thought_signature"),
        you("Update the client, SDK or gateway: most have learnt to keep it"),
        you(
            "Start a new conversation where the client cannot: the old one has lost its signatures",
        ),
        you("For calls that no Gemini 3 model made, send the documented value \
             skip_thought_signature_validator"),
        provider(
            "The gateway's maker: pass unknown fields of a tool call through in both directions",
        ),
    ],
    confirm: "A new conversation with one tool call gets past its second request.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call `default_api:read_page` , position 2. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.","status":"INVALID_ARGUMENT"}}"#,
        r#"[{"error":{"code":400,"message":"Function call `read_page` in the `3.` content block is missing a `thought_signature`. Learn more: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/thought-signatures","status":"INVALID_ARGUMENT"}}]"#,
        "Bad Request: {\"error\":{\"code\":400,\"message\":\"Corrupted thought signature.\",\"status\":\"INVALID_ARGUMENT\"}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"thought_signature\" at 'contents[1].parts[0].function_call': Cannot find field.","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Please ensure that function call turn comes immediately after a user turn or after a function response turn.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[],
    reproduce: "thought-signature-missing",
    hides: &[],
    docs: &[SIGNATURES_PAGE],
    as_of: "2026-11-20",
};

/// The signature is missing, or is not the one that was given.
const SIGNATURE_REFUSED: Sign = SaysOne(&[
    "missing a thought",
    "missing a `thought",
    "missing thought_signature",
    "missing_thought_signature",
    "Corrupted thought",
    "Invalid thought",
    "Thought signature is",
]);

const THOUGHT_SIGNATURE_NOT_BASE64: KnownFix = KnownFix {
    id: "thought-signature-not-base64",
    title: "A thought signature came back altered: it is no longer base64",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[
            SaysOne(&["thought_signature", "thoughtSignature"]),
            SaysOne(&["Base64 decoding failed", "(TYPE_BYTES)"]),
        ]),
        sure(&[Meta("field", "thought_signature"), Says("Base64")]),
        sure(&[Meta("field", "thoughtSignature"), Says("Base64")]),
    ],
    why: "A signature is opaque base64 that must come back letter by letter. This one was cut, joined \
          from the pieces of a stream, encoded twice, or shortened by a log or database in between. It \
          stays in the history, so every later turn fails too.",
    fix: &[
        you("Keep each signature whole and with its own part; never join those of several pieces"),
        you("Store it in a column without a length limit, and send it as it came"),
        you("Update the client or SDK, and start a new conversation: the old one stays broken"),
        you("For calls whose signature is lost, send the documented value \
             skip_thought_signature_validator"),
    ],
    confirm: "A new conversation with one tool call gets past its second request.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Invalid value at 'contents[2].parts[0].thought_signature' (TYPE_BYTES), Base64 decoding failed for \"FAKEsignature...\"","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"contents[2].parts[0].thought_signature","description":"Invalid value"}]}]}}"#,
        "[API Error: Invalid value at 'contents[5].parts[1].thought_signature' (TYPE_BYTES), Base64 \
         decoding failed for \"FAKEsignature\"",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Invalid value at 'contents[0].parts[1].inline_data.data' (TYPE_BYTES), Base64 decoding failed for \"data:image/png;base64,FAKE\"","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Function call is missing a thought_signature in functionCall parts.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[Split {
        id: "thought-signature-missing",
        by: "whether the part carries a signature at all",
    }],
    reproduce: "thought-signature-not-base64",
    hides: &[],
    docs: &[SIGNATURES_PAGE],
    as_of: "2026-11-20",
};

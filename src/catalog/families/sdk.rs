//! Known fixes for what client libraries say before or in the place of any answer.
//!
//! Google has said nothing in any of these, or nothing that the library lets through.

use crate::{
    catalog::{
        KnownFix,
        Sign::{self, By, Local, Not, Says, SaysOne, Status, StatusIn},
        Split, likely, maybe, sure, you,
    },
    facts::{Blame, Class, Layer, LocalFact, Party, RetryClass, Severity},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &NO_CREDENTIALS_CONFIGURED,
    &PACKAGE_MISSING_OR_MIXED,
    &CLIENT_LIFECYCLE,
    &HIDES_ERROR_BODY,
    &CLIENT_SCHEMA_DRIFT,
    &MODEL_LIST_OUTDATED,
    &HEADER_VALUE_NOT_TEXT,
];

const KEY_PAGE: &str = "https://ai.google.dev/gemini-api/docs/api-key";
const ERRORS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/troubleshooting";
const ANSWERS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/generate-content";

/// The libraries' own words for a start without credentials.
const NO_KEY_GIVEN: Sign = SaysOne(&[
    "Missing key inputs argument",
    "No API_KEY or ADC found",
    "API key must be set when using the Gemini API",
    "API key must be set when running in",
    "API key must be provided when using the Gemini API",
    "API key must either be provided or set in the environment variable",
    "api key is required for Google AI",
    "Google Generative AI API key is missing",
    "An API Key must be set when running in a browser",
    "API key should be set when using the Gemini API",
    "No API key was provided. Please pass a valid API key",
    "API key required for Gemini Developer API",
    "Gemini api key should be passed in",
    "You need an auth option to use this client",
    "Did not find google_api_key",
    "Missing configuration for Gemini: gemini_api_key",
    "Please set an API key for Google Generative",
    "Please pass in the API key or set the GEMINI_API_KEY",
    "must be set (for Gemini API)",
    "following authentication environment variables are set: ('GOOGLE_API_KEY'",
    "Please set an Auth method in your",
]);

/// The same where the names of variables are offered, so that a key may stand under another one.
const VARIABLES_OFFERED: Sign =
    SaysOne(&["environment variable", "GEMINI_API_KEY", "GOOGLE_API_KEY"]);

const NO_CREDENTIALS_CONFIGURED: KnownFix = KnownFix {
    id: "sdk-no-credentials-configured",
    title: "The SDK was started without a key and without a cloud project",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[NO_KEY_GIVEN, Not(&VARIABLES_OFFERED)]),
        likely(&[NO_KEY_GIVEN, VARIABLES_OFFERED]),
        likely(&[SaysOne(&["KeyError: 'GEMINI_API_KEY'", "KeyError: 'GOOGLE_API_KEY'"])]),
        // One of the library's own sentences tells more than the name of a variable in it.
        likely(&[
            NO_KEY_GIVEN,
            VARIABLES_OFFERED,
            SaysOne(&["API key", "api_key", "apiKey"]),
            SaysOne(&["Gemini", "Google"]),
            Not(&Says("GOOGLE_GENERATIVE_AI_API_KEY")),
        ]),
        sure(&[SaysOne(&["Missing key inputs argument", "No API_KEY or ADC found"])]),
        likely(&[
            SaysOne(&["API key", "api_key", "apiKey", "API_KEY"]),
            SaysOne(&[
                "must be set",
                "must be provided",
                "is required",
                "was provided",
                "key is missing",
                "missing API key",
                "no API key",
                "key required",
                "should be passed",
                "should be provided",
                "should be set",
                "must be passed",
                "not provided",
                "cannot be null",
                "cannot be empty",
                "must not be empty",
            ]),
            SaysOne(&["Gemini", "Google", "genai", "vertexai"]),
            Not(&NO_KEY_GIVEN),
            Not(&By(Party::Api)),
            Not(&SaysOne(&["unregistered callers", "No API key found in request"])),
        ]),
    ],
    why: "The library found neither a key in its arguments or variables nor the settings of the \
          cloud platform, and stopped before it sent anything. Mostly the variable is set in \
          another shell, has another name, or stands in a .env file that nobody loads.",
    fix: &[
        you("Set the variable in the shell or service that starts the program").run_in(
            "export GEMINI_API_KEY=\"$(cat key.txt)\"",
            "$env:GEMINI_API_KEY = (Get-Content key.txt -Raw).Trim()",
        ),
        you("Load .env before the client is made, or pass the key to the client by name"),
        you("Pass vertexai, project and location together if the cloud platform is meant"),
        you("See which source this machine offers, and that the key works")
            .run("gemini-doctor check-key"),
    ],
    confirm: "gemini-doctor check-key, started in the same way, names the key's source.",
    seen_as: &[
        "Traceback (most recent call last):\n  File \"/app/main.py\", line 9, in <module>\n\
         ValueError: Missing key inputs argument! To use the Google AI API, provide (`api_key`) \
         arguments. To use the Google Cloud API, provide (`vertexai`, `project` & `location`) arguments.",
        "Error: API key must be set when using the Gemini API.\n    at new GoogleGenAI (/app/node_modules/@google/genai/dist/node/index.mjs:1:1)",
        "google.auth.exceptions.DefaultCredentialsError: No API_KEY or ADC found. Please either: \
         Set the `GOOGLE_API_KEY` environment variable.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.","status":"PERMISSION_DENIED"}}"#,
        "google.auth.exceptions.DefaultCredentialsError: Your default credentials were not found.",
    ],
    splits: &[
        Split {
            id: "env-var-name-mismatch",
            by: "which variable the tool's own documentation names, and which one is set",
        },
        Split {
            id: "missing-api-key",
            by: "whether anything was sent: an answer of Google's says that no key arrived",
        },
    ],
    reproduce: "",
    hides: &[],
    docs: &[KEY_PAGE],
    as_of: "2026-11-20",
};

const PACKAGE_MISSING_OR_MIXED: KnownFix = KnownFix {
    id: "sdk-package-missing-or-mixed",
    title: "Google's SDK is not installed, or its old and new packages are mixed",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Local(LocalFact::ImportWithoutSdk)]),
        // The package's name stands right beside the complaint; a path in a stack is no sign.
        sure(&[SaysOne(&[
            "No module named 'google'",
            "No module named 'google.genai",
            "No module named 'google.generativeai",
            "No module named 'google.ai",
            "No module named 'google.cloud.aiplatform",
            "No module named 'vertexai",
            "No module named 'langchain_google_genai",
            "cannot import name 'genai'",
            "module 'google.genai",
            "module 'google.generativeai",
            "module 'google' has no attribute",
            "module 'genai' has no attribute",
            "Cannot find module '@google/gen",
            "Cannot find package '@google/gen",
            "resolve '@google/gen",
            "resolve \"@google/gen",
            "resolve import \"@google/gen",
        ])]),
        sure(&[
            SaysOne(&[
                "cannot import name",
                "does not provide an export named",
                "has no exported member",
            ]),
            SaysOne(&["from 'google", "'@google/gen", "\"@google/gen"]),
        ]),
        likely(&[
            SaysOne(&[
                "is not a constructor",
                "is not a function",
                "got an unexpected keyword argument",
            ]),
            SaysOne(&[
                "GoogleGenAI",
                "GoogleGenerativeAI",
                "genai.Client",
                "getGenerativeModel",
                "GenerativeModel",
            ]),
        ]),
        likely(&[
            SaysOne(&["pip install", "npm install", "not installed", "uv add"]),
            GOOGLE_PACKAGES,
            SaysOne(&[
                "ImportError",
                "ModuleNotFoundError",
                "Could not import",
                "not found",
                "not installed",
            ]),
        ]),
    ],
    why: "There are two generations of Google's libraries: google-generativeai and \
          @google/generative-ai are the old one, google-genai and @google/genai the new one, and \
          their names and calls differ. Code for one does not run with the other, and a file of \
          your own called google.py or genai.py hides both. No call was made.",
    fix: &[
        you("Install the new library into the very environment that runs the program")
            .run("python -m pip install -U google-genai"),
        you("In Node, install the new one").run("npm install @google/genai"),
        you(
            "Change old calls as the migration guide shows: a Client in place of configure and GenerativeModel",
        ),
        you("See what is installed, and that no file of yours bears the package's name")
            .run("python -m pip list"),
    ],
    confirm: "python -c \"from google import genai\" or the Node import ends without an error.",
    seen_as: &[
        "ImportError: cannot import name 'genai' from 'google' (unknown location)",
        "AttributeError: module 'google.genai' has no attribute 'configure'",
        "ModuleNotFoundError: No module named 'google.generativeai'",
        "Error: Cannot find module '@google/genai'\nRequire stack:\n- /app/index.js",
    ],
    live: &[&[Local(LocalFact::ImportWithoutSdk)]],
    not: &[
        "ModuleNotFoundError: No module named 'fastapi'",
        "TypeError: fetch failed\n  [cause]: Error: getaddrinfo ENOTFOUND generativelanguage.googleapis.com",
    ],
    splits: &[],
    reproduce: "",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

/// The names of Google's libraries, as import errors write them.
const GOOGLE_PACKAGES: Sign = SaysOne(&[
    "'google'",
    "'google.genai",
    "'google.generativeai",
    "'google.ai",
    "'google.cloud.aiplatform",
    "'vertexai",
    "\"google\"",
    "\"google.genai",
    "google-genai",
    "google-generativeai",
    "google.generativeai",
    "google.genai",
    "@google/genai",
    "@google/generative-ai",
    "langchain_google_genai",
    "langchain-google-genai",
]);

const CLIENT_LIFECYCLE: KnownFix = KnownFix {
    id: "sdk-client-lifecycle",
    title: "The program used a client or event loop that was already closed",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[sure(&[SaysOne(&[
        "as the client has been closed",
        "Event loop is closed",
        "attached to a different loop",
        "bound to a different event loop",
        "RuntimeError: Session is closed",
        "client has already been closed",
        "has no attribute '_async_httpx_client'",
    ])])],
    why: "Nothing was sent: the program closed the client, or let it be cleaned up, while a call \
          still used it. An asynchronous client also belongs to the event loop it was made in, and \
          each asyncio.run makes a new one.",
    fix: &[
        you(
            "Make one client when the program starts, keep it in a variable that lives on, and close it at the end",
        ),
        you("Run all asynchronous calls in one event loop, or make a client for each loop"),
        you("Leave no call running when a with block ends"),
        you("Update the library, since older versions closed clients too early")
            .run("python -m pip install -U google-genai"),
    ],
    confirm: "Two calls one after the other pass in the same process.",
    seen_as: &[
        "RuntimeError: Cannot send a request, as the client has been closed.",
        "  File \"/usr/lib/python3.12/asyncio/base_events.py\", line 545, in _check_closed\n\
         RuntimeError: Event loop is closed",
    ],
    live: &[],
    not: &[
        "httpx.RemoteProtocolError: Server disconnected without sending a response.",
        "httpx.ReadTimeout: The read operation timed out",
    ],
    splits: &[Split {
        id: "server-disconnected",
        by: "who closed: here the program's own client did, before anything was sent",
    }],
    reproduce: "",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const HIDES_ERROR_BODY: KnownFix = KnownFix {
    id: "sdk-hides-error-body",
    title: "The library swallowed Google's error and shows only a status",
    layer: Layer::Local,
    // What Google objected to is not in the text at all.
    blame: Blame::Unknown,
    severity: Severity::Error,
    class: Some(Class::Unknown),
    retry: RetryClass::FixFirst,
    when: &[
        likely(&[Says("400 status code (no body)")]),
        likely(&[Says("Error code: 400 (no body)")]),
        likely(&[Says("(no body)"), Status(400)]),
        // Here the path is right, so that the 404 has a body, which names the model.
        likely(&[
            Says("404 status code (no body)"),
            SaysOne(&["/v1beta/openai/chat/completions", "/v1beta/openai/embeddings"]),
            Not(&SaysOne(&["/openai/v1beta", "/openai/openai", "completions/chat"])),
        ]),
        maybe(&[
            Says("(no body)"),
            Not(&Says("404 status code (no body)")),
            Not(&Says("404 (no body)")),
            Not(&Status(404)),
        ]),
    ],
    why: "Google wraps the errors of its OpenAI-compatible path in a list, which OpenAI's library \
          does not read; it then says that there was no body. There was one, and it names the \
          cause: mostly a parameter that Gemini does not take, a wrong model or the key.",
    fix: &[
        you("Send the same body with curl, and read the whole answer").run_in(
            "curl -sS https://generativelanguage.googleapis.com/v1beta/openai/chat/completions -H \"Authorization: Bearer $GEMINI_API_KEY\" -H 'Content-Type: application/json' -d @body.json",
            "curl.exe -sS https://generativelanguage.googleapis.com/v1beta/openai/chat/completions -H \"Authorization: Bearer $env:GEMINI_API_KEY\" -H 'Content-Type: application/json' -d '@body.json'",
        ),
        you("See that key and model pass on Google's own path")
            .run("gemini-doctor check-key --model {model}"),
        you("Leave out parameters that OpenAI knows and Gemini may not, one after the other"),
    ],
    confirm: "The answer of curl shows an error message, which gemini-doctor fixes or explain can name.",
    seen_as: &[
        "BadRequestError: 400 status code (no body)\n    at APIError.generate (/app/node_modules/openai/core/error.mjs:41:20)",
        "BadRequestError: Error code: 400 (no body) [base_url=https://generativelanguage.googleapis.com/v1beta/openai/]",
    ],
    live: &[],
    not: &[
        "openai.NotFoundError: 404 status code (no body)",
        r#"[{"error":{"code":400,"message":"Please use a valid role: user, model.","status":"INVALID_ARGUMENT"}}]"#,
    ],
    splits: &[
        Split {
            id: "openai-compat-base-url-wrong",
            by: "the status and the path: a 404 without a body is about the URL",
        },
        Split {
            id: "invalid-argument-generic",
            by: "the body that curl shows, which names the field if Google does",
        },
    ],
    reproduce: "",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

const CLIENT_SCHEMA_DRIFT: KnownFix = KnownFix {
    id: "client-schema-drift",
    title: "The client cannot read Google's answer, which has changed its shape",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[PARSER_COMPLAINTS, FIELDS_OF_ANSWERS, Not(&HIDES_A_BLOCK), Not(&By(Party::Api))]),
        likely(&[PARSER_COMPLAINTS, FIELDS_OF_ANSWERS, Not(&By(Party::Api))]),
        likely(&[
            SaysOne(&["validation error for", "validation errors for", "validationError"]),
            SaysOne(&["candidates", "promptFeedback", "usageMetadata"]),
            SaysOne(&["Field required", "field required", "Required"]),
            Not(&By(Party::Api)),
        ]),
        // Validators that print the answer itself, which then looks like an empty one.
        sure(&[
            Says("validation failed"),
            PARSER_COMPLAINTS,
            FIELDS_OF_ANSWERS,
            Not(&HIDES_A_BLOCK),
            Not(&By(Party::Api)),
        ]),
        likely(&[
            SaysOne(&["error decoding response body", "JSON deserialization for type"]),
            PARSER_COMPLAINTS,
            Not(&FIELDS_OF_ANSWERS),
            Not(&By(Party::Api)),
        ]),
    ],
    why: "The call worked. The client insists on a field that is not in every answer, or does not \
          know a word that is new, and its strict model of the answer broke. Google adds fields \
          and finish reasons without notice, and leaves out what is empty.",
    fix: &[
        you("Update the client library"),
        you(
            "Make the answer's fields optional and let unknown words through, if the model is yours",
        ),
        you("See that the API itself answers").run("gemini-doctor check-key"),
    ],
    confirm: "The same call's answer is read without an error.",
    seen_as: &[
        "System.Text.Json.JsonException: JSON deserialization for type \
         'Example.Ai.GenerateContentResponse' was missing required properties including: 'safetyRatings'.",
        "error decoding response body: missing field `parts` at line 14 column 7",
        "error decoding response body: unknown variant `LANGUAGE`, expected one of `STOP`, \
         `MAX_TOKENS`, `SAFETY` at line 20 column 4",
        "pydantic_core._pydantic_core.ValidationError: 1 validation error for GenerateContentResponse\n\
         candidates.0.finishReason\n  Input should be 'STOP', 'MAX_TOKENS' or 'SAFETY' [type=enum, input_value='LANGUAGE', input_type=str]",
    ],
    live: &[],
    not: &[
        "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        "langchain_core.exceptions.OutputParserException: Invalid json output: Sure! Here is the list:",
        r#"{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"finishReason\": Cannot find field.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[
        Split {
            id: "midstream-error-swallowed",
            by: "the raw answer: an error object, or a good answer with a field more or less",
        },
        Split {
            id: "blocked-prohibited-content",
            by: "the raw answer: a blocked prompt comes without candidates",
        },
        Split {
            id: "blocked-safety",
            by: "the raw answer: its promptFeedback or finishReason says SAFETY",
        },
        Split {
            id: "empty-candidate-no-text",
            by: "the raw answer: a candidate is there and holds no parts",
        },
        Split {
            id: "malformed-function-call",
            by: "the word that the client does not know: MALFORMED_FUNCTION_CALL is the model's fault",
        },
    ],
    reproduce: "",
    hides: &[],
    docs: &[ANSWERS_PAGE],
    as_of: "2026-11-20",
};

/// How libraries say that a name is not on a list of their own.
const NOT_ON_THE_LIST: Sign = SaysOne(&[
    "Unknown model",
    "Unsupported model",
    "Unrecognized model",
    "Unknown Gemini model",
    "is not a known model",
    "is not a recognized model",
    "is not a supported model",
    "not a valid model ID",
    "not a valid model name",
    "Invalid model name",
    "isn't mapped yet",
    "not in the list of supported models",
    "not in the model list",
]);

/// How they show that list.
const LIST_SHOWN: Sign = SaysOne(&[
    "Supported models:",
    "Supported models are",
    "Supported model names",
    "Available models:",
    "Available models are",
    "Valid models:",
    "Valid models are",
    "Must be one of: gemini",
    "expected one of: gemini",
]);

/// Any answer of a server.
const ANSWERED: Sign = StatusIn(&[400, 401, 403, 404, 422, 429, 500, 502, 503, 504]);

const MODEL_LIST_OUTDATED: KnownFix = KnownFix {
    id: "sdk-model-list-outdated",
    title: "The library's own list of models does not have this name",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[
        likely(&[LIST_SHOWN, Says("gemini"), Says("model"), Not(&By(Party::Api)), Not(&ANSWERED)]),
        likely(&[
            LIST_SHOWN,
            NOT_ON_THE_LIST,
            Says("gemini"),
            Not(&By(Party::Api)),
            Not(&ANSWERED),
        ]),
        likely(&[NOT_ON_THE_LIST, Says("gemini"), Not(&By(Party::Api)), Not(&ANSWERED)]),
        // A gateway keeps such a list too.
        maybe(&[
            NOT_ON_THE_LIST,
            Says("gemini"),
            Not(&By(Party::Api)),
            Not(&Says("Invalid model name passed in model=")),
        ]),
    ],
    why: "The library compares the name with a list that was built into it, and stopped before it \
          asked anybody. Such a list is older than the newest models, so a name that Google serves \
          may be missing there; a name that is misspelt is missing too.",
    fix: &[
        you("Ask Google whether this key's list has the name")
            .run("gemini-doctor list-models {model}"),
        you("If it has, update the library, since its list is the older one")
            .run("python -m pip install -U google-genai"),
        you("Clear compiled files that hold the old list, and restart the program").run_in(
            "find . -name __pycache__ -type d -prune -exec rm -r {} +",
            "Get-ChildItem -Recurse -Directory -Filter __pycache__ | Remove-Item -Recurse",
        ),
        you("Switch the check of names off in its settings, if there is such a setting"),
        you("If Google does not list it either, correct the name"),
    ],
    confirm: "gemini-doctor check-key --model NAME passes, and the library takes the same name.",
    seen_as: &[
        "ValueError: Model gemini-3.8-flash is not supported. Supported models: gemini-1.5-pro, \
         gemini-1.5-flash",
        "example_agent.errors.ConfigError: Unknown model: gemini-3.8-flash",
        "Exception: This model isn't mapped yet. model=gemini-3.8-flash, custom_llm_provider=gemini",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":404,"message":"models/gemini-3.5-flahs is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.","status":"NOT_FOUND"}}"#,
        "ValueError: Unknown model: example-embedder-2",
    ],
    splits: &[Split {
        id: "model-name-wrong",
        by: "gemini-doctor list-models NAME: a name that Google lists too is right",
    }],
    reproduce: "",
    hides: &[],
    docs: &["https://ai.google.dev/gemini-api/docs/models"],
    as_of: "2026-11-20",
};

const HEADER_VALUE_NOT_TEXT: KnownFix = KnownFix {
    id: "sdk-header-value-not-text",
    title: "The key or another header was given as an object and not as a text",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[SaysOne(&[
            "Header value must be str or bytes",
            "Header value must be of type str",
            "must be of type str or bytes",
        ])]),
        sure(&[Says("Header part ("), Says("must be of type str or bytes")]),
    ],
    why: "HTTP headers hold texts, and the program put a structure or nothing into one: mostly a \
          setting that takes a key was given a table, a secret's object or None. Nothing was sent, \
          though wrappers report a failure of the server.",
    fix: &[
        you(
            "Read the type that the message names, and look for the setting that holds such a value",
        ),
        you("Give the key as a plain text, not as a secret's object or a table of headers"),
        you("See that the key itself is good").run("gemini-doctor check-key"),
    ],
    confirm: "The request leaves the program, and Google answers it.",
    seen_as: &[
        "TypeError: Header value must be str or bytes, not <class 'dict'>",
        "litellm.InternalServerError: GeminiException - Header value must be str or bytes, not <class \
         'NoneType'>",
        "requests.exceptions.InvalidHeader: Header part (None) from ('x-goog-api-key', None) must be of \
         type str or bytes, not <class 'NoneType'>",
    ],
    live: &[],
    not: &["httpx.LocalProtocolError: Illegal header value b'AQ.FAKE-example-key\\n'"],
    splits: &[],
    reproduce: "",
    hides: &[],
    docs: &[KEY_PAGE],
    as_of: "2026-11-20",
};

/// How strict parsers complain about a field or a word.
const PARSER_COMPLAINTS: Sign = SaysOne(&[
    "missing required propert",
    "missing field `",
    "missing field \"",
    "unknown field `",
    "unknown field \"",
    "has no field named",
    "unknown variant `",
    "Unrecognized field",
    "Unrecognized property",
    "Cannot deserialize value of type",
    "cannot unmarshal",
    "could not be converted to",
    "Field required [type=missing",
    "Input should be ",
    "invalid_union",
    "invalid_type",
    "invalid_enum_value",
    "unrecognized_keys",
    "No value given for required property",
    "keyNotFound",
    "type 'Null' is not a subtype",
    "is required for type with serial name",
    "Error converting value",
    "Undefined property",
    "Undefined array key",
    "Undefined index",
    // kotlinx.serialization and Moshi.
    "does not contain element with name",
    "but it was missing",
    "Encountered an unknown key",
    "Required value '",
    "Expected one of [",
    // Jackson.
    "accepted for Enum class",
    "No enum constant",
    // pydantic, zod and others with a schema.
    "Field required",
    "literal_error",
    "Extra inputs are not permitted",
    "Invalid enum value",
    "Invalid option: expected one of",
    "Type validation failed",
    // serde, Go, Swift, Dart.
    "invalid type: null",
    "json: unknown field",
    "valueNotFound",
    "typeMismatch",
    "Unhandled format for",
    "is not a valid FinishReason",
    "is not a valid HarmCategory",
    "is not a valid BlockReason",
    "Invalid option: expected",
    "invalid_literal",
    "Unexpected JSON token",
    "Serializer for subclass",
    "Unhandled format for",
    "Unhandled FinishReason",
    "Unhandled HarmCategory",
    "Unhandled BlockReason",
    "from invalid String value",
    "UnrecognizedPropertyException",
    "expected array, received undefined",
    "dataCorrupted",
    "KeyError: 'candidates'",
]);

/// What shows that the answer which the client cannot read was itself a refusal or a failure.
const HIDES_A_BLOCK: Sign = SaysOne(&[
    "MALFORMED_FUNCTION_CALL",
    "UNEXPECTED_TOOL_CALL",
    "PROHIBITED_CONTENT",
    "IMAGE_SAFETY",
    "BLOCKLIST",
    "SPII",
    "`candidates`",
    "'candidates'",
    "\"candidates\"",
]);

/// What only stands in answers of the API.
const FIELDS_OF_ANSWERS: Sign = SaysOne(&[
    "GenerateContentResponse",
    "GeminiResponse",
    "safetyRatings",
    "safety_ratings",
    "usageMetadata",
    "usage_metadata",
    "finishReason",
    "finish_reason",
    "FinishReason",
    "promptFeedback",
    "candidatesTokenCount",
    "thoughtsTokenCount",
    "`candidates`",
    "'candidates'",
    "\"candidates\"",
    "candidates.0",
    "candidates[0]",
    "candidates[",
    "BlockReason",
    "HarmCategory",
    "`parts`",
    "'parts'",
    "\"parts\"",
    "thoughtSignature",
    "`content`",
    "MAX_TOKENS",
    "citationMetadata",
    "groundingMetadata",
    "modelVersion",
]);

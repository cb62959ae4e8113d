//! Known fixes for live sessions: a WebSocket that was closed, by its code and the words beside it.
//!
//! The code alone says little, so the words decide wherever they name a cause of their own: a key, a
//! place, a quota. Code 1006 stands for no goodbye at all and is a matter of the network.

use crate::{
    catalog::{
        KnownFix,
        Sign::{self, Closed, Says, SaysOne},
        Split, likely, maybe, provider,
        sign::ABOUT_THIS_API,
        sure, you,
    },
    facts::{Blame, Class, Layer, RetryClass, Severity},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[&CLOSED_1007, &CLOSED_1008, &CLOSED_1011];

const ERRORS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/troubleshooting";

/// The code in the words of WebSocket libraries, for texts whose code was not read by itself.
const SAYS_1007: Sign = SaysOne(&[
    "close 1007",
    "closed: 1007",
    "onclose: 1007",
    "received 1007",
    "code=1007",
    "code: 1007",
    "code 1007",
    "1007 None.",
    "\"code\":1007",
    "(1007)",
]);
const SAYS_1008: Sign = SaysOne(&[
    "close 1008",
    "closed: 1008",
    "onclose: 1008",
    "received 1008",
    "code=1008",
    "code: 1008",
    "code 1008",
    "1008 None.",
    "\"code\":1008",
    "code: Policy",
    "(1008)",
]);
const SAYS_1011: Sign = SaysOne(&[
    "close 1011",
    "closed: 1011",
    "onclose: 1011",
    "received 1011",
    "code=1011",
    "code: 1011",
    "code 1011",
    "1011 None.",
    "\"code\":1011",
    "(1011)",
]);

/// The words beside the code name no cause of their own.
const NOT_TOLD: Sign = Sign::Not(&SaysOne(&[
    "API key not valid",
    "API key expired",
    "API key was reported as leaked",
    "User location is not supported",
    "exceeded your current quota",
]));

/// The API's word for a message that it cannot use.
const INVALID_ARGUMENT: Sign = Says("invalid argument");

const CLOSED_1007: KnownFix = KnownFix {
    id: "live-session-closed-1007",
    title: "The live session was closed (1007): a message in it is not valid",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Closed(1007), INVALID_ARGUMENT]),
        sure(&[SAYS_1007, INVALID_ARGUMENT]),
        // A field that does not exist in a live message is refused with the words for any request.
        likely(&[Closed(1007), Says("Invalid JSON payload received"), Says("Unknown name")]),
        likely(&[SAYS_1007, Says("Invalid JSON payload received"), Says("Unknown name")]),
        likely(&[Closed(1007), NOT_TOLD, ABOUT_THIS_API]),
        likely(&[SAYS_1007, NOT_TOLD, ABOUT_THIS_API]),
        maybe(&[Closed(1007), NOT_TOLD]),
        maybe(&[SAYS_1007, NOT_TOLD]),
        maybe(&[Says("WebSocket"), Says("1007"), NOT_TOLD, ABOUT_THIS_API]),
    ],
    why: "The service closes a live session when it cannot use a message, mostly the first one, \
          which sets it up: a field that does not exist there, an answer modality or voice that \
          the model lacks, or sound in another format than the one announced.",
    fix: &[
        you(
            "Set the session up with the model's name and one response modality only, then add the rest field by field",
        ),
        you("Send 16-bit PCM at the rate that the MIME type names, such as audio/pcm;rate=16000"),
        you("Take a model that is made for live sessions").run("gemini-doctor list-models"),
        you("See that key and network are fine").run("gemini-doctor check-key"),
    ],
    confirm: "The session answers the set-up message and stays open through one turn.",
    seen_as: &[
        "websockets.exceptions.ConnectionClosedError: received 1007 (invalid frame payload data) \
         Request contains an invalid argument.; then sent 1007 (invalid frame payload data)",
        "session closed: code=1007 reason=\"Request contains an invalid argument.\"",
        "websocket: close 1007 (invalid payload data): Request contains an invalid argument.",
    ],
    live: &[&[Closed(1007)], &[Closed(1007), INVALID_ARGUMENT]],
    not: &[
        r#"{"error":{"code":400,"message":"Request contains an invalid argument.","status":"INVALID_ARGUMENT"}}"#,
        "websocket: close 1007 (invalid payload data): API key not valid. Please pass a valid API key.",
    ],
    splits: &[
        Split {
            id: "model-wrong-api-version-or-method",
            by: "gemini-doctor list-models NAME: whether the model has bidiGenerateContent",
        },
        Split {
            id: "schema-unknown-field",
            by: "the field's name in the words beside the code: one of a schema, or of the set-up message",
        },
        Split {
            id: "api-key-invalid",
            by: "the words beside the code, and gemini-doctor check-key with the same key",
        },
    ],
    reproduce: "",
    hides: &["invalid-argument-generic"],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

const CLOSED_1008: KnownFix = KnownFix {
    id: "live-session-closed-1008",
    title: "The live session was closed (1008): this model or feature is not on",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Closed(1008), NOT_ENABLED]),
        sure(&[SAYS_1008, NOT_ENABLED]),
        // The sentence of a name that does not exist: the code says where, the table and the list why.
        likely(&[Closed(1008), Says("models/"), NOT_FOUND]),
        likely(&[SAYS_1008, Says("models/"), NOT_FOUND]),
        likely(&[Closed(1008), Says("Requested entity was not found")]),
        likely(&[SAYS_1008, Says("Requested entity was not found")]),
        likely(&[Closed(1008), NOT_TOLD, ABOUT_THIS_API]),
        likely(&[SAYS_1008, NOT_TOLD, ABOUT_THIS_API]),
        maybe(&[Closed(1008), NOT_TOLD]),
        maybe(&[SAYS_1008, NOT_TOLD]),
        maybe(&[Says("WebSocket"), Says("1008"), NOT_TOLD, ABOUT_THIS_API]),
        sure(&[Says("WebSocket"), Says("1008"), Says("not implemented, or supported, or enabled")]),
    ],
    why: "With 1008 the service refuses what the session asks for: a model that has no live \
          sessions, is gone or stands under another API version, or a tool or setting that this \
          build does not offer. Refused credentials come with the same code and other words.",
    fix: &[
        you("See whether the model exists for this key and has bidiGenerateContent")
            .run("gemini-doctor list-models {model}"),
        you(
            "Leave tools, affective dialogue, proactive audio and other extras out, then add them one by one",
        ),
        you("Open the session under v1beta, or under v1alpha where a preview feature asks for it"),
        you("Try another live model, and reconnect"),
    ],
    confirm: "The session answers the set-up message and stays open through one turn.",
    seen_as: &[
        "websockets.exceptions.ConnectionClosedError: received 1008 (policy violation) Operation \
         is not implemented, or supported, or enabled.; then sent 1008 (policy violation)",
        "onclose: 1008 models/gemini-3.8-flash is not found for API version v1beta, or is not \
         supported for bidiGenerateContent.",
        "websocket: close 1008 (policy violation): Requested entity was not found.",
    ],
    live: &[&[Closed(1008)], &[Closed(1008), NOT_ENABLED]],
    not: &[
        "websockets.exceptions.ConnectionClosedError: received 1008 (policy violation) API keys \
         are not supported by this API. Expected OAuth2 access token or other authentication",
        r#"{"error":{"code":404,"message":"models/gemini-3.5-flahs is not found for API version v1beta, or is not supported for generateContent.","status":"NOT_FOUND"}}"#,
    ],
    splits: &[
        Split {
            id: "model-wrong-api-version-or-method",
            by: "gemini-doctor list-models NAME: the name is listed without bidiGenerateContent",
        },
        Split {
            id: "model-name-wrong",
            by: "gemini-doctor list-models NAME: the name never existed",
        },
        Split { id: "model-retired", by: "the table of retired models: the name existed once" },
        Split {
            id: "apikey-not-supported-by-endpoint",
            by: "the words beside the code: a refused key says that keys are not supported",
        },
    ],
    reproduce: "",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

const NOT_ENABLED: Sign = SaysOne(&[
    "not implemented, or supported, or enabled",
    "operation is not implemented",
    "is not supported by this model",
]);

const NOT_FOUND: Sign = Says("is not found for API version");

const CLOSED_1011: KnownFix = KnownFix {
    id: "live-session-closed-1011",
    title: "The live session was closed (1011): trouble on Google's side",
    layer: Layer::Stream,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: Some(Class::Theirs),
    retry: RetryClass::Backoff,
    when: &[
        sure(&[Closed(1011), ON_THEIR_SIDE]),
        sure(&[SAYS_1011, ON_THEIR_SIDE]),
        likely(&[Closed(1011), SERVERS_FAULT, ABOUT_THIS_API]),
        likely(&[Closed(1011), NOT_OURS, ABOUT_THIS_API]),
        likely(&[SAYS_1011, NOT_OURS, ABOUT_THIS_API]),
        // The code's name, which any server gives.
        maybe(&[Closed(1011), NOT_OURS]),
        maybe(&[SAYS_1011, NOT_OURS]),
        maybe(&[Says("WebSocket"), Says("1011"), NOT_OURS, ABOUT_THIS_API]),
    ],
    why: "1011 is the server's own \"something went wrong here\": an internal error, a service that \
          is short of capacity, a session that was moved. Nothing in the message need be wrong. At \
          times a used-up quota comes with this code too, and then the words say so.",
    fix: &[
        you("Reconnect after a growing pause, with the session's resumption handle"),
        you("Read the words beside the code: if they speak of quota, wait or raise it"),
        you("See whether ordinary calls to the API pass").run("gemini-doctor check-key"),
        provider("Look into it with the time, the model and the session's id"),
    ],
    confirm: "A new session stays open through several turns.",
    seen_as: &[
        "websockets.exceptions.ConnectionClosedError: received 1011 (internal error) Internal \
         error encountered.; then sent 1011 (internal error) Internal error encountered.",
        "onclose: 1011 The service is currently unavailable.",
        "websocket: close 1011 (internal server error): Internal error occurred.",
    ],
    live: &[&[Closed(1011)], &[Closed(1011), ON_THEIR_SIDE]],
    not: &[
        r#"{"error":{"code":500,"message":"Internal error encountered.","status":"INTERNAL"}}"#,
        "websockets.exceptions.ConnectionClosedError: no close frame received or sent",
    ],
    splits: &[
        Split {
            id: "quota-exhausted-unspecified",
            by: "the words beside the code, and the project's usage page",
        },
        Split {
            id: "server-disconnected",
            by: "the code: 1006 or none means that nobody said goodbye, which is the network",
        },
    ],
    reproduce: "",
    hides: &["server-internal-500", "service-unavailable-503"],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

/// Google's own sentences behind the code.
const ON_THEIR_SIDE: Sign = SaysOne(&[
    "Internal error encountered",
    "Internal error occurred",
    "internal error has occurred",
    "service is currently unavailable",
    "model is overloaded",
    "deadline expired before",
]);

/// Words that other servers have, too.
const SERVERS_FAULT: Sign = SaysOne(&["internal error", "unavailable", "overloaded"]);

/// The client itself closes with this code when its pings get no answer.
const NOT_OURS: Sign = Sign::Not(&Says("keepalive ping timeout"));

//! Known fixes of the family `server`: the provider's servers, and who gives up waiting for them.

use crate::{
    catalog::{
        KnownFix, Sign, Split, likely, maybe, owner, provider, sign::ABOUT_THIS_API, sure, you,
    },
    facts::{Blame, Fault, Layer, Method, Party, RetryClass, Severity, Stage},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &MODEL_OVERLOADED,
    &SERVICE_UNAVAILABLE,
    &SERVER_INTERNAL,
    &DEADLINE_EXCEEDED,
    &DEADLINE_BELOW_MINIMUM,
    &CANCELLED,
    &GATEWAY_TIMEOUT,
    &CLIENT_READ_TIMEOUT,
    &CLIENT_ABORTED,
];

const ERRORS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/troubleshooting";

const MODEL_OVERLOADED: KnownFix = KnownFix {
    id: "model-overloaded-503",
    title: "Google has no capacity left for this model right now",
    layer: Layer::Backend,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Backoff,
    when: &[
        sure(&[Sign::SaysOne(&[
            "model is overloaded",
            "model is currently overloaded",
            "model is temporarily overloaded",
            "currently experiencing high demand",
        ])]),
        sure(&[Sign::Reason("MODEL_CAPACITY_EXHAUSTED")]),
        // The login's API says it as a used-up quota, and the capacity is the server's all the same.
        sure(&[NO_CAPACITY]),
        sure(&[NO_CAPACITY, Sign::Reason("rateLimitExceeded")]),
        sure(&[NO_CAPACITY, Sign::Reason("RATE_LIMIT_EXCEEDED")]),
        sure(&[NO_CAPACITY, Sign::Rpc("RESOURCE_EXHAUSTED"), Sign::Status(429)]),
    ],
    why: "The servers of this one model are full. Key, quota and request are fine, and other models have \
          servers of their own.",
    fix: &[
        you("Retry with growing, random pauses for some minutes"),
        you("Fall back to another model of the same family").run("gemini-doctor list-models"),
        you("Move work that can wait to a quieter hour"),
    ],
    confirm: "gemini-doctor check-key gets an answer from the model.",
    seen_as: &[
        r#"{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}"#,
        "google.genai.errors.ServerError: 503 UNAVAILABLE. {'error': {'code': 503, 'message': 'This model is currently experiencing high demand. Spikes in demand are usually temporary. Please try again later.', 'status': 'UNAVAILABLE'}}",
        "[GoogleGenerativeAI Error]: Error fetching from https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent: [503 Service Unavailable] The model is overloaded. Please try again later.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":503,"message":"The service is currently unavailable.","status":"UNAVAILABLE"}}"#,
        "grpc._channel._InactiveRpcError: status = StatusCode.UNAVAILABLE details = \"failed to connect to all addresses; last error: UNAVAILABLE: ipv4:142.250.74.106:443: Connection refused\"",
    ],
    splits: &[],
    reproduce: "model-overloaded-503",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

/// The login's API in the words of its message.
const NO_CAPACITY: Sign =
    Sign::SaysOne(&["No capacity available for model", "MODEL_CAPACITY_EXHAUSTED"]);

const SERVICE_UNAVAILABLE: KnownFix = KnownFix {
    id: "service-unavailable-503",
    title: "Google's service is unavailable for the moment",
    layer: Layer::Backend,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Backoff,
    when: &[
        sure(&[Sign::Says("service is currently unavailable")]),
        likely(&[Sign::Rpc("UNAVAILABLE"), Sign::By(Party::Api)]),
        maybe(&[
            Sign::Status(503),
            Sign::Not(&Sign::By(Party::Gateway)),
            Sign::Not(&Sign::By(Party::Page)),
        ]),
        // Clients that put the status into a sentence of their own and drop the rest.
        maybe(&[
            Sign::SaysOne(&["status code of 503", "status code is 503", "error code: 503"]),
            Sign::Not(&Sign::By(Party::Gateway)),
        ]),
    ],
    why: "The servers behind the API do not take requests at present. Nothing about the key or the request \
          is wrong.",
    fix: &[
        you("Retry with growing, random pauses for some minutes"),
        you("Fall back to another model meanwhile, or answer without one"),
        you("See whether only one model or every call is hit").run("gemini-doctor check-key"),
        provider("Restore the service; watch its status page meanwhile"),
    ],
    confirm: "gemini-doctor check-key passes.",
    seen_as: &[
        r#"{"error":{"code":503,"message":"The service is currently unavailable.","status":"UNAVAILABLE"}}"#,
        "google.api_core.exceptions.ServiceUnavailable: 503 The service is currently unavailable.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}"#,
        "HTTP/1.1 503 Service Unavailable\n\n<html><body><h1>503 Service Temporarily Unavailable</h1><hr>nginx</body></html>",
    ],
    splits: &[Split {
        id: "model-overloaded-503",
        by: "the body of the answer: its message says whether it was the model that was full",
    }],
    reproduce: "service-unavailable-503",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

const SERVER_INTERNAL: KnownFix = KnownFix {
    id: "server-internal-500",
    title: "Google's servers failed on this request (500 INTERNAL)",
    layer: Layer::Backend,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Backoff,
    when: &[
        sure(&[Sign::SaysOne(&[
            "An internal error has occurred",
            "Internal error encountered",
            "internal error occurred",
        ])]),
        likely(&[Sign::Rpc("INTERNAL"), Sign::By(Party::Api)]),
        maybe(&[
            Sign::Status(500),
            Sign::Not(&Sign::By(Party::Gateway)),
            Sign::Not(&Sign::By(Party::Page)),
        ]),
        maybe(&[
            Sign::SaysOne(&["status code of 500", "status code is 500"]),
            Sign::Not(&Sign::By(Party::Gateway)),
        ]),
    ],
    why: "Usually a passing fault on the provider's side. If the very same body fails three times while a \
          short prompt passes, something in that body sets it off: a very long context, a broken image, a mix of tools.",
    fix: &[
        you("Retry up to three times with growing pauses"),
        you("Send a short prompt with the same key and model").run("gemini-doctor check-key"),
        you("If only your body fails, halve it until it passes, or use another model"),
        provider("Look into it with the time, the model and the response id"),
    ],
    confirm: "The same body gets an answer twice in a row.",
    seen_as: &[
        r#"{"error":{"code":500,"message":"An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting","status":"INTERNAL"}}"#,
        "google.genai.errors.ServerError: 500 INTERNAL. {'error': {'code': 500, 'message': 'Internal error encountered.', 'status': 'INTERNAL'}}",
    ],
    live: &[],
    not: &[
        "HTTP/1.1 500 Internal Server Error\n\n<html><head><title>500</title></head><body>openresty</body></html>",
        r#"{"error":{"code":504,"message":"Deadline expired before operation could complete.","status":"DEADLINE_EXCEEDED"}}"#,
    ],
    splits: &[],
    reproduce: "server-internal-500",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

const DEADLINE_EXCEEDED: KnownFix = KnownFix {
    id: "deadline-exceeded",
    title: "The answer took longer than the deadline of the call",
    layer: Layer::Backend,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Backoff,
    when: &[
        sure(&[Sign::Rpc("DEADLINE_EXCEEDED"), Sign::Says("deadline expired before")]),
        likely(&[Sign::Rpc("DEADLINE_EXCEEDED")]),
        likely(&[Sign::SaysOne(&["Deadline Exceeded", "DEADLINE_EXCEEDED", "deadline expired"])]),
    ],
    why: "Google gave the call up because it was not done in time: a long prompt, much thinking, a long answer. \
          Clients may send a deadline of their own, and 60 s is a usual one.",
    fix: &[
        you("Raise the client's time limit, and the deadline it sends if it sends one"),
        you("Stream the answer, so that the first piece comes early"),
        you(
            "Shorten the prompt, the thinking or the answer; note their lengths and the model beside the time",
        ),
        you(
            "Split the work, or put it into a batch or an asynchronous queue that nobody waits for",
        ),
    ],
    confirm: "The same call gets an answer within the new limit.",
    seen_as: &[
        r#"{"error":{"code":504,"message":"Deadline expired before operation could complete.","status":"DEADLINE_EXCEEDED"}}"#,
        "google.api_core.exceptions.DeadlineExceeded: 504 Deadline Exceeded",
    ],
    live: &[],
    not: &[
        "<html>\n<head><title>504 Gateway Time-out</title></head>\n<body><center><h1>504 Gateway Time-out</h1></center><hr><center>nginx</center></body></html>",
        "requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='generativelanguage.googleapis.com', port=443): Read timed out. (read timeout=60)",
    ],
    splits: &[Split {
        id: "client-read-timeout",
        by: "whether an answer came at all: a status of 504 did, a time-out of the client did not",
    }],
    reproduce: "deadline-exceeded",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

const CANCELLED: KnownFix = KnownFix {
    id: "cancelled-499",
    title: "The call was cancelled before its answer was ready (499)",
    layer: Layer::Backend,
    blame: Blame::Unknown,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[Sign::Rpc("CANCELLED"), Sign::SaysOne(&["operation was cancelled"])]),
        likely(&[Sign::Rpc("CANCELLED")]),
        sure(&[Sign::Status(499), Sign::Says("operation was cancelled"), ABOUT_THIS_API]),
        // Names of hosts and models beside it may sound like other causes.
        sure(&[
            Sign::Says("operation was cancelled"),
            Sign::SaysOne(&["Status: 499", "status 499", "HTTP 499", "code 499"]),
            ABOUT_THIS_API,
        ]),
        likely(&[Sign::Status(499)]),
        maybe(&[Sign::SaysOne(&["The operation was cancelled", "Client Closed Request"])]),
    ],
    why: "The server says that somebody ended the call. Mostly the caller's side did, by a time limit, an abort \
          or a closed connection; under load the service itself does it, with the same words.",
    fix: &[
        you("Look whether the client has a time limit that matches the time until the error"),
        you("Raise that limit, or stream the answer"),
        you("If the client cancelled nothing, retry with growing pauses"),
    ],
    confirm: "The same call gets an answer, and the client's log shows no abort.",
    seen_as: &[
        r#"{"error":{"code":499,"message":"The operation was cancelled.","status":"CANCELLED"}}"#,
        "google.genai.errors.ClientError: 499 CANCELLED. {'error': {'code': 499, 'message': 'The operation was cancelled.', 'status': 'CANCELLED'}}",
    ],
    live: &[],
    not: &[
        "DOMException [AbortError]: The user aborted a request.",
        "<html><body><h1>504 Gateway Time-out</h1>nginx</body></html>",
    ],
    splits: &[],
    reproduce: "cancelled-499",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

const GATEWAY_TIMEOUT: KnownFix = KnownFix {
    id: "gateway-timeout-too-short",
    title: "A gateway got no answer, or none in time, from the server behind it",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        likely(&[Sign::By(Party::Gateway), Sign::StatusIn(GATEWAY_STATUSES), ABOUT_THIS_API]),
        likely(&[Sign::SaysOne(GATEWAY_WORDS), Sign::Not(&Sign::By(Party::Api)), ABOUT_THIS_API]),
        // The stock page of gateways, which is nobody's web site. A 502 alone tells of no time.
        likely(&[Sign::Says("504 gateway time"), Sign::Not(&Sign::By(Party::Api))]),
        likely(&[Sign::Says("502 bad gateway"), Sign::Not(&Sign::By(Party::Api)), ABOUT_THIS_API]),
        maybe(&[Sign::Says("502 bad gateway"), Sign::Not(&Sign::By(Party::Api))]),
        // Serverless platforms have words of their own.
        likely(&[Sign::SaysOne(PLATFORM_WORDS), Sign::Not(&Sign::By(Party::Api))]),
        // HTTP/2 has no phrases, and old SDKs print the gap.
        likely(&[
            Sign::Says("Error fetching from"),
            Sign::SaysOne(&["[502 ]", "[504 ]", "[522 ]", "[524 ]"]),
        ]),
        // Statuses that only such a gateway has.
        likely(&[Sign::StatusIn(&[522, 524]), Sign::Not(&Sign::By(Party::Api)), ABOUT_THIS_API]),
        // A page of somebody's, who knows what behind it.
        maybe(&[Sign::By(Party::Gateway), Sign::StatusIn(GATEWAY_STATUSES)]),
        maybe(&[Sign::SaysOne(GATEWAY_WORDS), Sign::Not(&Sign::By(Party::Api))]),
        maybe(&[Sign::By(Party::Page), Sign::StatusIn(GATEWAY_STATUSES)]),
        maybe(&[Sign::By(Party::Unknown), Sign::StatusIn(GATEWAY_STATUSES)]),
        maybe(&[
            Sign::StatusIn(GATEWAY_STATUSES),
            Sign::Not(&Sign::By(Party::Api)),
            Sign::Not(&Sign::Rpc("DEADLINE_EXCEEDED")),
            Sign::Not(&Sign::Says("deadline")),
            ABOUT_THIS_API,
        ]),
    ],
    why: "The error is not in Google's format: a reverse proxy, a relay or a function platform in between gave up. \
          If every failure takes the same time, that time is its limit; a failure at once means that it reached \
          nobody behind it.",
    fix: &[
        owner("Raise the time limit of the gateway or function above that of the client"),
        owner("If it fails at once, see which server the gateway asks and whether it reaches it"),
        you("Stream the answer, so that the gateway sees bytes in time"),
        you("Call Google directly once, to see that only the gateway fails")
            .run("gemini-doctor check-key --base-url https://generativelanguage.googleapis.com"),
    ],
    confirm: "The slow call gets Google's answer through the gateway.",
    seen_as: &[
        r#"error 524: A timeout occurred (Cloudflare) for https://ai.example.com/v1beta/models/gemini-3.8-flash:generateContent"#,
        "HTTP/1.1 504 Gateway Time-out\nserver: nginx\n\n<html>\n<head><title>504 Gateway Time-out</title></head>\n<body><center><h1>504 Gateway Time-out</h1></center><hr><center>nginx</center></body>\n</html>",
        "openai.InternalServerError: <html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>cloudflare</center></body></html>",
        "An error occurred with your deployment\n\nFUNCTION_INVOCATION_TIMEOUT",
    ],
    live: &[
        &[Sign::By(Party::Gateway), Sign::Status(504), Sign::Method(Method::Generate)],
        &[Sign::By(Party::Unknown), Sign::Status(502)],
    ],
    not: &[
        r#"{"error":{"code":504,"message":"Deadline expired before operation could complete.","status":"DEADLINE_EXCEEDED"}}"#,
        "HTTP/1.1 503 Service Unavailable\n\n<html><body>We are down for maintenance.</body></html>",
    ],
    splits: &[Split {
        id: "gateway-failed",
        by: "the time until the answer, and the gateway's own log",
    }],
    reproduce: "gateway-timeout-too-short",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

/// What gateways answer when those behind them are late or away.
const GATEWAY_STATUSES: &[u16] = &[504, 502, 522, 524];

/// nginx and its log, Envoy, Kong, Apache, IIS, HAProxy, Cloudflare, the clouds' balancers.
const GATEWAY_WORDS: &[&str] = &[
    "504: gateway time",
    "502: bad gateway",
    "upstream request timeout",
    "upstream connect error",
    "upstream timed out",
    "upstream prematurely closed",
    "response header from upstream",
    "while connecting to upstream",
    "while reading upstream",
    "no live upstreams",
    "upstream server is timing out",
    "response was received from the upstream server",
    "invalid response from an upstream server",
    "timely response from the upstream server",
    "error reading from remote server",
    "while acting as a gateway or proxy",
    "The server didn't respond in time",
    "error code: 522",
    "error code: 524",
    "error code 524",
    "Endpoint request timed out",
];

/// Functions that were stopped by their platform's own clock.
const PLATFORM_WORDS: &[&str] = &[
    "FUNCTION_INVOCATION_TIMEOUT",
    "Runtime Timeout Error: Task timed out",
    "Task timed out after",
    "function timed out after",
    "Execution timed out after",
];

const DEADLINE_BELOW_MINIMUM: KnownFix = KnownFix {
    id: "deadline-below-minimum",
    title: "The client asks for a deadline shorter than Google takes",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::Says("Minimum allowed deadline")]),
        likely(&[Sign::Says("set deadline"), Sign::Says("too short")]),
    ],
    why: "Some SDKs tell Google their own time limit in the header X-Server-Timeout. Google takes none \
          below its minimum, at present 10 s, and refuses the call instead of trying.",
    fix: &[
        you("Raise the client's time limit above the minimum that the message names"),
        you("Keep a shorter limit in your own code, around the call"),
        you("Mind the unit: google-genai's timeout counts milliseconds"),
    ],
    confirm: "The same call with the longer limit gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Manually set deadline 3s is too short. Minimum allowed deadline is 10s.","status":"INVALID_ARGUMENT"}}"#,
        "google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {'error': {'code': 400, 'message': 'Manually set deadline 1s is too short. Minimum allowed deadline is 10s.', 'status': 'INVALID_ARGUMENT'}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":504,"message":"Deadline expired before operation could complete.","status":"DEADLINE_EXCEEDED"}}"#,
    ],
    splits: &[],
    reproduce: "deadline-below-minimum",
    hides: &["invalid-argument-generic"],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

/// A status that says whose clock ran out: the server's.
const SERVERS_CLOCK: Sign = Sign::OneOf(&[Sign::Rpc("DEADLINE_EXCEEDED"), Sign::Status(504)]);

const CLIENT_READ_TIMEOUT: KnownFix = KnownFix {
    id: "client-read-timeout",
    title: "The client stopped waiting: the answer took longer than its limit",
    layer: Layer::Backend,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[Sign::At(Stage::Head), Sign::Fault(Fault::TimedOut), Sign::Not(&SERVERS_CLOCK)]),
        maybe(&[
            Sign::At(Stage::Head),
            Sign::Fault(Fault::TimedOut),
            Sign::Not(&Sign::Rpc("DEADLINE_EXCEEDED")),
        ]),
        sure(&[Sign::At(Stage::Body), Sign::Fault(Fault::TimedOut)]),
        sure(&[Sign::At(Stage::Request), Sign::Fault(Fault::TimedOut)]),
    ],
    why: "The connection stood and the request was sent, but the client's own clock ran out before the answer \
          came. Long thinking, long answers and speech take minutes; many SDKs wait 60 s, Node's fetch 300 s.",
    fix: &[
        you("Measure how long a short prompt takes").run("gemini-doctor check-key --timeout 120"),
        you("Raise the client's read limit above the slowest answer you expect"),
        you("Stream the answer, or ask for less thinking and a shorter one"),
    ],
    confirm: "The same call gets its answer before the new limit.",
    seen_as: &[
        "requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='generativelanguage.googleapis.com', port=443): Read timed out. (read timeout=60)",
        "TypeError: fetch failed\n  [cause]: HeadersTimeoutError: Headers Timeout Error\n    code: 'UND_ERR_HEADERS_TIMEOUT'",
        "Post \"https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
        "curl: (28) Operation timed out after 60001 milliseconds with 0 bytes received",
        "httpx.ReadTimeout: The read operation timed out",
        "System.Threading.Tasks.TaskCanceledException: The request was canceled due to the configured HttpClient.Timeout of 100 seconds elapsing.",
        "Net::ReadTimeout with #<TCPSocket:(closed)>",
    ],
    live: &[],
    not: &[
        "TypeError: fetch failed [cause]: ConnectTimeoutError: Connect Timeout Error code: 'UND_ERR_CONNECT_TIMEOUT'",
        "google.api_core.exceptions.DeadlineExceeded: 504 Deadline Exceeded",
        "gemini: HTTP 504 DEADLINE_EXCEEDED: The request timed out. Please try again.",
        "curl: (28) Failed to connect to generativelanguage.googleapis.com port 443 after 10002 ms: Timeout was reached",
    ],
    splits: &[
        Split {
            id: "connect-timeout",
            by: "whether the connection stood: gemini-doctor check-key --timeout 120 says so",
        },
        Split {
            id: "deadline-exceeded",
            by: "whether an answer came at all: a status of 504 did, a time-out of the client did not",
        },
    ],
    reproduce: "client-read-timeout",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-20",
};

const CLIENT_ABORTED: KnownFix = KnownFix {
    id: "client-aborted-request",
    title: "The client itself broke the call off",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[Sign::SaysOne(&[
            "The user aborted a request",
            "signal is aborted without reason",
            "APIUserAbortError",
        ])]),
        sure(&[
            Sign::Says("AbortError"),
            Sign::SaysOne(&["was aborted", "been aborted", "is aborted"]),
        ]),
        likely(&[
            Sign::SaysOne(&[
                "operation was aborted",
                "Request was aborted",
                "request aborted by the user",
                "AbortError",
                "CanceledError",
                "asyncio.exceptions.CancelledError",
                "TaskCanceledException: A task was canceled",
                "ABORT_ERR",
                "java.io.IOException: Canceled",
            ]),
            Sign::Not(&Sign::By(Party::Api)),
        ]),
        likely(&[Sign::Says(": context canceled"), Sign::Not(&Sign::By(Party::Api))]),
        // Chat clients, in the words of their own window.
        maybe(&[
            Sign::SaysOne(&[
                "Request cancelled",
                "Request canceled",
                "cancelled by the user",
                "canceled by the user",
                "cancelled by user",
                "canceled by user",
                "ERR_CANCELED",
            ]),
            Sign::Not(&Sign::By(Party::Api)),
        ]),
        // What a closed socket of the program's own looks like in Java.
        maybe(&[Sign::Says("java.net.SocketException: Socket closed")]),
    ],
    why: "No answer of Google's is in this: a timer of the program, a key that somebody pressed, a page that was \
          left or a guard against loops cancelled the call. Often the timer is the SDK's own, and nobody meant to \
          cancel anything.",
    fix: &[
        you("Look which signal, timer or button of the program cancels, and how long it waits"),
        you("Measure how long a short prompt takes").run("gemini-doctor check-key --timeout 120"),
        you("Raise that limit above the slowest answer you expect, or stream the answer"),
    ],
    confirm: "The same call gets its answer, and the program's log shows no cancellation.",
    seen_as: &[
        "DOMException [AbortError]: The user aborted a request.",
        "AbortError: This operation was aborted\n    at node:internal/deps/undici/undici:13502:13",
        "AbortError: signal is aborted without reason",
        "Post \"https://generativelanguage.googleapis.com/v1beta/models/gemini-3.8-flash:generateContent\": context canceled",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":499,"message":"The operation was cancelled.","status":"CANCELLED"}}"#,
        "TypeError: fetch failed\n  [cause]: RequestAbortedError [AbortError]: Proxy response (407) !== 200 when HTTP Tunneling",
        "requests.exceptions.ConnectionError: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
    ],
    splits: &[
        Split {
            id: "client-read-timeout",
            by: "the time until the error: the same number of seconds each time is a limit",
        },
        Split {
            id: "cancelled-499",
            by: "whether a status came: 499 is the server's word, an abort is the client's",
        },
        Split {
            id: "server-disconnected",
            by: "who closed the socket: the program's own log shows a cancellation, or none",
        },
    ],
    reproduce: "",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

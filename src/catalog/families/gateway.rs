//! Known fixes for hosts that are not Google's: whose they are, what they hide, and what they refuse or fail on by
//! themselves. `hop` says who refused, as far as one answer shows it.

use crate::{
    catalog::{
        KnownFix,
        Sign::{self, By, Host, Meta, Not, Says, SaysOne, Shown, Status, StatusIn},
        Split, likely, maybe, owner, sure, you,
    },
    facts::{
        Blame, Class, Layer, Party, RetryClass, Severity, clue::Shown as Showed, endpoint::HostKind,
    },
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &UPSTREAM_UNREACHABLE,
    &LIMIT_HIT,
    &MODEL_UNKNOWN,
    &HIDES_CAUSE,
    &HIDES_DETAILS,
    &OTHER_MODEL,
    &HEALTH_FAILING,
    &HEALTH_ELSEWHERE,
    &NOT_GOOGLE,
];

/// The gateway's own no.
const ITSELF: Sign = Meta("hop", "itself");

const AGAIN: &str = "gemini-doctor check-key over the same base URL ends with 0.";

/// The call that shows whether Google itself is fine.
const DIRECTLY: &str =
    "gemini-doctor check-key --base-url https://generativelanguage.googleapis.com";

/// Google's own busy servers.
const GOOGLES_503: &str = r#"{"error":{"code":503,"message":"The model is overloaded. Please try again later.","status":"UNAVAILABLE"}}"#;

/// Google's own minute limit.
const GOOGLES_429: &str = r#"{"error":{"code":429,"message":"Resource has been exhausted (e.g. check quota).","status":"RESOURCE_EXHAUSTED"}}"#;

/// Google's own word for a name that it does not know.
const GOOGLES_404: &str = r#"{"error":{"code":404,"message":"models/gemini-9 is not found for API version v1beta, or is not supported for generateContent.","status":"NOT_FOUND"}}"#;

const UPSTREAM_UNREACHABLE: KnownFix = KnownFix {
    id: "gateway-upstream-unreachable",
    title: "The gateway got no connection to whoever is behind it",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: Some(Class::Theirs),
    retry: RetryClass::Backoff,
    when: &[
        sure(&[Meta("hop", "unreached"), Not(&By(Party::Api))]),
        likely(&[SaysOne(&[
            "GeminiException - Cannot connect to host",
            "GeminiException InternalServerError - Cannot connect to host",
            "VertexAIException - Cannot connect to host",
            "OpenAIException - Connection error.",
        ])]),
    ],
    why: "The gateway took the call and could not open a connection to the provider: its address there is wrong, a \
          firewall or a proxy stands between the two, or the provider's host is down for it. Neither Google's view of \
          the key nor the model has been asked.",
    fix: &[
        owner("Ask from the gateway's own machine whether it reaches the provider")
            .run("gemini-doctor doctor --only net"),
        owner(
            "Correct the provider's address (api_base), the proxy variables and the firewall of the gateway",
        ),
        you("Ask Google directly, to see that key and model are fine").run(DIRECTLY),
        you("Retry with growing pauses meanwhile"),
    ],
    confirm: AGAIN,
    seen_as: &[
        r#"openai.InternalServerError: Error code: 500 - {'error': {'message': 'litellm.APIConnectionError: GeminiException - Cannot connect to host generativelanguage.googleapis.com:443 ssl:default [Connect call failed]', 'type': 'internal_server_error', 'param': None, 'code': '500'}}"#,
        r#"{"error":{"message":"litellm.InternalServerError: GeminiException InternalServerError - Cannot connect to host 10.0.0.7:9","type":"internal_server_error","param":null,"code":"500"}}"#,
    ],
    live: &[
        &[Meta("hop", "unreached"), By(Party::Gateway), Status(500)],
        &[Meta("hop", "unreached"), By(Party::Gateway), Status(503), Host(HostKind::Other)],
    ],
    not: &[GOOGLES_503],
    splits: &[
        Split {
            id: "gateway-timeout-too-short",
            by: "the gateway's log: no connection, or no answer in time",
        },
        Split {
            id: "dns-failure",
            by: "who says it: a gateway's answer, or the caller's own program",
        },
        Split {
            id: "connection-refused",
            by: "who says it: a gateway's answer, or the caller's own program",
        },
    ],
    reproduce: "gateway-upstream-unreachable",
    hides: &["gateway-failed", "connection-refused", "network-unreachable-fetch-failed"],
    docs: &[],
    as_of: "2026-11-30",
};

/// How gateways word limits of their own.
const OWN_LIMITS: &[&str] = &[
    "API rate limit exceeded",
    "No deployments available for selected model",
    "Rate limit exceeded for api_key",
    "Max Parallel Request Limit",
    "LiteLLM Rate Limit Handler",
];

const LIMIT_HIT: KnownFix = KnownFix {
    id: "gateway-limit-hit",
    title: "The gateway's own limit was hit, not one of Google's",
    layer: Layer::Quota,
    blame: Blame::Path,
    severity: Severity::Error,
    class: Some(Class::Theirs),
    retry: RetryClass::Backoff,
    when: &[
        sure(&[ITSELF, Status(429), SaysOne(OWN_LIMITS)]),
        likely(&[ITSELF, Status(429)]),
        likely(&[SaysOne(OWN_LIMITS), Not(&By(Party::Api))]),
    ],
    why: "The 429 is the gateway's: it counts calls for each of its keys, or it holds back from a provider that failed \
          a moment ago. Nothing of Google's is in the answer, so that no quota of the project explains it, and a higher \
          one changes nothing.",
    fix: &[
        you("Retry with growing, random pauses, as long as the answer's Retry-After says"),
        owner(
            "Raise the limit of this key or model in the gateway (rpm, tpm, max parallel requests)",
        ),
        owner(
            "Look into the gateway's log: a provider in cool-down has failed before, and that is the cause",
        ),
        you("Ask Google directly, to see that its own limits are not hit").run(DIRECTLY),
    ],
    confirm: "gemini-doctor check-key over the same base URL ends with 0 after a pause.",
    seen_as: &[
        r#"HTTP/1.1 429 Too Many Requests
server: kong/3.8.0

{"message":"API rate limit exceeded"}"#,
        r#"openai.RateLimitError: Error code: 429 - {'error': {'message': 'No deployments available for selected model, Try again in 5 seconds. Passed model=gemini-3.5-flash.', 'type': 'all_deployments_in_cooldown', 'param': None, 'code': '429'}}"#,
    ],
    live: &[
        &[ITSELF, By(Party::Gateway), Status(429)],
        &[
            ITSELF,
            By(Party::Gateway),
            Status(429),
            Says("No deployments available for selected model"),
        ],
    ],
    not: &[GOOGLES_429],
    splits: &[Split {
        id: "quota-exhausted-unspecified",
        by: "who answered: Google's error names a status word and its quota, a gateway's does not",
    }],
    reproduce: "gateway-limit-hit",
    hides: &["quota-exhausted-unspecified"],
    docs: &[],
    as_of: "2026-11-30",
};

/// How gateways say that they know no such model.
const UNKNOWN_MODEL: &[&str] = &[
    "Invalid model name passed in model=",
    "No available channel for model",
    "is not a valid model ID",
    "There are no healthy deployments for this model",
    "does not exist or is not accessible",
];

const MODEL_UNKNOWN: KnownFix = KnownFix {
    id: "gateway-model-unknown",
    title: "The gateway does not know this model, so Google was never asked",
    layer: Layer::Model,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[ITSELF, SaysOne(UNKNOWN_MODEL)]),
        likely(&[SaysOne(UNKNOWN_MODEL), Not(&By(Party::Api))]),
    ],
    why: "A gateway has a list of models of its own, with names of its own, and often another one for each of its keys. \
          The name is not on it, or has no provider behind it at present; Google may know it all the same.",
    fix: &[
        you("See which names this gateway lists").run("gemini-doctor list-models"),
        you("Use one of them, with the provider's name in front where the list has it"),
        owner("Add the model to the gateway, or open it for this key"),
        you("Ask Google directly, to see whether the name is good there").run(DIRECTLY),
    ],
    confirm: "gemini-doctor check-key --model NAME over the same base URL ends with 0.",
    seen_as: &[
        r#"openai.BadRequestError: Error code: 400 - {'error': {'message': '/chat/completions: Invalid model name passed in model=gemini-9. Call `/v1/models` to view available models for your key.', 'type': 'invalid_request_error', 'param': None, 'code': '400'}}"#,
        r#"HTTP/1.1 503 Service Unavailable
x-oneapi-request-id: 20261130

{"error":{"message":"No available channel for model gemini-9 under group default (request id: 20261130)","type":"new_api_error","param":"","code":"model_not_found"}}"#,
    ],
    live: &[
        &[
            ITSELF,
            By(Party::Gateway),
            Status(400),
            Says("Invalid model name passed in model=gemini-9"),
        ],
        &[ITSELF, By(Party::Gateway), Status(503), Says("No available channel for model gemini-9")],
    ],
    not: &[GOOGLES_404],
    splits: &[Split {
        id: "model-name-wrong",
        by: "who answered: Google's own error speaks of an API version and of ListModels",
    }],
    reproduce: "gateway-model-unknown",
    hides: &["gateway-failed"],
    docs: &[],
    as_of: "2026-11-30",
};

/// How gateways say that somebody behind them refused, without a word of it.
const UPSTREAM_SAID_NO: &[&str] = &[
    "bad response status code",
    "bad_response_status_code",
    "Provider returned error",
    "\"type\":\"upstream_error\"",
];

const HIDES_CAUSE: KnownFix = KnownFix {
    id: "gateway-hides-cause",
    title: "Whoever is behind the gateway refused, and it does not say why",
    layer: Layer::Gateway,
    blame: Blame::Unknown,
    severity: Severity::Error,
    class: Some(Class::Theirs),
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Meta("hop", "unsaid"), SaysOne(UPSTREAM_SAID_NO)]),
        likely(&[Meta("hop", "unsaid")]),
        likely(&[SaysOne(UPSTREAM_SAID_NO), Not(&By(Party::Api))]),
    ],
    why: "The gateway passed the call on, got a refusal and put a sentence of its own in the place of Google's error. \
          Google's reason, the quota that was hit and the time to wait were in what it threw away.",
    fix: &[
        you("Ask Google directly, for the whole error").run(DIRECTLY),
        owner("Look into the gateway's log for the provider's answer, by the request's id"),
        owner("Have the gateway pass the provider's body and status on as they are"),
    ],
    confirm: AGAIN,
    seen_as: &[
        r#"{"error":{"message":"bad response status code 400 (request id: 20261130)","type":"bad_response_status_code","param":"400","code":"bad_response_status_code"}}"#,
        r#"HTTP/1.1 502 Bad Gateway

{"error":{"message":"Provider returned error","code":400,"metadata":{"provider_name":"Google AI Studio"}}}"#,
    ],
    live: &[
        &[Meta("hop", "unsaid"), By(Party::Gateway), Status(500)],
        &[Meta("hop", "unsaid"), By(Party::Gateway), Status(400), Host(HostKind::Other)],
    ],
    not: &[
        r#"{"error":{"code":400,"message":"Request contains an invalid argument.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[Split {
        id: "gateway-failed",
        by: "the gateway's log: an answer of the provider, or a fault of the gateway's own",
    }],
    reproduce: "gateway-hides-cause",
    hides: &["gateway-failed", "gateway-refused", "gateway-timeout-too-short"],
    docs: &[],
    as_of: "2026-11-30",
};

const HIDES_DETAILS: KnownFix = KnownFix {
    id: "gateway-hides-details",
    title: "The gateway takes the details out of Google's errors",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Shown(Showed::DetailsHidden)])],
    why: "The sentence is Google's, and what Google sends beside it is gone: google.rpc details with the reason, the \
          quota and the time to wait, or the status that goes with them. Clients then retry what never passes, and give \
          up on what would.",
    fix: &[
        owner("Have the gateway pass error bodies and statuses of the provider on as they are"),
        you("Ask Google directly where a reason or a quota is needed").run(DIRECTLY),
        you("Do not rest a retry on the status alone behind this gateway"),
    ],
    confirm: "The same refusal over the same base URL shows Google's reason or quota.",
    seen_as: &[],
    live: &[
        &[Shown(Showed::DetailsHidden)],
        &[Shown(Showed::DetailsHidden), Host(HostKind::Other)],
    ],
    not: &[
        r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}"#,
    ],
    splits: &[],
    reproduce: "",
    hides: &[],
    docs: &["https://ai.google.dev/gemini-api/docs/troubleshooting"],
    as_of: "2026-11-30",
};

const OTHER_MODEL: KnownFix = KnownFix {
    id: "gateway-other-model",
    title: "The gateway answers with another model than the one asked for",
    layer: Layer::Model,
    blame: Blame::Path,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Shown(Showed::Rerouted), Host(HostKind::Other)]),
        sure(&[Shown(Showed::Rerouted), Host(HostKind::Loopback)]),
    ],
    why: "The name that was asked for is one of Google's, and the answer names a model of another family or of another \
          maker. A fall-back of the gateway, a route that was set wrong and a relay that sells one model as another \
          all look like this; what the answer says of itself is all that can be seen from outside.",
    fix: &[
        owner("Look up the route and the fall-backs of this name in the gateway's settings"),
        you("Compare with an answer of Google's own").run(DIRECTLY),
        you("Do not rest tests, prices or promises on this name until it is cleared up"),
    ],
    confirm: "gemini-doctor check-key --model NAME over the same base URL reports the model that was asked for.",
    seen_as: &[],
    live: &[
        &[Shown(Showed::Rerouted), Status(200), Host(HostKind::Other)],
        &[Shown(Showed::Rerouted), Host(HostKind::Loopback)],
    ],
    not: &[
        r#"{"candidates":[{"content":{"parts":[{"text":"ok"}],"role":"model"},"finishReason":"STOP"}],"modelVersion":"gemini-3.5-flash"}"#,
    ],
    splits: &[Split {
        id: "alias-rerouted",
        by: "the host: Google routes retired names on by itself",
    }],
    reproduce: "gateway-other-model",
    hides: &["alias-rerouted"],
    docs: &[],
    as_of: "2026-11-30",
};

const HEALTH_FAILING: KnownFix = KnownFix {
    id: "health-endpoint-failing",
    title: "The end point that tells your service's health answers with an error",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: Some(Class::Theirs),
    retry: RetryClass::Backoff,
    when: &[sure(&[Shown(Showed::Unhealthy), Not(&StatusIn(NOT_THERE))])],
    why: "One GET without a key got an error of the service's own. A load balancer that asks the same takes the service \
          out of use, whatever Google does.",
    fix: &[
        owner("Look into the service's own log for that moment, and at what the end point checks"),
        owner("Keep the end point free of calls to others that may be slow or down"),
    ],
    confirm: "gemini-doctor check-key --health-url URL shows the row health.url as ok.",
    seen_as: &[],
    live: &[&[Shown(Showed::Unhealthy), Status(503)], &[Shown(Showed::Unhealthy), Status(500)]],
    not: &[r#"{"status":"ok"}"#],
    splits: &[],
    reproduce: "health-endpoint-failing",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

/// How a server says that a question was put to the wrong place, or by somebody whom it does not know.
const NOT_THERE: &[u16] = &[301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 406, 410];

const HEALTH_ELSEWHERE: KnownFix = KnownFix {
    id: "health-endpoint-not-there",
    title: "The health URL leads elsewhere, wants a login or is not there",
    layer: Layer::Gateway,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[sure(&[Shown(Showed::Unhealthy), StatusIn(NOT_THERE)])],
    why: "One GET without a key and without following redirects was redirected or turned away. Whoever watches the \
          service over this URL sees the same, however well the service is.",
    fix: &[
        you("Name the end point itself where a redirect leads to it, since none is followed"),
        owner("Keep the end point free of login and of redirects"),
    ],
    confirm: "gemini-doctor check-key --health-url URL shows the row health.url as ok.",
    seen_as: &[],
    live: &[
        &[Shown(Showed::Unhealthy), Status(302)],
        &[Shown(Showed::Unhealthy), Status(401)],
        &[Shown(Showed::Unhealthy), Status(404)],
    ],
    not: &[r#"{"status":"ok"}"#],
    splits: &[],
    reproduce: "health-endpoint-not-there",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

const NOT_GOOGLE: KnownFix = KnownFix {
    id: "not-a-google-endpoint",
    title: "Calls go to a host that is not a Google endpoint",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Note,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        maybe(&[Shown(Showed::ThirdParty)]),
        // Headers can be copied; a certificate of Google's names cannot be had by others.
        likely(&[Shown(Showed::ThirdParty), Meta("certificate_names", "others")]),
        sure(&[
            Shown(Showed::ThirdParty),
            Meta("certificate_names", "others"),
            Meta("marks", "none"),
        ]),
    ],
    why: "Prompts, files and the key or access token pass through a third party, which can read, keep and change them. \
          The certificate says who it is; names and headers that look like Google's can be copied. Whether that is wanted, only \
          you and whoever runs the host know.",
    fix: &[
        you("Compare the certificate's names with the gateway that you mean to use"),
        you(
            "Ask whoever runs it whose credential is used upstream, what is kept, and for how long",
        ),
        you("Go to Google directly where that is not wanted").run(DIRECTLY),
    ],
    confirm: "The row net.endpoint names the host that you mean; at Google's own hosts there is no such row.",
    seen_as: &[],
    live: &[&[Shown(Showed::ThirdParty)], &[Shown(Showed::ThirdParty), Host(HostKind::Other)]],
    not: &[
        "POST https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:generateContent 200",
    ],
    splits: &[],
    reproduce: "not-a-google-endpoint",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

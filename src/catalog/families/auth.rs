//! Known fixes for a key that the server refuses, and for the way in which it was sent.
//!
//! A flaw that can be seen in the key's own text belongs into `key`; what an accepted key may not
//! do belongs into `project`.

use crate::{
    catalog::{
        KnownFix,
        Sign::{
            self, By, Closed, Host, Key, Method, Not, Reason, Says, SaysOne, SentAs as Sent,
            Shown as Showed, Status, StatusIn,
        },
        Split, likely, maybe, owner, sure, you,
    },
    facts::{
        self, Blame, KeyKind, Layer, Party, RetryClass, Severity,
        clue::{SentAs, Shown},
        endpoint::HostKind,
    },
};

use super::key::{API_KEY_PAGE, CHECK_KEY, MAKE_KEY};

/// The fixes of this family. The more usual of two that share a text stands first.
pub(super) const FIXES: &[&KnownFix] = &[
    &API_KEY_INVALID,
    &API_KEY_EXPIRED,
    &STANDARD_KEY_REJECTED_2026,
    &BEARER_INSTEAD_OF_API_KEY,
    &INVALID_OAUTH_TOKEN,
    &OAUTH_TOKEN_EXPIRED,
    &OAUTH_SCOPE_INSUFFICIENT,
    &MULTIPLE_CREDENTIALS_SENT,
    &MISSING_API_KEY,
    &API_KEY_LEAKED,
    &APIKEY_NOT_SUPPORTED_BY_ENDPOINT,
    &KEY_STILL_ALIVE,
    &SUCCESSOR_KEY_FAILS,
];

const TROUBLESHOOTING: &str = "https://ai.google.dev/gemini-api/docs/troubleshooting";
const OAUTH_PAGE: &str = "https://ai.google.dev/gemini-api/docs/oauth";
const CLOUD_AUTH_PAGE: &str = "https://cloud.google.com/docs/authentication";

/// The sentence with which Google refuses whatever stood where it looked for a token.
const TOKEN_REFUSED: Sign =
    SaysOne(&["had invalid authentication credentials", "OAuth 2 access token, login cookie"]);

/// The sentence for a request in which Google found nothing to look at.
const NO_CREDENTIAL: Sign = Says("missing required authentication credential");

/// The reason of a credential that is of another kind than this API takes.
const OTHER_KIND: Sign = Reason("ACCESS_TOKEN_TYPE_UNSUPPORTED");

/// The reason of a login's token that was good once.
const TOKEN_EXPIRED: Sign = Reason("ACCESS_TOKEN_EXPIRED");

/// Credentials in `Authorization: Bearer`, which is where tokens belong and keys do not.
const AS_BEARER: Sign = Sent(SentAs::Bearer);

/// A key that is seen in that place, in the words of a log or of a transcript.
const BEHIND_BEARER: Sign =
    SaysOne(&["Bearer AQ.", "Bearer AIza", "Bearer [redacted AQ.", "Bearer [redacted AIza"]);

/// A key that is seen in a text, in its own place. Of the key that this program holds the kind is certain.
const KEY_OF_THE_TEXT: Sign = Sign::OneOf(&[Sent(SentAs::Query), Sent(SentAs::KeyHeader)]);

/// The start of a credential in the words of a text that has no error object.
const KEY_IN_WORDS: Sign = SaysOne(&["AIza", "AQ.", "ya29."]);

/// The 401 that names no reason and that a key, a token and a header may each have caused.
const BARE_401: &str = r#"{"error":{"code":401,"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.","status":"UNAUTHENTICATED"}}"#;

/// The same 401 with the one reason that decides.
const EXPIRED_401: &str = r#"{"error":{"code":401,"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.","status":"UNAUTHENTICATED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"ACCESS_TOKEN_EXPIRED","domain":"googleapis.com","metadata":{"service":"aiplatform.googleapis.com"}}]}}"#;

const API_KEY_INVALID: KnownFix = KnownFix {
    id: "api-key-invalid",
    title: "Google refuses this key",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Reason("API_KEY_INVALID"), Key(KeyKind::AuthKey), Not(&Says("API key expired"))]),
        likely(&[
            Reason("API_KEY_INVALID"),
            Not(&Key(KeyKind::AuthKey)),
            Not(&Key(KeyKind::StandardKey)),
            Not(&Says("API key expired")),
        ]),
        likely(&[
            SaysOne(&[
                "API key not valid. Please pass a valid API key",
                "API Key not found. Please pass a valid API key",
            ]),
            Not(&Key(KeyKind::StandardKey)),
        ]),
        // A key in a pasted URL may be the old one or a typo; that of our own call is known to be old.
        likely(&[
            Says("API key not valid. Please pass a valid API key"),
            KEY_OF_THE_TEXT,
            Reason("API_KEY_INVALID"),
            Key(KeyKind::StandardKey),
        ]),
        likely(&[
            Says("API key not valid. Please pass a valid API key"),
            KEY_OF_THE_TEXT,
            Key(KeyKind::StandardKey),
        ]),
    ],
    why: "Google answered, so the network is fine, but it knows no live key of this text. A typo, \
          a deleted key, a key of an older kind and a key from another product all get this very \
          answer, with status 400 and not 401; only the list of keys in AI Studio tells them \
          apart.",
    fix: &[
        you("Compare the key's last characters with the list at \
             https://aistudio.google.com/api-keys"),
        MAKE_KEY,
        you("Replace the stored key and restart whatever has read the old one"),
        CHECK_KEY,
    ],
    confirm: "gemini-doctor check-key lists the models; a new key may need some minutes.",
    seen_as: &[
        r#"gemini: 400 API_KEY_INVALID"#,
        r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com","metadata":{"service":"generativelanguage.googleapis.com"}},{"@type":"type.googleapis.com/google.rpc.LocalizedMessage","locale":"en-US","message":"API key not valid. Please pass a valid API key."}]}}"#,
        r#"[{"error":{"code":400,"message":"API Key not found. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}]"#,
        "google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {'error': {'code': 400, 'message': \
         'API key not valid. Please pass a valid API key.', 'status': 'INVALID_ARGUMENT'}}",
        "[GoogleGenerativeAI Error]: Error fetching from \
         https://generativelanguage.googleapis.com/v1beta/models/gemini-3.8-flash:generateContent: \
         [400 Bad Request] API key not valid. Please pass a valid API key.",
    ],
    live: &[
        &[Reason("API_KEY_INVALID"), Key(KeyKind::AuthKey), Status(400)],
        &[
            Reason("API_KEY_INVALID"),
            Says("API key not valid. Please pass a valid API key"),
            Key(KeyKind::AuthKey),
            Status(400),
        ],
    ],
    not: &[
        r#"{"error":{"code":400,"message":"API key expired. Please renew the API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}"#,
        r#"{"error":{"code":400,"message":"Request contains an invalid argument.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[
        Split {
            id: "standard-key-rejected-2026",
            by: "the start of the key: AIza is a standard key, which Google no longer takes",
        },
        Split { id: "api-key-expired", by: "the state that AI Studio shows for this key" },
        Split {
            id: "key-truncated",
            by: "the length of the key, which gemini-doctor check-key compares",
        },
        Split { id: "wrong-provider-key", by: "the start of the key: sk- is not Google's" },
        Split { id: "oauth-token-as-key", by: "the start of the key: ya29. is a login's token" },
    ],
    reproduce: "api-key-invalid",
    hides: &[],
    docs: &[API_KEY_PAGE, TROUBLESHOOTING],
    as_of: "2026-11-20",
};

const API_KEY_EXPIRED: KnownFix = KnownFix {
    id: "api-key-expired",
    title: "The key has expired",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Reason("API_KEY_INVALID"), Says("API key expired")]),
        sure(&[Says("API key expired. Please renew the API key")]),
    ],
    why: "The key is known and no longer taken. Status and reason are those of a key that \
          never existed; only the words differ. Keys that were made minutes ago have got this \
          answer too.",
    fix: &[
        MAKE_KEY,
        you("Replace the old key in every place that holds it"),
        you("Wait some minutes and test again if the key is brand-new")
            .run("gemini-doctor check-key"),
    ],
    confirm: "gemini-doctor check-key lists the models.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"API key expired. Please renew the API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com","metadata":{"service":"generativelanguage.googleapis.com"}}]}}"#,
        "litellm.BadRequestError: GeminiException - {\"error\": {\"code\": 400, \"message\": \"API \
         key expired. Please renew the API key.\", \"status\": \"INVALID_ARGUMENT\"}}",
        "google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {'error': {'code': 400, 'message': \
         'API key expired. Please renew the API key.', 'status': 'INVALID_ARGUMENT'}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}"#,
    ],
    splits: &[],
    reproduce: "api-key-expired",
    hides: &["api-key-invalid"],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

/// A login stands in the key's place, so that no key can be the cause.
const LOGIN: Sign = Sign::OneOf(&[
    Key(KeyKind::ServiceAccount),
    Key(KeyKind::AuthorizedUser),
    Key(KeyKind::ExternalAccount),
    Key(KeyKind::Impersonated),
    Key(KeyKind::Metadata),
]);

const STANDARD_KEY_REJECTED_2026: KnownFix = KnownFix {
    id: "standard-key-rejected-2026",
    title: "The key is of the old standard kind, which Google stopped taking in 2026",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        // Behind Bearer it is the header that comes first.
        sure(&[OTHER_KIND, Key(KeyKind::StandardKey), Not(&AS_BEARER)]),
        likely(&[OTHER_KIND, Key(KeyKind::StandardKey)]),
        sure(&[
            TOKEN_REFUSED,
            Key(KeyKind::StandardKey),
            Not(&AS_BEARER),
            Not(&TOKEN_EXPIRED),
            Not(&NO_CREDENTIAL),
        ]),
        likely(&[
            Reason("API_KEY_INVALID"),
            Key(KeyKind::StandardKey),
            Not(&Says("API key expired")),
        ]),
        likely(&[
            Says("API key not valid. Please pass a valid API key"),
            Key(KeyKind::StandardKey),
        ]),
        likely(&[
            OTHER_KIND,
            Not(&Key(KeyKind::AuthKey)),
            Not(&Key(KeyKind::OauthToken)),
            Not(&LOGIN),
            Not(&AS_BEARER),
        ]),
        // A text without an object holds the key's start, if any, beside the words.
        likely(&[TOKEN_REFUSED, Says("AIza"), Not(&BEHIND_BEARER), Not(&TOKEN_EXPIRED)]),
        // Without a reason and without the key this is one of four.
        maybe(&[
            TOKEN_REFUSED,
            Not(&Key(KeyKind::AuthKey)),
            Not(&Key(KeyKind::OauthToken)),
            Not(&Key(KeyKind::Other)),
            Not(&LOGIN),
            Not(&KEY_IN_WORDS),
            Not(&AS_BEARER),
            Not(&TOKEN_EXPIRED),
            Not(&NO_CREDENTIAL),
        ]),
    ],
    why: "Keys that start AIza were refused from 19 June 2026 on where they had no restrictions, \
          and all of them from September 2026. Most get a 401 that asks for an OAuth token, some \
          the 400 of a key that is not valid; a new auth key in the same header is what helps.",
    fix: &[
        MAKE_KEY,
        you("Send the new key in the same way, as x-goog-api-key, and do not switch to OAuth"),
        you("Update any tool that insists on keys which start AIza"),
        CHECK_KEY,
    ],
    confirm: "gemini-doctor check-key shows an auth key (AQ.) and lists the models.",
    seen_as: &[
        r#"{"error":{"code":401,"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.","status":"UNAUTHENTICATED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"ACCESS_TOKEN_TYPE_UNSUPPORTED","domain":"googleapis.com","metadata":{"service":"generativelanguage.googleapis.com","method":"google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent"}}]}}"#,
        "google.genai.errors.ClientError: 401 UNAUTHENTICATED. {'error': {'code': 401, 'message': \
         'Request had invalid authentication credentials. Expected OAuth 2 access token, login \
         cookie or other valid authentication credential.', 'status': 'UNAUTHENTICATED'}}",
    ],
    live: &[
        &[Reason("ACCESS_TOKEN_TYPE_UNSUPPORTED"), Key(KeyKind::StandardKey), Status(401)],
        &[TOKEN_REFUSED, Key(KeyKind::StandardKey), Status(401)],
        &[Reason("API_KEY_INVALID"), Key(KeyKind::StandardKey), Status(400)],
    ],
    not: &[
        r#"{"error":{"code":401,"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.","status":"UNAUTHENTICATED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"ACCESS_TOKEN_EXPIRED","domain":"googleapis.com"}]}}"#,
        r#"{"error":{"code":401,"message":"Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.","status":"UNAUTHENTICATED"}}"#,
    ],
    splits: &[
        Split {
            id: "bearer-instead-of-api-key",
            by: "the start of the key and the header used: an AQ. key, or any key in Authorization",
        },
        Split {
            id: "invalid-oauth-token",
            by: "what was sent: a login's token (ya29.) is none of the keys, and is judged as one",
        },
        Split {
            id: "oauth-token-expired",
            by: "the reason in the error's details, ACCESS_TOKEN_EXPIRED for a token past its hour",
        },
        Split {
            id: "api-key-invalid",
            by: "a new auth key: if it is refused too, the kind of the key was not the cause",
        },
    ],
    reproduce: "standard-key-rejected-2026",
    hides: &["api-key-invalid"],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

const BEARER_INSTEAD_OF_API_KEY: KnownFix = KnownFix {
    id: "bearer-instead-of-api-key",
    title: "The key was taken for a login's token and not for a key",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        // Only a header that is seen proves it: a call of this program sends x-goog-api-key.
        sure(&[OTHER_KIND, Key(KeyKind::AuthKey), AS_BEARER]),
        sure(&[TOKEN_REFUSED, Key(KeyKind::AuthKey), AS_BEARER, Not(&TOKEN_EXPIRED)]),
        likely(&[OTHER_KIND, Key(KeyKind::StandardKey), AS_BEARER]),
        likely(&[TOKEN_REFUSED, Key(KeyKind::StandardKey), AS_BEARER, Not(&TOKEN_EXPIRED)]),
        likely(&[OTHER_KIND, Key(KeyKind::AuthKey)]),
        likely(&[TOKEN_REFUSED, Key(KeyKind::AuthKey), Not(&TOKEN_EXPIRED), Not(&NO_CREDENTIAL)]),
        sure(&[TOKEN_REFUSED, BEHIND_BEARER]),
        likely(&[TOKEN_REFUSED, Says("AQ."), Not(&TOKEN_EXPIRED)]),
        likely(&[
            OTHER_KIND,
            Not(&Key(KeyKind::StandardKey)),
            Not(&Key(KeyKind::OauthToken)),
            Not(&LOGIN),
        ]),
        likely(&[OTHER_KIND, AS_BEARER, Not(&Key(KeyKind::OauthToken))]),
        // Whoever has tried both headers, and tells which of them is refused.
        maybe(&[
            SaysOne(&["Authorization: Bearer", "Authorization:Bearer"]),
            Says("x-goog-api-key"),
            Says("401"),
            Says("generativelanguage"),
            Not(&By(Party::Api)),
            Not(&Says("/openai")),
        ]),
        // Without a reason and without the key this is one of four.
        maybe(&[
            TOKEN_REFUSED,
            Not(&Key(KeyKind::StandardKey)),
            Not(&Key(KeyKind::OauthToken)),
            Not(&LOGIN),
            Not(&Sent(SentAs::KeyHeader)),
            Not(&KEY_IN_WORDS),
            Not(&TOKEN_EXPIRED),
            Not(&NO_CREDENTIAL),
        ]),
    ],
    why: "Something on the way turned the key into a Bearer token, or this kind of key is not taken \
          here. The native API reads whatever stands behind Bearer as an OAuth token, and a key is \
          none. Clients made for OpenAI's API send keys in that header, and gateways, proxies and \
          wrappers of SDKs rewrite the key's own header into it.",
    fix: &[
        you("Look for what rewrites the key's header: a gateway, a proxy, a wrapper of an SDK"),
        you("If a gateway is in between, ask Google without it, to see whether the key is taken")
            .run("gemini-doctor check-key --base-url https://generativelanguage.googleapis.com"),
        you("Send x-goog-api-key in place of Authorization, if your own program sends that one"),
        you("Use the base URL .../v1beta/openai/ if the client can only send Bearer"),
    ],
    confirm: "gemini-doctor check-key lists the models over the same base URL.",
    seen_as: &[
        r#"{"error":{"code":401,"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.","status":"UNAUTHENTICATED"}}"#,
        "> Authorization: Bearer AQ.FAKE-example\n< HTTP/2 401\nRequest had invalid authentication \
         credentials. Expected OAuth 2 access token, login cookie or other valid authentication \
         credential.",
    ],
    live: &[
        &[Reason("ACCESS_TOKEN_TYPE_UNSUPPORTED"), Key(KeyKind::AuthKey), Status(401)],
        &[TOKEN_REFUSED, Key(KeyKind::AuthKey), Status(401)],
        &[
            Reason("ACCESS_TOKEN_TYPE_UNSUPPORTED"),
            TOKEN_REFUSED,
            Key(KeyKind::AuthKey),
            Method(facts::Method::List),
            Status(401),
        ],
    ],
    not: &[
        r#"{"error":{"code":401,"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.","status":"UNAUTHENTICATED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"ACCESS_TOKEN_EXPIRED","domain":"googleapis.com"}]}}"#,
    ],
    splits: &[
        Split {
            id: "standard-key-rejected-2026",
            by: "the start of the key: one that starts AIza is refused in any header",
        },
        Split {
            id: "invalid-oauth-token",
            by: "what stands behind Bearer: a key, which starts AQ. or AIza, or a login's token",
        },
        Split {
            id: "oauth-token-expired",
            by: "the reason in the error's details, ACCESS_TOKEN_EXPIRED for a token past its hour",
        },
        Split {
            id: "apikey-not-supported-by-endpoint",
            by: "the same key on the Developer API's own host: if it passes, this endpoint takes none",
        },
    ],
    reproduce: "bearer-instead-of-api-key",
    hides: &[],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

const INVALID_OAUTH_TOKEN: KnownFix = KnownFix {
    id: "invalid-oauth-token",
    title: "The login's token is missing, malformed or not Google's",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        likely(&[OTHER_KIND, Key(KeyKind::OauthToken), AS_BEARER]),
        likely(&[TOKEN_REFUSED, LOGIN, Not(&TOKEN_EXPIRED)]),
        likely(&[OTHER_KIND, LOGIN]),
        likely(&[TOKEN_REFUSED, Key(KeyKind::OauthToken), AS_BEARER, Not(&TOKEN_EXPIRED)]),
        likely(&[TOKEN_REFUSED, Says("ya29."), Not(&TOKEN_EXPIRED)]),
        // Only the header of the answer was logged, without its body.
        maybe(&[
            Says("401"),
            Says("Bearer realm=\"https://accounts.google.com"),
            Not(&By(Party::Api)),
        ]),
        likely(&[Reason("JWT_TOKEN_INVALID")]),
        likely(&[Reason("SESSION_COOKIE_INVALID")]),
        maybe(&[NO_CREDENTIAL, Reason("CREDENTIALS_MISSING")]),
        maybe(&[NO_CREDENTIAL, Not(&TOKEN_EXPIRED)]),
        maybe(&[Says("Invalid Credentials"), Reason("authError")]),
        likely(&[Says("error=\"invalid_token\""), Says("accounts.google.com")]),
        // On the cloud platform's host a token is what is usually sent.
        maybe(&[TOKEN_REFUSED, Host(HostKind::Cloud), Not(&OTHER_KIND), Not(&TOKEN_EXPIRED)]),
        maybe(&[
            TOKEN_REFUSED,
            Not(&Key(KeyKind::StandardKey)),
            Not(&Key(KeyKind::AuthKey)),
            Not(&OTHER_KIND),
            Not(&TOKEN_EXPIRED),
        ]),
    ],
    why: "This call was meant to act for a login, and what arrived is no token that Google knows: \
          none at all, one that was cut or printed with an error message in it, one of another \
          provider, or one that has been withdrawn. An API key is not looked at on this way.",
    fix: &[
        you("Log in again and let the program fetch the token itself")
            .run("gcloud auth application-default login"),
        you("See whether a token comes out at all, without printing it").run_in(
            "gcloud auth application-default print-access-token | wc -c",
            "(gcloud auth application-default print-access-token).Length",
        ),
        you("Send it as Authorization: Bearer, with nothing else in that header"),
        you("Use an API key in x-goog-api-key instead if the Developer API is meant")
            .run("gemini-doctor check-key"),
    ],
    confirm: "The same call passes with the fresh token, or gemini-doctor check-key with a key.",
    seen_as: &[
        r#"{"error":{"code":401,"message":"Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.","status":"UNAUTHENTICATED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"CREDENTIALS_MISSING","domain":"googleapis.com","metadata":{"service":"aiplatform.googleapis.com"}}]}}"#,
        "google.api_core.exceptions.Unauthenticated: 401 Request is missing required authentication \
         credential. Expected OAuth 2 access token, login cookie or other valid authentication \
         credential.",
        BARE_401,
    ],
    live: &[
        &[TOKEN_REFUSED, Key(KeyKind::OauthToken), AS_BEARER, Status(401)],
        &[NO_CREDENTIAL, Reason("CREDENTIALS_MISSING"), Status(401)],
    ],
    not: &[
        EXPIRED_401,
        r#"{"error":{"code":401,"message":"API keys are not supported by this API. Expected OAuth2 access token or other authentication credentials that assert a principal.","status":"UNAUTHENTICATED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"CREDENTIALS_MISSING","domain":"googleapis.com"}]}}"#,
    ],
    splits: &[
        Split {
            id: "oauth-token-expired",
            by: "the token's age: one that worked within the last hour has run out",
        },
        Split {
            id: "bearer-instead-of-api-key",
            by: "what stands behind Bearer: a key starts AQ. or AIza, a login's token ya29.",
        },
        Split {
            id: "standard-key-rejected-2026",
            by: "what was sent: a key that starts AIza gets this answer in its own header too",
        },
        Split {
            id: "missing-api-key",
            by: "whether a key was meant: then none arrived, and the headers that left tell why",
        },
        Split {
            id: "apikey-not-supported-by-endpoint",
            by: "whether an API key was sent: on this endpoint it counts as no credential",
        },
    ],
    reproduce: "invalid-oauth-token",
    hides: &[],
    docs: &[OAUTH_PAGE, CLOUD_AUTH_PAGE],
    as_of: "2026-11-20",
};

const OAUTH_TOKEN_EXPIRED: KnownFix = KnownFix {
    id: "oauth-token-expired",
    title: "The login's token has run out",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[
        sure(&[TOKEN_EXPIRED]),
        sure(&[TOKEN_EXPIRED, TOKEN_REFUSED]),
        sure(&[Says("ACCESS_TOKEN_EXPIRED"), TOKEN_REFUSED]),
        likely(&[Says("ACCESS_TOKEN_EXPIRED")]),
        likely(&[SaysOne(&[
            "fields needed to refresh the access token",
            "fields need to refresh the access token",
            "No refresh token is set",
            "token expired and refresh token is not set",
        ])]),
        maybe(&[TOKEN_REFUSED, Key(KeyKind::OauthToken), AS_BEARER, Not(&TOKEN_EXPIRED)]),
    ],
    why: "A login's token lives for about an hour. This one was good and is past its time: it was \
          pasted, cached or handed down by a program that does not renew it. Every call works for \
          an hour and then none does, which looks like an outage.",
    fix: &[
        you("Try once more with a fresh token").run("gcloud auth application-default login"),
        you("Let the SDK hold the login and renew it, instead of a token in a variable"),
        you("Update the client or gateway that keeps a token longer than it lives"),
        owner("Use a service account, or an API key, for jobs that run unattended"),
    ],
    confirm: "The call passes now, and still does after more than an hour.",
    seen_as: &[
        EXPIRED_401,
        "google.genai.errors.ClientError: 401 UNAUTHENTICATED. {'error': {'code': 401, 'message': \
         'Request had invalid authentication credentials. Expected OAuth 2 access token, login \
         cookie or other valid authentication credential.', 'status': 'UNAUTHENTICATED', 'details': \
         [{'@type': 'type.googleapis.com/google.rpc.ErrorInfo', 'reason': 'ACCESS_TOKEN_EXPIRED', \
         'domain': 'googleapis.com'}]}}",
        "google.auth.exceptions.RefreshError: The credentials do not contain the necessary fields \
         need to refresh the access token. You must specify refresh_token, token_uri, client_id, \
         and client_secret.",
    ],
    live: &[&[TOKEN_EXPIRED, TOKEN_REFUSED, Key(KeyKind::OauthToken), Status(401)]],
    not: &[
        BARE_401,
        r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#,
    ],
    splits: &[],
    reproduce: "oauth-token-expired",
    hides: &["invalid-oauth-token"],
    docs: &[CLOUD_AUTH_PAGE],
    as_of: "2026-11-20",
};

const OAUTH_SCOPE_INSUFFICIENT: KnownFix = KnownFix {
    id: "oauth-scope-insufficient",
    title: "The login's token was not made for this API",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Reason("ACCESS_TOKEN_SCOPE_INSUFFICIENT")]),
        sure(&[SaysOne(&[
            "insufficient authentication scopes",
            "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        ])]),
        likely(&[Reason("insufficientPermissions")]),
        likely(&[SaysOne(&[
            "error=\"insufficient_scope\"",
            "Insufficient Permission: Request had",
        ])]),
    ],
    why: "A token carries the list of what it was made for, and this API is not on it. Roles do not \
          change that. Often no login was meant at all: the machine's own token was found and sent \
          in place of the API key.",
    fix: &[
        you("Log in again with the scope of the cloud platform").run(
            "gcloud auth application-default login \
             --scopes=https://www.googleapis.com/auth/cloud-platform",
        ),
        owner("Give the virtual machine or cluster the scope cloud-platform, and restart it"),
        you("Make the program use the API key, if one is meant, and not the machine's own login")
            .run("gemini-doctor check-key"),
    ],
    confirm: "The same call passes, or gemini-doctor check-key lists the models with a key.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"Request had insufficient authentication scopes.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT","domain":"googleapis.com","metadata":{"method":"google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent","service":"generativelanguage.googleapis.com"}}]}}"#,
        "google.api_core.exceptions.PermissionDenied: 403 Request had insufficient authentication \
         scopes.",
        r#"{"error":{"code":403,"message":"Insufficient Permission: Request had insufficient authentication scopes.","errors":[{"message":"Insufficient Permission","domain":"global","reason":"insufficientPermissions"}],"status":"PERMISSION_DENIED"}}"#,
    ],
    live: &[],
    not: &[
        r#"GoogleJsonResponseException: API call to drive.files.list failed with error: Request had insufficient authentication scopes."#,
        r#"{"error":{"code":403,"message":"Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/example' (or it may not exist).","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"IAM_PERMISSION_DENIED","domain":"aiplatform.googleapis.com"}]}}"#,
    ],
    splits: &[],
    reproduce: "oauth-scope-insufficient",
    hides: &[],
    docs: &[OAUTH_PAGE, CLOUD_AUTH_PAGE],
    as_of: "2026-11-20",
};

const MULTIPLE_CREDENTIALS_SENT: KnownFix = KnownFix {
    id: "multiple-credentials-sent",
    title: "Two credentials were sent with one request",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("Multiple authentication credentials received")]),
        sure(&[Reason("OVERLOADED_CREDENTIALS")]),
    ],
    why: "A key in its own header or in the URL came together with an Authorization header. Since \
          April 2026 Google refuses that, and clients that had always sent both stopped working \
          without a change of theirs. The request's body is innocent.",
    fix: &[
        you("Remove the Authorization header, or else the key from header and URL"),
        you("Update the client; older OpenAI-compatible ones send both"),
        you("Look whether a gateway or proxy adds a credential of its own"),
    ],
    confirm: "The same call passes with one credential, as gemini-doctor check-key sends it.",
    seen_as: &[
        r#"[{"error":{"code":400,"message":"Multiple authentication credentials received. Please pass only one.","status":"INVALID_ARGUMENT"}}]"#,
        "openai.BadRequestError: Error code: 400 - [{'error': {'code': 400, 'message': 'Multiple \
         authentication credentials received. Please pass only one.', 'status': \
         'INVALID_ARGUMENT'}}]",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Request contains an invalid argument.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[],
    reproduce: "multiple-credentials-sent",
    hides: &[],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

const MISSING_API_KEY: KnownFix = KnownFix {
    id: "missing-api-key",
    title: "The request reached Google without a key",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[SaysOne(&[
            "unregistered callers",
            "callers without established identity",
            "request is missing a valid API key",
        ])]),
        likely(&[Says("Missing or invalid Authorization header"), By(Party::Api)]),
    ],
    why: "No credential arrived. Either the variable was empty in the process that ran, or a proxy \
          or gateway on the way removed the x-goog-api-key header. The 403 is no question of \
          permissions.",
    fix: &[
        you("Print the headers that leave the process that fails, and look for x-goog-api-key"),
        you("Set the variable in the process that fails, such as the container or the service"),
        owner("Let the proxy or gateway pass the x-goog-api-key header on"),
    ],
    confirm: "gemini-doctor check-key lists the models over the same base URL and proxy.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.","status":"PERMISSION_DENIED"}}"#,
        "google.genai.errors.ClientError: 403 PERMISSION_DENIED. {'error': {'code': 403, \
         'message': \"Method doesn't allow unregistered callers (callers without established \
         identity). Please use API Key or other form of API consumer identity to call this API.\", \
         'status': 'PERMISSION_DENIED'}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"The caller does not have permission","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[],
    reproduce: "missing-api-key",
    hides: &[],
    docs: &[API_KEY_PAGE, TROUBLESHOOTING],
    as_of: "2026-11-20",
};

const API_KEY_LEAKED: KnownFix = KnownFix {
    id: "api-key-leaked",
    title: "Google has blocked this key because it was published",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Never,
    when: &[
        sure(&[Says("API key was reported as leaked")]),
        likely(&[
            SaysOne(&["API key", "api_key", "key"]),
            SaysOne(&[
                "reported as leaked",
                "flagged as leaked",
                "marked as leaked",
                "identified as leaked",
                "has been leaked",
            ]),
        ]),
    ],
    why: "The key was found in public, for instance in a repository, a web page's script or a log, \
          and is blocked for good. Others may have used it before.",
    fix: &[
        you("Delete the key at https://aistudio.google.com/api-keys"),
        MAKE_KEY,
        you("Find the place where it was published before you store the new one")
            .run("git log --all --oneline -- .env"),
        owner("Look through the project's usage and bill for calls that are not yours"),
    ],
    confirm: "gemini-doctor check-key lists the models with the new key.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"Your API key was reported as leaked. Please use another API key.","status":"PERMISSION_DENIED"}}"#,
        "google.api_core.exceptions.PermissionDenied: 403 Your API key was reported as leaked. \
         Please use another API key.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"Permission denied: Consumer 'api_key:FAKE-example' has been suspended.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"CONSUMER_SUSPENDED","domain":"googleapis.com"}]}}"#,
    ],
    splits: &[],
    reproduce: "api-key-leaked",
    hides: &[],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

const APIKEY_NOT_SUPPORTED_BY_ENDPOINT: KnownFix = KnownFix {
    id: "apikey-not-supported-by-endpoint",
    title: "This endpoint takes no API keys, only a login's token",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[SaysOne(&[
            "API keys are not supported by this API",
            "authentication credentials that assert a principal",
        ])]),
        sure(&[Reason("CREDENTIALS_MISSING"), Says("API keys are not supported")]),
        sure(&[Closed(1008), Says("API keys are not supported")]),
        likely(&[Reason("CREDENTIAL_TYPE_UNSUPPORTED")]),
        likely(&[Reason("CREDENTIALS_MISSING"), Not(&NO_CREDENTIAL)]),
    ],
    why: "Some methods, tuned models and most of the cloud platform's API among them, act for an \
          account and not for a project, and a key names no account. The key may be perfectly good \
          elsewhere.",
    fix: &[
        you("Call generativelanguage.googleapis.com if the Developer API is meant")
            .run("gemini-doctor check-key"),
        you("Log in and send the token as Authorization: Bearer if this endpoint is meant")
            .run("gcloud auth application-default login"),
    ],
    confirm: "gemini-doctor check-key passes on the Developer API with the same key.",
    seen_as: &[
        r#"{"error":{"code":401,"message":"API keys are not supported by this API. Expected OAuth2 access token or other authentication credentials that assert a principal. See https://cloud.google.com/docs/authentication","status":"UNAUTHENTICATED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"CREDENTIALS_MISSING","domain":"googleapis.com","metadata":{"service":"aiplatform.googleapis.com"}}]}}"#,
        "google.genai.errors.ClientError: 401 UNAUTHENTICATED. {'error': {'code': 401, 'message': \
         'API keys are not supported by this API. Expected OAuth2 access token or other \
         authentication credentials that assert a principal.', 'status': 'UNAUTHENTICATED'}}",
        "websocket closed: code=1008 reason=API keys are not supported by this API. Expected OAuth2 \
         access token",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":401,"message":"Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.","status":"UNAUTHENTICATED"}}"#,
    ],
    splits: &[],
    reproduce: "apikey-not-supported-by-endpoint",
    hides: &[],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

const KEY_STILL_ALIVE: KnownFix = KnownFix {
    id: "key-still-alive",
    title: "The key that should be dead still works",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Showed(Shown::KeyAlive)])],
    why: "Google still takes the key, so whoever has it can go on using it at your cost. It was \
          not deleted, another key was deleted in its place, or the deletion has not spread yet.",
    fix: &[
        you("Delete the key at https://aistudio.google.com/api-keys, in the project it belongs to"),
        owner("Delete it in the cloud project too, where older keys are kept")
            .run("gcloud services api-keys list --project {project}"),
        you("Wait some minutes and ask again").run("gemini-doctor check-key --expect-dead"),
    ],
    confirm: "gemini-doctor check-key --expect-dead passes.",
    seen_as: &[],
    live: &[
        &[Showed(Shown::KeyAlive)],
        &[Showed(Shown::KeyAlive), Status(200), Method(facts::Method::List), Key(KeyKind::AuthKey)],
    ],
    not: &[
        r#"{"error":{"code":400,"message":"API key expired. Please renew the API key.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[],
    reproduce: "key-still-alive",
    hides: &[],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

const SUCCESSOR_KEY_FAILS: KnownFix = KnownFix {
    id: "successor-key-fails",
    title: "The key that should replace the old one does not work",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Showed(Shown::SuccessorFails)]),
        sure(&[Showed(Shown::SuccessorFails), StatusIn(&[400, 401, 403, 429])]),
        sure(&[Showed(Shown::SuccessorFails), Reason("API_KEY_INVALID")]),
        sure(&[Showed(Shown::SuccessorFails), Reason("ACCESS_TOKEN_TYPE_UNSUPPORTED")]),
    ],
    why: "The old key passes where the new one is refused, so a switch now would stop every call. \
          The evidence holds the new key's own refusal.",
    fix: &[
        you("Keep the old key until the new one passes"),
        you("Test the new key alone and follow what that says")
            .run("gemini-doctor check-key --key-file new-key.txt"),
        you("Wait some minutes if the new key was made just now"),
        owner("Compare the two keys' projects, restrictions and enabled APIs"),
    ],
    confirm: "gemini-doctor check-key --successor env:NEW_GEMINI_API_KEY passes.",
    seen_as: &[],
    live: &[
        &[Showed(Shown::SuccessorFails)],
        &[
            Showed(Shown::SuccessorFails),
            Reason("API_KEY_INVALID"),
            Key(KeyKind::AuthKey),
            Status(400),
        ],
        &[
            Showed(Shown::SuccessorFails),
            Reason("ACCESS_TOKEN_TYPE_UNSUPPORTED"),
            Key(KeyKind::StandardKey),
            Status(401),
        ],
    ],
    not: &[
        r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}"#,
    ],
    splits: &[],
    reproduce: "successor-key-fails",
    hides: &["api-key-invalid"],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

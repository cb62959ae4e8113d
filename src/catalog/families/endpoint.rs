//! Known fixes for the URL: a version twice or not at all, the path of another API, a host that
//! needs more, a gateway that has no such route, that refuses the call or that fails itself.
//!
//! The API's own 404 is JSON and names a model; one without JSON is about the URL, and belongs
//! here. What a gateway says about credentials is about its own, never about Google's key.

use crate::{
    catalog::{
        KnownFix,
        Sign::{self, By, Meta, Not, Route, Rpc, Says, SaysOne, Status, StatusIn},
        Split, likely, maybe, owner,
        sign::ABOUT_THIS_API,
        sure, you,
    },
    facts::{
        Blame, Class, Fault, Layer, LocalFact, Party, RetryClass, Severity,
        clue::{ModelFact, RouteFlaw, Shown},
    },
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &OPENAI_COMPAT_BASE_URL_WRONG,
    &BASE_URL_VERSION_DUPLICATED,
    &VERTEX_GLOBAL_ENDPOINT_HOST,
    &VERTEX_MODEL_NOT_IN_REGION,
    &VERTEX_ENDPOINT_NEEDS_REGION,
    &BASE_URL_VERSION_MISSING,
    &GATEWAY_ROUTE_MISSING,
    &GATEWAY_REFUSED,
    &GATEWAY_FAILED,
];

const CLOUD_LOCATIONS: &str =
    "https://docs.cloud.google.com/gemini-enterprise-agent-platform/resources/locations";

/// The mark of the API's own 404, which is about a model and not about the URL.
const NAMES_A_MODEL: Sign = Rpc("NOT_FOUND");

/// The API's own 404 about a model, which no URL explains.
const MODEL_404: &str = r#"{"error":{"code":404,"message":"models/gemini-3.5-flahs is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.","status":"NOT_FOUND"}}"#;

const BASE_URL_VERSION_DUPLICATED: KnownFix = KnownFix {
    id: "base-url-version-duplicated",
    title: "The API version stands twice in the URL",
    layer: Layer::Model,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Route(RouteFlaw::VersionTwice), Status(404), By(Party::Edge)]),
        likely(&[Route(RouteFlaw::VersionTwice), Status(404), Not(&NAMES_A_MODEL)]),
        sure(&[SaysOne(&["/v1beta/v1beta/", "/v1/v1beta/", "/v1beta/v1/", "/v1/v1/"])]),
    ],
    why: "The base URL ends with the version, and the client adds the version once more. No model \
          and no key is looked at on such a path, so the 404 says nothing about them.",
    fix: &[
        you("Set the base URL without the version for Google's SDKs and Gemini CLI").run_in(
            "export GOOGLE_GEMINI_BASE_URL=https://generativelanguage.googleapis.com",
            "$env:GOOGLE_GEMINI_BASE_URL = 'https://generativelanguage.googleapis.com'",
        ),
        you("Ask that base URL")
            .run("gemini-doctor check-key --base-url https://generativelanguage.googleapis.com"),
    ],
    confirm: "gemini-doctor check-key --base-url URL lists the models.",
    seen_as: &[
        "httpx.HTTPStatusError: Client error '404 Not Found' for url \
         'https://generativelanguage.googleapis.com/v1beta/v1beta/models/gemini-3.8-flash:generateContent'",
        "<title>Error 404 (Not Found)!!1</title><p>The requested URL \
         <code>/v1beta/v1beta/models</code> was not found on this server.",
    ],
    live: &[
        &[Route(RouteFlaw::VersionTwice), Status(404)],
        &[Route(RouteFlaw::VersionTwice), Status(404), By(Party::Edge)],
    ],
    not: &[MODEL_404],
    splits: &[],
    reproduce: "base-url-version-duplicated",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

/// The title of the page that Google's front end shows for a path that leads nowhere.
const EDGE_404: Sign = Says("Error 404 (Not Found)!!1");

const BASE_URL_VERSION_MISSING: KnownFix = KnownFix {
    id: "base-url-version-missing",
    title: "The API version is missing from the URL, or misspelt",
    layer: Layer::Model,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Route(RouteFlaw::VersionMissing), Status(404), By(Party::Edge)]),
        likely(&[Route(RouteFlaw::VersionMissing), Status(404), Not(&NAMES_A_MODEL)]),
        sure(&[
            SaysOne(&[
                "generativelanguage.googleapis.com/models",
                "generativelanguage.googleapis.com/vibeta",
                "generativelanguage.googleapis.com/openai",
                "generativelanguage.googleapis.com/chat/completions",
            ]),
            StatusIn(&[404]),
        ]),
        sure(&[SaysOne(&["The requested URL <code>/models", "The requested URL /models"])]),
        // Google's page, with the line that names the path cut off.
        maybe(&[EDGE_404, Not(&Says("The requested URL"))]),
    ],
    why: "The client adds no version of its own, so the path leads nowhere. Google's front end \
          answers with a page or with nothing, and never looks at key or model.",
    fix: &[
        you("End the base URL with /v1beta for a native client that adds none"),
        you("End it with /v1beta/openai/ for an OpenAI-compatible client"),
        you("See whether the API answers on the usual path").run("gemini-doctor check-key"),
    ],
    confirm: "gemini-doctor check-key lists the models over the corrected base URL.",
    seen_as: &[
        "requests.exceptions.HTTPError: 404 Client Error: Not Found for url: \
         https://generativelanguage.googleapis.com/models/gemini-3.8-flash:generateContent",
        "<title>Error 404 (Not Found)!!1</title><p>The requested URL \
         <code>/models/gemini-3.8-flash:generateContent</code> was not found on this server.",
    ],
    live: &[
        &[Route(RouteFlaw::VersionMissing), Status(404)],
        &[Route(RouteFlaw::VersionMissing), Status(404), By(Party::Edge)],
    ],
    not: &[MODEL_404],
    splits: &[
        Split {
            id: "base-url-version-duplicated",
            by: "the URL that was asked: the version is missing from it, or stands in it twice",
        },
        Split {
            id: "openai-compat-base-url-wrong",
            by: "the URL that was asked: /openai with a native method, or the reverse",
        },
        Split {
            id: "vertex-global-endpoint-host",
            by: "the host that was asked: global-aiplatform.googleapis.com does not exist",
        },
    ],
    reproduce: "base-url-version-missing",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

/// A native client's path behind the one of the OpenAI-compatible API.
const VERSION_BEHIND_OPENAI: Sign = SaysOne(&["/openai/v1beta/", "/openai/v1/models"]);

const OPENAI_COMPAT_BASE_URL_WRONG: KnownFix = KnownFix {
    id: "openai-compat-base-url-wrong",
    title: "The URL mixes Google's own API with the OpenAI-compatible one",
    layer: Layer::Model,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Route(RouteFlaw::OpenAiPath), Status(404), By(Party::Edge)]),
        likely(&[Route(RouteFlaw::OpenAiPath), Status(404), Not(&NAMES_A_MODEL)]),
        sure(&[
            Says("/openai/"),
            SaysOne(&[":generateContent", ":streamGenerateContent"]),
            Not(&VERSION_BEHIND_OPENAI),
        ]),
        // The version stands in it twice as well, which is a fault of its own.
        likely(&[VERSION_BEHIND_OPENAI, Not(&NAMES_A_MODEL)]),
        likely(&[
            VERSION_BEHIND_OPENAI,
            Says("/openai/"),
            SaysOne(&[":generateContent", ":streamGenerateContent"]),
        ]),
        sure(&[SaysOne(&[
            "googleapis.com/v1beta/chat/completions",
            "googleapis.com/v1/chat/completions",
            "/openai/v1/chat/completions",
            ":generateContent/chat/completions",
            "/chat/completions/v1beta",
            "/chat/completions/models",
        ])]),
        maybe(&[Says("404 status code (no body)")]),
        // A router of other providers' calls, set up with the base URL for OpenAI clients.
        maybe(&[
            SaysOne(&["googleapis.com/v1beta/openai"]),
            SaysOne(&["\"transformer\"", "provider(gemini"]),
            SaysOne(&["404"]),
        ]),
    ],
    why: "A native client was pointed at /openai, or an OpenAI client at the native path. The two \
          have different methods under different paths, and a path that belongs to neither gets a \
          404 with an empty body.",
    fix: &[
        you("Set .../v1beta/openai/ as base URL in an OpenAI-compatible client"),
        you("Set https://generativelanguage.googleapis.com in a native client")
            .run("gemini-doctor check-key"),
        you("Give the whole path up to /chat/completions to a tool that appends nothing"),
    ],
    confirm: "The program's own call passes, and gemini-doctor check-key does over the native \
              path.",
    seen_as: &[
        "requests.exceptions.HTTPError: 404 Client Error: Not Found for url: \
         https://generativelanguage.googleapis.com/v1beta/openai/models/gemini-3.8-flash:generateContent",
        "POST https://generativelanguage.googleapis.com/v1beta/chat/completions 404 Not Found",
        "openai.NotFoundError: 404 status code (no body)",
    ],
    live: &[
        &[Route(RouteFlaw::OpenAiPath), Status(404)],
        &[Route(RouteFlaw::OpenAiPath), Status(404), By(Party::Edge)],
    ],
    not: &[MODEL_404],
    splits: &[Split {
        id: "base-url-version-duplicated",
        by: "the client: one that adds paths of its own must be given the host alone",
    }],
    reproduce: "openai-compat-base-url-wrong",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const VERTEX_ENDPOINT_NEEDS_REGION: KnownFix = KnownFix {
    id: "vertex-endpoint-needs-region",
    title: "The cloud platform's host needs a project and a location in the path",
    layer: Layer::Model,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Never,
    when: &[
        sure(&[Route(RouteFlaw::CloudHost), Status(404), By(Party::Edge)]),
        likely(&[Route(RouteFlaw::CloudHost), Status(404), Not(&NAMES_A_MODEL)]),
        sure(&[SaysOne(&[
            "aiplatform.googleapis.com/v1beta/models",
            "aiplatform.googleapis.com/v1/models",
            "aiplatform.googleapis.com/v1beta1/models",
        ])]),
    ],
    why: "aiplatform.googleapis.com has no /models path as the Developer API has: its paths name a \
          project and a location, and the host's name must fit the location.",
    fix: &[
        you("Use the Developer API's host if you have one of its keys")
            .run("gemini-doctor check-key --base-url https://generativelanguage.googleapis.com"),
        you("Write /v1/projects/PROJECT/locations/global/publishers/google/models/MODEL otherwise"),
        you("Let the SDK build the path from project and location").run_in(
            "export GOOGLE_CLOUD_PROJECT={mine} GOOGLE_CLOUD_LOCATION=global",
            "$env:GOOGLE_CLOUD_PROJECT = '{mine}'; $env:GOOGLE_CLOUD_LOCATION = 'global'",
        ),
    ],
    confirm: "The call answers in JSON, whatever it then says about model or permission.",
    seen_as: &[
        "requests.exceptions.HTTPError: 404 Client Error: Not Found for url: \
         https://us-central1-aiplatform.googleapis.com/v1beta/models/gemini-3.8-flash:generateContent",
        "POST https://aiplatform.googleapis.com/v1/models/gemini-3.8-flash:generateContent 404 Not Found",
    ],
    live: &[
        &[Route(RouteFlaw::CloudHost), Status(404)],
        &[Route(RouteFlaw::CloudHost), Status(404), By(Party::Edge)],
    ],
    not: &[
        r#"{"error":{"code":404,"message":"Publisher Model `projects/example/locations/us-central1/publishers/google/models/gemini-3.8-flash` was not found or your project does not have access to it.","status":"NOT_FOUND"}}"#,
        MODEL_404,
    ],
    splits: &[],
    reproduce: "vertex-endpoint-needs-region",
    hides: &[],
    docs: &[CLOUD_LOCATIONS],
    as_of: "2026-11-20",
};

/// The host that clients make up for the location `global`.
const NO_SUCH_HOST: Sign = Says("global-aiplatform.googleapis.com");

const VERTEX_GLOBAL_ENDPOINT_HOST: KnownFix = KnownFix {
    id: "vertex-global-endpoint-host",
    title: "The host global-aiplatform.googleapis.com does not exist",
    layer: Layer::Model,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[NO_SUCH_HOST]),
        sure(&[Meta("url", "global-aiplatform.")]),
        // The name may not resolve, or lead to whoever answers for unknown ones.
        sure(&[NO_SUCH_HOST, Sign::Fault(Fault::NameNotFound)]),
        sure(&[NO_SUCH_HOST, Sign::Fault(Fault::NameFailed)]),
        sure(&[NO_SUCH_HOST, Sign::Fault(Fault::CertWrongName)]),
        // The host is not shown, the setting that leads to it is.
        maybe(&[
            SaysOne(&[
                "location: global",
                "location: 'global'",
                "location: \"global\"",
                "\"location\": \"global\"",
                "location=global",
                "location='global'",
                "location=\"global\"",
                "locations/global/",
            ]),
            SaysOne(&[
                "token '<'",
                "token < in JSON",
                "invalid character '<'",
                "expected value at line 1 column 1",
                "Expecting value: line 1 column 1",
                "Error 404 (Not Found)!!1",
            ]),
        ]),
    ],
    why: "Other locations stand in front of the host's name, as in \
          europe-west4-aiplatform.googleapis.com; the location global does not. Older SDKs and \
          hand-made clients put it there all the same, get a web page, and then stumble over its \
          first character as if it were broken JSON.",
    fix: &[
        you("Use https://aiplatform.googleapis.com with /locations/global in the path"),
        you("Update the SDK, and let it build the address").run_in(
            "export GOOGLE_CLOUD_PROJECT={mine} GOOGLE_CLOUD_LOCATION=global",
            "$env:GOOGLE_CLOUD_PROJECT = '{mine}'; $env:GOOGLE_CLOUD_LOCATION = 'global'",
        ),
        you("Take the host out of the base URL setting if it was written there by hand"),
    ],
    confirm: "The call answers in JSON, whatever it then says about model or permission.",
    seen_as: &[
        "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON (POST \
         https://global-aiplatform.googleapis.com/v1beta1/projects/example/locations/global)",
        "reqwest::Error { kind: Decode }: expected value at line 1 column 1, url: \
         https://global-aiplatform.googleapis.com/v1/projects/example/locations/global/publishers/google/models/gemini-3.8-flash:generateContent",
        "TypeError: fetch failed [cause]: Error: getaddrinfo ENOTFOUND global-aiplatform.googleapis.com",
    ],
    live: &[&[
        Meta("url", "global-aiplatform."),
        Route(RouteFlaw::CloudHost),
        Status(404),
        By(Party::Edge),
    ]],
    not: &[
        "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
        "requests.exceptions.HTTPError: 404 Client Error: Not Found for url: \
         https://us-central1-aiplatform.googleapis.com/v1beta/models/gemini-3.8-flash:generateContent",
    ],
    splits: &[],
    reproduce: "vertex-global-endpoint-host",
    hides: &["answer-not-json"],
    docs: &[CLOUD_LOCATIONS],
    as_of: "2026-11-20",
};

/// The cloud platform's own sentence for a name that it does not serve there.
const NOT_SERVED_THERE: Sign = SaysOne(&[
    "was not found or your project does not have access",
    "is not servable in region",
    "is not supported in the region",
    "is not available in region",
    "is not available in the location",
]);

/// Families that are gone everywhere, so that no location is to blame.
const GONE_EVERYWHERE: Sign = SaysOne(&[
    "models/gemini-1.",
    "models/gemini-2.0-",
    "models/gemini-pro",
    "models/text-bison",
    "models/chat-bison",
]);

const VERTEX_MODEL_NOT_IN_REGION: KnownFix = KnownFix {
    id: "vertex-model-not-in-region",
    title: "The cloud platform does not serve this model in this location",
    layer: Layer::Model,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Failover,
    when: &[
        likely(&[Says("Publisher Model"), NOT_SERVED_THERE, Not(&GONE_EVERYWHERE)]),
        sure(&[Says("Publisher Model"), Sign::Local(LocalFact::ModelElsewhere)]),
        likely(&[
            Says("Publisher Model"),
            Says("not found"),
            Not(&NOT_SERVED_THERE),
            Not(&GONE_EVERYWHERE),
        ]),
        likely(&[
            SaysOne(&["is not servable in region", "is not available in region"]),
            SaysOne(&["gemini", "publishers/google"]),
        ]),
    ],
    why: "On the cloud platform a model runs in some locations only, and previews mostly in global \
          alone. The same sentence comes when the model was retired, when the project in the path \
          is a placeholder or when the project was not let in, so look at all parts of the path.",
    fix: &[
        you("Ask in the location global, which most models are served in")
            .run_in("export GOOGLE_CLOUD_LOCATION=global", "$env:GOOGLE_CLOUD_LOCATION = 'global'"),
        you("Compare the path's project and model with what you meant, letter by letter"),
        you("See where the model is offered and until when, in the list of locations"),
        owner("Ask for access if the model is given out by invitation"),
    ],
    confirm: "countTokens for the model passes in the new location; it costs nothing.",
    seen_as: &[
        r#"FirebaseError: AI: Error fetching from https://me-west1-aiplatform.googleapis.com/v1/projects/example/locations/me-west1/publishers/google/models/gemini-3.8-flash:generateContent: [404 ] Publisher Model `projects/example/locations/me-west1/publishers/google/models/gemini-3.8-flash` not found."#,
        r#"{"error":{"code":404,"message":"Publisher Model `projects/example/locations/europe-west4/publishers/google/models/gemini-3.8-flash` was not found or your project does not have access to it. Please ensure you are using a valid model version.","status":"NOT_FOUND"}}"#,
        "google.api_core.exceptions.FailedPrecondition: 400 Publisher model \
         `projects/example/locations/us-central1/publishers/google/models/gemini-3.8-flash` is not \
         servable in region us-central1.",
    ],
    live: &[],
    not: &[
        MODEL_404,
        r#"{"error":{"code":403,"message":"Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/example/locations/us-central1/publishers/google/models/gemini-3.8-flash' (or it may not exist).","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[
        Split {
            id: "model-retired",
            by: "the table of retired models, and whether the location global serves it",
        },
        Split {
            id: "vertex-project-misconfigured",
            by: "the project in the path: its own id, or a placeholder",
        },
    ],
    reproduce: "vertex-model-not-in-region",
    hides: &[],
    docs: &[CLOUD_LOCATIONS],
    as_of: "2026-11-20",
};

/// Kong, APISIX, Envoy and its log, one-api and its kin, Express: a path that leads to no provider.
const OWN_404: &[&str] = &[
    "no Route matched with those values",
    "404 Route Not Found",
    "route_not_found",
    "response_flags=NR",
    "no matching route found",
    "Invalid URL (GET /v1beta",
    "Invalid URL (POST /v1beta",
    "Invalid URL (DELETE /v1beta",
    "Cannot POST /v1beta",
    "Cannot GET /v1beta",
    "Cannot POST /upload/v1beta",
];

const GATEWAY_ROUTE_MISSING: KnownFix = KnownFix {
    id: "gateway-route-missing",
    title: "The gateway has no such route, so Google was never asked",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("No route for that URI")]),
        likely(&[SaysOne(OWN_404), Not(&By(Party::Api))]),
        likely(&[SaysOne(OWN_404), By(Party::Foreign)]),
        likely(&[
            By(Party::Gateway),
            StatusIn(&[400, 404, 405]),
            SaysOne(&["no matching route", "route not found", "cannot POST /", "cannot GET /"]),
        ]),
        maybe(&[By(Party::Gateway), StatusIn(&[404, 405])]),
        maybe(&[
            SaysOne(&[
                "404 page not found",
                "default backend - 404",
                "Cannot POST /",
                "Cannot GET /",
            ]),
            Not(&By(Party::Api)),
            ABOUT_THIS_API,
        ]),
    ],
    why: "The answer is the gateway's own and not Google's: the path after the gateway's host does \
          not lead to any provider. Neither the key nor the model has been looked at. Where other \
          calls pass, only some of the gateway's servers know the route.",
    fix: &[
        you("Copy the path for Google AI Studio from the gateway's documentation"),
        you("Ask Google directly, to see that key and model are fine")
            .run("gemini-doctor check-key --base-url https://generativelanguage.googleapis.com"),
        owner("Add the route to the gateway if it is your own"),
    ],
    confirm: "gemini-doctor check-key --base-url URL lists the models through the gateway.",
    seen_as: &[
        r#"{"success":false,"result":[],"messages":[],"errors":[{"code":7000,"message":"No route for that URI"}]}"#,
        "Error: 400 Bad Request from https://gateway.example/v1/acct/gw/google/models: No route \
         for that URI",
        "HTTP/1.1 404 Not Found\nServer: kong/3.8.0\n\n{\"message\":\"no Route matched with those values\"}",
        r#"404 {"error":{"message":"Invalid URL (POST /v1beta/models/gemini-3.8-flash:generateContent)","type":"invalid_request_error","param":"","code":""}}"#,
    ],
    live: &[
        &[By(Party::Gateway), Status(400), Says("No route for that URI")],
        &[By(Party::Gateway), Status(404)],
        // Other calls passed: only some of the gateway's servers have the route.
        &[By(Party::Gateway), Status(404), Sign::Shown(Shown::PassedToo)],
        &[
            By(Party::Gateway),
            Status(404),
            Sign::Shown(Shown::PassedToo),
            Sign::Model(ModelFact::OtherNamed),
        ],
    ],
    not: &[MODEL_404],
    splits: &[],
    reproduce: "gateway-route-missing",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

/// How somebody who guards a door says no.
const REFUSALS: &[u16] = &[401, 403, 407];

/// What well-known gateways say when their own credential is missing or wrong.
const OWN_CREDENTIAL: &[&str] = &[
    "LiteLLM Virtual Key expected",
    "Authentication Error, No api key passed in",
    "Authentication Error, Invalid proxy server token",
    "No API key found in request",
    "\"Missing Authentication Token\"",
    "No connected db.",
];

/// What filters and the guards of web sites say.
const BLOCKED: &[&str] = &[
    "Sorry, you have been blocked",
    "Attention Required! | Cloudflare",
    "Enable JavaScript and cookies to continue",
];

/// Google's own refusal, which is about the key and not about a gateway.
const API_403: &str = r#"{"error":{"code":403,"message":"The caller does not have permission","status":"PERMISSION_DENIED"}}"#;

const GATEWAY_REFUSED: KnownFix = KnownFix {
    id: "gateway-refused",
    title: "A gateway, not Google, refused the call",
    layer: Layer::Gateway,
    blame: Blame::Caller,
    severity: Severity::Error,
    // No retry helps: a credential or a rule has to change.
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[By(Party::Gateway), StatusIn(REFUSALS), SaysOne(OWN_CREDENTIAL)]),
        // Without a store of keys LiteLLM knows its master key alone, and says of any other what it lacks.
        sure(&[By(Party::Gateway), Status(400), Says("No connected db.")]),
        sure(&[By(Party::Gateway), StatusIn(REFUSALS), SaysOne(BLOCKED), ABOUT_THIS_API]),
        likely(&[By(Party::Gateway), StatusIn(REFUSALS), ABOUT_THIS_API]),
        likely(&[By(Party::Page), StatusIn(REFUSALS), ABOUT_THIS_API]),
        maybe(&[By(Party::Gateway), StatusIn(REFUSALS)]),
        maybe(&[By(Party::Page), StatusIn(REFUSALS)]),
        maybe(&[By(Party::Unknown), StatusIn(REFUSALS)]),
        likely(&[SaysOne(OWN_CREDENTIAL)]),
        likely(&[SaysOne(BLOCKED), Not(&By(Party::Api)), ABOUT_THIS_API]),
        maybe(&[SaysOne(BLOCKED), Not(&By(Party::Api))]),
        likely(&[Says("{\"message\":\"Forbidden\"}"), Not(&By(Party::Api)), ABOUT_THIS_API]),
        maybe(&[Says("{\"message\":\"Forbidden\"}"), Not(&By(Party::Api))]),
    ],
    why: "The answer has neither the form nor the headers of Google's API. A gateway that wants a \
          credential of its own, a company's filter or the guard of a web site said no, so nothing \
          is known yet about the key, its project or the model.",
    fix: &[
        you("See who answers: answered_by, the status and the words of the answer")
            .run("gemini-doctor check-key --format json"),
        you("Give the gateway the credential that it wants, in the header its documentation names"),
        you("Ask Google directly, to compare")
            .run("gemini-doctor check-key --base-url https://generativelanguage.googleapis.com"),
        owner("Let this caller, this path and this method through the gateway or filter"),
    ],
    confirm: "gemini-doctor check-key over the same base URL is answered by Google's API.",
    seen_as: &[
        r#"HTTP/1.1 401 Unauthorized: {"error":{"message":"Authentication Error, No api key passed in.","type":"auth_error","param":"None","code":"401"}}"#,
        r#"HTTP/1.1 403 Forbidden {"message":"Forbidden"}"#,
        r#"HTTP/1.1 403 Forbidden {"message":"Missing Authentication Token"}"#,
        "HTTP/1.1 403 Forbidden\nserver: cloudflare\n\n<!DOCTYPE html><html><head><title>Attention \
         Required! | Cloudflare</title></head><body><h1>Sorry, you have been blocked</h1></body></html>",
        "HTTP/1.1 401 Unauthorized\n\n<html><head><title>401 Authorization Required</title></head>\
         <body><center><h1>401 Authorization Required</h1></center><hr><center>nginx</center></body></html>",
        "HTTP/1.1 403 Forbidden\n\n<html><head><title>Access denied</title></head><body>This site is \
         blocked by the company's policy.</body></html>",
    ],
    live: &[
        &[By(Party::Gateway), Status(401), Says("Authentication Error, No api key passed in.")],
        &[By(Party::Gateway), Status(403), Says("{\"message\":\"Forbidden\"}")],
        &[By(Party::Gateway), Status(403), Says("Access denied")],
        &[By(Party::Page), Status(403)],
        &[By(Party::Gateway), Status(407)],
    ],
    not: &[
        API_403,
        "<!DOCTYPE html><html lang=en><title>Error 403 (Forbidden)!!1</title><p><b>403.</b> \
         <ins>That’s an error.</ins>",
        "curl: (56) CONNECT tunnel failed, response 407",
    ],
    splits: &[Split {
        id: "edge-403-html",
        by: "the answer's headers and page: Google's front end signs its pages with its logo",
    }],
    reproduce: "gateway-refused",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

/// Failures of somebody's server; those that stand for a wait in vain have a fix of their own.
const FAILURES: &[u16] =
    &[500, 501, 503, 505, 506, 507, 508, 509, 510, 511, 520, 521, 523, 525, 526, 527, 529, 530];

const GATEWAY_FAILED: KnownFix = KnownFix {
    id: "gateway-failed",
    title: "A gateway, not Google, failed on the call",
    layer: Layer::Gateway,
    blame: Blame::Path,
    severity: Severity::Error,
    class: Some(Class::Theirs),
    retry: RetryClass::Backoff,
    when: &[
        likely(&[By(Party::Gateway), StatusIn(FAILURES), ABOUT_THIS_API]),
        likely(&[By(Party::Page), StatusIn(FAILURES), ABOUT_THIS_API]),
        maybe(&[By(Party::Gateway), StatusIn(FAILURES)]),
        maybe(&[By(Party::Page), StatusIn(FAILURES)]),
        // The stock page alone: nothing in it speaks of time.
        maybe(&[By(Party::Gateway), Says("502 bad gateway"), Not(&ABOUT_THIS_API)]),
        maybe(&[
            SaysOne(&["no healthy upstream", "no server is available to handle this request"]),
            Not(&By(Party::Api)),
        ]),
        maybe(&[By(Party::Unknown), StatusIn(FAILURES)]),
    ],
    why: "The answer has neither the form nor the headers of Google's API: a gateway, a relay or a \
          load balancer broke down, is being serviced, or has no server behind it. Whether Google \
          was asked at all cannot be seen from here.",
    fix: &[
        you("See who answers: answered_by, the status and the words of the answer")
            .run("gemini-doctor check-key --format json"),
        you("Ask Google directly, to compare")
            .run("gemini-doctor check-key --base-url https://generativelanguage.googleapis.com"),
        owner("Look into the gateway's own log for that moment, and repair it"),
        you("Retry with growing pauses meanwhile"),
    ],
    confirm: "gemini-doctor check-key over the same base URL is answered by Google's API.",
    seen_as: &[
        "HTTP/1.1 500 Internal Server Error\n\n<html><head><title>500</title></head><body>openresty</body></html>",
        "HTTP/1.1 503 Service Unavailable\n\n<html><body><h1>503 Service Temporarily \
         Unavailable</h1><hr>nginx</body></html>",
        "HTTP/1.1 503 Service Unavailable\n\n<html><body>We are down for maintenance.</body></html>",
    ],
    live: &[
        &[By(Party::Gateway), Status(500), Says("oops")],
        &[By(Party::Gateway), Status(503)],
        &[By(Party::Page), Status(500)],
        &[By(Party::Unknown), Status(500)],
    ],
    not: &[
        r#"{"error":{"code":500,"message":"Internal error encountered.","status":"INTERNAL"}}"#,
        "<html>\n<head><title>504 Gateway Time-out</title></head>\n<body><center><h1>504 Gateway \
         Time-out</h1></center><hr><center>nginx</center></body></html>",
    ],
    splits: &[
        Split {
            id: "gateway-timeout-too-short",
            by: "the time until the answer: the same number of seconds each time is a limit",
        },
        Split {
            id: "server-internal-500",
            by: "the same call to Google's own base URL: if it fails too, it is Google's",
        },
    ],
    reproduce: "gateway-failed",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

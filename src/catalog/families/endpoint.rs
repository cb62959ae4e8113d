//! Known fixes for the URL: a version twice or not at all, the path of another API, a host that
//! needs more, a gateway that has no such route.
//!
//! The API's own 404 is JSON and names a model; one without JSON is about the URL, and belongs
//! here.

use crate::{
    catalog::{
        KnownFix,
        Sign::{self, By, Not, Route, Rpc, Says, SaysOne, Status, StatusIn},
        likely, maybe, owner, sure, you,
    },
    facts::{Blame, Layer, Party, RetryClass, Severity, clue::RouteFlaw},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &OPENAI_COMPAT_BASE_URL_WRONG,
    &BASE_URL_VERSION_DUPLICATED,
    &VERTEX_ENDPOINT_NEEDS_REGION,
    &BASE_URL_VERSION_MISSING,
    &GATEWAY_ROUTE_MISSING,
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
    retry: RetryClass::Never,
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

const BASE_URL_VERSION_MISSING: KnownFix = KnownFix {
    id: "base-url-version-missing",
    title: "The API version is missing from the URL, or misspelt",
    layer: Layer::Model,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Never,
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
    splits: &[],
    reproduce: "base-url-version-missing",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const OPENAI_COMPAT_BASE_URL_WRONG: KnownFix = KnownFix {
    id: "openai-compat-base-url-wrong",
    title: "The URL mixes Google's own API with the OpenAI-compatible one",
    layer: Layer::Model,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Never,
    when: &[
        sure(&[Route(RouteFlaw::OpenAiPath), Status(404), By(Party::Edge)]),
        likely(&[Route(RouteFlaw::OpenAiPath), Status(404), Not(&NAMES_A_MODEL)]),
        sure(&[Says("/openai/"), SaysOne(&[":generateContent", ":streamGenerateContent"])]),
        sure(&[SaysOne(&[
            "googleapis.com/v1beta/chat/completions",
            "googleapis.com/v1/chat/completions",
            "/openai/v1/chat/completions",
            ":generateContent/chat/completions",
        ])]),
        maybe(&[Says("404 status code (no body)")]),
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
    splits: &[],
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
        sure(&[Says("global-aiplatform.googleapis.com")]),
    ],
    why: "aiplatform.googleapis.com has no /models path as the Developer API has: its paths name a \
          project and a location, and the host's name must fit the location. There is no host \
          global-aiplatform; the location global is served by the plain name.",
    fix: &[
        you("Use the Developer API's host if you have one of its keys")
            .run("gemini-doctor check-key --base-url https://generativelanguage.googleapis.com"),
        you("Write /v1/projects/PROJECT/locations/global/publishers/google/models/MODEL otherwise"),
        you("Let the SDK build the path from project and location").run_in(
            "export GOOGLE_CLOUD_PROJECT=your-project-id GOOGLE_CLOUD_LOCATION=global",
            "$env:GOOGLE_CLOUD_PROJECT = 'your-project-id'; $env:GOOGLE_CLOUD_LOCATION = 'global'",
        ),
    ],
    confirm: "The call answers in JSON, whatever it then says about model or permission.",
    seen_as: &[
        "requests.exceptions.HTTPError: 404 Client Error: Not Found for url: \
         https://us-central1-aiplatform.googleapis.com/v1beta/models/gemini-3.8-flash:generateContent",
        "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON (POST \
         https://global-aiplatform.googleapis.com/v1beta1/projects/example/locations/global)",
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

const GATEWAY_ROUTE_MISSING: KnownFix = KnownFix {
    id: "gateway-route-missing",
    title: "The gateway has no such route, so Google was never asked",
    layer: Layer::Gateway,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Never,
    when: &[
        sure(&[Says("No route for that URI")]),
        likely(&[
            By(Party::Gateway),
            StatusIn(&[400, 404, 405]),
            SaysOne(&["no matching route", "route not found", "cannot POST /", "cannot GET /"]),
        ]),
        maybe(&[By(Party::Gateway), StatusIn(&[404, 405])]),
        maybe(&[SaysOne(&["no Route matched with those values"]), Not(&By(Party::Api))]),
    ],
    why: "The answer is the gateway's own and not Google's: the path after the gateway's host does \
          not lead to any provider. Neither the key nor the model has been looked at.",
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
    ],
    live: &[
        &[By(Party::Gateway), Status(400), Says("No route for that URI")],
        &[By(Party::Gateway), Status(404)],
    ],
    not: &[MODEL_404],
    splits: &[],
    reproduce: "gateway-route-missing",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

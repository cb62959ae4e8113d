//! Model names, methods, lists, and addresses that lead past the API.

use super::super::fault::{Act, Bend, Route, Rule};
use super::super::scenario::{File, Local, Scenario};

pub(in super::super) const ALL: &[Scenario] = &[
    MODEL_RETIRED,
    MODEL_CLOSED_TO_NEW_USERS,
    MODEL_NAME_WRONG,
    MODEL_NAME_WRONG_LIST,
    MODEL_WRONG_API_VERSION_OR_METHOD,
    ROUTES_RETIRED,
    MODEL_RETIRING,
    MODEL_LOCK_NOT_MET,
    MODEL_METHOD_MISSING,
    NO_MODEL_MATCHES,
    MODEL_LISTED_UNUSABLE,
    LIST_INCOMPLETE,
    LIST_INCOMPLETE_CUT,
    BASE_URL_VERSION_DUPLICATED,
    BASE_URL_VERSION_MISSING,
    OPENAI_COMPAT_BASE_URL_WRONG,
    VERTEX_GLOBAL_ENDPOINT_HOST,
    VERTEX_MODEL_NOT_IN_REGION,
    VERTEX_ENDPOINT_NEEDS_REGION,
];

const MODEL_RETIRED: Scenario =
    Scenario::new("model-retired", "model", 1, "The model asked for was shut down: an honest 404.")
        .command(&["check-key", "--model", "gemini-2.0-flash"]);

const MODEL_CLOSED_TO_NEW_USERS: Scenario = Scenario::new(
    "model-closed-to-new-users",
    "model",
    1,
    "The model is listed, but closed to this project: 404 on its methods.",
)
.command(&["check-key", "--model", "gemini-2.5-pro"])
.rules(&[Rule::on_model(
    Route::Methods,
    "gemini-2.5-pro",
    Act::google(404, include_str!("../bodies/model-closed.json")),
)]);

const MODEL_NAME_WRONG: Scenario = Scenario::new(
    "model-name-wrong",
    "model",
    1,
    "The model's name has a typing error: an honest 404.",
)
.command(&["check-key", "--model", "gemini-3.5-flahs"]);

const MODEL_NAME_WRONG_LIST: Scenario = Scenario::new(
    "model-name-wrong.list",
    "model",
    1,
    "The model's name has a typing error and is not in the list.",
)
.fix("model-name-wrong")
.command(&["list-models", "gemini-3.5-flahs"]);

const MODEL_WRONG_API_VERSION_OR_METHOD: Scenario = Scenario::new(
    "model-wrong-api-version-or-method",
    "model",
    1,
    "The model exists, but only for embeddings: an honest 404 on other methods.",
)
.command(&["check-key", "--model", "gemini-embedding-001"]);

const ROUTES_RETIRED: Scenario = Scenario::new(
    "routes-retired",
    "model",
    1,
    "A map of four routes names two models that were shut down.",
)
.fix("model-retired")
.command(&["list-models", "--routes", "routes.json"])
.local(Local {
    files: &[File::private("routes.json", include_str!("../bodies/routes.json"))],
    ..Local::KEYED
});

const MODEL_RETIRING: Scenario = Scenario::new(
    "model-retiring",
    "model",
    0,
    "The model is listed and works, and its end is announced.",
)
.command(&["list-models", "gemini-2.5-flash"]);

const MODEL_LOCK_NOT_MET: Scenario = Scenario::new(
    "model-lock-not-met",
    "model",
    1,
    "A model has another version and less room for answers than when it was locked.",
)
.command(&["list-models", "--check-lock", "models.lock"])
.local(Local {
    files: &[File::private("models.lock", include_str!("../bodies/models.lock"))],
    ..Local::KEYED
})
.rules(&[Rule::always(Route::List, Act::Bend(Bend { moved: true, ..Bend::NONE }))]);

const MODEL_METHOD_MISSING: Scenario = Scenario::new(
    "model-method-missing",
    "model",
    1,
    "The model is listed without the method that is wanted.",
)
.command(&["list-models", "gemini-embedding-001", "--method", "generateContent"]);

const NO_MODEL_MATCHES: Scenario =
    Scenario::new("no-model-matches", "model", 1, "No model of the list is as it is asked for.")
        .command(&["list-models", "--match", "no-such-name"]);

const MODEL_LISTED_UNUSABLE: Scenario = Scenario::new(
    "model-listed-unusable",
    "model",
    1,
    "One model is listed, and answers everything else with 404.",
)
.command(&["list-models", "--verify"])
.rules(&[Rule::on_model(
    Route::Any,
    "gemini-3-flash-preview",
    Act::google(404, include_str!("../bodies/model-not-found.json")),
)]);

const LIST_INCOMPLETE: Scenario = Scenario::new(
    "list-incomplete",
    "backend",
    3,
    "Every page of the model list points to the same next page.",
)
.command(&["list-models"])
.page_cap(6)
.rules(&[Rule::always(Route::List, Act::Bend(Bend { same_page: true, ..Bend::NONE }))]);

const LIST_INCOMPLETE_CUT: Scenario = Scenario::new(
    "list-incomplete.cut",
    "backend",
    3,
    "The second page of the model list ends in 500.",
)
.fix("list-incomplete")
.command(&["list-models"])
.page_cap(6)
.rules(&[Rule::always(
    Route::NextPage,
    Act::google(500, include_str!("../bodies/internal-500.json")),
)]);

const BASE_URL_VERSION_DUPLICATED: Scenario = Scenario::new(
    "base-url-version-duplicated",
    "model",
    1,
    "The base URL holds the API version, which the client adds once more: 404.",
)
.local(Local::base_url("https://generativelanguage.googleapis.com/v1beta"));

const BASE_URL_VERSION_MISSING: Scenario = Scenario::new(
    "base-url-version-missing",
    "model",
    1,
    "The base URL holds a misspelt API version: 404.",
)
.local(Local::base_url("https://generativelanguage.googleapis.com/vibeta"));

const OPENAI_COMPAT_BASE_URL_WRONG: Scenario = Scenario::new(
    "openai-compat-base-url-wrong",
    "model",
    1,
    "The base URL is the one for OpenAI clients: 404 without a body.",
)
.local(Local::base_url("https://generativelanguage.googleapis.com/v1beta/openai"));

const VERTEX_GLOBAL_ENDPOINT_HOST: Scenario = Scenario::new(
    "vertex-global-endpoint-host",
    "model",
    1,
    "The base URL is a host that Vertex AI does not have: 404.",
)
.local(Local::base_url("https://global-aiplatform.googleapis.com"));

const VERTEX_MODEL_NOT_IN_REGION: Scenario = Scenario::new(
    "vertex-model-not-in-region",
    "model",
    1,
    "Vertex AI does not serve the model in this location: calls that generate end in 404.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(404, include_str!("../bodies/publisher-model-not-found.json")),
)]);

const VERTEX_ENDPOINT_NEEDS_REGION: Scenario = Scenario::new(
    "vertex-endpoint-needs-region",
    "model",
    1,
    "The base URL is Vertex AI's, which does not serve these paths: 404.",
)
.local(Local::base_url("https://aiplatform.googleapis.com"));

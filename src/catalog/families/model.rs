//! Known fixes for the model's name: retired, misspelt, closed, without the method, or served by
//! somebody else than it says.
//!
//! Many causes share one sentence, which names the model that was asked for. What the table and the
//! key's own list know about that name is what tells them apart.

use crate::{
    catalog::{
        KnownFix,
        Sign::{self, By, Model, Not, Says, SaysOne, Shown as Showed, Status, StatusIn},
        Split, likely, maybe, provider, sure, you,
    },
    facts::{
        Blame, Class, Layer, Party, RetryClass, Severity,
        clue::{ModelFact, Shown},
    },
};

/// The fixes of this family. Those that need more evidence stand before those that share a text.
pub(super) const FIXES: &[&KnownFix] = &[
    &ALIAS_BACKEND_MISSING,
    &ALIAS_DOWN,
    &ALIAS_REROUTED,
    &MODEL_LISTED_UNUSABLE,
    &MODEL_CLOSED_TO_NEW_USERS,
    &MODEL_RETIRED,
    &MODEL_WRONG_API_VERSION_OR_METHOD,
    &MODEL_NAME_WRONG,
    &MODEL_METHOD_MISSING,
    &NO_MODEL_MATCHES,
    &MODEL_RETIRING,
    &MODEL_LOCK_NOT_MET,
    &LIST_INCOMPLETE,
];

const MODELS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/models";
const DEPRECATIONS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/deprecations";

/// The sentence that most failures about a name share.
const NOT_FOUND: Sign = Says("is not found for API version");

/// An answer that says no, so that its opposite leaves lists and successes.
const REFUSED: Sign = StatusIn(&[400, 401, 403, 404, 429, 499, 500, 502, 503, 504]);

/// Old families that will not come back, for texts without any other evidence.
const LONG_RETIRED: Sign = SaysOne(&[
    "models/gemini-1.5-",
    "models/gemini-1.0-",
    "models/gemini-2.0-flash",
    "models/gemini-pro is",
    "models/gemini-pro-vision",
    "models/gemini-3-pro-preview",
    "models/gemini-2.5-flash-image-preview",
    "models/gemini-2.5-flash-preview-image",
    "models/gemini-exp-",
    "models/learnlm-",
    "models/aqa",
    "models/gemini-ultra",
    "models/gemma-2-",
    "models/text-embedding-004",
    "models/embedding-001",
    "models/text-bison",
    "models/chat-bison",
]);

/// Builds for a while, which carry the day or the word of an experiment in their names.
const SHORT_LIVED: Sign = SaysOne(&["-preview-0", "-preview-1", "-exp-", "-exp is not", "-exp`"]);

/// Pictures as answers, which some places are not given.
const FOR_PICTURES: Sign = SaysOne(&["-image-generation", "-image-preview", "-preview-image"]);

/// The cloud platform's words for a model.
const PUBLISHER_MODEL: Sign = Says("Publisher Model");

/// How a model's end is told, of the model itself.
const SAID_TO_BE_GONE: Sign = SaysOne(&[
    "is no longer available",
    "model is no longer supported",
    "has been shut down",
    "has been discontinued",
    "has been retired",
    "was discontinued",
    "has been decommissioned",
    "was retired",
    "was shut down",
    "is discontinued",
    "has been deprecated and is no longer",
]);

/// The same said to those alone who never used it.
const TO_NEW_USERS: Sign = SaysOne(&["to new users", "to new customers", "to new projects"]);

/// Families that answer other methods than generateContent.
const OTHER_METHODS: Sign = SaysOne(&[
    "models/gemini-embedding",
    "models/text-embedding",
    "-native-audio",
    "-live-preview",
    "-live-0",
    "models/imagen-",
    "models/veo-",
]);

/// The version under which newer models do not exist.
const UNDER_V1: Sign = Says("for API version v1,");

const ALIAS_BACKEND_MISSING: KnownFix = KnownFix {
    id: "alias-backend-missing",
    title: "A build behind this model name is gone, so calls get a 404",
    layer: Layer::Backend,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Failover,
    when: &[
        // The page of a gateway says nothing of Google's builds, so the API itself must have spoken.
        sure(&[Showed(Shown::PassedToo), Model(ModelFact::OtherNamed), By(Party::Api)]),
        likely(&[Showed(Shown::PassedToo), Status(404), By(Party::Api)]),
        // A log of requests shows statuses without who gave them.
        maybe(&[Showed(Shown::PassedToo), Status(404), Not(&By(Party::Gateway))]),
        sure(&[Model(ModelFact::OtherNamed), Says("Model not found: models/"), By(Party::Api)]),
        likely(&[Model(ModelFact::OtherNamed), NOT_FOUND, By(Party::Api)]),
        likely(&[Model(ModelFact::OtherNamed), Status(404), By(Party::Api)]),
        likely(&[
            Says("Model not found: models/"),
            Not(&NOT_FOUND),
            Not(&By(Party::Gateway)),
            Not(&Model(ModelFact::AsAsked)),
        ]),
    ],
    why: "Calls under one name can be shared out among several builds, and at least one that they \
          are led to is not there: these calls get a 404. The answer may name that build, which \
          nobody asked for and no list shows, or just repeat the name. Where other calls pass with \
          the same key and name, neither of these is at fault.",
    fix: &[
        you("Send the calls to {sibling} or to a pinned version meanwhile"),
        you(
            "Where nothing better is known, try once more on a new connection: some balancers keep \
             each connection to one build",
        ),
        you("Send the provider an issue text with all figures")
            .run("gemini-doctor probe-alias {model} --vendor-report report.md"),
        provider("Take what does not know the name out of its rotation"),
    ],
    confirm: "gemini-doctor probe-alias {model} says HEALTHY.",
    seen_as: &[
        r#"{"error":{"code":404,"message":"Model not found: models/gemini-v4p1s-rev24-ajax-sentinel","status":"NOT_FOUND"}}"#,
        "google.genai.errors.ClientError: 404 NOT_FOUND. {'error': {'code': 404, 'message': 'Model \
         not found: models/gemini-v4p1s-rev24-ajax-sentinel', 'status': 'NOT_FOUND'}}",
    ],
    live: &[
        &[
            Model(ModelFact::OtherNamed),
            Says("Model not found: models/"),
            Status(404),
            By(Party::Api),
        ],
        &[Showed(Shown::PassedToo), Model(ModelFact::OtherNamed), Status(404), By(Party::Api)],
        &[Showed(Shown::PassedToo), Status(404), Model(ModelFact::Listed), By(Party::Api)],
    ],
    not: &[
        "HTTP/1.1 404 Not Found\n\n<html><head><title>404 Not Found</title></head><body><center><h1>404 \
         Not Found</h1></center><hr><center>nginx</center></body></html>",
        r#"{"error":{"code":404,"message":"models/gemini-3.5-flahs is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.","status":"NOT_FOUND"}}"#,
    ],
    splits: &[Split {
        id: "model-name-wrong",
        by: "the name you asked for: if the answer repeats it and every call fails, it is the name",
    }],
    reproduce: "alias-backend-missing",
    hides: &["model-name-wrong", "model-retired", "model-listed-unusable"],
    docs: &[MODELS_PAGE],
    as_of: "2026-11-20",
};

const ALIAS_DOWN: KnownFix = KnownFix {
    id: "alias-down",
    title: "Every call to a listed model name gets a 404",
    layer: Layer::Backend,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Failover,
    when: &[sure(&[Showed(Shown::NameDown), Status(404), By(Party::Api)])],
    why: "The name is in this key's list and takes the free calls, and none of many calls for an \
          answer found it. A name that was wrong would not be listed, so its backend is gone for \
          everybody, or for this project.",
    fix: &[
        you("Send the calls to {sibling} meanwhile"),
        you("Send the provider an issue text with all figures")
            .run("gemini-doctor probe-alias {model} --vendor-report report.md"),
        you("See which of the listed models really answer")
            .run("gemini-doctor list-models --verify"),
        provider("Bring the name's backend back, or take the name off the lists"),
    ],
    confirm: "gemini-doctor probe-alias {model} says HEALTHY.",
    seen_as: &[],
    live: &[
        &[Showed(Shown::NameDown), Status(404), By(Party::Api), Model(ModelFact::Listed)],
        &[
            Showed(Shown::NameDown),
            Status(404),
            By(Party::Api),
            Says("is not found for API version v1beta"),
        ],
    ],
    not: &[
        r#"{"error":{"code":404,"message":"models/gemini-3.5-flash is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.","status":"NOT_FOUND"}}"#,
    ],
    splits: &[],
    reproduce: "alias-down",
    hides: &[
        "model-name-wrong",
        "model-wrong-api-version-or-method",
        "model-listed-unusable",
        "model-retired",
    ],
    docs: &[MODELS_PAGE],
    as_of: "2026-11-29",
};

const ALIAS_REROUTED: KnownFix = KnownFix {
    id: "alias-rerouted",
    title: "Another model answers under this name",
    layer: Layer::Model,
    blame: Blame::Provider,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Showed(Shown::Rerouted)])],
    why: "Calls pass, and the answer says that a model of another family gave it. Google routes \
          some retired names on in this way; price, limits and the parameters it takes are then \
          those of the model that serves.",
    fix: &[
        you("Name the model that you want, instead of leaving it to the route")
            .run("gemini-doctor list-models"),
        you("Check price, limits and parameters of the model that answers now"),
        you("Compare its answers with your tests before you accept it"),
    ],
    confirm: "gemini-doctor check-key --model NAME reports the model that was asked for.",
    seen_as: &[],
    live: &[
        &[Showed(Shown::Rerouted), Status(200)],
        &[Showed(Shown::Rerouted), Status(200), Model(ModelFact::Retiring)],
    ],
    not: &[
        r#"{"candidates":[{"content":{"parts":[{"text":"ok"}],"role":"model"},"finishReason":"STOP"}],"modelVersion":"gemini-3.8-flash"}"#,
    ],
    splits: &[],
    reproduce: "alias-rerouted",
    hides: &["model-retiring"],
    docs: &[DEPRECATIONS_PAGE, MODELS_PAGE],
    as_of: "2026-11-20",
};

const MODEL_LISTED_UNUSABLE: KnownFix = KnownFix {
    id: "model-listed-unusable",
    title: "A model is in the key's list, and calls for it fail",
    layer: Layer::Model,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Failover,
    when: &[sure(&[Showed(Shown::ListedUnusable), Not(&Says("no longer available to new users"))])],
    why: "Lists are made from a catalogue and not from what this key may call, so a name can stand \
          there after its model has gone or before it was opened.",
    fix: &[
        you("See which of the listed models really answer")
            .run("gemini-doctor list-models --verify"),
        you("Use one of those, and name it in the program's settings"),
        provider("Take the name out of the list, or make it answer"),
    ],
    confirm: "gemini-doctor list-models --verify passes for the names that you use.",
    seen_as: &[],
    live: &[
        &[Showed(Shown::ListedUnusable)],
        &[Showed(Shown::ListedUnusable), Model(ModelFact::Listed), NOT_FOUND, Status(404)],
    ],
    not: &[
        r#"{"error":{"code":404,"message":"models/gemini-3.5-flahs is not found for API version v1beta, or is not supported for generateContent.","status":"NOT_FOUND"}}"#,
    ],
    splits: &[],
    reproduce: "model-listed-unusable",
    hides: &["model-wrong-api-version-or-method", "model-name-wrong"],
    docs: &[MODELS_PAGE],
    as_of: "2026-11-20",
};

const MODEL_CLOSED_TO_NEW_USERS: KnownFix = KnownFix {
    id: "model-closed-to-new-users",
    title: "The model is closed to projects that did not use it before",
    layer: Layer::Model,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("no longer available to new users")]),
        sure(&[Says("no longer available"), TO_NEW_USERS]),
        likely(&[
            Model(ModelFact::NotListed),
            Not(&Model(ModelFact::NotInTable)),
            Not(&Model(ModelFact::Retired)),
            Not(&Model(ModelFact::Malformed)),
            Not(&Model(ModelFact::OtherNamed)),
        ]),
        likely(&[
            Model(ModelFact::NotListed),
            NOT_FOUND,
            Not(&Model(ModelFact::NotInTable)),
            Not(&Model(ModelFact::Retired)),
            Not(&Model(ModelFact::Malformed)),
            Not(&Model(ModelFact::OtherNamed)),
        ]),
    ],
    why: "The model still runs for older projects, so documentation and colleagues say that it \
          works, and for this newer key it does not. It may even stand in the key's list.",
    fix: &[
        you("List what this very key may use, instead of reading the public page")
            .run("gemini-doctor list-models --verify"),
        you("Move to a newer model of that list"),
    ],
    confirm: "gemini-doctor check-key --model NAME passes with the newer model.",
    seen_as: &[
        r#"{"error":{"code":404,"message":"This model models/gemini-2.5-pro is no longer available to new users. Please update your code to use a newer model for the latest features and improvements.","status":"NOT_FOUND"}}"#,
        "google.genai.errors.ClientError: 404 NOT_FOUND. {'error': {'code': 404, 'message': 'This \
         model models/gemini-2.5-flash is no longer available to new users. Please update your \
         code to use a newer model.', 'status': 'NOT_FOUND'}}",
    ],
    live: &[
        &[Model(ModelFact::NotListed), Model(ModelFact::Retiring)],
        &[
            Says("no longer available to new users"),
            Model(ModelFact::Listed),
            Model(ModelFact::Retiring),
            Status(404),
        ],
    ],
    not: &[
        r#"{"error":{"code":404,"message":"models/gemini-1.5-pro is not found for API version v1beta, or is not supported for generateContent.","status":"NOT_FOUND"}}"#,
    ],
    splits: &[],
    reproduce: "model-closed-to-new-users",
    hides: &["model-listed-unusable", "model-retiring"],
    docs: &[DEPRECATIONS_PAGE, MODELS_PAGE],
    as_of: "2026-11-20",
};

const MODEL_RETIRED: KnownFix = KnownFix {
    id: "model-retired",
    title: "The model was shut down",
    layer: Layer::Model,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Model(ModelFact::Retired), Model(ModelFact::NotListed)]),
        sure(&[
            Model(ModelFact::Retired),
            NOT_FOUND,
            Not(&UNDER_V1),
            Not(&OTHER_METHODS),
            Not(&FOR_PICTURES),
        ]),
        // Under v1 it may be the version that lacks the model.
        likely(&[Model(ModelFact::Retired), NOT_FOUND]),
        likely(&[Model(ModelFact::Retired), Status(404)]),
        likely(&[Model(ModelFact::Retired), Not(&Model(ModelFact::Listed)), Not(&REFUSED)]),
        sure(&[
            LONG_RETIRED,
            NOT_FOUND,
            Not(&Model(ModelFact::Listed)),
            Not(&UNDER_V1),
            Not(&OTHER_METHODS),
            Not(&FOR_PICTURES),
        ]),
        likely(&[LONG_RETIRED, NOT_FOUND, Not(&Model(ModelFact::Listed))]),
        likely(&[LONG_RETIRED, PUBLISHER_MODEL]),
        // The table need not know every build of a month.
        likely(&[
            SHORT_LIVED,
            NOT_FOUND,
            Model(ModelFact::NotInTable),
            Not(&Model(ModelFact::OtherNamed)),
        ]),
        likely(&[Model(ModelFact::Retired), PUBLISHER_MODEL]),
        likely(&[SHORT_LIVED, PUBLISHER_MODEL, Model(ModelFact::NotInTable)]),
        sure(&[Says("This model models/"), SAID_TO_BE_GONE, Not(&TO_NEW_USERS)]),
        likely(&[Says("gemini"), Says("model"), SAID_TO_BE_GONE, Not(&TO_NEW_USERS)]),
        likely(&[Model(ModelFact::Retired), SAID_TO_BE_GONE, Not(&TO_NEW_USERS)]),
    ],
    why: "The name was right once, and Google has since switched the model off for everybody. The \
          answer does not say so: its sentence is the one for a misspelt name, and a table of \
          retired models tells the two apart.",
    fix: &[
        you("Choose a model of this key's list").run("gemini-doctor list-models"),
        you("Change the name in the program's settings, and update tools that have it built in"),
        you("Read the successor's limits and parameters, and test it before you switch")
            .run("gemini-doctor check-key --model {successor}"),
    ],
    confirm: "gemini-doctor check-key --model NAME passes with the new name.",
    seen_as: &[
        r#"{"error":{"code":404,"message":"models/gemini-1.5-pro is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.","status":"NOT_FOUND"}}"#,
        "[GoogleGenerativeAI Error]: Error fetching from \
         https://generativelanguage.googleapis.com/v1beta/models/gemini-pro:generateContent: [404 \
         Not Found] models/gemini-pro is not found for API version v1beta, or is not supported for \
         generateContent.",
    ],
    live: &[
        &[Model(ModelFact::Retired), Model(ModelFact::NotListed)],
        &[Model(ModelFact::Retired), Model(ModelFact::NotListed), NOT_FOUND, Status(404)],
    ],
    not: &[
        r#"{"error":{"code":404,"message":"models/gemini-3.5-flahs is not found for API version v1beta, or is not supported for generateContent.","status":"NOT_FOUND"}}"#,
        r#"{"error":{"code":404,"message":"This model models/gemini-2.5-pro is no longer available to new users. Please update your code.","status":"NOT_FOUND"}}"#,
    ],
    splits: &[
        Split {
            id: "vertex-model-not-in-region",
            by: "on the cloud platform, whether the location global serves the name",
        },
        Split {
            id: "model-wrong-api-version-or-method",
            by: "the same call under v1beta: a model that was shut down is missing there too",
        },
        Split {
            id: "model-name-wrong",
            by: "the table of retired models, which gemini-doctor list-models NAME reads",
        },
    ],
    reproduce: "model-retired",
    hides: &["model-name-wrong"],
    docs: &[DEPRECATIONS_PAGE, MODELS_PAGE],
    as_of: "2026-11-20",
};

/// How the page of Google's front end begins the path that it does not know.
const PAGE_OF_A_MODEL: &[&str] = &[
    "The requested URL <code>/v1beta/models/",
    "The requested URL <code>/v1/models/",
    "The requested URL /v1beta/models/",
    "The requested URL /v1/models/",
];

const MODEL_WRONG_API_VERSION_OR_METHOD: KnownFix = KnownFix {
    id: "model-wrong-api-version-or-method",
    title: "The model exists, but not for this method or API version",
    layer: Layer::Model,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Model(ModelFact::LacksMethod), NOT_FOUND]),
        likely(&[Model(ModelFact::LacksMethod), StatusIn(&[400, 404])]),
        likely(&[Model(ModelFact::Listed), NOT_FOUND]),
        likely(&[OTHER_METHODS, NOT_FOUND]),
        sure(&[SaysOne(&[
            "only supports Interactions API",
            "only supports the Interactions API",
            "only available through the Interactions API",
            "only available in the Interactions API",
        ])]),
        likely(&[SaysOne(&[
            "is not found for API version v1,",
            "is not found for API version v1main",
            "or is not supported for bidiGenerateContent",
            "or is not supported for embedContent",
            "or is not supported for predict",
        ])]),
        // The path leads to models, so it is what follows that Google's front end does not know.
        maybe(&[Says("Error 404 (Not Found)!!1"), SaysOne(PAGE_OF_A_MODEL)]),
    ],
    why: "Models for embeddings, pictures or live sessions answer other methods than \
          generateContent, and newer models exist under v1beta only. The sentence is the one for a \
          name that does not exist. A method that no model has, such as one in other capitals, gets \
          Google's web page in its place.",
    fix: &[
        you("See which methods the model has").run("gemini-doctor list-models {model}"),
        you("Call one of those, or take a model that has the method you need"),
        you("Use v1beta in place of v1")
            .run("gemini-doctor check-key --model {model} --api-version v1beta"),
        you("Spell the method as the list does, capitals too: generateContent"),
    ],
    confirm: "gemini-doctor check-key --model NAME passes, or the program's own call does.",
    seen_as: &[
        r#"{"error":{"code":404,"message":"models/gemini-3.8-flash is not found for API version v1, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.","status":"NOT_FOUND"}}"#,
        "google.api_core.exceptions.NotFound: 404 models/gemini-embedding-001 is not found for API \
         version v1beta, or is not supported for generateContent. Call ListModels to see the list \
         of available models and their supported methods.",
        "websocket closed: 1008 models/gemini-3.8-flash is not found for API version v1beta, or is \
         not supported for bidiGenerateContent.",
        "<!DOCTYPE html><title>Error 404 (Not Found)!!1</title><p>The requested URL \
         <code>/v1beta/models/gemini-3.8-flash:generatecontent</code> was not found on this server.",
    ],
    live: &[
        &[Model(ModelFact::LacksMethod), Model(ModelFact::Listed), NOT_FOUND, Status(404)],
        &[Model(ModelFact::Listed), NOT_FOUND, Status(404)],
    ],
    not: &[
        r#"{"error":{"code":404,"message":"models/gemini-1.5-flash is not found for API version v1, or is not supported for generateContent.","status":"NOT_FOUND"}}"#,
    ],
    splits: &[
        Split {
            id: "model-retired",
            by: "the same call under v1beta, and the table of retired models",
        },
        Split {
            id: "model-name-wrong",
            by: "gemini-doctor list-models NAME, which shows whether the name exists and its methods",
        },
        Split {
            id: "live-session-closed-1008",
            by: "whether a live session was closed with this sentence",
        },
    ],
    reproduce: "model-wrong-api-version-or-method",
    hides: &["model-method-missing"],
    docs: &[MODELS_PAGE],
    as_of: "2026-11-20",
};

const MODEL_NAME_WRONG: KnownFix = KnownFix {
    id: "model-name-wrong",
    title: "There is no model of this name",
    layer: Layer::Model,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Model(ModelFact::NotInTable), Model(ModelFact::NotListed)]),
        sure(&[Model(ModelFact::NotInTable), Model(ModelFact::NotListed), NOT_FOUND]),
        sure(&[Model(ModelFact::Malformed), Model(ModelFact::NotListed)]),
        likely(&[Model(ModelFact::NotInTable), NOT_FOUND]),
        sure(&[Model(ModelFact::Malformed), StatusIn(&[400, 404]), Says("model")]),
        likely(&[Model(ModelFact::Malformed), StatusIn(&[400, 404])]),
        likely(&[Model(ModelFact::Malformed), Not(&REFUSED)]),
        sure(&[Says("unexpected model name format")]),
        sure(&[Says("unexpected model name format"), Says("Request.model")]),
        sure(&[Says("unexpected model name format"), Says("EmbedContentsRequest.requests")]),
        maybe(&[NOT_FOUND]),
        // The gateway's own lists apart, the name that was asked for is what is missing.
        likely(&[Says("Model not found: models/"), Model(ModelFact::AsAsked)]),
        likely(&[Says("Model not found: models/"), Model(ModelFact::AsAsked), By(Party::Api)]),
        likely(&[Model(ModelFact::NotInTable), PUBLISHER_MODEL, Says("locations/global/")]),
        maybe(&[Model(ModelFact::NotInTable), PUBLISHER_MODEL]),
        maybe(&[Says("the model name is invalid")]),
    ],
    why: "Names are compared letter by letter: a typo, a display name, capitals, another \
          provider's name, models/ written twice or a version that was never released all lead \
          here. The key and the network are fine, since the name was looked up.",
    fix: &[
        you("Copy the name exactly from this key's list, without models/ in front of it")
            .run("gemini-doctor list-models"),
        you("Test the name before you store it").run("gemini-doctor check-key --model {near}"),
    ],
    confirm: "gemini-doctor check-key --model NAME passes with the corrected name.",
    seen_as: &[
        r#"{"error":{"code":404,"message":"models/gemini-3.5-flahs is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.","status":"NOT_FOUND"}}"#,
        r#"{"error":{"code":400,"message":"* GenerateContentRequest.model: unexpected model name format\n","status":"INVALID_ARGUMENT"}}"#,
        "google.genai.errors.ClientError: 404 NOT_FOUND. {'error': {'code': 404, 'message': \
         'models/gemini-flash-3.8 is not found for API version v1beta, or is not supported for \
         generateContent.', 'status': 'NOT_FOUND'}}",
    ],
    live: &[
        &[Model(ModelFact::NotInTable), Model(ModelFact::NotListed)],
        &[Model(ModelFact::NotInTable), Model(ModelFact::NotListed), NOT_FOUND, Status(404)],
    ],
    not: &[
        r#"{"error":{"code":404,"message":"models/gemini-1.5-pro is not found for API version v1beta, or is not supported for generateContent.","status":"NOT_FOUND"}}"#,
        r#"{"error":{"code":404,"message":"Model not found: models/gemini-v4p1s-rev24-ajax-sentinel","status":"NOT_FOUND"}}"#,
    ],
    splits: &[
        Split {
            id: "model-retired",
            by: "the table of retired models, which gemini-doctor list-models NAME reads",
        },
        Split {
            id: "model-wrong-api-version-or-method",
            by: "gemini-doctor list-models NAME: whether this key's list has the name",
        },
        Split { id: "model-closed-to-new-users", by: "an older project: the name works there" },
    ],
    reproduce: "model-name-wrong",
    hides: &[],
    docs: &[MODELS_PAGE],
    as_of: "2026-11-20",
};

const MODEL_METHOD_MISSING: KnownFix = KnownFix {
    id: "model-method-missing",
    title: "The model is listed, without the method that is needed",
    layer: Layer::Model,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Never,
    when: &[
        sure(&[Model(ModelFact::LacksMethod), Model(ModelFact::Listed), Not(&REFUSED)]),
        likely(&[Model(ModelFact::LacksMethod), Not(&REFUSED)]),
    ],
    why: "The list itself says which methods a model answers, and the one asked for is not among \
          them. A call would get a 404 that reads as if the name were wrong.",
    fix: &[
        you("Choose a model that has the method")
            .run("gemini-doctor list-models --method generateContent"),
        you("Call a method that this model has instead"),
    ],
    confirm: "gemini-doctor list-models NAME shows the method beside the name.",
    seen_as: &[],
    live: &[
        &[Model(ModelFact::LacksMethod)],
        &[Model(ModelFact::LacksMethod), Model(ModelFact::Listed), Status(200)],
    ],
    not: &[
        r#"{"error":{"code":404,"message":"models/gemini-embedding-001 is not found for API version v1beta, or is not supported for generateContent.","status":"NOT_FOUND"}}"#,
    ],
    splits: &[],
    reproduce: "model-method-missing",
    hides: &[],
    docs: &[MODELS_PAGE],
    as_of: "2026-11-20",
};

const NO_MODEL_MATCHES: KnownFix = KnownFix {
    id: "no-model-matches",
    title: "No model of this key's list is as asked for",
    layer: Layer::Model,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Never,
    when: &[sure(&[Showed(Shown::NoneMatch)])],
    why: "The list was read to its end, and the method, the limit or the pattern that was given \
          leaves none of it. Method names are written as in generateContent, letter by letter.",
    fix: &[
        you("Look at the whole list").run("gemini-doctor list-models"),
        you("Loosen the filter, or correct the method's name"),
    ],
    confirm: "gemini-doctor list-models with the corrected filter shows at least one model.",
    seen_as: &[],
    live: &[&[Showed(Shown::NoneMatch)], &[Showed(Shown::NoneMatch), Model(ModelFact::Listed)]],
    not: &[
        // One name was asked for, and it does not exist.
        r#"{"error":{"code":404,"message":"models/gemini-9 is not found for API version v1beta, or is not supported for generateContent.","status":"NOT_FOUND"}}"#,
    ],
    splits: &[],
    reproduce: "no-model-matches",
    hides: &[],
    docs: &[MODELS_PAGE],
    as_of: "2026-11-20",
};

const MODEL_RETIRING: KnownFix = KnownFix {
    id: "model-retiring",
    title: "The model still works, and its end is announced",
    layer: Layer::Model,
    blame: Blame::Caller,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Model(ModelFact::Retiring), Model(ModelFact::Listed), Not(&REFUSED)]),
        likely(&[Model(ModelFact::Retiring), Not(&Model(ModelFact::NotListed)), Not(&REFUSED)]),
    ],
    why: "Google has named a day from which the model is shut down or another one answers in its \
          place. Such days have been moved before, in both directions, so take the date as the \
          earliest one.",
    fix: &[
        you("Try the successor before that day").run("gemini-doctor check-key --model {successor}"),
        you("Check its price, limits and parameters, which are others"),
        you("Change the name in the program's settings"),
    ],
    confirm: "gemini-doctor list-models NAME has no warning for the new name.",
    seen_as: &[],
    live: &[
        &[Model(ModelFact::Retiring), Model(ModelFact::Listed)],
        &[Model(ModelFact::Retiring), Status(200)],
    ],
    not: &[
        r#"{"error":{"code":404,"message":"This model models/gemini-2.5-pro is no longer available to new users. Please update your code.","status":"NOT_FOUND"}}"#,
    ],
    splits: &[],
    reproduce: "model-retiring",
    hides: &[],
    docs: &[DEPRECATIONS_PAGE],
    as_of: "2026-11-20",
};

const MODEL_LOCK_NOT_MET: KnownFix = KnownFix {
    id: "model-lock-not-met",
    title: "A model is not as it was locked",
    layer: Layer::Model,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[sure(&[Showed(Shown::LockNotMet)])],
    why: "The list tells another version, less room or fewer methods for a name than it did when the \
          lock was written, or does not have the name any more. What was tested with the model as it was \
          says little about the model as it is.",
    fix: &[
        you("Hold the release, and run your own tests against the model as it is now"),
        you("Once they pass, write the lock anew and commit it")
            .run("gemini-doctor list-models --check-lock {lock} --lock {lock}"),
        you("If they do not, or the name is gone, use a name that is listed, and change it in the lock too")
            .run("gemini-doctor list-models"),
    ],
    confirm: "gemini-doctor list-models --check-lock FILE passes.",
    seen_as: &[],
    live: &[
        &[Showed(Shown::LockNotMet)],
        &[Showed(Shown::LockNotMet), Model(ModelFact::Listed), Status(200)],
    ],
    not: &[
        r#"{"error":{"code":404,"message":"models/gemini-3.5-flahs is not found for API version v1beta, or is not supported for generateContent.","status":"NOT_FOUND"}}"#,
    ],
    splits: &[],
    reproduce: "model-lock-not-met",
    hides: &[],
    docs: &[MODELS_PAGE],
    as_of: "2026-11-20",
};

const LIST_INCOMPLETE: KnownFix = KnownFix {
    id: "list-incomplete",
    title: "The list of models never comes to its end",
    layer: Layer::Backend,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Backoff,
    when: &[sure(&[Showed(Shown::ListLoops)]), sure(&[Showed(Shown::ListCut)])],
    why: "The list comes in pages. Either a page failed after others had come, or a page points \
          back at one that was read already, so a name that is missing here may exist all the \
          same.",
    fix: &[
        you("Ask again in a minute").run("gemini-doctor list-models"),
        you("Ask for the one model that you need, without the list")
            .run("gemini-doctor check-key --model {model}"),
        provider("Repair the paging of models.list"),
    ],
    confirm: "gemini-doctor list-models reaches the last page.",
    seen_as: &[],
    live: &[&[Showed(Shown::ListLoops), Status(200)], &[Showed(Shown::ListCut), Status(500)]],
    not: &[r#"{"error":{"code":400,"message":"Invalid page token.","status":"INVALID_ARGUMENT"}}"#],
    splits: &[],
    reproduce: "list-incomplete",
    hides: &[],
    docs: &[MODELS_PAGE],
    as_of: "2026-11-20",
};

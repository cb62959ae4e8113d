//! Known fixes for the cloud platform: its projects and roles, and the login of Code Assist.
//!
//! None of these is about an API key. Steps follow the order of the family `project`: the project's
//! standing, billing, the enabled API, roles, the credential, and only then the way there.

use crate::{
    catalog::{
        KnownFix,
        Sign::{self, Host, Meta, Not, Reason, Says, SaysOne, StatusIn},
        Split, likely, maybe, owner, sure, you,
    },
    facts::{Blame, Layer, LocalFact, RetryClass, Severity, endpoint::HostKind},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &VERTEX_PROJECT_MISCONFIGURED,
    &VERTEX_IAM_PREDICT_DENIED,
    &CODE_ASSIST_LICENSE_OR_VALIDATION,
];

const IAM_PAGE: &str = "https://cloud.google.com/vertex-ai/docs/general/access-control";
const CODE_ASSIST_PAGE: &str = "https://docs.cloud.google.com/gemini/docs/codeassist/set-up-gemini";

/// Project ids that nobody has: those of documentation, of templates, and of variables that were empty.
pub(super) const PLACEHOLDER: Sign = SaysOne(&[
    "projects/your",
    "projects/<",
    "projects/{",
    "projects/[",
    "projects/$",
    "projects/%24",
    "projects/%5B",
    "projects/my-gcp",
    "projects/my_project",
    "projects/my-google",
    "projects/insert",
    "projects/enter-",
    "projects/changeme",
    "projects/gcp_project",
    "projects/google_cloud_project",
    "projects/project-name",
    "projects/placeholder",
    "projects/false/",
    "projects/default/locations",
    "projects/%7B",
    "projects/%3C",
    "projects/project_id",
    "projects/project-id/",
    "projects/project/",
    "projects/my-project",
    "projects/gcp-project",
    "projects/id/",
    "projects/undefined/",
    "projects/none/",
    "projects/null/",
    "projects//locations",
    "projects/replace",
    "resource project your",
    "resource project <",
    "resource project {",
    "resource project [",
    "resource project $",
    "resource project project_id",
    "resource project project-id.",
    "resource project my-project",
    "resource project my_project",
    "resource project my-gcp",
    "resource project my-google",
    "resource project gcp-project",
    "resource project gcp_project",
    "resource project google_cloud_project",
    "resource project project-name",
    "resource project insert",
    "resource project placeholder",
    "resource project changeme",
    "resource project id.",
    "resource project undefined",
    "resource project none.",
    "resource project null.",
    "resource project replace",
]);

/// A placeholder in the brackets that people also use to hide a name.
const IN_BRACKETS: Sign = SaysOne(&[
    "resource project [",
    "resource project {",
    "resource project <",
    "projects/[",
    "projects/{",
    "projects/<",
]);

const VERTEX_PROJECT_MISCONFIGURED: KnownFix = KnownFix {
    id: "vertex-project-misconfigured",
    title: "The project's id is a placeholder, or is mistyped",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        // Some people do have a project of such a name, which is gone or in another place.
        likely(&[PLACEHOLDER, Reason("CONSUMER_INVALID")]),
        sure(&[Sign::Local(LocalFact::PlaceholderProject)]),
        likely(&[PLACEHOLDER, Says("Permission denied on resource project"), Not(&IN_BRACKETS)]),
        // People write so too when they take a name out before they paste.
        maybe(&[PLACEHOLDER, Says("Permission denied on resource project")]),
        likely(&[PLACEHOLDER, Says("Publisher Model")]),
        // The whole path is there, so that no model of it needs to be looked at.
        likely(&[PLACEHOLDER, Says("Publisher Model"), Says("/locations/"), Says("/publishers/")]),
        likely(&[PLACEHOLDER, Reason("IAM_PERMISSION_DENIED")]),
        likely(&[PLACEHOLDER, Says("denied on resource"), Not(&IN_BRACKETS)]),
        maybe(&[PLACEHOLDER, Says("denied on resource")]),
        // As many of the answer's words as the case of a missing role looks at, so that this weighs more.
        likely(&[
            PLACEHOLDER,
            Reason("IAM_PERMISSION_DENIED"),
            Says("denied on resource '//aiplatform"),
        ]),
        likely(&[PLACEHOLDER, Reason("IAM_PERMISSION_DENIED"), Meta("permission", "aiplatform.")]),
        likely(&[
            PLACEHOLDER,
            Says("aiplatform.endpoints.predict"),
            Says("denied on resource '//aiplatform"),
        ]),
        likely(&[Meta("consumer", "projects/your"), Reason("CONSUMER_INVALID")]),
        likely(&[Meta("consumer", "projects/<"), Reason("CONSUMER_INVALID")]),
        likely(&[Meta("consumer", "projects/project_id"), Reason("CONSUMER_INVALID")]),
        likely(&[Meta("consumer", "projects/my-project"), Reason("CONSUMER_INVALID")]),
        likely(&[Meta("consumer", "projects/undefined"), Reason("CONSUMER_INVALID")]),
        likely(&[PLACEHOLDER, StatusIn(&[400, 403, 404]), Not(&IN_BRACKETS)]),
        maybe(&[PLACEHOLDER, StatusIn(&[400, 403, 404])]),
    ],
    why: "The id in the path is the one of a tutorial or a template, the text of a variable that nothing \
          filled in, or a mistyped one: ids have no capitals and no underscores. The server looks such a \
          project up, does not find it, and answers with a 403, or with a 404 that reads as if the model \
          were missing.",
    fix: &[
        you("Look up the id of a project that you may use").run("gcloud projects list"),
        you("Compare it, letter by letter, with the id that is used, and put the right one in its place").run_in(
            "export GOOGLE_CLOUD_PROJECT={own}",
            "$env:GOOGLE_CLOUD_PROJECT = '{own}'",
        ),
        you("Print the URL that is asked, to see that the new id arrives there"),
    ],
    confirm: "gcloud projects describe finds the project, and the call's path names it.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"Permission denied on resource project your-project-id.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"CONSUMER_INVALID","domain":"googleapis.com","metadata":{"consumer":"projects/your-project-id","service":"aiplatform.googleapis.com"}}]}}"#,
        "google.genai.errors.ClientError: 404 NOT_FOUND. {'error': {'code': 404, 'message': 'Publisher \
         Model `projects/PROJECT_ID/locations/us-central1/publishers/google/models/gemini-3.8-flash` \
         not found.', 'status': 'NOT_FOUND'}}",
        "PERMISSION_DENIED: Permission denied on resource project YOUR-PROJECT-ID.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"Permission denied on resource project example-prod.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"CONSUMER_INVALID","domain":"googleapis.com","metadata":{"consumer":"projects/example-prod"}}]}}"#,
        r#"{"error":{"code":404,"message":"Publisher Model `projects/example-prod/locations/us-central1/publishers/google/models/gemini-3.8-flash` was not found or your project does not have access to it.","status":"NOT_FOUND"}}"#,
    ],
    splits: &[
        Split {
            id: "consumer-invalid-project",
            by: "the id in the error: a real one that is gone, or a text that nobody replaced",
        },
        Split {
            id: "vertex-model-not-in-region",
            by: "the project in the path: with a real id the location or the model is at fault",
        },
        Split {
            id: "vertex-iam-predict-denied",
            by: "gcloud projects describe: a project that exists lacks a role for this login",
        },
        Split {
            id: "project-permission-denied",
            by: "whether the brackets stood in the answer, or were put there before it was shown",
        },
    ],
    reproduce: "vertex-project-misconfigured",
    hides: &[],
    docs: &["https://cloud.google.com/resource-manager/docs/creating-managing-projects"],
    as_of: "2026-11-20",
};

const VERTEX_IAM_PREDICT_DENIED: KnownFix = KnownFix {
    id: "vertex-iam-predict-denied",
    title: "This login has no role that allows calls of models in the project",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[
            Reason("IAM_PERMISSION_DENIED"),
            Meta("permission", "aiplatform."),
            Not(&PLACEHOLDER),
        ]),
        sure(&[Reason("IAM_PERMISSION_DENIED"), Says("aiplatform."), Not(&PLACEHOLDER)]),
        sure(&[
            SaysOne(&["aiplatform.endpoints", "aiplatform.models"]),
            Says("denied on resource"),
            Not(&PLACEHOLDER),
        ]),
        sure(&[Says("Permission 'aiplatform."), Says("denied"), Not(&PLACEHOLDER)]),
        likely(&[Reason("IAM_PERMISSION_DENIED"), Host(HostKind::Cloud)]),
        likely(&[Says("aiplatform.endpoints.predict")]),
        likely(&[Says("denied on resource '//aiplatform")]),
        maybe(&[Says("roles/aiplatform.user")]),
    ],
    why: "The cloud platform knows the login and does not let it ask this model in this project: the \
          role is missing, the account in use is another one than you think, or the project or model in \
          the path does not exist, which gets the same words on purpose.",
    fix: &[
        you("Compare the project in the error, its spelling and the account in use with those you mean")
            .run("gcloud config list"),
        owner("Look whether the project is open, pays, and has the platform's API enabled")
            .run("gcloud services enable aiplatform.googleapis.com --project {project}"),
        owner("Grant the role to the account that really calls, often a service account").run(
            "gcloud projects add-iam-policy-binding {project} \
             --member={member} \
             --role=roles/aiplatform.user",
        ),
        you("Use an API key of the Developer API if the cloud platform was never meant")
            .run("gemini-doctor check-key --api gemini"),
    ],
    confirm: "Some minutes after the role is granted the same call passes.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/example-prod/locations/global/publishers/google/models/gemini-3.8-flash' (or it may not exist).","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"IAM_PERMISSION_DENIED","domain":"aiplatform.googleapis.com","metadata":{"permission":"aiplatform.endpoints.predict","resource":"projects/example-prod/locations/global/publishers/google/models/gemini-3.8-flash"}}]}}"#,
        "litellm.BadRequestError: VertexAIException BadRequestError - Permission \
         'aiplatform.endpoints.predict' denied on resource \
         '//aiplatform.googleapis.com/projects/example-prod/locations/us-central1/endpoints/openapi' \
         (or it may not exist).",
        "google.api_core.exceptions.PermissionDenied: 403 Permission 'aiplatform.endpoints.predict' \
         denied on resource '//aiplatform.googleapis.com/projects/example-prod'",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"Vertex AI API has not been used in project 123456789 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/aiplatform.googleapis.com/overview?project=123456789 then retry.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED","domain":"googleapis.com","metadata":{"service":"aiplatform.googleapis.com"}}]}}"#,
        r#"{"error":{"code":403,"message":"Permission 'cloudaicompanion.companions.generateChat' denied on resource '//cloudaicompanion.googleapis.com/projects/example-prod/locations/global' (or it may not exist).","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"IAM_PERMISSION_DENIED","domain":"cloudaicompanion.googleapis.com"}]}}"#,
    ],
    splits: &[
        Split {
            id: "project-permission-denied",
            by: "the service before the permission: aiplatform is the cloud platform's models",
        },
        Split {
            id: "vertex-project-misconfigured",
            by: "the project in the resource: a real id, or a text of a template",
        },
        Split {
            id: "service-disabled",
            by: "gcloud services list: whether the platform's API is enabled in the project",
        },
    ],
    reproduce: "vertex-iam-predict-denied",
    hides: &["project-permission-denied"],
    docs: &[IAM_PAGE],
    as_of: "2026-11-20",
};

const CODE_ASSIST_LICENSE_OR_VALIDATION: KnownFix = KnownFix {
    id: "code-assist-license-or-validation",
    title: "The Google login lacks a Code Assist licence or must be verified",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Reason("SUBSCRIPTION_REQUIRED")]),
        sure(&[Reason("VALIDATION_REQUIRED")]),
        sure(&[SaysOne(&["(#3501)", "lack a Gemini Code Assist license"])]),
        sure(&[Says("Code Assist"), SaysOne(&["license", "licence", "subscription"])]),
        sure(&[SaysOne(&["SUBSCRIPTION_REQUIRED", "VALIDATION_REQUIRED"])]),
        sure(&[Meta("validation_url", "http")]),
        likely(&[SaysOne(&[
            "Verify your account to continue",
            "To continue, verify your account",
            "not eligible for Gemini Code Assist",
            "UNSUPPORTED_LOCATION",
            "INELIGIBLE_ACCOUNT",
            "RESTRICTED_AGE",
        ])]),
        likely(&[SaysOne(&[
            "requires setting the GOOGLE_CLOUD_PROJECT",
            "This account requires setting the GOOGLE_CLOUD",
        ])]),
    ],
    why: "Logging in with Google uses the backend of Code Assist and not the Gemini API. It takes a set \
          GOOGLE_CLOUD_PROJECT as the wish for a licence of an organisation, and it asks some accounts \
          to prove that a person is behind them. No API key is involved.",
    fix: &[
        you(
            "Open the link in the error in a browser with this very account, if it has one: {link}",
        ),
        you("For personal use, take the project away and log in again").run_in(
            "unset GOOGLE_CLOUD_PROJECT GOOGLE_CLOUD_PROJECT_ID",
            "Remove-Item Env:GOOGLE_CLOUD_PROJECT, Env:GOOGLE_CLOUD_PROJECT_ID",
        ),
        owner("Assign a licence that the organisation still holds; new ones are no longer sold"),
        you("Use an API key in the tool in place of the login, and see that it works first")
            .run("gemini-doctor check-key --api gemini"),
    ],
    confirm: "The tool answers after a fresh login, or gemini-doctor check-key passes with a key.",
    seen_as: &[
        r#"[{"error":{"code":403,"message":"You are currently configured to use a Google Cloud Project but lack a Gemini Code Assist license. Please contact your administrator to request a license. (#3501)","errors":[{"message":"lack a license","domain":"global","reason":"forbidden"}],"status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SUBSCRIPTION_REQUIRED","domain":"cloudaicompanion.googleapis.com"}]}}]"#,
        r#"{"error":{"code":403,"message":"Verify your account to continue.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"VALIDATION_REQUIRED","domain":"cloudcode-pa.googleapis.com","metadata":{"validation_url":"https://accounts.google.com/signin/continue"}}]}}"#,
        "Failed to login. Message: You are currently configured to use a Google Cloud Project but lack \
         a Gemini Code Assist license. (#3501)",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"The caller does not have permission","status":"PERMISSION_DENIED"}}"#,
        r#"{"error":{"code":403,"message":"Permission 'cloudaicompanion.companions.generateChat' denied on resource '//cloudaicompanion.googleapis.com/projects/example-prod/locations/global' (or it may not exist).","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"IAM_PERMISSION_DENIED","domain":"cloudaicompanion.googleapis.com"}]}}"#,
    ],
    splits: &[Split {
        id: "account-tos-disabled",
        by: "the words: an account that is barred is told of the terms, and no link verifies it",
    }],
    reproduce: "code-assist-license-or-validation",
    hides: &["project-permission-denied"],
    docs: &[CODE_ASSIST_PAGE],
    as_of: "2026-11-20",
};

//! The key is good; its project or account may not.

use super::super::fault::{Act, Route, Rule};
use super::super::scenario::Scenario;

pub(in super::super) const ALL: &[Scenario] = &[
    SERVICE_DISABLED,
    CONSUMER_SUSPENDED,
    CONSUMER_INVALID_PROJECT,
    PROJECT_PERMISSION_DENIED,
    PROJECT_PERMISSION_DENIED_LIST,
    VERTEX_PROJECT_MISCONFIGURED,
    VERTEX_IAM_PREDICT_DENIED,
    CODE_ASSIST_LICENSE,
    PROJECT_PAYMENT_DUE,
    TUNED_MODEL_NEEDS_OAUTH,
    BILLING_DISABLED,
    ACCOUNT_TOS_DISABLED,
    PROJECT_DENIED_ACCESS,
    MODEL_PREVIEW_ACCESS_DENIED,
    PRECONDITION_CHECK_FAILED,
    ORG_POLICY_VIOLATED,
];

const SERVICE_DISABLED: Scenario = Scenario::new(
    "service-disabled",
    "permission",
    1,
    "The API is not enabled in the key's project: 403.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(403, include_str!("../bodies/service-disabled.json")),
)]);

const CONSUMER_SUSPENDED: Scenario = Scenario::new(
    "consumer-suspended",
    "permission",
    1,
    "The project is suspended: 403 with a text that repeats the key.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(403, include_str!("../bodies/consumer-suspended.json")),
)]);

const CONSUMER_INVALID_PROJECT: Scenario = Scenario::new(
    "consumer-invalid-project",
    "permission",
    1,
    "The project named does not exist: 403.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(403, include_str!("../bodies/consumer-invalid.json")),
)]);

const PROJECT_PERMISSION_DENIED: Scenario = Scenario::new(
    "project-permission-denied",
    "permission",
    1,
    "The caller may not use the project named: 403.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(403, include_str!("../bodies/project-permission-denied.json")),
)]);

const PROJECT_PERMISSION_DENIED_LIST: Scenario = Scenario::new(
    "project-permission-denied.list",
    "permission",
    1,
    "The caller has no permission, as even the list of models says: 403 without a reason.",
)
.fix("project-permission-denied")
.rules(&[Rule::always(
    Route::Any,
    Act::google(403, include_str!("../bodies/caller-without-permission.json")),
)]);

const BILLING_DISABLED: Scenario = Scenario::new(
    "billing-disabled",
    "permission",
    1,
    "The project has no billing account that works: 403.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(403, include_str!("../bodies/billing-disabled.json")),
)]);

const ACCOUNT_TOS_DISABLED: Scenario = Scenario::new(
    "account-tos-disabled",
    "permission",
    1,
    "The account broke the terms of service and is barred: 403.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(403, include_str!("../bodies/account-tos-disabled.json")),
)]);

const PROJECT_DENIED_ACCESS: Scenario =
    Scenario::new("project-denied-access", "permission", 1, "The project is denied access: 403.")
        .rules(&[Rule::always(
            Route::Any,
            Act::google(403, include_str!("../bodies/project-denied-access.json")),
        )]);

const MODEL_PREVIEW_ACCESS_DENIED: Scenario = Scenario::new(
    "model-preview-access-denied",
    "permission",
    1,
    "The project may not call the model: 403 on calls that generate, and on nothing else.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(403, include_str!("../bodies/caller-without-permission.json")),
)]);

const ORG_POLICY_VIOLATED: Scenario = Scenario::new(
    "org-policy-violated",
    "permission",
    1,
    "A policy of the organization forbids the call: 403.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(403, include_str!("../bodies/org-policy-violated.json")),
)]);

const VERTEX_PROJECT_MISCONFIGURED: Scenario = Scenario::new(
    "vertex-project-misconfigured",
    "permission",
    1,
    "The project named is the placeholder of a tutorial: 403.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(403, include_str!("../bodies/project-placeholder.json")),
)]);

const VERTEX_IAM_PREDICT_DENIED: Scenario = Scenario::new(
    "vertex-iam-predict-denied",
    "permission",
    1,
    "The login has no role that lets it call models: 403 on calls that generate.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(403, include_str!("../bodies/iam-predict-denied.json")),
)]);

const CODE_ASSIST_LICENSE: Scenario = Scenario::new(
    "code-assist-license-or-validation",
    "permission",
    1,
    "The login has no licence of Code Assist: 403.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(403, include_str!("../bodies/code-assist-license.json")),
)]);

const PROJECT_PAYMENT_DUE: Scenario = Scenario::new(
    "project-payment-due",
    "permission",
    1,
    "The bill of the project is overdue: 403.",
)
.rules(&[Rule::always(Route::Any, Act::google(403, include_str!("../bodies/payment-due.json")))]);

const TUNED_MODEL_NEEDS_OAUTH: Scenario = Scenario::new(
    "tuned-model-needs-oauth",
    "permission",
    1,
    "The model is tuned and belongs to somebody else: 403 on calls that generate.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(403, include_str!("../bodies/tuned-model-denied.json")),
)]);

const PRECONDITION_CHECK_FAILED: Scenario = Scenario::new(
    "precondition-check-failed",
    "permission",
    1,
    "Calls that generate fail a check that the answer does not name: 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/precondition-check-failed.json")),
)]);

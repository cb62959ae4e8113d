//! Known fixes for what an accepted key or account may not do: the project, its billing, its APIs,
//! its roles and the restrictions of the key.
//!
//! Steps follow one order where they apply: the project's standing, billing, the enabled API,
//! roles, the key, and only then the way there. Whoever gets one of these answers has reached the
//! server.

use crate::{
    catalog::{
        KnownFix,
        Sign::{
            self, Closed, Flaw, Key, Meta, Method, Model, Not, Reason, Rpc, Says, SaysOne, Status,
            StatusIn,
        },
        Split, likely, maybe, owner, sure, you,
    },
    facts::{self, Blame, KeyFlaw, KeyKind, Layer, RetryClass, Severity, clue::ModelFact},
};

use super::{
    cloud::PLACEHOLDER,
    key::{API_KEY_PAGE, MAKE_KEY},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &PROJECT_DENIED_ACCESS,
    &CONSUMER_SUSPENDED,
    &ACCOUNT_TOS_DISABLED,
    &BILLING_DISABLED,
    &PROJECT_PAYMENT_DUE,
    &SERVICE_DISABLED,
    &CONSUMER_INVALID_PROJECT,
    &PROJECT_PERMISSION_DENIED,
    &API_KEY_SERVICE_BLOCKED,
    &API_KEY_REFERRER_BLOCKED,
    &API_KEY_IP_BLOCKED,
    &API_KEY_APP_RESTRICTED,
    &ORG_POLICY_VIOLATED,
    &MODEL_PREVIEW_ACCESS_DENIED,
    &TUNED_MODEL_NEEDS_OAUTH,
    &PRECONDITION_CHECK_FAILED,
];

const TROUBLESHOOTING: &str = "https://ai.google.dev/gemini-api/docs/troubleshooting";
const BILLING_PAGE: &str = "https://ai.google.dev/gemini-api/docs/billing";

/// The sentence of a refusal that says neither what is refused nor why.
const NO_PERMISSION: Sign = Says("The caller does not have permission");

/// The list of models was asked for, and so no model.
const LISTED: Sign = Method(facts::Method::List);

const PROJECT_DENIED_ACCESS: KnownFix = KnownFix {
    id: "project-denied-access",
    title: "Google has shut the key's project out of the API",
    layer: Layer::Permission,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Never,
    when: &[sure(&[Says("project has been denied access")])],
    why: "The project as a whole is barred, whatever key of it is used. The key, its restrictions \
          and the network are not the cause, since the key was read and the answer came.",
    fix: &[
        owner("Open a support case for the project, as the error asks"),
        owner("Read the mail of the project's owners, where the reason is usually given"),
        you("Check that the key belongs to the project you think it does at \
             https://aistudio.google.com/api-keys"),
    ],
    confirm: "gemini-doctor check-key lists the models once support has lifted the ban.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"Your project has been denied access. Please contact support.","status":"PERMISSION_DENIED"}}"#,
        "google.genai.errors.ClientError: 403 PERMISSION_DENIED. {'error': {'code': 403, \
         'message': 'Your project has been denied access. Please contact support.', 'status': \
         'PERMISSION_DENIED'}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"The caller does not have permission","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[],
    reproduce: "project-denied-access",
    hides: &[],
    docs: &[TROUBLESHOOTING],
    as_of: "2026-11-20",
};

const CONSUMER_SUSPENDED: KnownFix = KnownFix {
    id: "consumer-suspended",
    title: "Google has suspended the key or its project",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Never,
    when: &[
        sure(&[Reason("CONSUMER_SUSPENDED")]),
        sure(&[Reason("GCP_SUSPENDED")]),
        sure(&[Says("Permission denied: Consumer"), Says("has been suspended")]),
    ],
    why: "Suspicion of abuse, a published key, an unpaid bill or a breach of the terms leads to \
          this. The answer repeats the whole key, so it must not be posted as it is.",
    fix: &[
        owner("Read the mail of the project's owners and the notice in the cloud console"),
        owner("Settle what is owed and appeal through the cloud platform's support"),
        you("Work with a key of another project in good standing meanwhile"),
        you("Remove the key from every copy of this error before you show it to anybody"),
    ],
    confirm: "gemini-doctor check-key lists the models.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"Permission denied: Consumer 'api_key:FAKE-example-key' has been suspended.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"CONSUMER_SUSPENDED","domain":"googleapis.com","metadata":{"consumer":"projects/123456789","service":"generativelanguage.googleapis.com"}}]}}"#,
        "PermissionDenied: 403 Permission denied: Consumer 'api_key:FAKE-example-key' has been \
         suspended.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"Your API key was reported as leaked. Please use another API key.","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[],
    reproduce: "consumer-suspended",
    hides: &[],
    docs: &[TROUBLESHOOTING],
    as_of: "2026-11-20",
};

const ACCOUNT_TOS_DISABLED: KnownFix = KnownFix {
    id: "account-tos-disabled",
    title: "Google has barred this account from the service",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Never,
    when: &[
        sure(&[Says("disabled in this account for violation of Terms of Service")]),
        sure(&[
            SaysOne(&["violation of Terms of Service", "violating the Terms of Service"]),
            SaysOne(&["disabled", "suspended", "barred"]),
        ]),
        sure(&[SaysOne(&["violation of Google's Terms", "violation of our Terms of Service"])]),
        likely(&[Reason("ACCOUNT_STATE_INVALID")]),
    ],
    why: "Google takes the account's past use for a breach of its terms. The word disabled also \
          stands in the answer for an API that is merely switched off, but enabling the API \
          changes nothing here.",
    fix: &[
        owner("Appeal at the address that the error or Google's mail names"),
        owner(
            "Let another member of the project, whose account is in good standing, run the calls",
        ),
    ],
    confirm: "gemini-doctor check-key lists the models with a key of a permitted account.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"This service has been disabled in this account for violation of Terms of Service. If you believe this is an error, please contact support.","status":"PERMISSION_DENIED"}}"#,
        "✕ [API Error: This service has been disabled in this account for violation of Terms of \
         Service. (Status: PERMISSION_DENIED)]",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"Generative Language API has not been used in project 123456789 before or it is disabled.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED","domain":"googleapis.com"}]}}"#,
    ],
    splits: &[],
    reproduce: "account-tos-disabled",
    hides: &[],
    docs: &[TROUBLESHOOTING],
    as_of: "2026-11-20",
};

const BILLING_DISABLED: KnownFix = KnownFix {
    id: "billing-disabled",
    title: "The key's project has no active billing account",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Reason("BILLING_DISABLED")]),
        sure(&[Reason("billingNotEnabled")]),
        sure(&[SaysOne(&[
            "requires billing to be enabled",
            "enable billing on project",
            "Billing must be enabled",
            "does not have billing enabled",
        ])]),
        likely(&[SaysOne(&[
            "billing is disabled",
            "billing disabled",
            "billing has been disabled",
            "billing has not been enabled",
            "billing is not enabled",
            "billing to be enabled",
            "billing account is not active",
            "disabled in state absent",
            "disabled in state closed",
        ])]),
    ],
    why: "The method is paid for, and no open billing account is linked to the project that the \
          error names. That project need not be the one you paid for: compare the numbers.",
    fix: &[
        owner("Compare the project's number in the error with the project you mean")
            .run("gcloud projects describe {project}"),
        owner("Link an open billing account to it")
            .run("gcloud billing projects link {project} --billing-account=ACCOUNT_ID"),
        you("Wait some minutes and ask again").run("gemini-doctor check-key"),
    ],
    confirm: "gemini-doctor check-key passes, and the console shows billing for that project.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"This API method requires billing to be enabled. Please enable billing on project #123456789 by visiting https://console.developers.google.com/billing/enable?project=123456789 then retry.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"BILLING_DISABLED","domain":"googleapis.com","metadata":{"consumer":"projects/123456789","service":"generativelanguage.googleapis.com"}}]}}"#,
        "google.api_core.exceptions.PermissionDenied: 403 This API method requires billing to be \
         enabled. Please enable billing on project #123456789.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"User location is not supported for the API use without a billing account linked.","status":"FAILED_PRECONDITION"}}"#,
    ],
    splits: &[Split {
        id: "project-payment-due",
        by: "the billing page: no account is linked, or the linked one owes money",
    }],
    reproduce: "billing-disabled",
    hides: &[],
    docs: &[BILLING_PAGE, TROUBLESHOOTING],
    as_of: "2026-11-20",
};

/// How an unpaid bill is put into words.
const OWES_MONEY: Sign = SaysOne(&[
    "past due",
    "overdue",
    "delinquent",
    "unpaid",
    "outstanding balance",
    "open invoice",
    "payment is due",
    "in arrears",
    "payment problem",
]);

/// The refusal that an unpaid bill shares with a file that is gone.
const FILE_DENIED: Sign = Says("permission to access the File");

const PROJECT_PAYMENT_DUE: KnownFix = KnownFix {
    id: "project-payment-due",
    title: "The project's bill is overdue, and calls are refused until it is paid",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        // The words about the bill are the caller's own, so the file may still be at fault.
        likely(&[OWES_MONEY, FILE_DENIED]),
        likely(&[OWES_MONEY, SaysOne(&["billing", "payment", "invoice"]), StatusIn(&[402, 403])]),
        likely(&[Reason("ACCOUNT_IN_ARREARS")]),
        likely(&[Says("disabled in state delinquent")]),
        // A file that expired or is another key's says the very same, and is more usual.
        maybe(&[FILE_DENIED]),
    ],
    why: "The account that pays for the project is in arrears. That need not stand in the answer: it has \
          been seen as a 403 about a file that the caller had just uploaded. Only the billing page shows \
          it, and nothing is wrong with the key.",
    fix: &[
        owner(
            "Look whether a bill is open, and settle it: https://console.cloud.google.com/billing",
        ),
        you("Upload the file again with the same key, if no bill is open: files live 48 hours"),
        you("Ask a model without any file, to see whether all calls are refused")
            .run("gemini-doctor check-key"),
    ],
    confirm: "The billing page shows no open bill, and the same call passes an hour later.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"The billing account for the owning project is disabled in state delinquent","status":"PERMISSION_DENIED"}}"#,
        "google.api_core.exceptions.PermissionDenied: 403 The project to be billed is associated with \
         a delinquent billing account.",
    ],
    live: &[&[OWES_MONEY, FILE_DENIED, Status(403)]],
    not: &[
        r#"{"error":{"code":403,"message":"This API method requires billing to be enabled. Please enable billing on project #123456789.","status":"PERMISSION_DENIED"}}"#,
        r#"{"error":{"code":429,"message":"Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects to manage your project and billing.","status":"RESOURCE_EXHAUSTED"}}"#,
    ],
    splits: &[
        Split {
            id: "file-permission-or-expired",
            by: "the billing page, and the file's age and key: files live 48 hours, for one project",
        },
        Split {
            id: "billing-disabled",
            by: "the billing page: an account that owes money is linked, or none is",
        },
    ],
    reproduce: "project-payment-due",
    hides: &[],
    docs: &[BILLING_PAGE],
    as_of: "2026-11-20",
};

const SERVICE_DISABLED: KnownFix = KnownFix {
    id: "service-disabled",
    title: "The API is not enabled in the key's project",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Reason("SERVICE_DISABLED")]),
        sure(&[Reason("accessNotConfigured")]),
        sure(&[Says("has not been used in project"), Says("it is disabled")]),
        sure(&[Reason("SERVICE_DISABLED"), Meta("service", "googleapis"), Says("it is disabled")]),
        sure(&[
            Reason("SERVICE_DISABLED"),
            Says("googleapis.com"),
            Says("it is disabled"),
            Says("has not been used in project"),
        ]),
        likely(&[SaysOne(&["has not been used in project", "is not enabled for the project"])]),
        likely(&[Says("Enable it by visiting"), Says("console")]),
    ],
    why: "The key is good, and the project behind it has never switched this API on, or has \
          switched it off. The project in the error is the key's own, which is often not the one \
          that was set up.",
    fix: &[
        owner("Check that the project in the error is the one you mean")
            .run("gcloud projects describe {project}"),
        owner("Enable the API that the error names, at {link}, or the Developer API from here")
            .run("gcloud services enable generativelanguage.googleapis.com --project {project}"),
        you("Wait some minutes and ask again").run("gemini-doctor check-key"),
    ],
    confirm: "gemini-doctor check-key lists the models.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"Generative Language API has not been used in project 123456789 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/generativelanguage.googleapis.com/overview?project=123456789 then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED","domain":"googleapis.com","metadata":{"consumer":"projects/123456789","service":"generativelanguage.googleapis.com","activationUrl":"https://console.developers.google.com/apis/api/generativelanguage.googleapis.com/overview?project=123456789"}}]}}"#,
        "google.api_core.exceptions.PermissionDenied: 403 Generative Language API has not been \
         used in project 123456789 before or it is disabled. Enable it by visiting \
         https://console.developers.google.com/apis/api/generativelanguage.googleapis.com/overview",
        r#"{"error":{"code":403,"message":"Access Not Configured.","errors":[{"message":"Access Not Configured.","domain":"usageLimits","reason":"accessNotConfigured"}]}}"#,
    ],
    live: &[
        // Google looked the key's project up, so the key is whole, whatever its text looks like.
        &[Reason("SERVICE_DISABLED"), Status(403), Flaw(KeyFlaw::Truncated)],
        &[Reason("SERVICE_DISABLED"), Status(403), Key(KeyKind::StandardKey)],
    ],
    not: &[
        r#"google.api_core.exceptions.PermissionDenied: 403 Cloud Vision API has not been used in project 77 before or it is disabled. [reason: "SERVICE_DISABLED" domain: "googleapis.com" metadata { key: "service" value: "vision.googleapis.com" }]"#,
        r#"{"error":{"code":403,"message":"Requests to this API generativelanguage.googleapis.com method google.ai.generativelanguage.v1beta.ModelService.ListModels are blocked.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_SERVICE_BLOCKED","domain":"googleapis.com"}]}}"#,
    ],
    splits: &[],
    reproduce: "service-disabled",
    hides: &[],
    docs: &[TROUBLESHOOTING],
    as_of: "2026-11-20",
};

const CONSUMER_INVALID_PROJECT: KnownFix = KnownFix {
    id: "consumer-invalid-project",
    title: "The named project is mistyped, gone, or hidden from this caller",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        // A project that this caller must not see gets the answer of one that does not exist.
        likely(&[Reason("CONSUMER_INVALID")]),
        sure(&[Reason("RESOURCE_PROJECT_INVALID")]),
        likely(&[
            SaysOne(&["Project '", "Project `", "project_number:"]),
            Says("not found or deleted"),
        ]),
        likely(&[
            Says("Permission denied on resource project"),
            SaysOne(&["resource project default", "resource project 0."]),
        ]),
        maybe(&[Says("Permission denied on resource project")]),
    ],
    why: "The API itself answered, so this is not a network fault. The id is mistyped, deleted, a \
          placeholder such as default, or invisible to this caller: all of them get the same answer.",
    fix: &[
        you("Look up the ids of the projects that you may use").run("gcloud projects list"),
        you("Compare the id with theirs, letter by letter, and set the right one where the program takes it from").run_in(
            "export GOOGLE_CLOUD_PROJECT={own}",
            "$env:GOOGLE_CLOUD_PROJECT = '{own}'",
        ),
        you("Set the quota project of your login too")
            .run("gcloud auth application-default set-quota-project {own}"),
    ],
    confirm: "gcloud projects describe finds the project, and the call passes.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"Permission denied on resource project default.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.Help","links":[{"description":"Google developers console","url":"https://console.developers.google.com"}]},{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"CONSUMER_INVALID","domain":"googleapis.com","metadata":{"consumer":"projects/default","service":"aiplatform.googleapis.com"}}]}}"#,
        "PERMISSION_DENIED: Permission denied on resource project default.",
    ],
    live: &[&[Reason("CONSUMER_INVALID"), Status(403)]],
    not: &[
        r#"{"error":{"code":403,"message":"Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/example' (or it may not exist).","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"IAM_PERMISSION_DENIED","domain":"aiplatform.googleapis.com"}]}}"#,
    ],
    splits: &[
        Split {
            id: "project-permission-denied",
            by: "gcloud projects describe as the project's owner: whether it exists at all",
        },
        Split {
            id: "vertex-project-misconfigured",
            by: "the id in the error: a real one that is gone, or a text that nobody replaced",
        },
    ],
    reproduce: "consumer-invalid-project",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

/// The sentence about the project that a call is counted for.
const MAY_NOT_USE_PROJECT: Sign = SaysOne(&[
    "does not have required permission to use project",
    "does not have permission to use project",
    "does not have the required permission to use project",
]);

const PROJECT_PERMISSION_DENIED: KnownFix = KnownFix {
    id: "project-permission-denied",
    title: "This caller has no permission in the project that the call is for",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        likely(&[Reason("IAM_PERMISSION_DENIED"), Not(&PLACEHOLDER)]),
        sure(&[
            Reason("IAM_PERMISSION_DENIED"),
            SaysOne(&["cloudaicompanion.", "generativelanguage.", "serviceusage."]),
        ]),
        sure(&[Reason("IAM_PERMISSION_DENIED"), Says("Permission denied on resource project")]),
        sure(&[Reason("USER_PROJECT_DENIED")]),
        likely(&[Says("Permission denied on resource project"), Not(&Reason("CONSUMER_INVALID"))]),
        likely(&[MAY_NOT_USE_PROJECT]),
        sure(&[MAY_NOT_USE_PROJECT, Reason("USER_PROJECT_DENIED")]),
        likely(&[Says("serviceusage.services.use"), Not(&Reason("CONSUMER_INVALID"))]),
        sure(&[Says("Permission 'cloudaicompanion."), Says("denied on resource")]),
        likely(&[
            Says("denied on resource"),
            Says("(or it may not exist)"),
            Not(&Says("aiplatform.")),
        ]),
        // A list names no model, so none can be what is refused.
        likely(&[NO_PERMISSION, Method(facts::Method::List)]),
        likely(&[NO_PERMISSION, Method(facts::Method::OpenAiList)]),
    ],
    why: "The API itself read the request and refused it, so this is not a network fault. The \
          project belongs to another account, or the account in use, which for an auth key is its \
          service account, lacks a role in it; half of those who see this fixed the right thing in \
          the wrong project.",
    fix: &[
        you("Compare the project in the error and the account in use with those you mean")
            .run("gcloud config list"),
        owner("See that Google lets the project use the API at all: its terms, and its country"),
        owner("Link an active billing account to that very project"),
        owner("Enable the API in that very project")
            .run("gcloud services enable generativelanguage.googleapis.com --project={project}"),
        owner("Grant the account a role that holds the missing permission").run(
            "gcloud projects add-iam-policy-binding {project} --member={caller} \
             --role=roles/serviceusage.serviceUsageConsumer",
        ),
        owner("Grant roles/aiplatform.user in place of it for calls to the cloud platform"),
        you("Set GOOGLE_CLOUD_PROJECT to a project of your own otherwise")
            .run_in("export GOOGLE_CLOUD_PROJECT={own}", "$env:GOOGLE_CLOUD_PROJECT = '{own}'"),
        you("Use a key of the project that may call the API, and none of another one"),
        you("Look at proxy and firewall last: Google has answered, so the network is up"),
    ],
    confirm: "gcloud projects describe shows the project to this account, and the call passes.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"Permission denied on resource project example-prod.","status":"PERMISSION_DENIED"}}"#,
        r#"{"error":{"code":403,"message":"Permission 'cloudaicompanion.companions.generateChat' denied on resource '//cloudaicompanion.googleapis.com/projects/example-prod/locations/global' (or it may not exist).","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"IAM_PERMISSION_DENIED","domain":"cloudaicompanion.googleapis.com","metadata":{"permission":"cloudaicompanion.companions.generateChat"}}]}}"#,
        "google.api_core.exceptions.PermissionDenied: 403 Permission denied on resource project \
         example-prod.",
    ],
    live: &[
        &[NO_PERMISSION, Method(facts::Method::List), Rpc("PERMISSION_DENIED"), Status(403)],
        &[NO_PERMISSION, Method(facts::Method::List), Model(ModelFact::Listed), Status(403)],
    ],
    not: &[
        r#"{"error":{"code":403,"message":"Permission denied on resource project default.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"CONSUMER_INVALID","domain":"googleapis.com"}]}}"#,
    ],
    splits: &[
        Split {
            id: "consumer-invalid-project",
            by: "whether the project exists at all, which its owner can see",
        },
        Split {
            id: "vertex-iam-predict-denied",
            by: "the permission in the error: one that starts aiplatform is the cloud platform's",
        },
    ],
    reproduce: "project-permission-denied",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const API_KEY_SERVICE_BLOCKED: KnownFix = KnownFix {
    id: "api-key-service-blocked",
    title: "The key is restricted to other APIs than this one",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Reason("API_KEY_SERVICE_BLOCKED")]),
        sure(&[Says("Requests to this API"), Says("are blocked")]),
    ],
    why: "The key is alive, and its list of allowed APIs leaves this one out. Keys made for maps \
          or a mobile app's back end, and keys of the cloud platform, are often restricted so, and \
          the other way round.",
    fix: &[
        owner("Add the Generative Language API to the key's allowed APIs in the cloud console"),
        MAKE_KEY,
        you("Wait some minutes and ask again").run("gemini-doctor check-key"),
    ],
    confirm: "gemini-doctor check-key lists the models.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"Requests to this API generativelanguage.googleapis.com method google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent are blocked.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_SERVICE_BLOCKED","domain":"googleapis.com","metadata":{"consumer":"projects/123456789","service":"generativelanguage.googleapis.com","methodName":"google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent"}}]}}"#,
        "[GoogleGenerativeAI Error]: [403 Forbidden] Requests to this API \
         generativelanguage.googleapis.com method \
         google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent are blocked.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"Requests from referer <empty> are blocked.","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[],
    reproduce: "api-key-service-blocked",
    hides: &[],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

const API_KEY_REFERRER_BLOCKED: KnownFix = KnownFix {
    id: "api-key-referrer-blocked",
    title: "The key works from certain web pages only",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Reason("API_KEY_HTTP_REFERRER_BLOCKED")]),
        sure(&[
            SaysOne(&["Requests from referer ", "Requests from referrer "]),
            Says("are blocked"),
        ]),
        maybe(&[IP_OR_REFERER]),
    ],
    why: "The key's restriction names the pages that may use it, and this request came from none \
          of them. Programs and servers send no referrer at all, so such a key never works there.",
    fix: &[
        you("Use a key without a referrer restriction for programs and servers"),
        MAKE_KEY,
        owner("Add the page's address to the key's allowed referrers if a page is meant"),
    ],
    confirm: "gemini-doctor check-key lists the models with the key that the program uses.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"Requests from referer <empty> are blocked.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_HTTP_REFERRER_BLOCKED","domain":"googleapis.com","metadata":{"consumer":"projects/123456789","service":"generativelanguage.googleapis.com"}}]}}"#,
        "Error: [403 Forbidden] Requests from referer https://app.example/ are blocked.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"Requests from this Android client application <empty> are blocked.","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[],
    reproduce: "api-key-referrer-blocked",
    hides: &[],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

/// The older sentence, which stands for both kinds of restriction.
const IP_OR_REFERER: Sign =
    SaysOne(&["per-IP or per-Referer restriction", "request from this IP or referer"]);

const API_KEY_IP_BLOCKED: KnownFix = KnownFix {
    id: "api-key-ip-blocked",
    title: "The key does not allow calls from this IP address",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Reason("API_KEY_IP_ADDRESS_BLOCKED")]),
        sure(&[SaysOne(&["has an IP address restriction", "originating IP address of the call"])]),
        likely(&[IP_OR_REFERER]),
        likely(&[Reason("ipRefererBlocked")]),
        likely(&[IP_OR_REFERER, Reason("ipRefererBlocked")]),
    ],
    why: "The key lists the addresses that may use it, and the one that Google saw is not among \
          them. It is the address of the last proxy or gateway, it may be an IPv6 one, and cloud \
          jobs change theirs.",
    fix: &[
        you("Read the address that Google saw in the error, or compare: -4 and then -6")
            .run("gemini-doctor check-key -4"),
        owner("Add that address, in its IPv6 form too, to the key's allowed addresses"),
        owner("Give the job a fixed outgoing address if it changes from run to run"),
    ],
    confirm: "gemini-doctor check-key lists the models from the machine that failed.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"The provided API key has an IP address restriction. The originating IP address of the call (203.0.113.7) violates this restriction.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_IP_ADDRESS_BLOCKED","domain":"googleapis.com","metadata":{"consumer":"projects/123456789","service":"generativelanguage.googleapis.com"}}]}}"#,
        "google.genai.errors.ClientError: 403 PERMISSION_DENIED. {'error': {'message': 'The \
         provided API key has an IP address restriction. The originating IP address of the call \
         (2001:db8::7) violates this restriction.'}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}"#,
    ],
    splits: &[Split {
        id: "api-key-referrer-blocked",
        by: "the key's page in the cloud console: a list of addresses, or one of web pages",
    }],
    reproduce: "api-key-ip-blocked",
    hides: &[],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

const API_KEY_APP_RESTRICTED: KnownFix = KnownFix {
    id: "api-key-app-restricted",
    title: "The key works from certain mobile apps only",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Reason("API_KEY_ANDROID_APP_BLOCKED")]),
        sure(&[Reason("API_KEY_IOS_APP_BLOCKED")]),
        sure(&[SaysOne(&[
            "Requests from this Android client application",
            "Requests from this iOS client application",
        ])]),
    ],
    why: "The key is bound to an app's package and signing certificate, or to its bundle id. A \
          server sends neither, and a release build that is signed otherwise than the debug build \
          sends another one.",
    fix: &[
        you("Use a key without an app restriction for programs and servers"),
        MAKE_KEY,
        owner("Add the release build's package and SHA-1, or its bundle id, to the key"),
    ],
    confirm: "gemini-doctor check-key lists the models with the key that the program uses.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"Requests from this Android client application <empty> are blocked.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_ANDROID_APP_BLOCKED","domain":"googleapis.com","metadata":{"consumer":"projects/123456789","service":"generativelanguage.googleapis.com"}}]}}"#,
        "PERMISSION_DENIED: Requests from this iOS client application com.example.app are blocked.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"Requests from referer <empty> are blocked.","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[],
    reproduce: "api-key-app-restricted",
    hides: &[],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

const ORG_POLICY_VIOLATED: KnownFix = KnownFix {
    id: "org-policy-violated",
    title: "A policy of your organisation forbids this call",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Reason("SECURITY_POLICY_VIOLATED")]),
        sure(&[Reason("ORG_RESTRICTION_VIOLATION")]),
        sure(&[Reason("LOCATION_ORG_POLICY_VIOLATED")]),
        sure(&[Reason("LOCATION_POLICY_VIOLATED")]),
        sure(&[Reason("RESOURCE_USAGE_RESTRICTION_VIOLATED")]),
        sure(&[Reason("ENDPOINT_USAGE_RESTRICTION_VIOLATED")]),
        sure(&[Reason("TLS_ORG_POLICY_VIOLATED")]),
        sure(&[Reason("TLS_CIPHER_RESTRICTION_VIOLATED")]),
        sure(&[Reason("USER_BLOCKED_BY_ADMIN")]),
        sure(&[Says("Request is prohibited by organization's policy")]),
        sure(&[Says("vpcServiceControlsUniqueIdentifier")]),
    ],
    why: "The project stands behind a service perimeter or another rule of the organisation, and \
          this call comes from outside it, goes to a service it leaves out, or acts for a blocked \
          account. No key and no role changes that.",
    fix: &[
        you(
            "Give your administrators the identifier in the error, which finds the entry in their \
             log",
        ),
        owner("Allow the service, or the caller's network, in the perimeter or policy"),
        you("Run the call from inside the perimeter meanwhile, where you may"),
    ],
    confirm: "gemini-doctor check-key lists the models from the same network.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: FAKE-example-id","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SECURITY_POLICY_VIOLATED","domain":"googleapis.com","metadata":{"uid":"FAKE-example-id","service":"generativelanguage.googleapis.com"}}]}}"#,
        "PERMISSION_DENIED: Request is prohibited by organization's policy. \
         vpcServiceControlsUniqueIdentifier: FAKE-example-id",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"The caller does not have permission","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[],
    reproduce: "org-policy-violated",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

/// How the backend of logins and some gateways say that a model is not for this caller.
const NO_ACCESS_TO_MODEL: Sign = SaysOne(&[
    "have access to this model or the model name is invalid",
    "does not have access to this model",
    "do not have access to this model",
    "don't have access to this model",
]);

const MODEL_PREVIEW_ACCESS_DENIED: KnownFix = KnownFix {
    id: "model-preview-access-denied",
    title: "The key's project may not use this model",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        likely(&[NO_PERMISSION, Model(ModelFact::Listed), Method(facts::Method::Generate)]),
        likely(&[NO_PERMISSION, Method(facts::Method::Generate)]),
        likely(&[NO_PERMISSION, Method(facts::Method::Stream)]),
        likely(&[NO_PERMISSION, Method(facts::Method::Count)]),
        likely(&[NO_PERMISSION, Method(facts::Method::Get)]),
        // A pasted text does not say what was asked.
        maybe(&[NO_PERMISSION, Rpc("PERMISSION_DENIED"), Not(&LISTED)]),
        maybe(&[NO_PERMISSION, Not(&LISTED)]),
        likely(&[NO_ACCESS_TO_MODEL]),
    ],
    why: "Models in preview are opened to some projects first, and to paying ones before others. \
          The sentence itself says nothing about models, so it counts only where the same key \
          lists models or can call another one.",
    fix: &[
        owner("Ask for access to the model, or link billing to the project if it needs that"),
        you("List the models that this key may use").run("gemini-doctor list-models"),
        you("Ask a stable model with the same key, to see that the key is fine")
            .run("gemini-doctor check-key --model gemini-3.8-flash"),
    ],
    confirm: "gemini-doctor check-key --model NAME passes with the model that was refused.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"The caller does not have permission","status":"PERMISSION_DENIED"}}"#,
        "google.genai.errors.ClientError: 403 PERMISSION_DENIED. {'error': {'code': 403, \
         'message': 'The caller does not have permission', 'status': 'PERMISSION_DENIED'}}",
    ],
    live: &[
        &[NO_PERMISSION, Method(facts::Method::Generate), Model(ModelFact::Listed), Status(403)],
        &[NO_PERMISSION, Method(facts::Method::Get), Status(403)],
        &[NO_PERMISSION, Method(facts::Method::Count), Status(403)],
    ],
    not: &[
        r#"{"error":{"code":403,"message":"You do not have permission to access the File example or it may not exist.","status":"PERMISSION_DENIED"}}"#,
        r#"{"error":{"code":403,"message":"Permission denied on resource project example-prod.","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[
        Split {
            id: "project-permission-denied",
            by: "another model with the same key: gemini-doctor check-key --model gemini-3.8-flash",
        },
        Split {
            id: "tuned-model-needs-oauth",
            by: "the name that was asked for: tunedModels/ belong to one account",
        },
        Split {
            id: "model-name-wrong",
            by: "gemini-doctor list-models NAME: whether there is a model of this very name",
        },
        Split {
            id: "code-assist-license-or-validation",
            by: "the credential: a login of Code Assist is given models by its licence",
        },
    ],
    reproduce: "model-preview-access-denied",
    hides: &[],
    docs: &["https://ai.google.dev/gemini-api/docs/models"],
    as_of: "2026-11-20",
};

const TUNED_MODEL_NEEDS_OAUTH: KnownFix = KnownFix {
    id: "tuned-model-needs-oauth",
    title: "The tuned model belongs to another account or project",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("permission to access tuned model")]),
        sure(&[Says("tunedModels/"), SaysOne(&["permission", "PERMISSION_DENIED"])]),
        likely(&[NO_PERMISSION, Meta("url", "tunedModels/")]),
        likely(&[NO_PERMISSION, Meta("model", "tunedModels/")]),
        likely(&[Says("tuned model"), StatusIn(&[403])]),
    ],
    why: "A tuned model is the property of the account and project that made it, and a key stands for a \
          project and for nobody in person. The key is good: the base models answer it. Tuning in AI \
          Studio itself has been withdrawn.",
    fix: &[
        you("See that the key works for a base model").run("gemini-doctor check-key"),
        owner("Share the tuned model with the account, or make a key in the project that owns it"),
        you("Log in as its owner and send the token, if it cannot be shared")
            .run("gcloud auth application-default login"),
        owner("Tune it anew on the cloud platform, if it is to be used for longer"),
    ],
    confirm: "The same call passes with the owner's login or with a key of the owning project.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"You do not have permission to access tuned model tunedModels/example-tone-a1b2c3.","status":"PERMISSION_DENIED"}}"#,
        "google.api_core.exceptions.PermissionDenied: 403 You do not have permission to access tuned \
         model tunedModels/example-tone-a1b2c3.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"The caller does not have permission","status":"PERMISSION_DENIED"}}"#,
        r#"{"error":{"code":403,"message":"You do not have permission to access the File example or it may not exist.","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[Split {
        id: "model-preview-access-denied",
        by: "the name that was asked for: tunedModels/ belong to one account, models/ to all",
    }],
    reproduce: "tuned-model-needs-oauth",
    hides: &[],
    docs: &["https://ai.google.dev/gemini-api/docs/model-tuning"],
    as_of: "2026-11-20",
};

const PRECONDITION_CHECK_FAILED: KnownFix = KnownFix {
    id: "precondition-check-failed",
    title: "Something that this method needs is lacking, and Google does not name it",
    layer: Layer::Permission,
    blame: Blame::Unknown,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[maybe(&[
        Says("Precondition check failed"),
        // A live session that ends so has its own entry.
        Not(&Closed(1007)),
        Not(&Says("1007")),
    ])],
    why: "Google checks more than the request itself, such as billing, the state of a file or a job and \
          the place, and says only that one check failed. With batches and other paid methods it was \
          mostly a project of the free tier.",
    fix: &[
        owner("See whether the key's project pays: https://aistudio.google.com/api-keys"),
        you("Ask a plain call with the same key, to see that key and place are fine")
            .run("gemini-doctor check-key"),
        you("Look whether the file or job that the request names is ready, and still there"),
    ],
    confirm: "The same call passes once what was missing is there.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Precondition check failed.","status":"FAILED_PRECONDITION"}}"#,
        "google.api_core.exceptions.FailedPrecondition: 400 Precondition check failed.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}"#,
    ],
    splits: &[
        Split { id: "billing-disabled", by: "the billing page of the key's project" },
        Split {
            id: "user-location-unsupported",
            by: "gemini-doctor check-key from the same machine: whether plain calls pass there",
        },
        Split {
            id: "file-not-active",
            by: "files.get: the state of the file that the request names",
        },
    ],
    reproduce: "precondition-check-failed",
    hides: &["invalid-argument-generic"],
    docs: &[TROUBLESHOOTING],
    as_of: "2026-11-20",
};

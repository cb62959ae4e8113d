//! Logins for the cloud platform: whole ones of each kind, damaged files, tokens that are not given out, and what the
//! platform itself refuses. The machine has no key.

use super::super::fault::{Act, Route, Rule};
use super::super::google::{Cloud, FileFault, GrantFault, Login, PROJECT};
use super::super::scenario::{Local, Needs, Scenario};

pub(in super::super) const ALL: &[Scenario] = &[
    HEALTHY,
    HEALTHY_USER,
    HEALTHY_IMPERSONATED,
    HEALTHY_DELEGATED,
    HEALTHY_EXTERNAL_FILE,
    HEALTHY_EXTERNAL_URL,
    HEALTHY_METADATA,
    HEALTHY_METADATA_PROJECT,
    HEALTHY_EXPRESS,
    MISSING,
    FILE_UNUSABLE,
    JSON_CORRUPT,
    JSON_EMPTY,
    JSON_WEB_PAGE,
    JSON_LACKS_FIELD,
    WRONG_FILE,
    WRONG_FILE_KEY,
    PLACEHOLDER,
    KEY_DAMAGED,
    KEY_TRUNCATED,
    READABLE,
    NOT_FOLLOWED,
    UNIVERSE,
    FOREIGN_HOST,
    PROJECT_MISSING,
    PROJECT_TEMPLATE,
    PROJECT_OTHER,
    LOCATION_MALFORMED,
    LOCATION_WITHOUT_MODEL,
    REVOKED,
    REAUTHENTICATION,
    KEY_DELETED,
    KEY_DELETED_DEEP,
    ACCOUNT_GONE,
    CLIENT_DELETED,
    CLOCK_BEHIND,
    CLOCK_AHEAD,
    AUDIENCE_OF_STATEMENT,
    AUDIENCE_OF_PROOF,
    PROOF_EXPIRED,
    LENDING_DENIED,
    LENDING_DENIED_WORKLOAD,
    WITHOUT_ACCOUNT,
    ENDPOINT_DOWN,
    ENDPOINT_ODD,
    WITHOUT_KEY,
    WITHOUT_SCOPES,
    QUOTA_PROJECT_MISSING,
    QUOTA_PROJECT_DENIED,
    ROLE_MISSING,
    SERVICE_OFF,
    BILLING_OFF,
    QUOTA_PER_MINUTE,
    SHARED_CAPACITY,
    EXPRESS_KEY_INVALID,
];

const VERTEX: &[&str] = &["check-key", "--api", "vertex"];
const DEEP: &[&str] = &["check-key", "--deep", "--api", "vertex"];
const EXPRESS: &[&str] = &["check-key", "--api", "express"];

const fn healthy(id: &'static str, summary: &'static str, login: Login) -> Scenario {
    Scenario::new(id, "-", 0, summary).no_fix().command(VERTEX).cloud(Cloud::of(login))
}

const HEALTHY: Scenario =
    healthy("vertex", "The cloud platform with a service account's key.", Login::ServiceAccount);
const HEALTHY_USER: Scenario =
    healthy("vertex.user", "The cloud platform with a person's login.", Login::User);
const HEALTHY_IMPERSONATED: Scenario = healthy(
    "vertex.impersonated",
    "The cloud platform with a person's login that goes on as a service account.",
    Login::Impersonated,
);
const HEALTHY_DELEGATED: Scenario = healthy(
    "vertex.delegated",
    "The cloud platform with a service account that goes on as another one.",
    Login::Delegated,
);
const HEALTHY_EXTERNAL_FILE: Scenario = healthy(
    "vertex.external-file",
    "The cloud platform with a workload whose proof lies in a file.",
    Login::ExternalFile,
);
const HEALTHY_EXTERNAL_URL: Scenario = healthy(
    "vertex.external-url",
    "The cloud platform with a workload whose proof is asked for.",
    Login::ExternalUrl,
);
const HEALTHY_METADATA: Scenario = healthy(
    "vertex.metadata",
    "The cloud platform from a machine in it, with a metadata server.",
    Login::Metadata,
);
const HEALTHY_METADATA_PROJECT: Scenario = Scenario::new(
    "vertex.metadata-project",
    "-",
    0,
    "The same without a variable: the metadata server names the project too.",
)
.no_fix()
.command(VERTEX)
.cloud(Cloud::of(Login::Metadata).project(None));
const HEALTHY_EXPRESS: Scenario =
    Scenario::new("express", "-", 0, "The cloud platform with a key and no project.")
        .no_fix()
        .command(EXPRESS)
        .cloud(Cloud::of(Login::Key));

/// A login that is broken in one way.
const fn broken(
    id: &'static str,
    layer: &'static str,
    exit: u8,
    summary: &'static str,
    cloud: Cloud,
) -> Scenario {
    Scenario::new(id, layer, exit, summary).command(VERTEX).cloud(cloud)
}

const fn with_file(id: &'static str, exit: u8, summary: &'static str, file: FileFault) -> Scenario {
    broken(id, "local", exit, summary, Cloud::of(Login::ServiceAccount).file(file))
}

const fn with_grant(
    id: &'static str,
    layer: &'static str,
    summary: &'static str,
    login: Login,
    grant: GrantFault,
) -> Scenario {
    broken(id, layer, 1, summary, Cloud::of(login).grant(grant))
}

const MISSING: Scenario = broken(
    "adc-missing",
    "local",
    2,
    "No variable and no file holds a login, and there is no metadata server.",
    Cloud::of(Login::Nothing),
);
const FILE_UNUSABLE: Scenario = with_file(
    "adc-file-unusable",
    1,
    "The variable names a file that is not there.",
    FileFault::Missing,
);
const JSON_CORRUPT: Scenario =
    with_file("adc-json-corrupt", 1, "The login's file is cut in half.", FileFault::Truncated);
const JSON_EMPTY: Scenario =
    with_file("adc-json-corrupt.empty", 1, "The login's file is empty.", FileFault::Empty)
        .fix("adc-json-corrupt");
const JSON_WEB_PAGE: Scenario = with_file(
    "adc-json-corrupt.web-page",
    1,
    "A web page was saved in the place of the login's file.",
    FileFault::WebPage,
)
.fix("adc-json-corrupt");
const JSON_LACKS_FIELD: Scenario = with_file(
    "adc-json-corrupt.field",
    1,
    "The service account's file lacks the account's address.",
    FileFault::NoEmail,
)
.fix("adc-json-corrupt");
const WRONG_FILE: Scenario = with_file(
    "adc-wrong-file",
    1,
    "The file is that of an OAuth client, not of a login.",
    FileFault::ClientSecret,
);
const WRONG_FILE_KEY: Scenario =
    with_file("adc-wrong-file.key", 1, "The file holds a key of the API.", FileFault::ApiKey)
        .fix("adc-wrong-file");
const PLACEHOLDER: Scenario = with_file(
    "adc-placeholder",
    1,
    "The service account's file has a template's text as its address.",
    FileFault::Template,
);
const KEY_DAMAGED: Scenario = with_file(
    "adc-private-key-damaged",
    1,
    "The private key's line breaks were escaped twice.",
    FileFault::KeyEscaped,
);
const KEY_TRUNCATED: Scenario = with_file(
    "adc-private-key-damaged.cut",
    1,
    "The private key is cut in half.",
    FileFault::KeyTruncated,
)
.fix("adc-private-key-damaged");
const READABLE: Scenario = with_file(
    "adc-readable-by-others",
    0,
    "Everybody on the machine can read the login's file.",
    FileFault::Readable,
)
.needs(Needs::Unix);
const NOT_FOLLOWED: Scenario = broken(
    "adc-kind-not-followed",
    "local",
    5,
    "The workload's proof would come from a program.",
    Cloud::of(Login::ExternalFile).file(FileFault::Executable),
);
const UNIVERSE: Scenario = with_file(
    "adc-foreign-universe",
    1,
    "The service account belongs to another universe.",
    FileFault::Universe,
);
const FOREIGN_HOST: Scenario = with_file(
    "adc-foreign-token-host",
    1,
    "The file would have its secrets sent to somebody else.",
    FileFault::ForeignHost,
);
const PROJECT_MISSING: Scenario = broken(
    "cloud-project-missing",
    "permission",
    1,
    "A person's login, and no project is named.",
    Cloud::of(Login::User).project(None),
);
const PROJECT_TEMPLATE: Scenario = broken(
    "vertex-project-misconfigured.variable",
    "permission",
    1,
    "GOOGLE_CLOUD_PROJECT holds the text of a template.",
    Cloud::of(Login::User).project(Some("YOUR_PROJECT_ID")),
)
.fix("vertex-project-misconfigured");
const PROJECT_OTHER: Scenario = broken(
    "consumer-invalid-project.vertex",
    "permission",
    1,
    "GOOGLE_CLOUD_PROJECT names a project that this login does not see: 403.",
    Cloud::of(Login::ServiceAccount).project(Some("another-project-7")),
)
.fix("consumer-invalid-project");
const LOCATION_MALFORMED: Scenario = broken(
    "cloud-location-malformed",
    "region",
    1,
    "GOOGLE_CLOUD_LOCATION holds a misspelt region.",
    Cloud::of(Login::ServiceAccount).location("us-central-1"),
);
const LOCATION_WITHOUT_MODEL: Scenario = broken(
    "vertex-model-not-in-region.login",
    "model",
    1,
    "GOOGLE_CLOUD_LOCATION names a region that does not serve the model: 404.",
    Cloud::of(Login::ServiceAccount).location("us-central1"),
)
.fix("vertex-model-not-in-region")
.command(&["check-key", "--api", "vertex", "--model", "gemini-3.5-flash"]);
const REVOKED: Scenario = with_grant(
    "oauth-invalid-grant",
    "local",
    "The person's login was withdrawn, or has run out: invalid_grant.",
    Login::User,
    GrantFault::Revoked,
);
const ENDPOINT_DOWN: Scenario = broken(
    "token-endpoint-down",
    "backend",
    3,
    "The token endpoint answers 503.",
    Cloud::of(Login::User).grant(GrantFault::Down),
);
const ENDPOINT_ODD: Scenario = with_grant(
    "token-endpoint-odd",
    "auth",
    "Somebody else answers in the place of the token endpoint: 404.",
    Login::User,
    GrantFault::Odd,
);
const WITHOUT_KEY: Scenario = Scenario::new(
    "login-without-key",
    "local",
    2,
    "GOOGLE_GENAI_USE_VERTEXAI is true, there is a login, and a key is asked for.",
)
.cloud(Cloud::of(Login::ServiceAccount))
.local(Local::variables(&[("GOOGLE_GENAI_USE_VERTEXAI", "true")]));
const REAUTHENTICATION: Scenario = with_grant(
    "adc-reauth-required",
    "local",
    "The person has to log in again: invalid_rapt.",
    Login::Impersonated,
    GrantFault::Reauthentication,
);
const KEY_DELETED: Scenario = with_grant(
    "service-account-key-deleted",
    "auth",
    "The service account's key was deleted; the API only says 401.",
    Login::ServiceAccount,
    GrantFault::KeyDeleted,
);
const KEY_DELETED_DEEP: Scenario = with_grant(
    "service-account-key-deleted.endpoint",
    "auth",
    "The same, where the token endpoint is asked first.",
    Login::ServiceAccount,
    GrantFault::KeyDeleted,
)
.fix("service-account-key-deleted")
.command(DEEP);
const ACCOUNT_GONE: Scenario = with_grant(
    "service-account-gone",
    "auth",
    "The service account was deleted.",
    Login::ServiceAccount,
    GrantFault::AccountGone,
);
const CLIENT_DELETED: Scenario = with_grant(
    "oauth-client-deleted",
    "auth",
    "The program that the person logged in to was deleted.",
    Login::User,
    GrantFault::ClientDeleted,
);
const CLOCK_BEHIND: Scenario = broken(
    "adc-clock-skewed",
    "local",
    4,
    "The machine's clock is two hours behind.",
    Cloud::of(Login::ServiceAccount),
)
.date_ahead_s(2 * 3600);
const CLOCK_AHEAD: Scenario = broken(
    "adc-clock-skewed.ahead",
    "local",
    4,
    "The machine's clock is an hour ahead, and the token endpoint is asked.",
    Cloud::of(Login::ServiceAccount),
)
.fix("adc-clock-skewed")
.command(DEEP)
.date_ahead_s(-3600);
const AUDIENCE_OF_STATEMENT: Scenario = broken(
    "token-audience-wrong",
    "auth",
    1,
    "The file names an address of the token endpoint that was given up.",
    Cloud::of(Login::ServiceAccount).file(FileFault::OldTokenUri),
)
.command(DEEP);
const AUDIENCE_OF_PROOF: Scenario = with_grant(
    "token-audience-wrong.proof",
    "auth",
    "The workload's proof is for another audience.",
    Login::ExternalFile,
    GrantFault::ProofAudience,
)
.fix("token-audience-wrong");
const PROOF_EXPIRED: Scenario = with_grant(
    "workload-proof-expired",
    "auth",
    "The workload's proof has run out.",
    Login::ExternalFile,
    GrantFault::ProofExpired,
);
const LENDING_DENIED: Scenario = with_grant(
    "impersonation-denied",
    "permission",
    "The login may not go on as the service account: 403.",
    Login::Delegated,
    GrantFault::LendingDenied,
);
const LENDING_DENIED_WORKLOAD: Scenario = with_grant(
    "impersonation-denied.workload",
    "permission",
    "The workload may not go on as the service account: 403.",
    Login::ExternalUrl,
    GrantFault::LendingDenied,
)
.fix("impersonation-denied");
const WITHOUT_ACCOUNT: Scenario = with_grant(
    "metadata-without-account",
    "local",
    "The machine has a metadata server and no service account.",
    Login::Metadata,
    GrantFault::NoAccount,
);
const WITHOUT_SCOPES: Scenario = broken(
    "oauth-scope-insufficient.metadata",
    "permission",
    1,
    "The machine's service account was attached without the scope: 403.",
    Cloud::of(Login::Metadata),
)
.fix("oauth-scope-insufficient")
.rules(&[Rule::always(Route::Any, Act::google(403, include_str!("../bodies/oauth-scope.json")))]);
const QUOTA_PROJECT_MISSING: Scenario = broken(
    "quota-project-missing",
    "permission",
    1,
    "A person's login without a quota project: 403.",
    Cloud::of(Login::User).quota_project(None),
);
const QUOTA_PROJECT_DENIED: Scenario = broken(
    "project-permission-denied.quota",
    "permission",
    1,
    "A person's login may not use the quota of the project that it names: 403.",
    Cloud::of(Login::User).quota_project(Some("another-project-7")),
)
.fix("project-permission-denied");
const ROLE_MISSING: Scenario = broken(
    "vertex-iam-predict-denied.login",
    "permission",
    1,
    "The service account lacks the role: 403 on every call to a model.",
    Cloud::of(Login::ServiceAccount),
)
.fix("vertex-iam-predict-denied")
.rules(&[Rule::always(
    Route::Methods,
    Act::google(403, include_str!("../bodies/iam-predict-denied.json")),
)]);
const SERVICE_OFF: Scenario = broken(
    "service-disabled.vertex",
    "permission",
    1,
    "The platform's API is off in the project: 403.",
    Cloud::of(Login::ServiceAccount),
)
.fix("service-disabled")
.rules(&[Rule::always(
    Route::Methods,
    Act::google(403, include_str!("../bodies/vertex-service-disabled.json")),
)]);
const BILLING_OFF: Scenario = broken(
    "billing-disabled.vertex",
    "permission",
    1,
    "The project has no billing: 403.",
    Cloud::of(Login::ServiceAccount),
)
.fix("billing-disabled")
.rules(&[Rule::always(
    Route::Methods,
    Act::google(403, include_str!("../bodies/vertex-billing-disabled.json")),
)]);
const QUOTA_PER_MINUTE: Scenario = broken(
    "quota-requests-per-minute.vertex",
    "quota",
    3,
    "The project's own quota of this minute is used up: 429 with the quota's name.",
    Cloud::of(Login::ServiceAccount),
)
.fix("quota-requests-per-minute")
.rules(&[Rule::always(
    Route::Generating,
    Act::google(429, include_str!("../bodies/vertex-quota-per-minute.json")),
)]);
const SHARED_CAPACITY: Scenario = broken(
    "vertex-shared-capacity-429.login",
    "quota",
    3,
    "What all projects share is used up: 429 without any quota.",
    Cloud::of(Login::ServiceAccount),
)
.fix("vertex-shared-capacity-429")
.rules(&[Rule::always(
    Route::Generating,
    Act::google(429, include_str!("../bodies/shared-capacity.json")),
)]);
const EXPRESS_KEY_INVALID: Scenario = Scenario::new(
    "api-key-invalid.express",
    "auth",
    1,
    "The key is not known to the cloud platform: 400.",
)
.fix("api-key-invalid")
.command(EXPRESS)
.cloud(Cloud::of(Login::Key).project(None).quota_project(Some(PROJECT)))
.unknown_key();

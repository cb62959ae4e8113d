//! Known fixes for logins to the cloud platform: their files, the clocks and tokens behind them, and who may lend
//! whom. Live signs come from reading the file; words come from whoever gives out tokens.

use crate::{
    catalog::{
        KnownFix,
        Sign::{self, Local, Meta, Not, Reason, Says, SaysOne, Status},
        Split, likely, owner, sure, you,
    },
    facts::{Blame, Class, KeyKind, Layer, LocalFact, Method, Party, RetryClass, Severity, clue},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &LOGIN_WITHOUT_KEY,
    &ADC_FILE_UNUSABLE,
    &ADC_WRONG_FILE,
    &ADC_PLACEHOLDER,
    &ADC_PRIVATE_KEY_DAMAGED,
    &ADC_READABLE_BY_OTHERS,
    &ADC_KIND_NOT_FOLLOWED,
    &ADC_FOREIGN_UNIVERSE,
    &ADC_FOREIGN_TOKEN_HOST,
    &CLOUD_PROJECT_MISSING,
    &CLOUD_LOCATION_MALFORMED,
    &SERVICE_ACCOUNT_KEY_DELETED,
    &SERVICE_ACCOUNT_GONE,
    &OAUTH_CLIENT_DELETED,
    &ADC_CLOCK_SKEWED,
    &TOKEN_AUDIENCE_WRONG,
    &WORKLOAD_PROOF_EXPIRED,
    &IMPERSONATION_DENIED,
    &METADATA_WITHOUT_ACCOUNT,
    &TOKEN_ENDPOINT_DOWN,
    &TOKEN_ENDPOINT_ODD,
    &QUOTA_PROJECT_MISSING,
];

const ADC_PAGE: &str = "https://cloud.google.com/docs/authentication/provide-credentials-adc";
const TROUBLE_PAGE: &str = "https://cloud.google.com/docs/authentication/troubleshoot-adc";
const KEYS_PAGE: &str = "https://cloud.google.com/iam/docs/keys-create-delete";
const DAY: &str = "2026-11-30";

/// A call after a token that was refused says the same once more, in words about other things.
const REFUSED_AGAIN: &[&str] = &[
    "invalid-oauth-token",
    "oauth-token-expired",
    "bearer-instead-of-api-key",
    "standard-key-rejected-2026",
    "apikey-not-supported-by-endpoint",
    "oauth-invalid-grant",
    "clock-off",
];

const LOG_IN: crate::catalog::Step =
    you("Log in anew").run("gcloud auth application-default login");
const NOT_CALLED_FOR: &str = "{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a \
                              valid API key.\",\"status\":\"INVALID_ARGUMENT\"}}";

const LOGIN_WITHOUT_KEY: KnownFix = KnownFix {
    id: "login-without-key",
    title: "No key is set, but a login is, and the SDKs use the cloud platform",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Usage),
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::LoginInstead)])],
    why: "GOOGLE_GENAI_USE_VERTEXAI or GOOGLE_GENAI_USE_ENTERPRISE is true, so Google's SDKs go to the cloud \
          platform with the login of this machine. This run was to ask the Developer API, which wants a key.",
    fix: &[
        you("Ask the cloud platform as the SDKs do").run("gemini-doctor doctor --api vertex"),
        you("For the Developer API, put a key into GEMINI_API_KEY, and take the switch away")
            .run_in(
                "unset GOOGLE_GENAI_USE_VERTEXAI GOOGLE_GENAI_USE_ENTERPRISE",
                "Remove-Item Env:GOOGLE_GENAI_USE_VERTEXAI, Env:GOOGLE_GENAI_USE_ENTERPRISE \
             -ErrorAction Ignore",
            ),
    ],
    confirm: "gemini-doctor check-key --api vertex names the login in its first stage.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::LoginInstead)],
        &[Local(LocalFact::LoginInstead), Sign::Key(KeyKind::None)],
    ],
    not: &[NOT_CALLED_FOR],
    splits: &[],
    reproduce: "login-without-key",
    hides: &["key-not-set", "key-variable-empty"],
    docs: &[ADC_PAGE],
    as_of: DAY,
};

const ADC_FILE_UNUSABLE: KnownFix = KnownFix {
    id: "adc-file-unusable",
    title: "The file that was named for the login cannot be read",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::CredentialsUnusable)])],
    why: "A variable or an option names a file that is not there, is a directory, or may not be read; or \
          the variable holds the file's contents in the place of its path. A named file has no \
          stand-in: gcloud's own login and the metadata server are not asked.",
    fix: &[
        you("Set the variable to the path of the file, as a path from the root").run_in(
            "export GOOGLE_APPLICATION_CREDENTIALS=/path/to/login.json",
            "$env:GOOGLE_APPLICATION_CREDENTIALS = 'C:\\path\\to\\login.json'",
        ),
        you("Take the variable away, where gcloud's own login is meant").run_in(
            "unset GOOGLE_APPLICATION_CREDENTIALS",
            "Remove-Item Env:GOOGLE_APPLICATION_CREDENTIALS",
        ),
        you("In a container, mount the file, and name the path that it has in there"),
        LOG_IN,
    ],
    confirm: "gemini-doctor check-key --api vertex passes its first stage.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::CredentialsUnusable)],
        &[Local(LocalFact::CredentialsUnusable), Sign::Key(KeyKind::None)],
    ],
    not: &[NOT_CALLED_FOR],
    splits: &[],
    reproduce: "adc-file-unusable",
    hides: &["adc-missing"],
    docs: &[ADC_PAGE, TROUBLE_PAGE],
    as_of: DAY,
};

const ADC_WRONG_FILE: KnownFix = KnownFix {
    id: "adc-wrong-file",
    title: "The file named for the login is another kind of file",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::CredentialsOther)])],
    why: "An OAuth client's file (client_secret.json), a key of the API, a bare private key or any other \
          JSON lies where a login's file belongs. A client's file is what a program logs people in with; \
          it is nobody's login.",
    fix: &[
        LOG_IN,
        owner("For a service account, download a key file of that account, not of an OAuth client"),
        you("For a key of the API, leave --api vertex out, or take --api express for a cloud key")
            .run("gemini-doctor check-key --api gemini"),
    ],
    confirm: "The file's JSON has a type such as service_account or authorized_user.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::CredentialsOther)],
        &[Local(LocalFact::CredentialsOther), Sign::Key(KeyKind::Other)],
    ],
    not: &[NOT_CALLED_FOR],
    splits: &[],
    reproduce: "adc-wrong-file",
    hides: &["adc-missing"],
    docs: &[ADC_PAGE],
    as_of: DAY,
};

const ADC_PLACEHOLDER: KnownFix = KnownFix {
    id: "adc-placeholder",
    title: "The login's file still holds the text of a template",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::CredentialsPlaceholder)])],
    why: "The file was made from an example, and a part of it was never filled in. Nothing was sent.",
    fix: &[
        owner("Download the key file whole in place of filling in a template"),
        you(
            "See that the job that writes the file has its secrets: forks and branches often get none",
        ),
        LOG_IN,
    ],
    confirm: "gemini-doctor check-key --api vertex shows the address of the account.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::CredentialsPlaceholder)],
        &[Local(LocalFact::CredentialsPlaceholder), Sign::Key(KeyKind::ServiceAccount)],
    ],
    not: &[NOT_CALLED_FOR],
    splits: &[],
    reproduce: "adc-placeholder",
    hides: &["adc-json-corrupt"],
    docs: &[KEYS_PAGE],
    as_of: DAY,
};

const ADC_PRIVATE_KEY_DAMAGED: KnownFix = KnownFix {
    id: "adc-private-key-damaged",
    title: "The service account's private key is damaged, so nothing can be signed",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::PrivateKeyDamaged)])],
    why: "The key has to arrive with every line and every line break. Variables, YAML and shells escape its \
          breaks once more, cut it, or wrap it in quotes; then no library can read it, and each has another \
          message for that.",
    fix: &[
        you("Copy the file itself, as bytes, and name it in GOOGLE_APPLICATION_CREDENTIALS"),
        you("Where a variable has to carry it, carry the whole file in base64, and decode it to a file")
            .run_in(
                "printf %s \"$LOGIN_BASE64\" | base64 -d > login.json",
                "[IO.File]::WriteAllBytes('login.json', [Convert]::FromBase64String($env:LOGIN_BASE64))",
            ),
        owner("Issue a new key if the file cannot be had whole, and delete this one"),
    ],
    confirm: "gemini-doctor check-key --api vertex says of the private key that it can sign.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::PrivateKeyDamaged)],
        &[Local(LocalFact::PrivateKeyDamaged), Sign::Key(KeyKind::ServiceAccount)],
    ],
    not: &["ValueError: Could not deserialize key data. The data may be in an incorrect format."],
    splits: &[],
    reproduce: "adc-private-key-damaged",
    hides: &["adc-json-corrupt"],
    docs: &[KEYS_PAGE],
    as_of: DAY,
};

const ADC_READABLE_BY_OTHERS: KnownFix = KnownFix {
    id: "adc-readable-by-others",
    title: "Other users of this machine can read the login's file",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::CredentialsReadable)])],
    why: "The file's mode lets its group or everybody read it, and whoever has it can call as this account \
          from anywhere.",
    fix: &[
        you("Keep the file to its owner").run_in(
            "chmod 600 \"$GOOGLE_APPLICATION_CREDENTIALS\"",
            "icacls $env:GOOGLE_APPLICATION_CREDENTIALS /inheritance:r /grant:r \"$($env:USERNAME):F\"",
        ),
        owner("Replace the key if others have had access to this machine"),
    ],
    confirm: "ls -l shows -rw------- and gemini-doctor check-key --api vertex has no warning.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::CredentialsReadable)],
        &[Local(LocalFact::CredentialsReadable), Sign::Key(KeyKind::AuthorizedUser)],
    ],
    not: &["-rw------- 1 me me 2374 Nov 20 10:00 login.json"],
    splits: &[],
    reproduce: "adc-readable-by-others",
    hides: &[],
    docs: &[KEYS_PAGE],
    as_of: DAY,
};

const ADC_KIND_NOT_FOLLOWED: KnownFix = KnownFix {
    id: "adc-kind-not-followed",
    title: "This kind of login is not followed here, so nothing was asked",
    layer: Layer::Local,
    blame: Blame::Unknown,
    severity: Severity::Error,
    class: Some(Class::Unknown),
    retry: RetryClass::Never,
    when: &[sure(&[Local(LocalFact::CredentialsNotFollowed)])],
    why: "The token would come from a program that the file names, from a request signed for AWS, from a \
          client certificate, or from another cloud. None of these is run here: a file must not make a \
          diagnosis start programs. The login itself may well be in order.",
    fix: &[
        you("Get a token by gcloud, which follows all of them, and see whether that alone passes")
            .run("gcloud auth application-default print-access-token > /dev/null && echo passes"),
        you("For a program, run it by hand and see that it prints JSON with success: true"),
        you("Look at the rest with another login for the same project")
            .run("gemini-doctor check-key --api vertex --credentials login.json"),
    ],
    confirm: "gcloud prints a token, and the program that has the trouble gets one too.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::CredentialsNotFollowed)],
        &[Local(LocalFact::CredentialsNotFollowed), Sign::Key(KeyKind::ExternalAccount)],
    ],
    not: &[NOT_CALLED_FOR],
    splits: &[],
    reproduce: "adc-kind-not-followed",
    hides: &[],
    docs: &["https://google.aip.dev/auth/4117"],
    as_of: DAY,
};

const ADC_FOREIGN_UNIVERSE: KnownFix = KnownFix {
    id: "adc-foreign-universe",
    title: "The login belongs to another cloud universe than googleapis.com",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::ForeignUniverse)])],
    why: "A partner's cloud has hosts, tokens and projects of its own. Its logins are refused at \
          googleapis.com, and Google's are refused there. Nothing was sent.",
    fix: &[
        you("Name a login of the universe whose models you mean to call"),
        owner("Ask the operator of that cloud which models it serves, and at which hosts"),
    ],
    confirm: "universe_domain in the file is googleapis.com, or is not in it.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::ForeignUniverse)],
        &[Local(LocalFact::ForeignUniverse), Sign::Key(KeyKind::ServiceAccount)],
    ],
    not: &[NOT_CALLED_FOR],
    splits: &[],
    reproduce: "adc-foreign-universe",
    hides: &[],
    docs: &[ADC_PAGE],
    as_of: DAY,
};

const ADC_FOREIGN_TOKEN_HOST: KnownFix = KnownFix {
    id: "adc-foreign-token-host",
    title: "The login's file would send its secrets to a host that is not Google's",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::ForeignTokenHost)])],
    why: "A file of credentials says itself where its tokens are had. This one names a foreign host, or no \
          TLS, and whoever is there gets the login or what is signed with it. Nothing was sent.",
    fix: &[
        you("Ask whoever gave you the file, and do not use it in any program until you know"),
        owner("Download the file anew: token_uri is https://oauth2.googleapis.com/token"),
        owner("Replace the key or the login if a program has used the file already"),
    ],
    confirm: "Every URL in the file leads to googleapis.com.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::ForeignTokenHost)],
        &[Local(LocalFact::ForeignTokenHost), Sign::Key(KeyKind::AuthorizedUser)],
    ],
    not: &[NOT_CALLED_FOR],
    splits: &[],
    reproduce: "adc-foreign-token-host",
    hides: &[],
    docs: &["https://cloud.google.com/docs/authentication/external/externally-sourced-credentials"],
    as_of: DAY,
};

const CLOUD_PROJECT_MISSING: KnownFix = KnownFix {
    id: "cloud-project-missing",
    title: "The cloud platform needs a project, and none is named anywhere",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Local(LocalFact::NoProject)]),
        likely(&[SaysOne(&[
            "Could not resolve project using application default credentials",
            "Project ID is required for Vertex",
        ])]),
    ],
    why: "Each path of the cloud platform has a project in it. A service account's file names its own; a \
          person's login does not, and gcloud's configuration is not read by the libraries of most \
          languages.",
    fix: &[
        you("Name the project").run_in(
            "export GOOGLE_CLOUD_PROJECT=the-project-id",
            "$env:GOOGLE_CLOUD_PROJECT = 'the-project-id'",
        ),
        you("Look up its id, which is neither its name nor its number").run("gcloud projects list"),
    ],
    confirm: "gemini-doctor check-key --api vertex shows the project and who names it.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::NoProject)],
        &[Local(LocalFact::NoProject), Sign::Key(KeyKind::AuthorizedUser)],
    ],
    not: &[NOT_CALLED_FOR],
    splits: &[],
    reproduce: "cloud-project-missing",
    hides: &[],
    docs: &["https://cloud.google.com/resource-manager/docs/creating-managing-projects"],
    as_of: DAY,
};

const CLOUD_LOCATION_MALFORMED: KnownFix = KnownFix {
    id: "cloud-location-malformed",
    title: "What is named as the location cannot be one",
    layer: Layer::Region,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::LocationMalformed)])],
    why: "The location stands in the host's name and in the path. A misspelt one leads to a host that does not \
          exist, or to a 404 that reads as if the model were missing. Nothing was sent.",
    fix: &[
        you("Take global, which most models are served in")
            .run_in("export GOOGLE_CLOUD_LOCATION=global", "$env:GOOGLE_CLOUD_LOCATION = 'global'"),
        you("Write regions as us-central1 or europe-west4, and zones without their letter"),
    ],
    confirm: "gemini-doctor check-key --api vertex passes the stage of the location.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::LocationMalformed)],
        &[Local(LocalFact::LocationMalformed), Sign::Key(KeyKind::ServiceAccount)],
    ],
    not: &[NOT_CALLED_FOR],
    splits: &[],
    reproduce: "cloud-location-malformed",
    hides: &[],
    docs: &["https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations"],
    as_of: DAY,
};

const SERVICE_ACCOUNT_KEY_DELETED: KnownFix = KnownFix {
    id: "service-account-key-deleted",
    title: "Google no longer knows this key of the service account",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("Invalid JWT Signature")]),
        sure(&[Reason("invalid_grant"), Says("Invalid JWT Signature")]),
    ],
    why: "The key was deleted, disabled or replaced, or the address in the file is not that of the account \
          which the key belongs to. The signature is good by itself; nobody is left to vouch for it. Calls \
          with a statement that the program signs itself get a 401 that does not say so.",
    fix: &[
        owner("See whether the key's id, in the file, is still among those of the account")
            .run("gcloud iam service-accounts keys list --iam-account={account}"),
        owner(
            "Issue a new key, put the file in the place of the old one, and restart what reads it",
        ),
        owner(
            "Attach the service account to the machine in place of a key, where it runs in the cloud",
        ),
    ],
    confirm: "gemini-doctor check-key --api vertex --deep gets a token from the token endpoint.",
    seen_as: &[
        "oauth2: \"invalid_grant\" \"Invalid JWT Signature.\"",
        r#"{"error":"invalid_grant","error_description":"Invalid JWT Signature."}"#,
    ],
    live: &[],
    not: &[
        r#"{"error":"invalid_grant","error_description":"Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."}"#,
    ],
    splits: &[],
    reproduce: "service-account-key-deleted",
    hides: REFUSED_AGAIN,
    docs: &[KEYS_PAGE],
    as_of: DAY,
};

const SERVICE_ACCOUNT_GONE: KnownFix = KnownFix {
    id: "service-account-gone",
    title: "The account behind this login was disabled or deleted",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[
            SaysOne(&["account not found", "Robot is disabled", "Account has been deleted"]),
            Says("grant"),
        ]),
        sure(&[
            Reason("invalid_grant"),
            SaysOne(&["account not found", "Robot is disabled", "account has been deleted"]),
        ]),
    ],
    why: "The token server looks the account up that the statement names, and finds none that may be used. \
          The key, the clock and the network have no part in it.",
    fix: &[
        owner("See whether the account is there and enabled")
            .run("gcloud iam service-accounts list --project={mine}"),
        owner("Enable it again, or restore it within 30 days after it was deleted"),
        owner("Make another account with the same roles otherwise, and a key of it"),
    ],
    confirm: "gcloud iam service-accounts list shows the account with DISABLED False.",
    seen_as: &[
        r#"{"error":"invalid_grant","error_description":"Invalid grant: account not found"}"#,
        r#"Authorization failed. Server message: {"error":"invalid_grant","error_description":"Robot is disabled."}"#,
    ],
    live: &[],
    not: &[r#"{"error":"invalid_grant","error_description":"Invalid JWT Signature."}"#],
    splits: &[],
    reproduce: "service-account-gone",
    hides: REFUSED_AGAIN,
    docs: &["https://cloud.google.com/iam/docs/service-accounts-disable-enable"],
    as_of: DAY,
};

const OAUTH_CLIENT_DELETED: KnownFix = KnownFix {
    id: "oauth-client-deleted",
    title: "The program that this login was made with is no longer known to Google",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Reason("deleted_client")]),
        sure(&[SaysOne(&["deleted_client", "The OAuth client was deleted"])]),
        sure(&[Reason("invalid_client"), Says("OAuth client")]),
        sure(&[Says("invalid_client"), Says("OAuth client was not found")]),
        likely(&[Reason("invalid_client")]),
        likely(&[Reason("disabled_client")]),
    ],
    why: "A person's login belongs to the program that asked for it, by its client id. That client was deleted, \
          or its secret was replaced, so that none of its logins can be used any more.",
    fix: &[
        LOG_IN,
        owner("Restore the OAuth client within 30 days, or make another and log in with that"),
    ],
    confirm: "gcloud auth application-default print-access-token prints a token.",
    seen_as: &[
        r#"google.auth.exceptions.RefreshError: ('deleted_client: The OAuth client was deleted.', {'error': 'deleted_client', 'error_description': 'The OAuth client was deleted.'})"#,
        r#"{"error":"invalid_client","error_description":"The OAuth client was not found."}"#,
    ],
    live: &[],
    not: &[r#"{"error":"invalid_grant","error_description":"Bad Request"}"#],
    splits: &[],
    reproduce: "oauth-client-deleted",
    hides: &["oauth-invalid-grant"],
    docs: &[TROUBLE_PAGE],
    as_of: DAY,
};

const ADC_CLOCK_SKEWED: KnownFix = KnownFix {
    id: "adc-clock-skewed",
    title: "This machine's clock is wrong, so its signed requests for tokens fail",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Path),
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[SaysOne(&["in a reasonable timeframe", "Token must be a short-lived token"])]),
        sure(&[
            Reason("invalid_grant"),
            SaysOne(&["in a reasonable timeframe", "Token must be a short-lived token"]),
        ]),
        sure(&[Sign::Shown(clue::Shown::ClockOff), Reason("invalid_grant"), Says("Invalid JWT:")]),
    ],
    why: "A service account signs a request with the time, and the server takes it for a few minutes around \
          its own. This machine's clock is further off than that: virtual machines that slept, containers on \
          laptops, and boards without a battery. Key and roles are not the cause.",
    fix: &[
        you("Set the clock, and have it kept").run_in(
            "sudo timedatectl set-ntp true && timedatectl",
            "w32tm /resync; w32tm /query /status",
        ),
        you("In a container, set the clock of its host: it has none of its own"),
    ],
    confirm: "gemini-doctor check-key --api vertex says that the clock is within seconds of the server's.",
    seen_as: &[
        r#"HTTP/1.1 400 Bad Request {"error":"invalid_grant","error_description":"Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."}"#,
        r#"google.auth.exceptions.RefreshError: ('invalid_grant: Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.', {'error': 'invalid_grant', 'error_description': 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.'})"#,
    ],
    live: &[],
    not: &[r#"{"error":"invalid_grant","error_description":"Invalid JWT Signature."}"#],
    splits: &[],
    reproduce: "adc-clock-skewed",
    hides: REFUSED_AGAIN,
    docs: &[TROUBLE_PAGE],
    as_of: DAY,
};

const TOKEN_AUDIENCE_WRONG: KnownFix = KnownFix {
    id: "token-audience-wrong",
    title: "What was shown for a token is meant for another audience",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("Failed audience check")]),
        sure(&[Reason("invalid_grant"), Says("Failed audience check")]),
        sure(&[Reason("invalid_grant"), Says("The audience in ID Token")]),
        sure(&[Says("The audience in ID Token"), Says("does not match")]),
        likely(&[Says("Invalid value for \"audience\""), Reason("invalid_request")]),
    ],
    why: "A statement says for whom it is. The token endpoint takes those for its own address only, and a pool \
          of workloads takes those for the audience that its provider was made with. Key, clock and roles \
          were not looked at.",
    fix: &[
        you("In a service account's file, let token_uri be https://oauth2.googleapis.com/token"),
        owner("For workloads, compare the proof's audience with those that the provider allows")
            .run(
                "gcloud iam workload-identity-pools providers describe {provider} \
             --workload-identity-pool={pool} --location=global",
            ),
        you("Make the file of the workload anew, with the project's number and not its id")
            .run("gcloud iam workload-identity-pools create-cred-config --help"),
    ],
    confirm: "gemini-doctor check-key --api vertex --deep gets a token.",
    seen_as: &[
        r#"{"error":"invalid_grant","error_description":"Invalid JWT: Failed audience check. The right audience is https://oauth2.googleapis.com/token"}"#,
        r#"('Error code invalid_grant: The audience in ID Token [https://example.com] does not match the expected audience.', '{"error":"invalid_grant","error_description":"The audience in ID Token [https://example.com] does not match the expected audience."}')"#,
    ],
    live: &[],
    not: &[r#"{"error":"invalid_grant","error_description":"Invalid JWT Signature."}"#],
    splits: &[],
    reproduce: "token-audience-wrong",
    hides: REFUSED_AGAIN,
    docs: &["https://cloud.google.com/iam/docs/troubleshooting-workload-identity-federation"],
    as_of: DAY,
};

const WORKLOAD_PROOF_EXPIRED: KnownFix = KnownFix {
    id: "workload-proof-expired",
    title: "The workload's proof has run out before it was exchanged for a token",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("is stale to sign-in")]),
        sure(&[Reason("invalid_grant"), Says("is stale to sign-in")]),
        sure(&[Says("ID Token"), Says("expired"), Reason("invalid_grant")]),
    ],
    why: "The proof of an external account lasts minutes. The file or the job that holds it gave out one that \
          was made long ago: a CI job of hours, a token that is mounted and never renewed, or a clock that is \
          off.",
    fix: &[
        you("Have the proof made anew right before it is used, and again for long jobs"),
        you(
            "See that the program which renews the file runs, and that it writes to the path in use",
        ),
    ],
    confirm: "gemini-doctor check-key --api vertex gets a token from the security token service.",
    seen_as: &[
        r#"{"error":"invalid_grant","error_description":"ID Token issued at 1764530000 is stale to sign-in."}"#,
        r#"google-github-actions/auth failed with: failed to generate Google Cloud federated token: {"error":"invalid_grant","error_description":"ID Token issued at 1669990000 is stale to sign-in."}"#,
    ],
    live: &[],
    not: &[r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#],
    splits: &[],
    reproduce: "workload-proof-expired",
    hides: &["oauth-invalid-grant"],
    docs: &["https://cloud.google.com/iam/docs/troubleshooting-workload-identity-federation"],
    as_of: DAY,
};

const IMPERSONATION_DENIED: KnownFix = KnownFix {
    id: "impersonation-denied",
    title: "This login may not go on as the service account that its file names",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("iam.serviceAccounts.getAccessToken")]),
        sure(&[Reason("IAM_PERMISSION_DENIED"), Says("iam.serviceAccounts.getAccessToken")]),
        sure(&[Meta("permission", "iam.serviceAccounts.getAccessToken")]),
        likely(&[Meta("step", "impersonate"), Status(403), Not(&Reason("SERVICE_DISABLED"))]),
    ],
    why: "A token of the caller was had, and the service that lends service accounts knows no role by which \
          this caller may use that one; a misspelt account gets the same words on purpose. Being owner of the \
          project is not enough.",
    fix: &[
        owner("Grant the role on that very account to the caller").run(
            "gcloud iam service-accounts add-iam-policy-binding {target} --member={member} \
             --role=roles/iam.serviceAccountTokenCreator",
        ),
        you("Compare the account in the file with the one you mean, letter by letter"),
        owner(
            "For a workload, the member is the principal of its pool, which begins principalSet://iam.googleapis.com/",
        ),
    ],
    confirm: "Some minutes after the role is granted the token is given out.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"IAM_PERMISSION_DENIED","domain":"iam.googleapis.com","metadata":{"permission":"iam.serviceAccounts.getAccessToken"}}]}}"#,
        "google.auth.exceptions.RefreshError: ('Unable to acquire impersonated credentials', \
         '{\"error\": {\"code\": 403, \"message\": \"Permission iam.serviceAccounts.getAccessToken denied\"}}')",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/example' (or it may not exist).","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[],
    reproduce: "impersonation-denied",
    hides: &["project-permission-denied"],
    docs: &["https://cloud.google.com/iam/docs/service-account-impersonation"],
    as_of: DAY,
};

const METADATA_WITHOUT_ACCOUNT: KnownFix = KnownFix {
    id: "metadata-without-account",
    title: "This machine has a metadata server and no service account",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Meta("step", "metadata"), Status(404)]),
        likely(&[SaysOne(&[
            "The requested service account was not found on this instance",
            "Instance has no service account",
        ])]),
    ],
    why: "The machine runs in the cloud, its metadata server answers, and it vouches for nobody: the instance \
          was made without a service account, or the pod's account is bound to none.",
    fix: &[
        owner("Attach a service account to the instance while it is stopped").run(
            "gcloud compute instances set-service-account INSTANCE \
             --service-account={account} --scopes=cloud-platform",
        ),
        owner("In Kubernetes, bind the pod's account to one that may call the platform"),
        you("Name a login of its own for the program otherwise").run_in(
            "export GOOGLE_APPLICATION_CREDENTIALS=/path/to/login.json",
            "$env:GOOGLE_APPLICATION_CREDENTIALS = 'C:\\path\\to\\login.json'",
        ),
    ],
    confirm: "gemini-doctor check-key --api vertex gets a token from the metadata server.",
    seen_as: &[],
    live: &[
        &[Meta("step", "metadata"), Status(404)],
        &[Meta("step", "metadata"), Status(404), Sign::Key(KeyKind::Metadata)],
    ],
    not: &["404 page not found"],
    splits: &[],
    reproduce: "metadata-without-account",
    hides: &["adc-missing"],
    docs: &[
        "https://cloud.google.com/compute/docs/access/create-enable-service-accounts-for-instances",
    ],
    as_of: DAY,
};

const TOKEN_ENDPOINT_DOWN: KnownFix = KnownFix {
    id: "token-endpoint-down",
    title: "Whoever gives out tokens or proofs has trouble of its own",
    layer: Layer::Backend,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Backoff,
    when: &[
        likely(&[Sign::Method(Method::Token), Sign::StatusIn(&[429, 500, 502, 503, 504])]),
        likely(&[
            Sign::Method(Method::Token),
            Sign::StatusIn(&[429, 500, 502, 503, 504]),
            Sign::OneOf(&[Sign::By(Party::Api), Sign::By(Party::Unknown)]),
        ]),
    ],
    why: "A token is had from another host than the model's, and that one is down, or asked too often. The API \
          itself was not asked, so nothing can be said of it.",
    fix: &[
        you("Retry with growing, random pauses for some minutes"),
        you("Keep a token as long as it holds, and do not get one for each call"),
        you(
            "See the page of the service that answered; of Google's, https://status.cloud.google.com",
        ),
    ],
    confirm: "gemini-doctor check-key --api vertex gets a token.",
    seen_as: &[],
    live: &[
        &[Sign::Method(Method::Token), Status(503), Sign::By(Party::Unknown)],
        &[Sign::Method(Method::Token), Status(429), Sign::By(Party::Api)],
    ],
    not: &[NOT_CALLED_FOR],
    splits: &[],
    reproduce: "token-endpoint-down",
    hides: &[],
    docs: &[TROUBLE_PAGE],
    as_of: DAY,
};

const TOKEN_ENDPOINT_ODD: KnownFix = KnownFix {
    id: "token-endpoint-odd",
    title: "Something else answered in the place of a token endpoint",
    layer: Layer::Auth,
    blame: Blame::Unknown,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[likely(&[
        Sign::Method(Method::Token),
        Sign::By(Party::Unknown),
        Not(&Sign::StatusIn(&[429, 500, 502, 503, 504])),
    ])],
    why: "Whoever gives out tokens says no with a word such as invalid_grant. This answer has none, so it comes from \
          somebody in between, or from another address than the right one. The API itself was not asked.",
    fix: &[
        you(
            "Compare token_uri, token_url or credential_source.url in the login's file with the provider's page",
        ),
        you("See which host answered: the row of the token names it, and -v shows its answer"),
        owner("Ask whoever runs that host, or the proxy before it"),
    ],
    confirm: "gemini-doctor check-key --api vertex gets a token.",
    seen_as: &[],
    live: &[
        &[Sign::Method(Method::Token), Status(404), Sign::By(Party::Unknown)],
        &[Sign::Method(Method::Token), Status(401), Sign::By(Party::Unknown)],
    ],
    not: &[NOT_CALLED_FOR],
    splits: &[],
    reproduce: "token-endpoint-odd",
    hides: &[],
    docs: &[TROUBLE_PAGE],
    as_of: DAY,
};

const QUOTA_PROJECT_MISSING: KnownFix = KnownFix {
    id: "quota-project-missing",
    title: "A person's login names no project whose quota its calls count for",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("requires a quota project, which is not set by default")]),
        sure(&[Reason("SERVICE_DISABLED"), Meta("consumer", "projects/764086051850")]),
        likely(&[Says("project 764086051850"), Says("has not been used in project")]),
    ],
    why: "Without a quota project the calls of a person's login count for the project of gcloud itself, in \
          which the API is off and stays off. Your own project, its API and its roles are not the cause.",
    fix: &[
        you("Write the project into the login's file")
            .run("gcloud auth application-default set-quota-project {mine}"),
        you("Or name it for the one program").run_in(
            "export GOOGLE_CLOUD_QUOTA_PROJECT={mine}",
            "$env:GOOGLE_CLOUD_QUOTA_PROJECT = '{mine}'",
        ),
        owner("Let the person use the project's quota").run(
            "gcloud projects add-iam-policy-binding {mine} --member={member} \
             --role=roles/serviceusage.serviceUsageConsumer",
        ),
    ],
    confirm: "gemini-doctor check-key --api vertex passes the stage of the API.",
    seen_as: &[
        "google.api_core.exceptions.PermissionDenied: 403 Your application is authenticating by using \
         local Application Default Credentials. The aiplatform.googleapis.com API requires a quota \
         project, which is not set by default.",
        r#"{"error":{"code":403,"message":"Your application is authenticating by using local Application Default Credentials. The aiplatform.googleapis.com API requires a quota project, which is not set by default.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED","domain":"googleapis.com","metadata":{"consumer":"projects/764086051850","service":"aiplatform.googleapis.com"}}]}}"#,
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"Vertex AI API has not been used in project 123456789 before or it is disabled.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED","domain":"googleapis.com","metadata":{"consumer":"projects/123456789","service":"aiplatform.googleapis.com"}}]}}"#,
    ],
    splits: &[Split {
        id: "service-disabled",
        by: "the project in the error: 764086051850 is gcloud's own, any other one is somebody's",
    }],
    reproduce: "quota-project-missing",
    hides: &["service-disabled"],
    docs: &["https://cloud.google.com/docs/authentication/adc-troubleshooting/user-creds"],
    as_of: DAY,
};

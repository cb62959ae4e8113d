//! Known fixes for keys and other secrets that lie where others can get them.
//!
//! A key that was seen by others is used by others: each of these ends with a new key.

use crate::{
    catalog::{
        KnownFix,
        Sign::{Key, Local},
        Split, Step, owner, sure, you,
    },
    facts::{Blame, Class, KeyKind, Layer, LocalFact, RetryClass, Severity},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &IN_REPOSITORY,
    &IN_BUNDLE,
    &PUBLIC_IN_BUNDLE,
    &IN_LOG,
    &IN_WORKING_TREE,
    &SERVICE_ACCOUNT,
    &OAUTH_SECRET,
    &BROWSER_CALLS,
];

const API_KEY_PAGE: &[&str] = &["https://ai.google.dev/gemini-api/docs/api-key"];
const CONFIRM: &str = "gemini-doctor doctor --scan finds it no more.";
const NEW_KEY: Step = you(
    "Make a new key, give it to the programs that need it, and delete the old one: https://aistudio.google.com/api-keys",
);

/// The bones of this family's entries.
const fn found(id: &'static str, title: &'static str) -> KnownFix {
    KnownFix {
        id,
        title,
        layer: Layer::Local,
        blame: Blame::Caller,
        severity: Severity::Error,
        class: Some(Class::Yours),
        retry: RetryClass::FixFirst,
        when: &[],
        why: "",
        fix: &[],
        confirm: CONFIRM,
        seen_as: &[],
        live: &[],
        not: &[],
        splits: &[],
        reproduce: id,
        hides: &[],
        docs: API_KEY_PAGE,
        as_of: "2026-11-30",
    }
}

const IN_REPOSITORY: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::KeyTracked)])],
    why: "Everybody who can read the repository has the key, and so has each copy of it. Programs look through public repositories \
          for keys within minutes, and Google blocks those that it finds there. Taking it out of the file leaves it in the history.",
    fix: &[
        NEW_KEY,
        you("Take the key out of the file, and read it from a variable")
            .run("git grep -nE 'AIza|AQ[.]'"),
        you("Keep the file with keys out of version control").run_in(
            "echo .env >> .gitignore && git rm --cached .env",
            "Add-Content .gitignore .env; git rm --cached .env",
        ),
        owner("Let the host of the repository refuse pushes with keys (push protection)"),
    ],
    live: &[
        &[Local(LocalFact::KeyTracked)],
        &[Local(LocalFact::KeyTracked), Key(KeyKind::AuthKey)],
    ],
    not: &["remote: error: GH013: Repository rule violations found for refs/heads/main."],
    splits: &[Split {
        id: "dotenv-tracked",
        by: "whether the file is the .env that this program reads, or another one",
    }],
    ..found("key-in-repository", "A Gemini key lies in a file that git tracks")
};

const IN_BUNDLE: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::KeyShipped)])],
    why: "What is built is given away: whoever opens the page or unpacks the app has the key, and pays nothing for what they do with it. \
          Build tools write variables with prefixes such as VITE_, NEXT_PUBLIC_ or REACT_APP_ into scripts.",
    fix: &[
        NEW_KEY,
        you("Call the API from a server of your own, and let pages and apps call that server"),
        you(
            "Take the prefix off the variable's name (VITE_, NEXT_PUBLIC_, REACT_APP_, EXPO_PUBLIC_), so that no build tool writes it into scripts",
        ),
        you("Build again, and look through what was built").run("gemini-doctor doctor --scan dist"),
        owner(
            "For apps without a server use Firebase AI Logic with App Check, whose key is restricted to it",
        ),
    ],
    live: &[
        &[Local(LocalFact::KeyShipped)],
        &[Local(LocalFact::KeyShipped), Key(KeyKind::AuthKey)],
    ],
    not: &[
        r#"{"error":{"code":403,"message":"Requests from referer https://app.example/ are blocked.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_HTTP_REFERRER_BLOCKED","domain":"googleapis.com"}]}}"#,
    ],
    ..found("key-in-bundle", "A key is part of what is built to be given away")
};

const PUBLIC_IN_BUNDLE: KnownFix = KnownFix {
    severity: Severity::Note,
    when: &[sure(&[Local(LocalFact::PublicKeyShipped)])],
    why: "Keys for Firebase and Maps stand in pages and apps by design. They do no harm as long as each is restricted to its own API and to \
          the app; one that is not restricted can be used for Gemini by everybody who sees it, at your cost.",
    fix: &[
        owner(
            "Restrict the key to the API that it is for, and to the app or the site: https://console.cloud.google.com/apis/credentials",
        ),
        you("Use another key for Gemini, on a server only"),
    ],
    confirm: "The key's page in the console names the API and the app, and gemini-doctor check-key says that it is blocked for Gemini.",
    live: &[
        &[Local(LocalFact::PublicKeyShipped)],
        &[Local(LocalFact::PublicKeyShipped), Key(KeyKind::StandardKey)],
    ],
    not: &["Google Maps JavaScript API error: RefererNotAllowedMapError"],
    ..found(
        "public-key-in-bundle",
        "A standard key beside marks of Firebase or Maps is in a bundle",
    )
};

const IN_LOG: KnownFix = KnownFix {
    severity: Severity::Warning,
    when: &[sure(&[Local(LocalFact::KeyLogged)])],
    why: "Logs are copied, sent to collectors and kept for months, and many people read them. Keys get there by URLs with ?key=, by dumped \
          headers, and by printed settings.",
    fix: &[
        NEW_KEY,
        you(
            "Send the key in the header x-goog-api-key and never in the URL, which everything on the way logs",
        ),
        you("Delete or clean the log, and its copies in collectors"),
        you("Leave headers and settings out of what is logged"),
    ],
    live: &[&[Local(LocalFact::KeyLogged)], &[Local(LocalFact::KeyLogged), Key(KeyKind::AuthKey)]],
    not: &["DEBUG:httpcore.http11:send_request_headers.started request=<Request [b'POST']>"],
    ..found("key-in-log", "A Gemini key stands in a log")
};

const IN_WORKING_TREE: KnownFix = KnownFix {
    severity: Severity::Warning,
    when: &[sure(&[Local(LocalFact::KeyLoose)])],
    why: "Nothing keeps the file out of version control: the next git add takes it along, and so does whoever copies the directory. Keys \
          that are written into code stay there when they are changed elsewhere.",
    fix: &[
        you("Read the key from a variable, and keep it in .env, which rules leave out")
            .run_in("echo .env >> .gitignore && chmod 600 .env", "Add-Content .gitignore .env"),
        you("Take the key out of the file that the report names"),
        you(
            "Make a new key if the directory was copied, shared or backed up: https://aistudio.google.com/api-keys",
        ),
    ],
    live: &[&[Local(LocalFact::KeyLoose)], &[Local(LocalFact::KeyLoose), Key(KeyKind::AuthKey)]],
    not: &["python-dotenv could not parse statement starting at line 4"],
    splits: &[Split {
        id: "dotenv-not-ignored",
        by: "whether the file is the .env that this program reads, or another one",
    }],
    ..found("key-in-working-tree", "A key lies in a file that nothing keeps out of version control")
};

const SERVICE_ACCOUNT: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::ServiceAccountLoose)])],
    why: "Whoever has the file is that account, from anywhere and until the key is deleted: it does not end by itself, and roles of such \
          accounts often reach further than models.",
    fix: &[
        owner("Delete the key of the account, and see in its logs whether somebody used it")
            .run("gcloud iam service-accounts keys list --iam-account {account}"),
        owner(
            "Let programs in the cloud use the account they run as, and others workload identity, which need no file",
        ),
        you("On your own machine log in with your own name")
            .run("gcloud auth application-default login"),
        you(
            "Take the file out of version control and out of what is built, and keep it where only you can read it",
        ),
    ],
    live: &[
        &[Local(LocalFact::ServiceAccountLoose)],
        &[Local(LocalFact::ServiceAccountLoose), Key(KeyKind::None)],
    ],
    not: &["google.auth.exceptions.DefaultCredentialsError: File /app/sa.json was not found."],
    docs: &[
        "https://docs.cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys",
    ],
    ..found("service-account-key-exposed", "The private key of a service account lies open")
};

const OAUTH_SECRET: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::OauthSecretLoose)])],
    why: "A refresh token is a login that goes on until it is revoked, an access token one for an hour. The secret of a web client lets others \
          speak in its name; that of a client for desktops is no real secret, and yet better not given away.",
    fix: &[
        you("Revoke the login that the token belongs to: https://myaccount.google.com/permissions")
            .run("gcloud auth application-default revoke"),
        owner(
            "Make a new secret for the client, and delete the old one: https://console.cloud.google.com/auth/clients",
        ),
        you("Take the file out of version control, logs and what is built"),
    ],
    live: &[
        &[Local(LocalFact::OauthSecretLoose)],
        &[Local(LocalFact::OauthSecretLoose), Key(KeyKind::None)],
    ],
    not: &[r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#],
    docs: &[],
    ..found("oauth-secret-exposed", "An OAuth secret or token lies open")
};

const BROWSER_CALLS: KnownFix = KnownFix {
    severity: Severity::Warning,
    when: &[sure(&[Local(LocalFact::BrowserCallsApi)])],
    why: "A page that calls the API by itself needs a key or a token in the browser, where everybody can read it. Nothing limits who calls \
          how often, and nothing of it can be logged or changed on the way.",
    fix: &[
        you(
            "Put a server of your own in between: it holds the key, knows who asks, limits how often, and passes the answer on",
        ),
        you("Build again, and look through what was built").run("gemini-doctor doctor --scan dist"),
        owner(
            "For live audio in a browser use ephemeral tokens, made by your server for one session",
        ),
    ],
    live: &[
        &[Local(LocalFact::BrowserCallsApi)],
        &[Local(LocalFact::BrowserCallsApi), Key(KeyKind::AuthKey)],
    ],
    not: &[
        "Access to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked by CORS policy",
    ],
    ..found("browser-calls-api", "What is built for browsers calls the Gemini API by itself")
};

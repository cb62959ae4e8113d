//! The key's shape: what went wrong when it was copied. The server is honest and refuses it.

use super::super::scenario::{File, Local, Scenario};

pub(in super::super) const ALL: &[Scenario] = &[
    NON_ASCII,
    CONTROL_CHARACTERS,
    QUOTED,
    BEARER_PREFIX,
    PLACEHOLDER,
    UNEXPANDED,
    TRUNCATED,
    WRONG_PROVIDER,
    OAUTH_TOKEN,
    SERVICE_ACCOUNT,
];

const NON_ASCII: Scenario = Scenario::new(
    "api-key-non-ascii",
    "local",
    1,
    "A zero-width space hides in the key, so that it fits into no header.",
)
.local(Local::variables(&[(
    "GEMINI_API_KEY",
    "AQ.FAKE-key-for-the\u{200b}-gemini-doctor-simulator-0001",
)]));

const CONTROL_CHARACTERS: Scenario = Scenario::new(
    "api-key-control-characters",
    "local",
    1,
    "A line break is in the middle of the key, so that it fits into no header.",
)
.local(Local::variables(&[(
    "GEMINI_API_KEY",
    "AQ.FAKE-key-for-the\n-gemini-doctor-simulator-0001",
)]));

const QUOTED: Scenario =
    Scenario::new("key-quoted", "local", 1, "The quotes around the key are part of the variable.")
        .local(Local::variables(&[(
            "GEMINI_API_KEY",
            "\"AQ.FAKE-key-for-the-gemini-doctor-simulator-0001\"",
        )]));

const BEARER_PREFIX: Scenario =
    Scenario::new("key-bearer-prefix", "local", 1, "The variable holds `Bearer` and then the key.")
        .local(Local::variables(&[(
            "GEMINI_API_KEY",
            "Bearer AQ.FAKE-key-for-the-gemini-doctor-simulator-0001",
        )]));

const PLACEHOLDER: Scenario = Scenario::new(
    "key-placeholder",
    "local",
    1,
    "The variable still holds the placeholder of the instructions.",
)
.local(Local::variables(&[("GEMINI_API_KEY", "YOUR_API_KEY")]));

const UNEXPANDED: Scenario = Scenario::new(
    "key-unexpanded-variable",
    "local",
    1,
    "The variable holds the name of a variable, which nobody replaced by its value.",
)
.local(Local::variables(&[("GEMINI_API_KEY", "$GEMINI_API_KEY")]));

const TRUNCATED: Scenario =
    Scenario::new("key-truncated", "local", 1, "A standard key was cut after 20 characters.")
        .local(Local::variables(&[("GEMINI_API_KEY", "AIzaFAKE-key-for-the")]));

const WRONG_PROVIDER: Scenario =
    Scenario::new("wrong-provider-key", "auth", 1, "The key is one of another provider.")
        .local(Local::variables(&[("GEMINI_API_KEY", "sk-FAKE-key-of-another-provider-0001")]));

const OAUTH_TOKEN: Scenario =
    Scenario::new("oauth-token-as-key", "auth", 1, "An OAuth access token is used as the key.")
        .local(Local::variables(&[("GEMINI_API_KEY", "ya29.FAKE-access-token-0001")]));

const SERVICE_ACCOUNT: Scenario = Scenario::new(
    "service-account-as-key",
    "auth",
    1,
    "The key file holds the JSON of a service account, which must never be sent.",
)
.local(Local {
    key_file: Some("gemini.key"),
    files: &[File::private("gemini.key", include_str!("../bodies/service-account.json"))],
    ..Local::BARE
});

//! Where the key came from: variables, `.env`, files, commands, profiles. The server is healthy.

use super::super::scenario::{
    AUTH_KEY, Content, File, Git, Local, Needs, OTHER_AUTH_KEY, Scenario,
};

pub(in super::super) const ALL: &[Scenario] = &[
    KEY_NOT_SET,
    KEY_UNDER_OTHER_NAME,
    KEY_IN_PUBLIC_VARIABLE,
    KEY_VARIABLE_EMPTY,
    KEY_VARIABLES_CONFLICT,
    KEY_FILE_UNUSABLE,
    KEY_FILE_DIRECTORY,
    KEY_FILE_BINARY,
    KEY_COMMAND_FAILED,
    DOTENV_MALFORMED,
    DOTENV_TRACKED,
    DOTENV_NOT_IGNORED,
    DOTENV_READABLE,
    DOTENV_SETTING_IGNORED,
    SDK_BASE_URL,
    SDK_VERTEX_SWITCH,
    PROFILES_SHARE_KEY,
];

/// A `.env` that holds a good key and nothing else.
const DOTENV: &str = "GEMINI_API_KEY=AQ.FAKE-key-for-the-gemini-doctor-simulator-0001\n";

const KEY_NOT_SET: Scenario =
    Scenario::new("key-not-set", "local", 2, "No variable and no .env file holds a key.")
        .local(Local::BARE);

const KEY_UNDER_OTHER_NAME: Scenario = Scenario::new(
    "key-under-other-name",
    "local",
    2,
    "The .env file holds a good key as GOOGLE_GENAI_API_KEY, which no SDK reads.",
)
.local(Local::files(&[File::private(
    ".env",
    "GOOGLE_GENAI_API_KEY=AQ.FAKE-key-for-the-gemini-doctor-simulator-0001\n",
)]));

const KEY_IN_PUBLIC_VARIABLE: Scenario = Scenario::new(
    "key-in-public-variable",
    "local",
    0,
    "The .env file holds the key once more as VITE_GEMINI_API_KEY, which the build takes into the page.",
)
.local(Local::files(&[File::private(
    ".env",
    "GEMINI_API_KEY=AQ.FAKE-key-for-the-gemini-doctor-simulator-0001\n\
     VITE_GEMINI_API_KEY=AQ.FAKE-key-for-the-gemini-doctor-simulator-0001\n",
)]));

const KEY_VARIABLE_EMPTY: Scenario = Scenario::new(
    "key-variable-empty",
    "local",
    2,
    "GEMINI_API_KEY is set, but to nothing, as in a CI job that may not see the secret.",
)
.local(Local::variables(&[("GEMINI_API_KEY", "")]));

const KEY_VARIABLES_CONFLICT: Scenario = Scenario::new(
    "key-variables-conflict",
    "local",
    0,
    "GOOGLE_API_KEY and GEMINI_API_KEY hold two different keys, both good.",
)
.local(Local::variables(&[("GOOGLE_API_KEY", OTHER_AUTH_KEY), ("GEMINI_API_KEY", AUTH_KEY)]));

const fn key_file(files: &'static [File]) -> Local {
    Local { key_file: Some("gemini.key"), files, ..Local::BARE }
}

const KEY_FILE_UNUSABLE: Scenario =
    Scenario::new("key-file-unusable", "local", 2, "The key file is empty.")
        .local(key_file(&[File::private("gemini.key", "")]));

const KEY_FILE_DIRECTORY: Scenario =
    Scenario::new("key-file-unusable.directory", "local", 2, "The key file is a directory.")
        .fix("key-file-unusable")
        .local(key_file(&[File { name: "gemini.key", content: Content::Directory, mode: 0o700 }]));

const KEY_FILE_BINARY: Scenario =
    Scenario::new("key-file-unusable.binary", "local", 2, "The key file holds NUL bytes.")
        .fix("key-file-unusable")
        .local(key_file(&[File::private("gemini.key", "AQ.FAKE\0key\0")]));

/// Words that both kinds of shell understand alike, apart from the separator.
#[cfg(windows)]
const SEALED: &str = "echo vault is sealed 1>&2 & exit 3";
#[cfg(not(windows))]
const SEALED: &str = "echo vault is sealed 1>&2; exit 3";

const KEY_COMMAND_FAILED: Scenario = Scenario::new(
    "key-command-failed",
    "local",
    2,
    "The command that should print the key says that the vault is sealed and exits with 3.",
)
.local(Local { key_command: Some(SEALED), ..Local::BARE });

const DOTENV_MALFORMED: Scenario = Scenario::new(
    "dotenv-malformed",
    "local",
    0,
    "Line 2 of .env is not an assignment; line 3 holds a good key.",
)
.local(Local::files(&[File::private(
    ".env",
    "GEMINI_MODEL=gemini-3.5-flash\n\
     export the key below\n\
     GEMINI_API_KEY=AQ.FAKE-key-for-the-gemini-doctor-simulator-0001\n",
)]));

const DOTENV_TRACKED: Scenario =
    Scenario::new("dotenv-tracked", "local", 0, "The .env with the key is tracked by git.")
        .needs(Needs::Git)
        .local(Local { git: Git::Tracked, ..Local::files(&[File::private(".env", DOTENV)]) });

const DOTENV_NOT_IGNORED: Scenario = Scenario::new(
    "dotenv-not-ignored",
    "local",
    0,
    "The .env with the key lies in a git repository that does not ignore it.",
)
.needs(Needs::Git)
.local(Local { git: Git::Untracked, ..Local::files(&[File::private(".env", DOTENV)]) });

const DOTENV_READABLE: Scenario = Scenario::new(
    "dotenv-readable-by-others",
    "local",
    0,
    "Everybody on the machine may read the .env with the key.",
)
.needs(Needs::Unix)
.local(Local::files(&[File {
    name: ".env",
    content: Content::Bytes(DOTENV.as_bytes()),
    mode: 0o644,
}]));

const DOTENV_SETTING_IGNORED: Scenario = Scenario::new(
    "dotenv-setting-ignored",
    "local",
    0,
    "The .env holds a good key, and a base URL and a proxy that must not be obeyed.",
)
.local(Local::files(&[File::private(
    ".env",
    "GEMINI_API_KEY=AQ.FAKE-key-for-the-gemini-doctor-simulator-0001\n\
     GOOGLE_GEMINI_BASE_URL=https://gateway.example/gemini\n\
     HTTPS_PROXY=http://127.0.0.1:9\n",
)]));

const SDK_BASE_URL: Scenario = Scenario::new(
    "sdk-base-url-redirected",
    "local",
    0,
    "GOOGLE_GEMINI_BASE_URL leads the SDKs to another host; a direct call works.",
)
.local(Local::variables(&[
    ("GEMINI_API_KEY", AUTH_KEY),
    ("GOOGLE_GEMINI_BASE_URL", "https://gateway.example/gemini"),
]));

const SDK_VERTEX_SWITCH: Scenario = Scenario::new(
    "sdk-vertex-switch",
    "local",
    0,
    "GOOGLE_GENAI_USE_VERTEXAI turns the SDKs to Vertex AI; a direct call works.",
)
.local(Local::variables(&[("GEMINI_API_KEY", AUTH_KEY), ("GOOGLE_GENAI_USE_VERTEXAI", "true")]));

const PROFILES_SHARE_KEY: Scenario = Scenario::new(
    "profiles-share-key",
    "local",
    0,
    "The profiles dev and prod of the configuration file name the same key.",
)
.local(Local {
    config_file: Some("gemini-doctor.toml"),
    files: &[
        File::private(
            "gemini-doctor.toml",
            "[profile.dev]\napi_key_file = \"dev.key\"\n\n\
             [profile.prod]\napi_key_file = \"prod.key\"\n",
        ),
        File::private("dev.key", AUTH_KEY),
        File::private("prod.key", AUTH_KEY),
    ],
    ..Local::KEYED
});

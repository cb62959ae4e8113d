//! Known fixes for where the key and the settings came from: variables, files, commands, profiles.
//!
//! Nothing here has met the network. What is wrong with the key's own text is in `key`.

use crate::{
    catalog::{
        KnownFix,
        Sign::{Key, Local, Not, Says, Status},
        Split, likely, maybe, sure, you,
    },
    facts::{Blame, Class, KeyKind, Layer, LocalFact, RetryClass, Severity},
};

use super::key::EMPTY_BEARER;

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &KEY_VARIABLE_EMPTY,
    &KEY_UNDER_OTHER_NAME,
    &KEY_IN_PUBLIC_VARIABLE,
    &KEY_NOT_SET,
    &KEY_FILE_UNUSABLE,
    &KEY_COMMAND_FAILED,
    &KEY_VARIABLES_CONFLICT,
    &DOTENV_MALFORMED,
    &DOTENV_TRACKED,
    &DOTENV_NOT_IGNORED,
    &DOTENV_READABLE_BY_OTHERS,
    &DOTENV_SETTING_IGNORED,
    &SDK_BASE_URL_REDIRECTED,
    &SDK_VERTEX_SWITCH,
    &PROFILES_SHARE_KEY,
];

const API_KEY_PAGE: &[&str] = &["https://ai.google.dev/gemini-api/docs/api-key"];

const KEY_NOT_SET: KnownFix = KnownFix {
    id: "key-not-set",
    title: "No Gemini API key is set anywhere",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Usage),
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::NoKey), Not(&Local(LocalFact::EmptyVariable))])],
    why: "None of the places that are read for a key holds one, so no call can be made. \
          Often the variable was set in another shell, or the program was started before it was.",
    fix: &[
        you("Make a key at https://aistudio.google.com/api-keys if there is none yet"),
        you("In sh, put the key into GEMINI_API_KEY, read from a file")
            .run("export GEMINI_API_KEY=\"$(cat key.txt)\""),
        you("In PowerShell, put the key into GEMINI_API_KEY, read from a file")
            .run("$env:GEMINI_API_KEY = (Get-Content key.txt -Raw).Trim()"),
        you("Start the program from the shell that holds the variable, or load .env in it"),
    ],
    confirm: "gemini-doctor check-key names the source of the key in its first stage.",
    seen_as: &[],
    live: &[&[Local(LocalFact::NoKey)], &[Local(LocalFact::NoKey), Key(KeyKind::None)]],
    not: &[
        // The key was lost on the way, not here.
        r#"{"error":{"code":403,"message":"Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[],
    reproduce: "key-not-set",
    hides: &[],
    docs: API_KEY_PAGE,
    as_of: "2026-11-20",
};

const KEY_UNDER_OTHER_NAME: KnownFix = KnownFix {
    id: "key-under-other-name",
    title: "A key stands under a name that Google's SDKs do not read",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Usage),
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::KeyMisnamed)])],
    why: "Google's SDKs and this program read GOOGLE_API_KEY and GEMINI_API_KEY, in capitals and letter by \
          letter. A key in another variable is not seen, so that programs behave as if there were none.",
    fix: &[
        you(
            "Rename {variable} to GEMINI_API_KEY where it is set: in .env, the shell's profile, or the job's \
             settings",
        ),
        you("For this shell alone, where the variable is set in it").run_in(
            "export GEMINI_API_KEY=\"${variable}\"",
            "$env:GEMINI_API_KEY = $env:{variable}",
        ),
        you("See that the key is found and good").run("gemini-doctor check-key"),
    ],
    confirm: "gemini-doctor check-key names GEMINI_API_KEY as the source and shows a fingerprint.",
    seen_as: &[],
    live: &[&[Local(LocalFact::KeyMisnamed)], &[Local(LocalFact::KeyMisnamed), Key(KeyKind::None)]],
    not: &["KeyError: 'OPENAI_API_KEY'"],
    splits: &[],
    reproduce: "key-under-other-name",
    hides: &["key-not-set", "key-variable-empty"],
    docs: API_KEY_PAGE,
    as_of: "2026-11-30",
};

const KEY_IN_PUBLIC_VARIABLE: KnownFix = KnownFix {
    id: "key-in-public-variable",
    title: "The key's variable has a name that build tools put into the bundle",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::KeyForBundle)])],
    why: "Variables whose names begin with VITE_, NEXT_PUBLIC_, REACT_APP_, PUBLIC_ or EXPO_PUBLIC_ are there to be \
          seen: the build writes their values into what browsers and phones get. Whoever opens the page \
          has the key, and calls are at your cost.",
    fix: &[
        you(
            "Name it GEMINI_API_KEY, and read it on a server only, which calls the API for the page",
        ),
        you("See whether a build has taken it along already").run("gemini-doctor doctor --scan"),
        you(
            "Make a new key where such a build was published: https://aistudio.google.com/api-keys",
        ),
    ],
    confirm: "gemini-doctor doctor --scan says nothing of that variable and finds no key in what is built.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::KeyForBundle)],
        &[Local(LocalFact::KeyForBundle), Key(KeyKind::AuthKey)],
    ],
    not: &["[vite] warning: VITE_API_URL is not defined"],
    splits: &[],
    reproduce: "key-in-public-variable",
    hides: &[],
    docs: API_KEY_PAGE,
    as_of: "2026-11-30",
};

const KEY_VARIABLE_EMPTY: KnownFix = KnownFix {
    id: "key-variable-empty",
    title: "The key's variable is set, but it is empty",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Usage),
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::EmptyVariable)]), maybe(&[EMPTY_BEARER])],
    why: "The variable exists with nothing in it, which SDKs treat as no key at all. \
          CI jobs that run for a fork get an empty text in the place of a secret, and a secret \
          whose name is misspelt gives the same.",
    fix: &[
        you("Give the variable its value, or remove it so that the next source is read").run_in(
            "export GEMINI_API_KEY=\"$(cat key.txt)\"",
            "$env:GEMINI_API_KEY = (Get-Content key.txt -Raw).Trim()",
        ),
        you("In CI, compare the secret's name in the job with its name in the settings"),
        you("In CI, skip this job for forks, which are given no secrets"),
    ],
    confirm: "gemini-doctor check-key names the variable as the source and shows a fingerprint.",
    seen_as: &[
        "httpcore.LocalProtocolError: Illegal header value b'Bearer '",
        "openai.APIConnectionError: Connection error.\n  caused by: httpx.LocalProtocolError: \
         Illegal header value b'Bearer '",
    ],
    live: &[
        &[Local(LocalFact::EmptyVariable)],
        &[Local(LocalFact::EmptyVariable), Local(LocalFact::NoKey)],
    ],
    not: &["httpx.LocalProtocolError: Illegal header value b'Bearer AQ.FAKE-example-key\\n'"],
    splits: &[Split {
        id: "api-key-control-characters",
        by: "gemini-doctor check-key: the variable is empty, or a blank stands in its value",
    }],
    reproduce: "key-variable-empty",
    hides: &["key-not-set"],
    docs: API_KEY_PAGE,
    as_of: "2026-11-20",
};

const KEY_VARIABLES_CONFLICT: KnownFix = KnownFix {
    id: "key-variables-conflict",
    title: "GOOGLE_API_KEY and GEMINI_API_KEY hold different keys",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Local(LocalFact::TwoVariables)]),
        likely(&[Says("Both GOOGLE_API_KEY and GEMINI_API_KEY are set")]),
    ],
    why: "Google's SDKs read GOOGLE_API_KEY first, so a key for another product there silently \
          wins over a good GEMINI_API_KEY. Tools of other makers may read the two the other way \
          round, and then one machine uses two keys.",
    fix: &[
        you("Remove the variable whose key is not meant")
            .run_in("unset GOOGLE_API_KEY", "Remove-Item Env:GOOGLE_API_KEY"),
        you("Take it out of the shell's profile or the job's settings too"),
    ],
    confirm: "gemini-doctor check-key finds one variable and no second key.",
    seen_as: &[
        "Both GOOGLE_API_KEY and GEMINI_API_KEY are set. Using GOOGLE_API_KEY.",
        "2026-10-02 08:14:11 WARNING google_genai._api_client: Both GOOGLE_API_KEY and \
         GEMINI_API_KEY are set. Using GOOGLE_API_KEY.",
    ],
    live: &[
        &[Local(LocalFact::TwoVariables)],
        &[Local(LocalFact::TwoVariables), Key(KeyKind::AuthKey)],
    ],
    not: &["Set GOOGLE_API_KEY or GEMINI_API_KEY before starting the server."],
    splits: &[Split {
        id: "env-var-name-mismatch",
        by: "whether the key that is meant stands in the variable that the program reads",
    }],
    reproduce: "key-variables-conflict",
    hides: &[],
    docs: API_KEY_PAGE,
    as_of: "2026-11-20",
};

const KEY_FILE_UNUSABLE: KnownFix = KnownFix {
    id: "key-file-unusable",
    title: "The key file cannot be used",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Usage),
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::KeyFileUnusable)])],
    why: "The file named for the key is missing, empty, a directory, closed to this user, or holds \
          bytes that no key has. The report says which of these it was.",
    fix: &[
        you("Look at the file without printing it")
            .run_in("ls -l key.txt && wc -c key.txt", "Get-Item key.txt | Format-List"),
        you("Save the key alone, on one line, as plain text"),
        you("Name that file with --key-file").run("gemini-doctor check-key --key-file key.txt"),
    ],
    confirm: "gemini-doctor check-key --key-file key.txt names the file as the source of the key.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::KeyFileUnusable)],
        &[Local(LocalFact::KeyFileUnusable), Key(KeyKind::None)],
    ],
    not: &[
        // The file of another kind of credential.
        "google.auth.exceptions.DefaultCredentialsError: File /app/adc.json is not a valid json \
         file.",
    ],
    splits: &[],
    reproduce: "key-file-unusable",
    hides: &["key-not-set"],
    docs: API_KEY_PAGE,
    as_of: "2026-11-20",
};

const KEY_COMMAND_FAILED: KnownFix = KnownFix {
    id: "key-command-failed",
    title: "The command that should print the key failed",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Usage),
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::KeyCommandFailed)])],
    why: "The key command ended with an error, ran out of time or printed nothing. Most often the \
          password store is locked or the login to it has run out.",
    fix: &[
        you("Unlock the password store, or log in to it again"),
        you("Run the command by hand and read its error, but paste its output nowhere"),
        you("Make sure that it prints the key alone, on one line"),
    ],
    confirm: "gemini-doctor check-key names the command as the source of the key.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::KeyCommandFailed)],
        &[Local(LocalFact::KeyCommandFailed), Key(KeyKind::None)],
    ],
    not: &["Error: command not found: gemini"],
    splits: &[],
    reproduce: "key-command-failed",
    hides: &["key-not-set"],
    docs: &[],
    as_of: "2026-11-20",
};

const DOTENV_MALFORMED: KnownFix = KnownFix {
    id: "dotenv-malformed",
    title: "A line of .env cannot be read",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Local(LocalFact::DotenvMalformed)]),
        sure(&[Says("python-dotenv could not parse statement starting at line")]),
    ],
    why: "A line of .env is not of the form NAME=value. Readers of such files differ: some skip \
          the line, others stop there and lose every line below it, the key's among them.",
    fix: &[
        you("Write every line of .env as NAME=value, without blanks round the equals sign"),
        you("Close every quote that is opened, and begin comments with #"),
    ],
    confirm: "gemini-doctor check-key reports no line of .env any more.",
    seen_as: &[
        "WARNING:dotenv.main:Python-dotenv could not parse statement starting at line 2",
        "INFO:     Started reloader process [4711] using WatchFiles\n\
         python-dotenv could not parse statement starting at line 4\n\
         INFO:     Application startup complete.",
    ],
    live: &[
        &[Local(LocalFact::DotenvMalformed)],
        &[Local(LocalFact::DotenvMalformed), Key(KeyKind::AuthKey)],
    ],
    not: &["FileNotFoundError: [Errno 2] No such file or directory: '.env'"],
    splits: &[],
    reproduce: "dotenv-malformed",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const DOTENV_TRACKED: KnownFix = KnownFix {
    id: "dotenv-tracked",
    title: "The .env file with the key is under version control",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Local(LocalFact::DotenvTracked)]),
        sure(&[Says("Push cannot contain secrets"), Says("path: .env")]),
    ],
    why: "Whoever can read the repository can read the key, in its history too. Google looks for \
          published keys and blocks those that it finds.",
    fix: &[
        you("Take .env out of version control and keep the file").run("git rm --cached .env"),
        you("Let git ignore it from now on")
            .run_in("echo .env >> .gitignore", "Add-Content .gitignore .env"),
        you("Replace the key if a commit with it has left this machine, and delete the old one"),
    ],
    confirm: "git ls-files .env prints nothing, and gemini-doctor check-key has no warning.",
    seen_as: &[
        "remote: - GITHUB PUSH PROTECTION\nremote:   Resolve the following violations before \
         pushing again\nremote:     - Push cannot contain secrets\nremote:       locations:\n\
         remote:         - commit: 0123456789abcdef0123456789abcdef01234567\n\
         remote:           path: .env:3",
    ],
    live: &[
        &[Local(LocalFact::DotenvTracked)],
        &[Local(LocalFact::DotenvTracked), Key(KeyKind::AuthKey)],
    ],
    not: &["The following paths are ignored by one of your .gitignore files:\n.env"],
    splits: &[],
    reproduce: "dotenv-tracked",
    hides: &["dotenv-not-ignored"],
    docs: API_KEY_PAGE,
    as_of: "2026-11-20",
};

const DOTENV_NOT_IGNORED: KnownFix = KnownFix {
    id: "dotenv-not-ignored",
    title: "Git does not ignore the .env file with the key",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::DotenvNotIgnored)])],
    why: "The file is not in the repository yet, but one command that adds everything would put \
          the key there, and a key that was published once has to be replaced.",
    fix: &[
        you("Let git ignore the file")
            .run_in("echo .env >> .gitignore", "Add-Content .gitignore .env"),
        you("Commit .gitignore, so that every clone is safe").run_in(
            "git add .gitignore && git commit -m 'Ignore .env'",
            "git add .gitignore; git commit -m 'Ignore .env'",
        ),
    ],
    confirm: "git check-ignore .env prints .env.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::DotenvNotIgnored)],
        &[Local(LocalFact::DotenvNotIgnored), Key(KeyKind::AuthKey)],
    ],
    not: &["The following paths are ignored by one of your .gitignore files:\n.env"],
    splits: &[],
    reproduce: "dotenv-not-ignored",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const DOTENV_READABLE_BY_OTHERS: KnownFix = KnownFix {
    id: "dotenv-readable-by-others",
    title: "Other users of this machine can read the .env file with the key",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::DotenvReadable)])],
    why: "The file's mode lets its group or everybody read it, so every account and service on \
          this machine may take the key.",
    fix: &[
        you("Keep the file to its owner")
            .run_in("chmod 600 .env", "icacls .env /inheritance:r /grant:r \"$($env:USERNAME):F\""),
        you("Replace the key if others have had access to this machine"),
    ],
    confirm: "ls -l .env shows -rw------- and gemini-doctor check-key has no warning.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::DotenvReadable)],
        &[Local(LocalFact::DotenvReadable), Key(KeyKind::AuthKey)],
    ],
    not: &["Permissions 0644 for '/home/dev/.ssh/id_ed25519' are too open."],
    splits: &[],
    reproduce: "dotenv-readable-by-others",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const DOTENV_SETTING_IGNORED: KnownFix = KnownFix {
    id: "dotenv-setting-ignored",
    title: "A setting in .env would redirect calls, and is not obeyed here",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::DotenvSetting)])],
    why: "The file sets a base URL, a proxy, a CA file or a key command. A .env that came with a \
          cloned project could send the key elsewhere in that way, so this program only reports \
          the line, while your own program may obey it and then behaves otherwise.",
    fix: &[
        you("Delete the line if you did not write it"),
        you("Set the variable in the shell if it is meant, so that both programs use it").run_in(
            "export GOOGLE_GEMINI_BASE_URL=https://gateway.example",
            "$env:GOOGLE_GEMINI_BASE_URL = 'https://gateway.example'",
        ),
        you("Ask this program for the same way with --base-url")
            .run("gemini-doctor check-key --base-url https://gateway.example"),
    ],
    confirm: "gemini-doctor check-key no longer names a line of .env that it did not obey.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::DotenvSetting)],
        &[Local(LocalFact::DotenvSetting), Key(KeyKind::AuthKey)],
    ],
    not: &["python-dotenv could not parse statement starting at line 4"],
    splits: &[],
    reproduce: "dotenv-setting-ignored",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const SDK_BASE_URL_REDIRECTED: KnownFix = KnownFix {
    id: "sdk-base-url-redirected",
    title: "A variable sends Google's SDKs to another host",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::BaseUrlVariable)])],
    why: "GOOGLE_GEMINI_BASE_URL or GOOGLE_VERTEX_BASE_URL is set, so programs that use Google's \
          SDKs call that host, and send the key there, although their code names none.",
    fix: &[
        you("Remove the variable if calls should go to Google directly")
            .run_in("unset GOOGLE_GEMINI_BASE_URL", "Remove-Item Env:GOOGLE_GEMINI_BASE_URL"),
        you("Test the same way as the SDK if the host is meant")
            .run("gemini-doctor check-key --base-url https://gateway.example"),
    ],
    confirm: "gemini-doctor check-key no longer names the variable.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::BaseUrlVariable)],
        &[Local(LocalFact::BaseUrlVariable), Key(KeyKind::AuthKey)],
    ],
    not: &["Error: getaddrinfo ENOTFOUND gateway.example"],
    splits: &[Split {
        id: "dotenv-setting-ignored",
        by: "whether the line stands in the environment or in .env only",
    }],
    reproduce: "sdk-base-url-redirected",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const SDK_VERTEX_SWITCH: KnownFix = KnownFix {
    id: "sdk-vertex-switch",
    title: "A variable switches Google's SDKs to the cloud platform",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::VertexSwitch)])],
    why: "GOOGLE_GENAI_USE_VERTEXAI or GOOGLE_GENAI_USE_ENTERPRISE is true, so SDKs call \
          aiplatform.googleapis.com with a project and a location. A key of the Developer API is \
          refused there, though it works here.",
    fix: &[
        you("Ask the cloud platform as the SDKs do").run("gemini-doctor doctor --api vertex"),
        you("Remove the variable if the Developer API is meant").run_in(
            "unset GOOGLE_GENAI_USE_VERTEXAI GOOGLE_GENAI_USE_ENTERPRISE",
            "Remove-Item Env:GOOGLE_GENAI_USE_VERTEXAI, Env:GOOGLE_GENAI_USE_ENTERPRISE \
             -ErrorAction Ignore",
        ),
        you(
            "Set GOOGLE_CLOUD_PROJECT and GOOGLE_CLOUD_LOCATION, and log in, if the cloud platform is meant",
        ),
    ],
    confirm: "gemini-doctor check-key no longer names the variable.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::VertexSwitch)],
        &[Local(LocalFact::VertexSwitch), Key(KeyKind::AuthKey), Status(200)],
    ],
    not: &["google.auth.exceptions.DefaultCredentialsError: Your default credentials were not \
            found."],
    splits: &[],
    reproduce: "sdk-vertex-switch",
    hides: &[],
    docs: &["https://docs.cloud.google.com/gemini-enterprise-agent-platform/resources/locations"],
    as_of: "2026-11-20",
};

const PROFILES_SHARE_KEY: KnownFix = KnownFix {
    id: "profiles-share-key",
    title: "Two profiles use the same key",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Local(LocalFact::SharedProfileKey)])],
    why: "Profiles are there to keep environments apart. With one key for two of them a test run \
          uses up the quota of production, and a leak in one stops both.",
    fix: &[
        you("Make a key in a project of its own at https://aistudio.google.com/api-keys"),
        you("Name it in one of the profiles and test that one")
            .run("gemini-doctor check-key --profile dev"),
    ],
    confirm: "gemini-doctor check-key --profile NAME shows another fingerprint for each profile.",
    seen_as: &[],
    live: &[
        &[Local(LocalFact::SharedProfileKey)],
        &[Local(LocalFact::SharedProfileKey), Key(KeyKind::AuthKey)],
    ],
    not: &["Both GOOGLE_API_KEY and GEMINI_API_KEY are set. Using GOOGLE_API_KEY."],
    splits: &[],
    reproduce: "profiles-share-key",
    hides: &[],
    docs: API_KEY_PAGE,
    as_of: "2026-11-20",
};

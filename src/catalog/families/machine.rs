//! Known fixes for what stands round a program on this machine: variables that contradict each other, that lead
//! to files which are not there, or to another provider, and the clock.

use crate::{
    catalog::{
        KnownFix,
        Sign::{Key, Local, Says},
        owner, sure, you,
    },
    facts::{Blame, Class, KeyKind, Layer, LocalFact, RetryClass, Severity},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &PROVIDERS_CROSSED,
    &SWITCH_NOT_UNDERSTOOD,
    &SWITCHES_CONFLICT,
    &PROXY_CONFLICT,
    &CA_VARIABLE_BROKEN,
    &VERIFICATION_OFF,
    &CLOCK_IMPOSSIBLE,
];

const CONFIRM: &str = "gemini-doctor doctor --only local says nothing of these variables.";

/// The bones of this family's entries.
const fn found(id: &'static str, title: &'static str) -> KnownFix {
    KnownFix {
        id,
        title,
        layer: Layer::Local,
        blame: Blame::Caller,
        severity: Severity::Warning,
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
        docs: &[],
        as_of: "2026-11-30",
    }
}

const PROVIDERS_CROSSED: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::ProvidersCross)])],
    why: "One provider's SDK is led to another provider's host, or holds a key that is not of its make. The key goes to somebody \
          whom it was not meant for, is refused there, and the error names a provider that nobody thinks of.",
    fix: &[
        you("Give each SDK its own variables: for Gemini over OpenAI's SDK both the base URL and a key of Google's").run_in(
            "export OPENAI_BASE_URL=https://generativelanguage.googleapis.com/v1beta/openai/ OPENAI_API_KEY=\"$GEMINI_API_KEY\"",
            "$env:OPENAI_BASE_URL = 'https://generativelanguage.googleapis.com/v1beta/openai/'; $env:OPENAI_API_KEY = $env:GEMINI_API_KEY",
        ),
        you("Where one program calls both, give base URL and key to each client by its arguments, and to none by variables"),
        you("Make a new key where one went to a host that it was not meant for: https://aistudio.google.com/api-keys"),
    ],
    live: &[
        &[Local(LocalFact::ProvidersCross)],
        &[Local(LocalFact::ProvidersCross), Key(KeyKind::AuthKey)],
    ],
    not: &["openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided: sk-FAKE.', 'code': 'invalid_api_key'}}"],
    docs: &["https://ai.google.dev/gemini-api/docs/openai"],
    ..found("providers-settings-crossed", "Settings lead one provider's SDK or key to another provider")
};

const SWITCH_NOT_UNDERSTOOD: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::SwitchNotUnderstood)])],
    why: "Google's SDKs take only true and 1 for a yes, whatever the case. Any other text leaves the switch off without a word, \
          so that calls go to the Developer API, with a key, where the cloud platform was meant.",
    fix: &[
        you("Write true if the cloud platform is meant").run_in(
            "export GOOGLE_GENAI_USE_VERTEXAI=true",
            "$env:GOOGLE_GENAI_USE_VERTEXAI = 'true'",
        ),
        you("Remove the variable if it is not")
            .run_in("unset GOOGLE_GENAI_USE_VERTEXAI", "Remove-Item Env:GOOGLE_GENAI_USE_VERTEXAI"),
    ],
    live: &[
        &[Local(LocalFact::SwitchNotUnderstood)],
        &[Local(LocalFact::SwitchNotUnderstood), Key(KeyKind::AuthKey)],
    ],
    not: &["Missing key inputs argument! To use the Google AI API, provide (`api_key`) arguments."],
    ..found(
        "sdk-switch-not-understood",
        "The switch to the cloud platform has a value that counts as no",
    )
};

const SWITCHES_CONFLICT: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::SwitchesConflict)])],
    why: "GOOGLE_GENAI_USE_ENTERPRISE is the newer name of GOOGLE_GENAI_USE_VERTEXAI, and wins where both are set. SDKs that are \
          older than the new name obey the other one, so that two programs here go two ways.",
    fix: &[
        you("Keep one of the two, with the value that is meant")
            .run_in("unset GOOGLE_GENAI_USE_VERTEXAI", "Remove-Item Env:GOOGLE_GENAI_USE_VERTEXAI"),
        you("Or give both the same value while older SDKs are in use"),
    ],
    live: &[
        &[Local(LocalFact::SwitchesConflict)],
        &[Local(LocalFact::SwitchesConflict), Key(KeyKind::AuthKey)],
    ],
    not: &["Both GOOGLE_API_KEY and GEMINI_API_KEY are set. Using GOOGLE_API_KEY."],
    splits: &[],
    ..found("sdk-switches-conflict", "The two switches to the cloud platform contradict each other")
};

const PROXY_CONFLICT: KnownFix = KnownFix {
    class: Some(Class::Path),
    when: &[sure(&[Local(LocalFact::ProxyVariablesConflict)])],
    why: "Programs differ in which spelling of a proxy's variable wins: curl and most libraries take small letters first, others \
          capitals, some read only one. With two values some of them go another way than the rest.",
    fix: &[
        you("Give both spellings the same value").run_in(
            "export https_proxy=\"$HTTPS_PROXY\" no_proxy=\"$NO_PROXY\"",
            "$env:https_proxy = $env:HTTPS_PROXY; $env:no_proxy = $env:NO_PROXY",
        ),
        you(
            "Look where the other one is set: a shell's profile, /etc/environment, the job's settings",
        ),
    ],
    live: &[
        &[Local(LocalFact::ProxyVariablesConflict)],
        &[Local(LocalFact::ProxyVariablesConflict), Key(KeyKind::AuthKey)],
    ],
    not: &["curl: (5) Could not resolve proxy: proxy.example"],
    ..found("proxy-variables-conflict", "A proxy's variable has two values, in two spellings")
};

const CA_VARIABLE_BROKEN: KnownFix = KnownFix {
    class: Some(Class::Path),
    when: &[
        sure(&[Local(LocalFact::CaVariableBroken)]),
        sure(&[Says("Could not find a suitable TLS CA certificate bundle, invalid path")]),
        sure(&[Says("Ignoring extra certs from"), Says("load failed")]),
    ],
    why: "The variable leads to a file that is gone, empty or of another kind. Some programs fail at once, others go on without it \
          and then trust nobody, or not the company's root that the file was there for.",
    fix: &[
        you("Correct the path, or remove the variable if nobody needs it").run_in(
            "ls -l \"$REQUESTS_CA_BUNDLE\" \"$NODE_EXTRA_CA_CERTS\" \"$SSL_CERT_FILE\"",
            "Get-Item $env:REQUESTS_CA_BUNDLE, $env:NODE_EXTRA_CA_CERTS, $env:SSL_CERT_FILE",
        ),
        you("Write this machine's roots into a new file, and lead the variable there")
            .run("gemini-doctor tls-check --save-bundle bundle.pem"),
        you("In a container, mount the file at the path that the variable names"),
    ],
    seen_as: &[
        "OSError: Could not find a suitable TLS CA certificate bundle, invalid path: /etc/ssl/corp.pem",
        "Warning: Ignoring extra certs from `/etc/ssl/corp.pem`, load failed: error:80000002:system library::No such file or directory",
    ],
    live: &[
        &[Local(LocalFact::CaVariableBroken)],
        &[Local(LocalFact::CaVariableBroken), Key(KeyKind::AuthKey)],
    ],
    not: &[
        "curl: (60) SSL certificate problem: unable to get local issuer certificate",
        "FileNotFoundError: [Errno 2] No such file or directory: 'prompt.txt'",
    ],
    ..found("ca-variable-broken", "A variable names certificates that cannot be used")
};

const VERIFICATION_OFF: KnownFix = KnownFix {
    class: Some(Class::Path),
    when: &[sure(&[Local(LocalFact::VerificationOff)])],
    why: "Somebody met a certificate that was not trusted and switched the check off for all programs. Since then any box on the way \
          can read every key and every prompt, and nothing says so.",
    fix: &[
        you(
            "Remove the variable that the report names, from the shell's profile and from the job's settings too",
        ),
        you("See which chain comes here, and who made it").run("gemini-doctor tls-check"),
        you("Trust the company's root by a file that is added to the others")
            .run("gemini-doctor tls-check --save-bundle bundle.pem"),
        owner("Let the network team hand out the root in the machine's store"),
    ],
    live: &[
        &[Local(LocalFact::VerificationOff)],
        &[Local(LocalFact::VerificationOff), Key(KeyKind::AuthKey)],
    ],
    not: &[
        "TypeError: fetch failed\n  [cause]: Error: self-signed certificate in certificate chain\n    code: 'SELF_SIGNED_CERT_IN_CHAIN'",
    ],
    ..found("tls-verification-off", "A variable switches the check of certificates off")
};

const CLOCK_IMPOSSIBLE: KnownFix = KnownFix {
    severity: Severity::Error,
    class: Some(Class::Path),
    when: &[sure(&[Local(LocalFact::ClockImpossible)])],
    why: "The clock shows a day on which this program did not exist yet, or one long after it. Every certificate looks out of date by \
          such a clock, and no token that is signed with a time is taken.",
    fix: &[
        you("Compare this machine's clock with another one, in UTC")
            .run_in("date -u", "(Get-Date).ToUniversalTime()"),
        you("Set it, and let it be kept by the network's time").run_in(
            "sudo timedatectl set-ntp true && timedatectl",
            "w32tm /resync; w32tm /query /status",
        ),
        you("In a container set the clock of its host, which it shares"),
    ],
    confirm: "gemini-doctor doctor --only local says nothing of the clock.",
    live: &[
        &[Local(LocalFact::ClockImpossible)],
        &[Local(LocalFact::ClockImpossible), Key(KeyKind::AuthKey)],
    ],
    not: &["curl: (60) SSL certificate problem: certificate is not yet valid"],
    reproduce: "",
    hides: &["clock-skew", "clock-off", "tls-certificate-expired", "tls-certificate-not-yet-valid"],
    ..found("clock-impossible", "This machine's clock shows a time that cannot be")
};

//! Known fixes for the SDKs that are installed or asked for here: retired ones, old ones, what is left of others.
//!
//! What a running program says of a missing package is in `sdk`.

use crate::{
    catalog::{
        KnownFix,
        Sign::{Key, Local, Says},
        Split, maybe, sure, you,
    },
    facts::{Blame, Class, KeyKind, Layer, LocalFact, RetryClass, Severity},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &RETIRED_PYTHON,
    &RETIRED_JS,
    &RETIRED_GO,
    &VERTEX_MODULE_REMOVED,
    &TOO_OLD_FOR_MODEL,
    &VERSION_OPEN,
    &VERSION_OPEN_NODE,
    &VERSION_OPEN_RUST,
    &VERSION_OPEN_JVM,
    &VERSION_OPEN_DOTNET,
    &HTTP2_PACKAGE_MISSING,
    &MODULE_SHADOWED,
    &STALE_FILES,
];

const MIGRATION_PAGE: &[&str] = &["https://ai.google.dev/gemini-api/docs/migrate"];
const CONFIRM: &str = "gemini-doctor doctor --only local names the new SDK and no retired one.";

/// The bones of this family's entries: found on this machine, a warning, and the caller's move.
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
        confirm: "",
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

const RETIRED_PYTHON: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::RetiredPythonSdk)])],
    why: "google-generativeai is not kept up any more: it knows no model, field or error that came after it, and shows what it \
          does not know as odd errors. google-genai takes its place, with a Client in the place of configure and GenerativeModel.",
    fix: &[
        you("Put google-genai in its place, with a version, wherever the project asks for it")
            .run("python -m pip uninstall -y google-generativeai && python -m pip install -U google-genai"),
        you("Change the import to: from google import genai; and configure(api_key=...) to: client = genai.Client()"),
        you("Change GenerativeModel(NAME).generate_content(...) to client.models.generate_content(model=NAME, contents=...)"),
        you("If another package brings it along, renew that one")
            .run("python -m pip show google-generativeai"),
    ],
    confirm: CONFIRM,
    live: &[
        &[Local(LocalFact::RetiredPythonSdk)],
        &[Local(LocalFact::RetiredPythonSdk), Key(KeyKind::AuthKey)],
    ],
    not: &["ModuleNotFoundError: No module named 'google.generativeai'"],
    docs: MIGRATION_PAGE,
    ..found("sdk-retired-python", "The retired Python SDK (google-generativeai) is in use")
};

const RETIRED_JS: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::RetiredJsSdk)])],
    why: "@google/generative-ai is not kept up any more: it knows no model, field or error that came after it. @google/genai \
          takes its place, with ai.models.generateContent in the place of getGenerativeModel.",
    fix: &[
        you("Put the new package in the place of the old one")
            .run("npm uninstall @google/generative-ai && npm install --save-exact @google/genai"),
        you(
            "Change new GoogleGenerativeAI(key) to new GoogleGenAI({ apiKey: key }), imported from @google/genai",
        ),
        you(
            "Change getGenerativeModel({ model }).generateContent(...) to ai.models.generateContent({ model, contents })",
        ),
        you("If another package brings it along, renew that one")
            .run("npm ls @google/generative-ai"),
    ],
    confirm: CONFIRM,
    live: &[
        &[Local(LocalFact::RetiredJsSdk)],
        &[Local(LocalFact::RetiredJsSdk), Key(KeyKind::AuthKey)],
    ],
    not: &["Error: Cannot find module '@google/generative-ai'\nRequire stack:\n- /app/index.js"],
    docs: MIGRATION_PAGE,
    ..found("sdk-retired-js", "The retired JavaScript SDK (@google/generative-ai) is in use")
};

const RETIRED_GO: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::RetiredGoSdk)])],
    why: "github.com/google/generative-ai-go is not kept up any more: it knows no model, field or error that came after it. \
          google.golang.org/genai takes its place.",
    fix: &[
        you("Ask for the new module").run("go get google.golang.org/genai@latest"),
        you(
            "Change genai.NewClient(ctx, option.WithAPIKey(key)) to genai.NewClient(ctx, nil), which reads the key's variable",
        ),
        you(
            "Change client.GenerativeModel(name).GenerateContent(...) to client.Models.GenerateContent(ctx, name, ...)",
        ),
        you("Take the old module out").run("go mod tidy"),
    ],
    confirm: CONFIRM,
    live: &[
        &[Local(LocalFact::RetiredGoSdk)],
        &[Local(LocalFact::RetiredGoSdk), Key(KeyKind::AuthKey)],
    ],
    not: &["main.go:4:2: no required module provides package github.com/gin-gonic/gin"],
    docs: MIGRATION_PAGE,
    ..found("sdk-retired-go", "The retired Go SDK (generative-ai-go) is in use")
};

const VERTEX_MODULE_REMOVED: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::RetiredVertexModule)])],
    why: "The module vertexai.generative_models was taken out of google-cloud-aiplatform in June 2026, so that the import fails \
          with every newer version; an older one knows none of the models that came after it.",
    fix: &[
        you("Install google-genai, which calls the cloud platform too")
            .run("python -m pip install -U google-genai"),
        you(
            "Change vertexai.init(project=..., location=...) to client = genai.Client(vertexai=True, project=..., location=...)",
        ),
        you(
            "Change GenerativeModel(NAME).generate_content(...) to client.models.generate_content(model=NAME, contents=...)",
        ),
        you("Use the location global for Gemini 3 and later"),
    ],
    confirm: "gemini-doctor doctor --only local says nothing of vertexai.generative_models.",
    live: &[
        &[Local(LocalFact::RetiredVertexModule)],
        &[Local(LocalFact::RetiredVertexModule), Key(KeyKind::None)],
    ],
    not: &["ModuleNotFoundError: No module named 'vertexai'"],
    docs: &["https://docs.cloud.google.com/gemini-enterprise-agent-platform/resources/locations"],
    ..found("vertexai-module-removed", "Code imports vertexai.generative_models, which was removed")
};

const TOO_OLD_FOR_MODEL: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::SdkTooOld)])],
    why: "The model in use needs fields and answers that this version of the SDK does not know, so that settings are dropped, \
          thought signatures get lost between turns, or answers cannot be read. Plain calls may work all the same.",
    fix: &[
        you("In Python, renew the SDK in the environment that runs the program")
            .run("python -m pip install -U google-genai"),
        you("In Node").run("npm install --save-exact @google/genai@latest"),
        you("In Go").run("go get google.golang.org/genai@latest"),
        you("Or ask a model that this version knows, until the SDK is renewed")
            .run("gemini-doctor list-models"),
    ],
    confirm: "gemini-doctor doctor --only local --model {model} says nothing of the SDK's version.",
    live: &[&[Local(LocalFact::SdkTooOld)], &[Local(LocalFact::SdkTooOld), Key(KeyKind::AuthKey)]],
    not: &["ValueError: Unsupported model name: gemini-3.5-flash"],
    docs: &["https://ai.google.dev/gemini-api/docs/libraries"],
    ..found("sdk-too-old-for-model", "The SDK is older than the model in use needs")
};

const OPEN_WHY: &str = "The line takes whichever version is the newest when somebody installs. SDKs of Gemini are renewed every week or two, \
          so that two machines, or today's build and tomorrow's, run different code.";

/// What the entries of all ecosystems share.
const fn open(id: &'static str, title: &'static str) -> KnownFix {
    KnownFix {
        severity: Severity::Note,
        why: OPEN_WHY,
        confirm: "gemini-doctor doctor --only local says nothing of open versions.",
        not: &["ERROR: No matching distribution found for google-genai==99.0.0"],
        ..found(id, title)
    }
}

const VERSION_OPEN: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::SdkUnpinned)])],
    fix: &[you("Write the version that you tested into that line, or keep a lock file beside it")
        .run_in(
            "python -m pip freeze | grep -i google-genai",
            "python -m pip freeze | Select-String google-genai",
        )],
    live: &[
        &[Local(LocalFact::SdkUnpinned)],
        &[Local(LocalFact::SdkUnpinned), Key(KeyKind::AuthKey)],
    ],
    ..open("sdk-version-open", "A line leaves the SDK's version open")
};

const VERSION_OPEN_NODE: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::SdkUnpinnedNode)])],
    fix: &[
        you("Write the lock file, commit it, and install from it with npm ci")
            .run("npm install --package-lock-only"),
        you("Or write the version that you tested into package.json, without ^ or ~")
            .run("npm ls --depth=0"),
    ],
    live: &[
        &[Local(LocalFact::SdkUnpinnedNode)],
        &[Local(LocalFact::SdkUnpinnedNode), Key(KeyKind::AuthKey)],
    ],
    ..open("sdk-version-open-node", "package.json leaves the SDK's version open")
};

const VERSION_OPEN_RUST: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::SdkUnpinnedRust)])],
    fix: &[
        you("Write Cargo.lock, commit it, and build with --locked").run("cargo generate-lockfile"),
        you("Or write the version that you tested into Cargo.toml, with = before it"),
    ],
    live: &[
        &[Local(LocalFact::SdkUnpinnedRust)],
        &[Local(LocalFact::SdkUnpinnedRust), Key(KeyKind::AuthKey)],
    ],
    ..open("sdk-version-open-rust", "Cargo.toml leaves the SDK's version open")
};

const VERSION_OPEN_JVM: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::SdkUnpinnedJvm)])],
    fix: &[
        you("See which version Maven takes, and write it into pom.xml in the place of the range")
            .run("mvn dependency:list"),
        you("In Gradle, write it in the place of + or the range, or lock what is resolved")
            .run("gradle dependencies --write-locks"),
    ],
    live: &[
        &[Local(LocalFact::SdkUnpinnedJvm)],
        &[Local(LocalFact::SdkUnpinnedJvm), Key(KeyKind::AuthKey)],
    ],
    ..open("sdk-version-open-jvm", "A build file of Maven or Gradle leaves the SDK's version open")
};

const VERSION_OPEN_DOTNET: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::SdkUnpinnedDotNet)])],
    fix: &[
        you("See which version is taken, and write it into the project file")
            .run("dotnet list package"),
        you("Or keep a lock file, and restore from it with --locked-mode")
            .run("dotnet restore --use-lock-file"),
    ],
    live: &[
        &[Local(LocalFact::SdkUnpinnedDotNet)],
        &[Local(LocalFact::SdkUnpinnedDotNet), Key(KeyKind::AuthKey)],
    ],
    ..open("sdk-version-open-dotnet", "A project file of .NET leaves the SDK's version open")
};

const HTTP2_PACKAGE_MISSING: KnownFix = KnownFix {
    severity: Severity::Error,
    when: &[
        sure(&[Local(LocalFact::Http2Missing)]),
        sure(&[Says("http2=True, but the 'h2' package is not installed")]),
        maybe(&[Says("'h2' package is not installed")]),
    ],
    why: "httpx speaks HTTP/2 only with the package h2, which it does not bring along by itself. With http2=True and without h2 \
          it raises an ImportError when the client is made, before anything is sent.",
    fix: &[
        you("Install httpx with its extra into the environment that runs the program")
            .run("python -m pip install \"httpx[http2]\""),
        you("Write httpx[http2] into the list of requirements, so that other machines get it too"),
        you("Or leave http2=True out: calls work over HTTP/1.1"),
    ],
    confirm: "python -c \"import httpx; httpx.Client(http2=True)\" ends without an error.",
    seen_as: &[
        "ImportError: Using http2=True, but the 'h2' package is not installed. Make sure to install httpx using `pip install httpx[http2]`.",
        "Traceback (most recent call last):\n  File \"app.py\", line 9, in <module>\n    client = httpx.Client(http2=True)\nImportError: Using http2=True, but the 'h2' package is not installed.",
    ],
    live: &[&[Local(LocalFact::Http2Missing)]],
    not: &[
        "httpx.RemoteProtocolError: <ConnectionTerminated error_code:0, last_stream_id:1>",
        "ModuleNotFoundError: No module named 'httpx'",
    ],
    ..found("http2-package-missing", "Code asks httpx for HTTP/2, and its package h2 is missing")
};

const MODULE_SHADOWED: KnownFix = KnownFix {
    severity: Severity::Error,
    when: &[sure(&[Local(LocalFact::SdkShadowed)])],
    why: "Python looks into the program's own directory first. A file google.py or a package google there is taken for Google's, \
          and the import of the SDK fails with words that blame the SDK.",
    fix: &[
        you("Give the file or directory another name"),
        you("Remove the byte-code that was made of it")
            .run_in("rm -r __pycache__", "Remove-Item -Recurse __pycache__"),
    ],
    confirm: "python -c \"from google import genai; print(genai.__file__)\" names the environment's own directory.",
    live: &[
        &[Local(LocalFact::SdkShadowed)],
        &[Local(LocalFact::SdkShadowed), Key(KeyKind::AuthKey)],
    ],
    not: &["ImportError: cannot import name 'genai' from 'google' (unknown location)"],
    splits: &[Split {
        id: "sdk-package-missing-or-mixed",
        by: "whether a file of the project's own bears the package's name",
    }],
    ..found(
        "sdk-module-shadowed",
        "A file of the project's own takes the place of Google's package",
    )
};

const STALE_FILES: KnownFix = KnownFix {
    when: &[sure(&[Local(LocalFact::StaleSdk)])],
    why: "An installation was broken off, or two tools installed into one environment. Which version runs is then chance, and \
          a tool that asks for the installed version gets another answer than the program.",
    fix: &[
        you("Make the environment anew: it holds nothing that cannot be installed again").run_in(
            "rm -r .venv && python -m venv .venv && .venv/bin/python -m pip install -r requirements.txt",
            "Remove-Item -Recurse .venv; python -m venv .venv; .venv\\Scripts\\python -m pip install -r requirements.txt",
        ),
        you("Or install that one package again over what is left of it")
            .run("python -m pip install --force-reinstall --no-deps google-genai"),
    ],
    confirm: "gemini-doctor doctor --only local says nothing of what is left of packages.",
    live: &[
        &[Local(LocalFact::StaleSdk)],
        &[Local(LocalFact::StaleSdk), Key(KeyKind::AuthKey)],
    ],
    not: &["WARNING: Ignoring invalid distribution ~oogle-genai (/app/.venv/lib/python3.12/site-packages)"],
    ..found("sdk-stale-files", "An environment holds an SDK twice, or what is left of one")
};

//! What a machine shows before anything is sent: SDKs, the variables round them, and keys lying about. The
//! server is healthy, and nobody asks it.

use super::super::scenario::{AUTH_KEY, Content, File, Git, Local, Needs, Scenario};

pub(in super::super) const ALL: &[Scenario] = &[
    HEALTHY_PROJECT,
    RETIRED_PYTHON,
    RETIRED_JS,
    RETIRED_GO,
    VERTEX_MODULE,
    TOO_OLD,
    VERSION_OPEN,
    VERSION_OPEN_NODE,
    VERSION_OPEN_RUST,
    VERSION_OPEN_JVM,
    VERSION_OPEN_DOTNET,
    IMPORT_WITHOUT_SDK,
    HTTP2_MISSING,
    SHADOWED,
    STALE,
    PROVIDERS_CROSSED,
    SWITCH,
    SWITCHES,
    PROXIES,
    CA_VARIABLE,
    VERIFICATION,
    KEY_TRACKED,
    KEY_SHIPPED,
    KEY_PUBLIC,
    KEY_LOGGED,
    KEY_LOOSE,
    SERVICE_ACCOUNT,
    OAUTH_SECRET,
    BROWSER_CALLS,
];

const fn machine(id: &'static str, summary: &'static str) -> Scenario {
    Scenario::new(id, "local", 0, summary).command(&["doctor", "--only", "local"])
}

const fn scanned(id: &'static str, exit: u8, summary: &'static str) -> Scenario {
    Scenario::new(id, "local", exit, summary).command(&["doctor", "--scan"])
}

/// A good key in its variable, and these files.
const fn with(files: &'static [File]) -> Local {
    Local { files, ..Local::KEYED }
}

const fn file(name: &'static str, text: &'static str) -> File {
    File { name, content: Content::Bytes(text.as_bytes()), mode: 0o600 }
}

const VENV: File = file(".venv/pyvenv.cfg", "version = 3.12.4\n");

const HEALTHY_PROJECT: Scenario = Scenario::new(
    "healthy-project",
    "-",
    0,
    "A project with the SDKs of today, exact versions, and its key in a variable.",
)
.command(&["doctor", "--only", "local"])
.no_fix()
.local(with(&[
    VENV,
    file(".venv/lib/python3.12/site-packages/google_genai-2.30.1.dist-info/METADATA", ""),
    file(".venv/lib/python3.12/site-packages/google/genai/__init__.py", ""),
    file("requirements.txt", "google-genai==2.30.1\n"),
    file("app.py", "from google import genai\n\nclient = genai.Client()\n"),
    file("package.json", "{\"dependencies\": {\"@google/genai\": \"2.29.1\"}}\n"),
    file("node_modules/@google/genai/package.json", "{\"version\": \"2.29.1\"}\n"),
    file("index.ts", "import { GoogleGenAI } from \"@google/genai\";\n"),
]));

const RETIRED_PYTHON: Scenario = machine(
    "sdk-retired-python",
    "requirements.txt asks for google-generativeai, and the code imports it.",
)
.local(with(&[
    file("requirements.txt", "google-generativeai==0.8.5\n"),
    file("app.py", "import google.generativeai as genai\n"),
]));

const RETIRED_JS: Scenario =
    machine("sdk-retired-js", "package.json asks for @google/generative-ai, and it is installed.")
        .local(with(&[
            file("package.json", "{\"dependencies\": {\"@google/generative-ai\": \"0.24.1\"}}\n"),
            file("node_modules/@google/generative-ai/package.json", "{\"version\": \"0.24.1\"}\n"),
        ]));

const RETIRED_GO: Scenario =
    machine("sdk-retired-go", "go.mod asks for github.com/google/generative-ai-go.").local(with(
        &[file("go.mod", "module app\n\nrequire github.com/google/generative-ai-go v0.20.1\n")],
    ));

const VERTEX_MODULE: Scenario = machine(
    "vertexai-module-removed",
    "The code imports GenerativeModel from vertexai.generative_models.",
)
.local(with(&[file("app.py", "from vertexai.generative_models import GenerativeModel\n")]));

const TOO_OLD: Scenario = machine(
    "sdk-too-old-for-model",
    "GEMINI_MODEL names gemini-4-argon, and google-genai is pinned to a version from before it.",
)
.local(Local {
    variables: &[("GEMINI_API_KEY", AUTH_KEY), ("GEMINI_MODEL", "gemini-4-argon")],
    files: &[file("requirements.txt", "google-genai==1.52.0\n")],
    ..Local::BARE
});

const VERSION_OPEN: Scenario =
    machine("sdk-version-open", "requirements.txt asks for google-genai without a version.")
        .local(with(&[file("requirements.txt", "google-genai\n")]));

const VERSION_OPEN_NODE: Scenario = machine(
    "sdk-version-open-node",
    "package.json asks for @google/genai ^2.0.0, without a lock file.",
)
.local(with(&[file("package.json", "{\"dependencies\": {\"@google/genai\": \"^2.0.0\"}}\n")]));

const VERSION_OPEN_RUST: Scenario =
    machine("sdk-version-open-rust", "Cargo.toml asks for gemini-rust 1, without a lock file.")
        .local(with(&[file("Cargo.toml", "[dependencies]\ngemini-rust = \"1\"\n")]));

const VERSION_OPEN_JVM: Scenario =
    machine("sdk-version-open-jvm", "build.gradle asks for com.google.genai:google-genai 1.+.")
        .local(with(&[file(
            "build.gradle",
            "dependencies {\n  implementation \"com.google.genai:google-genai:1.+\"\n}\n",
        )]));

const VERSION_OPEN_DOTNET: Scenario =
    machine("sdk-version-open-dotnet", "The project file asks for Google.GenAI 1.*.").local(with(
        &[file("app.csproj", "<PackageReference Include=\"Google.GenAI\" Version=\"1.*\" />\n")],
    ));

const IMPORT_WITHOUT_SDK: Scenario = machine(
    "sdk-package-missing-or-mixed",
    "The code imports @google/generative-ai, and only @google/genai is installed.",
)
.local(with(&[
    file("node_modules/@google/genai/package.json", "{\"version\": \"2.29.1\"}\n"),
    file("index.js", "const { GoogleGenerativeAI } = require(\"@google/generative-ai\");\n"),
]));

const HTTP2_MISSING: Scenario = machine(
    "http2-package-missing",
    "The code makes httpx.Client(http2=True), and the environment has httpx without h2.",
)
.local(with(&[
    VENV,
    file(".venv/lib/python3.12/site-packages/httpx-0.28.1.dist-info/METADATA", ""),
    file("app.py", "import httpx\n\nclient = httpx.Client(http2=True)\n"),
]));

const SHADOWED: Scenario = machine(
    "sdk-module-shadowed",
    "A file google.py lies beside the code that imports google.genai.",
)
.local(with(&[file("google.py", ""), file("app.py", "from google import genai\n")]));

const STALE: Scenario =
    machine("sdk-stale-files", "The environment has two records of google-genai, of two versions.")
        .local(with(&[
            VENV,
            file(".venv/lib/python3.12/site-packages/google_genai-2.30.1.dist-info/METADATA", ""),
            file(".venv/lib/python3.12/site-packages/google_genai-1.9.0.dist-info/METADATA", ""),
            file(".venv/lib/python3.12/site-packages/google/genai/__init__.py", ""),
        ]));

const PROVIDERS_CROSSED: Scenario = machine(
    "providers-settings-crossed",
    "OPENAI_BASE_URL leads to Google, and OPENAI_API_KEY holds a key of OpenAI's shape.",
)
.local(Local::variables(&[
    ("GEMINI_API_KEY", AUTH_KEY),
    ("OPENAI_BASE_URL", "https://generativelanguage.googleapis.com/v1beta/openai/"),
    ("OPENAI_API_KEY", "sk-FAKE-key-of-another-provider"),
]));

const SWITCH: Scenario = machine(
    "sdk-switch-not-understood",
    "GOOGLE_GENAI_USE_VERTEXAI is set to yes, which SDKs take for a no.",
)
.local(Local::variables(&[("GEMINI_API_KEY", AUTH_KEY), ("GOOGLE_GENAI_USE_VERTEXAI", "yes")]));

const SWITCHES: Scenario = machine(
    "sdk-switches-conflict",
    "GOOGLE_GENAI_USE_VERTEXAI says yes, and GOOGLE_GENAI_USE_ENTERPRISE says no.",
)
.local(Local::variables(&[
    ("GEMINI_API_KEY", AUTH_KEY),
    ("GOOGLE_GENAI_USE_VERTEXAI", "true"),
    ("GOOGLE_GENAI_USE_ENTERPRISE", "false"),
]));

const PROXIES: Scenario =
    machine("proxy-variables-conflict", "HTTPS_PROXY and https_proxy lead to two proxies.")
        .needs(Needs::Unix)
        .local(Local::variables(&[
            ("GEMINI_API_KEY", AUTH_KEY),
            ("HTTPS_PROXY", "http://one.example:3128"),
            ("https_proxy", "http://two.example:3128"),
        ]));

const CA_VARIABLE: Scenario =
    machine("ca-variable-broken", "NODE_EXTRA_CA_CERTS names a file that is not there.").local(
        Local::variables(&[
            ("GEMINI_API_KEY", AUTH_KEY),
            ("NODE_EXTRA_CA_CERTS", "certs/company.pem"),
        ]),
    );

const VERIFICATION: Scenario =
    machine("tls-verification-off", "A variable lets every Node program here connect to anybody.")
        .local(Local::variables(&[
            ("GEMINI_API_KEY", AUTH_KEY),
            ("NODE_TLS_REJECT_UNAUTHORIZED", "0"),
        ]));

/// The key in use, written into code.
const CODE: &str = "KEY = \"AQ.FAKE-key-for-the-gemini-doctor-simulator-0001\"\n";

const KEY_TRACKED: Scenario =
    scanned("key-in-repository", 1, "The key in use stands in a file that git tracks.")
        .needs(Needs::Git)
        .local(Local { git: Git::Tracked, ..with(&[file("config.py", CODE)]) });

const KEY_SHIPPED: Scenario = scanned(
    "key-in-bundle",
    1,
    "A build tool wrote the key in use into a script, in a directory that .gitignore lists.",
)
.needs(Needs::Git)
.local(Local {
    git: Git::Untracked,
    ..with(&[
        file(".gitignore", "dist/\n"),
        file(
            "dist/assets/index-4f2a.js",
            "const k=\"AQ.FAKE-key-for-the-gemini-doctor-simulator-0001\";send(k)\n",
        ),
    ])
});

/// A standard key for Firebase, with characters as chance makes them and the word among them.
const FIREBASE: &str = concat!(
    "initializeApp({apiKey: \"AI",
    "zaSyDk3FAKEq8ZrT5wXb2NmVf7HcJ4LpGs9Yu\", authDomain: \"app.firebaseapp.com\"});\n"
);

const KEY_PUBLIC: Scenario = scanned(
    "public-key-in-bundle",
    0,
    "A standard key stands in a script, in the settings of Firebase.",
)
.local(with(&[file("dist/app.js", FIREBASE)]));

const KEY_LOGGED: Scenario = scanned("key-in-log", 0, "The key in use stands in a log, in a URL.")
    .local(with(&[file(
        "logs/app.log",
        "GET /v1beta/models?key=AQ.FAKE-key-for-the-gemini-doctor-simulator-0001 200\n",
    )]));

const KEY_LOOSE: Scenario = scanned(
    "key-in-working-tree",
    0,
    "The key in use stands in code, and nothing keeps the file out of version control.",
)
.local(with(&[file("notes.py", CODE)]));

const SERVICE_ACCOUNT: Scenario = scanned(
    "service-account-key-exposed",
    1,
    "The key file of a service account lies among what is built.",
)
.local(with(&[File { name: "dist/account.json", content: Content::ServiceAccount, mode: 0o600 }]));

const OAUTH_SECRET: Scenario = scanned(
    "oauth-secret-exposed",
    1,
    "The secret of an OAuth client stands in a script that is built.",
)
.local(with(&[file(
    "dist/login.js",
    concat!("const secret = \"GOCS", "PX-k3FAKEq8ZrT5wXb2NmVf7HcJ\";\n"),
)]));

const BROWSER_CALLS: Scenario = scanned(
    "browser-calls-api",
    0,
    "A script for browsers calls generativelanguage.googleapis.com by itself.",
)
.local(with(&[file(
    "dist/app.js",
    "document.title='chat';fetch('https://generativelanguage.googleapis.com/v1beta/models')\n",
)]));

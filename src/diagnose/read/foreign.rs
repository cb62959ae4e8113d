//! Whose error it is, where it is not the provider's: marks that only others leave.

/// Who left such a mark in a text, unless the text bears the provider's own marks as well. An error
/// in the provider's own form can only be that of another of its services.
pub(super) fn author(text: &str, in_our_form: bool) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    if is_of_a_sister(&lower) {
        return Some(SISTER);
    }
    let holds = |marks: &[&str]| marks.iter().any(|mark| lower.contains(mark));
    if !in_our_form && holds(INDEXES) && !holds(OF_A_CALL) {
        return Some(REGISTRY);
    }
    if !in_our_form && !holds(OURS) && is_of_a_program(&lower) {
        return Some("another program");
    }
    let mut authors = AUTHORS.iter().filter(|(author, _)| !in_our_form || *author == SISTER);
    let author = authors.find(|(_, marks)| holds(marks)).map(|(author, _)| *author)?;
    (!holds(OURS)).then_some(author)
}

/// Whether a text bears a mark of the provider's API.
pub(super) fn is_marked(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    OURS.iter().any(|mark| lower.contains(mark))
}

/// Programs that put their name before what they say, and that call no API of models.
const PROGRAMS: &[&str] = &[
    "wget",
    "sudo",
    "docker",
    "podman",
    "helm",
    "kubectl",
    "terraform",
    "ansible",
    "vagrant",
    "git",
    "ssh",
    "scp",
    "rsync",
    "npm",
    "pnpm",
    "yarn",
    "pip",
    "poetry",
    "apt",
    "dnf",
    "brew",
    "psql",
    "pg",
    "mysql",
    "mongosh",
    "redis-cli",
    "ffmpeg",
    "make",
];

/// Whether a line of a text in lower case begins with such a name and a colon.
fn is_of_a_program(lower: &str) -> bool {
    lower.lines().any(|line| {
        let name = line.trim_start().split_once(": ").map(|(name, _)| name);
        name.is_some_and(|name| PROGRAMS.contains(&name))
    })
}

/// The author, where a service that an error names is another one of the provider's.
pub(super) fn sister(service: &str) -> Option<&'static str> {
    let name = service.strip_suffix(".googleapis.com")?;
    (!is_near(name)).then_some(SISTER)
}

/// Whether a service of the provider is this API, or one that every call of it may meet.
fn is_near(name: &str) -> bool {
    const NEAR: [&str; 12] = [
        "generativelanguage",
        "aiplatform",
        "cloudaicompanion",
        "cloudcode-pa",
        "serviceusage",
        "cloudresourcemanager",
        "iam",
        "oauth2",
        "sts",
        "firebasevertexai",
        "type",
        "www",
    ];
    NEAR.iter().any(|near| name.ends_with(near) || name.starts_with(near))
}

/// Whether a text in lower case names services of the provider, and none of them is near to this API;
/// or an API that is not enabled, and that is another one. The form of errors is the same for all.
fn is_of_a_sister(lower: &str) -> bool {
    let own = OURS.iter().filter(|mark| !SHARED.contains(mark));
    if own.clone().any(|mark| lower.contains(mark)) {
        return false;
    }
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    let mut services = lower.match_indices(".googleapis.com").map(|(at, _)| {
        let name = lower[..at].rsplit(|letter| !is_part(letter)).next();
        name.unwrap_or_default()
    });
    services.any(|name| !is_near(name)) || names_another_api(lower)
}

/// `Cloud Vision API has not been used in project`: whose that is, its name tells.
fn names_another_api(lower: &str) -> bool {
    const NEAR: [&str; 5] =
        ["generative language", "vertex ai", "gemini", "cloud ai companion", "agent platform"];
    let Some(at) = lower.find(" api has not been used in project") else { return false };
    let before: Vec<&str> = lower[..at].split_whitespace().rev().take(4).collect();
    let name: Vec<&str> = before.into_iter().rev().collect();
    !NEAR.iter().any(|near| name.join(" ").contains(near))
}

/// Marks of the provider's API, of its clients, and of gateways that speak of it.
const OURS: &[&str] = &[
    "generativelanguage",
    "aiplatform.googleapis",
    "cloudcode-pa",
    "cloudaicompanion",
    "antigravity",
    "google.rpc",
    "google-genai",
    "google.genai",
    "@google/",
    "googlegenerativeai",
    "generative-ai",
    "ai.google.dev",
    "aistudio.google",
    "ai.studio",
    "vertexai",
    "vertex_ai",
    "gemini",
    "aiza",
    "aq.",
    "generatecontent",
];

/// Those of the marks that every API of the provider leaves.
const SHARED: &[&str] = &["google.rpc", "aiza", "aq."];

/// Who hands out packages, and where: the name of one may be that of the provider's own client.
const REGISTRY: &str = "a package registry";
const INDEXES: &[&str] = &[
    ": /simple/",
    "pypi.org/simple",
    "files.pythonhosted.org",
    "registry.npmjs.org",
    "pip._vendor",
];

/// Marks of a call, which no download of a package leaves.
const OF_A_CALL: &[&str] =
    &["generativelanguage", "aiplatform.googleapis", "cloudcode-pa", "generatecontent"];

/// The author of errors in the same form that are about something else.
const SISTER: &str = "another API of Google";

/// Others, by marks in lower case.
const AUTHORS: &[(&str, &[&str])] = &[
    ("OpenAI", &["platform.openai.com", "api.openai.com", "openai.badrequesterror", "chatcmpl-"]),
    (
        "an API in OpenAI's form",
        &[
            "\"type\":\"insufficient_quota\"",
            "\"type\": \"insufficient_quota\"",
            "invalid_request_error",
            "\"type\":\"server_error\"",
            "\"type\": \"server_error\"",
            "context_length_exceeded",
            "rate_limit_exceeded\"",
            "rate_limit_exceeded'",
            "gpt-4",
            "gpt-3.5",
            "gpt-5",
            "service tier `on_demand`",
        ],
    ),
    (
        "Azure",
        &[
            "deploymentnotfound",
            "openai.azure.com",
            "api deployment for this resource",
            "azure openai",
            "azure.core",
            "aadsts",
            "invalid subscription key",
        ],
    ),
    (
        "Anthropic",
        &[
            "anthropic",
            "claude",
            "overloaded_error",
            "authentication_error",
            "permission_error",
            "not_found_error",
            "rate_limit_error",
            "\"type\":\"error\",\"error\":{\"type\"",
            "'type': 'error', 'error': {'type'",
        ],
    ),
    (
        "Amazon Web Services",
        &[
            "botocore",
            "x-amz",
            "aws-sdk",
            "com.amazonaws",
            "software.amazon",
            "<code>accessdenied</code>",
            "bedrock",
        ],
    ),
    ("Mistral", &["api.mistral", "mistralai", "mistral-"]),
    ("Cohere", &["api.cohere", "cohere.errors", "cohere_"]),
    ("Hugging Face", &["huggingface", "hf.co/"]),
    ("Ollama", &["try pulling it first", ":11434", "ollama._types", "ollama.responseerror"]),
    ("DeepSeek", &["api.deepseek", "deepseek-"]),
    ("xAI", &["api.x.ai", "console.x.ai", "grok-2", "grok-3", "grok-4"]),
    ("Replicate", &["replicate.com", "replicate.exceptions"]),
    ("Together", &["api.together", "together.ai", "together.error"]),
    ("Perplexity", &["api.perplexity", "perplexity.ai"]),
    ("Fireworks", &["fireworks.ai"]),
    ("Groq", &["api.groq", "console.groq", "groq.com"]),
    ("Alibaba Cloud", &["dashscope", "aliyuncs"]),
    ("a server for local models", &["llama.cpp", "llama_", "vllm", "lm studio", "loading model"]),
    ("GitHub", &["docs.github.com", "api.github.com"]),
    (
        "git",
        &[
            "fatal: unable to access",
            "remote: permission to",
            "git clone",
            "git push",
            "rpc failed;",
        ],
    ),
    (
        "Docker",
        &[
            "error response from daemon",
            "pull access denied",
            "while pulling",
            "docker.sock",
            "docker.io",
        ],
    ),
    (
        "Kubernetes",
        &[
            "error from server (",
            "crashloopbackoff",
            "system:serviceaccount",
            "kubelet",
            "kubectl",
            ":6443",
            "unable to connect to the server: ",
            "etcd",
        ],
    ),
    ("Stripe", &["api.stripe.com", "stripe.error", "com.stripe", "sk_test_", "sk_live_"]),
    ("Slack", &["slack_sdk", "slack.com/api"]),
    ("Discord", &["discord.errors", "discord.com/api", "discordapierror"]),
    ("Telegram", &["telegram.error", "api.telegram.org"]),
    ("Twilio", &["twilio"]),
    ("X", &["tweepy", "api.twitter.com", "api.x.com"]),
    ("Temporal", &["temporalio", "temporal.io", "workflow task"]),
    ("Heroku", &["desc=\"request timeout\" method="]),
    (
        REGISTRY,
        &[
            "registry.npmjs.org",
            "files.pythonhosted.org",
            "pypi.org/simple",
            "npm err",
            "npm error",
            "pip._vendor",
            "crates.io",
            "deb.debian.org",
            "archive.ubuntu.com",
            "e: failed to fetch",
        ],
    ),
    ("a mail server", &["smtp", "imaplib", "port 587", "port: 587", ":587", "port 25:"]),
    ("a directory", &["ldap"]),
    ("a login over ssh", &["ssh: ", "port 22:", "paramiko", "asyncssh"]),
    (
        "a queue",
        &["kafka", "amqp", "rabbitmq", ":5672", ":9092", "pika.exceptions", "broker connection"],
    ),
    ("a browser under test", &["selenium", "playwright", "puppeteer", "webdriver"]),
    ("an identity provider", &["keycloak", "okta", "auth0"]),
    (
        SISTER,
        &[
            "request_denied",
            "invalidquery",
            "maps.googleapis",
            "bigquery",
            "pubsub",
            "(auth/",
            "(messaging/",
            "api call to drive.",
            "googleapis.com/drive/",
            "googleapis.com/youtube/",
            "googleapis.com/calendar/",
            "googleapis.com/gmail/",
            "storage.googleapis",
            "sheets.googleapis",
            "youtube.googleapis",
            "firestore",
            "error_message\":\"the provided api key",
        ],
    ),
    (
        "a database",
        &[
            "psycopg",
            "psql:",
            "java.sql.",
            "jdbc",
            "hikari",
            "sqlalchemy.exc",
            "queuepool",
            "elasticsearch",
            "opensearch",
            ":9200",
            "cassandra",
            ":9042",
            "mongodb",
            "mongonetwork",
            "pymongo",
            "ioredis",
            "redis:",
            "spanner",
            "mysql",
            "memcache",
            "clickhouse",
            "influxdb",
            "neo4j",
            "snowflake",
            "django.db",
            "port 5432",
            ":6379",
            "redis://",
            "redis.exceptions",
            "mongoserverselection",
            ":3306",
            ":5432",
            ":27017",
            "mysql://",
            "postgresql://",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_of_another_make_may_print_our_errors() {
        assert_eq!(author("openai.BadRequestError: 400 INVALID_ARGUMENT", true), None);
        assert_eq!(author("400 INVALID_ARGUMENT bigquery", true), Some(SISTER));
    }

    #[test]
    fn others_are_known_by_their_marks_and_gateways_to_us_are_not_others() {
        for (text, expected) in [
            ("see https://platform.openai.com/account", Some("OpenAI")),
            ("botocore.errorfactory.AccessDeniedException: no", Some("Amazon Web Services")),
            ("connect ECONNREFUSED 127.0.0.1:6379", Some("a database")),
            ("invalid_request_error: GeminiException no", None),
            ("litellm: VertexAIException, see platform.openai.com", None),
            ("fetch failed", None),
            ("“vision.googleapis.com” refused", Some(SISTER)),
            ("docker: connect: connection refused", Some("another program")),
            ("[Errno -3] Temporary failure': /simple/google-genai/", Some(REGISTRY)),
            ("npm ENOTFOUND registry.npmjs.org/@google/genai", Some(REGISTRY)),
            ("pip._vendor, then generativelanguage.googleapis.com failed", None),
            ("403 Cloud Vision API has not been used in project 7", Some(SISTER)),
            ("403 Vertex AI API has not been used in project 7", None),
        ] {
            assert_eq!(author(text, false), expected, "{text}");
        }
    }
}

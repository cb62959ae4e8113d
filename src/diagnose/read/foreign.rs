//! Whose error it is, where it is not the provider's: marks that only others leave.

/// Who left such a mark in a text, unless the text bears the provider's own marks as well. An error
/// in the provider's own form can only be that of another of its services.
pub(super) fn author(text: &str, in_our_form: bool) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    let holds = |marks: &[&str]| marks.iter().any(|mark| lower.contains(mark));
    let mut authors = AUTHORS.iter().filter(|(author, _)| !in_our_form || *author == SISTER);
    let author = authors.find(|(_, marks)| holds(marks)).map(|(author, _)| *author)?;
    (!holds(OURS)).then_some(author)
}

/// Whether a text bears a mark of the provider's API.
pub(super) fn is_marked(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    OURS.iter().any(|mark| lower.contains(mark))
}

/// The author, where a service that an error names is another one of the provider's.
pub(super) fn sister(service: &str) -> Option<&'static str> {
    const NEAR: [&str; 9] = [
        "generativelanguage",
        "aiplatform",
        "cloudaicompanion",
        "cloudcode-pa",
        "serviceusage",
        "cloudresourcemanager",
        "iam",
        "oauth2",
        "sts",
    ];
    let name = service.strip_suffix(".googleapis.com")?;
    (!NEAR.iter().any(|near| name.ends_with(near) || name.starts_with(near))).then_some(SISTER)
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
    ("Azure", &["deploymentnotfound", "openai.azure.com", "api deployment for this resource"]),
    ("Anthropic", &["anthropic", "overloaded_error", "\"type\":\"error\",\"error\":{\"type\""]),
    (
        "Amazon Web Services",
        &["botocore", "x-amz", "aws-sdk", "<code>accessdenied</code>", "bedrock"],
    ),
    ("Mistral", &["api.mistral", "mistralai"]),
    ("Cohere", &["api.cohere", "cohere.errors"]),
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
    ("GitHub", &["docs.github.com", "api.github.com"]),
    ("git", &["fatal: unable to access", "remote: permission to"]),
    ("Docker", &["error response from daemon", "pull access denied"]),
    ("Kubernetes", &["error from server (", "crashloopbackoff", "system:serviceaccount"]),
    ("Stripe", &["api.stripe.com", "stripe.error"]),
    (
        SISTER,
        &[
            "request_denied",
            "invalidquery",
            "maps.googleapis",
            "bigquery",
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
            "psycopg2",
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
        ] {
            assert_eq!(author(text, false), expected, "{text}");
        }
    }
}

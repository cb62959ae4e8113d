//! What people put where a key belongs: quotes, prefixes, placeholders, names of variables, and the
//! credentials of others. Tables of phrases and the comparing of them.

use crate::facts::KeyKind;
use crate::secret::ApiKey;

/// Pairs of quotes; the same sign may open and close.
const QUOTES: [(char, char); 8] = [
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('“', '”'),
    ('‘', '’'),
    ('„', '“'),
    ('«', '»'),
    ('”', '”'),
];

/// What is copied along in front of a key, in lower case, with what it is.
const PREFIXES: &[(&str, &str)] = &[
    ("bearer ", "the word of another kind of authorization"),
    ("authorization:", "a header's name"),
    ("x-goog-api-key:", "a header's name"),
    ("x-api-key:", "a header's name"),
    ("api-key:", "a header's name"),
    ("apikey:", "a header's name"),
    ("-h ", "an option of a command"),
    ("export ", "a word of the shell"),
    ("set ", "a word of the shell"),
    ("setx ", "a word of the shell"),
    ("?key=", "the name of a URL's parameter"),
    ("&key=", "the name of a URL's parameter"),
    ("key=", "the name of a URL's parameter"),
];

/// Beginnings of other providers' keys, longer ones first.
const PROVIDERS: &[(&str, &str)] = &[
    ("sk-ant-", "Anthropic"),
    ("sk-or-", "OpenRouter"),
    ("sk-proj-", "OpenAI"),
    ("sk-svcacct-", "OpenAI"),
    ("sk-lf-", "Langfuse"),
    ("sk-", "OpenAI, or of a gateway or provider that copies its form"),
    ("gsk_", "Groq"),
    ("xai-", "xAI"),
    ("hf_", "Hugging Face"),
    ("ghp_", "GitHub"),
    ("gho_", "GitHub"),
    ("ghs_", "GitHub"),
    ("github_pat_", "GitHub"),
    ("glpat-", "GitLab"),
    ("AKIA", "Amazon Web Services"),
    ("ASIA", "Amazon Web Services"),
    ("pplx-", "Perplexity"),
    ("r8_", "Replicate"),
    ("nvapi-", "NVIDIA"),
    ("csk-", "Cerebras"),
    ("tgp_v1_", "Together"),
    ("fw_", "Fireworks"),
    ("xoxb-", "Slack"),
    ("xoxp-", "Slack"),
];

/// Less than this behind a provider's beginning says nothing.
const PROVIDER_LEAST: usize = 8;

/// Other credentials of the same provider that are no API keys.
const CREDENTIALS: &[(&str, &str)] = &[
    ("GOCSPX-", "the secret of an OAuth client: it is no API key"),
    ("1//", "an OAuth refresh token: it is no API key"),
    ("auth_tokens/", "a short-lived token of the Live API: it works for v1alpha sessions only"),
    ("4/0A", "an OAuth code: it is exchanged once for a token, and is no API key"),
];

/// Placeholders, in lower case and without separators.
const PLACEHOLDERS: &[&str] = &[
    "apikey",
    "apikeyhere",
    "changeit",
    "changeme",
    "dummy",
    "dummykey",
    "example",
    "examplekey",
    "fake",
    "fakekey",
    "fixme",
    "foo",
    "foobar",
    "geminiapikey",
    "geminikey",
    "googleapikey",
    "hidden",
    "insertkeyhere",
    "key",
    "keyhere",
    "mykey",
    "myapikey",
    "mygeminiapikey",
    "na",
    "nil",
    "nokey",
    "none",
    "null",
    "password",
    "pastekeyhere",
    "placeholder",
    "redacted",
    "replaceme",
    "sample",
    "secret",
    "tbd",
    "test",
    "testkey",
    "testapikey",
    "todo",
    "token",
    "undefined",
    "unset",
];

/// Fingerprints of keys that stand in public documentation and were never anybody's.
const DOCUMENTED: &[&str] = &["sha256:ac9265e5"];

/// A whole document where a key belongs, and what it means. No header can carry one.
pub(super) fn document(text: &str) -> Option<(KeyKind, &'static str)> {
    let is_json = text.starts_with('{') && !text.starts_with("{{") && text.contains('"');
    if is_json && is_of_type(text, "service_account") {
        let note = "the JSON file of a service account: it is exchanged for access tokens, and is \
                    never sent as a key";
        return Some((KeyKind::ServiceAccount, note));
    }
    if is_json && ["authorized_user", "external_account"].iter().any(|kind| is_of_type(text, kind))
    {
        let note = "a credential file of the cloud tools: it is exchanged for access tokens, and is \
                    never sent as a key";
        return Some((KeyKind::Other, note));
    }
    if is_json {
        return Some((KeyKind::Other, "a JSON document: the key is a field of it at most"));
    }
    let is_pem = text.starts_with("-----BEGIN ");
    is_pem.then_some((KeyKind::Other, "a block of PEM, such as a private key: it is never sent"))
}

/// The type also shows in a file that was cut off and no longer parses.
fn is_of_type(text: &str, kind: &str) -> bool {
    let compact: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    compact.contains(&format!("\"type\":\"{kind}\""))
}

/// The text without quotes at both ends, or without one that lost its partner.
pub(super) fn without_quotes(text: &str) -> Option<&str> {
    let opens = |letter: char| QUOTES.iter().any(|(open, _)| *open == letter);
    let closes = |letter: char| QUOTES.iter().any(|(_, close)| *close == letter);
    let start = text.strip_prefix(opens).unwrap_or(text);
    let inner = start.strip_suffix(closes).unwrap_or(start);
    (inner.len() < text.len()).then(|| inner.trim())
}

/// The text without what was copied along in front, and what that was.
pub(super) fn without_prefix(text: &str) -> Option<(&str, &'static str)> {
    // A blank variable behind the word leaves the word alone, and trimming takes its space.
    if text.eq_ignore_ascii_case("bearer") {
        return Some(("", "nothing but the word of another kind of authorization"));
    }
    for (prefix, what) in PREFIXES {
        let head = text.get(..prefix.len());
        if head.is_some_and(|head| head.eq_ignore_ascii_case(prefix)) {
            return Some((text[prefix.len()..].trim_start(), what));
        }
    }
    let (name, rest) = text.split_once('=').or_else(|| text.split_once(": "))?;
    is_variable_name(name.trim()).then(|| (rest.trim_start(), "the name of a variable"))
}

/// Whether it names a variable that holds a key: `GEMINI_API_KEY`, `$env:MY_TOKEN`.
fn is_variable_name(name: &str) -> bool {
    let name = name.strip_prefix("$env:").unwrap_or(name);
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let upper = name.to_ascii_uppercase();
    let named = ["KEY", "TOKEN", "SECRET", "GEMINI", "GOOGLE"];
    name.chars().all(is_letter) && named.iter().any(|word| upper.contains(word))
}

/// What the text is, if it is an expression that something should have replaced by its value.
pub(super) fn unexpanded(text: &str) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    let starts = |starts: &[&str]| starts.iter().any(|start| lower.starts_with(start));
    if starts(&["{{", "${{", "<%", "@@", "#{", "[["]) {
        Some("it is an expression of a template or of a CI system")
    } else if starts(&["$(", "op://", "vault:", "secret://", "arn:aws:secretsmanager"]) {
        Some("it names a place where the key is kept")
    } else if starts(&["process.env", "os.environ", "os.getenv", "env[", "import.meta.env"]) {
        Some("it is an expression of a program")
    } else if starts(&["$env:", "$"]) && text.len() > 1 {
        Some("it is a shell's expression for a variable")
    } else if is_cmd_variable(text) {
        Some("it is an expression of cmd for a variable")
    } else {
        None
    }
}

fn is_cmd_variable(text: &str) -> bool {
    let name = text.strip_prefix('%').and_then(|rest| rest.strip_suffix('%'));
    name.is_some_and(|name| !name.is_empty() && !name.contains(' '))
}

/// What the text is, if documentation, a form or a mask puts it where a key belongs.
pub(super) fn placeholder(text: &str) -> Option<&'static str> {
    let documented = DOCUMENTED.contains(&ApiKey::new(text).fingerprint().as_str());
    if documented {
        Some("it is a specimen from public documentation")
    } else if is_masked(text) {
        Some("part of it is hidden: it was copied from a place that does not show whole keys")
    } else if is_bracketed(text) || is_stand_in(text) {
        Some("it is a text that documentation uses in the place of a key")
    } else {
        None
    }
}

/// `AIza...`, `AQ.****`, `•••`: a run of signs that no key has.
fn is_masked(text: &str) -> bool {
    ["...", "…", "***", "•••", "●●●"].iter().any(|mask| text.contains(mask))
}

fn is_bracketed(text: &str) -> bool {
    (text.starts_with('<') && text.ends_with('>')) || (text.starts_with('[') && text.ends_with(']'))
}

fn is_stand_in(text: &str) -> bool {
    let is_separator = |letter: char| matches!(letter, '-' | '_' | ' ' | '.');
    let plain = text.replace(is_separator, "").to_ascii_lowercase();
    let holds = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    let asks = holds(&["your", "insert", "paste", "replace", "enter"]);
    PLACEHOLDERS.contains(&plain.as_str())
        || (asks && holds(&["key", "token"]) && plain.len() < 40)
        || is_one_letter(&plain)
        || holds(&["xxxxxx"])
}

/// `xxx`, `000000`, `AIza` with nothing but one letter behind it.
fn is_one_letter(plain: &str) -> bool {
    let body = ["aizasy", "aiza", "aq"].iter().find_map(|start| plain.strip_prefix(start));
    let body = body.unwrap_or(plain);
    let first = body.chars().next();
    body.len() >= 3 && body.chars().all(|letter| Some(letter) == first)
}

/// Whose key it looks like.
pub(super) fn other_provider(text: &str) -> Option<&'static str> {
    let (_, provider) = PROVIDERS.iter().find(|(start, _)| {
        text.strip_prefix(start).is_some_and(|rest| rest.len() >= PROVIDER_LEAST)
    })?;
    Some(provider)
}

/// What other credential of the same provider it is.
pub(super) fn other_credential(text: &str) -> Option<&'static str> {
    CREDENTIALS.iter().find(|(start, _)| text.starts_with(start)).map(|(_, what)| *what)
}

/// Three parts in base64 with points between, the first one JSON.
pub(super) fn is_jwt(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let is_base64 = |part: &&str| {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_=".contains(letter);
        !part.is_empty() && part.chars().all(plain)
    };
    text.starts_with("eyJ") && parts.len() == 3 && parts.iter().all(is_base64)
}

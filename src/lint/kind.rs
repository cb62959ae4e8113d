//! Which kind of body a text is. It must not judge one.

use super::{
    document::{Document, FaultKind, Form, Value},
    shape::{self, Message},
};

/// The kinds of bodies that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Of `:generateContent` and `:streamGenerateContent`.
    Generate,
    /// Of `:countTokens`.
    Count,
    /// Of `:embedContent`.
    Embed,
    /// Of `:batchEmbedContents`.
    EmbedBatch,
    /// Of `:batchGenerateContent`.
    Batch,
    /// A line of a file for batches.
    BatchLine,
    /// Of `chat/completions`, in the form of OpenAI's API.
    Chat,
    /// Of `embeddings`, in that form.
    ChatEmbeddings,
    /// A map of models: which one is asked first, and which ones after it.
    Routes,
    /// A schema that answers are to follow.
    Schema,
}

/// All of them, with their words.
pub const KINDS: &[(Kind, &str)] = &[
    (Kind::Generate, "generate"),
    (Kind::Count, "count"),
    (Kind::Embed, "embed"),
    (Kind::EmbedBatch, "embed-batch"),
    (Kind::Batch, "batch"),
    (Kind::BatchLine, "batch-line"),
    (Kind::Chat, "openai"),
    (Kind::ChatEmbeddings, "openai-embeddings"),
    (Kind::Routes, "routes"),
    (Kind::Schema, "schema"),
];

impl Kind {
    /// The word of it.
    pub fn word(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// The kind of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        KINDS.iter().find(|(_, own)| *own == word).map(|(kind, _)| *kind)
    }

    /// Whether it is for a model.
    pub const fn has_model(self) -> bool {
        !matches!(self, Self::Routes | Self::Schema)
    }

    /// What a body of the API's own form is made of; none of another form.
    pub fn message(self) -> Option<&'static Message> {
        match self {
            Self::Generate => Some(&shape::GENERATE),
            Self::Count => Some(&shape::COUNT),
            Self::Embed => Some(&shape::EMBED),
            Self::EmbedBatch => Some(&shape::EMBED_BATCH),
            Self::Batch => Some(&shape::BATCH),
            Self::BatchLine => Some(&shape::BATCH_LINE),
            Self::Chat | Self::ChatEmbeddings | Self::Routes | Self::Schema => None,
        }
    }

    /// The same, where it is known for which model: one that makes vectors takes content and no contents.
    pub fn of_model(root: Value<'_>, model: Option<&str>) -> Self {
        let has = |name: &'static str| field(root, name).is_some();
        let for_vectors = model.is_some_and(|model| model.contains("embedding"))
            || has("taskType")
            || has("outputDimensionality");
        match Self::of(root) {
            Self::Generate if for_vectors && has("content") && !has("contents") => Self::Embed,
            kind => kind,
        }
    }

    /// What a body looks like, by what only one kind has; one of generateContent where nothing tells.
    pub fn of(root: Value<'_>) -> Self {
        let has = |name: &'static str| field(root, name).is_some();
        let holds =
            |name: &'static str, form: Form| field(root, name).is_some_and(|it| it.kind() == form);
        match () {
            () if has("contents") => Self::Generate,
            () if holds("messages", Form::List) => Self::Chat,
            () if has("generateContentRequest") => Self::Count,
            () if holds("batch", Form::Object) => Self::Batch,
            () if holds("request", Form::Object) => Self::BatchLine,
            () if has("custom_id") && holds("body", Form::Object) => Self::BatchLine,
            () if holds("requests", Form::List) => Self::EmbedBatch,
            () if holds("content", Form::Object) => Self::Embed,
            () if has("input") && has("model") => Self::ChatEmbeddings,
            () if has("primary") || has("routes") || is_map_of_routes(root) => Self::Routes,
            () if has("$schema")
                || has("$defs")
                || (has("type") && !has("contents"))
                || has("anyOf") =>
            {
                Self::Schema
            }
            () => Self::Generate,
        }
    }
}

/// What a body of another call of these services looks like, by what only it has; none where it may be one that is judged.
pub fn other(root: Value<'_>) -> Option<&'static str> {
    let has = |name: &'static str| field(root, name).is_some();
    let holds =
        |name: &'static str, form: Form| field(root, name).is_some_and(|it| it.kind() == form);
    let of_live = ["setup", "clientContent", "realtimeInput", "toolResponse"];
    let of_interactions = [
        "agent",
        "previousInteractionId",
        "generationConfig",
        "systemInstruction",
        "background",
        "responseModalities",
    ];
    match () {
        () if Kind::of(root) == Kind::Routes => None,
        () if has("contents") => {
            let lasts = has("ttl") || has("expireTime");
            lasts.then_some("it is a body of /cachedContents")
        }
        () if holds("messages", Form::List) => None,
        () if of_live.into_iter().any(|name| holds(name, Form::Object)) => {
            Some("it is a message of the Live API")
        }
        () if holds("instances", Form::List) => Some("it is a body of :predict"),
        () if holds("candidates", Form::List) || holds("choices", Form::List) || is_error(root) => {
            Some("it is an answer of the API, which gemini-doctor explain --file reads")
        }
        () if has("input") && of_interactions.into_iter().any(has) => {
            Some("it is a body of /interactions")
        }
        () if has("input") && (has("instructions") || has("previous_response_id")) => {
            Some("it is a body of OpenAI's /responses")
        }
        () if has("input") && is_for_a_talk(root) => {
            Some("it is a body of /interactions, or of OpenAI's /responses")
        }
        () => None,
    }
}

/// Whether it is what an API answers in place of doing anything.
fn is_error(root: Value<'_>) -> bool {
    let is_lone = root.members().nth(1).is_none();
    let inner = field(root, "error").filter(|_| is_lone);
    inner.is_some_and(|error| field(error, "code").is_some() && field(error, "message").is_some())
}

/// Lines that programs and pages have, and no body.
const OF_PROGRAMS: &[&str] = &[
    "import ", "from ", "const ", "let ", "var ", "def ", "func ", "package ", "#!", "```", "<?php",
];
/// So many lines tell.
const FIRST_LINES: usize = 200;

/// Whether a text is a program, or a page with one in it. A body, also one with faults, begins with a bracket.
pub fn is_program(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let is_of_one = |line: &str| {
        let line = line.trim_start();
        OF_PROGRAMS.iter().any(|word| line.starts_with(word))
    };
    !text.starts_with(['{', '[']) && text.lines().take(FIRST_LINES).any(is_of_one)
}

/// Whether a body with an input asks for an answer and not for vectors: by its model, or by what vectors have no use for.
fn is_for_a_talk(root: Value<'_>) -> bool {
    let has = |name: &'static str| field(root, name).is_some();
    if has("dimensions") || has("encoding_format") {
        return false;
    }
    let model = field(root, "model").and_then(Value::text);
    let is_of_another = model.is_some_and(|model| !model.contains("embed"));
    is_of_another || has("tools") || has("stream")
}

/// Whether a text looks like one of a kind that is no request, or of which a file may hold one.
pub fn looks_like(kind: Kind, text: &str) -> bool {
    let document = Document::read(text);
    let root = document.root().filter(|root| root.kind() == Form::Object);
    root.is_some_and(|root| {
        Kind::of(root) == kind && (kind != Kind::Generate || field(root, "contents").is_some())
    })
}

/// Whether a text looks like a body of a request at all, for whoever comes across one.
pub fn looks_like_a_body(text: &str) -> bool {
    let document = Document::read(text);
    let Some(root) = document.root().filter(|root| root.kind() == Form::Object) else {
        return false;
    };
    if other(root).is_some() {
        return true;
    }
    let is_broken = document.faults().iter().any(|fault| fault.kind != FaultKind::DuplicateKey);
    if is_broken && has_names_of_a_request(text) {
        return true;
    }
    match Kind::of(root) {
        Kind::Generate => field(root, "contents").is_some() || is_nearly_a_request(root),
        Kind::Schema | Kind::Routes | Kind::ChatEmbeddings => false,
        _ => true,
    }
}

/// Whether a text that is no JSON speaks of what only requests have.
fn has_names_of_a_request(text: &str) -> bool {
    let has = |name: &str| text.contains(name);
    has("generationConfig")
        || has("generation_config")
        || (has("contents") && (has("parts") || has("text")))
}

/// Whether an object without contents has another field of a request, or turns under a name that is nearly the right one.
fn is_nearly_a_request(root: Value<'_>) -> bool {
    let own = ["generationConfig", "systemInstruction", "safetySettings"];
    let are_turns = |member: Value<'_>| {
        member.kind() == Form::List
            && member.items().any(|item| field(item, "parts").is_some())
            && member.name().is_some_and(is_nearly_contents)
    };
    own.into_iter().any(|name| field(root, name).is_some()) || root.members().any(are_turns)
}

/// `content`, `Contents`, `contnets`: the beginning, and the letters with at most one more or less.
fn is_nearly_contents(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("con") && (7..=9).contains(&name.len())
}

fn is_map_of_routes(root: Value<'_>) -> bool {
    let mut routes = root.children().filter(|child| child.kind() == Form::Object).peekable();
    routes.peek().is_some() && routes.all(|route| field(route, "primary").is_some())
}

/// The member of a name, in either spelling that the service takes; the last where it stands there twice, and none where it is
/// `null`, which means the same as nothing.
pub fn field<'d>(object: Value<'d>, name: &str) -> Option<Value<'d>> {
    let own = |member: &Value<'d>| {
        member.is_called(name) || member.name().is_some_and(|key| shape::is_snake_of(key, name))
    };
    object.members().filter(own).last().filter(|value| value.kind() != Form::Null)
}

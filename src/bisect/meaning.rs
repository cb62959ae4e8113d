//! What the parts of a body are to the API: which message stands where, what holds parts together, and what can stand
//! in the place of one that is cut. It knows shapes and no rules: what is allowed is for the service to say.

use super::tree::{Id, Tree, is};

/// The message that a value is, or that the items of a list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Request,
    Content,
    /// Content that is no turn.
    Instruction,
    Part,
    Blob,
    File,
    Call,
    Response,
    Tool,
    Declaration,
    ToolConfig,
    CallingConfig,
    Generation,
    Schema,
    /// Names, and a schema for each.
    Schemas,
    Safety,
    /// A message of a chat body.
    Chat,
    /// Data of the caller's own, in which no name means anything.
    Data,
    /// Anything else.
    Other,
}

/// What is where: the message around, a member's name, and the message there.
const PLACES: &[(Meaning, &str, Meaning)] = &[
    (Meaning::Request, "contents", Meaning::Content),
    (Meaning::Request, "systemInstruction", Meaning::Instruction),
    (Meaning::Request, "tools", Meaning::Tool),
    (Meaning::Request, "toolConfig", Meaning::ToolConfig),
    (Meaning::Request, "generationConfig", Meaning::Generation),
    (Meaning::Request, "safetySettings", Meaning::Safety),
    (Meaning::Request, "messages", Meaning::Chat),
    (Meaning::Request, "generateContentRequest", Meaning::Request),
    (Meaning::Request, "request", Meaning::Request),
    (Meaning::Content, "parts", Meaning::Part),
    (Meaning::Instruction, "parts", Meaning::Part),
    (Meaning::Part, "inlineData", Meaning::Blob),
    (Meaning::Part, "fileData", Meaning::File),
    (Meaning::Part, "functionCall", Meaning::Call),
    (Meaning::Part, "functionResponse", Meaning::Response),
    (Meaning::Call, "args", Meaning::Data),
    (Meaning::Response, "response", Meaning::Data),
    (Meaning::Tool, "functionDeclarations", Meaning::Declaration),
    (Meaning::Tool, "function", Meaning::Declaration),
    (Meaning::Declaration, "parameters", Meaning::Schema),
    (Meaning::Declaration, "parametersJsonSchema", Meaning::Schema),
    (Meaning::Declaration, "response", Meaning::Schema),
    (Meaning::Declaration, "responseJsonSchema", Meaning::Schema),
    (Meaning::ToolConfig, "functionCallingConfig", Meaning::CallingConfig),
    (Meaning::Generation, "responseSchema", Meaning::Schema),
    (Meaning::Generation, "responseJsonSchema", Meaning::Schema),
    (Meaning::Schema, "properties", Meaning::Schemas),
    (Meaning::Schema, "$defs", Meaning::Schemas),
    (Meaning::Schema, "defs", Meaning::Schemas),
    (Meaning::Schema, "definitions", Meaning::Schemas),
    (Meaning::Schema, "patternProperties", Meaning::Schemas),
    (Meaning::Schema, "items", Meaning::Schema),
    (Meaning::Schema, "prefixItems", Meaning::Schema),
    (Meaning::Schema, "additionalProperties", Meaning::Schema),
    (Meaning::Schema, "anyOf", Meaning::Schema),
    (Meaning::Schema, "oneOf", Meaning::Schema),
    (Meaning::Schema, "allOf", Meaning::Schema),
    (Meaning::Schema, "not", Meaning::Schema),
    (Meaning::Schema, "example", Meaning::Data),
    (Meaning::Schema, "default", Meaning::Data),
];

/// The members that a part is about; each part has one of them.
const OF_A_PART: &[&str] = &[
    "text",
    "inlineData",
    "fileData",
    "functionCall",
    "functionResponse",
    "executableCode",
    "codeExecutionResult",
    "toolCall",
    "toolResponse",
];

const TYPES: &[&str] =
    &["STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL", "TYPE_UNSPECIFIED"];
const CATEGORIES: &[&str] = &[
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
];
const THRESHOLDS: &[&str] =
    &["BLOCK_LOW_AND_ABOVE", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_ONLY_HIGH", "BLOCK_NONE", "OFF"];
const MODES: &[&str] = &["AUTO", "ANY", "NONE", "VALIDATED"];
const ROLES: &[&str] = &["user", "model", "function"];
const CHAT_ROLES: &[&str] = &["system", "developer", "user", "assistant", "tool"];

/// A picture of one pixel.
const PICTURE: &str = "\"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==\"";

/// What becomes of a value when it is cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bond {
    /// It is left out.
    Loose,
    /// It goes where its parent goes: what holds a message together, in words that are known to be good.
    Attached,
    /// This stands in its place.
    Stand(String),
}

/// What each value is.
pub(super) fn meanings(tree: &Tree) -> Vec<Meaning> {
    let mut meanings = vec![Meaning::Request];
    for id in 1..tree.len() {
        let around = meanings[tree.node(id).parent];
        meanings.push(match tree.name(id) {
            None => around,
            Some(name) => there(around, name),
        });
    }
    meanings
}

fn there(around: Meaning, name: &str) -> Meaning {
    match around {
        Meaning::Schemas => return Meaning::Schema,
        Meaning::Data => return Meaning::Data,
        _ => {}
    }
    PLACES
        .iter()
        .find(|(message, member, _)| *message == around && is(name, member))
        .map_or(Meaning::Other, |(_, _, meaning)| *meaning)
}

/// What becomes of a value when it is cut.
pub(super) fn bond(tree: &Tree, meanings: &[Meaning], pairs: &Pairs, id: Id) -> Bond {
    let Some(name) = tree.name(id) else { return Bond::Loose };
    let parent = tree.node(id).parent;
    match bond_of_member(tree, meanings, pairs, (parent, id, name)) {
        Bond::Loose => Bond::Loose,
        // The second of two that have one name is what is wrong, if anything is.
        _ if tree.children(parent).find(|child| same_name(tree, *child, id)) != Some(id) => {
            Bond::Loose
        }
        bond => bond,
    }
}

fn bond_of_member(
    tree: &Tree,
    meanings: &[Meaning],
    pairs: &Pairs,
    (parent, id, name): (Id, Id, &str),
) -> Bond {
    let words = tree.words(id);
    let known = |all: &[&str]| words.as_deref().is_some_and(|own| all.contains(&own));
    let good = |is_good: bool, stand: &str| match is_good {
        true => Bond::Attached,
        false => Bond::Stand(format!("\"{stand}\"")),
    };
    let is = |camel: &str| is(name, camel);
    match meanings[parent] {
        Meaning::Request if name == "model" => Bond::Attached,
        Meaning::Request if is("contents") && has_items(tree, id) => Bond::Stand(turns()),
        Meaning::Request if name == "messages" && has_items(tree, id) => Bond::Stand(messages()),
        Meaning::Content if is("role") => good(known(ROLES), role_there(tree, parent)),
        Meaning::Content | Meaning::Instruction if is("parts") && has_items(tree, id) => {
            Bond::Stand(parts())
        }
        Meaning::Chat if is("role") => good(known(CHAT_ROLES), "user"),
        Meaning::Chat if is("content") => Bond::Stand("\"x\"".to_owned()),
        Meaning::Part if is("thoughtSignature") => {
            Bond::Stand("\"skip_thought_signature_validator\"".to_owned())
        }
        Meaning::Blob if is("mimeType") => Bond::Stand("\"image/png\"".to_owned()),
        Meaning::Blob if is("data") => Bond::Stand(PICTURE.to_owned()),
        Meaning::Call if is("name") => good(words.as_deref().is_some_and(is_function), "f"),
        Meaning::Call if is("id") && words.is_some() => Bond::Attached,
        Meaning::Response if is("name") || is("id") => answering(tree, pairs, id, name),
        Meaning::Response if is("response") => Bond::Stand("{}".to_owned()),
        Meaning::Declaration if is("name") => good(words.as_deref().is_some_and(is_function), "f"),
        Meaning::Declaration if is("description") => Bond::Stand("\"x\"".to_owned()),
        Meaning::CallingConfig if is("mode") => good(known(MODES), mode_there(tree, parent)),
        Meaning::Safety if is("category") => good(known(CATEGORIES), category_there(tree, parent)),
        Meaning::Safety if is("threshold") => good(known(THRESHOLDS), "BLOCK_NONE"),
        Meaning::Schema => of_schema(tree, parent, id, name),
        _ => Bond::Loose,
    }
}

fn same_name(tree: &Tree, one: Id, other: Id) -> bool {
    let plain = |id| tree.name(id).map(|name| name.replace('_', "").to_ascii_lowercase());
    plain(one) == plain(other)
}

fn of_schema(tree: &Tree, schema: Id, id: Id, name: &str) -> Bond {
    let kind = kind_of(tree, schema);
    let any = |wanted: &str| kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case(wanted));
    match name {
        "type" if kind.as_deref().is_some_and(is_type) => Bond::Attached,
        "type" => Bond::Stand(format!("\"{}\"", type_there(tree, schema))),
        "items" if any("ARRAY") => Bond::Stand(schema_like(tree, schema)),
        "properties" if any("OBJECT") && tree.children(id).next().is_some() => {
            Bond::Stand(properties_like(tree, schema))
        }
        _ => Bond::Loose,
    }
}

fn kind_of(tree: &Tree, schema: Id) -> Option<String> {
    tree.member(schema, "type").and_then(|id| tree.words(id))
}

fn is_type(word: &str) -> bool {
    TYPES.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Functions that are named must be called.
fn mode_there(tree: &Tree, config: Id) -> &'static str {
    if tree.member(config, "allowedFunctionNames").is_some() { "ANY" } else { "AUTO" }
}

/// A category that no other setting has.
fn category_there(tree: &Tree, setting: Id) -> &'static str {
    let list = tree.node(setting).parent;
    let others = tree.children(list).filter_map(|other| tree.member(other, "category"));
    let taken: Vec<String> = others.filter_map(|id| tree.words(id)).collect();
    let is_free = |category: &&&str| !taken.iter().any(|other| other == **category);
    CATEGORIES.iter().find(is_free).unwrap_or(&CATEGORIES[0])
}

/// The type that what stands beside it asks for.
fn type_there(tree: &Tree, schema: Id) -> &'static str {
    match () {
        () if tree.member(schema, "properties").is_some() => "OBJECT",
        () if tree.member(schema, "items").is_some() => "ARRAY",
        () => "STRING",
    }
}

/// The smallest schema, with its type in the case that the one around it has.
fn schema_like(tree: &Tree, schema: Id) -> String {
    let is_lower =
        kind_of(tree, schema).is_some_and(|kind| kind.chars().all(|letter| letter.is_lowercase()));
    let word = if is_lower { "string" } else { "STRING" };
    format!("{{\"type\":\"{word}\"}}")
}

fn properties_like(tree: &Tree, schema: Id) -> String {
    format!("{{\"x\":{}}}", schema_like(tree, schema))
}

fn is_function(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
    let starts = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    starts && name.len() <= 64 && name.bytes().all(allowed)
}

/// The role that keeps turns alternating.
fn role_there(tree: &Tree, turn: Id) -> &'static str {
    let list = tree.node(turn).parent;
    let before = tree.children(list).take_while(|other| *other < turn).last();
    let role = before.and_then(|before| role(tree, before));
    let answers = tree.member(turn, "parts").is_some_and(|parts| {
        tree.children(parts).any(|part| tree.member(part, "functionResponse").is_some())
    });
    match role.as_deref() {
        Some("user") if !answers => "model",
        _ => "user",
    }
}

/// The role of a turn.
pub(super) fn role(tree: &Tree, turn: Id) -> Option<String> {
    tree.member(turn, "role").and_then(|id| tree.words(id))
}

/// A response goes by the name and the id of its call.
fn answering(tree: &Tree, pairs: &Pairs, id: Id, name: &str) -> Bond {
    let part = tree.node(tree.node(id).parent).parent;
    let call = pairs.of(part).and_then(|call| tree.member(call, "functionCall"));
    let wanted = call.and_then(|call| tree.member(call, name)).and_then(|id| tree.raw(id));
    match wanted {
        Some(wanted) if tree.raw(id) == Some(wanted) => Bond::Attached,
        Some(wanted) => Bond::Stand(wanted.to_owned()),
        None => Bond::Loose,
    }
}

fn has_items(tree: &Tree, id: Id) -> bool {
    tree.children(id).next().is_some()
}

/// Parts that go together: a call and its response.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs(Vec<(Id, Id)>);

impl Pairs {
    /// The calls of each turn and the responses of the next one, in their order.
    pub(super) fn of_tree(tree: &Tree, meanings: &[Meaning]) -> Self {
        let mut pairs = Vec::new();
        let lists = (0..tree.len()).filter(|id| {
            meanings[*id] == Meaning::Content
                && tree.is_list(*id)
                && tree.name(*id).is_some_and(|name| name == "contents")
        });
        for list in lists {
            let turns: Vec<Id> = tree.children(list).collect();
            for two in turns.windows(2) {
                let calls = parts_with(tree, two[0], "functionCall");
                let responses = parts_with(tree, two[1], "functionResponse");
                pairs.extend(calls.into_iter().zip(responses));
            }
        }
        Self(pairs)
    }

    /// The part that goes with one.
    pub(super) fn of(&self, part: Id) -> Option<Id> {
        self.0.iter().find_map(|(call, response)| match part {
            _ if part == *call => Some(*response),
            _ if part == *response => Some(*call),
            _ => None,
        })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Id, Id)> + '_ {
        self.0.iter().copied()
    }
}

fn parts_with(tree: &Tree, turn: Id, member: &str) -> Vec<Id> {
    let parts = tree.member(turn, "parts");
    let all = parts.into_iter().flat_map(|parts| tree.children(parts));
    all.filter(|part| tree.member(*part, member).is_some()).collect()
}

/// Whether a member is what a part is about.
pub(super) fn is_data_of_part(name: &str) -> bool {
    OF_A_PART.iter().any(|camel| is(name, camel))
}

/// Whether the items of a list are names of what stands elsewhere: they go when that goes.
pub(super) fn holds_names(around: Meaning, name: &str) -> bool {
    match around {
        Meaning::Schema => is(name, "required") || is(name, "propertyOrdering"),
        Meaning::CallingConfig => is(name, "allowedFunctionNames"),
        _ => false,
    }
}

/// What stands in a list that lost all of its items, where it may not be empty.
pub(super) fn item_like(tree: &Tree, meaning: Meaning, list: Id) -> Option<String> {
    let first = tree.children(list).next()?;
    match meaning {
        Meaning::Content => Some(turn("user")),
        Meaning::Part => Some(text_part()),
        Meaning::Declaration => Some(declaration()),
        Meaning::Chat => Some(message()),
        Meaning::Schema => Some(schema_like(tree, first)),
        _ if tree.name(list).is_some_and(|name| is(name, "responseModalities")) => {
            Some("\"TEXT\"".to_owned())
        }
        _ => tree.raw(first).map(scalar_like),
    }
}

/// What stands in an object that lost all of its members, where it may not be empty.
pub(super) fn member_like(tree: &Tree, meaning: Meaning, object: Id) -> Option<(String, String)> {
    let first = tree.children(object).next()?;
    match meaning {
        Meaning::Schemas => Some(("\"x\"".to_owned(), schema_like(tree, first))),
        _ => None,
    }
}

fn scalar_like(raw: &str) -> String {
    match raw.as_bytes().first() {
        Some(b'"') => "\"x\"",
        Some(b't' | b'f') => "true",
        Some(b'n') => "null",
        _ => "1",
    }
    .to_owned()
}

pub(super) fn turn(role: &str) -> String {
    format!("{{\"role\":\"{role}\",\"parts\":{}}}", parts())
}

pub(super) fn text_part() -> String {
    "{\"text\":\"x\"}".to_owned()
}

pub(super) fn tools() -> String {
    format!("[{{\"functionDeclarations\":[{}]}}]", declaration())
}

fn declaration() -> String {
    "{\"name\":\"f\",\"description\":\"x\"}".to_owned()
}

fn turns() -> String {
    format!("[{}]", turn("user"))
}

fn parts() -> String {
    format!("[{}]", text_part())
}

fn messages() -> String {
    format!("[{}]", message())
}

fn message() -> String {
    "{\"role\":\"user\",\"content\":\"x\"}".to_owned()
}

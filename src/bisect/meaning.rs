//! What the parts of a body are to the API: which message stands where, what holds parts together, and what can stand
//! in the place of one that is cut. It knows shapes and no rules: what is allowed is for the service to say.

use std::collections::HashMap;

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
    (Meaning::Response, "parts", Meaning::Part),
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

/// Members that a message cannot do without. Where one is misspelt and goes, another stands in its place, since it would
/// be missing then.
const REQUIRED: &[(Meaning, &[&str])] = &[
    (Meaning::Request, &["contents"]),
    (Meaning::Content, &["parts"]),
    (Meaning::Instruction, &["parts"]),
    (Meaning::Blob, &["mimeType", "data"]),
    (Meaning::Call, &["name"]),
    (Meaning::Response, &["name", "response"]),
    (Meaning::Declaration, &["name", "description"]),
    (Meaning::Schema, &["type", "items", "properties"]),
    (Meaning::Safety, &["category", "threshold"]),
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
    let of_message = || PLACES.iter().filter(|(message, ..)| *message == around);
    let exact = of_message().find(|(_, member, _)| is(name, member));
    let place = exact.or_else(|| of_message().find(|(_, member, _)| is_misspelt(name, member)));
    place.map_or(Meaning::Other, |(_, _, meaning)| *meaning)
}

/// Whether a name is one of the API's, or was meant to be.
fn is_like(name: &str, camel: &str) -> bool {
    is(name, camel) || is_misspelt(name, camel)
}

/// Whether a name differs from one of the API's by its case, its marks, or a letter or two.
fn is_misspelt(name: &str, camel: &str) -> bool {
    let plain = |name: &str| -> Vec<u8> {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let (own, wanted) = (plain(name), plain(camel));
    let most = if wanted.len() < 6 { 1 } else { 2 };
    !is(name, camel) && own.len().abs_diff(wanted.len()) <= most && distance(&own, &wanted) <= most
}

/// How many letters have to be changed, added or left out.
fn distance(one: &[u8], other: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.iter().enumerate() {
        let mut before = std::mem::replace(&mut row[0], at + 1);
        for (place, wanted) in other.iter().enumerate() {
            let same = before + usize::from(letter != wanted);
            before = row[place + 1];
            row[place + 1] = same.min(before + 1).min(row[place] + 1);
        }
    }
    row[other.len()]
}

/// What stands for members that a message cannot do without, where they are misspelt and were cut: their names and
/// their values.
pub(super) fn stands_for_misspelt(
    tree: &Tree,
    meaning: Meaning,
    object: Id,
    pairs: &Pairs,
    is_kept: impl Fn(Id) -> bool,
) -> Vec<(String, String)> {
    let required = REQUIRED.iter().find(|(message, _)| *message == meaning);
    let names = required.iter().flat_map(|(_, names)| names.iter());
    let is_lacking = |camel: &&&str| {
        let was_meant = |child: Id| tree.name(child).is_some_and(|name| is_misspelt(name, camel));
        tree.member(object, camel).is_none()
            && tree.children(object).any(|child| !is_kept(child) && was_meant(child))
    };
    names
        .filter(is_lacking)
        .filter_map(|camel| {
            Some((format!("\"{camel}\""), required_like(tree, (meaning, object), pairs, camel)?))
        })
        .collect()
}

fn required_like(
    tree: &Tree,
    (meaning, object): (Meaning, Id),
    pairs: &Pairs,
    camel: &str,
) -> Option<String> {
    let any =
        |wanted: &str| kind_of(tree, object).is_some_and(|kind| kind.eq_ignore_ascii_case(wanted));
    Some(match (meaning, camel) {
        (Meaning::Request, _) => turns(),
        (_, "parts") => parts(),
        (_, "mimeType") => "\"image/png\"".to_owned(),
        (_, "data") => PICTURE.to_owned(),
        (Meaning::Response, "name") => {
            let part = tree.node(object).parent;
            let call = pairs.of(part).and_then(|call| member_like_name(tree, call, "functionCall"));
            call.and_then(|call| tree.member(call, "name")).and_then(|id| tree.raw(id))?.to_owned()
        }
        (_, "name") => "\"f\"".to_owned(),
        (_, "response") => "{}".to_owned(),
        (_, "description") => "\"x\"".to_owned(),
        (_, "type") => format!("\"{}\"", type_there(tree, object)),
        (_, "items") if any("ARRAY") => schema_like(tree, object),
        (_, "properties") if any("OBJECT") => properties_like(tree, object),
        (_, "category") => format!("\"{}\"", category_there(tree, object)),
        (_, "threshold") => "\"BLOCK_NONE\"".to_owned(),
        _ => return None,
    })
}

/// The member of that name, or the one that was meant to be it.
pub(super) fn member_like_name(tree: &Tree, object: Id, camel: &str) -> Option<Id> {
    let meant = |child: &Id| tree.name(*child).is_some_and(|name| is_misspelt(name, camel));
    tree.member(object, camel).or_else(|| tree.children(object).find(meant))
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
        Meaning::Request if is("contents") => Bond::Stand(turns()),
        Meaning::Request if name == "messages" => Bond::Stand(messages()),
        Meaning::Content if is("role") => good(known(ROLES), role_there(tree, parent)),
        Meaning::Content | Meaning::Instruction if is("parts") => Bond::Stand(parts()),
        Meaning::Chat if is("role") => good(known(CHAT_ROLES), "user"),
        Meaning::Chat if is("content") => Bond::Stand("\"x\"".to_owned()),
        Meaning::Part if is("thoughtSignature") => Bond::Stand(UNSIGNED.to_owned()),
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
        Meaning::Schema => of_schema(tree, parent, name),
        _ => Bond::Loose,
    }
}

fn same_name(tree: &Tree, one: Id, other: Id) -> bool {
    let plain = |id| tree.name(id).map(|name| name.replace('_', "").to_ascii_lowercase());
    plain(one) == plain(other)
}

fn of_schema(tree: &Tree, schema: Id, name: &str) -> Bond {
    let kind = kind_of(tree, schema);
    let any = |wanted: &str| kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case(wanted));
    match name {
        "type" if kind.as_deref().is_some_and(is_type) => Bond::Attached,
        "type" => Bond::Stand(format!("\"{}\"", type_there(tree, schema))),
        "items" if any("ARRAY") => Bond::Stand(schema_like(tree, schema)),
        "properties" if any("OBJECT") => Bond::Stand(properties_like(tree, schema)),
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
        None if tree.words(id).is_some_and(|words| is_function(&words)) => Bond::Attached,
        None => Bond::Loose,
    }
}

/// What stands for a call that is gone, for the sake of its response, or the other way round.
pub(super) fn partner_like(tree: &Tree, part: Id, partner: Id) -> Option<String> {
    let data = ["functionCall", "functionResponse"];
    // What a call is known by is its own: a response that goes by another name is to be seen beside it.
    let is_call = member_like_name(tree, part, "functionCall").is_some();
    let of = |part: Id| data.iter().find_map(|data| member_like_name(tree, part, data));
    let told = |other: Option<Id>, name: &str| {
        let raw = tree.member(other?, name).and_then(|id| tree.raw(id));
        raw.filter(|raw| raw.starts_with('"') && raw.len() > 2)
    };
    let known = |name: &str| {
        let raw = match is_call {
            true => told(of(part), name).or_else(|| told(of(partner), name)),
            false => told(of(partner), name).or_else(|| told(of(part), name)),
        };
        raw.map(|raw| format!("\"{name}\":{raw},"))
    };
    let name = known("name").unwrap_or_else(|| "\"name\":\"f\",".to_owned());
    let id = known("id").unwrap_or_default();
    if !is_call {
        return Some(format!("{{\"functionResponse\":{{{name}{id}\"response\":{{}}}}}}"));
    }
    let signature = match is_first_call(tree, part) {
        true => format!(",\"thoughtSignature\":{UNSIGNED}"),
        false => String::new(),
    };
    Some(format!("{{\"functionCall\":{{{name}{id}\"args\":{{}}}}{signature}}}"))
}

/// The first call of a turn is signed, or says so that it is not on purpose.
pub(super) const UNSIGNED: &str = "\"skip_thought_signature_validator\"";

/// Whether a part is the first call of its turn.
pub(super) fn is_first_call(tree: &Tree, part: Id) -> bool {
    let parts = tree.node(part).parent;
    let is_call = |part: &Id| member_like_name(tree, *part, "functionCall").is_some();
    tree.children(parts).find(is_call) == Some(part)
}

/// The turns behind that of a part in which the user says something, and not only what functions returned.
pub(super) fn words_behind(tree: &Tree, part: Id) -> impl Iterator<Item = Id> + '_ {
    let turn = tree.node(tree.node(part).parent).parent;
    let list = tree.node(turn).parent;
    let says = |turn: &Id| {
        role(tree, *turn).as_deref() != Some("model")
            && parts_with(tree, *turn, "functionResponse").is_empty()
    };
    tree.children(list).filter(move |other| *other > turn).filter(says)
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
}

fn parts_with(tree: &Tree, turn: Id, member: &str) -> Vec<Id> {
    let parts = tree.member(turn, "parts");
    let all = parts.into_iter().flat_map(|parts| tree.children(parts));
    all.filter(|part| member_like_name(tree, *part, member).is_some()).collect()
}

/// Whether a member is what a part is about.
pub(super) fn is_data_of_part(name: &str) -> bool {
    OF_A_PART.iter().any(|camel| is_like(name, camel))
}

/// Whether the items of a list are names of what stands elsewhere: they go when that goes.
pub(super) fn holds_names(around: Meaning, name: &str) -> bool {
    match around {
        Meaning::Schema => is(name, "required") || is(name, "propertyOrdering"),
        Meaning::CallingConfig => is(name, "allowedFunctionNames"),
        _ => false,
    }
}

/// What names in lists stand for: each with the place of its name.
#[derive(Clone, Debug, Default)]
pub(super) struct Named(Vec<(Id, Id)>);

impl Named {
    /// Properties that are required or put in order, and functions that may be called.
    pub(super) fn of_tree(tree: &Tree, meanings: &[Meaning]) -> Self {
        let mut functions: HashMap<String, Id> = HashMap::new();
        let mut lists = Vec::new();
        for id in 1..tree.len() {
            let around = meanings[tree.node(id).parent];
            if around == Meaning::Declaration
                && tree.name(id) == Some("name")
                && let Some(words) = tree.words(id)
            {
                functions.entry(words).or_insert(id);
            }
            if tree.is_list(id) && tree.name(id).is_some_and(|name| holds_names(around, name)) {
                lists.push(id);
            }
        }
        let mut named = Vec::new();
        for list in lists {
            let properties = match meanings[tree.node(list).parent] {
                Meaning::Schema => Some(properties(tree, tree.node(list).parent)),
                _ => None,
            };
            let of_list = properties.as_ref().unwrap_or(&functions);
            let item = |item: Id| Some((item, *of_list.get(&tree.words(item)?)?));
            named.extend(tree.children(list).filter_map(item));
        }
        Self(named)
    }

    /// Each name with what it stands for: a property, or the name of a function.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Id, Id)> + '_ {
        self.0.iter().copied()
    }

    /// What a name stands for. The names stand in the order of the text.
    pub(super) fn of(&self, item: Id) -> Option<Id> {
        self.0.iter().find(|(name, _)| *name == item).map(|(_, named)| *named)
    }
}

fn properties(tree: &Tree, schema: Id) -> HashMap<String, Id> {
    let all = tree.member(schema, "properties").into_iter().flat_map(|id| tree.children(id));
    all.filter_map(|id| Some((tree.name(id)?.to_owned(), id))).collect()
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

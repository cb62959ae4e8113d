//! Reads one `.env` file: entries with their lines, and what does not parse beside them. Sets no
//! variable, looks in no other directory, and never shows a value.

use std::path::{Path, PathBuf};

use super::{
    World,
    decode::{self, Encoding},
    key::KEY_VARIABLES,
    origin::Origin,
    variables::{self, Group},
};
use crate::{
    error::UserError,
    facts::{LocalFact, looks_like_key},
};

/// Far beyond any real `.env`, and small enough to be read without care.
const LIMIT: u64 = 1024 * 1024;
/// How many lines a quoted value may span: a private key in PEM has about 30.
const LONGEST_VALUE: usize = 200;
/// Stands for a `$` that is to be expanded while the parser works. No character of any text.
const EXPANDED: char = '\u{FDD0}';

/// Variables that steer requests, besides those of proxies and certificates.
const STEERING: [&str; 8] = [
    "GEMINI_DOCTOR_CONFIG",
    "GOOGLE_GEMINI_BASE_URL",
    "GOOGLE_VERTEX_BASE_URL",
    "GOOGLE_GENAI_USE_VERTEXAI",
    "GOOGLE_GENAI_USE_ENTERPRISE",
    "NODE_EXTRA_CA_CERTS",
    "NODE_TLS_REJECT_UNAUTHORIZED",
    "REQUESTS_CA_BUNDLE",
];

/// What a `.env` file holds.
#[derive(Clone, Debug, Default)]
pub struct Dotenv {
    /// The file, if there is one.
    pub path: Option<PathBuf>,
    /// How it is called in messages: `.env`.
    pub name: String,
    /// Its assignments, in order.
    pub entries: Vec<Entry>,
    /// The lines that do not parse.
    pub malformed: Vec<Malformed>,
    /// What else is worth saying about it.
    pub notes: Vec<String>,
}

/// One assignment.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The line it starts on, from 1.
    pub line: usize,
    /// The variable.
    pub name: String,
    /// Its value, without quotes.
    pub value: String,
}

/// A line that is no assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it; never what it holds.
    pub what: String,
}

impl Dotenv {
    /// Reads the named file, or `.env` in the current directory. Only a named file must be there.
    pub fn find(named: Option<&Path>, world: &World) -> Result<Self, UserError> {
        let file = named.unwrap_or(Path::new(".env"));
        let (name, path) = (file.display().to_string(), world.path(file));
        match decode::read_text(&path, LIMIT) {
            Ok(decoded) => Ok(Self::parse(&name, path, &decoded, world)),
            Err(what) if named.is_some() => Err(UserError::usage(
                format!("could not read the file of --env-file, {name}: {what}"),
                "name a text file of lines such as GEMINI_API_KEY=...",
            )),
            Err(_) if path.symlink_metadata().is_err() => Ok(Self { name, ..Self::default() }),
            Err(what) => Ok(Self::unusable(name, &what)),
        }
    }

    /// The last assignment of a variable, which is the one that counts.
    pub fn last(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.name == name)
    }

    /// Whether a key stands in it, under whatever name.
    pub fn holds_key(&self) -> bool {
        let is_key = |entry: &Entry| {
            let is_named = KEY_VARIABLES.contains(&entry.name.as_str());
            (is_named && !entry.value.trim().is_empty()) || looks_like_key(&entry.value)
        };
        self.entries.iter().any(is_key)
    }

    /// What is to be reported about it.
    pub fn facts(&self) -> Vec<(LocalFact, String)> {
        let malformed = self.malformed.iter().map(|Malformed { line, what }| {
            (LocalFact::DotenvMalformed, format!("{}:{line}: {what}", self.name))
        });
        let settings = self.entries.iter().filter(|entry| is_reported(entry)).map(|entry| {
            let Entry { line, name, .. } = entry;
            let detail = format!("{}:{line} sets {name}; reported, not obeyed", self.name);
            (LocalFact::DotenvSetting, detail)
        });
        malformed.chain(settings).collect()
    }

    fn parse(name: &str, path: PathBuf, decoded: &decode::Decoded, world: &World) -> Self {
        let mut notes = Vec::new();
        if decoded.encoding == Encoding::Utf16 {
            notes.push(format!(
                "{name} is UTF-16, which PowerShell's > writes and most tools cannot read; \
                 save it as UTF-8"
            ));
        }
        let (entries, malformed) = parse(&decoded.text, world);
        Self { path: Some(path), name: name.to_owned(), entries, malformed, notes }
    }

    fn unusable(name: String, what: &str) -> Self {
        let notes = vec![format!("{name} was not read: {what}")];
        Self { name, notes, ..Self::default() }
    }
}

impl Entry {
    /// Where its value comes from.
    pub fn origin(&self, file: &Dotenv) -> Origin {
        Origin::Dotenv { file: file.name.clone(), line: self.line, name: self.name.clone() }
    }
}

/// Whether an entry changes where requests go or whom they trust: what a `.env` of a downloaded
/// project must not be able to do.
fn is_reported(entry: &Entry) -> bool {
    let group = variables::find(&entry.name).map(|variable| variable.group);
    let steers = matches!(group, Some(Group::Proxy | Group::Trust));
    !entry.value.is_empty() && (steers || STEERING.contains(&entry.name.as_str()))
}

/// Goes through the lines; after one that does not parse, it goes on with the next.
fn parse(text: &str, world: &World) -> (Vec<Entry>, Vec<Malformed>) {
    let lines: Vec<&str> = text.lines().collect();
    let (mut entries, mut malformed) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < lines.len() {
        let (used, found) = assignment(&lines[at..]);
        match found {
            Ok(Some((name, value))) => {
                let value = expand(&value, &entries, world);
                entries.push(Entry { line: at + 1, name, value });
            }
            Ok(None) => {}
            Err(what) => malformed.push(Malformed { line: at + 1, what }),
        }
        at += used;
    }
    (entries, malformed)
}

/// A name and its value, or nothing on an empty line; the error says what is wrong.
type Assignment = Result<Option<(String, String)>, String>;

/// The assignment that starts on the first of these lines, and how many of them it takes.
fn assignment(lines: &[&str]) -> (usize, Assignment) {
    let first = lines[0].trim();
    if first.is_empty() || first.starts_with('#') {
        return (1, Ok(None));
    }
    let mut chunk = String::new();
    for (index, line) in lines.iter().take(LONGEST_VALUE).enumerate() {
        if index > 0 && looks_like_assignment(line) {
            break;
        }
        chunk.push_str(line.trim_end());
        chunk.push('\n');
        if let Some(found) = with_dotenvy(&chunk) {
            return (index + 1, Ok(Some(found)));
        }
        if !chunk.contains(['"', '\'']) {
            break;
        }
    }
    (1, Err(what_is_wrong(first)))
}

/// Runs the parser over one assignment. It would expand from the process's own environment, so every
/// `$` it would expand is hidden from it.
fn with_dotenvy(chunk: &str) -> Option<(String, String)> {
    let hidden = hide_expansions(chunk);
    dotenvy::Iter::new(hidden.as_bytes()).next()?.ok()
}

/// Replaces each `$` that stands neither in single quotes nor behind a backslash.
fn hide_expansions(chunk: &str) -> String {
    let (mut single, mut double, mut escaped) = (false, false, false);
    chunk
        .chars()
        .map(|character| {
            let is_escaped = escaped;
            escaped = character == '\\' && !is_escaped;
            match character {
                '\'' if !double && !is_escaped => single = !single,
                '"' if !single && !is_escaped => double = !double,
                '$' if !single && !is_escaped => return EXPANDED,
                _ => {}
            }
            character
        })
        .collect()
}

/// Puts values in for `$NAME` and `${NAME}`: the environment's, else an earlier line's. An unknown
/// name stays as it stands, so that the key's shape check can show it.
fn expand(value: &str, earlier: &[Entry], world: &World) -> String {
    let mut parts = value.split(EXPANDED);
    let mut expanded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = variable_name(part);
        let known = earlier.iter().rev().find(|entry| entry.name == name);
        match world.variable_as_set(name).or(known.map(|entry| entry.value.as_str())) {
            Some(value) if !name.is_empty() => expanded.extend([value, rest]),
            _ => expanded.extend(["$", part]),
        }
    }
    expanded
}

/// The name at the start of `NAME…` or `{NAME}…`, and what follows; an empty name for none.
fn variable_name(part: &str) -> (&str, &str) {
    if let Some((name, rest)) = part.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
        return (name, rest);
    }
    let end = part.find(|character: char| !is_name(character)).unwrap_or(part.len());
    part.split_at(end)
}

fn is_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// Whether a line starts an assignment of its own, so that an open quote above it was never meant
/// to reach this far. The padding of base64 does not count.
fn looks_like_assignment(line: &str) -> bool {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line);
    line.split_once('=').is_some_and(|(name, value)| {
        let named = !name.is_empty() && name.chars().all(is_name);
        named
            && !name.starts_with(|character: char| character.is_ascii_digit())
            && !value.is_empty()
            && value != "="
    })
}

/// What keeps a line from being an assignment, without showing the line.
fn what_is_wrong(line: &str) -> String {
    let (name, value) = line.split_once('=').unwrap_or((line, ""));
    let bare = name.trim().strip_prefix("export ").unwrap_or(name).trim();
    let what = if name.to_ascii_lowercase().starts_with("$env:") {
        "it is written for PowerShell; write NAME=value"
    } else if name.to_ascii_lowercase().starts_with("set ") {
        "it is written for cmd; write NAME=value"
    } else if !line.contains('=') {
        without_equals(line)
    } else if bare.is_empty() || !bare.chars().all(|letter| is_name(letter) || letter == '.') {
        "what stands before = is not a variable's name"
    } else if bare.starts_with(|letter: char| letter.is_ascii_digit()) {
        "a variable's name cannot start with a digit"
    } else {
        wrong_value(value.trim())
    };
    what.to_owned()
}

fn without_equals(line: &str) -> &'static str {
    if line.contains(':') { "there is a colon where = belongs" } else { "there is no = in it" }
}

fn wrong_value(value: &str) -> &'static str {
    let quotes = |quote| value.matches(quote).count();
    if !quotes('"').is_multiple_of(2) || !quotes('\'').is_multiple_of(2) {
        "a quote is opened and not closed"
    } else if value.contains('\\') {
        "it holds a backslash that starts no known escape; put the value in single quotes"
    } else {
        "text follows the value's end; put a value with blanks in quotes"
    }
}

/// A value may be a key, so it is not shown.
impl std::fmt::Debug for Entry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Entry({}:{})", self.line, self.name)
    }
}

#[cfg(test)]
mod tests;

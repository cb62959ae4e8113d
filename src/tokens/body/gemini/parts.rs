//! The parts of a content.

use serde_json::{Map, Value};

use super::super::{
    Certainty, Kind, Medium, Piece, Resolution, What,
    fields::{Fields, Notes, indexed},
    media::{self, Sort},
    schema,
};

const KNOWN: &[&str] = &[
    "text",
    "inlineData",
    "fileData",
    "functionCall",
    "functionResponse",
    "executableCode",
    "codeExecutionResult",
    "thoughtSignature",
    "videoMetadata",
    "mediaResolution",
];

/// The pieces of a list of parts, of one alone or of a bare text.
pub(super) fn parts(path: &str, value: Value, notes: &mut Notes) -> Vec<Piece> {
    let items = match value {
        Value::Array(list) => indexed(path, list),
        alone => vec![(path.to_owned(), alone)],
    };
    let mut pieces = Vec::new();
    for (path, item) in items {
        match item {
            Value::String(string) => pieces.push(text(path, string)),
            Value::Object(object) => part(&path, object, notes, &mut pieces),
            other => notes.wrong(&path, &other, "a part"),
        }
    }
    pieces
}

pub(super) fn text(path: String, text: String) -> Piece {
    Piece::strings(path, "text", Kind::Text, vec![text])
}

fn part(path: &str, object: Map<String, Value>, notes: &mut Notes, pieces: &mut Vec<Piece>) {
    let (is_empty, before) = (object.is_empty(), pieces.len());
    let mut fields = Fields::of(path, object, notes);
    let is_thought = fields.take("thought").is_some_and(|(_, thought)| thought == true);
    call(&mut fields, notes, pieces);
    response(&mut fields, notes, pieces);
    if let Some((path, string)) = fields.text("text", notes) {
        pieces.push(if is_thought {
            let note = "a thought, which the service may drop or count";
            Piece::uncounted(path, "thought", Kind::Text, note)
        } else {
            text(path, string)
        });
    }
    code(&mut fields, notes, pieces);
    medium(&mut fields, notes, pieces);
    if let Some((path, _)) = fields.take("thoughtSignature") {
        let note = "what the service counts for a signature is not known";
        pieces.push(Piece::uncounted(path, "thought signature", Kind::Text, note));
    }
    for name in ["toolCall", "toolResponse"] {
        if let Some((path, _)) = fields.take(name) {
            pieces.push(Piece::uncounted(
                path,
                "call of a built-in tool",
                Kind::FunctionCall,
                "not counted",
            ));
        }
    }
    fields.finish(&["partMetadata"], KNOWN, notes);
    if pieces.len() == before && !is_empty {
        let note = "a part of no known kind, and nothing of it is counted";
        pieces.push(Piece::uncounted(path.to_owned(), "unknown part", Kind::Text, note));
    }
}

const CALLS: &str = "numbers are not counted here, and the service counts them";

fn call(fields: &mut Fields, notes: &mut Notes, pieces: &mut Vec<Piece>) {
    let Some(path) = fields.path_of("functionCall") else { return };
    let Some(mut call) = fields.object("functionCall", notes) else { return };
    pieces.push(named(path, "call of", "args", Kind::FunctionCall, &mut call, notes));
}

fn response(fields: &mut Fields, notes: &mut Notes, pieces: &mut Vec<Piece>) {
    let Some(path) = fields.path_of("functionResponse") else { return };
    let Some(mut response) = fields.object("functionResponse", notes) else { return };
    pieces.push(named(path, "answer of", "response", Kind::FunctionResponse, &mut response, notes));
    if let Some((path, value)) = response.take("parts") {
        pieces.extend(parts(&path, value, notes));
    }
}

/// The name, and the names and texts in what goes with it.
fn named(
    path: String,
    what: &str,
    member: &str,
    kind: Kind,
    fields: &mut Fields,
    notes: &mut Notes,
) -> Piece {
    let name = fields.text("name", notes).map(|(_, name)| name).unwrap_or_default();
    let label = format!("{what} {name}");
    let mut strings = vec![name];
    match fields.take(member) {
        Some((_, Value::Object(object))) => schema::members(&object, &mut strings),
        Some((path, other)) => notes.wrong(&path, &other, "an object"),
        None => {}
    }
    Piece::strings(path, label, kind, strings).at_best(Certainty::LowerBound, CALLS)
}

fn code(fields: &mut Fields, notes: &mut Notes, pieces: &mut Vec<Piece>) {
    for (name, member, label) in [
        ("executableCode", "code", "code that was run"),
        ("codeExecutionResult", "output", "what it wrote"),
    ] {
        let text = fields.object(name, notes).and_then(|mut code| code.text(member, notes));
        if let Some((path, string)) = text {
            let note = "its text alone; what the service adds is not known";
            let piece = Piece::strings(path, label, Kind::Text, vec![string]);
            pieces.push(piece.at_best(Certainty::LowerBound, note));
        }
    }
}

fn medium(fields: &mut Fields, notes: &mut Notes, pieces: &mut Vec<Piece>) {
    let resolution = fields.take("mediaResolution").and_then(|(_, value)| Resolution::read(&value));
    let film = fields.object("videoMetadata", notes);
    if let Some((path, value)) = fields.take("inlineData") {
        let mut piece = inline(path, value, notes);
        if let What::Medium(medium) = &mut piece.what {
            medium.resolution = resolution;
            tell(medium, film);
        }
        pieces.push(piece);
    }
    if let Some((path, value)) = fields.take("fileData") {
        pieces.push(file(path, value, notes));
    }
}

/// Frames a second that a film can have.
const MOST_FRAMES: f64 = 1000.0;

fn tell(medium: &mut Medium, film: Option<Fields>) {
    let Some(mut film) = film else { return };
    let mut seconds = |name| film.take(name).and_then(|(_, value)| read_seconds(&value));
    medium.clip = (seconds("startOffset"), seconds("endOffset"));
    medium.frames = seconds("fps").filter(|frames| *frames > 0.0 && *frames <= MOST_FRAMES);
}

/// A number, or a duration as `"12.5s"`.
fn read_seconds(value: &Value) -> Option<f64> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim_end_matches('s').parse().ok())?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

fn inline(path: String, value: Value, notes: &mut Notes) -> Piece {
    let Some(mut fields) = Fields::read(&path, value, "an object", notes) else {
        return Piece::uncounted(path, "file", Kind::Media, "it cannot be read");
    };
    let mime = fields.text("mimeType", notes).map(|(_, mime)| mime);
    if mime.is_none() {
        notes.add(&path, "there is no mimeType; the bytes alone decide");
    }
    let data = fields.text("data", notes);
    let (path, data) = data.unwrap_or((path, String::new()));
    bytes(path, mime.as_deref().unwrap_or_default(), &data, notes)
}

/// Media from its base64, with or without the beginning of a `data:` URL.
pub(in crate::tokens::body) fn bytes(
    path: String,
    mime: &str,
    data: &str,
    notes: &mut Notes,
) -> Piece {
    let data = match data.strip_prefix("data:").and_then(|rest| rest.split_once(',')) {
        Some((_, rest)) => {
            notes.add(&path, "the beginning of a data URL does not belong here; read without it");
            rest
        }
        None => data,
    };
    let word = Sort::of(mime).word();
    match media::decode(data) {
        Ok(bytes) if bytes.is_empty() => {
            notes.add(&path, "there are no bytes");
            Piece::uncounted(path, word, Kind::Media, "there are no bytes")
        }
        Ok(bytes) if is_text(mime) => inline_text(path, mime, &bytes),
        Ok(bytes) => seen(path, mime, &bytes, notes),
        Err(error) => {
            notes.add(&path, format!("broken base64 ({}); not counted", words(&error.to_string())));
            Piece::uncounted(path, word, Kind::Media, "its base64 is broken")
        }
    }
}

fn words(error: &str) -> String {
    error.trim_end_matches('.').to_lowercase()
}

fn seen(path: String, mime: &str, bytes: &[u8], notes: &mut Notes) -> Piece {
    let medium = Medium::of(mime, bytes);
    let said = Sort::of(mime);
    if !mime.is_empty() && said != medium.sort {
        let (is, said) = (medium.sort.word(), said.word());
        notes.add(
            &path,
            format!("the bytes are of the kind {is}, and {mime} says {said}; counted by the bytes"),
        );
    }
    let label = medium.sort.word();
    Piece {
        path,
        label: label.to_owned(),
        kind: Kind::Media,
        what: What::Medium(medium),
        certainty: Certainty::Estimate,
        note: None,
    }
}

fn is_text(mime: &str) -> bool {
    mime.starts_with("text/")
        || matches!(mime, "application/json" | "application/xml" | "application/x-javascript")
}

fn inline_text(path: String, mime: &str, bytes: &[u8]) -> Piece {
    let text = String::from_utf8_lossy(bytes).into_owned();
    Piece::strings(path, mime, Kind::Media, vec![text])
        .at_best(Certainty::Estimate, "counted as the text that it is")
}

fn file(path: String, value: Value, notes: &mut Notes) -> Piece {
    let Some(mut fields) = Fields::read(&path, value, "an object", notes) else {
        return Piece::uncounted(path, "file", Kind::Media, "it cannot be read");
    };
    let mime = fields.text("mimeType", notes).map(|(_, mime)| mime).unwrap_or_default();
    let uri = fields.text("fileUri", notes).map(|(_, uri)| uri).unwrap_or_default();
    elsewhere(path, Sort::of(&mime), &uri)
}

/// Media that is named and not here; what follows a `?` may open it, and is left out.
pub(in crate::tokens::body) fn elsewhere(path: String, sort: Sort, uri: &str) -> Piece {
    let name = uri.split(['?', '#']).next().unwrap_or(uri);
    Piece::uncounted(path, sort.word(), Kind::Media, format!("{name} is not here; not counted"))
}

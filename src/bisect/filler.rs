//! The same body without its owner's words: each text that says something is replaced by a filler of the same length,
//! so that the fault can be shown to somebody else. Names, enum words, mime types and addresses' shapes stay, because
//! a service reads them; what looks like a key never does.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};

use super::{
    body::Body,
    meaning::Meaning,
    tree::{Id, Tree, is},
};
use crate::facts::looks_like_key;

/// Members whose text is a word that the API knows, or a name that something else in the body goes by.
const KEPT: &[(Meaning, &[&str])] = &[
    (Meaning::Request, &["model", "cachedContent", "serviceTier", "store"]),
    (Meaning::Request, &["reasoning_effort", "tool_choice", "service_tier"]),
    (Meaning::Content, &["role"]),
    (Meaning::Instruction, &["role"]),
    (Meaning::Chat, &["role", "name", "tool_call_id"]),
    (Meaning::Part, &["thoughtSignature"]),
    (Meaning::Blob, &["mimeType"]),
    (Meaning::File, &["mimeType"]),
    (Meaning::Call, &["name", "id"]),
    (Meaning::Response, &["name", "id", "scheduling"]),
    (Meaning::Tool, &["type"]),
    (Meaning::Declaration, &["name", "behavior"]),
    (Meaning::CallingConfig, &["mode", "allowedFunctionNames"]),
    (Meaning::Generation, &["responseMimeType", "responseModalities", "mediaResolution"]),
    (Meaning::Schema, &["type", "format", "enum", "required", "propertyOrdering", "pattern"]),
    (Meaning::Schema, &["$ref", "ref", "$id", "$anchor", "$schema"]),
    (Meaning::Schema, &["minItems", "maxItems", "minLength", "maxLength"]),
    (Meaning::Schema, &["minProperties", "maxProperties", "minimum", "maximum", "const"]),
    (Meaning::Safety, &["category", "threshold", "method"]),
];

/// Members of messages that are not known by their place, whose text is a word of the API's.
const WORDS: &[&str] = &[
    "thinkingLevel",
    "mode",
    "type",
    "language",
    "outcome",
    "languageCode",
    "voiceName",
    "aspectRatio",
    "imageSize",
    "personGeneration",
    "level",
    "environment",
    "searchTypes",
    "startTime",
    "endTime",
    "startOffset",
    "endOffset",
    "imageOutputOptions",
    "mimeType",
];

/// Numbers in them, which may be written as texts.
const NUMBERS: &[&str] = &[
    "thinkingBudget",
    "fps",
    "outputDimensionality",
    "dynamicThreshold",
    "topK",
    "latitude",
    "longitude",
    "numTokens",
];

/// The letters of a filler.
const LETTERS: &[u8] = b"lorem ipsum dolor sit amet ";

/// The body with fillers, and how many texts were replaced.
pub fn filled(body: &Body) -> (Body, usize) {
    let mut tree = body.tree().clone();
    let mut replaced = 0;
    for id in 0..body.tree().len() {
        let Some(raw) = body.tree().raw(id) else { continue };
        let Some(filler) = filler(body, id) else { continue };
        if filler != raw {
            replaced += 1;
            tree.replace(id, filler);
        }
    }
    (body.with(tree), replaced)
}

/// What stands for a text; none where it stays.
fn filler(body: &Body, id: Id) -> Option<String> {
    let tree = body.tree();
    let words = tree.words(id)?;
    // A text that is empty, or blank, has nothing to hide, and may be the fault.
    if words.trim().is_empty() {
        return None;
    }
    let holder = if tree.name(id).is_some() { id } else { tree.node(id).parent };
    let around = body.meaning(tree.node(holder).parent);
    let name = tree.name(holder).unwrap_or_default();
    let filler = match around {
        Meaning::Blob if is(name, "data") => blob(tree, id, &words),
        // Numbers may be written as texts.
        _ if is_number(around, name, &words) => return None,
        Meaning::File if is(name, "fileUri") => address(&words),
        _ if is_kept(around, name) && is_one_word(around, &words) && !holds_key(&words) => {
            return None;
        }
        _ if name == "arguments" => arguments(&words, id),
        _ => lorem(words.chars().count(), id),
    };
    Some(serde_json::Value::String(filler).to_string())
}

/// What stands where a word of the API belongs, and is a sentence, is none; words of a schema are those of its author.
fn is_one_word(around: Meaning, words: &str) -> bool {
    around == Meaning::Schema || !words.contains(char::is_whitespace)
}

fn is_number(around: Meaning, name: &str, words: &str) -> bool {
    const SAID: &[&str] = &["text", "stopSequences", "description", "title", "code", "output"];
    let is_of_the_api = match around {
        Meaning::Data => false,
        Meaning::Other => NUMBERS.iter().any(|known| is(name, known)),
        _ => !SAID.iter().any(|said| is(name, said)),
    };
    is_of_the_api && words.len() < 24 && words.parse::<f64>().is_ok()
}

fn is_kept(around: Meaning, name: &str) -> bool {
    let any = |names: &[&str]| names.iter().any(|camel| is(name, camel));
    match around {
        Meaning::Data => false,
        Meaning::Other => any(WORDS),
        _ => KEPT.iter().any(|(message, names)| *message == around && any(names)),
    }
}

fn holds_key(words: &str) -> bool {
    let is_of_keys = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    looks_like_key(words) || words.split(|letter| !is_of_keys(letter)).any(looks_like_key)
}

/// So many letters, other ones in each place: what must differ goes on to differ.
fn lorem(letters: usize, id: Id) -> String {
    let begin = id * 7 % LETTERS.len();
    let text: String =
        LETTERS.iter().cycle().skip(begin).take(letters).map(|byte| char::from(*byte)).collect();
    // A blank at an end may be cut off elsewhere.
    let (first, last) = (text.starts_with(' '), text.ends_with(' '));
    let mut bytes = text.into_bytes();
    if let (true, Some(byte)) = (first, bytes.first_mut()) {
        *byte = b'o';
    }
    if let (true, Some(byte)) = (last, bytes.last_mut()) {
        *byte = b'o';
    }
    String::from_utf8(bytes).expect("the letters are ASCII")
}

/// A file's beginning as its kind wants it, and nothing behind it. What is no base64 stays none.
fn blob(tree: &Tree, id: Id, words: &str) -> String {
    let is_whole = STANDARD.decode(words).is_ok()
        || URL_SAFE.decode(words).is_ok()
        || STANDARD_NO_PAD.decode(words).is_ok()
        || URL_SAFE_NO_PAD.decode(words).is_ok();
    if !is_whole {
        let plain = |letter: char| match letter {
            letter if letter.is_ascii_alphanumeric() => 'A',
            letter if !letter.is_ascii() => 'é',
            letter => letter,
        };
        return words.chars().map(plain).collect();
    }
    let mime = tree.member(tree.node(id).parent, "mimeType").and_then(|mime| tree.words(mime));
    let head = STANDARD_NO_PAD.encode(beginning(mime.as_deref().unwrap_or_default()));
    let padding = words.len() - words.trim_end_matches('=').len();
    let length = words.len() - padding;
    let mut text: String = head.chars().chain(std::iter::repeat('A')).take(length).collect();
    // The last letter holds bits that no byte has, where it is padded, and those must be zero.
    if !length.is_multiple_of(4) {
        text.pop();
        text.push('A');
    }
    text.push_str(&"=".repeat(padding));
    text
}

fn beginning(mime: &str) -> &'static [u8] {
    match mime {
        "image/png" => {
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
              \0\0\0\rIDATx\xdacd\xf8\xcfP\x0f\0\x03\x86\x01\x80Z4}k\0\0\0\0IEND\xaeB`\x82"
        }
        "image/jpeg" => b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9",
        "image/gif" => b"GIF89a\x01\0\x01\0\0\0\0;",
        "image/webp" => {
            b"RIFF\x1a\0\0\0WEBPVP8L\r\0\0\0/\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0"
        }
        "application/pdf" => b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        "audio/wav" => {
            b"RIFF$\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0@\x1f\0\0@\x1f\0\0\x01\0\x08\0data"
        }
        "audio/mp3" | "audio/mpeg" => b"ID3\x04\0\0\0\0\0\0",
        _ => b"",
    }
}

/// An address with its scheme, its host and its marks; the API's own names of files are nobody's words.
fn address(words: &str) -> String {
    const FILES: &str = "https://generativelanguage.googleapis.com/";
    if words.starts_with(FILES) && words.contains("/files/") && !words.contains('?') {
        return words.to_owned();
    }
    // What is no word of its own before `://` is a text, in which an address stands.
    let is_scheme = |word: &str| {
        !word.is_empty() && word.len() < 12 && word.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    let behind_scheme =
        words.find("://").filter(|at| is_scheme(&words[..*at])).map_or(0, |at| at + 3);
    let (scheme, rest) = words.split_at(behind_scheme);
    let host =
        if scheme.starts_with("http") { rest.find(['/', '?']).unwrap_or(rest.len()) } else { 0 };
    // What stands before an `@` is a login.
    let host = if rest[..host].contains('@') { 0 } else { host };
    let (host, path) = rest.split_at(host);
    let hidden = |letter: char| match letter {
        letter if letter.is_ascii_digit() => '0',
        letter if letter.is_alphanumeric() => 'a',
        letter => letter,
    };
    let path: String = path.chars().map(hidden).collect();
    format!("{scheme}{host}{path}")
}

/// Arguments that are JSON in a text stay JSON, with fillers in it.
fn arguments(words: &str, id: Id) -> String {
    let Ok(mut tree) = Tree::read(words) else { return lorem(words.chars().count(), id) };
    for inner in 0..tree.len() {
        let text = tree.words(inner).filter(|text| !text.trim().is_empty());
        if let Some(text) = text {
            let filler = lorem(text.chars().count(), id + inner);
            tree.replace(inner, serde_json::Value::String(filler).to_string());
        }
    }
    let body = Body::of(tree);
    body.text(&body.whole(), super::Style::Compact)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::bisect::Style;

    fn fill(value: &Value) -> Value {
        let body = Body::read(&value.to_string()).expect("a body");
        let (filled, _) = filled(&body);
        serde_json::from_str(&filled.text(&filled.whole(), Style::Compact)).expect("JSON")
    }

    #[test]
    fn what_somebody_says_goes_and_what_the_api_reads_stays() {
        let filled = fill(&json!({
            "contents": [
                {"role": "user", "parts": [{"text": "the secret plan"}]},
                {"role": "model", "parts": [
                    {"functionCall": {"name": "look_up", "args": {"name": "Ada", "n": 3}}},
                ]},
            ],
            "systemInstruction": {"parts": [{"text": "  "}]},
            "generationConfig": {
                "responseMimeType": "application/json", "stopSequences": ["stop here"],
                "responseSchema": {"type": "OBJECT", "description": "of Ada", "properties": {
                    "a": {"type": "STRING", "enum": ["red"]},
                }},
            },
            "labels": {"team": "ours alone"},
        }));
        let text = filled.to_string();
        for gone in ["secret", "Ada", "stop here", "ours"] {
            assert!(!text.contains(gone), "{gone} in {text}");
        }
        for kept in ["user", "look_up", "application/json", "OBJECT", "red", "\"  \"", "\"n\":3"] {
            assert!(text.contains(kept), "{kept} not in {text}");
        }
        let said = filled["contents"][0]["parts"][0]["text"].as_str().expect("a text");
        assert_eq!(said.len(), "the secret plan".len());
    }

    #[test]
    fn a_key_is_kept_nowhere() {
        let key = format!("AIza{}", "Sy0".repeat(11) + "ab");
        let filled = fill(&json!({"contents": [{"role": key, "parts": [{"text": "x"}]}]}));
        assert!(!filled.to_string().contains("AIza"), "{filled}");
    }

    #[test]
    fn media_keep_their_length_and_stay_as_good_or_bad_as_they_were() {
        for bytes in [1, 2, 3, 70, 71, 500] {
            let data = STANDARD.encode(vec![7; bytes]);
            let blob = json!({"mimeType": "image/png", "data": data});
            let filled = fill(&json!({"contents": [{"parts": [{"inlineData": blob}]}]}));
            let other = &filled["contents"][0]["parts"][0]["inlineData"]["data"];
            let other = other.as_str().expect("a text");
            assert_eq!(other.len(), data.len());
            assert_eq!(STANDARD.decode(other).expect("base64").len(), bytes);
        }
        let blob = json!({"mimeType": "image/png", "data": "data:image/png;base64,QUJD"});
        let filled = fill(&json!({"contents": [{"parts": [{"inlineData": blob}]}]}));
        let other = &filled["contents"][0]["parts"][0]["inlineData"]["data"];
        assert_eq!(other, "AAAA:AAAAA/AAA;AAAAAA,AAAA");
    }

    #[test]
    fn addresses_keep_their_shape() {
        assert_eq!(address("gs://my-bucket/a1.pdf"), "gs://aa-aaaaaa/a0.aaa");
        assert_eq!(address("https://x.example/p/q?sig=AB1"), "https://x.example/a/a?aaa=aa0");
        assert_eq!(address("https://me:pw@x.example/"), "https://aa:aa@a.aaaaaaa/");
        let own = "https://generativelanguage.googleapis.com/v1beta/files/abc-123";
        assert_eq!(address(own), own);
    }

    #[test]
    fn arguments_in_a_text_stay_json() {
        let filled = arguments("{\"city\": \"Paris\", \"days\": 3}", 5);
        let value: Value = serde_json::from_str(&filled).expect("JSON");
        assert_eq!(value["days"], 3);
        assert_eq!(value["city"].as_str().map(str::len), Some(5));
        assert!(!filled.contains("Paris"));
    }
}

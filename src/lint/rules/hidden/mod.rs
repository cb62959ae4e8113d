//! Characters that nobody sees, in texts and names, and letters of another alphabet in names. What a script or an emoji needs is
//! no finding.

mod known;

use std::ops::Range;

use crate::tokens::hidden::{Found, Kind, Tally, confusables, find, hidden, name, normalize};

use crate::lint::{
    document::{Document, Form, Span, Value},
    edit,
    finding::{Correction, Edit, Findings, said},
    request::Request,
    rule::Rule,
    shape::is_snake_of,
};

use self::known::{BLANK_AT_END, IN_NAME, IN_TEXT, LOOKALIKE};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[&IN_TEXT, &IN_NAME, &LOOKALIKE, &BLANK_AT_END];

/// What nobody sees in a text. Quotation marks, blanks of other widths and letters of other alphabets are its author's.
const IN_TEXTS: &[Kind] = &[
    Kind::ZeroWidth,
    Kind::BidiControl,
    Kind::Bom,
    Kind::SoftHyphen,
    Kind::Tag,
    Kind::VariationSelector,
    Kind::InvisibleOperator,
    Kind::Filler,
];
/// In a name a blank that is none is as bad.
const IN_NAMES: &[Kind] = &[
    Kind::ZeroWidth,
    Kind::BidiControl,
    Kind::Bom,
    Kind::SoftHyphen,
    Kind::Tag,
    Kind::VariationSelector,
    Kind::InvisibleOperator,
    Kind::Filler,
    Kind::Nbsp,
    Kind::LineSeparator,
];

/// Fields whose text is compared, and not read.
const NAMES: &[&str] = &[
    "name",
    "model",
    "role",
    "id",
    "type",
    "format",
    "mode",
    "mimeType",
    "fileUri",
    "category",
    "threshold",
    "level",
    "thinkingLevel",
    "mediaResolution",
    "cachedContent",
    "responseMimeType",
    "enum",
    "required",
    "propertyOrdering",
    "allowedFunctionNames",
    "voiceName",
    "languageCode",
    "aspectRatio",
    "imageSize",
];
/// Fields with values of the caller's own.
const FREE: &[&str] =
    &["args", "response", "labels", "partMetadata", "metadata", "example", "default"];
/// Bytes, in which anything else is told as no base64.
const BYTES: &[&str] = &["data", "thoughtSignature"];

/// Looks at a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    if may_hide(request.body.raw()) {
        walk(request.body, false, false, 0, found);
    }
}

/// Whether a text has anything beyond ASCII, as it is or escaped.
fn may_hide(raw: &str) -> bool {
    !raw.is_ascii() || memchr::memmem::find(raw.as_bytes(), b"\\u").is_some()
}

/// Deeper values are told by the syntax.
const MOST_DEPTH: usize = 120;

fn is_one_of(member: Value<'_>, names: &[&str]) -> bool {
    let is = |key: &str| names.iter().any(|name| key == *name || is_snake_of(key, name));
    member.name().is_some_and(is)
}

fn walk(value: Value<'_>, is_free: bool, is_name: bool, depth: usize, found: &mut Findings<'_>) {
    for child in value.children() {
        let is_member = child.name().is_some();
        if is_member {
            key(value, child, found);
        }
        let is_name = if is_member { !is_free && is_one_of(child, NAMES) } else { is_name };
        match child.kind() {
            Form::Text if is_member && is_one_of(child, BYTES) && !is_free => {}
            Form::Text => text(child, is_name, found),
            Form::Object | Form::List if depth < MOST_DEPTH => {
                let is_free = is_free || (is_member && is_one_of(child, FREE));
                walk(child, is_free, is_name, depth + 1, found);
            }
            _ => {}
        }
    }
}

/// What is quoted in a document, and where.
#[derive(Clone, Copy)]
struct Quoted<'d> {
    document: &'d Document<'d>,
    raw: &'d str,
    /// Where it begins, behind its quote.
    start: usize,
}

impl Quoted<'_> {
    /// Where a character of the text stands, by how many bytes are before it once nothing is escaped.
    fn place(&self, text: &str, offset: u64) -> Span {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let span = match self.raw.contains('\\') {
            true => escaped_place(self.raw, offset),
            false => {
                let letter = text.get(offset..).and_then(|rest| rest.chars().next());
                offset..offset + letter.map_or(0, char::len_utf8)
            }
        };
        self.start + span.start..self.start + span.end
    }
}

fn escaped_place(raw: &str, offset: usize) -> Range<usize> {
    let (mut at, mut before) = (0, 0);
    while let Some((length, bytes)) = raw.get(at..).and_then(step) {
        if before >= offset {
            return at..at + length;
        }
        (at, before) = (at + length, before + bytes);
    }
    at..at
}

/// How long the next character is as it stands there, and how long without its escape.
fn step(rest: &str) -> Option<(usize, usize)> {
    let letter = rest.chars().next()?;
    if letter != '\\' {
        return Some((letter.len_utf8(), letter.len_utf8()));
    }
    let unit = |at: usize| {
        let hex = rest.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(hex, 16).ok()
    };
    Some(match (unit(0), unit(6)) {
        (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (12, 4),
        (Some(point), _) => (6, char::from_u32(point).map_or(3, char::len_utf8)),
        (None, _) => (rest.len().min(2), 1),
    })
}

fn key(object: Value<'_>, member: Value<'_>, found: &mut Findings<'_>) {
    let Some(raw) = member.name().filter(|raw| may_hide(raw)) else { return };
    let (Some(key), Some(span)) = (member.key(), member.key_span()) else { return };
    // A name without quotes begins where it stands.
    let quote = usize::from(span.len() > raw.len());
    let quoted = Quoted { document: member.document(), raw, start: span.start + quote };
    hidden_in_name(quoted, &key, found, |clean| {
        let is_free = object.member(clean).is_none();
        edit::rename(member, clean).filter(|_| is_free)
    });
    lookalikes(quoted, &key, found);
}

fn text(value: Value<'_>, is_name: bool, found: &mut Findings<'_>) {
    let Some(raw) = value.quoted().filter(|raw| may_hide(raw)) else { return };
    let Some(text) = value.text() else { return };
    let quoted = Quoted { document: value.document(), raw, start: value.span().start + 1 };
    if is_name {
        let write = |clean: &str| Some(edit::replace(value, edit::quoted(clean)));
        hidden_in_name(quoted, &text, found, write);
        // Words of an answer may be of any alphabet.
        if is_one_of(value, &["name", "model"]) {
            lookalikes(quoted, &text, found);
        }
        return;
    }
    if !hidden_in_text(quoted, &text, found) {
        blank_at_end(quoted, &text, found);
    }
}

/// Those that count, the first of them first.
fn counted<'f>(found: &'f Found, kinds: &[Kind]) -> Vec<&'f Tally> {
    let counts = |tally: &&Tally| {
        // Whether a picture is drawn in colour is nobody's trick.
        let is_style = matches!(tally.character, '\u{FE0E}' | '\u{FE0F}');
        tally.found > 0 && kinds.contains(&tally.kind) && !is_style && !tally.places.is_empty()
    };
    let mut tallies: Vec<&Tally> = found.tallies.iter().filter(counts).collect();
    tallies.sort_by_key(|tally| tally.places.first().map(|place| place.offset));
    tallies
}

fn listed(tallies: &[&Tally]) -> String {
    let words = |tally: &&Tally| {
        let (point, name) = (u32::from(tally.character), tally.name());
        let times = if tally.found > 1 { format!("{} times ", tally.found) } else { String::new() };
        format!("{times}U+{point:04X} {name}")
    };
    let more = if tallies.len() > 4 { ", and others" } else { "" };
    let words: Vec<String> = tallies.iter().take(4).map(words).collect();
    format!("{}{more}", words.join(", "))
}

/// The first place of what was found.
fn first(tallies: &[&Tally]) -> Option<u64> {
    Some(tallies.first()?.places.first()?.offset)
}

fn hidden_in_text(quoted: Quoted<'_>, text: &str, found: &mut Findings<'_>) -> bool {
    let hidden = find(text);
    let tallies = counted(&hidden, IN_TEXTS);
    let Some(offset) = first(&tallies) else { return false };
    found.add(&IN_TEXT, quoted.document, quoted.place(text, offset), || {
        said(format!("nobody sees {} here", listed(&tallies)))
            .with(Correction::advice("Take them out, unless they are meant"))
    });
    true
}

fn hidden_in_name(
    quoted: Quoted<'_>,
    text: &str,
    found: &mut Findings<'_>,
    write: impl FnOnce(&str) -> Option<Edit>,
) {
    let hidden = find(text);
    let tallies = counted(&hidden, IN_NAMES);
    let Some(offset) = first(&tallies) else { return };
    found.add(&IN_NAME, quoted.document, quoted.place(text, offset), || {
        let clean = normalize(text, IN_NAMES).text;
        // A blank in place of another one would be as bad at the end.
        let edit = write(clean.trim()).filter(|_| !clean.trim().is_empty());
        said(format!("nobody sees {} in this name", listed(&tallies))).with(match edit {
            Some(edit) => Correction::mechanical(format!("Write {}", clean.trim()), vec![edit]),
            None => Correction::advice("Write the name without them"),
        })
    });
}

fn lookalikes(quoted: Quoted<'_>, text: &str, found: &mut Findings<'_>) {
    let alike = confusables(text);
    let Some(first) = alike.first() else { return };
    found.add(&LOOKALIKE, quoted.document, quoted.place(text, first.offset), || {
        let mut plain = text.to_owned();
        for one in alike.iter().rev() {
            let start = usize::try_from(one.offset).unwrap_or(usize::MAX);
            let end = start.saturating_add(one.character.len_utf8());
            if plain.get(start..end).is_some() {
                plain.replace_range(start..end, one.looks_like.encode_utf8(&mut [0; 4]));
            }
        }
        let point = u32::from(first.character);
        let name = name(first.character);
        said(format!(
            "{} looks like {:?}, and is U+{point:04X} {name}",
            first.character, first.looks_like
        ))
        .with(Correction::advice(format!("Write {plain} in Latin letters, wherever it stands")))
    });
}

fn blank_at_end(quoted: Quoted<'_>, text: &str, found: &mut Findings<'_>) {
    let is_odd = |letter: char| hidden(letter).is_some_and(|hidden| hidden.kind == Kind::Nbsp);
    let last = text.chars().next_back().filter(|letter| is_odd(*letter));
    let offset = match last {
        _ if text.starts_with(is_odd) => 0,
        Some(last) => text.len() - last.len_utf8(),
        None => return,
    };
    found.add(&BLANK_AT_END, quoted.document, quoted.place(text, offset as u64), || {
        let end = if offset == 0 { "begins" } else { "ends" };
        said(format!("the text {end} with a blank that does not break"))
            .with(Correction::advice("Take it out"))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::models::ModelTable,
        lint::{Given, look, places},
    };

    /// What is found in a text of a turn: the rule, and line and column.
    fn told(text: &str) -> Vec<(&'static str, usize, usize)> {
        let body = format!("{{\"contents\": [\n{{\"parts\": [{{\"text\": \"{text}\"}}]}}]}}");
        let table = ModelTable::embedded();
        let given = Given::on(&table, "2026-11-20");
        let looked = look(&body, &given);
        let places = places(&body, &looked.findings);
        let found = looked.findings.iter().zip(places);
        found.map(|(finding, place)| (finding.rule.id, place.line, place.column)).collect()
    }

    #[test]
    fn the_character_itself_is_shown_in_line_and_column() {
        let column = "{\"parts\": [{\"text\": \"".len() + 1;
        for (text, at) in [
            ("ab\u{200B}", 2),
            ("é日\u{200B}", 2),
            ("ab\\u200b", 2),
            ("\\n\\u00e9\\ud83d\\ude00\\u200b", 20),
            ("a\\\\\\u200bb", 3),
            ("\\u00e9\u{AD}x\\u200b", 6),
        ] {
            assert_eq!(told(text), [(IN_TEXT.id, 2, column + at)], "{text}");
        }
        assert_eq!(told("x\u{A0}"), [(BLANK_AT_END.id, 2, column + 1)]);
        assert_eq!(told("\\u00a0x"), [(BLANK_AT_END.id, 2, column)]);
    }

    #[test]
    fn what_scripts_and_emoji_need_is_no_finding() {
        for text in [
            "plain",
            "👨\u{200D}👩\u{200D}👧",
            "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "می\u{200C}خواهم",
            "क्\u{200D}ष",
            "“so”, 10\u{A0}km",
            "❤\u{FE0F} x\u{FE0F}",
            "\\u0041",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
    }
}

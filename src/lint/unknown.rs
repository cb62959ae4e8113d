//! Bodies with pieces that somebody else puts in when they are sent: the shell, a template. Such a piece is filled in several
//! ways, and what is found in each of them does not depend on it, unless a rule compares it with another place. It must not know
//! what any rule looks for.

use std::collections::HashSet;

use super::{
    comparing::COMPARING,
    document::{Document, Form, Span, Value},
    finding::{Correction, Finding, MOST_OF_A_RULE},
    kind::{Kind, field, other},
    look::{Given, Looked, look},
    rule::Rule,
};
use crate::facts::Severity;

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[&PUT_IN];

/// Only the caller knows it, who read the command.
pub const PUT_IN: Rule = Rule {
    id: "value-put-in-later",
    title: "A value is put in when the body is sent, and was not judged",
    severity: Severity::Note,
    fix: None,
    answer: "",
    why: "Variables and commands in a script have their values when it runs, and those of an editor's file when the request is sent. What a rule says of such a value, or because of it, would be a guess.",
    docs: &["https://www.gnu.org/software/bash/manual/html_node/Shell-Expansions.html"],
    as_of: "2026-11-20",
    bad: &[],
    good: &[],
};

/// What a piece within a text may stand for. A rule that takes one of these words for right must not be held against it.
const WORDS: &[&str] = &[
    "a",
    "",
    "user",
    "model",
    "assistant",
    "OBJECT",
    "ARRAY",
    "ANY",
    "AAAA",
    "application/json",
    "application/pdf",
    "image/png",
    "image/jpeg",
    "audio/wav",
    "video/mp4",
    "text/plain",
    "https://generativelanguage.googleapis.com/v1beta/files/a",
];
/// The same for one that stands for whole values.
const VALUES: &[&str] =
    &["[]", "{}", "null", "", "\"a\"", "1", "true", "[{\"parts\": [{\"text\": \"a\"}]}]"];

/// So many names of a body are tried for a piece.
const MOST_NAMES: usize = 8;
/// Names by which one thing in a body means another.
const NAMING: &[&str] = &["name", "id", "tool_call_id", "displayName"];

/// A text above this is filled only in so many ways, since each is looked through as a whole.
const LARGE: usize = 1 << 20;
const FILLINGS_OF_LARGE: usize = 8;

/// Looks through a text of which pieces are unknown: what is told holds whatever they stand for.
pub(super) fn look_round(text: &str, given: &Given<'_>) -> Looked {
    let ways = Ways::of(text, given.unknown);
    let kind = given.kind.or_else(|| kind(&ways));
    let given = Given { kind, unknown: &[], counts: false, wants_all: true, ..given.clone() };
    let first = ways.filled(0);
    let mut looked = first.look(&given);
    let around = first.dependents();
    looked.findings.retain(|finding| !around.iter().any(|one| one.covers(&finding.span)));
    if ways.is_large() || may_mean_something(text, ways.unknown) {
        looked.findings.retain(|finding| !COMPARING.contains(&finding.rule.id));
    }
    for turn in 1..ways.count() {
        // A name of a model that is open differs from the first way to the second.
        if looked.findings.is_empty() && (given.model.is_some() || turn > 1) {
            break;
        }
        let other = ways.filled(turn).look(&given);
        let also: HashSet<Same<'_>> = other.findings.iter().map(same).collect();
        looked.findings.retain(|finding| also.contains(&same(finding)));
        if looked.model != other.model {
            looked.model = None;
        }
    }
    looked.more = cut(&mut looked.findings);
    looked
}

/// The ways in which a text is filled.
struct Ways<'a> {
    text: &'a str,
    unknown: &'a [Span],
    words: Vec<String>,
}

impl<'a> Ways<'a> {
    fn of(text: &'a str, unknown: &'a [Span]) -> Self {
        Self { text, unknown, words: words(text, unknown) }
    }

    fn is_large(&self) -> bool {
        self.text.len() > LARGE
    }

    fn count(&self) -> usize {
        let all = self.words.len().max(VALUES.len());
        if self.is_large() { all.min(FILLINGS_OF_LARGE) } else { all }
    }

    /// Made when it is needed: a text may be long.
    fn filled(&self, turn: usize) -> Filled {
        let (word, value) = (turn % self.words.len(), VALUES[turn % VALUES.len()]);
        Filled::of(self.text, self.unknown, &self.words[word], value)
    }
}

/// Members whose texts are passed on as they are. Nothing else in a body means them, nor do they mean anything else in it.
const PASSED_ON: &[&str] = &["text", "data", "content", "description", "thoughtSignature"];

/// Whether a piece may be more than words of a text that is passed on: a value, a name, or a text that means another place.
fn may_mean_something(text: &str, unknown: &[Span]) -> bool {
    let filled = Filled::of(text, unknown, "a", "null");
    let document = Document::read(&filled.text);
    let Some(root) = document.root() else { return true };
    !filled.pieces.iter().all(|(here, _)| is_passed_on(root, here))
}

fn is_passed_on(root: Value<'_>, piece: &Span) -> bool {
    let mut value = root;
    loop {
        let mut children = value.children();
        let holds =
            |child: &Value<'_>| child.span().start < piece.start && piece.end < child.span().end;
        match children.find(holds) {
            Some(child) => value = child,
            None => break,
        }
    }
    value.kind() == Form::Text && PASSED_ON.iter().any(|name| value.is_called(name))
}

/// What is told of the pieces of a text and of those that belong to it, at the first one; `lines` are where all of them stand.
pub fn note(text: &str, unknown: &[Span], lines: &[usize]) -> Option<Finding> {
    let first = unknown.first()?.clone();
    // A piece that JSON can hold is named as it stands there.
    let is_plain =
        |piece: &Span| !text.get(piece.clone()).unwrap_or_default().contains(['"', '\\']);
    let path = if unknown.iter().all(is_plain) {
        Document::read(text).path_at(first.start)
    } else {
        let filled = Filled::of(text, unknown, "a", "null");
        Document::read(&filled.text).path_at(filled.pieces.first()?.0.start)
    };
    // An editor's own mark for a variable, which no shell has.
    let is_template = text.get(first.clone()).is_some_and(|piece| piece.starts_with("{{"));
    let (when, words) = match is_template {
        true => (
            "when the request is sent",
            "Lint the body with its values: send it, save what the editor shows as sent, and name that file",
        ),
        false => (
            "when the command runs",
            "Lint the body with its values: have the command write it to a file in place of sending it, \
             and name that file",
        ),
    };
    let said = match lines.len() {
        1 => format!("one value is put in {when}, and was not judged"),
        count => {
            format!("{count} values are put in {when}, and were not judged: {}", listed(lines))
        }
    };
    Some(Finding {
        rule: &PUT_IN,
        path,
        span: first,
        said,
        correction: Some(Correction::advice(words)),
    })
}

/// Lines that are told one by one.
const MOST_LINES: usize = 8;

fn listed(lines: &[usize]) -> String {
    let mut lines = lines.to_vec();
    lines.dedup();
    let told: Vec<String> = lines.iter().take(MOST_LINES).map(usize::to_string).collect();
    let more = if lines.len() > MOST_LINES { " and more" } else { "" };
    format!("line{} {}{more}", if lines.len() == 1 { "" } else { "s" }, told.join(", "))
}

/// What two findings of one thing have in common. What names a filled piece differs from one way to the other.
type Same<'a> = (&'static str, &'a Span, &'a str, &'a str, Option<&'a str>);

fn same(finding: &Finding) -> Same<'_> {
    let words = finding.correction.as_ref().map(|it| it.words.as_str());
    (finding.rule.id, &finding.span, &finding.path, &finding.said, words)
}

/// As many of each rule as anybody reads, and how many more there are.
fn cut(findings: &mut Vec<Finding>) -> Vec<(&'static str, usize)> {
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    findings.retain(|finding| {
        let at = counts.iter().position(|(id, _)| *id == finding.rule.id);
        let at = at.unwrap_or_else(|| {
            counts.push((finding.rule.id, 0));
            counts.len() - 1
        });
        counts[at].1 += 1;
        counts[at].1 <= MOST_OF_A_RULE
    });
    counts.retain(|(_, count)| *count > MOST_OF_A_RULE);
    counts.into_iter().map(|(id, count)| (id, count - MOST_OF_A_RULE)).collect()
}

/// The kind that the body shows where a piece does not hide it. Where it may be a body of another call there is none, so that it
/// is held against no rule.
fn kind(ways: &Ways<'_>) -> Option<Kind> {
    let mut shown = None;
    for turn in 0..ways.count().min(VALUES.len()) {
        let filled = ways.filled(turn);
        let document = Document::read(&filled.text);
        let Some(root) = document.root() else { continue };
        if other(root).is_some() {
            return None;
        }
        let kind = Kind::of(root);
        let is_shown = kind != Kind::Generate || field(root, "contents").is_some();
        shown = shown.or(is_shown.then_some(kind));
    }
    shown
}

/// The words that are tried: those that are always, and names that the body itself has.
fn words(text: &str, unknown: &[Span]) -> Vec<String> {
    let filled = Filled::of(text, unknown, "a", "null");
    let document = Document::read(&filled.text);
    let mut words: Vec<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
    if let Some(root) = document.root() {
        names(root, &mut words);
    }
    words
}

fn names(root: Value<'_>, words: &mut Vec<String>) {
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        for child in value.children() {
            let is_naming = NAMING.iter().any(|name| child.is_called(name));
            let word = child.quoted().filter(|_| is_naming && child.kind() == Form::Text);
            if let Some(word) = word.filter(|word| !words.iter().any(|known| known == word)) {
                words.push(word.to_owned());
            }
            if words.len() >= WORDS.len() + MOST_NAMES {
                return;
            }
            open.push(child);
        }
    }
}

/// The text with something in the place of each piece, and the way back.
#[derive(Debug, Default)]
struct Filled {
    text: String,
    /// Where each piece stands here and there.
    pieces: Vec<(Span, Span)>,
}

impl Filled {
    fn of(text: &str, unknown: &[Span], word: &str, value: &str) -> Self {
        let mut filled = Self::default();
        let (mut at, mut is_inside) = (0, false);
        for piece in unknown {
            let known = text.get(at..piece.start).unwrap_or_default();
            is_inside = ends_inside(known, is_inside);
            filled.text.push_str(known);
            let start = filled.text.len();
            // A member that has a value is there, whichever it is.
            let is_value = known.trim_end().ends_with(':') && matches!(value, "" | "null");
            filled.text.push_str(match is_inside {
                true => word,
                false if is_value => "2.5",
                false => value,
            });
            filled.pieces.push((start..filled.text.len(), piece.clone()));
            at = piece.end;
        }
        filled.text.push_str(text.get(at..).unwrap_or_default());
        filled
    }

    /// What is found in it, with the places of the text that it was made of. Corrections were made for another text.
    fn look(&self, given: &Given<'_>) -> Looked {
        let mut looked = look(&self.text, given);
        for finding in &mut looked.findings {
            finding.span = self.back(&finding.span);
            if let Some(correction) = &mut finding.correction {
                correction.edits.clear();
                correction.is_mechanical = false;
            }
        }
        looked
    }

    fn back(&self, span: &Span) -> Span {
        let start = self.offset(span.start, false);
        start..self.offset(span.end, true).max(start)
    }

    /// An offset in a piece becomes its beginning, or as the end of something its end.
    fn offset(&self, offset: usize, is_end: bool) -> usize {
        let is_behind = |(here, _): &(Span, Span)| match is_end {
            true => here.start < offset,
            false => here.start <= offset,
        };
        let before = self.pieces.partition_point(is_behind).checked_sub(1);
        let Some((here, there)) = before.and_then(|index| self.pieces.get(index)) else {
            return offset;
        };
        match () {
            () if offset > here.end || (!is_end && offset == here.end) => {
                there.end + (offset - here.end)
            }
            () if is_end => there.end,
            () => there.start,
        }
    }

    /// What each piece leaves open, in the text that this one was made of.
    fn dependents(&self) -> Vec<Dependent> {
        let document = Document::read(&self.text);
        let Some(root) = document.root() else { return Vec::new() };
        let of = |(here, there): &(Span, Span)| {
            let found = Dependent::of(root, here);
            let within = found.within.map_or_else(|| there.clone(), |span| self.back(&span));
            Dependent { within: Some(within), at: found.at.map(|span| self.back(&span)) }
        };
        self.pieces.iter().map(of).collect()
    }
}

/// Whether what comes behind a piece of JSON stands within a text.
fn ends_inside(json: &str, was_inside: bool) -> bool {
    let (mut is_inside, mut is_escaped) = (was_inside, false);
    for letter in json.bytes() {
        match letter {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_inside => is_escaped = true,
            b'"' => is_inside = !is_inside,
            _ => {}
        }
    }
    is_inside
}

/// What cannot be judged because of one piece.
#[derive(Debug, Default)]
struct Dependent {
    /// What it stands in: a value, or a member whose name is open.
    within: Option<Span>,
    /// An object or a list of which it is open what it has.
    at: Option<Span>,
}

impl Dependent {
    fn of(root: Value<'_>, piece: &Span) -> Self {
        let start =
            |value: &Value<'_>| value.key_span().map_or(value.span().start, |key| key.start);
        let mut value = root;
        loop {
            let mut children = value.children();
            let child =
                children.find(|child| start(child) <= piece.start && piece.end <= child.span().end);
            let Some(child) = child else { break };
            if child.key_span().is_some_and(|key| piece.start < key.end) {
                let within = Some(start(&child)..child.span().end);
                return Self { within, at: Some(value.span()) };
            }
            value = child;
        }
        match value.kind() {
            // The piece is the whole of it, or stands between what is in it.
            Form::Object | Form::List if value.span() != *piece => {
                Self { within: None, at: Some(value.span()) }
            }
            _ => Self { within: Some(value.span()), at: None },
        }
    }

    fn covers(&self, span: &Span) -> bool {
        let is_at = self.at.as_ref().is_some_and(|at| at == span);
        let is_within = self.within.as_ref().is_some_and(|within| {
            let is_round = span.start <= within.start && within.end <= span.end && span != within;
            !is_round && span.start <= within.end && within.start <= span.end
        });
        is_at || is_within
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;
    use crate::facts::models::ModelTable;

    /// The ids and paths of what is found, pieces being what begins with a dollar.
    fn found(text: &str) -> Vec<String> {
        let is_name = |letter: char| letter.is_ascii_uppercase() || letter == '$';
        let mut unknown = Vec::new();
        let mut at = 0;
        while let Some(next) = text[at..].find('$') {
            let start = at + next;
            let length = text[start..].find(|letter| !is_name(letter));
            at = start + length.unwrap_or(text.len() - start);
            unknown.push(start..at);
        }
        let table = ModelTable::embedded();
        let looked = look(text, &Given { unknown: &unknown, ..Given::on(&table, "2026-11-20") });
        for finding in &looked.findings {
            assert!(text.get(finding.span.clone()).is_some(), "{finding:?}");
        }
        let told = looked.findings.iter();
        told.map(|finding| format!("{} {}", finding.rule.id, finding.path)).collect()
    }

    #[test]
    fn what_depends_on_a_piece_is_not_told() {
        for text in [
            r#"{"contents": [{"role": "user", "parts": [{"text": "$PROMPT"}]}]}"#,
            r#"{"contents": [{"role": "$ROLE", "parts": [{"text": "a $B c"}]}]}"#,
            r#"{"contents": [{"parts": [{"inlineData": {"mimeType": "image/png", "data": "$DATA"}}]}]}"#,
            r#"{"contents": [{"parts": [{"inlineData": {"mimeType": "$MIME", "data": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="}}]}]}"#,
            r#"{"contents": [{"parts": [{"fileData": {"mimeType": "$MIME", "fileUri": "$URI"}}]}]}"#,
            r#"{"contents": $CONTENTS}"#,
            r#"{"contents": [$TURNS]}"#,
            r#"{"contents": [{"parts": [{"text": $TEXT}]}], "generationConfig": {"temperature": $T, "maxOutputTokens": $N}}"#,
            r#"{"contents": [{"parts": [{"text": "a"}]}], $REST}"#,
            r#"{$REST}"#,
            r#"$ALL"#,
            r#"{"contents": [{"parts": [{"text": "a"}]}], "generationConfig": {"responseMimeType": "$M", "responseSchema": {"type": "$T", "properties": {"a": {"type": "STRING"}}}}}"#,
            r#"{"contents": [{"parts": [{"text": "a"}]}], "$FIELD": {"b": 1}}"#,
            r#"{"model": "models/$MODEL", "contents": [{"parts": [{"text": "a"}]}]}"#,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "$NAME", "response": {}}}]}]}"#,
            r#"{"messages": $M, "model": "gemini-3.8-flash"}"#,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "tools": "$TOOLS", "toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}"#,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "tools": $TOOLS, "toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}"#,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": $PARTS}, {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {}}}]}]}"#,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {}}, "thoughtSignature": "AAAA"}]}, {"role": "user", "parts": [$RESPONSE]}]}"#,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "tools": [{"functionDeclarations": [{"name": "$NAME", "description": "a"}]}], "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["f"]}}}"#,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "tools": [{"functionDeclarations": [{"name": "f", "description": "a", "parameters": {"type": "OBJECT", "properties": {"$P": {"type": "STRING"}}, "required": ["city"]}}]}]}"#,
            r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "tools": [{"functionDeclarations": [{"name": "f", "description": "a", "parameters": {"type": "OBJECT", "properties": $P, "required": ["city"]}}]}]}"#,
            r#"{"content": $C, "taskType": "$TASK"}"#,
        ] {
            let errors: Vec<String> = found(text)
                .into_iter()
                .filter(|told| !told.starts_with("thought-signature"))
                .collect();
            assert!(errors.is_empty(), "{text}\n{errors:?}");
        }
    }

    #[test]
    fn bodies_of_other_calls_stay_such() {
        let table = ModelTable::embedded();
        for text in [
            r#"{"model": "models/m", "contents": [{"parts": [{"text": "$"}]}], "ttl": "300s"}"#,
            r#"{"model": "models/m", "contents": $, "ttl": "300s"}"#,
            r#"{"contents": [{"parts": [{"text": "a"}]}], "ttl": $}"#,
        ] {
            let at = text.find('$').expect("a piece");
            let piece = at..at + 1;
            let given = Given { unknown: from_ref(&piece), ..Given::on(&table, "2026-11-20") };
            let looked = look(text, &given);
            assert!(looked.unjudged.is_some(), "{text}");
            assert!(looked.findings.is_empty(), "{text} {:?}", looked.findings);
        }
    }

    #[test]
    fn a_long_text_is_looked_through_in_a_few_ways_and_what_holds_is_told() {
        let long = "word ".repeat(LARGE / 5 + 1);
        let text = format!(
            r#"{{"contents": [{{"parts": [{{"text": "$A"}}, {{"text": "{long}"}}]}}], "temperature": 0.5}}"#
        );
        let told = found(&text);
        assert_eq!(told, ["field-misplaced temperature"]);
        let piece = 31..33;
        let ways = Ways::of(&text, from_ref(&piece));
        assert_eq!((ways.is_large(), ways.count()), (true, FILLINGS_OF_LARGE));
        assert!(Ways::of("$A", from_ref(&(0..2))).count() > FILLINGS_OF_LARGE);
    }

    #[test]
    fn what_compares_two_places_is_told_of_words_that_are_passed_on_alone() {
        let text = r#"{"contents": [{"role": "user", "parts": [{"text": "$A"}]}], "toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}"#;
        let rule = "calling-without-functions";
        assert!(found(text).iter().any(|told| told.starts_with(rule)), "{:?}", found(text));
        let open = text.replace("\"ANY\"}", "\"ANY\"}, \"cachedContent\": $C");
        assert!(!found(&open).iter().any(|told| told.starts_with(rule)), "{:?}", found(&open));
    }

    #[test]
    fn what_does_not_depend_on_a_piece_is_told() {
        for (text, expected) in [
            (
                r#"{"contents": [{"parts": [{"text": "$PROMPT"}]}], "temperature": 0.5}"#,
                "field-misplaced temperature",
            ),
            (
                r#"{"contents": [{"parts": [{"text": "$PROMPT"}]}], "temperature": $T}"#,
                "field-misplaced temperature",
            ),
            (
                r#"{"contents": [{"parts": [{"text": "$PROMPT"}]},]}"#,
                "json-trailing-comma contents",
            ),
            (
                r#"{"contents": [{"parts": [{"text": "$A"}]}, {"parts": [{"inlineData": {"mimeType": "$M", "data": "%%%"}}]}]}"#,
                "inline-data-not-base64 contents[1].parts[0].inlineData.data",
            ),
        ] {
            let told = found(text);
            assert!(told.iter().any(|one| one == expected), "{text}\n{told:?}");
        }
    }

    #[test]
    fn places_lead_back_over_pieces_of_any_length() {
        let unknown = [2..8, 10..12];
        let filled = Filled::of("ab$LONGRcd$Xef", &unknown, "w", "[]");
        assert_eq!(filled.text, "ab[]cd[]ef");
        for (here, there) in [
            (0..2, 0..2),
            (2..4, 2..8),
            (3..4, 2..8),
            (4..6, 8..10),
            (6..10, 10..14),
            (0..10, 0..14),
        ] {
            assert_eq!(filled.back(&here), there, "{here:?}");
        }
        let none = Filled::of("ab$LONGRcd", from_ref(&(2..8)), "w", "");
        assert_eq!((none.back(&(0..2)), none.back(&(2..4))), (0..2, 8..10));
    }

    #[test]
    fn the_note_says_how_many_and_where() {
        let text = r#"{"a": "$B $C", "d": $E}"#;
        let told = note(text, &[7..9, 10..12, 20..22], &[3, 3, 9]).expect("a note");
        assert_eq!((told.path.as_str(), &text[told.span.clone()]), ("a", "$B"));
        assert_eq!(
            told.said,
            "3 values are put in when the command runs, and were not judged: lines 3, 9"
        );
        let named = r#"{"a": {"$ref": "$(b "c")"}}"#;
        let plain = note(named, from_ref(&(8..12)), &[3]).expect("a note");
        assert_eq!(plain.path, "a.$ref");
        let quoted = note(named, &[8..12, 16..24], &[3, 3]).expect("a note");
        assert_eq!(quoted.path, "a.a");
        let only = note(text, from_ref(&(7..9)), &[3]).expect("a note");
        assert!(only.said.starts_with("one value is put in"), "{}", only.said);
        assert!(note(text, &[], &[]).is_none());
    }

    #[test]
    fn no_text_with_pieces_makes_it_stumble() {
        for text in [
            "",
            "$A",
            "\"$A",
            "{\"$A\": $B, $C",
            "[$A$B]",
            "{\"a\\$A\": \"\\",
            "\u{1f642}$A\u{1f642}",
        ] {
            found(text);
        }
    }
}

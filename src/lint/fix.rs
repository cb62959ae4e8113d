//! Puts right what a program can put right without knowing what was meant, again until nothing is left of it. It must not
//! make a change that it does not tell.

use super::{
    document::{Line, Lines, Span},
    finding::{Edit, Finding},
    look::{Given, Looked, look},
};

/// A text with its corrections made.
#[derive(Debug)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// What was changed, in the order in which it was done.
    pub changes: Vec<Change>,
    /// What the rules find in the new text.
    pub left: Looked,
}

/// One correction that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The id of the rule.
    pub rule: &'static str,
    /// The path to what was changed, as it was then.
    pub path: String,
    /// Where it stands in the text as it was at the beginning.
    pub at: Line,
    /// The same as an offset.
    pub offset: usize,
    /// What was done.
    pub words: String,
}

/// One correction can make room for the next; no body needs many rounds.
const MOST_ROUNDS: usize = 100;

/// Makes all corrections that keep what is meant.
pub fn fix(text: &str, given: &Given<'_>) -> Fixed {
    // What is put in elsewhere cannot be written down here.
    if !given.unknown.is_empty() {
        return Fixed { text: text.to_owned(), changes: Vec::new(), left: look(text, given) };
    }
    let all = Given { wants_all: true, counts: false, ..given.clone() };
    let beginning = text;
    let mut text = text.to_owned();
    let mut changes: Vec<Change> = Vec::new();
    let mut ways = Vec::new();
    let mut found = look(&text, &all).findings;
    for _ in 0..MOST_ROUNDS {
        let (edits, mut made) = round(&found);
        if made.is_empty() {
            break;
        }
        for change in &mut made {
            change.offset = ways.iter().rev().fold(change.offset, |at, way| before(way, at));
        }
        ways.push(way_back(&edits));
        text = changed(&text, edits);
        changes.extend(made);
        found = look(&text, &all).findings;
    }
    let mut lines = Lines::of(beginning);
    changes.iter_mut().for_each(|change| change.at = lines.place(change.offset));
    Fixed { left: look(&text, given), text, changes }
}

/// For each piece that a round changed: where it ends in the new text, how long it is there, and where it began before and
/// ended.
type Way = Vec<(usize, usize, Span)>;

fn way_back(edits: &[Edit]) -> Way {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let (mut new, mut old) = (0, 0);
    let of = |edit: &Edit| {
        new += edit.span.start.saturating_sub(old) + edit.text.len();
        old = edit.span.end.max(old);
        (new, edit.text.len(), edit.span.clone())
    };
    edits.into_iter().map(of).collect()
}

/// Where an offset of the new text stood before; within what was put in it is where that was put.
fn before(way: &Way, offset: usize) -> usize {
    let next = way.partition_point(|(end, ..)| *end <= offset);
    match way.get(next) {
        Some((end, length, span)) if offset + length >= *end => span.start,
        _ => match next.checked_sub(1).map(|last| &way[last]) {
            Some((end, _, span)) => span.end + (offset - end),
            None => offset,
        },
    }
}

/// The corrections that can be made at once: none of them touches what another one changes.
fn round(findings: &[Finding]) -> (Vec<Edit>, Vec<Change>) {
    let (mut edits, mut made): (Vec<Edit>, Vec<Change>) = (Vec::new(), Vec::new());
    for finding in in_order(findings) {
        let Some(correction) = &finding.correction else { continue };
        let touches = |edit: &Edit| edits.iter().any(|other| touch(edit, other));
        if correction.edits.is_empty() || correction.edits.iter().any(touches) {
            continue;
        }
        edits.extend(correction.edits.iter().cloned());
        made.push(Change {
            rule: finding.rule.id,
            path: finding.path.clone(),
            // Of this round's text; the caller leads it back.
            at: Line { line: 1, column: 1 },
            offset: finding.span.start,
            words: correction.words.clone(),
        });
    }
    (edits, made)
}

/// The corrections of the first kind that there is any of: what is JSON at all, then names, then places, then all else,
/// since what is missing or wrong may be so only for a name that is misspelt. Of each kind first what changes one place.
fn in_order(findings: &[Finding]) -> Vec<&Finding> {
    let turn = |finding: &Finding| {
        let made = finding.correction.as_ref().filter(|one| one.is_mechanical)?;
        let several = made.edits.len() > 1;
        (!made.edits.is_empty()).then(|| (turn_of(finding.rule.id), several))
    };
    let first = findings.iter().filter_map(turn).min();
    findings.iter().filter(|finding| first.is_some() && turn(finding) == first).collect()
}

fn turn_of(rule: &str) -> u8 {
    match rule {
        "field-misspelt"
        | "field-of-another-api"
        | "openai-field-misspelt"
        | "openai-native-field" => 1,
        "field-misplaced" | "openai-google-outside-extra-body" | "openai-extra-body-nested" => 2,
        _ if rule.starts_with("json-") => 0,
        _ => 3,
    }
}

/// Whether two changes lie over each other or side by side.
fn touch(one: &Edit, other: &Edit) -> bool {
    one.span.start <= other.span.end && other.span.start <= one.span.end
}

/// The text with some pieces changed.
pub fn changed(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(text.get(at..edit.span.start).unwrap_or_default());
        out.push_str(&edit.text);
        at = edit.span.end.max(at);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::models::ModelTable;

    #[test]
    fn offsets_lead_back_over_a_round() {
        let edit = |span: Span, text: &str| Edit { span, text: text.to_owned() };
        let edits = vec![edit(8..9, ""), edit(2..4, "XYZ")];
        assert_eq!(changed("abcdefghij", edits.clone()), "abXYZefghj");
        let way = way_back(&edits);
        let places: Vec<usize> = (0..10).map(|offset| before(&way, offset)).collect();
        assert_eq!(places, [0, 1, 2, 2, 2, 4, 5, 6, 7, 9]);
        assert_eq!(before(&Way::new(), 5), 5);
    }

    /// The second round renames what the first one had read rightly; both are told by their lines in the file.
    #[test]
    fn changes_of_every_round_have_the_lines_of_the_beginning() {
        let text =
            "{contents: [{\n'parts': [{\n'text': 'a',}],\n\"roll\": True}],\n\"temperature\": .5,}";
        let table = ModelTable::embedded();
        let fixed = fix(text, &Given::on(&table, "2026-11-20"));
        let line = |rule: &str| {
            let change = fixed.changes.iter().find(|change| change.rule == rule);
            change.map(|change| (change.at.line, &text[change.offset..][..4]))
        };
        assert_eq!(line("json-bad-number"), Some((5, ".5,}")), "{:?}", fixed.changes);
        // What was moved is told by where it was moved from.
        assert_eq!(line("field-misplaced"), Some((5, "\"tem")), "{:?}", fixed.changes);
        assert_eq!(line("value-of-wrong-type"), Some((4, "True")), "{:?}", fixed.changes);
        assert!(fixed.changes.iter().all(|change| change.at.line <= 5), "{:?}", fixed.changes);
    }
    fn fixed(text: &str) -> Fixed {
        let table = ModelTable::embedded();
        fix(text, &Given { model: Some("gemini-3.8-flash"), ..Given::on(&table, "2026-11-20") })
    }

    /// A schema that misses its type of answer has it under another name, or at another place.
    #[test]
    fn what_has_a_wrong_name_or_place_is_not_added_a_second_time() {
        let schema =
            r#""responseSchema": {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}}"#;
        let contents = r#""contents": [{"role": "user", "parts": [{"text": "a"}]}]"#;
        let mime = r#""responseMimeType": "application/json""#;
        let misspelt = mime.replace("MimeT", "MimT");
        let flags = r#""responseLogprob": true, "logprobs": 2"#;
        for text in [
            format!(r#"{{{contents}, "generationConfig": {{{misspelt}, {schema}}}}}"#),
            format!(r#"{{{contents}, {mime}, "generationConfig": {{{schema}}}}}"#),
            format!(r#"{{{contents}, "generationConfig": {{{flags}}}}}"#),
        ] {
            let fixed = fixed(&text);
            for name in ["\"responseMimeType\"", "\"responseLogprobs\""] {
                assert!(fixed.text.matches(name).count() < 2, "{}", fixed.text);
            }
            let parsed = serde_json::from_str::<serde_json::Value>(&fixed.text).expect("JSON");
            let config = &parsed["generationConfig"];
            let is_there = config["responseMimeType"] == "application/json"
                || config["responseLogprobs"] == true;
            assert!(is_there, "{}", fixed.text);
            assert_eq!(fixed.changes.len(), 1, "{:?}", fixed.changes);
        }
    }

    #[test]
    fn texts_of_python_keep_what_they_say() {
        let text = r#"{'contents': [{'role': 'user', 'parts': [{'text': 'It\'s "ok" \\n \xe9 \u20ac\n/'}]}]}"#;
        let parsed: serde_json::Value = serde_json::from_str(&fixed(text).text).expect("JSON");
        let said = &parsed["contents"][0]["parts"][0]["text"];
        assert_eq!(said, "It's \"ok\" \\n \u{e9} \u{20ac}\n/");
    }

    /// What a program makes of them is not known, so that not a letter of them is changed.
    #[test]
    fn texts_that_cannot_be_carried_over_stay_as_they_are() {
        for raw in [
            "f'hi {x}'",
            r"r'\d'",
            "b'a'",
            "Rb\"a\"",
            "'''a 'b' c'''",
            "\"\"\"a \"b\" c\"\"\"",
            r"'\N{BULLET}'",
            r"'a\d'",
            r"'\x4'",
            r"'\u12'",
            r"'It\'s",
        ] {
            let text = format!(r#"{{"contents": [{{"parts": [{{"text": {raw}"#);
            let whole = if raw.ends_with("\\'s") { text } else { text + "}]}]}" };
            assert!(fixed(&whole).text.contains(raw), "{}", fixed(&whole).text);
        }
    }
}

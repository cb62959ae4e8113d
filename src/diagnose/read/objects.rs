//! The error objects of a text: JSON, Python's dictionaries, and both of them inside strings of
//! others, however often they were wrapped.

use std::{borrow::Cow, ops::Range};

use serde_json::{Value, json};

use crate::facts::{
    Clue, Party,
    clue::{self, Shown},
    error_body,
};

use super::{super::python_literal, escapes, fields, words};

/// How many brackets are tried in vain as the beginning of an object.
const MAX_VAIN: usize = 64 * DEAR;
/// What a usual try in vain costs.
const DEAR: usize = 8;
/// How often a text is taken out of its escapes.
const MAX_ESCAPES: usize = 6;
/// The most distinct errors of a text.
const MAX_DISTINCT: usize = 100;
/// How deep in a value an error is looked for.
const MAX_NESTING: usize = 12;
/// How often an error is looked for inside of another.
const MAX_DEPTH: usize = 4;

/// One error object, with what the words before it add.
pub(super) struct Object {
    /// The lines of the text on which it begins, each time that it is there; the first one is 0.
    pub(super) lines: Vec<usize>,
    pub(super) clues: Vec<Clue>,
    /// Where it stands in the text, each time.
    spans: Vec<Range<usize>>,
}

/// What was found in a text.
pub(super) struct Found<'a> {
    /// The errors, by the first reading that finds any.
    pub(super) objects: Vec<Object>,
    /// The text out of its escapes, as far as it was taken, for those who read its words.
    pub(super) bare: Cow<'a, str>,
}

/// The errors of a text: as it stands, as Python writes it, out of its escapes, and at last by the
/// names of its fields alone.
pub(super) fn find(text: &str) -> Found<'_> {
    find_within(text, MAX_DEPTH)
}

fn find_within(text: &str, depth: usize) -> Found<'_> {
    let mut bare = Cow::Borrowed(text);
    for _ in 0..MAX_ESCAPES {
        let mut objects = in_json(&bare, depth);
        if objects.is_empty() {
            let json = python_literal::to_json(&bare);
            objects = json.map(|json| in_json(&json, depth)).unwrap_or_default();
        } else {
            add_dictionaries(&mut objects, &bare, depth);
        }
        if !objects.is_empty() {
            return Found { objects, bare };
        }
        match escapes::taken_off(&bare) {
            Some(plain) => bare = Cow::Owned(plain),
            None => break,
        }
    }
    // Escapes still show which quotes stand inside of a value.
    let shown = escapes::entities(text);
    let harvested = fields::harvest(&shown).or_else(|| fields::harvest(&bare));
    let clues = harvested.map(|error| of_fields(&error, text)).filter(|clues| !clues.is_empty());
    let object = clues.map(|clues| Object { lines: Vec::new(), clues, spans: Vec::new() });
    Found { objects: object.into_iter().collect(), bare }
}

/// The clues of gathered fields; what they lack, the words round them say.
fn of_fields(error: &Value, text: &str) -> Vec<Clue> {
    let mut clues = error_body::read_value(error);
    if clue::message(&clues).is_none() {
        clues.extend(words::read(text));
    } else if !clues.iter().any(|clue| matches!(clue, Clue::Status(_))) {
        clues.extend(words::status(text));
    }
    attributed(clues)
}

/// Every value of the text that is an error, or the details of one.
fn in_json(text: &str, depth: usize) -> Vec<Object> {
    let mut found: Vec<Object> = Vec::new();
    let (mut at, mut vain) = (0, 0);
    let (mut line, mut counted) = (0, 0);
    while let Some(start) = text[at..].find(['{', '[']).map(|more| at + more) {
        at = start + 1;
        if vain >= MAX_VAIN || !may_begin(&text[at..]) {
            continue;
        }
        let Some((value, length)) = first_value(&text[start..]) else {
            vain += cost(&text[at..]);
            continue;
        };
        line += text[counted..start].matches('\n').count();
        counted = start;
        match read(&value, &text[..start], depth) {
            Some(clues) => {
                at = start + length;
                note(&mut found, clues, line, start..at);
            }
            None if value.is_array() => {}
            None => at = start + length,
        }
    }
    found
}

/// What a try in vain costs: less where an error seems to begin, which may be one of many that are cut.
fn cost(rest: &str) -> usize {
    let near: String = rest.chars().take(24).collect();
    if near.contains("rror") { 1 } else { DEAR }
}

/// Whether what follows a bracket may be JSON: most brackets of a text are no such thing.
fn may_begin(rest: &str) -> bool {
    rest.trim_start().starts_with(['"', '{', '[', '}', ']'])
}

fn note(found: &mut Vec<Object>, clues: Vec<Clue>, line: usize, span: Range<usize>) {
    let full = found.len() >= MAX_DISTINCT;
    match found.iter_mut().find(|known| known.clues == clues) {
        Some(known) => {
            known.lines.push(line);
            known.spans.push(span);
        }
        None if !full => found.push(Object { lines: vec![line], clues, spans: vec![span] }),
        None => {}
    }
}

/// Adds the API's errors that Python wrote beside those in JSON. What tells the same error in both
/// forms, or holds the other, is one.
fn add_dictionaries(found: &mut Vec<Object>, text: &str, depth: usize) {
    let (mut at, mut tries) = (0, 0);
    while let Some(start) = text[at..].find("{'").map(|more| at + more) {
        at = start + 1;
        tries += 1;
        if tries > MAX_DISTINCT {
            break;
        }
        let Some((json, length)) = python_literal::first(&text[start..]) else { continue };
        let span = start..start + length;
        let value = serde_json::from_str(&json).ok();
        let Some(clues) = value.and_then(|value: Value| read(&value, &text[..start], depth)) else {
            continue;
        };
        at = span.end;
        let is_new = !found.iter().any(|known| known.meets(&span) || is_one(&known.clues, &clues));
        if is_new && clues.contains(&Clue::By(Party::Api)) {
            note(found, clues, text[..start].matches('\n').count(), span);
        }
    }
    found.sort_by_key(|object| object.lines.first().copied());
}

impl Object {
    /// Whether it shares a part of the text.
    fn meets(&self, span: &Range<usize>) -> bool {
        self.spans.iter().any(|own| own.start < span.end && span.start < own.end)
    }
}

/// Whether two objects tell one error: status and message agree, or a message holds the other, as
/// those of gateways do.
fn is_one(one: &[Clue], other: &[Clue]) -> bool {
    let said = |clues| clue::message(clues).unwrap_or_default().to_owned();
    let status = |clues: &[Clue]| {
        clues.iter().find_map(|clue| match clue {
            Clue::Status(status) => Some(*status),
            _ => None,
        })
    };
    let (here, there) = (said(one), said(other));
    let agree = status(one).zip(status(other)).is_none_or(|(one, other)| one == other);
    if here == there { agree } else { here.contains(&there) || there.contains(&here) }
}

/// The JSON value a text begins with, whatever follows it, and its length.
fn first_value(text: &str) -> Option<(Value, usize)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    let value = values.next()?.ok()?;
    Some((value, values.byte_offset()))
}

/// What a value tells, if it is an error. Gateways put the API's error somewhere into their own.
fn read(value: &Value, before: &str, depth: usize) -> Option<Vec<Clue>> {
    if is_details(value) {
        let mut clues = error_body::read_value(&json!({ "error": { "details": value } }));
        clues.extend(words::read(near(before)));
        return Some(attributed(clues));
    }
    if holds_several(value) {
        return None;
    }
    let mut clues = error_body::read_value(value);
    if !is_the_api(&clues) {
        if let Some(inner) = within(value, depth) {
            return Some(inner);
        }
        if clues.is_empty() {
            return None;
        }
        clues.extend(words_of(value));
    }
    let has_status = |clues: &[Clue]| clues.iter().any(|clue| matches!(clue, Clue::Status(_)));
    let in_a_stream = follows_pieces(before);
    if in_a_stream || !has_status(&clues) {
        let said = words::status(near(before));
        if in_a_stream && !has_status(&said) {
            clues.push(Clue::Shown(Shown::StreamError));
        }
        if !has_status(&clues) {
            clues.extend(said);
        }
    }
    Some(attributed(clues))
}

/// Whether a list holds several errors, each to be read by itself.
fn holds_several(value: &Value) -> bool {
    let errors = value.as_array().into_iter().flatten();
    errors.filter(|one| !error_body::read_value(one).is_empty()).nth(1).is_some()
}

/// What stands close before an object; what is further off belongs to something else.
fn near(before: &str) -> &str {
    const NEAR: usize = 4096;
    let from = before.len().saturating_sub(NEAR);
    let from = (from..=before.len()).find(|at| before.is_char_boundary(*at));
    &before[from.unwrap_or(0)..]
}

/// Whether pieces of a good answer stand before an error, so that it came in the middle of one.
fn follows_pieces(before: &str) -> bool {
    before.trim_end().ends_with("data:") || near(before).contains("\"candidates\"")
}

/// The API's error somewhere in a value, such as the record of a log.
fn of_the_api(value: &Value, depth: usize) -> Option<Vec<Clue>> {
    let deeper = depth.checked_sub(1)?;
    let own = error_body::read_value(value);
    if is_the_api(&own) {
        return Some(attributed(own));
    }
    children(value).into_iter().find_map(|child| of_the_api(child, deeper))
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// The API's error in one of the parts or texts of a value.
fn within(value: &Value, depth: usize) -> Option<Vec<Clue>> {
    let deeper = depth.checked_sub(1)?;
    let inner = children(value).into_iter().find_map(|child| of_the_api(child, MAX_NESTING));
    if let Some(clues) = inner {
        return Some(clues);
    }
    texts(value).into_iter().filter(|text| text.contains("rror")).find_map(|text| {
        let found = find_within(text, deeper).objects;
        found
            .into_iter()
            .map(|object| object.clues)
            .find(|clues| clues.contains(&Clue::By(Party::Api)))
    })
}

/// What the texts of somebody else's error say together, and the wire trouble they speak of.
fn words_of(value: &Value) -> Vec<Clue> {
    let all = texts(value).join("\n");
    let bare = std::iter::successors(Some(all), |text| escapes::taken_off(text));
    words::read(&bare.take(MAX_ESCAPES).last().unwrap_or_default())
}

/// Every text in a value.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// With who answered, where the form shows it.
fn attributed(mut clues: Vec<Clue>) -> Vec<Clue> {
    if is_the_api(&clues) {
        clues.push(Clue::By(Party::Api));
    }
    clues
}

/// `[{"@type": …}]`: what an SDK prints after the message.
fn is_details(value: &Value) -> bool {
    value.as_array().and_then(|items| items.first()).is_some_and(|item| item["@type"].is_string())
}

/// The API's errors carry a status word; others have a code or a message only.
fn is_the_api(clues: &[Clue]) -> bool {
    let has = |is: fn(&Clue) -> bool| clues.iter().any(is);
    let constant = |clue: &Clue| matches!(clue, Clue::Reason(reason) if words::is_constant(reason));
    clues.iter().any(|clue| matches!(clue, Clue::Rpc(word) if words::rpc(word).is_some()))
        || has(|clue| matches!(clue, Clue::QuotaId(_)))
        || (clues.iter().any(constant) && has(|clue| matches!(clue, Clue::Status(_))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ERROR: &str =
        r#"{"error":{"code":503,"message":"No room today.","status":"UNAVAILABLE"}}"#;

    fn holds(text: &str, clue: &Clue) -> bool {
        find(text).objects.iter().any(|object| object.clues.contains(clue))
    }

    #[test]
    fn an_error_is_found_however_often_it_was_wrapped() {
        let mut text = ERROR.to_owned();
        for _ in 0..3 {
            assert!(
                holds(&format!("ERROR it failed: {text} and so on"), &Clue::Status(503)),
                "{text}"
            );
            assert!(holds(&text, &Clue::Message("No room today.".to_owned())), "{text}");
            text = serde_json::json!({"level": "error", "err": text}).to_string();
        }
        let escaped = ERROR.replace('"', "\\\"");
        assert!(holds(&format!("b'{escaped}'"), &Clue::Status(503)));
        assert!(holds(&escaped.replace('\\', "\\\\\\"), &Clue::By(Party::Api)));
        assert!(holds(
            "503 UNAVAILABLE. {'error': {'code': 503, 'status': 'UNAVAILABLE'}}",
            &Clue::Status(503)
        ));
    }

    #[test]
    fn the_apis_error_counts_wherever_a_gateway_puts_it() {
        let raw = json!({"error": {"message": "Provider returned error", "code": 502,
            "metadata": {"raw": ERROR, "provider_name": "x"}}});
        assert!(
            holds(&raw.to_string(), &Clue::Status(503))
                && !holds(&raw.to_string(), &Clue::Status(502))
        );
        let cause = json!({"ok": false, "error": {"code": "upstream", "cause": {"text": "read ECONNRESET"}}});
        assert!(holds(&cause.to_string(), &Clue::Fault(crate::facts::Fault::Reset)));
    }

    #[test]
    fn each_error_of_a_text_is_found_once() {
        let other = ERROR.replace("503", "500");
        let text = format!("{ERROR}\n{other}\n\n{ERROR}");
        let lines: Vec<_> = find(&text).objects.into_iter().map(|object| object.lines).collect();
        assert_eq!(lines, [vec![0, 3], vec![1]]);
    }

    #[test]
    fn what_python_wrote_beside_json_is_an_error_of_its_own_unless_it_says_the_same() {
        let python = |message: &str| {
            format!(
                "x: 503 UNAVAILABLE. {{'error': {{'code': 503, 'message': '{message}', 'status': 'UNAVAILABLE'}}}}"
            )
        };
        for (text, lines) in [
            (
                format!(
                    "{}\nINFO don't\n{ERROR}",
                    python("It's full.".replace('\'', "\\'").as_str())
                ),
                vec![vec![0], vec![2]],
            ),
            (format!("{ERROR}\n{}", python("Gone.")), vec![vec![0], vec![1]]),
            (format!("{}\n{ERROR}", python("No room today.")), vec![vec![1]]),
            (format!("{}\n{ERROR}", python("upstream: No room today.")), vec![vec![1]]),
            (
                format!("{}\n{ERROR}", python(&ERROR.replace("today", "now"))),
                vec![vec![0], vec![1]],
            ),
        ] {
            let found: Vec<_> = find(&text).objects.into_iter().map(|found| found.lines).collect();
            assert_eq!(found, lines, "{text}");
        }
    }

    #[test]
    fn details_after_a_message_are_read_with_it() {
        let text = r#"[429 Too Many Requests] Slow down. [{"@type":"type.googleapis.com/google.rpc.QuotaFailure",
            "violations":[{"quotaId":"XPerDay"}]}]"#;
        assert!(holds(text, &Clue::Status(429)) && holds(text, &Clue::By(Party::Api)));
        assert!(holds(text, &Clue::QuotaId("XPerDay".to_owned())));
    }

    #[test]
    fn an_error_without_a_status_word_is_not_called_the_apis() {
        let text = "HTTP/1.1 402 X\n\n{\"error\":{\"message\":\"Insufficient credits\"}}";
        assert!(holds(text, &Clue::Status(402)) && !holds(text, &Clue::By(Party::Api)));
    }

    #[test]
    fn an_error_among_the_pieces_of_a_stream_is_marked() {
        let text = format!("data: {{\"candidates\":[]}}\n\ndata: {ERROR}");
        assert!(holds(&text, &Clue::Shown(Shown::StreamError)));
    }

    #[test]
    fn what_is_no_error_gives_none() {
        for text in ["", "{}", "{\"error\":null,\"data\":{}}", "{\"models\":[]}", "x [y] {z}"] {
            assert!(find(text).objects.is_empty(), "{text}");
        }
    }
}

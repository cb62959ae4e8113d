//! Bodies that a program wrote into its log, as whole objects of JSON, or as Python prints them, behind other words. What only looks like one is left to
//! whoever reads it.

use std::borrow::Cow;

use super::{Body, Offsets, python};
use crate::lint::{
    document::Document,
    kind::{is_program, looks_like_a_body},
};

/// Brackets that nothing closes, after which the rest is left alone: each is looked for to the end.
const MOST_UNCLOSED: usize = 16;

/// The bodies of a log; none where there is none, or where the text is a program.
pub(super) fn bodies(text: &str) -> Option<Vec<Body<'_>>> {
    let begins_with_words = text.trim_start().starts_with(|letter: char| letter.is_alphanumeric());
    if !begins_with_words || is_program(text) {
        return None;
    }
    let (mut found, mut at, mut unclosed) = (Vec::new(), 0, 0);
    // The line of the last body, and where it began: a log of many is counted through once.
    let (mut line, mut counted) = (1, 0);
    while let Some(start) = text[at..].find('{').map(|start| at + start) {
        let Some((body, end)) = object(text, start) else {
            unclosed += 1;
            if unclosed > MOST_UNCLOSED {
                break;
            }
            at = start + 1;
            continue;
        };
        if let Some(body) = body {
            line += memchr::memchr_iter(b'\n', &text.as_bytes()[counted..start]).count();
            counted = start;
            found.push(body.called(format!("line {line}")));
        }
        at = end;
    }
    if let [only] = &mut found[..] {
        only.name.clear();
    }
    (!found.is_empty()).then_some(found)
}

/// The body that an object is which begins here, if it is one, and where that ends.
fn object(text: &str, start: usize) -> Option<(Option<Body<'_>>, usize)> {
    let is_of_python = text[start + 1..].trim_start().starts_with('\'');
    let printed = is_of_python.then(|| python::dictionary(text, start)).flatten();
    if let Some((json, end)) = printed {
        let body = Body::mapped(json);
        return Some((Some(body).filter(|body| is_body(&body.text)), end));
    }
    let end = end_of_object(text, start)?;
    let object = &text[start..end];
    let body = || Body::of(Cow::Borrowed(object), Offsets::straight(start));
    Some((is_body(object).then(body), end))
}

/// Where the object ends that begins at an offset, by its brackets; none where nothing closes it.
fn end_of_object(text: &str, start: usize) -> Option<usize> {
    let (mut depth, mut is_text, mut is_escaped) = (0_usize, false, false);
    for (at, letter) in text[start..].bytes().enumerate() {
        match letter {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'{' if !is_text => depth += 1,
            b'}' if !is_text && depth == 1 => return Some(start + at + 1),
            b'}' if !is_text => depth -= 1,
            _ => {}
        }
    }
    None
}

fn is_body(object: &str) -> bool {
    let quoted = object[1..].trim_start().starts_with('"');
    quoted && Document::read(object).faults().is_empty() && looks_like_a_body(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_in_a_log_are_found_with_their_places() {
        let good = "{\"contents\": [{\"parts\": [{\"text\": \"a } b\"}]}]}";
        let pretty = "{\n  \"contents\": [{\"parts\": [{\"text\": \"\\\"}\"}]}]\n}";
        let text =
            format!("10:00 sends {{x {{\"a\": 1}}\nDEBUG: {good} to it\nbody =\n{pretty}\n{{\"a\"");
        let all = bodies(&text).expect("bodies");
        let told: Vec<_> = all.iter().map(|body| (body.name.as_str(), &*body.text)).collect();
        assert_eq!(told, [("line 2", good), ("line 4", pretty)]);
        let place = super::super::place(&all[0], 1);
        assert!(text[place..].starts_with("\"contents\""));
    }

    #[test]
    fn what_python_prints_is_a_body_too() {
        let text = "DEBUG sends {'contents': [{'parts': [{'text': \"it's\"}]}], 'x': None}\n";
        let all = bodies(text).expect("bodies");
        let expected = r#"{"contents": [{"parts": [{"text": "it's"}]}], "x": null}"#;
        assert_eq!((all.len(), &*all[0].text), (1, expected));
    }

    #[test]
    fn other_texts_have_none() {
        let body = "{\"contents\": [{\"parts\": [{\"text\": \"a\"}]}]}";
        for text in [
            format!("import json\nbody = {body}"),
            "DEBUG {'contents': [{'parts': [b'x']}]}".to_owned(),
            "INFO {\"contents\": [".to_owned(),
            "contents: [{}]".to_owned(),
            "\"contents\": {}".to_owned(),
            String::new(),
            "{".to_owned(),
        ] {
            assert_eq!(bodies(&text), None, "{text}");
        }
    }
}

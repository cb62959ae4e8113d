//! Requests as editors keep them, and as they go over the wire: `POST URL`, headers, an empty line, the body, up to `###`. Headers hold
//! keys, and are passed over.

use std::{collections::HashMap, ops::Range};

use super::{Body, Unjudged, commands, map::Mapped, url};

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
/// A line that begins so holds two requests apart.
const BETWEEN: &str = "###";
/// Longer ones are no names of variables.
const MOST_OF_A_NAME: usize = 100;

/// The bodies of all requests of a text; none where it does not begin with one.
pub(super) fn bodies(text: &str) -> Option<Vec<Body<'_>>> {
    let is_note =
        |line: &str| line.is_empty() || line.starts_with(['#', '@']) || line.starts_with("//");
    let first = text.lines().map(str::trim).find(|line| !is_note(line))?;
    asked(first)?;
    let sets = sets(text);
    let (mut found, mut start) = (Vec::new(), 0);
    for (number, block) in blocks(text).enumerate() {
        let body = request(text, start..start + block.len(), &sets);
        found.extend(body.map(|body| body.called(format!("request {}", number + 1))));
        start += block.len();
    }
    if let [only] = &mut found[..] {
        only.name.clear();
    }
    Some(found)
}

/// The URL of a line that begins a request.
fn asked(line: &str) -> Option<&str> {
    let (method, rest) = line.split_once(' ')?;
    let url = rest.split_whitespace().next()?;
    let is_url = url.contains("://") || url.starts_with(['/', '{']);
    (METHODS.contains(&method) && is_url).then_some(url)
}

/// The pieces of a text that begin with what holds requests apart.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let next = rest.match_indices('\n').map(|(at, _)| at + 1);
        let end =
            next.into_iter().find(|at| rest[*at..].starts_with(BETWEEN)).unwrap_or(rest.len());
        let block = &rest[..end];
        rest = &rest[end..];
        (!block.is_empty()).then_some(block)
    })
}

fn request<'t>(text: &'t str, span: Range<usize>, sets: &Sets<'t>) -> Option<Body<'t>> {
    let block = &text[span.clone()];
    let mut at = span.start;
    let mut url = None;
    for line in block.split_inclusive('\n') {
        let own = line.trim();
        match &url {
            None => url = asked(own).map(|url| named(url, at + line.find(url).unwrap_or(0))),
            Some(_) if own.is_empty() => break,
            Some(_) => {}
        }
        at += line.len();
    }
    let (url, rest) = (url?, &text[at..span.end]);
    // Behind a body may stand what is done with the answer.
    let end = rest.find("\n> ").unwrap_or(rest.len());
    let inner = rest[..end].trim();
    let at = at + (rest[..end].len() - rest[..end].trim_start().len());
    let body = match inner.strip_prefix("< ") {
        _ if inner.is_empty() => return None,
        Some(path) => Body::unjudged(Unjudged::File(path.trim().to_owned()), at),
        None => Body::mapped(named(inner, at)),
    };
    let target = url::target_of(&url, |name| set(sets, name));
    Some(commands::meant(body.asked(target), Some(&url)))
}

/// A text in which `{{name}}` is put in later.
fn named(text: &str, start: usize) -> Mapped {
    let mut mapped = Mapped::default();
    let mut at = 0;
    while let Some(found) = text[at..].find("{{") {
        let open = at + found;
        mapped.push_str(&text[at..open], start + at);
        at = open + variable(&text[open..]).max(1);
        match variable(&text[open..]) {
            0 => mapped.push_str(&text[open..at], start + open),
            _ => mapped.push_unknown(&text[open..at], start + open),
        }
    }
    mapped.push_str(&text[at..], start + at);
    mapped
}

/// How long the variable at the beginning is; 0 where there is none, as in an object within an object.
fn variable(text: &str) -> usize {
    let is_of_a_name = |letter: &u8| letter.is_ascii_alphanumeric() || b"_-.$ ".contains(letter);
    let length = text.bytes().skip(2).take(MOST_OF_A_NAME).take_while(is_of_a_name).count();
    let is_one = length > 0 && text[2 + length..].starts_with("}}");
    if is_one { length + 4 } else { 0 }
}

/// What the file itself sets variables to: `@name = value`.
type Sets<'t> = HashMap<&'t str, &'t str>;

fn sets(text: &str) -> Sets<'_> {
    let mut sets = Sets::new();
    for line in text.lines() {
        if let Some((name, value)) = line.strip_prefix('@').and_then(|line| line.split_once('=')) {
            sets.entry(name.trim()).or_insert(value.trim());
        }
    }
    sets
}

fn set(sets: &Sets<'_>, name: &str) -> Option<Mapped> {
    sets.get(name.trim_matches(['{', '}', ' '])).map(|value| named(value, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::kind::Kind;

    #[test]
    fn requests_of_editors_are_read() {
        let text = "@base = https://generativelanguage.googleapis.com/v1beta\n@model = gemini-2.5-pro\n\n### One\nPOST {{base}}/models/{{model}}:generateContent HTTP/1.1\nx-goog-api-key: {{key}}\nContent-Type: application/json\n\n{\"contents\": [\n  {\"parts\": [{\"text\": \"{{prompt}}\"}], \"a\": {\"b\": {}}}]}\n\n> {% client.log(1) %}\n\n###\nGET {{base}}/models\n\n### Two\r\nPOST https://generativelanguage.googleapis.com/v1beta/models/m:countTokens\r\n\r\n< ./body.json\r\n\n###\nPOST https://hooks.example/a\n\n{\"text\": \"a\"}\n";
        let all = bodies(text).expect("requests");
        let told: Vec<_> = all.iter().map(|body| (body.kind, body.unjudged.clone())).collect();
        assert_eq!(
            told,
            [
                (Some(Kind::Generate), None),
                (Some(Kind::Count), Some(Unjudged::File("./body.json".to_owned()))),
                (None, Some(Unjudged::Address("hooks.example".to_owned()))),
            ]
        );
        let first = &all[0];
        assert_eq!(first.model.as_deref(), Some("gemini-2.5-pro"));
        assert!(
            first.text.starts_with("{\"contents\"") && first.text.ends_with("]}"),
            "{}",
            first.text
        );
        let [piece] = &first.unknown[..] else { panic!("{:?}", first.unknown) };
        assert_eq!(&first.text[piece.clone()], "{{prompt}}");
        assert!(text[first.offsets.place(piece.start)..].starts_with("{{prompt}}"));
    }

    #[test]
    fn other_texts_are_none_and_no_text_makes_it_stumble() {
        for text in
            ["", "curl x", "POST", "POST \n", "GET it done\n", "{\"POST\": 1}", "# POST /a\n"]
        {
            assert_eq!(bodies(text), None, "{text}");
        }
        for text in [
            "POST /\n\n{{",
            "POST /{{\u{e9}}}\n\n{{\u{e9}",
            "POST {{a\n###\n###",
            "POST /a\n\n<\n> ",
        ] {
            assert!(bodies(text).is_some(), "{text}");
        }
    }
}

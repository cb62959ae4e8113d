//! One body a line. It must not read what is in them.

use std::borrow::Cow;

use super::{Body, Offsets, url};
use crate::lint::document::{Document, Form};

/// The bodies of a text that has one in each of its lines; none where it is another one.
pub(super) fn bodies(text: &str) -> Option<Vec<Body<'_>>> {
    let mut rest = lines(text);
    let is_first = is_body(rest.next()?.2);
    let Some((.., second)) = rest.next() else { return only(text) };
    if !(is_first && is_body(second)) {
        return only(text);
    }
    Some(lines(text).map(body).collect())
}

/// A text that is one line of OpenAI's batches, on however many lines it stands.
fn only(text: &str) -> Option<Vec<Body<'_>>> {
    let (number, at, _) = lines(text).next()?;
    let body = of_openai(at, text[at..].trim_end())?;
    Some(vec![body.called(format!("line {number}"))])
}

/// Lines that are not empty: their number, where they begin, and what stands there.
fn lines(text: &str) -> impl Iterator<Item = (usize, usize, &str)> {
    let mut start = 0;
    let numbered = text.split_inclusive('\n').enumerate().map(move |(index, line)| {
        let at = start;
        start += line.len();
        let inner = line.trim_start_matches('\u{feff}').trim_start();
        (index + 1, at + (line.len() - inner.len()), inner.trim_end())
    });
    numbered.filter(|(_, _, line)| !line.is_empty())
}

fn is_body(line: &str) -> bool {
    line.starts_with('{') && line.ends_with('}')
}

fn body((number, at, line): (usize, usize, &str)) -> Body<'_> {
    let name = format!("line {number}");
    of_openai(at, line)
        .unwrap_or_else(|| Body::of(Cow::Borrowed(line), Offsets::straight(at)))
        .called(name)
}

/// A line of OpenAI's batches has its body beside the path that it is for.
fn of_openai(at: usize, line: &str) -> Option<Body<'_>> {
    if !line.contains("\"custom_id\"") {
        return None;
    }
    let document = Document::read(line);
    let root = document.root()?;
    root.member("custom_id")?;
    let target = root.member("url").and_then(|url| url.text()).map(|url| url::target(&url));
    let inner = root.member("body").filter(|inner| inner.kind() == Form::Object)?.span();
    let body = Body::of(Cow::Borrowed(&line[inner.clone()]), Offsets::straight(at + inner.start));
    // The version of that path is OpenAI's.
    let target = target.unwrap_or_default();
    Some(body.asked(url::Target { version: None, ..target }))
}

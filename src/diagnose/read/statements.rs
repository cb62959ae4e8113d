//! Errors told in words, taken apart: a line at the margin that tells a status which nothing before it
//! has told is another error than the one before it. It decides where one ends, and reads none.

use std::borrow::Cow;

use super::{clean, records, trouble};

/// A text in its errors, each with the line it begins on, counted from 0. Pages, pieces of a stream
/// and objects over several lines stay whole.
pub(super) fn apart(text: &str) -> Vec<(usize, Cow<'_, str>)> {
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() < 2 || hangs_together(text, &lines) {
        return vec![(0, Cow::Borrowed(text))];
    }
    let starts = starts(&lines);
    if starts.len() == 1 {
        return vec![(0, Cow::Borrowed(text))];
    }
    let ends = starts.iter().copied().skip(1).chain([lines.len()]);
    let ranges = starts.iter().copied().zip(ends);
    ranges.map(|(from, to)| (from, Cow::Owned(lines[from..to].join("\n")))).collect()
}

fn hangs_together(text: &str, lines: &[&str]) -> bool {
    let opens = |line: &&str| {
        let count = |mark: u8| line.bytes().filter(|byte| *byte == mark).count();
        line.starts_with('<') || count(b'{') != count(b'}')
    };
    let chained =
        || text.contains('{') && (text.contains("Traceback") || text.contains("Caused by"));
    lines.iter().any(opens) || text.contains("\"candidates\"") || chained()
}

/// A status as a line tells it.
struct Told<'a> {
    status: &'a str,
    before: &'a str,
    behind: &'a str,
}

/// The lines on which an error begins; the first is 0.
fn starts(lines: &[&str]) -> Vec<usize> {
    let mut starts = vec![0];
    let mut last: Option<Told<'_>> = None;
    let mut numbers: Vec<&str> = Vec::new();
    // An object tells a status too.
    let mut told_one = false;
    // A stack trace belongs to what it ends with.
    let mut trace = None;
    for (at, line) in lines.iter().enumerate() {
        let told = told(line);
        let begins = trace.unwrap_or(at);
        trace = records::begins_a_trace(line).then_some(at).or(trace.filter(|_| is_inside(line)));
        if last.as_ref().is_some_and(|last| is_another_object(last, line)) {
            starts.push(at);
            numbers.clear();
        } else if told_one
            && let Some(told) = &told
            && (!numbers.contains(&told.status)
                || last.as_ref().is_some_and(|last| differs(last, told)))
        {
            starts.push(begins);
            numbers.clear();
        }
        numbers.extend(statuses(line));
        told_one |= told.is_some() || line.starts_with('{');
        last = told.or(last);
    }
    starts
}

fn is_inside(line: &str) -> bool {
    line.is_empty() || line.starts_with([' ', '\t'])
}

/// Whether two lines are of one make and say something else.
fn differs(last: &Told<'_>, now: &Told<'_>) -> bool {
    let words = |text: &str| super::gather::signature([text]);
    last.status == now.status
        && words(last.before) == words(now.before)
        && words(last.behind) != words(now.behind)
}

/// Whether a line is an error object with another status than the exception before it, which has a
/// sentence of its own. Below the head of an answer it is the answer.
fn is_another_object(last: &Told<'_>, line: &str) -> bool {
    const SENTENCE: usize = 4;
    let is_object = line.starts_with("{\"error\"") && line.contains("\"code\"");
    let is_exception = ["Error:", "Exception:", "exceptions."].iter();
    is_object
        && is_exception.into_iter().any(|word| last.before.contains(word))
        && last.behind.split_whitespace().count() >= SENTENCE
        && statuses(line).next().is_some()
        && statuses(line).all(|status| status != last.status)
}

/// Whether a line at the margin tells a status.
pub(super) fn tells(line: &str) -> bool {
    told(line).is_some()
}

/// The status of a line at the margin, if it tells one.
fn told(line: &str) -> Option<Told<'_>> {
    if line.starts_with([' ', '\t', '{']) || clean::follows(line) {
        return None;
    }
    let bytes = line.as_bytes();
    let opens = |at: usize| {
        let spaced = bytes.get(at + 3) == Some(&b' ');
        let word = bytes.get(at + 4).is_some_and(u8::is_ascii_alphabetic);
        trouble::heads(bytes, at) && spaced && word
    };
    let at = places(bytes).find(|at| trouble::is_a_status(bytes, *at) || opens(*at))?;
    Some(Told { status: &line[at..at + 3], before: &line[..at], behind: &line[at + 3..] })
}

/// The numbers of a line that may be statuses.
fn statuses(line: &str) -> impl Iterator<Item = &str> {
    places(line.as_bytes()).map(|at| &line[at..at + 3])
}

fn places(bytes: &[u8]) -> impl Iterator<Item = usize> {
    (0..bytes.len()).filter(|at| matches!(bytes[*at], b'3'..=b'5') && trouble::is_alone(bytes, *at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_statuses_of_their_own_are_errors_of_their_own() {
        let lines = |text: &str| apart(text).iter().map(|(at, _)| *at).collect::<Vec<_>>();
        for (text, starts) in [
            ("x\nError: 403 PERMISSION_DENIED: a\n  b\nError: 400 INVALID_ARGUMENT: c", vec![0, 3]),
            ("HTTP/2 403\ncurl: (22) returned error: 403", vec![0]),
            ("HTTP/2 403\n{\"code\": 400}\nerror: 400", vec![0]),
            ("400 API key\n404 models/x is not found", vec![0, 1]),
            ("403 {\"code\": 403}\n404 models/x is not found", vec![0, 1]),
            ("400 API key not valid\n400 location is not supported", vec![0, 1]),
            ("error: 503 a 1\ncalling\nerror: 503 a 2", vec![0]),
            ("HTTP/1.1 503\nerror: 503 no room", vec![0]),
            ("503 a\n{\n \"code\": 400\n}\n404 b", vec![0]),
            ("x.ClientError: 400 API key not valid.\n{\"error\": {\"code\": 404}}", vec![0, 1]),
            ("x.ClientError: 400 API key not valid.\n{\"error\": {\"code\": 400}}", vec![0]),
            ("x.ClientError: 502 Bad Gateway\n{\"error\": {\"code\": 404}}", vec![0]),
            ("400 no\nTraceback (most recent call last):\n  File x\nE: 503 b", vec![0, 1]),
            ("nothing", vec![0]),
        ] {
            assert_eq!(lines(text), starts, "{text}");
        }
    }
}

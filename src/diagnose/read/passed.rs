//! Calls of a log that were answered, held against those that got a 404: a name that is found at other
//! times exists. It adds that one clue, and reads no error.

use crate::facts::{
    Clue,
    clue::{self, Shown},
};

use super::{super::pasted::Seen, context, trouble};

/// Methods whose good answers show that a name has a model behind it.
const METHODS: [&str; 2] = [":generateContent", ":streamGenerateContent"];

/// A call that went well.
struct Passed {
    line: usize,
    url: String,
}

/// Marks the errors of a text whose call passes at other times.
pub(super) fn mark(errors: &mut [Seen], text: &str) {
    let is_missing = |seen: &&mut Seen| seen.clues.contains(&Clue::Status(404));
    if !errors.iter_mut().any(|seen| is_missing(&seen)) {
        return;
    }
    let passed: Vec<Passed> = text.lines().enumerate().filter_map(passed).collect();
    for seen in errors.iter_mut().filter(is_missing) {
        if is_between(seen, &passed) {
            seen.clues.push(Clue::Shown(Shown::PassedToo));
        }
    }
}

/// The call that a line tells of, if it was answered.
fn passed((at, line): (usize, &str)) -> Option<Passed> {
    let behind = METHODS.iter().find_map(|method| Some(line.find(method)? + method.len()))?;
    let rest = &line[behind..];
    let mut words = rest.split(|letter: char| !letter.is_ascii_alphanumeric());
    let is_number = |word: &&str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    if words.find(is_number) != Some("200") || trouble::speaks_of_it(rest) {
        return None;
    }
    Some(Passed { line: at + 1, url: context::request_url(line)? })
}

/// Whether an error's call passed before one of its times and after one of them. What passes only
/// before or only behind them all has changed.
fn is_between(seen: &Seen, passed: &[Passed]) -> bool {
    let mut same = passed.iter().filter(|passed| is_same(seen, &passed.url)).map(|it| it.line);
    let Some(first) = same.next() else { return false };
    let last = same.next_back().unwrap_or(first);
    first < seen.last_line && seen.first_line < last
}

/// Whether a URL is that of an error, or asks for its model where the error shows none.
fn is_same(seen: &Seen, url: &str) -> bool {
    let plain = url.split('?').next().unwrap_or(url);
    let message = clue::message(&seen.clues).unwrap_or_default();
    let version = message.split_once("API version ").map(|(_, rest)| rest);
    let version = version.and_then(|rest| rest.split([',', ' ', '.']).next());
    let model = clue::meta(&seen.clues, "model");
    let asks_for_it = || model.is_some_and(|model| plain.contains(&format!("/{model}:")));
    version.is_none_or(|version| plain.contains(&format!("/{version}/")))
        && clue::meta(&seen.clues, "url").map_or_else(asks_for_it, |asked| asked == plain)
}

#[cfg(test)]
mod tests {
    use super::super::{Around, errors};
    use super::*;

    const CALL: &str = "INFO httpx HTTP Request: POST https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:generateContent";

    fn is_marked(lines: &[String]) -> bool {
        let reading = errors("a log", &lines.join("\n"), &Around::default());
        let seen = reading.errors.iter().find(|seen| seen.clues.contains(&Clue::Status(404)));
        seen.expect("a 404").clues.contains(&Clue::Shown(Shown::PassedToo))
    }

    #[test]
    fn a_name_that_is_found_at_other_times_is_marked() {
        let good = format!("{CALL} \"HTTP/1.1 200 OK\"");
        let bad = format!("{CALL} \"HTTP/1.1 404 Not Found\"");
        assert!(is_marked(&[good.clone(), bad.clone(), good.clone(), bad.clone()]));
        assert!(is_marked(&[good.clone(), bad, good.clone()]));
        let told = r#"ERROR {"error":{"code":404,"message":"models/gemini-3.5-flash is not found for API version v1beta, or so.","status":"NOT_FOUND"}}"#;
        assert!(is_marked(&[good.clone(), told.to_owned(), good.clone()]));
        let of_another = told.replace("v1beta", "v1");
        assert!(!is_marked(&[good.clone(), of_another, good]));
    }

    #[test]
    fn what_changed_for_good_or_is_of_another_call_is_not() {
        let good = format!("{CALL} \"HTTP/1.1 200 OK\"");
        let bad = format!("{CALL} \"HTTP/1.1 404 Not Found\"");
        assert!(!is_marked(&[good.clone(), good.clone(), bad.clone(), bad.clone()]));
        assert!(!is_marked(&[bad.clone(), bad.clone(), good.clone(), good.clone()]));
        for other in [
            good.replace("3.5", "2.5"),
            good.replace("v1beta", "v1"),
            good.replace(":generateContent", ":countTokens"),
            good.replace("200 OK", "503 Service Unavailable"),
        ] {
            assert!(!is_marked(&[other.clone(), bad.clone(), other, bad.clone()]));
        }
    }
}

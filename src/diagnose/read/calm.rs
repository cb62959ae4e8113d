//! Lines that speak of trouble and report none: settings that a log states, sentences that tell what to
//! do about errors, articles. Taken out before a record is read; what has the form of an error stays.

use std::borrow::Cow;

use super::trouble;

/// So many sentences of an article stand in no report of an error.
const ARTICLE: usize = 5;
/// A line of so many words may be a sentence of an article.
const SENTENCE: usize = 12;
/// A line of more words holds several, such as a paragraph whose lines were joined.
const LONG_SENTENCE: usize = 25;

/// The text with empty lines in the places of those that report nothing. Beside an error a line may be a
/// part of it, so that there only settings of a healthy line go.
pub(super) fn without(text: &str) -> Cow<'_, str> {
    let troubled = || text.lines().filter(|line| trouble::speaks_of_it(line));
    let in_article = is_article(text);
    let all_calm = troubled().all(|line| states_a_setting(line) || is_advice(line));
    let reports_nothing = |line: &str| {
        let is_calm = all_calm
            || (in_article && is_sentence(line))
            || (is_healthy(line) && states_a_setting(line));
        is_calm && trouble::speaks_of_it(line)
    };
    if !text.lines().any(reports_nothing) {
        return Cow::Borrowed(text);
    }
    let kept = text.lines().map(|line| if reports_nothing(line) { "" } else { line });
    Cow::Owned(kept.collect::<Vec<_>>().join("\n"))
}

/// Whether a text is mostly written for readers; what it quotes was somebody's error, perhaps.
pub(super) fn is_article(text: &str) -> bool {
    // Words without an end are one sentence, however many they are.
    let ends = |line: &str| line.matches(['.', '!', '?']).count().max(1);
    let words = |line: &str| line.split_whitespace().count();
    let told = |line: &str| words(line).div_ceil(LONG_SENTENCE).min(ends(line));
    text.lines().filter(|line| is_sentence(line)).map(told).sum::<usize>() >= ARTICLE
}

/// Whether a line of a log says of itself that nothing is wrong.
fn is_healthy(line: &str) -> bool {
    const LEVELS: [&str; 4] = ["info", "debug", "trace", "notice"];
    let words = line.split(|letter: char| !letter.is_ascii_alphabetic());
    words
        .filter(|word| !word.is_empty())
        .take(12)
        .any(|word| LEVELS.iter().any(|level| word.eq_ignore_ascii_case(level)))
}

/// Whether words that failures are told with stand in a line only as names of settings: `timeout 10s`.
fn states_a_setting(line: &str) -> bool {
    const SETTINGS: [&str; 4] = ["timeout", "limit", "deadline", "quota"];
    let lower = line.to_ascii_lowercase();
    let named = |name: &&'static str| lower.match_indices(*name).collect::<Vec<_>>();
    let mut settings: Vec<(usize, &str)> = SETTINGS.iter().flat_map(named).collect();
    settings.retain(|(at, name)| has_a_value(&lower[at + name.len()..]));
    settings.sort_unstable();
    let (mut rest, mut kept) = (String::with_capacity(lower.len()), 0);
    for (at, name) in &settings {
        rest.push_str(&lower[kept..*at]);
        kept = at + name.len();
    }
    rest.push_str(&lower[kept..]);
    !settings.is_empty() && !trouble::speaks_of_it(&rest)
}

/// Whether a number stands behind a name, with no more between than a setting has: `_ms": 60000`.
fn has_a_value(text: &str) -> bool {
    const BETWEEN: [&str; 12] =
        ["_ms", "ms", "_seconds", "_secs", "s", " is", " set to", "=", ":", "\"", "'", " "];
    let mut rest = text;
    while let Some(part) = BETWEEN.iter().find(|part| rest.starts_with(**part)) {
        rest = &rest[part.len()..];
    }
    rest.starts_with(|letter: char| letter.is_ascii_digit())
}

/// Whether a sentence tells what to do about trouble that it only supposes.
fn is_advice(line: &str) -> bool {
    if has_form(line) || is_told_by_somebody(line) {
        return false;
    }
    let mut troubled = clauses(line).filter(|clause| trouble::speaks_of_it(clause)).peekable();
    troubled.peek().is_some() && troubled.all(|clause| orders(clause) || supposes(clause))
}

/// The parts of a line between the marks that end a thought.
fn clauses(line: &str) -> impl Iterator<Item = &str> {
    line.split([',', ';', ':', '(', ')']).flat_map(|part| part.split(". ")).map(str::trim)
}

/// What somebody says of his own call is a report.
fn is_told_by_somebody(line: &str) -> bool {
    const SELF: [&str; 8] = ["i", "i'm", "i've", "we", "we're", "we've", "me", "my"];
    line.split_whitespace().any(|word| SELF.iter().any(|own| word.eq_ignore_ascii_case(own)))
}

/// `Add retries for 429`: tasks begin with what is to be done.
fn orders(clause: &str) -> bool {
    const TASKS: [&str; 14] = [
        "add",
        "handle",
        "catch",
        "implement",
        "configure",
        "avoid",
        "monitor",
        "restart",
        "increase",
        "treat",
        "consider",
        "document",
        "support",
        "wrap",
    ];
    let first = clause.trim_start_matches(['-', '*', '#', ' ']).split(' ').next();
    first.is_some_and(|first| TASKS.iter().any(|task| first.eq_ignore_ascii_case(task)))
}

/// `when connection refused appears`: no trouble is told before the condition.
fn supposes(clause: &str) -> bool {
    const CONDITIONS: [&str; 5] = ["when ", "whenever ", "if ", "unless ", "in case "];
    const TELLING: [&str; 8] =
        [" says", " said", " shows", " prints", " throws", " returns", " gives", " got"];
    let lower = clause.to_ascii_lowercase();
    let begins = |at: &usize| *at == 0 || lower[..*at].ends_with(' ');
    let places = CONDITIONS.iter().filter_map(|word| lower.find(word)).filter(begins);
    let Some(at) = places.min() else { return false };
    !trouble::speaks_of_it(&lower[..at]) && !TELLING.iter().any(|word| lower.contains(word))
}

/// Whether a line is a sentence of some length in plain words.
fn is_sentence(line: &str) -> bool {
    let is_plain = |word: &&str| {
        word.bytes().all(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii() || is_mark(byte))
    };
    let words = line.split_whitespace().count();
    let plain = || line.split_whitespace().filter(is_plain).count();
    words >= SENTENCE && !has_form(line) && plain() * 4 >= words * 3
}

fn is_mark(byte: u8) -> bool {
    b"'\"(),.;:!?-/".contains(&byte)
}

/// Whether a line has the form of an error: what programs print and no author writes into a sentence.
fn has_form(line: &str) -> bool {
    const PARTS: [&str; 16] = [
        "Error:",
        "Exception:",
        "Error ",
        "ERROR",
        "FATAL",
        "WARN",
        "rror: ",
        "Errno",
        "HTTP/",
        "curl: (",
        "Traceback",
        "Caused by",
        "[cause]",
        "://",
        "rpc error",
        "StatusCode.",
    ];
    let start = line.trim_start();
    let first = start.split(' ').next().unwrap_or_default();
    let stamped = first.len() >= 8 && first.bytes().filter(u8::is_ascii_digit).count() >= 6;
    stamped
        || start.starts_with(['{', '}', '[', '"', '\'', '>', '<', '|'])
        || line.contains(['{', '}', '`', '│'])
        || PARTS.iter().any(|part| line.contains(part))
        || names_a_status(line)
}

/// `403 PERMISSION_DENIED`: a number before a machine's word.
fn names_a_status(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_number = |word: &str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_constant =
        |word: &str| word.contains('_') && word.bytes().all(|byte| !byte.is_ascii_lowercase());
    words.windows(2).any(|pair| is_number(pair[0]) && is_constant(pair[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_advice_report_nothing() {
        for text in [
            "INFO gemini client started, connection timeout 10s, max retries 3",
            "{\"level\":\"info\",\"msg\":\"started\",\"request_timeout_ms\": 60000}",
            "client ready: timeout=10, rate limit: 15",
            "Add retries for 429 and rate limit mitigation; 503 when the model is overloaded.",
            "Our on-call handbook says: when connection refused appears, restart nginx.",
            "- Handle quota exceeded errors",
            "If the connection was refused, look at the proxy",
        ] {
            assert_eq!(without(text), "", "{text}");
        }
    }

    #[test]
    fn errors_stay_beside_settings_and_in_sentences() {
        for text in [
            "ERROR kafka broker connection timeout after 30s",
            "(Caused by ConnectTimeoutError(<x>, 'Connection to h timed out. (connect timeout=10)'))",
            "timeout of 10000ms exceeded",
            "INFO call failed, timeout 10s",
            "The model is overloaded. Please try again later.",
            "I get this when the model is overloaded",
            "When calling the model, the SDK says: the model is overloaded.",
            "Request failed when the model is overloaded",
            "Error: connection refused when calling x",
            "Please retry in 23.1s. Quota exceeded for metric: x, limit: 10, model: y",
        ] {
            assert_eq!(without(text), text);
        }
    }

    #[test]
    fn an_article_reports_nothing_but_what_it_quotes() {
        let sentence = "A connection timeout is what many users see on a slow network at home.\n";
        let article = sentence.repeat(ARTICLE);
        assert_eq!(without(&article).trim(), "");
        let quoted = format!("{article}\n{{\"error\": {{\"code\": 503}}}}\n");
        assert!(without(&quoted).contains("503"));
        assert_eq!(without(sentence), sentence);
    }

    #[test]
    fn lines_keep_their_numbers() {
        let text = "a\nINFO timeout 10s\nERROR no";
        assert_eq!(without(text), "a\n\nERROR no");
    }
}

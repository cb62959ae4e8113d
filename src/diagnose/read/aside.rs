//! Whether a text only speaks of errors: code that handles them, a page that lists them. It judges how
//! much to trust what was read, and reads nothing itself.

use serde_json::{Map, Value};

use super::{trouble, words};

/// Whether every line of a text that speaks of trouble is source code or explains.
pub(super) fn is_aside(text: &str) -> bool {
    match serde_json::from_str::<Map<String, Value>>(text.trim()) {
        Ok(logged) => {
            let told = logged.values().filter_map(Value::as_str).filter(|told| told.contains(' '));
            let told: Vec<&str> = told.filter(|told| trouble::speaks_of_it(told)).collect();
            !told.is_empty() && told.into_iter().all(only_speaks)
        }
        Err(_) => only_speaks(text),
    }
}

fn only_speaks(text: &str) -> bool {
    let mut told = text.lines().filter(|line| trouble::speaks_of_it(line)).peekable();
    let in_diff = text.lines().any(|line| line.starts_with("diff --git "));
    let is_changed = |line: &str| in_diff && line.starts_with(['+', '-', ' ', '@']);
    told.peek().is_some()
        && told.all(|line| {
            is_code(line.trim()) || explains(line) || is_listed(line.trim()) || is_changed(line)
        })
}

/// Whether a line is of a list: of changes, of statuses, of a table of statuses.
fn is_listed(line: &str) -> bool {
    is_a_change(line) || lists_statuses(line) || is_a_row(line)
}

/// `- Fixed: "…" is explained`, `fix: …`: what was done to a program, and not what it met.
fn is_a_change(line: &str) -> bool {
    const DONE: [&str; 8] =
        ["fixed", "added", "changed", "removed", "improved", "documented", "handled", "explained"];
    const KINDS: [&str; 7] = ["fix", "feat", "docs", "test", "tests", "chore", "refactor"];
    let item = line.trim_start_matches(['-', '*', '+']);
    let word = item.trim_start().split([' ', ':', '(']).next().unwrap_or_default();
    let behind = &item.trim_start()[word.len()..];
    let listed = item.len() < line.len() && item.starts_with(' ');
    let is_kind = KINDS.contains(&word) && behind.starts_with([':', '(']);
    is_kind || listed && DONE.iter().any(|done| word.eq_ignore_ascii_case(done))
}

/// Two statuses side by side, or as the arms of a choice: one call has one.
fn lists_statuses(line: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let words = line.split(|letter: char| !is_part(letter)).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let differ = |pair: &[&str]| pair[0] != pair[1] && pair.iter().all(|word| is_status(word));
    let statuses: Vec<&str> = words.iter().copied().filter(|word| is_status(word)).collect();
    line.contains(',') && words.windows(2).any(differ)
        || line.contains("=>") && statuses.windows(2).any(differ)
}

/// `| 504 | DEADLINE_EXCEEDED | … |`, whose outer bars may be taken off as a frame.
fn is_a_row(line: &str) -> bool {
    let row = line.trim_matches(['|', ' ']);
    let cells: Vec<&str> = row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
    let numbered = |cell: &&str| cell.len() == 3 && cell.bytes().all(|byte| byte.is_ascii_digit());
    cells.len() > 2
        && cells.iter().take(2).any(numbered)
        && cells.iter().take(2).any(|cell| is_status(cell))
}

/// Whether a word is a status as the API writes it.
fn is_status(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') && words::rpc(word).is_some()
}

/// Beginnings that no message has.
const CODE: [&str; 22] = [
    "//",
    "/*",
    "\"\"\"",
    "TODO",
    "FIXME",
    "class ",
    "def ",
    "elif ",
    "except ",
    "} catch",
    "catch (",
    "const ",
    "pub ",
    "fn ",
    "func ",
    "raise ",
    "throw ",
    "assert",
    "expect(",
    "if (",
    "with pytest",
    "enum ",
];

/// Beginnings that sentences have too: code goes on behind the line.
const WORDS: [&str; 8] = ["if ", "for ", "while ", "case ", "match ", "return ", "let ", "import "];

fn is_code(line: &str) -> bool {
    let continues = line.ends_with([':', '{', ';', '(', ',']);
    CODE.iter().any(|start| line.starts_with(start))
        || continues && WORDS.iter().any(|start| line.starts_with(start))
}

fn explains(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    [
        "error means",
        " means that",
        " is what ",
        "raised when",
        "returned when",
        "occurs when",
        "happens when",
    ]
    .iter()
    .any(|words| lower.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_pages_only_speak_of_errors() {
        for text in [
            "if (e.status === 503) { await backoff(); } // model overloaded",
            "except errors.ClientError as e:\n    if e.code == 429 and \"RESOURCE_EXHAUSTED\" in str(e):\n        wait()",
            "TODO: handle MALFORMED_FUNCTION_CALL",
            r#"{"level":"error","msg":"const RETRY = [\"UNAVAILABLE\"];"}"#,
            "The 429 RESOURCE_EXHAUSTED error means that the limit is reached.",
            "# The model is overloaded is what Gemini says at peak time",
            "## 1.2.0\n\n- Fixed: \"User location is not supported for the API use.\" is now explained",
            "fix(explain): the model is overloaded",
            "retry_on: [429, 503, RESOURCE_EXHAUSTED, UNAVAILABLE, DEADLINE_EXCEEDED]",
            "match s { \"DEADLINE_EXCEEDED\" => Retry, \"RESOURCE_EXHAUSTED\" => Wait, _ => Fail }",
            "| 504 | DEADLINE_EXCEEDED | The service is unable to finish within the deadline. |",
            "commit 1\n\n    Explain \"The model is overloaded\"\n\ndiff --git a/x b/x\n@@ -1 +1 @@\n+ \"model is overloaded\"",
        ] {
            assert!(is_aside(text), "{text}");
        }
    }

    #[test]
    fn an_error_beside_code_is_an_error() {
        for text in [
            "  File \"a.py\", line 3\n    raise ClientError(status)\nClientError: 429 RESOURCE_EXHAUSTED",
            "for url: 403 Forbidden",
            "- Error: 503 UNAVAILABLE. The model is overloaded. Please try again later.",
            "- \"User location is not supported for the API use.\"",
            "> The model is overloaded. Please try again later.",
            "# The model is overloaded. Please try again later.",
            "| status | RESOURCE_EXHAUSTED |",
            "| ERROR | 504 DEADLINE_EXCEEDED The service is unable to finish. |",
            "504 DEADLINE_EXCEEDED, status DEADLINE_EXCEEDED",
            "diff --git a/x b/x\n+ \"UNAVAILABLE\"\nError: 503 UNAVAILABLE",
            "Error: no",
            "",
        ] {
            assert!(!is_aside(text), "{text}");
        }
    }
}

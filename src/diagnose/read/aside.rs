//! Whether a text only speaks of errors: code that handles them, a page that lists them. It judges how
//! much to trust what was read, and reads nothing itself.

use super::trouble;

/// Whether every line of a text that speaks of trouble is source code or explains.
pub(super) fn is_aside(text: &str) -> bool {
    let mut told = text.lines().filter(|line| trouble::speaks_of_it(line)).peekable();
    told.peek().is_some() && told.all(|line| is_code(line.trim()) || explains(line))
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
    ["error means", " means that", "raised when", "returned when", "occurs when", "happens when"]
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
            "The 429 RESOURCE_EXHAUSTED error means that the limit is reached.",
        ] {
            assert!(is_aside(text), "{text}");
        }
    }

    #[test]
    fn an_error_beside_code_is_an_error() {
        for text in [
            "  File \"a.py\", line 3\n    raise ClientError(status)\nClientError: 429 RESOURCE_EXHAUSTED",
            "for url: 403 Forbidden",
            "Error: no",
            "",
        ] {
            assert!(!is_aside(text), "{text}");
        }
    }
}

//! What is told of the command that sends a body: where the shell sends something else than stands there. It must not judge the
//! body.

use super::{
    finding::{Correction, Finding},
    input::{Slip, Wrong},
    rule::{Rule, UNQUOTED},
};
use crate::facts::Severity;

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[&CUT, &QUOTES];

/// The body does not show it, so that it has tests of its own.
const CUT: Rule = Rule {
    id: "command-cut-off",
    title: "A command ends before its body, by a blank at the end of a line",
    severity: Severity::Error,
    fix: Some("model-wrong-api-version-or-method"),
    answer: UNQUOTED,
    why: "A backslash continues a line only as its very last letter, and so does the backtick of PowerShell or the caret of cmd. With a blank behind it the command ends there: curl asks with GET and without the body, and the shell takes the next line for a command.",
    docs: &["https://www.gnu.org/software/bash/manual/html_node/Escape-Character.html"],
    as_of: "2026-11-20",
    bad: &[],
    good: &[],
};

/// The same.
const QUOTES: Rule = Rule {
    id: "command-quotes-by-version",
    title: "What PowerShell makes of the quotes depends on its version",
    severity: Severity::Warning,
    fix: None,
    answer: "",
    why: "Before 7.3 PowerShell takes quotes off before a program gets them, unless a backslash stands before each. From 7.3 on it hands words on as they are, so that such a backslash is sent along, and the body is no JSON.",
    docs: &[
        "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_preference_variables#psnativecommandargumentpassing",
    ],
    ..CUT
};

/// What is told of one, with its place in the text.
pub fn note(slip: &Slip, text: &str) -> Finding {
    let (rule, said, advice) = match slip.what {
        Wrong::Cut => {
            let mark = mark(text.get(slip.span.clone()).unwrap_or_default());
            (
                &CUT,
                format!("a blank stands behind the {mark}, so that the command ends there"),
                format!("Take the blank away: the {mark} is to be the last letter of its line"),
            )
        }
        Wrong::QuotesLost => (
            &QUOTES,
            "PowerShell before 7.3 takes the quotes off this body".to_owned(),
            FILE.to_owned(),
        ),
        Wrong::BackslashesSent => (
            &QUOTES,
            "PowerShell since 7.3 sends the backslashes of this body along".to_owned(),
            FILE.to_owned(),
        ),
    };
    let correction = Some(Correction::advice(advice));
    Finding { rule, path: "$".to_owned(), span: slip.span.clone(), said, correction }
}

/// What each version does alike.
const FILE: &str =
    "Write the body to a file and send that, as every version does alike: -d '@body.json'";

fn mark(text: &str) -> &'static str {
    match text.chars().next() {
        Some('`') => "backtick",
        Some('^') => "caret",
        _ => "backslash",
    }
}

//! The page of rules: each with what it finds, what the API answers, why, and a body that it finds something in. It must not look at
//! bodies.

use crate::lint::{KINDS, Rule, TABLES_AS_OF, UNQUOTED, rules};

use super::words::{counted, kind_words, level};

/// The page as it is committed.
pub fn page() -> String {
    let all: Vec<&Rule> = rules().collect();
    let head = format!(
        "# Rules of `gemini-doctor lint`\n\nMade from the rules themselves, {} of them; the tables of fields and models are of {TABLES_AS_OF}. \
         An *error* is refused by the API, a *warning* changes what happens or is about to be refused, a *note* is worth \
         knowing. `--allow RULE` leaves one out.\n\nKinds of bodies (`--kind`): {}.\n",
        counted(all.len(), "rule"),
        KINDS
            .iter()
            .map(|(kind, word)| format!("`{word}` ({})", kind_words(*kind)))
            .collect::<Vec<_>>()
            .join(", "),
    );
    let table: String = all
        .iter()
        .map(|rule| {
            format!("| [{0}](#{0}) | {1} | {2} |\n", rule.id, level(rule.severity), rule.title)
        })
        .collect();
    let entries: String = all.iter().map(|rule| entry(rule)).collect();
    format!("{head}\n| rule | level | what is wrong |\n|---|---|---|\n{table}{entries}")
}

fn entry(rule: &Rule) -> String {
    let answer = match (rule.answer, rule.fix) {
        ("", _) => String::new(),
        (UNQUOTED, Some(fix)) => {
            format!(
                "\nThe API refuses it, in words that are not known here: [{fix}](known-fixes.md#{fix}).\n"
            )
        }
        (answer, Some(fix)) => {
            format!("\nThe API answers `{answer}`: [{fix}](known-fixes.md#{fix}).\n")
        }
        (answer, None) => format!("\nThe API answers `{answer}`.\n"),
    };
    let example = rule.bad.iter().find(|example| example.body.len() < MOST_OF_AN_EXAMPLE);
    let example = example.map_or_else(String::new, |example| {
        let body = example
            .body
            .escape_debug()
            .to_string()
            .replace("\\\"", "\"")
            .replace("\\'", "'")
            .replace("\\\\", "\\");
        format!("\n```text\n{body}\n```\n\nat `{}`{}\n", example.at, for_model(example.model))
    });
    let docs: String = rule.docs.iter().map(|page| format!("<{page}> ")).collect();
    format!(
        "\n### {}\n\n{}: {}. {}\n{answer}{example}\n{}(checked {})\n",
        rule.id,
        level(rule.severity),
        rule.title,
        rule.why,
        docs,
        rule.as_of,
    )
}

/// Longer ones show less.
const MOST_OF_AN_EXAMPLE: usize = 400;

fn for_model(model: &str) -> String {
    if model.is_empty() { String::new() } else { format!(", for {model}") }
}

//! The page of all lines of the launch checklist, in Markdown: `docs/ready.md`. Text only, from the table.

use super::table::LINES;

/// The whole page.
pub fn page() -> String {
    let mut out = String::from(OPENING);
    for line in LINES {
        let shown = match line.measure {
            Some(measure) => format!("with {}", measure.how()),
            None => "by somebody's word alone".to_owned(),
        };
        out.push_str(&format!(
            "\n## {}\n\n**{}**, since {}.\n\n{}\n\nShown {shown}.\n",
            line.id,
            capital(line.title),
            line.why,
            line.question
        ));
    }
    out
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
}

const OPENING: &str = "# The launch checklist\n\nMade from the table that `gemini-doctor ready` goes by. Ids are permanent: \
answers are kept under them. What was measured counts more than what is said; a line is shown by evidence, said by somebody \
(`ready --init` writes a file for the answers), not applicable, failing, or open. The result is these counts side by side and \
never one number: a yes is no measurement.\n\nExit codes: 0 where every line is shown, said or not applicable; 1 where one \
fails; 5 where the rest is open. `--fail-on yours` lets open lines pass, `--fail-on warn` fails on remarks and old answers too.\n";

//! Takes the names of projects out of what a service said, before it goes into a text for others. Must
//! rather take out a word too many than leave a project's name in.

/// What stands in the place of a number or an id.
const PLACEHOLDER: &str = "PROJECT";
const WORD: &str = "project";
/// What parts the word from the name behind it.
const SEPARATORS: [char; 10] = [' ', '/', ':', '=', '_', '"', '\'', '`', '(', '#'];
/// Words between "project" and its name.
const FILLERS: [&str; 4] = ["number", "id", "name", "named"];
/// Words that follow "project" in a sentence and are no name. A name with a digit or a hyphen is
/// known by that.
const PROSE: [&str; 36] = [
    "and", "are", "as", "at", "be", "been", "before", "being", "but", "by", "can", "cannot",
    "does", "for", "from", "has", "have", "if", "in", "is", "it", "may", "must", "not", "of", "on",
    "or", "that", "the", "this", "to", "used", "was", "which", "with", "you",
];

/// The text with a placeholder for each project.
pub(super) fn hidden(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = around_name(rest) {
        out.push_str(before);
        out.push_str(PLACEHOLDER);
        rest = after;
    }
    out + rest
}

/// What stands before and behind the first name.
fn around_name(text: &str) -> Option<(&str, &str)> {
    let lower = text.to_ascii_lowercase();
    lower.match_indices(WORD).find_map(|(at, _)| {
        let (from, is_path) = name_from(&lower, at + WORD.len())?;
        let name = name_at(&lower[from..]);
        let is_name = !name.is_empty() && (is_path || looks_like_one(name));
        is_name.then(|| (&text[..from], &text[from + name.len()..]))
    })
}

/// Where the name begins, and whether it is a part of a path, which can be nothing else.
fn name_from(lower: &str, after_word: usize) -> Option<(usize, bool)> {
    let rest = &lower[after_word..];
    let rest = rest.strip_prefix('s').unwrap_or(rest);
    let mut name = rest.trim_start_matches(SEPARATORS);
    if name.len() == rest.len() {
        return None;
    }
    while let Some(shorter) = FILLERS.iter().find_map(|filler| name.strip_prefix(filler)) {
        let trimmed = shorter.trim_start_matches(SEPARATORS);
        if trimmed.len() == shorter.len() {
            break;
        }
        name = trimmed;
    }
    Some((lower.len() - name.len(), rest.starts_with('/')))
}

/// The name that a text begins with; a stop or colon at its end belongs to the sentence.
fn name_at(text: &str) -> &str {
    let part = |letter: char| letter.is_ascii_alphanumeric() || "-_.:".contains(letter);
    let end = text.find(|letter| !part(letter)).unwrap_or(text.len());
    text[..end].trim_end_matches(['.', ':'])
}

fn looks_like_one(name: &str) -> bool {
    name.contains(|letter: char| letter.is_ascii_digit() || letter == '-') || !PROSE.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_of_projects_are_taken_out() {
        for (said, shown) in [
            ("no models/x in projects/123456789.", "no models/x in projects/PROJECT."),
            ("projects/secret/locations/us", "projects/PROJECT/locations/us"),
            ("project my-secret-project-42 is gone", "project PROJECT is gone"),
            ("Project number 42: denied", "Project number PROJECT: denied"),
            ("project_number:42 project 'acme'", "project_number:PROJECT project 'PROJECT'"),
            ("project acme lacks it", "project PROJECT lacks it"),
            ("projects/a projects/b", "projects/PROJECT projects/PROJECT"),
        ] {
            assert_eq!(hidden(said), shown);
        }
    }

    #[test]
    fn other_words_stay() {
        for said in [
            "Your project has been denied access. See the project.",
            "projected for 2027",
            "Model not found: models/gemini-v4p1s-rev24-ajax-sentinel",
            "",
            "é project",
        ] {
            assert_eq!(hidden(said), said);
        }
    }
}

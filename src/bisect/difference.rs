//! Where two texts of one body differ: what was changed on its way into a file.

use super::tree::Tree;

/// A place where a text of a body says something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The path, as it was.
    pub path: String,
    /// What stands there now: of a long text the piece that differs.
    pub now: String,
}

/// Every place that differs; none where the two have not the same places.
pub fn differences(before: &str, after: &str) -> Option<Vec<Difference>> {
    if before == after {
        return Some(Vec::new());
    }
    let (before, after) = (Tree::read(before).ok()?, Tree::read(after).ok()?);
    if before.len() != after.len() {
        return None;
    }
    let changed = (0..before.len()).filter_map(|id| {
        let value = after.raw(id).filter(|raw| before.raw(id) != Some(raw));
        let name = after.name(id).filter(|name| before.name(id) != Some(name));
        let was = if value.is_some() { before.raw(id) } else { before.name(id) };
        let now = piece(bare(was.unwrap_or_default()), bare(value.or(name)?));
        Some(Difference { path: before.path(id), now })
    });
    Some(changed.collect())
}

/// A text without the quotes round it.
fn bare(raw: &str) -> &str {
    raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')).unwrap_or(raw)
}

/// Letters that are shown whole.
const SHORT: usize = 80;
/// Letters beside what differs.
const BESIDE: usize = 12;

/// The piece of a text that another one does not share, with a few letters on either side.
fn piece(was: &str, now: &str) -> String {
    let letters: Vec<char> = now.chars().collect();
    if letters.len() <= SHORT {
        return now.to_owned();
    }
    let same = |one: &(char, char)| one.0 == one.1;
    let head = was.chars().zip(now.chars()).take_while(same).count();
    let tail = was.chars().rev().zip(now.chars().rev()).take_while(same).count();
    let start = head.saturating_sub(BESIDE);
    let end = (letters.len() - tail.min(letters.len() - head) + BESIDE).min(letters.len());
    let end = end.min(start + SHORT);
    let mark = |is_cut: bool| if is_cut { "..." } else { "" };
    let shown: String = letters[start..end].iter().collect();
    format!("{}{shown}{}", mark(start > 0), mark(end < letters.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_names_that_differ_are_told_by_their_paths() {
        let told = differences(
            r#"{"a": ["one", "two"], "long": 1}"#,
            r#"{"a": ["one", "[gone]"], "short": 1}"#,
        );
        let told = told.expect("the same places");
        let told: Vec<(&str, &str)> =
            told.iter().map(|one| (one.path.as_str(), one.now.as_str())).collect();
        assert_eq!(told, [("a[1]", "[gone]"), ("long", "short")]);
        assert_eq!(differences("{}", "{}"), Some(Vec::new()));
        assert_eq!(differences("[1]", "[1"), None);
        assert_eq!(differences("[1]", "[1, 2]"), None);
    }

    #[test]
    fn of_a_long_text_only_the_piece_is_shown_that_differs() {
        let text = |word: &str| format!("{}{word}{}", "a ".repeat(500), " b".repeat(500));
        let told = piece(&text("secret"), &text("[gone]"));
        assert_eq!(told, "...a a a a a a [gone] b b b b b b...");
        assert_eq!(piece("abc", "a\\\""), "a\\\"");
        let long = "x".repeat(10_000);
        assert!(piece("", &long).chars().count() <= SHORT + 3);
    }
}

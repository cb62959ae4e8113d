//! Where two texts of one body differ: what was changed on its way into a file.

use super::tree::Tree;

/// A place where a text of a body says something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The path, as it was.
    pub path: String,
    /// What stands there now.
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
        let now = value.or(name)?.trim_matches('"').to_owned();
        Some(Difference { path: before.path(id), now })
    });
    Some(changed.collect())
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
}

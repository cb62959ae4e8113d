//! Which known name a mistyped one was probably meant to be.

/// The nearest of the known names, if one is near enough to be meant.
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_ascii_lowercase();
    let near = known.iter().map(|name| (distance(&word, &name.to_ascii_lowercase()), *name));
    let (steps, name) = near.min_by_key(|(steps, _)| *steps)?;
    // Two slips are common, such as swapped letters; more must be earned by a longer name.
    (steps <= (name.len() / 3).max(2) && steps < name.len()).then_some(name)
}

/// How many letters must be put in, taken out or changed to get from one text to the other.
pub fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, other) in to.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_counted_in_letters() {
        for (from, to, steps) in [("", "abc", 3), ("kitten", "sitting", 3), ("ab", "ab", 0)] {
            assert_eq!((distance(from, to), distance(to, from)), (steps, steps));
        }
    }

    #[test]
    fn only_a_near_name_is_offered() {
        let known = ["base_url", "model", "timeout"];
        assert_eq!(nearest("baseurl", &known), Some("base_url"));
        assert_eq!(nearest("Modle", &known), Some("model"));
        assert_eq!(nearest("colour", &known), None);
        assert_eq!(nearest("basUrl", &["maxItems", "baseUrl"]), Some("baseUrl"));
        assert_eq!(nearest("x", &[]), None);
    }
}

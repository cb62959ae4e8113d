//! Versions as far as they are compared here: numbers in order, and whether what follows makes it earlier.

use std::cmp::Ordering;

/// A version that can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    numbers: Vec<u64>,
    early: bool,
}

impl Version {
    /// Reads `1.51.0`, `v1.74.0`, `2.0.0rc1`, `2.1.0-beta.1`. `None` where it begins with no number.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['v', 'V', '=']);
        let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
        let (numbers, rest) = text.split_at(end.unwrap_or(text.len()));
        let numbers = numbers.split('.').filter(|part| !part.is_empty());
        let numbers: Option<Vec<u64>> = numbers.map(|part| part.parse().ok()).collect();
        let numbers = numbers.filter(|numbers| !numbers.is_empty() && numbers.len() <= 6)?;
        Some(Self { numbers, early: is_early(rest) })
    }

    fn number(&self, at: usize) -> u64 {
        self.numbers.get(at).copied().unwrap_or(0)
    }
}

/// Whether what follows the numbers comes before the release: not a build, a local mark or a later patch.
fn is_early(rest: &str) -> bool {
    let later = ["post", "+", "final", "r", ".post"];
    let rest = rest.trim_start_matches(['-', '.']).to_ascii_lowercase();
    let is_candidate = rest.starts_with("rc");
    !rest.is_empty() && (is_candidate || !later.iter().any(|word| rest.starts_with(word)))
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let most = self.numbers.len().max(other.numbers.len());
        let numbers = (0..most).map(|at| self.number(at).cmp(&other.number(at)));
        let first = numbers.into_iter().find(|order| order.is_ne());
        first.unwrap_or_else(|| other.early.cmp(&self.early))
    }
}

/// Whether a version is below another; `None` where one of them cannot be read.
pub fn is_below(version: &str, least: &str) -> Option<bool> {
    Some(Version::parse(version)? < Version::parse(least)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (lower, higher) in [
            ("1.9.0", "1.51.0"),
            ("v1.73.9", "1.74"),
            ("2.30.1rc1", "2.30.1"),
            ("2.30.1-beta.2", "2.30.1"),
            ("2.30.1", "2.30.1.1"),
        ] {
            assert_eq!(is_below(lower, higher), Some(true), "{lower} {higher}");
            assert_eq!(is_below(higher, lower), Some(false), "{higher} {lower}");
        }
        for (one, same) in
            [("1.51", "1.51.0"), ("1.51.0+cu1", "1.51.0"), ("1.51.0.post1", "1.51.0")]
        {
            assert_eq!(is_below(one, same), Some(false), "{one} {same}");
        }
        assert_eq!([is_below("latest", "1"), is_below("", "1"), is_below("*", "1")], [None; 3]);
    }
}

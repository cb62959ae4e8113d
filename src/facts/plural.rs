//! How many of something, in words. Knows no language but the program's own.

/// `1 call`, `2 calls`.
pub fn counted(number: u64, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_no_ending() {
        let said = [0, 1, 2].map(|number| counted(number, "call"));
        assert_eq!(said, ["0 calls", "1 call", "2 calls"]);
    }
}

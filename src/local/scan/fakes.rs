//! Whether a text that has the shape of a secret only stands in the place of one.

use super::SecretKind;

/// Words that no chance puts into a key.
const LONG: [&str; 10] = [
    "example",
    "placeholder",
    "redacted",
    "yourkey",
    "yourapi",
    "insert",
    "replace",
    "changeme",
    "dummykey",
    "notreal",
];
/// Short words count where they stand alone.
const SHORT: [&str; 9] =
    ["fake", "test", "your", "demo", "dummy", "sample", "mock", "invalid", "secret"];
/// Runs that people type.
const TYPED: [&str; 5] = ["0123456", "1234567", "abcdefg", "qwerty", "xxxxx"];
/// A real key has more different characters.
const FEW: usize = 9;
/// One character so often in a row is typed.
const ROW: usize = 6;
/// The body of a service account's key is longer: it is an RSA key of 2048 bits.
const SHORTEST_RSA: usize = 400;

pub(super) fn is_fake(kind: SecretKind, text: &str) -> bool {
    if kind == SecretKind::ServiceAccount {
        return text.len() < SHORTEST_RSA || text.contains("...");
    }
    let body = text.trim_start_matches("AIza").trim_start_matches("AQ.").to_ascii_lowercase();
    let letters: String = body.chars().filter(char::is_ascii_alphanumeric).collect();
    let alone = |word: &&str| body.split(['-', '_', '.']).any(|part| part == *word);
    LONG.iter().any(|word| letters.contains(word))
        || SHORT.iter().any(alone)
        || TYPED.iter().any(|run| body.contains(run))
        || longest_row(&body) >= ROW
        || different(&body) <= FEW
}

fn longest_row(text: &str) -> usize {
    let (mut longest, mut row, mut last) = (0, 0, 0);
    for byte in text.bytes() {
        row = if byte == last { row + 1 } else { 1 };
        last = byte;
        longest = longest.max(row);
    }
    longest
}

fn different(text: &str) -> usize {
    text.bytes().collect::<std::collections::BTreeSet<u8>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::scan::tests::{auth_key, service_account, standard_key};

    #[test]
    fn what_chance_makes_is_no_stand_in() {
        for seed in 0..200 {
            assert!(!is_fake(SecretKind::StandardKey, &standard_key(seed)), "{seed}");
            assert!(!is_fake(SecretKind::AuthKey, &auth_key(seed)), "{seed}");
        }
        assert!(!is_fake(SecretKind::ServiceAccount, &service_account(1)));
    }

    #[test]
    fn what_people_write_into_examples_is_one() {
        for body in [
            "-FAKE-key-for-the-gemini-doctor-sim1",
            "SyYOUR_API_KEY_HERE_0000000000000000",
            "SyEXAMPLExxExampleKey00112233445566",
            "Sy0123456789abcdefghijklmnopqrstuvwx",
            "SyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "Sy-test-Zk3Lq9Rw2Xc7Vb5Nm1Po8Iu6Yt4",
        ] {
            assert!(is_fake(SecretKind::StandardKey, &format!("AIza{body}")), "{body}");
        }
    }
}

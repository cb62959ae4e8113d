//! Dates and spans of time for a sentence.

use crate::facts::time::rfc3339;

/// The last moment that a date shows; certificates may say any.
const LAST: i64 = 253_402_300_799;

/// `2026-11-20T10:00:00Z` for seconds since 1970; what lies before stands at its begin.
pub fn date(unix: i64) -> String {
    let seconds = u64::try_from(unix.clamp(0, LAST)).unwrap_or(0);
    rfc3339(seconds * 1000).replace(".000Z", "Z")
}

/// `7 days` or `1 hour` for seconds, in the largest unit of which there are at least one and a half.
pub fn span(seconds: i64) -> String {
    let units = [(365 * 86_400, "year"), (86_400, "day"), (3600, "hour"), (60, "minute")];
    let fits = |(length, _): &&(i64, &str)| seconds.saturating_mul(2) >= length * 3;
    let (length, word) = units.iter().find(fits).copied().unwrap_or((1, "second"));
    let count = seconds / length;
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {word}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_in_their_unit() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (89, "89 seconds"),
            (90, "1 minute"),
            (5400, "1 hour"),
            (7 * 86_400 + 5, "7 days"),
            (400 * 86_400, "400 days"),
            (20 * 365 * 86_400, "20 years"),
            (i64::MAX, "292471208677 years"),
        ] {
            assert_eq!(span(seconds), words);
        }
    }

    #[test]
    fn dates_out_of_reach_stand_at_its_ends() {
        assert_eq!(date(-5), "1970-01-01T00:00:00Z");
        assert_eq!(date(i64::MAX), "9999-12-31T23:59:59Z");
    }
}

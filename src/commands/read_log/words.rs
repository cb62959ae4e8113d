//! Numbers, times and shares of a log as people read them.

use crate::{commands::count_tokens::grouped, report::spread::ms};

/// `05-29 22:00:03` of an RFC 3339 time.
pub(super) fn short_time(at: &str) -> String {
    at.get(5..19).unwrap_or(at).replace('T', " ")
}

/// `2026-05-29 22:00:03`.
pub(super) fn time(at: &str) -> String {
    at.get(..19).unwrap_or(at).replace('T', " ")
}

/// `87.0 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// `48.4-82.8 %`.
pub(super) fn interval(low: f64, high: f64) -> String {
    format!("{:.1}-{:.1} %", low * 100.0, high * 100.0)
}

/// `1,204`, `12.3M`: of great numbers three digits say enough.
pub(super) fn short(number: u64) -> String {
    let value = number as f64;
    match number {
        0..1_000_000 => grouped(number),
        1_000_000..1_000_000_000 => format!("{:.1}M", value / 1e6),
        _ => format!("{:.1}G", value / 1e9),
    }
}

/// Milliseconds, or a dash.
pub(super) fn known_ms(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), ms)
}

/// The 99th percentile, which few calls do not have.
pub(super) fn p99(value: Option<f64>, calls: u64) -> String {
    match value {
        Some(value) => ms(value),
        None if calls > 0 => "n<1000".to_owned(),
        None => "-".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn great_numbers_are_short() {
        assert_eq!([999_999, 1_000_000, 2_345_678_901].map(short), ["999,999", "1.0M", "2.3G"]);
        assert_eq!(short_time("2026-05-29T22:00:03.120Z"), "05-29 22:00:03");
        assert_eq!(
            (percent(0.87), interval(0.1, 0.25)),
            ("87.0 %".to_owned(), "10.0-25.0 %".to_owned())
        );
        assert_eq!((p99(None, 999), p99(None, 0)), ("n<1000".to_owned(), "-".to_owned()));
    }
}

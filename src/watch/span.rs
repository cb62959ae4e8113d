//! Times for people: how long something took, and at which time of the day something was.

use std::time::Duration;

use crate::facts::time;

const DAY_MS: u64 = 86_400_000;

/// `45 s`, `20 min`, `1 h 30 min`, `2 d 3 h`.
pub fn words(span: Duration) -> String {
    let seconds = span.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let both = |much: u64, unit: &str, rest: u64, small: &str| match rest {
        0 => format!("{much} {unit}"),
        rest => format!("{much} {unit} {rest} {small}"),
    };
    match seconds {
        0 => format!("{} ms", span.as_millis()),
        1..90 => format!("{seconds} s"),
        90..3600 => both(minutes, "min", seconds % 60, "s"),
        3600..86_400 => both(hours, "h", minutes % 60, "min"),
        _ => both(days, "d", hours % 24, "h"),
    }
}

/// Minutes are not enough for what is closer together than this.
const CLOSE_MS: u64 = 600_000;

/// `23:20`, or with its day where that is another one than that of `now`, or with seconds where it was just now.
pub fn moment(unix_ms: u64, now_ms: u64) -> String {
    at(unix_ms, now_ms, now_ms.abs_diff(unix_ms) < CLOSE_MS)
}

/// Two moments to be read together; both have seconds where they are close to each other.
pub fn moments(from_ms: u64, until_ms: u64, now_ms: u64) -> (String, String) {
    let are_close = until_ms.abs_diff(from_ms) < CLOSE_MS;
    (at(from_ms, now_ms, are_close), at(until_ms, now_ms, are_close))
}

fn at(unix_ms: u64, now_ms: u64, with_seconds: bool) -> String {
    let text = time::rfc3339(unix_ms);
    let (day, clock) = (&text[..10], &text[11..if with_seconds { 19 } else { 16 }]);
    if unix_ms / DAY_MS == now_ms / DAY_MS { clock.to_owned() } else { format!("{day} {clock}") }
}

/// The time between two moments; nothing where they are in the wrong order.
pub fn between(from_ms: u64, to_ms: u64) -> Duration {
    Duration::from_millis(to_ms.saturating_sub(from_ms))
}

/// `640 ms`, `1.2 s`.
pub fn latency(ms: f64) -> String {
    match ms {
        ms if ms < 10.0 => format!("{ms:.1} ms"),
        ms if ms < 999.5 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_two_units_at_most() {
        for (seconds, expected) in [
            (45, "45 s"),
            (89, "89 s"),
            (90, "1 min 30 s"),
            (1200, "20 min"),
            (5400, "1 h 30 min"),
            (7200, "2 h"),
            (183_600, "2 d 3 h"),
        ] {
            assert_eq!(words(Duration::from_secs(seconds)), expected);
        }
        assert_eq!(words(Duration::from_millis(250)), "250 ms");
    }

    #[test]
    fn another_day_is_named() {
        let now = 1_780_092_003_120;
        assert_eq!(moment(now - 600_000, now), "21:50");
        assert_eq!(moment(now - DAY_MS, now), "2026-05-28 22:00");
        assert_eq!(between(now, now - 1), Duration::ZERO);
    }

    #[test]
    fn what_is_close_together_has_seconds() {
        let now = 1_780_092_003_120;
        assert_eq!([now, now - 599_999].map(|then| moment(then, now)), ["22:00:03", "21:50:03"]);
        let both = |from, until| moments(now - from, now - until, now);
        assert_eq!(both(25_000, 5_000), ("21:59:38".to_owned(), "21:59:58".to_owned()));
        assert_eq!(both(1_200_000, 5_000), ("21:40".to_owned(), "21:59".to_owned()));
    }

    #[test]
    fn latencies_are_short() {
        assert_eq!(
            [3.24, 640.4, 999.6, 1234.0].map(latency),
            ["3.2 ms", "640 ms", "1.0 s", "1.2 s"]
        );
    }
}

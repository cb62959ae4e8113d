//! When a line was written, where it says so: `2026-11-01T10:00:00Z`, `2026-11-01 10:00:00,123 +0200`.

use crate::facts::time;

/// How far into a line its time stamp may stand.
const NEAR: usize = 64;
/// A record's stamp stands on its first line; what is further above belongs to something else.
const ABOVE: usize = 40;

/// The time of each of these lines of a text, which count from 1 and rise; in seconds since 1970. It is that
/// of the line, or of the last one above it that has one.
pub fn of_lines(text: &str, wanted: &[usize]) -> Vec<Option<i64>> {
    let mut times = Vec::with_capacity(wanted.len());
    let mut wanted = wanted.iter().peekable();
    let mut last: Option<(usize, i64)> = None;
    for (number, line) in (1..).zip(text.lines()) {
        last = of(line).map(|time| (number, time)).or(last);
        while wanted.next_if(|wanted| **wanted <= number).is_some() {
            times.push(last.filter(|(at, _)| number - at <= ABOVE).map(|(_, time)| time));
        }
    }
    times.extend(wanted.map(|_| None));
    times
}

/// The first time stamp of a line. One without a zone is taken for UTC.
fn of(line: &str) -> Option<i64> {
    let end = (0..=line.len().min(NEAR)).rev().find(|at| line.is_char_boundary(*at))?;
    let near = &line[..end];
    near.match_indices("20").find_map(|(at, _)| begun(&near[at..]))
}

/// The time that a text begins with.
fn begun(text: &str) -> Option<i64> {
    let day = time::days(text.get(..10)?)?;
    let clock = text.get(10..)?.strip_prefix(['T', ' '])?;
    let number = |from: usize| clock.get(from..from + 2)?.parse::<i64>().ok();
    let (hour, minute, second) = (number(0)?, number(3)?, number(6)?);
    let colons = clock.as_bytes().get(2) == Some(&b':') && clock.as_bytes().get(5) == Some(&b':');
    let zone = clock[8..]
        .trim_start_matches(|letter: char| ".,".contains(letter) || letter.is_ascii_digit());
    (colons && hour < 24 && minute < 60)
        .then(|| day * 86_400 + hour * 3600 + minute * 60 + second - offset(zone.trim_start()))
}

/// `+02:00`, `-0700` in seconds; 0 for `Z` and for none.
fn offset(zone: &str) -> i64 {
    let sign = match zone.as_bytes().first() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return 0,
    };
    let digits: String = zone[1..].chars().filter(|letter| *letter != ':').take(4).collect();
    let number = |part: Option<&str>| part.and_then(|part| part.parse::<i64>().ok());
    match (number(digits.get(..2)), number(digits.get(2..4))) {
        (Some(hours), Some(minutes)) => sign * (hours * 3600 + minutes * 60),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_read_with_their_zones() {
        for (line, time) in [
            ("2026-11-01T10:00:00Z ERROR no", Some(1_793_527_200)),
            ("[2026-11-01 10:00:00,123] ERROR no", Some(1_793_527_200)),
            ("{\"ts\":\"2026-11-01T12:00:00.5+02:00\"}", Some(1_793_527_200)),
            ("at 2026-11-01 03:00:00 -0700", Some(1_793_527_200)),
            ("2026-11-01", None),
            ("2026-13-01T10:00:00Z", None),
            ("20 of 2026", None),
            ("", None),
        ] {
            assert_eq!(of(line), time, "{line}");
        }
    }

    #[test]
    fn a_line_without_one_has_that_of_its_record() {
        let text = "x\n2026-11-01T10:00:00Z ERROR\n  more\nlast";
        assert_eq!(of_lines(text, &[1, 3, 9]), [None, Some(1_793_527_200), None]);
    }
}

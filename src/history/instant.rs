//! Times as logs write them: RFC 3339 and its relatives, the common log format, HTTP dates, numbers since 1970.

use crate::facts::time;

const DAY_MS: i64 = 86_400_000;
/// The times that are believed, in milliseconds since 1970. Before 2001 nobody called this API, and small numbers are times
/// since something else.
const BELIEVED_MS: std::ops::Range<i64> = 1_000_000_000_000..100_000_000_000_000;

/// No more of a text that is no time is shown.
const SHOWN: usize = 40;

/// Reads times, and remembers the last day, which is that of most lines.
#[derive(Debug, Default)]
pub(super) struct Instants {
    day: Option<([u8; 10], i64)>,
    /// Whether a time had no zone, and was taken for UTC.
    pub(super) without_zone: bool,
    /// The first text that stood for a time and was none.
    pub(super) unread: Option<String>,
}

impl Instants {
    /// Milliseconds since 1970 of a text; the first that is no time is remembered.
    pub(super) fn of_text(&mut self, text: &str) -> Option<i64> {
        let text = text.trim();
        let ms = self.read(text);
        if ms.is_none() && self.unread.is_none() && !text.is_empty() {
            self.unread = Some(text.chars().take(SHOWN).collect());
        }
        ms
    }

    fn read(&mut self, text: &str) -> Option<i64> {
        let is_number = |byte: u8| byte.is_ascii_digit() || byte == b'.';
        if !text.is_empty() && text.bytes().all(is_number) {
            return of_number(text, None);
        }
        self.of_calendar(text)
            .or_else(|| self.of_common_log(text))
            .or_else(|| Some(i64::try_from(time::http_date(text)?).ok()? * 1000))
            .filter(|ms| BELIEVED_MS.contains(ms))
    }

    /// `2026-11-20T10:00:00.123+01:00`, with a blank or slashes as well.
    fn of_calendar(&mut self, text: &str) -> Option<i64> {
        let bytes = text.as_bytes();
        let (date, rest) = bytes.split_first_chunk::<10>()?;
        let day = self.day_of(*date)?;
        let rest = match rest {
            [b'T' | b't' | b' ' | b'_', clock @ ..] => clock,
            _ => return None,
        };
        let (ms, zone) = clock(rest)?;
        Some(day * DAY_MS + ms - self.offset_ms(zone)?)
    }

    /// `20/Nov/2026:10:00:00 +0100`.
    fn of_common_log(&mut self, text: &str) -> Option<i64> {
        const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
        let text = text.trim_start_matches('[').trim_end_matches(']');
        let (day, rest) = text.split_once('/')?;
        let (month, rest) = rest.split_once('/').filter(|(month, _)| month.len() == 3)?;
        let (year, clock_text) = rest.split_once(':')?;
        let month = MONTHS.find(month).filter(|at| at % 3 == 0)? / 3 + 1;
        let day = time::days(&format!("{year}-{month:02}-{day}"))?;
        let (ms, zone) = clock(clock_text.as_bytes())?;
        Some(day * DAY_MS + ms - self.offset_ms(zone)?)
    }

    fn day_of(&mut self, date: [u8; 10]) -> Option<i64> {
        if let Some((_, day)) = self.day.filter(|(last, _)| *last == date) {
            return Some(day);
        }
        let text = std::str::from_utf8(&date).ok()?.replace('/', "-");
        let day = time::days(&text)?;
        self.day = Some((date, day));
        Some(day)
    }

    /// Milliseconds that a zone is ahead of UTC.
    fn offset_ms(&mut self, zone: &[u8]) -> Option<i64> {
        let zone = zone.trim_ascii();
        // Java names the place behind the offset: `+02:00[Europe/Berlin]`.
        let name = zone.iter().position(|byte| *byte == b'[').filter(|at| *at > 0);
        let zone = &zone[..name.filter(|_| zone.ends_with(b"]")).unwrap_or(zone.len())];
        let (sign, rest) = match zone {
            b"Z" | b"z" | b"UTC" | b"GMT" => return Some(0),
            [] => {
                self.without_zone = true;
                return Some(0);
            }
            [b'+', rest @ ..] => (1, rest),
            [b'-', rest @ ..] => (-1, rest),
            _ => return None,
        };
        let digits: Vec<u8> = rest.iter().copied().filter(|byte| *byte != b':').collect();
        let minutes = match digits[..] {
            [a, b] => two(a, b)? * 60,
            [a, b, c, d] => two(a, b)? * 60 + two(c, d)?,
            _ => return None,
        };
        Some(sign * minutes * 60_000)
    }
}

/// Milliseconds since 1970 of a number: seconds, or what their size or the name says.
pub(super) fn of_number(text: &str, per_second: Option<f64>) -> Option<i64> {
    let number: f64 = text.parse().ok()?;
    let per_second = per_second.unwrap_or(match number.abs() {
        ..1e11 => 1.0,
        ..1e14 => 1e3,
        ..1e17 => 1e6,
        _ => 1e9,
    });
    Some((number / per_second * 1000.0).round() as i64).filter(|ms| BELIEVED_MS.contains(ms))
}

/// The milliseconds of `10:00:00.123`, and what follows.
fn clock(text: &[u8]) -> Option<(i64, &[u8])> {
    let (head, mut rest) = text.split_first_chunk::<8>()?;
    let [h1, h2, b':', m1, m2, b':', s1, s2] = *head else { return None };
    let (hour, minute, second) = (two(h1, h2)?, two(m1, m2)?, two(s1, s2)?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut ms = 0;
    if let [b'.' | b',', fraction @ ..] = rest {
        let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let digit =
            |place: usize| fraction[..length].get(place).map_or(0, |byte| i64::from(byte - b'0'));
        ms = digit(0) * 100 + digit(1) * 10 + digit(2);
        rest = &fraction[length..];
    }
    Some(((hour * 3600 + minute * 60 + second) * 1000 + ms, rest))
}

fn two(tens: u8, ones: u8) -> Option<i64> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    Some(digit(tens)? * 10 + digit(ones)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: i64 = 1_780_092_003_120;

    #[test]
    fn one_instant_in_many_forms() {
        for text in [
            "2026-05-29T22:00:03.120Z",
            "2026-05-29T22:00:03.12",
            "2026-05-30T00:00:03.1200001+02:00",
            "2026-05-29 17:00:03,120 -0500",
            "2026/05/29 22:00:03.120 UTC",
            "2026-05-29T22:00:03.120Z[UTC]",
            "2026-05-30T00:00:03.120+02:00[Europe/Berlin]",
            "1780092003.12",
            "1780092003120",
            "1780092003120000",
        ] {
            assert_eq!(Instants::default().of_text(text), Some(AT), "{text}");
        }
        for text in ["29/May/2026:22:00:03 +0000", "Fri, 29 May 2026 22:00:03 GMT"] {
            assert_eq!(Instants::default().of_text(text), Some(AT - 120), "{text}");
        }
        assert_eq!(of_number("1780092003120000000", None), Some(AT));
        assert_eq!(of_number("1780092003", Some(1.0)), Some(AT - 120));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "soon",
            "2026-13-01T00:00:00Z",
            "2026-05-29",
            "2026-05-29T25:00:00Z",
            "2026-05-29T22:00:03[Europe/Berlin]",
            "2026-05-29T22:00:03Z[UTC",
            "12",
            "é026-05-2é",
            "0000-01-01T00:00:00Z",
            "1969-12-31 23:59:59",
            "-001-01-01T00:00:00Z",
            "01/Jan/0001:00:00:00 +0000",
            "01/Jan/9223372036854775807:00:00:00 +0000",
            "Thu, 9223372036854775807 Jan 2026 00:00:00 GMT",
        ] {
            assert_eq!(Instants::default().of_text(text), None, "{text}");
        }
    }

    #[test]
    fn the_first_text_that_is_no_time_is_remembered() {
        let mut instants = Instants::default();
        let long = format!("2026-03-29 02:30:00 CEST {}", "x".repeat(90));
        for text in ["", "2026-05-29T22:00:03Z", &long, "soon"] {
            instants.of_text(text);
        }
        assert_eq!(instants.unread, Some(long[..SHOWN].to_owned()));
    }

    #[test]
    fn a_time_without_a_zone_is_noted() {
        let mut instants = Instants::default();
        instants.of_text("2026-05-29T22:00:03Z");
        assert!(!instants.without_zone);
        instants.of_text("2026-05-29 22:00:03");
        assert!(instants.without_zone);
    }
}

//! Dates as text, without a calendar library: RFC 3339 in UTC from seconds since 1970, and back.

/// `2026-05-29T22:00:03.120Z` for milliseconds since 1970.
pub fn rfc3339(unix_ms: u64) -> String {
    let (seconds, ms) = (unix_ms / 1000, unix_ms % 1000);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z", date((seconds / 86_400) as i64))
}

/// `2026-05-29` for days since 1970.
pub fn date(days: i64) -> String {
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Days since 1970 of a `2026-05-29`, if it is one.
pub fn days(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-');
    let year: i64 = parts.next()?.parse().ok()?;
    let month: i64 = parts.next()?.parse().ok()?;
    let day: i64 = parts.next()?.parse().ok()?;
    day_number(year, month, day)
}

/// Seconds since 1970 of an instant in RFC 3339, in UTC: `2026-05-29T22:00:03.120Z`.
pub fn instant(text: &str) -> Option<f64> {
    let (day, clock) = text.strip_suffix('Z')?.split_once('T')?;
    let mut parts = clock.split(':').map(|part| part.parse::<f64>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    Some(days(day)? as f64 * 86_400.0 + hours * 3600.0 + minutes * 60.0 + seconds)
}

/// Seconds since 1970 of an HTTP date: `Sun, 06 Nov 1994 08:49:37 GMT`.
pub fn http_date(text: &str) -> Option<u64> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let mut parts = text.split_once(", ")?.1.split(' ');
    let day: i64 = parts.next()?.parse().ok()?;
    let month = parts.next().filter(|month| month.len() == 3)?;
    let month = i64::try_from(MONTHS.find(month)?).ok()?;
    let year: i64 = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let mut clock = parts.next()?.splitn(3, ':').map(str::parse::<u64>);
    let mut next = |below: u64| clock.next()?.ok().filter(|value| *value < below);
    // A leap second is the 61st of its minute.
    let (hour, minute, second) = (next(24)?, next(60)?, next(61)?);
    let days = day_number(year, month / 3 + 1, day).filter(|_| month % 3 == 0)?;
    let days = u64::try_from(days).ok().filter(|_| parts.next() == Some("GMT"))?;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Days since 1970 of a date, if there is such a day. Others write these numbers, and they may be of any size.
fn day_number(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_small = year.abs() < 1_000_000 && (1..=12).contains(&month) && (1..=31).contains(&day);
    let found = is_small.then(|| days_of(year, month, day))?;
    (civil(found) == (year, month, day)).then_some(found)
}

/// The proleptic Gregorian date of a day number, counted in eras of 400 years from a 1 March.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The inverse of [`civil`].
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_dates_read_both_ways() {
        for (day, text) in [(0, "1970-01-01"), (20_602, "2026-05-29"), (11_016, "2000-02-29")] {
            assert_eq!(date(day), text);
            assert_eq!(days(text), Some(day));
        }
    }

    #[test]
    fn impossible_dates_are_refused() {
        let huge = i64::MAX;
        let [years, months, days_] =
            [format!("{huge}-01-01"), format!("2026-{huge}-01"), format!("2026-01-{huge}")];
        for text in ["2026-02-30", "2026-13-01", "2026-1", "soon", "", &years, &months, &days_] {
            assert_eq!(days(text), None, "{text}");
        }
    }

    #[test]
    fn every_day_of_four_centuries_survives_the_round_trip() {
        for day in -100_000..100_000 {
            assert_eq!(days(&date(day)), Some(day));
        }
    }

    #[test]
    fn dates_of_http_are_read_and_others_are_not() {
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        for odd in [
            "",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 31 Feb 2026 08:49:37 GMT",
            "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sun, 06 anF 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun, 9223372036854775807 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(http_date(odd), None, "{odd}");
        }
    }

    #[test]
    fn an_instant_is_read_back() {
        assert_eq!(instant("2026-05-29T22:00:03.120Z"), Some(1_780_092_003.12));
        assert_eq!(instant("2026-05-29T22:00:03Z"), Some(1_780_092_003.0));
        for odd in ["", "2026-05-29", "2026-05-29T22:00Z", "2026-05-29T22:00:03+01:00", "soon"] {
            assert_eq!(instant(odd), None, "{odd}");
        }
    }

    #[test]
    fn instants_have_milliseconds() {
        assert_eq!(rfc3339(1_780_092_003_120), "2026-05-29T22:00:03.120Z");
    }
}

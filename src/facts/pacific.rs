//! When a day ends for quotas: at midnight Pacific time, which moves with daylight saving.

use super::time;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// The next midnight in Pacific time after an instant, both in seconds since 1970.
pub fn next_midnight(unix_seconds: i64) -> i64 {
    let local = unix_seconds - offset_at(unix_seconds) * HOUR;
    let midnight = (local.div_euclid(DAY) + 1) * DAY;
    // Clocks change at two in the morning, so a day's own midnight still has the offset before it.
    let guess = midnight + offset_at(unix_seconds) * HOUR;
    midnight + offset_at(guess - 1) * HOUR
}

/// The day in Pacific time of an instant in seconds since 1970, in days since 1970.
pub fn day(unix_seconds: i64) -> i64 {
    (unix_seconds - offset_at(unix_seconds) * HOUR).div_euclid(DAY)
}

/// Hours that Pacific time is behind UTC: 8, and 7 from the second Sunday of March at two in the
/// morning to the first Sunday of November at two.
fn offset_at(unix_seconds: i64) -> i64 {
    let year: i64 = time::date((unix_seconds - 8 * HOUR).div_euclid(DAY))[..4]
        .parse()
        .expect("a date begins with its year");
    let begins = sunday(year, 3, 2) * DAY + 10 * HOUR;
    let ends = sunday(year, 11, 1) * DAY + 9 * HOUR;
    if (begins..ends).contains(&unix_seconds) { 7 } else { 8 }
}

/// The day of the n-th Sunday of a month.
fn sunday(year: i64, month: i64, nth: i64) -> i64 {
    let first = time::days(&format!("{year:04}-{month:02}-01")).expect("a first of a month");
    // Day 0 was a Thursday, so Sundays are those with a remainder of 3.
    first + (3 - first).rem_euclid(7) + (nth - 1) * 7
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        let (date, clock) = text.split_once('T').expect("a date and a time");
        let mut parts = clock.split(':').map(|part| part.parse::<i64>().expect("a number"));
        let mut next = || parts.next().unwrap_or(0);
        let (hours, minutes) = (next(), next());
        time::days(date).expect("a date") * DAY + hours * HOUR + minutes * 60
    }

    #[test]
    fn the_day_ends_at_midnight_pacific_in_winter_summer_and_between() {
        for (now, next) in [
            ("2026-11-20T13:40", "2026-11-21T08:00"),
            ("2026-11-20T07:59", "2026-11-20T08:00"),
            ("2026-11-20T08:00", "2026-11-21T08:00"),
            ("2026-07-01T06:59", "2026-07-01T07:00"),
            ("2026-07-01T07:00", "2026-07-02T07:00"),
            // Daylight saving begins on 8 March 2026 and ends on 1 November 2026.
            ("2026-03-08T07:59", "2026-03-08T08:00"),
            ("2026-03-08T08:30", "2026-03-09T07:00"),
            ("2026-03-08T20:00", "2026-03-09T07:00"),
            ("2026-11-01T06:59", "2026-11-01T07:00"),
            ("2026-11-01T07:30", "2026-11-02T08:00"),
            ("2026-11-01T20:00", "2026-11-02T08:00"),
            ("2026-12-31T23:59", "2027-01-01T08:00"),
        ] {
            assert_eq!(next_midnight(at(now)), at(next), "{now}");
        }
    }

    #[test]
    fn the_next_midnight_is_later_and_at_most_25_hours_away() {
        for hour in 0..24 * 400 {
            let now = at("2026-01-01T00:00") + hour * HOUR + 1;
            let wait = next_midnight(now) - now;
            assert!((1..=25 * HOUR).contains(&wait), "{now}: {wait}");
        }
    }
}

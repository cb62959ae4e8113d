//! What can be told of a clock without another one: only that it shows a time that cannot be.

use std::time::Duration;

use super::Told;
use crate::facts::{LocalFact, time};

/// A day of grace: programs are made in all time zones.
const DAY: Duration = Duration::from_secs(86_400);
/// Nobody uses a program for longer.
const LATEST: Duration = Duration::from_secs(10 * 365 * 86_400);

pub(super) fn look(now: Duration, made: Duration) -> Told {
    let shown = time::rfc3339(u64::try_from(now.as_millis()).unwrap_or(u64::MAX / 2));
    let day = |time: Duration| time::date((time.as_secs() / DAY.as_secs()).cast_signed());
    let impossible = match () {
        () if now + DAY < made => Some(format!("this program was made on {} only", day(made))),
        () if now > made + LATEST => {
            Some(format!("this program was made on {}, long before", day(made)))
        }
        () => None,
    };
    let facts = impossible
        .map(|why| (LocalFact::ClockImpossible, format!("the clock shows {shown}, and {why}")));
    // Whether a time that can be is right only another clock can tell.
    (String::new(), facts.into_iter().collect())
}

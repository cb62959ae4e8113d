//! What a watch says in plain lines, where there is no terminal to draw on: one line when something changes, and now
//! and then one that all goes on.

use std::time::Duration;

use super::{
    alert,
    board::{Around, headline},
    seen::Watched,
    span,
    track::{Change, Kind},
};

/// How often it is said that all goes on.
pub const EVERY: Duration = Duration::from_secs(600);

/// A change as a line.
pub fn change(change: &Change, now_ms: u64) -> String {
    format!("{} {}", stamp(now_ms), alert::sentence(change, now_ms))
}

/// A remark as a line.
pub fn note(text: &str, now_ms: u64) -> String {
    format!("{} {text}", stamp(now_ms))
}

/// How all stands, as lines: one a model, and one for what else is broken.
pub fn standing(watched: &Watched, around: &Around) -> Vec<String> {
    let told = |track: &&super::track::Track| track.kind == Kind::Model || track.has_failed();
    let tracks = watched.tracks.iter().filter(told);
    tracks.map(|track| format!("{} {}", stamp(around.now_ms), headline(track, around))).collect()
}

fn stamp(now_ms: u64) -> String {
    format!("{} UTC", span::moment(now_ms, now_ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::track::Verdict;

    #[test]
    fn a_line_begins_with_its_time() {
        let recovered = Change {
            target: "m".to_owned(),
            from: Verdict::Failing,
            to: Verdict::Healthy,
            since_ms: 0,
            cause: None,
            calls: (3, 0),
        };
        let said = change(&recovered, 240_000);
        assert_eq!(said, "00:04:00 UTC m works again since 00:00:00 UTC, 3 calls without a fault");
        assert_eq!(note("the key changed", 240_000), "00:04:00 UTC the key changed");
    }
}

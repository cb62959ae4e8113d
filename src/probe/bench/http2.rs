//! What the other side said about HTTP/2 over all connections of a way, in a few numbers, and how long a
//! PING takes. It keeps no frame, and judges nothing.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    net::{
        self, How, Target,
        frames::{Http2Seen, Http2Settings},
    },
    transport::{self, Limits},
};

/// PINGs that are sent one after another.
const PINGS: u32 = 5;
/// No more time than this is worth it.
const MOST: Duration = Duration::from_secs(2);
/// In less than this nothing can be asked.
const LEAST: Duration = Duration::from_millis(50);

/// PINGs that were answered on a connection without a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Pinged {
    /// The settings that came before them.
    pub settings: Option<Http2Settings>,
    /// How many were answered.
    pub count: usize,
    /// The median of the round trips, in milliseconds.
    pub median_ms: Option<f64>,
}

/// Asks for settings and PINGs on a connection of its own, if so much time is left.
pub(super) async fn ping(
    target: &Target,
    how: &How,
    limits: &Limits,
    left: Duration,
) -> Option<Pinged> {
    let most = left.min(MOST);
    if most < LEAST {
        return None;
    }
    let how = How { connect_timeout: most, ..how.clone() };
    let stream = net::connect(target, &how).await.outcome.ok()?;
    let limits = Limits { request_timeout: most, ..limits.clone() };
    let facts = transport::http2_facts(stream, PINGS, &limits).await.ok()?;
    let mut pings = facts.pings_ms;
    pings.sort_unstable_by(f64::total_cmp);
    let median_ms = pings.get(pings.len() / 2).copied();
    Some(Pinged { settings: facts.seen.settings, count: pings.len(), median_ms })
}

/// What was said over one connection, or over several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Http2Told {
    /// The settings; those of the connection that was looked at last.
    pub settings: Option<Http2Settings>,
    /// Connections that were sent away, by the reason's name.
    pub goaways: BTreeMap<String, u64>,
    /// Calls that were broken off, by the reason's name; of very many only the first ones have one.
    pub resets: BTreeMap<String, u64>,
}

impl Http2Told {
    /// What was said over one connection.
    pub fn of(seen: &Http2Seen) -> Self {
        let goaways = seen.goaways.iter().map(|goaway| goaway.reason.as_str());
        let resets = seen.resets.iter().map(|reset| reset.reason.as_str());
        let (goaways, resets) = (counted(goaways), counted(resets));
        Self { settings: seen.settings.clone(), goaways, resets }
    }

    /// Adds what was said over another.
    pub fn add(&mut self, other: &Self) {
        if other.settings.is_some() {
            self.settings.clone_from(&other.settings);
        }
        for (all, more) in [(&mut self.goaways, &other.goaways), (&mut self.resets, &other.resets)]
        {
            for (reason, count) in more {
                *all.entry(reason.clone()).or_default() += count;
            }
        }
    }

    /// How many calls may be under way at the same time, if there is a limit.
    pub fn streams(&self) -> Option<u32> {
        self.settings.as_ref()?.max_concurrent_streams
    }
}

fn counted<'a>(reasons: impl Iterator<Item = &'a str>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for reason in reasons {
        *counts.entry(reason.to_owned()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::net::frames::Reset;

    fn seen(streams: u32, reasons: &[&str]) -> Http2Seen {
        let reset =
            |reason: &&str| Reset { stream: 1, reason: (*reason).to_owned(), at: Instant::now() };
        let settings =
            Http2Settings { max_concurrent_streams: Some(streams), ..Default::default() };
        let resets = reasons.iter().map(reset).collect();
        Http2Seen { settings: Some(settings), resets, ..Http2Seen::default() }
    }

    #[test]
    fn what_several_connections_showed_is_added_up() {
        let mut told = Http2Told::of(&seen(100, &["REFUSED_STREAM", "REFUSED_STREAM"]));
        told.add(&Http2Told::of(&seen(8, &["CANCEL", "REFUSED_STREAM"])));
        told.add(&Http2Told::default());
        assert_eq!(told.streams(), Some(8));
        let resets = [("CANCEL".to_owned(), 1), ("REFUSED_STREAM".to_owned(), 3)];
        assert_eq!(told.resets, BTreeMap::from(resets));
    }
}

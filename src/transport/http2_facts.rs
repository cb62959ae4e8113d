//! What a server says about HTTP/2 itself, on a connection without a request: settings and round trips.
//!
//! Judges nothing: what was seen until the end is told, whatever the end was.

use std::future::poll_fn;

use bytes::Bytes;
use h2::{Ping, PingPong};

use super::task::Trouble;
use super::{Limits, sender};
use crate::facts::{Failure, Fault, Stage};
use crate::net::deadline::{Deadline, ms};
use crate::net::frames::{FrameLog, Http2Seen};
use crate::net::{Stream, classify};

/// What a server says about HTTP/2.
#[derive(Clone, Debug, PartialEq)]
pub struct Http2Facts {
    /// Its settings, and that it ended something, if it did.
    pub seen: Http2Seen,
    /// How many requests may be under way at the same time; `None` where it sets no limit.
    pub concurrent_streams: Option<u32>,
    /// The round trip of each PING that was answered, in milliseconds.
    pub pings_ms: Vec<f64>,
    /// Why not all of them were answered.
    pub failure: Option<Failure>,
}

/// Asks a server for its settings and so many PINGs one after another, all of it within one request's
/// time-out. A failure is what keeps even the settings from coming.
pub async fn http2_facts(
    stream: Stream,
    pings: u32,
    limits: &Limits,
) -> Result<Http2Facts, Failure> {
    let Some(frames) = stream.frames() else {
        let detail = "the handshake did not settle on HTTP/2";
        return Err(Failure::new(Stage::Request, Fault::NotHttp, detail));
    };
    let deadline = Deadline::after(limits.request_timeout);
    // The first PING is to bring the settings if no other is asked for.
    let asking = ask(stream, pings.max(1), limits);
    let asked = deadline.bound(Stage::Head, "not all PINGs were answered", asking).await;
    told(&frames, pings, asked.and_then(|answered| answered).err())
}

/// Sends the PINGs while the connection is kept going, and ends with either.
async fn ask(stream: Stream, pings: u32, limits: &Limits) -> Result<(), Failure> {
    let failed = |error| classify::failure(&Trouble::H2(error), Stage::Head);
    // A connection that nobody can send over any more closes itself.
    let (_open, mut connection) =
        sender::http2(limits).handshake::<_, Bytes>(stream).await.map_err(failed)?;
    let pinging = connection.ping_pong().expect("it is taken once");
    tokio::select! {
        biased;
        // Why the connection ended says more than that a PING was lost with it.
        ended = connection => Err(ended.map_or_else(failed, |()| closed())),
        answered = ping(pinging, pings) => answered.map_err(failed),
    }
}

async fn ping(mut pinging: PingPong, pings: u32) -> Result<(), h2::Error> {
    for _ in 0..pings {
        pinging.send_ping(Ping::opaque())?;
        poll_fn(|context| pinging.poll_pong(context)).await?;
    }
    Ok(())
}

fn told(frames: &FrameLog, pings: u32, failure: Option<Failure>) -> Result<Http2Facts, Failure> {
    let seen = frames.seen();
    let failure = failure.map(|failure| classify::by_frames(failure, &seen));
    let Some(settings) = &seen.settings else { return Err(failure.unwrap_or_else(closed)) };
    let asked = pings as usize;
    let pings_ms: Vec<f64> =
        seen.pings.round_trips.iter().take(asked).map(|trip| ms(*trip)).collect();
    let failure = failure.filter(|_| pings_ms.len() < asked);
    Ok(Http2Facts { concurrent_streams: settings.max_concurrent_streams, pings_ms, failure, seen })
}

fn closed() -> Failure {
    Failure::new(Stage::Head, Fault::Closed, "the connection ended")
}

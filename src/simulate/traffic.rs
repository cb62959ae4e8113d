//! How a server treats the traffic that it takes: how much of it, how long it keeps a connection, and
//! when the pieces of an answer come.
//!
//! Pure data. Nothing in here is a fault by itself; `judge.rs`, `line.rs` and `api` go by it.

use std::time::Duration;

use super::call::Http;
use super::fault::Act;

/// As many tokens as `api::tokens` takes a word for.
const TOKENS_PER_WORD: f64 = 1.3;

/// How a server treats all traffic, whatever is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Traffic {
    /// How many calls it takes.
    pub(super) limit: Option<Limit>,
    /// When it does nothing at all.
    pub(super) freeze: Option<Freeze>,
    /// How many streams an HTTP/2 connection may have at once.
    pub(super) streams: Option<u32>,
    /// After how many calls a connection of that version of HTTP is told to end.
    pub(super) calls_each: Option<(Http, u64)>,
    /// How long it keeps a connection on which nothing goes on.
    pub(super) idle: Option<Patience>,
    /// Whether small segments go out at once, although earlier ones are not acknowledged yet.
    pub(super) nodelay: bool,
}

impl Traffic {
    /// Whatever comes, as long as it comes.
    pub(super) const PLAIN: Self = Self {
        limit: None,
        freeze: None,
        streams: None,
        calls_each: None,
        idle: None,
        nodelay: true,
    };

    pub(super) const fn limit(limit: Limit) -> Self {
        Self { limit: Some(limit), ..Self::PLAIN }
    }
}

/// A rate that calls must keep to.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// How many calls a second are let through in the long run.
    pub(super) per_second: u32,
    pub(super) reserve: Reserve,
    /// What happens to a call that is too many.
    pub(super) refusal: Act,
}

/// What a limit has for calls that come faster than it lets them through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserve {
    /// A bucket of so many tokens, full at the start: each call takes one, or is refused.
    Bucket(u32),
    /// A queue of so many places: a call waits for its turn, or is refused.
    Queue(u32),
}

/// How long an idle connection is kept. It ends without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// It is closed after so many milliseconds.
    Closes(u64),
    /// After so many milliseconds it is closed in the very moment in which a call comes, as if the
    /// two had crossed on their way.
    Crosses(u64),
}

/// A server that stands still again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freeze {
    /// From the end of one standstill to the end of the next, in milliseconds.
    pub(super) every_ms: u64,
    /// How long each lasts, in milliseconds.
    pub(super) for_ms: u64,
}

/// When the pieces of a streamed answer come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// After so many milliseconds each, counted from the head; what is left over comes at once.
    Gaps(&'static [u64]),
    /// The head and the first word after so many milliseconds, and then a word at a time.
    Tokens {
        /// Milliseconds until the first word.
        first_ms: u64,
        /// Tokens from then on.
        per_second: u32,
    },
    /// That piece comes after so many milliseconds of simulated time, for which nobody waits.
    Stalls {
        /// The piece, the first of which is number 0.
        at: usize,
        /// Milliseconds.
        ms: u64,
    },
}

/// The real time that a simulated standstill takes, so that what was said before it is read before it.
const STANDSTILL: Duration = Duration::from_millis(20);

impl Pace {
    /// How long it takes until there is a head, for an answer of so many tokens. Who asks for no
    /// stream waits for all of them.
    pub(super) fn before_head(self, tokens: u64, is_stream: bool) -> Duration {
        match self {
            Self::Gaps(_) | Self::Stalls { .. } => Duration::ZERO,
            Self::Tokens { first_ms, .. } if is_stream => Duration::from_millis(first_ms),
            Self::Tokens { first_ms, per_second } => {
                Duration::from_millis(first_ms) + taking(tokens as f64, per_second)
            }
        }
    }

    /// How long before that piece of a stream, the first of which is number 0.
    pub(super) fn pause(self, at: usize) -> Duration {
        match self {
            Self::Gaps(gaps) => {
                gaps.get(at).map_or(Duration::ZERO, |ms| Duration::from_millis(*ms))
            }
            Self::Stalls { at: stalled, .. } if at == stalled => STANDSTILL,
            Self::Stalls { .. } => Duration::ZERO,
            Self::Tokens { .. } if at == 0 => Duration::ZERO,
            Self::Tokens { per_second, .. } => taking(TOKENS_PER_WORD, per_second),
        }
    }
}

fn taking(tokens: f64, per_second: u32) -> Duration {
    Duration::from_secs_f64(tokens / f64::from(per_second.max(1)))
}

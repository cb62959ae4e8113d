//! How a server treats the traffic that it takes: when the pieces of an answer come.
//!
//! Pure data. Nothing in here is a fault by itself; `judge.rs`, `line.rs` and `api` go by it.

use std::time::Duration;

/// As many tokens as `api::tokens` takes a word for.
const TOKENS_PER_WORD: f64 = 1.3;

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
}

impl Pace {
    /// How long it takes until there is a head, for an answer of so many tokens. Who asks for no
    /// stream waits for all of them.
    pub(super) fn before_head(self, tokens: u64, is_stream: bool) -> Duration {
        match self {
            Self::Gaps(_) => Duration::ZERO,
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
            Self::Tokens { .. } if at == 0 => Duration::ZERO,
            Self::Tokens { per_second, .. } => taking(TOKENS_PER_WORD, per_second),
        }
    }
}

fn taking(tokens: f64, per_second: u32) -> Duration {
    Duration::from_secs_f64(tokens / f64::from(per_second.max(1)))
}

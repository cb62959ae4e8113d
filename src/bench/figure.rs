//! What two ways are compared by. Less is better in each.

use crate::facts::Sample;

/// One figure of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// The whole call, its connection included.
    Latency,
    /// The wait for the first piece of text, where the answer is a stream.
    FirstText,
    /// What one token of the answer takes: the call from its first byte to the last one, by its tokens.
    TokenTime,
}

impl Figure {
    /// The figures that answers with text have besides their latency.
    pub const OF_TEXT: [Self; 2] = [Self::FirstText, Self::TokenTime];

    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::FirstText => "first_text",
            Self::TokenTime => "token_time",
        }
    }

    /// Of an answered call, in milliseconds; none where it has no such figure.
    pub fn of(self, sample: &Sample) -> Option<f64> {
        match self {
            Self::Latency => Some(sample.latency_ms),
            Self::FirstText => sample.phases.all().first_token_ms,
            Self::TokenTime => {
                let tokens = sample.output_tokens.filter(|tokens| *tokens > 0)?;
                Some(sample.phases.all().total_ms? / tokens as f64)
            }
        }
    }

    /// The least difference that a caller of this API can notice, whose calls take 30 ms and more and whose
    /// answers have a hundred tokens; less may also be what this program itself adds.
    pub const fn matters_ms(self) -> f64 {
        match self {
            Self::Latency | Self::FirstText => 1.0,
            Self::TokenTime => 0.01,
        }
    }
}

//! One call to a name, as evidence about the name: how it ended, and by which way it went.

use crate::facts::Client;

/// One call.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The attempt's id.
    pub attempt: String,
    /// When it began, in milliseconds from the start of the run.
    pub at_ms: f64,
    /// How it ended.
    pub end: End,
    /// The answer in one line.
    pub said: String,
    /// The model that a "not found" names, where it is another than the one asked for.
    pub named: Option<String>,
    /// The model that served, as the answer says.
    pub version: Option<String>,
    /// Whether that is another family than the one asked for.
    pub rerouted: bool,
    /// Whether this program's own limit cut the answer before any text.
    pub cut: bool,
    /// The address that was reached.
    pub remote: Option<String>,
    /// Which of the run's connections carried it.
    pub connection: Option<u32>,
    /// `HTTP/1.1` or `HTTP/2`.
    pub http: Option<String>,
    /// As whose call it was dressed.
    pub client: Client,
    /// How long it took.
    pub took_ms: Option<f64>,
    /// The id the service gave its answer.
    pub response_id: Option<String>,
}

/// How a call ended. Only the first two speak of the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// An answer with content.
    Answered,
    /// The API itself says that there is no such model.
    Missing,
    /// An answer without usable content.
    Empty,
    /// A quota: 429.
    Quota,
    /// The service is busy or broken: 5xx.
    Busy,
    /// The key, the project, the region or the request is refused.
    Refused,
    /// Somebody else than the API answered.
    Stranger,
    /// Nobody answered.
    Lost,
    /// The run's own budget or time ended before it.
    NotSent,
}

impl End {
    /// Every end that is neither of the two that speak of the name.
    pub const OTHERS: [Self; 6] =
        [Self::Empty, Self::Quota, Self::Busy, Self::Refused, Self::Stranger, Self::Lost];

    /// One letter for the strip.
    pub const fn letter(self) -> char {
        match self {
            Self::Answered => '.',
            Self::Missing => 'x',
            Self::Empty => 'e',
            Self::Quota => 'q',
            Self::Busy => 's',
            Self::Refused => 'r',
            Self::Stranger => 'g',
            Self::Lost => 'n',
            Self::NotSent => '-',
        }
    }

    /// What the letter stands for.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Missing => "404",
            Self::Empty => "answered without content",
            Self::Quota => "429",
            Self::Busy => "5xx",
            Self::Refused => "refused",
            Self::Stranger => "not answered by the API",
            Self::Lost => "no answer",
            Self::NotSent => "not sent",
        }
    }

    /// Whether it speaks of the name: answered, or not found.
    pub const fn is_own(self) -> bool {
        matches!(self, Self::Answered | Self::Missing)
    }

    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Missing => "missing",
            Self::Empty => "empty",
            Self::Quota => "quota",
            Self::Busy => "busy",
            Self::Refused => "refused",
            Self::Stranger => "stranger",
            Self::Lost => "lost",
            Self::NotSent => "not_sent",
        }
    }
}

/// The calls that speak of the name, in order; `true` for "not found".
pub fn outcomes(samples: &[Sample]) -> Vec<bool> {
    own(samples).map(|sample| sample.end == End::Missing).collect()
}

/// The samples that speak of the name.
pub fn own(samples: &[Sample]) -> impl DoubleEndedIterator<Item = &Sample> {
    samples.iter().filter(|sample| sample.end.is_own())
}

/// How many samples ended in one way.
pub fn count(samples: &[Sample], end: End) -> usize {
    samples.iter().filter(|sample| sample.end == end).count()
}

//! Whether a long prompt arrived whole: judged from three books and from needles that came back or did not.
//!
//! Pure: it sends nothing and reads no answer. A needle that is missing says that a model did not recall it, and
//! not that it was dropped; only books that differ say that.

mod ceiling;
mod haystack;
mod place;
#[cfg(test)]
mod tests;
mod tools;

pub use ceiling::{Ceiling, Probe, Search};
pub use haystack::{DEPTHS_PERCENT, Haystack, QUESTION};
pub use place::Side;
pub use tools::{ToolsVerdict, compare};

/// The tokens of one prompt, as three parties count them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// By this program.
    pub local: Option<u64>,
    /// By the service's `countTokens`, for the same body.
    pub counted: Option<u64>,
    /// By the answer itself: `promptTokenCount`.
    pub prompt: Option<u64>,
}

/// A mark in the prompt that the model was asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Needle {
    /// How deep it stands, in percent of the prompt.
    pub depth_percent: f64,
    /// Whether the answer has it.
    pub came_back: bool,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With a text that can be looked through for needles.
    Answered,
    /// With success, and without a text.
    Mute,
    /// The service refused the prompt for its length.
    Rejected {
        /// The tokens that the service names.
        count: Option<u64>,
        /// The limit that it names.
        limit: Option<u64>,
    },
    /// In any other way, with the words for it.
    Failed(String),
}

/// One call with a long prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// What the three parties counted.
    pub books: Books,
    /// The needles, from the front to the end.
    pub needles: Vec<Needle>,
    /// How it ended.
    pub ended: Ended,
}

/// What became of a long prompt.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It arrived.
    Delivered {
        /// Whether the service's two books say so too; without them a gap between two needles is not excluded.
        by_books: bool,
    },
    /// A part of it was dropped without a word.
    Shortened(Shortened),
    /// It was refused for its length.
    Rejected {
        /// The tokens that the service names.
        service_count: Option<u64>,
        /// The limit that it names.
        limit: Option<u64>,
    },
    /// The books agree, so that it arrived, and the model did not give all of it back.
    CountedNotRecalled {
        /// The depths of what did not come back, in percent.
        missing: Vec<f64>,
    },
    /// It cannot be told.
    Inconclusive {
        /// Why not.
        because: String,
    },
}

/// How a prompt was shortened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shortened {
    /// The tokens that were left, about.
    pub at_about: u64,
    /// No fewer than these were left.
    pub low: u64,
    /// No more than these were left.
    pub high: u64,
    /// Where the rest was; none where the needles do not tell.
    pub side: Option<Side>,
    /// Whether the service's two books show it; else the needles of two calls do.
    pub by_books: bool,
}

impl Verdict {
    /// The word for it in JSON.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Delivered { .. } => "delivered",
            Self::Shortened(_) => "shortened",
            Self::Rejected { .. } => "rejected",
            Self::CountedNotRecalled { .. } => "counted_not_recalled",
            Self::Inconclusive { .. } => "inconclusive",
        }
    }
}

/// Needles at one end that must be missing, twice, where no book can show it: one alone may be forgetfulness.
const MISSING_AT_AN_END: usize = 2;

/// Books that differ by no more than this agree: requests have framing that one party counts and another does not.
pub fn tolerance(tokens: u64) -> u64 {
    (tokens / 100).max(100)
}

/// Judges a prompt by a call, and by a second one with the same prompt where there was one.
pub fn judge(first: &Sample, again: Option<&Sample>) -> Verdict {
    match (&first.ended, first.books.counted, first.books.prompt) {
        (Ended::Rejected { count, limit }, ..) => {
            Verdict::Rejected { service_count: *count, limit: *limit }
        }
        (Ended::Failed(why), ..) => Verdict::Inconclusive { because: why.clone() },
        (_, Some(counted), Some(prompt)) => by_books(first, counted, prompt),
        _ => by_needles(first, again),
    }
}

/// Whether a second call with the same prompt could settle what the first leaves open.
pub fn wants_again(first: &Sample) -> bool {
    let has_books = first.books.counted.is_some() && first.books.prompt.is_some();
    first.ended == Ended::Answered && !has_books && run_at_an_end(&first.needles).is_some()
}

fn by_books(sample: &Sample, counted: u64, prompt: u64) -> Verdict {
    let missing = missing(&sample.needles);
    let added = prompt.saturating_sub(counted);
    if added > tolerance(counted) {
        // Whatever was added may hide what was dropped.
        return Verdict::Inconclusive {
            because: format!("the answer counts {added} tokens more than countTokens"),
        };
    }
    let dropped = counted.saturating_sub(prompt);
    let is_mute = sample.ended == Ended::Mute;
    match (dropped > tolerance(counted), missing.is_empty()) {
        (false, _) if is_mute => Verdict::Inconclusive {
            because:
                "the books agree, but the answer has no text, so that no needle could be looked for"
                    .to_owned(),
        },
        (false, true) => Verdict::Delivered { by_books: true },
        (false, false) => Verdict::CountedNotRecalled { missing },
        (true, _) if is_mute || missing.is_empty() => Verdict::Inconclusive {
            because: format!(
                "the answer counts {dropped} tokens fewer than countTokens, but no needle is known to be missing"
            ),
        },
        (true, _) => shortened_by_books(sample, counted, prompt),
    }
}

fn shortened_by_books(sample: &Sample, counted: u64, prompt: u64) -> Verdict {
    let dropped = counted - prompt;
    let side = place::side(&sample.needles, dropped as f64 / counted as f64);
    let error = tolerance(counted);
    Verdict::Shortened(Shortened {
        at_about: prompt,
        low: prompt.saturating_sub(error),
        high: (prompt + error).min(counted),
        side,
        by_books: true,
    })
}

/// Without the service's books a needle that is missing may have been dropped or forgotten. Several from an
/// end, and the very same in a second call, were dropped.
fn by_needles(first: &Sample, again: Option<&Sample>) -> Verdict {
    let unclear = |because: &str| Verdict::Inconclusive { because: because.to_owned() };
    if first.ended == Ended::Mute {
        return unclear("the answer has no text, and the service gives no two counts to compare");
    }
    if missing(&first.needles).is_empty() {
        return Verdict::Delivered { by_books: false };
    }
    let Some((side, run)) = run_at_an_end(&first.needles) else {
        return unclear(
            "needles are missing, and without the service's two counts they may have been dropped or forgotten",
        );
    };
    let same = |again: &Sample| missing(&again.needles) == missing(&first.needles);
    let answered = again.filter(|again| again.ended == Ended::Answered);
    match (answered, first.books.prompt.or(first.books.counted).or(first.books.local)) {
        (Some(again), Some(_)) if same(again) => shortened_by_needles(first, side, run),
        (Some(_), Some(_)) => unclear("a second call with the same prompt lost other needles"),
        (None, _) => unclear("needles are missing from one end, and no second call confirmed it"),
        (_, None) => unclear("needles are missing from one end, and nobody counted the prompt"),
    }
}

fn shortened_by_needles(sample: &Sample, side: Side, run: usize) -> Verdict {
    let Some(whole) = sample.books.counted.or(sample.books.local) else {
        return Verdict::Inconclusive { because: "nobody counted the whole prompt".to_owned() };
    };
    let (low, high) = place::kept_percent(&sample.needles, side, run);
    let tokens = |percent: f64| (whole as f64 * percent / 100.0).round() as u64;
    let (low, high) = (tokens(low), tokens(high));
    let named = sample.books.prompt.filter(|prompt| (low..=high).contains(prompt));
    Verdict::Shortened(Shortened {
        at_about: named.unwrap_or(u64::midpoint(low, high)),
        low,
        high,
        side: Some(side),
        by_books: false,
    })
}

/// The end from which needles are missing without a gap, and how many, where all that is missing is there.
fn run_at_an_end(needles: &[Needle]) -> Option<(Side, usize)> {
    let missing = needles.iter().filter(|needle| !needle.came_back).count();
    let is_lost = |needle: &&Needle| !needle.came_back;
    let head = needles.iter().take_while(is_lost).count();
    let tail = needles.iter().rev().take_while(is_lost).count();
    match missing {
        _ if missing < MISSING_AT_AN_END || missing == needles.len() => None,
        _ if head == missing => Some((Side::Head, head)),
        _ if tail == missing => Some((Side::Tail, tail)),
        _ => None,
    }
}

fn missing(needles: &[Needle]) -> Vec<f64> {
    let lost = needles.iter().filter(|needle| !needle.came_back);
    lost.map(|needle| needle.depth_percent).collect()
}

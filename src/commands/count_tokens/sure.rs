//! How sure a count is, and between which numbers the true one lies. Judges what was counted; counts nothing.

use super::{Basis, Certainty, Line, Measured, Standing, Tally, input::Seen};
use crate::tokens::body::Kind;

/// The fewest tokens of the texts whose error was measured: shorter ones can be off by more.
const MEASURED_FROM: u64 = 500;

/// Tokens that are added for a turn at most, where that was not recorded.
const MOST_A_TURN: u64 = 2;

/// How sure the counts of some inputs are, whatever the vocabulary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sure {
    /// Whether something is counted in part only.
    pub(super) is_lower_bound: bool,
    /// Whether a rule that was not seen to be the service's has counted something other than turns.
    is_ruled: bool,
    /// Whether a stretch was cut by force.
    is_cut: bool,
    /// Whether something else than texts and turns was counted.
    has_media: bool,
    /// The tokens of turns that are an estimate.
    turns: u64,
    /// The most that they can be.
    turns_at_most: u64,
    /// The most tokens that the texts can have: one a byte.
    bytes: u64,
}

impl Sure {
    pub(super) fn of(seen: &Seen) -> Self {
        let counted = &seen.counted;
        let text = Self {
            is_cut: counted.forced_cuts > 0,
            is_ruled: counted.conversation_marks + counted.control_lookalikes > 0,
            // A byte that is no text is counted as U+FFFD, which has three.
            bytes: counted.bytes + 2 * counted.invalid_utf8,
            ..Self::default()
        };
        match &seen.request {
            Some(request) => Self { is_ruled: false, ..text }.with_parts(&request.tally),
            None => text,
        }
    }

    fn with_parts(self, tally: &Tally) -> Self {
        let any = |fits: &dyn Fn(&Line) -> bool| tally.lines.iter().any(fits);
        let of_turns = |line: &Line| {
            matches!(line.kind, Kind::Role | Kind::SystemRole)
                && line.by_rule == Certainty::Estimate
        };
        let turns = tally.lines.iter().filter(|line| of_turns(line)).map(|line| line.tokens).sum();
        let doubtful = any(&of_turns);
        Self {
            is_lower_bound: any(&|line| line.by_rule == Certainty::LowerBound),
            is_ruled: any(&|line| line.by_rule == Certainty::Estimate && !of_turns(line)),
            has_media: any(&|line| line.kind == Kind::Media),
            turns,
            turns_at_most: if doubtful { turns.max(MOST_A_TURN * tally.turns) } else { 0 },
            // What is added for turns and was recorded is no text, and is known.
            bytes: self.bytes + added(tally, &of_turns),
            ..self
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            is_lower_bound: self.is_lower_bound || other.is_lower_bound,
            is_ruled: self.is_ruled || other.is_ruled,
            is_cut: self.is_cut || other.is_cut,
            has_media: self.has_media || other.has_media,
            turns: self.turns + other.turns,
            turns_at_most: self.turns_at_most + other.turns_at_most,
            bytes: self.bytes + other.bytes,
        }
    }

    /// Whether the service counts the same, where it has the same vocabulary.
    pub(super) fn is_exact(self) -> bool {
        self.is_only_texts() && self.turns_at_most == 0
    }

    /// Whether only the vocabulary and the turns can be to blame for a difference.
    fn is_only_texts(self) -> bool {
        !(self.is_lower_bound || self.is_ruled || self.is_cut || self.has_media)
    }

    /// The same, as the caller takes an estimate to be; what is counted in part only has no end.
    pub(super) fn within_margin(self, tokens: u64, basis: &Basis) -> Option<(u64, Option<u64>)> {
        let margin = basis.margin.filter(|_| !basis.is_exact())? / 100.0;
        let low = (tokens as f64 * (1.0 - margin)).floor() as u64;
        let high = (tokens as f64 * (1.0 + margin)).ceil() as u64;
        Some((low, Some(high).filter(|_| !self.is_lower_bound)))
    }

    /// The fewest and the most tokens that there can be, as far as that is known.
    pub(super) fn bounds(self, tokens: u64, standing: &Standing) -> (u64, Option<u64>) {
        let texts = tokens.saturating_sub(self.turns);
        let (low, high) = match standing {
            Standing::Exact if self.is_only_texts() => (texts, texts),
            Standing::Estimate { error: Some(error), .. }
                if self.is_only_texts() && texts >= MEASURED_FROM =>
            {
                within(texts, error)
            }
            _ if self.is_lower_bound || self.has_media => return (tokens.min(1), None),
            _ => (tokens.min(1), self.bytes),
        };
        (low, Some(high.saturating_add(self.turns_at_most)))
    }
}

/// The tokens of turns that were recorded.
fn added(tally: &Tally, of_turns: &dyn Fn(&Line) -> bool) -> u64 {
    let roles =
        tally.lines.iter().filter(|line| matches!(line.kind, Kind::Role | Kind::SystemRole));
    roles.filter(|line| !of_turns(line)).map(|line| line.tokens).sum()
}

/// The true counts that a count with this error can stand for.
fn within(tokens: u64, error: &Measured) -> (u64, u64) {
    let true_count = |percent: f64| tokens as f64 / (1.0 + percent / 100.0);
    let low = true_count(error.highest_percent.max(0.0)).floor() as u64;
    let high = true_count(error.lowest_percent.min(0.0)).ceil() as u64;
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        local::inputs::{Encoding, Read},
        tokens::{
            Counted,
            body::{Api, Asked, Body},
        },
    };

    const ERROR: Measured =
        Measured { on: "texts", texts: 9, lowest_percent: -4.0, highest_percent: 10.0 };

    fn measured() -> Standing {
        Standing::Estimate { because: "another vocabulary".to_owned(), error: Some(ERROR) }
    }

    fn text(bytes: u64) -> Sure {
        Sure { bytes, ..Sure::default() }
    }

    /// Of a model whose turns were recorded, or of another one.
    fn request(model: &str, parts: &str) -> Sure {
        let body = format!(r#"{{"contents":[{{"role":"user","parts":[{parts}]}}]}}"#);
        let asked = Asked { model, api: Api::Developer, doubt: None };
        let tally = Body::read(&body).unwrap().count(asked, |text| text.len() as u64);
        text(9_000).with_parts(&tally)
    }

    #[test]
    fn an_error_reaches_in_both_directions() {
        assert_eq!(within(1_101, &ERROR), (1_000, 1_147));
        assert_eq!(text(5_000).bounds(1_101, &measured()), (1_000, Some(1_147)));
    }

    #[test]
    fn an_error_is_not_lent_to_what_it_was_not_measured_on() {
        assert_eq!(text(900).bounds(MEASURED_FROM - 1, &measured()), (1, Some(900)));
        let cut = Sure { is_cut: true, ..text(9_000) };
        assert_eq!(cut.bounds(1_101, &measured()), (1, Some(9_000)));
        let image = r#"{"inlineData":{"mimeType":"image/gif","data":"R0lGODlhAgADAA=="}}"#;
        let media = request("gemini-2.5-flash", image);
        assert_eq!(media.bounds(1_101, &measured()), (1, None));
        let unknown = Standing::Estimate { because: String::new(), error: None };
        assert_eq!(text(7).bounds(3, &unknown), (1, Some(7)));
        assert_eq!(text(0).bounds(0, &unknown), (0, Some(0)));
    }

    #[test]
    fn turns_that_were_not_recorded_widen_the_bounds() {
        let recorded = request("gemini-2.5-flash", r#"{"text":"a"}"#);
        assert!(recorded.is_exact());
        assert_eq!(recorded.bounds(1_000, &Standing::Exact), (1_000, Some(1_000)));
        let other = request("gemini-2.5-pro", r#"{"text":"a"}"#);
        assert!(!other.is_exact());
        assert_eq!(other.bounds(1_000, &Standing::Exact), (999, Some(1_001)));
    }

    #[test]
    fn a_text_that_spells_control_tokens_is_an_estimate_whatever_the_vocabulary() {
        let read = Read {
            bytes: 9,
            encoding: Encoding::Utf8,
            broken_units: 0,
            first_broken: None,
            is_whole: true,
        };
        let sure = |counted| {
            let (request, compared, hidden, text) = (None, None, None, None);
            Sure::of(&Seen { counted, read, request, compared, hidden, text })
        };
        assert!(sure(Counted::default()).is_exact());
        assert!(!sure(Counted { conversation_marks: 1, ..Counted::default() }).is_exact());
        assert!(!sure(Counted { control_lookalikes: 1, ..Counted::default() }).is_exact());
        let broken = sure(Counted { bytes: 9, invalid_utf8: 2, ..Counted::default() });
        assert_eq!(broken.bounds(20, &measured()), (1, Some(13)));
    }

    #[test]
    fn what_spells_control_tokens_is_an_estimate_in_a_request_as_well() {
        let marked = request("gemini-2.5-flash", r#"{"text":"<start_of_turn>"}"#);
        assert!(!marked.is_exact());
        assert_eq!(marked.bounds(10, &Standing::Exact), (1, Some(9_001)));
    }
}

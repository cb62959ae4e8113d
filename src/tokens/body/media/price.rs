//! The published prices of media in tokens, by the family of the model.
//!
//! Never exact: pages round, and what the service makes of a picture is its own business.

use super::{Measure, Medium, Resolution, Sort};
use crate::tokens::body::Certainty;

/// Families of models with prices of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tokens::body) enum Family {
    /// 2.0 and before.
    Classic,
    /// 2.5.
    Second,
    /// 3 and later.
    Third,
}

/// What a medium costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tokens::body) struct Priced {
    pub(in crate::tokens::body) tokens: u64,
    pub(in crate::tokens::body) certainty: Certainty,
    /// The rule.
    pub(in crate::tokens::body) note: String,
}

impl Family {
    pub(in crate::tokens::body) fn of(model: &str) -> Self {
        let name = model.rsplit('/').next().unwrap_or(model);
        match name.strip_prefix("gemini-") {
            Some(rest) if rest.starts_with("2.5") => Self::Second,
            Some(rest) if rest.starts_with(['1', '2']) || rest.starts_with("pro-vision") => {
                Self::Classic
            }
            _ => Self::Third,
        }
    }
}

/// What a medium costs; the part's own resolution goes before that of the request.
pub(in crate::tokens::body) fn price(
    medium: &Medium,
    family: Family,
    default: Option<Resolution>,
) -> Priced {
    let resolution = medium.resolution.or(default);
    match (medium.sort, medium.measure) {
        (Sort::Picture, measure) => picture(measure, family, resolution),
        (Sort::Sound, Measure::Seconds(length)) => sound(medium, length),
        (Sort::Film, Measure::Seconds(length)) => film(medium, length, family, resolution),
        (Sort::Document, Measure::Pages(pages)) => document(pages, family, resolution),
        (Sort::Sound, _) => {
            unknown("audio costs 32 tokens a second, and its length could not be read")
        }
        (Sort::Film, _) => {
            unknown("video is priced by the second, and its length could not be read")
        }
        (Sort::Document, _) => {
            unknown("a PDF is priced by the page, and its pages could not be told")
        }
        (Sort::Other, _) => unknown("no price is published for this type"),
    }
}

fn picture(measure: Measure, family: Family, resolution: Option<Resolution>) -> Priced {
    use Resolution::{High, Low, Medium, UltraHigh};
    match (family, resolution, measure) {
        (Family::Third, resolution, _) => {
            let tokens = match resolution {
                Some(Low) => 280,
                Some(Medium) => 560,
                Some(High) | None => 1120,
                Some(UltraHigh) => 2240,
            };
            estimate(tokens, format!("at most {tokens} at this resolution"))
        }
        (Family::Second, Some(Low), _) => estimate(64, "64 at low resolution".to_owned()),
        (Family::Second, Some(Medium), _) => estimate(256, "256 at medium resolution".to_owned()),
        (_, _, Measure::Pixels { width, height }) => tiled(width, height, family),
        _ => at_least(
            TILE,
            format!("{TILE} for one tile; its size could not be read, and larger images have more"),
        ),
    }
}

const TILE: u64 = 258;

/// What 2.5 spends on one picture at the most.
const PAN_AND_SCAN: u64 = 2048;

fn tiled(width: u32, height: u32, family: Family) -> Priced {
    if width.max(height) <= 384 {
        return estimate(TILE, format!("{width} x {height}: {TILE} up to 384 x 384"));
    }
    let side = (f64::from(width.min(height)) / 1.5).floor().clamp(256.0, 768.0);
    let along = |length: u32| whole((f64::from(length) / side).ceil());
    let tiles = along(width).saturating_mul(along(height));
    let tokens = tiles.saturating_mul(TILE);
    let note = format!("{width} x {height}: {tiles} tiles of {side:.0} pixels, {TILE} each");
    if family == Family::Second && tokens > PAN_AND_SCAN {
        return estimate(PAN_AND_SCAN, format!("{note}, but about {PAN_AND_SCAN} at the most"));
    }
    estimate(tokens, note)
}

const SOUND_A_SECOND: f64 = 32.0;

fn sound(medium: &Medium, length: f64) -> Priced {
    let length = clipped(medium, length);
    estimate(whole((length * SOUND_A_SECOND).ceil()), format!("{length:.1} s, 32 a second"))
}

fn film(medium: &Medium, length: f64, family: Family, resolution: Option<Resolution>) -> Priced {
    let length = clipped(medium, length);
    let frames = medium.frames.unwrap_or(1.0);
    let frame = match (family, resolution) {
        (Family::Third, Some(Resolution::High | Resolution::UltraHigh)) => 280.0,
        (Family::Third, _) => 70.0,
        (Family::Second, Some(Resolution::Low)) => 64.0,
        (Family::Second, _) => 256.0,
        (Family::Classic, _) => {
            let note = format!("{length:.1} s, 263 a second with its sound");
            return estimate(whole((length * 263.0).ceil()), note);
        }
    };
    let tokens = length * (frames * frame + SOUND_A_SECOND);
    let note = format!(
        "{length:.1} s, {frames} frames a second of {frame} each, and 32 for a second of sound"
    );
    estimate(whole(tokens.ceil()), note)
}

/// The part of the length that is asked for.
fn clipped(medium: &Medium, length: f64) -> f64 {
    let (from, to) = medium.clip;
    (to.unwrap_or(length).min(length) - from.unwrap_or(0.0)).max(0.0)
}

fn document(pages: u32, family: Family, resolution: Option<Resolution>) -> Priced {
    let page = match (family, resolution) {
        (Family::Third, Some(Resolution::Low)) => 280,
        (Family::Third, Some(Resolution::Medium) | None) => 560,
        (Family::Third, Some(Resolution::High | Resolution::UltraHigh)) => 1120,
        (Family::Classic | Family::Second, _) => TILE,
    };
    let tokens = u64::from(pages) * page;
    match (family, resolution) {
        (Family::Classic, _) | (Family::Third, None) => {
            estimate(tokens, format!("{pages} pages, {page} each"))
        }
        _ => at_least(
            tokens,
            format!("{pages} pages, {page} each, and the text in them, which is not counted"),
        ),
    }
}

fn estimate(tokens: u64, note: String) -> Priced {
    Priced { tokens, certainty: Certainty::Estimate, note }
}

fn at_least(tokens: u64, note: String) -> Priced {
    Priced { tokens, certainty: Certainty::LowerBound, note }
}

fn unknown(note: &str) -> Priced {
    at_least(0, note.to_owned())
}

/// A whole number of tokens; lengths that a broken header claims end at the largest.
fn whole(number: f64) -> u64 {
    number.max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn medium(sort: Sort, measure: Measure) -> Medium {
        Medium { sort, measure, resolution: None, frames: None, clip: (None, None) }
    }

    fn tokens(medium: &Medium, family: Family, resolution: Option<Resolution>) -> (u64, Certainty) {
        let priced = price(medium, family, resolution);
        (priced.tokens, priced.certainty)
    }

    #[test]
    fn names_fall_into_families() {
        for (name, family) in [
            ("gemini-2.0-flash", Family::Classic),
            ("gemini-1.5-pro", Family::Classic),
            ("models/gemini-2.5-flash", Family::Second),
            ("gemini-3.8-flash", Family::Third),
            ("gemini-flash-latest", Family::Third),
        ] {
            assert_eq!(Family::of(name), family, "{name}");
        }
    }

    #[test]
    fn pictures_are_tiled_or_have_one_price() {
        use Certainty::{Estimate, LowerBound};
        let sized = |width, height| medium(Sort::Picture, Measure::Pixels { width, height });
        assert_eq!(tokens(&sized(384, 384), Family::Classic, None), (258, Estimate));
        // The example that is published: 960 x 540 is six tiles.
        assert_eq!(tokens(&sized(960, 540), Family::Classic, None), (6 * 258, Estimate));
        assert_eq!(tokens(&sized(4000, 3000), Family::Classic, None), (6 * 4 * 258, Estimate));
        assert_eq!(tokens(&sized(4000, 3000), Family::Second, None), (2048, Estimate));
        assert_eq!(
            tokens(&sized(4000, 3000), Family::Second, Some(Resolution::Low)),
            (64, Estimate)
        );
        assert_eq!(tokens(&sized(1, 1), Family::Third, None), (1120, Estimate));
        assert_eq!(tokens(&sized(1, 1), Family::Third, Some(Resolution::Medium)), (560, Estimate));
        assert_eq!(
            tokens(&medium(Sort::Picture, Measure::Unknown), Family::Classic, None),
            (258, LowerBound)
        );
        let mut own = sized(1, 1);
        own.resolution = Some(Resolution::UltraHigh);
        assert_eq!(tokens(&own, Family::Third, Some(Resolution::Low)), (2240, Estimate));
    }

    #[test]
    fn sounds_and_films_are_priced_by_the_second() {
        let sound = medium(Sort::Sound, Measure::Seconds(2.5));
        assert_eq!(tokens(&sound, Family::Third, None).0, 80);
        let mut film = medium(Sort::Film, Measure::Seconds(10.0));
        assert_eq!(tokens(&film, Family::Classic, None).0, 2630);
        assert_eq!(tokens(&film, Family::Second, None).0, 2880);
        assert_eq!(tokens(&film, Family::Second, Some(Resolution::Low)).0, 960);
        assert_eq!(tokens(&film, Family::Third, None).0, 1020);
        film.frames = Some(2.0);
        film.clip = (Some(2.0), Some(99.0));
        assert_eq!(tokens(&film, Family::Third, Some(Resolution::High)).0, 8 * (560 + 32));
        let unknown = medium(Sort::Film, Measure::Unknown);
        assert_eq!(tokens(&unknown, Family::Third, None), (0, Certainty::LowerBound));
    }

    #[test]
    fn documents_are_priced_by_the_page() {
        let pages = medium(Sort::Document, Measure::Pages(3));
        assert_eq!(tokens(&pages, Family::Classic, None), (774, Certainty::Estimate));
        assert_eq!(tokens(&pages, Family::Second, None), (774, Certainty::LowerBound));
        assert_eq!(tokens(&pages, Family::Third, None), (1680, Certainty::Estimate));
        assert_eq!(
            tokens(&pages, Family::Third, Some(Resolution::High)),
            (3360, Certainty::LowerBound)
        );
    }
}

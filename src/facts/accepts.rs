//! The dated table of what models take in a request: thinking, sampling, features and sizes.
//!
//! A hint, never the truth, as the table of models is; what is not known of a name is not claimed.

/// What a model takes, as far as it was published.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accepts {
    /// Its generation: 2.5 is (2, 5); none of names that say none.
    pub generation: Option<(u32, u32)>,
    /// What it is for.
    pub line: Line,
    /// The levels of `thinkingLevel` that it takes; none of them where the field is refused.
    pub levels: &'static [Level],
    /// What it takes as `thinkingBudget`.
    pub budget: Budget,
    /// The most tokens of a request and what is asked of it.
    pub input_tokens: Option<u32>,
    /// The most that `maxOutputTokens` may say.
    pub output_tokens: Option<u32>,
}

/// What a model is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Text, for most purposes.
    Text,
    /// Text, the line that always thinks.
    Pro,
    /// Pictures.
    Image,
    /// Speech.
    Speech,
    /// Vectors.
    Embedding,
    /// The open models.
    Gemma,
    /// Something else.
    Other,
}

/// The values of `thinkingLevel`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// `minimal`.
    Minimal,
    /// `low`.
    Low,
    /// `medium`.
    Medium,
    /// `high`.
    High,
}

impl Level {
    /// The word of it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What a model takes as `thinkingBudget`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Nothing: it refuses the field.
    Refused,
    /// -1 and what lies between, ends included; 0 where it may be switched off.
    Between {
        /// The least beside 0.
        least: i64,
        /// The most.
        most: i64,
        /// Whether 0 switches thinking off.
        off: bool,
    },
    /// It is taken for the sake of older programs.
    Outdated,
    /// Not known.
    Unknown,
}

use Level::{High, Low, Medium, Minimal};

const ALL: &[Level] = &[Minimal, Low, Medium, High];
const NO_MINIMAL: &[Level] = &[Low, Medium, High];
const ONE_M: Option<u32> = Some(1_048_576);
const LONG: Option<u32> = Some(65_536);

/// What is known of a name, without `models/`; previews and dated builds count as what they are builds of.
pub fn accepts(name: &str) -> Option<Accepts> {
    let (_, levels, budget, input_tokens, output_tokens) = row(name)?;
    Some(Accepts {
        generation: generation(name).or_else(|| latest_generation(name)),
        line: line(name),
        levels,
        budget: *budget,
        input_tokens: *input_tokens,
        output_tokens: *output_tokens,
    })
}

type Row = (&'static str, &'static [Level], Budget, Option<u32>, Option<u32>);

/// By how names begin, the longest first where several fit.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("gemini-4-argon", NO_MINIMAL, Budget::Outdated, ONE_M, LONG),
    ("gemini-3.8-flash", NO_MINIMAL, Budget::Outdated, ONE_M, LONG),
    ("gemini-3.7-flash", NO_MINIMAL, Budget::Outdated, ONE_M, LONG),
    ("gemini-3.6-flash", ALL, Budget::Outdated, ONE_M, LONG),
    ("gemini-3.5-flash-lite", ALL, Budget::Outdated, ONE_M, LONG),
    ("gemini-3.5-flash", ALL, Budget::Outdated, ONE_M, LONG),
    ("gemini-3.1-flash-lite-image", &[Minimal, High], Budget::Unknown, Some(65_536), Some(32_768)),
    ("gemini-3.1-flash-lite", ALL, Budget::Outdated, ONE_M, LONG),
    ("gemini-3.1-flash-image", &[Minimal, High], Budget::Unknown, Some(65_536), Some(32_768)),
    ("gemini-3.1-pro", NO_MINIMAL, Budget::Outdated, ONE_M, LONG),
    ("gemini-3-pro-image", ALL, Budget::Unknown, Some(65_536), Some(32_768)),
    ("gemini-3-pro", &[Low, High], Budget::Outdated, ONE_M, LONG),
    ("gemini-3-flash", ALL, Budget::Outdated, ONE_M, LONG),
    ("gemini-2.5-flash-image", &[], Budget::Refused, Some(65_536), Some(32_768)),
    ("gemini-2.5-flash-lite", &[], Budget::Between { least: 512, most: 24_576, off: true }, ONE_M, LONG),
    ("gemini-2.5-flash", &[], Budget::Between { least: 1, most: 24_576, off: true }, ONE_M, LONG),
    ("gemini-2.5-pro", &[], Budget::Between { least: 128, most: 32_768, off: false }, ONE_M, LONG),
    ("gemini-2.0-flash", &[], Budget::Refused, ONE_M, Some(8_192)),
    ("gemini-1.5-", &[], Budget::Refused, None, Some(8_192)),
    // Which build answers to a name that moves is not known here: what all builds of the last months take.
    ("gemini-flash-lite-latest", ALL, Budget::Outdated, ONE_M, LONG),
    ("gemini-flash-latest", NO_MINIMAL, Budget::Outdated, ONE_M, LONG),
    ("gemini-pro-latest", NO_MINIMAL, Budget::Outdated, ONE_M, LONG),
    ("gemini-embedding", &[], Budget::Refused, None, None),
    ("text-embedding", &[], Budget::Refused, None, None),
    ("gemma-4", &[], Budget::Unknown, Some(256_000), None),
    ("gemma-", &[], Budget::Refused, None, None),
];

fn row(name: &str) -> Option<&'static Row> {
    let fits = ROWS.iter().filter(|(start, ..)| name.starts_with(start));
    let row = fits.max_by_key(|(start, ..)| start.len())?;
    // Lines that are made for something else follow rules of their own.
    let special = ["-tts", "-live", "-native-audio", "-computer-use", "-robotics", "-image"];
    (!special.iter().any(|mark| name.contains(mark) && !row.0.contains(mark))).then_some(row)
}

fn line(name: &str) -> Line {
    match name {
        _ if name.contains("embedding") => Line::Embedding,
        _ if name.starts_with("gemma") => Line::Gemma,
        _ if name.contains("-image") => Line::Image,
        _ if name.contains("-tts") || name.contains("-audio") || name.contains("-live") => {
            Line::Speech
        }
        _ if name.contains("-pro") => Line::Pro,
        _ if name.starts_with("gemini-") => Line::Text,
        _ => Line::Other,
    }
}

/// The numbers after `gemini-`.
pub fn generation(name: &str) -> Option<(u32, u32)> {
    let version = name.strip_prefix("gemini-")?.split('-').next()?;
    let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Names that move were on at least this generation when the table was put together.
fn latest_generation(name: &str) -> Option<(u32, u32)> {
    match name {
        "gemini-flash-latest" => Some((3, 7)),
        "gemini-flash-lite-latest" | "gemini-pro-latest" => Some((3, 1)),
        _ => None,
    }
}

impl Accepts {
    /// Whether it is of this generation or a later one.
    pub fn is_since(&self, major: u32, minor: u32) -> bool {
        self.generation.is_some_and(|own| own >= (major, minor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::models::ModelTable;

    #[test]
    fn names_are_looked_up_by_the_longest_beginning() {
        for (name, generation, levels, most) in [
            ("gemini-3.5-flash-lite", Some((3, 5)), 4, Some(65_536)),
            ("gemini-3.1-flash-image", Some((3, 1)), 2, Some(32_768)),
            ("gemini-3.8-flash", Some((3, 8)), 3, Some(65_536)),
            ("gemini-2.5-pro-preview-06-05", Some((2, 5)), 0, Some(65_536)),
            ("gemini-flash-latest", Some((3, 7)), 3, Some(65_536)),
        ] {
            let found = accepts(name).expect("in the table");
            assert_eq!(
                (found.generation, found.levels.len(), found.output_tokens),
                (generation, levels, most),
                "{name}"
            );
        }
    }

    #[test]
    fn nothing_is_claimed_of_names_and_lines_that_are_not_known() {
        for name in [
            "gemini-9-flash",
            "gpt-5",
            "",
            "gemini-2.5-flash-preview-tts",
            "gemini-2.5-flash-native-audio-latest",
        ] {
            assert_eq!(accepts(name), None, "{name}");
        }
    }

    #[test]
    fn the_table_of_models_knows_no_gemini_that_this_one_does_not() {
        let table = ModelTable::embedded();
        let names = table.entries.iter().map(|entry| entry.name.as_str());
        let gone = ["gemini-1.0-pro", "gemini-pro", "gemini-pro-vision", "embedding-001"];
        for name in names.filter(|name| !gone.contains(name)) {
            assert!(accepts(name).is_some(), "{name}");
        }
    }
}

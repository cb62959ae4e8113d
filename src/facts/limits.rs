//! How much a model takes and gives: its published limits, and what thinking may take of the output.
//!
//! Dated data; what was not published is none. It must not guess the limits of an alias.

use super::tokenizers::bare;

/// The day this table was put together.
pub const AS_OF: &str = "2026-11-20";

/// What was published about the size of a model's calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// The tokens it takes.
    pub input: Option<u64>,
    /// The tokens it gives, thoughts among them.
    pub output: Option<u64>,
    /// Whether input and output share the first number.
    pub shared: bool,
    /// What is known of its thinking.
    pub thinking: Thinks,
}

/// What a model does about thinking when it is told nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Thinks {
    /// It has no thoughts.
    Never,
    /// Only when asked to.
    OnRequest {
        /// The most tokens that may be granted.
        budget_max: u64,
    },
    /// Unless it is told not to.
    ByDefault {
        /// The most tokens that may be granted.
        budget_max: u64,
    },
    /// It cannot be switched off.
    Always {
        /// The most tokens that may be granted; none where only a level can be named.
        budget_max: Option<u64>,
    },
    /// Nothing was published.
    #[default]
    Unknown,
}

/// The limits of a model; nothing of one that is not in the table.
pub fn limits_of(model: &str) -> Limits {
    let name = bare(model);
    ROWS.iter().find(|(names, _)| names.contains(&name)).map_or_else(Limits::default, |row| row.1)
}

const MILLION: u64 = 1_048_576;

const fn limits(input: u64, output: u64, thinking: Thinks) -> Limits {
    Limits { input: Some(input), output: Some(output), shared: false, thinking }
}

const LEVELS: Thinks = Thinks::Always { budget_max: None };

const ROWS: &[(&[&str], Limits)] = &[
    (
        &["gemini-4-argon"],
        Limits { input: Some(MILLION), output: Some(65_536), shared: true, thinking: LEVELS },
    ),
    (
        &[
            "gemini-3.8-flash",
            "gemini-3.7-flash",
            "gemini-3.6-flash",
            "gemini-3.5-flash",
            "gemini-3.5-flash-lite",
            "gemini-3.1-flash-lite",
            "gemini-3.1-pro-preview",
            "gemini-3.1-pro-preview-customtools",
            "gemini-3-flash-preview",
            "gemini-3-pro-preview",
        ],
        limits(MILLION, 65_536, LEVELS),
    ),
    (&["gemini-2.5-pro"], limits(MILLION, 65_536, Thinks::Always { budget_max: Some(32_768) })),
    (&["gemini-2.5-flash"], limits(MILLION, 65_536, Thinks::ByDefault { budget_max: 24_576 })),
    (&["gemini-2.5-flash-lite"], limits(MILLION, 65_536, Thinks::OnRequest { budget_max: 24_576 })),
    (&["gemini-2.5-flash-image"], limits(65_536, 32_768, Thinks::Never)),
    (
        &[
            "gemini-2.0-flash",
            "gemini-2.0-flash-001",
            "gemini-2.0-flash-lite",
            "gemini-2.0-flash-lite-001",
        ],
        limits(MILLION, 8_192, Thinks::Never),
    ),
    (
        &["gemma-4-31b-it", "gemma-4-26b-a4b-it"],
        Limits { input: Some(256_000), output: None, shared: false, thinking: Thinks::Unknown },
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{models::ModelTable, time};

    #[test]
    fn known_names_have_limits_and_others_have_none() {
        let flash = limits_of("models/gemini-3.8-flash");
        assert_eq!((flash.input, flash.output), (Some(1_048_576), Some(65_536)));
        assert_eq!(limits_of("gemini-2.0-flash").output, Some(8_192));
        assert_eq!(
            limits_of("gemini-2.5-pro").thinking,
            Thinks::Always { budget_max: Some(32_768) }
        );
        assert_eq!(limits_of("gemma-4-31b-it").output, None);
        assert!(limits_of("gemini-4-argon").shared);
        assert_eq!(limits_of("gemini-flash-latest"), Limits::default());
    }

    #[test]
    fn names_are_unique_and_most_are_in_the_table_of_models() {
        let names: Vec<&str> = ROWS.iter().flat_map(|row| row.0.iter().copied()).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), names.len());
        let table = ModelTable::embedded();
        let unlisted: Vec<_> = names.iter().filter(|name| table.find(name).is_none()).collect();
        assert_eq!(unlisted, [&"gemini-3.1-pro-preview-customtools"]);
        assert!(time::days(AS_OF).is_some());
    }
}

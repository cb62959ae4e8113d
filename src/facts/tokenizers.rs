//! By which vocabulary a model's texts are counted: by Google's SDK, and by the service, where that was seen.
//!
//! Dated data with its evidence. It must not claim for one name what was seen with another.

/// The day this table was put together.
pub const AS_OF: &str = "2026-11-30";

/// What is known of how a model's texts are cut.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenizerFor {
    /// The vocabulary that Google's SDK counts this name with offline; none where it maps none.
    pub sdk: Option<&'static str>,
    /// The vocabulary that the service itself was seen to count with.
    pub service: Option<&'static str>,
    /// What both rest on.
    pub evidence: &'static str,
    /// What was measured of a count by gemma3.
    pub gemma3: Option<Measured>,
}

/// How far counts by one vocabulary were from the service's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// What was compared.
    pub on: &'static str,
    /// How many texts.
    pub texts: u32,
    /// The lowest difference of one text, in percent of the true count; negative is too few.
    pub lowest_percent: f64,
    /// The highest.
    pub highest_percent: f64,
}

/// What a count by some vocabulary is worth for a model.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// The service was seen to count with this vocabulary.
    Exact,
    /// It counts with another, or nobody saw with which.
    Estimate {
        /// Why.
        because: String,
        /// The error that was measured.
        error: Option<Measured>,
    },
}

/// What is known of a model's tokenizer.
pub fn tokenizer_of(model: &str) -> TokenizerFor {
    let name = bare(model);
    let row = ROWS.iter().find(|row| row.names.cover(name)).unwrap_or(&UNMAPPED);
    TokenizerFor { sdk: row.sdk, service: row.service, evidence: row.evidence, gemma3: row.gemma3 }
}

impl TokenizerFor {
    /// What a count by a vocabulary is worth.
    pub fn standing(&self, vocabulary: &str) -> Standing {
        if self.service == Some(vocabulary) {
            return Standing::Exact;
        }
        let because = match (self.service, self.sdk) {
            (Some(service), _) => format!("the service counts with {service}: {}", self.evidence),
            (None, Some(sdk)) => format!("Google's SDK counts with {sdk}; {}", self.evidence),
            (None, None) => self.evidence.to_owned(),
        };
        Standing::Estimate { because, error: self.gemma3.filter(|_| vocabulary == "gemma3") }
    }

    /// Whether a count by a vocabulary is what Google's SDK counts offline.
    pub fn is_the_sdks(&self, vocabulary: &str) -> bool {
        self.sdk == Some(vocabulary)
    }
}

/// A name without what the REST and the Vertex AI paths put before it.
pub fn bare(model: &str) -> &str {
    model.rsplit('/').next().unwrap_or(model)
}

/// One line of the table.
struct Row {
    names: Names,
    sdk: Option<&'static str>,
    service: Option<&'static str>,
    evidence: &'static str,
    gemma3: Option<Measured>,
}

/// Names that are treated alike.
enum Names {
    Exactly(&'static [&'static str]),
    /// This name, and its dated previews.
    Dated(&'static [&'static str]),
}

impl Names {
    fn cover(&self, name: &str) -> bool {
        match self {
            Self::Exactly(names) => names.contains(&name),
            Self::Dated(names) => names.iter().any(|known| {
                name.strip_prefix(known)
                    .is_some_and(|rest| rest.is_empty() || is_dated_preview(rest))
            }),
        }
    }
}

fn is_dated_preview(rest: &str) -> bool {
    let Some(day) = rest.strip_prefix("-preview-") else { return false };
    !day.is_empty() && day.chars().all(|letter| letter.is_ascii_digit() || letter == '-')
}

/// Single texts of 500 tokens or more: manual pages in eight languages, and Python.
const LONG_TEXTS: Measured = Measured {
    on: "manual pages in German, Spanish, French, Japanese, Russian, Ukrainian and Chinese and Python files of \
         500 tokens or more, counted by both vocabularies",
    texts: 1158,
    lowest_percent: -4.7,
    highest_percent: 9.3,
};

const UNMAPPED: Row = Row {
    names: Names::Exactly(&[]),
    sdk: None,
    service: None,
    evidence: "Google's SDK maps this name to no vocabulary, and no count of it was recorded",
    gemma3: None,
};

const ROWS: &[Row] = &[
    Row {
        names: Names::Exactly(&["gemini-2.0-flash"]),
        sdk: Some("gemma3"),
        service: Some("gemma2"),
        evidence: "its prompts recorded in August 2025 are counted so, also the two of 145 tokens that gemma3, the \
                   SDK's vocabulary, counts as 147 and 144",
        gemma3: Some(LONG_TEXTS),
    },
    Row {
        names: Names::Exactly(&["gemini-2.5-flash"]),
        sdk: Some("gemma3"),
        service: Some("gemma2"),
        evidence: "the ids that computeTokens answered in October 2025 are of gemma2, not of gemma3, the SDK's \
                   vocabulary",
        gemma3: Some(LONG_TEXTS),
    },
    Row {
        names: Names::Dated(&["gemini-2.5-pro", "gemini-2.5-flash", "gemini-2.5-flash-lite"]),
        sdk: Some("gemma3"),
        service: None,
        evidence: "the service was seen to count gemini-2.5-flash with the older gemma2",
        gemma3: Some(LONG_TEXTS),
    },
    Row {
        names: Names::Exactly(&[
            "gemini-2.0-flash-001",
            "gemini-2.0-flash-lite",
            "gemini-2.0-flash-lite-001",
            "gemini-live-2.5-flash",
        ]),
        sdk: Some("gemma3"),
        service: None,
        evidence: "the service was seen to count gemini-2.0-flash and gemini-2.5-flash with the older gemma2",
        gemma3: Some(LONG_TEXTS),
    },
    Row {
        names: Names::Exactly(&["gemini-3-pro-preview", "gemini-3-flash-preview"]),
        sdk: Some("gemma3"),
        service: None,
        evidence: "no count of a text by the service was recorded",
        gemma3: None,
    },
    Row {
        names: Names::Exactly(&[
            "gemini-3.5-flash",
            "gemini-3.1-flash-lite",
            "gemini-3.1-pro-preview",
        ]),
        sdk: Some("gemma4"),
        service: None,
        evidence: "that vocabulary is not built in, and no dated count of this name was recorded",
        gemma3: None,
    },
    Row {
        names: Names::Exactly(&["gemini-3.6-flash"]),
        sdk: None,
        service: None,
        evidence: "Google's SDK maps this name to no vocabulary; two English sentences that it counted in July 2026 \
                   equal gemma3 and one token, and that is all that is known",
        gemma3: None,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::time;

    #[test]
    fn exact_is_said_only_of_the_vocabulary_that_the_service_was_seen_with() {
        for model in ["gemini-2.0-flash", "models/gemini-2.5-flash"] {
            let known = tokenizer_of(model);
            assert_eq!(known.standing("gemma2"), Standing::Exact, "{model}");
            assert!(known.is_the_sdks("gemma3"), "{model}");
            let Standing::Estimate { because, error } = known.standing("gemma3") else {
                panic!("{model}: gemma3 is not the service's")
            };
            assert!(because.contains("gemma2"), "{because}");
            assert_eq!(error.map(|error| error.highest_percent), Some(9.3));
        }
    }

    #[test]
    fn names_fall_into_their_rows() {
        let sdk = |model| tokenizer_of(model).sdk;
        for model in [
            "gemini-2.5-pro",
            "gemini-2.5-flash-lite",
            "gemini-2.5-flash-preview-05-20",
            "gemini-2.0-flash-001",
            "gemini-live-2.5-flash",
            "gemini-3-pro-preview",
        ] {
            assert_eq!(
                (sdk(model), tokenizer_of(model).service),
                (Some("gemma3"), None),
                "{model}"
            );
        }
        assert_eq!(sdk("gemini-3.5-flash"), Some("gemma4"));
        for model in [
            "gemini-flash-latest",
            "gemini-3.8-flash",
            "gemini-4-argon",
            "gemini-2.5-flash-image",
            "",
        ] {
            assert_eq!(sdk(model), None, "{model}");
            assert!(matches!(
                tokenizer_of(model).standing("gemma3"),
                Standing::Estimate { error: None, .. }
            ));
        }
    }

    #[test]
    fn a_measurement_of_gemma3_is_not_lent_to_other_vocabularies() {
        let known = tokenizer_of("gemini-2.5-pro");
        let error = |vocabulary| match known.standing(vocabulary) {
            Standing::Estimate { error, .. } => error,
            Standing::Exact => panic!("nobody saw the service's vocabulary"),
        };
        assert_eq!(error("gemma3").map(|error| error.texts), Some(1158));
        assert_eq!(error("o200k"), None);
        assert!(time::days(AS_OF).is_some());
    }

    #[test]
    fn two_sentences_are_no_measure_of_an_error() {
        let standing = tokenizer_of("gemini-3.6-flash").standing("gemma3");
        let Standing::Estimate { because, error: None } = standing else { panic!("{standing:?}") };
        assert!(because.contains("two English sentences"), "{because}");
    }
}

//! The words of `lint`: kinds of bodies, counts of findings. It must not look at bodies.

use crate::{
    facts::Severity,
    lint::{Finding, Kind},
};

/// What a kind of body is for.
pub(super) const fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Generate => "generateContent",
        Kind::Count => "countTokens",
        Kind::Embed => "embedContent",
        Kind::EmbedBatch => "batchEmbedContents",
        Kind::Batch => "batchGenerateContent",
        Kind::BatchLine => "a line of a batch",
        Kind::Chat => "chat/completions in OpenAI's form",
        Kind::ChatEmbeddings => "embeddings in OpenAI's form",
        Kind::Routes => "a map of models",
        Kind::Schema => "a schema",
    }
}

/// How many of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// What is refused.
    pub errors: usize,
    /// What changes behaviour.
    pub warnings: usize,
    /// What is worth knowing.
    pub notes: usize,
}

impl Tally {
    /// Of some findings.
    pub fn of<'f>(findings: impl Iterator<Item = &'f Finding>) -> Self {
        findings.fold(Self::default(), |mut tally, finding| {
            match finding.rule.severity {
                Severity::Error => tally.errors += 1,
                Severity::Warning => tally.warnings += 1,
                Severity::Note => tally.notes += 1,
            }
            tally
        })
    }

    /// Two together.
    pub const fn and(self, other: Self) -> Self {
        Self {
            errors: self.errors + other.errors,
            warnings: self.warnings + other.warnings,
            notes: self.notes + other.notes,
        }
    }

    /// "2 errors and 1 warning".
    pub fn words(self) -> String {
        let some = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let told: Vec<String> = some
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| counted(count, what))
            .collect();
        match &told[..] {
            [] => "nothing".to_owned(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        }
    }
}

/// "1 error", "2 errors".
pub(super) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The word of a severity.
pub(super) const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

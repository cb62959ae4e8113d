//! Whether an empty list of tools changes what becomes of a prompt: two verdicts held against each other.
//!
//! What a model recalls differs by chance from call to call, so that it is no difference here.

use super::{Verdict, tolerance};

/// What the same prompt with and without an empty list of tools shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToolsVerdict {
    /// It makes no difference that these calls show.
    NoEffect,
    /// It does.
    Changes {
        /// What, in words.
        what: String,
    },
    /// It cannot be told.
    Unclear {
        /// Why not.
        because: String,
    },
}

impl ToolsVerdict {
    /// The word for it in JSON.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::NoEffect => "no_effect",
            Self::Changes { .. } => "changes",
            Self::Unclear { .. } => "unclear",
        }
    }
}

/// Compares the verdict without an empty list of tools to the one with it.
pub fn compare(without: &Verdict, with: &Verdict) -> ToolsVerdict {
    let changes = || ToolsVerdict::Changes {
        what: format!("{} without it, {} with it", words(without), words(with)),
    };
    match (without, with) {
        (Verdict::Inconclusive { because }, _) | (_, Verdict::Inconclusive { because }) => {
            ToolsVerdict::Unclear { because: because.clone() }
        }
        (Verdict::Shortened(one), Verdict::Shortened(other)) => {
            let apart = one.at_about.abs_diff(other.at_about);
            let is_same = apart <= tolerance(one.at_about) && one.side == other.side;
            if is_same { ToolsVerdict::NoEffect } else { changes() }
        }
        _ if arrived(without) == arrived(with) && is_refused(without) == is_refused(with) => {
            ToolsVerdict::NoEffect
        }
        _ => changes(),
    }
}

fn arrived(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Delivered { .. } | Verdict::CountedNotRecalled { .. })
}

fn is_refused(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Rejected { .. })
}

fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Delivered { .. } | Verdict::CountedNotRecalled { .. } => "delivered".to_owned(),
        Verdict::Shortened(how) => format!("shortened at about {} tokens", how.at_about),
        Verdict::Rejected { .. } => "rejected for its length".to_owned(),
        Verdict::Inconclusive { .. } => "not decided".to_owned(),
    }
}

//! Known fixes for what changed between two runs of this program.
//!
//! They rest on what an earlier run wrote down, so that no text of another program can show them.

use crate::{
    catalog::{KnownFix, Sign, Split, sure, you},
    facts::{Blame, Class, Layer, RetryClass, Severity, clue::Shown},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[&LATENCY_REGRESSED];

const LATENCY_REGRESSED: KnownFix = KnownFix {
    id: "latency-regressed",
    title: "Calls take longer than in the earlier run they are held against",
    layer: Layer::Backend,
    blame: Blame::Unknown,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::Never,
    when: &[sure(&[Sign::Shown(Shown::Regressed)])],
    why: "A test over the rounds of both runs says so: unless the hour, the network or the model changed, equal runs \
          are told apart about once in 100 times. It cannot tell the deploy from those.",
    fix: &[
        you("Run both versions now, one after the other, and hold them against each other")
            .run("gemini-doctor bench-transport --report json=now.json"),
        you("Look which part grew: set-up, waiting or body, in the table of both reports"),
        you("Take a new baseline where the change is wanted")
            .run("gemini-doctor bench-transport --report json=baseline.json"),
    ],
    confirm: "gemini-doctor bench-transport --baseline FILE ends with 0.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::Regressed)],
        &[Sign::Shown(Shown::Regressed), Sign::Says("slower than in")],
    ],
    not: &["The request took longer than expected. Please try again."],
    splits: &[Split {
        id: "model-overloaded-503",
        by: "whether the same run an hour later is slow as well",
    }],
    reproduce: "",
    hides: &[],
    docs: &[],
    as_of: "2026-11-29",
};

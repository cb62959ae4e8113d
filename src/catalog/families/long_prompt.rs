//! Known fixes for what becomes of long prompts. They rest on counts and needles of calls made for that, so that
//! no text of another program can show them.

use crate::{
    catalog::{KnownFix, Sign, Split, owner, provider, sure, you},
    facts::{Blame, Class, Layer, RetryClass, Severity, clue::Shown},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] =
    &[&INPUT_SILENTLY_SHORTENED, &COUNTED_NOT_RECALLED, &STABILITY_CEILING];

const INPUT_SILENTLY_SHORTENED: KnownFix = KnownFix {
    id: "input-silently-shortened",
    title: "A long prompt is shortened without a word",
    layer: Layer::Backend,
    blame: Blame::Unknown,
    severity: Severity::Error,
    class: Some(Class::Theirs),
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Shown(Shown::InputShortened)])],
    why: "The answer counts fewer tokens than countTokens does for the very same body, and needles are missing where \
          the rest stood; or, without these counts, the same needles of one end were missing twice. The API itself \
          refuses what is too long, so that a gateway in between may be the one that cuts.",
    fix: &[
        you("Keep each prompt below the size at which it was shortened; a plan of chunks helps"),
        you("See whether an empty list of tools makes a difference, as some report")
            .run("gemini-doctor count-tokens --prove-delivery --ab tools"),
        you("Send it past the gateway, to the provider's own host, and compare")
            .run("gemini-doctor count-tokens --prove-delivery"),
        owner("Raise the gateway's limit on the size of prompts, or have it refuse instead of cut"),
        provider("Refuse a prompt that is too long, or take all of it"),
    ],
    confirm: "gemini-doctor count-tokens --prove-delivery says DELIVERED.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::InputShortened)],
        &[Sign::Shown(Shown::InputShortened), Sign::Status(200)],
    ],
    not: &[
        r#"{"error":{"code":400,"message":"The input token count (1180442) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[],
    reproduce: "input-silently-shortened",
    hides: &[],
    docs: &["https://ai.google.dev/gemini-api/docs/tokens"],
    as_of: "2026-11-30",
};

const COUNTED_NOT_RECALLED: KnownFix = KnownFix {
    id: "counted-not-recalled",
    title: "A long prompt arrives whole, and not all of it is recalled",
    layer: Layer::Model,
    blame: Blame::Provider,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Shown(Shown::NotRecalled)])],
    why: "countTokens and the answer count the same tokens, so that nothing was cut off. The model did not find all \
          that it was asked for: recall gets worse with length, most of all in the middle.",
    fix: &[
        you("Send less: only what the question needs, or chunk by chunk"),
        you("Put what matters most, and the question, at the end of the prompt"),
        you("Try it with a larger model")
            .run("gemini-doctor count-tokens --prove-delivery --model NAME"),
    ],
    confirm: "gemini-doctor count-tokens --prove-delivery says DELIVERED.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::NotRecalled)],
        &[Sign::Shown(Shown::NotRecalled), Sign::Status(200)],
    ],
    not: &["the model forgot the middle of my document"],
    splits: &[Split {
        id: "input-silently-shortened",
        by: "the counts: an answer that counts fewer tokens than countTokens was shortened",
    }],
    reproduce: "counted-not-recalled",
    hides: &[],
    docs: &["https://ai.google.dev/gemini-api/docs/long-context"],
    as_of: "2026-11-30",
};

const STABILITY_CEILING: KnownFix = KnownFix {
    id: "stability-ceiling",
    title: "Calls fail above a size that is below the model's limit",
    layer: Layer::Backend,
    blame: Blame::Provider,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Shown(Shown::StabilityCeiling)])],
    why: "Prompts above one size ended in errors of the server's own, each at least twice, and smaller ones passed. \
          No such limit is documented; it may move with the load.",
    fix: &[
        you("Keep prompts a tenth below the size that was found, and split what is longer"),
        you("Look for it again at another time of day, or with another model")
            .run("gemini-doctor count-tokens --find-ceiling"),
        provider("Take prompts up to the documented limit, or document a lower one"),
    ],
    confirm: "gemini-doctor count-tokens --find-ceiling finds none.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::StabilityCeiling)],
        &[Sign::Shown(Shown::StabilityCeiling), Sign::Status(503)],
    ],
    not: &["503 UNAVAILABLE: The model is overloaded. Please try again later."],
    splits: &[],
    reproduce: "stability-ceiling",
    hides: &["server-internal-500", "model-overloaded-503"],
    docs: &[],
    as_of: "2026-11-30",
};

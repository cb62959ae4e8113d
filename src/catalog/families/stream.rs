//! Known fixes for streams that came whole as far as HTTP goes, and are not what was asked for.
//!
//! They rest on one stream that was looked at piece by piece.

use crate::{
    catalog::{KnownFix, Sign, Split, owner, provider, sure, you},
    facts::{Blame, Layer, RetryClass, Severity, clue::Shown},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[&STALLED, &ENDS_EARLY, &AFTER_END];

const ERRORS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/troubleshooting";

const STALLED: KnownFix = KnownFix {
    id: "stream-stalled",
    title: "The stream stood still for long and then went on",
    layer: Layer::Stream,
    blame: Blame::Unknown,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::Once,
    when: &[sure(&[Sign::Shown(Shown::StreamStalls)])],
    why: "Between two pieces of one answer more time passed than many clients and proxies wait. The answer came whole \
          this time; with an idle time-out on the way it would have been cut there. A model that thinks in the middle \
          is silent unless thoughts are sent, and a proxy that buffers holds pieces back.",
    fix: &[
        you("Give streams an idle time-out of 60 s or more, and none for the whole answer"),
        you(
            "Ask for a lower thinking level, or for thought summaries, so that something comes meanwhile",
        ),
        owner("Let proxies and gateways on the way pass each piece on at once, unbuffered"),
        you("See whether it repeats, and by which way")
            .run("gemini-doctor doctor --only stream --deep"),
    ],
    confirm: "The row stream.pace of gemini-doctor doctor has no warning.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::StreamStalls)],
        &[Sign::Shown(Shown::StreamStalls), Sign::Status(200)],
    ],
    not: &["httpx.ReadTimeout: The read operation timed out"],
    splits: &[Split {
        id: "client-read-timeout",
        by: "whether the stream went on: a client that gave up cannot know",
    }],
    reproduce: "stream-stalled",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-30",
};

const ENDS_EARLY: KnownFix = KnownFix {
    id: "stream-ends-early",
    title: "The answer ends with STOP before all that was asked for is there",
    layer: Layer::Stream,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Once,
    when: &[sure(&[Sign::Shown(Shown::StreamEndsEarly)])],
    why: "The stream says STOP, the word of a whole answer, and what was asked for is only half there. Nothing in the \
          protocol shows it, so that programs take the part for the whole. A model can stop by itself, and a gateway \
          that ends streams can write the ending.",
    fix: &[
        you("Ask for an end that can be told: a closing mark, a count, or a schema"),
        you("Ask once more, or let the answer be continued, where the mark is missing"),
        you("Ask without a stream: where that answer is whole, what stands between cuts streams"),
        provider("Look the response id up: the answer says STOP and is not whole"),
    ],
    confirm: "The row stream.whole of gemini-doctor doctor passes.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::StreamEndsEarly)],
        &[Sign::Shown(Shown::StreamEndsEarly), Sign::Status(200)],
    ],
    not: &[
        r#"{"candidates":[{"content":{"parts":[{"text":"1, 2"}]},"finishReason":"MAX_TOKENS"}]}"#,
    ],
    splits: &[Split {
        id: "stream-truncated",
        by: "the finish reason: a stream that somebody cut has none",
    }],
    reproduce: "stream-ends-early",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-30",
};

const AFTER_END: KnownFix = KnownFix {
    id: "stream-content-after-end",
    title: "The stream goes on with text after the piece that ends it",
    layer: Layer::Stream,
    blame: Blame::Unknown,
    severity: Severity::Warning,
    class: None,
    retry: RetryClass::Never,
    when: &[sure(&[Sign::Shown(Shown::ContentAfterEnd)])],
    why: "One piece named the finish reason, and more text came behind it. A client that reads to the finish reason \
          loses that text; one that reads to the end of the stream has it. A relay that splits or reorders pieces \
          makes such streams.",
    fix: &[
        you("Read a stream until it is closed, and take the last finish reason"),
        owner("Let the gateway pass the pieces on in their order, as they are"),
        you("Ask the API itself, and compare").run("gemini-doctor doctor --only stream"),
    ],
    confirm: "The row stream.end of gemini-doctor doctor has no warning.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::ContentAfterEnd)],
        &[Sign::Shown(Shown::ContentAfterEnd), Sign::Status(200)],
    ],
    not: &["Error: Incomplete JSON segment at the end"],
    splits: &[],
    reproduce: "stream-content-after-end",
    hides: &[],
    docs: &[ERRORS_PAGE],
    as_of: "2026-11-30",
};

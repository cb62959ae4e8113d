//! Known fixes for what many calls show together: a rate that is not held, and what calls time out by.
//!
//! They rest on figures of a whole run, so that no text of another program can show them.

use crate::{
    catalog::{KnownFix, Sign, Split, owner, provider, sure, you},
    facts::{Blame, Class, Layer, RetryClass, Severity, clue::Shown},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] =
    &[&RATE_NOT_SUSTAINED, &TIMEOUT_LARGE_INPUT, &TIMEOUT_NETWORK, &TIMEOUT_MODEL_LOAD];

const RATE_NOT_SUSTAINED: KnownFix = KnownFix {
    id: "rate-not-sustained",
    title: "The wished rate of calls is not held",
    layer: Layer::Backend,
    blame: Blame::Unknown,
    severity: Severity::Error,
    class: Some(Class::Theirs),
    retry: RetryClass::Backoff,
    when: &[sure(&[Sign::Shown(Shown::RateNotHeld)])],
    why: "Calls began when they were due, whatever became of the others, and fewer than 99 % of the wished rate were \
          answered. What came first says whose limit it is: 429 and 503 are refusals of a quota or of a gateway, \
          latency that grows is a server that cannot do more.",
    fix: &[
        you("Keep to the rate that was answered, less a tenth, with a limiter in the client"),
        you("Find the limit of a gateway of your own, with its burst").run(
            "gemini-doctor bench-transport --find-limit --base-url https://gateway.example --yes",
        ),
        owner("Ask for a higher quota where 429 came first; AI Studio shows the project's limits"),
        you("Send what may wait as a batch, which has limits of its own"),
    ],
    confirm: "gemini-doctor bench-transport --rate N --duration 60s --yes ends with 0.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::RateNotHeld)],
        &[Sign::Shown(Shown::RateNotHeld), Sign::Says("answers a second where")],
    ],
    not: &["429 RESOURCE_EXHAUSTED: Quota exceeded for requests per minute"],
    splits: &[Split {
        id: "quota-requests-per-minute",
        by: "the quota that a 429 names, where one came first",
    }],
    reproduce: "rate-not-sustained",
    hides: &["gateway-failed"],
    docs: &["https://ai.google.dev/gemini-api/docs/rate-limits"],
    as_of: "2026-11-30",
};

const TIMEOUT_LARGE_INPUT: KnownFix = KnownFix {
    id: "timeout-large-input",
    title: "Calls time out by the size of their input",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Yours),
    retry: RetryClass::FixFirst,
    when: &[sure(&[Sign::Shown(Shown::TimeoutsBySize)])],
    why: "Large requests took several times as long as small ones, for another model as well, and connections were \
          opened without delay. A retry sends the same size into the same limit.",
    fix: &[
        you("Send less in one call: split the input, or leave out what the question does not need"),
        you(
            "Upload files once with the Files API, or cache what stays the same, instead of sending it each time",
        ),
        you("Give large calls a longer time-out, and stream their answers"),
    ],
    confirm: "The calls that timed out pass with half of their input.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::TimeoutsBySize)],
        &[Sign::Shown(Shown::TimeoutsBySize), Sign::Status(504)],
    ],
    not: &["504 DEADLINE_EXCEEDED: Deadline expired before operation could complete."],
    splits: &[],
    reproduce: "timeout-large-input",
    hides: &["deadline-exceeded"],
    docs: &["https://ai.google.dev/gemini-api/docs/caching"],
    as_of: "2026-11-30",
};

const TIMEOUT_NETWORK: KnownFix = KnownFix {
    id: "timeout-network",
    title: "Calls time out by the network",
    layer: Layer::Tcp,
    blame: Blame::Path,
    severity: Severity::Error,
    class: Some(Class::Path),
    retry: RetryClass::Backoff,
    when: &[sure(&[Sign::Shown(Shown::TimeoutsByNetwork)])],
    why: "New connections took a second or more for one step, as they do where packets get lost, and neither the size \
          of a request nor the model made a difference.",
    fix: &[
        you("See which step of a connection is slow").run("gemini-doctor check-key -vv"),
        you("Compare with another way there: IPv4 against IPv6, or past the proxy")
            .run("gemini-doctor bench-transport --versus families"),
        owner("Look for lost packets or a full queue at the proxy or the router"),
    ],
    confirm: "gemini-doctor bench-transport --why-timeout has nothing to explain.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::TimeoutsByNetwork)],
        &[Sign::Shown(Shown::TimeoutsByNetwork), Sign::ViaProxy],
    ],
    not: &["504 DEADLINE_EXCEEDED: Deadline expired before operation could complete."],
    splits: &[],
    reproduce: "timeout-network",
    hides: &["deadline-exceeded"],
    docs: &[],
    as_of: "2026-11-30",
};

const TIMEOUT_MODEL_LOAD: KnownFix = KnownFix {
    id: "timeout-model-load",
    title: "Calls time out by the load of this one model",
    layer: Layer::Backend,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: Some(Class::Theirs),
    retry: RetryClass::Failover,
    when: &[sure(&[Sign::Shown(Shown::TimeoutsByLoad)])],
    why: "Only this model was slow, at every size, while another one took the largest requests quickly over the same \
          connections.",
    fix: &[
        you("Send the calls to another model until it is over").run("gemini-doctor list-models"),
        you("Retry with a growing pause, and spread calls that need not come at once"),
        provider("Take load off the model, or say for how long it will last"),
    ],
    confirm: "gemini-doctor bench-transport --why-timeout has nothing to explain.",
    seen_as: &[],
    live: &[
        &[Sign::Shown(Shown::TimeoutsByLoad)],
        &[Sign::Shown(Shown::TimeoutsByLoad), Sign::Status(504)],
    ],
    not: &["504 DEADLINE_EXCEEDED: Deadline expired before operation could complete."],
    splits: &[],
    reproduce: "timeout-model-load",
    hides: &["deadline-exceeded"],
    docs: &[],
    as_of: "2026-11-30",
};

//! Quotas, credits and caps. The list of models still works.

use super::super::fault::{Act, Route, Rule};
use super::super::scenario::Scenario;

pub(in super::super) const ALL: &[Scenario] = &[
    QUOTA_FREE_TIER_ZERO,
    QUOTA_ZERO_REGION_PROJECT,
    QUOTA_DAILY_EXHAUSTED,
    QUOTA_REQUESTS_PER_MINUTE,
    QUOTA_TOKENS_PER_MINUTE,
    QUOTA_EXHAUSTED_UNSPECIFIED,
    PREPAID_CREDITS_DEPLETED,
    PREPAID_CREDITS_DEPLETED_402,
    PREPAID_CREDITS_DEPLETED_403,
    CODE_ASSIST_DAILY_QUOTA,
    CODE_ASSIST_RATE_WINDOW,
    VERTEX_SHARED_CAPACITY,
    SPENDING_CAP_EXCEEDED,
];

const QUOTA_FREE_TIER_ZERO: Scenario = Scenario::new(
    "quota-free-tier-zero",
    "quota",
    6,
    "The model has no free tier: 429 with a limit of 0 and advice to retry that does not help.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(429, include_str!("../bodies/quota-free-tier-zero.json")),
)]);

const QUOTA_ZERO_REGION_PROJECT: Scenario = Scenario::new(
    "quota-zero-region-project",
    "quota",
    6,
    "The project's quota is 0: 429 on the first call ever.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(429, include_str!("../bodies/quota-zero-region.json")),
)]);

const QUOTA_DAILY_EXHAUSTED: Scenario = Scenario::new(
    "quota-daily-exhausted",
    "quota",
    6,
    "The day's requests are used up: 429 until midnight, Pacific time.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(429, include_str!("../bodies/quota-daily.json")),
)]);

const QUOTA_REQUESTS_PER_MINUTE: Scenario =
    Scenario::new("quota-requests-per-minute", "quota", 3, "Too many requests in a minute: 429.")
        .rules(&[Rule::always(
            Route::Generating,
            Act::google(429, include_str!("../bodies/quota-requests-per-minute.json")),
        )]);

const QUOTA_TOKENS_PER_MINUTE: Scenario =
    Scenario::new("quota-tokens-per-minute", "quota", 3, "Too many input tokens in a minute: 429.")
        .rules(&[Rule::always(
            Route::Generating,
            Act::google(429, include_str!("../bodies/quota-tokens-per-minute.json")),
        )]);

const QUOTA_EXHAUSTED_UNSPECIFIED: Scenario = Scenario::new(
    "quota-exhausted-unspecified",
    "quota",
    3,
    "A 429 that does not say which quota it is about.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(429, include_str!("../bodies/quota-unspecified.json")),
)]);

const PREPAID_CREDITS_DEPLETED: Scenario =
    Scenario::new("prepaid-credits-depleted", "quota", 6, "The prepaid credits are used up: 429.")
        .rules(&[Rule::always(
            Route::Generating,
            Act::google(429, include_str!("../bodies/prepaid-depleted.json")),
        )]);

const SPENDING_CAP_EXCEEDED: Scenario =
    Scenario::new("spending-cap-exceeded", "quota", 6, "The month's spending cap is reached: 429.")
        .rules(&[Rule::always(
            Route::Generating,
            Act::google(429, include_str!("../bodies/spending-cap.json")),
        )]);

const PREPAID_CREDITS_DEPLETED_402: Scenario = Scenario::new(
    "prepaid-credits-depleted.402",
    "quota",
    6,
    "The prepaid credits are used up, said with the status of a payment: 402.",
)
.fix("prepaid-credits-depleted")
.rules(&[Rule::always(
    Route::Generating,
    Act::google(402, include_str!("../bodies/prepaid-depleted-402.json")),
)]);

const PREPAID_CREDITS_DEPLETED_403: Scenario = Scenario::new(
    "prepaid-credits-depleted.403",
    "quota",
    6,
    "The prepaid credits are used up, said with the status of a permission: 403.",
)
.fix("prepaid-credits-depleted")
.rules(&[Rule::always(
    Route::Generating,
    Act::google(403, include_str!("../bodies/prepaid-depleted-403.json")),
)]);

const CODE_ASSIST_DAILY_QUOTA: Scenario = Scenario::new(
    "code-assist-daily-quota",
    "quota",
    6,
    "A login's quota of the day is used up: 429 that names hours.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(429, include_str!("../bodies/code-assist-day.json")),
)]);

const CODE_ASSIST_RATE_WINDOW: Scenario = Scenario::new(
    "code-assist-rate-window",
    "quota",
    3,
    "A login asked too much at once: 429 that names seconds.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(429, include_str!("../bodies/code-assist-window.json")),
)]);

const VERTEX_SHARED_CAPACITY: Scenario = Scenario::new(
    "vertex-shared-capacity-429",
    "quota",
    3,
    "The pool that all callers share is busy: 429 without any quota.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(429, include_str!("../bodies/shared-capacity.json")),
)]);

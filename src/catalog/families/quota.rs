//! Known fixes of the family `quota`: limits, credits and caps.
//!
//! The status never decides here. A 429 may pass in a second or never, and the server's own "retry in"
//! stands in both; quota ids, limits and words tell them apart.

use crate::{
    catalog::{KnownFix, Sign, Split, likely, maybe, owner, sure, you},
    facts::{Blame, Class, Layer, Method, Party, RetryClass, Severity, endpoint::HostKind},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &FREE_TIER_ZERO,
    &ZERO_REGION_PROJECT,
    &DAILY_EXHAUSTED,
    &REQUESTS_PER_MINUTE,
    &TOKENS_PER_MINUTE,
    &BILLING_NOT_APPLIED,
    &CODE_ASSIST_DAILY_QUOTA,
    &CODE_ASSIST_RATE_WINDOW,
    &VERTEX_SHARED_CAPACITY,
    &PREPAID_CREDITS_DEPLETED,
    &SPENDING_CAP_EXCEEDED,
    &GATEWAY_CREDITS_EXHAUSTED,
    &EXHAUSTED_UNSPECIFIED,
];

const LIMITS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/rate-limits";
const BILLING_PAGE: &str = "https://ai.google.dev/gemini-api/docs/billing";
const CODE_ASSIST_QUOTAS: &str =
    "https://developers.google.com/gemini-code-assist/resources/quotas";
const SHARED_CAPACITY_PAGE: &str =
    "https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429";

/// What shows that a limit is one of Google's and not another provider's of the same name.
const OF_GOOGLE: Sign = Sign::SaysOne(&[
    "Quota exceeded for",
    "generate_content",
    "GenerateContent",
    "generativelanguage",
    "googleapis.com",
    "Gemini",
]);

/// The backend of the login of Gemini CLI and the IDE plug-ins, which has quotas of its own.
const OF_CODE_ASSIST: Sign = Sign::Meta("service", "cloudcode-pa");

/// The words for one person's day under such a login.
const PER_USER_AND_TIER: Sign = Sign::Says("per user per tier");

const FREE_TIER_ZERO: KnownFix = KnownFix {
    id: "quota-free-tier-zero",
    title: "This model has no free quota for this key's project (limit 0)",
    layer: Layer::Quota,
    blame: Blame::Quota,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Never,
    when: &[
        sure(&[Sign::LimitZero, Sign::QuotaId("FreeTier")]),
        sure(&[Sign::LimitZero, Sign::Meta("quotaMetric", "free_tier")]),
        sure(&[Sign::LimitZero, Sign::Says("free_tier")]),
        likely(&[Sign::Says("doesn't have a free quota tier")]),
        sure(&[Sign::LimitZero, Sign::Meta("quota_metric", "free_tier")]),
        maybe(&[
            Sign::LimitZero,
            Sign::Not(&Sign::Reason("RATE_LIMIT_EXCEEDED")),
            Sign::Not(&Sign::Meta("quota_limit_value", "0")),
        ]),
        // A limit of zero is left out of the details, and so is one that a log has cut away.
        maybe(&[
            Sign::QuotaId("FreeTier"),
            Sign::Not(&Sign::LimitZero),
            Sign::Not(&Sign::Meta("quotaValue", "")),
            Sign::Not(&Sign::Says("limit:")),
        ]),
    ],
    why: "The limit is zero, not used up: the free tier does not include this model, or no longer does. \
          The answer still says when to retry; do not believe it, because no wait changes a limit of zero.",
    fix: &[
        you("Pick a model that has free quota").run("gemini-doctor list-models"),
        owner("Link a billing account to the very project of this key in AI Studio"),
        you("If you already pay, use a key of the project that has the billing account"),
    ],
    confirm: "gemini-doctor check-key gets an answer from the model.",
    seen_as: &[
        r#"{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.\n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 0, model: gemini-2.5-pro\nPlease retry in 35.593370567s.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"generativelanguage.googleapis.com/generate_content_free_tier_requests","quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier","quotaDimensions":{"location":"global","model":"gemini-2.5-pro"}}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"35s"}]}}"#,
        "google.genai.errors.ClientError: 429 RESOURCE_EXHAUSTED. {'error': {'code': 429, 'message': 'You exceeded your current quota, please check your plan and billing details. \\n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_input_token_count, limit: 0, model: gemini-3.1-pro\\nPlease retry in 45.1s.', 'status': 'RESOURCE_EXHAUSTED'}}",
        "[GoogleGenerativeAI Error]: [429 Too Many Requests] Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 0, model: gemini-3.1-pro",
        "✕ [API Error: You exceeded your current quota (limit: 0). Please retry in 45s. (Status: RESOURCE_EXHAUSTED)]",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":429,"message":"You exceeded your current quota. Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 20, model: gemini-2.5-flash","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier","quotaValue":"20"}]}]}}"#,
    ],
    splits: &[
        Split {
            id: "quota-zero-region-project",
            by: "the violated quota: one of the free tier, or one that somebody set to 0",
        },
        Split {
            id: "billing-not-applied-free-tier-quota",
            by: "the limit in the whole answer: 0, or a number that was used up",
        },
    ],
    reproduce: "quota-free-tier-zero",
    hides: &[],
    docs: &[LIMITS_PAGE],
    as_of: "2026-11-20",
};

const ZERO_REGION_PROJECT: KnownFix = KnownFix {
    id: "quota-zero-region-project",
    title: "This project's quota for the model or region is set to 0",
    layer: Layer::Quota,
    blame: Blame::Quota,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Never,
    when: &[
        sure(&[Sign::Reason("RATE_LIMIT_EXCEEDED"), Sign::LimitZero]),
        sure(&[Sign::Meta("quota_limit_value", "0"), Sign::LimitZero]),
    ],
    why: "The refusal names a rate limit whose value is zero, so the very first call already fails. \
          Somebody set it so, or the project was never given any.",
    fix: &[
        owner(
            "Look up the limit that the error names on the project's quota page and ask to raise it",
        ),
        you("Use a key of a project that has quota for this model"),
        you("Check which models this key may use").run("gemini-doctor list-models"),
    ],
    confirm: "gemini-doctor check-key gets an answer from the model.",
    seen_as: &[
        r#"{"error":{"code":429,"message":"Quota exceeded for quota metric 'Generate Content API requests per minute' and limit 'GenerateContent request limit per minute for a region' of service 'generativelanguage.googleapis.com' for consumer 'project_number:123456789'.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED","domain":"googleapis.com","metadata":{"quota_limit":"GenerateContentRequestsPerMinutePerProjectPerRegion","quota_limit_value":"0","quota_location":"europe-west2","consumer":"projects/123456789"}}]}}"#,
        "Error code: 429 - [{'error': {'code': 429, 'message': \"Quota exceeded for quota metric 'Generate Content API requests per minute'\", 'status': 'RESOURCE_EXHAUSTED', 'details': [{'@type': 'type.googleapis.com/google.rpc.ErrorInfo', 'reason': 'RATE_LIMIT_EXCEEDED', 'metadata': {'quota_limit_value': '0'}}]}}]",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":429,"message":"Quota exceeded for quota metric 'Generate Content API requests per minute'","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED","metadata":{"quota_limit_value":"60"}}]}}"#,
    ],
    splits: &[],
    reproduce: "quota-zero-region-project",
    hides: &["quota-exhausted-unspecified"],
    docs: &[LIMITS_PAGE],
    as_of: "2026-11-20",
};

/// A day's limit by the names that stand in messages.
const DAY_METRIC: Sign = Sign::SaysOne(&["PerDayPerProject", "requests_per_day", "per_day"]);

/// Input tokens by the names that stand in messages.
const TOKEN_METRIC: Sign = Sign::SaysOne(&["input_token_count", "InputTokensPerModel"]);

const DAILY_EXHAUSTED: KnownFix = KnownFix {
    id: "quota-daily-exhausted",
    title: "Today's quota for this model is used up",
    layer: Layer::Quota,
    blame: Blame::Quota,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::After,
    when: &[
        sure(&[
            Sign::QuotaId("PerDay"),
            Sign::Not(&Sign::QuotaId("FreeTier")),
            Sign::Not(&Sign::LimitZero),
        ]),
        // Whoever pays and meets the free tier's limit has another problem, with the same answer.
        likely(&[Sign::QuotaId("PerDay"), Sign::QuotaId("FreeTier"), Sign::Not(&Sign::LimitZero)]),
        sure(&[Sign::QuotaId("Daily"), Sign::Not(&Sign::LimitZero)]),
        sure(&[Sign::Meta("quota_limit", "PerDayPerProject"), Sign::Not(&Sign::LimitZero)]),
        likely(&[Sign::SaysOne(&["exhausted your daily quota", "daily quota limit"])]),
        likely(&[
            Sign::SaysOne(&["reached your daily", "exceeded your daily", "exhausted your daily"]),
            Sign::Says("quota"),
        ]),
        likely(&[DAY_METRIC, Sign::Not(&Sign::LimitZero)]),
        likely(&[
            DAY_METRIC,
            Sign::SaysOne(&["Quota exceeded", "exceeded your current quota"]),
            Sign::Not(&Sign::LimitZero),
        ]),
        likely(&[
            Sign::SaysOne(&["requests per day", "per day per project"]),
            Sign::Rpc("RESOURCE_EXHAUSTED"),
            Sign::Not(&PER_USER_AND_TIER),
        ]),
        likely(&[
            Sign::SaysOne(&["requests per day", "per day per project"]),
            OF_GOOGLE,
            Sign::Not(&PER_USER_AND_TIER),
        ]),
    ],
    why: "The violated quota counts per day and per project, and starts anew at midnight Pacific time. \
          A pause of seconds in the same answer belongs to no daily limit: do not believe it.",
    fix: &[
        you("Stop retrying until midnight Pacific time"),
        you("Use another model meanwhile: each has its own daily quota")
            .run("gemini-doctor list-models"),
        owner("Move the project to a higher tier in AI Studio"),
    ],
    confirm: "After the reset, gemini-doctor check-key gets an answer from the model.",
    seen_as: &[
        r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel","quotaValue":"50"}]}]}}"#,
        r#"[{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.\nPlease retry in 36.2s.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"generativelanguage.googleapis.com/generate_content_free_tier_requests","quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier","quotaDimensions":{"model":"gemini-2.5-flash","location":"global"},"quotaValue":"20"}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"36s"}]}}]"#,
        "TerminalQuotaError: You have exhausted your daily quota on this model.",
        r#"[GoogleGenerativeAI Error]: Error fetching from https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent: [429 Too Many Requests] You exceeded your current quota. [{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel","quotaValue":"1500"}]}]"#,
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":429,"message":"You exceeded your current quota. Please retry in 36.2s.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier","quotaValue":"10"}]}]}}"#,
    ],
    splits: &[
        Split {
            id: "billing-not-applied-free-tier-quota",
            by: "the tier that AI Studio shows for this key's project: do you pay for that one",
        },
        Split {
            id: "code-assist-daily-quota",
            by: "the credential: a login's quota counts per person, a key's per project",
        },
    ],
    reproduce: "quota-daily-exhausted",
    hides: &[],
    docs: &[LIMITS_PAGE],
    as_of: "2026-11-20",
};

/// The names of a minute's limit.
const MINUTE_WORDS: &[&str] = &["requests per minute", "requests_per_minute", "RequestsPerMinute"];

/// A limit that was hit, and not one that somebody asks about.
const IS_REFUSED: Sign = Sign::OneOf(&[
    Sign::Status(429),
    Sign::Rpc("RESOURCE_EXHAUSTED"),
    Sign::SaysOne(&["exceed", "exhausted", "reached", "too many"]),
]);

const REQUESTS_PER_MINUTE: KnownFix = KnownFix {
    id: "quota-requests-per-minute",
    title: "Too many requests within one minute for this project and model",
    layer: Layer::Quota,
    blame: Blame::Quota,
    severity: Severity::Error,
    class: Some(Class::Theirs),
    retry: RetryClass::After,
    when: &[
        sure(&[
            Sign::QuotaId("RequestsPerMinute"),
            Sign::Not(&Sign::QuotaId("PerDay")),
            Sign::Not(&Sign::LimitZero),
        ]),
        likely(&[
            Sign::QuotaId("PerMinute"),
            Sign::QuotaId("Requests"),
            Sign::Not(&Sign::QuotaId("RequestsPerMinute")),
            Sign::Not(&Sign::QuotaId("PerDay")),
            Sign::Not(&Sign::LimitZero),
        ]),
        sure(&[
            Sign::Reason("RATE_LIMIT_EXCEEDED"),
            Sign::SaysOne(&["requests per minute", "requests_per_minute"]),
            Sign::Not(&Sign::LimitZero),
            // A region's limit may be 0, and only its value tells.
            Sign::OneOf(&[
                Sign::Not(&Sign::Says("for a region")),
                Sign::Meta("quota_limit_value", ""),
            ]),
        ]),
        sure(&[Sign::Meta("quota_limit", "RequestsPerMinute"), Sign::Not(&Sign::LimitZero)]),
        likely(&[
            Sign::Reason("RATE_LIMIT_EXCEEDED"),
            Sign::Not(&Sign::LimitZero),
            Sign::Not(&Sign::Says("per day")),
            Sign::Not(&Sign::Meta("quota_limit", "PerDay")),
            Sign::Not(&OF_CODE_ASSIST),
        ]),
        likely(&[
            Sign::SaysOne(MINUTE_WORDS),
            IS_REFUSED,
            OF_GOOGLE,
            Sign::Not(&Sign::LimitZero),
            Sign::Not(&Sign::QuotaId("")),
            Sign::Not(&Sign::Meta("quota_limit", "")),
        ]),
        // The cloud platform's name for requests within a minute to all versions of a model.
        likely(&[
            Sign::SaysOne(&["requests_per_base_model", "requests_per_minute_per_project"]),
            Sign::Not(&Sign::LimitZero),
            Sign::Not(&Sign::QuotaId("")),
        ]),
        likely(&[
            Sign::Says("generate_requests_per_model"),
            Sign::Not(&DAY_METRIC),
            Sign::Not(&Sign::LimitZero),
            Sign::Not(&Sign::QuotaId("")),
        ]),
        // Other providers have minutes too.
        maybe(&[
            Sign::SaysOne(MINUTE_WORDS),
            Sign::Rpc("RESOURCE_EXHAUSTED"),
            Sign::Not(&Sign::LimitZero),
            Sign::Not(&Sign::QuotaId("")),
        ]),
    ],
    why: "Requests are counted per project, not per key, so other programs with keys of the same project \
          use the same minute. The wait that the server names is honest here.",
    fix: &[
        you("Wait as long as the answer says, then send fewer requests at a time"),
        you("Retry with growing, random pauses instead of at once"),
        owner("Ask for a higher tier if the load is meant to stay"),
    ],
    confirm: "A minute later gemini-doctor check-key gets an answer from the model.",
    seen_as: &[
        r#"{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details. \n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 10, model: gemini-2.5-flash\nPlease retry in 12.4s.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"generativelanguage.googleapis.com/generate_content_free_tier_requests","quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier","quotaValue":"10"}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"12s"}]}}"#,
        "google.api_core.exceptions.ResourceExhausted: 429 Quota exceeded for quota metric 'Generate Content API requests per minute' and limit 'GenerateContent request limit per minute for a region'",
        "Quota exceeded for aiplatform.googleapis.com/generate_content_requests_per_minute_per_project_per_base_model with base model: gemini-2.5-pro.",
    ],
    live: &[],
    not: &[
        r#"How can I raise my Gemini rate limit? I want to go from 10 to 100 requests per minute."#,
        r#"google.api_core.exceptions.ResourceExhausted: 429 Quota exceeded for quota metric 'Requests' and limit 'Requests per minute' of service 'speech.googleapis.com' for consumer 'project_number:77'."#,
        r#"{"error":{"code":429,"message":"You exceeded your current quota.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier"},{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}]}}"#,
        r#"{"error":{"code":429,"message":"You exceeded your current quota.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateContentInputTokensPerModelPerMinute-FreeTier","quotaValue":"250000"}]}]}}"#,
    ],
    splits: &[
        Split {
            id: "quota-tokens-per-minute",
            by: "the id of the violated quota: Requests or InputTokens",
        },
        Split {
            id: "quota-zero-region-project",
            by: "quota_limit_value in the error's details, or whether any call passed before",
        },
    ],
    reproduce: "quota-requests-per-minute",
    hides: &[],
    docs: &[LIMITS_PAGE],
    as_of: "2026-11-20",
};

const TOKENS_PER_MINUTE: KnownFix = KnownFix {
    id: "quota-tokens-per-minute",
    title: "Too many input tokens within one minute for this project and model",
    layer: Layer::Quota,
    blame: Blame::Quota,
    severity: Severity::Error,
    class: Some(Class::Theirs),
    retry: RetryClass::After,
    when: &[
        sure(&[
            Sign::QuotaId("InputToken"),
            Sign::Not(&Sign::QuotaId("PerDay")),
            Sign::Not(&Sign::LimitZero),
        ]),
        likely(&[TOKEN_METRIC, Sign::Not(&Sign::QuotaId("PerDay")), Sign::Not(&Sign::LimitZero)]),
        likely(&[
            TOKEN_METRIC,
            Sign::SaysOne(&["Quota exceeded", "exceeded your current quota"]),
            Sign::Not(&Sign::QuotaId("PerDay")),
            Sign::Not(&Sign::LimitZero),
        ]),
        sure(&[Sign::Meta("quota_limit", "InputTokens"), Sign::Not(&Sign::LimitZero)]),
        likely(&[
            Sign::SaysOne(&["input tokens per minute", "input_tokens_per_minute"]),
            OF_GOOGLE,
            Sign::Not(&Sign::LimitZero),
        ]),
    ],
    why: "The sum of all prompts of the last minute passed the project's limit; one long prompt can be enough. \
          The requests themselves are fine, and the wait that the server names is honest here.",
    fix: &[
        you("Wait as long as the answer says"),
        you("Send shorter prompts or fewer long ones within a minute"),
        owner("Ask for a higher tier if prompts must stay this long"),
    ],
    confirm: "A minute later the same prompt gets an answer.",
    seen_as: &[
        r#"{"error":{"code":429,"message":"You exceeded your current quota. Please retry in 21.9s.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"generativelanguage.googleapis.com/generate_content_paid_tier_input_token_count","quotaId":"GenerateContentPaidTierInputTokensPerModelPerMinute","quotaValue":"1000000"}]}]}}"#,
        "429 Too Many Requests: Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_input_token_count, limit: 250000, model: gemini-2.5-flash. Please retry in 44.1s.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"The input token count (1200293) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[
        Split {
            id: "quota-requests-per-minute",
            by: "the id of the violated quota: InputTokens or Requests",
        },
        Split {
            id: "billing-not-applied-free-tier-quota",
            by: "whether you pay for this key's project, which AI Studio shows beside the key",
        },
    ],
    reproduce: "quota-tokens-per-minute",
    hides: &[],
    docs: &[LIMITS_PAGE],
    as_of: "2026-11-20",
};

const BILLING_NOT_APPLIED: KnownFix = KnownFix {
    id: "billing-not-applied-free-tier-quota",
    title: "The key's project is on the free tier; if you pay, it is for another one",
    layer: Layer::Quota,
    blame: Blame::Quota,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        // The answer is that of a used-up quota; whether somebody pays does not stand in it.
        maybe(&[Sign::QuotaId("FreeTier"), Sign::Not(&Sign::LimitZero)]),
        maybe(&[Sign::Meta("quotaMetric", "free_tier"), Sign::Not(&Sign::LimitZero)]),
        maybe(&[
            Sign::SaysOne(&["free_tier_requests", "free_tier_input_token_count"]),
            Sign::Not(&Sign::LimitZero),
        ]),
        likely(&[
            Sign::SaysOne(&["-FreeTier", "free_tier"]),
            Sign::SaysOne(&["billing is enabled", "billing enabled", "paid tier"]),
        ]),
    ],
    why: "The violated quota is one of the free tier, so the project that this key belongs to does not \
          pay, whatever another project or account of yours does. Credits and a billing account count \
          only for the project they are linked to.",
    fix: &[
        owner(
            "Compare the key's project and its tier in AI Studio: https://aistudio.google.com/api-keys",
        ),
        owner("Set up billing for that very project, or take a key of the project that has it"),
        you("Wait for the reset, or use another model, if you never meant to pay")
            .run("gemini-doctor list-models"),
    ],
    confirm: "The next quota error, if any comes, names a quota without FreeTier at its end.",
    seen_as: &[
        r#"{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.\n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 250, model: gemini-3.8-flash\nPlease retry in 11.2s.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"generativelanguage.googleapis.com/generate_content_free_tier_requests","quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier","quotaValue":"250"}]}]}}"#,
        "429 Too Many Requests: Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 20, model: gemini-3.8-flash. Please retry in 8.7s.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":429,"message":"You exceeded your current quota.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel","quotaValue":"1500"}]}]}}"#,
        r#"{"error":{"code":429,"message":"You exceeded your current quota. Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 0, model: gemini-3.1-pro","status":"RESOURCE_EXHAUSTED"}}"#,
    ],
    splits: &[
        Split {
            id: "quota-daily-exhausted",
            by: "whether you pay for this key's project, which AI Studio shows beside the key",
        },
        Split {
            id: "quota-requests-per-minute",
            by: "the id of the violated quota, and whether a call passes a minute later",
        },
    ],
    reproduce: "",
    hides: &[],
    docs: &[BILLING_PAGE, LIMITS_PAGE],
    as_of: "2026-11-20",
};

/// The words for a reset that many hours away, up to a week.
macro_rules! reset_after_hours {
    ($($hours:literal)*) => {
        &[$(concat!("reset after ", $hours, "h")),*]
    };
}

/// A reset that is hours away belongs to a day's quota, one of seconds to a short window.
const RESET_IN_HOURS: Sign = Sign::SaysOne(reset_after_hours!(
    1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34
    35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65
    66 67 68 69 70 71 72 73 74 75 76 77 78 79 80 81 82 83 84 85 86 87 88 89 90 91 92 93 94 95 96
    97 98 99 100 101 102 103 104 105 106 107 108 109 110 111 112 113 114 115 116 117 118 119 120
    121 122 123 124 125 126 127 128 129 130 131 132 133 134 135 136 137 138 139 140 141 142 143
    144 145 146 147 148 149 150 151 152 153 154 155 156 157 158 159 160 161 162 163 164 165 166
    167 168
));

/// The same in the details: `13h26m46.289s`.
const RESET_DELAY_IN_HOURS: Sign = Sign::Meta("quotaResetDelay", "h");

/// The sentence that both of the login's limits share.
const CAPACITY_EXHAUSTED: Sign =
    Sign::SaysOne(&["exhausted your capacity on this model", "Your quota will reset after"]);

const CODE_ASSIST_DAILY_QUOTA: KnownFix = KnownFix {
    id: "code-assist-daily-quota",
    title: "Today's quota of this Google login is used up; a key's is another",
    layer: Layer::Quota,
    blame: Blame::Quota,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::After,
    when: &[
        sure(&[Sign::Reason("QUOTA_EXHAUSTED"), RESET_DELAY_IN_HOURS]),
        sure(&[Sign::Reason("QUOTA_EXHAUSTED"), RESET_IN_HOURS]),
        sure(&[CAPACITY_EXHAUSTED, RESET_IN_HOURS]),
        sure(&[Sign::Reason("RATE_LIMIT_EXCEEDED"), PER_USER_AND_TIER, Sign::Says("per day")]),
        sure(&[OF_CODE_ASSIST, Sign::Meta("quota_limit", "PerDay")]),
        sure(&[PER_USER_AND_TIER, Sign::Says("per day")]),
        // The host of an early release is called daily-cloudcode-pa.
        sure(&[
            Sign::Says("cloudcode-pa"),
            Sign::SaysOne(&["per day", "PerDay", "daily quota", "daily limit", "your daily"]),
        ]),
        likely(&[
            Sign::SaysOne(&["reached your daily", "exceeded your daily", "exhausted your daily"]),
            Sign::SaysOne(&["quota", "limit"]),
            Sign::SaysOne(&["Code Assist", "code-assist", "cloudcode", "/auth"]),
        ]),
        likely(&[Sign::Says("Individual quota reached")]),
        likely(&[Sign::Reason("INSUFFICIENT_G1_CREDITS_BALANCE")]),
        // Cut before its number.
        maybe(&[Sign::Reason("QUOTA_EXHAUSTED")]),
        maybe(&[CAPACITY_EXHAUSTED, Sign::Not(&Sign::Says("reset after"))]),
    ],
    why: "Gemini CLI and the IDE plug-ins, when somebody logs in with Google, ask a backend of their own \
          that counts per person and day. The wait it names is honest, and an API key has nothing to do \
          with it: its quota is counted elsewhere.",
    fix: &[
        you("Wait as long as the answer says, or switch to another model: each is counted alone"),
        you("Use an API key in the tool in place of the login, and see that it works first")
            .run("gemini-doctor check-key"),
        owner(
            "Move a team that depends on it to keys of a paid project, whose limits can be raised",
        ),
    ],
    confirm: "After the reset the tool answers again; with a key, gemini-doctor check-key passes.",
    seen_as: &[
        r#"[{"error":{"code":429,"message":"You have exhausted your capacity on this model. Your quota will reset after 9h12m4s.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"QUOTA_EXHAUSTED","domain":"cloudcode-pa.googleapis.com","metadata":{"model":"gemini-3.8-pro","quotaResetDelay":"9h12m4.5s"}},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"33124.5s"}]}]"#,
        "✕ [API Error: Quota exceeded for quota metric 'Gemini 3 Flash Requests' and limit 'Gemini 3 Flash Requests per day per user per tier' of service 'cloudcode-pa.googleapis.com' for consumer 'project_number:123456789'. (Status: RESOURCE_EXHAUSTED)]",
        "TerminalQuotaError: You have exhausted your capacity on this model. Your quota will reset after 21h3m.",
    ],
    live: &[],
    not: &[
        "You have exhausted your capacity on this model. Your quota will reset after 7s.",
        r#"{"error":{"code":429,"message":"You exceeded your current quota.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel","quotaValue":"1500"}]}]}}"#,
    ],
    splits: &[
        Split {
            id: "code-assist-rate-window",
            by: "the time until the reset: hours for a day's quota, seconds for a window",
        },
        Split {
            id: "quota-daily-exhausted",
            by: "the credential: a login's quota counts per person, a key's per project",
        },
    ],
    reproduce: "code-assist-daily-quota",
    hides: &["quota-exhausted-unspecified"],
    docs: &[CODE_ASSIST_QUOTAS],
    as_of: "2026-11-20",
};

const CODE_ASSIST_RATE_WINDOW: KnownFix = KnownFix {
    id: "code-assist-rate-window",
    title: "This Google login asked too much at once; it is free again in seconds",
    layer: Layer::Quota,
    blame: Blame::Quota,
    severity: Severity::Error,
    class: Some(Class::Theirs),
    retry: RetryClass::After,
    when: &[
        sure(&[
            Sign::Reason("QUOTA_EXHAUSTED"),
            Sign::Meta("quotaResetDelay", "s"),
            Sign::Not(&RESET_DELAY_IN_HOURS),
            Sign::Not(&RESET_IN_HOURS),
        ]),
        sure(&[
            CAPACITY_EXHAUSTED,
            Sign::Says("reset after"),
            Sign::Not(&RESET_IN_HOURS),
            Sign::Not(&RESET_DELAY_IN_HOURS),
        ]),
        likely(&[
            OF_CODE_ASSIST,
            Sign::Reason("RATE_LIMIT_EXCEEDED"),
            Sign::Not(&Sign::Meta("quota_limit", "PerDay")),
            Sign::Not(&Sign::Says("per day")),
        ]),
        likely(&[Sign::Says("cloudcode-pa"), Sign::SaysOne(&["per minute", "PerMinute"])]),
    ],
    why: "The login's backend limits each model over a short time as well as over a day, with the same \
          sentence for both; the number in it tells them apart. Several agents or windows under one login \
          share that limit.",
    fix: &[
        you("Wait the seconds that the answer names; they are honest here"),
        you("Run fewer agents and calls at a time under this login"),
        you("Switch to another model meanwhile, or use an API key in the tool")
            .run("gemini-doctor check-key"),
    ],
    confirm: "The same call passes after the time that the answer named.",
    seen_as: &[
        r#"{"error":{"code":429,"message":"You have exhausted your capacity on this model. Your quota will reset after 6s.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"QUOTA_EXHAUSTED","domain":"cloudcode-pa.googleapis.com","metadata":{"model":"gemini-3.8-flash","quotaResetDelay":"6.214s"}},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"6.214s"}]}}"#,
        "Attempt 3 failed: You have exhausted your capacity on this model. Your quota will reset after 31s.. Retrying with backoff",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":429,"message":"You have exhausted your capacity on this model. Your quota will reset after 9h12m4s.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"QUOTA_EXHAUSTED","metadata":{"quotaResetDelay":"9h12m4.5s"}}]}}"#,
    ],
    splits: &[Split {
        id: "code-assist-daily-quota",
        by: "the time until the reset: seconds for a window, hours for a day's quota",
    }],
    reproduce: "code-assist-rate-window",
    hides: &["quota-exhausted-unspecified"],
    docs: &[CODE_ASSIST_QUOTAS],
    as_of: "2026-11-20",
};

/// What the cloud platform says when everybody together asks too much.
const POOL_IS_BUSY: Sign = Sign::SaysOne(&[
    "Resource exhausted. Please try again",
    "Resource exhausted, please try again",
]);

/// The call went to the pool of all regions already.
const IN_GLOBAL: Sign = Sign::OneOf(&[
    Sign::Meta("location", "global"),
    Sign::Says("locations/global"),
    Sign::Says("location: global"),
]);

const VERTEX_SHARED_CAPACITY: KnownFix = KnownFix {
    id: "vertex-shared-capacity-429",
    title: "The cloud platform's shared pool for this model is busy",
    layer: Layer::Quota,
    blame: Blame::Provider,
    severity: Severity::Error,
    class: Some(Class::Theirs),
    retry: RetryClass::Backoff,
    when: &[
        sure(&[Sign::Says("error-code-429"), Sign::Not(&Sign::QuotaId(""))]),
        sure(&[Sign::Says("error-code-429"), POOL_IS_BUSY, Sign::Not(&Sign::QuotaId(""))]),
        sure(&[POOL_IS_BUSY, Sign::Host(HostKind::Cloud), Sign::Not(&Sign::QuotaId(""))]),
        likely(&[POOL_IS_BUSY, Sign::Not(&Sign::QuotaId(""))]),
        likely(&[
            Sign::Says("Resource has been exhausted"),
            Sign::Host(HostKind::Cloud),
            Sign::Not(&Sign::QuotaId("")),
        ]),
        maybe(&[
            Sign::Rpc("RESOURCE_EXHAUSTED"),
            Sign::Host(HostKind::Cloud),
            Sign::Not(&Sign::QuotaId("")),
            Sign::Not(&Sign::Reason("RATE_LIMIT_EXCEEDED")),
        ]),
    ],
    why: "Newer models on the cloud platform have no quota per project: all callers of a location share \
          one pool. It is full at the moment, for everybody, and asking for a higher quota changes nothing.",
    fix: &[
        you("Retry with growing, random pauses; nothing in the request is wrong"),
        you("Use the location global, which spreads calls over all regions")
            .run_in("export GOOGLE_CLOUD_LOCATION=global", "$env:GOOGLE_CLOUD_LOCATION = 'global'")
            .unless(&IN_GLOBAL),
        you("Fall back to another model while it lasts"),
        owner("Buy Provisioned Throughput for a load that must not wait"),
    ],
    confirm: "The same call passes some minutes later without any change.",
    seen_as: &[
        r#"{"error":{"code":429,"message":"Resource exhausted. Please try again later. Please refer to https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.","status":"RESOURCE_EXHAUSTED"}}"#,
        "google.api_core.exceptions.ResourceExhausted: 429 Resource exhausted. Please try again later.",
        "litellm.RateLimitError: VertexAIException - {'error': {'code': 429, 'message': 'Resource exhausted. Please try again later. Please refer to https://docs.cloud.google.com/vertex-ai/generative-ai/docs/error-code-429', 'status': 'RESOURCE_EXHAUSTED'}}",
    ],
    live: &[&[POOL_IS_BUSY, Sign::Host(HostKind::Cloud), Sign::Status(429)]],
    not: &[
        r#"{"error":{"code":429,"message":"Resource has been exhausted (e.g. check quota).","status":"RESOURCE_EXHAUSTED"}}"#,
        "Quota exceeded for aiplatform.googleapis.com/generate_content_requests_per_minute_per_project_per_base_model with base model: gemini-3.8-pro.",
    ],
    splits: &[Split {
        id: "quota-exhausted-unspecified",
        by: "the host: on the Developer API a limit of the project is meant, whatever the words",
    }],
    reproduce: "vertex-shared-capacity-429",
    hides: &["quota-exhausted-unspecified"],
    docs: &[SHARED_CAPACITY_PAGE],
    as_of: "2026-11-20",
};

const PREPAID_CREDITS_DEPLETED: KnownFix = KnownFix {
    id: "prepaid-credits-depleted",
    title: "The prepaid credits of this key's project are used up",
    layer: Layer::Quota,
    blame: Blame::Quota,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::SaysOne(&[
            "prepayment credits are depleted",
            "prepayment credits have been depleted",
            "prepaid credits are depleted",
            "prepaid credits have been depleted",
            "prepayment credit balance",
            "prepaid credit balance",
            "prepay credits are",
            "prepay credit balance",
        ])]),
        sure(&[Sign::Says("credits are depleted"), Sign::Says("ai.studio")]),
        sure(&[Sign::Says("credits are depleted"), Sign::Says("AI Studio")]),
        likely(&[
            Sign::SaysOne(&["prepayment credit", "prepaid credit", "prepay balance"]),
            Sign::Not(&Sign::By(Party::Gateway)),
        ]),
        likely(&[
            Sign::SaysOne(&["credits are depleted", "credits have been depleted"]),
            Sign::By(Party::Api),
        ]),
    ],
    why: "The project pays in advance and its balance is zero. The answer has come under 429, and under \
          402 and 403 it would be the same: a payment matter and no limit, so a client that retries goes \
          on for ever. No API lets a key read the balance; only the billing page of AI Studio shows it.",
    fix: &[
        owner(
            "Look up which project the key belongs to, and its balance: https://ai.studio/projects",
        ),
        owner("Top up the credits there, or change how the project pays"),
        you("Stop retrying, and use a key of a project that has credits meanwhile"),
    ],
    confirm: "AI Studio shows a balance, and gemini-doctor check-key gets an answer from the model.",
    seen_as: &[
        r#"{"error":{"code":429,"message":"Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects to manage your project and billing.","status":"RESOURCE_EXHAUSTED"}}"#,
        "ClientError: 429 RESOURCE_EXHAUSTED. {'error': {'code': 429, 'message': 'Your prepayment credits are depleted. Please go to AI Studio', 'status': 'RESOURCE_EXHAUSTED', 'details': None}}",
        r#"{"error":{"code":402,"message":"Your prepayment credits are depleted.","status":"FAILED_PRECONDITION"}}"#,
        "HTTP/1.1 402 Payment Required\n\nYour prepaid credits are depleted. Please go to AI Studio to manage your project and billing.",
        r#"{"error":{"code":403,"message":"Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects to manage your project and billing.","status":"PERMISSION_DENIED"}}"#,
    ],
    live: &[],
    not: &[
        r#"HTTP/1.1 402 Payment Required

{"error":{"message":"Insufficient credits. Add more at the dashboard.","code":402}}"#,
        r#"{"error":{"code":429,"message":"Resource has been exhausted (e.g. check quota).","status":"RESOURCE_EXHAUSTED"}}"#,
    ],
    splits: &[],
    reproduce: "prepaid-credits-depleted",
    hides: &["quota-exhausted-unspecified", "gateway-credits-exhausted-402"],
    docs: &[BILLING_PAGE],
    as_of: "2026-11-20",
};

const SPENDING_CAP_EXCEEDED: KnownFix = KnownFix {
    id: "spending-cap-exceeded",
    title: "The monthly spending cap of this project is reached",
    layer: Layer::Quota,
    blame: Blame::Quota,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::SaysOne(&["spending cap", "spend cap"])]),
        sure(&[Sign::Says("monthly spend limit"), OF_GOOGLE]),
        likely(&[
            Sign::SaysOne(&["monthly spend limit", "spending limit", "spend-based"]),
            Sign::By(Party::Api),
        ]),
    ],
    why: "The project or its billing account has a cap on what it may spend in a month, and it is reached. \
          Calls fail until somebody raises the cap or the month turns, whatever the status or a \"retry in\" says.",
    fix: &[
        owner("Raise or remove the cap on the billing page of AI Studio"),
        owner("Find out what spent it before you raise it"),
        you("Meanwhile use a key of a project below its cap"),
    ],
    confirm: "gemini-doctor check-key gets an answer from the model.",
    seen_as: &[
        r#"{"error":{"code":429,"message":"Your project has exceeded its monthly spending cap. Please go to AI Studio to manage your project spend cap.","status":"RESOURCE_EXHAUSTED"}}"#,
        "✕ [API Error: The billing account has exceeded its monthly spending cap. (Status: RESOURCE_EXHAUSTED)]",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":429,"message":"Your prepayment credits are depleted.","status":"RESOURCE_EXHAUSTED"}}"#,
    ],
    splits: &[],
    reproduce: "spending-cap-exceeded",
    hides: &["quota-exhausted-unspecified"],
    docs: &[LIMITS_PAGE],
    as_of: "2026-11-20",
};

const GATEWAY_CREDITS_EXHAUSTED: KnownFix = KnownFix {
    id: "gateway-credits-exhausted-402",
    title: "The gateway in front of Google has no credits left; Google was not asked",
    layer: Layer::Gateway,
    blame: Blame::Quota,
    severity: Severity::Error,
    class: Some(Class::Quota),
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[
            Sign::SaysOne(CREDIT_WORDS),
            Sign::Status(402),
            Sign::Not(&Sign::By(Party::Api)),
            Sign::Not(&GOOGLES_CREDITS),
        ]),
        likely(&[
            Sign::SaysOne(CREDIT_WORDS),
            Sign::Not(&Sign::Rpc("RESOURCE_EXHAUSTED")),
            Sign::Not(&GOOGLES_CREDITS),
        ]),
        likely(&[Sign::Status(402), Sign::Not(&Sign::By(Party::Api)), Sign::Not(&GOOGLES_CREDITS)]),
        maybe(&[Sign::Says("insufficient balance"), Sign::Not(&GOOGLES_CREDITS)]),
    ],
    why: "Google's own API never answers 402: its payment failures are 403 or 429. This answer comes from a \
          reseller or relay that sells calls and whose account for you is empty.",
    fix: &[
        you("Top up at the gateway that the message or the base URL names"),
        you("Lower the output limit if the message says how much you can afford"),
        you("Or call Google directly with your own key").run("gemini-doctor check-key"),
    ],
    confirm: "The gateway answers the same call, or gemini-doctor check-key passes without it.",
    seen_as: &[
        r#"HTTP/1.1 402 Payment Required
content-type: application/json

{"error":{"message":"Insufficient credits. Add more using https://gateway.example/credits","code":402}}"#,
        "openai.APIStatusError: Error code: 402 - {'error': {'message': 'This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens, but can only afford 1200.', 'code': 402}}",
    ],
    live: &[&[Sign::By(Party::Gateway), Sign::Status(402), Sign::Method(Method::Generate)]],
    not: &[
        r#"{"error":{"code":429,"message":"Your prepayment credits are depleted. Please go to AI Studio.","status":"RESOURCE_EXHAUSTED"}}"#,
        r#"{"error":{"code":403,"message":"This API method requires billing to be enabled.","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[Split {
        id: "prepaid-credits-depleted",
        by: "the words: Google speaks of prepayment and AI Studio, resellers of their own pages",
    }],
    reproduce: "gateway-credits-exhausted-402",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

/// What resellers say.
const CREDIT_WORDS: &[&str] = &[
    "insufficient credits",
    "not enough credits",
    "can only afford",
    "requires more credits",
    "out of credits",
];

/// What Google says of credits that were bought from itself.
const GOOGLES_CREDITS: Sign = Sign::SaysOne(&["prepayment", "prepaid", "AI Studio", "ai.studio"]);

/// The first sentence of Google's quota error is another provider's too, and that one links its pages.
const OF_OPENAI: Sign = Sign::SaysOne(&["platform.openai.com", "insufficient_quota"]);

const EXHAUSTED_UNSPECIFIED: KnownFix = KnownFix {
    id: "quota-exhausted-unspecified",
    title: "A limit was hit and the answer does not say which one",
    layer: Layer::Quota,
    blame: Blame::Unknown,
    severity: Severity::Error,
    class: Some(Class::Theirs),
    retry: RetryClass::Backoff,
    when: &[
        likely(&[Sign::Says("Resource has been exhausted"), Sign::Not(&Sign::QuotaId(""))]),
        maybe(&[Sign::Rpc("RESOURCE_EXHAUSTED"), Sign::Not(&Sign::QuotaId(""))]),
        maybe(&[Sign::Status(429), Sign::Not(&Sign::QuotaId("")), Sign::Not(&OF_OPENAI)]),
        maybe(&[
            Sign::Says("exceeded your current quota"),
            Sign::Not(&Sign::QuotaId("")),
            Sign::Not(&TOKEN_METRIC),
            Sign::Not(&DAY_METRIC),
            Sign::Not(&Sign::Says("generate_requests_per_model")),
            Sign::Not(&OF_OPENAI),
        ]),
    ],
    why: "A 429 without details may be a minute's limit, a day's limit, a limit of zero, an empty account, \
          the service's own lack of capacity, or a gateway's limit. Only time and the project's usage page tell.",
    fix: &[
        you("Retry a few times with growing, random pauses, then stop"),
        you("Put calls into a queue that sends fewer of them at a time"),
        you("Compare the project's use with its limits: https://aistudio.google.com/rate-limit"),
        you("Ask again for the whole answer, whose details name the quota")
            .run("gemini-doctor check-key"),
    ],
    confirm: "The same call passes after some minutes; if it never does, the limit is a day's or zero.",
    seen_as: &[
        r#"{"error":{"code":429,"message":"Resource has been exhausted (e.g. check quota).","status":"RESOURCE_EXHAUSTED"}}"#,
        "google.api_core.exceptions.ResourceExhausted: 429 Resource has been exhausted (e.g. check quota).",
        "litellm.RateLimitError: GeminiException - {\"error\":{\"code\":429,\"message\":\"You exceeded your current quota, please check your plan and billing details.\",\"status\":\"RESOURCE_EXHAUSTED\"}}",
    ],
    live: &[],
    not: &[
        // Another provider, in nearly the same words.
        r#"{"error":{"message":"You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#,
        r#"{"error":{"code":429,"message":"You exceeded your current quota.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier","quotaValue":"20"}]}]}}"#,
    ],
    splits: &[
        Split {
            id: "quota-requests-per-minute",
            by: "the error's details, or a call that passes a minute later",
        },
        Split {
            id: "quota-daily-exhausted",
            by: "the error's details, or a call that passes after midnight Pacific time",
        },
        Split {
            id: "vertex-shared-capacity-429",
            by: "the host: the cloud platform's pool may be busy, which no quota shows",
        },
        Split {
            id: "quota-free-tier-zero",
            by: "a limit of 0 in the error's details or on the project's limits page",
        },
    ],
    reproduce: "quota-exhausted-unspecified",
    hides: &[],
    docs: &[LIMITS_PAGE],
    as_of: "2026-11-20",
};

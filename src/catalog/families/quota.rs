//! Known fixes of the family `quota`: limits, credits and caps.
//!
//! The status never decides here. A 429 may pass in a second or never, and the server's own "retry in"
//! stands in both; quota ids, limits and words tell them apart.

use crate::{
    catalog::{KnownFix, Sign, Split, likely, maybe, owner, sure, you},
    facts::{Blame, Class, Layer, Method, Party, RetryClass, Severity},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &FREE_TIER_ZERO,
    &ZERO_REGION_PROJECT,
    &DAILY_EXHAUSTED,
    &REQUESTS_PER_MINUTE,
    &TOKENS_PER_MINUTE,
    &PREPAID_CREDITS_DEPLETED,
    &SPENDING_CAP_EXCEEDED,
    &GATEWAY_CREDITS_EXHAUSTED,
    &EXHAUSTED_UNSPECIFIED,
];

const LIMITS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/rate-limits";

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
        maybe(&[
            Sign::LimitZero,
            Sign::Not(&Sign::Reason("RATE_LIMIT_EXCEEDED")),
            Sign::Not(&Sign::Meta("quota_limit_value", "0")),
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
    splits: &[Split {
        id: "quota-zero-region-project",
        by: "the violated quota: one of the free tier, or one that somebody set to 0",
    }],
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

const DAILY_EXHAUSTED: KnownFix = KnownFix {
    id: "quota-daily-exhausted",
    title: "Today's quota for this model is used up",
    layer: Layer::Quota,
    blame: Blame::Quota,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Failover,
    when: &[
        sure(&[Sign::QuotaId("PerDay"), Sign::Not(&Sign::LimitZero)]),
        sure(&[Sign::QuotaId("Daily"), Sign::Not(&Sign::LimitZero)]),
        likely(&[Sign::Says("exhausted your daily quota")]),
        likely(&[Sign::Says("PerDayPerProject"), Sign::Not(&Sign::LimitZero)]),
        likely(&[Sign::Says("requests per day"), Sign::Rpc("RESOURCE_EXHAUSTED")]),
    ],
    why: "The violated quota counts per day and per project, and starts anew at midnight Pacific time. \
          A \"retry in 36 s\" in the same answer belongs to no daily limit: do not believe it.",
    fix: &[
        you("Stop retrying until midnight Pacific time"),
        you("Use another model meanwhile: each has its own daily quota")
            .run("gemini-doctor list-models"),
        owner("Move the project to a higher tier in AI Studio"),
    ],
    confirm: "After the reset, gemini-doctor check-key gets an answer from the model.",
    seen_as: &[
        r#"[{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.\nPlease retry in 36.2s.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"generativelanguage.googleapis.com/generate_content_free_tier_requests","quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier","quotaDimensions":{"model":"gemini-2.5-flash","location":"global"},"quotaValue":"20"}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"36s"}]}}]"#,
        "TerminalQuotaError: You have exhausted your daily quota on this model.",
        r#"[GoogleGenerativeAI Error]: Error fetching from https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent: [429 Too Many Requests] You exceeded your current quota. [{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel","quotaValue":"1500"}]}]"#,
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":429,"message":"You exceeded your current quota. Please retry in 36.2s.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier","quotaValue":"10"}]}]}}"#,
    ],
    splits: &[],
    reproduce: "quota-daily-exhausted",
    hides: &[],
    docs: &[LIMITS_PAGE],
    as_of: "2026-11-20",
};

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
            Sign::Not(&Sign::QuotaId("PerDay")),
            Sign::Not(&Sign::LimitZero),
        ]),
        sure(&[
            Sign::Reason("RATE_LIMIT_EXCEEDED"),
            Sign::SaysOne(&["requests per minute", "requests_per_minute"]),
            Sign::Not(&Sign::LimitZero),
        ]),
        likely(&[Sign::Reason("RATE_LIMIT_EXCEEDED"), Sign::Not(&Sign::LimitZero)]),
        likely(&[
            Sign::SaysOne(&["requests per minute", "requests_per_minute", "RequestsPerMinute"]),
            Sign::Not(&Sign::LimitZero),
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
        r#"{"error":{"code":429,"message":"You exceeded your current quota.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier"},{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}]}}"#,
        r#"{"error":{"code":429,"message":"You exceeded your current quota.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateContentInputTokensPerModelPerMinute-FreeTier","quotaValue":"250000"}]}]}}"#,
    ],
    splits: &[Split {
        id: "quota-tokens-per-minute",
        by: "the id of the violated quota: Requests or InputTokens",
    }],
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
        likely(&[
            Sign::SaysOne(&["input_token_count", "input tokens per minute", "InputTokensPerModel"]),
            Sign::Not(&Sign::QuotaId("PerDay")),
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
    splits: &[Split {
        id: "quota-requests-per-minute",
        by: "the id of the violated quota: InputTokens or Requests",
    }],
    reproduce: "quota-tokens-per-minute",
    hides: &[],
    docs: &[LIMITS_PAGE],
    as_of: "2026-11-20",
};

const PREPAID_CREDITS_DEPLETED: KnownFix = KnownFix {
    id: "prepaid-credits-depleted",
    title: "The prepaid credits of this key's project are used up",
    layer: Layer::Quota,
    blame: Blame::Quota,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Never,
    when: &[sure(&[Sign::SaysOne(&[
        "prepayment credits are depleted",
        "prepaid credits are depleted",
        "prepayment credit balance",
        "prepaid credit balance",
    ])])],
    why: "The project pays in advance and its balance is zero. That is a payment matter under the status of a \
          rate limit, so a client that retries every 429 goes on for ever.",
    fix: &[
        owner("Top up the credits, or change how the project pays: https://ai.studio/projects"),
        you("Meanwhile use a key of a project that has credits"),
    ],
    confirm: "gemini-doctor check-key gets an answer from the model.",
    seen_as: &[
        r#"{"error":{"code":429,"message":"Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects to manage your project and billing.","status":"RESOURCE_EXHAUSTED"}}"#,
        "ClientError: 429 RESOURCE_EXHAUSTED. {'error': {'code': 429, 'message': 'Your prepayment credits are depleted. Please go to AI Studio', 'status': 'RESOURCE_EXHAUSTED', 'details': None}}",
    ],
    live: &[],
    not: &[
        r#"HTTP/1.1 402 Payment Required

{"error":{"message":"Insufficient credits. Add more at the dashboard.","code":402}}"#,
        r#"{"error":{"code":429,"message":"Resource has been exhausted (e.g. check quota).","status":"RESOURCE_EXHAUSTED"}}"#,
    ],
    splits: &[],
    reproduce: "prepaid-credits-depleted",
    hides: &["quota-exhausted-unspecified"],
    docs: &[LIMITS_PAGE],
    as_of: "2026-11-20",
};

const SPENDING_CAP_EXCEEDED: KnownFix = KnownFix {
    id: "spending-cap-exceeded",
    title: "The monthly spending cap of this project is reached",
    layer: Layer::Quota,
    blame: Blame::Quota,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::Never,
    when: &[sure(&[Sign::SaysOne(&["spending cap", "monthly spend limit"])])],
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
    retry: RetryClass::Never,
    when: &[
        sure(&[Sign::SaysOne(CREDIT_WORDS), Sign::Not(&Sign::Rpc("RESOURCE_EXHAUSTED"))]),
        likely(&[Sign::Status(402), Sign::Not(&Sign::By(Party::Api))]),
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
    splits: &[],
    reproduce: "gateway-credits-exhausted-402",
    hides: &[],
    docs: &[],
    as_of: "2026-11-20",
};

const CREDIT_WORDS: &[&str] =
    &["insufficient credits", "can only afford", "requires more credits", "insufficient balance"];

const EXHAUSTED_UNSPECIFIED: KnownFix = KnownFix {
    id: "quota-exhausted-unspecified",
    title: "A limit was hit and the answer does not say which one",
    layer: Layer::Quota,
    blame: Blame::Quota,
    severity: Severity::Error,
    class: Some(Class::Theirs),
    retry: RetryClass::Backoff,
    when: &[
        likely(&[Sign::Says("Resource has been exhausted"), Sign::Not(&Sign::QuotaId(""))]),
        maybe(&[Sign::Rpc("RESOURCE_EXHAUSTED"), Sign::Not(&Sign::QuotaId(""))]),
        maybe(&[Sign::Status(429), Sign::Not(&Sign::QuotaId(""))]),
        maybe(&[Sign::Says("exceeded your current quota"), Sign::Not(&Sign::QuotaId(""))]),
    ],
    why: "A 429 without details may be a minute's limit, a day's limit, a limit of zero, an empty account, \
          the service's own lack of capacity, or a gateway's limit. Only time and the project's usage page tell.",
    fix: &[
        you("Retry a few times with growing, random pauses, then stop"),
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
            id: "quota-free-tier-zero",
            by: "a limit of 0 in the error's details or on the project's limits page",
        },
    ],
    reproduce: "quota-exhausted-unspecified",
    hides: &[],
    docs: &[LIMITS_PAGE],
    as_of: "2026-11-20",
};

//! The server refuses the key itself, or the way in which it came.

use super::super::fault::{Act, Route, Rule};
use super::super::scenario::{AUTH_KEY, Local, Scenario};

pub(in super::super) const ALL: &[Scenario] = &[
    API_KEY_INVALID,
    API_KEY_INVALID_ARRAY,
    API_KEY_EXPIRED,
    STANDARD_KEY_REJECTED_2026,
    STANDARD_KEY_REJECTED_2026_INVALID,
    BEARER_INSTEAD_OF_API_KEY,
    INVALID_OAUTH_TOKEN,
    OAUTH_TOKEN_EXPIRED,
    OAUTH_SCOPE_INSUFFICIENT,
    MULTIPLE_CREDENTIALS_SENT,
    MISSING_API_KEY,
    API_KEY_LEAKED,
    API_KEY_SERVICE_BLOCKED,
    API_KEY_REFERRER_BLOCKED,
    API_KEY_IP_BLOCKED,
    API_KEY_APP_RESTRICTED,
    APIKEY_NOT_SUPPORTED_BY_ENDPOINT,
    KEY_STILL_ALIVE,
    SUCCESSOR_KEY_FAILS,
];

const API_KEY_INVALID: Scenario = Scenario::new(
    "api-key-invalid",
    "auth",
    1,
    "The server does not know the key: 400 with reason API_KEY_INVALID.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(400, include_str!("../bodies/api-key-invalid.json")),
)]);

const API_KEY_INVALID_ARRAY: Scenario =
    Scenario::new("api-key-invalid.array", "auth", 1, "The same refusal, wrapped in a JSON array.")
        .fix("api-key-invalid")
        .rules(&[Rule::always(
            Route::Any,
            Act::google(400, include_str!("../bodies/api-key-invalid-array.json")),
        )]);

const API_KEY_EXPIRED: Scenario = Scenario::new(
    "api-key-expired",
    "auth",
    1,
    "The key ran out: 400 with the reason of an invalid key and another text.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(400, include_str!("../bodies/api-key-expired.json")),
)]);

const STANDARD_KEY_REJECTED_2026: Scenario = Scenario::new(
    "standard-key-rejected-2026",
    "auth",
    1,
    "An old standard key is refused with a 401 that asks for OAuth.",
)
.with_standard_key()
.rules(&[Rule::always(
    Route::Any,
    Act::google(401, include_str!("../bodies/access-token-type-unsupported.json")),
)]);

const STANDARD_KEY_REJECTED_2026_INVALID: Scenario = Scenario::new(
    "standard-key-rejected-2026.invalid",
    "auth",
    1,
    "An old standard key is refused as if it were invalid.",
)
.fix("standard-key-rejected-2026")
.with_standard_key()
.rules(&[Rule::always(
    Route::Any,
    Act::google(400, include_str!("../bodies/api-key-invalid.json")),
)]);

const BEARER_INSTEAD_OF_API_KEY: Scenario = Scenario::new(
    "bearer-instead-of-api-key",
    "auth",
    1,
    "Something on the way made a Bearer token of the key: 401 that asks for OAuth.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(401, include_str!("../bodies/access-token-type-unsupported.json")),
)]);

const MULTIPLE_CREDENTIALS_SENT: Scenario = Scenario::new(
    "multiple-credentials-sent",
    "auth",
    1,
    "Something on the way added a second credential: 400.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(400, include_str!("../bodies/multiple-credentials.json")),
)]);

const MISSING_API_KEY: Scenario = Scenario::new(
    "missing-api-key",
    "auth",
    1,
    "Something on the way dropped the key: 403 for an unregistered caller.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(403, include_str!("../bodies/unregistered-caller.json")),
)]);

const API_KEY_LEAKED: Scenario =
    Scenario::new("api-key-leaked", "auth", 1, "The key was found in public and blocked: 403.")
        .rules(&[Rule::always(
            Route::Any,
            Act::google(403, include_str!("../bodies/api-key-leaked.json")),
        )]);

const API_KEY_SERVICE_BLOCKED: Scenario = Scenario::new(
    "api-key-service-blocked",
    "permission",
    1,
    "The key may not be used for this API: 403.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(403, include_str!("../bodies/api-key-service-blocked.json")),
)]);

const API_KEY_REFERRER_BLOCKED: Scenario = Scenario::new(
    "api-key-referrer-blocked",
    "permission",
    1,
    "The key may be used from certain web pages only: 403.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(403, include_str!("../bodies/api-key-referrer-blocked.json")),
)]);

const API_KEY_IP_BLOCKED: Scenario = Scenario::new(
    "api-key-ip-blocked",
    "permission",
    1,
    "The key may be used from certain addresses only: 403.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(403, include_str!("../bodies/api-key-ip-blocked.json")),
)]);

const API_KEY_APP_RESTRICTED: Scenario = Scenario::new(
    "api-key-app-restricted",
    "permission",
    1,
    "The key may be used from certain apps only: 403.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(403, include_str!("../bodies/api-key-app-restricted.json")),
)]);

const APIKEY_NOT_SUPPORTED_BY_ENDPOINT: Scenario = Scenario::new(
    "apikey-not-supported-by-endpoint",
    "auth",
    1,
    "The endpoint takes no API keys at all: 401 with reason CREDENTIALS_MISSING.",
)
.rules(&[Rule::always(
    Route::Any,
    Act::google(401, include_str!("../bodies/apikey-not-supported.json")),
)]);

const KEY_STILL_ALIVE: Scenario =
    Scenario::new("key-still-alive", "auth", 1, "A key that should be dead still works.")
        .command(&["check-key", "--expect-dead"]);

const SUCCESSOR_KEY_FAILS: Scenario = Scenario::new(
    "successor-key-fails",
    "auth",
    1,
    "The old key works, and the new one that should replace it is not known.",
)
.command(&["check-key", "--successor", "env:NEW_GEMINI_API_KEY"])
.local(Local::variables(&[
    ("GEMINI_API_KEY", AUTH_KEY),
    ("NEW_GEMINI_API_KEY", "AQ.FAKE-key-that-the-simulator-does-not-know-01"),
]));

const INVALID_OAUTH_TOKEN: Scenario = Scenario::new(
    "invalid-oauth-token",
    "auth",
    1,
    "A gateway asks with a login of its own, and the login's token is missing: 401.",
)
.rules(&[Rule::always(Route::Any, Act::google(401, include_str!("../bodies/oauth-missing.json")))]);

const OAUTH_TOKEN_EXPIRED: Scenario = Scenario::new(
    "oauth-token-expired",
    "auth",
    1,
    "A gateway asks with a login of its own, whose token has run out: 401.",
)
.rules(&[Rule::always(Route::Any, Act::google(401, include_str!("../bodies/oauth-expired.json")))]);

const OAUTH_SCOPE_INSUFFICIENT: Scenario = Scenario::new(
    "oauth-scope-insufficient",
    "permission",
    1,
    "A gateway asks with the machine's own login, which was not made for this API: 403.",
)
.rules(&[Rule::always(Route::Any, Act::google(403, include_str!("../bodies/oauth-scope.json")))]);

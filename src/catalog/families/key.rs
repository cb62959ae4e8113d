//! Known fixes for the key's own text: what is in it that should not be, and what kind it is.
//!
//! A flaw counts alone before anything is sent, or together with the server's refusal of the key.
//! When the server accepted the key and failed for another reason, the flaw explains nothing.

use crate::{
    catalog::{
        KnownFix,
        Sign::{self, By, Flaw, Key, Not, Reason, Says, SaysOne, SentAs as Sent, Status, StatusIn},
        Split, Step, likely, maybe, sure, you,
    },
    facts::{Blame, KeyFlaw, KeyKind, Layer, Party, RetryClass, Severity, clue::SentAs},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &SERVICE_ACCOUNT_AS_KEY,
    &OAUTH_TOKEN_AS_KEY,
    &API_KEY_NON_ASCII,
    &API_KEY_CONTROL_CHARACTERS,
    &KEY_BEARER_PREFIX,
    &KEY_QUOTED,
    &KEY_UNEXPANDED_VARIABLE,
    &KEY_PLACEHOLDER,
    &CLIENT_REJECTS_NEW_KEY_FORMAT,
    &WRONG_PROVIDER_KEY,
    &KEY_TRUNCATED,
];

/// The page about keys.
pub(super) const API_KEY_PAGE: &str = "https://ai.google.dev/gemini-api/docs/api-key";

/// How a new key is made.
pub(super) const MAKE_KEY: Step =
    you("Make a new key, which starts AQ., at https://aistudio.google.com/api-keys");

/// How to see that the stored key is a good one.
pub(super) const CHECK_KEY: Step =
    you("Test the stored key before you restart anything").run("gemini-doctor check-key");

/// Any answer of a server, so that its opposite means: nothing was sent yet.
const ANSWERED: Sign = StatusIn(&[200, 400, 401, 403, 404, 429, 499, 500, 502, 503, 504]);

/// The refusal that a bad key gets whatever is wrong with it; it names no flaw.
const REFUSED: &str = r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com","metadata":{"service":"generativelanguage.googleapis.com"}}]}}"#;

const API_KEY_NON_ASCII: KnownFix = KnownFix {
    id: "api-key-non-ascii",
    title: "The key holds a character that no key has, perhaps an invisible one",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Flaw(KeyFlaw::NonAscii)]),
        sure(&[Says("Cannot convert argument to a ByteString because the character")]),
        sure(&[Says("is not a valid ByteString")]),
        sure(&[SaysOne(&[
            "non ISO-8859-1 code point",
            "headers must contain only ASCII characters",
        ])]),
        // The same words come up where a program prints to a terminal of another encoding.
        likely(&[SaysOne(&[
            "'ascii' codec can't encode char",
            "'latin-1' codec can't encode char",
        ])]),
        likely(&[SaysOne(&["Unexpected char 0x20", "Unexpected char 0xfeff"]), Says("value")]),
    ],
    why: "A zero-width space, a byte order mark, a smart quote or a bullet came along when the key \
          was copied. Such a character cannot stand in an HTTP header, so no request leaves the \
          machine, and SDKs often report it as a connection error.",
    fix: &[
        you("Copy the key again as plain text from https://aistudio.google.com/api-keys"),
        you("Find characters beyond ASCII in the file that holds it").run_in(
            "LC_ALL=C grep -n '[^ -~]' .env | cut -d= -f1",
            "Select-String -Path .env -Pattern '[^\\x20-\\x7E]' | Select-Object LineNumber",
        ),
        CHECK_KEY,
    ],
    confirm: "gemini-doctor check-key finds nothing hidden in the key.",
    seen_as: &[
        "TypeError: Cannot convert argument to a ByteString because the character at index 7 has a \
         value of 8203 which is greater than 255.",
        "  File \"httpx/_models.py\", line 94, in _normalize_header_value\nUnicodeEncodeError: \
         'ascii' codec can't encode character '\\u200b' in position 12: ordinal not in range(128)",
    ],
    live: &[&[Flaw(KeyFlaw::NonAscii)], &[Flaw(KeyFlaw::NonAscii), Key(KeyKind::AuthKey)]],
    not: &[
        "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start \
         byte",
        // A terminal that cannot show what the model wrote.
        "UnicodeEncodeError: 'charmap' codec can't encode character '\\u2192' in position 20: \
         character maps to <undefined>",
        REFUSED,
    ],
    splits: &[Split {
        id: "api-key-control-characters",
        by: "gemini-doctor check-key, which names the character and its place in the key",
    }],
    reproduce: "api-key-non-ascii",
    hides: &["api-key-invalid"],
    docs: &[],
    as_of: "2026-11-20",
};

/// How libraries refuse a header's value and show it.
const ILLEGAL_VALUE: Sign = SaysOne(&["Illegal header value", "Invalid header value"]);

/// A header of which the key is missing.
pub(super) const EMPTY_BEARER: Sign = SaysOne(&[
    "header value b'Bearer '",
    "header value b\"Bearer \"",
    "header value 'Bearer '",
    "header value b''",
]);

const API_KEY_CONTROL_CHARACTERS: KnownFix = KnownFix {
    id: "api-key-control-characters",
    title: "The key holds a line break or another control character",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Flaw(KeyFlaw::Control)]),
        // Nothing behind Bearer is a blank at the end of the value, and an empty variable.
        likely(&[ILLEGAL_VALUE, EMPTY_BEARER]),
        sure(&[ILLEGAL_VALUE, Not(&EMPTY_BEARER)]),
        sure(&[SaysOne(&[
            "return character(s) in header value",
            "characters are not allowed in header values",
            "header field value cannot include CR/LF",
            "invalid header field value",
            "invalid value header",
            "is an invalid header value",
            "is not valid header value",
            "is not a legal HTTP header value",
            "byte detected in headers",
        ])]),
        likely(&[SaysOne(&["on 'Headers'", "construct 'Headers'"]), Says("Invalid value")]),
        likely(&[Says("Metadata string value"), Says("contains illegal characters")]),
        // These two say the same of a character beyond ASCII.
        likely(&[SaysOne(&[
            "Invalid character in header content",
            "failed to parse header value",
        ])]),
        likely(&[SaysOne(&["Unexpected char 0x0", "Unexpected char 0x1"]), Says("value")]),
    ],
    why: "The key was stored with a line break, a carriage return, a blank or two keys in one \
          value. HTTP libraries refuse to send a header with these, so the request never leaves \
          the machine, even where an SDK speaks of a connection error.",
    fix: &[
        you("Save the key alone, on one line, without anything after it").run_in(
            "tr -d '[:space:]' < key.txt > key.clean && mv key.clean key.txt",
            "(Get-Content key.txt -Raw) -replace '\\s', '' | Set-Content key.txt -NoNewline",
        ),
        you("In CI, paste the secret again without a line break at its end"),
        CHECK_KEY,
    ],
    confirm: "gemini-doctor check-key finds no control character in the key.",
    seen_as: &[
        "httpx.LocalProtocolError: Illegal header value b'AQ.FAKE-example-key\\n'",
        "requests.exceptions.InvalidHeader: Invalid leading whitespace, reserved character(s), or \
         return character(s) in header value: 'AQ.FAKE-example-key\\n'",
        "TypeError [ERR_INVALID_CHAR]: Invalid character in header content [\"x-goog-api-key\"]",
        "net/http: invalid header field value for \"X-Goog-Api-Key\"",
        "reqwest::Error { kind: Builder, source: failed to parse header value }",
    ],
    live: &[&[Flaw(KeyFlaw::Control)], &[Flaw(KeyFlaw::Control), Key(KeyKind::AuthKey)]],
    not: &[
        "UnicodeEncodeError: 'ascii' codec can't encode character '\\u200b' in position 12: ordinal \
         not in range(128)",
        REFUSED,
    ],
    splits: &[
        Split {
            id: "api-key-non-ascii",
            by: "gemini-doctor check-key, which names the character and its place in the key",
        },
        Split { id: "key-variable-empty", by: "whether anything stands after Bearer in the text" },
    ],
    reproduce: "api-key-control-characters",
    hides: &["api-key-invalid"],
    docs: &[],
    as_of: "2026-11-20",
};

const KEY_QUOTED: KnownFix = KnownFix {
    id: "key-quoted",
    title: "The key is stored with quotes round it",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Flaw(KeyFlaw::Quoted), Not(&ANSWERED)]),
        sure(&[Flaw(KeyFlaw::Quoted), Reason("API_KEY_INVALID")]),
        sure(&[Flaw(KeyFlaw::Quoted), Status(401)]),
    ],
    why: "The quotes became part of the key. A shell and a .env file take them off, but docker \
          --env-file, a CI secret and PowerShell's or Windows' set command keep them.",
    fix: &[you("Store the key without quotes where it comes from"), CHECK_KEY],
    confirm: "gemini-doctor check-key finds no quotes and lists the models.",
    seen_as: &[],
    live: &[
        &[Flaw(KeyFlaw::Quoted), Key(KeyKind::AuthKey)],
        &[Flaw(KeyFlaw::Quoted), Key(KeyKind::AuthKey), Reason("API_KEY_INVALID"), Status(400)],
    ],
    not: &[REFUSED],
    splits: &[],
    reproduce: "key-quoted",
    hides: &["api-key-invalid"],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

const KEY_BEARER_PREFIX: KnownFix = KnownFix {
    id: "key-bearer-prefix",
    title: "The key is stored with a header's words in front of it",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Flaw(KeyFlaw::Prefixed), Not(&ANSWERED)]),
        sure(&[Flaw(KeyFlaw::Prefixed), Reason("API_KEY_INVALID")]),
        sure(&[Flaw(KeyFlaw::Prefixed), Status(401)]),
    ],
    why: "Bearer or x-goog-api-key was copied together with the key. The library writes the header \
          itself, so these words reach Google as a part of the key.",
    fix: &[you("Store the key alone, beginning with AQ. and nothing in front of it"), CHECK_KEY],
    confirm: "gemini-doctor check-key finds no words in front of the key and lists the models.",
    seen_as: &[],
    live: &[
        &[Flaw(KeyFlaw::Prefixed)],
        &[Flaw(KeyFlaw::Prefixed), Key(KeyKind::Other), Reason("API_KEY_INVALID"), Status(400)],
    ],
    not: &[REFUSED],
    splits: &[],
    reproduce: "key-bearer-prefix",
    hides: &["api-key-invalid", "bearer-instead-of-api-key"],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

const KEY_PLACEHOLDER: KnownFix = KnownFix {
    id: "key-placeholder",
    title: "A placeholder stands where the key belongs",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Flaw(KeyFlaw::Placeholder), Not(&ANSWERED)]),
        sure(&[Flaw(KeyFlaw::Placeholder), Reason("API_KEY_INVALID")]),
        sure(&[Flaw(KeyFlaw::Placeholder), Status(401)]),
        // Careful people write the same to hide a key before they paste.
        maybe(&[SaysOne(&["key=YOUR_API_KEY", "key=YOUR_GEMINI_API_KEY"]), Status(400)]),
    ],
    why: "The text that documentation and templates show in the place of a key was never replaced \
          by a real one.",
    fix: &[MAKE_KEY, you("Put it where the placeholder stands"), CHECK_KEY],
    confirm: "gemini-doctor check-key shows an auth key and lists the models.",
    seen_as: &["httpx.HTTPStatusError: Client error '400 Bad Request' for url \
         'https://generativelanguage.googleapis.com/v1beta/models?key=YOUR_API_KEY'"],
    live: &[
        &[Flaw(KeyFlaw::Placeholder), Key(KeyKind::Other)],
        &[Flaw(KeyFlaw::Placeholder), Key(KeyKind::Other), Reason("API_KEY_INVALID"), Status(400)],
    ],
    not: &[REFUSED],
    splits: &[],
    reproduce: "key-placeholder",
    hides: &["api-key-invalid"],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

const KEY_UNEXPANDED_VARIABLE: KnownFix = KnownFix {
    id: "key-unexpanded-variable",
    title: "The name of a variable was sent in place of the key",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Flaw(KeyFlaw::Unexpanded), Not(&ANSWERED)]),
        sure(&[Flaw(KeyFlaw::Unexpanded), Reason("API_KEY_INVALID")]),
        sure(&[Flaw(KeyFlaw::Unexpanded), Status(401)]),
        // A percent sign shows that this very text went into a URL.
        likely(&[SaysOne(&["key=%24", "key=%7B%7B"])]),
    ],
    why: "Something that should have replaced the variable by its value did not: single quotes in \
          a shell, a .env reader or a configuration file without expansion, or a CI expression \
          outside the place where it is evaluated.",
    fix: &[
        you("Use double quotes, or the spelling of variables that this place understands"),
        you("Write the value itself where nothing expands variables"),
        CHECK_KEY,
    ],
    confirm: "gemini-doctor check-key shows an auth key and lists the models.",
    seen_as: &["requests.exceptions.HTTPError: 400 Client Error: Bad Request for url: \
         https://generativelanguage.googleapis.com/v1beta/models?key=%24GEMINI_API_KEY"],
    live: &[
        &[Flaw(KeyFlaw::Unexpanded), Key(KeyKind::Other)],
        &[Flaw(KeyFlaw::Unexpanded), Key(KeyKind::Other), Reason("API_KEY_INVALID"), Status(400)],
    ],
    not: &[REFUSED],
    splits: &[],
    reproduce: "key-unexpanded-variable",
    hides: &["api-key-invalid"],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

const KEY_TRUNCATED: KnownFix = KnownFix {
    id: "key-truncated",
    title: "The key is shorter than keys of its kind are",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        likely(&[Flaw(KeyFlaw::Truncated), Not(&ANSWERED)]),
        sure(&[Flaw(KeyFlaw::Truncated), Reason("API_KEY_INVALID")]),
        likely(&[Flaw(KeyFlaw::Truncated), Status(401)]),
    ],
    why: "A part of the key is missing. It was cut while copying, or a character in it, such as # \
          in .env or $ in a shell, ended the value early.",
    fix: &[
        you("Copy the whole key again from https://aistudio.google.com/api-keys"),
        you("Put the value into single quotes where the file format takes them off"),
        CHECK_KEY,
    ],
    confirm: "gemini-doctor check-key finds the length usual and lists the models.",
    seen_as: &[],
    live: &[
        &[Flaw(KeyFlaw::Truncated), Key(KeyKind::StandardKey)],
        &[
            Flaw(KeyFlaw::Truncated),
            Key(KeyKind::StandardKey),
            Reason("API_KEY_INVALID"),
            Status(400),
        ],
    ],
    not: &[REFUSED],
    splits: &[Split {
        id: "standard-key-rejected-2026",
        by: "a complete key: standard keys (AIza...) are refused at any length since 2026",
    }],
    reproduce: "key-truncated",
    hides: &["api-key-invalid", "standard-key-rejected-2026"],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

/// How programs say that they only know keys of the old kind.
const OLD_PREFIX_WANTED: Sign = SaysOne(&[
    "start with AIza",
    "start with 'AIza",
    "start with \"AIza",
    "start with `AIza",
    "starts with AIza",
    "starts with 'AIza",
    "starts with \"AIza",
    "starts with `AIza",
    "starting with AIza",
    "starting with 'AIza",
    "starting with \"AIza",
    "starting with `AIza",
    "begin with AIza",
    "begin with 'AIza",
    "begin with \"AIza",
    "begins with AIza",
    "beginning with AIza",
    "prefix AIza",
    "prefix 'AIza",
    "prefix \"AIza",
    "want \"AIza",
    "want AIza",
    "expected AIza",
    "expected 'AIza",
    "expected \"AIza",
    "^AIza",
]);

const CLIENT_REJECTS_NEW_KEY_FORMAT: KnownFix = KnownFix {
    id: "client-rejects-new-key-format",
    title: "The program only knows keys that start AIza, and refuses a good new one",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[OLD_PREFIX_WANTED, Says("AQ.")]),
        sure(&[OLD_PREFIX_WANTED, Key(KeyKind::AuthKey)]),
        sure(&[SaysOne(&[
            "is an OAuth-type token, not an API key",
            "looks like an OAuth token, not an API key",
            "unexpected prefix \"AQ.",
            "unexpected prefix 'AQ.",
        ])]),
        likely(&[OLD_PREFIX_WANTED]),
        likely(&[
            SaysOne(&["API key format", "format of API key", "API key prefix", "key pattern"]),
            Says("AQ."),
            Not(&OLD_PREFIX_WANTED),
            Not(&By(Party::Api)),
        ]),
        maybe(&[
            SaysOne(&[
                "invalid API key format",
                "API key format is invalid",
                "API key has an invalid format",
                "malformed Gemini API key",
            ]),
            Not(&By(Party::Api)),
        ]),
        // A program that holds a key of the new kind and says that it has none.
        maybe(&[
            SaysOne(&["=AQ.", "= AQ.", "=[redacted AQ.", ": AQ.", ": [redacted AQ."]),
            SaysOne(&["key not found", "no API key", "key is missing", "key not recogni"]),
            Not(&By(Party::Api)),
            Not(&ANSWERED),
        ]),
        // A key in the query or behind Bearer, and an answer without a word of the API's.
        maybe(&[Key(KeyKind::AuthKey), Sent(SentAs::Query), Status(404), Not(&By(Party::Api))]),
    ],
    why: "Keys made since 2026 start AQ., and programs that were written before look for AIza. They \
          stop the key on this machine, so Google has not been asked and has not refused anything. \
          The old kind that they ask for is no longer taken.",
    fix: &[
        you("Test the key without that program").run("gemini-doctor check-key"),
        you("Update the program, or switch off its check of the key's form in its settings"),
        you("Report it to its makers: a key is proved by a call and not by its first letters"),
        you("Send the key in the header x-goog-api-key if the program is your own"),
    ],
    confirm: "gemini-doctor check-key lists the models, and the updated program does not complain.",
    seen_as: &[
        "ValueError: GOOGLE_API_KEY is malformed: Gemini keys start with 'AIza', this one is \
         'AQ.FAKE-exa...'",
        "error: AQ.FAKE-example is an OAuth-type token, not an API key",
        "settings.py: api_key does not match pattern ^AIza[0-9A-Za-z_-]{35}$",
    ],
    live: &[],
    not: &[
        REFUSED,
        "httpx.LocalProtocolError: Illegal header value b'AIzaFAKE-example\\n'",
        "google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {'error': {'code': 400, 'message': \
         'API key not valid. Please pass a valid API key.', 'status': 'INVALID_ARGUMENT'}}",
    ],
    splits: &[
        Split {
            id: "api-key-invalid",
            by: "gemini-doctor check-key: Google itself takes the key, or refuses it",
        },
        Split { id: "key-truncated", by: "the length of the key, which check-key compares" },
        Split {
            id: "env-var-name-mismatch",
            by: "the name of the variable that the program reads, in its documentation",
        },
        Split {
            id: "sdk-no-credentials-configured",
            by: "gemini-doctor check-key, started in the same way: whether it finds the key",
        },
    ],
    reproduce: "",
    hides: &[],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

/// How other providers show the key that they refuse, when it is one of Google's.
const GEMINI_KEY_SHOWN: &[&str] =
    &["provided: AIza", "provided: AQ.", "provided: [redacted AIza", "provided: [redacted AQ."];

const WRONG_PROVIDER_KEY: KnownFix = KnownFix {
    id: "wrong-provider-key",
    title: "A key of one provider was sent to another",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        likely(&[Flaw(KeyFlaw::OtherProvider), Not(&ANSWERED)]),
        sure(&[Flaw(KeyFlaw::OtherProvider), Reason("API_KEY_INVALID")]),
        likely(&[Flaw(KeyFlaw::OtherProvider), Status(401)]),
        sure(&[Says("Incorrect API key provided"), SaysOne(GEMINI_KEY_SHOWN)]),
        sure(&[
            SaysOne(&[
                "x-goog-api-key: sk-",
                "x-goog-api-key: [redacted sk-",
                "x-goog-api-key: gsk_",
                "?key=sk-",
                "&key=sk-",
            ]),
            StatusIn(&[400, 401]),
        ]),
        maybe(&[Key(KeyKind::Other), Reason("API_KEY_INVALID")]),
        // Another provider refuses another provider's key: whether Gemini is meant, nobody says.
        maybe(&[
            Says("Incorrect API key provided"),
            Not(&SaysOne(&["provided: sk-", "provided: [redacted sk-"])),
        ]),
        maybe(&[Says("invalid x-api-key")]),
    ],
    why: "The key and the host belong to different providers. Most often one of the two was \
          changed, and the other, the base URL or the key's variable, was left as it was.",
    fix: &[
        you("Send Gemini keys, which start AQ., to generativelanguage.googleapis.com only"),
        you("Set provider, base URL and key together in the tool's settings"),
        you("Put a Gemini key into GEMINI_API_KEY").run_in(
            "export GEMINI_API_KEY=\"$(cat key.txt)\"",
            "$env:GEMINI_API_KEY = (Get-Content key.txt -Raw).Trim()",
        ),
    ],
    confirm: "gemini-doctor check-key shows an auth key and lists the models.",
    seen_as: &[
        "GET https://generativelanguage.googleapis.com/v1beta/models?key=sk-proj-FAKEexample 400\n\
         {\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid API \
         key.\",\"status\":\"INVALID_ARGUMENT\"}}",
        r#"{"error":{"message":"Incorrect API key provided: AIzaFAKE****mple. You can find your API key at https://platform.openai.com/account/api-keys.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#,
        "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key \
         provided: AQ.FAKE****mple. You can find your API key at \
         https://platform.openai.com/account/api-keys.'}}",
    ],
    live: &[
        &[Flaw(KeyFlaw::OtherProvider), Key(KeyKind::Other)],
        &[
            Flaw(KeyFlaw::OtherProvider),
            Key(KeyKind::Other),
            Reason("API_KEY_INVALID"),
            Status(400),
        ],
    ],
    not: &[
        // Another provider's own business.
        "openai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key \
         provided: sk-FAKE****mple. You can find your API key at \
         https://platform.openai.com/account/api-keys.'}}",
        REFUSED,
    ],
    splits: &[Split {
        id: "api-key-invalid",
        by: "the start of the key that was sent: AQ. is Google's, sk- and others are not",
    }],
    reproduce: "wrong-provider-key",
    hides: &["api-key-invalid"],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

/// Where a login's token belongs, so that nothing is wrong with its place.
const AS_BEARER: Sign = Sent(SentAs::Bearer);

const OAUTH_TOKEN_AS_KEY: KnownFix = KnownFix {
    id: "oauth-token-as-key",
    title: "An OAuth access token was sent in place of an API key",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Key(KeyKind::OauthToken), Reason("API_KEY_INVALID")]),
        sure(&[Key(KeyKind::OauthToken), Reason("ACCESS_TOKEN_TYPE_UNSUPPORTED"), Not(&AS_BEARER)]),
        sure(&[
            Key(KeyKind::OauthToken),
            Says("OAuth 2 access token, login cookie"),
            Not(&Reason("ACCESS_TOKEN_EXPIRED")),
            Not(&AS_BEARER),
        ]),
        likely(&[
            Key(KeyKind::OauthToken),
            Status(401),
            Not(&Reason("ACCESS_TOKEN_EXPIRED")),
            Not(&AS_BEARER),
        ]),
        sure(&[SaysOne(&[
            "key=ya29.",
            "key=[redacted ya29.",
            "x-goog-api-key: ya29.",
            "x-goog-api-key: [redacted ya29.",
        ])]),
    ],
    why: "Tokens that start ya29. come from a login and live for about an hour. They belong into \
          an Authorization header, while the key's header and the key parameter take API keys \
          only.",
    fix: &[
        MAKE_KEY,
        you("Put the key, not the token, into GEMINI_API_KEY"),
        you("Send the token as Authorization: Bearer if a login is what you mean to use"),
    ],
    confirm: "gemini-doctor check-key shows an auth key and lists the models.",
    seen_as: &["requests.exceptions.HTTPError: 400 Client Error: Bad Request for url: \
         https://generativelanguage.googleapis.com/v1beta/models?key=ya29.FAKE-example-token"],
    live: &[
        &[Key(KeyKind::OauthToken), Reason("API_KEY_INVALID"), Status(400)],
        &[Key(KeyKind::OauthToken), Says("OAuth 2 access token, login cookie"), Status(401)],
    ],
    not: &[
        // A client that mistakes the new kind of key for a token.
        "error: AQ.FAKE-example is an OAuth-type token, not an API key",
        REFUSED,
    ],
    splits: &[Split {
        id: "invalid-oauth-token",
        by: "the header that the token was sent in: behind Bearer it is a bad token, not a key",
    }],
    reproduce: "oauth-token-as-key",
    hides: &["api-key-invalid", "bearer-instead-of-api-key"],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

const SERVICE_ACCOUNT_AS_KEY: KnownFix = KnownFix {
    id: "service-account-as-key",
    title: "A service account's JSON stands where the API key belongs",
    layer: Layer::Auth,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        likely(&[Key(KeyKind::ServiceAccount), Not(&ANSWERED)]),
        sure(&[Key(KeyKind::ServiceAccount), Flaw(KeyFlaw::Control)]),
        sure(&[Key(KeyKind::ServiceAccount), Reason("API_KEY_INVALID")]),
        sure(&[Says("header value"), Says("service_account")]),
    ],
    why: "The file holds a private key from which a program makes short-lived tokens. It is not an \
          API key itself, and its private key must never be sent anywhere.",
    fix: &[
        MAKE_KEY,
        you("Name the JSON file in GOOGLE_APPLICATION_CREDENTIALS only, for SDKs that log in")
            .run_in(
                "export GOOGLE_APPLICATION_CREDENTIALS=/path/to/service-account.json",
                "$env:GOOGLE_APPLICATION_CREDENTIALS = 'C:\\path\\to\\service-account.json'",
            ),
        you("Replace the service account's key if a program has sent or logged the file"),
    ],
    confirm: "gemini-doctor check-key shows an auth key and lists the models.",
    seen_as: &[
        "httpx.LocalProtocolError: Illegal header value b'{\\n  \"type\": \"service_account\",\\n  \
         \"project_id\": \"example-project\",\\n'",
    ],
    live: &[
        &[Key(KeyKind::ServiceAccount)],
        &[Key(KeyKind::ServiceAccount), Flaw(KeyFlaw::Control)],
    ],
    not: &[
        "google.auth.exceptions.DefaultCredentialsError: File /app/adc.json is not a valid json \
         file.",
        REFUSED,
    ],
    splits: &[],
    reproduce: "service-account-as-key",
    hides: &["api-key-invalid", "api-key-control-characters"],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

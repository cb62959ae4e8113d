//! Known fixes for credentials and variables of the machine, as client libraries complain about them.
//!
//! No server's refusal belongs here: these programs stop before they ask for anything but a token.

use crate::{
    catalog::{
        KnownFix,
        Sign::{self, By, Meta, Not, Reason, Says, SaysOne},
        Split, likely, maybe, owner, sure, you,
    },
    facts::{Blame, Class, Layer, LocalFact, Party, RetryClass, Severity},
};

use super::key::API_KEY_PAGE;

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &ADC_REAUTH_REQUIRED,
    &ADC_JSON_CORRUPT,
    &ADC_MISSING,
    &OAUTH_INVALID_GRANT,
    &LOGIN_PRODUCT_NOT_AUTHORIZED,
    &VERTEX_KEY_AND_PROJECT_CONFLICT,
    &ENV_VAR_NAME_MISMATCH,
];

const ADC_PAGE: &str = "https://cloud.google.com/docs/authentication/provide-credentials-adc";
const ADC_TROUBLE_PAGE: &str = "https://cloud.google.com/docs/authentication/troubleshoot-adc";

/// How the token server says no to whatever a token should have been made from.
const INVALID_GRANT: Sign = SaysOne(&["invalid_grant", "invalid grant"]);

/// What it says when only a person's fresh login will do.
const REAUTH_WANTED: Sign =
    SaysOne(&["invalid_rapt", "rapt_required", "reauth related error", "Reauthentication"]);

/// How the libraries say that they looked everywhere.
const NONE_FOUND: Sign = SaysOne(&[
    "default credentials were not found",
    "not load the default credentials",
    "not find default credentials",
    "not automatically determine credentials",
    "Application Default Credentials are not available",
    "Application Default Credentials not found",
    "Application Default Credentials were not found",
    "not load application default credentials",
    "do not have valid Application Default Credentials",
    "no application default credentials",
]);

const ADC_MISSING: KnownFix = KnownFix {
    id: "adc-missing",
    title: "The program wants a Google login and finds none on this machine",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: Some(Class::Usage),
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[NONE_FOUND]),
        sure(&[Sign::Local(LocalFact::NoCredentials)]),
        likely(&[Says("set-up-adc"), Not(&NONE_FOUND), Not(&By(Party::Api))]),
        likely(&[
            SaysOne(&["was not found", "does not exist", "no such file"]),
            SaysOne(&["DefaultCredentialsError", "GOOGLE_APPLICATION_CREDENTIALS"]),
            Not(&Says("No API_KEY or ADC found")),
        ]),
        likely(&[
            SaysOne(&["VertexAI.GoogleAuthError", "Unable to authenticate your request"]),
            Not(&By(Party::Api)),
        ]),
        likely(&[
            SaysOne(&["metadata.google.internal", "Metadata server unavailable"]),
            SaysOne(&["google.auth", "google-auth", "gcp-metadata", "credentials"]),
            Not(&By(Party::Api)),
        ]),
        maybe(&[SaysOne(&[
            "Unable to detect a Project Id in the current environment",
            "Project was not passed and could not be determined from the environment",
            "Unable to find your project",
        ])]),
        maybe(&[
            Says("DefaultCredentialsError"),
            Not(&NONE_FOUND),
            Not(&Says("No API_KEY or ADC found")),
            Not(&Says("json")),
        ]),
    ],
    why: "The client took the way of the cloud platform, which works with a login and not with an API \
          key, and this machine has neither a login nor a key file. Half of those who see this wanted \
          the Developer API: the key's variable was empty, or a setting or a model's prefix chose the \
          cloud platform.",
    fix: &[
        you("For the Developer API, see whether a key is found, and set GEMINI_API_KEY if not")
            .run("gemini-doctor check-key --api gemini"),
        you("Take away what chooses the cloud platform, such as GOOGLE_GENAI_USE_VERTEXAI")
            .run_in("unset GOOGLE_GENAI_USE_VERTEXAI", "Remove-Item Env:GOOGLE_GENAI_USE_VERTEXAI"),
        you(
            "Write the model's name with the prefix gemini/ and not vertex_ai/ where a router has both",
        ),
        you("For the cloud platform, log in on a machine of your own")
            .run("gcloud auth application-default login"),
        owner("Attach a service account to the server or the job, so that it needs no file"),
    ],
    confirm: "The program starts, or gemini-doctor check-key finds a key and lists the models.",
    seen_as: &[
        "google.auth.exceptions.DefaultCredentialsError: Your default credentials were not found. To \
         set up Application Default Credentials, see \
         https://cloud.google.com/docs/authentication/external/set-up-adc for more information.",
        "Error: Could not load the default credentials. Browse to \
         https://cloud.google.com/docs/authentication/getting-started for more information.",
        "panic: google: could not find default credentials. See \
         https://cloud.google.com/docs/authentication/external/set-up-adc",
        "java.io.IOException: The Application Default Credentials are not available. They are \
         available if running in Google Compute Engine.",
    ],
    live: &[],
    not: &[
        "google.auth.exceptions.DefaultCredentialsError: ('File /app/adc.json is not a valid json \
         file.', JSONDecodeError('Expecting value: line 1 column 1 (char 0)'))",
        "google.auth.exceptions.DefaultCredentialsError: No API_KEY or ADC found. Please set the \
         GOOGLE_API_KEY environment variable.",
        r#"{"error":{"code":403,"message":"Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/example' (or it may not exist).","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"IAM_PERMISSION_DENIED","domain":"aiplatform.googleapis.com"}]}}"#,
    ],
    splits: &[
        Split {
            id: "sdk-no-credentials-configured",
            by: "the words: an SDK that was given nothing asks for a key, a login for ADC",
        },
        Split {
            id: "adc-json-corrupt",
            by: "whether the file in GOOGLE_APPLICATION_CREDENTIALS exists and parses as JSON",
        },
        Split {
            id: "env-var-name-mismatch",
            by: "whether a key was meant: then the variable that the program reads is empty",
        },
    ],
    reproduce: "",
    hides: &[],
    docs: &[ADC_PAGE, ADC_TROUBLE_PAGE],
    as_of: "2026-11-20",
};

const ADC_JSON_CORRUPT: KnownFix = KnownFix {
    id: "adc-json-corrupt",
    title: "The login's JSON file or variable cannot be read",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("is not a valid json file")]),
        sure(&[Sign::Local(LocalFact::CredentialsCorrupt)]),
        sure(&[
            SaysOne(&[
                "not valid JSON",
                "JSONDecodeError",
                "Unexpected token",
                "invalid character",
                "unexpected end of JSON",
            ]),
            SaysOne(&[
                "GOOGLE_APPLICATION_CREDENTIALS",
                "DefaultCredentialsError",
                "google.auth",
                "google/auth",
                "application_default_credentials",
            ]),
        ]),
        sure(&[
            SaysOne(&["Service account info was not in the expected format", "MalformedError"]),
            SaysOne(&["expected format", "client_email", "token_uri", "missing fields"]),
        ]),
        sure(&[SaysOne(&[
            "does not contain a client_email field",
            "does not contain a private_key field",
            "does not have a valid type",
            "Type is None, expected one of",
        ])]),
        likely(&[SaysOne(&[
            "Could not deserialize key data",
            "No key could be detected",
            "Invalid PEM formatted message",
            "DECODER routines::unsupported",
            "error parsing credentials",
            "failed to parse service account",
        ])]),
        maybe(&[SaysOne(&["\"undefined\" is not valid JSON", "\"[object Obj\"... is not valid JSON"])]),
    ],
    why: "The file of a login or of a service account is cut, empty, saved with hidden characters, or \
          its path stands where its contents belong, or the other way round. A private key whose line \
          breaks were lost in a variable fails in the same place. Nothing has been sent yet.",
    fix: &[
        you("See whether the file parses, without printing it").run_in(
            "python3 -m json.tool \"$GOOGLE_APPLICATION_CREDENTIALS\" > /dev/null && echo parses",
            "Get-Content $env:GOOGLE_APPLICATION_CREDENTIALS -Raw | ConvertFrom-Json | Out-Null; $?",
        ),
        you("Set the variable to the file's path, unless the program asks for its contents"),
        you("Keep the line breaks of the private key, written as \\n, when a variable holds it"),
        you("Make the login anew").run("gcloud auth application-default login"),
        owner("Issue a new key for the service account if the file cannot be saved whole"),
    ],
    confirm: "The file parses as JSON, and the program starts.",
    seen_as: &[
        "google.auth.exceptions.DefaultCredentialsError: ('File /app/adc.json is not a valid json \
         file.', JSONDecodeError('Expecting value: line 1 column 1 (char 0)'))",
        "SyntaxError: The file at /app/key.json is not valid JSON: Unexpected end of JSON input \
         (GOOGLE_APPLICATION_CREDENTIALS)",
        "google.auth.exceptions.MalformedError: Service account info was not in the expected format, \
         missing fields client_email.",
        "ValueError: Could not deserialize key data. The data may be in an incorrect format.",
    ],
    live: &[],
    not: &[
        "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
        "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        "google.auth.exceptions.DefaultCredentialsError: Your default credentials were not found.",
    ],
    splits: &[
        Split {
            id: "adc-missing",
            by: "whether the file in GOOGLE_APPLICATION_CREDENTIALS exists at all",
        },
        Split {
            id: "answer-not-json",
            by: "the stack: a login that is read at the start, or the answer to a call",
        },
    ],
    reproduce: "",
    hides: &["adc-missing"],
    docs: &[ADC_PAGE, ADC_TROUBLE_PAGE],
    as_of: "2026-11-20",
};

const ADC_REAUTH_REQUIRED: KnownFix = KnownFix {
    id: "adc-reauth-required",
    title: "Your organisation wants this login to be renewed by a person",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[INVALID_GRANT, REAUTH_WANTED]),
        sure(&[REAUTH_WANTED, SaysOne(&["gcloud", "RefreshError", "google.auth"])]),
        sure(&[SaysOne(&["invalid_rapt", "rapt_required", "reauth related error"])]),
        sure(&[Meta("error_subtype", "rapt")]),
        likely(&[SaysOne(&[
            "Reauthentication is needed",
            "Reauthentication failed",
            "Reauthentication required",
        ])]),
    ],
    why: "The organisation limits how long a person's login may last, and this one is over. The token \
          server refuses to make a new token until somebody types a password again, which no program \
          can do. Network, project and model are not the cause.",
    fix: &[
        you("Log in again, and restart the program that holds the old login")
            .run("gcloud auth application-default login"),
        owner("Use a service account for jobs that run unattended, since it is not asked"),
        owner(
            "Have the session length of the organisation's cloud tools looked at if it is too short",
        ),
    ],
    confirm: "The program passes now; it will ask again when the session ends.",
    seen_as: &[
        r#"google.auth.exceptions.RefreshError: ('invalid_grant: reauth related error (invalid_rapt)', {'error': 'invalid_grant', 'error_description': 'reauth related error (invalid_rapt)', 'error_subtype': 'invalid_rapt'})"#,
        "google.auth.exceptions.RefreshError: Reauthentication is needed. Please run `gcloud auth \
         application-default login` to reauthenticate.",
        "Error: oauth2: \"invalid_grant\" \"reauth related error (rapt_required)\"",
    ],
    live: &[],
    not: &["google.auth.exceptions.RefreshError: ('invalid_grant: Bad Request', {'error': \
         'invalid_grant', 'error_description': 'Bad Request'})"],
    splits: &[Split {
        id: "oauth-invalid-grant",
        by: "the word rapt in the token server's answer: with it a fresh login is all it takes",
    }],
    reproduce: "",
    hides: &["oauth-invalid-grant"],
    docs: &["https://support.google.com/a/answer/9368756", ADC_TROUBLE_PAGE],
    as_of: "2026-11-20",
};

/// What it says of a signed statement or a proof, which is no stored login.
const OF_A_STATEMENT: Sign = SaysOne(&[
    "Invalid JWT",
    "account not found",
    "Robot is disabled",
    "has been deleted",
    "stale to sign-in",
    "audience in ID Token",
]);

/// What the token server adds when it is no matter of a session.
const GRANT_IS_DEAD: Sign = SaysOne(&["expired or revoked", "Bad Request"]);

const OAUTH_INVALID_GRANT: KnownFix = KnownFix {
    id: "oauth-invalid-grant",
    title: "The stored login was withdrawn, or has run out for want of use",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[INVALID_GRANT, GRANT_IS_DEAD, Not(&REAUTH_WANTED)]),
        sure(&[Reason("invalid_grant"), GRANT_IS_DEAD, Not(&REAUTH_WANTED)]),
        likely(&[INVALID_GRANT, Not(&REAUTH_WANTED), Not(&OF_A_STATEMENT)]),
        // Without its words it may be a session that has ended.
        maybe(&[Reason("invalid_grant"), Not(&REAUTH_WANTED), Not(&OF_A_STATEMENT)]),
        likely(&[Says("Token has been expired or revoked")]),
    ],
    why: "A program made a request for a fresh token, and the token server refused what it was to be \
          made from: a login that was withdrawn, that was not used for months, or that a changed password \
          has ended. The API itself was not asked.",
    fix: &[
        you("Log in again, and remove a tool's own cached login if it keeps the old one")
            .run("gcloud auth application-default login"),
        owner("Use a service account for jobs that run unattended"),
        you("Use an API key instead where the Developer API is meant")
            .run("gemini-doctor check-key --api gemini"),
    ],
    confirm: "gcloud auth application-default print-access-token prints a token, and the call passes.",
    seen_as: &[
        "google.auth.exceptions.RefreshError: ('invalid_grant: Token has been expired or revoked.', \
         {'error': 'invalid_grant', 'error_description': 'Token has been expired or revoked.'})",
        r#"{"error":"invalid_grant","error_description":"Bad Request"}"#,
    ],
    live: &[],
    not: &[
        r#"google.auth.exceptions.RefreshError: ('invalid_grant: reauth related error (invalid_rapt)', {'error': 'invalid_grant', 'error_description': 'reauth related error (invalid_rapt)', 'error_subtype': 'invalid_rapt'})"#,
        r#"{"error":{"code":401,"message":"Request had invalid authentication credentials.","status":"UNAUTHENTICATED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"ACCESS_TOKEN_EXPIRED","domain":"googleapis.com"}]}}"#,
    ],
    splits: &[Split {
        id: "adc-reauth-required",
        by: "the word rapt in the token server's whole answer, which names a session that ended",
    }],
    reproduce: "",
    hides: &[],
    docs: &[ADC_TROUBLE_PAGE],
    as_of: "2026-11-20",
};

const LOGIN_PRODUCT_NOT_AUTHORIZED: KnownFix = KnownFix {
    id: "login-product-not-authorized",
    title: "The Google login was not given to the program that asked for it",
    layer: Layer::Permission,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[
            Says("not yet authorized to access your account"),
            SaysOne(&["Gemini", "Code Assist"]),
        ]),
        likely(&[Says("authentication did not complete successfully"), Says("Gemini")]),
        likely(&[
            SaysOne(&[
                "Error 400: admin_policy_enforced",
                "Error 403: access_denied",
                "access_not_configured",
            ]),
            SaysOne(&["Gemini", "Code Assist", "cloudcode"]),
        ]),
    ],
    why: "The page in the browser ended without a yes: the request for access was closed, refused, or \
          made for another account, or the organisation does not let this program use its logins. No \
          call was made, so key, quota and network have no part in it.",
    fix: &[
        you("Log in again, choose the account you mean, and agree to all that the page asks for"),
        you("Open the page in a private window if the browser keeps choosing another account"),
        owner("Have the organisation's administrator allow the program, if its account is used"),
        you("Use an API key in the tool in place of the login, and see that it works first")
            .run("gemini-doctor check-key --api gemini"),
    ],
    confirm: "The tool answers after the login, or gemini-doctor check-key passes with a key.",
    seen_as: &[
        "Error: The authentication did not complete successfully. The following products are not yet \
         authorized to access your account: Gemini Code Assist",
        "Login failed: the following products are not yet authorized to access your account:\n  Gemini CLI",
    ],
    live: &[],
    not: &[
        "Failed to login. Message: You are currently configured to use a Google Cloud Project but lack \
         a Gemini Code Assist license. (#3501)",
    ],
    splits: &[Split {
        id: "code-assist-license-or-validation",
        by: "when it fails: in the browser's page, or by an answer to the login that has ended well",
    }],
    reproduce: "",
    hides: &[],
    docs: &["https://docs.cloud.google.com/gemini/docs/codeassist/set-up-gemini"],
    as_of: "2026-11-20",
};

const VERTEX_KEY_AND_PROJECT_CONFLICT: KnownFix = KnownFix {
    id: "vertex-key-and-project-conflict",
    title: "The SDK was given both an API key and a project, and takes only one",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[
            Says("mutually exclusive"),
            SaysOne(&["API key", "api_key", "apiKey"]),
            SaysOne(&["project", "location", "vertexai"]),
        ]),
        likely(&[
            SaysOne(&["both an API key and", "API key and project", "project and API key"]),
            SaysOne(&["not allowed", "cannot", "can not", "only one", "not both"]),
        ]),
    ],
    why: "A project and a location choose the cloud platform with a login; a key chooses its own way. \
          The client found one in the code and the other in the code or in a variable, and refuses to \
          guess. Nothing has been sent.",
    fix: &[
        you("For the Developer API, keep the key and drop project, location and vertexai")
            .run("gemini-doctor check-key --api gemini"),
        you("For the cloud platform, take the key's variables away").run_in(
            "unset GEMINI_API_KEY GOOGLE_API_KEY",
            "Remove-Item Env:GEMINI_API_KEY, Env:GOOGLE_API_KEY",
        ),
        you("Look through .env and the shell's profile for the one that you did not mean"),
    ],
    confirm: "The client is made without an error, and its first call passes.",
    seen_as: &[
        "ValueError: Project/location and API key are mutually exclusive in the client initializer.",
        "Error: Project/location and API key are mutually exclusive in the client initializer.\n    at \
         new GoogleGenAI (node_modules/@google/genai/dist/node/index.mjs)",
    ],
    live: &[],
    not: &[
        "error: the argument '--key-file' cannot be used with '--key-command'",
        "ValueError: Missing key inputs argument! To use the Google AI API, provide (`api_key`) \
         arguments. To use the Google Cloud API, provide (`vertexai`, `project` & `location`) \
         arguments.",
    ],
    splits: &[],
    reproduce: "",
    hides: &[],
    docs: &["https://github.com/googleapis/python-genai"],
    as_of: "2026-11-20",
};

/// The variables that programs read a key from.
const KEY_VARIABLES: Sign = SaysOne(&[
    "GEMINI_API_KEY",
    "GOOGLE_API_KEY",
    "GOOGLE_GENERATIVE_AI_API_KEY",
    "GOOGLE_GENAI_API_KEY",
    "GOOGLE_AI_API_KEY",
    "GENAI_API_KEY",
]);

/// The same where only one kind of program reads them, so that a set key is easily missed.
const UNUSUAL_VARIABLES: Sign =
    SaysOne(&["GOOGLE_GENERATIVE_AI_API_KEY", "GOOGLE_GENAI_API_KEY", "GOOGLE_AI_API_KEY"]);

/// How they say that it holds nothing.
const SAID_MISSING: Sign = SaysOne(&[
    "is missing",
    "is not set",
    "not set",
    "isn't set",
    "not found",
    "is required",
    "are required",
    "must be set",
    "missing required",
    "is undefined",
    "is empty",
    "is unset",
    "not defined",
]);

/// How the better ones say that they see the key one name away.
const SET_UNDER_ANOTHER_NAME: Sign = SaysOne(&[
    "is set but not read",
    "set but not used",
    "set but ignored",
    "did you mean",
    "_API_KEY is set)",
]);

const ENV_VAR_NAME_MISMATCH: KnownFix = KnownFix {
    id: "env-var-name-mismatch",
    title: "The program reads the key from a variable of another name",
    layer: Layer::Local,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[KEY_VARIABLES, SET_UNDER_ANOTHER_NAME]),
        likely(&[UNUSUAL_VARIABLES, SAID_MISSING, Not(&By(Party::Api))]),
        likely(&[
            Says("GEMINI_API_KEY"),
            Says("GOOGLE_API_KEY"),
            SaysOne(&["expected", "expects", "looks for", "reads", "wants", "requires"]),
            SaysOne(&[
                "found only",
                "only found",
                "but found",
                "but only",
                "not GOOGLE",
                "not GEMINI",
            ]),
            Not(&By(Party::Api)),
        ]),
        likely(&[Says("LoadAPIKeyError"), SAID_MISSING]),
        // The SDK's warning alone is no failure; somebody has to complain of it.
        likely(&[
            Says("Both GOOGLE_API_KEY and GEMINI_API_KEY are set"),
            SaysOne(&["but the", "but it", "but my", "wrong key", "instead of", "the other one"]),
            Says("_API_KEY"),
        ]),
        maybe(&[KEY_VARIABLES, SaysOne(&["variables not set up", "not set up for", "missing: ["])]),
        likely(&[
            KEY_VARIABLES,
            SAID_MISSING,
            Says("environment variable"),
            Not(&SET_UNDER_ANOTHER_NAME),
            Not(&By(Party::Api)),
            Not(&Says("No API_KEY or ADC found")),
        ]),
        maybe(&[
            KEY_VARIABLES,
            SaysOne(&["Set the", "Please set", "you must specify", "pass it via", "provide the"]),
            Says("environment variable"),
            Not(&SET_UNDER_ANOTHER_NAME),
            Not(&By(Party::Api)),
            Not(&Says("No API_KEY or ADC found")),
        ]),
        maybe(&[
            KEY_VARIABLES,
            SAID_MISSING,
            Not(&SET_UNDER_ANOTHER_NAME),
            Not(&By(Party::Api)),
            Not(&Says("No API_KEY or ADC found")),
        ]),
    ],
    why: "GEMINI_API_KEY, GOOGLE_API_KEY and GOOGLE_GENERATIVE_AI_API_KEY are read by different programs, \
          and few read all three. Google's own SDKs take GOOGLE_API_KEY first when both are set. The key \
          may be fine and stand one name away; nothing has been sent.",
    fix: &[
        you("See which variable holds the key, and that the key is good")
            .run("gemini-doctor check-key --api gemini"),
        you("Set the name that this program asks for").run_in(
            "export GOOGLE_GENERATIVE_AI_API_KEY=\"$GEMINI_API_KEY\"",
            "$env:GOOGLE_GENERATIVE_AI_API_KEY = $env:GEMINI_API_KEY",
        ),
        you(
            "Unset the others, restart the shell or the IDE, and load .env before the program starts",
        ),
    ],
    confirm: "The program starts, and gemini-doctor check-key finds one key under that name.",
    seen_as: &[
        r#"FATAL: expected GEMINI_API_KEY in the environment, found only GOOGLE_API_KEY"#,
        "AI_LoadAPIKeyError: Google Generative AI API key is missing. Pass it using the 'apiKey' \
         parameter or the GOOGLE_GENERATIVE_AI_API_KEY environment variable.",
        "KeyError: required environment variable GEMINI_API_KEY is not set (GOOGLE_API_KEY is set but \
         not used)",
        "Error: When using Gemini API, you must specify the GEMINI_API_KEY environment variable. \
         GEMINI_API_KEY is not set in your .env",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.","status":"PERMISSION_DENIED"}}"#,
        "Both GOOGLE_API_KEY and GEMINI_API_KEY are set. Using GOOGLE_API_KEY.",
        "google.auth.exceptions.DefaultCredentialsError: No API_KEY or ADC found. Please set the \
         GOOGLE_API_KEY environment variable.",
    ],
    splits: &[
        Split {
            id: "sdk-no-credentials-configured",
            by: "gemini-doctor check-key: a key under another name, or none that any name holds",
        },
        Split {
            id: "key-not-set",
            by: "gemini-doctor check-key: whether any variable on this machine holds a key",
        },
        Split {
            id: "key-variable-empty",
            by: "gemini-doctor check-key, which names a variable that is set and empty",
        },
        Split {
            id: "missing-api-key",
            by: "whether anything was sent: an answer of Google's says that no key arrived",
        },
    ],
    reproduce: "",
    hides: &[],
    docs: &[API_KEY_PAGE],
    as_of: "2026-11-20",
};

//! Known fixes for what the API refuses about media, files and caches.
//!
//! All of them are refusals of one part of a request. Key, project and network are fine in each.

use crate::{
    catalog::{
        KnownFix,
        Sign::{self, By, Closed, Meta, Not, Rpc, Says, SaysOne, Status},
        Split, likely, maybe, owner, sure, you,
    },
    facts::{Blame, Layer, Party, RetryClass, Severity},
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &MIME_TYPE_UNSUPPORTED,
    &INPUT_IMAGE_UNREADABLE,
    &DOCUMENT_UNREADABLE,
    &FILE_URI_UNSUPPORTED,
    &FILE_URL_NOT_FETCHED,
    &INLINE_DATA_BAD_BASE64,
    &FILE_NOT_ACTIVE,
    &FILE_PERMISSION_OR_EXPIRED,
    &FILE_OR_CACHE_NOT_FOUND,
    &FILE_NAME_TAKEN,
    &CACHE_TOO_SMALL,
    &CACHE_CONFLICTS,
];

const FILES_PAGE: &str = "https://ai.google.dev/gemini-api/docs/file-input-methods";
const CACHING_PAGE: &str = "https://ai.google.dev/gemini-api/docs/caching";

/// The type of the answer is meant, not that of a part that was sent.
const ABOUT_THE_ANSWER: Sign = SaysOne(&[
    "response mime type",
    "response_mime_type",
    "responseMimeType",
    "response_mimetype",
    "outputMimeType",
    "output_mime_type",
]);

/// The API's own words for a type that it does not take.
const TYPE_REFUSED: Sign = SaysOne(&[
    "Unsupported MIME type",
    "MIME type must be",
    "mimeType parameter with value",
    "mime_type parameter with value",
    "empty mimeType parameter",
    "empty mime_type parameter",
    "MIME type is not supported",
]);

/// The API's own words for a picture that it cannot read.
const IMAGE_REFUSED: Sign = SaysOne(&[
    "Unable to process input image",
    "Provided image is not valid",
    "Unable to decode input image",
    "Failed to decode input image",
]);

const MIME_TYPE_UNSUPPORTED: KnownFix = KnownFix {
    id: "mime-type-unsupported",
    title: "The MIME type of a file or picture is missing, wrong or not taken",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[TYPE_REFUSED, Not(&ABOUT_THE_ANSWER)]),
        // What SDKs say before they send anything.
        sure(&[SaysOne(&[
            "Could not determine the mimetype for your file",
            "Can not determine mimeType",
            "Cannot determine mimeType",
            "Unknown mime type:",
        ])]),
        // SDKs and frameworks that want it from the caller.
        likely(&[SaysOne(&[
            "Must supply a `contentType`",
            "Must supply a contentType",
            "mimeType is required",
            "mime_type is required",
            "mimeType must be",
            "mime_type must be",
            "missing mimeType",
            "missing mime_type",
            "Unknown mime type",
            "could not determine the mime type",
            "Unable to determine mime type",
        ])]),
        // For files and for the answer alike, this lists what may stand there.
        likely(&[SaysOne(&["allowed mimetypes are", "allowed MIME types are"])]),
        likely(&[Meta("field", "mime_type"), Not(&ABOUT_THE_ANSWER), Not(&ANSWER_FIELD)]),
        likely(&[Meta("field", "mimeType"), Not(&ABOUT_THE_ANSWER), Not(&ANSWER_FIELD)]),
        likely(&[
            SaysOne(&["mime type", "mimetype", "mime_type"]),
            SaysOne(&["not supported", "unsupported", "invalid"]),
            Not(&TYPE_REFUSED),
            Not(&ABOUT_THE_ANSWER),
            Not(&Says("Unknown name")),
        ]),
    ],
    why: "Each part with data names its type, and a model takes only certain ones. Usual slips: \
          \"png\" in place of \"image/png\", application/octet-stream from an upload that guessed \
          nothing, an empty type, or a format such as SVG, RTF or JSON that has to be sent as text.",
    fix: &[
        you("Send the full type, such as image/png or application/pdf, with the part"),
        you("Set the type yourself when you upload, in place of letting the library guess it"),
        you("Convert the file to a type that the model takes, or send its text as text"),
        you("See that the same key and model take a plain request")
            .run("gemini-doctor check-key --model {model}"),
    ],
    confirm: "The same request with the corrected type gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Unsupported MIME type: image/svg+xml","status":"INVALID_ARGUMENT"}}"#,
        "google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {'error': {'code': 400, 'message': \
         'Unable to submit request because it has a mimeType parameter with value text/rtf, which \
         is not supported. Update the mimeType and try again.', 'status': 'INVALID_ARGUMENT'}}",
        r#"[{"error":{"code":400,"message":"* GenerateContentRequest.contents[0].parts[1].inline_data.mime_type: MIME type must be image/png, image/jpeg, image/webp, image/heic, or image/heif.\n","status":"INVALID_ARGUMENT"}}]"#,
        "ValueError: Unknown mime type: Could not determine the mimetype for your file\n    please set the `mime_type` argument",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Function calling with a response mime type: 'application/json' is unsupported","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Unable to process input image. Please retry.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[
        Split {
            id: "json-mode-with-tools",
            by: "the field: response_mime_type is about the answer, mime_type about a part",
        },
        Split {
            id: "input-image-unreadable",
            by: "whether the file's first bytes belong to the type that was sent",
        },
    ],
    reproduce: "mime-type-unsupported",
    hides: &[],
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
};

/// The violated field is the type of the answer.
const ANSWER_FIELD: Sign = Meta("field", "response_mime");

const INPUT_IMAGE_UNREADABLE: KnownFix = KnownFix {
    id: "input-image-unreadable",
    title: "Google cannot read the picture that was sent",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[IMAGE_REFUSED]),
        likely(&[
            SaysOne(&["input image", "the image", "image data"]),
            SaysOne(&[
                "unable to process",
                "could not be processed",
                "could not process",
                "not valid",
                "is invalid",
                "decode",
                "corrupt",
            ]),
            Not(&IMAGE_REFUSED),
            Not(&Says("Base64")),
            Not(&Says("MIME")),
        ]),
    ],
    why: "The bytes are no picture of the declared type: cut short, empty, in another format than \
          the type says, or an error page that a download wrote in place of the picture. The words \
          \"please retry\" in the answer do not help, the same bytes fail again.",
    fix: &[
        you("Open the very bytes that were sent in a viewer, and see that they are not empty"),
        you("See what they really are")
            .run_in("file picture.png", "Format-Hex picture.png | Select-Object -First 2"),
        you("Save the picture anew as PNG, JPEG or WebP, and send that type with it"),
        you("Download a picture behind a link yourself, and send its bytes"),
    ],
    confirm: "The same request with the new picture gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting","status":"INVALID_ARGUMENT"}}"#,
        "google.api_core.exceptions.InvalidArgument: 400 Provided image is not valid.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES), Base64 decoding failed for \"data:image/png;base64,AAAA\"","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Image generation is not available in your country.","status":"FAILED_PRECONDITION"}}"#,
        r#"{"error":{"code":400,"message":"Unsupported MIME type: image/bmp","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[Split {
        id: "mime-type-unsupported",
        by: "whether another viewer reads the bytes: if it does, the type was wrong",
    }],
    reproduce: "input-image-unreadable",
    hides: &[],
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
};

/// The API's own words for a document without pages.
const DOCUMENT_REFUSED: Sign =
    SaysOne(&["document has no pages", "document contains no pages", "PDF has no pages"]);

const DOCUMENT_UNREADABLE: KnownFix = KnownFix {
    id: "document-unreadable",
    title: "Google finds no page in the document that was sent",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[DOCUMENT_REFUSED]),
        likely(&[
            SaysOne(&["document", "PDF"]),
            Not(&DOCUMENT_REFUSED),
            SaysOne(&[
                "no pages",
                "Unable to process input",
                "could not be parsed",
                "is encrypted",
            ]),
        ]),
    ],
    why: "The file is called a PDF and cannot be read as one: it is empty or cut short, locked with \
          a password, or an error page that was saved under that name. In a chat the file stays in \
          the history, so every later turn fails too.",
    fix: &[
        you("Open the very bytes that were sent; a PDF begins with %PDF")
            .run_in("head -c 8 document.pdf", "Get-Content document.pdf -TotalCount 1"),
        you("Make the document anew, or print it to a new PDF without a password"),
        you("Take the bad file out of the history, or begin a new session"),
    ],
    confirm: "The same request with the new document gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"The document has no pages.","status":"INVALID_ARGUMENT"}}"#,
        "google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {'error': {'code': 400, 'message': \
         'The document has no pages.', 'status': 'INVALID_ARGUMENT'}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"The document exceeds the supported page limit of 1000.","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Unable to process input image. Please retry.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[Split {
        id: "input-image-unreadable",
        by: "which of the parts is broken, if the request holds pictures and documents",
    }],
    reproduce: "document-unreadable",
    hides: &[],
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
};

/// The API's own words for an address that it does not fetch.
const URI_REFUSED: Sign = SaysOne(&[
    "unsupported file uri",
    "invalid file uri",
    "unsupported fileUri",
    "unsupported file_uri",
    "file uri is not supported",
]);

const FILE_URI_UNSUPPORTED: KnownFix = KnownFix {
    id: "file-uri-unsupported",
    title: "The file's address is of a kind that this model does not fetch",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[URI_REFUSED]),
        likely(&[Meta("field", "file_uri")]),
        likely(&[Meta("field", "fileUri")]),
        likely(&[
            SaysOne(&["file uri", "file_uri", "fileUri"]),
            Not(&URI_REFUSED),
            SaysOne(&["unsupported", "not supported", "invalid", "must be"]),
        ]),
    ],
    why: "fileData.fileUri stands for a file of the Files API, an object in Cloud Storage or a \
          video. Newer models fetch public https addresses too; older ones do not, and then refuse \
          the address without looking at the file.",
    fix: &[
        you("Download the file and send its bytes inline, for anything up to some megabytes"),
        you("Upload larger files with the Files API, and send the address that it gives"),
        you("Take a newer model that fetches public addresses").run("gemini-doctor list-models"),
    ],
    confirm: "The same request with the new address, or with inline bytes, gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Unsupported file uri: https://pictures.example/cat.png","status":"INVALID_ARGUMENT"}}"#,
        "google.api_core.exceptions.InvalidArgument: 400 Invalid or unsupported file uri: \
         https://pictures.example/cat.png",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Unable to submit request because it has an empty mimeType parameter in fileData. Update the mimeType and try again.","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":403,"message":"You do not have permission to access the File abc123 or it may not exist.","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[Split {
        id: "mime-type-unsupported",
        by: "the field that the answer names: file_uri or mime_type",
    }],
    reproduce: "file-uri-unsupported",
    hides: &[],
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
};

/// Both dialects' words for a download that failed.
const NOT_FETCHED: Sign = SaysOne(&[
    "Cannot fetch content from the provided URL",
    "URL_ERROR-ERROR",
    "Status: URL_ROBOTED",
    "Status: URL_REJECTED",
    "Status: URL_TIMEOUT",
    "Status: URL_UNREACHABLE",
]);

const FILE_URL_NOT_FETCHED: KnownFix = KnownFix {
    id: "file-url-not-fetched",
    title: "Google could not download the file behind the address",
    layer: Layer::Request,
    blame: Blame::Unknown,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[likely(&[NOT_FETCHED])],
    why: "The model takes public addresses, and this download failed: a signed link that has run out, \
          a site that wants a login or forbids robots, a file that is too large or comes too slowly. \
          Now and then it is a passing fault on Google's side.",
    fix: &[
        you("Ask once more"),
        you("Open the address without a login or cookies, and see that it gives the file itself"),
        you("Download the file yourself, and send its bytes inline or by the Files API"),
        you("Make signed links for longer than the call may wait"),
    ],
    confirm: "The same request with the bytes in place of the address gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Cannot fetch content from the provided URL.","status":"INVALID_ARGUMENT"}}"#,
        "google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {'error': {'code': 400, 'message': \
         'Cannot fetch content from the provided URL. Please ensure the URL is valid and accessible.', \
         'status': 'INVALID_ARGUMENT'}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Unsupported file uri: https://pictures.example/cat.png","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[Split {
        id: "file-uri-unsupported",
        by: "another public file: if none is fetched, the model takes no such addresses",
    }],
    reproduce: "file-url-not-fetched",
    hides: &[],
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
};

const INLINE_DATA_BAD_BASE64: KnownFix = KnownFix {
    id: "inline-data-bad-base64",
    title: "The inline data of a part is no plain base64",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Says("Base64 decoding failed"), SaysOne(INLINE_DATA)]),
        sure(&[Says("Base64 decoding failed"), Meta("field", "inline_data")]),
        sure(&[Says("Base64 decoding failed"), Meta("field", "inlineData")]),
        // The same fault in a thought signature is about the history, not about a file.
        likely(&[
            SaysOne(&[
                "Base64 decoding failed",
                "invalid base64",
                "not valid base64",
                "illegal base64",
                "Incorrect padding",
                "failed to decode base64",
                "string to be decoded is not correctly encoded",
            ]),
            Not(&SaysOne(&["thought_signature", "thoughtSignature"])),
        ]),
        likely(&[SaysOne(INLINE_DATA), Says("(TYPE_BYTES)")]),
    ],
    why: "The field takes base64 and nothing else. Mostly the start of a data URL, \
          data:image/…;base64, was left in; line breaks and the URL-safe letters - and _ break it \
          in the same way.",
    fix: &[
        you("Cut off everything up to and including the comma of a data URL"),
        you("Encode with the standard alphabet, without line breaks").run_in(
            "base64 < picture.png | tr -d '\\n'",
            "[Convert]::ToBase64String([IO.File]::ReadAllBytes('picture.png'))",
        ),
        you("Give the raw bytes to an SDK that encodes by itself"),
    ],
    confirm: "The same request with the corrected data gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Invalid value at 'contents[0].parts[1].inline_data.data' (TYPE_BYTES), Base64 decoding failed for \"data:image/png;base64,iVBORw0K\"","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"contents[0].parts[1].inline_data.data","description":"Invalid value"}]}]}}"#,
        "[GoogleGenerativeAI Error]: Error fetching from \
         https://generativelanguage.googleapis.com/v1beta/models/gemini-3.8-flash:generateContent: \
         [400 Bad Request] Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES), \
         Base64 decoding failed for \"data:image/jpeg;base64,/9j/\"",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Invalid value at 'contents[2].parts[0].thought_signature' (TYPE_BYTES), Base64 decoding failed for \"skip-it\"","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Unable to process input image. Please retry.","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[Split {
        id: "input-image-unreadable",
        by: "whether the text decodes as base64; if it does, its bytes are the trouble",
    }],
    reproduce: "inline-data-bad-base64",
    hides: &[],
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
};

/// The field's name in the dialects of the API and its SDKs.
const INLINE_DATA: &[&str] = &["inline_data", "inlineData", "inline data"];

/// The API's own words for a file that is still being worked on.
const NOT_ACTIVE: Sign =
    SaysOne(&["is not in an ACTIVE state", "not in ACTIVE state", "not in the ACTIVE state"]);

const FILE_NOT_ACTIVE: KnownFix = KnownFix {
    id: "file-not-active",
    title: "The uploaded file is not ready yet",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::After,
    when: &[
        sure(&[NOT_ACTIVE]),
        likely(&[
            Rpc("FAILED_PRECONDITION"),
            SaysOne(&["The File ", "files/"]),
            Not(&NOT_ACTIVE),
            SaysOne(&["not active", "PROCESSING", "state"]),
        ]),
    ],
    why: "After an upload the service works on the file for a while, for a video up to some minutes, \
          and its state is PROCESSING. Only ACTIVE files may be used; one that FAILED never \
          becomes active.",
    fix: &[
        you("Ask files.get every few seconds until the state is ACTIVE, then send the request"),
        you("Upload the file again in another format if the state is FAILED"),
    ],
    confirm: "files.get says ACTIVE, and the same request gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"The File abc123 is not in an ACTIVE state and usage is not allowed.","status":"FAILED_PRECONDITION"}}"#,
        "google.api_core.exceptions.FailedPrecondition: 400 The File abc123 is not in an ACTIVE \
         state and usage is not allowed.",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"You do not have permission to access the File abc123 or it may not exist.","status":"PERMISSION_DENIED"}}"#,
        r#"{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}"#,
    ],
    splits: &[Split {
        id: "file-permission-or-expired",
        by: "files.get: the state of the file, or that this key does not see it",
    }],
    reproduce: "file-not-active",
    hides: &[],
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
};

const FILE_PERMISSION_OR_EXPIRED: KnownFix = KnownFix {
    id: "file-permission-or-expired",
    title: "The uploaded file is gone after 48 hours, or belongs to another key",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        likely(&[SaysOne(&["permission to access the File", "access to the File"])]),
        likely(&[SaysOne(&["The File ", "files/"]), Says("may not exist")]),
    ],
    why: "Files of the Files API live for 48 hours and belong to the project whose key uploaded \
          them. Whoever asks later, or with a key of another project, gets a 403 that sounds like \
          a matter of rights. The key itself is fine. An overdue invoice of the project reads the same.",
    fix: &[
        owner("See that the project's billing account has no open invoice"),
        you("List the files that this key sees, with their dates").run_in(
            "curl -H \"x-goog-api-key: $GEMINI_API_KEY\" https://generativelanguage.googleapis.com/v1beta/files",
            "curl.exe -H \"x-goog-api-key: $env:GEMINI_API_KEY\" https://generativelanguage.googleapis.com/v1beta/files",
        ),
        you("Upload the file again with the key that asks, and send the new address"),
        you("Drop addresses older than 48 hours from saved histories"),
        you("See that the key works otherwise").run("gemini-doctor check-key"),
    ],
    confirm: "files.get shows the file with this key, and the same request gets an answer.",
    seen_as: &[
        r#"{"error":{"code":403,"message":"You do not have permission to access the File abc123 or it may not exist.","status":"PERMISSION_DENIED"}}"#,
        "google.genai.errors.ClientError: 403 PERMISSION_DENIED. {'error': {'code': 403, 'message': \
         'You do not have permission to access the File abc123 or it may not exist.', 'status': \
         'PERMISSION_DENIED'}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"The caller does not have permission","status":"PERMISSION_DENIED"}}"#,
        r#"{"error":{"code":404,"message":"models/gemini-3.5-flahs is not found for API version v1beta, or is not supported for generateContent.","status":"NOT_FOUND"}}"#,
    ],
    splits: &[Split {
        id: "project-payment-due",
        by: "the age of the file, the key that uploaded it, and the state of the billing account",
    }],
    reproduce: "file-permission-or-expired",
    hides: &[],
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
};

/// The words for a cache that is not there.
const CACHE_GONE: Sign = SaysOne(&[
    "CachedContent not found",
    "Cached content not found",
    "cached content is not found",
    "cached content has expired",
    "cachedContent is expired",
]);

/// The API's sentence for anything that it cannot find and does not name.
const ENTITY_NOT_FOUND: Sign = Says("Requested entity was not found");

const FILE_OR_CACHE_NOT_FOUND: KnownFix = KnownFix {
    id: "file-or-cache-not-found",
    title: "A file, cache or other thing that the request names does not exist",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[CACHE_GONE]),
        likely(&[ENTITY_NOT_FOUND, Not(&Closed(1008))]),
        likely(&[ENTITY_NOT_FOUND, Status(404), By(Party::Api)]),
        likely(&[
            SaysOne(&["cachedContents/", "cached content", "CachedContent"]),
            SaysOne(&["not found", "does not exist", "has expired"]),
        ]),
        likely(&[
            SaysOne(&["files/", "File "]),
            SaysOne(&["not found", "does not exist"]),
            Rpc("NOT_FOUND"),
            By(Party::Api),
            Not(&Says("models/")),
        ]),
    ],
    why: "The request names something by its id, and the API finds nothing of that id for this key's \
          project: a file lives 48 hours, a cache as long as its time to live, and both belong to the \
          project that made them. A login of Code Assist gets the same words for a model that it may \
          not use, and the answer names neither.",
    fix: &[
        you("See what the request names beside the model: a file, a cache, a batch, a tuned model"),
        you("List the files that this key sees").run_in(
            "curl -H \"x-goog-api-key: $GEMINI_API_KEY\" https://generativelanguage.googleapis.com/v1beta/files",
            "curl.exe -H \"x-goog-api-key: $env:GEMINI_API_KEY\" https://generativelanguage.googleapis.com/v1beta/files",
        ),
        you("Make the file or cache anew with the very key that asks, and send its new name"),
        you("With a login, choose another model, or use an API key in the tool")
            .run("gemini-doctor check-key --model {model}"),
        you("See that the name of the model itself is listed").run("gemini-doctor list-models {model}"),
    ],
    confirm: "A get of the file or cache shows it with this key, and the same request gets an answer.",
    seen_as: &[
        r#"{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND"}}"#,
        r#"{"error":{"code":403,"message":"CachedContent not found (or permission denied)","status":"PERMISSION_DENIED"}}"#,
        "google.api_core.exceptions.NotFound: 404 Requested entity was not found.",
        r#"{"error":{"code":404,"message":"Cached content 123456789 is not found.","status":"NOT_FOUND"}}"#,
    ],
    live: &[&[ENTITY_NOT_FOUND, Status(404), By(Party::Api)]],
    not: &[
        r#"{"error":{"code":404,"message":"models/gemini-3.5-flahs is not found for API version v1beta, or is not supported for generateContent.","status":"NOT_FOUND"}}"#,
        r#"{"error":{"code":403,"message":"You do not have permission to access the File abc123 or it may not exist.","status":"PERMISSION_DENIED"}}"#,
        "FileNotFoundError: [Errno 2] No such file or directory: 'prompt.txt'",
    ],
    splits: &[
        Split {
            id: "model-name-wrong",
            by: "gemini-doctor list-models NAME: whether this key's list has the model",
        },
        Split {
            id: "file-permission-or-expired",
            by: "the file's age and the key that uploaded it: files live 48 hours, for one project",
        },
        Split {
            id: "model-preview-access-denied",
            by: "another model with the same login: if that passes, the first is not for this login",
        },
    ],
    reproduce: "file-or-cache-not-found",
    hides: &[],
    docs: &[FILES_PAGE, CACHING_PAGE],
    as_of: "2026-11-20",
};

const FILE_NAME_TAKEN: KnownFix = KnownFix {
    id: "file-name-taken",
    title: "A file with the chosen name exists already in this project (409)",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        likely(&[Rpc("ALREADY_EXISTS"), SaysOne(&["file", "already exists"])]),
        likely(&[Sign::Status(409), Says("already exists")]),
        maybe(&[Rpc("ALREADY_EXISTS")]),
    ],
    why: "An upload may choose its own name, and names are unique in a project for as long as the file \
          lives, 48 hours. The first upload, mostly the same program's earlier run, is still there.",
    fix: &[
        you("Leave the name out, so that the service makes one up"),
        you("Use the file that is there, or delete it first").run_in(
            "curl -H \"x-goog-api-key: $GEMINI_API_KEY\" https://generativelanguage.googleapis.com/v1beta/files",
            "curl.exe -H \"x-goog-api-key: $env:GEMINI_API_KEY\" https://generativelanguage.googleapis.com/v1beta/files",
        ),
        you("Put the day or the content's hash into the name"),
    ],
    confirm: "The upload gives a file with an address.",
    seen_as: &[
        r#"{"error":{"code":409,"message":"scan-0007 already exists.","status":"ALREADY_EXISTS"}}"#,
        "google.genai.errors.ClientError: 409 ALREADY_EXISTS. {'error': {'message': 'scan-0007 already exists.', 'code': 409}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":403,"message":"You do not have permission to access the File abc123 or it may not exist.","status":"PERMISSION_DENIED"}}"#,
    ],
    splits: &[],
    reproduce: "file-name-taken",
    hides: &[],
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
};

/// The words of the API and of the cloud platform for a short cache.
const TOO_SMALL: Sign = SaysOne(&[
    "Cached content is too small",
    "min_total_token_count",
    "minimum token count to start caching",
]);

const CACHE_TOO_SMALL: KnownFix = KnownFix {
    id: "cache-too-small",
    title: "The content to be cached is shorter than the model's minimum",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[TOO_SMALL]),
        likely(&[
            SaysOne(&["cached content", "CachedContent"]),
            SaysOne(&["too small", "minimum"]),
            Not(&TOO_SMALL),
        ]),
    ],
    why: "An explicit cache pays only from a certain length on, so each model has a least number of \
          tokens for one; the answer states it. Below it the request has to carry its content \
          itself.",
    fix: &[
        you("Send short content with each request in place of caching it"),
        you("Put more of what repeats into the cache: instructions, tools, documents"),
        you("Take a model with a lower minimum, as the documentation lists them"),
    ],
    confirm: "The cache is made, or the request gets an answer without one.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"Cached content is too small. total_token_count=310, min_total_token_count=1024","status":"INVALID_ARGUMENT"}}"#,
        "google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {'error': {'code': 400, 'message': \
         'The cached content is of 310 tokens. The minimum token count to start caching is 4096.', \
         'status': 'INVALID_ARGUMENT'}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"CachedContent can not be used with GenerateContent request setting system_instruction, tools or tool_config.","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[],
    reproduce: "cache-too-small",
    hides: &[],
    docs: &[CACHING_PAGE],
    as_of: "2026-11-20",
};

/// The API's own words for fields that belong into the cache.
const CONFLICTS: Sign = SaysOne(&[
    "CachedContent can not be used with",
    "CachedContent cannot be used with",
    "move those values to CachedContent",
]);

const CACHE_CONFLICTS: KnownFix = KnownFix {
    id: "cache-conflicts-with-request-fields",
    title: "The request repeats fields that belong into the cache it uses",
    layer: Layer::Request,
    blame: Blame::Caller,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[CONFLICTS]),
        sure(&[
            SaysOne(&["should not be set", "can not be set", "cannot be set"]),
            SaysOne(&["using cached content", "using CachedContent", "with cached content"]),
        ]),
        likely(&[
            SaysOne(&["cachedContent", "cached_content", "cached content"]),
            SaysOne(&["can not be used", "cannot be used", "not be combined"]),
            Not(&CONFLICTS),
        ]),
    ],
    why: "A cache holds the system instruction, the tools and their settings together with the \
          content. A request that names a cache must not bring its own, even if they are the same; \
          frameworks add them without being asked.",
    fix: &[
        you("Give system instruction, tools and tool settings when you make the cache"),
        you("Leave them out of every request that names it"),
        you("Turn the framework's caching off if it cannot leave them out"),
    ],
    confirm: "The same request without those fields gets an answer.",
    seen_as: &[
        r#"{"error":{"code":400,"message":"CachedContent can not be used with GenerateContent request setting system_instruction, tools or tool_config.\n\nProposed fix: move those values to CachedContent from GenerateContent request.","status":"INVALID_ARGUMENT"}}"#,
        "google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {'error': {'code': 400, 'message': \
         'Tool config, tools and system instruction should not be set in the request when using \
         cached content.', 'status': 'INVALID_ARGUMENT'}}",
    ],
    live: &[],
    not: &[
        r#"{"error":{"code":400,"message":"Cached content is too small. total_token_count=310, min_total_token_count=1024","status":"INVALID_ARGUMENT"}}"#,
        r#"{"error":{"code":400,"message":"Tool use with function calling is unsupported","status":"INVALID_ARGUMENT"}}"#,
    ],
    splits: &[],
    reproduce: "cache-conflicts-with-request-fields",
    hides: &[],
    docs: &[CACHING_PAGE],
    as_of: "2026-11-20",
};

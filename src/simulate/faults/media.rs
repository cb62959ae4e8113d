//! Media, files and caches that the API refuses.

use super::super::fault::{Act, Route, Rule};
use super::super::scenario::Scenario;

pub(in super::super) const ALL: &[Scenario] = &[
    MIME_TYPE_UNSUPPORTED,
    INPUT_IMAGE_UNREADABLE,
    DOCUMENT_UNREADABLE,
    FILE_URI_UNSUPPORTED,
    FILE_URL_NOT_FETCHED,
    INLINE_DATA_BAD_BASE64,
    FILE_NOT_ACTIVE,
    FILE_PERMISSION_OR_EXPIRED,
    FILE_OR_CACHE_NOT_FOUND,
    FILE_NAME_TAKEN,
    CACHE_TOO_SMALL,
    CACHE_CONFLICTS,
];

const MIME_TYPE_UNSUPPORTED: Scenario = Scenario::new(
    "mime-type-unsupported",
    "request",
    1,
    "A part has a type that the model does not take: calls that generate end in 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/mime-type-unsupported.json")),
)]);

const INPUT_IMAGE_UNREADABLE: Scenario = Scenario::new(
    "input-image-unreadable",
    "request",
    1,
    "The picture that was sent cannot be read: calls that generate end in 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/input-image-unreadable.json")),
)]);

const DOCUMENT_UNREADABLE: Scenario = Scenario::new(
    "document-unreadable",
    "request",
    1,
    "The document that was sent has no pages: calls that generate end in 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/document-unreadable.json")),
)]);

const FILE_URI_UNSUPPORTED: Scenario = Scenario::new(
    "file-uri-unsupported",
    "request",
    1,
    "A file's address is of a kind that is not fetched: calls that generate end in 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/file-uri-unsupported.json")),
)]);

const FILE_URL_NOT_FETCHED: Scenario = Scenario::new(
    "file-url-not-fetched",
    "request",
    1,
    "The file behind an address cannot be downloaded: calls that generate end in 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/file-url-not-fetched.json")),
)]);

const INLINE_DATA_BAD_BASE64: Scenario = Scenario::new(
    "inline-data-bad-base64",
    "request",
    1,
    "Inline data begins like a data URL: calls that generate end in 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/inline-data-bad-base64.json")),
)]);

const FILE_NOT_ACTIVE: Scenario = Scenario::new(
    "file-not-active",
    "request",
    1,
    "The uploaded file is still being worked on: 400 FAILED_PRECONDITION.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/file-not-active.json")),
)]);

const FILE_PERMISSION_OR_EXPIRED: Scenario = Scenario::new(
    "file-permission-or-expired",
    "request",
    1,
    "The uploaded file is too old or another project's: calls that generate end in 403.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(403, include_str!("../bodies/file-permission-or-expired.json")),
)]);

const FILE_NAME_TAKEN: Scenario = Scenario::new(
    "file-name-taken",
    "request",
    1,
    "A file of the chosen name exists: 409 where the upload would come before the answer.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(409, include_str!("../bodies/file-name-taken.json")),
)]);

const CACHE_TOO_SMALL: Scenario = Scenario::new(
    "cache-too-small",
    "request",
    1,
    "The content is too short for a cache: calls that generate end in 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/cache-too-small.json")),
)]);

const CACHE_CONFLICTS: Scenario = Scenario::new(
    "cache-conflicts-with-request-fields",
    "request",
    1,
    "A request names a cache and brings its own tools: calls that generate end in 400.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(400, include_str!("../bodies/cache-conflicts.json")),
)]);

const FILE_OR_CACHE_NOT_FOUND: Scenario = Scenario::new(
    "file-or-cache-not-found",
    "request",
    1,
    "What the request names beside the model is gone: calls that generate end in 404.",
)
.rules(&[Rule::always(
    Route::Generating,
    Act::google(404, include_str!("../bodies/entity-not-found.json")),
)]);

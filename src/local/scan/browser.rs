//! Calls of the API in what is built for browsers, and the marks of other products whose keys are public.

use memchr::memmem;

/// Hosts that are called for Gemini.
const HOSTS: [&str; 2] = ["generativelanguage.googleapis.com", "aiplatform.googleapis.com"];
/// Marks of products whose keys stand in pages and apps by design, restricted to them.
const PUBLIC: [&str; 6] = [
    "firebaseapp.com",
    "authDomain",
    "mobilesdk_app_id",
    "maps.googleapis.com/maps/api",
    "GOOGLE_APP_ID",
    "firebase_url",
];
/// Words that only code for browsers has.
const FOR_BROWSERS: [&str; 3] = ["document.", "window.", "navigator."];
/// Directories whose files go to browsers, whatever is in them.
const SERVED: [&str; 5] = [".next/static/", "public/", "www/", "_next/static/", ".output/public/"];

/// Where a file calls the API.
pub(super) fn call(bytes: &[u8]) -> Option<usize> {
    HOSTS.iter().filter_map(|host| memmem::find(bytes, host.as_bytes())).min()
}

/// Whether a built file is for browsers: a page or a script of one.
pub(super) fn is_for_browsers(path: &str, bytes: &[u8]) -> bool {
    let ends = |endings: &[&str]| endings.iter().any(|end| path.ends_with(end));
    let has =
        |words: &[&str]| words.iter().any(|word| memmem::find(bytes, word.as_bytes()).is_some());
    let served =
        SERVED.iter().any(|place| path.starts_with(place) || path.contains(&format!("/{place}")));
    ends(&[".html", ".htm"]) || ends(&[".js", ".mjs"]) && (served || has(&FOR_BROWSERS))
}

/// Whether marks of Firebase or Maps stand in a file.
pub(super) fn has_public_marks(bytes: &[u8]) -> bool {
    PUBLIC.iter().any(|mark| memmem::find(bytes, mark.as_bytes()).is_some())
}

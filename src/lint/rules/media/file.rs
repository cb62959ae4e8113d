//! Files that are named by an address: whether the API can get them there.

use crate::facts::Severity::{Error, Warning};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, said},
    kind::field,
    request::{Request, Service},
    rule::{Rule, bad, good},
};

use super::{
    super::parts::is_cut,
    known::{FILES_PAGE, FLASH},
};

pub(super) const URI_MISSING: Rule = Rule {
    id: "file-uri-missing",
    title: "A file has no address",
    severity: Error,
    fix: Some("file-uri-unsupported"),
    answer: "Invalid or unsupported file uri: ",
    why: "fileData names a file by its fileUri, which is required.",
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"fileData": {"mimeType": "image/png"}}]}]}"#,
            "contents[0].parts[0].fileData",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"file_data": {"mime_type": "image/png", "file_uri": ""}}]}]}"#,
            "contents[0].parts[0].file_data.file_uri",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"fileData": {"fileUri": "https://generativelanguage.googleapis.com/v1beta/files/abc"}}]}]}"#,
    )],
};
pub(super) const URI_LOCAL: Rule = Rule {
    id: "file-uri-local",
    title: "The address of a file is one of this machine",
    severity: Error,
    fix: Some("file-uri-unsupported"),
    answer: "Invalid or unsupported file uri: …",
    why: "Google fetches files of the Files API, of Cloud Storage, public addresses and videos of YouTube. What lies on a disk is sent inline or uploaded first.",
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"fileData": {"mimeType": "image/png", "fileUri": "/home/me/cat.png"}}]}]}"#,
            "contents[0].parts[0].fileData.fileUri",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"file_data": {"mime_type": "image/png", "file_uri": "C:\\cat.png"}}]}]}"#,
            "contents[0].parts[0].file_data.file_uri",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"fileData": {"mimeType": "image/png", "fileUri": "https://pictures.example/cat.png"}}]}]}"#,
    )],
};
pub(super) const URI_NOT_FETCHED: Rule = Rule {
    id: "file-uri-not-fetched",
    title: "This model fetches no public addresses",
    severity: Error,
    fix: Some("file-uri-unsupported"),
    answer: "Unsupported file uri: https://…",
    why: "Models of the 2.0 family and older take files of the Files API and videos of YouTube only.",
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
    bad: &[bad(
        "gemini-2.0-flash",
        r#"{"contents": [{"role": "user", "parts": [{"fileData": {"mimeType": "image/png", "fileUri": "https://pictures.example/cat.png"}}]}]}"#,
        "contents[0].parts[0].fileData.fileUri",
    )],
    good: &[
        good(
            "gemini-2.0-flash-exp",
            r#"{"contents": [{"role": "user", "parts": [{"fileData": {"fileUri": "https://youtu.be/abc"}}]}]}"#,
        ),
        good(
            "",
            r#"{"contents": [{"role": "user", "parts": [{"fileData": {"mimeType": "image/png", "fileUri": "https://pictures.example/cat.png"}}]}]}"#,
        ),
    ],
};
pub(super) const URI_DOUBTFUL: Rule = Rule {
    id: "file-uri-doubtful",
    title: "The address of a file is of a kind that may not be fetched",
    severity: Warning,
    fix: Some("file-uri-unsupported"),
    answer: "Invalid or unsupported file uri: …",
    why: "Fetched are public addresses with https, files of the Files API by their full address, objects of Cloud Storage that were registered, and videos of YouTube.",
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"fileData": {"mimeType": "image/png", "fileUri": "http://pictures.example/cat.png"}}]}]}"#,
            "contents[0].parts[0].fileData.fileUri",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"file_data": {"mime_type": "image/png", "file_uri": "files/abc"}}]}]}"#,
            "contents[0].parts[0].file_data.file_uri",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"fileData": {"mimeType": "image/png", "fileUri": "gs://bucket/cat.png"}}]}]}"#,
            "contents[0].parts[0].fileData.fileUri",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"fileData": {"mimeType": "application/pdf", "fileUri": "https://drive.google.com/file/d/abc/view"}}]}]}"#,
            "contents[0].parts[0].fileData.fileUri",
        ),
    ],
    good: &[
        good(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"fileData": {"fileUri": "https://www.youtube.com/watch?v=abc"}}, {"fileData": {"mimeType": "image/png", "fileUri": "https://pictures.example/cat.png?sig=1"}}]}]}"#,
        ),
        good(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"file_data": {"file_uri": "https:\/\/generativelanguage.googleapis.com\/v1beta\/files\/abc"}}]}]}"#,
        ),
    ],
};
/// Only the cloud platform wants it, and an empty one nobody.
pub(super) const TYPE_MISSING: Rule = Rule {
    id: "file-without-type",
    title: "A file has no type, or an empty one",
    severity: Warning,
    fix: Some("mime-type-unsupported"),
    answer: "Unable to submit request because it has an empty mimeType parameter in fileData.",
    why: "The Developer API knows the type of a file that was uploaded; the cloud platform wants it beside each address.",
    docs: &[FILES_PAGE],
    as_of: "2026-11-20",
    bad: &[],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"fileData": {"fileUri": "https://generativelanguage.googleapis.com/v1beta/files/abc"}}]}]}"#,
    )],
};

/// What is wrong with an address.
enum Doubt {
    Local(&'static str),
    NotFetched,
    Doubtful(&'static str, &'static str),
    /// It is complete with this before it.
    Incomplete(&'static str),
}

/// Looks at a file; its type is looked at elsewhere.
pub(super) fn look(request: &Request<'_>, file: Value<'_>, found: &mut Findings<'_>) {
    let known = ["mimeType", "mime_type", "fileUri", "file_uri", "displayName", "display_name"];
    let is_known = |member: Value<'_>| known.iter().any(|name| member.is_called(name));
    let is_complete = file.members().all(is_known) && !is_cut(file);
    let uri = field(file, "fileUri");
    match uri {
        None if is_complete => {
            found.at_name(&URI_MISSING, file, || {
                said("fileData has no fileUri").with(Correction::advice(UPLOAD))
            });
        }
        Some(uri) if uri.kind() == Form::Text && !is_cut(uri) => address(request, uri, found),
        _ => {}
    }
    let is_cloud = request.service == Service::Cloud;
    match field(file, "mimeType") {
        None if is_cloud && is_complete && uri.is_some() => {
            found.at_name(&TYPE_MISSING, file, || said("fileData has no mimeType"));
        }
        Some(mime) if mime.quoted() == Some("") => {
            found.at(&TYPE_MISSING, mime, || said("mimeType is empty"));
        }
        _ => {}
    }
}

const UPLOAD: &str = "Send the bytes inline, or upload the file with the Files API and write the address that it gives";

fn address(request: &Request<'_>, value: Value<'_>, found: &mut Findings<'_>) {
    let Some(uri) = value.text() else { return };
    if uri.is_empty() {
        found.at(&URI_MISSING, value, || said("fileUri is empty"));
        return;
    }
    let shown: String = uri.chars().take(60).collect();
    let upload = Correction::advice(UPLOAD);
    match doubt(request, &uri) {
        None => {}
        Some(Doubt::Local(words)) => {
            found.at(&URI_LOCAL, value, || said(format!("{shown:?} {words}")).with(upload));
        }
        Some(Doubt::NotFetched) => found.at(&URI_NOT_FETCHED, value, || {
            let model = request.model_words();
            said(format!("{model} does not fetch public addresses such as {shown:?}")).with(upload)
        }),
        Some(Doubt::Doubtful(words, advice)) => found.at(&URI_DOUBTFUL, value, || {
            said(format!("{shown:?} {words}")).with(Correction::advice(advice))
        }),
        Some(Doubt::Incomplete(start)) => found.at(&URI_DOUBTFUL, value, || {
            let full = edit::quoted(&format!("{start}{uri}"));
            said(format!("{shown:?} is no whole address")).with(Correction::mechanical(
                format!("Write {full}"),
                vec![edit::replace(value, full)],
            ))
        }),
    }
}

const DEVELOPER_FILES: &str = "https://generativelanguage.googleapis.com/v1beta/";
const YOUTUBE: &[&str] = &["youtube.com/", "www.youtube.com/", "m.youtube.com/", "youtu.be/"];
/// Their links lead to a page with the file in it, and not to the file.
const SHARES: &[&str] = &[
    "drive.google.com/",
    "docs.google.com/",
    "www.dropbox.com/",
    "1drv.ms/",
    "onedrive.live.com/",
];

fn doubt(request: &Request<'_>, uri: &str) -> Option<Doubt> {
    let lower: String = uri.chars().take(80).collect::<String>().to_ascii_lowercase();
    let is_drive = lower.as_bytes().get(1) == Some(&b':');
    let begins = |list: &[&str], rest: &str| list.iter().any(|start| rest.starts_with(start));
    if let Some(rest) = lower.strip_prefix("https://") {
        return https(request, rest);
    }
    let is_developer = request.service == Service::Developer;
    match lower.as_str() {
        it if it.starts_with("gs://") => is_developer.then_some(Doubt::Doubtful(
            "is an object of Cloud Storage, which the Developer API knows only where it was registered",
            "Register it with the Files API, or send the bytes inline",
        )),
        it if it.starts_with("http://") => Some(Doubt::Doubtful(
            "is an address without encryption",
            "Write https, if the server has it",
        )),
        it if it.starts_with("file:") => Some(Doubt::Local("is an address of this machine")),
        it if it.starts_with("data:") => {
            Some(Doubt::Local("is a data URL, whose bytes belong into inlineData"))
        }
        it if it.starts_with(['/', '\\', '.', '~']) || is_drive => {
            Some(Doubt::Local("is a path on this machine"))
        }
        it if it.starts_with("files/") && is_developer => Some(Doubt::Incomplete(DEVELOPER_FILES)),
        it if begins(YOUTUBE, it) => Some(Doubt::Incomplete("https://")),
        _ => Some(Doubt::Doubtful(
            "is no address with https, of Cloud Storage or of the Files API",
            "Write the address that the Files API gave, or a public one with https",
        )),
    }
}

fn https(request: &Request<'_>, rest: &str) -> Option<Doubt> {
    let begins = |list: &[&str]| list.iter().any(|start| rest.starts_with(start));
    let is_own = rest.starts_with("generativelanguage.googleapis.com/");
    if is_own && request.service == Service::Cloud {
        return Some(Doubt::Doubtful(
            "is a file of the Developer API, which the cloud platform does not know",
            "Put the file into Cloud Storage, or send its bytes inline",
        ));
    }
    if is_own || begins(YOUTUBE) {
        return None;
    }
    // The cloud platform fetches them for these models as well.
    if request.service == Service::Developer && request.is_before(2, 5) {
        return Some(Doubt::NotFetched);
    }
    begins(SHARES).then_some(Doubt::Doubtful(
        "leads to a page for people, and not to the file",
        "Write the address of the file itself, or upload it with the Files API",
    ))
}

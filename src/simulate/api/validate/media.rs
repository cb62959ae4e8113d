//! Pictures, sounds, films and files in a request: their types, whether anything is in them, and
//! whence they come.
//!
//! That data is base64 was seen while the body was read; what is in it is not looked at.

use serde_json::Value;

use super::super::error::ApiError;
use super::super::members::{field, number, text};
use super::request::{Lines, Request};

/// What is no picture, sound, film or text and is taken all the same.
const APPLICATIONS: &[&str] =
    &["application/pdf", "application/x-javascript", "application/x-python"];

/// What looks like a type of a family that is taken, and is not.
const REFUSED: &[&str] = &["image/svg+xml", "text/rtf"];

/// Of this one the service says nothing.
const UNNAMED: &str = "image/bmp";

/// Films are looked at so many times a second.
const FASTEST: f64 = 24.0;

/// Settings of media whose refusals name the field.
pub(super) fn fields(request: &Request<'_>, lines: &mut Lines) {
    for (path, part) in request.parts() {
        let fps = field(part, "videoMetadata").and_then(|video| number(video, "fps"));
        if fps.is_some_and(|fps| !(fps > 0.0 && fps <= FASTEST)) {
            let fault = "fps must be in the range (0.0, 24.0]";
            lines.push((format!("{path}.video_metadata.fps"), fault.into()));
        }
        if field(part, "fileData").is_some_and(|file| text(file, "fileUri").is_empty()) {
            lines.push((format!("{path}.file_data.file_uri"), "file_uri must not be empty".into()));
        }
    }
}

/// Each is of a type that is taken.
pub(super) fn types(request: &Request<'_>) -> Result<(), ApiError> {
    for (_, part) in request.parts() {
        let inline = field(part, "inlineData").map(|blob| text(blob, "mimeType"));
        // Of a file that was uploaded the service knows the type.
        let of_file = field(part, "fileData").map(|file| text(file, "mimeType"));
        for kind in inline.into_iter().chain(of_file.filter(|kind| !kind.is_empty())) {
            taken(kind)?;
        }
    }
    Ok(())
}

fn taken(kind: &str) -> Result<(), ApiError> {
    let bare = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let families = ["image/", "audio/", "video/", "text/"];
    let is_of_family =
        families.iter().any(|family| bare.len() > family.len() && bare.starts_with(family));
    match bare.as_str() {
        UNNAMED => Err(ApiError::bare()),
        one if APPLICATIONS.contains(&one) => Ok(()),
        one if is_of_family && !REFUSED.contains(&one) => Ok(()),
        _ => Err(ApiError::invalid(format!("Unsupported MIME type: {kind}"))),
    }
}

/// Something is in each.
pub(super) fn filled(request: &Request<'_>) -> Result<(), ApiError> {
    for (_, part) in request.parts() {
        let Some(blob) = field(part, "inlineData") else { continue };
        if text(blob, "data").is_empty() {
            let sentence = match text(blob, "mimeType") {
                "application/pdf" => "The document has no pages.",
                _ => "Unable to process input image.",
            };
            return Err(ApiError::invalid(sentence));
        }
    }
    Ok(())
}

/// Files come from the Files API, from a bucket, or from the web in the safe way.
pub(super) fn addresses(request: &Request<'_>) -> Result<(), ApiError> {
    for (_, part) in request.parts() {
        let address = field(part, "fileData").map_or("", |file| text(file, "fileUri"));
        let is_known = ["https://", "gs://"].iter().any(|scheme| address.starts_with(scheme));
        if !address.is_empty() && !is_known {
            return Err(ApiError::invalid(format!("Unsupported file uri: {address}")));
        }
    }
    Ok(())
}

/// From Gemini 3 on a part can have a resolution of its own.
pub(super) fn resolution(request: &Request<'_>) -> Result<(), ApiError> {
    let is_set = |(_, part): &(String, &Value)| field(part, "mediaResolution").is_some();
    match request.parts().iter().any(is_set) && !request.is_3_or_later() {
        true => Err(ApiError::invalid(
            "Media resolution of a single part is not enabled for this model",
        )),
        false => Ok(()),
    }
}

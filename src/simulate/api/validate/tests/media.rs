//! Media and files.

use serde_json::{Value, json};

use super::{FLASH, OLD, Way, part};

const WAY: Way = Way::to(FLASH);

fn blob(kind: &str, data: &str) -> Value {
    part(&json!({"inlineData": {"mimeType": kind, "data": data}}))
}

fn file(address: &str) -> Value {
    part(&json!({"fileData": {"fileUri": address, "mimeType": "video/mp4"}}))
}

#[test]
fn media_are_of_a_type_that_is_taken() {
    for bad in
        ["png", "", "image/", "image/svg+xml", "application/json", "application/octet-stream"]
    {
        WAY.refuses(&blob(bad, "aGk="), &format!("Unsupported MIME type: {bad}"));
    }
    WAY.refuses_barely(&blob("image/bmp", "aGk="));
    for good in [
        "image/png",
        "IMAGE/PNG",
        "audio/wav",
        "video/mp4",
        "application/pdf",
        "text/csv; charset=utf-8",
    ] {
        WAY.takes(&blob(good, "aGk="));
    }
    let of_file = |kind: &str| {
        part(&json!({"fileData": {"fileUri": "https://files.example/a", "mimeType": kind}}))
    };
    WAY.refuses(&of_file("pdf"), "Unsupported MIME type: pdf");
    WAY.takes(&of_file(""));
}

#[test]
fn something_is_in_them() {
    WAY.refuses(&blob("image/png", ""), "Unable to process input image.");
    WAY.refuses(&blob("application/pdf", ""), "The document has no pages.");
    WAY.takes(&blob("application/pdf", "aGk="));
}

#[test]
fn files_come_from_where_they_are_fetched() {
    for bad in ["http://pictures.example/cat.png", "file:///tmp/a", "files/abc", "data:image/png,x"]
    {
        WAY.refuses(&file(bad), &format!("Unsupported file uri: {bad}"));
    }
    WAY.refuses(&file(""), "* GenerateContentRequest.contents[0].parts[1].file_data.file_uri: ");
    for good in ["https://pictures.example/cat.png", "gs://bucket/a", "https://youtu.be/x"] {
        WAY.takes(&file(good));
    }
}

#[test]
fn films_have_a_rate() {
    let at = |fps: f64| {
        part(&json!({"fileData": {"fileUri": "https://youtu.be/x"}, "videoMetadata": {"fps": fps}}))
    };
    for bad in [0.0, -1.0, 24.5] {
        WAY.refuses(&at(bad), "* GenerateContentRequest.contents[0].parts[1].video_metadata.fps: ");
    }
    for good in [0.1, 24.0] {
        WAY.takes(&at(good));
    }
}

#[test]
fn a_part_has_a_resolution_from_gemini_3_on() {
    let fine = part(&json!({
        "inlineData": {"mimeType": "image/png", "data": "aGk="},
        "mediaResolution": {"level": "MEDIA_RESOLUTION_ULTRA_HIGH"},
    }));
    WAY.takes(&fine);
    Way::to(OLD).refuses(&fine, "Media resolution of a single part is not enabled");
    Way::to(OLD).takes(&blob("image/png", "aGk="));
}

#[test]
fn a_body_has_a_limit_in_bytes() {
    let body = |bytes: usize| {
        let head = "{\"contents\": [{\"parts\": [{\"text\": \"";
        let tail = "\"}]}]}";
        head.to_owned() + &"x".repeat(bytes - head.len() - tail.len()) + tail
    };
    let judge = |bytes: usize| {
        super::super::super::super::refusal(&body(bytes), FLASH, "v1beta", "generateContent")
    };
    let refused = judge(20_971_521).unwrap();
    assert_eq!(refused.message(), "Request payload size exceeds the limit: 20971520 bytes.");
    assert_eq!(judge(20_971_520), None);
}

//! How a film is read: frames a second, and from where to where.

use crate::facts::Severity::{Error, Warning};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, said},
    kind::field,
    rule::{Rule, bad, good},
};

use super::{super::parts::is_cut, known::FLASH};

const VIDEO_PAGE: &str = "https://ai.google.dev/gemini-api/docs/video-understanding";

pub(super) const FRAMES: Rule = Rule {
    id: "video-frames-out-of-range",
    title: "The frames a second of a film are out of their range",
    severity: Warning,
    fix: None,
    answer: "",
    why: "videoMetadata.fps is above 0 and at most 24; one frame a second is looked at where nothing is said.",
    docs: &[VIDEO_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"fileData": {"fileUri": "https://youtu.be/abc"}, "videoMetadata": {"fps": 30}}]}]}"#,
            "contents[0].parts[0].videoMetadata.fps",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"file_data": {"file_uri": "https://youtu.be/abc"}, "video_metadata": {"fps": 0}}]}]}"#,
            "contents[0].parts[0].video_metadata.fps",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"fileData": {"fileUri": "https://youtu.be/abc"}, "videoMetadata": {"fps": 24}}]}]}"#,
    )],
};
pub(super) const OFFSET: Rule = Rule {
    id: "video-offset-malformed",
    title: "The beginning or the end of a clip is no duration",
    severity: Error,
    fix: Some("field-value-refused"),
    answer: "Invalid value at '….video_metadata.start_offset' (type.googleapis.com/google.protobuf.Duration), Illegal duration format; duration must end with 's'",
    why: "A duration is a number of seconds with an s behind it: 90s, 3.5s.",
    docs: &[VIDEO_PAGE, "https://protobuf.dev/programming-guides/json/"],
    as_of: "2026-11-20",
    bad: &[
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"fileData": {"fileUri": "https://youtu.be/abc"}, "videoMetadata": {"startOffset": "90"}}]}]}"#,
            "contents[0].parts[0].videoMetadata.startOffset",
        ),
        bad(
            FLASH,
            r#"{"contents": [{"role": "user", "parts": [{"file_data": {"file_uri": "https://youtu.be/abc"}, "video_metadata": {"end_offset": "01:30"}}]}]}"#,
            "contents[0].parts[0].video_metadata.end_offset",
        ),
    ],
    good: &[good(
        FLASH,
        r#"{"contents": [{"role": "user", "parts": [{"fileData": {"fileUri": "https://youtu.be/abc"}, "videoMetadata": {"startOffset": "3.5s", "endOffset": "90s"}}]}]}"#,
    )],
};

/// Looks at what a part says of its film.
pub(super) fn look(video: Value<'_>, found: &mut Findings<'_>) {
    if let Some(fps) = field(video, "fps").filter(|fps| !is_cut(*fps)) {
        let is_out = fps.number_in_any_form().is_some_and(|fps| fps <= 0.0 || fps > 24.0);
        if is_out {
            found.at(&FRAMES, fps, || {
                said(format!("fps is {}, and may be above 0 and at most 24", fps.raw()))
            });
        }
    }
    for name in ["startOffset", "endOffset"] {
        if let Some(offset) = field(video, name) {
            self::offset(name, offset, found);
        }
    }
}

fn offset(name: &str, value: Value<'_>, found: &mut Findings<'_>) {
    let Some(text) = value.text() else { return };
    if value.kind() != Form::Text || is_duration(&text) || is_cut(value) {
        return;
    }
    found.at(&OFFSET, value, || {
        said(format!("{name} is {text:?}, and no number of seconds with an s behind it")).with(
            match seconds(&text) {
                Some(seconds) => Correction::mechanical(
                    format!("Write {seconds}s"),
                    vec![edit::replace(value, edit::quoted(&format!("{seconds}s")))],
                ),
                None => Correction::advice("Write the seconds, such as 90s"),
            },
        )
    });
}

/// A number of seconds with at most nine digits behind its point, and an s.
fn is_duration(text: &str) -> bool {
    let Some(number) = text.strip_suffix('s') else { return false };
    let number = number.strip_prefix('-').unwrap_or(number);
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let is_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    !whole.is_empty() && is_digits(whole) && is_digits(part) && part.len() <= 9
}

/// The seconds of `90`, `01:30` and `1:02:03`.
fn seconds(text: &str) -> Option<String> {
    if is_duration(&format!("{text}s")) {
        return Some(text.to_owned());
    }
    let (mut total, mut count) = (0_u64, 0);
    for part in text.split(':') {
        let number: u64 = part.parse().ok()?;
        let is_in_range = count == 0 || number < 60;
        total = total.checked_mul(60)?.checked_add(number).filter(|_| is_in_range)?;
        count += 1;
    }
    (2..=3).contains(&count).then(|| total.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_seconds() {
        for (text, is) in [
            ("90s", true),
            ("3.5s", true),
            ("0s", true),
            ("-1s", true),
            ("3.s", true),
            ("1.0123456789s", false),
            ("s", false),
            (".5s", false),
            ("90", false),
            ("1m", false),
            ("", false),
        ] {
            assert_eq!(is_duration(text), is, "{text}");
        }
        for (text, expected) in [
            ("90", Some("90")),
            ("01:30", Some("90")),
            ("1:02:03", Some("3723")),
            ("1:90", None),
            ("1m30s", None),
            ("x", None),
            ("99999999999999999999:00", None),
        ] {
            assert_eq!(seconds(text).as_deref(), expected, "{text}");
        }
    }
}

//! Pictures, sounds, films and documents in a request: their types, their bytes, where files lie. What a whole request may
//! weigh is another topic.

pub(super) mod base64;
mod bytes;
mod file;
mod known;
mod mime;
mod video;

use crate::lint::{
    document::{Form, Span, Value},
    edit,
    finding::{Correction, Edit, Findings, said},
    kind::field,
    request::Request,
    rule::Rule,
};

use self::{
    base64::{Broken, Why},
    bytes::Sort,
    known::{
        BLANKS, BROKEN, DATA_EMPTY, DATA_URL, MIME_MALFORMED, MIME_MISSING, MIME_REFUSED,
        MIME_UNKNOWN, OTHER_TYPE, TEXT_AS_MEDIA, TOO_LARGE,
    },
    mime::Class,
};
use super::parts::{Held, each_part, is_cut, turns};

/// The rules of this topic.
pub(super) const RULES: &[&Rule] = &[
    &MIME_MISSING,
    &MIME_MALFORMED,
    &MIME_REFUSED,
    &MIME_UNKNOWN,
    &OTHER_TYPE,
    &TEXT_AS_MEDIA,
    &DATA_EMPTY,
    &DATA_URL,
    &BLANKS,
    &BROKEN,
    &TOO_LARGE,
    &file::URI_MISSING,
    &file::URI_LOCAL,
    &file::URI_NOT_FETCHED,
    &file::URI_DOUBTFUL,
    &file::TYPE_MISSING,
    &video::FRAMES,
    &video::OFFSET,
];

/// Looks at a request.
pub(super) fn look(request: &Request<'_>, found: &mut Findings<'_>) {
    for turn in turns(request) {
        for held in each_part(turn).map(Held::of) {
            one(request, &held, found);
        }
    }
}

fn one<'d>(request: &Request<'d>, held: &Held<'d>, found: &mut Findings<'_>) {
    if let Some(video) = held.video {
        video::look(video, found);
    }
    let Some((name, data)) = held.data.filter(|(_, data)| data.kind() == Form::Object) else {
        return;
    };
    match name {
        "inlineData" => blob(data, found),
        "fileData" => file_data(request, data, found),
        "functionResponse" => {
            for part in field(data, "parts").into_iter().flat_map(Value::each) {
                field(part, "inlineData").into_iter().for_each(|data| blob(data, found));
                field(part, "fileData").into_iter().for_each(|it| file_data(request, it, found));
            }
        }
        _ => {}
    }
}

fn file_data(request: &Request<'_>, data: Value<'_>, found: &mut Findings<'_>) {
    file::look(request, data, found);
    let is_said = |mime: &Value<'_>| mime.kind() == Form::Text && mime.quoted() != Some("");
    if let Some(mime) = field(data, "mimeType").filter(is_said).filter(|mime| !is_cut(*mime)) {
        named(mime, None, found);
    }
}

/// Where in the text something that is no base64 stands.
pub(super) fn place(value: Value<'_>, broken: &Broken) -> Span {
    let start = value.span().start + 1;
    match &broken.span {
        Some(span) => start + span.start..start + span.end,
        None => value.span(),
    }
}

/// Bytes in a part.
fn blob(blob: Value<'_>, found: &mut Findings<'_>) {
    if blob.kind() != Form::Object {
        return;
    }
    let known = ["mimeType", "mime_type", "data", "displayName", "display_name"];
    let is_known = |member: Value<'_>| known.iter().any(|name| member.is_called(name));
    let is_complete = blob.members().all(is_known) && !is_cut(blob);
    let mime = field(blob, "mimeType");
    let Some(data) = field(blob, "data") else {
        if is_complete {
            found.at_name(&DATA_EMPTY, blob, || said("inlineData has no data"));
        }
        return;
    };
    let Some(quoted) = data.quoted().filter(|_| data.kind() == Form::Text && !is_cut(data)) else {
        return;
    };
    let is_media = self::data(data, quoted, mime, found);
    let sort = if is_media { sort_of(quoted) } else { None };
    match mime {
        None if is_complete => mime_missing(blob, None, sort, found),
        Some(mime) if mime.quoted() == Some("") => mime_missing(blob, Some(mime), sort, found),
        Some(mime) if mime.kind() == Form::Text && named(mime, sort, found) => {
            compare(mime, data, sort, found);
        }
        _ => {}
    }
}

fn sort_of(quoted: &str) -> Option<Sort> {
    let (head, count) = base64::head(quoted);
    bytes::sort(head.get(..count).unwrap_or_default())
}

/// Looks at what stands for the bytes; whether it is base64, so that they can be looked at.
fn data(data: Value<'_>, quoted: &str, mime: Option<Value<'_>>, found: &mut Findings<'_>) -> bool {
    if quoted.is_empty() {
        found.at(&DATA_EMPTY, data, || said("data is empty"));
        return false;
    }
    if quoted.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:")) {
        data_url(data, quoted, found);
        return false;
    }
    match base64::check(quoted) {
        Ok(bytes) => {
            large(data, bytes, mime, found);
            true
        }
        Err(broken) => {
            not_base64(data, quoted, &broken, found);
            matches!(broken.why, Why::Blank(_))
        }
    }
}

fn data_url(data: Value<'_>, quoted: &str, found: &mut Findings<'_>) {
    found.at(&DATA_URL, data, || {
        let comma = quoted.find(',').filter(|comma| *comma < 200);
        let start = data.span().start + 1;
        let is_base64 = comma.is_some_and(|comma| quoted[..comma].ends_with("base64"));
        let edit = comma
            .filter(|_| is_base64)
            .map(|comma| Edit { span: start..start + comma + 1, text: String::new() });
        let prefix: String = quoted.chars().take(comma.map_or(20, |comma| comma + 1)).collect();
        said(format!("data begins with {prefix}, which is no part of the bytes")).with(match edit {
            Some(edit) => Correction::mechanical("Cut it off up to the comma", vec![edit]),
            None => Correction::advice("Write the bytes in base64"),
        })
    });
}

fn not_base64(data: Value<'_>, quoted: &str, broken: &Broken, found: &mut Findings<'_>) {
    let span = place(data, broken);
    if let Why::Blank(_) = broken.why {
        found.add(&BLANKS, data.document(), span, || {
            let text = format!("\"{}\"", base64::without_blanks(quoted));
            said(format!("data is base64, but {}", broken.words())).with(Correction::mechanical(
                "Take the blanks out",
                vec![edit::replace(data, text)],
            ))
        });
        return;
    }
    found.add(&BROKEN, data.document(), span, || {
        let is_address = ["http://", "https://", "gs://", "http:\\/", "https:\\/"]
            .iter()
            .any(|start| quoted.starts_with(start));
        let advice = if is_address {
            "An address belongs into fileData.fileUri"
        } else {
            "Encode the bytes of the file once more, as a whole"
        };
        said(format!("data is no base64: {}", broken.words())).with(Correction::advice(advice))
    });
}

fn mime_missing(
    blob: Value<'_>,
    mime: Option<Value<'_>>,
    sort: Option<Sort>,
    found: &mut Findings<'_>,
) {
    let told = || {
        let is_named =
            blob.members().any(|it| it.is_called("mimeType") || it.is_called("mime_type"));
        let meant = sort.and_then(right).map(edit::quoted);
        let edit = meant.as_ref().and_then(|meant| match mime {
            Some(mime) => Some(edit::replace(mime, meant.clone())),
            None => (!is_named).then(|| edit::insert(blob, "mimeType", meant)),
        });
        said("inlineData has no mimeType").with(match (edit, meant) {
            (Some(edit), Some(meant)) => {
                Correction::mechanical(format!("Say what the bytes are: {meant}"), vec![edit])
            }
            _ => Correction::advice("Say what the bytes are, such as image/png"),
        })
    };
    match mime {
        Some(mime) => found.at(&MIME_MISSING, mime, told),
        None => found.at_name(&MIME_MISSING, blob, told),
    }
}

/// The type of bytes, where it is one that is taken.
fn right(sort: Sort) -> Option<&'static str> {
    match sort {
        Sort::Of(mime, _) if mime::class(mime) == Class::Taken => Some(mime),
        _ => None,
    }
}

/// Looks at the name of a type; whether it is one that bytes can be compared with.
fn named(mime: Value<'_>, sort: Option<Sort>, found: &mut Findings<'_>) -> bool {
    let Some(text) = mime.text() else { return false };
    let bare = mime::bare(&text);
    let meant = sort.and_then(right);
    let write = |meant: Option<&str>, advice: &str| match meant {
        Some(meant) => Correction::mechanical(
            format!("Write {meant}"),
            vec![edit::replace(mime, edit::quoted(meant))],
        ),
        None => Correction::advice(advice),
    };
    match mime::class(&bare) {
        Class::Taken => return true,
        Class::Malformed => found.at(&MIME_MALFORMED, mime, || {
            said(format!("{text:?} is no type, which has two words and a slash")).with(write(
                meant.or_else(|| mime::of_ending(text.trim())),
                "Write the full type, such as image/png",
            ))
        }),
        Class::Refused => found.at(&MIME_REFUSED, mime, || {
            said(format!("{bare} is refused")).with(write(
                meant,
                "Send its text as text/plain or as a text, a document as PDF, and a picture as PNG",
            ))
        }),
        Class::Alias(name) => found.at(&MIME_UNKNOWN, mime, || {
            let name = meant.unwrap_or(name);
            said(format!("{bare} is not documented; {name} is")).with(write(Some(name), ""))
        }),
        // What the bytes are decides, where they are of a type that is taken.
        Class::Unknown if meant.is_some() => return true,
        Class::Unknown => found.at(&MIME_UNKNOWN, mime, || {
            said(format!("{bare} is not among the documented types"))
                .with(Correction::advice("Convert the file to a type that is documented"))
        }),
    }
    false
}

/// Holds the bytes against their type.
fn compare(mime: Value<'_>, data: Value<'_>, sort: Option<Sort>, found: &mut Findings<'_>) {
    let (Some(sort), Some(text)) = (sort, mime.text()) else { return };
    let bare = mime::bare(&text);
    let is_readable = bare.starts_with("image/") || bare == "application/pdf";
    match sort {
        Sort::Text(words) if is_readable => {
            found.at(&TEXT_AS_MEDIA, data, || {
                said(format!("data is {words}, and said to be {bare}"))
                    .with(Correction::advice("See that the file is what it should be"))
            });
        }
        Sort::Of(own, names)
            if own != bare && !names.contains(&bare.as_str()) && !bare.starts_with("text/") =>
        {
            found.at(&OTHER_TYPE, mime, || {
                said(format!("the bytes are {own}, and said to be {bare}")).with(
                    match right(sort) {
                        Some(own) => Correction::mechanical(
                            format!("Write {own}"),
                            vec![edit::replace(mime, edit::quoted(own))],
                        ),
                        None => Correction::advice("Convert the file to a type that is taken"),
                    },
                )
            });
        }
        _ => {}
    }
}

fn large(data: Value<'_>, bytes: u64, mime: Option<Value<'_>>, found: &mut Findings<'_>) {
    let is_pdf = mime.and_then(Value::quoted).is_some_and(|mime| mime.ends_with("pdf"));
    if let Some(words) = too_large(data.raw().len() as u64, bytes, is_pdf) {
        found.at(&TOO_LARGE, data, || {
            said(words).with(Correction::advice("Upload the file with the Files API"))
        });
    }
}

const MB: u64 = 1_000_000;

/// What is too large about a part, by its letters and its bytes.
fn too_large(letters: u64, bytes: u64, is_pdf: bool) -> Option<String> {
    let size = bytes / MB;
    match () {
        () if letters > 100 * MB => Some(format!(
            "{size} MB are {} MB in base64, and no request may have more than 100 MB",
            letters / MB
        )),
        () if is_pdf && bytes > 50 * MB => {
            Some(format!("the PDF has {size} MB, and may have 50 MB"))
        }
        () if letters > 20 * 1_048_576 => Some(format!(
            "{size} MB are {} MB in base64, more than the 20 MB that older ways take",
            letters / MB
        )),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_large_by_their_letters_and_pdfs_by_their_bytes() {
        for (letters, bytes, is_pdf, expected) in [
            (20 * MB, 15 * MB, false, None),
            (22 * MB, 16 * MB, false, Some("older ways")),
            (70 * MB, 52 * MB, true, Some("may have 50 MB")),
            (70 * MB, 52 * MB, false, Some("older ways")),
            (101 * MB, 75 * MB, true, Some("no request")),
        ] {
            let words = too_large(letters, bytes, is_pdf);
            let has = |expected: &str| words.as_deref().is_some_and(|it| it.contains(expected));
            assert!(expected.map_or(words.is_none(), has), "{letters} {words:?}");
        }
    }
}

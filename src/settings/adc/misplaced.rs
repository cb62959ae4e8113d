//! What stands in a variable where a path belongs. Decides by the text alone, and repeats nothing of it.

use base64::{Engine, alphabet, engine};

use crate::facts::looks_like_key;

/// Longer texts are no path that anybody writes into a variable.
const LONGEST_PATH: usize = 1024;
/// What most file systems take for one name.
const LONGEST_NAME: usize = 255;
/// Beyond that, letters without a dot, a blank or anything else are no path, but something encoded.
const LONGEST_PLAIN: usize = 100;

/// What was found in the place of a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misplaced {
    /// It in words.
    pub(super) what: &'static str,
    /// The text of the file, where the text or its decoding is one.
    pub(super) text: Option<String>,
}

/// What a value is that cannot be a path; none for what may be one.
pub(super) fn read(value: &str) -> Option<Misplaced> {
    let bare = value.trim_matches(is_around);
    let told = |what, text| Some(Misplaced { what, text });
    if is_file(bare) {
        return told("the contents of a file", Some(bare.to_owned()));
    }
    if let Some(text) = decoded(bare) {
        return told("the contents of a file in base64", Some(text));
    }
    if looks_like_key(bare) || ["AIza", "AQ.", "ya29."].iter().any(|start| bare.starts_with(start))
    {
        return told("a key or a token", None);
    }
    let names = || bare.split(['/', '\\']);
    match () {
        () if bare.chars().any(char::is_control) => told("a text of several lines", None),
        () if value.len() > LONGEST_PATH || names().any(|name| name.len() > LONGEST_NAME) => {
            told("a text that is too long for a path", None)
        }
        () if bare.len() > LONGEST_PLAIN && bare.bytes().all(is_base64) => {
            told("something encoded", None)
        }
        () => None,
    }
}

/// White space, and the quotes of a shell or of YAML.
fn is_around(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '"' | '\'' | '`' | '\u{feff}')
}

fn is_file(text: &str) -> bool {
    ["{", "[", "-----BEGIN"].iter().any(|start| text.starts_with(start))
}

/// The file behind base64 of either alphabet, with its lines wrapped or not; damage at its end does not count.
fn decoded(text: &str) -> Option<String> {
    let packed: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        })
        .collect();
    let end = packed.iter().position(|byte| !is_base64(*byte) || *byte == b'=');
    let body = &packed[..end.unwrap_or(packed.len())];
    // A single letter over is no byte.
    let body = if body.len() % 4 == 1 { &body[..body.len() - 1] } else { body };
    let lenient = engine::GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(engine::DecodePaddingMode::RequireNone);
    let bytes = engine::GeneralPurpose::new(&alphabet::STANDARD, lenient).decode(body).ok()?;
    let text: String = String::from_utf8_lossy(&bytes).replace('\0', "");
    let bare = text.trim_matches(is_around);
    let is_one =
        is_file(bare) || ["private_key", "refresh_token"].iter().any(|name| bare.contains(name));
    (is_one && bare.len() > 8).then(|| bare.to_owned())
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::*;

    const FILE: &str = "{\n  \"type\": \"service_account\",\n  \"private_key\": \"FAKE\"\n}\n";

    #[test]
    fn what_is_no_path_is_named() {
        let wide: String = FILE.chars().flat_map(|letter| [letter, '\0']).collect();
        let wrapped = STANDARD.encode(FILE.repeat(3));
        let wrapped = format!("{}\n{}\n", &wrapped[..76], &wrapped[76..]);
        let cut = STANDARD.encode(FILE);
        for (value, what) in [
            (FILE.to_owned(), "the contents of a file"),
            (format!("'{FILE}'"), "the contents of a file"),
            ("\"-----BEGIN PRIVATE KEY-----\\nFAKE".to_owned(), "the contents of a file"),
            (STANDARD.encode(FILE), "the contents of a file in base64"),
            (URL_SAFE_NO_PAD.encode(FILE), "the contents of a file in base64"),
            (format!(" '{}'", STANDARD.encode(FILE)), "the contents of a file in base64"),
            (STANDARD.encode(&wide), "the contents of a file in base64"),
            (wrapped, "the contents of a file in base64"),
            (cut[..cut.len() - 5].to_owned(), "the contents of a file in base64"),
            (STANDARD.encode("-----BEGIN PRIVATE KEY-----"), "the contents of a file in base64"),
            (format!("AQ.{}", "FAKE-key-for-a-test-0001"), "a key or a token"),
            ("a\nb".to_owned(), "a text of several lines"),
            ("x.".repeat(600), "a text that is too long for a path"),
            (format!("H4sI{}", "FAKE".repeat(30)), "something encoded"),
        ] {
            let found = read(&value).map(|found| found.what);
            assert_eq!(found, Some(what), "{value}");
        }
    }

    #[test]
    fn paths_are_paths() {
        for value in [
            "/etc/login.json",
            "C:\\Users\\me\\login.json",
            "login.json",
            "key",
            "my file.json",
            "/var/run/secrets/eyJhbGci/login.json",
            "/builds/team/repository/gha-creds-0123456789abcdef.json",
            "~/{name}.json",
            "",
        ] {
            assert_eq!(read(value), None, "{value}");
        }
    }
}

//! Secrets in bytes, by how they begin and what follows. Finds places; keeps no text.

use std::ops::Range;

use memchr::memmem;

use super::SecretKind;

/// One secret in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) kind: SecretKind,
    pub(super) at: Range<usize>,
}

/// How a kind begins, and how many characters follow at least and at most.
struct Shape {
    kind: SecretKind,
    begins: &'static str,
    follow: (usize, usize),
    /// Whether the characters must be as mixed as chance makes them: the beginning is short.
    mixed: bool,
}

const SHAPES: [Shape; 5] = [
    shape(SecretKind::StandardKey, "AIza", (35, 35), false),
    shape(SecretKind::AuthKey, "AQ.", (30, 200), true),
    shape(SecretKind::AccessToken, "ya29.", (20, 2000), true),
    shape(SecretKind::OauthClientSecret, "GOCSPX-", (20, 64), false),
    shape(SecretKind::RefreshToken, "1//0", (30, 512), true),
];

const fn shape(
    kind: SecretKind,
    begins: &'static str,
    follow: (usize, usize),
    mixed: bool,
) -> Shape {
    Shape { kind, begins, follow, mixed }
}

/// The most of one file: more of them say no more.
const MOST: usize = 1000;
/// How long the private key of a service account is at most.
const LONGEST_KEY: usize = 16 * 1024;
/// A shorter body is no key.
const SHORTEST_BODY: usize = 40;

/// Every secret in these bytes, in order.
pub(super) fn hits(bytes: &[u8]) -> Vec<Hit> {
    let mut hits: Vec<Hit> = SHAPES.iter().flat_map(|shape| of_shape(bytes, shape)).collect();
    hits.extend(service_accounts(bytes));
    hits.sort_unstable_by_key(|hit| hit.at.start);
    hits.truncate(MOST);
    hits
}

fn of_shape<'a>(bytes: &'a [u8], shape: &'a Shape) -> impl Iterator<Item = Hit> + 'a {
    let places = memmem::find_iter(bytes, shape.begins);
    let places = places.take(MOST * 100).filter_map(move |start| {
        let is_inside = start.checked_sub(1).is_some_and(|before| is_word(bytes[before]));
        if is_inside {
            return None;
        }
        let body = &bytes[start + shape.begins.len()..];
        let length =
            body.iter().take(shape.follow.1 + 1).take_while(|byte| is_word(**byte)).count();
        let fits = (shape.follow.0..=shape.follow.1).contains(&length);
        let next = body.get(length);
        // A member of an object is called or goes on; a key does not.
        let is_code =
            shape.mixed && matches!(next, Some(b'(' | b'.' | b'[')) && shape.begins == "AQ.";
        let is_secret = fits && !is_code && (!shape.mixed || is_mixed(&body[..length]));
        is_secret.then(|| Hit { kind: shape.kind, at: start..start + shape.begins.len() + length })
    });
    places.take(MOST)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Capitals, small letters and figures, as a text of this length has by chance.
fn is_mixed(body: &[u8]) -> bool {
    let has = |is: fn(&u8) -> bool| body.iter().any(is);
    has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)
}

/// Private keys in a file that names itself a service account's.
fn service_accounts(bytes: &[u8]) -> Vec<Hit> {
    const BEGINS: &[u8] = b"-----BEGIN PRIVATE KEY-----";
    const ENDS: &[u8] = b"-----END PRIVATE KEY-----";
    if memmem::find(bytes, b"service_account").is_none() {
        return Vec::new();
    }
    let places = memmem::find_iter(bytes, BEGINS).take(MOST);
    places
        .filter_map(|start| {
            let near = &bytes[start..bytes.len().min(start + LONGEST_KEY)];
            let end = memmem::find(near, ENDS)?;
            let at = start..start + end + ENDS.len();
            (end >= BEGINS.len() + SHORTEST_BODY)
                .then_some(Hit { kind: SecretKind::ServiceAccount, at })
        })
        .collect()
}

/// The address of the account whose private key lies here, from the same object; it is no secret.
pub(super) fn account(bytes: &[u8], key: &Range<usize>) -> Option<String> {
    /// What stands round a key in such a file.
    const NEAR: usize = 1500;
    let around = &bytes[key.start.saturating_sub(NEAR)..bytes.len().min(key.end + NEAR)];
    let at = memmem::find(around, b"client_email")?;
    let rest = String::from_utf8_lossy(&around[at + b"client_email".len()..]);
    let is_part = |letter: &char| letter.is_ascii_alphanumeric() || "-_.@".contains(*letter);
    let found: String =
        rest.trim_start_matches(['"', '\\', ' ', ':', '\'']).chars().take_while(is_part).collect();
    (found.contains('@') && found.ends_with(".gserviceaccount.com")).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::scan::tests::{auth_key, service_account, standard_key};

    fn kinds(text: &str) -> Vec<SecretKind> {
        hits(text.as_bytes()).into_iter().map(|hit| hit.kind).collect()
    }

    #[test]
    fn each_kind_is_found_by_its_shape() {
        let (one, other) = (standard_key(1), auth_key(2));
        let text = format!("a = '{one}'; b = \"{other}\"");
        let hits = hits(text.as_bytes());
        assert_eq!(&text[hits[0].at.clone()], one);
        assert_eq!(&text[hits[1].at.clone()], other);
        assert_eq!(kinds(&service_account(3)), [SecretKind::ServiceAccount]);
        let body = &other[3..];
        assert_eq!(kinds(&format!("ya29.a0{body}")), [SecretKind::AccessToken]);
        assert_eq!(kinds(&format!("{}-{body}", "GOCSPX")), [SecretKind::OauthClientSecret]);
        assert_eq!(kinds(&format!("refresh_token: 1//0{body}")), [SecretKind::RefreshToken]);
    }

    #[test]
    fn the_account_of_a_key_is_read_beside_it() {
        let text = format!(
            "{{\"client_email\": \"a-1@p.iam.gserviceaccount.com\", {}",
            service_account(3)
        );
        let hit = hits(text.as_bytes()).pop().expect("a key");
        let found = account(text.as_bytes(), &hit.at);
        assert_eq!(found.as_deref(), Some("a-1@p.iam.gserviceaccount.com"));
        let odd = text.replace("a-1@p.iam", "a;rm -rf@p.iam");
        let hit = hits(odd.as_bytes()).pop().expect("a key");
        assert_eq!(account(odd.as_bytes(), &hit.at), None);
    }

    #[test]
    fn what_only_resembles_a_key_is_none() {
        let key = standard_key(1);
        for text in [
            &key[..38],
            &format!("{key}x"),
            &format!("x{key}"),
            "AQ.getElementsByTagNameAndSomeMoreWords",
            "AQ.getElementsByTagNameAndSomeMoreWords2(x)",
            "https://example.com/1//0/abcdefghijklmnopqrstuvwxyz",
            "-----BEGIN PRIVATE KEY-----\nFAKE\n-----END PRIVATE KEY-----",
            "service_account -----BEGIN PRIVATE KEY----- with nothing behind",
            "GOCSPX-short",
            "",
        ] {
            assert_eq!(kinds(text), [], "{text}");
        }
    }
}

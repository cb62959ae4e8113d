//! A key in memory: it cannot print itself, be serialised, or be compared by accident.

mod spelling;

use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

use zeroize::Zeroizing;

pub use spelling::{Spellings, is_placeholder};

/// The text of a key. Wiped from memory when dropped.
#[derive(Clone)]
pub struct ApiKey {
    text: Zeroizing<String>,
    /// Found once, for all copies: each answer of a server is searched for them.
    spellings: Arc<OnceLock<Option<Spellings>>>,
}

impl ApiKey {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: Zeroizing::new(text.into()), spellings: Arc::default() }
    }

    /// The text itself: for the one header, for the shape check and for the redactor, and nothing else.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// A text in which the fingerprint stands in the place of the key, however it is spelled: servers
    /// echo keys. To be done before a text is cut, since half a key is not found any more.
    pub fn scrub<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let scrubbed = self.spellings().and_then(|all| all.replace(text, || self.fingerprint()));
        scrubbed.map_or(Cow::Borrowed(text), Cow::Owned)
    }

    /// How others may write it. `None` where it is too short to be a secret, or a stand-in for one.
    pub fn spellings(&self) -> Option<&Spellings> {
        self.spellings.get_or_init(|| Spellings::of(&self.text)).as_ref()
    }

    /// `sha256:` and eight hex digits: tells keys apart without telling them.
    pub fn fingerprint(&self) -> String {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, self.text.as_bytes());
        let hex: String =
            digest.as_ref().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        format!("sha256:{hex}")
    }
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ApiKey({})", self.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_shows_its_fingerprint_only() {
        let key = ApiKey::new("abc");
        assert_eq!(key.fingerprint(), "sha256:ba7816bf");
        assert_eq!(format!("{key:?}"), "ApiKey(sha256:ba7816bf)");
    }

    #[test]
    fn an_echoed_key_is_scrubbed() {
        let key = ApiKey::new("FAKE-key");
        assert!(!key.scrub("Consumer 'api_key:FAKE-key' is out").contains("FAKE"));
        assert_eq!(ApiKey::new("").scrub("text"), "text");
    }

    #[test]
    fn an_echoed_key_is_scrubbed_in_every_spelling() {
        let key = ApiKey::new("9f8e+FAKE/key\"example");
        let mark = key.fingerprint();
        for spelling in [
            r#"9f8e+FAKE/key\"example"#,
            "9f8e%2BFAKE%2fkey%22example",
            "OWY4ZStGQUtFL2tleSJleGFtcGxl",
        ] {
            let scrubbed = key.scrub(&format!("ü {spelling} after")).into_owned();
            assert_eq!(scrubbed, format!("ü {mark} after"), "{spelling}");
        }
    }
}

//! A key in memory: it cannot print itself, be serialised, or be compared by accident.

use zeroize::Zeroizing;

/// The text of a key. Wiped from memory when dropped.
#[derive(Clone)]
pub struct ApiKey(Zeroizing<String>);

impl ApiKey {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself: for the one header, for the shape check and for the redactor, and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A text in which the fingerprint stands in the place of the key: servers echo keys.
    pub fn scrub(&self, text: &str) -> String {
        if self.0.len() < 4 {
            return text.to_owned();
        }
        text.replace(self.0.as_str(), &self.fingerprint())
    }

    /// `sha256:` and eight hex digits: tells keys apart without telling them.
    pub fn fingerprint(&self) -> String {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, self.0.as_bytes());
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
}

//! A throw-away RSA key: made at each start, never written but into the scratch directory; and the check of what was
//! signed with it.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// The id of the key, as the file and signed statements name it.
pub(super) const KEY_ID: &str = "5100000000000000000000000000000000000001";

/// The key of one simulation.
pub(super) struct Keys {
    pair: KeyPair,
    pem: String,
}

/// Neither does it print itself.
impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keys")
    }
}

impl Keys {
    pub(super) fn make() -> Result<Self, String> {
        let unusable = |_| "cannot make an RSA key".to_owned();
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(unusable)?;
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(unusable)?;
        let body = STANDARD.encode(der.as_ref());
        let lines = body.as_bytes().chunks(64).map(String::from_utf8_lossy);
        let lines: Vec<String> = lines.map(String::from).collect();
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            lines.join("\n")
        );
        Ok(Self { pair, pem })
    }

    /// The private key as a file holds it.
    pub(super) fn pem(&self) -> &str {
        &self.pem
    }

    /// Somebody's statement, signed with this key.
    pub(super) fn sign(&self, claims: &Value) -> String {
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": KEY_ID});
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let stated = format!("{}.{}", part(&header), part(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = SystemRandom::new();
        self.pair
            .sign(&RSA_PKCS1_SHA256, &random, stated.as_bytes(), &mut signature)
            .expect("a key of this size signs with SHA-256");
        format!("{stated}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The claims of a statement whose signature holds.
    pub(super) fn verified(&self, statement: &str) -> Option<Value> {
        let mut parts = statement.split('.');
        let (header, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || json_of(header)?["alg"] != "RS256" {
            return None;
        }
        let stated = &statement[..header.len() + 1 + claims.len()];
        let public = self.pair.public_key();
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public.as_ref());
        public.verify(stated.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
        json_of(claims)
    }
}

/// A part of a statement that claims to be JSON.
fn json_of(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// Whether a text is a statement at all, signed or not.
pub(super) fn is_statement(text: &str) -> bool {
    text.starts_with("eyJ") && text.split('.').count() == 3
}

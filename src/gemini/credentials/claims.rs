//! Statements that a service account signs: to be exchanged for a token, or to be used as one.

use aws_lc_rs::{rand::SystemRandom, signature::RSA_PKCS1_SHA256};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{SCOPE, ServiceAccount, TOKEN_URI, Url, pem};
use crate::secret::ApiKey;

/// A little in the past, since clocks differ.
const LEEWAY_S: u64 = 10;
/// As long as the provider takes one.
const LIFETIME_S: u64 = 3600;

/// What a statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It stands for a token itself.
    Bearer,
    /// It is exchanged for one.
    Exchange,
}

/// Signs a statement, by a clock in seconds since 1970. The error says what is wrong with the key.
pub fn sign(
    account: &ServiceAccount,
    purpose: Purpose,
    now_s: u64,
) -> Result<ApiKey, &'static str> {
    let key = pem::key_pair(account.key.expose())?;
    let mut header = json!({"alg": "RS256", "typ": "JWT"});
    if let Some(id) = &account.key_id {
        header["kid"] = json!(id);
    }
    let claims = claims(account, purpose, now_s);
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let stated = format!("{}.{}", part(&header), part(&claims));
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), stated.as_bytes(), &mut signature)
        .map_err(|_| "nothing can be signed with it")?;
    Ok(ApiKey::new(format!("{stated}.{}", URL_SAFE_NO_PAD.encode(signature))))
}

fn claims(account: &ServiceAccount, purpose: Purpose, now_s: u64) -> Value {
    let issued = now_s.saturating_sub(LEEWAY_S);
    let mut claims = json!({
        "iss": account.email, "scope": SCOPE, "iat": issued, "exp": issued + LIFETIME_S,
    });
    match purpose {
        Purpose::Bearer => claims["sub"] = json!(account.email),
        Purpose::Exchange => claims["aud"] = json!(audience(&account.token_uri)),
    }
    claims
}

/// The provider's own endpoint wants its own URL; a private way to it wants the public one.
fn audience(token_uri: &Url) -> String {
    let own = ["oauth2.googleapis.com", "accounts.google.com", "www.googleapis.com"];
    match own.contains(&token_uri.endpoint.host.as_str()) {
        true => token_uri.text(),
        false => TOKEN_URI.to_owned(),
    }
}

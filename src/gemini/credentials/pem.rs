//! A private key as PEM: whether it can sign, and if not, what became of it. Shows no part of it.

use aws_lc_rs::rsa::KeyPair;
use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

/// The key, ready to sign. The error is a sentence's end: what is wrong with it.
pub(super) fn key_pair(pem: &str) -> Result<KeyPair, &'static str> {
    let der = der(pem)?;
    KeyPair::from_pkcs8(&der).or_else(|_| KeyPair::from_der(&der)).map_err(|_| {
        "it is whole, and no RSA key: service accounts sign with RSA keys of 2048 bits and more"
    })
}

/// The bits of a key.
pub(super) fn bits(key: &KeyPair) -> usize {
    key.public_modulus_len() * 8
}

fn der(pem: &str) -> Result<Zeroizing<Vec<u8>>, &'static str> {
    let Some(begin) = pem.find("-----BEGIN ") else {
        return Err("it does not begin with -----BEGIN PRIVATE KEY-----");
    };
    let rest = &pem[begin + "-----BEGIN ".len()..];
    let (label, body) = rest.split_once("-----").ok_or("its first line is cut")?;
    match label {
        "PRIVATE KEY" | "RSA PRIVATE KEY" => {}
        "ENCRYPTED PRIVATE KEY" => return Err("it is encrypted, which no library takes here"),
        "EC PRIVATE KEY" => return Err("it is a key for elliptic curves, not for RSA"),
        "PUBLIC KEY" | "RSA PUBLIC KEY" => return Err("it is a public key"),
        "CERTIFICATE" => return Err("it is a certificate"),
        _ => return Err("it is no private key"),
    }
    if body.contains("\\n") {
        return Err("its line breaks stand there as the two letters \\n: they were escaped twice");
    }
    let (body, _) = body.split_once("-----END ").ok_or("it is cut: its end is missing")?;
    let is_blank = |letter: &char| letter.is_ascii_whitespace();
    let packed: Zeroizing<String> =
        Zeroizing::new(body.chars().filter(|letter| !is_blank(letter)).collect());
    if packed.is_empty() {
        return Err("there is nothing between its first and its last line");
    }
    let bytes = STANDARD.decode(packed.as_bytes());
    bytes.map(Zeroizing::new).map_err(|_| "what stands between its first and last line is damaged")
}

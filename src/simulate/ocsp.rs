//! The one OCSP answer that a simulation staples, written by hand: this certificate was revoked.

use rcgen::{KeyPair, SigningKey};

/// Good for a hundred years, so that no clock makes it old.
const PRODUCED: &[u8] = b"20260101000000Z";
const REVOKED: &[u8] = b"20260102030405Z";
const NEXT: &[u8] = b"21260101000000Z";

/// The responder's own digest of its key is not looked at by anybody; that of SHA-1 has twenty bytes.
const NO_DIGEST: [u8; 20] = [0x5a; 20];
const SHA1: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x1a];
const BASIC: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1];
const ECDSA_WITH_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
/// keyCompromise.
const REASON: &[u8] = &[0x0a, 1, 1];

/// An answer that says so of the certificate with this number, signed by its issuer.
pub(super) fn revoked(serial: &[u8], issuer: &KeyPair) -> Result<Vec<u8>, rcgen::Error> {
    let id = sequence(&[
        sequence(&[element(0x06, SHA1), element(0x05, &[])]),
        element(0x04, &NO_DIGEST),
        element(0x04, &NO_DIGEST),
        element(0x02, serial),
    ]);
    let status = element(0xa1, &[element(0x18, REVOKED), element(0xa0, REASON)].concat());
    let next = element(0xa0, &element(0x18, NEXT));
    let one = sequence(&[id, status, element(0x18, PRODUCED), next]);
    let responder = element(0xa2, &element(0x04, &NO_DIGEST));
    let data = sequence(&[responder, element(0x18, PRODUCED), sequence(&[one])]);
    let signature = [&[0][..], &issuer.sign(&data)?].concat();
    let algorithm = sequence(&[element(0x06, ECDSA_WITH_SHA256)]);
    let basic = sequence(&[data, algorithm, element(0x03, &signature)]);
    let typed = sequence(&[element(0x06, BASIC), element(0x04, &basic)]);
    Ok(sequence(&[element(0x0a, &[0]), element(0xa0, &typed)]))
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// One element in DER; nothing here is longer than two bytes of length can tell.
pub(super) fn element(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).expect("a short value").to_be_bytes();
    let head = match (length, value.len()) {
        ([_, low], 0..=0x7f) => vec![tag, low],
        ([_, low], 0x80..=0xff) => vec![tag, 0x81, low],
        ([high, low], _) => vec![tag, 0x82, high, low],
    };
    [&head, value].concat()
}

//! Keys and signatures: how they are called, which of them are too weak, and whether a key made a signature.

use std::fmt;

use aws_lc_rs::signature::{self as known, UnparsedPublicKey, VerificationAlgorithm};
use x509_parser::der_parser::asn1_rs::Oid;
use x509_parser::prelude::{AlgorithmIdentifier, FromDer, SubjectPublicKeyInfo};
use x509_parser::public_key::PublicKey;
use x509_parser::signature_algorithm::RsaSsaPssParams;

/// The shortest RSA key that clients still take.
const LEAST_RSA: usize = 2048;
/// The shortest elliptic one.
const LEAST_EC: u16 = 256;
/// A number longer than this is no algorithm's: writing it out would take longer than it is worth.
const LONGEST_ID: usize = 40;

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// RSA, by the bits of its modulus.
    Rsa(usize),
    /// A point on a curve.
    Ec {
        /// The curve's usual name, or its number.
        curve: String,
        /// Its bits, where the curve is known.
        bits: Option<u16>,
    },
    /// Another kind, by its usual name or its number.
    Other(String),
}

/// How a certificate was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// `ECDSA with SHA-256`, or a number.
    pub name: String,
    /// The digest, where nobody should trust it any more: `SHA-1`.
    pub weak: Option<&'static str>,
}

/// Whether a key made a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// It did.
    Yes,
    /// It did not.
    No,
    /// The kind of signature or key is not known here.
    Unknown,
}

impl Key {
    pub(super) fn of(key: &SubjectPublicKeyInfo<'_>) -> Self {
        let kind = id(&key.algorithm.algorithm);
        match (kind.as_str(), key.parsed()) {
            (RSA | RSA_PSS, Ok(PublicKey::RSA(rsa))) => Self::Rsa(bits(rsa.modulus)),
            (EC, _) => Self::on_curve(&key.algorithm),
            (other, _) => Self::Other(named(other, KEYS)),
        }
    }

    fn on_curve(algorithm: &AlgorithmIdentifier<'_>) -> Self {
        let curve = algorithm.parameters.as_ref().and_then(|parameters| parameters.as_oid().ok());
        let Some(curve) = curve.map(|curve| id(&curve)) else {
            return Self::Ec { curve: "a curve of its own".to_owned(), bits: None };
        };
        match CURVES.iter().find(|(number, ..)| *number == curve) {
            Some((_, name, bits)) => Self::Ec { curve: (*name).to_owned(), bits: Some(*bits) },
            None => Self::Ec { curve, bits: None },
        }
    }

    /// Whether clients refuse it as too short.
    pub fn is_weak(&self) -> bool {
        match self {
            Self::Rsa(bits) => *bits < LEAST_RSA,
            Self::Ec { bits, .. } => bits.is_some_and(|bits| bits < LEAST_EC),
            Self::Other(name) => name == "DSA",
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(bits) => write!(formatter, "RSA {bits}"),
            Self::Ec { curve, .. } => write!(formatter, "EC {curve}"),
            Self::Other(name) => formatter.write_str(name),
        }
    }
}

impl Signature {
    pub(super) fn of(algorithm: &AlgorithmIdentifier<'_>) -> Self {
        let number = id(&algorithm.algorithm);
        if number == RSA_PSS {
            return Self::pss(algorithm);
        }
        let row = SIGNATURES.iter().find(|(known, ..)| *known == number);
        let (name, weak) =
            row.map_or((number.clone(), None), |(_, name, weak)| ((*name).to_owned(), *weak));
        Self { name, weak }
    }

    fn pss(algorithm: &AlgorithmIdentifier<'_>) -> Self {
        let digest = pss_digest(algorithm);
        let weak = (digest == "SHA-1").then_some("SHA-1");
        Self { name: format!("RSASSA-PSS with {digest}"), weak }
    }
}

/// Whether a key made this signature over these bytes.
pub(super) fn verify(
    key: &[u8],
    algorithm: &AlgorithmIdentifier<'_>,
    message: &[u8],
    signature: &[u8],
) -> Signed {
    let Ok((_, key)) = SubjectPublicKeyInfo::from_der(key) else { return Signed::Unknown };
    let Some(way) = way(&key, algorithm) else { return Signed::Unknown };
    let bits = key.subject_public_key.data.as_ref();
    match UnparsedPublicKey::new(way, bits).verify(message, signature) {
        Ok(()) => Signed::Yes,
        Err(_) => Signed::No,
    }
}

/// How a signature of this kind by a key of this kind is checked. Short keys are, too: to say that a key
/// is weak one must know that it is the one.
fn way(
    key: &SubjectPublicKeyInfo<'_>,
    algorithm: &AlgorithmIdentifier<'_>,
) -> Option<&'static dyn VerificationAlgorithm> {
    let number = id(&algorithm.algorithm);
    let is_short = matches!(Key::of(key), Key::Rsa(bits) if bits < LEAST_RSA);
    let curve = match Key::of(key) {
        Key::Ec { curve, .. } => curve,
        _ => String::new(),
    };
    Some(match (number.as_str(), curve.as_str()) {
        ("1.2.840.113549.1.1.5", "") => &known::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        ("1.2.840.113549.1.1.11", "") => &known::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        ("1.2.840.113549.1.1.12", "") if !is_short => &known::RSA_PKCS1_2048_8192_SHA384,
        ("1.2.840.113549.1.1.13", "") => &known::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        (RSA_PSS, "") if !is_short => match pss_digest(algorithm).as_str() {
            "SHA-256" => &known::RSA_PSS_2048_8192_SHA256,
            "SHA-384" => &known::RSA_PSS_2048_8192_SHA384,
            "SHA-512" => &known::RSA_PSS_2048_8192_SHA512,
            _ => return None,
        },
        (ECDSA_SHA1, "P-256") => &known::ECDSA_P256_SHA1_ASN1,
        (ECDSA_SHA256, "P-256") => &known::ECDSA_P256_SHA256_ASN1,
        (ECDSA_SHA384, "P-256") => &known::ECDSA_P256_SHA384_ASN1,
        (ECDSA_SHA512, "P-256") => &known::ECDSA_P256_SHA512_ASN1,
        (ECDSA_SHA256, "P-384") => &known::ECDSA_P384_SHA256_ASN1,
        (ECDSA_SHA384, "P-384") => &known::ECDSA_P384_SHA384_ASN1,
        (ECDSA_SHA512, "P-384") => &known::ECDSA_P384_SHA512_ASN1,
        (ECDSA_SHA1, "P-521") => &known::ECDSA_P521_SHA1_ASN1,
        (ECDSA_SHA256, "P-521") => &known::ECDSA_P521_SHA256_ASN1,
        (ECDSA_SHA384, "P-521") => &known::ECDSA_P521_SHA384_ASN1,
        (ECDSA_SHA512, "P-521") => &known::ECDSA_P521_SHA512_ASN1,
        (ECDSA_SHA256, "secp256k1") => &known::ECDSA_P256K1_SHA256_ASN1,
        ("1.3.101.112", "") => &known::ED25519,
        _ => return None,
    })
}

const RSA: &str = "1.2.840.113549.1.1.1";
const RSA_PSS: &str = "1.2.840.113549.1.1.10";
const EC: &str = "1.2.840.10045.2.1";
const ECDSA_SHA1: &str = "1.2.840.10045.4.1";
const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";
const ECDSA_SHA384: &str = "1.2.840.10045.4.3.3";
const ECDSA_SHA512: &str = "1.2.840.10045.4.3.4";

/// Number, usual name, bits.
const CURVES: &[(&str, &str, u16)] = &[
    ("1.2.840.10045.3.1.1", "P-192", 192),
    ("1.3.132.0.33", "P-224", 224),
    ("1.2.840.10045.3.1.7", "P-256", 256),
    ("1.3.132.0.34", "P-384", 384),
    ("1.3.132.0.35", "P-521", 521),
    ("1.3.132.0.6", "secp112r1", 112),
    ("1.3.132.0.28", "secp128r1", 128),
    ("1.3.132.0.8", "secp160r1", 160),
    ("1.3.132.0.9", "secp160k1", 160),
    ("1.3.132.0.31", "secp192k1", 192),
    ("1.3.132.0.32", "secp224k1", 224),
    ("1.3.132.0.10", "secp256k1", 256),
    ("1.3.36.3.3.2.8.1.1.3", "brainpoolP192r1", 192),
    ("1.3.36.3.3.2.8.1.1.5", "brainpoolP224r1", 224),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", 256),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", 384),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1", 512),
];

/// Number and usual name of other kinds of keys.
const KEYS: &[(&str, &str)] = &[
    (RSA, "RSA that cannot be read"),
    (RSA_PSS, "RSA-PSS"),
    ("1.2.840.10040.4.1", "DSA"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
    ("1.3.101.110", "X25519"),
    ("2.16.840.1.101.3.4.3.17", "ML-DSA-44"),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
    ("2.16.840.1.101.3.4.3.19", "ML-DSA-87"),
    ("1.2.643.7.1.1.1.1", "GOST R 34.10-2012"),
    ("1.2.156.10197.1.301", "SM2"),
];

/// Number, usual name, and the digest where it is weak.
const SIGNATURES: &[(&str, &str, Option<&str>)] = &[
    ("1.2.840.113549.1.1.2", "RSA with MD2", Some("MD2")),
    ("1.2.840.113549.1.1.3", "RSA with MD4", Some("MD4")),
    ("1.2.840.113549.1.1.4", "RSA with MD5", Some("MD5")),
    ("1.2.840.113549.1.1.5", "RSA with SHA-1", Some("SHA-1")),
    ("1.3.14.3.2.29", "RSA with SHA-1", Some("SHA-1")),
    ("1.2.840.113549.1.1.14", "RSA with SHA-224", None),
    ("1.2.840.113549.1.1.11", "RSA with SHA-256", None),
    ("1.2.840.113549.1.1.12", "RSA with SHA-384", None),
    ("1.2.840.113549.1.1.13", "RSA with SHA-512", None),
    ("1.2.840.10040.4.3", "DSA with SHA-1", Some("SHA-1")),
    ("2.16.840.1.101.3.4.3.2", "DSA with SHA-256", None),
    (ECDSA_SHA1, "ECDSA with SHA-1", Some("SHA-1")),
    ("1.2.840.10045.4.3.1", "ECDSA with SHA-224", None),
    (ECDSA_SHA256, "ECDSA with SHA-256", None),
    (ECDSA_SHA384, "ECDSA with SHA-384", None),
    (ECDSA_SHA512, "ECDSA with SHA-512", None),
    ("1.3.101.112", "Ed25519", None),
    ("1.3.101.113", "Ed448", None),
    ("2.16.840.1.101.3.4.3.17", "ML-DSA-44", None),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65", None),
    ("2.16.840.1.101.3.4.3.19", "ML-DSA-87", None),
];

/// The digest of a PSS signature, which its parameters name and which is SHA-1 where they do not.
fn pss_digest(algorithm: &AlgorithmIdentifier<'_>) -> String {
    let parameters = algorithm.parameters.as_ref();
    let parameters = parameters.and_then(|any| RsaSsaPssParams::try_from(any).ok());
    let Some(parameters) = parameters else { return "an unnamed digest".to_owned() };
    match id(parameters.hash_algorithm_oid()).as_str() {
        "1.3.14.3.2.26" => "SHA-1".to_owned(),
        "2.16.840.1.101.3.4.2.1" => "SHA-256".to_owned(),
        "2.16.840.1.101.3.4.2.2" => "SHA-384".to_owned(),
        "2.16.840.1.101.3.4.2.3" => "SHA-512".to_owned(),
        other => other.to_owned(),
    }
}

/// The number of an algorithm or an extension in its usual form.
pub(super) fn id(number: &Oid<'_>) -> String {
    match number.as_bytes().len() {
        0..=LONGEST_ID => number.to_id_string(),
        length => format!("a number of {length} bytes"),
    }
}

fn named(number: &str, names: &[(&str, &str)]) -> String {
    let known = names.iter().find(|(known, _)| *known == number);
    known.map_or_else(|| number.to_owned(), |(_, name)| (*name).to_owned())
}

/// The bits of a number that may begin with zeros.
fn bits(number: &[u8]) -> usize {
    let at = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    let rest = &number[at..];
    rest.first().map_or(0, |first| rest.len() * 8 - first.leading_zeros() as usize)
}

//! One certificate, read: everything that a report may want to say about it. Reads, and judges nothing.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate, X509Extension};

use super::algorithm::{self, Key, Signature, Signed};
use super::der;
use super::name::Name;
use super::names::San;
use super::text::{hex, line};

/// As many texts as one list of a certificate keeps, names aside.
const MOST: usize = 16;

/// The facts of one certificate. All texts are fit for one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// All of it, as it was sent.
    pub der: Vec<u8>,
    /// Whom it is for.
    pub subject: Name,
    /// Who is said to have signed it.
    pub issuer: Name,
    /// Its number, in hexadecimal digits without leading zeros.
    pub serial: String,
    /// The names and addresses it is for.
    pub names: Vec<San>,
    /// First second of its validity, since 1970.
    pub not_before: i64,
    /// Last second of its validity, since 1970.
    pub not_after: i64,
    /// 1 to 3.
    pub version: u32,
    /// Its key.
    pub key: Key,
    /// How it was signed.
    pub signature: Signature,
    /// Whether it may sign others, if it says.
    pub basic: Option<Basic>,
    /// What its key may be used for, if it says.
    pub key_usage: Option<KeyUsage>,
    /// The purposes it may be used for, if it says.
    pub purposes: Option<Vec<String>>,
    /// Where its issuer's certificate can be got.
    pub ca_issuers: Vec<String>,
    /// Who can be asked whether it was revoked.
    pub ocsp: Vec<String>,
    /// The id of its key, in hexadecimal digits.
    pub subject_key_id: Option<String>,
    /// The id of its issuer's key, in hexadecimal digits.
    pub authority_key_id: Option<String>,
    /// Critical extensions that verifiers do not know, by their numbers.
    pub unknown_critical: Vec<String>,
    /// What those of public authorities bear and others mostly do not.
    pub marks: Marks,
    /// SHA-256 of all of it, in hexadecimal digits.
    pub fingerprint: String,
    /// SHA-256 of its key as `curl --pinnedpubkey` wants it: `sha256//…`.
    pub pin: String,
    /// Its key, as it stands in it.
    pub spki: Vec<u8>,
}

/// Whether a certificate may sign others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basic {
    /// It is an authority's.
    pub is_ca: bool,
    /// How many authorities may stand beneath it.
    pub path_length: Option<u32>,
}

/// What a key may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(u16);

/// What certificates of public authorities bear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Time stamps of public logs.
    pub logged: bool,
    /// A policy of the CA/Browser Forum.
    pub policy: bool,
}

/// Bytes that are no certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// A fragment that says what is wrong with them.
    pub why: String,
}

impl Certificate {
    /// Reads one.
    pub fn read(der: &[u8]) -> Result<Self, Unreadable> {
        let (rest, read) = X509Certificate::from_der(der)
            .map_err(|error| Unreadable::new(&format!("it is no certificate ({error})")))?;
        if !rest.is_empty() {
            return Err(Unreadable::new(&format!("{} bytes stand behind it", rest.len())));
        }
        Ok(Self::of(&read, der))
    }

    fn of(read: &X509Certificate<'_>, der: &[u8]) -> Self {
        let spki = read.public_key();
        let pin = STANDARD.encode(digest(&SHA256, spki.raw));
        let mut certificate = Self {
            der: der.to_vec(),
            subject: Name::of(read.subject()),
            issuer: Name::of(read.issuer()),
            serial: serial(read.raw_serial()),
            names: Vec::new(),
            not_before: read.validity().not_before.timestamp(),
            not_after: read.validity().not_after.timestamp(),
            version: read.version().0.saturating_add(1),
            key: Key::of(spki),
            signature: Signature::of(&read.signature_algorithm),
            basic: None,
            key_usage: None,
            purposes: None,
            ca_issuers: Vec::new(),
            ocsp: Vec::new(),
            subject_key_id: None,
            authority_key_id: None,
            unknown_critical: Vec::new(),
            marks: Marks::default(),
            fingerprint: hex(digest(&SHA256, der).as_ref()),
            pin: format!("sha256//{pin}"),
            spki: spki.raw.to_vec(),
        };
        for extension in read.extensions() {
            certificate.add(extension);
        }
        certificate
    }

    fn add(&mut self, extension: &X509Extension<'_>) {
        match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => {
                self.names.extend(names.general_names.iter().map(San::of));
            }
            ParsedExtension::BasicConstraints(basic) => {
                let path_length = basic.path_len_constraint;
                self.basic = Some(Basic { is_ca: basic.ca, path_length });
            }
            ParsedExtension::KeyUsage(usage) => self.key_usage = Some(KeyUsage(usage.flags)),
            ParsedExtension::ExtendedKeyUsage(usage) => self.purposes = Some(purposes(usage)),
            ParsedExtension::AuthorityInfoAccess(access) => {
                for description in access.iter() {
                    self.add_address(description);
                }
            }
            ParsedExtension::SubjectKeyIdentifier(id) => self.subject_key_id = Some(hex(id.0)),
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                self.authority_key_id = id.key_identifier.as_ref().map(|id| hex(id.0));
            }
            ParsedExtension::SCT(stamps) => self.marks.logged = !stamps.is_empty(),
            ParsedExtension::CertificatePolicies(policies) => {
                let mut numbers = policies.iter().map(|policy| algorithm::id(&policy.policy_id));
                self.marks.policy = numbers.any(|number| number.starts_with(PUBLIC_POLICIES));
            }
            _ if extension.critical => self.add_unknown(extension),
            _ => {}
        }
    }

    fn add_address(&mut self, description: &x509_parser::extensions::AccessDescription<'_>) {
        let GeneralName::URI(uri) = &description.access_location else { return };
        let list = match algorithm::id(&description.access_method).as_str() {
            "1.3.6.1.5.5.7.48.2" => &mut self.ca_issuers,
            "1.3.6.1.5.5.7.48.1" => &mut self.ocsp,
            _ => return,
        };
        if list.len() < MOST {
            list.push(line(uri));
        }
    }

    fn add_unknown(&mut self, extension: &X509Extension<'_>) {
        let number = algorithm::id(&extension.oid);
        if !UNDERSTOOD.contains(&number.as_str()) && self.unknown_critical.len() < MOST {
            self.unknown_critical.push(number);
        }
    }

    /// SHA-256 of the public key in hexadecimal.
    pub fn key_hash(&self) -> String {
        let encoded = self.pin.trim_start_matches("sha256//");
        STANDARD.decode(encoded).map(|bytes| hex(&bytes)).unwrap_or_default()
    }

    /// Whether it names itself as its issuer. Whether it signed itself is another question.
    pub fn is_self_issued(&self) -> bool {
        self.subject.raw == self.issuer.raw
    }

    /// Whether its own key signed it.
    pub fn signs_itself(&self) -> Signed {
        if self.is_self_issued() { self.signed_by(self) } else { Signed::No }
    }

    /// Whether another one's key signed it, names aside.
    pub fn signed_by(&self, issuer: &Self) -> Signed {
        let Ok((_, read)) = X509Certificate::from_der(&self.der) else { return Signed::Unknown };
        algorithm::verify(
            &issuer.spki,
            &read.signature_algorithm,
            read.tbs_certificate.as_ref(),
            read.signature_value.data.as_ref(),
        )
    }

    /// Whether it is the root of this name and key, both as stores keep them: without what goes round them.
    pub fn is_root_of(&self, subject: &[u8], key: &[u8]) -> bool {
        let bare = |whole| der::Reader::over(whole).take(der::tag::SEQUENCE).map(|one| one.value);
        bare(&self.subject.raw) == Some(subject) && bare(&self.spki) == Some(key)
    }

    /// Whether it is an authority's.
    pub fn is_ca(&self) -> bool {
        self.basic.is_some_and(|basic| basic.is_ca)
    }

    /// Whether it may be used by a server, as far as its purposes say.
    pub fn is_for_servers(&self) -> bool {
        let allowed = |purpose: &String| purpose == SERVERS || purpose == ANY;
        self.purposes.as_ref().is_none_or(|purposes| purposes.iter().any(allowed))
    }

    /// Whether a moment lies within its validity.
    pub fn is_valid_at(&self, now: i64) -> bool {
        (self.not_before..=self.not_after).contains(&now)
    }

    /// The host names and addresses it is for.
    pub fn hosts(&self) -> Vec<String> {
        let is_host = |name: &&San| matches!(name, San::Dns(_) | San::Ip(_));
        self.names.iter().filter(is_host).map(ToString::to_string).collect()
    }
}

impl KeyUsage {
    /// Whether it may sign certificates.
    pub fn signs_certificates(self) -> bool {
        self.0 & 1 << 5 != 0
    }

    /// Whether it may sign a handshake.
    pub fn signs(self) -> bool {
        self.0 & 1 != 0
    }

    /// All uses, by their usual names.
    pub fn words(self) -> Vec<&'static str> {
        let named = USES.iter().enumerate().filter(|(bit, _)| self.0 & 1 << bit != 0);
        named.map(|(_, word)| *word).collect()
    }
}

impl Marks {
    /// Whether it bears any.
    pub fn any(self) -> bool {
        self.logged || self.policy
    }
}

impl Unreadable {
    pub(super) fn new(why: &str) -> Self {
        Self { why: line(why) }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.why)
    }
}

/// Under this number stand the policies of the CA/Browser Forum.
const PUBLIC_POLICIES: &str = "2.23.140.1.";

/// A server that is asked by name.
const SERVERS: &str = "serverAuth";
/// Every purpose.
const ANY: &str = "any";

const USES: &[&str] = &[
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

/// Extensions that may be critical without anybody minding: names of the subject, uses, constraints,
/// policies.
const UNDERSTOOD: &[&str] = &[
    "2.5.29.15",
    "2.5.29.17",
    "2.5.29.18",
    "2.5.29.19",
    "2.5.29.30",
    "2.5.29.32",
    "2.5.29.33",
    "2.5.29.36",
    "2.5.29.37",
    "2.5.29.54",
];

fn purposes(usage: &x509_parser::extensions::ExtendedKeyUsage<'_>) -> Vec<String> {
    let known = [
        (usage.any, ANY),
        (usage.server_auth, SERVERS),
        (usage.client_auth, "clientAuth"),
        (usage.code_signing, "codeSigning"),
        (usage.email_protection, "emailProtection"),
        (usage.time_stamping, "timeStamping"),
        (usage.ocsp_signing, "OCSPSigning"),
    ];
    let known = known.into_iter().filter(|(has, _)| *has).map(|(_, word)| word.to_owned());
    known.chain(usage.other.iter().take(MOST).map(algorithm::id)).collect()
}

pub(super) fn serial(bytes: &[u8]) -> String {
    let at = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    if at == bytes.len() { "00".to_owned() } else { hex(&bytes[at..]) }
}

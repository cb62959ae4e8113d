//! The key stores of Java: JKS, and PKCS#12 as newer JDKs ship it, without a password. Reads the
//! certificates that Java would trust; what is locked stays locked.

use x509_parser::asn1_rs::{Any, FromDer};

use super::read::{Contents, Format, MOST_CERTIFICATES};

/// What a JKS file begins with.
const JKS: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];
/// An entry with a key and its chain.
const KEY_ENTRY: u32 = 1;
/// An entry with one trusted certificate.
const TRUSTED_ENTRY: u32 = 2;

/// The tags that occur.
pub(super) const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OID: u8 = 0x06;
const SET: u8 = 0x31;
const EXPLICIT: u8 = 0xa0;

/// pkcs7-data.
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
/// pkcs12 certBag.
const CERT_BAG: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x03];
/// pkcs9 x509Certificate.
const X509: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01];
/// Oracle's trustedKeyUsage, without which Java does not trust what a PKCS#12 file holds.
const MARK: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x86, 0xf9, 0x66, 0xad, 0xca, 0x7b, 0x01, 0x01];

/// What a key store holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Certificates that Java trusts.
    Certificates(Contents),
    /// Something that only a password opens.
    Protected,
    /// It begins like a key store; the words say what is wrong.
    Damaged(&'static str),
}

/// Reads a key store; `None` where the bytes are none.
pub(super) fn read(bytes: &[u8]) -> Option<Content> {
    match bytes.strip_prefix(&JKS) {
        Some(rest) => Some(jks(rest)),
        None => pkcs12(bytes),
    }
}

fn jks(bytes: &[u8]) -> Content {
    let mut contents = Contents { format: Format::Jks, ..Contents::default() };
    match jks_entries(&mut Bytes(bytes), &mut contents) {
        None => Content::Damaged("the key store is cut off"),
        Some(()) => certificates(contents),
    }
}

fn certificates(contents: Contents) -> Content {
    if contents.certificates.is_empty() {
        return Content::Damaged("the key store has no trusted certificate");
    }
    Content::Certificates(contents)
}

fn jks_entries(bytes: &mut Bytes<'_>, contents: &mut Contents) -> Option<()> {
    let version = bytes.number()?;
    let count = bytes.number()?;
    for _ in 0..count {
        if contents.certificates.len() == MOST_CERTIFICATES {
            contents.cut = true;
            break;
        }
        let kind = bytes.number()?;
        bytes.words()?;
        bytes.take(8)?;
        match kind {
            TRUSTED_ENTRY => contents.one(jks_certificate(bytes, version)?),
            KEY_ENTRY => skip_key(bytes, version)?,
            _ => return None,
        }
    }
    Some(())
}

fn jks_certificate<'a>(bytes: &mut Bytes<'a>, version: u32) -> Option<&'a [u8]> {
    if version > 1 {
        bytes.words()?;
    }
    bytes.block()
}

fn skip_key(bytes: &mut Bytes<'_>, version: u32) -> Option<()> {
    bytes.block()?;
    for _ in 0..bytes.number()? {
        jks_certificate(bytes, version)?;
    }
    Some(())
}

/// PFX: a version and content that holds a list of content, each a list of bags.
fn pkcs12(bytes: &[u8]) -> Option<Content> {
    let (pfx, _) = expect(SEQUENCE, bytes)?;
    let (version, rest) = expect(INTEGER, pfx)?;
    let (outer, _) = expect(SEQUENCE, rest)?;
    if version != [3] {
        return None;
    }
    let (oid, _) = expect(OID, outer)?;
    if oid != DATA {
        return Some(Content::Protected);
    }
    let mut contents = Contents { format: Format::Pkcs12, ..Contents::default() };
    Some(match safes(plain(outer)?, &mut contents) {
        None => Content::Damaged("the key store is cut off or damaged"),
        Some(true) if contents.certificates.is_empty() => Content::Protected,
        Some(_) => certificates(contents),
    })
}

/// Reads every list of bags that is not encrypted, and tells whether one is.
fn safes(list: &[u8], contents: &mut Contents) -> Option<bool> {
    let (mut rest, _) = expect(SEQUENCE, list)?;
    let mut locked = false;
    while !rest.is_empty() {
        let (info, behind) = expect(SEQUENCE, rest)?;
        rest = behind;
        match expect(OID, info)?.0 {
            DATA => bags(plain(info)?, contents)?,
            _ => locked = true,
        }
    }
    Some(locked)
}

fn bags(list: &[u8], contents: &mut Contents) -> Option<()> {
    let (mut rest, _) = expect(SEQUENCE, list)?;
    while !rest.is_empty() && !contents.cut {
        let (bag, behind) = expect(SEQUENCE, rest)?;
        rest = behind;
        let (kind, inner) = expect(OID, bag)?;
        if kind == CERT_BAG {
            cert_bag(inner, contents)?;
        }
    }
    Some(())
}

fn cert_bag(inner: &[u8], contents: &mut Contents) -> Option<()> {
    let (value, attributes) = expect(EXPLICIT, inner)?;
    let (bag, _) = expect(SEQUENCE, value)?;
    let (kind, wrapped) = expect(OID, bag)?;
    let (octets, _) = expect(EXPLICIT, wrapped)?;
    let (certificate, _) = expect(OCTETS, octets)?;
    if kind == X509 && is_marked(attributes) {
        contents.one(certificate);
    } else {
        contents.unreadable += 1;
    }
    Some(())
}

fn is_marked(attributes: &[u8]) -> bool {
    let Some((mut rest, _)) = expect(SET, attributes) else { return false };
    while let Some((attribute, behind)) = expect(SEQUENCE, rest) {
        if expect(OID, attribute).is_some_and(|(oid, _)| oid == MARK) {
            return true;
        }
        rest = behind;
    }
    false
}

/// The octets of a content that is plain data.
fn plain(info: &[u8]) -> Option<&[u8]> {
    let (_, wrapped) = expect(OID, info)?;
    let (octets, _) = expect(EXPLICIT, wrapped)?;
    Some(expect(OCTETS, octets)?.0)
}

/// The content of a value of this kind, and what stands behind it.
fn expect(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (found, content, rest) = value(bytes)?;
    (found == tag).then_some((content, rest))
}

/// The tag and content of the value with which the bytes begin, and what stands behind it.
pub(super) fn value(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (rest, any) = Any::from_der(bytes).ok()?;
    Some((*bytes.first()?, any.data, rest))
}

impl Contents {
    fn one(&mut self, certificate: &[u8]) {
        let whole =
            value(certificate).is_some_and(|(tag, _, rest)| tag == SEQUENCE && rest.is_empty());
        if self.certificates.len() == MOST_CERTIFICATES {
            self.cut = true;
        } else if whole {
            self.certificates.push(certificate.to_vec());
        } else {
            self.unreadable += 1;
        }
    }
}

/// Bytes that are taken from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_be_bytes)
    }

    /// A text with its length in two bytes.
    fn words(&mut self) -> Option<&'a [u8]> {
        let length = u16::from_be_bytes(self.take(2)?.try_into().ok()?);
        self.take(usize::from(length))
    }

    /// Bytes with their length in four bytes.
    fn block(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(usize::try_from(length).ok()?)
    }
}

//! What a stapled OCSP answer says, read by hand. That it was stapled proves nothing: whether its
//! signature was checked, and with whose key, is part of what is told about it.

use x509_parser::prelude::{AlgorithmIdentifier, FromDer};

use super::algorithm::{self, Signed};
use super::certificate::{Certificate, Unreadable};
use super::der::{self, Element, Reader, tag};
use super::text::hex;

/// As many certificates as one answer may speak of.
const MOST: usize = 64;

/// An answer of a responder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// When it was made, in seconds since 1970.
    pub produced_at: i64,
    /// What it says about which certificates.
    pub entries: Vec<Entry>,
    /// The signed part.
    signed: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
    /// Certificates that came with it.
    with: Vec<Certificate>,
}

/// What an answer says about one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number, as [`Certificate::serial`] is written.
    pub serial: String,
    /// What is said about it.
    pub status: Status,
    /// From when on that holds, in seconds since 1970.
    pub this_update: i64,
    /// When there will be a newer answer, in seconds since 1970.
    pub next_update: Option<i64>,
}

/// Whether a certificate was revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It was not.
    Good,
    /// It was.
    Revoked {
        /// When, in seconds since 1970.
        at: i64,
        /// Why, in the words of the standard.
        reason: Option<&'static str>,
    },
    /// The responder does not know it.
    Unknown,
}

/// Whether an answer is of now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// It is.
    Current,
    /// It has run out.
    Stale,
    /// It is for later.
    Early,
}

/// Who signed an answer. Only the first two show that the authority said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The key that signed the certificate signed the answer.
    ByIssuer,
    /// A key signed it for which the issuer vouches.
    ByDelegate,
    /// The signature was made by nobody whom the issuer vouches for.
    Wrong,
    /// It was not checked: the issuer's certificate is not at hand, or the kind of signature is not known.
    NotChecked,
}

impl Answer {
    /// Reads one. Answers that are none, such as "try later", are an error that says so.
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        let broken = || Unreadable::new("it is no OCSP answer");
        let whole = Reader::over(bytes).take(tag::SEQUENCE).ok_or_else(broken)?;
        let mut inside = whole.inside();
        let status = inside.take(tag::ENUMERATED).ok_or_else(broken)?;
        if status.value != [0] {
            return Err(Unreadable::new(&format!("the responder says: {}", refusal(status.value))));
        }
        basic(inside).ok_or_else(broken)
    }

    /// What it says about the certificate of this number.
    pub fn about(&self, serial: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.serial == serial)
    }

    /// Whose key signed it, as far as that can be told with the issuer's certificate.
    pub fn proof(&self, issuer: Option<&Certificate>) -> Proof {
        let Some(issuer) = issuer else { return Proof::NotChecked };
        match self.signed_with(issuer) {
            Signed::Yes => return Proof::ByIssuer,
            Signed::Unknown if self.with.is_empty() => return Proof::NotChecked,
            Signed::Unknown | Signed::No => {}
        }
        let vouched = |one: &&Certificate| {
            one.issuer.raw == issuer.subject.raw
                && one.signed_by(issuer) == Signed::Yes
                && one.purposes.iter().flatten().any(|purpose| purpose == "OCSPSigning")
        };
        let delegates: Vec<Signed> =
            self.with.iter().filter(vouched).map(|one| self.signed_with(one)).collect();
        if delegates.contains(&Signed::Yes) {
            Proof::ByDelegate
        } else if delegates.contains(&Signed::Unknown) {
            Proof::NotChecked
        } else {
            Proof::Wrong
        }
    }

    fn signed_with(&self, one: &Certificate) -> Signed {
        let Ok((_, algorithm)) = AlgorithmIdentifier::from_der(&self.algorithm) else {
            return Signed::Unknown;
        };
        algorithm::verify(&one.spki, &algorithm, &self.signed, &self.signature)
    }
}

impl Entry {
    /// Whether it is of now.
    pub fn age(&self, now: i64) -> Age {
        if self.this_update > now {
            Age::Early
        } else if self.next_update.is_some_and(|next| next < now) {
            Age::Stale
        } else {
            Age::Current
        }
    }
}

fn refusal(status: &[u8]) -> String {
    match status {
        [1] => "malformed request".to_owned(),
        [2] => "internal error".to_owned(),
        [3] => "try later".to_owned(),
        [5] => "a signature is required".to_owned(),
        [6] => "unauthorized".to_owned(),
        other => format!("status {}", hex(other)),
    }
}

/// `[0] { OID, OCTET STRING { SEQUENCE { data, algorithm, signature, [0] certificates } } }`.
fn basic(mut inside: Reader<'_>) -> Option<Answer> {
    let mut typed = inside.take(tag::within(0))?.inside().take(tag::SEQUENCE)?.inside();
    typed.take(tag::OID)?;
    let bytes = typed.take(tag::OCTET_STRING)?.value;
    let mut parts = Reader::over(bytes).take(tag::SEQUENCE)?.inside();
    let data = parts.take(tag::SEQUENCE)?;
    let algorithm = parts.take(tag::SEQUENCE)?.whole.to_vec();
    let (_unused, signature) = parts.take(tag::BIT_STRING)?.value.split_first()?;
    let (produced_at, entries) = data_of(data)?;
    Some(Answer {
        produced_at,
        entries,
        signed: data.whole.to_vec(),
        algorithm,
        signature: signature.to_vec(),
        with: certificates(parts),
    })
}

fn certificates(mut parts: Reader<'_>) -> Vec<Certificate> {
    let list = parts.take(tag::within(0)).and_then(|list| list.inside().take(tag::SEQUENCE));
    let Some(list) = list else { return Vec::new() };
    let each = each(list).map(|element| Certificate::read(element.whole));
    each.take(4).filter_map(Result::ok).collect()
}

/// `[0] version, responder [1] or [2], time, SEQUENCE OF answers`.
fn data_of(data: Element<'_>) -> Option<(i64, Vec<Entry>)> {
    let mut parts = data.inside();
    let _version = parts.take(tag::within(0));
    let responder = parts.next()?;
    if responder.tag != tag::within(1) && responder.tag != tag::within(2) {
        return None;
    }
    let produced_at = der::time(parts.take(tag::GENERALIZED_TIME)?.value)?;
    let answers = parts.take(tag::SEQUENCE)?;
    let entries: Option<Vec<Entry>> = each(answers).take(MOST).map(entry).collect();
    Some((produced_at, entries?))
}

/// `{ { algorithm, name, key, serial }, status, time, [0] time }`.
fn entry(answer: Element<'_>) -> Option<Entry> {
    let mut parts = (answer.tag == tag::SEQUENCE).then(|| answer.inside())?;
    let mut id = parts.take(tag::SEQUENCE)?.inside();
    id.take(tag::SEQUENCE)?;
    id.take(tag::OCTET_STRING)?;
    id.take(tag::OCTET_STRING)?;
    let serial = super::certificate::serial(id.take(tag::INTEGER)?.value);
    let status = status(parts.next()?)?;
    let this_update = der::time(parts.take(tag::GENERALIZED_TIME)?.value)?;
    let next_update = match parts.take(tag::within(0)) {
        Some(next) => Some(der::time(next.inside().take(tag::GENERALIZED_TIME)?.value)?),
        None => None,
    };
    Some(Entry { serial, status, this_update, next_update })
}

fn status(element: Element<'_>) -> Option<Status> {
    match element.tag {
        good if good == tag::bare(0) => Some(Status::Good),
        revoked if revoked == tag::within(1) => {
            let mut parts = element.inside();
            let at = der::time(parts.take(tag::GENERALIZED_TIME)?.value)?;
            let given = parts.take(tag::within(0));
            let code = given.and_then(|given| given.inside().take(tag::ENUMERATED));
            Some(Status::Revoked { at, reason: code.and_then(|code| reason(code.value)) })
        }
        unknown if unknown == tag::bare(2) => Some(Status::Unknown),
        _ => None,
    }
}

fn reason(code: &[u8]) -> Option<&'static str> {
    Some(match code {
        [0] => "unspecified",
        [1] => "keyCompromise",
        [2] => "cACompromise",
        [3] => "affiliationChanged",
        [4] => "superseded",
        [5] => "cessationOfOperation",
        [6] => "certificateHold",
        [8] => "removeFromCRL",
        [9] => "privilegeWithdrawn",
        [10] => "aACompromise",
        _ => return None,
    })
}

fn each<'a>(list: Element<'a>) -> impl Iterator<Item = Element<'a>> {
    let mut inside = list.inside();
    std::iter::from_fn(move || inside.next())
}

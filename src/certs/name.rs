//! A distinguished name: whom a certificate is for, or who is said to have signed it.

use std::fmt;

use x509_parser::der_parser::asn1_rs::Tag;
use x509_parser::prelude::{AttributeTypeAndValue, X509Name};

use super::text::line;

/// As many parts as a name shows.
const PARTS: usize = 24;

/// A name as it stands in a certificate. Its texts are fit for one line; `raw` is what is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The whole in DER, which is what links a certificate to its issuer.
    pub raw: Vec<u8>,
    /// All parts in their order: `C=US, O=Google Trust Services, CN=WR2`.
    pub full: String,
    /// The first common name.
    pub common: Option<String>,
    /// The first organisation.
    pub organisation: Option<String>,
    /// Whether it has domain components, as those of a company's directory have.
    pub of_a_directory: bool,
}

impl Name {
    pub(super) fn of(name: &X509Name<'_>) -> Self {
        let first = |wanted: &str| {
            let mut parts = name.iter_attributes().filter(|part| label(part) == wanted);
            parts.next().map(|part| line(&text(part)))
        };
        Self {
            raw: name.as_raw().to_vec(),
            full: full(name),
            common: first("CN"),
            organisation: first("O"),
            of_a_directory: first("DC").is_some(),
        }
    }

    /// The name that stands bare in a store of roots: the parts without what goes round them.
    pub fn of_parts(parts: &[u8]) -> Option<Self> {
        use x509_parser::prelude::FromDer;
        let whole = super::der::sequence(parts);
        X509Name::from_der(&whole).ok().map(|(_, name)| Self::of(&name))
    }

    /// A name by itself, as servers send those of the authorities that they take.
    pub fn read(der: &[u8]) -> Option<Self> {
        use x509_parser::prelude::FromDer;
        X509Name::from_der(der).ok().map(|(_, name)| Self::of(&name))
    }

    /// The common name with the organisation where that says more, or the whole where there is neither.
    pub fn short(&self) -> String {
        match (&self.common, &self.organisation) {
            (Some(common), Some(organisation)) if !common.contains(organisation.as_str()) => {
                format!("{common} ({organisation})")
            }
            (Some(common), _) => common.clone(),
            (None, Some(organisation)) => organisation.clone(),
            (None, None) if self.full.is_empty() => "no name".to_owned(),
            (None, None) => self.full.clone(),
        }
    }

    /// Whether it holds no part at all.
    pub fn is_empty(&self) -> bool {
        self.full.is_empty()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.full)
    }
}

fn full(name: &X509Name<'_>) -> String {
    let mut parts: Vec<String> = name.iter_attributes().take(PARTS).map(shown).collect();
    if name.iter_attributes().nth(PARTS).is_some() {
        parts.push("…".to_owned());
    }
    parts.join(", ")
}

/// A value that could be taken for several parts stands in quotes.
fn shown(part: &AttributeTypeAndValue<'_>) -> String {
    let value = line(&text(part));
    if value.contains([',', '=', '+', '"']) {
        format!("{}=\"{}\"", label(part), value.replace('"', "\\\""))
    } else {
        format!("{}={value}", label(part))
    }
}

/// The usual short word for a part, or its number.
fn label(part: &AttributeTypeAndValue<'_>) -> String {
    let id = super::algorithm::id(part.attr_type());
    let known = LABELS.iter().find(|(number, _)| *number == id);
    known.map_or(id, |(_, word)| (*word).to_owned())
}

const LABELS: &[(&str, &str)] = &[
    ("2.5.4.3", "CN"),
    ("2.5.4.4", "SN"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "street"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.12", "title"),
    ("2.5.4.15", "businessCategory"),
    ("2.5.4.17", "postalCode"),
    ("2.5.4.42", "GN"),
    ("2.5.4.97", "organizationIdentifier"),
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
];

/// The text of a part in whichever of the many string types it came.
fn text(part: &AttributeTypeAndValue<'_>) -> String {
    let bytes = part.as_slice();
    match part.attr_value().tag() {
        Tag::BmpString => {
            let pairs: Vec<u16> = bytes.chunks(2).map(|pair| number(pair) as u16).collect();
            String::from_utf16_lossy(&pairs)
        }
        Tag::UniversalString => {
            let letters = bytes.chunks(4).map(|four| char::from_u32(number(four)));
            letters.map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        Tag::TeletexString => bytes.iter().map(|byte| char::from(*byte)).collect(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

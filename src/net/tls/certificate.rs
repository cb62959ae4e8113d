//! What a certificate says about itself. Reads, and judges nothing.

use rustls::pki_types::CertificateDer;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate, X509Name};

use crate::net::words::one_line;

/// The readable parts of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertFacts {
    /// Whom it is for.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The host names and addresses it is valid for.
    pub names: Vec<String>,
    /// First second of its validity, since 1970.
    pub not_before: i64,
    /// Last second of its validity, since 1970.
    pub not_after: i64,
    /// Whether it names itself as its issuer.
    pub self_signed: bool,
    /// Whether it may sign others.
    pub is_ca: bool,
}

impl CertFacts {
    /// Reads one; `None` where it is no certificate.
    pub fn read(der: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let validity = certificate.validity();
        Some(Self {
            subject: name(certificate.subject()),
            issuer: name(certificate.issuer()),
            names: names(&certificate),
            not_before: validity.not_before.timestamp(),
            not_after: validity.not_after.timestamp(),
            self_signed: certificate.subject().as_raw() == certificate.issuer().as_raw(),
            is_ca: certificate.is_ca(),
        })
    }
}

/// Reads a chain; what is no certificate is left out.
pub(super) fn read_chain(chain: &[CertificateDer<'_>]) -> Vec<CertFacts> {
    chain.iter().filter_map(|der| CertFacts::read(der)).collect()
}

/// The common name, or the whole name where there is none.
fn name(name: &X509Name<'_>) -> String {
    let common = name.iter_common_name().next().and_then(|part| part.as_str().ok());
    let organisation = name.iter_organization().next().and_then(|part| part.as_str().ok());
    one_line(&match (common, organisation) {
        (Some(common), Some(organisation)) if !common.contains(organisation) => {
            format!("{common} ({organisation})")
        }
        (Some(common), _) => common.to_owned(),
        (None, _) => name.to_string(),
    })
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else { return Vec::new() };
    extension.value.general_names.iter().filter_map(general_name).collect()
}

fn general_name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(one_line(name)),
        GeneralName::IPAddress(bytes) => address(bytes).map(|address| address.to_string()),
        _ => None,
    }
}

fn address(bytes: &[u8]) -> Option<std::net::IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(std::net::IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(std::net::IpAddr::from)).ok()
}

//! Whom to trust, as data: the embedded roots, files that add to them, and the operating system's store.

use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Whom to trust.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// The public roots.
    pub public: Roots,
    /// PEM texts whose certificates are trusted as well.
    pub extra: Vec<String>,
    /// The store that is consulted when those above do not verify.
    pub system: SystemRoots,
    /// A PEM text that stands for both the public roots and the system's store.
    pub replace: Option<String>,
}

/// The public roots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Roots {
    /// Mozilla's, embedded in this program.
    #[default]
    Mozilla,
    /// Others in PEM, for a simulation.
    Pem(String),
}

/// The operating system's store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SystemRoots {
    /// The real one.
    #[default]
    Platform,
    /// Another in PEM, for a simulation.
    Pem(String),
    /// None.
    None,
}

/// Which store vouched for a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustedBy {
    /// The public roots.
    Public,
    /// A file that adds to them.
    Extra,
    /// Only the operating system's store: somebody may read along.
    System,
    /// The bundle that replaces the stores.
    Replacement,
}

/// A PEM text without one usable certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusableRoots {
    /// What the text was to be.
    pub meant_as: TrustedBy,
    /// A fragment that says what is wrong with it.
    pub why: String,
}

impl Trust {
    /// The stores that are asked first, in their order.
    pub(super) fn first(&self) -> Result<Vec<(TrustedBy, Arc<RootCertStore>)>, UnusableRoots> {
        let mut stores = vec![match (&self.replace, &self.public) {
            (Some(pem), _) => (TrustedBy::Replacement, parse(TrustedBy::Replacement, [pem])?),
            (None, Roots::Pem(pem)) => (TrustedBy::Public, parse(TrustedBy::Public, [pem])?),
            (None, Roots::Mozilla) => (TrustedBy::Public, mozilla()),
        }];
        if !self.extra.is_empty() {
            stores.push((TrustedBy::Extra, parse(TrustedBy::Extra, &self.extra)?));
        }
        Ok(stores)
    }

    /// The store that is asked last.
    pub(super) fn last(&self) -> SystemRoots {
        if self.replace.is_some() { SystemRoots::None } else { self.system.clone() }
    }
}

/// Every usable certificate of PEM texts; one that cannot be read is passed over, as other programs do.
pub(super) fn parse<'a>(
    meant_as: TrustedBy,
    pems: impl IntoIterator<Item = &'a String>,
) -> Result<Arc<RootCertStore>, UnusableRoots> {
    let mut store = RootCertStore::empty();
    for pem in pems {
        let readable = CertificateDer::pem_slice_iter(pem.as_bytes()).flatten();
        if store.add_parsable_certificates(readable).0 == 0 {
            return Err(UnusableRoots {
                meant_as,
                why: "it holds no usable certificate".to_owned(),
            });
        }
    }
    Ok(Arc::new(store))
}

/// The embedded roots come parsed: nothing is read and nothing is decoded here.
fn mozilla() -> Arc<RootCertStore> {
    Arc::new(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
}

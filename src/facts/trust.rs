//! Whether one store of roots trusts a chain, and which of its roots vouches for it.
//!
//! The name on the certificate is judged apart: a chain can be trusted and be for another host.

use schemars::JsonSchema;
use serde::Serialize;

/// What one store says of one chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreVerdict {
    /// Whether the chain leads to a root of the store.
    pub trust: ChainTrust,
    /// Whether the first certificate is for the host that was asked.
    pub right_name: bool,
}

/// Whether a chain leads to a root of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainTrust {
    /// It does. The root is not known where the operating system judges by itself.
    Trusted(Option<Voucher>),
    /// It does not.
    Refused {
        /// The kind of reason.
        why: Distrust,
        /// Specifics for a person.
        detail: String,
    },
}

/// The root that vouches for a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Voucher {
    /// Its name, as `C=US, O=Example, CN=Root`.
    pub subject: String,
    /// SHA-256 of the certificate in hexadecimal; `None` where the store keeps names and keys only.
    pub sha256: Option<String>,
    /// SHA-256 of its public key (SPKI) in hexadecimal.
    pub spki_sha256: String,
    /// Whether it names itself as its issuer. OpenSSL and Node refuse another unless they are told
    /// to accept partial chains.
    pub self_issued: bool,
    /// Whether its own time is over. Some clients look at that, others do not.
    pub expired: bool,
}

/// Why a store refuses a chain. Closed: whoever adds one is led by the compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Distrust {
    /// It knows no root that signed the chain.
    UnknownIssuer,
    /// It knows a root of that name, with another key.
    OtherKey,
    /// A signature within the chain is wrong.
    BadSignature,
    /// A certificate has expired.
    Expired,
    /// A certificate is not valid yet.
    NotYetValid,
    /// A certificate was revoked.
    Revoked,
    /// The certificate is not for servers.
    WrongUsage,
    /// The first certificate is one of an authority.
    CaAsLeaf,
    /// A kind of signature that is no longer accepted.
    WeakSignature,
    /// The certificate cannot be read.
    Unreadable,
    /// The store itself has no root that can be used.
    EmptyStore,
    /// Another reason.
    Other,
}

impl StoreVerdict {
    /// Whether the store trusts the chain, whatever its name.
    pub const fn trusts(&self) -> bool {
        matches!(self.trust, ChainTrust::Trusted(_))
    }

    /// A few words for a table.
    pub const fn words(&self) -> &'static str {
        match &self.trust {
            ChainTrust::Trusted(_) if self.right_name => "trusts it",
            ChainTrust::Trusted(_) => "trusts the chain, wrong name",
            ChainTrust::Refused { why, .. } => why.words(),
        }
    }
}

impl Distrust {
    /// The word JSON uses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::UnknownIssuer => "unknown_issuer",
            Self::OtherKey => "other_key",
            Self::BadSignature => "bad_signature",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::Revoked => "revoked",
            Self::WrongUsage => "wrong_usage",
            Self::CaAsLeaf => "ca_as_leaf",
            Self::WeakSignature => "weak_signature",
            Self::Unreadable => "unreadable",
            Self::EmptyStore => "empty_store",
            Self::Other => "other",
        }
    }

    /// A few words for a table.
    pub const fn words(self) -> &'static str {
        match self {
            Self::UnknownIssuer => "does not know the issuer",
            Self::OtherKey => "knows the issuer's name with another key",
            Self::BadSignature => "a signature in the chain is wrong",
            Self::Expired => "expired",
            Self::NotYetValid => "not valid yet",
            Self::Revoked => "revoked",
            Self::WrongUsage => "not for servers",
            Self::CaAsLeaf => "an authority's certificate in place of a server's",
            Self::WeakSignature => "signed in a way that is no longer accepted",
            Self::Unreadable => "cannot be read",
            Self::EmptyStore => "has no usable root",
            Self::Other => "refuses it",
        }
    }

    /// Whether another store could say otherwise about the same chain.
    pub const fn depends_on_the_store(self) -> bool {
        matches!(self, Self::UnknownIssuer | Self::OtherKey | Self::EmptyStore | Self::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_json_and_of_serde_are_the_same() {
        for why in [Distrust::UnknownIssuer, Distrust::NotYetValid, Distrust::CaAsLeaf] {
            assert_eq!(serde_json::to_value(why).expect("a word"), why.word());
        }
    }

    #[test]
    fn a_wrong_name_does_not_hide_that_the_chain_is_trusted() {
        let verdict = StoreVerdict { trust: ChainTrust::Trusted(None), right_name: false };
        assert!(verdict.trusts());
        assert_eq!(verdict.words(), "trusts the chain, wrong name");
    }
}

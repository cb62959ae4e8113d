//! What a host showed, in the words that reports use. Puts names to facts and judges none of them.

use std::{sync::Arc, time::Duration};

use rustls::pki_types::{CertificateDer, UnixTime};
use serde_json::{Value, json};

use crate::{
    certs::{
        Certificate, names,
        ocsp::{Age, Proof, Status},
        words::date,
    },
    facts::{
        clue::Shown,
        trust::{ChainTrust, StoreVerdict},
    },
    net::tls::{
        Handshake, Judged,
        scan::Told,
        stores::{self, Store},
    },
};

use super::{
    NamedStore,
    host::{HostSeen, StoreSays},
    rows,
};

/// What a server supports, in names; an empty list where nothing was shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Supported {
    /// `TLS 1.2`, the oldest first.
    pub versions: Vec<String>,
    /// `x25519`.
    pub groups: Vec<String>,
    /// The cipher suite that each version is spoken with.
    pub ciphers: Vec<(String, String)>,
    /// The group that it picks of all.
    pub preferred_group: Option<String>,
    /// What could not be told, and why.
    pub not_told: Vec<String>,
}

impl Supported {
    /// Of a host.
    pub fn of(seen: &HostSeen) -> Self {
        let Some(support) = &seen.support else { return Self::default() };
        let mut found = Self::default();
        for (version, told) in &support.versions {
            match told {
                Told::Is(offer) if offer.is_yes() => {
                    found.versions.push(version.word().to_owned());
                    let suite = support.suite(*version).map(|suite| suite.to_string());
                    found.ciphers.extend(suite.map(|suite| (version.word().to_owned(), suite)));
                }
                Told::Is(_) => {}
                Told::Not(why) => found.not_told.push(format!("{version}: {}", why.words())),
            }
        }
        for (group, told) in &support.groups {
            match told {
                Told::Is(Some(_)) => found.groups.push(group.to_string()),
                Told::Is(None) => {}
                Told::Not(why) => found.not_told.push(format!("{group}: {}", why.words())),
            }
        }
        let preferred = support.preferred_group.known();
        found.preferred_group = preferred.map(ToString::to_string);
        found
    }
}

impl HostSeen {
    /// Whether a later connection resumed an earlier session; none where it was not tried.
    pub fn resumes(&self) -> Option<bool> {
        let tls = self.resumed.as_ref()?.facts.tls.as_ref()?;
        Some(tls.handshake == Handshake::Resumed)
    }

    /// Who vouches for the chain.
    pub fn trusted_by(&self) -> Option<&'static str> {
        match self.main.judged {
            Some(Judged::Trusted(by)) => Some(rows::trusted_by(by)),
            _ => None,
        }
    }

    /// The whole days until the first certificate of the path ends.
    pub fn days_left(&self) -> Option<i64> {
        let now = i64::try_from(self.now).ok()?;
        let ends = self.verified_way().map(|certificate| certificate.not_after).min()?;
        Some((ends - now).div_euclid(rows::DAY_S))
    }

    /// The certificates up to the root that vouches: one that was sent of that root itself, or of what signed
    /// it, need not be valid.
    pub fn verified_way(&self) -> impl Iterator<Item = &Certificate> {
        let vouching: Vec<&str> = self.stores.iter().filter_map(StoreSays::root_key).collect();
        let mut is_leaf = true;
        self.chain.way().take_while(move |certificate| {
            std::mem::take(&mut is_leaf) || !vouching.contains(&certificate.key_hash().as_str())
        })
    }

    /// Whether a certificate is for the host that was asked.
    pub fn is_for_host(&self, leaf: &Certificate) -> bool {
        names::matches(&leaf.names, &self.host.name)
    }

    /// What each of several lists of roots says of the chain.
    pub fn by_bundle<'a>(
        &self,
        bundles: impl Iterator<Item = Option<&'a [Vec<u8>]>>,
    ) -> Vec<Option<StoreVerdict>> {
        bundles.map(|roots| self.put_to(&Store::of_certificates(roots?.to_vec()))).collect()
    }

    /// What a store says of the chain; none where no chain was sent.
    pub(super) fn put_to(&self, store: &Store) -> Option<StoreVerdict> {
        let chain: Vec<CertificateDer<'_>> =
            self.sent().iter().map(|der| CertificateDer::from(der.as_slice())).collect();
        let now = UnixTime::since_unix_epoch(Duration::from_secs(self.now));
        let judge = || stores::judge(store, &chain, &self.host.name, &self.main.ocsp, now);
        (!chain.is_empty()).then(judge)
    }
}

impl StoreSays {
    /// A few words for a table.
    pub fn words(&self) -> String {
        match (&self.verdict, &self.store.trouble) {
            (Some(verdict), _) => verdict.words().to_owned(),
            (None, Some(trouble)) => trouble.clone(),
            (None, None) => "no chain to judge".to_owned(),
        }
    }

    /// Why it does not trust the chain; none where it does.
    pub fn reason(&self) -> Option<String> {
        let Some(verdict) = &self.verdict else { return Some(self.words()) };
        match &verdict.trust {
            ChainTrust::Trusted(_) if verdict.right_name => None,
            ChainTrust::Trusted(_) => Some("wrong_name".to_owned()),
            ChainTrust::Refused { why, .. } => Some(why.word().to_owned()),
        }
    }

    /// SHA-256 of the key of the root that vouches.
    fn root_key(&self) -> Option<&str> {
        match &self.verdict.as_ref()?.trust {
            ChainTrust::Trusted(voucher) => voucher.as_ref().map(|voucher| &*voucher.spki_sha256),
            ChainTrust::Refused { .. } => None,
        }
    }

    /// The root that vouches.
    pub fn root(&self) -> Option<String> {
        match &self.verdict.as_ref()?.trust {
            ChainTrust::Trusted(voucher) => voucher.as_ref().map(|voucher| voucher.subject.clone()),
            ChainTrust::Refused { .. } => None,
        }
    }
}

/// Roots that a store is made of.
#[derive(Clone, Debug)]
pub struct Roots(Arc<Store>);

impl Roots {
    /// Mozilla's, as they are embedded.
    pub fn mozilla() -> Self {
        Self(Arc::new(Store::mozilla()))
    }

    /// Mozilla's and further ones.
    pub fn mozilla_and(ders: Vec<Vec<u8>>) -> Self {
        Self(Arc::new(Store::mozilla().with(ders)))
    }

    /// The operating system's own judgement.
    pub fn platform() -> Self {
        Self(Arc::new(Store::platform()))
    }

    /// These certificates.
    pub fn certificates(ders: Vec<Vec<u8>>) -> Self {
        Self(Arc::new(Store::of_certificates(ders)))
    }

    /// The certificates of a text.
    pub fn pem(text: &str) -> Self {
        Self(Arc::new(Store::of_pem(text)))
    }

    /// Nobody.
    pub fn none() -> Self {
        Self::certificates(Vec::new())
    }
}

impl NamedStore {
    /// A store with its names.
    pub fn new(word: &str, words: &str, roots: Roots) -> Self {
        Self {
            word: word.to_owned(),
            words: words.to_owned(),
            runtime: false,
            variable: None,
            from: Vec::new(),
            trouble: None,
            store: roots.0,
        }
    }

    /// With a place that its roots come from.
    #[must_use]
    pub fn from_place(mut self, place: Option<String>) -> Self {
        self.from.extend(place);
        self
    }

    /// As one that a runtime goes by.
    #[must_use]
    pub fn of_runtime(self, variable: &'static str) -> Self {
        Self { runtime: true, variable: Some(variable), ..self }
    }

    /// With why it cannot be used, if it cannot.
    #[must_use]
    pub fn in_trouble(self, trouble: Option<String>) -> Self {
        Self { trouble, ..self }
    }
}

/// The OCSP answer that was stapled, for JSON. It is never called a check of revocation.
pub fn staple(seen: &HostSeen) -> Value {
    let answer = match &seen.staple {
        None => return Value::Null,
        Some(Err(why)) => return json!({"present": true, "unreadable": why}),
        Some(Ok(answer)) => answer,
    };
    let entry = seen.chain.leaf().and_then(|leaf| answer.about(&leaf.serial));
    json!({
        "present": true,
        "status": entry.map(|entry| status(&entry.status)),
        "this_update": entry.map(|entry| date(entry.this_update)),
        "next_update": entry.and_then(|entry| entry.next_update).map(date),
        "age": entry.map(|entry| age(entry.age(now(seen)))),
        "proof": proof(answer.proof(issuer(seen))),
    })
}

/// The same in one line.
pub fn staple_words(seen: &HostSeen) -> Option<String> {
    let answer = match seen.staple.as_ref()? {
        Err(why) => return Some(format!("cannot be read: {why}")),
        Ok(answer) => answer,
    };
    let Some(entry) = seen.chain.leaf().and_then(|leaf| answer.about(&leaf.serial)) else {
        return Some("of another certificate".to_owned());
    };
    let until = entry.next_update.map(|until| format!(", until {}", date(until)));
    Some(format!(
        "{}, {}{}; {}",
        status(&entry.status),
        age(entry.age(now(seen))),
        until.unwrap_or_default(),
        proof(answer.proof(issuer(seen)))
    ))
}

fn now(seen: &HostSeen) -> i64 {
    i64::try_from(seen.now).unwrap_or(i64::MAX)
}

fn issuer(seen: &HostSeen) -> Option<&Certificate> {
    seen.chain.way().nth(1)
}

const fn status(status: &Status) -> &'static str {
    match status {
        Status::Good => "good",
        Status::Revoked { .. } => "revoked",
        Status::Unknown => "unknown",
    }
}

const fn age(age: Age) -> &'static str {
    match age {
        Age::Current => "current",
        Age::Stale => "stale",
        Age::Early => "early",
    }
}

const fn proof(proof: Proof) -> &'static str {
    match proof {
        Proof::ByIssuer => "signed by the issuer",
        Proof::ByDelegate => "signed by whom the issuer vouches for",
        Proof::Wrong => "wrongly signed",
        Proof::NotChecked => "signature not checked",
    }
}

/// The word of JSON for something that was shown.
pub const fn shown_word(shown: Shown) -> &'static str {
    match shown {
        Shown::SniDependent => "sni_dependent",
        Shown::LargeHelloBroken => "large_hello_broken",
        Shown::ProxyIntercepts => "proxy_intercepts",
        Shown::ResetInHandshake => "reset_in_handshake",
        Shown::CaptivePortal => "captive_portal",
        Shown::ClockSkew => "clock_skew",
        Shown::ClockOff => "clock_off",
        Shown::ForeignAddress => "foreign_address",
        Shown::PrivateTrust => "private_trust",
        Shown::ExpiresSoon => "expires_soon",
        Shown::RuntimeDistrusts => "runtime_distrusts",
        _ => "shown",
    }
}

//! Names the cause why a chain is not trusted: verifiers say "unknown issuer" to a dozen of them.
//!
//! Knows the chain, the host that was asked, the time, and what a verifier said. What only stands in
//! certificates that nobody vouches for is told as what they say, never as what is.

use super::algorithm::Signed;
use super::certificate::Certificate;
use super::chain::{Chain, End};
use super::issuers::{self, Kind, Known};
use super::name::Name;
use super::names;
use super::ocsp::{Age, Answer, Entry, Proof, Status};
use super::text::few;
use super::words::{date, span};
use crate::facts::Fault;

/// How many of a certificate's names a detail lists.
const NAMES: usize = 5;

/// One cause with its specifics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Which cause it is.
    pub fault: Fault,
    /// By how much, of whom, and where it is to be got: a sentence without its final stop.
    pub detail: String,
}

/// What a verifier said about a chain, in no library's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It accepts the chain.
    Accepted,
    /// No trusted root leads to it.
    UnknownIssuer,
    /// A signature in it was not made by the key that should have made it.
    BadSignature,
    /// The handshake was not signed by the key of the certificate, or not so that it counts.
    BadHandshake,
    /// One of its certificates has expired.
    Expired,
    /// One of its certificates is not valid yet.
    NotYetValid,
    /// It is for another host.
    WrongName,
    /// It was revoked.
    Revoked,
    /// It is not for servers.
    WrongPurpose,
    /// An authority of the chain may not sign for the names on it.
    OutsideConstraints,
    /// It is signed in a way that does not count.
    WeakSignature,
    /// It cannot be read, in the verifier's words.
    Unreadable(String),
    /// Something else, in the verifier's words.
    Other(String),
}

/// What was asked of a verifier, and what it said.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The name or address that was asked for.
    pub host: &'a str,
    /// When, in seconds since 1970.
    pub now: i64,
    /// What the verifier said.
    pub said: Said,
    /// What it says at a moment at which every certificate is in date; `None` where it was not asked.
    pub in_date: Option<Said>,
    /// Whether the server's own certificate is itself among the trusted roots.
    pub leaf_is_a_root: bool,
    /// A trusted root of the organisation that the missing issuer is of.
    pub kin: Option<String>,
    /// Whether a trusted root has the name of the issuer that was not found, in whatever encoding.
    pub has_namesake: bool,
    /// The OCSP answer that was stapled.
    pub staple: Option<&'a Answer>,
}

impl<'a> Asked<'a> {
    /// With nothing known but what the verifier said.
    pub fn new(host: &'a str, now: i64, said: Said) -> Self {
        Self {
            host,
            now,
            said,
            in_date: None,
            leaf_is_a_root: false,
            kin: None,
            has_namesake: false,
            staple: None,
        }
    }

    fn says(&self, said: &Said) -> bool {
        self.said == *said || self.in_date.as_ref() == Some(said)
    }
}

impl Cause {
    fn new(fault: Fault, detail: impl Into<String>) -> Self {
        Self { fault, detail: detail.into() }
    }
}

/// The causes, the most important one first: what nobody can go on with, who answered, for whom, in
/// which way, and when. Empty where the chain was accepted and nothing is wrong with it.
pub fn of(chain: &Chain, asked: &Asked<'_>) -> Vec<Cause> {
    let mut causes: Vec<Cause> = Vec::new();
    causes.extend(unreadable(chain, asked));
    causes.extend(revoked(chain, asked));
    causes.extend(distrust(chain, asked));
    let is_settled = !causes.is_empty();
    causes.extend(flaws(chain, asked.host, asked.now));
    if !is_settled {
        put_first(&mut causes, &asked.said);
    }
    distinct(causes)
}

/// What is wrong with a chain whoever trusts it, the most important first.
pub fn flaws(chain: &Chain, host: &str, now: i64) -> Vec<Cause> {
    let mut flaws = Vec::new();
    let Some(leaf) = chain.leaf() else { return flaws };
    flaws.extend(unknown_critical(chain));
    flaws.extend(wrong_name(leaf, host));
    flaws.extend(ca_as_leaf(leaf));
    flaws.extend(wrong_usage(chain, leaf));
    flaws.extend(weak_signature(chain));
    flaws.extend(weak_key(chain));
    flaws.extend(out_of_date(chain, now));
    flaws.extend(unreadable_others(chain));
    flaws
}

/// The cause that a verifier named goes before those that it did not look at.
fn put_first(causes: &mut Vec<Cause>, said: &Said) {
    let named: &[Fault] = match said {
        Said::Accepted | Said::UnknownIssuer | Said::BadSignature => return,
        Said::Expired => &[Fault::CertExpired],
        Said::NotYetValid => &[Fault::CertNotYetValid],
        Said::WrongName => &[Fault::CertCnOnly, Fault::CertWrongName],
        Said::Revoked => &[Fault::CertRevoked],
        Said::WrongPurpose | Said::OutsideConstraints => &[Fault::CertWrongUsage],
        Said::WeakSignature => &[Fault::CertWeakSignature, Fault::CertWeakKey],
        Said::Unreadable(_) => &[Fault::CertUnreadable],
        Said::BadHandshake => &[Fault::CertWeakKey],
        Said::Other(_) => {
            &[Fault::CertCaAsLeaf, Fault::CertUnreadable, Fault::CertWrongUsage, Fault::CertCnOnly]
        }
    };
    let places = named.iter().map(|fault| causes.iter().position(|cause| cause.fault == *fault));
    match places.flatten().next() {
        Some(place) => causes[..=place].rotate_right(1),
        None => causes.insert(0, as_said(said)),
    }
}

/// Where the certificates themselves do not show what a verifier found.
fn as_said(said: &Said) -> Cause {
    let (fault, detail) = match said {
        Said::Expired => (Fault::CertExpired, "a certificate of the chain has expired"),
        Said::NotYetValid => {
            (Fault::CertNotYetValid, "a certificate of the chain is not valid yet")
        }
        Said::WrongName => (Fault::CertWrongName, "the certificate is for another host"),
        Said::WrongPurpose => (Fault::CertWrongUsage, "the certificate is not for servers"),
        Said::OutsideConstraints => (
            Fault::CertWrongUsage,
            "an authority of the chain may not sign for the names on the certificate (name constraints)",
        ),
        Said::WeakSignature => {
            (Fault::CertInvalid, "it is signed in a way that this program does not know")
        }
        Said::BadHandshake => (
            Fault::TlsCorrupted,
            "the handshake is not signed with the certificate's key: bytes were changed on the way, \
             or the server holds another key",
        ),
        Said::Other(words) | Said::Unreadable(words) => (Fault::CertInvalid, words.as_str()),
        _ => (Fault::CertInvalid, "the certificate is not accepted"),
    };
    Cause::new(fault, detail)
}

/// Each cause once, as it was found first.
fn distinct(causes: Vec<Cause>) -> Vec<Cause> {
    let mut kept: Vec<Cause> = Vec::new();
    for cause in causes {
        if !kept.iter().any(|known| known.fault == cause.fault) {
            kept.push(cause);
        }
    }
    kept
}

fn unreadable(chain: &Chain, asked: &Asked<'_>) -> Option<Cause> {
    let detail = match (chain.sent.first(), &asked.said) {
        (None, _) => "no certificate was sent".to_owned(),
        (Some(Err(why)), _) => format!("the server's certificate cannot be read: {why}"),
        (Some(Ok(_)), Said::Unreadable(words)) => {
            let others = unreadable_others(chain).map(|cause| cause.detail);
            others.unwrap_or_else(|| format!("a certificate of the chain is broken: {words}"))
        }
        _ => return None,
    };
    Some(Cause::new(Fault::CertUnreadable, detail))
}

fn unreadable_others(chain: &Chain) -> Option<Cause> {
    let (place, why) = chain.unreadable().find(|(place, _)| *place > 0)?;
    let count = chain.sent.len();
    let detail = format!("certificate {} of {count} cannot be read: {why}", place + 1);
    Some(Cause::new(Fault::CertUnreadable, detail))
}

fn revoked(chain: &Chain, asked: &Asked<'_>) -> Option<Cause> {
    let leaf = chain.leaf()?;
    let entry = asked.staple.and_then(|staple| Some((staple, staple.about(&leaf.serial)?)));
    match entry {
        Some((staple, Entry { status: Status::Revoked { at, reason }, .. })) => {
            let why = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
            let proof = whose(staple.proof(issuer(chain)));
            let detail = format!(
                "the OCSP answer that the server itself shows says that {:?} was revoked on {}{why}; {proof}{}",
                leaf.subject.short(),
                date(*at),
                age(staple.about(&leaf.serial), asked.now),
            );
            Some(Cause::new(Fault::CertRevoked, detail))
        }
        _ if asked.said == Said::Revoked => {
            Some(Cause::new(Fault::CertRevoked, "a list of revoked certificates names it"))
        }
        _ => None,
    }
}

fn whose(proof: Proof) -> &'static str {
    match proof {
        Proof::ByIssuer => "the issuer's key signed that answer",
        Proof::ByDelegate => "a key for which the issuer vouches signed that answer",
        Proof::Wrong => "neither the issuer nor anybody it vouches for signed that answer",
        Proof::NotChecked => "that answer's signature was not checked",
    }
}

fn age(entry: Option<&Entry>, now: i64) -> &'static str {
    match entry.map(|entry| entry.age(now)) {
        Some(Age::Stale) => ", and it has run out",
        Some(Age::Early) => ", and it is dated later than now",
        Some(Age::Current) | None => "",
    }
}

/// The certificate that comes next above the server's own.
fn issuer(chain: &Chain) -> Option<&Certificate> {
    chain.way().nth(1)
}

/// Why nobody vouches for the chain, where that is so.
fn distrust(chain: &Chain, asked: &Asked<'_>) -> Option<Cause> {
    let leaf = chain.leaf()?;
    if signed_itself(chain) && !asked.leaf_is_a_root && !is_past_trust(asked) {
        return (!is_meant_as_ca(leaf)).then(|| self_signed(leaf));
    }
    if asked.says(&Said::BadSignature) {
        return Some(bad_signature(chain));
    }
    asked.says(&Said::UnknownIssuer).then(|| unknown(chain, leaf, asked))
}

/// Whether what was said is said only of chains that are trusted.
fn is_past_trust(asked: &Asked<'_>) -> bool {
    let is_past =
        |said: &Said| matches!(said, Said::Accepted | Said::WrongName | Said::BadHandshake);
    is_past(&asked.said) || asked.in_date.as_ref().is_some_and(is_past)
}

fn signed_itself(chain: &Chain) -> bool {
    chain.end == End::Root && chain.path.len() == 1
}

/// Programs that make a certificate for a server in one go often call it an authority's. One that is
/// made to sign, or that is for no host and calls itself an authority, is one.
fn is_meant_as_ca(leaf: &Certificate) -> bool {
    let signs = leaf.key_usage.is_some_and(|usage| usage.signs_certificates() && !usage.signs());
    let called = ["CA", "root", "authority"];
    let says = |word: &&str| crate::facts::inspection::has_word(&leaf.subject.full, word);
    leaf.is_ca() && (signs || (leaf.names.is_empty() && called.iter().any(says)))
}

fn self_signed(leaf: &Certificate) -> Cause {
    let known = issuers::known(&leaf.subject);
    let who = known.map_or_else(String::new, |known| {
        format!("; {:?} in its name is of {}", known.by, known.who)
    });
    let detail =
        format!("{:?} signed itself, and nobody else vouches for it{who}", leaf.subject.short());
    Cause::new(Fault::CertSelfSignedLeaf, detail)
}

/// A signature that does not fit: of an authority that was made anew, or by a key that is too short to count.
fn bad_signature(chain: &Chain) -> Cause {
    let way: Vec<&Certificate> = chain.way().collect();
    let links = || way.windows(2).map(|pair| (pair[0], pair[1], pair[0].signed_by(pair[1])));
    if let Some((child, parent, _)) = links().find(|(.., signed)| *signed == Signed::No) {
        let detail = format!(
            "{:?} says it is signed by {:?}, and the certificate of that name that was sent has another key",
            child.subject.short(),
            parent.subject.short(),
        );
        return Cause::new(Fault::CertRecreatedCa, detail);
    }
    if let Some(cause) = links().find_map(|(child, parent, _)| weak_signer(child, parent)) {
        return cause;
    }
    same_name(chain)
}

fn same_name(chain: &Chain) -> Cause {
    let name = chain.top().map_or_else(String::new, |top| top.issuer.short());
    let detail = format!(
        "a trusted root has the name {name:?} but another key than the one that signed: that authority \
         was made anew, or somebody uses its name"
    );
    Cause::new(Fault::CertRecreatedCa, detail)
}

fn weak_signer(child: &Certificate, parent: &Certificate) -> Option<Cause> {
    parent.key.is_weak().then(|| {
        let detail = format!(
            "the key of {:?}, which signed {:?}, is {}",
            parent.subject.short(),
            child.subject.short(),
            parent.key
        );
        Cause::new(Fault::CertWeakKey, detail)
    })
}

/// Who it is that nobody here knows.
fn unknown(chain: &Chain, leaf: &Certificate, asked: &Asked<'_>) -> Cause {
    if let Some((known, name)) = known_signer(chain) {
        return by_known(known, name, asked.host);
    }
    let top = chain.top().unwrap_or(leaf);
    if leaf.is_self_issued() {
        let detail = format!(
            "{:?} names itself as its issuer, and its key did not sign it",
            leaf.subject.short()
        );
        return Cause::new(Fault::CertUnknownIssuer, detail);
    }
    if asked.has_namesake {
        return same_name(chain);
    }
    if let Some(word) = issuers::says_inspection(&top.issuer) {
        let detail = format!(
            "{}, and {word:?} in that name says that it looks into TLS{}",
            ends(chain, &top.issuer),
            only_google(asked.host)
        );
        return Cause::new(Fault::CertSelfSigned, detail);
    }
    let private = private_sign(&top.issuer, leaf);
    if let Some(sign) = private.as_ref().filter(|_| is_googles(asked.host)) {
        return company(chain, top, sign, asked.host);
    }
    if let Some(cause) = missing_intermediate(chain, top, asked, private.is_some()) {
        return cause;
    }
    match private {
        Some(sign) => company(chain, top, &sign, asked.host),
        None => nobodys(chain, top, leaf, asked.host),
    }
}

/// The first issuer, from the server's own certificate upward, that is known for what it is.
fn known_signer(chain: &Chain) -> Option<(Known, &Name)> {
    let names = chain.way().map(|one| &one.issuer);
    let known = names.filter_map(|name| issuers::known(name).map(|known| (known, name)));
    known.into_iter().find(|(known, _)| !matches!(known.kind, Kind::Public | Kind::Private))
}

fn by_known(known: Known, name: &Name, host: &str) -> Cause {
    let Known { kind, who, by } = known;
    let (fault, what) = match kind {
        Kind::Mitmproxy => (Fault::CertMitmproxy, "a program that reads and changes what passes"),
        Kind::Inspection => (Fault::CertInspectionProduct, "a product that looks into TLS"),
        Kind::PublicKey => (Fault::CertTestCa, "an authority whose private key is public"),
        _ => (Fault::CertTestCa, "an authority for development and tests"),
    };
    let only = if fault == Fault::CertTestCa { String::new() } else { only_google(host) };
    let detail = format!(
        "it says it is signed by {:?}: {who}, {what}, known by {by:?} in that name{only}",
        name.short()
    );
    Cause::new(fault, detail)
}

/// The issuer of the last certificate was not sent, and shows signs of having one itself. An address is
/// none where the issuer is a private authority: those write it into what their root signs, too.
fn missing_intermediate(
    chain: &Chain,
    top: &Certificate,
    asked: &Asked<'_>,
    is_private: bool,
) -> Option<Cause> {
    let issuer = chain.missing()?;
    if issuers::says_root(issuer) {
        return None;
    }
    let is_alone = chain.path.len() == 1;
    let kin = asked.kin.as_ref().filter(|_| is_alone);
    let address = top.ca_issuers.first().filter(|_| is_alone);
    let is_public = issuers::known(issuer).is_some_and(|known| known.kind == Kind::Public);
    let is_one = (address.is_some() && !is_private)
        || kin.is_some()
        || issuers::says_intermediate(issuer).is_some()
        || (is_alone && is_public && top.marks.any());
    is_one.then(|| {
        let place = address.map_or_else(
            || "it names no address where to get it (AIA)".to_owned(),
            |address| format!("it is to be got at {address} (AIA)"),
        );
        let kin = kin.map_or_else(String::new, |kin| {
            format!("; the root {kin:?} of the same organisation is trusted here")
        });
        let spare = match chain.surplus().count() {
            0 => String::new(),
            count => format!("; {count} other certificates were sent that do not belong to it"),
        };
        let detail = format!(
            "{:?} says it is signed by {:?}, whose certificate was not sent; {place}{kin}{spare}",
            top.subject.short(),
            issuer.short()
        );
        Cause::new(Fault::CertMissingIntermediate, detail)
    })
}

fn private_sign(issuer: &Name, leaf: &Certificate) -> Option<String> {
    match issuers::known(issuer) {
        Some(Known { kind: Kind::Private, who, .. }) => Some(format!("it is {who}")),
        Some(_) => None,
        None => issuers::private_sign(issuer, leaf),
    }
}

fn company(chain: &Chain, top: &Certificate, sign: &str, host: &str) -> Cause {
    let detail = format!(
        "{}, a private authority that is not trusted here: {sign}{}",
        ends(chain, &top.issuer),
        only_google(host)
    );
    Cause::new(Fault::CertCompanyCa, detail)
}

/// Nothing but a name is known of who signed.
fn nobodys(chain: &Chain, top: &Certificate, leaf: &Certificate, host: &str) -> Cause {
    if let Some(Known { kind: Kind::Public, who, .. }) = issuers::known(&top.issuer) {
        return public(chain, top, leaf, who);
    }
    let is_own = chain.end == End::Root && is_googles(host);
    let fault = if is_own { Fault::CertSelfSigned } else { Fault::CertUnknownIssuer };
    let detail = match chain.end {
        End::Root => {
            format!("{}, which is not trusted here{}", ends(chain, &top.issuer), only_google(host))
        }
        End::Open | End::NoLeaf => {
            format!("no trusted root is known as {:?}", top.issuer.short())
        }
    };
    Cause::new(fault, detail)
}

/// The name of a public authority: its root is missing here, or its name was borrowed.
fn public(chain: &Chain, top: &Certificate, leaf: &Certificate, who: &str) -> Cause {
    let borrowed = if leaf.marks.any() {
        "that public root is missing here"
    } else {
        "that public root is missing here, or somebody borrowed its name: the certificate bears no time \
         stamp of a public log, as those of public authorities do"
    };
    let detail = format!(
        "{} ({who}), and no trusted root is known so; {borrowed}",
        ends(chain, &top.issuer)
    );
    Cause::new(Fault::CertUnknownIssuer, detail)
}

fn ends(chain: &Chain, issuer: &Name) -> String {
    match chain.end {
        End::Root => format!("the chain ends in its own root {:?}", issuer.short()),
        End::Open | End::NoLeaf => format!("the chain says it is signed by {:?}", issuer.short()),
    }
}

fn only_google(host: &str) -> String {
    if is_googles(host) {
        format!("; for {host} itself Google Trust Services signs")
    } else {
        String::new()
    }
}

fn is_googles(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let ends = |end: &&str| {
        host.strip_suffix(*end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    ["googleapis.com", "google.com"].iter().any(ends)
}

fn unknown_critical(chain: &Chain) -> Option<Cause> {
    let one = chain.way().find(|one| !one.unknown_critical.is_empty())?;
    let detail = format!(
        "{:?} has a critical extension that verifiers do not know: {}",
        one.subject.short(),
        few(&one.unknown_critical, NAMES)
    );
    Some(Cause::new(Fault::CertUnreadable, detail))
}

fn wrong_name(leaf: &Certificate, host: &str) -> Option<Cause> {
    if names::matches(&leaf.names, host) {
        return None;
    }
    let hosts = leaf.hosts();
    match (&leaf.subject.common, leaf.names.is_empty()) {
        (Some(common), true) => Some(cn_only(leaf, common, host)),
        _ if hosts.is_empty() => {
            let detail = format!("the certificate is for no host at all, not for {host}");
            Some(Cause::new(Fault::CertWrongName, detail))
        }
        _ => {
            let detail = format!(
                "the certificate is for {}, not for {host}{}",
                few(&hosts, NAMES),
                hint(leaf, &hosts, host)
            );
            Some(Cause::new(Fault::CertWrongName, detail))
        }
    }
}

fn cn_only(leaf: &Certificate, common: &str, host: &str) -> Cause {
    let fits = names::matches(&[names::San::Dns(common.to_owned())], host) || common == host;
    let old = if leaf.version < 3 {
        format!("; it is of version {}, which has no room for them", leaf.version)
    } else {
        String::new()
    };
    let detail = if fits {
        format!(
            "{host} stands only in the common name, which counts no longer: there are no alternative names{old}"
        )
    } else {
        format!(
            "there are no alternative names, and the common name is {common:?}, not {host}{old}"
        )
    };
    Cause::new(Fault::CertCnOnly, detail)
}

fn hint(leaf: &Certificate, hosts: &[String], host: &str) -> String {
    if names::address_of(host).is_some() && hosts.iter().any(|name| name == host) {
        return "; the address stands there as a name, where only an entry for an address counts"
            .to_owned();
    }
    let is_below = |name: &String| {
        name.strip_prefix("*.").is_some_and(|end| host.ends_with(&format!(".{end}")) || host == end)
    };
    if let Some(star) = hosts.iter().find(|name| is_below(name)) {
        return format!("; the star of {star} stands for exactly one part");
    }
    match names::nearest(&leaf.names, host) {
        Some(nearest) if hosts.len() > 1 => format!("; {nearest} comes nearest"),
        _ => String::new(),
    }
}

fn ca_as_leaf(leaf: &Certificate) -> Option<Cause> {
    leaf.is_ca().then(|| {
        let own = if leaf.is_self_issued() { "its own" } else { "an" };
        let detail = format!(
            "the server shows {:?} as its certificate, which is {own} authority's: those sign others and serve no host",
            leaf.subject.short()
        );
        Cause::new(Fault::CertCaAsLeaf, detail)
    })
}

fn wrong_usage(chain: &Chain, leaf: &Certificate) -> Option<Cause> {
    if !leaf.is_for_servers() {
        let purposes = few(leaf.purposes.as_deref().unwrap_or_default(), NAMES);
        let only = if purposes.is_empty() { "nothing".to_owned() } else { purposes };
        let detail = format!("{:?} is for {only}, and not for servers", leaf.subject.short());
        return Some(Cause::new(Fault::CertWrongUsage, detail));
    }
    let signers = chain.way().skip(1).enumerate();
    let why = |(below, one): (usize, &Certificate)| {
        may_not_sign(one, below)
            .map(|why| format!("{:?} signed the one beneath it and {why}", one.subject.short()))
    };
    signers.map(why).find_map(|why| why).map(|detail| Cause::new(Fault::CertWrongUsage, detail))
}

/// Why a certificate may not stand above so many authorities and a server.
fn may_not_sign(one: &Certificate, below: usize) -> Option<String> {
    let longest = one.basic.and_then(|basic| basic.path_length);
    if !one.is_ca() {
        Some("is no authority's".to_owned())
    } else if one.key_usage.is_some_and(|usage| !usage.signs_certificates()) {
        Some("may not sign certificates".to_owned())
    } else if !one.is_for_servers() {
        Some("may not do so for servers".to_owned())
    } else {
        let most = longest.filter(|most| below > *most as usize)?;
        Some(format!("may stand above {most} authorities, not {below}"))
    }
}

fn weak_signature(chain: &Chain) -> Option<Cause> {
    let is_root = |one: &Certificate| one.is_self_issued();
    let one = chain.way().find(|one| one.signature.weak.is_some() && !is_root(one))?;
    let detail = format!("the signature of {:?} is {}", one.subject.short(), one.signature.name);
    Some(Cause::new(Fault::CertWeakSignature, detail))
}

fn weak_key(chain: &Chain) -> Option<Cause> {
    let one = chain.way().find(|one| one.key.is_weak())?;
    let detail = format!("the key of {:?} is {}", one.subject.short(), one.key);
    Some(Cause::new(Fault::CertWeakKey, detail))
}

fn out_of_date(chain: &Chain, now: i64) -> Vec<Cause> {
    let ended = chain.way().find(|one| one.not_after < now).map(|one| {
        let detail = format!(
            "{:?} expired {} ago: it was valid{}",
            one.subject.short(),
            span(now.saturating_sub(one.not_after)),
            window(one, now)
        );
        Cause::new(Fault::CertExpired, detail)
    });
    let early = chain.way().find(|one| one.not_before > now).map(|one| {
        let detail = format!(
            "{:?} begins in {}: it is valid{}",
            one.subject.short(),
            span(one.not_before.saturating_sub(now)),
            window(one, now)
        );
        Cause::new(Fault::CertNotYetValid, detail)
    });
    ended.into_iter().chain(early).collect()
}

fn window(one: &Certificate, now: i64) -> String {
    format!(
        " from {} to {}, and it is {} by this machine's clock",
        date(one.not_before),
        date(one.not_after),
        date(now)
    )
}

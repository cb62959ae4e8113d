//! What is wrong with a host, from all that was seen of it: the most important first.
//!
//! Pure. Each rule names what it rests on, and what a probe could not tell is no evidence for it.

use std::net::IpAddr;

use crate::{
    certs::{Cause, Certificate, Chain, names},
    facts::{Api, Clue, Endpoint, Failure, Fault, Stage, clue::Shown, endpoint::HostKind},
    net::{
        look::{Page, Seen},
        tls::{
            Judged,
            hello::{Alert, Spoken, Version},
            scan::{Leaf, Passage, Support, Told as Heard},
            trust::TrustedBy,
        },
    },
};

use super::host::HostSeen;

/// Clocks that differ by more are told; tokens that are signed with a time fail from then on.
const SKEW_S: i64 = 300;
/// Above this number of days a difference is told in days.
const DAYS_FROM_S: i64 = 2 * 86_400;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// What it is called.
    pub sign: Sign,
    /// Where it showed itself.
    pub stage: Stage,
    /// Of whom, by how much, and how it was found: a sentence without its stop.
    pub detail: String,
    /// Whether the connection can be used all the same.
    pub is_usable: bool,
}

/// A name for what is wrong, as known fixes see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A kind of trouble on the wire.
    Fault(Fault),
    /// Something that several connections showed together.
    Shown(Shown),
}

impl Told {
    fn fault(fault: Fault, detail: impl Into<String>) -> Self {
        let (sign, detail) = (Sign::Fault(fault), detail.into());
        Self { sign, stage: Stage::Tls, detail, is_usable: false }
    }

    fn shown(shown: Shown, detail: impl Into<String>) -> Self {
        let (sign, detail) = (Sign::Shown(shown), detail.into());
        Self { sign, stage: Stage::Tls, detail, is_usable: false }
    }

    fn of(failure: &Failure) -> Self {
        Self { stage: failure.stage, ..Self::fault(failure.fault, failure.detail.clone()) }
    }

    fn beside(self) -> Self {
        Self { is_usable: true, ..self }
    }

    /// What known fixes see of it.
    pub fn clues(&self, host: &str, via_proxy: bool) -> Vec<Clue> {
        let mut clues = match self.sign {
            Sign::Fault(fault) => vec![Clue::At(self.stage), Clue::Fault(fault)],
            Sign::Shown(shown) => vec![Clue::Shown(shown)],
        };
        clues.extend([Clue::Host(kind_of(host)), Clue::Message(self.detail.clone())]);
        clues.extend(via_proxy.then_some(Clue::ViaProxy));
        clues
    }
}

/// Whose host a name is.
pub(super) fn kind_of(host: &str) -> HostKind {
    let host = host.to_ascii_lowercase();
    let (prefix, api_version) = (String::new(), String::new());
    Endpoint { secure: true, host, port: 443, prefix, api_version, api: Api::Gemini }.host_kind()
}

/// What is wrong with a host.
pub(super) fn told(seen: &HostSeen) -> Vec<Told> {
    if let Err(failure) = &seen.main.finished {
        return unfinished(seen, failure);
    }
    let mut told = match &seen.main.judged {
        Some(Judged::Refused(_, refused)) => distrusted(seen, &refused.causes),
        Some(Judged::Trusted(by)) => private(seen, *by).into_iter().collect(),
        None => Vec::new(),
    };
    told.extend(after_the_handshake(seen));
    told.extend(large_hello(seen).map(Told::beside));
    if !told.iter().any(|one| one.sign == Sign::Shown(Shown::ClockSkew)) {
        told.extend(clock_off(seen));
    }
    told
}

/// No handshake, and why.
fn unfinished(seen: &HostSeen, failure: &Failure) -> Vec<Told> {
    if failure.stage != Stage::Tls {
        return [foreign_address(seen), Some(Told::of(failure))].into_iter().flatten().collect();
    }
    let support = seen.support.as_ref();
    // Only where HTTP itself answers does a sign-in page explain that there is no TLS.
    let is_http =
        support.is_some_and(|support| matches!(support.spoken, Some(Spoken::Http { .. })));
    let first = captive(seen)
        .filter(|_| is_http)
        .or_else(|| support.and_then(|support| foreign(seen, support, failure)))
        .or_else(|| support.and_then(|support| outdated(seen, support)))
        .or_else(|| support.and_then(|support| by_name(seen, support)))
        .or_else(|| large_hello(seen))
        .or_else(|| demanded(seen, failure))
        .or_else(|| support.and_then(|support| weak_chain(seen, support)))
        .or_else(|| reset(seen, failure))
        .or_else(|| captive(seen));
    let mut told = vec![first.unwrap_or_else(|| Told::of(failure))];
    told.extend(foreign_address(seen));
    told
}

/// What is spoken is not TLS.
fn foreign(seen: &HostSeen, support: &Support, failure: &Failure) -> Option<Told> {
    // Half of an answer in TLS cannot be read either.
    let is_half = |spoken: &Spoken| *spoken == Spoken::Unreadable && failure.fault != Fault::NotTls;
    let spoken = support.spoken.filter(|spoken| !is_half(spoken))?;
    let who = seen.host.authority();
    let what = match spoken {
        Spoken::Unreadable => {
            "something that is no TLS, nor a protocol this program knows".to_owned()
        }
        known => format!("{}, not TLS", known.word()),
    };
    Some(Told::fault(Fault::NotTls, format!("{who} answers with {what}")))
}

/// Only what clients of today no longer speak.
fn outdated(seen: &HostSeen, support: &Support) -> Option<Told> {
    let who = seen.host.label();
    let fault = support.refused_for()?;
    let detail = match fault {
        Fault::TlsTooOld => {
            let newest = support.newest().map_or("an old version", Version::word);
            format!(
                "{who} speaks nothing newer than {newest}; clients of today want TLS 1.2 or 1.3"
            )
        }
        Fault::TlsNoCipher => {
            let picked = support.suite(Version::Tls13).or(support.suite(Version::Tls12));
            let suite = picked.map(|suite| suite.to_string());
            let suite = suite.unwrap_or_else(|| "old cipher suites".to_owned());
            format!("{who} picks {suite} and takes none that clients of today offer")
        }
        _ => {
            let taken = support.groups.iter().filter(|(_, told)| told.is(Option::is_some));
            let mut names: Vec<String> = taken.map(|(group, _)| group.to_string()).collect();
            if let Some(Some(rare)) = support.rare_group.known() {
                names.push(rare.to_string());
            }
            format!(
                "{who} takes only {} for the key exchange, which clients of today do not offer",
                names.join(", ")
            )
        }
    };
    Some(Told::fault(fault, detail))
}

/// Refused for its name, where another name or none gets an answer.
fn by_name(seen: &HostSeen, support: &Support) -> Option<Told> {
    let answered = |told: &Heard<Leaf>| told.is(|leaf| !matches!(leaf, Leaf::Refused(_)));
    let refusal = support.refusal.filter(|alert| is_about_names(*alert));
    let others = answered(&support.without_name) || answered(&support.other_name);
    let unknown = support.refusal.is_some_and(|alert| alert.code == Alert::UNRECOGNIZED_NAME);
    let refused = refusal.filter(|_| others || unknown)?;
    let sent = seen.host.sni.as_ref().unwrap_or(&seen.host.name);
    let also = match others {
        true => ", and answers another name or none",
        false => "",
    };
    let who = seen.host.label();
    Some(Told::shown(
        Shown::SniDependent,
        format!("{who} refuses the name {sent} in the handshake ({refused}){also}"),
    ))
}

fn is_about_names(alert: Alert) -> bool {
    matches!(alert.code, Alert::UNRECOGNIZED_NAME | Alert::HANDSHAKE_FAILURE)
}

/// A hello of the size that post-quantum clients send dies where a smaller one passes.
fn large_hello(seen: &HostSeen) -> Option<Told> {
    let support = seen.support.as_ref().filter(|support| support.breaks_large_hello())?;
    // The handshake itself was as large.
    let group = seen.main.facts.tls.as_ref().and_then(|tls| tls.group.as_deref());
    if group.is_some_and(|group| group.contains("MLKEM")) {
        return None;
    }
    let split = match support.split.is(|passage| *passage == Passage::Passes) {
        true => "; a small one in two packets passes, so it is the size",
        false => "",
    };
    let detail = format!(
        "{}: a small ClientHello is answered, and one as large as with X25519MLKEM768 is not, twice{split}",
        seen.host.label()
    );
    Some(Told::shown(Shown::LargeHelloBroken, detail))
}

/// Before TLS 1.3 a server that gets no certificate ends the handshake itself.
fn demanded(seen: &HostSeen, failure: &Failure) -> Option<Told> {
    let by_hand =
        seen.support.as_ref().is_some_and(|support| support.asks_for_certificate.is(|asks| *asks));
    let is_end = matches!(failure.fault, Fault::TlsRefused | Fault::Closed | Fault::Reset);
    let is_asked =
        (by_hand && seen.main.asks_for_certificate) || failure.fault == Fault::TlsWantsCertificate;
    (is_asked && (is_end || failure.fault == Fault::TlsWantsCertificate))
        .then(|| client_certificate(seen))
}

/// A certificate that this program's own handshake chokes on shows in an older one.
fn weak_chain(seen: &HostSeen, support: &Support) -> Option<Told> {
    let chain = Chain::read(support.chain.known()?);
    if let Some(Err(why)) = chain.sent.first() {
        let detail = format!("the server's certificate cannot be read: {why}");
        return Some(Told::fault(Fault::CertUnreadable, detail));
    }
    let now = i64::try_from(seen.now).unwrap_or(i64::MAX);
    let flaws = crate::certs::flaws(&chain, &seen.host.name, now);
    let weak = |cause: &Cause| matches!(cause.fault, Fault::CertWeakKey | Fault::CertUnreadable);
    let cause = flaws.into_iter().find(weak)?;
    Some(Told::fault(cause.fault, cause.detail))
}

/// Each handshake is reset, which is no close, and no matter of one connection.
fn reset(seen: &HostSeen, failure: &Failure) -> Option<Told> {
    let each = seen.support.as_ref().is_some_and(Support::is_reset);
    (failure.fault == Fault::Reset && each)
        .then(|| Told::shown(Shown::ResetInHandshake, failure.detail.clone()))
}

/// A chain that nobody vouches for: first what explains it from outside, then its own causes.
fn distrusted(seen: &HostSeen, causes: &[Cause]) -> Vec<Told> {
    let outside = foreign_address(seen)
        .or_else(|| captive(seen))
        .or_else(|| intercepting_proxy(seen))
        .or_else(|| clock_skew(seen, causes))
        .or_else(|| wrong_for_the_name_sent(seen, causes));
    let own = causes.iter().map(|cause| Told::fault(cause.fault, cause.detail.clone()));
    let mut told: Vec<Told> = outside.into_iter().chain(own).collect();
    if told.is_empty() {
        told.push(Told::fault(Fault::CertInvalid, "the certificate is not accepted"));
    }
    told
}

/// A network's sign-in page answers in the place of the host. It has no certificate for it: whoever has
/// one is a gateway, and may well send people to where they log in.
fn captive(seen: &HostSeen) -> Option<Told> {
    if seen.chain.leaf().is_some_and(|leaf| seen.is_for_host(leaf)) {
        return None;
    }
    let pages = [seen.page(), seen.portal.as_ref()];
    let page = pages.into_iter().flatten().find(|page| leads_elsewhere(page, &seen.host.name))?;
    // A host that nobody knows may be set up so that it sends callers elsewhere; Google's never are.
    if page.status != 511
        && matches!(kind_of(&seen.host.name), HostKind::Other | HostKind::Loopback)
    {
        return None;
    }
    let where_to =
        page.location.as_deref().map(|place| format!(", and sends the caller to {place}"));
    let detail = format!(
        "{} is answered by somebody else: HTTP {}{}",
        seen.host.label(),
        page.status,
        where_to.unwrap_or_default()
    );
    Some(Told::shown(Shown::CaptivePortal, detail))
}

/// 511 is made for that; a host of others in a redirect is what such pages do.
fn leads_elsewhere(page: &Page, host: &str) -> bool {
    let elsewhere = |location: &String| {
        let Some((_, rest)) = location.split_once("://") else { return false };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        let name = authority.rsplit_once(':').map_or(authority, |(name, _)| name);
        !is_akin(name.trim_matches(['[', ']']), host)
    };
    page.status == 511
        || (matches!(page.status, 301 | 302 | 303 | 307 | 308)
            && page.location.as_ref().is_some_and(elsewhere))
}

/// Whether two names are of one domain, as `example` and `www.example` are: its last two words.
fn is_akin(one: &str, other: &str) -> bool {
    let domain = |name: &str| {
        let name = name.to_ascii_lowercase();
        match name.parse::<std::net::IpAddr>() {
            Ok(_) => name,
            Err(_) => {
                let words: Vec<&str> = name.trim_end_matches('.').rsplit('.').take(2).collect();
                words.join(".")
            }
        }
    };
    domain(one) == domain(other)
}

/// Through the proxy another chain comes than directly, where the direct one is trusted.
fn intercepting_proxy(seen: &HostSeen) -> Option<Told> {
    let direct = seen.direct.as_ref()?;
    let is_trusted = matches!(direct.judged, Some(Judged::Trusted(_)));
    let (own, theirs) = (leaf_of(&seen.main)?, leaf_of(direct)?);
    (is_trusted && own.pin != theirs.pin).then(|| {
        Told::shown(
            Shown::ProxyIntercepts,
            format!(
                "the proxy answers in the place of {}: through it the certificate is signed by {}, directly by {}",
                seen.host.label(),
                own.issuer.short(),
                theirs.issuer.short()
            ),
        )
    })
}

fn leaf_of(seen: &Seen) -> Option<Certificate> {
    Certificate::read(seen.chain.first()?).ok()
}

/// The chain is out of date by this machine's clock only.
fn clock_skew(seen: &HostSeen, causes: &[Cause]) -> Option<Told> {
    let dated = |cause: &Cause| matches!(cause.fault, Fault::CertExpired | Fault::CertNotYetValid);
    causes.first().filter(|cause| dated(cause))?;
    let ahead = seen.clock_ahead_s().filter(|ahead| ahead.abs() > SKEW_S)?;
    // A clock that shows a time before this program was made is itself the wrong one.
    let theirs = seen.page()?.date?;
    (seen.trusted_by_their_clock == Some(true) && theirs >= seen.made).then(|| {
        Told::shown(
            Shown::ClockSkew,
            format!(
                "this machine's clock is {} {} that of {}, and by the server's clock the chain is valid",
                span(ahead.abs()),
                side(ahead),
                seen.host.label()
            ),
        )
    })
}

/// A clock that is off breaks signed tokens even where certificates still hold.
fn clock_off(seen: &HostSeen) -> Option<Told> {
    let ahead = seen.clock_ahead_s().filter(|ahead| ahead.abs() > SKEW_S)?;
    let theirs = seen.page()?.date?;
    (seen.is_trusted() && theirs >= seen.made).then(|| {
        let detail = format!(
            "this machine's clock is {} {} that of {}",
            span(ahead.abs()),
            side(ahead),
            seen.host.label()
        );
        Told::shown(Shown::ClockOff, detail).beside()
    })
}

/// The server is ahead of us, so we are behind it.
const fn side(ahead: i64) -> &'static str {
    if ahead > 0 { "behind" } else { "ahead of" }
}

fn span(seconds: i64) -> String {
    match seconds {
        long if long >= DAYS_FROM_S => format!("{} days", long / 86_400),
        some if some >= 7200 => format!("{} hours", some / 3600),
        short => format!("{} minutes", short / 60),
    }
}

/// The certificate is right for another name in the handshake, or for none.
fn wrong_for_the_name_sent(seen: &HostSeen, causes: &[Cause]) -> Option<Told> {
    let named = |cause: &Cause| matches!(cause.fault, Fault::CertWrongName | Fault::CertCnOnly);
    causes.iter().find(|cause| named(cause))?;
    let sent = seen.host.sni.as_ref().unwrap_or(&seen.host.name);
    let right = |der: &[u8]| {
        Certificate::read(der).is_ok_and(|leaf| names::matches(&leaf.names, &seen.host.name))
    };
    let with_the_name = seen.named.as_ref().and_then(|named| named.chain.first());
    let without = seen.support.as_ref().and_then(|support| match support.without_name.known() {
        Some(Leaf::Other(der)) => Some(der),
        _ => None,
    });
    let shown = seen.chain.leaf().map_or_else(String::new, |leaf| leaf.hosts().join(", "));
    let how = if with_the_name.is_some_and(|der| right(der)) {
        format!("for the name {} it shows the right one", seen.host.name)
    } else if without.is_some_and(|der| right(der)) {
        "without a name it shows the right one".to_owned()
    } else {
        return None;
    };
    Some(Told::shown(
        Shown::SniDependent,
        format!(
            "{} shows the certificate of {shown} where the handshake names {sent}; {how}",
            seen.host.label()
        ),
    ))
}

/// Who vouches, where Mozilla's roots do not. What `--ca-file` names is known to whoever named it.
fn private(seen: &HostSeen, by: TrustedBy) -> Option<Told> {
    let store = match by {
        TrustedBy::Public | TrustedBy::Extra => return None,
        TrustedBy::System => "this machine's own store",
        TrustedBy::Replacement => "SSL_CERT_FILE or SSL_CERT_DIR",
    };
    let public = seen.stores.iter().find(|says| says.store.word == "mozilla")?;
    let publicly = public.verdict.as_ref()?.trusts();
    let issuer = seen.chain.leaf().map(|leaf| leaf.issuer.short()).unwrap_or_default();
    (!publicly).then(|| {
        let directly = seen.direct.as_ref().and_then(leaf_of).map(|leaf| leaf.issuer.short());
        let directly = directly.filter(|other| *other != issuer);
        let directly = directly.map(|other| format!("; directly, past the proxy, it is {other}"));
        let detail = format!(
            "only {store} trusts the chain of {}, no public root does; issuer {issuer}{}",
            seen.host.label(),
            directly.unwrap_or_default()
        );
        Told::shown(Shown::PrivateTrust, detail).beside()
    })
}

/// What ended the connection once the handshake was done.
fn after_the_handshake(seen: &HostSeen) -> Option<Told> {
    let asked = seen.asked.as_ref()?;
    let wanted = seen.main.asks_for_certificate || asked.asks_for_certificate;
    let failure = match (&asked.finished, &asked.answered) {
        (Ok(()), Some(Err(failure))) => failure,
        // Some servers let the handshake end, and say over HTTP what they miss.
        (Ok(()), Some(Ok(page))) if wanted && page.misses_certificate => {
            return Some(client_certificate(seen));
        }
        _ => return None,
    };
    match failure.fault {
        Fault::TlsWantsCertificate => Some(client_certificate(seen)),
        Fault::TlsRefused | Fault::Reset | Fault::Closed if wanted => {
            Some(client_certificate(seen))
        }
        // What speaks no HTTP may well hang up on a question in HTTP.
        Fault::Reset if speaks_http(seen) => Some(Told::of(failure)),
        _ => None,
    }
}

/// Whether HTTP is what is spoken behind TLS: it was agreed on, or the host is Google's.
pub(super) fn speaks_http(seen: &HostSeen) -> bool {
    let connections = [Some(&seen.main), seen.asked.as_ref()].into_iter().flatten();
    let mut agreed = connections.filter_map(|one| one.facts.tls.as_ref()?.alpn.as_ref());
    agreed.next().is_some()
        || !matches!(kind_of(&seen.host.name), HostKind::Other | HostKind::Loopback)
}

/// Google's hosts have public addresses: any other one was put there by somebody.
fn foreign_address(seen: &HostSeen) -> Option<Told> {
    let is_googles = !matches!(kind_of(&seen.host.name), HostKind::Other | HostKind::Loopback);
    let addresses = &seen.main.facts.addresses;
    let all_private = !addresses.is_empty() && addresses.iter().all(|one| is_private(one.ip()));
    (seen.resolved && is_googles && all_private).then(|| {
        let list: Vec<String> = addresses.iter().map(|one| one.ip().to_string()).collect();
        let detail = format!(
            "the name {} leads to {}, which is no public address: a hosts file, a filter or a private \
             endpoint says so",
            seen.host.name,
            list.join(", ")
        );
        Told { stage: Stage::Dns, ..Told::shown(Shown::ForeignAddress, detail) }
    })
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified()
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
        }
    }
}

fn client_certificate(seen: &HostSeen) -> Told {
    let who = seen.host.label();
    let of = match &seen.main.wanted_of[..] {
        [] => String::new(),
        authorities => format!("; it takes those of {}", authorities.join(", ")),
    };
    Told::fault(
        Fault::TlsWantsCertificate,
        format!("{who} asks for a certificate of the client, and lets nobody in without one{of}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(status: u16, location: Option<&str>) -> Page {
        Page {
            status,
            date: None,
            location: location.map(str::to_owned),
            server: None,
            misses_certificate: false,
        }
    }

    #[test]
    fn a_sign_in_page_leads_to_another_host() {
        for (status, location, is_portal) in [
            (302, Some("http://portal.example/login"), true),
            (307, Some("https://10.0.0.1:8443/"), true),
            (511, None, true),
            (301, Some("https://api.example/v2"), false),
            (301, Some("https://www.API.example./v2"), false),
            (302, Some("http://192.0.2.1/"), true),
            (301, Some("/v2"), false),
            (200, Some("http://portal.example/"), false),
            (404, None, false),
        ] {
            let found = leads_elsewhere(&page(status, location), "api.example");
            assert_eq!(found, is_portal, "{status} {location:?}");
        }
    }

    #[test]
    fn times_are_told_in_units_that_people_use() {
        assert_eq!(
            [span(400), span(7300), span(86_400 * 400)],
            ["6 minutes", "2 hours", "400 days"]
        );
    }
}

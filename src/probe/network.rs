//! The rows of stage 3: name, connection, proxy and TLS of one dialled connection, each for itself.

use crate::{
    facts::{
        Clue, Failure, Fault, Stage, Status,
        check::{Evidence, Observation},
        clue::Shown,
    },
    net::{ConnectionFacts, dial::FamilyResult, tls::trust::TrustedBy},
};

use super::row::{NET_DNS, NET_PROXY, NET_TCP, NET_TLS, Question, Row};

/// The rows a dialled connection gives. `clues` makes the clues of a failure.
pub(super) fn rows(
    facts: &ConnectionFacts,
    outcome: &Result<(), Failure>,
    secure: bool,
    clues: impl Fn(&Failure) -> Vec<Clue>,
) -> Vec<Observation> {
    let failure = outcome.as_ref().err();
    let failed = |question: Question, failure: &Failure| {
        let evidence =
            Evidence { attempt: None, text: failure.detail.clone(), clues: clues(failure) };
        question.row(Status::Fail, failure.detail.clone()).with(evidence)
    };
    let mut rows = Vec::new();
    for (question, stages) in [
        (NET_DNS, &[Stage::Dns][..]),
        (NET_TCP, &[Stage::Tcp]),
        (NET_PROXY, &[Stage::Proxy]),
        (NET_TLS, &[Stage::Tls, Stage::Request, Stage::Head, Stage::Body]),
    ] {
        let Some(took) = took(question, facts, secure) else { continue };
        if let Some(failure) = failure.filter(|failure| stages.contains(&failure.stage)) {
            rows.push(failed(question, failure).took(took).done());
            break;
        }
        rows.push(passed(question, facts, &clues).took(took).done());
    }
    rows
}

/// The time of a question's phase; `None` where the phase did not take place at all.
fn took(question: Question, facts: &ConnectionFacts, secure: bool) -> Option<Option<f64>> {
    match question.id {
        "net.dns" => Some(facts.dns_ms),
        "net.tcp" => Some(facts.tcp_ms),
        "net.proxy" => facts.via_proxy.is_some().then_some(facts.proxy_ms),
        _ => secure.then_some(facts.tls_ms),
    }
}

fn passed(
    question: Question,
    facts: &ConnectionFacts,
    clues: &impl Fn(&Failure) -> Vec<Clue>,
) -> Row {
    match question.id {
        "net.dns" => question.row(Status::Pass, addresses(facts)),
        "net.tcp" => connection(facts, clues),
        "net.proxy" => {
            let proxy = facts.via_proxy.as_deref().unwrap_or("none");
            question.row(Status::Pass, format!("through {proxy}"))
        }
        _ => encryption(facts),
    }
}

fn addresses(facts: &ConnectionFacts) -> String {
    match facts.addresses.as_slice() {
        [] => "not asked: the proxy resolves it".to_owned(),
        [only] => only.ip().to_string(),
        [first, rest @ ..] => format!("{} and {} more", first.ip(), rest.len()),
    }
}

/// One address family that fails beside one that works is worth a warning: the next call may take it.
/// One that this machine does not have at all, or that was only slower, is worth a remark.
fn connection(facts: &ConnectionFacts, clues: &impl Fn(&Failure) -> Vec<Clue>) -> Row {
    let remote = facts.remote.map(|address| address.to_string()).unwrap_or_default();
    let works = facts.families.iter().any(|family| family.connect_ms.is_some());
    match facts.families.iter().find(|family| family.connect_ms.is_none()) {
        Some(other) if works => beside(other, &remote, clues),
        _ => NET_TCP.row(Status::Pass, format!("{remote}{}", both_families(facts))),
    }
}

/// What is to be said of a family that is not connected, where the other one is.
fn beside(other: &FamilyResult, remote: &str, clues: &impl Fn(&Failure) -> Vec<Clue>) -> Row {
    let name = family_name(other);
    let remark = |text: String| NET_TCP.row(Status::Pass, format!("{remote}; {text}"));
    let Some(failure) = &other.failure else {
        return remark(format!("{name} was slower and is not judged"));
    };
    match failure.fault {
        Fault::Refused | Fault::Reset | Fault::TimedOut => one_fails(name, remote, failure, clues),
        Fault::Unreachable | Fault::NoLocalAddress => {
            remark(format!("this machine has no {name} route"))
        }
        _ => remark(format!("{name} was not usable: {}", failure.detail)),
    }
}

fn one_fails(
    name: &str,
    remote: &str,
    failure: &Failure,
    clues: &impl Fn(&Failure) -> Vec<Clue>,
) -> Row {
    let text = format!("{name} fails: {}", failure.detail);
    let mut clues = clues(failure);
    clues.retain(|clue| !matches!(clue, Clue::Fault(_) | Clue::At(_)));
    clues.push(Clue::Shown(Shown::OneFamilyFails));
    let row = NET_TCP.row(Status::Warn, format!("{remote}; {text}"));
    row.with(Evidence { attempt: None, text, clues })
}

fn both_families(facts: &ConnectionFacts) -> String {
    let times: Vec<String> = facts
        .families
        .iter()
        .filter_map(|family| Some(format!("{} {:.0} ms", family_name(family), family.connect_ms?)))
        .collect();
    if times.len() > 1 { format!(" ({})", times.join(", ")) } else { String::new() }
}

fn family_name(result: &FamilyResult) -> &'static str {
    if result.address.is_ipv6() { "IPv6" } else { "IPv4" }
}

fn encryption(facts: &ConnectionFacts) -> Row {
    let Some(tls) = &facts.tls else { return NET_TLS.row(Status::Pass, "done") };
    let issuer = tls.chain.leaf().map_or_else(|| "unknown".to_owned(), |leaf| leaf.issuer.short());
    let alpn = tls.alpn.as_deref().unwrap_or("no ALPN");
    let said = format!("{}, {alpn}, issuer {issuer}", tls.version);
    match tls.trusted_by {
        Some(TrustedBy::System) => {
            let text = format!("only this machine's own store trusts the chain; issuer {issuer}");
            let clues = vec![Clue::Shown(Shown::PrivateTrust), Clue::Message(text.clone())];
            NET_TLS.row(Status::Warn, format!("{said}; {text}")).with(Evidence {
                attempt: None,
                text,
                clues,
            })
        }
        Some(TrustedBy::Extra) => {
            NET_TLS.row(Status::Pass, format!("{said}, trusted by --ca-file"))
        }
        Some(TrustedBy::Replacement) => {
            NET_TLS.row(Status::Pass, format!("{said}, trusted by SSL_CERT_FILE or SSL_CERT_DIR"))
        }
        Some(TrustedBy::Public) | None => NET_TLS.row(Status::Pass, said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::dns::Family;

    /// IPv4 is connected; this came of IPv6.
    fn beside_ipv4(failure: Option<Fault>) -> Observation {
        let v6 = FamilyResult {
            family: Family::V6,
            address: "[2001:db8::1]:443".parse().expect("an address"),
            connect_ms: None,
            failure: failure.map(|fault| Failure::new(Stage::Tcp, fault, "the words")),
        };
        let v4 = FamilyResult {
            family: Family::V4,
            address: "192.0.2.1:443".parse().expect("an address"),
            connect_ms: Some(5.0),
            failure: None,
        };
        let remote = Some(v4.address);
        let facts = ConnectionFacts { families: vec![v6, v4], remote, ..Default::default() };
        connection(&facts, &|failure| vec![Clue::Fault(failure.fault)]).done()
    }

    fn says_one_family_fails(row: &Observation) -> bool {
        let clues = row.evidence.iter().flat_map(|evidence| &evidence.clues);
        clues.into_iter().any(|clue| *clue == Clue::Shown(Shown::OneFamilyFails))
    }

    #[test]
    fn a_family_that_answers_with_trouble_is_a_warning() {
        for fault in [Fault::Refused, Fault::Reset, Fault::TimedOut] {
            let row = beside_ipv4(Some(fault));
            assert_eq!(row.check.status, Status::Warn, "{fault:?}");
            assert!(says_one_family_fails(&row), "{row:?}");
        }
    }

    #[test]
    fn a_family_that_this_machine_does_not_have_is_a_remark() {
        for fault in [Fault::Unreachable, Fault::NoLocalAddress] {
            let row = beside_ipv4(Some(fault));
            assert_eq!(row.check.status, Status::Pass, "{fault:?}");
            assert!(row.check.detail.contains("this machine has no IPv6 route"), "{row:?}");
            assert!(!says_one_family_fails(&row), "{row:?}");
        }
    }

    #[test]
    fn a_family_that_was_only_slower_is_not_judged() {
        let row = beside_ipv4(None);
        assert_eq!(row.check.status, Status::Pass);
        assert!(row.check.detail.contains("IPv6 was slower"), "{row:?}");
        assert!(!says_one_family_fails(&row), "{row:?}");
    }
}

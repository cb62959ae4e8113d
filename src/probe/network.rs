//! The rows of stage 3: name, connection, proxy and TLS of one dialled connection, each for itself.

use crate::{
    facts::{
        Clue, Failure, Stage, Status,
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
fn connection(facts: &ConnectionFacts, clues: &impl Fn(&Failure) -> Vec<Clue>) -> Row {
    let remote = facts.remote.map(|address| address.to_string()).unwrap_or_default();
    let broken = facts.families.iter().find_map(|family| Some((family, family.failure.as_ref()?)));
    let works = facts.families.iter().any(|family| family.failure.is_none());
    match broken {
        Some((family, failure)) if works => {
            let text = format!("{} fails: {}", family_name(family), failure.detail);
            let mut clues = clues(failure);
            clues.retain(|clue| !matches!(clue, Clue::Fault(_) | Clue::At(_)));
            clues.push(Clue::Shown(Shown::OneFamilyFails));
            NET_TCP.row(Status::Warn, format!("{remote}; {text}")).with(Evidence {
                attempt: None,
                text,
                clues,
            })
        }
        _ => NET_TCP.row(Status::Pass, format!("{remote}{}", both_families(facts))),
    }
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
    let issuer = tls.chain.first().map_or("unknown", |leaf| leaf.issuer.as_str());
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

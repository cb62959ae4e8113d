//! Which HTTP version a server picks that may choose, who it is that keeps HTTP/2 away, and whether the
//! protocol that was required can be spoken. What a handshake means is decided in `bench`.

use crate::{
    bench::{Arm, Author, Choice},
    facts::{
        Clue, Protocol, Status, check::Evidence, clue::Shown, endpoint::HostKind,
        inspection::is_inspector,
    },
    net::{
        self, How,
        dial::Families,
        proxy::ProxyChoice,
        tls::{Alpn, trust::TrustedBy},
    },
};

use super::{
    super::{Runner, row::BENCH_PROTOCOL},
    plan::{Benched, Directly, Negotiated},
    rows::why_lost,
    until::Until,
};

const NO_TLS: &str = "without TLS only HTTP/1.1 is spoken";

/// What was negotiated on the open connection, on which the server had the choice. Where HTTP/2 is
/// required, a proxy is set and another version was picked, one more connection goes round the proxy.
pub(super) async fn learn(runner: &Runner<'_>, benched: &mut Benched) {
    let Some(facts) = runner.connection_facts() else { return };
    benched.remote = facts.remote;
    let Some(tls) = &facts.tls else { return };
    let mut negotiated = Negotiated {
        alpn: tls.alpn.clone(),
        is_providers: matches!(
            runner.endpoint.host_kind(),
            HostKind::Developer | HostKind::Cloud | HostKind::Provider
        ),
        via_proxy: facts.via_proxy.is_some(),
        private_trust: tls.trusted_by.is_some_and(|by| by != TrustedBy::Public),
        issuer: tls.chain.leaf().map_or_else(String::new, |leaf| leaf.issuer.short()),
        directly: None,
    };
    let is_old = negotiated.alpn.as_deref() != Some("h2");
    if benched.plan.require == Some(Protocol::H2) && negotiated.via_proxy && is_old {
        negotiated.directly = Some(directly(runner, &benched.until).await);
    }
    benched.negotiated = Some(negotiated);
}

async fn directly(runner: &Runner<'_>, until: &Until) -> Directly {
    let usual = runner.how();
    let how = How {
        proxy: ProxyChoice::None,
        pin: None,
        families: Families::Fastest,
        connect_timeout: until.within(usual.connect_timeout),
        tls: usual.tls.offering(Alpn::Either),
        ..usual.clone()
    };
    let dialled = net::connect(&runner.target(), &how).await;
    match dialled.outcome {
        Ok(_) => Directly::Picks(dialled.facts.tls.and_then(|tls| tls.alpn)),
        Err(failure) => Directly::Unreachable(failure.detail),
    }
}

/// What the handshake showed in which the server had the choice, once the ways were tried.
pub fn choice(benched: &Benched) -> Option<Choice<'_>> {
    let negotiated = benched.negotiated.as_ref()?;
    let directly_http2 = match &negotiated.directly {
        Some(Directly::Picks(alpn)) => Some(alpn.as_deref() == Some("h2")),
        Some(Directly::Unreachable(_)) | None => None,
    };
    Some(Choice {
        alpn: negotiated.alpn.as_deref(),
        is_providers: negotiated.is_providers,
        private_trust: negotiated.private_trust,
        by_inspector: is_inspector(&negotiated.issuer),
        via: benched.gone().find_map(|way| way.via.as_deref()),
        via_proxy: negotiated.via_proxy,
        directly_http2,
    })
}

/// The row: what is picked, and a failure where that is not what was required.
pub(super) fn record(runner: &Runner<'_>, benched: &Benched) {
    let choice = choice(benched);
    let picked = choice
        .map_or_else(|| "without TLS only HTTP/1.1 is spoken".to_owned(), |choice| choice.words());
    let row = match benched.plan.require {
        None => BENCH_PROTOCOL.row(Status::Pass, picked),
        Some(wanted) => match unmet(benched, wanted, choice) {
            None => {
                let said = format!("{} is required, and it is spoken; {picked}", wanted.word());
                BENCH_PROTOCOL.row(Status::Pass, said)
            }
            Some((shown, why)) => {
                let said = format!("{} is required, and {why}", wanted.word());
                let evidence =
                    Evidence { attempt: None, text: said.clone(), clues: vec![Clue::Shown(shown)] };
                BENCH_PROTOCOL.row(Status::Fail, said).with(evidence)
            }
        },
    };
    runner.journal.observe(row.done());
}

/// Why a protocol that is required is not to be had.
fn unmet(
    benched: &Benched,
    wanted: Protocol,
    choice: Option<Choice<'_>>,
) -> Option<(Shown, String)> {
    if wanted == Protocol::H2
        && let Some(choice) = choice
    {
        let author = choice.author();
        if let Some(author) = author {
            return Some((shown(author), because(benched, choice)));
        }
    }
    let of_it = |arm: Arm| arm.protocol == wanted;
    let is_gone = benched.gone().any(|way| of_it(way.arm));
    let lost = benched.lost().find(|way| of_it(way.arm));
    match (is_gone, lost, choice) {
        (true, ..) => None,
        (false, Some(way), _) => {
            let why = why_lost(way.unavailable.as_ref());
            Some((Shown::ProtocolUnavailable, format!("no call can be made over it: {why}")))
        }
        (false, None, Some(_)) if wanted == Protocol::H2 => None,
        (false, None, None) => Some((Shown::ProtocolUnavailable, NO_TLS.to_owned())),
        (false, None, Some(_)) => {
            let why = "no way of this run speaks it".to_owned();
            Some((Shown::ProtocolUnavailable, why))
        }
    }
}

fn shown(author: Author) -> Shown {
    match author {
        Author::Server => Shown::Http2NotPicked,
        Author::NoAlpn => Shown::NoAlpn,
        Author::ProxyWay | Author::Inspector | Author::Gateway => Shown::Http2LostBetween,
    }
}

/// Who picked otherwise, and how that is known.
fn because(benched: &Benched, choice: Choice<'_>) -> String {
    let negotiated = benched.negotiated.as_ref();
    let issuer = negotiated.map(|it| it.issuer.as_str()).filter(|issuer| !issuer.is_empty());
    let known = match choice.author() {
        Some(Author::Inspector) => issuer.map(|issuer| format!(" (issuer: {issuer})")),
        Some(Author::Gateway) => choice.via.map(|via| format!(" (via: {via})")),
        _ => None,
    };
    let direct = match negotiated.and_then(|it| it.directly.as_ref()) {
        Some(Directly::Unreachable(why)) => format!("; without the proxy: {why}"),
        Some(Directly::Picks(Some(alpn))) => format!("; without the proxy: {alpn}"),
        Some(Directly::Picks(None)) => "; without the proxy: no ALPN either".to_owned(),
        None => String::new(),
    };
    format!("{}{}{direct}", choice.words(), known.unwrap_or_default())
}

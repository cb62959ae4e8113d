//! Every way in which opening a connection over QUIC can fail, on loopback, and what is measured until then.

use std::net::SocketAddr;
use std::time::Duration;

use super::loopback::*;
use super::{Dialled, EarlyData, Shaken, connect};
use crate::facts::{Fault, Stage};
use crate::net::dns::Family;
use crate::net::loopback::*;
use crate::net::proxy::{ProxyChoice, ProxyUrl};
use crate::net::tls::Handshake;
use crate::net::tls::trust::{Roots, SystemRoots, Trust, TrustedBy};
use crate::net::{How, Target};

async fn dial(how: &How) -> Dialled {
    connect(&target(), how, EarlyData::Never).await
}

#[track_caller]
fn assert_failure(dialled: Dialled, stage: Stage, fault: Fault, words: &str) {
    let failure = dialled.outcome.expect_err("the connection must fail");
    assert_eq!((failure.stage, failure.fault), (stage, fault), "{failure:?}");
    assert!(failure.detail.contains(words), "{failure:?} must say {words:?}");
}

fn trusting(authority: &Authority) -> Trust {
    Trust { public: Roots::Pem(authority.pem()), ..trust_nobody() }
}

/// Serves with a certificate and dials with this trust.
async fn shake(identity: Identity, trust: &Trust) -> Dialled {
    let address = quiet(identity, &["h3"]);
    dial(&over_quic(how_trusting(&[address], trust))).await
}

/// Takes connections and says nothing on them.
fn quiet(identity: Identity, protocols: &[&str]) -> SocketAddr {
    serve_quic(identity, protocols, |incoming| async move {
        if let Ok(connection) = incoming.await {
            connection.closed().await;
        }
    })
}

/// A socket that takes what comes and never answers.
fn silent() -> (std::net::UdpSocket, SocketAddr) {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
    let address = socket.local_addr().expect("an address");
    (socket, address)
}

fn closed() -> SocketAddr {
    silent().1
}

mod handshakes {
    use super::*;

    #[tokio::test]
    async fn a_good_handshake_is_described() {
        let authority = Authority::new("Example Root QA");
        let dialled = shake(authority.good(), &trusting(&authority)).await;
        let facts = dialled.facts;
        let tls = facts.tls.expect("a handshake");
        assert_eq!((tls.version.as_str(), tls.handshake), ("TLS 1.3", Handshake::Full));
        assert_eq!((tls.alpn.as_deref(), tls.trusted_by), (Some("h3"), Some(TrustedBy::Public)));
        assert_eq!(tls.chain.leaf().map(|leaf| leaf.hosts()), Some(vec![HOST.to_owned()]));
        assert_eq!((tls.cipher.as_str(), tls.group.as_deref()), ("", Some("X25519MLKEM768")));
        assert!(facts.dns_ms.is_some() && facts.tls_ms.is_some() && facts.tcp_ms.is_none());
        assert_eq!(facts.remote, Some(facts.addresses[0]));
        assert_eq!(facts.families[0].connect_ms.map(|ms| ms > 0.0), Some(true));
        let quic = dialled.outcome.expect("a connection");
        let wire = quic.on_wire();
        assert!(wire.sent > 1200 && wire.received > 1200, "{wire:?}");
        assert!(quic.rtt() > Duration::ZERO);
    }

    #[tokio::test]
    async fn the_store_that_decided_is_named() {
        let authority = Authority::new("Example Root QB");
        let trust = Trust { system: SystemRoots::Pem(authority.pem()), ..trust_nobody() };
        let tls = shake(authority.good(), &trust).await.facts.tls.expect("a handshake");
        assert_eq!(tls.trusted_by, Some(TrustedBy::System));
    }

    #[tokio::test]
    async fn certificates_are_refused_as_precisely_as_over_tcp() {
        let authority = Authority::new("Example Root QC");
        for (name, from, to, fault, words) in [
            (HOST, 2020, 2021, Fault::CertExpired, "2021-01-01T00:00:00Z"),
            (HOST, 3000, 3001, Fault::CertNotYetValid, "3000-01-01T00:00:00Z"),
            (
                "other.example",
                2020,
                3000,
                Fault::CertWrongName,
                "other.example, not for api.example",
            ),
        ] {
            let dialled = shake(authority.identity(name, from, to), &trusting(&authority)).await;
            let refused = dialled.facts.refused.as_ref().expect("a chain");
            assert_eq!(refused.chain.leaf().map(|leaf| leaf.hosts()), Some(vec![name.to_owned()]));
            assert_failure(dialled, Stage::Tls, fault, words);
        }
        let unknown = shake(authority.good(), &trust_nobody()).await;
        assert_eq!((unknown.facts.tls_ms, unknown.facts.tls.as_ref()), (None, None));
        assert_failure(unknown, Stage::Tls, Fault::CertUnknownIssuer, "Example Root QC");
        let own = shake(authority.with_root(), &trust_nobody()).await;
        assert_eq!(own.facts.refused.as_ref().map(|refused| refused.chain.sent.len()), Some(2));
        assert_failure(own, Stage::Tls, Fault::CertUnknownIssuer, "Example Root QC");
    }

    #[tokio::test]
    async fn chains_that_are_refused_at_the_same_time_are_not_mixed_up() {
        let authority = Authority::new("Example Root QD");
        let expired = quiet(authority.identity(HOST, 2020, 2021), &["h3"]);
        let other = quiet(authority.identity("other.example", 2020, 3000), &["h3"]);
        let how = over_quic(how_trusting(&[expired], &trusting(&authority)));
        let pinned = |address| How { pin: Some(address), ..how.clone() };
        let (to_expired, to_other) = (pinned(expired), pinned(other));
        for _ in 0..4 {
            let (one, two) = tokio::join!(dial(&to_expired), dial(&to_other));
            assert_failure(one, Stage::Tls, Fault::CertExpired, HOST);
            assert_failure(two, Stage::Tls, Fault::CertWrongName, "other.example");
        }
    }

    #[tokio::test]
    async fn no_http3_in_common_is_a_refusal() {
        let authority = Authority::new("Example Root QE");
        for protocols in [&["hq-interop"][..], &[]] {
            let address = quiet(authority.good(), protocols);
            let dialled = dial(&how_over_quic(address, authority.pem())).await;
            assert_failure(dialled, Stage::Tls, Fault::TlsNoAlpn, "no_application_protocol (120)");
        }
    }

    #[tokio::test]
    async fn a_later_handshake_resumes_and_a_cold_one_does_not() {
        let authority = Authority::new("Example Root QF");
        let address = quiet(authority.good(), &["h3"]);
        let how = how_over_quic(address, authority.pem());
        let first = dial(&how).await.outcome.expect("a connection");
        let kind = |dialled: Dialled| dialled.facts.tls.map(|tls| tls.handshake);
        assert_eq!(first.shaken().map(|shaken| shaken.tls.handshake), Some(Handshake::Full));
        assert!(first.close_with_ticket(Duration::from_secs(10)).await);
        let resumed = dial(&how).await;
        let tls = resumed.facts.tls.clone().expect("a handshake");
        assert_eq!((tls.trusted_by, tls.chain.sent.len()), (Some(TrustedBy::Public), 1));
        assert_eq!(kind(resumed), Some(Handshake::Resumed));
        let cold = How { tls: how.tls.cold(), ..how };
        assert_eq!(kind(dial(&cold).await), Some(Handshake::Full));
    }

    #[tokio::test]
    async fn early_data_is_offered_where_it_is_allowed_and_known_to_work() {
        let authority = Authority::new("Example Root QG");
        let address = serve_quic(authority.good(), &["h3"], |incoming| async move {
            accepted(incoming).closed().await;
        });
        let how = how_over_quic(address, authority.pem());
        let target = target();
        let ask = |early| connect(&target, &how, early);
        let mut first = ask(EarlyData::Allowed).await.outcome.expect("a connection");
        assert_eq!(early_data(first.shaken()), Some(None));
        assert!(first.settle().await.is_ok_and(|taken| taken));
        assert!(first.close_with_ticket(Duration::from_secs(10)).await);
        let dialled = ask(EarlyData::Allowed).await;
        assert_eq!((dialled.facts.tls_ms, dialled.facts.tls), (None, None));
        let mut early = dialled.outcome.expect("a connection");
        assert_eq!(early_data(early.shaken()), None);
        assert!(early.settle().await.is_ok_and(|taken| taken));
        assert_eq!(early_data(early.shaken()), Some(Some(true)));
        assert_eq!(early.shaken().expect("done").tls.handshake, Handshake::Resumed);
    }

    fn early_data(shaken: Option<&Shaken>) -> Option<Option<bool>> {
        shaken.map(|shaken| shaken.early_data)
    }
}

mod addresses {
    use super::*;

    fn how_to(leads_to: &[SocketAddr]) -> How {
        over_quic(how_trusting(leads_to, &trust_nobody()))
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_closed_port_is_told_long_before_the_time_is_up() {
        let how = How { connect_timeout: Duration::from_secs(60), ..how_to(&[closed()]) };
        let start = std::time::Instant::now();
        let dialled = dial(&how).await;
        assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
        let address = dialled.facts.addresses[0].to_string();
        assert_failure(dialled, Stage::Tcp, Fault::Refused, &address);
    }

    #[tokio::test]
    async fn silence_times_out() {
        let (_socket, address) = silent();
        let how = How { connect_timeout: Duration::from_millis(400), ..how_to(&[address]) };
        assert_failure(dial(&how).await, Stage::Tcp, Fault::TimedOut, "within 0.4 s");
    }

    #[tokio::test]
    async fn the_next_address_is_tried_and_a_pinned_one_is_the_only_one() {
        let authority = Authority::new("Example Root QH");
        let open = quiet(authority.good(), &["h3"]);
        let how = over_quic(how(&[closed(), open], authority.pem()));
        let dialled = dial(&how).await;
        assert_eq!(dialled.facts.remote, Some(open));
        assert!(dialled.outcome.is_ok());
        let pinned = How { pin: Some(closed()), ..how };
        assert!(dial(&pinned).await.outcome.is_err());
        let wrong = over_quic(how_trusting(&[closed()], &trusting(&authority)));
        let pinned = How { pin: Some(open), ..wrong };
        assert_eq!(dial(&pinned).await.facts.remote, Some(open));
    }

    #[tokio::test]
    async fn a_broken_family_does_no_harm() {
        let authority = Authority::new("Example Root QI");
        let open = quiet(authority.good(), &["h3"]);
        let dead = SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], closed().port()));
        let dialled = dial(&over_quic(how(&[dead, open], authority.pem()))).await;
        assert_eq!(dialled.facts.remote, Some(open));
        let won = dialled.facts.families.last().expect("a family");
        assert_eq!((won.family, won.connect_ms.is_some()), (Family::V4, true));
    }

    #[tokio::test]
    async fn a_name_that_is_not_known_and_one_that_no_certificate_has_are_told() {
        let mut unknown = how_to(&[]);
        unknown.resolver.overrides[0].answer = crate::net::dns::Answer::NotFound;
        assert_failure(dial(&unknown).await, Stage::Dns, Fault::NameNotFound, HOST);
        let mut how = how_to(&[closed()]);
        how.resolver.overrides[0].host = "not a name".to_owned();
        let odd = Target { host: "not a name".to_owned(), ..target() };
        let dialled = connect(&odd, &how, EarlyData::Never).await;
        assert_failure(dialled, Stage::Tls, Fault::Other, "\"not a name\" is no name");
    }

    #[tokio::test]
    async fn a_server_that_takes_no_connection_refuses() {
        let authority = Authority::new("Example Root QJ");
        let refusing =
            serve_quic(authority.good(), &["h3"], |incoming| async { incoming.refuse() });
        let dialled = dial(&how_over_quic(refusing, authority.pem())).await;
        assert_failure(dialled, Stage::Tcp, Fault::Refused, "refused");
    }
}

mod proxies {
    use super::*;

    #[tokio::test]
    async fn quic_goes_through_no_proxy() {
        for url in ["http://user:FAKE@127.0.0.1:3128", "socks5h://127.0.0.1:1080"] {
            let mut how = over_quic(how_trusting(&[closed()], &trust_nobody()));
            how.proxy = ProxyChoice::Use(ProxyUrl::parse(url).expect("a URL"));
            let dialled = dial(&how).await;
            assert!(!format!("{dialled:?}").contains("FAKE"), "{dialled:?}");
            assert_failure(dialled, Stage::Proxy, Fault::Other, "cannot go through");
        }
    }

    #[tokio::test]
    async fn there_is_no_http3_without_tls() {
        let how = over_quic(how_trusting(&[closed()], &trust_nobody()));
        let plain = Target { secure: false, ..target() };
        let dialled = connect(&plain, &how, EarlyData::Never).await;
        assert_failure(dialled, Stage::Tls, Fault::Other, "http://");
    }
}

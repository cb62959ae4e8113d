//! Every way in which opening a connection can fail, on loopback, and what is measured until then.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::dial::Families;
use super::dns::{Answer, Beyond, Family, Override};
use super::loopback::*;
use super::proxy::{ProxyChoice, ProxyUrl};
use super::tls::trust::{Roots, SystemRoots, Trust, TrustedBy};
use super::tls::{Alpn, Handshake, Negotiated, Setup};
use super::{Dialled, How, Target, connect};
use crate::facts::{Failure, Fault, Stage};

fn failure(dialled: Dialled) -> Failure {
    dialled.outcome.expect_err("the connection must fail")
}

#[track_caller]
fn assert_failure(dialled: Dialled, stage: Stage, fault: Fault, words: &str) {
    let failure = failure(dialled);
    assert_eq!((failure.stage, failure.fault), (stage, fault), "{failure:?}");
    assert!(failure.detail.contains(words), "{failure:?} must say {words:?}");
}

async fn quiet(mut stream: tokio_rustls::server::TlsStream<TcpStream>) {
    let _ = stream.write_all(b"").await;
    hang().await;
}

mod names {
    use super::*;

    async fn lookup(answer: Answer) -> Dialled {
        let mut how = how_trusting(&[], &trust_nobody());
        how.resolver.overrides[0].answer = answer;
        how.resolver.timeout = Duration::from_millis(50);
        connect(&target(), &how).await
    }

    #[tokio::test]
    async fn answers_of_the_resolver_are_told_apart() {
        for (answer, fault) in [
            (Answer::NotFound, Fault::NameNotFound),
            (Answer::TryAgain, Fault::NameTryAgain),
            (Answer::Failed, Fault::NameFailed),
            (Answer::Never, Fault::TimedOut),
            (Answer::Addresses(Vec::new()), Fault::NameNotFound),
        ] {
            assert_failure(lookup(answer).await, Stage::Dns, fault, HOST);
        }
    }

    #[tokio::test]
    async fn the_real_resolver_knows_no_invalid_name() {
        let how = how_trusting(&[], &trust_nobody());
        let target = Target { host: "no-such-name.invalid".to_owned(), ..target() };
        let dialled = connect(&target, &how).await;
        assert!(dialled.facts.dns_ms.is_some());
        let failure = failure(dialled);
        assert_eq!(failure.stage, Stage::Dns);
        let faults = [Fault::NameNotFound, Fault::NameTryAgain, Fault::NameFailed];
        assert!(faults.contains(&failure.fault), "{failure:?}");
    }

    #[tokio::test]
    async fn the_real_resolver_knows_this_machine() {
        let address = serve(|_| async {}).await;
        let target = Target { host: "localhost".to_owned(), port: address.port(), secure: false };
        let mut how = how_trusting(&[], &trust_nobody());
        how.resolver.family = Family::V4;
        let dialled = connect(&target, &how).await;
        assert_eq!(dialled.facts.addresses, [address]);
        assert!(dialled.facts.dns_ms.is_some() && dialled.outcome.is_ok());
    }

    #[tokio::test]
    async fn an_address_needs_no_resolver() {
        let address = serve(|_| async {}).await;
        let target = Target { host: "127.0.0.1".to_owned(), port: address.port(), secure: false };
        let dialled = connect(&target, &how_trusting(&[], &trust_nobody())).await;
        assert_eq!((dialled.facts.dns_ms, dialled.facts.remote), (None, Some(address)));
        assert!(dialled.outcome.is_ok());
    }

    #[tokio::test]
    async fn an_override_holds_for_its_port_and_lends_the_port_asked_for() {
        let address = serve(|_| async {}).await;
        let mut how = how_trusting(&[SocketAddr::from(([127, 0, 0, 1], 0))], &trust_nobody());
        how.resolver.overrides[0].port = Some(address.port());
        let target = Target { host: "API.example".to_owned(), port: address.port(), secure: false };
        assert_eq!(connect(&target, &how).await.facts.remote, Some(address));
    }

    #[tokio::test]
    async fn overrides_of_one_name_and_port_are_one_answer() {
        let (closed, open) = (closed_port().await, serve(|_| async {}).await);
        let mut how = how_trusting(&[closed], &trust_nobody());
        for (port, address) in [(Some(443), open), (Some(443), closed), (None, closed_port().await)]
        {
            let host = HOST.to_uppercase();
            let answer = Answer::Addresses(vec![address]);
            how.resolver.overrides.push(Override { host, port, answer });
        }
        let dialled = connect(&Target { secure: false, ..target() }, &how).await;
        assert_eq!(dialled.facts.addresses, [closed, open]);
        assert_eq!(dialled.facts.remote, Some(open));
    }

    #[tokio::test]
    async fn a_family_that_is_left_out_is_said_to_be_and_the_name_is_not_blamed() {
        for (host, family, words) in [
            (HOST, Family::V6, "no IPv6 address was found for api.example; -6 leaves out IPv4"),
            ("::1", Family::V4, "no IPv4 address was found for ::1; -4 leaves out IPv6"),
        ] {
            let mut how = how_trusting(&[SocketAddr::from(([127, 0, 0, 1], 0))], &trust_nobody());
            how.resolver.family = family;
            let target = Target { host: host.to_owned(), ..target() };
            let failure = failure(connect(&target, &how).await);
            assert_eq!(failure, Failure::new(Stage::Dns, Fault::NameFailed, words));
        }
    }

    #[tokio::test]
    async fn where_nothing_is_beyond_only_this_machine_is_dialled() {
        let elsewhere = SocketAddr::from(([192, 0, 2, 1], 443));
        let mut how = how_trusting(&[elsewhere], &trust_nobody());
        how.resolver.beyond = Beyond::Nothing;
        for (host, fault) in [
            ("localhost", Fault::NameNotFound),
            ("192.0.2.1", Fault::NameFailed),
            ("2001:db8::1", Fault::NameFailed),
            ("::ffff:192.0.2.1", Fault::NameFailed),
            (HOST, Fault::NameFailed),
        ] {
            let target = Target { host: host.to_owned(), ..target() };
            assert_failure(connect(&target, &how).await, Stage::Dns, fault, "a simulated run");
        }
        let here = serve(|_| async {}).await;
        let target = Target { host: "127.0.0.1".to_owned(), port: here.port(), secure: false };
        assert_eq!(connect(&target, &how).await.facts.remote, Some(here));
    }
}

mod addresses {
    use super::*;

    fn plain() -> Target {
        Target { secure: false, ..target() }
    }

    #[tokio::test]
    async fn a_refusal_names_the_address() {
        let address = closed_port().await;
        let dialled = connect(&plain(), &how_trusting(&[address], &trust_nobody())).await;
        assert!(dialled.facts.tcp_ms.is_none() && dialled.facts.dns_ms.is_some());
        assert_failure(dialled, Stage::Tcp, Fault::Refused, &address.to_string());
    }

    #[tokio::test]
    async fn the_second_address_is_tried_when_the_first_refuses() {
        let (closed, open) = (closed_port().await, serve(|_| async {}).await);
        let dialled = connect(&plain(), &how_trusting(&[closed, open], &trust_nobody())).await;
        assert_eq!(dialled.facts.remote, Some(open));
        assert!(dialled.outcome.is_ok());
    }

    #[tokio::test]
    async fn only_the_pinned_address_is_dialled_and_the_name_is_resolved_all_the_same() {
        let (named, pinned) = (serve(|_| async {}).await, serve(|_| async {}).await);
        let how = How { pin: Some(pinned), ..how_trusting(&[named], &trust_nobody()) };
        let dialled = connect(&plain(), &how).await;
        assert_eq!(
            (dialled.facts.remote, &dialled.facts.addresses[..]),
            (Some(pinned), &[named][..])
        );
        let closed = How { pin: Some(closed_port().await), ..how };
        assert_failure(connect(&plain(), &closed).await, Stage::Tcp, Fault::Refused, "");
        let mut unknown = closed;
        unknown.resolver.overrides[0].answer = Answer::NotFound;
        assert_failure(connect(&plain(), &unknown).await, Stage::Dns, Fault::NameNotFound, "");
    }

    #[tokio::test]
    async fn all_refusals_are_told() {
        let (one, two) = (closed_port().await, closed_port().await);
        let dialled = connect(&plain(), &how_trusting(&[one, two], &trust_nobody())).await;
        let failure = failure(dialled);
        assert!(failure.detail.contains(&one.to_string()), "{failure:?}");
        assert!(failure.detail.contains(&two.to_string()), "{failure:?}");
    }

    #[tokio::test]
    async fn a_broken_family_is_reported_and_does_no_harm() {
        let open = serve(|_| async {}).await;
        let closed = SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], closed_port().await.port()));
        let dialled = connect(&plain(), &how_trusting(&[open, closed], &trust_nobody())).await;
        assert!(dialled.outcome.is_ok());
        let [v6, v4] = &dialled.facts.families[..] else { panic!("{:?}", dialled.facts) };
        assert_eq!((v6.family, v6.address, v6.connect_ms), (Family::V6, closed, None));
        assert!(v6.failure.as_ref().is_some_and(|failure| failure.stage == Stage::Tcp));
        assert_eq!((v4.family, v4.failure.as_ref()), (Family::V4, None));
        assert_eq!(dialled.facts.tcp_ms, v4.connect_ms);
    }

    #[tokio::test]
    async fn both_families_are_reported_where_both_work() {
        let Ok(listener) = tokio::net::TcpListener::bind("[::1]:0").await else { return };
        let v6 = listener.local_addr().expect("an address");
        let v4 = serve(|_| async {}).await;
        let how = how_trusting(&[v4, v6], &trust_nobody());
        let both = connect(&plain(), &how).await.facts;
        assert_eq!(both.families.iter().filter(|one| one.connect_ms.is_some()).count(), 2);
        let how = How { families: Families::Fastest, ..how };
        let fastest = connect(&plain(), &how).await.facts;
        assert_eq!((fastest.families.len(), fastest.remote), (1, Some(v6)));
    }

    /// A listener that never accepts lets its queue fill up; further connections are not answered.
    #[cfg(target_os = "linux")]
    struct Full {
        address: SocketAddr,
        _held: (tokio::net::TcpListener, Vec<TcpStream>),
    }

    #[cfg(target_os = "linux")]
    impl Full {
        async fn at(socket: tokio::net::TcpSocket, host: &str) -> Option<Self> {
            socket.bind(format!("{host}:0").parse().expect("an address")).ok()?;
            let listener = socket.listen(1).expect("a listener");
            let address = listener.local_addr().expect("an address");
            let mut held = Vec::new();
            for _ in 0..4 {
                let connecting = TcpStream::connect(address);
                let connected = tokio::time::timeout(Duration::from_millis(50), connecting).await;
                held.extend(connected.ok().and_then(Result::ok));
            }
            Some(Self { address, _held: (listener, held) })
        }
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn silence_times_out() {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        let full = Full::at(socket, "127.0.0.1").await.expect("a port");
        let how = How {
            connect_timeout: Duration::from_millis(100),
            ..how_trusting(&[full.address], &trust_nobody())
        };
        let dialled = connect(&plain(), &how).await;
        assert_failure(dialled, Stage::Tcp, Fault::TimedOut, "within 0.1 s");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_family_that_is_silent_beside_a_connected_one_is_left_alone_and_not_failed() {
        let Ok(socket) = tokio::net::TcpSocket::new_v6() else { return };
        let Some(full) = Full::at(socket, "[::1]").await else { return };
        let open = serve(|_| async {}).await;
        let how = how_trusting(&[full.address, open], &trust_nobody());
        let dialled = connect(&plain(), &how).await;
        assert_eq!(dialled.facts.remote, Some(open));
        let [v6, v4] = &dialled.facts.families[..] else { panic!("{:?}", dialled.facts) };
        assert_eq!((v6.connect_ms, v6.failure.as_ref()), (None, None));
        assert!(v4.connect_ms.is_some());
    }
}

mod handshakes {
    use super::*;

    async fn shake(identity: Identity, trust: &Trust) -> Dialled {
        let address = serve_tls(identity, &["h2", "http/1.1"], quiet).await;
        connect(&target(), &how_trusting(&[address], trust)).await
    }

    fn trusting(authority: &Authority) -> Trust {
        Trust { public: Roots::Pem(authority.pem()), ..trust_nobody() }
    }

    /// Answers the first bytes of the client with these and closes.
    async fn answered_with(bytes: &'static [u8]) -> Dialled {
        let address =
            serve(move |mut stream| async move { answer(&mut stream, bytes).await }).await;
        connect(&target(), &how_trusting(&[address], &trust_nobody())).await
    }

    #[tokio::test]
    async fn a_good_handshake_is_described() {
        let authority = Authority::new("Example Root A");
        let dialled = shake(authority.good(), &trusting(&authority)).await;
        let tls = dialled.facts.tls.expect("a handshake");
        assert_eq!((tls.version.as_str(), tls.handshake), ("TLS 1.3", Handshake::Full));
        assert!(tls.cipher.starts_with("TLS_"), "{}", tls.cipher);
        assert_eq!(tls.group.as_deref(), Some("X25519MLKEM768"));
        assert_eq!(tls.alpn.as_deref(), Some("h2"));
        assert_eq!(tls.trusted_by, Some(TrustedBy::Public));
        let leaf = tls.chain.leaf().expect("a certificate");
        assert_eq!(leaf.hosts(), [HOST]);
        assert_eq!(leaf.issuer.full, "CN=Example Root A");
        assert_eq!(leaf.not_before, 1_577_836_800);
        assert!(!leaf.is_self_issued() && !leaf.is_ca());
        let timed = [dialled.facts.dns_ms, dialled.facts.tcp_ms, dialled.facts.tls_ms];
        assert!(timed.iter().all(Option::is_some), "{timed:?}");
    }

    #[tokio::test]
    async fn http2_alone_is_not_answered_with_another_version() {
        let authority = Authority::new("Example Root A2");
        for (offered, refusal) in [
            (&[][..], Some((Fault::TlsRefused, "HTTP/2 only, and the server offered no ALPN"))),
            (&["http/1.1"], Some((Fault::TlsNoAlpn, "no_application_protocol (120)"))),
            (&["h2", "http/1.1"], None),
        ] {
            let address = serve_tls(authority.good(), offered, quiet).await;
            let mut how = how_trusting(&[address], &trusting(&authority));
            how.tls = how.tls.offering(Alpn::H2);
            let dialled = connect(&target(), &how).await;
            match refusal {
                Some((fault, words)) => assert_failure(dialled, Stage::Tls, fault, words),
                None => assert!(dialled.outcome.is_ok(), "{:?}", dialled.outcome),
            }
        }
    }

    #[tokio::test]
    async fn the_store_that_decided_is_named() {
        let authority = Authority::new("Example Root B");
        let pem = authority.pem();
        for (trust, by) in [
            (Trust { extra: vec![pem.clone()], ..trust_nobody() }, TrustedBy::Extra),
            (Trust { system: SystemRoots::Pem(pem.clone()), ..trust_nobody() }, TrustedBy::System),
            (Trust { replace: Some(pem.clone()), ..trust_nobody() }, TrustedBy::Replacement),
        ] {
            let dialled = shake(authority.good(), &trust).await;
            assert_eq!(dialled.facts.tls.expect("a handshake").trusted_by, Some(by));
        }
    }

    #[tokio::test]
    async fn a_replacement_shuts_the_other_stores_out() {
        let authority = Authority::new("Example Root C");
        let trust = Trust {
            public: Roots::Pem(authority.pem()),
            system: SystemRoots::Pem(authority.pem()),
            replace: Some(Authority::new("Example Root D").pem()),
            extra: Vec::new(),
        };
        let dialled = shake(authority.good(), &trust).await;
        assert_failure(dialled, Stage::Tls, Fault::CertUnknownIssuer, "Example Root C");
    }

    #[tokio::test]
    async fn the_real_stores_do_not_know_a_stranger() {
        let authority = Authority::new("Example Root E");
        let dialled = shake(authority.good(), &Trust::default()).await;
        assert_failure(dialled, Stage::Tls, Fault::CertUnknownIssuer, "Example Root E");
    }

    #[tokio::test]
    async fn a_refused_chain_is_kept() {
        let dialled = shake(Authority::new("Example Root F").with_root(), &trust_nobody()).await;
        let refused = dialled.facts.refused.as_ref().expect("a chain");
        let root = refused.chain.top().expect("a root");
        assert!(refused.chain.sent.len() == 2 && root.is_self_issued() && root.is_ca());
        assert_eq!(refused.causes.len(), 1);
        assert!(dialled.facts.tls.is_none() && dialled.facts.tcp_ms.is_some());
        assert_failure(
            dialled,
            Stage::Tls,
            Fault::CertUnknownIssuer,
            "its own root \"Example Root F",
        );
    }

    #[tokio::test]
    async fn a_certificate_that_signed_itself_is_told() {
        let dialled = shake(Identity::self_signed(), &trust_nobody()).await;
        assert_failure(dialled, Stage::Tls, Fault::CertSelfSignedLeaf, "signed itself");
    }

    #[tokio::test]
    async fn an_expired_certificate_of_a_stranger_is_first_a_strangers() {
        let expired = Authority::new("Example Root I").identity(HOST, 2020, 2021);
        let dialled = shake(expired, &trust_nobody()).await;
        let words = "besides, \"api.example\" expired";
        assert_failure(dialled, Stage::Tls, Fault::CertUnknownIssuer, words);
    }

    #[tokio::test]
    async fn an_authority_of_the_same_name_is_no_known_issuer() {
        let trust = trusting(&Authority::new("Example Twin"));
        let dialled = shake(Authority::new("Example Twin").good(), &trust).await;
        assert_failure(dialled, Stage::Tls, Fault::CertRecreatedCa, "another key");
    }

    #[tokio::test]
    async fn dates_and_names_are_told() {
        let authority = Authority::new("Example Root G");
        for (name, from, to, fault, words) in [
            (HOST, 2020, 2021, Fault::CertExpired, "2021-01-01T00:00:00Z"),
            (HOST, 3000, 3001, Fault::CertNotYetValid, "3000-01-01T00:00:00Z"),
            (
                "other.example",
                2020,
                3000,
                Fault::CertWrongName,
                "for other.example, not for api.example",
            ),
        ] {
            let dialled = shake(authority.identity(name, from, to), &trusting(&authority)).await;
            assert_failure(dialled, Stage::Tls, fault, words);
        }
    }

    #[tokio::test]
    async fn a_wrong_name_is_told_by_the_store_that_knows_the_issuer() {
        let authority = Authority::new("Example Root H");
        let trust = Trust { system: SystemRoots::Pem(authority.pem()), ..trust_nobody() };
        let dialled = shake(authority.identity("other.example", 2020, 3000), &trust).await;
        assert_failure(dialled, Stage::Tls, Fault::CertWrongName, "other.example");
    }

    #[tokio::test]
    async fn alerts_are_named() {
        for (bytes, fault, words) in [
            (b"\x15\x03\x03\x00\x02\x02\x28", Fault::TlsRefused, "handshake_failure (40)"),
            (b"\x15\x03\x03\x00\x02\x02\x46", Fault::TlsTooOld, "protocol_version (70)"),
            (b"\x15\x03\x03\x00\x02\x02\x70", Fault::TlsNameRefused, "unrecognized_name (112)"),
            (b"\x15\x03\x03\x00\x02\x02\x14", Fault::TlsCorrupted, "bad_record_mac (20)"),
        ] {
            assert_failure(answered_with(bytes).await, Stage::Tls, fault, words);
        }
    }

    #[tokio::test]
    async fn no_http_version_in_common_is_an_alert() {
        let authority = Authority::new("Example Root I");
        let address = serve_tls(authority.good(), &["spdy/3"], quiet).await;
        let dialled = connect(&target(), &how(&[address], authority.pem())).await;
        assert_failure(dialled, Stage::Tls, Fault::TlsNoAlpn, "no_application_protocol (120)");
    }

    #[tokio::test]
    async fn plain_http_is_no_tls() {
        let dialled = answered_with(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        assert_failure(dialled, Stage::Tls, Fault::NotTls, "not TLS");
    }

    #[tokio::test]
    async fn an_end_in_the_handshake_is_told_from_a_reset() {
        assert_failure(answered_with(b"").await, Stage::Tls, Fault::Closed, "");
        let address = serve(|stream| async move {
            let _ = stream.set_zero_linger();
        });
        let dialled = connect(&target(), &how_trusting(&[address.await], &trust_nobody())).await;
        assert_failure(dialled, Stage::Tls, Fault::Reset, "");
    }

    #[tokio::test]
    async fn silence_in_the_handshake_times_out() {
        let address = serve(|stream| async move {
            hang().await;
            drop(stream);
        });
        let mut how = how_trusting(&[address.await], &trust_nobody());
        how.connect_timeout = Duration::from_millis(100);
        let dialled = connect(&target(), &how).await;
        assert!(dialled.facts.tcp_ms.is_some());
        assert_failure(dialled, Stage::Tls, Fault::TimedOut, HOST);
    }

    #[tokio::test]
    async fn warm_connections_resume_and_cold_ones_do_not() {
        let authority = Authority::new("Example Root J");
        let address = serve_tls(authority.good(), &["http/1.1"], |mut stream| async move {
            answer(&mut stream, b"hello").await;
        });
        let how = how(&[address.await], authority.pem());
        assert_eq!(shaken(&how).await, (Handshake::Full, Some(TrustedBy::Public)));
        assert_eq!(shaken(&how).await, (Handshake::Resumed, Some(TrustedBy::Public)));
        let cold = How { tls: how.tls.cold(), ..how };
        assert_eq!(shaken(&cold).await, (Handshake::Full, Some(TrustedBy::Public)));
    }

    /// Tickets come after the handshake, so that a little is read.
    async fn shaken(how: &How) -> (Handshake, Option<TrustedBy>) {
        let dialled = connect(&target(), how).await;
        let mut stream = dialled.outcome.expect("a connection");
        let _ = stream.write_all(b"hello").await;
        let _ = stream.read(&mut [0; 16]).await;
        let tls = dialled.facts.tls.expect("a handshake");
        (tls.handshake, tls.trusted_by)
    }

    #[tokio::test]
    async fn a_resumed_handshake_is_told_with_either_version_of_tls() {
        use rustls::version::{TLS12, TLS13};
        for (version, unread) in [(&TLS12, Handshake::Resumed), (&TLS13, Handshake::Full)] {
            let authority = Authority::new("Example Root J2");
            let acceptor = authority.good().acceptor_of(&[version], &["h2"]);
            let address = serve_tls_by(acceptor, quiet).await;
            let how = how(&[address], authority.pem());
            let open = async || connect(&target(), &how).await;
            drop(open().await);
            // With TLS 1.3 what was not read cannot be resumed.
            let second = open().await;
            assert_eq!(second.facts.tls.map(|tls| tls.handshake), Some(unread), "{version:?}");
            let stream = second.outcome.expect("a connection");
            assert_eq!(stream.handshake(), Some(unread));
            assert!(stream.close_with_ticket(Duration::from_secs(10)).await, "{version:?}");
            let third = open().await.facts.tls.expect("a handshake");
            assert_eq!(third.handshake, Handshake::Resumed, "{version:?}");
        }
    }

    #[tokio::test]
    async fn a_ticket_that_never_comes_is_not_waited_for() {
        let address = serve(|_| hang()).await;
        let how = how_trusting(&[address], &trust_nobody());
        let stream = connect(&Target { secure: false, ..target() }, &how).await.outcome;
        let stream = stream.expect("a connection");
        assert_eq!(stream.handshake(), None);
        assert!(!stream.close_with_ticket(Duration::from_millis(50)).await);
    }

    #[tokio::test]
    async fn what_was_offered_and_what_was_chosen_are_told() {
        for (offered, knows, chosen, http) in [
            (Alpn::Either, &["h2", "http/1.1"][..], Some("h2"), "HTTP/2"),
            (Alpn::Either, &["http/1.1"], Some("http/1.1"), "HTTP/1.1"),
            (Alpn::Either, &[], None, "HTTP/1.1"),
            (Alpn::H2, &[], None, "HTTP/1.1"),
            (Alpn::None, &["h2"], None, "HTTP/1.1"),
        ] {
            let authority = Authority::new("Example Root J3");
            let address = serve_tls(authority.good(), knows, quiet).await;
            let mut how = how(&[address], authority.pem());
            how.tls = how.tls.offering(offered).cold();
            let tls = connect(&target(), &how).await.facts.tls.expect("a handshake");
            let chosen = chosen.map(str::to_owned);
            assert_eq!(tls.negotiated(), Negotiated { offered, chosen, http });
        }
    }

    #[test]
    fn a_bundle_without_certificates_is_not_usable() {
        let trust = Trust { replace: Some("nothing".to_owned()), ..Trust::default() };
        let unusable = Setup::new(&trust, Alpn::H1).expect_err("no certificate");
        assert_eq!(unusable.meant_as, TrustedBy::Replacement);
    }
}

mod proxies {
    use super::*;

    const LOGIN: &str = "user:FAKE%20pass";

    async fn through(url: &str) -> Dialled {
        let how = How {
            proxy: ProxyChoice::Use(ProxyUrl::parse(url).expect("a URL")),
            ..how_trusting(&[], &trust_nobody())
        };
        connect(&Target { secure: false, ..target() }, &how).await
    }

    /// A proxy that answers each question with these bytes, and keeps what it was asked.
    async fn proxy(answers: &'static [u8]) -> (SocketAddr, std::sync::mpsc::Receiver<Vec<u8>>) {
        let (sender, receiver) = std::sync::mpsc::channel();
        let address = serve(move |mut stream| {
            let sender = sender.clone();
            async move {
                let mut asked = vec![0; 1024];
                let size = stream.read(&mut asked).await.unwrap_or(0);
                asked.truncate(size);
                let _ = sender.send(asked);
                let _ = stream.write_all(answers).await;
                hang().await;
            }
        });
        (address.await, receiver)
    }

    #[tokio::test]
    async fn a_tunnel_is_asked_for_with_the_login_and_shown_without() {
        let (address, asked) = proxy(b"HTTP/1.1 200 OK\r\nVia: x\r\n\r\n").await;
        let dialled = through(&format!("http://{LOGIN}@{address}")).await;
        assert!(dialled.outcome.is_ok(), "{dialled:?}");
        assert_eq!(dialled.facts.via_proxy, Some(format!("http://{address}")));
        assert!(dialled.facts.proxy_ms.is_some() && dialled.facts.remote == Some(address));
        let asked = String::from_utf8(asked.recv().expect("a question")).expect("text");
        assert!(asked.starts_with("CONNECT api.example:443 HTTP/1.1\r\n"), "{asked}");
        assert!(asked.contains("Proxy-Authorization: Basic dXNlcjpGQUtFIHBhc3M=\r\n"), "{asked}");
    }

    #[tokio::test]
    async fn refusals_keep_status_headers_and_the_first_line() {
        let basic = b"HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm=\"a, b\"\r\n\r\n";
        let other = b"HTTP/1.1 407 Login\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate\r\n\r\n";
        let page = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 17\r\n\r\n\r\n<h1>blocked</h1>";
        let late = b"HTTP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"T\"\r\n\r\n";
        let cases: [(&'static [u8], Fault, &str); 6] = [
            (late, Fault::ProxyWantsLogin, "401 Unauthorized; logins offered: Basic; the login"),
            (basic, Fault::ProxyWantsLogin, "logins offered: Basic; the login"),
            (other, Fault::ProxyWantsOtherLogin, "NTLM, Negotiate"),
            (page, Fault::ProxyRefused, "403 Forbidden: <h1>blocked</h1>"),
            (b"SSH-2.0-x\r\n", Fault::ProxyRefused, "not HTTP"),
            (b"HTTP/1.1 what\r\n\r\n", Fault::ProxyRefused, "no status"),
        ];
        for (answers, fault, words) in cases {
            let (address, _asked) = proxy(answers).await;
            let dialled = through(&format!("http://{LOGIN}@{address}")).await;
            assert!(!format!("{dialled:?}").contains("FAKE"), "{dialled:?}");
            assert_failure(dialled, Stage::Proxy, fault, words);
        }
    }

    #[tokio::test]
    async fn a_proxy_that_cannot_be_reached_is_the_proxys_failure() {
        let address = closed_port().await;
        let dialled = through(&format!("http://{address}")).await;
        assert_failure(dialled, Stage::Proxy, Fault::Refused, &format!("proxy http://{address}"));
    }

    #[tokio::test]
    async fn an_unknown_scheme_is_not_dialled() {
        let dialled = through("ftp://user:FAKE@127.0.0.1").await;
        assert!(dialled.facts.addresses.is_empty());
        assert_failure(dialled, Stage::Proxy, Fault::ProxyScheme, "\"ftp\"");
    }

    #[tokio::test]
    async fn a_silent_proxy_times_out() {
        let address = serve(|stream| async move {
            hang().await;
            drop(stream);
        });
        let url = format!("http://{}", address.await);
        let how = How {
            proxy: ProxyChoice::Use(ProxyUrl::parse(&url).expect("a URL")),
            connect_timeout: Duration::from_millis(100),
            ..how_trusting(&[], &trust_nobody())
        };
        let dialled = connect(&target(), &how).await;
        assert_failure(dialled, Stage::Proxy, Fault::TimedOut, "no tunnel");
    }

    #[tokio::test]
    async fn tls_goes_through_a_proxy_that_is_spoken_to_over_tls() {
        let authority = Authority::new("Example Root K");
        let address = authority_proxy(&authority).await;
        let mut how = how(&[], authority.pem());
        let url = format!("https://{HOST}:443");
        how.resolver.overrides[0].answer = Answer::Addresses(vec![address]);
        how.proxy = ProxyChoice::Use(ProxyUrl::parse(&url).expect("a URL"));
        let dialled = connect(&target(), &how).await;
        assert!(dialled.outcome.is_ok(), "{dialled:?}");
        assert!(dialled.facts.tls_ms.is_some() && dialled.facts.proxy_ms.is_some());
    }

    /// A proxy over TLS that is the target as well.
    async fn authority_proxy(authority: &Authority) -> SocketAddr {
        let inner = authority.good().acceptor(&["http/1.1"]);
        serve_tls(authority.good(), &["http/1.1"], move |mut stream| {
            let inner = inner.clone();
            async move {
                answer(&mut stream, b"HTTP/1.1 200 OK\r\n\r\n").await;
                let _target = inner.accept(stream).await;
                hang().await;
            }
        })
        .await
    }

    /// A SOCKS 5 proxy that wants a login, and says what it was asked for.
    async fn socks(reply: u8) -> (SocketAddr, std::sync::mpsc::Receiver<Vec<u8>>) {
        let (sender, receiver) = std::sync::mpsc::channel();
        let address = serve(move |mut stream| {
            let sender = sender.clone();
            async move {
                answer(&mut stream, &[5, 2]).await;
                let mut asked = vec![0; 256];
                let size = stream.read(&mut asked).await.unwrap_or(0);
                let _ = sender.send(asked[..size].to_vec());
                let _ = stream.write_all(&[1, 0]).await;
                let size = stream.read(&mut asked).await.unwrap_or(0);
                let _ = sender.send(asked[..size].to_vec());
                let _ = stream.write_all(&[5, reply, 0, 1, 0, 0, 0, 0, 0, 0]).await;
                hang().await;
            }
        });
        (address.await, receiver)
    }

    #[tokio::test]
    async fn socks_takes_the_login_and_the_name() {
        let (address, asked) = socks(0).await;
        let dialled = through(&format!("socks5h://{LOGIN}@{address}")).await;
        assert!(dialled.outcome.is_ok(), "{dialled:?}");
        assert_eq!(asked.recv().expect("a login"), b"\x01\x04user\x09FAKE pass");
        assert_eq!(asked.recv().expect("a request"), b"\x05\x01\x00\x03\x0bapi.example\x01\xbb");
    }

    #[tokio::test]
    async fn socks_refusals_are_worded() {
        let (address, _asked) = socks(2).await;
        let dialled = through(&format!("socks5h://{LOGIN}@{address}")).await;
        assert_failure(dialled, Stage::Proxy, Fault::ProxyRefused, "not allowed by its rules");
        let (address, _asked) = proxy(&[5, 0xff]).await;
        let dialled = through(&format!("socks5h://{address}")).await;
        assert_failure(dialled, Stage::Proxy, Fault::ProxyWantsLogin, "wants a login");
        let (address, _asked) = proxy(b"HTTP/1.1 400 Bad\r\n\r\n").await;
        let dialled = through(&format!("socks5h://{address}")).await;
        assert_failure(dialled, Stage::Proxy, Fault::ProxyRefused, "not SOCKS 5");
    }

    #[tokio::test]
    async fn plain_socks_resolves_here() {
        let mut how = how_trusting(&[SocketAddr::from(([192, 0, 2, 7], 0))], &trust_nobody());
        let (address, asked) = socks(0).await;
        let url = format!("socks5://{LOGIN}@{address}");
        how.proxy = ProxyChoice::Use(ProxyUrl::parse(&url).expect("a URL"));
        let dialled = connect(&Target { secure: false, ..target() }, &how).await;
        assert!(dialled.outcome.is_ok(), "{dialled:?}");
        let _login = asked.recv();
        assert_eq!(asked.recv().expect("a request"), [5, 1, 0, 1, 192, 0, 2, 7, 1, 0xbb]);
        how.resolver.overrides[0].answer = Answer::NotFound;
        let dialled = connect(&target(), &how).await;
        assert_failure(dialled, Stage::Dns, Fault::NameNotFound, HOST);
    }

    fn chosen(variables: &[(&str, &str)], target: &Target) -> Option<String> {
        let variables: BTreeMap<String, String> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let choice = ProxyChoice::from_variables(&variables, target).expect("a proxy or none");
        choice.url().map(ToString::to_string)
    }

    #[test]
    fn variables_decide_in_their_order() {
        let http = Target { secure: false, ..target() };
        let p = |host: &str| Some(format!("http://{host}:8080"));
        assert_eq!(chosen(&[], &target()), None);
        assert_eq!(chosen(&[("HTTPS_PROXY", "http://a:8080")], &target()), p("a"));
        assert_eq!(chosen(&[("HTTPS_PROXY", "a:8080")], &target()), p("a"));
        assert_eq!(chosen(&[("HTTPS_PROXY", "http://a:8080")], &http), None);
        assert_eq!(chosen(&[("HTTP_PROXY", "http://a:8080")], &http), p("a"));
        let both = [("HTTPS_PROXY", "http://a:8080"), ("https_proxy", "http://b:8080")];
        assert_eq!(chosen(&both, &target()), p("b"));
        let empty = [("https_proxy", ""), ("ALL_PROXY", "http://c:8080")];
        assert_eq!(chosen(&empty, &target()), p("c"));
    }

    #[test]
    fn no_proxy_exempts() {
        let local = Target { host: "127.0.0.1".to_owned(), ..target() };
        let range = [("ALL_PROXY", "http://a:8080"), ("no_proxy", "127.0.0.0/8")];
        assert_eq!(chosen(&range, &local), None);
        let with = |list| chosen(&[("ALL_PROXY", "http://a:8080"), ("NO_PROXY", list)], &target());
        for list in ["api.example", "example", ".example", "*", "x, api.example"] {
            assert_eq!(with(list), None, "{list}");
        }
        for list in ["", "ample", "other.example"] {
            assert!(with(list).is_some(), "{list}");
        }
    }

    #[test]
    fn impossible_urls_say_why_and_keep_the_login() {
        for url in [
            "http://user:FAKE@",
            "http://user:FAKE@h:x",
            "http://user:FAKE@h:99999",
            "http://user:FAKE@a b",
        ] {
            let why = ProxyUrl::parse(url).expect_err(url);
            assert!(!why.contains("FAKE"), "{why}");
        }
        let variables = BTreeMap::from([("ALL_PROXY".to_owned(), "http://u:FAKE@h:x".to_owned())]);
        let why = ProxyChoice::from_variables(&variables, &target()).expect_err("a bad port");
        assert!(why.contains("ALL_PROXY") && !why.contains("FAKE"), "{why}");
        let url = ProxyUrl::parse("http://user:FAKE@[::1]:3128").expect("a URL");
        assert_eq!(format!("{url:?}"), "ProxyUrl(http://[::1]:3128 with a login)");
    }
}

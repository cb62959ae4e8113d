//! Scans of servers in this process, of boxes that break hellos, and of `openssl s_server` where it is.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::net::loopback::*;
use crate::net::proxy::{ProxyChoice, ProxyUrl};
use crate::net::tls::hello::{Group, Spoken, Suite, Version};

fn plan() -> Plan {
    Plan { name: Some(HOST.to_owned()), ssl3: false, timeout: Duration::from_secs(10) }
}

fn impatient() -> Plan {
    Plan { timeout: Duration::from_millis(600), ..plan() }
}

async fn support(address: SocketAddr, plan: &Plan) -> Support {
    let how = How { pin: Some(address), ..how_trusting(&[address], &trust_nobody()) };
    scan(&target(), &how, plan).await
}

/// A server behind a box, which looks at the first bytes of each hello and may keep the connection.
async fn boxed<F, W>(acceptor: TlsAcceptor, inspect: F) -> SocketAddr
where
    F: Fn(TcpStream) -> W + Clone + Send + 'static,
    W: Future<Output = Option<TcpStream>> + Send + 'static,
{
    serve(move |stream| {
        let (acceptor, inspect) = (acceptor.clone(), inspect.clone());
        async move {
            if let Some(stream) = inspect(stream).await {
                let _ = acceptor.accept(stream).await;
            }
        }
    })
    .await
}

fn acceptor(protocols: &[&str]) -> TlsAcceptor {
    Authority::new("Example Scanned Root").good().acceptor(protocols)
}

/// How much is there to be read at once, and how long the first record is said to be.
async fn sizes(stream: &TcpStream) -> (usize, usize) {
    let mut head = [0; 4096];
    let there = loop {
        match stream.peek(&mut head).await {
            Ok(there @ 5..) => break there,
            Ok(0) | Err(_) => return (0, 0),
            Ok(_) => tokio::time::sleep(Duration::from_millis(1)).await,
        }
    };
    (there, 5 + (usize::from(head[3]) << 8 | usize::from(head[4])))
}

fn group(support: &Support, wanted: Group) -> &Told<Option<Version>> {
    &support.groups.iter().find(|(group, _)| *group == wanted).expect("a group that is asked for").1
}

fn version(support: &Support, wanted: Version) -> &Told<Offer> {
    &support.versions.iter().find(|(one, _)| *one == wanted).expect("a version").1
}

#[tokio::test]
async fn all_that_a_server_supports_is_told() {
    let address = boxed(acceptor(&["h2"]), async |stream| Some(stream)).await;
    let support = support(address, &plan()).await;
    for (version, spoken) in [
        (Version::Tls10, false),
        (Version::Tls11, false),
        (Version::Tls12, true),
        (Version::Tls13, true),
    ] {
        assert_eq!(support.speaks(version), Some(spoken), "{version}: {support:#?}");
    }
    for taken in [Group::X25519_MLKEM768, Group::X25519, Group::SECP256R1, Group::SECP384R1] {
        assert_eq!(*group(&support, taken), Told::Is(Some(Version::Tls13)), "{taken}");
    }
    for missing in [Group::SECP521R1, Group::X448, Group::FFDHE2048, Group::FFDHE8192] {
        assert_eq!(*group(&support, missing), Told::Is(None), "{missing}");
    }
    assert_eq!(support.preferred_group, Told::Is(Group::X25519_MLKEM768));
    let alpn = [("h2", Told::Is(Picked::Yes)), ("http/1.1", Told::Is(Picked::Refused))];
    assert_eq!(support.alpn, alpn);
    assert_eq!(support.chain.known().map(Vec::len), Some(1));
    assert_eq!(support.without_name, Told::Is(Leaf::Same));
    assert_eq!(support.other_name, Told::Is(Leaf::Same));
    assert_eq!(support.asks_for_certificate, Told::Is(false));
    assert_eq!(
        (&support.large, &support.split),
        (&Told::Is(Passage::Passes), &Told::Is(Passage::Passes))
    );
    assert_eq!((support.refusal, support.spoken), (None, None));
    assert!(
        !support.is_too_old() && !support.has_no_modern_suite() && !support.has_no_modern_group()
    );
    let large = support.probes.iter().find(|probe| probe.question == Question::Large);
    let picked = large.and_then(|probe| probe.answer.group());
    assert_eq!(picked, Some(Group::X25519_MLKEM768), "a server can work with the share");
}

#[tokio::test]
async fn a_server_of_tls_1_2_shows_its_groups_with_that() {
    let acceptor =
        Authority::new("Example Older Root").good().acceptor_of(&[&TLS12], &["http/1.1"]);
    let support = support(boxed(acceptor, async |stream| Some(stream)).await, &plan()).await;
    assert_eq!(support.speaks(Version::Tls13), Some(false));
    assert_eq!(support.newest(), Some(Version::Tls12));
    assert_eq!(*group(&support, Group::X25519), Told::Is(Some(Version::Tls12)));
    assert_eq!(*group(&support, Group::SECP521R1), Told::Is(None));
    let primes = Told::Not(Why::Without(Version::Tls13));
    assert_eq!(*group(&support, Group::FFDHE2048), primes);
    assert_eq!(*group(&support, Group::SECP384R1_MLKEM1024), Told::Is(None));
    assert_eq!(support.preferred_group, Told::Is(Group::X25519));
    assert!(support.suite(Version::Tls12).is_some_and(Suite::is_modern));
}

#[tokio::test]
async fn what_tls_1_3_hides_is_not_told_and_the_reason_is() {
    let acceptor = Authority::new("Example Newer Root").good().acceptor_of(&[&TLS13], &["h2"]);
    let support = support(boxed(acceptor, async |stream| Some(stream)).await, &plan()).await;
    assert_eq!(
        (support.speaks(Version::Tls12), support.speaks(Version::Tls13)),
        (Some(false), Some(true))
    );
    let hidden = Why::Hidden;
    assert_eq!(support.alpn[0].1, Told::Not(hidden.clone()));
    assert_eq!(support.chain, Told::Not(hidden.clone()));
    assert_eq!(support.without_name, Told::Not(hidden.clone()));
    assert_eq!(support.asks_for_certificate, Told::Not(hidden.clone()));
    assert!(hidden.words().contains("TLS 1.3"));
}

/// The bytes of a hello, which stay to be read.
async fn hello(stream: &TcpStream) -> Vec<u8> {
    let mut bytes = vec![0; 4096];
    let whole = sizes(stream).await.1.min(bytes.len());
    while stream.peek(&mut bytes).await.is_ok_and(|there| there > 0 && there < whole) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    bytes.truncate(whole);
    bytes
}

/// A server that has TLS 1.2 and newer, and refuses whoever names our host.
async fn refusing(alert: u8) -> SocketAddr {
    boxed(acceptor(&["h2", "http/1.1"]), move |mut stream| async move {
        let hello = hello(&stream).await;
        let names_us = hello.windows(HOST.len()).any(|part| part == HOST.as_bytes());
        let is_old = hello.get(9..11).is_some_and(|version| *version < [3, 3][..]);
        if !names_us && !is_old {
            return Some(stream);
        }
        let said = if is_old { 70 } else { alert };
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(&[0x15, 3, 3, 0, 2, 2, said]).await;
        None
    })
    .await
}

/// An alert that says nothing of names, and comes to those alone who name the host.
#[tokio::test]
async fn a_name_that_is_refused_is_told_by_who_is_answered() {
    for code in [40, 80, 112] {
        let support = support(refusing(code).await, &plan()).await;
        let alert = support.refusal.expect("one alert for the name");
        assert_eq!(alert.code, code);
        for told in [&support.without_name, &support.other_name] {
            assert!(told.is(|leaf| matches!(leaf, Leaf::Other(_))), "{code}: {told:?}");
        }
        assert!(support.depends_on_name());
        let refused = Why::Refused(alert);
        assert_eq!(*version(&support, Version::Tls13), Told::Not(refused.clone()), "{code}");
        assert_eq!(support.speaks(Version::Tls12), Some(true), "others are answered with it");
        assert_eq!(support.speaks(Version::Tls10), Some(false), "that has an alert of its own");
        for (group, told) in &support.groups {
            assert_eq!(*told, Told::Not(refused.clone()), "{code}: {group}");
        }
        assert_eq!(support.rare_group, Told::Not(refused));
        assert_eq!(support.refused_for(), None);
    }
}

/// What refuses everybody is no "no" to anything in particular.
#[tokio::test]
async fn an_alert_for_every_hello_tells_nothing_of_what_was_asked() {
    for code in [40, 47, 71, 80] {
        let address = serve(move |mut stream| async move {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(&[0x15, 3, 3, 0, 2, 2, code]).await;
        });
        let support = support(address.await, &plan()).await;
        assert_eq!(support.refusal.map(|alert| alert.code), Some(code));
        let is_told = |told: &Told<Offer>| told.known().is_some();
        assert!(!support.versions.iter().any(|(_, told)| is_told(told)), "{code}: {support:#?}");
        assert!(support.groups.iter().all(|(_, told)| told.known().is_none()), "{code}");
        assert!(support.rare_group.known().is_none() && !support.depends_on_name(), "{code}");
    }
}

/// So many connections are told beforehand, and no more are opened, whatever the server does.
#[tokio::test]
async fn no_more_connections_are_opened_than_was_said() {
    for (ssl3, most) in [(false, CONNECTIONS), (true, CONNECTIONS + 1)] {
        let plan = Plan { ssl3, ..impatient() };
        assert_eq!(plan.connections(), most);
        let nameless = Plan { name: None, ..plan.clone() };
        assert_eq!(nameless.connections(), most - 2);
        for large in [false, true] {
            let (count, acceptor) = (Arc::new(AtomicUsize::new(0)), acceptor(&["h2"]));
            let counted = count.clone();
            let address = boxed(acceptor, move |stream| {
                counted.fetch_add(1, Relaxed);
                async move {
                    if large && sizes(&stream).await.1 > 1000 {
                        return None;
                    }
                    Some(stream)
                }
            });
            let support = support(address.await, &plan).await;
            let opened = count.load(Relaxed);
            assert_eq!(support.probes.len(), opened, "each connection is a probe");
            assert!(opened <= most && opened > 15, "{opened}");
        }
    }
}

/// What a box does that cannot take a hello that is larger than a packet.
#[tokio::test]
async fn a_box_that_breaks_the_large_hello_is_found() {
    for is_silent in [false, true] {
        let address = boxed(acceptor(&[]), move |stream| async move {
            if sizes(&stream).await.1 < 1000 {
                return Some(stream);
            }
            match is_silent {
                true => hang().await,
                false => stream.set_zero_linger().expect("a socket"),
            }
            None
        });
        let support = support(address.await, &impatient()).await;
        assert!(support.breaks_large_hello(), "{:?}", support.large);
        let fault = if is_silent { Fault::TimedOut } else { Fault::Reset };
        let dies = |told: &Told<Passage>| {
            told.is(|one| matches!(one, Passage::Dies(failure) if failure.fault == fault))
        };
        assert!(dies(&support.large), "{:?}", support.large);
        assert_eq!(support.split, Told::Is(Passage::Passes));
        assert_eq!(support.speaks(Version::Tls13), Some(true));
    }
}

/// What happens once is chance.
#[tokio::test]
async fn a_large_hello_that_dies_once_is_asked_again() {
    let times = Arc::new(AtomicUsize::new(0));
    let address = boxed(acceptor(&[]), move |stream| {
        let times = times.clone();
        async move {
            let is_large = sizes(&stream).await.1 > 1000;
            (!is_large || times.fetch_add(1, Relaxed) > 0).then_some(stream)
        }
    });
    let support = support(address.await, &plan()).await;
    assert_eq!(support.large, Told::Is(Passage::Passes));
}

#[tokio::test]
async fn a_box_that_wants_the_hello_in_one_packet_is_found() {
    let address = boxed(acceptor(&[]), |stream| async move {
        let (there, announced) = sizes(&stream).await;
        (there >= announced).then_some(stream)
    });
    let support = support(address.await, &plan()).await;
    assert!(support.split.is(|passage| matches!(passage, Passage::Dies(_))), "{:?}", support.split);
    assert_eq!(support.speaks(Version::Tls13), Some(true));
}

/// A connection that fails tells nothing of what was asked over it.
#[tokio::test]
async fn silence_resets_and_closed_ports_tell_nothing() {
    let silent = serve(|stream| async move {
        hang().await;
        drop(stream);
    })
    .await;
    let reset = serve(|stream| async move { stream.set_zero_linger().expect("a socket") }).await;
    let closes = serve(|mut stream| async move {
        let _ = stream.read(&mut [0; 4096]).await;
    });
    let faults = [
        (silent, Fault::TimedOut),
        (reset, Fault::Reset),
        (closes.await, Fault::Closed),
        (closed_port().await, Fault::Refused),
    ];
    for (address, expected) in faults {
        let support = support(address, &impatient()).await;
        let told = support.versions.iter().any(|(_, told)| told.known().is_some());
        assert!(!told && support.groups.iter().all(|(_, told)| told.known().is_none()));
        assert!(support.large.known().is_none() && support.split.known().is_none());
        assert!(
            !support.is_too_old() && !support.has_no_modern_group() && !support.depends_on_name()
        );
        let Told::Not(Why::Failed(failure)) = version(&support, Version::Tls13) else {
            panic!("{support:#?}")
        };
        // A reset may come before the connection is noticed.
        let broken = [Fault::Reset, Fault::Closed].contains(&expected);
        assert!(
            failure.fault == expected || broken && failure.fault == Fault::Reset,
            "{failure:?}"
        );
        assert!(support.probes.len() <= CONNECTIONS);
    }
}

#[tokio::test]
async fn what_is_not_tls_is_named() {
    let answers: [(&'static [u8], Spoken); 3] = [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", Spoken::Http { status: Some(400), wants_tls: false }),
        (b"SSH-2.0-OpenSSH_9.6\r\n", Spoken::Ssh),
        (b"-ERR unknown command\r\n", Spoken::Redis),
    ];
    for (answer, spoken) in answers {
        let address = serve(move |mut stream| async move {
            let _ = stream.write_all(answer).await;
            hang().await;
        });
        let support = support(address.await, &plan()).await;
        assert_eq!(support.spoken, Some(spoken));
        assert_eq!(*version(&support, Version::Tls12), Told::Not(Why::NotTls(spoken)));
        assert_eq!(support.groups[0].1, Told::Not(Why::NotTls(spoken)));
    }
}

#[tokio::test]
async fn a_scan_takes_the_proxy() {
    let server = boxed(acceptor(&["h2"]), async |stream| Some(stream)).await;
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    let proxy = serve(move |mut near| {
        counted.fetch_add(1, Relaxed);
        async move {
            answer(&mut near, b"HTTP/1.1 200 Connection established\r\n\r\n").await;
            let mut far = TcpStream::connect(server).await.expect("the server");
            let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
        }
    });
    let url = ProxyUrl::parse(&format!("http://proxy.example:{}", proxy.await.port()));
    let url = url.expect("a URL");
    let address = SocketAddr::from(([127, 0, 0, 1], url.port));
    let usual = how_trusting(&[closed_port().await], &trust_nobody());
    let how = How { pin: Some(address), proxy: ProxyChoice::Use(url), ..usual };
    let support = scan(&target(), &how, &plan()).await;
    assert_eq!((support.speaks(Version::Tls13), support.spoken), (Some(true), None));
    assert_eq!(count.load(Relaxed), support.probes.len());
}

mod simulated {
    //! What only many hellos show, in the worlds that are broken so.

    use super::*;
    use crate::simulate::{Options, Simulation, find};

    async fn told(id: &str, timeout: Duration) -> Support {
        let scenario = find(id).expect("a scenario");
        let simulation = Simulation::start(scenario, &Options::for_scenario(scenario));
        let simulation = simulation.expect("a simulation");
        support(simulation.address(), &Plan { timeout, ..plan() }).await
    }

    #[tokio::test]
    async fn what_is_not_shared_is_told() {
        for (id, fault) in [
            ("tls-too-old", Some(Fault::TlsTooOld)),
            ("tls-no-common-cipher", Some(Fault::TlsNoCipher)),
            ("tls-no-common-group", Some(Fault::TlsNoGroup)),
            ("tls-handshake-refused", None),
            ("healthy", None),
        ] {
            let support = told(id, Duration::from_secs(1)).await;
            assert_eq!(support.refused_for(), fault, "{id}: {support:#?}");
        }
        let support = told("tls-no-common-alpn", Duration::from_secs(10)).await;
        assert!(support.alpn.iter().all(|(_, told)| *told == Told::Is(Picked::Refused)));
        assert_eq!(support.speaks(Version::Tls12), Some(true));
        let support = told("tls-client-certificate", Duration::from_secs(10)).await;
        assert_eq!(support.asks_for_certificate, Told::Is(true));
        let support = told("tls-sni-dependent", Duration::from_secs(10)).await;
        assert_eq!(support.refusal.map(|alert| alert.code), Some(112));
    }

    #[tokio::test]
    async fn boxes_on_the_way_are_told() {
        let support = told("tls-large-hello-broken", Duration::from_millis(600)).await;
        assert!(support.breaks_large_hello(), "{:?}", support.large);
        assert!(!support.is_reset());
        let support = told("tls-reset", Duration::from_secs(10)).await;
        assert!(support.is_reset() && !support.breaks_large_hello(), "{support:#?}");
        let support = told("tls-eof", Duration::from_secs(10)).await;
        assert!(!support.is_reset() && support.newest().is_none());
        let support = told("healthy", Duration::from_secs(10)).await;
        assert!(!support.is_reset() && !support.breaks_large_hello());
    }
}

mod openssl {
    //! The same questions put to OpenSSL's own server.

    use std::io::{BufRead, BufReader};
    use std::process::{Child, Command, Stdio};

    use super::*;

    /// Stopped with the test.
    struct Server(Child);

    impl Drop for Server {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    /// A server with these arguments, and where it listens; none where this machine has no OpenSSL, or
    /// one that cannot do that.
    fn start(directory: &std::path::Path, arguments: &str) -> Option<(Server, SocketAddr)> {
        let mut command = Command::new("openssl");
        command.args("s_server -accept 127.0.0.1:0 -www -cert one.pem -key one.key".split(' '));
        command.args(arguments.split(' ')).current_dir(directory);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().map(Server).ok()?;
        let said = BufReader::new(server.0.stdout.take().expect("a pipe")).lines();
        let listens = said.map_while(Result::ok).find_map(|line| {
            line.strip_prefix("ACCEPT ").and_then(|address| address.trim().parse().ok())
        })?;
        Some((server, listens))
    }

    fn certificates() -> tempfile::TempDir {
        let directory = tempfile::tempdir().expect("a directory");
        for (file, name) in [("one", "other.example"), ("two", HOST)] {
            let made = rcgen::generate_simple_self_signed([name.to_owned()]).expect("a pair");
            let path = |end: &str| directory.path().join(format!("{file}.{end}"));
            std::fs::write(path("pem"), made.cert.pem()).expect("a file");
            std::fs::write(path("key"), made.signing_key.serialize_pem()).expect("a file");
        }
        directory
    }

    #[expect(clippy::disallowed_macros, reason = "a test that is skipped says why")]
    fn skip(arguments: &str) {
        eprintln!("skipped: no openssl here that starts `s_server {arguments}`");
    }

    /// What is told of a server with these arguments.
    async fn told(arguments: &str) -> Option<Support> {
        let directory = certificates();
        let Some((_server, address)) = start(directory.path(), arguments) else {
            skip(arguments);
            return None;
        };
        Some(support(address, &plan()).await)
    }

    fn versions(support: &Support) -> [Option<bool>; 4] {
        let all = [Version::Tls10, Version::Tls11, Version::Tls12, Version::Tls13];
        all.map(|version| support.speaks(version))
    }

    fn taken(support: &Support) -> Vec<Group> {
        let taken = support.groups.iter().filter(|(_, told)| told.is(Option::is_some));
        taken.map(|(group, _)| *group).collect()
    }

    const NO: Option<bool> = Some(false);
    const YES: Option<bool> = Some(true);

    #[tokio::test]
    async fn versions_are_those_that_are_set() {
        for (arguments, expected) in [
            ("-tls1_2", [NO, NO, YES, NO]),
            ("-tls1_3", [NO, NO, NO, YES]),
            ("-no_tls1_3", [NO, NO, YES, NO]),
            ("-groups P-521", [NO, NO, YES, YES]),
            ("-groups X25519:P-256", [NO, NO, YES, YES]),
            ("-cipher DEFAULT@SECLEVEL=0 -tls1", [YES, NO, NO, NO]),
            ("-cipher DEFAULT@SECLEVEL=0 -tls1_1", [NO, YES, NO, NO]),
        ] {
            let Some(support) = told(arguments).await else { continue };
            assert_eq!(versions(&support), expected, "{arguments}");
            let too_old = expected[2..] == [NO, NO];
            assert_eq!(support.is_too_old(), too_old, "{arguments}");
            assert_eq!((&support.large, support.spoken), (&Told::Is(Passage::Passes), None));
        }
    }

    #[tokio::test]
    async fn groups_are_those_that_are_set() {
        let primes = "ffdhe3072:P-384:ffdhe2048:X448";
        for (arguments, expected, preferred) in [
            ("-groups P-521", vec![Group::SECP521R1], Group::SECP521R1),
            ("-groups X25519:P-256", vec![Group::X25519, Group::SECP256R1], Group::X25519),
            // The certificate is of another curve, which must be offered as well.
            ("-tls1_2 -groups P-384", vec![Group::SECP384R1], Group::SECP384R1),
            (
                &format!("-tls1_3 -serverpref -groups {primes}"),
                vec![Group::SECP384R1, Group::X448, Group::FFDHE2048, Group::FFDHE3072],
                Group::FFDHE3072,
            ),
        ] {
            let Some(support) = told(arguments).await else { continue };
            assert_eq!(taken(&support), expected, "{arguments}");
            assert_eq!(support.preferred_group, Told::Is(preferred), "{arguments}");
        }
    }

    /// An alert says that nothing is shared; what is not, only the scan tells.
    #[tokio::test]
    async fn what_a_handshake_is_refused_for_is_told() {
        for (arguments, fault) in [
            ("-groups P-521", Some(Fault::TlsNoGroup)),
            ("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA", Some(Fault::TlsNoCipher)),
            ("-cipher DEFAULT@SECLEVEL=0 -tls1", Some(Fault::TlsTooOld)),
            ("-tls1_2", None),
            ("-tls1_3", None),
        ] {
            let Some(support) = told(arguments).await else { continue };
            assert_eq!(support.refused_for(), fault, "{arguments}");
        }
    }

    #[tokio::test]
    async fn what_is_in_the_clear_is_read() {
        if let Some(support) = told("-alpn http/1.1").await {
            let alpn = [("h2", Told::Is(Picked::Refused)), ("http/1.1", Told::Is(Picked::Yes))];
            assert_eq!(support.alpn, alpn);
            assert_eq!(support.speaks(Version::Tls12), Some(true));
        }
        if let Some(support) = told("-tls1_2 -Verify 1").await {
            assert_eq!(support.asks_for_certificate, Told::Is(true));
            assert_eq!(support.alpn[0].1, Told::Is(Picked::Nothing));
        }
        if let Some(support) = told("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA").await {
            let suite = support.suite(Version::Tls12).map(|suite| suite.to_string());
            assert_eq!(suite.as_deref(), Some("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"));
            assert!(support.has_no_modern_suite());
        }
    }

    #[tokio::test]
    async fn another_leaf_for_another_name_is_seen() {
        let by_name = "-servername api.example -cert2 two.pem -key2 two.key";
        if let Some(support) = told(by_name).await {
            let (Told::Is(Leaf::Other(without)), Told::Is(Leaf::Other(other))) =
                (&support.without_name, &support.other_name)
            else {
                panic!("{support:#?}")
            };
            assert_eq!(without, other);
            assert!(support.depends_on_name());
        }
        if let Some(support) = told(&format!("{by_name} -servername_fatal")).await {
            let refused = |told: &Told<Leaf>| {
                told.is(|leaf| matches!(leaf, Leaf::Refused(alert) if alert.code == 112))
            };
            assert!(refused(&support.other_name), "{:?}", support.other_name);
            assert_eq!(support.refusal, None);
        }
        let strict = "-servername strict.example -servername_fatal -cert2 two.pem -key2 two.key";
        if let Some(support) = told(strict).await {
            assert_eq!(support.refusal.map(|alert| alert.code), Some(112));
            assert_eq!(support.speaks(Version::Tls13), None, "refused for the name alone");
        }
    }
}

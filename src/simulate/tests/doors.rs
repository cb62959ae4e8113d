//! What happens on the wire: refused, reset, silent, cut, and who is trusted.

use std::io::ErrorKind;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::super::{AUTH_KEY, DnsAnswer, Options, Simulation, find, proxy};
use super::{HOST, addresses, ask, connect, connect_to, exchange, handshake, read_answer, start};

const KEY: &str = "x-goog-api-key: AQ.FAKE-key-for-the-gemini-doctor-simulator-0001\r\n";

async fn trouble(id: &str) -> std::io::Error {
    let simulation = start(id);
    connect(&simulation, &[b"http/1.1"]).await.unwrap_err()
}

fn tls(error: &std::io::Error) -> String {
    error.get_ref().map(|inner| format!("{inner:?}")).unwrap_or_default()
}

#[tokio::test]
async fn doors_before_tls_do_what_they_say() {
    assert_eq!(trouble("connection-reset").await.kind(), ErrorKind::ConnectionReset);
    assert_eq!(trouble("tls-eof").await.kind(), ErrorKind::UnexpectedEof);
    assert!(tls(&trouble("tls-protocol-mismatch").await).contains("InvalidContentType"));
    let corrupted = tls(&trouble("tls-record-corrupted-by-middlebox").await);
    assert_eq!(corrupted, "AlertReceived(BadRecordMac)");
    assert_eq!(tls(&trouble("tls-handshake-refused").await), "AlertReceived(HandshakeFailure)");
    let version = tls(&trouble("tls-handshake-refused.version").await);
    assert_eq!(version, "AlertReceived(InappropriateFallback)");
}

#[tokio::test]
async fn handshakes_fail_for_what_is_not_shared() {
    let alert = async |id: &str| tls(&trouble(id).await);
    assert!(alert("tls-too-old").await.contains("ServerDoesNotSupportTls12Or13"));
    assert_eq!(alert("tls-too-old.alert").await, "AlertReceived(ProtocolVersion)");
    assert_eq!(alert("tls-no-common-cipher").await, "AlertReceived(HandshakeFailure)");
    assert_eq!(alert("tls-no-common-group").await, "AlertReceived(HandshakeFailure)");
    assert_eq!(alert("tls-no-common-alpn").await, "AlertReceived(NoApplicationProtocol)");
    assert_eq!(alert("tls-sni-dependent").await, "AlertReceived(UnrecognisedName)");
    assert_eq!(trouble("tls-reset").await.kind(), ErrorKind::ConnectionReset);
}

/// With TLS 1.3 a client learns of it only once it has finished.
#[tokio::test]
async fn a_certificate_is_demanded_of_clients() {
    let simulation = start("tls-client-certificate");
    let mut stream = connect(&simulation, &[b"http/1.1"]).await.unwrap();
    let error = stream.read_u8().await.unwrap_err();
    assert_eq!(tls(&error), "AlertReceived(CertificateRequired)");
}

#[tokio::test]
async fn only_a_small_hello_is_answered() {
    let simulation = start("tls-large-hello-broken");
    let large = timeout(Duration::from_millis(200), connect(&simulation, &[]));
    assert!(large.await.is_err(), "the hello of this program is a large one");
    let mut stream = TcpStream::connect(simulation.address()).await.unwrap();
    // No version is offered, so that the answer is an alert.
    let mut hello = vec![22, 3, 1, 0, 47, 1, 0, 0, 43, 3, 3];
    hello.extend([7; 32]);
    hello.extend([0, 0, 2, 0x13, 1, 1, 0, 0, 0]);
    stream.write_all(&hello).await.unwrap();
    assert_eq!(stream.read_u8().await.unwrap(), 21);
}

#[tokio::test]
async fn a_proxy_may_take_tls_apart() {
    let simulation = start("tls-proxy-intercepts");
    let roots = &simulation.client().public_roots_pem;
    assert!(connect_to(simulation.address(), roots, &[]).await.is_ok());
    let (head, stream) = tunnel(&simulation, "").await;
    assert!(head.starts_with("HTTP/1.1 200 "));
    let error = handshake(stream, roots, &[]).await.unwrap_err();
    assert!(tls(&error).contains("UnknownIssuer"), "{error:?}");
}

#[tokio::test]
async fn silence_lasts() {
    let simulation = start("tls-handshake-timeout");
    let attempt = timeout(Duration::from_millis(100), connect(&simulation, &[]));
    assert!(attempt.await.is_err());
    assert_eq!(simulation.connections(), 1);
    let simulation = start("client-read-timeout");
    let line = "POST /v1beta/models/gemini-3.5-flash:generateContent";
    let attempt = timeout(Duration::from_millis(150), ask(&simulation, line, "{}"));
    assert!(attempt.await.is_err());
    assert_eq!(simulation.requests().pop().unwrap().status, None);
}

#[tokio::test]
async fn certificates_are_wrong_in_the_way_they_should_be() {
    assert!(tls(&trouble("tls-ca-missing").await).contains("UnknownIssuer"));
    assert!(tls(&trouble("tls-self-signed-interception").await).contains("UnknownIssuer"));
    assert!(tls(&trouble("tls-hostname-mismatch").await).contains("other.example"));
    assert!(tls(&trouble("tls-certificate-expired").await).contains("Expired"));
    assert!(tls(&trouble("tls-certificate-not-yet-valid").await).contains("NotValidYet"));
}

#[tokio::test]
async fn only_the_systems_store_trusts_the_inspection() {
    let simulation = start("tls-intercepted");
    let client = simulation.client();
    let address = simulation.address();
    let public = connect_to(address, &client.public_roots_pem, &[]).await.unwrap_err();
    assert!(tls(&public).contains("UnknownIssuer"));
    let stream = connect_to(address, &client.system_roots_pem, &[]).await.unwrap();
    let chain = stream.get_ref().1.peer_certificates().unwrap();
    assert_eq!(chain.len(), 2);
    let (_, root) = x509_parser::parse_x509_certificate(&chain[1]).unwrap();
    assert_eq!(root.subject(), root.issuer());
    assert!(root.subject().to_string().contains("O=Example Corp"));
    let distrusted = start("tls-self-signed-interception");
    let roots = &distrusted.client().system_roots_pem;
    assert!(connect_to(distrusted.address(), roots, &[]).await.is_err());
}

#[tokio::test]
async fn public_servers_send_leaf_and_intermediate() {
    let simulation = start("healthy");
    let stream = connect(&simulation, &[]).await.unwrap();
    let chain = stream.get_ref().1.peer_certificates().unwrap();
    assert_eq!(chain.len(), 2);
    let (_, middle) = x509_parser::parse_x509_certificate(&chain[1]).unwrap();
    assert_ne!(middle.subject(), middle.issuer());
    assert_eq!(simulation.ca_pem(), simulation.client().public_roots_pem);
}

#[tokio::test]
async fn names_lead_where_the_scenario_says() {
    let answer = |id: &str| start(id).client().dns[0].1.clone();
    assert_eq!(answer("dns-failure"), DnsAnswer::NotFound);
    assert_eq!(answer("dns-failure.temporary"), DnsAnswer::TryAgain);
    let refused = start("connection-refused");
    let error = TcpStream::connect(addresses(&refused)[0]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn a_full_listener_neither_takes_nor_refuses() {
    if !find("connect-timeout").unwrap().needs.met() {
        return;
    }
    let simulation = start("connect-timeout");
    let attempt = TcpStream::connect(addresses(&simulation)[0]);
    assert!(timeout(Duration::from_millis(200), attempt).await.is_err());
}

#[tokio::test]
async fn the_broken_ipv6_path_comes_first() {
    if !find("ipv6-path-broken").unwrap().needs.met() {
        return;
    }
    let simulation = start("ipv6-path-broken");
    let [first, second] = addresses(&simulation)[..] else { panic!("two addresses") };
    assert!(first.is_ipv6() && second.is_ipv4());
    let error = TcpStream::connect(first).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    assert!(TcpStream::connect(second).await.is_ok());
}

#[tokio::test]
async fn a_region_may_hang_on_the_address_family() {
    if !find("user-location-unsupported.v6").unwrap().needs.met() {
        return;
    }
    let simulation = start("user-location-unsupported.v6");
    let [first, second] = addresses(&simulation)[..] else { panic!("two addresses") };
    for (address, expected) in [(first, "FAILED_PRECONDITION"), (second, "models/gemini")] {
        let roots = &simulation.client().public_roots_pem;
        let mut stream = connect_to(address, roots, &[b"http/1.1"]).await.unwrap();
        let request = format!(
            "GET /v1beta/models HTTP/1.1\r\nhost: {HOST}\r\n{KEY}connection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        assert!(answer.contains(expected), "{address}: {answer}");
    }
}

#[tokio::test]
async fn both_families_are_served_on_one_port_when_asked() {
    if !super::super::Needs::Ipv6.met() {
        return;
    }
    let options = Options { also_ipv6: true, ..Options::default() };
    let simulation = Simulation::start(find("healthy").unwrap(), &options).unwrap();
    let addresses = addresses(&simulation);
    assert_eq!(addresses.len(), 2);
    assert_eq!(addresses[0].port(), addresses[1].port());
    let roots = &simulation.client().public_roots_pem;
    for address in addresses {
        assert!(connect_to(address, roots, &[]).await.is_ok(), "{address}");
    }
}

#[tokio::test]
async fn a_body_may_be_cut_or_never_end() {
    let simulation = start("answer-cut");
    let bytes = exchange(&simulation, HOST, "GET /v1beta/models", KEY, "").await.unwrap();
    let answer = read_answer(&bytes);
    assert!(answer.head.contains("content-length: 5000"));
    assert_eq!(answer.body.len(), 300);
    let simulation = start("answer-too-large");
    let mut stream = connect(&simulation, &[b"http/1.1"]).await.unwrap();
    let request = format!("GET /v1beta/models HTTP/1.1\r\nhost: {HOST}\r\n{KEY}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut taken = vec![0; 8 * 1024 * 1024];
    stream.read_exact(&mut taken).await.unwrap();
}

#[tokio::test]
async fn a_body_may_be_nested_very_deep() {
    let simulation = start("answer-nested-too-deep");
    let answer = ask(&simulation, "GET /v1beta/models", "").await;
    assert_eq!(answer.body.len(), 200_000);
    assert!(answer.body.starts_with("[[[[") && answer.body.ends_with("]]]]"));
}

#[tokio::test]
async fn connections_end_without_an_answer() {
    let simulation = start("server-disconnected");
    let bytes = exchange(&simulation, HOST, "GET /v1beta/models", KEY, "").await.unwrap();
    assert_eq!(bytes, b"");
    assert_eq!(simulation.requests().len(), 1);
}

#[tokio::test]
async fn what_follows_tls_may_be_no_http() {
    let simulation = start("http-malformed");
    let bytes = exchange(&simulation, HOST, "GET /v1beta/models", KEY, "").await.unwrap();
    assert!(!bytes.is_empty() && !bytes.starts_with(b"HTTP/"));
    let simulation = start("headers-too-large");
    let mut stream = connect(&simulation, &[b"http/1.1"]).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut taken = vec![0; 1024 * 1024];
    stream.read_exact(&mut taken).await.unwrap();
    let text = String::from_utf8(taken).unwrap();
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && !text.contains("\r\n\r\n"));
}

async fn h2_request(id: &str) -> (h2::Error, Simulation) {
    let simulation = start(id);
    let stream = connect(&simulation, &[b"h2"]).await.unwrap();
    let (sender, connection) = h2::client::handshake(stream).await.unwrap();
    let driver = tokio::spawn(connection);
    let mut sender = sender.ready().await.unwrap();
    let request = http::Request::get(format!("https://{HOST}/v1beta/models"))
        .header("x-goog-api-key", AUTH_KEY)
        .body(())
        .unwrap();
    let (response, _): (_, h2::SendStream<Bytes>) = sender.send_request(request, true).unwrap();
    let error = response.await.unwrap_err();
    drop(sender);
    let ended = driver.await.unwrap();
    let error = ended.err().filter(h2::Error::is_go_away).unwrap_or(error);
    (error, simulation)
}

#[tokio::test]
async fn http2_says_goodbye_or_resets() {
    let (error, _simulation) = h2_request("h2-goaway").await;
    assert!(error.is_go_away() && error.is_remote(), "{error:?}");
    assert_eq!(error.reason(), Some(h2::Reason::ENHANCE_YOUR_CALM));
    let (error, simulation) = h2_request("h2-stream-reset").await;
    assert!(error.is_reset() && error.is_remote());
    assert_eq!(error.reason(), Some(h2::Reason::INTERNAL_ERROR));
    assert_eq!(simulation.requests()[0].fault.as_deref(), Some("reset stream 2"));
}

/// The proxy's answer to `CONNECT`, and the stream behind it.
async fn tunnel(simulation: &Simulation, headers: &str) -> (String, TcpStream) {
    let mut stream = TcpStream::connect(simulation.proxy_address().unwrap()).await.unwrap();
    let request = format!("CONNECT {HOST}:443 HTTP/1.1\r\nhost: {HOST}:443\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    (String::from_utf8(head).unwrap(), stream)
}

#[tokio::test]
async fn proxies_refuse_in_their_own_ways() {
    let (basic, _) = tunnel(&start("proxy-auth-required"), "").await;
    assert!(basic.starts_with("HTTP/1.1 407 "));
    assert!(basic.contains("Proxy-Authenticate: Basic realm=\"corp\""));
    let (ntlm, _) = tunnel(&start("proxy-auth-ntlm"), "").await;
    assert!(ntlm.contains("Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM"));
    let (refused, mut rest) = tunnel(&start("proxy-refused-tunnel"), "").await;
    assert!(refused.starts_with("HTTP/1.1 403 "));
    let mut page = String::new();
    rest.read_to_string(&mut page).await.unwrap();
    assert!(page.contains("Access denied"));
    let closed = start("proxy-unreachable");
    let error = TcpStream::connect(closed.proxy_address().unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    let ftp = start("proxy-scheme-unsupported");
    assert_eq!(ftp.client().proxy.as_deref(), Some("ftp://proxy.example:21"));
}

#[tokio::test]
async fn the_right_password_opens_the_tunnel() {
    use base64::Engine;
    let simulation = start("proxy-auth-required");
    let user = base64::engine::general_purpose::STANDARD.encode(proxy::USER);
    let header = format!("Proxy-Authorization: Basic {user}\r\n");
    let (head, stream) = tunnel(&simulation, &header).await;
    assert!(head.starts_with("HTTP/1.1 200 "));
    let roots = &simulation.client().public_roots_pem;
    assert!(handshake(stream, roots, &[b"h2"]).await.is_ok());
    let (wrong, _) = tunnel(&simulation, "Proxy-Authorization: Basic eDp5\r\n").await;
    assert!(wrong.starts_with("HTTP/1.1 407 "));
}

#[tokio::test]
async fn alpn_is_offered_as_the_scenario_says() {
    let protocol = async |id: &str| {
        let simulation = start(id);
        let stream = connect(&simulation, &[b"h2", b"http/1.1"]).await.unwrap();
        stream.get_ref().1.alpn_protocol().map(<[u8]>::to_vec)
    };
    assert_eq!(protocol("healthy").await.as_deref(), Some(&b"h2"[..]));
    assert_eq!(protocol("answer-cut").await.as_deref(), Some(&b"http/1.1"[..]));
    let silent = super::super::parse_file("id = \"x\"\nalpn = \"none\"").unwrap();
    let simulation = super::start_scenario(&silent);
    let stream = connect(&simulation, &[b"h2", b"http/1.1"]).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), None);
}

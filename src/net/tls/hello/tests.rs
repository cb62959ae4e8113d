//! Hellos that are what they should be, and answers that real servers gave, in one piece and in many.

use super::names::Alert;
use super::*;

const FIXED: Filling = {
    let mut filling = [0; FILLING];
    let mut place = 0;
    while place < FILLING {
        filling[place] = (place as u8).wrapping_mul(37) ^ 0x5a;
        place += 1;
    }
    filling
};

const SUITES: &[Suite] = &[Suite(0x1301), Suite(0xc02f)];

fn hello() -> Hello<'static> {
    Hello {
        versions: &[Version::Tls13, Version::Tls12],
        suites: SUITES,
        groups: &[Group::X25519_MLKEM768, Group::X25519],
        shares: Shares::Empty,
        alpn: &["h2", "http/1.1"],
        name: Some("api.example"),
    }
}

/// Extensions with their numbers.
type Extensions = Vec<(u16, Vec<u8>)>;

/// A hello taken apart again: version, session id and extensions.
fn read(bytes: &[u8]) -> (u16, Vec<u8>, Extensions) {
    let number = |at: usize| usize::from(bytes[at]) << 8 | usize::from(bytes[at + 1]);
    assert_eq!((bytes[0], bytes[5]), (22, 1), "a handshake record with a ClientHello");
    assert_eq!(number(3), bytes.len() - 5, "the record's length");
    assert_eq!((bytes[6], number(7)), (0, bytes.len() - 9), "the message's length");
    let version = u16::from_be_bytes([bytes[9], bytes[10]]);
    let session = bytes[44..44 + usize::from(bytes[43])].to_vec();
    let suites = 44 + session.len();
    let mut at = suites + 2 + number(suites) + 2;
    let mut extensions = Vec::new();
    if at < bytes.len() {
        assert_eq!(number(at), bytes.len() - at - 2, "the length of the extensions");
        at += 2;
    }
    while at < bytes.len() {
        let end = at + 4 + number(at + 2);
        let kind = u16::from_be_bytes([bytes[at], bytes[at + 1]]);
        extensions.push((kind, bytes[at + 4..end].to_vec()));
        at = end;
    }
    (version, session, extensions)
}

fn extension(hello: &Hello<'_>, number: u16) -> Option<Vec<u8>> {
    let (_, _, extensions) = read(&hello.bytes(&FIXED));
    extensions.into_iter().find(|(kind, _)| *kind == number).map(|(_, content)| content)
}

#[test]
fn a_hello_says_what_is_offered() {
    let (version, session, _) = read(&hello().bytes(&FIXED));
    assert_eq!((version, session.len()), (0x0303, 32));
    let name = extension(&hello(), 0).expect("a name");
    assert_eq!(name, [&[0, 14, 0, 0, 11][..], b"api.example"].concat());
    assert_eq!(extension(&hello(), 10), Some(vec![0, 4, 0x11, 0xec, 0, 29]));
    let alpn = extension(&hello(), 16).expect("protocols");
    assert_eq!(alpn, b"\x00\x0c\x02h2\x08http/1.1");
    assert_eq!(extension(&hello(), 43), Some(vec![4, 3, 4, 3, 3]));
    assert_eq!(extension(&hello(), 51), Some(vec![0, 0]), "a list without a share");
    let bare = Hello { name: None, alpn: &[], groups: &[], ..hello() };
    assert_eq!([0, 10, 16].map(|number| extension(&bare, number)), [None, None, None]);
}

#[test]
fn old_versions_are_offered_as_they_were() {
    for (version, number) in [(Version::Tls10, 0x0301), (Version::Tls11, 0x0302)] {
        let old = Hello { versions: &[version], ..hello() };
        let (legacy, session, extensions) = read(&old.bytes(&FIXED));
        assert_eq!((legacy, session.len()), (number, 0));
        assert!(extensions.iter().all(|(kind, _)| ![13, 43, 45, 51].contains(kind)), "{version}");
    }
    let oldest = Hello { versions: &[Version::Ssl3], ..hello() };
    let bytes = oldest.bytes(&FIXED);
    let (legacy, _, extensions) = read(&bytes);
    assert_eq!((legacy, &bytes[1..3], extensions.len()), (0x0300, &[3, 0][..], 0));
}

#[test]
fn the_large_hello_does_not_fit_in_a_packet_and_the_small_one_does() {
    let shares = Shares::Of(&[Group::X25519_MLKEM768, Group::X25519]);
    let large = Hello { shares, ..hello() };
    let content = extension(&large, 51).expect("shares");
    let length = |at: usize| usize::from(content[at]) << 8 | usize::from(content[at + 1]);
    assert_eq!((length(2), length(4)), (0x11ec, 1216));
    assert_eq!((length(6 + 1216), length(8 + 1216)), (29, 32));
    assert!(large.bytes(&FIXED).len() > 1400, "more than an Ethernet packet carries");
    assert!(hello().bytes(&FIXED).len() < 500);
}

/// Coefficients of 12 bits, two in three bytes, lowest bits first: a server refuses 3329 and more.
#[test]
fn the_shares_of_ml_kem_are_ones_that_a_server_can_work_with() {
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..50 {
        let filling: Filling = std::array::from_fn(|_| random.u8(..));
        let large = Hello { shares: Shares::Of(&[Group::X25519_MLKEM768]), ..hello() };
        let (_, _, extensions) = read(&large.bytes(&filling));
        let (_, content) = extensions.into_iter().find(|(kind, _)| *kind == 51).expect("shares");
        let key = &content[6..6 + 1184];
        for three in key[..1152].chunks(3) {
            let [low, middle, high] = [three[0], three[1], three[2]].map(u16::from);
            let pair = [low | (middle & 15) << 8, middle >> 4 | high << 4];
            assert!(pair.iter().all(|coefficient| *coefficient < 3329), "{pair:?}");
        }
    }
}

#[test]
fn servers_of_lines_see_the_end_of_one() {
    let bytes = hello().bytes(&FIXED);
    assert!(bytes[11..43].ends_with(b"\r\n"));
}

const OPENSSL_RETRY: &[u8] = include_bytes!("fixtures/openssl-retry.bin");
const OPENSSL_TLS13: &[u8] = include_bytes!("fixtures/openssl-tls13.bin");
const OPENSSL_TLS12: &[u8] = include_bytes!("fixtures/openssl-tls12.bin");
const OPENSSL_TLS10: &[u8] = include_bytes!("fixtures/openssl-tls10.bin");
const OPENSSL_CLIENT: &[u8] = include_bytes!("fixtures/openssl-client-certificate.bin");
const OPENSSL_WEAK: &[u8] = include_bytes!("fixtures/openssl-weak-prime.bin");
const OPENSSL_NO_GROUP: &[u8] = include_bytes!("fixtures/openssl-no-group.bin");
const OPENSSL_VERSION: &[u8] = include_bytes!("fixtures/openssl-protocol-version.bin");
const NGINX_RETRY: &[u8] = include_bytes!("fixtures/nginx-retry.bin");
const NGINX_TLS12: &[u8] = include_bytes!("fixtures/nginx-tls12.bin");
const NGINX_PLAIN: &[u8] = include_bytes!("fixtures/nginx-plain.bin");
const HAPROXY_STRICT: &[u8] = include_bytes!("fixtures/haproxy-strict-sni.bin");
const HAPROXY_PLAIN: &[u8] = include_bytes!("fixtures/haproxy-plain.bin");
const CADDY_RETRY: &[u8] = include_bytes!("fixtures/caddy-retry.bin");
const CADDY_TLS13: &[u8] = include_bytes!("fixtures/caddy-tls13.bin");
const CADDY_TLS12: &[u8] = include_bytes!("fixtures/caddy-tls12.bin");
const CADDY_TOO_OLD: &[u8] = include_bytes!("fixtures/caddy-too-old.bin");
const CADDY_PLAIN: &[u8] = include_bytes!("fixtures/caddy-plain.bin");

const FIXTURES: [&[u8]; 18] = [
    OPENSSL_RETRY,
    OPENSSL_TLS13,
    OPENSSL_TLS12,
    OPENSSL_TLS10,
    OPENSSL_CLIENT,
    OPENSSL_WEAK,
    OPENSSL_NO_GROUP,
    OPENSSL_VERSION,
    NGINX_RETRY,
    NGINX_TLS12,
    NGINX_PLAIN,
    HAPROXY_STRICT,
    HAPROXY_PLAIN,
    CADDY_RETRY,
    CADDY_TLS13,
    CADDY_TLS12,
    CADDY_TOO_OLD,
    CADDY_PLAIN,
];

#[test]
fn a_request_for_another_share_names_version_suite_and_group() {
    for (bytes, suite) in [
        (OPENSSL_RETRY, "TLS_AES_256_GCM_SHA384"),
        (NGINX_RETRY, "TLS_AES_256_GCM_SHA384"),
        (CADDY_RETRY, "TLS_AES_128_GCM_SHA256"),
    ] {
        let answer = Answer::of(bytes);
        let hello = answer.hello.as_ref().expect("a hello");
        assert!(hello.is_retry);
        assert_eq!((hello.version, hello.group), (Some(Version::Tls13), Some(Group::X25519)));
        assert_eq!((hello.suite.to_string().as_str(), hello.session.len()), (suite, 32));
        assert_eq!((answer.refusal(), answer.broken, answer.spoken), (None, None, None));
    }
}

#[test]
fn what_tls_1_3_hides_is_not_read() {
    for bytes in [OPENSSL_TLS13, CADDY_TLS13] {
        let answer = Answer::of(bytes);
        assert_eq!((answer.version(), answer.group()), (Some(Version::Tls13), Some(Group::X25519)));
        assert!(!answer.hello.as_ref().expect("a hello").is_retry);
        assert_eq!((answer.certificates, answer.is_whole), (None, false));
    }
}

#[test]
fn before_tls_1_3_the_whole_answer_is_in_the_clear() {
    for (bytes, suite, session, asks) in [
        (OPENSSL_TLS12, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 32, false),
        (NGINX_TLS12, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 32, true),
        (CADDY_TLS12, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 0, false),
    ] {
        let answer = Answer::of(bytes);
        let hello = answer.hello.as_ref().expect("a hello");
        assert_eq!((hello.version, hello.group), (Some(Version::Tls12), None));
        assert_eq!((hello.suite.to_string().as_str(), hello.session.len()), (suite, session));
        assert_eq!((hello.alpn.as_deref(), answer.group()), (Some("h2"), Some(Group::X25519)));
        assert_eq!((answer.asks_for_certificate, answer.is_whole), (asks, true));
        let leaf = &answer.certificates.as_ref().expect("a chain")[0];
        let (_, leaf) = x509_parser::parse_x509_certificate(leaf).expect("a certificate");
        assert_eq!(leaf.subject().to_string(), "CN=fixture.example");
    }
    let answer = Answer::of(OPENSSL_CLIENT);
    assert!(answer.asks_for_certificate && answer.is_whole);
    let old = Answer::of(OPENSSL_TLS10);
    assert_eq!((old.version(), old.is_whole), (Some(Version::Tls10), true));
    assert_eq!(Answer::of(OPENSSL_WEAK).key_exchange, Some(KeyExchange::Prime { bits: 1024 }));
}

#[test]
fn alerts_have_their_registered_names() {
    for (bytes, words) in [
        (OPENSSL_NO_GROUP, "handshake_failure (40)"),
        (OPENSSL_VERSION, "protocol_version (70)"),
        (CADDY_TOO_OLD, "protocol_version (70)"),
        (HAPROXY_STRICT, "unrecognized_name (112)"),
    ] {
        let answer = Answer::of(bytes);
        let alert = answer.refusal().expect("an alert");
        assert!(alert.fatal && answer.is_tls() && answer.hello.is_none());
        assert_eq!(alert.to_string(), words);
    }
    assert_eq!(Alert { fatal: true, code: 200 }.to_string(), "unknown alert (200)");
}

/// A server that does not know the name may say so and go on.
#[test]
fn a_warning_ends_nothing() {
    let bytes = [&[21, 3, 3, 0, 2, 1, 112][..], OPENSSL_TLS12].concat();
    let answer = Answer::of(&bytes);
    assert_eq!(answer.alerts, [Alert { fatal: false, code: Alert::UNRECOGNIZED_NAME }]);
    assert!(answer.refusal().is_none() && answer.is_whole);
    let goodbye = Answer::of(&[21, 3, 3, 0, 2, 1, 0]);
    assert_eq!(goodbye.refusal().map(|alert| alert.code), Some(Alert::CLOSE_NOTIFY));
}

#[test]
fn what_is_not_tls_is_known_by_its_first_words() {
    let http = |status, wants_tls| Spoken::Http { status, wants_tls };
    let mysql: &[u8] = b"\x4a\x00\x00\x00\x0a8.0.36\x00\x2a\x00\x00\x00ABCDEFGH\x00\xff\xff\xff\x02\x00\
        \xff\xdf\x15\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00ABCDEFGHIJKL\x00caching_sha2_password\x00";
    for (bytes, spoken) in [
        (NGINX_PLAIN, http(Some(400), false)),
        (HAPROXY_PLAIN, http(Some(400), false)),
        (CADDY_PLAIN, http(Some(400), false)),
        (
            b"HTTP/1.1 400 Bad Request\r\n\r\n<center>The plain HTTP request was sent to HTTPS port</center>",
            http(Some(400), true),
        ),
        (b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n", http(Some(400), true)),
        (b"<html>\r\n<head><title>400 Bad Request</title></head>", http(None, false)),
        (b"\x00\x00\x0c\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64", http(None, false)),
        (b"SSH-2.0-OpenSSH_9.6\r\n", Spoken::Ssh),
        (b"220 mail.example ESMTP Postfix\r\n", Spoken::Smtp),
        (b"554 5.7.1 no service\r\n", Spoken::Smtp),
        (b"220 (vsFTPd 3.0.5)\r\n", Spoken::Ftp),
        (b"220 ProFTPD Server (mail archive) [::1]\r\n", Spoken::Ftp),
        (b"* OK [CAPABILITY IMAP4rev1] ready\r\n", Spoken::Imap),
        (b"+OK POP3 ready\r\n", Spoken::Pop3),
        (mysql, Spoken::MySql),
        (b"\x1e\x00\x00\x00\xff\x6a\x04Host is not allowed to conn", Spoken::MySql),
        (b"N", Spoken::Postgres),
        (b"E\x00\x00\x00\x67SFATAL\x00VFATAL\x00C0A000\x00Munsupported frontend protocol\x00\x00", Spoken::Postgres),
        (b"-ERR unknown command\r\n", Spoken::Redis),
        (b"-NOAUTH Authentication required.\r\n", Spoken::Redis),
        (b"\x05\xff", Spoken::Unreadable),
        (b"No\r\n", Spoken::Unreadable),
        (b"\x16", Spoken::Unreadable),
        (b"\x16\x03\x03", Spoken::Unreadable),
        (b"\x4a\x00\x00\x00\x0a", Spoken::Unreadable),
    ] {
        let answer = Answer::of(bytes);
        assert_eq!(answer.spoken, Some(spoken), "{}", String::from_utf8_lossy(bytes));
        assert!(!answer.is_tls());
    }
    assert_eq!(Answer::of(b"").spoken, None, "nothing is not nothing readable");
}

/// A server may split what it says wherever it likes: into packets, and into records.
#[test]
fn however_an_answer_is_split_it_is_the_same() {
    for bytes in FIXTURES {
        let whole = Answer::of(bytes);
        for size in [1, 2, 3, 7, 100] {
            let mut reader = Reader::default();
            bytes.chunks(size).for_each(|piece| reader.take(piece));
            assert_eq!(reader.end(), whole, "{size}");
        }
    }
    for (bytes, sizes) in [(OPENSSL_TLS12, [1, 3, 90]), (NGINX_TLS12, [2, 5, 600])] {
        let whole = Answer::of(bytes);
        for size in sizes {
            assert_eq!(Answer::of(&in_records_of(size, bytes)), whole, "{size}");
        }
    }
}

/// The same messages in records of that size.
fn in_records_of(size: usize, bytes: &[u8]) -> Vec<u8> {
    let (mut messages, mut rest) = (Vec::new(), bytes);
    while let [_, _, _, high, low, after @ ..] = rest {
        let (body, next) = after.split_at(usize::from(*high) << 8 | usize::from(*low));
        messages.extend(body);
        rest = next;
    }
    let record = |piece: &[u8]| [&[22, 3, 3, 0, 0][..], piece].concat();
    let mut records = Vec::new();
    for piece in messages.chunks(size) {
        let mut bytes = record(piece);
        bytes[3..5].copy_from_slice(&u16::try_from(piece.len()).expect("small").to_be_bytes());
        records.extend(bytes);
    }
    records
}

#[test]
fn tls_that_breaks_off_is_told_from_what_is_not_tls() {
    let record = |body: &[u8]| [&[22, 3, 3, 0, body.len() as u8][..], body].concat();
    let short = Answer::of(&record(&[2, 0, 0, 2, 3, 3]));
    assert_eq!((short.broken, short.spoken, short.hello), (Some(Broken::Message), None, None));
    let begun = [&OPENSSL_TLS12[..127], b"HTTP/1.1 400"].concat();
    assert_eq!(Answer::of(&begun).hello, Answer::of(OPENSSL_TLS12).hello, "a record was split");
    let first = 5 + usize::from(OPENSSL_TLS12[4]) + (usize::from(OPENSSL_TLS12[3]) << 8);
    let then = [&OPENSSL_TLS12[..first], b"HTTP/1.1 400"].concat();
    assert_eq!((Answer::of(&then).broken, Answer::of(&then).spoken), (Some(Broken::Record), None));
}

#[test]
fn no_more_is_read_than_the_bound() {
    let mut reader = Reader::default();
    // A message that is said to be longer than all that is read.
    reader.take(&[22, 3, 3, 0, 4, 11, 0xff, 0xff, 0xff]);
    let more = [&[22, 3, 3, 0x40, 0][..], &vec![0; 0x4000]].concat();
    for _ in 0..20 {
        reader.take(&more);
    }
    assert!(reader.is_done());
    assert_eq!(reader.end().broken, Some(Broken::TooLong));
    let mut foreign = Reader::default();
    foreign.take(&vec![b'x'; 10 * MOST]);
    assert!(foreign.is_done());
    assert_eq!(foreign.end().spoken, Some(Spoken::Unreadable));
}

/// Whatever comes, in whatever pieces: it is read, and one text has one reading.
#[test]
fn no_bytes_do_harm() {
    let mut random = fastrand::Rng::with_seed(20_261_130);
    for round in 0..4000 {
        let mut bytes = match round % 3 {
            0 => FIXTURES[random.usize(..FIXTURES.len())].to_vec(),
            1 => [OPENSSL_TLS12, NGINX_TLS12, OPENSSL_WEAK][random.usize(..3)].to_vec(),
            _ => (0..random.usize(..200)).map(|_| random.u8(..)).collect(),
        };
        for _ in 0..random.usize(..8) {
            if let Some(byte) = random.choice(&mut bytes) {
                *byte = random.u8(..);
            }
        }
        bytes.truncate(random.usize(..=bytes.len()));
        let whole = Answer::of(&bytes);
        assert!(whole.alerts.len() <= 4);
        assert!(whole.spoken.is_none() || !whole.is_tls(), "either TLS or not: {whole:?}");
        let mut reader = Reader::default();
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(random.usize(1..=rest.len()));
            reader.take(piece);
            rest = after;
        }
        assert_eq!(reader.end(), whole, "{bytes:?}");
    }
}

#[test]
fn numbers_have_their_registered_names() {
    assert_eq!(Group::X25519_MLKEM768.to_string(), "X25519MLKEM768");
    assert_eq!(Group(0x7fff).to_string(), "0x7FFF");
    assert_eq!(Suite(0xc02f).to_string(), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    assert_eq!(Suite(0xfefe).to_string(), "0xFEFE");
    let modern = [0x1301, 0xc02b, 0xcca8].map(|number| Suite(number).is_modern());
    let dated = [0x009e, 0xc013, 0x002f, 0x0005, 0xfefe].map(|number| Suite(number).is_modern());
    assert_eq!((modern, dated), ([true; 3], [false; 5]));
    for version in Version::ALL {
        assert_eq!(Version::of(version.number()), Some(version));
    }
    assert_eq!(Version::of(0x7f1c), None, "a draft has no name");
}

//! The first words of servers that the TLS library of this program cannot be: too old, or set to what
//! nobody else offers.
//!
//! Only makes the bytes. A handshake that is begun with them cannot be finished.

use super::fault::Kind;

/// What a server of that kind answers to a ClientHello, which is given without the head of its record.
pub(super) fn answer(kind: Kind, hello: &[u8]) -> Vec<u8> {
    let offer = Offer::of(hello).unwrap_or_default();
    match kind {
        Kind::OldVersion => server_hello([3, 1], &RANDOM, &[], [0x00, 0x35], &[]),
        Kind::OldCipher if offer.version < 0x0303 => alert(PROTOCOL_VERSION),
        Kind::OldCipher if offer.suites.contains(&0x002f) => {
            server_hello([3, 3], &RANDOM, &[], [0x00, 0x2f], &[])
        }
        Kind::RareGroup if offer.has_tls13 && offer.groups.contains(&P521) => {
            server_hello([3, 3], &RETRY, &offer.session, [0x13, 0x02], RETRY_FOR_P521)
        }
        Kind::OldCipher | Kind::RareGroup => alert(HANDSHAKE_FAILURE),
    }
}

/// What is offered in a ClientHello, as far as it matters here.
#[derive(Default)]
struct Offer {
    version: u16,
    session: Vec<u8>,
    suites: Vec<u16>,
    groups: Vec<u16>,
    has_tls13: bool,
}

const P521: u16 = 25;
const PROTOCOL_VERSION: u8 = 70;
const HANDSHAKE_FAILURE: u8 = 40;

const RANDOM: [u8; 32] = *b"gemini-doctor simulates a server";

/// What makes a ServerHello a HelloRetryRequest: SHA-256 of that word.
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// Its extensions: TLS 1.3, and a share of P-521 is wanted.
const RETRY_FOR_P521: &[u8] = &[0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 25];

impl Offer {
    fn of(hello: &[u8]) -> Option<Self> {
        let body = hello.get(4..)?;
        let (session, rest) = sized(body.get(34..)?, 1)?;
        let (suites, rest) = sized(rest, 2)?;
        let (_, rest) = sized(rest, 1)?;
        let mut offer = Self {
            version: u16::from_be_bytes([body[0], body[1]]),
            session: session.to_vec(),
            suites: numbers(suites),
            ..Self::default()
        };
        let mut extensions = sized(rest, 2).map_or(&[][..], |(extensions, _)| extensions);
        while let Some((content, rest)) = extensions.get(2..).and_then(|rest| sized(rest, 2)) {
            match extensions[1] {
                10 => offer.groups = numbers(content.get(2..)?),
                43 => offer.has_tls13 = numbers(content.get(1..)?).contains(&0x0304),
                _ => {}
            }
            extensions = rest;
        }
        Some(offer)
    }
}

/// What has its length before it, in so many bytes, and what follows.
fn sized(bytes: &[u8], width: usize) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_at_checked(width)?;
    let length = length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
    rest.split_at_checked(length)
}

fn numbers(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
}

fn server_hello(
    version: [u8; 2],
    random: &[u8; 32],
    session: &[u8],
    suite: [u8; 2],
    extensions: &[u8],
) -> Vec<u8> {
    let mut body = [&version[..], random].concat();
    put(&mut body, 1, session);
    body.extend(suite);
    body.push(0);
    if !extensions.is_empty() {
        put(&mut body, 2, extensions);
    }
    let mut message = vec![2];
    put(&mut message, 3, &body);
    let mut record = vec![22, version[0], version[1]];
    put(&mut record, 2, &message);
    record
}

fn alert(code: u8) -> Vec<u8> {
    vec![21, 3, 3, 0, 2, 2, code]
}

/// Bytes with their length before them, in so many bytes.
fn put(out: &mut Vec<u8>, width: usize, bytes: &[u8]) {
    let length = bytes.len().to_be_bytes();
    out.extend(&length[length.len() - width..]);
    out.extend(bytes);
}

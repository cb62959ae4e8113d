//! ClientHellos as bytes, of any version and with any offer, whether or not this program's own library
//! could keep the promise.
//!
//! They are for looking only: no secret is behind any of their key shares, and no handshake can be
//! finished with them.

use super::names::{Group, Suite, Version};

/// The bytes that a hello is filled with where it takes random ones.
///
/// No secret depends on them, since nobody goes on with the handshake; they need only differ, so that
/// no server takes two hellos for one.
pub type Filling = [u8; FILLING];
/// How many bytes of them are needed.
pub const FILLING: usize = 64;

/// What is offered.
#[derive(Clone, Copy, Debug)]
pub struct Hello<'a> {
    /// The versions; TLS 1.3 and the newest before it may stand side by side.
    pub versions: &'a [Version],
    /// The cipher suites, best first.
    pub suites: &'a [Suite],
    /// The groups, best first; where there are none, the extension is left out.
    pub groups: &'a [Group],
    /// The key shares of TLS 1.3.
    pub shares: Shares<'a>,
    /// The protocols for ALPN; where there are none, the extension is left out.
    pub alpn: &'a [&'a str],
    /// The name for SNI.
    pub name: Option<&'a str>,
}

/// The key shares of a hello.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shares<'a> {
    /// An empty list: a server that goes on has to ask for the group that it prefers.
    Empty,
    /// One for each of these. Only of curves with a coordinate that any bytes are good for, and of
    /// hybrids with those, can there be one.
    Of(&'a [Group]),
}

impl Hello<'_> {
    /// The hello in one record.
    pub fn bytes(&self, filling: &Filling) -> Vec<u8> {
        let body = self.body(filling);
        let mut bytes = vec![HANDSHAKE];
        // The record says 1.0 at most: boxes on the way look at it, and nothing depends on it.
        bytes.extend(self.oldest().min(Version::Tls10).number().to_be_bytes());
        sized(&mut bytes, 2, |bytes| {
            bytes.push(CLIENT_HELLO);
            sized(bytes, 3, |bytes| bytes.extend(&body));
        });
        bytes
    }

    fn body(&self, filling: &Filling) -> Vec<u8> {
        let (random, session) = filling.split_at(32);
        let mut body = self.newest().min(Version::Tls12).number().to_be_bytes().to_vec();
        body.extend(&random[..30]);
        // Servers of lines, which TLS means nothing to, wait for the end of one.
        body.extend(b"\r\n");
        sized(&mut body, 1, |body| {
            if self.has(Version::Tls13) {
                body.extend(session);
            }
        });
        sized(&mut body, 2, |body| numbers(body, self.suites.iter().map(|suite| suite.0)));
        body.extend([1, 0]);
        if self.newest() > Version::Ssl3 {
            sized(&mut body, 2, |body| self.extensions(body, filling));
        }
        body
    }

    fn extensions(&self, out: &mut Vec<u8>, filling: &Filling) {
        if let Some(name) = self.name {
            extension(out, SERVER_NAME, |out| server_name(out, name));
        }
        extension(out, EXTENDED_MASTER_SECRET, |_| {});
        extension(out, RENEGOTIATION_INFO, |out| out.push(0));
        if !self.groups.is_empty() {
            extension(out, SUPPORTED_GROUPS, |out| {
                sized(out, 2, |out| numbers(out, self.groups.iter().map(|group| group.0)));
            });
            extension(out, EC_POINT_FORMATS, |out| out.extend([1, 0]));
        }
        if !self.alpn.is_empty() {
            extension(out, ALPN, |out| protocols(out, self.alpn));
        }
        if self.newest() >= Version::Tls12 {
            extension(out, SIGNATURE_ALGORITHMS, |out| {
                sized(out, 2, |out| numbers(out, SIGNATURES.iter().copied()));
            });
        }
        if self.has(Version::Tls13) {
            self.of_tls13(out, filling);
        }
    }

    fn of_tls13(&self, out: &mut Vec<u8>, filling: &Filling) {
        extension(out, SUPPORTED_VERSIONS, |out| {
            let versions = self.versions.iter().map(|version| version.number());
            sized(out, 1, |out| numbers(out, versions));
        });
        extension(out, PSK_KEY_EXCHANGE_MODES, |out| out.extend([1, 1]));
        extension(out, KEY_SHARE, |out| {
            sized(out, 2, |out| {
                if let Shares::Of(groups) = self.shares {
                    groups.iter().for_each(|group| share(out, *group, filling));
                }
            });
        });
    }

    fn has(&self, version: Version) -> bool {
        self.versions.contains(&version)
    }

    fn newest(&self) -> Version {
        self.versions.iter().copied().max().unwrap_or(Version::Tls12)
    }

    fn oldest(&self) -> Version {
        self.versions.iter().copied().min().unwrap_or(Version::Tls12)
    }
}

/// The content type of a record that holds handshake messages.
pub(super) const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;

const SERVER_NAME: u16 = 0;
const SUPPORTED_GROUPS: u16 = 10;
const EC_POINT_FORMATS: u16 = 11;
const SIGNATURE_ALGORITHMS: u16 = 13;
pub(super) const ALPN: u16 = 16;
const EXTENDED_MASTER_SECRET: u16 = 23;
pub(super) const SUPPORTED_VERSIONS: u16 = 43;
const PSK_KEY_EXCHANGE_MODES: u16 = 45;
pub(super) const KEY_SHARE: u16 = 51;
const RENEGOTIATION_INFO: u16 = 0xff01;

/// Every kind of signature that a server may have a certificate for; nobody checks one.
const SIGNATURES: &[u16] = &[
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401,
    0x0501, 0x0601, 0x0203, 0x0201, 0x0402, 0x0202,
];

/// How many coefficients below 3329, of 12 bits each, an ML-KEM-768 key has.
const COEFFICIENTS: usize = 768;

/// A share that a server can work with. Of X25519 any 32 bytes are one, and of ML-KEM any coefficients
/// that are small enough, with any seed behind them.
fn share(out: &mut Vec<u8>, group: Group, filling: &Filling) {
    numbers(out, [group.0].into_iter());
    sized(out, 2, |out| {
        if group == Group::X25519_MLKEM768 {
            coefficients(out, filling);
            out.extend(&filling[..32]);
        }
        out.extend(&filling[32..]);
    });
}

/// Pairs of numbers below 2304, since every third digit of 16 is 8 at most.
fn coefficients(out: &mut Vec<u8>, filling: &Filling) {
    let digits = |place: usize| filling[place % FILLING];
    for place in 0..COEFFICIENTS / 2 {
        let middle = digits(place + 1);
        out.push(digits(place));
        out.push((middle >> 5) | (middle & 7) << 4);
        out.push(digits(place + 2) & 0x8f);
    }
}

fn server_name(out: &mut Vec<u8>, name: &str) {
    sized(out, 2, |out| {
        out.push(0);
        sized(out, 2, |out| out.extend(name.as_bytes()));
    });
}

fn protocols(out: &mut Vec<u8>, protocols: &[&str]) {
    sized(out, 2, |out| {
        for protocol in protocols {
            sized(out, 1, |out| out.extend(protocol.as_bytes()));
        }
    });
}

fn extension(out: &mut Vec<u8>, number: u16, write: impl FnOnce(&mut Vec<u8>)) {
    out.extend(number.to_be_bytes());
    sized(out, 2, write);
}

fn numbers(out: &mut Vec<u8>, numbers: impl Iterator<Item = u16>) {
    numbers.for_each(|number| out.extend(number.to_be_bytes()));
}

/// What is written, with its length before it in so many bytes. What is longer than its length can
/// say is cut, so that what stands behind it is still where it is said to be.
fn sized(out: &mut Vec<u8>, width: usize, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.resize(start + width, 0);
    write(out);
    let most = (1 << (8 * width)) - 1;
    out.truncate(start + width + most);
    let length = (out.len() - start - width).to_be_bytes();
    out[start..start + width].copy_from_slice(&length[length.len() - width..]);
}

//! What comes back after a ClientHello: records, alerts, and the handshake as far as it is in the clear.
//!
//! Takes bytes as they come, however they are split, and reads each once. Must not panic on any.

use super::foreign::Spoken;
use super::names::{Alert, Group, Suite, Version};
use super::write::{ALPN, HANDSHAKE, KEY_SHARE, SUPPORTED_VERSIONS};

/// The most that is read of one answer.
pub const MOST: usize = 64 * 1024;

/// What an answer holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The ServerHello, or the HelloRetryRequest in its place.
    pub hello: Option<ServerHello>,
    /// The certificates up to TLS 1.2, as they were sent; `None` where no such message came.
    pub certificates: Option<Vec<Vec<u8>>>,
    /// What the key exchange up to TLS 1.2 is over.
    pub key_exchange: Option<KeyExchange>,
    /// Whether a certificate is asked of the client, up to TLS 1.2.
    pub asks_for_certificate: bool,
    /// Whether the server's part up to TLS 1.2 came to its end.
    pub is_whole: bool,
    /// The alerts, of which the first few are kept.
    pub alerts: Vec<Alert>,
    /// What is spoken instead of TLS.
    pub spoken: Option<Spoken>,
    /// What is wrong with TLS that was begun.
    pub broken: Option<Broken>,
}

/// A ServerHello.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerHello {
    /// The version that was chosen; `None` for one without a name.
    pub version: Option<Version>,
    /// The cipher suite that was chosen.
    pub suite: Suite,
    /// The group of TLS 1.3, which the server answers with or asks for.
    pub group: Option<Group>,
    /// Whether it is a HelloRetryRequest.
    pub is_retry: bool,
    /// The protocol that was chosen by ALPN, up to TLS 1.2.
    pub alpn: Option<String>,
    /// The session id.
    pub session: Vec<u8>,
}

/// What the key exchange of TLS 1.2 and before is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyExchange {
    /// A group.
    Group(Group),
    /// A prime of the server's own, with so many bits.
    Prime {
        /// The length of the prime.
        bits: usize,
    },
}

/// What makes TLS unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// After TLS, a record that is none.
    Record,
    /// A message that does not hold what it must.
    Message,
    /// More than is read of one answer, without an end.
    TooLong,
}

/// Reads an answer.
#[derive(Debug, Default)]
pub struct Reader {
    /// What is not read yet: less than a record.
    records: Vec<u8>,
    /// The same for messages, which may be spread over records.
    messages: Vec<u8>,
    taken: usize,
    has_record: bool,
    is_encrypted: bool,
    answer: Answer,
}

impl Answer {
    /// Reads all that came.
    pub fn of(bytes: &[u8]) -> Self {
        let mut reader = Reader::default();
        reader.take(bytes);
        reader.end()
    }

    /// The alert that ended the handshake.
    pub fn refusal(&self) -> Option<Alert> {
        self.alerts.iter().copied().find(|alert| alert.is_end())
    }

    /// The version that was chosen.
    pub fn version(&self) -> Option<Version> {
        self.hello.as_ref().and_then(|hello| hello.version)
    }

    /// The group that was chosen, whichever version it was for.
    pub fn group(&self) -> Option<Group> {
        match self.key_exchange {
            Some(KeyExchange::Group(group)) => Some(group),
            _ => self.hello.as_ref().and_then(|hello| hello.group),
        }
    }

    /// Whether TLS was spoken, if only to refuse.
    pub fn is_tls(&self) -> bool {
        self.hello.is_some() || !self.alerts.is_empty()
    }
}

impl Reader {
    /// Takes what came next. What is beyond the bound is not looked at.
    pub fn take(&mut self, bytes: &[u8]) {
        let room = MOST - self.taken;
        let bytes = &bytes[..bytes.len().min(room)];
        self.taken += bytes.len();
        self.records.extend(bytes);
        if !self.has_record && !self.begins_as_tls() {
            return;
        }
        while !self.is_done() {
            let Some((kind, body)) = self.next_record() else { break };
            self.record(kind, &body);
        }
        if self.taken == MOST && !self.is_done() {
            self.answer.broken = Some(Broken::TooLong);
        }
    }

    /// Whether there is nothing left that could be read in the clear.
    pub fn is_done(&self) -> bool {
        let answer = &self.answer;
        let is_hidden = answer.hello.as_ref().is_some_and(|hello| {
            hello.is_retry || hello.version.is_none_or(|version| version >= Version::Tls13)
        });
        is_hidden
            || self.is_encrypted
            || answer.is_whole
            || answer.broken.is_some()
            || answer.refusal().is_some()
            || self.taken == MOST && !self.has_record
    }

    /// What was read so far.
    pub fn so_far(&self) -> &Answer {
        &self.answer
    }

    /// Whether something came that is not TLS: more of it may tell what it is.
    pub fn is_foreign(&self) -> bool {
        !self.has_record && !self.records.is_empty() && !self.begins_as_tls()
    }

    /// The answer, now that nothing more comes.
    pub fn end(mut self) -> Answer {
        if self.is_foreign() || (!self.has_record && !self.records.is_empty()) {
            self.answer.spoken = Some(Spoken::of(&self.records));
        }
        self.answer
    }

    /// Whether what came can be the head of a record; so can less than a head, as far as it goes.
    fn begins_as_tls(&self) -> bool {
        let head = &self.records;
        let kind = head.first().is_none_or(|kind| (20..=23).contains(kind));
        kind && head.get(1).is_none_or(|major| *major == 3)
            && head.get(2).is_none_or(|minor| *minor <= 4)
    }

    fn next_record(&mut self) -> Option<(u8, Vec<u8>)> {
        if !self.begins_as_tls() {
            self.answer.broken = Some(Broken::Record);
            return None;
        }
        let mut bytes = Bytes(&self.records);
        let (kind, _) = (bytes.u8()?, bytes.u16()?);
        let length = usize::from(bytes.u16()?);
        let body = bytes.take(length)?.to_vec();
        self.records.drain(..5 + length);
        self.has_record = true;
        Some((kind, body))
    }

    fn record(&mut self, kind: u8, body: &[u8]) {
        match kind {
            ALERT => self.alert(body),
            HANDSHAKE => {
                self.messages.extend(body);
                self.read_messages();
            }
            CHANGE_CIPHER_SPEC | APPLICATION_DATA => self.is_encrypted = true,
            _ => self.answer.broken = Some(Broken::Record),
        }
    }

    fn alert(&mut self, body: &[u8]) {
        match body {
            [level, code] if self.answer.alerts.len() < ALERTS => {
                self.answer.alerts.push(Alert { fatal: *level != WARNING, code: *code });
            }
            [_, _] => {}
            _ => self.answer.broken = Some(Broken::Record),
        }
    }

    fn read_messages(&mut self) {
        let messages = std::mem::take(&mut self.messages);
        let mut bytes = Bytes(&messages);
        let mut read = 0;
        while let Some((kind, body)) = message(&mut bytes)
            && !self.is_done()
        {
            read = messages.len() - bytes.0.len();
            if self.message(kind, body).is_none() {
                self.answer.broken = Some(Broken::Message);
            }
        }
        self.messages = messages[read..].to_vec();
    }

    /// None where a message does not hold what it must.
    fn message(&mut self, kind: u8, body: &[u8]) -> Option<()> {
        match kind {
            SERVER_HELLO => self.answer.hello = Some(server_hello(body)?),
            CERTIFICATE => self.answer.certificates = Some(certificates(body)?),
            SERVER_KEY_EXCHANGE => {
                let suite = self.answer.hello.as_ref()?.suite;
                self.answer.key_exchange = key_exchange(suite, body)?;
            }
            CERTIFICATE_REQUEST => self.answer.asks_for_certificate = true,
            SERVER_HELLO_DONE => self.answer.is_whole = true,
            _ => {}
        }
        Some(())
    }
}

const CHANGE_CIPHER_SPEC: u8 = 20;
const ALERT: u8 = 21;
const APPLICATION_DATA: u8 = 23;

const SERVER_HELLO: u8 = 2;
const CERTIFICATE: u8 = 11;
const SERVER_KEY_EXCHANGE: u8 = 12;
const CERTIFICATE_REQUEST: u8 = 13;
const SERVER_HELLO_DONE: u8 = 14;

/// The level of an alert that ends nothing.
const WARNING: u8 = 1;
/// How many alerts are kept.
const ALERTS: usize = 4;
/// How many certificates are kept of one chain.
const CERTIFICATES: usize = 100;

/// The random of a ServerHello that is a HelloRetryRequest (RFC 8446, section 4.1.3).
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// The next whole message.
fn message<'a>(bytes: &mut Bytes<'a>) -> Option<(u8, &'a [u8])> {
    let mut ahead = Bytes(bytes.0);
    let kind = ahead.u8()?;
    let body = ahead.sized(3)?;
    *bytes = ahead;
    Some((kind, body))
}

fn server_hello(body: &[u8]) -> Option<ServerHello> {
    let mut bytes = Bytes(body);
    let mut version = Version::of(bytes.u16()?);
    let is_retry = bytes.take(32)? == RETRY;
    let session = bytes.sized(1)?.to_vec();
    let suite = Suite(bytes.u16()?);
    bytes.u8()?;
    let (mut group, mut alpn) = (None, None);
    let mut extensions = Bytes(if bytes.0.is_empty() { &[] } else { bytes.sized(2)? });
    while !extensions.0.is_empty() {
        let (number, content) = (extensions.u16()?, extensions.sized(2)?);
        match number {
            SUPPORTED_VERSIONS => version = Version::of(Bytes(content).u16()?),
            KEY_SHARE => group = Some(Group(Bytes(content).u16()?)),
            ALPN => alpn = Some(protocol(content)?),
            _ => {}
        }
    }
    Some(ServerHello { version, suite, group, is_retry, alpn, session })
}

fn protocol(content: &[u8]) -> Option<String> {
    let name = Bytes(Bytes(content).sized(2)?).sized(1)?;
    Some(String::from_utf8_lossy(name).into_owned())
}

fn certificates(body: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut list = Bytes(Bytes(body).sized(3)?);
    let mut chain = Vec::new();
    while !list.0.is_empty() && chain.len() < CERTIFICATES {
        chain.push(list.sized(3)?.to_vec());
    }
    Some(chain)
}

/// What follows depends on the cipher suite; of one that is not known nothing is said.
fn key_exchange(suite: Suite, body: &[u8]) -> Option<Option<KeyExchange>> {
    let mut bytes = Bytes(body);
    if suite.has_curve() {
        let is_named = bytes.u8()? == 3;
        let group = Group(bytes.u16()?);
        return Some(is_named.then_some(KeyExchange::Group(group)));
    }
    if suite.has_prime() {
        let prime = bytes.sized(2)?;
        let zeros = prime.iter().take_while(|byte| **byte == 0).count();
        let first = prime.get(zeros).map_or(0, |byte| byte.leading_zeros() as usize);
        let bits = (prime.len() - zeros) * 8 - first;
        return Some(Some(KeyExchange::Prime { bits }));
    }
    Some(None)
}

/// Bytes that are read from their beginning; whatever is missing is `None`.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1).map(|byte| byte[0])
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
    }

    /// What has its length before it, in so many bytes.
    fn sized(&mut self, width: usize) -> Option<&'a [u8]> {
        let length = self.take(width)?.iter();
        let length = length.fold(0, |length, byte| length << 8 | usize::from(*byte));
        self.take(length)
    }
}

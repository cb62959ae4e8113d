//! What the simulator was sent: kept in memory, and one JSON line a request in a file if asked.
//!
//! Never holds a key: only where it was and a fingerprint of it.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use rustls::HandshakeKind;
use serde::Serialize;

use super::call::Call;
use super::clock::Clock;

/// One request, as the simulator saw it.
#[derive(Clone, Debug, Serialize)]
pub struct Seen {
    /// Milliseconds of simulated time since the simulation began.
    pub at_ms: u64,
    /// The number of the connection it came on, from 1.
    pub connection: u64,
    /// The client's address.
    pub peer: String,
    /// The server's address that it came to.
    pub local: String,
    /// `HTTP/1.1`, `HTTP/2`, `gRPC` or `HTTP/3`.
    pub http: &'static str,
    /// The method.
    pub method: String,
    /// The host that was asked for.
    pub host: String,
    /// Path and query, with the key masked.
    pub path: String,
    /// The status it was answered with; none where no answer was given.
    pub status: Option<u16>,
    /// `sha256:` and the first eight hexadecimal digits of the key's SHA-256.
    pub key: Option<String>,
    /// `header`, `query`, `bearer` or `none`.
    pub key_in: &'static str,
    /// What was done instead of an honest answer.
    pub fault: Option<String>,
    /// The length of the request's body.
    pub body_bytes: usize,
    /// The first eight hexadecimal digits of the body's SHA-256, by which a repeat is known.
    pub body: Option<String>,
    /// The model that is to answer, without `models/`.
    pub model: Option<String>,
    /// Whether the call would have cost money.
    pub generating: bool,
    /// Milliseconds from the moment the request was read to the one in which the last piece of its
    /// answer was handed to the connection, or nobody wanted it any more. None while the answer is
    /// under way, and where there was none.
    pub service_ms: Option<f64>,
}

/// How many TLS handshakes were finished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Handshakes {
    /// With certificates.
    pub full: u64,
    /// From an earlier session.
    pub resumed: u64,
}

/// Counts TLS handshakes.
#[derive(Debug, Default)]
pub(super) struct HandshakeTally {
    full: AtomicU64,
    resumed: AtomicU64,
}

impl HandshakeTally {
    pub(super) fn count(&self, kind: Option<HandshakeKind>) {
        let counter = match kind {
            Some(HandshakeKind::Resumed) => &self.resumed,
            Some(HandshakeKind::Full | HandshakeKind::FullWithHelloRetryRequest) => &self.full,
            None => return,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn so_far(&self) -> Handshakes {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Handshakes { full: read(&self.full), resumed: read(&self.resumed) }
    }
}

/// All requests so far.
#[derive(Debug)]
pub(super) struct Log {
    clock: Clock,
    seen: Mutex<Vec<Seen>>,
    file: Option<Mutex<File>>,
}

impl Log {
    pub(super) fn new(clock: Clock, file: Option<&Path>) -> Result<Self, String> {
        let open = |path: &Path| {
            File::create(path).map_err(|error| format!("cannot write {}: {error}", path.display()))
        };
        let file = file.map(open).transpose()?.map(Mutex::new);
        Ok(Self { clock, seen: Mutex::default(), file })
    }

    /// Notes a request that gets no answer.
    pub(super) fn unanswered(&self, call: &Call, fault: Option<String>) {
        let place = self.note(call, None, fault);
        self.write(place);
    }

    /// Notes a request whose answer begins now. Its line is written when that answer is through.
    pub(super) fn answering(
        self: &Arc<Self>,
        call: &Call,
        status: u16,
        fault: Option<String>,
        read_at: Instant,
    ) -> Receipt {
        let place = self.note(call, Some(status), fault);
        Receipt { log: Arc::clone(self), place, read_at }
    }

    pub(super) fn all(&self) -> Vec<Seen> {
        self.seen.lock().expect("no holder of this lock panics").clone()
    }

    /// The place of the new entry.
    fn note(&self, call: &Call, status: Option<u16>, fault: Option<String>) -> usize {
        let seen = Seen {
            at_ms: self.clock.now_ms(),
            connection: call.link.number,
            peer: call.link.peer.to_string(),
            local: call.link.local.to_string(),
            http: call.http.word(),
            method: call.method.clone(),
            host: call.host.clone(),
            path: call.loggable_path(),
            status,
            key: call.credentials.first().map(|(key, _)| fingerprint(key)),
            key_in: call.credentials.first().map_or("none", |(_, place)| place),
            fault,
            body_bytes: call.sent,
            body: (!call.body.is_empty()).then(|| digest(&call.body)),
            model: call.generates().then(|| call.loggable_model()).flatten(),
            generating: call.generates(),
            service_ms: None,
        };
        let mut all = self.seen.lock().expect("no holder of this lock panics");
        all.push(seen);
        all.len() - 1
    }

    fn finish(&self, place: usize, read_at: Instant) {
        let micros = read_at.elapsed().as_micros();
        let service_ms = Some(micros as f64 / 1000.0);
        self.seen.lock().expect("no holder of this lock panics")[place].service_ms = service_ms;
        self.write(place);
    }

    fn write(&self, place: usize) {
        let Some(file) = &self.file else { return };
        let seen = self.seen.lock().expect("no holder of this lock panics")[place].clone();
        let mut line = serde_json::to_vec(&seen).expect("a log line has nothing JSON cannot hold");
        line.push(b'\n');
        // A full disk must not take the server down: the requests stay readable in memory.
        let _ = file.lock().expect("no holder of this lock panics").write_all(&line);
    }
}

/// An answer that is under way. When it is dropped, the answer is through.
#[derive(Debug)]
pub(super) struct Receipt {
    log: Arc<Log>,
    place: usize,
    read_at: Instant,
}

impl Drop for Receipt {
    fn drop(&mut self) {
        self.log.finish(self.place, self.read_at);
    }
}

fn fingerprint(key: &str) -> String {
    format!("sha256:{}", digest(key.as_bytes()))
}

fn digest(bytes: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    digest.as_ref().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

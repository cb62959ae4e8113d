//! HTTP/2 as it passes by: what the other side says about the connection, and when each request was out.
//!
//! Reads heads and small frames, skips all else, keeps a bounded number of each, and judges nothing.

use std::collections::BTreeMap;
use std::io::IoSlice;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::words::one_line;

/// As much of a frame's payload as is read.
const MOST_PAYLOAD: usize = 1024;
/// How many frames of one kind are listed one by one.
const MOST_LISTED: usize = 64;
/// How many streams are timed at the same time; the oldest one is forgotten for another.
const MOST_STREAMS: usize = 1024;
/// How many round trips are kept.
const MOST_TRIPS: usize = 1024;
/// What a client says before its first frame.
const PREFACE_BYTES: usize = 24;
const HEAD_BYTES: usize = 9;

const END_STREAM: u8 = 0x1;
const ACK: u8 = 0x1;
const END_HEADERS: u8 = 0x4;

/// The notes on one connection; clones share them.
#[derive(Clone, Debug, Default)]
pub struct FrameLog(Arc<Mutex<Frames>>);

/// What the other side said about the connection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Http2Seen {
    /// Its settings; `None` until they came.
    pub settings: Option<Http2Settings>,
    /// That it takes no further request; the first ones.
    pub goaways: Vec<GoAway>,
    /// Streams it broke off; the first ones.
    pub resets: Vec<Reset>,
    /// How many streams it broke off.
    pub resets_count: u64,
    /// PING frames.
    pub pings: Pings,
    /// How often it allowed more to be sent.
    pub window_updates: u64,
    /// Whether what came does not begin as HTTP/2 does; no more of it is read then.
    pub is_foreign: bool,
}

/// The settings of one side; `None` where it left one as the protocol has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Http2Settings {
    /// `HEADER_TABLE_SIZE`.
    pub header_table_size: Option<u32>,
    /// `ENABLE_PUSH`.
    pub enable_push: Option<u32>,
    /// `MAX_CONCURRENT_STREAMS`: how many requests may be under way at the same time.
    pub max_concurrent_streams: Option<u32>,
    /// `INITIAL_WINDOW_SIZE`: how many bytes of a body may be sent before more is allowed.
    pub initial_window_size: Option<u32>,
    /// `MAX_FRAME_SIZE`.
    pub max_frame_size: Option<u32>,
    /// `MAX_HEADER_LIST_SIZE`.
    pub max_header_list_size: Option<u32>,
    /// `ENABLE_CONNECT_PROTOCOL`.
    pub enable_connect_protocol: Option<u32>,
    /// Settings without a name here, by their number; the first ones.
    pub other: Vec<(u16, u32)>,
}

/// A GOAWAY frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoAway {
    /// The last request that may have been acted upon.
    pub last_stream: u32,
    /// The reason's name: `NO_ERROR`, `ENHANCE_YOUR_CALM`.
    pub reason: String,
    /// What was said along, on one line.
    pub debug: String,
    /// When it came.
    pub at: Instant,
}

/// An RST_STREAM frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reset {
    /// The stream that was broken off.
    pub stream: u32,
    /// The reason's name: `REFUSED_STREAM`.
    pub reason: String,
    /// When it came.
    pub at: Instant,
}

/// PING frames of both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pings {
    /// How many we sent.
    pub sent: u64,
    /// How many of the other side's came.
    pub received: u64,
    /// How long each answer to ours took.
    pub round_trips: Vec<Duration>,
}

/// When a request and its answer passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StreamTimes {
    /// When the request's last frame was written.
    pub written: Option<Instant>,
    /// When the first frame of the answer came.
    pub answered: Option<Instant>,
}

impl FrameLog {
    /// What the other side said so far.
    pub fn seen(&self) -> Http2Seen {
        self.with(|frames| frames.seen.clone())
    }

    /// When the other side said that it takes no further request.
    pub fn going_away(&self) -> Option<Instant> {
        self.with(|frames| frames.seen.goaways.first().map(|goaway| goaway.at))
    }

    /// The last stream that the other side took on, once it has said so.
    pub fn last_taken(&self) -> Option<u32> {
        self.with(|frames| frames.seen.goaways.last().map(|goaway| goaway.last_stream))
    }

    /// The times of a stream that is still known.
    pub fn times(&self, stream: u32) -> StreamTimes {
        self.with(|frames| frames.streams.get(&stream).copied()).unwrap_or_default()
    }

    /// The times of a stream, which is forgotten then.
    pub fn take(&self, stream: u32) -> StreamTimes {
        self.with(|frames| frames.streams.remove(&stream)).unwrap_or_default()
    }

    /// The stream that was opened last and is still known, with its times.
    pub fn newest(&self) -> Option<(u32, StreamTimes)> {
        self.with(|frames| frames.streams.last_key_value().map(|(id, times)| (*id, *times)))
    }

    /// Bytes that came.
    pub(super) fn read(&self, bytes: &[u8]) {
        self.with(|frames| frames.read(bytes, Instant::now));
    }

    /// Bytes that were written: the first so many of these slices.
    pub(super) fn written(&self, slices: &[IoSlice<'_>], mut bytes: usize) {
        self.with(|frames| {
            for slice in slices {
                let taken = bytes.min(slice.len());
                frames.written(&slice[..taken], Instant::now);
                bytes -= taken;
            }
        });
    }

    fn with<T>(&self, act: impl FnOnce(&mut Frames) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Http2Settings {
    /// Every setting that was told, by its name in the standard.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, u32)> {
        let all = [
            ("HEADER_TABLE_SIZE", self.header_table_size),
            ("ENABLE_PUSH", self.enable_push),
            ("MAX_CONCURRENT_STREAMS", self.max_concurrent_streams),
            ("INITIAL_WINDOW_SIZE", self.initial_window_size),
            ("MAX_FRAME_SIZE", self.max_frame_size),
            ("MAX_HEADER_LIST_SIZE", self.max_header_list_size),
            ("ENABLE_CONNECT_PROTOCOL", self.enable_connect_protocol),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }

    fn take(&mut self, payload: &[u8]) {
        for entry in payload.chunks_exact(6) {
            let id = u16::from_be_bytes([entry[0], entry[1]]);
            let value = number(&entry[2..]);
            if let Some(field) = self.field(id) {
                *field = Some(value);
            } else {
                list(&mut self.other, (id, value));
            }
        }
    }

    fn field(&mut self, id: u16) -> Option<&mut Option<u32>> {
        Some(match id {
            1 => &mut self.header_table_size,
            2 => &mut self.enable_push,
            3 => &mut self.max_concurrent_streams,
            4 => &mut self.initial_window_size,
            5 => &mut self.max_frame_size,
            6 => &mut self.max_header_list_size,
            8 => &mut self.enable_connect_protocol,
            _ => return None,
        })
    }
}

/// Both directions and what was understood of them.
#[derive(Debug)]
struct Frames {
    ours: Cutter,
    theirs: Cutter,
    seen: Http2Seen,
    streams: BTreeMap<u32, StreamTimes>,
    /// Our PINGs that are not answered yet.
    waiting: Vec<(Vec<u8>, Instant)>,
    /// A request without a body whose headers go on in further frames.
    unfinished: Option<u32>,
}

/// Cuts the bytes of one direction into frames, however they are split.
#[derive(Debug)]
struct Cutter {
    /// Bytes before the first frame.
    preface: usize,
    head: [u8; HEAD_BYTES],
    /// How much of the head is there.
    filled: usize,
    /// How much of the payload is missing.
    missing: usize,
    /// The beginning of the payload, where it is read.
    payload: Vec<u8>,
}

/// The head of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Head {
    kind: Kind,
    flags: u8,
    stream: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Data,
    Headers,
    Reset,
    Settings,
    Ping,
    GoAway,
    WindowUpdate,
    Continuation,
    Other,
}

impl Default for Frames {
    fn default() -> Self {
        Self {
            ours: Cutter::after(PREFACE_BYTES),
            theirs: Cutter::after(0),
            seen: Http2Seen::default(),
            streams: BTreeMap::new(),
            waiting: Vec::new(),
            unfinished: None,
        }
    }
}

impl Frames {
    fn read(&mut self, mut bytes: &[u8], clock: impl Fn() -> Instant) {
        while !self.seen.is_foreign {
            let complete = self.theirs.next(&mut bytes);
            let begun = complete.or_else(|| self.theirs.begun());
            self.seen.is_foreign = self.seen.settings.is_none()
                && begun.is_some_and(|head| head.kind != Kind::Settings);
            match complete {
                Some(head) if !self.seen.is_foreign => self.came(head, &clock),
                Some(_) => {}
                None => break,
            }
        }
    }

    fn written(&mut self, mut bytes: &[u8], clock: impl Fn() -> Instant) {
        while let Some(head) = self.ours.next(&mut bytes) {
            self.went(head, &clock);
        }
    }

    /// A frame of the other side is complete.
    fn came(&mut self, head: Head, clock: &impl Fn() -> Instant) {
        let payload = &self.theirs.payload;
        match head.kind {
            Kind::Headers => self.answered(head.stream, clock),
            Kind::Settings if head.flags & ACK == 0 => {
                self.seen.settings.get_or_insert_default().take(payload);
            }
            Kind::GoAway if payload.len() >= 8 => {
                let goaway = GoAway::read(payload, clock());
                list(&mut self.seen.goaways, goaway);
            }
            Kind::Reset if payload.len() >= 4 => {
                let reset = Reset { stream: head.stream, reason: reason(payload), at: clock() };
                self.seen.resets_count += 1;
                list(&mut self.seen.resets, reset);
            }
            Kind::Ping if head.flags & ACK == 0 => self.seen.pings.received += 1,
            Kind::Ping => self.pong(clock()),
            Kind::WindowUpdate => self.seen.window_updates += 1,
            _ => {}
        }
    }

    /// A frame of ours is complete.
    fn went(&mut self, head: Head, clock: &impl Fn() -> Instant) {
        let (ends, whole) = (head.flags & END_STREAM != 0, head.flags & END_HEADERS != 0);
        match head.kind {
            Kind::Headers => {
                self.opened(head.stream);
                match (ends, whole) {
                    (true, true) => self.finished(head.stream, clock()),
                    (true, false) => self.unfinished = Some(head.stream),
                    (false, _) => {}
                }
            }
            Kind::Continuation if whole && self.unfinished == Some(head.stream) => {
                self.unfinished = None;
                self.finished(head.stream, clock());
            }
            Kind::Data if ends => self.finished(head.stream, clock()),
            Kind::Ping if head.flags & ACK == 0 => self.pinged(clock()),
            _ => {}
        }
    }

    fn opened(&mut self, stream: u32) {
        self.streams.entry(stream).or_default();
        if self.streams.len() > MOST_STREAMS {
            self.streams.pop_first();
        }
    }

    fn finished(&mut self, stream: u32, at: Instant) {
        if let Some(times) = self.streams.get_mut(&stream) {
            times.written = Some(at);
        }
    }

    fn answered(&mut self, stream: u32, clock: &impl Fn() -> Instant) {
        if let Some(times) = self.streams.get_mut(&stream) {
            times.answered.get_or_insert_with(clock);
        }
    }

    fn pinged(&mut self, at: Instant) {
        self.seen.pings.sent += 1;
        list(&mut self.waiting, (self.ours.payload.clone(), at));
    }

    fn pong(&mut self, at: Instant) {
        let asked = self.waiting.iter().position(|(payload, _)| *payload == self.theirs.payload);
        if let Some(asked) = asked {
            let (_, sent) = self.waiting.remove(asked);
            if self.seen.pings.round_trips.len() < MOST_TRIPS {
                self.seen.pings.round_trips.push(at.saturating_duration_since(sent));
            }
        }
    }
}

impl Cutter {
    fn after(preface: usize) -> Self {
        Self { preface, head: [0; HEAD_BYTES], filled: 0, missing: 0, payload: Vec::new() }
    }

    /// The next frame that is complete; takes what it read off the bytes. `None` once all are taken.
    fn next(&mut self, bytes: &mut &[u8]) -> Option<Head> {
        self.preface -= take(bytes, self.preface).len();
        if self.filled < HEAD_BYTES {
            let piece = take(bytes, HEAD_BYTES - self.filled);
            self.head[self.filled..self.filled + piece.len()].copy_from_slice(piece);
            self.filled += piece.len();
            if self.filled < HEAD_BYTES {
                return None;
            }
            self.missing = number(&self.head[..3]) as usize;
            self.payload.clear();
        }
        self.payload(bytes)
    }

    /// The frame of which only the payload is missing.
    fn begun(&self) -> Option<Head> {
        (self.filled == HEAD_BYTES).then(|| Head::read(&self.head))
    }

    fn payload(&mut self, bytes: &mut &[u8]) -> Option<Head> {
        let head = Head::read(&self.head);
        let piece = take(bytes, self.missing);
        self.missing -= piece.len();
        if head.kind.is_read() {
            let room = MOST_PAYLOAD - self.payload.len();
            self.payload.extend_from_slice(&piece[..piece.len().min(room)]);
        }
        if self.missing > 0 {
            return None;
        }
        self.filled = 0;
        Some(head)
    }
}

impl Head {
    fn read(bytes: &[u8; HEAD_BYTES]) -> Self {
        let stream = number(&bytes[5..]) & 0x7fff_ffff;
        Self { kind: Kind::of(bytes[3]), flags: bytes[4], stream }
    }
}

impl Kind {
    fn of(byte: u8) -> Self {
        match byte {
            0 => Self::Data,
            1 => Self::Headers,
            3 => Self::Reset,
            4 => Self::Settings,
            6 => Self::Ping,
            7 => Self::GoAway,
            8 => Self::WindowUpdate,
            9 => Self::Continuation,
            _ => Self::Other,
        }
    }

    /// Whether the payload says something that is kept.
    fn is_read(self) -> bool {
        matches!(self, Self::Reset | Self::Settings | Self::Ping | Self::GoAway)
    }
}

impl GoAway {
    fn read(payload: &[u8], at: Instant) -> Self {
        let debug = one_line(&String::from_utf8_lossy(&payload[8..]));
        let last_stream = number(&payload[..4]) & 0x7fff_ffff;
        Self { last_stream, reason: reason(&payload[4..8]), debug, at }
    }
}

fn reason(payload: &[u8]) -> String {
    format!("{:?}", h2::Reason::from(number(&payload[..4])))
}

/// A number of up to four bytes as it is sent.
fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// Takes up to so many bytes off the front.
fn take<'a>(bytes: &mut &'a [u8], most: usize) -> &'a [u8] {
    let (taken, rest) = bytes.split_at(most.min(bytes.len()));
    *bytes = rest;
    taken
}

fn list<T>(list: &mut Vec<T>, one: T) {
    if list.len() < MOST_LISTED {
        list.push(one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
        let size = u32::try_from(payload.len()).expect("small").to_be_bytes();
        let head = [&size[1..], &[kind, flags], &stream.to_be_bytes()].concat();
        [&head, payload].concat()
    }

    fn setting(id: u16, value: u32) -> Vec<u8> {
        [&id.to_be_bytes()[..], &value.to_be_bytes()].concat()
    }

    fn goaway(last: u32, code: u32, debug: &[u8]) -> Vec<u8> {
        frame(7, 0, 0, &[&last.to_be_bytes()[..], &code.to_be_bytes(), debug].concat())
    }

    /// Requests 1 (with a body), 3 (whose headers go on in a second frame) and 5 (never finished).
    fn ours() -> Vec<u8> {
        [
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
            frame(4, 0, 0, &setting(3, 7)),
            frame(1, 4, 1, b"headers"),
            frame(0, 0, 1, &[b'x'; 3000]),
            frame(6, 0, 0, b"12345678"),
            frame(0, 1, 1, b"end"),
            frame(1, 1, 3, b"head"),
            frame(9, 4, 3, b"ers"),
            frame(4, ACK, 0, b""),
            frame(1, 4, 5, b"headers"),
        ]
        .concat()
    }

    fn theirs() -> Vec<u8> {
        let settings: Vec<Vec<u8>> = (1..=9).map(|id| setting(id, u32::from(id) * 100)).collect();
        [
            frame(4, 0, 0, &settings.concat()),
            frame(4, ACK, 0, b""),
            frame(8, 0, 0, &[0, 0, 1, 0]),
            frame(6, ACK, 0, b"12345678"),
            frame(6, 0, 0, b"theirs!!"),
            frame(1, 4, 1, b"headers"),
            frame(0, 0, 1, &[7; 5000]),
            frame(1, 5, 1, b"trailers"),
            frame(1, 4, 99, b"nobody asked"),
            frame(4, 0, 0, &setting(3, 1)),
            frame(3, 0, 3, &7_u32.to_be_bytes()),
            frame(0x77, 0xff, 0, b"an unknown frame"),
            goaway(3, 11, b"too\nmany \xff"),
        ]
        .concat()
    }

    /// Feeds both directions in pieces of these sizes.
    fn fed(mut sizes: impl FnMut() -> usize, at: Instant) -> Frames {
        let (ours, theirs) = (ours(), theirs());
        let (mut ours, mut theirs) = (&ours[..], &theirs[..]);
        let mut frames = Frames::default();
        while !ours.is_empty() {
            frames.written(take(&mut ours, sizes()), || at);
        }
        while !theirs.is_empty() {
            frames.read(take(&mut theirs, sizes()), || at);
        }
        frames
    }

    #[test]
    fn everything_is_understood() {
        let at = Instant::now();
        let Frames { seen, streams, waiting, .. } = fed(|| usize::MAX, at);
        let named: Vec<u32> =
            seen.settings.iter().flat_map(Http2Settings::named).map(|it| it.1).collect();
        assert_eq!(named, [100, 200, 1, 400, 500, 600, 800]);
        assert_eq!(seen.settings.map(|it| it.other), Some(vec![(7, 700), (9, 900)]));
        let reason = |name: &str| name.to_owned();
        let debug = "too many \u{fffd}".to_owned();
        let goaway = GoAway { last_stream: 3, reason: reason("ENHANCE_YOUR_CALM"), debug, at };
        assert_eq!(seen.goaways, [goaway]);
        assert_eq!(seen.resets, [Reset { stream: 3, reason: reason("REFUSED_STREAM"), at }]);
        let trips = vec![Duration::ZERO];
        assert_eq!(seen.pings, Pings { sent: 1, received: 1, round_trips: trips });
        assert_eq!((seen.resets_count, seen.window_updates, waiting.len()), (1, 1, 0));
        let times = |written, answered| StreamTimes { written, answered };
        let (one, three) = (times(Some(at), Some(at)), times(Some(at), None));
        assert_eq!(streams, [(1, one), (3, three), (5, times(None, None))].into());
    }

    #[test]
    fn any_split_reads_the_same() {
        let at = Instant::now();
        let whole = fed(|| usize::MAX, at);
        let is_the_same =
            |split: &Frames| split.seen == whole.seen && split.streams == whole.streams;
        assert!(is_the_same(&fed(|| 1, at)));
        let mut random = fastrand::Rng::with_seed(5);
        for round in 0..500 {
            let most = [3, 12, 40, 700, 6000][round % 5];
            assert!(is_the_same(&fed(|| random.usize(1..=most), at)), "round {round}");
        }
    }

    #[test]
    fn a_request_is_out_with_the_last_byte_of_its_last_frame() {
        let (start, mut frames) = (Instant::now(), Frames::default());
        let written = ours();
        let before = written.len() - frame(1, 4, 5, b"headers").len() - HEAD_BYTES;
        for (passed, byte) in written.iter().enumerate() {
            let late = passed + 1 == before;
            frames.written(&[*byte], || start + Duration::from_secs(u64::from(late)));
        }
        assert_eq!(frames.streams[&1].written, Some(start));
        assert_eq!(frames.streams[&3].written, Some(start + Duration::from_secs(1)));
    }

    #[test]
    fn nothing_grows_without_end() {
        let (at, mut frames) = (Instant::now(), Frames::default());
        let settings: Vec<Vec<u8>> = (0..1000).map(|id| setting(100 + id, 1)).collect();
        frames.written(&[b'p'; PREFACE_BYTES], || at);
        frames.read(&frame(4, 0, 0, &settings.concat()), || at);
        for stream in 0..5000 {
            frames.written(&frame(1, 5, stream, b""), || at);
            frames.written(&frame(6, 0, 0, &u64::from(stream).to_be_bytes()), || at);
            frames.read(&frame(3, 0, stream, &[0; 4]), || at);
            frames.read(&goaway(0, 0, &[b'x'; 9000]), || at);
        }
        let seen = &frames.seen;
        assert_eq!((seen.resets_count, seen.resets.len()), (5000, MOST_LISTED));
        assert_eq!((seen.goaways.len(), frames.waiting.len()), (MOST_LISTED, MOST_LISTED));
        assert!(seen.goaways[0].debug.len() < MOST_PAYLOAD);
        assert_eq!(seen.settings.as_ref().map(|it| it.other.len()), Some(MOST_LISTED));
        let streams: Vec<u32> = frames.streams.keys().copied().collect();
        assert_eq!((streams.len(), streams[0]), (MOST_STREAMS, 5000 - 1024));
        assert!(frames.theirs.payload.capacity() <= 2 * MOST_PAYLOAD);
    }

    #[test]
    fn what_was_said_last_tells_which_requests_were_taken_on() {
        let log = FrameLog::default();
        log.read(&frame(4, 0, 0, b""));
        assert_eq!(log.last_taken(), None);
        // A server that shuts down in two steps takes all there may be, and then says which it took.
        log.read(&goaway(u32::MAX >> 1, 0, b""));
        log.read(&goaway(19, 0, b""));
        assert_eq!(log.last_taken(), Some(19));
    }

    #[test]
    fn what_is_not_http2_says_nothing() {
        let mut frames = Frames::default();
        frames.read(b"", Instant::now);
        frames.read(b"HTTP", Instant::now);
        assert!(!frames.seen.is_foreign);
        frames.read(b"/1.1 400 Bad Request\r\n\r\n", Instant::now);
        assert!(frames.seen.is_foreign, "nobody waits for the end of that frame");
        frames.read(&[&[0; 6_000_000][..], &theirs()].concat(), Instant::now);
        assert_eq!(frames.seen, Http2Seen { is_foreign: true, ..Http2Seen::default() });
        let mut frames = Frames::default();
        frames.read(&goaway(0, 2, b""), Instant::now);
        frames.read(&theirs(), Instant::now);
        assert_eq!(frames.seen.settings, None);
    }
}

//! Logs of calls, opened and read line by line, whatever they are written in; several of them in the order of time.
//! What a line means is for `history`.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read},
    path::Path,
};

use crate::{
    error::UserError,
    facts::wide,
    history::{Call, Flaw, Names, Order, Reader, Seen, figures},
    settings::decode,
};

/// How much is read at once.
const BLOCK: usize = 1 << 18;
/// A line is no longer.
const LONGEST: u64 = 16 << 20;
/// So much of a log is looked at to tell how it is written.
const LOOKED_AT: usize = 4096;
/// So many bad lines of a log are kept.
const MOST_BAD: usize = 5;
const STANDARD_INPUT: &str = "standard input";

/// One log, at one of its lines.
pub(super) struct Log {
    lines: BufReader<Bytes>,
    reader: Reader,
    line: Vec<u8>,
    /// The call of the line, if it is one.
    pub(super) call: Call,
    /// What is known of the log so far.
    pub(super) file: figures::File,
    pub(super) bad: Vec<figures::BadLine>,
    last_ms: i64,
    /// What the line is.
    pub(super) seen: Seen,
    /// Whether a line was earlier than the one before it.
    pub(super) is_unsorted: bool,
}

/// Where the bytes come from.
enum Bytes {
    File(File),
    Standard(io::Stdin),
    Held(Cursor<Vec<u8>>),
    Looked(io::Chain<Cursor<Vec<u8>>, Box<Self>>),
}

impl Read for Bytes {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(into),
            Self::Standard(stdin) => stdin.read(into),
            Self::Held(held) => held.read(into),
            Self::Looked(both) => both.read(into),
        }
    }
}

impl Log {
    /// Opens a log; `-` is standard input.
    pub(super) fn open(path: &Path, names: Names) -> Result<Self, UserError> {
        let name = match path.as_os_str() == "-" {
            true => STANDARD_INPUT.to_owned(),
            false => path.display().to_string(),
        };
        let (bytes, encoding) = bytes(path).map_err(|why| {
            let hint =
                "give the path of a log with an object or a row a call, or - for standard input";
            UserError::usage(format!("could not read {name}: {why}"), hint)
        })?;
        Ok(Self::of(bytes, name, encoding, names))
    }

    /// A log that is held, under the name of the one it was made from.
    pub(super) fn held(text: Vec<u8>, name: &str, names: Names) -> Self {
        Self::of(Bytes::Held(Cursor::new(text)), name.to_owned(), "utf-8", names)
    }

    fn of(bytes: Bytes, name: String, encoding: &str, names: Names) -> Self {
        Self {
            lines: BufReader::with_capacity(BLOCK, bytes),
            reader: Reader::new(names),
            line: Vec::new(),
            call: Call::default(),
            file: figures::File { name, encoding: encoding.to_owned(), ..figures::File::default() },
            bad: Vec::new(),
            last_ms: i64::MIN,
            seen: Seen::Nothing,
            is_unsorted: false,
        }
    }

    /// Whether a time had no zone, and was taken for UTC.
    pub(super) fn saw_time_without_zone(&self) -> bool {
        self.reader.saw_time_without_zone()
    }

    /// The first text in the place of a time that is none.
    pub(super) fn unread_time(&self) -> Option<&str> {
        self.reader.unread_time()
    }

    /// Whether a latency had no unit, and was taken for milliseconds.
    pub(super) const fn saw_latency_without_unit(&self) -> bool {
        self.reader.saw_latency_without_unit()
    }

    /// The object of the line, or that which a row is.
    pub(super) fn object(&self) -> Cow<'_, str> {
        self.reader.object_of(std::str::from_utf8(&self.line).unwrap_or_default())
    }

    /// Goes on to the next call, to its time; none at the end. A call without a time stays with the one before it.
    pub(super) fn next_call(&mut self) -> Result<Option<i64>, UserError> {
        loop {
            match self.next_line()? {
                Some(Seen::Call) => return Ok(Some(self.time())),
                Some(Seen::Other | Seen::Nothing) => {}
                None => return Ok(None),
            }
        }
    }

    /// Goes on to the next object, be it a call or not.
    pub(super) fn next_object(&mut self) -> Result<Option<i64>, UserError> {
        loop {
            match self.next_line()? {
                Some(Seen::Call | Seen::Other) => return Ok(Some(self.time())),
                Some(Seen::Nothing) => {}
                None => return Ok(None),
            }
        }
    }

    fn time(&mut self) -> i64 {
        let at_ms = self.call.at_ms.unwrap_or(self.last_ms);
        self.is_unsorted |= at_ms < self.last_ms;
        self.last_ms = at_ms;
        at_ms
    }

    fn next_line(&mut self) -> Result<Option<Seen>, UserError> {
        loop {
            if !self.fill()? {
                self.file.form = self.reader.form().map(str::to_owned);
                if let Some(flaw) = self.reader.end() {
                    self.keep(flaw);
                }
                return Ok(None);
            }
            self.file.lines += 1;
            let is_ended = self.line.pop_if(|last| *last == b'\n').is_some();
            self.line.pop_if(|last| *last == b'\r');
            match self.reader.read(&self.line, &mut self.call) {
                Ok(seen) => {
                    self.file.calls += u64::from(seen == Seen::Call);
                    self.file.other_lines += u64::from(seen == Seen::Other);
                    self.seen = seen;
                    return Ok(Some(seen));
                }
                Err(flaw) if flaw.is_cut && !is_ended => self.file.is_cut = true,
                Err(flaw) => self.keep(flaw),
            }
        }
    }

    /// The next line with its end; false where there is none.
    fn fill(&mut self) -> Result<bool, UserError> {
        self.line.clear();
        let read = (&mut self.lines).take(LONGEST).read_until(b'\n', &mut self.line);
        let read = read.map_err(|error| {
            let what = format!("could not read {}: {error}", self.file.name);
            UserError::usage(what, "is it still there, and may it be read?")
        })?;
        Ok(read > 0)
    }

    fn keep(&mut self, flaw: Flaw) {
        self.file.bad_lines += 1;
        if self.bad.len() < MOST_BAD {
            self.bad.push(figures::BadLine {
                file: self.file.name.clone(),
                line: self.file.lines,
                column: flaw.column as u64,
                why: flaw.why,
            });
        }
    }
}

/// Hands on every call of several logs, in the order of time as far as each log has it.
pub(super) fn each_call(logs: &mut [Log], mut each: impl FnMut(&Call)) -> Result<(), UserError> {
    in_order(logs, Log::next_call, |log| {
        each(&log.call);
        Ok(())
    })
}

/// Hands on every log when its line is next.
pub(super) fn in_order(
    logs: &mut [Log],
    next: impl Fn(&mut Log) -> Result<Option<i64>, UserError>,
    mut each: impl FnMut(&Log) -> Result<(), UserError>,
) -> Result<(), UserError> {
    let heads = logs.iter_mut().map(&next).collect::<Result<Vec<_>, _>>()?;
    let mut order = Order::new(heads);
    while let Some(place) = order.next() {
        each(&logs[place])?;
        let head = next(&mut logs[place])?;
        order.advance(place, head);
    }
    Ok(())
}

/// The bytes of a log as UTF-8, and how they are written. UTF-16 is held as a whole.
fn bytes(path: &Path) -> Result<(Bytes, &'static str), String> {
    let mut source = match path.as_os_str() == "-" {
        true => Bytes::Standard(io::stdin()),
        false => Bytes::File(opened(path)?),
    };
    let mut begin = Vec::with_capacity(LOOKED_AT);
    let failed = |error: io::Error| error.to_string();
    (&mut source).take(LOOKED_AT as u64).read_to_end(&mut begin).map_err(failed)?;
    match begin[..] {
        [0x1f, 0x8b, ..] => {
            Err("it is packed: gzip -dc FILE | gemini-doctor read-log -".to_owned())
        }
        [0xEF, 0xBB, 0xBF, ..] => Ok((looked(begin, source), "utf-8-bom")),
        _ if wide::wide(&begin).is_some() => {
            let encoding = match begin[..] {
                [0xFE, 0xFF, ..] | [0, _, ..] => "utf-16-be",
                _ => "utf-16-le",
            };
            source.read_to_end(&mut begin).map_err(failed)?;
            let (text, _) = decode::lossy(&begin);
            Ok((Bytes::Held(Cursor::new(text.into_bytes())), encoding))
        }
        _ => Ok((looked(begin, source), "utf-8")),
    }
}

fn looked(begin: Vec<u8>, rest: Bytes) -> Bytes {
    Bytes::Looked(Cursor::new(begin).chain(Box::new(rest)))
}

fn opened(path: &Path) -> Result<File, String> {
    if path.is_dir() {
        return Err("it is a directory".to_owned());
    }
    File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    })
}

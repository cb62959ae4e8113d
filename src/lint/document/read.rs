//! Reads a text into a document, in one pass and without recursion. What is no JSON is noted and read as it was most
//! likely meant, so that one comma too many hides nothing of the rest. It must not judge values.

use std::collections::HashSet;

use super::{Document, End, Fault, FaultKind, MOST_BYTES, Node, Span};

/// The deepest that the service's parser follows.
const MOST_DEPTH: usize = 100;
/// So many places take 256 MiB. A body of the most bytes that the API takes has fewer, unless it is made of nothing else.
const MOST_VALUES: usize = 1 << 24;
/// Enough to see what is going on.
const MOST_FAULTS: usize = 50;
/// Enough to put them right in a few rounds.
const MOST_OF_ALL_FAULTS: usize = 5_000;
/// Up to so many names are compared one with another, which is faster than a set.
const FEW_NAMES: usize = 12;

impl<'t> Document<'t> {
    /// Reads a text. Nothing is an error: faults are told by `faults`.
    pub fn read(text: &'t str) -> Self {
        Self::read_at_most(text, MOST_VALUES)
    }

    /// The same for whoever puts faults right, and wants them all.
    pub fn read_with_all_faults(text: &'t str) -> Self {
        let text = text.get(..MOST_BYTES).unwrap_or(text);
        let mut reader = Reader::new(text, MOST_VALUES);
        reader.most_faults = MOST_OF_ALL_FAULTS;
        reader.read();
        reader.document
    }

    /// The same, with a bound for the number of values that are kept.
    pub fn read_at_most(text: &'t str, most_values: usize) -> Self {
        let text = text.get(..MOST_BYTES).unwrap_or(text);
        let mut reader = Reader::new(text, most_values);
        reader.read();
        reader.document
    }
}

struct Reader<'t> {
    document: Document<'t>,
    bytes: &'t [u8],
    at: usize,
    open: Vec<Open>,
    /// How many of them are objects.
    open_objects: usize,
    most_values: usize,
    most_faults: usize,
    /// Whether it was said that values lie too deep.
    said_too_deep: bool,
}

/// An object or a list whose end was not met yet.
struct Open {
    node: u32,
    last_child: u32,
    is_object: bool,
    children: u32,
    /// A comma was met, and no value after it.
    after_comma: Option<usize>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, most_values: usize) -> Self {
        let nodes = Vec::with_capacity((text.len() / 64).min(1 << 16));
        let document =
            Document { text, nodes, faults: Vec::new(), more_faults: 0, end: End::Whole };
        let (bytes, open) = (text.as_bytes(), Vec::new());
        Self {
            document,
            bytes,
            at: 0,
            open,
            open_objects: 0,
            most_faults: MOST_FAULTS,
            most_values,
            said_too_deep: false,
        }
    }

    fn fault(&mut self, kind: FaultKind, span: Span) {
        if self.document.faults.len() < self.most_faults {
            self.document.faults.push(Fault { kind, span });
        } else {
            self.document.more_faults += 1;
        }
    }

    fn read(&mut self) {
        self.skip_blanks();
        if self.at == self.bytes.len() {
            self.fault(FaultKind::Empty, self.at..self.at);
            return;
        }
        self.first_value();
        while !self.open.is_empty() && self.document.end == End::Whole {
            self.step();
        }
        self.close_all();
        self.skip_blanks();
        if self.document.end == End::Whole && self.at < self.bytes.len() {
            self.fault(FaultKind::AfterTheEnd, self.at..self.bytes.len());
        }
        self.document.faults.sort_by_key(|fault| fault.span.start);
    }

    /// A text that does not begin with a value has one further on, or none.
    fn first_value(&mut self) {
        let start = self.at;
        while self.at < self.bytes.len() && !self.value(None) {
            self.at += 1;
            self.skip_blanks();
        }
        match self.document.nodes.first().map(|first| first.start as usize) {
            Some(first) if first > start => self.fault(FaultKind::Unexpected, start..first),
            None => self.fault(FaultKind::Unexpected, start..self.bytes.len()),
            Some(_) => {}
        }
    }

    /// The next value of what is open, or its end.
    fn step(&mut self) {
        self.skip_blanks();
        let Some(&letter) = self.bytes.get(self.at) else {
            self.fault(FaultKind::CutOff, self.bytes.len()..self.bytes.len());
            self.document.end = End::CutOff;
            return;
        };
        match letter {
            b'}' | b']' => self.end_of(letter == b'}'),
            b',' => self.comma(),
            _ => self.child(),
        }
    }

    fn comma(&mut self) {
        let at = self.at;
        self.at += 1;
        let Some(open) = self.open.last_mut() else { return };
        if open.children == 0 || open.after_comma.is_some() {
            self.fault(FaultKind::Unexpected, at..at + 1);
        } else {
            open.after_comma = Some(at);
        }
    }

    fn child(&mut self) {
        let at = self.at;
        let Some(open) = self.open.last_mut() else { return };
        let without_comma = open.children > 0 && open.after_comma.take().is_none();
        open.after_comma = None;
        let key = if open.is_object { self.name() } else { Some(at) };
        if without_comma && key.is_some() {
            let end = self.document.text[..at].trim_end().len();
            self.fault(FaultKind::MissingComma, end..end);
        }
        let key_or_here = key.unwrap_or(at);
        self.skip_blanks();
        if key.is_none() || !self.value(Some(key_or_here)) {
            self.unexpected();
        }
    }

    /// A name and its colon; where it begins.
    fn name(&mut self) -> Option<usize> {
        let start = self.at;
        let prefix = self.prefix();
        match self.bytes[start] {
            quote @ (b'"' | b'\'') => self.quoted(quote),
            _ if prefix.is_some() => self.prefixed(prefix.unwrap_or_default()),
            letter if letter.is_ascii_alphabetic() || matches!(letter, b'_' | b'$') => {
                self.bare_word();
                self.fault(FaultKind::BareName, start..self.at);
            }
            _ => return None,
        }
        if self.document.end != End::Whole {
            return None;
        }
        let end = self.at;
        self.skip_blanks();
        match self.bytes.get(self.at) {
            Some(b':') => self.at += 1,
            Some(_) => self.fault(FaultKind::MissingColon, end..end),
            None => {}
        }
        Some(start)
    }

    /// Steps over what is no value, up to where the next may begin.
    fn unexpected(&mut self) {
        if self.document.end != End::Whole {
            return;
        }
        let start = self.at;
        let stops = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b'"' | b'\n');
        let rest = &self.bytes[start.min(self.bytes.len())..];
        let length = rest.iter().position(stops).unwrap_or(rest.len());
        // A quote or a letter that could not be read must be passed, or nothing would ever end.
        let length =
            if length == 0 && matches!(rest.first(), Some(b'"' | b'\n')) { 1 } else { length };
        self.at += length;
        self.fault(FaultKind::Unexpected, start..self.at);
    }

    /// One value; false where none begins.
    fn value(&mut self, key: Option<usize>) -> bool {
        let start = self.at;
        let Some(&letter) = self.bytes.get(start) else { return false };
        if self.document.nodes.len() >= self.most_values {
            self.document.end = End::TooMany;
            return true;
        }
        match letter {
            b'{' | b'[' => {
                let node = self.add(start, start + 1, key);
                self.begin(node, letter == b'{');
            }
            b'"' | b'\'' => {
                let node = self.add(start, start, key);
                self.quoted(letter);
                self.document.nodes[node as usize].end = place(self.at);
            }
            b'-' | b'+' | b'.' | b'0'..=b'9' => {
                self.number();
                self.add(start, self.at, key);
            }
            letter if letter.is_ascii_alphabetic() => return self.word(key),
            _ => return false,
        }
        true
    }

    fn add(&mut self, start: usize, end: usize, key: Option<usize>) -> u32 {
        let node = place(self.document.nodes.len());
        let key = place(key.unwrap_or(start));
        self.document.nodes.push(Node { start: place(start), end: place(end), next: 0, key });
        if let Some(open) = self.open.last_mut() {
            if open.children > 0 {
                self.document.nodes[open.last_child as usize].next = node;
            }
            open.last_child = node;
            open.children += 1;
        }
        node
    }

    fn begin(&mut self, node: u32, is_object: bool) {
        self.at += 1;
        self.open_objects += usize::from(is_object);
        self.open.push(Open { node, last_child: 0, is_object, children: 0, after_comma: None });
        if self.open.len() > MOST_DEPTH && !self.said_too_deep {
            self.said_too_deep = true;
            self.fault(FaultKind::TooDeep, self.at - 1..self.at);
        }
    }

    /// The end of an object or a list; of another kind than what is open it ends all up to one of its kind.
    fn end_of(&mut self, is_object: bool) {
        let end = self.at;
        self.at += 1;
        let of_its_kind =
            if is_object { self.open_objects } else { self.open.len() - self.open_objects };
        if of_its_kind == 0 {
            self.fault(FaultKind::Unexpected, end..self.at);
            return;
        }
        while let Some(open) = self.open.last() {
            let fits = open.is_object == is_object;
            if !fits {
                self.fault(FaultKind::WrongEnd, end..end + 1);
            }
            self.close(if fits { end + 1 } else { end });
            if fits {
                break;
            }
        }
    }

    fn close(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        self.open_objects -= usize::from(open.is_object);
        self.document.nodes[open.node as usize].end = place(end);
        if let Some(comma) = open.after_comma {
            self.fault(FaultKind::TrailingComma, comma..comma + 1);
        }
        if open.is_object && open.children > 1 {
            self.duplicates(open.node, open.children as usize);
        }
    }

    fn close_all(&mut self) {
        while let Some(open) = self.open.last_mut() {
            open.after_comma = None;
            self.close(self.at.min(self.bytes.len()));
        }
    }

    /// Names that stand twice in an object.
    fn duplicates(&mut self, node: u32, count: usize) {
        let mut twice = Vec::new();
        {
            let object = super::Value { document: &self.document, at: node };
            let names = object.members().filter_map(|member| {
                let span = member.key_span()?;
                Some((self.document.text.get(span.clone())?, span))
            });
            if count <= FEW_NAMES {
                let mut seen: [&str; FEW_NAMES] = [""; FEW_NAMES];
                for (index, (name, span)) in names.enumerate() {
                    if seen[..index].contains(&name) {
                        twice.push(span);
                    }
                    seen[index] = name;
                }
            } else {
                let mut seen = HashSet::with_capacity(count);
                twice.extend(names.filter(|(name, _)| !seen.insert(*name)).map(|(_, span)| span));
            }
        }
        for span in twice {
            self.fault(FaultKind::DuplicateKey, span);
        }
    }

    // Texts

    /// What is quoted, quotes and all. What is amiss within single quotes belongs to the one fault that they are: escapes
    /// mean there what another language says.
    fn quoted(&mut self, quote: u8) {
        let start = self.at;
        let before = (self.document.faults.len(), self.document.more_faults);
        if self.in_triple_quotes(&[quote; 3]) {
            return;
        }
        self.inner(quote);
        if quote == b'\'' {
            self.take_back(before);
            self.fault(FaultKind::SingleQuotes, start..self.at);
            self.say_where_cut();
        }
    }

    /// Forgets the faults that were noted since.
    fn take_back(&mut self, (kept, more): (usize, usize)) {
        self.document.faults.truncate(kept);
        self.document.more_faults = more;
    }

    fn say_where_cut(&mut self) {
        if self.document.end == End::CutOff {
            self.fault(FaultKind::CutOff, self.bytes.len()..self.bytes.len());
        }
    }

    /// Python's text of several lines, as one piece that is no JSON; false where there is none.
    fn in_triple_quotes(&mut self, quotes: &[u8]) -> bool {
        let start = self.at;
        let Some(inner) = self.bytes[start..].strip_prefix(quotes) else { return false };
        let Some(length) = memchr::memmem::find(inner, quotes) else { return false };
        self.at += length + 2 * quotes.len();
        self.fault(FaultKind::Unexpected, start..self.at);
        true
    }

    /// How many letters stand before a quote that tell Python how to read what is in it: `f'…'`.
    fn prefix(&self) -> Option<usize> {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().take(2).take_while(|byte| b"bBfFrRuU".contains(byte)).count();
        (length > 0 && matches!(rest.get(length), Some(b'"' | b'\''))).then_some(length)
    }

    /// A text of Python with such letters, as one piece that is no JSON.
    fn prefixed(&mut self, length: usize) {
        let (start, quote) = (self.at, self.bytes[self.at + length]);
        let before = (self.document.faults.len(), self.document.more_faults);
        self.at += length;
        self.quoted(quote);
        self.take_back(before);
        self.fault(FaultKind::Unexpected, start..self.at);
        self.say_where_cut();
    }

    fn inner(&mut self, quote: u8) {
        self.at += 1;
        loop {
            self.at += plain_length(&self.bytes[self.at.min(self.bytes.len())..], quote);
            match self.bytes.get(self.at) {
                Some(b'\\') => self.escape(),
                Some(&byte) if byte == quote => {
                    self.at += 1;
                    break;
                }
                Some(_) => {
                    self.fault(FaultKind::ControlCharacter, self.at..self.at + 1);
                    self.at += 1;
                }
                None => {
                    self.fault(FaultKind::CutOff, self.bytes.len()..self.bytes.len());
                    self.document.end = End::CutOff;
                    break;
                }
            }
        }
    }

    fn escape(&mut self) {
        let start = self.at;
        match self.bytes.get(start + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => self.unicode(start),
            Some(b'\'') => {
                self.at += 2;
                self.fault(FaultKind::BadEscape, start..self.at);
            }
            Some(_) => {
                self.at += 1;
                self.fault(FaultKind::BadEscape, start..start + 1);
            }
            None => self.at += 1,
        }
    }

    fn unicode(&mut self, start: usize) {
        let Some(unit) = self.code_unit(start) else {
            self.at += 2;
            self.fault(FaultKind::BadEscape, start..self.at);
            return;
        };
        self.at += 6;
        match unit {
            0xd800..=0xdbff if matches!(self.code_unit(self.at), Some(0xdc00..=0xdfff)) => {
                self.at += 6;
            }
            0xd800..=0xdfff => self.fault(FaultKind::LoneSurrogate, start..self.at),
            _ => {}
        }
    }

    fn code_unit(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        let digits = std::str::from_utf8(digits).ok()?;
        digits
            .bytes()
            .all(|digit| digit.is_ascii_hexdigit())
            .then(|| u32::from_str_radix(digits, 16).ok())?
    }

    // Numbers and words

    fn number(&mut self) {
        let start = self.at;
        let belongs =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.' | b'_');
        let rest = &self.bytes[start..];
        self.at += rest.iter().position(|byte| !belongs(byte)).unwrap_or(rest.len());
        let raw = &self.bytes[start..self.at];
        if !is_number(raw) || is_beyond_floats(&self.document.text[start..self.at]) {
            let kind = if raw.ends_with(b"Infinity") {
                FaultKind::NotFinite
            } else {
                FaultKind::BadNumber
            };
            self.fault(kind, start..self.at);
        }
    }

    fn bare_word(&mut self) {
        let rest = &self.bytes[self.at..];
        let inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
        self.at += rest.iter().position(|byte| !inside(byte)).unwrap_or(rest.len());
    }

    fn word(&mut self, key: Option<usize>) -> bool {
        let start = self.at;
        if let Some(length) = self.prefix() {
            self.prefixed(length);
            self.add(start, self.at, key);
            return true;
        }
        self.bare_word();
        let word = &self.document.text[start..self.at];
        let fault = match word {
            "true" | "false" | "null" => None,
            "True" | "False" | "None" => Some(FaultKind::PythonWord),
            "NaN" | "Infinity" => Some(FaultKind::NotFinite),
            _ if self.at == self.bytes.len() && !self.open.is_empty() => {
                // `tru` at the very end.
                self.document.end = End::CutOff;
                Some(FaultKind::CutOff)
            }
            _ => Some(FaultKind::Unexpected),
        };
        if let Some(kind) = fault {
            self.fault(kind, start..self.at);
        }
        self.add(start, self.at, key);
        true
    }

    // Blanks

    /// White space, and what is read as such.
    fn skip_blanks(&mut self) {
        loop {
            while matches!(self.bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
                self.at += 1;
            }
            match self.bytes.get(self.at..) {
                Some([b'/', b'/', ..] | [b'#', ..]) => self.comment(b"\n", 0),
                Some([b'/', b'*', ..]) => self.comment(b"*/", 2),
                Some([0xef, 0xbb, 0xbf, ..]) => {
                    self.fault(FaultKind::ByteOrderMark, self.at..self.at + 3);
                    self.at += 3;
                }
                _ => return,
            }
        }
    }

    fn comment(&mut self, end: &[u8], length: usize) {
        let start = self.at;
        let rest = &self.bytes[start..];
        self.at += memchr::memmem::find(rest, end).map_or(rest.len(), |found| found + length);
        self.fault(FaultKind::Comment, start..self.at);
    }
}

/// Lengths were bounded before.
fn place(offset: usize) -> u32 {
    u32::try_from(offset).expect("a document is no longer than its offsets reach")
}

/// How many bytes at the beginning are neither the quote, nor a backslash, nor a control character. In blocks, which
/// compilers turn into wide instructions.
fn plain_length(bytes: &[u8], quote: u8) -> usize {
    let stops = |byte: u8| byte == quote || byte == b'\\' || byte < 0x20;
    let mut at = 0;
    for block in bytes.chunks_exact(32) {
        if block.iter().fold(false, |any, byte| any | stops(*byte)) {
            break;
        }
        at += 32;
    }
    bytes[at..].iter().position(|byte| stops(*byte)).map_or(bytes.len(), |found| at + found)
}

/// Whether a number is larger than parsers take, which only one with many digits or an exponent can be.
fn is_beyond_floats(raw: &str) -> bool {
    (raw.len() > 300 || raw.contains(['e', 'E'])) && raw.parse().is_ok_and(f64::is_infinite)
}

/// Whether a text is a number as JSON writes one.
fn is_number(raw: &[u8]) -> bool {
    let digits = |raw: &[u8]| raw.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = raw.strip_prefix(b"-").unwrap_or(raw);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest[0] == b'0') {
        return false;
    }
    let mut rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    let Some(exponent) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) else {
        return rest.is_empty();
    };
    let exponent =
        exponent.strip_prefix(b"-").or_else(|| exponent.strip_prefix(b"+")).unwrap_or(exponent);
    !exponent.is_empty() && digits(exponent) == exponent.len()
}

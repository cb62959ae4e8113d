//! Lines of a log become calls: an object a line, or comma-separated values under a header. One line is held at a time.

use std::borrow::Cow;

use super::{
    call::{Call, End},
    csv,
    fields::{Field, Meaning, Names},
    instant::Instants,
    json::{self, Broken, Value},
};

/// A quoted cell may go on over several lines, and over no more than this.
const LONGEST_RECORD: usize = 1 << 20;
/// So many names of a header must be known for it to be one.
const FEWEST_NAMES: usize = 2;

/// What a line was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A call.
    Call,
    /// An object that says nothing of a call.
    Other,
    /// A blank line, a header, or a part of a record.
    Nothing,
}

/// Why a line could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub why: String,
    /// Whether more text could have mended it.
    pub is_cut: bool,
}

/// Reads the lines of one log.
#[derive(Debug)]
pub struct Reader {
    names: Names,
    form: Form,
    instants: Instants,
    /// What the names of the last line meant, by their place: most lines have the same ones.
    known: Vec<(Box<str>, Option<Meaning>)>,
    /// The beginning of a record whose end is in a later line.
    begun: String,
    /// The last record, where it stood on several lines.
    whole: Option<String>,
    has_plain_latency: bool,
}

#[derive(Debug)]
enum Form {
    Unknown,
    Json,
    Csv { separator: u8, header: String, columns: Vec<Option<Meaning>> },
}

impl Reader {
    /// For a log with these names.
    pub fn new(names: Names) -> Self {
        Self {
            names,
            form: Form::Unknown,
            instants: Instants::default(),
            known: Vec::new(),
            begun: String::new(),
            whole: None,
            has_plain_latency: false,
        }
    }

    /// Whether a time had no zone, and was taken for UTC.
    pub fn saw_time_without_zone(&self) -> bool {
        self.instants.without_zone
    }

    /// The first text in the place of a time that is none.
    pub fn unread_time(&self) -> Option<&str> {
        self.instants.unread.as_deref()
    }

    /// Whether a latency had no unit, and was taken for milliseconds.
    pub const fn saw_latency_without_unit(&self) -> bool {
        self.has_plain_latency
    }

    /// What is wrong at the end of the log: a cell that was never closed has swallowed the rest.
    pub fn end(&mut self) -> Option<Flaw> {
        let is_open = !std::mem::take(&mut self.begun).is_empty();
        is_open.then(endless)
    }

    /// The form of the log, once a line showed it.
    pub fn form(&self) -> Option<&'static str> {
        match self.form {
            Form::Unknown => None,
            Form::Json => Some("json lines"),
            Form::Csv { .. } => Some("csv"),
        }
    }

    /// The object that the last line held, or ended. A row is one under the names of its header, which reads as the row
    /// did: each cell is a text but for those that are empty or the words of a flag.
    pub fn object_of<'l>(&'l self, line: &'l str) -> Cow<'l, str> {
        match &self.form {
            Form::Csv { separator, header, .. } => {
                let row = self.whole.as_deref().unwrap_or(line);
                Cow::Owned(object_of_row(header, row, *separator))
            }
            Form::Json | Form::Unknown => Cow::Borrowed(bare_object(line)),
        }
    }

    /// Reads a line without its end.
    pub fn read(&mut self, line: &[u8], call: &mut Call) -> Result<Seen, Flaw> {
        call.clear();
        let text = simdutf8::basic::from_utf8(line).map_err(|_| no_text(line))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim_ascii().is_empty() && self.begun.is_empty() {
            return Ok(Seen::Nothing);
        }
        match &self.form {
            Form::Csv { .. } => self.row(text, call),
            Form::Json => self.object(text, call),
            Form::Unknown => self.first(text, call),
        }
    }

    /// The line that shows which form it is.
    fn first(&mut self, text: &str, call: &mut Call) -> Result<Seen, Flaw> {
        let begin = text.trim_ascii_start();
        if begin.starts_with(['{', '[']) {
            self.form = Form::Json;
            return self.object(text, call);
        }
        let separator = csv::separator(text);
        let columns: Vec<Option<Meaning>> =
            csv::cells(text, separator).map(|name| self.names.meaning(&name)).collect();
        if columns.iter().flatten().count() < FEWEST_NAMES {
            let why =
                "it is neither an object nor a header of comma-separated values with known names";
            return Err(Flaw { column: 1, why: why.to_owned(), is_cut: false });
        }
        self.form = Form::Csv { separator, header: text.to_owned(), columns };
        Ok(Seen::Nothing)
    }

    fn object(&mut self, text: &str, call: &mut Call) -> Result<Seen, Flaw> {
        let begin = text.trim_ascii();
        let is_list = begin.starts_with('[');
        if matches!(begin, "[" | "]" | "[]") {
            return Ok(Seen::Nothing);
        }
        let object = if is_list { &begin[1..] } else { text };
        let Self { names, instants, known, has_plain_latency, .. } = self;
        let mut each = |name: &str, place: usize, value: Value<'_>| {
            if let Some(meaning) = meaning(known, names, name, place) {
                let is_learnt = call.learn(meaning, &value, instants);
                *has_plain_latency |= is_learnt && is_plain_latency(meaning, &value);
            }
        };
        json::members(object, &mut each).map_err(|broken| flaw(object, broken, is_list))?;
        call.find_quota(text);
        Ok(seen(call))
    }

    fn row(&mut self, text: &str, call: &mut Call) -> Result<Seen, Flaw> {
        let whole = match self.record(text)? {
            Some(whole) => whole,
            None => return Ok(Seen::Nothing),
        };
        let Form::Csv { separator, columns, .. } = &self.form else {
            unreachable!("a row is read under its header");
        };
        let mut cells = 0;
        let mut row = csv::cells(&whole, *separator);
        for (meaning, cell) in columns.iter().zip(row.by_ref()) {
            cells += 1;
            if let Some(meaning) = meaning.filter(|_| !cell.is_empty()) {
                let value = of_cell(cell);
                let is_learnt = call.learn(meaning, &value, &mut self.instants);
                self.has_plain_latency |= is_learnt && is_plain_latency(meaning, &value);
            }
        }
        if cells < columns.len() {
            let why = format!("it has {cells} cells, and the header has {}", columns.len());
            return Err(Flaw { column: whole.chars().count() + 1, why, is_cut: true });
        }
        // Which cell the separator stands in that makes it one too many, nobody can tell.
        let has_more = row.any(|cell| !cell.is_empty());
        drop(row);
        if has_more {
            let why = format!(
                "it has more cells than the {cells} of the header; what has a separator in it needs quotes"
            );
            return Err(Flaw { column: 1, why, is_cut: false });
        }
        call.find_quota(&whole);
        self.whole = match whole {
            Cow::Owned(whole) => Some(whole),
            Cow::Borrowed(_) => None,
        };
        Ok(seen(call))
    }

    /// A record, once it is whole.
    fn record<'t>(&mut self, text: &'t str) -> Result<Option<Cow<'t, str>>, Flaw> {
        let is_open = csv::is_open(text);
        if self.begun.is_empty() && !is_open {
            return Ok(Some(Cow::Borrowed(text)));
        }
        let was_begun = !self.begun.is_empty();
        self.begun.push_str(text);
        if was_begun == is_open {
            return Ok(Some(Cow::Owned(std::mem::take(&mut self.begun))));
        }
        self.begun.push('\n');
        if self.begun.len() > LONGEST_RECORD {
            self.begun.clear();
            return Err(endless());
        }
        Ok(None)
    }
}

fn meaning(
    known: &mut Vec<(Box<str>, Option<Meaning>)>,
    names: &Names,
    name: &str,
    place: usize,
) -> Option<Meaning> {
    match known.get(place) {
        Some((same, meaning)) if **same == *name => return *meaning,
        _ => {}
    }
    let meaning = names.meaning(name);
    let entry = (Box::from(name), meaning);
    if place == known.len() {
        known.push(entry);
    } else if let Some(old) = known.get_mut(place) {
        *old = entry;
    }
    meaning
}

fn endless() -> Flaw {
    Flaw { column: 1, why: "a quoted cell has no end".to_owned(), is_cut: true }
}

/// An object without what stands round it where a list has one a line.
fn bare_object(line: &str) -> &str {
    let line = line.trim_start_matches('\u{feff}').trim_ascii();
    let line = line.strip_prefix('[').unwrap_or(line).trim_ascii_start();
    line.trim_end_matches([',', ']', ' ', '\t', '\r'])
}

/// A row as an object. A column without a name gets one by its number, unless nothing is in it.
fn object_of_row(header: &str, row: &str, separator: u8) -> String {
    let mut names = csv::cells(header, separator);
    let mut object = String::from("{");
    for (cell, nth) in csv::cells(row, separator).zip(1..) {
        let name = names.next().filter(|name| !name.is_empty());
        if name.is_none() && cell.is_empty() {
            continue;
        }
        let name = name.unwrap_or_else(|| Cow::Owned(format!("column {nth}")));
        let comma = if object.len() > 1 { "," } else { "" };
        object += &format!("{comma}{}:{}", quoted(&name), json_of_cell(cell));
    }
    object + "}"
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn json_of_cell(cell: Cow<'_, str>) -> String {
    if cell.is_empty() {
        return "null".to_owned();
    }
    match of_cell(cell) {
        Value::Text(text) => quoted(&text),
        Value::Bool(is_so) => is_so.to_string(),
        Value::Null | Value::Number(_) => "null".to_owned(),
    }
}

/// Whether neither name nor value says what a latency is counted in.
fn is_plain_latency(meaning: Meaning, value: &Value<'_>) -> bool {
    let is_digits = match value {
        Value::Number(_) => true,
        Value::Text(text) => !text.contains('s'),
        Value::Null | Value::Bool(_) => false,
    };
    meaning.field == Field::Latency && meaning.per_second.is_none() && is_digits
}

/// What a cell would be in JSON.
fn of_cell(cell: Cow<'_, str>) -> Value<'_> {
    match &*cell {
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        "null" | "NULL" => Value::Null,
        _ => Value::Text(cell),
    }
}

fn seen(call: &Call) -> Seen {
    let is_call = call.end() != End::Untold
        || call.latency_us.is_some()
        || (call.has(Field::Model) && call.input_tokens.is_some());
    if is_call { Seen::Call } else { Seen::Other }
}

fn flaw(text: &str, broken: Broken, is_list: bool) -> Flaw {
    let why = match is_list && !broken.is_cut {
        true => "it is a list on one line; jq -c '.[]' makes an object a line of it",
        false => broken.why,
    };
    let column = text.get(..broken.at).map_or(1, |before| before.chars().count() + 1);
    Flaw { column, why: why.to_owned(), is_cut: broken.is_cut }
}

fn no_text(line: &[u8]) -> Flaw {
    let valid = line.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    Flaw {
        column: valid.chars().count() + 1,
        why: "this byte is no UTF-8".to_owned(),
        is_cut: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a line was, with its status and its latency.
    type Told = Result<(Seen, Option<u16>, Option<u64>), Flaw>;

    fn calls(text: &str) -> Vec<Told> {
        let (mut reader, mut call) = (Reader::new(Names::new(&[])), Call::default());
        let mut read = |line: &str| {
            let seen = reader.read(line.as_bytes(), &mut call)?;
            Ok((seen, call.status, call.latency_us))
        };
        text.lines().map(&mut read).collect()
    }

    #[test]
    fn an_object_a_line_is_a_call_or_something_else() {
        let text = "\u{feff}{\"status\":200,\"latencyMs\":8}\n\n{\"type\":\"change\"}\n{\"latencyMs\":9,\"status\":429}";
        let expected = [
            Ok((Seen::Call, Some(200), Some(8_000))),
            Ok((Seen::Nothing, None, None)),
            Ok((Seen::Other, None, None)),
            Ok((Seen::Call, Some(429), Some(9_000))),
        ];
        assert_eq!(calls(text), expected);
    }

    #[test]
    fn a_list_with_an_object_a_line_is_read() {
        let read = calls("[\n{\"status\":200},\n{\"status\":404}\n]");
        let statuses: Vec<_> = read.into_iter().filter_map(|one| one.unwrap().1).collect();
        assert_eq!(statuses, [200, 404]);
        let one_line = calls("[{\"status\":200},{\"status\":404}]").remove(0).unwrap_err();
        assert!(one_line.why.contains("jq -c"), "{}", one_line.why);
    }

    #[test]
    fn rows_are_read_under_their_header() {
        let text = "time;status;latency_ms;error\n2026-11-20T10:00:00Z;200;12.5;\n2026-11-20T10:00:01Z;500;3;\"two\nlines\"\nx;200";
        let read = calls(text);
        assert_eq!(read[1], Ok((Seen::Call, Some(200), Some(12_500))));
        assert_eq!(read[2], Ok((Seen::Nothing, None, None)));
        assert_eq!(read[3], Ok((Seen::Call, Some(500), Some(3_000))));
        assert!(read[4].as_ref().unwrap_err().is_cut);
    }

    #[test]
    fn a_row_with_a_cell_too_many_is_not_guessed_at() {
        let text = "error,status,latency_ms\nx,200,5\nslow, again,500,7\nx,200,5,,";
        let read = calls(text);
        assert!(read[2].as_ref().unwrap_err().why.starts_with("it has more cells than the 3"));
        assert!(!read[2].as_ref().unwrap_err().is_cut);
        assert_eq!((&read[1], &read[3]), (&read[3], &Ok((Seen::Call, Some(200), Some(5_000)))));
    }

    #[test]
    fn a_cell_without_an_end_is_told_at_the_end_of_the_log() {
        let (mut reader, mut call) = (Reader::new(Names::new(&[])), Call::default());
        for line in ["time,status,error", "x,200,", "x,500,\"two", "x,200,"] {
            reader.read(line.as_bytes(), &mut call).unwrap();
        }
        assert_eq!(reader.end().map(|flaw| flaw.why), Some("a quoted cell has no end".to_owned()));
        assert_eq!(reader.end(), None);
    }

    /// The objects of a text, line by line.
    fn objects(text: &str) -> Vec<String> {
        let (mut reader, mut call) = (Reader::new(Names::new(&[])), Call::default());
        let read = |line: &str| match reader.read(line.as_bytes(), &mut call).unwrap() {
            Seen::Nothing => None,
            Seen::Call | Seen::Other => Some(reader.object_of(line).into_owned()),
        };
        text.lines().filter_map(read).collect()
    }

    #[test]
    fn a_row_is_an_object_under_the_names_of_its_header() {
        let text = "\u{feff}time;status;\"my \"\"error\"\"\";ok;\n1;200; a b ;TRUE;\n2;0404;\"two\nlines; \"\"x\"\"\";;more\n3;500;null;false;;\n";
        let expected = [
            r#"{"time":"1","status":"200","my \"error\"":"a b","ok":true}"#,
            r#"{"time":"2","status":"0404","my \"error\"":"two\nlines; \"x\"","ok":null,"column 5":"more"}"#,
            r#"{"time":"3","status":"500","my \"error\"":null,"ok":false}"#,
        ];
        assert_eq!(objects(text), expected);
    }

    #[test]
    fn an_object_of_a_list_stands_alone() {
        let text = "[ {\"status\":200,\"a\":[1]},\n{\"status\":404} ,\r\n {\"status\":500}]\n]";
        let expected = ["{\"status\":200,\"a\":[1]}", "{\"status\":404}", "{\"status\":500}"];
        assert_eq!(objects(text), expected);
        assert_eq!(objects("\u{feff}{\"status\":200}\r\n"), ["{\"status\":200}"]);
    }

    #[test]
    fn a_latency_without_a_unit_is_remembered() {
        let saw = |line: &str| {
            let (mut reader, mut call) = (Reader::new(Names::new(&[])), Call::default());
            reader.read(line.as_bytes(), &mut call).unwrap();
            reader.saw_latency_without_unit()
        };
        assert!(saw(r#"{"status":200,"latency":0.5}"#) && saw(r#"{"latency":"12"}"#));
        for line in [
            r#"{"latency":"12ms"}"#,
            r#"{"latency_s":0.5}"#,
            r#"{"latency_ms":7,"latency":7}"#,
            r#"{"latency":null}"#,
        ] {
            assert!(!saw(line), "{line}");
        }
    }

    #[test]
    fn what_cannot_be_read_has_a_column() {
        let (mut reader, mut call) = (Reader::new(Names::new(&[])), Call::default());
        let mut why = |line: &[u8]| reader.read(line, &mut call).unwrap_err();
        assert_eq!(why(b"Started.").column, 1);
        assert_eq!(why("{\"é\" 1}".as_bytes()).column, 6);
        assert_eq!(why(b"{\"a\":\"\xff\"}").column, 7);
        assert!(why(b"{\"a\":").is_cut);
    }
}

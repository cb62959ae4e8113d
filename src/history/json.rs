//! The members of a JSON object on one line, handed on as they stand: no tree is built, and what nobody asks for is
//! passed over. Checks as much as it needs to know where each value ends.

use std::borrow::Cow;

use memchr::memchr2;

/// Objects within objects are entered so deep; what lies deeper is passed over.
const DEEPEST: usize = 4;

/// A value that can be a field of a call.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    /// Nothing is known.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number as it is written.
    Number(&'a str),
    /// A text without its quotes.
    Text(Cow<'a, str>),
}

/// What is wrong with a line, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) at: usize,
    pub(super) why: &'static str,
    /// Whether more text could have mended it.
    pub(super) is_cut: bool,
}

/// Hands on each member that is no object and no list, by its name; those of objects within as `outer.inner`.
pub(super) fn members<'a>(
    line: &'a str,
    each: &mut impl FnMut(&str, usize, Value<'a>),
) -> Result<(), Broken> {
    let mut scan = Scan { text: line, at: 0, path: String::new(), place: 0 };
    scan.blanks();
    scan.object(1, each)?;
    scan.blanks();
    // The line of a list that has an object a line.
    scan.pass(b',');
    scan.blanks();
    scan.pass(b']');
    scan.blanks();
    if scan.at == line.len() {
        Ok(())
    } else {
        Err(scan.broken("something stands behind the object"))
    }
}

/// Whether the object of a line has such a member itself, whatever its value. What is broken has none behind the flaw.
pub(super) fn has_member(line: &str, wanted: &str) -> bool {
    let mut scan = Scan { text: line, at: 0, path: String::new(), place: 0 };
    scan.blanks();
    let mut is_there = scan.pass(b'{');
    while is_there {
        match scan.name_before_value() {
            Ok(name) if name == wanted => return true,
            Ok(_) => is_there = scan.any().is_ok() && scan.want(b',', "").is_ok(),
            Err(_) => return false,
        }
    }
    false
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    /// The names of the objects around, each with its dot.
    path: String,
    /// How many members came before.
    place: usize,
}

impl<'a> Scan<'a> {
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.next(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn pass(&mut self, byte: u8) -> bool {
        let is_there = self.next() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn broken(&self, why: &'static str) -> Broken {
        let is_cut = self.at >= self.text.len();
        Broken { at: self.at, why: if is_cut { "the line ends too early" } else { why }, is_cut }
    }

    fn want(&mut self, byte: u8, why: &'static str) -> Result<(), Broken> {
        self.blanks();
        if self.pass(byte) { Ok(()) } else { Err(self.broken(why)) }
    }

    fn object(
        &mut self,
        depth: usize,
        each: &mut impl FnMut(&str, usize, Value<'a>),
    ) -> Result<(), Broken> {
        self.want(b'{', "no object begins here")?;
        self.blanks();
        if self.pass(b'}') {
            return Ok(());
        }
        loop {
            let name = self.name_before_value()?;
            self.member(&name, depth, each)?;
            self.blanks();
            if self.pass(b'}') {
                return Ok(());
            }
            self.want(b',', "a comma or the end of the object was expected")?;
        }
    }

    /// A name with its colon.
    fn name_before_value(&mut self) -> Result<Cow<'a, str>, Broken> {
        self.want(b'"', "a name in quotes was expected")?;
        let name = self.text_to_quote()?;
        self.want(b':', "a colon was expected behind the name")?;
        self.blanks();
        Ok(name)
    }

    /// A value that nobody asks for.
    fn any(&mut self) -> Result<(), Broken> {
        match self.next() {
            Some(b'{' | b'[') => self.over(),
            _ => self.plain().map(drop),
        }
    }

    fn member(
        &mut self,
        name: &str,
        depth: usize,
        each: &mut impl FnMut(&str, usize, Value<'a>),
    ) -> Result<(), Broken> {
        let value = match self.next() {
            Some(b'{') if depth < DEEPEST => return self.within(name, depth, each),
            Some(b'{' | b'[') => return self.over(),
            _ => self.plain()?,
        };
        let place = self.place;
        self.place += 1;
        if self.path.is_empty() {
            each(name, place, value);
        } else {
            let before = self.path.len();
            self.path.push_str(name);
            each(&self.path, place, value);
            self.path.truncate(before);
        }
        Ok(())
    }

    fn within(
        &mut self,
        name: &str,
        depth: usize,
        each: &mut impl FnMut(&str, usize, Value<'a>),
    ) -> Result<(), Broken> {
        let before = self.path.len();
        self.path.push_str(name);
        self.path.push('.');
        let done = self.object(depth + 1, each);
        self.path.truncate(before);
        done
    }

    fn plain(&mut self) -> Result<Value<'a>, Broken> {
        let rest = &self.text[self.at..];
        for (word, value) in
            [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))]
        {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        if self.pass(b'"') {
            return self.text_to_quote().map(Value::Text);
        }
        let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let length = rest.as_bytes().iter().take_while(|byte| is_digit(byte)).count();
        if length == 0 {
            return Err(self.broken("no value begins here"));
        }
        self.at += length;
        Ok(Value::Number(&rest[..length]))
    }

    /// A text whose first quote was passed.
    fn text_to_quote(&mut self) -> Result<Cow<'a, str>, Broken> {
        let from = self.at;
        let mut is_escaped = false;
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let Some(found) = memchr2(b'"', b'\\', rest) else {
                self.at = self.text.len();
                return Err(self.broken("a text has no end"));
            };
            self.at += found + 1;
            if rest[found] == b'"' {
                break;
            }
            is_escaped = true;
            if self.at >= self.text.len() {
                return Err(self.broken("a text has no end"));
            }
            // What follows a backslash may be a letter of several bytes.
            self.at += self.text[self.at..].chars().next().map_or(1, char::len_utf8);
        }
        let inside = &self.text[from..self.at - 1];
        Ok(if is_escaped { unescaped(inside) } else { Cow::Borrowed(inside) })
    }

    /// A list, or an object that is too deep.
    fn over(&mut self) -> Result<(), Broken> {
        let mut open = 0_usize;
        loop {
            match self.next() {
                None => return Err(self.broken("a list has no end")),
                Some(b'"') => {
                    self.at += 1;
                    self.text_to_quote()?;
                    continue;
                }
                Some(b'{' | b'[') => open += 1,
                Some(b'}' | b']') => open -= 1,
                Some(_) => {}
            }
            self.at += 1;
            if open == 0 {
                return Ok(());
            }
        }
    }
}

/// A text with its escapes resolved; as it stands where they are none.
fn unescaped(inside: &str) -> Cow<'_, str> {
    match serde_json::from_str::<String>(&format!("\"{inside}\"")) {
        Ok(text) => Cow::Owned(text),
        Err(_) => Cow::Borrowed(inside),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Vec<(String, Value<'_>)>, Broken> {
        let mut seen = Vec::new();
        members(line, &mut |name, _, value| seen.push((name.to_owned(), value)))?;
        Ok(seen)
    }

    #[test]
    fn members_come_by_their_names_and_those_within_by_both() {
        let line = r#" {"a": 1.5e3, "b":"x\"y\u00e9", "n":null,"t":true, "in": {"d": {"e": "f"}, "g": 2}, "l": [{"z": "]"}], "h": 3}"#;
        let text = |text: &'static str| Value::Text(Cow::Borrowed(text));
        let expected = [
            ("a", Value::Number("1.5e3")),
            ("b", text("x\"yé")),
            ("n", Value::Null),
            ("t", Value::Bool(true)),
            ("in.d.e", text("f")),
            ("in.g", Value::Number("2")),
            ("h", Value::Number("3")),
        ];
        let expected: Vec<_> =
            expected.into_iter().map(|(name, it)| (name.to_owned(), it)).collect();
        assert_eq!(read(line), Ok(expected));
        assert_eq!(read("{}"), Ok(Vec::new()));
        assert_eq!(read(r#"{"a": 1},"#), Ok(vec![("a".to_owned(), Value::Number("1"))]));
    }

    #[test]
    fn what_is_broken_has_a_place() {
        for (line, at, is_cut) in [
            ("nothing", 0, false),
            (r#"{"a" 1}"#, 5, false),
            (r#"{"a": }"#, 6, false),
            (r#"{"a": 1"#, 7, true),
            (r#"{"a": "x"#, 8, true),
            (r#"{"a": [1, "#, 10, true),
            (r#"{"a": 1} x"#, 9, false),
            (r#"{"a": 1, }"#, 9, false),
            ("{\"a\": \"\\", 8, true),
        ] {
            let broken = read(line).expect_err(line);
            assert_eq!((broken.at, broken.is_cut), (at, is_cut), "{line}: {}", broken.why);
        }
    }

    #[test]
    fn no_altered_line_ends_in_more_than_a_flaw() {
        let good = r#"{"at":"2026-11-20T10:00:00Z","a":{"b":[1,{"c":"é\n"}]},"d":-1.5}"#;
        let mut random = fastrand::Rng::with_seed(5);
        for _ in 0..5_000 {
            let mut letters: Vec<char> = good.chars().collect();
            for _ in 0..random.usize(1..4) {
                let place = random.usize(0..letters.len());
                letters[place] =
                    *random.choice(&['"', '\\', '{', '}', '[', ']', ',', ':', 'é', '1']).unwrap();
            }
            letters.truncate(random.usize(1..=letters.len()));
            let line: String = letters.into_iter().collect();
            if let Err(broken) = read(&line) {
                assert!(broken.at <= line.len(), "{line}");
            }
        }
    }
}

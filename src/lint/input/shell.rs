//! The words of a command as a POSIX shell takes them, and bash's `$'…'`; each letter knows where it stands. It must not know
//! what the words mean.

use memchr::memmem;

use super::{Slip, Wrong, map::Mapped, powershell};

/// A word, without its quotes.
#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    pub(super) mapped: Mapped,
    /// Where it begins in the text.
    pub(super) start: usize,
    /// What PowerShell makes of its quotes, where that depends on the version.
    pub(super) quotes: Option<Wrong>,
}

impl Word {
    pub(super) fn text(&self) -> &str {
        &self.mapped.text
    }
}

/// What comes next in a command.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// A word.
    Word(Word),
    /// What is given to its standard input: the word behind `<<<`.
    HereString(Word),
}

/// A command that is read word by word.
#[derive(Clone, Debug)]
pub(super) struct Shell<'t> {
    text: &'t str,
    at: usize,
    /// Whether PowerShell is likely to hand the words on: by the name of the program, or by how the first line goes on.
    is_of_windows: bool,
    /// Whether that is sure.
    is_continued_there: bool,
    /// Where the command is cut off.
    cuts: Vec<Slip>,
}

impl<'t> Shell<'t> {
    /// From an offset on.
    pub(super) fn at(text: &'t str, at: usize) -> Self {
        let before = text.get(..at).unwrap_or_default();
        let line = text.get(at..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let is_continued_there = line.trim_end().ends_with(" `");
        let is_of_windows = before.ends_with(".exe") || is_continued_there;
        Self { text, at, is_of_windows, is_continued_there, cuts: Vec::new() }
    }

    /// Where the command is cut off, as far as it was read.
    pub(super) fn cuts(&self) -> &[Slip] {
        &self.cuts
    }

    /// How far it was read.
    pub(super) fn end(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Passes over one of some texts.
    fn eat(&mut self, any: &[&str]) -> bool {
        let found = any.iter().find(|text| self.rest().starts_with(**text));
        self.at += found.map_or(0, |text| text.len());
        found.is_some()
    }

    /// The next word; none at the end of the command.
    pub(super) fn next(&mut self) -> Option<Piece> {
        loop {
            self.skip_blanks();
            if self.eat(&["<<<"]) {
                self.skip_blanks();
                return Some(Piece::HereString(self.word()));
            }
            // What is written elsewhere, and documents that stand below.
            if !self.rest().starts_with("<(") && self.eat(&["<<-", "<<", ">>", "<", ">&", ">"]) {
                self.skip_blanks();
                self.word();
                continue;
            }
            return match self.peek()? {
                '\n' | '\r' | ';' | '|' | '&' | ')' | '`' | '#' => None,
                _ => Some(Piece::Word(self.word())),
            };
        }
    }

    /// Blanks, and ends of lines that do not end the command: of POSIX, of Windows and of PowerShell.
    fn skip_blanks(&mut self) {
        let blanks = [" ", "\t", "\u{a0}", "\\\n", "\\\r\n", "^\n", "^\r\n", "`\n", "`\r\n"];
        while self.eat(&blanks) || self.skip_cut() {}
    }

    /// The end of a line that was meant to go on, and does not by a blank at its end. What follows is read as it was meant.
    fn skip_cut(&mut self) -> bool {
        let (mark, length) = cut(self.text, self.at);
        if length > 0 {
            self.cuts.push(Slip { span: self.at..self.at + mark, what: Wrong::Cut });
            self.at += length;
        }
        length > 0
    }

    /// The word that begins here.
    pub(super) fn word(&mut self) -> Word {
        let mut word = Word { start: self.at, ..Word::default() };
        while let Some(letter) = self.peek() {
            match letter {
                '\'' => self.single(&mut word),
                '"' => self.double(&mut word),
                '$' if self.rest().starts_with("$'") => self.ansi(&mut word),
                '$' if self.rest().starts_with("$\"") => {
                    self.at += 1;
                    self.double(&mut word);
                }
                '$' if self.expansion(&mut word) => {}
                '\\' if cut(self.text, self.at).1 > 0 => break,
                '\\' => self.escape(&mut word),
                '<' | '>' if self.rest()[1..].starts_with('(') => {
                    self.output_of_commands(&mut word);
                }
                ' ' | '\t' | '\n' | '\r' | ';' | '|' | '&' | ')' | '`' | '<' | '>' => break,
                '^' if self.rest().starts_with("^\n") || self.rest().starts_with("^\r\n") => break,
                _ => self.take(&mut word, letter),
            }
        }
        word
    }

    fn take(&mut self, word: &mut Word, letter: char) {
        word.mapped.push(letter, self.at);
        self.at += letter.len_utf8();
    }

    fn single(&mut self, word: &mut Word) {
        let start = self.at + 1;
        let inner = self.text.get(start..).unwrap_or_default();
        let inner = &inner[..self.end_of_single(inner)];
        let opened = opened(inner);
        if self.is_of_windows && opened.starts_with("\\\"") {
            word.quotes = Some(Wrong::BackslashesSent);
            escaped_for_windows(inner, start, word);
        } else if self.is_of_windows {
            word.quotes = opened.starts_with('"').then_some(Wrong::QuotesLost).or(word.quotes);
            doubled(inner, start, word);
        } else {
            word.mapped.push_str(inner, start);
        }
        self.at = (start + inner.len() + 1).min(self.text.len());
    }

    /// Where the text within single quotes ends; PowerShell takes two of them for one.
    fn end_of_single(&self, inner: &str) -> usize {
        let mut quotes = inner.match_indices('\'').map(|(at, _)| at);
        while let Some(at) = quotes.next() {
            if self.is_of_windows && inner[at + 1..].starts_with('\'') {
                quotes.next();
            } else {
                return at;
            }
        }
        inner.len()
    }

    /// A backslash means itself, save before five letters.
    fn double(&mut self, word: &mut Word) {
        self.at += 1;
        let opened = opened(self.rest());
        if self.is_of_windows && ["\"\"", "`\"", "\\`\""].iter().any(|way| opened.starts_with(way))
        {
            return self.double_of_powershell(word, opened.starts_with('\\'));
        }
        while let Some(letter) = self.peek() {
            match letter {
                '"' => {
                    self.at += 1;
                    return;
                }
                '\\' => {
                    let next = self.rest().chars().nth(1);
                    match next {
                        Some('\n') => self.at += 2,
                        Some(next @ ('$' | '`' | '"' | '\\')) => {
                            word.mapped.push(next, self.at);
                            self.at += 2;
                        }
                        _ => self.take(word, '\\'),
                    }
                }
                '$' | '`' if self.expansion(word) => {}
                _ => self.take(word, letter),
            }
        }
    }

    /// A quote is written as two, or behind a backtick; a backslash before it is for programs that get their words from a
    /// PowerShell before 7.3.
    fn double_of_powershell(&mut self, word: &mut Word, is_escaped: bool) {
        let near = self.rest().as_bytes();
        let near = &near[..near.len().min(NEAR)];
        let is_sure = self.is_continued_there || memmem::find(near, b"`\"").is_some();
        word.quotes = match is_escaped {
            true => Some(Wrong::BackslashesSent),
            false => is_sure.then_some(Wrong::QuotesLost),
        };
        while let Some(letter) = self.peek() {
            let rest = &self.rest()[letter.len_utf8()..];
            match letter {
                '\\' if is_escaped && (rest.starts_with("`\"") || rest.starts_with("\"\"")) => {
                    self.at += 1;
                }
                '"' if rest.starts_with('"') => {
                    word.mapped.push('"', self.at);
                    self.at += 2;
                }
                '"' => {
                    self.at += 1;
                    return;
                }
                '`' if !rest.is_empty() => {
                    let next = rest.chars().next().unwrap_or_default();
                    word.mapped.push(powershell::escaped(next), self.at);
                    self.at += 1 + next.len_utf8();
                }
                '$' if self.expansion(word) => {}
                _ => self.take(word, letter),
            }
        }
    }

    /// `<(command)` is a file with what the command writes.
    fn output_of_commands(&mut self, word: &mut Word) {
        let length = substitution(self.rest().as_bytes());
        word.mapped.push_unknown(&self.rest()[..length], self.at);
        self.at += length;
    }

    fn escape(&mut self, word: &mut Word) {
        let at = self.at;
        self.at += 1;
        match self.peek() {
            Some('\n') => self.at += 1,
            Some('\r') if self.rest().starts_with("\r\n") => self.at += 2,
            Some(letter) => {
                word.mapped.push(letter, at);
                self.at += letter.len_utf8();
            }
            None => word.mapped.push('\\', at),
        }
    }

    /// What the shell puts something in for, if that begins here.
    fn expansion(&mut self, word: &mut Word) -> bool {
        let length = expansion(self.rest());
        word.mapped.push_unknown(&self.rest()[..length], self.at);
        self.at += length;
        length > 0
    }

    /// `$'…'`, with the escapes of C.
    fn ansi(&mut self, word: &mut Word) {
        self.at += 2;
        while let Some(letter) = self.peek() {
            match letter {
                '\'' => {
                    self.at += 1;
                    return;
                }
                '\\' => {
                    let (letter, length) = of_c(self.rest());
                    word.mapped.push(letter, self.at);
                    self.at += length;
                }
                _ => self.take(word, letter),
            }
        }
    }
}

/// No more of what follows is looked at to see whose quotes these are: a text may have thousands of commands.
const NEAR: usize = 4096;

/// What begins a line that goes on with a command.
const GOES_ON: &[&str] = &["-", "'", "\"", "http", "$"];

/// How long a mark is that was meant to continue the line, with the blanks behind it, and the same with the end of the line. 0
/// where none begins there, or nothing of the command follows.
fn cut(text: &str, at: usize) -> (usize, usize) {
    let Some(rest) = text[at..].strip_prefix(['\\', '`', '^']) else { return (0, 0) };
    let is_backslash = text[at..].starts_with('\\');
    let after = rest.trim_start_matches([' ', '\t', '\u{a0}']);
    let mark = 1 + rest.len() - after.len();
    let line = after.strip_prefix("\r\n").or_else(|| after.strip_prefix('\n'));
    // A backtick may be the end of what a page sets apart.
    let begins = is_backslash || text[..at].ends_with([' ', '\t']);
    match line {
        Some(line) if mark > 1 && begins && goes_on(line) => (mark, 1 + rest.len() - line.len()),
        _ => (0, 0),
    }
}

fn goes_on(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t']);
    GOES_ON.iter().any(|start| line.starts_with(start))
}

/// A text without the brackets and blanks that it begins with.
fn opened(text: &str) -> &str {
    text.trim_start_matches(['{', '[', ' ', '\n', '\r', '\t'])
}

/// A text of PowerShell's single quotes, in which two of them stand for one.
fn doubled(inner: &str, start: usize, word: &mut Word) {
    let mut at = 0;
    while let Some(found) = inner[at..].find("''") {
        // The first of the two stays.
        word.mapped.push_str(&inner[at..=at + found], start + at);
        at += found + 2;
    }
    word.mapped.push_str(&inner[at..], start + at);
}

/// Names of variables with what is done to them are no longer; what is longer is something else.
const MOST_OF_A_NAME: usize = 256;
/// The same for commands in backticks.
const MOST_OF_A_COMMAND: usize = 4_096;

/// How long what a shell puts something in for is, where it begins a text: `$NAME`, `${NAME:-a}`, `$(command)`, a command in
/// backticks. 0 where none does.
pub(super) fn expansion(text: &str) -> usize {
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.get(1)) {
        (Some(b'$'), Some(b'(')) => substitution(bytes),
        (Some(b'$'), Some(b'{')) => in_braces(bytes),
        (Some(b'$'), Some(letter)) if letter.is_ascii_alphabetic() || *letter == b'_' => {
            1 + bytes[1..].iter().take_while(|letter| is_of_a_name(**letter)).count()
        }
        (Some(b'$'), Some(b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'$' | b'!')) => 2,
        (Some(b'`'), Some(_)) => in_backticks(bytes),
        _ => 0,
    }
}

const fn is_of_a_name(letter: u8) -> bool {
    letter.is_ascii_alphanumeric() || letter == b'_'
}

/// To the bracket that closes the first one; brackets in quotes do not count. One that nothing closes reaches to the end.
fn substitution(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 1);
    while let Some(letter) = bytes.get(at) {
        match letter {
            b'\\' => at += 1,
            b'\'' | b'"' => at = end_of_quotes(bytes, at),
            b'(' => depth += 1,
            b')' if depth == 1 => return at + 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The quote that closes the one at an offset; itself where none does.
fn end_of_quotes(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let mut at = start + 1;
    while let Some(letter) = bytes.get(at) {
        match *letter {
            b'\\' if quote == b'"' => at += 1,
            letter if letter == quote => return at,
            _ => {}
        }
        at += 1;
    }
    start
}

fn in_braces(bytes: &[u8]) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in bytes.iter().enumerate().take(MOST_OF_A_NAME) {
        match letter {
            b'{' => depth += 1,
            b'}' if depth == 1 => return at + 1,
            b'}' => depth -= 1,
            b'\n' => return 0,
            _ => {}
        }
    }
    0
}

fn in_backticks(bytes: &[u8]) -> usize {
    let mut inner = bytes.iter().enumerate().take(MOST_OF_A_COMMAND).skip(1);
    inner
        .find(|(at, letter)| **letter == b'`' && bytes[at - 1] != b'\\')
        .map_or(0, |(at, _)| at + 1)
}

/// What an escape of C at the beginning stands for, and how long it is.
fn of_c(raw: &str) -> (char, usize) {
    let Some(letter) = raw.chars().nth(1) else { return ('\\', 1) };
    match letter {
        'n' => ('\n', 2),
        't' => ('\t', 2),
        'r' => ('\r', 2),
        'a' => ('\u{7}', 2),
        'b' => ('\u{8}', 2),
        'e' | 'E' => ('\u{1b}', 2),
        'f' => ('\u{c}', 2),
        'v' => ('\u{b}', 2),
        '\\' | '\'' | '"' | '?' => (letter, 2),
        'x' => number(raw, 2, 2, 16),
        'u' => number(raw, 2, 4, 16),
        'U' => number(raw, 2, 8, 16),
        '0'..='7' => number(raw, 1, 3, 8),
        _ => ('\\', 1),
    }
}

fn number(raw: &str, from: usize, most: usize, radix: u32) -> (char, usize) {
    let digits: String =
        raw[from..].chars().take(most).take_while(|digit| digit.is_digit(radix)).collect();
    let letter = u32::from_str_radix(&digits, radix).ok().and_then(char::from_u32);
    letter.map_or(('\\', 1), |letter| (letter, from + digits.len()))
}

/// A text of which PowerShell takes nothing off, and the program that it is handed to does: before a quote each pair of
/// backslashes is one, and the last one belongs to the quote.
fn escaped_for_windows(inner: &str, start: usize, word: &mut Word) {
    let mut at = 0;
    while let Some(found) = inner[at..].find('\\') {
        word.mapped.push_str(&inner[at..at + found], start + at);
        let run = at + found;
        let rest = &inner[run..];
        let count = rest.len() - rest.trim_start_matches('\\').len();
        let before_quote = rest[count..].starts_with('"');
        let kept = if before_quote { count / 2 } else { count };
        word.mapped.push_str(&rest[..kept], start + run);
        at = run + count;
        if before_quote {
            word.mapped.push('"', start + at);
            at += 1;
        }
    }
    word.mapped.push_str(&inner[at..], start + at);
}

//! The body of a command of PowerShell, with its quotes. It must not run what such a command would.

use super::{Body, Unjudged, commands, map::Mapped, shell, url};

/// A value as it is written.
#[derive(Debug)]
enum Value {
    Text(Mapped),
    Variable(String),
    /// A table, or what brackets hold: it is made when the command runs.
    Made,
}

/// A command that is read value by value.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

/// The body of the command whose words begin at an offset, and where it ends.
pub(super) fn body(text: &str, start: usize) -> (Option<Body<'_>>, usize) {
    let mut reader = Reader { text, at: start };
    let (mut body, mut url) = (None, None);
    while let Some((at, value)) = reader.next() {
        let Value::Text(word) = value else { continue };
        if word.text.eq_ignore_ascii_case("-body") {
            body = reader.next();
        } else if word.text.eq_ignore_ascii_case("-headers") {
            reader.next();
        } else if word.text.eq_ignore_ascii_case("-uri") {
            url = reader.next().and_then(|(_, value)| match value {
                Value::Text(url) => Some(url),
                Value::Variable(name) => assigned(text, start, &name),
                Value::Made => None,
            });
        } else if word.text.contains("://") && url.is_none() && at >= start {
            url = Some(word);
        }
    }
    let set = |name: &str| assigned(text, start, name.trim_start_matches('$'));
    let target = url.as_ref().map(|url| url::target_of(url, set)).unwrap_or_default();
    let body = body.map(|(at, value)| of_value(text, start, at, value).asked(target));
    (body.map(|body| commands::meant(body, url.as_ref())), reader.at)
}

fn of_value(text: &str, start: usize, at: usize, value: Value) -> Body<'_> {
    let mapped = match value {
        Value::Text(mapped) => Some(mapped),
        Value::Variable(name) => assigned(text, start, &name),
        Value::Made => None,
    };
    match mapped {
        Some(mapped) if !mapped.is_unknown() => Body::mapped(mapped),
        _ => Body::unjudged(Unjudged::Shell, at),
    }
}

/// The text that a variable was set to before; none where its run decides between several.
pub(super) fn assigned(text: &str, before: usize, name: &str) -> Option<Mapped> {
    let dollar = format!("${name}");
    let start = commands::start_before(text, before);
    let sets: Vec<(usize, Option<usize>)> = text[start..before]
        .match_indices(&dollar)
        .map(|(at, found)| (start + at, found))
        .filter(|(at, _)| !commands::is_comment(commands::line_to(text, *at)))
        .filter_map(|(at, _)| {
            let rest = text[at + dollar.len()..].trim_start_matches([' ', '\t']);
            let value = rest.strip_prefix('=').map(|value| text.len() - value.len());
            (value.is_some() || rest.starts_with("+=")).then_some((at, value))
        })
        .collect();
    let (first, (at, value)) = (*sets.first()?, *sets.last()?);
    let is_always = commands::line_to(text, at).trim().is_empty()
        && !commands::branches(&text[first.0..before]);
    let value = value.filter(|_| sets.len() == 1 || is_always)?;
    let mut reader = Reader { text, at: value };
    let Some((_, Value::Text(mapped))) = reader.next() else { return None };
    // What is piped on becomes something else.
    let rest = text[reader.at..].trim_start_matches([' ', '\t']);
    (!rest.starts_with('|')).then_some(mapped)
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next value and where it begins; none at the end of the command.
    fn next(&mut self) -> Option<(usize, Value)> {
        loop {
            let rest = self.rest();
            let blank = [" ", "\t", "`\n", "`\r\n"].iter().find(|blank| rest.starts_with(**blank));
            let Some(blank) = blank else { break };
            self.at += blank.len();
        }
        let at = self.at;
        let value = match self.rest().chars().next()? {
            '\n' | '\r' | ';' | '|' | ')' => return None,
            '@' if self.rest().starts_with("@'") || self.rest().starts_with("@\"") => self.lines(),
            '@' | '(' | '{' => self.made(),
            '\'' => Value::Text(self.single()),
            '"' => Value::Text(self.double()),
            _ => self.bare(),
        };
        Some((at, value))
    }

    /// `@'`, whole lines, and `'@` at the beginning of one.
    fn lines(&mut self) -> Value {
        let quote = &self.rest()[1..2];
        let start = self.rest().find('\n').map_or(self.text.len(), |feed| self.at + feed + 1);
        let end = format!("\n{quote}@");
        let inner = &self.text[start..];
        let length = inner.find(&end).unwrap_or(inner.len());
        self.at = (start + length + end.len()).min(self.text.len());
        let inner = inner[..length].trim_end_matches('\r');
        let mut mapped = Mapped::default();
        if quote == "\"" {
            expanded(inner, start, &mut mapped);
        } else {
            mapped.push_str(inner, start);
        }
        Value::Text(mapped)
    }

    /// To the bracket that closes the first one.
    fn made(&mut self) -> Value {
        let mut depth = 0_usize;
        while let Some(letter) = self.rest().chars().next() {
            match letter {
                '\'' => drop(self.single()),
                '"' => drop(self.double()),
                _ => self.at += letter.len_utf8(),
            }
            depth = match letter {
                '(' | '{' | '[' => depth + 1,
                ')' | '}' | ']' => depth.saturating_sub(1),
                _ => depth,
            };
            if depth == 0 && matches!(letter, ')' | '}') {
                break;
            }
        }
        Value::Made
    }

    /// Quotes are doubled in single ones, and nothing else is escaped.
    fn single(&mut self) -> Mapped {
        self.quoted('\'', false)
    }

    /// In double ones a backtick escapes as well.
    fn double(&mut self) -> Mapped {
        self.quoted('"', true)
    }

    fn quoted(&mut self, quote: char, escapes: bool) -> Mapped {
        let mut mapped = Mapped::default();
        self.at += 1;
        while let Some(letter) = self.rest().chars().next() {
            let next = self.rest()[letter.len_utf8()..].chars().next();
            match (letter, next) {
                (own, Some(next)) if own == quote && next == quote => {
                    mapped.push(quote, self.at);
                    self.at += 2;
                }
                (own, _) if own == quote => {
                    self.at += 1;
                    break;
                }
                ('`', Some(next)) if escapes => {
                    mapped.push(escaped(next), self.at);
                    self.at += 1 + next.len_utf8();
                }
                ('$', _) if escapes && expansion(self.rest()) > 0 => {
                    let length = expansion(self.rest());
                    mapped.push_unknown(&self.rest()[..length], self.at);
                    self.at += length;
                }
                _ => {
                    mapped.push(letter, self.at);
                    self.at += letter.len_utf8();
                }
            }
        }
        mapped
    }

    fn bare(&mut self) -> Value {
        let rest = self.rest();
        let ends = |letter: char| letter.is_whitespace() || ";|)`".contains(letter);
        // A letter at least, so that it gets on.
        let length = rest.char_indices().skip(1).find(|(_, letter)| ends(*letter));
        let word = &rest[..length.map_or(rest.len(), |(at, _)| at)];
        let at = self.at;
        self.at += word.len();
        match word.strip_prefix('$') {
            Some(name) => Value::Variable(name.to_owned()),
            None => {
                let mut mapped = Mapped::default();
                mapped.push_str(word, at);
                Value::Text(mapped)
            }
        }
    }
}

/// The lines of `@"…"@`, in which a backtick escapes and variables are put in, and quotes mean themselves.
fn expanded(text: &str, start: usize, mapped: &mut Mapped) {
    let mut at = 0;
    while let Some(found) = text[at..].find(['`', '$']) {
        let special = at + found;
        mapped.push_str(&text[at..special], start + at);
        let rest = &text[special..];
        let next = rest[1..].chars().next();
        let length = expansion(rest);
        at = match next.filter(|_| rest.starts_with('`')) {
            Some(letter) => {
                mapped.push(escaped(letter), start + special);
                special + 1 + letter.len_utf8()
            }
            None if length > 0 => {
                mapped.push_unknown(&rest[..length], start + special);
                special + length
            }
            None => {
                mapped.push_str(&rest[..1], start + special);
                special + 1
            }
        };
    }
    mapped.push_str(&text[at..], start + at);
}

/// How long what a variable is put in for is, where it begins: as in other shells, and `$env:NAME`.
fn expansion(text: &str) -> usize {
    let length = if text.starts_with('$') { shell::expansion(text) } else { 0 };
    let is_of_a_name = |letter: &u8| letter.is_ascii_alphanumeric() || *letter == b'_';
    let scoped = text.get(length..).and_then(|rest| rest.strip_prefix(':')).unwrap_or_default();
    let name = scoped.bytes().take_while(|letter| is_of_a_name(letter)).count();
    if length > 1 && name > 0 { length + 1 + name } else { length }
}

pub(super) fn escaped(letter: char) -> char {
    match letter {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        other => other,
    }
}

//! The bodies of `curl` commands in a script, a page or a terminal's history. Of other options it reads as much as it needs to
//! pass over them: headers hold keys.

use memchr::memmem;

use super::{
    Body, Slip, Unjudged, Wrong,
    heredoc::{self, HereDoc},
    map::Mapped,
    powershell,
    shell::{Piece, Shell, Word},
    url,
};
use crate::lint::kind::looks_like_a_body;

/// The bodies of all commands of a text; none where there is no command in it.
pub(super) fn bodies(text: &str) -> Option<Vec<Body<'_>>> {
    let documents = heredoc::all(text);
    let mut programs = Programs::of(text);
    let mut found = Vec::new();
    let (mut at, mut count) = (0, 0_usize);
    while let Some((program, start)) = programs.next(at) {
        count += 1;
        let (body, end) = match program {
            Program::Curl => curl(text, start, &documents),
            Program::PowerShell => powershell::body(text, start),
        };
        found.extend(body.map(|body| body.called(format!("command {count}"))));
        at = end.max(start);
    }
    if let [only] = &mut found[..] {
        only.name.clear();
    }
    (count > 0).then_some(found)
}

/// Programs that send bodies.
#[derive(Clone, Copy, Debug)]
enum Program {
    Curl,
    PowerShell,
}

const PROGRAMS: &[(&str, Program)] = &[
    ("curl", Program::Curl),
    ("Invoke-RestMethod", Program::PowerShell),
    ("Invoke-WebRequest", Program::PowerShell),
    ("irm", Program::PowerShell),
    ("iwr", Program::PowerShell),
];

/// Where each program is called next. What was looked for is kept, so that a long text is passed once for each.
struct Programs<'t> {
    text: &'t str,
    next: Vec<Option<Called>>,
}

/// Where the name of a program begins, and where its words do.
#[derive(Clone, Copy)]
struct Called {
    at: usize,
    words: usize,
}

impl<'t> Programs<'t> {
    fn of(text: &'t str) -> Self {
        let next = PROGRAMS.iter().map(|(name, _)| after_command(text, name, 0)).collect();
        Self { text, next }
    }

    /// The next command, and where its words begin.
    fn next(&mut self, from: usize) -> Option<(Program, usize)> {
        for ((name, _), next) in PROGRAMS.iter().zip(&mut self.next) {
            if next.is_some_and(|called| called.at < from) {
                *next = after_command(self.text, name, from);
            }
        }
        let found = PROGRAMS.iter().zip(&self.next);
        let found = found.filter_map(|((_, program), next)| Some((*program, (*next)?.words)));
        found.min_by_key(|(_, words)| *words)
    }
}

fn after_command(text: &str, name: &str, from: usize) -> Option<Called> {
    let mut finder = memmem::find_iter(&text.as_bytes()[from..], name.as_bytes());
    finder.find_map(|at| {
        let at = from + at;
        let before = text[..at].chars().next_back();
        let begins = before
            .is_none_or(|letter| letter.is_whitespace() || "$(|;&\"'`/>!=\\".contains(letter));
        let rest = &text[at + name.len()..];
        let end = at + name.len() + if rest.starts_with(".exe") { 4 } else { 0 };
        let ends = text[end..].starts_with([' ', '\t', '\\', '\u{a0}', '^']);
        (begins && ends).then_some(Called { at, words: end })
    })
}

/// What curl does with its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Data {
    /// Files lose the ends of their lines.
    Plain,
    /// An @ means itself.
    Raw,
    /// Files stay as they are.
    Binary,
    /// As that, and several are joined without anything between them.
    Json,
}

/// What an option means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Data(Data),
    Url,
    /// It has a value, which is passed over.
    Value,
    Flag,
}

/// A command as far as it matters.
#[derive(Debug, Default)]
struct Curl {
    url: Option<Mapped>,
    /// What may be the URL, since a variable is put in there.
    perhaps_url: Option<Mapped>,
    data: Vec<(Data, Word)>,
    input: Option<Mapped>,
}

/// The body of a command, and where the command ends.
fn curl<'t>(text: &'t str, start: usize, documents: &[HereDoc]) -> (Option<Body<'t>>, usize) {
    let mut shell = Shell::at(text, start);
    let mut command = Curl::default();
    while let Some(piece) = shell.next() {
        match piece {
            Piece::HereString(word) => command.input = Some(word.mapped),
            Piece::Word(word) => command.take(&word, &mut shell),
        }
    }
    let end = shell.end();
    let own = documents.iter().find(|document| document.at < end && document.lines.start > start);
    if let Some(document) = own {
        command.input.get_or_insert_with(|| document.mapped(text));
    }
    let after = own.map_or(end, |document| document.lines.end.max(end));
    let slips = [shell.cuts(), &command.quoting()].concat();
    let body = command.body(text, start, documents).map(|body| Body { slips, ..body });
    (body, after)
}

impl Curl {
    /// What becomes of the quotes of its data depends on the version of PowerShell.
    fn quoting(&self) -> Vec<Slip> {
        let of = |(_, word): &(Data, Word)| {
            let span = word.start..word.start + 1;
            word.quotes.map(|what: Wrong| Slip { span, what })
        };
        self.data.iter().find_map(of).into_iter().collect()
    }

    fn take(&mut self, word: &Word, shell: &mut Shell<'_>) {
        let text = word.text();
        if let Some(long) = text.strip_prefix("--").filter(|name| !name.is_empty()) {
            let (name, value) = match long.split_once('=') {
                Some((name, _)) => (name, Some(word.mapped.tail(name.len() + 3))),
                None => (long, None),
            };
            self.option(long_option(name), value, word, shell);
        } else if text.len() > 1 && text.starts_with('-') {
            let with_value = text
                .char_indices()
                .skip(1)
                .find(|(_, letter)| short_option(*letter) != Meaning::Flag);
            let Some((at, letter)) = with_value else { return };
            let rest = at + letter.len_utf8();
            let value = (rest < text.len()).then(|| word.mapped.tail(rest));
            self.option(short_option(letter), value, word, shell);
        } else if looks_like_url(text) && self.url.is_none() {
            self.url = Some(word.mapped.clone());
        } else if text.starts_with('$') {
            // A variable alone may hold options.
            let is_better = |own: &Mapped| !own.text.contains('/') && text.contains('/');
            if self.perhaps_url.as_ref().is_none_or(is_better) {
                self.perhaps_url = Some(word.mapped.clone());
            }
        }
    }

    fn option(
        &mut self,
        option: Meaning,
        value: Option<Mapped>,
        &Word { start, quotes, .. }: &Word,
        shell: &mut Shell<'_>,
    ) {
        if option == Meaning::Flag {
            return;
        }
        let value = match value {
            Some(mapped) => Word { mapped, start, quotes },
            None => match shell.next() {
                Some(Piece::Word(word)) => word,
                _ => return,
            },
        };
        match option {
            Meaning::Data(data) => self.data.push((data, value)),
            Meaning::Url => self.url = Some(value.mapped),
            Meaning::Value | Meaning::Flag => {}
        }
    }

    fn body<'t>(&self, text: &str, start: usize, documents: &[HereDoc]) -> Option<Body<'t>> {
        let mut joined = Mapped::default();
        let mut elsewhere = None;
        for (data, word) in &self.data {
            match self.value(*data, word, text, start, documents) {
                Ok(mapped) => {
                    if !joined.text.is_empty() && *data != Data::Json {
                        joined.push('&', word.start);
                    }
                    joined.append(&mapped);
                }
                Err(place) => elsewhere = Some((place, word.start)),
            }
        }
        let body = match elsewhere {
            Some((place, at)) if joined.text.is_empty() => Body::unjudged(place, at),
            _ if self.data.is_empty() => return None,
            _ => Body::mapped(joined),
        };
        let set = |name: &str| assigned(text, start, name, documents);
        let url = self.url.as_ref().or(self.perhaps_url.as_ref());
        let target = url.map(|url| url::target_of(url, set)).unwrap_or_default();
        Some(meant(body.asked(target), url))
    }

    /// What an option's value stands for.
    fn value(
        &self,
        data: Data,
        word: &Word,
        text: &str,
        start: usize,
        documents: &[HereDoc],
    ) -> Result<Mapped, Unjudged> {
        let file = word.text().strip_prefix('@').filter(|_| data != Data::Raw);
        let Some(file) = file else {
            return match word.mapped.is_unknown() {
                true => filled(text, start, word, documents).ok_or(Unjudged::Shell),
                false => Ok(word.mapped.clone()),
            };
        };
        let read = match file {
            file if file.starts_with("<(") => {
                document_of(text, word.start, file, documents).ok_or(Unjudged::Shell)
            }
            "-" => self.input.clone().ok_or(Unjudged::Shell),
            file => {
                let own = documents.iter().rfind(|document| {
                    let name = document.file.as_deref().map(without_braces);
                    document.lines.end <= start && name == Some(without_braces(file))
                });
                own.map(|document| document.mapped(text)).ok_or_else(|| {
                    match word.mapped.unknown().is_empty() {
                        true => Unjudged::File(file.to_owned()),
                        false => Unjudged::Shell,
                    }
                })
            }
        };
        read.map(|mapped| if data == Data::Plain { mapped.without_line_ends() } else { mapped })
    }
}

/// `${NAME}` is `$NAME`.
fn without_braces(name: &str) -> String {
    name.replace("${", "$").replace('}', "")
}

/// What the shell puts in for a whole word, where the text itself has it: a variable that was set before, a document that is read.
fn filled(text: &str, start: usize, word: &Word, documents: &[HereDoc]) -> Option<Mapped> {
    let read = document_of(text, word.start, word.text(), documents);
    let set = read.or_else(|| assigned(text, start, word.text(), documents));
    set.or_else(|| assigned_in_powershell(text, start, word.text()))
}

/// The same in PowerShell, where that stands in the text as it is sent.
fn assigned_in_powershell(text: &str, start: usize, name: &str) -> Option<Mapped> {
    let set = powershell::assigned(text, start, name.strip_prefix('$')?)?;
    (!set.is_unknown() && !set.text.contains("\\\"")).then_some(set)
}

/// The document of `$(cat <<END …)` or `<(cat <<END …)`, whose words begin at an offset.
fn document_of(text: &str, at: usize, words: &str, documents: &[HereDoc]) -> Option<Mapped> {
    let inner = words.strip_prefix("$(").or_else(|| words.strip_prefix("<("))?;
    let inner = inner.trim_start().strip_prefix("cat")?.trim_start();
    let found = documents.iter().find(|document| document.at >= at)?;
    (inner.starts_with("<<") && found.at < at + words.len()).then(|| found.mapped(text))
}

/// What a variable was set to before, in the text itself; where the text sets it to several values, only its run shows which.
fn assigned(text: &str, before: usize, name: &str, documents: &[HereDoc]) -> Option<Mapped> {
    let name = name.strip_prefix('$')?;
    let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    let at = assignment(text, before, name)?;
    let word = Shell::at(text, at).word();
    if word.mapped.is_unknown() {
        let quote = usize::from(text[at..].starts_with('"'));
        return document_of(text, at + quote, word.text(), documents);
    }
    (!word.text().starts_with('`') && !word.text().is_empty()).then_some(word.mapped)
}

/// So far back a variable is looked for: what is set farther away is as good as unknown, and a text full of commands takes no
/// time that grows with its square.
pub(super) const MOST_BACK: usize = 64 << 10;

/// Where a text begins that is looked through before a place.
pub(super) fn start_before(text: &str, before: usize) -> usize {
    text.ceil_char_boundary(before.saturating_sub(MOST_BACK))
}

/// Where the value begins that a variable has at a place; none where that depends on the run.
fn assignment(text: &str, before: usize, name: &str) -> Option<usize> {
    let start = start_before(text, before);
    let is_command = |at: usize| {
        let line = line_to(text, at);
        let ahead = line.chars().next_back();
        !is_comment(line) && ahead.is_none_or(|letter| letter.is_whitespace() || letter == ';')
    };
    let places = |words: String| {
        let found: Vec<usize> =
            text[start..before].match_indices(&words).map(|(at, _)| start + at).collect();
        found.into_iter().filter(|at| is_command(*at)).map(move |at| (at, at + words.len()))
    };
    let sets: Vec<(usize, usize)> = places(format!("{name}=")).collect();
    let (first, (at, value)) = (*sets.first()?, *sets.last()?);
    let ends = |end: usize| !text[end..].starts_with(|it: char| it.is_alphanumeric() || it == '_');
    let is_read = ["read ", "read -r ", "for "]
        .into_iter()
        .any(|how| places(format!("{how}{name}")).any(|(_, end)| ends(end)));
    if is_read || places(format!("{name}+=")).any(|(added, _)| added > at) {
        return None;
    }
    let words = |value: usize| Shell::at(text, value).word().text().to_owned();
    let is_one = sets.iter().all(|(_, other)| words(*other) == words(value));
    let is_always = line_to(text, at).trim().is_empty() && !branches(&text[first.0..before]);
    (is_one || is_always).then_some(value)
}

/// What of its line stands before a place.
pub(super) fn line_to(text: &str, at: usize) -> &str {
    &text[text[..at].rfind('\n').map_or(0, |feed| feed + 1)..at]
}

/// Whether a line is one from its beginning on, for both shells.
pub(super) fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// Words at the beginning of a line by which what follows is done or not, or several times.
const BRANCHING: &[&str] = &[
    "if", "then", "else", "elif", "elseif", "fi", "case", "esac", "switch", "for", "foreach",
    "while", "until", "do", "done", "function", ";;", "&&", "||",
];

/// Whether the lines of a script may not be done one after the other.
pub(super) fn branches(script: &str) -> bool {
    let first = |line: &str| {
        let line = line.trim_start_matches([' ', '\t', '}']).to_ascii_lowercase();
        let is_whole = |word: &&str| {
            line.strip_prefix(*word).is_some_and(|rest| {
                !word.ends_with(|it: char| it.is_alphanumeric())
                    || !rest.starts_with(|it: char| it.is_alphanumeric() || it == '_')
            })
        };
        BRANCHING.iter().any(is_whole)
    };
    script.lines().any(first)
}

/// What goes to another address than those that are known, and does not look like a body either, is another API's.
pub(super) fn meant<'t>(body: Body<'t>, url: Option<&Mapped>) -> Body<'t> {
    let stranger = url.and_then(|url| url::stranger(&url.text)).filter(|_| {
        let is_call = matches!(body.unjudged, Some(Unjudged::Call(_)));
        body.kind.is_none() && !is_call && !looks_like_a_body(&body.text)
    });
    match stranger {
        Some(host) => Body { unjudged: Some(Unjudged::Address(host.to_owned())), ..body },
        None => body,
    }
}

fn looks_like_url(word: &str) -> bool {
    word.contains("://") || word.contains("googleapis.com") || word.starts_with("localhost")
}

fn short_option(letter: char) -> Meaning {
    match letter {
        'd' => Meaning::Data(Data::Plain),
        _ if "AbcCDeEFHKmoPQrtTuUwxXyYz".contains(letter) => Meaning::Value,
        _ => Meaning::Flag,
    }
}

/// Options with a value, beside those for data; unknown ones are taken for flags, and their values for nothing.
const WITH_VALUE: &[&str] = &[
    "header",
    "request",
    "user",
    "user-agent",
    "output",
    "max-time",
    "connect-timeout",
    "retry",
    "retry-delay",
    "retry-max-time",
    "proxy",
    "proxy-header",
    "proxy-user",
    "cacert",
    "capath",
    "cert",
    "key",
    "write-out",
    "referer",
    "cookie",
    "cookie-jar",
    "form",
    "resolve",
    "connect-to",
    "config",
    "dump-header",
    "upload-file",
    "limit-rate",
    "interface",
    "noproxy",
    "oauth2-bearer",
    "data-urlencode",
    "trace",
    "trace-ascii",
    "stderr",
    "aws-sigv4",
];

fn long_option(name: &str) -> Meaning {
    match name {
        "data" | "data-ascii" => Meaning::Data(Data::Plain),
        "data-raw" => Meaning::Data(Data::Raw),
        "data-binary" => Meaning::Data(Data::Binary),
        "json" => Meaning::Data(Data::Json),
        "url" => Meaning::Url,
        _ if WITH_VALUE.contains(&name) => Meaning::Value,
        _ => Meaning::Flag,
    }
}

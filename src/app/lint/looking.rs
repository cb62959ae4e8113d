//! A file as it is looked through: its bodies, what rules say of each, and what was not judged. It must not phrase a verdict.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use crate::{
    commands::lint::{BodySeen, FileSeen, Left, Lint, NotJudged, STANDARD_INPUT},
    error::UserError,
    lint::{
        self, Given,
        document::Lines,
        input::{self, Body, Unjudged},
    },
    local::inputs::{self, Encoding, Place, Unread},
};

use super::{super::output::Output, corrected, find};

/// Files are needed whole, and offsets in them have 32 bits.
const MOST_BYTES: u64 = 1 << 30;

/// One run, as far as every file needs it.
pub(super) struct Looking<'a> {
    args: &'a Lint,
    given: &'a Given<'a>,
    output: &'a Output,
    /// Files that are looked through by themselves.
    named: HashSet<PathBuf>,
}

impl<'a> Looking<'a> {
    /// With the files that are looked at.
    pub(super) fn of(
        args: &'a Lint,
        given: &'a Given<'a>,
        output: &'a Output,
        files: &[inputs::File],
    ) -> Self {
        let path = |file: &inputs::File| match &file.place {
            Place::Path(path) => path.canonicalize().ok(),
            Place::Standard => None,
        };
        Self { args, given, output, named: files.iter().filter_map(path).collect() }
    }

    /// What is seen in a file, and in those that its commands send; nothing where it is one of a directory and holds no request.
    pub(super) fn at(&self, file: &inputs::File) -> Result<Option<Vec<FileSeen>>, UserError> {
        let name = name(file, self.args);
        let (text, is_wide) = match read(&file.place) {
            Ok(read) => read,
            Err(why) => return Ok(Some(vec![unread(name, why)])),
        };
        let mut bodies = input::bodies(&text);
        if find::is_script(&file.name) && is_text_alone(&bodies, &text) {
            bodies.clear();
        }
        if !file.named && !bodies.iter().any(|body| self.is_request(body)) {
            return Ok(None);
        }
        let mut sent = Vec::new();
        let seen = self.seen(name, &text, (bodies, is_wide), file, Some(&mut sent))?;
        Ok(Some(std::iter::once(seen).chain(sent).collect()))
    }

    /// Of a directory only what is a request is meant, and not its other files.
    fn is_request(&self, body: &Body<'_>) -> bool {
        match &body.unjudged {
            Some(Unjudged::Address(_)) => false,
            Some(Unjudged::Call(_)) => true,
            Some(Unjudged::File(_) | Unjudged::Shell) => body.kind.is_some(),
            None => {
                body.kind.is_some()
                    || lint::looks_like_a_body(&body.text)
                    || self.given.kind.is_some_and(|kind| lint::looks_like(kind, &body.text))
            }
        }
    }

    fn seen(
        &self,
        name: String,
        text: &str,
        (bodies, is_wide): (Vec<Body<'_>>, bool),
        file: &inputs::File,
        mut sent: Option<&mut Vec<FileSeen>>,
    ) -> Result<FileSeen, UserError> {
        let given = &Given { is_wide, ..self.given_for(file) };
        let mut lines = Lines::of(text);
        let (judged, others): (Vec<Body<'_>>, Vec<Body<'_>>) =
            bodies.into_iter().partition(|body| body.unjudged.is_none());
        let mut seen: Vec<BodySeen> =
            judged.iter().map(|body| looked(body, given, &mut lines)).collect();
        self.tell_of_unknown(&judged, &mut seen, &mut lines);
        for (body, seen) in judged.iter().zip(&mut seen) {
            self.tell_of_slips(body, seen, text, &mut lines);
        }
        let mut not_judged = Vec::new();
        for body in &others {
            let line = lines.place(input::place(body, 0)).line;
            let (why, left) = self.why(body, file, sent.as_deref_mut())?;
            let why = with_slips(why, body, text, &mut lines);
            // What goes to an address that is not known may be anything.
            let is_any = body.kind.is_none() && left == Left::Open;
            let left = if is_any { Left::Nothing } else { left };
            not_judged.push(NotJudged { name: body.name.clone(), line, why, left });
        }
        let written = match self.args.corrects() && !judged.is_empty() {
            true => Some(corrected::write(&judged, text, (self.args, given), &name, self.output)?),
            false => None,
        };
        let path = path_for_others(&file.place, &name);
        Ok(FileSeen { name, path, unread: None, bodies: seen, not_judged, written })
    }

    /// A model that is named beside one file is meant for it, whatever it says. Among several it is for those that name none.
    fn given_for(&self, file: &inputs::File) -> Given<'a> {
        if file.named && self.args.files.len() < 2 {
            return self.given.clone();
        }
        let fallback = self.given.model.or(self.given.fallback);
        Given { model: None, fallback, ..self.given.clone() }
    }

    /// Says once in a file what is put in later.
    fn tell_of_unknown(&self, bodies: &[Body<'_>], seen: &mut [BodySeen], lines: &mut Lines<'_>) {
        let places = bodies
            .iter()
            .flat_map(|body| body.unknown.iter().map(|piece| input::place(body, piece.start)));
        let places: Vec<usize> = places.map(|at| lines.place(at).line).collect();
        let first = bodies.iter().zip(seen).find(|(body, _)| !body.unknown.is_empty());
        let Some((body, seen)) = first else { return };
        let note = lint::note_of_unknown(&body.text, &body.unknown, &places);
        let Some(mut note) = note.filter(|note| !self.given.allowed.contains(&note.rule.id)) else {
            return;
        };
        in_the_file(&mut note, body);
        insert(seen, note, lines);
    }

    /// Says what is wrong with the command that sends a body.
    fn tell_of_slips(
        &self,
        body: &Body<'_>,
        seen: &mut BodySeen,
        text: &str,
        lines: &mut Lines<'_>,
    ) {
        let notes = body.slips.iter().map(|slip| lint::note_of_slip(slip, text));
        for note in notes.filter(|note| !self.given.allowed.contains(&note.rule.id)) {
            insert(seen, note, lines);
        }
    }

    /// Why a body was not judged here, and whether that leaves open what would become of it. A file that is there is looked
    /// through.
    fn why(
        &self,
        body: &Body<'_>,
        file: &inputs::File,
        sent: Option<&mut Vec<FileSeen>>,
    ) -> Result<(String, Left), UserError> {
        Ok(match &body.unjudged {
            Some(Unjudged::File(path)) => self.sent(path, body, file, sent)?,
            Some(Unjudged::Call(call)) => {
                (format!("it is a call of {call}, whose bodies are not judged"), Left::Nothing)
            }
            Some(Unjudged::Address(host)) => (
                format!("it goes to {host}, which is none of the APIs that are judged"),
                Left::Nothing,
            ),
            Some(Unjudged::Shell) | None => {
                let why = "the shell puts the body in when the command runs: have the command write it to a file, \
                           and lint that";
                (why.to_owned(), Left::Open)
            }
        })
    }

    /// A file that a command sends, looked for beside the command's own. Without a list to put it in it is left to the reader: files
    /// that are sent may send others, and one another in a ring.
    fn sent(
        &self,
        path: &str,
        body: &Body<'_>,
        file: &inputs::File,
        sent: Option<&mut Vec<FileSeen>>,
    ) -> Result<(String, Left), UserError> {
        let Some(there) = beside(path, file) else {
            return Ok((
                format!("the command sends the file {path}: gemini-doctor lint {path}"),
                Left::Open,
            ));
        };
        if !there.is_file() {
            let why = format!(
                "the command sends the file {path}, which is not there ({}): name it where it is",
                there.display()
            );
            return Ok((why, Left::Open));
        }
        let is_any = || {
            read(&Place::Path(there.clone())).is_ok_and(|(text, _)| lint::looks_like_a_body(&text))
        };
        if body.kind.is_none() && !is_any() {
            let why = format!("the command sends the file {path}, which is no body that is judged");
            return Ok((why, Left::Nothing));
        }
        let real = there.canonicalize().unwrap_or_else(|_| there.clone());
        let shown = there.display().to_string();
        match sent {
            _ if self.named.contains(&real) => {}
            Some(sent) if sent.iter().any(|seen| seen.name == shown) => {}
            Some(sent) => sent.push(self.of_command(there, body, file.named)?),
            None => {
                let why = format!(
                    "a file that a command sends has a command itself, which sends the file {path}: gemini-doctor lint {shown}"
                );
                return Ok((why, Left::Open));
            }
        }
        Ok((
            format!("the command sends the file {path}, which has a line of its own"),
            Left::ToItsFile,
        ))
    }

    fn of_command(
        &self,
        path: PathBuf,
        command: &Body<'_>,
        named: bool,
    ) -> Result<FileSeen, UserError> {
        let name = path.display().to_string();
        let place = Place::Path(path);
        let (text, is_wide) = match read(&place) {
            Ok(read) => read,
            Err(why) => return Ok(unread(name, why)),
        };
        let mut bodies = input::bodies(&text);
        for body in &mut bodies {
            body.kind = body.kind.or(command.kind);
            body.model = body.model.take().or_else(|| command.model.clone());
            body.version = body.version.or(command.version);
            body.service = body.service.or(command.service);
        }
        let file = inputs::File { name: name.clone(), place, named, bytes: None };
        self.seen(name, &text, (bodies, is_wide), &file, None)
    }
}

/// Puts a finding where it belongs in the order of the file.
fn insert(seen: &mut BodySeen, note: lint::Finding, lines: &mut Lines<'_>) {
    let before = seen.looked.findings.iter().filter(|one| one.span.start <= note.span.start);
    let at = before.count().min(seen.places.len());
    seen.places.insert(at, lines.place(note.span.start));
    seen.looked.findings.insert(at, note);
}

/// Why a body was not judged, and what is wrong with the command that sends it.
fn with_slips(why: String, body: &Body<'_>, text: &str, lines: &mut Lines<'_>) -> String {
    body.slips.iter().map(|slip| lint::note_of_slip(slip, text)).fold(why, |why, note| {
        let line = lines.place(note.span.start).line;
        format!("{why}; line {line}: {}", note.said)
    })
}

/// Whether a text was taken for one body since no command is in it.
fn is_text_alone(bodies: &[Body<'_>], text: &str) -> bool {
    let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
    !is_json && matches!(bodies, [only] if only.text.len() == text.len() && only.kind.is_none())
}

/// A file that could not be read.
pub(super) fn unread(name: String, why: String) -> FileSeen {
    FileSeen {
        path: name.clone(),
        name,
        unread: Some(why),
        bodies: Vec::new(),
        not_judged: Vec::new(),
        written: None,
    }
}

/// The file of a name in a command, as seen from where the command stands. Absolute ones may be of another machine.
fn beside(path: &str, file: &inputs::File) -> Option<PathBuf> {
    let Place::Path(own) = &file.place else { return None };
    let is_near = Path::new(path).is_relative() && !path.starts_with('~');
    is_near.then(|| own.parent().unwrap_or(Path::new("")).join(path))
}

fn looked(body: &Body<'_>, given: &Given<'_>, lines: &mut Lines<'_>) -> BodySeen {
    let mut looked = lint::look(&body.text, &of_body(body, given));
    let starts = looked.findings.iter().map(|finding| input::place(body, finding.span.start));
    let places = starts.map(|start| lines.place(start)).collect();
    looked.findings.iter_mut().for_each(|finding| in_the_file(finding, body));
    BodySeen { name: body.name.clone(), places, looked }
}

/// Places in a body become places in its file. Where a shell or another text has it in quotes, a correction is one of the body alone.
fn in_the_file(finding: &mut lint::Finding, body: &Body<'_>) {
    let whole = input::place(body, 0)..input::place(body, body.text.len());
    let is_straight = whole.len() == body.text.len();
    let moved = |span: &std::ops::Range<usize>| {
        input::place(body, span.start)..input::place(body, span.end)
    };
    finding.span = moved(&finding.span);
    for edit in finding.correction.iter_mut().flat_map(|correction| &mut correction.edits) {
        edit.span = moved(&edit.span);
    }
    if let Some(correction) = finding.correction.as_mut().filter(|_| !is_straight) {
        correction.edits.clear();
    }
}

/// What a command that sends a body says of it counts, unless somebody says otherwise.
pub(super) fn of_body<'g>(body: &'g Body<'_>, given: &Given<'g>) -> Given<'g> {
    Given {
        kind: given.kind.or(body.kind),
        model: given.model.or(body.model.as_deref()),
        version: body.version.unwrap_or(given.version),
        service: body.service.unwrap_or(given.service),
        unknown: &body.unknown,
        ..given.clone()
    }
}

fn name(file: &inputs::File, args: &Lint) -> String {
    match (&file.place, &args.stdin_filename) {
        (Place::Standard, Some(name)) => name.clone(),
        (Place::Standard, None) => STANDARD_INPUT.to_owned(),
        (Place::Path(_), _) => file.name.clone(),
    }
}

/// The text of a file, and whether it was UTF-16.
fn read(place: &Place) -> Result<(String, bool), String> {
    let (bytes, read) =
        inputs::read_whole_of_any_width(place, MOST_BYTES).map_err(|unread| match unread {
            Unread::Binary => "it is no text".to_owned(),
            Unread::Failed(why) => why,
        })?;
    let is_wide = matches!(read.encoding, Encoding::Utf16Little | Encoding::Utf16Big);
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("line {line} (byte {at}) is no UTF-8, as JSON is: write the file as such")
    })?;
    Ok((text, is_wide))
}

/// The path that hosts of code know a file by: from the repository's root on. Outside of one it is as it was named, and nothing
/// absolute is told.
pub(in crate::app) fn path_for_others(place: &Place, name: &str) -> String {
    let Place::Path(path) = place else { return name.to_owned() };
    let real = path.canonicalize().unwrap_or_else(|_| path.clone());
    let root = real.ancestors().skip(1).find(|above| above.join(".git").exists());
    let inside = root.and_then(|root| real.strip_prefix(root).ok());
    let told = inside.unwrap_or(if path.is_absolute() {
        Path::new(real.file_name().unwrap_or_default())
    } else {
        path
    });
    told.to_string_lossy().replace('\\', "/")
}

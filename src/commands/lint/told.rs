//! What was found, in sentences, rows and tables: the verdict first, then each finding with its place. It must not look at
//! bodies.

use serde_json::Value;

use crate::{
    facts::{Check, Layer, Severity, Status},
    lint::{
        Change, Finding, Looked,
        document::{End, Line},
    },
    report::document::{About, Column, Place, Remark, Sheet},
    settings::Shell,
};

use super::{
    changes::{difference, written},
    data,
    next::next,
    words::{Tally, counted, kind_words, level},
};

/// Answers that are told.
const MOST_ANSWERS: usize = 3;
/// Rows of a file's table.
const MOST_ROWS: usize = 40;
/// Bodies that were not judged, of which a file tells why.
const MOST_REASONS: usize = 5;
/// Files that were passed over, which are named.
const MOST_NAMES: usize = 5;

/// A file that was looked through.
pub struct FileSeen {
    /// How it was named.
    pub name: String,
    /// The path that other programs are told: from the repository's root on.
    pub path: String,
    /// Why it could not be read.
    pub unread: Option<String>,
    /// The bodies in it.
    pub bodies: Vec<BodySeen>,
    /// Those that no rule was held against.
    pub not_judged: Vec<NotJudged>,
    /// What was corrected, where that was asked for.
    pub written: Option<Written>,
}

/// A body that was looked through.
pub struct BodySeen {
    /// Which one of its file: `line 7`; empty where it is the only one.
    pub name: String,
    /// What was found.
    pub looked: Looked,
    /// Where in the file.
    pub places: Vec<Line>,
}

/// A body that no rule was held against.
pub struct NotJudged {
    /// Which one of its file.
    pub name: String,
    /// Where it stands, or the command that sends it.
    pub line: usize,
    /// Why.
    pub why: String,
    /// What that leaves open.
    pub left: Left,
}

/// What a body leaves open that no rule was held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Whether it would be refused: it may be one that rules know.
    Open,
    /// Nothing that rules could tell.
    Nothing,
    /// Nothing, since it is looked through as a file of its own.
    ToItsFile,
}

/// A new file with corrections.
pub struct Written {
    /// Its path; none where there was nothing to correct.
    pub path: Option<String>,
    /// What was changed.
    pub changes: Vec<Change>,
    /// What differs.
    pub diff: String,
    /// What is left in the new file.
    pub left: Tally,
    /// The rule of the first error that is left.
    pub first_left: Option<&'static str>,
    /// Whether the body is whole only when a command runs, so that none can be written.
    pub is_open: bool,
}

impl FileSeen {
    /// How much was found.
    pub fn tally(&self) -> Tally {
        let bodies = self.bodies.iter().map(|body| Tally::of(body.looked.findings.iter()));
        bodies.fold(Tally::default(), Tally::and)
    }

    /// What counts for the verdict: what is left where corrections were written.
    pub(super) fn judged(&self) -> Tally {
        self.written.as_ref().map_or_else(|| self.tally(), |written| written.left)
    }

    /// Why it is open whether something in it would be refused.
    fn open(&self) -> Option<&str> {
        let unread = self.unread.as_deref();
        let body =
            self.not_judged.iter().find(|one| one.left == Left::Open).map(|one| one.why.as_str());
        let has_more = self.bodies.iter().any(|body| body.looked.end == End::TooMany);
        let more = has_more.then_some("it has more values than are looked through");
        unread.or(body).or(more)
    }

    /// Whether a rule was held against anything in it.
    pub(super) fn is_judged(&self) -> bool {
        self.bodies.iter().any(BodySeen::is_judged)
    }

    /// Whether it has what a service refuses unless it has grown beyond its published definition.
    fn may_be_refused(&self) -> bool {
        let mut findings = self.bodies.iter().flat_map(|body| &body.looked.findings);
        findings.any(|finding| finding.rule.id == "field-not-in-v1")
    }

    /// Why nothing in it was judged.
    pub fn unjudged(&self) -> String {
        let of_body = self.bodies.iter().find_map(|body| body.looked.unjudged);
        match (&self.unread, self.not_judged.first(), of_body) {
            (Some(why), ..) => why.clone(),
            (_, Some(one), _) => one.why.clone(),
            (.., Some(why)) => why.to_owned(),
            _ => "there is no body of a request in it".to_owned(),
        }
    }

    pub(super) fn found(&self) -> impl Iterator<Item = (&BodySeen, &Finding, Line)> {
        let of = |body: &'_ BodySeen| body.looked.findings.len();
        debug_assert!(self.bodies.iter().all(|body| of(body) == body.places.len()));
        self.bodies.iter().flat_map(|body| {
            body.looked
                .findings
                .iter()
                .zip(&body.places)
                .map(move |(finding, place)| (body, finding, *place))
        })
    }
}

impl BodySeen {
    fn is_judged(&self) -> bool {
        self.looked.unjudged.is_none()
    }
}

/// What `lint` tells.
pub struct Told {
    /// One word in capitals.
    pub word: &'static str,
    /// One sentence.
    pub sentence: String,
    /// A row a file.
    pub checks: Vec<Check>,
    /// Places for other programs.
    pub places: Vec<Place>,
    /// The command's data.
    pub data: Value,
    /// Its tables.
    pub sheets: Vec<Sheet>,
    /// What stands below them.
    pub remarks: Vec<Remark>,
    /// What was not looked at.
    pub limits: Vec<String>,
    /// What to type next.
    pub next: Option<String>,
    /// Whether a file could not be read.
    pub is_bad_input: bool,
}

/// Puts what was found into words; some files of directories were passed over.
pub fn told(files: &[FileSeen], passed_over: &[String], shell: Shell) -> Told {
    let tally = files.iter().map(FileSeen::judged).fold(Tally::default(), Tally::and);
    // Where nothing was judged at all, that is what there is to say.
    let is_judged = files.iter().any(FileSeen::is_judged);
    Told {
        word: word(tally, files, is_judged),
        sentence: sentence(files, tally, is_judged),
        checks: files.iter().map(|file| check(file, is_judged)).collect(),
        places: files.iter().flat_map(places).collect(),
        data: data::data(files, tally, passed_over),
        sheets: files.iter().filter_map(sheet).chain(files.iter().filter_map(difference)).collect(),
        remarks: answers(files).into_iter().chain(files.iter().filter_map(written)).collect(),
        limits: limits(files, passed_over),
        next: next(files, shell),
        is_bad_input: files.iter().any(|file| file.unread.is_some()),
    }
}

fn word(tally: Tally, files: &[FileSeen], is_judged: bool) -> &'static str {
    match () {
        () if tally.errors > 0 => "FAIL",
        () if !is_judged || files.iter().any(|file| file.open().is_some()) => "INCONCLUSIVE",
        () if tally.warnings > 0 => "WARN",
        () => "PASS",
    }
}

fn sentence(files: &[FileSeen], tally: Tally, is_judged: bool) -> String {
    let mut sentence = verdict(files, tally, is_judged);
    let mut unread = files.iter().filter(|file| file.unread.is_some());
    if let Some(first) = unread.next().filter(|_| tally.errors > 0) {
        let others = match unread.count() {
            0 => String::new(),
            count => format!(", and so could {count} more"),
        };
        sentence.pop();
        sentence.push_str(&format!("; {} could not be read{others}.", first.name));
    }
    sentence
}

fn verdict(files: &[FileSeen], tally: Tally, is_judged: bool) -> String {
    let refused: Vec<&FileSeen> = files.iter().filter(|file| file.judged().errors > 0).collect();
    let what = |file: &FileSeen| match &file.written {
        Some(Written { path: Some(path), .. }) => path.clone(),
        _ => file.name.clone(),
    };
    let open = files.iter().find_map(|file| Some((file, file.open()?)));
    match (&refused[..], files, open) {
        ([], [file], _) if !is_judged && file.unread.is_none() => {
            format!("nothing in {} was judged: {}.", file.name, file.unjudged())
        }
        ([], _, Some((file, why))) if file.unread.is_some() => {
            let rest = match is_judged {
                true => "; nothing in the rest would be refused",
                false => "",
            };
            format!("{} could not be read: {why}{rest}.", file.name)
        }
        ([], _, Some((file, why))) => {
            format!("{} was not looked through whole: {why}.", file.name)
        }
        ([], [first, ..], _) if !is_judged => format!(
            "nothing in {} was judged; the first, {}: {}.",
            counted(files.len(), "file"),
            first.name,
            first.unjudged()
        ),
        ([], ..) => {
            let judged: Vec<&FileSeen> = files.iter().filter(|file| file.is_judged()).collect();
            let would = match judged.iter().any(|file| file.may_be_refused()) {
                true => "is known to be refused",
                false => "would be refused",
            };
            let what = match &judged[..] {
                [file] => format!("{} {would} ({})", what(file), about(file)),
                judged => format!("{} {would}", counted(judged.len(), "file")),
            };
            format!("nothing in {what}: {}.", rest(tally))
        }
        ([file], [_], _) => {
            format!("{} would be refused: {}{}.", what(file), file.judged().words(), first(file))
        }
        (refused, ..) => format!(
            "{} of {} would be refused: {}; the first is {}{}.",
            refused.len(),
            counted(files.len(), "file"),
            tally.words(),
            what(refused[0]),
            first(refused[0]),
        ),
    }
}

fn rest(tally: Tally) -> String {
    match tally {
        Tally { warnings: 0, notes: 0, .. } => "no finding".to_owned(),
        tally => tally.words(),
    }
}

/// The kind of body and its model.
fn about(file: &FileSeen) -> String {
    let Some(body) = file.bodies.first() else { return "nothing in it".to_owned() };
    let kind = kind_words(body.looked.kind);
    match &body.looked.model {
        Some(model) => format!("{kind}, {model}"),
        None => kind.to_owned(),
    }
}

/// The first error, where it is still there.
fn first(file: &FileSeen) -> String {
    let corrected = file.written.as_ref().is_some_and(|written| written.path.is_some());
    let error = file.found().find(|(_, finding, _)| finding.rule.severity == Severity::Error);
    match error.filter(|_| !corrected) {
        Some((_, finding, place)) => {
            format!("; the first in line {}: {}", place.line, said(finding))
        }
        None => String::new(),
    }
}

fn check(file: &FileSeen, is_any_judged: bool) -> Check {
    let tally = file.judged();
    let status = match () {
        () if tally.errors > 0 => Status::Fail,
        () if file.open().is_some() => Status::Inconclusive,
        () if !file.is_judged() && !is_any_judged => Status::Inconclusive,
        () if !file.is_judged() => Status::Skip,
        () if tally.warnings > 0 => Status::Warn,
        () => Status::Pass,
    };
    let detail = match file.bodies.len() {
        _ if !file.is_judged() && tally.errors == 0 => format!("not judged: {}", file.unjudged()),
        0 => file.unjudged(),
        1 => format!("{}: {}", about(file), rest_or(tally)),
        bodies => {
            format!("{}: {}", counted(bodies, "body").replace("bodys", "bodies"), rest_or(tally))
        }
    };
    Check {
        id: "request.lint".to_owned(),
        stage: 1,
        title: file.name.clone(),
        layer: Layer::Request,
        status,
        duration_ms: None,
        detail,
        attempts: Vec::new(),
    }
}

fn rest_or(tally: Tally) -> String {
    if tally.errors > 0 { tally.words() } else { rest(tally) }
}

/// What the API would answer, by the first error, and what is known of that answer.
fn answers(files: &[FileSeen]) -> Vec<Remark> {
    let errors = files.iter().filter(|file| file.judged().errors > 0).flat_map(FileSeen::found);
    let mut told: Vec<&'static str> = Vec::new();
    let mut remarks = Vec::new();
    for (_, finding, _) in errors.filter(|(_, finding, _)| finding.rule.severity == Severity::Error)
    {
        let Some(id) = finding.fix().filter(|id| !told.contains(id) && told.len() < MOST_ANSWERS)
        else {
            continue;
        };
        told.push(id);
        remarks.push(Remark {
            label: "answer",
            text: format!("{} ({})", finding.rule.answer, finding.rule.id),
            command: Some(format!("gemini-doctor fixes {id}")),
        });
    }
    remarks
}

fn places(file: &FileSeen) -> Vec<Place> {
    let of = |(body, finding, place): (&BodySeen, &Finding, Line)| {
        let rule = finding.rule;
        let page = rule.docs.first().copied().unwrap_or_default();
        Place {
            rule: rule.id.to_owned(),
            about: Some(About { title: rule.title, why: rule.why, page, level: rule.severity }),
            level: rule.severity,
            message: message(finding),
            file: file.path.clone(),
            member: None,
            line: Some(place.line),
            column: Some(place.column),
            offset: u64::try_from(finding.span.start).unwrap_or_default(),
            stable: format!("{}{}", body.name, finding.path),
        }
    };
    file.found().map(of).collect()
}

fn message(finding: &Finding) -> String {
    match &finding.correction {
        Some(correction) => format!("{}. {}", said(finding), correction.words),
        None => said(finding),
    }
}

/// The path, unless the sentence begins with it.
fn said(finding: &Finding) -> String {
    match finding.said.starts_with(&finding.path) {
        true => finding.said.clone(),
        false => format!("{}: {}", finding.path, finding.said),
    }
}

fn sheet(file: &FileSeen) -> Option<Sheet> {
    let rows: Vec<Vec<String>> = file.found().take(MOST_ROWS).map(row).collect();
    let count = file.found().count();
    let unlisted: usize =
        file.bodies.iter().flat_map(|body| &body.looked.more).map(|(_, count)| count).sum();
    let hidden = count - rows.len() + unlisted;
    let notes = (hidden > 0).then(|| {
        format!("and {hidden} more; --format json has those of each rule up to 20 a body")
    });
    (!rows.is_empty()).then(|| Sheet {
        title: file.name.clone(),
        columns: ["line", "level", "what"].map(Column::text).to_vec(),
        rows,
        notes: notes.into_iter().collect(),
    })
}

fn row((_, finding, place): (&BodySeen, &Finding, Line)) -> Vec<String> {
    let at = if place.column == 1 {
        place.line.to_string()
    } else {
        format!("{}:{}", place.line, place.column)
    };
    vec![
        at,
        level(finding.rule.severity).to_owned(),
        format!("{} [{}]", message(finding), finding.rule.id),
    ]
}

fn limits(files: &[FileSeen], passed_over: &[String]) -> Vec<String> {
    let bodies = || files.iter().flat_map(|file| &file.bodies);
    let without_model = bodies().any(|body| {
        body.is_judged() && body.looked.model.is_none() && body.looked.kind.has_model()
    });
    let cut = bodies().any(|body| body.looked.end == End::CutOff);
    let many = bodies().any(|body| body.looked.end == End::TooMany);
    let were = if passed_over.len() == 1 { "it holds" } else { "they hold" };
    [
        without_model.then(|| "no model is named, so that rules which depend on it found nothing: --model NAME".to_owned()),
        cut.then(|| "a body was cut off: what is missing behind the end was not judged".to_owned()),
        many.then(|| "a body has more values than are looked through".to_owned()),
        (!passed_over.is_empty()).then(|| {
            let count = counted(passed_over.len(), "file");
            let names = first_names(passed_over);
            format!("{count} of directories passed over, since {were} no request: {names}")
        }),
        Some(format!(
            "the tables are of {}: what is newer, and what depends on the key, its quota and its project, only a call shows",
            crate::lint::TABLES_AS_OF
        )),
    ]
    .into_iter()
    .flatten()
    .chain(files.iter().flat_map(not_judged))
    .collect()
}

/// The first of some names, and how many more.
fn first_names(names: &[String]) -> String {
    let first = names.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// What of a file was not judged, and why.
fn not_judged(file: &FileSeen) -> Vec<String> {
    let unread = file.unread.iter().map(|why| format!("{} could not be read: {why}", file.name));
    let told = || file.not_judged.iter().filter(|one| one.left != Left::ToItsFile);
    let commands = told()
        .take(MOST_REASONS)
        .map(|one| format!("{}:{}: the body was not judged: {}", file.name, one.line, one.why));
    let bodies = file.bodies.iter().filter_map(|body| Some((body, body.looked.unjudged?)));
    let bodies = bodies.take(MOST_REASONS).map(|(body, why)| {
        let place = if body.name.is_empty() { String::new() } else { format!(", {}", body.name) };
        format!("{}{place}: the body was not judged: {why}", file.name)
    });
    let more = told().count().saturating_sub(MOST_REASONS);
    let more = (more > 0).then(|| format!("{}: {more} more bodies were not judged", file.name));
    unread.chain(commands).chain(bodies).chain(more).collect()
}

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
};

use super::{
    data,
    words::{Tally, counted, kind_words, level},
};

/// Answers that are told.
const MOST_ANSWERS: usize = 3;
/// Rows of a file's table.
const MOST_ROWS: usize = 40;
/// Lines of a difference.
const MOST_LINES: usize = 120;
/// Of a line of a difference, as much as says what changed.
const LONGEST: usize = 200;

/// A file that was looked through.
pub struct FileSeen {
    /// How it was named.
    pub name: String,
    /// The path that other programs are told: from the repository's root on.
    pub path: String,
    /// Why it could not be read.
    pub trouble: Option<String>,
    /// The bodies in it.
    pub bodies: Vec<BodySeen>,
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
}

impl FileSeen {
    /// How much was found.
    pub fn tally(&self) -> Tally {
        let bodies = self.bodies.iter().map(|body| Tally::of(body.looked.findings.iter()));
        bodies.fold(Tally::default(), Tally::and)
    }

    /// What counts for the verdict: what is left where corrections were written.
    fn judged(&self) -> Tally {
        self.written.as_ref().map_or_else(|| self.tally(), |written| written.left)
    }

    fn is_whole(&self) -> bool {
        self.trouble.is_none() && self.bodies.iter().all(|body| body.looked.end != End::TooMany)
    }

    fn found(&self) -> impl Iterator<Item = (&BodySeen, &Finding, Line)> {
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
}

/// Puts what was found into words.
pub fn told(files: &[FileSeen]) -> Told {
    let tally = files.iter().map(FileSeen::judged).fold(Tally::default(), Tally::and);
    Told {
        word: word(tally, files),
        sentence: sentence(files, tally),
        checks: files.iter().map(check).collect(),
        places: files.iter().flat_map(places).collect(),
        data: data::data(files, tally),
        sheets: files.iter().filter_map(sheet).chain(files.iter().filter_map(difference)).collect(),
        remarks: answers(files).into_iter().chain(files.iter().filter_map(written)).collect(),
        limits: limits(files),
        next: next(files),
    }
}

fn word(tally: Tally, files: &[FileSeen]) -> &'static str {
    match () {
        () if tally.errors > 0 => "FAIL",
        () if files.iter().any(|file| !file.is_whole()) => "INCONCLUSIVE",
        () if tally.warnings > 0 => "WARN",
        () => "PASS",
    }
}

fn sentence(files: &[FileSeen], tally: Tally) -> String {
    let refused: Vec<&FileSeen> = files.iter().filter(|file| file.judged().errors > 0).collect();
    let what = |file: &FileSeen| match &file.written {
        Some(Written { path: Some(path), .. }) => path.clone(),
        _ => file.name.clone(),
    };
    let unread = files.iter().find(|file| !file.is_whole());
    match (&refused[..], files) {
        ([], _) if unread.is_some() => {
            let file = unread.map_or("", |file| file.name.as_str());
            let why = unread
                .and_then(|file| file.trouble.as_deref())
                .unwrap_or("it has more values than are looked through");
            format!("{file} was not looked through whole: {why}.")
        }
        ([], [file]) => format!(
            "nothing in {} would be refused ({}): {}.",
            what(file),
            about(file),
            rest(tally)
        ),
        ([], _) => format!(
            "nothing in {} would be refused: {}.",
            counted(files.len(), "file"),
            rest(tally)
        ),
        ([file], _) if files.len() == 1 => {
            format!("{} would be refused: {}{}.", what(file), file.judged().words(), first(file))
        }
        (refused, _) => format!(
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

fn check(file: &FileSeen) -> Check {
    let tally = file.judged();
    let status = match () {
        () if tally.errors > 0 => Status::Fail,
        () if !file.is_whole() => Status::Inconclusive,
        () if tally.warnings > 0 => Status::Warn,
        () => Status::Pass,
    };
    let detail = match file.bodies.len() {
        0 => file.trouble.clone().unwrap_or_else(|| "there is no body in it".to_owned()),
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
        let Some(id) =
            finding.rule.fix.filter(|id| !told.contains(id) && told.len() < MOST_ANSWERS)
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

/// The changes that were written, as they differ.
fn difference(file: &FileSeen) -> Option<Sheet> {
    let written = file.written.as_ref().filter(|written| !written.diff.is_empty())?;
    let mut lines: Vec<String> = written.diff.lines().take(MOST_LINES).map(clipped).collect();
    let more = written.diff.lines().count() - lines.len();
    if more > 0 {
        lines.push(format!("... and {more} more lines"));
    }
    Some(Sheet {
        title: format!("changes of {}", file.name),
        columns: ["line", "change"].map(Column::text).to_vec(),
        rows: written.changes.iter().take(MOST_ROWS).map(changed).collect(),
        notes: lines,
    })
}

fn changed(change: &Change) -> Vec<String> {
    vec![
        change.at.line.to_string(),
        format!("{}: {}", change.path, change.words),
        change.rule.to_owned(),
    ]
}

fn clipped(line: &str) -> String {
    let mut letters = line.char_indices();
    match letters.nth(LONGEST) {
        Some((end, _)) => format!("{} ...", &line[..end]),
        None => line.to_owned(),
    }
}

fn written(file: &FileSeen) -> Option<Remark> {
    let written = file.written.as_ref()?;
    let text = match &written.path {
        Some(path) => format!(
            "{path}: {}; left to you: {}",
            counted(written.changes.len(), "correction"),
            written.left.words(),
        ),
        None => format!("nothing of {} can be corrected without knowing what is meant", file.name),
    };
    Some(Remark { label: "written", text, command: None })
}

fn limits(files: &[FileSeen]) -> Vec<String> {
    let without_model = files
        .iter()
        .flat_map(|file| &file.bodies)
        .any(|body| body.looked.model.is_none() && body.looked.kind.has_model());
    let cut = files.iter().flat_map(|file| &file.bodies).any(|body| body.looked.end == End::CutOff);
    let many =
        files.iter().flat_map(|file| &file.bodies).any(|body| body.looked.end == End::TooMany);
    let missing =
        files.iter().filter_map(|file| Some(format!("{}: {}", file.name, file.trouble.as_ref()?)));
    [
        without_model.then(|| "no model is named, so that rules which depend on it found nothing: --model NAME".to_owned()),
        cut.then(|| "a body was cut off: what is missing behind the end was not judged".to_owned()),
        many.then(|| "a body has more values than are looked through".to_owned()),
        Some(format!(
            "the tables are of {}: what is newer, and what depends on the key, its quota and its project, only a call shows",
            crate::lint::TABLES_AS_OF
        )),
    ]
    .into_iter()
    .flatten()
    .chain(missing)
    .collect()
}

fn next(files: &[FileSeen]) -> Option<String> {
    let file = files.iter().find(|file| file.judged().errors > 0).or(files.first())?;
    if file.bodies.is_empty() {
        return None;
    }
    if file.name == crate::commands::lint::STANDARD_INPUT {
        return None;
    }
    let can_be_corrected = file.written.is_none()
        && file.found().any(|(_, finding, _)| {
            finding.correction.as_ref().is_some_and(|one| one.is_mechanical)
        });
    Some(match (can_be_corrected, file.judged().errors) {
        (true, _) => format!("gemini-doctor lint {} --fix", file.name),
        (false, 0) => format!("gemini-doctor bisect {}", file.name),
        (false, _) => {
            let id = file
                .found()
                .find(|(_, finding, _)| finding.rule.severity == Severity::Error)?
                .1
                .rule
                .id;
            format!("gemini-doctor lint --list {id}")
        }
    })
}

//! `lint`: opens the files, has the bodies in them looked through, writes corrections, and tells what was found.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use crate::{
    commands::lint::{self as command, BodySeen, FileSeen, Lint, STANDARD_INPUT, Tally, Written},
    error::UserError,
    exit::Exit,
    facts::time,
    lint::{
        self, Given, Service, Version,
        document::Lines,
        input::{self, Body, Elsewhere},
    },
    local::inputs::{self, Encoding, Place, Unread, Wanted},
    probe::Clock,
    report::{Format, Holds, Report},
    settings::{self, Settings, World},
};

use super::{build, offline, output::Output, refuse};

const COMMAND: &str = "lint";
/// Files are needed whole, and offsets in them have 32 bits.
const MOST_BYTES: u64 = 1 << 30;
/// What is taken of a directory.
const ENDINGS: &[&str] = &["json", "jsonl", "ndjson", "har"];

/// `lint`.
pub(super) fn run(args: &Lint, machine: &World) -> Exit {
    if args.list.as_deref() == Some("")
        && args.output.format.as_deref() == Some(Format::Markdown.word())
    {
        Output::plain(machine).text(&command::page());
        return Exit::Healthy;
    }
    if let Some(text) = &args.list {
        return offline::offline(COMMAND, &args.output, machine, |_| {
            let (sentence, data, sheets) = command::list(text)?;
            Ok(build::offline(COMMAND, &sentence, data, sheets))
        });
    }
    let given = settings::Given { quiet: args.quiet, ..args.output.given(&args.report) };
    let output = match Output::new(&given, machine, Holds::Places) {
        Ok(output) => output,
        Err(error) => return refuse(&Output::plain(machine), COMMAND, &error),
    };
    let done = document(args, machine, &output).and_then(|report| output.report(&report));
    done.unwrap_or_else(|error| refuse(&output, COMMAND, &error))
}

fn document(args: &Lint, machine: &World, output: &Output) -> Result<Report, UserError> {
    let clock = Clock::start();
    let fail_on = build::fail_on(args.fail_on.as_deref())?;
    let allowed = args.allowed()?;
    let settings = Settings::resolve(
        &settings::Given { dry_run: true, ..settings::Given::default() },
        machine,
    )?;
    let now = time::rfc3339(clock.started_unix_ms());
    let given = Given {
        kind: args.kind,
        service: args.api.unwrap_or(Service::Developer),
        version: args.api_version.unwrap_or(Version::V1Beta),
        model: args.model.as_deref(),
        fallback: settings.model.as_ref().map(|model| model.value.as_str()),
        counts: !args.no_count,
        allowed: &allowed,
        ..Given::on(&settings.model_table, now.get(..10).unwrap_or_default())
    };
    let named = files(args)?;
    if args.fix_to.is_some() && named.len() != 1 {
        let what = "could not correct several files into one";
        return Err(UserError::usage(
            what,
            "name one FILE with --fix-to, or use --fix, which writes one beside each",
        ));
    }
    output.doing("lint: reading");
    let mut all = Vec::new();
    for file in &named {
        all.extend(seen(file, args, &given, output)?);
    }
    let seen = all;
    let told = command::told(&seen);
    let judged = build::Judged {
        word: told.word,
        sentence: told.sentence,
        checks: told.checks,
        data: told.data,
        sheets: told.sheets,
        remarks: told.remarks,
        limits: told.limits,
        next: told.next,
    };
    let mut report = build::judged(COMMAND, judged, &fail_on);
    report.places = told.places;
    build::time(&mut report, &clock);
    Ok(report)
}

/// The files that are meant; of directories those that look like bodies.
fn files(args: &Lint) -> Result<Vec<inputs::File>, UserError> {
    let mut paths = args.files.clone();
    if paths.is_empty() {
        if std::io::IsTerminal::is_terminal(&std::io::stdin()) {
            return Err(UserError::usage(
                "could not lint anything: no FILE is named, and nothing is piped in",
                "gemini-doctor lint request.json, or some-command | gemini-doctor lint -",
            ));
        }
        paths.push(PathBuf::from("-"));
    }
    let mut found = inputs::find(&Wanted { paths: &paths, ignore: true, hidden: false });
    if let Some(trouble) = found.troubles.first() {
        let what = format!("could not read {}: {}", trouble.name, trouble.why);
        return Err(UserError::usage(what, "name files that are there, or - for standard input"));
    }
    found.files.retain(|file| file.named || has_an_ending(&file.name));
    if found.files.is_empty() {
        let what = "could not lint anything: there is no body in what is named";
        return Err(UserError::usage(
            what,
            format!("of a directory files are taken that end in {}", ENDINGS.join(", ")),
        ));
    }
    Ok(found.files)
}

fn has_an_ending(name: &str) -> bool {
    Path::new(name)
        .extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| ENDINGS.contains(&ending))
}

fn seen(
    file: &inputs::File,
    args: &Lint,
    given: &Given<'_>,
    output: &Output,
) -> Result<Option<FileSeen>, UserError> {
    let name = name(file, args);
    let (text, is_wide) = read(file, &name)?;
    let given = &Given { is_wide, ..given.clone() };
    let (bodies, missing): (Vec<Body<'_>>, Vec<Body<'_>>) =
        input::bodies(&text).into_iter().partition(|body| body.elsewhere.is_none());
    // Of a directory only what is a body is meant, and not its other files.
    if !file.named && !bodies.iter().any(|body| lint::looks_like_a_body(&body.text)) {
        return Ok(None);
    }
    let mut lines = Lines::of(&text);
    let look = |body: &Body<'_>, lines: &mut Lines<'_>| {
        let mut looked = lint::look(&body.text, &of_body(body, given));
        let places = looked
            .findings
            .iter()
            .map(|finding| lines.place(input::place(body, finding.span.start)));
        let places = places.collect();
        looked.findings.iter_mut().for_each(|finding| in_the_file(finding, body));
        BodySeen { name: body.name.clone(), places, looked }
    };
    let written = if args.corrects() {
        Some(corrected(&bodies, &text, (args, given), &name, output)?)
    } else {
        None
    };
    Ok(Some(FileSeen {
        path: path_for_others(&file.place, &name),
        bodies: bodies.iter().map(|body| look(body, &mut lines)).collect(),
        trouble: missing.first().and_then(|body| body.elsewhere.as_ref()).map(elsewhere),
        written,
        name,
    }))
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

/// What is to be done about a body that a command only names.
fn elsewhere(place: &Elsewhere) -> String {
    match place {
        Elsewhere::File(path) => {
            format!("the command sends the file {path}: gemini-doctor lint {path}")
        }
        Elsewhere::Shell => {
            "the shell puts the body in when the command runs: print it, and lint that".to_owned()
        }
    }
}

/// What a command that sends a body says of it counts, unless somebody says otherwise.
fn of_body<'g>(body: &'g Body<'_>, given: &Given<'g>) -> Given<'g> {
    Given {
        kind: given.kind.or(body.kind),
        model: given.model.or(body.model.as_deref()),
        version: body.version.unwrap_or(given.version),
        service: body.service.unwrap_or(given.service),
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
fn read(file: &inputs::File, name: &str) -> Result<(String, bool), UserError> {
    let (bytes, read) = inputs::read_whole(&file.place, MOST_BYTES).map_err(|unread| {
        let why = match unread {
            Unread::Binary => "it is no text".to_owned(),
            Unread::Failed(why) => why,
        };
        UserError::usage(
            format!("could not read {name}: {why}"),
            "a body is JSON, a curl command or a HAR file",
        )
    })?;
    let is_wide = matches!(read.encoding, Encoding::Utf16Little | Encoding::Utf16Big);
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        let what = format!("could not read {name}: line {line} (byte {at}) is no UTF-8");
        UserError::usage(what, "JSON is UTF-8: write the file as such")
    })?;
    Ok((text, is_wide))
}

/// The path that hosts of code know a file by: from the repository's root on. Outside of one it is as it was named, and nothing
/// absolute is told.
pub(super) fn path_for_others(place: &Place, name: &str) -> String {
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

/// Writes the corrected text beside the file, and never over one that is there.
fn corrected(
    bodies: &[Body<'_>],
    text: &str,
    (args, given): (&Lint, &Given<'_>),
    name: &str,
    output: &Output,
) -> Result<Written, UserError> {
    let fixed: Vec<lint::Fixed> =
        bodies.iter().map(|body| lint::fix(&body.text, &of_body(body, given))).collect();
    let left = fixed
        .iter()
        .map(|one| Tally::of(one.left.findings.iter()))
        .fold(Tally::default(), Tally::and);
    let changes = changes(bodies, &fixed, text);
    refuse_several(bodies, name)?;
    if changes.is_empty() {
        return Ok(Written { path: None, changes, diff: String::new(), left });
    }
    let path = target(args, name)?;
    let new = whole(bodies, &fixed, text);
    let old = if bodies.len() == 1 { bodies[0].text.clone() } else { Cow::Borrowed(text) };
    let diff = lint::unified(&old, &new, name, &path.display().to_string());
    output.copy(&path, new.as_bytes()).map_err(|error| {
        let what = format!("could not write {}: {error}", path.display());
        UserError::usage(what, "name a file in a directory that can be written: --fix-to PATH")
    })?;
    Ok(Written { path: Some(path.display().to_string()), changes, diff, left })
}

/// What was changed, with the lines of the file where each line of it is a body.
fn changes(bodies: &[Body<'_>], fixed: &[lint::Fixed], text: &str) -> Vec<lint::Change> {
    let mut lines = Lines::of(text);
    let of = |(body, one): (&Body<'_>, &lint::Fixed)| {
        let before =
            if body.name.is_empty() { 0 } else { lines.place(input::place(body, 0)).line - 1 };
        let mut changes = one.changes.clone();
        changes.iter_mut().for_each(|change| change.at.line += before);
        changes
    };
    bodies.iter().zip(fixed).flat_map(of).collect()
}

/// Bodies that stand in something else than lines of their own have no file that could be written anew.
fn refuse_several(bodies: &[Body<'_>], name: &str) -> Result<(), UserError> {
    if bodies.len() < 2 || bodies.iter().all(|body| body.name.starts_with("line ")) {
        return Ok(());
    }
    let what = format!("could not correct {name}: it holds {} requests", bodies.len());
    Err(UserError::usage(what, "save the body of one of them as JSON, and correct that"))
}

/// The new text: the body alone, or the file with each of its bodies in its place.
fn whole(bodies: &[Body<'_>], fixed: &[lint::Fixed], text: &str) -> String {
    if let ([Body { name, .. }], [one]) = (bodies, fixed)
        && name.is_empty()
    {
        return one.text.clone();
    }
    let edits = bodies.iter().zip(fixed).map(|(body, one)| lint::Edit {
        span: input::place(body, 0)..input::place(body, body.text.len()),
        text: one.text.trim().to_owned(),
    });
    lint::changed(text, edits.collect())
}

fn target(args: &Lint, name: &str) -> Result<PathBuf, UserError> {
    let path = match &args.fix_to {
        Some(path) => path.clone(),
        None if name == STANDARD_INPUT => {
            let what = "could not write the corrections of standard input: it has no name";
            return Err(UserError::usage(what, "name the new file: --fix-to PATH"));
        }
        None => beside(Path::new(name)),
    };
    if path.exists() {
        let what = format!("could not write {}: it is there already", path.display());
        return Err(UserError::usage(what, "move it away, or name another: --fix-to PATH"));
    }
    Ok(path)
}

/// `request.json` becomes `request.fixed.json`.
fn beside(path: &Path) -> PathBuf {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("request");
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("json");
    let ending = if ENDINGS.contains(&ending) && ending != "har" { ending } else { "json" };
    path.with_file_name(format!("{stem}.fixed.{ending}"))
}

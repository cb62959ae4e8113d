//! `lint`: has the bodies in files looked through, and tells what was found. Which files those are, how each is read and what is
//! written of it have files of their own.

mod corrected;
mod find;
mod looking;

use crate::{
    commands::lint::{self as command, FileSeen, Lint},
    error::UserError,
    exit::Exit,
    facts::time,
    lint::{Given, Service, Version, bare},
    probe::Clock,
    report::{Format, Holds, Report, verdict::exit_meaning},
    settings::{self, Settings, World},
};

use super::{build, offline, output::Output, refuse};
pub(super) use looking::path_for_others;
use looking::{Looking, unread};

const COMMAND: &str = "lint";

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
    let found = find::files(args)?;
    if args.fix_to.is_some() && found.files.len() != 1 {
        let what = "could not correct several files into one";
        return Err(UserError::usage(
            what,
            "name one FILE with --fix-to, or use --fix, which writes one beside each",
        ));
    }
    output.doing("lint: reading");
    let looking = Looking::of(args, &given, output, &found.files);
    let mut seen: Vec<FileSeen> =
        found.troubles.into_iter().map(|one| unread(one.name, one.why)).collect();
    let mut passed_over = Vec::new();
    for file in &found.files {
        match looking.at(file)? {
            Some(more) => seen.extend(more),
            None => passed_over.push(file.name.clone()),
        }
    }
    refuse_alone(&seen, passed_over.len())?;
    let told = command::told(&seen, &passed_over, output.wanted_shell());
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
    // Bad input counts before whatever was found in the rest.
    if told.is_bad_input {
        report.verdict.exit_code = Exit::Usage.code();
        report.verdict.exit_meaning = exit_meaning(Exit::Usage).to_owned();
    }
    (report.target.model, report.target.model_source) = model(args, &settings, &seen);
    report.places = told.places;
    build::time(&mut report, &clock);
    Ok(report)
}

/// The model that all bodies are for, and where its name is from.
fn model(args: &Lint, settings: &Settings, seen: &[FileSeen]) -> (Option<String>, Option<String>) {
    let mut models = seen.iter().flat_map(|file| &file.bodies).map(|body| &body.looked.model);
    let first = match models.next() {
        Some(first) if models.all(|other| other == first) => first.clone(),
        Some(_) => None,
        None => args.model.clone(),
    };
    let fallback = settings.model.as_ref();
    let source = match &first {
        None => None,
        Some(name) if args.model.as_deref().map(bare) == Some(name.as_str()) => {
            Some("argument".to_owned())
        }
        Some(name) => fallback
            .filter(|fallback| bare(&fallback.value) == name)
            .map_or_else(|| Some("request".to_owned()), |known| Some(known.origin.to_string())),
    };
    (first, source)
}

/// Nothing but one file that cannot be read, or no file at all: there is nothing to report.
fn refuse_alone(seen: &[FileSeen], passed_over: usize) -> Result<(), UserError> {
    match seen {
        [] => Err(find::nothing(passed_over)),
        [FileSeen { name, unread: Some(why), .. }] if passed_over == 0 => Err(UserError::usage(
            format!("could not read {name}: {why}"),
            "a body is JSON, a curl command or a HAR file; - is standard input",
        )),
        _ => Ok(()),
    }
}

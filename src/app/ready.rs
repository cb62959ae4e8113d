//! `ready`: leads from what was given as evidence to the report. Only `--live` sends anything.

use std::path::Path;

use serde_json::{Value, json};

use crate::{
    commands::{
        list_models::ListModels,
        ready::{LINES, Ready, blank},
    },
    error::UserError,
    exit::Exit,
    facts::time,
    probe::Clock,
    report::{Holds, Report},
    secret::ApiKey,
    settings::{Settings, World, key},
};

use super::{
    build,
    live::{self, Live},
    output::{self, Output},
    refuse,
};

/// `ready`.
pub(super) fn run(args: &Ready, machine: &World) -> Exit {
    let given = args.output.given(&args.report);
    let mut output = match Output::new(&given, machine, Holds::Checks) {
        Ok(output) => output,
        Err(error) => return refuse(&Output::plain(machine), "ready", &error),
    };
    let done = document(args, machine, &mut output).and_then(|report| output.report(&report));
    done.unwrap_or_else(|error| refuse(&output, "ready", &error))
}

fn document(args: &Ready, machine: &World, output: &mut Output) -> Result<Report, UserError> {
    let clock = Clock::start();
    let fail_on = build::fail_on(args.fail_on.as_deref())?;
    let now = time::rfc3339(clock.started_unix_ms());
    let today = now.get(..10).unwrap_or_default();
    if let Some(path) = &args.init {
        return begin(path, today, output);
    }
    let listed = args.list().map(|list| listed(&list, machine, output)).transpose()?;
    let profiles = args.profiles.then(|| profiles(machine, output)).transpose()?;
    let told = args.judge(listed.as_ref(), profiles, today)?;
    let judged = build::Judged {
        word: told.word,
        sentence: told.sentence,
        checks: told.checks,
        data: told.data,
        sheets: Vec::new(),
        remarks: told.remarks,
        limits: told.limits,
        next: told.next,
    };
    let mut report = build::judged("ready", judged, &fail_on);
    build::time(&mut report, &clock);
    Ok(report)
}

/// The profiles of the config file with the fingerprints of their keys. A command that gives a key out is not run.
fn profiles(
    machine: &World,
    output: &mut Output,
) -> Result<Vec<(String, Option<String>)>, UserError> {
    let profiles = key::profiles(machine)?;
    output.learn(profiles.iter().filter_map(|(_, key)| key.clone()));
    let shown = |(name, key): (String, Option<ApiKey>)| (name, key.map(|key| key.fingerprint()));
    Ok(profiles.into_iter().map(shown).collect())
}

/// Writes the file for the answers, and never over one that is there.
fn begin(path: &Path, today: &str, output: &Output) -> Result<Report, UserError> {
    if path.exists() {
        let what = format!("could not write {}: it is there already", path.display());
        return Err(UserError::usage(what, "name another file: --init FILE"));
    }
    output.file(path, &blank(today))?;
    let sentence = format!(
        "{} has {} questions, all of them commented out; ready --answers reads it.",
        path.display(),
        LINES.len()
    );
    let data = json!({ "answers_file": path.display().to_string() });
    Ok(build::offline("ready", &sentence, data, Vec::new()))
}

/// This key's list with the routes held against it. What went wrong on the way there is no verdict on a line.
fn listed(list: &ListModels, machine: &World, output: &mut Output) -> Result<Value, UserError> {
    let settings = Settings::resolve(&list.given, machine)?;
    output.learn(output::secrets_of(&settings));
    // The list is evidence and no result: its events do not belong on standard output.
    let mut aside = Output::plain(machine);
    let report = live::whole(&Live::ListModels(list), machine, &mut aside)?;
    if report.data["complete"] != true {
        return Err(UserError {
            what: format!("could not get this key's list of models: {}", report.verdict.sentence),
            hint: "gemini-doctor check-key says why; without --live the dated table is used"
                .to_owned(),
            exit: output::exit_of(report.verdict.exit_code),
        });
    }
    Ok(json!({ "data": report.data }))
}

//! `merge`: reads the logs, has them joined, and writes the sum. Logs of calls are joined line by line, elsewhere.

mod calls;

use std::path::{Path, PathBuf};

use crate::{
    commands::merge::Merge,
    error::UserError,
    exit::Exit,
    report::{self, Format, Holds, Report, Style},
    settings::{Given, World},
};

use super::{build, output::Output, refuse};

/// `merge`.
pub(super) fn run(args: &Merge, machine: &World) -> Exit {
    let meant = || {
        none_from_standard_input(&args.files)?;
        let names = args.names()?;
        Ok((calls::are_meant(&args.files, &names)?, names))
    };
    match meant() {
        Ok((false, _)) => {}
        Ok((true, names)) => return calls::run(args, &names, machine),
        Err(error) => return refuse(&Output::plain(machine), "merge", &error),
    }
    let given = given(args);
    let output = match Output::new(&given, machine, Holds::Histograms) {
        Ok(output) => output,
        Err(error) => return refuse(&Output::plain(machine), "merge", &error),
    };
    let done = merged(args).and_then(|report| {
        if let Some(out) = &args.out {
            output.also_write(out.clone(), report::render(&report, Format::Hdr, &Style::PLAIN));
        }
        output.report(&report)
    });
    done.unwrap_or_else(|error| refuse(&output, "merge", &error))
}

/// Logs of calls are read twice, so that nothing is written of one that cannot be read.
fn none_from_standard_input(files: &[PathBuf]) -> Result<(), UserError> {
    if files.iter().any(|path| path.as_path() == Path::new("-")) {
        let what = "could not merge standard input: what is joined is read twice";
        return Err(UserError::usage(what, "write it to a file first"));
    }
    Ok(())
}

fn given(args: &Merge) -> Given {
    Given {
        format: args.format.clone(),
        color: args.color,
        report: args.report.clone(),
        ..Given::default()
    }
}

fn merged(args: &Merge) -> Result<Report, UserError> {
    each_once("merge", &args.files, args.out.as_deref())?;
    let texts = args.files.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    let merged = args.join(&texts)?;
    let mut report = build::offline("merge", &merged.sentence, merged.data, merged.sheets);
    report.recorded = merged.recorded;
    report.limits = merged.limits;
    Ok(report)
}

fn read(path: &Path) -> Result<(String, String), UserError> {
    let name = path.display().to_string();
    let could_not = |why: String| {
        let hint = "give the paths of logs of HdrHistograms";
        UserError::usage(format!("could not read {name}: {why}"), hint)
    };
    let bytes = std::fs::read(path).map_err(|error| could_not(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| could_not("it is no text".to_owned()))?;
    Ok((name, text))
}

/// A log that is read twice would count twice, and one that is written over could not be read again.
pub(super) fn each_once(
    verb: &str,
    files: &[PathBuf],
    out: Option<&Path>,
) -> Result<(), UserError> {
    let place = |path: &Path| std::fs::canonicalize(path).ok().filter(|real| real.is_file());
    let places: Vec<Option<PathBuf>> = files.iter().map(|path| place(path)).collect();
    for (number, (path, real)) in files.iter().zip(&places).enumerate() {
        let name = path.display();
        if real.is_some() && places[..number].contains(real) {
            let what = format!("could not {verb} {name} twice: its calls would count twice");
            return Err(UserError::usage(what, "name each log once"));
        }
        if real.is_some() && out.and_then(place) == *real {
            let what = format!("could not write the sum over {name}, which is a part of it");
            return Err(UserError::usage(what, "give --out a file of its own"));
        }
    }
    Ok(())
}

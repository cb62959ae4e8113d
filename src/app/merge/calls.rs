//! `merge` of logs of calls: a pass that looks, and one that writes line by line, so that memory does not grow with
//! logs that are in the order of time. One that is not is held and sorted.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::{
    commands::merge::{self, Merge, Part},
    error::UserError,
    exit::Exit,
    history::{Analysis, Asked, Call, Names, Reader, Seen, figures::Figures, with_origin},
    report::{Holds, Report},
    settings::World,
};

use super::{
    super::{
        build,
        logs::{self, Log},
        output::Output,
        refuse,
    },
    each_once, given,
};

/// What stands before the first object or the header, and the longest of headers, are shorter.
const LOOKED_AT: u64 = 1 << 16;

/// Whether all of these are logs of calls; some and others cannot be joined.
pub(super) fn are_meant(files: &[PathBuf], names: &Names) -> Result<bool, UserError> {
    let (calls, others): (Vec<&PathBuf>, Vec<&PathBuf>) =
        files.iter().partition(|path| is_of_calls(path, names));
    match (calls.first(), others.first()) {
        (Some(one), Some(other)) => {
            // One that is not there is of no kind.
            others.iter().try_for_each(|path| Log::open(path, names.clone()).map(drop))?;
            let (one, other) = (one.display(), other.display());
            let what = format!("could not join {one}, a log of calls, with {other}, which is none");
            Err(UserError::usage(what, "merge logs of one kind by themselves"))
        }
        (calls, _) => Ok(calls.is_some()),
    }
}

/// Whether a line shows what form of calls it is. What cannot be read is told where it is read.
fn is_of_calls(path: &Path, names: &Names) -> bool {
    let begin = || {
        let mut begin = Vec::new();
        let file = std::fs::File::open(path)?;
        io::Read::read_to_end(&mut io::Read::take(file, LOOKED_AT), &mut begin)?;
        Ok::<_, io::Error>(begin)
    };
    let begin = begin().unwrap_or_default();
    let (text, _) = crate::settings::decode::lossy(&begin);
    let (mut reader, mut call) = (Reader::new(names.clone()), Call::default());
    text.lines().any(|line| {
        // A line that cannot be read may stand before those that can.
        let _ = reader.read(line.as_bytes(), &mut call);
        reader.form().is_some()
    })
}

pub(super) fn run(args: &Merge, names: &Names, machine: &World) -> Exit {
    let output = match Output::new(&given(args), machine, Holds::Tables) {
        Ok(output) => output,
        Err(error) => return refuse(&Output::plain(machine), "merge", &error),
    };
    let done = merged(args, names, &output).and_then(|report| output.report(&report));
    done.unwrap_or_else(|error| refuse(&output, "merge", &error))
}

fn merged(args: &Merge, names: &Names, output: &Output) -> Result<Report, UserError> {
    each_once("merge", &args.files, args.out.as_deref())?;
    let mut all = Analysis::new(Asked::default());
    let look = |path: &PathBuf| looked_at(path, names, &mut all);
    let parts = args.files.iter().map(look).collect::<Result<Vec<_>, _>>()?;
    if let Some(out) = &args.out {
        output.doing("merge: writing");
        write(out, &args.files, &parts, names, output)?;
    }
    let (all, _) = all.figures(Vec::new(), Vec::new());
    let told = merge::told_of_calls(&parts, &all, args.out.is_some());
    let mut report = build::offline("merge", &told.sentence, told.data, told.sheets);
    report.limits = told.limits;
    Ok(report)
}

/// What a log holds, by itself and as a part of all.
fn looked_at(path: &Path, names: &Names, all: &mut Analysis) -> Result<Part, UserError> {
    let mut log = Log::open(path, names.clone())?;
    let mut own = Analysis::new(Asked::default());
    while log.next_object()?.is_some() {
        if log.seen == Seen::Call {
            own.add(&log.call);
            all.add(&log.call);
        }
    }
    let is_sorted = !log.is_unsorted;
    let (has_no_zone, has_no_unit) = (log.saw_time_without_zone(), log.saw_latency_without_unit());
    let (figures, _): (Figures, _) = own.figures(vec![log.file], log.bad);
    Ok(Part { figures, is_sorted, has_no_zone, has_no_unit })
}

fn write(
    out: &Path,
    files: &[PathBuf],
    parts: &[Part],
    names: &Names,
    output: &Output,
) -> Result<(), UserError> {
    let open = |(path, part): (&PathBuf, &Part)| match part.is_sorted {
        true => Log::open(path, names.clone()),
        false => sorted(path, names),
    };
    let mut logs = files.iter().zip(parts).map(open).collect::<Result<Vec<_>, _>>()?;
    let mut trouble = None;
    let written = output.long_copy(out, |file| {
        let done = logs::in_order(&mut logs, Log::next_object, |log| {
            let line = with_origin(&log.object(), &log.file.name);
            writeln!(file, "{line}").map_err(|error| not_written(out, &error))
        });
        done.map_err(|error| {
            trouble = Some(error);
            io::Error::other("stopped")
        })
    });
    written.map_err(|error| trouble.take().unwrap_or_else(|| not_written(out, &error)))
}

fn not_written(out: &Path, error: &io::Error) -> UserError {
    let what = format!("could not write {}: {error}", out.display());
    UserError::usage(what, "give --out a path in a directory that can be written")
}

/// A log whose lines were put into the order of time.
fn sorted(path: &Path, names: &Names) -> Result<Log, UserError> {
    let mut log = Log::open(path, names.clone())?;
    let mut lines = Vec::new();
    while let Some(at_ms) = log.next_object()? {
        lines.push((at_ms, log.object().into_owned()));
    }
    lines.sort_by_key(|(at_ms, _)| *at_ms);
    let text: String = lines.into_iter().map(|(_, line)| line + "\n").collect();
    Ok(Log::held(text.into_bytes(), &log.file.name, names.clone()))
}

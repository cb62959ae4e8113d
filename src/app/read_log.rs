//! `read-log`: opens the logs, has them read in one pass, and writes what they show.

use std::path::{Path, PathBuf};

use crate::{
    commands::{
        count_tokens::Prices,
        read_log::{self, ReadLog, Told},
    },
    error::UserError,
    exit::Exit,
    history::{Analysis, figures::Figures},
    probe::Clock,
    report::{Holds, Report, verdict},
    settings::{Given, World},
};

use super::{
    build, count_tokens,
    logs::{self, Log},
    merge::each_once,
    output::Output,
    refuse,
};

const COMMAND: &str = "read-log";
/// So many bad lines are told, over all logs.
const MOST_BAD: usize = 10;

/// `read-log`.
pub(super) fn run(args: &ReadLog, machine: &World) -> Exit {
    let given = Given {
        format: args.format.clone(),
        color: args.color,
        report: args.report.clone(),
        quiet: args.quiet,
        ..Given::default()
    };
    let output = match Output::new(&given, machine, Holds::Tables) {
        Ok(output) => output,
        Err(error) => {
            let output = Output::without_files(&given, machine, Holds::Tables);
            return refuse(&output, COMMAND, &error);
        }
    };
    let done = report(args, &output).and_then(|report| output.report(&report));
    done.unwrap_or_else(|error| refuse(&output, COMMAND, &error))
}

fn report(args: &ReadLog, output: &Output) -> Result<Report, UserError> {
    let clock = Clock::start();
    let prices = args.prices.as_deref().map(count_tokens::prices).transpose()?;
    let analysis = Analysis::new(args.asked(prices.as_ref())?);
    each_once("read", &args.logs, None)?;
    one_standard_input(&args.logs)?;
    output.doing("read-log: reading");
    let (figures, limits) = read(args, analysis, prices.as_ref())?;
    let mut report = document(read_log::told(&figures, args.top, limits));
    build::time(&mut report, &clock);
    Ok(report)
}

fn read(
    args: &ReadLog,
    mut analysis: Analysis,
    prices: Option<&Prices>,
) -> Result<(Figures, Vec<String>), UserError> {
    let names = args.names()?;
    let open = |path: &PathBuf| Log::open(path, names.clone());
    let mut logs = args.logs.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    logs::each_call(&mut logs, |call| analysis.add(call))?;
    readable(&logs)?;
    let zone = logs.iter().any(Log::saw_time_without_zone);
    let plain = logs.iter().any(Log::saw_latency_without_unit);
    let unread = logs.iter().find_map(Log::unread_time).map(str::to_owned);
    let (files, bad): (Vec<_>, Vec<_>) = logs.into_iter().map(|log| (log.file, log.bad)).unzip();
    let bad = bad.into_iter().flatten().take(MOST_BAD).collect();
    let (mut figures, mut limits) = analysis.figures(files, bad);
    if let Some(prices) = prices {
        figures.usage.currency = Some(prices.currency().to_owned());
        figures.usage.prices_as_of = Some(prices.as_of().to_owned());
    }
    limits.extend(unread.filter(|_| figures.undated > 0).map(|text| not_a_time(&text)));
    limits.extend(zone.then(|| "times without a zone were taken for UTC".to_owned()));
    limits.extend(plain.then(|| "latencies without a unit were taken for milliseconds".to_owned()));
    Ok((figures, limits))
}

/// What to write in the place of a time that cannot be read.
fn not_a_time(text: &str) -> String {
    format!(
        "{text:?} was not read as a time: write RFC 3339 with the offset in figures, such as 2026-05-29T22:00:03+02:00, \
         or seconds since 1970"
    )
}

/// A log in which nothing is a call was not meant, or has names of its own.
fn readable(logs: &[Log]) -> Result<(), UserError> {
    let Some(log) = logs.iter().find(|log| log.file.calls == 0) else { return Ok(()) };
    let name = &log.file.name;
    let what = match (log.bad.first(), log.file.lines) {
        (_, 0) => format!("could not read {name}: it is empty"),
        (Some(bad), _) => {
            let (line, column) = (bad.line, bad.column);
            format!("could not read a call in {name}: line {line} column {column}: {}", bad.why)
        }
        (None, lines) => {
            format!(
                "could not read a call in {name}: none of its {lines} lines has a status, a failure or a latency"
            )
        }
    };
    let hint =
        "a log has an object or a row of CSV a call; --map status_code=NAME tells names of its own";
    Err(UserError::usage(what, hint))
}

fn one_standard_input(logs: &[PathBuf]) -> Result<(), UserError> {
    if logs.iter().filter(|path| path.as_path() == Path::new("-")).count() > 1 {
        let what = "could not read standard input twice";
        return Err(UserError::usage(what, "name - once, and files beside it"));
    }
    Ok(())
}

fn document(told: Told) -> Report {
    let mut report = build::offline(COMMAND, &told.sentence, told.data, told.sheets);
    let exit = told.class.map_or(Exit::Healthy, verdict::exit_of);
    report.verdict = build::finished(told.status, exit, told.word, told.sentence);
    if exit == Exit::Healthy {
        // The calls are of the past: how they ended says nothing of this run, and nothing of now.
        report.verdict.exit_meaning = "Exit 0 (the log was read).".to_owned();
    }
    report.remarks = told.remarks;
    report.limits = told.limits;
    report.verdict.next = told.next;
    report
}

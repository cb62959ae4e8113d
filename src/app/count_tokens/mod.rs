//! `count-tokens`: finds what was named, has it read and counted, and writes what came of it. What asks the service is
//! led by `live`; nothing else opens a socket.

mod crew;
mod sending;
mod vocabulary;
mod watch;
mod worker;
mod written;

use std::path::{Path, PathBuf};

use crate::{
    commands::count_tokens::{self, Aside, Basis, Choice, CountTokens, Input, Prices, Seen, Told},
    error::UserError,
    exit::Exit,
    facts::{Class, Status},
    local::inputs::{self, File, Found, Trouble, Unread, Wanted},
    probe::Clock,
    report::{
        Holds, Report,
        verdict::{self, Stop},
    },
    settings::{Given, Settings, World, read_text},
    tokens::Vocabulary,
};

pub(super) use sending::Sending;

use self::watch::Watch;
use super::{build, output::Output, refuse};

/// Far beyond any real file of prices.
const MOST_OF_PRICES: u64 = 4 * 1024 * 1024;

/// `count-tokens`.
pub(super) fn run(args: &CountTokens, machine: &World) -> Exit {
    if args.delivery.is_live() {
        return sending::run(args, machine);
    }
    let output = match Output::new(&args.given, machine, Holds::Tables) {
        Ok(output) => output,
        Err(error) => {
            let output = Output::without_files(&args.given, machine, Holds::Tables);
            return refuse(&output, "count-tokens", &error);
        }
    };
    let done = report(args, machine, &output).and_then(|report| output.report(&report));
    done.unwrap_or_else(|error| refuse(&output, "count-tokens", &error))
}

fn report(args: &CountTokens, machine: &World, output: &Output) -> Result<Report, UserError> {
    let clock = Clock::start();
    let fail_on = build::fail_on(args.given.fail_on.as_deref())?;
    let counted = counted(args, machine, output)?;
    let told = counted.told(args);
    let class = told.class.filter(|class| fail_on.class(*class));
    let warned = told.status == Status::Warn && fail_on.warnings();
    let class = class.or(warned.then_some(Class::Yours));
    let exit = match counted.stopped {
        Some(Stop::Terminated) => Exit::Terminated,
        Some(_) => Exit::Interrupted,
        None => class.map_or(Exit::Healthy, verdict::exit_of),
    };
    let mut report = document(told, exit, &counted.basis);
    build::time(&mut report, &clock);
    Ok(report)
}

/// Everything that was counted, and by what.
struct Counted {
    inputs: Vec<Input>,
    aside: Aside,
    basis: Basis,
    prices: Option<Prices>,
    vocabulary: Vocabulary,
    stopped: Option<Stop>,
}

impl Counted {
    fn told(&self, args: &CountTokens) -> Told {
        count_tokens::told(args, &self.basis, &self.inputs, &self.aside, self.prices.as_ref())
    }
}

fn counted(args: &CountTokens, machine: &World, output: &Output) -> Result<Counted, UserError> {
    refuse_contradictions(args)?;
    let settings = Settings::resolve(&without_key(&args.given), machine)?;
    let kinds = args.hidden_chars.kinds()?;
    let prices = args.prices.as_deref().map(prices).transpose()?;
    let (vocabulary, is_known_vocabulary) = vocabulary::vocabulary(args)?;
    let choice = Choice {
        named: settings.model,
        by_option: args.given.model.is_some(),
        table: settings.model_table,
        is_known_vocabulary,
    };
    let found = found(args)?;
    written::refuse_several(args, found.files.len())?;
    let watch = Watch::new();
    let with = (&kinds[..], &vocabulary);
    let seen = crew::count(&found.files, args, &choice, with, (output, &watch));
    let (inputs, mut aside) = sorted(found, seen);
    aside.is_stopped = watch.stopped().is_some();
    let of_request = inputs.iter().find_map(|input| input.seen.request.as_ref()?.model.as_deref());
    let basis = Basis::of(args, &choice, of_request, vocabulary.name());
    if let [input] = &inputs[..] {
        aside.planned = written::planned(args, &basis, (input, &vocabulary), output)?;
        aside.cleaned = written::cleaned(args, &kinds, input, output)?;
    }
    Ok(Counted { inputs, aside, basis, prices, vocabulary, stopped: watch.stopped() })
}

/// What was counted, and what could not be.
fn sorted(found: Found, seen: Vec<Result<Seen, Unread>>) -> (Vec<Input>, Aside) {
    let Found { files, troubles, repeated } = found;
    let mut aside = Aside { troubles, repeated, ..Aside::default() };
    let mut inputs = Vec::with_capacity(seen.len());
    for (file, seen) in files.into_iter().zip(seen) {
        match seen {
            Ok(seen) => inputs.push(Input { name: file.name, seen }),
            Err(Unread::Binary) if !file.named => aside.skipped.push(file.name),
            Err(unread) => aside.troubles.push(Trouble { name: file.name, why: why(unread) }),
        }
    }
    (inputs, aside)
}

fn why(unread: Unread) -> String {
    match unread {
        Unread::Binary => {
            "it is no text: it holds a NUL (UTF-16 is read where it has a byte order mark)"
                .to_owned()
        }
        Unread::Failed(why) => why,
    }
}

/// The files that are meant; the request is the last.
fn found(args: &CountTokens) -> Result<Found, UserError> {
    let is_piped = || !std::io::IsTerminal::is_terminal(&std::io::stdin());
    let mut paths = args.paths.clone();
    if paths.is_empty() && args.request.is_none() {
        if !is_piped() {
            let what = "could not count anything: no PATH is named, and nothing is piped in";
            return Err(UserError::usage(
                what,
                "gemini-doctor count-tokens prompt.txt, or some-command | gemini-doctor count-tokens",
            ));
        }
        paths.push(PathBuf::from("-"));
    }
    let mut found =
        inputs::find(&Wanted { paths: &paths, ignore: !args.no_ignore, hidden: args.hidden });
    found.files.extend(args.request.as_deref().map(request));
    Ok(found)
}

fn request(path: &Path) -> File {
    let is_standard = path.as_os_str() == "-";
    File {
        name: if is_standard { "standard input".to_owned() } else { path.display().to_string() },
        place: if is_standard {
            inputs::Place::Standard
        } else {
            inputs::Place::Path(path.to_owned())
        },
        named: true,
        bytes: None,
    }
}

fn refuse_contradictions(args: &CountTokens) -> Result<(), UserError> {
    if args.given.simulate.is_some() && !args.delivery.is_live() {
        let what = "could not simulate anything: nothing is sent in this mode";
        return Err(UserError::usage(
            what,
            "add --verify, --prove-delivery or --find-ceiling, or leave --simulate out",
        ));
    }
    let is_dash = |path: &PathBuf| path.as_os_str() == "-";
    if args.request.as_ref().is_some_and(is_dash) && args.paths.iter().any(is_dash) {
        let what = "could not read standard input twice: it is --request and a PATH";
        return Err(UserError::usage(what, "give one of the two a file"));
    }
    written::refuse_request(args)?;
    Ok(())
}

/// No key is read where nothing is sent.
fn without_key(given: &Given) -> Given {
    Given { dry_run: true, key_file: None, key_stdin: false, key_command: None, ..given.clone() }
}

/// A file of prices.
pub(super) fn prices(path: &Path) -> Result<Prices, UserError> {
    let text = read_text(path, MOST_OF_PRICES).map(|decoded| decoded.text);
    text.and_then(|text| Prices::read(&text)).map_err(|why| {
        let what = format!("could not read the prices of {}: {why}", path.display());
        UserError::usage(what, "gemini-doctor count-tokens --help shows such a file")
    })
}

fn document(told: Told, exit: Exit, basis: &Basis) -> Report {
    let mut report = build::offline("count-tokens", &told.sentence, told.data, told.sheets);
    report.verdict.status = told.status;
    report.verdict.word = told.word.to_owned();
    report.verdict.exit_code = exit.code();
    report.verdict.exit_meaning = verdict::exit_meaning(exit).to_owned();
    report.target.model = Some(basis.model.clone());
    report.target.model_source = Some(basis.model_source.clone());
    report.remarks = told.remarks;
    report.limits = told.limits;
    report
}

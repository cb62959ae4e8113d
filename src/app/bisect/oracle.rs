//! A program of the caller's decides: it is run once for each body, by the convention of `git bisect run`. Nothing is
//! sent, and no key is read.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::time::sleep;

use crate::{
    bisect::{Answer, Limits, Outcome, Search, Signature, Step, Style, Try, Verdict},
    commands::{
        bisect::{Bisect, Source, Story, Told, told},
        plans,
    },
    diagnose::{Finding, judge},
    error::UserError,
    exit::Exit,
    facts::{
        Clue, Party,
        check::{Evidence, Observation},
        clue, error_body,
    },
    probe::Clock,
    report::{Holds, Report, verdict::Stop},
    settings::World,
    wrapped::{self, Ended, Quiet, Surroundings},
};

use super::{
    super::{build, output::Output, refuse, stop},
    input::Input,
    tell_taken_out, write_new,
};

/// How long a run of the program may take, where nobody says otherwise.
const PATIENCE: Duration = Duration::from_secs(60);
/// The exit code of a program that cannot tell.
const CANNOT_TELL: i32 = 125;
/// The last one that says that a body fails.
const LAST_FAILURE: i32 = 127;
/// The codes by which a shell says that it could not run a command.
#[cfg(not(windows))]
const NOT_RUN: &[(i32, &str)] = &[(126, "it may not be executed"), (127, "it was not found")];
#[cfg(windows)]
const NOT_RUN: &[(i32, &str)] =
    &[(126, "it may not be executed"), (127, "it was not found"), (9009, "it was not found")];
/// Letters of what the shell says that are quoted.
const QUOTE: usize = 160;
/// A program that cannot tell is asked once more, and never ends the search by that.
const AGAIN: usize = 1;

/// `bisect --oracle`.
pub(super) fn run(args: &Bisect, line: &str, machine: &World) -> Exit {
    let output = match Output::new(&args.given, machine, Holds::Places) {
        Ok(output) => output,
        Err(error) => {
            let output = Output::without_files(&args.given, machine, Holds::Places);
            return refuse(&output, "bisect", &error);
        }
    };
    let done = report(args, line, &output).and_then(|report| output.report(&report));
    done.unwrap_or_else(|error| refuse(&output, "bisect", &error))
}

fn report(args: &Bisect, line: &str, output: &Output) -> Result<Report, UserError> {
    let clock = Clock::start();
    let fail_on = build::fail_on(args.given.fail_on.as_deref())?;
    refuse_contradictions(args, line)?;
    args.refuse_to_overwrite()?;
    let shell = output.wanted_shell();
    let input = Input::read(args, shell)?;
    if args.given.dry_run {
        return Ok(dry_run(args, line));
    }
    let limits = Limits { calls: args.most_tries(), again: AGAIN, untold: usize::MAX };
    let mut running = Running::begin(args, line, Search::new(input.body.clone(), limits))?;
    let stopped = running.drive(output)?;
    let mut answer = running.search.so_far();
    input.locate(&mut answer);
    let story = Story {
        file: &input.name,
        source: Source::Oracle,
        answer: &answer,
        tried: running.search.body(),
        own: running.search.body(),
        replaced: 0,
        tries: &running.tries,
        way: None,
        ended: running.ended.as_deref(),
        passes_shortened: false,
        foreseen: &[],
        twice: &input.twice,
        path: &input.path,
        shell,
    };
    let mut told = told(args, &story);
    let files = args.files(&story);
    tell_taken_out(&files, output, (&mut told.data, &mut told.remarks));
    for (path, text) in files {
        write_new(&path, &text, output)?;
    }
    let places = std::mem::take(&mut told.places);
    let findings = running.findings(&answer, &told, output);
    let mut report = document(told, &fail_on, stopped);
    report.findings = findings;
    report.places = places;
    build::time(&mut report, &clock);
    report.run.budget.requests_max = 0;
    Ok(report)
}

fn refuse_contradictions(args: &Bisect, line: &str) -> Result<(), UserError> {
    if line.trim().is_empty() {
        let what = "could not run --oracle: no command is named, and an empty one takes every body";
        return Err(UserError::usage(
            what,
            "name the program that decides: --oracle './send.sh {}'",
        ));
    }
    if args.given.simulate.is_some() {
        let what = "could not simulate anything: a program decides, and nothing is sent";
        return Err(UserError::usage(what, "leave out --simulate, or --oracle"));
    }
    Ok(())
}

fn dry_run(args: &Bisect, line: &str) -> Report {
    let most = args.most_tries();
    let sentence = format!("nothing was run; {line} would be, at most {most} times.");
    let data = serde_json::json!({ "planned": { "oracle": line, "runs_max": most } });
    let mut report = build::offline("bisect", &sentence, data, Vec::new());
    report.verdict.word = "DRY RUN".to_owned();
    report.verdict.status = crate::facts::Status::Skip;
    report.run.dry_run = true;
    report
}

fn document(told: Told, fail_on: &crate::report::FailOn, stopped: Option<Stop>) -> Report {
    let (word, sentence) = match stopped {
        Some(_) => ("STOPPED", format!("so far {}. {}", told.word, told.sentence)),
        None => (told.word, told.sentence),
    };
    let judged = build::Judged {
        word,
        sentence,
        checks: told.checks,
        data: told.data,
        sheets: told.sheets,
        remarks: told.remarks,
        limits: told.limits,
        next: told.next,
    };
    let mut report = build::judged("bisect", judged, fail_on);
    if let Some(stop) = stopped {
        let exit = match stop {
            Stop::Terminated => Exit::Terminated,
            _ => Exit::Interrupted,
        };
        report.verdict.exit_code = exit.code();
        report.verdict.exit_meaning = crate::report::verdict::exit_meaning(exit).to_owned();
    }
    report
}

/// A search that is led by a program.
struct Running<'a> {
    line: &'a str,
    patience: Duration,
    deadline: Option<Instant>,
    scratch: Scratch,
    search: Search,
    tries: Vec<Try>,
    /// What the program said of the service each time.
    clues: Vec<Vec<Clue>>,
    /// Why no more was tried.
    ended: Option<String>,
}

/// What follows a run of the program.
enum Next {
    Tell(Verdict, String),
    /// Nothing more: the text says why.
    End(String),
}

impl<'a> Running<'a> {
    fn begin(args: &Bisect, line: &'a str, search: Search) -> Result<Self, UserError> {
        let patience = args.oracle_timeout.as_deref();
        let patience = patience.map(|text| plans::duration_ms("--oracle-timeout", text));
        let patience = patience.transpose()?.map(|ms| Duration::from_secs_f64(ms / 1000.0));
        let deadline = args.given.deadline.map(|seconds| {
            Duration::try_from_secs_f64(seconds).map_err(|_| {
                let what = format!("could not use --deadline {seconds}");
                UserError::usage(what, "give seconds, such as --deadline 300")
            })
        });
        let scratch = Scratch::new().map_err(|error| {
            let what = format!("could not make a place for the bodies: {error}");
            UserError::usage(what, "is the disk full?")
        })?;
        Ok(Self {
            line,
            patience: patience.unwrap_or(PATIENCE),
            deadline: deadline.transpose()?.map(|bound| Instant::now() + bound),
            scratch,
            search,
            tries: Vec::new(),
            clues: Vec::new(),
            ended: None,
        })
    }

    /// Runs the program for one body after the other until the search is over, or somebody stops it.
    fn drive(&mut self, output: &Output) -> Result<Option<Stop>, UserError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(
            |error| UserError::internal(format!("could not start the event loop: {error}")),
        )?;
        let done = runtime.block_on(async {
            tokio::select! {
                done = self.all(output) => done.map(|()| None),
                stop = stop::asked() => Ok(Some(stop)),
                () = output.keep_alive() => Ok(None),
            }
        });
        runtime.shutdown_background();
        done
    }

    async fn all(&mut self, output: &Output) -> Result<(), UserError> {
        while let Step::Ask(question) = self.search.next() {
            let left = self.deadline.map(|end| end.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                self.ended = Some("the time for this run is over".to_owned());
                return Ok(());
            }
            output.doing(&format!("body {} ...", self.tries.len() + 1));
            let text = self.search.body().text(&question.cut, Style::Compact);
            let begun = Instant::now();
            let limit = left.map_or(self.patience, |left| left.min(self.patience));
            let quiet = self.once(&text, limit).await?;
            let clues = clues(&quiet.said);
            self.refuse_what_cannot_be_run(&quiet)?;
            let cut_short = left.is_some_and(|left| left < self.patience);
            let (verdict, said) = match self.read(&quiet, &clues, cut_short)? {
                Next::Tell(verdict, said) => (verdict, said),
                Next::End(why) => {
                    self.ended = Some(why);
                    return Ok(());
                }
            };
            self.clues.push(clues);
            self.tries.push(Try {
                aim: question.aim,
                by: "oracle",
                bytes: text.len(),
                verdict: verdict.clone(),
                said,
                took_ms: Some(begun.elapsed().as_secs_f64() * 1000.0),
            });
            self.search.tell(verdict);
        }
        self.explain_the_end();
        Ok(())
    }

    fn explain_the_end(&mut self) {
        let is_open = self.search.so_far().outcome == Outcome::Stopped;
        if is_open && self.ended.is_none() {
            let tries = self.tries.len();
            self.ended = Some(format!("no more than {tries} bodies may be tried"));
        }
    }

    async fn once(&self, text: &str, limit: Duration) -> Result<Quiet, UserError> {
        let path = self.scratch.write(text).map_err(|error| {
            let what = format!("could not write a body to a file: {error}");
            UserError::usage(what, "is the disk full?")
        })?;
        let around = Surroundings { input: Some(path.clone()), ..Surroundings::default() };
        wrapped::quietly(&shell(self.line, &path), &around, sleep(limit)).await
    }

    /// A command that cannot be run answers every body alike. That it fails is no verdict, where it was never seen to
    /// do anything else.
    fn refuse_what_cannot_be_run(&self, quiet: &Quiet) -> Result<(), UserError> {
        let Some(Ended::Code(code)) = &quiet.ended else { return Ok(()) };
        let Some((_, why)) = NOT_RUN.iter().find(|(known, _)| known == code) else { return Ok(()) };
        if !self.tries.is_empty() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&quiet.said);
        let said = text.lines().map(str::trim).find(|line| !line.is_empty());
        let said = said.map(|line| line.chars().take(QUOTE).collect::<String>());
        let said = said.map(|line| format!(": {line}")).unwrap_or_default();
        let what = format!(
            "could not run --oracle {}: at the first body, the whole one, the shell ended with {code} ({why}){said}",
            self.line
        );
        let hint = "run that line by hand with a body's file in the place of {}; a program that means a failure exits with 1";
        Err(UserError::usage(what, hint))
    }

    /// What an end of the program says.
    fn read(&self, quiet: &Quiet, clues: &[Clue], cut_short: bool) -> Result<Next, UserError> {
        let code = match &quiet.ended {
            None if cut_short => {
                let why = "the time for this run (--deadline) was over while the program ran";
                return Ok(Next::End(why.to_owned()));
            }
            None => {
                let why =
                    format!("no end within {} s (--oracle-timeout)", self.patience.as_secs_f64());
                return Ok(Next::Tell(Verdict::CannotTell(why.clone()), why));
            }
            Some(Ended::Signal(signal)) => {
                return Ok(Next::End(format!("the program was ended by signal {signal}")));
            }
            Some(Ended::NotFound(why) | Ended::NotExecutable(why)) => {
                return Err(UserError::usage(why.clone(), "--oracle takes a line for the shell"));
            }
            Some(Ended::Code(code)) => *code,
        };
        Ok(match code {
            0 => Next::Tell(Verdict::Passes, "exit 0".to_owned()),
            CANNOT_TELL => {
                let why = format!("exit {CANNOT_TELL}");
                Next::Tell(Verdict::CannotTell(why.clone()), why)
            }
            1..=LAST_FAILURE => {
                let message = clue::message(clues).unwrap_or_default().to_owned();
                let said = match message.is_empty() {
                    true => format!("exit {code}"),
                    false => message.clone(),
                };
                Next::Tell(Verdict::Fails(Signature::of(None, &message)), said)
            }
            _ => Next::End(format!("the program ended with {code}")),
        })
    }

    /// The known causes of what the program passed on from the service: for each fault, else for the first refusal.
    fn findings(&self, answer: &Answer, told: &Told, output: &Output) -> Vec<Finding> {
        let said = |wanted: &Signature| {
            let place = self.tries.iter().position(
                |one| matches!(&one.verdict, Verdict::Fails(own) if own.shares(wanted)),
            )?;
            self.clues.get(place).filter(|clues| !clues.is_empty())
        };
        let faults = answer.faults.iter().map(|fault| &fault.signature);
        let whole = answer.signature.iter().filter(|_| answer.faults.is_empty());
        let evidence = faults.chain(whole).filter_map(said).map(|clues| {
            let text = clue::message(clues).unwrap_or_default().to_owned();
            Evidence { attempt: None, text, clues: clues.clone() }
        });
        let Some(check) = told.checks.first().cloned() else { return Vec::new() };
        judge(&[Observation { check, evidence: evidence.collect() }], output.shell())
    }
}

/// An error of the API in what a program wrote: the outermost object of its text.
fn clues(said: &[u8]) -> Vec<Clue> {
    let text = String::from_utf8_lossy(said);
    let (Some(begin), Some(end)) = (text.find('{'), text.rfind('}')) else { return Vec::new() };
    let value = text.get(begin..=end).and_then(|text| serde_json::from_str::<Value>(text).ok());
    let Some(value) = value.filter(|value| value.get("error").is_some()) else { return Vec::new() };
    let mut clues = vec![Clue::By(Party::Api)];
    let status = value["error"]["code"].as_u64().and_then(|code| u16::try_from(code).ok());
    clues.extend(status.map(Clue::Status));
    clues.extend(error_body::read_value(&value));
    clues
}

#[cfg(not(windows))]
fn shell(line: &str, path: &Path) -> Vec<OsString> {
    let path = path.display().to_string();
    let is_plain = |letter: char| letter.is_alphanumeric() || "/._-+".contains(letter);
    let path = match path.chars().all(is_plain) {
        true => path,
        false => format!("'{}'", path.replace('\'', "'\\''")),
    };
    ["sh".to_owned(), "-c".to_owned(), line.replace("{}", &path)].map(OsString::from).to_vec()
}

#[cfg(windows)]
fn shell(line: &str, path: &Path) -> Vec<OsString> {
    let path = path.display().to_string();
    let path = if path.contains(' ') { format!("\"{path}\"") } else { path };
    ["cmd".to_owned(), "/C".to_owned(), line.replace("{}", &path)].map(OsString::from).to_vec()
}

/// A directory for the body, which goes afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> io::Result<Self> {
        let (process, number) = (std::process::id(), fastrand::u64(..));
        let name = format!("gemini-doctor-bisect-{process:x}-{number:016x}");
        let path = std::env::temp_dir().join(name);
        make(&path)?;
        Ok(Self(path))
    }

    fn write(&self, text: &str) -> io::Result<PathBuf> {
        let path = self.0.join("body.json");
        fs::write(&path, text)?;
        Ok(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is in the system's own place for such things.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Other users of this machine have no business there.
#[cfg(unix)]
fn make(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_found_in_what_a_program_writes() {
        let said = b"HTTP/2 400\n{\"error\": {\"code\": 400, \"message\": \"no\", \
                     \"status\": \"INVALID_ARGUMENT\"}}\ncurl: (22)\n";
        let clues = clues(said);
        assert_eq!(clue::message(&clues), Some("no"));
        assert!(clues.contains(&Clue::Status(400)));
        for other in ["", "}{", "{\"a\": 1}", "no"] {
            assert_eq!(super::clues(other.as_bytes()), Vec::new(), "{other}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_path_is_quoted_only_where_it_must_be() {
        let line = |path: &str| shell("run \"{}\"", Path::new(path))[2].clone();
        assert_eq!(line("/tmp/a-b.json"), "run \"/tmp/a-b.json\"");
        assert_eq!(line("/tmp/a b"), "run \"'/tmp/a b'\"");
    }

    #[test]
    fn a_body_leaves_nothing_behind() {
        let scratch = Scratch::new().expect("a directory");
        let path = scratch.write("{}").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("read"), "{}");
        drop(scratch);
        assert!(!path.exists());
    }
}

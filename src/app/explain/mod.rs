//! `explain`: takes the text in, has it read and judged, and tells. Nothing leaves the machine.

mod body;
mod installed;
mod source;
mod told;

use std::time::{SystemTime, UNIX_EPOCH};

use crate::{
    commands::{
        self,
        explain::{Explain, Source, Whose},
    },
    diagnose::{
        Finding, judge,
        pasted::{Seen, Sorted},
        read::{self, Around},
    },
    error::UserError,
    exit::Exit,
    facts::{Clue, Confidence, Layer, RetryClass, Status, clue, time},
    policy,
    probe::Clock,
    redact::Redactor,
    report::{Holds, Report, document::Remark, verdict},
    settings::World,
    wrapped::{self, Ended, Ran},
};

use self::{body::GivenBody, source::Input};
use super::{build, output::Output, refuse};

/// `explain`.
pub(super) fn run(args: &Explain, machine: &World) -> u8 {
    let given = args.output.given(&args.report);
    let mut output = match Output::new(&given, machine, Holds::Tables) {
        Ok(output) => output,
        Err(error) => return refuse(&Output::plain(machine), "explain", &error).code(),
    };
    let done = match args.command.is_empty() {
        true => explain(args, machine, &mut output).map(Exit::code),
        false => watch(args, machine, &mut output),
    };
    done.unwrap_or_else(|error| refuse(&output, "explain", &error).code())
}

/// Explains a text that is there.
fn explain(args: &Explain, machine: &World, output: &mut Output) -> Result<Exit, UserError> {
    let clock = Clock::start();
    let body = args.request.as_deref().map(GivenBody::read).transpose()?;
    let around = told::around(args, machine, body.as_ref(), output)?;
    let inputs = source::inputs(args, output)?;
    let mut explained = Explained::of(inputs, &around, output);
    installed::tell(&mut explained.findings, machine);
    if let Some(language) = args.policy {
        return Ok(print_policy(language, &explained, output));
    }
    let beside = explained.beside(body.as_ref(), &around.day);
    let mut report = explained.report(args.exit_code);
    report.remarks.extend(beside);
    build::time(&mut report, &clock);
    output.report(&report)
}

/// Runs a command as if it were alone, and explains how it failed.
fn watch(args: &Explain, machine: &World, output: &mut Output) -> Result<u8, UserError> {
    let clock = Clock::start();
    let body = args.request.as_deref().map(GivenBody::read).transpose()?;
    let around = told::around(args, machine, body.as_ref(), output)?;
    let ran = wrapped::run(&args.command)?;
    let own = ran.ended.exit_code();
    match &ran.ended {
        Ended::Code(0) => return Ok(own),
        Ended::NotFound(why) | Ended::NotExecutable(why) => {
            output.complain(why);
            return Ok(own);
        }
        Ended::Code(_) | Ended::Signal(_) => {}
    }
    let mut explained = Explained::of(vec![said(&ran)], &around, output);
    installed::tell(&mut explained.findings, machine);
    let beside = explained.beside(body.as_ref(), &around.day);
    let silent = explained.sources.iter().all(|source| source.bytes == 0);
    let mut report = explained.report(args.exit_code);
    if report.verdict.word == "NO ERROR" {
        report.verdict.word = "FAILED".to_owned();
        report.verdict.sentence =
            "the command failed, and no error stands in what it said.".to_owned();
    }
    if silent {
        report.verdict.sentence = "the command failed and said nothing.".to_owned();
    }
    report.remarks.extend(beside);
    report.limits.extend(killed(&ran.ended));
    if args.exit_code.is_none() {
        report.verdict.exit_code = own;
        report.verdict.exit_meaning = format!("Exit {own} (the command's own).");
    }
    build::time(&mut report, &clock);
    // Standard output is the command's; what could not be written is told beside it.
    if let Err(error) = output.report_aside(&report) {
        output.complain(&error.to_string());
    }
    Ok(report.verdict.exit_code)
}

/// What a signal that ended a command tells; a shell in between turns it into 128 and its number.
fn killed(ended: &Ended) -> Option<String> {
    let signal = match ended {
        Ended::Signal(signal) => *signal,
        Ended::Code(code @ 129..=159) => code - 128,
        Ended::Code(_) | Ended::NotFound(_) | Ended::NotExecutable(_) => return None,
    };
    let (name, means) = match signal {
        1 => ("SIGHUP", "its terminal went away"),
        2 => ("SIGINT", "somebody typed Ctrl-C"),
        6 => ("SIGABRT", "it gave itself up"),
        9 => ("SIGKILL", "often the system or a container that was out of memory"),
        11 => ("SIGSEGV", "it touched memory that is not its own: a bug in native code"),
        13 => ("SIGPIPE", "whoever read its output was gone"),
        15 => ("SIGTERM", "somebody asked it to end, such as a CI job's time limit"),
        _ if matches!(ended, Ended::Code(_)) => return None,
        _ => ("a signal", "kill -l names it"),
    };
    Some(format!("the command was killed by {name} (signal {signal}): {means}"))
}

/// What the command said, on both of its streams.
fn said(ran: &Ran) -> Input {
    let left_out =
        (ran.dropped > 0).then(|| format!("{} bytes in its middle were left out", ran.dropped));
    Input::new("the command", &ran.said, left_out)
}

/// A text that was read and judged.
struct Explained {
    sources: Vec<Source>,
    sorted: Sorted,
    findings: Vec<Finding>,
    around: Vec<String>,
    holds_a_secret: bool,
    now: i64,
}

impl Explained {
    /// Secrets are taken out before anything else is done, so that no part of one is ever quoted.
    fn of(inputs: Vec<Input>, around: &Around, output: &Output) -> Self {
        let redactor = Redactor::new(&[]);
        let mut readings = Vec::new();
        let mut sources = Vec::new();
        let mut holds_a_secret = false;
        for Input { source, text, lines_before } in inputs {
            let clean = redactor.scrub_pasted(&text);
            holds_a_secret |= matches!(clean, std::borrow::Cow::Owned(_));
            let mut reading = read::errors(&source.name, &clean, around);
            reading.date(&clean);
            readings.push(reading.behind(lines_before));
            sources.push(source);
        }
        let sorted = Sorted::of(readings);
        let findings = sorted.findings(output.shell());
        Self {
            sources,
            sorted,
            findings,
            around: around.remarks.clone(),
            holds_a_secret,
            now: now(),
        }
    }

    fn is_recognised(&self) -> bool {
        !self.sorted.recognised.is_empty()
    }

    fn report(self, whose: Option<Whose>) -> Report {
        let data =
            commands::explain::data(&self.sources, &self.sorted, self.holds_a_secret, self.now);
        let sheets = commands::explain::sheets(&self.sorted, self.now);
        let (word, sentence) = self.headline();
        let mut report = build::offline("explain", &sentence, data, sheets);
        let (status, _) = verdict::verdict(&[], &self.findings, None);
        // Several causes are mended one by one, and the first is the one that is shown.
        let own =
            self.findings.first().map_or(Exit::Unknown, |first| verdict::exit_of(first.class));
        let (exit, meaning) = match (whose, self.is_recognised()) {
            (Some(Whose::Ours), true) => (own, verdict::exit_meaning(own)),
            (_, true) => (Exit::Healthy, "Exit 0 (recognised)."),
            (_, false) => (Exit::Unknown, "Exit 5 (not recognised)."),
        };
        report.verdict.status = if self.is_recognised() { status } else { Status::Inconclusive };
        report.verdict.word = word.to_owned();
        report.verdict.exit_code = exit.code();
        report.verdict.exit_meaning = meaning.to_owned();
        report.verdict.next = self.next();
        report.target.model = self.known("model").map(str::to_owned);
        report.limits = self.limits();
        report.findings = self.findings;
        report
    }

    fn headline(&self) -> (&'static str, String) {
        let roots = self.findings.iter().filter(|finding| finding.alternative_to.is_none()).count();
        match (self.findings.first(), self.sorted.foreign.first()) {
            (Some(first), _) if self.is_recognised() => {
                let more = match roots {
                    1 => String::new(),
                    count => format!("; the first of {count} causes"),
                };
                let model = self.known("model").filter(|_| is_about_a_model(first.layer));
                let subject = model.map_or_else(String::new, |model| format!(" ({model})"));
                let others = self.findings.len() - roots;
                let open = match (first.confidence, others) {
                    (Confidence::Low, 1) => "; one other cause fits as well".to_owned(),
                    (Confidence::Low, 2..) => format!("; {others} others fit as well"),
                    _ => String::new(),
                };
                ("CAUSE", format!("{}{subject}{more}{open}.", first.title))
            }
            (_, Some(seen)) => {
                let author = clue::meta(&seen.clues, "author").unwrap_or("somebody else");
                ("NOT GEMINI", format!("this is an error of {author}, not of the Gemini API."))
            }
            (Some(_), None) => ("UNKNOWN", "no known cause fits this error.".to_owned()),
            (None, None) if self.sources.iter().all(|source| source.bytes == 0) => {
                ("NO ERROR", "there is nothing to read: the text is empty.".to_owned())
            }
            (None, None) => ("NO ERROR", "there is no error in this text.".to_owned()),
        }
    }

    /// The free command of ours that splits what is left, or the page of the cause.
    fn next(&self) -> Option<String> {
        let first = self.findings.first()?;
        let model = self.known("model").filter(|model| judge::is_plain(model));
        Some(match first.layer {
            _ if !self.is_recognised() => self.search(),
            Layer::Local | Layer::Auth | Layer::Permission | Layer::Region => {
                "gemini-doctor check-key --no-generate".to_owned()
            }
            Layer::Model if model.is_some() => {
                format!("gemini-doctor list-models {}", model.unwrap_or_default())
            }
            Layer::Dns | Layer::Tcp | Layer::Proxy | Layer::Tls => {
                "gemini-doctor doctor --no-generate".to_owned()
            }
            _ => format!("gemini-doctor fixes {}", first.id),
        })
    }

    /// What to type where no cause fits.
    fn search(&self) -> String {
        let clues = self.sorted.unknown.first().map_or(&[][..], |seen| &seen.clues);
        let status = clues.iter().find_map(|clue| match clue {
            Clue::Status(status) => Some(status),
            _ => None,
        });
        match status {
            Some(status) => format!("gemini-doctor fixes --search {status}"),
            None => "gemini-doctor doctor".to_owned(),
        }
    }

    /// What is worth saying of the body that was sent.
    fn beside(&self, body: Option<&GivenBody>, day: &str) -> Vec<Remark> {
        let clues = self.first().map_or(&[][..], |seen| &seen.clues);
        body.map_or_else(Vec::new, |body| body.remarks(clues, self.known("model"), day))
    }

    /// A detail of the first error.
    fn known(&self, name: &str) -> Option<&str> {
        self.first().and_then(|seen| clue::meta(&seen.clues, name))
    }

    /// The error whose cause is the first finding: one before it may have been a consequence.
    fn first(&self) -> Option<&Seen> {
        let cause = self.findings.first()?.id.as_str();
        let shows = |(_, id): &&(Seen, &str)| *id == cause;
        self.sorted.recognised.iter().find(shows).map(|(seen, _)| seen)
    }

    fn limits(&self) -> Vec<String> {
        let mut limits = Vec::new();
        if self.holds_a_secret {
            limits.push(
                "a key or token stood in this text; it is hidden here, but whoever saw the text can use it: \
                 revoke it and make a new one"
                    .to_owned(),
            );
        }
        for source in &self.sources {
            limits.extend(source.note.as_ref().map(|note| format!("{}: {note}", source.name)));
        }
        if self.sorted.skipped > 0 {
            limits.push(format!(
                "{} more records that speak of trouble were not looked at",
                self.sorted.skipped
            ));
        }
        let is_unmarked = |seen: &Seen| judge::is_unmarked(&seen.clues);
        if !self.sorted.marked && self.first().is_some_and(is_unmarked) {
            limits.push(
                "no mark of the Gemini API stands in this text; the cause holds if it came from a call of that API"
                    .to_owned(),
            );
        }
        if self.first().is_some_and(|seen| clue::meta(&seen.clues, "aside").is_some()) {
            limits.push(
                "this reads like a text about errors; paste what the failing program itself printed"
                    .to_owned(),
            );
        }
        let first = self.first().or(self.sorted.unknown.first());
        let of_first = |name| first.and_then(|seen| clue::meta(&seen.clues, name));
        limits.extend(of_first("unnamed_field").map(|path| {
            format!(
                "the body given with --request has no field {path}, so it may not be the one that was refused"
            )
        }));
        if !self.is_recognised() {
            limits.extend(self.sorted.foreign.first().map(|_| {
                "no mark of the Gemini API stands in it; if the call was meant for that API, its base URL \
                 leads elsewhere"
                    .to_owned()
            }));
            limits.extend(self.sorted.unknown.first().and_then(|seen| understood(&seen.clues)));
        }
        let others: usize = self.sorted.unknown.iter().map(|seen| seen.times).sum();
        if self.is_recognised() && others > 0 {
            limits.push(match others {
                1 => "1 other place speaks of trouble that no known cause fits".to_owned(),
                _ => format!("{others} other places speak of trouble that no known cause fits"),
            });
        }
        limits.extend(self.around.iter().cloned());
        limits
    }
}

/// Whether a cause in a layer is a model's own.
const fn is_about_a_model(layer: Layer) -> bool {
    matches!(layer, Layer::Model | Layer::Quota | Layer::Backend | Layer::Stream)
}

/// What is clear of an error that no known cause fits.
fn understood(clues: &[Clue]) -> Option<String> {
    let told = |clue: &Clue| match clue {
        Clue::Status(status) => Some(format!("status {status}")),
        Clue::Rpc(word) | Clue::Reason(word) => Some(word.clone()),
        Clue::By(party) => Some(format!("answered by {}", party.phrase())),
        Clue::Meta(name, value) if matches!(name.as_str(), "model" | "url" | "field") => {
            Some(format!("{name} {value}"))
        }
        Clue::Closed(code) => Some(format!("closed with {code}")),
        _ => None,
    };
    let parts: Vec<String> = clues.iter().filter_map(told).collect();
    (!parts.is_empty()).then(|| format!("understood of it: {}", parts.join(", ")))
}

/// The policy for the class of the first cause, alone on standard output so that it can be kept.
fn print_policy(language: policy::Language, explained: &Explained, output: &Output) -> Exit {
    let class = match explained.findings.first() {
        Some(first) if explained.is_recognised() => {
            output.note(&format!("a policy for {}: {}", first.id, first.title));
            first.retry.class
        }
        _ if explained.sources.iter().any(|source| source.bytes > 0) => {
            output.note("no known cause fits, so this policy stops at what it does not know");
            RetryClass::FixFirst
        }
        _ => {
            output
                .note("nothing was given to explain, so this is the policy for temporary failures");
            RetryClass::Backoff
        }
    };
    output.text(&policy::text(language, class));
    Exit::Healthy
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(0)
}

/// The day for which models are looked up.
fn today() -> String {
    time::date(now().div_euclid(86_400))
}

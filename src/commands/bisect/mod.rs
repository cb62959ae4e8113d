//! `bisect`: which part of a request body is refused? What it takes, and how what was found reads. Must neither ask
//! nor print.

mod data;
mod sheets;
mod told;
mod words;

use std::path::{Path, PathBuf};

use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};

use crate::{
    bisect::{Answer, Body, Cut, Fault, Judge, Limits, Outcome, Place, Style, Try},
    error::UserError,
    facts::Api,
    lint::{Service, Version},
    probe::{
        Plan, Then,
        bisect::{BisectPlan, Foreseen, UNASKED_INPUT, said_of},
        key::Depth,
    },
    settings::{ApiChoice, Given, Settings, Shell},
};

use super::{own_text::OwnText, plans, shell_word::shell_word};

pub use self::told::{Told, told};

/// Bodies that are tried where nobody says otherwise.
pub const MOST_TRIES: usize = 120;

/// How often a body is sent again where the service says neither yes nor no.
const AGAIN: usize = 3;
/// How many answers of a run may say neither, before it ends.
const MOST_UNTOLD: usize = 16;
/// Answers that are generated without being asked about.
const UNASKED: u32 = 20;

/// What shows some faults, and costs nothing.
const COUNTS: &str = "countTokens";

const EXAMPLES: &str = "\
The body is taken apart until the part is known that the service refuses, mostly
in fewer than 25 calls. countTokens is asked where it shows the fault, which is
free; otherwise answers are generated, as short as they can be, and at most 20
without --yes. A refused call costs nothing.

Your texts are replaced by fillers of the same length before anything is sent.
Names, enum words, mime types and schemas stay as they are. Where the fault goes
with the texts, bisect says so and sends none of them; --keep-text does.

FILE may also be the curl command that sends the body, a HAR file, JSON lines or a
batch's file; where several bodies stand in it, --body 'line 7' takes one.

With --oracle a program of yours decides, and nothing is sent from here: the
body is a file, whose path stands for {}, and comes on standard input as well.
Exit 0 means that it passes, 125 that this cannot be told, 1 to 127 that it
fails; above 127, or by a signal, the search ends with what is known. 126 or 127
at the very first run mean that the command could not be run. A JSON error of the
API in what the program writes tells one fault from another.

Examples:
  gemini-doctor bisect body.json --model gemini-3.5-flash
  gemini-doctor bisect body.json --write-passing fixed.json
  gemini-doctor bisect body.json --oracle './send.sh {}'
  gemini-doctor bisect calls.har --body 'entry 3'
  gemini-doctor bisect body.json --report sarif=bisect.sarif
  gemini-doctor bisect body.json --dry-run";

/// What `bisect` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("format", |it| it.help(
    "write the result as table, plain, json, ndjson, junit, markdown, github, sarif, prometheus or openmetrics [default: table]"
)))]
#[command(mut_arg("api", |it| it.value_parser(apis()).help("speak this API [default: gemini]")))]
pub struct Bisect {
    /// the request's body: JSON, JSON lines, the curl command that sends it, a HAR file; - for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// which of several bodies in FILE: "line 7", "entry 3", "command 2", or the number alone
    #[arg(long, value_name = "NAME", help_heading = "Search")]
    pub body: Option<String>,
    /// let this command decide in the place of the service; {} is the body's file
    #[arg(long, value_name = "COMMAND", help_heading = "Search")]
    pub oracle: Option<String>,
    /// a run of that command that takes longer cannot tell [default: 60s]
    #[arg(long, value_name = "TIME", requires = "oracle", help_heading = "Search")]
    pub oracle_timeout: Option<String>,
    /// try at most so many bodies [default: 120]
    #[arg(long, value_name = "N", help_heading = "Search")]
    pub max_tries: Option<usize>,
    /// send your own texts, not fillers in their place
    #[arg(long, conflicts_with = "oracle", help_heading = "Search")]
    pub keep_text: bool,
    /// write the minimal failing body to this new file, as it was tried
    #[arg(long, value_name = "PATH", help_heading = "Results")]
    pub write_minimal: Option<PathBuf>,
    /// write the nearest passing body to this new file, with your own texts
    #[arg(long, value_name = "PATH", help_heading = "Results")]
    pub write_passing: Option<PathBuf>,
    /// where the caller's own text may go
    #[command(flatten)]
    pub own_text: OwnText,
    /// what all live commands take
    #[command(flatten)]
    pub given: Given,
}

/// The APIs that have a count and an answer for a body of Google's form.
fn apis() -> impl TypedValueParser<Value = ApiChoice> {
    let words = [ApiChoice::Gemini, ApiChoice::Express, ApiChoice::Vertex];
    let known = words.iter().filter_map(ValueEnum::to_possible_value);
    PossibleValuesParser::new(known.collect::<Vec<_>>())
        .try_map(|word| ApiChoice::from_str(&word, true))
}

/// Who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A program of the caller's.
    Oracle,
    /// The service.
    Service,
}

/// All that is known when a search is over.
pub struct Story<'a> {
    /// The file, as it was named.
    pub file: &'a str,
    /// Who decided.
    pub source: Source,
    /// What the search says.
    pub answer: &'a Answer,
    /// The body as it was tried.
    pub tried: &'a Body,
    /// The body as it was given.
    pub own: &'a Body,
    /// How many texts were replaced in what was tried.
    pub replaced: usize,
    /// Every body that was tried.
    pub tries: &'a [Try],
    /// By which call of the service the fault shows.
    pub way: Option<&'static str>,
    /// Why no more was tried, where something was left to try.
    pub ended: Option<&'a str>,
    /// Whether what passes was only asked for with a shorter answer than it says.
    pub passes_shortened: bool,
    /// What rules of `lint` say of the body.
    pub foreseen: &'a [Foreseen],
    /// Names that stand twice in one object of the body: where.
    pub twice: &'a [Place],
    /// The file as other programs know it: from the root of its repository on.
    pub path: &'a str,
    /// The shell that commands are printed for.
    pub shell: Shell,
}

impl Bisect {
    /// How many bodies may be tried.
    pub fn most_tries(&self) -> usize {
        let requests = self.given.max_requests.and_then(|most| usize::try_from(most).ok());
        let most = self.max_tries.unwrap_or(MOST_TRIES);
        requests.map_or(most, |requests| requests.min(most))
    }

    /// The file as it is named in sentences.
    pub fn name(&self) -> String {
        match self.is_standard() {
            true => "standard input".to_owned(),
            false => self.file.display().to_string(),
        }
    }

    /// Whether the body comes on standard input.
    pub fn is_standard(&self) -> bool {
        self.file.as_os_str() == "-"
    }

    /// Refuses to write over a file that is there, before anything is tried.
    pub fn refuse_to_overwrite(&self) -> Result<(), UserError> {
        for (option, path) in self.outputs() {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            if path.exists() {
                let what = format!("could not write {}: it is there already", path.display());
                return Err(UserError::usage(what, format!("name a new file: {option} PATH")));
            }
            if folder.is_some_and(|folder| !folder.is_dir()) {
                let what = format!("could not write {}: there is no such folder", path.display());
                return Err(UserError::usage(what, format!("name another file: {option} PATH")));
            }
        }
        match (&self.write_minimal, &self.write_passing) {
            (Some(minimal), Some(passing)) if minimal == passing => Err(UserError::usage(
                "could not write two bodies to one file",
                "give --write-minimal and --write-passing a path each",
            )),
            _ => Ok(()),
        }
    }

    fn outputs(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        let minimal = self.write_minimal.as_deref().map(|path| ("--write-minimal", path));
        let passing = self.write_passing.as_deref().map(|path| ("--write-passing", path));
        minimal.into_iter().chain(passing)
    }

    /// The files that were asked for, of what there is to write.
    pub fn files(&self, story: &Story<'_>) -> Vec<(PathBuf, String)> {
        let line = |body: &Body, cut: &Cut| format!("{}\n", body.text(cut, Style::Pretty));
        let minimal = story.minimal().map(|cut| line(story.tried, cut));
        let is_over = matches!(story.answer.outcome, Outcome::Found);
        let passing = story.answer.passing.as_ref().filter(|_| is_over);
        let passing = passing.map(|cut| line(story.own, cut));
        let file = |path: &Option<PathBuf>, text: Option<String>| path.clone().zip(text);
        [file(&self.write_minimal, minimal), file(&self.write_passing, passing)]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The plan of a search that the service leads.
    pub fn plan(
        &self,
        (body, given): (&Body, &Body),
        replaced: usize,
        settings: &Settings,
    ) -> Result<Plan, UserError> {
        if settings.endpoint.value.api == Api::OpenAi {
            let what = "could not search over OpenAI's API: nothing there says no for free";
            let hint =
                "leave out --api openai, or let a program of yours ask: --oracle 'COMMAND {}'";
            return Err(UserError::usage(what, hint));
        }
        self.own_text.may_go_to(&settings.endpoint.value, settings)?;
        let agreed = settings.budget.yes || settings.simulate.is_some();
        let most = self.most_tries();
        let endpoint = &settings.endpoint.value;
        let plan = BisectPlan {
            body: body.clone(),
            given: given.text(&given.whole(), Style::Compact),
            service: match endpoint.is_cloud() {
                true => Service::Cloud,
                false => Service::Developer,
            },
            version: match endpoint.api_version.as_str() {
                "v1" => Version::V1,
                _ => Version::V1Beta,
            },
            replaced,
            limits: Limits { calls: most, again: AGAIN, untold: MOST_UNTOLD },
            most_generated: match agreed {
                true => u32::try_from(most).unwrap_or(u32::MAX),
                false => UNASKED,
            },
            most_input: if agreed { u64::MAX } else { UNASKED_INPUT },
        };
        let key = plans::key_plan(settings, Depth::Free);
        Ok(Plan { key, then: Then::Bisect(Box::new(plan)) })
    }

    /// The command that asks the same again, without what all live commands take. Bounds that ended a search are left out.
    pub fn again(&self, shell: Shell, ended: bool) -> String {
        let word = |text: &str| shell_word(text, shell);
        let mut line = format!("gemini-doctor bisect {}", word(&self.file.to_string_lossy()));
        let mut add = |name: &str, value: &Option<String>| {
            let value = value.iter().map(|value| format!(" {name} {}", word(value)));
            line.extend(value);
        };
        add("--body", &self.body);
        add("--oracle", &self.oracle);
        add("--oracle-timeout", &self.oracle_timeout);
        let most = self.max_tries.filter(|_| !ended).map(|most| most.to_string());
        add("--max-tries", &most);
        let most = self.given.max_requests.filter(|_| !ended).map(|most| most.to_string());
        add("--max-requests", &most);
        for host in &self.own_text.allow_host {
            add("--allow-host", &Some(host.clone()));
        }
        if self.keep_text {
            line.push_str(" --keep-text");
        }
        line
    }

    /// The command that leads on from an outcome, by its word in JSON.
    pub fn next(&self, outcome: &str, shell: Shell) -> String {
        let again = self.again(shell, outcome == "stopped");
        match outcome {
            "found" if self.write_passing.is_none() => format!("{again} --write-passing PATH"),
            "in_the_words" => format!("{again} --keep-text"),
            _ => again,
        }
    }
}

impl Story<'_> {
    /// The minimal failing body: that of the first fault, or the smallest so far.
    pub fn minimal(&self) -> Option<&Cut> {
        let first = self.answer.faults.first().map(|fault| &fault.cut);
        first.or(self.answer.failing.as_ref())
    }

    /// Whom a judge of the search was.
    pub fn name_of(&self, judge: Judge) -> &'static str {
        match (self.way, judge) {
            (None, _) => "oracle",
            (Some(COUNTS), Judge::Full) => "generateContent, shortened",
            (Some(way), _) => way,
        }
    }

    /// What rules say of the parts of a fault, each thing once.
    pub fn rules_say(&self, fault: &Fault) -> Vec<&Foreseen> {
        let known = fault.guilty.iter().flat_map(|place| said_of(self.foreseen, &place.path));
        let mut said: Vec<&Foreseen> = known.collect();
        said.dedup();
        said
    }

    /// By which calls the faults showed.
    pub fn asked_by(&self) -> Option<String> {
        let way = self.way?;
        let last = self.name_of(self.answer.judge);
        Some(if way == last { way.to_owned() } else { format!("{way}, then {last}") })
    }

    /// Whether the body is taken with fillers in it, so that the fault is in the words, or gone.
    pub fn is_in_the_words(&self) -> bool {
        self.replaced > 0 && self.answer.outcome == Outcome::Passes
    }

    /// What was said when the body was refused first.
    pub fn said(&self) -> Option<&str> {
        let refused = self.tries.iter().find(|one| one.verdict.word() == "fails");
        refused.map(|one| one.said.as_str()).filter(|said| !said.is_empty())
    }
}

//! `bisect`: reads the body that is to be searched, and has it tried by a program or by the service.

mod oracle;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{
    bisect::{self, Body, Outcome, Step},
    commands::bisect::{Bisect, Source, Story, Told, told},
    error::UserError,
    exit::Exit,
    local::inputs::{self, Place, Unread},
    probe::{
        Plan,
        bisect::{Bisected, Way},
    },
    report::Holds,
    settings::{Given, Settings, World},
};

use super::{
    live::{self, Live},
    output::Output,
    refuse,
};

/// More than any service takes.
const MOST: u64 = 256 << 20;

/// `bisect`.
pub(super) fn run(args: &Bisect, machine: &World) -> Exit {
    if let Some(line) = &args.oracle {
        return oracle::run(args, line, machine);
    }
    match Searching::of(args) {
        Ok(searching) => live::run(&Live::Bisect(&searching), machine),
        Err(error) => {
            let output = Output::without_files(&args.given, machine, Holds::Checks);
            refuse(&output, "bisect", &error)
        }
    }
}

/// A search that the service leads.
pub(super) struct Searching<'a> {
    /// What was typed.
    pub(super) args: &'a Bisect,
    /// It, with the model that the body names.
    pub(super) given: Given,
    /// The body as it was given.
    own: Body,
    /// The body as it is sent.
    sent: Body,
    /// How many texts were replaced in it.
    replaced: usize,
}

impl<'a> Searching<'a> {
    fn of(args: &'a Bisect) -> Result<Self, UserError> {
        args.refuse_to_overwrite()?;
        let own = body(args)?;
        let (sent, replaced) = match args.keep_text {
            true => (own.clone(), 0),
            false => bisect::filled(&own),
        };
        Ok(Self { args, given: args.given.clone(), own, sent, replaced })
    }

    /// The command that leads on from what was found.
    pub(super) fn again(&self, data: &Value) -> String {
        let again = self.args.again();
        match data["outcome"].as_str() {
            Some("found") => format!("{again} --write-passing PATH"),
            Some("in_the_words") => format!("{again} --keep-text"),
            _ => again,
        }
    }

    /// What is asked.
    pub(super) fn plan(&self, settings: &Settings) -> Result<Plan, UserError> {
        self.args.plan(&self.sent, self.replaced, settings)
    }

    /// What came of it, with the files to write; nothing where the body was never asked about.
    pub(super) fn told(&self, bisected: &Bisected) -> Option<(Told, Vec<(PathBuf, String)>)> {
        if bisected.tries.is_empty() {
            return None;
        }
        let answer = bisected.search.so_far();
        let ended = self.ended(bisected, &answer.outcome);
        let story = Story {
            file: &self.args.name(),
            source: Source::Service,
            answer: &answer,
            tried: &self.sent,
            own: &self.own,
            replaced: self.replaced,
            tries: &bisected.tries,
            way: bisected.way.map(Way::word),
            ended: ended.as_deref(),
        };
        Some((told(self.args, &story), self.args.files(&story)))
    }

    /// Why it is not over.
    fn ended(&self, bisected: &Bisected, outcome: &Outcome) -> Option<String> {
        let is_open = *outcome == Outcome::Stopped;
        let spent = matches!(bisected.search.next(), Step::Done(_));
        let most = self.args.most_tries();
        let spent = spent.then(|| format!("no more than {most} bodies may be tried"));
        bisected.ended.clone().or(spent).filter(|_| is_open)
    }
}

/// The body that is searched.
fn body(args: &Bisect) -> Result<Body, UserError> {
    let place = match args.is_standard() {
        true => Place::Standard,
        false => Place::Path(args.file.clone()),
    };
    let could_not = |why: String| {
        let what = format!("could not read {}: {why}", args.name());
        UserError::usage(what, "give the JSON body of the request that is refused")
    };
    let (bytes, _) = inputs::read_whole(&place, MOST).map_err(|unread| {
        could_not(match unread {
            Unread::Binary => "it is no text".to_owned(),
            Unread::Failed(why) => why,
        })
    })?;
    let text = String::from_utf8(bytes).map_err(|_| could_not("it is not UTF-8".to_owned()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Body::read(text).map_err(|wrong| {
        let what = format!("could not read {} as JSON: {wrong}", args.name());
        UserError::usage(what, "no service reads it either: mend that place first")
    })
}

/// A file of the caller's own that was not there before.
fn write_new(path: &Path, text: &str, output: &Output) -> Result<(), UserError> {
    if path.exists() {
        let what = format!("could not write {}: it is there by now", path.display());
        return Err(UserError::usage(what, "name another file"));
    }
    output.file(path, text)
}

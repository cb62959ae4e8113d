//! `compare`: two sides asked the same, and only what differs; or several hops of one way, and what each adds.
//! Its arguments, the sides that they become, and what a finished run is told with. Must neither ask nor print.

mod data;
mod hops;
mod saved;
mod sheets;
mod side;
mod told;
mod words;

use clap::{ArgMatches, Args, error::ErrorKind};

use crate::{
    error::UserError,
    facts::Clue,
    probe::{
        cloud::CloudPlan,
        compare::{SavedSide, SidePlan},
        key,
    },
    settings::{Given, Settings, World},
};

use super::plans;

pub use side::{SideSettings, Wanted};
pub use told::{Told, told};

/// Rounds of free calls.
const ROUNDS: u32 = 60;
/// More rounds than anybody waits for.
const MOST_ROUNDS: u32 = 100_000;
/// The time for each kind of round.
const MOST_MS: f64 = 60_000.0;
/// More hops than any way has.
const MOST_HOPS: usize = 8;

const HINT: &str = "for example: gemini-doctor compare --a direct --b base-url=https://gateway.example, \
                    or several --base-url in a row";

const EXAMPLES: &str = "\
A side is a list of settings, NAME=VALUE with commas in between: base-url, api,
api-version, project, location, credentials, model, key-file, key-env, profile,
proxy (or proxy=none), ca-file, resolve, ip (4 or 6) and http (1.1 or 2). What a side does not set is as the
common options say; \"direct\" sets nothing. A URL, a model's name or the path of
a saved report may stand alone. Exact facts count where both looks at a side
show the same; rates and times where chance makes such a difference in at most
2 of 100 runs.

  gemini-doctor compare --a direct --b https://gateway.example
  gemini-doctor compare --b proxy=none
  gemini-doctor compare --a key-env=OLD_KEY --b key-env=NEW_KEY
  gemini-doctor compare --a gemini-3.5-flash --b gemini-2.5-flash --generate 12 --yes
  gemini-doctor compare --a direct --b api=vertex,location=global
  gemini-doctor compare --a direct --b pod.json
  gemini-doctor compare --base-url https://gateway.example --base-url https://generativelanguage.googleapis.com";

/// What `compare` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("base_url", |it| it.action(clap::ArgAction::Append).help(
    "ask this base URL instead of the API's own; two or more: a way whose hops are compared, the nearest to the API last"
)))]
pub struct Compare {
    /// one side: settings as NAME=VALUE, a URL, a model, or a saved JSON report [default: direct]
    #[arg(long, value_name = "SIDE", help_heading = "Sides")]
    pub a: Option<String>,
    /// the other side [default: direct]
    #[arg(long, value_name = "SIDE", help_heading = "Sides")]
    pub b: Option<String>,
    /// rounds of free calls at most [default: 60]
    #[arg(long, value_name = "N", help_heading = "Calls")]
    pub rounds: Option<u32>,
    /// also compare N short answers of each side, which cost money
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Calls")]
    pub generate: u32,
    /// end with exit 1 if anything differs, and with 5 if the answers of --generate are too few to tell
    #[arg(long, help_heading = "Verdict")]
    pub fail_on_difference: bool,
    /// every `--base-url`, where there are several
    #[command(flatten)]
    pub urls: Urls,
    /// what all live commands take
    #[command(flatten)]
    pub given: Given,
}

/// Every `--base-url`; the option itself is one of the common ones, and is read before they take it.
#[derive(Clone, Debug, Default)]
pub struct Urls(Vec<String>);

impl clap::FromArgMatches for Urls {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let urls = matches.try_get_many::<String>("base_url");
        let urls = urls.map_err(|error| clap::Error::raw(ErrorKind::UnknownArgument, error))?;
        Ok(Self(urls.into_iter().flatten().cloned().collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Urls {
    fn augment_args(command: clap::Command) -> clap::Command {
        command
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        command
    }
}

/// A side as it was typed.
pub struct Typed {
    /// `a`, `b`, or the number of a hop.
    pub label: String,
    /// What it is.
    pub wanted: Wanted,
}

impl Compare {
    /// Whether the sides are hops of one way.
    pub fn is_in_a_row(&self) -> bool {
        self.urls.0.len() > 1
    }

    /// The sides, as they were typed.
    pub fn typed(&self) -> Result<Vec<Typed>, UserError> {
        let named = self.a.is_some() || self.b.is_some();
        match (named, self.is_in_a_row()) {
            (true, true) => Err(UserError::usage(
                "could not compare sides and a row of base URLs in one run",
                "give --a and --b with one --base-url at most, or several --base-url alone",
            )),
            (false, true) => self.hops(),
            (false, false) => {
                let named = if self.urls.0.is_empty() { "no side" } else { "only one base URL" };
                Err(UserError::usage(format!("could not compare: {named} is named"), HINT))
            }
            (true, false) => {
                let side = |label: &str, text: &Option<String>| {
                    let text = text.as_deref().unwrap_or("direct");
                    let wanted = Wanted::parse(&format!("--{label}"), text)?;
                    Ok(Typed { label: label.to_owned(), wanted })
                };
                Ok(vec![side("a", &self.a)?, side("b", &self.b)?])
            }
        }
    }

    fn hops(&self) -> Result<Vec<Typed>, UserError> {
        if self.urls.0.len() > MOST_HOPS {
            let what =
                format!("could not compare {} hops: more than {MOST_HOPS}", self.urls.0.len());
            return Err(UserError::usage(what, "leave out those that are of no interest"));
        }
        let hop = |(index, url): (usize, &String)| Typed {
            label: (index + 1).to_string(),
            wanted: Wanted::url(url),
        };
        Ok(self.urls.0.iter().enumerate().map(hop).collect())
    }

    /// Rounds of free calls.
    pub fn rounds(&self) -> Result<u32, UserError> {
        for (option, count) in [("--rounds", self.rounds), ("--generate", Some(self.generate))] {
            if count.is_some_and(|count| count > MOST_ROUNDS) {
                let what = format!("could not use {option}: more than {MOST_ROUNDS}");
                return Err(UserError::usage(what, "60 find a difference of 10 % on a quiet way"));
            }
        }
        Ok(self.rounds.unwrap_or(ROUNDS))
    }

    /// The time for each kind of round, in milliseconds.
    pub const fn most_ms(&self) -> f64 {
        MOST_MS
    }

    /// The command line that asks the same again, without what all live commands take.
    pub fn again(&self) -> String {
        let quoted = |text: &String| {
            let is_plain =
                |letter: char| letter.is_ascii_alphanumeric() || "-_./:=@%+,[]".contains(letter);
            match text.chars().all(is_plain) {
                true => text.clone(),
                false => format!("'{}'", text.replace('\'', "")),
            }
        };
        // A login does not belong on a command line that is printed.
        let shown = |text: &&String| !text.contains('@');
        let side = |name: &str, text: &Option<String>| {
            text.as_ref().filter(shown).map(|text| format!("{name} {}", quoted(text)))
        };
        let urls = self.urls.0.iter().filter(|_| self.is_in_a_row());
        let words = std::iter::once("gemini-doctor compare".to_owned())
            .chain(side("--a", &self.a))
            .chain(side("--b", &self.b))
            .chain(urls.map(|url| format!("--base-url {}", quoted(url))));
        words.collect::<Vec<_>>().join(" ")
    }
}

/// A side of an earlier run, out of the report that it wrote.
pub fn saved_side(
    path: &str,
    side: Option<&str>,
    worlds: &[&World],
) -> Result<SavedSide, UserError> {
    saved::read(path, side, worlds)
}

/// What every call to a side says of its key and its URL.
pub fn context(settings: &Settings, login: Option<&CloudPlan>) -> Vec<Clue> {
    let mut context = match login {
        Some(login) => login.named(),
        None => key::context_of(plans::shape(settings).as_ref()),
    };
    context.extend(settings.endpoint.value.flaw().map(Clue::Route));
    context
}

/// A side that needs no asking.
pub fn is_saved(side: &SidePlan) -> bool {
    matches!(side.source, crate::probe::compare::Source::Saved(_))
}

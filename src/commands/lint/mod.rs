//! `lint`: what the API would refuse or ignore in the body of a request, before it is sent. Its arguments, and how its
//! results read. Opens no file and judges no body.

mod changes;
mod data;
mod list;
mod next;
mod page;
mod told;
mod words;

use std::path::PathBuf;

use clap::Args;

use crate::{
    error::UserError,
    lint::{KINDS, Kind, Service, Version, rules},
};

use super::plans::OfflineOutput;

pub use list::list;
pub use next::{holds_several, is_error};
pub use page::page;
pub use told::{BodySeen, FileSeen, Left, NotJudged, Told, Written, told};
pub use words::Tally;

const EXAMPLES: &str = "\
A FILE holds a body as JSON, one a line (JSON lines, files for batches), the curl command
that sends it, a HAR file of a browser or a proxy, a .http file, or the log of a program
with bodies in it, as JSON or as Python prints them; - is standard input. What kind of body
it is shows by itself: generateContent, countTokens, embedContent, batches, OpenAI's form, a
map of models, a schema. Nothing is sent and no key is read. Rules that depend on the model
need its name: --model, the body's own, GEMINI_MODEL. What a shell puts into a command is
not judged, and a file that a command sends is read from beside it.

Examples:
  gemini-doctor lint request.json --model gemini-3.8-flash
  gemini-doctor lint request.json --fix                 # writes request.fixed.json
  pbpaste | gemini-doctor lint - --stdin-filename curl.sh
  gemini-doctor lint prompts/ --report sarif=lint.sarif --fail-on warn
  gemini-doctor lint routes.json --kind routes
  gemini-doctor lint --list schema                      # the rules about schemas

Exit 0 where nothing would be refused, 1 where something would (or warnings, with
--fail-on warn), 2 where a file cannot be read, 5 where nothing or not all could be judged.";

/// How standard input is called where nobody says otherwise.
pub const STANDARD_INPUT: &str = "standard input";

/// What `lint` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("format", |it| it.help(
    "write the result as table, plain, json, ndjson, junit, markdown, github, sarif, prometheus or openmetrics [default: table]"
)))]
pub struct Lint {
    /// bodies of requests: JSON, JSON lines, a curl command, a HAR file; directories are looked through; - is standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// what standard input is called in the report
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    pub stdin_filename: Option<String>,
    /// the kind of body [default: looked for]
    #[arg(long, value_name = "KIND", value_parser = kind, help_heading = "Reading")]
    pub kind: Option<Kind>,
    /// the model that the body is for, whatever it says; of several files, for those that name none [default: the body's own, or GEMINI_MODEL]
    #[arg(short, long, value_name = "NAME", help_heading = "Reading")]
    pub model: Option<String>,
    /// the API that it is for: gemini or vertex [default: gemini]
    #[arg(long, value_name = "API", value_parser = service, help_heading = "Reading")]
    pub api: Option<Service>,
    /// the version of the API: v1beta or v1 [default: v1beta]
    #[arg(long, value_name = "V", value_parser = version, help_heading = "Reading")]
    pub api_version: Option<Version>,
    /// do not count tokens
    #[arg(long, help_heading = "Reading")]
    pub no_count: bool,
    /// leave these rules out (repeatable)
    #[arg(long, value_name = "RULE,...", value_delimiter = ',', help_heading = "Reading")]
    pub allow: Vec<String>,

    /// write a new file with every correction that keeps what is meant: FILE.fixed.json
    #[arg(long, help_heading = "Correcting")]
    pub fix: bool,
    /// the same to this file
    #[arg(long, value_name = "PATH", help_heading = "Correcting")]
    pub fix_to: Option<PathBuf>,

    /// the rules, or those that a text or an id names
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = "", help_heading = "Rules")]
    pub list: Option<String>,

    /// which classes fail: warn, never [default: errors]
    #[arg(long, value_name = "CLASS,...", help_heading = "Output")]
    pub fail_on: Option<String>,
    /// also write the result in a format to a file: json, sarif, junit, markdown, html, ... (repeatable)
    #[arg(long, value_name = "FORMAT=PATH", help_heading = "Output")]
    pub report: Vec<String>,
    /// no progress and no remarks on standard error
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
    /// How the result is written.
    #[command(flatten)]
    pub output: OfflineOutput,
}

impl Lint {
    /// The rules that are left out, all of which must be there.
    pub fn allowed(&self) -> Result<Vec<&'static str>, UserError> {
        let known = |id: &String| {
            let found = rules().find(|rule| rule.id == id.trim()).map(|rule| rule.id);
            found.ok_or_else(|| {
                let ids: Vec<&str> = rules().map(|rule| rule.id).collect();
                let hint = match crate::facts::nearest(id, &ids) {
                    Some(near) => {
                        format!("did you mean {near}? gemini-doctor lint --list has them all")
                    }
                    None => "gemini-doctor lint --list has them all".to_owned(),
                };
                UserError::usage(format!("could not leave out {id:?}: there is no such rule"), hint)
            })
        };
        self.allow.iter().map(known).collect()
    }

    /// Whether corrections are to be written.
    pub const fn corrects(&self) -> bool {
        self.fix || self.fix_to.is_some()
    }
}

fn kind(word: &str) -> Result<Kind, String> {
    Kind::of_word(word).ok_or_else(|| {
        let words: Vec<&str> = KINDS.iter().map(|(_, word)| *word).collect();
        format!("the kinds are {}", words.join(", "))
    })
}

fn service(word: &str) -> Result<Service, String> {
    match word {
        "gemini" | "openai" => Ok(Service::Developer),
        "vertex" => Ok(Service::Cloud),
        _ => {
            Err("the APIs are gemini and vertex; a body in OpenAI's form is --kind openai"
                .to_owned())
        }
    }
}

fn version(word: &str) -> Result<Version, String> {
    match word {
        "v1" => Ok(Version::V1),
        "v1beta" | "v1alpha" | "v1beta1" => Ok(Version::V1Beta),
        _ => Err("the versions are v1beta and v1".to_owned()),
    }
}

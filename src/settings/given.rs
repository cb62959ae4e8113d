//! What every live command can be given on its command line. Names and types only: what the values
//! mean is decided in [`super::Settings::resolve`]. No option takes a key's value, and none reads a
//! variable by itself.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// The options that all live commands share.
#[derive(Args, Clone, Default)]
pub struct Given {
    /// ask this base URL instead of the API's own
    #[arg(long, value_name = "URL", help_heading = "Target")]
    pub base_url: Option<String>,
    /// speak this API [default: gemini]
    #[arg(long, value_name = "API", help_heading = "Target")]
    pub api: Option<ApiChoice>,
    /// the cloud platform's project [default: GOOGLE_CLOUD_PROJECT, else the credentials' own]
    #[arg(long, value_name = "ID", help_heading = "Target")]
    pub project: Option<String>,
    /// the cloud platform's location [default: GOOGLE_CLOUD_LOCATION, else global]
    #[arg(long, value_name = "PLACE", help_heading = "Target")]
    pub location: Option<String>,
    /// use this API version; `none` for a URL without one [default: v1beta; v1 on the cloud platform]
    #[arg(long, value_name = "V", help_heading = "Target")]
    pub api_version: Option<String>,
    /// ask this model [default: GEMINI_MODEL, else the newest stable flash model]
    #[arg(long, value_name = "NAME", help_heading = "Target")]
    pub model: Option<String>,
    /// read changes to the dated model table from this TOML file
    #[arg(long, value_name = "FILE", help_heading = "Target")]
    pub models_file: Option<PathBuf>,

    /// use this profile of the config file, before any variable
    #[arg(long, value_name = "NAME", help_heading = "Key")]
    pub profile: Option<String>,
    /// read the key from this file
    #[arg(long, value_name = "FILE", help_heading = "Key")]
    pub key_file: Option<PathBuf>,
    /// read the key from standard input
    #[arg(long, help_heading = "Key")]
    pub key_stdin: bool,
    /// run this command and take its output as the key
    #[arg(long, value_name = "CMD", help_heading = "Key")]
    pub key_command: Option<String>,
    /// read this file instead of `.env` in the current directory
    #[arg(long, value_name = "FILE", help_heading = "Key")]
    pub env_file: Option<PathBuf>,
    /// the cloud platform's credentials [default: GOOGLE_APPLICATION_CREDENTIALS, else gcloud's file, else the metadata server]
    #[arg(long, value_name = "FILE", help_heading = "Key")]
    pub credentials: Option<PathBuf>,
    /// what to do when there is no key [default: fail]
    #[arg(long, value_name = "WHAT", help_heading = "Key")]
    pub without_key: Option<WithoutKey>,

    /// give up on a request after this many seconds [default: 60]
    #[arg(long, value_name = "SECS", allow_negative_numbers = true, help_heading = "Network")]
    pub timeout: Option<f64>,
    /// give up on a connection after this many seconds [default: 10]
    #[arg(long, value_name = "SECS", allow_negative_numbers = true, help_heading = "Network")]
    pub connect_timeout: Option<f64>,
    /// use IPv4 only
    #[arg(short = '4', long, conflicts_with = "ipv6", help_heading = "Network")]
    pub ipv4: bool,
    /// use IPv6 only
    #[arg(short = '6', long, help_heading = "Network")]
    pub ipv6: bool,
    /// go through this proxy [default: what the proxy variables say]
    #[arg(long, value_name = "URL", conflicts_with = "no_proxy", help_heading = "Network")]
    pub proxy: Option<String>,
    /// use no proxy, whatever the variables say
    #[arg(long, help_heading = "Network")]
    pub no_proxy: bool,
    /// trust the certificates of this PEM file too (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Network")]
    pub ca_file: Vec<PathBuf>,
    /// take this address, which may name another port, instead of asking DNS (repeatable)
    #[arg(long, value_name = "HOST:PORT:ADDR", help_heading = "Network")]
    pub resolve: Vec<String>,
    /// speak this version of HTTP [default: auto]
    #[arg(long, value_name = "VERSION", help_heading = "Network")]
    pub http: Option<HttpVersion>,

    /// write the result as table, plain, json, ndjson, junit, markdown, github, prometheus or openmetrics; timed calls as csv, too [default: table]
    #[arg(long, value_name = "F", help_heading = "Output")]
    pub format: Option<String>,
    /// also write the result to a file: in those formats but github (prometheus is what a textfile collector reads), or as html; timed calls as csv or hdr, too (repeatable)
    #[arg(long, value_name = "FORMAT=PATH", help_heading = "Output")]
    pub report: Vec<String>,
    /// when to use colour [default: auto]
    #[arg(long, value_name = "WHEN", help_heading = "Output")]
    pub color: Option<ColorChoice>,
    /// no progress on standard error
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,
    /// more detail; twice for all of it
    #[arg(short, long, action = clap::ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
    /// print commands for this shell [default: the one in use]
    #[arg(long, value_name = "SHELL", help_heading = "Output")]
    pub shell: Option<Shell>,
    /// which results fail the run: yours, theirs, path, unknown, quota; or `warn`, or `never`
    #[arg(long, value_name = "LIST", help_heading = "Output")]
    pub fail_on: Option<String>,
    /// for drills: exit 0 if the first cause that is found is this known fix, and 1 if not, whatever --fail-on says
    #[arg(long, value_name = "FIX-ID", help_heading = "Output")]
    pub expect: Option<String>,
    /// append one JSON line a request to this file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub log: Option<PathBuf>,

    /// send at most this many requests
    #[arg(long, value_name = "N", help_heading = "Cost")]
    pub max_requests: Option<u64>,
    /// spend at most this many tokens
    #[arg(long, value_name = "N", help_heading = "Cost")]
    pub max_tokens: Option<u64>,
    /// end the run after this many seconds
    #[arg(long, value_name = "SECS", allow_negative_numbers = true, help_heading = "Cost")]
    pub deadline: Option<f64>,
    /// say what would be sent, and send nothing
    #[arg(long, help_heading = "Cost")]
    pub dry_run: bool,
    /// agree to what is asked before it is sent: load, long prompts, more than 20 paid calls, --transport-matrix
    #[arg(short, long, help_heading = "Cost")]
    pub yes: bool,
    /// seed of everything random, to repeat a run
    #[arg(long, value_name = "N", help_heading = "Cost")]
    pub seed: Option<u64>,

    /// run against the embedded simulator: no key, no network
    #[arg(long, value_name = "SCENARIO", help_heading = "Simulation")]
    pub simulate: Option<String>,
}

/// A way to the models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ApiChoice {
    /// the Developer API's own routes
    #[default]
    Gemini,
    /// the routes of OpenAI's API, Google's or a gateway's
    #[value(name = "openai")]
    OpenAi,
    /// the cloud platform with a key and no project
    Express,
    /// the cloud platform with a login, in a project and a location
    Vertex,
}

impl ApiChoice {
    /// The word by which it is chosen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Gemini => "gemini",
            Self::OpenAi => "openai",
            Self::Express => "express",
            Self::Vertex => "vertex",
        }
    }
}

/// What a run without a key is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum WithoutKey {
    /// a skipped case, exit 0
    Skip,
    /// a failure, exit 2
    #[default]
    Fail,
}

/// The version of HTTP to speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum HttpVersion {
    /// HTTP/1.1 only
    #[value(name = "1.1")]
    Http1,
    /// HTTP/2 only
    #[value(name = "2")]
    Http2,
    /// what the server picks
    #[default]
    Auto,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// on a terminal, unless NO_COLOR says otherwise
    #[default]
    Auto,
    /// always
    Always,
    /// never
    Never,
}

/// A shell that commands are printed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// sh, bash, zsh
    Sh,
    /// PowerShell
    Powershell,
}

/// A proxy's URL may hold a password, so the values are not shown.
impl std::fmt::Debug for Given {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Given").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        given: Given,
    }

    fn parse(words: &[&str]) -> Result<Given, clap::Error> {
        let line = std::iter::once("gemini-doctor").chain(words.iter().copied());
        Line::try_parse_from(line).map(|line| line.given)
    }

    #[test]
    fn the_definition_is_sound_and_explains_every_option() {
        Line::command().debug_assert();
        for argument in
            Line::command().get_arguments().filter(|argument| argument.get_id() != "help")
        {
            assert!(argument.get_help().is_some(), "{}", argument.get_id());
        }
    }

    #[test]
    fn clap_cannot_read_variables() {
        let manifest = include_str!("../../Cargo.toml");
        let clap = manifest.lines().find(|line| line.starts_with("clap = ")).expect("a dependency");
        assert!(!clap.contains("\"env\""), "{clap}");
    }

    #[test]
    fn every_option_stands_under_a_heading_and_none_takes_a_key() {
        let command = Line::command();
        for argument in command.get_arguments().filter(|argument| argument.get_id() != "help") {
            let heading = argument.get_help_heading().unwrap_or("none");
            let known = ["Target", "Key", "Network", "Output", "Cost", "Simulation"];
            assert!(known.contains(&heading), "{}: {heading}", argument.get_id());
            let long = argument.get_long().expect("every option has a long name");
            assert!(!["key", "api-key", "token"].contains(&long));
        }
    }

    #[test]
    fn opposites_exclude_each_other() {
        for words in [&["-4", "-6"][..], &["--proxy", "http://p", "--no-proxy"], &["-q", "-v"]] {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }

    #[test]
    fn words_become_values() {
        let given = parse(&["-vv", "--http", "1.1", "--resolve", "h:1:::1", "--timeout", "-1"]);
        let given = given.expect("it parses");
        assert_eq!((given.verbose, given.http), (2, Some(HttpVersion::Http1)));
        assert_eq!((given.resolve.len(), given.timeout), (1, Some(-1.0)));
    }

    #[test]
    fn debug_hides_a_proxys_password() {
        let given = parse(&["--proxy", "http://user:hunter2@p"]).expect("it parses");
        assert!(!format!("{given:?}").contains("hunter2"));
    }
}

//! Which files are meant: those that are named, and of directories those that may hold requests. Reads none of them.

use std::path::{Path, PathBuf};

use crate::{
    commands::lint::Lint,
    error::UserError,
    local::inputs::{self, File, Trouble, Wanted},
};

/// What is taken of a directory: files of JSON, and those with commands.
const ENDINGS: &[&str] = &["json", "jsonl", "ndjson", "har"];
const SCRIPTS: &[&str] = &["sh", "bash", "zsh", "curl", "ps1", "http", "rest"];

/// What there is to read.
pub(super) struct Found {
    pub(super) files: Vec<File>,
    /// What cannot be.
    pub(super) troubles: Vec<Trouble>,
}

/// The files that are meant; of directories those that may hold bodies.
pub(super) fn files(args: &Lint) -> Result<Found, UserError> {
    let mut paths = args.files.clone();
    if paths.is_empty() {
        if std::io::IsTerminal::is_terminal(&std::io::stdin()) {
            return Err(UserError::usage(
                "could not lint anything: no FILE is named, and nothing is piped in",
                "gemini-doctor lint request.json, or some-command | gemini-doctor lint -",
            ));
        }
        paths.push(PathBuf::from("-"));
    }
    let mut found = inputs::find(&Wanted { paths: &paths, ignore: true, hidden: false });
    found.files.retain(|file| file.named || has_an_ending(&file.name));
    Ok(Found { files: found.files, troubles: found.troubles })
}

/// There is no body anywhere.
pub(super) fn nothing(passed_over: usize) -> UserError {
    let what = "could not lint anything: there is no body in what is named";
    let endings = [ENDINGS, SCRIPTS].concat().join(", ");
    let hint = match passed_over {
        0 => format!("of a directory files are taken that end in {endings}"),
        1 => "one file was looked at, and holds no request; name it to see what is wrong with it"
            .to_owned(),
        count => format!(
            "{count} files were looked at, and hold no request; name one to see what is wrong with it"
        ),
    };
    UserError::usage(what, hint)
}

fn has_an_ending(name: &str) -> bool {
    ends_with(name, ENDINGS) || is_script(name)
}

/// Whether a file is a script by its name, so that without a command it holds no body at all.
pub(super) fn is_script(name: &str) -> bool {
    ends_with(name, SCRIPTS)
}

fn ends_with(name: &str, endings: &[&str]) -> bool {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| endings.iter().any(|own| own.eq_ignore_ascii_case(ending)))
}

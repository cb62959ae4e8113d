//! Where the text comes from: the command line, standard input, files.

use std::io::Read;

use crate::{commands::explain::Explain, error::UserError};

use super::Output;

/// The most that is read.
const LIMIT: u64 = 64 * 1024 * 1024;

/// The text to read.
pub(super) fn text(args: &Explain, _output: &Output) -> Result<String, UserError> {
    if !args.text.is_empty() && args.text != ["-"] {
        let words: Vec<_> = args.text.iter().map(|word| word.to_string_lossy()).collect();
        return Ok(words.join(" "));
    }
    let mut bytes = Vec::new();
    std::io::stdin().take(LIMIT).read_to_end(&mut bytes).map_err(|error| {
        UserError::usage(format!("could not read standard input: {error}"), "pipe the text in")
    })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

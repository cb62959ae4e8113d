//! Which vocabulary a count is made with.

use std::{fs, path::Path};

use aws_lc_rs::digest;

use crate::{
    commands::count_tokens::{CountTokens, known_vocabulary},
    error::UserError,
    tokens::{Vocabulary, model_file},
};

/// Far beyond any tokenizer's file.
const MOST_OF_A_FILE: u64 = 512 << 20;

/// The one that was given, or the one that is built in; and whether its bytes are known.
pub(super) fn vocabulary(args: &CountTokens) -> Result<(Vocabulary, bool), UserError> {
    match &args.tokenizer {
        None => Ok((Vocabulary::gemma3(), true)),
        Some(path) => of_file(path).map_err(|why| {
            let what = format!("could not use the tokenizer {}: {why}", path.display());
            UserError::usage(
                what,
                "give a SentencePiece .model or a tokenizer.json, of BPE with byte fallback",
            )
        }),
    }
}

/// It is called what the file is known as, or by the file's own name.
fn of_file(path: &Path) -> Result<(Vocabulary, bool), String> {
    let size = fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > MOST_OF_A_FILE {
        return Err(format!("it is larger than {} MiB", MOST_OF_A_FILE >> 20));
    }
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let sha256 = digest::digest(&digest::SHA256, &bytes);
    let sha256: String = sha256.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let file_name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let known = known_vocabulary(&sha256);
    let name = known.map_or(file_name.into_owned(), str::to_owned);
    Ok((Vocabulary::of(name, &model_file::read(&bytes)?)?, known.is_some()))
}

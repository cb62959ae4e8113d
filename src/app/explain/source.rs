//! Where the text comes from: the command line, standard input, files. Whatever it is, it is read: bytes
//! that are no text stand as marks, and more than the bound is left out and told.

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io::{IsTerminal, Read},
    path::{Path, PathBuf},
};

use crate::{
    commands::explain::{Explain, Source},
    error::UserError,
    settings::decode,
};

use super::Output;

/// The most that is read of one source.
const LIMIT: u64 = 64 * 1024 * 1024;

/// A text with where it comes from.
pub(super) struct Input {
    pub(super) source: Source,
    pub(super) text: String,
    /// How many lines of the source stand before the text.
    pub(super) lines_before: usize,
}

impl Input {
    /// Bytes as text.
    pub(super) fn new(name: &str, bytes: &[u8], left_out: Option<String>) -> Self {
        let (text, written) = decode::lossy(bytes);
        let note = left_out.or(written.map(str::to_owned));
        Self {
            source: Source { name: name.to_owned(), bytes: bytes.len(), note },
            text,
            lines_before: 0,
        }
    }
}

/// Every text that was named.
pub(super) fn inputs(args: &Explain, output: &Output) -> Result<Vec<Input>, UserError> {
    if !args.files.is_empty() {
        let one = |path: &PathBuf| if path.as_os_str() == "-" { stdin(output) } else { file(path) };
        return args.files.iter().map(one).collect();
    }
    match args.text.as_slice() {
        [] => stdin(output).map(|input| vec![input]),
        [dash] if dash == "-" => stdin(output).map(|input| vec![input]),
        [only] if names_a_file(only) => file(Path::new(only)).map(|input| vec![input]),
        words if words.iter().all(|word| names_a_file(word)) => Err(several(words)),
        words => {
            let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
            Ok(vec![Input::new("argument", words.join(" ").as_bytes(), None)])
        }
    }
}

/// Whether a word is the path of a file, be it there or not. A pasted error has blanks or is longer.
fn names_a_file(word: &OsStr) -> bool {
    let text = word.to_string_lossy();
    let short = text.len() < 1024;
    let bare = !text.contains(char::is_whitespace);
    let named = [".log", ".txt", ".json", ".err", ".out", ".ndjson", ".jsonl"]
        .iter()
        .any(|end| text.ends_with(end));
    let rooted = text.starts_with('/') || text.starts_with("./") || text.starts_with("../");
    short && ((bare && !text.contains(':') && (named || rooted)) || Path::new(word).exists())
}

fn stdin(output: &Output) -> Result<Input, UserError> {
    if std::io::stdin().is_terminal() {
        let end = if cfg!(windows) { "Ctrl-Z and Enter" } else { "Ctrl-D" };
        output.note(&format!("Paste the error, then {end}"));
    }
    let (bytes, left_out) = bounded(std::io::stdin().lock())
        .map_err(|error| could_not_read("standard input", &error.to_string()))?;
    Ok(Input::new("standard input", &bytes, left_out))
}

/// Several paths, which are no text.
fn several(words: &[OsString]) -> UserError {
    let names: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    let options: Vec<String> = names.iter().map(|name| format!("--file {name}")).collect();
    UserError::usage(
        format!("these are files, and a text was expected: {}", names.join(", ")),
        format!("read them with {}", options.join(" ")),
    )
}

/// A file; of one that is too large its end, since that is where errors are.
fn file(path: &Path) -> Result<Input, UserError> {
    let name = path.display().to_string();
    let refuse = |error: std::io::Error| could_not_read(&name, &said(&error));
    if path.is_dir() {
        return Err(could_not_read(&name, "it is a directory"));
    }
    let mut file = File::open(path).map_err(refuse)?;
    let length = file.metadata().map_err(refuse)?.len();
    if length <= LIMIT {
        let (bytes, left_out) = bounded(file).map_err(refuse)?;
        return Ok(Input::new(&name, &bytes, left_out));
    }
    // The numbers of lines are the file's own.
    let lines_before = lines_of(&mut file, length - LIMIT).map_err(refuse)?;
    let (bytes, _) = bounded(file).map_err(refuse)?;
    let note = format!("only its last {} MiB were read", LIMIT >> 20);
    Ok(Input { lines_before, ..Input::new(&name, &bytes, Some(note)) })
}

/// Reads over the first bytes of a file, and tells how many lines end within them.
fn lines_of(file: &mut impl Read, bytes: u64) -> std::io::Result<usize> {
    let mut part = vec![0; 1 << 16];
    let (mut rest, mut lines) = (bytes, 0);
    while rest > 0 {
        let most = usize::try_from(rest).unwrap_or(usize::MAX).min(part.len());
        match file.read(&mut part[..most])? {
            0 => break,
            count => {
                lines += part[..count].iter().filter(|byte| **byte == b'\n').count();
                rest -= count as u64;
            }
        }
    }
    Ok(lines)
}

fn bounded(source: impl Read) -> std::io::Result<(Vec<u8>, Option<String>)> {
    let mut bytes = Vec::new();
    source.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 <= LIMIT {
        return Ok((bytes, None));
    }
    bytes.truncate(LIMIT as usize);
    Ok((bytes, Some(format!("only its first {} MiB were read", LIMIT >> 20))))
}

fn said(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

fn could_not_read(name: &str, why: &str) -> UserError {
    UserError::usage(
        format!("could not read {name}: {why}"),
        "give the error's text, --file PATH, or pipe it in: some-command 2>&1 | gemini-doctor explain",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_over_is_counted() {
        let text = "a\nb\n".repeat(100_000);
        let mut rest = text.as_bytes();
        assert_eq!(lines_of(&mut rest, 399_998).expect("bytes"), 199_999);
        assert_eq!(rest, b"b\n".as_slice());
    }
}

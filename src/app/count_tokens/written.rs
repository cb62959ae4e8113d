//! What is made of a text once it is counted: chunks, and a clean copy; written where that was asked for.

use std::{fs, path::Path};

use crate::{
    commands::count_tokens::{
        Basis, CountTokens, Input,
        hidden::Cleaned,
        plan::{self, Planned},
    },
    error::UserError,
    local::inputs::Encoding,
    tokens::{
        Counter, Vocabulary, chunks,
        hidden::{self, Kind},
    },
};

use super::Output;

/// Lines of changes that are shown.
const MOST_LINES: usize = 40;

/// Refuses what needs one text where there are more, before anything is counted.
pub(super) fn refuse_several(args: &CountTokens, inputs: usize) -> Result<(), UserError> {
    let option = if args.plan.plan { "--plan" } else { "--normalize" };
    let is_wanted = args.plan.plan || args.hidden_chars.normalize.is_some();
    if !is_wanted || inputs <= 1 {
        return Ok(());
    }
    let what = format!("could not use {option} with {inputs} inputs: it takes one text");
    Err(UserError::usage(
        what,
        format!("name one file, or pipe a text in: cat *.md | gemini-doctor count-tokens {option}"),
    ))
}

/// Refuses what needs a text where there is a request.
pub(super) fn refuse_request(args: &CountTokens) -> Result<(), UserError> {
    let option = if args.plan.plan { "--plan" } else { "--normalize" };
    let is_wanted = args.plan.plan || args.hidden_chars.normalize.is_some();
    if !is_wanted || args.request.is_none() {
        return Ok(());
    }
    let what = format!("could not use {option} with --request: it takes a text, and JSON is none");
    Err(UserError::usage(
        what,
        format!(
            "extract the text first: jq -r '.contents[].parts[].text' body.json | gemini-doctor count-tokens {option}"
        ),
    ))
}

/// Refuses a text that would not be the same when it is written.
fn refuse_other_bytes(option: &str, input: &Input) -> Result<(), UserError> {
    let (read, name) = (&input.seen.read, &input.name);
    let (why, from) = match (read.encoding, input.seen.counted.first_invalid) {
        (Encoding::Utf16Little | Encoding::Utf16Big, _) => {
            let encoding = read.encoding.word().to_uppercase();
            (format!("it is {encoding}, and what is written is UTF-8"), "UTF-16")
        }
        (_, Some(at)) => (format!("byte {at} is no UTF-8, and would be lost"), "WINDOWS-1252"),
        (_, None) => return Ok(()),
    };
    let what = format!("could not use {option} with {name}: {why}");
    let hint =
        format!("make it UTF-8 first, with the encoding that it has: iconv -f {from} -t UTF-8");
    Err(UserError::usage(what, hint))
}

/// The chunks of the one text, written where a directory was named.
pub(super) fn planned(
    args: &CountTokens,
    basis: &Basis,
    (input, vocabulary): (&Input, &Vocabulary),
    output: &Output,
) -> Result<Option<Planned>, UserError> {
    if !args.plan.plan {
        return Ok(None);
    }
    let option = if args.plan.split.is_some() { "--split" } else { "--plan" };
    refuse_other_bytes(option, input)?;
    let text = held(input, option)?;
    let (cap, overlap) = (args.plan.cap(&basis.limits), args.plan.overlap.unwrap_or(0));
    let plan =
        chunks::plan(text, cap, overlap, &mut Counter::new(vocabulary)).map_err(|refusal| {
            let what = format!("could not plan chunks of {}: {refusal}", input.name);
            UserError::usage(what, "give another --cap or --overlap")
        })?;
    let files = args.plan.split.as_deref().map(|folder| split(folder, input, &plan, output));
    Ok(Some(Planned { files: files.transpose()?, plan, cap, overlap }))
}

/// Nothing that is there already is written over by a chunk.
fn split(
    folder: &Path,
    input: &Input,
    plan: &chunks::Plan,
    output: &Output,
) -> Result<Vec<String>, UserError> {
    let text = held(input, "--split")?;
    let trouble = |path: &Path, why: &dyn std::fmt::Display| {
        let what = format!("could not write the chunk {}: {why}", path.display());
        UserError::usage(what, "give --split a directory that can be written and has no such files")
    };
    fs::create_dir_all(folder).map_err(|error| trouble(folder, &error))?;
    let name = |number| folder.join(plan::file_name(&input.name, number, plan.chunks.len()));
    let paths: Vec<_> = (0..plan.chunks.len()).map(name).collect();
    if let Some(path) = paths.iter().find(|path| path.exists()) {
        return Err(trouble(path, &"it is there already"));
    }
    for (path, chunk) in paths.iter().zip(&plan.chunks) {
        let bytes = text[chunk.range.clone()].as_bytes();
        output.copy(path, bytes).map_err(|error| trouble(path, &error))?;
    }
    Ok(paths.iter().map(|path| path.display().to_string()).collect())
}

/// The clean copy of the one text.
pub(super) fn cleaned(
    args: &CountTokens,
    kinds: &[Kind],
    input: &Input,
    output: &Output,
) -> Result<Option<Cleaned>, UserError> {
    let Some(path) = &args.hidden_chars.normalize else { return Ok(None) };
    refuse_other_bytes("--normalize", input)?;
    if path.as_os_str() == "-" {
        let what = "could not write the copy to -: standard output is for the report";
        return Err(UserError::usage(what, "give --normalize the path of a file"));
    }
    let text = held(input, "--normalize")?;
    let normalized = hidden::normalize(text, kinds);
    if is_the_same_file(path, &input.name) {
        let what = format!("could not write {}: it is the text itself", path.display());
        return Err(UserError::usage(what, "give --normalize the path of a copy"));
    }
    if path.is_file() {
        let what = format!("could not write {}: it is there already", path.display());
        return Err(UserError::usage(what, "give --normalize a path that is not there yet"));
    }
    output.copy(path, normalized.text.as_bytes()).map_err(|error| {
        let what = format!("could not write the copy {}: {error}", path.display());
        UserError::usage(what, "give --normalize a path that can be written")
    })?;
    Ok(Some(Cleaned {
        path: path.clone(),
        changes: normalized.changes.len() as u64,
        diff: hidden::diff(text, &normalized.changes, MOST_LINES),
    }))
}

fn is_the_same_file(path: &Path, name: &str) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    real(path).is_some_and(|path| real(Path::new(name)) == Some(path))
}

fn held<'a>(input: &'a Input, option: &str) -> Result<&'a str, UserError> {
    input.seen.text.as_deref().ok_or_else(|| {
        let what = format!("could not use {option} with {}: it is larger than 256 MiB", input.name);
        UserError::usage(what, "split it into files first: split -C 200M")
    })
}

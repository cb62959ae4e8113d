//! `explain`: the text of a failure, from wherever it is pasted, and what else is known of the call.
//! What it takes, and how its own results read.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::{
    diagnose::{
        excerpt,
        pasted::{Seen, Sorted},
        quota::{Quota, When, quotas},
    },
    facts::{Clue, clue},
    report::document::{Column, Sheet},
};

use super::plans::OfflineOutput;

/// What `explain` takes.
#[derive(Args)]
pub struct Explain {
    /// the error's text, or a file that holds it; - or nothing reads standard input
    #[arg(value_name = "TEXT", conflicts_with_all = ["files", "command"])]
    pub text: Vec<OsString>,
    /// read this file, or - for standard input; may be repeated
    #[arg(long = "file", value_name = "PATH", conflicts_with = "command", help_heading = "Text")]
    pub files: Vec<PathBuf>,
    /// run this command as if it were alone, and explain on standard error how it failed
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,

    /// the URL that was called
    #[arg(long, value_name = "URL", help_heading = "What is known of the call")]
    pub url: Option<String>,
    /// the model that was asked
    #[arg(long, value_name = "NAME", help_heading = "What is known of the call")]
    pub model: Option<String>,
    /// the client library: google-genai, google-generativeai, langchain, litellm, openai ...
    #[arg(long, value_name = "NAME", help_heading = "What is known of the call")]
    pub sdk: Option<String>,
    /// the request's JSON body: a counted field in the error is then called by its name
    #[arg(long, value_name = "FILE", help_heading = "What is known of the call")]
    pub request: Option<PathBuf>,
    /// look at the shape of the key that this program would use, and at nothing else of it
    #[arg(long, help_heading = "What is known of the call")]
    pub use_key_shape: bool,

    /// print a retry policy for this class of error instead, as code to copy: python, typescript or rust
    #[arg(long, value_name = "LANGUAGE", conflicts_with_all = ["command", "report", "exit_code", "format"], help_heading = "Output")]
    pub policy: Option<crate::policy::Language>,
    /// `ours` ends with the class of the first cause [default: 0 for a cause, 5 for none; the command's own status]
    #[arg(long, value_name = "WHOSE", help_heading = "Output")]
    pub exit_code: Option<Whose>,
    /// also write the result to a file: json=PATH, markdown=PATH ...; may be repeated
    #[arg(long, value_name = "FORMAT=PATH", help_heading = "Output")]
    pub report: Vec<String>,
    /// how to print
    #[command(flatten)]
    pub output: OfflineOutput,
}

/// Whose exit code the program ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Whose {
    /// Ours: the class of the first cause.
    Ours,
}

/// What was read, and from where.
pub struct Source {
    /// `standard input`, the file's path.
    pub name: String,
    /// Its size in bytes.
    pub bytes: usize,
    /// How it was written, where that is worth telling.
    pub note: Option<String>,
}

/// The command's own part of the document.
pub fn data(sources: &[Source], sorted: &Sorted, secret: bool, now: i64) -> Value {
    json!({
        "sources": sources.iter().map(|source| json!({
            "name": source.name, "bytes": source.bytes, "note": source.note,
        })).collect::<Vec<_>>(),
        "errors": sorted.all().map(|(seen, cause)| error_json(seen, cause)).collect::<Vec<_>>(),
        "quotas": all_quotas(sorted, now),
        "skipped": sorted.skipped,
        "holds_a_secret": secret,
    })
}

fn error_json(seen: &Seen, cause: Option<&str>) -> Value {
    let clues = &seen.clues;
    let find = |pick: fn(&Clue) -> Option<Value>| clues.iter().find_map(pick);
    let reasons: Vec<&str> = clues
        .iter()
        .filter_map(|clue| match clue {
            Clue::Reason(reason) => Some(reason.as_str()),
            _ => None,
        })
        .collect();
    json!({
        "cause": cause,
        "source": seen.source,
        "first_line": seen.first_line,
        "last_line": seen.last_line,
        "times": seen.times,
        "quote": seen.quote,
        "status": find(|clue| match clue { Clue::Status(status) => Some(json!(status)), _ => None }),
        "rpc": find(|clue| match clue { Clue::Rpc(rpc) => Some(json!(rpc)), _ => None }),
        "reasons": reasons,
        "answered_by": find(|clue| match clue { Clue::By(party) => Some(json!(party)), _ => None }),
        "author": clue::meta(clues, "author"),
        "url": clue::meta(clues, "url"),
        "model": clue::meta(clues, "model"),
    })
}

/// The tables: several errors, and the quotas that were violated.
pub fn sheets(sorted: &Sorted, now: i64) -> Vec<Sheet> {
    let rows: Vec<(&Seen, Option<&str>)> = sorted.all().collect();
    let errors = (rows.len() > 1).then(|| errors_sheet(&rows));
    let quotas = all_quotas(sorted, now);
    let quotas = (!quotas.is_empty()).then(|| quota_sheet(&quotas));
    errors.into_iter().chain(quotas).collect()
}

/// How much of a quote stands in a table.
const SHOWN: usize = 80;

fn errors_sheet(rows: &[(&Seen, Option<&str>)]) -> Sheet {
    let several = rows.iter().any(|(seen, _)| seen.source != rows[0].0.source);
    let row = |(seen, cause): &(&Seen, Option<&str>)| {
        let place =
            if several { format!("{}: {}", seen.source, seen.lines()) } else { seen.lines() };
        let cause = cause.or(clue::meta(&seen.clues, "author")).unwrap_or("not recognised");
        vec![
            seen.times.to_string(),
            place,
            cause.to_owned(),
            excerpt::beginning(&seen.quote, SHOWN),
        ]
    };
    Sheet {
        title: "errors".to_owned(),
        columns: vec![
            Column::number("times"),
            Column::text("lines"),
            Column::text("cause"),
            Column::text("says"),
        ],
        rows: rows.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

fn all_quotas(sorted: &Sorted, now: i64) -> Vec<Quota> {
    let mut all: Vec<Quota> = Vec::new();
    let of = |seen: &Seen| quotas(&seen.clues, When { said_at: seen.said_at, now });
    for quota in sorted.recognised.iter().flat_map(|(seen, _)| of(seen)) {
        if !all.contains(&quota) {
            all.push(quota);
        }
    }
    all
}

fn quota_sheet(quotas: &[Quota]) -> Sheet {
    let row = |quota: &Quota| {
        let per = quota.per.map_or_else(String::new, |per| format!(" per {per}"));
        let tier = match quota.free_tier {
            Some(true) => ", free tier",
            Some(false) => ", paid tier",
            None => "",
        };
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        vec![
            format!("{}{per}{tier}", quota.counts),
            or_dash(&quota.limit),
            or_dash(&quota.model),
            quota.resets.clone(),
            quota.settles.to_owned(),
        ]
    };
    Sheet {
        title: "quotas".to_owned(),
        columns: ["what is limited", "limit", "model", "lifted", "settles"]
            .map(Column::text)
            .to_vec(),
        rows: quotas.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

//! `--plan`: a text in chunks that each fit. The options, and how a plan reads; cuts and writes nothing.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::{
    Limits, amount,
    words::{counted, grouped},
};
use crate::{
    report::document::{Column, Sheet},
    tokens::chunks::{Chunk, Plan},
};

/// Chunks for models with the usual limit; others get their share of it.
const CAP: u64 = 750_000;
const USUAL_LIMIT: u64 = 1_048_576;
/// Rows that are shown.
const SHOWN: usize = 20;

/// How a text is to be cut.
#[derive(Args, Debug)]
pub struct PlanArgs {
    /// cut the text into chunks: at paragraphs, else sentences, else words
    #[arg(long, conflicts_with_all = ["verify", "prove_delivery", "find_ceiling"], help_heading = "Chunks")]
    pub plan: bool,
    /// no chunk above so many tokens [default: 750000, less for models that take less]
    #[arg(long, value_name = "N", value_parser = amount::positive, requires = "plan", help_heading = "Chunks")]
    pub cap: Option<u64>,
    /// begin each chunk with up to so many tokens of the one before
    #[arg(long, value_name = "N", value_parser = amount::amount, requires = "plan", help_heading = "Chunks")]
    pub overlap: Option<u64>,
    /// write the chunks into this directory, byte for byte
    #[arg(long, value_name = "DIR", requires = "plan", help_heading = "Chunks")]
    pub split: Option<PathBuf>,
}

impl PlanArgs {
    /// The most that a chunk may have.
    pub fn cap(&self, limits: &Limits) -> u64 {
        let share =
            |limit: u64| (u128::from(limit) * u128::from(CAP) / u128::from(USUAL_LIMIT)) as u64;
        self.cap.unwrap_or_else(|| limits.input.map_or(CAP, |limit| share(limit).clamp(1, CAP)))
    }
}

/// A plan that was made.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// The most that a chunk may have.
    pub cap: u64,
    /// What each repeats of the one before, at most.
    pub overlap: u64,
    /// The files of the chunks, where they were written.
    pub files: Option<Vec<String>>,
}

/// The name of a chunk's file: in order by name, and with the text's own ending.
pub fn file_name(text: &str, number: usize, chunks: usize) -> String {
    let bare = text.rsplit(['/', '\\']).next().unwrap_or(text);
    let (stem, ending) =
        bare.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).unwrap_or((bare, "txt"));
    let digits = chunks.to_string().len().max(3);
    format!("{}.{:0digits$}.{ending}", stem.replace(' ', "-"), number + 1)
}

pub(super) fn line(Planned { plan, cap, .. }: &Planned) -> String {
    let largest = plan.chunks.iter().map(|chunk| chunk.tokens).max().unwrap_or(0);
    let chunks = counted(plan.chunks.len() as u64, "chunk");
    format!(
        "{chunks} of at most {} tokens each; the largest has {}",
        grouped(*cap),
        grouped(largest)
    )
}

pub(super) fn sheet(Planned { plan, .. }: &Planned) -> Sheet {
    let row = |(number, chunk): (usize, &Chunk)| {
        vec![
            (number + 1).to_string(),
            grouped(chunk.tokens),
            grouped(chunk.range.len() as u64),
            chunk.first_line.to_string(),
            chunk.ends.word().to_owned(),
        ]
    };
    let numbers = ["chunk", "tokens", "bytes", "from line"].map(Column::number);
    let more = plan.chunks.len().saturating_sub(SHOWN);
    Sheet {
        title: "chunks".to_owned(),
        columns: numbers.into_iter().chain([Column::text("ends at")]).collect(),
        rows: plan.chunks.iter().enumerate().take(SHOWN).map(row).collect(),
        notes: (more > 0)
            .then(|| format!("{more} more, all of them with --format json"))
            .into_iter()
            .collect(),
    }
}

pub(super) fn json(Planned { plan, cap, overlap, files }: &Planned) -> Value {
    let chunk = |(number, chunk): (usize, &Chunk)| {
        json!({
            "tokens": chunk.tokens,
            "first_byte": chunk.range.start,
            "end_byte": chunk.range.end,
            "own_first_byte": chunk.own.start,
            "first_line": chunk.first_line,
            "ends_at": chunk.ends.word(),
            "file": files.as_ref().and_then(|files| files.get(number)),
        })
    };
    json!({
        "cap": cap,
        "overlap": overlap,
        "tokens": plan.tokens,
        "chunks": plan.chunks.iter().enumerate().map(chunk).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_in_order_by_name() {
        assert_eq!(file_name("a/my book.md", 0, 12), "my-book.001.md");
        assert_eq!(file_name("standard input", 1233, 1234), "standard-input.1234.txt");
        assert_eq!(file_name(".env", 0, 1), ".env.001.txt");
    }

    #[test]
    fn a_model_that_takes_less_gets_smaller_chunks() {
        let args = |cap| PlanArgs { plan: true, cap, overlap: None, split: None };
        let limits = |input| Limits { input, ..Limits::default() };
        assert_eq!(args(None).cap(&limits(Some(1_048_576))), 750_000);
        assert_eq!(args(None).cap(&limits(Some(65_536))), 46_875);
        assert_eq!(args(None).cap(&limits(None)), 750_000);
        assert_eq!(args(Some(10)).cap(&limits(Some(5))), 10);
    }
}

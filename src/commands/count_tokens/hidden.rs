//! `--hidden-chars` and `--normalize`: what nobody sees in a text, what it costs, and a copy without it. Which kinds
//! are meant, and how the result reads; neither reads nor writes.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::{
    Input,
    words::{counted, grouped},
};
use crate::{
    error::UserError,
    report::document::{Column, Sheet},
    tokens::{
        body::OddName,
        hidden::{Confusable, Cost, Diff, Found, Kind, Tally},
    },
};

/// Characters that are shown of a text.
const SHOWN: usize = 12;
/// Names that are shown.
const NAMED: usize = 4;

/// What is asked of hidden characters.
#[derive(Args, Debug)]
pub struct HiddenArgs {
    /// find characters that nobody sees or that look like others: where, how many, and what they cost
    #[arg(long, help_heading = "Hidden characters")]
    pub hidden_chars: bool,
    /// write a copy without them, and show what was changed; nothing that is there is written over
    #[arg(long, value_name = "OUT", help_heading = "Hidden characters")]
    pub normalize: Option<PathBuf>,
    /// which kinds: zero-width,bidi-control,bom ... [default: all but confusable and replacement]
    #[arg(long, value_name = "LIST", value_delimiter = ',', help_heading = "Hidden characters")]
    pub classes: Vec<String>,
}

/// What was found in one input.
#[derive(Clone, Debug, Default)]
pub struct Sights {
    /// In its text, or in those texts of a request that have any.
    pub texts: Vec<Sighted>,
    /// In the names of a request.
    pub names: Vec<OddName>,
}

/// What was found in one text.
#[derive(Clone, Debug, Default)]
pub struct Sighted {
    /// Where in a request the text is.
    pub path: Option<String>,
    /// What is hidden in it.
    pub found: Found,
    /// What that costs, where the text was short enough to be held.
    pub cost: Option<Cost>,
}

/// What was found in one text, with the input that it is in.
#[derive(Clone, Debug)]
pub struct Hidden {
    /// The name of the input.
    pub name: String,
    /// Where in a request the text is.
    pub path: Option<String>,
    /// What is hidden in it.
    pub found: Found,
    /// What that costs, where the text was short enough to be held.
    pub cost: Option<Cost>,
}

impl HiddenArgs {
    /// Whether anything is asked.
    pub const fn is_wanted(&self) -> bool {
        self.hidden_chars || self.normalize.is_some()
    }

    /// The kinds that a clean-up touches.
    pub fn kinds(&self) -> Result<Vec<Kind>, UserError> {
        if !self.classes.is_empty() && !self.is_wanted() {
            let what = "could not use --classes by itself: it says what another option looks for";
            return Err(UserError::usage(what, "add --hidden-chars or --normalize OUT"));
        }
        if self.classes.is_empty() {
            return Ok(Kind::ALL.into_iter().filter(|kind| kind.cleaned_by_default()).collect());
        }
        let one = |word: &String| {
            Kind::of_word(word.trim()).ok_or_else(|| {
                let all = Kind::ALL.map(Kind::word).join(", ");
                UserError::usage(
                    format!("could not use --classes: {word:?} is no kind"),
                    format!("they are {all}"),
                )
            })
        };
        self.classes.iter().map(one).collect()
    }
}

/// What was found in each input, where anything was looked for.
pub(super) fn of(inputs: &[Input]) -> Vec<Hidden> {
    let texts = inputs.iter().flat_map(|input| {
        let texts = input.seen.hidden.iter().flat_map(|sights| &sights.texts);
        texts.map(move |text| (&input.name, text.clone()))
    });
    let one = |(name, Sighted { path, found, cost }): (&String, _)| Hidden {
        name: name.clone(),
        path,
        found,
        cost,
    };
    texts.map(one).collect()
}

/// The names that are not what they look like.
pub(super) fn names(inputs: &[Input]) -> Vec<&OddName> {
    inputs
        .iter()
        .filter_map(|input| input.seen.hidden.as_ref())
        .flat_map(|sights| &sights.names)
        .collect()
}

/// A line on each, up to a few.
pub(super) fn name_lines(names: &[&OddName]) -> Vec<String> {
    let mut lines: Vec<String> =
        names.iter().take(NAMED).map(|odd| format!("{}: {}", odd.path, odd_words(odd))).collect();
    if names.len() > NAMED {
        lines.push(format!("{} more", counted((names.len() - NAMED) as u64, "name")));
    }
    lines
}

/// What is odd about a name.
pub fn odd_words(odd: &OddName) -> String {
    let one = |found: &Confusable| {
        let (code, like) = (u32::from(found.character), found.looks_like);
        format!("character {} is U+{code:04X} and looks like {like}", found.column)
    };
    let all: Vec<String> = odd.lookalikes.iter().map(one).collect();
    format!("in the name {:?} {}", odd.name, all.join(", "))
}

/// A copy that was written, and what was changed in it.
#[derive(Clone, Debug)]
pub struct Cleaned {
    /// Where it is.
    pub path: PathBuf,
    /// How many characters were changed.
    pub changes: u64,
    /// The changes, line by line.
    pub diff: Diff,
}

impl Cleaned {
    pub(super) fn line(&self) -> String {
        let changes = counted(self.changes, "change");
        format!("{changes}; the clean copy is {}", self.path.display())
    }

    pub(super) fn sheet(&self) -> Option<Sheet> {
        let left_out = self.diff.left_out;
        let more = (left_out > 0).then(|| format!("{left_out} more lines"));
        (self.changes > 0).then(|| Sheet {
            title: "changes in the copy".to_owned(),
            columns: Vec::new(),
            rows: Vec::new(),
            // As they are: a table would close up their spaces.
            notes: self.diff.text.lines().map(str::to_owned).chain(more).collect(),
        })
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "file": self.path.display().to_string(),
            "changes": self.changes,
            "diff": self.diff.text,
            "diff_lines_left_out": self.diff.left_out,
        })
    }
}

/// One line: how many, and what they cost.
pub(super) fn line(all: &[Hidden]) -> String {
    let total: u64 = all.iter().map(|one| one.found.total()).sum();
    let kept: u64 = all.iter().map(|one| one.found.kept()).sum();
    let needed = if kept == 0 {
        String::new()
    } else {
        format!("; {} that the script needs are left alone", grouped(kept))
    };
    if total == 0 {
        return format!("none{needed}");
    }
    let cost: Option<i64> = all.iter().map(|one| Some(one.cost.as_ref()?.total())).sum();
    let cost = match cost {
        Some(saved) if saved >= 0 => {
            format!(", which cost {}", counted(saved.unsigned_abs(), "token"))
        }
        Some(lost) => {
            format!("; without them it would be {} more", counted(lost.unsigned_abs(), "token"))
        }
        None => String::new(),
    };
    format!("{}{cost}{needed}", counted(total, "character"))
}

/// Which, how often, and where first.
pub(super) fn sheet(all: &[Hidden]) -> Option<Sheet> {
    let found = all.iter().flat_map(|one| one.found.tallies.iter().map(move |tally| (one, tally)));
    let mut found: Vec<(&Hidden, &Tally)> = found.filter(|(_, tally)| tally.found > 0).collect();
    found.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.found));
    let row = |(one, tally): &(&Hidden, &Tally)| {
        let first = tally.places.first().map(|place| match (&one.path, all) {
            (Some(path), _) => format!("{path} {}:{}", place.line, place.column),
            (None, [_]) => format!("{}:{}", place.line, place.column),
            (None, _) => format!("{}:{}:{}", one.name, place.line, place.column),
        });
        let character = format!("U+{:04X} {}", u32::from(tally.character), tally.name());
        vec![
            character,
            tally.kind.word().to_owned(),
            grouped(tally.found),
            first.unwrap_or_default(),
        ]
    };
    let more = found.len().saturating_sub(SHOWN);
    (!found.is_empty()).then(|| Sheet {
        title: "hidden characters".to_owned(),
        columns: vec![
            Column::text("character"),
            Column::text("kind"),
            Column::number("times"),
            Column::text("first at"),
        ],
        rows: found.iter().take(SHOWN).map(row).collect(),
        notes: (more > 0)
            .then(|| format!("{more} more, all of them with --format json"))
            .into_iter()
            .collect(),
    })
}

pub(super) fn json(all: &[Hidden], names: &[&OddName], cleaned: Option<&Cleaned>) -> Value {
    let tally = |tally: &Tally| {
        json!({
            "character": format!("U+{:04X}", u32::from(tally.character)),
            "name": tally.name(),
            "kind": tally.kind.word(),
            "found": tally.found,
            "usual": tally.minor,
            "kept": tally.kept,
            "places": tally.places.iter().map(|place| json!({
                "line": place.line, "column": place.column, "byte": place.offset,
            })).collect::<Vec<_>>(),
        })
    };
    let one = |one: &Hidden| {
        json!({
            "name": one.name,
            "path": one.path,
            "found": one.found.total(),
            "kept": one.found.kept(),
            "tokens_cost": one.cost.as_ref().map(Cost::total),
            "tokens_cost_by_kind": one.cost.as_ref().map(|cost| {
                cost.by_kind.iter().map(|(kind, tokens)| json!({"kind": kind.word(), "tokens": tokens})).collect::<Vec<_>>()
            }),
            "characters": one.found.tallies.iter().map(tally).collect::<Vec<_>>(),
        })
    };
    json!({
        "found": all.iter().map(|one| one.found.total()).sum::<u64>(),
        "inputs": all.iter().map(one).collect::<Vec<_>>(),
        "names": names.iter().map(|odd| odd_json(odd)).collect::<Vec<_>>(),
        "normalized": cleaned.map(Cleaned::json),
    })
}

fn odd_json(odd: &OddName) -> Value {
    let one = |found: &Confusable| {
        json!({
            "character": format!("U+{:04X}", u32::from(found.character)),
            "looks_like": found.looks_like,
            "column": found.column,
        })
    };
    json!({
        "path": odd.path,
        "name": odd.name,
        "characters": odd.lookalikes.iter().map(one).collect::<Vec<_>>(),
    })
}

//! `fixes`: the catalogue, listed, searched, or one entry in full. Offline.

use clap::Args;
use regex::RegexBuilder;
use serde_json::{Value, json};

use crate::{
    catalog::{self, KnownFix},
    diagnose::{Shell, judge},
    error::UserError,
    report::document::{Column, Sheet},
};

use super::plans::OfflineOutput;

/// What `fixes` takes.
#[derive(Args)]
pub struct Fixes {
    /// show this known fix in full
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// only those whose words or example texts match this regular expression: 403, leaked, ECONNREFUSED
    #[arg(long, value_name = "REGEX", conflicts_with = "id")]
    pub search: Option<String>,
    /// how to print
    #[command(flatten)]
    pub output: OfflineOutput,
}

impl Fixes {
    /// The result: one sentence, the data and the tables.
    pub fn results(&self, shell: Shell) -> Result<(String, Value, Vec<Sheet>), UserError> {
        if let Some(id) = &self.id {
            let fix = catalog::find(id).ok_or_else(|| unknown(id))?;
            let data = json!({"fixes": [fix_json(fix, shell)]});
            return Ok((fix.title.to_owned(), data, vec![entry(fix, shell)]));
        }
        let found = self.found()?;
        let sentence = match (&self.search, found.len()) {
            (Some(search), 0) => {
                format!("No known fix matches {search:?}; try a part of the error's message.")
            }
            (_, 1) => "1 known fix; gemini-doctor fixes ID shows it in full".to_owned(),
            (_, count) => format!("{count} known fixes; gemini-doctor fixes ID shows one in full"),
        };
        let data =
            json!({"fixes": found.iter().map(|fix| fix_json(fix, shell)).collect::<Vec<_>>()});
        let sheets = if found.is_empty() { Vec::new() } else { vec![list(&found)] };
        Ok((sentence, data, sheets))
    }

    fn found(&self) -> Result<Vec<&'static KnownFix>, UserError> {
        let Some(search) = &self.search else { return Ok(catalog::all().collect()) };
        let pattern =
            RegexBuilder::new(search).case_insensitive(true).build().map_err(|error| {
                let what = format!("--search {search:?} is no regular expression: {error}");
                UserError::usage(what, "write plain words: --search leaked")
            })?;
        let words = |fix: &&KnownFix| {
            let steps = fix.fix.iter().map(|step| step.action);
            let texts = [fix.id, fix.title, fix.why].into_iter().chain(steps);
            texts.chain(fix.seen_as.iter().copied()).any(|text| pattern.is_match(text))
        };
        Ok(catalog::all().filter(words).collect())
    }
}

fn unknown(id: &str) -> UserError {
    let near = catalog::all()
        .map(|fix| fix.id)
        .filter(|known| known.contains(id) || id.contains(known))
        .take(3)
        .collect::<Vec<_>>();
    let hint = match near.as_slice() {
        [] => "gemini-doctor fixes lists all of them".to_owned(),
        near => format!("near it: {}", near.join(", ")),
    };
    UserError::usage(format!("there is no known fix {id:?}"), hint)
}

fn list(found: &[&KnownFix]) -> Sheet {
    let row = |fix: &&KnownFix| {
        vec![fix.id.to_owned(), fix.layer.word().to_owned(), fix.title.to_owned()]
    };
    Sheet {
        title: String::new(),
        columns: ["id", "layer", "cause"].map(Column::text).to_vec(),
        rows: found.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

/// As many steps as a known fix has at most, and more.
const LABELS: [&str; 12] = [
    "fix 1", "fix 2", "fix 3", "fix 4", "fix 5", "fix 6", "fix 7", "fix 8", "fix 9", "fix 10",
    "fix 11", "fix 12",
];

fn entry(fix: &KnownFix, shell: Shell) -> Sheet {
    let mut rows = vec![
        ("why", fix.why.to_owned()),
        ("layer", fix.layer.word().to_owned()),
        ("blame", fix.blame.word().to_owned()),
        ("retry", fix.retry.word().to_owned()),
    ];
    for (rank, step) in (1..).zip(fix.fix) {
        rows.push((
            LABELS[rank.min(LABELS.len()) - 1],
            format!("{}: {}", step.who.word(), judge::fill(step.action, &[])),
        ));
    }
    rows.push(("confirm", judge::fill(fix.confirm, &[])));
    for split in fix.splits {
        rows.push(("not split", format!("{}: {}", split.id, split.by)));
    }
    rows.push(("as of", fix.as_of.to_owned()));
    let commands =
        (1..).zip(fix.fix).filter_map(|(rank, step)| Some((rank, command(step, shell)?)));
    let mut notes: Vec<String> = commands
        .flat_map(|(rank, command): (u32, String)| [format!("for fix {rank}:"), command])
        .collect();
    notes.extend(fix.docs.iter().map(|doc| (*doc).to_owned()));
    if !fix.reproduce.is_empty() {
        notes.push(format!("see it: {}", reproduce(fix)));
    }
    Sheet {
        title: fix.id.to_owned(),
        columns: ["", ""].map(Column::text).to_vec(),
        rows: rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect(),
        notes,
    }
}

fn command(step: &catalog::Step, shell: Shell) -> Option<String> {
    step.command.map(|command| match shell {
        Shell::Sh => judge::fill(command.sh, &[]),
        Shell::PowerShell => judge::fill(command.powershell, &[]),
    })
}

/// The command line that shows a known fix at work.
pub fn reproduce(fix: &KnownFix) -> String {
    let scenario = crate::simulate::find(fix.reproduce);
    let command = scenario.map_or("check-key".to_owned(), |scenario| scenario.command.join(" "));
    format!("gemini-doctor {command} --simulate {}", fix.reproduce)
}

fn fix_json(fix: &KnownFix, shell: Shell) -> Value {
    json!({
        "id": fix.id,
        "title": fix.title,
        "layer": fix.layer,
        "blame": fix.blame,
        "severity": fix.severity,
        "retry": fix.retry,
        "why": fix.why,
        "fixes": fix.fix.iter().map(|step| json!({
            "who": step.who, "action": judge::fill(step.action, &[]), "command": command(step, shell),
        })).collect::<Vec<_>>(),
        "confirm": judge::fill(fix.confirm, &[]),
        "splits": fix.splits.iter().map(|split| json!({"id": split.id, "by": split.by})).collect::<Vec<_>>(),
        "reproduce": fix.reproduce,
        "docs": fix.docs,
        "as_of": fix.as_of,
    })
}

//! Which key each SDK and tool would take, and why.

use crate::{local::machine::Machine, secret::ApiKey};

/// Who reads which variables, the one that wins first.
const READERS: &[(&str, &[&str])] = &[
    ("Google's SDKs", &["GOOGLE_API_KEY", "GEMINI_API_KEY"]),
    ("gemini-cli, LiteLLM and Antigravity", &["GEMINI_API_KEY"]),
    ("the AI SDK of Vercel", &["GOOGLE_GENERATIVE_AI_API_KEY"]),
];

/// Names that are met in the wild and that no SDK of Google's reads.
const OTHERS: [&str; 2] = ["GOOGLE_AI_API_KEY", "GEMINI_API_KEYS"];

pub(super) fn look(machine: &Machine) -> Vec<String> {
    let mut all: Vec<(String, String)> = Vec::new();
    for (who, names) in READERS {
        let Some(what) = taken(machine, names) else { continue };
        match all.iter_mut().find(|(_, known)| *known == what) {
            Some((others, _)) => *others = format!("{others}, {who}"),
            None => all.push(((*who).to_owned(), what)),
        }
    }
    let taken = all.into_iter().map(|(who, what)| format!("{who}: {what}"));
    let others = OTHERS.into_iter().filter(|name| machine.variable(name).is_some());
    let others = others.map(|name| format!("{name} is set, and no SDK of Google's reads it"));
    taken.chain(others).collect()
}

/// The variable that is taken, where one of them is set, with those that lose against it.
fn taken(machine: &Machine, names: &[&str]) -> Option<String> {
    let mut set = names.iter().filter_map(|name| {
        let value = machine.variable(name)?.trim();
        (!value.is_empty()).then(|| (*name, ApiKey::new(value).fingerprint()))
    });
    let (name, fingerprint) = set.next()?;
    let losers: Vec<String> = set
        .map(|(loser, other)| match other == fingerprint {
            true => format!(" ({loser} holds the same)"),
            false => format!(" and not {loser} ({other})"),
        })
        .collect();
    Some(format!("{name} ({fingerprint}){}", losers.concat()))
}

//! `--only` and `--skip`: ids of checks, or the part before the dot for all of a group.

use std::collections::BTreeSet;

use crate::{
    error::UserError,
    probe::doctor::{Wanted, checks::CHECKS},
    settings::nearest,
};

use super::local;

/// The checks that are asked for, or a usage error that says which there are.
pub(super) fn wanted(only: &[String], skip: &[String]) -> Result<Wanted, UserError> {
    let wanted = Wanted { only: all("--only", only)?, skip: all("--skip", skip)? };
    if !only.is_empty() && !ids().any(|id| wanted.asks(id)) {
        return Err(UserError::usage(
            "could not find anything to ask: --skip takes away all that --only names",
            "leave out one of the two",
        ));
    }
    Ok(wanted)
}

fn all(option: &str, words: &[String]) -> Result<BTreeSet<String>, UserError> {
    let mut all = BTreeSet::new();
    for word in words {
        all.extend(meant(option, word.trim())?);
    }
    Ok(all)
}

/// The checks of a group, or the one of an id.
fn meant(option: &str, word: &str) -> Result<Vec<String>, UserError> {
    // The key's own text is a part of this machine, and so is the file of a login.
    let of_machine = ["adc.source", "adc.shape", "adc.key"];
    let is_local = |id: &str| word == LOCAL && (group(id) == "key" || of_machine.contains(&id));
    let is_meant = |id: &&str| *id == word || group(id) == word || is_local(id);
    let found: Vec<String> = ids().filter(is_meant).map(str::to_owned).collect();
    if found.is_empty() { Err(unknown(option, word)) } else { Ok(found) }
}

const LOCAL: &str = "local";
/// The word that has all ids listed.
const ALL: &str = "list";
/// Rows that a report can show and that are no checks of this command's: what to name in their place.
const OTHERS: &[(&str, &str)] = &[
    ("models.pages", "is read for api.alias: name that one"),
    ("api.generate", "is a check of check-key; api.alias and stream.end ask for answers here"),
    ("api.stream", "is a check of check-key --deep; stream.end looks at one here"),
    ("api.dead", "is a check of check-key --expect-dead"),
    ("key.successor", "is a check of check-key --successor"),
    ("key.matrix", "is a check of check-key --transport-matrix"),
];
/// The commands whose rows have a group of their own.
const COMMANDS: &[(&str, &str)] = &[
    ("alias", "probe-alias"),
    ("bench", "bench-transport"),
    ("compare", "compare"),
    ("models", "list-models"),
    ("tls", "tls-check"),
    ("tokens", "count-tokens"),
];

/// What to do in place of naming a row of another check, or of another command.
fn instead(word: &str) -> Option<String> {
    let own = OTHERS.iter().find(|(id, _)| *id == word).map(|(id, what)| format!("{id} {what}; "));
    own.or_else(|| {
        let is_other = |(of, _): &&(&str, &str)| word.contains('.') && group(word) == *of;
        let (_, command) = COMMANDS.iter().find(is_other)?;
        Some(format!("{word} is a check of gemini-doctor {command}; "))
    })
}

fn unknown(option: &str, word: &str) -> UserError {
    let mut names: Vec<&str> = groups();
    let list = names.join(", ");
    names.extend(ids());
    let tip = match (instead(word), meant_by(word, &names)) {
        _ if word == ALL => String::new(),
        (Some(tip), _) => tip,
        (None, Some(meant)) => format!("did you mean {meant}? "),
        (None, None) => String::new(),
    };
    let what = match word {
        ALL => format!("nothing was asked: {option} {ALL} names the checks only"),
        _ => format!("could not use {option} {word:?}: there is no such check"),
    };
    let ids: Vec<&str> = ids().collect();
    UserError::usage(what, format!("{tip}groups: {list}; checks: {}", ids.join(", ")))
}

/// The id that a row's title, its last part or a slip leads to.
fn meant_by<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    let word = word.to_ascii_lowercase();
    let word = word.as_str();
    let is_end = |id: &&&str| id.split_once('.').is_some_and(|(_, end)| end == word);
    names.iter().find(is_end).copied().or_else(|| nearest(word, names))
}

/// The permanent ids of all checks.
pub fn ids() -> impl Iterator<Item = &'static str> {
    local::CHECKS.iter().copied().chain(CHECKS.iter().map(|check| check.id))
}

fn groups() -> Vec<&'static str> {
    let mut groups = vec![LOCAL];
    for id in ids() {
        if !groups.contains(&group(id)) {
            groups.push(group(id));
        }
    }
    groups
}

fn group(id: &str) -> &str {
    id.split('.').next().unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(only: &[&str]) -> Result<Wanted, UserError> {
        let only: Vec<String> = only.iter().map(|&word| word.to_owned()).collect();
        wanted(&only, &[])
    }

    #[test]
    fn a_group_is_all_of_its_checks() {
        let net = asked(&["net"]).expect("a group");
        assert!(net.asks("net.dns") && net.asks("net.answer") && !net.asks("api.list"));
        let local = asked(&["local"]).expect("a group");
        assert!(local.asks("key.source") && !local.needs_network());
    }

    #[test]
    fn an_unknown_one_is_refused_with_what_there_is() {
        let error = asked(&["api.lst"]).expect_err("no such check");
        assert!(error.hint.contains("did you mean api.list?"), "{}", error.hint);
        assert!(error.hint.contains("net.answer"), "{}", error.hint);
    }

    #[test]
    fn the_word_of_a_row_leads_to_its_id() {
        for (word, meant) in
            [("alias", "api.alias"), ("model", "api.model"), ("shape", "key.shape")]
        {
            let error = asked(&[word]).expect_err("no such check");
            let tip = format!("did you mean {meant}? groups: ");
            assert!(error.hint.starts_with(&tip), "{word}: {}", error.hint);
        }
        let error = asked(&["models.pages"]).expect_err("a row of another check");
        assert!(error.hint.starts_with("models.pages is read for api.alias"), "{}", error.hint);
        for (word, tip) in [
            ("bench.rounds", "bench.rounds is a check of gemini-doctor bench-transport; "),
            ("api.generate", "api.generate is a check of check-key; "),
        ] {
            let error = asked(&[word]).expect_err("a row of another command");
            assert!(error.hint.starts_with(tip), "{word}: {}", error.hint);
        }
        let error = asked(&["list"]).expect_err("a wish for the list");
        assert!(error.hint.starts_with("groups: local, "), "{}", error.hint);
    }
}

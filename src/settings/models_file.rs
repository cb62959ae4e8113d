//! Changes to the dated table of models, from a TOML file: entries replace those of the same name, new
//! ones are added.

use std::path::Path;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::toml_file::{self, Member, Source};
use crate::{
    error::UserError,
    facts::{
        models::{ModelEntry, ModelTable, Thinking},
        time,
    },
};

const KEYS: [&str; 6] = ["name", "released", "retires", "routed_to", "successor", "thinking"];

/// The embedded table with the file's entries over it.
pub(super) fn read(path: &Path) -> Result<ModelTable, UserError> {
    parse(path, &toml_file::read("models file", path)?)
}

fn parse(path: &Path, text: &str) -> Result<ModelTable, UserError> {
    let source = Source { what: "models file", path, text };
    let whole = source.parse()?;
    let mut table = ModelTable::embedded();
    for (key, value) in whole.get_ref() {
        match &**key.get_ref() {
            "as_of" => table.as_of = day(&source, (key, value))?,
            "model" => {
                for model in models(&source, (key, value))? {
                    put(&mut table, entry(&source, model)?);
                }
            }
            _ => return Err(source.unknown(key, &["as_of", "model"])),
        }
    }
    Ok(table)
}

fn models<'t, 'i>(
    source: &Source<'_>,
    (key, value): Member<'t, 'i>,
) -> Result<Vec<(usize, &'t DeTable<'i>)>, UserError> {
    let wrong = || source.error(key.span().start, "model is no list of tables", "write [[model]]");
    let list = value.get_ref().as_array().ok_or_else(wrong)?;
    list.iter()
        .map(|model: &Spanned<DeValue<'_>>| {
            Ok((model.span().start, model.get_ref().as_table().ok_or_else(wrong)?))
        })
        .collect()
}

fn entry(source: &Source<'_>, (at, model): (usize, &DeTable<'_>)) -> Result<ModelEntry, UserError> {
    let mut entry = ModelEntry {
        name: String::new(),
        released: None,
        retires: None,
        routed_to: None,
        successor: None,
        thinking: Thinking::Unknown,
    };
    for member in model {
        match &**member.0.get_ref() {
            "name" => entry.name = bare(&source.text(member)?),
            "released" => entry.released = Some(day(source, member)?),
            "retires" => entry.retires = Some(day(source, member)?),
            "routed_to" => entry.routed_to = Some(bare(&source.text(member)?)),
            "successor" => entry.successor = Some(bare(&source.text(member)?)),
            "thinking" => entry.thinking = thinking(source, member)?,
            _ => return Err(source.unknown(member.0, &KEYS)),
        }
    }
    if entry.name.is_empty() {
        return Err(source.error(at, "a model has no name", "add name = \"gemini-...\""));
    }
    Ok(entry)
}

fn bare(name: &str) -> String {
    name.strip_prefix("models/").unwrap_or(name).to_owned()
}

/// A day as text, or as a date of TOML's own.
fn day(source: &Source<'_>, (key, value): Member<'_, '_>) -> Result<String, UserError> {
    let text = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Datetime(date) => date.to_string(),
        _ => String::new(),
    };
    if time::days(&text).is_some() {
        return Ok(text);
    }
    let what = format!("{} is no day", key.get_ref());
    Err(source.error(value.span().start, what, "write it as 2026-05-29"))
}

fn thinking(source: &Source<'_>, (_, value): Member<'_, '_>) -> Result<Thinking, UserError> {
    let found = match value.get_ref() {
        DeValue::Integer(number) => number.as_str().parse().ok().map(Thinking::Budget),
        DeValue::String(word) => match &**word {
            "none" => Some(Thinking::None),
            "minimal" => Some(Thinking::Minimal),
            "low" => Some(Thinking::Low),
            "unknown" => Some(Thinking::Unknown),
            _ => None,
        },
        _ => None,
    };
    let hint = "write \"none\", \"minimal\", \"low\", \"unknown\" or a budget in tokens";
    found.ok_or_else(|| source.error(value.span().start, "thinking is none of the known", hint))
}

fn put(table: &mut ModelTable, entry: ModelEntry) {
    match table.entries.iter_mut().find(|known| known.name == entry.name) {
        Some(known) => *known = entry,
        None => table.entries.push(entry),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<ModelTable, UserError> {
        parse(Path::new("models.toml"), text)
    }

    #[test]
    fn entries_replace_and_add() {
        let table = of("as_of = 2027-01-02\n[[model]]\nname = 'models/gemini-3.8-flash'\n\
             retires = '2027-02-03'\nrouted_to = 'gemini-9-flash'\nthinking = 12\n\
             [[model]]\nname = 'gemini-9-flash'\nthinking = 'low'\n")
        .expect("it parses");
        let replaced = table.find("gemini-3.8-flash").expect("known");
        assert_eq!(replaced.retires.as_deref(), Some("2027-02-03"));
        assert_eq!((replaced.thinking, replaced.released.as_ref()), (Thinking::Budget(12), None));
        assert_eq!(table.find("gemini-9-flash").expect("added").thinking, Thinking::Low);
        assert_eq!(table.entries.len(), ModelTable::embedded().entries.len() + 1);
        assert_eq!((table.as_of.as_str(), table.default_model()), ("2027-01-02", "gemini-9-flash"));
    }

    #[test]
    fn mistakes_have_their_line() {
        for (text, part) in [
            ("as_of = 'soon'", ":1: as_of is no day"),
            ("models = 1", "did you mean model?"),
            ("model = 1", "is no list of tables"),
            ("[[model]]\nthinking = 'low'", "a model has no name"),
            ("[[model]]\nname = 'x'\nretired = 2026-01-01", "did you mean retires?"),
            ("[[model]]\nname = 'x'\nthinking = 'deep'", ":3: thinking is none of the known"),
            ("[[model]]\nname = 'x'\nretires = '2026-02-30'", ":3: retires is no day"),
        ] {
            let error = of(text).expect_err(text).to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}

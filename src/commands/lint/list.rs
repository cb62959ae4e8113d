//! The rules themselves: the list, those about something, or one in full. It must not look at bodies.

use serde_json::{Value, json};

use crate::{
    error::UserError,
    lint::{Rule, rules},
    report::document::{Column, Sheet},
};

use super::words::{counted, level};

/// The rules that a text is about, in words, data and a table.
pub fn list(text: &str) -> Result<(String, Value, Vec<Sheet>), UserError> {
    let wanted = text.to_lowercase();
    let found: Vec<&Rule> = rules().filter(|rule| is_about(rule, &wanted)).collect();
    let data = json!({ "rules": found.iter().map(|rule| of(rule)).collect::<Vec<_>>() });
    match &found[..] {
        [] => Err(UserError::usage(
            format!("could not find a rule about {text:?}"),
            "gemini-doctor lint --list has them all",
        )),
        _ if found.iter().any(|rule| rule.id == wanted) => {
            let rule = found.into_iter().find(|rule| rule.id == wanted);
            Ok(rule.map_or_else(|| (String::new(), data, Vec::new()), in_full))
        }
        _ => Ok((sentence(found.len(), text), data, vec![table(&found)])),
    }
}

fn is_about(rule: &Rule, text: &str) -> bool {
    [rule.id, rule.title, rule.why].iter().any(|words| words.to_lowercase().contains(text))
}

fn sentence(count: usize, text: &str) -> String {
    let about = if text.is_empty() { String::new() } else { format!(" about {text:?}") };
    format!("{}{about}; gemini-doctor lint --list ID tells one in full.", counted(count, "rule"))
}

fn table(rules: &[&Rule]) -> Sheet {
    Sheet {
        title: String::new(),
        columns: ["rule", "level", "what is wrong"].map(Column::text).to_vec(),
        rows: rules
            .iter()
            .map(|rule| {
                vec![rule.id.to_owned(), level(rule.severity).to_owned(), rule.title.to_owned()]
            })
            .collect(),
        notes: Vec::new(),
    }
}

fn in_full(rule: &Rule) -> (String, Value, Vec<Sheet>) {
    let rows = [
        ("level", level(rule.severity).to_owned()),
        ("why", rule.why.to_owned()),
        ("answer", rule.answer.to_owned()),
        ("known fix", rule.fix.map(|id| format!("gemini-doctor fixes {id}")).unwrap_or_default()),
        ("docs", rule.docs.join(" ")),
        ("checked", rule.as_of.to_owned()),
    ];
    let told = rows.into_iter().filter(|(_, words)| !words.is_empty());
    let sheet = Sheet {
        title: rule.id.to_owned(),
        columns: ["about", "words"].map(Column::text).to_vec(),
        rows: told.map(|(name, words)| vec![name.to_owned(), words]).collect(),
        notes: rule
            .bad
            .iter()
            .take(1)
            .map(|example| format!("found in   {}", example.body))
            .chain(rule.good.iter().take(1).map(|example| format!("not in     {}", example.body)))
            .collect(),
    };
    (format!("{}.", rule.title), json!({ "rules": [of(rule)] }), vec![sheet])
}

fn of(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "title": rule.title,
        "severity": level(rule.severity),
        "fix": rule.fix,
        "answer": (!rule.answer.is_empty()).then_some(rule.answer),
        "why": rule.why,
        "docs": rule.docs,
        "as_of": rule.as_of,
    })
}

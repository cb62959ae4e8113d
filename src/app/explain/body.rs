//! The body that was sent, beside the error that came back: where the field of the error stands in it, and what the rules for bodies
//! find.

use std::path::Path;

use crate::{
    diagnose::field_path::Ordered,
    error::UserError,
    facts::{Clue, Severity, clue, models::ModelTable},
    lint,
    report::document::Remark,
    settings::decode,
};

/// The largest request that is read.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A body that the caller gave.
pub(super) struct GivenBody {
    name: String,
    text: String,
}

impl GivenBody {
    /// Reads it.
    pub(super) fn read(path: &Path) -> Result<Self, UserError> {
        let name = path.display().to_string();
        match decode::read_text(path, LARGEST) {
            Ok(decoded) => Ok(Self { name, text: decoded.text }),
            Err(why) => Err(refused(&name, &why)),
        }
    }

    /// It with the order of its names.
    pub(super) fn ordered(&self) -> Result<Ordered, UserError> {
        serde_json::from_str(&self.text)
            .map_err(|error| refused(&self.name, &format!("it is no JSON: {error}")))
    }

    /// What is worth saying of it beside an error.
    pub(super) fn remarks(&self, clues: &[Clue], model: Option<&str>, day: &str) -> Vec<Remark> {
        self.place(clues).into_iter().chain(self.linted(model, day)).collect()
    }

    /// Where the field stands that the error means.
    fn place(&self, clues: &[Clue]) -> Option<Remark> {
        let found = paths(clues).into_iter().find_map(|path| lint::locate(&self.text, path))?;
        let text = format!("{}:{}:{} {}", self.name, found.at.line, found.at.column, found.path);
        Some(Remark { label: "where", text, command: None })
    }

    /// What the rules find in it.
    fn linted(&self, model: Option<&str>, day: &str) -> Option<Remark> {
        let table = ModelTable::embedded();
        let given = lint::Given { fallback: model, ..lint::Given::on(&table, day) };
        let looked = lint::look(&self.text, &given);
        let places = lint::places(&self.text, &looked.findings);
        let mut errors = looked
            .findings
            .iter()
            .zip(places)
            .filter(|(finding, _)| finding.rule.severity == Severity::Error);
        let (first, at) = errors.next()?;
        let more = match errors.count() {
            0 => String::new(),
            count => format!("; and {count} more"),
        };
        Some(Remark {
            label: "lint",
            text: format!(
                "{}:{}:{} {}: {}{more}",
                self.name, at.line, at.column, first.path, first.said
            ),
            command: Some(format!("gemini-doctor lint {}", self.name)),
        })
    }
}

fn refused(name: &str, why: &str) -> UserError {
    UserError::usage(
        format!("could not use --request {name}: {why}"),
        "give the JSON body that was sent",
    )
}

/// The paths of an error: those of its details, and words of its message that look like one.
fn paths(clues: &[Clue]) -> Vec<&str> {
    let fields = clues.iter().filter_map(|clue| match clue {
        Clue::Meta(name, value) if name == "field" => Some(value.as_str()),
        _ => None,
    });
    let is_path = |letter: char| letter.is_ascii_alphanumeric() || "._[]".contains(letter);
    let words =
        clue::message(clues).unwrap_or_default().split(move |letter: char| !is_path(letter));
    let words = words.filter(|word| word.contains(['[', '.', '_']) && word.len() > 2);
    fields.chain(words).map(|path| path.trim_matches('.')).collect()
}

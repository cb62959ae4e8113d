//! The dated table of models: what was published about each name, and how to ask it cheaply.
//!
//! A hint, never the truth: the list that the service gives to a key is the truth.

/// The day this table was put together.
pub const AS_OF: &str = "2026-11-20";

/// The models a table knows.
#[derive(Clone, Debug)]
pub struct ModelTable {
    /// The day the table was put together.
    pub as_of: String,
    /// Its entries.
    pub entries: Vec<ModelEntry>,
}

/// What was published about one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelEntry {
    /// The name, without `models/`.
    pub name: String,
    /// The first day it could be used.
    pub released: Option<String>,
    /// The day from which it is shut down or routed elsewhere; announced days have moved before.
    pub retires: Option<String>,
    /// The model that answers in its place after that day.
    pub routed_to: Option<String>,
    /// What to use in its place.
    pub successor: Option<String>,
    /// How to keep a test call of it short.
    pub thinking: Thinking,
}

/// The smallest thinking a model takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thinking {
    /// It does not think, and refuses to be asked about it.
    None,
    /// `thinkingBudget` of this many tokens.
    Budget(u32),
    /// `thinkingLevel: minimal`.
    Minimal,
    /// `thinkingLevel: low`.
    Low,
    /// Not known: say nothing about thinking and allow a longer answer.
    Unknown,
}

impl ModelTable {
    /// The table this program was built with.
    pub fn embedded() -> Self {
        Self { as_of: AS_OF.to_owned(), entries: ROWS.iter().map(ModelEntry::from).collect() }
    }

    /// The entry of a name.
    pub fn find(&self, name: &str) -> Option<&ModelEntry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    /// The newest stable flash model, for commands that were given none.
    pub fn default_model(&self) -> &str {
        newest_stable_flash(
            self.entries
                .iter()
                .filter(|entry| entry.retires.is_none())
                .map(|entry| entry.name.as_str()),
        )
        .unwrap_or("gemini-flash-latest")
    }
}

impl ModelEntry {
    /// Whether it was shut down or routed elsewhere by a day.
    pub fn is_retired_on(&self, day: &str) -> bool {
        self.retires.as_deref().is_some_and(|retires| retires <= day)
    }
}

/// The newest `gemini-X.Y-flash` among names; previews, lite and dated builds do not count.
pub fn newest_stable_flash<'a>(names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names.filter_map(|name| Some((flash_version(name)?, name))).max().map(|(_, name)| name)
}

fn flash_version(name: &str) -> Option<(u32, u32)> {
    let version = name.strip_prefix("gemini-")?.strip_suffix("-flash")?;
    let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// One line of the embedded table: name, released, retires, what comes after, thinking.
type Row = (&'static str, Option<&'static str>, Option<&'static str>, Next, Thinking);

/// What takes a model's place.
#[derive(Clone, Copy)]
enum Next {
    /// Nothing was published.
    Nothing,
    /// The provider recommends this one.
    Use(&'static str),
    /// This one answers by itself from the day on.
    RoutedTo(&'static str),
}

impl From<&Row> for ModelEntry {
    fn from(&(name, released, retires, next, thinking): &Row) -> Self {
        let (successor, routed_to) = match next {
            Next::Nothing => (None, None),
            Next::Use(model) => (Some(model), None),
            Next::RoutedTo(model) => (Some(model), Some(model)),
        };
        Self {
            name: name.to_owned(),
            released: released.map(str::to_owned),
            retires: retires.map(str::to_owned),
            routed_to: routed_to.map(str::to_owned),
            successor: successor.map(str::to_owned),
            thinking,
        }
    }
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("gemini-4-argon", Some("2026-10-13"), None, Next::Nothing, Thinking::Low),
    ("gemini-3.8-flash", Some("2026-09-02"), None, Next::Nothing, Thinking::Low),
    ("gemini-3.7-flash", Some("2026-08-13"), None, Next::Nothing, Thinking::Low),
    ("gemini-3.6-flash", Some("2026-07-21"), None, Next::Nothing, Thinking::Minimal),
    ("gemini-3.5-flash", Some("2026-05-19"), None, Next::Nothing, Thinking::Minimal),
    ("gemini-3.5-flash-lite", Some("2026-07-21"), None, Next::Nothing, Thinking::Minimal),
    ("gemini-3.1-flash-lite", Some("2026-05-07"), Some("2027-05-07"), Next::Use("gemini-3.5-flash-lite"), Thinking::Minimal),
    ("gemini-3.1-pro-preview", Some("2026-02-19"), None, Next::Nothing, Thinking::Low),
    ("gemini-3-flash-preview", Some("2025-12-17"), None, Next::Use("gemini-3.6-flash"), Thinking::Minimal),
    ("gemini-3-pro-preview", Some("2025-11-18"), Some("2026-03-09"), Next::Use("gemini-3.1-pro-preview"), Thinking::Low),
    ("gemini-2.5-pro", Some("2025-06-17"), Some("2026-12-01"), Next::RoutedTo("gemini-3.8-flash"), Thinking::Budget(128)),
    ("gemini-2.5-flash", Some("2025-06-17"), Some("2026-12-01"), Next::RoutedTo("gemini-3.5-flash-lite"), Thinking::Budget(0)),
    ("gemini-2.5-flash-lite", Some("2025-07-22"), None, Next::Nothing, Thinking::Budget(0)),
    ("gemini-2.5-flash-image", Some("2025-10-02"), Some("2026-10-02"), Next::Use("gemini-3.1-flash-image"), Thinking::None),
    ("gemini-2.0-flash", Some("2025-02-05"), Some("2026-06-01"), Next::Use("gemini-3.5-flash-lite"), Thinking::None),
    ("gemini-2.0-flash-001", Some("2025-02-05"), Some("2026-06-01"), Next::Use("gemini-3.5-flash-lite"), Thinking::None),
    ("gemini-2.0-flash-lite", Some("2025-02-25"), Some("2026-06-01"), Next::Use("gemini-3.5-flash-lite"), Thinking::None),
    ("gemini-2.0-flash-lite-001", Some("2025-02-25"), Some("2026-06-01"), Next::Use("gemini-3.5-flash-lite"), Thinking::None),
    ("gemini-1.5-pro", None, Some("2025-09-24"), Next::Use("gemini-3.1-pro-preview"), Thinking::None),
    ("gemini-1.5-flash", None, Some("2025-09-24"), Next::Use("gemini-3.8-flash"), Thinking::None),
    ("gemini-1.5-flash-8b", None, Some("2025-09-24"), Next::Use("gemini-3.5-flash-lite"), Thinking::None),
    ("gemini-1.0-pro", None, Some("2025-02-15"), Next::Use("gemini-3.8-flash"), Thinking::None),
    ("gemini-pro", None, Some("2025-02-15"), Next::Use("gemini-3.8-flash"), Thinking::None),
    ("gemini-pro-vision", None, Some("2024-07-12"), Next::Use("gemini-3.8-flash"), Thinking::None),
    ("text-embedding-004", None, Some("2026-01-14"), Next::Use("gemini-embedding-001"), Thinking::None),
    ("embedding-001", None, Some("2025-10-30"), Next::Use("gemini-embedding-001"), Thinking::None),
    ("gemini-flash-latest", None, None, Next::Nothing, Thinking::Low),
    ("gemini-flash-lite-latest", None, None, Next::Nothing, Thinking::Minimal),
    ("gemini-pro-latest", None, None, Next::Nothing, Thinking::Low),
    ("gemini-embedding-001", Some("2025-07-14"), None, Next::Nothing, Thinking::None),
    ("gemma-4-31b-it", None, None, Next::Nothing, Thinking::None),
    ("gemma-4-26b-a4b-it", None, None, Next::Nothing, Thinking::None),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::time;

    #[test]
    fn names_are_unique_and_days_are_days() {
        let table = ModelTable::embedded();
        for (index, entry) in table.entries.iter().enumerate() {
            let twins = table.entries[index + 1..].iter().filter(|other| other.name == entry.name);
            assert_eq!(twins.count(), 0, "{}", entry.name);
            for day in [&entry.released, &entry.retires].into_iter().flatten() {
                assert!(time::days(day).is_some(), "{}: {day}", entry.name);
            }
        }
    }

    #[test]
    fn successors_are_not_retired_themselves() {
        let table = ModelTable::embedded();
        let named = table.entries.iter().filter_map(|entry| entry.successor.as_deref());
        for entry in named.filter_map(|name| table.find(name)) {
            assert!(!entry.is_retired_on(AS_OF), "{}", entry.name);
        }
    }

    #[test]
    fn the_default_is_the_newest_stable_flash() {
        assert_eq!(ModelTable::embedded().default_model(), "gemini-3.8-flash");
        let names = ["gemini-3.10-flash", "gemini-3.9-flash", "gemini-4-flash-lite", "gemini-pro"];
        assert_eq!(newest_stable_flash(names.into_iter()), Some("gemini-3.10-flash"));
    }

    #[test]
    fn a_model_is_retired_from_its_day_on() {
        let table = ModelTable::embedded();
        let model = table.find("gemini-2.5-pro").expect("in the table");
        assert!(!model.is_retired_on("2026-11-30") && model.is_retired_on("2026-12-01"));
    }
}

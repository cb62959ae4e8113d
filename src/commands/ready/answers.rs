//! Answers to what cannot be measured, in a TOML file: who says so, since when, and where it can be seen.
//! Every complaint names the line; nothing of a value that is no answer is shown.

use std::{collections::BTreeMap, path::Path};

use toml::{Table, Value};

use super::table::{LINES, find};
use crate::{
    error::UserError,
    facts::{looks_like_key, time},
    settings::nearest,
};

const FIELDS: [&str; 5] = ["answer", "by", "date", "link", "note"];
const WORDS: [&str; 3] = ["yes", "no", "na"];
/// Answers grow old.
const STALE_DAYS: i64 = 365;

/// What somebody said of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What it is.
    pub word: Word,
    /// Who says so.
    pub by: String,
    /// Since when, as `YYYY-MM-DD`.
    pub date: String,
    /// Where it can be seen.
    pub link: Option<String>,
}

/// What an answer can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// It does not apply.
    Na,
}

impl Answer {
    /// Whether it is older than a year on a day.
    pub fn is_stale(&self, today: &str) -> bool {
        let age = time::days(today).zip(time::days(&self.date)).map(|(now, then)| now - then);
        age.is_some_and(|days| days > STALE_DAYS)
    }

    /// `A. Person, 2026-11-20, https://...`.
    pub fn source(&self) -> String {
        let link = self.link.as_ref().map(|link| format!(", {link}")).unwrap_or_default();
        format!("{}, {}{link}", self.by, self.date)
    }
}

/// Reads a file of answers, by the ids of their lines.
pub fn read(
    path: &Path,
    text: &str,
    today: &str,
) -> Result<BTreeMap<&'static str, Answer>, UserError> {
    let file = File { path, text };
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
        file.error(line, error.message(), "gemini-doctor ready --init writes one to begin with")
    })?;
    let mut answers = BTreeMap::new();
    for (group, names) in &table {
        let Value::Table(names) = names else {
            let line = file.line_of(group);
            return Err(file.error(line, "there is a value outside of a line", HEAD));
        };
        for (name, fields) in names {
            let (id, answer) = file.answer(group, name, fields, today)?;
            answers.insert(id, answer);
        }
    }
    Ok(answers)
}

const HEAD: &str = "write [keys.rotation], and under it answer, by and date";

struct File<'a> {
    path: &'a Path,
    text: &'a str,
}

impl File<'_> {
    fn error(&self, line: usize, what: &str, hint: &str) -> UserError {
        let place = format!("{}, line {line}", self.path.display());
        UserError::usage(format!("could not use the answers of {place}: {what}"), hint)
    }

    /// The line, from 1, where that is written first.
    fn line_of(&self, what: &str) -> usize {
        self.text.lines().position(|line| line.contains(what)).map_or(1, |at| at + 1)
    }

    fn answer(
        &self,
        group: &str,
        name: &str,
        fields: &Value,
        today: &str,
    ) -> Result<(&'static str, Answer), UserError> {
        let id = format!("{group}.{name}");
        let line = self.line_of(&format!("[{id}]"));
        let Some(known) = find(&id) else {
            let ids: Vec<&str> = LINES.iter().map(|line| line.id).collect();
            let hint = match nearest(&id, &ids) {
                Some(meant) => format!("did you mean {meant}?"),
                None => "gemini-doctor ready --init writes all of them".to_owned(),
            };
            return Err(self.error(line, &format!("there is no line {id:?}"), &hint));
        };
        let Value::Table(fields) = fields else {
            return Err(self.error(line, &format!("{id} is no table"), HEAD));
        };
        let unknown = fields.keys().find(|key| !FIELDS.contains(&key.as_str()));
        if let Some(key) = unknown {
            let hint = match nearest(key, &FIELDS) {
                Some(meant) => format!("did you mean {meant}?"),
                None => format!("known are {}", FIELDS.join(", ")),
            };
            return Err(self.error(line, &format!("{id} has an unknown key {key:?}"), &hint));
        }
        Ok((known.id, self.fields(&id, line, fields, today)?))
    }

    fn fields(
        &self,
        id: &str,
        line: usize,
        fields: &Table,
        today: &str,
    ) -> Result<Answer, UserError> {
        let text = |key: &str| match fields.get(key) {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Some(Value::Datetime(date)) => Some(date.to_string()),
            _ => None,
        };
        let needed = |key: &str, hint: &str| {
            text(key).ok_or_else(|| self.error(line, &format!("{id} has no {key}"), hint))
        };
        let word = needed("answer", "answer = \"yes\", \"no\" or \"na\", where it does not apply")?;
        let word = match word.as_str() {
            "yes" => Word::Yes,
            "no" => Word::No,
            "na" => Word::Na,
            _ => {
                let what = format!("the answer of {id} is none of {}", WORDS.join(", "));
                return Err(self.error(line, &what, "a remark has its place in note"));
            }
        };
        let by = needed("by", "an answer has a name: by = \"...\"")?;
        let date = needed("date", "an answer has a day: date = \"2026-11-30\"")?;
        let day = time::days(&date);
        if day.is_none() || day > time::days(today) {
            let what = format!("the date of {id} is no day up to today");
            return Err(self.error(line, &what, "date = \"YYYY-MM-DD\", when it was looked at"));
        }
        let link = text("link");
        if [Some(&by), link.as_ref()].into_iter().flatten().any(|text| looks_like_key(text)) {
            return Err(UserError::key_as_name(&format!("a value of {id}")));
        }
        Ok(Answer { word, by, date, link })
    }
}

/// A file to begin with: every question, commented out.
pub fn blank(today: &str) -> String {
    let mut out = String::from(OPENING);
    for line in LINES {
        let measured = line
            .measure
            .map(|measure| format!("# Better shown than said: {}\n", measure.how()))
            .unwrap_or_default();
        out.push_str(&format!(
            "\n# {}\n# Why: {}.\n{measured}#[{}]\n#answer = \"yes\"\n#by = \"\"\n#date = \"{today}\"\n#link = \"\"\n",
            line.question, line.why, line.id
        ));
    }
    out
}

const OPENING: &str = "\
# Answers for gemini-doctor ready --answers FILE.
#
# Take the # off the lines of a question to answer it. answer is \"yes\", \"no\" or \"na\" (does not apply);
# by says who answers, date when it was looked at, link where it can be seen (leave it out if nowhere).
# Answers older than a year are told. What was measured counts more than what is said here.
";

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: &str = "2026-11-30";

    fn of(text: &str) -> Result<BTreeMap<&'static str, Answer>, UserError> {
        read(Path::new("ready.toml"), text, TODAY)
    }

    #[test]
    fn the_blank_file_answers_nothing_and_each_question_can_be_answered() {
        let blank = blank(TODAY);
        assert_eq!(of(&blank).expect("a good file").len(), 0);
        let filled: String = blank
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some("by = \"\"") => "by = \"A. Person\"\n".to_owned(),
                Some("link = \"\"") => "link = \"https://wiki.example/keys\"\n".to_owned(),
                Some(rest) if !rest.starts_with(' ') => format!("{rest}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let answers = of(&filled).expect("a good file");
        assert_eq!(answers.len(), LINES.len());
        assert!(answers.values().all(|one| one.word == Word::Yes && one.link.is_some()));
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let good = "by = \"A\"\ndate = \"2026-01-02\"\n";
        for (text, words) in [
            (format!("\n[keys.rotations]\nanswer = \"yes\"\n{good}"), ["line 2", "keys.rotation?"]),
            (format!("[keys.rotation]\nanswr = \"yes\"\n{good}"), ["line 1", "answer?"]),
            (format!("[keys.rotation]\nanswer = \"maybe\"\n{good}"), ["yes, no, na", "note"]),
            ("[keys.rotation]\nanswer = \"yes\"\n".to_owned(), ["has no by", "name"]),
            (
                "[keys.rotation]\nanswer = \"no\"\nby = \"A\"\ndate = \"2027-01-01\"\n".to_owned(),
                ["up to today", "YYYY"],
            ),
            ("a = 1\n".to_owned(), ["outside of a line", "[keys.rotation]"]),
            ("[keys.rotation\n".to_owned(), ["line 1", "--init"]),
        ] {
            let error = of(&text).expect_err(&text);
            let said = format!("{} {}", error.what, error.hint);
            assert!(words.iter().all(|word| said.contains(word)), "{said}");
        }
    }

    #[test]
    fn a_year_makes_an_answer_old() {
        let answer = |date: &str| Answer {
            word: Word::Yes,
            by: "A".to_owned(),
            date: date.to_owned(),
            link: None,
        };
        assert!(!answer("2025-11-30").is_stale(TODAY));
        assert!(answer("2025-11-29").is_stale(TODAY));
    }

    #[test]
    fn a_date_may_stand_without_quotes() {
        let text = "[cost.alert]\nanswer = \"na\"\nby = \"A\"\ndate = 2026-11-01\n";
        assert_eq!(of(text).expect("an answer")["cost.alert"].date, "2026-11-01");
    }
}

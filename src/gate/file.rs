//! The text of a gate's file, read key by key, so that every complaint has its line and a name that may
//! have been meant. Nothing is ignored: a level that is misspelt would never be held against anything.

use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use crate::{
    error::UserError,
    facts::{Level, Measure, nearest, time},
};

use super::{ALIAS, Budget, Gate, Subject, Waiver};

/// The keys of the file itself.
pub(super) const TOP: [&str; 5] = ["checks", "inconclusive", "slo", "budget", "waivers"];
/// Those of its levels beside the measures.
pub(super) const CALLS: &str = "calls";
/// Those of the budget.
pub(super) const BUDGET: [&str; 3] = ["requests", "tokens", "seconds"];
/// Those of a waiver.
pub(super) const WAIVER: [&str; 4] = ["check", "finding", "reason", "until"];
/// What becomes of levels that are not decided.
pub(super) const INCONCLUSIVE: [&str; 2] = ["warn", "fail"];
/// The most calls for levels, and the most requests.
pub(super) const MOST_CALLS: u32 = 100_000;
/// The shortest and the longest run in seconds.
pub(super) const LEAST_SECONDS: f64 = 0.001;
pub(super) const MOST_SECONDS: f64 = 86_400.0;
/// The most of a level: a day in milliseconds, and more tokens than any answer has.
pub(super) const MOST_LEVEL: f64 = 100_000_000.0;
/// A share under this would take more calls than anybody makes.
pub(super) const LEAST_PERCENT: f64 = 0.01;

/// The names that a file may use.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The ids of all checks.
    pub checks: &'a [&'a str],
    /// Those among them that a gate cannot ask.
    pub not_here: &'a [&'a str],
    /// The ids of all known fixes.
    pub fixes: &'a [&'a str],
}

/// Reads the text of a file of that name.
pub fn parse(text: &str, name: &str, known: Known<'_>) -> Result<Gate, UserError> {
    let file = File { text, name, known };
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let first = error.message().lines().next().unwrap_or_default().to_owned();
        file.error(at, format!("it is not TOML: {first}"), "fix the line")
    })?;
    let gate = file.gate(table.get_ref())?;
    if gate.is_empty() {
        let hint =
            "add checks = [\"api.model\"], or a level under [slo]: gemini-doctor gate --init";
        return Err(file.error(0, "it requires nothing".to_owned(), hint));
    }
    Ok(gate)
}

type Key<'i> = Spanned<DeString<'i>>;
type Value<'i> = Spanned<DeValue<'i>>;

struct File<'a> {
    text: &'a str,
    name: &'a str,
    known: Known<'a>,
}

impl File<'_> {
    fn gate(&self, table: &DeTable<'_>) -> Result<Gate, UserError> {
        let mut gate = Gate::default();
        let mut waivers = None;
        let mut calls = None;
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "checks" => gate.checks = self.checks(key, value)?,
                "inconclusive" => {
                    gate.fails_if_open = self.word(key, value, &INCONCLUSIVE)? == "fail";
                }
                "slo" => (calls, gate.levels) = self.levels(key, value)?,
                "budget" => gate.budget = self.budget(key, value)?,
                "waivers" => waivers = Some((key, value)),
                _ => return Err(self.unknown(key, &TOP)),
            }
        }
        if gate.checks.iter().any(|id| id == ALIAS) {
            gate.levels.insert(0, Level::new(Measure::Alias, 0.0));
        }
        if let Some(calls) = calls {
            gate.levels.iter_mut().for_each(|level| level.calls = calls);
        }
        if let Some((key, value)) = waivers {
            gate.waivers = self.waivers(key, value, &gate)?;
        }
        Ok(gate)
    }

    fn checks(&self, key: &Key<'_>, value: &Value<'_>) -> Result<Vec<String>, UserError> {
        let hint = "write it like checks = [\"api.list\", \"api.model\"]";
        let Some(list) = value.get_ref().as_array() else {
            return Err(self.wrong(key, value, "is no list", hint));
        };
        let mut ids: Vec<String> = Vec::new();
        for one in list.iter() {
            let Some(id) = one.get_ref().as_str() else {
                return Err(self.wrong(key, one, "holds something that is no text", hint));
            };
            let at = one.span().start;
            if self.known.not_here.contains(&id) {
                let what = format!("{id} needs a file of its own, which a gate does not have");
                return Err(self.error(at, what, "ask for it with gemini-doctor doctor"));
            }
            if !self.known.checks.contains(&id) {
                let hint = self.meant(id, self.known.checks);
                return Err(self.error(at, format!("there is no check {id:?}"), &hint));
            }
            if ids.iter().any(|known| known == id) {
                return Err(self.error(at, format!("{id} stands there twice"), "keep one of them"));
            }
            ids.push(id.to_owned());
        }
        Ok(ids)
    }

    fn levels(
        &self,
        key: &Key<'_>,
        value: &Value<'_>,
    ) -> Result<(Option<u32>, Vec<Level>), UserError> {
        let (mut calls, mut levels) = (None, Vec::new());
        for (key, value) in self.table(key, value)? {
            let name = key.get_ref().as_ref();
            if name == CALLS {
                let number = self.whole(key, value, u64::from(MOST_CALLS))?;
                calls = u32::try_from(number).ok();
                continue;
            }
            let Some(measure) = Measure::LEVELS.into_iter().find(|one| one.key() == name) else {
                let names = Measure::LEVELS.map(Measure::key);
                let known: Vec<&str> = names.into_iter().chain([CALLS]).collect();
                return Err(self.unknown(key, &known));
            };
            levels.push(Level::new(measure, self.most_of(measure, key, value)?));
        }
        levels.sort_by_key(|level| level.measure);
        Ok((calls, levels))
    }

    fn most_of(
        &self,
        measure: Measure,
        key: &Key<'_>,
        value: &Value<'_>,
    ) -> Result<f64, UserError> {
        let most = self.number(key, value)?;
        let (is_good, hint) = match measure {
            Measure::FailurePercent => (
                (LEAST_PERCENT..=99.0).contains(&most),
                "give percent from 0.01 to 99: no number of calls shows that none ever fails",
            ),
            Measure::TokensPerCall => ((1.0..=MOST_LEVEL).contains(&most), "give tokens, from 1"),
            _ => ((1.0..=MOST_LEVEL).contains(&most), "give milliseconds, from 1"),
        };
        if is_good { Ok(most) } else { Err(self.wrong(key, value, "is out of range", hint)) }
    }

    fn budget(&self, key: &Key<'_>, value: &Value<'_>) -> Result<Budget, UserError> {
        let mut budget = Budget::default();
        for (key, value) in self.table(key, value)? {
            match key.get_ref().as_ref() {
                "requests" => {
                    budget.requests = Some(self.whole(key, value, u64::from(MOST_CALLS))?);
                }
                "tokens" => budget.tokens = Some(self.whole(key, value, 1_000_000_000)?),
                "seconds" => budget.seconds = Some(self.seconds(key, value)?),
                _ => return Err(self.unknown(key, &BUDGET)),
            }
        }
        Ok(budget)
    }

    fn seconds(&self, key: &Key<'_>, value: &Value<'_>) -> Result<f64, UserError> {
        let seconds = self.number(key, value)?;
        if (LEAST_SECONDS..=MOST_SECONDS).contains(&seconds) {
            return Ok(seconds);
        }
        Err(self.wrong(key, value, "is out of range", "give seconds, up to 86400"))
    }

    fn waivers(
        &self,
        key: &Key<'_>,
        value: &Value<'_>,
        gate: &Gate,
    ) -> Result<Vec<Waiver>, UserError> {
        let Some(list) = value.get_ref().as_array() else {
            return Err(self.wrong(key, value, "is no list", "begin each one with [[waivers]]"));
        };
        let mut waivers: Vec<Waiver> = Vec::new();
        for one in list.iter() {
            let Some(table) = one.get_ref().as_table() else {
                let hint = "begin each one with [[waivers]]";
                return Err(self.wrong(key, one, "holds something that is no table", hint));
            };
            let waiver = self.waiver(one.span().start, table, gate)?;
            if waivers.iter().any(|known| known.subject == waiver.subject) {
                let what = format!("{} is waived twice", waiver.subject.id());
                return Err(self.error(one.span().start, what, "keep one of them"));
            }
            waivers.push(waiver);
        }
        Ok(waivers)
    }

    fn waiver(&self, at: usize, table: &DeTable<'_>, gate: &Gate) -> Result<Waiver, UserError> {
        let (mut subject, mut reason, mut until) = (None, None, None);
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            match name {
                "check" | "finding" if subject.is_some() => {
                    let what = "a waiver is for a check or for a finding, not for both".to_owned();
                    return Err(self.error(key.span().start, what, "make two waivers of it"));
                }
                "check" => subject = Some(Subject::Check(self.required(key, value, gate)?)),
                "finding" => subject = Some(Subject::Finding(self.fix(key, value)?)),
                "reason" => reason = Some(self.text_of(key, value)?),
                "until" => until = Some(self.day(key, value)?),
                _ => return Err(self.unknown(key, &WAIVER)),
            }
        }
        let lacks =
            |what: &str, hint: &str| self.error(at, format!("a waiver has no {what}"), hint);
        Ok(Waiver {
            subject: subject.ok_or_else(|| {
                lacks("check and no finding", "say what is waived: check = \"api.alias\"")
            })?,
            reason: reason
                .ok_or_else(|| lacks("reason", "say why, such as reason = \"ticket 17\""))?,
            until: until.ok_or_else(|| {
                lacks("end", "say until which day it holds, such as until = 2026-12-31")
            })?,
        })
    }

    /// A requirement of this gate.
    fn required(&self, key: &Key<'_>, value: &Value<'_>, gate: &Gate) -> Result<String, UserError> {
        let id = self.text_of(key, value)?;
        let levels = gate.levels.iter().map(|level| level.measure.id());
        let ids: Vec<&str> = gate.looked_at().chain(levels).collect();
        if ids.contains(&id.as_str()) {
            return Ok(id);
        }
        let what = format!("it waives {id:?}, which the gate does not require");
        if ids.is_empty() {
            return Err(self.error(
                value.span().start,
                what,
                "it requires nothing so far: add checks",
            ));
        }
        Err(self.error(value.span().start, what, &self.meant(&id, &ids)))
    }

    fn fix(&self, key: &Key<'_>, value: &Value<'_>) -> Result<String, UserError> {
        let id = self.text_of(key, value)?;
        if self.known.fixes.contains(&id.as_str()) {
            return Ok(id);
        }
        let hint = match nearest(&id, self.known.fixes) {
            Some(meant) => format!("did you mean {meant}?"),
            None => "gemini-doctor fixes lists them".to_owned(),
        };
        Err(self.error(value.span().start, format!("there is no finding {id:?}"), &hint))
    }

    /// A day, with or without quotes.
    fn day(&self, key: &Key<'_>, value: &Value<'_>) -> Result<String, UserError> {
        let text = match value.get_ref() {
            DeValue::Datetime(day) => day.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => String::new(),
        };
        match time::days(&text) {
            Some(days) if time::date(days) == text => Ok(text),
            _ => Err(self.wrong(key, value, "is no day", "write it like until = 2026-12-31")),
        }
    }

    fn word(&self, key: &Key<'_>, value: &Value<'_>, words: &[&str]) -> Result<String, UserError> {
        let text = self.text_of(key, value)?;
        if words.contains(&text.as_str()) {
            return Ok(text);
        }
        let hint = self.meant(&text, words);
        Err(self.wrong(key, value, "is no such word", &hint))
    }

    fn text_of(&self, key: &Key<'_>, value: &Value<'_>) -> Result<String, UserError> {
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => Ok(text.to_owned()),
            Some(_) => Err(self.wrong(key, value, "is empty", "give it a value")),
            None => Err(self.wrong(key, value, "is no text", "put it in quotes")),
        }
    }

    fn whole(&self, key: &Key<'_>, value: &Value<'_>, most: u64) -> Result<u64, UserError> {
        let number = match value.get_ref() {
            DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let hint = format!("give a whole number from 1 to {most}");
        number
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| self.wrong(key, value, "is no such number", &hint))
    }

    fn number(&self, key: &Key<'_>, value: &Value<'_>) -> Result<f64, UserError> {
        let number = match value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .ok()
                .map(|number| number as f64),
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => None,
        };
        number
            .filter(|number| f64::is_finite(*number))
            .ok_or_else(|| self.wrong(key, value, "is no number", "write it without quotes"))
    }

    fn table<'t, 'i>(
        &self,
        key: &Key<'i>,
        value: &'t Value<'i>,
    ) -> Result<&'t DeTable<'i>, UserError> {
        let hint = "write it as a table in brackets";
        value.get_ref().as_table().ok_or_else(|| self.wrong(key, value, "is no table", hint))
    }

    fn unknown(&self, key: &Key<'_>, known: &[&str]) -> UserError {
        let name = key.get_ref();
        let hint = self.meant(name, known);
        self.error(key.span().start, format!("unknown key {name:?}"), &hint)
    }

    fn meant(&self, word: &str, known: &[&str]) -> String {
        match nearest(word, known) {
            Some(meant) => format!("did you mean {meant}?"),
            None => format!("known are {}", known.join(", ")),
        }
    }

    fn wrong(&self, key: &Key<'_>, value: &Value<'_>, what: &str, hint: &str) -> UserError {
        self.error(value.span().start, format!("{} {what}", key.get_ref()), hint)
    }

    fn error(&self, at: usize, what: impl std::fmt::Display, hint: &str) -> UserError {
        let before = self.text.as_bytes().iter().take(at);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        UserError::usage(format!("could not use the gate, {}:{line}: {what}", self.name), hint)
    }
}

#[cfg(test)]
mod tests;

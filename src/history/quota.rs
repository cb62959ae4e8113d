//! Refusals with 429 by the quota they take from, which is that of a model in a project: what was sent before them, and
//! what the answers themselves name.

mod limit;
mod questions;

use std::collections::{BTreeMap, HashMap};

use super::{
    call::{Call, End},
    days::Days,
    fields::Field,
    figures::Quota,
    kinds::{self, Counts, Kind},
    minutes::{MOST_INSTANCES, Sent, Windows},
    retries::Retries,
};

/// So many pairs of model and project are kept apart; the others share one.
const MOST_GROUPS: usize = 64;
/// So many different words are remembered with what they tell.
const MOST_WORDS: usize = 4096;

/// What the quotas are known to be, for the one that most refusals are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Requests a minute.
    pub rpm: Option<u64>,
    /// Input tokens a minute.
    pub tpm: Option<u64>,
    /// Requests a day.
    pub rpd: Option<u64>,
}

/// All quotas of a log.
#[derive(Debug, Default)]
pub(super) struct Quotas {
    groups: Vec<Group>,
    /// The group of the last call.
    last: usize,
    instances: HashMap<String, u32>,
    words: HashMap<String, Option<Kind>>,
    has_kinds: bool,
    /// Refusals of calls whose time is not known.
    undated: Group,
}

/// One quota.
#[derive(Debug, Default)]
pub(super) struct Group {
    model: String,
    project: String,
    windows: Windows,
    days: Days,
    calls: u64,
    answered: u64,
    /// What the answers name.
    named: BTreeMap<Counts, u64>,
    /// One such name.
    name: String,
}

/// What the questions rest on, beside the quota itself.
struct Basis<'a> {
    limits: Limits,
    retries: &'a Retries,
    has_kinds: bool,
    has_instances: bool,
    /// Calls of other quotas that were answered.
    answered_elsewhere: u64,
}

impl Quotas {
    pub(super) fn add(&mut self, call: &Call, is_retry: bool) {
        let end = call.end();
        let Some(at_ms) = call.at_ms else {
            if end == End::Refused(429) {
                self.undated.windows.refused += 1;
                self.undated.name_quota(call.text(Field::Quota));
            }
            return;
        };
        let kind = self.kind(call);
        self.has_kinds |= kind.is_some();
        let sent = Sent {
            second: at_ms.div_euclid(1000),
            tokens: call.input_tokens,
            kind,
            is_retry,
            is_refused: end == End::Refused(429),
            instance: self.instance(call.text(Field::Instance)),
        };
        let group = self.group(call.text(Field::Model), call.text(Field::Project));
        group.calls += 1;
        group.answered += u64::from(end == End::Answered);
        group.windows.add(&sent);
        group.days.add(at_ms, end);
        if sent.is_refused {
            group.name_quota(call.text(Field::Quota));
        }
    }

    fn group(&mut self, model: &str, project: &str) -> &mut Group {
        let is_it = |group: &Group| group.model == model && group.project == project;
        if !self.groups.get(self.last).is_some_and(is_it) {
            self.last = self.groups.iter().position(is_it).unwrap_or_else(|| {
                let is_full = self.groups.len() >= MOST_GROUPS;
                let named =
                    |name: &str| if is_full { "(others)".to_owned() } else { name.to_owned() };
                if self.groups.len() <= MOST_GROUPS {
                    let group =
                        Group { model: named(model), project: named(project), ..Group::default() };
                    self.groups.push(group);
                }
                self.groups.len() - 1
            });
        }
        &mut self.groups[self.last]
    }

    fn instance(&mut self, name: &str) -> Option<u32> {
        if name.is_empty() {
            return None;
        }
        if let Some(number) = self.instances.get(name) {
            return Some(*number);
        }
        let number =
            u32::try_from(self.instances.len()).unwrap_or(MOST_INSTANCES).min(MOST_INSTANCES);
        if number < MOST_INSTANCES {
            self.instances.insert(name.to_owned(), number);
        }
        Some(number)
    }

    /// What its mode says, or else the names of task and tag.
    fn kind(&mut self, call: &Call) -> Option<Kind> {
        [Field::Mode, Field::Task, Field::Tag]
            .into_iter()
            .find_map(|field| self.kind_of(call.text(field)))
    }

    fn kind_of(&mut self, word: &str) -> Option<Kind> {
        if word.is_empty() {
            return None;
        }
        if let Some(kind) = self.words.get(word) {
            return *kind;
        }
        let kind = kinds::kind(word);
        if self.words.len() < MOST_WORDS {
            self.words.insert(word.to_owned(), kind);
        }
        kind
    }

    /// What the refusals show; none where there are none.
    pub(super) fn figures(&mut self, limits: Limits, retries: &Retries) -> Option<Quota> {
        self.groups.iter_mut().for_each(|group| group.windows.finish());
        let refused: u64 = self.groups.iter().map(|group| group.windows.refused).sum();
        let worst = self.groups.iter().max_by_key(|group| group.windows.refused);
        let Some(worst) = worst.filter(|group| group.windows.refused > 0) else {
            return self.figures_without_time();
        };
        // What names no model, such as a list of them, is no call to another one.
        let is_named = |group: &&Group| group.model.is_empty() == worst.model.is_empty();
        let answered: u64 = self.groups.iter().filter(is_named).map(|group| group.answered).sum();
        let basis = Basis {
            limits,
            retries,
            has_kinds: self.has_kinds,
            has_instances: !self.instances.is_empty(),
            answered_elsewhere: answered - worst.answered,
        };
        let questions = questions::questions(worst, &basis);
        let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Some(Quota {
            refused: refused + self.undated.windows.refused,
            model: known(&worst.model),
            project: known(&worst.project),
            refused_there: worst.windows.refused,
            cause: questions.iter().find(|one| one.answer == "yes").map(|one| one.id.clone()),
            limit: limit::limit(worst, limits),
            questions,
            late_lines: self.groups.iter().map(|group| group.windows.late).sum(),
        })
    }

    /// Where no refusal has a time there is no minute before one. What the answers name is told all the same.
    fn figures_without_time(&self) -> Option<Quota> {
        let refused = self.undated.windows.refused;
        (refused > 0).then(|| Quota {
            refused,
            model: None,
            project: None,
            refused_there: refused,
            cause: None,
            limit: limit::without_time(&self.undated),
            questions: questions::without_time(),
            late_lines: 0,
        })
    }

    /// Whether there were more quotas than are kept apart.
    pub(super) fn overflowed(&self) -> bool {
        self.groups.len() > MOST_GROUPS
    }
}

impl Group {
    fn name_quota(&mut self, name: &str) {
        if let Some(counts) = kinds::counts(name) {
            *self.named.entry(counts).or_default() += 1;
            if self.name.is_empty() {
                self.name.push_str(name);
            }
        }
    }

    /// Its name as people would say it.
    fn label(&self) -> String {
        match (self.model.as_str(), self.project.as_str()) {
            ("", "") => "this log's calls".to_owned(),
            (model, "") => model.to_owned(),
            ("", project) => format!("project {project}"),
            (model, project) => format!("{model} in project {project}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(status: u16, at_ms: Option<i64>) -> Call {
        let mut call = Call::default();
        (call.status, call.at_ms) = (Some(status), at_ms);
        call
    }

    fn figures(calls: &[Call]) -> Option<Quota> {
        let mut quotas = Quotas::default();
        calls.iter().for_each(|call| quotas.add(call, false));
        quotas.figures(Limits::default(), &Retries::default())
    }

    #[test]
    fn refusals_without_a_time_say_what_is_missing() {
        let quota = figures(&[call(429, None), call(429, None)]).expect("refusals");
        assert_eq!((quota.refused, quota.refused_there, quota.cause), (2, 2, None));
        assert_eq!(quota.questions.len(), 5);
        for question in &quota.questions {
            assert_eq!(question.answer, "cannot be told");
            assert_eq!(question.missing, ["at"], "{}", question.id);
        }
        assert_eq!((quota.limit.limit, &*quota.limit.confidence), (None, "low"));
        assert!(quota.limit.evidence.contains("timestamp"), "{}", quota.limit.evidence);
        assert_eq!(figures(&[call(200, None)]), None);
    }

    #[test]
    fn one_refusal_with_a_time_is_enough_to_look_before_it() {
        let quota =
            figures(&[call(429, Some(1_780_092_003_120)), call(429, None)]).expect("refusals");
        assert_eq!((quota.refused, quota.refused_there), (2, 1));
    }
}

//! Controls: other names of the same line, asked beside the first one, so that what both share can be
//! told from what is the name's own.

use crate::{
    alias::{
        Why,
        figures::Sibling,
        sample::{self, End},
    },
    facts::models::ModelTable,
    gemini::wire::Model,
};

use super::{
    super::{Runner, key::Learnt},
    ask::Asker,
    plan::{Probed, SIBLING_CALLS, SIBLINGS, Siblings},
};

/// Failures of the name after which a control is worth its price.
const AFTER_FAILURES: usize = 2;

/// The controls that may be asked, and how far they are.
pub(super) struct Controls {
    /// Who asks each control that was begun.
    askers: Vec<Asker>,
    /// Whether nothing more can be sent.
    spent: bool,
    names: Vec<String>,
    unknown: Vec<String>,
    kind: Siblings,
}

impl Controls {
    pub(super) fn of(kind: &Siblings, model: &str, learnt: &Learnt, table: &ModelTable) -> Self {
        let listed: Vec<&str> = learnt
            .listed
            .iter()
            .filter(|one| one.supports("generateContent"))
            .map(Model::id)
            .collect();
        let known: Vec<&str> = match listed.is_empty() {
            true => table.entries.iter().map(|entry| entry.name.as_str()).collect(),
            false => listed.clone(),
        };
        let (names, unknown) = match kind {
            Siblings::None => (Vec::new(), Vec::new()),
            Siblings::Auto | Siblings::All => (relatives(model, &known, table), Vec::new()),
            Siblings::Named(names) => names
                .iter()
                .cloned()
                .partition(|name| listed.is_empty() || listed.contains(&name.as_str())),
        };
        Self { askers: Vec::new(), spent: false, names, unknown, kind: kind.clone() }
    }

    /// What is worth saying about them.
    pub(super) fn notes(&self) -> Vec<String> {
        let unknown = |name: &String| format!("{name} is not in this key's list and was not asked");
        self.unknown.iter().map(unknown).collect()
    }

    /// One call to a control, if it is time for one.
    pub(super) async fn beside(
        &mut self,
        runner: &mut Runner<'_>,
        table: &ModelTable,
        probed: &mut Probed,
    ) {
        if !self.are_due(probed) {
            return;
        }
        if let Some(at) = self.next(probed) {
            self.ask(at, runner, table, probed).await;
        }
    }

    async fn ask(
        &mut self,
        at: usize,
        runner: &mut Runner<'_>,
        table: &ModelTable,
        probed: &mut Probed,
    ) {
        for next in self.askers.len()..=at {
            let name = &probed.siblings[next].name;
            self.askers.push(Asker::for_control(&probed.plan, next, name, table));
        }
        let sample = self.askers[at].ask_control(runner, &mut probed.notes).await;
        match sample.end {
            // What was not sent is nobody's failure.
            End::NotSent => self.spent = true,
            _ => probed.siblings[at].samples.push(sample),
        }
    }

    /// The calls that are still missing, where there is a point in them.
    pub(super) async fn finish(
        &mut self,
        runner: &mut Runner<'_>,
        table: &ModelTable,
        probed: &mut Probed,
    ) {
        let over = matches!(probed.why, Some(Why::Quota | Why::Refused | Why::Budget));
        let pointless = probed.known.is_wrong() || probed.plan.course.verdict_only;
        if over || pointless || !self.are_due(probed) {
            return;
        }
        while let Some(at) = self.next(probed).filter(|_| !self.spent) {
            self.ask(at, runner, table, probed).await;
        }
    }

    fn are_due(&self, probed: &Probed) -> bool {
        let failures = sample::count(&probed.samples, End::Missing)
            + sample::count(&probed.samples, End::Busy);
        !self.spent && (self.kind != Siblings::Auto || failures >= AFTER_FAILURES)
    }

    /// The place of the control to ask next: the one with the fewest calls of those wanted.
    fn next(&self, probed: &mut Probed) -> Option<usize> {
        let wanted = match self.kind {
            Siblings::Auto => wanted_by_itself(&probed.siblings),
            _ => self.names.len(),
        };
        while probed.siblings.len() < wanted.min(self.names.len()) {
            let name = self.names[probed.siblings.len()].clone();
            probed.siblings.push(Sibling { name, samples: Vec::new() });
        }
        let open = probed.siblings.iter().enumerate().filter(|(_, one)| !is_over(one));
        open.min_by_key(|(at, one)| (one.samples.len(), *at)).map(|(at, _)| at)
    }
}

/// One, and another for each that failed itself.
fn wanted_by_itself(siblings: &[Sibling]) -> usize {
    let done_badly = siblings.iter().filter(|one| is_over(one) && !one.is_spotless()).count();
    (done_badly + 1).min(SIBLINGS)
}

/// A control that shows a quota or nothing at all is not asked on.
fn is_over(one: &Sibling) -> bool {
    one.samples.len() >= SIBLING_CALLS
        || one
            .samples
            .last()
            .is_some_and(|last| matches!(last.end, End::Quota | End::Refused | End::Lost))
}

/// The moving alias of the same line, then the nearest older models of it, then newer ones.
fn relatives(model: &str, known: &[&str], table: &ModelTable) -> Vec<String> {
    let line = match line_of(model) {
        // A model without a line of its own is compared with the commonest one.
        none if none.is_empty() && model.starts_with("gemini-") => "flash".to_owned(),
        none if none.is_empty() => return Vec::new(),
        line => line,
    };
    let moving = format!("gemini-{line}-latest");
    let own = version(model).unwrap_or((u32::MAX, 0));
    let mut others: Vec<(&str, (u32, u32))> = known
        .iter()
        .filter(|name| **name != model && line_of(name) == line && !is_special(name))
        .filter_map(|name| Some((*name, version(name)?)))
        .collect();
    let gone = |name: &str| table.find(name).is_some_and(|it| it.is_retired_on(&table.as_of));
    others.retain(|(name, _)| !gone(name));
    let distance = |version: (u32, u32)| {
        let number = |(major, minor): (u32, u32)| i64::from(major) * 1000 + i64::from(minor);
        let ahead = number(version) - number(own);
        (ahead > 0, ahead.abs())
    };
    others.sort_by_key(|(_, version)| distance(*version));
    let latest = known.contains(&moving.as_str()).then_some(moving).filter(|name| name != model);
    latest
        .into_iter()
        .chain(others.into_iter().map(|(name, _)| name.to_owned()))
        .take(SIBLINGS)
        .collect()
}

/// `flash`, `flash-lite`, `pro`: what stands behind the version, without stage and day.
fn line_of(model: &str) -> String {
    let Some(rest) = model.strip_prefix("gemini-") else { return String::new() };
    let is_line = |part: &&str| ["flash", "pro", "lite", "nano", "ultra"].contains(part);
    rest.split('-').filter(is_line).collect::<Vec<_>>().join("-")
}

fn version(model: &str) -> Option<(u32, u32)> {
    let number = model.strip_prefix("gemini-")?.split('-').next()?;
    let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Models that answer in other ways than in text.
fn is_special(model: &str) -> bool {
    ["image", "tts", "audio", "live", "embedding", "computer"].iter().any(|it| model.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_the_moving_alias_and_the_nearest_older_models() {
        let table = ModelTable::embedded();
        let known: Vec<&str> = table
            .entries
            .iter()
            .map(|entry| entry.name.as_str())
            .chain(["gemini-flash-latest", "gemini-pro-latest"])
            .collect();
        assert_eq!(
            relatives("gemini-3.5-flash", &known, &table),
            ["gemini-flash-latest", "gemini-3-flash-preview", "gemini-2.5-flash"]
        );
        assert_eq!(
            relatives("gemini-flash-latest", &known, &table),
            ["gemini-3.8-flash", "gemini-3.7-flash", "gemini-3.6-flash"]
        );
        assert_eq!(
            relatives("gemini-3.1-pro-preview", &known, &table),
            ["gemini-pro-latest", "gemini-2.5-pro"]
        );
        assert_eq!(relatives("some-other-model", &known, &table), Vec::<String>::new());
    }
}

//! The known fixes: each one constant that carries its signs, its words, its examples and its proof.
//!
//! A known fix sees clues and nothing else, so live commands and pasted errors share one catalogue.

pub mod bare;
mod families;
pub mod sign;

pub use sign::{Seen, Sign};
#[cfg(test)]
pub(crate) use tests::sample;

use crate::facts::{Blame, Class, Clue, Confidence, Layer, Party, RetryClass, Severity, Who};

/// One cause with its fix.
#[derive(Clone, Copy, Debug)]
pub struct KnownFix {
    /// Permanent id, in words.
    pub id: &'static str,
    /// The cause in one short sentence without its final stop; fits a table and a chat.
    pub title: &'static str,
    /// The broken layer.
    pub layer: Layer,
    /// Whose move it is.
    pub blame: Blame,
    /// How bad it is.
    pub severity: Severity,
    /// What it means to CI, where the layer's own class does not fit.
    pub class: Option<Class>,
    /// Whether a retry helps.
    pub retry: RetryClass,
    /// When it applies: any of these cases.
    pub when: &'static [Case],
    /// Why it happens, in one to three sentences.
    pub why: &'static str,
    /// What to do, best first.
    pub fix: &'static [Step],
    /// How to see that the fix worked.
    pub confirm: &'static str,
    /// Texts that must be explained by exactly this fix, or by one of its declared splits first.
    pub seen_as: &'static [&'static str],
    /// Sets of signs that must be explained by it, for a cause that no text shows.
    pub live: &'static [&'static [Sign]],
    /// Near-misses: texts that must not be explained by it.
    pub not: &'static [&'static str],
    /// What the evidence alone may not tell apart from it, and what would.
    pub splits: &'static [Split],
    /// The simulated scenario that shows it.
    pub reproduce: &'static str,
    /// The ids of consequences to fold away when this is found too.
    pub hides: &'static [&'static str],
    /// Where the provider documents it.
    pub docs: &'static [&'static str],
    /// The day it was last checked.
    pub as_of: &'static str,
}

/// One way in which a known fix shows: all of the signs together.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Every one of these must be among the clues.
    pub all: &'static [Sign],
    /// How sure this set makes it.
    pub sure: Confidence,
}

/// One step of a fix.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Who does it.
    pub who: Who,
    /// What to do: an imperative sentence without its final stop.
    pub action: &'static str,
    /// What to type, where there is something.
    pub command: Option<Command>,
    /// What must not have been seen where it is any use.
    pub unless: Option<&'static Sign>,
}

/// A command line in both shells. `{model}`, `{project}`, `{account}`, `{link}` and the like stand for what was seen.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// For `sh`.
    pub sh: &'static str,
    /// For PowerShell.
    pub powershell: &'static str,
}

/// Another fix that the same evidence may mean.
#[derive(Clone, Copy, Debug)]
pub struct Split {
    /// Its id.
    pub id: &'static str,
    /// What tells the two apart.
    pub by: &'static str,
}

impl KnownFix {
    /// The surest case that the clues satisfy, and the weight of the heaviest: what makes one case sure
    /// is not undone by more evidence.
    pub fn matched(&self, seen: &Seen<'_>) -> Option<(&'static Case, u32)> {
        // Another provider's errors use the same words for other things.
        let foreign = seen.clues.contains(&Clue::By(Party::Foreign));
        let fits = |case: &&Case| !foreign || case.all.contains(&Sign::By(Party::Foreign));
        let satisfied = self.when.iter().filter(fits);
        let satisfied = satisfied.filter(|case| case.all.iter().all(|sign| sign.is_in(seen)));
        let weighed: Vec<(&Case, u32)> =
            satisfied.map(|case| (case, case.all.iter().map(Sign::weight).sum())).collect();
        let heaviest = weighed.iter().map(|(_, weight)| *weight).max()?;
        let (surest, _) = weighed.into_iter().max_by_key(|(case, weight)| (case.sure, *weight))?;
        Some((surest, heaviest))
    }

    /// What it means to CI.
    pub fn class(&self) -> Class {
        self.class.unwrap_or(Class::of(self.layer))
    }
}

/// A case that names the cause.
pub const fn sure(all: &'static [Sign]) -> Case {
    Case { all, sure: Confidence::High }
}

/// A case with few rivals.
pub const fn likely(all: &'static [Sign]) -> Case {
    Case { all, sure: Confidence::Medium }
}

/// A case that other causes share.
pub const fn maybe(all: &'static [Sign]) -> Case {
    Case { all, sure: Confidence::Low }
}

/// A step for the person at the keyboard.
pub const fn you(action: &'static str) -> Step {
    Step { who: Who::You, action, command: None, unless: None }
}

/// A step for the owner of the project, its billing or its network.
pub const fn owner(action: &'static str) -> Step {
    Step { who: Who::Owner, action, command: None, unless: None }
}

/// A step for the provider.
pub const fn provider(action: &'static str) -> Step {
    Step { who: Who::Provider, action, command: None, unless: None }
}

impl Step {
    /// With a command that reads the same in both shells.
    pub const fn run(mut self, command: &'static str) -> Self {
        self.command = Some(Command { sh: command, powershell: command });
        self
    }

    /// Left out where this was seen.
    pub const fn unless(mut self, seen: &'static Sign) -> Self {
        self.unless = Some(seen);
        self
    }

    /// With a command that differs between the shells.
    pub const fn run_in(mut self, sh: &'static str, powershell: &'static str) -> Self {
        self.command = Some(Command { sh, powershell });
        self
    }
}

/// Every known fix, by family.
pub fn all() -> impl Iterator<Item = &'static KnownFix> {
    families::ALL.iter().flat_map(|(_, fixes)| fixes.iter().copied())
}

/// The families with their fixes, for pages and help.
pub fn families() -> &'static [(&'static str, &'static [&'static KnownFix])] {
    families::ALL
}

/// The known fix with this id.
pub fn find(id: &str) -> Option<&'static KnownFix> {
    all().find(|fix| fix.id == id)
}

/// The newest day any entry was checked.
pub fn as_of() -> &'static str {
    all().map(|fix| fix.as_of).max().unwrap_or("never")
}

#[cfg(test)]
mod tests;

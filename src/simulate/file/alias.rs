//! Reads the aliases of a scenario file: their builds, and how those change over time.
//!
//! Only what TOML says; who is led to which build is decided in `judge.rs`.

use serde::Deserialize;

use super::super::api;
use super::super::fault::{Alias, Build, Manner, Phase, Pick};
use super::{ActTable, keep_list, keep_text, one};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AliasTable {
    model: String,
    #[serde(default)]
    pick: Pick,
    builds: Vec<BuildTable>,
    #[serde(default)]
    phases: Vec<PhaseTable>,
}

impl AliasTable {
    pub(super) fn check(&self) -> Result<(), String> {
        if !api::lists(&self.model) {
            return Err(format!("alias `{}` is not a model that the simulator lists", self.model));
        }
        if self.pick == Pick::Burst(0) {
            return Err(format!("alias `{}` has bursts of 0 calls", self.model));
        }
        if !self.phases.is_sorted_by(|one, next| one.from_ms < next.from_ms) {
            return Err(format!("the phases of alias `{}` are not in order of time", self.model));
        }
        let later = self.phases.iter().map(|phase| &phase.builds);
        std::iter::once(&self.builds).chain(later).try_for_each(|builds| {
            check(builds).map_err(|error| format!("alias `{}` {error}", self.model))
        })
    }

    pub(super) fn keep(self) -> Alias {
        let alias = Alias::new(keep_text(self.model), self.pick, keep(self.builds));
        alias.phases(keep_list(self.phases.into_iter().map(PhaseTable::keep)))
    }
}

fn check(builds: &[BuildTable]) -> Result<(), String> {
    let weight: u64 = builds.iter().map(|build| u64::from(build.weight)).sum();
    match weight {
        0 => Err("has no build that could be picked".into()),
        1..=1_000_000 => builds.iter().try_for_each(BuildTable::check),
        _ => Err("has weights above 1000000".into()),
    }
}

fn keep(builds: Vec<BuildTable>) -> &'static [Build] {
    keep_list(builds.into_iter().map(BuildTable::keep))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PhaseTable {
    from_ms: u64,
    builds: Vec<BuildTable>,
}

impl PhaseTable {
    fn keep(self) -> Phase {
        Phase { from_ms: self.from_ms, builds: keep(self.builds) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BuildTable {
    name: String,
    #[serde(default)]
    missing: MissingTable,
    version: Option<String>,
    act: Option<ActTable>,
    #[serde(default = "one")]
    weight: u32,
}

impl BuildTable {
    fn check(&self) -> Result<(), String> {
        let ways = [self.missing.manner().is_some(), self.version.is_some(), self.act.is_some()];
        if ways.into_iter().filter(|way| *way).count() > 1 {
            return Err(format!(
                "has a build `{}` with more than one of missing, version and act",
                self.name
            ));
        }
        let act = self.act.as_ref().map_or(Ok(()), ActTable::check);
        act.map_err(|error| format!("has a build `{}`: {error}", self.name))
    }

    fn keep(self) -> Build {
        let acts = self.act.map(|act| Manner::Acts(act.keep()));
        let works = Manner::Works { version: self.version.map(keep_text) };
        let manner = self.missing.manner().or(acts).unwrap_or(works);
        Build { name: keep_text(self.name), manner, weight: self.weight }
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "`missing` is true, false or \"own-name\"")]
enum MissingTable {
    Flag(bool),
    Word(MissingWord),
}

impl MissingTable {
    fn manner(&self) -> Option<Manner> {
        match self {
            Self::Flag(false) => None,
            Self::Flag(true) => Some(Manner::Missing),
            Self::Word(MissingWord::OwnName) => Some(Manner::Unknown),
        }
    }
}

impl Default for MissingTable {
    fn default() -> Self {
        Self::Flag(false)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum MissingWord {
    OwnName,
}

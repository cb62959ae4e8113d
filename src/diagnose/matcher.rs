//! Which known fixes a set of clues satisfies, best first.

use crate::{
    catalog::{self, Case, KnownFix, Seen, bare},
    facts::{Clue, Confidence},
};

/// A known fix whose signs are all there.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// The fix.
    pub fix: &'static KnownFix,
    /// Its best satisfied case.
    pub case: &'static Case,
    /// How much that case narrows the cause down.
    pub weight: u32,
}

impl Candidate {
    /// A case that is sure of itself goes before one that is not, unless that one rests on much more.
    fn rank(&self) -> u32 {
        let earned = match self.case.sure {
            Confidence::High => 20,
            Confidence::Medium => 8,
            Confidence::Low => 0,
        };
        self.weight + earned
    }
}

/// The satisfied fixes, the narrowest first; equal ones in the catalogue's order.
pub fn candidates(clues: &[Clue]) -> Vec<Candidate> {
    let seen = Seen::of(clues);
    let mut found: Vec<Candidate> = catalog::all()
        .filter_map(|fix| fix.matched(&seen).map(|(case, weight)| Candidate { fix, case, weight }))
        .collect();
    found.sort_by_key(|candidate| std::cmp::Reverse(candidate.rank()));
    if found.is_empty() { of_a_bare_status(clues) } else { found }
}

/// The case of what only a status speaks for.
const BARE: &Case = &Case { all: &[], sure: Confidence::Low };

/// Where nothing but a status is told, all that it may mean.
fn of_a_bare_status(clues: &[Clue]) -> Vec<Candidate> {
    let fixes = bare::candidates(clues).iter().filter_map(|split| catalog::find(split.id));
    fixes.map(|fix| Candidate { fix, case: BARE, weight: 0 }).collect()
}

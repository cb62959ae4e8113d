//! Which known fixes a set of clues satisfies, best first.

use crate::{
    catalog::{self, Case, KnownFix, Seen, bare},
    facts::{Clue, Confidence, Layer, Method},
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
    let foreseen = foreseen(clues);
    if !foreseen.is_empty() {
        return foreseen;
    }
    let seen = Seen::of(clues);
    let mut found: Vec<Candidate> = catalog::all()
        .filter_map(|fix| fix.matched(&seen).map(|(case, weight)| Candidate { fix, case, weight }))
        .collect();
    found.sort_by_key(|candidate| std::cmp::Reverse(candidate.rank()));
    if is_of_another_service(clues) {
        found.retain(|candidate| speaks_of_logins(candidate.fix));
        return found;
    }
    if found.is_empty() { of_a_bare_status(clues) } else { found }
}

/// What a fault leads to that was seen in a body itself: rules name their fix.
fn foreseen(clues: &[Clue]) -> Vec<Candidate> {
    let ids = clues.iter().filter_map(|clue| match clue {
        Clue::Foreseen(id) => Some(*id),
        _ => None,
    });
    let fixes = ids.filter_map(catalog::find);
    fixes.map(|fix| Candidate { fix, case: IN_THE_BODY, weight: WEIGHT_IN_THE_BODY }).collect()
}

/// The case of what stands in the body, and how much that narrows: as much as a reason of the service's own.
const IN_THE_BODY: &Case = &Case { all: &[], sure: Confidence::High };
const WEIGHT_IN_THE_BODY: u32 = 60;

/// Whether somebody else than the API answered: whoever gives out tokens or proofs. Its refusals have the API's
/// words and statuses, and mean other things.
fn is_of_another_service(clues: &[Clue]) -> bool {
    let is_on_the_wire = |clue: &Clue| matches!(clue, Clue::Fault(_));
    clues.contains(&Clue::Method(Method::Token)) && !clues.iter().any(is_on_the_wire)
}

/// Whether a fix may be about such a service: one of logins, somebody in between, or that service switched off.
fn speaks_of_logins(fix: &KnownFix) -> bool {
    let is_of = |name: &str| {
        let family = catalog::families().iter().find(|(known, _)| *known == name);
        family.is_some_and(|(_, fixes)| fixes.iter().any(|one| one.id == fix.id))
    };
    is_of("login")
        || is_of("setup")
        || matches!(fix.layer, Layer::Gateway | Layer::Proxy)
        || fix.id == "service-disabled"
}

/// The case of what only a status speaks for.
const BARE: &Case = &Case { all: &[], sure: Confidence::Low };

/// Where nothing but a status is told, all that it may mean.
fn of_a_bare_status(clues: &[Clue]) -> Vec<Candidate> {
    let fixes = bare::candidates(clues).iter().filter_map(|split| catalog::find(split.id));
    fixes.map(|fix| Candidate { fix, case: BARE, weight: 0 }).collect()
}

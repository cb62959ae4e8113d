//! Single faults: each turns a body that the API takes into one that it refuses, or takes otherwise than it was meant, and
//! says where the fault stands. It must not know how the linter looks for them.

mod calls;
mod chat;
mod config;
mod contents;
mod media;
mod names;
mod other;
mod places;
mod schemas;
mod texts;
mod tools;
mod types;

use super::{
    case::Case,
    chance::Chance,
    write::{Place, Spot, line_and_column},
};

/// What the facts say of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The API refuses it.
    Refused,
    /// It is ignored or changes what happens, or it is not sure that it is refused.
    Doubtful,
}

type InTree = fn(&mut Case, &mut Chance) -> Option<Vec<Place>>;
type InText = fn(&Case, &str, &mut Chance) -> Option<(Vec<u8>, usize)>;

enum How {
    /// The first place is the best name for the fault; the others are as right.
    Tree(InTree),
    /// What no tree can hold: the bytes, and the offset where reading them ends.
    Text(InText),
}

pub struct Mutation {
    pub name: &'static str,
    pub weight: Weight,
    how: How,
}

/// A body with one fault.
pub struct Broken {
    /// As it was made, or as it is now where a tree can hold the fault.
    pub case: Case,
    pub text: Vec<u8>,
    /// Where the fault may be found; the first is best. One in the text alone has no path.
    pub spots: Vec<Spot>,
}

const fn refused(name: &'static str, how: InTree) -> Mutation {
    Mutation { name, weight: Weight::Refused, how: How::Tree(how) }
}

const fn doubtful(name: &'static str, how: InTree) -> Mutation {
    Mutation { name, weight: Weight::Doubtful, how: How::Tree(how) }
}

const fn unreadable(name: &'static str, how: InText) -> Mutation {
    Mutation { name, weight: Weight::Refused, how: How::Text(how) }
}

/// All of them.
pub fn mutations() -> impl Iterator<Item = &'static Mutation> {
    const ALL: &[&[Mutation]] = &[
        names::MUTATIONS,
        types::MUTATIONS,
        contents::MUTATIONS,
        calls::MUTATIONS,
        config::MUTATIONS,
        tools::MUTATIONS,
        schemas::MUTATIONS,
        media::MUTATIONS,
        other::MUTATIONS,
        chat::MUTATIONS,
        texts::MUTATIONS,
    ];
    ALL.iter().copied().flatten()
}

impl Mutation {
    /// A body with this fault in it; `None` where it has no place for it.
    pub fn apply_to(&self, mut case: Case) -> Option<Broken> {
        // Choices of its own, so that no two faults take theirs from the same numbers.
        let mut chance = Chance::of(
            self.name
                .bytes()
                .fold(case.seed, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte))),
        );
        match self.how {
            How::Tree(break_it) => {
                let places = break_it(&mut case, &mut chance)?;
                let (text, spots) = case.written(&places);
                Some(Broken { case, text: text.into_bytes(), spots })
            }
            How::Text(break_it) => {
                let body = case.body();
                let (text, offset) = break_it(&case, &body, &mut chance)?;
                let (line, column) = line_and_column(&String::from_utf8_lossy(&text), offset);
                let spot = Spot { path: String::new(), line, column, offset };
                Some(Broken { case, text, spots: vec![spot] })
            }
        }
    }
}

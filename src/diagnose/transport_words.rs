//! What other programs say when a connection fails, as faults: codes first, phrases last.

use crate::facts::{Clue, Fault, Stage};

/// The clues of the first phrase that a text holds; empty where it holds none.
pub(super) fn read(text: &str) -> Vec<Clue> {
    let lower = text.to_ascii_lowercase();
    WORDS
        .iter()
        .find(|(phrase, _, _)| lower.contains(phrase))
        .map(|(_, stage, fault)| vec![Clue::At(*stage), Clue::Fault(*fault)])
        .unwrap_or_default()
}

/// Lower-case phrase, the step it names, the kind of trouble. The more specific stand first.
const WORDS: &[(&str, Stage, Fault)] = &[
    ("econnrefused", Stage::Tcp, Fault::Refused),
    ("connection refused", Stage::Tcp, Fault::Refused),
];

//! What to show of an error, and on which lines of its record it stands: round the words that its cause
//! was told by.

use crate::{
    catalog::{Case, Sign},
    facts::{Clue, clue},
};

use super::{
    super::{excerpt, matcher},
    gather, statements, trouble,
};

/// The longest quote, in characters.
const LONGEST: usize = 200;
/// The status this close before the words that tell a cause belongs to them.
const NEAR: usize = 40;

/// What to quote of an error: its message, else the line that says most, round the words that count.
pub(super) fn quote(clues: &[Clue], text: &str) -> String {
    let words = deciding(clues);
    let message = clue::message(clues).unwrap_or_default();
    let is_part = !message.trim().is_empty() && message.len() < text.len();
    let source = if is_part { message } else { telling_line(text, &words) };
    // Bytes that were no text say nothing.
    let flat: String = source
        .chars()
        .map(|letter| if letter == '\u{fffd}' || letter.is_control() { ' ' } else { letter })
        .collect();
    let flat = flat.split_whitespace().collect::<Vec<_>>().join(" ");
    excerpt::round(&flat, place(&flat, &words), LONGEST)
}

/// The lines on which the telling one stands, counted from 0, however its counters differ.
pub(super) fn telling_lines(text: &str, clues: &[Clue]) -> Vec<usize> {
    if !text.contains('\n') {
        return vec![0];
    }
    let telling = telling_line(text, &deciding(clues));
    let wanted = gather::signature([telling]);
    let speaks = trouble::speaks_of_it(telling);
    let same =
        |line: &str| trouble::speaks_of_it(line) == speaks && gather::signature([line]) == wanted;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && same(line));
    let lines: Vec<usize> = lines.map(|(at, _)| at).collect();
    if lines.is_empty() { vec![0] } else { lines }
}

/// The line that the cause was told by, or the last one with a status, or the last one that speaks of
/// trouble, frames of a stack aside: traces end with what went wrong.
fn telling_line<'t>(text: &'t str, words: &[&str]) -> &'t str {
    let is_outer = |line: &&str| !line.starts_with([' ', '\t']);
    let outer = || text.lines().filter(is_outer);
    let troubled = || text.lines().filter(|line| is_troubled(line));
    let says = |line: &&str| {
        let lower = line.to_ascii_lowercase();
        words.iter().any(|word| lower.contains(&word.to_ascii_lowercase()))
    };
    let decided = || if words.is_empty() { None } else { outer().find(says) };
    decided()
        .or_else(|| outer().filter(|line| is_troubled(line)).rfind(|line| statements::tells(line)))
        .or_else(|| troubled().rfind(is_outer))
        .or_else(|| troubled().next_back())
        .or_else(|| text.lines().find(|line| !line.trim().is_empty()))
        .unwrap_or_default()
}

fn is_troubled(line: &str) -> bool {
    trouble::speaks_of_it(line) && !line.trim_start().starts_with("at ")
}

/// Where the words stand in a text that the cause was told by, or else those that speak of trouble.
fn place(text: &str, words: &[&str]) -> usize {
    let lower = text.to_ascii_lowercase();
    let said = words.iter().filter_map(|word| lower.find(&word.to_ascii_lowercase())).min();
    match (said, trouble::place(text)) {
        (Some(said), Some(heard)) if heard < said && said - heard < NEAR => heard,
        (said, heard) => said.or(heard).unwrap_or(0),
    }
}

/// The words that the cause of an error is told by.
fn deciding(clues: &[Clue]) -> Vec<&'static str> {
    let best = matcher::candidates(clues).into_iter().next();
    best.map(|best| words_of(best.case)).unwrap_or_default()
}

/// The words that a case looks for in a message.
fn words_of(case: &Case) -> Vec<&'static str> {
    let of = |sign: &Sign| match sign {
        Sign::Says(word) => vec![*word],
        Sign::SaysOne(words) => words.to_vec(),
        _ => Vec::new(),
    };
    case.all.iter().flat_map(of).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_decided_goes_before_the_last_one_that_speaks_of_trouble() {
        let text = "Exception in x: 400 . API key not valid.\n\tat x\nCaused by: Exception: y";
        assert!(telling_line(text, &["api key not valid"]).starts_with("Exception in x"));
        assert!(telling_line(text, &[]).starts_with("Caused by"));
        assert_eq!(telling_line("E: 429 You did.\nretry [violations {", &[]), "E: 429 You did.");
        assert_eq!(telling_line("\n  a\n", &[]), "  a");
    }
}

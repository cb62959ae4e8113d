//! What is odd about inputs and does not change what they are: how they are written, what was left out. Phrases
//! only; judges nothing.

use super::{
    Aside, Certainty, Input, Request,
    words::{counted, grouped},
};
use crate::{local::inputs::Encoding, tokens::body::Kind};

/// Inputs that are named for the same oddity; more are a number.
const NAMED: usize = 4;

pub(super) fn notes(inputs: &[Input], aside: &Aside) -> Vec<String> {
    let mut notes = Vec::new();
    let mut note = |fits: &dyn Fn(&Input) -> bool, one: &dyn Fn(&Input) -> String, rest: &str| {
        let all: Vec<&Input> = inputs.iter().filter(|input| fits(input)).collect();
        notes.extend(all.iter().take(NAMED).map(|input| format!("{}: {}", input.name, one(input))));
        if all.len() > NAMED {
            notes.push(format!("{} more {rest}", grouped((all.len() - NAMED) as u64)));
        }
    };
    note(&|input| invalid(input) > 0, &invalid_words, "hold bytes that are no text");
    note(
        &|input| encoding(input).is_some(),
        &|input| encoding(input).unwrap_or_default().to_owned(),
        "are not plain UTF-8",
    );
    note(&|input| input.seen.counted.control_lookalikes > 0, &lookalikes, "spell control tokens");
    note(&|input| marks(input) > 0, &marks_words, "spell marks of a conversation");
    match aside.skipped.as_slice() {
        [] => {}
        [only] => notes.push(format!("{only} is no text and was left out")),
        [first, rest @ ..] => notes.push(format!(
            "{first} and {} are no text and were left out",
            counted(rest.len() as u64, "other file")
        )),
    }
    if aside.repeated > 0 {
        notes.push(format!(
            "{} named more than once, and counted once",
            counted(aside.repeated, "file")
        ));
    }
    for request in inputs.iter().filter_map(|input| input.seen.request.as_ref()) {
        notes.extend(cache(request));
        notes.extend(rules(request));
        let odd = request.notes.iter().map(|note| format!("{}: {}", note.path, note.text));
        notes.extend(odd.take(NAMED));
        let more = request.notes.len().saturating_sub(NAMED) as u64 + request.more_notes;
        if more > 0 {
            notes.push(format!("{} more of the request", grouped(more)));
        }
    }
    notes
}

/// By which rules parts were counted, each once; those that make the whole an estimate stand below.
fn rules(request: &Request) -> Vec<String> {
    let mut rules: Vec<(&str, &str)> = Vec::new();
    for line in &request.tally.lines {
        let Some(note) = line.note.as_deref() else { continue };
        let is_told = request.tally.doubts.iter().any(|doubt| doubt.contains(note))
            || rules.iter().any(|(_, told)| *told == note)
            || line.tokens == 0 && line.certainty == Certainty::Exact;
        if !is_told && !matches!(line.kind, Kind::Role | Kind::SystemRole) {
            rules.push((&line.path, note));
        }
    }
    rules.iter().take(NAMED).map(|(path, note)| format!("{path}: {note}")).collect()
}

fn invalid(input: &Input) -> u64 {
    input.seen.counted.invalid_utf8 + input.seen.read.broken_units
}

fn invalid_words(input: &Input) -> String {
    let first = input.seen.counted.first_invalid.or(input.seen.read.first_broken);
    let first = first.map(|at| format!(", the first at byte {at}")).unwrap_or_default();
    let bytes = if input.seen.read.broken_units > 0 {
        format!("{} of UTF-16 are no text", counted(invalid(input), "unit"))
    } else {
        format!("{} are no UTF-8", counted(invalid(input), "byte"))
    };
    format!(
        "{bytes}{first}; each is counted as U+FFFD (an older encoding? iconv -f LATIN1 -t UTF-8 makes a text of that)"
    )
}

fn encoding(input: &Input) -> Option<&'static str> {
    match input.seen.read.encoding {
        Encoding::Utf8 => None,
        // Where a request begins with one it is taken off.
        Encoding::Utf8Marked if input.seen.request.is_some() => None,
        Encoding::Utf8Marked => Some(
            "begins with a byte order mark, which is counted, since it is sent unless a reader takes it off",
        ),
        Encoding::Utf16Little => {
            Some("is UTF-16 (little endian) and was counted as the same text in UTF-8")
        }
        Encoding::Utf16Big => {
            Some("is UTF-16 (big endian) and was counted as the same text in UTF-8")
        }
    }
}

fn lookalikes(input: &Input) -> String {
    let times = counted(input.seen.counted.control_lookalikes, "time");
    format!("control tokens such as <bos> are spelled in it {times}, and are counted as text")
}

/// A request says so of each part.
fn marks(input: &Input) -> u64 {
    if input.seen.request.is_some() { 0 } else { input.seen.counted.conversation_marks }
}

fn marks_words(input: &Input) -> String {
    let times = counted(marks(input), "time");
    format!(
        "marks such as <start_of_turn> are spelled in it {times}, and how the service counts them was not recorded"
    )
}

/// The cache that a request builds on.
fn cache(request: &Request) -> Option<String> {
    let name = request.cached_content.as_deref()?;
    Some(format!("the request builds on {name}: its tokens count as well, and are not known here"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        commands::count_tokens::Seen,
        local::inputs::{Encoding, Read},
        tokens::Counted,
    };

    fn input(name: &str, counted: Counted, encoding: Encoding) -> Input {
        let read = Read { bytes: 9, encoding, broken_units: 0, first_broken: None, is_whole: true };
        let seen = Seen { counted, read, request: None, compared: None, hidden: None, text: None };
        Input { name: name.to_owned(), seen }
    }

    #[test]
    fn broken_bytes_are_told_with_the_place_of_the_first() {
        let counted = Counted { invalid_utf8: 2, first_invalid: Some(7), ..Counted::default() };
        let notes = notes(&[input("a.txt", counted, Encoding::Utf8)], &Aside::default());
        assert_eq!(notes.len(), 1);
        assert!(notes[0].starts_with("a.txt: 2 bytes") && notes[0].contains("byte 7"), "{notes:?}");
    }

    #[test]
    fn control_tokens_in_a_text_are_text() {
        let counted = Counted { control_lookalikes: 1, ..Counted::default() };
        let notes = notes(&[input("a.txt", counted, Encoding::Utf8)], &Aside::default());
        assert!(notes[0].contains("<bos>") && notes[0].contains("1 time,"), "{notes:?}");
    }

    #[test]
    fn marks_of_a_conversation_are_told() {
        let counted = Counted { conversation_marks: 2, ..Counted::default() };
        let notes = notes(&[input("a.txt", counted, Encoding::Utf8)], &Aside::default());
        assert!(notes[0].contains("<start_of_turn>") && notes[0].contains("2 times"), "{notes:?}");
    }

    #[test]
    fn a_few_are_named_and_many_are_counted() {
        let one = |number: usize| {
            input(&format!("{number}.txt"), Counted::default(), Encoding::Utf16Little)
        };
        let inputs: Vec<Input> = (0..9).map(one).collect();
        let aside = Aside {
            skipped: vec!["x.png".to_owned(), "y.png".to_owned(), "z.png".to_owned()],
            repeated: 1,
            ..Aside::default()
        };
        let notes = notes(&inputs, &aside);
        assert_eq!(notes.len(), NAMED + 3, "{notes:?}");
        assert_eq!(notes[NAMED], "5 more are not plain UTF-8");
        assert!(notes[NAMED + 1].starts_with("x.png and 2 other files"), "{notes:?}");
    }

    #[test]
    fn a_plain_text_has_no_notes() {
        let plain = input("a.txt", Counted::default(), Encoding::Utf8);
        assert_eq!(notes(&[plain], &Aside::default()), Vec::<String>::new());
    }
}

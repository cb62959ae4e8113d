//! The lines that a clean-up changed, before and after, with what nobody sees made visible. Long lines are shown
//! from a little before their first change, and what is left out is counted.

use super::{Change, Kind, hidden};

/// What is shown of a line, in characters: before its first change, and from there on.
const LEAD: usize = 40;
const SHOWN: usize = 120;

/// A diff, as much of it as was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// The lines, each with its line feed.
    pub text: String,
    /// How many changed lines are not in it.
    pub left_out: u64,
}

/// The first changed lines of a text, at most `most` of them.
pub fn diff(original: &str, changes: &[Change], most: usize) -> Diff {
    let mut diff = Diff::default();
    let mut added = 0;
    let lines = changes.chunk_by(|a, b| a.place.line == b.place.line);
    for (index, changes) in lines.enumerate() {
        if index < most {
            diff.text.push_str(&hunk(original, changes, added));
        }
        diff.left_out += u64::from(index >= most);
        added += changes.iter().filter(|change| change.to == Some('\n')).count() as u64;
    }
    diff
}

/// One changed line. `added` is how many lines the clean-up made before it.
fn hunk(original: &str, changes: &[Change], added: u64) -> String {
    let first = changes[0].place;
    let view = View::of(original, first.offset as usize);
    let before = view.written(|character, offset| match changed(changes, offset) {
        Some(change) => visible(character, Some(change.kind)),
        None => visible(character, None),
    });
    let after = view.written(|character, offset| match changed(changes, offset) {
        Some(Change { to: Some('\n'), .. }) => "\n+".to_owned(),
        Some(change) => change.to.map(String::from).unwrap_or_default(),
        None => visible(character, None),
    });
    format!("@@ -{} +{} @@\n-{before}\n+{after}\n", first.line, first.line + added)
}

fn changed(changes: &[Change], offset: usize) -> Option<&Change> {
    let offset = offset as u64;
    let place = changes.binary_search_by_key(&offset, |change| change.place.offset).ok()?;
    Some(&changes[place])
}

/// What is shown of a line.
struct View<'a> {
    text: &'a str,
    start: usize,
    cut_before: bool,
    cut_after: bool,
}

impl<'a> View<'a> {
    /// The line round a place.
    fn of(original: &'a str, place: usize) -> Self {
        let (ahead, behind) = original.split_at(place);
        let lead = ahead.chars().rev().take(LEAD).take_while(|character| *character != '\n');
        let rest = behind.chars().take(SHOWN).take_while(|character| *character != '\n');
        let start = place - lead.map(char::len_utf8).sum::<usize>();
        let end = place + rest.map(char::len_utf8).sum::<usize>();
        let bare = original[start..end].trim_end_matches('\r').len() + start;
        let end = if original[end..].starts_with('\n') { bare.max(place) } else { end };
        Self {
            text: &original[start..end],
            start,
            cut_before: !(start == 0 || original[..start].ends_with('\n')),
            cut_after: !(end == original.len() || original[end..].starts_with(['\r', '\n'])),
        }
    }

    /// With each character written in some way, and dots where the line goes on.
    fn written(&self, write: impl Fn(char, usize) -> String) -> String {
        let dots = |cut| if cut { "…" } else { "" };
        let characters = self.text.char_indices();
        let text: String =
            characters.map(|(place, character)| write(character, self.start + place)).collect();
        format!("{}{text}{}", dots(self.cut_before), dots(self.cut_after))
    }
}

/// A character, or its code point where it changed and cannot be seen, or would disturb who looks at it.
fn visible(character: char, changed: Option<Kind>) -> String {
    let kind = changed.or_else(|| hidden(character).map(|what| what.kind));
    let disturbs = match kind {
        Some(Kind::BidiControl | Kind::Control | Kind::LineSeparator) => true,
        Some(Kind::TypographicQuote) => false,
        Some(Kind::FullWidth) => changed.is_some() && character == '\u{3000}',
        Some(_) => changed.is_some(),
        None => character == '\r',
    };
    if disturbs { format!("<U+{:04X}>", character as u32) } else { character.to_string() }
}

//! Reads a text once, in the pieces it comes in, and sights what is hidden in it. A sighting is told as soon as
//! what follows can no longer change what it is; what waits is bounded.

use super::{
    Cleanup, Hidden, Kind,
    context::{Before, Judgement, REACH},
    hidden,
    runs::{ideographs, plain},
    scripts::{is_right_to_left, is_wide},
    words::Word,
};

/// So much is read before what was sighted is worked off.
pub(super) const PIECE: usize = 1 << 16;

/// Where a character stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, which ends with a line feed; the first is 1.
    pub line: u64,
    /// Which character of its line it is; the first is 1.
    pub column: u64,
    /// The bytes before it.
    pub offset: u64,
}

/// What a hidden character is where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing needs it.
    Found,
    /// Nothing needs it, but it is usual there.
    Minor,
    /// The script or the emoji needs it.
    Kept,
}

/// A hidden character, seen and judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sighting {
    pub(super) place: Place,
    pub(super) character: char,
    pub(super) what: Hidden,
    pub(super) verdict: Verdict,
}

/// What waits for what follows.
#[derive(Debug)]
struct Waiting {
    sighting: Sighting,
    judgement: Judgement,
    reach: u8,
}

/// Reads a text.
#[derive(Debug)]
pub(super) struct Scanner {
    at: Place,
    before: Before,
    word: Word,
    waiting: Vec<Waiting>,
    /// The tags behind a black flag.
    flag: Vec<Sighting>,
    decided: Vec<Sighting>,
}

/// The letters of the longest region that a flag can be of ("gbeng" has 5).
const LONGEST_REGION: usize = 6;
const SHORTEST_REGION: usize = 3;

impl Scanner {
    pub(super) fn new() -> Self {
        Self {
            at: Place { line: 1, column: 1, offset: 0 },
            before: Before::default(),
            word: Word::default(),
            waiting: Vec::new(),
            flag: Vec::new(),
            decided: Vec::new(),
        }
    }

    /// Reads on.
    pub(super) fn push(&mut self, mut text: &str) {
        loop {
            if self.is_idle() {
                text = self.skip_plain(text);
                text = self.skip_ideographs(text);
            }
            let Some(character) = text.chars().next() else { break };
            self.take(character);
            text = &text[character.len_utf8()..];
        }
    }

    /// The end of the text: what waits, waits in vain.
    pub(super) fn finish(&mut self) {
        self.word.end(&mut self.decided);
        self.lower_flag(Verdict::Found);
        self.decided.extend(self.waiting.drain(..).map(|waiting| waiting.sighting));
    }

    /// What was decided since it was last asked; not always in the order of the text.
    pub(super) fn decided(&mut self) -> std::vec::Drain<'_, Sighting> {
        self.decided.drain(..)
    }

    /// Up to here, nothing waits.
    pub(super) fn settled(&self) -> u64 {
        let first = self.waiting.first().map(|waiting| &waiting.sighting);
        let waiting = [first, self.flag.first(), self.word.first()];
        let offsets = waiting.into_iter().flatten().map(|sighting| sighting.place.offset);
        offsets.min().unwrap_or(self.at.offset)
    }

    fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.flag.is_empty() && !self.word.waits()
    }

    fn skip_plain<'a>(&mut self, text: &'a str) -> &'a str {
        let (run, rest) = text.split_at(plain(text.as_bytes()));
        if !run.is_empty() {
            self.before.skip(run.as_bytes());
            self.word.skip(run.as_bytes());
            self.at.column += run.len() as u64;
            self.at.offset += run.len() as u64;
        }
        rest
    }

    /// Ideographs, each three bytes.
    fn skip_ideographs<'a>(&mut self, text: &'a str) -> &'a str {
        let (run, rest) = text.split_at(ideographs(text.as_bytes()));
        if let Some(last) = run.chars().next_back() {
            self.before.pass(last);
            self.word.end(&mut self.decided);
            self.at.column += run.len() as u64 / 3;
            self.at.offset += run.len() as u64;
        }
        rest
    }

    fn take(&mut self, character: char) {
        let found = hidden(character);
        let written = match found.map(|what| what.cleanup) {
            None | Some(Cleanup::Leave) => Some(character),
            Some(Cleanup::Replace(written)) => Some(written),
            Some(Cleanup::Delete) => None,
        };
        self.settle(character, written);
        if let Some(written) = written {
            self.word.take(written, self.at, &mut self.decided);
        }
        match found {
            Some(what) => self.sight(character, what, written),
            None => self.before.pass(character),
        }
        self.advance(character);
    }

    fn advance(&mut self, character: char) {
        self.at.offset += character.len_utf8() as u64;
        self.at.column += 1;
        if character == '\n' {
            self.at.line += 1;
            self.at.column = 1;
        }
    }

    fn sight(&mut self, character: char, mut what: Hidden, written: Option<char>) {
        if character == '\u{FEFF}' && self.at.offset == 0 {
            what.kind = Kind::Bom;
        }
        let sighting = Sighting { place: self.at, character, what, verdict: Verdict::Found };
        let flies = what.kind == Kind::Tag && self.tag(sighting);
        if what.kind != Kind::Tag {
            match self.before.judge(character) {
                Judgement::Now(verdict) => self.decided.push(Sighting { verdict, ..sighting }),
                judgement => self.waiting.push(Waiting { sighting, judgement, reach: REACH }),
            }
        }
        self.before.pass_hidden(character, written);
        self.before.emoji |= flies;
    }

    /// A region's flag is a black one with the letters of the region and an end behind it: whether this ends one.
    fn tag(&mut self, tag: Sighting) -> bool {
        let follows = self.before.previous == Some('\u{1F3F4}') || !self.flag.is_empty();
        let letters = self.flag.len();
        self.flag.push(tag);
        let letter = matches!(tag.character, '\u{E0030}'..='\u{E0039}' | '\u{E0061}'..='\u{E007A}');
        let flies = follows && tag.character == '\u{E007F}' && letters >= SHORTEST_REGION;
        if flies {
            self.lower_flag(Verdict::Kept);
        } else if !follows || !letter || letters == LONGEST_REGION {
            self.lower_flag(Verdict::Found);
        }
        flies
    }

    fn lower_flag(&mut self, verdict: Verdict) {
        let tags = self.flag.drain(..);
        self.decided.extend(tags.map(|tag| Sighting { verdict, ..tag }));
    }

    /// Judges what waited for this character.
    fn settle(&mut self, character: char, written: Option<char>) {
        if self.waiting.is_empty() && self.flag.is_empty() {
            return;
        }
        if !self.flag.is_empty() && !matches!(character, '\u{E0020}'..='\u{E007F}') {
            self.lower_flag(Verdict::Found);
        }
        let decided = &mut self.decided;
        self.waiting.retain_mut(|waiting| {
            let verdict = waiting.verdict(character, written);
            let verdict = verdict.map(|verdict| Sighting { verdict, ..waiting.sighting });
            decided.extend(verdict);
            verdict.is_none()
        });
    }
}

impl Waiting {
    /// What it is, if this character, which comes next, decides that.
    fn verdict(&mut self, character: char, written: Option<char>) -> Option<Verdict> {
        let written = written.unwrap_or('\0');
        let (kept, found) = match self.judgement {
            Judgement::Now(verdict) => return Some(verdict),
            Judgement::Next(which, verdict) => {
                return Some(if which(character) { verdict } else { Verdict::Found });
            }
            Judgement::RightToLeft => (is_right_to_left(character), written.is_alphabetic()),
            Judgement::Wide => (is_wide(character), false),
        };
        self.reach -= 1;
        if kept {
            Some(Verdict::Kept)
        } else {
            (found || written == '\n' || self.reach == 0).then_some(Verdict::Found)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighted(mut scanner: Scanner) -> Vec<String> {
        scanner.finish();
        scanner.decided().map(|sighting| format!("{sighting:?}")).collect()
    }

    #[test]
    fn what_is_skipped_counts_as_if_it_were_read() {
        let mut random = fastrand::Rng::with_seed(77);
        let parts = [
            "plain text_",
            "o",
            "1",
            ", ",
            "\n",
            "語的",
            "一",
            "о",
            "ש",
            "，",
            "\u{200F}",
            "\u{FE0F}",
            "👩",
            "\u{200D}",
            "ж",
            "\u{A0}",
            "!",
        ];
        for _ in 0..5_000 {
            let text: String = (0..20).map(|_| parts[random.usize(..parts.len())]).collect();
            let (mut fast, mut slow) = (Scanner::new(), Scanner::new());
            fast.push(&text);
            text.chars().for_each(|character| slow.take(character));
            assert_eq!(sighted(fast), sighted(slow), "{text:?}");
        }
    }
}

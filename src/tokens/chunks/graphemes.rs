//! Where what a reader takes for one character ends, found near a place without reading the text from its start.

use unicode_segmentation::UnicodeSegmentation as _;

/// The grapheme clusters of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Graphemes<'a> {
    text: &'a str,
}

impl<'a> Graphemes<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text }
    }

    /// The last boundary at or before a place; `known` is one, and not after it.
    pub(super) fn floor(self, known: usize, at: usize) -> usize {
        let at = self.text.floor_char_boundary(at);
        let start = self.sure_boundary(known, at);
        // The segmentation has no memory beyond a boundary, so that it can begin at any.
        let ends = self.text[start..].grapheme_indices(true).map(|(place, _)| start + place);
        ends.take_while(|end| *end <= at).last().unwrap_or(start).max(self.end_if(at))
    }

    /// Whether one cluster ends and another begins here.
    pub(super) fn is_boundary(self, known: usize, at: usize) -> bool {
        self.floor(known, at) == at
    }

    /// The end of the cluster that begins at this boundary.
    pub(super) fn next(self, boundary: usize) -> usize {
        let cluster = self.text[boundary..].graphemes(true).next();
        boundary + cluster.map_or(0, str::len)
    }

    /// A boundary after `low`, which is one, and before `high`; near this share of the way, if there are several.
    pub(super) fn between(self, low: usize, high: usize, share: f64) -> Option<usize> {
        let way = ((high - low) as f64 * share) as usize;
        let floor = self.floor(low, (low + way).min(high - 1));
        let boundary = if floor > low { floor } else { self.next(low) };
        (boundary < high).then_some(boundary)
    }

    /// The end of the text is a boundary, though no cluster begins there.
    fn end_if(self, at: usize) -> usize {
        if at == self.text.len() { at } else { 0 }
    }

    /// The last place at or before this one where the two characters on either side tell that it is a boundary.
    fn sure_boundary(self, known: usize, at: usize) -> usize {
        let next = self.text[at..].chars().next();
        let mut after = next.unwrap_or('\n');
        for (place, character) in self.text[known..at].char_indices().rev() {
            if is_between(character, after) {
                return known + place + character.len_utf8();
            }
            after = character;
        }
        known
    }
}

/// Whether a boundary lies between these two, whatever stands round them. Most are, and are not told here.
fn is_between(before: char, after: char) -> bool {
    let alone = after.is_ascii() || matches!(after, '\u{3400}'..='\u{9FFF}');
    // Of the rest, some are written together with what follows.
    let ends = matches!(before, '\0'..='\u{5FF}' | '\u{2000}'..='\u{FFFF}' | '\u{1F000}'..);
    alone && ends && (before, after) != ('\r', '\n')
}

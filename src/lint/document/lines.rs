//! Offsets as lines and columns. It must not read what stands there.

/// A place as people and editors count it, from 1; columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Turns offsets into lines and columns, in one pass as long as they do not go back.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    /// The offset that was asked for last, and its line's number and beginning.
    at: usize,
    line: usize,
    start: usize,
}

impl<'t> Lines<'t> {
    /// Of a text.
    pub fn of(text: &'t str) -> Self {
        Self { text, at: 0, line: 1, start: 0 }
    }

    /// Where an offset stands.
    pub fn place(&mut self, offset: usize) -> Line {
        let offset = offset.min(self.text.len());
        if offset < self.at {
            *self = Self::of(self.text);
        }
        let between = &self.text.as_bytes()[self.at..offset];
        for feed in memchr::memchr_iter(b'\n', between) {
            self.line += 1;
            self.start = self.at + feed + 1;
        }
        self.at = offset;
        let before = self.text.get(self.start..offset).unwrap_or_default();
        Line { line: self.line, column: before.chars().count() + 1 }
    }
}

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
    /// The offset that was asked for last, with its line and column.
    at: usize,
    line: usize,
    column: usize,
}

impl<'t> Lines<'t> {
    /// Of a text.
    pub fn of(text: &'t str) -> Self {
        Self { text, at: 0, line: 1, column: 1 }
    }

    /// Where an offset stands.
    pub fn place(&mut self, offset: usize) -> Line {
        let offset = offset.min(self.text.len());
        if offset < self.at {
            *self = Self::of(self.text);
        }
        let between = self.text.get(self.at..offset).unwrap_or_default();
        let feeds = memchr::memchr_iter(b'\n', between.as_bytes());
        let (count, last) = feeds.fold((0, None), |(count, _), feed| (count + 1, Some(feed)));
        self.line += count;
        let behind = last.map_or(between, |feed| &between[feed + 1..]);
        let columns = behind.chars().count();
        self.column = if last.is_some() { columns + 1 } else { self.column + columns };
        self.at = offset;
        Line { line: self.line, column: self.column }
    }
}

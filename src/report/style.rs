//! How wide, how coloured and in which characters a report is written. Decided elsewhere, obeyed here.

use colored::{Color, Colorize};

use crate::facts::Status;

/// Below this, a row of a table becomes `name: value` lines.
pub(super) const NARROW: usize = 72;

/// The width where none is known.
const USUAL: usize = 80;

/// What the formats for people need to know about the place they are shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns of the place; 0 where that is not known.
    pub width: usize,
    /// Whether status words are coloured, too.
    pub color: bool,
    /// Whether the place shows more than ASCII.
    pub unicode: bool,
}

impl Style {
    /// Black and white ASCII of the usual width: files and pipes.
    pub const PLAIN: Self = Self { width: USUAL, color: false, unicode: false };

    /// The columns to fill at most.
    pub fn columns(&self) -> usize {
        if self.width == 0 { USUAL } else { self.width }
    }

    /// A word in the colour of its status. Only for text whose place is settled: the codes have a
    /// length, but no width.
    pub(super) fn paint(&self, word: &str, status: Status) -> String {
        match color_of(status).filter(|_| self.color) {
            Some(color) => word.color(color).bold().to_string(),
            None => word.to_owned(),
        }
    }
}

impl Default for Style {
    fn default() -> Self {
        Self::PLAIN
    }
}

fn color_of(status: Status) -> Option<Color> {
    match status {
        Status::Pass => Some(Color::Green),
        Status::Warn | Status::Inconclusive => Some(Color::Yellow),
        Status::Fail => Some(Color::Red),
        Status::Skip => None,
    }
}

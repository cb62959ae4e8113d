//! A few lines at the end of standard error that are drawn anew in place. Writes nothing while there is no terminal,
//! and takes its lines away before anything else is written.

use std::{
    io::{self, IsTerminal, Write},
    sync::Mutex,
};

/// The place where lines are drawn.
#[derive(Debug)]
pub(super) struct Screen {
    is_live: bool,
    /// How many lines stand there now.
    drawn: Mutex<usize>,
}

impl Screen {
    pub(super) fn new(quiet: bool, dumb: bool) -> Self {
        let is_live = !quiet && !dumb && io::stderr().is_terminal();
        Self { is_live, drawn: Mutex::new(0) }
    }

    /// Whether there is a terminal to draw on.
    pub(super) const fn is_live(&self) -> bool {
        self.is_live
    }

    /// The columns of it, asked anew each time, since windows are drawn larger and smaller.
    pub(super) fn width() -> Option<usize> {
        let (width, _) = terminal_size::terminal_size_of(io::stderr())?;
        Some(usize::from(width.0)).filter(|width| *width > 0)
    }

    /// Draws these lines in the place of those before. A terminal that was closed is no error.
    pub(super) fn draw(&self, lines: &[String]) {
        if self.is_live {
            let _ = self.draw_on(&mut io::stderr().lock(), lines);
        }
    }

    /// Takes the lines away.
    pub(super) fn clear(&self) {
        if self.is_live {
            let _ = self.draw_on(&mut io::stderr().lock(), &[]);
        }
    }

    fn draw_on(&self, stream: &mut impl Write, lines: &[String]) -> io::Result<()> {
        let mut drawn = self.drawn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let back = match *drawn {
            0 => String::new(),
            lines => format!("\r\x1b[{lines}A\x1b[J"),
        };
        *drawn = lines.len();
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        stream.write_all(format!("{back}{text}").as_bytes())?;
        stream.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: usize) -> Vec<String> {
        (1..=count).map(|nth| format!("line {nth}")).collect()
    }

    #[test]
    fn lines_are_drawn_in_the_place_of_those_before() {
        let screen = Screen { is_live: true, drawn: Mutex::new(0) };
        let mut out = Vec::new();
        screen.draw_on(&mut out, &lines(2)).unwrap();
        screen.draw_on(&mut out, &lines(1)).unwrap();
        screen.draw_on(&mut out, &[]).unwrap();
        screen.draw_on(&mut out, &[]).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "line 1\nline 2\n\r\x1b[2A\x1b[Jline 1\n\r\x1b[1A\x1b[J");
    }

    #[test]
    fn nothing_is_drawn_where_all_is_to_be_quiet() {
        assert!(!Screen::new(true, false).is_live() && !Screen::new(false, true).is_live());
    }
}

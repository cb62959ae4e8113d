//! What is being done now, on stderr: a spinner on a terminal, and elsewhere a line now and then,
//! once a run has become a long one. Never writes while nobody has asked it to.

use std::{
    io::{self, IsTerminal},
    sync::Mutex,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

/// A run of this age is a long one.
const LONG: Duration = Duration::from_secs(5);
/// Between two lines lies this part of the run's age, so that an hour leaves some dozens of them in a log.
const PAUSE: u32 = 10;

/// The place where progress is shown.
#[derive(Debug)]
pub(super) enum Progress {
    /// Nowhere.
    Silent,
    /// On a line of its own that is drawn anew.
    Spinner(ProgressBar),
    /// As lines that stay.
    Lines(Lines),
}

/// The text that waits to become a line.
#[derive(Debug)]
pub(super) struct Lines {
    since: Instant,
    waiting: Mutex<Waiting>,
}

/// What is to be written, and when something was written last.
#[derive(Debug)]
struct Waiting {
    text: Option<String>,
    told: Option<Instant>,
}

impl Progress {
    pub(super) fn new(quiet: bool, dumb: bool) -> Self {
        match (quiet, io::stderr().is_terminal() && !dumb) {
            (true, _) => Self::Silent,
            (false, true) => Self::Spinner(spinner()),
            (false, false) => Self::Lines(Lines::since(Instant::now())),
        }
    }

    pub(super) fn say(&self, what: &str) {
        match self {
            Self::Silent => {}
            Self::Spinner(bar) => show(bar, what),
            Self::Lines(lines) => {
                lines.say(what, Instant::now()).iter().for_each(|line| tell(line));
            }
        }
    }

    pub(super) fn pulse(&self) {
        match self {
            Self::Silent => {}
            Self::Spinner(bar) if bar.is_finished() => {}
            Self::Spinner(bar) => bar.tick(),
            Self::Lines(lines) => lines.due(Instant::now()).iter().for_each(|line| tell(line)),
        }
    }

    /// Takes the spinner away before something else is written. The next word brings it back.
    pub(super) fn clear(&self) {
        if let Self::Spinner(bar) = self {
            bar.finish_and_clear();
        }
    }
}

impl Lines {
    const fn since(since: Instant) -> Self {
        Self { since, waiting: Mutex::new(Waiting { text: None, told: None }) }
    }

    /// Takes a text in, and gives it back where it is time to write it.
    fn say(&self, what: &str, now: Instant) -> Option<String> {
        self.locked().text = Some(what.to_owned());
        self.due(now)
    }

    /// The waiting text, once.
    fn due(&self, now: Instant) -> Option<String> {
        let mut waiting = self.locked();
        let age = now.saturating_duration_since(self.since);
        let rested = |told: Instant| now.saturating_duration_since(told) >= age / PAUSE;
        if age < LONG || !waiting.told.is_none_or(rested) {
            return None;
        }
        let text = waiting.text.take()?;
        waiting.told = Some(now);
        Some(text)
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Not ticking by itself, so that it never runs beside something that is timed.
fn spinner() -> ProgressBar {
    let style =
        ProgressStyle::with_template("{spinner} {wide_msg}").expect("the template is valid");
    ProgressBar::new_spinner().with_style(style.tick_strings(&["-", "\\", "|", "/", "-"]))
}

fn show(bar: &ProgressBar, what: &str) {
    if bar.is_finished() {
        bar.reset();
    }
    bar.set_message(what.to_owned());
    bar.tick();
}

fn tell(line: &str) {
    super::to_stderr(&format!("{line}\n"));
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use indicatif::{ProgressDrawTarget, TermLike};

    use super::*;

    /// A terminal of one line that remembers what stands on it.
    #[derive(Clone, Debug, Default)]
    struct Line(Arc<Mutex<String>>);

    impl Line {
        fn shown(&self) -> String {
            self.0.lock().unwrap().trim_end().to_owned()
        }
    }

    impl TermLike for Line {
        fn width(&self) -> u16 {
            80
        }

        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write_str(text)
        }

        fn write_str(&self, text: &str) -> io::Result<()> {
            self.0.lock().unwrap().push_str(text);
            Ok(())
        }

        fn clear_line(&self) -> io::Result<()> {
            self.0.lock().unwrap().clear();
            Ok(())
        }

        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_spinner_leaves_no_trace_when_cleared_and_comes_back() {
        let (line, bar) = (Line::default(), spinner());
        bar.set_draw_target(ProgressDrawTarget::term_like(Box::new(line.clone())));
        let progress = Progress::Spinner(bar);
        progress.say("asking");
        assert!(line.shown().ends_with(" asking"), "{line:?}");
        progress.clear();
        assert_eq!(line.shown(), "");
        progress.pulse();
        assert_eq!(line.shown(), "", "a pulse alone does not bring it back");
        progress.say("waiting");
        assert!(line.shown().ends_with(" waiting"), "{line:?}");
    }

    #[test]
    fn a_short_run_writes_no_lines() {
        let start = Instant::now();
        let lines = Lines::since(start);
        assert_eq!(lines.say("asking", start + Duration::from_millis(4999)), None);
        assert_eq!(lines.due(start + Duration::from_millis(4999)), None);
    }

    #[test]
    fn a_long_run_writes_what_it_does_and_nothing_twice() {
        let start = Instant::now();
        let lines = Lines::since(start);
        lines.say("asking", start);
        assert_eq!(lines.due(start + LONG), Some("asking".to_owned()));
        assert_eq!(lines.due(start + 2 * LONG), None);
        assert_eq!(lines.say("waiting", start + 2 * LONG), Some("waiting".to_owned()));
    }

    #[test]
    fn an_hour_leaves_some_dozens_of_lines_and_the_last_text_is_told() {
        let start = Instant::now();
        let lines = Lines::since(start);
        let said = (1..=36_000_u64).filter_map(|tenth| {
            lines.say(&tenth.to_string(), start + Duration::from_millis(100 * tenth))
        });
        let said: Vec<String> = said.collect();
        assert!((40..100).contains(&said.len()), "{}", said.len());
        let later = start + Duration::from_secs(4200);
        assert_eq!(lines.due(later).as_deref(), Some("36000"));
    }

    #[test]
    fn quiet_is_silent() {
        assert!(matches!(Progress::new(true, false), Progress::Silent));
    }
}

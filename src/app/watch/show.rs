//! What is shown while a watch goes on: a view that is drawn in place on a terminal, and lines elsewhere. Nothing where
//! all is to be quiet, and nothing any more once the terminal has gone.

use std::{cell::Cell, rc::Rc, time::Duration};

use crate::watch::{
    Change, Watched,
    board::{self, Around as View},
    told,
};

use super::super::output::Output;

/// Columns that lines are laid out for where nobody draws.
const USUAL_WIDTH: usize = 80;

/// What is shown.
pub(super) struct Show<'a> {
    output: &'a Output,
    gone: Rc<Cell<bool>>,
    /// When it was last said how all stands, after the start.
    told: Duration,
}

impl<'a> Show<'a> {
    pub(super) fn on(output: &'a Output) -> Self {
        Self { output, gone: Rc::default(), told: Duration::ZERO }
    }

    /// What is to be set when the terminal has gone.
    pub(super) fn gone(&self) -> Rc<Cell<bool>> {
        Rc::clone(&self.gone)
    }

    /// The watch is over: what is drawn goes.
    pub(super) fn leave(&self) {
        if !self.gone.replace(true) {
            self.output.draw(&[]);
        }
    }

    fn is_silent(&self) -> bool {
        self.gone.get() || self.output.is_quiet()
    }

    /// The columns and the characters to lay out for.
    pub(super) fn canvas(&self) -> (usize, bool) {
        self.output.drawing().unwrap_or((USUAL_WIDTH, false))
    }

    /// Tells what changed, as lines that stay.
    pub(super) fn changes(&self, changes: &[Change], now_ms: u64) {
        if !self.is_silent() {
            let news = changes.iter().filter(|change| change.is_news());
            news.for_each(|change| self.output.tell(&told::change(change, now_ms)));
        }
    }

    /// Tells a remark.
    pub(super) fn note(&self, text: &str, now_ms: u64) {
        if !self.is_silent() {
            self.output.tell(&told::note(text, now_ms));
        }
    }

    /// Draws the view anew, or says now and then how all stands.
    pub(super) fn stands(&mut self, watched: &Watched, view: &View, elapsed: Duration) {
        if self.is_silent() {
            return;
        }
        if self.output.drawing().is_some() {
            self.output.draw(&board::lines(watched, view));
        } else if watched.looks > 0 && elapsed >= self.told + told::EVERY {
            self.told = elapsed;
            told::standing(watched, view).iter().for_each(|line| self.output.tell(line));
        }
    }
}

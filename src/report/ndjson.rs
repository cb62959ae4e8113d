//! The document as the lines of its events.

use super::{Report, events_of, render_event};

pub(super) fn render(report: &Report) -> String {
    events_of(report).iter().map(|event| format!("{}\n", render_event(event))).collect()
}

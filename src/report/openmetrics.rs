//! The same numbers as OpenMetrics has them. The standard has no place for a comment.

use super::{Report, families};
use crate::export::openmetrics;

pub(super) fn render(report: &Report) -> String {
    openmetrics::render(&families::of(report))
}

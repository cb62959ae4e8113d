//! What a scrape of this one run shows, in the text format of Prometheus: for the textfile collector, or to push. Only a
//! comment says in words what a label of every series says as well: that nothing of a simulated run is real.

use super::{Report, families, lines::Lines};
use crate::export::prometheus;

pub(super) fn render(report: &Report) -> String {
    let simulated = Lines::new(report, true).simulated();
    let comment = simulated.map_or_else(String::new, |text| format!("# {text}\n"));
    comment + &prometheus::render(&families::of(report))
}

//! Pure numbers: what few calls show about rates, differences, order and latency. No I/O, no clock,
//! no environment; what needs chance takes a seed, so that the same calls give the same answer.

mod association;
mod bootstrap;
mod changes;
mod exact;
mod factorials;
mod intervals;
mod limits;
mod normal;
mod page;
mod quantiles;
mod retry;
mod runs;
mod sequential;
mod superiority;

pub use association::{Group, association, within};
pub use bootstrap::{Estimate, Interval, Medians, median, ratio_of_medians};
pub use changes::{Segment, Tally, segments, segments_of_blocks, segments_of_tallies};
pub use exact::{fisher_greater, fisher_two_sided, holm};
pub use intervals::{clean_bound, clopper_pearson, wilson};
pub use limits::{RateLimit, Standing, quantile_bound};
pub use normal::above;
pub use page::{BROKEN, HEALTHY, PageTest, Place, Way, is_over, place_of_change};
pub use quantiles::{enough, quantile};
pub use retry::{success_after, tries_for};
pub use runs::RunsTest;
pub use sequential::{Decision, RateTest};
pub use superiority::Superiority;

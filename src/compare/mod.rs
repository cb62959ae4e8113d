//! What two sides show of each other that were asked the same: exact facts that differ, rates and times that
//! differ beyond chance, and what each hop of a way adds. From what was seen alone; it asks nobody.

mod apart;
mod calls;
mod differ;
mod hop;
mod judged;
mod seen;
mod tested;
#[cfg(test)]
mod tests;
mod topic;

pub use calls::{Calls, End, Outcome};
pub use hop::Hop;
pub use judged::{Certainty, Difference, Judged, NO_DETAILS, Pairing, compare};
pub use seen::{Form, Listed, Seen};
pub use tested::{Smallest, Timed};
pub use topic::Topic;

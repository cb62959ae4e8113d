//! What timed calls over several ways show: which way is faster, by how much, and whether it is the
//! protocol at all; how a server and its connections behave; what a rate or a limit comes to.
//!
//! Pure: from samples and facts alone. Nothing here asks, waits or prints.

pub mod arm;
pub mod bucket;
pub mod cold_start;
pub mod compare;
pub mod discriminate;
pub mod idle;
pub mod load;
pub mod schedule;
pub mod split;
pub mod summary;
pub mod timeouts;

pub use arm::{Arm, Side};
pub use bucket::Limit;
pub use cold_start::ColdStart;
pub use compare::{Comparison, NoiseFloor, Verdict};
pub use discriminate::{Discriminate, TimeoutCause};
pub use idle::Idle;
pub use load::Load;
pub use schedule::{Schedule, Step};
pub use split::{Blame, Cause, Split, Ways};
pub use summary::ArmSummary;
pub use timeouts::{NearLimit, RoundEnd};

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

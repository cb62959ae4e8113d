//! What timed calls over several ways show: which way is faster, by how much, and whether it is the
//! protocol at all; how a server and its connections behave; what a rate or a limit comes to.
//!
//! Pure: from samples and facts alone. Nothing here asks, waits or prints.

pub mod arm;
pub mod baseline;
pub mod bucket;
pub mod cold_start;
pub mod compare;
pub mod delayed_ack;
pub mod discriminate;
pub mod downgrade;
pub mod endings;
pub mod figure;
pub mod idle;
pub mod load;
pub mod overview;
pub mod schedule;
pub mod split;
pub mod summary;
pub mod timeouts;

pub use arm::{Arm, Side};
pub use bucket::Limit;
pub use cold_start::ColdStart;
pub use compare::{Comparison, Lack, Measured, NoiseFloor, Verdict};
pub use delayed_ack::DelayedAck;
pub use discriminate::{Contrast, Discriminate, Discriminated, Shown, TimeoutCause, Unsure};
pub use downgrade::{Author, Choice};
pub use endings::{CallsEach, EndedBy, Ending, IdleLimit, ReuseRace};
pub use figure::Figure;
pub use idle::{Close, Idle, Reuse, Trial};
pub use load::{Break, Broke, Held, Load, Rate};
pub use overview::{About, Compared, Overview, Parted};
pub use schedule::{Kind, Probe, Schedule, Step};
pub use split::{Blame, Cause, Check, Part, Rest, Split, Ways};
pub use summary::{ArmSummary, Connections, Quantiles, Tokens};
pub use timeouts::{NearLimit, RoundEnd};

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

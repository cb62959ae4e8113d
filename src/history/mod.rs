//! Calls that were made earlier, read back from logs: when trouble began and ended, what it cost, who spent it. Pure:
//! no file is opened here, and a log of any length is read in bounded memory.

mod analysis;
mod call;
mod csv;
mod days;
mod failures;
mod fields;
pub mod figures;
mod instant;
mod join;
mod json;
mod kinds;
mod latency;
mod line;
mod minutes;
mod periods;
mod quota;
mod retries;
mod usage;

pub use analysis::{Analysis, Asked};
pub use call::{Call, End};
pub use fields::{Field, Names};
pub use join::{Order, with_origin};
pub use line::{Flaw, Reader, Seen};
pub use quota::Limits;

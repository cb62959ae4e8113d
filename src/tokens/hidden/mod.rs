//! Characters that nobody sees, or that look like others: where they stand, what they cost in tokens, and a
//! copy without them. What a script or an emoji needs is told and left alone. It reads no files.

mod context;
mod cost;
mod diff;
mod finder;
mod kind;
mod lookalikes;
mod normalize;
mod runs;
mod scan;
mod scripts;
mod table;
mod words;

#[cfg(test)]
mod tests;

pub use cost::{Cost, cost};
pub use diff::{Diff, diff};
pub use finder::{Finder, Found, Tally, find};
pub use kind::Kind;
pub use lookalikes::{Confusable, confusables};
pub use normalize::{Change, Normalized, Normalizer, normalize};
pub use scan::{Place, Verdict};
pub use table::{Cleanup, Hidden, hidden, name};

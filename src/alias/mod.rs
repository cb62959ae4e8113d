//! What calls to one model name show: verdict, figures, causes, retry arithmetic. Pure: it judges
//! samples and never asks for one.

pub mod causes;
pub mod course;
pub mod figures;
pub mod forced;
pub mod retry;
pub mod sample;
pub mod sticky;
pub mod verdict;

pub use causes::{Cause, Factor, Level};
pub use course::{Course, Next, Why};
pub use sample::{End, Sample};
pub use verdict::{Conclusion, Known, Standing, Verdict};

#[cfg(test)]
mod tests;

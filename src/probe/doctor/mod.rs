//! A full look, from the way there to the alias; it records and never judges.

pub mod checks;
pub mod plan;

pub use checks::Wanted;
pub use plan::{DoctorPlan, Looks};

//! Proof that the linter is right: bodies that the API takes, made from seeds over all its features, and single faults put into
//! them, each with the place where it must be found. Written from the facts about the API alone: it must not know the
//! linter's tables, since what agrees with itself proves nothing.

pub mod case;
mod chance;
pub mod generate;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod holes;
pub mod models;
pub mod mutate;
#[cfg(test)]
mod tests;
pub mod tree;
pub mod write;

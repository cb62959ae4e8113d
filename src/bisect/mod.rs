//! Which part of a request body is refused? The search for it, from bodies and verdicts alone.
//!
//! Nothing here sends anything or reads a clock: [`Search::next`] says which body is to be tried, and whoever tries it
//! says with [`Search::tell`] what became of it. So it can be led by a service, by a program, or by a function.

mod answer;
mod body;
mod course;
mod difference;
mod filler;
mod meaning;
mod search;
#[cfg(test)]
mod tests;
mod tree;

pub use self::{
    answer::{Aim, Answer, Fault, Judge, Limits, Outcome, Question, Signature, Step, Try, Verdict},
    body::{Body, Cut, Style},
    difference::{Difference, differences},
    filler::filled,
    search::Search,
    tree::{Place, Unreadable},
};

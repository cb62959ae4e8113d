//! OpenAI's API as a way to the same models: Google's own compatible routes, and what gateways speak.
//!
//! Questions are made in the native form and put into the other one here; answers are put back, so that what
//! a probe asks and reads is the same over both. Sends nothing.

pub mod answer;
pub mod body;

/// The form that requests and answers have on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The provider's own.
    Native,
    /// OpenAI's.
    OpenAi,
}

//! Looks at the body of a request before it is sent: what the API would refuse or ignore, where it stands, and what to write
//! in its place.
//!
//! Pure: it reads texts and knows the dated tables. It must not send, open or print anything.

mod command;
mod comparing;
mod diff;
pub mod document;
mod edit;
mod finding;
mod fix;
pub mod input;
mod kind;
mod locate;
mod look;
#[cfg(test)]
pub(crate) mod proof;
mod request;
mod routed;
mod rule;
mod rules;
mod shape;
mod unknown;

pub use command::note as note_of_slip;
pub use diff::{narrowed, unified};
pub use finding::{Correction, Edit, Finding};
pub use fix::{Change, Fixed, changed, fix};
pub use kind::{KINDS, Kind, looks_like, looks_like_a_body, other as other_call};
pub use locate::{Located, locate};
pub use look::{Given, Looked, bare, look, places};
pub use request::{Service, Version};
pub use rule::{Example, Rule, UNQUOTED};
pub use rules::all as rules;
pub use shape::AS_OF as TABLES_AS_OF;
pub use unknown::{PUT_IN, note as note_of_unknown};

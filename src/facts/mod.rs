//! The vocabulary both wings of the program speak: what was asked, what came back, what that tells.
//!
//! Pure data. No I/O, no clock, no environment, and no judgement: a fact never says what to do.

pub mod accepts;
pub mod answer;
pub mod attempt;
pub mod check;
pub mod client;
pub mod clue;
pub mod credential;
pub mod endpoint;
pub mod error_body;
pub mod failure;
pub mod inspection;
pub mod layer;
pub mod level;
pub mod limits;
pub mod local;
pub mod location;
pub mod method;
pub mod models;
pub mod pacific;
pub mod phases;
mod plural;
pub mod prices;
pub mod sample;
pub mod schema;
pub mod spelling;
pub mod time;
pub mod tokenizers;
pub mod trust;
pub mod wide;

pub use answer::Party;
pub use attempt::Attempt;
pub use check::{Check, Status};
pub use client::Client;
pub use clue::Clue;
pub use credential::{KeyFlaw, KeyKind, looks_like_key};
pub use endpoint::{Api, Endpoint, HostKind};
pub use failure::{Failure, Fault, Stage};
pub use layer::{Blame, Class, Confidence, Layer, RetryClass, Severity, Who};
pub use level::{CallEnd, Level, Measure, SamplingEnd, Timed};
pub use local::LocalFact;
pub use method::Method;
pub use phases::{Phases, Spans};
pub use plural::counted;
pub use sample::{Ended, HandshakeKind, Protocol, Sample, Warmth};
pub use spelling::nearest;
pub use trust::{ChainTrust, Distrust, StoreVerdict, Voucher};
pub use wide::{Wide, wide};

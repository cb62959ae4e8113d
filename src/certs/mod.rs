//! Certificates as they were sent: read, put in order, and judged for the cause why they are not trusted.
//!
//! Pure: bytes and a time go in, facts and causes come out. Trusts nobody and verifies no chain, which is
//! for `net::tls`; what a certificate says about itself is told as what it says.

mod algorithm;
mod cause;
mod certificate;
mod chain;
mod der;
pub mod issuers;
mod name;
pub mod names;
pub mod ocsp;
mod text;
pub mod words;

pub use algorithm::{Key, Signature, Signed};
pub use cause::{Asked, Cause, Said, flaws, of as causes};
pub use certificate::{Basic, Certificate, KeyUsage, Marks, Unreadable};
pub use chain::{Chain, End};
pub use name::Name;
pub use names::San;

#[cfg(test)]
mod tests;

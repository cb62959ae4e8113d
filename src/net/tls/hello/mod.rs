//! Hand-made ClientHellos, and what servers answer to them, for what the TLS library has no way to ask.
//!
//! Pure: bytes in, facts out. Nothing here can finish a handshake or carry a credential, and whatever
//! bytes come, they are read as far as they make sense and not beyond a bound.

mod foreign;
mod names;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use foreign::Spoken;
pub use names::{Alert, Group, Suite, Version};
pub use read::{Answer, Broken, KeyExchange, MOST, Reader, ServerHello};
pub use write::{FILLING, Filling, Hello, Shares};

//! What this machine holds that can break a call or leak a key. Looks, and changes nothing.

pub mod bundles;
pub mod dotenv_hygiene;
pub mod inputs;
pub mod machine;
pub mod runtimes;
#[cfg(test)]
mod scratch;
mod words;

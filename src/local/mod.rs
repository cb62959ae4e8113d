//! What this machine holds that can break a call or leak a key. Looks, and changes nothing.

pub mod around;
pub mod bundles;
pub mod dotenv_hygiene;
pub mod inputs;
pub mod machine;
pub mod runtimes;
pub mod scan;
#[cfg(test)]
mod scratch;
pub mod sdks;
mod words;

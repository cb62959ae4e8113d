//! What this machine holds that can break a call or leak a key. Looks, and changes nothing.

pub mod dotenv_hygiene;

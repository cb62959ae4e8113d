//! What this machine shows before anything is sent.

use schemars::JsonSchema;
use serde::Serialize;

/// One thing noticed on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LocalFact {
    /// No key in any of the places.
    NoKey,
    /// The key's variable is set to nothing.
    EmptyVariable,
    /// Both variables of the SDKs are set, to different keys.
    TwoVariables,
    /// The key file cannot be used.
    KeyFileUnusable,
    /// The key command failed.
    KeyCommandFailed,
    /// A line of `.env` does not parse.
    DotenvMalformed,
    /// `.env` is under version control.
    DotenvTracked,
    /// `.env` is not ignored by version control.
    DotenvNotIgnored,
    /// `.env` can be read by other users.
    DotenvReadable,
    /// `.env` sets something that is reported and never obeyed.
    DotenvSetting,
    /// A variable sends the SDKs to another host.
    BaseUrlVariable,
    /// A variable switches the SDKs to the cloud platform.
    VertexSwitch,
    /// Two profiles have one key.
    SharedProfileKey,
}

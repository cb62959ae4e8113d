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
    /// No credentials of the cloud platform in any of the places.
    NoCredentials,
    /// A variable names a file of credentials that is not there or cannot be read.
    CredentialsUnusable,
    /// What should be a file of credentials is empty, cut, or no JSON, or a part of it is missing.
    CredentialsCorrupt,
    /// It is another file than one of credentials.
    CredentialsOther,
    /// The text of a template stands in it.
    CredentialsPlaceholder,
    /// Its private key is none that can sign.
    PrivateKeyDamaged,
    /// Other users of this machine can read it.
    CredentialsReadable,
    /// This program does not follow this kind of credentials.
    CredentialsNotFollowed,
    /// It belongs to another universe than googleapis.com.
    ForeignUniverse,
    /// It would have its secrets sent to a host that is not the provider's.
    ForeignTokenHost,
    /// No project is named anywhere.
    NoProject,
    /// The text of a template stands where the project's id belongs.
    PlaceholderProject,
    /// What should be a location cannot be one.
    LocationMalformed,
    /// By the dated table the model is not served in the location.
    ModelElsewhere,
}

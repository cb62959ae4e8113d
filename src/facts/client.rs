//! As whose call a request is dressed: a server may treat clients differently.

use schemars::JsonSchema;
use serde::Serialize;

/// The client that a request looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Client {
    /// This program's own, as plain as can be.
    #[default]
    Plain,
    /// The Python SDK.
    Python,
    /// The Node SDK.
    Node,
}

impl Client {
    /// The word of tables and options.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Python => "python",
            Self::Node => "node",
        }
    }
}

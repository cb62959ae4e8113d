//! Who answered over HTTP. The first evidence of all: a status means little until this is known.

use schemars::JsonSchema;
use serde::Serialize;

/// The party an HTTP answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The API itself: its error shape or its headers.
    Api,
    /// The provider's front end: its HTML pages.
    Edge,
    /// A gateway, relay or reverse proxy of somebody else.
    Gateway,
    /// A web page of somebody in the way: captive portal, filter, login.
    Page,
    /// Another API than the one that was meant: another provider's, or another service's.
    Foreign,
    /// It cannot be told.
    Unknown,
}

impl Party {
    /// A phrase that fits "answered by …".
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Api => "Google's API",
            Self::Edge => "Google's edge, not the API",
            Self::Gateway => "a gateway, not Google",
            Self::Page => "somebody's web page, not an API",
            Self::Foreign => "another API, not Gemini's",
            Self::Unknown => "somebody unknown",
        }
    }
}

//! What the text of a key shows about it. Shape only: no text proves that a key is good.

use schemars::JsonSchema;
use serde::Serialize;

/// The kind a credential looks like. The serialised words are a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// `AIza…`: names a project only; refused since 2026.
    StandardKey,
    /// `AQ.…`: bound to a service account; what is issued today.
    AuthKey,
    /// `ya29.…` or a JWT: an access token, not a key.
    OauthToken,
    /// The JSON file of a service account.
    ServiceAccount,
    /// The JSON file of a person's login.
    AuthorizedUser,
    /// The JSON file of a workload or workforce of another provider.
    ExternalAccount,
    /// The JSON file of a service account that another credential stands in for.
    Impersonated,
    /// What the machine's metadata server vouches for.
    Metadata,
    /// Another kind of text, another provider's key among them.
    Other,
    /// Nothing.
    None,
}

impl KeyKind {
    /// Whether it is a login of the cloud platform, which a token is had from.
    pub const fn is_login(self) -> bool {
        matches!(
            self,
            Self::ServiceAccount
                | Self::AuthorizedUser
                | Self::ExternalAccount
                | Self::Impersonated
                | Self::Metadata
        )
    }

    /// A phrase with its article.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::StandardKey => "a standard key (AIza...)",
            Self::AuthKey => "an auth key (AQ....)",
            Self::OauthToken => "an OAuth access token",
            Self::ServiceAccount => "a service account's JSON",
            Self::AuthorizedUser => "a person's login",
            Self::ExternalAccount => "an external account's JSON",
            Self::Impersonated => "an impersonated service account's JSON",
            Self::Metadata => "the metadata server's service account",
            Self::Other => "a text of unknown kind",
            Self::None => "no key",
        }
    }
}

/// Whether a text that is meant as a name looks like a key: names go into URLs and logs.
pub fn looks_like_key(text: &str) -> bool {
    let text = text.trim();
    let long = text.len() >= 20;
    long && ["AIza", "AQ.", "ya29.", "sk-", "Bearer "].iter().any(|start| text.starts_with(start))
}

/// Something about the text of a key that is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyFlaw {
    /// Quotes around it.
    Quoted,
    /// `Bearer ` or `x-goog-api-key:` in front.
    Prefixed,
    /// A text that documentation uses in the place of a key.
    Placeholder,
    /// A variable's name that nothing replaced.
    Unexpanded,
    /// Shorter than keys of its kind are.
    Truncated,
    /// A character beyond ASCII: zero-width, byte order mark, smart quote.
    NonAscii,
    /// A line break, carriage return or other control character, or a space inside.
    Control,
    /// White space around it, which was taken off.
    Padded,
    /// A key of another provider.
    OtherProvider,
}

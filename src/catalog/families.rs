//! The families of known fixes; each is one file with one slice.

mod auth;
mod certificate;
mod change;
mod cloud;
mod connect;
mod dns;
mod endpoint;
mod handshake;
mod key;
mod live;
mod load;
mod local;
mod login;
mod long_prompt;
mod media;
mod model;
mod pace;
mod project;
mod protocol;
mod proxy;
mod quota;
mod region;
mod request;
mod response;
mod sdk;
mod server;
mod setup;
mod stream;
mod structured;
mod surroundings;
mod thinking;
mod tls;
mod tools;
mod transport;
mod turns;

use super::KnownFix;

/// Every family with its fixes.
pub(super) const ALL: &[(&str, &[&KnownFix])] = &[
    ("local", local::FIXES),
    ("key", key::FIXES),
    ("auth", auth::FIXES),
    ("change", change::FIXES),
    ("cloud", cloud::FIXES),
    ("login", login::FIXES),
    ("project", project::FIXES),
    ("region", region::FIXES),
    ("model", model::FIXES),
    ("endpoint", endpoint::FIXES),
    ("quota", quota::FIXES),
    ("server", server::FIXES),
    ("response", response::FIXES),
    ("stream", stream::FIXES),
    ("structured", structured::FIXES),
    ("request", request::FIXES),
    ("turns", turns::FIXES),
    ("tools", tools::FIXES),
    ("thinking", thinking::FIXES),
    ("media", media::FIXES),
    ("live", live::FIXES),
    ("load", load::FIXES),
    ("long-prompt", long_prompt::FIXES),
    ("setup", setup::FIXES),
    ("sdk", sdk::FIXES),
    ("dns", dns::FIXES),
    ("connect", connect::FIXES),
    ("proxy", proxy::FIXES),
    ("tls", tls::FIXES),
    ("certificate", certificate::FIXES),
    ("handshake", handshake::FIXES),
    ("surroundings", surroundings::FIXES),
    ("transport", transport::FIXES),
    ("protocol", protocol::FIXES),
    ("pace", pace::FIXES),
];

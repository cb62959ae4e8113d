//! The built-in scenarios, one family a file, in documentation order.
//!
//! Constants only. A new one is a `const` in its family's file and its name in that file's slice.

mod alias;
mod auth;
mod bodies;
mod drills;
mod front;
mod gateway;
mod handshake;
mod key;
mod local;
mod login;
mod long_prompt;
mod machine;
mod media;
mod model;
mod path;
mod project;
mod quota;
mod region;
mod request;
mod response;
mod server;
mod stream;
mod surroundings;
mod tls;
mod transport;

use super::scenario::Scenario;

/// Every family.
pub(super) const ALL: &[&[Scenario]] = &[
    server::HEALTHY_AND_ALIASES,
    local::ALL,
    machine::ALL,
    key::ALL,
    auth::ALL,
    login::ALL,
    project::ALL,
    region::ALL,
    model::ALL,
    quota::ALL,
    server::ALL,
    response::ALL,
    stream::ALL,
    request::ALL,
    bodies::ALL,
    long_prompt::ALL,
    media::ALL,
    gateway::ALL,
    front::ALL,
    path::ALL,
    tls::ALL,
    handshake::ALL,
    surroundings::ALL,
    alias::ALL,
    drills::ALL,
    transport::ALL,
];

//! gemini-doctor: a failing Gemini call goes in; the broken layer, its cause and the fix come out.

pub mod alias;
pub mod app;
pub mod bench;
pub mod catalog;
pub mod certs;
pub mod cli;
pub mod commands;
pub mod diagnose;
pub mod error;
pub mod exit;
pub mod facts;
pub mod gemini;
pub mod local;
pub mod net;
pub mod policy;
pub mod probe;
pub mod redact;
pub mod report;
pub mod secret;
pub mod settings;
pub mod simulate;
pub mod stats;
pub mod terminal;
pub mod tokens;
pub mod transport;
pub mod wrapped;

//! The program as people run it: the real binary, its streams, its files and its exit codes.
//!
//! One file a promise. What a test needs and this machine lacks is said and skipped.

#![expect(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "these tests stand outside the program: they read their own switch and say what they skip"
)]

mod bad_input;
mod bench_findings;
mod bench_load;
mod bench_transport;
mod bisect;
mod bisect_input;
mod bisect_told;
mod compare;
mod contracts;
mod count_tokens;
mod count_tokens_live;
mod doctor;
mod dry_run;
mod explain;
mod explain_logs;
mod fleet;
mod gate;
mod gate_action;
mod gateways;
mod generated;
mod grade;
mod harness;
mod honesty;
mod html;
mod isolation;
mod judged;
mod layering;
mod lint;
mod lint_input;
mod local_stage;
mod lock;
mod look;
mod merge;
mod metrics;
mod planted_keys;
mod policy;
mod probe_alias;
mod read_log;
mod ready;
mod refusals;
mod request_log;
mod scenarios;
mod schema;
mod secrets;
mod seeds;
mod simulator;
mod streams;
mod tls_check;
mod vertex;
mod vertex_edges;
mod watch;
mod wrapped;

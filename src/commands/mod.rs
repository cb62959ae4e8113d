//! The subcommands: what each takes, the plan it becomes, and how its own results read.
//!
//! No networking and no printing here.

pub mod bench_transport;
pub mod bisect;
pub mod check_key;
pub mod compare;
pub mod completions;
pub mod count_tokens;
pub mod doctor;
pub mod explain;
pub mod fixes;
pub mod fixes_page;
pub mod gate;
pub mod health;
pub mod lint;
pub mod list_models;
mod lock_file;
pub mod merge;
mod model_sheet;
pub mod own_text;
pub mod plans;
pub mod probe_alias;
pub mod read_log;
pub mod ready;
mod route_file;
pub mod shell_word;
pub mod simulate;
pub mod tls_check;
pub mod watch;
pub mod welcome;

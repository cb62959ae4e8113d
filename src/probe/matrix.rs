//! One key by every route: header, query, Bearer on the compatible route, and two credentials at once.
//!
//! The one place that sends a key anywhere but into its header, on purpose and only when asked to.

use crate::{
    facts::{Status, endpoint::HostKind},
    gemini::{Auth, Call},
};

use super::{Runner, Tried, row::KEY_MATRIX};

/// One route and its answer.
#[derive(Clone, Debug)]
pub struct RouteTried {
    /// How the key was sent.
    pub route: &'static str,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// The answer in one line.
    pub answer: String,
    /// What the answer means.
    pub meaning: &'static str,
}

/// Whether a host may be sent a key in odd places: the provider's own, and this machine.
pub fn may_run(host: HostKind, via_proxy: bool) -> bool {
    !via_proxy && matches!(host, HostKind::Developer | HostKind::Provider | HostKind::Loopback)
}

/// Tries every route once.
pub async fn run(runner: &mut Runner<'_>) -> Vec<RouteTried> {
    let key = runner.key;
    let native = Call::list(None);
    let compatible = Call::openai_list();
    let routes = [
        ("x-goog-api-key header", &native, Auth::Header(key)),
        ("?key= query", &native, Auth::Query(key)),
        ("Bearer, OpenAI-compatible route", &compatible, Auth::Bearer(key)),
        ("Bearer, native route", &native, Auth::Bearer(key)),
        ("header and Bearer together", &native, Auth::HeaderAndBearer(key)),
    ];
    let mut tried = Vec::new();
    for (route, call, auth) in routes {
        let answer = runner.call_with(call, auth).await;
        tried.push(RouteTried {
            route,
            status: answer.reply().map(|reply| reply.status),
            answer: answer.summary().to_owned(),
            meaning: meaning(route, &answer),
        });
    }
    let passed = tried.iter().filter(|one| one.status == Some(200)).count();
    let detail = format!("{passed} of {} routes accept it; rotate the key now", tried.len());
    runner.journal.observe(KEY_MATRIX.row(Status::Pass, detail).done());
    tried
}

fn meaning(route: &str, tried: &Tried) -> &'static str {
    let accepted = tried.reply().is_some_and(|reply| reply.status == 200);
    match (route, accepted) {
        ("x-goog-api-key header", true) => "the way to send it",
        ("x-goog-api-key header", false) => {
            "the usual way is refused: see the finding of check-key"
        }
        ("?key= query", true) => "works, and leaves the key in logs and errors: use the header",
        ("?key= query", false) => "keys in the query are refused here: use the header",
        ("Bearer, OpenAI-compatible route", true) => "OpenAI clients can use this key",
        ("Bearer, OpenAI-compatible route", false) => "OpenAI clients cannot use this key",
        ("Bearer, native route", true) => "unexpected: something on the way rewrites the header",
        ("Bearer, native route", false) => "expected: Bearer is for OAuth tokens here",
        (_, true) => "unexpected: two credentials should be refused",
        (_, false) => "expected: send one credential only",
    }
}

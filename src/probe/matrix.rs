//! One key by every route: header, query, Bearer on the compatible route, and two credentials at once.
//!
//! The one place that sends a key anywhere but into its header, on purpose and only when asked to.

use crate::{
    facts::{Endpoint, Party, Status, endpoint::HostKind},
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

/// Whether a host may be sent a key in odd places: the provider's own over TLS, and this machine.
pub fn may_run(endpoint: &Endpoint, via_proxy: bool) -> bool {
    let allowed = match endpoint.host_kind() {
        HostKind::Developer | HostKind::Provider => endpoint.secure,
        HostKind::Loopback => true,
        HostKind::Cloud | HostKind::Other => false,
    };
    allowed && !via_proxy
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
    let mut answered = 0;
    for (route, call, auth) in routes {
        let answer = runner.call_with(call, auth).await;
        answered += usize::from(answered_by_api(&answer));
        tried.push(RouteTried {
            route,
            status: answer.reply().map(|reply| reply.status),
            answer: answer.summary().to_owned(),
            meaning: meaning(route, &answer),
        });
    }
    let passed = tried.iter().filter(|one| one.status == Some(200)).count();
    let all = tried.len();
    let status = if answered == all { Status::Pass } else { Status::Inconclusive };
    let detail = match status {
        Status::Pass => format!("{passed} of {all} routes accept it; rotate the key now"),
        _ => format!("{answered} of {all} routes were answered by the API; rotate the key now"),
    };
    runner.journal.observe(KEY_MATRIX.row(status, detail).done());
    tried
}

fn answered_by_api(tried: &Tried) -> bool {
    tried.reply().is_some_and(|reply| reply.party == Party::Api)
}

fn meaning(route: &str, tried: &Tried) -> &'static str {
    if tried.is_cut_short() {
        return "not sent: the budget was used up";
    }
    if !answered_by_api(tried) {
        return "no answer of the API, so nothing is known of this route";
    }
    let accepted = tried.success().is_some();
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

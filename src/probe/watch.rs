//! One look of a watch: a new connection, now and then the list, and one short question a model. Each call has a
//! row of its own, so that each can be judged by itself. It keeps nothing from one look to the next.

use crate::{
    facts::{
        Attempt, Clue, Endpoint, Party, Status,
        check::{Evidence, Observation},
        models::ModelTable,
    },
    gemini::{Call, generation},
    net::{ConnectionFacts, dns::Family},
};

use super::{
    Runner, Tried,
    cloud::{self, CloudPlan},
    gateway,
    key::{self, KeyPlan},
    row::{API_LIST, KEY_QUESTIONS, NET_ANSWER, WATCH_MODEL},
    runner::PROMPT_TOKENS,
};

/// What each look asks.
#[derive(Clone, Debug)]
pub struct WatchPlan {
    /// The key, and where it came from.
    pub key: KeyPlan,
    /// The models, in their order.
    pub models: Vec<String>,
    /// Whether only what is free is asked.
    pub free: bool,
    /// The dated table.
    pub table: ModelTable,
}

/// What one look heard.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// The rows of the way there, and of who answered.
    pub way: Vec<Observation>,
    /// Whether there was a connection that is trusted; none where it was not tried to its end.
    pub connected: Option<bool>,
    /// Each address family that was dialled to an end.
    pub families: Vec<FamilyTried>,
    /// How long the server's certificate is valid, in seconds since 1970.
    pub valid_until: Option<i64>,
    /// How long the connection took, from the name to the end of the handshake.
    pub connect_ms: Option<f64>,
    /// The list, where it was asked for.
    pub list: Option<Answered>,
    /// The answer of each model that was asked.
    pub calls: Vec<Answered>,
}

/// One address family that was dialled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FamilyTried {
    /// `IPv4` or `IPv6`.
    pub name: &'static str,
    /// How long it took to be connected, if it was.
    pub connect_ms: Option<f64>,
}

/// A call that ended.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The model; none for the list.
    pub model: Option<String>,
    /// What it showed.
    pub row: Observation,
    /// The request.
    pub attempt: Option<Attempt>,
}

impl Answered {
    /// Whether it brought what was asked for; none where it was not sent.
    pub fn passed(&self) -> Option<bool> {
        match self.row.check.status {
            Status::Pass | Status::Warn => Some(true),
            Status::Fail => Some(false),
            Status::Skip | Status::Inconclusive => None,
        }
    }
}

impl WatchPlan {
    /// The calls of a look that can be charged for.
    pub fn paid_calls(&self) -> u64 {
        if self.free { 0 } else { self.models.len() as u64 }
    }

    /// The tokens that such a call can cost at most, sent and received.
    pub fn tokens_a_call() -> u64 {
        PROMPT_TOKENS + generation::MOST_OUTPUT
    }
}

/// Whether the list is asked for now and then: gateways need not have one, and a login may call without it.
pub fn has_list(endpoint: &Endpoint) -> bool {
    !gateway::is_lenient(endpoint) && !endpoint.is_cloud()
}

/// Looks once. A login gets its token anew each time, as a program that starts would, and what stands in its way is
/// a failure of every model.
pub async fn look(
    plan: &WatchPlan,
    login: Option<&CloudPlan>,
    with_list: bool,
    runner: &mut Runner<'_>,
) -> Heard {
    let (facts, rows, end) = key::connected(runner).await;
    let mut heard = heard_of(&facts, rows);
    if end.is_err() {
        return heard;
    }
    if let Some(login) = login
        && let Err(because) = cloud::obtain(login, runner).await
    {
        let refused = |model: &String| without_token(model, &because, runner);
        heard.calls = plan.models.iter().map(refused).collect();
        return heard;
    }
    if with_list {
        heard.list = Some(list(&mut heard.way, runner).await);
    }
    for model in &plan.models {
        let answered = ask(model, plan, &mut heard.way, runner).await;
        heard.calls.push(answered);
    }
    heard
}

fn heard_of(facts: &ConnectionFacts, rows: Vec<Observation>) -> Heard {
    let last = rows.last().map(|row| row.check.status);
    let connected = match last {
        Some(Status::Inconclusive) | None => None,
        Some(Status::Fail) => Some(false),
        Some(_) => Some(true),
    };
    let decided =
        |one: &&crate::net::dial::FamilyResult| one.connect_ms.is_some() || one.failure.is_some();
    let parts = [facts.dns_ms, facts.tcp_ms, facts.proxy_ms, facts.tls_ms];
    let family = |one: &crate::net::dial::FamilyResult| FamilyTried {
        name: if one.family == Family::V6 { "IPv6" } else { "IPv4" },
        connect_ms: one.connect_ms,
    };
    Heard {
        connected,
        // Through a proxy the addresses are the proxy's.
        families: facts.families.iter().filter(decided).map(family).collect(),
        valid_until: facts
            .tls
            .as_ref()
            .and_then(|tls| tls.chain.leaf())
            .map(|certificate| certificate.not_after),
        connect_ms: facts.tcp_ms.map(|_| parts.iter().flatten().sum()),
        way: rows,
        ..Heard::default()
    }
}

/// A model that cannot be called, since there is no token to call it with. Where nothing was asked for one, as the
/// budget is used up, that says nothing.
fn without_token(model: &str, because: &str, runner: &Runner<'_>) -> Answered {
    let rows = runner.journal.observations();
    let broken = rows.iter().find(|row| row.check.status == Status::Fail);
    let (status, detail) = match broken {
        Some(row) => (Status::Fail, format!("no token: {}", row.check.detail)),
        None => (Status::Inconclusive, because.to_owned()),
    };
    let evidence = broken.map(|row| row.evidence.clone()).unwrap_or_default();
    let asked = evidence.iter().find_map(|one| one.attempt.as_ref());
    let attempt = asked.and_then(|id| runner.journal.find(id));
    let row = WATCH_MODEL.row(status, detail).about(model, None);
    let row = evidence.into_iter().fold(row, super::row::Row::with).done();
    Answered { model: Some(model.to_owned()), row, attempt }
}

async fn list(way: &mut Vec<Observation>, runner: &mut Runner<'_>) -> Answered {
    let tried = runner.call(&Call::list(None)).await;
    notice_who_answers(way, &tried);
    let passed = tried.success().map(|reply| gateway::page(reply).models.len());
    let (status, detail) = match passed {
        Some(models) => (Status::Pass, format!("{models} models on the first page")),
        None => (key::failed_status(&tried), tried.summary().to_owned()),
    };
    let row = API_LIST.row(status, detail.clone()).took(tried.took_ms());
    Answered { model: None, row: with_evidence(row, detail, &tried), attempt: sent(&tried, runner) }
}

async fn ask(
    model: &str,
    plan: &WatchPlan,
    way: &mut Vec<Observation>,
    runner: &mut Runner<'_>,
) -> Answered {
    let call = match plan.free {
        true => Call::count(model),
        false => {
            let thinking = key::thinking_of(model, &plan.table);
            let body = generation::minimal(thinking, runner.endpoint.body_version());
            Call::stream(model, body)
        }
    };
    let mut tried = runner.call(&call).await;
    // The last piece of a stream has no text of its own.
    let streamed = tried.reply().and_then(|reply| reply.streamed.as_ref());
    let has_text = streamed.is_some_and(|came| !came.text.trim().is_empty());
    if !plan.free && !has_text {
        tried.look_closer(generation::text_trouble);
    }
    notice_who_answers(way, &tried);
    let passed = tried.success().is_some();
    if !passed {
        let facts = key::model_facts(model, &plan.table, &[], &runner.clock.today());
        tried.know_all(facts.into_iter().map(Clue::Model));
        tried.know(Clue::Meta("model".to_owned(), model.to_owned()));
    }
    let status = if passed { Status::Pass } else { key::failed_status(&tried) };
    let detail = if passed { "answered".to_owned() } else { tried.summary().to_owned() };
    let row = WATCH_MODEL.row(status, detail.clone()).about(model, None).took(tried.took_ms());
    let model = Some(model.to_owned());
    Answered { model, row: with_evidence(row, detail, &tried), attempt: sent(&tried, runner) }
}

/// A call that passed proves that its layers are sound, and no more is known of it.
fn with_evidence(row: super::row::Row, detail: String, tried: &Tried) -> Observation {
    let clues = match tried.success() {
        Some(_) => vec![Clue::By(Party::Api)],
        None => tried.clues().to_vec(),
    };
    let row = row.with(Evidence { text: detail, clues, ..tried.evidence() });
    gateway::stripped(tried).into_iter().fold(row, super::row::Row::with).done()
}

/// The request as it was recorded, with the time at which its first text came.
fn sent(tried: &Tried, runner: &Runner<'_>) -> Option<Attempt> {
    let mut attempt = runner.journal.find(tried.attempt.as_ref()?)?;
    if let Some(streamed) = tried.reply().and_then(|reply| reply.streamed.as_ref()) {
        attempt.phases.first_token_ms = streamed.first_text_ms;
        attempt.phases.longest_gap_ms = streamed.longest_gap_ms;
    }
    Some(attempt)
}

/// That the API itself answers, once in a look.
fn notice_who_answers(way: &mut Vec<Observation>, tried: &Tried) {
    let is_known = way.iter().any(|row| row.check.id == NET_ANSWER.id);
    let Some(reply) = tried.reply().filter(|reply| reply.party == Party::Api && !is_known) else {
        return;
    };
    let evidence = Evidence { clues: vec![Clue::By(Party::Api)], ..tried.evidence() };
    way.push(NET_ANSWER.row(Status::Pass, reply.party.phrase()).with(evidence).done());
}

/// Where in a report a row of the way stands.
pub fn rank(row: &Observation) -> usize {
    let known = KEY_QUESTIONS.iter().position(|question| question.id == row.check.id);
    known.unwrap_or(KEY_QUESTIONS.len())
}

/// The row of something that was watched, for a report.
pub fn track_row(
    (kind, name): (&str, &str),
    (status, detail): (Status, String),
    evidence: Vec<Evidence>,
) -> Observation {
    let question = match kind {
        "connection" => super::row::WATCH_CONNECTION,
        "list" => super::row::WATCH_LIST,
        _ => super::row::WATCH_MODEL,
    };
    let row = question.row(status, detail).about(name, None);
    evidence.into_iter().fold(row, super::row::Row::with).done()
}

//! What `doctor` asks, and what it can cost at most.

use std::time::Duration;

use crate::{
    facts::{Clue, LocalFact, Method, Status, check::Observation, models::Thinking},
    gemini::generation,
};

use super::{
    super::{
        alias,
        key::{self, KeyPlan},
        models,
        row::KEY_SHAPE,
        runner,
    },
    checks::{CHECKS, Wanted, is_of_network},
    request::{self, GivenRequest},
    stream,
    structured::{self, StructuredPlan},
};

/// How far it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Looks {
    /// Free calls only, within a few seconds.
    Quick,
    /// Free calls only.
    Free,
    /// A short look at the alias and at a stream too.
    Usual,
    /// A tool, a structured answer and a longer stream too.
    Deep,
}

/// What to look at.
#[derive(Clone, Debug)]
pub struct DoctorPlan {
    /// How far it goes.
    pub looks: Looks,
    /// Which checks it asks.
    pub wanted: Wanted,
    /// A request to hold against the model's limits.
    pub request: Option<GivenRequest>,
    /// A schema that answers are to follow.
    pub structured: Option<StructuredPlan>,
}

/// Checks that are paid for, and at which depth they begin.
const PAID: &[(&str, Looks)] = &[
    ("api.alias", Looks::Usual),
    ("stream.first", Looks::Usual),
    ("stream.pace", Looks::Usual),
    ("stream.end", Looks::Usual),
    ("stream.whole", Looks::Usual),
    ("api.tool", Looks::Deep),
    ("api.structured", Looks::Deep),
    ("structured.answers", Looks::Usual),
];

/// As long as a quick look may take.
const QUICK: Duration = Duration::from_secs(5);

/// As long as its connection may take: a packet that is lost once is sent again after one second.
const QUICK_CONNECTION: Duration = Duration::from_secs(3);

/// The calls of the tool's round trip.
const TOOL_CALLS: u32 = 2;

impl DoctorPlan {
    /// Whether a check is asked, at this depth and with what was given.
    pub fn asks(&self, id: &str) -> bool {
        let given = match id {
            "request.lint" | "request.tokens" => self.request.is_some(),
            "structured.schema" => self.structured.is_some(),
            "structured.answers" => {
                self.structured.as_ref().is_some_and(StructuredPlan::is_sendable)
            }
            _ => true,
        };
        let from =
            PAID.iter().find(|(paid, _)| *paid == id).map_or(Looks::Quick, |(_, from)| *from);
        // Whoever names a check means it, as long as nothing paid is forbidden.
        let is_named = self.wanted.names(id) && self.looks >= Looks::Usual;
        given && self.wanted.asks(id) && (self.looks >= from || is_named)
    }

    /// The rows of the key, of a request and of a schema, which need no network. A key that is not there is no fault where
    /// nobody is asked, unless it was asked for by name.
    pub fn offline_rows(&self, key: &KeyPlan, today: &str) -> Vec<Observation> {
        let (mut rows, _) = key::local_rows(key);
        if key.source.origin.is_none() && self.needs_network() {
            rows.push(KEY_SHAPE.skipped("there is no key"));
        }
        rows.extend(
            self.request
                .as_ref()
                .map(|given| request::lint_row(given, key.model.as_deref(), &key.table, today)),
        );
        rows.extend(self.structured.as_ref().map(structured::schema_row));
        rows.retain(|row| self.asks(&row.check.id));
        // Whoever asks for this machine asks for whatever key there is.
        let asks_machine = self.wanted.only.iter().any(|id| id.starts_with("local."));
        let is_named = self.wanted.names("key.source") && !asks_machine;
        if key.source.origin.is_none() && !self.needs_network() && !is_named {
            rows.iter_mut()
                .filter(|row| row.check.id == "key.source")
                .for_each(content_without_key);
        }
        rows
    }

    /// Whether the network is asked anything: not where nobody wants it, and not where a job is content without
    /// a key.
    pub fn goes_out(&self, key: &KeyPlan) -> bool {
        let is_content = key.skip_without_key && key.source.origin.is_none();
        self.needs_network() && !is_content
    }

    fn needs_network(&self) -> bool {
        CHECKS.iter().any(|check| is_of_network(check.id) && self.asks(check.id))
    }

    /// How long it may take, where it is to be quick.
    pub fn deadline(&self) -> Option<Duration> {
        (self.looks == Looks::Quick).then_some(QUICK)
    }

    /// How long a connection may take: a quick look has to end with a verdict on it.
    pub fn connect_timeout(&self, usual: Duration) -> Duration {
        if self.looks == Looks::Quick { usual.min(QUICK_CONNECTION) } else { usual }
    }

    /// The calls at most.
    pub fn calls(&self) -> Vec<(Method, u32)> {
        let samples = self.structured.as_ref().map_or(0, |plan| plan.samples);
        let counts = 1 + u32::from(self.asks("request.tokens"));
        let all = [
            ("net.answer", Method::List, 1),
            ("api.model", Method::Get, 1),
            ("api.model", Method::Count, counts),
            ("api.alias", Method::List, models::MOST_PAGES),
            ("api.alias", Method::Generate, alias::MOST_CALLS),
            ("stream.end", Method::Stream, stream::MOST_CALLS),
            ("api.tool", Method::Generate, TOOL_CALLS),
            ("api.structured", Method::Generate, 1),
            // Each that does not follow is asked for once more.
            ("structured.answers", Method::Generate, samples.saturating_mul(2)),
        ];
        let asked = all.into_iter().filter(|(id, _, calls)| self.asks(id) && *calls > 0);
        asked.map(|(_, method, calls)| (method, calls)).collect()
    }

    /// The tokens of a paid call at most.
    pub fn tokens_a_call(&self) -> u64 {
        let minimal = runner::PROMPT_TOKENS + generation::MOST_OUTPUT;
        let stream = if self.asks("stream.end") { stream::MOST_TOKENS } else { 0 };
        // A schema has fewer tokens than bytes, and counts as input.
        let form = self.structured.as_ref().map_or(0, |plan| {
            generation::form_cost(Thinking::Unknown) + plan.schema.to_string().len() as u64
        });
        minimal.max(stream).max(form)
    }
}

/// The row of a key that is not there, where none is needed.
fn content_without_key(row: &mut Observation) {
    let only_missing =
        |clue: &Clue| matches!(clue, Clue::Local(LocalFact::NoKey | LocalFact::LoginInstead));
    row.evidence.retain(|one| !one.clues.iter().all(only_missing));
    row.check.status = if row.evidence.is_empty() { Status::Pass } else { Status::Warn };
    row.check.detail = format!("none is needed for this; {}", row.check.detail);
}

//! One look: a runner of its own over connections of its own, within what is left of the budget.

use std::collections::BTreeMap;

use crate::{
    error::UserError,
    facts::{Attempt, Clue},
    probe::{
        Journal, Runner,
        journal::Spent,
        runner::{Bounds, Vault},
        watch::{self, Heard},
    },
};

use super::{Around, keys::Keys};
use crate::app::network;

/// What a look brought.
pub(super) struct Asked {
    pub(super) heard: Heard,
    /// Every request of it, tries at a connection included.
    pub(super) attempts: Vec<Attempt>,
    pub(super) spent: Spent,
    /// How many ids of requests were given so far.
    pub(super) numbered: usize,
}

/// What was spent before a look.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ledger {
    pub(super) spent: Spent,
    /// How many ids of requests were given.
    pub(super) numbered: usize,
}

impl Ledger {
    pub(super) const fn add(&mut self, spent: &Spent, numbered: usize) {
        self.spent.requests += spent.requests;
        self.spent.paid += spent.paid;
        self.spent.input_tokens += spent.input_tokens;
        self.spent.output_tokens += spent.output_tokens;
        self.numbered = numbered;
    }
}

/// What the record of a look comes to.
pub(super) fn spent(journal: &Journal) -> Spent {
    let (input_tokens, output_tokens) = journal.tokens();
    let (requests, paid) = (journal.requests(), journal.paid_requests());
    Spent { requests, paid, input_tokens, output_tokens }
}

/// Looks once.
pub(super) async fn look(
    around: &Around<'_>,
    keys: &Keys,
    ledger: &Ledger,
    with_list: bool,
    under_way: &mut Option<Journal>,
) -> Result<Asked, UserError> {
    let settings = around.settings;
    let simulation = around.simulated.map(|simulated| &simulated.simulation);
    // Made anew each time: a session that goes on would hide a certificate that changed.
    let how = network::how(settings, simulation)?;
    let mut limits = network::limits(settings, simulation);
    limits.request_timeout = limits.request_timeout.min(around.wanted.every.max(SHORTEST));
    let endpoint = &settings.endpoint.value;
    let clock = around.session.clock.clone();
    let mut runner = Runner::new(endpoint, &keys.key, &how, limits, bounds(around, ledger), clock);
    let vault = Vault::default();
    runner.keep_in(&vault);
    runner.know(keys.context.iter().cloned());
    runner.know(endpoint.flaw().map(Clue::Route));
    runner.journal.number_after(ledger.numbered);
    *under_way = Some(runner.journal.clone());
    let login = keys.login.as_deref();
    let heard = watch::look(&around.wanted.plan, login, with_list, &mut runner).await;
    Ok(Asked {
        attempts: with_first_text(runner.journal.attempts(), &heard),
        heard,
        spent: spent(&runner.journal),
        numbered: runner.journal.numbered(),
    })
}

/// No answer is given less time than this, however often it is looked.
const SHORTEST: std::time::Duration = std::time::Duration::from_secs(10);

fn bounds(around: &Around<'_>, ledger: &Ledger) -> Bounds {
    let tokens = ledger.spent.input_tokens + ledger.spent.output_tokens;
    Bounds {
        requests: around.session.requests_max.saturating_sub(ledger.spent.requests),
        tokens: around.settings.budget.max_tokens.map(|most| most.saturating_sub(tokens)),
        deadline: None,
    }
}

/// The records with what only a reader of the answers knows.
fn with_first_text(attempts: Vec<Attempt>, heard: &Heard) -> Vec<Attempt> {
    let read: BTreeMap<&str, &Attempt> = heard
        .list
        .iter()
        .chain(&heard.calls)
        .filter_map(|answered| answered.attempt.as_ref())
        .map(|attempt| (attempt.id.as_str(), attempt))
        .collect();
    let better = |attempt: Attempt| match read.get(attempt.id.as_str()) {
        Some(known) => (*known).clone(),
        None => attempt,
    };
    attempts.into_iter().map(better).collect()
}

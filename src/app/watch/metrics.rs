//! Feeds what a watch sees into the numbers for collectors, and keeps those where collectors find them.

use crate::{
    error::UserError,
    export::{
        probed::{AddressFamily, Dialled, Outcome, Probed, Rate, Standing},
        registry::{Registry, Setup},
    },
    facts::{Attempt, Method},
    probe::watch::FamilyTried,
    watch::{Judged, Period, Track, Watched},
};

use super::{Around, ask::Asked};

/// Every word that a verdict has.
const VERDICTS: &[&str] = &["unclear", "healthy", "failing"];

/// The numbers, and where they go.
pub(super) struct Metrics {
    registry: Registry,
    host: String,
    port: u16,
    api: &'static str,
    method: Method,
    models: Vec<String>,
}

impl Metrics {
    /// Nothing counted yet.
    pub(super) fn begin(around: &Around<'_>) -> Result<Self, UserError> {
        let endpoint = &around.settings.endpoint.value;
        let plan = &around.wanted.plan;
        let registry = Registry::new(Setup {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            models: plan.models.clone(),
            verdicts: VERDICTS,
            started_s: around.session.clock.started_unix_ms() as f64 / 1000.0,
        });
        Ok(Self {
            registry,
            host: endpoint.host.clone(),
            port: endpoint.port,
            api: endpoint.api.word(),
            method: if plan.free { Method::Count } else { Method::Stream },
            models: plan.models.clone(),
        })
    }

    /// Whether anybody is to read them.
    pub(super) const fn is_wanted(&self) -> bool {
        false
    }

    /// Counts a look.
    pub(super) fn take(&mut self, asked: &Asked, judged: &[Judged], watched: &Watched, at_ms: u64) {
        let at_s = at_ms as f64 / 1000.0;
        let mut dialled: Vec<Dialled> = asked.heard.families.iter().map(dialled).collect();
        let unconnected = asked.attempts.iter().find(|attempt| attempt.http.is_none());
        for model in self.models.clone() {
            let own = judged.iter().find(|one| one.target == model);
            let Some(attempt) = own.and_then(|one| one.attempt.as_ref()).or(unconnected) else {
                continue;
            };
            let mut probed = self.probed(&model, attempt, at_s);
            if own.is_some_and(|one| one.cause.is_some()) && probed.outcome == Outcome::Answered {
                probed.outcome = Outcome::Empty;
            }
            probed.dialled = std::mem::take(&mut dialled);
            self.registry.record(&probed);
        }
        for track in &watched.tracks {
            if self.models.contains(&track.name) {
                self.registry.stands(&track.name, standing(track));
            }
        }
        if let Some(until) = watched.valid_until {
            self.registry.certificate_ends(&self.host, until as f64);
        }
    }

    fn probed(&self, model: &str, attempt: &Attempt, at_s: f64) -> Probed {
        Probed {
            at_s,
            method: attempt.method.unwrap_or(self.method),
            model: model.to_owned(),
            host: self.host.clone(),
            port: self.port,
            api: self.api,
            outcome: Outcome::of(attempt),
            status: attempt.status,
            failure: attempt.failure.as_ref().map(|failure| (failure.stage, failure.fault)),
            took_ms: took(attempt),
            phases: attempt.phases,
            dialled: Vec::new(),
            input_tokens: attempt.input_tokens,
            output_tokens: attempt.output_tokens,
            served_by: attempt.model_version.clone(),
            response_id: attempt.response_id.clone(),
        }
    }

    /// Counts a command that was told of a change.
    pub(super) const fn alerted(&mut self, worked: bool) {
        self.registry.alerted(worked);
    }

    /// Puts the numbers where collectors find them.
    pub(super) fn publish(&self, _: &Around<'_>) {}
}

fn dialled(tried: &FamilyTried) -> Dialled {
    let family = if tried.name == "IPv6" { AddressFamily::V6 } else { AddressFamily::V4 };
    Dialled { family, connect_ms: tried.connect_ms }
}

/// The connection and the exchange together, as far as they came.
fn took(attempt: &Attempt) -> Option<f64> {
    let phases = &attempt.phases;
    let parts = [phases.dns_ms, phases.tcp_ms, phases.proxy_ms, phases.tls_ms, phases.total_ms];
    parts.iter().any(Option::is_some).then(|| parts.iter().flatten().sum())
}

fn standing(track: &Track) -> Standing {
    let now = track.now();
    let rate = now.filter(|now| now.calls > 0).map(Period::rate);
    Standing {
        verdict: track.verdict().word(),
        since_s: now.map(|now| now.from_ms as f64 / 1000.0),
        failure_rate: rate.map(|(value, low, high)| Rate { value, low, high }),
    }
}

//! What a watch counts over time, from the first call on. Counters only grow, and start at zero with the program; what
//! a label can say comes from closed sets and from what the watch was told to look at. Keeps no time of its own.

mod families;
mod gen_ai;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::facts::{Fault, Stage};

use self::gen_ai::Operations;
#[cfg(feature = "otlp")]
pub(super) use self::gen_ai::{error_type, operation, provider};
use super::{
    phases::{DURATIONS, PhaseDurations},
    probed::{AddressFamily, Dialled, Outcome, Probed, Standing},
    series::{Buckets, Family},
};

/// What a watch is told to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The program's version.
    pub version: String,
    /// The models, as calls will name them. A call to another one is counted as well.
    pub models: Vec<String>,
    /// Every word that a verdict can have.
    pub verdicts: &'static [&'static str],
    /// When the watch began, in seconds since 1970.
    pub started_s: f64,
}

/// All that was counted so far.
#[derive(Clone, Debug)]
pub struct Registry {
    setup: Setup,
    /// The scenario, where nothing of it is real.
    simulated: Option<String>,
    models: BTreeMap<String, Model>,
    /// What every model's calls go over, and its verdict.
    paths: BTreeMap<&'static str, &'static str>,
    families: BTreeMap<AddressFamily, Connects>,
    /// When the certificate of a host ends, in seconds since 1970.
    certificates: BTreeMap<String, f64>,
    alerts: Alerts,
    operations: Operations,
}

/// What was counted of one model.
#[derive(Clone, Debug, Default)]
struct Model {
    outcomes: BTreeMap<Outcome, u64>,
    statuses: BTreeMap<u16, u64>,
    failures: BTreeMap<(&'static str, String), u64>,
    input_tokens: u64,
    output_tokens: u64,
    phases: PhaseDurations,
    last_probe_s: Option<f64>,
    last_success_s: Option<f64>,
    standing: Option<Standing>,
    changes: u64,
}

/// What was counted of one family of addresses.
#[derive(Clone, Debug)]
struct Connects {
    open: Buckets,
    failed: u64,
}

/// How often somebody was told, and how often that failed.
#[derive(Clone, Copy, Debug, Default)]
struct Alerts {
    sent: u64,
    failed: u64,
}

impl Registry {
    /// Nothing counted yet.
    pub fn new(setup: Setup) -> Self {
        let models = setup.models.iter().map(|name| (name.clone(), Model::default())).collect();
        let families = AddressFamily::ALL.map(|family| (family, Connects::default())).into();
        Self {
            setup,
            simulated: None,
            models,
            paths: BTreeMap::new(),
            families,
            certificates: BTreeMap::new(),
            alerts: Alerts::default(),
            operations: Operations::default(),
        }
    }

    /// The same, where nothing of it will be real: every series says so.
    #[must_use]
    pub fn simulated(self, scenario: &str) -> Self {
        Self { simulated: Some(scenario.to_owned()), ..self }
    }

    /// Counts one call.
    pub fn record(&mut self, probed: &Probed) {
        probed.dialled.iter().for_each(|dialled| self.dialled(*dialled));
        self.operations.record(probed);
        self.model(&probed.model).record(probed);
    }

    /// Takes down where a model stands now.
    pub fn stands(&mut self, model: &str, standing: Standing) {
        self.model(model).standing = Some(standing);
    }

    /// Counts a change of the verdict on a model: one that is news, and not the first verdict of a watch that finds all well.
    pub fn changed(&mut self, model: &str) {
        self.model(model).changes += 1;
    }

    /// Takes down the verdict on what every model's calls go over: a look that finds no connection says nothing of a
    /// model, and is an outage all the same.
    pub fn path_stands(&mut self, path: &'static str, verdict: &'static str) {
        self.paths.insert(path, verdict);
    }

    /// Takes down when the certificate of a host ends, in seconds since 1970.
    pub fn certificate_ends(&mut self, host: &str, at_s: f64) {
        self.certificates.insert(host.to_owned(), at_s);
    }

    /// Counts a time that somebody was told of a change, and whether that worked.
    pub const fn alerted(&mut self, worked: bool) {
        match worked {
            true => self.alerts.sent += 1,
            false => self.alerts.failed += 1,
        }
    }

    /// All of it for collectors that read text.
    pub fn families(&self) -> Vec<Family> {
        self.labelled(families::of(self))
    }

    /// Operations and tokens by the names that the semantic conventions for generative AI give them.
    pub fn gen_ai(&self) -> Vec<Family> {
        self.labelled(self.operations.families(self.setup.started_s))
    }

    fn labelled(&self, mut families: Vec<Family>) -> Vec<Family> {
        if let Some(scenario) = &self.simulated {
            let all = families.iter_mut().flat_map(|family| &mut family.series);
            all.for_each(|one| one.labels.push(("simulated", scenario.clone())));
        }
        families
    }

    fn model(&mut self, name: &str) -> &mut Model {
        self.models.entry(name.to_owned()).or_default()
    }

    fn dialled(&mut self, dialled: Dialled) {
        let family = self.families.entry(dialled.family).or_default();
        match dialled.connect_ms {
            Some(ms) => family.open.add(ms / 1000.0),
            None => family.failed += 1,
        }
    }
}

impl Model {
    fn record(&mut self, probed: &Probed) {
        *self.outcomes.entry(probed.outcome).or_default() += 1;
        self.statuses(probed.status);
        self.failures(probed.failure);
        self.input_tokens += probed.input_tokens.unwrap_or(0);
        self.output_tokens += probed.output_tokens.unwrap_or(0);
        let answered = probed.outcome == Outcome::Answered;
        self.phases.add(&probed.phases, answered);
        self.last_probe_s = later(self.last_probe_s, probed.at_s);
        if answered {
            self.last_success_s = later(self.last_success_s, probed.at_s);
        }
    }

    /// A status that HTTP does not know is counted as none, so that a server cannot make up labels without end.
    fn statuses(&mut self, status: Option<u16>) {
        if let Some(status) = status.filter(|status| (100..600).contains(status)) {
            *self.statuses.entry(status).or_default() += 1;
        }
    }

    fn failures(&mut self, failure: Option<(Stage, Fault)>) {
        if let Some((stage, fault)) = failure {
            *self.failures.entry((stage.word(), word(fault))).or_default() += 1;
        }
    }
}

impl Default for Connects {
    fn default() -> Self {
        Self { open: Buckets::new(DURATIONS), failed: 0 }
    }
}

/// Calls may be told in another order than they began in.
fn later(known: Option<f64>, at_s: f64) -> Option<f64> {
    Some(known.map_or(at_s, |known| known.max(at_s)))
}

/// The word that the document has for a fault, too.
fn word(fault: Fault) -> String {
    let word = serde_json::to_value(fault).ok();
    word.and_then(|word| word.as_str().map(str::to_owned)).expect("a fault is a word")
}

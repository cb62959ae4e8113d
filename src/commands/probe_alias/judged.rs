//! All that the samples of a run show, worked out once for data, tables and texts. Must not phrase
//! anything, and decides nothing that `alias` has not.

use crate::{
    alias::{
        Cause, Conclusion, End, causes,
        figures::{self, Compared, Method, Rate, Sibling},
        forced::Shown,
        retry::{self, Advice},
        sample, verdict,
    },
    facts::models::ModelTable,
    probe::{self, alias::Probed},
};

/// A run with its meaning.
#[derive(Debug)]
pub struct Judged<'a> {
    /// What was brought.
    pub probed: &'a Probed,
    /// The verdict.
    pub conclusion: Conclusion,
    /// The failure rate over all calls that speak of the name.
    pub rate: Rate,
    /// The same over the stretch of time that the verdict is about, where the rate changed.
    pub present: Option<Rate>,
    /// Every factor that was tried.
    pub causes: Vec<Cause>,
    /// The one that explains most.
    pub leading: Option<Cause>,
    /// The name against its controls.
    pub compared: Compared,
    /// What a retry is worth.
    pub advice: Option<Advice>,
    /// The builds that failures named.
    pub builds: Vec<(String, usize)>,
    /// The models that served.
    pub versions: Vec<(String, usize)>,
    /// The answers that were no success.
    pub signatures: Vec<(String, usize)>,
}

impl<'a> Judged<'a> {
    /// Works it out.
    pub fn of(probed: &'a Probed) -> Self {
        let (samples, seed) = (&probed.samples, probed.plan.seed);
        let test = &probed.plan.course.test;
        let conclusion = verdict::conclude(samples, &probed.known, test, seed);
        let rate = probe::alias::rate(probed);
        let causes = causes::causes(samples, &conclusion, seed);
        let shown = causes::leading(&causes, samples, seed).cloned();
        let leading = shown.or_else(|| confirmed_suspicion(&causes, probed));
        let (forced, target) = (probed.forced.as_ref(), probed.plan.target);
        Self {
            advice: retry::advise(samples, &conclusion, leading.as_ref(), forced, target)
                .map(|advice| with_nowhere_to_go(advice, &probed.siblings)),
            compared: figures::compare(&rate, &probed.siblings),
            present: present(probed, &conclusion),
            builds: causes::builds(samples),
            versions: causes::versions(samples),
            signatures: causes::signatures(samples),
            probed,
            conclusion,
            rate,
            causes,
            leading,
        }
    }

    /// The factor that failures go with, unless the forced test spoke against it.
    pub fn factor(&self) -> Option<&Cause> {
        let refuted = |it: &&Cause| {
            let forced = self.probed.forced.as_ref();
            forced
                .is_some_and(|forced| forced.factor == it.factor && forced.result == Shown::Refuted)
        };
        self.leading.as_ref().filter(|cause| !refuted(cause))
    }

    /// How many calls were answered.
    pub fn answered(&self) -> usize {
        sample::count(&self.probed.samples, End::Answered)
    }

    /// How many calls were made.
    pub fn attempts(&self) -> usize {
        self.probed.samples.iter().filter(|sample| sample.end != End::NotSent).count()
    }

    /// The healthiest control that is not about to go, with what is not known about it.
    pub fn route(&self, table: &ModelTable) -> Option<&'a Sibling> {
        let stays = |one: &&Sibling| {
            let entry = table.find(&one.name);
            one.is_spotless() && entry.is_none_or(|entry| entry.retires.is_none())
        };
        // The moving alias comes first among equals, as the name that is meant to stay.
        self.probed
            .siblings
            .iter()
            .filter(stays)
            .max_by_key(|one| (one.samples.len(), one.name.ends_with("-latest")))
    }

    /// How many connections and addresses carried the calls.
    pub fn spread(&self) -> (usize, usize) {
        let distinct = |mut all: Vec<String>| {
            all.sort_unstable();
            all.dedup();
            all.len()
        };
        let samples = &self.probed.samples;
        let connections = samples.iter().filter_map(|it| it.connection);
        let addresses = samples.iter().filter_map(|it| it.remote.clone());
        (
            distinct(connections.map(|number| number.to_string()).collect()),
            distinct(addresses.collect()),
        )
    }
}

/// Nobody is sent to another model where every one that was asked fails as well.
fn with_nowhere_to_go(advice: Advice, siblings: &[Sibling]) -> Advice {
    let asked: Vec<&Sibling> = siblings.iter().filter(|one| one.rate().calls > 0).collect();
    let all_fail = !asked.is_empty() && asked.iter().all(|one| !one.is_healthy());
    let elsewhere = advice.policy.starts_with(retry::ELSEWHERE);
    if !(all_fail && elsewhere) {
        return advice;
    }
    Advice { policy: retry::without_another(&advice), ..advice }
}

/// A suspicion that the forced calls have borne out, with the p-value of all calls together.
fn confirmed_suspicion(causes: &[Cause], probed: &Probed) -> Option<Cause> {
    let forced = probed.forced.as_ref().filter(|it| it.result == Shown::Consistent)?;
    let cause =
        causes::suspected(causes, &probed.samples).filter(|cause| cause.factor == forced.factor)?;
    let p = forced.p?;
    Some(Cause { p, adjusted: (p * causes.len() as f64).min(1.0), ..cause.clone() })
}

fn present(probed: &Probed, conclusion: &Conclusion) -> Option<Rate> {
    if !conclusion.has_changed() {
        return None;
    }
    let own = sample::outcomes(&probed.samples);
    let stretch = &own[conclusion.present()];
    let failures = stretch.iter().filter(|failed| **failed).count();
    Some(Rate::of(failures, stretch.len(), Method::ClopperPearson))
}

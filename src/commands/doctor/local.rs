//! The local stage of `doctor`: what this machine shows before anything is sent. Opens no socket and needs no key.

mod scan;
mod sdks;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Map, Value};

use crate::{
    catalog,
    diagnose::matcher,
    error::UserError,
    facts::{
        Check, Clue, Layer, LocalFact, Severity, Status,
        check::{Evidence, Observation},
        time,
    },
    local::{
        around::{self, About, Answer},
        machine::Machine,
        scan as keys,
    },
    probe::{Clock, cloud, key::Depth},
    report::document::{Place, Sheet},
    settings::{Settings, World},
};

use super::super::plans;

/// The checks of this stage beside the key's own, in their order: permanent ids that begin with `local.`.
pub const CHECKS: &[&str] = &[
    SDKS.0,
    VARIABLES.0,
    CREDENTIALS,
    MACHINE.0,
    TRACKED.0,
    SHIPPED.0,
    LOGGED.0,
    LOOSE.0,
    BROWSER.0,
];

/// The login that lies on this machine, whoever uses it.
const CREDENTIALS: &str = "local.credentials";

/// A check's id and its title.
type Question = (&'static str, &'static str);

const SDKS: Question = ("local.sdks", "SDKs");
const VARIABLES: Question = ("local.variables", "variables");
const MACHINE: Question = ("local.machine", "machine");
const TRACKED: Question = ("local.tracked", "keys in git");
const SHIPPED: Question = ("local.shipped", "keys in builds");
const LOGGED: Question = ("local.logged", "keys in logs");
const LOOSE: Question = ("local.loose", "keys in files");
const BROWSER: Question = ("local.browser", "browser calls");

/// The checks that look through files for keys.
const OF_SCAN: [Question; 5] = [TRACKED, SHIPPED, LOGGED, LOOSE, BROWSER];

/// What there is to say of this machine.
#[derive(Default)]
pub struct Seen {
    /// The rows. They come before all others, also before the key's.
    pub rows: Vec<Observation>,
    /// The stage's own results.
    pub data: Map<String, Value>,
    /// Its tables.
    pub sheets: Vec<Sheet>,
    /// What it does not show.
    pub limits: Vec<String>,
    /// The places that findings are about.
    pub places: Vec<Place>,
}

/// Whether a check looks through files for keys.
pub fn is_of_scan(id: &str) -> bool {
    OF_SCAN.iter().any(|question| question.0 == id)
}

/// Looks at this machine, as far as its checks are asked. `scan` is the directory to look through for keys; a quick
/// look reads less of what lies around.
pub fn look(
    (scan, quick): (Option<&Path>, bool),
    settings: &Settings,
    world: &World,
    asks: impl Fn(&str) -> bool,
) -> Result<Seen, UserError> {
    let mut seen = Seen::default();
    let machine = Machine {
        variables: world.variables.clone(),
        directory: world.directory.clone(),
        root: (!world.simulated).then(|| PathBuf::from("/")),
    };
    if asks(SDKS.0) {
        sdks::look(&machine, settings, quick, &mut seen);
    }
    if [VARIABLES, MACHINE].iter().any(|question| asks(question.0)) {
        surroundings(&machine, &mut seen);
    }
    // Where the platform is asked with it, it has rows of its own.
    let login = plans::login(settings, Depth::Free);
    let is_used = plans::cloud(settings, Depth::Free).is_some();
    if !is_used && asks(CREDENTIALS) {
        seen.rows.extend(cloud::offline_row(&login));
    }
    if let Some(directory) = scan.filter(|_| OF_SCAN.iter().any(|question| asks(question.0))) {
        let used = fingerprints(settings);
        let directory = directory_to_scan(directory, world)?;
        let scanned = keys::look(&directory, &used, keys::Limits::default());
        let base = keys::base(&scanned, &directory, &world.directory);
        scan::tell(&scanned, &base, &mut seen);
    }
    seen.rows.retain(|row| asks(&row.check.id));
    Ok(seen)
}

fn surroundings(machine: &Machine, seen: &mut Seen) {
    let now = Duration::from_millis(Clock::start().started_unix_ms());
    let answers = around::look(machine, now, made());
    let variables = [About::Variables, About::Proxy, About::Trust];
    seen.rows.push(of_answers(VARIABLES, &answers, &variables));
    seen.rows.push(of_answers(MACHINE, &answers, &[About::Place, About::Clock]));
}

/// Several answers in one row.
fn of_answers(question: Question, answers: &[Answer], about: &[About]) -> Observation {
    let own = || answers.iter().filter(|answer| about.contains(&answer.about));
    let details = own().map(|answer| answer.detail.as_str()).filter(|detail| !detail.is_empty());
    let facts = own().flat_map(|answer| answer.facts.clone()).collect();
    row(question, &details.collect::<Vec<_>>().join("; "), facts)
}

/// The day of the catalogue, which no right clock is behind.
fn made() -> Duration {
    let days = time::days(catalog::as_of()).unwrap_or(0);
    Duration::from_secs(u64::try_from(days).unwrap_or(0) * 86_400)
}

/// The key in use, as it was found and as it is sent.
fn fingerprints(settings: &Settings) -> Vec<String> {
    let sent = plans::sendable(settings);
    settings.key.key.iter().chain(&sent).map(crate::secret::ApiKey::fingerprint).collect()
}

fn directory_to_scan(directory: &Path, world: &World) -> Result<PathBuf, UserError> {
    let leads_out =
        directory.is_absolute() || directory.components().any(|part| part.as_os_str() == "..");
    if world.simulated && leads_out {
        return Err(UserError::usage(
            format!(
                "could not use --scan {} with --simulate: nothing of this machine is read",
                directory.display()
            ),
            "name a directory of the scenario, or leave out --simulate",
        ));
    }
    let path = world.path(directory);
    match path.is_dir() {
        true => Ok(path),
        false => Err(UserError::usage(
            format!("could not look through {}: there is no such directory", directory.display()),
            "name a directory, or none for the one you are in",
        )),
    }
}

/// One row: its facts are its evidence, and the worst of them decides.
fn row((id, title): Question, detail: &str, facts: Vec<(LocalFact, String)>) -> Observation {
    let status = facts.iter().map(|(fact, _)| status(*fact)).min_by_key(|status| match status {
        Status::Fail => 0,
        Status::Warn => 1,
        _ => 2,
    });
    let said: Vec<String> = facts.iter().map(|(_, text)| text.clone()).collect();
    let parts = [listed(&said), detail.to_owned()].into_iter().filter(|part| !part.is_empty());
    let detail = parts.collect::<Vec<_>>().join("; ");
    let check = Check {
        id: id.to_owned(),
        stage: 1,
        title: title.to_owned(),
        layer: Layer::Local,
        status: status.unwrap_or(Status::Pass),
        duration_ms: None,
        detail,
        attempts: Vec::new(),
    };
    let evidence = facts.into_iter().map(|(fact, text)| Evidence {
        attempt: None,
        text,
        clues: vec![Clue::Local(fact)],
    });
    Observation { check, evidence: evidence.collect() }
}

/// What a fact makes of its row. What is only worth knowing leaves it as it should be.
fn status(fact: LocalFact) -> Status {
    match fact {
        LocalFact::ClockImpossible => Status::Fail,
        fact => match severity(fact) {
            Severity::Note => Status::Pass,
            Severity::Error | Severity::Warning => Status::Warn,
        },
    }
}

/// How bad the catalogue calls a fact.
fn severity(fact: LocalFact) -> Severity {
    fix_of(fact).map_or(Severity::Warning, |fix| fix.severity)
}

fn fix_of(fact: LocalFact) -> Option<&'static catalog::KnownFix> {
    matcher::candidates(&[Clue::Local(fact)]).first().map(|candidate| candidate.fix)
}

/// A list of things in one line, the first few of them.
fn listed(all: &[String]) -> String {
    const FEW: usize = 5;
    let first = all.iter().take(FEW).map(String::as_str).collect::<Vec<_>>().join("; ");
    match all.len().checked_sub(FEW) {
        Some(more) if more > 0 => format!("{first}; and {more} more"),
        _ => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_of_this_stage_has_its_fix() {
        for (fact, id) in [
            (LocalFact::RetiredPythonSdk, "sdk-retired-python"),
            (LocalFact::SdkUnpinned, "sdk-version-open"),
            (LocalFact::ImportWithoutSdk, "sdk-package-missing-or-mixed"),
            (LocalFact::KeyTracked, "key-in-repository"),
            (LocalFact::PublicKeyShipped, "public-key-in-bundle"),
            (LocalFact::BrowserCallsApi, "browser-calls-api"),
        ] {
            assert_eq!(fix_of(fact).map(|fix| fix.id), Some(id), "{fact:?}");
        }
    }

    #[test]
    fn a_note_leaves_a_row_as_it_should_be_and_the_worst_fact_decides() {
        let status = |facts: &[LocalFact]| {
            let facts = facts.iter().map(|fact| (*fact, "x".to_owned())).collect();
            row(SDKS, "", facts).check.status
        };
        assert_eq!(status(&[]), Status::Pass);
        assert_eq!(status(&[LocalFact::SdkUnpinned]), Status::Pass);
        assert_eq!(status(&[LocalFact::SdkUnpinned, LocalFact::RetiredGoSdk]), Status::Warn);
        assert_eq!(status(&[LocalFact::KeyLoose, LocalFact::ClockImpossible]), Status::Fail);
    }
}

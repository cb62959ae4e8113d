//! `gate`: what must hold before a deploy goes on, from a file or the built-in smoke set. Its arguments, the
//! plan that a gate becomes, and what a finished run is told with. Must neither ask nor print.

mod told;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::{
    catalog,
    error::UserError,
    facts::{Level, Measure, counted},
    gate::{ALIAS, Gate, Known, parse},
    probe::{
        Plan, Then,
        doctor::{DoctorPlan, Looks, Wanted},
        gate::{GatePlan, WantedLevel},
        key::Depth,
    },
    settings::{ApiChoice, Given, Settings, World, read_text},
};

use super::{doctor, plans};

pub use told::{Told, told};

/// Where a file is written to that nobody gave a name.
pub const FILE: &str = "gemini-gate.toml";
/// Far beyond any gate.
const MOST: u64 = 1024 * 1024;
/// Checks that need a file or an address of their own.
pub const NOT_HERE: &[&str] =
    &["request.tokens", "structured.schema", "structured.answers", "health.url"];

/// What a file says, for the help.
const ABOUT: &str = "\
Exit codes: 0 the gate is met; 1 it is not, or the cause is yours; 3, 4, 6 the
cause is theirs, the path, a quota; 5 it could not be told. A level that too
few calls cannot decide passes with a warning, unless the file says
inconclusive = \"fail\". In a job:
  gemini-doctor gate gate.toml --yes --report junit=gate.xml
  gemini-doctor gate --without-key skip      in jobs of forks, which have no key";

/// What `gate` takes.
#[derive(Args)]
#[command(after_help = ABOUT)]
pub struct GateArgs {
    /// the file that says what must hold [default: a smoke set of at most 10 requests and 15 s]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// write a commented file to begin with, to FILE or gemini-gate.toml, and ask nothing
    #[arg(long, conflicts_with = "print")]
    pub init: bool,
    /// write it over a file that is there
    #[arg(long, requires = "init")]
    pub force: bool,
    /// print the gate as a file, the smoke set where none is named, and ask nothing
    #[arg(long)]
    pub print: bool,
    /// what all live commands take
    #[command(flatten)]
    pub given: Given,
}

impl GateArgs {
    /// What must hold.
    pub fn gate(&self, world: &World) -> Result<Gate, UserError> {
        match &self.file {
            Some(path) => read(path, world),
            None => Ok(Gate::smoke(self.has_login())),
        }
    }

    /// Whether a login takes the place of a key.
    pub fn has_login(&self) -> bool {
        self.given.api == Some(ApiChoice::Vertex)
    }

    /// Where it comes from, in words.
    pub fn source(&self) -> String {
        match &self.file {
            Some(path) => path.display().to_string(),
            None => "the smoke set".to_owned(),
        }
    }

    /// The command that asks once more.
    pub fn again(&self) -> String {
        match &self.file {
            Some(path) => format!("gemini-doctor gate {}", path.display()),
            None => "gemini-doctor gate".to_owned(),
        }
    }
}

fn read(path: &Path, world: &World) -> Result<Gate, UserError> {
    let name = path.display().to_string();
    let decoded = read_text(&world.path(path), MOST).map_err(|why| {
        let hint = "gemini-doctor gate --init FILE writes one to begin with";
        UserError::usage(format!("could not read the gate {name}: {why}"), hint)
    })?;
    let (checks, fixes) = (checks(), fixes());
    parse(&decoded.text, &name, Known { checks: &checks, not_here: NOT_HERE, fixes: &fixes })
}

/// The ids of the checks that a gate can require.
pub fn checks() -> Vec<&'static str> {
    doctor::ids().filter(|id| !NOT_HERE.contains(id)).collect()
}

/// The ids of the known fixes.
pub fn fixes() -> Vec<&'static str> {
    catalog::all().map(|fix| fix.id).collect()
}

/// Narrows what may be spent to what the gate allows. The command line can narrow it further, and not widen it.
pub fn bound(gate: &Gate, settings: &mut Settings) {
    let budget = &mut settings.budget;
    let least = |own: Option<u64>, other: Option<u64>| own.into_iter().chain(other).min();
    budget.max_requests = least(budget.max_requests, gate.budget.requests);
    budget.max_tokens = least(budget.max_tokens, gate.budget.tokens);
    let seconds = gate.budget.seconds.map(std::time::Duration::from_secs_f64);
    budget.deadline = budget.deadline.into_iter().chain(seconds).min();
}

/// The plan for a gate.
pub fn plan(gate: &Gate, settings: &Settings) -> Plan {
    let decisive = gate.looked_at().filter(|id| gate.decides(id)).map(str::to_owned);
    let level =
        |level: &Level| WantedLevel { level: *level, decisive: gate.decides(level.measure.id()) };
    let plan = GatePlan {
        doctor: DoctorPlan {
            looks: Looks::Usual,
            wanted: Wanted { only: asked(gate), ..Wanted::default() },
            request: None,
            structured: None,
        },
        decisive: decisive.collect(),
        levels: gate.levels.iter().map(level).collect(),
    };
    let key = plans::key_plan(settings, Depth::Free);
    Plan { key, then: Then::Gate(Box::new(plan)) }
}

/// The checks that are asked: those that are required, the credential, and the model where it is called.
fn asked(gate: &Gate) -> std::collections::BTreeSet<String> {
    let credential = ["key.source", "key.shape", "adc.source"];
    let model = (!gate.levels.is_empty()).then_some("api.model");
    let ids = gate.looked_at().filter(|id| *id != ALIAS).chain(credential).chain(model);
    ids.map(str::to_owned).collect()
}

/// What a run costs at most, said before it begins.
pub fn cost(plan: &Plan, settings: &Settings) -> String {
    let all: u64 = plan.calls().iter().map(|(_, count)| u64::from(*count)).sum();
    let most = |calls: u64| settings.budget.max_requests.map_or(calls, |bound| bound.min(calls));
    let (requests, paid) = (most(all), most(u64::from(plan.paid_calls())));
    let tokens = paid.saturating_mul(plan.tokens_a_call());
    let tokens = settings.budget.max_tokens.map_or(tokens, |bound| bound.min(tokens));
    let time = settings.budget.deadline.map(|time| format!(", within {} s", time.as_secs_f64()));
    let told = format!(
        "this gate asks at most {}, {paid} of them paid, of at most {} in all{}",
        counted(requests, "request"),
        counted(tokens, "token"),
        time.unwrap_or_default()
    );
    std::iter::once(told).chain(undecided(plan, settings)).collect::<Vec<_>>().join("; ")
}

/// Levels that no run of this plan can show to hold, each with what it takes, said before anything is paid.
pub fn undecided(plan: &Plan, settings: &Settings) -> Vec<String> {
    let Then::Gate(plan) = &plan.then else { return Vec::new() };
    let short = short_of(&plan.levels, settings.budget.max_requests).map(|calls| {
        format!(
            "the budget is too small to show that every level holds: {} would",
            counted(calls, "call")
        )
    });
    plan.levels.iter().filter_map(|wanted| too_few(&wanted.level)).chain(short).collect()
}

/// A name holds after any number of calls of which none fails; other levels need so many that chance is no reason.
fn too_few(level: &Level) -> Option<String> {
    let (calls, needed) = (u64::from(level.calls), level.calls_to_meet(0));
    let is_short = level.measure != Measure::Alias && calls < needed;
    is_short.then(|| {
        format!(
            "{} cannot be shown to hold by calls = {calls} under [slo]: {needed} calls would",
            level.measure.id()
        )
    })
}

/// The fewest calls that can show every level to hold, where a budget of requests does not even allow these.
fn short_of(levels: &[WantedLevel], requests: Option<u64>) -> Option<u64> {
    let fewest =
        |wanted: &WantedLevel| wanted.level.calls_to_meet(0).min(wanted.level.calls.into());
    let fewest = levels.iter().map(fewest).max()?;
    requests.is_some_and(|most| most < fewest).then_some(fewest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{gate, report::snapshots};

    #[test]
    fn a_budget_that_can_never_show_a_level_is_told_before_a_call_is_paid() {
        let level = |calls: u32| {
            let level = Level { calls, ..Gate::smoke(false).levels[0] };
            [WantedLevel { level, decisive: true }]
        };
        assert_eq!(short_of(&level(7), Some(6)), Some(7));
        assert_eq!(short_of(&level(7), Some(7)), None);
        assert_eq!(short_of(&level(7), None), None);
        // A name may be cleared by fewer calls than it may take.
        assert_eq!(short_of(&level(150), Some(31)), Some(32));
        assert_eq!(short_of(&level(150), Some(32)), None);
    }

    #[test]
    fn calls_that_can_decide_nothing_are_told_with_what_would() {
        let level = |measure, at_most, calls| Level { calls, ..Level::new(measure, at_most) };
        let said = too_few(&level(Measure::LatencyP95, 500.0, 2));
        let expected =
            "slo.latency_p95_ms cannot be shown to hold by calls = 2 under [slo]: 59 calls would";
        assert_eq!(said.as_deref(), Some(expected));
        assert_eq!(too_few(&level(Measure::LatencyP95, 500.0, 59)), None);
        assert_eq!(too_few(&level(Measure::Alias, 0.0, 2)), None);
        assert_eq!(too_few(&level(Measure::TokensPerCall, 90.0, 1)), None);
    }

    #[test]
    fn the_committed_schema_is_that_of_the_reader() {
        let schema = gate::schema(&checks(), &fixes());
        let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
        snapshots::check("docs/schema/gate.schema.json", &format!("{text}\n"));
    }

    #[test]
    fn every_check_of_the_smoke_set_is_one_of_doctors() {
        for has_login in [false, true] {
            let known = checks();
            for id in Gate::smoke(has_login).checks {
                assert!(known.contains(&id.as_str()), "{id}");
            }
        }
    }
}

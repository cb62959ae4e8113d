//! The observations of every scenario, alone and two at a time: findings stand and fall with their evidence.
//!
//! Everything happens in this process, so that the clues can be seen, which no document shows.

use clap::Parser;

use crate::{
    cli::{Cli, Command},
    commands::plans,
    diagnose::evidence_tests::assert_holds,
    facts::{Clue, check::Observation},
    probe::{
        Clock, Journal, Runner, key, plan,
        runner::{Bounds, Vault},
    },
    secret::ApiKey,
    settings::{Settings, World},
    simulate::{self, Scenario},
};

use super::{
    live::{Live, Next, observe_machine},
    network,
    simulated::{self, Simulated},
};

#[test]
fn the_findings_of_every_scenario_stand_and_fall_with_their_evidence() {
    let runs: Vec<(&str, Vec<Observation>)> =
        simulate::scenarios().filter_map(|one| Some((one.id, seen(one)?))).collect();
    assert!(runs.len() > 100, "{}", runs.len());
    for (id, observations) in &runs {
        assert_holds(id, observations);
    }
    // Each with the one that stands half of the list away: faults of other families.
    for (number, (id, observations)) in runs.iter().enumerate().step_by(4) {
        let (other, others) = &runs[(number + runs.len() / 2) % runs.len()];
        let both: Vec<Observation> = observations.iter().chain(others).cloned().collect();
        assert_holds(&format!("{id} and {other}"), &both);
    }
}

/// What the scenario's own command sees; nothing for commands whose findings rest on more than rows.
fn seen(scenario: &'static Scenario) -> Option<Vec<Observation>> {
    let asked = ["check-key", "list-models", "doctor", "probe-alias"];
    if !scenario.needs.met() || !scenario.command.first().is_some_and(|word| asked.contains(word)) {
        return None;
    }
    let words = ["gemini-doctor"].iter().chain(scenario.command);
    let cli = Cli::try_parse_from(words.chain(&["--simulate", scenario.id])).expect("a command");
    let live = match cli.command.as_ref()? {
        Command::CheckKey(args) => Live::CheckKey(args),
        Command::ListModels(args) => Live::ListModels(args),
        Command::Doctor(args) => Live::Doctor(args),
        Command::ProbeAlias(args) => Live::ProbeAlias(args),
        _ => return None,
    };
    let simulated = simulated::start(live.given()).expect("a scenario").expect("one is named");
    Some(observed(&live, &simulated))
}

fn observed(live: &Live<'_>, simulated: &Simulated) -> Vec<Observation> {
    let bounds = Bounds { requests: 10_000, tokens: None, deadline: None };
    observed_within(bounds, live, simulated).observations()
}

/// The record of a run that may spend no more than this.
pub(super) fn observed_within(bounds: Bounds, live: &Live<'_>, simulated: &Simulated) -> Journal {
    let machine = World::bare(std::env::temp_dir());
    let (given, world) = simulated::surroundings(live.given(), &machine, simulated);
    let settings = Settings::resolve(&given, &world).expect("settings");
    let around = live.around(&world, Some(simulated));
    let plan = live.plan(&settings, [&world, &machine], (&around, None)).expect("a plan");
    let how = network::how(&settings, Some(&simulated.simulation)).expect("a way");
    let key = plans::sendable(&settings).filter(|_| plan.key.cloud.is_none());
    let key = key.unwrap_or_else(|| ApiKey::new(""));
    let limits = network::limits(&settings, Some(&simulated.simulation));
    let clock =
        Clock::start().on_day(&settings.model_table.as_of).ahead_by(simulated.simulation.time());
    let endpoint = &settings.endpoint.value;
    let mut runner = Runner::new(endpoint, &key, &how, limits, bounds, clock);
    let vault = Vault::default();
    runner.keep_in(&vault);
    runner.know(match &plan.key.cloud {
        Some(login) => login.named(),
        None => key::context_of(plan.key.shape.as_ref()),
    });
    runner.know(endpoint.flaw().map(Clue::Route));
    let mut product = plan::begin(&plan, &runner);
    let seen = live.machine(&plan, &settings, &world).expect("a machine");
    match observe_machine(&plan, seen.rows, &runner) {
        Ok(Next::Ask) => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = runtime.expect("an event loop");
            runtime.block_on(plan::run(&plan, &mut runner, &mut product));
            runtime.shutdown_background();
        }
        Ok(Next::End) | Err(_) => {}
    }
    runner.journal.clone()
}

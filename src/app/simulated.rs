//! `--simulate`: a scenario takes the place of the machine and of the network.

use crate::{
    error::UserError,
    settings::{Given, World, read_text},
    simulate::{self, Options, Scenario, Simulation},
};

/// Far beyond any scenario that somebody writes.
const MOST: u64 = 4 * 1024 * 1024;

/// A scenario at work.
pub(super) struct Simulated {
    pub(super) scenario: Scenario,
    pub(super) simulation: Simulation,
    seed: u64,
}

/// Starts the scenario that was asked for, if one was. It has a seed of its own, so that it shows the
/// same to everybody who names none.
pub(super) fn start(given: &Given) -> Result<Option<Simulated>, UserError> {
    let Some(name) = &given.simulate else { return Ok(None) };
    let scenario = find(name)?;
    let seed = given.seed.unwrap_or(scenario.seed);
    let options = Options { seed, ..Options::for_scenario(&scenario) };
    let simulation = Simulation::start(&scenario, &options).map_err(|error| {
        UserError::usage(format!("could not start the scenario {name:?}: {error}"), LIST)
    })?;
    Ok(Some(Simulated { scenario, simulation, seed }))
}

/// A built-in scenario, or one from a file.
pub(super) fn find(name: &str) -> Result<Scenario, UserError> {
    if let Some(scenario) = simulate::find(name) {
        return Ok(*scenario);
    }
    let path = std::path::Path::new(name);
    if !path.is_file() {
        return Err(UserError::usage(
            format!("could not find a scenario or a file {name:?}"),
            LIST,
        ));
    }
    let decoded = read_text(path, MOST)
        .map_err(|why| UserError::usage(format!("could not read {name:?}: {why}"), LIST))?;
    simulate::parse_file(&decoded.text).map_err(|error| {
        UserError::usage(format!("could not read the scenario file {name:?}: {error}"), LIST)
    })
}

const LIST: &str = "gemini-doctor simulate --list shows the built-in scenarios";

/// What the run sees instead of this machine.
pub(super) fn surroundings(
    given: &Given,
    machine: &World,
    simulated: &Simulated,
) -> (Given, World) {
    let client = simulated.simulation.client();
    let mut variables: std::collections::BTreeMap<String, String> =
        client.variables.iter().cloned().collect();
    if let Some(proxy) = &client.proxy {
        variables.insert("HTTPS_PROXY".to_owned(), proxy.clone());
    }
    let mut world = machine.simulate(client.directory.clone(), variables);
    world.config_file.clone_from(&client.config_file);
    world.key_file.clone_from(&client.key_file);
    world.key_command.clone_from(&client.key_command);
    let mut given = Given { seed: Some(simulated.seed), ..given.clone() };
    // What was typed is meant from where it was typed, not from the scenario's scratch directory.
    for path in given.ca_file.iter_mut().chain(&mut given.models_file) {
        *path = machine.path(path);
    }
    if given.base_url.is_none() {
        given.base_url.clone_from(&client.base_url);
    }
    (given, world)
}

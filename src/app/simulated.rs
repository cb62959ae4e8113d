//! `--simulate`: a scenario takes the place of the machine and of the network.

use crate::{
    commands,
    error::UserError,
    settings::{Given, World, nearest, read_text},
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

/// A scenario that is at work already.
#[cfg(test)]
pub(super) fn of(scenario: Scenario, simulation: Simulation) -> Simulated {
    Simulated { scenario, simulation, seed: 7 }
}

/// A built-in scenario, or one from a file.
pub(super) fn find(name: &str) -> Result<Scenario, UserError> {
    if let Some(scenario) = simulate::find(name) {
        return Ok(*scenario);
    }
    let path = std::path::Path::new(name);
    if !path.is_file() {
        let what = format!("could not find a scenario or a file {name:?}");
        return Err(UserError::usage(what, format!("{}{LIST}", alike(name))));
    }
    let decoded = read_text(path, MOST)
        .map_err(|why| UserError::usage(format!("could not read {name:?}: {why}"), LIST))?;
    simulate::parse_file(&decoded.text).map_err(|error| {
        UserError::usage(format!("could not read the scenario file {name:?}: {error}"), LIST)
    })
}

/// The scenario that is meant by a misspelt name, or those that share the most words with it.
fn alike(name: &str) -> String {
    const MOST: usize = 3;
    let ids: Vec<&str> = simulate::scenarios().map(|scenario| scenario.id).collect();
    if let Some(meant) = nearest(name, &ids) {
        return format!("did you mean {meant}? ");
    }
    let words: Vec<&str> = name.split(['-', '_', '.', ' ']).filter(|word| word.len() > 2).collect();
    let shared = |id: &str| {
        let parts: Vec<&str> = id.split(['-', '.']).collect();
        words.iter().filter(|word| parts.contains(word)).count()
    };
    let most = ids.iter().map(|id| shared(id)).max().unwrap_or(0);
    let best: Vec<&str> = ids.into_iter().filter(|id| most > 0 && shared(id) == most).collect();
    match best.as_slice() {
        [] => String::new(),
        best => format!("did you mean {}? ", best[..best.len().min(MOST)].join(" or ")),
    }
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
    given.api = given.api.or(commands::simulate::api(&simulated.scenario));
    (given, world)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_that_is_not_there_is_answered_with_one_that_is_meant() {
        let hint = |name: &str| find(name).expect_err("no such scenario").hint;
        let said = hint("api-key-invald");
        assert!(said.starts_with("did you mean api-key-invalid? gemini-doctor simulate"), "{said}");
        let said = hint("model-not-found");
        assert!(said.starts_with("did you mean ") && said.contains("model-"), "{said}");
        assert_eq!(hint("qqqqqqqqqqqqqqqqqqqqqqqqq"), LIST);
    }
}

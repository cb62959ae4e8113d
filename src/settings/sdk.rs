//! Variables that change where the SDKs send their requests. They are reported, so that a working check
//! here and a failing program beside it can be told apart; they are never obeyed.

use super::World;
use crate::facts::{Endpoint, LocalFact};

const BASE_URLS: [&str; 2] = ["GOOGLE_GEMINI_BASE_URL", "GOOGLE_VERTEX_BASE_URL"];
const ENTERPRISE: &str = "GOOGLE_GENAI_USE_ENTERPRISE";
const VERTEX: &str = "GOOGLE_GENAI_USE_VERTEXAI";

/// What the variables do to the SDKs.
pub(super) fn facts(world: &World) -> Vec<(LocalFact, String)> {
    base_urls(world).chain(cloud_switch(world)).collect()
}

fn base_urls(world: &World) -> impl Iterator<Item = (LocalFact, String)> {
    BASE_URLS.iter().filter_map(|name| {
        // A URL that holds a password or a query is not repeated.
        let place = match Endpoint::parse(world.variable(name)?, "") {
            Ok(endpoint) => endpoint.base_url(),
            Err(_) => "an address that is not a plain URL".to_owned(),
        };
        let detail = format!("{name} sends the SDKs to {place}; this run does not obey it");
        Some((LocalFact::BaseUrlVariable, detail))
    })
}

/// What is said of the switch where it is meant: a login is there. `None` where the SDKs are not switched.
pub(super) fn meant_switch(facts: &mut Vec<(LocalFact, String)>) -> Option<String> {
    let at = facts.iter().position(|(fact, _)| *fact == LocalFact::VertexSwitch)?;
    let (_, detail) = facts.remove(at);
    Some(format!("{detail}; gemini-doctor doctor --api vertex asks what the SDKs ask"))
}

/// The newer name wins where both are set, also when it says no.
fn cloud_switch(world: &World) -> Option<(LocalFact, String)> {
    let name = [ENTERPRISE, VERTEX].into_iter().find(|name| world.variable(name).is_some())?;
    let value = world.variable(name)?;
    if !(value.eq_ignore_ascii_case("true") || value == "1") {
        return None;
    }
    let part = |what: &str, name: &str| {
        let value = world.variable(name).unwrap_or("not set");
        format!("{what} {value}")
    };
    let detail = format!(
        "{name}={value} sends the SDKs to the cloud platform ({}, {}); this run does not obey it",
        part("project", "GOOGLE_CLOUD_PROJECT"),
        part("location", "GOOGLE_CLOUD_LOCATION")
    );
    Some((LocalFact::VertexSwitch, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Vec<(LocalFact, String)> {
        let mut world = World::bare(std::path::PathBuf::from("/nowhere"));
        for (name, value) in variables {
            world.variables.insert((*name).to_owned(), (*value).to_owned());
        }
        facts(&world)
    }

    #[test]
    fn a_base_url_is_shown_unless_it_holds_a_secret() {
        let found = of(&[("GOOGLE_GEMINI_BASE_URL", "https://gateway.example/x")]);
        assert_eq!(found[0].0, LocalFact::BaseUrlVariable);
        assert!(found[0].1.contains("https://gateway.example/x"), "{}", found[0].1);
        let found = of(&[("GOOGLE_VERTEX_BASE_URL", "https://u:hunter2@gateway.example")]);
        assert!(!found[0].1.contains("hunter2"), "{}", found[0].1);
        assert!(of(&[("GOOGLE_GEMINI_BASE_URL", "")]).is_empty());
    }

    #[test]
    fn only_true_and_1_are_yes_and_the_newer_name_wins() {
        let switched = |variables: &[(&str, &str)]| !of(variables).is_empty();
        assert!(switched(&[(VERTEX, "TRUE")]) && switched(&[(ENTERPRISE, "1")]));
        assert!(!switched(&[(VERTEX, "yes")]) && !switched(&[(VERTEX, "0")]));
        assert!(!switched(&[(VERTEX, "true"), (ENTERPRISE, "false")]));
        assert!(switched(&[(VERTEX, "false"), (ENTERPRISE, "true")]));
    }

    #[test]
    fn project_and_location_are_told_with_the_switch_only() {
        let project = ("GOOGLE_CLOUD_PROJECT", "example-project");
        assert!(of(&[project]).is_empty());
        let found = of(&[project, (VERTEX, "1")]);
        let part = "(project example-project, location not set)";
        assert!(found[0].1.contains(part), "{}", found[0].1);
    }
}

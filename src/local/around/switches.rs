//! The switches that lead Google's SDKs to the cloud platform, with project and location.

use crate::{facts::LocalFact, local::machine::Machine};

const NEWER: &str = "GOOGLE_GENAI_USE_ENTERPRISE";
const OLDER: &str = "GOOGLE_GENAI_USE_VERTEXAI";

/// Values that a person means as a yes, and that the SDKs take for a no.
const MEANT: [&str; 4] = ["yes", "on", "y", "enabled"];

pub(super) fn look(machine: &Machine) -> (Option<String>, Vec<(LocalFact, String)>) {
    let set = |name| machine.variable(name).map(|value| (name, value));
    let switches: Vec<(&str, &str)> = [NEWER, OLDER].into_iter().filter_map(set).collect();
    let mut facts = Vec::new();
    for (name, value) in &switches {
        if MEANT.iter().any(|yes| value.trim().eq_ignore_ascii_case(yes)) {
            let detail =
                format!("{name} has the value {value:?}, and SDKs take only true and 1 for a yes");
            facts.push((LocalFact::SwitchNotUnderstood, detail));
        }
    }
    if let [(newer, one), (older, other)] = switches[..]
        && is_yes(one) != is_yes(other)
    {
        let detail =
            format!("{newer}={} and {older}={}: the newer name wins", word(one), word(other));
        facts.push((LocalFact::SwitchesConflict, detail));
    }
    let on = switches.first().is_some_and(|(_, value)| is_yes(value));
    (on.then(|| cloud(machine)), facts)
}

fn is_yes(value: &str) -> bool {
    value.trim().eq_ignore_ascii_case("true") || value.trim() == "1"
}

const fn word(value: &str) -> &str {
    // What somebody wrote there by mistake may be a key.
    if value.len() <= 8 { value } else { "a longer text" }
}

/// Where the SDKs go in that mode.
fn cloud(machine: &Machine) -> String {
    let project = machine.variable("GOOGLE_CLOUD_PROJECT");
    let project = project.map_or("no project", |_| "a project");
    let named = ["GOOGLE_CLOUD_LOCATION", "GOOGLE_CLOUD_REGION"];
    let location = named.iter().find_map(|name| machine.variable(name));
    let location =
        location.filter(|text| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    let location = location.map_or("no location".to_owned(), |text| format!("location {text}"));
    format!("Google's SDKs call the cloud platform, with {project} and {location}")
}

//! What stands round a program on this machine: the variables of every SDK, proxies, certificates, the kind
//! of place it runs in, and the clock. Reads variables and looks whether files are there; no value of a
//! key or a login leaves here.

mod clock;
mod keys;
mod place;
mod providers;
mod proxy;
mod switches;
#[cfg(test)]
mod tests;
mod trust;

use std::time::Duration;

use super::machine::Machine;
use crate::facts::LocalFact;

/// The answer to one question about the surroundings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What was asked.
    pub about: About,
    /// What there is, in one line; empty where there is nothing to say.
    pub detail: String,
    /// What is odd about it.
    pub facts: Vec<(LocalFact, String)>,
}

/// What is asked about the surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The variables of SDKs: keys, switches, base URLs.
    Variables,
    /// The variables that name proxies.
    Proxy,
    /// The variables that name certificates.
    Trust,
    /// What kind of machine this is.
    Place,
    /// What time it shows.
    Clock,
}

/// Looks at the surroundings of a program. `now` and `made` are times since 1970: what the clock shows, and
/// when this program was made.
pub fn look(machine: &Machine, now: Duration, made: Duration) -> Vec<Answer> {
    let answer = |about, (detail, facts)| Answer { about, detail, facts };
    vec![
        answer(About::Variables, variables(machine)),
        answer(About::Proxy, proxy::look(machine)),
        answer(About::Trust, trust::look(machine)),
        answer(About::Place, (place::look(machine), Vec::new())),
        answer(About::Clock, clock::look(now, made)),
    ]
}

/// A line for people, and what is odd.
type Told = (String, Vec<(LocalFact, String)>);

fn variables(machine: &Machine) -> Told {
    let mut said = keys::look(machine);
    let (switch, mut facts) = switches::look(machine);
    said.extend(switch);
    let (also, crossing) = providers::look(machine);
    said.extend(also);
    facts.extend(crossing);
    let nothing = "no variable of a Gemini SDK is set".to_owned();
    (if said.is_empty() { nothing } else { said.join("; ") }, facts)
}

/// The place that a URL leads to, without a login and a query; a URL that holds them is not repeated.
fn place_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let is_host = |letter: char| letter.is_ascii_alphanumeric() || ".-:[]_".contains(letter);
    match host.chars().all(is_host) && !host.is_empty() && host.len() <= 255 {
        true => host.to_owned(),
        false => "an address that is not a plain URL".to_owned(),
    }
}

//! The variables that name proxies, and who obeys which of them.

use super::{Told, place_of};
use crate::{facts::LocalFact, local::machine::Machine};

/// Each variable in capitals and in small letters.
const PAIRS: [(&str, &str); 4] = [
    ("HTTPS_PROXY", "https_proxy"),
    ("HTTP_PROXY", "http_proxy"),
    ("ALL_PROXY", "all_proxy"),
    ("NO_PROXY", "no_proxy"),
];
/// The API's host, as lists of exceptions are held against it.
const HOST: &str = "generativelanguage.googleapis.com";

pub(super) fn look(machine: &Machine) -> Told {
    let facts = PAIRS.iter().filter_map(|pair| differing(machine, *pair)).collect();
    let either = |(upper, lower): (&str, &str)| machine.variable(lower).or(machine.variable(upper));
    let proxy = either(PAIRS[0]).or(either(PAIRS[2]));
    let except = either(PAIRS[3]).filter(|list| excepts(list));
    let detail = match (proxy, except, either(PAIRS[1])) {
        (Some(proxy), Some(_), _) => {
            format!("a proxy is set ({}), and NO_PROXY takes the API's host out", place_of(proxy))
        }
        (Some(proxy), None, _) => with_proxy(machine, proxy),
        (None, _, Some(_)) => "only HTTP_PROXY is set, which no https URL goes through".to_owned(),
        (None, _, None) => String::new(),
    };
    (detail, facts)
}

/// Where programs do not agree on the way.
fn with_proxy(machine: &Machine, proxy: &str) -> String {
    let place = place_of(proxy);
    let node = match machine.variable("NODE_USE_ENV_PROXY") {
        Some("1") => "",
        _ => "; Node's own fetch obeys it only with NODE_USE_ENV_PROXY=1 (Node 24 and later)",
    };
    format!("https goes through {place}{node}")
}

/// A value is never shown: it may hold a login.
fn differing(machine: &Machine, (upper, lower): (&str, &str)) -> Option<(LocalFact, String)> {
    // Windows knows one variable under both names.
    if cfg!(windows) {
        return None;
    }
    let (one, other) = (machine.variable(upper)?, machine.variable(lower)?);
    (one.trim() != other.trim()).then(|| {
        let detail = match upper {
            "NO_PROXY" => "NO_PROXY and no_proxy hold different lists".to_owned(),
            _ => format!("{upper} leads to {}, and {lower} to {}", place_of(one), place_of(other)),
        };
        (LocalFact::ProxyVariablesConflict, detail)
    })
}

/// Whether a list of exceptions takes the API's host out, as most programs read such lists.
fn excepts(list: &str) -> bool {
    let entries = list.split([',', ' ']).map(str::trim).filter(|entry| !entry.is_empty());
    let bare =
        |entry: &str| entry.trim_start_matches('*').trim_start_matches('.').to_ascii_lowercase();
    let mut entries = entries.map(|entry| (entry, bare(entry)));
    entries.any(|(entry, name)| {
        entry == "*" || name == HOST || !name.is_empty() && HOST.ends_with(&format!(".{name}"))
    })
}

//! The checks of a full look, what each rests on, and which of them a run asks. Pure.

use std::collections::BTreeSet;

/// One check, and those that must have passed before it can be asked.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Its permanent id.
    pub id: &'static str,
    /// The checks that it rests on.
    pub rests_on: &'static [&'static str],
}

const fn known(id: &'static str, rests_on: &'static [&'static str]) -> Known {
    Known { id, rests_on }
}

const fn first(id: &'static str) -> Known {
    Known { id, rests_on: &[] }
}

/// Every check that needs more than this machine's files, and the key's own.
pub const CHECKS: &[Known] = &[
    first("key.source"),
    known("key.shape", &["key.source"]),
    first("adc.source"),
    known("adc.shape", &["adc.source"]),
    known("adc.key", &["adc.shape"]),
    first("cloud.project"),
    first("cloud.location"),
    first("net.dns"),
    // Whoever leaves the network out asks no host for a token.
    known("adc.token", &["adc.shape", "net.dns"]),
    known("adc.clock", &["adc.token"]),
    known("adc.exchange", &["adc.token"]),
    known("net.tcp", &["net.dns"]),
    known("net.proxy", &["net.tcp"]),
    known("net.tls", &["net.tcp"]),
    known("net.protocol", &["net.tls"]),
    known("net.answer", &["net.tls"]),
    known("net.endpoint", &["net.answer"]),
    known("health.url", &["net.dns"]),
    known("api.list", &["net.answer"]),
    known("api.route", &["api.list"]),
    known("cloud.auth", &["api.list"]),
    known("cloud.service", &["cloud.auth"]),
    known("cloud.permission", &["cloud.service"]),
    known("cloud.quota", &["cloud.permission"]),
    known("api.model", &["api.list"]),
    first("request.lint"),
    known("request.tokens", &["api.model"]),
    known("api.alias", &["api.model"]),
    known("stream.end", &["api.model"]),
    known("stream.first", &["stream.end"]),
    known("stream.pace", &["stream.end"]),
    known("stream.whole", &["stream.end"]),
    known("api.tool", &["api.model"]),
    known("api.structured", &["api.model"]),
    first("structured.schema"),
    known("structured.answers", &["api.model"]),
];

/// Which checks a run asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// These, and what they rest on; everything where it is empty.
    pub only: BTreeSet<String>,
    /// None of these, nor what rests on them.
    pub skip: BTreeSet<String>,
}

impl Wanted {
    /// Whether a check is asked.
    pub fn asks(&self, id: &str) -> bool {
        self.is_chosen(id) && !self.is_left_out(id)
    }

    /// Whether a check is among those that were wished for by name.
    pub fn names(&self, id: &str) -> bool {
        self.only.contains(id)
    }

    /// Whether anything is asked that needs the network.
    pub fn needs_network(&self) -> bool {
        CHECKS.iter().any(|check| is_of_network(check.id) && self.asks(check.id))
    }

    /// Whether it was wished for by name, or everything was.
    fn is_chosen(&self, id: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == id || rests_on(only, id))
    }

    fn is_left_out(&self, id: &str) -> bool {
        self.skip.iter().any(|skip| skip == id || rests_on(id, skip))
    }
}

/// Whether a check cannot be asked without the network.
pub(super) fn is_of_network(id: &str) -> bool {
    const OFFLINE: [&str; 7] = [
        "adc.source",
        "adc.shape",
        "adc.key",
        "cloud.project",
        "cloud.location",
        "request.lint",
        "structured.schema",
    ];
    !id.starts_with("key.") && !id.starts_with("local.") && !OFFLINE.contains(&id)
}

/// Whether one check cannot be asked without the other.
fn rests_on(id: &str, other: &str) -> bool {
    let below = find(id).map_or(&[][..], |check| check.rests_on);
    below.iter().any(|one| *one == other || rests_on(one, other))
}

fn find(id: &str) -> Option<&'static Known> {
    CHECKS.iter().find(|check| check.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(only: &[&str], skip: &[&str]) -> Wanted {
        let set = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        Wanted { only: set(only), skip: set(skip) }
    }

    #[test]
    fn what_a_check_rests_on_is_asked_too() {
        let wanted = wanted(&["api.model"], &[]);
        for id in ["net.dns", "net.tls", "net.answer", "api.list", "api.model"] {
            assert!(wanted.asks(id), "{id}");
        }
        for id in ["api.alias", "api.route", "key.shape", "local.sdk"] {
            assert!(!wanted.asks(id), "{id}");
        }
    }

    #[test]
    fn what_rests_on_a_check_that_is_left_out_is_left_out_too() {
        let wanted = wanted(&[], &["api.list"]);
        assert!(wanted.asks("net.answer") && wanted.asks("key.shape"));
        assert!(!wanted.asks("api.model") && !wanted.asks("api.alias"));
        assert!(!self::wanted(&["local.sdk"], &[]).needs_network());
        assert!(!self::wanted(&[], &["net.dns"]).needs_network());
    }

    #[test]
    fn every_check_rests_on_one_that_stands_before_it() {
        for (place, check) in CHECKS.iter().enumerate() {
            let stands_before =
                |below: &&str| CHECKS[..place].iter().any(|before| before.id == *below);
            assert!(check.rests_on.iter().all(stands_before), "{}", check.id);
        }
    }
}

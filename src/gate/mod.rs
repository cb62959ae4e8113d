//! Checks, service levels and waivers from a file, held against a report. Pure: no file is read here and nothing is asked.

mod file;
mod held;
mod levels;
mod schema;
mod template;
mod waiver;

use crate::facts::{Level, Measure};

pub use file::{Known, parse};
pub use held::{Cause, Held, Kind, Requirement, Seen, hold};
pub use levels::{Shown, shown};
pub use schema::schema;
pub use template::{commented, toml};
pub use waiver::{Subject, Waiver, WaiverState};

/// The check that is sampled instead of looked at: a short look would stop one deploy in 25 at a name of
/// which one call in a hundred fails.
pub const ALIAS: &str = "api.alias";

/// What must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gate {
    /// The ids of the checks.
    pub checks: Vec<String>,
    /// The levels, that of the alias among them where its check is required.
    pub levels: Vec<Level>,
    /// What may be spent.
    pub budget: Budget,
    /// What is passed over for a while.
    pub waivers: Vec<Waiver>,
    /// Whether levels that its calls do not decide fail the gate.
    pub fails_if_open: bool,
    /// Whether it is the built-in set, in which a check that does not apply is no fault.
    pub is_smoke: bool,
}

/// What may be spent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Budget {
    /// Requests.
    pub requests: Option<u64>,
    /// Tokens, sent and received.
    pub tokens: Option<u64>,
    /// Seconds for the whole run.
    pub seconds: Option<f64>,
}

/// The calls of the built-in set to the model.
const SMOKE_CALLS: u32 = 7;
/// The requests of the built-in set.
const SMOKE_REQUESTS: u64 = 10;
/// Its seconds.
const SMOKE_SECONDS: f64 = 15.0;
/// Its checks on the way, after those of the credential.
const SMOKE_CHECKS: [&str; 6] =
    ["net.dns", "net.tcp", "net.tls", "net.answer", "api.list", "api.model"];

impl Gate {
    /// The built-in set: does the way work, is the key good, does the model answer?
    pub fn smoke(has_login: bool) -> Self {
        let credential =
            if has_login { ["adc.source", "adc.token"] } else { ["key.source", "key.shape"] };
        let ids = credential.into_iter().chain(SMOKE_CHECKS).chain([ALIAS]);
        Self {
            checks: ids.map(str::to_owned).collect(),
            levels: vec![Level { calls: SMOKE_CALLS, ..Level::new(Measure::Alias, 0.0) }],
            budget: Budget {
                requests: Some(SMOKE_REQUESTS),
                tokens: None,
                seconds: Some(SMOKE_SECONDS),
            },
            is_smoke: true,
            ..Self::default()
        }
    }

    /// The checks that are looked at.
    pub fn looked_at(&self) -> impl Iterator<Item = &str> {
        self.checks.iter().map(String::as_str).filter(|id| *id != ALIAS)
    }

    /// How many requirements there are.
    pub fn len(&self) -> usize {
        self.looked_at().count() + self.levels.len()
    }

    /// Whether nothing is required.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The waiver of a requirement by its id, if there is one.
    pub fn waiver_of(&self, id: &str) -> Option<(usize, &Waiver)> {
        let is_of = |waiver: &Waiver| waiver.subject == Subject::Check(id.to_owned());
        self.waivers.iter().enumerate().find(|(_, waiver)| is_of(waiver))
    }

    /// Whether a failure of this requirement decides the gate, whatever else is found.
    pub fn decides(&self, id: &str) -> bool {
        let may_be_waived = |waiver: &Waiver| match &waiver.subject {
            Subject::Check(check) => check == id,
            // Which cause it has is only known at the end.
            Subject::Finding(_) => true,
        };
        !self.waivers.iter().any(may_be_waived)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smoke_set_keeps_its_promise() {
        for has_login in [false, true] {
            let smoke = Gate::smoke(has_login);
            assert!(smoke.budget.requests <= Some(10) && smoke.budget.seconds <= Some(15.0));
            // A list, a model, a count, and the calls themselves.
            assert!(3 + u64::from(smoke.levels[0].calls) <= SMOKE_REQUESTS);
            assert_eq!(smoke.len(), smoke.checks.len());
        }
    }
}

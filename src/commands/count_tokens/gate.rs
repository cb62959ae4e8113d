//! `--max`: whether a count is small enough, as far as the count can tell. Judges; prints nothing.

use serde_json::{Value, json};

use super::{input::Total, words::grouped};

/// A bound that was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gate {
    max: u64,
    pub(super) result: Passes,
    tokens: u64,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passes {
    /// It is at or below the bound, error and all.
    Yes,
    /// It is above, error and all.
    No,
    /// The bound lies within the error.
    Unclear,
}

impl Gate {
    pub(super) fn of(max: u64, total: &Total) -> Self {
        let result = match total.high {
            _ if total.low > max => Passes::No,
            Some(high) if high <= max => Passes::Yes,
            _ => Passes::Unclear,
        };
        Self { max, result, tokens: total.tokens }
    }

    /// By the service's own count, which has no error.
    pub(super) fn counted(max: u64, tokens: u64) -> Self {
        let result = if tokens > max { Passes::No } else { Passes::Yes };
        Self { max, result, tokens }
    }

    /// What the headline says of it.
    pub(super) fn phrase(&self) -> String {
        let max = grouped(self.max);
        match self.result {
            Passes::Yes => format!("within the {max} that --max allows"),
            Passes::No if self.tokens > self.max => {
                format!("{} more than the {max} that --max allows", grouped(self.tokens - self.max))
            }
            Passes::No => format!("more than the {max} that --max allows"),
            Passes::Unclear => {
                format!("whether that is within the {max} of --max lies inside the error")
            }
        }
    }

    /// Why it cannot tell, and what can.
    pub(super) fn line(&self, total: &Total) -> Option<String> {
        let between = match (self.result, total.high) {
            (Passes::Unclear, Some(high)) => {
                format!(
                    "between {} and {} tokens, as far as is known",
                    grouped(total.low),
                    grouped(high)
                )
            }
            (Passes::Unclear, None) => {
                format!("{} tokens or more, as far as is known", grouped(total.low))
            }
            _ => return None,
        };
        Some(format!(
            "{between}; the service's own count decides it, for free: --verify; or say by how much an estimate may \
             be off: --margin PERCENT"
        ))
    }

    pub(super) fn json(&self) -> Value {
        let result = match self.result {
            Passes::Yes => "pass",
            Passes::No => "fail",
            Passes::Unclear => "inconclusive",
        };
        json!({"max": self.max, "result": result})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_inside_the_error_decides_nothing() {
        let total = |low, high| Total {
            tokens: 100,
            low,
            high,
            bytes: 400,
            line_feeds: 0,
            inputs: 1,
            is_exact: high == Some(low),
            is_whole: high.is_some(),
            is_all_text: true,
        };
        for (low, high, max, result) in [
            (100, Some(100), 100, Passes::Yes),
            (100, Some(100), 99, Passes::No),
            (90, Some(110), 110, Passes::Yes),
            (90, Some(110), 100, Passes::Unclear),
            (90, Some(110), 89, Passes::No),
            (100, None, 1_000, Passes::Unclear),
            (100, None, 99, Passes::No),
        ] {
            assert_eq!(Gate::of(max, &total(low, high)).result, result, "{low} {high:?} {max}");
        }
    }

    #[test]
    fn the_services_own_count_always_decides() {
        let results = [99, 100, 101].map(|tokens| Gate::counted(100, tokens).result);
        assert_eq!(results, [Passes::Yes, Passes::Yes, Passes::No]);
    }
}

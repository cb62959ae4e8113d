//! `--tpm`: how often a minute a request of this size fits into a quota of tokens. Computes only.

use serde_json::{Value, json};

use super::{
    input::Total,
    words::{counted, grouped},
};

/// A quota of tokens a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    quota: u64,
    tokens: u64,
}

impl Pace {
    pub(super) fn of(quota: u64, total: &Total) -> Self {
        Self { quota, tokens: total.tokens }
    }

    /// Whole requests a minute; none where there are no tokens to send.
    fn requests(self) -> Option<u64> {
        self.quota.checked_div(self.tokens)
    }

    pub(super) fn line(self) -> String {
        let quota = grouped(self.quota);
        match self.requests() {
            None => format!("no tokens, so {quota} tokens a minute are no bound"),
            Some(0) => format!(
                "not one of these fits into {quota} tokens a minute: each would be refused with 429"
            ),
            Some(requests) => {
                let every = self.tokens as f64 * 60.0 / self.quota as f64;
                let fit = if requests == 1 { "fits" } else { "fit" };
                let pause =
                    if every < 0.1 { String::new() } else { format!(", one every {every:.1} s") };
                format!(
                    "{} of these {fit} into {quota} tokens a minute{pause}",
                    counted(requests, "request")
                )
            }
        }
    }

    pub(super) fn json(self) -> Value {
        json!({
            "tokens_per_minute": self.quota,
            "requests_per_minute": self.requests(),
            "seconds_per_request": (self.tokens > 0).then(|| self.tokens as f64 * 60.0 / self.quota as f64),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_requests_fit() {
        let pace = |quota, tokens| Pace { quota, tokens };
        assert_eq!(pace(1_000_000, 300_000).requests(), Some(3));
        assert!(pace(1_000_000, 300_000).line().contains("one every 18.0 s"));
        assert_eq!(pace(250_000, 250_001).requests(), Some(0));
        assert!(pace(250_000, 250_001).line().contains("429"));
        assert_eq!(pace(250_000, 0).requests(), None);
    }
}

//! A count against what the model takes and gives. Computes; lays nothing out.

use serde_json::{Value, json};

use crate::facts::limits::{self, Thinks};

use super::{
    Basis,
    input::Total,
    words::{counted, grouped, percent},
};

/// From here on people have reported answers that stop being stable, below the limit.
const CEILING: u64 = 800_000;

/// How a count fits a model.
pub(super) struct Context<'a> {
    basis: &'a Basis,
    tokens: u64,
    granted: Granted,
}

/// What a request itself allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Granted {
    /// The most tokens of output.
    pub output: Option<u64>,
    /// The tokens of thinking among them; -1 leaves them to the model.
    pub thinking: Option<i64>,
}

impl Granted {
    /// In words; none where it says nothing.
    fn line(self) -> Option<String> {
        let output = self
            .output
            .map(|most| format!("the request allows {} of output", counted(most, "token")));
        let thinking = self.thinking.map(|most| match u64::try_from(most) {
            Ok(0) => "thinking may take none".to_owned(),
            Ok(most) => format!(
                "thinking may take {} of them",
                grouped(most.min(self.output.unwrap_or(most)))
            ),
            Err(_) => "thinking may take as many of them as the model likes".to_owned(),
        });
        match (output, thinking) {
            (Some(output), Some(thinking)) => Some(format!("{output}; {thinking}")),
            (None, Some(thinking)) => {
                Some(format!("by the request, {}", thinking.replace("of them", "of output")))
            }
            (output, None) => output,
        }
    }
}

impl<'a> Context<'a> {
    /// None where nothing was counted.
    pub(super) fn of(total: &Total, granted: Granted, basis: &'a Basis) -> Option<Self> {
        (total.inputs > 0).then_some(Self { basis, tokens: total.tokens, granted })
    }

    /// The line on what the request itself allows.
    pub(super) fn granted_line(&self) -> Option<String> {
        self.granted.line()
    }

    /// Which share of the limit is used.
    pub(super) fn used(&self) -> Option<f64> {
        self.basis.limits.input.map(|limit| self.tokens as f64 / limit as f64)
    }

    /// Whether it is more than the model takes.
    pub(super) fn is_over(&self) -> bool {
        self.basis.limits.input.is_some_and(|limit| self.tokens > limit)
    }

    /// Whether it is where a ceiling below the limit was reported.
    pub(super) fn is_high(&self) -> bool {
        self.tokens > CEILING
    }

    /// The longest answer that there is room for, thinking included.
    pub(super) fn output_left(&self) -> Option<u64> {
        let limits = &self.basis.limits;
        let output = limits.output?;
        match (limits.shared, limits.input) {
            (true, Some(both)) => Some(output.min(both.saturating_sub(self.tokens))),
            (true, None) => None,
            (false, _) => Some(output),
        }
    }

    /// The most that thinking can take, where that is a number.
    fn thinking_max(&self) -> Option<u64> {
        match self.basis.limits.thinking {
            Thinks::Never => Some(0),
            Thinks::OnRequest { budget_max } | Thinks::ByDefault { budget_max } => Some(budget_max),
            Thinks::Always { budget_max } => budget_max,
            Thinks::Unknown => None,
        }
    }

    /// `1.2 % of its 1,048,576 input limit`.
    pub(super) fn phrase(&self) -> Option<String> {
        let limit = self.basis.limits.input?;
        Some(format!("{} of its {} input limit", percent(self.used()?), grouped(limit)))
    }

    /// What else fits in.
    pub(super) fn left_line(&self) -> Option<String> {
        let limit = self.basis.limits.input?;
        let left = grouped(limit.saturating_sub(self.tokens));
        Some(format!("{left} of {} tokens of input are left", grouped(limit)))
    }

    /// The line on what is left for the answer.
    pub(super) fn output_line(&self) -> Option<String> {
        let left = self.output_left()?;
        let shared =
            if self.basis.limits.shared { ", since input and output share one limit" } else { "" };
        let thinking = match (self.basis.limits.thinking, self.thinking_max()) {
            (Thinks::Never, _) => "; this model does not think".to_owned(),
            (_, Some(most)) => format!(
                "; thinking counts as output and can take up to {} of them",
                grouped(most.min(left))
            ),
            (_, None) => {
                "; thinking counts as output, and its share has no published number".to_owned()
            }
        };
        Some(format!("room for an answer of {} tokens{shared}{thinking}", grouped(left)))
    }

    pub(super) fn json(&self) -> Value {
        let known = &self.basis.limits;
        json!({
            "model": self.basis.model,
            "input_limit": known.input,
            "used_percent": self.used().map(|share| share * 100.0),
            "input_left": known.input.map(|limit| limit.saturating_sub(self.tokens)),
            "over_limit": known.input.map(|_| self.is_over()),
            "output_limit": known.output,
            "output_left": self.output_left(),
            "thinking_counts_as_output": match known.thinking {
                Thinks::Unknown => None,
                thinking => Some(thinking != Thinks::Never),
            },
            "thinking_tokens_max": self.thinking_max(),
            "above_reported_ceiling": self.is_high(),
            "request_output_tokens_max": self.granted.output,
            "request_thinking_budget": self.granted.thinking,
            "as_of": limits::AS_OF,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_request_allows_is_told_as_far_as_it_says() {
        let line = |output, thinking| Granted { output, thinking }.line();
        assert_eq!(line(None, None), None);
        assert_eq!(
            line(Some(4_096), Some(9_000)).as_deref(),
            Some("the request allows 4,096 tokens of output; thinking may take 4,096 of them")
        );
        for (output, thinking, part) in [
            (Some(1), None, "allows 1 token of output"),
            (Some(9), Some(0), "thinking may take none"),
            (None, Some(-1), "as many of output as the model likes"),
            (None, Some(1_024), "thinking may take 1,024 of output"),
        ] {
            let line = line(output, thinking).expect("it says something");
            assert!(line.contains(part), "{line}");
        }
    }
}

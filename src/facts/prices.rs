//! What tokens of a model cost, as a file of the user's own says it. No price is built in: none could be verified.

use serde::Deserialize;

const MILLION: f64 = 1e6;

/// The prices of one model, per million tokens.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Price {
    input: f64,
    output: f64,
    /// Prompts of more tokens have prices of their own.
    above: Option<u64>,
    input_above: Option<f64>,
    output_above: Option<f64>,
}

impl Price {
    /// The prices of input and output, per million tokens, of a call with so long a prompt.
    pub fn at(&self, input_tokens: u64) -> (f64, f64) {
        let is_above = self.above.is_some_and(|above| input_tokens > above);
        let pick = |below, above: Option<f64>| above.filter(|_| is_above).unwrap_or(below);
        (pick(self.input, self.input_above), pick(self.output, self.output_above))
    }

    /// What one call costs.
    pub fn cost(&self, input_tokens: u64, output_tokens: u64) -> f64 {
        let (input, output) = self.at(input_tokens);
        (input_tokens as f64 * input + output_tokens as f64 * output) / MILLION
    }

    /// What is wrong with them: a fragment.
    pub fn flaw(&self) -> Option<&'static str> {
        let all = [Some(self.input), Some(self.output), self.input_above, self.output_above];
        if all.iter().flatten().any(|price| !price.is_finite() || *price < 0.0) {
            return Some("a price is no number, or less than nothing");
        }
        let both = self.input_above.is_some() && self.output_above.is_some();
        let none = self.input_above.is_none() && self.output_above.is_none();
        let is_whole = if self.above.is_some() { both } else { none };
        (!is_whole).then_some("above, input_above and output_above belong together")
    }
}

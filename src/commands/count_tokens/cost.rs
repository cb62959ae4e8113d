//! Prices out of a file of the user's own, and what a count costs by them. No price is built in: none could be
//! verified.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{input::Total, words::grouped};
use crate::facts::{prices::Price, time};

/// A file of prices, per million tokens.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// The day they were looked up.
    as_of: String,
    /// Their currency.
    #[serde(default = "dollars")]
    currency: String,
    /// By model.
    models: BTreeMap<String, Price>,
}

/// What a count costs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cost {
    input: f64,
    input_price: f64,
    output_price: f64,
    currency: String,
    as_of: String,
}

fn dollars() -> String {
    "USD".to_owned()
}

impl Prices {
    /// Reads a file. The error is a fragment.
    pub fn read(text: &str) -> Result<Self, String> {
        let prices: Self =
            toml::from_str(text).map_err(|error| error.to_string().trim().to_owned())?;
        if time::days(&prices.as_of).is_none() {
            return Err(format!("as_of is no day such as 2026-11-20: {:?}", prices.as_of));
        }
        match prices.models.iter().find_map(|(name, price)| Some((name, price.flaw()?))) {
            Some((name, flaw)) => Err(format!("{name}: {flaw}")),
            None => Ok(prices),
        }
    }

    /// The prices by model.
    pub const fn by_model(&self) -> &BTreeMap<String, Price> {
        &self.models
    }

    /// Their currency.
    pub fn currency(&self) -> &str {
        &self.currency
    }

    /// The day they were looked up.
    pub fn as_of(&self) -> &str {
        &self.as_of
    }

    /// What so many prompts of a model cost, in words; none where the file does not name it. Answers are short, and
    /// their price is left out. `bound` is what the number of tokens is: at most or at least so many.
    pub fn of_prompts(
        &self,
        model: &str,
        prompts: u64,
        (bound, tokens_each): (&str, u64),
    ) -> Option<String> {
        let cost = self.cost_of(model, tokens_each)?;
        let all = money(cost.input * prompts as f64);
        let Cost { currency, as_of, .. } = cost;
        Some(format!("{bound} {all} {currency} for the prompts by the prices of {as_of}"))
    }

    /// What so many tokens of a model cost; none where the file does not name it.
    pub(super) fn cost(&self, model: &str, total: &Total) -> Option<Cost> {
        self.cost_of(model, total.tokens)
    }

    fn cost_of(&self, model: &str, tokens: u64) -> Option<Cost> {
        let price = self.models.get(model)?;
        let (input_price, output_price) = price.at(tokens);
        Some(Cost {
            input: tokens as f64 / 1e6 * input_price,
            input_price,
            output_price,
            currency: self.currency.clone(),
            as_of: self.as_of.clone(),
        })
    }
}

impl Cost {
    pub(super) fn line(&self, total: &Total) -> String {
        let Self { currency, as_of, .. } = self;
        let about = if total.is_exact { "" } else { "about " };
        format!(
            "{about}{} {currency} for this input, at {} a million; 1,000 tokens of answer are {} (prices as of {as_of})",
            money(self.input),
            money(self.input_price),
            money(self.output_price / 1000.0)
        )
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "input": self.input,
            "input_per_million": self.input_price,
            "output_per_million": self.output_price,
            "currency": self.currency,
            "prices_as_of": self.as_of,
        })
    }
}

/// Four digits that say something, however small.
pub fn money(amount: f64) -> String {
    if amount == 0.0 {
        return "0".to_owned();
    }
    if amount >= 1000.0 {
        return grouped(amount.round() as u64);
    }
    let before = amount.log10().floor() as i32 + 1;
    let decimals = usize::try_from(4 - before.min(2)).unwrap_or(2).min(12);
    let text = format!("{amount:.decimals$}");
    let short = text.trim_end_matches('0');
    if short.ends_with('.') { format!("{short}00") } else { short.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "as_of = \"2026-11-20\"\n[models.\"gemini-2.5-pro\"]\ninput = 1.25\noutput = 10\n\
                        above = 200000\ninput_above = 2.5\noutput_above = 15.0\n";

    fn total(tokens: u64) -> Total {
        Total {
            tokens,
            low: tokens,
            high: Some(tokens),
            bytes: 0,
            line_feeds: 0,
            inputs: 1,
            is_exact: true,
            is_whole: true,
            is_all_text: true,
        }
    }

    #[test]
    fn a_large_prompt_has_the_prices_of_large_prompts() {
        let prices = Prices::read(FILE).unwrap();
        let input = |tokens| prices.cost("gemini-2.5-pro", &total(tokens)).unwrap().input;
        assert!((input(200_000) - 0.25).abs() < 1e-9);
        assert!((input(200_001) - 0.500_002_5).abs() < 1e-9);
        assert_eq!(prices.cost("gemini-2.5-flash", &total(1)), None);
    }

    #[test]
    fn a_file_that_says_something_else_is_refused_with_the_reason() {
        for (from, to, why) in [
            ("2026-11-20", "yesterday", "as_of"),
            ("input = 1.25", "input = -1", "less than nothing"),
            ("output_above = 15.0\n", "", "belong together"),
            ("above = 200000\n", "", "belong together"),
            ("output = 10", "out = 10", "out"),
        ] {
            let error = Prices::read(&FILE.replacen(from, to, 1)).unwrap_err();
            assert!(error.contains(why), "{to}: {error}");
        }
    }

    #[test]
    fn money_is_short_and_says_something() {
        for (amount, text) in [
            (0.0, "0"),
            (0.000_003_75, "0.00000375"),
            (0.01234, "0.01234"),
            (1.25, "1.25"),
            (10.0, "10.00"),
            (123_456.0, "123,456"),
        ] {
            assert_eq!(money(amount), text);
        }
    }

    #[test]
    fn what_prompts_cost_is_bounded_as_their_tokens_are() {
        let prices = Prices::read(FILE).unwrap();
        let told = |bound| prices.of_prompts("gemini-2.5-pro", 2, (bound, 100_000)).unwrap();
        assert!(told("at most").starts_with("at most 0.25"), "{}", told("at most"));
        assert!(told("at least").starts_with("at least 0.25"));
    }
}

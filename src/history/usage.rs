//! Who used how much: calls, tokens and cost by model, team, task and tag. Names have a bound; what goes beyond it is
//! kept in one sum, and told.

use std::collections::{BTreeMap, HashMap};

use super::{
    call::{Call, End},
    fields::Field,
    figures::{Share, Total, WhatIf},
};
use crate::facts::prices::Price;

/// When so many names are known, the lesser half of them becomes one sum.
const MOST_NAMES: usize = 4096;
/// So many have a share of their own.
const MOST_TOLD: usize = 200;
/// The fields that calls are summed up by.
pub(super) const BY: [Field; 4] = [Field::Model, Field::Team, Field::Task, Field::Tag];

/// What a group of calls used.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Use {
    pub(super) calls: u64,
    pub(super) failed: u64,
    pub(super) refused: u64,
    pub(super) input: u64,
    pub(super) output: u64,
    /// The output, had each answer been cut at the length asked about.
    pub(super) cut_output: u64,
    /// Calls whose output is known.
    pub(super) with_output: u64,
    pub(super) cost: f64,
    pub(super) cut_cost: f64,
    /// Calls with tokens and without a price.
    pub(super) unpriced: u64,
}

impl Use {
    fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.failed += other.failed;
        self.refused += other.refused;
        self.input = self.input.saturating_add(other.input);
        self.output = self.output.saturating_add(other.output);
        self.cut_output = self.cut_output.saturating_add(other.cut_output);
        self.with_output += other.with_output;
        self.cost += other.cost;
        self.cut_cost += other.cut_cost;
        self.unpriced += other.unpriced;
    }

    const fn tokens(&self) -> u64 {
        self.input.saturating_add(self.output)
    }
}

/// What shares are shares of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Cost,
    Tokens,
    Calls,
}

impl Measure {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Cost => "cost",
            Self::Tokens => "tokens",
            Self::Calls => "calls",
        }
    }

    fn of(self, used: &Use) -> f64 {
        match self {
            Self::Cost => used.cost,
            Self::Tokens => used.tokens() as f64,
            Self::Calls => used.calls as f64,
        }
    }
}

/// Everything that was used.
#[derive(Debug)]
pub(super) struct Usage {
    prices: BTreeMap<String, Price>,
    cut_at: Option<u64>,
    pub(super) all: Use,
    groups: [Groups; BY.len()],
}

#[derive(Debug, Default)]
struct Groups {
    names: HashMap<String, Use>,
    /// What has no name.
    nameless: Use,
    rest: Use,
    has_rest: bool,
}

impl Usage {
    pub(super) fn new(prices: BTreeMap<String, Price>, cut_at: Option<u64>) -> Self {
        Self { prices, cut_at, all: Use::default(), groups: Default::default() }
    }

    pub(super) fn add(&mut self, call: &Call) {
        let used = self.of(call);
        self.all.add(&used);
        for (groups, field) in self.groups.iter_mut().zip(BY) {
            groups.add(call.text(field), &used);
        }
    }

    fn of(&self, call: &Call) -> Use {
        let end = call.end();
        let (input, output) = (call.input_tokens, call.output_tokens);
        let cut = output.map(|output| output.min(self.cut_at.unwrap_or(u64::MAX)));
        let price = self.prices.get(call.text(Field::Model));
        // What was refused costs nothing.
        let is_paid = matches!(end, End::Answered | End::Untold);
        let cost = |output: Option<u64>| {
            let price = price.filter(|_| is_paid)?;
            Some(price.cost(input.unwrap_or(0), output.unwrap_or(0)))
        };
        Use {
            calls: 1,
            failed: u64::from(matches!(end, End::Refused(_) | End::Failed)),
            refused: u64::from(end == End::Refused(429)),
            input: input.unwrap_or(0),
            output: output.unwrap_or(0),
            cut_output: cut.unwrap_or(0),
            with_output: u64::from(output.is_some()),
            cost: cost(output).unwrap_or(0.0),
            cut_cost: cost(cut).unwrap_or(0.0),
            unpriced: u64::from(
                is_paid && price.is_none() && (input.is_some() || output.is_some()),
            ),
        }
    }

    /// What shares are shares of: the most telling thing that is known.
    pub(super) fn measure(&self) -> Measure {
        match () {
            () if self.all.cost > 0.0 => Measure::Cost,
            () if self.all.tokens() > 0 => Measure::Tokens,
            () => Measure::Calls,
        }
    }

    pub(super) fn total(&self) -> Total {
        let is_priced = !self.prices.is_empty();
        Total {
            calls: self.all.calls,
            input_tokens: self.all.input,
            output_tokens: self.all.output,
            cost: is_priced.then_some(self.all.cost),
            unpriced_calls: is_priced.then_some(self.all.unpriced),
        }
    }

    /// The shares of one field, greatest first; none where no call has it.
    pub(super) fn shares(&self, field: Field) -> Vec<Share> {
        let place =
            BY.iter().position(|one| *one == field).expect("a field that calls are summed up by");
        let groups = &self.groups[place];
        let (measure, is_priced) = (self.measure(), !self.prices.is_empty());
        if groups.names.is_empty() {
            return Vec::new();
        }
        let all = measure.of(&self.all);
        let share = |name: &str, used: &Use| Share {
            name: name.to_owned(),
            calls: used.calls,
            failed: used.failed,
            refused_429: used.refused,
            input_tokens: used.input,
            output_tokens: used.output,
            cost: is_priced.then_some(used.cost),
            share: if all > 0.0 { measure.of(used) / all } else { 0.0 },
        };
        let mut names: Vec<(&String, &Use)> = groups.names.iter().collect();
        names.sort_by(|(a, one), (b, other)| {
            measure.of(other).total_cmp(&measure.of(one)).then_with(|| a.cmp(b))
        });
        let told = names.len().min(MOST_TOLD);
        let mut rest = groups.rest;
        names[told..].iter().for_each(|(_, used)| rest.add(used));
        let mut shares: Vec<Share> =
            names[..told].iter().map(|(name, used)| share(name, used)).collect();
        let extra = [("(others)", &rest), ("(not told)", &groups.nameless)];
        let extra = extra.into_iter().filter(|(_, used)| used.calls > 0);
        shares.extend(extra.map(|(name, used)| share(name, used)));
        shares
    }

    /// The fields that had more names than are kept.
    pub(super) fn overflowed(&self) -> impl Iterator<Item = Field> {
        self.groups.iter().zip(BY).filter(|(groups, _)| groups.has_rest).map(|(_, field)| field)
    }

    /// What shorter answers would have saved.
    pub(super) fn what_if(&self) -> Option<WhatIf> {
        let cut_at = self.cut_at?;
        let change = |now: f64, then: f64| (now > 0.0).then(|| (then - now) / now * 100.0);
        let is_priced = !self.prices.is_empty();
        Some(WhatIf {
            output_tokens_max: cut_at,
            output_tokens_now: self.all.output,
            output_tokens_then: self.all.cut_output,
            output_change_percent: change(self.all.output as f64, self.all.cut_output as f64),
            mean_output_tokens: (self.all.with_output > 0)
                .then(|| self.all.output as f64 / self.all.with_output as f64),
            cost_now: is_priced.then_some(self.all.cost),
            cost_then: is_priced.then_some(self.all.cut_cost),
            cost_change_percent: change(self.all.cost, self.all.cut_cost),
        })
    }
}

impl Groups {
    fn add(&mut self, name: &str, used: &Use) {
        if name.is_empty() {
            return self.nameless.add(used);
        }
        if let Some(known) = self.names.get_mut(name) {
            return known.add(used);
        }
        if self.names.len() >= MOST_NAMES {
            self.drop_lesser_half();
        }
        self.names.insert(name.to_owned(), *used);
    }

    fn drop_lesser_half(&mut self) {
        let mut sizes: Vec<(u64, u64)> =
            self.names.values().map(|used| (used.tokens(), used.calls)).collect();
        let middle = sizes.len() / 2;
        let (_, least, _) = sizes.select_nth_unstable(middle);
        let least = *least;
        let rest = &mut self.rest;
        let is_above = |used: &Use| (used.tokens(), used.calls) > least;
        let above = self.names.values().filter(|used| is_above(used)).count();
        // Of those that are just as great as the middle one, as many as there is room for.
        let mut room = middle.saturating_sub(above);
        self.names.retain(|_, used| {
            let fits = (used.tokens(), used.calls) == least && room > 0;
            room -= usize::from(fits);
            let stays = fits || is_above(used);
            if !stays {
                rest.add(used);
            }
            stays
        });
        self.has_rest = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(calls: u64, input: u64) -> Use {
        Use { calls, input, ..Use::default() }
    }

    #[test]
    fn a_sum_that_has_no_number_stays_at_the_greatest() {
        let mut all = Use { input: u64::MAX - 1, output: 7, ..Use::default() };
        all.add(&used(1, 2));
        assert_eq!((all.input, all.tokens()), (u64::MAX, u64::MAX));
    }

    #[test]
    fn great_ones_are_found_among_more_names_than_are_kept() {
        let mut groups = Groups::default();
        for round in 0..20_000_u64 {
            groups.add(&format!("small-{round}"), &used(1, 1));
            groups.add("great", &used(1, 10));
        }
        assert!(groups.names.len() <= MOST_NAMES && groups.has_rest);
        assert_eq!(groups.names["great"], used(20_000, 200_000));
        let kept: u64 = groups.names.values().map(|one| one.calls).sum();
        assert_eq!(kept + groups.rest.calls, 40_000);
    }
}

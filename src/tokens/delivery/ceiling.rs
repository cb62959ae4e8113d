//! Finds the prompt size above which calls fail, by halving, with no more sizes than were agreed to.
//!
//! Pure: it says which size to ask next and is told how that ended. One failure is asked again, since any call may
//! fail; and what decides the lower end is asked again at the end, since a call may pass by luck.

/// Calls of one size at most: two that agree decide, and a third breaks a tie.
const CALLS_A_SIZE: u32 = 3;
/// The width at which it is good enough, as a share of the size in its middle.
const GOOD_ENOUGH: f64 = 0.02;

/// The state of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// The largest size that makes sense.
    limit: u64,
    most_sizes: usize,
    probes: Vec<Probe>,
}

/// One size and how its calls ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Tokens.
    pub tokens: u64,
    /// Whether each call passed.
    pub calls: Vec<bool>,
}

/// What a search has found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ceiling {
    /// Calls above it fail.
    Found {
        /// The middle between the two.
        at_about: u64,
        /// The largest size that passed; 0 where none did.
        low: u64,
        /// The smallest that failed.
        high: u64,
    },
    /// Even the largest size passed.
    NotBelow(u64),
    /// It was not decided.
    Open,
}

impl Search {
    /// A search up to a limit, over so many sizes at most.
    pub fn new(limit: u64, most_sizes: usize) -> Self {
        Self { limit, most_sizes: most_sizes.max(1), probes: Vec::new() }
    }

    /// The calls that a search over so many sizes can make at most.
    pub fn most_calls(sizes: usize) -> u32 {
        u32::try_from(sizes).unwrap_or(u32::MAX).saturating_mul(CALLS_A_SIZE)
    }

    /// The sizes so far, in the order in which they were asked.
    pub fn probes(&self) -> &[Probe] {
        &self.probes
    }

    /// The size to ask next; none at the end.
    pub fn next(&self) -> Option<u64> {
        if let Some(open) = self.probes.iter().find(|probe| probe.passed().is_none()) {
            return Some(open.tokens);
        }
        let Some(high) = self.high() else {
            return self.probes.is_empty().then_some(self.limit).or(self.unconfirmed());
        };
        let low = self.low();
        let middle = u64::midpoint(low, high);
        let is_narrow = (high - low) as f64 <= GOOD_ENOUGH * middle as f64;
        if is_narrow || self.probes.len() >= self.most_sizes {
            return self.unconfirmed();
        }
        Some(middle)
    }

    /// How a call of that size ended.
    pub fn tell(&mut self, tokens: u64, passed: bool) {
        match self.probes.iter_mut().find(|probe| probe.tokens == tokens) {
            Some(probe) => probe.calls.push(passed),
            None => self.probes.push(Probe { tokens, calls: vec![passed] }),
        }
    }

    /// What was found so far.
    pub fn found(&self) -> Ceiling {
        let is_open = self.probes.iter().any(|probe| probe.passed().is_none());
        match (self.low(), self.high()) {
            (low, Some(high)) => Ceiling::Found { at_about: u64::midpoint(low, high), low, high },
            (low, None) if low > 0 && !is_open => Ceiling::NotBelow(low),
            _ => Ceiling::Open,
        }
    }

    /// The largest size that passed, below every one that failed.
    fn low(&self) -> u64 {
        let high = self.high().unwrap_or(u64::MAX);
        let passed = self.probes.iter().filter(|probe| probe.passed() == Some(true));
        passed.map(|probe| probe.tokens).filter(|tokens| *tokens < high).max().unwrap_or(0)
    }

    fn high(&self) -> Option<u64> {
        let failed = self.probes.iter().filter(|probe| probe.passed() == Some(false));
        failed.map(|probe| probe.tokens).min()
    }

    /// The lower end, while it rests on one call.
    fn unconfirmed(&self) -> Option<u64> {
        let low = self.low();
        let rests_on_one = |probe: &&Probe| probe.tokens == low && probe.calls == [true];
        self.probes.iter().find(rests_on_one).map(|probe| probe.tokens)
    }
}

impl Probe {
    /// How its size ends: one call that passed decides, one that failed does not.
    pub fn passed(&self) -> Option<bool> {
        let passed = self.calls.iter().filter(|passed| **passed).count();
        let failed = self.calls.len() - passed;
        match (passed, failed) {
            (1.., 0) => Some(true),
            (2.., _) => Some(true),
            (_, 2..) => Some(false),
            _ => None,
        }
    }
}

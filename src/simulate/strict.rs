//! How strictly a service judges request bodies, and how much it says of those that it refuses.
//!
//! Data only. Bodies are judged in `api/validate`.

/// What a scenario may set of the judge of bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Strict {
    /// Whether every refusal of a body is the one sentence that names nothing.
    pub(super) bare: bool,
    /// How many states the schemas of a request may have together.
    pub(super) states: u64,
}

impl Strict {
    /// As at the real service, as far as it is known.
    ///
    /// Google publishes no figure for the states of a schema, so this one is the simulator's own. It
    /// is near the sum of `maxItems` at which a caller of the real service saw refusals begin (report
    /// 2170 of its client for Python, March 2026); how states are counted is told in `budget.rs`.
    pub(super) const USUAL: Self = Self { bare: false, states: 960 };
}

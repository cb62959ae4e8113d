//! What one look at an alias is to ask, and what it has brought so far.

use crate::{
    alias::{
        Course, Known, Sample, Standing, Why,
        figures::Sibling,
        forced::{self, Forced},
        sample,
    },
    facts::{Client, Method, models::ModelTable},
    gemini::generation,
};

use super::super::{Tried, key::thinking_of};

/// Calls to each control.
pub const SIBLING_CALLS: usize = 12;
/// Controls at most, where none are named.
pub const SIBLINGS: usize = 3;

/// What to ask.
#[derive(Clone, Debug)]
pub struct AliasPlan {
    /// The name.
    pub model: String,
    /// Whether nobody named it, so that this key's list may offer a better one.
    pub is_picked: bool,
    /// When to go on, and when to stop.
    pub course: Course,
    /// Which other names to ask.
    pub siblings: Siblings,
    /// So many connections that stay; none for many that are opened anew.
    pub connections: Option<usize>,
    /// Calls at the same time.
    pub concurrency: usize,
    /// Calls a second at most.
    pub rate: Option<f64>,
    /// Whether the free questions come first.
    pub preflight: bool,
    /// Whether some connections may speak HTTP/1.1, for comparison.
    pub mixes_http: bool,
    /// The client that half of the calls are dressed as.
    pub client: Client,
    /// The seed of everything random.
    pub seed: u64,
    /// The success rate that a retry policy is to reach.
    pub target: f64,
}

/// Which other names are asked as controls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Siblings {
    /// None.
    None,
    /// One once two calls have failed, and another where that one fails too.
    Auto,
    /// As many as are usual, from the start.
    All,
    /// These.
    Named(Vec<String>),
}

impl AliasPlan {
    /// The calls that can be made at most.
    pub fn calls(&self) -> Vec<(Method, u32)> {
        let siblings = match &self.siblings {
            Siblings::None => 0,
            Siblings::Auto | Siblings::All => SIBLINGS,
            Siblings::Named(names) => names.len(),
        };
        let forced = if self.course.verdict_only { 0 } else { forced::MOST_CALLS };
        let paid = self.name_calls() + siblings * SIBLING_CALLS + forced;
        let paid = u32::try_from(paid).unwrap_or(u32::MAX);
        vec![(Method::List, 1), (Method::Get, 1), (Method::Count, 1), (Method::Generate, paid)]
    }

    /// The tokens that a call costs at most.
    pub fn tokens_a_call(&self, table: &ModelTable) -> u64 {
        generation::minimal_cost(thinking_of(&self.model, table))
    }

    /// Calls to the name at most.
    fn name_calls(&self) -> usize {
        let by_time = self.course.for_ms.zip(self.rate).map(|(ms, rate)| {
            let calls = (ms / 1000.0 * rate).ceil() + 1.0;
            if calls < 1e9 { calls as usize } else { usize::MAX / 2 }
        });
        by_time.or(self.course.samples).unwrap_or(self.course.cap)
    }
}

/// What came so far.
#[derive(Clone, Debug)]
pub struct Probed {
    /// What was to be asked.
    pub plan: AliasPlan,
    /// What the free questions told.
    pub known: Known,
    /// The calls to the name.
    pub samples: Vec<Sample>,
    /// The same with all that they tell.
    pub tried: Vec<Tried>,
    /// The controls.
    pub siblings: Vec<Sibling>,
    /// The factor that was forced.
    pub forced: Option<Forced>,
    /// Why it ended.
    pub why: Option<Why>,
    /// The verdict that stood first.
    pub stood: Option<Standing>,
    /// What else is worth saying.
    pub notes: Vec<String>,
    /// When the run began, in milliseconds from 1970.
    pub began_unix_ms: u64,
    /// Whether its rows were recorded.
    pub closed: bool,
}

impl Probed {
    /// Nothing so far.
    pub fn of(plan: &AliasPlan, began_unix_ms: u64) -> Self {
        Self {
            plan: plan.clone(),
            known: Known::default(),
            samples: Vec::new(),
            tried: Vec::new(),
            siblings: Vec::new(),
            forced: None,
            why: None,
            stood: None,
            notes: Vec::new(),
            began_unix_ms,
            closed: false,
        }
    }

    /// Calls of the name that speak of it.
    pub fn own_calls(&self) -> usize {
        sample::own(&self.samples).count()
    }
}

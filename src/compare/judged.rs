//! The whole of two sides: what was compared, what differs and how sure that is.

use super::{
    Seen, Topic, apart,
    differ::{self, Exact},
    tested::{self, Smallest, Tested, Timed},
};

/// How the shape of an error says that it came without details.
pub const NO_DETAILS: &str = "no google.rpc details";
const STRIPPED: &str = "somebody on the way strips google.rpc details: the reason, the quota's id and the time to wait are \
     lost to callers there";

/// Whether both sides were asked in the same rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairing {
    /// In the same rounds: what slows both down for a while cancels out.
    Together,
    /// In two runs.
    Apart,
}

/// How sure a difference is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Certainty {
    /// Each side showed the same whenever it was looked at.
    Exact,
    /// Chance alone makes such a difference with this probability, corrected for the number of tests.
    Tested {
        /// That probability.
        p: f64,
    },
}

/// One thing that two sides differ in.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What it is.
    pub topic: Topic,
    /// What it is about, where the topic alone does not say.
    pub subject: Option<String>,
    /// What the first side has.
    pub a: String,
    /// What the second side has.
    pub b: String,
    /// How sure it is.
    pub certainty: Certainty,
}

impl Difference {
    /// What it may explain.
    pub fn explains(&self) -> &'static str {
        let is_error = matches!(self.topic, Topic::WrongName | Topic::WrongField);
        let lacks = |text: &String| text.contains(NO_DETAILS);
        match is_error && lacks(&self.a) != lacks(&self.b) {
            true => STRIPPED,
            false => self.topic.explains(),
        }
    }
}

/// What two sides show of each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// What differs, in the order in which a call meets it.
    pub differences: Vec<Difference>,
    /// What was held against each other.
    pub compared: Vec<Topic>,
    /// What one of both did not show the same way each time.
    pub unsteady: Vec<Topic>,
    /// What only one of both showed.
    pub one_sided: Vec<Topic>,
    /// What one of both has no way to show, and why.
    pub not_comparable: Vec<(Topic, &'static str)>,
    /// The times side by side.
    pub times: Vec<Timed>,
    /// What such a run could not have seen.
    pub smallest: Smallest,
}

/// Holds two sides against each other.
pub fn compare(a: &Seen, b: &Seen, pairing: Pairing, seed: u64) -> Judged {
    let Exact { mut compared, mut differences } = differ::exact(a, b);
    let Tested { compared: tested, times, differences: beyond_chance, smallest } =
        tested::tested(a, b, pairing, seed);
    compared.extend(tested);
    differences.extend(beyond_chance);
    differences.sort_by_key(|difference| difference.topic);
    compared.sort_unstable();
    let mut unsteady: Vec<Topic> = a.unsteady().chain(b.unsteady()).collect();
    unsteady.extend(lists_change(a, b));
    unsteady.sort_unstable();
    unsteady.dedup();
    let not_comparable = apart::all(a, b);
    let is_comparable = |topic: &Topic| not_comparable.iter().all(|(other, _)| other != topic);
    unsteady.retain(is_comparable);
    let mut one_sided = one_sided(a, b);
    one_sided.retain(is_comparable);
    Judged { differences, compared, unsteady, one_sided, not_comparable, times, smallest }
}

fn lists_change(a: &Seen, b: &Seen) -> Option<Topic> {
    let changes = |seen: &Seen| !seen.lists.is_empty() && seen.list().is_none();
    (changes(a) || changes(b)).then_some(Topic::Listed)
}

/// The topics that only one of both has anything on.
fn one_sided(a: &Seen, b: &Seen) -> Vec<Topic> {
    let has = |seen: &Seen, topic: Topic| match topic {
        Topic::Listed => !seen.lists.is_empty(),
        Topic::Latency => seen.free.count() > 0,
        Topic::AnswersLatency => seen.paid.count() > 0,
        // Fingerprints tell more than the name, and whoever has them has it.
        Topic::Issuer => false,
        topic => seen.facts.contains_key(&topic),
    };
    Topic::all().filter(|topic| has(a, *topic) != has(b, *topic)).collect()
}

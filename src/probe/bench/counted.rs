//! Counts a call that was timed: into the samples, the sum of what was spent and, where it failed in a way
//! that is news, into the record of attempts.

use crate::{facts::Sample, gemini::generation};

use super::{
    super::Runner,
    plan::{Benched, Failed},
    way::{Timed, Way},
};

/// Failures of one kind over one way whose words are kept.
const ENOUGH_ALIKE: usize = 3;

/// Counts a call of a way that is back, unless our own time cut it, and keeps what it told if it failed in a way that was seldom seen yet.
pub(super) fn count(
    runner: &Runner<'_>,
    benched: &mut Benched,
    way: &Way,
    sample: Sample,
    timed: Timed,
    at_ms: f64,
) {
    way.landed(&timed);
    if timed.was_cut() {
        runner.journal.spend(way.spent(&timed));
        return;
    }
    let alike = |it: &&Failed| it.ended == sample.ended && it.way == way.facts.name;
    let is_news = benched.failures.iter().filter(alike).count() < ENOUGH_ALIKE;
    if sample.is_answered() || !is_news {
        runner.journal.spend(way.spent(&timed));
    } else {
        let name = way.facts.name.clone();
        let mut tried = runner.read_elsewhere(way.asks(), at_ms, timed.over(way));
        if way.asks().method.is_paid() {
            tried.look_closer(generation::text_trouble);
        }
        benched.failures.push(Failed { way: name, ended: sample.ended, tried });
    }
    runner.journal.sample(sample);
}

//! A benchmark that was judged: what every word, table and figure of its report is made from.

use crate::{
    bench::{
        Arm, ArmSummary, Figure, Overview, Side,
        baseline::{self, Against},
    },
    facts::Sample,
    probe::bench::{Benched, Mode},
};

/// A ratio that is rounded by more than this share is another one.
const MOST_OFF: f64 = 0.1;

/// What was asked, what came, and what it shows.
pub struct Judged<'a> {
    /// What was asked and seen.
    pub benched: &'a Benched,
    /// The timed calls.
    pub samples: &'a [Sample],
    /// The comparisons.
    pub overview: Overview,
    /// Each way in figures, in the order of the plan.
    pub ways: Vec<(Arm, ArmSummary)>,
    /// Each way held against an earlier run, where there is one.
    pub against: Vec<Against>,
}

impl<'a> Judged<'a> {
    /// Judges a run.
    pub fn of(benched: &'a Benched, samples: &'a [Sample]) -> Self {
        let arms: Vec<Arm> = benched.gone().map(|way| way.arm).collect();
        let (plan, seed) = (&benched.plan, benched.plan.seed);
        let earlier = plan.earlier.as_ref().map_or(&[][..], |earlier| &earlier.samples);
        // Only rounds are there to be compared.
        let compared = if plan.mode == Mode::Rounds { &arms[..] } else { &[] };
        let ways = arms.iter().map(|arm| (*arm, ArmSummary::of(samples, &arm.name())));
        Self {
            benched,
            samples,
            ways: ways.collect(),
            overview: Overview::of(samples, compared, seed),
            against: baseline::against(samples, earlier, &arms, seed),
        }
    }

    /// The figures of a way.
    pub fn way(&self, arm: Arm) -> Option<&ArmSummary> {
        self.ways.iter().find(|(one, _)| *one == arm).map(|(_, summary)| summary)
    }

    /// A way in words: `HTTP/2 warm`, `HTTP/2 warm, IPv6`, `HTTP/2 warm again`.
    pub fn label(&self, arm: Arm) -> String {
        let side = self.benched.plan.other.as_ref();
        let side = side.map(|other| format!(", {}", other.label(arm.side, self.model())));
        let again = if arm.again { " again" } else { "" };
        let warmth = arm.warmth.id();
        format!("{} {warmth}{}{again}", arm.protocol.word(), side.unwrap_or_default())
    }

    /// What a side is called.
    pub fn side(&self, side: Side) -> String {
        let other = self.benched.plan.other.as_ref();
        other.map(|other| other.label(side, self.model())).unwrap_or_default()
    }

    fn model(&self) -> &str {
        &self.benched.plan.model
    }

    /// A ratio in as many digits as noise leaves it, or `-` where that would be another ratio.
    pub fn ratio(&self, figure: Figure, ratio: f64) -> String {
        let text = match self.overview.floors.by(figure) {
            Some(floor) => floor.text(ratio),
            None => format!("{ratio:.1}"),
        };
        let is_true = text.parse().is_ok_and(|shown: f64| (shown / ratio - 1.0).abs() < MOST_OFF);
        if is_true { text } else { "-".to_owned() }
    }

    /// An end of an interval: what it says of the ratio is its own precision, so that it has two digits
    /// at least.
    pub fn bound(&self, figure: Figure, bound: f64) -> String {
        let floor = self.overview.floors.by(figure);
        let by_noise = floor.map_or(1, |floor| floor.precision(bound));
        let decimals = if bound < 1.0 { 2 } else { usize::from(bound < 10.0) };
        format!("{bound:.*}", by_noise.max(decimals))
    }
}

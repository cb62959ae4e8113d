//! All comparisons of a run that are worth making, and the noise that they are held against.
//!
//! Decides which ways are held against which; what a pair shows is decided in `compare`.

use crate::facts::{Sample, Warmth};

use super::{Arm, Cause, Comparison, NoiseFloor, Side, Split, Ways, compare::Verdict};

/// A difference of less is nothing that a caller of this API notices, whose calls take 30 ms and more;
/// and a part of it is what this program itself adds to one protocol and not to the other.
pub(super) const MATTERS_MS: f64 = 1.0;

/// The comparisons of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Overview {
    /// What a way and its twin differ by; none where none was gone twice, or too seldom.
    pub floor: Option<NoiseFloor>,
    /// The pairs, those that answer the question first.
    pub compared: Vec<Compared>,
    /// Where the time of a new connection over the first protocol goes, held against an open one over
    /// each other protocol.
    pub splits: Vec<Parted>,
}

/// The time of a slow way, in parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Parted {
    /// The slow way.
    pub cold: Arm,
    /// The fast one.
    pub other: Arm,
    /// The parts.
    pub split: Split,
    /// What makes the one slower than the other; none where there is too little to say it.
    pub cause: Option<Cause>,
}

/// Two ways held against each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// What both differ by.
    pub about: About,
    /// The way that is judged.
    pub a: Arm,
    /// The way that it is held against.
    pub b: Arm,
    /// What was shown.
    pub comparison: Comparison,
}

/// What the ways of a pair differ by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// To whom they lead.
    Side,
    /// The protocol alone.
    Protocol,
    /// Whether the connection was there already.
    Connection,
    /// Protocol and connection: what somebody sees who changes both at once.
    Both,
}

impl About {
    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Side => "side",
            Self::Protocol => "protocol",
            Self::Connection => "connection",
            Self::Both => "both",
        }
    }
}

impl Overview {
    /// Compares the ways of a run.
    pub fn of(samples: &[Sample], arms: &[Arm], seed: u64) -> Self {
        let floor = arms.iter().find(|arm| arm.again).and_then(|twin| {
            let arm = Arm { again: false, ..*twin };
            NoiseFloor::of(samples, &arm.name(), &twin.name(), seed)
        });
        let compare = |(about, a, b): (About, Arm, Arm)| {
            let names = [a.name(), b.name()];
            let names = names.each_ref().map(String::as_str);
            Compared {
                about,
                a,
                b,
                comparison: Comparison::of(samples, names, floor.as_ref(), seed),
            }
        };
        let compared: Vec<Compared> = pairs(arms).into_iter().map(compare).collect();
        let both = compared.iter().filter(|pair| pair.about == About::Both);
        let part = |pair: &Compared| Parted::of(samples, pair.a, pair.b, floor.as_ref(), seed);
        Self { splits: both.filter_map(part).collect(), floor, compared }
    }

    /// The pair that answers what the run was for: the first of its kind.
    pub fn main(&self) -> Option<&Compared> {
        self.compared.first()
    }

    /// The pairs of a kind.
    pub fn about(&self, about: About) -> impl Iterator<Item = &Compared> {
        self.compared.iter().filter(move |compared| compared.about == about)
    }

    /// Whether there are pairs, and nothing can be said of any.
    pub fn lacks_data(&self) -> bool {
        let lacks = |it: &Compared| matches!(it.comparison.verdict, Verdict::NotEnoughData(_));
        !self.compared.is_empty() && self.compared.iter().all(lacks)
    }
}

impl Compared {
    /// Whether a difference was shown that a caller can notice.
    pub fn matters(&self) -> bool {
        let more = self.comparison.measured.map_or(0.0, |it| it.difference_ms.value.abs());
        self.comparison.verdict.is_difference() && more >= MATTERS_MS
    }
}

impl Parted {
    fn of(
        samples: &[Sample],
        cold: Arm,
        other: Arm,
        floor: Option<&NoiseFloor>,
        seed: u64,
    ) -> Option<Self> {
        let warm = Arm { warmth: Warmth::Warm, ..cold };
        let [slow, same, fast] = [cold, warm, other].map(|arm| arm.name());
        let ways = Ways { cold: &slow, warm: &same, other: &fast };
        let split = Split::of(samples, ways, floor, seed)?;
        Some(Self { cold, other, split, cause: Cause::of(samples, ways, floor, seed) })
    }
}

/// The pairs worth comparing, those that answer the question first.
fn pairs(arms: &[Arm]) -> Vec<(About, Arm, Arm)> {
    let usual: Vec<Arm> =
        arms.iter().copied().filter(|arm| arm.side == Side::Usual && !arm.again).collect();
    let has = |arm: Arm| arms.contains(&arm);
    let sides = usual.iter().map(|arm| (About::Side, *arm, arm.to(Side::Other)));
    let mut pairs: Vec<_> = sides.filter(|(_, _, b)| has(*b)).collect();
    pairs.extend(protocols(&usual));
    pairs.extend(connections(&usual));
    pairs
}

/// The first protocol against each other one: warm, then the rest, then cold against warm.
fn protocols(usual: &[Arm]) -> Vec<(About, Arm, Arm)> {
    let mut pairs = Vec::new();
    for warmth in [Warmth::Warm, Warmth::Resumed, Warmth::Cold] {
        let mut alike = usual.iter().copied().filter(|arm| arm.warmth == warmth);
        let Some(first) = alike.next() else { continue };
        pairs.extend(alike.map(|other| (About::Protocol, first, other)));
    }
    let cold = usual.iter().copied().find(|arm| arm.warmth == Warmth::Cold);
    let Some(cold) = cold else { return pairs };
    let warm = usual.iter().copied().filter(|arm| arm.warmth == Warmth::Warm);
    let others = warm.filter(|arm| arm.protocol != cold.protocol);
    pairs.extend(others.map(|other| (About::Both, cold, other)));
    pairs
}

/// Opening a connection against having one, for each protocol.
fn connections(usual: &[Arm]) -> Vec<(About, Arm, Arm)> {
    let mut pairs = Vec::new();
    for cold in usual.iter().filter(|arm| arm.warmth == Warmth::Cold) {
        let same = |warmth| Arm { warmth, ..*cold };
        let others = [same(Warmth::Warm), same(Warmth::Resumed)];
        let there = others.into_iter().filter(|other| usual.contains(other));
        pairs.extend(there.map(|other| (About::Connection, *cold, other)));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str, with: impl Fn(Vec<Arm>) -> Vec<Arm>) -> Vec<String> {
        let arms = with(Arm::parse_list(text).expect("a list of arms"));
        pairs(&arms).iter().map(|(_, a, b)| format!("{} {}", a.name(), b.name())).collect()
    }

    #[test]
    fn the_question_comes_first() {
        let usual = named("h1,h2", |arms| arms);
        let expected = [
            "h1-warm h2-warm",
            "h1-cold h2-cold",
            "h1-cold h2-warm",
            "h1-cold h1-warm",
            "h2-cold h2-warm",
        ];
        assert_eq!(usual, expected);
        let sides =
            named("h2-warm", |arms| vec![arms[0], arms[0].to(Side::Other), arms[0].again()]);
        assert_eq!(sides, ["h2-warm h2-warm-other"]);
        assert_eq!(named("h2-warm", |arms| arms), Vec::<String>::new());
    }
}

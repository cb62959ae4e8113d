//! The ways that are compared with each other: a protocol, how warm its connection is, and to whom.

use crate::facts::{Protocol, Warmth};

/// What the name of a way ends with that was gone a second time.
pub(super) const AGAIN: &str = "-again";

/// One way of a benchmark. Each round goes every way once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arm {
    /// The protocol.
    pub protocol: Protocol,
    /// What a call finds when it begins.
    pub warmth: Warmth,
    /// To whom, where two are compared.
    pub side: Side,
    /// Whether it is the same as another arm in all: what both differ by is noise.
    pub again: bool,
}

/// Which of two addresses, routes, gateways or models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The one that the settings lead to.
    #[default]
    Usual,
    /// The one that it is compared with.
    Other,
}

impl Arm {
    /// An arm to the usual side.
    pub const fn new(protocol: Protocol, warmth: Warmth) -> Self {
        Self { protocol, warmth, side: Side::Usual, again: false }
    }

    /// The same to another side.
    #[must_use]
    pub const fn to(self, side: Side) -> Self {
        Self { side, ..self }
    }

    /// The same once more, to see what is noise.
    #[must_use]
    pub const fn again(self) -> Self {
        Self { again: true, ..self }
    }

    /// Its name in reports: `h2-warm`, `h1-cold-other`, `h2-warm-again`.
    pub fn name(&self) -> String {
        let side = if self.side == Side::Other { "-other" } else { "" };
        let again = if self.again { AGAIN } else { "" };
        format!("{}-{}{side}{again}", self.protocol.id(), self.warmth.id())
    }

    /// Reads a list such as `h1,h2-warm,grpc`: a protocol alone stands for its cold and its warm arm.
    /// The error is a fragment that says what is wrong.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, String> {
        let mut arms = Vec::new();
        for word in text.split(',') {
            for arm in parse(word.trim())? {
                if !arms.contains(&arm) {
                    arms.push(arm);
                }
            }
        }
        Ok(arms)
    }
}

fn parse(word: &str) -> Result<Vec<Arm>, String> {
    let (protocol, warmth) = word.split_once('-').map_or((word, None), |(a, b)| (a, Some(b)));
    let protocol = Protocol::ALL.into_iter().find(|one| one.id() == protocol);
    let protocol = protocol.ok_or_else(|| unknown(word))?;
    let all = [Warmth::Cold, Warmth::Resumed, Warmth::Warm];
    match warmth {
        None => Ok([Warmth::Cold, Warmth::Warm].map(|warmth| Arm::new(protocol, warmth)).into()),
        Some(text) => match all.into_iter().find(|warmth| warmth.id() == text) {
            Some(warmth) => Ok(vec![Arm::new(protocol, warmth)]),
            None => Err(unknown(word)),
        },
    }
}

fn unknown(word: &str) -> String {
    format!(
        "{word:?} is no arm; they are h1, h2, grpc and h3, each alone or with -cold, -warm or -resumed"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_protocol_alone_is_cold_and_warm() {
        let names = |text| -> Vec<String> {
            Arm::parse_list(text).expect(text).iter().map(Arm::name).collect()
        };
        assert_eq!(names("h1, h2-warm"), ["h1-cold", "h1-warm", "h2-warm"]);
        assert_eq!(names("h2,h2-warm,h3-resumed"), ["h2-cold", "h2-warm", "h3-resumed"]);
        for text in ["", "h9", "h1-hot", "h1,,h2", "h1-"] {
            assert!(Arm::parse_list(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn every_arm_has_a_name_of_its_own() {
        let arm = Arm::new(Protocol::H2, Warmth::Warm);
        let names = [arm, arm.again(), arm.to(Side::Other)].map(|arm| arm.name());
        assert_eq!(names, ["h2-warm", "h2-warm-again", "h2-warm-other"]);
    }
}

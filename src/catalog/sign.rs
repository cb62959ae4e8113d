//! Signs: what a known fix looks for among clues. Data, so that it can be printed, counted and checked.

use crate::facts::{
    Clue, Fault, KeyFlaw, KeyKind, LocalFact, Method, Party, Stage,
    clue::{ModelFact, RouteFlaw, SentAs, Shown},
    endpoint::HostKind,
};

/// One thing to look for. Texts are compared without regard to case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sign {
    /// Who answered.
    By(Party),
    /// This HTTP status.
    Status(u16),
    /// One of these HTTP statuses.
    StatusIn(&'static [u16]),
    /// This RPC status word.
    Rpc(&'static str),
    /// This machine-readable reason.
    Reason(&'static str),
    /// A detail of this name whose value holds this text.
    Meta(&'static str, &'static str),
    /// A violated quota whose id holds this text.
    QuotaId(&'static str),
    /// A limit of zero.
    LimitZero,
    /// A message that holds this text.
    Says(&'static str),
    /// A message that holds one of these texts.
    SaysOne(&'static [&'static str]),
    /// The step that failed.
    At(Stage),
    /// The kind of trouble on the wire.
    Fault(Fault),
    /// The key's kind.
    Key(KeyKind),
    /// A flaw of the key's text.
    Flaw(KeyFlaw),
    /// Something about this machine.
    Local(LocalFact),
    /// Whose host.
    Host(HostKind),
    /// An oddity of the URL.
    Route(RouteFlaw),
    /// The method asked.
    Method(Method),
    /// Something known about the model's name.
    Model(ModelFact),
    /// Something an exchange showed.
    Shown(Shown),
    /// A configured proxy was on the way.
    ViaProxy,
    /// A WebSocket was closed with this code.
    Closed(u16),
    /// The credential was sent this way.
    SentAs(SentAs),
    /// One of several signs, of any kind.
    OneOf(&'static [Sign]),
    /// The opposite of another sign.
    Not(&'static Sign),
}

impl Sign {
    /// Whether what was seen holds it.
    pub fn is_in(&self, seen: &Seen<'_>) -> bool {
        match self {
            Self::Not(sign) => !sign.is_in(seen),
            Self::OneOf(signs) => signs.iter().any(|sign| sign.is_in(seen)),
            Self::Says(part) => seen.says(part),
            Self::SaysOne(parts) => parts.iter().any(|part| seen.says(part)),
            _ => seen.clues.iter().any(|clue| self.is(clue)),
        }
    }

    /// How much finding it narrows the cause down. The order is the order in which evidence counts:
    /// machine-readable reasons, quota ids, words, context, and the status last.
    pub fn weight(&self) -> u32 {
        match self {
            Self::Local(_) | Self::Flaw(_) | Self::Shown(_) => 60,
            Self::Reason(_) | Self::Fault(_) | Self::LimitZero => 50,
            Self::QuotaId(_) | Self::Meta(..) => 40,
            Self::Says(text) => says_weight(text),
            Self::SaysOne(texts) => texts.iter().map(|text| says_weight(text)).min().unwrap_or(0),
            Self::Model(_) | Self::Route(_) | Self::Closed(_) => 20,
            Self::Key(_) | Self::Host(_) | Self::ViaProxy | Self::SentAs(_) => 10,
            Self::At(_) | Self::Method(_) => 10,
            Self::By(_) | Self::Rpc(_) => 4,
            Self::Status(_) | Self::StatusIn(_) => 2,
            Self::OneOf(signs) => signs.iter().map(Self::weight).min().unwrap_or(0),
            Self::Not(_) => 1,
        }
    }

    fn is(&self, clue: &Clue) -> bool {
        match (self, clue) {
            (Self::By(party), Clue::By(seen)) => party == seen,
            (Self::Status(status), Clue::Status(seen)) => status == seen,
            (Self::StatusIn(statuses), Clue::Status(seen)) => statuses.contains(seen),
            (Self::Rpc(word), Clue::Rpc(seen)) => seen.eq_ignore_ascii_case(word),
            (Self::Reason(word), Clue::Reason(seen)) => seen.eq_ignore_ascii_case(word),
            (Self::Meta(name, part), Clue::Meta(key, seen)) => key == name && holds(seen, part),
            (Self::QuotaId(part), Clue::QuotaId(seen)) => holds(seen, part),
            (Self::LimitZero, Clue::LimitZero) | (Self::ViaProxy, Clue::ViaProxy) => true,
            (Self::At(stage), Clue::At(seen)) => stage == seen,
            (Self::Fault(fault), Clue::Fault(seen)) => fault == seen,
            (Self::Key(kind), Clue::Key(seen)) => kind == seen,
            (Self::Flaw(flaw), Clue::Flaw(seen)) => flaw == seen,
            (Self::Local(fact), Clue::Local(seen)) => fact == seen,
            (Self::Host(kind), Clue::Host(seen)) => kind == seen,
            (Self::Route(flaw), Clue::Route(seen)) => flaw == seen,
            (Self::Method(method), Clue::Method(seen)) => method == seen,
            (Self::Model(fact), Clue::Model(seen)) => fact == seen,
            (Self::Shown(shown), Clue::Shown(seen)) => shown == seen,
            (Self::Closed(code), Clue::Closed(seen)) => code == seen,
            (Self::SentAs(way), Clue::SentAs(seen)) => way == seen,
            _ => false,
        }
    }
}

/// What shows that an answer or a text is about this API: a host that was asked, or a name in the
/// words. Pages, gateways and sockets fail for everybody with the same words.
pub const ABOUT_THIS_API: Sign = Sign::OneOf(&[
    Sign::By(Party::Api),
    Sign::Host(HostKind::Developer),
    Sign::Host(HostKind::Cloud),
    Sign::Host(HostKind::Provider),
    Sign::Host(HostKind::Loopback),
    Sign::Host(HostKind::Other),
    Sign::SaysOne(&["gemini", "generativelanguage", "google", "vertex"]),
]);

/// Longer phrases narrow more than short ones, within the span between context and reasons.
fn says_weight(text: &str) -> u32 {
    24 + u32::try_from(text.len().min(60)).expect("at most 60") / 4
}

/// Clues with their messages made ready to be searched for many phrases.
pub struct Seen<'a> {
    /// The clues.
    pub clues: &'a [Clue],
    messages: Vec<Squeezed>,
}

impl<'a> Seen<'a> {
    /// Makes the messages of clues ready.
    pub fn of(clues: &'a [Clue]) -> Self {
        let messages = clues.iter().filter_map(|clue| match clue {
            Clue::Message(text) => Some(Squeezed::of(text)),
            _ => None,
        });
        Self { clues, messages: messages.collect() }
    }

    fn says(&self, part: &str) -> bool {
        self.messages.iter().any(|message| message.holds(part))
    }
}

/// A text in lower case without white space: terminals and mails break lines wherever they like, in
/// the middle of words too. The pairs of bytes in it rule most phrases out at once.
struct Squeezed {
    text: String,
    pairs: Vec<u64>,
}

impl Squeezed {
    fn of(text: &str) -> Self {
        let text = squeezed(text);
        let mut pairs = vec![0; 1024];
        for pair in text.as_bytes().windows(2) {
            let place = place(pair);
            pairs[place / 64] |= 1 << (place % 64);
        }
        Self { text, pairs }
    }

    fn holds(&self, part: &str) -> bool {
        let part = squeezed(part);
        let known = |pair: &[u8]| self.pairs[place(pair) / 64] >> (place(pair) % 64) & 1 == 1;
        part.as_bytes().windows(2).all(known) && self.text.contains(&part)
    }
}

fn place(pair: &[u8]) -> usize {
    usize::from(pair[0]) << 8 | usize::from(pair[1])
}

fn squeezed(text: &str) -> String {
    let visible = text.chars().filter(|letter| !letter.is_ascii_whitespace());
    visible.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Whether a text holds a part, ASCII case and white space aside.
fn holds(text: &str, part: &str) -> bool {
    squeezed(text).contains(&squeezed(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_compared_without_case_and_white_space() {
        for (text, part) in [
            ("API key not valid.", "key not valid"),
            ("API key no\n t valid.", "API KEY not valid"),
            ("keykeyx", "KEYX"),
            ("a", ""),
        ] {
            assert!(Squeezed::of(text).holds(part), "{text:?} {part:?}");
        }
        for (text, part) in [("API key", "key x"), ("", "a"), ("ke", "key"), ("abca", "cab")] {
            assert!(!Squeezed::of(text).holds(part), "{text:?} {part:?}");
        }
    }
}

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
    /// Whether the clues hold it.
    pub fn is_in(&self, clues: &[Clue]) -> bool {
        match self {
            Self::Not(sign) => !sign.is_in(clues),
            Self::OneOf(signs) => signs.iter().any(|sign| sign.is_in(clues)),
            _ => clues.iter().any(|clue| self.is(clue)),
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
            (Self::Says(part), Clue::Message(seen)) => holds(seen, part),
            (Self::SaysOne(parts), Clue::Message(seen)) => {
                parts.iter().any(|part| holds(seen, part))
            }
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

/// Whether a text holds a part, ASCII case and white space aside: terminals and mails break lines
/// wherever they like, in the middle of words too.
fn holds(text: &str, part: &str) -> bool {
    let part = part.as_bytes();
    let Some(first) = part.first().map(u8::to_ascii_lowercase) else { return true };
    let text = text.as_bytes();
    let starts = text.iter().enumerate().filter(|(_, byte)| byte.to_ascii_lowercase() == first);
    starts.into_iter().any(|(at, _)| begins_with(&text[at..], part))
}

fn begins_with(text: &[u8], part: &[u8]) -> bool {
    let visible = |bytes: &[u8], at: &mut usize| {
        while bytes.get(*at).is_some_and(u8::is_ascii_whitespace) {
            *at += 1;
        }
        let byte = bytes.get(*at).map(u8::to_ascii_lowercase);
        *at += 1;
        byte
    };
    let (mut here, mut there) = (0, 0);
    loop {
        match (visible(part, &mut there), visible(text, &mut here)) {
            (None, _) => return true,
            (wanted, found) if wanted != found => return false,
            _ => {}
        }
    }
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
            assert!(holds(text, part), "{text:?} {part:?}");
        }
        for (text, part) in [("API key", "key x"), ("", "a"), ("ke", "key")] {
            assert!(!holds(text, part), "{text:?} {part:?}");
        }
    }
}

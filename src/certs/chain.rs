//! A chain as it was sent: what leads from the first certificate upward, what is missing, and what is
//! there for nothing. No search goes through more than each certificate once.

use super::algorithm::Signed;
use super::certificate::{Certificate, Unreadable};
use super::name::Name;

/// How many certificates of one name are told apart by their signatures.
const RIVALS: usize = 4;

/// Certificates in the order in which they were sent, and how they hang together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Each as it was sent, or why it cannot be read.
    pub sent: Vec<Result<Certificate, Unreadable>>,
    /// The way from the first one upward, as places in what was sent.
    pub path: Vec<usize>,
    /// Where the way ends.
    pub end: End,
    /// Places of certificates that were sent before.
    pub duplicates: Vec<usize>,
}

/// Where the way upward ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing was sent, or the first certificate cannot be read.
    NoLeaf,
    /// At a certificate that is its own issuer.
    Root,
    /// At one whose issuer was not sent.
    Open,
}

impl Chain {
    /// Reads a chain, the server's own certificate first.
    pub fn read<D: AsRef<[u8]>>(sent: &[D]) -> Self {
        let read = sent.iter().map(|der| Certificate::read(der.as_ref()));
        Self::of(read.collect())
    }

    /// Puts together what was read before.
    pub fn of(sent: Vec<Result<Certificate, Unreadable>>) -> Self {
        let mut chain =
            Self { duplicates: duplicates(&sent), sent, path: Vec::new(), end: End::NoLeaf };
        chain.climb();
        chain
    }

    fn climb(&mut self) {
        let mut at = 0;
        while let Some(Ok(one)) = self.sent.get(at) {
            self.path.push(at);
            if one.is_self_issued() && one.signs_itself() != Signed::No {
                self.end = End::Root;
                return;
            }
            self.end = End::Open;
            let Some(next) = self.parent(one) else { return };
            at = next;
        }
    }

    /// The place of the issuer among those that are not on the way yet.
    fn parent(&self, child: &Certificate) -> Option<usize> {
        let fits = |place: &usize| {
            !self.path.contains(place)
                && !self.duplicates.contains(place)
                && self.at(*place).is_some_and(|one| one.subject.raw == child.issuer.raw)
        };
        let named: Vec<usize> = (0..self.sent.len()).filter(fits).take(RIVALS).collect();
        let [first, _, ..] = named[..] else { return named.first().copied() };
        let signed = |place: &&usize| {
            self.at(**place).is_some_and(|one| child.signed_by(one) == Signed::Yes)
        };
        named.iter().find(signed).copied().or(Some(first))
    }

    fn at(&self, place: usize) -> Option<&Certificate> {
        self.sent.get(place).and_then(|one| one.as_ref().ok())
    }

    /// Whether it is that of these certificates, all of which can be read.
    pub fn is_of<D: AsRef<[u8]>>(&self, sent: &[D]) -> bool {
        let same = |(known, der): (&Result<Certificate, Unreadable>, &D)| {
            known.as_ref().is_ok_and(|known| known.der == der.as_ref())
        };
        self.sent.len() == sent.len() && self.sent.iter().zip(sent).all(same)
    }

    /// The server's own certificate, if it can be read.
    pub fn leaf(&self) -> Option<&Certificate> {
        self.at(0)
    }

    /// The certificates of the way upward, the server's own first.
    pub fn way(&self) -> impl DoubleEndedIterator<Item = &Certificate> {
        self.path.iter().filter_map(|place| self.at(*place))
    }

    /// The last one of the way.
    pub fn top(&self) -> Option<&Certificate> {
        self.path.last().and_then(|place| self.at(*place))
    }

    /// All that can be read, as they were sent.
    pub fn readable(&self) -> impl Iterator<Item = &Certificate> {
        self.sent.iter().flatten()
    }

    /// Who signed the last one of the way and was not sent.
    pub fn missing(&self) -> Option<&Name> {
        match self.end {
            End::Open => self.top().map(|top| &top.issuer),
            End::Root | End::NoLeaf => None,
        }
    }

    /// Whether each certificate stands before the one that signed it.
    pub fn is_in_order(&self) -> bool {
        self.path.windows(2).all(|pair| pair[0] < pair[1])
    }

    /// Certificates that lead nowhere: they are neither on the way nor there twice.
    pub fn surplus(&self) -> impl Iterator<Item = &Certificate> {
        let is_spare =
            |place: &usize| !self.path.contains(place) && !self.duplicates.contains(place);
        (0..self.sent.len()).filter(is_spare).filter_map(|place| self.at(place))
    }

    /// Roots that were sent although nobody believes a root because it was sent. A server's own
    /// certificate is none.
    pub fn roots_in_vain(&self) -> impl Iterator<Item = &Certificate> {
        self.sent.iter().skip(1).flatten().filter(|one| one.is_self_issued())
    }

    /// Why certificates cannot be read, with their places.
    pub fn unreadable(&self) -> impl Iterator<Item = (usize, &Unreadable)> {
        let sent = self.sent.iter().enumerate();
        sent.filter_map(|(place, one)| one.as_ref().err().map(|why| (place, why)))
    }

    /// A moment at which every certificate of the way is in date, if there is one.
    pub fn moment_in_date(&self) -> Option<i64> {
        let from = self.way().map(|one| one.not_before).max()?;
        let to = self.way().map(|one| one.not_after).min()?;
        (from <= to).then(|| from + (to - from) / 2)
    }
}

/// Places of those that were sent before, byte for byte.
fn duplicates(sent: &[Result<Certificate, Unreadable>]) -> Vec<usize> {
    let mut seen = std::collections::HashSet::new();
    let readable = sent.iter().enumerate().filter_map(|(at, one)| Some((at, one.as_ref().ok()?)));
    readable.filter(|(_, one)| !seen.insert(&one.fingerprint)).map(|(at, _)| at).collect()
}

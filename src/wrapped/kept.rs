//! The copy of what was said: the beginning and the end, since an error is at the end and what led to
//! it often at the beginning. It never grows beyond its bounds, and knows nothing of lines.

use std::{
    collections::VecDeque,
    mem,
    sync::{Arc, Mutex, MutexGuard},
};

/// Bytes kept of the beginning.
const HEAD: usize = 1 << 20;

/// Bytes kept of the end.
const TAIL: usize = 7 << 20;

/// The one copy that all streams add to.
#[derive(Clone, Default)]
pub(super) struct Transcript(Arc<Mutex<Kept>>);

impl Transcript {
    /// Takes a copy of what was said.
    pub(super) fn add(&self, said: &[u8]) {
        self.lock().add(said);
    }

    /// The bytes so far, and how many were left out.
    pub(super) fn take(&self) -> (Vec<u8>, u64) {
        mem::take(&mut *self.lock()).into_parts()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().expect("nobody panics while the copy is locked")
    }
}

/// What is kept so far.
struct Kept {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    dropped: u64,
    bounds: (usize, usize),
}

impl Kept {
    fn within(head: usize, tail: usize) -> Self {
        Self { head: Vec::new(), tail: VecDeque::new(), dropped: 0, bounds: (head, tail) }
    }

    /// Takes a copy, and lets go of the oldest bytes behind the beginning where it is too much.
    fn add(&mut self, said: &[u8]) {
        let (head, tail) = self.bounds;
        let (first, rest) = said.split_at(said.len().min(head - self.head.len()));
        self.head.extend_from_slice(first);
        self.tail.extend(rest);
        let excess = self.tail.len().saturating_sub(tail);
        self.tail.drain(..excess);
        self.dropped += excess as u64;
    }

    /// The bytes, and how many were left out. Where some were, a line break stands for them, so that
    /// two halves are not read as one line.
    fn into_parts(self) -> (Vec<u8>, u64) {
        let Self { head: mut said, tail, dropped, .. } = self;
        if dropped > 0 {
            said.push(b'\n');
        }
        said.extend(tail);
        (said, dropped)
    }
}

impl Default for Kept {
    fn default() -> Self {
        Self::within(HEAD, TAIL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(chunks: &[&str]) -> (String, u64) {
        let mut kept = Kept::within(4, 6);
        chunks.iter().for_each(|chunk| kept.add(chunk.as_bytes()));
        let (said, dropped) = kept.into_parts();
        (String::from_utf8(said).unwrap(), dropped)
    }

    #[test]
    fn what_fits_is_kept_whole() {
        assert_eq!(kept(&[]), (String::new(), 0));
        assert_eq!(kept(&["abc", "defgh", "ij"]), ("abcdefghij".to_owned(), 0));
    }

    #[test]
    fn beginning_and_end_stay_however_it_comes() {
        let expected = ("abcd\nuvwxyz".to_owned(), 16);
        let alphabet = "abcdefghijklmnopqrstuvwxyz";
        assert_eq!(kept(&[alphabet]), expected);
        for size in 1..alphabet.len() {
            let (first, second) = alphabet.split_at(size);
            assert_eq!(kept(&[first, second]), expected, "{size}");
        }
    }

    #[test]
    fn the_copy_never_grows_beyond_its_bounds() {
        let mut kept = Kept::default();
        for _ in 0..12 {
            kept.add(&[b'x'; 1 << 20]);
        }
        assert_eq!((kept.head.len(), kept.tail.len()), (HEAD, TAIL));
        let (said, dropped) = kept.into_parts();
        assert_eq!((said.len(), dropped), (HEAD + 1 + TAIL, 4 << 20));
    }
}

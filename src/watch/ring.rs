//! The last so many of something, so that a watch of weeks needs no more memory than one of hours.

use std::collections::VecDeque;

/// The last values that were pushed, oldest first.
#[derive(Clone, Debug)]
pub struct Ring<T> {
    values: VecDeque<T>,
    most: usize,
    dropped: u64,
}

impl<T> Ring<T> {
    /// Room for so many.
    pub fn of(most: usize) -> Self {
        Self { values: VecDeque::new(), most: most.max(1), dropped: 0 }
    }

    /// Takes a value in; the oldest one goes where there is no room.
    pub fn push(&mut self, value: T) {
        if self.values.len() == self.most {
            self.values.pop_front();
            self.dropped += 1;
        }
        self.values.push_back(value);
    }

    /// Those that are kept, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.values.iter()
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// How many are not kept any more.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The newest one.
    pub fn last(&self) -> Option<&T> {
        self.values.back()
    }

    /// The newest one, to change it.
    pub fn last_mut(&mut self) -> Option<&mut T> {
        self.values.back_mut()
    }

    /// One by its place among those that are kept.
    pub fn get(&self, index: usize) -> Option<&T> {
        self.values.get(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_and_is_counted() {
        let mut ring = Ring::of(3);
        (1..=5).for_each(|value| ring.push(value));
        assert_eq!(ring.iter().copied().collect::<Vec<_>>(), [3, 4, 5]);
        assert_eq!(
            (ring.len(), ring.dropped(), ring.last(), ring.get(0)),
            (3, 2, Some(&5), Some(&3))
        );
        assert!(!ring.is_empty() && Ring::<u8>::of(0).is_empty());
    }
}

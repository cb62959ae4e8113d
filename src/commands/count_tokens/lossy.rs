//! Text out of blocks of bytes that end anywhere. Each byte that is no UTF-8 becomes one U+FFFD, as it is counted.
//! Keeps at most three bytes.

/// A text that comes in blocks.
#[derive(Debug, Default)]
pub struct Lossy {
    /// The beginning of a character.
    begun: Vec<u8>,
}

impl Lossy {
    /// Hands on what is whole.
    pub fn push(&mut self, bytes: &[u8], mut each: impl FnMut(&str)) {
        let mut rest = bytes;
        while let Some((first, more)) = rest.split_first().filter(|_| !self.begun.is_empty()) {
            self.begun.push(*first);
            match std::str::from_utf8(&self.begun) {
                Err(error) if error.error_len().is_none() => rest = more,
                Ok(_) => {
                    rest = more;
                    self.hand_on(&mut each);
                }
                Err(_) => {
                    // The byte that broke it belongs to what follows.
                    self.begun.pop();
                    self.hand_on(&mut each);
                }
            }
        }
        let whole = rest.len() - begun_at_the_end(rest);
        told(&rest[..whole], &mut each);
        self.begun.extend_from_slice(&rest[whole..]);
    }

    /// Hands on what is left.
    pub fn finish(mut self, mut each: impl FnMut(&str)) {
        self.hand_on(&mut each);
    }

    fn hand_on(&mut self, each: &mut impl FnMut(&str)) {
        told(&std::mem::take(&mut self.begun), each);
    }
}

fn told(bytes: &[u8], each: &mut impl FnMut(&str)) {
    for chunk in bytes.utf8_chunks() {
        if !chunk.valid().is_empty() {
            each(chunk.valid());
        }
        for _ in chunk.invalid() {
            each("\u{FFFD}");
        }
    }
}

/// How many of the last bytes begin a character that is not finished.
fn begun_at_the_end(bytes: &[u8]) -> usize {
    let last = &bytes[bytes.len().saturating_sub(3)..];
    let begins = |count: &usize| {
        let end = &last[last.len() - count..];
        end[0] >= 0xC0 && std::str::from_utf8(end).is_err_and(|error| error.error_len().is_none())
    };
    (1..=last.len()).find(begins).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn byte_by_byte(bytes: &[u8]) -> String {
        let one = |chunk: std::str::Utf8Chunk<'_>| {
            chunk.valid().to_owned() + &"\u{FFFD}".repeat(chunk.invalid().len())
        };
        bytes.utf8_chunks().map(one).collect()
    }

    #[test]
    fn blocks_may_end_anywhere() {
        let mut random = fastrand::Rng::with_seed(7);
        let alphabet = "aé日🙂\n".as_bytes();
        for _ in 0..2_000 {
            let mut bytes = Vec::new();
            for _ in 0..random.usize(0..20) {
                let from = random.usize(0..alphabet.len());
                bytes.extend_from_slice(&alphabet[from..random.usize(from..alphabet.len()) + 1]);
            }
            let (mut lossy, mut text) = (Lossy::default(), String::new());
            let mut rest = &bytes[..];
            while !rest.is_empty() {
                let (block, more) = rest.split_at(random.usize(0..=rest.len()));
                lossy.push(block, |part| text.push_str(part));
                rest = more;
            }
            lossy.finish(|part| text.push_str(part));
            assert_eq!(text, byte_by_byte(&bytes), "{bytes:?}");
        }
    }
}

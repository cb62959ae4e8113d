//! One stream of the command, from its pipe to its outlet, byte for byte and as it comes. Writes wait
//! in a thread of their own, so that a slow reader of ours does not hold up a signal.

use std::{
    io::{self, Write},
    thread,
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    sync::watch,
    task::spawn_blocking,
    time::{Instant, timeout},
};

use super::kept::Transcript;

/// As much as a pipe usually holds.
const CHUNK: usize = 64 << 10;

/// How long a pipe is waited for in all once the command has ended, while somebody keeps it open.
pub(super) const GRACE: Duration = Duration::from_millis(500);

/// The most that a pipe can hold at the command's end. What comes after that is not the command's.
const HELD_AT_MOST: usize = 1 << 20;

/// How long a busy outlet is left alone before the next try.
const BUSY: Duration = Duration::from_millis(2);

/// Copies until the stream ends, our reader has gone, or patience runs out. Both ends are let go of
/// then: a command that goes on writing learns from its pipe that nobody reads, as it would without us.
pub(super) async fn pass<S: Write + Send + 'static>(
    from: Option<impl AsyncRead + Unpin>,
    to: Option<S>,
    kept: Transcript,
    mut patience: Patience,
) {
    let (Some(mut from), Some(mut to)) = (from, to) else { return };
    let mut buffer = vec![0; CHUNK];
    while let Some(count) = patience.read(&mut from, &mut buffer).await {
        kept.add(&buffer[..count]);
        match hand_over(to, buffer, count).await {
            Some(returned) => (to, buffer) = returned,
            None => return,
        }
    }
}

/// Decides how long a stream is read.
#[derive(Clone, Debug)]
pub(super) struct Patience {
    ended: watch::Receiver<bool>,
    left: Duration,
    room: usize,
}

impl Patience {
    /// Patience without bounds until the command has ended.
    pub(super) fn new(ended: watch::Receiver<bool>) -> Self {
        Self { ended, left: GRACE, room: HELD_AT_MOST }
    }

    /// The next bytes; nothing at the end of the stream or of patience.
    async fn read(&mut self, from: &mut (impl AsyncRead + Unpin), to: &mut [u8]) -> Option<usize> {
        while !*self.ended.borrow_and_update() {
            tokio::select! {
                biased;
                read = from.read(to) => return some_bytes(read),
                changed = self.ended.changed() => changed.ok()?,
            }
        }
        self.read_late(from, to).await
    }

    /// Only waiting counts, and not the time that our reader takes: what the command left in the pipe
    /// needs no waiting, so nothing of it is lost.
    async fn read_late(
        &mut self,
        from: &mut (impl AsyncRead + Unpin),
        to: &mut [u8],
    ) -> Option<usize> {
        if self.room == 0 {
            return None;
        }
        let began = Instant::now();
        let read = timeout(self.left, from.read(to)).await.ok()?;
        self.left = self.left.saturating_sub(began.elapsed());
        let count = some_bytes(read)?;
        self.room = self.room.saturating_sub(count);
        Some(count)
    }
}

/// A pipe that fails has no more to give.
fn some_bytes(read: io::Result<usize>) -> Option<usize> {
    read.ok().filter(|count| *count > 0)
}

/// Writes the first bytes of a buffer, and gives both back unless nobody takes them.
async fn hand_over<S: Write + Send + 'static>(
    mut to: S,
    buffer: Vec<u8>,
    count: usize,
) -> Option<(S, Vec<u8>)> {
    let write = move || write_all(&mut to, &buffer[..count]).is_ok().then_some((to, buffer));
    spawn_blocking(write).await.ok().flatten()
}

/// Writes everything, also to an outlet that somebody has made non-blocking.
fn write_all(to: &mut impl Write, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match to.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => bytes = &bytes[count..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => thread::sleep(BUSY),
            Err(error) => return Err(error),
        }
    }
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes three bytes at a time, and is interrupted or busy before each.
    #[derive(Default)]
    struct Unwilling {
        taken: Vec<u8>,
        calls: usize,
    }

    impl Write for Unwilling {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.calls += 1;
            match self.calls % 3 {
                1 => Err(io::ErrorKind::Interrupted.into()),
                2 => Err(io::ErrorKind::WouldBlock.into()),
                _ => {
                    let count = bytes.len().min(3);
                    self.taken.extend_from_slice(&bytes[..count]);
                    Ok(count)
                }
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn partial_interrupted_and_busy_writes_lose_nothing() {
        let (mut outlet, bytes) = (Unwilling::default(), b"ten bytes!".as_slice());
        write_all(&mut outlet, bytes).unwrap();
        assert_eq!((outlet.taken.as_slice(), outlet.calls), (bytes, 12));
    }

    #[test]
    fn an_outlet_that_takes_nothing_ends_the_stream() {
        assert!(write_all(&mut [0u8; 4].as_mut_slice(), b"five!").is_err());
    }
}

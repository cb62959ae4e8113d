//! A terminal that is closed says so once. Who has a log to write goes on; all others have nobody left to tell. Where the
//! signal was ignored before this program began, as under `nohup`, it stays so.

/// Listens for a terminal that goes away.
pub(super) struct Hangup {
    #[cfg(unix)]
    signals: Option<tokio::signal::unix::Signal>,
}

impl Hangup {
    /// Listens from now on: the signal ends nobody any more who does.
    pub(super) fn listen() -> Self {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let is_wanted = !is_ignored();
            Self { signals: is_wanted.then(|| signal(SignalKind::hangup()).ok()).flatten() }
        }
        #[cfg(not(unix))]
        Self {}
    }

    /// Returns when the terminal has gone.
    #[cfg(unix)]
    pub(super) async fn came(&mut self) {
        match &mut self.signals {
            Some(signals) => drop(signals.recv().await),
            None => std::future::pending().await,
        }
    }

    /// Returns when the terminal has gone: elsewhere nobody says so.
    #[cfg(not(unix))]
    pub(super) async fn came(&mut self) {
        std::future::pending::<()>().await;
    }
}

/// Whether whoever started this program wants it to outlive its terminal. Only Linux says so in words.
#[cfg(unix)]
fn is_ignored() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|status| ignores_hangup(&status))
}

#[cfg(unix)]
fn ignores_hangup(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // The first signal is the lowest bit.
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & 1 == 1)
}

/// Whether the report goes to a file, which is there when the terminal is not.
#[cfg(unix)]
pub(super) fn writes_to_a_file() -> bool {
    use std::os::fd::AsFd;
    let copy = std::io::stdout().as_fd().try_clone_to_owned();
    copy.and_then(|copy| std::fs::File::from(copy).metadata()).is_ok_and(|found| found.is_file())
}

/// Nobody asks: no terminal that goes away says so here.
#[cfg(not(unix))]
pub(super) const fn writes_to_a_file() -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_signal_that_was_ignored_before_is_the_lowest_bit_of_a_mask() {
        let status = |mask: &str| format!("Name:\tx\nSigBlk:\t0000000000000001\nSigIgn:\t{mask}\n");
        assert!(ignores_hangup(&status("0000000000001001")));
        assert!(!ignores_hangup(&status("0000000000001000")));
        assert!(!ignores_hangup("Name:\tx\n"));
    }
}

//! A terminal that is closed says so once. Who has a log to write goes on; all others have nobody left to tell.

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
            Self { signals: signal(SignalKind::hangup()).ok() }
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

//! Waits for somebody to stop the run: Ctrl-C, or SIGTERM where there is such a thing.

use crate::report::verdict::Stop;

/// Ends when the run is to stop.
pub(super) async fn asked() -> Stop {
    tokio::select! {
        _ = tokio::signal::ctrl_c() => Stop::Interrupted,
        () = terminated() => Stop::Terminated,
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signals) => {
            signals.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending::<()>().await;
}

//! The task that moves a connection's bytes. It ends with the connection, and knows why.

use std::error::Error;
use std::fmt::{self, Display};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::SetOnce;
use tokio::task::AbortHandle;

use crate::facts::{Failure, Stage};
use crate::net::classify;

/// How long the connection's own verdict is waited for once a request on it failed.
const VERDICT_WAIT: Duration = Duration::from_millis(100);

/// A task that ends when this is dropped.
#[derive(Debug)]
pub(super) struct Task {
    handle: AbortHandle,
    ended: Arc<SetOnce<Result<(), Trouble>>>,
}

/// An error of the library that speaks the protocol.
#[derive(Debug)]
pub(super) enum Trouble {
    H1(hyper::Error),
    H2(h2::Error),
}

impl Task {
    pub(super) fn spawn<E: Into<Trouble>>(
        connection: impl Future<Output = Result<(), E>> + Send + 'static,
    ) -> Self {
        let ended = Arc::new(SetOnce::new());
        let telling = ended.clone();
        let task = tokio::spawn(async move {
            let outcome = connection.await.map_err(Into::into);
            // Nobody else sets it.
            let _ = telling.set(outcome);
        });
        Self { handle: task.abort_handle(), ended }
    }

    /// Whether the connection is over.
    pub(super) fn is_over(&self) -> bool {
        self.ended.initialized()
    }

    /// Why the connection ended, if it has or ends now, and if it says more than the request's failure.
    pub(super) async fn verdict(&self, stage: Stage) -> Option<Failure> {
        let ended = tokio::time::timeout(VERDICT_WAIT, self.ended.wait()).await.ok()?;
        classify::of_connection(ended.as_ref().err()?, stage)
    }
}

impl Drop for Task {
    /// Nobody is left to read what the connection still brings.
    fn drop(&mut self) {
        self.handle.abort();
    }
}

impl Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::H1(error) => error.fmt(formatter),
            Self::H2(error) => error.fmt(formatter),
        }
    }
}

impl Error for Trouble {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::H1(error) => Some(error),
            Self::H2(error) => Some(error),
        }
    }
}

impl From<hyper::Error> for Trouble {
    fn from(error: hyper::Error) -> Self {
        Self::H1(error)
    }
}

impl From<h2::Error> for Trouble {
    fn from(error: h2::Error) -> Self {
        Self::H2(error)
    }
}

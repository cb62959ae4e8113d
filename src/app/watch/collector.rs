//! Tells a collector by OpenTelemetry's protocol how the numbers stand, and of each call, after every look.

use crate::{
    app::otlp,
    error::UserError,
    export::{Probed, series::Family},
};

use super::Around;
#[cfg(feature = "otlp")]
use super::post::{Message, Post};

/// Whom to tell, and of what.
pub(super) struct Told {
    /// The calls of the last look.
    pub(super) calls: Vec<Probed>,
    #[cfg(feature = "otlp")]
    post: Option<Post>,
}

#[cfg(feature = "otlp")]
impl Told {
    /// Nobody was told yet. Opens no connection.
    pub(super) fn of(around: &Around<'_>) -> Result<Self, UserError> {
        let endpoint = around.args.otlp_endpoint.as_deref();
        let collector = otlp::of(endpoint, around.settings, around.world)?;
        let (started_ms, id) = (around.session.clock.started_unix_ms(), std::process::id());
        let teller = crate::export::otlp::Teller {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            instance: format!("{started_ms:x}-{id:x}"),
            simulated: around.settings.simulate.clone(),
        };
        let post =
            collector.map(|collector| Post::to(collector, teller, started_ms ^ u64::from(id)));
        Ok(Self { calls: Vec::new(), post })
    }

    /// Whether anybody is told.
    pub(super) const fn is_wanted(&self) -> bool {
        self.post.is_some()
    }

    /// Has it told beside the looks that follow.
    pub(super) fn tell(&mut self, families: Vec<Family>, at_s: f64) {
        let calls = std::mem::take(&mut self.calls);
        if let Some(post) = &mut self.post {
            post.hand_in(Message { families, at_s, calls });
        }
    }

    /// What went wrong last, in a sentence.
    pub(super) fn trouble(&self) -> Option<String> {
        self.post.as_ref()?.trouble()
    }

    /// Waits for what is under way, and not for long.
    pub(super) async fn finish(&self) {
        if let Some(post) = &self.post {
            post.finish().await;
        }
    }
}

/// A build that cannot send has nobody to tell.
#[cfg(not(feature = "otlp"))]
impl Told {
    pub(super) fn of(around: &Around<'_>) -> Result<Self, UserError> {
        let endpoint = around.args.otlp_endpoint.as_deref();
        let collector = otlp::of(endpoint, around.settings, around.world)?;
        collector.map_or(Ok(Self { calls: Vec::new() }), |collector| match collector {})
    }

    #[expect(clippy::unused_self, reason = "a build that can send looks whom it is to tell")]
    pub(super) const fn is_wanted(&self) -> bool {
        false
    }

    pub(super) fn tell(&mut self, _: Vec<Family>, _: f64) {
        self.calls.clear();
    }

    #[expect(clippy::unused_self, reason = "a build that can send has troubles of its own")]
    pub(super) const fn trouble(&self) -> Option<String> {
        None
    }

    #[expect(clippy::unused_async, reason = "a build that can send waits here")]
    pub(super) async fn finish(&self) {}
}

//! Tells a collector by OpenTelemetry's protocol how the numbers stand, and of each call, after every look.

use crate::{
    app::otlp::{self, Collector},
    error::UserError,
    export::{Probed, series::Family},
};

use super::Around;

/// Whom to tell, and of what.
pub(super) struct Told {
    pub(super) collector: Option<Collector>,
    /// The calls of the last look.
    pub(super) calls: Vec<Probed>,
    #[cfg(feature = "otlp")]
    teller: crate::export::otlp::Teller,
    #[cfg(feature = "otlp")]
    random: fastrand::Rng,
}

impl Told {
    /// Nobody was told yet. Opens no connection.
    pub(super) fn of(around: &Around<'_>) -> Result<Self, UserError> {
        let endpoint = around.args.otlp_endpoint.as_deref();
        Ok(Self {
            collector: otlp::of(endpoint, around.settings, around.world)?,
            calls: Vec::new(),
            #[cfg(feature = "otlp")]
            teller: crate::export::otlp::Teller {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                instance: format!(
                    "{:x}-{:x}",
                    around.session.clock.started_unix_ms(),
                    std::process::id()
                ),
                simulated: around.settings.simulate.clone(),
            },
            #[cfg(feature = "otlp")]
            random: fastrand::Rng::with_seed(
                around.session.clock.started_unix_ms() ^ u64::from(std::process::id()),
            ),
        })
    }

    /// Tells it. The error is a sentence.
    #[cfg(feature = "otlp")]
    pub(super) async fn tell(&mut self, families: &[Family], at_s: f64) -> Result<(), String> {
        let Some(collector) = &self.collector else { return Ok(()) };
        let numbers = collector.tell(&self.teller, families, at_s).await;
        let calls = collector.tell_calls(&self.teller, &self.calls, &mut self.random).await;
        numbers.and(calls)
    }

    /// A build that cannot send has nobody to tell.
    #[cfg(not(feature = "otlp"))]
    #[expect(clippy::unused_async, reason = "a build that can send waits here")]
    pub(super) async fn tell(&mut self, _: &[Family], _: f64) -> Result<(), String> {
        match &self.collector {
            Some(collector) => match *collector {},
            None => Ok(()),
        }
    }
}

//! Feeds what a watch sees into the numbers for collectors, and puts those where collectors find them: at a port, in a
//! file, or at a collector that is told. None of that ends a watch.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    error::UserError,
    export::{
        AddressFamily, Dialled, Outcome, Probed, Rate, Registry, Setup, Standing, TextFormat,
    },
    facts::{Attempt, Method},
    probe::watch::FamilyTried,
    watch::{Change, Judged, Kind, Period, Track, Watched, listen},
};

use super::{super::output::has_folder, Around, ask::Asked, collector::Told};

/// The option that opens a port.
const LISTEN: &str = "--metrics-listen";
/// Every word that a verdict has.
const VERDICTS: &[&str] = &["unclear", "healthy", "failing"];

/// The numbers, and where they go.
pub(super) struct Metrics {
    registry: Arc<Mutex<Registry>>,
    address: Option<SocketAddr>,
    file: Option<PathBuf>,
    told: Told,
    host: String,
    port: u16,
    api: &'static str,
    method: Method,
    models: Vec<String>,
    /// Whether it was said that a place takes nothing, so that it is said once.
    has_complained: bool,
}

impl Metrics {
    /// Nothing counted yet.
    pub(super) fn begin(around: &Around<'_>) -> Result<Self, UserError> {
        let (args, plan) = (around.args, &around.wanted.plan);
        let endpoint = &around.settings.endpoint.value;
        let listen = args.metrics_listen.as_deref();
        let anywhere = args.metrics_listen_anywhere;
        let registry = Registry::new(Setup {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            models: plan.models.clone(),
            verdicts: VERDICTS,
            started_s: around.session.clock.started_unix_ms() as f64 / 1000.0,
        });
        let file = args.metrics_file.as_ref().map(|path| around.machine.path(path));
        file.as_deref().map_or(Ok(()), |path| has_folder("--metrics-file", path))?;
        let registry = match &around.settings.simulate {
            Some(scenario) => registry.simulated(scenario),
            None => registry,
        };
        Ok(Self {
            registry: Arc::new(Mutex::new(registry)),
            address: listen.map(|text| listen::address(LISTEN, text, anywhere)).transpose()?,
            file,
            told: Told::of(around)?,
            host: endpoint.host.clone(),
            port: endpoint.port,
            api: endpoint.api.word(),
            method: if plan.free { Method::Count } else { Method::Stream },
            models: plan.models.clone(),
            has_complained: false,
        })
    }

    /// Opens the port, if one is wanted, and gives back where it is. It is served as long as the runtime goes on.
    pub(super) async fn open(&self) -> Result<Option<SocketAddr>, UserError> {
        let Some(address) = self.address else { return Ok(None) };
        let listener = listen::open(LISTEN, address).await?;
        let bound = listener.local_addr().ok();
        let registry = Arc::clone(&self.registry);
        drop(tokio::spawn(async move { listen::serve(listener, registry).await }));
        Ok(bound)
    }

    /// Whether anybody is to read them.
    pub(super) const fn is_wanted(&self) -> bool {
        self.address.is_some() || self.file.is_some() || self.told.is_wanted()
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        // A count that was taken down halfway is a count all the same.
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a look, and what changed with it.
    pub(super) fn take(
        &mut self,
        asked: &Asked,
        (changes, judged): (&[Change], &[Judged]),
        watched: &Watched,
        at_ms: u64,
    ) {
        let calls = self.calls(asked, judged, at_ms as f64 / 1000.0);
        let mut registry = self.registry();
        calls.iter().for_each(|call| registry.record(call));
        for track in &watched.tracks {
            match track.kind {
                Kind::Model => registry.stands(&track.name, standing(track)),
                path => registry.path_stands(path.word(), track.verdict().word()),
            }
        }
        let news = changes.iter().filter(|one| one.is_news() && one.from != one.to);
        news.filter(|one| self.models.contains(&one.target))
            .for_each(|one| registry.changed(&one.target));
        if let Some(until) = watched.valid_until {
            registry.certificate_ends(&self.host, until as f64);
        }
        drop(registry);
        self.told.calls = calls;
    }

    /// The call of each model; where there was no connection, the try at one stands for it.
    fn calls(&self, asked: &Asked, judged: &[Judged], at_s: f64) -> Vec<Probed> {
        let mut dialled: Vec<Dialled> = asked.heard.families.iter().map(dialled).collect();
        let unconnected = asked.attempts.iter().find(|attempt| attempt.http.is_none());
        let mut calls = Vec::new();
        for model in &self.models {
            let own = judged.iter().find(|one| one.target == *model);
            let attempt = own.and_then(|one| one.attempt.as_ref()).or(unconnected);
            let Some(attempt) = attempt else { continue };
            let mut probed = self.probed(model, attempt, at_s);
            let has_cause = own.is_some_and(|one| one.cause.is_some());
            if has_cause && probed.outcome == Outcome::Answered {
                probed.outcome = Outcome::Empty;
            }
            // One connection carries all calls of a look, and counts once.
            probed.dialled = std::mem::take(&mut dialled);
            calls.push(probed);
        }
        calls
    }

    fn probed(&self, model: &str, attempt: &Attempt, at_s: f64) -> Probed {
        Probed {
            at_s,
            method: attempt.method.unwrap_or(self.method),
            model: model.to_owned(),
            host: self.host.clone(),
            port: self.port,
            api: self.api,
            outcome: Outcome::of(attempt),
            status: attempt.status,
            failure: attempt.failure.as_ref().map(|failure| (failure.stage, failure.fault)),
            took_ms: took(attempt),
            phases: attempt.phases,
            dialled: Vec::new(),
            input_tokens: attempt.input_tokens,
            output_tokens: attempt.output_tokens,
            served_by: attempt.model_version.clone(),
            response_id: attempt.response_id.clone(),
        }
    }

    /// Counts a command that was told of a change.
    pub(super) fn alerted(&self, worked: bool) {
        self.registry().alerted(worked);
    }

    /// Puts the numbers where collectors find them. Gives back what went wrong, the first time in a row.
    pub(super) fn publish(&mut self, around: &Around<'_>, at_ms: u64) -> Option<String> {
        let unwritten = self.write(around).err();
        if self.told.is_wanted() {
            let families = {
                let registry = self.registry();
                [registry.families(), registry.gen_ai()].concat()
            };
            self.told.tell(families, at_ms as f64 / 1000.0);
        }
        self.news(unwritten.or(self.told.trouble()))
    }

    /// Waits until a collector has what it was told last, and not for long. Gives back what went wrong, if that is news.
    pub(super) async fn finish(&mut self) -> Option<String> {
        self.told.finish().await;
        self.news(self.told.trouble())
    }

    fn news(&mut self, wrong: Option<String>) -> Option<String> {
        let has_complained = std::mem::replace(&mut self.has_complained, wrong.is_some());
        wrong.filter(|_| !has_complained)
    }

    fn write(&self, around: &Around<'_>) -> Result<(), String> {
        let Some(path) = &self.file else { return Ok(()) };
        let text = TextFormat::Prometheus.render(&self.registry().families());
        around.output.file(path, &text).map_err(|error| error.what)
    }
}

fn dialled(tried: &FamilyTried) -> Dialled {
    let family = if tried.name == "IPv6" { AddressFamily::V6 } else { AddressFamily::V4 };
    Dialled { family, connect_ms: tried.connect_ms }
}

/// The connection and the exchange together, as far as they came.
fn took(attempt: &Attempt) -> Option<f64> {
    let phases = &attempt.phases;
    let parts = [phases.dns_ms, phases.tcp_ms, phases.proxy_ms, phases.tls_ms, phases.total_ms];
    parts.iter().any(Option::is_some).then(|| parts.iter().flatten().sum())
}

fn standing(track: &Track) -> Standing {
    let now = track.now();
    let rate = now.filter(|now| now.calls > 0).map(Period::rate);
    Standing {
        verdict: track.verdict().word(),
        since_s: now.map(|now| now.from_ms as f64 / 1000.0),
        failure_rate: rate.map(|(value, low, high)| Rate { value, low, high }),
    }
}

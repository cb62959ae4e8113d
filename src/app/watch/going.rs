//! The loop of a watch: waits until a look is due, looks, takes in what came, tells what changed. What lasts is
//! bounded; each look leaves nothing else behind.

use std::{
    pin::pin,
    time::{Duration, Instant},
};

use crate::{
    commands::watch::{Beside, LIST_EACH},
    diagnose::Shell,
    error::UserError,
    facts::check::Observation,
    probe::{Clock, Journal},
    report::{document::SCHEMA_VERSION, verdict::Stop},
    secret::ApiKey,
    watch::{
        Change, Judged, Watched, alert::Alert, board::Around as View, gap::Gap, schedule::Schedule,
        seen::CONNECTION,
    },
};

use super::{
    Around, alert,
    ask::{self, Asked, Ledger},
    hangup::{self, Hangup},
    keys::Keys,
    log::Log,
    metrics::Metrics,
    show::Show,
};
use crate::app::{
    request_log::{LogLine, Stamp},
    stop,
};

/// How often the view is drawn, and the clocks are held against each other.
const STEP: Duration = Duration::from_secs(1);

/// A watch that goes on.
pub(super) struct Going<'a> {
    around: &'a Around<'a>,
    clock: Clock,
    pub(super) watched: Watched,
    pub(super) ledger: Ledger,
    /// The rows that need no network.
    pub(super) local: Vec<Observation>,
    pub(super) beside: Beside,
    keys: Keys,
    log: Option<Log>,
    metrics: Metrics,
    show: Show<'a>,
    environment: Vec<(String, String)>,
    run_id: String,
    /// Whether the network may need a moment, since the machine slept.
    is_waking: bool,
    /// Whether the terminal was closed meanwhile.
    pub(super) has_hung_up: bool,
    /// The record of a look that is under way.
    under_way: Option<Journal>,
}

/// Both clocks at one moment: the one that only goes on, and the one on the wall.
#[derive(Clone, Copy)]
struct Mark {
    steady: Instant,
    wall_ms: u64,
}

impl Mark {
    fn now(clock: &Clock) -> Self {
        Self { steady: Instant::now(), wall_ms: clock.wall_ms() }
    }

    /// What happened to the time since, where this long was to be waited; none to a simulated one.
    fn gap(self, clock: &Clock, meant: Option<Duration>) -> Option<Gap> {
        if clock.is_simulated() {
            return None;
        }
        let (steady, wall_ms) = (self.steady.elapsed(), clock.wall_ms());
        Gap::between(
            meant.unwrap_or(steady),
            steady,
            i128::from(wall_ms) - i128::from(self.wall_ms),
        )
    }
}

impl<'a> Going<'a> {
    /// All that a watch needs, before anything is sent.
    pub(super) fn begin(
        around: &'a Around<'a>,
        local: Vec<Observation>,
    ) -> Result<Self, UserError> {
        let (wanted, settings) = (around.wanted, around.settings);
        let clock = around.session.clock.clone();
        let started_ms = clock.started_unix_ms();
        let models = &wanted.plan.models;
        around.output.has_folders()?;
        let log =
            settings.log.as_deref().map(|path| Log::open(path, wanted.rotation)).transpose()?;
        Ok(Self {
            around,
            watched: Watched::new(models, wanted.with_list, wanted.confirming, started_ms),
            ledger: Ledger::default(),
            local,
            beside: Beside::default(),
            keys: Keys::of(settings, &wanted.plan.key),
            log,
            metrics: Metrics::begin(around)?,
            show: Show::on(around.output),
            environment: alert::environment(around.machine, &secrets(around)),
            run_id: format!("{started_ms:x}"),
            is_waking: false,
            has_hung_up: false,
            under_way: None,
            clock,
        })
    }

    /// Goes on until the time or the budget is over, or somebody stops it.
    pub(super) async fn run(&mut self) -> Result<Option<Stop>, UserError> {
        if let Some(address) = self.metrics.open().await? {
            self.around.output.note(&format!("metrics are at http://{address}/metrics"));
        }
        let mut hangup = Hangup::listen();
        let (survives, gone) = (self.survives_its_terminal(), self.show.gone());
        let stop = {
            let mut stopped = pin!(stop::asked());
            let mut going = pin!(self.go_on());
            loop {
                tokio::select! {
                    biased;
                    stop = stopped.as_mut() => break Some(stop),
                    () = hangup.came() => {
                        gone.set(true);
                        if !survives {
                            break Some(Stop::Terminated);
                        }
                    }
                    () = going.as_mut() => break None,
                }
            }
        };
        self.has_hung_up = gone.get();
        if let Some(news) = self.metrics.finish().await {
            self.note(news);
        }
        self.end();
        Ok(stop)
    }

    /// Whoever writes a log or a file, or is asked for metrics, has somebody to tell without a terminal.
    fn survives_its_terminal(&self) -> bool {
        let writes = self.log.is_some() || self.metrics.is_wanted() || hangup::writes_to_a_file();
        writes || self.around.args.on_change.is_some() || !self.around.given.report.is_empty()
    }

    fn end(&mut self) {
        self.show.leave();
        if let Some(journal) = self.under_way.take() {
            // What was sent in a look that was stopped was sent all the same.
            journal.stop();
            self.ledger.add(&ask::spent(&journal), journal.numbered());
        }
        self.beside.key_changes = self.keys.changes;
        self.beside.log = self
            .log
            .as_ref()
            .map(|log| (log.path().to_owned(), log.lines, log.lost, log.put_aside));
    }
}

impl Going<'_> {
    async fn go_on(&mut self) {
        let seed = self.around.settings.seed;
        let mut schedule = Schedule::new(self.around.wanted.every, seed);
        loop {
            let now = self.clock.elapsed();
            let due = schedule.next(now);
            if due.at >= self.around.wanted.duration {
                return;
            }
            self.watched.missed += due.missed;
            if let Some(why) = self.out_of_budget() {
                self.beside.ended = Some(why);
                return;
            }
            self.wait_until(due.at).await;
            self.look(due.at + self.around.wanted.every).await;
        }
    }

    /// Why no further look can be paid for.
    fn out_of_budget(&self) -> Option<String> {
        let (spent, budget) = (&self.ledger.spent, &self.around.settings.budget);
        let most = self.around.session.requests_max;
        let needed = self.around.wanted.plan.models.len() as u64;
        if spent.requests + needed > most {
            return Some(format!("the budget of {most} requests is used up"));
        }
        let tokens = spent.input_tokens + spent.output_tokens;
        let each = crate::probe::watch::WatchPlan::tokens_a_call();
        let could_be = self.around.wanted.plan.paid_calls() * each;
        let most = budget.max_tokens.filter(|most| tokens + could_be > *most)?;
        Some(format!("another look could go over the budget of {most} tokens"))
    }

    async fn wait_until(&mut self, due: Duration) {
        loop {
            self.draw(due);
            let left = due.saturating_sub(self.clock.elapsed());
            if left.is_zero() {
                return;
            }
            let step = if self.clock.is_simulated() { left } else { left.min(STEP) };
            let mark = Mark::now(&self.clock);
            self.clock.wait(step).await;
            if let Some(gap) = mark.gap(&self.clock, Some(step)) {
                self.note_gap(gap);
            }
        }
    }

    fn note_gap(&mut self, gap: Gap) {
        self.is_waking |= gap.is_a_sleep();
        self.note(gap.words());
    }

    fn note(&mut self, text: String) {
        let now_ms = self.clock.wall_ms();
        self.show.note(&text, now_ms);
        self.watched.note(now_ms, text);
    }

    fn draw(&mut self, due: Duration) {
        let elapsed = self.clock.elapsed();
        let (width, unicode) = self.show.canvas();
        let view = View {
            now_ms: self.clock.wall_ms(),
            next: due.saturating_sub(elapsed),
            left: self.around.wanted.duration.saturating_sub(elapsed),
            every: self.around.wanted.every,
            paid: self.ledger.spent.paid,
            requests: self.ledger.spent.requests,
            width,
            unicode,
            simulated: self.around.simulated.is_some(),
        };
        self.show.stands(&self.watched, &view, elapsed);
    }

    async fn look(&mut self, next: Duration) {
        if let Some(news) = self.keys.refresh(self.around) {
            self.note(news);
        }
        let (mark, began) = (Mark::now(&self.clock), self.clock.elapsed_ms());
        let wanted = self.around.wanted;
        let with_list = wanted.with_list && self.watched.looks.is_multiple_of(LIST_EACH);
        let under_way = &mut self.under_way;
        let asked = ask::look(self.around, &self.keys, &self.ledger, with_list, under_way).await;
        self.under_way = None;
        let Ok(asked) = asked else { return };
        self.ledger.add(&asked.spent, asked.numbered);
        if let Some(gap) = mark.gap(&self.clock, None) {
            self.discard(&asked, mark.wall_ms, began);
            return self.note_gap(gap);
        }
        if self.is_still_waking(&asked) {
            return self.discard(&asked, mark.wall_ms, began);
        }
        let shell: Shell = self.around.output.shell();
        let (changes, judged) = self.watched.take(mark.wall_ms, &asked.heard, shell);
        let look = Some(self.watched.looks);
        self.write_log(&asked, (look, &judged), mark.wall_ms, began);
        self.metrics.take(&asked, (&changes, &judged), &self.watched, mark.wall_ms);
        if asked.attempts.iter().any(|one| matches!(one.status, Some(400 | 401 | 403))) {
            self.keys.doubt();
        }
        self.tell(&changes).await;
        if let Some(news) = self.metrics.publish(self.around, mark.wall_ms) {
            self.note(news);
        }
        self.draw(next);
    }

    /// The first look after a sleep that finds no network is no outage: it may not be there again yet.
    fn is_still_waking(&mut self, asked: &Asked) -> bool {
        let is_waking = std::mem::take(&mut self.is_waking);
        if !(is_waking && asked.heard.connected == Some(false)) {
            return false;
        }
        self.note(
            "the network was not there yet after the pause; that look does not count".to_owned(),
        );
        true
    }

    /// A look that is not judged was paid for all the same: its requests are in the log, as those of no look.
    fn discard(&mut self, asked: &Asked, wall_ms: u64, began: f64) {
        self.watched.discarded += 1;
        self.write_log(asked, (None, &[]), wall_ms, began);
    }

    /// One line a request, with the cause that it was judged by.
    fn write_log(
        &mut self,
        asked: &Asked,
        (look, judged): (Option<u64>, &[Judged]),
        wall_ms: u64,
        began: f64,
    ) {
        let Some(log) = &mut self.log else { return };
        for attempt in &asked.attempts {
            let own = judged
                .iter()
                .find(|one| one.attempt.as_ref().is_some_and(|known| known.id == attempt.id));
            let own = own.or_else(|| {
                // Whoever got no connection has no call of a model's.
                judged.iter().find(|one| one.target == CONNECTION && attempt.status.is_none())
            });
            let at_ms = wall_ms.saturating_add((attempt.at_ms - began).max(0.0) as u64);
            let stamp = Stamp { task: super::NAME, run: &self.run_id, at_ms };
            let line = LogLine {
                schema_version: SCHEMA_VERSION.to_owned(),
                look,
                cause: own.and_then(|one| one.cause.as_ref()).map(|cause| cause.id.clone()),
                ..LogLine::of(attempt, &stamp)
            };
            if let Ok(text) = serde_json::to_string(&line) {
                log.write(&self.around.output.scrub(&text));
            }
        }
        if let Some(news) = log.news() {
            self.note(news);
        }
    }

    /// Tells the changes: to whoever looks, and to the command that wants to know.
    async fn tell(&mut self, changes: &[Change]) {
        let now_ms = self.clock.wall_ms();
        self.show.changes(changes, now_ms);
        let news: Vec<Change> = changes.iter().filter(|change| change.is_news()).cloned().collect();
        let Some(line) = &self.around.args.on_change else { return };
        let simulated = self.around.settings.simulate.as_deref();
        let Some(mut alert) = Alert::of(&news, &self.watched, now_ms, simulated) else { return };
        for (_, value) in &mut alert.variables {
            *value = self.around.output.scrub(value);
        }
        let document = self.around.output.scrub(&alert.document.to_string());
        let told = alert::Told { variables: &alert.variables, document: &document };
        let directory = &self.around.machine.directory;
        let ran = alert::run(line, told, &self.environment, directory).await;
        self.metrics.alerted(ran.is_ok());
        self.beside.alerts.0 += 1;
        if let Err(why) = ran {
            self.beside.alerts.1 += 1;
            self.note(format!("the command of --on-change failed: {why}"));
        }
    }
}

/// Every key that this watch knows.
fn secrets<'a>(around: &'a Around<'_>) -> Vec<&'a ApiKey> {
    let key = &around.settings.key;
    key.key.iter().chain(&key.unused).collect()
}

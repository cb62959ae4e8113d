//! A live run: settings, plan, probe, findings, report. One line a stage.

use std::path::{Path, PathBuf};

use crate::{
    alias::Verdict,
    commands::{
        bench_transport::{self, BenchTransport},
        bisect,
        check_key::{self, CheckKey},
        compare::{self, Compare},
        count_tokens::delivery,
        doctor::{self, Doctor, local::Seen},
        gate,
        list_models::ListModels,
        plans,
        probe_alias::{self, Judged, ProbeAlias, Sentences, Told},
        tls_check::{self, Around, TlsCheck},
    },
    diagnose::{Finding, finding::FixStep, judge_counted},
    error::UserError,
    exit::Exit,
    facts::{Check, Class, Clue, Sample, Status, check::Observation},
    local::runtimes,
    probe::{
        Clock, Plan, Product, Runner, Then,
        doctor::DoctorPlan,
        key::{self, KeyPlan},
        plan,
        runner::{Bounds, Vault},
        tls::Host,
    },
    report::{
        FailOn, Holds, Report,
        document::{Place, Remark, Sheet},
        verdict::Stop,
    },
    secret::ApiKey,
    settings::{Given, Settings, World, is_null_device},
};

use super::{
    bisect::{Searching, tell_taken_out},
    build,
    compare::Comparing,
    count_tokens::Sending,
    gate::Gating,
    network,
    output::Output,
    refuse,
    request_log::RequestLog,
    simulated::{self, Simulated},
    stop,
};

/// The requests a run may send where nobody says otherwise, unless its plan is a longer one.
const REQUESTS: u64 = 500;
/// Paid calls that run without being asked about.
const PAID_CALLS: u32 = 20;

/// The live commands.
pub(super) enum Live<'a> {
    CheckKey(&'a CheckKey),
    ListModels(&'a ListModels),
    Doctor(&'a Doctor),
    ProbeAlias(&'a ProbeAlias),
    BenchTransport(&'a BenchTransport),
    Compare(&'a Compare),
    TlsCheck(&'a TlsCheck),
    CountTokens(&'a Sending<'a>),
    Gate(&'a Gating<'a>),
    Bisect(&'a Searching<'a>),
}

/// What every step of a live run needs to know.
pub(super) struct Session<'a> {
    pub(super) command: &'static str,
    pub(super) settings: &'a Settings,
    pub(super) simulated: Option<&'a Simulated>,
    pub(super) clock: Clock,
    pub(super) fail_on: FailOn,
    /// The known fix that is to be found first.
    pub(super) expect: Option<String>,
    pub(super) requests_max: u64,
    /// The model that is the command's argument.
    pub(super) named: Option<String>,
    /// The hosts that are looked at without any key; none where calls go to the API.
    pub(super) hosts: Vec<Host>,
    /// Where the first side led, where all sides of a comparison are from earlier runs.
    pub(super) saved_url: Option<String>,
}

/// Runs one live command to its exit code.
pub(super) fn run(live: &Live<'_>, machine: &World) -> Exit {
    let mut output = match Output::new(live.given(), machine, live.holds()) {
        Ok(output) => output,
        Err(error) => {
            let output = Output::without_files(live.given(), machine, live.holds());
            return refuse(&output, live.name(), &error);
        }
    };
    let done = whole(live, machine, &mut output).and_then(|report| output.report(&report));
    done.unwrap_or_else(|error| refuse(&output, live.name(), &error))
}

/// The whole run up to its document, which is not written yet.
pub(super) fn whole(
    live: &Live<'_>,
    machine: &World,
    output: &mut Output,
) -> Result<Report, UserError> {
    output.has_folders()?;
    let simulated = simulated::start(live.given())?;
    let (given, world) = match &simulated {
        Some(simulated) => simulated::surroundings(live.given(), machine, simulated),
        None => (live.given().clone(), machine.clone()),
    };
    let comparing = live.comparing(&given, [&world, machine], simulated.as_ref())?;
    let expect = build::expected(&given)?;
    let mut settings = match comparing.as_ref().and_then(Comparing::leading) {
        Some(leading) => leading.clone(),
        None => Settings::resolve(&given, &world)?,
    };
    if let Live::Gate(gating) = live {
        gate::bound(&gating.gate, &mut settings);
        output.hold_rows();
    }
    if let Live::Bisect(searching) = live {
        searching.tell_origin(&mut settings);
        output.hold_rows();
    }
    output.know(&settings);
    output.learn(comparing.iter().flat_map(Comparing::secrets));
    let around = live.around(&world, simulated.as_ref());
    let mut plan = live.plan(&settings, [&world, machine], (&around, comparing.as_ref()))?;
    if let Then::Tls(wanted) = &mut plan.then {
        network::lead(&mut wanted.hosts, &settings)?;
        tls_check::refuse_address_behind_proxy(&wanted.hosts)?;
    }
    output.learn(successor(&plan));
    output.learn(plans::secrets_of_login(&settings));
    network::lead_login(&mut plan.key, &settings)?;
    network::lead_health(&mut plan.key, &settings)?;
    afford(live, &plan, &settings, output)?;
    if let Then::Bisect(bisect) = &mut plan.then {
        bisect.agree_to_its_size();
    }
    let session = Session {
        command: live.name(),
        settings: &settings,
        simulated: simulated.as_ref(),
        clock: match &simulated {
            Some(simulated) => Clock::start()
                .on_day(&settings.model_table.as_of)
                .ahead_by(simulated.simulation.time()),
            None => Clock::start(),
        },
        named: live.named().map(str::to_owned),
        hosts: match &plan.then {
            Then::Tls(wanted) => wanted.hosts.clone(),
            _ => Vec::new(),
        },
        saved_url: match &plan.then {
            Then::Compare(wanted) => wanted.saved_url(),
            _ => None,
        },
        fail_on: build::fail_on(given.fail_on.as_deref())?,
        expect,
        requests_max: settings.budget.max_requests.unwrap_or_else(|| REQUESTS.max(most(&plan))),
    };
    if settings.budget.dry_run {
        let mut report = build::dry_run(&session, &plan);
        report.limits.extend(gate::undecided(&plan, &settings));
        return Ok(report);
    }
    perform(live, &session, &plan, (&world, &around, comparing.as_ref()), output)
}

/// The requests that a plan can make at most.
fn most(plan: &Plan) -> u64 {
    plan.calls().iter().map(|(_, count)| u64::from(*count)).sum()
}

/// The key that is sent beside the run's own, if there is one.
fn successor(plan: &Plan) -> Option<ApiKey> {
    match &plan.then {
        Then::Successor { key, .. } => Some(key.clone()),
        Then::Nothing
        | Then::ExpectDead
        | Then::TransportMatrix
        | Then::Models(_)
        | Then::Doctor(_)
        | Then::Gate(_)
        | Then::Probe(_)
        | Then::Bench(_)
        | Then::Compare(_)
        | Then::Tls(_)
        | Then::Delivery(_)
        | Then::Bisect(_) => None,
    }
}

/// More paid calls than a few need a yes, a benchmark's and a long prompt's are never minimal, and nobody's service
/// is put under load unasked. In a simulated world nobody pays.
fn afford(
    live: &Live<'_>,
    plan: &Plan,
    settings: &Settings,
    output: &Output,
) -> Result<(), UserError> {
    let most = |calls: u64| calls.min(settings.budget.max_requests.unwrap_or(u64::MAX));
    let paid = most(u64::from(plan.paid_calls()));
    let agreed = settings.budget.yes || settings.budget.dry_run || settings.simulate.is_some();
    let bench = match &plan.then {
        Then::Bench(bench) => Some(bench),
        _ => None,
    };
    let is_minimal = match &plan.then {
        Then::Bench(_) | Then::Delivery(_) => false,
        Then::Bisect(bisect) => !bisect.is_large(),
        _ => true,
    };
    let free_hand = if is_minimal { PAID_CALLS } else { 0 };
    let is_load = bench.is_some_and(|bench| bench.mode.is_load());
    if agreed || (paid <= u64::from(free_hand) && !is_load) {
        return Ok(());
    }
    let (bound, each) = (plan.tokens_word(), plan.tokens_a_call());
    let price = match (live, &plan.then) {
        (Live::CountTokens(sending), _) => {
            format!(", {}", sending.price(settings, paid, (bound, each)))
        }
        (_, Then::Bisect(bisect)) => format!(
            " (where no free count shows the fault, and mostly about {} tokens of input)",
            bisect.likely_input()
        ),
        _ => String::new(),
    };
    let all = paid.saturating_mul(each);
    let paid = format!("{paid} paid calls, of {bound} {all} tokens in all{price}");
    let cost = match bench.and_then(|bench| bench.mode.most_s()) {
        Some(seconds) => {
            let requests = most(self::most(plan));
            let host = settings.endpoint.value.authority();
            format!(
                "this run can make {requests} requests to {host} in {seconds:.0} s, among them {paid}"
            )
        }
        None => format!("this run can make {paid}"),
    };
    let also = plan.other_url().map(|url| format!(", also to {url}"));
    let cost = format!("{cost}{}", also.unwrap_or_default());
    if output.ask(&format!("{cost}. Go on?")) {
        return Ok(());
    }
    let hint = "add --yes, or --max-requests N for fewer, or --dry-run to see what would be sent";
    Err(UserError::usage(format!("{cost}, and nobody agreed to that"), hint))
}

fn perform(
    live: &Live<'_>,
    session: &Session<'_>,
    plan: &Plan,
    (world, around, comparing): (&World, &Around, Option<&Comparing>),
    output: &Output,
) -> Result<Report, UserError> {
    let settings = session.settings;
    let simulation = session.simulated.map(|simulated| &simulated.simulation);
    let mut how = network::how(settings, simulation)?;
    if let Then::Doctor(doctor) = &plan.then {
        how.connect_timeout = doctor.connect_timeout(how.connect_timeout);
    }
    settings.log.as_deref().map_or(Ok(()), may_be_written)?;
    live.vendor_path().map_or(Ok(()), has_a_place)?;
    let log = RequestLog::open(settings.log.as_deref(), session)?;
    if let Live::Gate(_) = live {
        output.note(&gate::cost(plan, settings));
    }
    output.begin(&build::opening(session));
    // Where there is no key that can be sent, the plan ends before the first request.
    let key = plans::sendable(settings).filter(|_| plan.key.cloud.is_none());
    let key = key.unwrap_or_else(|| ApiKey::new(""));
    let limits = network::limits(settings, simulation);
    let endpoint = &settings.endpoint.value;
    let mut runner =
        Runner::new(endpoint, &key, &how, limits, bounds(session, plan), session.clock.clone());
    let vault = Vault::default();
    runner.keep_in(&vault);
    runner.know(match &plan.key.cloud {
        Some(login) => login.named(),
        None => key::context_of(plan.key.shape.as_ref()),
    });
    runner.know(endpoint.flaw().map(Clue::Route));
    runner.journal.listen(output.listener(log));
    let mut product = plan::begin(plan, &runner);
    let mut seen = live.machine(plan, settings, world)?;
    let stopped = match observe_machine(plan, std::mem::take(&mut seen.rows), &runner) {
        Ok(Next::Ask) => {
            let stopped = drive(live, plan, around, (&mut runner, &mut product), output)?;
            if stopped.is_some() {
                runner.journal.stop();
                plan::close(plan, &runner, &mut product);
                plan::skip_the_rest(plan, &runner, "the run was stopped");
            }
            stopped
        }
        Ok(Next::End) => None,
        Err(because) => {
            plan::skip_the_rest(plan, &runner, &because);
            None
        }
    };
    let mut findings = match (comparing, &product.compared) {
        (Some(comparing), Some(compared)) if compared.has_rows() => {
            comparing.findings(compared, output.shell())
        }
        _ => judge_counted(&runner.journal.observations(), output.shell(), &|one| {
            product.sampled.as_ref().map_or(1, |sampled| sampled.times(one))
        }),
    };
    let samples = runner.journal.take_samples();
    let mut told = live.told(&product, &samples, settings, around, stopped.is_some());
    if let Live::Doctor(_) = live {
        let (layers, proofs) = doctor::trail(&runner.journal.observations(), &findings);
        told.data["layers"] = layers;
        told.sheets.extend(proofs);
    }
    if let Live::Gate(gating) = live {
        let rows = runner.journal.observations().into_iter().map(|row| row.check).collect();
        told = gated(gating, &product, (rows, &findings), session, stopped);
    }
    if let Live::Bisect(searching) = live {
        let rows = runner.journal.observations().into_iter().map(|row| row.check).collect();
        told = searched(searching, &product, rows, &findings);
        tell_taken_out(&told.files, output, (&mut told.data, &mut told.remarks));
    }
    told.see(seen, settings, plan);
    for (path, text) in std::mem::take(&mut told.files) {
        output.also_write(path, text);
    }
    match live.vendor_report(&product, settings) {
        Wanted::Written(path, text) => {
            told.remarks.push(probe_alias::vendor_report_written(&path));
            already_written(&mut findings, &path);
            output.also_write(path, text);
        }
        Wanted::Nothing(remark) => told.remarks.push(remark),
        Wanted::No => {}
    }
    let extras = build::Extras { told, samples, stopped };
    Ok(build::report(session, &product, &runner.journal, findings, extras, live))
}

/// The step that asks for an issue text is half done where it was written.
fn already_written(findings: &mut [Finding], path: &Path) {
    let asks = |step: &&mut FixStep| {
        step.command.as_deref().is_some_and(|command| command.contains("--vendor-report"))
    };
    for step in findings.iter_mut().flat_map(|finding| &mut finding.fixes).filter(asks) {
        step.action = format!("Send the provider the issue text that is in {}", path.display());
        step.command = None;
    }
}

/// A pipe without a reader would be waited for, and no deadline holds yet.
pub(super) fn may_be_written(log: &Path) -> Result<(), UserError> {
    let is_file = log.metadata().is_ok_and(|found| found.is_file() || found.is_dir());
    if is_file || is_null_device(log) || !log.exists() {
        return Ok(());
    }
    let what = format!("could not write the log {}: it is no regular file", log.display());
    Err(UserError::usage(what, "give --log the path of a file"))
}

/// What costs money to find out is not lost for want of a folder.
fn has_a_place(report: &Path) -> Result<(), UserError> {
    let folder = report.parent().filter(|folder| !folder.as_os_str().is_empty());
    let is_there = folder.is_none_or(Path::is_dir) && !report.is_dir();
    if is_there {
        return Ok(());
    }
    let what =
        format!("could not write {}: there is no such folder, or it is one", report.display());
    Err(UserError::usage(what, "give --vendor-report the path of a file in a folder that exists"))
}

/// What follows the rows that need no network.
pub(super) enum Next {
    /// The questions to the world.
    Ask,
    /// Nothing: nobody is to be asked.
    End,
}

/// The rows that need no network. `Err` is the reason to stop before there is any.
pub(super) fn observe_machine(
    plan: &Plan,
    rows: Vec<Observation>,
    runner: &Runner<'_>,
) -> Result<Next, String> {
    let today = runner.clock.today();
    let (rows, next) = match &plan.then {
        // No key has a part in it, or each side has its own.
        Then::Tls(_) | Then::Compare(_) => return Ok(Next::Ask),
        Then::Doctor(wanted) => look_offline(wanted, &plan.key, &today, rows),
        Then::Gate(wanted) => look_offline(&wanted.doctor, &plan.key, &today, rows),
        _ => {
            let (rows, go_on) = key::local_rows(&plan.key);
            (rows, go_on.map(|()| Next::Ask))
        }
    };
    for row in rows {
        runner.journal.observe(row);
    }
    next
}

fn look_offline(
    wanted: &DoctorPlan,
    key: &KeyPlan,
    today: &str,
    mut rows: Vec<Observation>,
) -> (Vec<Observation>, Result<Next, String>) {
    rows.extend(wanted.offline_rows(key, today));
    let next = if wanted.goes_out(key) { Next::Ask } else { Next::End };
    (rows, Ok(next))
}

fn bounds(session: &Session<'_>, plan: &Plan) -> Bounds {
    let budget = &session.settings.budget;
    let deadline = budget.deadline.or(plan.deadline());
    Bounds { requests: session.requests_max, tokens: budget.max_tokens, deadline }
}

/// Drives the probe until it ends or somebody stops it. What was seen until then is in the journal.
fn drive(
    live: &Live<'_>,
    plan: &Plan,
    around: &Around,
    (runner, product): (&mut Runner<'_>, &mut Product),
    output: &Output,
) -> Result<Option<Stop>, UserError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| UserError::internal(format!("could not start the event loop: {error}")))?;
    let stopped = runtime.block_on(async {
        tokio::select! {
            () = asking(live, plan, around, (runner, product)) => None,
            stop = stop::asked() => Some(stop),
            () = output.keep_alive() => None,
        }
    });
    // A name server that never answers must not keep the program.
    runtime.shutdown_background();
    Ok(stopped)
}

/// The probe, and then the programs of this machine, where they are to be asked as well.
async fn asking(
    live: &Live<'_>,
    plan: &Plan,
    around: &Around,
    (runner, product): (&mut Runner<'_>, &mut Product),
) {
    plan::run(plan, runner, product).await;
    let (Live::TlsCheck(args), Then::Tls(wanted)) = (live, &plan.then) else { return };
    let mut facts = Vec::new();
    if let Some(host) = wanted.hosts.first().filter(|_| args.local) {
        let target = tls_check::target(host);
        facts = runtimes::look(around.machine(), &target, runtimes::PATIENCE).await;
    }
    for row in tls_check::rows_after(args, &facts, &product.looked, around) {
        runner.journal.observe(row);
    }
    around.remember(facts);
}

impl Live<'_> {
    /// What the machine holds that has a say; nothing is looked at for those that do not ask.
    pub(super) fn around(&self, world: &World, simulated: Option<&Simulated>) -> Around {
        let client = simulated.map(|simulated| simulated.simulation.client());
        match (self, client) {
            (Self::TlsCheck(_), Some(client)) => {
                Around::of(world).simulated(&client.public_roots_pem, &client.system_roots_pem)
            }
            (Self::TlsCheck(_), None) => Around::of(world),
            _ => Around::none(world),
        }
    }

    /// What the local stage of a command sees of this machine.
    pub(super) fn machine(
        &self,
        plan: &Plan,
        settings: &Settings,
        world: &World,
    ) -> Result<Seen, UserError> {
        match (self, &plan.then) {
            (Self::Doctor(args), Then::Doctor(wanted)) => {
                let how = (args.scan(), args.quick);
                doctor::local::look(how, settings, world, |id| wanted.asks(id))
            }
            (Self::Gate(gating), Then::Gate(plan)) => {
                let wanted = &plan.doctor.wanted;
                let scans = gating.gate.looked_at().any(doctor::local::is_of_scan);
                let scan = scans.then(|| Path::new("."));
                doctor::local::look((scan, false), settings, world, |id| wanted.asks(id))
            }
            _ => Ok(Seen::default()),
        }
    }

    /// The sides of a comparison, each with its own settings.
    fn comparing(
        &self,
        given: &Given,
        worlds: [&World; 2],
        simulated: Option<&Simulated>,
    ) -> Result<Option<Comparing>, UserError> {
        let Self::Compare(args) = self else { return Ok(None) };
        let simulation = simulated.map(|simulated| &simulated.simulation);
        Comparing::of(args, given, worlds, simulation).map(Some)
    }

    pub(super) fn given(&self) -> &Given {
        match self {
            Self::CheckKey(args) => &args.given,
            Self::ListModels(args) => &args.given,
            Self::Doctor(args) => &args.given,
            Self::ProbeAlias(args) => &args.given,
            Self::BenchTransport(args) => &args.given,
            Self::Compare(args) => &args.given,
            Self::TlsCheck(args) => &args.given,
            Self::CountTokens(sending) => &sending.given,
            Self::Gate(gating) => &gating.args.given,
            Self::Bisect(searching) => &searching.given,
        }
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::CheckKey(_) => "check-key",
            Self::ListModels(_) => "list-models",
            Self::Doctor(_) => "doctor",
            Self::ProbeAlias(_) => "probe-alias",
            Self::BenchTransport(_) => "bench-transport",
            Self::Compare(_) => "compare",
            Self::TlsCheck(_) => "tls-check",
            Self::CountTokens(_) => "count-tokens",
            Self::Gate(_) => "gate",
            Self::Bisect(_) => "bisect",
        }
    }

    /// What its report holds, which decides the formats that it can fill.
    fn holds(&self) -> Holds {
        match self {
            Self::CheckKey(_)
            | Self::ListModels(_)
            | Self::ProbeAlias(_)
            | Self::Compare(_)
            | Self::TlsCheck(_)
            | Self::CountTokens(_)
            | Self::Gate(_) => Holds::Checks,
            Self::Bisect(_) => Holds::Places,
            Self::Doctor(args) => args.holds(),
            Self::BenchTransport(_) => Holds::Samples,
        }
    }

    /// The model that is the command's argument.
    pub(super) fn named(&self) -> Option<&str> {
        match self {
            Self::ListModels(args) => match args.names.as_slice() {
                [name] => Some(name),
                _ => None,
            },
            Self::ProbeAlias(args) => args.name.as_deref(),
            Self::CheckKey(_)
            | Self::Doctor(_)
            | Self::BenchTransport(_)
            | Self::Compare(_)
            | Self::TlsCheck(_)
            | Self::CountTokens(_)
            | Self::Gate(_)
            | Self::Bisect(_) => None,
        }
    }

    pub(super) fn plan(
        &self,
        settings: &Settings,
        [world, machine]: [&World; 2],
        (around, comparing): (&Around, Option<&Comparing>),
    ) -> Result<Plan, UserError> {
        match self {
            Self::Compare(args) => {
                let comparing = comparing.expect("a comparison has its sides before its plan");
                Ok(comparing.plan(args, settings))
            }
            Self::CheckKey(args) => args.plan(settings, world),
            Self::ListModels(args) => args.plan(settings, &[machine, world]),
            Self::Doctor(args) => args.plan(settings, machine),
            Self::Gate(gating) => Ok(gate::plan(&gating.gate, settings)),
            Self::Bisect(searching) => searching.plan(settings),
            Self::ProbeAlias(args) => args.plan(settings),
            Self::BenchTransport(args) => args.plan(settings, &[machine, world]),
            Self::TlsCheck(args) => args.plan(settings, around),
            Self::CountTokens(sending) => {
                let (args, own) = (&sending.args, sending.own.as_ref());
                args.delivery.plan(own, &sending.vocabulary, args.limit, settings)
            }
        }
    }

    fn told(
        &self,
        product: &Product,
        samples: &[Sample],
        settings: &Settings,
        around: &Around,
        stopped: bool,
    ) -> Results {
        let (data, sheets) = match self {
            Self::CheckKey(_) => check_key::results(product),
            Self::ListModels(args) => return listed(args, product, settings),
            Self::Doctor(_) => doctor::results(product),
            // Its rows are held against the gate once causes are known.
            Self::Gate(_) | Self::Bisect(_) => return Results::default(),
            Self::ProbeAlias(_) => return probed(product, settings, stopped),
            Self::BenchTransport(_) => return benched(product, samples, settings, stopped),
            Self::Compare(args) => return held(args, product),
            Self::TlsCheck(args) => return looked(args, product, settings, around),
            Self::CountTokens(sending) => return delivered(sending, product),
        };
        let limits = match self {
            Self::Doctor(_) => doctor::limits(product, settings.has_credential()),
            _ => Vec::new(),
        };
        Results { data, sheets, limits, ..Results::default() }
    }

    /// The issue text for the provider, where one was asked for and there is something to tell.
    fn vendor_path(&self) -> Option<&Path> {
        match self {
            Self::ProbeAlias(args) => args.vendor_report.as_deref(),
            _ => None,
        }
    }

    fn vendor_report(&self, product: &Product, settings: &Settings) -> Wanted {
        let Self::ProbeAlias(args) = self else { return Wanted::No };
        let Some(path) = args.vendor_report.clone() else { return Wanted::No };
        let judged = product.probed.as_ref().map(Judged::of);
        let text = judged
            .as_ref()
            .and_then(|judged| probe_alias::vendor_report(judged, settings, &args.given));
        match text {
            Some(text) => Wanted::Written(path, text),
            None => Wanted::Nothing(probe_alias::no_vendor_report(judged.as_ref())),
        }
    }
}

/// What becomes of the wish for an issue text.
enum Wanted {
    /// Nobody wished for one.
    No,
    /// There is nothing to report, for this reason.
    Nothing(Remark),
    /// It goes into this file.
    Written(PathBuf, String),
}

/// A command's own results.
#[derive(Default)]
pub(super) struct Results {
    pub(super) data: serde_json::Value,
    pub(super) sheets: Vec<Sheet>,
    pub(super) remarks: Vec<Remark>,
    pub(super) limits: Vec<String>,
    /// The verdict on an alias, and the sentences for its headline.
    pub(super) alias: Option<(Verdict, Sentences)>,
    /// The headline, where the command has its own.
    pub(super) headline: Option<Headline>,
    /// Which host the first cause is about.
    pub(super) about: Option<String>,
    /// What fails the run, where the calls went well.
    pub(super) class: Option<Class>,
    /// The rows of a gate in the place of those that were asked, and what they mean.
    pub(super) gated: Option<Gated>,
    /// Files to write beside the report.
    pub(super) files: Vec<(PathBuf, String)>,
    /// Places that findings are about.
    pub(super) places: Vec<Place>,
}

impl Results {
    /// Takes up what the local stage has to tell. Its tables are shown where they were asked for: by a run
    /// that looks at this machine alone, or one that tells details.
    fn see(&mut self, seen: Seen, settings: &Settings, plan: &Plan) {
        let Then::Doctor(wanted) = &plan.then else {
            self.places.extend(seen.places);
            return;
        };
        if let serde_json::Value::Object(data) = &mut self.data {
            data.extend(seen.data);
        }
        let is_alone = !wanted.goes_out(&plan.key);
        if is_alone || settings.output.verbose > 0 {
            self.sheets.extend(seen.sheets);
        }
        if is_alone {
            // What calls do not show is no limit of a run without any.
            self.limits.clear();
        }
        self.limits.extend(seen.limits);
        self.places.extend(seen.places);
    }
}

/// A gate that was held against the run.
pub(super) struct Gated {
    /// One row a requirement.
    pub(super) checks: Vec<Check>,
    /// The worst result.
    pub(super) status: Status,
    /// What fails the run.
    pub(super) classes: Vec<Class>,
    /// Whether there was no key, and the job is content with that.
    pub(super) without_key: bool,
}

/// A command's own headline.
pub(super) struct Headline {
    pub(super) word: &'static str,
    pub(super) sentence: String,
    /// Whether it stands whatever else was found.
    pub(super) decided: bool,
}

fn listed(args: &ListModels, product: &Product, settings: &Settings) -> Results {
    let (data, sheets) = args.results(product, &settings.model_table);
    let headline = args.as_locked(product).map(|(word, sentence)| Headline {
        word,
        sentence,
        decided: word == "FAIL",
    });
    let remarks = args.locked_then(product, settings).into_iter().collect();
    let mut results = Results { data, sheets, headline, remarks, ..Results::default() };
    if let Some((path, text, remark)) = args.lock_to_write(product, settings) {
        results.files.push((path, text));
        results.remarks.push(remark);
    }
    results
}

fn probed(product: &Product, settings: &Settings, stopped: bool) -> Results {
    let Some(probed) = &product.probed else { return Results::default() };
    let Told { data, sheets, remarks, limits, verdict, sentence } =
        probe_alias::told(probed, settings, stopped);
    let alias = Some((verdict, sentence));
    Results { data, sheets, remarks, limits, alias, ..Results::default() }
}

fn benched(product: &Product, samples: &[Sample], settings: &Settings, stopped: bool) -> Results {
    let Some(benched) = &product.benched else { return Results::default() };
    let told = bench_transport::told(benched, samples, settings, stopped);
    let bench_transport::Told { data, sheets, remarks, limits, word, sentence, decided } = told;
    let headline = Headline { word, sentence, decided };
    let has_words = !samples.is_empty() || benched.leads_nowhere();
    let headline = has_words.then_some(headline);
    Results { data, sheets, remarks, limits, headline, ..Results::default() }
}

fn held(args: &Compare, product: &Product) -> Results {
    let Some(compared) = &product.compared else { return Results::default() };
    let compare::Told { data, sheets, remarks, limits, word, sentence, class } =
        compare::told(args, compared);
    let headline = Some(Headline { word, sentence, decided: false });
    Results { data, sheets, remarks, limits, headline, class, ..Results::default() }
}

fn looked(args: &TlsCheck, product: &Product, settings: &Settings, around: &Around) -> Results {
    let told = tls_check::told(args, &product.looked, around, settings.output.shell);
    let tls_check::Told { data, sheets, remarks, limits, word, sentence, files } = told;
    let headline = Some(Headline { word, sentence, decided: false });
    let about = tls_check::about(&product.looked);
    Results { data, sheets, remarks, limits, headline, files, about, ..Results::default() }
}

/// The gate held against what was seen.
fn gated(
    gating: &Gating<'_>,
    product: &Product,
    (rows, findings): (Vec<Check>, &[Finding]),
    session: &Session<'_>,
    stopped: Option<Stop>,
) -> Results {
    let without_key = rows.iter().any(build::is_without_key);
    let today = session.clock.today();
    let run = (today.as_str(), stopped.is_some(), without_key);
    let told = gate::told(gating.args, &gating.gate, product, (&rows, findings), run);
    let gate::Told { checks, data, sheets, remarks, mut limits, word, sentence, status, classes } =
        told;
    if session.simulated.is_some() && !gating.gate.waivers.is_empty() {
        limits.push(format!("waivers were held against {today}, the day of this simulation"));
    }
    let headline = Some(Headline { word, sentence, decided: true });
    let gated = Some(Gated { checks, status, classes, without_key });
    Results { data, sheets, remarks, limits, headline, gated, ..Results::default() }
}

/// What a search in a body found. It alone decides, once the body was asked about.
fn searched(
    searching: &Searching<'_>,
    product: &Product,
    rows: Vec<Check>,
    findings: &[Finding],
) -> Results {
    let told = product.bisected.as_ref().and_then(|bisected| searching.told(bisected));
    let Some((told, files)) = told else {
        let why = product.bisected.as_ref().and_then(|bisected| searching.untried(bisected));
        let headline = |sentence| Headline { word: "UNCLEAR", sentence, decided: true };
        return Results { headline: why.map(headline), ..Results::default() };
    };
    let bisect::Told {
        data, sheets, remarks, limits, places, word, sentence, class, status, ..
    } = told;
    // What no part of the body decides is explained by its cause, if anything explains it.
    let of_cause = || findings.first().map(|finding| finding.class);
    let class = if data["outcome"] == "no_part" { of_cause().or(class) } else { class };
    let headline = Some(Headline { word, sentence, decided: true });
    let classes = class.into_iter().collect();
    let gated = Some(Gated { checks: rows, status, classes, without_key: false });
    Results { data, sheets, remarks, limits, headline, gated, files, places, ..Results::default() }
}

/// What the service told, beside what was counted here.
fn delivered(sending: &Sending<'_>, product: &Product) -> Results {
    let Some(delivered) = &product.delivered else { return Results::default() };
    let mut told = delivery::told(delivered, sending.offline.clone(), sending.args.max);
    told.remarks.extend(sending.remarks.iter().cloned());
    told.limits.extend(sending.limits.iter().cloned());
    let delivery::Told { data, sheets, remarks, limits, word, sentence, decided, class } = told;
    // Where nothing was asked the rows say why.
    let headline = delivered.model.is_some().then_some(Headline { word, sentence, decided });
    Results { data, sheets, remarks, limits, headline, class, ..Results::default() }
}

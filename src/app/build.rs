//! Puts what a run saw into the document. Judges nothing: findings and verdict come from their rooms.

use serde_json::{Value, json};

use crate::{
    catalog,
    commands::{self, plans, probe_alias::Sentences},
    diagnose::{Finding, judge},
    error::UserError,
    exit::Exit,
    facts::{Attempt, Check, Class, KeyKind, Sample, Status, check::Observation, time},
    probe::{
        Clock, Journal, Plan, Product, Then,
        key::Depth,
        tls::{Host, TlsPlan},
    },
    report::{
        FailOn, Report,
        document::{
            Budget, Column, Credential, ErrorInfo, Remark, Run, SCHEMA_VERSION, Sheet, Summary,
            Target, Tool, Verdict,
        },
        verdict::{self, Stop},
    },
    settings::{Given, Origin, nearest},
};

use super::{
    carry::Carried,
    headline,
    live::{Gated, Headline, Live, Results, Session},
};

/// Where the model's name came from when nobody named one.
pub(super) const PICKED: &str = "picked: the newest stable flash in this key's list";

/// The same where no list was read yet.
const PICKED_OFFLINE: &str = "picked: the newest stable flash of the dated table";

/// What a command adds to the document.
pub(super) struct Extras {
    pub(super) told: Results,
    pub(super) samples: Vec<Sample>,
    pub(super) stopped: Option<Stop>,
}

/// The document of a live run.
pub(super) fn report(
    session: &Session<'_>,
    product: &Product,
    journal: &Journal,
    findings: Vec<Finding>,
    extras: Extras,
    live: &Live<'_>,
) -> Report {
    let observations = journal.observations();
    let ending = Ending {
        stopped: extras.stopped,
        alias_word: match &product.alias {
            Some(alias) if alias.is_down() => "DOWN",
            Some(alias) if alias.is_flaky() => "FLAKY",
            _ => "FAIL",
        },
        alias: extras.told.alias,
        headline: extras.told.headline,
        about: extras.told.about,
        class: extras.told.class,
        gated: extras.told.gated,
    };
    let mut report = opening(session);
    report.run.duration_ms = tenth(session.clock.elapsed_ms());
    report.run.budget = spent(session, journal);
    if product.learnt.model_was_picked {
        report.target.model.clone_from(&product.learnt.model);
        report.target.model_source = Some(PICKED.to_owned());
    }
    let probed = product.probed.as_ref().map(|probed| &probed.plan.model);
    let picked = probed.or(product.benched.as_ref().map(|benched| &benched.plan.model));
    if let Some(model) = picked.filter(|_| report.target.model.is_none()) {
        report.target.model = Some(model.clone());
        report.target.model_source = Some(PICKED_OFFLINE.to_owned());
    }

    report.credential.project = report.credential.project.or_else(|| project(&observations));
    report.checks = match &ending.gated {
        Some(gated) => gated.checks.clone(),
        None => observations.into_iter().map(|observation| observation.check).collect(),
    };
    report.findings = findings;
    report.attempts = journal.attempts();
    report.samples = extras.samples;
    report.data = match extras.told.data {
        Value::Null => json!({}),
        data => data,
    };
    report.places = extras.told.places;
    report.sheets = extras.told.sheets;
    report.remarks = asked(&report, live).into_iter().chain(extras.told.remarks).collect();
    report.limits = extras.told.limits;
    let detail = session.settings.output.verbose;
    if detail > 0 {
        report.sheets.extend(ids(&report.checks));
    }
    if detail > 0 && !report.attempts.is_empty() {
        report.sheets.push(requests(&report.attempts, detail > 1));
    }
    report.limits.extend(limits_of_simulation(session, &report.findings));
    judge_whole(&mut report, session, live, &ending);
    report
}

/// Which model was asked, where the command line does not name it.
fn asked(report: &Report, live: &Live<'_>) -> Option<Remark> {
    let command = match live {
        Live::ProbeAlias(_) => "probe-alias NAME",
        Live::BenchTransport(_) | Live::CountTokens(_) | Live::Gate(_) | Live::Bisect(_) => {
            "--model NAME"
        }
        Live::CheckKey(_)
        | Live::ListModels(_)
        | Live::Doctor(_)
        | Live::Compare(_)
        | Live::TlsCheck(_) => return None,
    };
    let (model, source) = (report.target.model.as_ref()?, report.target.model_source.as_ref()?);
    let text = format!("{model}, {source}; for another one: {command}");
    live.named().is_none().then_some(Remark { label: "model", text, command: None })
}

/// How the run ended, beside its checks and findings.
pub(super) struct Ending {
    pub(super) stopped: Option<Stop>,
    /// `DOWN` or `FLAKY` where the alias was shown to be that, or else `FAIL`.
    pub(super) alias_word: &'static str,
    /// The verdict on an alias that was asked until one stood, and its sentences.
    pub(super) alias: Option<(crate::alias::Verdict, Sentences)>,
    /// That of a command that has its own.
    pub(super) headline: Option<Headline>,
    /// Which host a sentence is about that a known fix has no word for.
    pub(super) about: Option<String>,
    /// What fails a run whose calls went well.
    pub(super) class: Option<Class>,
    /// A gate that was held against the run, and that alone decides it.
    pub(super) gated: Option<Gated>,
}

impl Ending {
    /// The verdict over the calls, or that of a gate, which alone decides.
    fn of_calls(&self, fail_on: &FailOn, report: &Report) -> (Status, Exit) {
        match &self.gated {
            Some(gated) => {
                let warned = gated.status == Status::Warn;
                let exit = verdict::exit_on(fail_on, &gated.classes, self.stopped, warned);
                (gated.status, exit)
            }
            None => verdict::verdict_on(fail_on, &report.checks, &report.findings, self.stopped),
        }
    }

    /// A verdict over the calls, with what fails the run beside them.
    fn with_class(
        &self,
        (status, exit): (Status, Exit),
        counts: impl Fn(Class) -> bool,
    ) -> (Status, Exit) {
        match self.class.filter(|_| exit == Exit::Healthy) {
            Some(class) if counts(class) => (Status::Fail, verdict::exit_of(class)),
            Some(_) => (Status::Fail, exit),
            None => (status, exit),
        }
    }
}

/// A simulated run proves nothing about a real key; and a scenario that another command shows says so.
pub(super) fn limits_of_simulation(session: &Session<'_>, findings: &[Finding]) -> Vec<String> {
    let Some(simulated) = session.simulated else { return Vec::new() };
    let scenario = &simulated.scenario;
    let mut limits = vec!["simulated: nothing of this is true of a real key or model".to_owned()];
    if scenario.fix.is_some_and(|fix| findings.iter().all(|finding| finding.id != fix)) {
        let line = commands::simulate::see_with(scenario);
        limits.push(format!("{} shows itself with: {line}", scenario.id));
    }
    limits
}

/// What is known before anything was asked.
pub(super) fn opening(session: &Session<'_>) -> Report {
    let settings = session.settings;
    let endpoint = &settings.endpoint;
    let mut report = blank(session.command, &session.clock);
    report.run.seed = settings.seed;
    report.run.simulated = settings.simulate.clone();
    report.run.dry_run = settings.budget.dry_run;
    report.target = Target {
        base_url: endpoint.value.base_url(),
        base_url_source: endpoint.origin.to_string(),
        api: endpoint.value.api.word().to_owned(),
        api_version: endpoint.value.api_version.clone(),
        model: settings.model.as_ref().map(|model| model.value.clone()),
        model_source: settings.model.as_ref().map(|model| model.origin.to_string()),
    };
    if let Some(name) = &session.named {
        report.target.model = Some(name.clone());
        report.target.model_source = Some("argument".to_owned());
    }
    if let Some(first) = session.hosts.first() {
        // No key has a part in a look, nor has a model.
        report.target.base_url = format!("https://{}", first.label());
        report.target.base_url_source = "argument".to_owned();
        (report.target.model, report.target.model_source) = (None, None);
        return report;
    }
    if let Some(url) = &session.saved_url {
        report.target.base_url.clone_from(url);
        report.target.base_url_source = "saved run".to_owned();
        return report;
    }
    if let Some(login) = plans::cloud(settings, Depth::Free) {
        report.credential = Credential {
            kind: login.kind(),
            source: login.origin.or_else(|| Some(login.metadata_host.clone())),
            fingerprint: None,
            project: login.project.map(|project| project.value),
        };
        return report;
    }
    let key = &settings.key;
    report.credential = Credential {
        kind: plans::shape(settings).map_or(KeyKind::None, |shape| shape.kind),
        source: key.origin.as_ref().filter(|_| key.key.is_some()).map(Origin::to_string),
        fingerprint: key.key.as_ref().map(crate::secret::ApiKey::fingerprint),
        project: None,
    };
    report
}

/// The document of a run that only says what it would send.
pub(super) fn dry_run(session: &Session<'_>, plan: &Plan) -> Report {
    if let Then::Tls(_) = &plan.then {
        return dry_look(session);
    }
    let mut report = opening(session);
    let endpoint = &session.settings.endpoint.value;
    let calls = plan.calls();
    let row = |&(method, count): &(crate::facts::Method, u32)| {
        let paid = if method.is_paid() { "paid" } else { "free" };
        vec![method.name().to_owned(), format!("up to {count}"), paid.to_owned()]
    };
    report.data = json!({
        "planned": calls.iter().map(|(method, count)| json!({
            "method": method, "requests_max": count, "paid": method.is_paid(),
        })).collect::<Vec<_>>(),
    });
    report.sheets = vec![Sheet {
        title: format!("would be sent to {}", places(&endpoint.base_url(), plan)),
        columns: vec![Column::text("method"), Column::text("requests"), Column::text("cost")],
        rows: calls.iter().map(row).collect(),
        notes: sizes(plan),
    }];
    report.run.duration_ms = tenth(session.clock.elapsed_ms());
    if plan.key.source.origin.is_none() {
        report.limits.push("no key was found, so none of this could be sent".to_owned());
    }
    let (all, paid): (u32, u32) = (calls.iter().map(|(_, count)| count).sum(), plan.paid_calls());
    report.verdict = finished(
        Status::Skip,
        Exit::Healthy,
        "DRY RUN",
        format!("nothing was sent; at most {all} requests would be, {paid} of them paid."),
    );
    report
}

/// The same of a run that looks at servers.
fn dry_look(session: &Session<'_>) -> Report {
    let mut report = opening(session);
    let most = TlsPlan::connections_a_host();
    let row =
        |host: &Host| vec![host.label(), format!("up to {most} connections"), "no key".to_owned()];
    report.data = json!({
        "planned": session.hosts.iter().map(|host| json!({
            "host": host.label(), "connections_max": most,
        })).collect::<Vec<_>>(),
    });
    report.sheets = vec![Sheet {
        title: "would be looked at".to_owned(),
        columns: ["host", "connections", "with"].map(Column::text).to_vec(),
        rows: session.hosts.iter().map(row).collect(),
        notes: Vec::new(),
    }];
    report.run.duration_ms = tenth(session.clock.elapsed_ms());
    let hosts = session.hosts.len();
    let to = if hosts == 1 { "one host".to_owned() } else { format!("each of {hosts} hosts") };
    let sentence = format!("nothing was opened; at most {most} connections to {to} would be.");
    report.verdict = finished(Status::Skip, Exit::Healthy, "DRY RUN", sentence);
    report
}

/// How large the paid calls are, where they are long.
fn sizes(plan: &Plan) -> Vec<String> {
    match &plan.then {
        Then::Delivery(delivery) if plan.paid_calls() > 0 => {
            let (bound, tokens) = (plan.tokens_word(), delivery.tokens_a_call());
            vec![format!("each paid call of {bound} {tokens} tokens")]
        }
        Then::Bisect(bisect) => {
            let tokens = bisect.likely_input();
            vec![format!(
                "mostly about {tokens} tokens of input in all, where no free count shows the fault"
            )]
        }
        _ => Vec::new(),
    }
}

/// Everywhere that calls go.
fn places(base_url: &str, plan: &Plan) -> String {
    let other = plan.other_url().map(|other| format!(" and {other}"));
    format!("{base_url}{}", other.unwrap_or_default())
}

/// The document of a command that asks nothing of the world.
pub(super) fn offline(command: &str, sentence: &str, data: Value, sheets: Vec<Sheet>) -> Report {
    let mut report = blank(command, &Clock::start());
    report.data = data;
    report.sheets = sheets;
    report.verdict = finished(Status::Pass, Exit::Healthy, "", sentence.to_owned());
    report
}

/// What a command has judged that asks nothing of the service.
pub(super) struct Judged {
    pub(super) word: &'static str,
    pub(super) sentence: String,
    pub(super) checks: Vec<Check>,
    pub(super) data: Value,
    pub(super) sheets: Vec<Sheet>,
    pub(super) remarks: Vec<Remark>,
    pub(super) limits: Vec<String>,
    pub(super) next: Option<String>,
}

/// The document of such a command: a line that fails is the caller's to fix, and one that is open decides nothing.
pub(super) fn judged(command: &str, judged: Judged, fail_on: &FailOn) -> Report {
    let mut report = offline(command, &judged.sentence, judged.data, judged.sheets);
    let (status, exit) = of_lines(&judged.checks, fail_on);
    report.verdict = finished(status, exit, judged.word, judged.sentence);
    let (_, by_itself) = of_lines(&judged.checks, &FailOn::default());
    if by_itself != exit {
        report.verdict.exit_meaning =
            format!("Exit {} (by --fail-on; it would be {}).", exit.code(), by_itself.code());
    }
    report.verdict.summary = verdict::summary(&judged.checks);
    report.verdict.next = judged.next;
    report.checks = judged.checks;
    report.remarks = judged.remarks;
    report.limits = judged.limits;
    report
}

fn of_lines(checks: &[Check], fail_on: &FailOn) -> (Status, Exit) {
    let any = |status| checks.iter().any(|check| check.status == status);
    let (fails, open, warns) = (any(Status::Fail), any(Status::Inconclusive), any(Status::Warn));
    let status = match () {
        () if fails => Status::Fail,
        () if open => Status::Inconclusive,
        () if warns => Status::Warn,
        () => Status::Pass,
    };
    let exit = match () {
        () if fails && fail_on.class(Class::Yours) => Exit::Yours,
        () if warns && fail_on.warnings() => Exit::Yours,
        () if open && fail_on.class(Class::Unknown) => Exit::Unknown,
        () => Exit::Healthy,
    };
    (status, exit)
}

/// Says when a run began, and how long it took.
pub(super) fn time(report: &mut Report, clock: &Clock) {
    report.run.started_at = time::rfc3339(clock.started_unix_ms());
    report.run.duration_ms = tenth(clock.elapsed_ms());
}

/// The document of a run that could not do its job.
pub(super) fn refusal(command: &str, error: &UserError) -> Report {
    let mut report = blank(command, &Clock::start());
    report.verdict = finished(Status::Inconclusive, error.exit, "ERROR", error.what.clone());
    report.error = Some(ErrorInfo { message: error.what.clone(), hint: error.hint.clone() });
    report
}

fn blank(command: &str, clock: &Clock) -> Report {
    let started = clock.started_unix_ms();
    Report {
        schema_version: SCHEMA_VERSION.to_owned(),
        tool: Tool {
            name: "gemini-doctor".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            catalogue_as_of: catalog::as_of().to_owned(),
        },
        run: Run {
            id: format!("{started:x}-{:x}", std::process::id()),
            command: command.to_owned(),
            started_at: time::rfc3339(started),
            duration_ms: 0.0,
            seed: 0,
            simulated: None,
            dry_run: false,
            budget: Budget::default(),
        },
        target: Target {
            base_url: String::new(),
            base_url_source: String::new(),
            api: "gemini".to_owned(),
            api_version: String::new(),
            model: None,
            model_source: None,
        },
        credential: Credential {
            kind: KeyKind::None,
            source: None,
            fingerprint: None,
            project: None,
        },
        verdict: finished(Status::Inconclusive, Exit::Unknown, "", String::new()),
        checks: Vec::new(),
        findings: Vec::new(),
        attempts: Vec::new(),
        samples: Vec::new(),
        data: json!({}),
        limits: Vec::new(),
        error: None,
        recorded: Vec::new(),
        places: Vec::new(),
        sheets: Vec::new(),
        remarks: Vec::new(),
    }
}

pub(super) fn finished(status: Status, exit: Exit, word: &str, sentence: String) -> Verdict {
    Verdict {
        status,
        exit_code: exit.code(),
        word: word.to_owned(),
        sentence,
        exit_meaning: verdict::exit_meaning(exit).to_owned(),
        summary: Summary::default(),
        next: None,
    }
}

/// The verdict over checks and findings, and its sentence.
fn judge_whole(report: &mut Report, session: &Session<'_>, live: &Live<'_>, ending: &Ending) {
    let without_key = match &ending.gated {
        Some(gated) => gated.without_key,
        None => report.checks.iter().any(is_without_key),
    };
    if without_key {
        return skip_without_key(report);
    }
    let fail_on = session.fail_on.clone();
    let of_calls = ending.of_calls(&fail_on, report);
    let (status, exit) = ending.with_class(of_calls, |class| fail_on.class(class));
    let (word, sentence) = headline::headline(report, (status, exit), ending);
    report.verdict = finished(status, exit, &word, sentence);
    let of_calls = ending.of_calls(&FailOn::default(), report);
    let (_, by_itself) = ending.with_class(of_calls, |_| true);
    if by_itself != exit {
        let usual = by_itself.code();
        report.verdict.exit_meaning =
            format!("Exit {} (by --fail-on; it would be {usual}).", exit.code());
    }
    report.verdict.summary = verdict::summary(&report.checks);
    if let Some(expected) = session.expect.as_ref().filter(|_| ending.stopped.is_none()) {
        drill(report, expected);
    }
    let settings = &session.settings;
    let mut carried = Carried::of(live.given(), &settings.endpoint.value, settings.output.shell);
    if let (Live::TlsCheck(args), Some(host)) = (live, session.hosts.first()) {
        carried = carried.looking(args.again(), &host.name, host.port);
    }
    carried.rewrite(&mut report.findings);
    carried.rewrite_remarks(&mut report.remarks);
    report.verdict.next = Some(carried.command(&headline::next(report, live, status)));
}

/// Whether there was no key, and the run is content with that.
pub(super) fn is_content_without_key(report: &Report) -> bool {
    report.checks.iter().any(is_without_key)
}

/// Whether a row says that there is no key, and that this is none of the run's faults.
pub(super) fn is_without_key(check: &Check) -> bool {
    match check.id.as_str() {
        "key.source" => check.status == Status::Skip,
        "adc.token" => check.status == Status::Skip && check.detail == "no login",
        _ => false,
    }
}

/// A drill succeeds where the first cause is the one that was planted, and nowhere else.
pub(super) fn drill(report: &mut Report, expected: &str) {
    let first = report.findings.iter().find(|finding| finding.alternative_to.is_none());
    let is_met = first.is_some_and(|finding| finding.id == expected);
    let found = first.map_or("nothing", |finding| finding.id.as_str()).to_owned();
    let usual = report.verdict.exit_code;
    let verdict = &mut report.verdict;
    let exit = if is_met { Exit::Healthy } else { Exit::Yours };
    verdict.exit_code = exit.code();
    verdict.status = if is_met { Status::Pass } else { Status::Fail };
    let said = std::mem::take(&mut verdict.sentence);
    let word = std::mem::replace(
        &mut verdict.word,
        if is_met { "EXPECTED" } else { "UNEXPECTED" }.to_owned(),
    );
    verdict.sentence = match is_met {
        true => format!("{expected} was found first, as the drill expects. {word}: {said}"),
        false => format!("{expected} was expected first, and {found} was found. {word}: {said}"),
    };
    verdict.exit_meaning = format!("Exit {} (by --expect; it would be {usual}).", exit.code());
}

/// The known fix that a drill expects, or a usage error that says which may be meant.
pub(super) fn expected(given: &Given) -> Result<Option<String>, UserError> {
    let Some(id) = &given.expect else { return Ok(None) };
    if catalog::find(id).is_some() {
        return Ok(Some(id.clone()));
    }
    let ids: Vec<&str> = catalog::all().map(|fix| fix.id).collect();
    let hint = match nearest(id, &ids) {
        Some(meant) => format!("did you mean {meant}?"),
        None => "gemini-doctor fixes lists them".to_owned(),
    };
    Err(UserError::usage(
        format!("could not use --expect {id:?}: there is no such known fix"),
        hint,
    ))
}

/// A job without a key, such as one of a fork, that was told to be content with that.
pub(super) fn skip_without_key(report: &mut Report) {
    report.verdict = finished(
        Status::Skip,
        Exit::Healthy,
        "SKIPPED",
        "there is no key, and --without-key skip is content with that.".to_owned(),
    );
    report.verdict.summary = verdict::summary(&report.checks);
}

fn spent(session: &Session<'_>, journal: &Journal) -> Budget {
    let (input_tokens, output_tokens) = journal.tokens();
    Budget {
        requests_max: session.requests_max,
        requests_used: journal.requests(),
        paid_requests_used: journal.paid_requests(),
        input_tokens,
        output_tokens,
    }
}

fn project(observations: &[Observation]) -> Option<String> {
    observations
        .iter()
        .filter(|observation| observation.check.id != "key.successor")
        .flat_map(|observation| &observation.evidence)
        .find_map(|evidence| judge::project(&evidence.clues))
}

/// The permanent id of each row, by which it is named on a command line and in documents.
fn ids(checks: &[Check]) -> Option<Sheet> {
    let row = |check: &Check| {
        let stage = format!("{} {}", check.stage, check.title);
        vec![stage, check.id.clone(), check.layer.word().to_owned()]
    };
    (!checks.is_empty()).then(|| Sheet {
        title: "checks by id".to_owned(),
        columns: ["stage", "check", "layer"].map(Column::text).to_vec(),
        rows: checks.iter().map(row).collect(),
        notes: Vec::new(),
    })
}

/// Every request of the run, with its phases where all of it is wanted.
fn requests(attempts: &[Attempt], with_phases: bool) -> Sheet {
    let ms = |ms: Option<f64>| ms.map_or_else(|| "-".to_owned(), |ms| format!("{ms:.1}"));
    let row = |attempt: &Attempt| {
        let method = attempt.method.map_or("-", |method| method.name());
        let phases = &attempt.phases;
        let mut row = vec![attempt.id.clone(), ms(phases.total_ms)];
        if with_phases {
            let parts = [phases.dns_ms, phases.tcp_ms, phases.proxy_ms, phases.tls_ms];
            row.extend(parts.into_iter().chain([phases.first_byte_ms, phases.server_ms]).map(ms));
        }
        let http = attempt.http.as_deref().unwrap_or("not sent");
        row.push(format!("{method} {http}: {}", attempt.summary));
        row
    };
    let mut columns = vec![Column::text("request"), Column::number("ms")];
    if with_phases {
        columns.extend(["dns", "tcp", "proxy", "tls", "first", "server"].map(Column::number));
    }
    columns.push(Column::text("what"));
    let rows = attempts.iter().map(row).collect();
    Sheet { title: "requests".to_owned(), columns, rows, notes: Vec::new() }
}

pub(super) fn tenth(ms: f64) -> f64 {
    (ms * 10.0).round() / 10.0
}

/// The classes that fail the run, or a usage error that says what is allowed.
pub(super) fn fail_on(text: Option<&str>) -> Result<FailOn, UserError> {
    let Some(text) = text else { return Ok(FailOn::default()) };
    text.parse().map_err(|why: String| {
        UserError::usage(
            format!("could not use --fail-on: {why}"),
            "for example --fail-on yours,path",
        )
    })
}

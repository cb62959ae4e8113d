//! The staged validation of a key: it asks layer by layer and stops at the first that is broken.

use crate::{
    facts::{
        Api, Clue, KeyFlaw, KeyKind, LocalFact, Party, Status,
        check::{Evidence, Observation},
        clue::{ModelFact, RouteFlaw},
        endpoint::HostKind,
        location,
        models::{self, ModelTable, Thinking},
    },
    gemini::{Call, generation, key_shape::Shape, wire::Model},
    net::ConnectionFacts,
};

use super::{
    Runner, Tried,
    cloud::{self, CloudPlan},
    deep, gateway,
    health::HealthPlan,
    network,
    row::{
        API_GENERATE, API_LIST, API_MODEL, API_ROUTE, CLOUD_QUESTIONS, KEY_QUESTIONS, KEY_SHAPE,
        KEY_SOURCE, NET_ANSWER, Question,
    },
};

/// How far the validation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// Free calls only.
    Free,
    /// One short paid answer.
    Generate,
    /// A stream, a tool round trip and a structured answer too.
    Deep,
}

/// What to validate.
#[derive(Clone, Debug)]
pub struct KeyPlan {
    /// Where the key came from, and what was noticed there.
    pub source: Source,
    /// What the key looks like.
    pub shape: Option<Shape>,
    /// The model, where one was named.
    pub model: Option<String>,
    /// The dated table.
    pub table: ModelTable,
    /// How far to go.
    pub depth: Depth,
    /// Whether a machine that has no key at all is content to be skipped.
    pub skip_without_key: bool,
    /// The login, where the cloud platform is asked with one in the key's place.
    pub cloud: Option<Box<CloudPlan>>,
    /// An end point of the caller's own that tells whether it is well.
    pub health: Option<HealthPlan>,
}

/// Where a key came from.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// `env:GEMINI_API_KEY sha256:…`; `None` where there is no key.
    pub origin: Option<String>,
    /// The places that were looked at, for when there is none.
    pub places: Vec<String>,
    /// What was noticed on this machine.
    pub notes: Vec<(LocalFact, String)>,
    /// The variable that holds a key where no SDK looks.
    pub misnamed: Option<String>,
}

/// What the validation learnt on its way, for whatever comes after it.
#[derive(Clone, Debug, Default)]
pub struct Learnt {
    /// The model that was tested.
    pub model: Option<String>,
    /// Whether it was picked by this program.
    pub model_was_picked: bool,
    /// The first page of this key's list.
    pub listed: Vec<Model>,
    /// Where the list lies, if it is not at its native place.
    pub list_at: Option<&'static str>,
    /// Who showed that the key is accepted, if anybody did.
    pub accepted_by: Option<Acceptor>,
}

/// Who accepts a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acceptor {
    /// The provider: it listed models for it.
    Google,
    /// Somebody else: an answer was generated behind a host that is not the provider's. Whose key was used for
    /// it, and whether the provider knows this one, does not show.
    Host,
}

impl Acceptor {
    /// The word of JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Host => "host",
        }
    }
}

/// The rows that need no network: the key's source and its shape. `Err` is the reason to stop.
pub fn local_rows(plan: &KeyPlan) -> (Vec<Observation>, Result<(), String>) {
    if let Some(cloud) = &plan.cloud {
        return cloud::local_rows(cloud);
    }
    let source = source_row(&plan.source, plan.skip_without_key);
    let mut rows = vec![source];
    if plan.source.origin.is_none() {
        return (rows, Err("there is no key to test".to_owned()));
    }
    let Some(shape) = &plan.shape else { return (rows, Ok(())) };
    rows.push(shape_row(shape));
    let stop = shape.sendable.is_none().then(|| "the key cannot be put into a header".to_owned());
    (rows, stop.map_or(Ok(()), Err))
}

/// The rows of stages that were not reached, with the reason.
pub fn skipped_rows(plan: &KeyPlan, reached: &[Observation], because: &str) -> Vec<Observation> {
    let asked = |id: &str| reached.iter().any(|row| row.check.id == id);
    let depth = plan.depth;
    let questions = if plan.cloud.is_some() { CLOUD_QUESTIONS } else { KEY_QUESTIONS };
    questions
        .iter()
        .filter(|question| match question.stage {
            8 => depth >= Depth::Generate,
            9 => depth == Depth::Deep,
            _ => question.id != "net.proxy",
        })
        .filter(|question| !asked(question.id))
        .map(|question| question.skipped(&format!("stopped here: {because}")))
        .collect()
}

/// The stages up to the list of models. `Err` is the reason it stopped.
pub async fn reach_and_list(runner: &mut Runner<'_>, learnt: &mut Learnt) -> Result<(), String> {
    reach(runner).await?;
    match runner.endpoint.is_cloud() {
        true => learnt.listed = cloud::list(runner, true).await?,
        false => list(runner, learnt).await?,
    }
    Ok(())
}

/// Every stage that needs the network. `Err` is the reason it stopped.
pub async fn run(
    plan: &KeyPlan,
    runner: &mut Runner<'_>,
    learnt: &mut Learnt,
) -> Result<(), String> {
    learnt.model.clone_from(&plan.model);
    let is_cloud = runner.endpoint.is_cloud();
    if is_cloud {
        reach(runner).await?;
        learnt.listed = cloud::list(runner, false).await?;
    } else {
        reach_and_list(runner, learnt).await?;
    }
    route(runner);
    if learnt.model.is_none() {
        learnt.model = Some(pick(&learnt.listed, &plan.table, runner));
        learnt.model_was_picked = true;
    }
    let model = learnt.model.clone().expect("a model was named or picked");
    match is_cloud {
        true => {
            cloud::run(&model, plan, runner, learnt).await?;
            learnt.accepted_by = runner.endpoint.is_googles().then_some(Acceptor::Google);
        }
        false => ask_about(&model, plan, runner, learnt).await?,
    }
    if plan.depth == Depth::Free {
        return Ok(());
    }
    let thinking = thinking_of(&model, &plan.table);
    generate(&model, thinking, plan, runner).await?;
    learnt.accepted_by = learnt.accepted_by.or(Some(Acceptor::Host));
    if plan.depth == Depth::Deep {
        deep::run(&model, thinking, runner).await?;
    }
    Ok(())
}

fn source_row(source: &Source, skip_without_key: bool) -> Observation {
    // A source that was named and failed is a failure, whatever the job is content with.
    let is_bare = source.notes.iter().all(|(fact, _)| fact.is_of_no_key());
    let evidence = source.notes.iter().map(|(fact, text)| Evidence {
        attempt: None,
        text: text.clone(),
        clues: source_clues(*fact, source),
    });
    let (status, detail) = match &source.origin {
        None if skip_without_key && is_bare => (Status::Skip, "no key".to_owned()),
        None => (Status::Fail, format!("no key; looked at {}", source.places.join(", "))),
        Some(origin) if source.notes.is_empty() => (Status::Pass, origin.clone()),
        Some(origin) => {
            let notes: Vec<&str> = source.notes.iter().map(|(_, text)| text.as_str()).collect();
            (Status::Warn, format!("{origin}; {}", notes.join("; ")))
        }
    };
    evidence.fold(KEY_SOURCE.row(status, detail), super::row::Row::with).done()
}

fn source_clues(fact: LocalFact, source: &Source) -> Vec<Clue> {
    let variable = source.misnamed.clone().filter(|_| fact == LocalFact::KeyMisnamed);
    let variable = variable.map(|name| Clue::Meta("variable".to_owned(), name));
    [Clue::Local(fact)].into_iter().chain(variable).collect()
}

fn shape_row(shape: &Shape) -> Observation {
    let mut clues: Vec<Clue> = Vec::new();
    clues.extend(shape.is_telling().then_some(Clue::Key(shape.kind)));
    clues.extend(shape.flaws.iter().copied().map(Clue::Flaw));
    let detail = match shape.notes.as_slice() {
        _ if !shape.is_telling() && shape.flaws.is_empty() => {
            "of no kind of Google's; a host of somebody else has kinds of its own".to_owned()
        }
        notes if !notes.is_empty() && shape.kind != KeyKind::AuthKey => notes.join("; "),
        notes if !shape.flaws.is_empty() => notes.join("; "),
        _ => format!("{}, nothing hidden in it", shape.kind.phrase()),
    };
    let odd = shape.flaws.iter().any(|flaw| *flaw != KeyFlaw::Padded);
    let is_of_today = shape.kind == KeyKind::AuthKey || !shape.is_telling();
    let status = match (&shape.sendable, odd || !is_of_today) {
        (None, _) => Status::Fail,
        (Some(_), true) => Status::Warn,
        (Some(_), false) => Status::Pass,
    };
    let text = detail.clone();
    KEY_SHAPE.row(status, detail).with(Evidence { attempt: None, text, clues }).done()
}

/// The connection, with a row for each step. `Err` is the reason to stop.
pub(super) async fn reach(runner: &mut Runner<'_>) -> Result<(), String> {
    let (_, rows, end) = connected(runner).await;
    for row in rows {
        runner.journal.observe(row);
    }
    end
}

/// The same without recording the rows: what the connection showed, a row for each step, and the end.
pub(super) async fn connected(
    runner: &mut Runner<'_>,
) -> (ConnectionFacts, Vec<Observation>, Result<(), String>) {
    let at_ms = runner.clock.elapsed_ms();
    let (facts, outcome) = runner.connect().await;
    let attempt = outcome
        .as_ref()
        .err()
        .map(|failure| runner.record_failed_connection(at_ms, &facts, failure));
    let secure = runner.endpoint.secure;
    let cut_short = outcome.as_ref().is_err_and(|failure| runner.ran_out_of_time(failure));
    let mut rows = network::rows(&facts, &outcome, secure, |failure| runner.failure_clues(failure));
    for row in &mut rows {
        row.rest_on(attempt.as_ref());
    }
    // Whose host it is decides what a private root means.
    let host = Clue::Host(runner.endpoint.host_kind());
    for evidence in rows.iter_mut().flat_map(|row| &mut row.evidence) {
        if !evidence.clues.contains(&host) {
            evidence.clues.push(host.clone());
        }
    }
    if let Some(last) = rows.last_mut().filter(|_| cut_short) {
        last.check.status = Status::Inconclusive;
        last.evidence.clear();
    }
    let end = match outcome {
        Ok(()) => Ok(()),
        Err(_) if cut_short => Err("the time for this run is over".to_owned()),
        Err(_) => Err("without a trusted connection nothing can be asked".to_owned()),
    };
    (facts, rows, end)
}

/// Stages 4 and 5 rest on one call: who answered it comes before what was answered.
pub(super) async fn list(runner: &mut Runner<'_>, learnt: &mut Learnt) -> Result<(), String> {
    let (mut tried, elsewhere) = gateway::list(runner).await;
    learnt.list_at = elsewhere;
    if let Some(flaw) = runner.endpoint.flaw() {
        tried.know(Clue::Route(flaw));
        tried.know(Clue::Meta("url".to_owned(), runner.endpoint.base_url()));
    }
    if !answered_by_the_api(runner, &tried) {
        return Err(stopped_because(
            &tried,
            "without an answer of the API nothing can be said of the key".to_owned(),
        ));
    }
    let page = tried.success().map(gateway::page);
    let (status, detail) = match &page {
        Some(page) => {
            let usual = format!("{} models on the first page", page.models.len());
            gateway::listed(runner, &page.models, elsewhere, usual)
        }
        None => (Status::Fail, tried.summary().to_owned()),
    };
    record(runner, API_LIST, status, &detail, &tried);
    let Some(page) = page else {
        let shown = "nothing more can be asked until this passes".to_owned();
        return Err(stopped_because(&tried, shown));
    };
    learnt.listed = page.models;
    // Elsewhere a list shows nothing of a key.
    learnt.accepted_by = runner.endpoint.is_googles().then_some(Acceptor::Google);
    Ok(())
}

/// Records who answered, and says whether it was the API.
pub(super) fn answered_by_the_api(runner: &Runner<'_>, tried: &Tried) -> bool {
    let Some(reply) = tried.reply() else {
        let status = failed_status(tried);
        record(runner, NET_ANSWER, status, tried.summary(), tried);
        return false;
    };
    let is_api = reply.party == Party::Api && tried_has_no_fault(tried);
    let host = runner.endpoint.host_kind();
    let is_named = matches!(host, HostKind::Other | HostKind::Loopback);
    let detail = match is_api {
        true if is_named => gateway::answered(runner.endpoint, reply),
        true => reply.party.phrase().to_owned(),
        false => format!("{}: {}", reply.party.phrase(), reply.summary),
    };
    if is_api {
        let clues = vec![Clue::By(Party::Api), Clue::Host(host)];
        let evidence = Evidence { clues, ..tried.evidence() };
        runner.journal.observe(NET_ANSWER.row(Status::Pass, detail).with(evidence).done());
    } else {
        record(runner, NET_ANSWER, Status::Fail, &detail, tried);
    }
    is_api
}

fn tried_has_no_fault(tried: &Tried) -> bool {
    !tried.clues().iter().any(|clue| matches!(clue, Clue::Fault(_)))
}

/// The host and the version suit the key, or the odd thing about them is said.
pub(super) fn route(runner: &Runner<'_>) {
    let endpoint = runner.endpoint;
    let detail = format!("{} {}", endpoint.base_url(), endpoint.api_version);
    let detail = match endpoint.api {
        Api::OpenAi => format!("{}, as OpenAI's API", endpoint.base_url()),
        _ => detail.trim_end().to_owned(),
    };
    let credential = endpoint.api.credential();
    let named = format!("; not a Google host: {credential} went there because it was named");
    let note = match (endpoint.flaw(), endpoint.host_kind()) {
        (Some(RouteFlaw::VersionTwice), _) => "; the version stands in it twice, yet it answers",
        (Some(RouteFlaw::VersionMissing), _) => "; no version in it, yet it answers",
        (Some(RouteFlaw::OpenAiPath), _) => "; the OpenAI-compatible path, yet it answers",
        (Some(RouteFlaw::CloudHost), _) => "; the cloud platform's host, where regions matter",
        (None, HostKind::Other) => &named,
        (None, _) if endpoint.is_cloud() => cloud_note(&endpoint.api),
        (None, _) => "; global, no region needed",
    };
    let readable = !endpoint.secure && endpoint.host_kind() != HostKind::Loopback;
    let warning = if readable { "; without TLS: anybody on the way can read the key" } else { "" };
    let odd = endpoint.flaw().is_some() || readable;
    let status = if odd { Status::Warn } else { Status::Pass };
    runner.journal.observe(API_ROUTE.row(status, format!("{detail}{note}{warning}")).done());
}

fn cloud_note(api: &Api) -> &'static str {
    match api {
        Api::Express => "; the cloud platform with a key and no project",
        _ => "; the cloud platform, in a project and a location",
    }
}

async fn ask_about(
    model: &str,
    plan: &KeyPlan,
    runner: &mut Runner<'_>,
    learnt: &Learnt,
) -> Result<(), String> {
    if gateway::is_lenient(runner.endpoint) {
        return gateway::ask_about(model, plan, runner, learnt).await;
    }
    let about = About { model, plan, learnt };
    let got = runner.call(&Call::get(model)).await;
    let got = about.found(got, runner)?;
    let counted = runner.call(&Call::count(model)).await;
    about.counts(&got, counted, runner)
}

/// A name, and what is known of it before it is asked.
pub(super) struct About<'a> {
    pub(super) model: &'a str,
    pub(super) plan: &'a KeyPlan,
    pub(super) learnt: &'a Learnt,
}

impl About<'_> {
    /// Records the row of a model whose two questions were asked at the same time.
    pub(super) fn judge(
        &self,
        got: Tried,
        counted: Tried,
        runner: &Runner<'_>,
    ) -> Result<(), String> {
        let got = self.found(got, runner)?;
        self.counts(&got, counted, runner)
    }

    fn facts(&self, runner: &Runner<'_>) -> Vec<ModelFact> {
        model_facts(self.model, &self.plan.table, &self.learnt.listed, &runner.clock.today())
    }

    /// The entry, or the reason to stop.
    fn found(&self, mut got: Tried, runner: &Runner<'_>) -> Result<Tried, String> {
        if got.success().is_some() {
            return Ok(got);
        }
        got.know_all(name_clues(self.model, &self.facts(runner), self.plan, self.learnt));
        record(runner, API_MODEL, failed_status(&got), &format!("get: {}", got.summary()), &got);
        Err(stopped_because(&got, format!("{} cannot be asked", self.model)))
    }

    /// Whether it takes requests, or the reason to stop.
    fn counts(&self, got: &Tried, mut counted: Tried, runner: &Runner<'_>) -> Result<(), String> {
        let (model, learnt) = (self.model, self.learnt);
        let facts = self.facts(runner);
        let tokens = counted.success().and_then(|reply| reply.value()["totalTokens"].as_u64());
        let Some(tokens) = tokens else {
            counted.know_all(name_clues(model, &facts, self.plan, learnt));
            if lacks_method(model, &learnt.listed, "generateContent") {
                counted.know(Clue::Model(ModelFact::LacksMethod));
            }
            let detail = format!("get 200, countTokens {}", counted.summary());
            record(runner, API_MODEL, failed_status(&counted), &detail, &counted);
            let shown = format!("{model} does not take requests from this key");
            return Err(stopped_because(&counted, shown));
        };
        let picked = if learnt.model_was_picked { ", picked: the newest stable flash" } else { "" };
        let detail = format!("{model}{picked}; get 200, countTokens 200 ({tokens} tokens)");
        let announced = facts
            .contains(&ModelFact::Retiring)
            .then(|| retirement(model, &self.plan.table, &runner.clock.today()));
        runner.journal.observe(model_row(detail, announced, got, &counted));
        Ok(())
    }
}

fn model_row(
    detail: String,
    announced: Option<Evidence>,
    got: &Tried,
    counted: &Tried,
) -> Observation {
    let status = if announced.is_some() { Status::Warn } else { Status::Pass };
    let took = [got.took_ms(), counted.took_ms()].into_iter().flatten().sum();
    let answered = [got, counted]
        .map(|tried| Evidence { clues: vec![Clue::By(Party::Api)], ..tried.evidence() });
    let row = API_MODEL.row(status, detail).took(Some(took));
    answered.into_iter().chain(announced).fold(row, super::row::Row::with).done()
}

/// What is known of a name that fails, and the names that could stand in its place.
pub(super) fn name_clues(
    model: &str,
    facts: &[ModelFact],
    plan: &KeyPlan,
    learnt: &Learnt,
) -> Vec<Clue> {
    let successor = plan.table.find(model).and_then(|entry| entry.successor.as_deref());
    let near = super::models::nearest(model, &learnt.listed).into_iter().next();
    let facts = facts.iter().copied().map(Clue::Model);
    facts
        .chain([Clue::Meta("model".to_owned(), model.to_owned())])
        .chain(successor.map(successor_clue))
        .chain(near.map(|near| Clue::Meta("near".to_owned(), near)))
        .collect()
}

/// What the table says of a model that is announced to go.
pub(super) fn retirement(model: &str, table: &ModelTable, today: &str) -> Evidence {
    let entry = table.find(model);
    let day = entry.and_then(|entry| entry.retires.as_deref()).unwrap_or("an unknown day");
    let verb = if day <= today { "was" } else { "is to be" };
    let then = entry
        .and_then(|entry| entry.routed_to.as_deref())
        .map_or_else(|| "shut down".to_owned(), |other| format!("answered by {other}"));
    let successor = entry.and_then(|entry| entry.successor.as_deref());
    let instead =
        successor.map_or_else(String::new, |successor| format!("; successor: {successor}"));
    let text = format!("{model} {verb} {then} from {day} on{instead} (table of {})", table.as_of);
    let mut clues = vec![Clue::Model(ModelFact::Retiring)];
    clues.extend(successor.map(successor_clue));
    Evidence { attempt: None, text, clues }
}

/// The name that fills a gap of a fix.
pub(super) fn successor_clue(successor: &str) -> Clue {
    Clue::Meta("successor".to_owned(), successor.to_owned())
}

async fn generate(
    model: &str,
    thinking: Thinking,
    plan: &KeyPlan,
    runner: &mut Runner<'_>,
) -> Result<(), String> {
    let body = generation::minimal(thinking, runner.endpoint.body_version());
    let mut tried = runner.call(&Call::generate(model, body)).await;
    tried.look_closer(generation::text_trouble);
    let question = cloud::quota_question(&tried, runner);
    let Some(reply) = tried.success() else {
        let facts = model_facts(model, &plan.table, &[], &runner.clock.today());
        facts.into_iter().for_each(|fact| tried.know(Clue::Model(fact)));
        tried.know(Clue::Meta("model".to_owned(), model.to_owned()));
        let question = question.unwrap_or(API_GENERATE);
        record(runner, question, failed_status(&tried), tried.summary(), &tried);
        return Err(stopped_because(
            &tried,
            "without one answer the deeper tests would fail too".to_owned(),
        ));
    };
    let served = reply.model_version.clone().unwrap_or_else(|| model.to_owned());
    let (sent, received) = reply.usage;
    let tokens = sent
        .zip(received)
        .map_or(String::new(), |(sent, received)| format!(" ({sent} tokens in, {received} out)"));
    let detail = format!("answered by {served}{tokens}");
    if is_rerouted(model, &served) {
        tried.know(Clue::Shown(crate::facts::clue::Shown::Rerouted));
        record(runner, API_GENERATE, Status::Warn, &detail, &tried);
    } else {
        record(runner, API_GENERATE, Status::Pass, &detail, &tried);
    }
    Ok(())
}

/// Another family serves than the one asked for. An alias is there to move, and a build of the same
/// family bears the asked name in front.
pub(super) fn is_rerouted(asked: &str, served: &str) -> bool {
    let (asked, served) = (bare(asked), bare(served));
    // A gateway's own name for a model may lead to any.
    if !is_providers(asked) {
        return false;
    }
    let same_family = served == asked
        || served.strip_prefix(asked).is_some_and(is_stage)
        || asked.strip_prefix(served).is_some_and(is_stage);
    match asked.strip_suffix("-latest") {
        // It is the point of these to move, but not to another line.
        Some(line) => words_of(line) != words_of(served),
        None => !same_family,
    }
}

/// A name without the words that gateways and lists put in front.
pub(super) fn bare(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Whether a name is one that the provider gives: its maker's word, and behind it a number, or a line that moves.
fn is_providers(name: &str) -> bool {
    let rest = name.strip_prefix("gemini-").or_else(|| name.strip_prefix("gemma-"));
    rest.is_some_and(|rest| {
        rest.ends_with("-latest") || rest.starts_with(|letter: char| letter.is_ascii_digit())
    })
}

/// Whether what stands behind a name is only its stage or its day.
fn is_stage(rest: &str) -> bool {
    let rest = rest.strip_prefix('-').unwrap_or_default();
    rest.starts_with(|letter: char| letter.is_ascii_digit())
        || ["preview", "exp", "latest"].iter().any(|stage| rest.starts_with(stage))
}

/// `gemini`, `flash`, `lite`: the words of a name that tell its line.
fn words_of(name: &str) -> Vec<&str> {
    let is_word = |part: &&str| {
        part.bytes().all(|byte| byte.is_ascii_alphabetic()) && !["preview", "exp"].contains(part)
    };
    name.split('-').filter(is_word).collect()
}

/// The newest stable flash that the place asked is said to have.
pub(super) fn pick(listed: &[Model], table: &ModelTable, runner: &Runner<'_>) -> String {
    let Api::Vertex { location, .. } = &runner.endpoint.api else {
        return pick_model(listed, table);
    };
    let is_there = |name: &&str| location::serves(location, name) != Some(false);
    let listed = listed.iter().filter(|model| model.supports("generateContent")).map(Model::id);
    let known = table.entries.iter().map(|entry| entry.name.as_str());
    let of_list = models::newest_stable_flash(listed.filter(is_there));
    let picked = of_list.or_else(|| models::newest_stable_flash(known.filter(is_there)));
    picked.unwrap_or(table.default_model()).to_owned()
}

pub(super) fn pick_model(listed: &[Model], table: &ModelTable) -> String {
    let usable = || listed.iter().filter(|model| model.supports("generateContent")).map(Model::id);
    let newest = models::newest_stable_flash(usable().map(bare)).unwrap_or(table.default_model());
    // Where there is none, a gateway has names of its own.
    let as_listed = usable().find(|name| bare(name) == newest);
    let own = usable().find(|name| name.contains("gemini")).or_else(|| usable().next());
    let is_native = |name: &str| name == bare(name) && is_providers(name);
    match as_listed {
        Some(name) => name.to_owned(),
        None if usable().all(is_native) => newest.to_owned(),
        None => own.unwrap_or(newest).to_owned(),
    }
}

pub(super) fn thinking_of(model: &str, table: &ModelTable) -> Thinking {
    table.find(model).map_or(Thinking::Unknown, |entry| entry.thinking)
}

/// What the list and the table say about a name.
pub(super) fn model_facts(
    model: &str,
    table: &ModelTable,
    listed: &[Model],
    today: &str,
) -> Vec<ModelFact> {
    let mut facts = Vec::new();
    if !listed.is_empty() {
        let is_listed = listed.iter().any(|one| one.id() == model);
        facts.push(if is_listed { ModelFact::Listed } else { ModelFact::NotListed });
    }
    match table.find(model) {
        None => facts.push(ModelFact::NotInTable),
        Some(entry) if entry.is_retired_on(today) => facts.push(ModelFact::Retired),
        Some(entry) if entry.retires.is_some() => facts.push(ModelFact::Retiring),
        Some(_) => {}
    }
    facts
}

pub(super) fn lacks_method(model: &str, listed: &[Model], method: &str) -> bool {
    listed.iter().any(|one| one.id() == model && !one.supports(method))
}

/// The reason to stop: the budget's own where it ended the call, or else what the call showed.
pub(super) fn stopped_because(tried: &Tried, shown: String) -> String {
    if tried.is_cut_short() { tried.summary().to_owned() } else { shown }
}

/// Records a call's row under a question.
pub(super) fn record(
    runner: &Runner<'_>,
    question: Question,
    status: Status,
    detail: &str,
    tried: &Tried,
) {
    let evidence = Evidence { text: detail.to_owned(), ..tried.evidence() };
    let row = question.row(status, detail).took(tried.took_ms()).with(evidence);
    runner
        .journal
        .observe(gateway::stripped(tried).into_iter().fold(row, super::row::Row::with).done());
}

/// Whether the API itself said no to this very request: not a quota, not a fault on the way.
pub(super) fn is_refusal(tried: &Tried) -> bool {
    tried.reply().is_some_and(|reply| {
        reply.party == Party::Api && matches!(reply.status, 400 | 401 | 403 | 404)
    })
}

/// Not asked for want of budget is not the same as failed.
pub(super) fn failed_status(tried: &Tried) -> Status {
    if tried.is_cut_short() { Status::Inconclusive } else { Status::Fail }
}

/// What is known of every call with a key of this shape.
pub fn context_of(shape: Option<&Shape>) -> Vec<Clue> {
    let Some(shape) = shape else { return vec![Clue::Key(KeyKind::None)] };
    let flaws = shape.flaws.iter().copied().map(Clue::Flaw);
    shape.is_telling().then_some(Clue::Key(shape.kind)).into_iter().chain(flaws).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_of_the_same_family_is_not_a_reroute() {
        for (asked, served) in [
            ("gemini-3.5-flash", "gemini-3.5-flash"),
            ("gemini-3.5-flash", "gemini-3.5-flash-001"),
            ("gemini-3-flash", "gemini-3-flash-preview-12-2025"),
            ("gemini-flash-latest", "gemini-3.8-flash"),
            ("gemini-3-flash-preview", "gemini-3-flash"),
            ("google/gemini-3.5-flash", "gemini-3.5-flash"),
            // A gateway's own names say nothing of who is to serve.
            ("team-default", "gemini-3.5-flash"),
            ("gemini-fast", "gpt-5.5-mini"),
        ] {
            assert!(!is_rerouted(asked, served), "{asked} by {served}");
        }
        for (asked, served) in [
            ("gemini-2.5-flash", "gemini-3.5-flash-lite"),
            ("gemini-3.5-flash", "gemini-3.5-flash-lite"),
            ("gemini-3.5-flash-lite", "gemini-3.5-flash"),
            ("gemini-flash-latest", "gemini-2.5-pro"),
            ("gemini-flash-latest", "gemini-3.5-flash-lite"),
            ("gemini-3.5-flash", "qwen-plus"),
            ("gemini/gemini-3.5-flash", "openai/gpt-5.5-mini"),
        ] {
            assert!(is_rerouted(asked, served), "{asked} by {served}");
        }
    }
}

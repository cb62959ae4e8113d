//! A full look, from the way there to a stream: in the order that costs least and explains most, and no further
//! than it can still tell something. It records and never judges.

pub mod checks;
pub mod plan;
pub mod request;
pub mod stream;
pub mod structured;

pub use checks::Wanted;
pub use plan::{DoctorPlan, Looks};

use crate::{
    facts::{Api, Status, check::Observation},
    gemini::{Call, wire::Model},
};

use super::{
    Product, Runner, alias,
    alias::Counted,
    cloud, deep, gateway,
    key::{self, KeyPlan},
    models,
    row::{CLOUD_QUESTIONS, DOCTOR_QUESTIONS, NET_PROTOCOL, REQUEST_TOKENS},
};

/// What a full look brought beside its rows and what the alias showed.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Of a given request.
    pub request: Option<request::RequestSeen>,
    /// Of a stream.
    pub stream: Option<stream::StreamSeen>,
    /// Of structured answers.
    pub structured: Option<structured::Conformity>,
}

/// Asks layer by layer and records why it stopped, where it did. The model that takes requests, where one was
/// asked about.
pub(super) async fn run(
    plan: &DoctorPlan,
    key: &KeyPlan,
    runner: &mut Runner<'_>,
    product: &mut Product,
) -> Option<String> {
    let mut look = Look { plan, key, runner, product };
    let found = look.free().await;
    let ended = match &found {
        Ok(Some(model)) => look.paid(model).await,
        Ok(None) => Ok(()),
        Err(because) => Err(because.clone()),
    };
    if let Err(because) = ended {
        skip_the_rest(plan, key.model.as_deref(), look.runner, &because);
    }
    found.ok().flatten()
}

/// Records the rows of checks that were wanted and not reached.
pub(super) fn skip_the_rest(
    plan: &DoctorPlan,
    model: Option<&str>,
    runner: &Runner<'_>,
    because: &str,
) {
    let reached = runner.journal.observations();
    let is_open = |id: &str| plan.asks(id) && !reached.iter().any(|row| row.check.id == id);
    // Whether there is a proxy at all is not known before the connection is made.
    let is_login = matches!(runner.endpoint.api, Api::Vertex { .. });
    let is_of_login = |id: &str| id.starts_with("adc.") || id.starts_with("cloud.");
    let of_login = CLOUD_QUESTIONS.iter().filter(|question| is_login && is_of_login(question.id));
    let others = DOCTOR_QUESTIONS
        .iter()
        .filter(|question| question.id != "net.proxy")
        .filter(|question| !is_login || !question.id.starts_with("key."));
    for question in of_login.chain(others).filter(|question| is_open(question.id)) {
        let row = match &plan.request {
            Some(given) if question.id == REQUEST_TOKENS.id => {
                request::uncounted(given, model, because)
            }
            _ => question.skipped(&format!("stopped here: {because}")),
        };
        runner.journal.observe(row);
    }
}

/// A look under way.
struct Look<'a, 'b> {
    plan: &'a DoctorPlan,
    key: &'a KeyPlan,
    runner: &'a mut Runner<'b>,
    product: &'a mut Product,
}

impl Look<'_, '_> {
    /// What costs nothing. The model that takes requests, where one was asked about; `Err` is the reason to stop.
    async fn free(&mut self) -> Result<Option<String>, String> {
        self.reach().await?;
        if self.plan.asks(NET_PROTOCOL.id) {
            self.runner.journal.observe(protocol(self.runner));
        }
        if !self.plan.asks("net.answer") {
            return Ok(None);
        }
        if !self.runner.has_key() {
            return Err(self.without_key().await);
        }
        if !self.plan.asks("api.list") {
            self.who_answers().await;
            return Ok(None);
        }
        match self.runner.endpoint.is_cloud() {
            true => self.product.learnt.listed = cloud::list(self.runner, false).await?,
            false => key::list(self.runner, &mut self.product.learnt).await?,
        }
        if self.plan.asks("api.route") {
            key::route(self.runner);
        }
        if !self.plan.asks("api.model") {
            return Ok(None);
        }
        self.model().await.map(Some)
    }

    /// Whoever refuses a caller without a key has shown who answers.
    async fn without_key(&mut self) -> String {
        self.who_answers().await;
        match self.key.source.origin {
            None => "there is no key to go on with".to_owned(),
            Some(_) => "the key cannot be put into a header".to_owned(),
        }
    }

    /// Who answers a call that is free, whatever the answer says.
    async fn who_answers(&mut self) {
        let free = match self.runner.endpoint.api {
            Api::Express => Call::count(self.key.table.default_model()),
            _ => Call::list(None),
        };
        let tried = self.runner.call(&free).await;
        key::answered_by_the_api(self.runner, &tried);
    }

    /// The model's entry, a count, and that of a given request: three questions that do not need each other.
    async fn model(&mut self) -> Result<String, String> {
        let learnt = &mut self.product.learnt;
        learnt.model.clone_from(&self.key.model);
        if learnt.model.is_none() {
            learnt.model = Some(key::pick(&learnt.listed, &self.key.table, self.runner));
            learnt.model_was_picked = true;
        }
        let model = learnt.model.clone().expect("a model was named or picked");
        let given = self.plan.request.as_ref().filter(|_| self.plan.asks("request.tokens"));
        if self.runner.endpoint.is_cloud() {
            return self.cloud_model(model, given).await;
        }
        if gateway::is_lenient(self.runner.endpoint) {
            return self.model_of_gateway(model).await;
        }
        let mut calls = vec![Call::get(&model), Call::count(&model)];
        calls.extend(given.map(|given| request::call(given, &model)));
        let mut tried = self.runner.call_side_by_side(&calls).await.into_iter();
        let mut next = || tried.next().expect("each call has its end");
        let (got, counted) = (next(), next());
        let about = key::About { model: &model, plan: self.key, learnt: &self.product.learnt };
        about.judge(got, counted, self.runner)?;
        if let Some(given) = given {
            let listed = &self.product.learnt.listed;
            let seen = request::observe(given, &model, listed, &next(), self.runner);
            self.product.seen.request = Some(seen);
        }
        Ok(model)
    }

    /// The same on the cloud platform, where one count tells of project, role and model.
    async fn cloud_model(
        &mut self,
        model: String,
        given: Option<&request::GivenRequest>,
    ) -> Result<String, String> {
        cloud::run(&model, self.key, self.runner, &self.product.learnt).await?;
        if let Some(given) = given {
            let tried = self.runner.call(&request::call(given, &model)).await;
            let listed = &self.product.learnt.listed;
            let seen = request::observe(given, &model, listed, &tried, self.runner);
            self.product.seen.request = Some(seen);
        }
        Ok(model)
    }

    /// The same of a host that need not have any of it; each is a question of its own.
    async fn model_of_gateway(&mut self, model: String) -> Result<String, String> {
        gateway::ask_about(&model, self.key, self.runner, &self.product.learnt).await?;
        let given = self.plan.request.as_ref().filter(|_| self.plan.asks("request.tokens"));
        let Some(given) = given else { return Ok(model) };
        if self.runner.endpoint.api == Api::OpenAi {
            let row = REQUEST_TOKENS.skipped("countTokens has no counterpart in OpenAI's API");
            self.runner.journal.observe(row);
            return Ok(model);
        }
        let tried = self.runner.call(&request::call(given, &model)).await;
        let listed = &self.product.learnt.listed;
        let seen = request::observe(given, &model, listed, &tried, self.runner);
        self.product.seen.request = Some(seen);
        Ok(model)
    }

    /// What can be charged for.
    async fn paid(&mut self, model: &str) -> Result<(), String> {
        let is_flaky = match self.plan.asks("api.alias") {
            true => self.alias(model).await?,
            false => false,
        };
        let (table, runner) = (&self.key.table, &mut *self.runner);
        if self.plan.asks("stream.end") {
            let to = if self.plan.looks == Looks::Deep { stream::LONG } else { stream::SHORT };
            let seen = stream::look(model, to, is_flaky, table, runner).await;
            self.product.seen.stream = seen;
        }
        if self.plan.looks == Looks::Deep {
            self.deep(model).await;
        }
        let wanted = self.plan.structured.as_ref();
        if let Some(wanted) = wanted.filter(|_| self.plan.asks("structured.answers")) {
            let seen = structured::look(wanted, model, &self.key.table, self.runner).await;
            self.product.seen.structured = Some(seen);
        }
        Ok(())
    }

    /// The connection is one step; of its rows only those are told that were wanted.
    async fn reach(&mut self) -> Result<(), String> {
        let (_, rows, end) = key::connected(self.runner).await;
        for row in rows.into_iter().filter(|row| self.plan.asks(&row.check.id)) {
            self.runner.journal.observe(row);
        }
        end
    }

    async fn deep(&mut self, model: &str) {
        let thinking = key::thinking_of(model, &self.key.table);
        if self.plan.asks("api.tool") {
            deep::tool(model, thinking, self.runner).await;
        }
        if self.plan.asks("api.structured") {
            deep::structured(model, thinking, self.runner).await;
        }
    }

    /// Whether the name fails at times. `Err` where every further call would end as these did.
    async fn alias(&mut self, model: &str) -> Result<bool, String> {
        if self.runner.endpoint.api != Api::Express {
            let at = self.product.learnt.list_at;
            self.product.listing = models::read_all(self.runner, at).await;
        }
        let control = control_for(model, &self.product.learnt.listed);
        let counted = alias::look(model, control.as_deref(), &self.key.table, self.runner).await;
        let end = certain_end(&counted);
        let is_flaky = counted.failures() > 0;
        self.product.alias = Some(counted);
        end.map_or(Ok(is_flaky), Err)
    }
}

/// Why further paid calls would tell nothing new. What a quota or a server refuses costs nothing, and a stream may
/// fare otherwise.
fn certain_end(counted: &Counted) -> Option<String> {
    match &counted.spent {
        Some(because) => Some(because.clone()),
        None if counted.is_down() => Some("every call to this name fails".to_owned()),
        None if counted.is_refused && !counted.strip.contains('.') => {
            Some("the API refuses calls like these".to_owned())
        }
        None => None,
    }
}

/// The version of HTTP that the handshake settled on. It decides nothing: all versions carry the same calls.
fn protocol(runner: &Runner<'_>) -> Observation {
    let facts = runner.connection_facts().and_then(|facts| facts.tls.as_ref());
    let said = match facts.map(|tls| tls.alpn.as_deref()) {
        None => "no TLS, so HTTP/1.1",
        Some(Some("h2")) => "HTTP/2",
        Some(Some("http/1.1")) => "HTTP/1.1",
        Some(Some(_)) => "none of HTTP's by ALPN",
        Some(None) => "nobody answered ALPN, so HTTP/1.1",
    };
    NET_PROTOCOL.row(Status::Pass, said).done()
}

/// A moving alias that is listed, or else the newest stable flash.
fn control_for(model: &str, listed: &[Model]) -> Option<String> {
    let usable = || {
        listed
            .iter()
            .filter(|one| one.id() != model && one.supports("generateContent"))
            .map(Model::id)
    };
    usable()
        .find(|name| *name == "gemini-flash-latest")
        .or_else(|| crate::facts::models::newest_stable_flash(usable()))
        .map(str::to_owned)
}

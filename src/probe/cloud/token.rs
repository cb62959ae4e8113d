//! From credentials to an access token, step by step; each step is one request, and nothing is sent twice.

use crate::{
    facts::{
        Api, Clue, Endpoint, LocalFact, Party, Status,
        check::{Evidence, Observation},
        clue::Shown,
    },
    gemini::credentials::{
        self, Credentials, External, Granted, Purpose, ServiceAccount, Source, Step, StepKind, Url,
    },
    net::proxy::ProxyChoice,
    secret::ApiKey,
};

use super::{
    super::{
        Runner,
        row::{ADC_CLOCK, ADC_TOKEN, CLOUD_PROJECT, Question, Row},
        runner::{Errand, ErrandEnded},
    },
    CloudPlan,
    local::is_project,
};

/// How a run without any login says so.
const NO_LOGIN: &str = "no login";

/// A clock that is off by less is as good as any.
pub(super) const CLOSE_S: i64 = 60;

/// The way to a token so far.
struct Way<'r, 'a> {
    plan: &'r CloudPlan,
    runner: &'r mut Runner<'a>,
    took_ms: f64,
    ahead_s: Option<i64>,
}

/// Why there is no token.
pub(super) struct Lost {
    status: Status,
    detail: String,
    evidence: Option<Evidence>,
}

/// Gets a token and goes on with it. `Err` is the reason to stop.
pub(in crate::probe) async fn obtain(
    plan: &CloudPlan,
    runner: &mut Runner<'_>,
) -> Result<(), String> {
    // What stands in the way before anything is asked was told in its own row.
    super::local_rows(plan).1?;
    let Some(credentials) = plan.credentials() else { return Err("there is no login".to_owned()) };
    for secret in plan.shape.iter().flat_map(|shape| &shape.secrets) {
        runner.hide(secret);
    }
    let mut way = Way { plan, runner, took_ms: 0.0, ahead_s: None };
    let got = way.token(credentials).await;
    let (took_ms, ahead_s) = (way.took_ms, way.ahead_s);
    let took = (took_ms > 0.0).then_some(took_ms);
    clock(runner, ahead_s, got.as_ref().err());
    match got {
        Ok((token, words)) => {
            runner.journal.observe(ADC_TOKEN.row(Status::Pass, words).took(took).done());
            let endpoint = endpoint(plan, credentials, runner).await?;
            runner.admit(token, endpoint);
            Ok(())
        }
        Err(lost) if plan.skip_without_login && lost.is_without_login() => {
            runner.journal.observe(ADC_TOKEN.skipped(NO_LOGIN));
            Err("there is no login".to_owned())
        }
        Err(lost) => {
            runner.journal.observe(lost.row(ADC_TOKEN).took(took).done());
            Err("without a token nothing can be asked".to_owned())
        }
    }
}

/// Asks the token endpoint about a service account whose own statement was refused: it tells why.
pub(super) async fn ask_endpoint(
    account: &ServiceAccount,
    plan: &CloudPlan,
    runner: &mut Runner<'_>,
) -> Result<(), Lost> {
    let mut way = Way { plan, runner, took_ms: 0.0, ahead_s: None };
    let asked = way.exchange_statement(account).await.map(|_| ());
    let ahead_s = way.ahead_s;
    clock(runner, ahead_s, asked.as_ref().err());
    asked
}

/// The machine's clock beside the server's. It is a row of its own only where somebody's clock was seen.
pub(super) fn clock(runner: &Runner<'_>, ahead_s: Option<i64>, lost: Option<&Lost>) {
    let Some(ahead_s) = ahead_s else { return };
    let seen = runner.journal.observations();
    if seen.iter().any(|row| row.check.id == ADC_CLOCK.id && row.check.status != Status::Pass) {
        return;
    }
    runner.journal.observe(clock_row(ahead_s, lost));
}

fn clock_row(ahead_s: i64, lost: Option<&Lost>) -> Observation {
    if ahead_s.abs() < CLOSE_S {
        let detail = format!("within {} s of the server's", ahead_s.abs().max(1));
        return ADC_CLOCK.row(Status::Pass, detail).done();
    }
    let text = words_of_skew(ahead_s);
    let mut clues = vec![Clue::Shown(Shown::ClockOff)];
    let refused = lost.and_then(|lost| lost.evidence.as_ref());
    clues.extend(refused.into_iter().flat_map(|one| one.clues.clone()));
    let status = if lost.is_some() { Status::Fail } else { Status::Warn };
    ADC_CLOCK
        .row(status, text.clone())
        .with(Evidence { attempt: refused.and_then(|one| one.attempt.clone()), text, clues })
        .done()
}

/// `this machine's clock is 12 min behind the server's`.
pub(super) fn words_of_skew(ahead_s: i64) -> String {
    let by = ahead_s.unsigned_abs();
    let side = if ahead_s > 0 { "behind" } else { "ahead of" };
    let amount = match by {
        0..=119 => format!("{by} s"),
        120..=7199 => format!("{} min", by / 60),
        _ => format!("{} h", by / 3600),
    };
    format!("this machine's clock is {amount} {side} the server's")
}

/// The endpoint with its project, which only the machine itself may know.
async fn endpoint(
    plan: &CloudPlan,
    credentials: &Credentials,
    runner: &mut Runner<'_>,
) -> Result<Endpoint, String> {
    let project = match &plan.project {
        Some(project) => project.value.clone(),
        None if matches!(credentials, Credentials::Metadata) => {
            let project = of_this_machine(plan, runner).await;
            runner.know(project.as_ref().map(|id| Clue::Meta("project".to_owned(), id.to_owned())));
            project.unwrap_or_default()
        }
        None => String::new(),
    };
    if project.is_empty() {
        return Err("no project is known".to_owned());
    }
    let quota_project = plan.quota_project.as_ref().map(|project| project.value.clone());
    let location = plan.location.value.clone();
    Ok(runner.endpoint.clone().speaking(Api::Vertex { project, location, quota_project }))
}

/// The project that the metadata server names, with its row.
async fn of_this_machine(plan: &CloudPlan, runner: &mut Runner<'_>) -> Option<String> {
    let mut way = Way { plan, runner, took_ms: 0.0, ahead_s: None };
    let told = way.metadata(StepKind::MetadataProject).await;
    let told = told.map(|granted| granted.value.expose().to_owned());
    let (status, detail) = match &told {
        Ok(id) if is_project(id) => (Status::Pass, format!("{id} (the metadata server)")),
        Ok(_) => (Status::Fail, "what the metadata server names is no project's id".to_owned()),
        Err(lost) => (lost.status, lost.detail.clone()),
    };
    let clues = vec![Clue::Local(LocalFact::NoProject)];
    let missing = Evidence { attempt: None, text: detail.clone(), clues };
    let missing = (status == Status::Fail).then_some(missing);
    let row = missing.into_iter().fold(CLOUD_PROJECT.row(status, detail), Row::with);
    runner.journal.observe(row.done());
    told.ok().filter(|id| is_project(id))
}

impl Way<'_, '_> {
    /// The token with a few words about it.
    async fn token(&mut self, credentials: &Credentials) -> Result<(ApiKey, String), Lost> {
        match credentials {
            Credentials::Impersonated(impersonated) => {
                let (first, _) = self.direct(&impersonated.source).await?;
                let step = Step::of_impersonated(impersonated, &first);
                let granted = self.lend(&step, &impersonated.target, &impersonated.source).await?;
                let target = &impersonated.target;
                let words = format!("of {target}, lent for an hour{}", self.lasts(&granted));
                Ok((granted.value, words))
            }
            other => self.direct(other).await,
        }
    }

    async fn direct(&mut self, credentials: &Credentials) -> Result<(ApiKey, String), Lost> {
        match credentials {
            Credentials::ServiceAccount(account) if self.plan.asks_endpoint => {
                let granted = self.exchange_statement(account).await?;
                let lasts = self.lasts(&granted);
                Ok((granted.value, format!("from the token endpoint{lasts}")))
            }
            Credentials::ServiceAccount(account) => {
                let token = self.sign(account, Purpose::Bearer)?;
                let id = account.key_id.as_deref().filter(|id| is_id(id));
                let id = id.map_or_else(String::new, |id| format!(", key {id}"));
                Ok((token, format!("a statement signed here{id}; no endpoint is asked for it")))
            }
            Credentials::User(user) => {
                let granted = self.step(&Step::refresh(user)).await?;
                let lasts = self.lasts(&granted);
                Ok((granted.value, format!("from the token endpoint{lasts}")))
            }
            Credentials::External(external) => self.external(external).await,
            Credentials::Metadata => {
                let granted = self.metadata(StepKind::Metadata).await?;
                let lasts = self.lasts(&granted);
                let email = self.metadata(StepKind::MetadataEmail).await.ok();
                let email = email.map(|email| email.value.expose().to_owned());
                let email = email.filter(|email| credentials::is_address(email));
                let member = email.as_ref().map(|email| format!("serviceAccount:{email}"));
                self.runner.know(member.map(|member| Clue::Meta("member".to_owned(), member)));
                let of = email.map_or_else(String::new, |email| format!(" for {email}"));
                Ok((granted.value, format!("from the metadata server{of}{lasts}")))
            }
            // A file of that kind inside of another was not read as credentials.
            Credentials::Impersonated(_) => Err(Lost::of_plan("nested impersonation")),
        }
    }

    async fn external(&mut self, external: &External) -> Result<(ApiKey, String), Lost> {
        let proof = self.proof(external).await?;
        self.runner.hide(&proof);
        let granted = self.step(&Step::exchange(external, &proof)).await?;
        let lasts = self.lasts(&granted);
        let Some(url) = &external.impersonation else {
            return Ok((granted.value, format!("from the security token service{lasts}")));
        };
        let step = Step::impersonate(url, &[], &granted.value);
        let target = self.plan.shape.as_ref().and_then(|shape| shape.member.clone());
        let target = target.unwrap_or_default().replace("serviceAccount:", "");
        let lent =
            self.lend(&step, &target, &Credentials::External(Box::new(external.clone()))).await?;
        Ok((lent.value, format!("of {target}, lent for an hour")))
    }

    async fn proof(&mut self, external: &External) -> Result<ApiKey, Lost> {
        match &external.source {
            Source::File { path, text, field } => match text {
                Some(Ok(text)) => member(text, field.as_deref())
                    .ok_or_else(|| Lost::of_proof(&format!("{}: no proof in it", path.display()))),
                Some(Err(why)) => Err(Lost::of_proof(&format!("{}: {why}", path.display()))),
                None => Err(Lost::of_plan("the file of the proof was not read")),
            },
            Source::Url { url, headers, field } => {
                let step = Step::subject(url, headers, field.as_deref());
                Ok(self.step(&step).await?.value)
            }
            Source::NotFollowed(what) => Err(Lost::of_plan(what)),
        }
    }

    async fn exchange_statement(&mut self, account: &ServiceAccount) -> Result<Granted, Lost> {
        let statement = self.sign(account, Purpose::Exchange)?;
        self.runner.hide(&statement);
        self.step(&Step::assertion(&account.token_uri, &statement)).await
    }

    fn sign(&self, account: &ServiceAccount, purpose: Purpose) -> Result<ApiKey, Lost> {
        credentials::sign(account, purpose, self.runner.now_s()).map_err(|why| {
            let text = format!("the private key: {why}");
            let clues = vec![Clue::Local(LocalFact::PrivateKeyDamaged)];
            let evidence = Some(Evidence { attempt: None, text: text.clone(), clues });
            Lost { status: Status::Fail, detail: text, evidence }
        })
    }

    /// A token of another account. Who lacks the role for that is the one whose token was shown.
    async fn lend(
        &mut self,
        step: &Step,
        target: &str,
        source: &Credentials,
    ) -> Result<Granted, Lost> {
        self.step(step).await.map_err(|mut lost| {
            let member = match source {
                Credentials::ServiceAccount(account) => {
                    Some(format!("serviceAccount:{}", account.email))
                }
                _ => None,
            };
            let named = [("target", Some(target.to_owned())), ("member", member)];
            let named =
                named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
            if let Some(evidence) = &mut lost.evidence {
                // What names the login as a whole would name the wrong one here.
                evidence
                    .clues
                    .retain(|clue| !matches!(clue, Clue::Meta(name, _) if name == "member"));
                evidence.clues.extend(named.map(|(name, value)| Clue::Meta(name, value)));
            }
            lost
        })
    }

    async fn metadata(&mut self, kind: StepKind) -> Result<Granted, Lost> {
        let step = Step::metadata(kind, &self.plan.metadata_host)
            .map_err(|why| Lost::of_plan(&format!("GCE_METADATA_HOST: {why}")))?;
        self.step(&step).await.map_err(|lost| self.without_metadata(lost))
    }

    /// Nobody there, or somebody who is no metadata server: then this machine has no login at all.
    fn without_metadata(&self, lost: Lost) -> Lost {
        let Some(evidence) = &lost.evidence else { return lost };
        let nobody = evidence.clues.iter().any(|clue| matches!(clue, Clue::Fault(_)));
        let stranger = [Party::Gateway, Party::Unknown]
            .iter()
            .any(|party| evidence.clues.contains(&Clue::By(*party)))
            && !evidence.clues.contains(&Clue::Status(404));
        if !nobody && !stranger {
            return lost;
        }
        let text = format!(
            "looked at {}; no metadata server at {}: {}",
            self.plan.places.join(", "),
            self.plan.metadata_host,
            lost.detail
        );
        let clues = vec![Clue::Local(LocalFact::NoCredentials)];
        let evidence =
            Some(Evidence { attempt: evidence.attempt.clone(), text: text.clone(), clues });
        Lost { status: Status::Fail, detail: text, evidence }
    }

    async fn step(&mut self, step: &Step) -> Result<Granted, Lost> {
        let proxy = match step.kind.is_metadata() {
            true => ProxyChoice::None,
            false => self.plan.proxy_to(&step.url.endpoint.host),
        };
        let errand = self.runner.run_errand(step, &proxy).await;
        self.took_ms += errand.took_ms;
        self.ahead_s = self.ahead_s.or(errand.ahead_s);
        match errand.ended {
            ErrandEnded::Granted(granted) => {
                if step.kind.brings_a_secret() {
                    self.runner.hide(&granted.value);
                }
                Ok(granted)
            }
            _ => Err(self.lost(step, errand)),
        }
    }

    fn lost(&self, step: &Step, errand: Errand) -> Lost {
        let Errand { attempt, ended, summary, mut clues, ahead_s, .. } = errand;
        let place = place(&step.url);
        match ended {
            ErrandEnded::OutOfBudget => {
                return Lost { status: Status::Inconclusive, detail: summary, evidence: None };
            }
            ErrandEnded::Failed | ErrandEnded::Refused | ErrandEnded::Granted(_) => {}
        }
        if ahead_s.is_some_and(|ahead| ahead.abs() >= CLOSE_S) {
            clues.push(Clue::Shown(Shown::ClockOff));
        }
        clues.extend(self.plan.named());
        let detail = format!("{place}: {summary}");
        let text = format!("{} ({place}): {summary}", step.kind.phrase());
        Lost { status: Status::Fail, detail, evidence: Some(Evidence { attempt, text, clues }) }
    }

    fn lasts(&self, granted: &Granted) -> String {
        granted.expires_s.map_or_else(String::new, |seconds| format!(", good for {seconds} s"))
    }
}

impl Lost {
    /// It under a question.
    pub(super) fn row(self, question: Question) -> Row {
        self.evidence.into_iter().fold(question.row(self.status, self.detail), Row::with)
    }

    fn is_without_login(&self) -> bool {
        let missing = Clue::Local(LocalFact::NoCredentials);
        self.evidence.as_ref().is_some_and(|evidence| evidence.clues.contains(&missing))
    }

    /// Something about the plan itself, which no request can change.
    fn of_plan(why: &str) -> Self {
        let text = format!("no token can be had: {why}");
        let clues = vec![Clue::Local(LocalFact::CredentialsNotFollowed)];
        let evidence = Some(Evidence { attempt: None, text: text.clone(), clues });
        Self { status: Status::Fail, detail: text, evidence }
    }

    fn of_proof(why: &str) -> Self {
        let text = format!("the proof of the external account: {why}");
        let clues = vec![Clue::Local(LocalFact::CredentialsUnusable)];
        let evidence = Some(Evidence { attempt: None, text: text.clone(), clues });
        Self { status: Status::Fail, detail: text, evidence }
    }
}

/// The text, or the member of its JSON.
fn member(text: &ApiKey, field: Option<&str>) -> Option<ApiKey> {
    let found = match field {
        None => text.expose().trim().to_owned(),
        Some(field) => {
            let value: serde_json::Value = serde_json::from_str(text.expose()).ok()?;
            value[field].as_str()?.to_owned()
        }
    };
    let is_token = !found.is_empty() && found.bytes().all(|byte| byte.is_ascii_graphic());
    is_token.then(|| ApiKey::new(found))
}

fn place(url: &Url) -> String {
    format!("{}{}", url.endpoint.authority(), url.endpoint.prefix)
}

fn is_id(text: &str) -> bool {
    (4..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

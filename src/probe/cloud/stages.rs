//! What the cloud platform says of a login and a model: one free call tells whether the API is on, who may call,
//! what the quota allows, and whether the model is there.

use crate::{
    facts::{
        Api, Clue, Endpoint, LocalFact, Party, Status,
        check::{Evidence, Observation},
        clue::ModelFact,
        location,
    },
    gemini::{
        Call,
        credentials::Credentials,
        wire::{Model, ModelPage},
    },
};

use super::{
    super::{
        Runner, Tried,
        key::{self, Depth, KeyPlan, Learnt, failed_status, record},
        row::{
            ADC_EXCHANGE, API_LIST, API_MODEL, CLOUD_AUTH, CLOUD_PERMISSION, CLOUD_QUOTA,
            CLOUD_SERVICE, Question, Row,
        },
    },
    CloudPlan, token,
};

/// What has to hold before a model is looked at, in this order.
const ORDER: [Question; 5] = [CLOUD_AUTH, CLOUD_SERVICE, CLOUD_PERMISSION, CLOUD_QUOTA, API_MODEL];

/// Reasons by which the project itself is refused.
const OF_SERVICE: [&str; 8] = [
    "SERVICE_DISABLED",
    "BILLING_DISABLED",
    "CONSUMER_INVALID",
    "CONSUMER_SUSPENDED",
    "RESOURCE_PROJECT_INVALID",
    "LOCATION_ORG_POLICY_VIOLATED",
    "RESOURCE_USAGE_RESTRICTION_VIOLATED",
    "SECURITY_POLICY_VIOLATED",
];

/// Reasons by which the credential itself is refused.
const OF_CREDENTIAL: [&str; 6] = [
    "API_KEY_INVALID",
    "ACCESS_TOKEN_EXPIRED",
    "ACCESS_TOKEN_TYPE_UNSUPPORTED",
    "ACCOUNT_STATE_INVALID",
    "CREDENTIALS_MISSING",
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
];

/// The first page of the list. With a key alone there is no list; where a refusal does not decide, it is told
/// and the calls go on: a login may call a model without being allowed to list.
pub(in crate::probe) async fn list(
    runner: &mut Runner<'_>,
    decides: bool,
) -> Result<Vec<Model>, String> {
    if runner.endpoint.api == Api::Express {
        runner.journal.observe(API_LIST.skipped("with a key alone the cloud platform has no list"));
        return Ok(Vec::new());
    }
    let tried = runner.call(&Call::list(None)).await;
    if !key::answered_by_the_api(runner, &tried) {
        let shown = "without an answer of the API nothing can be said of the login".to_owned();
        return Err(key::stopped_because(&tried, shown));
    }
    if let Some(reply) = tried.success() {
        let page = serde_json::from_value::<ModelPage>(reply.value().clone()).unwrap_or_default();
        let detail = format!("{} models on the first page", page.models.len());
        record(runner, API_LIST, Status::Pass, &detail, &tried);
        return Ok(page.models);
    }
    if decides || question_of(&tried).id == CLOUD_AUTH.id {
        skew(runner, &tried);
        record(runner, API_LIST, failed_status(&tried), tried.summary(), &tried);
        let shown = "nothing more can be asked until this passes".to_owned();
        return Err(key::stopped_because(&tried, shown));
    }
    let detail = format!("{}; the model itself is asked all the same", tried.summary());
    let told = Evidence { clues: Vec::new(), text: detail.clone(), ..tried.evidence() };
    runner
        .journal
        .observe(API_LIST.row(Status::Warn, detail).took(tried.took_ms()).with(told).done());
    Ok(Vec::new())
}

/// Whether the model takes requests in this project and place; each thing that must hold has a row.
pub(in crate::probe) async fn run(
    model: &str,
    plan: &KeyPlan,
    runner: &mut Runner<'_>,
    learnt: &Learnt,
) -> Result<(), String> {
    let mut counted = runner.call(&Call::count(model)).await;
    // With a key alone nobody has answered before.
    if runner.endpoint.api == Api::Express && !key::answered_by_the_api(runner, &counted) {
        let shown = "without an answer of the API nothing can be said of the key".to_owned();
        return Err(key::stopped_because(&counted, shown));
    }
    let tokens = counted.success().and_then(|reply| reply.value()["totalTokens"].as_u64());
    let failed = tokens.is_none().then(|| question_of(&counted));
    let before = |one: &Question| failed.is_none_or(|bad| bad.id != one.id);
    for question in rows(runner, plan).iter().take_while(|one| before(one)) {
        let Some(detail) = passed(question, runner, plan) else { continue };
        let row = match is_shown(question, &counted) {
            true => {
                let clues = vec![Clue::By(Party::Api)];
                let evidence = Evidence { clues, ..counted.evidence() };
                question.row(Status::Pass, detail).with(evidence).done()
            }
            false => question.skipped(&format!("not shown, because {}", no_proof(&counted))),
        };
        runner.journal.observe(row);
    }
    let Some(question) = failed else {
        model_passed(model, plan, runner, learnt, (&counted, tokens.unwrap_or_default()));
        return Ok(());
    };
    skew(runner, &counted);
    let facts = key::model_facts(model, &plan.table, &learnt.listed, &runner.clock.today());
    counted.know_all(key::name_clues(model, &facts, plan, learnt));
    if question.id == API_MODEL.id && is_elsewhere(model, runner) {
        counted.know(Clue::Local(LocalFact::ModelElsewhere));
    }
    let detail = format!("countTokens {}", counted.summary());
    record(runner, question, failed_status(&counted), &detail, &counted);
    Err(key::stopped_because(&counted, format!("{model} cannot be asked")))
}

/// Whether an answer shows that the caller was let in this far. The platform looks at the credential first, then at
/// the project, and only then at the rest; an answer that is not its own shows nothing.
fn is_shown(question: &Question, tried: &Tried) -> bool {
    if tried.success().is_some() {
        return true;
    }
    let Some(reply) = tried.reply().filter(|reply| reply.party == Party::Api) else { return false };
    let refused = question_of(tried).id;
    let is_of_the_caller = [CLOUD_AUTH.id, CLOUD_SERVICE.id].contains(&question.id);
    match reply.status {
        _ if refused == CLOUD_SERVICE.id => question.id == CLOUD_AUTH.id,
        400 | 403 | 404 | 429 => is_of_the_caller,
        _ => false,
    }
}

fn no_proof(tried: &Tried) -> String {
    match tried.reply() {
        _ if tried.is_cut_short() => tried.summary().to_owned(),
        None => "nobody answered".to_owned(),
        Some(reply) if reply.party == Party::Api => format!("{} does not tell it", reply.status),
        Some(reply) => format!("{} answered by {}", reply.status, reply.party.phrase()),
    }
}

/// Which row a refusal belongs to.
fn question_of(tried: &Tried) -> Question {
    let reasons: Vec<&str> = tried
        .clues()
        .iter()
        .filter_map(|clue| match clue {
            Clue::Reason(reason) => Some(reason.as_str()),
            _ => None,
        })
        .collect();
    let has = |known: &[&str]| reasons.iter().any(|reason| known.contains(reason));
    match tried.reply().map(|reply| reply.status) {
        Some(401) => CLOUD_AUTH,
        _ if has(&OF_CREDENTIAL) => CLOUD_AUTH,
        _ if has(&OF_SERVICE) => CLOUD_SERVICE,
        Some(403) => CLOUD_PERMISSION,
        Some(429) => CLOUD_QUOTA,
        _ => API_MODEL,
    }
}

/// A key alone names no project that roles could be given in.
/// Where an answer is asked for as well, that tells of its quota.
fn rows(runner: &Runner<'_>, plan: &KeyPlan) -> Vec<Question> {
    let is_express = runner.endpoint.api == Api::Express;
    let generates = plan.depth > Depth::Free;
    let kept = |one: &Question| {
        (!is_express || one.id != CLOUD_PERMISSION.id) && (!generates || one.id != CLOUD_QUOTA.id)
    };
    ORDER.into_iter().filter(kept).filter(|one| one.id != API_MODEL.id).collect()
}

/// The quota's row for a call that generates: recorded where it is kept, and given back where it is not.
pub(in crate::probe) fn quota_question(tried: &Tried, runner: &Runner<'_>) -> Option<Question> {
    if !runner.endpoint.is_cloud() {
        return None;
    }
    let reply = tried.reply();
    if reply.is_some_and(|reply| reply.status == 429 && reply.party == Party::Api) {
        return Some(CLOUD_QUOTA);
    }
    let row = match tried.success() {
        Some(_) => {
            let evidence = Evidence { clues: vec![Clue::By(Party::Api)], ..tried.evidence() };
            CLOUD_QUOTA
                .row(Status::Pass, "generateContent is within its quota")
                .with(evidence)
                .done()
        }
        None => CLOUD_QUOTA.skipped(&format!("not shown, because {}", no_proof(tried))),
    };
    runner.journal.observe(row);
    None
}

fn passed(question: &Question, runner: &Runner<'_>, plan: &KeyPlan) -> Option<String> {
    let cloud = plan.cloud.as_deref();
    let project = match &runner.endpoint.api {
        Api::Vertex { project, .. } => project.as_str(),
        _ => "the key's project",
    };
    Some(match question.id {
        id if id == CLOUD_AUTH.id => match cloud {
            Some(cloud) => format!("let in as {}{}", who(cloud), by_whom(runner.endpoint)),
            None => "the key is let in".to_owned(),
        },
        id if id == CLOUD_SERVICE.id => format!("aiplatform.googleapis.com is on in {project}"),
        id if id == CLOUD_PERMISSION.id => "aiplatform.endpoints.predict is granted".to_owned(),
        id if id == CLOUD_QUOTA.id => "countTokens is within its quota".to_owned(),
        _ => return None,
    })
}

/// Whoever stands at a host that is not the provider's may let in whom it likes.
fn by_whom(endpoint: &Endpoint) -> String {
    match endpoint.is_googles() {
        true => String::new(),
        false => format!(" by {}, which need not be Google", endpoint.authority()),
    }
}

fn who(cloud: &CloudPlan) -> String {
    let shape = cloud.shape.as_ref();
    let member = shape.and_then(|shape| shape.member.clone());
    member.or_else(|| shape.map(|shape| shape.words.clone())).unwrap_or_default()
}

fn model_passed(
    model: &str,
    plan: &KeyPlan,
    runner: &Runner<'_>,
    learnt: &Learnt,
    (counted, tokens): (&Tried, u64),
) {
    let facts = key::model_facts(model, &plan.table, &learnt.listed, &runner.clock.today());
    let picked = if learnt.model_was_picked { ", picked: the newest stable flash" } else { "" };
    let detail = format!("{model}{picked}; countTokens 200 ({tokens} tokens)");
    let announced = facts
        .contains(&ModelFact::Retiring)
        .then(|| key::retirement(model, &plan.table, &runner.clock.today()));
    let status = if announced.is_some() { Status::Warn } else { Status::Pass };
    let answered = Evidence { clues: vec![Clue::By(Party::Api)], ..counted.evidence() };
    let row = API_MODEL.row(status, detail).took(counted.took_ms()).with(answered);
    runner.journal.observe(announced.into_iter().fold(row, Row::with).done());
}

/// Whether the dated table says that the location does not have the model.
fn is_elsewhere(model: &str, runner: &Runner<'_>) -> bool {
    match &runner.endpoint.api {
        Api::Vertex { location, .. } => location::serves(location, model) == Some(false),
        _ => false,
    }
}

/// A refusal beside a clock that is off may be the clock's doing.
fn skew(runner: &Runner<'_>, tried: &Tried) {
    let date = tried.reply().and_then(|reply| reply.date);
    let ahead_s = date.map(|date| date.cast_signed() - runner.now_s().cast_signed());
    token::clock(runner, ahead_s, None);
}

/// Why the API refuses a statement of a service account: the token endpoint tells what the API does not.
pub(in crate::probe) async fn why_refused(plan: &CloudPlan, runner: &mut Runner<'_>) {
    let Some(Credentials::ServiceAccount(account)) = plan.credentials() else { return };
    if plan.asks_endpoint {
        return;
    }
    let refused = |row: &Observation| {
        let is_401 = |one: &Evidence| one.clues.contains(&Clue::Status(401));
        row.check.status == Status::Fail && row.evidence.iter().any(is_401)
    };
    if !runner.journal.observations().iter().any(refused) {
        return;
    }
    let row = match token::ask_endpoint(account, plan, runner).await {
        Ok(()) => ADC_EXCHANGE.row(Status::Pass, "the token endpoint takes the same key"),
        Err(lost) => lost.row(ADC_EXCHANGE),
    };
    runner.journal.observe(row.done());
}

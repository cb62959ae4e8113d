//! What is asked and told where the host is not the provider's: where else the list may lie, what a gateway need
//! not have, and whose host it is. Records; it never says that a key is good because a gateway listed models.

use crate::{
    facts::{
        Api, Clue, Endpoint, Party, Status,
        check::{Evidence, Observation},
        clue::Shown,
        endpoint::HostKind,
    },
    gemini::{
        Call, Form, Reply,
        between::Refused,
        call::OTHER_LISTS,
        openai,
        wire::{Model, ModelPage},
    },
    net::ConnectionFacts,
};

use super::{
    Runner, Tried,
    key::{self, KeyPlan, Learnt, failed_status, is_refusal, is_rerouted, name_clues},
    row::{API_MODEL, NET_ENDPOINT},
};

/// What answers and connections of a run show of whose host it is.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// Who signed its certificate, and for whom.
    certificate: Option<(String, Vec<String>)>,
    connected: bool,
    product: Option<&'static str>,
    answers: usize,
    marked: usize,
    list: Option<String>,
    /// Whether an answer was generated.
    pub(super) generated: bool,
    /// The first answer of another model than the one that was asked: attempt, asked, served.
    other_model: Option<(String, String)>,
}

impl Noted {
    pub(super) fn connection(&mut self, facts: &ConnectionFacts) {
        self.connected |= facts.remote.is_some();
        let leaf = facts.tls.as_ref().and_then(|tls| tls.chain.leaf());
        if let Some(leaf) = leaf.filter(|_| self.certificate.is_none()) {
            self.certificate = Some((leaf.issuer.short(), leaf.hosts()));
        }
    }

    pub(super) fn answer(&mut self, call: &Call, reply: &Reply) {
        self.answers += 1;
        self.marked += usize::from(reply.between.marked);
        // A name says more than "a server that …".
        let is_vague = self.product.is_none_or(|product| product.starts_with("a "));
        self.product = reply.between.product.filter(|_| is_vague).or(self.product);
        if !call.method.is_paid() || !reply.is_success() {
            return;
        }
        self.generated = true;
        let pair = call.model.as_ref().zip(reply.model_version.as_ref());
        let other = pair.filter(|(asked, served)| is_rerouted(asked, served));
        if let Some((asked, served)) = other.filter(|_| self.other_model.is_none()) {
            self.other_model = Some((asked.clone(), served.clone()));
        }
    }
}

/// What an answer tells of who refused, where somebody may stand between.
pub(super) fn told(endpoint: &Endpoint, reply: &Reply) -> Vec<Clue> {
    let Some(refused) = reply.between.refused.filter(|_| !endpoint.is_googles()) else {
        return Vec::new();
    };
    let who = who(endpoint, reply.between.product);
    let marks =
        if reply.between.marked { "" } else { ", which bears no mark of Google's front end" };
    let words = match refused {
        Refused::Itself => {
            format!("refused by {who} itself: nothing of Google's is in the answer")
        }
        Refused::PassedOn => {
            format!("refused by Google behind {who}, by the form of the answer{marks}")
        }
        Refused::Quoted => {
            format!("refused by Google behind {who}: Google's own words stand in the gateway's")
        }
        Refused::Stripped => format!(
            "refused by Google behind {who}, by its words; the details are gone, or the status is another"
        ),
        Refused::Unsaid => {
            format!("refused by whoever is behind {who}, which does not say why")
        }
        Refused::Unreached => {
            format!("not answered by Google: {who} did not reach whoever is behind it")
        }
    };
    let googles = matches!(refused, Refused::PassedOn | Refused::Quoted | Refused::Stripped);
    let whose = if googles && is_about_the_key(reply) {
        "; the key that it refused may be the gateway's own"
    } else {
        ""
    };
    let meta = |name: &str, value: String| Clue::Meta(name.to_owned(), value);
    vec![meta("hop", refused.word().to_owned()), meta("refused_by", format!("{words}{whose}"))]
}

fn is_about_the_key(reply: &Reply) -> bool {
    reply.clues.iter().any(|clue| match clue {
        Clue::Reason(reason) => reason.starts_with("API_KEY"),
        Clue::Message(text) => text.contains("API key"),
        _ => false,
    })
}

/// `LiteLLM at gw.example:4000`.
fn who(endpoint: &Endpoint, product: Option<&str>) -> String {
    match product {
        Some(product) => format!("{product} at {}", endpoint.authority()),
        None => format!("the gateway at {}", endpoint.authority()),
    }
}

/// The words for who answered a call as it was meant.
pub(super) fn answered(endpoint: &Endpoint, reply: &Reply) -> String {
    let whose = if reply.form == Form::OpenAi { "OpenAI's" } else { "Google's" };
    let who = match reply.between.product {
        Some(product) => format!("{product} at {}", endpoint.authority()),
        None => endpoint.authority(),
    };
    format!("{who}, in the form of {whose} API")
}

/// What is taken out of an error, as evidence of its own beside what the error says.
pub(super) fn stripped(tried: &Tried) -> Option<Evidence> {
    let refused = tried.reply()?.between.refused?;
    let is_told =
        tried.clues().iter().any(|clue| matches!(clue, Clue::Meta(name, _) if name == "hop"));
    (is_told && refused == Refused::Stripped).then(|| Evidence {
        attempt: tried.attempt.clone(),
        text: "Google's error came without its details, or with another status".to_owned(),
        clues: vec![Clue::Shown(Shown::DetailsHidden)],
    })
}

/// The answer that is the list, and where it lies if it is not at its native place.
pub(super) async fn list(runner: &mut Runner<'_>) -> (Tried, Option<&'static str>) {
    let native = runner.call(&Call::list(None)).await;
    if !may_lie_elsewhere(runner.endpoint, &native) {
        return (native, None);
    }
    for place in OTHER_LISTS {
        let tried = runner.call(&Call::list_at(place)).await;
        if tried.success().is_some_and(|reply| reply.party == Party::Api) {
            return (tried, Some(place));
        }
        // Whoever refuses there has a list there, and says who may read it.
        if tried.reply().is_some_and(|reply| !is_missing(reply.status) && reply.status >= 400) {
            return (tried, None);
        }
    }
    (native, None)
}

/// A page that is not there, or is there in the other form, at a host that is not the provider's.
fn may_lie_elsewhere(endpoint: &Endpoint, native: &Tried) -> bool {
    let native_route = endpoint.api == Api::Gemini && !endpoint.is_googles();
    native_route
        && native.reply().is_some_and(|reply| {
            let other_form = openai::answer::is_spoken(reply.value());
            reply.party != Party::Api && (is_missing(reply.status) || other_form)
        })
}

/// No such route, or no such method on it.
const fn is_missing(status: u16) -> bool {
    matches!(status, 404 | 405 | 501)
}

/// What a list shows, for the row that has it.
pub(super) fn listed(
    runner: &Runner<'_>,
    models: &[Model],
    elsewhere: Option<&'static str>,
    usual: String,
) -> (Status, String) {
    let endpoint = runner.endpoint;
    let form =
        if elsewhere.is_some() { Form::OpenAi } else { Call::list(None).form(&endpoint.api) };
    runner.noted().borrow_mut().list = Some(shape(models, form));
    let caveat = "; a list of this host shows nothing of the key";
    match elsewhere {
        _ if endpoint.is_googles() => (Status::Pass, usual),
        None => (Status::Pass, format!("{usual}{caveat}")),
        Some(place) => {
            let native = Call::list(None).path(endpoint);
            let path = Call::list_at(place).path(endpoint);
            let count = models.len();
            let text =
                format!("no list at {native}; {count} models at {path}, in OpenAI's form{caveat}");
            (Status::Warn, text)
        }
    }
}

/// `17 models in Google's form`, and of how many makers.
fn shape(models: &[Model], form: Form) -> String {
    let whose = if form == Form::OpenAi { "OpenAI's" } else { "Google's" };
    let others = other_makers(models);
    let mixed = match others.as_slice() {
        [] => String::new(),
        some => format!(", of other makers too ({})", some.join(", ")),
    };
    format!("its list has {} models in {whose} form{mixed}", models.len())
}

/// Words that begin the names of other makers' models.
const OTHER_MAKERS: [&str; 14] = [
    "gpt",
    "chatgpt",
    "claude",
    "deepseek",
    "qwen",
    "llama",
    "mistral",
    "mixtral",
    "grok",
    "glm",
    "kimi",
    "moonshot",
    "command-r",
    "doubao",
];

fn other_makers(models: &[Model]) -> Vec<&'static str> {
    let has = |maker: &&str| models.iter().any(|model| key::bare(model.id()).starts_with(maker));
    OTHER_MAKERS.into_iter().filter(has).collect()
}

/// Whether the stages ask as a gateway is asked: it need not have what is no answer.
pub(super) fn is_lenient(endpoint: &Endpoint) -> bool {
    !endpoint.is_googles() || endpoint.api == Api::OpenAi
}

/// The status with which a host that is not the provider's shows that it has no entries of models, if it has none.
pub(super) fn lacks_entries(endpoint: &Endpoint, tried: &[Tried]) -> Option<u16> {
    let status = |one: &Tried| {
        one.reply().filter(|reply| reply.party != Party::Api).map(|reply| reply.status)
    };
    let lacks = |one: &Tried| status(one).is_some_and(is_missing);
    let all = is_lenient(endpoint) && !tried.is_empty() && tried.iter().all(lacks);
    tried.first().filter(|_| all).and_then(status)
}

/// The free questions about a model, of which a gateway need not have any. `Err` is the reason to stop.
pub(super) async fn ask_about(
    model: &str,
    plan: &KeyPlan,
    runner: &mut Runner<'_>,
    learnt: &Learnt,
) -> Result<(), String> {
    let got = runner.call(&Call::get(model)).await;
    if is_refusal(&got) && got.clues().contains(&Clue::Rpc("NOT_FOUND".to_owned()))
        || is_no_route(&got)
    {
        return Err(refuse(model, plan, runner, learnt, got, "get"));
    }
    let mut told = vec![("models.get", got)];
    if runner.endpoint.api != Api::OpenAi {
        let counted = runner.call(&Call::count(model)).await;
        if is_no_route(&counted) {
            return Err(refuse(model, plan, runner, learnt, counted, "countTokens"));
        }
        told.push(("countTokens", counted));
    }
    runner.journal.observe(about_row(model, runner.endpoint, learnt, &told));
    Ok(())
}

/// An end that says nothing of the question, because the caller, the quota or the network is at fault.
fn is_no_route(tried: &Tried) -> bool {
    tried.reply().is_none_or(|reply| matches!(reply.status, 401 | 402 | 403 | 407 | 429))
}

fn refuse(
    model: &str,
    plan: &KeyPlan,
    runner: &Runner<'_>,
    learnt: &Learnt,
    mut tried: Tried,
    question: &str,
) -> String {
    let facts = key::model_facts(model, &plan.table, &learnt.listed, &runner.clock.today());
    tried.know_all(name_clues(model, &facts, plan, learnt));
    let detail = format!("{question}: {}", tried.summary());
    key::record(runner, API_MODEL, failed_status(&tried), &detail, &tried);
    match tried.is_cut_short() {
        true => tried.summary().to_owned(),
        false => format!("{model} cannot be asked"),
    }
}

fn about_row(
    model: &str,
    endpoint: &Endpoint,
    learnt: &Learnt,
    told: &[(&str, Tried)],
) -> Observation {
    let word = |(name, tried): &(&str, Tried)| match tried.reply() {
        Some(reply) if tried.success().is_some() => format!("{name} 200{}", estimate(reply)),
        Some(reply) => format!("no {name} here ({})", reply.status),
        None => format!("{name} not asked"),
    };
    let mut words: Vec<String> = told.iter().map(word).collect();
    if endpoint.api == Api::OpenAi {
        words.push("countTokens has no counterpart in OpenAI's API".to_owned());
    }
    let picked = if learnt.model_was_picked { ", picked" } else { "" };
    let passed = || told.iter().filter(|(_, tried)| tried.success().is_some());
    let status = if passed().next().is_some() { Status::Pass } else { Status::Skip };
    let only = if status == Status::Skip { "; only an answer shows more" } else { "" };
    let detail = format!("{model}{picked}; {}{only}", words.join("; "));
    let evidence = passed().map(|(_, tried)| Evidence { clues: Vec::new(), ..tried.evidence() });
    evidence.fold(API_MODEL.row(status, detail), super::row::Row::with).done()
}

/// A gateway may count by itself, and some say so.
fn estimate(reply: &Reply) -> &'static str {
    match reply.value()["litellm_count_source"].as_str() {
        Some("local_estimate") => " (counted by the gateway itself, not by Google)",
        _ => "",
    }
}

/// Records whose host it is, once, where it is not the provider's.
pub(super) fn observe(runner: &Runner<'_>) {
    let endpoint = runner.endpoint;
    let noted = runner.noted().borrow();
    let is_told =
        || runner.journal.observations().iter().any(|row| row.check.id == NET_ENDPOINT.id);
    if endpoint.is_googles() || !noted.connected || is_told() {
        return;
    }
    let here = endpoint.host_kind() == HostKind::Loopback;
    let other = noted.other_model.as_ref();
    let other = other.map(|(asked, served)| format!("{asked} is answered by {served}"));
    let detail = sentence(endpoint, &noted, here, other.as_deref());
    let status = if here && other.is_none() { Status::Pass } else { Status::Warn };
    let mut row = NET_ENDPOINT.row(status, detail.clone());
    if !here {
        let clues = vec![Clue::Shown(Shown::ThirdParty), Clue::Host(HostKind::Other)];
        row = row.with(Evidence { attempt: None, text: detail, clues });
    }
    if let Some(text) = other {
        let clues = vec![Clue::Shown(Shown::Rerouted), Clue::Host(endpoint.host_kind())];
        row = row.with(Evidence { attempt: None, text, clues });
    }
    drop(noted);
    runner.journal.observe(row.done());
}

fn sentence(endpoint: &Endpoint, noted: &Noted, here: bool, other: Option<&str>) -> String {
    let mut words = vec![match here {
        true => format!(
            "{} is this machine: a simulator, or a gateway of your own",
            endpoint.authority()
        ),
        false => format!("{} is not a Google endpoint", endpoint.authority()),
    }];
    words.extend(noted.product.map(|product| format!("signed by {product}")));
    if !here {
        words.push(certificate(endpoint, noted));
    }
    words.extend(noted.list.clone());
    words.extend((noted.answers > 0).then(|| marks(noted, here).to_owned()));
    words.extend(other.map(str::to_owned));
    if !here {
        words.push("prompts and the key pass through it".to_owned());
    }
    words.join("; ")
}

fn certificate(endpoint: &Endpoint, noted: &Noted) -> String {
    match &noted.certificate {
        None if endpoint.secure => "no certificate was seen".to_owned(),
        None => "it has no certificate, since TLS is not spoken".to_owned(),
        Some((issuer, names)) => {
            let names = match names.as_slice() {
                [] => "nobody".to_owned(),
                [only] => only.clone(),
                [first, rest @ ..] => format!("{first} and {} more names", rest.len()),
            };
            format!("its certificate is by {issuer} for {names}")
        }
    }
}

fn marks(noted: &Noted, here: bool) -> &'static str {
    match (noted.marked, here) {
        (0, _) => "its answers bear no mark of Google's front end",
        (_, true) => "its answers bear the marks of Google's front end",
        (_, false) => {
            "its answers bear the marks of Google's front end, which anybody can pass on or copy"
        }
    }
}

/// The models of a page, in whichever form it came.
pub(super) fn page(reply: &Reply) -> ModelPage {
    let value = reply.value();
    let page =
        if openai::answer::is_spoken(value) { openai::answer::list(value) } else { value.clone() };
    serde_json::from_value(page).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn models(names: &[&str]) -> Vec<Model> {
        let model = |name: &&str| Model { name: format!("models/{name}"), ..Model::default() };
        names.iter().map(model).collect()
    }

    #[test]
    fn a_mixed_list_is_told_by_the_makers_in_it() {
        let mixed = models(&["gemini-3.5-flash", "openai/gpt-5.5", "claude-opus-4-7"]);
        assert_eq!(other_makers(&mixed), ["gpt", "claude"]);
        assert!(shape(&mixed, Form::OpenAi).contains("of other makers too (gpt, claude)"));
        assert_eq!(
            shape(&models(&["gemini-3.5-flash"]), Form::Native),
            "its list has 1 models in Google's form"
        );
    }

    #[test]
    fn a_host_is_told_by_its_certificate_whatever_it_copies() {
        let endpoint =
            Endpoint::parse("https://generativelanguage.googleapis.com.relay.example", "v1beta")
                .expect("a good URL");
        let noted = Noted {
            certificate: Some((
                "Example CA".to_owned(),
                vec!["*.relay.example".to_owned(), "x".to_owned()],
            )),
            answers: 2,
            marked: 2,
            ..Noted::default()
        };
        let told = sentence(&endpoint, &noted, false, None);
        for part in [
            "relay.example is not a Google endpoint",
            "by Example CA for *.relay.example and 1 more names",
            "which anybody can pass on or copy",
            "prompts and the key pass through it",
        ] {
            assert!(told.contains(part), "{told}");
        }
    }

    #[test]
    fn only_what_is_missing_at_somebody_elses_is_looked_for_elsewhere() {
        assert!(is_missing(404) && is_missing(405) && !is_missing(401) && !is_missing(500));
    }
}

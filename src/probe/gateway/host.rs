//! Whose host it is, where it is not the provider's: its certificate, its list, its marks, and the models that answer
//! there. Names and headers can be copied, and are told as such.

use crate::{
    certs::Chain,
    facts::{Clue, Endpoint, Status, check::Evidence, clue::Shown, endpoint::HostKind},
    gemini::{Call, Form, Reply, wire::Model},
    net::ConnectionFacts,
};

use super::super::{
    Runner,
    key::{self, is_rerouted},
    row::NET_ENDPOINT,
};

/// What answers and connections of a run show of whose host it is.
#[derive(Debug, Default)]
pub(in super::super) struct Noted {
    /// Who signed its certificate, and for whom.
    certificate: Option<(String, Vec<String>)>,
    connected: bool,
    product: Option<&'static str>,
    answers: usize,
    marked: usize,
    pub(super) list: Option<String>,
    /// The first answer of another model than the one that was asked for: asked, served.
    other_model: Option<(String, String)>,
}

impl Noted {
    pub(in super::super) fn connection(&mut self, facts: &ConnectionFacts) {
        self.connected |= facts.remote.is_some();
        let accepted = facts.tls.as_ref().map(|tls| &*tls.chain);
        let chain = accepted.or(facts.refused.as_ref().map(|refused| &refused.chain));
        let leaf = chain.and_then(Chain::leaf);
        if let Some(leaf) = leaf.filter(|_| self.certificate.is_none()) {
            self.certificate = Some((leaf.issuer.short(), leaf.hosts()));
        }
    }

    /// What shows that the host is not the provider's, whatever its name says.
    fn proofs(&self) -> impl Iterator<Item = Clue> {
        let is_others =
            |(_, names): &(String, Vec<String>)| !names.iter().any(|name| is_googles(name));
        let others = self.certificate.as_ref().is_some_and(is_others);
        let unmarked = self.answers > 0 && self.marked == 0;
        let clue = |name: &str, value: &str| Clue::Meta(name.to_owned(), value.to_owned());
        let certificate = others.then(|| clue("certificate_names", "others"));
        certificate.into_iter().chain(unmarked.then(|| clue("marks", "none")))
    }

    pub(in super::super) fn answer(&mut self, call: &Call, reply: &Reply) {
        self.answers += 1;
        self.marked += usize::from(reply.between.marked);
        // A name says more than "a server that …".
        let is_vague = self.product.is_none_or(|product| product.starts_with("a "));
        self.product = reply.between.product.filter(|_| is_vague).or(self.product);
        if !call.method.is_paid() || !reply.is_success() {
            return;
        }
        let pair = call.model.as_ref().zip(reply.model_version.as_ref());
        let other = pair.filter(|(asked, served)| is_rerouted(asked, served));
        if let Some((asked, served)) = other.filter(|_| self.other_model.is_none()) {
            self.other_model = Some((asked.clone(), served.clone()));
        }
    }
}

/// Whether a certificate is for a name of the provider's own.
fn is_googles(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["googleapis.com", "google.com"].iter().any(|domain| {
        name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// Records whose host it is, once, where it is not the provider's.
pub(in super::super) fn observe(runner: &Runner<'_>) {
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
        let mut clues = vec![Clue::Shown(Shown::ThirdParty), Clue::Host(HostKind::Other)];
        clues.extend(noted.proofs());
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
        words.push(format!("prompts and {} pass through it", endpoint.api.credential()));
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
                [first, second] => format!("{first} and {second}"),
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

/// `17 models in Google's form`, and of how many makers.
pub(super) fn shape(models: &[Model], form: Form) -> String {
    let whose = if form == Form::OpenAi { "OpenAI's" } else { "Google's" };
    let others = other_makers(models);
    let mixed = match others.as_slice() {
        [] => String::new(),
        some => format!(", of other makers too ({})", some.join(", ")),
    };
    let count =
        if models.len() == 1 { "1 model".to_owned() } else { format!("{} models", models.len()) };
    format!("its list has {count} in {whose} form{mixed}")
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
            "its list has 1 model in Google's form"
        );
    }

    #[test]
    fn certificate_and_answers_are_proofs_and_copied_marks_take_one_away() {
        let noted = |name: &str, marked| Noted {
            certificate: Some(("Example CA".to_owned(), vec![name.to_owned()])),
            answers: 2,
            marked,
            ..Noted::default()
        };
        let proofs = |noted: &Noted| noted.proofs().count();
        assert_eq!(proofs(&noted("*.relay.example", 0)), 2);
        assert_eq!(proofs(&noted("*.relay.example", 1)), 1);
        assert_eq!(proofs(&noted("*.googleapis.com", 1)), 0);
        assert_eq!(proofs(&noted("notgoogleapis.com", 1)), 1);
        assert_eq!(proofs(&Noted::default()), 0);
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
            "by Example CA for *.relay.example and x",
            "which anybody can pass on or copy",
            "prompts and the key pass through it",
        ] {
            assert!(told.contains(part), "{told}");
        }
    }
}

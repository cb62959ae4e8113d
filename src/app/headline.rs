//! The first line of a report: one word and one plain sentence that could stand alone in a chat, and
//! the command that leads on. Says no more than the checks that passed allow.

use crate::{
    alias::Verdict,
    commands::probe_alias::Sentences,
    diagnose::Finding,
    exit::Exit,
    facts::{Blame, Check, Layer, Severity, Status},
    report::{Report, verdict},
};

use super::{
    build::{Ending, PICKED},
    live::Live,
};

/// The word and the sentence of a finished run.
pub(super) fn headline(
    report: &Report,
    (status, exit): (Status, Exit),
    ending: &Ending,
) -> (String, String) {
    if ending.stopped.is_some() {
        return ("STOPPED".to_owned(), until_then(ending));
    }
    if let Some(own) = ending.headline.as_ref().filter(|own| own.decided) {
        return (own.word.to_owned(), own.sentence.clone());
    }
    let broken = report.findings.first().filter(|first| first.severity == Severity::Error);
    if let Some((verdict, sentences)) = &ending.alias {
        return of_alias(report, *verdict, sentences, broken, exit);
    }
    let alias =
        report.checks.iter().find(|check| check.id == "api.alias" && check.status == Status::Fail);
    match (broken, alias) {
        (Some(first), Some(alias)) if first.id == "alias-backend-missing" => {
            let word = ending.alias_word;
            let model = report.target.model.as_deref().unwrap_or("the model");
            (word.to_owned(), format!("{model}: {}.", alias.detail))
        }
        (Some(first), _) => {
            let about = ending.about.as_ref().map(|about| format!("{about}: "));
            let about = about.unwrap_or_default();
            // Where --fail-on has another finding decide, both are said.
            let by = ending.headline.as_ref().map(|_| decider(report, first, exit));
            let (subject, by) = (subject(report, first), by.unwrap_or_default());
            let way = no_way(report, first);
            ("FAIL".to_owned(), format!("{about}{}{subject}{way}.{by}", first.title))
        }
        (None, _) => match &ending.headline {
            Some(own) => (own.word.to_owned(), own.sentence.clone()),
            None => (verdict::word(status).to_owned(), news(report, status)),
        },
    }
}

/// What there was to say when somebody stopped the run.
fn until_then(ending: &Ending) -> String {
    let alias = ending.alias.as_ref().filter(|(_, sentences)| sentences.calls > 0);
    let alias = alias.map(|(_, sentences)| sentences.so_far.clone());
    let own =
        || ending.headline.as_ref().map(|own| format!("so far {}. {}", own.word, own.sentence));
    alias.or_else(own).unwrap_or_else(|| "this is what was seen until then.".to_owned())
}

/// An alias has a word of its own, unless something else broke the run.
fn of_alias(
    report: &Report,
    verdict: Verdict,
    sentences: &Sentences,
    broken: Option<&Finding>,
    exit: Exit,
) -> (String, String) {
    let decided = matches!(verdict, Verdict::Flaky | Verdict::Down | Verdict::WrongName);
    let whole = &sentences.whole;
    let sentence = match broken {
        Some(first) if !decided => {
            let share = share(first, sentences);
            let title = format!("{share}{}{}", first.title, subject(report, first));
            return ("FAIL".to_owned(), format!("{title}. {}", sentences.itself));
        }
        Some(first) if verdict != Verdict::WrongName => {
            format!("{whole}{}{}", blamed(first, sentences), decider(report, first, exit))
        }
        _ => whole.clone(),
    };
    (verdict.word().to_owned(), sentence)
}

/// `28 of 59 calls: `, where a title is true of some of the calls only.
fn share(first: &Finding, sentences: &Sentences) -> String {
    let of_calls = |attempt: &String| sentences.apart.contains(attempt);
    let is_of_calls = first.evidence.iter().filter_map(|it| it.attempt.as_ref()).any(of_calls);
    match sentences.apart.len() {
        apart if is_of_calls && apart < sentences.calls => {
            format!("{apart} of {} calls: ", sentences.calls)
        }
        _ => String::new(),
    }
}

/// Whose move it is and why, in the words of the finding, and where to go meanwhile.
fn blamed(first: &Finding, sentences: &Sentences) -> String {
    let side = match first.blame {
        Blame::Provider => "The provider's side",
        Blame::Caller => "Your side",
        Blame::Path => "The way there",
        Blame::Quota => "The quota",
        Blame::Unknown => "Nobody's side for certain",
    };
    let route = sentences.route.as_ref().map(|name| format!(" Meanwhile: {name}."));
    let (title, named) = (uncapitalised(&first.title), named(&sentences.builds));
    format!(" {side}: {title}{named}.{}", route.unwrap_or_default())
}

/// ` (they name A and 1 more)`: what a provider looks for first.
fn named(builds: &[String]) -> String {
    match builds {
        [] => String::new(),
        [only] => format!(" (they name {only})"),
        [first, rest @ ..] => format!(" (they name {first} and {} more)", rest.len()),
    }
}

/// What else stands in the way of a run that had no key to begin with: a key alone would not help.
fn no_way(report: &Report, first: &Finding) -> String {
    let of_way = [Layer::Dns, Layer::Tcp, Layer::Proxy, Layer::Tls];
    let breaks = |it: &&Finding| it.severity == Severity::Error && of_way.contains(&it.layer);
    let other = report.findings.iter().find(breaks).filter(|_| NO_KEY.contains(&first.id.as_str()));
    let words = |it: &Finding| {
        format!(", and there is no way to the API either: {}", uncapitalised(&it.title))
    };
    other.map(words).unwrap_or_default()
}

/// What the exit code is for, where it is not for the first finding.
fn decider(report: &Report, first: &Finding, exit: Exit) -> String {
    let decides = |it: &&Finding| {
        it.severity == Severity::Error
            && it.alternative_to.is_none()
            && verdict::exit_of(it.class) == exit
    };
    match report.findings.iter().find(decides) {
        Some(other) if other.class != first.class => {
            format!(" The exit code is for what came beside it: {}.", uncapitalised(&other.title))
        }
        _ => String::new(),
    }
}

/// What a sentence is about, so that it stands alone in a chat.
fn subject(report: &Report, first: &Finding) -> String {
    let model = report.target.model.as_deref();
    let project = report.credential.project.as_deref();
    match (first.layer, model, project) {
        (Layer::Model | Layer::Quota | Layer::Backend | Layer::Stream, Some(model), _) => {
            format!(" ({model})")
        }
        (Layer::Permission, _, Some(project)) => format!(" (project {project})"),
        _ => String::new(),
    }
}

/// The sentence of a run that broke nothing.
fn news(report: &Report, status: Status) -> String {
    let unclear = report.checks.iter().find(|check| check.status == Status::Inconclusive);
    match unclear {
        Some(check) => format!("It cannot be told: {}: {}.", check.title, check.detail),
        None => match report.findings.as_slice() {
            _ if status != Status::Warn => capitalised(&good_news(report)),
            [only] => {
                let warning = format!("{}{}", only.title, subject(report, only));
                format!("{} With a warning: {warning}.", capitalised(&good_news(report)))
            }
            [first, rest @ ..] => {
                let warning = format!("{}{}", first.title, subject(report, first));
                let news = capitalised(&good_news(report));
                format!("{news} With warnings: {warning}, and {} more.", rest.len())
            }
            [] => capitalised(&good_news(report)),
        },
    }
}

/// What a passed check allows to say, the one that says most first.
const NEWS: &[(&str, &str)] = &[
    ("api.dead", "the key is refused as a key, as it should be."),
    (
        "key.successor",
        "the new key works where it was tried; revoke the old one when nobody uses it any more.",
    ),
    ("api.alias", WORKS),
    ("api.generate", WORKS),
    ("stream.whole", WORKS),
    (
        "structured.answers",
        "your key and model work from here, and answers follow the schema, at the latest when asked once more.",
    ),
    ("models.pages", "the list of models is complete, and what was asked of it holds."),
    ("api.model", "your key is accepted, and the model takes requests; no answer was asked for."),
    ("api.list", "your key is accepted; no model was asked about."),
    ("net.answer", "the way to the API works, and it answers; nothing more was asked of it."),
    ("net.tls", "a trusted connection can be made; nothing was asked over it."),
];

/// The same at a host that is not Google's.
const ELSEWHERE: &[(&str, &str)] = &[
    ("api.dead", NOT_SHOWN),
    ("key.successor", NOT_SHOWN),
    ("api.alias", ANSWERS),
    ("api.generate", ANSWERS),
    ("bench.call", NOT_SHOWN),
    ("api.model", "the host takes requests for the model; whether the key is good is not shown."),
    ("api.list", NOT_SHOWN),
    ("api.route", NOT_SHOWN),
];

const ANSWERS: &str = "the way through this host works: an answer came. The host is not Google's, so whether Google \
    knows the key is not shown.";

const NOT_SHOWN: &str = "nothing that was asked failed. The host is not Google's, so whether Google knows the key is not shown.";

const WORKS: &str = "your key and model work from here; a call that still fails differs in its \
    request, its SDK or its machine.";

const PICKED_WORKS: &str =
    "your key works, and so does the model that was picked; for another one add --model NAME.";

fn good_news(report: &Report) -> String {
    let news = good_news_of_a_key(report);
    match report.target.api.as_str() {
        "vertex" => news.replace("your key", "your login"),
        _ => news.to_owned(),
    }
}

fn good_news_of_a_key(report: &Report) -> &'static str {
    let passed = |id: &str| has_passed(report, id);
    let picked = report.target.model_source.as_deref() == Some(PICKED);
    // At somebody else's host nothing that passes shows that a key is good.
    let elsewhere = report.checks.iter().any(|check| check.id == "net.endpoint");
    let known = ELSEWHERE.iter().find(|(id, _)| elsewhere && passed(id));
    if let Some((_, news)) = known {
        return news;
    }
    match NEWS.iter().find(|(id, _)| passed(id)) {
        Some((_, news)) if *news == WORKS && picked => PICKED_WORKS,
        Some((_, news)) => news,
        None => "nothing that was asked failed.",
    }
}

fn has_passed(report: &Report, id: &str) -> bool {
    let good = |status| matches!(status, Status::Pass | Status::Warn);
    report.checks.iter().any(|check| check.id == id && good(check.status))
}

fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Words that lose their capital inside a sentence; another first word may be a name.
const SMALL_INSIDE: &[&str] =
    &["A ", "An ", "The ", "Every ", "No ", "Nobody ", "Some ", "Another "];

fn uncapitalised(sentence: &str) -> String {
    match SMALL_INSIDE.iter().find(|word| sentence.starts_with(**word)) {
        Some(word) => sentence.replacen(word, &word.to_lowercase(), 1),
        None => sentence.to_owned(),
    }
}

/// The findings of a run that had no key to begin with.
const NO_KEY: &[&str] = &["key-not-set", "key-variable-empty"];

/// What shows more of a level that is not met, where nothing that was found explains it: where the time goes, or how
/// often the name fails.
fn unmet(report: &Report, model: &str) -> String {
    let failed = report.checks.iter().find(|check| check.status == Status::Fail);
    let is_of_time = |check: &Check| check.id.ends_with("_ms");
    match failed.is_some_and(is_of_time) {
        true => format!("gemini-doctor bench-transport --model {model}"),
        false => format!("gemini-doctor probe-alias {model}"),
    }
}

/// The command that leads on.
pub(super) fn next(report: &Report, live: &Live<'_>, status: Status) -> String {
    let first = report.findings.first().map(|first| first.id.as_str()).unwrap_or_default();
    let model = report.target.model.as_deref();
    let again = match live {
        Live::BenchTransport(args) => args.again(),
        Live::TlsCheck(args) => args.again(),
        Live::Compare(args) => args.again(),
        Live::CountTokens(sending) => sending.args.delivery.again(),
        Live::Gate(gating) => gating.args.again(),
        Live::Bisect(searching) => searching.again(&report.data),
        _ => format!("gemini-doctor {}", live.name()),
    };
    match (status, live, model) {
        (Status::Fail, ..) if first == "login-without-key" => {
            "gemini-doctor doctor --api vertex".to_owned()
        }
        (Status::Fail, ..) if NO_KEY.contains(&first) => {
            "gemini-doctor doctor --simulate alias-404".to_owned()
        }
        (Status::Fail, Live::CheckKey(_), Some(model)) if first == "alias-backend-missing" => {
            format!("gemini-doctor doctor --model {model}")
        }
        (Status::Fail, Live::Gate(_), Some(model)) if first.is_empty() => unmet(report, model),
        (Status::Fail, ..) if report.run.simulated.is_some() && !first.is_empty() => {
            format!("gemini-doctor fixes {first}")
        }
        (Status::Fail | Status::Inconclusive, ..) => match live.named() {
            Some(name) => format!("{again} {name}"),
            None => again,
        },
        (_, Live::ProbeAlias(_), Some(model)) => format!("gemini-doctor check-key --model {model}"),
        (_, Live::Doctor(_), _) if has_passed(report, "api.list") => {
            "gemini-doctor list-models --verify".to_owned()
        }
        (_, Live::Doctor(_), _) => "gemini-doctor doctor".to_owned(),
        (_, Live::BenchTransport(_) | Live::Compare(_), _) => "gemini-doctor doctor".to_owned(),
        (Status::Warn, Live::Gate(_), Some(model)) => format!("gemini-doctor probe-alias {model}"),
        (_, Live::Gate(gating), _) if gating.gate.is_smoke => {
            "gemini-doctor gate --init".to_owned()
        }
        (_, Live::Gate(_) | Live::Bisect(_), _) => "gemini-doctor doctor".to_owned(),
        (_, Live::TlsCheck(_) | Live::CountTokens(_), _) => "gemini-doctor check-key".to_owned(),
        (_, Live::CheckKey(_) | Live::ListModels(_) | Live::ProbeAlias(_), _) => {
            "gemini-doctor doctor".to_owned()
        }
    }
}

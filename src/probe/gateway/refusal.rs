//! What an answer tells of who gave it, and who refused, where somebody may stand between.

use crate::{
    facts::{Clue, Endpoint, check::Evidence, clue::Shown},
    gemini::{Form, Reply, between::Refused},
};

use super::super::Tried;

/// What an answer tells of who refused, where somebody may stand between.
pub(in super::super) fn told(endpoint: &Endpoint, reply: &Reply) -> Vec<Clue> {
    let Some(refused) = reply.between.refused.filter(|_| !endpoint.is_googles()) else {
        return Vec::new();
    };
    let who = who(endpoint, reply.between.product);
    let words = words(refused, reply.status, &who, reply.between.marked);
    let googles = matches!(refused, Refused::PassedOn | Refused::Quoted | Refused::Stripped);
    let whose = if googles && is_about_the_key(reply) {
        "; the key that it refused may be the gateway's own"
    } else {
        ""
    };
    let meta = |name: &str, value: String| Clue::Meta(name.to_owned(), value);
    vec![meta("hop", refused.word().to_owned()), meta("refused_by", format!("{words}{whose}"))]
}

fn words(refused: Refused, status: u16, who: &str, marked: bool) -> String {
    let marks = if marked { "" } else { ", which bears no mark of Google's front end" };
    let behind = format!("refused by Google behind {who}");
    match refused {
        Refused::Itself if status >= 500 => {
            format!("failed at {who} itself: nothing of Google's is in the answer")
        }
        Refused::Itself => {
            format!("refused by {who} itself: nothing of Google's is in the answer")
        }
        Refused::PassedOn => format!("{behind}, by the form of the answer{marks}"),
        Refused::Quoted => format!("{behind}: Google's own words stand in the gateway's"),
        Refused::Stripped => {
            format!("{behind}, by its words; the details are gone, or the status is another")
        }
        Refused::Unsaid => {
            format!("refused by whoever is behind {who}, which does not say why")
        }
        Refused::Unreached => {
            format!("not answered by Google: {who} did not reach whoever is behind it")
        }
        Refused::Unanswered => {
            format!("not answered by Google: {who} got no answer from whoever is behind it")
        }
    }
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
pub(in super::super) fn answered(endpoint: &Endpoint, reply: &Reply) -> String {
    let whose = if reply.form == Form::OpenAi { "OpenAI's" } else { "Google's" };
    let who = match reply.between.product {
        Some(product) => format!("{product} at {}", endpoint.authority()),
        None => endpoint.authority(),
    };
    format!("{who}, in the form of {whose} API")
}

/// What is taken out of an error, as evidence of its own beside what the error says.
pub(in super::super) fn stripped(tried: &Tried) -> Option<Evidence> {
    let refused = tried.reply()?.between.refused?;
    let is_told =
        tried.clues().iter().any(|clue| matches!(clue, Clue::Meta(name, _) if name == "hop"));
    (is_told && refused == Refused::Stripped).then(|| Evidence {
        attempt: tried.attempt.clone(),
        text: "Google's error came without its details, or with another status".to_owned(),
        clues: vec![Clue::Shown(Shown::DetailsHidden)],
    })
}

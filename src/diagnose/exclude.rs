//! What the run shows *not* to be the cause: every layer before the broken one that something speaks for, with
//! the attempts that show it.

use crate::facts::{
    Clue, Layer, Party,
    check::{Evidence, Observation},
    clue::{self, Shown},
    endpoint::HostKind,
};

use super::{
    finding::RuledOut,
    judge,
    trail::{self, Sound},
};

/// The layers that a call passes before anybody answers it.
const WAY: [Layer; 4] = [Layer::Dns, Layer::Tcp, Layer::Proxy, Layer::Tls];

/// Everything that is excluded beside a cause in a layer.
pub(super) fn ruled_out(
    layer: Layer,
    own: &[&Evidence],
    observations: &[Observation],
) -> Vec<RuledOut> {
    let mut excluded = match of_whom(own, observations) {
        Subject::Machine => Vec::new(),
        Subject::Connection => trail::of_the_connection(observations),
        // Another answer says nothing about the way that this one took.
        Subject::SomebodysAnswer(attempt) => carried(attempt, observations),
        Subject::Answer => answered(own, observations),
    };
    excluded.extend(trail::of_the_machine(observations));
    excluded.retain(|sound| sound.layer < layer || is_free_of(layer, sound.layer));
    excluded.sort_by_key(|sound| sound.layer);
    excluded.dedup_by_key(|sound| sound.layer);
    excluded.extend(of_the_gateway(own));
    excluded.into_iter().map(told).collect()
}

/// What a gateway's part in a refusal excludes: it, where it passed on what Google said; what Google would look at,
/// where the gateway wants a credential of its own.
fn of_the_gateway(own: &[&Evidence]) -> Vec<Sound> {
    let hop = |one: &Evidence| clue::meta(&one.clues, "hop").map(str::to_owned);
    let found = own.iter().find_map(|one| Some((one, hop(one)?)));
    let Some((refusal, hop)) = found else { return Vec::new() };
    let guards = refusal.clues.iter().any(|clue| matches!(clue, Clue::Status(401 | 403 | 407)));
    let (layers, because): (&[Layer], &str) = match hop.as_str() {
        "quoted" | "passed-on" => (&[Layer::Gateway], "it passed on what Google behind it said"),
        "itself" if guards => (
            &[Layer::Permission, Layer::Region, Layer::Backend],
            "the gateway refused before Google was asked",
        ),
        _ => return Vec::new(),
    };
    let sound = |layer: &Layer| Sound {
        layer: *layer,
        because: because.to_owned(),
        attempts: refusal.attempt.iter().cloned().collect(),
    };
    layers.iter().map(sound).collect()
}

fn told(sound: Sound) -> RuledOut {
    RuledOut { id: sound.layer.word().to_owned(), because: sound.because, attempts: sound.attempts }
}

/// A layer behind the broken one is excluded as well where calls passed it: a name that works at times.
fn is_free_of(broken: Layer, other: Layer) -> bool {
    broken > Layer::Auth && matches!(other, Layer::Permission | Layer::Model) && broken != other
}

/// What a cause was seen in.
enum Subject<'a> {
    /// Nothing that was sent.
    Machine,
    /// The first connection itself.
    Connection,
    /// An answer over HTTP of somebody who is not the API, at this attempt.
    SomebodysAnswer(Option<&'a String>),
    /// Answers of the API.
    Answer,
}

fn of_whom<'a>(own: &[&'a Evidence], observations: &[Observation]) -> Subject<'a> {
    let by_api = Clue::By(Party::Api);
    if own.iter().any(|one| one.clues.contains(&by_api)) {
        return Subject::Answer;
    }
    let is_answer = |clue: &Clue| matches!(clue, Clue::By(_));
    let somebody = own.iter().find(|one| one.clues.iter().any(is_answer));
    match somebody.filter(|one| one.attempt.is_some()) {
        Some(one) => Subject::SomebodysAnswer(one.attempt.as_ref()),
        None if is_of_the_first_connection(own, observations) => Subject::Connection,
        // A text names no attempt, and its other parts may speak of the same call.
        None if own.iter().all(|one| one.attempt.is_none()) => Subject::Answer,
        None => Subject::Machine,
    }
}

fn is_of_the_first_connection(own: &[&Evidence], observations: &[Observation]) -> bool {
    let way = observations.iter().filter(|row| row.check.id.starts_with("net."));
    way.flat_map(|row| &row.evidence).any(|one| own.iter().any(|other| std::ptr::eq(*other, one)))
}

/// Whoever answered over HTTP was reached, over a connection that was trusted.
fn carried(attempt: Option<&String>, observations: &[Observation]) -> Vec<Sound> {
    let resigned = is_resigned(observations);
    let open = |layer: &Layer| !resigned || matches!(layer, Layer::Dns | Layer::Tcp);
    let sound = |layer| Sound {
        layer,
        because: "something answered over HTTP".to_owned(),
        attempts: attempt.into_iter().cloned().collect(),
    };
    WAY.into_iter().filter(open).map(sound).collect()
}

fn is_resigned(observations: &[Observation]) -> bool {
    let resigned = Clue::Shown(Shown::PrivateTrust);
    observations.iter().flat_map(|row| &row.evidence).any(|one| one.clues.contains(&resigned))
}

/// What the API's own answers show.
fn answered(own: &[&Evidence], observations: &[Observation]) -> Vec<Sound> {
    let mut excluded = way(observations);
    // What the old key did says nothing about the new one.
    let is_successor =
        |evidence: &&Evidence| evidence.clues.contains(&Clue::Shown(Shown::SuccessorFails));
    let of_the_key = [Layer::Edge, Layer::Gateway];
    let later = trail::sound(observations).into_iter().filter(|sound| !WAY.contains(&sound.layer));
    let successor = own.iter().any(is_successor);
    if !successor {
        excluded.extend(own.iter().find_map(|one| known_caller(one)));
    }
    excluded.extend(later.filter(|sound| !successor || of_the_key.contains(&sound.layer)));
    excluded
}

/// An answer that names the caller's project has accepted the key.
fn known_caller(evidence: &Evidence) -> Option<Sound> {
    let project = judge::project(&evidence.clues)?;
    let is_login =
        evidence.clues.iter().any(|clue| matches!(clue, Clue::Key(kind) if kind.is_login()));
    let because = match is_login {
        true => format!("the answer looks at the project {project}, which comes after the login"),
        false => format!("the answer names the project of this key, {project}"),
    };
    Some(Sound {
        layer: Layer::Auth,
        because,
        attempts: evidence.attempt.iter().cloned().collect(),
    })
}

/// Whoever got an answer of the API has a name server, a connection and trust.
fn way(observations: &[Observation]) -> Vec<Sound> {
    let by_api = Clue::By(Party::Api);
    let mut answers = observations.iter().flat_map(|observation| &observation.evidence);
    let Some(answer) = answers.find(|evidence| evidence.clues.contains(&by_api)) else {
        return Vec::new();
    };
    let named = [HostKind::Other, HostKind::Loopback]
        .iter()
        .any(|kind| answer.clues.contains(&Clue::Host(*kind)));
    let who = if named { "the host that was named" } else { "Google itself" };
    let sound = |layer| Sound {
        layer,
        because: format!("{who} answered"),
        attempts: answer.attempt.iter().cloned().collect(),
    };
    // Where somebody in between re-signs TLS, the answer has passed through his hands.
    let resigned = is_resigned(observations);
    let open = |layer: &Layer| !resigned || matches!(layer, Layer::Dns | Layer::Tcp);
    WAY.into_iter().filter(open).map(sound).collect()
}

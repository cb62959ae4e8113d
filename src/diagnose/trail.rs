//! Which layers a run shows to be sound, and by which attempts. What was not asked is not shown.

use crate::facts::{
    Clue, Layer, Party, Status,
    check::{Evidence, Observation},
    clue::Shown,
    endpoint::HostKind,
};

/// A layer that a run shows to be sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Sound {
    /// The layer.
    pub layer: Layer,
    /// What shows it.
    pub because: String,
    /// The attempts that show it.
    pub attempts: Vec<String>,
}

/// The layers that a whole run shows to be sound, in their order.
pub fn sound(observations: &[Observation]) -> Vec<Sound> {
    let run = Run { observations };
    Layer::ALL.into_iter().filter_map(|layer| run.shows(layer)).collect()
}

/// The layers of one connection that its own rows show to be sound.
pub(super) fn of_the_connection(observations: &[Observation]) -> Vec<Sound> {
    const WAY: [Layer; 4] = [Layer::Dns, Layer::Tcp, Layer::Proxy, Layer::Tls];
    let run = Run { observations };
    WAY.into_iter().filter_map(|layer| run.shows(layer)).collect()
}

/// What shows that this machine's own part is in order.
pub(super) fn of_the_machine(observations: &[Observation]) -> Option<Sound> {
    Run { observations }.shows(Layer::Local)
}

struct Run<'a> {
    observations: &'a [Observation],
}

impl Run<'_> {
    fn shows(&self, layer: Layer) -> Option<Sound> {
        let (because, attempts) = match layer {
            Layer::Local => (self.machine()?, Vec::new()),
            Layer::Dns => self.row("net.dns", "the name leads to")?,
            Layer::Tcp => self.row("net.tcp", "connected to")?,
            Layer::Proxy => self.proxy()?,
            Layer::Tls => self.encrypted()?,
            Layer::Edge | Layer::Gateway => self.answered()?,
            Layer::Auth => self.listed()?,
            Layer::Model => self.used().or_else(|| self.named())?,
            Layer::Permission | Layer::Region | Layer::Quota | Layer::Request => self.used()?,
            Layer::Backend => self.every_call_answered()?,
            Layer::Stream => self.streamed()?,
        };
        Some(Sound { layer, because, attempts })
    }

    fn find(&self, id: &str) -> Option<&Observation> {
        self.observations.iter().find(|row| row.check.id == id)
    }

    fn passed(&self, id: &str) -> Option<&Observation> {
        self.find(id).filter(|row| row.check.status == Status::Pass)
    }

    /// Every row of this machine passed, the key's own among them.
    fn machine(&self) -> Option<String> {
        let own = |row: &&Observation| {
            row.check.layer == Layer::Local && row.check.status != Status::Skip
        };
        let mut rows = self.observations.iter().filter(own).peekable();
        let is_key = |row: &Observation| row.check.id == "key.source";
        let is_login = |row: &Observation| row.check.id == "adc.source";
        rows.peek()?;
        let all: Vec<&Observation> = rows.collect();
        let is_sound = all.iter().all(|row| row.check.status == Status::Pass);
        let said = match all.iter().any(|row| is_key(row)) {
            true => "nothing odd about the key's place and shape",
            false if all.iter().any(|row| is_login(row)) => "nothing odd about the login's file",
            false => "nothing odd on this machine",
        };
        is_sound.then(|| said.to_owned())
    }

    /// What stood for the caller.
    fn credential(&self) -> &'static str {
        if self.find("adc.token").is_some() { "login" } else { "key" }
    }

    fn row(&self, id: &str, words: &str) -> Option<(String, Vec<String>)> {
        let row = self.passed(id)?;
        Some((format!("{words} {}", row.check.detail), row.check.attempts.clone()))
    }

    /// No proxy, or one that let the connection through.
    fn proxy(&self) -> Option<(String, Vec<String>)> {
        match self.find("net.proxy") {
            _ if self.is_resigned() => None,
            Some(row) if row.check.status == Status::Pass => {
                Some((format!("it goes {}", row.check.detail), Vec::new()))
            }
            Some(_) => None,
            None => self.passed("net.tcp").map(|_| ("there is none".to_owned(), Vec::new())),
        }
    }

    fn encrypted(&self) -> Option<(String, Vec<String>)> {
        let row = self.passed("net.tls").filter(|_| !self.is_resigned())?;
        let detail = &row.check.detail;
        let said = detail.split_once(", issuer").map_or(detail.as_str(), |(said, _)| said);
        Some((format!("trusted: {said}"), Vec::new()))
    }

    /// Where somebody in between signs anew, what comes has passed through his hands.
    fn is_resigned(&self) -> bool {
        let resigned = Clue::Shown(Shown::PrivateTrust);
        self.observations
            .iter()
            .flat_map(|row| &row.evidence)
            .any(|one| one.clues.contains(&resigned))
    }

    /// Google's own host answered as the API does; of another host nobody knows what stands behind it.
    fn answered(&self) -> Option<(String, Vec<String>)> {
        let row = self.passed("net.answer").filter(|_| !self.is_resigned())?;
        if is_elsewhere(row) {
            return None;
        }
        Some(("Google's API itself answered".to_owned(), row.check.attempts.clone()))
    }

    fn listed(&self) -> Option<(String, Vec<String>)> {
        let row = self.passed("api.list").or_else(|| self.passed("models.pages"))?;
        // A gateway lists models for anybody.
        if is_elsewhere(row) {
            return None;
        }
        let said = format!("models.list passed with this {}", self.credential());
        Some((said, row.check.attempts.clone()))
    }

    fn named(&self) -> Option<(String, Vec<String>)> {
        let row = self.find("api.model")?;
        let passed = matches!(row.check.status, Status::Pass | Status::Warn);
        let by_api = row.evidence.iter().any(|one| one.clues.contains(&Clue::By(Party::Api)));
        let said = match by_api {
            // The cloud platform is asked one question about a name, and tells more by it.
            true if self.find("cloud.auth").is_some() => "countTokens passed for this name",
            true => "get and countTokens passed for this name",
            false => "the host knows this name",
        };
        passed.then(|| (said.to_owned(), row.check.attempts.clone()))
    }

    /// Calls that were answered with the key and the name: each shows that nothing refuses them as such.
    fn used(&self) -> Option<(String, Vec<String>)> {
        let answered = self.answers();
        let said = match answered.len() {
            0 => return None,
            1 => format!("a call with this {} and name was answered", self.credential()),
            several => {
                format!("{several} calls with the same {} and name passed", self.credential())
            }
        };
        Some((said, answered))
    }

    fn every_call_answered(&self) -> Option<(String, Vec<String>)> {
        self.passed("api.alias").or_else(|| self.passed("api.generate"))?;
        self.used()
    }

    fn streamed(&self) -> Option<(String, Vec<String>)> {
        let whole = self.passed("stream.end").and_then(|_| self.passed("stream.whole"));
        let row = whole.or_else(|| self.passed("api.stream"))?;
        Some(("a stream came whole, with its end".to_owned(), row.check.attempts.clone()))
    }

    /// The attempts that were answered, of the rows that ask for answers.
    fn answers(&self) -> Vec<String> {
        let mut answered = Vec::new();
        for id in ["api.alias", "api.generate", "structured.answers"] {
            let Some(row) = self.find(id) else { continue };
            let telling = |one: &&Evidence| one.clues.is_empty() || is_answer(one);
            let is_good = row.check.status == Status::Pass;
            let calls = row.evidence.iter().filter(|one| is_good || telling(one));
            answered.extend(calls.filter_map(|one| one.attempt.clone()));
        }
        answered
    }
}

/// Whether a row is about a host that is not the provider's.
fn is_elsewhere(row: &Observation) -> bool {
    let elsewhere = |clue: &Clue| matches!(clue, Clue::Host(HostKind::Other | HostKind::Loopback));
    row.evidence.iter().flat_map(|one| &one.clues).any(elsewhere)
}

/// An answer that only was of another shape than was asked for.
fn is_answer(evidence: &Evidence) -> bool {
    let shapes = [Shown::SchemaBroken, Shown::FencedJson, Shown::NotStructured];
    let is_shape = |clue: &Clue| matches!(clue, Clue::Shown(shown) if shapes.contains(shown));
    evidence.clues.contains(&Clue::By(Party::Api)) && evidence.clues.iter().any(is_shape)
}

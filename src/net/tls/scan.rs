//! What a server supports beyond what was agreed with it: hand-made ClientHellos over many connections
//! side by side.
//!
//! It costs no cryptography here and little there, opens no more connections than [`CONNECTIONS`], and
//! never finishes a handshake, so that no credential can follow. What a probe could not tell is said to
//! be not told, and never taken for a no.

mod plan;
mod support;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;

pub use plan::{CONNECTIONS, GROUPS, OTHER_NAME, Plan, Question};
pub use support::{Leaf, Offer, Passage, Picked, Support, Told, Why};

use super::super::deadline::{Deadline, ms_since};
use super::super::dial::Families;
use super::super::dns::{Answer as Resolved, Override};
use super::super::{How, Stream, Target, classify, connect};
use super::hello::{Answer, FILLING, Filling, Reader};
use crate::facts::{Failure, Fault, Stage};

/// How long more is waited for of what is not TLS.
const FOREIGN: Duration = Duration::from_millis(50);
/// The pause between two halves of a hello, so that they travel apart.
const PAUSE: Duration = Duration::from_millis(5);

/// One hello and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// What was asked.
    pub question: Question,
    /// Milliseconds until there was a connection, proxy included; `None` where there was none.
    pub connect_ms: Option<f64>,
    /// Milliseconds from the hello to what the answer is.
    pub ms: f64,
    /// The answer, as far as there is one.
    pub answer: Answer,
    /// Why there is no more of it.
    pub failure: Option<Failure>,
}

/// Asks what the plan asks, over connections as they are made elsewhere: through the same proxy, to the
/// same address where one is pinned. Takes the plan's time at most, and twice two round trips otherwise.
pub async fn scan(target: &Target, how: &How, plan: &Plan) -> Support {
    let deadline = Deadline::after(plan.timeout);
    let look =
        Arc::new(Look { target: plain(target), how: known(target, how), plan: plan.clone() });
    let mut probes = look.ask(plan.first(), deadline.or_after(plan.timeout / 2)).await;
    let rest = plan.rest(&probes);
    probes.extend(look.ask(rest, deadline).await);
    Support::of(plan, probes)
}

/// What all connections of a scan share.
struct Look {
    target: Target,
    how: How,
    plan: Plan,
}

impl Look {
    /// Asks all at once; the answers stand in the order of the questions.
    async fn ask(self: &Arc<Self>, questions: Vec<Question>, deadline: Deadline) -> Vec<Probe> {
        let mut asking = JoinSet::new();
        for (place, question) in questions.into_iter().enumerate() {
            let look = Arc::clone(self);
            asking.spawn(async move { (place, look.probe(question, deadline).await) });
        }
        let mut answered = asking.join_all().await;
        answered.sort_by_key(|(place, _)| *place);
        answered.into_iter().map(|(_, probe)| probe).collect()
    }

    async fn probe(&self, question: Question, deadline: Deadline) -> Probe {
        let start = Instant::now();
        let how = How { connect_timeout: deadline.left(), ..self.how.clone() };
        let stream = connect(&self.target, &how).await.outcome;
        let connect_ms = stream.is_ok().then(|| ms_since(start));
        let start = Instant::now();
        let mut reader = Reader::default();
        let ended = match stream {
            Ok(stream) => self.exchange(question, stream, &mut reader, deadline).await,
            Err(failure) => Err(failure),
        };
        let ms = ms_since(start);
        Probe { question, connect_ms, ms, answer: reader.end(), failure: ended.err() }
    }

    async fn exchange(
        &self,
        question: Question,
        mut stream: Stream,
        reader: &mut Reader,
        deadline: Deadline,
    ) -> Result<(), Failure> {
        let hello = self.plan.hello(question, &filling());
        let unfinished = format!("{}: no answer to the ClientHello", self.target.address());
        let talk = async {
            say(&mut stream, &hello, question == Question::Split).await?;
            listen(&mut stream, reader, question).await
        };
        match deadline.bound(Stage::Tls, &unfinished, talk).await? {
            Ok(()) if is_answered(reader, question) || reader.is_foreign() => Ok(()),
            Ok(()) => Err(self.closed()),
            Err(error) => {
                let failure = classify::failure(&error, Stage::Tls);
                Err(classify::naming(&self.target.address(), &failure))
            }
        }
    }

    fn closed(&self) -> Failure {
        let who = self.target.address();
        let detail = format!("{who}: closed the connection in answer to the ClientHello");
        Failure::new(Stage::Tls, Fault::Closed, detail)
    }
}

/// TLS is made by hand here.
fn plain(target: &Target) -> Target {
    Target { secure: false, ..target.clone() }
}

/// The address that is pinned is known, so that the resolver is not asked again for each connection.
fn known(target: &Target, how: &How) -> How {
    let mut how = How { families: Families::Fastest, ..how.clone() };
    if let Some(address) = how.pin {
        let host = how.proxy.url().map_or(&target.host, |proxy| &proxy.host).clone();
        let answer = Resolved::Addresses(vec![address]);
        how.resolver.overrides.insert(0, Override { host, port: None, answer });
    }
    how
}

/// From the generator for seeds: no secret depends on it, because nobody finishes these handshakes.
fn filling() -> Filling {
    let mut filling = [0; FILLING];
    fastrand::fill(&mut filling);
    filling
}

async fn say(stream: &mut Stream, hello: &[u8], apart: bool) -> std::io::Result<()> {
    let (first, second) = hello.split_at(if apart { hello.len() / 2 } else { 0 });
    if apart {
        stream.write_all(first).await?;
        stream.flush().await?;
        tokio::time::sleep(PAUSE).await;
    }
    stream.write_all(second).await?;
    stream.flush().await
}

/// Reads until there is an answer, or the end.
async fn listen(
    stream: &mut Stream,
    reader: &mut Reader,
    question: Question,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 4096];
    while !is_answered(reader, question) {
        if reader.is_foreign() {
            hear_out(stream, reader, &mut buffer).await;
            return Ok(());
        }
        match stream.read(&mut buffer).await? {
            0 => return Ok(()),
            count => reader.take(&buffer[..count]),
        }
    }
    Ok(())
}

/// What is not TLS may come in pieces, and whoever speaks it may wait for more of us.
async fn hear_out(stream: &mut Stream, reader: &mut Reader, buffer: &mut [u8]) {
    let hearing = async {
        while !reader.is_done()
            && let Ok(count @ 1..) = stream.read(buffer).await
        {
            reader.take(&buffer[..count]);
        }
    };
    let _ = tokio::time::timeout(FOREIGN, hearing).await;
}

/// Of a group it is enough to know that it was taken.
fn is_answered(reader: &Reader, question: Question) -> bool {
    let so_far = reader.so_far();
    let is_taken = match question {
        Question::Groups(_) => so_far.hello.is_some(),
        Question::BeforeCurves(_) => so_far.key_exchange.is_some(),
        _ => false,
    };
    reader.is_done() || is_taken
}

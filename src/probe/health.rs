//! An end point of the caller's own that tells whether it is well: one GET without any key, and one more where the
//! first was slow, to see whether something had to be started for it. No redirect is followed.

use std::time::Duration;

use http::{HeaderValue, Method, header};

use crate::{
    facts::{
        Attempt, Clue, Endpoint, Failure, Phases, Status,
        check::{Evidence, Observation},
        clue::Shown,
    },
    net::proxy::ProxyChoice,
    transport::{Exchange, Request},
};

use super::{
    Runner,
    row::HEALTH_URL,
    runner::{self, Fetch},
};

/// An end point of the caller's own, and the way there.
#[derive(Clone, Debug)]
pub struct HealthPlan {
    /// Where it is.
    pub url: Endpoint,
    /// What leads there, which need not be what leads to the API.
    pub proxy: ProxyChoice,
}

impl HealthPlan {
    /// Without a proxy.
    pub fn straight(url: Endpoint) -> Self {
        Self { url, proxy: ProxyChoice::None }
    }
}

/// A first answer that took longer is worth a second question.
const SLOW: Duration = Duration::from_millis(500);
/// How many times as long as the second the first took, where something had to be started.
const COLD: f64 = 3.0;

/// One GET and what came of it.
struct Asked {
    attempt: String,
    status: Option<u16>,
    /// From the connected line to the end of the answer: names and handshakes are left out.
    ms: f64,
    /// What is known of a call without an answer.
    failure: Vec<Clue>,
    said: String,
}

impl Asked {
    fn is_well(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// What it shows, where it is not well: an answer tells of the end point, none of the way there.
    fn evidence(&self, place: &str) -> Option<Evidence> {
        if self.is_well() {
            return None;
        }
        let clues = match self.status {
            Some(status) => vec![Clue::Shown(Shown::Unhealthy), Clue::Status(status)],
            None => self.failure.clone(),
        };
        let text = format!("{place}: {}", self.said);
        Some(Evidence { attempt: Some(self.attempt.clone()), text, clues })
    }
}

/// Asks and records the row.
pub(super) async fn look(plan: &HealthPlan, runner: &Runner<'_>) {
    if let Err(because) = runner.may_send(1) {
        return runner.journal.observe(HEALTH_URL.skipped(&because));
    }
    let first = get(plan, runner).await;
    let slow = first.status.is_some() && first.ms >= SLOW.as_secs_f64() * 1000.0;
    let second = match slow && runner.may_send(1).is_ok() {
        true => Some(get(plan, runner).await),
        false => None,
    };
    runner.journal.observe(row(&plan.url, &first, second.as_ref()));
}

async fn get(plan: &HealthPlan, runner: &Runner<'_>) -> Asked {
    let url = &plan.url;
    let mut attempt = blank(url, runner.clock.elapsed_ms(), runner);
    let fetch = Fetch { endpoint: url, proxy: &plan.proxy, request: request(url), within: None };
    let fetched = runner.fetch(fetch).await;
    fetched.measure(&mut attempt);
    let mut known = vec![Clue::Host(url.host_kind())];
    known.extend(fetched.facts.via_proxy.is_some().then_some(Clue::ViaProxy));
    told(attempt, &fetched.exchange, fetched.ms, (&known, runner))
}

/// No header of it holds a key.
fn request(url: &Endpoint) -> Request {
    let agent = HeaderValue::from_static(concat!("gemini-doctor/", env!("CARGO_PKG_VERSION")));
    Request {
        method: Method::GET,
        path_and_query: path(url),
        headers: vec![
            (header::USER_AGENT, agent),
            (header::ACCEPT, HeaderValue::from_static("*/*")),
        ],
        body: None,
        authority: url.authority(),
        secure: url.secure,
    }
}

fn path(url: &Endpoint) -> String {
    if url.prefix.is_empty() { "/".to_owned() } else { url.prefix.clone() }
}

fn blank(url: &Endpoint, at_ms: f64, runner: &Runner<'_>) -> Attempt {
    Attempt {
        id: runner.journal.next_id(),
        at_ms,
        method: None,
        model: None,
        host: url.authority(),
        path: path(url),
        http: None,
        remote: None,
        connection: None,
        reused: false,
        phases: Phases::default(),
        status: None,
        answered_by: None,
        failure: None,
        summary: String::new(),
        response_id: None,
        model_version: None,
        input_tokens: None,
        output_tokens: None,
    }
}

fn told(
    mut attempt: Attempt,
    exchange: &Exchange,
    ms: f64,
    (known, runner): (&[Clue], &Runner<'_>),
) -> Asked {
    let status = exchange.answer().map(|answer| answer.status);
    let failure = exchange.failure();
    let said = match (status, failure) {
        (Some(status), _) => format!("{status}"),
        (None, Some(failure)) => failure.detail.clone(),
        (None, None) => "no answer".to_owned(),
    };
    attempt.status = status;
    attempt.failure = failure.cloned();
    attempt.summary.clone_from(&said);
    let id = attempt.id.clone();
    let clues = |failure: &Failure| runner::failure_clues(failure, known);
    let failure = failure.map(clues).unwrap_or_default();
    runner.journal.attempt(attempt);
    Asked { attempt: id, status, ms, failure, said }
}

fn row(url: &Endpoint, first: &Asked, second: Option<&Asked>) -> Observation {
    let place = format!("{}{}", url.origin(), path(url));
    let next = second.map(|next| format!("; the next one: {} in {:.0} ms", next.said, next.ms));
    let took = format!("{place}: {} in {:.0} ms{}", first.said, first.ms, next.unwrap_or_default());
    let last = second.unwrap_or(first);
    let is_cold = second.is_some_and(|next| first.ms >= next.ms * COLD);
    let (status, detail) = match (first.is_well(), last.is_well()) {
        (true, true) if is_cold => (Status::Warn, format!("{took}: a cold start")),
        (true, true) => (Status::Pass, took),
        (false, true) => (Status::Warn, took),
        (_, false) => (Status::Fail, took),
    };
    let unwell = [Some(first), second].into_iter().flatten().find_map(|one| one.evidence(&place));
    let evidence = unwell.unwrap_or_else(|| {
        let shown = (status == Status::Warn).then_some(Clue::Shown(Shown::ColdStart));
        let clues = shown.into_iter().collect();
        Evidence { attempt: Some(first.attempt.clone()), text: detail.clone(), clues }
    });
    HEALTH_URL.row(status, detail).took(Some(first.ms)).with(evidence).done()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(status: Option<u16>, ms: f64) -> Asked {
        let said = status.map_or("refused".to_owned(), |status| status.to_string());
        Asked { attempt: "a01".to_owned(), status, ms, failure: Vec::new(), said }
    }

    fn told_of(first: &Asked, second: Option<&Asked>) -> (Status, String) {
        let url = Endpoint::parse("https://app.example/healthz", "").expect("a good URL");
        let row = row(&url, first, second);
        (row.check.status, row.check.detail)
    }

    #[test]
    fn a_slow_first_answer_is_a_cold_start_only_beside_a_quick_one() {
        let slow = asked(Some(200), 3000.0);
        assert_eq!(told_of(&slow, Some(&asked(Some(200), 40.0))).0, Status::Warn);
        assert_eq!(told_of(&slow, Some(&asked(Some(200), 2000.0))).0, Status::Pass);
        assert_eq!(told_of(&slow, None).0, Status::Pass);
    }

    #[test]
    fn a_cold_start_needs_two_answers_that_are_well() {
        let (ill, well) = (asked(Some(503), 3000.0), asked(Some(200), 3000.0));
        for (first, second, expected) in [
            (&ill, asked(Some(200), 40.0), Status::Warn),
            (&well, asked(Some(503), 40.0), Status::Fail),
            (&ill, asked(Some(503), 40.0), Status::Fail),
            (&well, asked(None, 40.0), Status::Fail),
        ] {
            let (status, detail) = told_of(first, Some(&second));
            assert_eq!(status, expected, "{detail}");
            assert!(!detail.contains("cold"), "{detail}");
            assert!(detail.contains(&first.said) && detail.contains(&second.said), "{detail}");
        }
    }

    #[test]
    fn an_error_a_redirect_and_no_answer_are_failures() {
        for status in [Some(503), Some(302), None] {
            let (result, detail) = told_of(&asked(status, 5.0), None);
            assert_eq!(result, Status::Fail, "{detail}");
            assert!(detail.starts_with("https://app.example/healthz: "), "{detail}");
        }
    }
}

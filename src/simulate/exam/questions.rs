//! The questions of the exam: which failure, for which models, and how often it is put.
//!
//! Constants only.

use super::super::fault::{Act, Canned, JSON};

/// For so long an answer is held back, so that requests which are sent side by side overlap.
pub const PAUSE_MS: u64 = 150;

/// The pause that a server asks for where it asks for one: longer than most first waits, and short enough
/// for an exam.
const ANNOUNCED_MS: u64 = 4000;

/// One kind of failure.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// Its permanent id.
    pub id: &'static str,
    /// The status that is answered.
    pub status: u16,
    /// What happens, in a few words.
    pub what: &'static str,
    /// The pause that the answer asks for.
    pub announced_ms: Option<u64>,
    /// Whether every model fails, and not only the one that is asked first.
    pub(in super::super) everywhere: bool,
    pub(in super::super) act: Act,
}

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Question {}

/// All questions.
pub const QUESTIONS: &[Question] = &[
    BAD_REQUEST,
    UNAUTHENTICATED,
    FORBIDDEN,
    NOT_FOUND,
    LIMITED,
    BUSY,
    INTERNAL,
    TIMEOUT,
    RETRY_INFO,
    RETRY_AFTER,
];

/// The questions in the order in which they are put. Those whose waits are compared come three times.
pub const SITTINGS: &[&str] = &[
    "bad-request",
    "unauthenticated",
    "forbidden",
    "not-found",
    "rate-limited",
    "overloaded",
    "rate-limited",
    "overloaded",
    "rate-limited",
    "overloaded",
    "internal",
    "timed-out",
    "retry-info",
    "retry-after",
];

const BAD_REQUEST: Question =
    broken("bad-request", 400, "a request with an invalid argument", &INVALID);
const UNAUTHENTICATED: Question =
    broken("unauthenticated", 401, "credentials that are not accepted", &NO_LOGIN);
const FORBIDDEN: Question = broken("forbidden", 403, "no permission on the project", &DENIED);
const NOT_FOUND: Question = Question {
    everywhere: false,
    ..broken("not-found", 404, "a model that does not exist", &NO_MODEL)
};
const LIMITED: Question = passing("rate-limited", 429, "a rate limit without a pause", &EXHAUSTED);
const BUSY: Question = passing("overloaded", 503, "an overloaded model", &OVERLOADED);
const INTERNAL: Question = passing("internal", 500, "an internal error", &BROKEN);
const TIMEOUT: Question = passing("timed-out", 504, "a deadline that expired", &EXPIRED);
const RETRY_INFO: Question = Question {
    announced_ms: Some(ANNOUNCED_MS),
    ..passing("retry-info", 429, "a rate limit with RetryInfo of 4 s in its body", &WAIT_4_S)
};
const RETRY_AFTER: Question = Question {
    announced_ms: Some(ANNOUNCED_MS),
    ..passing("retry-after", 503, "an overloaded model with Retry-After: 4", &COME_BACK)
};

const INVALID: Act = Act::google(400, include_str!("../bodies/invalid-argument.json"));
const NO_LOGIN: Act = Act::google(401, include_str!("../bodies/oauth-expired.json"));
const DENIED: Act = Act::google(403, include_str!("../bodies/project-permission-denied.json"));
const NO_MODEL: Act = Act::google(404, include_str!("../bodies/model-not-found.json"));
const EXHAUSTED: Act = Act::google(429, include_str!("../bodies/quota-unspecified.json"));
const OVERLOADED: Act = Act::google(503, include_str!("../bodies/overloaded-503.json"));
const BROKEN: Act = Act::google(500, include_str!("../bodies/internal-500.json"));
const EXPIRED: Act = Act::google(504, include_str!("../bodies/deadline-504.json"));
const WAIT_4_S: Act = Act::google(429, include_str!("../bodies/quota-wait-4-s.json"));
const COME_BACK: Act = Act::Answer(Canned {
    status: 503,
    kind: JSON,
    google: true,
    headers: &[("retry-after", "4")],
    body: include_str!("../bodies/overloaded-503.json"),
});

/// A failure that stays, whichever model is asked.
const fn broken(id: &'static str, status: u16, what: &'static str, act: &'static Act) -> Question {
    let act = Act::After(PAUSE_MS, act);
    Question { id, status, what, announced_ms: None, everywhere: true, act }
}

/// A failure that passes, of the model that is asked first.
const fn passing(id: &'static str, status: u16, what: &'static str, act: &'static Act) -> Question {
    Question { everywhere: false, ..broken(id, status, what, act) }
}

/// The question of that id.
pub fn find(id: &str) -> Option<&'static Question> {
    QUESTIONS.iter().find(|question| question.id == id)
}

/// For so long after an answer another request may come, where the server announced a pause.
pub fn held_open_ms(question: &Question, quiet_ms: u64) -> u64 {
    question.announced_ms.unwrap_or(0) + quiet_ms
}

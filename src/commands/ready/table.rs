//! The lines of the launch checklist. Constants only; ids are permanent, since answers are kept under them.

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// `group.name`.
    pub id: &'static str,
    /// What holds, in a few words.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What is asked where nothing can be measured, or was.
    pub question: &'static str,
    /// What shows it without anybody's word.
    pub measure: Option<Measure>,
}

/// What can show a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// These lines of a saved exam of the client.
    Exam(&'static [&'static str]),
    /// The models of a route file, held against a list or the dated table.
    Routes,
    /// Where models' names stand in a tree.
    Names,
    /// Keys lying about in a tree.
    Keys,
    /// What is built in a tree for browsers.
    Browser,
    /// The keys of the profiles of the config file, held against each other.
    Profiles,
    /// The fields of a call log.
    Log,
    /// A saved report of a run from the place where the program runs.
    Network,
}

impl Measure {
    /// The option that brings the evidence, and where that comes from.
    pub const fn how(self) -> &'static str {
        match self {
            Self::Exam(_) => "--grade FILE, from simulate --grade --report json=FILE -- COMMAND",
            Self::Routes => "--routes FILE, and --live to ask this key's own list",
            Self::Names => "--tree DIR, with --routes FILE for the one place they belong in",
            Self::Keys | Self::Browser => "--tree DIR",
            Self::Profiles => "--profiles, with a profile of the config file for each environment",
            Self::Log => "--log FILE, some calls as your program logs them",
            Self::Network => "--evidence FILE, from doctor --report json=FILE where it will run",
        }
    }
}

/// All lines, by what they are about.
pub const LINES: &[Line] = &[
    shown(
        "keys.out-of-files",
        "no key lies about",
        "a key in code, logs or history is everybody's",
        "Is every key in a secret store or the environment, and in no file that is shared?",
        Measure::Keys,
    ),
    shown(
        "keys.out-of-browsers",
        "no browser calls the API",
        "what runs at the users' shows them the key, and nobody can limit it",
        "Do browsers and apps call your own server and never the API itself?",
        Measure::Browser,
    ),
    shown(
        "keys.by-environment",
        "a key per environment",
        "a test run must not use up the quota of production",
        "Do development, tests and production have keys and projects of their own?",
        Measure::Profiles,
    ),
    asked(
        "keys.restricted",
        "keys limited to the need",
        "a key that leaks does what it may",
        "Is each key restricted to the API and the callers that need it?",
    ),
    asked(
        "keys.rotation",
        "keys change, are revoked",
        "the first revocation should not be the real one",
        "Are keys changed on a schedule, and has somebody practised to revoke one? check-key --successor helps.",
    ),
    asked(
        "keys.own",
        "own keys, own billing",
        "a shared or resold key ends when somebody else misuses it",
        "Are all credentials of your own project, with billing of your own, and none shared or resold?",
    ),
    asked(
        "access.audit",
        "access known and logged",
        "an incident is traced by who called what",
        "Is it controlled who may use the credentials, and can each call be traced in a log?",
    ),
    shown(
        "models.central",
        "models named in one place",
        "a retired name is one edit, or a search through every service",
        "Does one route file or setting name the models, and nothing else?",
        Measure::Names,
    ),
    shown(
        "models.fallback",
        "fallbacks exist",
        "a fallback that is retired fails with the first model",
        "Does each task name a fallback model that exists and differs from the first?",
        Measure::Routes,
    ),
    asked(
        "models.rollout",
        "models change by setting",
        "a bad model must be taken back in minutes",
        "Can another model be tried on a share of the calls, and taken back, without new code?",
    ),
    asked(
        "output.schema",
        "answers follow a schema",
        "free text breaks what reads it next",
        "Do calls whose answers a program reads ask for a schema, and is each answer checked against it?",
    ),
    asked(
        "output.repair",
        "bad answers: few repeats",
        "an answer that never fits must not be asked for forever",
        "Is an answer that breaks its schema asked for once more at most, and then replaced or reported?",
    ),
    shown(
        "errors.permanent",
        "400 to 404: no repeat",
        "the same request fails again and counts against limits",
        "Does the client give up at once on 400, 401, 403 and 404?",
        Measure::Exam(&["status.400", "status.401", "status.403", "status.404"]),
    ),
    shown(
        "errors.transient",
        "429 and 5xx are survived",
        "they pass, and the user should not see them",
        "Does the client try again, or elsewhere, on 429, 500, 503 and 504?",
        Measure::Exam(&["status.429", "status.500", "status.503", "status.504"]),
    ),
    shown(
        "retry.backoff",
        "waits grow",
        "repeats at once keep a limit exceeded",
        "Do the waits between repeats grow after 429?",
        Measure::Exam(&["retry.pause", "retry.backoff"]),
    ),
    shown(
        "retry.jitter",
        "waits differ by chance",
        "instances that failed together come back together",
        "Is a random part in each wait?",
        Measure::Exam(&["retry.jitter"]),
    ),
    shown(
        "retry.cap",
        "repeats end",
        "endless repeats turn a small outage into a large one",
        "Is there a most for repeats, and does each wait for the answer before?",
        Measure::Exam(&["retry.cap", "retry.parallel"]),
    ),
    shown(
        "retry.announced",
        "announced pause is kept",
        "sooner is refused, and counts",
        "Does the client wait as RetryInfo and Retry-After say?",
        Measure::Exam(&["retry.retry-info", "retry.retry-after"]),
    ),
    shown(
        "errors.fallback",
        "another model at last",
        "one model can be down for hours",
        "Does the client turn to another model when repeats did not help?",
        Measure::Exam(&["fallback.model"]),
    ),
    asked(
        "errors.timeout",
        "time-outs are set",
        "a call without one holds a thread for minutes",
        "Has each call a time-out for the connection, one for the answer, and one for all repeats together?",
    ),
    asked(
        "errors.one-shape",
        "errors have one shape",
        "callers can treat alike only what looks alike",
        "Do your services get errors in one form, whichever model or provider failed?",
    ),
    asked(
        "traffic.split",
        "batch cannot starve users",
        "a nightly job and users share a quota unless it is split",
        "Have users' calls and batch jobs quotas of their own, by project or by a limit in your gateway?",
    ),
    asked(
        "traffic.queue",
        "batch waits in a queue",
        "what need not be at once should not compete",
        "Does batch work wait in a queue whose speed follows what the quota allows?",
    ),
    asked(
        "gateway.layer",
        "one layer calls the API",
        "routes, limits, repeats, logs, cost and keys are kept right in one place or in none",
        "Do all services call through one client or gateway that holds routes, limits, repeats, logging, cost and keys?",
    ),
    asked(
        "gateway.limits",
        "callers have limits",
        "one caller must not use up the quota of all",
        "Does that layer know its callers, check their requests, and limit each of them?",
    ),
    shown(
        "log.fields",
        "log lines tell enough",
        "a 429 or a bill is explained by what was logged before it",
        "Has each call's log line id, task, team, model, status, latency, repeats and tokens?",
        Measure::Log,
    ),
    asked(
        "monitoring.metrics",
        "tokens, latency watched",
        "an average hides the slow calls, and a bill comes late",
        "Are tokens by model counted, and P95 of the latency shown, where somebody looks?",
    ),
    asked(
        "cost.alert",
        "cost has an alert",
        "a loop can spend a month's budget in a night",
        "Is somebody told when cost or tokens leave what is usual?",
    ),
    asked(
        "cost.shares",
        "cost by team and task",
        "only who knows the largest consumer can save",
        "Can you say which team, task and model cost how much?",
    ),
    asked(
        "billing.settled",
        "billing is settled",
        "a card that expires stops every call",
        "Are currency, invoices and procurement settled, and has the billing account a second payer?",
    ),
    shown(
        "network.verified",
        "network tested there",
        "what works from a desk may not work from where it will run",
        "Were names, connections and TLS tested from where the program will run?",
        Measure::Network,
    ),
    asked(
        "region.allowed",
        "the place is supported",
        "calls from elsewhere are refused, and ways round that end accounts",
        "Do servers and users sit where the API is offered, with a provider that may serve them?",
    ),
    asked(
        "data.rules",
        "data that may be sent",
        "users' data, contracts and internal texts have rules for leaving the country",
        "Is it decided and written down which data may be sent, where to, and by which contract?",
    ),
    asked(
        "deploy.repeatable",
        "repeatable deployments",
        "an old TLS library or SDK fails in ways that look like the API's",
        "Are versions locked, and is what runs in production the image that was tested?",
    ),
    asked(
        "deploy.failover",
        "a second way is ready",
        "a region or a provider can be gone for a day",
        "Is there another region, model family or provider, and was the change over practised?",
    ),
];

const fn asked(
    id: &'static str,
    title: &'static str,
    why: &'static str,
    question: &'static str,
) -> Line {
    Line { id, title, why, question, measure: None }
}

const fn shown(
    id: &'static str,
    title: &'static str,
    why: &'static str,
    question: &'static str,
    measure: Measure,
) -> Line {
    Line { id, title, why, question, measure: Some(measure) }
}

/// The line of that id.
pub fn find(id: &str) -> Option<&'static Line> {
    LINES.iter().find(|line| line.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::exam;

    #[test]
    fn ids_are_unique_and_have_two_parts() {
        let mut ids: Vec<&str> = LINES.iter().map(|line| line.id).collect();
        assert!(ids.iter().all(|id| id.split('.').count() == 2), "{ids:?}");
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), LINES.len());
    }

    #[test]
    fn every_line_of_the_exam_is_evidence_for_one_line() {
        let mut used: Vec<&str> = LINES
            .iter()
            .filter_map(|line| match line.measure {
                Some(Measure::Exam(ids)) => Some(ids),
                _ => None,
            })
            .flatten()
            .copied()
            .collect();
        let mut all: Vec<&str> = exam::LINES.iter().map(|line| line.id).collect();
        used.sort_unstable();
        all.sort_unstable();
        assert_eq!(used, all);
    }

    #[test]
    fn questions_are_questions_and_titles_are_short() {
        for line in LINES {
            assert!(line.question.contains('?'), "{}", line.id);
            assert!(line.title.len() <= 26, "{}", line.id);
        }
    }
}

//! What a command is told when a verdict changes: facts in variables, and all of it as JSON. Starts nothing.

use serde_json::{Value, json};

use crate::facts::{counted, time};

use super::{
    seen::Watched,
    span,
    track::{Change, Verdict},
};

/// The variables that such a command finds.
pub const VARIABLES: [&str; 7] = [
    "GEMINI_DOCTOR_TARGET",
    "GEMINI_DOCTOR_VERDICT",
    "GEMINI_DOCTOR_BEFORE",
    "GEMINI_DOCTOR_SINCE",
    "GEMINI_DOCTOR_CAUSE",
    "GEMINI_DOCTOR_SENTENCE",
    "GEMINI_DOCTOR_SIMULATED",
];

/// What a command is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Names and values.
    pub variables: Vec<(&'static str, String)>,
    /// The document on its standard input.
    pub document: Value,
}

impl Alert {
    /// About changes that came with one look; the first one that fails leads.
    pub fn of(
        changes: &[Change],
        watched: &Watched,
        now_ms: u64,
        simulated: Option<&str>,
    ) -> Option<Self> {
        let failing = changes.iter().find(|change| change.to == Verdict::Failing);
        let first = failing.or_else(|| changes.first())?;
        let cause = first.cause.as_ref().map(|cause| cause.id.clone()).unwrap_or_default();
        let values = [
            first.target.clone(),
            first.to.word().to_owned(),
            first.from.word().to_owned(),
            time::rfc3339(first.since_ms),
            cause,
            sentence(first, now_ms),
            simulated.unwrap_or_default().to_owned(),
        ];
        let document = json!({
            "schema_version": "1.0",
            "type": "change",
            "at": time::rfc3339(now_ms),
            "simulated": simulated,
            "verdict": watched.verdict().word(),
            "changes": changes.iter().map(|change| one(change, now_ms)).collect::<Vec<_>>(),
        });
        Some(Self { variables: VARIABLES.into_iter().zip(values).collect(), document })
    }
}

fn one(change: &Change, now_ms: u64) -> Value {
    json!({
        "target": change.target,
        "from": change.from.word(),
        "to": change.to.word(),
        "since": time::rfc3339(change.since_ms),
        "calls": change.calls.0,
        "failed": change.calls.1,
        "cause": change.cause.as_ref().map(|cause| json!({"id": cause.id, "title": cause.title})),
        "sentence": sentence(change, now_ms),
    })
}

/// A change in one sentence that stands alone.
pub fn sentence(change: &Change, now_ms: u64) -> String {
    let since = span::moment(change.since_ms, now_ms);
    let (calls, failed) = change.calls;
    let target = &change.target;
    let why = change.cause.as_ref().map(|cause| format!(": {} [{}]", cause.title, cause.id));
    let why = why.unwrap_or_default();
    match (change.from, change.to) {
        (Verdict::Failing, Verdict::Failing) => {
            format!("{target} fails in another way since {since} UTC{why}")
        }
        (_, Verdict::Failing) => {
            format!("{target} fails since {since} UTC, {failed} of {}{why}", counted(calls, "call"))
        }
        (Verdict::Failing, _) => {
            let calls = counted(calls, "call");
            format!("{target} works again since {since} UTC, {calls} without a fault")
        }
        _ => format!("{target} works, {} without a fault", counted(calls, "call")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{facts::Class, watch::track::Cause};

    fn change(from: Verdict, to: Verdict) -> Change {
        let title = "A build behind the name is gone".to_owned();
        let cause = Cause { id: "alias-backend-missing".to_owned(), title, class: Class::Theirs };
        Change {
            target: "gemini-3.5-flash".to_owned(),
            from,
            to,
            since_ms: 1_780_092_003_120,
            cause: (to == Verdict::Failing).then_some(cause),
            calls: (4, if to == Verdict::Failing { 3 } else { 0 }),
        }
    }

    #[test]
    fn a_change_is_one_sentence_that_stands_alone() {
        let now = 1_780_092_603_120;
        let said = |from, to| sentence(&change(from, to), now);
        assert_eq!(
            said(Verdict::Healthy, Verdict::Failing),
            "gemini-3.5-flash fails since 22:00 UTC, 3 of 4 calls: A build behind the name is gone \
             [alias-backend-missing]"
        );
        assert_eq!(
            said(Verdict::Failing, Verdict::Healthy),
            "gemini-3.5-flash works again since 22:00 UTC, 4 calls without a fault"
        );
    }

    #[test]
    fn the_change_that_fails_leads_and_all_are_in_the_document() {
        let watched = Watched::new(&["gemini-3.5-flash".to_owned()], true, 3, 0);
        let changes = [
            change(Verdict::Failing, Verdict::Healthy),
            change(Verdict::Healthy, Verdict::Failing),
        ];
        let alert = Alert::of(&changes, &watched, 1_780_092_603_120, None).expect("changes");
        let value = |name: &str| {
            alert
                .variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.as_str())
        };
        assert_eq!(value("GEMINI_DOCTOR_VERDICT"), Some("failing"));
        assert_eq!(value("GEMINI_DOCTOR_CAUSE"), Some("alias-backend-missing"));
        assert_eq!(alert.document["changes"].as_array().map(Vec::len), Some(2));
        assert_eq!(alert.document["simulated"], Value::Null);
        assert_eq!(Alert::of(&[], &watched, 0, None), None);
    }
}

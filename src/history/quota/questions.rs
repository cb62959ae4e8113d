//! The five questions that people ask of a 429, in their order, each with its numbers, and with what is missing where
//! it cannot be told.

use super::{Basis, Group, Limits, limit};
use crate::history::{fields::Field, figures::Question, kinds::Counts, latency::Sketch};

/// This many times the usual is more than usual.
const MORE: f64 = 2.0;
/// A part of the load that counts.
const PART: f64 = 0.2;
/// A part that grew by this much has grown.
const GROWN: f64 = 1.5;
/// Fewer minutes are nothing to compare with.
const FEWEST_QUIET: u64 = 3;

const YES: &str = "yes";
const NO: &str = "no";
const UNKNOWN: &str = "cannot be told";
/// The questions by their ids.
const ASKED: [(&str, &str); 5] = [
    ("spike", "was there a sudden spike in requests?"),
    ("tokens", "were inputs abnormally long?"),
    ("shared", "do batch and online calls share the quota?"),
    ("retries", "do several instances retry at once?"),
    ("quota", "is a quota of the project or the model too small for the usual load?"),
];
const NOTHING_TO_COMPARE: &str =
    "there are too few minutes without a 429 before or after to compare with";

pub(super) fn questions(group: &Group, basis: &Basis<'_>) -> Vec<Question> {
    let mut all = vec![spike(group), tokens(group), shared(group, basis), retries(group, basis)];
    let quota = quota(group, basis, &all);
    all.push(quota);
    all
}

/// The middle of what was there before refusals and usually, and how many times the one is the other.
#[derive(Clone, Copy, Default)]
struct Middle {
    before: Option<f64>,
    usual: Option<f64>,
    ratio: Option<f64>,
    is_beyond: bool,
}

impl Middle {
    fn of(before: &Sketch, quiet: &Sketch) -> Self {
        let (now, usual) = (before.at(0.5), quiet.at(0.5));
        let ratio = now.zip(usual).and_then(|(now, usual)| (usual > 0.0).then(|| now / usual));
        let is_beyond = now.zip(quiet.at(0.95)).is_some_and(|(now, most)| now > most);
        Self { before: now, usual, ratio, is_beyond }
    }

    fn is_more(&self) -> bool {
        self.is_beyond && self.ratio.is_some_and(|ratio| ratio >= MORE)
    }

    fn words(&self) -> String {
        let number =
            |value: Option<f64>| value.map_or_else(|| "?".to_owned(), |it| format!("{it:.0}"));
        let times = self.ratio.map_or_else(String::new, |ratio| format!(" ({ratio:.1} times)"));
        format!("{} where {} is usual{times}", number(self.before), number(self.usual))
    }
}

/// The answers where no refusal has a time.
pub(super) fn without_time() -> Vec<Question> {
    let why = "no 429 has a time, so that nothing is known to be before one";
    ASKED.iter().map(|(id, _)| question(id).untold(&[Field::At], why)).collect()
}

fn question(id: &str) -> Question {
    let (_, asked) = ASKED.iter().find(|(known, _)| *known == id).expect("a question of the list");
    Question {
        id: id.to_owned(),
        question: (*asked).to_owned(),
        answer: UNKNOWN.to_owned(),
        before: None,
        usual: None,
        ratio: None,
        share: None,
        missing: Vec::new(),
        evidence: String::new(),
    }
}

impl Question {
    fn answered(mut self, is_so: bool, middle: &Middle, evidence: String) -> Self {
        (if is_so { YES } else { NO }).clone_into(&mut self.answer);
        (self.before, self.usual, self.ratio) = (middle.before, middle.usual, middle.ratio);
        self.evidence = evidence;
        self
    }

    fn untold(mut self, missing: &[Field], evidence: &str) -> Self {
        self.missing = missing.iter().map(|field| field.name().to_owned()).collect();
        evidence.clone_into(&mut self.evidence);
        self
    }
}

fn has_quiet(group: &Group) -> bool {
    group.windows.quiet.count() >= FEWEST_QUIET
}

fn spike(group: &Group) -> Question {
    let asked = question("spike");
    if !has_quiet(group) {
        return asked.untold(&[], NOTHING_TO_COMPARE);
    }
    let (before, quiet) = (&group.windows.before, &group.windows.quiet);
    let middle = Middle::of(&before.plain_calls, &quiet.plain_calls);
    let words = middle.words();
    let evidence =
        format!("requests in the minute before a 429, retries and batch jobs aside: {words}");
    asked.answered(middle.is_more(), &middle, evidence)
}

fn tokens(group: &Group) -> Question {
    let asked = question("tokens");
    let (before, quiet) = (&group.windows.before, &group.windows.quiet);
    if before.plain_size.len() == 0 || quiet.total.with_tokens == 0 && has_quiet(group) {
        let why = "no call in the minutes before tells its input tokens";
        return asked.untold(&[Field::InputTokens], why);
    }
    if !has_quiet(group) {
        return asked.untold(&[], NOTHING_TO_COMPARE);
    }
    let middle = Middle::of(&before.plain_size, &quiet.plain_size);
    let evidence = format!("input tokens a call in the minute before a 429: {}", middle.words());
    asked.answered(middle.is_more(), &middle, evidence)
}

fn shared(group: &Group, basis: &Basis<'_>) -> Question {
    let asked = question("shared");
    if !basis.has_kinds {
        let why = "no call tells whether it is batch or online";
        return asked.untold(&[Field::Mode], why);
    }
    let (before, quiet) = (&group.windows.before, &group.windows.quiet);
    let by_tokens = before.total.with_tokens > 0 && quiet.total.with_tokens > 0;
    let part = |of: u64, all: u64| of as f64 / all.max(1) as f64;
    let (share, middle) = match by_tokens {
        true => (
            part(before.batch.tokens, before.total.tokens),
            Middle::of(&before.batch_tokens, &quiet.batch_tokens),
        ),
        false => (
            part(before.batch.calls, before.total.calls),
            Middle::of(&before.batch_calls, &quiet.batch_calls),
        ),
    };
    let grew = !has_quiet(group) || middle.ratio.is_none_or(|ratio| ratio >= GROWN);
    let is_so = share >= PART && before.online > 0 && grew;
    let what = if by_tokens { "input tokens" } else { "requests" };
    let also = match (is_so, share >= PART) {
        (true, _) => {
            format!("; {} online calls were refused beside them", group.windows.refused_online)
        }
        (false, true) => "; but they always have as much".to_owned(),
        (false, false) => String::new(),
    };
    if before.batch.calls == 0 {
        let none = "no batch job sent anything in the minutes before a 429".to_owned();
        return asked.answered(false, &middle, none);
    }
    let evidence = format!(
        "batch jobs had {:.1} % of the {what} in the minutes before a 429, {}{also}",
        share * 100.0,
        middle.words()
    );
    Question { share: Some(share), ..asked.answered(is_so, &middle, evidence) }
}

fn retries(group: &Group, basis: &Basis<'_>) -> Question {
    let asked = question("retries");
    if !basis.retries.can_tell() {
        let why = "nothing tells a retry: no count, and no request id comes twice";
        let missing: Vec<Field> = [Field::RequestId, Field::RetryCount]
            .into_iter()
            .filter(|field| basis.retries.missing().iter().any(|name| name == field.name()))
            .collect();
        return asked.untold(&missing, why);
    }
    let (before, quiet) = (&group.windows.before, &group.windows.quiet);
    let part = |of: u64, all: u64| of as f64 / all.max(1) as f64;
    let share = part(before.retries, before.total.calls);
    let usual = part(quiet.retries, quiet.total.calls);
    let is_much = share >= PART && (!has_quiet(group) || share >= GROWN * usual);
    // 429s are retried: only where they made the load greater can they be the cause of more.
    let is_so = is_much && (has_grown(group) || limit::is_reached(group, basis.limits));
    if before.retries == 0 {
        let none = "no request in the minutes before a 429 was a retry".to_owned();
        return Question { share: Some(0.0), ..asked.answered(false, &Middle::default(), none) };
    }
    let instances = before.instances_retrying.at(0.5).unwrap_or(0.0);
    let over = match basis.has_instances {
        true if instances == 1.0 => ", from 1 instance in one minute".to_owned(),
        true => format!(", from {instances:.0} instances in one minute"),
        false => "; over how many instances cannot be told: field instance is missing".to_owned(),
    };
    let evidence = format!(
        "{:.1} % of the requests in the minutes before a 429 were retries, where {:.1} % are usual{over}",
        share * 100.0,
        usual * 100.0
    );
    let told = match is_much && !is_so {
        true => asked.untold(&[], &format!("{evidence}; {}", followed(group))),
        false => asked.answered(is_so, &Middle::default(), evidence),
    };
    let before = basis.has_instances.then_some(instances);
    let mut question = Question { share: Some(share), before, ..told };
    if !basis.has_instances && question.answer != UNKNOWN {
        question.missing.push(Field::Instance.name().to_owned());
    }
    question
}

/// What is known of retries that can be no more than what 429s bring about.
fn followed(group: &Group) -> String {
    let (before, quiet) = (&group.windows.before, &group.windows.quiet);
    let load = match has_quiet(group) {
        true => format!("requests were {}", Middle::of(&before.requests, &quiet.requests).words()),
        false => NOTHING_TO_COMPARE.to_owned(),
    };
    format!("retries followed the 429s, and whether they caused more is open: {load}")
}

/// Whether more was sent in the minutes before a 429 than usual.
fn has_grown(group: &Group) -> bool {
    let (before, quiet) = (&group.windows.before, &group.windows.quiet);
    has_quiet(group)
        && Middle::of(&before.requests, &quiet.requests).ratio.is_some_and(|it| it >= GROWN)
}

fn quota(group: &Group, basis: &Basis<'_>, others: &[Question]) -> Question {
    let asked = question("quota");
    let is = |id: &str, answer: &str| others.iter().any(|one| one.id == id && one.answer == answer);
    let any_yes = others.iter().any(|one| one.answer == YES);
    let named_day = group.named.contains_key(&Counts::RequestsPerDay);
    let is_shut = limit::is_shut(group);
    let load = load(group, basis);
    let (before, quiet) = (&group.windows.before, &group.windows.quiet);
    let middle = Middle::of(&before.requests, &quiet.requests);
    match () {
        () if named_day || is_shut => {
            let why = format!(
                "a day's quota is used up, and stays so until midnight Pacific time; {load}"
            );
            asked.answered(true, &middle, why)
        }
        () if limit::is_always_exceeded(group, basis.limits) => {
            let (some, all) = (group.windows.refused_minutes, group.windows.minutes);
            let why = format!(
                "more was sent than the limit allows in the minutes before 429s, which there were in {some} of {all} minutes with calls; {load}"
            );
            asked.answered(true, &middle, why)
        }
        () if any_yes => {
            let why =
                format!("it did for the usual load, and what changed explains the 429s; {load}");
            asked.answered(false, &middle, why)
        }
        () if is("spike", NO)
            && is("tokens", NO)
            && basis.limits != Limits::default()
            && !limit::is_reached(group, basis.limits) =>
        {
            let why = format!(
                "the load was as usual and reached no known limit: others may use this quota, or the limit is another; {load}"
            );
            asked.untold(&[], &why)
        }
        () if is("spike", NO) && is("tokens", NO) => {
            let why = format!(
                "the load was as usual and was refused: this quota is too small for it, or others use it too; {load}"
            );
            asked.answered(true, &middle, why)
        }
        () => {
            let missing = if is("tokens", UNKNOWN) && has_quiet(group) {
                &[Field::InputTokens][..]
            } else {
                &[]
            };
            asked.untold(missing, &format!("whether the load was as usual is not known; {load}"))
        }
    }
}

/// What was sent, beside what is allowed, and whether other quotas went on.
fn load(group: &Group, basis: &Basis<'_>) -> String {
    let before = &group.windows.before;
    let of = |value: Option<f64>, limit: Option<u64>, what: &str| {
        let value = value.map(|value| format!("{value:.0}"))?;
        let limit = limit.map_or_else(String::new, |limit| format!(" of {limit}"));
        Some(format!("{value}{limit} {what}"))
    };
    let parts: Vec<String> = [
        of(before.requests.at(0.5), basis.limits.rpm, "requests"),
        of(before.tokens.at(0.5), basis.limits.tpm, "input tokens"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let elsewhere = match basis.answered_elsewhere {
        0 => String::new(),
        some => format!("; {some} calls to other models or projects were answered"),
    };
    format!("{} in the minute before, for {}{elsewhere}", parts.join(" and "), group.label())
}

#[cfg(test)]
mod tests {
    use crate::history::{
        analysis::{Analysis, Asked},
        call::Call,
        fields::Names,
        figures::Quota,
        line::Reader,
        quota::Limits,
    };

    fn quota(limits: Limits, lines: impl Iterator<Item = String>) -> Quota {
        let (mut reader, mut call) = (Reader::new(Names::new(&[])), Call::default());
        let mut analysis = Analysis::new(Asked { limits, ..Asked::default() });
        for line in lines {
            reader.read(line.as_bytes(), &mut call).unwrap();
            analysis.add(&call);
        }
        analysis.figures(Vec::new(), Vec::new()).0.quota.expect("refusals")
    }

    fn line(second: u64, status: u16, model: &str) -> String {
        let at = 1_780_092_000 + second;
        format!(r#"{{"at":{at},"status":{status},"model":{model}}}"#)
    }

    #[test]
    fn a_quota_that_every_minute_exceeds_is_too_small() {
        // A call a second, of which the first thirty of each minute are answered.
        let lines = (0..7_200).map(|n| line(n, if n % 60 < 30 { 200 } else { 429 }, "\"m\""));
        let limits = |rpm| Limits { rpm: Some(rpm), ..Limits::default() };
        let found = quota(limits(30), lines.clone());
        assert_eq!(found.cause.as_deref(), Some("quota"), "{found:#?}");
        let why = &found.questions[4].evidence;
        assert!(why.contains("in 120 of 120 minutes with calls"), "{why}");
        assert_eq!(quota(limits(1_000), lines).cause, None);
    }

    #[test]
    fn lists_are_no_calls_to_other_models() {
        let lists = (0..9).map(|n| line(n, 200, "null"));
        let own = (0..600).map(|n| line(n, if n == 300 { 429 } else { 200 }, "\"m\""));
        let found = quota(Limits::default(), lists.clone().chain(own.clone()));
        assert!(!found.questions[4].evidence.contains("other models"), "{found:#?}");
        let other = (0..9).map(|n| line(n, 200, "\"other\""));
        let found = quota(Limits::default(), lists.chain(other).chain(own));
        assert!(found.questions[4].evidence.contains("9 calls to other models"), "{found:#?}");
    }
}

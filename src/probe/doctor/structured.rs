//! Do answers follow a schema? Several are asked for; one that does not follow is asked for exactly once more.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    facts::{
        Api, Clue, Party, Status,
        check::{Evidence, Observation},
        clue::Shown,
        models::ModelTable,
    },
    gemini::{
        Call, Reply, generation,
        schema::{self, Refused},
    },
    stats,
};

use super::super::{
    Runner, Tried,
    key::{failed_status, is_refusal, record, thinking_of},
    row::{Row, STRUCTURED_ANSWERS, STRUCTURED_SCHEMA},
};

/// What answers are to follow.
#[derive(Clone, Debug)]
pub struct StructuredPlan {
    /// Where the schema is from, as it is shown.
    pub name: String,
    /// The schema.
    pub schema: Value,
    /// How many answers are asked for.
    pub samples: u32,
    /// Whose rules it has to keep.
    pub api: Api,
}

/// What came of the answers.
#[derive(Clone, Debug, Default)]
pub struct Conformity {
    /// Answers that were judged.
    pub judged: u64,
    /// Those that followed at the first try.
    pub first_try: u64,
    /// Those of which the end is known: they followed at once, or the second answer could be judged too.
    pub settled: u64,
    /// Those that followed at the first or the second try.
    pub after_retry: u64,
    /// Each rule that was broken, how often, at any try.
    pub rules: BTreeMap<String, u64>,
    /// Answers whose JSON stood in a code block, at any try.
    pub fenced: u64,
    /// Calls that were sent.
    pub calls: u64,
    /// What calls that brought no answer to judge failed of, and how often.
    pub failures: BTreeMap<String, u64>,
}

impl Conformity {
    /// Calls that brought no answer to judge.
    pub fn failed_calls(&self) -> u64 {
        self.failures.values().sum()
    }
}

/// How an answer stands to the schema.
enum Follows {
    Yes,
    No(Shown, Vec<String>),
}

/// Failed calls in a row after which nothing more is asked.
const MOST_FAILURES: u64 = 3;

/// Asks for the answers and records their row.
pub(super) async fn look(
    plan: &StructuredPlan,
    model: &str,
    table: &ModelTable,
    runner: &mut Runner<'_>,
) -> Conformity {
    let seen = Conformity::default();
    let (wrong, failed) = (Vec::new(), Vec::new());
    let mut asking = Asking { plan, model, table, seen, wrong, failed, in_a_row: 0 };
    for number in 1..=plan.samples {
        if let Err(last) = asking.ask(number, runner).await {
            asking.end_early(&last, runner);
            return asking.seen;
        }
    }
    asking.observe(runner);
    asking.seen
}

/// The row of the schema itself, which needs nobody: it names what the native API would refuse, before it is sent.
pub(super) fn schema_row(plan: &StructuredPlan) -> Observation {
    let properties = plan.schema["properties"].as_object().map_or(0, serde_json::Map::len);
    let Some(refused) = schema::refused(&plan.schema, &plan.api) else {
        let detail = format!(
            "{}: {properties} properties, sent as they are: what this API refuses is not known here",
            plan.name
        );
        return STRUCTURED_SCHEMA.skipped(&detail);
    };
    if refused.is_empty() {
        let detail = format!(
            "{}: {properties} properties, no keyword that the API does not know",
            plan.name
        );
        return STRUCTURED_SCHEMA.row(Status::Pass, detail).done();
    }
    let words: Vec<String> = refused.iter().map(refusal).collect();
    let text = format!("{}: {}", plan.name, words.join("; "));
    let clues = vec![Clue::Shown(Shown::SchemaRefused)];
    let evidence = Evidence { attempt: None, text: text.clone(), clues };
    STRUCTURED_SCHEMA.row(Status::Fail, text).with(evidence).done()
}

impl StructuredPlan {
    /// Whether nothing is known for which the API refuses the schema.
    pub fn is_sendable(&self) -> bool {
        schema::refused(&self.schema, &self.api).is_none_or(|refused| refused.is_empty())
    }
}

fn refusal(one: &Refused) -> String {
    let elsewhere = if one.elsewhere { " (responseJsonSchema takes it)" } else { "" };
    format!("{} at {}{elsewhere}", one.keyword, one.path)
}

struct Asking<'a> {
    plan: &'a StructuredPlan,
    model: &'a str,
    table: &'a ModelTable,
    seen: Conformity,
    wrong: Vec<Evidence>,
    /// Of calls that brought nothing to judge.
    failed: Vec<Evidence>,
    in_a_row: u64,
}

impl Asking<'_> {
    /// One answer, and one more where it does not follow. `Err` where nothing more should be asked.
    async fn ask(&mut self, number: u32, runner: &mut Runner<'_>) -> Result<(), Box<Tried>> {
        let Some(first) = self.one(number, runner).await? else { return Ok(()) };
        self.seen.judged += 1;
        if first {
            self.seen.first_try += 1;
            self.seen.settled += 1;
            self.seen.after_retry += 1;
            return Ok(());
        }
        // A second call that fails says nothing of the model.
        if let Some(second) = self.one(number, runner).await? {
            self.seen.settled += 1;
            self.seen.after_retry += u64::from(second);
        }
        Ok(())
    }

    /// Whether one answer follows; nothing where there was none to judge.
    async fn one(
        &mut self,
        number: u32,
        runner: &mut Runner<'_>,
    ) -> Result<Option<bool>, Box<Tried>> {
        let thinking = thinking_of(self.model, self.table);
        let version = runner.endpoint.body_version();
        let body = generation::form(&self.plan.schema, number, thinking, version);
        let mut tried = runner.call(&Call::generate(self.model, body)).await;
        self.seen.calls += u64::from(tried.attempt.is_some());
        tried.look_closer(generation::text_trouble);
        // An answer without a text is no answer to judge.
        let has_text = |reply: &&Reply| generation::text_trouble(reply.value()).is_none();
        let Some(reply) = tried.success().filter(has_text) else { return self.fail(tried) };
        self.in_a_row = 0;
        let follows = judge(&self.plan.schema, reply.value());
        Ok(Some(match follows {
            Follows::Yes => true,
            Follows::No(shown, rules) => {
                self.seen.fenced += u64::from(shown == Shown::FencedJson);
                self.wrong.push(evidence(&tried, shown, &rules));
                for rule in rules {
                    *self.seen.rules.entry(rule).or_default() += 1;
                }
                false
            }
        }))
    }

    /// A call without an answer to judge. `Err` where nothing more should be asked.
    fn fail(&mut self, tried: Tried) -> Result<Option<bool>, Box<Tried>> {
        self.in_a_row += 1;
        let is_over = self.in_a_row == MOST_FAILURES || tried.is_cut_short() || is_refusal(&tried);
        if tried.attempt.is_some() {
            *self.seen.failures.entry(tried.summary().to_owned()).or_default() += 1;
            self.failed.push(tried.evidence());
        }
        if is_over { Err(Box::new(tried)) } else { Ok(None) }
    }

    /// The row of a run whose calls failed.
    fn end_early(&mut self, last: &Tried, runner: &Runner<'_>) {
        if self.seen.judged == 0 {
            record(runner, STRUCTURED_ANSWERS, failed_status(last), last.summary(), last);
            return;
        }
        let detail = format!("{}; stopped at: {}", said(&self.seen), last.summary());
        self.record(failed_status(last), detail, runner);
    }

    fn observe(&mut self, runner: &Runner<'_>) {
        self.record(status(&self.seen), said(&self.seen), runner);
    }

    /// What the model did comes before what happened to calls, where it is known what came of it in the end.
    fn record(&mut self, status: Status, detail: String, runner: &Runner<'_>) {
        let row = STRUCTURED_ANSWERS.row(status, detail);
        let is_the_models = status == Status::Warn || self.seen.after_retry < self.seen.settled;
        let wrong = self.wrong.drain(..).filter(|_| is_the_models);
        let evidence = wrong.chain(self.failed.drain(..));
        runner.journal.observe(evidence.fold(row, Row::with).done());
    }
}

/// Failed calls are never passed over, and where they are half of all, rates over the rest say little.
fn status(seen: &Conformity) -> Status {
    let failed = seen.failed_calls();
    match () {
        () if seen.after_retry < seen.settled => Status::Fail,
        () if seen.judged == 0 || failed * 2 >= seen.calls => Status::Inconclusive,
        () if failed > 0 || seen.first_try < seen.judged => Status::Warn,
        () => Status::Pass,
    }
}

/// `18 of 20 follow at the first try (90 %, 95 % interval 70-97 %), 20 of 20 after one retry`, and behind it what
/// brought no answer: `; 2 of 24 calls failed: 503 UNAVAILABLE (2)`.
fn said(seen: &Conformity) -> String {
    format!("{}{}", rates(seen), failures(seen))
}

fn failures(seen: &Conformity) -> String {
    if seen.failures.is_empty() {
        return String::new();
    }
    let causes: Vec<String> =
        seen.failures.iter().map(|(cause, times)| format!("{cause} ({times})")).collect();
    format!("; {} of {} calls failed: {}", seen.failed_calls(), seen.calls, causes.join(", "))
}

/// The rates over answers; calls without one are apart.
fn rates(seen: &Conformity) -> String {
    let judged = seen.judged;
    if judged == 0 {
        return "no answer came that could be judged".to_owned();
    }
    let (low, high) = stats::wilson(seen.first_try, judged, 0.95);
    let percent = |share: f64| (share * 100.0).round();
    let share = percent(seen.first_try as f64 / judged as f64);
    let retried = match seen.first_try == judged {
        true => String::new(),
        false if seen.settled == 0 => ", and no retry brought an answer".to_owned(),
        false => format!(", {} of {} after one retry", seen.after_retry, seen.settled),
    };
    format!(
        "{} of {judged} follow at the first try ({share} %, 95 % interval {}-{} %){retried}",
        seen.first_try,
        percent(low),
        percent(high)
    )
}

fn evidence(tried: &Tried, shown: Shown, rules: &[String]) -> Evidence {
    let clues = vec![Clue::By(Party::Api), Clue::Shown(shown)];
    Evidence { text: rules.join("; "), clues, ..tried.evidence() }
}

fn judge(schema: &Value, answer: &Value) -> Follows {
    let text = generation::text(answer).unwrap_or_default();
    if let Ok(value) = serde_json::from_str::<Value>(&text) {
        let broken = schema::broken(schema, &value);
        return match broken.is_empty() {
            true => Follows::Yes,
            false => {
                Follows::No(Shown::SchemaBroken, broken.iter().map(ToString::to_string).collect())
            }
        };
    }
    match fenced(&text).and_then(|inside| serde_json::from_str::<Value>(inside).ok()) {
        Some(value) => {
            let mut rules = vec!["the JSON stands in a code block".to_owned()];
            rules.extend(schema::broken(schema, &value).iter().map(ToString::to_string));
            Follows::No(Shown::FencedJson, rules)
        }
        None => Follows::No(Shown::NotStructured, vec!["the answer is no JSON".to_owned()]),
    }
}

/// What stands between the marks of a code block.
fn fenced(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("```")?;
    let (inside, _) = rest.split_once("```")?;
    Some(inside.trim_start_matches(|letter: char| letter.is_ascii_alphabetic()).trim())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(text: &str) -> Option<(Shown, String)> {
        let schema =
            json!({"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]});
        let answer = json!({"candidates": [{"content": {"parts": [{"text": text}]}}]});
        match judge(&schema, &answer) {
            Follows::Yes => None,
            Follows::No(shown, rules) => Some((shown, rules.join("; "))),
        }
    }

    #[test]
    fn json_in_a_code_block_is_told_from_prose_and_from_another_shape() {
        assert_eq!(shown("{\"a\": 1}"), None);
        let broken = shown("{\"a\": \"1\"}").expect("another shape");
        assert_eq!(broken, (Shown::SchemaBroken, "$.a is string and not integer".to_owned()));
        for text in ["```json\n{\"a\": 1}\n```", "Here:\n```\n{\"a\": 1}\n```\nDone."] {
            let (kind, rules) = shown(text).expect("fenced");
            assert_eq!(
                (kind, rules.as_str()),
                (Shown::FencedJson, "the JSON stands in a code block")
            );
        }
        let (_, rules) = shown("```json\n{}\n```").expect("fenced and broken");
        assert!(rules.ends_with("$.a is missing"), "{rules}");
        assert_eq!(shown("Sure! Here it is").expect("prose").0, Shown::NotStructured);
    }
}

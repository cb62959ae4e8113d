//! Models as they are now, to be locked, and as they were when they were locked: what changed, field by field.
//!
//! Reads and writes no file, and asks nothing: the list was read before.

use serde_json::{Value, json};

use crate::{
    facts::{
        Clue, Status,
        check::{Evidence, Observation},
        clue::Shown,
        models::ModelTable,
        time,
    },
    gemini::wire::Model,
};

use super::{
    Runner,
    key::{self, KeyPlan, Learnt, retirement},
    models,
    plan::Wanted,
    row::MODELS_LOCK,
};

/// What a lock says of one model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Locked {
    /// The name, without `models/`.
    pub name: String,
    /// The version that is served, where the list tells it.
    pub version: Option<String>,
    /// The most tokens in.
    pub input_token_limit: Option<u64>,
    /// The most tokens out.
    pub output_token_limit: Option<u64>,
    /// What can be called, in the order of the alphabet.
    pub methods: Vec<String>,
    /// Whether it thinks.
    pub thinking: bool,
    /// Its stage, where the list tells it.
    pub stage: Option<String>,
}

/// A lock that was written earlier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The file, as it was named.
    pub file: String,
    /// When the list was read.
    pub locked_at: String,
    /// Where it was read.
    pub base_url: String,
    /// In which form the endpoint spoke.
    pub api: String,
    /// The scenario, if it was a simulated one.
    pub simulated: Option<String>,
    /// The models, in the order of their names.
    pub models: Vec<Locked>,
}

/// One thing that is no longer as it was locked.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The field.
    pub field: &'static str,
    /// Its value in the lock.
    pub was: Value,
    /// Its value now.
    pub is: Value,
    /// Whether a program can be broken by it. What is only more than before breaks nothing.
    pub matters: bool,
}

/// One model, held against the lock.
#[derive(Clone, Debug, PartialEq)]
pub struct LockJudged {
    /// Its name.
    pub model: String,
    /// `as locked`, `changed`, `gone` or `not locked`.
    pub word: &'static str,
    /// What differs.
    pub differences: Vec<Difference>,
    /// Whether it is listed, and its end is announced.
    pub is_retiring: bool,
}

/// What came of locking and of checking a lock.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// The lock that the list was held against.
    pub lock: Option<Lock>,
    /// Each model of the lock, and each that should be in it.
    pub judged: Vec<LockJudged>,
    /// When the list was read that is to be locked, and the models; `None` where one of them is not listed.
    pub record: Option<(String, Vec<Locked>)>,
}

impl Locked {
    /// The model as this list has it.
    pub fn of(model: &Model) -> Self {
        let mut methods = model.supported_generation_methods.clone();
        methods.sort_unstable();
        methods.dedup();
        Self {
            name: model.id().to_owned(),
            version: Some(model.version.clone()).filter(|version| !version.is_empty()),
            input_token_limit: model.input_token_limit,
            output_token_limit: model.output_token_limit,
            methods,
            thinking: model.thinking,
            stage: model.model_stage.clone(),
        }
    }

    /// What is told of it, in a few words.
    fn words(&self) -> String {
        let limit = |limit: Option<u64>| limit.map_or("?".to_owned(), |limit| limit.to_string());
        let version = self.version.as_deref().unwrap_or("not told");
        let (most_in, most_out) = (limit(self.input_token_limit), limit(self.output_token_limit));
        format!("version {version}, {most_in} tokens in, {most_out} out")
    }
}

impl Difference {
    /// `version 001 -> 002`.
    pub fn words(&self) -> String {
        format!(
            "{} {} -> {}",
            self.field.replace("_token_", " "),
            shown(&self.was),
            shown(&self.is)
        )
    }
}

/// A value as people read it.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Null => "not told".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Holds the list against the lock and makes the record of a new one, as far as either is wanted.
pub fn run(
    wanted: &Wanted,
    plan: &KeyPlan,
    listed: &[Model],
    runner: &Runner<'_>,
    learnt: &mut Learnt,
) -> Held {
    let mut names = names_in_use(wanted, plan, listed, runner, learnt);
    let mut held = Held::default();
    if let Some(lock) = &wanted.check {
        held.lock = Some(lock.clone());
        held.judged = judge(lock, &names, listed);
        for one in &mut held.judged {
            one.is_retiring =
                find(listed, &one.model).is_some() && retires(&one.model, &plan.table);
        }
        record_judged(lock, &held.judged, listed, &plan.table, runner);
        names.extend(lock.models.iter().map(|model| model.name.clone()));
    }
    names.sort_unstable();
    names.dedup();
    if wanted.lock {
        held.record = record(&names, wanted, listed, &plan.table, runner);
    }
    held
}

/// Those that were named, or those of the routes, or those of the filter, or else the one of the settings; where nothing names
/// any and there is no lock that does, the one that a program without a choice would take.
fn names_in_use(
    wanted: &Wanted,
    plan: &KeyPlan,
    listed: &[Model],
    runner: &Runner<'_>,
    learnt: &mut Learnt,
) -> Vec<String> {
    if !wanted.names.is_empty() {
        return wanted.names.clone();
    }
    if !wanted.routes.is_empty() {
        let models =
            |route: &super::routes::Route| [&[route.primary.clone()][..], &route.fallback].concat();
        return wanted.routes.iter().flat_map(models).collect();
    }
    if wanted.filter.is_set() {
        let fitting = listed.iter().filter(|model| wanted.filter.wants(model));
        return fitting.map(|model| model.id().to_owned()).collect();
    }
    if wanted.check.is_some() {
        return plan.model.iter().cloned().collect();
    }
    let name = plan.model.clone().unwrap_or_else(|| {
        learnt.model_was_picked = true;
        key::pick(listed, &plan.table, runner)
    });
    learnt.model = Some(name.clone());
    vec![name]
}

fn find<'a>(listed: &'a [Model], name: &str) -> Option<&'a Model> {
    listed.iter().find(|model| model.id() == name)
}

/// Each model of the lock, then those in use that it lacks.
fn judge(lock: &Lock, in_use: &[String], listed: &[Model]) -> Vec<LockJudged> {
    let of_lock = lock.models.iter().map(|locked| judge_one(locked, find(listed, &locked.name)));
    let is_locked = |name: &&String| lock.models.iter().any(|locked| locked.name == **name);
    let mut lacking: Vec<&String> = in_use.iter().filter(|name| !is_locked(name)).collect();
    lacking.sort_unstable();
    lacking.dedup();
    let not_locked = |model: &String| LockJudged {
        model: model.clone(),
        word: "not locked",
        differences: Vec::new(),
        is_retiring: false,
    };
    of_lock.chain(lacking.into_iter().map(not_locked)).collect()
}

fn judge_one(locked: &Locked, found: Option<&Model>) -> LockJudged {
    let (word, differences) = match found.map(|model| differences(locked, &Locked::of(model))) {
        None => ("gone", Vec::new()),
        Some(differences) if differences.iter().any(|one| one.matters) => ("changed", differences),
        Some(differences) => ("as locked", differences),
    };
    LockJudged { model: locked.name.clone(), word, differences, is_retiring: false }
}

fn retires(name: &str, table: &ModelTable) -> bool {
    table.find(name).is_some_and(|entry| entry.retires.is_some())
}

/// What differs between two looks at one model.
fn differences(was: &Locked, is: &Locked) -> Vec<Difference> {
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::String);
    let limit = |limit: Option<u64>| limit.map_or(Value::Null, Value::from);
    let values = [
        ("version", text(&was.version), text(&is.version)),
        ("input_token_limit", limit(was.input_token_limit), limit(is.input_token_limit)),
        ("output_token_limit", limit(was.output_token_limit), limit(is.output_token_limit)),
        ("thinking", was.thinking.into(), is.thinking.into()),
        ("stage", text(&was.stage), text(&is.stage)),
    ];
    let changed = values.into_iter().filter(|(_, was, is)| was != is);
    let changed = changed.map(|(field, was, is)| {
        let matters = !is_only_more(&was, &is);
        Difference { field, was, is, matters }
    });
    changed.chain(methods(&was.methods, &is.methods)).collect()
}

/// One difference for the methods that are gone, and one for those that came.
fn methods(was: &[String], is: &[String]) -> impl Iterator<Item = Difference> {
    let without = |all: &[String], others: &[String]| -> Vec<String> {
        all.iter().filter(|one| !others.contains(one)).cloned().collect()
    };
    let list = |names: &[String]| Value::String(names.join(", "));
    let (gone, new) = (without(was, is), without(is, was));
    let gone = (!gone.is_empty()).then(|| Difference {
        field: "methods",
        was: list(&gone),
        is: json!("gone"),
        matters: true,
    });
    let new = (!new.is_empty()).then(|| Difference {
        field: "methods",
        was: json!("none"),
        is: list(&new),
        matters: false,
    });
    gone.into_iter().chain(new)
}

/// Whether nothing was taken away: a limit that rose, or a fact that the list did not tell before.
fn is_only_more(was: &Value, is: &Value) -> bool {
    match (was.as_u64(), is.as_u64()) {
        (Some(was), Some(is)) => is > was,
        _ => was.is_null(),
    }
}

fn record_judged(
    lock: &Lock,
    judged: &[LockJudged],
    listed: &[Model],
    table: &ModelTable,
    runner: &Runner<'_>,
) {
    for one in judged {
        let today = runner.clock.today();
        let (status, detail) = told(one, listed, table, &today);
        let row = MODELS_LOCK.row(status, detail.clone()).about(&one.model, None);
        let clues = vec![
            Clue::Shown(Shown::LockNotMet),
            Clue::Meta("model".to_owned(), one.model.clone()),
            Clue::Meta("lock".to_owned(), lock.file.clone()),
        ];
        let text = format!("{}: {detail}", one.model);
        let broken = (status == Status::Fail).then_some(Evidence { attempt: None, text, clues });
        let ends = one.is_retiring.then(|| models::ends(&one.model, table, &today));
        let evidence = broken.into_iter().chain(ends);
        runner.journal.observe(evidence.fold(row, super::row::Row::with).done());
    }
}

fn told(one: &LockJudged, listed: &[Model], table: &ModelTable, today: &str) -> (Status, String) {
    let words = |matters: bool| -> String {
        let fitting = one.differences.iter().filter(|difference| difference.matters == matters);
        fitting.map(Difference::words).collect::<Vec<_>>().join("; ")
    };
    match one.word {
        "gone" if table.find(&one.model).is_some_and(|entry| entry.is_retired_on(today)) => (
            Status::Fail,
            format!("no longer listed: {}", retirement(&one.model, table, today).text),
        ),
        "gone" => (Status::Fail, "no longer listed for this key".to_owned()),
        "not locked" => (Status::Fail, "in use, and not in the lock".to_owned()),
        "changed" => (Status::Fail, words(true)),
        _ => {
            let found = find(listed, &one.model).map(|model| Locked::of(model).words());
            let more = Some(words(false)).filter(|more| !more.is_empty());
            let more = more.map_or_else(String::new, |more| format!("; more than that: {more}"));
            let said = format!("as locked: {}{more}", found.unwrap_or_default());
            match one.is_retiring {
                true => {
                    (Status::Warn, format!("{said}; {}", retirement(&one.model, table, today).text))
                }
                false => (Status::Pass, said),
            }
        }
    }
}

/// The models to lock. One that is not listed cannot be, and then there is no lock at all.
fn record(
    names: &[String],
    wanted: &Wanted,
    listed: &[Model],
    table: &ModelTable,
    runner: &Runner<'_>,
) -> Option<(String, Vec<Locked>)> {
    let missing: Vec<&String> = names.iter().filter(|name| find(listed, name).is_none()).collect();
    if names.is_empty() || !missing.is_empty() {
        runner.journal.observe(not_recorded(&missing, wanted, listed, table, runner));
        return None;
    }
    let models = names.iter().filter_map(|name| find(listed, name)).map(Locked::of).collect();
    Some((time::rfc3339(runner.clock.started_unix_ms()), models))
}

/// Why there is no lock. What the old one and the filter say has rows of its own.
fn not_recorded(
    missing: &[&String],
    wanted: &Wanted,
    listed: &[Model],
    table: &ModelTable,
    runner: &Runner<'_>,
) -> Observation {
    let Some(first) = missing.first() else {
        return MODELS_LOCK.skipped("nothing was locked: no model is as asked for");
    };
    let names = missing.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    let text = format!("nothing was locked: {names} not listed for this key");
    let is_gone = |lock: &Lock| lock.models.iter().any(|model| model.name == **first);
    if wanted.check.as_ref().is_some_and(is_gone) {
        return MODELS_LOCK.skipped(&text);
    }
    let clues = models::missing_clues(first, listed, table, &runner.clock.today());
    let evidence = Evidence { attempt: None, text: text.clone(), clues };
    MODELS_LOCK.row(Status::Fail, text).with(evidence).done()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flash() -> Locked {
        Locked {
            name: "gemini-3.5-flash".to_owned(),
            version: Some("3.5-flash-05-2026".to_owned()),
            input_token_limit: Some(1_048_576),
            output_token_limit: Some(65_536),
            methods: vec!["countTokens".to_owned(), "generateContent".to_owned()],
            thinking: true,
            stage: None,
        }
    }

    fn told_of(now: &Locked) -> Vec<(String, bool)> {
        let found = differences(&flash(), now);
        found.iter().map(|one| (one.words(), one.matters)).collect()
    }

    #[test]
    fn the_same_model_differs_in_nothing() {
        assert!(differences(&flash(), &flash()).is_empty());
    }

    #[test]
    fn what_is_less_or_other_than_before_matters() {
        let now = Locked {
            version: Some("3.5-flash-09-2026".to_owned()),
            output_token_limit: Some(32_768),
            input_token_limit: None,
            methods: vec!["generateContent".to_owned()],
            thinking: false,
            ..flash()
        };
        let all = [
            "version 3.5-flash-05-2026 -> 3.5-flash-09-2026",
            "input limit 1048576 -> not told",
            "output limit 65536 -> 32768",
            "thinking true -> false",
            "methods countTokens -> gone",
        ];
        assert_eq!(told_of(&now), all.map(|words| (words.to_owned(), true)));
    }

    #[test]
    fn what_is_only_more_than_before_is_a_note() {
        let mut now =
            Locked { output_token_limit: Some(131_072), stage: Some("GA".to_owned()), ..flash() };
        now.methods.push("batchGenerateContent".to_owned());
        let all = [
            "output limit 65536 -> 131072",
            "stage not told -> GA",
            "methods none -> batchGenerateContent",
        ];
        assert_eq!(told_of(&now), all.map(|words| (words.to_owned(), false)));
    }

    #[test]
    fn each_name_has_its_word() {
        let model = |name: &str| Model { name: format!("models/{name}"), ..Model::default() };
        let locked = |name: &str| Locked { name: name.to_owned(), ..Locked::default() };
        let lock = Lock { models: vec![locked("a"), locked("b")], ..Lock::default() };
        let judged = judge(&lock, &["c".to_owned(), "a".to_owned(), "c".to_owned()], &[model("a")]);
        let words: Vec<_> = judged.iter().map(|one| (one.model.as_str(), one.word)).collect();
        assert_eq!(words, [("a", "as locked"), ("b", "gone"), ("c", "not locked")]);
    }
}

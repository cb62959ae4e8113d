//! Models, routes and proofs as tables and as JSON.

use serde_json::{Value, json};

use crate::{
    facts::models::ModelTable,
    gemini::wire::Model,
    probe::{
        lock::{self, Difference, Held, LockJudged},
        models::{NOT_ASKED, Verified},
        routes::RouteJudged,
    },
    report::document::{Column, Sheet},
};

/// One model as JSON, with what the dated table says of it.
pub(super) fn json(model: &Model, table: &ModelTable) -> Value {
    let entry = table.find(model.id());
    json!({
        "name": model.id(),
        "display_name": model.display_name,
        "version": model.version,
        "input_token_limit": model.input_token_limit,
        "output_token_limit": model.output_token_limit,
        "methods": model.supported_generation_methods,
        "thinking": model.thinking,
        "stage": model.model_stage,
        "released": entry.and_then(|entry| entry.released.clone()),
        "retires": entry.and_then(|entry| entry.retires.clone()),
        "routed_to": entry.and_then(|entry| entry.routed_to.clone()),
        "successor": entry.and_then(|entry| entry.successor.clone()),
        "table_as_of": table.as_of,
    })
}

/// The list.
pub(super) fn models(shown: &[&Model], table: &ModelTable, all: usize) -> Sheet {
    let row = |model: &&Model| {
        let retires = table.find(model.id()).and_then(|entry| entry.retires.clone());
        vec![
            model.id().to_owned(),
            limit(model.input_token_limit),
            limit(model.output_token_limit),
            retires.or_else(|| stage(model)).unwrap_or_default(),
            abilities(model),
        ]
    };
    let note = match shown.len() {
        some if some < all => format!("{some} of {all} models"),
        all => format!("{all} models"),
    };
    let of_cloud = shown.iter().any(|model| model.is_of_cloud()).then(|| OF_CLOUD.to_owned());
    Sheet {
        title: String::new(),
        columns: vec![
            Column::text("model"),
            Column::number("in"),
            Column::number("out"),
            Column::text("retires"),
            Column::text("can"),
        ],
        rows: shown.iter().map(row).collect(),
        notes: [note].into_iter().chain(of_cloud).collect(),
    }
}

/// What the cloud platform's list leaves out.
const OF_CLOUD: &str =
    "this list tells no limits and no methods; --verify shows what the location has";

/// What is said of every model says nothing.
fn stage(model: &Model) -> Option<String> {
    model.model_stage.clone().filter(|stage| stage != "GA")
}

/// The routes of a route file.
pub(super) fn routes(routes: &[RouteJudged]) -> Sheet {
    let row = |one: &RouteJudged| {
        let model =
            if one.is_fallback { format!("{} (fallback)", one.model) } else { one.model.clone() };
        vec![one.task.clone(), model, one.word.to_owned(), one.note.clone()]
    };
    Sheet {
        title: "routes".to_owned(),
        columns: ["task", "model", "result", "note"].map(Column::text).to_vec(),
        rows: routes.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

/// What differs from the lock, a field a row; nothing where nothing does.
pub(super) fn changes(judged: &[LockJudged]) -> Option<Sheet> {
    let of_one = |one: &LockJudged| {
        let row = |difference: &Difference| {
            vec![
                one.model.clone(),
                difference.field.replace("_token_", " "),
                lock::shown(&difference.was),
                lock::shown(&difference.is),
                if difference.matters { "change" } else { "note" }.to_owned(),
            ]
        };
        let whole = (one.word == "gone" || one.word == "not locked").then(|| {
            let (was, is) = if one.word == "gone" { ("listed", "gone") } else { ("-", "in use") };
            [&one.model, "model", was, is, "change"].map(str::to_owned).to_vec()
        });
        whole.into_iter().chain(one.differences.iter().map(row)).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<String>> = judged.iter().flat_map(of_one).collect();
    (!rows.is_empty()).then(|| Sheet {
        title: "changes since the lock".to_owned(),
        columns: ["model", "field", "was", "is", "kind"].map(Column::text).to_vec(),
        rows,
        notes: Vec::new(),
    })
}

/// The same as JSON.
pub(super) fn lock_json(held: &Held) -> Value {
    let difference = |one: &Difference| json!({"field": one.field, "was": one.was, "is": one.is, "matters": one.matters});
    let model = |one: &LockJudged| {
        json!({
            "model": one.model,
            "result": one.word,
            "differences": one.differences.iter().map(difference).collect::<Vec<_>>(),
        })
    };
    held.lock.as_ref().map_or(Value::Null, |lock| {
        json!({
            "file": lock.file,
            "locked_at": lock.locked_at,
            "base_url": lock.base_url,
            "simulated": lock.simulated,
            "models": held.judged.iter().map(model).collect::<Vec<_>>(),
        })
    })
}

/// The models that were proved.
pub(super) fn verified(verified: &[Verified]) -> Sheet {
    let row = |one: &Verified| {
        let open = [Some(&one.get), one.count.as_ref()]
            .into_iter()
            .flatten()
            .any(|word| word == NOT_ASKED);
        let word = match (one.usable, open) {
            (true, _) => "ok",
            (false, true) => NOT_ASKED,
            (false, false) => "FAIL",
        };
        vec![
            one.name.clone(),
            word.to_owned(),
            one.get.clone(),
            one.count.clone().unwrap_or("-".to_owned()),
        ]
    };
    Sheet {
        title: "proved with free calls".to_owned(),
        columns: vec![
            Column::text("model"),
            Column::text("result"),
            Column::number("get"),
            Column::number("countTokens"),
        ],
        rows: verified.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

fn limit(tokens: Option<u64>) -> String {
    tokens.map_or("?".to_owned(), |tokens| tokens.to_string())
}

/// The methods people ask for, in short words, and the rest as a number; and whether it thinks.
fn abilities(model: &Model) -> String {
    const SHORT: &[(&str, &str)] = &[
        ("generateContent", "generate"),
        ("countTokens", "count"),
        ("embedContent", "embed"),
        ("bidiGenerateContent", "live"),
    ];
    let named: Vec<&str> = SHORT
        .iter()
        .filter(|(method, _)| model.supports(method))
        .map(|(_, short)| *short)
        .collect();
    let more = match model.supported_generation_methods.len().saturating_sub(named.len()) {
        0 => String::new(),
        more => format!(" +{more}"),
    };
    let thinks = if model.thinking { " think" } else { "" };
    format!("{}{thinks}{more}", named.join(" "))
}

//! A key's end and its replacement: is the old one refused, does the new one work for every model?

use crate::{
    facts::{Clue, KeyKind, Party, Status, check::Evidence, clue::Shown},
    gemini::{Call, key_shape::Shape, wire::ModelPage},
    secret::ApiKey,
};

use super::{
    Runner, Tried,
    key::{context_of, failed_status, is_refusal},
    row::{API_DEAD, KEY_SUCCESSOR, NET_ANSWER},
};

/// Passes only if the key is refused as a key.
pub async fn expect_dead(runner: &mut Runner<'_>) {
    let mut tried = runner.call(&Call::list(None)).await;
    let Some(reply) = tried.reply() else {
        return runner.journal.observe(
            NET_ANSWER.row(failed_status(&tried), tried.summary()).with(tried.evidence()).done(),
        );
    };
    let (status, detail) = if is_refused_as_key(&tried) {
        (Status::Pass, format!("refused: {}", reply.summary))
    } else if tried.success().is_some() && !runner.endpoint.is_googles() {
        let host = runner.endpoint.authority();
        (Status::Inconclusive, format!("{host} lists models, which shows nothing of the key"))
    } else if tried.success().is_some() {
        (Status::Fail, "the key still works".to_owned())
    } else {
        (Status::Inconclusive, format!("this does not show that it is dead: {}", reply.summary))
    };
    if status == Status::Fail {
        tried.know(Clue::Shown(Shown::KeyAlive));
    }
    let evidence = match status {
        Status::Pass => Evidence { clues: vec![Clue::By(Party::Api)], ..tried.evidence() },
        _ => tried.evidence(),
    };
    runner
        .journal
        .observe(API_DEAD.row(status, detail).took(tried.took_ms()).with(evidence).done());
}

/// Shows that another key works for every model in use.
pub async fn try_successor(key: &ApiKey, shape: &Shape, models: &[String], runner: &Runner<'_>) {
    if key.fingerprint() == runner.key.fingerprint() {
        let detail = format!("{} is the key that is to be replaced", key.fingerprint());
        return runner.journal.observe(KEY_SUCCESSOR.row(Status::Inconclusive, detail).done());
    }
    let context = [context_of(Some(shape)), runner.context().to_vec()].concat();
    let mut successor = runner.with_key(key, without_key_clues(context, shape));
    let listed = successor.call(&Call::list(None)).await;
    let mut failed = Vec::new();
    if listed.success().is_some() {
        for model in models {
            let counted = successor.call(&Call::count(model)).await;
            if counted.success().is_none() {
                failed.push((model.as_str(), counted));
            }
        }
    } else {
        failed.push(("models.list", listed.clone()));
    }
    let count = listed
        .success()
        .and_then(|reply| serde_json::from_value::<ModelPage>(reply.value().clone()).ok())
        .map_or(0, |page| page.models.len());
    record_successor(key, models, count, &failed, runner);
}

fn record_successor(
    key: &ApiKey,
    models: &[String],
    listed: usize,
    failed: &[(&str, Tried)],
    runner: &Runner<'_>,
) {
    let fingerprint = key.fingerprint();
    if failed.is_empty() && !runner.endpoint.is_googles() {
        let host = runner.endpoint.authority();
        let detail = format!(
            "{fingerprint} passes at {host}, where a list and a count show nothing of a key"
        );
        return runner.journal.observe(KEY_SUCCESSOR.row(Status::Inconclusive, detail).done());
    }
    let Some((what, first)) = failed.first() else {
        let detail =
            format!("{fingerprint} lists {listed} models, counts tokens for {}", models.join(", "));
        return runner.journal.observe(KEY_SUCCESSOR.row(Status::Pass, detail).done());
    };
    let detail = format!("{fingerprint} fails for {what}: {}", first.summary());
    let mut row = KEY_SUCCESSOR.row(failed_status(first), detail);
    for (_, tried) in failed.iter().filter(|(_, tried)| !tried.is_cut_short()) {
        let mut tried = tried.clone();
        // Only the API's own no says something about the key; other failures keep their cause.
        if is_refusal(&tried) {
            tried.know(Clue::Shown(Shown::SuccessorFails));
        }
        row = row.with(tried.evidence());
    }
    runner.journal.observe(row.done());
}

/// The context of another key holds nothing of the first key's own.
fn without_key_clues(mut context: Vec<Clue>, shape: &Shape) -> Vec<Clue> {
    context.retain(|clue| match clue {
        Clue::Key(kind) => *kind == shape.kind,
        Clue::Flaw(flaw) => shape.flaws.contains(flaw),
        _ => true,
    });
    context
}

/// The answers that refuse a key as a key, whatever it asks for. A suspended project is no dead key,
/// and a newer key that is taken for a token has only come in the wrong place.
fn is_refused_as_key(tried: &Tried) -> bool {
    let is_standard = tried.clues().contains(&Clue::Key(KeyKind::StandardKey));
    let refused = tried.clues().iter().any(|clue| match clue {
        Clue::Reason(reason) => match reason.as_str() {
            "API_KEY_INVALID" => true,
            "ACCESS_TOKEN_TYPE_UNSUPPORTED" => is_standard,
            _ => false,
        },
        Clue::Message(text) => text.contains("reported as leaked"),
        _ => false,
    });
    tried.clues().contains(&Clue::By(Party::Api)) && refused
}

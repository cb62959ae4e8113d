//! The service's own count of a body, which is free.

use serde_json::Value;

use crate::{
    facts::Status,
    gemini::{Call, needles},
};

use super::{
    super::{
        Runner, Tried,
        key::{failed_status, record},
        row::TOKENS_COUNT,
    },
    Subject,
};

/// What the service counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// All of it.
    pub total: u64,
    /// The part that is cached.
    pub cached: Option<u64>,
    /// What it is made of.
    pub details: Vec<Modality>,
}

/// The tokens of one kind of content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modality {
    /// As the service calls it: `TEXT`.
    pub name: String,
    /// Tokens.
    pub tokens: u64,
}

/// Asks for the count and records the row. It decides a run only where nothing else is asked.
pub(super) async fn ask(
    subject: &Subject,
    body: &Value,
    decides: bool,
    runner: &mut Runner<'_>,
) -> Option<Counted> {
    let body = needles::count_body(&subject.model, body);
    let tried = runner.call(&Call::count_of(&subject.model, body)).await;
    let counted = tried.success().and_then(|reply| read(reply.value()));
    match &counted {
        Some(counted) => record(runner, TOKENS_COUNT, Status::Pass, &words(counted), &tried),
        None if decides => fail(&tried, runner),
        None => doubt(&tried, runner),
    }
    counted
}

fn fail(tried: &Tried, runner: &Runner<'_>) {
    record(runner, TOKENS_COUNT, failed_status(tried), tried.summary(), tried);
}

/// A server without this method may deliver prompts all the same.
fn doubt(tried: &Tried, runner: &Runner<'_>) {
    let detail = format!("the service's count is not known: {}", tried.summary());
    runner.journal.observe(TOKENS_COUNT.row(Status::Warn, detail).took(tried.took_ms()).done());
}

pub(super) fn read(answer: &Value) -> Option<Counted> {
    let modality = |one: &Value| {
        let name = one["modality"].as_str()?.to_owned();
        Some(Modality { name, tokens: one["tokenCount"].as_u64().unwrap_or(0) })
    };
    let details = answer["promptTokensDetails"].as_array();
    Some(Counted {
        total: answer["totalTokens"].as_u64()?,
        cached: answer["cachedContentTokenCount"].as_u64(),
        details: details.into_iter().flatten().filter_map(modality).collect(),
    })
}

fn words(counted: &Counted) -> String {
    let parts: Vec<String> = counted
        .details
        .iter()
        .map(|one| format!("{} {}", one.name.to_ascii_lowercase(), one.tokens))
        .collect();
    let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
    format!("countTokens: {} tokens{parts}", counted.total)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_member_but_the_total_may_be_missing() {
        let whole = json!({
            "totalTokens": 270, "cachedContentTokenCount": 5,
            "promptTokensDetails": [
                {"modality": "TEXT", "tokenCount": 12}, {"modality": "IMAGE", "tokenCount": 258},
            ],
        });
        let counted = read(&whole).expect("a count");
        assert_eq!((counted.total, counted.cached, counted.details.len()), (270, Some(5), 2));
        assert_eq!(words(&counted), "countTokens: 270 tokens (text 12, image 258)");
        assert_eq!(read(&json!({"totalTokens": 3})).expect("a count").details, []);
        assert_eq!(read(&json!({"candidates": []})), None);
    }
}

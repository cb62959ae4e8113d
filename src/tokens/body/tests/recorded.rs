//! The numbers of recorded answers: what is called exact equals them.

use std::collections::HashMap;

use serde_json::Value;

use super::super::*;
use crate::{
    facts::tokenizers::{Standing, tokenizer_of},
    tokens::{Counter, Vocabulary},
};

const RECORDED: &str = include_str!("../fixtures/recorded.jsonl");

/// The tokens of each of their texts, by SentencePiece with either vocabulary.
const COUNTED: &str = include_str!("../fixtures/counted.json");

/// One recorded request, as this program counts it.
struct Row {
    id: String,
    server: u64,
    total: u64,
    certainty: Certainty,
}

fn rows(vocabulary: &str) -> Vec<Row> {
    let counted: HashMap<String, HashMap<String, u64>> =
        serde_json::from_str(COUNTED).expect("a table");
    let tokens = |text: &str| counted[text][vocabulary];
    RECORDED
        .lines()
        .map(|line| row(&serde_json::from_str(line).expect("a row"), vocabulary, tokens))
        .collect()
}

fn row(recorded: &Value, vocabulary: &str, tokens: impl Fn(&str) -> u64) -> Row {
    let model = recorded["model"].as_str().expect("a model");
    let standing = tokenizer_of(model).standing(vocabulary);
    let doubt = match &standing {
        Standing::Exact => None,
        Standing::Estimate { because, .. } => Some(because.as_str()),
    };
    let api = if recorded["backend"] == "vertex" { Api::Vertex } else { Api::Developer };
    let body = Body::read(&recorded["request"].to_string()).expect("a body");
    assert!(body.notes.is_empty(), "{:?}", body.notes);
    let tally = body.count(Asked { model, api, doubt }, tokens);
    Row {
        id: recorded["id"].as_str().expect("an id").to_owned(),
        server: recorded["server"].as_u64().expect("a number"),
        total: tally.total(),
        certainty: tally.certainty(),
    }
}

fn differing(rows: &[Row]) -> Vec<(&str, i64)> {
    let difference = |row: &Row| row.total.cast_signed() - row.server.cast_signed();
    rows.iter().map(|row| (row.id.as_str(), difference(row))).filter(|(_, by)| *by != 0).collect()
}

#[test]
fn what_is_called_exact_equals_the_service() {
    for vocabulary in ["gemma2", "gemma3"] {
        let rows = rows(vocabulary);
        assert_eq!(rows.len(), 58);
        for row in rows.iter().filter(|row| row.certainty == Certainty::Exact) {
            assert_eq!(row.total, row.server, "{vocabulary}: {}", row.id);
        }
    }
}

#[test]
fn with_the_services_own_vocabulary_all_that_was_recorded_of_two_models_is_exact() {
    let rows = rows("gemma2");
    let exact = rows.iter().filter(|row| row.certainty == Certainty::Exact).count();
    assert_eq!(exact, 45);
    let stale = ["docs/fox/countTokens", "docs/summary/countTokens"];
    assert_eq!(
        differing(&rows),
        stale.map(|id| (id, 1)),
        "estimates, from pages of an older model"
    );
}

#[test]
fn with_the_sdks_vocabulary_all_is_an_estimate_and_two_conversations_differ() {
    let rows = rows("gemma3");
    assert!(rows.iter().all(|row| row.certainty == Certainty::Estimate));
    assert_eq!(
        differing(&rows),
        [
            ("Chats_Tests_sendMessage_Google_AI_multiple_messages#1", 2),
            ("Chats_Tests_sendMessage_Vertex_AI_multilple_messages#1", -1),
            ("docs/fox/countTokens", 1),
            ("docs/summary/countTokens", 1),
        ]
    );
}

/// The error that is named for gemma3 holds for what was recorded.
#[test]
fn the_measured_error_covers_the_recorded_differences() {
    let error = tokenizer_of("gemini-2.0-flash").gemma3.expect("it was measured");
    for row in rows("gemma3").iter().filter(|row| !row.id.starts_with("docs/")) {
        let percent = (row.total as f64 / row.server as f64 - 1.0) * 100.0;
        assert!(
            (error.lowest_percent..=error.highest_percent).contains(&percent),
            "{}: {percent}",
            row.id
        );
    }
}

#[test]
fn the_counter_counts_the_recorded_texts_as_sentencepiece_does() {
    let counted: HashMap<String, HashMap<String, u64>> =
        serde_json::from_str(COUNTED).expect("a table");
    let mut counter = Counter::new(&Vocabulary::gemma3());
    for (text, counts) in counted {
        assert_eq!(counter.count(&text), counts["gemma3"], "{text:?}");
    }
}

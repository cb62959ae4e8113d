//! The deeper paid tests: a stream, a tool round trip, a structured answer. One call each, two for the tool.

use crate::{
    facts::{Status, models::Thinking},
    gemini::{Call, generation},
};

use super::{
    Runner, Tried,
    key::{failed_status, record},
    row::{API_STREAM, API_STRUCTURED, API_TOOL, Question},
};

/// Runs all three; a failure of one does not hide the others.
pub(super) async fn run(
    model: &str,
    thinking: Thinking,
    runner: &mut Runner<'_>,
) -> Result<(), String> {
    let version = runner.endpoint.body_version().to_owned();
    let streamed = runner.call(&Call::stream(model, generation::minimal(thinking, &version))).await;
    let chunks = "an answer in pieces, with a finish reason";
    let mut fine = judge(runner, API_STREAM, &streamed, chunks);
    fine &= tool(model, thinking, runner).await;
    fine &= structured(model, thinking, runner).await;
    if fine { Ok(()) } else { Err("a deeper test failed".to_owned()) }
}

/// An answer of a form that a program can read.
pub(super) async fn structured(model: &str, thinking: Thinking, runner: &mut Runner<'_>) -> bool {
    let question = generation::structured_question(thinking, runner.endpoint.body_version());
    let mut structured = runner.call(&Call::generate(model, question)).await;
    structured.look_closer(generation::structure_trouble);
    judge(runner, API_STRUCTURED, &structured, "JSON of the asked shape")
}

/// A tool's call, and an answer that uses its result.
pub(super) async fn tool(model: &str, thinking: Thinking, runner: &mut Runner<'_>) -> bool {
    let question = generation::tool_question(thinking, runner.endpoint.body_version());
    let mut asked = runner.call(&Call::generate(model, question.clone())).await;
    asked.look_closer(generation::tool_trouble);
    let follow_up =
        asked.success().and_then(|reply| generation::tool_result(&question, reply.value()));
    let Some(follow_up) = follow_up else { return judge(runner, API_TOOL, &asked, "a tool call") };
    let mut answered = runner.call(&Call::generate(model, follow_up)).await;
    answered.look_closer(generation::text_trouble);
    judge(runner, API_TOOL, &answered, "the tool was called and its result used")
}

fn judge(runner: &Runner<'_>, question: Question, tried: &Tried, good: &str) -> bool {
    let passed = tried.success().is_some();
    let status = if passed { Status::Pass } else { failed_status(tried) };
    record(runner, question, status, if passed { good } else { tried.summary() }, tried);
    passed
}

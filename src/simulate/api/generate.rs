//! Answers calls that generate: text, JSON, a function call; at once or as a stream.
//!
//! The answer depends on the request alone, so that two runs can be compared.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::call::Call;
use super::super::fault::{Bend, JSON};
use super::super::reply::{Payload, Reply};
use super::super::traffic::Pace;
use super::members::{self, as_list, field};
use super::models::{Model, Thinking};
use super::prompt::Prompt;
use super::{recall, sample, tokens};

/// What the simulated model says when it may choose.
const TEXT: &str = "Hello from the simulated Gemini: your call reached the model and came back.";

/// As far as it counts when it is asked to.
const MOST_NUMBERS: u32 = 1000;

/// What stands for an encrypted train of thought.
const SIGNATURE: &str = "c2ltdWxhdGVkLXRob3VnaHQtc2lnbmF0dXJl";

/// The answer to a call that was found good.
pub(super) fn answer(
    call: &Call,
    body: &Value,
    prompt: &Prompt,
    model: &Model,
    bend: &Bend,
) -> Reply {
    let answer = Answer::think(body, prompt, model, bend);
    let is_stream = call.target.operation.is_method("streamGenerateContent");
    let mut reply = match is_stream {
        false => Reply::json(200, &answer.whole()),
        true if call.wants_events() => sse(&answer.chunks(bend.pace), bend),
        true => list(&answer.chunks(bend.pace), bend),
    };
    reply.wait = bend.pace.map_or(Duration::ZERO, |pace| pace.before_head(answer.said, is_stream));
    reply
}

/// A stream of one event.
pub(super) fn event(value: &Value) -> Reply {
    sse(std::slice::from_ref(value), &Bend::NONE)
}

/// Server-sent events: one `data:` line for each chunk, and no word at the end.
fn sse(chunks: &[Value], bend: &Bend) -> Reply {
    let kept = bend.stop_after.unwrap_or(chunks.len());
    let mut pieces: Vec<String> =
        chunks.iter().take(kept).map(|chunk| format!("data: {chunk}\r\n\r\n")).collect();
    pieces.extend(bend.then.map(str::to_owned));
    let mut reply = Reply::google(200, "text/event-stream", paced(pieces, bend));
    reply.headers.push(("content-disposition", "attachment".to_owned()));
    reply
}

/// One JSON array, whose items come one after the other.
fn list(chunks: &[Value], bend: &Bend) -> Reply {
    let kept = bend.stop_after.unwrap_or(chunks.len());
    let opening = |at: usize| if at == 0 { "[" } else { ",\r\n" };
    let items = chunks.iter().take(kept).enumerate();
    let mut pieces: Vec<String> =
        items.map(|(at, chunk)| format!("{}{chunk}", opening(at))).collect();
    match (bend.stop_after, bend.then) {
        (_, Some(then)) => pieces.push(format!(",\r\n{then}\n]")),
        (None, None) => pieces.push("\n]\n".to_owned()),
        (Some(_), None) => {}
    }
    Reply::google(200, JSON, paced(pieces, bend))
}

pub(super) fn paced(pieces: Vec<String>, bend: &Bend) -> Payload {
    let Some(pace) = bend.pace else { return Payload::stream(pieces) };
    let payload =
        Payload::paced(pieces.into_iter().enumerate().map(|(at, text)| (pace.pause(at), text)));
    match pace {
        Pace::Stalls { at, ms } => payload.stalling(at, ms),
        Pace::Gaps(_) | Pace::Tokens { .. } => payload,
    }
}

/// What is said, before it is put into one piece or several.
pub(super) struct Answer {
    parts: Vec<Value>,
    finish: &'static str,
    prompt: u64,
    thoughts: u64,
    said: u64,
    version: String,
    stage: Option<&'static str>,
    id: String,
}

impl Answer {
    pub(super) fn think(body: &Value, prompt: &Prompt, model: &Model, bend: &Bend) -> Self {
        let config = field(body, "generationConfig");
        let limit =
            config.and_then(|config| field(config, "maxOutputTokens")).and_then(Value::as_u64);
        let wanted = thoughts(config, model);
        let left = limit.unwrap_or(u64::MAX).saturating_sub(wanted);
        let parts = if left == 0 { Vec::new() } else { parts(body, prompt, model, bend) };
        let (parts, said, cut) = shortened(parts, left);
        // Thinking that used everything up stops one short of the limit, as recorded.
        let thoughts = if left == 0 { limit.unwrap_or(1).saturating_sub(1) } else { wanted };
        Self {
            parts,
            finish: if left == 0 || cut { "MAX_TOKENS" } else { "STOP" },
            prompt: prompt.tokens,
            thoughts,
            said,
            version: bend.version.unwrap_or(model.answers_as()).to_owned(),
            stage: bend.stage,
            id: id(body, model),
        }
    }

    pub(super) fn whole(&self) -> Value {
        let mut content = json!({"role": "model"});
        if !self.parts.is_empty() {
            content["parts"] = self.parts.clone().into();
        }
        self.response(&json!({"content": content, "finishReason": self.finish, "index": 0}), true)
    }

    /// The parts, each text in pieces; the last chunk says why it ended.
    pub(super) fn chunks(&self, pace: Option<Pace>) -> Vec<Value> {
        let pieces: Vec<Value> = match pace {
            Some(Pace::Tokens { .. }) => self.parts.iter().flat_map(words).collect(),
            _ => self.parts.iter().flat_map(pieces).collect(),
        };
        let candidate =
            |part: &Value| json!({"content": {"parts": [part], "role": "model"}, "index": 0});
        let mut chunks: Vec<Value> =
            pieces.iter().map(|part| self.response(&candidate(part), false)).collect();
        let last = json!({"content": {"role": "model"}, "finishReason": self.finish, "index": 0});
        chunks.push(self.response(&last, true));
        chunks
    }

    fn response(&self, candidate: &Value, is_last: bool) -> Value {
        let mut response = json!({
            "candidates": [candidate],
            "usageMetadata": self.usage(is_last),
            "modelVersion": self.version,
            "responseId": self.id,
        });
        if let Some(stage) = self.stage {
            response["modelStatus"] = json!({"modelStage": stage});
        }
        response
    }

    fn usage(&self, is_last: bool) -> Value {
        let said = if is_last { self.said } else { 0 };
        let mut usage = json!({
            "promptTokenCount": self.prompt,
            "totalTokenCount": self.prompt + self.thoughts + said,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": self.prompt}],
        });
        // A count of zero is left out, as everywhere in this format.
        if said > 0 {
            usage["candidatesTokenCount"] = said.into();
        }
        if self.thoughts > 0 {
            usage["thoughtsTokenCount"] = self.thoughts.into();
        }
        usage
    }
}

/// How many tokens the model thinks, from what the request says or the model is used to.
fn thoughts(config: Option<&Value>, model: &Model) -> u64 {
    let config = config.and_then(|config| field(config, "thinkingConfig"));
    let budget = config.and_then(|config| field(config, "thinkingBudget")).and_then(Value::as_i64);
    let level = config.and_then(|config| field(config, "thinkingLevel")).and_then(Value::as_str);
    match (model.thinking, budget, level) {
        (Thinking::None, ..) => 0,
        (_, Some(budget), _) => u64::try_from(budget).map_or(180, |budget| (budget / 4).min(180)),
        (Thinking::Level { usual, .. }, _, level) => by_level(level.unwrap_or(usual)),
        (Thinking::Budget { least: 512, .. }, ..) => 0,
        (Thinking::Budget { .. }, ..) => 180,
    }
}

fn by_level(level: &str) -> u64 {
    match level.to_ascii_lowercase().as_str() {
        "minimal" => 0,
        "low" => 24,
        "high" => 420,
        _ => 180,
    }
}

fn parts(body: &Value, prompt: &Prompt, model: &Model, bend: &Bend) -> Vec<Value> {
    let text = |text: String| vec![json!({"text": text})];
    if let Some(said) = bend.text {
        return text(said.to_owned());
    }
    if let Some(call) = function_call(body, model) {
        return vec![call];
    }
    if let Some(said) = counted(&prompt.text) {
        return text(said);
    }
    if let Some(said) = recall::answer(&prompt.text, bend.reading) {
        return text(said);
    }
    match structured(field(body, "generationConfig")) {
        Some(value) => text(value.to_string()),
        None => text(TEXT.to_owned()),
    }
}

/// The numbers that somebody asks to be counted out.
fn counted(prompt: &str) -> Option<String> {
    let (_, rest) = prompt.split_once("Count from 1 to ")?;
    let to: u32 = rest.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()?;
    let numbers: Vec<String> =
        (1..=to.min(MOST_NUMBERS)).map(|number| number.to_string()).collect();
    Some(numbers.join(", "))
}

/// Calls the first declared function, until the last turn holds its response.
fn function_call(body: &Value, model: &Model) -> Option<Value> {
    let last = field(body, "contents").map(as_list)?.pop()?;
    let mode = field(body, "toolConfig")
        .and_then(|config| field(config, "functionCallingConfig"))
        .and_then(|config| config["mode"].as_str());
    if mode == Some("NONE") || !members::responses(last).is_empty() {
        return None;
    }
    let tools = field(body, "tools").map(as_list)?;
    let first = tools.into_iter().find_map(|tool| field(tool, "functionDeclarations"))?;
    let declaration = *as_list(first).first()?;
    let schema = field(declaration, "parameters").or(field(declaration, "parametersJsonSchema"));
    let arguments = schema.map_or(json!({}), sample::fitting);
    let mut call = json!({"functionCall": {"name": declaration["name"], "args": arguments}});
    if model.is_gemini_3_or_later() {
        call["functionCall"]["id"] = "sim1call".into();
        call["thoughtSignature"] = SIGNATURE.into();
    }
    Some(call)
}

fn structured(config: Option<&Value>) -> Option<Value> {
    let config = config?;
    let kind = field(config, "responseMimeType").and_then(Value::as_str)?;
    let schema = field(config, "responseJsonSchema").or(field(config, "responseSchema"));
    match kind {
        "application/json" => {
            Some(schema.map_or_else(|| json!({"answer": "simulated"}), sample::fitting))
        }
        _ => None,
    }
}

/// The parts that fit into so many tokens, their count, and whether something was left out.
fn shortened(parts: Vec<Value>, left: u64) -> (Vec<Value>, u64, bool) {
    let Some(text) = parts.first().and_then(|part| part["text"].as_str()) else {
        let said = parts.len() as u64 * 12;
        return (parts, said, false);
    };
    let all = tokens::of(text);
    if all <= left {
        return (parts, all, false);
    }
    let words = usize::try_from(left * 10 / 13).unwrap_or(usize::MAX).max(1);
    let kept: Vec<&str> = text.split_whitespace().take(words).collect();
    (vec![json!({"text": kept.join(" ")})], left, true)
}

/// A text part in up to three pieces; any other part as it is.
fn pieces(part: &Value) -> Vec<Value> {
    let Some(text) = part["text"].as_str() else { return vec![part.clone()] };
    let letters: Vec<char> = text.chars().collect();
    let size = letters.len().div_ceil(3).max(1);
    letters.chunks(size).map(|piece| json!({"text": piece.iter().collect::<String>()})).collect()
}

/// A text part word by word; any other part as it is.
fn words(part: &Value) -> Vec<Value> {
    let Some(text) = part["text"].as_str() else { return vec![part.clone()] };
    text.split_inclusive(' ').map(|word| json!({"text": word})).collect()
}

/// An id that depends on the request alone.
fn id(body: &Value, model: &Model) -> String {
    let text = format!("{}{body}", model.id);
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

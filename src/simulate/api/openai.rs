//! OpenAI's form of the API: requests put into the native form, and answers back. What a request may hold and what the
//! model says to it is judged where native ones are.

use serde_json::{Map, Value, json};

use super::super::call::Call;
use super::super::fault::{Bend, Build};
use super::super::reply::Reply;
use super::super::strict::Strict;
use super::error::ApiError;
use super::generate;
use super::members::as_list;
use super::models::{self, Model, Thinking};
use super::open_schema;
use super::reply_of_stream;
use super::{present, prompt, unknown, validate};

/// Answers a chat completion.
pub(super) fn chat(
    call: &Call,
    strict: Strict,
    bend: &Bend,
    build: Option<&Build>,
) -> Result<Reply, ApiError> {
    let id = call.model().unwrap_or_default().to_owned();
    let (model, request, body) = judged(&call.body, &id, strict)?;
    present(call, &id, "generateContent", build)?;
    let version = bend.version.or(build.and_then(Build::version));
    let prompt = prompt::read(&body, model, bend.reading)?;
    let bend = Bend { version, ..*bend };
    let answer = generate::Answer::think(&body, &prompt, model, &bend);
    Ok(match call.is_stream() {
        false => Reply::json(200, &completion(&answer.whole())),
        true => {
            let with_usage = request["stream_options"]["include_usage"] == true;
            reply_of_stream(pieces(&answer.chunks(bend.pace), with_usage, &bend), &bend)
        }
    })
}

/// The model, the request as it came, and the same in the native form, where all is good.
pub(super) fn judged(
    body: &[u8],
    id: &str,
    strict: Strict,
) -> Result<(&'static Model, Value, Value), ApiError> {
    let request = validate::chat(body, strict)?;
    let found = models::find(id).filter(|model| model.offers("generateContent"));
    let model = found.ok_or_else(|| unknown("v1beta", id, "generateContent"))?;
    let body = native(&request, model)?;
    validate::translated(&body, model, strict)?;
    Ok((model, request, body))
}

/// The list, as this form has it.
pub(super) fn list() -> Value {
    let data: Vec<Value> = models::ALL.iter().map(Model::describe_for_open_ai).collect();
    json!({"object": "list", "data": data})
}

fn native(request: &Value, model: &Model) -> Result<Value, ApiError> {
    let messages = as_list(&request["messages"]);
    let mut body = Map::new();
    let system =
        messages.iter().filter(|one| one["role"] == "system" || one["role"] == "developer");
    let system: Vec<Value> = system.map(|one| json!({"text": text(&one["content"])})).collect();
    if !system.is_empty() {
        body.insert("systemInstruction".into(), json!({ "parts": system }));
    }
    body.insert("contents".into(), contents(&messages).into());
    body.insert("generationConfig".into(), config(request, model)?);
    if let Some(tools) = request["tools"].as_array() {
        let declared: Vec<Value> =
            tools.iter().map(|tool| declaration(&tool["function"])).collect();
        body.insert("tools".into(), json!([{"functionDeclarations": declared}]));
        let mode = match &request["tool_choice"] {
            Value::String(word) if word == "none" => "NONE",
            Value::String(word) if word == "auto" => "AUTO",
            Value::Null => "AUTO",
            _ => "ANY",
        };
        body.insert("toolConfig".into(), json!({"functionCallingConfig": {"mode": mode}}));
    }
    Ok(body.into())
}

/// A function. One without arguments has no parameters.
fn declaration(function: &Value) -> Value {
    let mut declared = json!({"name": function["name"]});
    if let Some(words) = function.get("description").filter(|words| !words.is_null()) {
        declared["description"] = words.clone();
    }
    let has_some = |schema: &&Value| {
        schema.as_object().is_some_and(|members| {
            let lacks = |name| members.get(name).is_none_or(|one| *one == json!({}));
            let is_object = members.get("type").is_some_and(|kind| kind == "object");
            !(members.is_empty() || is_object && lacks("properties"))
        })
    };
    if let Some(schema) = function.get("parameters").filter(has_some) {
        match open_schema::of(schema) {
            Some(own) => declared["parameters"] = own,
            None => declared["parametersJsonSchema"] = schema.clone(),
        }
    }
    declared
}

/// The turns; results of tools that follow one another are one turn, as natively.
fn contents(messages: &[&Value]) -> Vec<Value> {
    let mut turns: Vec<Value> = Vec::new();
    for message in messages {
        match message["role"].as_str() {
            Some("system" | "developer") => {}
            Some("tool") => {
                let part = result(message, messages);
                let last = turns.last_mut().and_then(|turn| turn["parts"].as_array_mut());
                let last = last.filter(|parts| {
                    parts.iter().all(|part| part.get("functionResponse").is_some())
                });
                match last {
                    Some(parts) => parts.push(part),
                    None => turns.push(json!({"role": "user", "parts": [part]})),
                }
            }
            Some("assistant") => turns.push(json!({"role": "model", "parts": said(message)})),
            _ => {
                turns.push(json!({"role": "user", "parts": [{"text": text(&message["content"])}]}));
            }
        }
    }
    turns
}

fn said(message: &Value) -> Vec<Value> {
    let mut parts = Vec::new();
    let words = text(&message["content"]);
    if !words.is_empty() {
        parts.push(json!({ "text": words }));
    }
    for call in message["tool_calls"].as_array().into_iter().flatten() {
        let arguments = call["function"]["arguments"].as_str().unwrap_or("{}");
        let arguments: Value = serde_json::from_str(arguments).unwrap_or_else(|_| json!({}));
        let call_of =
            json!({"id": call["id"], "name": call["function"]["name"], "args": arguments});
        let mut part = json!({ "functionCall": call_of });
        if let Some(signature) = call["extra_content"]["google"]["thought_signature"].as_str() {
            part["thoughtSignature"] = signature.into();
        }
        parts.push(part);
    }
    parts
}

/// A tool's result names its call by an id; natively it bears the name of the function.
fn result(message: &Value, messages: &[&Value]) -> Value {
    let id = &message["tool_call_id"];
    let calls = messages.iter().filter_map(|one| one["tool_calls"].as_array()).flatten();
    let name =
        calls.into_iter().find(|call| call["id"] == *id).map(|call| &call["function"]["name"]);
    let name = name.cloned().unwrap_or_else(|| "unknown".into());
    let words = text(&message["content"]);
    let response = serde_json::from_str::<Value>(&words).ok().filter(Value::is_object);
    let response = response.unwrap_or_else(|| json!({ "result": words }));
    json!({"functionResponse": {"id": id, "name": name, "response": response}})
}

/// A text, or the texts among parts.
fn text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| part["text"].as_str()).collect(),
        _ => String::new(),
    }
}

fn config(request: &Value, model: &Model) -> Result<Value, ApiError> {
    let mut config = Map::new();
    for (ours, theirs) in [
        ("maxOutputTokens", "max_tokens"),
        ("maxOutputTokens", "max_completion_tokens"),
        ("temperature", "temperature"),
        ("topP", "top_p"),
        ("candidateCount", "n"),
        ("stopSequences", "stop"),
        ("presencePenalty", "presence_penalty"),
        ("frequencyPenalty", "frequency_penalty"),
    ] {
        if let Some(value) = request.get(theirs).filter(|value| !value.is_null()) {
            config.insert(ours.into(), value.clone());
        }
    }
    if let Some(effort) = request["reasoning_effort"].as_str() {
        config.insert("thinkingConfig".into(), thinking(effort, model)?);
    }
    match request["response_format"]["type"].as_str() {
        Some("json_schema") => {
            let schema = &request["response_format"]["json_schema"]["schema"];
            let (name, schema) = match open_schema::of(schema) {
                Some(own) => ("responseSchema", own),
                None => ("responseJsonSchema", schema.clone()),
            };
            config.insert(name.into(), schema);
            config.insert("responseMimeType".into(), "application/json".into());
        }
        Some("json_object") => {
            config.insert("responseMimeType".into(), "application/json".into());
        }
        _ => {}
    }
    Ok(config.into())
}

/// The documented table of efforts.
fn thinking(effort: &str, model: &Model) -> Result<Value, ApiError> {
    let refuse =
        || ApiError::invalid(format!("Unsupported value for reasoning_effort: \"{effort}\""));
    let level = |level: &str| Ok(json!({ "thinkingLevel": level }));
    let budget = |tokens: u32| Ok(json!({ "thinkingBudget": tokens }));
    match (model.thinking, effort) {
        (Thinking::None, _) => Err(refuse()),
        (Thinking::Level { minimal: false, .. }, "minimal") => level("low"),
        (Thinking::Level { .. }, "minimal" | "low" | "medium" | "high") => level(effort),
        (Thinking::Budget { can_be_off: true, .. }, "none") => budget(0),
        (Thinking::Budget { .. }, "minimal" | "low") => budget(1024),
        (Thinking::Budget { .. }, "medium") => budget(8192),
        (Thinking::Budget { .. }, "high") => budget(24_576),
        _ => Err(refuse()),
    }
}

/// A whole answer in this form.
fn completion(native: &Value) -> Value {
    let candidate = &native["candidates"][0];
    let mut message = json!({"role": "assistant"});
    fill(&mut message, candidate);
    let choice = json!({"index": 0, "message": message, "finish_reason": finish(candidate)});
    json!({
        "id": native["responseId"],
        "object": "chat.completion",
        "created": CREATED,
        "model": native["modelVersion"],
        "choices": [choice],
        "usage": usage(native),
    })
}

/// The moment that every answer bears.
const CREATED: u64 = 1_790_000_000;

fn fill(message: &mut Value, candidate: &Value) {
    let parts = || candidate["content"]["parts"].as_array().into_iter().flatten();
    let words: String = parts().filter_map(|part| part["text"].as_str()).collect();
    if !words.is_empty() {
        message["content"] = words.into();
    }
    let calls: Vec<Value> = parts().filter_map(tool_call).collect();
    if !calls.is_empty() {
        message["tool_calls"] = calls.into();
    }
}

fn tool_call(part: &Value) -> Option<Value> {
    let call = part.get("functionCall")?;
    let function = json!({"name": call["name"], "arguments": call["args"].to_string()});
    let id = call.get("id").cloned().unwrap_or_else(|| "function-call-1".into());
    let mut told = json!({"id": id, "type": "function", "function": function});
    if let Some(signature) = part.get("thoughtSignature") {
        told["extra_content"] = json!({"google": {"thought_signature": signature}});
    }
    Some(told)
}

fn finish(candidate: &Value) -> Value {
    let calls = || candidate["content"]["parts"].as_array().into_iter().flatten();
    match candidate["finishReason"].as_str() {
        Some("STOP") if calls().any(|part| part.get("functionCall").is_some()) => {
            "tool_calls".into()
        }
        Some("STOP") => "stop".into(),
        Some("MAX_TOKENS") => "length".into(),
        Some("SAFETY" | "PROHIBITED_CONTENT" | "BLOCKLIST") => "content_filter".into(),
        Some(other) => other.to_ascii_lowercase().into(),
        None => Value::Null,
    }
}

/// Thinking is in the sum alone, as on Google's own routes.
fn usage(native: &Value) -> Value {
    let tokens = &native["usageMetadata"];
    json!({
        "prompt_tokens": tokens["promptTokenCount"],
        "completion_tokens": tokens["candidatesTokenCount"].as_u64().unwrap_or(0),
        "total_tokens": tokens["totalTokenCount"],
    })
}

/// The events of a stream: one for each piece, the tokens where they were asked for, and the word that ends it.
fn pieces(chunks: &[Value], with_usage: bool, bend: &Bend) -> Vec<String> {
    let kept = bend.stop_after.unwrap_or(chunks.len());
    let event = |value: &Value| format!("data: {value}\n\n");
    let chunk = |native: &Value, choices: Value| {
        json!({
            "id": native["responseId"],
            "object": "chat.completion.chunk",
            "created": CREATED,
            "model": native["modelVersion"],
            "choices": choices,
        })
    };
    let piece = |native: &Value| {
        let candidate = &native["candidates"][0];
        let mut delta = json!({"role": "assistant"});
        fill(&mut delta, candidate);
        let choice = json!([{"index": 0, "delta": delta, "finish_reason": finish(candidate)}]);
        event(&chunk(native, choice))
    };
    let mut events: Vec<String> = chunks.iter().take(kept).map(piece).collect();
    match (bend.then, bend.stop_after, chunks.last()) {
        (Some(then), ..) => events.push(then.to_owned()),
        (None, None, Some(last)) => {
            if with_usage {
                let mut told = chunk(last, json!([]));
                told["usage"] = usage(last);
                events.push(event(&told));
            }
            events.push("data: [DONE]\n\n".to_owned());
        }
        _ => {}
    }
    events
}

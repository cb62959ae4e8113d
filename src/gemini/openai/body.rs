//! Native questions in OpenAI's form. Only what this program asks itself is translated; a body of the caller's
//! own is sent as it is.

use serde_json::{Map, Value, json};

/// Room for an answer with whatever thinking the gateway's model is used to: how to ask for less differs from one
/// gateway to the next.
const GATEWAYS_ROOM: u64 = 1024;

/// Whether a body already has OpenAI's form.
pub fn is_chat(body: &Value) -> bool {
    body["messages"].is_array()
}

/// A body as `chat/completions` takes it. Google's own routes are told how much to think.
pub fn chat(model: &str, body: &Value, is_stream: bool, googles: bool) -> Value {
    let mut chat = match is_chat(body) {
        true => body.clone(),
        false => translated(body, googles),
    };
    chat["model"] = json!(model);
    if is_stream {
        chat["stream"] = json!(true);
        chat["stream_options"] = json!({"include_usage": true});
    }
    chat
}

/// The tokens that answers to a body in this form can have at most; none without a cap.
pub fn most_output(body: &Value) -> Option<u64> {
    let each = CAPS.iter().filter_map(|name| body[*name].as_u64()).max()?;
    Some(each.saturating_mul(body["n"].as_u64().unwrap_or(1).max(1)))
}

/// The body with a cap on what an answer can have, where it had none.
pub fn capped(mut body: Value, tokens: u32) -> Value {
    if most_output(&body).is_none() {
        body[CAPS[0]] = json!(tokens);
    }
    body
}

/// The older name is the one that every gateway knows.
const CAPS: [&str; 2] = ["max_tokens", "max_completion_tokens"];

fn translated(body: &Value, googles: bool) -> Value {
    let config = &body["generationConfig"];
    let mut chat = Map::new();
    let turns = body["contents"].as_array().into_iter().flatten();
    chat.insert("messages".to_owned(), turns.flat_map(messages).collect());
    let effort = effort(&config["thinkingConfig"]);
    if let Some(room) = config["maxOutputTokens"].as_u64() {
        let room = if effort.is_some() && !googles { room.max(GATEWAYS_ROOM) } else { room };
        chat.insert(CAPS[0].to_owned(), json!(room));
    }
    if let Some(effort) = effort.filter(|_| googles) {
        chat.insert("reasoning_effort".to_owned(), json!(effort));
    }
    if let Some(tools) = tools(&body["tools"]) {
        chat.insert("tools".to_owned(), tools);
        let forced = body["toolConfig"]["functionCallingConfig"]["mode"] == "ANY";
        let choice = if forced { "required" } else { "auto" };
        chat.insert("tool_choice".to_owned(), json!(choice));
    }
    let schema = config.get("responseSchema").or_else(|| config.get("responseJsonSchema"));
    if let Some(schema) = schema {
        let schema = json!({"name": "answer", "schema": lower_types(schema)});
        let format = json!({"type": "json_schema", "json_schema": schema});
        chat.insert("response_format".to_owned(), format);
    }
    Value::Object(chat)
}

/// What the levels and budgets that this program asks for are called there.
fn effort(thinking: &Value) -> Option<&'static str> {
    match (thinking["thinkingLevel"].as_str(), thinking["thinkingBudget"].as_i64()) {
        (Some("minimal"), _) => Some("minimal"),
        (Some(_), _) => Some("low"),
        (None, Some(0)) => Some("none"),
        (None, Some(_)) => Some("low"),
        (None, None) => None,
    }
}

/// A turn as one message, or as one for each tool's result in it.
fn messages(turn: &Value) -> Vec<Value> {
    let parts = || turn["parts"].as_array().into_iter().flatten();
    let results: Vec<Value> =
        parts().filter_map(|part| part.get("functionResponse")).map(result).collect();
    if !results.is_empty() {
        return results;
    }
    let text: String = parts().filter_map(|part| part["text"].as_str()).collect();
    let role = if turn["role"] == "model" { "assistant" } else { "user" };
    let calls: Vec<Value> = parts().filter_map(call).collect();
    let mut message = json!({"role": role, "content": text});
    if !calls.is_empty() {
        message["tool_calls"] = calls.into();
        if text.is_empty() {
            message["content"] = Value::Null;
        }
    }
    vec![message]
}

fn result(response: &Value) -> Value {
    let id = response["id"].as_str().unwrap_or_default();
    json!({"role": "tool", "tool_call_id": id, "content": response["response"].to_string()})
}

/// A call of a tool, with the signature that came with it: newer models refuse it without.
fn call(part: &Value) -> Option<Value> {
    let call = part.get("functionCall")?;
    let function = json!({"name": call["name"], "arguments": call["args"].to_string()});
    let mut told = json!({"id": call["id"], "type": "function", "function": function});
    if let Some(extra) = part.get(EXTRA) {
        told[EXTRA] = extra.clone();
    }
    Some(told)
}

/// Where Google's routes put what OpenAI's form has no member for.
pub(super) const EXTRA: &str = "extra_content";

fn tools(native: &Value) -> Option<Value> {
    let declared =
        native.as_array()?.iter().filter_map(|tool| tool["functionDeclarations"].as_array());
    let tool = |one: &Value| {
        let mut function = one.clone();
        function["parameters"] = lower_types(&one["parameters"]);
        json!({"type": "function", "function": function})
    };
    Some(declared.flatten().map(tool).collect())
}

/// `OBJECT` as `object`, at every depth: here schemas are JSON Schema.
fn lower_types(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| match value.as_str().filter(|_| name == "type") {
                Some(word) => (name.clone(), json!(word.to_ascii_lowercase())),
                None => (name.clone(), lower_types(value)),
            })
            .collect(),
        Value::Array(items) => items.iter().map(lower_types).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::models::Thinking,
        gemini::{generation, openai::answer},
    };

    #[test]
    fn googles_route_is_told_how_much_to_think_and_gateways_get_room() {
        let body = generation::minimal(Thinking::Minimal, "v1beta");
        let googles = chat("m", &body, false, true);
        assert_eq!(
            (&googles["reasoning_effort"], &googles["max_tokens"]),
            (&json!("minimal"), &json!(64))
        );
        let gateways = chat("m", &body, true, false);
        assert_eq!(gateways.get("reasoning_effort"), None);
        assert_eq!((&gateways["max_tokens"], &gateways["stream"]), (&json!(1024), &json!(true)));
        assert_eq!(gateways["messages"][0]["content"], "Reply with the word ok.");
        let off = chat("m", &generation::minimal(Thinking::Budget(0), "v1beta"), false, true);
        assert_eq!(off["reasoning_effort"], "none");
    }

    #[test]
    fn a_tool_goes_there_and_back_with_its_signature() {
        let question = generation::tool_question(Thinking::Low, "v1beta");
        let asked = chat("m", &question, false, true);
        assert_eq!(asked["tools"][0]["function"]["parameters"]["type"], "object");
        assert_eq!(asked["tool_choice"], "required");
        let reply = json!({"object": "chat.completion", "choices": [{"finish_reason": "tool_calls",
            "message": {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function",
                "extra_content": {"google": {"thought_signature": "c2ln"}},
                "function": {"name": "lucky_number", "arguments": "{\"town\":\"Example\"}"}}]}}]});
        let native = answer::completion(&reply);
        assert_eq!(generation::tool_trouble(&native), None);
        let follow_up = generation::tool_result(&question, &native).expect("a call to answer");
        let sent = chat("m", &follow_up, false, true);
        assert_eq!(
            sent["messages"][1]["tool_calls"][0]["extra_content"]["google"]["thought_signature"],
            "c2ln"
        );
        assert_eq!(
            sent["messages"][1]["tool_calls"][0]["function"]["arguments"],
            "{\"town\":\"Example\"}"
        );
        assert_eq!(
            (&sent["messages"][2]["role"], &sent["messages"][2]["tool_call_id"]),
            (&json!("tool"), &json!("c1"))
        );
    }

    #[test]
    fn a_schema_is_asked_for_as_json_schema() {
        let body = generation::structured_question(Thinking::None, "v1beta");
        let asked = chat("m", &body, false, true);
        let schema = &asked["response_format"]["json_schema"]["schema"];
        assert_eq!(schema["properties"]["need_review"]["type"], "boolean");
    }

    #[test]
    fn a_body_of_ones_own_stays_as_it_is() {
        let own = json!({"messages": [{"role": "user", "content": "hi"}], "temperature": 0});
        let sent = chat("m", &capped(own.clone(), 50), false, false);
        assert_eq!((&sent["temperature"], &sent["max_tokens"]), (&json!(0), &json!(50)));
        assert_eq!(most_output(&json!({"max_completion_tokens": 7, "n": 3})), Some(21));
        assert!(is_chat(&own) && !is_chat(&json!({"contents": []})));
    }
}

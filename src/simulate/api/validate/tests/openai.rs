//! Chat completions in OpenAI's form.

use serde_json::{Value, json};

use super::{FLASH, OLD, Way};

const WAY: Way = Way { method: "chat/completions", ..Way::to(FLASH) };

fn chat(member: &str, value: &Value) -> Value {
    let mut body = json!({"model": FLASH, "messages": [{"role": "user", "content": "hi"}]});
    body[member] = value.clone();
    body
}

#[test]
fn names_are_known_at_any_depth() {
    let unknown = |name: &str, place: &str| {
        format!("Invalid JSON payload received. Unknown name \"{name}\"{place}: Cannot find field.")
    };
    WAY.refuses(&chat("google", &json!({})), &unknown("google", ""));
    WAY.refuses(&chat("max_output_tokens", &json!(5)), &unknown("max_output_tokens", ""));
    let marked = json!([{"role": "user", "content": [{"type": "text", "text": "hi",
        "cache_control": {}}]}]);
    WAY.refuses(
        &chat("messages", &marked),
        &unknown("cache_control", " at 'messages[0].content[0]'"),
    );
    let tool = json!([{"type": "function", "function": {"name": "f", "schema": {}}}]);
    WAY.refuses(&chat("tools", &tool), &unknown("schema", " at 'tools[0].function'"));
    WAY.takes(&chat(
        "extra_body",
        &json!({"google": {"thinking_config": {"thinking_level": "low"}}}),
    ));
    let plain = json!([{"role": "user", "content": [{"type": "text", "text": "hi"}]}]);
    WAY.takes(&chat("messages", &plain));
}

#[test]
fn values_are_of_their_type() {
    WAY.refuses(&chat("temperature", &json!("hot")), "Invalid value at 'temperature' (TYPE_FLOAT)");
    WAY.refuses(&chat("stream", &json!("yes")), "Invalid value at 'stream' (TYPE_BOOL), \"yes\"");
    WAY.refuses(
        &chat("response_format", &json!({"type": "json"})),
        "Invalid value at 'response_format.type'",
    );
    WAY.takes(&chat("stop", &json!("END")));
    WAY.takes(&chat("tool_choice", &json!("auto")));
}

#[test]
fn what_is_asked_of_the_model_is_judged_as_natively() {
    WAY.refuses(&chat("n", &json!(2)), "Multiple candidates is not enabled for this model");
    WAY.refuses(&chat("frequency_penalty", &json!(0.5)), "Penalty is not enabled for this model");
    WAY.refuses(
        &chat("stop", &json!(["a", "b", "c", "d", "e", "f"])),
        "* GenerateContentRequest.generation_config.stop_sequences: at most 5",
    );
    let tool = |name: &str| json!([{"type": "function", "function": {"name": name}}]);
    WAY.refuses(&chat("tools", &tool("1st")), "* GenerateContentRequest.tools[0].function_decl");
    WAY.takes(&chat("tools", &tool("first")));
    let with_json = |model: &str| {
        let mut body = chat("tools", &tool("f"));
        body["model"] = model.into();
        body["response_format"] = json!({"type": "json_object"});
        body
    };
    let old = Way { model: OLD, ..WAY };
    old.refuses(&with_json(OLD), "Function calling with a response mime type");
    WAY.takes(&with_json(FLASH));
}

#[test]
fn messages_are_there_and_of_known_roles() {
    WAY.refuses(&json!({"model": FLASH}), "messages: at least one message is required");
    let of = |role: &str| chat("messages", &json!([{"role": role, "content": "hi"}]));
    WAY.refuses(&of("model"), "Please use a valid role");
    WAY.takes(&of("user"));
}

#[test]
fn thinking_is_steered_in_one_way() {
    let mut both = chat("reasoning_effort", &json!("low"));
    WAY.takes(&both);
    both["extra_body"] = json!({"google": {"thinking_config": {"thinking_budget": 100}}});
    WAY.refuses(&both, "reasoning_effort and thinking_config are not supported together.");
    both["extra_body"] = json!({"google": {"thinking_config": {"include_thoughts": true}}});
    WAY.takes(&both);
    WAY.refuses(
        &chat("reasoning_effort", &json!("none")),
        "Unsupported value for reasoning_effort: \"none\"",
    );
}

#[test]
fn schemas_are_judged_as_the_apis_own_where_they_can_be_said_so() {
    let declared = |parameters: Value| {
        chat(
            "tools",
            &json!([{"type": "function", "function": {"name": "f", "parameters": parameters}}]),
        )
    };
    let of = |schema: Value| declared(json!({"type": "object", "properties": {"a": schema}}));
    let path =
        "* GenerateContentRequest.tools[0].function_declarations[0].parameters.properties[a]";
    WAY.refuses(&of(json!({"type": "array"})), &format!("{path}.items: missing field."));
    WAY.refuses(&of(json!({"description": "x"})), &format!("{path}.type: must be specified"));
    WAY.refuses(
        &of(json!({"type": "string", "enum": ["a", ""]})),
        &format!("{path}.enum[1]: cannot be empty"),
    );
    let answer = |schema: Value| {
        let format = json!({"type": "json_schema", "json_schema": {"name": "n", "schema": schema}});
        chat("response_format", &format)
    };
    WAY.refuses(
        &answer(json!({"type": "object", "properties": {"a": {"type": "array"}}})),
        "* GenerateContentRequest.generation_config.response_schema.properties[a].items: missing",
    );
    for good in [
        json!({"type": ["string", "null"], "minLength": 1, "default": "x"}),
        json!({"type": ["string", "integer"]}),
        json!({"type": "object", "additionalProperties": false, "properties": {"b": {"type": "boolean"}}}),
        json!({"$ref": "#/$defs/b"}),
        json!({"type": "integer", "enum": [1, 2]}),
        json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
    ] {
        WAY.takes(&of(good.clone()));
        WAY.takes(&answer(good));
    }
    // What a schema says of its own type is judged, and its absence is nothing to stumble over.
    WAY.refuses(
        &declared(json!({"properties": {"a": {"type": "string"}}})),
        "* GenerateContentRequest.tools[0].function_declarations[0].parameters.type: must be",
    );
    for none in [json!({}), json!({"type": "object", "properties": {}}), json!({"type": "object"})]
    {
        Way { model: OLD, ..WAY }.takes(&declared(none));
    }
}

//! Tools: names, combinations, and how they are asked for.

use serde_json::{Value, json};

use super::{FLASH, GEMMA, OLD, Way, with};

const WAY: Way = Way::to(FLASH);

fn declared(functions: &Value) -> Value {
    with("tools", &json!([{"functionDeclarations": functions}]))
}

fn named(name: &str) -> Value {
    json!({"name": name, "description": "Does it."})
}

#[test]
fn a_function_has_a_name_of_the_right_shape() {
    let sentence = "* GenerateContentRequest.tools[0].function_declarations[1].name: Invalid function \
                    name. Must start with a letter or an underscore.";
    for bad in ["", "1st", "a b", "größe", "a/b", &"x".repeat(129)] {
        WAY.refuses(&declared(&json!([named("ok"), named(bad)])), sentence);
    }
    for good in ["_f", "a.b:c-d_1", &"x".repeat(128)] {
        WAY.takes(&declared(&json!([named("ok"), named(good)])));
    }
}

#[test]
fn a_name_is_declared_once() {
    WAY.refuses(
        &declared(&json!([named("f"), named("f")])),
        "Duplicate function declaration found: f",
    );
    WAY.takes(&declared(&json!([named("f"), named("F")])));
}

#[test]
fn there_are_not_too_many_functions() {
    let many = |count: usize| {
        let all: Vec<Value> = (0..count).map(|at| named(&format!("f{at}"))).collect();
        declared(&all.into())
    };
    WAY.refuses_barely(&many(513));
    WAY.takes(&many(512));
}

#[test]
fn a_schema_has_one_form() {
    let mut both = named("f");
    both["parameters"] = json!({"type": "OBJECT", "properties": {"a": {"type": "STRING"}}});
    WAY.takes(&declared(&json!([both])));
    both["parametersJsonSchema"] = json!({"type": "object"});
    WAY.refuses(
        &declared(&json!([both])),
        "* GenerateContentRequest.tools[0].function_declarations[0].parameters_json_schema: ",
    );
}

#[test]
fn only_declared_functions_are_allowed_and_only_where_a_call_is_wanted() {
    let asked = |mode: &str, name: &str| {
        let mut body = declared(&json!([named("f")]));
        body["toolConfig"] =
            json!({"functionCallingConfig": {"mode": mode, "allowedFunctionNames": [name]}});
        body
    };
    let path =
        "* GenerateContentRequest.tool_config.function_calling_config.allowed_function_names";
    WAY.refuses(&asked("AUTO", "f"), &format!("{path}: only allowed when mode is ANY"));
    WAY.refuses(&asked("ANY", "g"), &format!("{path}[0]: function is not declared"));
    WAY.takes(&asked("ANY", "f"));
    WAY.takes(&asked("validated", "f"));
}

#[test]
fn the_old_search_has_a_new_name() {
    let sentence = "Unable to submit request because Please use google_search field instead of \
                    google_search_retrieval field..";
    for model in [OLD, FLASH] {
        Way::to(model).refuses(&with("tools", &json!([{"googleSearchRetrieval": {}}])), sentence);
        Way::to(model).takes(&with("tools", &json!([{"googleSearch": {}}])));
    }
}

#[test]
fn built_in_tools_and_functions_go_together_from_gemini_3_on_with_a_switch() {
    let both =
        with("tools", &json!([{"googleSearch": {}}, {"functionDeclarations": [named("f")]}]));
    Way::to(OLD).refuses(&both, "Tool use with function calling is unsupported");
    WAY.refuses(
        &both,
        "Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with Function calling.",
    );
    Way { version: "vertex", ..WAY }.takes(&both);
    let switched = |word: Value| {
        let mut body = both.clone();
        body["tool_config"] = json!({"include_server_side_tool_invocations": word});
        body
    };
    WAY.takes(&switched(json!(true)));
    WAY.takes(&switched(json!("true")));
    WAY.refuses(&switched(json!(false)), "Please enable tool_config.");
    let two = with("tools", &json!([{"googleSearch": {}}, {"codeExecution": {}}]));
    Way::to(OLD).takes(&two);
    let cloud = Way { version: "vertex", ..Way::to(OLD) };
    cloud.refuses(&two, "Multiple tools are supported only when they are all search tools.");
    cloud.takes(&with("tools", &json!([{"googleSearch": {}}, {"enterpriseWebSearch": {}}])));
}

#[test]
fn json_and_tools_go_together_from_gemini_3_on() {
    let asked = |tool: Value| {
        let mut body = with("tools", &json!([tool]));
        body["generationConfig"] = json!({"responseMimeType": "application/json"});
        body
    };
    let function = asked(json!({"functionDeclarations": [named("f")]}));
    let search = asked(json!({"googleSearch": {}}));
    let rest = "with a response mime type: 'application/json' is unsupported";
    Way::to(OLD).refuses(&function, &format!("Function calling {rest}"));
    Way::to(OLD).refuses(&search, &format!("Tool use {rest}"));
    WAY.takes(&function);
    WAY.takes(&search);
    let mut plain = function;
    plain["generationConfig"]["responseMimeType"] = "text/plain".into();
    Way::to(OLD).takes(&plain);
}

#[test]
fn not_every_model_runs_code() {
    let code = with("tools", &json!([{"codeExecution": {}}]));
    Way::to(GEMMA).refuses(&code, "Code execution is not enabled for models/gemma-4-31b-it");
    WAY.takes(&code);
}

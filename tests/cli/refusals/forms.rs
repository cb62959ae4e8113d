//! Tools, and the schemas of their parameters and of answers.

use super::{Case, FLASH, GEMMA, OLD, case, config, functions, parameters, to, with};

const WAY: super::Way = to(FLASH);

pub(super) fn cases() -> Vec<Case> {
    [tools(), schemas()].into_iter().flatten().collect()
}

fn named(name: &str) -> String {
    format!(r#"{{"name": "{name}", "description": "d"}}"#)
}

fn tools() -> Vec<Case> {
    let name = |name: &str| case("tools::names", WAY, functions(&named(name)));
    let two = |one: &str, other: &str| {
        functions(&format!(
            r#"{{"name": "f", "description": "d", "{one}": {{"type": "object", "properties": {{"a": {{"type": "string"}}}}}}, "{other}": {{"type": "object", "properties": {{"a": {{"type": "string"}}}}}}}}"#
        ))
    };
    let allowed = |mode: &str, name: &str| {
        with(&format!(
            r#""tools": [{{"functionDeclarations": [{}]}}], "toolConfig": {{"functionCallingConfig": {{"mode": "{mode}", "allowedFunctionNames": ["{name}"]}}}}"#,
            named("f")
        ))
    };
    let tools = |list: &str| with(&format!(r#""tools": [{list}]"#));
    let json = |tool: &str| {
        with(&format!(
            r#""generationConfig": {{"responseMimeType": "application/json"}}, "tools": [{tool}]"#
        ))
    };
    let function = format!(r#"{{"functionDeclarations": [{}]}}"#, named("f"));
    let many: Vec<String> = (0..513).map(|at| named(&format!("f{at}"))).collect();
    let mixed = tools(&format!(r#"{{"googleSearch": {{}}}}, {function}"#));
    let mixed_with =
        |rest: &str| with(&format!(r#""tools": [{{"urlContext": {{}}}}, {function}]{rest}"#));
    vec![
        name(""),
        name("1st"),
        name("a b"),
        name("größe"),
        name("a/b"),
        name(&"x".repeat(129)),
        case("tools::names", WAY, two("parameters", "parametersJsonSchema")),
        case("tools::names", WAY, two("response", "responseJsonSchema")),
        case("tools::allowed", WAY, allowed("AUTO", "f")),
        case("tools::allowed", WAY, allowed("NONE", "f")),
        case("tools::allowed", WAY, allowed("ANY", "g")),
        case("tools::twice", WAY, functions(&format!("{}, {}", named("f"), named("f")))),
        case("tools::twice", WAY, functions(&many.join(", "))),
        case("tools::renamed", to(OLD), tools(r#"{"googleSearchRetrieval": {}}"#)),
        case("tools::renamed", WAY, tools(r#"{"googleSearchRetrieval": {}}"#)),
        case("tools::code", to(GEMMA), tools(r#"{"codeExecution": {}}"#))
            .mild("on record of Gemma 3, and not of Gemma 4"),
        case("tools::together", to(OLD), mixed),
        case(
            "tools::together",
            to(OLD).at("vertex"),
            tools(r#"{"googleSearch": {}}, {"codeExecution": {}}"#),
        ),
        case("tools::together", WAY, mixed_with("")),
        case(
            "tools::together",
            WAY,
            mixed_with(r#", "toolConfig": {"includeServerSideToolInvocations": false}"#),
        ),
        case("tools::with_json", to(OLD), json(&function)),
        case("tools::with_json", to(OLD), json(r#"{"googleSearch": {}}"#)),
    ]
}

fn schemas() -> Vec<Case> {
    let object = |inner: &str| format!(r#"{{"type": "OBJECT", "properties": {{"a": {inner}}}}}"#);
    let shape = |inner: &str| case("schema::shapes", WAY, parameters(&object(inner)));
    let listed = |list: &str| {
        format!(
            r#"{{"type": "OBJECT", "properties": {{"b": {{"type": "STRING"}}}}, "{list}": ["b", "c"]}}"#
        )
    };
    let answer = |name: &str, schema: &str| {
        config(&format!(r#""responseMimeType": "application/json", "{name}": {schema}"#))
    };
    let nested = (1..31).fold(r#"{"type": "STRING"}"#.to_owned(), |inner, _| object(&inner));
    let long = |field: &str| {
        answer(
            field,
            &object(r#"{"type": "ARRAY", "maxItems": 1000, "items": {"type": "STRING"}}"#),
        )
    };
    let plain = |field: &str| config(&format!(r#""{field}": {{"type": "string"}}"#));
    let both = r#""responseMimeType": "application/json", "responseSchema": {"type": "STRING"}, "responseJsonSchema": {"type": "string"}"#;
    vec![
        shape(r#"{"description": "x"}"#),
        shape(r#"{"type": 0}"#),
        shape(r#"{"type": "TYPE_UNSPECIFIED"}"#),
        shape(r#"{"type": "ARRAY"}"#),
        shape(r#"{"type": "ARRAY", "items": {"type": "ARRAY"}}"#),
        shape(r#"{"type": "STRING", "items": {"type": "STRING"}}"#),
        shape(r#"{"type": "STRING", "properties": {"b": {"type": "STRING"}}}"#),
        shape(r#"{"anyOf": [{"type": "STRING"}, {}]}"#),
        shape(r#"{"type": "INTEGER", "enum": ["1"]}"#),
        shape(r#"{"type": "STRING", "enum": ["a", ""]}"#),
        shape(&listed("required")),
        shape(&listed("propertyOrdering")).mild("on record of required, and not of the order"),
        case("schema::shapes", WAY, answer("responseSchema", r#"{"type": "ARRAY"}"#)),
        case("schema::shapes", to(OLD), parameters(r#"{"type": "OBJECT"}"#))
            .mild("on record of models before 2.5; later ones were seen to take it"),
        case("schema::shapes", to(OLD), parameters(&object(r#"{"type": "OBJECT"}"#)))
            .mild("on record of models before 2.5; later ones were seen to take it"),
        case(
            "schema::choices",
            WAY.at("vertex"),
            parameters(&object(r#"{"type": "STRING", "anyOf": [{"type": "STRING"}]}"#)),
        ),
        case(
            "schema::choices",
            WAY.at("vertex"),
            answer("responseSchema", r#"{"type": "STRING", "anyOf": [{"type": "STRING"}]}"#),
        ),
        case("schema::depth", WAY, parameters(&nested)).mild("no figure is published"),
        case("schema::depth", WAY, answer("responseSchema", &nested))
            .mild("no figure is published"),
        case("budget::states", WAY, long("responseSchema")).mild("no figure is published"),
        case("budget::states", WAY, long("responseJsonSchema")).mild("no figure is published"),
        case("generation::schema_and_form", WAY, plain("responseSchema")),
        case("generation::schema_and_form", WAY, plain("responseJsonSchema")),
        case("generation::schema_and_form", WAY, config(both)),
    ]
}

//! Schemas in OpenAPI's form.

use serde_json::{Value, json};

use super::{FLASH, OLD, Way, config, parameters};

const WAY: Way = Way::to(FLASH);
const PATH: &str = "* GenerateContentRequest.tools[0].function_declarations[0].parameters";

fn object(schema: &Value) -> Value {
    json!({"type": "OBJECT", "properties": {"a": schema}})
}

#[track_caller]
fn pair(bad: &Value, fault: &str, good: &Value) {
    WAY.refuses(&parameters(&object(bad)), &format!("{PATH}.properties[a]{fault}"));
    WAY.takes(&parameters(&object(good)));
}

#[test]
fn everything_has_a_type_and_what_goes_with_it() {
    let text = json!({"type": "STRING"});
    let untyped = ".type: must be specified when not using one_of, any_of or all_of fields";
    pair(&json!({"description": "x"}), untyped, &json!({"anyOf": [text]}));
    pair(&json!({"type": 0}), untyped, &json!({"type": 1}));
    pair(
        &json!({"type": "ARRAY"}),
        ".items: missing field.",
        &json!({"type": "array", "items": text}),
    );
    pair(&json!({"type": "STRING", "items": text}), ".items: only allowed for ARRAY type", &text);
    pair(
        &json!({"type": "STRING", "properties": {"b": text}}),
        ".properties: only allowed for OBJECT type",
        &json!({"type": "OBJECT", "properties": {"b": text}}),
    );
    pair(
        &json!({"type": "ARRAY", "items": {"type": "ARRAY"}}),
        ".items.items: missing field.",
        &json!({"type": "ARRAY", "items": {"type": "ARRAY", "items": text}}),
    );
    pair(
        &json!({"anyOf": [text, {}]}),
        ".any_of[1].type: must be specified",
        &json!({"anyOf": [text, text]}),
    );
}

#[test]
fn the_cloud_platform_wants_no_type_beside_a_choice() {
    let both = parameters(&object(&json!({"type": "STRING", "anyOf": [{"type": "STRING"}]})));
    let cloud = Way { version: "vertex", ..WAY };
    cloud.refuses(
        &both,
        "Unable to submit request because `f` functionDeclaration `parameters.a` schema specified other fields alongside any_of.",
    );
    WAY.takes(&both);
    cloud.takes(&parameters(&object(&json!({"anyOf": [{"type": "STRING"}, {"type": "NULL"}]}))));
}

#[test]
fn words_are_for_texts() {
    pair(
        &json!({"type": "INTEGER", "enum": ["1"]}),
        ".enum: only allowed for STRING type",
        &json!({"type": "STRING", "enum": ["1"]}),
    );
    pair(
        &json!({"type": "STRING", "enum": ["a", ""]}),
        ".enum[1]: cannot be empty",
        &json!({"type": "STRING", "enum": ["a", " "]}),
    );
}

#[test]
fn what_is_required_is_there() {
    let of = |member: &str, name: &str| json!({"type": "OBJECT", "properties": {"b": {"type": "STRING"}}, member: ["b", name]});
    pair(&of("required", "c"), ".required[1]: property is not defined", &of("required", "b"));
    pair(
        &of("propertyOrdering", "c"),
        ".property_ordering[1]: property is not defined",
        &of("propertyOrdering", "b"),
    );
}

#[test]
fn older_models_take_no_object_without_properties() {
    let empty = json!({"type": "OBJECT"});
    Way::to(OLD).refuses(
        &parameters(&empty),
        &format!("{PATH}.properties: should be non-empty for OBJECT type\n"),
    );
    WAY.takes(&parameters(&empty));
    Way::to(OLD).takes(&parameters(&object(&json!({"type": "STRING"}))));
}

#[test]
fn the_schema_of_an_answer_is_looked_at_as_well() {
    let asked = |schema: &Value| {
        config(&json!({"responseMimeType": "application/json", "responseSchema": schema}))
    };
    WAY.refuses(
        &asked(&json!({"type": "ARRAY"})),
        "* GenerateContentRequest.generation_config.response_schema.items: missing field.",
    );
    WAY.takes(&asked(&json!({"type": "ARRAY", "items": {"type": "STRING"}})));
    let json_schema = json!({"type": ["array", "null"], "prefixItems": [{}], "required": ["x"]});
    WAY.takes(&config(
        &json!({"responseMimeType": "application/json", "responseJsonSchema": json_schema}),
    ));
}

#[test]
fn schemas_are_nested_thirty_deep_and_no_deeper() {
    let nested =
        |levels: usize| (1..levels).fold(json!({"type": "STRING"}), |inner, _| object(&inner));
    let asked = |schema: &Value| {
        config(&json!({"responseMimeType": "application/json", "responseSchema": schema}))
    };
    WAY.refuses(
        &asked(&nested(31)),
        "A schema in GenerationConfig in the request exceeds the maximum allowed nesting depth.",
    );
    WAY.refuses(
        &parameters(&nested(31)),
        "FunctionDeclaration 'f' in the request exceeds the maximum allowed nesting depth.",
    );
    WAY.takes(&asked(&nested(30)));
    WAY.takes(&parameters(&nested(30)));
}

//! What programs read is what the committed schemas promise: the document, its lines, their nulls.

use serde_json::{Map, Value, json};

use crate::harness::{Doctor, doctor, root};

/// Live commands that pass, warn, fail, are refused, have no key, and only plan; and the offline ones.
const LINES: [&str; 24] = [
    "check-key --simulate healthy --deep",
    "check-key --simulate tls-intercepted",
    "check-key --simulate api-key-invalid",
    "check-key --simulate connection-refused",
    "check-key --simulate healthy --transport-matrix --yes",
    "check-key --simulate healthy --timeout 0",
    "check-key --simulate healthy --dry-run",
    "check-key",
    "check-key --without-key skip",
    "list-models --simulate healthy --verify",
    "list-models --simulate list-incomplete",
    "list-models --check-lock models.lock --simulate model-lock-not-met",
    "list-models --simulate no-such-scenario",
    "list-models --simulate healthy --dry-run",
    "doctor --simulate healthy",
    "doctor --simulate alias-404",
    "gate --simulate healthy",
    "gate --simulate api-key-invalid --expect api-key-invalid",
    "probe-alias gemini-3.5-flash --simulate alias-sticky",
    "probe-alias gemini-3.5-flash --simulate healthy --dry-run",
    "probe-alias gemini-3.5-flash --simulate alias-403-midway",
    "doctor --simulate healthy --fail-on nobody",
    "doctor --simulate healthy --dry-run",
    "check-key --simulate client-read-timeout --timeout 1",
];

#[test]
fn every_document_is_what_the_schema_promises() {
    let schema = Schema::committed("report");
    let offline = [
        "fixes",
        "fixes api-key-invalid",
        "fixes no-such-fix",
        "simulate --list",
        "explain 403 Forbidden",
        "count-tokens",
        "count-tokens no-such-file",
    ];
    for line in LINES.iter().chain(&offline) {
        let report = doctor(&format!("{line} --format json")).json();
        schema.must_hold(&report, line);
    }
}

#[test]
fn every_line_of_a_stream_is_what_the_schema_promises() {
    let schema = Schema::committed("event");
    for line in LINES {
        let ran = doctor(&format!("{line} --format ndjson"));
        assert!(!ran.stdout.is_empty(), "{line}");
        for event in ran.stdout.lines() {
            schema.must_hold(&serde_json::from_str(event).expect("a line is JSON"), line);
        }
    }
}

#[test]
fn a_report_file_is_the_same_document() {
    let line = "doctor --simulate quota-daily-exhausted --format json --report json=r.json";
    let (ran, folder) = Doctor::line(line).run_and_keep();
    let written = std::fs::read_to_string(folder.path().join("r.json")).expect("written");
    assert_eq!(serde_json::from_str::<Value>(&written).expect("JSON"), ran.json());
    Schema::committed("report").must_hold(&ran.json(), line);
}

#[test]
fn no_field_may_be_missing() {
    for name in ["report", "event"] {
        let schema = Schema::committed(name);
        let mut objects = 0;
        schema.root.each(&mut |part| {
            let Some(properties) = part.get("properties").and_then(Value::as_object) else {
                return;
            };
            objects += 1;
            for field in properties.keys() {
                let required = part["required"]
                    .as_array()
                    .is_some_and(|all| all.iter().any(|one| one.as_str() == Some(field)));
                assert!(required, "{name}: {field} may be missing from {properties:?}");
            }
        });
        assert!(objects >= 10, "{name}: only {objects} objects were looked at");
    }
}

#[test]
fn an_unknown_value_is_null() {
    let report = doctor("check-key --format json").json();
    for path in ["/target/model", "/credential/source", "/credential/fingerprint", "/error"] {
        assert_eq!(report.pointer(path), Some(&Value::Null), "{path}");
    }
    let left = doctor("check-key --simulate server-disconnected --format json").json();
    assert_eq!(left.pointer("/attempts/0/status"), Some(&Value::Null), "{left}");
}

#[test]
fn the_validator_refuses_bad_documents() {
    let good = doctor("check-key --simulate api-key-invalid --format json").json();
    let schema = Schema::committed("report");
    schema.must_hold(&good, "the document itself");
    let spoiled: [(&str, Value); 7] = [
        ("/verdict/exit_code", json!("1")),
        ("/verdict/exit_code", json!(-1)),
        ("/verdict/exit_code", json!(256)),
        ("/verdict/status", json!("failed")),
        ("/checks/0/duration_ms", json!("none")),
        ("/findings/0/retry", Value::Null),
        ("/checks", json!([7])),
    ];
    for (path, value) in spoiled {
        let mut bad = good.clone();
        *bad.pointer_mut(path).expect(path) = value;
        assert!(!schema.problems(&bad).is_empty(), "{path} was taken");
    }
    let mut bad = good;
    bad["credential"].as_object_mut().expect("an object").remove("project");
    assert!(schema.problems(&bad)[0].contains("project"), "{:?}", schema.problems(&bad));
}

#[test]
fn the_validator_knows_its_keywords() {
    for (schema, good, bad) in [
        (json!({"const": 1}), json!(1), json!(2)),
        (json!({"enum": ["a", "b"]}), json!("b"), json!("c")),
        (json!({"type": ["string", "null"]}), Value::Null, json!(1)),
        (json!({"type": "integer"}), json!(3), json!(3.5)),
        (json!({"minimum": 2, "maximum": 3}), json!(3), json!(4)),
        (json!({"items": {"type": "string"}}), json!(["a"]), json!(["a", 1])),
        (json!({"required": ["a"]}), json!({"a": null}), json!({})),
        (json!({"properties": {"a": false}}), json!({"b": 1}), json!({"a": 1})),
        (json!({"additionalProperties": false}), json!({}), json!({"a": 1})),
        (json!({"anyOf": [{"const": 1}, {"const": 2}]}), json!(2), json!(3)),
        (json!({"oneOf": [{"type": "number"}, {"type": "integer"}]}), json!(0.5), json!(1)),
        (json!({"$ref": "#/$defs/x", "$defs": {"x": {"const": 1}}}), json!(1), json!(2)),
    ] {
        let schema = Schema { root: schema };
        assert_eq!(schema.problems(&good), Vec::<String>::new(), "{}", schema.root);
        assert!(!schema.problems(&bad).is_empty(), "{} took {bad}", schema.root);
    }
}

#[test]
#[should_panic(expected = "patternProperties")]
fn the_validator_does_not_pass_over_a_keyword() {
    Schema { root: json!({"patternProperties": {}}) }.problems(&json!(1));
}

/// The committed schema of that name, as JSON.
pub fn committed(name: &str) -> Value {
    let path = root().join(format!("docs/schema/{name}.schema.json"));
    let text = std::fs::read_to_string(path).expect("a committed schema");
    serde_json::from_str(&text).expect("a schema is JSON")
}

/// A schema of draft 2020-12, as far as ours use it.
pub struct Schema {
    root: Value,
}

impl Schema {
    /// The committed schema of that name.
    pub fn committed(name: &str) -> Self {
        Self { root: committed(name) }
    }

    /// Panics where the value breaks the schema.
    pub fn must_hold(&self, value: &Value, whence: &str) {
        let problems = self.problems(value);
        assert!(problems.is_empty(), "{whence}\n{}\n{value:#}", problems.join("\n"));
    }

    /// What is wrong with a value, each with its place.
    pub fn problems(&self, value: &Value) -> Vec<String> {
        let mut problems = Vec::new();
        self.check(&self.root, value, "", &mut problems);
        problems
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
        match schema {
            Value::Bool(true) => {}
            Value::Bool(false) => problems.push(format!("{at}: nothing may be here")),
            Value::Object(keywords) => {
                for (keyword, wanted) in keywords {
                    self.keyword(keywords, keyword, wanted, value, at, problems);
                }
            }
            other => panic!("{other} is no schema"),
        }
    }

    fn keyword(
        &self,
        all: &Map<String, Value>,
        keyword: &str,
        wanted: &Value,
        value: &Value,
        at: &str,
        problems: &mut Vec<String>,
    ) {
        let mut fail_unless = |good: bool| {
            if !good {
                problems.push(format!("{at}: {value} breaks {keyword}: {wanted}"));
            }
        };
        match keyword {
            "$schema" | "$id" | "$defs" | "title" | "description" | "format" => {}
            "type" => fail_unless(has_type(wanted, value)),
            "const" => fail_unless(value == wanted),
            "enum" => fail_unless(list(wanted).contains(value)),
            "minimum" => fail_unless(value.as_f64() >= wanted.as_f64() || !value.is_number()),
            "maximum" => fail_unless(value.as_f64() <= wanted.as_f64() || !value.is_number()),
            "required" => list(wanted).iter().for_each(|name| {
                let name = name.as_str().expect("a name");
                fail_unless(value.as_object().is_none_or(|object| object.contains_key(name)));
            }),
            "anyOf" => fail_unless(self.fitting(wanted, value) > 0),
            "oneOf" => fail_unless(self.fitting(wanted, value) == 1),
            "$ref" => self.check(self.defined(wanted), value, at, problems),
            "items" => {
                for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.check(wanted, item, &format!("{at}/{place}"), problems);
                }
            }
            "properties" => {
                for (name, schema) in wanted.as_object().expect("schemas by name") {
                    if let Some(member) = value.get(name) {
                        self.check(schema, member, &format!("{at}/{name}"), problems);
                    }
                }
            }
            "additionalProperties" => {
                let known = all.get("properties").and_then(Value::as_object);
                for (name, member) in value.as_object().into_iter().flatten() {
                    if known.is_none_or(|known| !known.contains_key(name)) {
                        self.check(wanted, member, &format!("{at}/{name}"), problems);
                    }
                }
            }
            unknown => panic!("the validator does not know {unknown}"),
        }
    }

    fn fitting(&self, schemas: &Value, value: &Value) -> usize {
        let fits = |schema: &&Value| {
            let mut problems = Vec::new();
            self.check(schema, value, "", &mut problems);
            problems.is_empty()
        };
        list(schemas).iter().filter(fits).count()
    }

    fn defined(&self, reference: &Value) -> &Value {
        let pointer = reference.as_str().and_then(|text| text.strip_prefix('#')).expect("local");
        self.root.pointer(pointer).unwrap_or_else(|| panic!("{pointer} is not defined"))
    }
}

/// Visits every part of a JSON value that is an object.
trait Each {
    fn each(&self, visit: &mut impl FnMut(&Map<String, Value>));
}

impl Each for Value {
    fn each(&self, visit: &mut impl FnMut(&Map<String, Value>)) {
        match self {
            Value::Object(members) => {
                visit(members);
                members.values().for_each(|member| member.each(visit));
            }
            Value::Array(items) => items.iter().for_each(|item| item.each(visit)),
            _ => {}
        }
    }
}

fn has_type(wanted: &Value, value: &Value) -> bool {
    let is = |name: &Value| match name.as_str().expect("the name of a type") {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        unknown => panic!("the validator does not know the type {unknown}"),
    };
    wanted.as_array().map_or_else(|| is(wanted), |any| any.iter().any(is))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

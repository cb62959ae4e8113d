//! The search, led by functions that refuse what they are told to: bodies with one fault, with two, with several parts
//! that only fail together, and answers that cannot be relied on.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::*;

mod generated;
mod service;

/// Bodies that may be tried, which no search here comes near.
const MOST: Limits = Limits { calls: 200, again: 3, untold: 12 };

/// A complaint, or none.
type Complaint = Option<String>;

/// Leads a search to its end.
fn lead(body: &Value, judge: &mut dyn FnMut(&Value) -> Verdict) -> (Search, Answer) {
    lead_text(&body.to_string(), judge)
}

fn lead_text(text: &str, judge: &mut dyn FnMut(&Value) -> Verdict) -> (Search, Answer) {
    let mut search = Search::new(Body::read(text).expect("a body"), MOST);
    loop {
        match search.next() {
            Step::Done(answer) => return (search, *answer),
            Step::Ask(question) => {
                let text = search.body().text(&question.cut, Style::Compact);
                let value = serde_json::from_str(&text).expect("each cut is JSON");
                search.tell(judge(&value));
            }
        }
    }
}

fn refused(message: &str) -> Verdict {
    Verdict::Fails(Signature { status: Some(400), marks: vec![message.to_owned()] })
}

fn verdict(complaint: Complaint) -> Verdict {
    complaint.map_or(Verdict::Passes, |message| refused(&message))
}

fn paths(fault: &Fault) -> Vec<&str> {
    fault.guilty.iter().map(|place| place.path.as_str()).collect()
}

/// A service that is as strict as the real one about what holds a body together, and about nothing else.
fn structure(body: &Value) -> Complaint {
    let turns = body["contents"].as_array().cloned().unwrap_or_default();
    if turns.is_empty() {
        return Some("contents is not specified".to_owned());
    }
    for (nth, turn) in turns.iter().enumerate() {
        let parts = turn["parts"].as_array().cloned().unwrap_or_default();
        if parts.is_empty() {
            return Some("contents.parts must not be empty".to_owned());
        }
        for part in &parts {
            let data = ["text", "inlineData", "fileData", "functionCall", "functionResponse"];
            if data.iter().filter(|name| part.get(name).is_some()).count() != 1 {
                return Some("required oneof field 'data'".to_owned());
            }
            let lacks = |data: &str, name: &str| {
                part.get(data).is_some_and(|value| value.get(name).is_none())
            };
            if lacks("inlineData", "mimeType") || lacks("inlineData", "data") {
                return Some("inline data is not whole".to_owned());
            }
            if lacks("fileData", "fileUri") {
                return Some("file_uri is not specified".to_owned());
            }
            if lacks("functionCall", "name") || lacks("functionResponse", "response") {
                return Some("function part is not whole".to_owned());
            }
        }
        let expected = if nth % 2 == 0 { "user" } else { "model" };
        if turn["role"] != expected {
            return Some("turns must alternate".to_owned());
        }
        let count = |turn: Option<&Value>, name: &str| {
            let parts = turn.and_then(|turn| turn["parts"].as_array());
            parts.map_or(0, |parts| parts.iter().filter(|part| part.get(name).is_some()).count())
        };
        let asked = count(Some(turn), "functionCall");
        if asked != count(turns.get(nth + 1), "functionResponse") {
            return Some("calls and responses must be equal in number".to_owned());
        }
    }
    if turns.len() % 2 == 0 {
        return Some("requests ending with a model turn are not supported".to_owned());
    }
    let config = &body["generationConfig"];
    if config.get("responseSchema").is_some() && config["responseMimeType"] != "application/json" {
        return Some("response schema with a response mime type is unsupported".to_owned());
    }
    let functions = body["tools"][0]["functionDeclarations"].as_array();
    if body.get("toolConfig").is_some() && functions.is_none_or(Vec::is_empty) {
        return Some("function calling config is set without function declarations".to_owned());
    }
    let schemas = functions.into_iter().flatten().filter_map(|one| one.get("parameters"));
    if functions.into_iter().flatten().any(|one| one.get("description").is_none()) {
        return Some("description is not specified".to_owned());
    }
    schemas.chain(config.get("responseSchema")).find_map(schema)
}

fn schema(schema: &Value) -> Complaint {
    let Some(kind) = schema["type"].as_str() else { return Some("type is missing".to_owned()) };
    let properties = schema["properties"].as_object();
    if kind == "OBJECT" && properties.is_none_or(Map::is_empty) {
        return Some("properties: should be non-empty for OBJECT type".to_owned());
    }
    if kind == "ARRAY" && schema.get("items").is_none() {
        return Some("items: missing field".to_owned());
    }
    let required = schema["required"].as_array().into_iter().flatten();
    for name in required.filter_map(Value::as_str) {
        if properties.is_none_or(|all| !all.contains_key(name)) {
            return Some("required: property is not defined".to_owned());
        }
    }
    let inner = properties.into_iter().flat_map(Map::values).chain(schema.get("items"));
    inner.into_iter().find_map(self::schema)
}

/// A body of about two hundred values that has a bit of everything.
fn whole_body(random: &mut Rng) -> Value {
    let mut functions = Vec::new();
    for nth in 0..random.usize(3..6) {
        functions.push(json!({
            "name": format!("look_up_{nth}"), "description": "Looks something up.",
            "parameters": object(random, 2),
        }));
    }
    let mut turns = Vec::new();
    for nth in 0..random.usize(3..6) {
        turns.push(json!({"role": "user", "parts": [{"text": format!("question {nth}")}]}));
        if nth % 2 == 0 {
            turns.push(json!({"role": "model", "parts": [{"text": format!("answer {nth}")}]}));
            continue;
        }
        turns.push(json!({"role": "model", "parts": [
            {"functionCall": {"name": "look_up_1", "args": {"a": nth}}, "thoughtSignature": "c2ln"},
        ]}));
        turns.push(json!({"role": "user", "parts": [
            {"functionResponse": {"name": "look_up_1", "response": {"found": ["x", "y"]}}},
        ]}));
        turns.push(json!({"role": "model", "parts": [{"text": "found"}]}));
    }
    turns.push(json!({"role": "user", "parts": [
        {"text": "last"}, {"inlineData": {"mimeType": "image/png", "data": "QUJD"}},
        {"fileData": {"fileUri": "gs://a/b", "mimeType": "application/pdf"}},
    ]}));
    json!({
        "contents": turns,
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "tools": [{"functionDeclarations": functions}],
        "toolConfig": {"functionCallingConfig": {
            "mode": "ANY", "allowedFunctionNames": ["look_up_0", "look_up_2"],
        }},
        "generationConfig": {
            "temperature": 0.5, "topP": 0.9, "maxOutputTokens": 100, "stopSequences": ["a", "b"],
            "responseMimeType": "application/json", "responseSchema": object(random, 3),
            "thinkingConfig": {"includeThoughts": true},
        },
        "safetySettings": [
            {"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"},
            {"category": "HARM_CATEGORY_HATE_SPEECH", "threshold": "OFF"},
        ],
    })
}

fn object(random: &mut Rng, depth: usize) -> Value {
    let names = ["city", "days", "tags", "notes", "size"];
    let mut properties = Map::new();
    for name in &names[..random.usize(2..5)] {
        let one = match random.u8(0..4) {
            0 if depth > 0 => object(random, depth - 1),
            1 => json!({"type": "ARRAY", "items": {"type": "STRING"}, "description": "a list"}),
            2 => json!({"type": "INTEGER", "minimum": 1, "description": "a number"}),
            _ => json!({"type": "STRING", "enum": ["one", "two"], "description": "a word"}),
        };
        properties.insert((*name).to_owned(), one);
    }
    let first = properties.keys().next().cloned().expect("there are some");
    json!({"type": "OBJECT", "properties": properties, "required": [first]})
}

/// Every value with its path, in any order.
fn all(value: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    found.push((path.to_owned(), value.clone()));
    match value {
        Value::Object(members) => {
            for (name, child) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                all(child, &path, found);
            }
        }
        Value::Array(items) => {
            for (nth, child) in items.iter().enumerate() {
                all(child, &format!("{path}[{nth}]"), found);
            }
        }
        _ => {}
    }
}

fn any(body: &Value, is_it: &dyn Fn(&str, &Value) -> bool) -> bool {
    let mut found = Vec::new();
    all(body, "", &mut found);
    found.iter().any(|(path, value)| is_it(path, value))
}

/// A fault that a body can have: where it is put in, and how a service that minds it knows it.
struct Plant {
    message: &'static str,
    put: fn(&mut Value, &mut Rng) -> Vec<String>,
    minds: fn(&Value) -> bool,
}

fn schema_at(random: &mut Rng, body: &Value) -> String {
    let mut found = Vec::new();
    all(body, "", &mut found);
    let schemas: Vec<String> = found
        .into_iter()
        .filter(|(path, value)| {
            value.get("type").is_some_and(Value::is_string) && !path.ends_with("properties")
        })
        .map(|(path, _)| path)
        .collect();
    schemas[random.usize(..schemas.len())].clone()
}

fn at<'a>(body: &'a mut Value, path: &str) -> &'a mut Value {
    let pointer = path.replace('[', "/").replace(']', "").replace('.', "/");
    body.pointer_mut(&format!("/{pointer}")).expect("the path leads somewhere")
}

const PLANTS: &[Plant] = &[
    Plant {
        message: "Unknown name \"const\"",
        put: |body, random| {
            let path = schema_at(random, body);
            at(body, &path)["const"] = json!(1);
            vec![format!("{path}.const")]
        },
        minds: |body| any(body, &|path, _| path.ends_with(".const")),
    },
    Plant {
        message: "Request contains an invalid argument.",
        put: |body, random| {
            let path = schema_at(random, body);
            at(body, &path)["maxItems"] = json!(100_000);
            vec![format!("{path}.maxItems")]
        },
        minds: |body| any(body, &|_, value| *value == json!(100_000)),
    },
    Plant {
        message: "Invalid value at 'type'",
        put: |body, random| {
            let path = schema_at(random, body);
            at(body, &path)["type"] = json!("text");
            vec![format!("{path}.type")]
        },
        minds: |body| any(body, &|path, value| path.ends_with(".type") && value == "text"),
    },
    Plant {
        message: "topK is out of range",
        put: |body, _| {
            body["generationConfig"]["topK"] = json!(-1);
            vec!["generationConfig.topK".to_owned()]
        },
        minds: |body| body["generationConfig"]["topK"] == json!(-1),
    },
    Plant {
        message: "Please use a valid role: user, model.",
        put: |body, _| {
            body["contents"][1]["role"] = json!("assistant");
            vec!["contents[1].role".to_owned()]
        },
        minds: |body| any(body, &|path, value| path.ends_with("role") && value == "assistant"),
    },
    Plant {
        message: "name: must start with a letter",
        put: |body, _| {
            body["tools"][0]["functionDeclarations"][2]["name"] = json!("2 names");
            vec!["tools[0].functionDeclarations[2].name".to_owned()]
        },
        minds: |body| any(body, &|_, value| value == "2 names"),
    },
    Plant {
        message: "parameters of look-ups must say what they are",
        put: |body, _| {
            let list = body["tools"][0]["functionDeclarations"].as_array_mut().expect("a list");
            list.push(json!({"description": "It has no name."}));
            vec![format!("tools[0].functionDeclarations[{}]", list.len() - 1)]
        },
        minds: |body| {
            let list = body["tools"][0]["functionDeclarations"].as_array();
            list.into_iter().flatten().any(|one| one.get("name").is_none())
        },
    },
    Plant {
        message: "Unsupported MIME type",
        put: |body, _| {
            let last = body["contents"].as_array().expect("turns").len() - 1;
            body["contents"][last]["parts"][1]["inlineData"]["mimeType"] = json!("image/x");
            vec![format!("contents[{last}].parts[1].inlineData.mimeType")]
        },
        minds: |body| any(body, &|_, value| value == "image/x"),
    },
    Plant {
        message: "Corrupted thought signature.",
        put: |body, _| {
            body["contents"][3]["parts"][0]["thoughtSignature"] = json!("!!");
            vec!["contents[3].parts[0].thoughtSignature".to_owned()]
        },
        minds: |body| any(body, &|_, value| value == "!!"),
    },
    Plant {
        message: "function response does not match its call",
        put: |body, _| {
            body["contents"][4]["parts"][0]["functionResponse"]["name"] = json!("other");
            vec!["contents[4].parts[0].functionResponse.name".to_owned()]
        },
        minds: |body| any(body, &|_, value| value == "other"),
    },
];

fn judged(body: &Value, plants: &[&Plant]) -> Verdict {
    let minded = plants.iter().find(|plant| (plant.minds)(body));
    let planted = minded.map(|plant| plant.message.to_owned());
    verdict(planted.or_else(|| structure(body)))
}

#[test]
fn one_fault_is_found_wherever_it_is() {
    let (mut most, mut sum) = (0, 0);
    for seed in 0..60_u64 {
        let mut random = Rng::with_seed(seed);
        let mut body = whole_body(&mut random);
        assert_eq!(structure(&body), None, "{body}");
        let plant = &PLANTS[seed as usize % PLANTS.len()];
        let planted = (plant.put)(&mut body, &mut random);
        let (search, answer) = lead(&body, &mut |body| judged(body, &[plant]));
        assert_eq!(answer.outcome, Outcome::Found, "{seed}: {}", plant.message);
        assert_eq!(answer.faults.len(), 1, "{seed}: {:?}", answer.faults);
        assert_eq!(paths(&answer.faults[0]), planted, "{seed} in {} calls", answer.calls);
        holds(&search, &answer, &mut |body| judged(body, &[plant]));
        let values = search.body().values();
        assert!(answer.calls <= 25, "{seed}: {} calls for {values} values", answer.calls);
        most = most.max(answer.calls);
        sum += answer.calls;
    }
    assert!(most <= 25 && sum <= 60 * 20, "at most {most}, and {} on average", sum as f64 / 60.0);
}

/// What an answer says of its two bodies is true.
fn holds(search: &Search, answer: &Answer, judge: &mut dyn FnMut(&Value) -> Verdict) {
    let value = |cut: &Cut| {
        serde_json::from_str(&search.body().text(cut, Style::Pretty)).expect("it is JSON")
    };
    let passing = answer.passing.as_ref().expect("a body that passes");
    assert_eq!(judge(&value(passing)), Verdict::Passes);
    assert!(answer.passing_confirmed);
    for fault in &answer.faults {
        assert!(fault.confirmed);
        assert!(matches!(judge(&value(&fault.cut)), Verdict::Fails(_)));
    }
}

#[test]
fn two_faults_are_found_both() {
    for seed in 0..20_u64 {
        let mut random = Rng::with_seed(1000 + seed);
        let mut body = whole_body(&mut random);
        let (one, other) = (seed as usize % 10, (seed as usize * 3 + 1) % 10);
        let other = if one == other { (other + 1) % 10 } else { other };
        let plants = [&PLANTS[one], &PLANTS[other]];
        let mut planted = (plants[0].put)(&mut body, &mut random);
        planted.extend((plants[1].put)(&mut body, &mut random));
        let (search, answer) = lead(&body, &mut |body| judged(body, &plants));
        assert_eq!(answer.outcome, Outcome::Found, "{seed}");
        let mut found: Vec<&str> = answer.faults.iter().flat_map(paths).collect();
        found.sort_unstable();
        planted.sort_unstable();
        assert_eq!(found, planted, "{seed} in {} calls", answer.calls);
        assert_eq!(answer.faults.len(), 2, "{seed}");
        holds(&search, &answer, &mut |body| judged(body, &plants));
    }
}

#[test]
fn two_faults_with_one_message_are_two() {
    let body = json!({
        "contents": [{"role": "user", "parts": [{"text": "x"}]}],
        "generationConfig": {"temperature": 9, "topP": 9, "topK": 3, "seed": 4},
    });
    let mut judge = |body: &Value| {
        let bad = any(body, &|_, value| *value == json!(9));
        verdict(bad.then(|| "Request contains an invalid argument.".to_owned()))
    };
    let (_, answer) = lead(&body, &mut judge);
    let found: Vec<Vec<&str>> = answer.faults.iter().map(paths).collect();
    assert_eq!(found, [["generationConfig.temperature"], ["generationConfig.topP"]]);
}

/// The sum of all bounds of lists in a body.
fn bounds(body: &Value) -> i64 {
    let mut found = Vec::new();
    all(body, "", &mut found);
    found
        .iter()
        .filter(|(path, _)| path.ends_with(".maxItems"))
        .filter_map(|(_, v)| v.as_i64())
        .sum()
}

#[test]
fn parts_that_only_fail_together_are_found_together() {
    for seed in 0..10_u64 {
        let mut random = Rng::with_seed(2000 + seed);
        let mut body = whole_body(&mut random);
        let count = random.usize(2..6);
        let mut planted = Vec::new();
        for nth in 0..count {
            let name = format!("list{nth}");
            let one = json!({"type": "ARRAY", "items": {"type": "STRING"}, "maxItems": 100});
            let holder = if nth % 2 == 0 {
                planted.push(format!("generationConfig.responseSchema.properties.{name}.maxItems"));
                &mut body["generationConfig"]["responseSchema"]
            } else {
                planted.push(format!(
                    "tools[0].functionDeclarations[1].parameters.properties.{name}.maxItems"
                ));
                &mut body["tools"][0]["functionDeclarations"][1]["parameters"]
            };
            holder["properties"][name] = one;
        }
        let most = 100 * count as i64 - 1;
        let mut judge = |body: &Value| {
            let over = (bounds(body) > most).then(|| "too many states for serving".to_owned());
            verdict(over.or_else(|| structure(body)))
        };
        let (search, answer) = lead(&body, &mut judge);
        assert_eq!(answer.outcome, Outcome::Found, "{seed}");
        assert_eq!(answer.faults.len(), 1, "{seed}: {:?}", answer.faults);
        let mut found = paths(&answer.faults[0]);
        found.sort_unstable();
        planted.sort_unstable();
        assert_eq!(found, planted, "{seed}");
        assert!(answer.calls <= 60, "{seed}: {} calls for {count} parts", answer.calls);
        holds(&search, &answer, &mut judge);
        let minimal = search.body().text(&answer.faults[0].cut, Style::Compact);
        let minimal: Value = serde_json::from_str(&minimal).expect("JSON");
        assert_eq!(bounds(&minimal), most + 1, "each of them is needed");
    }
}

#[test]
fn members_that_exclude_each_other_are_found_together() {
    let mut random = Rng::with_seed(5);
    let mut body = whole_body(&mut random);
    body["generationConfig"]["thinkingConfig"] =
        json!({"thinkingLevel": "low", "includeThoughts": true, "thinkingBudget": 5});
    let mut judge = |body: &Value| {
        let config = &body["generationConfig"]["thinkingConfig"];
        let both = config.get("thinkingLevel").is_some() && config.get("thinkingBudget").is_some();
        verdict(both.then(|| "not supported together".to_owned()).or_else(|| structure(body)))
    };
    let (_, answer) = lead(&body, &mut judge);
    let mut found = paths(&answer.faults[0]);
    found.sort_unstable();
    let place = "generationConfig.thinkingConfig";
    assert_eq!(found, [format!("{place}.thinkingBudget"), format!("{place}.thinkingLevel")]);
}

#[test]
fn what_is_one_too_many_is_all_of_them() {
    let mut body = whole_body(&mut Rng::with_seed(6));
    body["generationConfig"]["stopSequences"] = json!(["a", "b", "c", "d", "e", "f", "g"]);
    let mut judge = |body: &Value| {
        let count = body["generationConfig"]["stopSequences"].as_array().map_or(0, Vec::len);
        verdict((count > 5).then(|| "at most 5".to_owned()).or_else(|| structure(body)))
    };
    let (search, answer) = lead(&body, &mut judge);
    assert_eq!(answer.outcome, Outcome::Found);
    assert_eq!(answer.faults[0].guilty.len(), 6, "{:?}", answer.faults);
    assert!(answer.calls <= 30, "{} calls", answer.calls);
    holds(&search, &answer, &mut judge);
}

#[test]
fn an_answer_that_is_none_is_asked_for_again() {
    for seed in 0..10_u64 {
        let mut random = Rng::with_seed(3000 + seed);
        let mut body = whole_body(&mut random);
        let plant = &PLANTS[seed as usize];
        let planted = (plant.put)(&mut body, &mut random);
        let mut count = 0;
        let (search, answer) = lead(&body, &mut |body| {
            count += 1;
            match random.u8(0..10) {
                0..2 => Verdict::CannotTell("503 UNAVAILABLE".to_owned()),
                _ => judged(body, &[plant]),
            }
        });
        assert_eq!(answer.outcome, Outcome::Found, "{seed}");
        assert_eq!(paths(&answer.faults[0]), planted, "{seed}");
        assert_eq!((search.calls(), answer.calls), (count, count), "every call is counted");
    }
}

#[test]
fn a_service_that_has_no_time_is_not_asked_for_ever() {
    let body = whole_body(&mut Rng::with_seed(7));
    let (_, answer) = lead(&body, &mut |_| Verdict::CannotTell("503".to_owned()));
    assert_eq!((answer.outcome, answer.calls), (Outcome::CannotTell("503".to_owned()), 4));
    let mut count = 0;
    let (_, answer) = lead(&body, &mut |_| {
        count += 1;
        match count {
            1 | 2 => refused("no"),
            _ => Verdict::CannotTell("429".to_owned()),
        }
    });
    assert_eq!(answer.outcome, Outcome::CannotTell("429".to_owned()));
    assert!(answer.calls <= 14 && answer.suspected > 100, "{answer:?}");
}

#[test]
fn what_passes_and_fails_is_flaky_and_no_fault() {
    for seed in 0..10_u64 {
        let mut random = Rng::with_seed(4000 + seed);
        let body = whole_body(&mut random);
        let mut first = true;
        let (_, answer) = lead(&body, &mut |_| {
            // Whoever asks saw it fail.
            let fails = std::mem::take(&mut first) || random.bool();
            if fails { refused("Request contains an invalid argument.") } else { Verdict::Passes }
        });
        let is_flaky = matches!(answer.outcome, Outcome::Flaky { passed: 1.., failed: 1.. });
        assert!(is_flaky, "{seed}: {answer:?}");
    }
}

#[test]
fn a_body_that_passes_is_asked_more_than_once() {
    let body = whole_body(&mut Rng::with_seed(8));
    let (_, answer) = lead(&body, &mut |_| Verdict::Passes);
    assert_eq!((answer.outcome, answer.calls), (Outcome::Passes, 3));
    assert_eq!((answer.suspected, answer.faults.len()), (0, 0));
}

#[test]
fn a_refusal_that_hangs_on_no_part_is_told() {
    let body = whole_body(&mut Rng::with_seed(9));
    let (_, answer) = lead(&body, &mut |_| refused("API key not valid."));
    assert_eq!(answer.outcome, Outcome::NoPart);
    assert!(answer.calls <= 7 && answer.faults.is_empty());
}

#[test]
fn a_search_that_is_stopped_anywhere_says_what_it_knows() {
    let mut random = Rng::with_seed(10);
    let mut body = whole_body(&mut random);
    let plant = &PLANTS[0];
    let planted = (plant.put)(&mut body, &mut random);
    let mut before = usize::MAX;
    for most in 0..30 {
        let limits = Limits { calls: most, ..MOST };
        let mut search = Search::new(Body::read(&body.to_string()).expect("a body"), limits);
        let answer = loop {
            match search.next() {
                Step::Done(answer) => break *answer,
                Step::Ask(question) => {
                    let text = search.body().text(&question.cut, Style::Compact);
                    let value = serde_json::from_str(&text).expect("JSON");
                    search.tell(judged(&value, &[plant]));
                }
            }
        };
        assert!(answer.calls <= most, "the budget holds");
        assert_eq!(answer, search.so_far(), "the same whoever stops it");
        if answer.faults.is_empty() && answer.outcome == Outcome::Stopped {
            assert!(answer.suspected <= before, "{most}: suspects only become fewer");
            before = answer.suspected;
            let is_suspected =
                answer.suspects.iter().any(|place| planted[0].starts_with(&place.path));
            assert!(is_suspected || answer.suspects.len() == 8, "{most}: {:?}", answer.suspects);
        } else {
            assert_eq!(paths(&answer.faults[0]), planted, "{most}");
        }
    }
    assert!(before <= 5, "{before} suspects were left in the end");
}

#[test]
fn a_cut_that_makes_another_fault_is_not_taken_for_the_one_that_is_sought() {
    // A service that wants members together, of which nothing is known here.
    let body = json!({
        "kind": "job", "name": "n", "steps": [{"run": "a"}, {"run": "b"}, {"run": "c", "bad": 1}],
        "zone": "z", "extra": {"a": 1, "b": 2},
    });
    let mut judge = |body: &Value| match () {
        () if body.get("kind").is_none() => refused("kind is missing"),
        () if body.get("zone").is_none() => refused("zone is missing"),
        () if any(body, &|path, _| path.ends_with(".bad")) => refused("bad is unknown"),
        () => Verdict::Passes,
    };
    let (search, answer) = lead(&body, &mut judge);
    assert_eq!(answer.outcome, Outcome::Found);
    assert_eq!(paths(&answer.faults[0]), ["steps[2].bad"], "{answer:?}");
    let around: Vec<&str> =
        answer.faults[0].around.iter().map(|place| place.path.as_str()).collect();
    assert_eq!(around, ["kind", "zone"]);
    holds(&search, &answer, &mut judge);
}

#[test]
fn places_are_those_of_the_file() {
    let text = "{\n  \"contents\": [{\"parts\": [{\"text\": \"x\"}]}],\n  \"stream\": true\n}\n";
    let (_, answer) = lead_text(text, &mut |body: &Value| match body.get("stream") {
        Some(_) => refused("Unknown name \"stream\""),
        None => verdict(structure_of_parts(body)),
    });
    let place = &answer.faults[0].guilty[0];
    assert_eq!((place.path.as_str(), place.line, place.column), ("stream", 3, 3));
}

fn structure_of_parts(body: &Value) -> Complaint {
    body["contents"][0]["parts"][0].get("text").is_none().then(|| "no text".to_owned())
}

#[test]
fn names_that_stand_twice_are_told_with_their_places() {
    let text = "{\"a\": {\"b\": 1, \"c\": 2, \"b\": 3},\n \"b\": 4, \"\\u0061\": 5, \"a\": 6}";
    let body = Body::read(text).expect("a body");
    let twice: Vec<(String, usize, usize)> = body
        .names_twice()
        .into_iter()
        .map(|place| (place.path, place.line, place.column))
        .collect();
    let expected = [("a.b", 1, 24), ("a", 2, 10), ("a", 2, 23)];
    assert_eq!(twice, expected.map(|(path, line, column)| (path.to_owned(), line, column)));
    let other = "{\"a\": {\"b\": 1}, \"b\": [{\"b\": 1}, {\"b\": 2}]}";
    assert_eq!(Body::read(other).expect("a body").names_twice(), []);
}

#[test]
fn numbers_and_names_come_out_as_they_went_in() {
    let text = "{\"b\":1.50,\"a\":\"\\u00e9\\ud800\",\"b\":1e400,\"c\":[],\"d\":{}}";
    let body = Body::read(text).expect("a body");
    assert_eq!(body.text(&body.whole(), Style::Compact), text);
}

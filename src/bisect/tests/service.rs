//! The search, led by the simulator's own judge of bodies, which knows nothing of it: the honest one, one that says
//! nothing but that an argument is wrong, one with a small budget for schemas, and one that is not always there.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::{MOST, at, paths};
use crate::{
    bisect::{Answer, Body, Judge, Outcome, Search, Signature, Step, Style, Verdict, filled},
    simulate::{self, Refusal},
};

const MODEL: &str = "gemini-3.5-flash";

/// A body, a mutation of it, and where it is then wrong.
type Fault = (&'static str, fn(&mut Value) -> Vec<&'static str>);

/// A conversation with functions.
fn conversation(random: &mut Rng) -> Value {
    let mut turns = Vec::new();
    for nth in 0..random.usize(2..5) {
        turns.push(json!({"role": "user", "parts": [{"text": format!("question {nth}")}]}));
        turns.push(json!({"role": "model", "parts": [{"text": format!("answer {nth}")}]}));
    }
    turns.insert(0, json!({"role": "user", "parts": [{"text": "look up both"}]}));
    turns.insert(1, json!({"role": "model", "parts": [
        {"functionCall": {"name": "look_up_0", "args": {"city": "Ulm"}}, "thoughtSignature": "c2ln"},
        {"functionCall": {"name": "look_up_1", "args": {"city": "Trier"}}},
    ]}));
    turns.insert(2, json!({"role": "user", "parts": [
        {"functionResponse": {"name": "look_up_0", "response": {"sum": 3, "notes": ["a", "b"]}}},
        {"functionResponse": {"name": "look_up_1", "response": {"sum": 4}}},
    ]}));
    turns.insert(3, json!({"role": "model", "parts": [{"text": "found"}]}));
    turns.push(json!({"role": "user", "parts": [
        {"text": "and this?"}, {"inlineData": {"mimeType": "image/png", "data": "QUJDRA=="}},
    ]}));
    let functions = (0..5).map(|nth| {
        json!({
            "name": format!("look_up_{nth}"), "description": format!("Looks up number {nth}."),
            "parameters": schema(random),
        })
    });
    let functions: Vec<Value> = functions.collect();
    json!({
        "systemInstruction": {"parts": [{"text": "Be brief."}, {"text": "Be kind."}]},
        "contents": turns,
        "tools": [{"functionDeclarations": functions}],
        "toolConfig": {"functionCallingConfig": {
            "mode": "ANY", "allowedFunctionNames": ["look_up_0", "look_up_3"],
        }},
        "generationConfig": {
            "temperature": 0.5, "topP": 0.9, "maxOutputTokens": 900, "stopSequences": ["END", "STOP"],
        },
        "safetySettings": [
            {"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"},
            {"category": "HARM_CATEGORY_HATE_SPEECH", "threshold": "BLOCK_ONLY_HIGH"},
        ],
    })
}

fn schema(random: &mut Rng) -> Value {
    json!({
        "type": "OBJECT",
        "properties": {
            "city": {"type": "STRING", "description": "A town.", "enum": ["Ulm", "Bonn"]},
            "days": {"type": "INTEGER", "minimum": 1, "maximum": random.u32(5..9)},
            "tags": {"type": "ARRAY", "items": {"type": "STRING"}, "maxItems": 3},
            "when": {"type": "OBJECT", "properties": {
                "from": {"type": "STRING", "format": "date-time"}, "open": {"type": "BOOLEAN"},
            }, "required": ["from"]},
        },
        "required": ["city", "days"],
        "propertyOrdering": ["city", "days", "tags", "when"],
    })
}

/// A question whose answer is to be JSON.
fn form(random: &mut Rng) -> Value {
    let mut body = conversation(random);
    body.as_object_mut().expect("an object").retain(|name, _| !name.starts_with("tool"));
    let turns = body["contents"].as_array_mut().expect("turns");
    turns.drain(..4);
    let mut properties = Map::new();
    for nth in 0..random.usize(5..8) {
        properties.insert(format!("part{nth}"), schema(random));
    }
    body["generationConfig"]["responseMimeType"] = json!("application/json");
    body["generationConfig"]["responseSchema"] =
        json!({"type": "OBJECT", "properties": properties, "required": ["part0"]});
    body
}

fn set(body: &mut Value, path: &str, value: Value) {
    let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
    match parent {
        "" => body[name] = value,
        parent => at(body, parent)[name] = value,
    }
}

macro_rules! fault {
    ($base:literal, $path:literal, $value:tt) => {
        ($base, |body: &mut Value| {
            set(body, $path, json!($value));
            vec![$path]
        })
    };
}

const FAULTS: &[Fault] = &[
    fault!("both", "stream", true),
    fault!("both", "generationConfig.temprature", 0.2),
    fault!("both", "generationConfig.topK", "many"),
    fault!("both", "generationConfig.temperature", 7.5),
    fault!("both", "generationConfig.topP", 1.5),
    fault!("both", "generationConfig.candidateCount", 3),
    fault!("both", "generationConfig.thinkingBudget", 3),
    fault!("both", "safetySettings[1].category", "HARM_CATEGORY_RUDENESS"),
    fault!("both", "contents[1].role", "assistant"),
    fault!("both", "contents[0].parts[0].txt", "question"),
    fault!("calls", "tools[0].functionDeclarations[2].name", "look up"),
    fault!("calls", "tools[0].functionDeclarations[3].parameters.properties.city.const", "Ulm"),
    fault!("calls", "tools[0].functionDeclarations[4].parameters.additionalProperties", false),
    fault!("calls", "tools[0].functionDeclarations[1].parameters.properties.when.type", "DICT"),
    fault!("calls", "toolConfig.functionCallingConfig.mode", "MUST"),
    fault!("calls", "contents[2].parts[1].functionResponse.name", "look_up_4"),
    fault!("calls", "contents[1].parts[0].functionCall.arguments", {}),
    fault!("form", "generationConfig.responseSchema.properties.part3.properties.tags.oneOf", []),
    fault!(
        "form",
        "generationConfig.responseSchema.properties.part1.properties.days.type",
        "int32"
    ),
    fault!("form", "generationConfig.responseMimeType", "text/json"),
];

fn base(kind: &str, random: &mut Rng) -> Value {
    match kind {
        "calls" => conversation(random),
        "form" => form(random),
        _ if random.bool() => conversation(random),
        _ => form(random),
    }
}

/// A service that judges bodies.
type Refuses<'a> = &'a mut dyn FnMut(&str) -> Option<Refusal>;

fn lead(body: &Value, judge: Refuses<'_>) -> (Search, Answer) {
    let body = Body::read(&body.to_string()).expect("a body");
    let mut search = Search::new(filled(&body).0, MOST);
    loop {
        match search.next() {
            Step::Done(answer) => return (search, *answer),
            Step::Ask(question) => {
                let text = search.body().text(&question.cut, Style::Compact);
                let verdict = match judge(&text) {
                    None => Verdict::Passes,
                    Some(refusal) if refusal.status >= 500 => {
                        Verdict::CannotTell(refusal.message().to_owned())
                    }
                    Some(refusal) => {
                        let (status, message) = (Some(refusal.status), refusal.message());
                        Verdict::Fails(Signature::of(status, message))
                    }
                };
                search.tell(verdict);
            }
        }
    }
}

fn honest(text: &str) -> Option<Refusal> {
    simulate::refusal(text, MODEL, "v1beta", "generateContent")
}

fn of(scenario: &str, text: &str) -> Option<Refusal> {
    let scenario = simulate::find(scenario).expect("it is built in");
    simulate::refusal_in(scenario, text, MODEL, "v1beta", "generateContent")
}

fn bare(text: &str) -> Option<Refusal> {
    of("refusals-bare", text)
}

/// A service, by how much it says of a refusal.
type Says = (&'static str, fn(&str) -> Option<Refusal>);

const JUDGES: [Says; 2] = [("honest", honest), ("bare", bare)];

fn guilty(answer: &Answer) -> Vec<&str> {
    let mut found: Vec<&str> = answer.faults.iter().flat_map(paths).collect();
    found.sort_unstable();
    found
}

#[test]
fn bodies_without_a_fault_pass() {
    for seed in 0..20 {
        for kind in ["calls", "form"] {
            let body = base(kind, &mut Rng::with_seed(seed));
            assert_eq!(honest(&body.to_string()), None, "{kind} {seed}: {body}");
        }
    }
}

#[test]
fn one_fault_is_found_whatever_the_service_says_of_it() {
    let mut wrong = Vec::new();
    for (says, judge) in JUDGES {
        for seed in 0..60_u64 {
            let mut random = Rng::with_seed(seed);
            let (kind, put) = FAULTS[seed as usize % FAULTS.len()];
            let mut body = base(kind, &mut random);
            let planted = put(&mut body);
            assert!(judge(&body.to_string()).is_some(), "{planted:?} is no fault");
            let (search, answer) = lead(&body, &mut |text| judge(text));
            if answer.outcome != Outcome::Found || guilty(&answer) != planted {
                wrong.push(format!(
                    "{says} {seed}: {planted:?}, found {:?} {:?}",
                    answer.outcome,
                    guilty(&answer)
                ));
            }
            if answer.calls > 25 {
                let values = search.body().values();
                wrong.push(format!("{says} {seed}: {planted:?} took {} of {values}", answer.calls));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of 120:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn two_faults_are_found_whatever_the_service_says_of_them() {
    let mut wrong = Vec::new();
    for (says, judge) in JUDGES {
        for seed in 0..20_u64 {
            let mut random = Rng::with_seed(100 + seed);
            let (kind, put) = FAULTS[10 + seed as usize % 10];
            let (_, other) = FAULTS[seed as usize * 7 % 10];
            let mut body = base(kind, &mut random);
            let mut planted = put(&mut body);
            planted.extend(other(&mut body));
            planted.sort_unstable();
            let (_, answer) = lead(&body, &mut |text| judge(text));
            if answer.outcome != Outcome::Found || guilty(&answer) != planted {
                wrong.push(format!(
                    "{says} {seed}: {planted:?}, found {:?} {:?}",
                    answer.outcome,
                    guilty(&answer)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of 40:\n{}", wrong.len(), wrong.join("\n"));
}

/// Leads a search that asks counts first, as the probe leads it.
fn lead_by_counts(body: &Value, judge: impl Fn(&str, Judge) -> Option<Refusal>) -> Answer {
    let body = Body::read(&body.to_string()).expect("a body");
    let mut search = Search::new(filled(&body).0, MOST);
    search.ask_first(Judge::Cheap);
    loop {
        match search.next() {
            Step::Done(answer) => return *answer,
            Step::Ask(question) => {
                let text = search.body().text(&question.cut, Style::Compact);
                let refusal = judge(&text, question.judge);
                search.tell(refusal.map_or(Verdict::Passes, |refusal| {
                    Verdict::Fails(Signature::of(Some(refusal.status), refusal.message()))
                }));
            }
        }
    }
}

/// What a service says to a count of a body, or to the body itself.
fn by(scenario: &str, text: &str, judge: Judge) -> Option<Refusal> {
    let known = simulate::find(scenario).expect("it is built in");
    let of = |text: &str, method| simulate::refusal_in(known, text, MODEL, "v1beta", method);
    match judge {
        Judge::Full => of(text, "generateContent"),
        Judge::Cheap => {
            let inside = text.trim_start_matches('{');
            let name = format!("\"models/{MODEL}\"");
            let text = format!("{{\"generateContentRequest\":{{\"model\":{name},{inside}}}");
            of(&text, "countTokens")
        }
    }
}

#[test]
fn a_fault_that_counts_show_hides_none_that_they_do_not_show() {
    let (mut pairs, mut wrong) = (0, Vec::new());
    for scenario in ["healthy", "refusals-bare"] {
        for (nth, (kind, put)) in FAULTS.iter().enumerate() {
            for (other_kind, put_other) in FAULTS.iter().skip(nth % 3).step_by(3) {
                let kind = if *kind == "both" { other_kind } else { kind };
                if *other_kind != "both" && other_kind != kind {
                    continue;
                }
                let kind = if *kind == "both" { "form" } else { kind };
                let whole = || base(kind, &mut Rng::with_seed(pairs));
                let (mut body, mut other, mut both) = (whole(), whole(), whole());
                let mut planted = put(&mut body);
                put_other(&mut other);
                let counted = |body: &Value| by(scenario, &body.to_string(), Judge::Cheap);
                if counted(&body).is_none() || counted(&other).is_some() {
                    continue;
                }
                pairs += 1;
                planted.extend(put_other(&mut both));
                put(&mut both);
                planted.sort_unstable();
                let answer = lead_by_counts(&both, |text, judge| by(scenario, text, judge));
                let judges: Vec<Judge> = answer.faults.iter().map(|fault| fault.judge).collect();
                let is_found = answer.outcome == Outcome::Found
                    && guilty(&answer) == planted
                    && judges == [Judge::Cheap, Judge::Full];
                let is_confirmed = answer.faults.iter().all(|fault| fault.confirmed);
                if !is_found || !is_confirmed || answer.judge != Judge::Full {
                    wrong.push(format!(
                        "{scenario}: {planted:?}, and {judges:?} {:?}",
                        guilty(&answer)
                    ));
                }
            }
        }
    }
    assert!(pairs > 40, "{pairs} pairs");
    assert!(wrong.is_empty(), "{} of {pairs}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn one_fault_that_counts_show_takes_one_answer_for_the_rest() {
    for (seed, (kind, put)) in (0..).zip(FAULTS) {
        let mut random = Rng::with_seed(seed);
        let mut body = base(kind, &mut random);
        let planted = put(&mut body);
        if by("healthy", &body.to_string(), Judge::Cheap).is_none() {
            continue;
        }
        let answers = std::cell::Cell::new(0);
        let answer = lead_by_counts(&body, |text, judge| {
            answers.set(answers.get() + u32::from(judge == Judge::Full));
            by("healthy", text, judge)
        });
        assert_eq!((&answer.outcome, guilty(&answer)), (&Outcome::Found, planted), "{seed}");
        assert!(answer.passes_beyond && answer.judge == Judge::Cheap, "{seed}");
        assert_eq!(answers.get(), 1, "{seed}");
        assert!(answer.calls <= 25, "{seed}: {}", answer.calls);
    }
}

#[test]
fn bounds_that_only_fail_together_are_found_together() {
    let mut wrong = Vec::new();
    for scenario in ["schema-budget-small", "schema-budget-small.bare"] {
        for seed in 0..10_u64 {
            let mut random = Rng::with_seed(200 + seed);
            let mut body = form(&mut random);
            let properties = "generationConfig.responseSchema.properties";
            let parts = at(&mut body, properties).as_object_mut().expect("an object");
            for part in parts.values_mut() {
                part["properties"]["tags"]["maxItems"] = json!(1);
            }
            let names: Vec<String> = parts.keys().cloned().collect();
            let count = random.usize(2..5);
            let mut planted = Vec::new();
            for name in &names[..count] {
                let path = format!("{properties}.{name}.properties.tags.maxItems");
                // All of them are needed to come above the budget of 60 states.
                set(&mut body, &path, json!(61_usize.div_ceil(count)));
                planted.push(path);
            }
            let (_, answer) = lead(&body, &mut |text| of(scenario, text));
            if answer.outcome != Outcome::Found || guilty(&answer) != planted {
                wrong.push(format!(
                    "{scenario} {seed}: {planted:?}, found {:?} {:?}",
                    answer.outcome,
                    guilty(&answer)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of 20:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_service_that_is_not_always_there_is_no_fault_of_the_body() {
    for seed in 0..10_u64 {
        let mut random = Rng::with_seed(300 + seed);
        let (kind, put) = FAULTS[seed as usize * 2];
        let mut body = base(kind, &mut random);
        let planted = put(&mut body);
        let mut flaky = |text: &str| match random.u8(..) {
            0..50 => Some(Refusal {
                status: 503,
                body: json!({"error": {"code": 503, "message": "The model is overloaded."}}),
            }),
            _ => honest(text),
        };
        let (_, answer) = lead(&body, &mut flaky);
        assert_eq!((&answer.outcome, guilty(&answer)), (&Outcome::Found, planted), "{seed}");
    }
}

#[test]
fn no_body_that_is_tried_holds_what_somebody_wrote() {
    let mut random = Rng::with_seed(400);
    let mut body = conversation(&mut random);
    set(&mut body, "generationConfig.topP", json!(1.5));
    let secrets = ["question", "answer", "look up both", "Be brief", "Trier", "END", "QUJDRA"];
    let text = body.to_string();
    assert!(secrets.iter().all(|secret| text.contains(*secret)));
    let mut tried = 0;
    let (_, answer) = lead(&body, &mut |text| {
        tried += 1;
        for secret in &secrets {
            assert!(!text.contains(*secret), "{secret} in {text}");
        }
        honest(text)
    });
    assert_eq!((answer.outcome, tried), (Outcome::Found, answer.calls));
}

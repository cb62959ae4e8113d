//! The generator itself: what it makes is the same for the same seed, is JSON, and has every feature; each fault can be put
//! in often enough, and stands where it is said to stand.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    case::{Case, Kind},
    generate::generate,
    models::MODELS,
    mutate::{Broken, Mutation, Weight, mutations},
    write::Spot,
};

#[test]
fn a_seed_makes_the_same_body_again() {
    for seed in 0..50 {
        assert_eq!(generate(seed).body(), generate(seed).body());
    }
    assert_ne!(generate(1).body(), generate(2).body());
}

#[test]
fn every_kind_model_and_feature_comes_up() {
    let mut seen = BTreeMap::<&str, usize>::new();
    for case in (0..2000).map(generate) {
        let names = [case.kind.word(), case.model.name, case.version];
        for name in case.features.iter().copied().chain(names) {
            *seen.entry(name).or_default() += 1;
        }
    }
    let kinds = Kind::ALL.iter().map(|kind| kind.word());
    for name in kinds.chain(MODELS.iter().map(|model| model.name)).chain(["v1", "v1beta"]) {
        assert!(seen.get(name).is_some_and(|times| *times >= 10), "{name}: {:?}", seen.get(name));
    }
    for name in FEATURES {
        assert!(seen.contains_key(name), "{name} never came up");
    }
    let listed =
        |name: &&str| FEATURES.contains(name) || MODELS.iter().any(|model| model.name == *name);
    let known = Kind::ALL.map(Kind::word);
    let others: Vec<_> =
        seen.keys().filter(|name| !listed(name) && !known.contains(name)).collect();
    assert_eq!(others, [&"v1", &"v1beta"], "features that no list has");
}

#[test]
fn every_text_is_json_and_says_what_its_tree_says() {
    for case in (0..2000).map(generate) {
        let body = case.body();
        let texts: Vec<&str> = match case.kind {
            Kind::BatchLines => body.lines().collect(),
            _ => vec![&body],
        };
        assert_eq!(texts.len(), case.documents.len(), "seed {}", case.seed);
        for text in texts {
            let read: Result<Value, _> = serde_json::from_str(text);
            assert!(read.is_ok_and(|value| value.is_object()), "seed {}: {text}", case.seed);
        }
    }
}

/// In so many seeds each fault must find a place, so often.
const SEEDS: u64 = 5000;
const OFTEN: usize = 20;

#[test]
fn every_fault_finds_its_place_and_stands_where_it_is_said_to() {
    let cases: Vec<Case> = (0..SEEDS).map(generate).collect();
    let refused = mutations().filter(|mutation| mutation.weight == Weight::Refused).count();
    assert!(refused >= 150, "{refused} faults that the API refuses");
    for mutation in mutations() {
        let broken = cases.iter().filter_map(|case| mutation.apply_to(case.clone())).take(OFTEN);
        let mut found = 0;
        for one in broken {
            found += 1;
            judge(mutation, &one);
        }
        assert_eq!(found, OFTEN, "{} finds a place in too few bodies", mutation.name);
    }
}

fn judge(mutation: &Mutation, broken: &Broken) {
    let told = format!("{}, seed {}", mutation.name, broken.case.seed);
    assert_ne!(
        broken.text,
        generate(broken.case.seed).body().into_bytes(),
        "{told}: nothing was changed"
    );
    let spot = broken.spots.first().unwrap_or_else(|| panic!("{told}: no place"));
    if mutation.name.starts_with("text: ") {
        return unreadable(broken, &told);
    }
    let text = str::from_utf8(&broken.text).unwrap();
    for spot in &broken.spots {
        assert_eq!(offset_of(text, spot), spot.offset, "{told}: line and column");
    }
    let text = text[spot.offset..].trim_start();
    let path = spot.path.as_str();
    assert!(
        points_at(&broken.case, path, text),
        "{told}: {path} is not what stands at {}:{}: {}",
        spot.line,
        spot.column,
        text.chars().take(60).collect::<String>()
    );
}

/// Line and column the long way round.
fn offset_of(text: &str, spot: &Spot) -> usize {
    let lines = text.split_inclusive('\n').take(spot.line - 1).map(str::len).sum::<usize>();
    let rest = &text[lines..];
    lines + rest.chars().take(spot.column - 1).map(char::len_utf8).sum::<usize>()
}

/// Whether the text begins with the value at a path, with the name that the path ends in, or with the object that lacks it.
fn points_at(case: &Case, path: &str, text: &str) -> bool {
    let body = case.body();
    let mut documents =
        serde_json::Deserializer::from_str(&body).into_iter::<Value>().map(Result::unwrap);
    let first =
        serde_json::Deserializer::from_str(text).into_iter::<Value>().next().unwrap().unwrap();
    let steps = steps(path);
    let around = &steps[..steps.len().saturating_sub(1)];
    documents.any(|document| {
        let value = steps.iter().map(String::as_str).try_fold(&document, step);
        let around = around.iter().map(String::as_str).try_fold(&document, step);
        let is_name = value.is_some() && steps.last().is_some_and(|name| first == name.as_str());
        value == Some(&first) || is_name || (value.is_none() && around == Some(&first))
    })
}

fn step<'a>(value: &'a Value, step: &str) -> Option<&'a Value> {
    match step.parse::<usize>() {
        Ok(at) => value.get(at),
        Err(_) => value.get(step.trim_matches('"')),
    }
}

fn steps(path: &str) -> Vec<String> {
    let parts = path.split(['.', '[', ']']);
    parts
        .filter(|part| !part.is_empty() && *part != "$")
        .map(|part| part.trim_matches('"').to_owned())
        .collect()
}

/// A reader of JSON stops at it, or in the line after it.
fn unreadable(broken: &Broken, told: &str) {
    let mut documents = serde_json::Deserializer::from_slice(&broken.text).into_iter::<Value>();
    let error = documents.find_map(Result::err);
    let line = broken.spots[0].line;
    match error {
        Some(error) => {
            let is_near = (line..=line + 1).contains(&error.line()) || error.line() == 0;
            assert!(is_near, "{told}: {error}, and not in line {line}");
        }
        None => assert!(broken.text.is_empty(), "{told}: it can be read"),
    }
}

/// What the bodies have; no other feature may come up.
const FEATURES: &[&str] = &[
    "$defs",
    "additionalProperties",
    "allowedFunctionNames",
    "anyOf",
    "batch in the body",
    "budget on a model of levels",
    "cached content",
    "call without arguments",
    "calls of earlier turns",
    "calls of the current turn",
    "candidateCount",
    "chat calls",
    "chat completion",
    "chat picture",
    "chat temperature",
    "chat tools",
    "code and its result",
    "codeExecution",
    "computerUse",
    "contents without a list",
    "count of a request",
    "count of contents",
    "date-time",
    "decimal number as text",
    "declarations in two tools",
    "default",
    "document",
    "dynamic thinking",
    "empty generation config",
    "enableEnhancedCivicAnswers",
    "enableWidget",
    "enum",
    "enum in lower case",
    "example",
    "extra_body",
    "file",
    "fileSearch",
    "film",
    "film by its page",
    "form beside tools",
    "format",
    "full batch",
    "function calling mode",
    "function declarations",
    "googleMaps",
    "googleSearch",
    "id of a call",
    "image config",
    "image output",
    "includeServerSideToolInvocations",
    "includeThoughts",
    "lines of a batch",
    "list at the top of a form",
    "list of types",
    "logprobs",
    "many turns",
    "maxOutputTokens",
    "max_tokens",
    "media in a response",
    "mediaResolution",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "model in the body",
    "n",
    "null for unset",
    "nullable",
    "one turn",
    "oneOf",
    "outputDimensionality",
    "parallel calls",
    "parameters",
    "parametersJsonSchema",
    "part without a list",
    "partMetadata",
    "pattern",
    "penalties",
    "picture",
    "prefixItems",
    "priority of a batch",
    "propertyOrdering",
    "reasoning_effort",
    "recursive reference",
    "resolution of a part",
    "response of a function",
    "responseJsonSchema",
    "responseJsonSchema of a function",
    "responseModalities",
    "responseSchema",
    "response_format",
    "retrievalConfig",
    "role of a system instruction",
    "role of functions",
    "safety settings",
    "scheduling",
    "searchTypes",
    "seed",
    "service tier",
    "several speakers",
    "signature of a call",
    "signature of a text",
    "signature that is skipped",
    "sound",
    "speech output",
    "stop",
    "stopSequences",
    "store",
    "stream",
    "system instruction",
    "system message",
    "taskType",
    "temperature",
    "text/plain",
    "text/x.enum",
    "thinking budget",
    "thinking level",
    "thinking switched off",
    "thought",
    "timeRangeFilter",
    "title of a document",
    "title of a schema",
    "toolCall",
    "tool_choice",
    "tools of two kinds",
    "topK",
    "topP",
    "turn of the same role",
    "turn without a role",
    "urlContext",
    "videoMetadata",
    "whole number as text",
    "whole number with a point",
    "words before a call",
];

//! How answers are to be made: settings, thinking, safety, caches.

use super::{Case, FLASH, GEMMA, NEW, OLD, case, config, to, with};

const WAY: super::Way = to(FLASH);

pub(super) fn cases() -> Vec<Case> {
    [settings(), thinking(), safety()].into_iter().flatten().collect()
}

fn settings() -> Vec<Case> {
    let field = |settings: &str| case("generation::fields", WAY, config(settings));
    let sampled = |model, settings: &str| case("generation::sampling", to(model), config(settings));
    vec![
        field(r#""stopSequences": ["a", "b", "c", "d", "e", "f"]"#),
        field(r#""responseLogprobs": true, "logprobs": 21"#),
        field(r#""logprobs": 5"#),
        field(r#""responseMimeType": "application/jason""#),
        field(r#""imageConfig": {"aspectRatio": "16:10"}"#)
            .mild("a model for text makes no picture of any shape"),
        field(r#""imageConfig": {"imageSize": "2k"}"#)
            .mild("a model for text makes no picture of any size"),
        case("generation::candidates", WAY, config(r#""candidateCount": 2"#)),
        case("generation::candidates", to(OLD), config(r#""candidateCount": 9"#)),
        case("generation::candidates", to(OLD), config(r#""candidateCount": 0"#)),
        case("generation::penalties", WAY, config(r#""presencePenalty": 0.5"#))
            .mild("documented for 3.8, and as a habit of the family"),
        case("generation::penalties", to(NEW), config(r#""frequencyPenalty": 0.5"#)),
        case("generation::penalties", to(OLD), config(r#""frequencyPenalty": 2"#)),
        case("generation::length", WAY, config(r#""maxOutputTokens": 65537"#)),
        case("generation::length", WAY, config(r#""maxOutputTokens": 0"#)),
        sampled(OLD, r#""temperature": 2.5"#),
        sampled(FLASH, r#""temperature": -0.1"#),
        sampled(OLD, r#""topP": 1.1"#),
        sampled(FLASH, r#""topP": 0"#),
        sampled(FLASH, r#""topK": 0"#),
    ]
}

fn thinking() -> Vec<Case> {
    let asked = |check, model, settings: &str| {
        case(check, to(model), config(&format!(r#""thinkingConfig": {{{settings}}}"#)))
    };
    let steered = |model, settings: &str| asked("thinking::steering", model, settings);
    vec![
        asked("thinking::fields", FLASH, r#""thinkingBudget": -2"#),
        asked("thinking::fields", FLASH, r#""thinkingBudget": 65536"#),
        steered(GEMMA, r#""thinkingLevel": "low""#).mild("not known of Gemma 4"),
        steered(FLASH, r#""thinkingLevel": "low", "thinkingBudget": 1024"#),
        steered(OLD, r#""thinkingLevel": "low""#),
        steered(NEW, r#""thinkingLevel": "minimal""#),
        steered("gemini-3.1-pro-preview", r#""thinkingLevel": "MINIMAL""#),
        steered(NEW, r#""thinkingBudget": 0"#)
            .mild("that thinking stays on is documented; no refusal is on record"),
        steered("gemini-2.5-pro", r#""thinkingBudget": 127"#),
        steered("gemini-2.5-pro", r#""thinkingBudget": 0"#),
        steered("gemini-2.5-flash-lite", r#""thinkingBudget": 511"#),
        asked("thinking::told", OLD, r#""includeThoughts": true, "thinkingBudget": 0"#),
        asked("thinking::told", "gemini-2.5-flash-lite", r#""includeThoughts": true"#)
            .mild("that it does not think unless told is documented; no refusal is on record"),
    ]
}

fn safety() -> Vec<Case> {
    let set = |categories: &[&str]| {
        let one = |name: &&str| format!(r#"{{"category": "{name}", "threshold": "OFF"}}"#);
        let all: Vec<String> = categories.iter().map(one).collect();
        case("safety::categories", WAY, with(&format!(r#""safetySettings": [{}]"#, all.join(", "))))
    };
    let cached = |rest: &str| {
        case("safety::cache", WAY, with(&format!(r#""cachedContent": "cachedContents/x", {rest}"#)))
    };
    vec![
        set(&["HARM_CATEGORY_HARASSMENT", "HARM_CATEGORY_TOXICITY"]),
        set(&["HARM_CATEGORY_UNSPECIFIED"]),
        set(&["HARM_CATEGORY_HARASSMENT", "HARM_CATEGORY_HARASSMENT"]),
        cached(r#""systemInstruction": {"parts": [{"text": "Be kind."}]}"#),
        cached(r#""tools": [{"googleSearch": {}}]"#),
        cached(r#""tool_config": {"functionCallingConfig": {"mode": "NONE"}}"#),
    ]
}

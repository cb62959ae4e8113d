//! Numbers: sampling, penalties, candidates, lengths, stops and probabilities.

use crate::facts::{
    Severity::{Error, Warning},
    accepts::{Budget, Line},
};

use crate::lint::{
    document::{Form, Value},
    edit,
    finding::{Correction, Findings, said},
    kind::field,
    request::{Request, Service},
    rule::{Example, Rule, UNQUOTED, bad, good},
};

use super::{API_PAGE, FLASH, NEWEST_PAGE, OLDER, number};

const GOOD: &[Example] = &[
    good(
        OLDER,
        settings!(
            r#""temperature": 2, "topP": 1.0, "topK": 1, "candidateCount": 8, "maxOutputTokens": 65536, "presencePenalty": -2, "frequencyPenalty": 1.99, "seed": -5"#
        ),
    ),
    good(
        OLDER,
        request!(
            r#""generation_config": {"temperature": 0, "top_p": 0.1, "top_k": 64, "candidate_count": 1, "response_logprobs": true, "logprobs": 20, "stop_sequences": ["a", "b", "c", "d", "e"]}"#
        ),
    ),
    good("gemini-3.5-flash", settings!(r#""temperature": 1.0, "maxOutputTokens": "4096""#)),
    good("", settings!(r#""candidateCount": 4, "presencePenalty": 1, "maxOutputTokens": 20"#)),
];

pub(super) const OUT_OF_RANGE: Rule = Rule {
    id: "setting-out-of-range",
    title: "A setting is outside its range",
    severity: Error,
    fix: Some("sampling-param-out-of-range"),
    answer: "it has a … value of … but the supported range is from … (inclusive) to … (exclusive)",
    why: "Each setting has a range, and a value outside of it is refused.",
    docs: &[API_PAGE],
    as_of: "2026-11-20",
    bad: &[
        bad(OLDER, settings!(r#""temperature": 2.5"#), "generationConfig.temperature"),
        bad(OLDER, settings!(r#""topP": 0"#), "generationConfig.topP"),
        bad(OLDER, settings!(r#""topP": 1.5"#), "generationConfig.topP"),
        bad(OLDER, settings!(r#""topK": 0"#), "generationConfig.topK"),
        bad(OLDER, settings!(r#""presencePenalty": 2"#), "generationConfig.presencePenalty"),
        bad(
            OLDER,
            settings!(r#""responseLogprobs": true, "logprobs": 21"#),
            "generationConfig.logprobs",
        ),
        bad(
            OLDER,
            request!(r#""generation_config": {"frequency_penalty": -2.1}"#),
            "generation_config.frequency_penalty",
        ),
    ],
    good: GOOD,
};

pub(super) const TOP_K_LARGE: Rule = Rule {
    id: "top-k-large",
    title: "topK is above what the cloud platform takes of some models",
    severity: Warning,
    why: "The platform was seen to refuse more than 40 for some models; the Developer API goes by the model's own entry.",
    bad: &[],
    ..OUT_OF_RANGE
};

pub(super) const IGNORED: Rule = Rule {
    id: "sampling-ignored",
    title: "The model ignores how it is told to sample",
    severity: Warning,
    fix: None,
    answer: "",
    why: "Since 3.6 temperature, topP and topK are ignored: documented for 3.8 Flash, and reported for the others.",
    docs: &[NEWEST_PAGE],
    bad: &[
        bad(FLASH, settings!(r#""temperature": 0.2"#), "generationConfig.temperature"),
        bad(FLASH, settings!(r#""topP": 0.9, "topK": 40"#), "generationConfig.topK"),
        bad("gemini-3.6-flash", settings!(r#""temperature": 0"#), "generationConfig.temperature"),
    ],
    ..OUT_OF_RANGE
};

pub(super) const PENALTY_REFUSED: Rule = Rule {
    id: "penalty-refused",
    title: "The model refuses penalties",
    fix: Some("feature-not-enabled-for-model"),
    answer: "Penalty is not enabled for models/…",
    why: "3.8 Flash refuses presencePenalty and frequencyPenalty, whatever their value.",
    docs: &[NEWEST_PAGE],
    bad: &[bad(
        FLASH,
        settings!(r#""frequencyPenalty": 0.5"#),
        "generationConfig.frequencyPenalty",
    )],
    ..OUT_OF_RANGE
};

pub(super) const PENALTY_DOUBTFUL: Rule = Rule {
    id: "penalty-doubtful",
    title: "Models of this family may refuse penalties",
    severity: Warning,
    why: "What 3.8 Flash refuses is documented as a convention of Gemini 3; of the other models it is not known one by one.",
    bad: &[bad(
        "gemini-3.5-flash",
        settings!(r#""presencePenalty": 0.5"#),
        "generationConfig.presencePenalty",
    )],
    ..PENALTY_REFUSED
};

pub(super) const CANDIDATES: Rule = Rule {
    id: "candidate-count-out-of-range",
    title: "candidateCount is outside 1 to 8",
    fix: Some("candidate-count-unsupported"),
    answer: "candidateCount must be … but the entered value was …",
    why: "No model gives more than eight answers at once, and none gives less than one.",
    bad: &[
        bad(OLDER, settings!(r#""candidateCount": 9"#), "generationConfig.candidateCount"),
        bad(OLDER, settings!(r#""candidateCount": 0"#), "generationConfig.candidateCount"),
    ],
    ..OUT_OF_RANGE
};

pub(super) const CANDIDATES_REFUSED: Rule = Rule {
    id: "candidate-count-refused",
    title: "The model gives one answer at a time",
    answer: "Multiple candidates is not enabled for this model",
    why: "Models of Gemini 3 refuse more than one candidate on the Developer API.",
    docs: &[NEWEST_PAGE],
    bad: &[bad(FLASH, settings!(r#""candidateCount": 2"#), "generationConfig.candidateCount")],
    ..CANDIDATES
};

pub(super) const CANDIDATES_NEEDLESS: Rule = Rule {
    id: "candidate-count-needless",
    title: "candidateCount is a field that models since Gemini 3 do without",
    severity: Warning,
    answer: "",
    why: "3.8 Flash is documented to refuse the field; 1 is what comes without it.",
    docs: &[NEWEST_PAGE],
    bad: &[bad(FLASH, settings!(r#""candidateCount": 1"#), "generationConfig.candidateCount")],
    ..CANDIDATES
};

pub(super) const OUTPUT_OUT_OF_RANGE: Rule = Rule {
    id: "max-output-out-of-range",
    title: "maxOutputTokens is outside what the model can write",
    fix: Some("output-tokens-out-of-range"),
    answer: "maxOutputTokens value of … but the supported range is from 1 (inclusive) to … (exclusive)",
    why: "The most is the outputTokenLimit of the model; the least is 1.",
    bad: &[
        bad(OLDER, settings!(r#""maxOutputTokens": 65537"#), "generationConfig.maxOutputTokens"),
        bad(FLASH, settings!(r#""maxOutputTokens": 0"#), "generationConfig.maxOutputTokens"),
        bad(
            "gemini-3.1-flash-image",
            settings!(r#""maxOutputTokens": 40000"#),
            "generationConfig.maxOutputTokens",
        ),
    ],
    ..OUT_OF_RANGE
};

pub(super) const OUTPUT_SHORT: Rule = Rule {
    id: "max-output-short",
    title: "maxOutputTokens is small for a model that thinks",
    severity: Warning,
    fix: Some("max-tokens-no-text"),
    answer: "",
    why: "Thoughts count against it: the answer may end before its first word, with finishReason MAX_TOKENS. Below 1,024 is this program's own figure; none is published.",
    bad: &[
        bad(FLASH, settings!(r#""maxOutputTokens": 20"#), "generationConfig.maxOutputTokens"),
        bad(OLDER, settings!(r#""maxOutputTokens": 500"#), "generationConfig.maxOutputTokens"),
    ],
    good: &[
        good(OLDER, settings!(r#""maxOutputTokens": 20, "thinkingConfig": {"thinkingBudget": 0}"#)),
        good("gemini-2.5-flash-lite", settings!(r#""maxOutputTokens": 20"#)),
    ],
    ..OUT_OF_RANGE
};

pub(super) const STOPS_TOO_MANY: Rule = Rule {
    id: "stop-sequences-too-many",
    title: "There are more than five stop sequences",
    fix: Some("invalid-argument-generic"),
    answer: "the number of stop_sequences must not exceed 5",
    why: "An answer can be stopped by five texts at most.",
    bad: &[bad(
        OLDER,
        settings!(r#""stopSequences": ["a", "b", "c", "d", "e", "f"]"#),
        "generationConfig.stopSequences",
    )],
    ..OUT_OF_RANGE
};

pub(super) const STOP_EMPTY: Rule = Rule {
    id: "stop-sequence-empty",
    title: "A stop sequence is empty",
    severity: Warning,
    fix: Some("invalid-argument-generic"),
    answer: "",
    why: "An empty text stands everywhere: it stops nothing that anybody means, or is refused.",
    bad: &[bad(
        OLDER,
        settings!(r#""stopSequences": ["a", ""]"#),
        "generationConfig.stopSequences[1]",
    )],
    ..OUT_OF_RANGE
};

pub(super) const LOGPROBS_ALONE: Rule = Rule {
    id: "logprobs-without-response",
    title: "logprobs is set, and responseLogprobs is not",
    fix: Some("feature-not-enabled-for-model"),
    answer: UNQUOTED,
    why: "logprobs says how many probabilities come for each token, and is valid only where responseLogprobs asks for them.",
    bad: &[
        bad(OLDER, settings!(r#""logprobs": 5"#), "generationConfig.logprobs"),
        bad(
            OLDER,
            settings!(r#""responseLogprobs": false, "logprobs": 5"#),
            "generationConfig.logprobs",
        ),
    ],
    ..OUT_OF_RANGE
};

/// The ranges that hold for all models: the name, its range in words, and whether a number is in it.
type Range = (&'static str, &'static str, fn(f64) -> bool);
const RANGES: &[Range] = &[
    ("temperature", "0 to 2", |number| (0.0..=2.0).contains(&number)),
    ("topP", "more than 0, and 1 at most", |number| number > 0.0 && number <= 1.0),
    ("topK", "1 or more", |number| number >= 1.0),
    ("presencePenalty", "-2 or more, and less than 2", |number| (-2.0..2.0).contains(&number)),
    ("frequencyPenalty", "-2 or more, and less than 2", |number| (-2.0..2.0).contains(&number)),
    ("logprobs", "0 to 20", |number| (0.0..=20.0).contains(&number)),
];

/// Looks at the numbers of a configuration.
pub(super) fn look(request: &Request<'_>, config: Value<'_>, found: &mut Findings<'_>) {
    for (name, words, is_in) in RANGES {
        let Some((value, number)) = number(config, name) else { continue };
        // What is ignored may say anything.
        let is_ignored =
            matches!(*name, "temperature" | "topP" | "topK") && ignores_sampling(request);
        if !is_in(number) && !is_ignored {
            found.at(&OUT_OF_RANGE, value, || {
                said(format!("{name} is {words}, and not {}", value.raw()))
            });
            continue;
        }
        match *name {
            "temperature" | "topP" | "topK" => sampled(request, config, value, name, number, found),
            "presencePenalty" | "frequencyPenalty" => penalty(request, config, value, name, found),
            _ => {}
        }
    }
    candidates(request, config, found);
    output(request, config, found);
    stops(config, found);
    logprobs(config, found);
}

fn ignores_sampling(request: &Request<'_>) -> bool {
    let is_for_text =
        request.accepts.is_some_and(|accepts| matches!(accepts.line, Line::Text | Line::Pro));
    is_for_text && request.is_since(3, 6)
}

fn sampled(
    request: &Request<'_>,
    config: Value<'_>,
    value: Value<'_>,
    name: &str,
    number: f64,
    found: &mut Findings<'_>,
) {
    if ignores_sampling(request) {
        found.at_name(&IGNORED, value, || {
            let words = format!("Take {name} out");
            let is_documented = request.accepts.and_then(|it| it.generation) == Some((3, 8));
            let correction = if is_documented {
                Correction::mechanical(words, vec![edit::remove(config, value)])
            } else {
                Correction::advice(words)
            };
            said(format!("{} ignores {name}", request.model_words())).with(correction)
        });
    } else if name == "topK" && number > 40.0 && request.service == Service::Cloud {
        found.at(&TOP_K_LARGE, value, || {
            said(format!("topK is {}, and some models take 40 at most", value.raw()))
                .with(Correction::advice("Say 40 or less, or leave it out"))
        });
    }
}

fn penalty(
    request: &Request<'_>,
    config: Value<'_>,
    value: Value<'_>,
    name: &str,
    found: &mut Findings<'_>,
) {
    if !request.is_since(3, 0) {
        return;
    }
    let is_documented = request.accepts.and_then(|it| it.generation) == Some((3, 8));
    let rule = if is_documented { &PENALTY_REFUSED } else { &PENALTY_DOUBTFUL };
    found.at_name(rule, value, || {
        let does = if is_documented { "refuses" } else { "may refuse" };
        // Nothing is what 0 says.
        let is_nothing = value.number_in_any_form() == Some(0.0);
        let words = format!("Take {name} out");
        let correction = if is_nothing {
            Correction::mechanical(words, vec![edit::remove(config, value)])
        } else {
            Correction::advice(words)
        };
        said(format!("{} {does} {name}", request.model_words())).with(correction)
    });
}

fn candidates(request: &Request<'_>, config: Value<'_>, found: &mut Findings<'_>) {
    let Some((value, number)) = number(config, "candidateCount") else { return };
    if !(1.0..=8.0).contains(&number) {
        found.at(&CANDIDATES, value, || {
            said(format!("candidateCount is 1 to 8, and not {}", value.raw()))
        });
        return;
    }
    if !request.is_since(3, 0) {
        return;
    }
    let is_one = number == 1.0;
    let is_known = !request.is_since(4, 0) && request.service == Service::Developer;
    if is_one || !is_known {
        found.at_name(&CANDIDATES_NEEDLESS, value, || {
            let correction = if is_one {
                let edits = vec![edit::remove(config, value)];
                Correction::mechanical("Take candidateCount out", edits)
            } else {
                Correction::advice("Take it out, and call several times")
            };
            said(format!("{} may refuse candidateCount", request.model_words())).with(correction)
        });
        return;
    }
    found.at(&CANDIDATES_REFUSED, value, || {
        said(format!("{} gives one answer, and not {}", request.model_words(), value.raw()))
            .with(Correction::advice("Take candidateCount out, and call several times"))
    });
}

fn output(request: &Request<'_>, config: Value<'_>, found: &mut Findings<'_>) {
    let Some((value, number)) = number(config, "maxOutputTokens") else { return };
    let limit = request.accepts.and_then(|accepts| accepts.output_tokens);
    let is_above = limit.is_some_and(|limit| number > f64::from(limit));
    if number < 1.0 || is_above {
        found.at(&OUTPUT_OUT_OF_RANGE, value, || {
            let most = limit.map_or_else(String::new, |limit| format!(" to {limit}"));
            let from = if most.is_empty() { "at least " } else { "" };
            said(format!(
                "{} writes {from}1{most} tokens, and not {}",
                request.model_words(),
                value.raw()
            ))
            .with_any(
                limit.filter(|_| is_above).map(|limit| {
                    Correction::advice(format!("Say {limit} or less, or leave it out"))
                }),
            )
        });
    } else if number < SHORT && thinks(request, config) {
        found.at(&OUTPUT_SHORT, value, || {
            said(format!("thoughts of {} count against {number} tokens", request.model_words()))
                .with(Correction::advice("Raise it, or let the model think less"))
        });
    }
}

/// Below this, thoughts may use all of it. Nobody publishes a figure.
const SHORT: f64 = 1024.0;

/// Whether the model is known to think with these settings.
fn thinks(request: &Request<'_>, config: Value<'_>) -> bool {
    let thinking = field(config, "thinkingConfig");
    let budget = thinking.and_then(|thinking| number(thinking, "thinkingBudget"));
    let level = thinking.and_then(|thinking| field(thinking, "thinkingLevel")?.quoted());
    let is_minimal = level.is_some_and(|level| level.eq_ignore_ascii_case("minimal"));
    let Some(accepts) = request.accepts else { return false };
    let name = request.model_words();
    match accepts.budget {
        Budget::Refused | Budget::Unknown => false,
        Budget::Between { off, .. } => {
            let is_off_by_itself = name.contains("flash-lite") && budget.is_none();
            let is_switched_off = off && budget.is_some_and(|(_, tokens)| tokens == 0.0);
            !is_switched_off && !is_off_by_itself
        }
        Budget::Outdated => {
            !is_minimal && (!name.contains("flash-lite") || level.is_some() || budget.is_some())
        }
    }
}

fn stops(config: Value<'_>, found: &mut Findings<'_>) {
    let Some(list) = field(config, "stopSequences") else { return };
    let count = list.items().count();
    if count > 5 {
        found.at(&STOPS_TOO_MANY, list, || {
            said(format!("there are {count} stop sequences, and five are taken"))
                .with(Correction::advice("Leave those out that are least needed"))
        });
    }
    for empty in list.items().filter(|item| item.quoted() == Some("")) {
        found.at(&STOP_EMPTY, empty, || {
            let edits = vec![edit::remove(list, empty)];
            said("this stop sequence is empty").with(Correction::mechanical("Take it out", edits))
        });
    }
}

fn logprobs(config: Value<'_>, found: &mut Findings<'_>) {
    let Some((value, _)) = number(config, "logprobs") else { return };
    let asked = field(config, "responseLogprobs");
    if asked.is_some_and(|asked| asked.flag() != Some(false)) {
        return;
    }
    found.at_name(&LOGPROBS_ALONE, value, || {
        let correction = match asked.filter(|asked| asked.kind() == Form::Flag) {
            Some(_) => Correction::advice("Take logprobs out, or set responseLogprobs to true"),
            None => Correction::mechanical(
                "Set responseLogprobs",
                vec![edit::insert(config, "responseLogprobs", "true")],
            ),
        };
        said("logprobs needs responseLogprobs").with(correction)
    });
}

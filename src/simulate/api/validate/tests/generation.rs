//! The settings of an answer.

use serde_json::{Value, json};

use super::{FLASH, NEW, OLD, Way, config};

const WAY: Way = Way::to(FLASH);

#[track_caller]
fn pair(model: &'static str, bad: &Value, sentence: &str, good: &Value) {
    Way::to(model).refuses(&config(bad), sentence);
    Way::to(model).takes(&config(good));
}

#[test]
fn how_many_answers() {
    let of = |count: i64| json!({"candidateCount": count});
    pair(FLASH, &of(2), "Multiple candidates is not enabled for this model", &of(1));
    let sentence =
        "* GenerateContentRequest.generation_config.candidate_count: candidate_count must";
    pair(OLD, &of(9), sentence, &of(8));
    pair(OLD, &of(0), sentence, &of(2));
}

#[test]
fn how_long_an_answer_is() {
    let of = |limit: i64| json!({"maxOutputTokens": limit});
    let sentence = "Unable to submit request because it has a maxOutputTokens value of 65537 but the \
                    supported range is from 1 (inclusive) to 65537 (exclusive). Update the value";
    pair(FLASH, &of(65_537), sentence, &of(65_536));
    WAY.refuses_barely(&config(&of(0)));
    WAY.refuses_barely(&config(&of(-1)));
    WAY.takes(&config(&of(1)));
}

#[test]
fn how_an_answer_is_drawn_matters_before_3_6_alone() {
    for (name, bad, good) in [
        ("temperature", json!(2.5), json!(2)),
        ("temperature", json!(-0.1), json!(0)),
        ("topP", json!(1.1), json!(1)),
        ("topP", json!(0), json!(0.1)),
        ("topK", json!(0), json!(64)),
    ] {
        let sentence =
            format!("Unable to submit request because it has a {name} value of {bad} but");
        for model in [OLD, FLASH] {
            pair(model, &json!({name: bad}), &sentence, &json!({name: good}));
        }
        Way::to(NEW).takes(&config(&json!({name: bad})));
    }
}

#[test]
fn penalties_are_for_older_models() {
    for name in ["presencePenalty", "frequencyPenalty"] {
        let of = |value: f64| json!({name: value});
        pair(FLASH, &of(0.5), "Penalty is not enabled for this model", &of(0.0));
        let sentence = format!("Unable to submit request because it has a {name} value of 2 but");
        pair(OLD, &of(2.0), &sentence, &of(-2.0));
    }
}

#[test]
fn counts_and_sets_of_words() {
    let path = "* GenerateContentRequest.generation_config";
    let stops = |count: usize| json!({"stopSequences": vec!["x"; count]});
    pair(FLASH, &stops(6), &format!("{path}.stop_sequences: at most 5"), &stops(5));
    let logprobs =
        |count: i64, wished: bool| json!({"logprobs": count, "responseLogprobs": wished});
    pair(FLASH, &logprobs(21, true), &format!("{path}.logprobs: "), &logprobs(20, true));
    pair(FLASH, &logprobs(5, false), &format!("{path}.logprobs: "), &logprobs(0, true));
    pair(
        FLASH,
        &json!({"responseMimeType": "application/jason"}),
        &format!("{path}.response_mime_type: allowed mimetypes are"),
        &json!({"responseMimeType": "application/json"}),
    );
    let image = |name: &str, value: &str| json!({"imageConfig": {name: value}});
    pair(
        FLASH,
        &image("aspectRatio", "16:10"),
        &format!("{path}.image_config.aspect_ratio: must be one of 1:1, 2:3"),
        &image("aspectRatio", "16:9"),
    );
    pair(
        FLASH,
        &image("imageSize", "2k"),
        &format!("{path}.image_config.image_size: must be one of 512, 1K"),
        &image("imageSize", "2K"),
    );
}

#[test]
fn a_schema_goes_with_a_form_and_alone() {
    let schema = json!({"type": "OBJECT", "properties": {"a": {"type": "STRING"}}});
    let sentence = "Function calling config or response schema with a response mime type: \
                    'text/plain' is unsupported";
    for name in ["responseSchema", "responseJsonSchema"] {
        for form in ["text/x.enum", "application/json"] {
            pair(
                FLASH,
                &json!({name: schema}),
                sentence,
                &json!({name: schema, "responseMimeType": form}),
            );
        }
    }
    let both = json!({"responseSchema": schema, "responseJsonSchema": schema,
        "responseMimeType": "application/json"});
    WAY.refuses(
        &config(&both),
        "response_schema and response_json_schema must not be set together.",
    );
    // The first version has no field for the form.
    Way { version: "v1", ..WAY }.takes(&config(&json!({"responseJsonSchema": schema})));
}

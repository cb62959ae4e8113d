//! A request with needles in its text, the question for them at both ends, and the text of the answer.
//!
//! Everything but the settings of the answer stays as it was.

use serde_json::{Value, json};

use crate::facts::models::Thinking;

use super::generation;

/// Room for an answer with every needle.
const ANSWER_ROOM: u32 = 160;
/// How far back a word's beginning is looked for, in bytes.
const LONGEST_WORD: usize = 200;

/// A body that has this as its only text.
pub fn plain(text: &str) -> Value {
    json!({"contents": [{"role": "user", "parts": [{"text": text}]}]})
}

/// Whether the turns have a text that needles can be hidden in.
pub fn has_text(body: &Value) -> bool {
    texts_of(&mut body.clone()).iter().any(|text| !text.trim().is_empty())
}

/// Puts each needle behind its share of the body's text, and the question before and after all of it. The
/// settings of the answer become those of a short one.
pub fn planted(
    mut body: Value,
    needles: &[(f64, String)],
    question: &str,
    (thinking, api_version): (Thinking, &str),
) -> Value {
    let mut texts = texts_of(&mut body);
    let lengths: Vec<usize> = texts.iter().map(|text| text.len()).collect();
    let whole: usize = lengths.iter().sum();
    // From the end on, so that places before it stay where they are.
    for (share, sentence) in needles.iter().rev() {
        let place = (whole as f64 * share) as usize;
        insert(&mut texts, &lengths, place, sentence);
    }
    if let Some(first) = texts.first_mut() {
        first.insert_str(0, &format!("{question}\n\n"));
    }
    if let Some(last) = texts.last_mut() {
        last.push_str(&format!("\n\n{question}"));
    }
    let config = generation::short_answer(ANSWER_ROOM, thinking, api_version);
    if let Some(members) = body.as_object_mut() {
        members.remove("generation_config");
        members.insert("generationConfig".to_owned(), config);
    }
    body
}

/// The body with an empty list of tools.
pub fn with_empty_tools(mut body: Value) -> Value {
    body["tools"] = json!([]);
    body
}

/// The body as `countTokens` takes it whole.
pub fn count_body(model: &str, body: &Value) -> Value {
    let mut request = body.clone();
    request["model"] = json!(format!("models/{model}"));
    json!({"generateContentRequest": request})
}

/// The same of a text that is kept as it stands.
pub fn count_text(model: &str, body: &str) -> String {
    let inside = body.trim().strip_prefix('{').unwrap_or(body);
    let comma = if inside.trim_start().starts_with('}') { "" } else { "," };
    let name = json!(format!("models/{model}"));
    format!("{{\"generateContentRequest\":{{\"model\":{name}{comma}{inside}}}")
}

/// What the answer says; none where it has no text.
pub fn text_of(answer: &Value) -> Option<String> {
    generation::text(answer)
}

fn insert(texts: &mut [&mut String], lengths: &[usize], place: usize, sentence: &str) {
    let mut before = 0;
    for (text, length) in texts.iter_mut().zip(lengths) {
        if place <= before + length {
            let at = text.floor_char_boundary(place - before);
            let near = text.floor_char_boundary(at.saturating_sub(LONGEST_WORD));
            // Words stay whole, in scripts that part them.
            let at = text[near..at].rfind(char::is_whitespace).map_or(at, |found| near + found);
            text.insert_str(at, &format!(" {sentence}"));
            return;
        }
        before += length;
    }
}

/// Every text of the turns, in order.
fn texts_of(body: &mut Value) -> Vec<&mut String> {
    let turns = match body.get_mut("contents") {
        Some(Value::Array(turns)) => turns.iter_mut().collect(),
        Some(single) => vec![single],
        None => Vec::new(),
    };
    let parts =
        turns.into_iter().filter_map(|turn| turn.get_mut("parts")).flat_map(|parts| match parts {
            Value::Array(parts) => parts.iter_mut().collect(),
            single => vec![single],
        });
    parts
        .filter_map(|part| match part.get_mut("text") {
            Some(Value::String(text)) => Some(text),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needles(shares: &[f64]) -> Vec<(f64, String)> {
        shares.iter().map(|share| (*share, format!("<{share}>"))).collect()
    }

    #[test]
    fn needles_stand_at_their_depths_and_words_stay_whole() {
        let text = "word ".repeat(1_000);
        let body =
            planted(plain(&text), &needles(&[0.02, 0.5, 0.98]), "ASK", (Thinking::None, "v1beta"));
        let text = body["contents"][0]["parts"][0]["text"].as_str().expect("a text");
        assert!(text.starts_with("ASK\n\nword") && text.ends_with("\n\nASK"), "{text}");
        for share in [0.02, 0.5, 0.98] {
            let at =
                text.find(&format!(" <{share}> ")).expect("it is there") as f64 / text.len() as f64;
            assert!((at - share).abs() < 0.01, "{share} at {at}");
        }
        assert_eq!(body["generationConfig"]["maxOutputTokens"], 176);
    }

    #[test]
    fn needles_need_a_text() {
        let body = |parts: Value| json!({"contents": [{"parts": parts}]});
        assert!(has_text(&body(json!([{"inlineData": {}}, {"text": "a"}]))));
        assert!(!has_text(&body(json!([{"inlineData": {}}]))) && !has_text(&plain(" \n")));
        assert!(!has_text(&json!({"systemInstruction": {"parts": [{"text": "a"}]}})));
    }

    #[test]
    fn several_turns_are_one_text_and_the_rest_stays() {
        let turn = |role: &str, text: &str| json!({"role": role, "parts": [{"text": text}]});
        let body = json!({
            "contents": [turn("user", &"a ".repeat(100)), turn("model", &"b ".repeat(100))],
            "generation_config": {"responseMimeType": "application/json"},
            "systemInstruction": {"parts": [{"text": "be brief"}]},
        });
        let planted = planted(body, &needles(&[0.25, 0.75]), "ASK", (Thinking::None, "v1beta"));
        let text =
            |turn: usize| planted["contents"][turn]["parts"][0]["text"].as_str().expect("a text");
        assert!(text(0).starts_with("ASK") && text(0).contains("<0.25>"));
        assert!(text(1).ends_with("ASK") && text(1).contains("<0.75>"));
        assert_eq!(planted["systemInstruction"]["parts"][0]["text"], "be brief");
        assert!(planted.get("generation_config").is_none());
    }
}

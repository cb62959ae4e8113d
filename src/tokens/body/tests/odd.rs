//! What is broken, misspelt, of another API, or not here.

use super::*;

fn trouble(text: &str) -> Trouble {
    Body::read(text).expect_err(text)
}

#[test]
fn broken_json_has_its_line_and_column() {
    let broken = trouble("{\n  \"contents\": [,]\n}");
    assert_eq!(broken.at, Some((2, 16)));
    assert!(
        broken
            .to_string()
            .starts_with("line 2, column 16: found no JSON (expected value), expected a")
    );
    assert!(trouble("{\"contents\":").found.contains("ends too early"));
    assert_eq!(trouble("  ").found, "nothing");
}

#[test]
fn bodies_of_another_form_are_named() {
    for (text, part) in [
        ("[1, 2.5]", "a list of numbers"),
        ("[]", "an empty list"),
        ("7", "a number"),
        ("null", "null"),
        ("{}", "an empty object"),
        (r#"{"a":1,"b":2}"#, "the fields a, b"),
        (r#"{"content":{"parts":[]}}"#, "embedContent"),
        (r#"{"contentss":[]}"#, "contents could be meant"),
        (r#"{"model":"x","foo":[1]}"#, "an object with the fields foo, model"),
        (r#"{"candidates":[]}"#, "an answer of generateContent"),
        (r#"{"choices":[]}"#, "an answer of an OpenAI-compatible API"),
        (r#"{"error":{"code":400}}"#, "an error answer"),
        (r#"{"totalTokens":5}"#, "an answer of countTokens"),
        (r#"{"requests":[{},{}]}"#, "a batch of 2 requests"),
        (r#"{"instances":[]}"#, "predict"),
        (r#"{"model":"m","input":"hi"}"#, "Interactions or the Responses"),
        (r#"{"system":"s","messages":[]}"#, "Anthropic"),
        (r#"{"messages":[{"role":"user","content":[{"type":"tool_result"}]}]}"#, "Anthropic"),
        (r#"{"messages":[],"tools":[{"input_schema":{}}]}"#, "Anthropic"),
        (r#"{"generateContentRequest":5}"#, "a number"),
    ] {
        let found = trouble(text).found;
        assert!(found.contains(part), "{text}: {found}");
    }
    assert_eq!(trouble(r#"{"generateContentRequest":5}"#).path, "generateContentRequest");
}

#[test]
fn misspelt_and_unknown_fields_are_noted_and_the_rest_is_counted() {
    let body = read(
        r#"{"contents":[{"role":"user","partz":[],"parts":[{"text":"ab"},{"txt":"x"},5,{"text":7}]},9],
            "system_instructions":{"parts":[{"text":"x"}]},"temperature":1,"tools":[3]}"#,
    );
    assert_eq!(of(&body.count(asked(), letters), Kind::Text), 2);
    let notes = notes(&body);
    for part in [
        "system_instructions: an unknown field, not counted; did you mean systemInstruction?",
        "temperature: an unknown field, not counted",
        "contents[0].partz: an unknown field, not counted; did you mean parts?",
        "contents[0].parts[1].txt: an unknown field, not counted; did you mean text?",
        "contents[0].parts[2]: found a number, expected a part",
        "contents[0].parts[3].text: found a number, expected a text",
        "contents[1]: found a number, expected a content",
        "tools[0]: found a number, expected an object",
    ] {
        assert!(
            notes.contains(&part.to_owned()) || notes.iter().any(|note| note.starts_with(part)),
            "{part}: {notes:?}"
        );
    }
}

#[test]
fn what_is_not_counted_makes_a_lower_bound_and_says_so() {
    for (part, label) in [
        (r#"{"text":"a thought","thought":true}"#, "thought"),
        (r#"{"text":"x","thoughtSignature":"AAAA"}"#, "thought signature"),
        (r#"{"executableCode":{"language":"PYTHON","code":"x"}}"#, "code that was run"),
        (r#"{"code_execution_result":{"outcome":"OUTCOME_OK","output":"x"}}"#, "what it wrote"),
        (
            r#"{"fileData":{"mimeType":"video/mp4","fileUri":"https://example.com/v?key=x"}}"#,
            "video",
        ),
        (r#"{"inlineData":{"mimeType":"image/png","data":"%%%"}}"#, "image"),
        (r#"{"inlineData":{"mimeType":"audio/aac","data":"AAAA"}}"#, "audio"),
        (r#"{"inlineData":{"mimeType":"image/png","data":""}}"#, "image"),
    ] {
        let tally = tally(&format!(r#"[{{"role":"user","parts":[{part}]}}]"#));
        let line = tally.lines.iter().find(|line| line.label == label).expect(label);
        assert_eq!(line.certainty, Certainty::LowerBound, "{part}");
        assert!(line.note.is_some() && line.tokens <= 1, "{part}: {line:?}");
        assert_eq!(tally.certainty(), Certainty::LowerBound);
    }
}

#[test]
fn broken_media_do_not_stop_the_rest() {
    let body = read(
        r#"{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"%%%"}},
            {"inline_data":{"mime_type":"image/png","data":"data:image/gif;base64,R0lGODlhAgADAA=="}},
            {"inlineData":{"mimeType":"text/plain","data":"aGVsbG8="}},{"text":"abc"}]}]}"#,
    );
    let tally = body.count(asked(), letters);
    assert_eq!((of(&tally, Kind::Text), of(&tally, Kind::Media)), (3, 258 + 5));
    let notes = notes(&body);
    assert!(
        notes[0].starts_with("contents[0].parts[0].inlineData.data: broken base64"),
        "{notes:?}"
    );
    assert!(
        notes[1].starts_with("contents[0].parts[1].inline_data.data: the beginning of a data URL"),
        "{notes:?}"
    );
}

#[test]
fn two_films_that_claim_to_last_forever_are_unknown_and_do_not_overflow() {
    let header = [&[1][..], &[0; 19], &1_u32.to_be_bytes(), &[0xff; 8]].concat();
    let film = [&b"\0\0\0\x08ftyp\0\0\0\x30moov\0\0\0\x28mvhd"[..], &header].concat();
    let film = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, film);
    let part = format!(r#"{{"inlineData":{{"mimeType":"video/mp4","data":"{film}"}}}}"#);
    let mut tally = tally(&format!(r#"[{{"role":"user","parts":[{part},{part}]}}]"#));
    assert_eq!((of(&tally, Kind::Media), tally.certainty()), (0, Certainty::LowerBound));
    tally.lines.iter_mut().for_each(|line| line.tokens = u64::MAX);
    assert_eq!((tally.total(), tally.of(Place::Message)), (u64::MAX, u64::MAX));
}

#[test]
fn texts_are_told_with_their_places() {
    let body = read(
        r#"{"contents":[{"parts":[{"text":"a"},{"text":"b"}]}],"systemInstruction":{"parts":[{"text":"c"}]},
            "tools":[{"functionDeclarations":[{"name":"f","description":"d"}]}]}"#,
    );
    let strings: Vec<_> = body.strings().collect();
    assert_eq!(
        strings,
        [
            ("contents[0].parts[0].text", "a"),
            ("contents[0].parts[1].text", "b"),
            ("systemInstruction.parts[0].text", "c"),
            ("tools[0].functionDeclarations[0]", "f"),
            ("tools[0].functionDeclarations[0]", "d"),
        ]
    );
}

#[test]
fn a_line_knows_what_the_vocabulary_is_to_blame_for() {
    let body = read(r#"{"contents":[{"parts":[{"text":"a"}]}]}"#);
    let doubted = body.count(Asked { doubt: Some("another vocabulary"), ..asked() }, letters);
    let text = doubted.lines.iter().find(|line| line.kind == Kind::Text).expect("a text");
    assert_eq!((text.certainty, text.by_rule), (Certainty::Estimate, Certainty::Exact));
    assert_eq!(doubted.turns, 1);
}

#[test]
fn resolutions_and_clips_reach_the_price() {
    let tokens = |part: &str, more: &str| {
        let text = format!(r#"{{"contents":[{{"parts":[{part}]}}]{more}}}"#);
        of(&read(&text).count(Asked { model: "gemini-3.8-flash", ..asked() }, letters), Kind::Media)
    };
    let low = r#","generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}"#;
    let gif = r#""inlineData":{"mimeType":"image/gif","data":"R0lGODlhAgADAA=="}"#;
    assert_eq!(tokens(&format!("{{{gif}}}"), ""), 1120);
    assert_eq!(tokens(&format!("{{{gif}}}"), low), 280);
    let own = format!(r#"{{{gif},"mediaResolution":{{"level":"MEDIA_RESOLUTION_MEDIUM"}}}}"#);
    assert_eq!(tokens(&own, low), 560);
}

#[test]
fn texts_like_control_tokens_are_an_estimate() {
    let tally = tally(r#"{"contents":"say <start_of_turn>user"}"#);
    assert_eq!((tally.certainty(), tally.lines[0].tokens), (Certainty::Estimate, 23));
    assert!(tally.lines[0].note.as_deref().is_some_and(|note| note.contains("<start_of_turn>")));
}

#[test]
fn tools_and_caches_are_named() {
    let body = read(
        r#"{"contents":"hi","tools":[{"google_search":{}},{"functionDeclarations":[{"name":"f",
            "parametersJsonSchema":{"description":"not counted"}}]}],"cachedContent":"cachedContents/x"}"#,
    );
    assert_eq!(body.cached_content.as_deref(), Some("cachedContents/x"));
    let tally = body.count(asked(), letters);
    assert_eq!(of(&tally, Kind::Tool), 1);
    let labels: Vec<_> = tally.lines.iter().map(|line| line.label.as_str()).collect();
    assert!(labels.contains(&"google_search") && labels.contains(&"cached content"), "{labels:?}");
    assert!(tally.doubts.iter().any(|doubt| doubt.contains("43 to 59")), "{:?}", tally.doubts);
}

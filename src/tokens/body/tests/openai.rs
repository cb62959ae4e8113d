//! Chat bodies for the OpenAI-compatible endpoint.

use super::*;

const CHAT: &str = r#"{
    "model": "gemini-2.5-flash", "max_completion_tokens": 50, "temperature": 1,
    "messages": [
        {"role": "system", "content": "abcd"},
        {"role": "developer", "content": [{"type": "text", "text": "ef"}]},
        {"role": "user", "content": "first"},
        {"role": "assistant", "content": null, "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "go", "arguments": "{\"city\":\"Rome\",\"n\":1}"}}]},
        {"role": "tool", "tool_call_id": "c1", "content": "hot"},
        {"role": "user", "content": [
            {"type": "text", "text": "and now"},
            {"type": "image_url", "image_url": {"url": "data:image/gif;base64,R0lGODlhAgADAA=="}},
            {"type": "image_url", "image_url": {"url": "https://example.com/a.png?token=secret"}},
            {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}]}],
    "tools": [{"type": "function", "function": {"name": "go", "description": "dd",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}],
    "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"description": "schema"}}},
    "extra_body": {"google": {"thinking_config": {"thinking_budget": 12}, "cached_content": "cachedContents/1"}}
}"#;

#[test]
fn messages_become_contents() {
    let body = read(CHAT);
    assert_eq!((body.shape, body.contents.len()), (Shape::Chat, 4));
    assert_eq!((body.max_output, body.thinking_budget), (Some(50), Some(12)));
    assert_eq!(body.cached_content.as_deref(), Some("cachedContents/1"));
    let tally = body.count(asked(), letters);
    assert_eq!(tally.of(Place::System), 4 + 2 + 1);
    assert_eq!(of(&tally, Kind::FunctionCall), 2 + 4 + 4 + 1);
    assert_eq!(of(&tally, Kind::FunctionResponse), 2 + 3);
    assert_eq!(of(&tally, Kind::Tool), 2 + 2 + 4);
    assert_eq!(of(&tally, Kind::Role), 4);
    assert_eq!(of(&tally, Kind::Media), 258);
    assert_eq!(tally.of(Place::Message), 7 + 258 + 1);
    assert_eq!(tally.certainty(), Certainty::LowerBound);
    assert_eq!(tally.sdk, None);
}

#[test]
fn nothing_of_a_chat_body_is_exact() {
    let tally = tally(r#"{"messages":[{"role":"user","content":"hi"}]}"#);
    assert!(tally.lines.iter().all(|line| line.certainty == Certainty::Estimate));
    assert!(tally.doubts[0].contains("OpenAI-compatible"), "{:?}", tally.doubts);
}

#[test]
fn what_opens_a_file_is_not_repeated() {
    let tally = tally(CHAT);
    let all: String = tally.lines.iter().filter_map(|line| line.note.clone()).collect();
    assert!(
        all.contains("https://example.com/a.png is not here") && !all.contains("secret"),
        "{all}"
    );
}

#[test]
fn odd_messages_are_noted_and_the_rest_is_counted() {
    let body = read(
        r#"{"messages":["x",{"role":"moderator","content":"ab"},{"role":"user","content":7},
            {"role":"user","content":[{"type":"video","video":1},{"type":"text","text":"abc"}]},
            {"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{broken"}}]}]}"#,
    );
    let tally = body.count(asked(), letters);
    assert_eq!((of(&tally, Kind::Text), of(&tally, Kind::FunctionCall)), (5, 1 + 7));
    let notes = notes(&body);
    for part in [
        "messages[0]: found a text, expected a message",
        "messages[1]: the role \"moderator\"",
        "messages[2].content: found a number",
        "messages[3].content[0]: the type \"video\"",
        "messages[4].tool_calls[0].function.arguments: no JSON object",
    ] {
        assert!(notes.iter().any(|note| note.starts_with(part)), "{part}: {notes:?}");
    }
}

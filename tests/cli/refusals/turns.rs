//! Turns, parts, calls, and media in them.

use super::{Case, FLASH, GEMMA, NEW, OLD, case, part, to, turns, with};

const WAY: super::Way = to(FLASH);

pub(super) fn cases() -> Vec<Case> {
    [contents(), calls(), media()].into_iter().flatten().collect()
}

fn contents() -> Vec<Case> {
    let said = |role: &str| format!(r#"{{"role": "{role}", "parts": [{{"text": "hi"}}]}}"#);
    let ends = turns(&format!("{}, {}", said("user"), said("model")));
    let instruction =
        |parts: &str| with(&format!(r#""systemInstruction": {{"parts": [{parts}]}}"#));
    vec![
        case("turns::contents", WAY, "{}"),
        case("turns::contents", WAY, r#"{"contents": []}"#),
        case("turns::contents", WAY, r#"{"contents": null}"#),
        case(
            "turns::contents",
            WAY,
            turns(&format!(r#"{}, {{"role": "user", "parts": []}}"#, said("user"))),
        ),
        case("turns::contents", WAY, turns(r#"{"role": "user"}"#)),
        case("turns::contents", WAY, turns(r#"{"role": "user", "parts": [{}]}"#)),
        case("turns::contents", WAY, turns(r#"{"role": "user", "parts": [{"thought": true}]}"#)),
        case("turns::contents", WAY, turns(r#"{"role": "user", "parts": [{"text": ""}]}"#)),
        case(
            "turns::contents",
            WAY,
            turns(&format!(
                r#"{}, {{"role": "model", "parts": [{{"text": ""}}]}}, {}"#,
                said("user"),
                said("user")
            )),
        )
        .mild("the Developer API leaves it out or refuses it"),
        case(
            "turns::contents",
            WAY.at("vertex"),
            turns(&format!(
                r#"{}, {{"role": "model", "parts": [{{"text": ""}}]}}, {}"#,
                said("user"),
                said("user")
            )),
        ),
        case(
            "turns::instruction",
            WAY,
            instruction(r#"{"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}"#),
        )
        .mild("documented to be text; no refusal is on record"),
        case("turns::instruction", WAY, instruction("{}")),
        case("turns::instruction_is_taken", to(GEMMA), instruction(r#"{"text": "Be kind."}"#))
            .mild("on record of Gemma 3, and not of Gemma 4"),
        case("turns::roles", WAY, turns(&said("assistant"))),
        case("turns::roles", WAY, turns(&said("system"))),
        case("turns::roles", WAY, turns(&said("User"))),
        case("turns::roles", WAY.at("vertex"), turns(r#"{"parts": [{"text": "hi"}]}"#)),
        case("turns::roles", WAY.at("vertex"), turns(&said("function")))
            .mild("the role was taken once; no refusal of the platform is on record"),
        case("turns::ending", to(NEW), ends.clone()),
        case("turns::ending", to("gemini-3.6-flash"), ends.clone()),
        case("turns::ending", to("gemini-4-argon"), ends.clone()),
        case("turns::ending", to("gemini-flash-latest"), ends),
    ]
}

fn calls() -> Vec<Case> {
    let asked = r#"{"role": "user", "parts": [{"text": "Call it."}]}"#;
    let said = r#"{"role": "model", "parts": [{"text": "Hm."}]}"#;
    let call = |name: &str, id: &str| {
        format!(
            r#"{{"functionCall": {{"name": "{name}", "id": "{id}", "args": {{}}}}, "thoughtSignature": "c2ln"}}"#
        )
    };
    let answer = |name: &str, id: &str| {
        format!(r#"{{"functionResponse": {{"name": "{name}", "id": "{id}", "response": {{}}}}}}"#)
    };
    let model =
        |parts: &[String]| format!(r#"{{"role": "model", "parts": [{}]}}"#, parts.join(", "));
    let user = |parts: &[String]| format!(r#"{{"role": "user", "parts": [{}]}}"#, parts.join(", "));
    let list = |all: &[&str]| turns(&all.join(", "));
    let (one, two) = (model(&[call("f", "")]), model(&[call("f", ""), call("g", "")]));
    let back = user(&[answer("f", "")]);
    let unsigned = model(&[r#"{"functionCall": {"name": "f"}}"#.to_owned()]);
    let damaged =
        model(&[r#"{"functionCall": {"name": "f"}, "thoughtSignature": "FAKE..."}"#.to_owned()]);
    let differing = list(&[
        asked,
        &model(&[call("f", "1"), call("g", "2")]),
        &user(&[answer("f", "1"), answer("h", "2")]),
    ]);
    vec![
        case(
            "calls::names",
            to(OLD),
            list(&[asked, &one, &user(&[r#"{"functionResponse": {"response": {}}}"#.to_owned()])]),
        ),
        case("calls::names", to(OLD), list(&[asked, &model(&[call("", "")]), &back]))
            .mild("on record of responses, and not of calls"),
        case("calls::order", WAY, list(&[&one, &back])),
        case("calls::order", WAY, list(&[asked, said, &one, &back])),
        case("calls::order", WAY, list(&[&back])),
        case("calls::order", WAY, list(&[asked, said, &back])),
        case("calls::order", WAY, list(&[asked, &two, &back])),
        case("calls::order", WAY, list(&[asked, &two, asked])),
        case("calls::order", WAY, list(&[asked, &two])).mild("documented from 3.6 on"),
        case("calls::order", to(NEW), list(&[asked, &two])),
        case(
            "calls::order",
            WAY,
            list(&[asked, &two, &user(&[answer("f", ""), answer("g", ""), answer("g", "")])]),
        ),
        case("calls::pairs", WAY, differing.clone()),
        case("calls::pairs", to(NEW), differing),
        case(
            "calls::pairs",
            to(NEW),
            list(&[
                asked,
                &model(&[call("f", "1"), call("g", "2")]),
                &user(&[answer("f", "2"), answer("g", "1")]),
            ]),
        ),
        case("calls::signatures", WAY, list(&[asked, &unsigned, &back])),
        case("calls::signatures", to(NEW), list(&[asked, &one, &back, &unsigned, &back])),
        case("names", WAY, list(&[asked, &damaged, &back])),
    ]
}

fn media() -> Vec<Case> {
    let blob = |kind: &str, data: &str| {
        part(&format!(r#"{{"inlineData": {{"mimeType": "{kind}", "data": "{data}"}}}}"#))
    };
    let file = |uri: &str| {
        part(&format!(r#"{{"fileData": {{"fileUri": "{uri}", "mimeType": "video/mp4"}}}}"#))
    };
    let film = |fps: &str| {
        part(&format!(
            r#"{{"fileData": {{"fileUri": "https://youtu.be/x"}}, "videoMetadata": {{"fps": {fps}}}}}"#
        ))
    };
    let kind = |kind: &str| case("media::types", WAY, blob(kind, "AAAA"));
    vec![
        kind("png"),
        kind(""),
        kind("image/"),
        kind("image/svg+xml"),
        kind("image/bmp"),
        kind("text/rtf"),
        kind("application/json"),
        kind("application/octet-stream"),
        kind("application/msword"),
        kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        kind("application/vnd.ms-excel"),
        kind("application/zip").mild("not documented to be taken; no refusal is on record"),
        kind("application/xml"),
        kind("font/woff2").mild("not documented to be taken; no refusal is on record"),
        case(
            "media::types",
            WAY,
            part(r#"{"fileData": {"fileUri": "https://files.example/a", "mimeType": "pdf"}}"#),
        ),
        case("media::filled", WAY, blob("image/png", "")),
        case("media::filled", WAY, blob("application/pdf", "")),
        case("media::fields", WAY, film("0")).mild("the range is documented; no refusal is on record"),
        case("media::fields", WAY, film("24.5")).mild("the range is documented; no refusal is on record"),
        case("media::fields", WAY, file("")),
        case("media::addresses", WAY, file("http://pictures.example/cat.png")).mild("not documented to be fetched; no refusal of this scheme is on record"),
        case("media::addresses", WAY, file("file:///tmp/a")),
        case("media::addresses", WAY, file("files/abc")).mild("not documented to be fetched; no refusal of this form is on record"),
        case("media::addresses", WAY, file("data:image/png,x")),
        case(
            "media::resolution",
            to(OLD),
            part(
                r#"{"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}, "mediaResolution": {"level": "MEDIA_RESOLUTION_HIGH"}}"#,
            ),
        ).mild("documented from 3.0 on; no refusal is on record"),
    ]
}

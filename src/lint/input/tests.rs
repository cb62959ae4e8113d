use super::{Body, Elsewhere, bodies, place};
use crate::lint::{
    document::{Document, Lines},
    kind::Kind,
    request::{Service, Version},
};

const NATIVE: &str =
    "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.8-flash:generateContent";

/// The only body of a text.
fn only(text: &str) -> Body<'_> {
    let mut all = bodies(text);
    assert_eq!(all.len(), 1, "{text}\n{all:?}");
    all.remove(0)
}

/// Every letter of a body leads to one that stands for it, in order.
#[track_caller]
fn assert_ordered(text: &str, body: &Body<'_>) {
    let places: Vec<usize> =
        body.text.char_indices().map(|(offset, _)| place(body, offset)).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(places.iter().all(|place| text.is_char_boundary(*place) && *place < text.len()));
}

#[test]
fn json_alone_is_one_body() {
    for text in ["{\"contents\": []}", " [1]", "", "{\n\"a\": 1\n}\n", "no json"] {
        let body = only(text);
        assert_eq!((&*body.text, body.name.as_str(), body.kind), (text, "", None));
        assert_eq!(place(&body, 3), 3);
    }
}

#[test]
fn each_line_of_json_is_a_body_where_there_are_several() {
    let text = "{\"key\": \"a\", \"request\": {}}\n\n  {\"b\": 1}\r\n{\"c\": \n";
    let all = bodies(text);
    let told: Vec<(&str, &str, usize)> =
        all.iter().map(|body| (body.name.as_str(), &*body.text, place(body, 0))).collect();
    assert_eq!(
        told,
        [
            ("line 1", "{\"key\": \"a\", \"request\": {}}", 0),
            ("line 3", "{\"b\": 1}", 31),
            ("line 4", "{\"c\":", 41)
        ]
    );
}

#[test]
fn a_line_of_openais_batches_is_what_its_url_says() {
    let text = "{\"custom_id\": \"1\", \"method\": \"POST\", \"url\": \"/v1/chat/completions\", \"body\": {\"messages\": []}}\n{\"custom_id\": \"2\", \"url\": \"/v1/embeddings\", \"body\": {\"input\": \"a\"}}\n";
    let all = bodies(text);
    assert_eq!(
        all.iter().map(|body| body.kind).collect::<Vec<_>>(),
        [Some(Kind::Chat), Some(Kind::ChatEmbeddings)]
    );
    assert_eq!((&*all[1].text, all[1].version), ("{\"input\": \"a\"}", None));
    assert_eq!(&text[place(&all[1], 0)..][..14], "{\"input\": \"a\"}");
}

/// What shells make of quotes, as their manuals have it.
#[test]
fn quotes_of_shells_are_taken_off() {
    for (data, body) in [
        (r#"-d '{"a": "b"}'"#, r#"{"a": "b"}"#),
        (r#"-d'{"a": "b"}'"#, r#"{"a": "b"}"#),
        (r#"-sSd '{"a": 1}'"#, r#"{"a": 1}"#),
        (r#"--data '{"a": "it'\''s"}'"#, r#"{"a": "it's"}"#),
        (r#"--data '{"a": "it'"'"'s"}'"#, r#"{"a": "it's"}"#),
        (r#"--data-raw "{\"a\": \"\$b \\ \n \`\"}""#, r#"{"a": "$b \ \n `"}"#),
        (r#"--data-binary $'{"a": "it\'s \\n \u00e9\x41\101"}'"#, "{\"a\": \"it's \\n \u{e9}AA\"}"),
        (r#"--json '{"a":' --json ' 1}'"#, r#"{"a": 1}"#),
        (r#"-d 'a=1' -d 'b=2'"#, "a=1&b=2"),
        (r#"--data={\"a\":1}"#, r#"{"a":1}"#),
        ("-d '{\"a\":\n 1}'", "{\"a\":\n 1}"),
        ("-d \"{\\\"a\\\": \\\n1}\"", "{\"a\": 1}"),
        (r#"-d '{"a": "'"$NAME"'"}'"#, r#"{"a": "$NAME"}"#),
        ("-d '{\"a\": \"\u{e9}\u{1f642}\"}'", "{\"a\": \"\u{e9}\u{1f642}\"}"),
    ] {
        let text =
            format!("$ curl -X POST {NATIVE} \\\n  -H 'x-goog-api-key: AIzaFake' \\\n  {data}\n");
        let found = only(&text);
        assert_eq!(found.text, body, "{data}");
        assert_ordered(&text, &found);
        assert_eq!(
            (found.kind, found.model.as_deref()),
            (Some(Kind::Generate), Some("gemini-3.8-flash"))
        );
        assert_eq!(
            (found.version, found.service),
            (Some(Version::V1Beta), Some(Service::Developer))
        );
    }
}

#[test]
fn documents_in_scripts_are_read_where_a_command_names_them() {
    for (text, body) in [
        ("curl URL -d @- <<'EOF'\n{\"a\": \"$b\\n\"}\nEOF\n", "{\"a\": \"$b\\n\"}"),
        ("curl URL --json @- << EOF\n{\"a\": \"\\$b\"}\nEOF\necho", "{\"a\": \"$b\"}\n"),
        ("curl URL --data-binary @- <<-\"END\"\n\t{\"a\":\n\t\t1}\n\tEND\n", "{\"a\":\n1}\n"),
        ("cat <<EOF | curl -d @- URL\n{\"a\":\n1}\nEOF\n", "{\"a\":1}"),
        (
            "cat << EOF > request.json\n{\"a\": 1}\nEOF\n\ncurl -d \"@request.json\" URL\n",
            "{\"a\": 1}",
        ),
        ("curl URL \\\n -d @- <<EOF \\\n -s\n{\"a\": 1}\nEOF\n", "{\"a\": 1}"),
        ("curl URL -d @- <<< '{\"a\": 1}'\n", "{\"a\": 1}"),
        ("BODY='{\"a\": 1}'\ncurl URL -d \"$BODY\"\n", "{\"a\": 1}"),
    ] {
        let text = text.replace("URL", NATIVE);
        let found = only(&text);
        assert_eq!(found.text, body, "{text}");
        assert_eq!(found.kind, Some(Kind::Generate), "{text}");
        assert_ordered(&text, &found);
    }
}

#[test]
fn what_stands_elsewhere_is_told() {
    let file = |name: &str| Some(Elsewhere::File(name.to_owned()));
    for (command, expected) in [
        ("curl URL -d @request.json", file("request.json")),
        ("curl URL --data-binary '@a b.json'", file("a b.json")),
        ("cat a.json | curl URL -d @-", Some(Elsewhere::Shell)),
        ("curl URL -d \"$BODY\"", Some(Elsewhere::Shell)),
        ("curl URL --json \"$(jq -n '{a: 1}')\"", Some(Elsewhere::Shell)),
        ("irm URL -Method Post -Body ($a | ConvertTo-Json)", Some(Elsewhere::Shell)),
        ("curl URL --data-raw '@a'", None),
    ] {
        assert_eq!(only(&command.replace("URL", NATIVE)).elsewhere, expected, "{command}");
    }
}

#[test]
fn powershells_quotes_are_taken_off() {
    for (command, body) in [
        (
            "Invoke-RestMethod -Uri \"URL\" -Method Post -Body '{\"a\": \"it''s\"}'",
            "{\"a\": \"it's\"}",
        ),
        ("irm URL -Body \"{`\"a`\": 1}\"", "{\"a\": 1}"),
        (
            "Invoke-WebRequest `\n  -Headers @{ 'x-goog-api-key' = 'k'; b = \"c}\" } `\n  -Body @'\n{\"a\":\n 1}\n'@ `\n  -Uri URL\n",
            "{\"a\":\n 1}",
        ),
        ("$body = @\"\n{\"a\": 1}\n\"@\nirm -Uri 'URL' -Body $body\n", "{\"a\": 1}"),
    ] {
        let text = command.replace("URL", NATIVE);
        let found = only(&text);
        assert_eq!((&*found.text, found.kind), (body, Some(Kind::Generate)), "{command}");
        assert_ordered(&text, &found);
    }
}

#[test]
fn several_commands_in_a_page_are_several_bodies() {
    let text = format!(
        "# Asking\n\nIt's curl's turn; curl is a tool.\n\n```sh\ncurl {NATIVE} -d '{{}}' | jq .\ncurl https://x.example/models\ncurl \"https://x.example/v1beta/openai/chat/completions\" --json '{{\"messages\": []}}'\n```\n"
    );
    let all = bodies(&text);
    let kinds: Vec<Option<Kind>> = all.iter().map(|body| body.kind).collect();
    assert_eq!(kinds, [Some(Kind::Generate), Some(Kind::Chat)]);
    assert_ne!(all[0].name, all[1].name);
    assert_eq!(bodies("curl https://x.example/v1beta/models"), []);
}

#[test]
fn a_har_has_the_entries_that_went_to_this_api() {
    let text = r#"{"log": {"version": "1.2", "entries": [
        {"request": {"method": "GET", "url": "https://generativelanguage.googleapis.com/v1beta/models"}},
        {"request": {"method": "POST", "url": "https://api.openai.com/v1/chat/completions", "postData": {"text": "{}"}}},
        {"request": {"method": "POST", "url": "https://generativelanguage.googleapis.com/v1/models/m:countTokens?key=AIzaFake", "headers": [{"name": "x-goog-api-key", "value": "AIzaFake"}], "postData": {"mimeType": "application/json", "text": "{\"contents\": [\n{\"parts\": \"\u00e9\ud83d\ude42\"}]}"}}}
    ]}}"#;
    let body = only(text);
    assert_eq!(body.text, "{\"contents\": [\n{\"parts\": \"\u{e9}\u{1f642}\"}]}");
    assert_eq!(
        (body.kind, body.model.as_deref(), body.name.as_str()),
        (Some(Kind::Count), Some("m"), "entry 3")
    );
    assert_eq!(body.version, Some(Version::V1));
    assert_ordered(text, &body);
    let offset = body.text.find("parts").expect("it is there");
    assert_eq!(&text[place(&body, offset)..][..5], "parts");
    assert!(!format!("{body:?}").contains("Fake"));
}

/// A fault in the body has the line and column of the file.
#[test]
fn places_lead_to_lines_of_the_file() {
    let text = format!(
        "#!/bin/sh\ncurl {NATIVE}?key=AIzaFake -H \"x-goog-api-key: AIzaFake\" -d \"{{\n  \\\"contents\\\": [1,],\n}}\"\n"
    );
    let body = only(&text);
    let document = Document::read(&body.text);
    let fault = document.faults().first().expect("a comma before an end");
    let place = Lines::of(&text).place(place(&body, fault.span.start));
    assert_eq!((place.line, place.column), (3, 19));
    assert!(!format!("{body:?}").contains("Fake"));
}

#[test]
fn no_text_makes_it_stumble() {
    for text in [
        "curl ",
        "curl -d",
        "curl -d '",
        "curl -d \"\\",
        "curl -d $'\\",
        "curl -d $'\\x",
        "curl <<",
        "curl <<<",
        "curl x://y -d @- <<E\n",
        "curl x://y -d @- <<''\n''",
        "irm -Body",
        "irm -Body @'",
        "irm -Body @\"\n",
        "irm `",
        "irm -Body \u{e9}",
        "curl -d \u{1f642}'\u{1f642}",
        "{\"log\": {\"entries\"",
        "{\"log\": {\"entries\": [{\"request\": {\"url\": \"x:generateContent\", \"postData\": {\"text\": \"\\ud83d\\",
        "iwr $(",
        "curl --",
        "curl -",
        "curl = -d=",
        "curl `x`",
    ] {
        for body in bodies(text) {
            for offset in 0..=body.text.len() {
                place(&body, offset);
            }
        }
    }
}

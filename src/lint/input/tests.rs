use super::{Body, Unjudged, Wrong, bodies, place};
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
    let file = |name: &str| Some(Unjudged::File(name.to_owned()));
    for (command, expected) in [
        ("curl URL -d @request.json", file("request.json")),
        ("curl URL --data-binary '@a b.json'", file("a b.json")),
        ("cat a.json | curl URL -d @-", Some(Unjudged::Shell)),
        ("curl URL -d \"$BODY\"", Some(Unjudged::Shell)),
        ("curl URL --json \"$(jq -n '{a: 1}')\"", Some(Unjudged::Shell)),
        ("irm URL -Method Post -Body ($a | ConvertTo-Json)", Some(Unjudged::Shell)),
        ("curl URL -d \"${BODY}\"", Some(Unjudged::Shell)),
        ("curl URL -d \"@$FILE\"", Some(Unjudged::Shell)),
        ("irm URL -Method Post -Body \"$body\"", Some(Unjudged::Shell)),
        ("curl URL --data-raw '@a'", None),
        ("curl URL -d '$BODY'", None),
    ] {
        assert_eq!(only(&command.replace("URL", NATIVE)).unjudged, expected, "{command}");
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

/// What Windows PowerShell 5.1 needs before quotes; other shells hand the backslashes on.
#[test]
fn curl_exe_takes_the_backslashes_before_quotes_off() {
    let escaped = r#"'{\"a\": \"it \\\"is\\\" \\n\"}'"#;
    let text = format!("curl.exe {NATIVE} -d {escaped}\n");
    let found = only(&text);
    assert_eq!(&*found.text, r#"{"a": "it \"is\" \\n"}"#);
    assert_ordered(&text, &found);
    let text = format!("curl {NATIVE} -d {escaped}\n");
    assert_eq!(&*only(&text).text, escaped.trim_matches('\''));
    let text = format!("curl.exe {NATIVE} -d '{{\"a\": \"\\\"b\\\"\"}}'\n");
    assert_eq!(&*only(&text).text, r#"{"a": "\"b\""}"#);
}

/// What is told of a command, and the letters that it stands at.
fn slips<'t>(body: &Body<'_>, text: &'t str) -> Vec<(Wrong, &'t str)> {
    body.slips.iter().map(|slip| (slip.what, &text[slip.span.clone()])).collect()
}

#[test]
fn a_blank_behind_what_continues_a_line_cuts_the_command_off() {
    for (mark, other) in [("\\ ", "\\"), ("\\\t ", "\\"), ("` ", "`"), ("^ ", "^")] {
        let text = format!("curl {NATIVE} {mark}\n  -s {other}\n  -d '{{\"a\": 1}}'\n");
        let found = only(&text);
        assert_eq!(found.text, "{\"a\": 1}", "{text}");
        assert_eq!(slips(&found, &text)[0], (Wrong::Cut, mark), "{text}");
        assert_ordered(&text, &found);
    }
    let text = format!("curl {NATIVE} -d '{{\"a\": 1}}'\\ \r\n -s\n");
    assert_eq!(slips(&only(&text), &text), [(Wrong::Cut, "\\ ")]);
    for good in [
        format!("curl {NATIVE} -d '{{\"a\": 1}}' \\ \n\nls\n"),
        format!("curl {NATIVE} -d '{{\"a\": \"\\ \n b\"}}'\n"),
        format!("`curl {NATIVE} -d '{{\"a\": 1}}'` \n- and so on\n"),
        format!("curl {NATIVE} -o a\\ b -d '{{\"a\": 1}}'\n"),
    ] {
        assert_eq!(only(&good).slips, [], "{good}");
    }
}

#[test]
fn what_powershell_makes_of_quotes_is_told_and_read_as_it_was_meant() {
    let plain = "{\"a\": \"b\"}";
    for (data, expected) in [
        ("'{\"a\": \"b\"}'", Some(Wrong::QuotesLost)),
        ("'{\\\"a\\\": \\\"b\\\"}'", Some(Wrong::BackslashesSent)),
        ("\"{`\"a`\": `\"b`\"}\"", Some(Wrong::QuotesLost)),
        ("\"{\"\"a\"\": \"\"b\"\"}\"", Some(Wrong::QuotesLost)),
        ("\"{\\`\"a\\`\": \\`\"b\\`\"}\"", Some(Wrong::BackslashesSent)),
        ("'@body.json'", None),
    ] {
        for program in ["curl", "curl.exe"] {
            let text = format!("{program} {NATIVE} `\n  -d {data}\n");
            let found = only(&text);
            let told: Vec<Wrong> = found.slips.iter().map(|slip| slip.what).collect();
            assert_eq!(told, Vec::from_iter(expected), "{text}");
            assert!(expected.is_none() || found.text == plain, "{text}: {}", found.text);
            assert_ordered(&text, &found);
        }
    }
    let text = format!("$body = '{plain}'\ncurl.exe {NATIVE} -d $body\n");
    assert_eq!(only(&text).text, plain);
    let text = format!("curl.exe {NATIVE} -d '{{\"a\": \"it''s\"}}'\n");
    assert_eq!(only(&text).text, "{\"a\": \"it's\"}");
    // What another shell runs has quotes of one kind only.
    let text = format!("curl {NATIVE} -d '{plain}'\n");
    assert_eq!(only(&text).slips, []);
}

#[test]
fn what_a_command_writes_is_read_where_it_stands_there() {
    let text = format!("curl {NATIVE} -d @<(cat <<'EOF'\n{{\"a\":\n1}}\nEOF\n) -s\n");
    let found = only(&text);
    assert_eq!(found.text, "{\"a\":1}");
    assert_ordered(&text, &found);
    let text = format!("curl {NATIVE} --data-binary @<(jq -n '{{a: 1}}') -s\n");
    assert_eq!(only(&text).unjudged, Some(Unjudged::Shell));
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

/// The pieces of a body that are put in later.
fn unknown<'b>(body: &'b Body<'_>) -> Vec<&'b str> {
    body.unknown.iter().map(|piece| &body.text[piece.clone()]).collect()
}

#[test]
fn what_a_shell_puts_in_is_known_as_such() {
    for (command, expected) in [
        (r#"curl URL -d '{"a": "'"$PROMPT"'"}'"#, vec!["$PROMPT"]),
        (
            r#"curl URL -d '{"a": "'"$(base64 -w0 "a b.png")"'"}'"#,
            vec![r#"$(base64 -w0 "a b.png")"#],
        ),
        (r#"curl URL -d "{\"a\": \"${B:-x}\", \"c\": `date +%s`}""#, vec!["${B:-x}", "`date +%s`"]),
        (r#"curl URL -d '{"a": '$N'}'"#, vec!["$N"]),
        (r#"curl URL -d "{\"a\": \"\$5\"}""#, vec![]),
        (r#"curl URL -d '{"a": "$B $(c)"}'"#, vec![]),
        (r#"curl URL -d '{"a": "'"$A$B"'"}'"#, vec!["$A$B"]),
        ("curl URL -d @- <<EOF\n{\"a\": \"$B\", \"c\": \"\\$D $ 5\"}\nEOF\n", vec!["$B"]),
        ("curl URL -d @- <<'EOF'\n{\"a\": \"$B\"}\nEOF\n", vec![]),
        ("cat > a.json <<EOF\n{\"a\":\n  \"$B\"}\nEOF\ncurl URL -d @a.json\n", vec!["$B"]),
        ("B=\"{\\\"a\\\": \\\"$C\\\"}\"\ncurl URL -d \"$B\"\n", vec!["$C"]),
        ("curl URL -d \"$(cat <<EOF\n{\"a\": \"$B\"}\nEOF\n)\"\n", vec!["$B"]),
        ("B=$(cat <<EOF\n{\"a\": \"$C\"}\nEOF\n)\ncurl URL -d \"$B\"\n", vec!["$C"]),
        (
            "irm URL -Body \"{`\"a`\": `\"$env:B$($c.d)`\", `\"e`\": `\"`$f`\"}\"",
            vec!["$env:B$($c.d)"],
        ),
        ("irm URL -Body '{\"a\": \"$b\"}'", vec![]),
        ("cat > \"$F\" <<EOF\n{\"a\": \"$B\"}\nEOF\ncurl URL -d \"@${F}\"\n", vec!["$B"]),
        ("$b = @\"\n{\"a\": \"$c `$d\"}\n\"@\nirm URL -Body $b\n", vec!["$c"]),
        ("$b = @'\n{\"a\": \"$c\"}\n'@\nirm URL -Body $b\n", vec![]),
    ] {
        let text = command.replace("URL", NATIVE);
        let body = only(&text);
        assert_eq!((unknown(&body), &body.unjudged), (expected, &None), "{command}\n{}", body.text);
        assert!(body.text.trim_end().ends_with('}'), "{command}\n{}", body.text);
        assert_ordered(&text, &body);
        for piece in &body.unknown {
            let there = place(&body, piece.start);
            assert!(text[there..].starts_with(['$', '`']), "{command}");
        }
    }
}

#[test]
fn the_model_of_a_url_may_be_set_in_the_script() {
    let url = "https://generativelanguage.googleapis.com/v1beta/models/${MODEL}:$CALL?key=$KEY";
    let told = |before: &str| {
        let text = format!("{before}\ncurl \"{url}\" -d '{{\"a\": 1}}'\n");
        let body = only(&text);
        (body.kind, body.model)
    };
    let set = "KEY=AIzaFake\nMODEL=gemini-2.5-pro; CALL=\"streamGenerateContent\"";
    assert_eq!(told(set), (Some(Kind::Generate), Some("gemini-2.5-pro".to_owned())));
    assert_eq!(told("MODEL=$(pick)"), (None, None));
    let base = "BASE=https://generativelanguage.googleapis.com\ncurl $FLAGS \"${BASE}/v1beta/files\" -d '{}'\n";
    assert_eq!(only(base).unjudged, Some(Unjudged::Call("/files".to_owned())));
}

#[test]
fn calls_that_are_not_judged_say_which_they_are() {
    let gemini = "https://generativelanguage.googleapis.com";
    for (url, data, expected) in [
        (
            format!("{gemini}/v1beta/models/imagen-4:predict"),
            "'{}'",
            Some(Unjudged::Call(":predict".to_owned())),
        ),
        (
            format!("{gemini}/upload/v1beta/files"),
            "@a.png",
            Some(Unjudged::Call("/files".to_owned())),
        ),
        (
            "https://hooks.example/a".to_owned(),
            "'{\"text\": \"hi\"}'",
            Some(Unjudged::Address("hooks.example".to_owned())),
        ),
        ("https://gate.example/a".to_owned(), "'{\"contents\": []}'", None),
        ("$URL".to_owned(), "'{\"contens\": []}'", None),
    ] {
        let text = format!("curl \"{url}\" -d {data}");
        assert_eq!(only(&text).unjudged, expected, "{text}");
    }
}

#[test]
fn a_single_line_of_openais_batches_is_one_too() {
    let text =
        "\n{\"custom_id\": \"1\", \"url\": \"/v1/embeddings\", \"body\": {\"input\": \"a\"}}\n";
    let body = only(text);
    assert_eq!((&*body.text, body.kind), ("{\"input\": \"a\"}", Some(Kind::ChatEmbeddings)));
    assert_eq!((body.name.as_str(), &text[place(&body, 0)..][..8]), ("line 2", "{\"input\""));
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
        "curl -d $(",
        "curl -d \"$(\u{1f642}\\",
        "curl -d \"${${${",
        "curl -d \"`\u{1f642}",
        "curl x://y -d @- <<E\n$(\u{e9}\nE\n",
        "curl x://y -d @- <<-E\n\t`\\\n\tE\n",
        "curl \"https://$H/${M}:$C?k\" -d $B",
        "irm -Body \"$($\u{1f642}\"",
        "irm -Body @\"\n`\u{1f642}$x:\u{e9}`\n\"@",
        "B=$(cat <<E\ncurl -d \"$B\"",
    ] {
        for body in bodies(text) {
            for offset in 0..=body.text.len() {
                place(&body, offset);
            }
        }
    }
}

#[test]
fn a_variable_that_the_run_decides_is_not_known() {
    for (script, body) in [
        ("BODY='{\"a\": 1}'\nBODY='{\"a\": 2}'\n", Some("{\"a\": 2}")),
        ("BODY='{\"a\": 1}'\n# BODY='{\"a\": 2}'\n", Some("{\"a\": 1}")),
        ("if x; then\n  BODY='{\"a\": 1}'\nelse\n  BODY='{\"a\": 1}'\nfi\n", Some("{\"a\": 1}")),
        ("if x; then\n  BODY='{\"a\": 1}'\nelse\n  BODY='{\"a\": 2}'\nfi\n", None),
        ("BODY='{\"a\": 1}'\nif x; then\nBODY='{\"a\": 2}'\nfi\n", None),
        ("BODY='{\"a\": 1}'\nx && BODY='{\"a\": 2}'\n", None),
        ("BODY='{\"a\":'\nBODY+='1}'\n", None),
        ("BODY='{\"a\": 1}'\nread -r BODY\n", None),
    ] {
        let found_in = |script: &str| {
            let text = format!("{script}curl {NATIVE} -d \"$BODY\"\n");
            let found = only(&text);
            (found.text.into_owned(), found.unjudged)
        };
        let expected = match body {
            Some(body) => (body.to_owned(), None),
            None => (String::new(), Some(Unjudged::Shell)),
        };
        assert_eq!(found_in(script), expected, "{script}");
    }
}

#[test]
fn a_variable_of_powershell_that_the_run_decides_is_not_known() {
    for (script, body) in [
        ("$b = '{\"a\": 1}'\n$b = '{\"a\": 2}'\n", "{\"a\": 2}"),
        ("$b = '{\"a\": 1}'\n# $b = '{\"a\": 2}'\n", "{\"a\": 1}"),
        ("if ($x) {\n  $b = '{\"a\": 1}'\n} else {\n  $b = '{\"a\": 2}'\n}\n", ""),
        ("$b = '{\"a\":'\n$b += '1}'\n", ""),
    ] {
        let text = format!("{script}irm {NATIVE} -Method Post -Body $b\n");
        let found = only(&text);
        let unjudged = body.is_empty().then_some(Unjudged::Shell);
        assert_eq!((&*found.text, found.unjudged), (body, unjudged), "{script}");
    }
}

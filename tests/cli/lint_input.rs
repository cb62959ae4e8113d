//! What bodies are taken from: commands whose values the shell puts in, files of all kinds in directories, texts of any width. Nothing
//! that was not judged passes, and what cannot be read takes nothing of the rest with it.

use serde_json::{Value, json};

use crate::harness::{Doctor, Ran, doctor};

const URL: &str = "https://generativelanguage.googleapis.com/v1beta/models";
const GOOD: &str = r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}"#;
const BAD: &str =
    r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}], "temperature": 0.5}"#;

/// Runs `lint` over files that are there.
fn lint(line: &str, files: &[(&str, &str)]) -> Ran {
    let start = Doctor::line(&format!("lint {line} --format json"));
    files.iter().fold(start, |doctor, (name, text)| doctor.file(name, text)).run()
}

fn in_folder(files: &[(&str, &[u8])]) -> (Ran, Value) {
    let start = Doctor::line("lint --format json");
    let all =
        files.iter().fold(start, |doctor, (name, text)| doctor.file(&format!("d/{name}"), text));
    let (mut command, _folder) = all.into_command();
    let ran = Ran::new(&command.arg("d").output().expect("it runs"));
    let report = ran.json();
    (ran, report)
}

/// Rule, line and path of each finding of a file.
fn found(report: &Value, file: usize) -> Vec<(String, u64, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["data"]["files"][file]["findings"].as_array().expect("findings").iter();
    findings
        .map(|one| (text(&one["rule"]), one["line"].as_u64().expect("a line"), text(&one["path"])))
        .collect()
}

fn names(report: &Value) -> Vec<&str> {
    let files = report["data"]["files"].as_array().expect("files").iter();
    files.filter_map(|file| file["name"].as_str()).collect()
}

fn verdict(report: &Value) -> (&str, u64) {
    let verdict = &report["verdict"];
    (verdict["status"].as_str().expect("a status"), verdict["exit_code"].as_u64().expect("a code"))
}

#[test]
fn what_the_shell_puts_in_is_no_error_and_is_told_once() {
    let script = format!(
        "curl \"{URL}/${{MODEL}}:generateContent\" -d '{{\"contents\": [{{\"role\": \"user\", \"parts\": [\n  \
         {{\"text\": \"'\"$PROMPT\"'\"}},\n  {{\"inlineData\": {{\"mimeType\": \"image/png\", \"data\": \"'\"$(base64 -w0 a.png)\"'\"}}}},\n  \
         {{\"fileData\": {{\"mimeType\": \"video/mp4\", \"fileUri\": \"'\"$FILE_URI\"'\"}}}}]}}]}}'\n"
    );
    let ran = lint("a.sh", &[("a.sh", &script)]);
    let report = ran.json();
    assert_eq!((ran.code, verdict(&report)), (0, ("pass", 0)), "{report:#}");
    let note = ("value-put-in-later".to_owned(), 2, "contents[0].parts[0].text".to_owned());
    assert_eq!(found(&report, 0), [note]);
    let said = report["data"]["files"][0]["findings"][0]["message"].as_str().expect("words");
    assert!(said.contains("3 values") && said.contains("lines 2, 3, 4"), "{said}");
    // What does not depend on them is still found.
    let worse = script.replace("[{\"role\": \"user\"", "[{\"role\": \"robot\"");
    let report = lint("a.sh", &[("a.sh", &worse)]).json();
    assert!(found(&report, 0).iter().any(|(.., path)| path == "contents[0].role"), "{report:#}");
    assert_eq!(verdict(&report), ("fail", 1));
}

#[test]
fn documents_expand_unless_their_end_is_quoted_and_so_do_powershells_texts() {
    let document = |end: &str| {
        format!(
            "curl {URL}/m:generateContent -d @- <<{end}\n{{\"contents\": [{{\"role\": \"$ROLE\", \"parts\": [{{\"text\": \"a\"}}]}}]}}\nEOF\n"
        )
    };
    for (name, text, code) in [
        ("a.sh", document("EOF"), 0),
        ("a.sh", document("'EOF'"), 1),
        (
            "a.ps1",
            format!("irm \"{URL}/m:generateContent\" -Body \"{{'contents': $turns}}\"")
                .replace('\'', "`\""),
            0,
        ),
    ] {
        let ran = lint(name, &[(name, &text)]);
        assert_eq!(ran.code, code, "{text}\n{}", ran.stdout);
        assert_eq!(ran.stdout.contains("value-put-in-later"), code == 0, "{}", ran.stdout);
    }
}

#[test]
fn a_file_that_a_command_sends_is_read_from_beside_it() {
    let script = format!("curl {URL}/gemini-3.8-flash:generateContent -d @body.json\n");
    let ran = lint("calls/a.sh", &[("calls/a.sh", &script), ("calls/body.json", BAD)]);
    let report = ran.json();
    assert_eq!((ran.code, names(&report)), (1, vec!["calls/a.sh", "calls/body.json"]));
    assert_eq!(report["data"]["files"][1]["model"], "gemini-3.8-flash");
    assert_eq!(found(&report, 1)[0].0, "field-misplaced");
    let ran = lint("calls/a.sh", &[("calls/a.sh", &script)]);
    let report = ran.json();
    assert_eq!((ran.code, verdict(&report)), (5, ("inconclusive", 5)), "{report:#}");
    assert!(report["limits"].to_string().contains("body.json, which is not there"), "{report:#}");
    let script = format!("curl {URL}/gemini-3.8-flash:generateContent -d \"$BODY\"\n");
    let report = lint("a.sh", &[("a.sh", &script)]).json();
    assert_eq!(verdict(&report), ("inconclusive", 5));
    assert!(report["data"]["files"][0]["trouble"].to_string().contains("the shell"), "{report:#}");
}

#[test]
fn files_that_are_sent_and_send_others_are_not_followed_and_leave_it_open() {
    let sends = |file: &str| format!("curl {URL}/gemini-3.8-flash:generateContent -d @{file}\n");
    let (to_b, to_c, to_bad) = (sends("b.sh"), sends("c.sh"), sends("bad.json"));
    for (files, last) in [
        (vec![("a.sh", to_b.as_str()), ("b.sh", to_b.as_str())], "b.sh"),
        (vec![("a.sh", to_b.as_str()), ("b.sh", &to_c), ("c.sh", &to_b)], "c.sh"),
        (vec![("a.sh", to_b.as_str()), ("b.sh", &to_bad), ("bad.json", BAD)], "bad.json"),
    ] {
        let ran = lint("a.sh", &files);
        let report = ran.json();
        assert_eq!((ran.code, names(&report)), (5, vec!["a.sh", "b.sh"]), "{report:#}");
        assert_eq!(verdict(&report), ("inconclusive", 5), "{report:#}");
        let told = report["limits"].to_string();
        assert!(told.contains(&format!("gemini-doctor lint {last}")), "{report:#}");
    }
    // One that is looked through by itself has its line.
    let files = [("a.sh", to_b.as_str()), ("b.sh", &to_bad), ("bad.json", BAD)];
    let report = lint("a.sh bad.json", &files).json();
    assert_eq!(verdict(&report), ("fail", 1), "{report:#}");
    let ring = [("a.sh", sends("a.sh"))];
    let ran = lint("a.sh", &[("a.sh", &ring[0].1)]);
    assert_eq!(verdict(&ran.json()), ("inconclusive", 5), "{}", ran.stdout);
}

#[test]
fn calls_of_other_methods_are_not_judged_and_say_so() {
    for (call, body) in [
        ("models/imagen-4:predict", r#"{"instances": [{"prompt": "a"}]}"#),
        ("models/veo-3:predictLongRunning", r#"{"instances": [{"prompt": "a"}]}"#),
        ("interactions", r#"{"model": "gemini-3.8-flash", "input": "a"}"#),
        ("cachedContents", r#"{"model": "models/m", "contents": [], "ttl": "300s"}"#),
    ] {
        let url = URL.replace("models", call);
        let report = lint("a.sh", &[("a.sh", &format!("curl {url} -d '{body}'"))]).json();
        assert_eq!(verdict(&report), ("inconclusive", 5), "{call} {report:#}");
        assert_eq!((found(&report, 0), &report["data"]["errors"]), (vec![], &json!(0)), "{call}");
        assert!(report["limits"].to_string().contains("whose bodies are not judged"), "{report:#}");
    }
    for body in [
        r#"{"setup": {"model": "models/m"}}"#,
        r#"{"instances": [{"prompt": "a"}], "parameters": {}}"#,
        r#"{"contents": [], "ttl": "300s"}"#,
        r#"{"agent": "a", "input": "b"}"#,
        r#"{"model": "gemini-3.5-flash", "input": "Tell me a joke"}"#,
        r#"{"model": "gemini-3.5-flash", "input": ["a"], "stream": true}"#,
        r#"{"input": "a", "tools": [{"type": "google_search"}]}"#,
    ] {
        let report = lint("a.json", &[("a.json", body)]).json();
        assert_eq!((verdict(&report), found(&report, 0)), (("inconclusive", 5), vec![]), "{body}");
    }
    for body in [
        r#"{"model": "gemini-embedding-001", "input": "a"}"#,
        r#"{"model": "my-vectors", "input": ["a"], "dimensions": 768}"#,
    ] {
        let report = lint("a.json", &[("a.json", body)]).json();
        assert_eq!(report["data"]["files"][0]["kind"], "openai-embeddings", "{report:#}");
        assert_ne!(verdict(&report), ("inconclusive", 5), "{body}");
    }
    // Beside a body that is judged it is a remark.
    let both = format!(
        "curl {URL}/imagen-4:predict -d '{{\"instances\": []}}'\ncurl {URL}/m:generateContent -d '{GOOD}'\n"
    );
    let report = lint("a.sh", &[("a.sh", &both)]).json();
    assert_eq!(verdict(&report), ("pass", 0), "{report:#}");
    assert!(report["limits"].to_string().contains("a.sh:1: the body was not judged"), "{report:#}");
}

#[test]
fn what_the_published_v1_lacks_is_not_said_to_be_taken() {
    let body = r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "systemInstruction": {"parts": [{"text": "b"}]}}"#;
    let sentence = |args: &str| {
        let report = lint(args, &[("a.json", body)]).json();
        assert_eq!(verdict(&report).1, 0, "{report:#}");
        report["verdict"]["sentence"].as_str().unwrap().to_owned()
    };
    let of_v1 = sentence("a.json --model gemini-3.5-flash --api-version v1");
    assert!(of_v1.starts_with("nothing in a.json is known to be refused"), "{of_v1}");
    let of_beta = sentence("a.json --model gemini-3.5-flash --api-version v1beta");
    assert!(of_beta.starts_with("nothing in a.json would be refused"), "{of_beta}");
}

#[test]
fn content_for_a_model_that_makes_vectors_is_a_body_of_its_own_kind() {
    let report = lint(
        "a.json --model gemini-embedding-001",
        &[("a.json", r#"{"content": {"parts": [{"text": "a"}]}}"#)],
    )
    .json();
    assert_eq!(
        (&report["data"]["files"][0]["kind"], verdict(&report)),
        (&json!("embed"), ("pass", 0))
    );
    let own = r#"{"model": "models/gemini-embedding-001", "content": "hi"}"#;
    let report = lint("a.json", &[("a.json", own)]).json();
    assert_eq!(report["data"]["files"][0]["kind"], "embed");
    assert_eq!(found(&report, 0)[0].2, "content");
}

#[test]
fn nothing_that_was_not_judged_passes() {
    let har =
        r#"{"log": {"entries": [{"request": {"method": "GET", "url": "https://x.example/"}}]}}"#;
    for (line, file, text) in [
        ("a.har", "a.har", har),
        ("a.json --kind routes", "a.json", GOOD),
        ("a.json --kind routes", "a.json", "{}"),
        ("a.sh", "a.sh", "echo hello\n"),
        ("a.sh", "a.sh", "curl https://x.example/models\n"),
    ] {
        let ran = lint(line, &[(file, text)]);
        let report = ran.json();
        assert_eq!((ran.code, verdict(&report)), (5, ("inconclusive", 5)), "{line}\n{report:#}");
        assert_eq!(report["verdict"]["summary"]["pass"], 0, "{report:#}");
    }
    for text in ["", "\n \n"] {
        assert_eq!(lint("a.jsonl", &[("a.jsonl", text)]).code, 1, "it is refused as it stands");
    }
    let (ran, report) = in_folder(&[("notes.txt", b"no body"), ("package.json", b"{\"a\": 1}")]);
    assert_eq!((ran.code, &report["verdict"]["exit_code"]), (2, &json!(2)), "{report:#}");
    assert!(report["error"]["hint"].to_string().contains("one file"), "{report:#}");
    let ran = doctor("doctor --only request.lint");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("request.lint: there is no request"), "{}", ran.stderr);
}

#[test]
fn a_file_that_cannot_be_read_takes_nothing_of_the_rest_with_it() {
    let files = [("good.json", GOOD), ("bad.json", BAD), ("zero.json", "PNG\0\0")];
    let ran = lint("good.json nowhere.json zero.json bad.json", &files);
    let report = ran.json();
    assert_eq!((ran.code, verdict(&report)), (2, ("fail", 2)), "{report:#}");
    let status = |name: &str| {
        let checks = report["checks"].as_array().expect("checks").iter();
        let check = checks.clone().find(|check| check["title"] == name).expect(name);
        (check["status"].as_str().expect("a status").to_owned(), check["detail"].to_string())
    };
    assert_eq!(
        (status("good.json").0, status("bad.json").0),
        ("pass".to_owned(), "fail".to_owned())
    );
    for (name, why) in [("nowhere.json", "no such file"), ("zero.json", "no text")] {
        let (status, detail) = status(name);
        assert!(status == "inconclusive" && detail.contains(why), "{name} {detail}");
        assert!(report["limits"].to_string().contains(&format!("{name} could not be read")));
    }
    let (ran, report) = in_folder(&[("a.json", BAD.as_bytes()), ("b.json", b"\xff\xff\0")]);
    assert_eq!((ran.code, names(&report)), (2, vec!["d/a.json", "d/b.json"]), "{report:#}");
    assert_eq!(found(&report, 0).len(), 1);
    // Alone it is bad input, and nothing else.
    let ran = lint("zero.json", &files);
    assert!(ran.code == 2 && ran.json()["error"]["message"].to_string().contains("no text"));
}

#[test]
fn directories_give_all_that_holds_a_request_and_count_the_rest() {
    let call = |body: &str| format!("curl {URL}/m:generateContent -d '{body}'\n");
    let har = format!(
        r#"{{"log": {{"entries": [{{"request": {{"method": "POST", "url": "{URL}/m:generateContent", "postData": {{"text": "{{\"contents\": []}}"}}}}}}]}}}}"#
    );
    let files = [
        ("a.sh", call(GOOD)),
        ("b.curl", call(GOOD)),
        ("c.har", har),
        ("d.jsonl", format!("{{\"key\": \"1\", \"request\": {GOOD}}}\n")),
        (
            "e.jsonl",
            r#"{"custom_id": "1", "url": "/v1/chat/completions", "body": {"messages": [{"role": "user", "content": "a"}]}}"#
                .to_owned(),
        ),
        (
            "f.jsonl",
            r#"{"custom_id": "1", "url": "/v1/embeddings", "body": {"model": "gemini-embedding-001", "input": "a"}}"#
                .to_owned(),
        ),
        ("g.ndjson", format!("{GOOD}\n{GOOD}\n")),
        ("h.ps1", format!("irm {URL}/m:generateContent -Method Post -Body '{GOOD}'\n")),
        ("i.http", format!("POST {URL}/m:generateContent\n\n{GOOD}\n")),
        ("u.sh", "echo hello\n".to_owned()),
        ("v.sh", "curl https://hooks.example/a -d '{\"text\": \"hi\"}'\n".to_owned()),
        ("w.har", r#"{"log": {"entries": []}}"#.to_owned()),
        ("x.json", "{\"name\": \"a\"}".to_owned()),
        ("y.txt", GOOD.to_owned()),
    ];
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let (_, report) = in_folder(&files);
    let expected =
        ["a.sh", "b.curl", "c.har", "d.jsonl", "e.jsonl", "f.jsonl", "g.ndjson", "h.ps1", "i.http"];
    assert_eq!(names(&report), expected.map(|name| format!("d/{name}")), "{report:#}");
    assert_eq!(report["data"]["passed_over"], 4);
    let limits = report["limits"].to_string();
    assert!(limits.contains("4 files of directories"), "{report:#}");
    assert!(limits.contains("d/u.sh, d/v.sh, d/w.har, d/x.json\""), "{report:#}");
    assert_eq!(report["data"]["passed_over_files"][3], "d/x.json");
    let kinds: Vec<&Value> = (3..6).map(|index| &report["data"]["files"][index]["kind"]).collect();
    assert_eq!(kinds, ["batch-line", "openai", "openai-embeddings"]);
}

#[test]
fn texts_of_two_bytes_a_letter_are_read_without_their_mark() {
    for unit in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        let wide: Vec<u8> = "{\n \"contens\": []}".encode_utf16().flat_map(unit).collect();
        let report = Doctor::line("lint a.json --format json").file("a.json", wide).run().json();
        let told = found(&report, 0);
        assert!(told.iter().any(|(rule, ..)| rule == "json-utf-16"), "{told:?}");
        assert!(told.iter().any(|(rule, line, _)| rule == "field-misspelt" && *line == 2));
    }
    let four: Vec<u8> = GOOD.chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect();
    let ran = Doctor::line("lint a.json").file("a.json", four).run();
    assert!(ran.code == 2 && ran.stderr.contains("UTF-32"), "{}", ran.stderr);
}

#[test]
fn the_model_that_is_named_is_in_the_report() {
    let target = |line: &str, text: &str| {
        let report = lint(line, &[("a.json", text)]).json();
        (report["target"]["model"].clone(), report["target"]["model_source"].clone(), report)
    };
    let (model, source, report) = target("a.json -m gemini-3.8-flash", "");
    assert_eq!((model, source), (json!("gemini-3.8-flash"), json!("argument")));
    assert!(!report["limits"].to_string().contains("no model is named"), "{report:#}");
    let own = GOOD.replacen('{', "{\"model\": \"models/gemini-2.5-pro\", ", 1);
    let (model, source, _) = target("a.json", &own);
    assert_eq!((model, source), (json!("gemini-2.5-pro"), json!("request")));
    assert_eq!(target("a.json", GOOD).0, Value::Null);
}

#[test]
fn corrections_in_a_command_have_the_lines_of_its_file_and_show_what_changed() {
    let long = "word ".repeat(100);
    let body = format!(
        r#"{{"contents": [{{"role": "user", "parts": [{{"text": "{long}"}}]}}], "generationConfig": {{"temperature": .5}}}}"#
    );
    let script = format!("#!/bin/sh\n# a\ncurl {URL}/m:generateContent \\\n  -d '{body}'\n");
    let doctor =
        |more: &str| Doctor::line(&format!("lint a.sh --fix {more}")).file("a.sh", &script);
    let report = doctor("--format json").run().json();
    let change = &report["data"]["files"][0]["fixed"]["changes"][0];
    assert_eq!((&change["rule"], &change["line"]), (&json!("json-bad-number"), &json!(4)));
    let shown = doctor("").run().stdout;
    assert!(shown.contains("--- the body in a.sh"), "{shown}");
    assert!(
        shown.contains("\"temperature\": .5}") && shown.contains("\"temperature\": 0.5}"),
        "{shown}"
    );
    // A body that is whole only when the command runs is not written.
    let open = script.replace("word word", "'\"$A\"'");
    let (ran, folder) = Doctor::line("lint a.sh --fix").file("a.sh", &open).run_and_keep();
    assert!(ran.stdout.contains("whole only when the command runs"), "{}", ran.stdout);
    assert!(!folder.path().join("a.fixed.json").exists());
}

#[test]
fn words_of_json_and_python_stand_as_they_are_written() {
    let ran = Doctor::line("lint -").fed(r#"{"contents": [{"parts": [{"thought": True}]}]}"#);
    let told = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains("True, False or None stand where JSON has true, false and null"),
        "{}",
        ran.stdout
    );
}

#[test]
fn the_command_that_leads_on_can_be_run_as_it_stands() {
    let embed = r#"{"content": {"parts": [{"text": "a"}]}}"#;
    let hole = format!(
        "curl {URL}/gemini-3.8-flash:generateContent -d '{}'",
        GOOD.replace("hi", "'\"$A\"'")
    );
    let post = format!("POST {URL}/gemini-3.8-flash:generateContent\n\n{BAD}\n");
    let two = format!("{post}\n###\n{post}");
    for (name, text, more, expected) in [
        ("a b.json", GOOD, "", "gemini-doctor bisect 'a b.json'"),
        ("body.json", BAD, "", "gemini-doctor lint body.json --fix"),
        ("body.json", r#"{"contents": []}"#, "", "gemini-doctor lint --list contents-missing"),
        (
            "body.json",
            "{'contents': [{'parts': [{'text': 'a'}]}]}",
            "",
            "gemini-doctor lint body.json --fix",
        ),
        (
            "body.txt",
            "{'contents': [{'parts': [{'text': 'a'}]}]}",
            "--fix",
            "gemini-doctor bisect body.fixed.json",
        ),
        // What was corrected is left out, and what cannot be corrected leads to no correction.
        (
            "body.json",
            r#"{"contents": [], "temperature": 0.5}"#,
            "--fix",
            "gemini-doctor lint --list contents-missing",
        ),
        ("two.http", two.as_str(), "", "gemini-doctor lint --list field-misplaced"),
        // The service is asked about bodies for an answer alone, and with all their values.
        ("embed.json", embed, "--model gemini-embedding-001", ""),
        ("call.sh", hole.as_str(), "", ""),
    ] {
        let start = Doctor::line(&format!("lint --format plain {more}"));
        let ran = start.args(&[name]).file(name, text).run();
        let next =
            ran.stdout.lines().find_map(|line| line.strip_prefix("next: ")).unwrap_or_default();
        assert_eq!(next.trim(), expected, "{}", ran.stdout);
    }
}

#[test]
fn what_is_nearly_a_request_is_judged_in_a_directory_as_well() {
    let turns = r#"[{"role": "user", "parts": [{"text": "hi"}]}]"#;
    let cut = format!(r#"{{"generationConfig": {{"temperature": 1}}, "contents": {turns}"#);
    let files = [
        ("a.json", format!(r#"{{"content": {turns}}}"#)),
        ("b.json", format!(r#"{{"Contents": {turns}}}"#)),
        ("c.json", cut[..70].to_owned()),
        ("d.json", GOOD.replace('"', "\u{201d}")),
        ("e.json", r#"{"prompt": "hi", "generationConfig": {"temperature": 1}}"#.to_owned()),
        ("good.json", GOOD.to_owned()),
        ("tsconfig.json", "{// no request\n\"include\": [\"src\"],}".to_owned()),
    ];
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let (ran, report) = in_folder(&files);
    let expected = ["a.json", "b.json", "c.json", "d.json", "e.json", "good.json"];
    assert_eq!(names(&report), expected.map(|name| format!("d/{name}")), "{report:#}");
    let errors = |index: usize| report["data"]["files"][index]["errors"].as_u64() > Some(0);
    assert_eq!((0..6).map(errors).collect::<Vec<_>>(), [true, true, true, true, true, false]);
    assert_eq!(ran.code, 1, "{report:#}");
}

#[test]
fn programs_and_answers_are_no_requests_and_are_not_called_refused() {
    let python = "import requests\n\npayload = {\"contents\": [{\"parts\": [{\"text\": \"hi\"}]}]}\nrequests.post(URL, json=payload)\n";
    let page = format!("# Try it\n\n```json\n{GOOD}\n```\n");
    for (name, text, said) in [
        ("call.py", python, "a program or a page"),
        ("page.md", page.as_str(), "a program or a page"),
        ("js.mjs", "const body = {contents: []};\n", "a program or a page"),
        (
            "error.json",
            r#"{"error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}"#,
            "explain --file",
        ),
        (
            "answer.json",
            r#"{"candidates": [{"content": {"parts": [{"text": "a"}]}}]}"#,
            "explain --file",
        ),
    ] {
        let ran = lint(name, &[(name, text)]);
        assert_eq!(ran.code, 5, "{name}: {}", ran.stdout);
        assert!(ran.stdout.contains(said), "{name}: {}", ran.stdout);
    }
    // A body with faults is one all the same.
    for text in [
        "{contents: [",
        "'contents': []",
        r#"{"error": {"code": 1, "message": "a"}, "contents": []}"#,
    ] {
        assert_eq!(lint("body.json", &[("body.json", text)]).code, 1, "{text}");
    }
}

#[test]
fn each_case_of_junit_has_the_places_of_its_own_file() {
    let misspelt = GOOD.replace("contents", "contens");
    let ran = Doctor::line("lint a.json b.json --format junit")
        .file("a.json", BAD)
        .file("b.json", &misspelt)
        .run();
    let cases: Vec<&str> = ran.stdout.split("<testcase").skip(1).collect();
    assert_eq!(cases.len(), 2, "{}", ran.stdout);
    for (case, own, other) in
        [(cases[0], "a.json:1:", "b.json:1:"), (cases[1], "b.json:1:", "a.json:1:")]
    {
        assert!(case.contains(own) && !case.contains(other), "{case}");
    }
}

#[test]
fn a_command_that_is_cut_off_would_fail_with_a_good_body_in_it() {
    let script =
        |mark: &str| format!("curl {URL}/gemini-3.8-flash:generateContent {mark}\n  -d '{GOOD}'\n");
    let ran = lint("a.sh", &[("a.sh", &script("\\"))]);
    assert_eq!((ran.code, found(&ran.json(), 0)), (0, Vec::new()));
    let cut = script("\\ ");
    let ran = lint("a.sh", &[("a.sh", &cut)]);
    let report = ran.json();
    assert_eq!(
        (ran.code, found(&report, 0)),
        (1, vec![("command-cut-off".to_owned(), 1, "$".to_owned())])
    );
    assert_eq!(report["data"]["files"][0]["findings"][0]["column"], 95);
    assert_eq!(lint("a.sh --allow command-cut-off", &[("a.sh", &cut)]).code, 0);
    // The body alone, as it is written anew, has no command around it.
    let worse = cut.replace("parts", "part");
    assert_eq!(lint("a.sh --fix", &[("a.sh", &worse)]).code, 0);
    let sends_a_file = format!("curl {URL}/m:generateContent \\ \n  -d @body.json\n");
    let ran = lint("a.sh", &[("a.sh", &sends_a_file)]);
    assert!(ran.stdout.contains("line 1: a blank stands behind the backslash"), "{}", ran.stdout);
}

#[test]
fn a_value_of_an_editors_file_is_put_in_when_the_request_is_sent() {
    let request = |text: &str| {
        format!("POST {URL}/gemini-3.8-flash:generateContent\n\n{}\n", GOOD.replace("hi", text))
    };
    let said = |text: &str| {
        let report = lint("a.http", &[("a.http", &request(text))]).json();
        let finding = &report["data"]["files"][0]["findings"][0];
        format!("{} {}", finding["message"], finding["correction"]["action"])
    };
    let told = said("{{prompt}}");
    assert!(told.contains("when the request is sent") && !told.contains("command"), "{told}");
}

#[test]
fn each_body_among_several_is_for_the_model_that_it_names() {
    let vectors = r#"{"requests": [{"model": "models/gemini-embedding-001", "content": {"parts": [{"text": "a"}]}}]}"#;
    let line = r#"{"key": "a", "request": {"model": "models/gemini-2.5-flash", "contents": [{"role": "user", "parts": [{"text": "hi"}]}]}}"#;
    let files = [("d/a.json", vectors), ("d/b.jsonl", line), ("d/c.json", GOOD)];
    let models = |report: &Value| -> Vec<String> {
        let files = report["data"]["files"].as_array().expect("files").iter();
        files.map(|file| file["model"].as_str().unwrap_or("none").to_owned()).collect()
    };
    let own = ["gemini-embedding-001", "gemini-2.5-flash", "gemini-3.8-flash"];
    for line in ["d -m gemini-3.8-flash", "d/a.json d/b.jsonl d/c.json -m gemini-3.8-flash"] {
        let ran = lint(line, &files);
        assert_eq!((ran.code, models(&ran.json())), (0, own.map(str::to_owned).to_vec()), "{line}");
    }
    // Beside one file it is meant for that file.
    let ran = lint("d/a.json -m gemini-3.8-flash", &files);
    assert_eq!((ran.code, models(&ran.json())), (1, vec!["gemini-3.8-flash".to_owned()]));
    assert_eq!(ran.json()["target"]["model_source"], "argument");
    let start = Doctor::line("lint a.json --format json").file("a.json", vectors);
    let report = start.env("GEMINI_MODEL", "gemini-3.8-flash").run().json();
    assert_eq!(report["data"]["files"][0]["errors"], 0, "{report:#}");
    assert_eq!(report["target"]["model"], "gemini-embedding-001");
}

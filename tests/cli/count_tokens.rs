//! What is named is counted, whatever it is and however it is written; what cannot be is said, and the rest is
//! counted all the same. The numbers themselves are the business of the vocabulary's own tests: these hold for any.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::{
    dry_run::trace,
    harness::{Doctor, Ran, has},
    schema::Schema,
};

/// A model of which more is known than of others.
const KNOWN: &str = "gemini-2.5-flash";
/// One whose vocabulary nobody has seen.
const ESTIMATED: &str = "gemini-3.8-flash";

const TEXT: &str = "Count these words, 日本語 and naïve cafés 🙂, line by line.\n";

fn count(line: &str) -> Doctor {
    Doctor::line(&format!("count-tokens --model {KNOWN} --format json {line}"))
}

fn data(ran: &Ran) -> Value {
    ran.json()["data"].clone()
}

/// The name and the tokens of each input.
fn inputs(ran: &Ran) -> Vec<(String, Option<u64>)> {
    let all = data(ran)["inputs"].as_array().expect("inputs").clone();
    let one = |input: &Value| {
        (input["name"].as_str().expect("a name").replace('\\', "/"), input["tokens"].as_u64())
    };
    all.iter().map(one).collect()
}

fn names(ran: &Ran) -> Vec<String> {
    inputs(ran).into_iter().map(|(name, _)| name).collect()
}

fn total(ran: &Ran) -> u64 {
    data(ran)["total"]["tokens"].as_u64().expect("a total")
}

fn tokens_of(text: &str) -> u64 {
    total(&count("").fed(text))
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(unit).collect()
}

#[test]
fn a_text_is_the_same_from_a_file_a_pipe_a_directory_and_a_pattern() {
    let tokens = tokens_of(TEXT);
    assert!(tokens > 5, "{tokens}");
    for line in ["a.txt", "sub/../a.txt", ".", "*.txt", "./*.txt", "[a].t?t", "{a,b}.txt"] {
        let ran = count(line).file("a.txt", TEXT).file("sub/x", "").file("sub/.y", "").run();
        assert_eq!((ran.code, total(&ran)), (0, tokens), "{line}: {}", ran.stdout);
    }
    for line in ["-", ""] {
        let ran = count(line).fed(TEXT);
        assert_eq!(inputs(&ran), [("standard input".to_owned(), Some(tokens))], "{line}");
    }
}

#[test]
fn the_document_has_the_agreed_names_and_adds_up() {
    let ran = count("a.txt b.txt").file("a.txt", TEXT).file("b.txt", TEXT.repeat(3)).run();
    Schema::committed("report").must_hold(&ran.json(), "count-tokens");
    let data = data(&ran);
    for input in data["inputs"].as_array().expect("inputs") {
        assert_eq!(input["exact"], data["tokenizer"]["exact_for_model"]);
        assert_eq!((&input["tokenizer"], &input["error"]), (&json!("gemma3"), &Value::Null));
    }
    let sum: u64 = inputs(&ran).iter().filter_map(|(_, tokens)| *tokens).sum();
    assert_eq!((data["total"]["tokens"].as_u64(), total(&ran)), (Some(sum), sum));
    assert_eq!(data["total"]["bytes"], TEXT.len() * 4);
    for unasked in ["gate", "tpm", "cost", "compare", "hidden", "plan"] {
        assert_eq!(data.get(unasked), Some(&Value::Null), "{unasked}");
    }
    let used = data["context"]["used_percent"].as_f64().expect("a share");
    assert!((used - sum as f64 / 1_048_576.0 * 100.0).abs() < 1e-9, "{used}");
}

#[test]
fn a_model_without_a_known_vocabulary_is_an_estimate_and_says_so() {
    let ran =
        Doctor::line(&format!("count-tokens --model {ESTIMATED} a.txt")).file("a.txt", TEXT).run();
    assert!(ran.code == 0 && ran.stdout.starts_with("about "), "{}", ran.stdout);
    assert!(ran.stdout.contains("an estimate"), "{}", ran.stdout);
    let ran = Doctor::line("count-tokens a.txt").file("a.txt", TEXT).run();
    assert!(ran.stdout.contains("picked: the newest stable flash"), "{}", ran.stdout);
    let named = Doctor::line("count-tokens a.txt --format json").file("a.txt", TEXT);
    assert_eq!(named.env("GEMINI_MODEL", KNOWN).run().json()["target"]["model"], KNOWN);
}

#[test]
fn what_is_hidden_or_ignored_is_left_out_of_directories_only() {
    let tree = |line: &str| {
        let doctor = count(line).file(".gitignore", "out/\n*.log\n").file(".ignore", "vendor\n");
        let doctor = doctor.file("a.txt", "a").file("src/b.txt", "b").file("src/c.log", "c");
        let doctor = doctor.file("out/d.txt", "d").file("vendor/e.txt", "e").file(".env.txt", "f");
        names(&doctor.run())
    };
    assert_eq!(tree("."), ["a.txt", "src/b.txt"]);
    assert_eq!(tree("src"), ["src/b.txt"], "the list of the current directory counts below it");
    assert_eq!(tree("**/*.txt"), ["a.txt", "src/b.txt"]);
    assert_eq!(tree("out/d.txt src/c.log"), ["out/d.txt", "src/c.log"], "what is named is meant");
    assert_eq!(tree("--no-ignore .").len(), 5);
    assert_eq!(tree("--no-ignore --hidden .").len(), 8);
}

#[test]
fn a_gate_fails_above_and_is_open_where_the_count_cannot_tell() {
    for model in [KNOWN, ESTIMATED] {
        let gate = |max: u64| {
            let line = format!("count-tokens a.txt --format json --model {model} --max {max}");
            let ran = Doctor::line(&line).file("a.txt", TEXT.repeat(9)).run();
            let data = data(&ran);
            let bound = |name: &str| data["total"][name].as_u64().expect(name);
            let result = data["gate"]["result"].as_str().expect("a result").to_owned();
            ((ran.code, result), [bound("at_least"), bound("tokens"), bound("at_most")])
        };
        let (_, [least, tokens, most]) = gate(1);
        assert!(least <= tokens && tokens <= most, "{model}: {least} {tokens} {most}");
        assert_eq!(gate(most).0, (0, "pass".to_owned()), "{model}");
        assert_eq!(gate(least - 1).0, (1, "fail".to_owned()), "{model}");
        if least < most {
            assert_eq!(gate(most - 1).0, (5, "inconclusive".to_owned()), "{model}");
            assert_eq!(gate(least).0, (5, "inconclusive".to_owned()), "{model}");
        }
    }
    let table = Doctor::line(&format!("count-tokens a.txt --model {KNOWN} --max 1k"));
    let table = table.file("a.txt", TEXT).run();
    assert!(table.stdout.starts_with("PASS") && table.stdout.contains("1,000"), "{}", table.stdout);
}

#[test]
fn the_limit_is_the_tables_or_the_one_that_is_given() {
    let ran = count("a.txt --limit 4").file("a.txt", TEXT).run();
    assert_eq!(
        (ran.code, &ran.json()["verdict"]["status"]),
        (0, &json!("warn")),
        "no gate was set"
    );
    let context = &data(&ran)["context"];
    assert_eq!((&context["input_limit"], &context["over_limit"]), (&json!(4), &json!(true)));
    assert_eq!(count("a.txt --limit 4 --fail-on warn").file("a.txt", TEXT).run().code, 1);
    let unknown = Doctor::line("count-tokens a.txt --model gemini-no-such --format json");
    let unknown = unknown.file("a.txt", TEXT).run();
    assert_eq!(data(&unknown)["context"]["used_percent"], Value::Null);
}

#[test]
fn a_pace_and_a_price_come_from_what_is_given() {
    let prices =
        "as_of = \"2026-11-20\"\n[models.\"gemini-2.5-flash\"]\ninput = 1000000.0\noutput = 2.5\n";
    let line = "a.txt --tpm 1M --prices prices.toml";
    let ran = count(line).file("a.txt", TEXT).file("prices.toml", prices).run();
    let (data, tokens) = (data(&ran), total(&ran));
    assert_eq!(data["tpm"]["requests_per_minute"], 1_000_000 / tokens);
    assert_eq!(data["cost"]["input"].as_f64(), Some(tokens as f64), "one dollar a token");
    assert_eq!(data["cost"]["prices_as_of"], "2026-11-20");
    for bad in ["", "as_of = \"x\"\n[models]\n", "{}"] {
        let ran = count(line).file("a.txt", TEXT).file("prices.toml", bad).run();
        assert_eq!(ran.code, 2, "{bad}");
        assert!(
            ran.json()["error"]["message"].as_str().expect("a message").contains("prices.toml")
        );
    }
}

#[test]
fn other_encodings_count_as_the_same_text_and_are_told() {
    let tokens = tokens_of(TEXT);
    for (encoding, bytes) in
        [("utf-16-le", utf16(TEXT, u16::to_le_bytes)), ("utf-16-be", utf16(TEXT, u16::to_be_bytes))]
    {
        let ran = count("a.txt").file("a.txt", &bytes).run();
        let input = &data(&ran)["inputs"][0];
        assert_eq!((ran.code, input["tokens"].as_u64()), (0, Some(tokens)), "{encoding}");
        assert_eq!((&input["encoding"], &input["bytes"]), (&json!(encoding), &json!(bytes.len())));
        let table = Doctor::line("count-tokens a.txt").file("a.txt", &bytes).run();
        assert!(table.stdout.contains("is UTF-16"), "{}", table.stdout);
    }
    let marked = count("a.txt").file("a.txt", format!("\u{FEFF}{TEXT}")).run();
    assert_eq!((marked.code, &data(&marked)["inputs"][0]["encoding"]), (0, &json!("utf-8-bom")));
    assert!(total(&marked) >= tokens);
}

#[test]
fn half_a_character_is_told_with_its_place_and_counted() {
    let mut bytes = utf16("some words", u16::to_le_bytes);
    bytes.extend([0x00, 0xD8, b'x', 0]);
    let ran = count("a.txt").file("a.txt", &bytes).run();
    let input = &data(&ran)["inputs"][0];
    assert_eq!((ran.code, &input["invalid_sequences"]), (0, &json!(1)), "{input}");
    assert_eq!(input["first_invalid_byte"], bytes.len() - 4);
    let ran = count("a.txt").file("a.txt", b"caf\xe9 au lait").run();
    assert!(ran.code == 0 && total(&ran) > 0, "{}", ran.stdout);
}

#[test]
fn what_cannot_be_counted_is_said_and_the_rest_is_counted() {
    let line = "good.txt missing.txt binary.bin empty.txt no*.such";
    let doctor =
        count(line).file("good.txt", TEXT).file("binary.bin", b"PNG\0\x01").file("empty.txt", "");
    let ran = doctor.run();
    assert_eq!((ran.code, total(&ran)), (2, tokens_of(TEXT)), "{}", ran.stdout);
    let why = |name: &str| {
        let data = data(&ran);
        let all = data["inputs"].as_array().expect("inputs").clone();
        let one = all.into_iter().find(|input| input["name"] == name).expect(name);
        assert_eq!((&one["tokens"], &one["exact"]), (&Value::Null, &Value::Null), "{name}");
        one["error"].as_str().expect("a reason").to_owned()
    };
    assert_eq!(why("missing.txt"), "there is no such file");
    assert!(why("binary.bin").contains("NUL"));
    assert!(why("no*.such").contains("no file fits"));
    assert_eq!(inputs(&ran)[1], ("empty.txt".to_owned(), Some(0)));
    assert_eq!(data(&ran)["total"]["not_counted"], 3);
    assert_eq!(data(&ran)["total"]["exact"], false, "what is missing is not counted");
    let none = count("missing.txt").run();
    assert_eq!((none.code, &none.json()["verdict"]["word"]), (2, &json!("NOT COUNTED")));
}

#[test]
fn files_of_a_directory_that_are_no_text_are_left_out_with_a_note() {
    let doctor = Doctor::line(&format!("count-tokens . --model {KNOWN}"));
    let ran = doctor.file("a.txt", TEXT).file("b.bin", b"\0").file("c.bin", b"x\0").run();
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let told = ran.stdout.contains("b.bin and 1 other file are no text");
    assert!(told && !ran.stdout.contains("INCOMPLETE"), "{}", ran.stdout);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_named() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let doctor = count("a.txt locked.txt dangling sub").file("a.txt", TEXT).file("locked.txt", "x");
    let doctor = doctor.file("sub/b.txt", TEXT);
    let locked = doctor.path().join("locked.txt");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).expect("changed");
    symlink("nowhere", doctor.path().join("dangling")).expect("a link");
    symlink("..", doctor.path().join("sub/loop")).expect("a link");
    let may_read = std::fs::read(&locked).is_ok();
    let ran = doctor.run();
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.contains("it is a link that leads nowhere"), "{}", ran.stdout);
    assert!(may_read || ran.stdout.contains("permission denied"), "{}", ran.stdout);
    assert!(names(&ran).contains(&"sub/b.txt".to_owned()), "the loop is not walked");
}

#[test]
fn a_request_is_counted_by_its_parts_and_its_model_counts() {
    let body = json!({"model": "models/gemini-2.5-pro", "contents": [
        {"role": "user", "parts": [{"text": TEXT.repeat(3)}]},
        {"role": "model", "parts": [{"text": "yes"}]},
        {"role": "user", "parts": [{"text": "and now?"}]}]});
    let line = "count-tokens --format json --request body.json";
    let ran = Doctor::line(line).file("body.json", body.to_string()).run();
    let input = &data(&ran)["inputs"][0];
    let part = |name: &str| input[name].as_u64().expect(name);
    assert_eq!((ran.code, &ran.json()["target"]["model"]), (0, &json!("gemini-2.5-pro")));
    assert!(part("history_tokens") > part("message_tokens"), "{input}");
    let parts: u64 = input["parts"]
        .as_array()
        .expect("parts")
        .iter()
        .map(|part| part["tokens"].as_u64().unwrap())
        .sum();
    assert_eq!(part("tokens"), parts);
    let piped = Doctor::line("count-tokens --format json --request -").fed(body.to_string());
    assert_eq!(total(&piped), total(&ran));
    let table =
        Doctor::line("count-tokens --request body.json").file("body.json", body.to_string());
    assert!(table.run().stdout.contains("your message is "));
}

#[test]
fn a_broken_request_is_said_with_its_place_and_the_rest_is_counted() {
    for (body, why) in [
        ("{\"contents\": [\n  {,", "line 2"),
        ("[1, 2]", "body.json"),
        ("{\"prompt\": \"hi\"}", "contents"),
        ("", "body.json"),
    ] {
        let ran =
            count("a.txt --request body.json").file("a.txt", TEXT).file("body.json", body).run();
        assert_eq!((ran.code, total(&ran)), (2, tokens_of(TEXT)), "{body}");
        assert!(ran.stdout.contains(why), "{body}: {}", ran.stdout);
    }
}

#[test]
fn openai_counts_stand_beside_where_they_are_asked_for() {
    let ran = count("a.txt b.txt --compare").file("a.txt", TEXT).file("b.txt", "hello world").run();
    let compare = &data(&ran)["compare"];
    for name in ["o200k_base", "cl100k_base"] {
        let tokens = compare[name]["tokens"].as_u64().expect(name);
        let off = compare[name]["off_by_percent"].as_f64().expect(name);
        let ours = total(&ran) as f64;
        assert!(
            tokens > 10 && (off - (tokens as f64 / ours - 1.0) * 100.0).abs() < 1e-9,
            "{compare}"
        );
    }
    let spaces = count("--compare").fed(" ".repeat(1 << 20));
    assert_eq!(spaces.code, 0, "{}", spaces.stderr);
    assert_eq!(data(&spaces)["compare"]["failed_pieces"], 0);
}

#[test]
fn several_threads_count_as_one_does_and_in_the_same_order() {
    let ran = |jobs: u32| {
        let doctor = count(&format!(". --jobs {jobs}"));
        let file = |doctor: Doctor, number: usize| {
            doctor.file(&format!("{number:02}.txt"), TEXT.repeat(1 + number * 700))
        };
        data(&(0..20).fold(doctor, file).run())
    };
    assert_eq!(ran(1), ran(4));
}

#[test]
fn the_table_is_bounded_and_the_list_is_whole() {
    let ran = |line: &str| {
        let doctor = Doctor::line(&format!("count-tokens --model {KNOWN} . {line}"));
        let file = |doctor: Doctor, number: usize| {
            doctor.file(&format!("{number:02}.txt"), "word ".repeat(number + 1))
        };
        (0..30).fold(doctor, file).run().stdout
    };
    let short = ran("");
    assert!(short.contains("20 more (--list)") && !short.contains("00.txt"), "{short}");
    let (largest, smaller) = (short.find("29.txt"), short.find("20.txt"));
    assert!(largest < smaller && largest.is_some(), "{short}");
    assert!(ran("--list").contains("00.txt"));
}

#[test]
fn what_is_named_twice_counts_once() {
    let ran = count("a.txt . ./a.txt").file("a.txt", TEXT).run();
    assert_eq!(names(&ran), ["a.txt"]);
    assert!(ran.json()["verdict"]["exit_code"] == 0);
}

#[test]
fn wrong_arguments_are_told() {
    for line in ["--max ten", "--limit 0", "--tpm 0", "--jobs 0", "--request - -", "--format junit"]
    {
        let ran = Doctor::line(&format!("count-tokens a.txt {line}")).file("a.txt", TEXT).run();
        assert_eq!(ran.code, 2, "{line}: {ran:?}");
    }
}

#[test]
fn nothing_is_sent_and_no_key_is_read() {
    let doctor = count("a.txt")
        .file("a.txt", TEXT)
        .env("GEMINI_API_KEY", "AQ.FAKE-not-to-be-looked-at-0000");
    assert_eq!(doctor.run().json()["credential"]["source"], Value::Null);
    if !has("strace", "-V") {
        return;
    }
    let Some(calls) = trace(&count("a.txt --compare").file("a.txt", TEXT)) else { return };
    let opened: Vec<&str> = calls.lines().filter(|call| call.contains("AF_INET")).collect();
    assert_eq!(opened, Vec::<&str>::new());
}

/// A stream is never held as a whole.
#[cfg(target_os = "linux")]
#[test]
fn a_long_stream_is_read_block_by_block() {
    const MIB: usize = 192;
    if !has("/usr/bin/time", "--version") {
        eprintln!("not measured: there is no /usr/bin/time");
        return;
    }
    let program = env!("CARGO_BIN_EXE_gemini-doctor");
    let line = format!("-f %M -o peak {program} count-tokens --model {KNOWN} --format json");
    let arguments: Vec<&str> = line.split(' ').collect();
    let (mut command, folder) = Doctor::other("/usr/bin/time", &arguments).into_command();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("started");
    let mut stdin = child.stdin.take().expect("a pipe");
    let block = "0123456789 abcde".repeat(1 << 16);
    for _ in 0..MIB {
        std::io::Write::write_all(&mut stdin, block.as_bytes()).expect("it reads on");
    }
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let ran = Ran::new(&output);
    assert_eq!((ran.code, &data(&ran)["total"]["bytes"]), (0, &json!(MIB << 20)));
    let peak = read(&folder, "peak");
    let kib: usize = peak.lines().last().and_then(|line| line.parse().ok()).expect("a number");
    assert!(kib < 96 * 1024, "{kib} KiB for a stream of {MIB} MiB");
}

fn says(ran: &Ran, words: &[&str]) {
    for word in words {
        assert!(
            ran.stdout.contains(word) || ran.stderr.contains(word),
            "{word}: {}{}",
            ran.stdout,
            ran.stderr
        );
    }
}

fn read(folder: &tempfile::TempDir, name: &str) -> String {
    std::fs::read_to_string(folder.path().join(name)).expect("a file that was written")
}

#[test]
fn hidden_characters_are_found_priced_and_taken_out_of_a_copy() {
    let text = "Say\u{200B} hi to \u{201C}Zoe\u{201D}.\nمی\u{200C}خواهم 👩\u{200D}👧\n";
    let run = count("a.txt --hidden-chars --normalize clean.txt").file("a.txt", text);
    let (ran, folder) = run.run_and_keep();
    let hidden = &data(&ran)["hidden"];
    assert_eq!((ran.code, &hidden["found"]), (0, &json!(3)), "{hidden}");
    let one = &hidden["inputs"][0];
    assert_eq!(one["kept"], 2, "what a script or an emoji needs stays: {one}");
    assert_eq!(one["characters"][0]["places"][0], json!({"line": 1, "column": 4, "byte": 3}));
    let clean = read(&folder, "clean.txt");
    assert_eq!(clean, "Say hi to \"Zoe\".\nمی\u{200C}خواهم 👩\u{200D}👧\n");
    let cost = one["tokens_cost"].as_i64().expect("a cost");
    assert_eq!(total(&ran).cast_signed() - cost, tokens_of(&clean).cast_signed());
    let diff = hidden["normalized"]["diff"].as_str().expect("a diff");
    assert!(diff.contains("-Say<U+200B> hi") && diff.contains("+Say hi"), "{diff}");
    assert_eq!(read(&folder, "a.txt"), text, "the original stays");
}

#[test]
fn a_clean_up_touches_the_named_kinds_only_and_never_the_text_itself() {
    let text = "a\u{200B}b \u{201C}c\u{201D}\n";
    let only = "a.txt --normalize clean.txt --classes typographic-quote";
    let (_, folder) = count(only).file("a.txt", text).run_and_keep();
    assert_eq!(read(&folder, "clean.txt"), "a\u{200B}b \"c\"\n");
    let (ran, folder) = count("a.txt --normalize a.txt").file("a.txt", text).run_and_keep();
    assert_eq!((ran.code, read(&folder, "a.txt").as_str()), (2, text));
    let ran = count("a.txt --hidden-chars --classes sneaky").file("a.txt", text).run();
    assert_eq!(ran.code, 2);
    says(&ran, &["sneaky", "zero-width"]);
}

#[test]
fn chunks_fit_by_their_own_count_and_are_the_text() {
    let text = format!("{TEXT}{TEXT}\n{TEXT}").repeat(30);
    let run = count("a.txt --plan --cap 100 --split parts").file("a.txt", &text);
    let (ran, folder) = run.run_and_keep();
    let chunks = data(&ran)["plan"]["chunks"].as_array().expect("chunks").clone();
    assert!(ran.code == 0 && chunks.len() > 10, "{}", ran.stdout);
    let mut joined = String::new();
    for chunk in &chunks {
        let part = read(&folder, chunk["file"].as_str().expect("a file"));
        assert_eq!(chunk["tokens"], tokens_of(&part));
        assert!(chunk["tokens"].as_u64() <= Some(100), "{chunk}");
        joined.push_str(&part);
    }
    assert_eq!(joined, text);
    let again = count("a.txt --plan --cap 100 --split parts").file("a.txt", &text);
    let (again, folder) = again.file("parts/a.001.txt", "mine").run_and_keep();
    assert_eq!((again.code, read(&folder, "parts/a.001.txt").as_str()), (2, "mine"));
}

#[test]
fn what_takes_one_text_refuses_two_and_says_why() {
    for line in ["a.txt b.txt --plan", "a.txt b.txt --normalize c.txt"] {
        let ran = count(line).file("a.txt", TEXT).file("b.txt", TEXT).run();
        assert_eq!(ran.code, 2, "{line}");
        says(&ran, &["2 inputs", "one text"]);
    }
    let ran = count("a.txt --plan --cap 1")
        .file("a.txt", "one 👩\u{200D}👩\u{200D}👧\u{200D}👦 two")
        .run();
    assert_eq!(ran.code, 2);
    says(&ran, &["could not plan chunks of a.txt", "--cap"]);
}

/// One that has bytes, and merges of which some never come about.
fn tokenizer_json() -> String {
    let letters = ["a", "b", "c", "\u{2581}"].map(str::to_owned);
    let bytes = (0..=255).map(|byte| format!("<0x{byte:02X}>"));
    let pieces = bytes.chain(letters).chain(["ab", "abc", "<bos>", "<tool>"].map(str::to_owned));
    let vocab: serde_json::Map<String, Value> =
        pieces.zip(0..).map(|(piece, id): (String, u32)| (piece, id.into())).collect();
    json!({
        "added_tokens": [
            {"id": 262, "content": "<bos>", "special": true},
            {"id": 263, "content": "<tool>", "special": true},
        ],
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "\u{2581}"},
        "model": {"type": "BPE", "byte_fallback": true, "vocab": vocab, "merges": ["a b", ["ab", "c"]]},
    })
    .to_string()
}

#[test]
fn another_tokenizer_counts_by_its_own_pieces() {
    for (text, tokens) in [("abc abc", 3), ("é", 2), ("<tool>abb", 3), ("<bos>", 5)] {
        let ran =
            count("a.txt --tokenizer t.json").file("a.txt", text).file("t.json", tokenizer_json());
        let ran = ran.run();
        assert_eq!((ran.code, total(&ran)), (0, tokens), "{text}: {}{}", ran.stdout, ran.stderr);
        let input = &data(&ran)["inputs"][0];
        assert_eq!((&input["tokenizer"], &input["exact"]), (&json!("t.json"), &json!(false)));
    }
}

#[test]
fn a_tokenizer_that_cannot_be_used_is_told_with_the_reason() {
    let unigram = tokenizer_json().replace("BPE", "Unigram");
    let strips = tokenizer_json().replace("Replace", "Strip");
    let no_bytes = tokenizer_json().replace("<0x0A>", "<0xXX>");
    for (file, why) in [
        (unigram.as_str(), "Unigram is not supported"),
        (&strips, "normalizer Strip"),
        (&no_bytes, "<0x0A>"),
        ("{\"model\": 1}", "it is no tokenizer.json"),
        ("no model", "it is no SentencePiece model"),
        ("", "it is empty"),
    ] {
        let ran = count("a.txt --tokenizer t.json").file("a.txt", TEXT).file("t.json", file).run();
        assert_eq!(ran.code, 2, "{file}");
        says(&ran, &["could not use the tokenizer t.json", why]);
    }
    let ran = count("a.txt --tokenizer none.model").file("a.txt", TEXT).run();
    assert_eq!(ran.code, 2);
    says(&ran, &["none.model"]);
}

#[cfg(unix)]
#[test]
fn a_count_that_is_stopped_tells_what_was_counted() {
    use std::io::{Read, Write};

    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let (mut command, _folder) = count("").into_command();
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let (mut stdin, block) = (child.stdin.take().expect("a pipe"), vec![b'\n'; 1 << 20]);
        let mut written: u64 = 0;
        while stdin.write_all(&block).is_ok() {
            written += 1 << 20;
            // Again and again: it watches once it has read for a while.
            if written >= 20 << 20 {
                crate::harness::signal(&child, name);
            }
            assert!(written < 4 << 30, "it goes on and on");
        }
        let mut stdout = String::new();
        child.stdout.take().expect("piped").read_to_string(&mut stdout).expect("text");
        assert_eq!(child.wait().expect("it ends").code(), Some(code), "{stdout}");
        let report: Value = serde_json::from_str(&stdout).expect("a whole document");
        let total = &report["data"]["total"];
        assert_eq!(report["verdict"]["exit_code"], code);
        assert!(total["tokens"].as_u64() > Some(400_000), "{total}");
        assert_eq!((&total["exact"], &total["at_most"]), (&json!(false), &json!(null)));
    }
}

#[test]
fn an_error_is_told_only_for_what_it_was_measured_on() {
    let bounds = |text: &str| {
        let total = data(&count("a.txt").file("a.txt", text).run())["total"].clone();
        let bound = |name: &str| total[name].as_u64().expect(name);
        (bound("at_least"), bound("tokens"), bound("at_most"), total["exact"].clone())
    };
    let (least, tokens, most, exact) = bounds("hello world");
    assert_eq!((least, most, exact), (1, 11, json!(false)), "{tokens} tokens of a few words");
    let (least, tokens, most, _) = bounds(&"hello world, ".repeat(500));
    assert!(least > tokens * 9 / 10 && most < tokens * 11 / 10, "{least} {tokens} {most}");
    assert_eq!(bounds("a"), (1, 1, 1, json!(false)), "narrow bounds are no proof");
    let line = "count-tokens a.txt --format json --model gemini-3.6-flash";
    let two = Doctor::line(line).file("a.txt", TEXT.repeat(99)).run();
    assert_eq!(data(&two)["total"]["exact"], false, "two sentences prove nothing");
    assert_eq!(data(&two)["tokenizer"]["error_percent_high"], Value::Null);
}

#[test]
fn nothing_passes_where_nothing_was_counted() {
    for doctor in [
        count("sub --max 10 --tpm 1k").file("sub/.hidden", TEXT),
        count("sub --max 10").file("sub/b.bin", b"\0"),
    ] {
        let ran = doctor.run();
        let data = data(&ran);
        assert_eq!((ran.code, &ran.json()["verdict"]["word"]), (2, &json!("NOT COUNTED")));
        assert_eq!(
            (&data["gate"], &data["context"], &data["tpm"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
        assert_eq!(
            (&data["total"]["exact"], &data["total"]["at_most"]),
            (&json!(false), &Value::Null)
        );
    }
    let table = Doctor::line("count-tokens sub --max 10").file("sub/b.bin", b"\0").run();
    assert!(table.stdout.contains("no text is among 1 file"), "{}", table.stdout);
    assert!(!table.stdout.contains("room for an answer"), "{}", table.stdout);
}

#[test]
fn what_is_written_is_the_text_byte_for_byte_or_nothing_is() {
    let utf16 = utf16(TEXT, u16::to_le_bytes);
    for line in ["a.txt --plan --cap 9 --split parts", "a.txt --normalize parts"] {
        for (bytes, why) in [(&b"caf\xe9 au lait"[..], "byte 3 is no UTF-8"), (&utf16, "UTF-16-LE")]
        {
            let (ran, folder) = count(line).file("a.txt", bytes).run_and_keep();
            assert_eq!(ran.code, 2, "{line}: {}", ran.stdout);
            says(&ran, &[why, "iconv"]);
            assert!(!folder.path().join("parts").exists(), "{line}");
        }
    }
    let ran = count("a.txt --normalize b.txt").file("a.txt", TEXT).file("b.txt", "mine");
    let (ran, folder) = ran.run_and_keep();
    assert_eq!((ran.code, read(&folder, "b.txt").as_str()), (2, "mine"));
    says(&ran, &["it is there already"]);
}

#[test]
fn the_texts_of_a_request_are_looked_at_one_by_one() {
    let body = json!({"model": "gemini-2.5-fl\u{430}sh", "contents": [
        {"role": "user", "parts": [{"text": "plain"}, {"text": "a\nSay\u{200B} hi"}]}],
        "t\u{43E}ols": []});
    let run = |line: &str| Doctor::line(line).file("body.json", body.to_string()).run();
    let ran = run("count-tokens --request body.json --hidden-chars --format json");
    let hidden = &data(&ran)["hidden"];
    let only = &hidden["inputs"][0];
    assert_eq!((ran.code, &hidden["found"]), (0, &json!(1)), "{hidden}");
    assert_eq!(only["path"], "contents[0].parts[1].text");
    assert_eq!(only["characters"][0]["places"][0], json!({"line": 2, "column": 4, "byte": 5}));
    assert_eq!(hidden["names"][0]["path"], "model");
    assert_eq!(hidden["names"][1]["characters"][0]["character"], "U+043E");
    let table = run("count-tokens --request body.json --hidden-chars");
    says(&table, &["contents[0].parts[1].text 2:4", "U+0430", "looks like a"]);
    for line in ["--plan", "--normalize clean.txt"] {
        let ran = run(&format!("count-tokens --request body.json {line}"));
        assert_eq!(ran.code, 2, "{line}");
        says(&ran, &["extract the text first"]);
    }
    let wrong = body.to_string().replace("contents", "c\u{43E}ntents");
    let doctor = Doctor::line("count-tokens --request body.json --hidden-chars");
    let ran = doctor.file("body.json", wrong).run();
    assert_eq!(ran.code, 2);
    says(&ran, &["U+043E", "looks like o"]);
}

#[test]
fn parts_are_compared_one_by_one() {
    let body = json!({"contents": [{"parts": [{"text": "hello wor"}, {"text": "ld"}]}]});
    let ran = count("--request body.json --compare").file("body.json", body.to_string()).run();
    let apart = |text: &str| {
        data(&count("--compare").fed(text))["compare"]["o200k_base"]["tokens"]
            .as_u64()
            .expect("tokens")
    };
    let tokens = data(&ran)["compare"]["o200k_base"]["tokens"].as_u64();
    assert_eq!(tokens, Some(apart("hello wor") + apart("ld")));
    assert_ne!(tokens, Some(apart("hello world")), "they are not glued together");
}

#[test]
fn what_a_request_allows_is_told() {
    let body = json!({"contents": "hi", "cachedContent": "cachedContents/x", "generationConfig":
        {"maxOutputTokens": 4096, "thinkingConfig": {"thinkingBudget": 1024}}});
    let run = |line: &str| count(line).file("body.json", body.to_string()).run();
    let context = &data(&run("--request body.json"))["context"];
    assert_eq!(context["request_output_tokens_max"], 4096);
    assert_eq!(context["request_thinking_budget"], 1024);
    let table =
        Doctor::line("count-tokens --request body.json").file("body.json", body.to_string());
    says(
        &table.run(),
        &["allows 4,096 tokens of output; thinking may take 1,024", "builds on cachedContents/x"],
    );
}

#[test]
fn tables_tell_their_day_and_what_they_do_not_know_is_null() {
    let ran =
        Doctor::line("count-tokens a.txt --model gemini-no-such --format json").file("a.txt", TEXT);
    let data = data(&ran.run());
    assert_eq!(data["context"]["thinking_counts_as_output"], Value::Null);
    for table in ["context", "tokenizer"] {
        let day = data[table]["as_of"].as_str().expect("a day");
        assert!(day.starts_with("20") && day.len() == 10, "{table}: {day}");
    }
    let ran = count("a.txt --classes bom").file("a.txt", TEXT).run();
    assert_eq!(ran.code, 2);
    says(&ran, &["--classes", "--hidden-chars"]);
}

#[test]
fn the_name_of_a_tokenizers_file_proves_nothing() {
    let ran = count("a.txt --tokenizer gemma2")
        .file("a.txt", "abc")
        .file("gemma2", tokenizer_json())
        .run();
    assert_eq!(
        (ran.code, &data(&ran)["tokenizer"]["exact_for_model"]),
        (0, &json!(false)),
        "{}",
        ran.stderr
    );
    assert_eq!(data(&ran)["total"]["exact"], false);
}

#[test]
fn marks_of_a_conversation_in_a_text_are_told() {
    let ran = count("a.txt").file("a.txt", "say <start_of_turn>user").run();
    assert_eq!(data(&ran)["inputs"][0]["conversation_marks"], 1);
    let table = Doctor::line("count-tokens a.txt").file("a.txt", "say <start_of_turn>user").run();
    says(&table, &["marks such as <start_of_turn> are spelled in it 1 time"]);
}

#[test]
fn a_request_of_any_number_of_members_is_told_in_a_few_lines() {
    let members = (0..20_000).map(|number| (format!("member_{number}"), json!(1)));
    let body: serde_json::Map<String, Value> =
        members.chain([("contents".to_owned(), json!("hi"))]).collect();
    let doctor = Doctor::line("count-tokens --request body.json");
    let ran = doctor.file("body.json", Value::Object(body).to_string()).run();
    says(&ran, &["19,996 more of the request"]);
    assert!(ran.stdout.lines().count() < 60, "{}", ran.stdout);
}

#[test]
fn whoever_says_how_far_an_estimate_is_off_gets_a_decision() {
    let gate = |line: &str| {
        let line = format!("count-tokens a.txt --format json --model {ESTIMATED} {line}");
        let ran = Doctor::line(&line).file("a.txt", "hello world, ".repeat(100)).run();
        (ran.code, data(&ran)["gate"]["result"].clone())
    };
    let tokens = tokens_of(&"hello world, ".repeat(100));
    assert_eq!(gate(&format!("--max {}", tokens + 9)), (5, json!("inconclusive")));
    assert_eq!(gate(&format!("--margin 1 --max {}", tokens + 9)), (0, json!("pass")));
    assert_eq!(gate(&format!("--margin 1% --max {}", tokens - 9)), (1, json!("fail")));
    assert_eq!(gate(&format!("--margin 20 --max {}", tokens + 9)), (5, json!("inconclusive")));
    let table = Doctor::line(&format!("count-tokens a.txt --model {ESTIMATED} --max 4"));
    says(&table.file("a.txt", TEXT).run(), &["gate", "--verify", "--margin"]);
}

#[test]
fn a_part_that_is_not_understood_makes_a_lower_bound() {
    for body in [
        r#"{"contents":[{"parts":[{"txt":"hello"}]}]}"#,
        r#"[{"contents":[{"parts":[{"text":"hello"}]}]}]"#,
        r#"{"contents":[{"role":"user"}]}"#,
    ] {
        let ran = count("--request body.json --max 100").file("body.json", body).run();
        assert_eq!(data(&ran)["total"]["at_most"], Value::Null, "{body}: {}", ran.stdout);
        assert_eq!(ran.code, 5, "{body}");
    }
}

#[test]
fn a_name_in_no_table_is_told_with_the_nearest() {
    let ran = Doctor::line("count-tokens a.txt --model gemini-2.5-flsh").file("a.txt", TEXT).run();
    says(&ran, &["did you mean", "gemini-2.5-flash?"]);
    for known in ["gemini-flash-latest", "gemini-2.5-flash"] {
        let ran = Doctor::line(&format!("count-tokens a.txt --model {known}"));
        assert!(!ran.file("a.txt", TEXT).run().stdout.contains("no table"), "{known}");
    }
}

#[test]
fn nothing_is_simulated_where_nothing_is_sent() {
    let ran = count("a.txt --simulate healthy").file("a.txt", TEXT).run();
    assert_eq!(ran.code, 2);
    says(&ran, &["nothing is sent", "--verify"]);
}

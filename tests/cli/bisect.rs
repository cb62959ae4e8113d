//! `bisect`: the guilty part of a body is named with its place in the file, whoever decides, and whatever stops it.

use serde_json::{Value, json};

use crate::harness::Doctor;

/// A program that refuses what holds a word, as the API would.
const REFUSES: &str = r#"if grep -q '"const"' "$1"; then
echo '{"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "Invalid JSON payload received. Unknown name \"const\" at '"'generation_config.response_schema.properties[0].value'"': Cannot find field."}}'
exit 1
fi
if ! grep -q '"contents"' "$1"; then
echo '{"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "* GenerateContentRequest.contents: contents is not specified\n"}}'
exit 1
fi
"#;

const BODY: &str = r#"{
  "contents": [
    {"role": "user", "parts": [{"text": "What does it cost?"}]},
    {"role": "model", "parts": [{"text": "It depends."}]},
    {"role": "user", "parts": [{"text": "On what?"}]}
  ],
  "generationConfig": {
    "temperature": 0.2,
    "responseMimeType": "application/json",
    "responseSchema": {
      "type": "OBJECT",
      "properties": {
        "kind": {"type": "STRING", "const": "price"},
        "sum": {"type": "NUMBER"}
      }
    }
  }
}
"#;

const GUILTY: &str = "generationConfig.responseSchema.properties.kind.const";

/// `bisect` with a script as its oracle.
fn with_oracle(script: &str, more: &str) -> Doctor {
    let line = format!("bisect body.json {more}");
    let words: Vec<&str> = line.split_whitespace().collect();
    Doctor::new(&words)
        .args(&["--oracle", "sh oracle.sh {}"])
        .file("oracle.sh", script)
        .file("body.json", BODY)
}

#[cfg(unix)]
#[test]
fn a_program_leads_to_the_guilty_part_and_its_place() {
    let ran = with_oracle(REFUSES, "--format json").run();
    let report = ran.json();
    assert_eq!(ran.code, 1, "{ran:?}");
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(sentence.starts_with(&format!("{GUILTY} is refused")), "{sentence}");
    assert_eq!(report["verdict"]["word"], "REFUSED");
    let data = &report["data"];
    let guilty = &data["faults"][0]["guilty"][0];
    assert_eq!((&guilty["path"], &guilty["line"]), (&json!(GUILTY), &json!(13)), "{data:#}");
    assert_eq!(guilty["column"], 36);
    assert!(data["calls"].as_u64().expect("a number") <= 25);
    assert_eq!(data["passing_confirmed"], true);
    assert_eq!(report["findings"][0]["severity"], "error", "the program's words are explained");
    assert_eq!(report["run"]["budget"]["requests_used"], 0);
    let minimal = data["faults"][0]["minimal_body"].as_str().expect("a body");
    let minimal: Value = serde_json::from_str(minimal).expect("JSON");
    let kind = &minimal["generationConfig"]["responseSchema"]["properties"]["kind"];
    assert_eq!(kind["const"], "price");
    assert_eq!(minimal["generationConfig"].get("temperature"), None);
}

#[cfg(unix)]
#[test]
fn the_table_begins_with_the_verdict_and_shows_both_bodies() {
    let ran = with_oracle(REFUSES, "").run();
    assert!(ran.stdout.starts_with("REFUSED  request: "), "{}", ran.stdout);
    for part in [GUILTY, "minimal failing body", "nearest passing body", "13"] {
        assert!(ran.stdout.contains(part), "{part} in {}", ran.stdout);
    }
}

#[cfg(unix)]
#[test]
fn bodies_are_written_and_nothing_is_written_over() {
    let more = "--write-passing passing.json --write-minimal minimal.json";
    let (ran, folder) = with_oracle(REFUSES, more).run_and_keep();
    assert_eq!(ran.code, 1, "{ran:?}");
    let read = |name: &str| -> Value {
        let text = std::fs::read_to_string(folder.path().join(name)).expect("it was written");
        serde_json::from_str(&text).expect("JSON")
    };
    let mut expected: Value = serde_json::from_str(BODY).expect("JSON");
    let kind = &mut expected["generationConfig"]["responseSchema"]["properties"]["kind"];
    kind.as_object_mut().expect("an object").remove("const");
    assert_eq!(read("passing.json"), expected);
    assert!(read("minimal.json").get("contents").is_some());
    let ran = with_oracle(REFUSES, more).file("passing.json", "mine").run();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("it is there already"), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn the_convention_of_exit_codes_holds() {
    let code = |script: &str, more: &str| with_oracle(script, more).run().code;
    assert_eq!(code("exit 0", ""), 0, "it passes");
    assert_eq!(code("exit 125", ""), 5, "it cannot tell");
    assert_eq!(code("exit 128", ""), 5, "the search ends");
    assert_eq!(code("kill -9 $$", ""), 5, "a signal ends it as well");
    assert_eq!(code("exit 3", ""), 5, "whatever the body is, it fails");
    assert_eq!(code(REFUSES, "--max-tries 4"), 5, "too little was tried");
    assert_eq!(code("sleep 5", "--oracle-timeout 0.1s"), 5, "it takes too long");
    assert_eq!(code(REFUSES, "--simulate healthy"), 2, "nothing is sent that could be simulated");
}

#[cfg(unix)]
#[test]
fn what_is_known_is_told_whatever_ends_the_search() {
    let ran = with_oracle(REFUSES, "--max-tries 6 --format json").run();
    let report = ran.json();
    assert_eq!(report["data"]["outcome"], "stopped");
    let (suspected, cleared) = (&report["data"]["suspected"], &report["data"]["cleared"]);
    assert!(cleared.as_u64() > Some(0) && suspected.as_u64() > Some(0), "{report:#}");
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("no more than 6 bodies may be tried"), "{sentence}");
    assert!(sentence.contains("suspected: "), "{sentence}");
}

#[cfg(unix)]
#[test]
fn the_body_comes_on_standard_input_as_well() {
    let ran = Doctor::line("bisect - --format json --oracle")
        .args(&["if grep -q stream; then exit 7; fi"])
        .fed(r#"{"contents": [{"parts": [{"text": "x"}]}], "stream": true}"#);
    let report = ran.json();
    assert_eq!(report["data"]["faults"][0]["guilty"][0]["path"], "stream", "{report:#}");
    assert_eq!(report["data"]["file"], "standard input");
}

#[test]
fn what_is_no_json_is_told_with_its_place() {
    let ran =
        Doctor::line("bisect body.json --oracle true").file("body.json", "{\n \"a\" 1}").run();
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("line 2, column 6"), "{}", ran.stderr);
    let ran = Doctor::line("bisect nowhere.json --oracle true").run();
    assert_eq!(ran.code, 2);
}

#[cfg(unix)]
#[test]
fn a_dry_run_runs_nothing() {
    let (ran, folder) = with_oracle("touch ran", "--dry-run").run_and_keep();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!folder.path().join("ran").exists());
}

/// A service on loopback that judges bodies as the simulator does, and keeps what it was sent.
pub mod service {
    use std::{
        io::{BufRead, BufReader, Read, Write},
        net::{TcpListener, TcpStream},
        sync::{Arc, Mutex},
        thread,
        time::Duration,
    };

    use gemini_doctor::simulate;
    use serde_json::{Value, json};

    use crate::harness::Doctor;

    pub const KEY: &str = "AQ.Ab8RN6FakeFakeFakeFakeFakeFakeFakeFakeFakeFakeFake";

    /// A refusal beside those of the simulator: the status and the message.
    pub type Extra = fn(&str) -> Option<(u16, &'static str)>;

    #[derive(Clone)]
    pub struct Service {
        port: u16,
        requests: Arc<Mutex<Vec<Request>>>,
    }

    #[derive(Clone, Debug)]
    pub struct Request {
        pub path: String,
        pub headers: String,
        pub body: String,
    }

    impl Service {
        pub fn start(extra: Extra) -> Self {
            Self::slow(extra, Duration::ZERO)
        }

        pub fn slow(extra: Extra, pause: Duration) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
            let port = listener.local_addr().expect("an address").port();
            let requests = Arc::new(Mutex::new(Vec::new()));
            let service = Self { port, requests };
            let own = service.clone();
            thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let own = own.clone();
                    thread::spawn(move || own.converse(stream, extra, pause));
                }
            });
            service
        }

        pub fn requests(&self) -> Vec<Request> {
            self.requests.lock().expect("nobody panics with it").clone()
        }

        /// The bodies that were judged.
        pub fn bodies(&self) -> Vec<Request> {
            self.requests().into_iter().filter(|one| !one.body.is_empty()).collect()
        }

        pub fn doctor(&self, body: &Value, more: &str) -> Doctor {
            self.unnamed(body, &format!("--allow-host 127.0.0.1 {more}"))
        }

        pub fn unnamed(&self, body: &Value, more: &str) -> Doctor {
            let url = format!("http://127.0.0.1:{}", self.port);
            Doctor::line(&format!(
                "bisect body.json --model gemini-3.5-flash --format json --base-url {url} {more}"
            ))
            .file("body.json", serde_json::to_string_pretty(body).expect("JSON"))
            .env("GEMINI_API_KEY", KEY)
        }

        fn converse(&self, stream: TcpStream, extra: Extra, pause: Duration) -> Option<()> {
            let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
            let mut stream = stream;
            loop {
                let request = read(&mut reader)?;
                self.requests.lock().expect("nobody panics with it").push(request.clone());
                thread::sleep(pause);
                let (status, body) = answer(&request, extra);
                let head = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n\
                     server-timing: gfet4t7; dur=1\r\ncontent-length: {}\r\n\r\n",
                    body.len()
                );
                stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
            }
        }
    }

    fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let (mut headers, mut length) = (String::new(), 0);
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).ok()?;
            if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a number");
            }
            if header.trim().is_empty() {
                break;
            }
            headers.push_str(&header);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        Some(Request { path, headers, body: String::from_utf8(body).expect("a text") })
    }

    fn answer(request: &Request, extra: Extra) -> (u16, String) {
        if request.body.is_empty() {
            let model = json!({
                "name": "models/gemini-3.5-flash", "inputTokenLimit": 1_048_576,
                "supportedGenerationMethods": ["generateContent", "countTokens"],
            });
            return (200, json!({"models": [model]}).to_string());
        }
        let method = request.path.rsplit(':').next().unwrap_or_default();
        if let Some((status, message)) = extra(&request.body) {
            let word = if status == 400 { "INVALID_ARGUMENT" } else { "UNAVAILABLE" };
            let error = json!({"code": status, "message": message, "status": word});
            return (status, json!({"error": error}).to_string());
        }
        let refusal = simulate::refusal(&request.body, "gemini-3.5-flash", "v1beta", method);
        match (refusal, method) {
            (Some(refusal), _) => (refusal.status, refusal.body.to_string()),
            (None, "countTokens") => (200, json!({"totalTokens": 9}).to_string()),
            (None, _) => {
                let content = json!({"role": "model", "parts": [{"text": "ok"}]});
                let candidate = json!({"content": content, "finishReason": "STOP"});
                let usage = json!({"promptTokenCount": 9, "candidatesTokenCount": 1});
                (200, json!({"candidates": [candidate], "usageMetadata": usage}).to_string())
            }
        }
    }
}

use service::{KEY, Service};

/// A conversation with something of everything, and nothing wrong with it.
pub fn conversation() -> Value {
    let schema = json!({
        "type": "OBJECT",
        "properties": {
            "city": {"type": "STRING", "description": "The secret town."},
            "days": {"type": "INTEGER", "minimum": 1},
            "tags": {"type": "ARRAY", "items": {"type": "STRING"}},
        },
        "required": ["city"],
    });
    let functions: Vec<Value> = (0..6)
        .map(|nth| {
            json!({
                "name": format!("look_up_{nth}"), "description": "Looks up secret things.",
                "parameters": schema,
            })
        })
        .collect();
    let mut turns = Vec::new();
    for nth in 0..12 {
        let role = if nth % 2 == 0 { "user" } else { "model" };
        turns.push(json!({"role": role, "parts": [{"text": format!("secret number {nth}")}]}));
    }
    turns.push(json!({"role": "user", "parts": [
        {"text": "and this secret?"}, {"inlineData": {"mimeType": "image/png", "data": "c2VjcmV0"}},
    ]}));
    json!({
        "systemInstruction": {"parts": [{"text": "Keep it secret."}]},
        "contents": turns,
        "tools": [{"functionDeclarations": functions}],
        "generationConfig": {
            "temperature": 0.3, "maxOutputTokens": 4000, "stopSequences": ["secret end"],
        },
    })
}

pub fn nothing_else(_: &str) -> Option<(u16, &'static str)> {
    None
}

pub fn guilty(report: &Value) -> Vec<&str> {
    let faults = report["data"]["faults"].as_array().expect("faults");
    let parts = faults.iter().flat_map(|fault| fault["guilty"].as_array().expect("parts"));
    parts.map(|part| part["path"].as_str().expect("a path")).collect()
}

#[test]
fn what_counting_shows_is_found_for_free() {
    let service = Service::start(nothing_else);
    let mut body = conversation();
    let place = "tools[0].functionDeclarations[4].parameters.properties.days.const";
    let function = &mut body["tools"][0]["functionDeclarations"][4];
    function["parameters"]["properties"]["days"]["const"] = json!(3);
    let ran = service.doctor(&body, "").run();
    let report = ran.json();
    assert_eq!((ran.code, guilty(&report)), (1, vec![place]), "{ran:?}");
    assert_eq!(report["data"]["asked_by"], "countTokens");
    let paths: Vec<String> = service.bodies().into_iter().map(|one| one.path).collect();
    let generated = paths.iter().filter(|path| path.ends_with(":generateContent")).count();
    assert_eq!(generated, 2, "the same fault at the beginning, and nothing behind it at the end");
    assert_eq!(report["run"]["budget"]["output_tokens"], 1, "the first of them is refused");
    assert!(service.requests().len() <= 25, "{} requests", service.requests().len());
    assert_eq!(report["run"]["budget"]["requests_used"], service.requests().len());
    let findings = report["findings"].as_array().expect("findings");
    assert_eq!(findings[0]["id"], "schema-unknown-field", "{findings:#?}");
    for request in service.bodies() {
        assert!(!request.body.contains("ecret"), "{request:?}");
        assert!(!request.body.contains(KEY) && !request.path.contains(KEY));
        assert_eq!(request.headers.matches(KEY).count(), 1, "{request:?}");
    }
}

#[test]
fn what_a_count_does_not_show_is_found_behind_what_it_shows() {
    let service = Service::start(nothing_else);
    let mut body = conversation();
    body["stream"] = json!(true);
    body["contents"][5]["role"] = json!("assistant");
    let ran = service.doctor(&body, "").run();
    let report = ran.json();
    assert_eq!(guilty(&report), ["stream", "contents[5].role"], "{ran:?}");
    assert_eq!(report["data"]["passing_confirmed"], true);
    let ids: Vec<&Value> =
        report["findings"].as_array().expect("findings").iter().map(|one| &one["id"]).collect();
    assert!(ids.contains(&&json!("schema-unknown-field")) && ids.len() > 1, "{ids:?}");
    let passing = report["data"]["passing_body"].as_str().expect("a body");
    let refusal =
        gemini_doctor::simulate::refusal(passing, "gemini-3.5-flash", "v1beta", "generateContent");
    assert_eq!(refusal, None);
}

#[test]
fn what_counts_took_on_the_way_is_asked_for_an_answer_in_the_end() {
    let body = json!({
        "contents": [{"role": "user", "parts": [{"text": "hi"}]}],
        "generationConfig": {"responseMimeType": "text/json"},
        "systemInstruction": {"parts": [{}]},
    });
    for scenario in ["refusals-bare", "healthy"] {
        let run = |format: &str| {
            Doctor::line(&format!("bisect body.json --format {format} --simulate {scenario}"))
                .file("body.json", body.to_string())
                .run()
        };
        let ran = run("json");
        let report = ran.json();
        let expected = ["systemInstruction", "generationConfig.responseMimeType"];
        let found = guilty(&report);
        assert!(found.len() == 2 && found[0].starts_with(expected[0]), "{scenario}: {ran:?}");
        assert_eq!(found[1], expected[1], "{scenario}");
        let by = |nth: usize| report["data"]["faults"][nth]["refused_by"].clone();
        assert_eq!((by(0), by(1)), (json!("countTokens"), json!("generateContent, shortened")));
        assert_eq!(report["data"]["passing_taken_by"], json!(["generateContent, shortened"]));
        let row = "each minimal body was refused again by countTokens and by generateContent; \
                   the rest passed again by generateContent";
        assert!(run("plain").stdout.contains(row), "{}", run("plain").stdout);
    }
}

#[test]
fn what_only_an_answer_shows_is_found_by_short_ones() {
    let service = Service::start(nothing_else);
    let mut body = conversation();
    body["contents"][5]["role"] = json!("assistant");
    let ran = service.doctor(&body, "").run();
    let report = ran.json();
    assert_eq!(guilty(&report), ["contents[5].role"], "{ran:?}");
    assert_eq!(report["data"]["asked_by"], "generateContent, shortened");
    let is_short = |body: &str| body.contains("\"maxOutputTokens\":16");
    let bodies = service.bodies();
    let long =
        bodies.iter().filter(|one| one.path.ends_with(":generateContent") && !is_short(&one.body));
    assert_eq!(long.count(), 1, "only to see that the length is not what is refused");
    assert!(service.requests().len() <= 25);
}

#[test]
fn the_length_of_an_answer_can_be_guilty_itself() {
    let service = Service::start(nothing_else);
    let mut body = conversation();
    body["generationConfig"]["candidateCount"] = json!(3);
    let ran = service.doctor(&body, "").run();
    let report = ran.json();
    assert_eq!(guilty(&report), ["generationConfig.candidateCount"], "{ran:?}");
    assert_eq!(report["data"]["asked_by"], "generateContent");
}

#[test]
fn a_fault_in_the_words_is_told_and_the_words_are_not_sent() {
    let service = Service::start(|body| {
        body.contains("secret number 7").then_some((400, "Request contains an invalid argument."))
    });
    let ran = service.doctor(&conversation(), "").run();
    let report = ran.json();
    assert_eq!((ran.code, &report["data"]["outcome"]), (5, &json!("in_the_words")), "{ran:?}");
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("--keep-text sends them"), "{sentence}");
    assert!(service.bodies().iter().all(|one| !one.body.contains("ecret")));
    let ran = service.doctor(&conversation(), "--keep-text").run();
    assert_eq!(guilty(&ran.json()), ["contents[7].parts[0].text"], "{ran:?}");
}

#[test]
fn a_budget_is_never_exceeded_and_what_is_known_is_told() {
    let mut body = conversation();
    body["generationConfig"]["topP"] = json!(1.7);
    for most in [1, 4, 9] {
        let service = Service::start(nothing_else);
        let ran = service.doctor(&body, &format!("--max-requests {most}")).run();
        let report = ran.json();
        assert_eq!(ran.code, 5, "{ran:?}");
        assert!(service.requests().len() <= most, "{most}: {}", service.requests().len());
        if most == 9 {
            let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
            assert!(sentence.contains("suspected: "), "{sentence}");
            assert!(report["data"]["cleared"].as_u64() > Some(0));
        }
    }
}

#[test]
fn a_service_without_time_is_no_refusal() {
    let service = Service::start(|_| Some((503, "The model is overloaded.")));
    let ran = service.doctor(&conversation(), "--deadline 4").run();
    let report = ran.json();
    assert_eq!(ran.code, 5, "{ran:?}");
    assert_eq!(report["data"]["faults"], json!([]));
}

#[test]
fn nothing_goes_to_a_host_that_nobody_named() {
    let service = Service::start(nothing_else);
    let ran = service.unnamed(&conversation(), "").run();
    assert_eq!((ran.code, service.requests().len()), (2, 0), "{ran:?}");
    let ran = service.doctor(&conversation(), "--dry-run").run();
    assert_eq!((ran.code, service.requests().len()), (0, 0), "{ran:?}");
    assert_eq!(ran.json()["data"]["planned"][0]["method"], "models.list");
}

#[cfg(unix)]
#[test]
fn a_search_that_is_interrupted_tells_what_it_knows() {
    use std::{process::Stdio, thread::sleep, time::Duration};

    let service = Service::slow(nothing_else, Duration::from_millis(300));
    let mut body = conversation();
    body["generationConfig"]["topP"] = json!(1.7);
    let (mut command, _folder) = service.doctor(&body, "").into_command();
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    for _ in 0..1200 {
        if service.bodies().len() > 7 {
            break;
        }
        sleep(Duration::from_millis(25));
    }
    crate::harness::signal(&child, "INT");
    let ran = crate::harness::Ran::new(&child.wait_with_output().expect("it ends"));
    let report = ran.json();
    assert_eq!((ran.code, &report["verdict"]["word"]), (130, &json!("STOPPED")), "{ran:?}");
    let sentence = report["verdict"]["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("suspected: "), "{sentence}");
}

#[test]
fn a_simulated_service_leads_to_the_part_as_well() {
    for (scenario, asked_by) in [
        ("healthy", "countTokens"),
        ("refusals-bare", "countTokens"),
        ("refusals-flaky", "countTokens"),
    ] {
        let mut body = conversation();
        body["contents"][4]["parts"][0]["txt"] = json!("secret");
        let ran = Doctor::line(&format!("bisect body.json --format json --simulate {scenario}"))
            .file("body.json", body.to_string())
            .run();
        let report = ran.json();
        assert_eq!(guilty(&report), ["contents[4].parts[0].txt"], "{scenario}: {ran:?}");
        assert_eq!((ran.code, &report["data"]["asked_by"]), (1, &json!(asked_by)), "{scenario}");
    }
}

#[test]
fn a_body_that_passes_is_healthy() {
    let ran = Doctor::line("bisect body.json --keep-text --format json --simulate healthy")
        .file("body.json", conversation().to_string())
        .run();
    assert_eq!((ran.code, &ran.json()["data"]["outcome"]), (0, &json!("passes")), "{ran:?}");
}

#[test]
fn a_key_that_is_refused_is_no_fault_of_the_body() {
    let ran = Doctor::line("bisect body.json --format json --simulate api-key-invalid")
        .file("body.json", conversation().to_string())
        .run();
    let report = ran.json();
    assert_eq!((ran.code, &report["findings"][0]["id"]), (1, &json!("api-key-invalid")), "{ran:?}");
    assert_eq!(report["data"].get("faults"), None);
}

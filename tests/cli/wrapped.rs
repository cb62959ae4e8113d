//! `explain -- COMMAND`: the command runs as if it were alone, and our words come after it, on standard
//! error, only where it failed.

use crate::harness::{Doctor, Ran};

/// This program, which every system can run; its failures are known to it.
const PROGRAM: &str = env!("CARGO_BIN_EXE_gemini-doctor");

#[test]
fn a_command_that_succeeds_is_followed_by_nothing() {
    let ran = wrapping(&[], &[PROGRAM, "check-key", "--simulate", "healthy", "--seed", "7"]);
    let alone = Doctor::line("check-key --simulate healthy --seed 7").run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(crate::harness::settle(&ran.stdout), crate::harness::settle(&alone.stdout));
}

#[test]
fn a_command_that_fails_keeps_its_exit_code_and_is_explained() {
    let command = [PROGRAM, "check-key", "--simulate", "api-key-leaked", "--format", "plain"];
    let ran = wrapping(&[], &command);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stdout.contains("api-key-leaked") && !ran.stdout.contains("recognised"), "{ran:?}");
    assert!(ran.stderr.contains("CAUSE  "), "{}", ran.stderr);
}

#[test]
fn a_command_that_is_not_there_ends_like_in_a_shell() {
    for more in [&[] as &[&str], &["--exit-code", "ours"], &["--format", "json"]] {
        let ran = wrapping(more, &["no-such-command-anywhere", "--file", "x"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (127, ""), "{ran:?}");
        let said = "error: could not run no-such-command-anywhere: there is no such command";
        assert!(ran.stderr.starts_with(said), "{}", ran.stderr);
    }
}

#[test]
fn a_policy_is_not_asked_for_in_vain() {
    let command = [PROGRAM, "check-key", "--simulate", "model-overloaded-503"];
    let ran = wrapping(&["--policy", "python"], &command);
    let printed = ran.stderr.contains("def generate(");
    assert!(printed || (ran.code == 2 && ran.stderr.contains("--policy")), "{ran:?}");
}

fn wrapping(options: &[&str], command: &[&str]) -> Ran {
    Doctor::line("explain").args(options).args(&["--"]).args(command).run()
}

#[cfg(unix)]
mod with_a_shell {
    use std::{
        io::{BufRead, BufReader, Read},
        process::{Output, Stdio},
    };

    use serde_json::Value;

    use super::wrapping;
    use crate::{
        harness::{Doctor, Ran, signal},
        schema::Schema,
    };

    const OVERLOADED: &str = "503 UNAVAILABLE. The model is overloaded. Please try again later.";

    /// An error's text, and the class of its cause.
    const CLASSES: [(&str, i32); 5] = [
        ("403 Permission denied on resource project example-one", 1),
        (OVERLOADED, 3),
        ("connect ECONNREFUSED 127.0.0.1:7890", 4),
        ("429 RESOURCE_EXHAUSTED: Your prepayment credits are depleted.", 6),
        ("Error: the example flux of the frobnicator overflowed", 5),
    ];

    #[test]
    fn both_streams_pass_byte_for_byte() {
        let script = r"printf '\377\000out\r\n'; printf '\376\033[31merr' >&2";
        let output = bytes(Doctor::new(&["explain", "--", "sh", "-c", script]));
        assert_eq!(output.stdout, b"\xff\0out\r\n");
        assert_eq!(output.stderr, b"\xfe\x1b[31merr");
        assert_eq!(output.status.code(), Some(0));
    }

    #[test]
    fn an_error_in_what_a_success_said_is_not_our_business() {
        let ran = sh(&[], &format!("echo '{OVERLOADED}'; echo '{OVERLOADED}' >&2"));
        assert_eq!((ran.code, ran.stdout, ran.stderr), (0, line(OVERLOADED), line(OVERLOADED)));
    }

    #[test]
    fn the_report_follows_what_the_command_said() {
        for stream in ["", " >&2"] {
            let ran = sh(&[], &format!("echo begins; echo '{OVERLOADED}'{stream}; exit 7"));
            assert_eq!(ran.code, 7, "{ran:?}");
            let (out, err) = match stream {
                "" => (format!("begins\n{OVERLOADED}\n"), String::new()),
                _ => (line("begins"), line(OVERLOADED)),
            };
            assert_eq!(ran.stdout, out, "standard output is the command's alone");
            let report = ran.stderr.strip_prefix(&err).expect("the command's words come first");
            assert!(report.starts_with("CAUSE  backend: "), "{report}");
            assert!(report.contains("(model-overloaded-503)"), "{report}");
        }
    }

    #[test]
    fn exit_codes_pass() {
        for code in [1, 2, 3, 5, 42, 70, 126, 127, 130, 255] {
            assert_eq!(sh(&[], &format!("exit {code}")).code, code);
        }
    }

    #[test]
    fn the_report_names_the_code_that_the_program_ends_with() {
        let ran = sh(&["--format", "json"], &format!("echo '{OVERLOADED}'; exit 42"));
        let report: Value = serde_json::from_str(&ran.stderr).expect("a document");
        Schema::committed("report").must_hold(&report, "a wrapped command");
        assert_eq!(report["findings"][0]["id"], "model-overloaded-503");
        assert_eq!((ran.code, &report["verdict"]["exit_code"]), (42, &Value::from(42)));
    }

    #[test]
    fn the_exit_code_is_ours_when_asked_for() {
        for (said, class) in CLASSES {
            let ran = sh(&["--exit-code", "ours"], &format!("echo '{said}'; exit 42"));
            assert_eq!(ran.code, class, "{said}: {ran:?}");
            assert_eq!(ran.stdout, line(said));
        }
        assert_eq!(sh(&["--exit-code", "ours"], "echo all is well").code, 0);
    }

    #[test]
    fn a_failure_without_an_error_is_not_given_one() {
        let ran = sh(&[], "echo 'see you tomorrow'; exit 9");
        assert_eq!((ran.code, ran.stdout.as_str()), (9, "see you tomorrow\n"));
        assert!(ran.stderr.starts_with("FAILED  "), "{}", ran.stderr);
        assert_eq!(sh(&["--exit-code", "ours"], "exit 9").code, 5);
    }

    #[test]
    fn a_signal_that_kills_the_command_is_told_like_a_shell_does() {
        for (name, code) in [("TERM", 143), ("KILL", 137), ("INT", 130), ("ALRM", 142)] {
            // A background job ignores interrupts, and so do its children.
            let trap = format!("trap 'exit 7' {name}; kill -{name} $$; exit 0");
            let heard =
                std::process::Command::new("sh").args(["-c", &trap]).status().expect("a shell");
            if name != "KILL" && heard.code() != Some(7) {
                eprintln!("skipped {name}: it is ignored here");
                continue;
            }
            let ran = sh(&[], &format!("kill -{name} $$"));
            assert_eq!(ran.code, code, "{name}: {ran:?}");
        }
    }

    #[test]
    fn a_signal_to_us_reaches_the_command() {
        let (code, said, _) = signalled(
            "trap 'echo was told; exit 9' TERM; echo ready; while :; do sleep 0.05; done",
        );
        assert_eq!((code, said.as_str()), (Some(9), "was told\n"));
        let (code, said, words) =
            signalled(&format!("echo '{OVERLOADED}' >&2; echo ready; exec sleep 30"));
        assert_eq!((code, said.as_str()), (Some(143), ""));
        assert!(words.contains("model-overloaded-503"), "it is explained all the same: {words}");
    }

    /// How it ends when it is told to once the script says `ready`; what it says then.
    fn signalled(script: &str) -> (Option<i32>, String, String) {
        let (mut command, _folder) =
            Doctor::new(&["explain", "--", "sh", "-c", script]).into_command();
        let streams = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = streams.spawn().expect("started");
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        let mut first = String::new();
        out.read_line(&mut first).expect("a line");
        assert_eq!(first, "ready\n");
        signal(&child, "TERM");
        let (mut rest, mut words) = (String::new(), String::new());
        out.read_to_string(&mut rest).expect("text");
        child.stderr.take().expect("piped").read_to_string(&mut words).expect("text");
        (child.wait().expect("ended").code(), rest, words)
    }

    #[test]
    fn what_cannot_be_run_ends_like_in_a_shell() {
        for name in ["not-a-program", "."] {
            let path = format!("./{name}");
            let doctor = Doctor::new(&["explain", "--", &path]).file("not-a-program", "x");
            let ran = doctor.run();
            assert_eq!((ran.code, ran.stdout.as_str()), (126, ""), "{name}: {ran:?}");
            assert!(
                ran.stderr.starts_with(&format!("error: could not run {path}: ")),
                "{}",
                ran.stderr
            );
        }
    }

    #[test]
    fn a_report_file_is_written_where_it_failed_and_only_there() {
        let run = |script: &str| {
            let arguments = ["explain", "--report", "json=r.json", "--", "sh", "-c", script];
            Doctor::new(&arguments).run_and_keep()
        };
        let (ran, folder) = run(&format!("echo '{OVERLOADED}'; exit 3"));
        assert_eq!((ran.code, ran.stdout), (3, line(OVERLOADED)));
        let report = std::fs::read(folder.path().join("r.json")).expect("a report");
        let report: Value = serde_json::from_slice(&report).expect("a whole document");
        assert_eq!(report["findings"][0]["id"], "model-overloaded-503");
        let (ran, folder) = run("true");
        assert_eq!((ran.code, folder.path().join("r.json").exists()), (0, false));
    }

    #[test]
    fn a_report_that_cannot_be_written_leaves_standard_output_to_the_command() {
        let ran = sh(&["--report", "json=no/such/r.json"], "echo said; exit 3");
        assert_eq!(ran.stdout, "said\n", "standard output is the command's alone");
        assert!(ran.stderr.contains("could not write no/such/r.json"), "{}", ran.stderr);
    }

    #[test]
    fn every_format_goes_to_standard_error() {
        for format in ["table", "plain", "json", "ndjson", "markdown"] {
            let ran = sh(&["--format", format], &format!("echo '{OVERLOADED}'; exit 3"));
            assert_eq!((ran.code, ran.stdout), (3, line(OVERLOADED)), "{format}");
            assert!(ran.stderr.contains("model-overloaded-503"), "{format}: {}", ran.stderr);
        }
    }

    #[test]
    fn a_refused_option_runs_nothing() {
        for options in [["--format", "junit"], ["--url", "no-scheme"], ["--request", "no-file"]] {
            let (ran, folder) = Doctor::line("explain")
                .args(&options)
                .args(&["--", "sh", "-c", "touch ran"])
                .run_and_keep();
            assert_eq!(ran.code, 2, "{options:?}: {ran:?}");
            assert!(!folder.path().join("ran").exists(), "{options:?}");
        }
    }

    #[test]
    fn megabytes_of_noise_arrive_unchanged() {
        let noise: Vec<u8> =
            (0..3_000_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let script = format!("cat noise; printf '\\n{OVERLOADED}\\n' >&2; exit 3");
        let output =
            bytes(Doctor::new(&["explain", "--", "sh", "-c", &script]).file("noise", &noise));
        assert!(output.stdout == noise, "{} of {} bytes", output.stdout.len(), noise.len());
        assert_eq!(output.status.code(), Some(3));
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(words.contains("model-overloaded-503"), "{words}");
    }

    #[test]
    fn standard_input_is_the_commands() {
        let input = "line one\nline two\n".repeat(10_000);
        let ran = Doctor::new(&["explain", "--", "cat"]).fed(&input);
        assert!(ran.stdout == input && ran.code == 0 && ran.stderr.is_empty());
        let ran = Doctor::new(&["explain", "--", "sh", "-c", "read one; echo \"$one\"; exit 3"])
            .fed(OVERLOADED);
        assert_eq!((ran.code, ran.stdout), (3, line(OVERLOADED)));
        assert!(ran.stderr.contains("model-overloaded-503"), "{}", ran.stderr);
    }

    #[test]
    fn words_behind_the_dashes_and_variables_are_the_commands() {
        let script = r#"echo "$1 $2 $EXAMPLE"; pwd"#;
        let doctor = Doctor::new(&["explain", "--", "sh", "-c", script, "sh", "--format", "json"]);
        let (ran, folder) = doctor.env("EXAMPLE", "of its own").run_and_keep();
        let here = folder.path().canonicalize().expect("a directory");
        assert_eq!(ran.stdout, format!("--format json of its own\n{}\n", here.display()));
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    }

    #[test]
    fn a_key_in_what_the_command_said_is_not_repeated() {
        let key = format!("AQ.{}", "FAKEfake01".repeat(5));
        let said = format!("Error: {OVERLOADED} x-goog-api-key: {key}");
        let ran = sh(&[], &format!("echo '{said}'; exit 3"));
        assert_eq!(ran.stdout, line(&said), "what it shows is its own doing");
        assert!(!ran.stderr.contains(&key), "{}", ran.stderr);
        assert!(ran.stderr.contains("key or token"), "{}", ran.stderr);
    }

    #[test]
    fn what_is_known_of_the_call_counts_here_too() {
        let body = r#"{"error":{"code":404,"message":"Model not found: models/gemini-v9-b7-example","status":"NOT_FOUND"}}"#;
        let options = ["--model", "gemini-3.5-flash", "--format", "json"];
        let ran = sh(&options, &format!("echo '{body}'; exit 1"));
        let report: Value = serde_json::from_str(&ran.stderr).expect("a document");
        assert_eq!(report["findings"][0]["confidence"], "high", "{report:#}");
        assert_eq!(report["target"]["model"], "gemini-3.5-flash");
    }

    fn sh(options: &[&str], script: &str) -> Ran {
        wrapping(options, &["sh", "-c", script])
    }

    fn bytes(doctor: Doctor) -> Output {
        let (mut command, _folder) = doctor.into_command();
        command.output().expect("the binary runs")
    }

    fn line(words: &str) -> String {
        format!("{words}\n")
    }
}

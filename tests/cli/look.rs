//! What people see, at three widths, in every format for people, with and without colour; and that no
//! line is longer than the terminal is wide.

use gemini_doctor::catalog;

use crate::harness::{Doctor, check_file, has, settle, steady};

const SHOWN: [(&str, &str); 3] = [
    ("doctor-alias-404", "doctor --simulate alias-404 --seed 1 --shell sh"),
    ("check-key-api-key-invalid", "check-key --simulate api-key-invalid --shell sh"),
    ("list-models-healthy", "list-models --simulate healthy --shell sh"),
];

#[test]
fn tables_look_as_agreed_at_three_widths() {
    for (name, line) in SHOWN {
        for columns in ["60", "80", "200"] {
            let text = steady(|| Doctor::line(line).env("COLUMNS", columns));
            check_file(&format!("tests/cli/snapshots/{name}.{columns}.txt"), &text);
        }
    }
}

#[test]
fn the_other_formats_for_people_look_as_agreed() {
    for (name, line) in SHOWN {
        for format in ["plain", "markdown", "github"] {
            let text = steady(|| Doctor::line(&format!("{line} --format {format}")));
            check_file(&format!("tests/cli/snapshots/{name}.{format}.txt"), &text);
        }
    }
}

#[test]
fn what_opens_no_socket_looks_as_agreed() {
    for (name, line) in [
        ("bare", ""),
        ("help", "help"),
        ("help-exit-codes", "help exit-codes"),
        ("help-variables", "help variables"),
        ("help-scenarios", "help scenarios"),
        ("version", "--version"),
        ("no-key", "check-key --shell sh"),
        ("usage-error", "check-key --resolve nonsense"),
        ("dry-run", "check-key --dry-run"),
        ("fix", "fixes api-key-invalid --shell sh"),
    ] {
        let ran = Doctor::line(line).env("COLUMNS", "80").run();
        let text = format!("{}{}exit {}\n", ran.stdout, ran.stderr, ran.code);
        check_file(&format!("tests/cli/snapshots/{name}.txt"), &settle(&text));
    }
}

#[test]
fn the_bare_program_names_the_source_of_the_key_and_not_the_key() {
    let key = "AQ.FAKE-example-key-0123456789-0123456789";
    let doctor = Doctor::line("").env("GEMINI_API_KEY", key).env("GEMINI_MODEL", "gemini-x");
    let said = doctor.run().stdout;
    assert!(said.contains("env:GEMINI_API_KEY sha256:") && !said.contains("FAKE"), "{said}");
    assert!(said.contains("gemini-x (env:GEMINI_MODEL)"), "{said}");
    assert!(said.lines().count() <= 8, "{said}");
}

#[test]
fn colour_comes_when_asked_for_and_never_otherwise() {
    let line = "check-key --simulate api-key-invalid";
    for (option, variables, is_coloured) in [
        ("", &[][..], false),
        ("--color always", &[], true),
        ("--color always", &[("NO_COLOR", "1"), ("TERM", "dumb")], true),
        ("--color never", &[("CLICOLOR_FORCE", "1")], false),
        ("", &[("CLICOLOR_FORCE", "1")], true),
        ("", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        ("", &[("CLICOLOR_FORCE", "0")], false),
        ("", &[("TERM", "dumb")], false),
    ] {
        let doctor = Doctor::line(&format!("{line} {option}"));
        let set = |doctor: Doctor, (name, value): &(&str, &str)| doctor.env(name, value);
        let ran = variables.iter().fold(doctor, set).run();
        assert_eq!(ran.stdout.contains("\u{1b}["), is_coloured, "{option} {variables:?}");
    }
}

#[test]
fn colour_only_adds_to_the_words() {
    for (_, line) in SHOWN {
        let plain = steady(|| Doctor::line(line).env("COLUMNS", "80"));
        let coloured =
            steady(|| Doctor::line(line).env("COLUMNS", "80").args(&["--color", "always"]));
        assert_ne!(coloured, plain, "{line}");
        assert_eq!(settle(&without_escapes(&coloured)), plain, "{line}");
    }
}

#[test]
fn only_ascii_is_shown_unless_the_terminal_is_known_to_show_more() {
    for (_, line) in SHOWN {
        for locale in ["C", "en_US.UTF-8"] {
            let ran = Doctor::line(line).env("LC_ALL", locale).run();
            assert!(ran.stdout.is_ascii() || locale != "C", "{line}\n{}", ran.stdout);
        }
    }
}

#[test]
fn no_line_is_longer_than_the_terminal_is_wide() {
    let more = ["fixes", "simulate --list", "check-key", "check-key --dry-run", "help", ""];
    let lines = SHOWN.iter().map(|(_, line)| *line).chain(more).chain([
        "check-key --simulate tls-self-signed-interception",
        "check-key --simulate answer-not-json",
        "list-models --simulate healthy --verify",
        "fixes alias-backend-missing",
        "fixes tls-self-signed-interception",
    ]);
    for line in lines {
        for columns in [60, 80, 120] {
            let ran = Doctor::line(line).env("COLUMNS", columns.to_string()).run();
            let long = ran.stdout.lines().filter(|shown| shown.chars().count() > columns);
            let long: Vec<&str> = long.filter(|shown| !stands_alone(shown)).collect();
            // The help is laid out by the parser of arguments, which knows no width of a pipe.
            let is_help = matches!(line, "help" | "") && columns < 100;
            assert!(long.is_empty() || is_help, "{line} at {columns}\n{}", long.join("\n"));
        }
    }
}

#[test]
fn progress_on_a_terminal_leaves_the_table_as_it_is() {
    if !has("script", "--version") {
        return;
    }
    let line = "doctor --simulate alias-404 --seed 1 --shell sh";
    let expected = steady(|| Doctor::line(line).env("COLUMNS", "80"));
    let seen = steady(|| {
        let program = env!("CARGO_BIN_EXE_gemini-doctor");
        let command = format!("'{program}' {line}");
        Doctor::other("script", &["-q", "-e", "-c", &command, "/dev/null"])
            .env("COLUMNS", "80")
            .env("TERM", "xterm-256color")
            .env("SHELL", "/bin/sh")
    });
    assert!(seen.contains("doctor: looking at") && seen.contains("\r\u{1b}[2K"), "{seen:?}");
    assert!(seen.contains("\u{1b}[1;31mFLAKY"), "a terminal gets colour");
    assert_eq!(settle(&as_seen_at_the_end(&seen)), expected);
}

/// Commands and addresses are never cut, so that they can be copied.
fn stands_alone(line: &str) -> bool {
    let shown = line.trim();
    let mut commands = catalog::all().flat_map(|fix| fix.fix).filter_map(|step| step.command);
    let is_command = commands.any(|command| command.sh.lines().any(|one| one.trim() == shown));
    is_command || shown.contains("gemini-doctor ") || !shown.contains(' ')
}

fn without_escapes(text: &str) -> String {
    let escapes = regex::Regex::new("\u{1b}\\[[0-9;?]*[A-Za-z]").expect("a good pattern");
    escapes.replace_all(text, "").into_owned()
}

/// What is left on the screen: of each line, what was written after the last return to its beginning.
fn as_seen_at_the_end(text: &str) -> String {
    let last = |line: &str| {
        let line = line.trim_end_matches('\r');
        format!("{}\n", line.rsplit('\r').next().unwrap_or_default())
    };
    without_escapes(&text.lines().map(last).collect::<String>())
}

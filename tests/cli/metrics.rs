//! Numbers for collectors, through the binary: what a textfile collector finds after a run.

use crate::harness::Doctor;

/// The value of the one sample whose line begins like this.
fn value(text: &str, begin: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with(begin)).collect();
    let [line] = lines.as_slice() else { panic!("{begin}: {lines:?}\n{text}") };
    line.rsplit(' ').next().expect("a value").to_owned()
}

const BROKEN: &str = "command=\"check-key\",target=\"generativelanguage.googleapis.com\",model=\"gemini-3.5-flash\",simulated=\"api-key-invalid\"";

#[test]
fn a_run_is_numbers_with_its_labels() {
    let line = "check-key --simulate api-key-invalid --model gemini-3.5-flash --format prometheus";
    let ran = Doctor::line(line).run();
    assert_eq!(ran.code, 1, "{ran:?}");
    let text = ran.stdout;
    assert!(text.starts_with("# SIMULATED (scenario api-key-invalid)"), "{text}");
    let of = |name: &str, more: &str| value(&text, &format!("{name}{{{BROKEN}{more}}}"));
    assert_eq!(of("gemini_doctor_run_exit_code", ""), "1");
    assert_eq!(of("gemini_doctor_run_status", ",status=\"fail\""), "1");
    assert_eq!(of("gemini_doctor_run_status", ",status=\"pass\""), "0");
    let list = ",id=\"api.list\",layer=\"auth\",status=\"fail\"";
    assert_eq!(of("gemini_doctor_checks", list), "1");
    let found = ",id=\"api-key-invalid\",layer=\"auth\",severity=\"error\"";
    assert_eq!(of("gemini_doctor_findings", found), "1");
}

/// A watch keeps a few requests as evidence, and their times are those of no others.
#[test]
fn times_are_told_where_every_request_is_in_the_report() {
    for (line, all_there) in [
        ("check-key --simulate healthy", true),
        ("gate --simulate alias-404", true),
        ("watch gemini-3.5-flash --for 10m --simulate healthy", false),
    ] {
        let text = Doctor::line(&format!("{line} --format prometheus")).run().stdout;
        assert!(text.contains("gemini_doctor_run_requests{"), "{line}\n{text}");
        let has_times = text.contains("gemini_doctor_run_phase_duration_seconds_count{");
        assert_eq!(has_times, all_there, "{line}\n{text}");
    }
}

#[test]
fn open_metrics_ends_and_files_are_written_beside_the_result() {
    let line = "tls-check --simulate healthy --report openmetrics=a.om --report prometheus=b.prom";
    let (ran, folder) = Doctor::line(line).run_and_keep();
    assert_eq!(ran.code, 0, "{ran:?}");
    let read = |name| std::fs::read_to_string(folder.path().join(name)).expect("a file");
    let (open, text) = (read("a.om"), read("b.prom"));
    assert!(open.ends_with("\n# EOF\n") && !open.contains("SIMULATED"), "{open}");
    assert!(open.contains("# UNIT gemini_doctor_run_duration_seconds seconds\n"), "{open}");
    let ends = "gemini_doctor_certificate_expiry_timestamp_seconds{command=\"tls-check\"";
    let ends: f64 = value(&text, ends).parse().expect("an instant");
    assert!(ends > 1_700_000_000.0, "{ends}");
}

#[test]
fn a_run_without_a_key_leaves_numbers_that_an_alert_can_see() {
    let (ran, folder) = Doctor::line("check-key --report prometheus=x.prom").run_and_keep();
    assert_eq!(ran.code, 2, "{ran:?}");
    let text = std::fs::read_to_string(folder.path().join("x.prom")).expect("a file");
    assert_eq!(value(&text, "gemini_doctor_run_exit_code{command=\"check-key\""), "2");
    assert!(text.contains("id=\"key-not-set\",layer=\"local\",severity=\"error\"} 1\n"), "{text}");
}

#[test]
fn what_could_not_be_done_is_told_in_numbers_and_in_words() {
    let ran = Doctor::line("check-key --base-url ftp://x.example --format prometheus").run();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("its scheme is"), "{ran:?}");
    assert_eq!(value(&ran.stdout, "gemini_doctor_run_exit_code{command=\"check-key\""), "2");
}

#[test]
fn a_dry_run_does_not_take_the_place_of_real_numbers() {
    let line = "check-key --dry-run --simulate healthy --report prometheus=x.prom";
    let (ran, folder) = Doctor::line(line).file("x.prom", "up 1\n").run_and_keep();
    assert_eq!(ran.code, 0, "{ran:?}");
    let text = std::fs::read_to_string(folder.path().join("x.prom")).expect("a file");
    assert_eq!(text, "up 1\n");
}

#[test]
fn what_measures_nothing_has_no_numbers() {
    for command in ["fixes", "explain x", "simulate --list", "merge x"] {
        for format in ["prometheus", "openmetrics"] {
            let ran = Doctor::line(&format!("{command} --format {format}")).run();
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{command}: {ran:?}");
            assert!(ran.stderr.contains(&format!("'{format}' needs checks")), "{ran:?}");
        }
    }
}

//! The page that a run leaves behind stands alone, says what the run said, and forbids what it does not need.

use std::collections::BTreeSet;

use crate::harness::{Doctor, Ran};

/// A run with its page.
fn page_of(line: &str) -> (Ran, String) {
    let (ran, folder) = Doctor::line(&format!("{line} --report html=page.html")).run_and_keep();
    let page = std::fs::read_to_string(folder.path().join("page.html")).expect(line);
    (ran, page)
}

/// The page's text as a reader sees it.
fn seen(page: &str) -> String {
    let body = page.split_once("<body>").expect("a body").1;
    let text: String =
        body.split('<').map(|part| part.split_once('>').map_or(part, |it| it.1)).collect();
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    marks.iter().fold(text, |text, (escape, mark)| text.replace(escape, mark))
}

#[test]
fn a_page_says_what_the_document_says() {
    for line in [
        "check-key --simulate healthy",
        "check-key --simulate api-key-invalid",
        "doctor --simulate alias-404",
        "list-models --simulate healthy",
        "probe-alias gemini-3.5-flash --simulate alias-404",
        "explain 403 Permission denied on resource project xxx",
    ] {
        let (ran, page) = page_of(&format!("{line} --format json"));
        let (report, text) = (ran.json(), seen(&page));
        let of = |path: &str| {
            report.pointer(path).and_then(|it| it.as_str()).unwrap_or_default().to_owned()
        };
        assert!(
            text.contains(&of("/verdict/sentence")) && text.contains(&of("/verdict/word")),
            "{line}"
        );
        for check in report["checks"].as_array().expect("checks") {
            let detail = check["detail"].as_str().expect("a text");
            assert!(check["status"] == "skip" || text.contains(detail), "{line}: {detail}");
        }
        for finding in report["findings"].as_array().expect("findings") {
            for step in finding["fixes"].as_array().expect("fixes") {
                assert!(text.contains(step["action"].as_str().expect("a text")), "{line}: {step}");
            }
        }
        assert_eq!(page.contains("SIMULATED (scenario"), line.contains("--simulate"), "{line}");
    }
}

#[test]
fn a_page_forbids_scripts_and_loads_nothing() {
    for line in
        ["check-key --simulate api-key-invalid", "probe-alias x --simulate alias-404", "check-key"]
    {
        let (_, page) = page_of(line);
        let policy = page.find("Content-Security-Policy").expect("a policy");
        assert!(
            page.contains("default-src &#39;none&#39;")
                && page.find("<style>").expect("a style") > policy
        );
        let links: BTreeSet<&str> = page
            .split("href=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().expect("an end"))
            .collect();
        let tags = page.split('<').skip(1).map(|rest| rest.split_once('>').expect("an end").0);
        for tag in tags {
            assert!(!tag.starts_with("script") && !tag.contains(" src="), "{line}: {tag}");
            assert!(
                !tag.contains("href=") || tag.starts_with("a ") || tag.contains("\"data:,\""),
                "{tag}"
            );
        }
        assert!(
            links.iter().all(|link| link.starts_with("https://") || *link == "data:,"),
            "{links:?}"
        );
    }
}

#[test]
fn a_run_that_could_not_begin_leaves_its_reason_on_the_page() {
    let (ran, page) = page_of("check-key");
    assert_eq!(ran.code, 2, "{ran:?}");
    let text = seen(&page);
    assert!(text.contains("GEMINI_API_KEY") && text.contains("FAIL"), "{text}");
    let (ran, page) = page_of("check-key --simulate no-such-scenario");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(seen(&page).contains("no-such-scenario"), "{page}");
}

#[test]
fn formats_that_go_elsewhere_or_lack_their_calls_are_refused_with_the_others() {
    for (options, words) in [
        (
            "--format html",
            ["--report html=PATH", "table, plain, json, ndjson, junit, markdown, github"],
        ),
        ("--format hdr", ["'hdr' needs timed calls", "junit, markdown, github"]),
        ("--format csv", ["'csv' needs timed calls", "junit, markdown, github"]),
        ("--report csv=x.csv", ["'csv' needs timed calls", "junit, markdown, html"]),
        ("--report hdr=x.hlog", ["'hdr' needs timed calls", "junit, markdown, html"]),
    ] {
        for command in ["check-key", "list-models", "doctor", "probe-alias"] {
            let line = format!("{command} --simulate healthy {options}");
            let (ran, folder) = Doctor::line(&line).run_and_keep();
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}: {ran:?}");
            assert!(words.iter().all(|word| ran.stderr.contains(word)), "{line}: {}", ran.stderr);
            assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "{line}");
        }
    }
}

//! SARIF 2.1.0: the places of findings, for what shows them beside the code. Only reports that hold places
//! fill it; everything else of a run is told in the other formats.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    catalog::{self, KnownFix},
    facts::Severity,
};

use super::{Report, document::Place};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The base of all places, where hosts of code take them from. Nothing absolute is told.
const ROOT: &str = "SRCROOT";
const BASE: &str = "The root of the repository; outside of one the working directory, or the directory that \
                    was looked through if it lies elsewhere.";
/// The name of the fingerprints, with the version of how they are made.
const FINGERPRINT: &str = "geminiDoctor/v1";

pub(super) fn render(report: &Report) -> String {
    let rules = rules(report);
    let results = results(report, &rules);
    let mut run = json!({
        "tool": {"driver": {
            "name": report.tool.name,
            "version": report.tool.version,
            "semanticVersion": report.tool.version,
            "rules": rules.iter().map(|id| rule(report, id)).collect::<Vec<_>>(),
        }},
        "invocations": [invocation(report)],
        "originalUriBaseIds": {ROOT: {
            "description": {"text": BASE},
        }},
        "columnKind": "unicodeCodePoints",
        "results": results,
    });
    if let Some(scenario) = &report.run.simulated {
        run["properties"] = json!({"simulated": scenario});
    }
    let document = json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]});
    super::json::pretty(&document)
}

/// The rules of the places, each once.
fn rules(report: &Report) -> Vec<&str> {
    let mut rules: Vec<&str> = Vec::new();
    for place in &report.places {
        if !rules.contains(&place.rule.as_str()) {
            rules.push(&place.rule);
        }
    }
    rules
}

fn rule(report: &Report, id: &str) -> Value {
    let about = report.places.iter().find(|place| place.rule == id).and_then(|place| place.about);
    if let Some(about) = about {
        return json!({
            "id": id,
            "shortDescription": {"text": format!("{}.", about.title)},
            "fullDescription": {"text": about.why},
            "helpUri": about.page,
            "defaultConfiguration": {"level": level(about.level)},
        });
    }
    let Some(fix) = catalog::find(id) else {
        return json!({"id": id, "shortDescription": {"text": id}});
    };
    let mut rule = json!({
        "id": id,
        "shortDescription": {"text": format!("{}.", fix.title)},
        "fullDescription": {"text": fix.why},
        "help": {"text": help(fix)},
        "defaultConfiguration": {"level": level(fix.severity)},
        "properties": {"tags": ["security"]},
    });
    if let Some(page) = fix.docs.first() {
        rule["helpUri"] = json!(page);
    }
    rule
}

/// What to do, a line each.
fn help(fix: &KnownFix) -> String {
    let steps = fix.fix.iter().enumerate().map(|(at, step)| {
        let command = step.command.map(|command| format!(" ({})", command.sh)).unwrap_or_default();
        format!("{}. {}{command}.", at + 1, step.action)
    });
    steps.collect::<Vec<_>>().join("\n")
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn invocation(report: &Report) -> Value {
    let mut invocation = json!({
        "executionSuccessful": report.error.is_none(),
        "exitCode": report.verdict.exit_code,
        "exitCodeDescription": report.verdict.exit_meaning,
        "properties": {
            "checks": report.verdict.summary,
            "findings": report.findings.len(),
            "requests_used": report.run.budget.requests_used,
        },
    });
    let missed = report.limits.iter().map(|limit| notification("note", limit));
    let error = report.error.iter();
    let error =
        error.map(|error| notification("error", &format!("{}; {}", error.message, error.hint)));
    let told: Vec<Value> = error.chain(missed).collect();
    if !told.is_empty() {
        invocation["toolExecutionNotifications"] = json!(told);
    }
    invocation
}

fn notification(level: &str, text: &str) -> Value {
    json!({"level": level, "message": {"text": text}})
}

fn results(report: &Report, rules: &[&str]) -> Vec<Value> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let results = report.places.iter().map(|place| {
        let stable = stable(place);
        let times = seen.entry(stable.clone()).or_default();
        *times += 1;
        json!({
            "ruleId": place.rule,
            "ruleIndex": rules.iter().position(|rule| *rule == place.rule),
            "level": level(place.level),
            "message": {"text": format!("{}.", place.message)},
            "locations": [location(place)],
            "partialFingerprints": {FINGERPRINT: format!("{stable}:{times}")},
        })
    });
    results.collect()
}

/// What stays the same when lines move: the rule, the file and what lies there.
fn stable(place: &Place) -> String {
    let member = place.member.as_deref().unwrap_or_default();
    format!("{}:{}:{member}:{}", place.rule, place.file, place.stable)
}

fn location(place: &Place) -> Value {
    let mut physical = json!({
        "artifactLocation": {"uri": uri(&place.file), "uriBaseId": ROOT},
    });
    // A place in an archive is none of the archive's own lines.
    match (&place.member, place.line, place.column) {
        (None, Some(line), column) => {
            physical["region"] = json!({"startLine": line, "startColumn": column.unwrap_or(1)});
        }
        (None, None, _) => {
            physical["region"] = json!({"byteOffset": place.offset, "byteLength": 0});
        }
        (Some(_), ..) => {}
    }
    let mut location = json!({"physicalLocation": physical});
    if let Some(member) = &place.member {
        let line = place.line.map(|line| format!(":{line}")).unwrap_or_default();
        let name = format!("{}!{member}{line}", place.file);
        location["logicalLocations"] = json!([{"fullyQualifiedName": name, "kind": "member"}]);
    }
    location
}

/// A path as a relative reference.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{document::ErrorInfo, samples};

    fn place(file: &str, member: Option<&str>, line: Option<usize>) -> Place {
        Place {
            about: None,
            rule: "key-in-bundle".to_owned(),
            level: Severity::Error,
            message: "A key is here".to_owned(),
            file: file.to_owned(),
            member: member.map(str::to_owned),
            line,
            column: line.map(|_| 7),
            offset: 40,
            stable: "sha256:00000000/auth_key".to_owned(),
        }
    }

    fn rendered(places: Vec<Place>) -> Value {
        let report = Report { places, ..samples::all().remove(0).1 };
        serde_json::from_str(&render(&report)).expect("JSON")
    }

    /// What the schema requires of a log, and of all that is in one of ours.
    fn assert_valid(log: &Value) {
        assert_eq!(log["version"], "2.1.0");
        assert!(
            log["$schema"].as_str().is_some_and(|uri| uri.ends_with("sarif-schema-2.1.0.json"))
        );
        for run in log["runs"].as_array().expect("an array of runs") {
            let driver = &run["tool"]["driver"];
            assert!(driver["name"].as_str().is_some_and(|name| !name.is_empty()));
            let rules = driver["rules"].as_array().expect("rules");
            for rule in rules {
                assert!(rule["id"].is_string() && rule["shortDescription"]["text"].is_string());
            }
            assert!(
                ["utf16CodeUnits", "unicodeCodePoints"]
                    .contains(&run["columnKind"].as_str().expect("a kind"))
            );
            for invocation in run["invocations"].as_array().expect("invocations") {
                assert!(
                    invocation["executionSuccessful"].is_boolean()
                        && invocation["exitCode"].is_u64()
                );
                for told in
                    invocation["toolExecutionNotifications"].as_array().into_iter().flatten()
                {
                    assert!(told["message"]["text"].is_string());
                }
            }
            for result in run["results"].as_array().expect("results") {
                assert_valid_result(result, rules);
            }
        }
    }

    fn assert_valid_result(result: &Value, rules: &[Value]) {
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        let level = result["level"].as_str().expect("a level");
        assert!(["none", "note", "warning", "error"].contains(&level));
        let index =
            usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let prints = result["partialFingerprints"].as_object().expect("fingerprints");
        assert!(prints.values().all(|print| print.as_str().is_some_and(|text| !text.is_empty())));
        for location in result["locations"].as_array().expect("locations") {
            let physical = &location["physicalLocation"];
            let uri = physical["artifactLocation"]["uri"].as_str().expect("a URI");
            assert!(!uri.starts_with('/') && !uri.contains(['\\', ' ', ':']), "{uri}");
            assert_eq!(physical["artifactLocation"]["uriBaseId"], ROOT);
            let region = &physical["region"];
            let lines = region["startLine"].as_u64().is_some_and(|line| line >= 1)
                && region["startColumn"].as_u64().is_some_and(|column| column >= 1);
            let bytes = region["byteOffset"].is_u64() && region["byteLength"].is_u64();
            assert!(region.is_null() || lines || bytes, "{region}");
        }
    }

    #[test]
    fn a_log_has_what_the_schema_requires() {
        let log = rendered(vec![
            place("dist/a b.js", None, Some(3)),
            place("app.apk", Some("assets/a.js"), Some(1)),
            place("dist/x.bin", None, None),
        ]);
        assert_valid(&log);
        assert_valid(&rendered(Vec::new()));
        let results = &log["runs"][0]["results"];
        let physical = |at: usize| &results[at]["locations"][0]["physicalLocation"];
        assert_eq!(physical(0)["artifactLocation"]["uri"], "dist/a%20b.js");
        assert_eq!(physical(0)["region"], json!({"startLine": 3, "startColumn": 7}));
        assert!(physical(1)["region"].is_null(), "a line in an archive is none of its own");
        let inside = &results[1]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"];
        assert_eq!(inside, "app.apk!assets/a.js:1");
        assert_eq!(physical(2)["region"]["byteOffset"], 40);
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"].as_array().map(Vec::len), Some(1));
    }

    #[test]
    fn fingerprints_stay_where_lines_move_and_differ_where_files_do() {
        let prints = |places: Vec<Place>| -> Vec<String> {
            let log = rendered(places);
            let results = log["runs"][0]["results"].as_array().expect("results").clone();
            results.iter().map(|one| one["partialFingerprints"][FINGERPRINT].to_string()).collect()
        };
        let before = prints(vec![place("a.js", None, Some(3)), place("b.js", None, Some(3))]);
        let after = prints(vec![place("a.js", None, Some(90)), place("b.js", None, Some(1))]);
        assert_eq!(before, after);
        assert_ne!(before[0], before[1]);
        let twice = prints(vec![place("a.js", None, Some(3)), place("a.js", None, Some(4))]);
        assert_ne!(twice[0], twice[1]);
    }

    #[test]
    fn a_run_that_could_not_do_its_job_says_so() {
        let error = ErrorInfo { message: "could not look".to_owned(), hint: "look".to_owned() };
        let report = Report { error: Some(error), ..samples::all().remove(0).1 };
        let log: Value = serde_json::from_str(&render(&report)).expect("JSON");
        assert_valid(&log);
        let invocation = &log["runs"][0]["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], false);
        assert_eq!(invocation["toolExecutionNotifications"][0]["level"], "error");
    }
}

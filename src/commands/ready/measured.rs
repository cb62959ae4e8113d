//! From what was looked at to what it shows of a line. Pure: everything was read before.

use serde_json::Value;

use super::{
    calls::Fields,
    routes::{self, Routes},
    table::{Line, Measure},
};
use crate::{
    facts::{Endpoint, HostKind, time},
    local::scan::{self, Group, Scanned, names::Named},
};

/// Evidence of the network grows old.
const OLD_DAYS: i64 = 90;
/// So many places are named.
const FEW: usize = 2;

/// What was brought as evidence. Each is none where it was not.
#[derive(Default)]
pub struct Evidence {
    /// The report of an exam, and the file's name.
    pub exam: Option<(String, Value)>,
    /// Reports of runs from where the program will run.
    pub runs: Vec<(String, Value)>,
    /// The routes, and what became of them.
    pub routes: Option<Routes>,
    /// What was looked through for names of models.
    pub named: Option<Named>,
    /// What was looked through for keys.
    pub scanned: Option<Scanned>,
    /// The fields of a log, and the file's name; no fields where it is no log.
    pub log: Option<(String, Option<Fields>)>,
    /// The profiles of the config file, each with the fingerprint of its key where that can be read.
    pub profiles: Option<Vec<(String, Option<String>)>>,
}

/// What evidence shows of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shows {
    /// It holds.
    Holds(String),
    /// It holds, with something to say.
    Remark(String),
    /// It does not.
    Fails(String),
    /// It cannot be told by it.
    Unclear(String),
}

/// What the evidence shows of a line; none where there is no evidence for it.
pub fn shows(line: &Line, evidence: &Evidence, today: &str) -> Option<Shows> {
    match line.measure? {
        Measure::Exam(ids) => evidence.exam.as_ref().map(|exam| of_exam(exam, ids)),
        Measure::Routes => evidence.routes.as_ref().map(routes::shows),
        Measure::Names => evidence.named.as_ref().map(|named| of_names(named, evidence)),
        Measure::Keys => evidence.scanned.as_ref().map(of_keys),
        Measure::Browser => {
            let scanned = evidence.scanned.as_ref()?;
            Some(of_browser(scanned, evidence.named.as_ref()))
        }
        Measure::Profiles => evidence.profiles.as_deref().map(of_profiles),
        Measure::Log => evidence.log.as_ref().map(of_log),
        Measure::Network => of_runs(&evidence.runs, today),
    }
}

/// The grades of some lines of an exam: the worst decides.
fn of_exam((file, report): &(String, Value), ids: &[&str]) -> Shows {
    let all = report["data"]["exam"]["lines"].as_array().map(Vec::as_slice).unwrap_or_default();
    let lines: Vec<&Value> =
        all.iter().filter(|line| ids.iter().any(|id| line["id"] == *id)).collect();
    let with = |grade: &str| lines.iter().find(|line| line["grade"] == grade);
    let said = |line: &&Value| {
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        format!("{file}: {}: {}", text("id"), text("evidence"))
    };
    if let Some(line) = with("fail") {
        return Shows::Fails(said(line));
    }
    if let Some(line) = with("unseen") {
        return Shows::Unclear(said(line));
    }
    match (with("warn"), lines.first()) {
        (Some(line), _) => Shows::Remark(said(line)),
        (None, Some(line)) if lines.len() == ids.len() => Shows::Holds(said(line)),
        _ => Shows::Unclear(format!("{file} has no grade for it")),
    }
}

fn of_names(named: &Named, evidence: &Evidence) -> Shows {
    let read = format!("{} files of code and settings", named.files);
    let mut files: Vec<&str> = named.places.iter().map(|place| place.file.as_str()).collect();
    files.dedup();
    let places: Vec<String> = named
        .places
        .iter()
        .map(|place| format!("{} in {}:{}", place.name, place.file, place.line))
        .collect();
    let cut = if named.cut { ", and not all was looked through" } else { "" };
    match (&evidence.routes, files.as_slice()) {
        (_, []) if named.cut => Shows::Unclear(format!("nothing in {read}{cut}")),
        (Some(routes), []) => Shows::Holds(format!("{read}: none beside {}", routes.file)),
        (None, []) => {
            Shows::Unclear(format!("{read} name no model: where do the names come from?"))
        }
        (Some(routes), _) => Shows::Fails(format!(
            "{} beside {}: {}",
            counted(places.len(), "name"),
            routes.file,
            few(&places)
        )),
        (None, [one]) => Shows::Holds(format!("{read}: all names are in {one}{cut}")),
        (None, several) => {
            Shows::Fails(format!("names in {} files: {}", several.len(), few(&places)))
        }
    }
}

fn of_keys(scanned: &Scanned) -> Shows {
    let out: Vec<String> = scanned
        .lying
        .iter()
        .filter(|lying| {
            let (group, fact) = scan::fact(lying);
            group != Group::Quiet && fact.is_some()
        })
        .map(scan::words)
        .collect();
    match out.as_slice() {
        [] if !scanned.unread.is_empty() => {
            let unread = few(&scanned.unread);
            Shows::Unclear(format!("none in {} files, but not looked at: {unread}", scanned.files))
        }
        [] => {
            Shows::Holds(format!("{} files looked through, without git's history", scanned.files))
        }
        some => Shows::Fails(format!("{}: {}", counted(some.len(), "secret"), few(some))),
    }
}

fn of_browser(scanned: &Scanned, named: Option<&Named>) -> Shows {
    let calls: Vec<String> = scanned.calls.iter().map(scan::Place::words).collect();
    let built = named.map(|named| named.built.as_slice()).unwrap_or_default();
    match (calls.as_slice(), built) {
        ([], []) => Shows::Unclear("nothing that is built for browsers was found".to_owned()),
        ([], _) if !scanned.unread.is_empty() => {
            Shows::Unclear(format!("no such call, but not looked at: {}", few(&scanned.unread)))
        }
        ([], built) => {
            Shows::Holds(format!("no page or script for browsers in {} calls the API", few(built)))
        }
        (calls, _) => Shows::Fails(format!("calls the API from a browser: {}", few(calls))),
    }
}

/// Keys that differ do not show that their projects do, so that this is never more than a remark.
fn of_profiles(profiles: &[(String, Option<String>)]) -> Shows {
    let keys: Vec<(&str, &str)> =
        profiles.iter().filter_map(|(name, key)| Some((name.as_str(), key.as_deref()?))).collect();
    let same = keys.iter().enumerate().find_map(|(place, (name, key))| {
        let other = keys[..place].iter().find(|(_, known)| known == key)?;
        Some(format!("the profiles {} and {name} have one key ({key})", other.0))
    });
    let each: Vec<String> = keys.iter().map(|(name, key)| format!("{name} {key}")).collect();
    match (same, profiles.len() - keys.len()) {
        (Some(same), _) => Shows::Fails(same),
        (None, _) if keys.len() < 2 => Shows::Unclear(format!(
            "the config file has {} with a key that can be read, and it takes two to compare",
            counted(keys.len(), "profile")
        )),
        (None, 0) => Shows::Remark(format!(
            "{}: each has a key of its own; whether their projects differ does not show",
            few(&each)
        )),
        (None, unread) => Shows::Unclear(format!(
            "{}: these keys differ, and {} could not be read",
            few(&each),
            counted(unread, "other")
        )),
    }
}

fn of_log((file, fields): &(String, Option<Fields>)) -> Shows {
    match fields {
        None => Shows::Unclear(format!("{file} is neither JSON lines nor CSV")),
        Some(fields) if fields.missing.is_empty() => {
            Shows::Holds(format!("{file}: all fields in {}", counted(fields.calls, "call")))
        }
        Some(fields) => {
            let missing = fields.missing.join(", ");
            Shows::Fails(format!("{file}: no {missing} in {}", counted(fields.calls, "call")))
        }
    }
}

/// The layers of the way to the API.
const WAY: [&str; 5] = ["dns", "tcp", "proxy", "tls", "edge"];

fn of_runs(runs: &[(String, Value)], today: &str) -> Option<Shows> {
    let all: Vec<Shows> = runs.iter().map(|(file, report)| of_run(file, report, today)).collect();
    let bad = all.iter().find(|one| matches!(one, Shows::Fails(_)));
    let odd = all.iter().find(|one| matches!(one, Shows::Remark(_)));
    let good = all.iter().find(|one| matches!(one, Shows::Holds(_)));
    bad.or(good).or(odd).or(all.first()).cloned()
}

fn of_run(file: &str, report: &Value, today: &str) -> Shows {
    let run = &report["run"];
    if !run["simulated"].is_null() || run["dry_run"] == true {
        return Shows::Unclear(format!("{file} is of a run in which nothing was real"));
    }
    let checks = report["checks"].as_array().map(Vec::as_slice).unwrap_or_default();
    let of_way = || checks.iter().filter(|check| WAY.iter().any(|layer| check["layer"] == *layer));
    let with = |status: &'static str| of_way().filter(move |check| check["status"] == status);
    let command = run["command"].as_str().unwrap_or("?");
    let day = run["started_at"].as_str().and_then(|at| at.get(..10)).unwrap_or("?");
    let base_url = report["target"]["base_url"].as_str().unwrap_or_default();
    let Ok(endpoint) = Endpoint::parse(base_url, "") else {
        return Shows::Unclear(format!("{file} does not name the host that was called"));
    };
    let host = &endpoint.host;
    let base = format!("{file}: {command} of {day} against {host}");
    if endpoint.host_kind() == HostKind::Loopback {
        return Shows::Unclear(format!(
            "{base}: run it against the host that the program will call"
        ));
    }
    if let Some(check) = with("fail").next() {
        let title = check["title"].as_str().unwrap_or_default();
        let detail = check["detail"].as_str().unwrap_or_default();
        return Shows::Fails(format!("{base}: {title}: {detail}"));
    }
    let passed = with("pass").count() + with("warn").count();
    let age = time::days(today).zip(time::days(day)).map(|(now, then)| now - then);
    match (passed, age) {
        (0, _) | (_, None) => {
            Shows::Unclear(format!("{base} tested nothing of the way to the API"))
        }
        (_, Some(days)) if days > OLD_DAYS => Shows::Remark(format!("{base}, {days} days ago")),
        (passed, _) => {
            Shows::Holds(format!("{base}: {} of the way passed", counted(passed, "check")))
        }
    }
}

pub(super) fn counted(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// The first of them, and how many more there are.
pub(super) fn few<T: AsRef<str>>(all: &[T]) -> String {
    let shown: Vec<&str> = all.iter().take(FEW).map(AsRef::as_ref).collect();
    let more = all.len().saturating_sub(FEW);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TODAY: &str = "2026-11-30";

    fn exam(grades: &[(&str, &str)]) -> (String, Value) {
        let line =
            |(id, grade): &(&str, &str)| json!({"id": id, "grade": grade, "evidence": "seen"});
        let lines: Vec<Value> = grades.iter().map(line).collect();
        ("g.json".to_owned(), json!({ "data": { "exam": { "lines": lines } } }))
    }

    #[test]
    fn the_worst_grade_of_an_exam_decides() {
        let ids = &["a", "b"];
        let shows = |grades: &[(&str, &str)]| of_exam(&exam(grades), ids);
        assert_eq!(shows(&[("a", "pass"), ("b", "pass")]), Shows::Holds("g.json: a: seen".into()));
        assert_eq!(shows(&[("a", "pass"), ("b", "warn")]), Shows::Remark("g.json: b: seen".into()));
        assert_eq!(
            shows(&[("a", "unseen"), ("b", "fail")]),
            Shows::Fails("g.json: b: seen".into())
        );
        assert_eq!(
            shows(&[("a", "unseen"), ("b", "pass")]),
            Shows::Unclear("g.json: a: seen".into())
        );
        assert_eq!(shows(&[("a", "pass")]), Shows::Unclear("g.json has no grade for it".into()));
    }

    #[test]
    fn profiles_with_one_key_share_its_quota() {
        let shows = |keys: &[(&str, Option<&str>)]| {
            let own =
                |(name, key): &(&str, Option<&str>)| ((*name).to_owned(), key.map(str::to_owned));
            of_profiles(&keys.iter().map(own).collect::<Vec<_>>())
        };
        let said = "the profiles dev and prod have one key (sha256:1)".to_owned();
        let same = [("dev", Some("sha256:1")), ("prod", Some("sha256:1")), ("test", None)];
        assert_eq!(shows(&same), Shows::Fails(said));
        let own = [("dev", Some("sha256:1")), ("prod", Some("sha256:2"))];
        assert!(matches!(shows(&own), Shows::Remark(why) if why.contains("projects")));
        let unread = [own[0], own[1], ("test", None)];
        assert!(matches!(shows(&unread), Shows::Unclear(why) if why.contains("1 other ")));
        assert!(matches!(shows(&own[..1]), Shows::Unclear(why) if why.contains("takes two")));
        assert!(matches!(shows(&[]), Shows::Unclear(_)));
    }

    #[test]
    fn what_could_not_be_looked_at_is_not_told_to_hold_no_key_and_no_call() {
        let what = "what lies beyond the first 32 MiB of bundle.js".to_owned();
        let history = "git's own files, and so the history".to_owned();
        let whole = Scanned { files: 2, left_out: vec![history.clone()], ..Scanned::default() };
        let built = Named { built: vec!["bundle.js".to_owned()], ..Named::default() };
        assert!(matches!(of_keys(&whole), Shows::Holds(_)));
        assert!(matches!(of_browser(&whole, Some(&built)), Shows::Holds(_)));
        let cut = Scanned { left_out: vec![history, what.clone()], unread: vec![what], ..whole };
        let said = "not looked at: what lies beyond the first 32 MiB of bundle.js";
        assert_eq!(of_keys(&cut), Shows::Unclear(format!("none in 2 files, but {said}")));
        let expected = Shows::Unclear(format!("no such call, but {said}"));
        assert_eq!(of_browser(&cut, Some(&built)), expected);
    }

    #[test]
    fn a_run_shows_the_network_if_it_was_real_and_recent() {
        const GOOGLE: &str = "https://generativelanguage.googleapis.com";
        let of = |base_url: &str, day: &str, simulated: Value, status: &str| {
            json!({
                "target": {"base_url": base_url},
                "run": {"command": "doctor", "started_at": format!("{day}T08:00:00.000Z"),
                        "simulated": simulated, "dry_run": false},
                "checks": [{"layer": "tls", "status": status, "title": "TLS", "detail": "expired"},
                           {"layer": "auth", "status": "fail", "title": "key", "detail": ""}],
            })
        };
        let report = |day: &str, simulated: Value, status: &str| of(GOOGLE, day, simulated, status);
        let shows = |report: Value| of_run("d.json", &report, TODAY);
        assert_eq!(
            shows(report("2026-11-29", Value::Null, "pass")),
            Shows::Holds(
                "d.json: doctor of 2026-11-29 against generativelanguage.googleapis.com: 1 check of the way passed".to_owned()
            )
        );
        for here in ["https://127.0.0.1:9011", "http://localhost:8080", "https://[::1]"] {
            let said = shows(of(here, "2026-11-29", Value::Null, "pass"));
            assert!(
                matches!(&said, Shows::Unclear(why) if why.contains("run it against the host")),
                "{said:?}"
            );
        }
        assert!(matches!(shows(report("2026-07-29", Value::Null, "pass")), Shows::Remark(_)));
        assert!(matches!(shows(report("2026-11-29", json!("healthy"), "pass")), Shows::Unclear(_)));
        assert_eq!(
            shows(report("2026-11-29", Value::Null, "fail")),
            Shows::Fails(
                "d.json: doctor of 2026-11-29 against generativelanguage.googleapis.com: TLS: expired".to_owned()
            )
        );
        assert!(matches!(shows(json!({"run": {}})), Shows::Unclear(_)));
    }
}

//! A side out of a report of an earlier run. A report of `compare` holds all that a side showed; of one of
//! another command only what stands in its rows and requests can be compared.

use std::path::Path;

use serde_json::Value;

use crate::{
    compare::{Calls, End, Form, Listed, Outcome, Seen, Topic},
    error::UserError,
    facts::{Endpoint, Party},
    probe::compare::SavedSide,
    settings::{World, read_text},
};

/// Many times what a report has.
const MOST: u64 = 64 * 1024 * 1024;
const HINT: &str =
    "write one with --report json=FILE: gemini-doctor compare, check-key, doctor or list-models";

/// Reads a report, or the stream of one.
pub(super) fn read(
    path: &str,
    side: Option<&str>,
    worlds: &[&World],
) -> Result<SavedSide, UserError> {
    let refuse =
        |why: &str| UserError::usage(format!("could not compare with {path}: {why}"), HINT);
    let report =
        document(&text_of(path, worlds)?).ok_or_else(|| refuse("it is no JSON report of a run"))?;
    let command = text_at(&report, "/run/command").unwrap_or_default();
    let (seen, base_url, model) = told(&report, &command, side).map_err(|why| refuse(&why))?;
    if seen.is_empty() {
        let why = format!("it is of the command {command:?}, and holds nothing to compare");
        return Err(refuse(&why));
    }
    let base_url = base_url.unwrap_or_default();
    let host = Endpoint::parse(&base_url, "v1beta").map(|endpoint| endpoint.host);
    Ok(SavedSide {
        command,
        started_at: text_at(&report, "/run/started_at").unwrap_or_default(),
        model,
        seen: Seen { host: host.unwrap_or_default(), ..seen },
        base_url,
    })
}

fn text_of(path: &str, worlds: &[&World]) -> Result<String, UserError> {
    let places = worlds.iter().map(|world| world.path(Path::new(path)));
    let place = places.clone().find(|place| place.exists()).or_else(|| places.clone().next());
    let text = read_text(&place.unwrap_or_default(), MOST);
    let text = text.map_err(|why| UserError::usage(format!("could not read {path}: {why}"), HINT));
    text.map(|text| text.text)
}

fn text_at(report: &Value, pointer: &str) -> Option<String> {
    report.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
}

/// What a side showed, its URL and its model.
type Told = (Seen, Option<String>, Option<String>);

/// What a report tells of a side. `Err` is what it lacks.
fn told(report: &Value, command: &str, side: Option<&str>) -> Result<Told, String> {
    let of_side = |value: &&Value| value["seen"].is_object();
    match command {
        "compare" => {
            let chosen = chosen(report, side).filter(of_side).ok_or_else(|| no_side(side))?;
            let word = |name: &str| chosen[name].as_str().map(str::to_owned);
            Ok((of_compare(chosen), word("base_url"), word("model")))
        }
        _ if side.is_some() => Err("only a report of compare has sides".to_owned()),
        _ => {
            let target = |name: &str| text_at(report, &format!("/target/{name}"));
            Ok((of_rows(report), target("base_url"), target("model")))
        }
    }
}

/// A whole document, or the last line of a stream.
fn document(text: &str) -> Option<Value> {
    let last = || text.lines().rev().find(|line| !line.trim().is_empty());
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    read(text).or_else(|| read(last()?)).filter(|value| value["run"].is_object())
}

/// The side of this label, or the first one.
fn chosen<'a>(report: &'a Value, label: Option<&str>) -> Option<&'a Value> {
    let sides = report["data"]["sides"].as_array()?;
    match label {
        Some(label) => sides.iter().find(|side| side["label"].as_str() == Some(label)),
        None => sides.first(),
    }
}

fn no_side(label: Option<&str>) -> String {
    match label {
        Some(label) => format!("it has no side {label:?} that showed anything"),
        None => "its first side showed nothing".to_owned(),
    }
}

fn of_compare(side: &Value) -> Seen {
    let form = form(&side["api"]);
    let list_form = side["list_form"].as_str().and_then(Form::of_word).unwrap_or(form);
    let mut seen = Seen { form, list_form, ..Seen::default() };
    for (id, value) in side["seen"].as_object().into_iter().flatten() {
        if let (Some(topic), Some(text)) = (Topic::of(id), value.as_str()) {
            seen.note(topic, text);
        }
    }
    if let Some(models) = side["models"].as_array() {
        let listed = |model: &Value| Listed {
            name: model["name"].as_str().unwrap_or_default().to_owned(),
            entry: model["entry"].as_str().unwrap_or_default().to_owned(),
        };
        seen.lists.push(models.iter().map(listed).collect());
    }
    seen.free = calls(&side["calls"]);
    seen.paid = calls(&side["answers"]);
    seen
}

/// The form of an API by its word; reports that have none are older than the others.
fn form(word: &Value) -> Form {
    word.as_str().and_then(Form::of_word).unwrap_or_default()
}

fn calls(value: &Value) -> Calls {
    let outcome = |one: &Value| {
        Some(Outcome {
            round: u32::try_from(one["round"].as_u64()?).ok()?,
            end: one["failed"].as_str().map_or(End::Answered, |why| End::Failed(why.to_owned())),
            ms: one["ms"].as_f64()?,
            tokens: one["tokens"].as_u64(),
        })
    };
    let outcomes = value["outcomes"].as_array().into_iter().flatten();
    let again_from = value["again_from"].as_u64().and_then(|round| u32::try_from(round).ok());
    Calls { outcomes: outcomes.filter_map(outcome).collect(), again_from }
}

/// What the rows of the key's stages, the requests and the list of models tell.
fn of_rows(report: &Value) -> Seen {
    let form = form(&report["target"]["api"]);
    let mut seen = Seen { form, list_form: form, ..Seen::default() };
    let row = |id: &str| {
        let rows = report["checks"].as_array()?;
        rows.iter().find(|row| row["id"].as_str() == Some(id))
    };
    let detail = |id: &str| row(id).and_then(|row| row["detail"].as_str());
    let is_good = |id: &str| {
        row(id).is_some_and(|row| matches!(row["status"].as_str(), Some("pass" | "warn")))
    };
    if let Some(broken) =
        ["net.dns", "net.tcp", "net.proxy", "net.tls"].iter().find(|id| failed(row(id)))
    {
        seen.note(Topic::Reach, detail(broken).unwrap_or_default());
    } else if is_good("net.tcp") {
        seen.note(Topic::Reach, "connected");
    }
    if is_good("net.tcp") {
        let proxy = detail("net.proxy").and_then(|text| text.strip_prefix("through "));
        seen.note(Topic::Proxy, proxy.unwrap_or("none"));
        if proxy.is_none()
            && let Some(families) = detail("net.tcp").and_then(families)
        {
            seen.note(Topic::Families, families);
        }
    }
    if is_good("net.tls")
        && let Some(text) = detail("net.tls")
    {
        encryption(&mut seen, text);
    }
    requests(&mut seen, report, is_good("api.list"));
    list(&mut seen, report);
    seen
}

fn failed(row: Option<&Value>) -> bool {
    row.is_some_and(|row| row["status"].as_str() == Some("fail"))
}

/// `127.0.0.1:443 (IPv6 3 ms, IPv4 2 ms)`, or one address alone.
fn families(detail: &str) -> Option<&'static str> {
    let both = detail.contains("(IPv6 ") && detail.contains(", IPv4 ");
    let address = detail.split([' ', ';']).next().unwrap_or_default();
    match address.parse::<std::net::SocketAddr>().ok()? {
        _ if both => Some("IPv4 and IPv6"),
        // The other family was there, and nobody knows what became of it.
        _ if detail.contains("was slower") => None,
        address if address.is_ipv6() => Some("IPv6"),
        _ => Some("IPv4"),
    }
}

/// `TLS 1.3, h2, issuer X`, and perhaps who trusts the chain.
fn encryption(seen: &mut Seen, detail: &str) {
    let (said, rest) = detail.split_once(", issuer ").unwrap_or((detail, ""));
    if let Some((version, _)) = said.split_once(", ") {
        seen.note(Topic::TlsVersion, version);
    }
    let ends = ["; only this machine", ", trusted by "];
    let end = ends.iter().filter_map(|mark| rest.find(mark)).min().unwrap_or(rest.len());
    if end > 0 {
        seen.note(Topic::Issuer, &rest[..end]);
    }
    let trust = match &rest[end..] {
        "" => "the public roots",
        text if text.starts_with("; only") => "only this machine's own store",
        text if text.contains("--ca-file") => "a file of --ca-file",
        _ => "SSL_CERT_FILE or SSL_CERT_DIR",
    };
    seen.note(Topic::Trust, trust);
}

/// What the requests show: the version of HTTP, who answered, the key, and the model that served.
fn requests(seen: &mut Seen, report: &Value, list_is_good: bool) {
    let attempts = report["attempts"].as_array().map(Vec::as_slice).unwrap_or_default();
    let of = |method: &'static str| {
        attempts.iter().find(move |one| one["method"].as_str() == Some(method))
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let has_tls = seen.steady(Topic::TlsVersion).is_some();
    if let Some(http) = attempts.iter().find_map(|one| text(&one["http"])).filter(|_| has_tls) {
        seen.note(Topic::Http, http);
    }
    if let Some(list) = of("models.list") {
        if let Some(party) = list["answered_by"].as_str().and_then(party) {
            seen.note(Topic::Party, party.phrase());
        }
        let refused = matches!(list["status"].as_u64(), Some(400 | 401 | 403));
        if list_is_good {
            seen.note(Topic::Key, "accepted");
        } else if refused {
            let summary = list["summary"].as_str().unwrap_or_default();
            let words = summary.split_once(": \"").map_or(summary, |(words, _)| words);
            seen.note(Topic::Key, format!("refused: {words}"));
        }
    }
    if let Some(served) = of("models.generateContent").and_then(|one| text(&one["model_version"])) {
        seen.note(Topic::Served, served);
    }
}

fn party(word: &str) -> Option<Party> {
    [Party::Api, Party::Edge, Party::Gateway, Party::Page, Party::Foreign, Party::Unknown]
        .into_iter()
        .find(|party| serde_json::to_value(party).is_ok_and(|value| value == word))
}

/// The names of a whole list.
fn list(seen: &mut Seen, report: &Value) {
    let data = &report["data"];
    let is_list = report["run"]["command"].as_str() == Some("list-models");
    if !is_list || data["complete"].as_bool() != Some(true) {
        return;
    }
    let name = |model: &Value| {
        let name = model["name"].as_str()?;
        let name = name.strip_prefix("models/").unwrap_or(name).to_owned();
        Some(Listed { name, entry: String::new() })
    };
    let models = data["models"].as_array().into_iter().flatten();
    let mut listed: Vec<Listed> = models.filter_map(name).collect();
    listed.sort();
    seen.lists.push(listed);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_of_a_key_check_become_facts() {
        let report = json!({
            "run": {"command": "check-key"},
            "checks": [
                {"id": "net.tcp", "status": "pass", "detail": "[::1]:443 (IPv6 1 ms, IPv4 2 ms)"},
                {"id": "net.tls", "status": "warn", "detail":
                    "TLS 1.3, h2, issuer A, Inc.; only this machine's own store trusts the chain; issuer A, Inc."},
                {"id": "api.list", "status": "fail", "detail": ""},
            ],
            "attempts": [{"method": "models.list", "http": "HTTP/2", "status": 400, "answered_by": "api",
                          "summary": "400 INVALID_ARGUMENT API_KEY_INVALID: \"API key not valid.\""}],
        });
        let seen = of_rows(&report);
        for (topic, text) in [
            (Topic::Reach, "connected"),
            (Topic::Proxy, "none"),
            (Topic::Families, "IPv4 and IPv6"),
            (Topic::TlsVersion, "TLS 1.3"),
            (Topic::Issuer, "A, Inc."),
            (Topic::Trust, "only this machine's own store"),
            (Topic::Http, "HTTP/2"),
            (Topic::Party, "Google's API"),
            (Topic::Key, "refused: 400 INVALID_ARGUMENT API_KEY_INVALID"),
        ] {
            assert_eq!(seen.steady(topic), Some(text), "{topic:?}");
        }
    }

    #[test]
    fn a_list_that_ended_early_is_no_list() {
        let list = |complete: bool| {
            let mut seen = Seen::default();
            let data = json!({"complete": complete, "models": [{"name": "b"}, {"name": "a"}]});
            list(&mut seen, &json!({"run": {"command": "list-models"}, "data": data}));
            seen.lists.len()
        };
        assert_eq!((list(true), list(false)), (1, 0));
    }
}

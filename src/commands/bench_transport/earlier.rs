//! `--baseline`: the timed calls of an earlier run, out of the document that it wrote. Reads what the
//! comparison needs, and refuses what is no such document, or is of a run that did something else.

use serde_json::{Value, json};

use crate::{
    error::UserError,
    facts::{Ended, Fault, Phases, Sample, Stage},
    probe::bench::{Earlier, Workload},
};

use super::data;

/// What this run does: only one that did the same can be held against it.
pub(super) struct Ours<'a> {
    /// What is asked.
    pub(super) workload: &'a Workload,
    /// Calls at a time.
    pub(super) concurrency: usize,
    /// Where the calls go.
    pub(super) base_url: String,
    /// The model that is asked.
    pub(super) model: &'a str,
}

/// Reads a JSON document of `bench-transport`, or its NDJSON stream.
pub(super) fn read(name: &str, text: &str, ours: &Ours<'_>) -> Result<Earlier, UserError> {
    let refuse = |why: &str| {
        UserError::usage(
            format!("could not use the baseline {name}: {why}"),
            "write one with the same options: gemini-doctor bench-transport --report json=FILE",
        )
    };
    let document = document(text).ok_or_else(|| refuse("it is no JSON document of a run"))?;
    let command = document["run"]["command"].as_str().unwrap_or_default();
    if command != "bench-transport" {
        return Err(refuse(&format!("it is of the command {command:?}")));
    }
    if let Some(differs) = differs(&document, ours) {
        return Err(refuse(&differs));
    }
    let samples = document["samples"].as_array().cloned().unwrap_or_default();
    let samples: Option<Vec<Sample>> = samples.iter().map(sample).collect();
    match samples {
        None => Err(refuse("a sample in it cannot be read")),
        Some(samples) if samples.is_empty() => Err(refuse("it has no samples")),
        Some(samples) => Ok(Earlier { name: name.to_owned(), samples }),
    }
}

/// The first thing that both runs do not share. What an older document does not tell is no difference.
fn differs(document: &Value, ours: &Ours<'_>) -> Option<String> {
    let (was, is) = (&document["data"]["workload"], data::workload(ours.workload));
    let all = [
        ("mode", &document["data"]["mode"], json!("rounds")),
        ("method", &was["method"], is["method"].clone()),
        ("workload", &was["kind"], is["kind"].clone()),
        ("size", &was["size"], is["size"].clone()),
        ("concurrency", &document["data"]["rounds"]["concurrency"], json!(ours.concurrency)),
        ("base URL", &document["target"]["base_url"], json!(ours.base_url)),
        ("model", &document["target"]["model"], json!(ours.model)),
    ];
    let unlike = |(_, was, is): &&(&str, &Value, Value)| !was.is_null() && *was != is;
    let (what, was, is) = all.iter().find(unlike)?;
    Some(format!("its {what} is {was}, and that of this run is {is}"))
}

/// A whole document, or the last line of a stream.
fn document(text: &str) -> Option<Value> {
    let last = || text.lines().rev().find(|line| !line.trim().is_empty());
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    read(text).or_else(|| read(last()?)).filter(|value| value["run"].is_object())
}

/// What a comparison looks at; the rest of a sample stays behind.
fn sample(value: &Value) -> Option<Sample> {
    let is_answered = value["ended"].as_str() == Some("answered");
    Some(Sample {
        arm: value["arm"].as_str()?.into(),
        round: u32::try_from(value["round"].as_u64()?).ok()?,
        at_ms: value["at_ms"].as_f64()?,
        due_ms: value["due_ms"].as_f64(),
        ended: match is_answered {
            true => Ended::Answered,
            false => Ended::Failed { stage: Stage::Head, fault: Fault::Other },
        },
        phases: Phases::default().into(),
        latency_ms: value["latency_ms"].as_f64()?,
        connection: 0,
        nth: 0,
        handshake: None,
        bytes_sent: 0,
        bytes_received: 0,
        input_tokens: None,
        output_tokens: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run(samples: &Value) -> Value {
        json!({"run": {"command": "bench-transport"}, "samples": samples,
               "target": {"base_url": "https://h", "model": "m"}, "data": {}})
    }

    const OURS: Ours<'_> = Ours {
        workload: &Workload::Words(20),
        concurrency: 4,
        base_url: String::new(),
        model: "m",
    };

    fn read(name: &str, text: &str) -> Result<Earlier, UserError> {
        super::read(name, text, &Ours { base_url: "https://h".to_owned(), ..OURS })
    }

    #[test]
    fn a_run_that_did_something_else_is_refused() {
        let samples = json!([{"arm": "h2-warm", "round": 1, "at_ms": 1.0, "ended": "answered",
                              "latency_ms": 40.5}]);
        let mut same = run(&samples);
        same["data"] = json!({"mode": "rounds", "rounds": {"concurrency": 4},
                              "workload": data::workload(OURS.workload)});
        assert!(read("a.json", &same.to_string()).is_ok());
        for (place, value, why) in [
            ("/data/mode", json!("rate"), "mode"),
            ("/data/rounds/concurrency", json!(1), "concurrency is 1"),
            ("/data/workload/method", json!("models.get"), "method"),
            ("/data/workload/kind", json!("own"), "workload"),
            ("/data/workload/size", json!(500), "size is 500, and that of this run is 20"),
            ("/target/base_url", json!("https://other"), "base URL"),
            ("/target/model", json!("n"), "model"),
        ] {
            let mut other = same.clone();
            *other.pointer_mut(place).expect("it is there") = value;
            let error = read("a.json", &other.to_string()).expect_err(place).to_string();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn a_document_and_the_end_of_a_stream_are_read_alike() {
        let samples = json!([
            {"arm": "h2-warm", "round": 1, "at_ms": 1.0, "due_ms": null, "ended": "answered",
             "latency_ms": 40.5},
            {"arm": "h2-warm", "round": 2, "at_ms": 1.0, "due_ms": null,
             "ended": {"refused": 429}, "latency_ms": 4.5},
        ]);
        let document = run(&samples);
        let stream = format!("{{\"type\":\"run\"}}\n{document}\n\n");
        for text in [document.to_string(), stream] {
            let earlier = read("a.json", &text).expect("a baseline");
            assert_eq!(earlier.samples.len(), 2);
            assert_eq!(
                (earlier.samples[0].latency_ms, earlier.samples[1].is_answered()),
                (40.5, false)
            );
        }
    }

    #[test]
    fn what_is_no_baseline_is_refused_with_its_name() {
        let other = json!({"run": {"command": "check-key"}, "samples": []});
        let broken = run(&json!([{"arm": 5}]));
        for (text, why) in [
            ("", "no JSON document"),
            ("{}", "no JSON document"),
            (&*other.to_string(), "check-key"),
            (&*run(&json!([])).to_string(), "no samples"),
            (&*broken.to_string(), "cannot be read"),
        ] {
            let error = read("old.json", text).expect_err(text).to_string();
            assert!(error.contains("old.json") && error.contains(why), "{error}");
        }
    }
}

//! What lies in `deploy/`: every metric, label and word that rules and dashboard rest on is one that a watch gives out,
//! and the figures of its page are computed.

use std::collections::{BTreeMap, BTreeSet};

use gemini_doctor::{
    export::{
        AddressFamily, Dialled, Outcome, Probed, Rate, Registry, Setup, Standing,
        series::{Kind, Value},
    },
    facts::{Fault, Method, Phases, Stage},
    probe::watch::WatchPlan,
    watch::{Kind as WatchedKind, Verdict},
};
use regex::Regex;

use crate::harness::{Doctor, check_file, root};

/// The words of a verdict.
const VERDICTS: &[&str] =
    &[Verdict::Unclear.word(), Verdict::Healthy.word(), Verdict::Failing.word()];

/// How often the scrape configurations ask.
const SCRAPE_EACH_S: u64 = 30;
const DAY_S: u64 = 86_400;

fn registry(calls: &[Outcome]) -> Registry {
    let setup = Setup {
        version: "0.1.0".to_owned(),
        models: vec!["gemini-3.5-flash".to_owned()],
        verdicts: VERDICTS,
        started_s: 0.0,
    };
    let mut registry = Registry::new(setup);
    calls.iter().for_each(|outcome| registry.record(&probed(*outcome)));
    let rate = Rate { value: 0.0, low: 0.0, high: 0.1 };
    let standing = Standing { verdict: "healthy", since_s: Some(0.0), failure_rate: Some(rate) };
    registry.stands("gemini-3.5-flash", standing);
    for path in [WatchedKind::Connection, WatchedKind::List] {
        registry.path_stands(path.word(), "healthy");
    }
    registry.certificate_ends("generativelanguage.googleapis.com", 1.0);
    registry
}

/// A call with every phase there is, over both families of addresses.
fn probed(outcome: Outcome) -> Probed {
    let some = Some(1.0);
    let phases = Phases {
        dns_ms: some,
        tcp_ms: some,
        proxy_ms: None,
        tls_ms: some,
        first_byte_ms: some,
        first_token_ms: some,
        total_ms: some,
        ..Phases::default()
    };
    let failed = outcome == Outcome::Lost;
    Probed {
        at_s: 1.0,
        method: Method::Stream,
        model: "gemini-3.5-flash".to_owned(),
        host: "generativelanguage.googleapis.com".to_owned(),
        port: 443,
        api: "gemini",
        outcome,
        status: (!failed).then_some(200),
        failure: failed.then_some((Stage::Tcp, Fault::Refused)),
        took_ms: some,
        phases,
        dialled: AddressFamily::ALL.map(|family| Dialled { family, connect_ms: some }).to_vec(),
        input_tokens: Some(2),
        output_tokens: Some(1),
        served_by: None,
        response_id: None,
    }
}

/// The names of samples with the labels that each can have, and the words of labels that come from closed sets.
fn given_out() -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let mut names: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    let mut registry = registry(&[Outcome::Answered, Outcome::Lost]);
    let mut proxied = probed(Outcome::Answered);
    proxied.phases.proxy_ms = Some(1.0);
    registry.record(&proxied);
    for family in registry.families() {
        let endings: &[&str] = match family.kind {
            Kind::Counter => &["_total"],
            Kind::Gauge => &[""],
            Kind::Histogram => &["_bucket", "_sum", "_count"],
        };
        for ending in endings {
            let labels = names.entry(format!("{}{ending}", family.name)).or_default();
            for (name, value) in family.series.iter().flat_map(|series| &series.labels) {
                labels.entry((*name).to_owned()).or_default().insert(value.clone());
            }
            if *ending == "_bucket" {
                labels.entry("le".to_owned()).or_default();
            }
        }
    }
    names
}

fn text_of(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every metric with its selector, such as `("gemini_doctor_verdict", "site=~\"$site\", verdict=\"failing\"")`.
fn used(text: &str) -> Vec<(String, String)> {
    let pattern =
        Regex::new(r"\b(gemini_doctor_[a-z_]+[a-z])(?:\{([^}]*)\})?").expect("a good pattern");
    let found = pattern.captures_iter(text).map(|found| {
        let selector = found.get(2).map_or("", |selector| selector.as_str());
        (found[1].to_owned(), selector.to_owned())
    });
    found.collect()
}

/// The labels that collectors add, and those that are names of the user's own.
const OF_COLLECTORS: [&str; 2] = ["site", "region"];
const OF_USERS: [&str; 4] = ["model", "host", "version", "le"];

#[test]
fn rules_and_dashboard_use_what_a_watch_gives_out() {
    let known = given_out();
    let selector = Regex::new(r#"(\w+)\s*(=~|!=|=)\s*"([^"]*)""#).expect("a good pattern");
    let mut seen = BTreeSet::new();
    for path in [
        "deploy/prometheus/alerts.yml",
        "deploy/prometheus/alerts_test.yml",
        "deploy/grafana/dashboard.json",
    ] {
        let text = text_of(path).replace("\\\"", "\"");
        for (name, labels) in used(&text) {
            let own = known
                .get(&name)
                .unwrap_or_else(|| panic!("{path} uses {name}, which nobody gives out"));
            for found in selector.captures_iter(&labels) {
                let (label, value) = (&found[1], &found[3]);
                if OF_COLLECTORS.contains(&label) {
                    continue;
                }
                let words =
                    own.get(label).unwrap_or_else(|| panic!("{path}: {name} has no label {label}"));
                let is_free = OF_USERS.contains(&label);
                let all_known = value.split('|').all(|word| words.contains(word));
                assert!(
                    is_free || all_known,
                    "{path}: {name} has no {label} {value}, but {words:?}"
                );
            }
            seen.insert(name);
        }
    }
    assert!(seen.len() >= 15, "{seen:?}");
}

#[test]
fn every_label_that_rules_group_by_is_one_that_their_metrics_have() {
    let labels: BTreeSet<String> =
        given_out().into_values().flat_map(BTreeMap::into_keys).collect();
    let by = Regex::new(r"\b(?:by|on) \(([^)]*)\)").expect("a good pattern");
    let of_text = Regex::new(r"\$labels\.(\w+)|\{\{(\w+)\}\}").expect("a good pattern");
    for path in ["deploy/prometheus/alerts.yml", "deploy/grafana/dashboard.json"] {
        let text = text_of(path);
        let grouped = by
            .captures_iter(&text)
            .flat_map(|found| found[1].split(", ").map(str::to_owned).collect::<Vec<_>>());
        let told = of_text
            .captures_iter(&text)
            .filter_map(|found| Some(found.get(1).or(found.get(2))?.as_str().to_owned()));
        for label in grouped.chain(told) {
            let known = labels.contains(&label) || OF_COLLECTORS.contains(&label.as_str());
            assert!(known, "{path} uses the label {label}");
        }
    }
}

/// The lines that a collector reads of a registry.
fn series(registry: &Registry) -> u64 {
    let lines = |value: &Value| match value {
        Value::Number(_) => 1,
        // A sum and a count stand beside the buckets.
        Value::Buckets(buckets) => buckets.counts.len() as u64 + 2,
    };
    let families = registry.families();
    families.iter().flat_map(|family| &family.series).map(|series| lines(&series.value)).sum()
}

#[test]
fn a_port_that_prometheus_is_told_of_is_one_that_it_reaches() {
    for path in ["cronjob", "sites-job"] {
        let text = text_of(&format!("deploy/kubernetes/base/{path}.yaml"));
        assert!(text.contains("prometheus.io/scrape: \"true\""), "{path}");
        assert!(text.contains("- --metrics-listen-anywhere\n"), "{path}");
    }
}

#[test]
fn one_watch_of_a_machine_follows_the_other_and_sees_a_new_key() {
    let timer = text_of("deploy/systemd/gemini-doctor-watch.timer");
    assert!(timer.contains("\nOnUnitInactiveSec=") && !timer.contains("\nOnCalendar="), "{timer}");
    let service = text_of("deploy/systemd/gemini-doctor-watch.service");
    assert!(!service.contains("\nLoadCredential="), "a copy of the key does not change");
    assert!(service.contains("--key-file /etc/gemini-doctor/key "), "{service}");
}

#[test]
fn the_page_of_a_fleet_computes_its_figures() {
    let healthy = series(&registry(&[Outcome::Answered]));
    let broken = series(&registry(&[Outcome::Answered, Outcome::Lost])) - healthy;
    let text = text_of("deploy/README.md").replace("\r\n", "\n");
    let (before, rest) = text.split_once("<!-- figures -->\n").expect("a beginning");
    let (_, after) = rest.split_once("<!-- end of figures -->").expect("an end");
    let block = figures(healthy, broken);
    check_file(
        "deploy/README.md",
        &format!("{before}<!-- figures -->\n{block}<!-- end of figures -->{after}"),
    );
}

/// The looks, paid and free calls that a watch plans for a day, by its own account.
fn planned(options: &str) -> [u64; 3] {
    let line = format!("watch gemini-3.5-flash --for 24h {options} --dry-run --format json");
    let ran = Doctor::line(&line).env("GEMINI_API_KEY", gemini_doctor::simulate::AUTH_KEY).run();
    let planned = &ran.json()["data"]["planned"];
    ["looks", "paid_calls", "free_calls"].map(|name| planned[name].as_u64().expect("a count"))
}

fn figures(series: u64, broken: u64) -> String {
    let tokens_a_call = WatchPlan::tokens_a_call();
    let [looks, paid, free] = planned("");
    let mut text = format!(
        "One watch of one model gives out {series} series, {broken} more for each new way to fail on the wire, and one more\n\
         for each new status. Asked every {SCRAPE_EACH_S} s, each series is 86,400 / {SCRAPE_EACH_S} = {} samples a day. A\n\
         watch that looks as often as it does by itself, once in 86,400 / {} = {} s, makes {} paid calls a day, each of at most\n\
         {} tokens sent and received, and asks for the list {} times, which is free.\n\n",
        grouped(DAY_S / SCRAPE_EACH_S),
        grouped(looks),
        DAY_S / looks,
        grouped(paid),
        grouped(tokens_a_call),
        grouped(free),
    );
    text.push_str("| sites | looks | series | samples a day | paid calls a day | free calls a day | tokens a day, at most |\n");
    text.push_str("|---:|---|---:|---:|---:|---:|---:|\n");
    for sites in [1, 20, 1000] {
        for options in ["", "--every 5m", "--free"] {
            let [_, paid, free] = planned(options);
            let counts = [
                series * sites,
                series * sites * DAY_S / SCRAPE_EACH_S,
                paid * sites,
                free * sites,
                paid * sites * tokens_a_call,
            ];
            let how =
                if options.is_empty() { "by default".to_owned() } else { format!("`{options}`") };
            let cells = counts.map(grouped).join(" | ");
            text.push_str(&format!("| {} | {how} | {cells} |\n", grouped(sites)));
        }
    }
    text
}

/// `1,762,560`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let letters = digits.chars().enumerate().map(|(at, digit)| {
        let comma = at > 0 && (digits.len() - at).is_multiple_of(3);
        format!("{}{digit}", if comma { "," } else { "" })
    });
    letters.collect()
}

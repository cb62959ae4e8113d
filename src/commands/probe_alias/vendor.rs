//! An issue text for the provider, ready to send: what, how often, what it is not, and how to see it.
//! Holds no key and no project.

use crate::{
    alias::{
        End, Sample, Verdict,
        causes::p_words,
        figures::{percent, strip},
    },
    facts::{Endpoint, time},
    gemini::{Call, generation},
    report::document::Remark,
    settings::{Given, Settings},
};

use super::{Judged, words};

/// The loop asks at least so often.
const LOOP_CALLS: usize = 25;
/// Response ids that are worth reading.
const IDS: usize = 5;

/// The text; none where there is nothing to report to anybody.
pub fn text(judged: &Judged<'_>, settings: &Settings, given: &Given) -> Option<String> {
    if !matches!(judged.conclusion.verdict, Verdict::Flaky | Verdict::Down) {
        return None;
    }
    let parts = [
        title(judged),
        what(judged),
        figures(judged),
        excluded(judged),
        environment(judged, settings),
        ids(judged),
        reproduction(judged, settings, given),
        asks(judged, settings),
    ];
    Some(parts.concat())
}

/// The remark in its place.
pub fn none() -> Remark {
    let text = "no issue text was written: no failure of the name itself was shown".to_owned();
    Remark { label: "report", text, command: None }
}

fn title(judged: &Judged<'_>) -> String {
    let model = &judged.probed.plan.model;
    let how = if judged.conclusion.verdict == Verdict::Down { "every call" } else { "some calls" };
    match judged.builds.first() {
        Some((build, _)) => {
            format!("# {model}: {how} get 404 naming {build}, a model that was not asked for\n\n")
        }
        None => format!("# {model}: {how} get 404 NOT_FOUND\n\n"),
    }
}

fn what(judged: &Judged<'_>) -> String {
    let (word, sentence) = words::headline(judged);
    format!("{word}: {sentence}\n\n{}.\n\n", capitalised(judged.conclusion.verdict.meaning()))
}

fn figures(judged: &Judged<'_>) -> String {
    let mut lines = vec!["## Figures\n".to_owned()];
    lines.push(format!(
        "- failed: {} of {} calls, 95 % interval {} ({})",
        judged.rate.failures,
        judged.rate.calls,
        judged.rate.words(),
        judged.rate.method.word().replace('_', "-")
    ));
    lines.push(format!(
        "- in order of time (x 404, . answered): `{}`",
        strip(&judged.probed.samples)
    ));
    let signatures = judged.signatures.iter();
    lines.extend(signatures.map(|(text, count)| format!("- {count} times: `{}`", code(text))));
    let siblings = judged.probed.siblings.iter().filter(|one| one.rate().calls > 0);
    lines.extend(siblings.map(|one| {
        let rate = one.rate();
        format!("- control {}: {} of {} failed", one.name, rate.failures, rate.calls)
    }));
    if let Some((_, calls, p)) = judged.compared.pooled {
        lines.push(format!("- against healthy controls (0 of {calls}): Fisher p = {}", p_words(p)));
    }
    lines.push(format!("- {}", words::cause(judged)));
    section(&lines)
}

fn excluded(judged: &Judged<'_>) -> String {
    let known = &judged.probed.known;
    let mut lines = vec!["## What it is not\n".to_owned()];
    let answered: Vec<&Sample> =
        judged.probed.samples.iter().filter(|sample| sample.end == End::Answered).collect();
    if !answered.is_empty() {
        lines.push(format!(
            "- not the key, a permission or the name: {} calls with the same key and name were answered",
            answered.len()
        ));
    }
    if known.listed == Some(true) {
        lines.push("- not the name: it is in `GET models` with this key".to_owned());
    }
    if known.get == Some(200) && known.count == Some(200) {
        lines.push("- not the name: `models.get` and `countTokens` answer 200".to_owned());
    }
    lines.push("- not the network: each of these 404s is an answer of the API itself".to_owned());
    lines.push("- not a client library: plain HTTPS requests, no SDK".to_owned());
    section(&lines)
}

fn environment(judged: &Judged<'_>, settings: &Settings) -> String {
    let samples = &judged.probed.samples;
    let began = judged.probed.began_unix_ms;
    let at = |sample: Option<&Sample>| {
        time::rfc3339(began + sample.map_or(0, |sample| sample.at_ms as u64))
    };
    let endpoint = &settings.endpoint.value;
    let mut versions: Vec<&str> = samples.iter().filter_map(|it| it.http.as_deref()).collect();
    versions.sort_unstable();
    versions.dedup();
    let (connections, addresses) = judged.spread();
    let simulated = settings.simulate.as_ref().map(|scenario| {
        format!("- SIMULATED (scenario {scenario}): none of this was seen at the real service")
    });
    let lines: Vec<String> = [
        "## Environment\n".to_owned(),
        format!("- {}, API version {}", endpoint.base_url(), endpoint.api_version),
        "- an API key in the `x-goog-api-key` header".to_owned(),
        format!("- from {} to {} (UTC)", at(samples.first()), at(samples.last())),
        format!(
            "- {}; {connections} connections to {addresses} addresses",
            if versions.is_empty() { "no HTTP".to_owned() } else { versions.join(" and ") }
        ),
        format!("- gemini-doctor {}", env!("CARGO_PKG_VERSION")),
    ]
    .into_iter()
    .chain(simulated)
    .collect();
    section(&lines)
}

fn ids(judged: &Judged<'_>) -> String {
    let ids = judged.probed.samples.iter().filter_map(|sample| {
        let id = sample.response_id.as_ref()?;
        Some(format!("- `{}` at {} ms, answered", code(id), sample.at_ms.round()))
    });
    let ids: Vec<String> = ids.take(IDS).collect();
    let mut lines = vec!["## Response ids\n".to_owned()];
    lines.push(
        "Answers carry a `responseId`, the 404s carry none; times count from the start.".to_owned(),
    );
    if !ids.is_empty() {
        lines.push(String::new());
        lines.extend(ids);
    }
    section(&lines)
}

fn reproduction(judged: &Judged<'_>, settings: &Settings, given: &Given) -> String {
    let calls = judged.attempts().max(LOOP_CALLS);
    format!(
        "## Reproduction\n\nCounts the answers by status; `GEMINI_API_KEY` holds the key.\n\n\
         ```sh\n{}\n```\n\n",
        curl_loop(judged, settings, given, calls)
    )
}

/// A loop that any shell of the `sh` kind runs.
fn curl_loop(judged: &Judged<'_>, settings: &Settings, given: &Given, calls: usize) -> String {
    let endpoint = &settings.endpoint.value;
    let model = &judged.probed.plan.model;
    let thinking = settings
        .model_table
        .find(model)
        .map_or(crate::facts::models::Thinking::Unknown, |entry| entry.thinking);
    let body = generation::minimal(thinking, &endpoint.api_version);
    let path = Call::generate(model, body.clone()).path(endpoint);
    let options: String = network_options(given, endpoint)
        .into_iter()
        .map(|option| format!(" {option} \\\n   "))
        .collect();
    format!(
        "for i in $(seq 1 {calls}); do\n  \
         curl -s -o /dev/null -w '%{{http_code}}\\n' \\\n   {options} \
         -H \"x-goog-api-key: $GEMINI_API_KEY\" \\\n    \
         -H 'Content-Type: application/json' \\\n    \
         -d {} \\\n    \
         {}\n\
         done | sort | uniq -c",
        quoted(&body.to_string()),
        quoted(&format!("{}{path}", origin(endpoint)))
    )
}

/// Scheme, host and port.
fn origin(endpoint: &Endpoint) -> String {
    let scheme = if endpoint.secure { "https" } else { "http" };
    format!("{scheme}://{}", endpoint.authority())
}

/// What `curl` needs to go the same way.
fn network_options(given: &Given, endpoint: &Endpoint) -> Vec<String> {
    let ca = given
        .ca_file
        .last()
        .map(|file| format!("--cacert {}", quoted(&file.display().to_string())));
    let resolved = given.resolve.iter().filter_map(|text| {
        let address = text.splitn(3, ':').nth(2)?;
        let (ip, port) = match address.rsplit_once(':') {
            Some((ip, port)) if !ip.is_empty() && !ip.contains(':') => (ip, port.to_owned()),
            _ => (address, endpoint.port.to_string()),
        };
        Some(format!(
            "--connect-to {}",
            quoted(&format!("{}:{}:{ip}:{port}", endpoint.host, endpoint.port))
        ))
    });
    ca.into_iter().chain(resolved).collect()
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn asks(judged: &Judged<'_>, settings: &Settings) -> String {
    let model = &judged.probed.plan.model;
    let builds: Vec<&str> = judged.builds.iter().map(|(build, _)| build.as_str()).collect();
    let first = match builds.as_slice() {
        [] => format!(
            "Please find the backend behind {model} that does not know the name, and take it out of rotation."
        ),
        builds => format!("Please take {} out of the rotation of {model}.", builds.join(" and ")),
    };
    let instead = judged.route(&settings.model_table).map_or_else(
        || "which name to use instead".to_owned(),
        |one| {
            format!(
                "whether {} should be used instead (0 of {} failed here, a rate below {} %)",
                one.name,
                one.rate().calls,
                percent(one.rate().clean_bound())
            )
        },
    );
    format!(
        "## Requests\n\n1. {first}\n2. Please say whether {model} is a name to build on, or {instead}.\n"
    )
}

/// A heading with its lines.
fn section(lines: &[String]) -> String {
    let (head, rest) = lines.split_first().expect("a section has a heading");
    format!("{head}\n{}\n\n", rest.join("\n"))
}

/// Somebody else's words inside a code span.
fn code(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control() && *letter != '`').collect()
}

fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

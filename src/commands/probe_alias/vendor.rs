//! An issue text for the provider, ready to send: what, how often, what it is not, and how to see it.
//! Must hold no key and name no project, and claims nothing that this run did not look at.

use crate::{
    alias::{
        End, Factor, Sample, Verdict,
        causes::{compares_clients, p_words},
        figures::{Rate, percent, strip},
        sample,
    },
    facts::{Client, time},
    report::document::Remark,
    settings::{Given, Settings},
};

use super::{
    Judged, curl, projects,
    words::{self, legend, some},
};

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
        curl::reproduction(judged, settings, given),
        asks(judged, settings),
    ];
    Some(parts.concat())
}

/// The remark in its place.
pub fn none(judged: Option<&Judged<'_>>) -> Remark {
    let why = judged.map_or_else(|| "nothing was asked".to_owned(), no_report);
    remark(format!("no issue text was written: {why}"))
}

/// The remark beside it.
pub fn written(path: &std::path::Path) -> Remark {
    remark(format!("an issue text for the provider was written to {}", path.display()))
}

fn remark(text: String) -> Remark {
    Remark { label: "report", text, command: None }
}

/// Why there is nothing to report to the provider.
fn no_report(judged: &Judged<'_>) -> String {
    let rate = &judged.rate;
    match judged.conclusion.verdict {
        Verdict::Healthy if rate.failures > 0 => format!(
            "{} of {} calls failed, which is no more than a healthy name may in this run",
            rate.failures, rate.calls
        ),
        Verdict::WrongName => "the service does not know the name".to_owned(),
        Verdict::Inconclusive => {
            "this run does not decide whether the name itself is at fault".to_owned()
        }
        Verdict::Healthy | Verdict::Rerouted | Verdict::Flaky | Verdict::Down => {
            "no failure of the name itself was shown".to_owned()
        }
    }
}

fn title(judged: &Judged<'_>) -> String {
    let model = &judged.probed.plan.model;
    let how = if judged.conclusion.verdict == Verdict::Down {
        "every call gets"
    } else {
        "some calls get"
    };
    match judged.builds.first() {
        Some((build, _)) => {
            format!("# {model}: {how} 404 naming {build}, a model that was not asked for\n\n")
        }
        None => format!("# {model}: {how} 404 NOT_FOUND\n\n"),
    }
}

fn what(judged: &Judged<'_>) -> String {
    let (word, sentence) = words::headline(judged);
    format!("{word}: {sentence}\n\n{}.\n\n", capitalised(judged.conclusion.verdict.meaning()))
}

fn figures(judged: &Judged<'_>) -> String {
    let samples = &judged.probed.samples;
    let times =
        |count: usize| if count == 1 { "once".to_owned() } else { format!("{count} times") };
    let mut lines = vec!["## Figures\n".to_owned()];
    lines.extend(rates(judged));
    lines.push(format!("- in order of time ({}): `{}`", legend(samples), strip(samples)));
    let signatures = judged.signatures.iter();
    lines.extend(signatures.map(|(text, count)| format!("- {}: `{}`", times(*count), code(text))));
    lines.extend(controls(judged));
    lines.push(format!("- {}", words::cause(judged)));
    section(&lines)
}

/// The rate as it is now, and that of the whole run beside it where the two differ.
fn rates(judged: &Judged<'_>) -> Vec<String> {
    let line = |when: &str, rate: &Rate| {
        format!(
            "- {when}: {} of {} calls failed, 95 % interval {} ({})",
            rate.failures,
            rate.calls,
            rate.words(),
            rate.method.word().replace('_', "-")
        )
    };
    let present = words::present(judged);
    match present == &judged.rate {
        true => vec![line("in all", present)],
        false => vec![
            line("as it is now", present),
            line("over the whole run, before the change too", &judged.rate),
        ],
    }
}

fn controls(judged: &Judged<'_>) -> Vec<String> {
    let asked = judged.probed.siblings.iter().filter(|one| one.rate().calls > 0);
    let each = asked.map(|one| {
        let rate = one.rate();
        format!("- control {}: {} of {} failed", one.name, rate.failures, rate.calls)
    });
    let pooled = judged.compared.pooled.map(|(_, calls, p)| {
        let p = p_words(p);
        format!(
            "- against healthy controls (0 of {calls}): Fisher's exact test, one-sided, p = {p}"
        )
    });
    each.chain(pooled).collect()
}

fn excluded(judged: &Judged<'_>) -> String {
    let known = &judged.probed.known;
    let answered = judged.answered();
    let lines = [
        Some("## What it is not\n".to_owned()),
        (answered > 0).then(|| {
            format!(
                "- not the key, a permission or the name: {} with the same key and name {} answered",
                some(answered, "call"),
                if answered == 1 { "was" } else { "were" }
            )
        }),
        (known.listed == Some(true))
            .then(|| "- not the name: it is in `GET models` with this key".to_owned()),
        (known.get == Some(200) && known.count == Some(200))
            .then(|| "- not the name: `models.get` and `countTokens` answer 200".to_owned()),
        Some("- not the network: each of these 404s is an answer of the API itself".to_owned()),
        clients(judged),
    ];
    section(&lines.into_iter().flatten().collect::<Vec<_>>())
}

/// Whether it is a client library, as far as this run can tell.
fn clients(judged: &Judged<'_>) -> Option<String> {
    let samples = &judged.probed.samples;
    if !compares_clients(samples) {
        return Some("- not a client library: plain HTTPS requests, no SDK".to_owned());
    }
    if judged.factor().is_some_and(|cause| cause.factor == Factor::Client) {
        return None;
    }
    let is_plain_404 = |it: &&Sample| it.client == Client::Plain && it.end == End::Missing;
    let plain = samples.iter().filter(is_plain_404).count();
    (plain > 0).then(|| {
        format!(
            "- not a client library alone: {} without an SDK's headers failed",
            some(plain, "call")
        )
    })
}

fn environment(judged: &Judged<'_>, settings: &Settings) -> String {
    let samples = &judged.probed.samples;
    let endpoint = &settings.endpoint.value;
    let version = match endpoint.api_version.as_str() {
        "" => "no API version in the path".to_owned(),
        version => format!("API version {version}"),
    };
    let (connections, addresses) = judged.spread();
    let simulated = settings.simulate.as_ref().map(|scenario| {
        format!("- SIMULATED (scenario {scenario}): none of this was seen at the real service")
    });
    let lines = [
        "## Environment\n".to_owned(),
        format!("- {}, {version}", projects::hidden(&endpoint.base_url())),
        "- an API key in the `x-goog-api-key` header".to_owned(),
        format!("- from {} to {} (UTC)", at(judged, samples.first()), at(judged, samples.last())),
        format!(
            "- {}; {} to {}",
            protocols(samples),
            some(connections, "connection"),
            some(addresses, "address")
        ),
        format!("- gemini-doctor {}", env!("CARGO_PKG_VERSION")),
    ];
    section(&lines.into_iter().chain(simulated).collect::<Vec<_>>())
}

fn at(judged: &Judged<'_>, sample: Option<&Sample>) -> String {
    time::rfc3339(judged.probed.began_unix_ms + sample.map_or(0, |sample| sample.at_ms as u64))
}

fn protocols(samples: &[Sample]) -> String {
    let mut versions: Vec<&str> = samples.iter().filter_map(|it| it.http.as_deref()).collect();
    versions.sort_unstable();
    versions.dedup();
    if versions.is_empty() { "no HTTP".to_owned() } else { versions.join(" and ") }
}

fn ids(judged: &Judged<'_>) -> String {
    let with_id = judged.probed.samples.iter().filter_map(|sample| {
        let id = sample.response_id.as_ref()?;
        let end = sample.end.meaning();
        Some(format!("- `{}` at {} ms: {end}", code(id), sample.at_ms.round()))
    });
    let ids: Vec<String> = with_id.take(IDS).collect();
    let mut lines = vec!["## Response ids\n".to_owned(), who_has_ids(&judged.probed.samples)];
    if !ids.is_empty() {
        lines.push("Times count from the start.\n".to_owned());
        lines.extend(ids);
    }
    section(&lines)
}

/// How many answers and how many 404s carry an id: what was seen, and not what is usual.
fn who_has_ids(samples: &[Sample]) -> String {
    let count = |end: End| {
        let with_id = samples.iter().filter(|it| it.end == end && it.response_id.is_some()).count();
        (with_id, sample::count(samples, end))
    };
    let ((answers, of), (failures, of_404s)) = (count(End::Answered), count(End::Missing));
    format!("{answers} of {of} answers and {failures} of {of_404s} 404s carry a `responseId`.")
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
    let text = projects::hidden(text);
    text.chars().filter(|letter| !letter.is_control() && *letter != '`').collect()
}

fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

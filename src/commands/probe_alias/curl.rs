//! The loop of an issue text: a few lines of `sh` that show the failures to anybody with a key. Must
//! hold no key, and pins what the failures go with, or it could not show them.

use std::net::{IpAddr, SocketAddr};

use crate::{
    alias::{Cause, Factor, Level},
    facts::{Client, Endpoint, models::Thinking},
    gemini::{Auth, Call, generation},
    secret::ApiKey,
    settings::{Given, Settings, Shell},
};

use super::{super::shell_word::in_quotes, Judged, projects};

/// The loop asks at least so often.
const LEAST_CALLS: usize = 25;

/// The loop with what is to be known before it is run.
pub(super) fn reproduction(judged: &Judged<'_>, settings: &Settings, given: &Given) -> String {
    let about = judged.factor().and_then(about).map(|text| format!("\n{text}\n"));
    format!(
        "## Reproduction\n\nCounts the answers by status; `GEMINI_API_KEY` holds the key.\n{}\n\
         ```sh\n{}{}\n```\n\n",
        about.unwrap_or_default(),
        local_file(given).unwrap_or_default(),
        curl_loop(judged, settings, given)
    )
}

/// How the loop meets what the failures go with.
fn about(cause: &Cause) -> Option<String> {
    let worst = &cause.worst()?.name;
    let pinned = |what: String, elsewhere: &str| {
        let best = cause.best().map(counts).unwrap_or_default();
        format!("Failures go with {what}, and the loop keeps to that; {elsewhere} {best} here.")
    };
    match cause.factor {
        Factor::Client => Some(match client_of(worst) {
            Client::Plain => {
                "Failures go with calls that bear no SDK's headers, like these.".to_owned()
            }
            sdk => pinned(format!("the headers of the {} SDK", sdk.word()), "without them"),
        }),
        Factor::Http => Some(pinned(worst.clone(), "otherwise")),
        Factor::Address => Some(pinned(format!("the address {worst}"), "elsewhere")),
        Factor::Connection => Some(
            "Failures go with the connection. Each `curl` opens one of its own, so that the loop \
             meets good and bad ones."
                .to_owned(),
        ),
        Factor::Turn(_) | Factor::Time | Factor::Burst => None,
    }
}

/// `0 of 12 failed`.
fn counts(level: &Level) -> String {
    format!("{} of {} failed", level.failures, level.calls)
}

fn local_file(given: &Given) -> Option<String> {
    let file = given.ca_file.last()?.display().to_string();
    let file: String = file.chars().filter(|letter| !letter.is_control()).collect();
    Some(format!("# {file} is a file of the machine that ran this: elsewhere drop --cacert\n"))
}

/// A loop that any shell of the `sh` kind runs.
fn curl_loop(judged: &Judged<'_>, settings: &Settings, given: &Given) -> String {
    let endpoint = &settings.endpoint.value;
    let model = &judged.probed.plan.model;
    let entry = settings.model_table.find(model);
    let thinking = entry.map_or(Thinking::Unknown, |entry| entry.thinking);
    let body = generation::minimal(thinking, &endpoint.api_version);
    let call = Call::generate(model, body.clone());
    let url = projects::hidden(&format!("{}{}", endpoint.origin(), call.path(endpoint)));
    let lines = ["curl -s -o /dev/null -w '%{http_code}\\n'".to_owned()]
        .into_iter()
        .chain(way(judged, given, endpoint))
        .chain(["-H \"x-goog-api-key: $GEMINI_API_KEY\"".to_owned()])
        .chain(headers(judged, call, endpoint))
        .chain([format!("-d {}", quoted(&body.to_string())), quoted(&url)]);
    format!(
        "for i in $(seq 1 {}); do\n  {}\ndone | sort | uniq -c",
        judged.attempts().max(LEAST_CALLS),
        lines.collect::<Vec<_>>().join(" \\\n    ")
    )
}

/// What `curl` needs to go the same way, and to keep to what the failures go with.
fn way(judged: &Judged<'_>, given: &Given, endpoint: &Endpoint) -> Vec<String> {
    let ca = given.ca_file.last();
    let ca = ca.map(|file| format!("--cacert {}", quoted(&file.display().to_string())));
    let worst = judged.factor().and_then(|cause| Some((cause.factor, cause.worst()?)));
    let mut options: Vec<String> = ca.into_iter().collect();
    match worst {
        Some((Factor::Address, level)) => options.push(connect_to(endpoint, &level.name)),
        _ => options.extend(resolved(given, endpoint)),
    }
    if let Some((Factor::Http, level)) = worst {
        options.push(http_option(&level.name, endpoint).to_owned());
    }
    options
}

fn http_option(version: &str, endpoint: &Endpoint) -> &'static str {
    match (version, endpoint.secure) {
        ("HTTP/2", true) => "--http2",
        ("HTTP/2", false) => "--http2-prior-knowledge",
        _ => "--http1.1",
    }
}

/// The addresses that were given beside the host's name.
fn resolved(given: &Given, endpoint: &Endpoint) -> Vec<String> {
    let addresses = given.resolve.iter().filter_map(|text| text.splitn(3, ':').nth(2));
    addresses.map(|address| connect_to(endpoint, &with_port(address, endpoint.port))).collect()
}

/// An address as it was typed, with the port behind it.
fn with_port(address: &str, port: u16) -> String {
    let bare = address.trim_start_matches('[').trim_end_matches(']');
    match (address.parse::<SocketAddr>(), bare.parse::<IpAddr>()) {
        (Ok(whole), _) => whole.to_string(),
        (_, Ok(ip)) => SocketAddr::new(ip, port).to_string(),
        _ => format!("{address}:{port}"),
    }
}

/// To this address and port, whatever the name resolves to.
fn connect_to(endpoint: &Endpoint, address: &str) -> String {
    let target = format!("{}:{}:{address}", endpoint.host, endpoint.port);
    format!("--connect-to {}", quoted(&target))
}

/// The other headers of the calls that fail: those of an SDK where these are what failures go with.
fn headers(judged: &Judged<'_>, call: Call, endpoint: &Endpoint) -> Vec<String> {
    let cause = judged.factor().filter(|cause| cause.factor == Factor::Client);
    let client = cause.and_then(|cause| Some(client_of(&cause.worst()?.name)));
    let dressed = match client.unwrap_or_default() {
        Client::Plain => return vec!["-H 'Content-Type: application/json'".to_owned()],
        client => call.as_client(client).request(endpoint, Auth::Header(&ApiKey::new(""))),
    };
    let shown = dressed.headers.iter().filter(|(name, _)| name != "x-goog-api-key");
    let line = |(name, value): &(_, http::HeaderValue)| {
        let value = value.to_str().unwrap_or_default();
        format!("-H {}", quoted(&format!("{name}: {value}")))
    };
    shown.map(line).collect()
}

fn client_of(word: &str) -> Client {
    let all = [Client::Plain, Client::Python, Client::Node];
    all.into_iter().find(|client| client.word() == word).unwrap_or_default()
}

fn quoted(text: &str) -> String {
    in_quotes(text, Shell::Sh)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(base_url: &str) -> Endpoint {
        Endpoint::parse(base_url, "v1beta").expect("a good URL")
    }

    #[test]
    fn addresses_get_the_port_they_lack() {
        for (typed, whole) in [
            ("10.0.0.1", "10.0.0.1:443"),
            ("10.0.0.1:8443", "10.0.0.1:8443"),
            ("::1", "[::1]:443"),
            ("[::1]", "[::1]:443"),
            ("[::1]:8443", "[::1]:8443"),
        ] {
            assert_eq!(with_port(typed, 443), whole, "{typed}");
        }
        let option = connect_to(&endpoint("https://h.example"), "[::1]:443");
        assert_eq!(option, "--connect-to 'h.example:443:[::1]:443'");
    }

    #[test]
    fn a_version_is_pinned_as_the_endpoint_takes_it() {
        let (safe, plain) = (endpoint("https://h.example"), endpoint("http://127.0.0.1:1"));
        assert_eq!(http_option("HTTP/2", &safe), "--http2");
        assert_eq!(http_option("HTTP/2", &plain), "--http2-prior-knowledge");
        assert_eq!(http_option("HTTP/1.1", &safe), "--http1.1");
    }

    #[test]
    fn only_the_calls_of_an_sdk_bear_its_headers() {
        let cause = |worst: &str| Cause {
            factor: Factor::Client,
            p: 0.001,
            adjusted: 0.001,
            levels: vec![
                Level { name: worst.to_owned(), failures: 5, calls: 5 },
                Level { name: "other".to_owned(), failures: 0, calls: 5 },
            ],
        };
        let said = about(&cause("node")).expect("words");
        assert!(said.contains("the node SDK") && said.contains("0 of 5 failed here"), "{said}");
        assert!(about(&cause("plain")).expect("words").contains("no SDK's headers"));
    }
}

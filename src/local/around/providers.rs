//! Settings of several providers' SDKs side by side. That they are there is no fault; that one leads to
//! another's host with a key of the wrong make is.

use super::place_of;
use crate::{facts::LocalFact, local::machine::Machine};

/// A provider's SDK: what it reads, and the host it calls by itself.
struct Provider {
    name: &'static str,
    key: &'static str,
    urls: &'static [&'static str],
    host: &'static str,
    /// How its keys begin.
    begins: &'static [&'static str],
}

const OPENAI: Provider = Provider {
    name: "OpenAI",
    key: "OPENAI_API_KEY",
    urls: &["OPENAI_BASE_URL", "OPENAI_API_BASE"],
    host: "api.openai.com",
    begins: &["sk-"],
};
const ANTHROPIC: Provider = Provider {
    name: "Anthropic",
    key: "ANTHROPIC_API_KEY",
    urls: &["ANTHROPIC_BASE_URL"],
    host: "api.anthropic.com",
    begins: &["sk-ant-"],
};
/// How keys of Google's begin.
const GOOGLES: &[&str] = &["AIza", "AQ."];
/// The variables that send Google's SDKs elsewhere.
const GOOGLE_URLS: [&str; 2] = ["GOOGLE_GEMINI_BASE_URL", "GOOGLE_VERTEX_BASE_URL"];

pub(super) fn look(machine: &Machine) -> (Vec<String>, Vec<(LocalFact, String)>) {
    let all = [OPENAI, ANTHROPIC];
    let set = all.iter().filter(|provider| {
        let mut names = provider.urls.iter().chain([&provider.key]);
        names.any(|name| machine.variable(name).is_some())
    });
    let said = set.map(|provider| format!("variables of {}'s SDK are set too", provider.name));
    let crossing = all.iter().filter_map(|provider| crossing(machine, provider));
    let led_away = GOOGLE_URLS.iter().filter_map(|name| led_away(machine, name, &all));
    let facts =
        crossing.chain(led_away).map(|detail| (LocalFact::ProvidersCross, detail)).collect();
    (said.collect(), facts)
}

fn crossing(machine: &Machine, provider: &Provider) -> Option<String> {
    let url = provider.urls.iter().find_map(|name| Some((*name, machine.variable(name)?)));
    let host = url.map_or(provider.host.to_owned(), |(_, url)| host_of(url));
    let key = machine.variable(provider.key)?.trim();
    let begins = |starts: &[&str]| starts.iter().any(|start| key.starts_with(start));
    let (name, variable) = (provider.name, provider.key);
    let is_googles = is_google(&host);
    match url {
        Some((named, _)) if is_googles && begins(provider.begins) => Some(format!(
            "{named} leads to {host}, which is Google's, and {variable} has the shape of a key of {name}'s"
        )),
        _ if host == provider.host && begins(GOOGLES) => Some(format!(
            "{variable} has the shape of a key of Google's, and {name}'s SDK sends it to {host}"
        )),
        _ => None,
    }
}

fn led_away(machine: &Machine, name: &str, all: &[Provider]) -> Option<String> {
    let host = host_of(machine.variable(name)?);
    let provider = all.iter().find(|provider| provider.host == host)?;
    Some(format!(
        "{name} leads Google's SDKs, and the key, to {host}, which is {}'s",
        provider.name
    ))
}

fn host_of(url: &str) -> String {
    let place = place_of(url).to_ascii_lowercase();
    place.split(':').next().unwrap_or_default().to_owned()
}

fn is_google(host: &str) -> bool {
    host == "googleapis.com" || host.ends_with(".googleapis.com")
}

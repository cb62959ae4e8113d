//! What the words round an error tell of the call: the URL, the host, the model, how the credential
//! was sent and what it looks like, and the code a WebSocket was closed with.

use crate::facts::{
    Clue, KeyFlaw, KeyKind, Method,
    clue::{self, ModelFact, SentAs},
    endpoint::{self, Endpoint, HostKind},
};

use super::Around;

/// How much of a text is searched: what belongs to an error stands near it.
const NEAR: usize = 64 * 1024;

/// The longest URL that is shown.
const LONGEST_URL: usize = 512;

/// The clues of the surroundings of one error, beside the error's own.
pub(super) fn read(text: &str, own: &[Clue], around: &Around) -> Vec<Clue> {
    let end = (0..=text.len().min(NEAR)).rev().find(|at| text.is_char_boundary(*at));
    let text = &text[..end.unwrap_or(0)];
    let mut clues = credential(text);
    clues.extend(closed(text));
    let url = url(text, around);
    if let Some(url) = &url {
        clues.extend(of_url(url));
    } else {
        let host = known_host(text).or_else(|| other_host(text).then_some(HostKind::Other));
        clues.extend(host.map(Clue::Host));
    }
    let asked = asked(text, around);
    clues.extend(asked.as_ref().map(|name| Clue::Meta("model".to_owned(), name.clone())));
    if is_about_a_model(own) {
        let message = clue::message(own).unwrap_or_default();
        clues.extend(of_model(asked.as_deref(), message, around));
    }
    clues
}

/// What a URL tells by itself.
pub(crate) fn of_url(url: &str) -> Vec<Clue> {
    let Some((kind, path)) = taken_apart(url) else { return Vec::new() };
    let shown: String = without_query(url).chars().take(LONGEST_URL).collect();
    let mut clues = vec![Clue::Meta("url".to_owned(), shown), Clue::Host(kind)];
    clues.extend(endpoint::flaw_of_request(kind, path).map(Clue::Route));
    clues.extend(method_of(path).map(Clue::Method));
    clues
}

/// The model that was asked, as far as it was told or the text shows it.
pub(super) fn asked(text: &str, around: &Around) -> Option<String> {
    let told = around.model.clone();
    let told = told.or_else(|| url(text, around).as_deref().and_then(model_of_path));
    told.or_else(|| model_beside_a_word(text))
}

fn url(text: &str, around: &Around) -> Option<String> {
    around.url.clone().or_else(|| request_url(text))
}

/// Whether an error is about a model: what tables say of its name explains no other error.
fn is_about_a_model(own: &[Clue]) -> bool {
    let message = clue::message(own).unwrap_or_default();
    own.iter().any(|clue| matches!(clue, Clue::Status(404)))
        || own.iter().any(|clue| matches!(clue, Clue::Rpc(word) if word == "NOT_FOUND"))
        || (message.contains("models/") && message.contains("not "))
}

/// What is known of the names of models: the one asked for, and the one the error names.
fn of_model(asked: Option<&str>, message: &str, around: &Around) -> Vec<Clue> {
    let named = model_after(message, "models/");
    let mut clues = Vec::new();
    let Some(name) = asked.or(named.as_deref()) else { return clues };
    if asked.is_none() {
        clues.push(Clue::Meta("model".to_owned(), name.to_owned()));
    }
    match around.models.find(name) {
        Some(entry) if entry.is_retired_on(&around.day) => {
            clues.push(Clue::Model(ModelFact::Retired));
        }
        Some(_) => {}
        None => clues.push(Clue::Model(ModelFact::NotInTable)),
    }
    if let Some(named) = named.as_deref().filter(|_| asked.is_some()) {
        let fact = if named == name { ModelFact::AsAsked } else { ModelFact::OtherNamed };
        clues.push(Clue::Model(fact));
    }
    clues
}

/// The URL that was asked, as far as the text shows it.
pub(super) fn request_url(text: &str) -> Option<String> {
    let url = urls(text).find(|url| is_of_an_api(url)).map(str::to_owned);
    url.or_else(|| url_of_a_transcript(text)).map(|url| url.replace("%3A", ":"))
}

fn urls(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("://").filter_map(|(at, _)| {
        let scheme =
            ["https", "http", "wss"].iter().find(|scheme| text[..at].ends_with(**scheme))?;
        let rest = &text[at - scheme.len()..];
        let end = rest.find(|letter: char| {
            letter.is_whitespace()
                || matches!(letter, '"' | '\'' | '`' | '<' | '>' | '\\' | ']' | ')' | ',' | '…')
        });
        Some(rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ':', ';']))
    })
}

/// Documentation and consoles are linked in errors, and were not asked.
fn is_of_an_api(url: &str) -> bool {
    let path = taken_apart(url).map_or("", |(_, path)| path);
    let host = host_of(url);
    let api = host.ends_with("aiplatform.googleapis.com")
        || host == "generativelanguage.googleapis.com"
        || host == "cloudcode-pa.googleapis.com";
    api || method_of(path).is_some()
        || ["/chat/completions", "/v1beta", "/v1/models", "/embeddings", "/openai"]
            .iter()
            .any(|part| path.contains(part))
}

/// `> POST /path HTTP/2` of a transcript or an access log, with its `> Host: name` where there is one.
fn url_of_a_transcript(text: &str) -> Option<String> {
    let path = ["POST /", "GET /"].iter().find_map(|verb| {
        let at = text.find(verb)? + verb.len() - 1;
        let line = text[at..].lines().next()?;
        line.contains(" HTTP/").then(|| line.split(' ').next()).flatten()
    })?;
    let mut hosts = text.lines().map(|line| line.trim_start_matches(['>', ' ']));
    let host = hosts.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("host").then(|| value.trim())
    });
    // A path alone still shows what is odd about it.
    Some(format!("https://{}{path}", host.unwrap_or("host.invalid")))
}

fn taken_apart(url: &str) -> Option<(HostKind, &str)> {
    let host = host_of(url);
    let endpoint = Endpoint::parse(&format!("https://{host}"), "").ok()?;
    let rest = url.split_once("://")?.1;
    let path = rest.find('/').map_or("", |slash| &rest[slash..]);
    Some((endpoint.host_kind(), without_query(path)))
}

fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

/// The host of a URL, without user, port and brackets.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

/// The API's host, where it is named without a URL.
fn known_host(text: &str) -> Option<HostKind> {
    if text.contains("generativelanguage.googleapis.com") {
        Some(HostKind::Developer)
    } else if text.contains("aiplatform.googleapis.com") {
        Some(HostKind::Cloud)
    } else if text.contains(".googleapis.com") {
        Some(HostKind::Provider)
    } else {
        None
    }
}

/// Whether a text names a host, and none of the provider's.
fn other_host(text: &str) -> bool {
    const CUES: [&str; 9] = [
        "://",
        "resolve host: ",
        "host='",
        "enotfound ",
        "lookup ",
        "resolve host ",
        "host address '",
        "resolve host address ",
        "connect to ",
    ];
    let lower = text.to_ascii_lowercase();
    let mut named = CUES.iter().flat_map(|cue| lower.match_indices(cue)).filter_map(|(at, cue)| {
        let rest = &lower[at + cue.len()..];
        let end =
            rest.find(|letter: char| !letter.is_ascii_alphanumeric() && !".-".contains(letter));
        Some(&rest[..end.unwrap_or(rest.len())]).filter(|host| host.contains('.'))
    });
    (named.next().is_some() || names_another_port(&lower))
        && !["google", "gemini", "aistudio"].iter().any(|ours| lower.contains(ours))
}

/// Whether an address on a network stands there with a port that neither the API nor a proxy has.
fn names_another_port(text: &str) -> bool {
    const PORTS: [u16; 11] = [443, 80, 8080, 8443, 3128, 1080, 8888, 7890, 7897, 10808, 10809];
    text.split(|letter: char| !letter.is_ascii_digit() && !".:".contains(letter)).any(|word| {
        let Some((address, port)) = word.trim_end_matches([':', '.']).split_once(':') else {
            return false;
        };
        let far = address.parse::<std::net::Ipv4Addr>().is_ok_and(|address| !address.is_loopback());
        far && port.parse::<u16>().is_ok_and(|port| !PORTS.contains(&port))
    })
}

fn method_of(path: &str) -> Option<Method> {
    let after = path.rsplit(':').next().filter(|_| path.contains(':')).unwrap_or_default();
    match after {
        "generateContent" => Some(Method::Generate),
        "streamGenerateContent" => Some(Method::Stream),
        "countTokens" => Some(Method::Count),
        _ => None,
    }
}

fn model_of_path(url: &str) -> Option<String> {
    model_after(without_query(url), "/models/")
}

/// `models/NAME` and what else a text can hold of that kind.
fn model_after(text: &str, mark: &str) -> Option<String> {
    let rest = &text[text.find(mark)? + mark.len()..];
    name_at(rest)
}

/// `model 'NAME'`, `model: NAME`, `model=NAME`, ``model `NAME` ``.
fn model_beside_a_word(text: &str) -> Option<String> {
    ["requested", "asked for", "model", "Model"].iter().find_map(|word| {
        text.match_indices(word).find_map(|(at, _)| {
            let rest =
                text[at + word.len()..].trim_start_matches(['"', '\'', ' ', ':', '=', '`', '\\']);
            let rest = rest.strip_prefix("models/").unwrap_or(rest);
            name_at(rest).filter(|name| name.starts_with("gemini-") || name.starts_with("gemma-"))
        })
    })
}

fn name_at(text: &str) -> Option<String> {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && !"-._".contains(letter));
    let name = text[..end.unwrap_or(text.len())].trim_end_matches(['.', '-']);
    (name.len() > 2).then(|| name.to_owned())
}

/// How a credential was sent, and of what kind it is.
fn credential(text: &str) -> Vec<Clue> {
    const CUES: [(&str, Option<SentAs>); 7] = [
        ("x-goog-api-key: ", Some(SentAs::KeyHeader)),
        ("authorization: bearer ", Some(SentAs::Bearer)),
        ("authorization: ya29.", Some(SentAs::Bearer)),
        ("?key=", Some(SentAs::Query)),
        ("&key=", Some(SentAs::Query)),
        ("bearer ", None),
        ("api key provided: ", None),
    ];
    let plain = text.replace(['"', '\'', '\\'], "");
    let lower = plain.to_ascii_lowercase();
    let mut clues = Vec::new();
    for (cue, sent) in CUES {
        let Some(at) = lower.find(cue) else { continue };
        let kind = kind_of(&plain[at + cue.len()..]);
        // Where Google's keys are sent, one of another make is known by its beginning.
        let to_us = matches!(sent, Some(SentAs::KeyHeader | SentAs::Query));
        let strange = (to_us && kind == Some(KeyKind::Other)).then_some(KeyFlaw::OtherProvider);
        let told = [sent.map(Clue::SentAs), kind.map(Clue::Key), strange.map(Clue::Flaw)];
        for clue in told.into_iter().flatten() {
            if !clues.contains(&clue) {
                clues.push(clue);
            }
        }
    }
    clues
}

/// The kind of the credential a text begins with; most texts show its beginning only.
fn kind_of(text: &str) -> Option<KeyKind> {
    let text = text.trim_start_matches(['"', '\'', '$', '[']);
    // What hides a secret still says of which kind it was.
    let text = text.strip_prefix("redacted ").unwrap_or(text);
    [
        ("AIza", KeyKind::StandardKey),
        ("AQ.", KeyKind::AuthKey),
        ("ya29.", KeyKind::OauthToken),
        ("eyJ", KeyKind::OauthToken),
        ("sk-", KeyKind::Other),
    ]
    .into_iter()
    .find(|(start, _)| text.starts_with(start))
    .map(|(_, kind)| kind)
}

/// The code a WebSocket was closed with: a number from the protocol's range beside a word for it.
fn closed(text: &str) -> Option<Clue> {
    let lower = text.to_ascii_lowercase();
    let speaks = ["websocket", "ws close", "close", "live"].iter().any(|word| lower.contains(word));
    let words: Vec<&str> = lower.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
    let code = words.iter().enumerate().find_map(|(at, word)| {
        let code: u16 = word.parse().ok().filter(|code| (1000..=1015).contains(code))?;
        let near = &words[at.saturating_sub(4)..at];
        let after = words.get(at + 1).copied().unwrap_or_default();
        let named = near.iter().chain([&after]).any(|word| {
            word.starts_with("close")
                || matches!(
                    *word,
                    "received" | "code" | "sent" | "ws" | "websocket" | "policy" | "internal"
                )
        });
        named.then_some(code)
    });
    code.filter(|_| speaks).map(Clue::Closed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::clue::RouteFlaw;

    fn clues(text: &str, message: &str) -> Vec<Clue> {
        let own = [Clue::Message(message.to_owned()), Clue::Status(404)];
        read(text, &own, &Around::default())
    }

    #[test]
    fn a_url_tells_of_the_call() {
        let text = "Error fetching from https://generativelanguage.googleapis.com/v1beta/v1beta/models/gemini-3.5-flash:generateContent?key=AIzaFAKE: [404]";
        let found = clues(text, "");
        for clue in [
            Clue::Host(HostKind::Developer),
            Clue::Method(Method::Generate),
            Clue::Route(RouteFlaw::VersionTwice),
            Clue::Meta("model".to_owned(), "gemini-3.5-flash".to_owned()),
            Clue::SentAs(SentAs::Query),
            Clue::Key(KeyKind::StandardKey),
        ] {
            assert!(found.contains(&clue), "{clue:?} in {found:?}");
        }
        let links = clues("see https://ai.google.dev/gemini-api/docs/rate-limits.", "");
        assert!(!links.iter().any(|clue| matches!(clue, Clue::Host(_))), "{links:?}");
    }

    #[test]
    fn a_transcript_tells_as_much() {
        let text = "> POST /v1beta/models/gemini-2.0-flash:countTokens HTTP/2\n> Host: generativelanguage.googleapis.com\n> Authorization: Bearer ya29.FAKE\n";
        let found = clues(text, "");
        assert!(found.contains(&Clue::Method(Method::Count)), "{found:?}");
        assert!(found.contains(&Clue::SentAs(SentAs::Bearer)), "{found:?}");
        assert!(found.contains(&Clue::Model(ModelFact::Retired)), "{found:?}");
    }

    #[test]
    fn a_port_that_is_not_the_apis_shows_another_host() {
        assert!(names_another_port("dial tcp 10.0.0.2:11211: connect: connection refused"));
        assert!(!names_another_port("connect ETIMEDOUT 142.250.74.10:443"));
        assert!(!names_another_port("connect ECONNREFUSED 127.0.0.1:9999 at 08:14:33 1.2.3:4"));
    }

    #[test]
    fn another_model_than_the_one_asked_for_is_noticed() {
        let found =
            clues("Error calling model 'gemini-3.5-flash'", "models/other-rev2 is not found");
        assert!(found.contains(&Clue::Model(ModelFact::OtherNamed)), "{found:?}");
        let found = clues("", "models/gemini-3.5-flash is not found");
        assert!(!found.contains(&Clue::Model(ModelFact::OtherNamed)), "{found:?}");
    }

    #[test]
    fn a_close_code_is_a_number_that_its_neighbours_name() {
        for (text, code) in [
            ("received 1008 (policy violation) no; then sent 1008, websockets", Some(1008)),
            ("WebSocket closed: code=1011 reason=Internal error", Some(1011)),
            ("onclose { code: 1007, reason: 'x' }", Some(1007)),
            ("the WebSocket was closed when it had sent him all of the 1008 tokens", None),
            ("1008 items", None),
        ] {
            assert_eq!(closed(text), code.map(Clue::Closed), "{text}");
        }
    }
}

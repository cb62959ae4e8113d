//! What a connection and an answer show, as texts that two sides can be held against each other by.

use crate::{
    certs::Name,
    compare::{Listed, Seen, Topic},
    gemini::wire::Model,
    net::{
        ConnectionFacts,
        dns::Family,
        tls::{TlsFacts, trust::TrustedBy},
    },
};

/// Of a fingerprint so much is told: nobody makes a second certificate that begins with it.
const FINGERPRINT: usize = 16;

/// Notes what opening a connection showed.
pub(super) fn note_connection(seen: &mut Seen, facts: &ConnectionFacts, secure: bool) {
    seen.note(Topic::Proxy, facts.via_proxy.as_deref().unwrap_or("none"));
    if facts.via_proxy.is_none() {
        note_addresses(seen, facts);
    }
    match (&facts.tls, secure) {
        (Some(tls), _) => note_tls(seen, tls),
        (None, false) => seen.note(Topic::TlsVersion, "none: anybody on the way can read along"),
        (None, true) => {}
    }
}

fn note_addresses(seen: &mut Seen, facts: &ConnectionFacts) {
    let answers = facts.families.iter().filter(|family| family.connect_ms.is_some());
    let mut families: Vec<&str> =
        answers.map(|one| if one.family == Family::V6 { "IPv6" } else { "IPv4" }).collect();
    families.sort_unstable();
    if !families.is_empty() {
        seen.note(Topic::Families, families.join(" and "));
    }
    let mut addresses: Vec<_> = facts.addresses.iter().map(std::net::SocketAddr::ip).collect();
    addresses.sort_unstable();
    addresses.dedup();
    if facts.dns_ms.is_some() || !addresses.is_empty() {
        let words: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        seen.note(Topic::Addresses, words.join(", "));
    }
}

fn note_tls(seen: &mut Seen, tls: &TlsFacts) {
    seen.note(Topic::TlsVersion, tls.version.clone());
    seen.note(Topic::Cipher, tls.cipher.clone());
    if let Some(group) = &tls.group {
        seen.note(Topic::Group, group.clone());
    }
    seen.note(Topic::Http, tls.negotiated().http);
    seen.note(Topic::Trust, trust(tls.trusted_by));
    if let Some(leaf) = tls.chain.leaf() {
        seen.note(Topic::Issuer, leaf.issuer.short());
        seen.note(Topic::Authority, authorities(tls));
    }
}

/// Each authority that was sent with its fingerprint, and the one that was not by its name.
fn authorities(tls: &TlsFacts) -> String {
    let short = |fingerprint: &str| {
        let plain: String = fingerprint.chars().filter(char::is_ascii_hexdigit).collect();
        plain.chars().take(FINGERPRINT).collect::<String>().to_lowercase()
    };
    // The organisation says little beside the fingerprint, and makes the line long.
    let name = |name: &Name| name.common.clone().unwrap_or_else(|| name.short());
    let sent = tls
        .chain
        .way()
        .skip(1)
        .map(|one| format!("{} (sha256 {})", name(&one.subject), short(&one.fingerprint)));
    let missing = tls.chain.missing().map(name);
    let all: Vec<String> = sent.chain(missing).collect();
    all.join(", below ")
}

fn trust(by: Option<TrustedBy>) -> &'static str {
    match by {
        Some(TrustedBy::Public) => "the public roots",
        Some(TrustedBy::Extra) => "a file of --ca-file",
        Some(TrustedBy::System) => "only this machine's own store",
        Some(TrustedBy::Replacement) => "SSL_CERT_FILE or SSL_CERT_DIR",
        None => "not known",
    }
}

/// A list as it is held against another one.
pub(super) fn listed(models: &[Model]) -> Vec<Listed> {
    let mut all: Vec<Listed> = models
        .iter()
        .map(|model| Listed { name: model.id().to_owned(), entry: entry(model) })
        .collect();
    all.sort();
    all.dedup();
    all
}

/// `version 001, 1048576 tokens in, 65536 out, countTokens generateContent`. Empty for a bare name.
pub(super) fn entry(model: &Model) -> String {
    let limits = [model.input_token_limit, model.output_token_limit];
    // A list that has no limits has names alone; what can be called is then a guess of the reader.
    if model.version.is_empty() && limits == [None; 2] {
        return String::new();
    }
    let version = Some(&model.version).filter(|text| !text.is_empty());
    let mut methods = model.supported_generation_methods.clone();
    methods.sort();
    let parts = [
        version.map(|version| format!("version {version}")),
        model.input_token_limit.map(|tokens| format!("{tokens} tokens in")),
        model.output_token_limit.map(|tokens| format!("{tokens} out")),
        (!methods.is_empty()).then(|| methods.join(" ")),
        model.thinking.then(|| "thinks".to_owned()),
        model.model_stage.as_ref().map(|stage| format!("stage {stage}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

//! The `data` of a check's document.

use serde_json::{Value, json};

use crate::{
    certs::{Certificate, words::date},
    local::{bundles::Bundle, runtimes::RuntimeFact},
    probe::tls::{
        HostSeen, Looked, Sign, StoreSays, TlsPlan, alpn, facts::Supported, shown_word, staple,
    },
};

use super::{Around, runtimes};

/// All of it.
pub(super) fn data(looked: &Looked, around: &Around, runtimes: &[RuntimeFact]) -> Value {
    let broken: Vec<String> = around.bundles.iter().filter_map(Bundle::trouble).collect();
    json!({
        "hosts": looked.hosts.iter().map(host).collect::<Vec<_>>(),
        "bundles_in_trouble": broken,
        "runtimes": runtimes.iter().map(runtimes::json).collect::<Vec<_>>(),
    })
}

fn host(seen: &HostSeen) -> Value {
    let facts = &seen.main.facts;
    let addresses: Vec<String> =
        facts.addresses.iter().map(|address| address.ip().to_string()).collect();
    let supported = Supported::of(seen);
    let families = facts.families.iter().map(|one| {
        json!({
            "family": if one.address.is_ipv6() { "ipv6" } else { "ipv4" },
            "address": one.address.ip().to_string(),
            "connect_ms": one.connect_ms,
            "failure": one.failure.as_ref().map(|failure| failure.detail.clone()),
        })
    });
    json!({
        "host": seen.host.name,
        "port": seen.host.port,
        "sni": seen.host.sni,
        "addresses": addresses,
        "families": families.collect::<Vec<_>>(),
        "remote": facts.remote.map(|remote| remote.to_string()),
        "via_proxy": facts.via_proxy,
        "connections": {"opened": seen.connections(), "at_most": TlsPlan::connections_a_host()},
        "phases": {
            "dns_ms": facts.dns_ms, "tcp_ms": facts.tcp_ms, "proxy_ms": facts.proxy_ms,
            "tls_ms": facts.tls_ms,
        },
        "negotiated": negotiated(seen),
        "supports": {
            "versions": supported.versions,
            "groups": supported.groups,
            "alpn": alpn(seen),
            "ciphers": supported.ciphers,
            "preferred_group": supported.preferred_group,
            "not_told": supported.not_told,
        },
        "client_certificate_asked": seen.main.asks_for_certificate,
        "chain": seen.chain.readable().map(certificate).collect::<Vec<_>>(),
        "chain_notes": chain_notes(seen),
        "name_matches": seen.chain.leaf().map(|leaf| seen.is_for_host(leaf)),
        "ocsp_staple": staple(seen),
        "trusted": seen.is_trusted(),
        "trusted_by": seen.trusted_by(),
        "stores": seen.stores.iter().map(store).collect::<Vec<_>>(),
        "clock_ahead_s": seen.clock_ahead_s(),
        "cause": seen.told.first().map(|told| word(told.sign)),
        "causes": seen.told.iter().map(|told| json!({
            "cause": word(told.sign), "detail": told.detail, "usable": told.is_usable,
        })).collect::<Vec<_>>(),
    })
}

fn word(sign: Sign) -> Value {
    match sign {
        Sign::Fault(fault) => json!(fault),
        Sign::Shown(shown) => json!(shown_word(shown)),
    }
}

fn negotiated(seen: &HostSeen) -> Value {
    let Some(tls) = &seen.main.facts.tls else { return Value::Null };
    json!({
        "version": tls.version,
        "cipher": tls.cipher,
        "group": tls.group,
        "alpn": tls.alpn,
        "resumed": seen.resumes(),
        "round_trips": seen.main.round_trips(),
        "bytes_sent": seen.main.bytes.written,
        "bytes_received": seen.main.bytes.read,
    })
}

fn certificate(one: &Certificate) -> Value {
    json!({
        "subject": one.subject.full,
        "issuer": one.issuer.full,
        "serial": one.serial,
        "not_before": date(one.not_before),
        "not_after": date(one.not_after),
        "names": one.names.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "key": one.key.to_string(),
        "signature": one.signature.name,
        "weak_key": one.key.is_weak(),
        "weak_signature": one.signature.weak,
        "is_ca": one.is_ca(),
        "path_length": one.basic.and_then(|basic| basic.path_length),
        "key_usage": one.key_usage.map(|usage| usage.words()),
        "purposes": one.purposes,
        "ca_issuers": one.ca_issuers,
        "ocsp": one.ocsp,
        "self_issued": one.is_self_issued(),
        "sha256": one.fingerprint,
        "pin": one.pin,
    })
}

/// What is odd about how the certificates hang together, in words.
pub(super) fn chain_notes(seen: &HostSeen) -> Vec<String> {
    let chain = &seen.chain;
    let mut notes = Vec::new();
    notes.extend((!chain.is_in_order()).then(|| "sent in the wrong order".to_owned()));
    let name = |one: &Certificate| one.subject.short();
    notes.extend(chain.surplus().map(|one| format!("surplus: {}", name(one))));
    notes.extend(chain.roots_in_vain().map(|one| format!("root sent in vain: {}", name(one))));
    notes.extend(
        chain
            .unreadable()
            .map(|(place, why)| format!("certificate {} cannot be read: {why}", place + 1)),
    );
    notes
}

fn store(says: &StoreSays) -> Value {
    let store = &says.store;
    json!({
        "name": store.word,
        "label": store.words,
        "runtime": store.runtime,
        "from": store.from,
        "trusts": says.verdict.as_ref().map(|verdict| verdict.trusts()),
        "right_name": says.verdict.as_ref().map(|verdict| verdict.right_name),
        "reason": says.reason(),
        "root": says.root(),
    })
}

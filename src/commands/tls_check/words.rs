//! The sentences of a check's report. Says no more than the hosts showed.

use std::path::Path;

use crate::{
    facts::inspection,
    local::{
        bundles::Bundle,
        runtimes::{RuntimeFact, compare, kept_back},
    },
    probe::tls::{HostSeen, Looked, TlsPlan},
    report::document::Remark,
    settings::Shell,
};

use super::{Around, runtimes};

/// The word and the sentence where nothing is wrong.
pub(super) fn headline(looked: &Looked) -> (&'static str, String) {
    let bad = looked.hosts.iter().filter(|seen| !seen.is_trusted()).count();
    // What can be used all the same is still the news: somebody reads along, or the clock is off.
    let mut warned = looked.hosts.iter().flat_map(|seen| &seen.told).filter(|told| told.is_usable);
    if let (0, Some(told)) = (bad, warned.next()) {
        return ("WARN", format!("It connects, but {}.", told.detail));
    }
    match (&looked.hosts[..], bad) {
        ([], _) => ("UNCLEAR", "No host was looked at.".to_owned()),
        ([only], 0) => ("TRUSTED", one(only)),
        (all, 0) => {
            let least = all.iter().filter_map(HostSeen::days_left).min();
            let least = least.map(|days| format!(", the first certificate ends in {days} days"));
            (
                "TRUSTED",
                format!("All {} hosts are trusted{}.", all.len(), least.unwrap_or_default()),
            )
        }
        (all, bad) => ("NOT TRUSTED", format!("{bad} of {} hosts cannot be trusted.", all.len())),
    }
}

fn one(seen: &HostSeen) -> String {
    let tls = seen.main.facts.tls.as_ref();
    let speaks = tls.map_or_else(String::new, |tls| {
        let group = tls.group.as_deref().map(|group| format!(" with {group}")).unwrap_or_default();
        format!(", speaks {}{group}", tls.version)
    });
    let by = seen.trusted_by().map(|by| format!(" by {by}")).unwrap_or_default();
    let left = seen.days_left().map(|days| format!(", and its chain is valid for {days} days"));
    format!("{} is trusted{by}{speaks}{}.", seen.host.label(), left.unwrap_or_default())
}

/// What is worth a line under the tables.
pub(super) fn remarks(
    looked: &Looked,
    around: &Around,
    facts: &[RuntimeFact],
    shell: Shell,
) -> Vec<Remark> {
    let say = |label, text: String| Remark { label, text, command: None };
    let mut remarks = Vec::new();
    remarks
        .extend(around.bundles.iter().filter_map(Bundle::trouble).map(|text| say("bundle", text)));
    for seen in &looked.hosts {
        remarks.extend(who_reads_along(seen).map(|text| say("who reads", text)));
    }
    let unsafe_ones = compare::unverified(around.machine()).into_iter();
    remarks.extend(unsafe_ones.map(|one| runtimes::remark(one, "unsafe", shell)));
    remarks.extend(runtimes::disagreements(facts, looked, around, shell));
    remarks
}

/// Whoever signs in Google's place sees keys and prompts.
fn who_reads_along(seen: &HostSeen) -> Option<String> {
    let leaf = seen.chain.leaf()?;
    let (_, maker) = inspection::maker(&leaf.issuer.full)?;
    Some(format!(
        "the issuer bears the name of {maker}, a product that looks into TLS: whoever runs it can read keys and \
         prompts; ask those who run this network whether it may"
    ))
}

/// What this does not show.
pub(super) fn limits(looked: &Looked, around: &Around, facts: &[RuntimeFact]) -> Vec<String> {
    if looked.hosts.is_empty() {
        return Vec::new();
    }
    let at_most = TlsPlan::connections_a_host();
    let mut limits = vec![format!(
        "from this machine and at this moment; at most {at_most} connections to each host, none with a key"
    )];
    if looked.hosts.iter().any(|seen| seen.direct.is_some()) {
        limits.push(
            "the host was also dialled directly, past the proxy, to compare what both show"
                .to_owned(),
        );
    }
    let unproved = |seen: &HostSeen| seen.staple.is_some() || !seen.is_trusted();
    if !looked.hosts.iter().all(unproved) {
        limits.push(
            "whether a certificate was revoked was not asked: no answer was stapled".to_owned(),
        );
    }
    if !facts.is_empty() {
        limits.extend(local_limits(looked, &kept_back(around.machine())));
    }
    limits
}

/// What the runtimes that were run do not show of those that the user runs.
fn local_limits(looked: &Looked, kept_back: &[&str]) -> Vec<String> {
    let first = looked.hosts.first().filter(|_| looked.hosts.len() > 1);
    let only = first.map(|seen| format!("--local looked at {} only", seen.host.label()));
    let without = (!kept_back.is_empty()).then(|| {
        format!(
            "--local started the runtimes without {}, set here, so that your own programs may do otherwise",
            kept_back.join(", ")
        )
    });
    only.into_iter().chain(without).collect()
}

pub(super) fn bundle_saved(path: &Path, certificates: usize) -> Remark {
    let place = path.display();
    let text = format!(
        "{certificates} certificates in {place}, all of which this machine's store trusts: for SSL_CERT_FILE, \
         REQUESTS_CA_BUNDLE and NODE_EXTRA_CA_CERTS"
    );
    Remark { label: "saved", text, command: None }
}

//! What the runtimes of this machine show: rows, a table, and why one connects and another does not.

use serde_json::{Value, json};

use crate::{
    facts::{
        Check, Clue, Layer, Status,
        check::{Evidence, Observation},
        clue::Shown,
    },
    local::{
        bundles::readers,
        runtimes::{Connected, RuntimeFact, Target, Through, compare},
    },
    probe::tls::{Host, HostSeen, Looked},
    report::document::{Column, Remark, Sheet},
    settings::Shell,
};

use super::Around;

/// Where the runtimes are to connect to: as the look itself does.
pub fn target(host: &Host) -> Target {
    let way = match host.plain_proxy() {
        None => Through::Nothing,
        Some(Ok((host, port))) => Through::Proxy { host, port },
        Some(Err(why)) => Through::Unable(why),
    };
    let dialled = host.address.map(|address| address.ip().to_string());
    Target {
        host: dialled.unwrap_or_else(|| host.name.clone()),
        port: host.address.map_or(host.port, |address| address.port()),
        name: host.name.clone(),
        way,
    }
}

/// One row for each runtime that is here.
pub(super) fn rows(facts: &[RuntimeFact], looked: &Looked) -> Vec<Observation> {
    let trusted_here = looked.hosts.first().is_some_and(HostSeen::is_trusted);
    let connects = facts.iter().any(|fact| fact.connected == Connected::Yes);
    let here = facts.iter().filter(|fact| fact.path.is_some());
    here.map(|fact| row(fact, trusted_here, connects)).collect()
}

/// One that fails where this program or another runtime connects is a warning; where none does, the host's
/// own rows tell why.
fn row(fact: &RuntimeFact, trusted_here: bool, another_connects: bool) -> Observation {
    let (status, said) = match &fact.connected {
        Connected::Yes => (Status::Pass, "connects".to_owned()),
        Connected::No(words) if trusted_here || another_connects => {
            (Status::Warn, format!("does not connect: {words}"))
        }
        Connected::No(words) => (Status::Inconclusive, format!("does not connect: {words}")),
        Connected::NotTried(why) => (Status::Skip, format!("not tried: {why}")),
    };
    let version = fact.version.as_deref().unwrap_or("version unknown");
    // One that never came as far as the certificates is not helped by a root.
    let distrusts = status == Status::Warn && fact.distrusts();
    let evidence = distrusts.then(|| {
        let text = format!("{} {said}", fact.runtime.words());
        let clues = vec![Clue::Shown(Shown::RuntimeDistrusts), Clue::Message(text.clone())];
        Evidence { attempt: None, text, clues }
    });
    let check = Check {
        id: "tls.runtime".to_owned(),
        stage: 9,
        title: fact.runtime.words().to_owned(),
        layer: Layer::Local,
        status,
        duration_ms: fact.ms.map(|ms| ms as f64),
        detail: format!("{version}: {said}"),
        attempts: Vec::new(),
    };
    Observation { check, evidence: evidence.into_iter().collect() }
}

/// What each runtime is and can do.
pub(super) fn sheet(facts: &[RuntimeFact]) -> Option<Sheet> {
    let yes = |known: Option<bool>| known.map_or("-", |yes| if yes { "yes" } else { "no" });
    let row = |fact: &RuntimeFact| {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        vec![
            fact.runtime.words().to_owned(),
            text(&fact.version),
            text(&fact.tls),
            yes(fact.tls13).to_owned(),
            yes(fact.alpn).to_owned(),
            text(&fact.bundle),
        ]
    };
    let here = facts.iter().filter(|fact| fact.path.is_some());
    let rows: Vec<Vec<String>> = here.map(row).collect();
    (!rows.is_empty()).then(|| Sheet {
        title: "the runtimes of this machine".to_owned(),
        columns: ["runtime", "version", "TLS", "1.3", "ALPN", "its roots"]
            .map(Column::text)
            .to_vec(),
        rows,
        notes: Vec::new(),
    })
}

/// One runtime for JSON.
pub(super) fn json(fact: &RuntimeFact) -> Value {
    let (connected, words) = match &fact.connected {
        Connected::Yes => (json!(true), None),
        Connected::No(words) => (json!(false), Some(words)),
        Connected::NotTried(why) => (Value::Null, Some(why)),
    };
    json!({
        "runtime": fact.runtime.word(),
        "path": fact.path.as_ref().map(|path| path.display().to_string()),
        "version": fact.version,
        "tls": fact.tls,
        "tls13": fact.tls13,
        "alpn": fact.alpn,
        "bundle": fact.bundle,
        "negotiated": fact.negotiated,
        "connected": connected,
        "words": words,
        "ms": fact.ms,
    })
}

/// Why one connects and another does not, with what to set.
pub(super) fn disagreements(
    facts: &[RuntimeFact],
    looked: &Looked,
    around: &Around,
    shell: Shell,
) -> Vec<Remark> {
    let told = compared(facts, looked, around);
    told.into_iter().map(|one| remark(one, "differs", shell)).collect()
}

/// A sentence with the line to copy.
pub(super) fn remark(one: compare::Disagreement, label: &'static str, shell: Shell) -> Remark {
    let command = match shell {
        Shell::Sh => one.sh(),
        Shell::Powershell => one.powershell(),
    };
    Remark { label, text: one.sentence, command }
}

fn compared(facts: &[RuntimeFact], looked: &Looked, around: &Around) -> Vec<compare::Disagreement> {
    let Some(seen) = looked.hosts.first() else { return Vec::new() };
    let readers = readers(&around.bundles, around.machine());
    let by_reader = readers.iter().map(|readership| by_word(seen, readership.reader.word()));
    let by_reader: Vec<_> = by_reader.collect();
    let verdicts = seen.by_bundle(
        around.bundles.iter().map(|bundle| bundle.contents().map(|read| &read.certificates[..])),
    );
    let evidence = compare::Evidence {
        runtimes: facts,
        found: &around.bundles,
        verdicts: &verdicts,
        readers: &readers,
        reader_verdicts: &by_reader,
    };
    compare::compare(&evidence)
}

fn by_word(seen: &HostSeen, word: &str) -> Option<crate::facts::trust::StoreVerdict> {
    let says = seen.stores.iter().find(|says| says.store.runtime && says.store.word == word)?;
    says.verdict.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::runtimes::Runtime;

    fn fact(connected: Connected) -> RuntimeFact {
        RuntimeFact {
            runtime: Runtime::Node,
            path: Some("/bin/node".into()),
            version: Some("22.1.0".to_owned()),
            tls: None,
            tls13: None,
            alpn: None,
            bundle: None,
            negotiated: None,
            connected,
            ms: None,
        }
    }

    fn no(words: &str) -> RuntimeFact {
        fact(Connected::No(words.to_owned()))
    }

    #[test]
    fn a_runtime_that_fails_where_another_client_connects_is_a_warning() {
        let distrusts = no("SELF_SIGNED_CERT_IN_CHAIN: self-signed certificate in chain");
        for (trusted_here, another, status) in [
            (true, false, Status::Warn),
            (false, true, Status::Warn),
            (false, false, Status::Inconclusive),
        ] {
            let row = row(&distrusts, trusted_here, another);
            let shown = row.evidence.iter().flat_map(|evidence| &evidence.clues);
            let shown = shown.filter(|clue| **clue == Clue::Shown(Shown::RuntimeDistrusts));
            let expected = (status, usize::from(status == Status::Warn));
            assert_eq!((row.check.status, shown.count()), expected);
        }
    }

    #[test]
    fn what_never_saw_a_certificate_distrusts_nobody() {
        let row = row(&no("ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:1"), true, true);
        assert_eq!((row.check.status, row.evidence.len()), (Status::Warn, 0));
        let locked = super::row(&fact(Connected::NotTried("no key".to_owned())), true, true);
        assert_eq!((locked.check.status, locked.evidence.len()), (Status::Skip, 0));
    }
}

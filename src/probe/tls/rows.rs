//! The rows of a host: name, connection, what TLS speaks, whom the chain is for, until when, and who trusts it.

use crate::{
    certs::{Certificate, words},
    facts::{
        Clue, Failure, Fault, Stage, Status,
        check::{Evidence, Observation},
        clue::Shown,
    },
    net::tls::{Judged, trust::TrustedBy},
};

use super::{
    super::{
        network,
        row::{Row, TLS_CHAIN, TLS_HANDSHAKE, TLS_STORES, TLS_SUPPORT, TLS_VALID},
    },
    cause::{Sign, Told, kind_of, speaks_http},
    host::HostSeen,
};

pub(super) use super::super::row::TLS_TRUST;

pub(super) const DAY_S: i64 = 86_400;

/// All rows of a host. Where there are several hosts each row names its own.
pub(super) fn rows(seen: &HostSeen, within_days: Option<u32>, several: bool) -> Vec<Observation> {
    let mut rows = reached(seen);
    if seen.unreached().is_none() {
        rows.push(handshake(seen));
        if seen.chain.leaf().is_some() {
            rows.push(chain(seen));
            rows.push(valid(seen, within_days));
        }
        rows.push(trust(seen));
        rows.extend(support(seen));
        rows.extend(stores(seen));
    }
    if several {
        let label = seen.host.label();
        for row in &mut rows {
            name(&label, &mut row.check.detail);
            row.evidence.iter_mut().for_each(|one| name(&label, &mut one.text));
        }
    }
    rows
}

/// Puts the host in front of a text that does not begin with it.
fn name(label: &str, text: &mut String) {
    if !text.starts_with(&format!("{label}:")) {
        *text = format!("{label}: {text}");
    }
}

/// The way there: name, TCP, proxy.
fn reached(seen: &HostSeen) -> Vec<Observation> {
    let outcome = match seen.unreached() {
        Some(failure) => Err(failure.clone()),
        None => Ok(()),
    };
    let via_proxy = seen.main.facts.via_proxy.is_some();
    let clues = |failure: &Failure| {
        let mut clues = vec![Clue::At(failure.stage), Clue::Fault(failure.fault)];
        clues.extend([Clue::Host(kind_of(&seen.host.name)), Clue::Message(failure.detail.clone())]);
        clues.extend(via_proxy.then_some(Clue::ViaProxy));
        clues
    };
    let before_tls = seen.unreached().is_none_or(|failure| failure.stage != Stage::Tls);
    network::rows(&seen.main.facts, &outcome, !before_tls, clues)
}

fn evidence(seen: &HostSeen, told: &Told) -> Evidence {
    let via_proxy = seen.main.facts.via_proxy.is_some();
    Evidence {
        attempt: None,
        text: told.detail.clone(),
        clues: told.clues(&seen.host.name, via_proxy),
    }
}

/// What was agreed, or why nothing was.
fn handshake(seen: &HostSeen) -> Observation {
    let row = match (&seen.main.facts.tls, &seen.main.finished) {
        (Some(tls), Ok(())) => {
            let group = tls.group.as_deref().unwrap_or("no group told");
            let alpn = tls.alpn.as_deref().unwrap_or("no ALPN");
            let first = seen.first_try.as_ref();
            let lost = first.map(|lost| format!("; a first try failed: {}", lost.detail));
            let silent = silent_afterwards(seen);
            let status =
                if lost.is_some() || silent.is_some() { Status::Warn } else { Status::Pass };
            let lost = lost.into_iter().chain(silent).collect::<String>();
            TLS_HANDSHAKE
                .row(status, format!("{}, {}, {group}, {alpn}{lost}", tls.version, tls.cipher))
        }
        _ => {
            let told = seen.told.first();
            let detail = told.map_or_else(|| "failed".to_owned(), |told| told.detail.clone());
            let row = TLS_HANDSHAKE.row(Status::Fail, detail);
            told.map(|told| evidence(seen, told)).into_iter().fold(row, Row::with)
        }
    };
    row.took(seen.main.facts.tls_ms).done()
}

/// That nothing came once the handshake was done, where an answer is to be expected.
fn silent_afterwards(seen: &HostSeen) -> Option<String> {
    let asked = seen.asked.as_ref().filter(|_| speaks_http(seen))?;
    let Some(Err(failure)) = &asked.answered else { return None };
    (failure.fault == Fault::TimedOut).then(|| format!("; {}", failure.detail))
}

/// How the certificates hang together.
fn chain(seen: &HostSeen) -> Observation {
    let chain = &seen.chain;
    let sent = chain.sent.len();
    let leaf = chain.leaf().map(|leaf| leaf.subject.short()).unwrap_or_default();
    let issuer = chain.leaf().map(|leaf| leaf.issuer.short()).unwrap_or_default();
    let mut said = vec![format!("{leaf}, issued by {issuer}, {sent} sent")];
    said.extend((!chain.is_in_order()).then(|| "in the wrong order".to_owned()));
    let surplus = chain.surplus().count();
    said.extend((surplus > 0).then(|| format!("{surplus} surplus")));
    let vain = chain.roots_in_vain().count();
    said.extend((vain > 0).then(|| format!("{vain} root sent in vain")));
    // A root need not be sent, and so what is missing is told where it is the cause.
    let is_cause = |told: &&Told| told.sign == Sign::Fault(Fault::CertMissingIntermediate);
    let missing = chain.missing().filter(|_| seen.told.first().as_ref().is_some_and(is_cause));
    said.extend(missing.map(|name| format!("the issuer {} was not sent", name.short())));
    TLS_CHAIN.row(Status::Pass, said.join(", ")).done()
}

/// Until when it is valid; a gate may want more of it than is left.
fn valid(seen: &HostSeen, within_days: Option<u32>) -> Observation {
    let now = i64::try_from(seen.now).unwrap_or(i64::MAX);
    let Some(first) = first_to_end(seen) else {
        return TLS_VALID.row(Status::Skip, "no certificate can be read").done();
    };
    let days = (first.not_after - now).div_euclid(DAY_S);
    let until = words::date(first.not_after);
    let detail = match days {
        over if over < 0 => format!("until {until}, which is over: {}", first.subject.short()),
        left => format!("{left} days, until {until}: {}", first.subject.short()),
    };
    match within_days {
        // What cannot be trusted at all has a greater trouble.
        Some(wanted) if days < i64::from(wanted) && days >= 0 && seen.is_trusted() => {
            let text = format!(
                "{} is valid for {days} days more, and {wanted} were asked for (--expires-within)",
                first.subject.short()
            );
            let clues = vec![Clue::Shown(Shown::ExpiresSoon), Clue::Message(text.clone())];
            let evidence = Evidence { attempt: None, text, clues };
            TLS_VALID.row(Status::Fail, detail).with(evidence).done()
        }
        // The cause stands in the row of trust.
        _ if days < 0 => TLS_VALID.row(Status::Fail, detail).done(),
        _ => TLS_VALID.row(Status::Pass, detail).done(),
    }
}

/// The certificate of the path that ends first.
fn first_to_end(seen: &HostSeen) -> Option<&Certificate> {
    seen.verified_way().min_by_key(|certificate| certificate.not_after)
}

/// Whether this program trusts it, and what else is wrong.
fn trust(seen: &HostSeen) -> Observation {
    if seen.main.finished.is_err() {
        return TLS_TRUST
            .row(Status::Skip, "no handshake, so that there is nothing to trust")
            .done();
    }
    let failing: Vec<&Told> = seen.told.iter().filter(|told| !told.is_usable).collect();
    let warnings = seen.told.iter().filter(|told| told.is_usable);
    let detail = match (failing.first(), &seen.main.judged) {
        (Some(first), _) => first.detail.clone(),
        (None, Some(Judged::Trusted(by))) => format!("yes, by {}", trusted_by(*by)),
        (None, _) => "no chain was sent".to_owned(),
    };
    // Of what is wrong with one chain the first is the cause; the others stand in its words.
    let first = failing.first().copied();
    let told: Vec<&Told> = first.into_iter().chain(warnings).collect();
    let status = match (first, told.is_empty()) {
        (Some(_), _) => Status::Fail,
        (None, false) => Status::Warn,
        (None, true) => Status::Pass,
    };
    let mut words = vec![detail];
    words.extend(failing.iter().skip(1).map(|told| format!("besides, {}", told.detail)));
    words.extend(told.iter().filter(|told| told.is_usable).map(|told| told.detail.clone()));
    let row = TLS_TRUST.row(status, words.join("; "));
    told.iter().map(|told| evidence(seen, told)).fold(row, Row::with).done()
}

pub(super) fn trusted_by(by: TrustedBy) -> &'static str {
    match by {
        TrustedBy::Public => "the public roots",
        TrustedBy::Extra => "--ca-file",
        TrustedBy::System => "this machine's store alone",
        TrustedBy::Replacement => "SSL_CERT_FILE or SSL_CERT_DIR",
    }
}

fn support(seen: &HostSeen) -> Option<Observation> {
    let support = seen.support.as_ref().filter(|_| seen.main.finished.is_ok())?;
    let versions: Vec<&str> = support
        .versions
        .iter()
        .filter(|(_, told)| told.is(|offer| offer.is_yes()))
        .map(|(version, _)| version.word())
        .collect();
    let groups = support.groups.iter().filter(|(_, told)| told.is(Option::is_some)).count();
    let alpn: Vec<&str> = super::alpn(seen);
    let alpn = if alpn.is_empty() { "none shown".to_owned() } else { alpn.join(" ") };
    let detail = format!("{}; {groups} groups; ALPN {alpn}", versions.join(", "));
    Some(TLS_SUPPORT.row(Status::Pass, detail).done())
}

/// Who trusts the chain; a runtime that does not, where this program does, is worth a warning.
fn stores(seen: &HostSeen) -> Option<Observation> {
    let judged = seen.stores.iter().filter_map(|says| Some((says, says.verdict.as_ref()?)));
    let (trust, distrust): (Vec<_>, Vec<_>) =
        judged.partition(|(_, verdict)| verdict.trusts() && verdict.right_name);
    if trust.is_empty() && distrust.is_empty() {
        return None;
    }
    let names = |list: &[(&super::StoreSays, _)]| -> String {
        let words: Vec<&str> = list.iter().map(|(says, _)| says.store.words.as_str()).collect();
        if words.is_empty() { "nobody".to_owned() } else { words.join(", ") }
    };
    let misnamed = distrust.iter().filter(|(_, verdict)| verdict.trusts()).count();
    let detail = match distrust.is_empty() {
        _ if trust.is_empty() && misnamed > 0 => {
            format!("{misnamed} of {} trust the chain, and it is for another name", distrust.len())
        }
        true => format!("trusted by {}", names(&trust)),
        false => format!("trusted by {}; not by {}", names(&trust), names(&distrust)),
    };
    let lost: Vec<String> = distrust
        .iter()
        .filter(|(says, _)| says.store.runtime)
        .map(|(says, verdict)| format!("{} ({})", says.store.words, verdict.words()))
        .collect();
    // What `--ca-file` names is for this program alone, as whoever named it knows.
    let by_option = matches!(seen.main.judged, Some(Judged::Trusted(TrustedBy::Extra)));
    if trust.is_empty() {
        return Some(TLS_STORES.row(Status::Fail, detail).done());
    }
    if lost.is_empty() || !seen.is_trusted() || by_option {
        return Some(TLS_STORES.row(Status::Pass, detail).done());
    }
    let text = format!("trusted here, and not by {}", lost.join(", "));
    let host = Clue::Host(kind_of(&seen.host.name));
    let clues = vec![Clue::Shown(Shown::RuntimeDistrusts), host, Clue::Message(text.clone())];
    let evidence = Evidence { attempt: None, text, clues };
    Some(TLS_STORES.row(Status::Warn, detail).with(evidence).done())
}

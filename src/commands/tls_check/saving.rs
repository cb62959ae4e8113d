//! The files that a check leaves behind where they are asked for, and why one is not written. Writes none.
//!
//! Must not let a run end well whose file was not written: whoever asked for it goes on to use it.

use std::path::PathBuf;

use crate::{
    facts::{
        Check, Layer, Status,
        check::{Evidence, Observation},
    },
    local::bundles::{self, Bundle, Origin, save},
    probe::tls::{HostSeen, Looked},
    report::document::Remark,
};

use super::{Around, TlsCheck, words};

/// A file that was asked for: its text, with how many certificates that is, or why there is none.
struct Asked<'a> {
    option: &'static str,
    path: &'a PathBuf,
    text: Result<save::Saved, String>,
}

/// A row for each file that was asked for and is not written.
pub(super) fn rows(args: &TlsCheck, looked: &Looked, around: &Around) -> Vec<Observation> {
    let asked = asked(args, looked, around).into_iter();
    asked.filter_map(|asked| Some(row(asked.option, &asked.text.err()?))).collect()
}

/// The files to write, each with what is to be said of it.
pub(super) fn files(
    args: &TlsCheck,
    looked: &Looked,
    around: &Around,
) -> Vec<(PathBuf, String, Option<Remark>)> {
    let asked = asked(args, looked, around).into_iter();
    let written = asked.filter_map(|asked| {
        let saved = asked.text.ok()?;
        let is_bundle = asked.option == "--save-bundle";
        let remark = is_bundle.then(|| words::bundle_saved(asked.path, saved.certificates));
        Some((asked.path.clone(), saved.text, remark))
    });
    written.collect()
}

fn asked<'a>(args: &'a TlsCheck, looked: &Looked, around: &Around) -> Vec<Asked<'a>> {
    let seen = looked.hosts.first().ok_or_else(|| "no host was looked at".to_owned());
    let chain = args.save_chain.iter().map(|path| Asked {
        option: "--save-chain",
        path,
        text: seen.clone().and_then(chain),
    });
    let bundle = args.save_bundle.iter().map(|path| Asked {
        option: "--save-bundle",
        path,
        text: seen.clone().and_then(|seen| bundle(seen, around)),
    });
    chain.chain(bundle).collect()
}

fn chain(seen: &HostSeen) -> Result<save::Saved, String> {
    match seen.sent() {
        [] => Err("no chain was sent".to_owned()),
        sent => Ok(save::Saved {
            text: sent.iter().map(|der| save::pem(der)).collect(),
            certificates: sent.len(),
        }),
    }
}

/// This machine's roots, where its own store trusts the chain.
fn bundle(seen: &HostSeen, around: &Around) -> Result<save::Saved, String> {
    let says = seen.stores.iter().find(|says| says.store.word == "system");
    let says = says.ok_or("this machine's store was not found")?;
    let verdict = says.verdict.as_ref().ok_or_else(|| says.words())?;
    let simulated = around.simulated.as_ref().map(|[_, own]| bundles::certificates(own));
    let system = around.bundles.iter().find(|bundle| bundle.origin == Origin::System);
    let roots = match &simulated {
        Some(own) => save::Roots::Listed(own),
        None => system.and_then(Bundle::roots).unwrap_or(save::Roots::Listed(&[])),
    };
    save::bundle(roots, seen.sent(), verdict).map_err(save::Refused::words)
}

/// Nothing is known to be broken, and yet the run did not do what it was asked for.
fn row(option: &str, why: &str) -> Observation {
    let text = format!("{option} wrote nothing: {why}");
    let check = Check {
        id: "tls.saved".to_owned(),
        stage: 9,
        title: "the file asked for".to_owned(),
        layer: Layer::Local,
        status: Status::Inconclusive,
        duration_ms: None,
        detail: text.clone(),
        attempts: Vec::new(),
    };
    Observation { check, evidence: vec![Evidence { attempt: None, text, clues: Vec::new() }] }
}

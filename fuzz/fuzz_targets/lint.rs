//! Arbitrary bytes as the body of a request, of each kind and for several models, also out of curl commands and HAR files. It asserts what
//! holds for all bytes: no panic, each finding within the text, corrections that end, and another parser's word on what is JSON.

#![no_main]

use gemini_doctor::{
    facts::models::ModelTable,
    lint::{
        Given, KINDS, Service, Version,
        document::{Document, FaultKind},
        fix, input, look, places,
    },
};
use libfuzzer_sys::fuzz_target;

/// Results must not depend on the day of the run.
const DAY: &str = "2026-11-20";
const MODELS: &[Option<&str>] =
    &[None, Some("gemini-3.8-flash"), Some("gemini-2.5-pro"), Some("gemini-3.1-flash-image")];

fuzz_target!(|bytes: &[u8]| {
    // The first byte chooses what is said beforehand, so that one input reaches one way through the rules.
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let text = String::from_utf8_lossy(bytes);
    agrees_on_json(&text);
    let table = ModelTable::embedded();
    let choice = usize::from(*choice);
    let given = Given {
        kind: KINDS.get(choice % (KINDS.len() + 1)).map(|(kind, _)| *kind),
        service: if choice & 64 == 0 { Service::Developer } else { Service::Cloud },
        version: if choice & 128 == 0 { Version::V1Beta } else { Version::V1 },
        model: MODELS[choice % MODELS.len()],
        is_wide: choice & 32 != 0,
        counts: choice & 16 != 0,
        ..Given::on(&table, DAY)
    };
    for body in input::bodies(&text) {
        let given = Given { unknown: &body.unknown, ..given.clone() };
        let looked = look(&body.text, &given);
        for finding in &looked.findings {
            assert!(body.text.get(finding.span.clone()).is_some(), "{finding:?}");
            assert!(input::place(&body, finding.span.start) <= text.len());
            for edit in finding.correction.iter().flat_map(|correction| &correction.edits) {
                assert!(body.text.get(edit.span.clone()).is_some(), "{edit:?}");
            }
        }
        assert_eq!(places(&body.text, &looked.findings).len(), looked.findings.len());
        if body.text.len() < 2_000 {
            let fixed = fix(&body.text, &given);
            assert!(fixed.changes.len() < 10_000);
        }
    }
});

/// What has no fault is JSON, and what is JSON has none but names that stand there twice, depth, and half characters.
fn agrees_on_json(text: &str) {
    let document = Document::read(text);
    let taken = [FaultKind::DuplicateKey, FaultKind::TooDeep];
    let is_json = document.faults().iter().all(|fault| taken.contains(&fault.kind));
    let read = serde_json::from_str::<serde_json::Value>(text);
    let too_deep = read.as_ref().is_err_and(|error| error.to_string().contains("recursion limit"));
    assert!(is_json == read.is_ok() || too_deep, "{:?}", document.faults());
}

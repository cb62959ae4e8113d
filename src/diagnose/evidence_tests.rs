//! What a finding rests on: without all of it the finding is gone, without a part of it nothing is surer, and a
//! piece that decides takes the certainty with it. Held for every known fix, and for mixtures of them.

use crate::{
    catalog::{self, Sign},
    diagnose::{Finding, Shell, judge, read},
    facts::{
        Check, Clue, Confidence, Layer, Status,
        check::{Evidence, Observation},
    },
};

/// Panics where evidence and findings do not hang together, and names the run.
pub(crate) fn assert_holds(run: &str, observations: &[Observation]) {
    let found = judge(observations, Shell::Sh);
    for finding in &found {
        let rest = without(observations, |one| cites(finding, one));
        let id = finding.id.as_str();
        assert!(!ids(&judge(&rest, Shell::Sh)).contains(&id), "{run}: {id} stays without evidence");
        for proof in &finding.evidence {
            let is_piece = |one: &Evidence| bare(&proof.text) == one.text && cites(finding, one);
            let rest = judge(&without(observations, is_piece), Shell::Sh);
            let left = rest.iter().find(|other| other.id == finding.id);
            let stays_sure = left.is_some_and(|left| left.confidence == Confidence::High);
            let is_read_off = !observations.iter().flat_map(|row| &row.evidence).any(is_piece);
            assert!(
                is_read_off || !(proof.decisive && stays_sure),
                "{run}: {id} is as sure without {:?}, which decides",
                proof.text
            );
            nothing_is_surer(run, &proof.text, &found, &rest);
        }
    }
}

/// Of what is left no finding is surer than it was, and none that is sure is new.
fn nothing_is_surer(run: &str, taken: &str, before: &[Finding], after: &[Finding]) {
    for finding in after {
        let known = before.iter().find(|one| one.id == finding.id);
        match known {
            Some(known) => assert!(
                finding.confidence <= known.confidence,
                "{run}: {} is surer without {taken:?}",
                finding.id
            ),
            // What was folded under its root was known before.
            None => {
                let mut folded = before.iter().flat_map(|one| &one.consequences);
                let is_known = folded.any(|one| one.id == finding.id);
                assert!(
                    is_known || finding.confidence < Confidence::High,
                    "{run}: {} appears without {taken:?}",
                    finding.id
                );
            }
        }
    }
}

/// Whether a finding rests on a piece: the same words, and its own cause.
fn cites(finding: &Finding, one: &Evidence) -> bool {
    let is_named = finding.evidence.iter().any(|proof| bare(&proof.text) == one.text);
    let alone = Observation { check: check(Status::Fail), evidence: vec![one.clone()] };
    is_named && ids(&judge(&[alone], Shell::Sh)).contains(&finding.id.as_str())
}

/// A text without the number of times that it came.
fn bare(text: &str) -> &str {
    match text.rsplit_once(" (") {
        Some((bare, times)) if times.ends_with(" times)") => bare,
        _ => text,
    }
}

fn without(observations: &[Observation], is_gone: impl Fn(&Evidence) -> bool) -> Vec<Observation> {
    let mut left = observations.to_vec();
    for row in &mut left {
        row.evidence.retain(|one| !is_gone(one));
    }
    left
}

fn ids(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.id.as_str()).collect()
}

fn check(status: Status) -> Check {
    Check {
        id: "made.up".to_owned(),
        stage: 1,
        title: "made up".to_owned(),
        layer: Layer::Request,
        status,
        duration_ms: None,
        detail: String::new(),
        attempts: Vec::new(),
    }
}

/// A row for each example of every known fix: pasted texts, and the clues of live ones.
fn examples() -> Vec<Observation> {
    let mut rows = Vec::new();
    for fix in catalog::all() {
        let texts = fix.seen_as.iter().map(|text| (read::read(text), None));
        let cases = fix.when.iter().map(|case| (clues(case.all), Some("a01".to_owned())));
        for (number, (clues, attempt)) in texts.chain(cases).enumerate() {
            let text = format!("{} {number}", fix.id);
            let evidence = vec![Evidence { attempt, text, clues }];
            let status = if number % 3 == 1 { Status::Warn } else { Status::Fail };
            rows.push(Observation { check: check(status), evidence });
        }
    }
    rows
}

fn clues(signs: &[Sign]) -> Vec<Clue> {
    signs.iter().filter_map(catalog::sample).collect()
}

#[test]
fn a_finding_stands_and_falls_with_its_evidence() {
    let rows = examples();
    assert!(rows.len() > 400, "{}", rows.len());
    for row in &rows {
        assert_holds(&row.evidence[0].text, std::slice::from_ref(row));
    }
}

#[test]
fn so_do_the_findings_of_several_faults_at_once() {
    let rows = examples();
    let mut random = 7_u64;
    let mut next = |most: usize| {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(random >> 33).expect("31 bits") % most
    };
    for number in 0..120 {
        let run: Vec<Observation> =
            (0..2 + next(3)).map(|_| rows[next(rows.len())].clone()).collect();
        assert_holds(&format!("mixture {number}"), &run);
    }
}

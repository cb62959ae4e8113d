//! The document at the end of a watch: the verdict of the whole, what each thing came to, and the proofs.

use serde_json::json;

use crate::{
    commands::watch::{findings, one_look, rows, told},
    diagnose::judge,
    exit::Exit,
    facts::{Severity, Status, check::Observation, counted},
    report::{
        Report,
        document::{Budget, Column, Sheet},
        verdict::{self, Stop},
    },
};

use super::{Around, going::Going};
use crate::app::{build, carry::Carried};

/// The document of a watch that is over.
pub(super) fn finished(around: &Around<'_>, going: &Going<'_>, stopped: Option<Stop>) -> Report {
    let (watched, session) = (&going.watched, around.session);
    let observations: Vec<Observation> = going.local.iter().cloned().chain(rows(watched)).collect();
    let now_ms = session.clock.wall_ms();
    let told = told(around.wanted, watched, &going.beside, now_ms);
    let mut report = build::opening(session);
    report.run.duration_ms = build::tenth(session.clock.elapsed_ms());
    let spent = going.ledger.spent;
    report.run.budget = Budget {
        requests_max: session.requests_max,
        requests_used: spent.requests,
        paid_requests_used: spent.paid,
        input_tokens: spent.input_tokens,
        output_tokens: spent.output_tokens,
    };
    let names = around.wanted.plan.models.join(", ");
    if report.target.model.is_none() {
        report.target.model_source =
            Some("picked: the newest stable flash of the dated table".to_owned());
    }
    report.target.model = Some(names);
    report.findings = findings(watched, &observations, around.output.shell());
    report.checks = observations.into_iter().map(|observation| observation.check).collect();
    report.attempts = watched.attempts();
    (report.data, report.sheets) = (told.data, told.sheets);
    (report.remarks, report.limits) = (told.remarks, told.limits);
    let simulated = build::limits_of_simulation(session, &report.findings);
    report.limits.splice(0..0, simulated);
    conclude(around, &mut report, stopped, (told.word, told.sentence));
    report
}

fn conclude(
    around: &Around<'_>,
    report: &mut Report,
    stopped: Option<Stop>,
    (word, sentence): (&str, String),
) {
    let fail_on = &around.session.fail_on;
    let (status, exit) = verdict::verdict_on(fail_on, &report.checks, &report.findings, stopped);
    report.verdict = build::finished(status, exit, word, sentence);
    let (_, by_itself) = verdict::verdict(&report.checks, &report.findings, stopped);
    if by_itself != exit {
        let usual = by_itself.code();
        report.verdict.exit_meaning =
            format!("Exit {} (by --fail-on; it would be {usual}).", exit.code());
    }
    report.verdict.summary = verdict::summary(&report.checks);
    if let Some(expected) = around.session.expect.as_ref().filter(|_| stopped.is_none()) {
        build::drill(report, expected);
    }
    let carried =
        Carried::of(around.given, &around.settings.endpoint.value, around.settings.output.shell);
    carried.rewrite(&mut report.findings);
    carried.rewrite_remarks(&mut report.remarks);
    report.verdict.next = Some(carried.command(&next(report)));
}

/// The command that leads on.
fn next(report: &Report) -> String {
    let first = report.findings.iter().find(|finding| finding.severity == Severity::Error);
    match first {
        Some(first) => format!("gemini-doctor fixes {}", first.id),
        None => "gemini-doctor doctor".to_owned(),
    }
}

/// The document where there is no key that could be sent.
pub(super) fn without_key(around: &Around<'_>, rows: Vec<Observation>) -> Report {
    let mut report = build::opening(around.session);
    report.findings = judge(&rows, around.output.shell());
    report.checks = rows.into_iter().map(|row| row.check).collect();
    if build::is_content_without_key(&report) {
        build::skip_without_key(&mut report);
        return report;
    }
    let sentence = match report.findings.first() {
        Some(first) => format!("{}.", first.title),
        None => "the key cannot be sent.".to_owned(),
    };
    conclude(around, &mut report, None, ("FAIL", sentence));
    report
}

/// The document of a watch that only says what it would send.
pub(super) fn dry_run(around: &Around<'_>) -> Report {
    let (wanted, session) = (around.wanted, around.session);
    let mut report = build::opening(session);
    let (paid, free) = wanted.calls();
    let (looks, most) = (wanted.looks(), session.requests_max);
    report.data = json!({
        "planned": {"looks": looks, "paid_calls": paid, "free_calls": free},
    });
    let row = |what: &str, count: u64, cost: &str| {
        vec![what.to_owned(), format!("up to {count}"), cost.to_owned()]
    };
    let mut rows = vec![row("looks, each over a new connection", looks, "-")];
    if paid > 0 {
        rows.push(row("models.streamGenerateContent", paid, "paid"));
    }
    let what = [
        (paid == 0, "countTokens"),
        (wanted.with_list, "models.list"),
        (wanted.plan.key.cloud.is_some(), "steps to a token"),
    ];
    let what: Vec<&str> = what.iter().filter(|one| one.0).map(|one| one.1).collect();
    if free > 0 {
        rows.push(row(&what.join(", "), free, "free"));
    }
    report.sheets = vec![Sheet {
        title: format!("would be sent to {}", around.settings.endpoint.value.base_url()),
        columns: ["what", "how often", "cost"].map(Column::text).to_vec(),
        rows,
        notes: Vec::new(),
    }];
    report.run.duration_ms = build::tenth(session.clock.elapsed_ms());
    if wanted.plan.key.source.origin.is_none() {
        report.limits.push("no key was found, so none of this could be sent".to_owned());
    }
    let all = (paid + free).min(most);
    let few = one_look(wanted).map(|why| format!("; {why}")).unwrap_or_default();
    let all = counted(all, "request");
    let sentence = format!("nothing was sent; at most {all} would be, {paid} of them paid{few}.");
    report.verdict = build::finished(Status::Skip, Exit::Healthy, "DRY RUN", sentence);
    report
}

//! `explain`: takes the text in, has it read and judged, and tells.

mod source;

use serde_json::json;

use crate::{
    commands::explain::{Explain, Whose},
    diagnose::{Finding, pasted, read},
    error::UserError,
    exit::Exit,
    facts::{Severity, Status},
    report::{Report, verdict},
    settings::World,
};

use super::{build, offline, output::Output};

/// The id of the finding that says that nothing known fits.
const NOT_RECOGNISED: &str = "not-recognised";

/// `explain`.
pub(in crate::app) fn run(args: &Explain, machine: &World) -> Exit {
    offline::offline("explain", &args.output, machine, |output| report(args, output))
}

fn report(args: &Explain, output: &Output) -> Result<Report, UserError> {
    let text = source::text(args, output)?;
    let reading = read::errors(&text, &read::Around::default());
    let findings = pasted::findings(&reading.errors, output.shell());
    let mut report = build::offline("explain", "", json!({}), Vec::new());
    let (status, own) = verdict::verdict(&[], &findings, None);
    let recognised = is_recognised(&findings);
    report.verdict.status = if recognised { status } else { Status::Inconclusive };
    report.verdict.word = if recognised { "CAUSE" } else { "UNKNOWN" }.to_owned();
    report.verdict.sentence =
        findings.first().map(|first| format!("{}.", first.title)).unwrap_or_default();
    let exit = match (args.exit_code, recognised) {
        (Some(Whose::Ours), true) => own,
        (_, true) => Exit::Healthy,
        (_, false) => Exit::Unknown,
    };
    report.verdict.exit_code = exit.code();
    report.verdict.exit_meaning = verdict::exit_meaning(exit).to_owned();
    report.findings = findings;
    Ok(report)
}

fn is_recognised(findings: &[Finding]) -> bool {
    findings
        .first()
        .is_some_and(|first| first.id != NOT_RECOGNISED && first.severity <= Severity::Note)
}

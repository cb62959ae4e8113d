//! From checks and findings to one status and one exit code. Pure; the rules are frozen, because
//! scripts rest on them.

use crate::{
    diagnose::Finding,
    exit::Exit,
    facts::{Check, Class, Severity, Status},
};

use super::{FailOn, document::Summary};

/// Why a run ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// By Ctrl-C.
    Interrupted,
    /// By SIGTERM.
    Terminated,
    /// Its budget or its time was used up.
    Spent,
    /// The arguments or the configuration do not allow it.
    Usage,
    /// By a fault of this program.
    Internal,
}

/// The status and the exit code, where every class fails a run and warnings do not.
pub fn verdict(checks: &[Check], findings: &[Finding], stop: Option<Stop>) -> (Status, Exit) {
    verdict_on(&FailOn::default(), checks, findings, stop)
}

/// The same, where only some classes fail a run. The status is not changed by that choice.
pub fn verdict_on(
    fail_on: &FailOn,
    checks: &[Check],
    findings: &[Finding],
    stop: Option<Stop>,
) -> (Status, Exit) {
    let causes =
        || roots(findings).chain(undecided(checks, findings)).chain(stop.map(exit_of_stop));
    let counted =
        causes().filter(|exit| counts(fail_on, *exit)).chain(warned(fail_on, findings, checks));
    let worst = counted.max_by_key(|exit| precedence(*exit)).unwrap_or(Exit::Healthy);
    (status(checks, findings, stop), worst)
}

/// The exit code where these classes fail a run, however it was ended.
pub fn exit_on(fail_on: &FailOn, classes: &[Class], stop: Option<Stop>, warned: bool) -> Exit {
    let causes = classes.iter().map(|class| exit_of(*class)).chain(stop.map(exit_of_stop));
    let counted = causes.filter(|exit| counts(fail_on, *exit));
    let warned = (warned && fail_on.warnings()).then_some(Exit::Yours);
    counted.chain(warned).max_by_key(|exit| precedence(*exit)).unwrap_or(Exit::Healthy)
}

/// How many checks ended how.
pub fn summary(checks: &[Check]) -> Summary {
    checks.iter().fold(Summary::default(), |mut sum, check| {
        match check.status {
            Status::Pass => sum.pass += 1,
            Status::Warn => sum.warn += 1,
            Status::Fail => sum.fail += 1,
            Status::Skip => sum.skip += 1,
            Status::Inconclusive => sum.inconclusive += 1,
        }
        sum
    })
}

/// The verdict's word where a command has none of its own.
pub const fn word(status: Status) -> &'static str {
    match status {
        Status::Pass => "PASS",
        Status::Warn => "WARN",
        Status::Fail => "FAIL",
        Status::Skip => "SKIPPED",
        Status::Inconclusive => "UNCLEAR",
    }
}

/// The code with its meaning, as the headline has it.
pub const fn exit_meaning(exit: Exit) -> &'static str {
    match exit {
        Exit::Healthy => "Exit 0 (healthy).",
        Exit::Yours => "Exit 1 (yours to fix).",
        Exit::Usage => "Exit 2 (arguments or configuration).",
        Exit::Theirs => "Exit 3 (theirs, or temporary).",
        Exit::Path => "Exit 4 (the path).",
        Exit::Unknown => "Exit 5 (inconclusive).",
        Exit::Quota => "Exit 6 (quota or payment).",
        Exit::Internal => "Exit 70 (a fault of this program).",
        Exit::Interrupted => "Exit 130 (stopped by Ctrl-C).",
        Exit::Terminated => "Exit 143 (stopped by SIGTERM).",
    }
}

/// The code of a class.
pub const fn exit_of(class: Class) -> Exit {
    match class {
        Class::Yours => Exit::Yours,
        Class::Usage => Exit::Usage,
        Class::Theirs => Exit::Theirs,
        Class::Path => Exit::Path,
        Class::Unknown => Exit::Unknown,
        Class::Quota => Exit::Quota,
    }
}

/// Among several causes the greatest of these decides.
pub const fn precedence(exit: Exit) -> u8 {
    match exit {
        Exit::Healthy => 0,
        Exit::Unknown => 1,
        Exit::Theirs => 2,
        Exit::Quota => 3,
        Exit::Yours => 4,
        Exit::Path => 5,
        Exit::Internal => 6,
        Exit::Usage => 7,
        Exit::Interrupted => 8,
        Exit::Terminated => 9,
    }
}

/// The codes of the findings that break calls. Their consequences are folded into them already, and a
/// rival of one is no cause of its own.
fn roots(findings: &[Finding]) -> impl Iterator<Item = Exit> {
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error && finding.alternative_to.is_none());
    errors.map(|finding| exit_of(finding.class))
}

/// A check that could not tell decides nothing, like one that failed and that nothing explains.
fn undecided(checks: &[Check], findings: &[Finding]) -> impl Iterator<Item = Exit> {
    let explained = findings.iter().any(|finding| finding.severity == Severity::Error);
    let open = move |check: &&Check| match check.status {
        Status::Inconclusive => true,
        Status::Fail => !explained,
        Status::Pass | Status::Warn | Status::Skip => false,
    };
    checks.iter().filter(open).map(|_| Exit::Unknown)
}

const fn exit_of_stop(stop: Stop) -> Exit {
    match stop {
        Stop::Interrupted => Exit::Interrupted,
        Stop::Terminated => Exit::Terminated,
        Stop::Spent => Exit::Unknown,
        Stop::Usage => Exit::Usage,
        Stop::Internal => Exit::Internal,
    }
}

fn counts(fail_on: &FailOn, exit: Exit) -> bool {
    match exit {
        Exit::Yours => fail_on.class(Class::Yours),
        Exit::Theirs => fail_on.class(Class::Theirs),
        Exit::Path => fail_on.class(Class::Path),
        Exit::Unknown => fail_on.class(Class::Unknown),
        Exit::Quota => fail_on.class(Class::Quota),
        Exit::Healthy | Exit::Usage | Exit::Internal | Exit::Interrupted | Exit::Terminated => true,
    }
}

fn warned(fail_on: &FailOn, findings: &[Finding], checks: &[Check]) -> Option<Exit> {
    (fail_on.warnings() && has_warning(checks, findings)).then_some(Exit::Yours)
}

fn has_warning(checks: &[Check], findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Warning)
        || checks.iter().any(|check| check.status == Status::Warn)
}

fn status(checks: &[Check], findings: &[Finding], stop: Option<Stop>) -> Status {
    let any = |status| checks.iter().any(|check| check.status == status);
    let broken = roots(findings).next().is_some() || any(Status::Fail);
    if broken || matches!(stop, Some(Stop::Usage | Stop::Internal)) {
        Status::Fail
    } else if stop.is_some() || any(Status::Inconclusive) {
        Status::Inconclusive
    } else if has_warning(checks, findings) {
        Status::Warn
    } else {
        Status::Pass
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    const ORDER: [Class; 6] =
        [Class::Usage, Class::Path, Class::Yours, Class::Quota, Class::Theirs, Class::Unknown];

    fn found(class: Class, severity: Severity) -> Finding {
        Finding { class, severity, ..samples::finding("some-cause") }
    }

    fn error(class: Class) -> Finding {
        found(class, Severity::Error)
    }

    fn asked(status: Status) -> Check {
        samples::check("some.check", 1, status, "")
    }

    #[test]
    fn nothing_found_is_healthy() {
        assert_eq!(verdict(&[], &[], None), (Status::Pass, Exit::Healthy));
        let skipped = [asked(Status::Pass), asked(Status::Skip)];
        assert_eq!(verdict(&skipped, &[], None), (Status::Pass, Exit::Healthy));
    }

    #[test]
    fn among_several_roots_the_order_decides_and_not_the_rank() {
        for (place, stronger) in ORDER.iter().enumerate() {
            for weaker in &ORDER[place..] {
                let findings = [error(*weaker), error(*stronger)];
                let expected = (Status::Fail, exit_of(*stronger));
                assert_eq!(verdict(&[], &findings, None), expected, "{weaker:?} {stronger:?}");
            }
        }
    }

    #[test]
    fn our_own_fault_stands_between_usage_and_the_path() {
        let ends = |class| verdict(&[], &[error(class)], Some(Stop::Internal)).1;
        assert_eq!(ends(Class::Usage), Exit::Usage);
        assert_eq!(ends(Class::Path), Exit::Internal);
    }

    #[test]
    fn warnings_and_notes_fail_only_when_asked_to() {
        let warning = [found(Class::Path, Severity::Warning)];
        let note = [found(Class::Path, Severity::Note)];
        let strict = FailOn::warn();
        assert_eq!(verdict(&[], &warning, None), (Status::Warn, Exit::Healthy));
        assert_eq!(verdict(&[], &note, None), (Status::Pass, Exit::Healthy));
        assert_eq!(verdict_on(&strict, &[], &warning, None), (Status::Warn, Exit::Yours));
        assert_eq!(verdict_on(&strict, &[], &note, None), (Status::Pass, Exit::Healthy));
        let check = [asked(Status::Warn)];
        assert_eq!(verdict_on(&strict, &check, &[], None), (Status::Warn, Exit::Yours));
    }

    #[test]
    fn a_failure_without_a_cause_is_inconclusive() {
        assert_eq!(verdict(&[asked(Status::Fail)], &[], None), (Status::Fail, Exit::Unknown));
        let unclear = [asked(Status::Inconclusive)];
        assert_eq!(verdict(&unclear, &[], None), (Status::Inconclusive, Exit::Unknown));
        let explained = verdict(&[asked(Status::Fail)], &[error(Class::Theirs)], None);
        assert_eq!(explained, (Status::Fail, Exit::Theirs));
    }

    #[test]
    fn a_stopped_run_says_how_it_was_stopped() {
        let findings = [error(Class::Usage)];
        assert_eq!(
            verdict(&[], &[], Some(Stop::Interrupted)),
            (Status::Inconclusive, Exit::Interrupted)
        );
        assert_eq!(
            verdict(&[], &findings, Some(Stop::Terminated)),
            (Status::Fail, Exit::Terminated)
        );
        assert_eq!(verdict(&[], &[], Some(Stop::Spent)), (Status::Inconclusive, Exit::Unknown));
    }

    #[test]
    fn only_the_chosen_classes_fail() {
        let theirs: FailOn = "theirs".parse().unwrap();
        let both = [error(Class::Path), error(Class::Theirs)];
        assert_eq!(verdict_on(&theirs, &[], &both, None), (Status::Fail, Exit::Theirs));
        assert_eq!(verdict_on(&theirs, &[], &both[..1], None), (Status::Fail, Exit::Healthy));
        for stays in [Stop::Usage, Stop::Internal, Stop::Interrupted, Stop::Terminated] {
            let ends = verdict_on(&FailOn::never(), &[], &both, Some(stays)).1;
            assert_eq!(ends, exit_of_stop(stays));
        }
    }

    #[test]
    fn every_meaning_names_its_code() {
        for exit in Exit::ALL {
            assert!(exit_meaning(exit).starts_with(&format!("Exit {} (", exit.code())));
        }
    }

    #[test]
    fn the_summary_counts_every_check_once() {
        let all = [Status::Pass, Status::Warn, Status::Fail, Status::Skip, Status::Inconclusive];
        let sum = summary(&all.map(asked));
        assert_eq!(sum, Summary { pass: 1, warn: 1, fail: 1, skip: 1, inconclusive: 1 });
    }
}

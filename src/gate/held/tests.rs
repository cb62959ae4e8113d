//! What a gate makes of runs: requirements, waivers to the day, and whose move it is.

use super::*;
use crate::facts::{CallEnd, Level};

const TODAY: &str = "2026-12-31";

fn row(id: &str, status: Status) -> Check {
    Check {
        id: id.to_owned(),
        stage: 5,
        title: id.to_owned(),
        layer: Layer::Auth,
        status,
        duration_ms: None,
        detail: format!("{id} said so"),
        attempts: vec!["a01".to_owned()],
    }
}

fn gate(checks: &[&str]) -> Gate {
    Gate { checks: checks.iter().map(|&id| id.to_owned()).collect(), ..Gate::default() }
}

fn waiver(subject: Subject, until: &str) -> Waiver {
    Waiver { subject, reason: "ticket 17".to_owned(), until: until.to_owned() }
}

fn of_check(id: &str) -> Subject {
    Subject::Check(id.to_owned())
}

fn cause(id: &str, class: Class) -> Cause {
    Cause { id: id.to_owned(), class }
}

fn calls(pattern: &str) -> Vec<Timed> {
    let end = |letter| match letter {
        '.' => CallEnd::Answered,
        'x' => CallEnd::Missing,
        _ => CallEnd::Failed,
    };
    let timed = |(place, letter)| Timed {
        attempt: Some(format!("a{place:02}")),
        end: end(letter),
        latency_ms: Some(100.0),
        first_token_ms: None,
        tokens: None,
    };
    pattern.chars().enumerate().map(timed).collect()
}

/// A run of which the rows matter, or the calls.
struct Run {
    rows: Vec<Check>,
    causes: Vec<Cause>,
    samples: Vec<Timed>,
    end: SamplingEnd,
    today: &'static str,
}

impl Run {
    fn of(rows: &[(&str, Status)]) -> Self {
        let rows = rows.iter().map(|(id, status)| row(id, *status)).collect();
        let (causes, samples) = (Vec::new(), Vec::new());
        Self { rows, causes, samples, end: SamplingEnd::Settled, today: TODAY }
    }

    fn sampled(pattern: &str, end: SamplingEnd) -> Self {
        Self { samples: calls(pattern), end, ..Self::of(&[]) }
    }

    fn because(self, causes: &[Cause]) -> Self {
        Self { causes: causes.to_vec(), ..self }
    }

    fn held(&self, gate: &Gate) -> Held {
        hold(
            gate,
            &Seen {
                rows: &self.rows,
                causes: &self.causes,
                samples: &self.samples,
                end: &self.end,
                today: self.today,
                stopped: false,
                without_key: false,
            },
        )
    }
}

fn statuses(held: &Held) -> Vec<Status> {
    held.requirements.iter().map(|one| one.check.status).collect()
}

#[test]
fn what_holds_passes_and_what_is_not_required_fails_nothing() {
    let run = Run::of(&[("api.list", Status::Pass), ("api.route", Status::Fail)])
        .because(&[cause("some-cause", Class::Theirs)]);
    let held = run.held(&gate(&["api.list"]));
    assert_eq!((held.status(), held.classes.len()), (Status::Pass, 0));
    assert_eq!(held.requirements.len(), 1);
}

#[test]
fn a_cause_says_whose_move_it_is_and_without_one_the_gate_is_not_met() {
    let run = Run::of(&[("api.list", Status::Fail)]);
    assert_eq!(run.held(&gate(&["api.list"])).classes, [Class::Yours]);
    let run = run.because(&[cause("dns-failure", Class::Path)]);
    assert_eq!(run.held(&gate(&["api.list"])).classes, [Class::Path]);
}

#[test]
fn an_error_that_is_not_recognised_explains_nothing() {
    let unknown = [cause("not-recognised", Class::Unknown)];
    let failed = Run::of(&[("api.list", Status::Fail)]).because(&unknown);
    assert_eq!(failed.held(&gate(&["api.list"])).classes, [Class::Yours], "it did not hold");
    let open = Run::of(&[("api.list", Status::Inconclusive)]).because(&unknown);
    assert_eq!(open.held(&gate(&["api.list"])).classes, [Class::Unknown], "nobody knows");
}

#[test]
fn a_waiver_passes_with_a_warning_on_its_last_day_and_fails_the_day_after() {
    let mut gate = gate(&["api.list"]);
    gate.waivers = vec![waiver(of_check("api.list"), "2026-12-31")];
    let run = Run::of(&[("api.list", Status::Fail)]);
    let held = run.held(&gate);
    assert_eq!((held.status(), held.classes.len()), (Status::Warn, 0));
    assert_eq!(held.waivers, [WaiverState::Used]);
    let detail = &held.requirements[0].check.detail;
    assert!(detail.starts_with("waived until 2026-12-31, which is today"), "{detail}");
    assert!(detail.contains("(ticket 17)") && detail.ends_with("api.list said so"), "{detail}");
    let held = Run { today: "2027-01-01", ..run }.held(&gate);
    assert_eq!((held.status(), held.classes), (Status::Fail, vec![Class::Yours]));
    assert_eq!(held.waivers, [WaiverState::Ended]);
    let detail = &held.requirements[0].check.detail;
    assert!(detail.starts_with("its waiver ended on 2026-12-31 (ticket 17); "), "{detail}");
}

#[test]
fn a_waiver_that_waives_nothing_is_told() {
    let mut gate = gate(&["api.list"]);
    gate.waivers = vec![waiver(of_check("api.list"), "2027-01-01")];
    let held = Run::of(&[("api.list", Status::Pass)]).held(&gate);
    assert_eq!((held.status(), held.waivers), (Status::Pass, vec![WaiverState::Unused]));
}

#[test]
fn a_waived_cause_lets_pass_what_it_alone_explains() {
    let mut gate = gate(&["api.list"]);
    gate.waivers = vec![waiver(Subject::Finding("known".to_owned()), "2027-01-01")];
    let run = Run::of(&[("api.list", Status::Fail)]).because(&[cause("known", Class::Theirs)]);
    assert_eq!(run.held(&gate).status(), Status::Warn);
    let both = [cause("known", Class::Theirs), cause("other", Class::Path)];
    let held = run.because(&both).held(&gate);
    assert_eq!((held.status(), held.classes), (Status::Fail, vec![Class::Path]));
}

#[test]
fn what_was_not_reached_is_told_once() {
    let rows = [("net.dns", Status::Fail), ("api.list", Status::Skip), ("api.model", Status::Skip)];
    let run = Run::of(&rows);
    let held = run.held(&gate(&["net.dns", "api.list", "api.model"]));
    assert_eq!(statuses(&held), [Status::Fail, Status::Skip, Status::Skip]);
    // Where the broken row is no requirement, the first that rests on it tells of it.
    let held = run.held(&gate(&["api.list", "api.model"]));
    assert_eq!(statuses(&held), [Status::Fail, Status::Skip]);
    assert_eq!(held.requirements[0].check.detail, "not reached: net.dns: net.dns said so");
}

#[test]
fn a_waived_fault_hides_nothing_that_it_is_not_about() {
    let mut gate = gate(&["adc.token", "api.list", "api.model"]);
    gate.levels = vec![Level { calls: 7, ..Level::new(Measure::Alias, 0.0) }];
    gate.waivers = vec![waiver(Subject::Finding("known".to_owned()), "2027-01-01")];
    let rows =
        [("api.list", Status::Pass), ("api.model", Status::Pass), ("api.alias", Status::Fail)];
    let run = Run { rows: Run::of(&rows).rows, ..Run::sampled("xxx.", SamplingEnd::NotMet) }
        .because(&[cause("known", Class::Theirs)]);
    let held = run.held(&gate);
    let expected = [Status::Inconclusive, Status::Pass, Status::Pass, Status::Warn];
    assert_eq!((statuses(&held), held.classes), (expected.to_vec(), vec![Class::Unknown]));
    gate.waivers = vec![waiver(of_check("api.alias"), "2027-01-01")];
    assert_eq!(statuses(&run.held(&gate)), expected);
}

#[test]
fn a_waived_cause_lets_pass_what_it_cut_and_a_waived_check_lets_pass_itself_alone() {
    let mut gate = gate(&["net.dns", "api.list"]);
    let rows = [("net.dns", Status::Fail), ("api.list", Status::Skip)];
    let run = Run::of(&rows).because(&[cause("known", Class::Path)]);
    gate.waivers = vec![waiver(Subject::Finding("known".to_owned()), "2027-01-01")];
    assert_eq!(statuses(&run.held(&gate)), [Status::Warn, Status::Warn]);
    gate.waivers = vec![waiver(of_check("net.dns"), "2027-01-01")];
    let held = run.held(&gate);
    assert_eq!(statuses(&held), [Status::Warn, Status::Fail]);
    assert_eq!(held.requirements[1].check.detail, "not reached: net.dns: net.dns said so");
}

#[test]
fn a_name_of_which_most_calls_got_no_answer_fails_and_is_explained() {
    let level = Level { calls: 7, ..Level::new(Measure::Alias, 0.0) };
    let gate = Gate { levels: vec![level], is_smoke: true, ..Gate::default() };
    let run = Run::sampled("?.??.??", SamplingEnd::NotMet);
    let held = run.held(&gate);
    assert_eq!((statuses(&held), held.classes), (vec![Status::Fail], vec![Class::Yours]));
    assert_eq!(held.requirements[0].check.detail, "5 of 7 calls were not answered");
    assert_eq!(held.requirements[0].check.attempts, ["a00", "a02", "a03", "a05", "a06"]);
    let held = run.because(&[cause("server-overloaded", Class::Theirs)]).held(&gate);
    assert_eq!(held.classes, [Class::Theirs]);
    let held = Run::sampled("??.", SamplingEnd::Spent("spent".to_owned())).held(&gate);
    assert_eq!(held.status(), Status::Fail);
    let held = Run::sampled("..?....", SamplingEnd::Settled).held(&gate);
    assert_eq!(held.status(), Status::Warn);
}

#[test]
fn what_was_never_asked_is_not_told_to_hold() {
    let held = Run::of(&[("api.list", Status::Skip)]).held(&gate(&["api.list", "cloud.auth"]));
    assert_eq!(statuses(&held), [Status::Inconclusive, Status::Inconclusive]);
    assert_eq!(held.classes, [Class::Unknown, Class::Unknown]);
    let smoke = Gate { is_smoke: true, ..gate(&["api.list"]) };
    assert_eq!(Run::of(&[("api.list", Status::Skip)]).held(&smoke).classes, []);
}

#[test]
fn too_few_calls_stop_no_deploy_unless_the_file_says_so() {
    let levels = vec![Level { calls: 20, ..Level::new(Measure::FailurePercent, 5.0) }];
    let gate = Gate { levels, ..Gate::default() };
    let run = Run::sampled("...................?", SamplingEnd::Settled);
    let held = run.held(&gate);
    assert_eq!((held.status(), held.classes.len()), (Status::Warn, 0));
    assert!(held.requirements[0].check.detail.contains("93 calls would"));
    let strict = Gate { fails_if_open: true, ..gate };
    let held = run.held(&strict);
    assert_eq!((held.status(), held.classes), (Status::Inconclusive, vec![Class::Unknown]));
}

#[test]
fn a_quota_in_the_middle_is_too_few_calls_and_one_from_the_start_is_a_failure() {
    let gate = Gate { levels: vec![Level::new(Measure::LatencyP50, 500.0)], ..Gate::default() };
    let end = || SamplingEnd::Throttled("429".to_owned());
    assert_eq!(Run::sampled("..?", end()).held(&gate).status(), Status::Warn);
    let run = Run::sampled("?", end()).because(&[cause("quota-per-minute", Class::Theirs)]);
    assert_eq!(run.held(&gate).classes, [Class::Theirs]);
    let run = Run::sampled("..?", end()).because(&[cause("quota-per-day", Class::Quota)]);
    assert_eq!(run.held(&gate).classes, [Class::Quota]);
}

#[test]
fn a_service_that_answers_nothing_meets_no_level() {
    let level = Level { calls: 5, ..Level::new(Measure::LatencyP50, 500.0) };
    let gate = Gate { levels: vec![level], ..Gate::default() };
    let run = Run::sampled("?????", SamplingEnd::Settled);
    assert_eq!(run.held(&gate).classes, [Class::Yours]);
    let run = run.because(&[cause("server-overloaded", Class::Theirs)]);
    assert_eq!(run.held(&gate).classes, [Class::Theirs]);
    // And calls that were never made show nothing.
    let held = Run::sampled("", SamplingEnd::Spent("spent".to_owned())).held(&gate);
    assert_eq!((held.status(), held.classes), (Status::Inconclusive, vec![Class::Unknown]));
}

#[test]
fn slowness_is_explained_by_no_cause() {
    let level = Level { calls: 10, ..Level::new(Measure::LatencyP50, 50.0) };
    let gate = Gate { levels: vec![level], ..Gate::default() };
    let run = Run::sampled("..........", SamplingEnd::NotMet)
        .because(&[cause("alias-backend-missing", Class::Theirs)]);
    assert_eq!(run.held(&gate).classes, [Class::Yours]);
}

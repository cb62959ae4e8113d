//! The words of a report, piece by piece, once for all formats that people read. Picks and phrases;
//! lays nothing out. Every text that leaves this file is clean.

use std::borrow::Cow;

use crate::{
    diagnose::{
        Finding,
        finding::{FixStep, Retry, RuledOut, Unsplit},
    },
    facts::{Check, Confidence, Layer, RetryClass, Severity, Status, counted},
};

use super::{
    Report,
    document::{Budget, Column, Remark, Sheet},
    spread::{self, Spread},
    text,
};

/// The remark with this label is the first thing to do: it stands beside the fixes, which are the same
/// for every run with this finding.
const DO_FIRST: &str = "do first";

/// The words of one report, in the characters its reader can see.
pub(super) struct Lines<'a> {
    report: &'a Report,
    unicode: bool,
}

/// A labelled piece: a sentence to wrap, and lines to leave as they are.
#[derive(Debug)]
pub(super) struct Piece {
    /// `fix 1`, `ruled out`.
    pub label: Cow<'static, str>,
    /// The sentence.
    pub text: String,
    /// Commands and links, to copy.
    pub verbatim: Vec<Verbatim>,
}

/// A line to copy.
#[derive(Debug)]
pub(super) enum Verbatim {
    /// To type, perhaps over several lines.
    Command(Vec<String>),
    /// To open.
    Link(String),
}

/// One row of the table of checks; several skipped checks may share one.
#[derive(Debug)]
pub(super) struct Row {
    /// `5 models.list`, or `6-8`.
    pub stage: String,
    /// The result.
    pub status: Status,
    /// Milliseconds, or a dash.
    pub ms: String,
    /// What was seen.
    pub evidence: String,
}

impl<'a> Lines<'a> {
    pub(super) fn new(report: &'a Report, unicode: bool) -> Self {
        Self { report, unicode }
    }

    /// The first line of a run in which nothing was real.
    pub(super) fn simulated(&self) -> Option<String> {
        let name = self.report.run.simulated.as_deref()?;
        Some(format!("SIMULATED (scenario {}): nothing here is real", self.clean(name)))
    }

    pub(super) fn word(&self) -> String {
        self.clean(&self.report.verdict.word)
    }

    /// The sentence with the broken layer in front, where there is one.
    pub(super) fn sentence(&self) -> String {
        let sentence = self.clean(&self.report.verdict.sentence);
        match self.layer() {
            Some(layer) => format!("{}: {sentence}", layer.word()),
            None => sentence,
        }
    }

    pub(super) fn exit_meaning(&self) -> String {
        self.clean(&self.report.verdict.exit_meaning)
    }

    /// How sure the headline is: where it is not certain, and of a pasted text always.
    pub(super) fn likely(&self) -> Option<String> {
        let first = self.report.findings.first()?;
        let pasted = self.report.run.command == "explain";
        let sure = first.confidence.word();
        (pasted || first.confidence != Confidence::High).then(|| format!("Confidence: {sure}."))
    }

    /// The checks, the skipped ones at the end in one row.
    pub(super) fn rows(&self) -> Vec<Row> {
        self.report.checks.chunk_by(share_a_row).map(|checks| self.folded(checks)).collect()
    }

    pub(super) fn sheets(&self) -> Vec<Sheet> {
        self.report.sheets.iter().map(|sheet| self.sheet(sheet)).collect()
    }

    /// The arms of a benchmark with their latencies.
    pub(super) fn spreads(&self) -> Vec<Spread> {
        let clean = |spread: Spread| Spread { name: self.clean(&spread.name), ..spread };
        spread::spreads(self.report).into_iter().map(clean).collect()
    }

    /// All pieces, in the order of every format.
    pub(super) fn pieces(&self) -> Vec<Piece> {
        let own = if self.report.findings.is_empty() { self.remarks() } else { Vec::new() };
        let all = [self.cause(), own, self.others(), self.error(), self.limits()];
        all.into_iter().flatten().collect()
    }

    /// All that is known of the first finding, the command's own remarks before what to do about it.
    pub(super) fn cause(&self) -> Vec<Piece> {
        let Some(first) = self.report.findings.first() else { return Vec::new() };
        self.seen(first)
            .chain(self.remarks_but(DO_FIRST))
            .chain(self.retry(first))
            .chain(self.remarks_called(DO_FIRST))
            .chain(self.to_do(first))
            .filter(|piece| !piece.text.is_empty())
            .collect()
    }

    /// All that is known of one finding, by itself.
    pub(super) fn whole(&self, finding: &Finding) -> Vec<Piece> {
        let retry = self.piece("retry", &retry(finding.retry));
        let all = self.seen(finding).chain([retry]).chain(self.to_do(finding));
        all.filter(|piece| !piece.text.is_empty()).collect()
    }

    /// Why a finding holds, and what else it was held against.
    fn seen(&self, finding: &Finding) -> impl Iterator<Item = Piece> {
        let why = self.piece("why", &format!("{} ({})", finding.why, finding.id));
        let evidence = finding.evidence.iter().map(|proof| {
            self.piece("evidence", &with_attempts(&proof.text, proof.attempt.as_slice()))
        });
        std::iter::once(why)
            .chain(evidence)
            .chain(ruled_out(&finding.ruled_out).map(|text| self.piece("ruled out", &text)))
            .chain(not_split(&finding.splits).map(|text| self.piece("not split", &text)))
            .chain(self.follows(finding))
    }

    fn to_do(&self, finding: &Finding) -> impl Iterator<Item = Piece> {
        let fixes = finding.fixes.iter().map(|step| self.fix(step));
        fixes.chain([self.piece("confirm", &finding.confirm)])
    }

    /// The other findings, each with its first fix and the way to read on. Rivals of a finding stand
    /// with it already, as what is not split from it.
    fn others(&self) -> Vec<Piece> {
        let others = self.report.findings.iter().skip(1);
        let own = others.filter(|finding| finding.alternative_to.is_none());
        own.flat_map(|finding| self.other(finding)).collect()
    }

    /// A command that has tested what a retry is worth says so itself.
    fn retry(&self, first: &Finding) -> Option<Piece> {
        let tested = self.report.remarks.iter().any(|remark| remark.label == "retry");
        (!tested).then(|| self.piece("retry", &retry(first.retry)))
    }

    pub(super) fn remarks(&self) -> Vec<Piece> {
        self.report.remarks.iter().map(|remark| self.remark(remark)).collect()
    }

    fn remarks_called(&self, label: &'static str) -> impl Iterator<Item = Piece> {
        let named = self.report.remarks.iter().filter(move |remark| remark.label == label);
        named.map(|remark| self.remark(remark))
    }

    fn remarks_but(&self, label: &'static str) -> impl Iterator<Item = Piece> {
        let others = self.report.remarks.iter().filter(move |remark| remark.label != label);
        others.map(|remark| self.remark(remark))
    }

    fn remark(&self, remark: &Remark) -> Piece {
        let mut piece = self.piece(remark.label, &remark.text);
        piece.verbatim.extend(remark.command.as_deref().map(|command| self.command(command)));
        piece
    }

    pub(super) fn limits(&self) -> Vec<Piece> {
        self.report.limits.iter().map(|limit| self.piece("limits", limit)).collect()
    }

    /// Why the program could not do its job. Lines of the hint that begin with a blank are to copy.
    pub(super) fn error(&self) -> Vec<Piece> {
        let Some(error) = &self.report.error else { return Vec::new() };
        let mut pieces = vec![self.piece("error", &error.message)];
        for line in error.hint.lines().filter(|line| !line.trim().is_empty()) {
            match pieces.last_mut().filter(|_| line.starts_with(' ')) {
                Some(piece) => piece.verbatim.push(self.command(line.trim())),
                None => pieces.push(self.piece("hint", line)),
            }
        }
        pieces
    }

    pub(super) fn next(&self) -> Option<String> {
        self.report.verdict.next.as_deref().map(|next| self.clean(next))
    }

    /// How many checks ended how, and what the run cost: `2 checks: 1 ok, 1 FAIL; spent 1 free call, 0 tokens, 0.2 s`.
    pub(super) fn tally(&self) -> Option<String> {
        let checks = &self.report.checks;
        let count = |status| checks.iter().filter(|check| check.status == status).count();
        let all = [Status::Pass, Status::Warn, Status::Fail, Status::Skip, Status::Inconclusive];
        let counts = all.map(|status| (count(status), result(status)));
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts = counts.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>();
        let of = if checks.len() == 1 { "check" } else { "checks" };
        let told =
            (!checks.is_empty()).then(|| format!("{} {of}: {}", checks.len(), counts.join(", ")));
        let told: Vec<String> = told.into_iter().chain(self.spent()).collect();
        (!told.is_empty()).then(|| told.join("; "))
    }

    /// `spent 1 free call, 0 tokens, 0.2 s`.
    /// What the run cost; nothing is said of a command that could not cost anything.
    pub(super) fn spent(&self) -> Option<String> {
        let run = &self.report.run;
        let seconds = run.duration_ms / 1000.0;
        match (run.dry_run, run.budget.requests_max) {
            (true, _) => Some("spent nothing: a dry run sends nothing".to_owned()),
            (false, 0) => None,
            (false, _) => Some(format!("spent {}, {seconds:.1} s", spent(&run.budget))),
        }
    }

    pub(super) fn clean(&self, text: &str) -> String {
        text::clean(text, self.unicode)
    }

    /// A healthy run has no broken layer, whatever notes it holds.
    fn layer(&self) -> Option<Layer> {
        let first = self.report.findings.first()?;
        // What was timed is the news of a benchmark, and a warning stands beside it.
        let is_beside = !self.report.samples.is_empty() && first.severity != Severity::Error;
        (self.report.verdict.status != Status::Pass && !is_beside).then_some(first.layer)
    }

    fn row(&self, check: &Check) -> Row {
        Row {
            stage: format!("{} {}", check.stage, self.clean(&check.title)),
            status: check.status,
            // One width for all usual times, so that reports of the same run look the same.
            ms: check.duration_ms.map_or_else(|| "   -".to_owned(), |ms| format!("{ms:>4.0}")),
            evidence: self.clean(&check.detail),
        }
    }

    /// Checks that share a row; those of one stage keep their names.
    fn folded(&self, checks: &[Check]) -> Row {
        let stages = || checks.iter().map(|check| check.stage);
        let (from, to) = (stages().min().unwrap_or_default(), stages().max().unwrap_or_default());
        let titles = || checks.iter().map(|check| self.clean(&check.title)).collect::<Vec<_>>();
        let stage = match from == to {
            true => format!("{from} {}", titles().join(", ")),
            false => format!("{from}-{to}"),
        };
        Row { stage, ..self.row(&checks[0]) }
    }

    fn sheet(&self, sheet: &Sheet) -> Sheet {
        let all = |texts: &[String]| texts.iter().map(|text| self.clean(text)).collect::<Vec<_>>();
        let mut clean = sheet.clone();
        clean.title = self.clean(&sheet.title);
        clean.columns.iter_mut().for_each(|column| column.head = self.clean(&column.head));
        clean.rows = sheet.rows.iter().map(|row| all(row)).collect();
        clean.notes = all(&sheet.notes);
        clean
    }

    fn piece(&self, label: impl Into<Cow<'static, str>>, text: &str) -> Piece {
        Piece { label: label.into(), text: self.clean(text), verbatim: Vec::new() }
    }

    fn follows(&self, finding: &Finding) -> impl Iterator<Item = Piece> {
        finding.consequences.iter().map(|consequence| {
            let text = format!("follows from it: {} ({})", consequence.title, consequence.id);
            self.piece("also", &text)
        })
    }

    fn fix(&self, step: &FixStep) -> Piece {
        let text = format!("{}: {}", step.who.word(), step.action);
        let mut piece = self.piece(format!("fix {}", step.rank), &text);
        piece.verbatim = self.to_copy(step);
        piece
    }

    fn to_copy(&self, step: &FixStep) -> Vec<Verbatim> {
        let command = step.command.as_deref().map(|command| self.command(command));
        let link = step.doc.as_deref().map(|link| Verbatim::Link(self.clean(link)));
        command.into_iter().chain(link).collect()
    }

    fn command(&self, command: &str) -> Verbatim {
        Verbatim::Command(command.lines().map(|line| self.clean(line)).collect())
    }

    fn other(&self, finding: &Finding) -> Vec<Piece> {
        let label = finding.severity.word();
        let text = format!("{}: {} ({})", finding.layer.word(), finding.title, finding.id);
        let mut pieces = vec![self.piece(label, &text)];
        pieces.extend(self.follows(finding));
        pieces.extend(finding.fixes.first().map(|step| self.first_fix(step)));
        let more = self.command(&format!("gemini-doctor fixes {}", finding.id));
        pieces.last_mut().expect("the title is there").verbatim.push(more);
        pieces
    }

    fn first_fix(&self, step: &FixStep) -> Piece {
        let mut piece = self.fix(step);
        piece.label = Cow::Borrowed("fix");
        piece
    }
}

impl Piece {
    /// Label and sentence on one line, what is to copy indented below it.
    pub(super) fn flat(&self) -> Vec<String> {
        let first = format!("{}: {}", self.label, self.text);
        let rest = self.verbatim.iter().flat_map(Verbatim::lines);
        std::iter::once(first).chain(rest.map(|line| format!("  {line}"))).collect()
    }
}

impl Verbatim {
    /// Its lines, as they are.
    pub(super) fn lines(&self) -> &[String] {
        match self {
            Self::Command(lines) => lines,
            Self::Link(link) => std::slice::from_ref(link),
        }
    }
}

impl Row {
    /// The heads of its cells.
    pub(super) fn columns() -> [Column; 4] {
        [
            Column::text("stage"),
            Column::text("result"),
            Column::number("ms"),
            Column::text("evidence"),
        ]
    }

    pub(super) fn cells(&self) -> Vec<String> {
        let result = result(self.status).to_owned();
        vec![self.stage.clone(), result, self.ms.clone(), self.evidence.clone()]
    }
}

/// The result as the tables have it.
pub(super) const fn result(status: Status) -> &'static str {
    match status {
        Status::Pass => "ok",
        Status::Warn => "warn",
        Status::Fail => "FAIL",
        Status::Skip => "not run",
        Status::Inconclusive => "unclear",
    }
}

/// Whether two checks that follow each other were skipped for one reason.
fn share_a_row(one: &Check, next: &Check) -> bool {
    one.status == Status::Skip && next.status == Status::Skip && one.detail == next.detail
}

/// What is excluded for the same reason stands in one line.
fn ruled_out(all: &[RuledOut]) -> impl Iterator<Item = String> {
    let alike = |one: &RuledOut, other: &RuledOut| {
        one.because == other.because && one.attempts == other.attempts
    };
    groups(all, alike).into_iter().map(|group| {
        let ids = listed(&group, |one| &one.id);
        with_attempts(&format!("{ids}: {}", group[0].because), &group[0].attempts)
    })
}

/// What the same evidence would split stands in one line.
fn not_split(all: &[Unsplit]) -> impl Iterator<Item = String> {
    groups(all, |one, other| one.by == other.by).into_iter().map(|group| {
        let (titles, ids) = (listed(&group, |one| &one.title), listed(&group, |one| &one.id));
        format!("{titles}: {} ({ids})", group[0].by)
    })
}

/// The items that are alike together, each group at the place of its first; no group is empty.
fn groups<T>(all: &[T], alike: impl Fn(&T, &T) -> bool) -> Vec<Vec<&T>> {
    let mut groups: Vec<Vec<&T>> = Vec::new();
    for one in all {
        match groups.iter_mut().find(|group| alike(group[0], one)) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

fn listed<T>(group: &[&T], name: impl Fn(&T) -> &String) -> String {
    group.iter().map(|one| name(one).as_str()).collect::<Vec<_>>().join(", ")
}

/// More attempts than this are counted, not listed; the document has them all.
const ATTEMPTS: usize = 8;

fn with_attempts(text: &str, attempts: &[String]) -> String {
    match attempts {
        [] => text.to_owned(),
        [one] => format!("{text} (attempt {one})"),
        several if several.len() <= ATTEMPTS => {
            format!("{text} (attempts {})", several.join(", "))
        }
        many => {
            let more = many.len() - ATTEMPTS;
            format!("{text} (attempts {} and {more} more)", many[..ATTEMPTS].join(", "))
        }
    }
}

fn retry(retry: Retry) -> String {
    let asked = retry.after_ms.map(seconds);
    let own = match (retry.class, &asked) {
        (RetryClass::Never, _) => "no: the same request will fail again".to_owned(),
        (RetryClass::Once, _) => "once more, at once, on a new connection".to_owned(),
        (RetryClass::After, _) if retry.server_is_wrong => "only when it is lifted".to_owned(),
        (RetryClass::After, Some(asked)) => format!("after {asked}, as the server asks"),
        (RetryClass::After, None) => "after the pause the server asks for".to_owned(),
        (RetryClass::Backoff, Some(asked)) => {
            format!("with growing pauses, the first one {asked}, a few times")
        }
        (RetryClass::Backoff, None) => "with growing pauses, a few times".to_owned(),
        (RetryClass::Failover, _) => "elsewhere: another model, build or region".to_owned(),
        (RetryClass::FixFirst, Some(asked)) if !retry.server_is_wrong => {
            format!("only after the fix; the server asks for {asked}")
        }
        (RetryClass::FixFirst, _) => "only after the fix".to_owned(),
    };
    match asked.filter(|_| retry.server_is_wrong) {
        Some(asked) => format!("{own}; the server asks for {asked}, which does not help here"),
        None => own,
    }
}

fn seconds(ms: u64) -> String {
    match ms {
        0..1000 => format!("{ms} ms"),
        _ => format!("{} s", ms.div_ceil(1000)),
    }
}

fn spent(budget: &Budget) -> String {
    let paid = budget.paid_requests_used;
    let free = budget.requests_used.saturating_sub(paid);
    let tokens = budget.input_tokens.saturating_add(budget.output_tokens);
    let calls = match (free, paid) {
        (0, 0) => return "nothing".to_owned(),
        (_, 0) => counted(free, "free call"),
        (0, _) => counted(paid, "paid call"),
        _ => format!("{}, {paid} paid", counted(free, "free call")),
    };
    format!("{calls}, {}", counted(tokens, "token"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples::{self, check};

    #[test]
    fn what_was_spent_names_free_and_paid_calls_apart() {
        let said = |requests_used, paid_requests_used, input_tokens| {
            spent(&Budget { requests_used, paid_requests_used, input_tokens, ..Budget::default() })
        };
        assert_eq!(said(0, 0, 0), "nothing");
        assert_eq!(said(1, 0, 0), "1 free call, 0 tokens");
        assert_eq!(said(4, 1, 1), "3 free calls, 1 paid, 1 token");
        assert_eq!(said(2, 2, 9), "2 paid calls, 9 tokens");
    }

    #[test]
    fn what_to_do_first_stands_before_the_fixes() {
        let mut report = samples::passing();
        report.findings = vec![samples::finding("a-note")];
        let remark = |label| Remark { label, text: "so".to_owned(), command: None };
        report.remarks = vec![remark(DO_FIRST), remark("checked"), remark("retry")];
        let pieces = Lines::new(&report, false).cause();
        let place = |label: &str| pieces.iter().position(|piece| piece.label == label);
        assert_eq!(place(DO_FIRST).map(|it| it + 1), place("fix 1"), "{pieces:#?}");
        assert!(place("checked") < place("retry") && place("retry") < place(DO_FIRST));
    }

    #[test]
    fn a_dry_run_says_that_it_sent_nothing() {
        let mut report = samples::passing();
        report.run.dry_run = true;
        let spent = Lines::new(&report, false).spent();
        assert_eq!(spent.as_deref(), Some("spent nothing: a dry run sends nothing"));
    }

    #[test]
    fn a_pause_is_never_said_shorter_than_it_is() {
        let said = |ms| retry(Retry::of(RetryClass::After, Some(ms), Some(false)));
        assert_eq!(said(400), "after 400 ms, as the server asks");
        assert_eq!(said(12_001), "after 13 s, as the server asks");
    }

    #[test]
    fn skipped_checks_that_follow_each_other_with_one_reason_share_a_row() {
        let skip = |stage, why| check("a.b", stage, Status::Skip, why);
        let pass = |stage| check("a.b", stage, Status::Pass, "");
        let mut report = samples::passing();
        let mut stages = |checks: Vec<Check>| {
            report.checks = checks;
            Lines::new(&report, false).rows().into_iter().map(|row| row.stage).collect::<Vec<_>>()
        };
        let named = |stage: &str| format!("{stage} {}", pass(1).title);
        assert_eq!(stages(vec![pass(9), skip(2, "x")]), [named("9"), named("2")]);
        let rows = stages(vec![skip(1, "y"), skip(2, "x"), skip(4, "x"), pass(3)]);
        assert_eq!(rows, [named("1"), "2-4".to_owned(), named("3")]);
        let title = pass(1).title;
        assert_eq!(stages(vec![skip(7, "x"), skip(7, "x")]), [format!("7 {title}, {title}")]);
    }

    #[test]
    fn a_healthy_run_names_no_broken_layer() {
        let mut report = samples::passing();
        report.findings = vec![samples::finding("a-note")];
        let sentence = report.verdict.sentence.clone();
        assert_eq!(Lines::new(&report, false).sentence(), sentence);
        report.verdict.status = Status::Warn;
        assert_eq!(Lines::new(&report, false).sentence(), format!("auth: {sentence}"));
    }
}

//! All that a watch knows: what it watches, what it noticed, what it spent, and the proofs that a report needs. It
//! grows with the number of different things that are seen, and not with the time.

use crate::{
    diagnose::{Shell, judge},
    facts::{
        Attempt, Class, Status,
        check::{Evidence, Observation},
    },
    probe::watch::{Answered, Heard},
};

use super::{
    family::FamilySeen,
    ring::Ring,
    track::{Cause, Change, Kind, Seen, Track, Verdict},
};

/// Remarks that are kept.
const NOTES: usize = 64;
/// Failures of one cause that are kept as proofs, for each thing that is watched; those that say the same are counted.
const PROOFS: usize = 2;
/// Proofs that are kept of each thing.
const MOST_PROOFS: usize = 16;

/// The names of what is watched beside models.
pub const CONNECTION: &str = "connection";
/// The same for the list.
pub const LIST: &str = "models.list";

/// Something worth knowing, and when it was noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// A sentence without its final stop.
    pub text: String,
}

/// A failure that was kept.
#[derive(Clone, Debug)]
struct Proof {
    target: String,
    cause: String,
    evidence: Vec<Evidence>,
    attempt: Option<Attempt>,
    /// How many failures said the same.
    times: u64,
}

impl Proof {
    fn says(&self, evidence: &[Evidence]) -> bool {
        let own = self.evidence.iter().map(|one| &one.text);
        own.eq(evidence.iter().map(|one| &one.text))
    }
}

/// All that a watch knows.
#[derive(Clone, Debug)]
pub struct Watched {
    /// What is watched: the connection, the list, and each model.
    pub tracks: Vec<Track>,
    /// IPv4 and IPv6.
    pub families: [FamilySeen; 2],
    /// What was noticed.
    pub notes: Ring<Note>,
    /// Looks so far.
    pub looks: u64,
    /// Slots that went by unused.
    pub missed: u64,
    /// Looks that were not counted, as the machine slept while they were under way.
    pub discarded: u64,
    /// How long the server's certificate is valid, in seconds since 1970.
    pub valid_until: Option<i64>,
    /// When it began, in milliseconds since 1970.
    pub started_ms: u64,
    /// The newest row of each part of the way that passed.
    way: Vec<Observation>,
    /// The newest answer of each thing that passed.
    passed: Vec<Proof>,
    proofs: Vec<Proof>,
}

/// A call with its cause, as it was judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What is watched by it.
    pub target: String,
    /// Why it failed, if it did.
    pub cause: Option<Cause>,
    /// The request.
    pub attempt: Option<Attempt>,
}

impl Watched {
    /// Nothing was seen yet.
    pub fn new(models: &[String], with_list: bool, confirming: u32, started_ms: u64) -> Self {
        let connection = [Track::new(CONNECTION, Kind::Connection, confirming)];
        let list = with_list.then(|| Track::new(LIST, Kind::List, 1.max(confirming.min(2))));
        let models = models.iter().map(|name| Track::new(name, Kind::Model, confirming));
        Self {
            tracks: connection.into_iter().chain(list).chain(models).collect(),
            families: [FamilySeen::new("IPv4"), FamilySeen::new("IPv6")],
            notes: Ring::of(NOTES),
            looks: 0,
            missed: 0,
            discarded: 0,
            valid_until: None,
            started_ms,
            way: Vec::new(),
            passed: Vec::new(),
            proofs: Vec::new(),
        }
    }

    /// Remembers a remark.
    pub fn note(&mut self, at_ms: u64, text: impl Into<String>) {
        self.notes.push(Note { at_ms, text: text.into() });
    }

    /// Takes a look in, and gives back what changed with it, and each call with its cause.
    pub fn take(&mut self, at_ms: u64, heard: &Heard, shell: Shell) -> (Vec<Change>, Vec<Judged>) {
        self.looks += 1;
        self.valid_until = heard.valid_until.or(self.valid_until);
        for tried in &heard.families {
            let seen = self.families.iter_mut().find(|family| family.name == tried.name);
            seen.into_iter().for_each(|family| family.dialled(tried.connect_ms));
        }
        let mut changes = Vec::new();
        let mut judged = Vec::new();
        if let Some(connected) = heard.connected {
            let cause = (!connected).then(|| cause(&heard.way, shell));
            self.prove_way(heard, cause.as_ref());
            let total_ms = heard.connect_ms.filter(|_| connected);
            let seen = Seen { at_ms, cause: cause.clone(), total_ms, first_ms: None };
            changes.extend(self.push(CONNECTION, &seen));
            judged.push(Judged { target: CONNECTION.to_owned(), cause, attempt: None });
        }
        for answered in heard.list.iter().chain(&heard.calls) {
            let Some(one) = self.answered(at_ms, answered, &heard.way, shell) else { continue };
            changes.extend(one.0);
            judged.push(one.1);
        }
        (changes, judged)
    }

    fn answered(
        &mut self,
        at_ms: u64,
        answered: &Answered,
        way: &[Observation],
        shell: Shell,
    ) -> Option<(Option<Change>, Judged)> {
        let passed = answered.passed()?;
        let target = answered.model.clone().unwrap_or_else(|| LIST.to_owned());
        let cause = (!passed).then(|| {
            let rows: Vec<Observation> = way.iter().chain([&answered.row]).cloned().collect();
            cause(&rows, shell)
        });
        self.prove(&target, cause.as_ref(), answered);
        let phases = answered.attempt.as_ref().map(|attempt| attempt.phases);
        let of_passed = phases.filter(|_| passed);
        let seen = Seen {
            at_ms,
            cause: cause.clone(),
            total_ms: of_passed.and_then(|phases| phases.total_ms),
            first_ms: of_passed.and_then(|phases| phases.first_token_ms),
        };
        let change = self.push(&target, &seen);
        Some((change, Judged { target, cause, attempt: answered.attempt.clone() }))
    }

    fn push(&mut self, target: &str, seen: &Seen) -> Option<Change> {
        self.tracks.iter_mut().find(|track| track.name == target)?.push(seen)
    }

    fn prove_way(&mut self, heard: &Heard, cause: Option<&Cause>) {
        for row in heard.way.iter().filter(|row| row.check.status == Status::Pass) {
            self.way.retain(|known| known.check.id != row.check.id);
            self.way.push(row.clone());
        }
        let failed = heard.way.iter().filter(|row| row.check.status == Status::Fail);
        let evidence: Vec<Evidence> = failed.flat_map(|row| row.evidence.clone()).collect();
        if let Some(cause) = cause {
            self.keep(CONNECTION, cause, evidence, None);
        }
    }

    fn prove(&mut self, target: &str, cause: Option<&Cause>, answered: &Answered) {
        let (evidence, attempt) = (answered.row.evidence.clone(), answered.attempt.clone());
        match cause {
            Some(cause) => self.keep(target, cause, evidence, attempt),
            None => {
                self.passed.retain(|known| known.target != target);
                let (target, cause) = (target.to_owned(), String::new());
                self.passed.push(Proof { target, cause, evidence, attempt, times: 1 });
            }
        }
    }

    fn keep(
        &mut self,
        target: &str,
        cause: &Cause,
        evidence: Vec<Evidence>,
        attempt: Option<Attempt>,
    ) {
        let own = |proof: &&mut Proof| proof.target == target && proof.cause == cause.id;
        let alike = self.proofs.iter_mut().filter(own).find(|proof| proof.says(&evidence));
        if let Some(alike) = alike {
            alike.times += 1;
            return;
        }
        let of_target = self.proofs.iter().filter(|proof| proof.target == target);
        let (all, alike) = of_target.fold((0, 0), |(all, alike), proof| {
            (all + 1, alike + usize::from(proof.cause == cause.id))
        });
        if all < MOST_PROOFS && alike < PROOFS {
            let (target, cause) = (target.to_owned(), cause.id.clone());
            self.proofs.push(Proof { target, cause, evidence, attempt, times: 1 });
        }
    }

    /// The worst of all verdicts.
    pub fn verdict(&self) -> Verdict {
        let any = |verdict| self.tracks.iter().any(|track| track.verdict() == verdict);
        let models = || self.tracks.iter().filter(|track| track.kind == Kind::Model);
        match () {
            () if any(Verdict::Failing) => Verdict::Failing,
            () if models().all(|track| track.verdict() == Verdict::Healthy) => Verdict::Healthy,
            () => Verdict::Unclear,
        }
    }

    /// The newest rows of the way that passed.
    pub fn way(&self) -> &[Observation] {
        &self.way
    }

    /// What shows a thing to fail, or to pass.
    pub fn evidence(&self, target: &str, failing: bool) -> Vec<Evidence> {
        let proofs = if failing { &self.proofs } else { &self.passed };
        let own = proofs.iter().filter(|proof| proof.target == target);
        own.flat_map(|proof| proof.evidence.clone()).collect()
    }

    /// What shows a thing to fail for this reason.
    pub fn evidence_of(&self, target: &str, cause: &str) -> Vec<Evidence> {
        let own = self.proofs.iter().filter(|proof| proof.target == target && proof.cause == cause);
        own.flat_map(|proof| proof.evidence.clone()).collect()
    }

    /// How many failures said what this one did.
    pub fn times(&self, evidence: &Evidence) -> u64 {
        let own = self.proofs.iter().find(|proof| proof.evidence.contains(evidence));
        own.map_or(1, |proof| proof.times)
    }

    /// The requests among the proofs, in the order in which they were made.
    pub fn attempts(&self) -> Vec<Attempt> {
        let all = self.proofs.iter().chain(&self.passed);
        let mut attempts: Vec<Attempt> = all.filter_map(|proof| proof.attempt.clone()).collect();
        attempts.sort_by(|a, b| a.at_ms.total_cmp(&b.at_ms).then_with(|| a.id.cmp(&b.id)));
        attempts
    }

    /// How many values are kept, all in all.
    pub fn kept(&self) -> usize {
        let tracks: usize = self.tracks.iter().map(Track::kept).sum();
        let families: usize = self.families.iter().map(FamilySeen::kept).sum();
        let rows = self.way.len() + self.passed.len() + self.proofs.len();
        tracks + families + rows + self.notes.len()
    }
}

/// The first finding of these rows, as every other run would have it.
fn cause(rows: &[Observation], shell: Shell) -> Cause {
    let findings = judge(rows, shell);
    match findings.into_iter().next() {
        Some(first) => Cause { id: first.id, title: first.title, class: first.class },
        None => Cause {
            id: "not-recognised".to_owned(),
            title: "It failed in a way that no known fix is about".to_owned(),
            class: Class::Unknown,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::{Check, Clue, Fault, Layer, Stage},
        probe::watch::FamilyTried,
    };

    const HOUR_MS: u64 = 3_600_000;

    fn row(id: &str, status: Status, clues: Vec<Clue>) -> Observation {
        let text = format!("{id} as it was");
        let check = Check {
            id: id.to_owned(),
            stage: 3,
            title: id.to_owned(),
            layer: Layer::Tcp,
            status,
            duration_ms: None,
            detail: text.clone(),
            attempts: Vec::new(),
        };
        Observation { check, evidence: vec![Evidence { attempt: None, text, clues }] }
    }

    fn passed(model: Option<&str>) -> Answered {
        let row = row("watch.model", Status::Pass, Vec::new());
        Answered { model: model.map(str::to_owned), row, attempt: None }
    }

    fn heard(connected: bool) -> Heard {
        let refused = vec![Clue::At(Stage::Tcp), Clue::Fault(Fault::Refused)];
        let (status, clues) =
            if connected { (Status::Pass, Vec::new()) } else { (Status::Fail, refused) };
        let family = FamilyTried { name: "IPv4", connect_ms: connected.then_some(2.0) };
        let calls = if connected { vec![passed(Some("m"))] } else { Vec::new() };
        Heard {
            way: vec![row("net.tcp", status, clues)],
            connected: Some(connected),
            families: vec![family],
            list: connected.then(|| passed(None)),
            calls,
            ..Heard::default()
        }
    }

    fn watched() -> Watched {
        Watched::new(&["m".to_owned()], true, 3, 0)
    }

    #[test]
    fn a_lost_network_is_the_connections_and_no_models() {
        let mut watched = watched();
        (0..5).for_each(|nth| drop(watched.take(nth, &heard(true), Shell::Sh)));
        let changes: Vec<Change> =
            (5..9).flat_map(|nth| watched.take(nth, &heard(false), Shell::Sh).0).collect();
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].target.as_str(), changes[0].to), (CONNECTION, Verdict::Failing));
        let cause = changes[0].cause.as_ref().expect("a cause");
        assert_eq!((cause.id.as_str(), cause.class), ("connection-refused", Class::Path));
        let counts: Vec<(u64, u64)> = watched.tracks.iter().map(Track::counts).collect();
        assert_eq!(counts, [(9, 4), (5, 0), (5, 0)]);
        assert_eq!(watched.verdict(), Verdict::Failing);
        assert_eq!((watched.families[0].tried, watched.families[0].connected), (9, 5));
        let evidence = watched.evidence(CONNECTION, true);
        assert_eq!(evidence.len(), 1, "what says the same is kept once");
        assert_eq!(watched.times(&evidence[0]), 4, "and counted");
    }

    #[test]
    fn what_was_not_sent_says_nothing() {
        let mut watched = watched();
        let mut cut_short = heard(true);
        cut_short.calls[0].row.check.status = Status::Inconclusive;
        assert_eq!(watched.take(0, &cut_short, Shell::Sh).1.len(), 2);
        assert_eq!((watched.tracks[2].counts(), watched.verdict()), ((0, 0), Verdict::Unclear));
    }

    #[test]
    fn weeks_need_no_more_memory_than_days() {
        let mut watched = watched();
        let mut kept = Vec::new();
        for nth in 0..20_000_u64 {
            watched.take(nth * HOUR_MS / 60, &heard(nth % 100 < 90), Shell::Sh);
            watched.note(nth, "something was noticed");
            if nth % 5_000 == 4_999 {
                kept.push(watched.kept());
            }
        }
        assert_eq!(watched.looks, 20_000);
        assert!(kept[1..].iter().all(|now| *now == kept[1]), "{kept:?}");
        assert!(kept[1] < 4_000, "{kept:?}");
    }
}

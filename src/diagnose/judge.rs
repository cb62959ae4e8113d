//! From observations to ranked findings: one per cause, its consequences folded under it.

use crate::{
    catalog::{self, KnownFix, Seen, Sign, Step, bare},
    facts::{
        Class, Clue, Confidence, KeyKind, Layer, Party, RetryClass, Severity, Status,
        check::{Evidence, Observation},
        clue,
        endpoint::HostKind,
    },
};

use super::{
    exclude,
    finding::{Consequence, Finding, FixStep, Proof, Retry, Unsplit},
    matcher::{self, Candidate},
};

/// The shell that printed commands are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    /// `sh` and its relatives.
    Sh,
    /// PowerShell.
    PowerShell,
}

/// The id of the fix that stands for "nothing known matches".
const NOT_RECOGNISED: &str = "not-recognised";

/// The row of an end point of the caller's own. It is another question than whether the API works: what is found
/// there is the first thing to say only where nothing else is broken.
const ASIDE: &str = "health.url";

/// One cause under construction: the fix, and all that leads to it.
struct Cause<'a> {
    best: Candidate,
    /// The place in the run where it was seen first.
    order: usize,
    /// The layer of the check that showed it first.
    seen_in: Layer,
    severity: Severity,
    evidence: Vec<&'a Evidence>,
    /// How sure each piece of it is by itself.
    sure: Vec<Confidence>,
    /// Whether it was seen at an end point of the caller's own only.
    is_aside: bool,
}

/// For how many pieces of evidence that are alike one of them stands, where not all were kept.
pub type Times<'a> = &'a dyn Fn(&Evidence) -> u64;

/// What the findings of a run are made with.
#[derive(Clone, Copy)]
struct Run<'a> {
    observations: &'a [Observation],
    shell: Shell,
    times: Times<'a>,
}

/// The findings of a run, best first.
pub fn judge(observations: &[Observation], shell: Shell) -> Vec<Finding> {
    judge_counted(observations, shell, &once)
}

/// The same where a piece of evidence may stand for several.
pub fn judge_counted(observations: &[Observation], shell: Shell, times: Times<'_>) -> Vec<Finding> {
    let run = Run { observations, shell, times };
    let causes = fold(causes(observations)).into_iter();
    causes.map(|(cause, consequences)| finding(&cause, consequences, run)).collect()
}

/// Every piece stands for itself.
fn once(_: &Evidence) -> u64 {
    1
}

/// The findings of a text, and behind them the rivals of each that the text cannot rule out.
pub fn explain(observations: &[Observation], shell: Shell) -> Vec<Finding> {
    let run = Run { observations, shell, times: &once };
    let mut causes = fold(causes(observations));
    // The text's errors come in their order.
    causes.sort_by_key(|(cause, _)| cause.order);
    let known: Vec<&str> = causes.iter().map(|(cause, _)| cause.best.fix.id).collect();
    let rivals: Vec<Finding> = causes
        .iter()
        .flat_map(|(cause, _)| rivals(cause).into_iter().map(move |rival| (cause, rival)))
        .filter(|(_, rival)| !known.contains(&rival.fix.id))
        .map(|(cause, rival)| alternative(cause, rival, run))
        .collect();
    let roots = causes.into_iter().map(|(cause, consequences)| finding(&cause, consequences, run));
    roots.chain(rivals).collect()
}

/// What else the same clues may mean: the other known fixes that match, then the declared ones.
fn rivals(cause: &Cause<'_>) -> Vec<Candidate> {
    if cause.best.case.sure == Confidence::High {
        return Vec::new();
    }
    let own = cause.best.fix;
    // Each piece by itself: the status of one never meets the message of another.
    let mut rivals: Vec<Candidate> = Vec::new();
    for rival in cause.evidence.iter().flat_map(|one| matcher::candidates(&one.clues)) {
        if !rivals.iter().any(|known| known.fix.id == rival.fix.id) {
            rivals.push(rival);
        }
    }
    rivals.retain(|rival| rival.fix.id != own.id && !rival.fix.hides.contains(&own.id));
    let declared = if cause.best.weight == 0 { &[] } else { own.splits };
    let clues: Vec<Clue> = cause.evidence.iter().flat_map(|one| one.clues.clone()).collect();
    for split in declared.iter().filter_map(|split| catalog::find(split.id)) {
        if is_about_another_key(split, &clues) || is_of_another_status(split, &clues) {
            continue;
        }
        if !rivals.iter().any(|rival| rival.fix.id == split.id) {
            rivals.extend(split.when.first().map(|case| Candidate { fix: split, case, weight: 0 }));
        }
    }
    rivals
}

/// A rival as a finding: never surer than what it rivals, and unsure where only its name is known.
fn alternative(cause: &Cause<'_>, rival: Candidate, run: Run<'_>) -> Finding {
    let sure = if rival.weight == 0 { Confidence::Low } else { rival.case.sure };
    let seen =
        Cause { best: rival, evidence: cause.evidence.clone(), sure: cause.sure.clone(), ..*cause };
    Finding {
        confidence: sure.min(confidence(cause)),
        alternative_to: Some(cause.best.fix.id.to_owned()),
        ..finding(&seen, Vec::new(), run)
    }
}

fn causes(observations: &[Observation]) -> Vec<Cause<'_>> {
    let mut causes: Vec<Cause<'_>> = Vec::new();
    for (order, observation) in observations.iter().enumerate() {
        let status = observation.check.status;
        if status == Status::Skip {
            continue;
        }
        for evidence in &observation.evidence {
            let Some((best, severity)) = best_of(evidence, status) else { continue };
            let known = causes.iter_mut().find(|cause| cause.best.fix.id == best.fix.id);
            let is_aside = observation.check.id == ASIDE;
            match known {
                Some(cause) => {
                    cause.add(best, severity, evidence);
                    cause.is_aside &= is_aside;
                }
                None => {
                    let seen_in = observation.check.layer;
                    let (sure, evidence) = (vec![alone(&best, evidence)], vec![evidence]);
                    causes.push(Cause { best, order, seen_in, severity, evidence, sure, is_aside });
                }
            }
        }
    }
    // What breaks calls comes before what will; what broke first, before what broke later.
    step_aside(&mut causes);
    causes.sort_by_key(|cause| (cause.severity, cause.order));
    causes
}

/// Where the API itself is broken, nothing that was seen elsewhere decides.
fn step_aside(causes: &mut [Cause<'_>]) {
    let is_broken = |cause: &Cause<'_>| !cause.is_aside && cause.severity == Severity::Error;
    if causes.iter().any(is_broken) {
        for cause in causes.iter_mut().filter(|cause| cause.is_aside) {
            cause.severity = cause.severity.max(Severity::Warning);
        }
    }
}

impl<'a> Cause<'a> {
    fn add(&mut self, best: Candidate, severity: Severity, evidence: &'a Evidence) {
        self.severity = self.severity.min(severity);
        self.sure.push(alone(&best, evidence));
        if best.weight > self.best.weight {
            self.best = best;
        }
        self.evidence.push(evidence);
    }
}

impl Cause<'_> {
    /// Whether it is gone, or less sure, once these pieces are taken away.
    fn falls_without(&self, is_gone: impl Fn(&Evidence) -> bool) -> bool {
        let rest = self.evidence.iter().zip(&self.sure).filter(|(one, _)| !is_gone(one));
        rest.map(|(_, sure)| *sure).max().is_none_or(|rest| rest < confidence(self))
    }

    /// Whether both name models, and none in common.
    fn is_apart_from(&self, other: &Self) -> bool {
        let (own, others) = (self.models(), other.models());
        !own.is_empty() && !others.is_empty() && !own.iter().any(|model| others.contains(model))
    }

    fn models(&self) -> Vec<&str> {
        self.evidence.iter().filter_map(|one| clue::meta(&one.clues, "model")).collect()
    }
}

/// The best explanation of one piece of evidence. A warning's cause is a warning, whatever it could
/// break elsewhere, and a failure that nothing explains is said to be unknown.
fn best_of(evidence: &Evidence, status: Status) -> Option<(Candidate, Severity)> {
    // Of what is as it should be, only this machine's notes are worth a line.
    let is_local = || evidence.clues.iter().any(|clue| matches!(clue, Clue::Local(_)));
    if status == Status::Pass && !is_local() {
        return None;
    }
    let found = matcher::candidates(&evidence.clues).into_iter().next();
    match (found, status) {
        (found, Status::Pass) => {
            let note = found.filter(|best| best.fix.severity == Severity::Note)?;
            Some((note, Severity::Note))
        }
        (Some(best), Status::Warn) => Some((best, best.fix.severity.max(Severity::Warning))),
        (Some(best), _) => Some((best, best.fix.severity)),
        (None, Status::Fail) if !evidence.clues.is_empty() => {
            let fix = catalog::find(NOT_RECOGNISED)?;
            Some((Candidate { fix, case: fix.when.first()?, weight: 0 }, fix.severity))
        }
        (None, _) => None,
    }
}

/// Folds consequences under the cause that hides them, unless the two are about different models.
fn fold(causes: Vec<Cause<'_>>) -> Vec<(Cause<'_>, Vec<Consequence>)> {
    let hidden_by = |cause: &Cause<'_>, all: &[Cause<'_>]| {
        all.iter().position(|other| {
            let hides = other.best.fix.hides.contains(&cause.best.fix.id);
            let is_elsewhere = other.is_aside && !cause.is_aside;
            hides
                && !is_elsewhere
                && other.best.fix.id != cause.best.fix.id
                && !other.is_apart_from(cause)
        })
    };
    let owners: Vec<Option<usize>> = causes.iter().map(|cause| hidden_by(cause, &causes)).collect();
    let consequences = |owner: usize| {
        let own = owners.iter().zip(&causes).filter(|(by, _)| **by == Some(owner));
        own.map(|(_, cause)| Consequence {
            id: cause.best.fix.id.to_owned(),
            title: cause.best.fix.title.to_owned(),
        })
        .collect::<Vec<_>>()
    };
    let folded: Vec<Vec<Consequence>> = (0..causes.len()).map(consequences).collect();
    causes
        .into_iter()
        .zip(folded)
        .zip(&owners)
        .filter(|(_, owner)| owner.is_none())
        .map(|(pair, _)| pair)
        .collect()
}

fn finding(cause: &Cause<'_>, consequences: Vec<Consequence>, run: Run<'_>) -> Finding {
    let fix = cause.best.fix;
    let clues: Vec<Clue> = cause.evidence.iter().flat_map(|one| one.clues.clone()).collect();
    Finding {
        id: fix.id.to_owned(),
        entry: format!("docs/known-fixes.md#{}", fix.id),
        title: fix.title.to_owned(),
        // What nothing explains broke where it was seen to break.
        layer: if fix.id == NOT_RECOGNISED { cause.seen_in } else { fix.layer },
        blame: fix.blame,
        severity: cause.severity,
        confidence: confidence(cause),
        retry: Retry::of(retry_class(fix, &clues), retry_after(&clues), outlasts(cause, &clues)),
        why: fix.why.to_owned(),
        evidence: proofs(cause, run.times)
            .into_iter()
            .chain(quota(cause, &clues))
            .chain(refused_by(&cause.evidence))
            .chain(named_project(&clues))
            .chain(named_field(&clues))
            .chain(key_seen(&clues))
            .collect(),
        ruled_out: exclude::ruled_out(fix.layer, &cause.evidence, run.observations),
        fixes: steps(fix, &clues, run.shell),
        splits: splits(&cause.best, &clues),
        consequences,
        alternative_to: None,
        confirm: fill(fix.confirm, &clues),
        class: fix.class(),
    }
}

/// Each text once, with the attempt that showed it first.
fn proofs(cause: &Cause<'_>, times: Times<'_>) -> Vec<Proof> {
    let mut proofs: Vec<(Proof, u64)> = Vec::new();
    for one in &cause.evidence {
        match proofs.iter_mut().find(|(proof, _)| proof.text == one.text) {
            Some((_, sum)) => *sum += times(one),
            None => {
                let decisive = cause.falls_without(|other| other.text == one.text);
                let (attempt, text) = (one.attempt.clone(), one.text.clone());
                proofs.push((Proof { attempt, text, decisive }, times(one)));
            }
        }
    }
    proofs
        .into_iter()
        .map(|(proof, times)| match times {
            1 => proof,
            _ => Proof { text: format!("{} ({times} times)", proof.text), ..proof },
        })
        .collect()
}

/// Whose no it is, where a gateway stands between.
fn refused_by(evidence: &[&Evidence]) -> Option<Proof> {
    let first = evidence.iter().find_map(|one| Some((one, clue::meta(&one.clues, "refused_by")?)));
    let (one, said) = first?;
    Some(Proof { attempt: one.attempt.clone(), text: said.to_owned(), decisive: false })
}

/// Half of all right fixes are made in the wrong project, so the one that was named is shown.
fn named_project(clues: &[Clue]) -> Option<Proof> {
    let text = format!("the answer names the project {}", project(clues)?);
    Some(Proof { attempt: None, text, decisive: false })
}

/// What evidence weighs at least that holds words of a message.
const WORDS: u32 = 24;

/// How sure a cause is: as its surest piece. Each is judged by itself, so that taking one away makes nothing surer.
fn confidence(cause: &Cause<'_>) -> Confidence {
    cause.sure.iter().copied().max().unwrap_or(Confidence::Low)
}

/// How sure one piece of evidence makes its cause.
fn alone(best: &Candidate, evidence: &Evidence) -> Confidence {
    let pasted = evidence.attempt.is_none().then_some(evidence.clues.as_slice());
    pasted.map_or(best.case.sure, |clues| sureness(best, clues))
}

/// The same for the clues of a text. What fails for everybody with the same words may have nothing to do with this
/// API: without a mark of it nothing on the way is sure, and least where somebody else's host is named.
pub(super) fn sureness(best: &Candidate, clues: &[Clue]) -> Confidence {
    let sure = best.case.sure;
    let aside = clue::meta(clues, "aside").is_some();
    let unmarked = is_unmarked(clues);
    let elsewhere = clues.contains(&Clue::Host(HostKind::Other));
    let on_the_way = is_on_the_way(best.fix.layer, clues);
    match () {
        () if aside || unmarked && (elsewhere || is_of_anybody(best)) => Confidence::Low,
        () if on_the_way && (elsewhere || unmarked) => sure.min(Confidence::Medium),
        () => sure,
    }
}

/// Whether nothing shows that clues are about this API.
pub fn is_unmarked(clues: &[Clue]) -> bool {
    clue::meta(clues, "unmarked").is_some() && !clues.contains(&Clue::By(Party::Api))
}

/// Whether a cause is one of the way to any server: a layer of it, or trouble on the wire.
fn is_on_the_way(layer: Layer, clues: &[Clue]) -> bool {
    let is_fault = |clue: &Clue| matches!(clue, Clue::Fault(_));
    (Layer::Dns..=Layer::Tls).contains(&layer) || clues.iter().any(is_fault)
}

/// Whether any server's gateway or bare status gives the same: a status alone, without a word of the API's.
fn is_of_anybody(best: &Candidate) -> bool {
    let layer = best.fix.layer;
    let by_number = matches!(layer, Layer::Backend | Layer::Quota) && best.weight < WORDS;
    layer == Layer::Gateway || by_number
}

/// Whether a cause outlasts a pause of seconds that the server asks for. Of a quota only a day's and one of
/// nothing do, and a guess contradicts nobody.
fn outlasts(cause: &Cause<'_>, clues: &[Clue]) -> Option<bool> {
    if confidence(cause) == Confidence::Low
        && cause.evidence.iter().all(|one| one.attempt.is_none())
    {
        return None;
    }
    let a_day = |text: &str| {
        let lower = text.to_ascii_lowercase();
        ["perday", "per day", "per_day", "daily"].iter().any(|words| lower.contains(words))
    };
    let lasts = clues.iter().any(|clue| match clue {
        Clue::LimitZero => true,
        Clue::QuotaId(text) | Clue::Message(text) | Clue::Meta(_, text) => a_day(text),
        _ => false,
    });
    let credits = !matches!(cause.best.fix.retry, RetryClass::After | RetryClass::Backoff);
    Some(cause.best.fix.class() == Class::Quota && (lasts || credits))
}

/// Nobody knows whether what is not known passes; but what the API refuses as the caller's fault, it
/// refuses again.
fn retry_class(fix: &KnownFix, clues: &[Clue]) -> RetryClass {
    let refused = clues.iter().any(|clue| matches!(clue, Clue::Status(400..=404)));
    match fix.id == NOT_RECOGNISED && refused {
        true => RetryClass::FixFirst,
        false => fix.retry,
    }
}

/// Servers count the fields they refuse; the request that was sent has their names.
fn named_field(clues: &[Clue]) -> Option<Proof> {
    let text = format!("in your request {}", clue::meta(clues, "named_field")?);
    Some(Proof { attempt: None, text, decisive: false })
}

/// Whose key was looked at, where its shape was asked for.
fn key_seen(clues: &[Clue]) -> Option<Proof> {
    let text = clue::meta(clues, "key_seen")?.to_owned();
    Some(Proof { attempt: None, text, decisive: false })
}

/// Whether a cause is about keys of another kind than the one that is known to be used.
fn is_about_another_key(fix: &KnownFix, clues: &[Clue]) -> bool {
    let seen = |kind: &KeyKind| clues.contains(&Clue::Key(*kind));
    let known = clue::meta(clues, "key_seen").is_some();
    let mut kinds = fix
        .when
        .iter()
        .flat_map(|case| case.all)
        .filter_map(|sign| match sign {
            Sign::Key(kind) => Some(kind),
            _ => None,
        })
        .peekable();
    known && kinds.peek().is_some() && !kinds.any(seen)
}

/// Whether a cause has an answer of its own, 401, and another one was seen.
fn is_of_another_status(fix: &KnownFix, clues: &[Clue]) -> bool {
    const ONLY_401: [&str; 3] =
        ["bearer-instead-of-api-key", "invalid-oauth-token", "oauth-token-expired"];
    let is_refused_key = clues.contains(&Clue::Reason("API_KEY_INVALID".to_owned()))
        || clues.contains(&Clue::Status(400))
        || clue::message(clues).is_some_and(|text| text.contains("API key not valid"));
    ONLY_401.contains(&fix.id) && is_refused_key && !clues.contains(&Clue::Status(401))
}

/// The violated quotas by their ids: the message buries them.
fn quota(cause: &Cause<'_>, clues: &[Clue]) -> Option<Proof> {
    let names_one = |one: &Evidence| one.clues.iter().any(|clue| matches!(clue, Clue::QuotaId(_)));
    let decisive = cause.falls_without(names_one);
    let mut ids: Vec<&str> = clues
        .iter()
        .filter_map(|clue| match clue {
            Clue::QuotaId(id) => Some(id.as_str()),
            _ => None,
        })
        .collect();
    ids.dedup();
    let part = |word: &str, name: &str| {
        clue::meta(clues, name).map_or_else(String::new, |value| format!(", {word} {value}"))
    };
    // With several quotas each has a limit of its own.
    let limit = if ids.len() == 1 { part("limit", "quotaValue") } else { String::new() };
    let parts = limit + &part("model", "quota_model");
    let text = format!("quota {}{parts}", ids.join(" and "));
    (!ids.is_empty()).then_some(Proof { attempt: None, text, decisive })
}

fn splits(best: &Candidate, clues: &[Clue]) -> Vec<Unsplit> {
    if best.case.sure == Confidence::High {
        return Vec::new();
    }
    let bare = if best.weight == 0 { bare::candidates(clues) } else { &[] };
    let others = if bare.is_empty() { best.fix.splits } else { bare };
    let known = others.iter().filter_map(|split| Some((split, catalog::find(split.id)?)));
    let known = known.filter(|(_, other)| {
        !is_about_another_key(other, clues) && !is_of_another_status(other, clues)
    });
    known
        .map(|(split, other)| Unsplit {
            id: other.id.to_owned(),
            title: other.title.to_owned(),
            by: split.by.to_owned(),
        })
        .collect()
}

fn steps(fix: &KnownFix, clues: &[Clue], shell: Shell) -> Vec<FixStep> {
    let seen = Seen::of(clues);
    let fits = |step: &&Step| step.unless.is_none_or(|sign| !sign.is_in(&seen));
    let fitting = fix.fix.iter().filter(fits);
    (1..).zip(fitting).map(|(rank, step)| fix_step(rank, step, fix, clues, shell)).collect()
}

fn fix_step(rank: u32, step: &Step, fix: &KnownFix, clues: &[Clue], shell: Shell) -> FixStep {
    let command = step.command.map(|command| match shell {
        Shell::Sh => command.sh,
        Shell::PowerShell => command.powershell,
    });
    FixStep {
        rank,
        who: step.who,
        action: fill(step.action, clues),
        command: command.map(|command| fill(command, clues)),
        doc: fix.docs.first().filter(|_| rank == 1).map(|doc| (*doc).to_owned()),
    }
}

/// Puts what was seen into a step's gaps; what was not seen, or is no plain word, stands there as a
/// general one: an answer must not write the command that somebody copies.
pub fn fill(text: &str, clues: &[Clue]) -> String {
    let seen = |name: &str| clue::meta(clues, name).filter(|value| is_plain(value));
    let project = project(clues).filter(|project| is_plain(project));
    let mine = seen("project").or(project.as_deref()).unwrap_or("PROJECT").to_owned();
    let account = account(clues, &mine);
    let project = project.or_else(|| seen("project").map(str::to_owned));
    text.replace("{mine}", &mine)
        .replace(
            "{member}",
            seen("member").unwrap_or("serviceAccount:NAME@PROJECT.iam.gserviceaccount.com"),
        )
        .replace("{account}", &account)
        .replace("{caller}", seen("member").unwrap_or("user:YOU@example.com"))
        .replace("{secure_url}", seen("secure_url").unwrap_or("https://HOST"))
        .replace("{own}", seen("own_project").unwrap_or("your-real-project-id"))
        .replace("{pool}", seen("pool").unwrap_or("POOL"))
        .replace("{provider}", seen("provider").unwrap_or("PROVIDER"))
        .replace("{target}", seen("target").unwrap_or("ACCOUNT"))
        .replace("{sibling}", seen("sibling").unwrap_or("a healthy sibling"))
        .replace("{successor}", seen("successor").unwrap_or("NAME"))
        .replace("{variable}", seen("variable").unwrap_or("NAME"))
        .replace("{lock}", seen("lock").unwrap_or("FILE"))
        .replace("{near}", seen("near").unwrap_or("NAME"))
        .replace("{model}", seen("model").unwrap_or("MODEL"))
        .replace("{project}", project.as_deref().unwrap_or("PROJECT"))
        .replace("{link}", link(clues).unwrap_or("the link in the error"))
}

/// The service account that calls, or how its address would look.
fn account(clues: &[Clue], project: &str) -> String {
    let member = clue::meta(clues, "member").filter(|member| is_plain(member));
    let known = member.and_then(|member| member.strip_prefix("serviceAccount:"));
    known.map_or_else(|| format!("ACCOUNT@{project}.iam.gserviceaccount.com"), str::to_owned)
}

/// Whether a word can stand in a command of any shell as it is.
pub fn is_plain(word: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-/@".contains(&byte);
    !word.is_empty() && !word.starts_with('-') && word.bytes().all(plain)
}

/// The link that an error offers, if it leads to the provider.
fn link(clues: &[Clue]) -> Option<&str> {
    let offered = clues.iter().find_map(|clue| match clue {
        Clue::Link(url) => Some(url.as_str()),
        _ => None,
    });
    clue::meta(clues, "activationUrl").or(offered).filter(|url| {
        let host = url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
        host.is_some_and(|host| {
            [".google.com", ".googleapis.com", "ai.google.dev"]
                .iter()
                .any(|end| host.ends_with(end))
        })
    })
}

/// The project an answer names, in its details or in its words.
pub fn project(clues: &[Clue]) -> Option<String> {
    let named = ["consumer", "containerInfo", "resource"]
        .iter()
        .filter_map(|name| clue::meta(clues, name))
        .find_map(|value| after(value, "projects/"));
    let message = clue::message(clues).unwrap_or_default();
    named.or_else(|| after(message, "projects/")).or_else(|| {
        after(message, "project ").filter(|word| word.chars().all(|digit| digit.is_ascii_digit()))
    })
}

fn after(text: &str, mark: &str) -> Option<String> {
    let rest = &text[text.find(mark)? + mark.len()..];
    let end = rest
        .find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '-' | '_' | ':'))
        .unwrap_or(rest.len());
    (end > 0).then(|| rest[..end].trim_end_matches(':').to_owned())
}

fn retry_after(clues: &[Clue]) -> Option<u64> {
    clues.iter().find_map(|clue| match clue {
        Clue::RetryAfterMs(ms) => Some(*ms),
        _ => None,
    })
}

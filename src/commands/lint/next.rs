//! The command that leads on from what `lint` found.

use super::{
    super::shell_word::shell_word,
    STANDARD_INPUT,
    told::{BodySeen, FileSeen},
};
use crate::{
    facts::Severity,
    lint::{Finding, Kind, PUT_IN},
    settings::Shell,
};

/// Corrects what can be corrected, else explains the first error; where there is none, the service itself is asked.
pub(super) fn next(files: &[FileSeen], shell: Shell) -> Option<String> {
    let file = files.iter().find(|file| file.judged().errors > 0).or(files.first())?;
    if !file.is_judged() || file.name == STANDARD_INPUT {
        return None;
    }
    let is_mechanical =
        |one: &Finding| one.correction.as_ref().is_some_and(|correction| correction.is_mechanical);
    let can_write = file.written.is_none() && !holds_several(&file.bodies, |body| &body.name);
    if can_write && file.found().any(|(_, finding, _)| is_mechanical(finding)) {
        return Some(format!("gemini-doctor lint {} --fix", shell_word(&file.name, shell)));
    }
    if file.judged().errors == 0 {
        return search(file, shell);
    }
    // What was corrected needs no explanation any more.
    let first = match &file.written {
        Some(written) => written.first_left?,
        None => file.found().map(|(_, finding, _)| finding).find(|one| is_error(one))?.rule.id,
    };
    Some(format!("gemini-doctor lint --list {first}"))
}

/// Whether a finding is one for which a body would be refused.
pub fn is_error(finding: &Finding) -> bool {
    finding.rule.severity == Severity::Error
}

/// Whether a file has bodies in something else than lines of their own, so that none could be written anew for all.
pub fn holds_several<T>(bodies: &[T], name: impl Fn(&T) -> &str) -> bool {
    bodies.len() > 1 && !bodies.iter().all(|body| name(body).starts_with("line "))
}

/// A search in the file, or in its corrected copy. It takes one body for an answer, with all its values.
fn search(file: &FileSeen, shell: Shell) -> Option<String> {
    let [BodySeen { looked, .. }] = &file.bodies[..] else { return None };
    let has_holes = looked.findings.iter().any(|one| one.rule.id == PUT_IN.id);
    if looked.kind != Kind::Generate || has_holes {
        return None;
    }
    let copy = file.written.as_ref().and_then(|written| written.path.as_deref());
    Some(format!("gemini-doctor bisect {}", shell_word(copy.unwrap_or(&file.name), shell)))
}

//! Puts right what a program can put right without knowing what was meant, again until nothing is left of it. It must not
//! make a change that it does not tell.

use super::{
    document::{Line, Lines},
    finding::{Correction, Edit, Finding},
    look::{Given, Looked, look},
};

/// A text with its corrections made.
#[derive(Debug)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// What was changed, in the order in which it was done.
    pub changes: Vec<Change>,
    /// What the rules find in the new text.
    pub left: Looked,
}

/// One correction that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The id of the rule.
    pub rule: &'static str,
    /// The path to what was changed, as it was then.
    pub path: String,
    /// Where it stood in the text that it was made in: that of the beginning in the first round.
    pub at: Line,
    /// What was done.
    pub words: String,
}

/// One correction can make room for the next; no body needs many rounds.
const MOST_ROUNDS: usize = 100;

/// Makes all corrections that keep what is meant.
pub fn fix(text: &str, given: &Given<'_>) -> Fixed {
    let all = Given { wants_all: true, counts: false, ..given.clone() };
    let mut text = text.to_owned();
    let mut changes = Vec::new();
    let mut found = look(&text, &all).findings;
    for _ in 0..MOST_ROUNDS {
        let (edits, made) = round(&text, &found);
        if made.is_empty() {
            break;
        }
        text = changed(&text, edits);
        changes.extend(made);
        found = look(&text, &all).findings;
    }
    Fixed { left: look(&text, given), text, changes }
}

/// The corrections that can be made at once: none of them touches what another one changes.
fn round(text: &str, findings: &[Finding]) -> (Vec<Edit>, Vec<Change>) {
    let (mut edits, mut made): (Vec<Edit>, Vec<Change>) = (Vec::new(), Vec::new());
    let mut lines = Lines::of(text);
    for finding in in_order(findings) {
        let Some(correction) = &finding.correction else { continue };
        let touches = |edit: &Edit| edits.iter().any(|other| touch(edit, other));
        if correction.edits.is_empty() || correction.edits.iter().any(touches) {
            continue;
        }
        edits.extend(correction.edits.iter().cloned());
        made.push(Change {
            rule: finding.rule.id,
            path: finding.path.clone(),
            at: lines.place(finding.span.start),
            words: correction.words.clone(),
        });
    }
    (edits, made)
}

/// What changes one place, or where there is nothing of it what changes several: something that is moved may belong into what
/// had another name before.
fn in_order(findings: &[Finding]) -> Vec<&Finding> {
    let of = |wanted: fn(&Correction) -> bool| -> Vec<&Finding> {
        let has = |finding: &&Finding| {
            finding.correction.as_ref().is_some_and(|one| one.is_mechanical && wanted(one))
        };
        findings.iter().filter(has).collect()
    };
    let simple = of(|correction| correction.edits.len() == 1);
    if simple.is_empty() { of(|correction| correction.edits.len() > 1) } else { simple }
}

/// Whether two changes lie over each other or side by side.
fn touch(one: &Edit, other: &Edit) -> bool {
    one.span.start <= other.span.end && other.span.start <= one.span.end
}

/// The text with some pieces changed.
pub fn changed(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(text.get(at..edit.span.start).unwrap_or_default());
        out.push_str(&edit.text);
        at = edit.span.end.max(at);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

//! The page of all known fixes, in Markdown, with an anchor for each: `docs/known-fixes.md`.
//!
//! Text only, from the catalogue only.

use crate::{
    catalog::{self, KnownFix, Step},
    diagnose::judge,
};

use super::fixes::reproduce;

/// The whole page.
pub fn page() -> String {
    let mut out = String::from(OPENING);
    for (family, fixes) in catalog::families().iter().filter(|(_, fixes)| !fixes.is_empty()) {
        let links: Vec<String> = fixes.iter().map(|fix| format!("[{0}](#{0})", fix.id)).collect();
        out.push_str(&format!("- {family}: {}\n", links.join(", ")));
    }
    for (family, fixes) in catalog::families() {
        for fix in *fixes {
            out.push_str(&entry(family, fix));
        }
    }
    out
}

const OPENING: &str = "# Known fixes\n\nMade by `gemini-doctor fixes --format markdown`. Every finding of the \
program bears the id of an entry here.\n\n";

fn entry(family: &str, fix: &KnownFix) -> String {
    let mut out = format!("\n## {}\n\n**{}.**\n\n", fix.id, escape(fix.title));
    out.push_str(&format!(
        "Family {family}, layer {}, blame {}, retry: {}. Checked on {}.\n\n{}\n\n",
        fix.layer.word(),
        fix.blame.word(),
        fix.retry.word(),
        fix.as_of,
        escape(fix.why)
    ));
    for (rank, step) in (1..).zip(fix.fix) {
        out.push_str(&told(rank, step));
    }
    out.push_str(&format!("\nFixed when: {}\n", escape(&judge::fill(fix.confirm, &[]))));
    if !fix.splits.is_empty() {
        out.push_str("\nThe same evidence may mean:\n\n");
    }
    for split in fix.splits {
        out.push_str(&format!("- [{0}](#{0}); split by: {1}\n", split.id, escape(split.by)));
    }
    if fix.seen_as.is_empty() && !fix.live.is_empty() {
        out.push_str("\nLive only: no text shows it, only a run that looks.\n");
    }
    if !fix.reproduce.is_empty() {
        out.push_str(&format!("\nSee it: `{}`\n", reproduce(fix)));
    }
    for link in fix.docs {
        out.push_str(&format!("\n<{link}>\n"));
    }
    out
}

fn told(rank: usize, step: &Step) -> String {
    let action = escape(&judge::fill(step.action, &[]));
    let first = format!("{rank}. {}: {action}\n", step.who.word());
    let Some(command) = step.command else { return first };
    let (sh, powershell) = (judge::fill(command.sh, &[]), judge::fill(command.powershell, &[]));
    if sh == powershell {
        return first + &fenced("sh", &sh);
    }
    first + &fenced("sh", &sh) + &fenced("powershell", &powershell)
}

fn fenced(language: &str, command: &str) -> String {
    let lines: Vec<String> = command.lines().map(|line| format!("   {line}\n")).collect();
    format!("\n   ```{language}\n{}   ```\n\n", lines.concat())
}

/// The catalogue's own words hold names with angle brackets and underscores.
fn escape(text: &str) -> String {
    text.replace('<', "&lt;").replace('_', "\\_").replace('*', "\\*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_fix_has_its_anchor_once() {
        let page = page();
        for fix in catalog::all() {
            assert_eq!(page.matches(&format!("\n## {}\n", fix.id)).count(), 1, "{}", fix.id);
        }
        assert!(!page.contains("{model}") && !page.contains("{link}"));
    }
}

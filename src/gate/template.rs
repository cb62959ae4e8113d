//! A gate as the text of a file: the commented one to begin with, and any gate written out.

use std::fmt::Write;

use super::{Gate, Subject};
use crate::facts::Measure;

/// A file to begin with: the built-in set, and all else that can be said, as comments.
pub fn commented(has_login: bool) -> String {
    let smoke = Gate::smoke(has_login);
    let credential = list(&smoke.checks[..2]);
    let rest = list(&smoke.checks[2..]);
    format!(
        r#"# What must hold before a deploy goes on. Run it with:  gemini-doctor gate FILE
# Editors complete it by docs/schema/gate.schema.json of a release: a first line  #:schema PATH  names that.
# Exit 0: it holds. 1, 3, 4, 6: it does not (yours, theirs, the path, quota). 5: it could not be told.

# The checks that must hold; gemini-doctor doctor --only list names them all. What a check rests on is
# asked too. The cheapest come first, and nothing is asked once the outcome is certain.
checks = [
    {credential},
    {rest},
    # "stream.whole",  # a stream that is complete; up to 2 paid calls
]

# A level that too few calls cannot decide passes with a warning. With "fail" it ends with exit 5.
# inconclusive = "fail"

[slo]
# The calls that every level is held against, and the name api.alias with them. Without this line each takes
# the fewest that can show it to hold: 59 for a p95, 29 for 10 % failures, 5 for a p50. A level counts as
# broken at 99.9 % certainty, and as held at 95 %. More than 20 paid calls need --yes.
calls = {calls}
# failure_percent = 10        # calls without an answer, whatever the reason
# latency_p50_ms = 1500       # half of the answers are whole by then
# latency_p95_ms = 5000       # 19 of 20 are
# first_token_p50_ms = 800    # the first text of a stream
# first_token_p95_ms = 2500
# tokens_per_call = 200       # no call takes more, thinking included

[budget]
requests = {requests}
seconds = {seconds}
# tokens = 20000

# What may fail for a while. Its last day (UTC) passes with a warning, the day after fails.
# [[waivers]]
# check = "api.alias"                    # or: finding = "alias-backend-missing"
# reason = "the provider is on it, ticket 17"
# until = 2026-12-31
"#,
        calls = smoke.levels[0].calls,
        requests = smoke.budget.requests.unwrap_or_default(),
        seconds = smoke.budget.seconds.unwrap_or_default(),
    )
}

/// A gate as a file that says the same.
pub fn toml(gate: &Gate) -> String {
    let mut text = String::new();
    if !gate.checks.is_empty() {
        line(&mut text, &format!("checks = [{}]", list(&gate.checks)));
    }
    if gate.fails_if_open {
        line(&mut text, "inconclusive = \"fail\"");
    }
    levels(&mut text, gate);
    budget(&mut text, gate);
    for waiver in &gate.waivers {
        let (kind, id) = match &waiver.subject {
            Subject::Check(id) => ("check", id),
            Subject::Finding(id) => ("finding", id),
        };
        line(&mut text, "\n[[waivers]]");
        line(&mut text, &format!("{kind} = {}", quoted(id)));
        line(&mut text, &format!("reason = {}", quoted(&waiver.reason)));
        line(&mut text, &format!("until = {}", waiver.until));
    }
    text
}

/// The calls are written where all levels have the same number of them.
fn levels(text: &mut String, gate: &Gate) {
    let Some(first) = gate.levels.first() else { return };
    let is_usual = |level: &crate::facts::Level| {
        level.calls == crate::facts::Level::new(level.measure, level.at_most).calls
    };
    let are_usual = gate.levels.iter().all(is_usual);
    let own = || gate.levels.iter().filter(|level| level.measure != Measure::Alias);
    if are_usual && own().next().is_none() {
        return;
    }
    line(text, "\n[slo]");
    if !are_usual {
        line(text, &format!("calls = {}", first.calls));
    }
    for level in own() {
        line(text, &format!("{} = {}", level.measure.key(), level.at_most));
    }
}

fn budget(text: &mut String, gate: &Gate) {
    let budget = &gate.budget;
    let lines = [
        budget.requests.map(|most| format!("requests = {most}")),
        budget.tokens.map(|most| format!("tokens = {most}")),
        budget.seconds.map(|most| format!("seconds = {most}")),
    ];
    if lines.iter().any(Option::is_some) {
        line(text, "\n[budget]");
    }
    lines.iter().flatten().for_each(|one| line(text, one));
}

fn line(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("a text takes all");
}

fn list(ids: &[String]) -> String {
    ids.iter().map(|id| quoted(id)).collect::<Vec<_>>().join(", ")
}

/// A basic string; JSON's escapes are TOML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::{Known, Waiver, parse};

    const KNOWN: Known<'static> = Known {
        checks: &[
            "key.source",
            "key.shape",
            "adc.source",
            "adc.token",
            "net.dns",
            "net.tcp",
            "net.tls",
            "net.answer",
            "api.list",
            "api.model",
            "api.alias",
            "stream.whole",
        ],
        not_here: &[],
        fixes: &["alias-backend-missing"],
    };

    fn read(text: &str) -> Gate {
        parse(text, "gate.toml", KNOWN).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    #[test]
    fn the_smoke_set_and_the_file_to_begin_with_are_the_same_gate() {
        for has_login in [false, true] {
            let smoke = Gate { is_smoke: false, ..Gate::smoke(has_login) };
            assert_eq!(read(&toml(&smoke)), smoke);
            assert_eq!(read(&commented(has_login)), smoke);
        }
    }

    #[test]
    fn every_commented_line_is_a_good_one() {
        let text = commented(false);
        let is_setting = |line: &&str| {
            let word = line.trim_start_matches("    ").trim_start_matches("# ");
            word.starts_with("[[") || word.starts_with('"') || word.contains(" = ")
        };
        let bare = |line: &str| match line.trim_start().strip_prefix("# ") {
            Some(rest) if is_setting(&line) => rest.to_owned(),
            _ => line.to_owned(),
        };
        let all: Vec<String> = text.lines().map(bare).collect();
        let gate = read(&all.join("\n"));
        assert_eq!((gate.levels.len(), gate.waivers.len()), (7, 1));
        assert!(gate.fails_if_open && gate.checks.iter().any(|id| id == "stream.whole"));
        assert_eq!(gate.budget.tokens, Some(20_000));
    }

    #[test]
    fn what_is_written_out_is_read_back() {
        let text = "checks = [\"api.alias\", \"api.list\"]\ninconclusive = \"fail\"\n[slo]\ncalls = 70\n\
            latency_p95_ms = 1234.5\ntokens_per_call = 30\n[budget]\nseconds = 2.5\n\
            [[waivers]]\nfinding = \"alias-backend-missing\"\nreason = \"a \\\"b\\\"\\n\\u0007\"\nuntil = 2026-12-31\n";
        let gate = read(text);
        assert_eq!(read(&toml(&gate)), gate);
        let waivers = vec![Waiver { reason: "\u{7f}\\".to_owned(), ..gate.waivers[0].clone() }];
        let odd = Gate { waivers, ..gate };
        assert_eq!(read(&toml(&odd)), odd);
    }
}

//! What the figures of a log do not show: lines that were left out, calls that were not counted, trouble that would not
//! stand out. Words alone.

use crate::{
    commands::count_tokens::{counted, grouped},
    history::figures::Figures,
};

pub(super) fn limits(figures: &Figures) -> Vec<String> {
    let bad: u64 = figures.files.iter().map(|file| file.bad_lines).sum();
    let all: u64 = figures.files.iter().map(|file| file.lines).sum();
    let cut = figures.files.iter().filter(|file| file.is_cut);
    let cut = cut.map(|file| format!("the last line of {} was cut short and left out", file.name));
    let wide = figures.files.iter().filter(|file| file.encoding.starts_with("utf-16"));
    let wide = wide.map(|file| format!("{} was read as UTF-16", file.name));
    let late = figures.quota.as_ref().map_or(0, |quota| quota.late_lines);
    let unpriced = figures.usage.total.unpriced_calls.unwrap_or(0);
    let others: u64 = figures.files.iter().map(|file| file.other_lines).sum();
    let (lines, verb) = (counted(all, "line"), if others == 1 { "tells" } else { "tell" });
    let counts = [
        (bad, format!("{} of {} could not be read", grouped(bad), counted(all, "line"))),
        (
            others,
            format!(
                "{} of {lines} {verb} neither status, failure nor latency and {} not counted",
                grouped(others),
                if others == 1 { "was" } else { "were" }
            ),
        ),
        (
            figures.undated,
            format!(
                "{} without a time that could be read: in no period and no minute",
                counted(figures.undated, "call")
            ),
        ),
        (
            figures.untold,
            format!(
                "{} of which the log does not say how they ended",
                counted(figures.untold, "call")
            ),
        ),
        (
            late,
            format!(
                "{} came over 15 minutes late in the log and are in no minute before a 429",
                counted(late, "call")
            ),
        ),
        (
            unpriced,
            format!("{} of models without a price are in no cost", counted(unpriced, "call")),
        ),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0).map(|(_, what)| what);
    counts.chain(no_trouble(figures)).chain(cut).chain(wide).collect()
}

/// Where calls failed and no time of it stands out, that was looked for.
fn no_trouble(figures: &Figures) -> Option<String> {
    let is_dated = figures.first_at.is_some();
    let is_untold = figures.failed > 0 && is_dated && figures.troubles.is_empty();
    is_untold.then(|| {
        "no time of trouble stands out; a short one with fewer than 4 failures does not show"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Analysis, Asked, Call, Names, Reader, figures::File};

    fn told(lines: &[&str], other_lines: u64) -> Vec<String> {
        let (mut reader, mut call) = (Reader::new(Names::new(&[])), Call::default());
        let mut analysis = Analysis::new(Asked::default());
        for line in lines {
            reader.read(line.as_bytes(), &mut call).unwrap();
            analysis.add(&call);
        }
        let all = lines.len() as u64 + other_lines;
        let file = File { lines: all, other_lines, ..File::default() };
        limits(&analysis.figures(vec![file], Vec::new()).0)
    }

    #[test]
    fn lines_that_say_nothing_of_a_call_are_told() {
        let call = r#"{"at":"2026-05-29T22:00:00Z","status":200}"#;
        assert_eq!(
            told(&[call; 50], 5),
            ["5 of 55 lines tell neither status, failure nor latency and were not counted"]
        );
        assert_eq!(
            told(&[call; 3], 1),
            ["1 of 4 lines tells neither status, failure nor latency and was not counted"]
        );
        assert!(told(&[call], 0).is_empty());
    }

    #[test]
    fn failures_without_a_time_of_trouble_say_that_it_was_looked_for() {
        let failed = r#"{"at":"2026-05-29T22:00:00Z","status":503}"#;
        let said = told(&[failed], 0);
        assert!(said.len() == 1 && said[0].starts_with("no time of trouble stands out"));
        assert!(told(&[r#"{"status":503}"#], 0).iter().all(|one| !one.contains("trouble")));
    }
}

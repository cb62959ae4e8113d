//! One timed call a line, as RFC 4180 has it, for spreadsheets and notebooks; of a log that counted its
//! latencies, one value a line. What is not known is empty. Units stand in the names.

use super::{Report, recorded::Recorded, text};
use crate::facts::{Ended, Sample};

const HEADER: [&str; 26] = [
    "arm",
    "round",
    "at_ms",
    "due_ms",
    "ended",
    "status",
    "stage",
    "fault",
    "latency_ms",
    "dns_ms",
    "tcp_ms",
    "proxy_ms",
    "tls_ms",
    "request_written_ms",
    "first_byte_ms",
    "first_token_ms",
    "longest_gap_ms",
    "total_ms",
    "server_ms",
    "connection",
    "nth",
    "handshake",
    "bytes_sent",
    "bytes_received",
    "input_tokens",
    "output_tokens",
];

pub(super) fn render(report: &Report) -> String {
    let lines: Vec<String> = match report.recorded.as_slice() {
        [] => std::iter::once(HEADER.join(",")).chain(report.samples.iter().map(sample)).collect(),
        recorded => std::iter::once("arm,latency_ms,calls".to_owned())
            .chain(recorded.iter().flat_map(counts))
            .collect(),
    };
    lines.iter().map(|line| format!("{line}\r\n")).collect()
}

fn sample(sample: &Sample) -> String {
    let (ended, status, stage, fault) = ended(&sample.ended);
    let mut cells = vec![
        field(&sample.arm),
        sample.round.to_string(),
        sample.at_ms.to_string(),
        known(sample.due_ms),
        ended.to_owned(),
        status,
        stage,
        fault,
        sample.latency_ms.to_string(),
    ];
    // In the order of the header, which is that of a call.
    cells.extend(sample.phases.all().in_order().map(known));
    cells.extend([
        sample.connection.to_string(),
        sample.nth.to_string(),
        sample.handshake.map_or_else(String::new, |kind| word(&kind)),
        sample.bytes_sent.to_string(),
        sample.bytes_received.to_string(),
        known(sample.input_tokens),
        known(sample.output_tokens),
    ]);
    cells.join(",")
}

fn ended(ended: &Ended) -> (&'static str, String, String, String) {
    let none = String::new;
    match ended {
        Ended::Answered => ("answered", none(), none(), none()),
        Ended::Refused(status) => ("refused", status.to_string(), none(), none()),
        Ended::Failed { stage, fault } => ("failed", none(), word(stage), word(fault)),
    }
}

fn counts(recorded: &Recorded) -> Vec<String> {
    let arm = field(&recorded.name);
    recorded.values_ms().into_iter().map(|(ms, calls)| format!("{arm},{ms},{calls}")).collect()
}

fn known(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// The word that the document has for it, too; of a word with details, the word.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => field(&word),
        Ok(serde_json::Value::Object(one)) => {
            one.keys().next().map_or_else(String::new, |key| field(key))
        }
        _ => String::new(),
    }
}

/// Text from outside as one field, which a spreadsheet does not take for a formula.
fn field(text: &str) -> String {
    let clean = text::clean(text, true);
    let guard = if clean.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    match clean.contains(['"', ',', '\r', '\n']) {
        true => format!("\"{guard}{}\"", clean.replace('"', "\"\"")),
        false => format!("{guard}{clean}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    /// A reader of its own, by the grammar of the RFC.
    fn read(text: &str) -> Vec<Vec<String>> {
        let (mut rows, mut row, mut cell, mut quoted) = (vec![], vec![], String::new(), false);
        let mut rest = text.chars().peekable();
        while let Some(letter) = rest.next() {
            match (letter, quoted) {
                ('"', true) if rest.next_if_eq(&'"').is_some() => cell.push('"'),
                ('"', _) => quoted = !quoted,
                (',', false) => row.push(std::mem::take(&mut cell)),
                ('\r', false) => {
                    assert_eq!(rest.next(), Some('\n'));
                    row.push(std::mem::take(&mut cell));
                    rows.push(std::mem::take(&mut row));
                }
                _ => cell.push(letter),
            }
        }
        assert!(row.is_empty() && cell.is_empty() && !quoted);
        rows
    }

    #[test]
    fn every_sample_is_a_row_with_all_that_is_known() {
        let report = samples::benchmark();
        let rows = read(&render(&report));
        assert_eq!(rows.len(), report.samples.len() + 1);
        assert_eq!(rows[0], HEADER);
        for (row, sample) in rows[1..].iter().zip(&report.samples) {
            let cell = |name| &row[HEADER.iter().position(|head| *head == name).unwrap()];
            assert_eq!(row.len(), HEADER.len(), "{row:?}");
            assert_eq!(cell("latency_ms").parse(), Ok(sample.latency_ms));
            assert_eq!(cell("tls_ms").parse().ok(), sample.phases.all().tls_ms);
            assert_eq!(cell("output_tokens").parse().ok(), sample.output_tokens);
            assert_eq!(cell("ended") == "answered", sample.is_answered());
        }
        let failed = rows.iter().find(|row| row[4] == "failed").unwrap();
        assert!(!failed[6].is_empty() && !failed[7].is_empty(), "{failed:?}");
        assert!(rows.iter().any(|row| row[4] == "refused" && row[5] == "503"));
    }

    #[test]
    fn no_field_of_a_sample_is_left_out() {
        let sample = serde_json::to_value(&samples::benchmark().samples[0]).unwrap();
        let phases = sample["phases"].as_object().unwrap().keys();
        let own = sample.as_object().unwrap().keys().filter(|name| *name != "phases");
        for name in own.chain(phases) {
            assert!(HEADER.contains(&name.as_str()), "{name}");
        }
    }

    #[test]
    fn a_text_is_one_field_and_no_formula() {
        assert_eq!(field("h2-warm"), "h2-warm");
        assert_eq!(field("a,\"b\"\r\nc"), "\"a,\"\"b\"\" c\"");
        assert_eq!(field("=1+1"), "'=1+1");
        assert_eq!(field("@a,b"), "\"'@a,b\"");
    }

    #[test]
    fn a_log_is_one_value_a_line() {
        let rows = read(&render(&samples::joined()));
        assert_eq!(rows[0], ["arm", "latency_ms", "calls"]);
        let calls: u64 = rows[1..].iter().map(|row| row[2].parse::<u64>().unwrap()).sum();
        let recorded = samples::joined().recorded;
        assert_eq!(calls, recorded.iter().map(|one| one.counts.len()).sum::<u64>());
    }
}

//! Logs of histograms are joined exactly, whoever wrote them, or refused with the line that forbids it.

use std::time::{Duration, SystemTime};

use hdrhistogram::{
    Histogram,
    serialization::{
        Deserializer, Serializer, V2DeflateSerializer, V2Serializer,
        interval_log::{IntervalLogIterator, IntervalLogWriterBuilder, LogEntry, Tag},
    },
};
use tempfile::TempDir;

use crate::harness::{Doctor, Ran};

const PER_MS: f64 = 1000.0;

/// A log as another program would write it: an interval a second, each with what was recorded in it.
fn log_of(tag: Option<&str>, values: &[u64], serializer: &mut impl Serializer) -> String {
    let mut text = Vec::new();
    let mut builder = IntervalLogWriterBuilder::new();
    builder.with_start_time(SystemTime::UNIX_EPOCH + Duration::from_secs(1_780_000_000));
    builder.with_max_value_divisor(PER_MS).add_comment("[Logged by a test]");
    let mut writer = builder.begin_log_with(&mut text, serializer).expect("a vector takes all");
    for (second, part) in (0..).zip(values.chunks(97)) {
        let tag = tag.map(|tag| Tag::new(tag).expect("a good tag"));
        let (start, second) = (Duration::from_secs(second), Duration::from_secs(1));
        let written = writer.write_histogram(&counted(3, part), start, second, tag);
        assert!(written.is_ok(), "a vector takes all");
    }
    String::from_utf8(text).expect("a text")
}

fn tagged(tag: &str, values: &[u64]) -> String {
    log_of(Some(tag), values, &mut V2DeflateSerializer::new())
}

fn counted(digits: u8, values: &[u64]) -> Histogram<u64> {
    let mut histogram = Histogram::new(digits).expect("good digits");
    values.iter().for_each(|value| histogram.record(*value).expect("it grows"));
    histogram
}

/// Latencies in microseconds as a network has them, other ones for each seed.
fn values(seed: u64, count: usize) -> Vec<u64> {
    let mut random = fastrand::Rng::with_seed(seed);
    let value = |random: &mut fastrand::Rng| {
        let tail = (random.f64() * 6.0).exp();
        (20_000.0 * random.f64() + 500.0 * tail) as u64 + 1
    };
    (0..count).map(|_| value(&mut random)).collect()
}

/// The only histogram of a log with this tag.
fn read(log: &str, tag: &str) -> Histogram<u64> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let found: Vec<Histogram<u64>> = IntervalLogIterator::new(log.as_bytes())
        .filter_map(|entry| match entry.expect("a good line") {
            LogEntry::Interval(one) if one.tag().map_or("", |tag| tag.as_str()) == tag => {
                let bytes = STANDARD.decode(one.encoded_histogram()).expect("base64");
                Some(Deserializer::new().deserialize(&mut bytes.as_slice()).expect("a histogram"))
            }
            _ => None,
        })
        .collect();
    assert_eq!(found.len(), 1, "{tag} in {log}");
    found.into_iter().next().expect("one")
}

fn counts(histogram: &Histogram<u64>) -> Vec<(u64, u64)> {
    histogram.iter_recorded().map(|one| (one.value_iterated_to(), one.count_at_value())).collect()
}

fn merge(line: &str, files: &[(&str, &str)]) -> (Ran, TempDir) {
    let doctor = Doctor::line(&format!("merge {line}"));
    files.iter().fold(doctor, |doctor, (name, text)| doctor.file(name, text)).run_and_keep()
}

fn written(folder: &TempDir, name: &str) -> String {
    std::fs::read_to_string(folder.path().join(name)).expect(name)
}

#[test]
fn the_sum_is_the_histogram_of_all_values() {
    let (one, two, three) = (values(1, 4_000), values(2, 1_500), values(3, 10));
    let files = [
        ("a.hlog", tagged("h2-warm", &one)),
        ("b.hlog", tagged("h2-warm", &two) + &tagged("h1-cold", &three)),
    ];
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    let (ran, folder) = merge("a.hlog b.hlog --out all.hlog", &files);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    let log = written(&folder, "all.hlog");
    let all = [one, two].concat();
    assert_eq!(counts(&read(&log, "h2-warm")), counts(&counted(3, &all)));
    assert_eq!(counts(&read(&log, "h1-cold")), counts(&counted(3, &three)));
    assert!(log.contains("#[Unit: microseconds]"), "{log}");
    assert!(log.contains("#[StartTime: 1780000000.000 (seconds since epoch)"), "{log}");
}

#[test]
fn the_order_of_logs_and_joining_twice_change_nothing() {
    let parts: Vec<String> = (0..4).map(|seed| tagged("x", &values(seed, 300))).collect();
    let files: Vec<(String, &str)> = (0..)
        .zip(&parts)
        .map(|(number, text): (u32, _)| (format!("{number}.hlog"), text.as_str()))
        .collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let sum = |line: &str, files: &[(&str, &str)]| {
        let (ran, folder) = merge(&format!("{line} --report hdr=sum.hlog"), files);
        assert_eq!(ran.code, 0, "{ran:?}");
        written(&folder, "sum.hlog")
    };
    let at_once = sum("0.hlog 1.hlog 2.hlog 3.hlog", &files);
    let backwards = sum("3.hlog 2.hlog 1.hlog 0.hlog", &files);
    let (left, right) = (sum("0.hlog 1.hlog", &files[..2]), sum("2.hlog 3.hlog", &files[2..]));
    let by_halves = sum("l.hlog r.hlog", &[("l.hlog", left.as_str()), ("r.hlog", right.as_str())]);
    let expected = counts(&read(&at_once, "x"));
    assert_eq!(expected.iter().map(|(_, count)| count).sum::<u64>(), 1_200);
    assert_eq!(counts(&read(&backwards, "x")), expected);
    assert_eq!(counts(&read(&by_halves, "x")), expected);
}

#[test]
fn foreign_logs_are_read_tagged_or_not_and_compressed_or_not() {
    let (one, two) = (values(5, 200), values(6, 100));
    let plain = log_of(None, &one, &mut V2Serializer::new());
    let deflated = log_of(None, &two, &mut V2DeflateSerializer::new()).replace('\n', "\r\n");
    let (ran, folder) =
        merge("a b --out all --format json", &[("a", plain.as_str()), ("b", deflated.as_str())]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        counts(&read(&written(&folder, "all"), "")),
        counts(&counted(3, &[one, two].concat()))
    );
    let data = &ran.json()["data"];
    assert_eq!((&data["unit"], &data["digits"]), (&"microseconds".into(), &3.into()), "{data}");
    let arm = &data["arms"][0];
    assert_eq!((&arm["name"], &arm["answered"]), (&"".into(), &300.into()), "{arm}");
    assert_eq!(arm["shares"][1]["answered"], 100, "{arm}");
    assert!(arm["p95_ms"].as_f64() > arm["p50_ms"].as_f64() && arm["p99_ms"].is_null(), "{arm}");
}

#[test]
fn the_table_has_each_arm_with_its_files_and_a_drawing() {
    let files = [
        ("a.hlog", tagged("h2-warm", &values(1, 300))),
        ("b.hlog", tagged("h2-warm", &values(2, 100))),
    ];
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    let (ran, _folder) = merge("a.hlog b.hlog", &files);
    assert_eq!(ran.code, 0, "{ran:?}");
    let first = "2 logs joined exactly: 1 arm, 400 answered calls.\n";
    assert!(ran.stdout.starts_with(first), "{}", ran.stdout);
    for part in ["a.hlog 75 %, b.hlog 25 %", "p50 ms", "log scale", "  h2-warm  "] {
        assert!(ran.stdout.contains(part), "{part}\n{}", ran.stdout);
    }
    assert!(
        ran.stdout.is_ascii() && ran.stdout.lines().all(|line| line.len() <= 80),
        "{}",
        ran.stdout
    );
}

#[test]
fn failed_calls_of_all_logs_are_added_up() {
    let log = |failed: u32| {
        format!(
            "#[Unit: microseconds]\n#[Failed: {failed} h2-warm]\n{}",
            tagged("h2-warm", &values(9, 40))
        )
    };
    let (one, two) = (log(2), log(3));
    let (ran, folder) =
        merge("a b --out all --format plain", &[("a", one.as_str()), ("b", two.as_str())]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("80 answered calls, and 5 that failed"), "{}", ran.stdout);
    assert!(written(&folder, "all").contains("#[Failed: 5 h2-warm]\n"));
}

#[test]
fn every_format_can_be_had_and_others_are_refused() {
    let log = tagged("h2-warm", &values(1, 60));
    for format in ["table", "plain", "json", "ndjson", "markdown", "csv"] {
        let (ran, _folder) = merge(&format!("a --format {format}"), &[("a", &log)]);
        assert!(ran.code == 0 && ran.stdout.contains("h2-warm"), "{format}: {ran:?}");
    }
    let (ran, folder) = merge("a --report html=a.html --report csv=a.csv", &[("a", &log)]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(written(&folder, "a.html").contains("<svg role=\"img\""));
    assert!(written(&folder, "a.csv").starts_with("arm,latency_ms,calls\r\nh2-warm,"));
    for (option, known) in
        [("--format junit", "json, ndjson, markdown, csv"), ("--report github=x", "html, csv, hdr")]
    {
        let (ran, _folder) = merge(&format!("a {option}"), &[("a", &log)]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{option}: {ran:?}");
        assert!(ran.stderr.contains(known), "{option}: {}", ran.stderr);
    }
}

#[test]
fn what_cannot_be_joined_exactly_is_refused_with_its_place() {
    let good = tagged("x", &values(1, 50));
    let log = |digits: u8, divisor: f64| {
        let (mut text, mut serializer) = (Vec::new(), V2DeflateSerializer::new());
        let mut builder = IntervalLogWriterBuilder::new();
        let builder = builder.with_max_value_divisor(divisor);
        let mut writer = builder.begin_log_with(&mut text, &mut serializer).expect("written");
        let histogram = counted(digits, &values(2, 50));
        let second = Duration::from_secs(1);
        writer.write_histogram(&histogram, second, second, Tag::new("x")).expect("written");
        String::from_utf8(text).expect("a text")
    };
    let cut: String = good.chars().take(good.len() - 40).collect();
    for (other, words) in [
        (log(2, PER_MS), ["b line 2", "to 2 digits", "a line 4", "to 3 digits", "same digits"]),
        (log(3, 1e6), ["b line 2", "nanoseconds", "a line 4", "microseconds", "one unit"]),
        (log(3, 1.0), ["b line 1", "does not say", "--unit ns", "--unit us", "hint"]),
        (cut, ["b: line 4", "cut or altered", "hint", "copy", "again"]),
        (
            "h2 is fast\n".to_owned(),
            ["b: line 1", "is no line of a log", "hint", "version 2", "give"],
        ),
    ] {
        let (ran, folder) = merge("a b --out all", &[("a", &good), ("b", &other)]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{words:?}: {ran:?}");
        assert!(words.iter().all(|word| ran.stderr.contains(word)), "{words:?}: {}", ran.stderr);
        assert!(!folder.path().join("all").exists(), "{words:?}");
    }
    let (ran, _folder) = merge("a b --unit us", &[("a", &good), ("b", &log(3, 1.0))]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn nothing_counts_twice_and_no_part_is_written_over() {
    let log = tagged("x", &values(1, 50));
    for (line, words) in [
        ("a ./a", "could not merge ./a twice"),
        ("a b --out a", "could not write the sum over a"),
        ("a missing", "could not read missing"),
        ("a missing --format csv", "could not read missing"),
        ("empty", "there is no histogram in it"),
    ] {
        let (ran, _folder) = merge(line, &[("a", &log), ("b", &log), ("empty", "#[a comment]\n")]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}: {ran:?}");
        assert!(
            ran.stderr.contains(words) && ran.stderr.contains("\nhint: "),
            "{line}: {}",
            ran.stderr
        );
    }
    let (ran, _folder) = merge("a b", &[("a", &log), ("b", &log)]);
    assert!(ran.code == 0 && ran.stdout.contains("b holds the same as a"), "{ran:?}");
    let of = |host: &str| format!("#[Asked: https://{host} m]\n{log}");
    let (ran, _folder) = merge("a b", &[("a", &of("one.example")), ("b", &of("two.example"))]);
    assert!(ran.code == 0 && ran.stdout.contains("different hosts or models"), "{ran:?}");
    let (ran, _folder) = merge("a b", &[("a", &of("one.example")), ("b", &of("one.example"))]);
    assert!(!ran.stdout.contains("different hosts or models"), "{ran:?}");
}

//! Keys at random places of random texts in random dresses, as people paste them: nothing that `explain`
//! prints of them holds twelve characters of one in a row.

use std::collections::HashSet;

use fastrand::Rng;
use gemini_doctor::redact::Redactor;
use serde_json::json;

use crate::harness::Doctor;

/// So many characters of a key in a row are a leak.
const TELLING: usize = 12;

/// Texts that only the redactor sees, and texts that the whole program reads.
const SCRUBBED: usize = 2500;
const EXPLAINED: usize = 5 * BATCH;
/// Texts of one run, each in a file of its own.
const BATCH: usize = 24;

/// A text, and the key in it.
struct Planted {
    text: String,
    key: String,
}

#[test]
fn no_part_of_a_planted_key_is_left_in_a_scrubbed_text() {
    let redactor = Redactor::new(&[]);
    let leaks = (0..SCRUBBED as u64).filter_map(|seed| {
        let planted = planted(seed);
        let clean = redactor.scrub_pasted(&planted.text).into_owned();
        let leak = leak(&clean, &windows(&planted.key))?;
        Some(format!("seed {seed} leaves {leak}\n{}\nas\n{clean}\n", planted.text))
    });
    let leaks: Vec<String> = leaks.collect();
    assert!(
        leaks.is_empty(),
        "{} leaks; the first:\n{}",
        leaks.len(),
        leaks[..leaks.len().min(4)].join("\n")
    );
}

#[test]
fn no_format_of_explain_shows_a_part_of_a_planted_key() {
    for (batch, format) in ["table", "json", "ndjson", "markdown", "plain"]
        .into_iter()
        .cycle()
        .enumerate()
        .take(EXPLAINED / BATCH)
    {
        let first = (SCRUBBED + batch * BATCH) as u64;
        let all: Vec<Planted> = (first..first + BATCH as u64).map(planted).collect();
        let mut doctor = Doctor::new(&["explain", "--format", format]);
        for (at, one) in all.iter().enumerate() {
            doctor = doctor
                .file(&format!("{at}.txt"), &one.text)
                .args(&["--file", &format!("{at}.txt")]);
        }
        let ran = doctor.run();
        assert!(ran.stdout.len() > 500 && ran.code != 70, "{format}: {}", ran.stderr);
        for one in &all {
            for stream in [&ran.stdout, &ran.stderr] {
                let leak = leak(stream, &windows(&one.key));
                assert_eq!(leak, None, "{format}, from\n{}\nin\n{stream}", one.text);
            }
        }
    }
}

#[test]
fn a_part_of_a_key_would_be_found_behind_colours_and_in_boxes() {
    let key = "AIzaSyFAKEexample0123456789";
    for text in
        ["FAKEexample01", "FAKEex\u{1b}[31mample01", "│ FAKEex │\n│ ample01 │", "FAKEex\n  ample01"]
    {
        assert_eq!(leak(text, &windows(key)).as_deref(), Some("FAKEexample0"), "{text:?}");
    }
    assert_eq!(leak("FAKEexample", &windows(key)), None);
}

/// What of a key stands in a text, colours, frames and line breaks aside.
fn leak(text: &str, windows: &HashSet<Vec<u8>>) -> Option<String> {
    let bare: Vec<u8> = without_colours(text)
        .bytes()
        .filter(u8::is_ascii_graphic)
        .filter(|byte| *byte != b'|')
        .collect();
    let found = bare.windows(TELLING).find(|window| windows.contains(*window));
    found.map(|window| String::from_utf8_lossy(window).into_owned())
}

fn windows(key: &str) -> HashSet<Vec<u8>> {
    key.as_bytes().windows(TELLING).map(<[u8]>::to_vec).collect()
}

fn without_colours(text: &str) -> String {
    let mut pieces = text.split('\u{1b}');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |out, piece| out + piece.split_once('m').map_or(piece, |(_, rest)| rest))
}

/// One text of a seed.
fn planted(seed: u64) -> Planted {
    let mut random = Rng::with_seed(seed);
    let (announced, key) = announced_key(&mut random);
    let text = error_with(&announced, &mut random);
    let text = escaped(text, &mut random);
    Planted { text: laid_out(text, &key, &mut random), key }
}

/// A fake key of a known shape with the words that come before it.
fn announced_key(random: &mut Rng) -> (String, String) {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let shapes: [(&str, usize, &str, &[&str]); 8] = [
        ("AIzaSyFAKE", 29, "-_", &SHOWN),
        ("AQ.FAKE", 46, "-_", &SHOWN),
        ("ya29.FAKE", 120, "-_", &SHOWN),
        ("sk-FAKE", 40, "", &SHOWN),
        ("sk-proj-FAKE", 60, "-_", &SHOWN),
        ("FAKE", 36, "-_.", &HEADERS),
        ("FAKE", 28, "-_", &PARAMETERS),
        ("MIIFAKE", 180, "+/", &["-----BEGIN PRIVATE KEY-----\n"]),
    ];
    let (start, length, more, cues) = shapes[random.usize(..shapes.len())];
    let letters: Vec<char> = LETTERS.chars().chain(more.chars()).collect();
    let mut key = start.to_owned();
    key.extend((0..length).map(|_| letters[random.usize(..letters.len())]));
    // A dot at a key's end is the sentence's.
    let key = format!("{}x7", key.trim_end_matches('.'));
    let cue = cues[random.usize(..cues.len())];
    let announced = if cue.starts_with("-----") {
        let lines: Vec<&str> = key
            .as_bytes()
            .chunks(64)
            .map(|line| std::str::from_utf8(line).expect("ASCII"))
            .collect();
        format!("{cue}{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
    } else {
        format!("{cue}{key}")
    };
    (announced, key)
}

const SHOWN: [&str; 8] = [
    "Consumer 'api_key:",
    "API key not valid: ",
    "GEMINI_API_KEY=",
    "x-goog-api-key: ",
    "Authorization: Bearer ",
    "https://generativelanguage.googleapis.com/v1beta/models?key=",
    "api_key=\"",
    "(",
];

const HEADERS: [&str; 4] =
    ["Authorization: Bearer ", "authorization: bearer ", "x-goog-api-key: ", "X-Goog-Api-Key:"];

const PARAMETERS: [&str; 4] = [
    "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.5-flash:generateContent?key=",
    "/v1beta/models?alt=sse&key=",
    "https://host.example/v1/x?access_token=",
    "https://host.example/v1/x?pageSize=5&api_key=",
];

/// A failure that shows it: as the API says it, as a client tells it, as a log keeps it.
fn error_with(announced: &str, random: &mut Rng) -> String {
    let message = format!(
        "{}{announced} was refused. Please pass a valid API key.",
        ["", "It failed: ", "käse, "][random.usize(..3)]
    );
    let error = json!({"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}});
    match random.u8(..8) {
        0 => error.to_string(),
        1 => serde_json::to_string_pretty(&error).expect("JSON"),
        2 => format!(
            "google.genai.errors.ClientError: 400 INVALID_ARGUMENT. {}",
            error.to_string().replace('"', "'")
        ),
        3 => format!(
            "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nValueError: {message}"
        ),
        4 => format!("POST {announced}\nHTTP/1.1 403 Forbidden\n\n{{\"error\":{{\"code\":403}}}}"),
        5 => (1..5)
            .map(|at| format!("2026-11-20 03:04:0{at} ERROR call {at} failed: {message}\n"))
            .collect(),
        6 => format!(
            "{{\"ts\":1,\"level\":\"info\",\"msg\":\"a\"}}\n{{\"ts\":2,\"level\":\"error\",\"err\":{error}}}\n"
        ),
        _ => format!("403 refused. [reason: \"API_KEY_INVALID\"\nmessage: {}\n]", json!(message)),
    }
}

/// In a string, in a string in a string, in a page, in a URL.
fn escaped(text: String, random: &mut Rng) -> String {
    match random.u8(..8) {
        0 => json!(text).to_string(),
        1 => json!({"level": "error", "err": json!({"body": text}).to_string()}).to_string(),
        2 => text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;"),
        3 => format!("https://log.example/?m={}", percent_encoded(&text)),
        4 => text.replace('&', "\\u0026").replace('=', "\\u003d"),
        _ => text,
    }
}

fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// As a terminal or a clipboard leaves it.
fn laid_out(text: String, key: &str, random: &mut Rng) -> String {
    match random.u8(..8) {
        0 => coloured(&text, key, random),
        1 => boxed(&text, random.usize(30..110)),
        2 => wrapped(&text, random.usize(60..121)).join("\n"),
        3 => cut(&text, key, random),
        4 => text.lines().map(|line| format!("web-1  | {line}\n")).collect(),
        5 => coloured(&boxed(&text, random.usize(30..110)), key, random),
        _ => text,
    }
}

/// Colours begin and end at some places within the key, and elsewhere.
fn coloured(text: &str, key: &str, random: &mut Rng) -> String {
    const COLOURS: [&str; 6] =
        ["\u{1b}[31m", "\u{1b}[0m", "\u{1b}[1;38;5;9m", "\\u001b[31m", "\\x1b[0m", "[31m"];
    let start = text.find(&key[..key.len().min(4)]).unwrap_or(0);
    let mut places: Vec<usize> =
        (0..random.usize(1..4)).map(|_| start + random.usize(..key.len())).collect();
    places.push(random.usize(..text.len()));
    // What is coloured is escaped afterwards, so that no colour stands within an escape.
    places.retain(|place| text.is_char_boundary(*place) && !text[..*place].ends_with('\\'));
    places.sort_unstable();
    let mut out = text.to_owned();
    for place in places.into_iter().rev() {
        out.insert_str(place, COLOURS[random.usize(..COLOURS.len())]);
    }
    out
}

fn boxed(text: &str, width: usize) -> String {
    let edge = "─".repeat(width + 2);
    let lines = wrapped(text, width).into_iter().map(|line| {
        let blanks = " ".repeat(width - line.chars().count());
        format!("│ {line}{blanks} │\n")
    });
    format!("╭{edge}╮\n{}╰{edge}╯\n", lines.collect::<String>())
}

/// Cut where the width ends, in the middle of words.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let cut = |line: &str| {
        let letters: Vec<char> = line.chars().collect();
        letters.chunks(width).map(|piece| piece.iter().collect()).collect::<Vec<String>>()
    };
    text.lines().flat_map(cut).collect()
}

/// Cut within the key, with or without a mark.
fn cut(text: &str, key: &str, random: &mut Rng) -> String {
    let start = text.find(&key[..4]).unwrap_or(0);
    let end = (start + random.usize(1..key.len())).min(text.len());
    let end = (0..=end).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}{}", &text[..end], ["", "...", "…", "\n", " ...\n"][random.usize(..5)])
}

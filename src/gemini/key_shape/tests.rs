//! Texts as people paste them, each with what must be seen in it; and promises over random ones.

use KeyFlaw::*;
use KeyKind::*;

use super::*;

/// What is seen in a text: its kind, its flaws, and whether a header can carry it.
type Row<'t> = (&'t str, KeyKind, &'t [KeyFlaw], bool);

/// An obviously fake text of a standard key's length.
fn standard() -> String {
    format!("AIza{}", &"FAKEexample-".repeat(3)[..35])
}

fn auth() -> String {
    "AQ.Ab8FAKEexample_FAKE-example".to_owned()
}

fn check(rows: &[Row<'_>]) {
    for (text, kind, flaws, sendable) in rows {
        let shape = shape(text);
        assert_eq!((shape.kind, shape.flaws.as_slice()), (*kind, *flaws), "{text:?}");
        assert_eq!(shape.sendable.is_some(), *sendable, "{text:?}");
        assert!(!shape.notes.is_empty(), "{text:?}");
    }
}

#[test]
fn kinds_are_told_by_their_beginning() {
    let (standard, auth) = (standard(), auth());
    let jwt = "eyJGQUtF.eyJGQUtF.FAKE-signature";
    check(&[
        (&standard, StandardKey, &[], true),
        (&auth, AuthKey, &[], true),
        ("AQ.12345678901234567890", AuthKey, &[], true),
        ("ya29.FAKEexample", OauthToken, &[], true),
        (jwt, OauthToken, &[], true),
        ("eyJGQUtF.FAKE", Other, &[], true),
        ("BZ-FAKE-example-of-a-future-kind", Other, &[], true),
        ("GOCSPX-FAKEexample", Other, &[], true),
        ("1//0FAKEexample", Other, &[], true),
        ("auth_tokens/FAKEexample", Other, &[], true),
        ("", KeyKind::None, &[], false),
        (" \r\n", KeyKind::None, &[], false),
    ]);
}

#[test]
fn documents_are_never_sent() {
    let account = "{\n  \"type\": \"service_account\",\n  \"private_key\": \"FAKE\"\n}";
    check(&[
        (account, ServiceAccount, &[], false),
        ("{\"type\":\"service_account\",\"project_id\":\"example", ServiceAccount, &[], false),
        ("{\"type\": \"authorized_user\"}", Other, &[], false),
        ("{\"type\": \"external_account\"}", Other, &[], false),
        ("{\"api_key\": \"FAKE\"}", Other, &[], false),
        ("-----BEGIN PRIVATE KEY-----\nFAKE\n-----END PRIVATE KEY-----", Other, &[], false),
    ]);
}

#[test]
fn cut_off_keys_are_named() {
    let (short, long) = (&standard()[..38], format!("{}x", standard()));
    check(&[
        (short, StandardKey, &[Truncated], true),
        ("AIzaFAKEexample12345", StandardKey, &[Truncated], true),
        ("AIza", StandardKey, &[Truncated], true),
        (&long, StandardKey, &[], true),
        ("AQ.1234567890123456789", AuthKey, &[Truncated], true),
        ("AQ.", AuthKey, &[Truncated], true),
    ]);
}

#[test]
fn keys_of_others_are_named() {
    for (text, provider) in [
        ("sk-FAKEexample", "OpenAI, or"),
        ("sk-proj-FAKEexample", "OpenAI"),
        ("sk-ant-api03-FAKEexample", "Anthropic"),
        ("sk-or-v1-FAKEexample", "OpenRouter"),
        ("gsk_FAKEexample", "Groq"),
        ("xai-FAKEexample", "xAI"),
        ("hf_FAKEexample", "Hugging Face"),
        ("ghp_FAKEexample", "GitHub"),
        ("github_pat_FAKEexample", "GitHub"),
        ("glpat-FAKEexample", "GitLab"),
        ("AKIAFAKEEXAMPLE", "Amazon"),
        ("pplx-FAKEexample", "Perplexity"),
        ("nvapi-FAKEexample", "NVIDIA"),
    ] {
        check(&[(text, Other, &[OtherProvider], true)]);
        assert!(shape(text).notes[0].contains(provider), "{text}");
    }
    check(&[("sk-1", Other, &[], true), ("hf_", Other, &[], true)]);
}

#[test]
fn placeholders_are_named() {
    let none = "AIzaSyXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";
    for text in [
        "YOUR_API_KEY",
        "your-key-here",
        "<api-key>",
        "<YOUR KEY>",
        "[key]",
        "xxx",
        "XXXXXXXXXXXX",
        "changeme",
        "REPLACE_ME",
        "paste_your_token_here",
        "your gemini api key",
        "GEMINI_API_KEY",
        "api-key",
        "none",
        "null",
        "undefined",
        "test",
        "test-key",
        "dummy",
        "TODO",
        "***",
        "0000000",
    ] {
        check(&[(text, Other, &[Placeholder], true)]);
    }
    check(&[
        ("AIza...", StandardKey, &[Placeholder], true),
        (none, StandardKey, &[Placeholder], true),
        ("AIzaSyFAKE...wxyz", StandardKey, &[Placeholder], true),
        ("AQ.your_key_here", AuthKey, &[Placeholder], true),
        ("AQ.Ab8****", AuthKey, &[Placeholder], true),
        ("••••••••", Other, &[Placeholder, NonAscii], false),
    ]);
}

#[test]
fn a_specimen_of_the_documentation_is_known() {
    // Put together here, so that no scanner takes this file for a leak.
    let specimen = ["AIzaSyDaGmWKa4", "JsXZ-HjGw7ISLn", "_3namBGewQe"].concat();
    check(&[(&specimen, StandardKey, &[Placeholder], true)]);
}

#[test]
fn expressions_that_nothing_replaced_are_named() {
    for text in [
        "$GEMINI_API_KEY",
        "${GEMINI_API_KEY}",
        "${GEMINI_API_KEY:-none}",
        "%GEMINI_API_KEY%",
        "$env:GEMINI_API_KEY",
        "{{ secrets.GEMINI_API_KEY }}",
        "${{ secrets.GEMINI_API_KEY }}",
        "{{ secrets[\"KEY\"] }}",
        "$(pass show gemini)",
        "<%= key %>",
        "op://vault/gemini/key",
        "process.env.GEMINI_API_KEY",
        "os.environ['GEMINI_API_KEY']",
        "#{GEMINI_KEY}#",
    ] {
        let shape = shape(text);
        assert_eq!((shape.kind, shape.flaws[0]), (Other, Unexpanded), "{text}");
        assert!(!shape.flaws.contains(&Control), "{text}");
    }
    check(&[("$", Other, &[], true), ("%%", Other, &[], true), ("%a b%", Other, &[Control], true)]);
}

#[test]
fn quotes_and_prefixes_are_taken_off_to_see_the_kind() {
    let key = auth();
    let put = |pattern: &str| pattern.replace("KEY", &key);
    for (pattern, flaws, sendable) in [
        ("\"KEY\"", &[Quoted][..], true),
        ("'KEY'", &[Quoted], true),
        ("`KEY`", &[Quoted], true),
        ("\"KEY", &[Quoted], true),
        ("KEY'", &[Quoted], true),
        ("'\"KEY\"'", &[Quoted], true),
        ("“KEY”", &[Quoted, NonAscii], false),
        ("‘KEY’", &[Quoted, NonAscii], false),
        ("«KEY»", &[Quoted, NonAscii], false),
        ("Bearer KEY", &[Prefixed], true),
        ("bearer  KEY", &[Prefixed], true),
        ("Authorization: Bearer KEY", &[Prefixed], true),
        ("x-goog-api-key: KEY", &[Prefixed], true),
        ("X-Goog-Api-Key:KEY", &[Prefixed], true),
        ("-H \"x-goog-api-key: KEY\"", &[Quoted, Prefixed], true),
        ("?key=KEY", &[Prefixed], true),
        ("KEY ", &[Padded], true),
        ("\tKEY\r\n", &[Padded], true),
        ("\" KEY \"", &[Quoted], true),
    ] {
        check(&[(&put(pattern), AuthKey, flaws, sendable)]);
    }
    for prefix in ["GEMINI_API_KEY=", "export GOOGLE_API_KEY=", "set GEMINI_API_KEY=", "api_key: "]
    {
        check(&[(&format!("{prefix}{key}"), AuthKey, &[Prefixed], true)]);
    }
    check(&[
        (&format!("$env:GEMINI_API_KEY = \"{key}\""), AuthKey, &[Quoted, Prefixed], true),
        ("\"YOUR_API_KEY\"", Other, &[Quoted, Placeholder], true),
        ("Bearer $GEMINI_API_KEY", Other, &[Prefixed, Unexpanded], true),
        ("Bearer ", KeyKind::None, &[Prefixed, Padded], false),
        ("\"\"", KeyKind::None, &[Quoted], false),
        ("GEMINI_API_KEY=", KeyKind::None, &[Prefixed], false),
    ]);
}

#[test]
fn odd_characters_are_named_with_place_and_code() {
    for (inside, flaw, words) in [
        ("\u{200B}", NonAscii, "character 4 is a zero-width character (U+200B)"),
        ("\u{FEFF}", NonAscii, "character 4 is a byte order mark (U+FEFF)"),
        ("\u{00A0}", NonAscii, "character 4 is a no-break space (U+00A0)"),
        ("\u{2013}", NonAscii, "character 4 is a dash that is no hyphen (U+2013)"),
        ("ä", NonAscii, "character 4 is beyond ASCII (U+00E4)"),
        ("\u{FFFD}", NonAscii, "nobody could read (U+FFFD)"),
        ("\n", Control, "character 4 is a line break (U+000A)"),
        ("\r", Control, "character 4 is a carriage return (U+000D)"),
        ("\t", Control, "character 4 is a tab (U+0009)"),
        ("\0", Control, "character 4 is NUL (U+0000)"),
        ("\u{7F}", Control, "character 4 is a control character (U+007F)"),
        ("\u{85}", Control, "(U+0085)"),
    ] {
        let text = auth().replacen("AQ.", &format!("AQ.{inside}"), 1);
        check(&[(&text, AuthKey, &[flaw], false)]);
        let notes = shape(&text).notes;
        assert!(notes.iter().any(|note| note.contains(words)), "{notes:?}");
    }
    let spaced = auth().replacen("FAKE", "FA KE", 1);
    check(&[(&spaced, AuthKey, &[Control], true)]);
    check(&[("\u{FEFF}AQ.FAKEexampleFAKEexample", Other, &[NonAscii], false)]);
}

#[test]
fn many_odd_characters_are_summed_up_without_losing_a_flaw() {
    let shape = shape("AQ.ääääääääää\nFAKEexampleFAKEexample");
    assert_eq!(shape.flaws, [NonAscii, Control]);
    assert!(shape.notes.iter().any(|note| note.starts_with("7 more")), "{:?}", shape.notes);
}

#[test]
fn only_the_padding_is_taken_off_what_is_sent() {
    let sent = |text: &str| shape(text).sendable.map(|key| key.expose().to_owned());
    assert_eq!(sent(" AQ.FAKE \r\n").as_deref(), Some("AQ.FAKE"));
    assert_eq!(sent("\"AQ.FAKE\"").as_deref(), Some("\"AQ.FAKE\""));
    assert_eq!(sent("Bearer AQ.FAKE").as_deref(), Some("Bearer AQ.FAKE"));
}

const PIECES: &[&str] = &[
    "AIza",
    "AQ.",
    "ya29.",
    "eyJ",
    "sk-",
    "ghp_",
    "\"",
    "'",
    "“",
    "`",
    "Bearer ",
    "x-goog-api-key: ",
    "GEMINI_API_KEY=",
    "$",
    "${",
    "}",
    "%",
    "{{",
    "<",
    ">",
    "\u{FEFF}",
    "\u{200B}",
    "\u{A0}",
    "\r",
    "\n",
    " ",
    "ä",
    "\0",
    "...",
    "xxxxxx",
    "{",
    "\"type\":\"service_account\"",
    "YOUR_API_KEY",
    ".",
    "=",
    "-",
];

fn random_text(random: &mut fastrand::Rng) -> String {
    let mut text = String::new();
    for _ in 0..random.usize(0..12) {
        match random.u8(0..3) {
            0 => text.push_str(random.choice(PIECES).expect("pieces")),
            1 => (0..random.usize(0..30)).for_each(|_| text.push(random.alphanumeric())),
            _ => text.push(random.char(..)),
        }
    }
    text
}

#[test]
fn nothing_said_repeats_eight_characters_of_any_text() {
    let mut random = fastrand::Rng::with_seed(20_261_120);
    for _ in 0..20_000 {
        let text = random_text(&mut random);
        let shape = shape(&text);
        let said = format!("{shape:?} {}", shape.notes.join(" "));
        let letters: Vec<char> = text.chars().collect();
        for window in letters.windows(8) {
            let window: String = window.iter().collect();
            assert!(!said.contains(&window), "{window:?} of {text:?} in {said:?}");
        }
    }
}

#[test]
fn an_unknown_beginning_never_fails() {
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..5_000 {
        let mut text = "Zq7".to_owned();
        while text.len() < random.usize(12..80) {
            let mark = *random.choice(b"._-~+").expect("marks") as char;
            (0..random.usize(1..9)).for_each(|_| text.push(random.alphanumeric()));
            text.push(mark);
        }
        let shape = shape(&text);
        assert_eq!((shape.kind, shape.flaws.as_slice()), (Other, &[][..]), "{text}");
        assert_eq!(shape.sendable.expect("sendable").expose(), text);
    }
}

#[test]
fn what_is_sent_always_fits_a_header() {
    let mut random = fastrand::Rng::with_seed(8);
    for _ in 0..20_000 {
        let text = random_text(&mut random);
        if let Some(key) = shape(&text).sendable {
            assert!(http::HeaderValue::from_str(key.expose()).is_ok(), "{text:?}");
        }
    }
}

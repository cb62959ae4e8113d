//! The redactor's promises, over generated texts and keys. The keys are fakes.

use base64::{Engine, engine::general_purpose};

use super::*;

const KEY: &str = "AQ.FAKE+example/key-0123456789";
const AUTH: &str = "AQ.FAKEexample_of-a-key-0123456789";
const STANDARD: &str = "AIzaFAKEexample0123456789-_abcdefghijkl";

fn knows(keys: &[&str]) -> Redactor {
    Redactor::new(&keys.iter().map(|key| ApiKey::new(*key)).collect::<Vec<_>>())
}

fn shapes_only(text: &str) -> String {
    knows(&[]).scrub(text).into_owned()
}

/// Each of a key's spellings within a sentence.
fn spellings(key: &str) -> Vec<String> {
    let percent: String = key.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let partly = key.replace('+', "%2B").replace('/', "%2F").replace('"', "%22");
    let json = serde_json::to_string(key).unwrap();
    vec![
        key.to_owned(),
        partly.replace("%2B", "%2b").replace("%2F", "%2f"),
        partly,
        json[1..json.len() - 1].to_owned(),
        general_purpose::STANDARD.encode(key),
        general_purpose::STANDARD_NO_PAD.encode(format!("x{key}")),
        general_purpose::URL_SAFE.encode(format!("xy{key}z")),
        general_purpose::URL_SAFE_NO_PAD.encode(format!("user:{key}")),
        format!("'{key}'"),
        format!("{percent}{key}"),
    ]
}

#[test]
fn a_known_key_is_found_in_every_spelling() {
    let key = "9f8e7d6c5b+FAKE/key=example";
    for spelling in spellings(key).iter().take(9) {
        let scrubbed = knows(&[key]).scrub(&format!("before {spelling} after")).into_owned();
        let fingerprint = ApiKey::new(key).fingerprint();
        assert!(scrubbed.contains(&format!("[redacted {fingerprint}]")), "{spelling}: {scrubbed}");
        assert!(!scrubbed.contains(spelling.as_str()), "{scrubbed}");
        assert!(scrubbed.starts_with("before ") && scrubbed.ends_with(" after"), "{scrubbed}");
    }
}

#[test]
fn a_key_with_flaws_is_found_without_them_too() {
    let core = "9f8e7d6c5b4a39281706fake";
    let flawed = [
        format!("\"{core}\""),
        format!("Bearer {core}"),
        format!(" {core}\n"),
        format!("{core}\u{200b}"),
        format!("12345678\n{core}"),
    ];
    for key in flawed {
        let redactor = knows(&[&key]);
        for text in [core.to_owned(), key.clone(), format!("{key:?}"), key.replace('\n', "")] {
            let scrubbed = redactor.scrub(&text).into_owned();
            assert!(!scrubbed.contains(core), "{key:?} in {text:?}: {scrubbed}");
        }
    }
}

#[test]
fn what_stands_in_the_place_of_a_key_is_no_secret() {
    for key in ["$GEMINI_API_KEY", "${GEMINI_API_KEY}", "YOUR_API_KEY", "<your-api-key>", "abc", ""]
    {
        let text = format!("set {key} or GEMINI_API_KEY; YOUR_API_KEY, abc");
        assert_eq!(knows(&[key]).scrub(&text), text, "{key}");
    }
}

#[test]
fn a_service_account_file_does_not_hide_ordinary_words() {
    let file = r#"{"type":"service_account","token_uri":"https://oauth2.googleapis.com/token"}"#;
    let redactor = knows(&[file]);
    let text = "generativelanguage.googleapis.com wants no service_account";
    assert_eq!(redactor.scrub(text), text);
    assert!(!redactor.scrub(&format!("got {file}!")).contains("token_uri"));
}

#[test]
fn shapes_are_found_wherever_they_come_from() {
    let cases = [
        (format!("key {STANDARD}."), "key [redacted AIza...]."),
        (format!("key {AUTH}, so"), "key [redacted AQ....], so"),
        (format!("%20{AUTH}%22"), "%20[redacted AQ....]%22"),
        (format!("a\\n{AUTH}\\n"), "a\\n[redacted AQ....]\\n"),
        ("ya29.a0FAKEexample-token".to_owned(), "[redacted ya29....]"),
        ("sk-FAKEexample0123456789abcdef".to_owned(), "[redacted sk-...]"),
        ("GOCSPX-FAKEexample0".to_owned(), "[redacted GOCSPX-...]"),
        (
            "https://h.example/v1?key=a1b2c3&alt=sse".to_owned(),
            "https://h.example/v1?key=[redacted]&alt=sse",
        ),
        ("?alt=sse\\u0026key=a1b2c3\"".to_owned(), "?alt=sse\\u0026key=[redacted]\""),
        ("Authorization: Bearer a1b2c3d4e5".to_owned(), "Authorization: Bearer [redacted]"),
        ("authorization: basic dXNlcjpGQUtF".to_owned(), "authorization: basic [redacted]"),
        ("\"X-Goog-Api-Key\": \"a1b2c3\"".to_owned(), "\"X-Goog-Api-Key\": \"[redacted]\""),
        ("x-goog-api-key:a1b2c3\r\n".to_owned(), "x-goog-api-key:[redacted]\r\n"),
        ("http://me:s3cr3t@proxy:3128/".to_owned(), "http://me:[redacted]@proxy:3128/"),
    ];
    for (text, expected) in cases {
        assert_eq!(shapes_only(&text), expected, "{text}");
    }
}

#[test]
fn a_packed_file_of_credentials_is_taken_out_whole() {
    let body = "FAKEexample/0123456789+".repeat(9);
    for (before, after) in
        [("{\n  ", "\n}\n"), ("{", "}"), ("{\r\n\t", ""), ("[ 1, {\"a\": ", "}]"), ("x", "")]
    {
        let file = format!("{before}\"private_key\": \"{body}\"{after}");
        for packed in [
            general_purpose::STANDARD.encode(&file),
            general_purpose::URL_SAFE_NO_PAD.encode(&file),
            general_purpose::STANDARD.encode(format!("xy{file}")),
        ] {
            for text in [packed.clone(), format!("/app/{packed}"), format!("VAR=\"{packed}\"")] {
                let scrubbed = shapes_only(&format!("a {text} b"));
                assert!(scrubbed.starts_with("a ") && scrubbed.ends_with(" b"), "{scrubbed}");
                assert!(scrubbed.len() < 40, "{before:?}: {scrubbed}");
                assert_eq!(shapes_only(&scrubbed), scrubbed);
            }
        }
    }
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
    assert_eq!(shapes_only(&general_purpose::STANDARD.encode(pem)), "[redacted]");
    let file = general_purpose::STANDARD.encode(format!("{{\n \"private_key\": \"{body}\"}}"));
    let wrapped: Vec<&str> =
        file.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let scrubbed = shapes_only(&format!("a\n{}\nand prose", wrapped.join("\n")));
    assert!(!scrubbed.contains(wrapped[1]) && scrubbed.ends_with("\nand prose"), "{scrubbed}");
}

#[test]
fn private_keys_are_taken_out_whole() {
    let body = "MIIFAKEexample0123456789+/=\nAAAA";
    let block = format!("-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----");
    assert_eq!(shapes_only(&format!("a {block} b")), "a [redacted private key] b");
    let json = block.replace('\n', "\\n");
    assert_eq!(shapes_only(&format!("{{\"k\":\"{json}\"}}")), "{\"k\":\"[redacted private key]\"}");
    let wrapped = block.replace('\n', "\n           ");
    assert_eq!(shapes_only(&wrapped), "[redacted private key]");
    let cut = "-----BEGIN PRIVATE KEY-----\nMIIFAKEexample0123456789 and prose";
    assert_eq!(shapes_only(cut), "[redacted private key] and prose");
    let mention = "it begins with -----BEGIN PRIVATE KEY-----, then lines";
    assert_eq!(shapes_only(mention), mention);
}

#[test]
fn what_only_mentions_secrets_passes() {
    for text in [
        "sha256:1f0c9a2b",
        "gemini-3.5-flash-lite-preview-2026-05-29",
        "AIza...",
        "AIza\u{2026}",
        "an auth key (AQ....)",
        "$GEMINI_API_KEY",
        "?key=$KEY",
        "?key=YOUR_API_KEY",
        "?key=...",
        "x-goog-api-key: $GEMINI_API_KEY",
        "the x-goog-api-key header",
        "x-goog-api-key: KEY",
        "Bearer tokens are refused",
        "a bearer authentication scheme",
        "Bearer $TOKEN",
        "bearer-instead-of-api-key",
        "basic realm=\"corp\"",
        "task-0123456789012345678901234567",
        "FAQ.md",
        "http://user:password@proxy:3128",
        "http://USER:PASSWORD@proxy:3128",
        "https://host:443/a@b",
        "monkey=banana&x=1",
        "https://[::1]:443/v1beta?alt=sse",
        "-----BEGIN CERTIFICATE-----\nMIIFAKEexample0123456789\n-----END CERTIFICATE-----",
    ] {
        assert_eq!(shapes_only(text), text);
        assert_eq!(knows(&[KEY, AUTH, STANDARD]).scrub(text), text);
    }
}

#[test]
fn brackets_do_not_hide_a_secret() {
    for text in [format!("[redacted {STANDARD}]"), format!("[redacted sha256:{STANDARD}]")] {
        assert!(!shapes_only(&text).contains(STANDARD), "{text}");
    }
}

#[test]
fn a_cue_names_the_known_key_behind_it() {
    let label = format!("[redacted {}]", ApiKey::new(KEY).fingerprint());
    let redactor = knows(&[KEY]);
    assert_eq!(redactor.scrub(&format!("?key={KEY}&x")), format!("?key={label}&x"));
    assert_eq!(redactor.scrub(&format!("Bearer {KEY}")), format!("Bearer {label}"));
}

#[test]
fn nothing_of_a_key_is_left_in_generated_texts() {
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..3000 {
        let key = generated_key(&mut random);
        let redactor = knows(&[&key, KEY]);
        let forms = spellings(&key);
        let spelling = &forms[random.usize(..forms.len())];
        let text = format!("{}{spelling}{}", noise(&mut random), noise(&mut random));
        let scrubbed = redactor.scrub(&text).into_owned();
        assert!(!scrubbed.contains(&key), "{key} in {text:?}: {scrubbed:?}");
        assert!(!scrubbed.contains(spelling.as_str()), "{spelling} in {text:?}: {scrubbed:?}");
        assert_eq!(redactor.scrub(&scrubbed), scrubbed, "twice: {text:?}");
    }
}

#[test]
fn any_text_at_all_can_be_scrubbed_twice_with_one_result() {
    const PIECES: [&str; 18] = [
        "AIza",
        "AQ.",
        "sk-",
        "Bearer ",
        "?key=",
        "://",
        "@",
        ":",
        "x-goog-api-key: ",
        "[redacted",
        "]",
        "-----BEGIN PRIVATE KEY-----",
        "-----END ",
        "FAKE0123456789abcdefghij",
        "\u{e9}",
        "\u{6f22}",
        "%2",
        "\\u00",
    ];
    let mut random = fastrand::Rng::with_seed(11);
    let redactor = knows(&["FAKE", "redacted", KEY]);
    for _ in 0..5000 {
        let pieces = 0..random.usize(..12);
        let text: String = pieces.map(|_| PIECES[random.usize(..PIECES.len())]).collect();
        let once = redactor.scrub(&text).into_owned();
        assert_eq!(redactor.scrub(&once), once, "{text:?}");
    }
}

#[test]
fn hostile_text_takes_no_more_than_linear_time() {
    let redactor = knows(&[KEY, &"a".repeat(64)]);
    let texts = [
        "-----BEGIN PRIVATE KEY-----",
        "://a:",
        "a",
        "x-goog-api-key: ",
        "?key=",
        "AIza",
        "[redacted ",
        "api_key=",
        "api_key",
        "cookie: a",
        "\\u0041",
        "AIza\n  ",
        "authorization: a ",
        "ewog/",
        "cHJpdmF0ZV9rZX=",
        "ewogICJ0eXBlIjogInNlcnZpY2VfYWNjb3VudCIsCiAgInByb2plY3RfaWQiOiAicC0xIiwK\n",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKjMzEf\n",
    ];
    for piece in texts {
        let started = std::time::Instant::now();
        redactor.scrub(&piece.repeat(60_000 / piece.len()));
        assert!(started.elapsed().as_secs() < 5, "{piece}: {:?}", started.elapsed());
    }
}

/// Ways in which programs, shells and people write a secret beside its name; `{}` is the secret.
const ANNOUNCED: &[&str] = &[
    "GEMINI_API_KEY={}",
    "api_key='{}'",
    "\"api_key\":\"{}\"",
    "\"apiKey\": \"{}\",",
    "access_token={}",
    "google_api_key={}, model='x'",
    "SecretStr('{}')",
    "app --api-key {}",
    "app --gemini-api-key={} run",
    "apikey={}",
    "export GEMINI_API_KEY=\"{}\"",
    "$env:GEMINI_API_KEY = '{}'",
    "-H \"api-key: {}\"",
    "(b'x-goog-api-key', b'{}')",
    "Cookie: SID={}",
    "set-cookie: NID={}; path=/",
    "Authorization: {}",
    "authorization: Token {}",
    "\\\"api_key\\\": \\\"{}\\\"",
    "api_key%3D{}%26x",
    "client_secret: {}",
    "API key: {}",
    "map[X-Goog-Api-Key:[{}] Accept:[*/*]]",
    "map[Authorization:[{}]]",
    "map[Api-Key:[{}]]",
    "app --key={} run",
    "app --key {}",
    "app --key '{}'",
    "{\"name\":\"GEMINI_API_KEY\",\"value\":\"{}\"}",
    "{\"name\": \"GEMINI_API_KEY\",\n      \"value\": \"{}\"}",
    "{\\\"name\\\":\\\"GEMINI_API_KEY\\\",\\\"value\\\":\\\"{}\\\"}",
    "- name: GEMINI_API_KEY\n  value: {}\n",
    "        - name: GEMINI_API_KEY\r\n          value: \"{}\"\r\n",
    "- Name: GEMINI_API_KEY\n  Value: '{}'\n",
];

/// Letters, digits and what stands between them in keys: of no known beginning.
fn nameless_key(random: &mut fastrand::Rng) -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let letters = (0..40).map(|_| char::from(LETTERS[random.usize(..LETTERS.len())]));
    letters.collect()
}

#[test]
fn a_secret_of_no_shape_is_known_by_its_name() {
    let mut random = fastrand::Rng::with_seed(23);
    for round in 0..2000 {
        let key = nameless_key(&mut random);
        let text = ANNOUNCED[round % ANNOUNCED.len()].replace("{}", &key);
        let text = format!("{} {text} {}", noise(&mut random), noise(&mut random));
        let scrubbed = pasted(&text);
        assert!(
            !scrubbed.contains(&key) && !scrubbed.contains(&key[..20]),
            "{text:?}: {scrubbed:?}"
        );
        assert_ne!(scrubbed, text);
        assert_eq!(pasted(&scrubbed), scrubbed, "twice: {text:?}");
    }
}

#[test]
fn a_shape_is_known_in_escapes_too() {
    let tail = "FAKEexample0123456789-_abcdefghijkl";
    for head in [
        "\\u0041Iza",
        "%41Iza",
        "&#65;Iza",
        "&#x41;Iza",
        "\\x41Iza",
        "A\\u0049za",
        "\\\\u0041Iza",
        "%41%49%7A%61",
    ] {
        let scrubbed = shapes_only(&format!("key {head}{tail}, so"));
        assert_eq!(scrubbed, "key [redacted AIza...], so", "{head}");
    }
    let encoded: String = STANDARD.bytes().map(|byte| format!("&#{byte};")).collect();
    assert_eq!(shapes_only(&format!("{encoded} x")), "[redacted AIza...] x");
}

#[test]
fn a_key_that_was_wrapped_anywhere_is_found_with_its_rest() {
    for at in 5..STANDARD.len() {
        let (head, tail) = STANDARD.split_at(at);
        for gap in ["\n    ", "\r\n\t", "\n", "\n> "] {
            let scrubbed = pasted(&format!("key: {head}{gap}{tail}\nnext"));
            assert_eq!(scrubbed, format!("key: [redacted AIza...]{gap}\nnext"), "{at} {gap:?}");
        }
    }
    let whole = format!("key {STANDARD}\n  request_id_0123456789abcdef");
    assert_eq!(pasted(&whole), "key [redacted AIza...]\n  request_id_0123456789abcdef");
}

#[test]
fn code_and_stand_ins_beside_a_name_stay() {
    for text in [
        "api_key=os.environ[\"GEMINI_API_KEY\"]",
        "api_key=os.getenv('GEMINI_API_KEY_2')",
        "GEMINI_API_KEY=",
        "GEMINI_API_KEY=YOUR_API_KEY",
        "api_key=\"YOUR_API_KEY\"",
        "api_key='<your-key-1>'",
        "def f(api_key: str, n: int = 12345678): ...",
        "api_key: Optional[str] = None",
        "key=None",
        "api_key=None, timeout=60",
        "apiKey: process.env.GEMINI_API_KEY",
        "apiKey: process.env.GEMINI_API_KEY_2,",
        "api_key=settings.gemini_key_1",
        "api_key=API_KEY_2",
        "--api-key /run/secrets/key1234",
        "--api-key-file key12345678",
        "$env:GEMINI_API_KEY",
        "export GEMINI_API_KEY=$(cat key12345)",
        "GEMINI_API_KEY=${GEMINI_API_KEY_3}",
        "Authorization: Bearer $TOKEN",
        "Authorization: missing or malformed header",
        "API key: not valid. Please pass a valid API key.",
        "\"reason\": \"API_KEY_INVALID\"",
        "api_key_0123456789: one of the columns",
        "the cookie policy: see page12345678",
        "SecretStr('**********')",
        "password: str",
        "app --key-file key12345678",
        "app --key YOUR_API_KEY",
        "app --key \"$GEMINI_KEY_1\"",
        "curl --cert client1.pem --key client1-2026.pem",
        "curl --key /etc/ssl/client1234.key",
        "{\"name\":\"GEMINI_API_KEY\",\"value\":\"\",\"other\":\"a1b2c3d4e5f6\"}",
        "- name: GEMINI_API_KEY\n  value: \"\"\n- name: RELEASE\n  value: a1b2c3d4e5f6",
        "- name: GEMINI_API_KEY\n  valueFrom:\n    secretKeyRef: {name: gemini-1234}",
        "- name: GEMINI_API_KEY\n  value: ${GEMINI_API_KEY_3}",
        "Set GEMINI_API_KEY, value by value, page1234567",
        "x-goog-api-key:[]",
    ] {
        assert_eq!(pasted(text), text);
    }
}

#[test]
fn the_redactor_does_not_print_what_it_knows() {
    assert_eq!(format!("{:?}", knows(&[KEY])), "Redactor(1 secrets)");
}

fn generated_key(random: &mut fastrand::Rng) -> String {
    const LETTERS: &[u8] = b"ABCDEFabcdef0123456789-_+/\"\\";
    let length = random.usize(12..48);
    let letters = (0..length).map(|_| char::from(LETTERS[random.usize(..LETTERS.len())]));
    format!("9f{}8e", letters.collect::<String>())
}

fn noise(random: &mut fastrand::Rng) -> String {
    const LETTERS: [&str; 10] = ["a", " ", "\"", "\u{e9}", "/", "=", "%", "\n", "Z", "."];
    (0..random.usize(..12)).map(|_| LETTERS[random.usize(..LETTERS.len())]).collect()
}

/// What `explain` makes of a text that was copied from a terminal.
fn pasted(text: &str) -> String {
    knows(&[]).scrub_pasted(text).into_owned()
}

#[test]
fn colours_boxes_and_hard_wraps_do_not_hide_a_secret() {
    let (head, tail) = STANDARD.split_at(14);
    for (text, expected) in [
        (format!("key {head}\u{1b}[31m{tail}."), "key [redacted AIza...]\u{1b}[31m.".to_owned()),
        (
            format!("\u{1b}[1m{head}\\u001b[0m{tail}"),
            "\u{1b}[1m[redacted AIza...]\\u001b[0m".to_owned(),
        ),
        (format!("│ is {head} │\n│ {tail}  │"), "│ is [redacted AIza...] │\n│   │".to_owned()),
        (
            format!("│ is {head}\u{1b}[0m │\n\u{1b}[1m│ {tail}  │"),
            "│ is [redacted AIza...]\u{1b}[0m │\n\u{1b}[1m│   │".to_owned(),
        ),
        (
            format!("{}{head}\n{tail} is bad", "x ".repeat(33)),
            format!("{}[redacted AIza...]\n is bad", "x ".repeat(33)),
        ),
        ("Bearer   \nTraceback (x)".to_owned(), "Bearer   \nTraceback (x)".to_owned()),
        ("│ Bearer │\n│ a1b2c3d4e5 │".to_owned(), "│ Bearer │\n│ [redacted] │".to_owned()),
    ] {
        assert_eq!(pasted(&text), expected, "{text}");
    }
}

#[test]
fn a_long_text_is_scrubbed_in_every_part() {
    let (head, tail) = STANDARD.split_at(14);
    let long = format!("{head}\u{1b}[31m{tail}\n{}", "käse \n".repeat(60_000)).repeat(3);
    let clean = pasted(&long);
    assert_eq!(clean.matches("[redacted AIza...]\u{1b}[31m\n").count(), 3);
    assert!(!clean.contains(tail) && clean.len() < long.len());
    let healthy = format!("\u{1b}[1m{}", "ä".repeat(600_000));
    assert_eq!(pasted(&healthy), healthy);
}

#[test]
fn a_word_on_the_next_line_is_no_part_of_a_secret() {
    let text = format!("{} {STANDARD}\nplease pass another one", "x".repeat(40));
    assert_eq!(
        pasted(&text),
        format!("{} [redacted AIza...]\nplease pass another one", "x".repeat(40))
    );
    let healthy = "│ no key in │\n│ this box  │\n\u{1b}[31m503\u{1b}[0m";
    assert_eq!(pasted(healthy), healthy);
}

#[test]
fn a_secret_that_was_cut_is_one_still() {
    for (text, expected) in [
        ("key AIzaSyFAKE01", "key [redacted AIza...]"),
        ("key sk-FAKE01234 ...", "key [redacted sk-...] ..."),
        ("key AQ.FAKE0123456…", "key [redacted AQ....]…"),
        ("key sk-FAKE01234 is short", "key sk-FAKE01234 is short"),
        ("-----BEGIN PRIVATE KEY-----\\nMIIFAKEexample01...", "[redacted private key]"),
        (
            "-----BEGIN PRIVATE KEY-----\n a | MIIFAKEexample01\n a | FAKE3210example and",
            "[redacted private key] and",
        ),
    ] {
        assert_eq!(shapes_only(text), expected, "{text}");
    }
}

#[test]
fn encoded_texts_hide_no_secret_and_keep_the_rest() {
    for (text, expected) in [
        ("%3Fkey%3Da1b2c3%26alt%3Dsse%22%7D", "%3Fkey%3D[redacted]%26alt%3Dsse%22%7D"),
        ("x-goog-api-key%3A%20a1b2c3%0A%22x", "x-goog-api-key%3A%20[redacted]%0A%22x"),
        ("Bearer%20a1b2c3d4e5%2Bx%22", "Bearer%20[redacted]%22"),
        ("?alt=sse\\u0026key\\u003da1b2c3\"", "?alt=sse\\u0026key\\u003d[redacted]\""),
        ("?a=b&amp;amp;key=a1b2c3&amp;amp;c", "?a=b&amp;amp;key=[redacted]&amp;amp;c"),
        (
            "-----BEGIN%20PRIVATE%20KEY-----%0AMIIFAKEexample01%0A-----END%20PRIVATE%20KEY-----%0A",
            "[redacted private key]%0A",
        ),
    ] {
        assert_eq!(shapes_only(text), expected, "{text}");
    }
}

#[test]
fn hostile_terminal_texts_take_no_more_than_linear_time() {
    let redactor = knows(&[]);
    for piece in [
        "\u{1b}]",
        "\\u001b]",
        "\\",
        "\u{1b}[",
        "│ x │\n",
        "xxxx │\n│ ",
        "[1;",
        "AIza\u{1b}[m",
        "x\n",
    ] {
        let started = std::time::Instant::now();
        redactor.scrub_pasted(&piece.repeat(200_000 / piece.len()));
        assert!(started.elapsed().as_secs() < 5, "{piece:?}: {:?}", started.elapsed());
    }
}

#[test]
fn a_value_that_a_name_gives_away_goes_wherever_else_it_stands() {
    let secret = "zzSecretOpaqueFAKE9876543210abcdefXYZ";
    for (text, expected) in [
        (
            format!("GEMINI_API_KEY={secret}\nError: 403 denied for {secret}."),
            "GEMINI_API_KEY=[redacted]\nError: 403 denied for [redacted].",
        ),
        (
            format!("403 for key_{secret}x\n--key={secret}"),
            "403 for key_[redacted]x\n--key=[redacted]",
        ),
        (
            format!("\u{1b}[31m{secret}\u{1b}[0m then api_key='{secret}'"),
            "\u{1b}[31m[redacted]\u{1b}[0m then api_key='[redacted]'",
        ),
        // What is short is a word, and the names of models are what a reader needs.
        ("password=a1b2c3d4e5 a1b2c3d4e5".to_owned(), "password=[redacted] a1b2c3d4e5"),
        (
            "api_key=gemini-2.5-flash-lite 404 gemini-2.5-flash-lite".to_owned(),
            "api_key=[redacted] 404 gemini-2.5-flash-lite",
        ),
    ] {
        assert_eq!(pasted(&text), expected, "{text:?}");
        assert_eq!(shapes_only(&pasted(&text)), expected, "{text:?}");
    }
    let far = format!("\u{1b}[1mapi_key={secret}\n{}at {secret}", "käse \n".repeat(300_000));
    assert!(!pasted(&far).contains(secret));
}

#[test]
fn texts_with_copies_of_a_named_secret_are_scrubbed_once_for_all() {
    let mut random = fastrand::Rng::with_seed(41);
    for round in 0..2000 {
        let (key, other) = (nameless_key(&mut random), nameless_key(&mut random));
        let named = ANNOUNCED[round % ANNOUNCED.len()].replace("{}", &key);
        let longer = format!("{key}{}", &other[..8]);
        let pieces = [
            named.as_str(),
            &key,
            &longer,
            &key[..20],
            "api_key=",
            "api_key:\n",
            "sk-",
            "AIza",
            "?key=",
            "x-goog-api-key:[",
            "Bearer ",
            "YOUR_",
            "--key ",
            "\"value\":\"",
            "[",
            "]",
            "(",
            "\u{1b}[31m",
            "://u:",
            "@",
            " ",
            "\n",
            "%3D",
            &other,
            "GEMINI_API_KEY",
        ];
        let parts = 0..random.usize(1..9);
        let mixed: String = parts.map(|_| pieces[random.usize(..pieces.len())]).collect();
        // Nothing before the name takes it for a value.
        let once = pasted(&format!("{mixed}\nso, {named} {key}"));
        assert!(!once.contains(&key), "{mixed:?} {named:?}: {once:?}");
        assert_eq!(shapes_only(&once), once, "twice: {mixed:?} {named:?}");
    }
}

#[test]
fn many_named_secrets_take_no_more_than_linear_time() {
    let alike: String = (0..9000).map(|at| format!("api_key=FAKEexampleFAKEex{at} ")).collect();
    let unlike: String = (0..9000).map(|at| format!("api_key={at:05}FAKEexampleFAKE ")).collect();
    let long = format!("api_key={} {}", "a1".repeat(50_000), "a1".repeat(50_000));
    for text in [alike, unlike, long] {
        let started = std::time::Instant::now();
        shapes_only(&text);
        assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    }
}

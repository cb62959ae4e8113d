//! Trees with keys in them, made in a directory of their own: what is found of each, and what is not.
//! The keys are made here, from chance and the word FAKE; none is written down.

use std::process::Command;

use fastrand::Rng;

use super::*;
use crate::{facts::LocalFact, local::scratch::Scratch, secret::ApiKey};

/// As many characters as chance makes, with the word somewhere among them.
fn body(rng: &mut Rng, length: usize) -> String {
    let mut body: Vec<char> = (0..length - 4).map(|_| rng.alphanumeric()).collect();
    let at = rng.usize(2..body.len() - 2);
    body.splice(at..at, "FAKE".chars());
    let mut body: String = body.into_iter().collect();
    // Chance may leave one kind out.
    body.replace_range(..1, "k");
    body.replace_range(length - 1.., "7");
    body
}

pub(super) fn standard_key(seed: u64) -> String {
    format!("{}{}", "AI".to_owned() + "za", body(&mut Rng::with_seed(seed), 35))
}

pub(super) fn auth_key(seed: u64) -> String {
    format!("{}.{}", "AQ", body(&mut Rng::with_seed(seed), 50))
}

pub(super) fn service_account(seed: u64) -> String {
    let title = "PRIVATE KEY";
    let key = body(&mut Rng::with_seed(seed), 1600);
    format!(
        "{{\n  \"type\": \"service_account\",\n  \"private_key\": \"-----BEGIN {title}-----\\n{key}\\n\
         -----END {title}-----\\n\"\n}}\n"
    )
}

fn scan(scratch: &Scratch) -> Scanned {
    look(scratch.path(), &[], Limits::default())
}

/// What was found, each as its fact and its place.
fn told(scanned: &Scanned) -> Vec<(Option<LocalFact>, String)> {
    scanned.lying.iter().map(|lying| (fact(lying).1, lying.place.words())).collect()
}

fn one(name: &str, text: impl AsRef<[u8]>) -> Vec<(Option<LocalFact>, String)> {
    let scratch = Scratch::new();
    scratch.file(name, text);
    told(&scan(&scratch))
}

fn git(scratch: &Scratch, arguments: &[&str]) -> bool {
    let mut command = Command::new("git");
    command.current_dir(scratch.path()).args(["-c", "user.name=x", "-c", "user.email=x@x.example"]);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    command.args(arguments).output().is_ok_and(|output| output.status.success())
}

/// An archive in ZIP's form; each member is packed, or stored.
fn zip(members: &[(&str, &[u8])], packed: bool) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let data = match packed {
            true => miniz_oxide::deflate::compress_to_vec(content, 6),
            false => content.to_vec(),
        };
        let method: u16 = if packed { 8 } else { 0 };
        let at = bytes.len() as u32;
        let mut sizes = Vec::new();
        sizes.extend(0_u32.to_le_bytes());
        sizes.extend((data.len() as u32).to_le_bytes());
        sizes.extend((content.len() as u32).to_le_bytes());
        sizes.extend((name.len() as u16).to_le_bytes());
        sizes.extend(0_u16.to_le_bytes());
        bytes.extend(b"PK\x03\x04\x14\0\0\0");
        bytes.extend(method.to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend(&sizes);
        bytes.extend(name.as_bytes());
        bytes.extend(&data);
        directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0");
        directory.extend(method.to_le_bytes());
        directory.extend([0; 4]);
        directory.extend(&sizes);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let at = bytes.len() as u32;
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    for _ in 0..2 {
        bytes.extend((members.len() as u16).to_le_bytes());
    }
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(at.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

#[test]
fn an_empty_directory_and_a_clean_one_are_quiet() {
    assert_eq!(scan(&Scratch::new()).lying, []);
    let scratch = Scratch::new();
    scratch.file("app.py", "import os\nkey = os.environ['GEMINI_API_KEY']\n");
    scratch.file(".env.example", "GEMINI_API_KEY=AIza...\n");
    scratch.file("README.md", "export GEMINI_API_KEY=YOUR_API_KEY\n");
    scratch.file("dist/app.js", "fetch('/api/generate')");
    let scanned = scan(&scratch);
    assert_eq!((scanned.lying, scanned.calls, scanned.files), (vec![], vec![], 4));
}

#[test]
fn a_name_that_is_taken_into_the_bundle_is_not_where_a_key_belongs() {
    let key = auth_key(21);
    for name in ["VITE_GEMINI_API_KEY", "export NEXT_PUBLIC_KEY", "EXPO_PUBLIC_X"] {
        let found = one(".env", format!("A=1\n{name}=\"{key}\"\n"));
        assert_eq!(found[0].0, Some(LocalFact::KeyForBundle), "{name}");
        assert!(found[0].1.starts_with(".env:2:"), "{found:?}");
    }
    for name in ["GEMINI_API_KEY", "VITE_FIREBASE_API_KEY", "MY_VITE_KEY"] {
        assert_eq!(one(".env", format!("{name}={key}\n"))[0].0, None, "{name}");
    }
}

#[test]
fn a_key_is_told_by_kind_fingerprint_and_place_and_never_kept() {
    let scratch = Scratch::new();
    let key = auth_key(1);
    scratch.file("src/app.py", format!("import x\nkeyé = \"{key}\"\nother = \"{key}\"\n"));
    let scanned =
        look(scratch.path(), &[ApiKey::new(key.as_str()).fingerprint()], Limits::default());
    let lying = &scanned.lying[0];
    assert_eq!(lying.fingerprint, ApiKey::new(key.as_str()).fingerprint());
    assert_eq!(lying.place.words(), "src/app.py:2:9");
    assert_eq!(
        (lying.kind, lying.times, lying.in_use, lying.fake),
        (SecretKind::AuthKey, 2, true, false)
    );
    assert!(!format!("{scanned:?}").contains(&key[10..22]));
    assert!(!words(lying).contains(&key[10..22]) && words(lying).contains("the key in use"));
}

fn wide_bytes(text: &str, mark: bool, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let text = if mark { format!("\u{FEFF}{text}") } else { text.to_owned() };
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn texts_of_windows_tools_are_read_with_and_without_a_mark() {
    let (key, account) = (auth_key(1), service_account(2));
    let text = format!("# für alle\r\nGEMINI_API_KEY={key}\r\n");
    let ways = [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes];
    for (bytes, mark) in ways.into_iter().flat_map(|bytes| [(bytes, true), (bytes, false)]) {
        let scratch = Scratch::new();
        scratch.file("app.py", wide_bytes(&text, mark, bytes));
        let written = std::fs::read(scratch.path().join("app.py")).expect("written");
        let scanned = scan(&scratch);
        assert_eq!(told(&scanned), [(Some(LocalFact::KeyLoose), "app.py:2:16".to_owned())]);
        assert_eq!(scanned.lying[0].fingerprint, ApiKey::new(key.as_str()).fingerprint());
        let at = usize::try_from(scanned.lying[0].place.offset).expect("small");
        assert_eq!(written[at..at + 2], bytes(u16::from(b'A')), "the offset is one in the file");
        let log = one("app.log", wide_bytes(&account, mark, bytes));
        assert_eq!(log[0].0, Some(LocalFact::ServiceAccountLoose));
    }
    let packed = zip(&[("a.js", &wide_bytes(&text, true, u16::to_le_bytes))], true);
    assert_eq!(one("a.zip", packed)[0].1, "a.zip!a.js:2:16");
    // A program may begin with the same two bytes.
    let program = [b"\xFF\xFE\0".as_slice(), key.as_bytes(), b"\0"].concat();
    assert_eq!(one("app.bin", program)[0].0, Some(LocalFact::KeyLoose));
}

#[test]
fn settings_in_a_directory_to_build_in_are_no_bundle() {
    let line = format!("GEMINI_API_KEY={}\n", auth_key(1));
    assert_eq!(one("build/.env", &line)[0].0, None);
    assert_eq!(one("build/a.js", &line)[0].0, Some(LocalFact::KeyShipped));
    assert_eq!(one("dist/.env", &line)[0].0, Some(LocalFact::KeyShipped));
}

#[test]
fn names_can_begin_at_the_root_of_the_repository_or_at_the_working_directory() {
    let scratch = Scratch::new();
    scratch.file("inner/sub/a.py", "");
    scratch.file("outer/a.py", "");
    let at = |place: &str| scratch.path().join(place);
    let based = |place: &str, working: &str| {
        base(&look(&at(place), &[], Limits::default()), &at(place), &at(working))
    };
    assert_eq!(based("inner/sub", "inner"), "sub/");
    assert_eq!(based("inner/sub", "inner/sub"), "");
    assert_eq!(based("inner/sub", "outer"), "", "nothing there leads to it");
    if !git(&scratch, &["init", "-q", "inner"]) {
        return;
    }
    assert_eq!(based("inner/sub", "inner/sub"), "sub/");
    assert_eq!(based("inner/sub", "outer"), "sub/");
    assert_eq!(based("inner", "outer"), "");
    let around = look(&at("inner/../outer"), &[], Limits::default());
    assert!(!around.in_repository, "the way there leads through one and out again");
}

#[test]
fn the_place_decides_what_a_key_is() {
    let key = auth_key(1);
    let line = format!("key = \"{key}\"\n");
    for (name, text, fact) in [
        ("src/app.py", line.as_str(), Some(LocalFact::KeyLoose)),
        ("dist/app.js", &line, Some(LocalFact::KeyShipped)),
        ("web/.next/static/chunks/1.js", &line, Some(LocalFact::KeyShipped)),
        ("logs/today.txt", &line, Some(LocalFact::KeyLogged)),
        ("app.log", &line, Some(LocalFact::KeyLogged)),
        (".env", &line, None),
        ("key.txt", &format!("{key}\n"), None),
    ] {
        assert_eq!(one(name, text)[0].0, fact, "{name}");
    }
    assert_eq!(one("node_modules/x/a.js", &line), []);
    let account = service_account(1);
    assert_eq!(one("account.json", &account)[0].0, None, "its place is not known to be wrong");
    assert_eq!(one("dist/account.json", &account)[0].0, Some(LocalFact::ServiceAccountLoose));
    assert_eq!(one("a.log", format!("x {}", &account))[0].0, Some(LocalFact::ServiceAccountLoose));
    let secret = format!("{}-{}", "GOCSPX", &auth_key(2)[3..31]);
    assert_eq!(one("client.py", format!("s = '{secret}'"))[0].0, Some(LocalFact::OauthSecretLoose));
}

#[test]
fn a_stand_in_is_no_finding_unless_it_is_in_use() {
    let stand_in = "AQ.FAKE-key-for-the-gemini-doctor-simulator-0001";
    let scratch = Scratch::new();
    scratch.file("dist/a.js", format!("key='{stand_in}'"));
    let scanned = scan(&scratch);
    assert!(scanned.lying[0].fake && fact(&scanned.lying[0]).1.is_none());
    let used = [ApiKey::new(stand_in).fingerprint()];
    let scanned = look(scratch.path(), &used, Limits::default());
    assert_eq!(fact(&scanned.lying[0]).1, Some(LocalFact::KeyShipped));
}

#[test]
fn a_standard_key_of_firebase_or_maps_may_be_meant_to_be_public() {
    let key = standard_key(4);
    let config = format!("firebase({{apiKey: \"{key}\", authDomain: \"x.firebaseapp.com\"}})");
    assert_eq!(one("dist/a.js", &config)[0].0, Some(LocalFact::PublicKeyShipped));
    let calls = format!("{config}; fetch('https://generativelanguage.googleapis.com/v1beta')");
    assert_eq!(one("dist/a.js", calls)[0].0, Some(LocalFact::KeyShipped));
    let auth = config.replace(&key, &auth_key(4));
    assert_eq!(one("dist/a.js", auth)[0].0, Some(LocalFact::KeyShipped));
}

#[test]
fn a_bundle_for_browsers_that_calls_the_api_is_found_and_a_servers_is_not() {
    let call = "fetch('https://generativelanguage.googleapis.com/v1beta/models')";
    let calls = |name: &str, text: &str| {
        let scratch = Scratch::new();
        scratch.file(name, text);
        scan(&scratch).calls.len()
    };
    assert_eq!(calls("dist/a.js", &format!("document.title='x';{call}")), 1);
    assert_eq!(calls(".next/static/chunks/1.js", call), 1);
    assert_eq!(calls("public/index.html", call), 1);
    assert_eq!(calls("dist/server.js", call), 0, "nothing shows a browser");
    assert_eq!(calls("src/a.js", &format!("document.title='x';{call}")), 0, "it is not built");
    assert_eq!(calls("dist/a.js", "document.title='googleapis.com'"), 0);
}

#[test]
fn git_says_what_is_tracked_and_rules_what_is_left_out() {
    let scratch = Scratch::new();
    if !git(&scratch, &["init", "-q"]) {
        return;
    }
    let line = |seed| format!("key = \"{}\"\n", auth_key(seed));
    for (seed, name) in
        ["tracked.py", "new.py", "left.txt", ".env", "dist/a.js", "sub/also.txt"].iter().enumerate()
    {
        scratch.file(name, line(seed as u64));
    }
    scratch.file(".gitignore", "/left.txt\n.env\ndist/\n");
    scratch.file("sub/.gitignore", "also.*\n");
    assert!(git(&scratch, &["add", "tracked.py", ".gitignore"]));
    let scanned = scan(&scratch);
    let told: std::collections::BTreeMap<String, Option<LocalFact>> =
        scanned.lying.iter().map(|lying| (lying.place.file.clone(), fact(lying).1)).collect();
    assert_eq!(told["tracked.py"], Some(LocalFact::KeyTracked));
    assert_eq!(told["new.py"], Some(LocalFact::KeyLoose));
    assert_eq!(told["dist/a.js"], Some(LocalFact::KeyShipped));
    assert_eq!([told["left.txt"], told[".env"], told["sub/also.txt"]], [None; 3]);
    assert_eq!(scanned.built, ["dist"]);
    assert!(scanned.in_repository);
    for version in ["3", "4"] {
        assert!(git(&scratch, &["update-index", "--index-version", version]), "{version}");
        let again = scan(&scratch);
        assert_eq!(again.lying, scanned.lying, "index of version {version}");
    }
    assert!(git(&scratch, &["add", "-f", ".env", "sub"]));
    let tracked = scan(&scratch).lying.into_iter().filter(|lying| lying.tracked == Some(true));
    assert_eq!(tracked.count(), 3);
}

#[test]
fn an_index_that_cannot_be_read_is_not_guessed_at() {
    let scratch = Scratch::new();
    scratch.file(".git/HEAD", "ref: refs/heads/main\n");
    scratch.file("a.py", format!("key = \"{}\"\n", auth_key(1)));
    assert_eq!(scan(&scratch).lying[0].tracked, Some(false), "nothing was ever added");
    for index in [&b"DIRC"[..], b"", b"DIRC\0\0\0\x02\0\0\0\x05short", b"DIRC\0\0\0\x09\0\0\0\0"] {
        scratch.file(".git/index", index);
        assert_eq!(scan(&scratch).lying[0].tracked, None, "{index:?}");
    }
}

#[test]
fn members_of_archives_are_looked_into_one_level_deep() {
    let key = auth_key(5);
    let text = format!("a\nkey=\"{key}\"");
    for packed in [true, false] {
        for name in ["app.apk", "App.ipa", "lib.jar", "x.zip"] {
            let archive =
                zip(&[("assets/a.js", text.as_bytes()), ("a.png", text.as_bytes())], packed);
            let found = one(name, archive);
            assert_eq!(found, [(Some(LocalFact::KeyShipped), format!("{name}!assets/a.js:2:6"))]);
        }
        let inner = zip(&[("c.txt", text.as_bytes())], packed);
        let middle = zip(&[("inner.zip", &inner), ("b.txt", text.as_bytes())], packed);
        let scratch = Scratch::new();
        scratch.file("outer.zip", zip(&[("middle.jar", &middle)], packed));
        let scanned = scan(&scratch);
        assert_eq!(told(&scanned)[0].1, "outer.zip!middle.jar!b.txt:2:6");
        assert_eq!(scanned.lying.len(), 1);
        assert!(
            scanned.left_out[0].contains("inner.zip, an archive inside of it"),
            "{:?}",
            scanned.left_out
        );
    }
}

#[test]
fn a_bomb_is_refused_and_a_damaged_archive_is_said() {
    let scratch = Scratch::new();
    let zeros = vec![0; 8 * 1024 * 1024];
    scratch.file("bomb.zip", zip(&[("zeros", &zeros)], true));
    let mut lying = zip(&[("zeros", &zeros)], true);
    // The directory says that it becomes one byte.
    let place = memchr::memmem::find(&lying, b"PK\x01\x02").unwrap() + 24;
    lying[place..place + 4].copy_from_slice(&1_u32.to_le_bytes());
    scratch.file("lying.zip", lying);
    scratch.file("cut.zip", &zip(&[("a", b"b")], true)[..40]);
    scratch.file("none.zip", "hello");
    scratch.file("odd.tar.gz", "hello");
    let scanned = scan(&scratch);
    let said = scanned.left_out.join("\n");
    for part in [
        "in bomb.zip: zeros, which would become far larger",
        "in lying.zip: zeros, which becomes too long",
        "in cut.zip: it has no directory",
        "in none.zip: it has no directory",
        "odd.tar.gz, an archive in another form",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    assert_eq!(scanned.members, 0);
}

#[test]
fn what_is_too_much_is_left_out_and_said() {
    let scratch = Scratch::new();
    for at in 0..6 {
        scratch.file(&format!("{at}.py"), format!("{}key = \"{}\"", "#".repeat(100), auth_key(at)));
    }
    let found = |limits| look(scratch.path(), &[], limits);
    let few = found(Limits { entries: 3, ..Limits::default() });
    assert_eq!((few.lying.len(), &few.left_out[..]), (3, &["more than 3 entries".to_owned()][..]));
    let short = found(Limits { file: 50, ..Limits::default() });
    assert_eq!((short.lying.len(), short.left_out.len()), (0, 6));
    let soon = found(Limits { time: Duration::ZERO, ..Limits::default() });
    assert!(soon.left_out[0].contains("within 0 s"), "{:?}", soon.left_out);
    assert_eq!([&few, &short, &soon].map(|one| one.unread == one.left_out), [true; 3]);
}

#[test]
fn places_in_binaries_are_offsets() {
    let key = auth_key(6);
    let bytes = [b"\0\x01\n\0", key.as_bytes(), b"\0"].concat();
    assert_eq!(one("dist/app.bin", bytes)[0].1, "dist/app.bin, byte 4");
}

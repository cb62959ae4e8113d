//! `.env` files as people and Windows tools write them.

use super::*;

fn world() -> World {
    let mut world = World::bare(PathBuf::from("/nowhere"));
    world.variables.insert("OUTSIDE".to_owned(), "from-outside".to_owned());
    world
}

/// `line NAME=value` of each entry, and `line what` of each malformed line.
fn read(text: &str) -> (Vec<String>, Vec<String>) {
    let (entries, malformed) = parse(text, &world());
    let entries =
        entries.iter().map(|entry| format!("{} {}={}", entry.line, entry.name, entry.value));
    let malformed = malformed.iter().map(|bad| format!("{} {}", bad.line, bad.what));
    (entries.collect(), malformed.collect())
}

fn file(bytes: &[u8]) -> Dotenv {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join(".env"), bytes).expect("written");
    let world = World::bare(directory.path().to_owned());
    Dotenv::find(None, &world).expect("read")
}

#[test]
fn usual_lines_are_read_with_their_numbers() {
    let text =
        "# key\n\nGEMINI_API_KEY=AQ.FAKE\nexport A = 'b c' # why\nB=\"x\\ny\"\nC=\nD=e # f\n";
    let (entries, malformed) = read(text);
    assert_eq!(entries, ["3 GEMINI_API_KEY=AQ.FAKE", "4 A=b c", "5 B=x\ny", "6 C=", "7 D=e"]);
    assert_eq!(malformed, [""; 0]);
}

#[test]
fn carriage_returns_and_blanks_at_the_end_go() {
    let (entries, malformed) = read("A=b\r\nC='d'  \r\nE=f ");
    assert_eq!(entries, ["1 A=b", "2 C=d", "3 E=f"]);
    assert_eq!(malformed, [""; 0]);
}

#[test]
fn a_quoted_value_may_span_lines() {
    let text = "P=\"-----BEGIN\nabcd==\nab=\nEND\"\nA=b\n";
    let (entries, malformed) = read(text);
    assert_eq!(entries, ["1 P=-----BEGIN\nabcd==\nab=\nEND", "5 A=b"]);
    assert_eq!(malformed, [""; 0]);
}

#[test]
fn after_a_malformed_line_the_rest_is_read() {
    for (line, what) in [
        ("GEMINI_API_KEY AQ.FAKE", "there is no = in it"),
        ("GEMINI_API_KEY: AQ.FAKE", "there is a colon where = belongs"),
        ("$env:GEMINI_API_KEY = \"AQ.FAKE\"", "it is written for PowerShell; write NAME=value"),
        ("set GEMINI_API_KEY=AQ.FAKE", "it is written for cmd; write NAME=value"),
        ("my-key=AQ.FAKE", "what stands before = is not a variable's name"),
        ("=AQ.FAKE", "what stands before = is not a variable's name"),
        ("1KEY=AQ.FAKE", "a variable's name cannot start with a digit"),
        ("A=\"AQ.FAKE", "a quote is opened and not closed"),
        ("A='AQ.FAKE", "a quote is opened and not closed"),
        (
            "A=C:\\keys",
            "it holds a backslash that starts no known escape; put the value in single quotes",
        ),
        ("A=one two", "text follows the value's end; put a value with blanks in quotes"),
    ] {
        let (entries, malformed) = read(&format!("X=1\n{line}\nGOOD=\"yes\"\nY='2'\n"));
        assert_eq!(entries, ["1 X=1", "3 GOOD=yes", "4 Y=2"], "{line}");
        assert_eq!(malformed, [format!("2 {what}")], "{line}");
    }
}

#[test]
fn an_open_quote_in_the_last_line_is_malformed() {
    assert_eq!(read("A=b\nC=\"d").1, ["2 a quote is opened and not closed"]);
}

#[test]
fn variables_are_expanded_from_the_world_and_earlier_lines_only() {
    let text = "A=one\nB=${A}-$OUTSIDE\nC='$A'\nD=\"\\$A\"\nE=$UNKNOWN_NAME\nF=${HOME}\nG=a$";
    let expected = [
        "1 A=one",
        "2 B=one-from-outside",
        "3 C=$A",
        "4 D=$A",
        "5 E=$UNKNOWN_NAME",
        "6 F=${HOME}",
        "7 G=a$",
    ];
    let (entries, malformed) = read(text);
    assert_eq!((entries, malformed), (expected.map(str::to_owned).to_vec(), vec![]));
}

#[test]
fn the_last_assignment_counts() {
    let dotenv = file(b"A=1\nA=2\n");
    assert_eq!(dotenv.last("A").map(|entry| (entry.line, entry.value.as_str())), Some((2, "2")));
    assert!(dotenv.last("B").is_none());
}

#[test]
fn files_of_windows_tools_are_read_with_a_note() {
    let text = "GEMINI_API_KEY=AQ.FAKE\r\n";
    let little: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> =
        [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    for (bytes, notes) in [(little, 1), (big, 1), (marked, 0)] {
        let dotenv = file(&bytes);
        assert_eq!(dotenv.entries[0].value, "AQ.FAKE");
        assert_eq!((dotenv.notes.len(), dotenv.malformed.len()), (notes, 0));
    }
}

#[test]
fn what_cannot_be_read_is_a_note() {
    assert_eq!(file(b"A=\0").notes, [".env was not read: it is not text: character 3 is NUL"]);
    let huge = vec![b'a'; 1024 * 1024 + 1];
    assert_eq!(file(&huge).notes, [".env was not read: it is larger than 1024 KiB"]);
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::create_dir(directory.path().join(".env")).expect("made");
    let dotenv = Dotenv::find(None, &World::bare(directory.path().to_owned())).expect("no error");
    assert_eq!(dotenv.notes, [".env was not read: it is a directory"]);
    assert!(dotenv.path.is_none());
}

#[test]
fn only_a_named_file_must_exist() {
    let directory = tempfile::tempdir().expect("a directory");
    let world = World::bare(directory.path().to_owned());
    assert!(Dotenv::find(None, &world).expect("no error").notes.is_empty());
    let error = Dotenv::find(Some(Path::new("prod.env")), &world).expect_err("missing");
    assert!(error.what.contains("prod.env: no such file"), "{}", error.what);
}

#[test]
fn settings_are_reported_without_their_values() {
    let dotenv = file(
        b"GEMINI_API_KEY=k\nHTTPS_PROXY=http://u:hunter2@p\nGEMINI_MODEL=m\nbad\nOTHER=1\n\
          GOOGLE_CLOUD_PROJECT=p\nSSL_CERT_FILE=\nNODE_EXTRA_CA_CERTS=x\n",
    );
    let facts = dotenv.facts();
    assert_eq!(
        facts,
        [
            (LocalFact::DotenvMalformed, ".env:4: there is no = in it".to_owned()),
            (LocalFact::DotenvSetting, ".env:2 sets HTTPS_PROXY; reported, not obeyed".to_owned()),
            (
                LocalFact::DotenvSetting,
                ".env:8 sets NODE_EXTRA_CA_CERTS; reported, not obeyed".to_owned()
            ),
        ]
    );
    assert!(!format!("{dotenv:?}").contains("hunter2"));
}

#[test]
fn no_bytes_make_it_panic() {
    let mut random = fastrand::Rng::with_seed(7);
    let pieces =
        ["A", "=", "\"", "'", "\n", "\r\n", "$", "{", "}", "\\", "#", " ", "export ", "ä", "b"];
    for _ in 0..3000 {
        let count = random.usize(0..24);
        let text: String = (0..count).map(|_| *random.choice(&pieces).expect("pieces")).collect();
        let (entries, malformed) = parse(&text, &world());
        assert!(entries.len() + malformed.len() <= text.lines().count(), "{text:?}");
    }
}

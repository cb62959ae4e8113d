//! Machines in a directory, with bundles of every kind and of none.

use std::process::Command;

use super::*;
use crate::local::scratch::Scratch;

/// Made by keytool for a root named "Example Company Root".
const JKS: &[u8] = include_bytes!("fixtures/one.jks");
/// The same as newer JDKs ship it: without encryption and without a MAC.
const PLAIN: &[u8] = include_bytes!("fixtures/plain.p12");
/// The same with the password that keytool is given.
const PROTECTED: &[u8] = include_bytes!("fixtures/protected.p12");

fn pem(name: &str) -> String {
    rcgen::generate_simple_self_signed([name.to_owned()]).expect("generated").cert.pem()
}

#[track_caller]
fn bundle(found: &[Bundle], wanted: &Origin) -> Bundle {
    let bundle = found.iter().find(|bundle| bundle.origin == *wanted);
    bundle.unwrap_or_else(|| panic!("{wanted:?} in {found:?}")).clone()
}

#[track_caller]
fn count(bundle: &Bundle) -> usize {
    bundle.contents().unwrap_or_else(|| panic!("{bundle:?}")).certificates.len()
}

#[track_caller]
fn variable(machine: &Machine, name: &'static str) -> Bundle {
    bundle(&look(machine), &Origin::Variable(name))
}

#[test]
fn a_machine_without_anything_has_nothing() {
    let simulated =
        Machine { variables: BTreeMap::new(), directory: PathBuf::from("/nowhere"), root: None };
    assert_eq!(look(&simulated), []);
    assert_eq!(readers(&[], &simulated), []);
}

#[cfg(target_os = "linux")]
#[test]
fn the_systems_store_is_the_first_file_or_else_the_directory() {
    let scratch = Scratch::new();
    let system = |scratch: &Scratch| bundle(&look(&scratch.machine(&[])), &Origin::System);
    assert_eq!(system(&scratch).state, State::Broken(Broken::Missing));
    assert!(system(&scratch).trouble().expect("trouble").contains("ca-certificates.crt"));
    scratch.file("etc/ssl/certs/a.pem", pem("a"));
    assert_eq!(count(&system(&scratch)), 1);
    scratch.file("etc/ssl/cert.pem", [pem("b"), pem("c")].concat());
    assert_eq!(count(&system(&scratch)), 2);
    scratch.file("etc/ssl/certs/ca-certificates.crt", [pem("b"), pem("c"), pem("d")].concat());
    assert_eq!(count(&system(&scratch)), 3);
}

#[test]
fn every_variable_is_found_and_read() {
    let scratch = Scratch::new();
    let file = scratch.file("certs/company.pem", [pem("a"), pem("b")].concat());
    let directory = file.parent().expect("a directory").display().to_string();
    for table::Variable { name, kind, .. } in VARIABLES {
        let value = match kind {
            Kind::File | Kind::FileOrDirectory => "certs/company.pem".to_owned(),
            Kind::Directories => directory.clone(),
            Kind::JavaOptions => {
                format!("-Xmx1g -Djavax.net.ssl.trustStore={}", file.display())
            }
        };
        let bundle = variable(&scratch.machine(&[(name, &value)]), name);
        assert_eq!((count(&bundle), bundle.trouble()), (2, None), "{name}");
    }
    let machine = scratch.machine(&[("REQUESTS_CA_BUNDLE", "certs")]);
    assert_eq!(count(&variable(&machine, "REQUESTS_CA_BUNDLE")), 2);
    let empty = scratch.machine(&[("SSL_CERT_FILE", ""), ("JAVA_TOOL_OPTIONS", "-Xmx1g")]);
    let is_variable = |bundle: &Bundle| matches!(bundle.origin, Origin::Variable(_));
    assert!(!look(&empty).iter().any(is_variable));
}

#[test]
fn a_variable_that_leads_nowhere_says_what_becomes_of_each_reader() {
    let scratch = Scratch::new();
    for (name, part) in [
        ("REQUESTS_CA_BUNDLE", "requests raises OSError"),
        ("CURL_CA_BUNDLE", "error 77"),
        ("NODE_EXTRA_CA_CERTS", "Ignoring extra certs"),
        ("SSL_CERT_FILE", "google-genai raise FileNotFoundError"),
        ("SSL_CERT_DIR", "silently"),
    ] {
        let machine = scratch.machine(&[(name, "no/such.pem")]);
        let trouble = variable(&machine, name).trouble().expect("trouble");
        assert!(trouble.starts_with(&format!("{name} names ")), "{trouble}");
        assert!(trouble.contains("which does not exist: ") && trouble.contains(part), "{trouble}");
    }
}

#[test]
fn what_a_file_holds_instead_is_told() {
    let scratch = Scratch::new();
    let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let damaged = "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n";
    let open = "-----BEGIN CERTIFICATE-----\nAAAA\n";
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(pem("a").bytes().flat_map(|byte| [byte, 0])).collect();
    let der = rcgen::generate_simple_self_signed(["a".to_owned()]).unwrap().cert.der().to_vec();
    for (bytes, part) in [
        (&b""[..], "is empty"),
        (b" \n", "is empty"),
        (b"hello", "has no -----BEGIN"),
        (key.as_bytes(), "has no -----BEGIN"),
        (damaged.as_bytes(), "are damaged"),
        (open.as_bytes(), "are damaged"),
        (&wide, "UTF-16"),
        (&der, "in DER"),
        (PROTECTED, "protected by a password"),
        (&JKS[..40], "cut off"),
    ] {
        scratch.file("odd.pem", bytes);
        let machine = scratch.machine(&[("SSL_CERT_FILE", "odd.pem")]);
        let trouble = variable(&machine, "SSL_CERT_FILE").trouble().expect("trouble");
        assert!(trouble.contains(part), "{part}: {trouble}");
    }
    scratch.file("directory/a.pem", pem("a"));
    let machine = scratch.machine(&[("SSL_CERT_FILE", "directory"), ("SSL_CERT_DIR", "odd.pem")]);
    let trouble = |name| variable(&machine, name).trouble().expect("trouble");
    assert!(trouble("SSL_CERT_FILE").contains("is a directory"));
    assert!(trouble("SSL_CERT_DIR").contains("is a file"), "{}", trouble("SSL_CERT_DIR"));
}

#[cfg(unix)]
#[test]
fn a_device_is_not_read() {
    let machine = Scratch::new().machine(&[("SSL_CERT_FILE", "/dev/zero")]);
    let trouble = variable(&machine, "SSL_CERT_FILE").trouble().expect("trouble");
    assert!(trouble.contains("no ordinary file"), "{trouble}");
}

#[test]
fn the_unreadable_among_the_good_are_counted_and_doubles_are_not() {
    let scratch = Scratch::new();
    let (a, b) = (pem("a"), pem("b"));
    let damaged = "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n";
    scratch.file("roots.pem", [&a, damaged, &b.replace('\n', "\r\n"), &a].concat());
    let found = variable(&scratch.machine(&[("SSL_CERT_FILE", "roots.pem")]), "SSL_CERT_FILE");
    assert_eq!((count(&found), found.contents().expect("read").unreadable), (2, 1));
    assert!(found.notes[0].starts_with("1 certificates of SSL_CERT_FILE"), "{:?}", found.notes);
}

#[test]
fn a_directory_without_hashed_names_is_told() {
    let scratch = Scratch::new();
    let a = pem("a");
    scratch.file("roots/a.pem", &a);
    scratch.file("roots/README", "none here");
    let machine = scratch.machine(&[("SSL_CERT_DIR", "roots")]);
    let found = variable(&machine, "SSL_CERT_DIR");
    assert!(found.notes[0].contains("openssl rehash"), "{:?}", found.notes);
    scratch.file("roots/5ed36f99.0", &a);
    let found = variable(&machine, "SSL_CERT_DIR");
    assert_eq!((count(&found), found.notes.len()), (1, 0), "{found:?}");
    scratch.file("empty/README", "none here");
    let machine = scratch.machine(&[("SSL_CERT_DIR", "empty")]);
    let trouble = variable(&machine, "SSL_CERT_DIR").trouble().expect("trouble");
    assert!(trouble.contains("no file in it is in PEM"), "{trouble}");
}

#[test]
fn a_bundle_is_bounded() {
    let scratch = Scratch::new();
    let large = vec![b'\n'; 8 * 1024 * 1024 + 1];
    scratch.file("large.pem", large);
    let found = variable(&scratch.machine(&[("SSL_CERT_FILE", "large.pem")]), "SSL_CERT_FILE");
    assert_eq!(found.state, State::Broken(Broken::TooLarge));
    let block = |number: usize| {
        let der =
            [&[0x30, 0x04, 0x02, 0x02][..], &u16::try_from(number).unwrap().to_be_bytes()].concat();
        let body = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
        format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
    };
    let many: String = (0..=read::MOST_CERTIFICATES).map(block).collect();
    let contents = read::pem(many.as_bytes());
    assert_eq!((contents.certificates.len(), contents.cut), (read::MOST_CERTIFICATES, true));
}

#[cfg(unix)]
#[test]
fn certifi_is_found_without_running_python() {
    let scratch = Scratch::new();
    let ran = scratch.path().join("ran");
    scratch.program("venv/bin/python3", &format!("touch {}", ran.display()));
    let venv = scratch.path().join("venv").display().to_string();
    let machine = scratch.machine(&[("VIRTUAL_ENV", &venv)]);
    let origin = Origin::Certifi(scratch.path().join("venv/bin/python3"));
    assert!(!look(&machine).iter().any(|bundle| bundle.origin == origin));
    let packages = "venv/lib/python3.12/site-packages/certifi";
    scratch.file(&format!("{packages}/core.py"), "");
    assert_eq!(bundle(&look(&machine), &origin).state, State::Broken(Broken::Missing));
    scratch.file(&format!("{packages}/cacert.pem"), pem("a"));
    assert_eq!(count(&bundle(&look(&machine), &origin)), 1);
    assert!(!ran.exists(), "nothing was run");
}

#[cfg(target_os = "linux")]
#[test]
fn debians_certifi_leads_to_the_systems_bundle() {
    let scratch = Scratch::new();
    scratch.program("usr/bin/python3.11", "");
    scratch.file("usr/lib/python3/dist-packages/certifi/core.py", "");
    scratch.file("etc/ssl/certs/ca-certificates.crt", [pem("a"), pem("b")].concat());
    std::os::unix::fs::symlink("python3.11", scratch.path().join("usr/bin/python3")).unwrap();
    let path = scratch.path().join("usr/bin");
    let machine = scratch.machine(&[("PATH", &path.display().to_string())]);
    let found = bundle(&look(&machine), &Origin::Certifi(path.join("python3")));
    assert_eq!((count(&found), found.notes.len()), (2, 1), "{found:?}");
    let of_user =
        scratch.file("home/.local/lib/python3.11/site-packages/certifi/cacert.pem", pem("c"));
    let home = scratch.path().join("home").display().to_string();
    let machine = scratch.machine(&[("PATH", &path.display().to_string()), ("HOME", &home)]);
    let found = bundle(&look(&machine), &Origin::Certifi(path.join("python3")));
    assert_eq!(found.path, Some(of_user));
}

#[cfg(unix)]
#[test]
fn javas_key_store_is_found_through_links() {
    let scratch = Scratch::new();
    scratch.program("jvm/bin/java", "");
    scratch.file("jvm/lib/security/cacerts", JKS);
    std::fs::create_dir(scratch.path().join("bin")).unwrap();
    std::os::unix::fs::symlink("../jvm/bin/java", scratch.path().join("bin/java")).unwrap();
    let path = scratch.path().join("bin").display().to_string();
    let machine = scratch.machine(&[("PATH", &path)]);
    let java = |machine: &Machine| {
        let found = look(machine);
        found.into_iter().find(|bundle| matches!(bundle.origin, Origin::Java(_))).expect("a Java")
    };
    assert_eq!(java(&machine).contents().expect("read").format, Format::Jks);
    let home = scratch.path().join("jvm").display().to_string();
    assert_eq!(count(&java(&scratch.machine(&[("JAVA_HOME", &home)]))), 1);
    scratch.file("jvm/lib/security/jssecacerts", PLAIN);
    assert_eq!(java(&machine).contents().expect("read").format, Format::Pkcs12);
}

#[test]
fn of_a_locked_store_nothing_is_claimed() {
    let scratch = Scratch::new();
    scratch.file("locked.p12", PROTECTED);
    scratch.file("odd.bcfks", [0x30, 0x03, 0x02, 0x01, 0x00]);
    let trust_store = |file: &str, more: &str| {
        let options = format!("-Djavax.net.ssl.trustStore={file} {more}");
        let machine = scratch.machine(&[("JAVA_TOOL_OPTIONS", &options)]);
        variable(&machine, "JAVA_TOOL_OPTIONS")
    };
    let password = "-Djavax.net.ssl.trustStorePassword=FAKE-word";
    for (file, more) in [("locked.p12", ""), ("locked.p12", password), ("odd.bcfks", password)] {
        let found = trust_store(file, more);
        let trouble = found.trouble().expect("trouble");
        assert!(found.is_locked() && trouble.contains(LOCKED), "{file} {more}: {trouble}");
        assert!(!trouble.contains("trusts nobody") && !trouble.contains("FAKE"), "{trouble}");
    }
    assert!(!trust_store("odd.bcfks", "").is_locked(), "nobody speaks of a password");
    // Without its password a JKS can be read, by Java as by us.
    scratch.file("open.jks", JKS);
    assert_eq!(count(&trust_store("open.jks", password)), 1);
    let machine = scratch.machine(&[("SSL_CERT_FILE", "locked.p12")]);
    assert!(!variable(&machine, "SSL_CERT_FILE").is_locked(), "OpenSSL is given no password");
}

#[test]
fn key_stores_of_java_are_read() {
    for (bytes, format) in [(JKS, Format::Jks), (PLAIN, Format::Pkcs12)] {
        let Some(keystore::Content::Certificates(contents)) = keystore::read(bytes) else {
            panic!("{format:?}")
        };
        assert_eq!((contents.format, contents.certificates.len()), (format, 1));
        let subject = b"Example Company Root";
        let named = contents.certificates[0].windows(subject.len()).any(|part| part == subject);
        assert!(named, "{format:?}");
    }
    assert_eq!(keystore::read(PROTECTED), Some(keystore::Content::Protected));
    assert_eq!(keystore::read(b"-----BEGIN CERTIFICATE-----"), None);
}

/// Java passes over what has no mark of trust, as `openssl pkcs12 -export` leaves it.
#[test]
fn an_unmarked_certificate_is_not_trusted_by_java() {
    let mark = [0x60, 0x86, 0x48, 0x01, 0x86, 0xf9, 0x66];
    let place = PLAIN.windows(mark.len()).position(|part| part == mark).expect("a mark");
    let mut unmarked = PLAIN.to_vec();
    unmarked[place + 6] ^= 1;
    let read = keystore::read(&unmarked);
    assert!(matches!(read, Some(keystore::Content::Damaged(_))), "{read:?}");
}

#[test]
fn broken_key_stores_are_told_without_a_panic() {
    for whole in [JKS, PLAIN, PROTECTED] {
        for length in 0..whole.len() {
            keystore::read(&whole[..length]);
        }
        for place in 0..whole.len() {
            for odd in [0x00, 0x7f, 0x80, 0xff] {
                let mut bytes = whole.to_vec();
                bytes[place] = odd;
                keystore::read(&bytes);
            }
        }
    }
    let endless = [&[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2][..], &[0xff; 64]].concat();
    assert!(matches!(keystore::read(&endless), Some(keystore::Content::Damaged(_))));
}

/// What keytool makes today, beside what it made for the fixtures.
#[test]
#[expect(clippy::disallowed_macros, reason = "a skipped test says why")]
fn what_keytool_writes_is_read() {
    let scratch = Scratch::new();
    scratch.file("ca.pem", pem("company.example"));
    let import = |kind: &str, file: &str| {
        let mut keytool = Command::new("keytool");
        keytool.current_dir(scratch.path()).args(["-importcert", "-noprompt", "-alias", "company"]);
        keytool.args(["-file", "ca.pem", "-storepass", "changeit", "-storetype", kind]);
        keytool.args(["-keystore", file]).args([
            "-J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE",
            "-J-Dkeystore.pkcs12.macAlgorithm=NONE",
        ]);
        keytool.output()
    };
    for (kind, file) in [("JKS", "store.jks"), ("PKCS12", "store.p12")] {
        let Ok(made) = import(kind, file) else {
            return println!("skipped: keytool is not installed");
        };
        assert!(made.status.success(), "{made:?}");
        let contents = read::file(&scratch.path().join(file)).expect(kind);
        let ours = read::file(&scratch.path().join("ca.pem")).expect("PEM");
        assert_eq!(contents.certificates, ours.certificates, "{kind}");
    }
}

#[cfg(target_os = "linux")]
mod rules {
    use super::*;

    /// A machine with every client, a system's store, certifi and a Java.
    fn everything(scratch: &Scratch, variables: &[(&str, &str)]) -> (Machine, Vec<Bundle>) {
        for name in ["node", "go", "curl", "openssl", "python3"] {
            scratch.program(&format!("bin/{name}"), "");
        }
        scratch.program("jvm/bin/java", "");
        scratch.file("jvm/lib/security/cacerts", JKS);
        scratch.file("lib/python3.12/site-packages/certifi/cacert.pem", pem("certifi"));
        scratch.file("etc/ssl/certs/ca-certificates.crt", pem("system"));
        let path = format!("{0}/bin:{0}/jvm/bin", scratch.path().display());
        let all: Vec<_> =
            [("PATH", path.as_str())].into_iter().chain(variables.iter().copied()).collect();
        let machine = scratch.machine(&all);
        let found = look(&machine);
        (machine, found)
    }

    /// What a client trusts, in words: where its bundles come from.
    fn trusts(reader: Reader, variables: &[(&str, &str)]) -> String {
        let scratch = Scratch::new();
        scratch.file("company.pem", pem("company"));
        scratch.file("roots/5ed36f99.0", pem("roots"));
        let (machine, found) = everything(&scratch, variables);
        let all = readers(&found, &machine);
        let readership = all.iter().find(|one| one.reader == reader).expect("there");
        let own = readership.mozilla.then(|| "own".to_owned());
        let word = |place: &usize| match &found[*place].origin {
            Origin::System => "system".to_owned(),
            Origin::Variable(name) => (*name).to_owned(),
            Origin::Certifi(_) => "certifi".to_owned(),
            Origin::Java(_) => "java".to_owned(),
        };
        let words: Vec<String> =
            own.into_iter().chain(readership.bundles.iter().map(word)).collect();
        words.join(" ")
    }

    #[test]
    fn each_client_has_its_own_rules() {
        let file = ("SSL_CERT_FILE", "company.pem");
        let directory = ("SSL_CERT_DIR", "roots");
        let requests = ("REQUESTS_CA_BUNDLE", "company.pem");
        let curl = ("CURL_CA_BUNDLE", "company.pem");
        let node = ("NODE_EXTRA_CA_CERTS", "company.pem");
        let java = ("JAVA_TOOL_OPTIONS", "-Djavax.net.ssl.trustStore=company.pem");
        for (reader, variables, words) in [
            (Reader::Httpx, &[][..], "certifi"),
            (Reader::Httpx, &[requests, curl, node], "certifi"),
            (Reader::Httpx, &[file], "SSL_CERT_FILE"),
            (Reader::Httpx, &[directory], "certifi SSL_CERT_DIR"),
            (Reader::Requests, &[file], "certifi"),
            (Reader::Requests, &[curl], "CURL_CA_BUNDLE"),
            (Reader::Requests, &[curl, requests], "REQUESTS_CA_BUNDLE"),
            (Reader::Node, &[file], "own"),
            (Reader::Node, &[node], "own NODE_EXTRA_CA_CERTS"),
            (Reader::Node, &[("NODE_OPTIONS", "--use-openssl-ca")], "system"),
            (Reader::Node, &[("NODE_OPTIONS", "--use-openssl-ca"), file], "SSL_CERT_FILE system"),
            (Reader::Node, &[("NODE_OPTIONS", "--use-system-ca")], "own system"),
            (Reader::Node, &[("NODE_USE_SYSTEM_CA", "1"), node], "own NODE_EXTRA_CA_CERTS system"),
            (Reader::Java, &[file], "java"),
            (Reader::Java, &[java], "JAVA_TOOL_OPTIONS"),
            (Reader::Go, &[], "system"),
            (Reader::Go, &[file], "SSL_CERT_FILE system"),
            (Reader::Curl, &[], "system"),
            (Reader::Curl, &[file], "SSL_CERT_FILE"),
            (Reader::Curl, &[file, curl], "CURL_CA_BUNDLE"),
            (Reader::OpenSsl, &[file, directory], "SSL_CERT_FILE SSL_CERT_DIR"),
        ] {
            assert_eq!(trusts(reader, variables), words, "{reader:?} {variables:?}");
        }
    }

    #[test]
    fn a_client_that_is_not_there_is_left_out() {
        let scratch = Scratch::new();
        assert_eq!(readers(&look(&scratch.machine(&[])), &scratch.machine(&[])), []);
    }

    #[test]
    fn the_certificates_of_a_client_are_those_of_its_bundles() {
        let scratch = Scratch::new();
        scratch.file("company.pem", [pem("a"), pem("b")].concat());
        let (machine, found) = everything(&scratch, &[("SSL_CERT_FILE", "company.pem")]);
        let all = readers(&found, &machine);
        let go = all.iter().find(|one| one.reader == Reader::Go).expect("there");
        assert_eq!(go.certificates(&found).count(), 3);
    }
}

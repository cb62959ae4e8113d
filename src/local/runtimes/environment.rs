//! What a runtime finds around it: where programs are, what says whom to trust, and nothing else of the
//! machine. No key, no login of a proxy and no password gets in.

use std::{collections::BTreeMap, path::Path};

use super::Machine;
use crate::local::bundles::table::{Kind, VARIABLES};

/// What a program needs to run at all; the last three are Windows'.
const PLACES: [&str; 6] = ["PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR"];
/// What changes how a runtime connects and is kept from it: such a variable loads code, or settings that
/// are not looked at here.
const KEPT_BACK: [&str; 16] = [
    "OPENSSL_CONF",
    "OPENSSL_MODULES",
    "OPENSSL_ENGINES",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "DYLD_LIBRARY_PATH",
    "DYLD_INSERT_LIBRARIES",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONHTTPSVERIFY",
    "NODE_PATH",
    "NODE_TLS_REJECT_UNAUTHORIZED",
    "CLASSPATH",
    "_JAVA_OPTIONS",
    "GODEBUG",
    "GOFLAGS",
];
/// What Node may be told about trust by its options.
const NODE_FLAGS: [&str; 3] = ["--use-openssl-ca", "--use-system-ca", "--use-bundled-ca"];
/// What Java may be told about trust by its options; the password of a store is not among it.
const JAVA_FLAGS: [&str; 3] = [
    "-Djavax.net.ssl.trustStore=",
    "-Djavax.net.ssl.trustStoreType=",
    "-Djavax.net.ssl.trustStoreProvider=",
];

/// The environment of every runtime. No variable that names a proxy is among it: each is led through one
/// by its arguments.
pub(super) fn of(machine: &Machine) -> BTreeMap<String, String> {
    let set = |name: &str| Some((name.to_owned(), machine.variable(name)?.to_owned()));
    let mut around: BTreeMap<String, String> = PLACES.iter().filter_map(|name| set(name)).collect();
    around.extend(bundles(machine));
    around.extend(set("NODE_USE_SYSTEM_CA"));
    let flags = flags(machine.variable("NODE_OPTIONS").unwrap_or_default(), &NODE_FLAGS);
    if !flags.is_empty() {
        around.insert("NODE_OPTIONS".to_owned(), flags.join(" "));
    }
    around.insert("LANG".to_owned(), "C".to_owned());
    around
}

/// The variables that are set and change how the user's own programs connect, and are kept from ours;
/// options count where any of them is kept back.
pub(super) fn kept_back(machine: &Machine) -> Vec<&'static str> {
    let options = [
        ("NODE_OPTIONS", &NODE_FLAGS[..]),
        ("JAVA_TOOL_OPTIONS", &JAVA_FLAGS[..]),
        ("JDK_JAVA_OPTIONS", &JAVA_FLAGS[..]),
    ];
    let in_part = options.into_iter().filter(|(name, known)| {
        let value = machine.variable(name).unwrap_or_default();
        value.split_whitespace().count() > flags(value, known).len()
    });
    let whole = KEPT_BACK.into_iter().filter(|name| machine.variable(name).is_some());
    whole.chain(in_part.map(|(name, _)| name)).collect()
}

/// The options of Java that say whom to trust, from the variables that every Java reads.
pub(super) fn java_options(machine: &Machine) -> Vec<String> {
    let variables = ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"];
    let values = variables.iter().filter_map(|name| machine.variable(name));
    values.flat_map(|value| flags(value, &JAVA_FLAGS)).map(|flag| absolute(machine, flag)).collect()
}

/// Go keeps to itself: no network, no settings of the user, and nothing written but here.
pub(super) fn of_go(place: &Path) -> BTreeMap<String, String> {
    let here = |name: &str| place.join(name).display().to_string();
    let set = [
        ("GOFLAGS", "-mod=mod".to_owned()),
        ("GOPROXY", "off".to_owned()),
        ("GO111MODULE", "off".to_owned()),
        ("GOTOOLCHAIN", "local".to_owned()),
        ("GOENV", "off".to_owned()),
        ("GOTELEMETRY", "off".to_owned()),
        ("CGO_ENABLED", "0".to_owned()),
        ("GOCACHE", here("go-cache")),
        ("GOPATH", here("go")),
        ("GOTMPDIR", place.display().to_string()),
        ("HOME", place.display().to_string()),
    ];
    set.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The variables that name bundles, with paths that hold wherever the program runs.
fn bundles(machine: &Machine) -> impl Iterator<Item = (String, String)> {
    VARIABLES.iter().filter(|variable| variable.for_sdks).filter_map(|variable| {
        let value = machine.variable(variable.name)?;
        let value = match variable.kind {
            Kind::File | Kind::FileOrDirectory => machine.path(value).display().to_string(),
            Kind::Directories => {
                let list = std::env::split_paths(value).map(|path| machine.path(path));
                std::env::join_paths(list).ok()?.into_string().ok()?
            }
            Kind::JavaOptions => return None,
        };
        Some((variable.name.to_owned(), value))
    })
}

/// Those of the options that begin in a known way.
fn flags(options: &str, known: &[&str]) -> Vec<String> {
    let words = options.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
    words
        .filter(|word| known.iter().any(|flag| word.starts_with(flag)))
        .map(str::to_owned)
        .collect()
}

fn absolute(machine: &Machine, flag: String) -> String {
    match flag.strip_prefix(JAVA_FLAGS[0]) {
        Some(path) => format!("{}{}", JAVA_FLAGS[0], machine.path(path).display()),
        None => flag,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::scratch::Scratch;

    #[test]
    fn no_secret_gets_in() {
        let machine = Scratch::new().machine(&[
            ("PATH", "/bin"),
            ("HOME", "/home/me"),
            ("GEMINI_API_KEY", "FAKE-key"),
            ("GOOGLE_API_KEY", "FAKE-key"),
            ("GOOGLE_APPLICATION_CREDENTIALS", "/FAKE-key.json"),
            ("HTTPS_PROXY", "http://me:FAKE-key@proxy.example:3128"),
            ("http_proxy", "http://proxy.example:3128"),
            ("NODE_OPTIONS", "--require=/FAKE-key.js --use-openssl-ca"),
            ("NODE_TLS_REJECT_UNAUTHORIZED", "0"),
            ("JAVA_TOOL_OPTIONS", "-Dkey=FAKE-key -Djavax.net.ssl.trustStorePassword=FAKE-key"),
            ("LD_PRELOAD", "/FAKE-key.so"),
        ]);
        let around = of(&machine);
        let names: Vec<&str> = around.keys().map(String::as_str).collect();
        assert_eq!(names, ["HOME", "LANG", "NODE_OPTIONS", "PATH"]);
        assert_eq!(around["NODE_OPTIONS"], "--use-openssl-ca");
        assert!(!format!("{around:?}").contains("FAKE"));
        assert_eq!(java_options(&machine), Vec::<String>::new());
    }

    #[test]
    fn what_is_kept_back_is_named() {
        let kept = |variables: &[(&str, &str)]| kept_back(&Scratch::new().machine(variables));
        assert_eq!(kept(&[("PATH", "/bin"), ("SSL_CERT_FILE", "a"), ("GODEBUG", "")]), [""; 0]);
        let set = [("GODEBUG", "x=1"), ("OPENSSL_CONF", "/a"), ("LD_LIBRARY_PATH", "/b")];
        assert_eq!(kept(&set), ["OPENSSL_CONF", "LD_LIBRARY_PATH", "GODEBUG"]);
        let trust = "-Djavax.net.ssl.trustStore=a.jks";
        let handed_on = [("NODE_OPTIONS", "--use-system-ca"), ("JAVA_TOOL_OPTIONS", trust)];
        assert_eq!(kept(&handed_on), [""; 0]);
        let more = format!("{trust} -Djavax.net.ssl.trustStorePassword=FAKE-word");
        let in_part = [("NODE_OPTIONS", "--use-system-ca -r a.js"), ("JAVA_TOOL_OPTIONS", &more)];
        assert_eq!(kept(&in_part), ["NODE_OPTIONS", "JAVA_TOOL_OPTIONS"]);
    }

    #[test]
    fn paths_hold_wherever_a_program_runs() {
        let scratch = Scratch::new();
        let machine = scratch.machine(&[
            ("SSL_CERT_FILE", "certs/ca.pem"),
            ("SSL_CERT_DIR", "/etc/ssl"),
            ("JAVA_TOOL_OPTIONS", "-Xmx1g -Djavax.net.ssl.trustStore=store.jks"),
        ]);
        let around = of(&machine);
        assert_eq!(
            around["SSL_CERT_FILE"],
            scratch.path().join("certs/ca.pem").display().to_string()
        );
        assert_eq!(around["SSL_CERT_DIR"], "/etc/ssl");
        let store = scratch.path().join("store.jks");
        let option = format!("-Djavax.net.ssl.trustStore={}", store.display());
        assert_eq!(java_options(&machine), [option]);
    }
}

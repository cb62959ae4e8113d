//! The runtimes of this machine: which TLS each has, which bundle it uses, and whether it connects.
//!
//! Runs their programs, each for a bounded time, with no key and no secret in its environment, and with a
//! directory of its own that goes afterwards. What a program says is a fact here and is not judged.

pub mod compare;
mod environment;
mod openssl;
mod run;
mod said;
#[cfg(test)]
mod tests;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use super::bundles::{self, Reader};
use super::machine::Machine;
use super::words::one_line;
use run::{End, Order, Place, Ran};
use said::{Said, Way};

/// How long a program may take.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// How much longer Go may take, which has to compile its own TLS first.
const COMPILING: u32 = 6;

const PYTHON: &str = include_str!("runtimes/look.py");
const NODE: &str = include_str!("runtimes/look.js");
const JAVA: &str = include_str!("runtimes/Look.java");
const GO: &str = include_str!("runtimes/look.go");

/// The options that make a short-lived Java start fast and leave no file behind.
const SHORT_JAVA: [&str; 4] = [
    "-XX:+IgnoreUnrecognizedVMOptions",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
];

/// A client whose trust is looked at. Closed: whoever adds one is led by the compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Runtime {
    /// The openssl program.
    OpenSsl,
    /// Python with `ssl.create_default_context`.
    PythonSsl,
    /// Python with certifi or `SSL_CERT_FILE`, as httpx and google-genai have it.
    PythonHttpx,
    /// Python with certifi or `REQUESTS_CA_BUNDLE`, as requests has it.
    PythonRequests,
    /// Node.
    Node,
    /// Java.
    Java,
    /// Go.
    Go,
}

/// Where the runtimes are to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The name or address that is dialled.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The name that is asked for and that the certificate must have.
    pub name: String,
    /// The way there.
    pub way: Through,
}

/// The way to a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Through {
    /// Straight.
    Nothing,
    /// Through an HTTP proxy without a login.
    Proxy {
        /// Its host.
        host: String,
        /// Its port.
        port: u16,
    },
    /// Through one that a runtime cannot be led through; the words say why, as in "not tried, because".
    Unable(String),
}

/// What one runtime shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeFact {
    /// Which.
    pub runtime: Runtime,
    /// Its program; `None` where it is not on the `PATH`.
    pub path: Option<PathBuf>,
    /// Its version.
    pub version: Option<String>,
    /// The TLS behind it: `OpenSSL 3.0.19`, `SunJSSE 17`, `crypto/tls`.
    pub tls: Option<String>,
    /// Whether it can do TLS 1.3.
    pub tls13: Option<bool>,
    /// Whether it can do ALPN.
    pub alpn: Option<bool>,
    /// The bundle that it says it uses.
    pub bundle: Option<String>,
    /// The version of TLS that was agreed on.
    pub negotiated: Option<String>,
    /// Whether it connected.
    pub connected: Connected,
    /// How long connecting took.
    pub ms: Option<u64>,
}

/// Whether a runtime connected, with its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connected {
    /// It did, and verified.
    Yes,
    /// It did not; its words, on one line.
    No(String),
    /// It was not tried; why, on one line.
    NotTried(String),
}

impl Runtime {
    /// Every runtime, in the order of a table.
    pub const ALL: [Self; 7] = [
        Self::PythonHttpx,
        Self::PythonRequests,
        Self::PythonSsl,
        Self::Node,
        Self::Java,
        Self::Go,
        Self::OpenSsl,
    ];

    /// The word reports and JSON use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::OpenSsl => "openssl",
            Self::PythonSsl => "python_ssl",
            Self::PythonHttpx => "python_httpx",
            Self::PythonRequests => "python_requests",
            Self::Node => "node",
            Self::Java => "java",
            Self::Go => "go",
        }
    }

    /// Words for a table and a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::OpenSsl => "openssl",
            Self::PythonSsl => "Python's ssl",
            Self::PythonHttpx => "Python's httpx (google-genai)",
            Self::PythonRequests => "Python's requests",
            Self::Node => "Node",
            Self::Java => "Java",
            Self::Go => "Go",
        }
    }

    /// Whose rules about bundles it follows.
    pub const fn reader(self) -> Reader {
        match self {
            Self::OpenSsl | Self::PythonSsl => Reader::OpenSsl,
            Self::PythonHttpx => Reader::Httpx,
            Self::PythonRequests => Reader::Requests,
            Self::Node => Reader::Node,
            Self::Java => Reader::Java,
            Self::Go => Reader::Go,
        }
    }
}

impl RuntimeFact {
    fn new(runtime: Runtime, path: Option<&Path>, connected: Connected) -> Self {
        Self {
            runtime,
            path: path.map(Path::to_owned),
            version: None,
            tls: None,
            tls13: None,
            alpn: None,
            bundle: None,
            negotiated: None,
            connected,
            ms: None,
        }
    }

    fn missing(runtime: Runtime, what: &str) -> Self {
        let why = format!("there is no {what} on the PATH");
        Self::new(runtime, None, Connected::NotTried(why))
    }

    fn is_certifis(&self) -> bool {
        matches!(self.runtime, Runtime::PythonHttpx | Runtime::PythonRequests)
    }
}

/// The variables that are set on a machine, change how its programs connect, and are kept from those that
/// are run here.
pub fn kept_back(machine: &Machine) -> Vec<&'static str> {
    environment::kept_back(machine)
}

/// Runs every runtime that is there, side by side. A simulated machine has none.
pub async fn look(machine: &Machine, target: &Target, patience: Duration) -> Vec<RuntimeFact> {
    if machine.root.is_none() {
        return Vec::new();
    }
    let place = match Place::new() {
        Ok(place) => place,
        Err(error) => return not_tried(&format!("no directory could be made for it: {error}")),
    };
    let look = Look { machine, target, patience, place: &place };
    let (python, node, java, go, openssl) =
        tokio::join!(look.python(), look.node(), look.java(), look.go(), openssl::look(&look));
    python.into_iter().chain([node, java, go, openssl]).collect()
}

fn not_tried(why: &str) -> Vec<RuntimeFact> {
    let why = || Connected::NotTried(one_line(why));
    Runtime::ALL.iter().map(|runtime| RuntimeFact::new(*runtime, None, why())).collect()
}

/// One look at all runtimes.
struct Look<'a> {
    machine: &'a Machine,
    target: &'a Target,
    patience: Duration,
    place: &'a Place,
}

impl Look<'_> {
    async fn python(&self) -> Vec<RuntimeFact> {
        let Some(python) = self.machine.python() else {
            return vec![RuntimeFact::missing(Runtime::PythonSsl, "python3")];
        };
        // Without -B, packages that are imported would be compiled into the user's folders.
        let script = ["-B", "-c", PYTHON].map(str::to_owned);
        let ran = self.run(&python.program, script.into_iter().chain(self.arguments())).await;
        let said = Said::read(&ran.out);
        let facts = [Runtime::PythonHttpx, Runtime::PythonRequests, Runtime::PythonSsl];
        let facts = facts.map(|runtime| self.fact(runtime, &python.program, &said, &ran));
        let known = |fact: &RuntimeFact| !fact.is_certifis() || said.way(fact.runtime).is_some();
        facts.into_iter().filter(known).collect()
    }

    async fn node(&self) -> RuntimeFact {
        let Some(program) = self.machine.program("node") else {
            return RuntimeFact::missing(Runtime::Node, "node");
        };
        let script = ["-e", NODE, "--"].map(str::to_owned);
        let ran = self.run(&program, script.into_iter().chain(self.arguments())).await;
        self.fact(Runtime::Node, &program, &Said::read(&ran.out), &ran)
    }

    /// A Java with a compiler runs a source file; another tells its version only.
    async fn java(&self) -> RuntimeFact {
        let Some(program) = self.machine.java() else {
            return RuntimeFact::missing(Runtime::Java, "java");
        };
        if bundles::java_store(self.machine).is_some_and(|store| store.is_locked()) {
            let why = format!("its key store {}", bundles::LOCKED);
            return self.java_version(&program, &why).await;
        }
        let file = match self.place.file("Look.java", JAVA) {
            Ok(_) if !has_compiler(&program) => {
                let why = "this Java has no compiler, and a program is needed to connect";
                return self.java_version(&program, why).await;
            }
            Ok(file) => file,
            Err(error) => return self.java_version(&program, &one_line(&error.to_string())).await,
        };
        let options = SHORT_JAVA.map(str::to_owned).into_iter();
        let options = options.chain(environment::java_options(self.machine)).chain([file]);
        let ran = self.run(&program, options.chain(self.arguments())).await;
        let said = Said::read(&ran.out);
        if said.common("version").is_none() {
            return self.java_version(&program, &ran.failure()).await;
        }
        self.fact(Runtime::Java, &program, &said, &ran)
    }

    async fn java_version(&self, program: &Path, why: &str) -> RuntimeFact {
        let settings = ["-XX:-UsePerfData", "-XshowSettings:properties", "-version"];
        let ran = self.run(program, settings.into_iter().map(str::to_owned)).await;
        let value = |name: &str| {
            let mut lines = ran.err.lines().filter_map(|line| line.trim().split_once(" = "));
            lines.find(|(key, _)| *key == name).map(|(_, value)| one_line(value))
        };
        let connected = Connected::NotTried(why.to_owned());
        let fact = RuntimeFact::new(Runtime::Java, Some(program), connected);
        let home = value("java.home").map(|home| format!("{home}/lib/security/cacerts"));
        RuntimeFact { version: value("java.version"), bundle: home, ..fact }
    }

    /// Go's own module proxy stays off, and what it compiles goes into our directory.
    async fn go(&self) -> RuntimeFact {
        let Some(program) = self.machine.program("go") else {
            return RuntimeFact::missing(Runtime::Go, "go");
        };
        let file = match self.place.file("look.go", GO) {
            Ok(file) => file,
            Err(error) => {
                let why = Connected::NotTried(one_line(&error.to_string()));
                return RuntimeFact::new(Runtime::Go, Some(&program), why);
            }
        };
        let arguments = ["run".to_owned(), file].into_iter().chain(self.arguments());
        let mut order = self.order(&program, arguments);
        order.environment.extend(environment::of_go(self.place.path()));
        order.patience *= COMPILING;
        let ran = run::run(order).await;
        self.fact(Runtime::Go, &program, &Said::read(&ran.out), &ran)
    }

    async fn run(&self, program: &Path, arguments: impl IntoIterator<Item = String>) -> Ran {
        run::run(self.order(program, arguments)).await
    }

    fn order(&self, program: &Path, arguments: impl IntoIterator<Item = String>) -> Order {
        Order {
            program: program.to_owned(),
            arguments: arguments.into_iter().collect(),
            environment: environment::of(self.machine),
            directory: self.place.path().to_owned(),
            patience: self.patience,
        }
    }

    /// What every script takes: host, port, name, proxy and its port. A way that cannot be gone becomes
    /// one that is not gone: the port 0 is never dialled with success, and the fact says why.
    fn arguments(&self) -> [String; 5] {
        let Target { host, port, name, way } = self.target;
        let (proxy, proxy_port) = match way {
            Through::Proxy { host, port } => (host.clone(), port.to_string()),
            Through::Nothing | Through::Unable(_) => ("-".to_owned(), "-".to_owned()),
        };
        match way {
            Through::Unable(_) => ["127.0.0.1", "0", name, "-", "-"].map(str::to_owned),
            _ => [host.clone(), port.to_string(), name.clone(), proxy, proxy_port],
        }
    }

    fn fact(&self, runtime: Runtime, program: &Path, said: &Said, ran: &Ran) -> RuntimeFact {
        let way = said.way(runtime);
        let yes_or_no = |key: &str| said.common(key).map(|value| value == "yes");
        let of_way = |key: &str| way.and_then(|way| way.get(key)).cloned();
        let unable = matches!(self.target.way, Through::Unable(_));
        RuntimeFact {
            runtime,
            path: Some(program.to_owned()),
            version: said.common("version").cloned(),
            tls: said.common("tls").cloned(),
            tls13: yes_or_no("tls13"),
            alpn: yes_or_no("alpn"),
            bundle: of_way("bundle"),
            negotiated: of_way("negotiated"),
            connected: self.connected(way, ran),
            ms: of_way("ms").filter(|_| !unable).and_then(|ms| ms.parse().ok()),
        }
    }

    fn connected(&self, way: Option<&Way>, ran: &Ran) -> Connected {
        if let Through::Unable(why) = &self.target.way {
            return Connected::NotTried(one_line(why));
        }
        let Some(way) = way else { return Connected::NotTried(ran.failure()) };
        let words = || way.get("words").cloned().unwrap_or_else(|| ran.failure());
        match way.get("connected").map(String::as_str) {
            Some("yes") => Connected::Yes,
            _ => Connected::No(words()),
        }
    }
}

impl Ran {
    /// Why a program did not say what it was asked for.
    fn failure(&self) -> String {
        let last = self.err.lines().rev().map(str::trim).find(|line| !line.is_empty());
        let last = last.map_or_else(String::new, |line| format!(": {line}"));
        one_line(&match &self.end {
            End::TimedOut(patience) => {
                format!("it gave no answer within {} s and was ended", patience.as_secs_f64())
            }
            End::NotStarted(error) => format!("it could not be started: {error}"),
            End::Code(code) => format!("it ended with exit code {code}{last}"),
            End::Killed => format!("it was ended by a signal{last}"),
        })
    }
}

/// A development kit has `javac` beside `java`, once the links are followed.
fn has_compiler(java: &Path) -> bool {
    let real = std::fs::canonicalize(java).unwrap_or_else(|_| java.to_owned());
    let name = format!("javac{}", std::env::consts::EXE_SUFFIX);
    real.parent().is_some_and(|directory| directory.join(name).is_file())
}

//! Which bundles each runtime would use, with what it brings along: from what was found, as data.
//!
//! These are the rules of the runtimes as they are documented; what a runtime really does, running it
//! tells.

use super::{Bundle, Contents, Machine, Origin, State};

/// A client that has rules of its own about whom to trust. Closed: whoever adds one is led by the
/// compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reader {
    /// The openssl program, and Python's `ssl.create_default_context`.
    OpenSsl,
    /// httpx with certifi: google-genai.
    Httpx,
    /// requests: google-auth, the older SDKs.
    Requests,
    /// Node: @google/genai and gemini-cli.
    Node,
    /// Java.
    Java,
    /// Go.
    Go,
    /// curl.
    Curl,
}

/// What one client trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readership {
    /// The client.
    pub reader: Reader,
    /// Whether Mozilla's list, which it brings along, is among it.
    pub mozilla: bool,
    /// Whether the operating system is asked.
    pub platform: bool,
    /// The places of the bundles in the list of what was found.
    pub bundles: Vec<usize>,
}

impl Reader {
    /// Every client, in the order of a table.
    pub const ALL: [Self; 7] =
        [Self::Httpx, Self::Requests, Self::Node, Self::Java, Self::Go, Self::Curl, Self::OpenSsl];

    /// The word reports and JSON use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::OpenSsl => "openssl",
            Self::Httpx => "python_httpx",
            Self::Requests => "python_requests",
            Self::Node => "node",
            Self::Java => "java",
            Self::Go => "go",
            Self::Curl => "curl",
        }
    }

    /// Words for a table.
    pub const fn words(self) -> &'static str {
        match self {
            Self::OpenSsl => "OpenSSL and Python's ssl",
            Self::Httpx => "Python's httpx (google-genai)",
            Self::Requests => "Python's requests (google-auth)",
            Self::Node => "Node (@google/genai)",
            Self::Java => "Java",
            Self::Go => "Go",
            Self::Curl => "curl",
        }
    }

    /// The variable that leads it to another bundle.
    pub const fn variable(self) -> &'static str {
        match self {
            Self::OpenSsl | Self::Httpx | Self::Go => "SSL_CERT_FILE",
            Self::Requests => "REQUESTS_CA_BUNDLE",
            Self::Node => "NODE_EXTRA_CA_CERTS",
            Self::Java => "JAVA_TOOL_OPTIONS",
            Self::Curl => "CURL_CA_BUNDLE",
        }
    }
}

impl Readership {
    /// The certificates of its bundles.
    pub fn certificates<'a>(&'a self, found: &'a [Bundle]) -> impl Iterator<Item = &'a Vec<u8>> {
        let bundles = self.bundles.iter().filter_map(|place| found.get(*place)?.contents());
        bundles.flat_map(|contents: &Contents| &contents.certificates)
    }
}

/// What each client trusts. A client that is not there is left out: Python's without certifi, Java
/// without a Java, Node and Go without their program.
pub fn readers(found: &[Bundle], machine: &Machine) -> Vec<Readership> {
    let shelf = Found { found, machine };
    Reader::ALL.iter().filter_map(|reader| shelf.readership(*reader)).collect()
}

/// What was found, by where it comes from.
struct Found<'a> {
    found: &'a [Bundle],
    machine: &'a Machine,
}

impl Found<'_> {
    fn readership(&self, reader: Reader) -> Option<Readership> {
        match reader {
            Reader::Httpx => self.httpx(),
            Reader::Requests => self.requests(),
            Reader::Node => self.node(),
            Reader::Java => self.java(),
            Reader::Go => self.machine.program("go").map(|_| self.go()),
            Reader::Curl => self.machine.program("curl").map(|_| self.curl()),
            Reader::OpenSsl => self.machine.program("openssl").map(|_| self.openssl(reader)),
        }
    }

    /// A file is `SSL_CERT_FILE` or certifi's; a directory comes to it and takes nothing away.
    fn httpx(&self) -> Option<Readership> {
        let certifi = self.certifi()?;
        let file = self.variable("SSL_CERT_FILE").unwrap_or(certifi);
        Some(self.of(Reader::Httpx, [Some(file), self.variable("SSL_CERT_DIR")]))
    }

    fn requests(&self) -> Option<Readership> {
        let certifi = self.certifi()?;
        let named = self.variable("REQUESTS_CA_BUNDLE");
        let file = named.or_else(|| self.variable("CURL_CA_BUNDLE")).unwrap_or(certifi);
        Some(self.of(Reader::Requests, [Some(file)]))
    }

    /// Node's own list, unless OpenSSL's is asked for; the system's comes to it where it is asked for.
    fn node(&self) -> Option<Readership> {
        self.machine.program("node")?;
        let extra = self.variable("NODE_EXTRA_CA_CERTS");
        let options = self.machine.variable("NODE_OPTIONS").unwrap_or_default();
        let flag = |name: &str| options.split_whitespace().any(|word| word == name);
        if flag("--use-openssl-ca") {
            let mut readership = self.openssl(Reader::Node);
            readership.bundles.extend(extra);
            return Some(readership);
        }
        let asked = self.machine.variable("NODE_USE_SYSTEM_CA") == Some("1");
        let system = (asked || flag("--use-system-ca")).then(|| self.system()).flatten();
        let readership = self.of(Reader::Node, [extra, system]);
        Some(Readership { mozilla: true, ..readership })
    }

    fn java(&self) -> Option<Readership> {
        let own = self.place(|origin| matches!(origin, Origin::Java(_)))?;
        let named =
            self.variable("JDK_JAVA_OPTIONS").or_else(|| self.variable("JAVA_TOOL_OPTIONS"));
        Some(self.of(Reader::Java, [Some(named.unwrap_or(own))]))
    }

    /// A broken file is passed over, and the system's directory is read beside a file that is named.
    fn go(&self) -> Readership {
        if self.asks_the_platform() {
            return self.of(Reader::Go, [self.system()]);
        }
        self.openssl(Reader::Go)
    }

    fn curl(&self) -> Readership {
        match self.variable("CURL_CA_BUNDLE") {
            Some(named) => self.of(Reader::Curl, [Some(named)]),
            None => {
                let named = self.variable("SSL_CERT_FILE");
                let file = named.or_else(|| self.system());
                self.of(Reader::Curl, [file, self.variable("SSL_CERT_DIR")])
            }
        }
    }

    /// OpenSSL has a file and a directory, and a variable for each replaces only that one.
    fn openssl(&self, reader: Reader) -> Readership {
        let system = || self.system();
        let file = self.variable("SSL_CERT_FILE").or_else(system);
        let directory = self.variable("SSL_CERT_DIR").or_else(system);
        self.of(reader, [file, directory])
    }

    fn of<const N: usize>(&self, reader: Reader, places: [Option<usize>; N]) -> Readership {
        let mut bundles: Vec<usize> = places.into_iter().flatten().collect();
        bundles.dedup();
        let platform = bundles.iter().any(|place| self.found[*place].state == State::Platform);
        Readership { reader, mozilla: false, platform, bundles }
    }

    fn asks_the_platform(&self) -> bool {
        self.system().is_some_and(|place| self.found[place].state == State::Platform)
    }

    fn system(&self) -> Option<usize> {
        self.place(|origin| *origin == Origin::System)
    }

    fn certifi(&self) -> Option<usize> {
        self.place(|origin| matches!(origin, Origin::Certifi(_)))
    }

    fn variable(&self, name: &str) -> Option<usize> {
        self.place(|origin| matches!(origin, Origin::Variable(of) if *of == name))
    }

    fn place(&self, wanted: impl Fn(&Origin) -> bool) -> Option<usize> {
        self.found.iter().position(|bundle| wanted(&bundle.origin))
    }
}
